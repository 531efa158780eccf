/*
 * operators.c: filter, project, limit, limit by, distinct, aggregate.
 *
 * flow     execute.c builds chains of these; query/pipeline.h
 * thread   push by all workers; state[] per worker needs no lock, `shared` has its own
 */
#include "query/pipeline.h"

#include <stdatomic.h>

struct err *operator_new(struct execution *execution, const struct operator_kind *kind, const struct plan *plan,
                         struct stage *next, struct stage **out)
{
    struct stage *stage = ARENA_NEW(execution->arena, struct stage);
    if (stage == NULL) {
        return arena_error(execution->arena);
    }
    stage->kind = kind;
    stage->plan = plan;
    stage->next = next;
    stage->execution = execution;
    *out = stage;
    return NULL;
}

static struct err *pass_finish(struct stage *stage, struct worker *worker)
{
    return stage->next == NULL ? NULL : stage->next->kind->finish(stage->next, worker);
}

static struct err *evaluator_of(struct stage *stage, struct worker *worker, const struct program *program,
                                struct evaluator **out)
{
    struct err *err = NULL;
    if (stage->state[worker->index] == NULL) {
        struct evaluator *evaluator = NULL;
        OR_DONE(evaluator_create(worker->arena, program, &evaluator));
        stage->state[worker->index] = evaluator;
    }
    *out = stage->state[worker->index];
done:
    return err;
}

static void cleanup_mutex(void *mutex)
{
    pthread_mutex_destroy(mutex);
}

static struct err *mutex_init(struct execution *execution, pthread_mutex_t *mutex)
{
    pthread_mutex_init(mutex, NULL);
    return arena_on_destroy(execution->arena, cleanup_mutex, mutex) ? NULL : arena_error(execution->arena);
}

struct err *positions_of(struct arena *arena, const struct column *condition, uint32_t row_count, uint32_t *positions,
                         uint32_t *count)
{
    uint32_t kept = 0;
    *count = 0;
    if (condition->type->kind == TYPE_NOTHING) {
        return NULL;
    }
    if (condition->form == COLUMN_CONST) {
        const unsigned char *bytes = condition->values;
        bool yes = false;
        for (uint32_t b = 0; b < condition->type->width; b++) {
            yes |= bytes[b] != 0;
        }
        if (yes && (condition->nulls == NULL || condition->nulls[0] == 0)) {
            for (uint32_t i = 0; i < row_count; i++) {
                positions[i] = i;
            }
            *count = row_count;
        }
        return NULL;
    }
    const struct column *flat = column_flat(arena, condition);
    if (flat == NULL) {
        return arena_error(arena);
    }
    uint32_t width = flat->type->width;
    if (width == 1) {
        const uint8_t *yes = flat->values;
        for (uint32_t i = 0; i < row_count; i++) {
            positions[kept] = i;
            kept += yes[i] != 0;
        }
    } else {
        const unsigned char *bytes = flat->values;
        for (uint32_t i = 0; i < row_count; i++) {
            bool yes = false;
            for (uint32_t b = 0; b < width; b++) {
                yes |= bytes[(size_t)i * width + b] != 0;
            }
            if (type_is_float(flat->type)) {
                yes = flat->type->kind == TYPE_FLOAT32 ? ((const float *)flat->values)[i] != 0
                                                       : ((const double *)flat->values)[i] != 0;
            }
            positions[kept] = i;
            kept += yes;
        }
    }
    if (flat->nulls != NULL) {
        uint32_t before = kept;
        kept = 0;
        for (uint32_t i = 0; i < before; i++) {
            uint32_t row = positions[i];
            positions[kept] = row;
            kept += flat->nulls[row] == 0;
        }
    }
    *count = kept;
    return NULL;
}

/* --- filter ------------------------------------------------------------------------------------------------------ */

static struct err *filter_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct evaluator *evaluator;
    struct column *condition;
    uint32_t count;
    uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    if (positions == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(evaluator_of(stage, worker, stage->shared, &evaluator));
    OR_DONE(evaluator_run(evaluator, worker->scratch, (const struct column *const *)chunk->columns, chunk->row_count,
                          &condition));
    OR_DONE(positions_of(worker->scratch, condition, chunk->row_count, positions, &count));
    if (count == chunk->row_count) {
        return operator_push(stage->next, worker, chunk, stop);
    }
    if (count > 0) {
        struct chunk *kept = chunk_take(worker->scratch, chunk, positions, count);
        if (kept == NULL) {
            return arena_error(worker->scratch);
        }
        OR_DONE(operator_push(stage->next, worker, kept, stop));
    }
done:
    return err;
}

static const struct operator_kind filter_kind = {filter_push, pass_finish};

