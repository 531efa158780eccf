/*
 * window.h: functions over windows: f(…) OVER (PARTITION BY … ORDER BY … frame).
 *
 * plan     PLAN_WINDOW stands on a PLAN_SORT by the partition's expressions and then its order keys; its output is the
 *          input's columns and, behind them, one column per function. All functions of a node share partition and
 *          order; each has its own frame.
 * frame    for every row of a partition the rows [begin, end) that the function sees: neither ever moves back from one
 *          row to the next, which the evaluation of aggregates makes use of
 * peers    rows of a partition that are equal in all order keys; without order keys all rows of the partition
 * memory   a partition (and what came with it) is held at once, in the query's budget
 * source   ClickHouse decides names, types, default frames, what an empty frame gives, and where NULLs fall in a RANGE
 */
#ifndef QUERY_WINDOW_H
#define QUERY_WINDOW_H

#include "query/aggregate.h"
#include "query/expression.h"

struct plan;
struct plan_sort_key;

enum window_kind {
    WINDOW_AGGREGATE,
    WINDOW_ROW_NUMBER,
    WINDOW_RANK,
    WINDOW_DENSE_RANK,
    WINDOW_PERCENT_RANK,
    WINDOW_CUME_DIST,
    WINDOW_NTILE, /* arguments: the number of parts, a constant */
    WINDOW_LAG,   /* arguments: value, and if given a distance and a default; rows outside the frame: default */
    WINDOW_LEAD,  /* likewise */
    WINDOW_FIRST, /* arguments: value */
    WINDOW_LAST,  /* likewise */
    WINDOW_NTH,   /* arguments: value, number from 1 */
};

enum frame_kind { FRAME_ROWS, FRAME_RANGE, FRAME_GROUPS };
enum bound_kind { BOUND_UNBOUNDED, BOUND_CURRENT, BOUND_OFFSET };

struct frame_bound {
    enum bound_kind kind;
    bool following;
    int64_t offset; /* OFFSET, ≥ 0: rows, groups of peers, or in the order key's unit */
};

struct frame {
    enum frame_kind kind;
    struct frame_bound begin;
    struct frame_bound end;
};

struct window_function {
    enum window_kind kind;
    const struct aggregate *aggregate; /* AGGREGATE */
    const struct type *type;
    const struct expression *const *arguments;
    uint32_t argument_count;
    struct frame frame;
};

struct plan_window {
    const struct expression *const *partition;
    uint32_t partition_count;
    const struct plan_sort_key *order;
    uint32_t order_count;
    const struct window_function *functions;
    uint32_t function_count;
};

/* input: a PLAN_SORT by partition, then order. names: of the functions' columns. */
struct err *plan_window(struct arena *arena, struct plan *input, const struct plan_window *window,
                        const struct slice *names, struct plan **out);

/* Functions that are none without a window: row_number, lag, … */
bool window_kind_find(struct slice name, enum window_kind *kind);
/* For system.functions. */
void window_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of), void *user);

#endif
