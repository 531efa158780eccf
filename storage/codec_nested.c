/*
 * codec_nested.c: blocks of arrays, maps and tuples: blocks within a block.
 *
 * array    (maps too) number of elements, a block of each row's number of them, blocks of the elements, CHUNK_ROWS_MAX
 *          each. Sizes are the differences of the offsets; blocks of children choose their codecs as columns do.
 * tuple    a block per element of the tuple
 * needs    blocks of what nobody looks at are skipped
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

/* need NULL: the block is passed over. */
static struct err *take_block(struct arena *arena, struct slice *bytes, const struct type *type, uint32_t row_count,
                              const struct column_need *need, const struct column **out)
{
    struct err *err = NULL;
    struct column *column = NULL;
    uint32_t length;
    OR_DONE(take_number(bytes, &length));
    if (length > bytes->length) {
        return corrupt("a block within it ends early");
    }
    if (need == NULL) {
        column = column_default(arena, type, row_count);
    } else {
        OR_DONE(codec_decode_need(arena, slice_of(bytes->data, length), type, row_count, NULL, 0, need, &column));
    }
    *bytes = slice_of(bytes->data + length, bytes->length - length);
    *out = need == NULL || column == NULL ? column : column_flat(arena, column);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

/* Blocks of elements as one column; of tuples, what nobody looks at stays one value. */
static struct column *join_blocks(struct arena *arena, const struct column *const *parts, uint32_t count,
                                  uint32_t total, const struct column_need *need)
{
    const struct type *type = parts[0]->type;
    struct column *joined = type->kind == TYPE_TUPLE && !need->whole ? column_new(arena, type, total) : NULL;
    const struct column **pieces = arena_array(arena, count, sizeof(*pieces));
    if (pieces == NULL || type->kind != TYPE_TUPLE || need->whole) {
        return pieces == NULL ? NULL : column_concat(arena, parts, count);
    }
    for (uint32_t k = 0; joined != NULL && k < type->child_count; k++) {
        const struct column_need *child = column_need_of(need, k);
        for (uint32_t p = 0; p < count; p++) {
            pieces[p] = parts[p]->children[k];
        }
        joined->children[k] = child == NULL ? column_default(arena, type->children[k], total)
                                            : join_blocks(arena, pieces, count, total, child);
        if (joined->children[k] == NULL) {
            return NULL;
        }
    }
    return joined;
}

static struct err *take_array(struct arena *arena, struct slice *bytes, const struct column_need *need,
                              struct column *column)
{
    struct err *err = NULL;
    uint32_t total;
    uint64_t sum = 0;
    const struct column *sizes = NULL;
    const struct type *type = column->type->children[0];
    OR_DONE(take_number(bytes, &total));
    OR_DONE(take_block(arena, bytes, type_simple(TYPE_UINT32), column->row_count, &column_need_whole, &sizes));
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
    if (count == 0 || need == NULL) {
        column->children[0] = count == 0 ? column_empty(arena, type) : column_default(arena, type, total);
        *bytes = need == NULL ? slice_of("", 0) : *bytes;
        return column->children[0] == NULL ? arena_error(arena) : NULL;
    }
    const struct column **parts = arena_array(arena, count, sizeof(*parts));
    if (parts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        uint32_t rows = k + 1 < count ? CHUNK_ROWS_MAX : total - k * CHUNK_ROWS_MAX;
        OR_DONE(take_block(arena, bytes, type, rows, need, &parts[k]));
    }
    column->children[0] =
        count == 1 ? (struct column *)(uintptr_t)parts[0] : join_blocks(arena, parts, count, total, need);
    if (column->children[0] == NULL) {
        return arena_error(arena);
    }
done:
    return err;
}

struct err *codec_nested_decode(struct arena *arena, enum codec codec, struct slice bytes, const struct type *type,
                                uint32_t row_count, const struct column_need *need, struct column **out)
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
        OR_DONE(take_array(arena, &bytes, column_need_of(need, 0), column));
    }
    for (uint32_t k = 0; codec == CODEC_TUPLE && k < type->child_count; k++) {
        const struct column *child = NULL;
        OR_DONE(take_block(arena, &bytes, type->children[k], row_count, column_need_of(need, k), &child));
        column->children[k] = (struct column *)(uintptr_t)child;
    }
    if (bytes.length > 0) {
        return corrupt("bytes behind its values");
    }
    *out = column;
done:
    return err;
}
