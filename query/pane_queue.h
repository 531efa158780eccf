/*
 * pane_queue.h: the panes of a window that slides over time: panes come at its end, leave at its beginning, and what
 * all of them hold together is known after few merges.
 *
 * how      two stacks. Those that came last are merged into one as they come. Of the older ones each has the merge of
 *          itself and all that came after it; they are made, once for all, when the last of the older ones has left
 *          and the newer ones take their place. A pane is merged three times while it is in the window, however many
 *          panes the window has; nothing is ever taken out of a state.
 * memory   that of the states of the panes that are in the window, twice at most
 * thread   one at a time
 */
#ifndef QUERY_PANE_QUEUE_H
#define QUERY_PANE_QUEUE_H

#include "query/pane_states.h"

struct pane_queue;

/* layout outlives the queue. */
struct err *pane_queue_create(const struct pane_states *layout, struct budget *budget, struct pane_queue **out);
void pane_queue_destroy(struct pane_queue *queue); /* accepts NULL */
void pane_queue_clear(struct pane_queue *queue);
bool pane_queue_is_empty(const struct pane_queue *queue);
/* A pane behind all others (start no earlier than theirs), whose states are in the columns' row: pane_states_read. */
struct err *pane_queue_push(struct pane_queue *queue, struct arena *scratch, int64_t start,
                            struct column *const *columns, uint32_t row);
/* Panes that start before that leave. */
struct err *pane_queue_leave(struct pane_queue *queue, int64_t before);
/* Adds the states of all panes, in order. */
struct err *pane_queue_sum(struct pane_queue *queue, struct arena *arena, char *into);

#endif
