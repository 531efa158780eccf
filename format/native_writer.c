/*
 * native_writer.c: Native: blocks of columns, each with its name and type.
 *
 * revision   what the client speaks (client_protocol_version): 0 is the bare format of files; from 1 on a block begins
 *            with what it is; from NATIVE_REVISION_ZONE on DateTimes name their zone; from NATIVE_REVISION_CUSTOM on a
 *            byte behind the type says that the column is laid out in the usual way
 * values     as in memory: lengths of arrays as their ends, NULLs as bytes in front of the values
 * JSON       a column per path (native_json.c), or by the setting a text per value
 * dictionaries  LowCardinality: the default comes first (behind NULL's place), then values as they appear
 */
#include "base/interrupt.h"
#include "format/binary.h"
#include "format/native_block.h"
#include "format/writer_private.h"

#define NOTHING_BYTE '0'
#define NO_ENTRY     UINT32_MAX

struct native {
    struct arena *arena; /* of one block */
    struct buffer *out;
};

static void put_u64(struct buffer *out, uint64_t value)
{
    buffer_append(out, &value, sizeof(value));
}

/* In front of all data of a column. */
void native_put_prefixes(struct buffer *out, const struct type *type)
{
    if (type->low_cardinality) {
        put_u64(out, NATIVE_KEYS_VERSION);
        return;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        native_put_prefixes(out, type->children[k]);
    }
}

/* ---- LowCardinality */

struct entry {
    const struct column *column; /* NULL: the default */
    uint32_t row;
};

struct entries {
    struct entry *list;
    uint32_t count;
    uint32_t *known; /* by code of a dictionary, or by place in a hash table: number of the entry; NO_ENTRY */
    uint32_t mask;
};

static bool is_default(const struct column *column, uint32_t row)
{
    static const char zeros[256];
    const char *value = (const char *)column->values + (size_t)row * column->type->width;
    if (column->type->kind == TYPE_STRING) {
        return ((const struct slice *)column->values)[row].length == 0;
    }
    for (size_t left = column->type->width; left > 0;) {
        size_t part = left < sizeof(zeros) ? left : sizeof(zeros);
        if (memcmp(value + left - part, zeros, part) != 0) {
            return false;
        }
        left -= part;
    }
    return true;
}

static uint32_t add_entry(struct entries *entries, const struct column *column, uint32_t row)
{
    if (is_default(column, row)) {
        return column->type->nullable;
    }
    entries->list[entries->count] = (struct entry){column, row};
    return entries->count++;
}

/* The number of the row's value in the dictionary. */
static uint32_t entry_of(struct entries *entries, const struct column *column, uint32_t row)
{
    if (column_is_null(column, row)) {
        return 0;
    }
    uint32_t place =
        column->form == COLUMN_DICT ? column->codes[row] : (uint32_t)column_hash(column, row) & entries->mask;
    while (column->form != COLUMN_DICT && entries->known[place] != NO_ENTRY) {
        const struct entry *entry = &entries->list[entries->known[place]];
        if (entry->column == NULL ? is_default(column, row)
                                  : column_identical(entry->column, entry->row, column, row)) {
            return entries->known[place];
        }
        place = (place + 1) & entries->mask;
    }
    if (entries->known[place] == NO_ENTRY) {
        binary_resolve(&column, &row);
        entries->known[place] = add_entry(entries, column, row);
    }
    return entries->known[place];
}

static void put_plain(struct buffer *out, const struct type *type, const struct entry *entry)
{
    static const struct slice empty;
    const struct column *column = entry->column;
    if (type->kind == TYPE_STRING) {
        binary_put_text(out, column == NULL ? empty : ((const struct slice *)column->values)[entry->row]);
    } else if (column == NULL) {
        for (uint32_t k = 0; k < type->width; k++) {
            buffer_char(out, 0);
        }
    } else {
        buffer_append(out, (const char *)column->values + (size_t)entry->row * type->width, type->width);
    }
}

static bool put_low_cardinality(struct native *native, const struct column *column, uint32_t begin, uint32_t end)
{
    const struct type *type = column->type;
    uint32_t rows = end - begin, places = 64;
    if (rows == 0) {
        return true; /* not even a dictionary */
    }
    if (column->form == COLUMN_CONST) {
        column = column_flat(native->arena, column);
    }
    while (places < rows * 2) {
        places *= 2;
    }
    if (column != NULL && column->form == COLUMN_DICT) {
        places = column->dictionary->row_count;
    }
    struct entries entries = {.mask = places - 1, .count = type->nullable ? 2 : 1};
    entries.list = ARENA_ARRAY(native->arena, struct entry, (size_t)rows + 2);
    entries.known = ARENA_ARRAY(native->arena, uint32_t, (size_t)places + 1);
    uint32_t *numbers = ARENA_ARRAY(native->arena, uint32_t, rows);
    if (column == NULL || entries.list == NULL || entries.known == NULL || numbers == NULL) {
        return false;
    }
    memset(entries.list, 0, 2 * sizeof(*entries.list));
    memset(entries.known, 0xff, ((size_t)places + 1) * sizeof(*entries.known));
    for (uint32_t i = 0; i < rows; i++) {
        numbers[i] = entry_of(&entries, column, begin + i);
    }
    uint32_t width = entries.count <= 256 ? 1 : entries.count <= 65536 ? 2 : 4;
    put_u64(native->out, NATIVE_KEYS_OWN | NATIVE_KEYS_UPDATE | width / 2);
    put_u64(native->out, entries.count);
    for (uint32_t k = 0; k < entries.count; k++) {
        put_plain(native->out, type, &entries.list[k]);
    }
    put_u64(native->out, rows);
    for (uint32_t i = 0; i < rows; i++) {
        buffer_append(native->out, &numbers[i], width);
    }
    return true;
}

