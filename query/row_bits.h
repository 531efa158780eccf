/*
 * row_bits.h: which of a chunk's rows pass, as bits.
 *
 * Row k is bit k mod 64 of word k ÷ 64; bits behind the last row are 0. Conditions that were evaluated on all rows meet
 * as AND of words, and a bare count needs no positions.
 * thread   any
 */
#ifndef QUERY_ROW_BITS_H
#define QUERY_ROW_BITS_H

#include "storage/column.h"

/* Words for this many rows. */
#define ROW_BITS_WORDS(rows) (((size_t)(rows) + 63) / 64)

/* Rows whose condition is true (not 0, and not NULL), and how many. */
struct err *row_bits_of(struct arena *arena, const struct column *condition, uint32_t row_count, uint64_t *bits,
                        uint32_t *count);
/* Leaves the rows that are in both. How many these are. */
uint32_t row_bits_and(uint64_t *bits, const uint64_t *with, uint32_t row_count);
uint32_t row_bits_count(const uint64_t *bits, uint32_t row_count);
/* The rows in order; positions has room for them all. */
void row_bits_positions(const uint64_t *bits, uint32_t row_count, uint32_t *positions);
void row_bits_from_positions(const uint32_t *positions, uint32_t count, uint32_t row_count, uint64_t *bits);

#endif
