/*
 * limit_count.c: rows_before_limit_at_least: how many rows came to the LIMITs of a query, at least.
 *
 * which    on each way from the result down to a source the first LIMIT, of the SORT below it what came to that; OFFSET
 *          alone is none, and what subqueries of expressions leave out is no matter of the result
 * how      a stage before the LIMIT's own counts the rows that pass it. Sources stop when a LIMIT has enough, so there
 *          may be more rows; with exact_rows_before_limit it takes all of them, and hands on what is still wanted
 * thread   all workers push; the counts are atomic
 */
#include "query/limit_count.h"

#include <stdatomic.h>

struct counted_limit {
    struct counted_limit *next;
    const struct plan *plan; /* LIMIT, TAIL or SORT */
};

/* A SORT that keeps no more rows than the LIMIT above it wants; or the LIMIT itself. */
static const struct plan *rows_come_to(const struct plan *limit)
{
    const struct plan *below = limit->inputs[0];
    while (below->kind == PLAN_PROJECT) {
        below = below->inputs[0];
    }
    return below->kind == PLAN_SORT && below->limit != UINT64_MAX ? below : limit;
}

struct err *limit_count_find(struct execution *execution, const struct plan *plan)
{
    struct err *err = NULL;
    if ((plan->kind == PLAN_LIMIT || plan->kind == PLAN_TAIL) && plan->limit != UINT64_MAX) {
        struct counted_limit *counted = ARENA_NEW(execution->arena, struct counted_limit);
        if (counted == NULL) {
            return arena_error(execution->arena);
        }
        *counted = (struct counted_limit){.next = execution->counted_limits, .plan = rows_come_to(plan)};
        execution->counted_limits = counted;
        atomic_store(&execution->progress->has_limit, true);
        return NULL;
    }
    for (uint32_t i = 0; i < plan->input_count; i++) {
        OR_DONE(limit_count_find(execution, plan->inputs[i]));
    }
done:
    return err;
}

bool limit_is_counted(const struct execution *execution, const struct plan *plan)
{
    const struct counted_limit *counted = execution->counted_limits;
    while (counted != NULL && counted->plan != plan) {
        counted = counted->next;
    }
    return counted != NULL;
}

struct count_stage {
    atomic_bool enough; /* with exact_rows_before_limit: the LIMIT wants no more */
};

static struct err *count_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct count_stage *count = stage->shared;
    struct err *err = NULL;
    bool enough = false;
    atomic_fetch_add_explicit(&stage->execution->progress->rows_before_limit, chunk->row_count, memory_order_relaxed);
    if (!stage->execution->options->exact_rows_before_limit) {
        return operator_push(stage->next, worker, chunk, stop);
    }
    if (!atomic_load_explicit(&count->enough, memory_order_relaxed)) {
        err = operator_push(stage->next, worker, chunk, &enough);
        if (enough) {
            atomic_store_explicit(&count->enough, true, memory_order_relaxed);
        }
    }
    return err;
}

static struct err *count_finish(struct stage *stage, struct worker *worker)
{
    return stage->next->kind->finish(stage->next, worker);
}

static const struct operator_kind count_kind = {count_push, count_finish};

struct err *operator_limit_count(struct execution *execution, const struct plan *plan, struct stage *next,
                                 struct stage **out)
{
    struct count_stage *count = ARENA_NEW(execution->arena, struct count_stage);
    if (count == NULL) {
        return arena_error(execution->arena);
    }
    atomic_init(&count->enough, false);
    struct err *err = operator_new(execution, &count_kind, plan, next, out);
    if (err == NULL) {
        (*out)->shared = count;
    }
    return err;
}
