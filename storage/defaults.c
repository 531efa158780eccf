/*
 * defaults.c: DEFAULT and MATERIALIZED columns of rows that do not give them; sizes of Nested columns, which must
 * agree.
 *
 * flow     storage/insert.c, ingest/decode.c, ingest/transform.c, server/insert.c, temporary.c → here → the
 *          table's program
 */
#include "storage/gather.h"
#include "storage/sort.h"
#include "storage/table_private.h"

bool table_column_has_default(const struct column_def *column)
{
    return column->default_kind != COLUMN_DEFAULT_NONE;
}

int table_lateness_column(const struct table_def *def)
{
    int found = table_column_find(def, slice_text(TABLE_LATENESS));
    const struct column_def *column = found < 0 ? NULL : &def->columns[found];
    bool is_it = column != NULL && (uint32_t)found < def->column_count && column->type->kind == TYPE_UINT64 &&
                 !column->type->nullable && column->default_kind == COLUMN_DEFAULT_MATERIALIZED &&
                 strcmp(column->default_text, "0") == 0;
    return is_it ? found : -1;
}

uint32_t table_input_count(const struct table_def *def)
{
    bool ephemeral = false;
    for (uint32_t i = 0; i < def->computed_count; i++) {
        ephemeral |= def->computed[i].default_kind == COLUMN_DEFAULT_EPHEMERAL;
    }
    return def->column_count + (ephemeral ? def->computed_count : 0);
}

const struct column_def *table_input_column(const struct table_def *def, uint32_t index)
{
    return index < def->column_count ? &def->columns[index] : &def->computed[index - def->column_count];
}

/* The expression's values where a row misses one, the rows' own elsewhere. */
static struct err *fill_some(const struct table_def *def, struct table_program *program, struct arena *arena,
                             struct chunk *chunk, uint32_t index, const uint8_t *missing)
{
    struct err *err = NULL;
    struct column *values = NULL;
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, chunk->row_count);
    if (order == NULL) {
        return arena_error(arena);
    }
    OR_DONE(table_evaluate(def, program, arena, TABLE_DEFAULT, index, chunk, &values));
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        order[row] = (missing[row] != 0 ? 1U << SORT_ROW_BITS : 0) | row;
    }
    const struct column *both[2] = {chunk->columns[index], values};
    err = gather_rows(arena, NULL, both, 2, order, chunk->row_count, &chunk->columns[index]);
done:
    return err;
}

/* ---- arrays n.a, n.b, … are columns of one Nested: rows have as many elements in each of them */

/* "n" of "n.a"; 0: the column is none of a Nested. */
static size_t nested_prefix(const struct column_def *column)
{
    const char *dot = column->type->kind == TYPE_ARRAY ? strchr(column->name, '.') : NULL;
    return dot == NULL ? 0 : (size_t)(dot - column->name);
}

bool table_has_nested(const struct table_def *def)
{
    bool found = false;
    for (uint32_t i = 0; i < def->column_count && !found; i++) {
        found = nested_prefix(&def->columns[i]) > 0;
    }
    return found;
}

static uint32_t array_size(const struct column *column, uint32_t row)
{
    if (column->form != COLUMN_FLAT) {
        row = column->form == COLUMN_DICT ? column->codes[row] : 0;
        column = column->form == COLUMN_DICT ? column->dictionary : column;
    }
    return column->offsets[row + 1] - column->offsets[row];
}

static struct err *check_nested(const struct table_def *def, const struct chunk *chunk)
{
    uint32_t first = 0; /* of the Nested that the last column belonged to */
    for (uint32_t i = 0; i < def->column_count; i++) {
        const struct column_def *column = &def->columns[i];
        size_t length = nested_prefix(column);
        if (length == 0) {
            continue;
        }
        if (nested_prefix(&def->columns[first]) != length ||
            memcmp(def->columns[first].name, column->name, length) != 0) {
            first = 0;
            while (nested_prefix(&def->columns[first]) != length ||
                   memcmp(def->columns[first].name, column->name, length) != 0) {
                first++;
            }
        }
        for (uint32_t row = 0; first < i && row < chunk->row_count; row++) {
            if (array_size(chunk->columns[first], row) != array_size(chunk->columns[i], row)) {
                return err_new(ERR_ARRAY_SIZES,
                               "Elements '%s' and '%s' of Nested data structure '%.*s' (Array columns) have different "
                               "array sizes",
                               def->columns[first].name, column->name, (int)length, column->name);
            }
        }
    }
    return NULL;
}

bool table_same_nested(const struct column_def *a, const struct column_def *b)
{
    size_t length = nested_prefix(a);
    return length > 0 && nested_prefix(b) == length && memcmp(a->name, b->name, length) == 0;
}

