/*
 * set_operation.c: INTERSECT and EXCEPT, with ALL or DISTINCT.
 *
 * how      the rows of the right input are counted in a hash table; the rows of the left one are looked up in it and go
 *          on or not, in their order
 * thread   push by all workers: the table and its counts are used under a mutex
 */
#include "query/pipeline.h"

struct set {
    pthread_mutex_t mutex;
    struct arena *arena; /* of the table: used under the mutex */
    struct group_table *table;
    uint64_t *counts; /* per group: rows of the right input, less those that the left one has met */
    uint32_t capacity;
};

static void cleanup_set(void *object)
{
    struct set *set = object;
    arena_destroy(set->arena);
    pthread_mutex_destroy(&set->mutex);
}

static struct err *counts_grow(struct set *set)
{
    uint32_t count = group_table_count(set->table);
    if (count <= set->capacity) {
        return NULL;
    }
    size_t capacity = (size_t)count * 2;
    uint64_t *counts = arena_zalloc(set->arena, capacity * sizeof(*counts));
    if (counts == NULL) {
        return arena_error(set->arena);
    }
    if (set->capacity > 0) {
        memcpy(counts, set->counts, set->capacity * sizeof(*counts));
    }
    set->counts = counts;
    set->capacity = (uint32_t)capacity;
    return NULL;
}

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

/* positions NULL: rows of the right input. */
static struct err *count_rows(struct stage *stage, struct worker *worker, const struct chunk *chunk,
                              uint32_t *positions, uint32_t *kept)
{
    struct err *err = NULL;
    struct set *set = stage->shared;
    uint32_t *groups = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    bool single = false;

    if (groups == NULL) {
        return arena_error(worker->scratch);
    }
    pthread_mutex_lock(&set->mutex);
    OR_DONE(group_table_find(set->table, worker->scratch, (const struct column *const *)chunk->columns,
                             chunk->row_count, groups, &single));
    OR_DONE(counts_grow(set));
    for (uint32_t i = 0; i < chunk->row_count; i++) {
        uint64_t *count = &set->counts[groups[single ? 0 : i]];
        if (positions == NULL) {
            ++*count;
        } else {
            positions[*kept] = i;
            *kept += passes(stage->plan, count);
        }
    }
done:
    pthread_mutex_unlock(&set->mutex);
    return err;
}

static struct err *right_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    (void)stop;
    return count_rows(stage, worker, chunk, NULL, NULL);
}

static struct err *right_finish(struct stage *stage, struct worker *worker)
{
    (void)stage;
    (void)worker;
    return NULL;
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
    OR_DONE(count_rows(stage, worker, chunk, positions, &count));
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
    return stage->next->kind->finish(stage->next, worker);
}

static const struct operator_kind left_kind = {left_push, left_finish};

struct err *operator_set(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **right,
                         struct stage **left)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct set *set = ARENA_NEW(arena, struct set);
    const struct type **types = ARENA_ARRAY(arena, const struct type *, plan->column_count + 1U);

    if (set == NULL || types == NULL) {
        return arena_error(arena);
    }
    pthread_mutex_init(&set->mutex, NULL);
    if (!arena_on_destroy(arena, cleanup_set, set)) {
        pthread_mutex_destroy(&set->mutex);
        return arena_error(arena);
    }
    set->arena = arena_create(execution->options->budget);
    if (set->arena == NULL) {
        return err_oom();
    }
    for (uint32_t i = 0; i < plan->column_count; i++) {
        types[i] = plan->columns[i].type;
    }
    OR_DONE(group_table_create(set->arena, types, plan->column_count, &set->table));
    OR_DONE(operator_new(execution, &right_kind, plan, NULL, right));
    OR_DONE(operator_new(execution, &left_kind, plan, next, left));
    (*right)->shared = set;
    (*left)->shared = set;
done:
    return err;
}
