/*
 * builder.c: fills row chunks, value by value.
 *
 * flow     format/ decoders → here → storage/head.c (published) or storage/insert.c (private)
 * owns     the chunks until they are taken; one reference to each dictionary in use
 * coding   a String column starts with a dictionary. When a chunk added more new entries than half of its rows, or the
 *          dictionary is full, the next PLAIN_CHUNKS chunks are plain; then it is tried again.
 */
#include "storage/builder_private.h"

#include "storage/packed.h"

#include <stdlib.h>
#include <string.h>

#define PLAIN_CHUNKS   63U
#define CODED_ROWS_MIN 4096U /* smaller chunks are not worth a dictionary */
#define HEAP_BYTES_MAX ((size_t)8 << 20)
#define HEAP_PIECE_MAX ((size_t)1 << 20)
#define HIDDEN_COLUMNS 3U

/* ---- the builder's failures */
void builder_fail(struct builder *builder, struct err *err)
{
    builder->failed = true;
    err_keep_first(&builder->private->err, err);
}

struct err *builder_error(const struct builder *builder)
{
    return builder->private->err != NULL ? err_copy(builder->private->err) : err_oom();
}

/* ---- chunks */
static struct row_chunk *chunk_create(struct builder *builder, uint32_t capacity)
{
    struct builder_private *private = builder->private;
    uint32_t hidden = builder->has_addresses ? HIDDEN_COLUMNS : 0;
    uint32_t count = builder->column_count + hidden;
    struct row_chunk *chunk = calloc(1, sizeof(*chunk) + count * sizeof(chunk->columns[0]));
    size_t bytes = 0;

    if (chunk == NULL) {
        builder_fail(builder, err_oom());
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct type *type = private->types[i];
        bool coded = private->codings[i].dictionary != NULL;
        bytes += ALIGN_UP((size_t)capacity * (coded ? sizeof(uint32_t) : builder_width(type)), 64);
        bytes += type->nullable && !coded ? ALIGN_UP((size_t)capacity, 64) : 0;
        bytes += private->track_missing != NULL && i < builder->column_count && private->track_missing[i]
                     ? ALIGN_UP((size_t)capacity, 64)
                     : 0;
    }
    chunk->references = 1;
    chunk->row_capacity = capacity;
    chunk->pages = chunk_memory_alloc(bytes == 0 ? 64 : bytes, &chunk->pages_bytes);
    if (chunk->pages == NULL) {
        free(chunk);
        builder_fail(builder, err_oom());
        return NULL;
    }
    if (private->budget != NULL) {
        if (!budget_take(private->budget, chunk->pages_bytes)) {
            builder_fail(builder, budget_error(private->budget, chunk->pages_bytes));
            row_chunk_unref(chunk);
            return NULL;
        }
        chunk->budget = private->budget;
    }
    char *at = chunk->pages;
    for (uint32_t i = 0; i < count; i++) {
        const struct type *type = private->types[i];
        struct builder_column *column = &chunk->columns[i];
        struct coding *coding = &private->codings[i];
        column->type = type;
        column->width = builder_width(type);
        if (coding->dictionary != NULL) {
            column->codes = (uint32_t *)(void *)at;
            column->dictionary = dictionary_ref(coding->dictionary);
            coding->count_before = dictionary_count(coding->dictionary);
            at += ALIGN_UP((size_t)capacity * sizeof(uint32_t), 64);
        } else {
            column->values = at;
            at += ALIGN_UP((size_t)capacity * column->width, 64);
            if (type->nullable) {
                column->nulls = (uint8_t *)at;
                memset(at, 0, capacity);
                at += ALIGN_UP((size_t)capacity, 64);
            }
        }
        if (private->track_missing != NULL && i < builder->column_count && private->track_missing[i]) {
            column->missing = (uint8_t *)at;
            memset(at, 0, capacity);
            at += ALIGN_UP((size_t)capacity, 64);
        }
    }
    chunk->column_count = count;
    chunk->hidden_count = hidden;
    return chunk;
}

/* The chunk in hand is complete: what did it teach about its strings? */
static void chunk_close(struct builder *builder)
{
    struct builder_private *private = builder->private;
    if (private->chunk_count == 0) {
        return;
    }
    struct row_chunk *chunk = private->chunks[private->chunk_count - 1];
    chunk->rows = builder->row;
    private->heap_hint = chunk->heap_bytes;
    for (uint32_t i = 0; i < builder->column_count; i++) {
        struct coding *coding = &private->codings[i];
        if (coding->dictionary == NULL) {
            coding->plain_chunks -= coding->plain_chunks > 0 ? 1 : 0;
            continue;
        }
        uint32_t added = dictionary_count(coding->dictionary) - coding->count_before;
        bool unlike = builder->row >= CODED_ROWS_MIN && added > builder->row / 2;
        if (unlike || dictionary_is_full(coding->dictionary)) {
            dictionary_unref(coding->dictionary);
            coding->dictionary = NULL;
            coding->plain_chunks = unlike || added > builder->row / 8 ? PLAIN_CHUNKS : 0;
        }
    }
}

