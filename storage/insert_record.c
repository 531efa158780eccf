/*
 * insert_record.c: the bytes of the insert log: chunks in columns, records around them.
 *
 * format   docs/FORMAT.md, "Insert log"; little-endian
 *          record  magic u32, zero u32, checksum u64 (XXH3 of all bytes behind it but the padding), length u64 of
 *                  the chunks, sequence u64, table u64, rows u64, token u128, time i64, schema version u32, group u32
 *                  (the byte of the file where the group that was synced together begins; 0: with the header), chunks,
 *                  zero bytes up to a multiple of 8
 *          chunk   rows u32, then per column: form u8 (0 flat, 1 constant, 2 coded), nulls u8 (0, 1), the nulls' bytes,
 *                  values; strings as lengths u32 and bytes; arrays as sizes u32 and a flat column of elements, tuples
 *                  as flat columns (flat: nulls and values, as above); a coded column as entry count u32, entries as a
 *                  flat column, codes u32
 * input    hostile: every length is checked against what is left
 */
#include "base/checksum.h"
#include "storage/insert_log.h"

#include <string.h>

#define RECORD_MAGIC 0x54524e49U /* "INRT" */

/* ---- encoding */
static void put_values(const struct column *column, uint32_t row_count, struct buffer *out)
{
    if (column->type->kind != TYPE_STRING) {
        buffer_append(out, column->values, (size_t)row_count * column->type->width);
        return;
    }
    const struct slice *slices = column->values;
    size_t total = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t length = (uint32_t)slices[i].length;
        buffer_append(out, &length, sizeof(length));
        total += length;
    }
    if (!buffer_reserve(out, total)) {
        out->failed = true;
        return;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        buffer_append(out, slices[i].data, slices[i].length);
    }
}

static struct err *put_flat(struct arena *work, const struct column *column, uint32_t row_count, struct buffer *out);

/* The elements of a tuple, or the sizes of arrays and their elements, all flat. */
static struct err *put_nested(struct arena *work, const struct column *column, uint32_t row_count, struct buffer *out)
{
    struct err *err = NULL;
    for (uint32_t i = 0; column->offsets != NULL && i < row_count; i++) {
        uint32_t size = column->offsets[i + 1] - column->offsets[i];
        buffer_append(out, &size, sizeof(size));
    }
    uint32_t begin = column->offsets == NULL ? 0 : column->offsets[0];
    uint32_t end = column->offsets == NULL ? row_count : column->offsets[row_count];
    for (uint32_t k = 0; k < column->type->child_count; k++) {
        const struct column *child = column_part(work, column->children[k], begin, end);
        child = child == NULL ? NULL : column_flat(work, child);
        if (child == NULL) {
            return arena_error(work);
        }
        OR_DONE(put_flat(work, child, end - begin, out));
    }
done:
    return err;
}

static struct err *put_flat(struct arena *work, const struct column *column, uint32_t row_count, struct buffer *out)
{
    buffer_char(out, column->nulls != NULL ? 1 : 0);
    if (column->nulls != NULL) {
        buffer_append(out, column->nulls, row_count);
    }
    if (type_is_nested(column->type)) {
        return put_nested(work, column, row_count, out);
    }
    put_values(column, row_count, out);
    return NULL;
}

struct err *insert_chunk_encode(const struct chunk *chunk, struct buffer *out)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    if (work == NULL) {
        return err_oom();
    }
    buffer_append(out, &chunk->row_count, sizeof(chunk->row_count));
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        const struct column *column = chunk->columns[i];
        buffer_char(out, column->form == COLUMN_FLAT ? 0 : column->form == COLUMN_CONST ? 1 : 2);
        if (column->form == COLUMN_DICT) {
            buffer_append(out, &column->dictionary->row_count, sizeof(uint32_t));
            OR_DONE(put_flat(work, column->dictionary, column->dictionary->row_count, out));
            buffer_append(out, column->codes, chunk->row_count * sizeof(uint32_t));
        } else {
            OR_DONE(put_flat(work, column, column->form == COLUMN_CONST ? 1 : chunk->row_count, out));
        }
    }
    if (out->failed) {
        err = err_oom();
    }
done:
    arena_destroy(work);
    return err;
}

