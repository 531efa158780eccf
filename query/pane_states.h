/*
 * pane_states.h: the states of several aggregate functions side by side, and as bytes: what panes of time windows hold.
 *
 * pane     the smallest piece of time of which all windows are made; its states are merged into every window that it
 *          lies in. So a state is merged more than once: merging leaves `from` as it is, through the bytes of states
 *          that hold pointers.
 * order    states are merged in the order of time
 * memory   a state's is the arena's that it was made with; nothing is given back before the arena is
 * thread   a layout is immutable; states belong to one thread at a time
 */
#ifndef QUERY_PANE_STATES_H
#define QUERY_PANE_STATES_H

#include "query/plan.h"

struct pane_states {
    const struct plan_aggregate *aggregates;
    uint32_t count;
    uint32_t *offsets;
    uint32_t stride; /* bytes of all states together; a multiple of 16 */
    bool plain;      /* no state holds pointers */
};

/* The layout lives in the arena, as long as the aggregates do. */
struct err *pane_states_of(struct arena *arena, const struct plan_aggregate *aggregates, uint32_t count,
                           struct pane_states *out);
/* Empty states; NULL: memory is out (arena_error). */
char *pane_states_new(const struct pane_states *layout, struct arena *arena);
/* Adds the states of `from`, which stay as they are. bytes: an arena that is reset. */
struct err *pane_states_merge(const struct pane_states *layout, struct arena *arena, struct arena *bytes, char *into,
                              char *from);
/* Adds the states that are in the columns' rows as bytes: one String column for each aggregate. */
struct err *pane_states_read(const struct pane_states *layout, struct arena *arena, struct arena *scratch, char *into,
                             struct column *const *columns, uint32_t row);
/* Values of `count` groups of states that lie one behind the other: one column for each aggregate. */
struct err *pane_states_finish(const struct pane_states *layout, struct arena *arena, char *states, uint32_t count,
                               struct column **out);

/* The same function, whose results are the bytes of its states: a String. */
struct err *aggregate_as_bytes(struct arena *arena, const struct aggregate *nested, const struct aggregate **out);

#endif
