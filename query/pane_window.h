/*
 * pane_window.h: is a bound plan an aggregation of one table's rows in a window of time? Then whoever asks it again and
 * again, as of later times, can keep the window's panes (query/pane_tree.h) instead of reading the rows each time.
 *
 * window   conditions of WHERE that compare one DateTime column with constants: >, >= give where it begins, <, <= where
 *          it ends. What now() was when the plan was bound is in these constants, and it may be in nothing else: the
 *          digest says what is computed but for the window's two ends, so that plans of one digest ask for the same, at
 *          other times.
 * below    the aggregation there are only conditions on the rows of one stored table, whose rows are not combined
 * above    anything that reads nothing but the aggregation's rows: HAVING, ORDER BY, LIMIT, expressions, SELECTs around
 *          it
 * order    functions of which it is not known that their result is the same in whatever order rows come and states are
 *          merged are refused
 */
#ifndef QUERY_PANE_WINDOW_H
#define QUERY_PANE_WINDOW_H

#include "query/plan.h"
#include "query/plan_digest.h"

struct pane_window {
    const char *why;                /* it is none, why; static. What follows is known when it is NULL */
    struct plan *aggregation;       /* of the plan */
    const struct plan *scan;        /* that it stands on */
    const struct expression *time;  /* the column, over the scan's */
    int64_t low, high;              /* rows of [low, high) are asked for, in the column's ticks */
    bool ends;                      /* false: high is not known, all rows from low on are asked for */
    int64_t second;                 /* ticks of a second */
    struct digest digest;           /* of all else */
    const struct expression **kept; /* the conditions but for those that say where the window ends */
    uint32_t kept_count;
};

/* marks: of the binding. All in the arena. */
struct err *pane_window_of(struct arena *arena, const struct query_plan *plan, const struct function_context *context,
                           const struct function_marks *marks, struct pane_window *out);

/* The window's rows, and those behind its end: the time, the keys, the aggregates' arguments one after the other. */
struct err *pane_window_rows(struct arena *arena, const struct pane_window *window, struct plan **out);

/* The plan, from now on, has these rows instead of the aggregation (NULL: none), which live as long as it does. */
struct err *pane_window_answer(struct arena *arena, const struct pane_window *window, struct chunk *rows);

#endif
