/*
 * final.h: SELECT … FROM t FINAL: the rows of a snapshot as they would be if everything were merged.
 *
 * A merge by key of all segments, each read granule by granule, and of the heads, sorted here; what comes out goes
 * through the table's combiner (storage/combining.h). A segment is opened when its turn comes: when the first key of
 * its next granule is not above the keys that are being merged.
 *
 * parts     what threads take one after the other: ranges of keys, all rows of a key in one range, and granules of
 *           merged segments that no other segment or head has keys of, which are read as they are
 * order     rows of a key as they were inserted: segments by their place, then heads
 * leave out Conditions leave out granules only where they are on columns of the sorting key: of any other key they
 *           leave out all rows or none. Whoever asks has to test them on what comes out.
 * filter    takes rows away before they are combined, as PREWHERE does
 * memory    of each thread a granule of the columns that are read of each segment whose keys overlap; all of a head's,
 *           and all of segments with few rows when there are many
 * thread    a plan: any; a scan: one at a time
 */
#ifndef STORAGE_FINAL_H
#define STORAGE_FINAL_H

#include "storage/snapshot.h"

struct final_plan;
struct final_scan;

struct final_request {
    const uint32_t *columns; /* as scans number them: stored, hidden and computed ones */
    uint32_t column_count;
    const struct scan_condition *conditions;
    uint32_t condition_count;
    bool by_partition; /* rows are combined within their partition alone */
    uint32_t ranges;   /* of keys, about so many at the most; 1: no parts but one */
    /* Rows of a unit that are there at all, ascending; NULL: all are. positions: room for all rows. user: as given to
     * final_open. */
    struct err *(*filter)(void *user, struct arena *arena, const struct scan *scan, const struct scan_unit *unit,
                          uint32_t *positions, uint32_t *count);
};

/* Are rows of this snapshot's table combined? */
bool final_is_known(const struct snapshot *snapshot);
/* The plan and the request's parts live in the arena. */
struct err *final_prepare(struct snapshot *snapshot, struct arena *arena, const struct final_request *request,
                          struct final_plan **out);
uint32_t final_part_count(const struct final_plan *plan);
void final_numbers(const struct final_plan *plan, struct scan_numbers *out);

/* One part's rows. The scan lives in the arena, which is destroyed before the plan's. user: the filter's. */
struct err *final_open(struct final_plan *plan, struct arena *arena, uint32_t part, void *user,
                       struct final_scan **out);
/* More rows: the requested columns, in order; any number of rows, until the next call and as long as the arena. *out
 * NULL: there are no more. */
struct err *final_next(struct final_scan *fin, struct arena *arena, struct chunk **out);

#endif