struct err *operator_filter(struct execution *execution, const struct plan *plan, struct stage *next,
                            struct stage **out)
{
    struct err *err = NULL;
    struct program *program;
    OR_DONE(operator_new(execution, &filter_kind, plan, next, out));
    OR_DONE(program_compile(execution->arena, &plan->condition, 1, &program));
    (*out)->shared = program;
done:
    return err;
}

/* --- project ----------------------------------------------------------------------------------------------------- */

static struct err *project_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct evaluator *evaluator;
    struct chunk *made = chunk_new(worker->scratch, stage->plan->expression_count, chunk->row_count);
    if (made == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(evaluator_of(stage, worker, stage->shared, &evaluator));
    OR_DONE(evaluator_run(evaluator, worker->scratch, (const struct column *const *)chunk->columns, chunk->row_count,
                          made->columns));
    OR_DONE(operator_push(stage->next, worker, made, stop));
done:
    return err;
}

static const struct operator_kind project_kind = {project_push, pass_finish};

struct err *operator_project(struct execution *execution, const struct plan *plan, struct stage *next,
                             struct stage **out)
{
    struct err *err = NULL;
    struct program *program;
    OR_DONE(operator_new(execution, &project_kind, plan, next, out));
    OR_DONE(program_compile(execution->arena, plan->expressions, plan->expression_count, &program));
    (*out)->shared = program;
done:
    return err;
}

/* --- limit ------------------------------------------------------------------------------------------------------- */

struct limit {
    pthread_mutex_t mutex;
    uint64_t seen;
    /* ties */
    struct evaluator *keys;
    struct column **last; /* keys of the last row within the limit, one row each */
    bool over;
};

/* Rows of the chunk from `begin` on that tie with the last row. */
static struct err *limit_ties(struct stage *stage, struct worker *worker, const struct chunk *chunk, uint32_t begin,
                              uint32_t *end)
{
    struct err *err = NULL;
    struct limit *limit = stage->shared;
    const struct plan *sort = stage->plan->inputs[0];
    struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, sort->sort_key_count);
    if (keys == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(evaluator_run(limit->keys, worker->scratch, (const struct column *const *)chunk->columns, chunk->row_count,
                          keys));
    if (begin > 0) {
        uint32_t row = begin - 1;
        for (uint32_t k = 0; k < sort->sort_key_count; k++) {
            struct column *one = column_take(worker->scratch, keys[k], &row, 1);
            limit->last[k] = one == NULL ? NULL : column_copy(worker->arena, one);
            if (limit->last[k] == NULL) {
                return one == NULL ? arena_error(worker->scratch) : arena_error(worker->arena);
            }
        }
    }
    uint32_t row = begin;
    while (row < chunk->row_count) {
        bool same = limit->last[0] != NULL;
        for (uint32_t k = 0; same && k < sort->sort_key_count; k++) {
            same = column_compare(keys[k], row, limit->last[k], 0) == 0;
        }
        if (!same) {
            limit->over = true;
            break;
        }
        row++;
    }
    *end = row;
done:
    return err;
}

static struct err *limit_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct limit *limit = stage->shared;
    const struct plan *plan = stage->plan;
    uint64_t last = plan->limit > UINT64_MAX - plan->offset ? UINT64_MAX : plan->offset + plan->limit;

    pthread_mutex_lock(&limit->mutex);
    uint64_t before = limit->seen;
    limit->seen += chunk->row_count;
    pthread_mutex_unlock(&limit->mutex);
    uint64_t begin = before >= plan->offset ? 0 : plan->offset - before;
    uint64_t end = before >= last ? 0 : last - before;
    begin = begin < chunk->row_count ? begin : chunk->row_count;
    end = end < chunk->row_count ? end : chunk->row_count;
    bool enough = before + chunk->row_count >= last;
    if (plan->with_ties && enough) {
        uint32_t ties = (uint32_t)end;
        if (!limit->over && plan->limit > 0) {
            OR_DONE(limit_ties(stage, worker, chunk, (uint32_t)end, &ties));
        }
        end = ties;
        begin = begin < end ? begin : end;
        enough = limit->over || plan->limit == 0;
    }
    if (begin < end) {
        const struct chunk *part = chunk;
        if (begin > 0 || end < chunk->row_count) {
            part = chunk_part(worker->scratch, chunk, (uint32_t)begin, (uint32_t)end);
            if (part == NULL) {
                return arena_error(worker->scratch);
            }
        }
        OR_DONE(operator_push(stage->next, worker, part, stop));
    }
    *stop |= enough;
done:
    return err;
}

static const struct operator_kind limit_kind = {limit_push, pass_finish};

