/*
 * final.h: SELECT … FROM t FINAL: the rows of a snapshot as they would be if everything were merged.
 *
 * A merge by key of all segments, each read granule by granule, and of the heads, sorted here; what comes out goes
 * through the table's combiner (storage/combining.h). A segment is opened when its turn comes: when the smallest key of
 * its next granule is not above the keys that are being merged.
 *
 * order     rows of a key as they were inserted: segments by their place, then heads
 * leave out Conditions leave out granules only where they are on columns of the sorting key: of any other key they
 *           leave out all rows or none. Whoever asks has to test them on what comes out.
 * filter    takes rows away before they are combined, as PREWHERE does
 * memory    a granule of the columns that are read of each segment whose keys overlap; all of a head's
 * thread    one at a time
 */
#ifndef STORAGE_FINAL_H
#define STORAGE_FINAL_H

#include "storage/snapshot.h"

struct final_scan;

struct final_request {
    const uint32_t *columns; /* as scans number them: stored, hidden and computed ones */
    uint32_t column_count;
    const struct scan_condition *conditions;
    uint32_t condition_count;
    bool by_partition; /* rows are combined within their partition alone */
    /* Rows of a unit that are there at all, ascending; NULL: all are. positions: room for all rows. */
    struct err *(*filter)(void *user, struct arena *arena, const struct scan *scan, const struct scan_unit *unit,
                          uint32_t *positions, uint32_t *count);
    void *user;
};

/* Are rows of this snapshot's table combined? */
bool final_is_known(const struct snapshot *snapshot);
/* The scan and the request's parts live in the arena. */
struct err *final_open(struct snapshot *snapshot, struct arena *arena, const struct final_request *request,
                       struct final_scan **out);
void final_numbers(const struct final_scan *fin, struct scan_numbers *out);
/* More rows: the requested columns, in order; any number of rows, all in the arena. *out NULL: there are no more. */
struct err *final_next(struct final_scan *fin, struct arena *arena, struct chunk **out);

#endif
