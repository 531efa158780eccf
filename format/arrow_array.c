/*
 * arrow_array.c: see arrow_array.h.
 *
 * order    of nodes and buffers in a batch: fields in their order, each in front of its children
 */
#include "format/arrow_array.h"

#include "base/interrupt.h"

#include <lz4frame.h>
#include <zstd.h>

#define LZ4_RATIO_MAX 255U
#define VIEW_BYTES    16U
#define VIEW_INLINE   12U /* bytes of a text that stands in its view */

static struct err *damaged(const struct arrow_field *field, const char *what) __attribute__((returns_nonnull));
static struct err *damaged(const struct arrow_field *field, const char *what)
{
    return err_new(ERR_INCORRECT_DATA, "field \"%.*s\": %s", SLICE_ARG(slice_cut(arrow_slice(field->name), 100)), what);
}

bool arrow_is_text(enum arrow_kind kind)
{
    return kind == ARROW_UTF8 || kind == ARROW_BINARY || kind == ARROW_LARGE_UTF8 || kind == ARROW_LARGE_BINARY ||
           kind == ARROW_UTF8_VIEW || kind == ARROW_BINARY_VIEW;
}

static bool is_view(enum arrow_kind kind)
{
    return kind == ARROW_UTF8_VIEW || kind == ARROW_BINARY_VIEW;
}

static bool is_large(enum arrow_kind kind)
{
    return kind == ARROW_LARGE_UTF8 || kind == ARROW_LARGE_BINARY || kind == ARROW_LARGE_LIST;
}

/* ---- buffers */

static bool unpack_lz4(struct slice packed, char *to, size_t bytes)
{
    LZ4F_dctx *context = NULL;
    size_t used = 0, made = 0, rest = 1;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) {
        return false;
    }
    while (rest != 0 && used < packed.length) {
        size_t in = packed.length - used, out = bytes - made;
        rest = LZ4F_decompress(context, to + made, &out, packed.data + used, &in, NULL);
        if (LZ4F_isError(rest) || (in == 0 && out == 0)) {
            rest = 1;
            break;
        }
        used += in;
        made += out;
    }
    (void)LZ4F_freeDecompressionContext(context);
    return rest == 0 && made == bytes;
}

static struct err *unpack(struct arrow_body *body, const struct arrow_field *field, struct slice packed,
                          struct slice *out)
{
    int64_t plain = 0;
    bool whole;
    if (packed.length < sizeof(plain)) {
        return damaged(field, "a compressed buffer has no length");
    }
    memcpy(&plain, packed.data, sizeof(plain));
    packed = slice_of(packed.data + sizeof(plain), packed.length - sizeof(plain));
    if (plain == -1) {
        *out = packed;
        return NULL;
    }
    if (plain < 0 || (uint64_t)plain > ARROW_PLAIN_MAX - body->plain_bytes) {
        return err_new(
            ERR_TOO_LARGE_ARRAY,
            "field \"%.*s\": a compressed buffer says that it holds %lld bytes; those of a batch have %zu at "
            "most",
            SLICE_ARG(slice_cut(arrow_slice(field->name), 100)), (long long)plain, ARROW_PLAIN_MAX);
    }
    unsigned long long said = body->batch->codec == ARROW_ZSTD ? ZSTD_getFrameContentSize(packed.data, packed.length)
                                                               : ZSTD_CONTENTSIZE_UNKNOWN;
    bool possible = body->batch->codec == ARROW_LZ4 ? (uint64_t)plain <= packed.length * LZ4_RATIO_MAX
                                                    : said == ZSTD_CONTENTSIZE_UNKNOWN || said == (uint64_t)plain;
    char *to = possible ? arena_alloc(body->arena, (size_t)plain + 1) : NULL;
    if (possible && to == NULL) {
        return arena_error(body->arena);
    }
    if (!possible) {
        whole = false;
    } else if (body->batch->codec == ARROW_LZ4) {
        whole = plain == 0 || unpack_lz4(packed, to, (size_t)plain);
    } else {
        whole = ZSTD_decompress(to, (size_t)plain, packed.data, packed.length) == (size_t)plain;
    }
    if (!whole) {
        return err_new(ERR_CANNOT_DECOMPRESS, "field \"%.*s\": a buffer of %zu bytes cannot be decompressed into %lld",
                       SLICE_ARG(slice_cut(arrow_slice(field->name), 100)), packed.length, (long long)plain);
    }
    body->plain_bytes += (size_t)plain;
    *out = slice_of(to, (size_t)plain);
    return NULL;
}

