/*
 * pane_tree.h: a sliding window that is asked for again and again: "the last five minutes, every second", by key.
 *
 * pane     the window is the last window_panes panes of pane_ticks each; behind its end there is room for ahead_panes
 *          more, whose rows came before their time. Pane n is the times [n × pane_ticks, (n + 1) × pane_ticks). Every
 *          pane has a state of every aggregate for every key that has rows in it; panes are a ring.
 * tree     over the ring stands a binary tree, whose nodes hold what the panes below them hold together, by key. A row
 *          changes the state of its pane; what stands above it is merged anew when the window is asked for next, once
 *          for all rows that came: log2(panes) merges for each key and each pane that changed, and no more than two times
 *          that for the answer, whatever the window's length. Nothing is ever taken out of a state, so max, quantiles
 *          and distinct values work, and a late row is as any other while its pane is in the window.
 * order    panes are merged in the order of time, rows of a pane as they came
 * keys     get numbers when they first come. Once most of those that are known have no row any more, all are numbered
 *          anew.
 * memory   of the budget: states of keys × panes × 2 at most. After an error (the budget is full) the tree is of no use
 *          but to be destroyed.
 * thread   one at a time
 */
#ifndef QUERY_PANE_TREE_H
#define QUERY_PANE_TREE_H

#include "query/pane_states.h"

struct pane_tree;

struct pane_tree_options {
    const struct type *const *key_types; /* they, and the aggregates, outlive the tree */
    uint32_t key_count;
    const struct plan_aggregate *aggregates; /* arguments are not looked at */
    uint32_t aggregate_count;
    uint32_t window_panes; /* 1 or more; with ahead_panes no more than PANE_TREE_PANES_MAX */
    uint32_t ahead_panes;
    int64_t pane_ticks;
    struct budget *budget; /* or NULL */
};

#define PANE_TREE_PANES_MAX 65536U

struct err *pane_tree_create(const struct pane_tree_options *options, struct pane_tree **out);
void pane_tree_destroy(struct pane_tree *tree); /* accepts NULL */

/* The window ends at `time`, a multiple of pane_ticks (others: at the last one before it). What leaves it is forgotten.
 * Time does not go back: an earlier one changes nothing. */
struct err *pane_tree_advance(struct pane_tree *tree, int64_t time);
int64_t pane_tree_end(const struct pane_tree *tree);

/* Rows that are left out. */
struct pane_tree_left {
    uint64_t late;  /* before the window's begin */
    uint64_t ahead; /* behind the last pane there is room for: the answer lacks them once the window is there */
};
/* Rows: their times in ticks, their keys, and the aggregates' arguments one after the other. Adds to *left. */
struct err *pane_tree_add(struct pane_tree *tree, const int64_t *times, const struct column *const *keys,
                          const struct column *const *arguments, uint32_t row_count, struct pane_tree_left *left);
/* The same of states as bytes that somebody else made of rows of one pane (aggregate_as_bytes): one String column per
 * aggregate. */
struct err *pane_tree_add_states(struct pane_tree *tree, const int64_t *times, const struct column *const *keys,
                                 struct column *const *states, uint32_t row_count, struct pane_tree_left *left);
/* Keys that have a row in the window, and their values: columns, in the arena, of keys, then of aggregates. *out NULL:
 * there are none. */
struct err *pane_tree_result(struct pane_tree *tree, struct arena *arena, struct chunk **out);

/* The same of the rows from `begin` on, a multiple of pane_ticks in the window, or at its end. */
struct err *pane_tree_result_from(struct pane_tree *tree, struct arena *arena, int64_t begin, struct chunk **out);

/* For tests and figures: keys that are numbered, states that were merged so far. */
uint32_t pane_tree_keys(const struct pane_tree *tree);
uint64_t pane_tree_merges(const struct pane_tree *tree);

#endif
