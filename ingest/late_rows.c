/*
 * late_rows.c: see late_rows.h.
 */
#include "ingest/late_rows.h"

#include <stdlib.h>

#define APART_US 60000000 /* event times within a run */

void late_rows_keep(struct late_rows *late, const struct late_run *run)
{
    if (late->runs == NULL) {
        late->runs = calloc(LATE_RUNS_MAX, sizeof(*late->runs));
        if (late->runs == NULL) {
            return;
        }
    }
    late->count += late->count < LATE_RUNS_MAX;
    late->runs[late->next] = *run;
    late->next = (late->next + 1) % LATE_RUNS_MAX;
}

const struct late_run *late_rows_run(const struct late_rows *late, uint32_t i)
{
    return &late->runs[(late->next + LATE_RUNS_MAX - late->count + i) % LATE_RUNS_MAX];
}

void late_rows_deinit(struct late_rows *late)
{
    free(late->runs);
    *late = (struct late_rows){0};
}

bool late_run_add(struct late_run *run, int64_t offset, int64_t event_us)
{
    if (run->rows == 0) {
        run->first_offset = run->last_offset = offset;
        run->event_min_us = run->event_max_us = event_us;
    } else if ((event_us < run->event_min_us && (uint64_t)run->event_min_us - (uint64_t)event_us > APART_US) ||
               (event_us > run->event_max_us && (uint64_t)event_us - (uint64_t)run->event_max_us > APART_US)) {
        return false;
    }
    run->rows++;
    run->first_offset = offset < run->first_offset ? offset : run->first_offset;
    run->last_offset = offset > run->last_offset ? offset : run->last_offset;
    run->event_min_us = event_us < run->event_min_us ? event_us : run->event_min_us;
    run->event_max_us = event_us > run->event_max_us ? event_us : run->event_max_us;
    return true;
}
