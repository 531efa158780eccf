/*
 * merge.h: several sorted segments of one time partition become one, in bounded memory.
 *
 * Each input keeps a window of one decoded granule. A round takes, from all windows, the rows up to the smallest last
 * key of the windows, sorts them as integers (storage/sort.h) and appends them to the output's granule; at least one
 * window is used up per round. Dictionaries are unified once: from then on a coded column is its codes, which are ranks
 * too, so strings that are coded are never compared or copied. An input that overlaps with no other in a round is not
 * sorted. Deleted rows are left out, and with them dictionary entries that no other row has.
 * Where the table's engine combines rows of one key (merge_combine.h), inputs are in the order of insertion, and so are
 * rows of one key.
 * memory   inputs × one granule + one output granule
 */
#ifndef STORAGE_MERGE_H
#define STORAGE_MERGE_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/combining.h"
#include "storage/merge_policy.h"
#include "storage/row_set.h"
#include "storage/segment.h"
#include "storage/table_private.h"

#include <stdatomic.h>
#include <stdint.h>

#define MERGE_INPUTS_MAX 16U
#define MERGE_ROWS_MAX   ((uint64_t)100000000) /* of an output, where nothing else is said */

/* One merge in progress; listed in tables->merges. */
struct merge {
    struct merge *next;
    struct table *table;
    struct table_def *def; /* of the outputs */
    struct table_segment *inputs[MERGE_INPUTS_MAX];
    bool evolved[MERGE_INPUTS_MAX]; /* the input is of another layout: its rows become the definition's (evolve.h) */
    unsigned __int128 sums[MERGE_INPUTS_MAX]; /* row sums of these, as they were read */
    uint32_t input_count;
    uint64_t rows_total;
    uint64_t bytes_total;
    uint64_t bytes_written; /* of outputs, once committed */
    uint32_t level;         /* of the output */
    struct slice codec;     /* of the output, where columns have none of their own; empty: by rule. Borrowed */
    struct combined_numbers combined; /* of the table's engine, once written */
    int64_t started_at_us;
    _Atomic uint64_t rows_read;
    _Atomic uint64_t rows_written;
    const _Atomic bool *stop;  /* given up when set; may be NULL */
    uint64_t bytes_per_s_max;  /* 0: no limit */
    uint64_t bytes_per_s_calm; /* what this is while it is calm */
    bool background;           /* it has a thread of its own, whose priority follows its table's pressure */
    bool calm;                 /* low priority */
    uint64_t started_monotonic_us;
    /* Rows go to another table (transfer.h): this schema, whose column k is the definition's column into_places[k].
     * They are not combined, and sums are taken of rows as that table has them. NULL: they stay. */
    const struct segment_schema *into;
    const uint32_t *into_places;
};

/* Do segments of both definitions, the older one first, have the same columns, in the same order, sorted and cut in the
 * same way? Then they may be merged, and rows keep their sums: after RENAME, or a new comment. */
bool merge_same_layout(const struct table_def *a, const struct table_def *b);
/* The columns of a chunk of the definition in the order that is written; the same chunk where rows stay. */
struct err *merge_written(const struct merge *merge, struct arena *arena, struct chunk *chunk, struct chunk **out);

/* A segment from before this schema version that has no such index (its column is one of the definition's), to be
 * written again. *more: there are some; *out NULL then: others are merging them now. */
struct err *merge_choose_lacking(struct table *table, const struct index_wish *wish, uint32_t schema_version,
                                 bool *more, struct merge **out);
/* A merge that is due, its inputs marked and referenced; *out NULL: none. force: whatever a partition has. partition:
 * only in that one, and splits of mixed segments, which may hold rows of it; NULL: in any. */
struct err *merge_choose(struct table *table, uint64_t rows_max, enum merge_lane lane, bool force,
                         const struct slice *partition, struct merge **out);
/* One segment alone, to be written with this codec (TTL … RECOMPRESS; borrowed until the merge's end). *busy: it is
 * there, but not to be had now; *out NULL then, and if it is not there, is in quarantine or mixed, or has that codec. */
struct err *merge_choose_recoded(struct table *table, const struct segment_name *name, struct slice codec, bool *busy,
                                 struct merge **out);
void merge_destroy(struct merge *merge);
/* Runs a merge that was chosen, commits it and lets it go. */
struct err *merge_finish(struct merge *merge);
/* Between two rounds of a background one: when its table came under pressure meanwhile it takes normal priority, where
 * the system lets it, and no limit of bytes; when that is over it is calm again, where it could take them back. */
void merge_follow(struct merge *merge);

/* All columns of a granule as the merge's definition has them, hidden ones too, without deleted rows; an evolved
 * input's rows are added to its sum. */
struct err *merge_read(struct merge *merge, uint32_t input, struct segment *segment, struct arena *arena,
                       uint32_t granule, struct chunk **out);
/* One column of it. */
struct err *merge_read_column(const struct merge *merge, uint32_t input, struct segment *segment, struct arena *arena,
                              uint32_t granule, uint32_t column, struct column **out);
/* How many rows of a granule were not deleted. */
uint32_t merge_live_rows(const struct merge *merge, uint32_t input, const struct segment *segment, uint32_t granule);
/* Writes the output as one segment of the pack; row_count 0: no row was left, and nothing was written. ERR_ABORTED:
 * stopped. */
struct err *merge_write(struct merge *merge, struct pack_writer *pack, struct segment_summary *out);

#endif
