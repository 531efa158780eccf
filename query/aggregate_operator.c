/*
 * aggregate_operator.c: GROUP BY: every worker has its own groups and states; finish merges them and sends them on.
 *
 * runs     where the rows of a chunk come in long runs of equal keys, a run is added at once
 * merge    few groups: the others' are found in (or added to) the largest table, then states are merged. Many: in
 *          parts, by all workers at once (aggregate_parts.c)
 * files    groups that take too much memory go to files and are merged at the end: aggregate_external.c
 * totals   the states of all groups that HAVING lets through, merged once their rows are out
 * thread   push: each worker on its own state; finish: one worker, or all while there are parts to merge
 */
#include "query/grouping.h"

#define RUN_ROWS_MIN 64U /* rows of a run of equal keys, in the mean, from which runs are added one by one */

struct err *groups_new(struct stage *stage, struct arena *arena, struct evaluator *evaluator, struct groups **out)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct groups *groups = ARENA_NEW(arena, struct groups);
    if (groups == NULL) {
        return arena_error(arena);
    }
    groups->arena = arena;
    groups->evaluator = evaluator;
    if (evaluator == NULL) {
        OR_DONE(evaluator_create(arena, grouping->program, &groups->evaluator));
    }
    if (stage->plan->expression_count > 0) {
        OR_DONE(group_table_create(arena, grouping->key_types, stage->plan->expression_count, &groups->table));
    }
    *out = groups;
done:
    return err;
}

static void cleanup_groups(void *object)
{
    arena_destroy(((struct groups *)object)->table_arena);
    arena_destroy(((struct groups *)object)->arena);
}

struct err *groups_of_worker(struct stage *stage, struct worker *worker, struct groups **out)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    const struct query_limits *limits = &stage->execution->options->limits;
    struct groups *groups = stage->state[worker->index];
    if (groups == NULL) {
        groups = ARENA_NEW(worker->arena, struct groups);
        if (groups == NULL || !arena_on_destroy(worker->arena, cleanup_groups, groups)) {
            return arena_error(worker->arena);
        }
        groups->may_spill = stage->plan->expression_count > 0 &&
                            (limits->max_rows_to_group_by == 0 || limits->group_by_overflow_mode == OVERFLOW_THROW);
        groups->arena = arena_create(stage->execution->options->budget);
        if (groups->arena == NULL) {
            return err_oom();
        }
        OR_DONE(evaluator_create(worker->arena, grouping->program, &groups->evaluator));
        if (stage->plan->expression_count > 0) {
            OR_DONE(
                group_table_create(groups->arena, grouping->key_types, stage->plan->expression_count, &groups->table));
        }
        stage->state[worker->index] = groups;
    }
    *out = groups;
done:
    return err;
}

uint32_t groups_count(const struct groups *groups)
{
    return groups->table == NULL ? groups->capacity
           : groups->kept != 0   ? groups->kept
                                 : group_table_count(groups->table);
}

bool groups_are_none(const struct groups *groups)
{
    return groups_count(groups) == 0 && groups->batches == NULL;
}

struct err *groups_grow(const struct grouping *grouping, struct groups *groups, uint32_t count)
{
    if (count <= groups->capacity) {
        return NULL;
    }
    uint64_t capacity = groups->capacity == 0 ? (count == 1 ? 1 : 64) : groups->capacity;
    while (capacity < count) {
        capacity *= 2;
    }
    size_t used = (size_t)groups->capacity * grouping->stride;
    char *states = arena_grow(groups->arena, groups->states, used, used + 1, capacity * grouping->stride + 1);
    if (states == NULL) {
        return arena_error(groups->arena);
    }
    groups->states = states;
    groups->capacity = (uint32_t)capacity;
    return interrupt_zero(states + used, capacity * grouping->stride - used);
}

/* Rows [0, row_count) of the arguments into their groups' states. groups NULL: all into `first`. */
static struct err *states_add(struct stage *stage, struct worker *worker, struct groups *groups, uint32_t first,
                              const uint32_t *numbers, const struct column *const *arguments, uint32_t row_count)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    char *states = groups->states + (size_t)first * grouping->stride;
    for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
        const struct aggregate *aggregate = stage->plan->aggregates[a].aggregate;
        if (!grouping->follows[a]) {
            OR_DONE(aggregate->add(aggregate, groups->arena, worker->scratch, states + grouping->offsets[a],
                                   grouping->stride, numbers, arguments, row_count));
        }
        arguments += aggregate->argument_count;
    }
