/*
 * scan_plan.h: what scan.c, a scan unit by unit, and scan_runs.c, run by run with the partial-result cache, share.
 */
#ifndef QUERY_SCAN_PLAN_H
#define QUERY_SCAN_PLAN_H

#include "query/partial_groups.h"
#include "query/row_bits.h"

#include <stdatomic.h>

#define CONJUNCTS_MAX 64U

struct conjunct {
    const struct expression *expression;
    struct program *program;
    struct prune *prune;             /* or NULL */
    const struct index_test *test;   /* of indexes; or NULL */
    const struct index_test *bitmap; /* all of it, for bitmaps; or NULL */
    struct digest digest;            /* with the partial-result cache */
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
    _Atomic bool steady; /* a unit was read and more are wanted: what comes next may be fetched */
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
