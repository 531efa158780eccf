/*
 * snapshot.h: a table as one query sees it: live segments, and how many rows of each head were visible.
 *
 * scan     units of at most CHUNK_ROWS_MAX rows: a granule of a segment or a chunk of a head, newest first. Whole
 *          segments, then granules are left out when stored statistics say that no row can meet the conditions.
 * columns  are numbered as in the snapshot's definition; hidden ones follow (storage/table.h, enum hidden_column), then
 *          those that say where a row is (enum scan_place), then
 *          those that are computed.
 *          What a unit of an older schema version does not have, or has with another type, is computed
 *          (storage/evolve.h).
 * deleted  rows that were deleted from a segment are in no unit: row counts and columns are those of the others.
 * strings  units of one segment share one sorted dictionary where the column is coded; head chunks share their
 *          writer's. dictionary_id tells.
 * memory   what a scan reads lives in the arena, the block cache pins go with it; a snapshot keeps segments and head
 *          chunks alive. Release snapshots soon: sealed heads are freed with the last one.
 * thread   snapshot_take: any; a snapshot and a scan: any number of threads (scan_next is one atomic step)
 */
#ifndef STORAGE_SNAPSHOT_H
#define STORAGE_SNAPSHOT_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"
#include "storage/column_need.h"
#include "storage/index.h"
#include "storage/ledger.h"
#include "storage/number_ranges.h"
#include "storage/table.h"

#include <stdbool.h>
#include <stdint.h>

struct snapshot;

/* Commits that ended before the call are seen, and rows published before it. One reference. */
struct err *snapshot_take(struct table *table, struct snapshot **out);
/* Before its first scan: as if the table had only those of its segments that are wanted, and nothing in heads. */
struct err *snapshot_keep_segments(struct snapshot *snapshot,
                                   bool (*wanted)(void *user, const struct ledger_segment *segment), void *user);
struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_unref(struct snapshot *snapshot); /* accepts NULL */

/* Scans of it leave out segments in quarantine instead of failing; before the first scan. */
void snapshot_skip_damaged(struct snapshot *snapshot);
const struct table_def *snapshot_def(const struct snapshot *snapshot); /* borrowed */
const struct table *snapshot_table(const struct snapshot *snapshot);   /* borrowed */
uint64_t snapshot_rows(const struct snapshot *snapshot);
uint64_t snapshot_head_rows(const struct snapshot *snapshot);

/* ---- segments, for system.segments */
uint32_t snapshot_segment_count(const struct snapshot *snapshot);
const struct ledger_segment *snapshot_segment(const struct snapshot *snapshot, uint32_t index);
struct segment; /* storage/segment.h */
/* A reference: segment_unref. */
struct err *snapshot_segment_open(const struct snapshot *snapshot, uint32_t index, struct segment **out);

/* ---- scans */
/* Of rows of segments: UInt64 columns behind the hidden ones; 0 for rows of heads. */
enum scan_place { SCAN_PLACE_PACK, SCAN_PLACE_OFFSET, SCAN_PLACE_ROW, SCAN_PLACE_COUNT };

enum scan_condition_kind {
    SCAN_EQUAL,
    SCAN_LESS,
    SCAN_LESS_EQUAL,
    SCAN_GREATER,
    SCAN_GREATER_EQUAL,
};

/* column op value: rows that cannot meet all conditions may be left out. */
struct scan_condition {
    uint32_t column;
    enum scan_condition_kind kind;
    const struct column *value; /* CONST, of the column's type; a NULL value matches nothing */
    /* CONST, of the column's type, or NULL: only of values from the first to the second is anything said */
    const struct column *domain[2];
};

/* min and max as in a FLAT column, of the values that are not NULL (floats: nor NaN). */
struct scan_zone {
    bool known;
    bool has_nulls;
    bool all_null;
    bool loose;      /* min and max are bounds: the rows that had them may have been deleted */
    const void *min; /* strings: bounds, perhaps shorter or longer than any value */
    const void *max;
    struct slice texts[2]; /* what min and max of strings point to: do not copy the zone */
};

