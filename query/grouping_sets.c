/*
 * grouping_sets.c: ROLLUP, CUBE and GROUPING SETS: one input, several aggregations of it; rows of totals.
 *
 * flow     every chunk of the input is pushed into the aggregation of each set; a projection behind each puts its keys
 *          in their places, and defaults where the set has none; the results follow one another
 * totals   an aggregation keeps the states' sum of the groups that it let through (aggregate_operator.c); PLAN_TOTALS
 *          gives that row once the plan has been run
 * thread   push: all workers, as the aggregations allow it; finish: one
 */
#include "query/pipeline.h"

/* --- plans ------------------------------------------------------------------------------------------------------- */

struct branch {
    const struct expression **expressions;
    struct slice *names;
    uint32_t count;
};

static void branch_add(struct branch *branch, const struct expression *expression, const char *name)
{
    branch->expressions[branch->count] = expression;
    branch->names[branch->count++] = slice_text(name);
}

static struct err *constant_word(struct arena *arena, enum type_kind kind, uint64_t word, const struct expression **out)
{
    const struct column *constant = column_const(arena, type_simple(kind), &word, 1);
    return constant == NULL ? arena_error(arena) : expression_constant(arena, constant, out);
}

/* The columns of the node, out of those of an aggregation by the keys in `set`. */
static struct err *branch_project(struct arena *arena, struct plan *aggregation, uint64_t set, uint32_t set_keys,
                                  const struct expression *const *keys, uint32_t key_count,
                                  const struct plan_aggregate *aggregates, uint32_t aggregate_count,
                                  const uint64_t *constants, uint32_t constant_count, struct plan **out)
{
    struct err *err = NULL;
    uint32_t count = key_count + constant_count + aggregate_count;
    struct branch branch = {.expressions = ARENA_ARRAY(arena, const struct expression *, count + 1U),
                            .names = ARENA_ARRAY(arena, struct slice, count + 1U)};
    const struct expression *expression = NULL;
    uint32_t at = 0;
    if (branch.expressions == NULL || branch.names == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < key_count; k++) {
        if ((set >> k & 1) != 0) {
            OR_DONE(expression_column(arena, at++, keys[k]->type, &expression));
        } else {
            const struct column *blank = column_default(arena, keys[k]->type, 1);
            if (blank == NULL) {
                return arena_error(arena);
            }
            OR_DONE(expression_constant(arena, blank, &expression));
        }
        branch_add(&branch, expression, "key");
    }
    for (uint32_t i = 0; i < constant_count; i++) {
        OR_DONE(constant_word(arena, TYPE_UINT64, constants[i], &expression));
        branch_add(&branch, expression, "grouping");
    }
    for (uint32_t a = 0; a < aggregate_count; a++) {
        OR_DONE(expression_column(arena, set_keys + a, aggregates[a].aggregate->type, &expression));
        branch_add(&branch, expression, aggregates[a].aggregate->name);
    }
    OR_DONE(plan_project(arena, aggregation, branch.expressions, branch.names, count, out));
done:
    return err;
}

struct err *plan_grouping_sets(struct arena *arena, struct plan *input, const struct expression *const *keys,
                               uint32_t key_count, const struct plan_aggregate *aggregates, uint32_t aggregate_count,
                               const struct grouping_sets *sets, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct plan **branches = ARENA_ARRAY(arena, struct plan *, sets->set_count + 1U);
    const struct expression **some = ARENA_ARRAY(arena, const struct expression *, key_count + 1U);
    struct plan *aggregation = NULL;

    if (branches == NULL || some == NULL) {
        return arena_error(arena);
    }
    ASSERT(key_count <= 64 && sets->set_count > 0);
    OR_DONE(plan_new(arena, PLAN_GROUPING_SETS, input, &plan));
    for (uint32_t s = 0; s < sets->set_count; s++) {
        uint32_t count = 0;
        for (uint32_t k = 0; k < key_count; k++) {
            if ((sets->sets[s] >> k & 1) != 0) {
                some[count++] = keys[k];
            }
        }
        if (count == 0 && sets->is_rollup) {
            OR_DONE(constant_word(arena, TYPE_UINT8, 1, &some[count++]));
        }
        OR_DONE(plan_aggregate(arena, input, some, count, aggregates, aggregate_count, &aggregation));
        OR_DONE(branch_project(arena, aggregation, sets->sets[s], count, keys, key_count, aggregates, aggregate_count,
                               sets->constants + (size_t)s * sets->constant_count, sets->constant_count, &branches[s]));
    }
    if (sets->with_totals) {
        OR_DONE(plan_aggregate(arena, input, keys, 0, aggregates, aggregate_count, &aggregation));
        aggregation->with_totals = true;
        plan->totals_of = aggregation;
        OR_DONE(plan_totals(arena, aggregation, &aggregation));
        uint64_t *zeros = arena_zalloc(arena, (sets->constant_count + 1U) * sizeof(*zeros));
        if (zeros == NULL) {
            return arena_error(arena);
        }
        OR_DONE(branch_project(arena, aggregation, 0, 0, keys, key_count, aggregates, aggregate_count, zeros,
                               sets->constant_count, &plan->totals));
    }
    plan->branches = branches;
    plan->branch_count = sets->set_count;
    plan->columns = branches[0]->columns;
    plan->column_count = branches[0]->column_count;
    plan->expressions = keys;
    plan->expression_count = key_count;
    plan->aggregates = aggregates;
    plan->aggregate_count = aggregate_count;
    *out = plan;
done:
    return err;
}