static void chunk_enter(struct builder *builder, struct row_chunk *chunk, uint32_t row)
{
    builder->columns = chunk->columns;
    builder->row = row;
    builder->row_capacity = chunk->row_capacity;
    builder->heap = builder->heap_end = builder->row_heap = NULL;
}

static void chunk_none(struct builder *builder)
{
    builder->columns = NULL;
    builder->row = builder->row_capacity = 0;
    builder->heap = builder->heap_end = builder->row_heap = NULL;
}

bool builder_chunk_next(struct builder *builder)
{
    struct builder_private *private = builder->private;
    if (builder->failed) {
        return false;
    }
    chunk_close(builder);
    uint32_t capacity = private->next_capacity;
    for (uint32_t i = 0; i < builder->column_count && capacity >= CODED_ROWS_MIN; i++) {
        struct coding *coding = &private->codings[i];
        if (private->types[i]->kind == TYPE_STRING && coding->dictionary == NULL && coding->plain_chunks == 0) {
            coding->dictionary = dictionary_create(private->types[i]->nullable);
            if (coding->dictionary == NULL) {
                builder_fail(builder, err_oom());
                return false;
            }
            coding->remap_id = 0;
        }
    }
    if (private->chunk_count == private->chunk_room) {
        uint32_t room = private->chunk_room == 0 ? 8 : private->chunk_room * 2;
        struct row_chunk **chunks = realloc(private->chunks, room * sizeof(*chunks));
        if (chunks == NULL) {
            builder_fail(builder, err_oom());
            return false;
        }
        private->chunks = chunks;
        private->chunk_room = room;
    }
    struct row_chunk *chunk = chunk_create(builder, capacity);
    if (chunk == NULL) {
        return false;
    }
    private->chunks[private->chunk_count++] = chunk;
    private->next_capacity = capacity > CHUNK_ROWS_MAX / 8 ? CHUNK_ROWS_MAX : capacity * 8;
    chunk_enter(builder, chunk, 0);
    return true;
}

/* Room for length bytes of a string in the heap; false: the builder has failed. */
static bool heap_room(struct builder *builder, size_t length)
{
    struct builder_private *private = builder->private;
    struct row_chunk *chunk = private->chunks[private->chunk_count - 1];
    size_t wanted = chunk->heap_bytes == 0 ? private->heap_hint : chunk->heap_bytes;

    if (wanted < (size_t)chunk->row_capacity * 16) {
        wanted = (size_t)chunk->row_capacity * 16;
    }
    wanted = wanted > HEAP_PIECE_MAX ? HEAP_PIECE_MAX : wanted;
    wanted = wanted < length ? length : wanted;
    if (length > UINT32_MAX / 2) {
        builder_fail(builder, err_new(ERR_STRING_TOO_LARGE, "a string of %zu bytes: the limit is 2147483647", length));
        return false;
    }
    size_t bytes;
    struct heap_piece *piece = chunk_memory_alloc(wanted + sizeof(*piece), &bytes);
    if (piece == NULL) {
        builder_fail(builder, err_oom());
        return false;
    }
    if (chunk->budget != NULL && !budget_take(chunk->budget, bytes)) {
        builder_fail(builder, budget_error(chunk->budget, bytes));
        chunk_memory_free(piece, bytes);
        return false;
    }
    piece->bytes = bytes;
    piece->next = chunk->heap_pieces;
    chunk->heap_pieces = piece;
    atomic_fetch_add_explicit(&chunk->heap_bytes, bytes, memory_order_relaxed);
    builder->heap = (char *)(piece + 1);
    builder->heap_end = (char *)piece + bytes;
    if (chunk->heap_bytes >= HEAP_BYTES_MAX) {
        if (private->appending) {
            private->close_early = true;
        } else {
            builder->row_capacity = builder->row + 1; /* the next row begins a new chunk */
        }
    }
    return true;
}

void builder_string_plain_slow(struct builder *builder, uint32_t column, const char *data, size_t length)
{
    struct slice *slice = (struct slice *)(void *)builder->columns[column].values + builder->row;
    *slice = slice_of("", 0);
    if (!builder->failed && heap_room(builder, length)) {
        memcpy(builder->heap, data, length);
        *slice = slice_of(builder->heap, length);
        builder->heap += length;
    }
}