done:
    return err;
}

/* Rows come in runs: each run's group is looked up once. *done false: they do not. */
static struct err *push_runs(struct stage *stage, struct worker *worker, struct groups *groups,
                             const struct column *const *values, uint32_t row_count, bool *done)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct arena *scratch = worker->scratch;
    uint32_t key_count = stage->plan->expression_count;
    uint32_t argument_count = grouping->expression_count - key_count;
    uint32_t runs_max = row_count / RUN_ROWS_MIN;
    uint32_t run_count;
    bool single;
    uint32_t *begins = ARENA_ARRAY(scratch, uint32_t, runs_max + 1U);
    *done = false;
    if (begins == NULL) {
        return arena_error(scratch);
    }
    if (runs_max == 0 || !key_runs(values, key_count, row_count, begins, runs_max, &run_count)) {
        return NULL;
    }
    const struct column **keys = ARENA_ARRAY(scratch, const struct column *, key_count);
    const struct column **parts = ARENA_ARRAY(scratch, const struct column *, argument_count + 1U);
    uint32_t *numbers = ARENA_ARRAY(scratch, uint32_t, run_count);
    if (keys == NULL || parts == NULL || numbers == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t k = 0; k < key_count; k++) {
        keys[k] = column_take(scratch, values[k], begins, run_count);
        if (keys[k] == NULL) {
            return arena_error(scratch);
        }
    }
    OR_DONE(group_table_find(groups->table, scratch, keys, run_count, numbers, &single));
    OR_DONE(groups_grow(grouping, groups, group_table_count(groups->table)));
    begins[run_count] = row_count;
    for (uint32_t r = 0; r < run_count; r++) {
        for (uint32_t a = 0; a < argument_count; a++) {
            const struct column *argument = values[key_count + a];
            parts[a] = run_count == 1 ? argument : column_part(scratch, argument, begins[r], begins[r + 1]);
            if (parts[a] == NULL) {
                return arena_error(scratch);
            }
        }
        OR_DONE(states_add(stage, worker, groups, numbers[single ? 0 : r], NULL, parts, begins[r + 1] - begins[r]));
    }
    *done = true;
done:
    return err;
}

static struct err *aggregate_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    uint32_t key_count = stage->plan->expression_count;
    struct groups *groups = NULL;
    struct arena *scratch = worker->scratch;
    struct column **made = ARENA_ARRAY(scratch, struct column *, grouping->expression_count + 1U);
    uint32_t *numbers = ARENA_ARRAY(scratch, uint32_t, chunk->row_count);
    bool single, done;

    if (made == NULL || numbers == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(groups_of_worker(stage, worker, &groups));
    OR_DONE(evaluator_run(groups->evaluator, scratch, (const struct column *const *)chunk->columns, chunk->row_count,
                          made));
    const struct column *const *values = (const struct column *const *)made;
    if (groups->table == NULL) {
        OR_DONE(groups_grow(grouping, groups, 1));
        return states_add(stage, worker, groups, 0, NULL, values, chunk->row_count);
    }
    bool limited = stage->execution->options->limits.max_rows_to_group_by != 0;
    done = false;
    if (!limited) {
        OR_DONE(push_runs(stage, worker, groups, values, chunk->row_count, &done));
    }
    if (!done) {
        uint32_t row_count = chunk->row_count;
        OR_DONE(group_table_find(groups->table, scratch, values, row_count, numbers, &single));
        if (limited) {
            OR_DONE(groups_limit(stage, worker, groups, &values, numbers, single, &row_count, stop));
        }
        if (row_count > 0) {
            OR_DONE(groups_grow(grouping, groups, groups_count(groups)));
            OR_DONE(states_add(stage, worker, groups, single ? numbers[0] : 0, single ? NULL : numbers,
                               values + key_count, row_count));
        }
    }
    OR_DONE(groups_put_away(stage, groups, chunk->row_count));
    OR_DONE(groups_spill_when_full(stage, worker, groups));
done:
    return err;
}

