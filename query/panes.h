/*
 * panes.h: GROUP BY hop(…) and session(…): windows over event time that are made of panes.
 *
 * below    an aggregation by the other keys and the pane, whose results are states as bytes (pane_states.h); a sort by
 *          these keys and the pane. So all that the aggregation can do, it does for windows: several workers, the
 *          partial-result cache, temporary files.
 * hop      windows of one size end every step; a pane lies wholly in a window or outside. Of each key the panes in the
 *          window are in a queue (pane_queue.h), and each window that has a pane is one row.
 * session  rows of one key that follow each other without a longer gap. A pane is of the gap's length, on the clock, so
 *          that rows of one pane are always in one session; it has the first and the last time of its rows. A session
 *          that would become longer than `length` ends before the pane with which it would.
 * columns  of the input: the other keys in order, the pane's beginning, the states; of sessions then the first and the
 *          last time. Of the output: those of the aggregation that the query asks for.
 * thread   one worker, that which finishes the sort
 */
#ifndef QUERY_PANES_H
#define QUERY_PANES_H

#include "query/plan.h"

struct plan_panes {
    bool session;
    uint32_t window_key;     /* which key of the output is the window: a tuple of its begin and end */
    const struct type *time; /* of these, without Nullable */
    /* hop, each over one column of type time: the last end of a window that is not later; a step later; the size
     * before */
    const struct expression *floor, *next, *back;
    /* session, in ticks of the type */
    int64_t gap;
    int64_t length;
};

/* keys: those of the query, whose columns the node has; aggregates: the query's. */
struct err *plan_panes(struct arena *arena, struct plan *input, const struct plan_panes *panes,
                       const struct expression *const *keys, uint32_t key_count,
                       const struct plan_aggregate *aggregates, uint32_t aggregate_count, struct plan **out);

#endif
