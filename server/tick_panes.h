/*
 * tick_panes.h: the panes of one query that is run again and again, as of later and later times (query/pane_window.h).
 *
 * The query is bound at each tick as ever, with rights asked anew. Where it asks for the same as at the tick before,
 * but for the window's ends, the rows that came into its table since then go into the panes, and the aggregation's rows
 * come out of them: the plan is run with these.
 *
 * exact    the answer is that of the SELECT over the table as it is at the tick. Panes hold rows before the window's
 *          end alone; rows behind it wait. Where its begin falls between two panes, finer ones are made.
 * anew     the panes are made of the table's rows, at a moment when nothing changes it, and follow it from there
 *          (storage/tail.h): at first, and after whatever was not just rows that came, after more of these than
 *          a tail keeps, when the time went back
 * rarely   a query that runs less than once a minute is computed as others are, as the tail keeps what came in memory;
 *          and for a minute so is one whose panes were costly to make, and had to be made anew soon
 * given up a query whose other conditions move with the time, too, is computed as others are from then on; one whose
 *          panes take more than its memory, or that fails while they are made or asked, for some minutes
 * memory   of the budget of the query that `bind` makes
 * thread   one at a time
 */
#ifndef SERVER_TICK_PANES_H
#define SERVER_TICK_PANES_H

#include "query/plan.h"
#include "server/inner_query.h"

struct pane_window;
struct tick_panes;

/* Binds the query once more, as it was bound for the tick, into an inner query that is all zero: for the panes, as long
 * as they live. Nothing that it gets from the user may be freed before the panes are. */
typedef struct err *(*tick_panes_bind)(void *user, struct inner_query *inner);

struct tick_panes_options {
    tick_panes_bind bind;
    void *user;
    uint64_t interval_us;               /* between ticks, at the least */
    int64_t step_us;                    /* ticks are at multiples of that; 0: at any time */
    const struct function_marks *marks; /* of the binding for the tick */
    uint32_t threads;                   /* that read the table when the panes are made; 0: as many as there are */
    struct query_progress *progress;
};

struct err *tick_panes_create(struct tick_panes **out);
void tick_panes_destroy(struct tick_panes *panes); /* accepts NULL */
/* Lets go of the panes and of the table, until the next tick. */
void tick_panes_rest(struct tick_panes *panes);

/*
 * A tick: inner was bound for it. *why NULL: its plan has the aggregation's rows from now on. Else it is as it was, and
 * *why says why; static. So it is after an error of the panes, too.
 */
struct err *tick_panes_answer(struct tick_panes *panes, struct inner_query *inner,
                              const struct tick_panes_options *options, const char **why);

/* Takes in what came since the last tick: between ticks that are far apart, as the table's heads would stay in memory
 * until the next one. */
void tick_panes_follow(struct tick_panes *panes, struct query_progress *progress);

/* For EXPLAIN: what could be done for a query that was bound as of a time, and as of another one a second later. */
struct pane_shape {
    const char *why; /* nothing, why */
    int64_t pane_us;
    uint64_t panes;
};
void tick_panes_look(const struct pane_window *window, const struct pane_window *later,
                     const struct query_limits *limits, int64_t step_us, struct pane_shape *out);

#endif
