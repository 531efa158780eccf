/*
 * row_chunk.c: rows in memory, as columns.
 *
 * flow     storage/builder.c → here → scans of heads, sorting
 * layout   one allocation per chunk holds all its columns' arrays, each 64-byte aligned; strings that are not coded lie
 *          in heap pieces that belong to the chunk
 * thread   one builder appends, any thread reads the rows that were published
 */
#include "base/pages.h"
#include "storage/builder_private.h"
#include "storage/packed.h"

#include <stdlib.h>

void *chunk_memory_alloc(size_t bytes, size_t *bytes_out)
{
    if (bytes >= PAGES_BYTES_MIN) {
        return pages_alloc(bytes, bytes_out);
    }
    *bytes_out = ALIGN_UP(bytes, 64);
    return aligned_alloc(64, *bytes_out);
}

void chunk_memory_free(void *memory, size_t bytes)
{
    if (bytes >= PAGES_BYTES_MIN) {
        pages_free(memory, bytes);
    } else {
        free(memory);
    }
}

struct row_chunk *row_chunk_ref(struct row_chunk *chunk)
{
    atomic_fetch_add_explicit(&chunk->references, 1, memory_order_relaxed);
    return chunk;
}

void row_chunk_unref(struct row_chunk *chunk)
{
    if (chunk == NULL || atomic_fetch_sub_explicit(&chunk->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        dictionary_unref(chunk->columns[i].dictionary);
    }
    while (chunk->heap_pieces != NULL) {
        struct heap_piece *piece = chunk->heap_pieces;
        chunk->heap_pieces = piece->next;
        chunk_memory_free(piece, piece->bytes);
    }
    if (chunk->budget != NULL) {
        budget_give(chunk->budget, chunk->pages_bytes + chunk->heap_bytes);
    }
    if (chunk->pages != NULL) {
        chunk_memory_free(chunk->pages, chunk->pages_bytes);
    }
    free(chunk);
}

uint64_t row_chunk_memory(const struct row_chunk *chunk)
{
    return chunk->pages_bytes + atomic_load_explicit(&chunk->heap_bytes, memory_order_relaxed);
}

uint32_t row_chunk_rows(const struct row_chunk *chunk)
{
    return chunk->rows;
}

const uint8_t *row_chunk_missing(const struct row_chunk *chunk, uint32_t index)
{
    return chunk->columns[index].missing;
}

struct column *row_chunk_column(struct arena *arena, struct row_chunk *chunk, uint32_t index, uint32_t row_count)
{
    struct builder_column *from = &chunk->columns[index];
    if (from->codes != NULL) {
        return dictionary_column(arena, from->dictionary, from->type, from->codes, row_count);
    }
    struct column *column = NULL;
    if (type_is_nested(from->type)) {
        err_free(packed_read(arena, from->type, (const struct slice *)(void *)from->values, row_count, &column));
        return column; /* NULL: memory is out */
    }
    column = ARENA_NEW(arena, struct column);
    if (column == NULL) {
        return NULL;
    }
    column->type = from->type;
    column->form = COLUMN_FLAT;
    column->row_count = row_count;
    column->values = from->values;
    if (__atomic_load_n(&from->null_count, __ATOMIC_RELAXED) > 0) {
        column->nulls = from->nulls;
    }
    return column;
}

void *row_chunk_values(struct row_chunk *chunk, uint32_t index)
{
    ASSERT(chunk->columns[index].values != NULL && chunk->columns[index].nulls == NULL);
    return chunk->columns[index].values;
}

struct chunk *row_chunk_view(struct arena *arena, struct row_chunk *chunk, uint32_t row_count)
{
    uint32_t count = chunk->column_count - chunk->hidden_count;
    struct chunk *view = ARENA_NEW(arena, struct chunk);
    if (view == NULL) {
        return NULL;
    }
    view->row_count = row_count;
    view->column_count = count;
    view->columns = ARENA_ARRAY(arena, struct column *, count + 1);
    for (uint32_t i = 0; view->columns != NULL && i < count; i++) {
        view->columns[i] = row_chunk_column(arena, chunk, i, row_count);
        if (view->columns[i] == NULL) {
            return NULL;
        }
    }
    return view->columns == NULL ? NULL : view;
}

/* ---- zones */

#define ENDS_OF(name, kind)                                                                                            \
    static void name(const char *values, uint32_t count, int64_t out[2])                                               \
    {                                                                                                                  \
        const kind *cells = (const kind *)(const void *)values;                                                        \
        kind ends[2] = {cells[0], cells[0]};                                                                           \
        for (uint32_t i = 1; i < count; i++) {                                                                         \
            ends[0] = cells[i] < ends[0] ? cells[i] : ends[0];                                                         \
            ends[1] = cells[i] > ends[1] ? cells[i] : ends[1];                                                         \
        }                                                                                                              \
        memcpy(&out[0], &ends[0], sizeof(ends[0]));                                                                    \
        memcpy(&out[1], &ends[1], sizeof(ends[1]));                                                                    \
    }
ENDS_OF(ends_of_i32, int32_t)
ENDS_OF(ends_of_u32, uint32_t)
ENDS_OF(ends_of_i64, int64_t)
ENDS_OF(ends_of_u64, uint64_t)
ENDS_OF(ends_of_u16, uint16_t)
ENDS_OF(ends_of_u8, uint8_t)

static void (*ends_of(const struct type *type))(const char *values, uint32_t count, int64_t out[2])
{
    switch ((int)type->kind) {
    case TYPE_UINT8:
        return ends_of_u8;
    case TYPE_UINT16:
    case TYPE_DATE:
        return ends_of_u16;
    case TYPE_INT32:
    case TYPE_DATE32:
        return ends_of_i32;
    case TYPE_UINT32:
    case TYPE_DATETIME:
        return ends_of_u32;
    case TYPE_INT64:
    case TYPE_DATETIME64:
        return ends_of_i64;
    case TYPE_UINT64:
        return ends_of_u64;
    default:
        return NULL;
    }
}

bool row_chunk_zone(struct row_chunk *chunk, uint32_t index, uint32_t row_count, const void **min, const void **max)
{
    enum { UNKNOWN, BUSY, KNOWN }; /* zone_state */
    struct builder_column *column = &chunk->columns[index];
    void (*ends)(const char *, uint32_t, int64_t[2]) = ends_of(column->type);
    uint32_t state = __atomic_load_n(&column->zone_state, __ATOMIC_ACQUIRE);
    if (ends == NULL || row_count == 0 || column->values == NULL ||
        __atomic_load_n(&column->null_count, __ATOMIC_RELAXED) > 0) {
        return false;
    }
    if (state == UNKNOWN &&
        __atomic_compare_exchange_n(&column->zone_state, &state, BUSY, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        ends(column->values, row_count, column->zone);
        __atomic_store_n(&column->zone_state, KNOWN, __ATOMIC_RELEASE);
        state = KNOWN;
    }
    *min = &column->zone[0];
    *max = &column->zone[1];
    return state == KNOWN;
}
