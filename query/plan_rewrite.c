/*
 * plan_rewrite.c: see plan_rewrite.h.
 */
#include "query/plan_rewrite.h"

bool plan_is_fixed(const struct plan *plan)
{
    return plan->kind == PLAN_GROUPING_SETS || plan->kind == PLAN_TOTALS || plan->kind == PLAN_PANES ||
           plan->with_totals;
}

struct err *plan_over(struct arena *arena, struct plan *plan, struct plan *const *inputs, struct plan **out)
{
    bool same = true;
    for (uint32_t i = 0; i < plan->input_count; i++) {
        same = same && inputs[i] == plan->inputs[i];
    }
    *out = plan;
    if (same) {
        return NULL;
    }
    *out = ARENA_NEW(arena, struct plan);
    if (*out == NULL) {
        return arena_error(arena);
    }
    **out = *plan;
    (*out)->inputs = inputs;
    return NULL;
}

struct err *plan_rewrite(struct arena *arena, struct plan *plan, struct plan **out)
{
    struct err *err = plan_push(arena, plan, &plan);
    return err == NULL ? plan_prune(arena, plan, out) : err;
}
