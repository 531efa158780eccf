/*
 * codec_nested.c: blocks of arrays, maps and tuples: blocks within a block.
 *
 * array    (maps too) number of elements, a block of each row's number of them, blocks of the elements, CHUNK_ROWS_MAX
 *          each. Sizes are the differences of the offsets; blocks of children choose their codecs as columns do.
 * tuple    a block per element of the tuple
 * input    hostile: sizes must add up, every block's length is checked; types bound the depth
 */
#include "storage/codec_nested.h"

static void put(struct buffer *out, uint64_t value, size_t width)
{
    buffer_append(out, &value, width);
}

/* A child's rows as a block behind its length. */
static struct err *put_block(const struct column *column, struct codec_scratch *scratch, struct buffer *out)
{
    struct err *err = NULL;
    size_t begin = out->length;
    put(out, 0, 4);
    OR_DONE(codec_encode(column, scratch, out, NULL));
    size_t bytes = out->length - begin - 4;
    if (bytes > UINT32_MAX) {
        return err_new(ERR_NOT_IMPLEMENTED, "a block of %zu bytes is too large", bytes);
    }
    memcpy(out->data + begin, &bytes, 4); /* little-endian */
done:
    return err;
}

static struct err *put_array(struct arena *work, const struct column *column, struct codec_scratch *scratch,
                             struct buffer *out)
{
    struct err *err = NULL;
    uint32_t begin = column->offsets[0], end = column->offsets[column->row_count];
    struct column *sizes = column_new(work, type_simple(TYPE_UINT32), column->row_count);
    if (sizes == NULL) {
        return arena_error(work);
    }
    for (uint32_t row = 0; row < column->row_count; row++) {
        ((uint32_t *)sizes->values)[row] = column->offsets[row + 1] - column->offsets[row];
    }
    put(out, end - begin, 4);
    OR_DONE(put_block(sizes, scratch, out));
    for (uint32_t at = begin; at < end;) {
        uint32_t count = end - at < CHUNK_ROWS_MAX ? end - at : CHUNK_ROWS_MAX;
        const struct column *part = column_part(work, column->children[0], at, at + count);
        part = part == NULL ? NULL : column_flat(work, part);
        if (part == NULL) {
            return arena_error(work);
        }
        OR_DONE(put_block(part, scratch, out));
        at += count;
    }
done:
    return err;
}

struct err *codec_nested_encode(const struct column *column, struct codec_scratch *scratch, struct buffer *out)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    const struct column *flat = work == NULL ? NULL : column_flat(work, column);
    if (flat == NULL) {
        err = err_oom();
        goto done;
    }
    if (flat->type->kind != TYPE_TUPLE) {
        put(out, CODEC_ARRAY, 1);
        err = put_array(work, flat, scratch, out);
        goto done;
    }
    put(out, CODEC_TUPLE, 1);
    for (uint32_t k = 0; k < flat->type->child_count; k++) {
        const struct column *child = column_flat(work, flat->children[k]);
        if (child == NULL) {
            err = arena_error(work);
            goto done;
        }
        OR_DONE(put_block(child, scratch, out));
    }
done:
    arena_destroy(work);
    return err;
}

/* ---- reading */

static struct err *corrupt(const char *what)
{
    return err_new(ERR_CORRUPT, "the block is damaged: %s", what);
}

static struct err *take_number(struct slice *bytes, uint32_t *out)
{
    if (bytes->length < 4) {
        return corrupt("it ends early");
    }
    memcpy(out, bytes->data, 4);
    *bytes = slice_of(bytes->data + 4, bytes->length - 4);
    return NULL;
}

static struct err *take_block(struct arena *arena, struct slice *bytes, const struct type *type, uint32_t row_count,
                              const struct column **out)
{
    struct err *err = NULL;
    struct column *column = NULL;
    uint32_t length;
    OR_DONE(take_number(bytes, &length));
    if (length > bytes->length) {
        return corrupt("a block within it ends early");
    }
    OR_DONE(codec_decode(arena, slice_of(bytes->data, length), type, row_count, NULL, 0, &column));
    *bytes = slice_of(bytes->data + length, bytes->length - length);
    *out = column_flat(arena, column);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

static struct err *take_array(struct arena *arena, struct slice *bytes, struct column *column)
{
    struct err *err = NULL;
    uint32_t total;
    uint64_t sum = 0;
    const struct column *sizes = NULL;
    const struct type *type = column->type->children[0];
    OR_DONE(take_number(bytes, &total));
    OR_DONE(take_block(arena, bytes, type_simple(TYPE_UINT32), column->row_count, &sizes));
    for (uint32_t row = 0; row < column->row_count; row++) {
        column->offsets[row] = (uint32_t)sum;
        sum += ((const uint32_t *)sizes->values)[row];
        if (sum > total) {
            return corrupt("its arrays are larger than their elements");
        }
    }
    column->offsets[column->row_count] = total;
    uint32_t count = total / CHUNK_ROWS_MAX + (total % CHUNK_ROWS_MAX > 0);
    if (sum != total || count > bytes->length) {
        return corrupt("its number of elements");
    }
    if (count == 0) {
        column->children[0] = column_empty(arena, type);
        return column->children[0] == NULL ? arena_error(arena) : NULL;
    }
    const struct column **parts = arena_array(arena, count, sizeof(*parts));
    if (parts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        OR_DONE(take_block(arena, bytes, type, k + 1 < count ? CHUNK_ROWS_MAX : total - k * CHUNK_ROWS_MAX, &parts[k]));
    }
    column->children[0] = count == 1 ? (struct column *)(uintptr_t)parts[0] : column_concat(arena, parts, count);
    if (column->children[0] == NULL) {
        return arena_error(arena);
    }
done:
    return err;
}

struct err *codec_nested_decode(struct arena *arena, enum codec codec, struct slice bytes, const struct type *type,
                                uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    struct column *column = column_new(arena, type, row_count);
    if (codec != (type->kind == TYPE_TUPLE ? CODEC_TUPLE : CODEC_ARRAY)) {
        return corrupt("its codec is not one of its type");
    }
    if (column == NULL) {
        return arena_error(arena);
    }
    if (codec == CODEC_ARRAY) {
        OR_DONE(take_array(arena, &bytes, column));
    }
    for (uint32_t k = 0; codec == CODEC_TUPLE && k < type->child_count; k++) {
        const struct column *child = NULL;
        OR_DONE(take_block(arena, &bytes, type->children[k], row_count, &child));
        column->children[k] = (struct column *)(uintptr_t)child;
    }
    if (bytes.length > 0) {
        return corrupt("bytes behind its values");
    }
    *out = column;
done:
    return err;
}
