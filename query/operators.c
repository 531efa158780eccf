/*
 * operators.c: filter, project, limit.
 *
 * flow     execute.c builds chains of these; query/pipeline.h
 * thread   push by all workers; state[] per worker needs no lock, `shared` has its own
 */
#include "query/pipeline.h"
#include "query/row_bits.h"

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

struct err *evaluator_of(struct stage *stage, struct worker *worker, const struct program *program,
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
    uint64_t *bits = ARENA_ARRAY(arena, uint64_t, ROW_BITS_WORDS(row_count));
    if (bits == NULL) {
        return arena_error(arena);
    }
    struct err *err = row_bits_of(arena, condition, row_count, bits, count);
    if (err == NULL) {
        row_bits_positions(bits, row_count, positions);
    }
    return err;
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