struct err *operator_limit(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **out)
{
    struct err *err = NULL;
    struct limit *limit = ARENA_NEW(execution->arena, struct limit);
    if (limit == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(operator_new(execution, &limit_kind, plan, next, out));
    OR_DONE(mutex_init(execution, &limit->mutex));
    if (plan->with_ties) {
        const struct plan *sort = plan->inputs[0];
        const struct expression **keys =
            ARENA_ARRAY(execution->arena, const struct expression *, sort->sort_key_count + 1U);
        limit->last = arena_zalloc(execution->arena, (sort->sort_key_count + 1U) * sizeof(*limit->last));
        struct program *program;
        if (keys == NULL || limit->last == NULL) {
            return arena_error(execution->arena);
        }
        for (uint32_t k = 0; k < sort->sort_key_count; k++) {
            keys[k] = sort->sort_keys[k].expression;
        }
        OR_DONE(program_compile(execution->arena, keys, sort->sort_key_count, &program));
        OR_DONE(evaluator_create(execution->arena, program, &limit->keys));
    }
    (*out)->shared = limit;
done:
    return err;
}

/* --- distinct and limit by: one shared table, rows of new groups (or of groups not yet full) go on -----------------
 */

struct keyed {
    pthread_mutex_t mutex;
    struct program *program; /* LIMIT BY's keys */
    struct arena *arena;     /* of the table: used under the mutex */
    struct group_table *table;
    uint64_t *seen; /* LIMIT BY: rows per group */
    uint32_t seen_capacity;
    _Atomic uint64_t rows, bytes; /* DISTINCT: sent on */
    bool failed;                  /* a worker's memory was out: the table is of no use to the others */
};

struct keyed_worker {
    struct evaluator *evaluator;
    struct group_table *table; /* DISTINCT: what this worker has sent on */
};

static void cleanup_arena(void *arena)
{
    arena_destroy(arena);
}

static struct err *keyed_new(struct execution *execution, const struct type *const *types, uint32_t count,
                             struct keyed **out)
{
    struct err *err = NULL;
    struct keyed *keyed = ARENA_NEW(execution->arena, struct keyed);
    if (keyed == NULL) {
        return arena_error(execution->arena);
    }
    keyed->arena = arena_create(execution->options->budget);
    if (keyed->arena == NULL) {
        return err_oom();
    }
    if (!arena_on_destroy(execution->arena, cleanup_arena, keyed->arena)) {
        arena_destroy(keyed->arena);
        return arena_error(execution->arena);
    }
    OR_DONE(mutex_init(execution, &keyed->mutex));
    OR_DONE(group_table_create(keyed->arena, types, count, &keyed->table));
    *out = keyed;
done:
    return err;
}

/* Keeps of positions those rows whose group is new. */
static struct err *new_rows(struct group_table *table, struct arena *scratch, const struct column *const *keys,
                            uint32_t row_count, uint32_t *positions, uint32_t *count)
{
    struct err *err = NULL;
    uint32_t *groups = ARENA_ARRAY(scratch, uint32_t, row_count);
    uint32_t known = group_table_count(table);
    bool single;
    *count = 0;
    if (groups == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(group_table_find(table, scratch, keys, row_count, groups, &single));
    for (uint32_t i = 0; i < (single ? 1 : row_count); i++) {
        if (groups[i] >= known) {
            positions[(*count)++] = i;
            known = groups[i] + 1;
        }
    }
done:
    return err;
}

static struct err *distinct_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct keyed *keyed = stage->shared;
    const struct plan *plan = stage->plan;
    uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    uint32_t count;
    if (positions == NULL) {
        return arena_error(worker->scratch);
    }
    if (plan->column_count == 0) {
        return operator_push(stage->next, worker, chunk, stop);
    }
    if (stage->state[worker->index] == NULL) {
        const struct type **types = ARENA_ARRAY(worker->arena, const struct type *, plan->column_count);
        struct group_table *table = NULL;
        if (types == NULL) {
            return arena_error(worker->arena);
        }
        for (uint32_t i = 0; i < plan->column_count; i++) {
            types[i] = plan->columns[i].type;
        }
        OR_DONE(group_table_create(worker->arena, types, plan->column_count, &table));
        stage->state[worker->index] = table;
    }
    OR_DONE(new_rows(stage->state[worker->index], worker->scratch, (const struct column *const *)chunk->columns,
                     chunk->row_count, positions, &count));
    if (count == 0) {
        return NULL;
    }
    struct chunk *fresh = chunk_take(worker->scratch, chunk, positions, count);
    if (fresh == NULL) {
        return arena_error(worker->scratch);
    }
    if (stage->execution->worker_count > 1) {
        pthread_mutex_lock(&keyed->mutex);
        err = keyed->failed ? arena_error(keyed->arena)
                            : new_rows(keyed->table, worker->scratch, (const struct column *const *)fresh->columns,
                                       count, positions, &count);
        keyed->failed |= err != NULL;
        pthread_mutex_unlock(&keyed->mutex);
        OR_DONE(err);
        if (count == 0) {
            return NULL;
        }
        fresh = chunk_take(worker->scratch, fresh, positions, count);
        if (fresh == NULL) {
            return arena_error(worker->scratch);
        }
    }
    const struct query_limits *limits = &stage->execution->options->limits;
    uint64_t bytes = 0;
    bool over = false;
    for (uint32_t c = 0; c < fresh->column_count; c++) {
        bytes += column_bytes(fresh->columns[c]);
    }
    OR_DONE(query_limit_check(ERR_SET_SIZE_LIMIT, "DISTINCT", limits->max_rows_in_distinct,
                              atomic_fetch_add(&keyed->rows, count) + count, limits->max_bytes_in_distinct,
                              atomic_fetch_add(&keyed->bytes, bytes) + bytes, limits->distinct_overflow_mode, &over));
    OR_DONE(operator_push(stage->next, worker, fresh, stop));
    *stop |= over;
done:
    return err;
}

static const struct operator_kind distinct_kind = {distinct_push, pass_finish};

struct err *operator_distinct(struct execution *execution, const struct plan *plan, struct stage *next,
                              struct stage **out)
{
    struct err *err = NULL;
    struct keyed *keyed;
    const struct type **types = ARENA_ARRAY(execution->arena, const struct type *, plan->column_count + 1U);
    if (types == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t i = 0; i < plan->column_count; i++) {
        types[i] = plan->columns[i].type;
    }
    OR_DONE(operator_new(execution, &distinct_kind, plan, next, out));
    OR_DONE(keyed_new(execution, types, plan->column_count, &keyed));
    (*out)->shared = keyed;
done:
    return err;
}

static struct err *limit_by_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct keyed *keyed = stage->shared;
    const struct plan *plan = stage->plan;
    struct evaluator *evaluator;
    struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, plan->expression_count + 1U);
    uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    uint32_t *groups = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    uint32_t count = 0;
    bool single = false;
    uint64_t last = plan->limit > UINT64_MAX - plan->offset ? UINT64_MAX : plan->offset + plan->limit;

    if (keys == NULL || positions == NULL || groups == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(evaluator_of(stage, worker, keyed->program, &evaluator));
    OR_DONE(evaluator_run(evaluator, worker->scratch, (const struct column *const *)chunk->columns, chunk->row_count,
                          keys));
    pthread_mutex_lock(&keyed->mutex);
    err = group_table_find(keyed->table, worker->scratch, (const struct column *const *)keys, chunk->row_count, groups,
                           &single);
    uint32_t group_count = group_table_count(keyed->table);
    if (err == NULL && group_count > keyed->seen_capacity) {
        uint32_t capacity = group_count * 2;
        uint64_t *seen = arena_zalloc(keyed->arena, (size_t)capacity * sizeof(*seen));
        if (seen == NULL) {
            err = arena_error(keyed->arena);
        } else {
            if (keyed->seen_capacity > 0) {
                memcpy(seen, keyed->seen, keyed->seen_capacity * sizeof(*seen));
            }
            keyed->seen = seen;
            keyed->seen_capacity = capacity;
        }
    }
    for (uint32_t i = 0; err == NULL && i < chunk->row_count; i++) {
        uint64_t rank = keyed->seen[groups[single ? 0 : i]]++;
        positions[count] = i;
        count += rank >= plan->offset && rank < last;
    }
    pthread_mutex_unlock(&keyed->mutex);
    OR_DONE(err);
    if (count > 0) {
        struct chunk *kept = chunk_take(worker->scratch, chunk, positions, count);
        if (kept == NULL) {
            return arena_error(worker->scratch);
        }
        OR_DONE(operator_push(stage->next, worker, kept, stop));
    }
done:
    return err;
}

static const struct operator_kind limit_by_kind = {limit_by_push, pass_finish};

struct err *operator_limit_by(struct execution *execution, const struct plan *plan, struct stage *next,
                              struct stage **out)
{
    struct err *err = NULL;
    struct keyed *keyed;
    const struct type **types = ARENA_ARRAY(execution->arena, const struct type *, plan->expression_count + 1U);
    if (types == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t i = 0; i < plan->expression_count; i++) {
        types[i] = plan->expressions[i]->type;
    }
    OR_DONE(operator_new(execution, &limit_by_kind, plan, next, out));
    OR_DONE(keyed_new(execution, types, plan->expression_count, &keyed));
    OR_DONE(program_compile(execution->arena, plan->expressions, plan->expression_count, &keyed->program));
    (*out)->shared = keyed;
done:
    return err;
}