/* For tests (query_stress): states go through their bytes when they are merged and before they are finished. */
static struct err *merge_states_bytes(struct stage *stage, struct arena *arena, char *into, char *from)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
        const struct aggregate *aggregate = stage->plan->aggregates[a].aggregate;
        if (!grouping->follows[a]) {
            OR_DONE(aggregate_merge_bytes(aggregate, arena, into + grouping->offsets[a], from + grouping->offsets[a]));
        }
    }
done:
    return err;
}

static struct err *restore_states(struct stage *stage, struct arena *arena, char *states, uint32_t count)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    char *restored = arena_alloc_aligned(arena, grouping->stride + 1U, 64);
    if (restored == NULL) {
        return arena_error(arena);
    }
    for (uint32_t g = 0; grouping->through_bytes && g < count; g++) {
        char *state = states + (size_t)g * grouping->stride;
        memset(restored, 0, grouping->stride);
        OR_DONE(merge_states_bytes(stage, arena, restored, state));
        memcpy(state, restored, grouping->stride);
    }
done:
    return err;
}

struct err *groups_merge_states(struct stage *stage, struct arena *arena, char *into, char *from)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    if (grouping->through_bytes) {
        return merge_states_bytes(stage, arena, into, from);
    }
    for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
        const struct aggregate *aggregate = stage->plan->aggregates[a].aggregate;
        if (!grouping->follows[a]) {
            OR_DONE(aggregate->merge(aggregate, arena, into + grouping->offsets[a], from + grouping->offsets[a]));
        }
    }
done:
    return err;
}

struct err *groups_merge(struct stage *stage, struct worker *worker, struct groups *into, struct groups *from)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    if (from->table == NULL) {
        return groups_merge_states(stage, into->arena, into->states, from->states);
    }
    uint32_t count = group_table_count(from->table);
    uint32_t *map = ARENA_ARRAY(worker->scratch, uint32_t, count + 1U);
    if (map == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(group_table_merge(into->table, worker->scratch, from->table, map));
    OR_DONE(groups_grow(grouping, into, group_table_count(into->table)));
    for (uint32_t g = 0; g < count; g++) {
        if (g % MERGED_STATES == 0) {
            OR_DONE(interrupt_check());
        }
        OR_DONE(groups_merge_states(stage, into->arena, into->states + (size_t)map[g] * grouping->stride,
                                    from->states + (size_t)g * grouping->stride));
    }
done:
    return err;
}

/* Rows of groups [begin, end). */
static struct err *groups_chunk(struct stage *stage, struct arena *arena, const struct groups *groups, uint32_t begin,
                                uint32_t end, struct chunk **out)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    const struct plan *plan = stage->plan;
    struct chunk *chunk = chunk_new(arena, plan->column_count, end - begin);
    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < plan->expression_count; k++) {
        if (groups->table == NULL) { /* of totals */
            chunk->columns[k] = column_default(arena, grouping->key_types[k], end - begin);
            if (chunk->columns[k] == NULL) {
                return arena_error(arena);
            }
        } else {
            OR_DONE(group_table_key(groups->table, arena, k, begin, end, &chunk->columns[k]));
        }
    }
    OR_DONE(restore_states(stage, arena, groups->states + (size_t)begin * grouping->stride, end - begin));
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        const struct aggregate *aggregate = plan->aggregates[a].aggregate;
        struct column *column = column_new(arena, aggregate->type, end - begin);
        if (column == NULL) {
            return arena_error(arena);
        }
        OR_DONE(aggregate->finish(aggregate, arena,
                                  groups->states + (size_t)begin * grouping->stride + grouping->offsets[a],
                                  grouping->stride, end - begin, column));
        chunk->columns[plan->expression_count + a] = column;
    }
    *out = chunk;
done:
    return err;
}

struct err *groups_emit(struct stage *stage, struct worker *worker, const struct groups *groups, bool *stop)
{
    struct err *err = NULL;
    struct chunk *chunk = NULL;
    uint32_t count = groups->table == NULL ? 1 : group_table_count(groups->table);
    OR_DONE(groups_limit_emitted(stage, count));
    for (uint32_t begin = 0; begin < count && !*stop; begin += ROWS_OUT) {
        uint32_t end = count - begin < ROWS_OUT ? count : begin + ROWS_OUT;
        OR_DONE(execution_check(stage->execution));
        OR_DONE(groups_chunk(stage, worker->scratch, groups, begin, end, &chunk));
        OR_DONE(operator_push(stage->next, worker, chunk, stop));
        arena_reset(worker->scratch);
    }
done:
    return err;
}