/* The next buffer, with so many bytes at least. */
static struct err *take_buffer(struct arrow_body *body, const struct arrow_field *field, uint64_t bytes,
                               struct slice *out)
{
    struct err *err = NULL;
    if (body->buffer == body->batch->buffer_count) {
        return damaged(field, "the batch has not enough buffers");
    }
    const struct arrow_extent *extent = &body->batch->buffers[body->buffer++];
    uint64_t offset = (uint64_t)extent->offset, length = (uint64_t)extent->length;
    if (extent->offset < 0 || extent->length < 0 || offset > body->bytes.length ||
        length > body->bytes.length - offset) {
        return damaged(field, "a buffer stands outside the batch's body");
    }
    *out = slice_of(body->bytes.data + offset, length);
    if (length > 0 && body->batch->codec != ARROW_PLAIN) {
        OR_DONE(unpack(body, field, *out, out));
    }
    if (out->length < bytes) {
        err = damaged(field, "a buffer is too short for its values");
    }
done:
    return err;
}

static struct err *take_node(struct arrow_body *body, const struct arrow_field *field, struct arrow_node *out)
{
    if (body->node == body->batch->node_count) {
        return damaged(field, "the batch has not enough nodes");
    }
    *out = body->batch->nodes[body->node++];
    if (out->length < 0 || out->length > ARROW_ROWS_MAX || out->null_count < 0 || out->null_count > out->length) {
        return damaged(field, "the number of its values, or of NULLs, cannot be");
    }
    return NULL;
}

/* ---- arrays that nobody wants */

/* Buffers of a field's own, without those of views. */
static uint32_t buffer_count(const struct arrow_field *field)
{
    if (field->is_dictionary) {
        return 2;
    }
    switch (field->kind) {
    case ARROW_NULL:
    case ARROW_RUN_END:
        return 0;
    case ARROW_STRUCT:
    case ARROW_FIXED_LIST:
        return 1;
    case ARROW_UNION:
        return 1 + (uint32_t)field->unit;
    case ARROW_BINARY:
    case ARROW_UTF8:
    case ARROW_LARGE_BINARY:
    case ARROW_LARGE_UTF8:
    case ARROW_LIST_VIEW:
    case ARROW_LARGE_LIST_VIEW:
        return 3;
    default:
        return 2;
    }
}

static struct err *take_variadic(struct arrow_body *body, const struct arrow_field *field, uint32_t *out)
{
    uint32_t left = body->batch->buffer_count - body->buffer;
    if (body->variadic == body->batch->variadic_count || body->batch->variadic[body->variadic] < 0 ||
        body->batch->variadic[body->variadic] > left) {
        return damaged(field, "the batch has not enough buffers for its views");
    }
    *out = (uint32_t)body->batch->variadic[body->variadic++];
    return NULL;
}

struct err *arrow_array_skip(struct arrow_body *body, const struct arrow_field *field)
{
    struct err *err = NULL;
    struct arrow_node node = {0};
    uint32_t pieces = 0;
    OR_DONE(take_node(body, field, &node));
    if (!field->is_dictionary && is_view(field->kind)) {
        OR_DONE(take_variadic(body, field, &pieces));
    }
    if (body->batch->buffer_count - body->buffer < buffer_count(field) + pieces) {
        return damaged(field, "the batch has not enough buffers");
    }
    body->buffer += buffer_count(field) + pieces;
    for (uint32_t k = 0; k < field->child_count && !field->is_dictionary; k++) {
        OR_DONE(arrow_array_skip(body, &field->children[k]));
    }
done:
    return err;
}

/* ---- arrays */

static uint32_t value_width(const struct arrow_field *field)
{
    if (field->is_dictionary) {
        return (uint32_t)field->index_bits / 8;
    }
    switch (field->kind) {
    case ARROW_INT:
    case ARROW_FLOAT:
    case ARROW_DECIMAL:
        return (uint32_t)field->bits / 8;
    case ARROW_DATE:
        return field->unit == 0 ? 4 : 8;
    case ARROW_TIMESTAMP:
    case ARROW_DURATION:
        return 8;
    case ARROW_FIXED_BINARY:
        return (uint32_t)field->width;
    case ARROW_BINARY_VIEW:
    case ARROW_UTF8_VIEW:
        return VIEW_BYTES;
    default:
        return 0;
    }
}

