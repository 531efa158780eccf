/*
 * plan.h: what a query does: a tree of nodes that the binder builds and the executor runs.
 *
 * Every node has output columns (names and types); expressions of a node index the output columns of its input. Nodes
 * live in the binder's arena and are immutable once execution begins.
 *
 *   PLAN_SCAN       rows of a table source: columns[] of it; the executor pushes filters above a scan into it
 *   PLAN_VALUES     constant rows: one chunk (SELECT 1 has one row and no columns, below a project)
 *   PLAN_FILTER     rows where condition is true (not 0, not NULL); WHERE, PREWHERE, HAVING
 *   PLAN_PROJECT    one output column per expression
 *   PLAN_AGGREGATE  output: keys, then aggregates. No keys: one row, also for no input. Keys are expressions over the
 *                   input; aggregates' arguments too. with_totals etc. are refused by the binder.
 *                   with_totals: condition is HAVING, and the row of totals is kept for PLAN_TOTALS
 *   PLAN_GROUPING_SETS  several aggregations of one input: ROLLUP, CUBE, GROUPING SETS. Output: all keys (default
 *                   values of those that a set leaves out), constants per set (grouping()), aggregates
 *   PLAN_TOTALS     the row of totals of an aggregation that was run before, keys at their defaults
 *   PLAN_SORT       by keys; limit (offset + limit rows are enough) or UINT64_MAX; keeps the columns
 *   PLAN_TAIL       without the last offset rows, and of the others the last limit (UINT64_MAX: all)
 *   PLAN_LIMIT      rows [offset, offset + limit); with_ties: also rows whose sort keys equal the last (input is a
 * SORT) PLAN_LIMIT_BY   of each distinct tuple of keys, rows [offset, offset + limit) PLAN_DISTINCT   distinct rows,
 * over all columns PLAN_UNION      all rows of all inputs, whose types are equal (the binder casts)
 *   PLAN_INTERSECT  rows of the first input that are in the second too: each as often as in both (distinct: once)
 *   PLAN_EXCEPT     rows of the first input that are not in the second: as often as there are more (distinct: once)
 *   PLAN_FILL       the input, sorted, with rows made up between its own: query/fill.h
 *   PLAN_WINDOW     the input (a SORT by partition and order), and behind its columns one per window function
 *   PLAN_PANES      groups of hop and session windows out of panes, sorted: query/panes.h; output as AGGREGATE's
 *
 * A subquery in FROM is simply its plan as input. Subqueries in expressions are listed in query_plan.
 */
#ifndef QUERY_PLAN_H
#define QUERY_PLAN_H

#include "query/aggregate.h"
#include "query/expression.h"
#include "query/table_source.h"
#include "query/window.h"

enum plan_kind {
    PLAN_SCAN,
    PLAN_VALUES,
    PLAN_FILTER,
    PLAN_PROJECT,
    PLAN_AGGREGATE,
    PLAN_SORT,
    PLAN_LIMIT,
    PLAN_TAIL,
    PLAN_LIMIT_BY,
    PLAN_ARRAY_JOIN,
    PLAN_DISTINCT,
    PLAN_UNION,
    PLAN_GROUPING_SETS,
    PLAN_TOTALS,
    PLAN_WINDOW,
    PLAN_JOIN, /* inputs: left, right; see query/join.h */
    PLAN_INTERSECT,
    PLAN_EXCEPT,
    PLAN_FILL,
    PLAN_PANES,
};

struct plan_join;
struct plan_panes;

struct plan_sort_key {
    const struct expression *expression;
    bool descending;
    bool nulls_first; /* NULLs (and NaN) first; the default is last, for DESC too */
};

struct plan_aggregate {
    const struct aggregate *aggregate;
    const struct expression *const *arguments; /* aggregate->argument_count */
};

struct plan {
    enum plan_kind kind;
    struct plan *const *inputs; /* one, but none for SCAN and VALUES, two for INTERSECT and EXCEPT, any for UNION */
    uint32_t input_count;

    const struct source_column *columns; /* output */
    uint32_t column_count;

    struct table_source *source;    /* SCAN */
    const uint32_t *source_columns; /* SCAN: column_count indexes into source->columns */

    const struct chunk *values; /* VALUES */

    const struct expression *condition; /* FILTER */

    const struct expression *const
        *expressions; /* PROJECT: column_count; AGGREGATE, LIMIT_BY: keys; ARRAY_JOIN: arrays */
    uint32_t expression_count;

    const struct plan_aggregate *aggregates; /* AGGREGATE */
    uint32_t aggregate_count;
    bool with_totals; /* AGGREGATE */

    struct plan *const *branches; /* GROUPING_SETS: a PROJECT over an AGGREGATE of inputs[0] for each set */
    uint32_t branch_count;
    const struct plan *totals_of; /* TOTALS: the aggregation; GROUPING_SETS: one without keys, for totals, or NULL */
    struct plan *totals;          /* of the result's root: gives its row of totals after it was run; or NULL */

