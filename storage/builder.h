/*
 * builder.h: rows in, column chunks out: what decoders fill directly.
 *
 * A builder fills one row_chunk after the other: fixed arrays of at most CHUNK_ROWS_MAX rows per column, never moved.
 * Numbers go straight into the array; strings become codes of a growing dictionary, or (above a cardinality limit, from
 * the next chunk on) bytes in the chunk's heap. There is no row object and no second copy.
 *
 *     while (messages) {
 *         if (!builder_row_begin(b)) …builder_error
 *         builder_u32(b, 0, seconds);                   // every column exactly once, in any order:
 *         builder_string(b, 1, text, length);           // a value, builder_null, builder_default or builder_missing
 *         if (bad row) { builder_row_cancel(b); … }     // forgets the row; also when only some columns were set
 *         else if (!builder_row_end(b)) …builder_error  // false: memory is out (a sticky error, checked once a row)
 *     }
 *
 * Widths: builder_u8 … builder_u128 store values of that width, whatever the type means by them (Int32 and IPv4 are
 * u32; Float64 is builder_f64; UUID, IPv6, Int128 are builder_bytes of 16; FixedString is builder_bytes of its length,
 * zero-padded by the caller). TYPE_STRING alone is builder_string. Arrays, tuples and maps are builder_packed: a
 * value's bytes (storage/packed.h), which become columns when the chunk is read.
 *
 * chunks   builder_take hands over all chunks filled so far (private builders: inserts, expressions over messages).
 *          The builder of a head writer (storage/head.h) publishes them instead; take is not for it.
 * mark     builder_mark … builder_rollback forget all rows since the mark (a failed INSERT), unless published.
 * hidden   a builder made with addresses has three more columns behind the given ones, _stream, _partition and
 *          _offset: builder_address sets the address for all following rows' _stream and _partition, and this row's
 *          _offset
 * thread   one at a time
 */
#ifndef STORAGE_BUILDER_H
#define STORAGE_BUILDER_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"
#include "storage/dictionary.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Rows and bytes of one chunk; columns in struct builder_column below are views of it. Reference counted. */
struct row_chunk;

struct builder_column {
    char *values;    /* FLAT: row i at values + i × width; struct slice for strings and packed values */
    uint32_t *codes; /* coded strings; then values is NULL */
    uint8_t *nulls;  /* nullable columns that are not coded */
    uint8_t *missing;
    struct dictionary *dictionary;
    const struct type *type;
    uint32_t width;
    uint32_t null_count;
    /* of a chunk that is complete, when somebody asked (row_chunk_zone) */
    uint32_t zone_state;
    int64_t zone[2];
};

struct builder {
    uint32_t row; /* the row being filled = rows complete in this chunk */
    uint32_t row_capacity;
    char *heap; /* where the next string's bytes go */
    char *heap_end;
    struct builder_column *columns;
    uint32_t column_count; /* without the hidden ones */
    uint64_t stream;       /* stream_id << 32 | incarnation */
    int32_t partition;
    bool failed;        /* sticky: memory is out */
    bool has_addresses; /* the three hidden columns stand at columns[column_count] … */
    char *row_heap;     /* heap at builder_row_begin */
    struct builder_private *private;
};

struct builder_options {
    struct budget *budget;   /* chunks are charged to it; may be NULL */
    uint32_t first_capacity; /* rows of the first chunk; each next one is 8 times larger; 0: CHUNK_ROWS_MAX */
    bool addresses;
    const bool *track_missing; /* per column: builder_missing is remembered (row_chunk_missing); may be NULL */
};

struct err *builder_create(const struct type *const *types, uint32_t column_count,
                           const struct builder_options *options, struct builder **out);
void builder_destroy(struct builder *builder); /* accepts NULL */

/* Why the builder failed; never NULL after a false. The builder stays failed until builder_rollback. */
struct err *builder_error(const struct builder *builder) __attribute__((returns_nonnull));

/* ---- slow paths of the inline functions below */
bool builder_chunk_next(struct builder *builder);
void builder_string_plain_slow(struct builder *builder, uint32_t column, const char *data, size_t length);
void builder_string_coded(struct builder *builder, uint32_t column, const char *data, size_t length);
void builder_row_cancel(struct builder *builder);
void builder_null(struct builder *builder, uint32_t column);    /* the column's type is nullable */
void builder_default(struct builder *builder, uint32_t column); /* NULL if nullable, enum's first, else zero or '' */
/* builder_default, and remembered for a DEFAULT expression to be computed later. */
void builder_missing(struct builder *builder, uint32_t column);
/* Any value of the column's type: type->width bytes, struct slice for strings and packed values. */
void builder_value(struct builder *builder, uint32_t column, const void *value);

/* ---- a row */
static inline bool builder_row_begin(struct builder *builder)
{
    if (__builtin_expect(builder->row == builder->row_capacity, 0) && !builder_chunk_next(builder)) {
        return false;
    }
    builder->row_heap = builder->heap;
    return true;
}

static inline bool builder_row_end(struct builder *builder)
{
    builder->row++;
    return __builtin_expect(!builder->failed, 1);
}