/* They ascend, and end within `most`. */
static struct err *take_offsets(struct arrow_body *body, struct arrow_array *array, uint64_t *last)
{
    struct slice offsets = {0};
    array->offset_bytes = is_large(array->field->kind) ? 8 : 4;
    struct err *err = take_buffer(body, array->field, 0, &offsets);
    *last = 0;
    if (err != NULL || array->length == 0) {
        return err;
    }
    if (offsets.data == NULL || offsets.length < ((uint64_t)array->length + 1) * array->offset_bytes) {
        return damaged(array->field, "a buffer of offsets is too short for its values");
    }
    array->offsets = offsets.data;
    uint64_t before = 0;
    for (uint32_t i = 0; i <= array->length; i++) {
        err = interrupt_at(i);
        *last = arrow_offset(array, i);
        if (err != NULL || *last < before || *last > INT64_MAX || (array->offset_bytes == 4 && *last > INT32_MAX)) {
            return err != NULL ? err : damaged(array->field, "its offsets do not ascend");
        }
        before = *last;
    }
    return NULL;
}

static struct err *take_dictionary(struct arrow_body *body, struct arrow_array *array)
{
    struct slice values = {0};
    struct err *err = take_buffer(body, array->field, (uint64_t)array->length * array->width, &values);
    array->values = values.data;
    for (uint32_t k = 0; err == NULL && k < body->dictionaries->count; k++) {
        if (body->dictionaries->list[k].id == array->field->dictionary) {
            array->dictionary = &body->dictionaries->list[k];
        }
    }
    if (err == NULL && (array->dictionary == NULL || (array->dictionary->arena == NULL && array->length > 0))) {
        err = err_new(ERR_INCORRECT_DATA,
                      "field \"%.*s\": its dictionary %lld does not stand in front of the batch that uses it",
                      SLICE_ARG(slice_cut(arrow_slice(array->field->name), 100)), (long long)array->field->dictionary);
    }
    return err;
}

static struct err *take_pieces(struct arrow_body *body, struct arrow_array *array)
{
    struct slice views = {0};
    struct err *err = take_buffer(body, array->field, (uint64_t)array->length * array->width, &views);
    array->values = views.data;
    OR_DONE(err);
    OR_DONE(take_variadic(body, array->field, &array->piece_count));
    array->pieces = ARENA_ARRAY(body->arena, struct slice, (size_t)array->piece_count + 1);
    if (array->pieces == NULL) {
        return arena_error(body->arena);
    }
    for (uint32_t k = 0; k < array->piece_count; k++) {
        OR_DONE(take_buffer(body, array->field, 0, &array->pieces[k]));
    }
done:
    return err;
}

/* At least so many elements in each child. */
static struct err *take_children(struct arrow_body *body, struct arrow_array *array, uint64_t least)
{
    struct err *err = NULL;
    const struct arrow_field *field = array->field;
    array->children = ARENA_ARRAY(body->arena, struct arrow_array, (size_t)field->child_count + 1);
    if (array->children == NULL) {
        return arena_error(body->arena);
    }
    for (uint32_t k = 0; k < field->child_count; k++) {
        OR_DONE(arrow_array_take(body, &field->children[k], array->type->children[k], &array->children[k]));
        if (array->children[k].length < least) {
            return damaged(field, "there are not as many values below it as it has");
        }
    }
done:
    return err;
}

