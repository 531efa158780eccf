/*
 * bitmap.h: sets of 64-bit numbers as roaring bitmaps, one per value of the upper 32 bits that has more than one:
 * groupBitmap and the bitmap… functions.
 *
 * memory   CRoaring takes its memory from malloc. A bitmap belongs to an arena, whose end frees it; what it grows by is
 *          charged to the arena's budget, up to a thousand additions, or a quarter of it, late.
 * errors   memory, ERR_QUERY_CANCELLED; a bitmap that failed can only be freed
 * bytes    ClickHouse's: docs/FORMAT.md, "States"
 * thread   one at a time
 * source   Lemire et al., "Roaring bitmaps: implementation of an optimized software library", 2018; RoaringFormatSpec
 */
#ifndef QUERY_BITMAP_H
#define QUERY_BITMAP_H

#include "query/state_bytes.h"

struct bitmap; /* opaque */

enum bitmap_operation { BITMAP_AND, BITMAP_OR, BITMAP_XOR, BITMAP_ANDNOT };

struct bitmap *bitmap_new(struct arena *arena); /* empty; NULL when memory is out (arena_error) */
struct err *bitmap_add(struct bitmap *bitmap, uint64_t value);
/* Behind additions, before anything else is asked of it. */
struct err *bitmap_settle(struct bitmap *bitmap);
/* bitmap becomes bitmap operation other. */
struct err *bitmap_apply(struct bitmap *bitmap, const struct bitmap *other, enum bitmap_operation operation);

uint64_t bitmap_count(const struct bitmap *bitmap);
uint64_t bitmap_common(const struct bitmap *a, const struct bitmap *b); /* how many are in both */
bool bitmap_holds(const struct bitmap *bitmap, uint64_t value);
bool bitmap_bounds(const struct bitmap *bitmap, uint64_t *least, uint64_t *greatest); /* false: it is empty */
/* All values, ascending, in the arena. */
struct err *bitmap_values(const struct bitmap *bitmap, struct arena *arena, uint64_t **out);

/* width: of a value, in bytes. */
void bitmap_write(struct bitmap *bitmap, uint32_t width, struct state_writer *writer);
/* Adds the values of the bytes. */
struct err *bitmap_read(struct bitmap *bitmap, uint32_t width, struct state_reader *reader);

#endif