/* --- totals ------------------------------------------------------------------------------------------------------ */

/* HAVING with totals: rows [0, *count) of positions, and the chunk of them. */
static struct err *having_rows(struct stage *stage, struct worker *worker, struct chunk **chunk, uint32_t *positions,
                               uint32_t *count)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct evaluator *evaluator = NULL;
    struct column *condition = NULL;
    uint32_t row_count = (*chunk)->row_count;
    OR_DONE(evaluator_create(worker->scratch, grouping->having, &evaluator));
    OR_DONE(evaluator_run(evaluator, worker->scratch, (const struct column *const *)(*chunk)->columns, row_count,
                          &condition));
    OR_DONE(positions_of(worker->scratch, condition, row_count, positions, count));
    *chunk = chunk_take(worker->scratch, *chunk, positions, *count);
    if (*chunk == NULL) {
        err = arena_error(worker->scratch);
    }
done:
    return err;
}

struct err *groups_emit_with_totals(struct stage *stage, struct worker *worker, struct groups *all,
                                    struct groups *totals, bool *stop)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct chunk *chunk = NULL;
    uint32_t count = all->table == NULL ? 1 : group_table_count(all->table);
    OR_DONE(groups_grow(grouping, totals, 1));
    OR_DONE(groups_limit_emitted(stage, count));
    for (uint32_t begin = 0; begin < count; begin += ROWS_OUT) {
        uint32_t end = count - begin < ROWS_OUT ? count : begin + ROWS_OUT;
        uint32_t kept = end - begin;
        uint32_t *positions = NULL;
        OR_DONE(execution_check(stage->execution));
        OR_DONE(groups_chunk(stage, worker->scratch, all, begin, end, &chunk));
        if (grouping->having != NULL) {
            positions = ARENA_ARRAY(worker->scratch, uint32_t, kept);
            if (positions == NULL) {
                return arena_error(worker->scratch);
            }
            OR_DONE(having_rows(stage, worker, &chunk, positions, &kept));
        }
        if (!*stop) {
            OR_DONE(operator_push(stage->next, worker, chunk, stop));
        }
        for (uint32_t i = 0; i < kept; i++) {
            uint32_t g = begin + (positions == NULL ? i : positions[i]);
            OR_DONE(
                groups_merge_states(stage, totals->arena, totals->states, all->states + (size_t)g * grouping->stride));
        }
        arena_reset(worker->scratch);
    }
done:
    return err;
}

/* --- the end ----------------------------------------------------------------------------------------------------- */

static struct err *aggregate_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct groups *all = NULL;
    struct groups totals = {.arena = worker->arena};
    struct chunk *chunk = NULL;
    uint64_t bytes = 0;
    uint32_t sources = 0;
    bool done, stop = false;

    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        struct groups *groups = stage->state[w];
        if (groups == NULL || groups_are_none(groups)) {
            continue;
        }
        if (groups->kept != 0) {
            OR_DONE(groups_forget(stage, groups));
        }
        sources++;
        bytes += groups->table == NULL ? 0 : arena_bytes(groups->arena);
        /* the largest takes in the others */
        if (all == NULL || (all->table != NULL && group_table_count(groups->table) > group_table_count(all->table))) {
            all = groups;
        }
    }
    if (group_files_any(grouping->files) ||
        (sources > 1 && bytes > 0 && execution_is_tight(stage->execution, bytes / 2))) {
        for (uint32_t w = 0; w < WORKERS_MAX; w++) {
            struct groups *groups = stage->state[w];
            if (groups != NULL && !groups_are_none(groups)) {
                OR_DONE(groups_spill(stage, &stage->execution->workers[w], groups));
            }
        }
        OR_DONE(groups_grow(grouping, &totals, 1));
        OR_DONE(group_files_emit(stage, worker, stage->plan->with_totals ? &totals : NULL));
        goto totals;
    }
    OR_DONE(groups_finish_in_parts(stage, &done));
    if (done) {
        return stage->next->kind->finish(stage->next, worker);
    }
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        struct groups *groups = stage->state[w];
        if (groups != NULL && groups != all && groups_count(groups) > 0) {
            OR_DONE(groups_merge(stage, worker, all, groups));
        }
    }
    if (all == NULL) {
        OR_DONE(groups_new(stage, worker->arena, NULL, &all));
    }
    OR_DONE(groups_grow(grouping, all, all->table == NULL ? 1 : group_table_count(all->table)));
    arena_reset(worker->scratch);
    if (stage->plan->with_totals) {
        OR_DONE(groups_emit_with_totals(stage, worker, all, &totals, &stop));
    } else {
        OR_DONE(groups_emit(stage, worker, all, &stop));
    }
