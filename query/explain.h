/*
 * explain.h: a plan as text, for EXPLAIN: what will be done, where, and what storage can leave out.
 *
 * Nothing is executed: what a subquery would give, and keys that a join narrows its other side by, are not known.
 */
#ifndef QUERY_EXPLAIN_H
#define QUERY_EXPLAIN_H

#include "query/plan.h"

struct explain_options {
    bool header;  /* names and types of each node's columns */
    bool actions; /* expressions, keys, aggregates */
    bool indexes; /* of each scan: segments and granules that are read, and by what the others are left out */
};

/* Lines, each with its line break; in the arena. */
struct err *explain_plan(struct arena *arena, const struct function_context *context, const struct query_plan *plan,
                         const struct explain_options *options, struct slice *out);
/* The chains of stages in the order in which they run; threads: how many there are for a query. */
struct err *explain_pipeline(struct arena *arena, const struct query_plan *plan, uint32_t threads, bool header,
                             struct slice *out);

/* What a scan of a stored table would read. */
struct scan_estimate {
    const struct plan *scan;
    uint64_t segments, segments_skipped; /* all, and those left out whole before they are opened */
    uint64_t segments_left;              /* with granules to read */
    uint64_t granules, granules_left;    /* of segments */
    uint64_t granules_skipped_with_segments;
    uint64_t granules_skipped; /* by the segments' own statistics */
    uint64_t head_chunks;      /* of rows in memory: always read */
    uint64_t rows_left;
    struct scan_step {
        struct slice condition;
        bool prunes;          /* zones can tell something, */
        uint32_t column;      /* of the source's, this one's */
        bool unknown;         /* not before a subquery was run */
        uint64_t granules_in; /* that the conditions before it left */
        uint64_t granules_out;
        bool tests;         /* indexes may tell something */
        uint64_t tested_in; /* granules that they were asked about */
        uint32_t *parts_in; /* of each segment */
    } * steps;              /* the conditions of the filters above the scan, in the order in which they are tried */
    uint32_t step_count;
    struct index_use { /* an index that leaves out granules for a condition */
        uint32_t step;
        struct index_shape shape; /* its column is one of the source's */
        uint64_t granules_out;
        uint32_t *parts_out; /* of each segment */
    } * uses;
    uint32_t use_count;
    struct scan_estimate *next;
};
/* Of every stored table that the plan and its subqueries read, in the order of their lines in EXPLAIN. */
struct err *explain_estimate(struct arena *arena, const struct function_context *context, const struct query_plan *plan,
                             struct scan_estimate **out);
struct err *scan_estimate(struct arena *arena, const struct function_context *context, const struct query_plan *query,
                          const struct plan *scan, const struct expression *const *filters, uint32_t filter_count,
                          struct scan_estimate *out);

/* An expression over columns with these names, as SQL. */
struct err *expression_text(struct arena *arena, const struct expression *expression,
                            const struct source_column *columns, uint32_t column_count, struct slice *out);

#endif