struct err *plan_totals(struct arena *arena, const struct plan *aggregation, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    if (aggregation->kind == PLAN_GROUPING_SETS) {
        *out = aggregation->totals;
        return NULL;
    }
    OR_DONE(plan_new(arena, PLAN_TOTALS, NULL, &plan));
    plan->totals_of = aggregation;
    plan->columns = aggregation->columns;
    plan->column_count = aggregation->column_count;
    *out = plan;
done:
    return err;
}

struct err *totals_keep(struct execution *execution, const struct plan *aggregation, const struct chunk *row)
{
    struct totals *totals = ARENA_NEW(execution->arena, struct totals);
    if (totals == NULL) {
        return arena_error(execution->arena);
    }
    totals->of = aggregation;
    totals->row = chunk_copy(execution->arena, row);
    totals->next = execution->totals;
    execution->totals = totals;
    return totals->row == NULL ? arena_error(execution->arena) : NULL;
}

/* --- the operator ------------------------------------------------------------------------------------------------ */

struct fork {
    struct stage **branches;
    uint32_t count;
};

/* Behind every branch: what follows is finished once, by the fork. */
static struct err *join_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    return operator_push(stage->next, worker, chunk, stop);
}

static struct err *drop_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    (void)stage, (void)worker, (void)chunk, (void)stop;
    return NULL;
}

static struct err *no_finish(struct stage *stage, struct worker *worker)
{
    (void)stage, (void)worker;
    return NULL;
}

static struct err *fork_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    const struct fork *fork = stage->shared;
    (void)stop; /* an aggregation wants all rows */
    for (uint32_t i = 0; i < fork->count; i++) {
        bool ignored = false;
        OR_DONE(operator_push(fork->branches[i], worker, chunk, &ignored));
    }
done:
    return err;
}

static struct err *fork_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    const struct fork *fork = stage->shared;
    for (uint32_t i = 0; i < fork->count; i++) {
        OR_DONE(fork->branches[i]->kind->finish(fork->branches[i], worker));
    }
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind join_kind = {join_push, no_finish};
static const struct operator_kind drop_kind = {drop_push, no_finish};
static const struct operator_kind fork_kind = {fork_push, fork_finish};

struct err *operator_grouping_sets(struct execution *execution, const struct plan *plan, struct stage *next,
                                   struct stage **out)
{
    struct err *err = NULL;
    struct fork *fork = ARENA_NEW(execution->arena, struct fork);
    struct stage *end = NULL;
    if (fork == NULL) {
        return arena_error(execution->arena);
    }
    fork->branches = ARENA_ARRAY(execution->arena, struct stage *, plan->branch_count + 1U);
    if (fork->branches == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(operator_new(execution, &join_kind, plan, next, &end));
    for (uint32_t i = 0; i < plan->branch_count; i++) {
        struct stage *project = NULL;
        OR_DONE(operator_project(execution, plan->branches[i], end, &project));
        OR_DONE(operator_aggregate(execution, plan->branches[i]->inputs[0], project, &fork->branches[fork->count++]));
    }
    if (plan->totals_of != NULL) {
        OR_DONE(operator_new(execution, &drop_kind, plan, NULL, &end));
        OR_DONE(operator_aggregate(execution, plan->totals_of, end, &fork->branches[fork->count++]));
    }
    OR_DONE(operator_new(execution, &fork_kind, plan, next, out));
    (*out)->shared = fork;
done:
    return err;
}
