/*
 * mutation.h: rows that were committed are deleted, or change, in one ledger commit.
 *
 *   begin    one mutation of a table at a time; merges of it that run end first, and none begins before the end. What
 *            heads hold when it begins goes into segments first: the rows of inserts by a flush, those of sources by
 *            asking them; ingest goes on meanwhile.
 *   delete   rows by segment and number: of the segments that were there when begin returned; others are passed over,
 *            they came later
 *   change   a row of those that are deleted comes back with other values: chunks of all the table's columns with the
 *            hidden ones, which keep their values; as many rows as are deleted
 *   commit   lists of deleted rows (storage/row_set.h) and segments of changed rows in one pack, then one ledger
 * commit, then the table's next version: readers see all of it or nothing. A segment without a row left leaves.
 *
 * memory   the arena's: a bit per row of each granule that is touched; of changed rows those of a row_pack
 * thread   one at a time per mutation; any number of tables
 * errors   ERR_TABLE_HELD; ERR_TIMEOUT: rows of heads were not committed in time; ERR_ABORTED: segments left meanwhile
 *          (TTL, TRUNCATE), an UPDATE must be begun again; those of commits
 */
#ifndef STORAGE_MUTATION_H
#define STORAGE_MUTATION_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"
#include "storage/table.h"

#include <stdint.h>

struct mutation;

/* Waits for what must end first; ends with the thread's interrupt. budget: of changed rows; may be NULL. */
struct err *mutation_begin(struct table *table, struct arena *arena, struct budget *budget, struct mutation **out);
/* The same; in its commit the views that keep states of the table's rows (storage/views.h) have the keys of the rows that
 * change made anew. Merges of the views wait, too. ERR_DEPENDENT_OBJECTS of the commit: a view has more rows of a key
 * than the table. */
struct err *mutation_begin_with_views(struct table *table, struct arena *arena, struct budget *budget,
                                      struct mutation **out);
/* For rows whose TTL is over: what heads hold is left there, and the ledger says why they leave; at most as many rows
 * come back as are deleted. */
struct err *mutation_begin_expiry(struct table *table, struct arena *arena, struct budget *budget,
                                  struct mutation **out);
/* Rows that were deleted before, or by this mutation, may be named again. */
struct err *mutation_delete(struct mutation *mutation, uint64_t pack, uint64_t offset, uint64_t row);
/* Is it a segment that this mutation may delete from? */
bool mutation_knows(const struct mutation *mutation, uint64_t pack, uint64_t offset);
/* The definition of which changed rows have the columns; borrowed. */
const struct table_def *mutation_def(const struct mutation *mutation);
/* Rows that are changed from now on were in this segment: of a table whose engine combines rows they keep its place in
 * the order of insertion (of other tables nothing is done). Rows of one segment come one after the other. */
struct err *mutation_change_from(struct mutation *mutation, uint64_t pack, uint64_t offset);
bool mutation_keeps_order(const struct mutation *mutation);
/* May the segment have several rows of a key which only their order in it tells apart, as those of one INSERT? Then either
 * all of its rows are changed, in their order, to what they may have been before, or none is. */
bool mutation_changes_whole(const struct mutation *mutation, uint64_t pack, uint64_t offset);
/* The chunk is copied. */
struct err *mutation_change(struct mutation *mutation, const struct chunk *chunk);
/* *rows: deleted, or changed; *segments: how many had some. */
struct err *mutation_commit(struct mutation *mutation, uint64_t *rows, uint32_t *segments);
void mutation_end(struct mutation *mutation); /* accepts NULL */

#endif