/* ---- decoding */
static bool get(struct slice *bytes, void *out, size_t length)
{
    if (bytes->length < length) {
        return false;
    }
    if (length > 0) {
        memcpy(out, bytes->data, length);
    }
    *bytes = slice_of(bytes->data + length, bytes->length - length);
    return true;
}

static bool get_slice(struct slice *bytes, size_t length, struct slice *out)
{
    if (bytes->length < length) {
        return false;
    }
    *out = slice_of(bytes->data, length);
    *bytes = slice_of(bytes->data + length, bytes->length - length);
    return true;
}

static struct err *corrupt(const char *what)
{
    return err_new(ERR_CORRUPT, "the chunk of an INSERT is damaged: %s", what);
}

static struct err *get_flat(struct arena *arena, struct slice *bytes, const struct type *type, uint32_t row_count,
                            struct column **out);

/* The types bound the depth; every row has a byte at least, in each child. */
static struct err *get_nested(struct arena *arena, struct slice *bytes, const struct type *type, uint32_t row_count,
                              struct column **out)
{
    struct err *err = NULL;
    if (type->kind != TYPE_TUPLE && bytes->length / sizeof(uint32_t) < row_count) {
        return corrupt("it ends within sizes");
    }
    struct column *column = *out = column_new(arena, type, row_count);
    if (column == NULL) {
        return arena_error(arena);
    }
    uint64_t count = column->offsets == NULL ? row_count : 0;
    for (uint32_t i = 0; column->offsets != NULL && i < row_count; i++) {
        uint32_t size = 0;
        column->offsets[i] = (uint32_t)count;
        (void)get(bytes, &size, sizeof(size)); /* there are enough bytes */
        count += size;
        if (count > bytes->length || count > UINT32_MAX) {
            return corrupt("it ends within arrays");
        }
    }
    if (column->offsets != NULL) {
        column->offsets[row_count] = (uint32_t)count;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        OR_DONE(get_flat(arena, bytes, type->children[k], (uint32_t)count, &column->children[k]));
    }
done:
    return err;
}

static struct err *get_flat(struct arena *arena, struct slice *bytes, const struct type *type, uint32_t row_count,
                            struct column **out)
{
    struct column *column = ARENA_NEW(arena, struct column);
    uint8_t has_nulls = 0;
    struct slice raw;

    if (!get(bytes, &has_nulls, 1) || has_nulls > 1 || (has_nulls == 1 && !type->nullable)) {
        return corrupt("nulls");
    }
    if (type_is_nested(type)) {
        return get_nested(arena, bytes, type, row_count, out);
    }
    if (column == NULL) {
        return arena_error(arena);
    }
    column->type = type;
    column->form = COLUMN_FLAT;
    column->row_count = row_count;
    *out = column;
    if (has_nulls == 1) {
        if (!get_slice(bytes, row_count, &raw)) {
            return corrupt("it ends within nulls");
        }
        column->nulls = arena_alloc(arena, (size_t)row_count + 1);
        if (column->nulls == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < row_count; i++) {
            column->nulls[i] = raw.data[i] != 0;
        }
    }
    if (bytes->length / (type->kind == TYPE_STRING ? sizeof(uint32_t) : type->width) < row_count) {
        return corrupt("it ends within values");
    }
    column->values = arena_array(arena, (size_t)row_count + 1, type->width);
    if (column->values == NULL) {
        return arena_error(arena);
    }
    if (type->kind != TYPE_STRING) {
        return get(bytes, column->values, (size_t)row_count * type->width) ? NULL : corrupt("it ends within values");
    }
    struct slice lengths;
    struct slice *slices = column->values;
    if (!get_slice(bytes, (size_t)row_count * sizeof(uint32_t), &lengths)) {
        return corrupt("it ends within lengths");
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t length;
        memcpy(&length, lengths.data + (size_t)i * sizeof(length), sizeof(length));
        if (!get_slice(bytes, length, &slices[i])) {
            return corrupt("a string reaches over its end");
        }
    }
    return NULL;
}

