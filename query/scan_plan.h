/*
 * scan_plan.h: what scan.c, a scan unit by unit, and scan_runs.c, run by run with the partial-result cache, share.
 */
#ifndef QUERY_SCAN_PLAN_H
#define QUERY_SCAN_PLAN_H

#include "query/partial_groups.h"
#include "query/row_bits.h"

#include <stdatomic.h>

#define CONJUNCTS_MAX 64U
#define SCAN_PART_ALL 65536U

struct conjunct {
    const struct expression *expression;
    struct program *program;
    struct prune *prune;                /* or NULL */
    const struct index_test *test;      /* of indexes; or NULL */
    const struct index_test *bitmap;    /* all of it, for bitmaps; or NULL */
    const struct number_ranges *ranges; /* the numbers of the prune's column that pass; or NULL */
    struct digest digest;               /* with the partial-result cache */
};

struct scan_plan {
    struct execution *execution;
    const struct plan *plan;
    struct conjunct *conjuncts;
    uint32_t conjunct_count;
    const uint8_t *needed;
    const struct column_need *const *needs; /* per column, of what is above; or NULL: whole ones */
    const struct column_need **first_needs; /* per column, of the conditions */
    struct sort_bound *bound;               /* or NULL */
    bool ends_only;
    struct partial_session *partial; /* or NULL */
    struct stage *next;
    struct source_unit_scan *scan;
    uint32_t steps_alone; /* of the first worker, until it calls for the others */
    _Atomic bool stopped;
    _Atomic uint32_t last_part; /* of SCAN_PART_ALL rows of the last unit so many passed; a hint */
    _Atomic bool steady;        /* a unit was read and more are wanted: what comes next may be fetched */
};

/* A unit while it is worked on. */
struct unit_work {
    struct scan_plan *scan;
    struct worker *worker;
    const struct source_unit *unit;
    const struct column **full;      /* columns read, all rows, */
    const struct column_need **read; /* as far as this says */
    uint64_t *bits;                  /* rows that passed so far; NULL: not made yet */
    uint32_t *positions;             /* the same in order; NULL: not made yet */
    uint32_t count;                  /* all rows: the unit's row count, and bits and positions are not looked at */
    uint8_t *decided;                /* per conjunct: zone says all */
    uint8_t *picked;                 /* per column: some rows of it were read, and `full` is NULL */
};

/* Are so few rows of a column wanted that it is not decoded, but they alone are picked from it? */
bool scan_picks(const struct type *type, uint32_t count, uint32_t rows);
/* Small work is done by one worker: it read something. */
void unit_step(struct unit_work *work);
/* Reads a column, as far as is needed (NULL: whole), into work->full. */
struct err *unit_column(struct unit_work *work, uint32_t index, const struct column_need *need);
/* Leaves the rows that meet the conditions; makes work->positions of them (scan_filter.c). */
struct err *unit_filter(struct unit_work *work, struct evaluator *const *evaluators);
struct err *unit_positions(struct unit_work *work);
/* What the unit's zones say: no row passes, or which conditions all rows pass. */
struct err *unit_zones(struct unit_work *work, bool *none);
/* Reads the unit, and pushes the rows that pass. */
struct err *unit_run(struct scan_plan *scan, struct worker *worker, const struct source_unit *unit,
                     struct evaluator *const *evaluators, bool *stop);

/* May this scan's rows be answered from the cache? If not, scan->partial is NULL afterwards. */
struct err *scan_runs_prepare(struct scan_plan *scan);
/* All runs that this worker gets. */
struct err *scan_runs(struct scan_plan *scan, struct worker *worker, struct evaluator *const *evaluators, bool *stop);

#endif
