/*
 * scan_private.h: a scan's insides, for the files that make it (scan_units.c), skip by zones (scan_zones.c)
 * and partitions (scan_partitions.c), and read (scan_read.c).
 */
#ifndef STORAGE_SCAN_PRIVATE_H
#define STORAGE_SCAN_PRIVATE_H

#include "storage/segment.h"
#include "storage/snapshot.h"
#include "storage/table_private.h"

struct snapshot {
    _Atomic uint32_t references;
    struct table *table;
    struct table_version *version;
    head_mark *marks; /* per head */
    uint64_t rows;
    uint64_t head_rows;
    bool skip_damaged;
    bool in_order; /* scans give what came first first (storage/tail.h) */
};

#define SCAN_PREFETCH_UNITS 16U

struct scan {
    struct snapshot *snapshot;
    struct scan_unit *units;
    uint64_t unit_count;
    _Atomic uint64_t next;
    _Atomic bool *prefetched; /* per SCAN_PREFETCH_UNITS units */
    struct scan_numbers numbers;
};

/* ---- zones */

/* Are the column's values in rows of a schema version as they were stored (or is it a hidden one)? */
bool scan_is_stored(const struct table_def *def, uint32_t column, uint32_t schema_version);
/* The segment's column for a column of the snapshot, if its values can be compared. */
const struct type *scan_zone_type(const struct scan *scan, const struct segment *segment, uint32_t column,
                                  int32_t *index);

/* Order of a value and a constant's. */
int zone_compare(const struct type *type, const void *a, const struct column *value);

/* A condition on a column whose zones the segment has. */
struct zone_test {
    const struct scan_condition *condition;
    const struct type *type;
    uint32_t column; /* the segment's */
};

/* Those of the conditions that the segment's zones can test; how many. */
uint32_t scan_zone_tests(const struct scan *scan, const struct segment *segment,
                         const struct scan_condition *conditions, uint32_t count, struct zone_test *tests);
bool zones_exclude_segment(const struct segment *segment, const struct zone_test *tests, uint32_t count);
bool zones_exclude_granule(const struct segment *segment, uint32_t granule, const struct zone_test *tests,
                           uint32_t count);
/* Rows are sorted: outside of granules [*first, *end) no row meets the conditions on the sort key's first column. */
void zones_granule_range(const struct segment *segment, const struct zone_test *tests, uint32_t count, uint32_t *first,
                         uint32_t *end);
/* By the ledger's record alone: the event time's range, without opening the segment. */
bool record_excludes(const struct ledger_segment *info, const struct table_def *def,
                     const struct scan_condition *conditions, uint32_t count);
/* Per segment: by its partition, as the ledger has it, is no row of it wanted? *out NULL: partitions do not say. */
struct err *scan_partitions(const struct snapshot *snapshot, struct arena *arena,
                            const struct scan_condition *conditions, uint32_t count, bool **out);

/* ---- units */

/* The reader of a unit's segment, opened if it is not; it stays open until the arena is destroyed or reset. */
struct err *scan_unit_segment(const struct scan *scan, struct arena *arena, const struct scan_unit *unit,
                              struct segment **out);
/* Rows of a granule, deleted ones too. */
uint32_t scan_granule_rows(const struct table_segment *segment, uint32_t granule);
/* Place of a column in a head's chunks, or the number of these. */
uint32_t head_find_column(const struct head *head, uint32_t id);

#endif