struct err *insert_chunk_decode(struct arena *arena, struct slice *bytes, const struct type *const *types,
                                uint32_t column_count, struct chunk **out)
{
    struct err *err = NULL;
    uint32_t row_count = 0;

    if (!get(bytes, &row_count, sizeof(row_count)) || row_count == 0 || row_count > CHUNK_ROWS_MAX) {
        err = corrupt("row count");
        goto done;
    }
    struct chunk *chunk = chunk_new(arena, column_count, row_count);
    if (chunk == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < column_count; i++) {
        uint8_t form = 0;
        uint32_t entries = 0;
        struct column *column = NULL;
        if (!get(bytes, &form, 1) || form > 2) {
            err = corrupt("form");
            goto done;
        }
        if (form != 2) {
            OR_DONE(get_flat(arena, bytes, types[i], form == 1 ? 1 : row_count, &column));
            column->form = form == 1 ? COLUMN_CONST : COLUMN_FLAT;
            column->row_count = row_count;
            chunk->columns[i] = column;
            continue;
        }
        struct slice raw;
        if (!get(bytes, &entries, sizeof(entries)) || entries == 0) {
            err = corrupt("dictionary size");
            goto done;
        }
        OR_DONE(get_flat(arena, bytes, types[i], entries, &column));
        if (!get_slice(bytes, row_count * sizeof(uint32_t), &raw)) {
            err = corrupt("it ends within codes");
            goto done;
        }
        uint32_t *codes = ARENA_ARRAY(arena, uint32_t, row_count);
        if (codes == NULL) {
            err = arena_error(arena);
            goto done;
        }
        memcpy(codes, raw.data, raw.length);
        for (uint32_t row = 0; row < row_count; row++) {
            if (codes[row] >= entries) {
                err = corrupt("a code outside the dictionary");
                goto done;
            }
        }
        chunk->columns[i] = column_dict(arena, types[i], codes, row_count, column, 0);
        if (chunk->columns[i] == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    *out = chunk;
done:
    return err;
}

/* ---- records */
struct record_header {
    uint32_t magic;
    uint32_t zero;
    uint64_t checksum; /* of all bytes behind it */
    uint64_t length;   /* of the chunks */
    uint64_t sequence;
    uint64_t table_id;
    uint64_t row_count;
    uint8_t token[16];
    int64_t time_us;
    uint32_t schema_version;
    uint32_t group; /* where its group begins in the file */
};
_Static_assert(sizeof(struct record_header) == INSERT_RECORD_HEADER_BYTES, "stored as it is");
#define CHECKED_FROM 16U

void insert_record_seal(struct buffer *buffer, size_t begin, const struct insert_record *record)
{
    struct record_header header = {
        .magic = RECORD_MAGIC,
        .length = buffer->length - begin - sizeof(header),
        .sequence = record->sequence,
        .table_id = record->table_id,
        .row_count = record->row_count,
        .time_us = record->time_us,
        .schema_version = record->schema_version,
        .group = record->group,
    };
    memcpy(header.token, &record->token, sizeof(header.token));
    memcpy(buffer->data + begin, &header, sizeof(header));
    header.checksum = checksum(buffer->data + begin + CHECKED_FROM, buffer->length - begin - CHECKED_FROM);
    memcpy(buffer->data + begin, &header, sizeof(header));
    while (buffer->length % 8 != begin % 8) {
        buffer_char(buffer, 0);
    }
}

size_t insert_record_read(struct slice bytes, struct insert_record *record)
{
    struct record_header header;
    if (bytes.length < sizeof(header)) {
        return 0;
    }
    memcpy(&header, bytes.data, sizeof(header));
    if (header.magic != RECORD_MAGIC || header.zero != 0 || header.length > bytes.length - sizeof(header) ||
        checksum(bytes.data + CHECKED_FROM, sizeof(header) - CHECKED_FROM + header.length) != header.checksum) {
        return 0;
    }
    *record = (struct insert_record){
        .sequence = header.sequence,
        .table_id = header.table_id,
        .schema_version = header.schema_version,
        .row_count = header.row_count,
        .time_us = header.time_us,
        .group = header.group,
        .chunks = slice_of(bytes.data + sizeof(header), header.length),
    };
    memcpy(&record->token, header.token, sizeof(header.token));
    size_t length = sizeof(header) + header.length, padded = (length + 7) & ~(size_t)7;
    if (padded > bytes.length) {
        return 0; /* the padding is written with the record */
    }
    for (size_t at = length; at < padded; at++) {
        if (bytes.data[at] != 0) {
            return 0;
        }
    }
    return padded;
}
