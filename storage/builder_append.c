/*
 * builder_append.c: many rows at once, column by column.
 *
 * flow     AS SELECT's results, INSERT SELECT, the replayed insert log → here
 */
#include "storage/builder_private.h"

#include "storage/packed.h"

#include <stdlib.h>
#include <string.h>

/* Codes of a foreign dictionary become ours once per entry. */
static bool remap_ready(struct coding *coding, const struct dictionary *to, const struct column *from)
{
    uint32_t count = from->dictionary->row_count;
    if (coding->remap_to == to && coding->remap_id != 0 && coding->remap_id == from->dictionary_id &&
        coding->remap_count >= count) {
        return true;
    }
    uint32_t *remap = realloc(coding->remap, (count + 1) * sizeof(*remap));
    if (remap == NULL) {
        return false;
    }
    memset(remap, 0, (count + 1) * sizeof(*remap));
    coding->remap = remap;
    coding->remap_count = count;
    coding->remap_id = from->dictionary_id;
    coding->remap_to = to;
    return true;
}

static void append_coded(struct builder *builder, uint32_t index, const struct column *from, uint32_t begin,
                         uint32_t count)
{
    struct coding *coding = &builder->private->codings[index];
    uint32_t *codes = builder->columns[index].codes;
    uint32_t row = builder->row;

    if (!remap_ready(coding, builder->columns[index].dictionary, from)) {
        builder_fail(builder, err_oom());
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t code = from->codes[begin + i];
        if (coding->remap[code] == 0) {
            builder->row = row + i;
            if (from->dictionary->nulls != NULL && from->dictionary->nulls[code] != 0) {
                builder_null(builder, index);
            } else {
                const struct slice *text = (const struct slice *)from->dictionary->values + code;
                builder_string_coded(builder, index, text->data, text->length);
            }
            coding->remap[code] = codes[row + i] + 1;
        } else {
            codes[row + i] = coding->remap[code] - 1;
        }
    }
    builder->row = row;
}

/* Arrays, tuples and maps: row by row. */
static void append_packed(struct builder *builder, uint32_t index, const struct column *from, uint32_t begin,
                          uint32_t count)
{
    struct buffer *packed = &builder->private->packed;
    uint32_t row = builder->row;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t size = packed_size(from, begin + i);
        packed->length = 0;
        builder->row = row + i;
        struct err *err = !buffer_reserve(packed, size) ? err_oom() : NULL;
        if (err == NULL) {
            (void)packed_write(packed->data, from, begin + i);
            err = packed_check(from->type, slice_of(packed->data, size));
        }
        if (err != NULL) {
            builder_fail(builder, err);
            buffer_deinit(packed);
            size = 0;
        }
        builder_packed(builder, index, packed->data, size);
    }
    builder->row = row;
}

static void append_column(struct builder *builder, uint32_t index, const struct column *from, uint32_t begin,
                          uint32_t count)
{
    struct builder_column *to = &builder->columns[index];
    uint32_t row = builder->row;

    if (type_is_nested(to->type)) {
        append_packed(builder, index, from, begin, count);
        return;
    }
    if (to->codes != NULL && from->form == COLUMN_DICT) {
        append_coded(builder, index, from, begin, count);
        return;
    }
    if (to->codes == NULL && to->type->kind != TYPE_STRING && from->form == COLUMN_FLAT) {
        memcpy(to->values + (size_t)row * to->width, (const char *)from->values + (size_t)begin * to->width,
               (size_t)count * to->width);
        if (from->nulls != NULL && to->nulls != NULL) {
            uint32_t null_count = 0;
            for (uint32_t i = 0; i < count; i++) {
                to->nulls[row + i] = from->nulls[begin + i] != 0;
                null_count += to->nulls[row + i];
            }
            __atomic_store_n(&to->null_count, to->null_count + null_count, __ATOMIC_RELAXED);
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        builder->row = row + i;
        if (to->type->nullable && column_is_null(from, begin + i)) {
            builder_null(builder, index);
        } else {
            builder_value(builder, index, column_value(from, begin + i));
        }
    }
    builder->row = row;
}

struct err *builder_append(struct builder *builder, const struct chunk *chunk, const int64_t *offsets)
{
    struct err *err = NULL;
    uint32_t begin = 0;

    ASSERT(chunk->column_count == builder->column_count);
    while (begin < chunk->row_count) {
        if (!builder_row_begin(builder)) {
            err = builder_error(builder);
            goto done;
        }
        uint32_t count = builder->row_capacity - builder->row;
        if (count > chunk->row_count - begin) {
            count = chunk->row_count - begin;
        }
        builder->private->appending = true;
        for (uint32_t i = 0; i < chunk->column_count; i++) {
            append_column(builder, i, chunk->columns[i], begin, count);
        }
        builder->private->appending = false;
        for (uint32_t i = 0; builder->has_addresses && i < count; i++) {
            builder->row += i;
            builder_address(builder, offsets == NULL ? 0 : offsets[begin + i]);
            builder->row -= i;
        }
        builder->row += count;
        begin += count;
        if (builder->private->close_early) {
            builder->private->close_early = false;
            builder->row_capacity = builder->row;
        }
        if (builder->failed) {
            err = builder_error(builder);
            goto done;
        }
    }
done:
    return err;
}