struct scan_unit {
    uint32_t source;  /* segments first, then heads: snapshot's own numbering */
    uint32_t granule; /* or chunk */
    uint32_t row_count;
    uint32_t index;  /* in the scan's order */
    uint64_t number; /* source · 2^32 + granule: stable across scans of the snapshot */
    bool fixed;      /* these rows never change: a segment's, or those of a head's chunk that is complete */
};

struct scan_numbers {
    uint64_t rows;             /* of all units that scan_next gives */
    uint64_t segments_skipped; /* known when scan_open returns */
    uint64_t granules_skipped_with_segments;
    uint64_t granules_skipped; /* of the other segments */
    uint64_t segments_damaged; /* left out though rows of them may be wanted (snapshot_skip_damaged) */
};

struct scan;
/* The scan lives in the arena and holds a reference to the snapshot until the arena is destroyed. */
struct err *scan_open(struct snapshot *snapshot, struct arena *arena, const struct scan_condition *conditions,
                      uint32_t condition_count, struct scan **out);
/* Units come by their zones of a column from now on: the smallest minimum first (descending: the greatest maximum);
 * those without a zone before all others. */
struct err *scan_order(struct scan *scan, struct arena *arena, uint32_t column, bool descending);
void scan_numbers(const struct scan *scan, struct scan_numbers *out);
bool scan_next(struct scan *scan, struct scan_unit *unit);

/* Units [first, first + count) of the scan, neighbours within SCAN_RUN_UNITS granules of one segment, or
 * SCAN_RUN_UNITS / 4 chunks of one head. */
#define SCAN_RUN_UNITS 128U
struct scan_run {
    uint64_t first;
    uint32_t count;
    uint32_t place_count; /* granules there are, or chunks there will be */
    /* which rows they are: pack and offset, or SCAN_HEAD and head; first granule; schema version and what was deleted
     */
    uint64_t rows[4];
};
#define SCAN_HEAD UINT64_MAX
/* Either runs or units are taken from a scan. */
bool scan_next_run(struct scan *scan, struct scan_run *run);
void scan_run_unit(const struct scan *scan, const struct scan_run *run, uint32_t index, struct scan_unit *unit);
/* What it points to lives as long as the arena is not reset. */
void scan_zone(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
               struct scan_zone *out);
/* Rows of the unit whose value of a String column is this text, ascending, without decoding the column; *known false:
 * it must be read. positions: room for all rows. */
struct err *scan_find_text(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                           struct slice text, uint32_t *positions, uint32_t *count, bool *known);
/* The unit's rows at these positions, ascending, without decoding the others; *out NULL: it must be read. */
struct err *scan_pick(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                      const uint32_t *positions, uint32_t count, struct column **out);
/* Rows of the unit whose number in a column lies in the ranges, as bits, without decoding it; *known false: it must be
 * read (codec_filter). */
struct err *scan_filter(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                        const struct number_ranges *ranges, uint64_t *bits, bool *known);
/* Do a segment's indexes say that no row of the unit meets the test? Its columns are indexes into `columns`, those of
 * the snapshot. *by: the index that said so; its column is one of the snapshot's. ERR_CORRUPT names the pack and
 * offset. */
struct err *scan_excludes(const struct scan *scan, struct arena *arena, const struct scan_unit *unit,
                          const struct index_test *test, const uint32_t *columns, bool *excludes,
                          struct index_shape *by);
/* Which rows of the unit meet the test, exactly, by bitmaps alone; *known false: they do not say. As scan_excludes. */
struct granule_bits; /* storage/index_bitmap.h */
struct err *scan_bitmap(const struct scan *scan, struct arena *arena, const struct scan_unit *unit,
                        const struct index_test *test, const uint32_t *columns, struct granule_bits *bits, bool *known);
/* All rows of a column of the unit. ERR_CORRUPT names the pack and offset. */
struct err *scan_read(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                      struct column **out);
/* As much of it as its reader looks at, where it lies in a segment. */
struct err *scan_read_need(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                           const struct column_need *need, struct column **out);
/* These columns of the unit were read, and probably will be of those that come next in the scan: the system fetches
 * what lies on disk of them meanwhile. Any thread. */
void scan_prefetch(struct scan *scan, const struct scan_unit *unit, const uint32_t *columns, uint32_t count);

#endif