/* ---- other values */

static void put_bytes(struct buffer *out, char byte, uint32_t count)
{
    for (uint32_t i = 0; i < count && !interrupted_at(i); i++) {
        buffer_char(out, byte);
    }
}

/* Rows [begin, end); false: memory is out. */
static bool put_data(struct native *native, const struct column *column, uint32_t begin, uint32_t end)
{
    const struct type *type = column->type;
    struct buffer *out = native->out;
    if (type->low_cardinality) {
        return put_low_cardinality(native, column, begin, end);
    }
    column = column_flat(native->arena, column);
    if (column == NULL) {
        return false;
    }
    if (type->nullable && column->nulls != NULL) {
        buffer_append(out, column->nulls + begin, end - begin);
    } else if (type->nullable) {
        put_bytes(out, 0, end - begin);
    }
    switch (type->kind) {
    case TYPE_NOTHING:
        put_bytes(out, NOTHING_BYTE, end - begin);
        return true;
    case TYPE_STRING:
        for (uint32_t i = begin; i < end && !interrupted_at(i); i++) {
            binary_put_text(out, ((const struct slice *)column->values)[i]);
        }
        return true;
    case TYPE_ARRAY:
    case TYPE_MAP:
        for (uint32_t i = begin; i < end; i++) {
            put_u64(out, column->offsets[i + 1] - column->offsets[begin]);
        }
        return put_data(native, column->children[0], column->offsets[begin], column->offsets[end]);
    case TYPE_TUPLE:
        if (type->child_count == 0) {
            put_bytes(out, NOTHING_BYTE, end - begin);
        }
        for (uint32_t k = 0; k < type->child_count; k++) {
            if (!put_data(native, column->children[k], begin, end)) {
                return false;
            }
        }
        return true;
    default:
        buffer_append(out, (const char *)column->values + (size_t)begin * type->width,
                      (size_t)(end - begin) * type->width);
        return true;
    }
}

bool native_put_data(struct arena *arena, struct buffer *out, const struct column *column, uint32_t begin, uint32_t end)
{
    struct native native = {arena, out};
    return put_data(&native, column, begin, end);
}

static void put_column(struct writer *writer, struct native *native, uint32_t k, const struct column *column)
{
    const struct type *type = column->type;
    if (writer->wires != NULL && writer->wires[k] != NULL) {
        for (uint32_t i = 0; i < column->row_count && !interrupted_at(i); i++) {
            writer_put_state(writer, k, *(const struct slice *)column_value(column, i));
        }
    } else if (type->view == TYPE_VIEW_JSON && writer->settings.native_json_text) {
        put_u64(native->out, NATIVE_JSON_TEXT);
        for (uint32_t i = 0; i < column->row_count && !interrupted_at(i); i++) {
            binary_put_json(native->out, column, i);
        }
    } else if (type->view != TYPE_VIEW_NONE) {
        native->out->failed |= !native_put_view(native->arena, native->out, column);
    } else {
        native_put_prefixes(native->out, type);
        native->out->failed |= !put_data(native, column, 0, column->row_count);
    }
}

/* chunk NULL: a block without rows, which says the columns. */
static void put_block(struct writer *writer, const struct chunk *chunk)
{
    static const char about[] = {1, 0, 2, -1, -1, -1, -1, 0}; /* no overflow row, of no bucket */
    uint32_t revision = writer->options.client_revision, rows = chunk == NULL ? 0 : chunk->row_count;
    struct native native = {chunk == NULL ? NULL : arena_create(writer->options.budget), writer->out};
    struct buffer *out = writer->out;
    if (chunk != NULL && native.arena == NULL) {
        out->failed = true;
        return;
    }
    if (revision > 0) {
        buffer_append(out, about, sizeof(about));
    }
    binary_put_length(out, writer->column_count);
    binary_put_length(out, rows);
    for (uint32_t k = 0; k < writer->column_count; k++) {
        const struct type *type = writer->columns[k].type;
        bool bare =
            type->kind == TYPE_DATETIME && !type->nullable && !type->low_cardinality && revision < NATIVE_REVISION_ZONE;
        binary_put_text(out, writer->columns[k].name);
        binary_put_text(out, bare ? slice_text("DateTime") : writer->type_names[k]);
        if (revision >= NATIVE_REVISION_CUSTOM) {
            buffer_char(out, 0);
        }
        if (rows > 0) {
            put_column(writer, &native, k, chunk->columns[k]);
        }
    }
    arena_destroy(native.arena);
}

void native_begin(struct writer *writer)
{
    writer->type_names = ARENA_ARRAY(writer->arena, struct slice, writer->column_count + 1U);
    for (uint32_t k = 0; writer->type_names != NULL && k < writer->column_count; k++) {
        writer->type_names[k] = writer_type_name(writer, k);
        writer->out->failed |= writer->type_names[k].data == NULL;
    }
    writer->out->failed |= writer->type_names == NULL;
    if (writer->options.packets && !writer->out->failed) {
        put_block(writer, NULL);
    }
}

void native_chunk(struct writer *writer, const struct chunk *chunk)
{
    if (chunk->row_count > 0 && writer->type_names != NULL) {
        put_block(writer, chunk);
    }
}

void native_totals(struct writer *writer, const struct chunk *row)
{
    if (writer->options.packets) {
        native_chunk(writer, row);
    }
}

void native_end(struct writer *writer, const struct writer_statistics *statistics)
{
    (void)statistics;
    if (writer->rows == 0 && writer->type_names != NULL && !writer->options.packets) {
        put_block(writer, NULL);
    }
}