#define BUILDER_FIXED(name, c_type)                                                                                    \
    static inline void builder_##name(struct builder *builder, uint32_t column, c_type value)                          \
    {                                                                                                                  \
        memcpy(builder->columns[column].values + (size_t)builder->row * sizeof(value), &value, sizeof(value));         \
    }
BUILDER_FIXED(u8, uint8_t)
BUILDER_FIXED(u16, uint16_t)
BUILDER_FIXED(u32, uint32_t)
BUILDER_FIXED(u64, uint64_t)
BUILDER_FIXED(u128, unsigned __int128)
BUILDER_FIXED(f32, float)
BUILDER_FIXED(f64, double)
#undef BUILDER_FIXED

/* type->width bytes */
static inline void builder_bytes(struct builder *builder, uint32_t column, const void *bytes)
{
    struct builder_column *to = &builder->columns[column];
    memcpy(to->values + (size_t)builder->row * to->width, bytes, to->width);
}

static inline void builder_string(struct builder *builder, uint32_t column, const char *data, size_t length)
{
    struct builder_column *to = &builder->columns[column];
    if (to->codes != NULL) {
        builder_string_coded(builder, column, data, length);
    } else if (__builtin_expect((size_t)(builder->heap_end - builder->heap) >= length, 1)) {
        struct slice *slice = (struct slice *)(void *)to->values + builder->row;
        slice->data = builder->heap;
        slice->length = length;
        if (length > 0) {
            memcpy(builder->heap, data, length);
            builder->heap += length;
        }
    } else {
        builder_string_plain_slow(builder, column, data, length);
    }
}

/* An array, tuple or map (storage/packed.h). */
static inline void builder_packed(struct builder *builder, uint32_t column, const char *data, size_t length)
{
    builder_string(builder, column, data, length); /* nested columns are never coded */
}

/* The address of rows that follow: stream, incarnation and partition stay until set again, the offset is this row's. */
static inline void builder_stream(struct builder *builder, uint32_t stream_id, uint32_t incarnation, int32_t partition)
{
    builder->stream = (uint64_t)stream_id << 32 | incarnation;
    builder->partition = partition;
}

static inline void builder_address(struct builder *builder, int64_t offset)
{
    struct builder_column *hidden = builder->columns + builder->column_count;
    ((uint64_t *)(void *)hidden[0].values)[builder->row] = builder->stream;
    ((int32_t *)(void *)hidden[1].values)[builder->row] = builder->partition;
    ((int64_t *)(void *)hidden[2].values)[builder->row] = offset;
}

/* ---- many rows at once */
/* Appends rows of a chunk with the builder's column types, in any form (results of expressions). With addresses:
 * stream and partition as set, offsets[i] of row i. ERR_MEMORY_LIMIT; rows before the error stay: roll back. */
struct err *builder_append(struct builder *builder, const struct chunk *chunk, const int64_t *offsets);

struct builder_mark {
    uint32_t chunk_count;
    uint32_t row;
};
struct builder_mark builder_mark(const struct builder *builder);
void builder_rollback(struct builder *builder, struct builder_mark mark);

/* Moves all chunks out (each with one reference, to be given back); the builder begins anew. NULL, 0: no rows.
 * The array is the caller's: free(). */
struct err *builder_take(struct builder *builder, struct row_chunk ***out, uint32_t *count);
uint64_t builder_rows(const struct builder *builder);   /* in all chunks not taken */
uint64_t builder_memory(const struct builder *builder); /* bytes of them */

/* The chunks not taken yet, in order, borrowed; the last one is being filled. For storage/head.c. */
uint32_t builder_chunk_count(const struct builder *builder);
struct row_chunk *builder_chunk(const struct builder *builder, uint32_t index);

/* ---- reading chunks: columns share the chunk's memory; hold a reference meanwhile */
struct row_chunk *row_chunk_ref(struct row_chunk *chunk);
void row_chunk_unref(struct row_chunk *chunk);          /* accepts NULL */
uint32_t row_chunk_rows(const struct row_chunk *chunk); /* complete rows; the writer's view */
/* Smallest and greatest value of a column, of a chunk that its builder has left, with all its rows; as in a FLAT
 * column, as long as the chunk. False: not known: strings, floats, wide and nullable types, or somebody else looks just
 * now. */
bool row_chunk_zone(struct row_chunk *chunk, uint32_t index, uint32_t row_count, const void **min, const void **max);
/* Column of the first row_count rows; index may name a hidden one. NULL: memory is out. */
struct column *row_chunk_column(struct arena *arena, struct row_chunk *chunk, uint32_t index, uint32_t row_count);
/* The values of a column of fixed width that is not nullable, to be changed by the builder's owner in rows that nobody
 * else sees yet. */
void *row_chunk_values(struct row_chunk *chunk, uint32_t index);
/* All columns but the hidden ones. */
struct chunk *row_chunk_view(struct arena *arena, struct row_chunk *chunk, uint32_t row_count);
/* One byte per row, 1: builder_missing was called; NULL: for no row. */
const uint8_t *row_chunk_missing(const struct row_chunk *chunk, uint32_t index);
uint64_t row_chunk_memory(const struct row_chunk *chunk);

#endif