totals:
    if (stage->plan->with_totals) {
        OR_DONE(groups_chunk(stage, worker->scratch, &totals, 0, 1, &chunk));
        OR_DONE(totals_keep(stage->execution, stage->plan, chunk));
    }
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind aggregate_kind = {aggregate_push, aggregate_finish};

/* The first aggregate whose state is that of aggregate a: quantile(0.5)(x) and quantile(0.9)(x) gather the same. */
static uint32_t state_leader(const struct plan *plan, uint32_t a)
{
    const struct plan_aggregate *own = &plan->aggregates[a];
    for (uint32_t b = 0; b < a && own->aggregate->same_state != NULL; b++) {
        const struct plan_aggregate *other = &plan->aggregates[b];
        bool same = other->aggregate->add == own->aggregate->add &&
                    other->aggregate->argument_count == own->aggregate->argument_count &&
                    own->aggregate->same_state(own->aggregate, other->aggregate);
        for (uint32_t i = 0; same && i < own->aggregate->argument_count; i++) {
            same = expression_equal(own->arguments[i], other->arguments[i]) &&
                   type_equal(own->arguments[i]->type, other->arguments[i]->type);
        }
        if (same) {
            return b;
        }
    }
    return a;
}

struct err *operator_aggregate(struct execution *execution, const struct plan *plan, struct stage *next,
                               struct stage **out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct grouping *grouping = ARENA_NEW(arena, struct grouping);
    uint32_t count = plan->expression_count;
    uint32_t chunk_rows;
    if (grouping == NULL) {
        return arena_error(arena);
    }
    grouping->puts_away = !plan->with_totals && execution->options->limits.max_rows_to_group_by == 0;
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        count += plan->aggregates[a].aggregate->argument_count;
        grouping->puts_away &= plan->aggregates[a].aggregate->plain;
    }
    const struct expression **expressions = ARENA_ARRAY(arena, const struct expression *, count + 1U);
    grouping->key_types = ARENA_ARRAY(arena, const struct type *, plan->expression_count + 1U);
    grouping->offsets = ARENA_ARRAY(arena, uint32_t, plan->aggregate_count + 1U);
    grouping->follows = ARENA_ARRAY(arena, bool, plan->aggregate_count + 1U);
    if (expressions == NULL || grouping->key_types == NULL || grouping->offsets == NULL || grouping->follows == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    uint32_t widest = 8;
    for (uint32_t k = 0; k < plan->expression_count; k++) {
        expressions[at++] = plan->expressions[k];
        grouping->key_types[k] = plan->expressions[k]->type;
    }
    for (uint32_t a = 0; a < plan->aggregate_count; a++) {
        const struct aggregate *aggregate = plan->aggregates[a].aggregate;
        uint32_t alignment = aggregate->state_bytes % 16 == 0 ? 16 : 8;
        uint32_t leader = state_leader(plan, a);
        grouping->follows[a] = leader < a;
        if (leader < a) {
            grouping->offsets[a] = grouping->offsets[leader];
        } else {
            grouping->offsets[a] = (grouping->stride + alignment - 1) & ~(alignment - 1);
            grouping->stride = grouping->offsets[a] + aggregate->state_bytes;
        }
        widest = alignment > widest ? alignment : widest;
        for (uint32_t i = 0; i < aggregate->argument_count; i++) {
            expressions[at++] = plan->aggregates[a].arguments[i];
        }
    }
    grouping->stride = (grouping->stride + widest - 1) & ~(widest - 1);
    grouping->expression_count = count;
    query_stress_get(&chunk_rows, &grouping->through_bytes);
    OR_DONE(operator_new(execution, &aggregate_kind, plan, next, out));
    OR_DONE(program_compile(arena, expressions, count, &grouping->program));
    if (plan->condition != NULL) {
        OR_DONE(program_compile(arena, &plan->condition, 1, &grouping->having));
    }
    (*out)->shared = grouping;
    OR_DONE(group_files_create(*out, &grouping->files));
done:
    return err;
}
