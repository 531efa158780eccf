/*
 * view_cache.h: what a view makes of rows in heads, kept from reader to reader, so that each costs the new rows alone.
 *
 * A piece is what a feed that keeps states made of the rows [from, to) of one head. Rows of heads stay as they are, so it
 * is true as long as the head is there. A reader takes the pieces of its heads and makes one of what is behind them; it makes
 * the last ones anew with it while they are of no more rows than that, so that a head has few pieces and a row is made a
 * logarithm of times.
 *
 * not kept what depends on the time, on chance, on dictionaries or other tables
 * memory   of the budget `kept` (struct view_functions); above it nothing is kept, until the rows become half as many
 * ends     with the set of feeds; pieces of heads that are gone, at the next reading or commit
 * locks    tables->views; SELECTs run without it
 */
#ifndef STORAGE_VIEW_CACHE_H
#define STORAGE_VIEW_CACHE_H

#include "storage/views_private.h"

/* Its heads are immutable. */
struct view_piece {
    uint64_t head; /* the number of the base table's */
    head_mark from, to;
    uint64_t row_count; /* of the base table */
    struct view_rows rows;
};

/* Of one feed. All zero at first. */
struct view_cache {
    struct view_piece *pieces; /* those of one head in order, one behind the other */
    uint32_t count, capacity;
    uint64_t refused_rows; /* so many were too many; 0: none were */
};

void view_cache_deinit(struct view_cache *cache);
/* What the feed makes of a snapshot of heads: *heads, references, in malloc. *done false: nothing is kept of such a feed, or
 * not now. */
struct err *view_cache_fold(struct tables *tables, struct view_cache *cache, const struct view_feed *feed,
                            struct snapshot *from, struct head ***heads, uint32_t *head_count, bool *done);
/* A commit took heads of these feeds' tables. */
void view_cache_prune(struct tables *tables, struct view_set *set);

#endif
