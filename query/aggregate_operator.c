/*
 * aggregate_operator.c: GROUP BY: every worker has its own groups and states; finish merges them and sends them on.
 *
 * state    per group the states of all aggregates side by side, stride bytes; the array doubles
 * merge    the other workers' groups are found in (or added to) the first worker's table, then states are merged
 * thread   push: each worker on its own state; finish: one worker
 */
#include "query/pipeline.h"

#define ROWS_OUT 8192U

struct grouping {
    struct program *program; /* keys, then all arguments */
    uint32_t expression_count;
    const struct type **key_types;
    uint32_t stride;
    uint32_t *offsets; /* of each aggregate's state */
};

struct groups {
    struct evaluator *evaluator;
    struct group_table *table; /* NULL: no keys */
    char *states;
    uint32_t capacity; /* groups that states has room for */
};

static struct err *groups_new(struct stage *stage, struct worker *worker, struct groups **out)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct groups *groups = ARENA_NEW(worker->arena, struct groups);
    if (groups == NULL) {
        return arena_error(worker->arena);
    }
    OR_DONE(evaluator_create(worker->arena, grouping->program, &groups->evaluator));
    if (stage->plan->expression_count > 0) {
        OR_DONE(group_table_create(worker->arena, grouping->key_types, stage->plan->expression_count, &groups->table));
    }
    *out = groups;
done:
    return err;
}

static struct err *states_grow(const struct grouping *grouping, struct arena *arena, struct groups *groups,
                               uint32_t count)
{
    if (count <= groups->capacity) {
        return NULL;
    }
    uint64_t capacity = groups->capacity == 0 ? (count == 1 ? 1 : 64) : groups->capacity;
    while (capacity < count) {
        capacity *= 2;
    }
    char *states = arena_alloc_aligned(arena, capacity * grouping->stride + 1, 64);
    if (states == NULL) {
        return arena_error(arena);
    }
    size_t used = (size_t)groups->capacity * grouping->stride;
    if (used > 0) {
        memcpy(states, groups->states, used);
    }
    memset(states + used, 0, capacity * grouping->stride - used);
    groups->states = states;
    groups->capacity = (uint32_t)capacity;
    return NULL;
}

static struct err *aggregate_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    (void)stop;
    const struct grouping *grouping = stage->shared;
    const struct plan *plan = stage->plan;
    struct groups *groups = stage->state[worker->index];
    struct arena *scratch = worker->scratch;
    struct column **values = ARENA_ARRAY(scratch, struct column *, grouping->expression_count + 1U);
    uint32_t *numbers = NULL;
    uint32_t first = 0;

    if (values == NULL) {
        return arena_error(scratch);
    }
    if (groups == NULL) {
        OR_DONE(groups_new(stage, worker, &groups));
        stage->state[worker->index] = groups;
    }
    OR_DONE(evaluator_run(groups->evaluator, scratch, (const struct column *const *)chunk->columns, chunk->row_count,
                          values));
    if (groups->table != NULL) {
        bool single;
        numbers = ARENA_ARRAY(scratch, uint32_t, chunk->row_count);
        if (numbers == NULL) {
            return arena_error(scratch);
        }
        OR_DONE(group_table_find(groups->table, scratch, (const struct column *const *)values, chunk->row_count,
                                 numbers, &single));
        OR_DONE(states_grow(grouping, worker->arena, groups, group_table_count(groups->table)));
        if (!single) {
            single = true;
            for (uint32_t i = 1; single && i < chunk->row_count; i++) {
                single = numbers[i] == numbers[0];
            }
        }
        if (single) {
            first = numbers[0];
            numbers = NULL;
        }
    } else {
        OR_DONE(states_grow(grouping, worker->arena, groups, 1));
    }
    char *states = groups->states + (size_t)first * grouping->stride;
    uint32_t argument = plan->expression_count;
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        const struct aggregate *aggregate = plan->aggregates[a].aggregate;
        OR_DONE(aggregate->add(aggregate, worker->arena, scratch, states + grouping->offsets[a], grouping->stride,
                               numbers, (const struct column *const *)values + argument, chunk->row_count));
        argument += aggregate->argument_count;
    }
done:
    return err;
}

static struct err *merge_states(struct stage *stage, struct worker *worker, char *into, char *from)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
        const struct aggregate *aggregate = stage->plan->aggregates[a].aggregate;
        OR_DONE(aggregate->merge(aggregate, worker->arena, into + grouping->offsets[a], from + grouping->offsets[a]));
    }
done:
    return err;
}

