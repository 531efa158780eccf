/*
 * compactor.h: keeps segments few: size-tiered merges within a time partition.
 *
 * choose   TIER_WIDTH or more segments of one partition whose sizes are alike and that are neighbours in time
 *          (merge_policy.h). A mixed segment is split by partition alone.
 * merge    a streaming merge by the sort key in bounded memory: a window of granules per input, rows up to the
 *          smallest last key of the windows are sorted as integers and written; dictionaries are unified once, codes
 *          remapped. Granules that overlap with no other input are passed through without sorting. Blocks are written
 *          cold (codec.h): strings through ZSTD. Inputs may be of older schema versions with the same columns and keys.
 * check    rows and row sums: read = written, before the ledger sees the merge (which checks again). Failpoint
 *          merge_drop_row drops one row.
 * commit   inputs removed and output added in one ledger commit; the table's version swaps; readers of old snapshots
 *          keep the inputs, whose packs are retired afterwards
 * lanes    two background threads, for small merges and for large ones (merge_policy.h); never hold a lock that ingest
 *          or readers need
 * throttle at low priority and by bytes_per_s_max, until a partition has had too many segments for a while: then
 *          commits into it wait (pressure.h), and merges run at normal priority and without that limit
 * thread   functions: any
 */
#ifndef STORAGE_COMPACTOR_H
#define STORAGE_COMPACTOR_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/table.h"

#include <stdbool.h>
#include <stdint.h>

#define TIER_WIDTH 8U
#define TIER_RATIO 4U

struct compactor;
struct segment_name;

struct compactor_options {
    uint64_t interval_us;     /* looks for work so often; 0: 1 s */
    uint64_t rows_max;        /* no larger outputs; 0: MERGE_ROWS_MAX */
    uint64_t bytes_per_s_max; /* read + written by each lane; 0: no limit */
    uint32_t delay_from;      /* segments of a partition above which commits wait; 0: never */
    uint32_t throw_from;      /* segments at which they fail; 0: never */
};

/* Runs merges of all tables of the store in the background. */
struct err *compactor_start(struct store *store, const struct compactor_options *options, struct compactor **out);
void compactor_stop(struct compactor *compactor); /* gives up a merge in progress; accepts NULL */

/* One merge of the table if one is due. force: merges all segments of a partition that has more than one. */
struct err *compactor_step(struct table *table, bool force, bool *merged);
/* OPTIMIZE TABLE: commits the insert log's rows, merges until nothing is due (final: one segment per partition).
 * partition: its text, as ledger_segment has it: in that one alone; NULL: in all. */
struct err *table_optimize(struct table *table, bool final, const struct slice *partition);
/* Writes segments again that are older than this index of the definition; an unknown name is none. */
struct err *table_materialize_index(struct table *table, const char *name);
/* Writes a segment again, alone, with this codec where columns have none of their own, waiting for merges and mutations
 * of the table; *done: it has it now. One that is not there, or cannot be read, is passed over. */
struct err *table_recompress(struct table *table, const struct segment_name *name, struct slice codec, bool *done);
/* Mixed segments become one segment per partition, all of them, now. */
struct err *table_split_mixed(struct table *table);

/* The backlog: what the next merges of each partition would read, one in each lane, merges in progress left out; and
 * how many segments the fullest partition has that merges will make fewer. */
struct merges_due {
    uint32_t segments;
    uint64_t bytes;
    uint32_t fullest;
};
struct err *merges_due(struct table *table, struct merges_due *due); /* adds to it */

struct merge_info {
    struct slice database;
    struct slice table;
    struct slice partition;
    uint64_t rows_total;
    uint64_t rows_read;
    uint64_t rows_written;
    uint64_t bytes_total;
    uint32_t segment_count;
    uint32_t level;
    int64_t started_at_us;
};
/* Merges in progress, in the arena: system.merges. */
struct err *merges_list(struct store *store, struct arena *arena, struct merge_info **out, uint32_t *count);

#endif
