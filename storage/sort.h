/*
 * sort.h: the order of many rows by their sort keys, as integers.
 *
 * Each key becomes an unsigned integer of as few bits as its range needs: numbers and times as offsets from their
 * minimum, coded strings as the rank of their entry over all dictionaries, other strings, arrays, tuples and maps as
 * the rank of their value. The keys of a row are packed into one 64-bit word, with the row's number in the low bits
 * when there is room, or into several words, and sorted by a stable LSD radix sort of 11 bits a pass. Input that is
 * sorted already is noticed while packing. Cost at ORDER BY (service, time): 2–3 passes, about 10 ns a row.
 *
 * order    a row's number is chunk index << 13 | row; equal keys keep the input's order
 * NULLs    last; NaN after all numbers, before NULL (as column_compare)
 * thread   any, no shared state
 */
#ifndef STORAGE_SORT_H
#define STORAGE_SORT_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"

#include <stdbool.h>
#include <stdint.h>

#define SORT_ROW_BITS   13U /* CHUNK_ROWS_MAX is 2^13 */
#define SORT_CHUNKS_MAX (1U << (32 - SORT_ROW_BITS))

/* The key columns of one chunk; rows [0, row_count). */
struct sort_chunk {
    const struct column *const *keys;
    uint32_t row_count;
};

/*
 * order    row_count numbers, in the arena
 * sorted   the input was in order already; may be NULL
 * errors   memory
 */
struct err *sort_rows(struct arena *arena, const struct sort_chunk *chunks, uint32_t chunk_count, uint32_t key_count,
                      uint32_t **order, uint64_t *row_count, bool *sorted);

#endif