static struct err *merge_groups(struct stage *stage, struct worker *worker, struct groups *into, struct groups *from)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    if (from->table == NULL) {
        return merge_states(stage, worker, into->states, from->states);
    }
    uint32_t count = group_table_count(from->table);
    uint32_t *map = ARENA_ARRAY(worker->scratch, uint32_t, count + 1U);
    if (map == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(group_table_merge(into->table, worker->scratch, from->table, map));
    OR_DONE(states_grow(grouping, worker->arena, into, group_table_count(into->table)));
    for (uint32_t g = 0; g < count; g++) {
        if (g % 65536 == 65535) {
            OR_DONE(execution_check(stage->execution));
        }
        OR_DONE(merge_states(stage, worker, into->states + (size_t)map[g] * grouping->stride,
                             from->states + (size_t)g * grouping->stride));
    }
done:
    return err;
}

static struct err *aggregate_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    const struct plan *plan = stage->plan;
    struct groups *all = NULL;
    bool stop = false;

    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        struct groups *groups = stage->state[w];
        if (groups == NULL) {
            continue;
        }
        /* the largest takes in the others */
        if (all == NULL) {
            all = groups;
        } else if (all->table != NULL && group_table_count(groups->table) > group_table_count(all->table)) {
            all = groups;
        }
    }
    for (uint32_t w = 0; all != NULL && w < WORKERS_MAX; w++) {
        if (stage->state[w] != NULL && stage->state[w] != all) {
            OR_DONE(merge_groups(stage, worker, all, stage->state[w]));
        }
    }
    if (all == NULL) {
        OR_DONE(groups_new(stage, worker, &all));
    }
    uint32_t count = all->table == NULL ? 1 : group_table_count(all->table);
    OR_DONE(states_grow(grouping, worker->arena, all, count));
    arena_reset(worker->scratch);
    for (uint32_t begin = 0; begin < count && !stop; begin += ROWS_OUT) {
        uint32_t end = count - begin < ROWS_OUT ? count : begin + ROWS_OUT;
        struct chunk *chunk = chunk_new(worker->scratch, plan->column_count, end - begin);
        if (chunk == NULL) {
            return arena_error(worker->scratch);
        }
        OR_DONE(execution_check(stage->execution));
        for (uint32_t k = 0; k < plan->expression_count; k++) {
            OR_DONE(group_table_key(all->table, worker->scratch, k, begin, end, &chunk->columns[k]));
        }
        for (uint32_t a = 0; a < plan->aggregate_count; a++) {
            const struct aggregate *aggregate = plan->aggregates[a].aggregate;
            struct column *column = column_new(worker->scratch, aggregate->type, end - begin);
            if (column == NULL) {
                return arena_error(worker->scratch);
            }
            OR_DONE(aggregate->finish(aggregate, worker->scratch,
                                      all->states + (size_t)begin * grouping->stride + grouping->offsets[a],
                                      grouping->stride, end - begin, column));
            chunk->columns[plan->expression_count + a] = column;
        }
        OR_DONE(operator_push(stage->next, worker, chunk, &stop));
        arena_reset(worker->scratch);
    }
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind aggregate_kind = {aggregate_push, aggregate_finish};

struct err *operator_aggregate(struct execution *execution, const struct plan *plan, struct stage *next,
                               struct stage **out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct grouping *grouping = ARENA_NEW(arena, struct grouping);
    uint32_t count = plan->expression_count;
    if (grouping == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        count += plan->aggregates[a].aggregate->argument_count;
    }
    const struct expression **expressions = ARENA_ARRAY(arena, const struct expression *, count + 1U);
    grouping->key_types = ARENA_ARRAY(arena, const struct type *, plan->expression_count + 1U);
    grouping->offsets = ARENA_ARRAY(arena, uint32_t, plan->aggregate_count + 1U);
    if (expressions == NULL || grouping->key_types == NULL || grouping->offsets == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t k = 0; k < plan->expression_count; k++) {
        expressions[at++] = plan->expressions[k];
        grouping->key_types[k] = plan->expressions[k]->type;
    }
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        const struct aggregate *aggregate = plan->aggregates[a].aggregate;
        grouping->offsets[a] = grouping->stride;
        grouping->stride += aggregate->state_bytes;
        for (uint32_t i = 0; i < aggregate->argument_count; i++) {
            expressions[at++] = plan->aggregates[a].arguments[i];
        }
    }
    grouping->expression_count = count;
    OR_DONE(operator_new(execution, &aggregate_kind, plan, next, out));
    OR_DONE(program_compile(arena, expressions, count, &grouping->program));
    (*out)->shared = grouping;
done:
    return err;
}