    const struct plan_sort_key *sort_keys; /* SORT */
    uint32_t sort_key_count;

    uint64_t limit;  /* SORT, LIMIT, LIMIT_BY; UINT64_MAX: none */
    uint64_t offset; /* LIMIT, LIMIT_BY */
    bool with_ties;  /* LIMIT */
    bool left;       /* ARRAY_JOIN: rows whose arrays are empty stay, with default values */

    const struct plan_window *window; /* WINDOW: query/window.h */
    const struct plan_join *join;     /* JOIN */

    bool distinct;                  /* INTERSECT, EXCEPT */
    const struct plan_fill *fill;   /* FILL: query/fill.h */
    const struct plan_panes *panes; /* PANES: query/panes.h; expressions: the query's keys */
};

/* Executed in order before the plan (a subquery may use the results of those before it). */
struct plan_subquery {
    struct plan *plan;
    struct expression_parameter *parameter; /* scalar: one row at most (no row: NULL), or */
    struct value_set *set;                  /* IN: all rows */
};

struct query_plan {
    struct plan *plan;
    const struct plan_subquery *subqueries;
    uint32_t subquery_count;
};

/* A node of any kind with its input's columns; for the constructors. */
struct err *plan_new(struct arena *arena, enum plan_kind kind, struct plan *input, struct plan **out);
/* Constructors: allocate in the arena, fill in output columns and types, check what can be checked. */
struct err *plan_scan(struct arena *arena, struct table_source *source, const uint32_t *source_columns,
                      uint32_t column_count, struct plan **out);
struct err *plan_values(struct arena *arena, const struct chunk *values, const struct slice *names, struct plan **out);
struct err *plan_filter(struct arena *arena, struct plan *input, const struct expression *condition, struct plan **out);
struct err *plan_project(struct arena *arena, struct plan *input, const struct expression *const *expressions,
                         const struct slice *names, uint32_t count, struct plan **out);
struct err *plan_aggregate(struct arena *arena, struct plan *input, const struct expression *const *keys,
                           uint32_t key_count, const struct plan_aggregate *aggregates, uint32_t aggregate_count,
                           struct plan **out);
/*
 * sets: one bit per key (64 at most). constants: constant_count numbers per set, their columns are UInt64.
 * is_rollup: the set without keys gives no row where there is no input.
 */
struct grouping_sets {
    const uint64_t *sets;
    uint32_t set_count;
    const uint64_t *constants;
    uint32_t constant_count;
    bool is_rollup;
    bool with_totals;
};
struct err *plan_grouping_sets(struct arena *arena, struct plan *input, const struct expression *const *keys,
                               uint32_t key_count, const struct plan_aggregate *aggregates, uint32_t aggregate_count,
                               const struct grouping_sets *sets, struct plan **out);
/* The row of totals of an aggregation whose with_totals is set (or of grouping sets with totals); columns as theirs. */
struct err *plan_totals(struct arena *arena, const struct plan *aggregation, struct plan **out);
struct err *plan_sort(struct arena *arena, struct plan *input, const struct plan_sort_key *keys, uint32_t key_count,
                      uint64_t limit, struct plan **out);
struct err *plan_limit(struct arena *arena, struct plan *input, uint64_t offset, uint64_t limit, bool with_ties,
                       struct plan **out);
struct err *plan_tail(struct arena *arena, struct plan *input, uint64_t offset, uint64_t limit, struct plan **out);
struct err *plan_limit_by(struct arena *arena, struct plan *input, const struct expression *const *keys,
                          uint32_t key_count, uint64_t offset, uint64_t limit, struct plan **out);
/* A row for each element of the arrays (or maps), which are of one length; left: one also where they are empty. Output:
 * the input's columns, then the elements. */
struct err *plan_array_join(struct arena *arena, struct plan *input, const struct expression *const *arrays,
                            uint32_t count, bool left, struct plan **out);
struct err *plan_distinct(struct arena *arena, struct plan *input, struct plan **out);
struct err *plan_union(struct arena *arena, struct plan *const *inputs, uint32_t count, struct plan **out);
/* kind: INTERSECT or EXCEPT, of inputs with equal types. */
struct err *plan_set_operation(struct arena *arena, enum plan_kind kind, struct plan *left, struct plan *right,
                               bool distinct, struct plan **out);

/* The node below the filters that `plan` begins with, of which the innermost comes first; no more than
 * PLAN_FILTERS_MAX. */
#define PLAN_FILTERS_MAX 64U
const struct plan *plan_below_filters(const struct plan *plan, const struct expression *filters[PLAN_FILTERS_MAX],
                                      uint32_t *count);

/* Rows that the plan gives, about; UINT64_MAX: unknown. */
uint64_t plan_rows(const struct plan *plan);

#endif
