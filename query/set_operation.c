/*
 * set_operation.c: INTERSECT and EXCEPT, with ALL or DISTINCT.
 *
 * how      the rows of the right input are counted in a hash table; the rows of the left one are looked up in it and go
 *          on or not, in their order
 * files    what memory does not hold: tally.h
 */
#include "query/tally.h"

/* Does a row of the left input go on? count: its group's. */
static bool passes(const struct plan *plan, uint64_t *count)
{
    bool is_there = *count > 0;
    if (plan->kind == PLAN_INTERSECT) {
        *count -= is_there;
        *count = plan->distinct ? 0 : *count;
        return is_there;
    }
    if (plan->distinct) {
        *count = 1;
    } else {
        *count -= is_there;
    }
    return !is_there;
}

static struct err *right_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    (void)stop;
    return tally_count(stage->shared, worker, (const struct column *const *)chunk->columns, chunk->row_count);
}

static struct err *right_finish(struct stage *stage, struct worker *worker)
{
    return tally_counted(stage->shared, worker);
}

static const struct operator_kind right_kind = {right_push, right_finish};

static struct err *left_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    uint32_t count = 0;

    if (positions == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(tally_pass(stage->shared, worker, (const struct column *const *)chunk->columns, chunk, positions, &count));
    if (count == 0) {
        return NULL;
    }
    const struct chunk *kept = count == chunk->row_count ? chunk : chunk_take(worker->scratch, chunk, positions, count);
    if (kept == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(operator_push(stage->next, worker, kept, stop));
done:
    return err;
}

static struct err *left_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = tally_finish(stage->shared, worker);
    return err != NULL ? err : stage->next->kind->finish(stage->next, worker);
}

static const struct operator_kind left_kind = {left_push, left_finish};

struct err *operator_set(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **right,
                         struct stage **left)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct tally *tally = NULL;
    const struct type **types = ARENA_ARRAY(arena, const struct type *, plan->column_count + 1U);

    if (types == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < plan->column_count; i++) {
        types[i] = plan->columns[i].type;
    }
    OR_DONE(operator_new(execution, &right_kind, plan, NULL, right));
    OR_DONE(operator_new(execution, &left_kind, plan, next, left));
    struct tally_options options = {.key_types = types, .key_count = plan->column_count, .verdict = passes};
    OR_DONE(tally_create(*left, &options, &tally));
    (*right)->shared = tally;
    (*left)->shared = tally;
done:
    return err;
}
