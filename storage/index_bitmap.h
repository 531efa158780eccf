/*
 * index_bitmap.h: bitmap indexes: for each entry of a column's dictionary the rows that have it.
 *
 * A block covers at most 8 granules, 65,536 rows, so that each of its bitmaps is one container of a Roaring bitmap
 * [Chambi, Lemire, Kaser, Godin, 2016], written by CRoaring and read here: Debian's CRoaring has no validator.
 * Rows of one granule that meet a condition are 8,192 bits, `struct granule_bits`; conditions over several columns are
 * AND, OR, NOT of these words. docs/FORMAT.md, "Indexes", has the bytes.
 * thread   any
 */
#ifndef STORAGE_INDEX_BITMAP_H
#define STORAGE_INDEX_BITMAP_H

#include "storage/index.h"

#define BITMAP_GROUP_MAX   8U     /* granules of a block */
#define BITMAP_ENTRIES_MAX 65536U /* of a dictionary */

struct granule_bits {
    uint64_t words[CHUNK_ROWS_MAX / 64]; /* row k: bit k mod 64 of word k ÷ 64 */
};

/* Appends the block of rows with these codes; nothing when memory is out or there are too many entries. */
struct err *index_bitmap_put(const uint32_t *codes, uint32_t row_count, uint32_t entry_count, struct buffer *out);

bool index_bitmap_valid(struct slice block); /* as far as its list of codes says */
/* Adds the rows of the block's granule number `granule` (from 0) that have the code. false: the block is damaged. */
bool index_bitmap_add(struct slice block, uint32_t code, uint32_t granule, struct granule_bits *bits);
bool index_bitmap_has(struct slice block, uint32_t code);

struct segment;
/*
 * Which rows of a granule meet the test, by bitmaps alone: exactly. *known false: some column has none there. Tests of
 * kinds VALUES, AND, OR, NOT; a NOT only over columns without NULL.
 */
struct err *index_bitmap_rows(struct segment *segment, struct arena *arena, uint32_t granule,
                              const struct index_test *test, index_place *place, void *user, struct granule_bits *bits,
                              bool *known);
/* Are the bitmaps of a granule those of its codes? */
bool index_bitmap_agrees(struct slice block, uint32_t granule, const struct column *column);

#endif
