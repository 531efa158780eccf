/*
 * row_set.h: some of the rows of one segment: those that were deleted.
 *
 * A row is its number in the segment. In memory a bit per row of each granule that has one; in a pack, as a list of
 * numbers in blocks (docs/FORMAT.md, "Deleted rows").
 * memory   of the arena that it was made in; at most a bit per row of the segment
 * thread   one at a time while it grows; any afterwards
 */
#ifndef STORAGE_ROW_SET_H
#define STORAGE_ROW_SET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "storage/column.h"
#include "storage/ledger.h"

#include <stdbool.h>
#include <stdint.h>

struct row_set;

/* Without rows, of a segment with so many. */
struct err *row_set_create(struct arena *arena, uint64_t segment_rows, struct row_set **out);
/* A row that is in it already stays. ERR_LOGICAL: the segment has no such row. */
struct err *row_set_add(struct row_set *set, uint64_t row);
struct err *row_set_add_all(struct row_set *set, const struct row_set *other);

uint64_t row_set_count(const struct row_set *set);
uint32_t row_set_count_in(const struct row_set *set, uint32_t granule);
bool row_set_holds(const struct row_set *set, uint64_t row);
/* Rows of a granule, numbered within it, that are in the set (or not in it), ascending; how many. positions: room for
 * all of them. */
uint32_t row_set_rows(const struct row_set *set, uint32_t granule, uint32_t granule_rows, bool in_set,
                      uint32_t *positions);

/* The bytes that stand in a pack, of the rows deleted from this segment. */
struct err *row_set_encode(const struct row_set *set, const struct segment_name *segment, struct buffer *out);
/* Hostile bytes: ERR_CORRUPT says what is wrong; rows: as many as the ledger says. */
struct err *row_set_decode(struct arena *arena, struct slice bytes, const struct segment_name *segment,
                           uint64_t segment_rows, uint64_t rows, struct row_set **out);

struct block_cache;
struct io;
/* The rows that were deleted from a segment, as its record names their list; path: of the list's pack. */
struct err *deleted_read(struct io *io, struct block_cache *cache, const char *path, const struct ledger_segment *info,
                         struct arena *arena, struct row_set **out);

struct segment;
/* The row sum (docs/FORMAT.md) of these rows of the segment, without those of `besides` (NULL: of none). */
struct err *row_set_sum(const struct row_set *set, const struct row_set *besides, struct segment *segment,
                        unsigned __int128 *sum);

#endif