static struct err *take_values(struct arrow_body *body, struct arrow_array *array)
{
    struct err *err = NULL;
    struct slice values = {0};
    uint64_t last = 0;
    switch (array->field->kind) {
    case ARROW_STRUCT:
        return take_children(body, array, array->length);
    case ARROW_FIXED_LIST:
        if (array->field->width < 0) {
            return damaged(array->field, "its lists have less than no elements");
        }
        return take_children(body, array, (uint64_t)array->length * (uint32_t)array->field->width);
    case ARROW_LIST:
    case ARROW_LARGE_LIST:
    case ARROW_MAP:
        OR_DONE(take_offsets(body, array, &last));
        return take_children(body, array, last);
    case ARROW_UTF8:
    case ARROW_BINARY:
    case ARROW_LARGE_UTF8:
    case ARROW_LARGE_BINARY:
        OR_DONE(take_offsets(body, array, &last));
        OR_DONE(take_buffer(body, array->field, last, &values));
        array->data = values.data;
        return NULL;
    case ARROW_UTF8_VIEW:
    case ARROW_BINARY_VIEW:
        return take_pieces(body, array);
    default:
        OR_DONE(take_buffer(
            body, array->field,
            array->width == 0 ? ((uint64_t)array->length + 7) / 8 : (uint64_t)array->length * array->width, &values));
        array->values = values.data;
        return NULL;
    }
done:
    return err;
}

struct err *arrow_array_take(struct arrow_body *body, const struct arrow_field *field, const struct type *type,
                             struct arrow_array *out)
{
    struct err *err = NULL;
    struct arrow_node node = {0};
    struct slice valid = {0};
    OR_DONE(take_node(body, field, &node));
    *out = (struct arrow_array){
        .field = field, .type = type, .length = (uint32_t)node.length, .width = value_width(field)};
    if (field->kind == ARROW_NULL && !field->is_dictionary) {
        return NULL;
    }
    OR_DONE(take_buffer(body, field, node.null_count == 0 ? 0 : ((uint64_t)node.length + 7) / 8, &valid));
    out->valid = node.null_count == 0 ? NULL : valid.data;
    err = field->is_dictionary ? take_dictionary(body, out) : take_values(body, out);
done:
    return err;
}

/* ---- values */

static bool is_valid(const struct arrow_array *array, uint32_t row)
{
    return array->valid == NULL || ((unsigned char)array->valid[row / 8] >> row % 8 & 1) != 0;
}

struct err *arrow_array_value(const struct arrow_array **array, uint32_t *row, bool *is_null)
{
    const struct arrow_array *at = *array;
    *is_null = at->field->kind == ARROW_NULL || !is_valid(at, *row);
    if (*is_null || at->dictionary == NULL) {
        return NULL;
    }
    const struct arrow_dictionary *dictionary = at->dictionary;
    uint64_t index = 0, count = dictionary->segment_count == 0 ? 0 : dictionary->ends[dictionary->segment_count - 1];
    memcpy(&index, at->values + (size_t)*row * at->width, at->width);
    if (index >= count || (at->field->index_signed && index >> (at->field->index_bits - 1) != 0)) {
        return err_new(ERR_INCORRECT_DATA,
                       "field \"%.*s\": index %llu (of %u bytes, unsigned) is not in its dictionary of %llu values",
                       SLICE_ARG(slice_cut(arrow_slice(at->field->name), 100)), (unsigned long long)index, at->width,
                       (unsigned long long)count);
    }
    uint32_t low = 0, high = dictionary->segment_count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (dictionary->ends[middle] > index) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    *array = &dictionary->segments[low];
    *row = (uint32_t)(index - (low == 0 ? 0 : dictionary->ends[low - 1]));
    *is_null = (*array)->field->kind == ARROW_NULL || !is_valid(*array, *row);
    return NULL;
}

struct err *arrow_array_text(const struct arrow_array *array, uint32_t row, struct slice *text)
{
    if (!is_view(array->field->kind)) {
        uint64_t begin = arrow_offset(array, row);
        *text = slice_of(array->data + begin, arrow_offset(array, row + 1) - begin);
        return NULL;
    }
    const char *view = array->values + (size_t)row * VIEW_BYTES;
    int32_t length, piece, offset;
    memcpy(&length, view, sizeof(length));
    if (length >= 0 && (uint32_t)length <= VIEW_INLINE) {
        *text = slice_of(view + sizeof(length), (size_t)length);
        return NULL;
    }
    memcpy(&piece, view + 8, sizeof(piece));
    memcpy(&offset, view + 12, sizeof(offset));
    if (length < 0 || piece < 0 || offset < 0 || (uint32_t)piece >= array->piece_count ||
        (uint64_t)offset + (uint64_t)length > array->pieces[piece].length) {
        return damaged(array->field, "a view leads to no text");
    }
    *text = slice_of(array->pieces[piece].data + offset, (size_t)length);
    return NULL;
}
