/*
 * table_source.c: the registry of system tables and table functions, and the row builder for generators.
 *
 * thread   registration at start, by one thread; a row builder belongs to the generating thread
 */
#include "query/table_source.h"

#include <strings.h>

#define MAKERS_MAX 256

static const struct source_maker *makers[MAKERS_MAX];
static uint32_t maker_count;

static bool same_database(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

void source_register(const struct source_maker *maker)
{
    for (uint32_t i = 0; i < maker_count; i++) {
        if (same_database(makers[i]->database, maker->database) && strcmp(makers[i]->name, maker->name) == 0) {
            makers[i] = maker;
            return;
        }
    }
    ASSERT(maker_count < MAKERS_MAX);
    makers[maker_count++] = maker;
}

const struct source_maker *source_find(struct slice database, struct slice name)
{
    for (uint32_t i = 0; i < maker_count; i++) {
        const char *in = makers[i]->database == NULL ? "" : makers[i]->database;
        /* VALUES, as clients write it */
        bool any_case = database.length == 0 && strcmp(makers[i]->name, "values") == 0;
        bool same = any_case ? slice_is_word(name, makers[i]->name) : slice_equal(slice_text(makers[i]->name), name);
        if (slice_equal(slice_text(in), database) && same) {
            return makers[i];
        }
    }
    return NULL;
}

void source_each(void (*visit)(void *user, const struct source_maker *maker), void *user)
{
    for (uint32_t i = 0; i < maker_count; i++) {
        visit(user, makers[i]);
    }
}

struct err *source_make(const struct source_maker *maker, struct arena *arena, const char *const *names_and_types,
                        struct err *(*generate)(struct table_source *source, struct arena *arena,
                                                const struct source_request *request, struct source_output *output),
                        void *data, struct table_source **out)
{
    struct err *err = NULL;
    uint32_t count = 0;
    while (names_and_types[count * 2] != NULL) {
        count++;
    }
    struct table_source *source = ARENA_NEW(arena, struct table_source);
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, count + 1U);
    if (source == NULL || columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        columns[i].name = slice_text(names_and_types[i * 2]);
        OR_DONE(type_parse(arena, slice_text(names_and_types[i * 2 + 1]), &columns[i].type));
    }
    source->database = slice_text(maker->database == NULL ? "" : maker->database);
    source->name = slice_text(maker->name);
    source->columns = columns;
    source->column_count = count;
    source->generate = generate;
    source->data = data;
    *out = source;
done:
    return err;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

#define ROWS_PER_CHUNK 1024U

/* Elements of an array column of the chunk being built; of a map, keys and values. */
struct row_elements {
    struct slice *texts;
    void *values; /* of a map: slices or numbers */
    uint32_t count;
    uint32_t room;
};

struct source_rows {
    struct arena *arena; /* of the texts of the chunk being built */
    const struct table_source *source;
    struct slice about[4]; /* of the row: database, table, column, user, as far as it says */
    struct source_output *output;
    uint32_t *slots; /* per column of the source: index in the request + 1, or 0 */
    struct chunk *chunk;
    struct row_elements *elements; /* per column of the chunk */
    uint32_t row;
    struct err *err; /* the first failure of a setter */
    bool stop;
};

static bool has_elements(const struct type *type)
{
    return type->kind == TYPE_ARRAY || type->kind == TYPE_MAP;
}

/* An empty column of the chunk. */
static struct err *rows_column(struct source_rows *rows, const struct type *type, struct column **out)
{
    struct column *column =
        has_elements(type) ? ARENA_NEW(rows->arena, struct column) : column_new(rows->arena, type, ROWS_PER_CHUNK);
    if (column == NULL) {
        return arena_error(rows->arena);
    }
    if (has_elements(type)) {
        column->type = type;
        column->row_count = ROWS_PER_CHUNK;
        column->offsets = arena_zalloc(rows->arena, (ROWS_PER_CHUNK + 1) * sizeof(uint32_t));
        if (column->offsets == NULL) {
            return arena_error(rows->arena);
        }
    } else {
        memset(column->values, 0, (size_t)type->width * ROWS_PER_CHUNK);
    }
    if (column->nulls != NULL) {
        memset(column->nulls, 1, ROWS_PER_CHUNK);
    }
    *out = column;
    return NULL;
}

static struct err *rows_chunk(struct source_rows *rows, const struct table_source *source,
                              const struct source_request *request)
{
    struct err *err = NULL;
    rows->chunk = chunk_new(rows->arena, request->column_count, ROWS_PER_CHUNK);
    rows->elements = arena_zalloc(rows->arena, (request->column_count + 1U) * sizeof(*rows->elements));
    if (rows->chunk == NULL || rows->elements == NULL) {
        return arena_error(rows->arena);
    }
    for (uint32_t i = 0; i < request->column_count; i++) {
        OR_DONE(rows_column(rows, source->columns[request->columns[i]].type, &rows->chunk->columns[i]));
    }
done:
    return err;
}

struct err *source_rows_begin(struct table_source *source, struct arena *arena, const struct source_request *request,
                              struct source_output *output, struct source_rows **out)
{
    struct err *err = NULL;
    struct source_rows *rows = ARENA_NEW(arena, struct source_rows);
    if (rows == NULL) {
        return arena_error(arena);
    }
    rows->arena = arena;
    rows->source = source;
    rows->output = output;
    rows->slots = arena_zalloc(arena, (source->column_count + 1U) * sizeof(uint32_t));
    if (rows->slots == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < request->column_count; i++) {
        rows->slots[request->columns[i]] = i + 1;
    }
    for (uint32_t i = 0; i < source->alias_count; i++) { /* one of them is set, and the other copied at the row's end */
        const struct source_alias *alias = &source->aliases[i];
        if (rows->slots[alias->of] == 0) {
            rows->slots[alias->of] = rows->slots[alias->column];
        }
    }
    OR_DONE(rows_chunk(rows, source, request));
    *out = rows;
done:
    return err;
}

static void *cell(struct source_rows *rows, uint32_t index, const struct type **type)
{
    uint32_t slot = rows->slots[index];
    if (slot == 0) {
        return NULL;
    }
    struct column *column = rows->chunk->columns[slot - 1];
    if (column->nulls != NULL) {
        column->nulls[rows->row] = 0;
    }
    *type = column->type;
    return (char *)column->values + (size_t)rows->row * column->type->width;
}

void source_row_uint(struct source_rows *rows, uint32_t column, uint64_t value)
{
    const struct type *type;
    void *at = cell(rows, column, &type);
    if (at == NULL) {
        return;
    }
    if (type->kind == TYPE_FLOAT64) {
        *(double *)at = (double)value;
    } else {
        memcpy(at, &value, type->width < 8 ? type->width : 8); /* little-endian, as all of the formats */
    }
}

void source_row_int(struct source_rows *rows, uint32_t column, int64_t value)
{
    source_row_uint(rows, column, (uint64_t)value);
}

void source_row_double(struct source_rows *rows, uint32_t column, double value)
{
    const struct type *type;
    void *at = cell(rows, column, &type);
    if (at == NULL) {
        return;
    }
    if (type->kind == TYPE_FLOAT32) {
        *(float *)at = (float)value;
    } else {
        *(double *)at = value;
    }
}

/* What decides whether the user may see the row is kept, whether or not the query asks for it. */
static void note_subject(struct source_rows *rows, uint32_t column, struct slice value)
{
    const struct row_subject *subject = rows->source->subject;
    const uint32_t places[4] = {subject->database, subject->table, subject->column, subject->user};
    for (uint32_t i = 0; i < 4; i++) {
        if (places[i] == column + 1) {
            rows->about[i] = value.length == 0 ? (struct slice){0} : arena_slice(rows->arena, value);
            if (value.length > 0 && rows->about[i].data == NULL) {
                rows->about[i].length = 0;
                err_keep_first(&rows->err, arena_error(rows->arena));
            }
        }
    }
}

static bool may_be_seen(const struct source_rows *rows)
{
    const struct query_rights *rights = rows->source->rights;
    const struct row_subject *subject = rows->source->subject;
    if (rights == NULL || subject == NULL) {
        return true;
    }
    return subject->user != 0 ? rights->sees_queries(rights->user, rows->source->name, rows->about[3])
                              : rights->sees(rights->user, rows->about[0], rows->about[1], rows->about[2]);
}

void source_row_text(struct source_rows *rows, uint32_t column, struct slice value)
{
    const struct type *type;
    if (rows->source->rights != NULL && rows->source->subject != NULL) {
        note_subject(rows, column, value);
    }
    struct slice *at = cell(rows, column, &type);
    if (at == NULL) {
        return;
    }
    ASSERT(type->kind == TYPE_STRING);
    if (value.length == 0) {
        *at = slice_of("", 0);
        return;
    }
    *at = arena_slice(rows->arena, value);
    if (at->data == NULL) {
        at->length = 0;
        err_keep_first(&rows->err, arena_error(rows->arena));
    }
}

void source_row_null(struct source_rows *rows, uint32_t column)
{
    uint32_t slot = rows->slots[column];
    if (slot != 0 && rows->chunk->columns[slot - 1]->nulls != NULL) {
        rows->chunk->columns[slot - 1]->nulls[rows->row] = 1;
    }
}

void source_row_bytes(struct source_rows *rows, uint32_t column, const void *value)
{
    const struct type *type;
    void *at = cell(rows, column, &type);
    if (at != NULL) {
        memcpy(at, value, type->width);
    }
}

void source_row_uuid(struct source_rows *rows, uint32_t column, const uint8_t uuid[16])
{
    uint8_t value[16]; /* two numbers, little-endian */
    for (uint32_t k = 0; k < 16; k++) {
        value[(k & 8) + 7 - (k & 7)] = uuid[k];
    }
    source_row_bytes(rows, column, value);
}

/* --- arrays and maps --------------------------------------------------------------------------------------------- */

/* Room for one more element of the column, whose text is set; NULL: nobody wants it, or memory is out. */
static struct row_elements *element(struct source_rows *rows, uint32_t index, size_t value_bytes, struct slice text)
{
    uint32_t slot = rows->slots[index];
    if (slot == 0 || rows->err != NULL) {
        return NULL;
    }
    struct row_elements *elements = &rows->elements[slot - 1];
    if (elements->count == elements->room) {
        uint32_t room = elements->room == 0 ? 256 : elements->room * 2;
        struct slice *texts = ARENA_ARRAY(rows->arena, struct slice, room);
        char *values = arena_array(rows->arena, room, value_bytes + 1);
        if (texts == NULL || values == NULL) {
            rows->err = arena_error(rows->arena);
            return NULL;
        }
        if (elements->count > 0) {
            memcpy(texts, elements->texts, elements->count * sizeof(*texts));
            memcpy(values, elements->values, elements->count * value_bytes);
        }
        elements->texts = texts;
        elements->values = values;
        elements->room = room;
    }
    struct slice own = text.length == 0 ? slice_of("", 0) : arena_slice(rows->arena, text);
    if (own.data == NULL) {
        rows->err = arena_error(rows->arena);
        return NULL;
    }
    elements->texts[elements->count] = own;
    return elements;
}

void source_row_element(struct source_rows *rows, uint32_t column, struct slice text)
{
    struct row_elements *elements = element(rows, column, 0, text);
    if (elements != NULL) {
        elements->count++;
    }
}

void source_row_number(struct source_rows *rows, uint32_t column, uint64_t number)
{
    source_row_count(rows, column, slice_text(""), number);
}

void source_row_entry(struct source_rows *rows, uint32_t column, struct slice key, struct slice text)
{
    struct row_elements *elements = element(rows, column, sizeof(struct slice), key);
    struct slice own = text.length == 0 ? slice_of("", 0) : arena_slice(rows->arena, text);
    if (own.data == NULL) {
        err_keep_first(&rows->err, arena_error(rows->arena));
    } else if (elements != NULL) {
        ((struct slice *)elements->values)[elements->count++] = own;
    }
}

void source_row_count(struct source_rows *rows, uint32_t column, struct slice key, uint64_t number)
{
    struct row_elements *elements = element(rows, column, sizeof(uint64_t), key);
    if (elements != NULL) {
        ((uint64_t *)elements->values)[elements->count++] = number;
    }
}

static struct column *flat_of(struct arena *arena, const struct type *type, uint32_t count, void *values)
{
    struct column *column = ARENA_NEW(arena, struct column);
    if (column != NULL) {
        column->type = type;
        column->row_count = count;
        column->values = values;
    }
    return column;
}

/* What the rows of an array or map column point to. */
static struct err *elements_column(struct source_rows *rows, struct column *column, const struct row_elements *elements)
{
    const struct type *inner = column->type->children[0];
    struct column **children = ARENA_ARRAY(rows->arena, struct column *, 1);
    struct column *child = flat_of(rows->arena, inner, elements->count,
                                   inner->kind == TYPE_UINT64 ? elements->values : (char *)elements->texts);
    if (children == NULL || child == NULL) {
        return arena_error(rows->arena);
    }
    if (column->type->kind == TYPE_MAP) {
        child->values = NULL;
        child->children = ARENA_ARRAY(rows->arena, struct column *, 2);
        if (child->children == NULL) {
            return arena_error(rows->arena);
        }
        child->children[0] = flat_of(rows->arena, inner->children[0], elements->count, elements->texts);
        child->children[1] = flat_of(rows->arena, inner->children[1], elements->count, elements->values);
        if (child->children[0] == NULL || child->children[1] == NULL) {
            return arena_error(rows->arena);
        }
    }
    children[0] = child;
    column->children = children;
    return NULL;
}

/* --- rows, again ------------------------------------------------------------------------------------------------- */

static struct err *rows_emit(struct source_rows *rows)
{
    struct err *err = NULL;
    if (rows->row == 0) {
        return NULL;
    }
    for (uint32_t i = 0; i < rows->chunk->column_count; i++) {
        if (has_elements(rows->chunk->columns[i]->type)) {
            OR_DONE(elements_column(rows, rows->chunk->columns[i], &rows->elements[i]));
        }
    }
    struct chunk *part = chunk_part(rows->arena, rows->chunk, 0, rows->row);
    if (part == NULL) {
        return arena_error(rows->arena);
    }
    OR_DONE(source_emit(rows->output, part, &rows->stop));
    rows->row = 0;
    for (uint32_t i = 0; i < rows->chunk->column_count; i++) {
        rows->elements[i] = (struct row_elements){0};
        OR_DONE(rows_column(rows, rows->chunk->columns[i]->type, &rows->chunk->columns[i]));
    }
done:
    return err;
}

/* The row is as if nothing had been set. */
static void forget_row(struct source_rows *rows)
{
    for (uint32_t i = 0; i < rows->chunk->column_count; i++) {
        struct column *column = rows->chunk->columns[i];
        if (column->offsets != NULL) {
            rows->elements[i].count = column->offsets[rows->row];
        } else {
            memset((char *)column->values + (size_t)rows->row * column->type->width, 0, column->type->width);
        }
        if (column->nulls != NULL) {
            column->nulls[rows->row] = 1;
        }
    }
}

/* What a hidden column has from the one it names. */
static void copy_aliases(struct source_rows *rows)
{
    for (uint32_t i = 0; i < rows->source->alias_count; i++) {
        uint32_t to = rows->slots[rows->source->aliases[i].column], from = rows->slots[rows->source->aliases[i].of];
        if (to == 0 || to == from) {
            continue;
        }
        const struct column *of = rows->chunk->columns[from - 1];
        struct column *alias = rows->chunk->columns[to - 1];
        uint32_t width = alias->type->width;
        memcpy((char *)alias->values + (size_t)rows->row * width, (char *)of->values + (size_t)rows->row * width,
               width);
        if (alias->nulls != NULL) {
            alias->nulls[rows->row] = of->nulls[rows->row];
        }
    }
}

struct err *source_row_end(struct source_rows *rows, bool *stop)
{
    struct err *err = rows->err;
    bool seen = may_be_seen(rows);
    copy_aliases(rows);
    rows->err = NULL;
    memset(rows->about, 0, sizeof(rows->about));
    if (err == NULL && !seen) {
        forget_row(rows);
    } else if (err == NULL) {
        rows->row++;
        for (uint32_t i = 0; i < rows->chunk->column_count; i++) {
            if (rows->chunk->columns[i]->offsets != NULL) {
                rows->chunk->columns[i]->offsets[rows->row] = rows->elements[i].count;
            }
        }
        if (rows->row == ROWS_PER_CHUNK) {
            err = rows_emit(rows);
        }
    }
    *stop = rows->stop;
    return err;
}

struct err *source_rows_end(struct source_rows *rows)
{
    return rows_emit(rows);
}