struct column *table_arrays_like(struct arena *arena, const struct type *type, const struct column *model)
{
    uint32_t rows = model->row_count;
    struct column *made = column_new(arena, type, rows);
    const struct column *flat = column_flat(arena, model);
    if (made == NULL || flat == NULL) {
        return NULL;
    }
    for (uint32_t row = 0; row <= rows; row++) {
        made->offsets[row] = flat->offsets[row] - flat->offsets[0];
    }
    const struct column *items = column_default(arena, type->children[0], made->offsets[rows]);
    items = items == NULL ? NULL : column_flat(arena, items);
    made->children[0] = (struct column *)(uintptr_t)items;
    return items == NULL ? NULL : made;
}

/* A column that no row gives: its type's default, or, as part of a Nested, as many of them as the other parts have. */
static struct column *omitted_column(const struct table_def *def, struct arena *arena, const struct chunk *chunk,
                                     uint32_t index, const bool *whole)
{
    const struct column_def *column = &def->columns[index];
    for (uint32_t i = 0; i < def->column_count && !table_column_has_default(column); i++) {
        if (!whole[i] && table_same_nested(column, &def->columns[i])) {
            return table_arrays_like(arena, column->type, chunk->columns[i]);
        }
    }
    return column_default(arena, column->type, chunk->row_count);
}

struct filling {
    const struct table_def *def;
    struct table_program *program;
    struct arena *arena;
    struct chunk *chunk;
    const uint8_t *const *missing;
    uint32_t given;    /* columns of the chunk that came */
    const bool *whole; /* columns that no row gives */
    uint8_t *done;
};

/* Those that the expression reads first: definitions have no cycles. */
static struct err *fill_column(struct filling *filling, uint32_t index)
{
    struct err *err = NULL;
    const struct column_def *column = table_input_column(filling->def, index);
    struct chunk *chunk = filling->chunk;
    const uint8_t *missing = filling->missing == NULL || index >= filling->given ? NULL : filling->missing[index];
    bool some = missing != NULL && memchr(missing, 1, chunk->row_count) != NULL;

    if (filling->done[index] || !table_column_has_default(column) || (!filling->whole[index] && !some)) {
        return NULL;
    }
    filling->done[index] = 1;
    for (uint32_t k = 0; filling->program != NULL && k < filling->def->column_count + filling->def->computed_count;
         k++) {
        if (table_functions()->default_reads(filling->program, index, k)) {
            OR_DONE(fill_column(filling, k));
        }
    }
    err = filling->whole[index] ? table_evaluate(filling->def, filling->program, filling->arena, TABLE_DEFAULT, index,
                                                 chunk, &chunk->columns[index])
                                : fill_some(filling->def, filling->program, filling->arena, chunk, index, missing);
    err = err_while(err, "default value of column %s", column->name);
done:
    return err;
}

struct err *program_fill_defaults(struct table_program *program, const struct table_def *def, struct arena *arena,
                                  struct chunk *chunk, const uint8_t *const *missing)
{
    struct err *err = NULL;
    uint32_t count = def->column_count, all = count + def->computed_count;
    uint32_t given = chunk->column_count < all ? chunk->column_count : all;
    bool *whole = ARENA_ARRAY(arena, bool, (size_t)all + 1);
    struct chunk wide = {chunk->row_count, all, ARENA_ARRAY(arena, struct column *, (size_t)all + 1)};
    struct filling filling = {def, program, arena, &wide, missing, given, whole, arena_zalloc(arena, (size_t)all + 1)};
    if (whole == NULL || wide.columns == NULL || filling.done == NULL) {
        return arena_error(arena);
    }
    ASSERT(given >= count);
    for (uint32_t i = 0; i < all; i++) {
        wide.columns[i] = i < given ? chunk->columns[i] : NULL;
        whole[i] = wide.columns[i] == NULL;
    }
    for (uint32_t i = 0; i < count; i++) { /* expressions see every column */
        if (whole[i]) {
            wide.columns[i] = omitted_column(def, arena, &wide, i, whole);
        }
        if (wide.columns[i] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < (given == count ? count : all);
         i++) { /* computed ones are for expressions, or the caller */
        OR_DONE(fill_column(&filling, i));
    }
    if (given > 0) {
        memcpy(chunk->columns, wide.columns, given * sizeof(*chunk->columns));
    }
    err = check_nested(def, chunk);
done:
    return err;
}

struct err *table_fill_defaults(struct table *table, const struct table_def *def, struct arena *arena,
                                struct chunk *chunk, const uint8_t *const *missing)
{
    return program_fill_defaults(table_program_of(table, def), def, arena, chunk, missing);
}