void builder_string_coded(struct builder *builder, uint32_t column, const char *data, size_t length)
{
    struct builder_column *to = &builder->columns[column];
    uint32_t code = length <= UINT32_MAX / 2 ? dictionary_code(to->dictionary, data, length) : DICTIONARY_NO_CODE;
    if (__builtin_expect(code == DICTIONARY_NO_CODE, 0)) {
        builder_fail(builder,
                     length <= UINT32_MAX / 2
                         ? err_oom()
                         : err_new(ERR_STRING_TOO_LARGE, "a string of %zu bytes: the limit is 2147483647", length));
        code = 0;
    }
    to->codes[builder->row] = code;
    if (__builtin_expect(length > 4096, 0) && dictionary_is_full(to->dictionary) && !builder->private->appending) {
        builder->row_capacity = builder->row + 1; /* few long strings: their dictionary ends early */
    }
}

void builder_null(struct builder *builder, uint32_t column)
{
    struct builder_column *to = &builder->columns[column];
    ASSERT(to->type->nullable);
    if (to->codes != NULL) {
        uint32_t code = dictionary_null(to->dictionary);
        if (code == DICTIONARY_NO_CODE) {
            builder_fail(builder, err_oom());
            code = 0;
        }
        to->codes[builder->row] = code;
        return;
    }
    to->nulls[builder->row] = 1;
    __atomic_store_n(&to->null_count, to->null_count + 1, __ATOMIC_RELAXED);
    memset(to->values + (size_t)builder->row * to->width, 0, to->width);
}

void builder_default(struct builder *builder, uint32_t column)
{
    struct builder_column *to = &builder->columns[column];
    const struct type *type = to->type;
    if (type->nullable) {
        builder_null(builder, column);
    } else if (to->codes != NULL) {
        builder_string_coded(builder, column, "", 0);
    } else if (type_is_nested(type)) {
        struct buffer *packed = &builder->private->packed;
        packed->length = 0;
        packed_default(packed, type);
        if (packed->failed) {
            builder_fail(builder, err_oom());
            buffer_deinit(packed);
        }
        builder_packed(builder, column, packed->data, packed->length);
    } else {
        char *value = to->values + (size_t)builder->row * to->width;
        memset(value, 0, to->width);
        if (type->kind == TYPE_ENUM8 && type->value_count > 0) {
            *(int8_t *)value = (int8_t)type->values[0].value;
        } else if (type->kind == TYPE_ENUM16 && type->value_count > 0) {
            memcpy(value, &type->values[0].value, sizeof(int16_t));
        }
    }
}

void builder_missing(struct builder *builder, uint32_t column)
{
    builder_default(builder, column);
    if (builder->columns[column].missing != NULL) {
        builder->columns[column].missing[builder->row] = 1;
    }
}

void builder_value(struct builder *builder, uint32_t column, const void *value)
{
    const struct type *type = builder->columns[column].type;
    if (type->kind == TYPE_STRING || type_is_nested(type)) {
        const struct slice *slice = value;
        builder_string(builder, column, slice->data, slice->length);
    } else {
        builder_bytes(builder, column, value);
    }
}

/* NULLs and marks of rows from `row` on are forgotten. */
static void rows_clear(struct row_chunk *chunk, uint32_t row)
{
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        struct builder_column *column = &chunk->columns[i];
        if (column->nulls != NULL) {
            memset(column->nulls + row, 0, chunk->row_capacity - row);
        }
        if (column->missing != NULL) {
            memset(column->missing + row, 0, chunk->row_capacity - row);
        }
    }
}

void builder_row_cancel(struct builder *builder)
{
    struct row_chunk *chunk = builder->private->chunks[builder->private->chunk_count - 1];
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        struct builder_column *column = &chunk->columns[i];
        if (column->nulls != NULL) {
            column->nulls[builder->row] = 0;
        }
        if (column->missing != NULL) {
            column->missing[builder->row] = 0;
        }
    }
    /* the row's bytes are free again, unless it began in an earlier piece */
    if (builder->row_heap != NULL && chunk->heap_pieces != NULL && builder->row_heap > (char *)chunk->heap_pieces &&
        builder->row_heap <= builder->heap) {
        builder->heap = builder->row_heap;
    }
}

/* ---- marks, taking */
struct builder_mark builder_mark(const struct builder *builder)
{
    return (struct builder_mark){builder->private->chunk_count, builder->row};
}

