/*
 * plan_rewrite.h: a plan that gives the same rows with less work. What a SELECT asks of a subquery or a view reaches the
 * tables below it, so that they are read as if the SELECT named them itself.
 *
 *   conditions go down to where rows come from (plan_push.c), so that scans leave out granules by them;
 *   columns that nothing above asks for are not made, nor read (plan_prune.c).
 *
 * The plan's own columns stay as they are, and so do nodes that others know by their address: an aggregation that keeps
 * totals, grouping sets. Nodes that change are copied into the arena.
 *
 * thread   the binder's
 */
#ifndef QUERY_PLAN_REWRITE_H
#define QUERY_PLAN_REWRITE_H

#include "query/plan.h"

struct err *plan_rewrite(struct arena *arena, struct plan *plan, struct plan **out);

/* Its parts. */
struct err *plan_push(struct arena *arena, struct plan *plan, struct plan **out);
struct err *plan_prune(struct arena *arena, struct plan *plan, struct plan **out);

/* Is it a node that is left alone, with all that is below it? */
bool plan_is_fixed(const struct plan *plan);
/* A copy of the node over these inputs, of which there are as many as before; itself if they are the same. */
struct err *plan_over(struct arena *arena, struct plan *plan, struct plan *const *inputs, struct plan **out);

#endif
