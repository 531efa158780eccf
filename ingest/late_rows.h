/*
 * late_rows.h: which rows came late: a bounded record of a source's, since the server started.
 *
 * late     a row of an event time before what the source had been complete through when it came
 * run      late rows of one partition that came one after the other, whose event times are no further apart than a
 *          minute from those before them: so what is known of windows that they belong to is never much more than
 *          they are
 * bound    LATE_RUNS_MAX runs a source; the oldest go first
 * thread   the source's writes, under the source's lock; any reads, under it
 */
#ifndef INGEST_LATE_ROWS_H
#define INGEST_LATE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#define LATE_RUNS_MAX 1024U

struct late_run {
    uint32_t topic; /* of the source's */
    int32_t partition;
    int64_t first_offset, last_offset; /* the least and the greatest */
    uint64_t rows;
    int64_t event_min_us, event_max_us;
    int64_t complete_us; /* through which the source was complete when the first of them came */
    int64_t seen_us;     /* wall clock */
};

struct late_rows {
    struct late_run *runs; /* a ring, made when it is first needed */
    uint32_t count;
    uint32_t next;
};

/* Without memory for the ring nothing is kept. */
void late_rows_keep(struct late_rows *late, const struct late_run *run);
/* The run i of count, oldest first. */
const struct late_run *late_rows_run(const struct late_rows *late, uint32_t i);
void late_rows_deinit(struct late_rows *late);

/* Takes the row into a run that grows (rows 0: it begins with this one), or says false: it belongs to another run. */
bool late_run_add(struct late_run *run, int64_t offset, int64_t event_us);

#endif