void builder_rollback(struct builder *builder, struct builder_mark mark)
{
    struct builder_private *private = builder->private;
    ASSERT(mark.chunk_count <= private->chunk_count);
    bool same_chunk = mark.chunk_count == private->chunk_count;
    while (private->chunk_count > mark.chunk_count) {
        row_chunk_unref(private->chunks[--private->chunk_count]);
    }
    builder->failed = false;
    private->appending = private->close_early = false;
    err_free(private->err);
    private->err = NULL;
    if (private->chunk_count == 0) {
        chunk_none(builder);
        return;
    }
    struct row_chunk *chunk = private->chunks[private->chunk_count - 1];
    if (same_chunk) {
        ASSERT(mark.row <= builder->row);
        builder->row = mark.row;
        rows_clear(chunk, mark.row);
        return;
    }
    chunk_enter(builder, chunk, mark.row);
    rows_clear(chunk, mark.row);
    /* the chunk may be coded with a dictionary that was given up meanwhile: it goes on in the chunk itself */
}

struct err *builder_take(struct builder *builder, struct row_chunk ***out, uint32_t *count)
{
    struct builder_private *private = builder->private;
    *out = NULL;
    *count = 0;
    if (builder->failed) {
        return builder_error(builder);
    }
    chunk_close(builder);
    if (private->chunk_count > 0 && builder->row == 0) {
        row_chunk_unref(private->chunks[--private->chunk_count]);
    }
    if (private->chunk_count == 0) {
        free(private->chunks);
    } else {
        *out = private->chunks;
        *count = private->chunk_count;
    }
    private->chunks = NULL;
    private->chunk_count = private->chunk_room = 0;
    chunk_none(builder);
    return NULL;
}

uint64_t builder_rows(const struct builder *builder)
{
    uint64_t rows = builder->row;
    for (uint32_t i = 0; i + 1 < builder->private->chunk_count; i++) {
        rows += builder->private->chunks[i]->rows;
    }
    return rows;
}

uint64_t builder_memory(const struct builder *builder)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < builder->private->chunk_count; i++) {
        bytes += row_chunk_memory(builder->private->chunks[i]);
    }
    return bytes;
}

struct row_chunk *builder_chunk(const struct builder *builder, uint32_t index)
{
    return builder->private->chunks[index];
}

uint32_t builder_chunk_count(const struct builder *builder)
{
    return builder->private->chunk_count;
}

/* ---- create, destroy */
struct err *builder_create(const struct type *const *types, uint32_t column_count,
                           const struct builder_options *options, struct builder **out)
{
    struct err *err = NULL;
    struct builder *builder = calloc(1, sizeof(*builder));
    struct builder_private *private = calloc(1, sizeof(*private));
    uint32_t count = column_count + (options->addresses ? HIDDEN_COLUMNS : 0);

    if (builder == NULL || private == NULL) {
        free(private);
        err = err_oom();
        goto done;
    }
    builder->private = private;
    builder->column_count = column_count;
    builder->has_addresses = options->addresses;
    private->budget = options->budget;
    private->next_capacity = options->first_capacity == 0 || options->first_capacity > CHUNK_ROWS_MAX
                                 ? CHUNK_ROWS_MAX
                                 : options->first_capacity;
    private->types = calloc(count + 1, sizeof(*private->types));
    private->codings = calloc(count + 1, sizeof(*private->codings));
    if (private->types == NULL || private->codings == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < column_count; i++) {
        private->types[i] = types[i];
    }
    if (options->addresses) {
        private->types[column_count] = type_simple(TYPE_UINT64);
        private->types[column_count + 1] = type_simple(TYPE_INT32);
        private->types[column_count + 2] = type_simple(TYPE_INT64);
    }
    if (options->track_missing != NULL) {
        private->track_missing = calloc(column_count + 1, sizeof(bool));
        if (private->track_missing == NULL) {
            err = err_oom();
            goto done;
        }
        memcpy(private->track_missing, options->track_missing, column_count * sizeof(bool));
    }
    *out = builder;
    builder = NULL;
done:
    builder_destroy(builder);
    return err;
}

void builder_destroy(struct builder *builder)
{
    if (builder == NULL) {
        return;
    }
    struct builder_private *private = builder->private;
    if (private != NULL) {
        for (uint32_t i = 0; i < private->chunk_count; i++) {
            row_chunk_unref(private->chunks[i]);
        }
        for (uint32_t i = 0; private->codings != NULL && i < builder->column_count; i++) {
            dictionary_unref(private->codings[i].dictionary);
            free(private->codings[i].remap);
        }
        free(private->chunks);
        free(private->types);
        free(private->codings);
        free(private->track_missing);
        buffer_deinit(&private->packed);
        err_free(private->err);
        free(private);
    }
    free(builder);
}
