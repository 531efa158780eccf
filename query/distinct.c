/*
 * distinct.c: DISTINCT and LIMIT BY: rows of new keys, or of keys that have not had enough of them, go on.
 *
 * workers  of DISTINCT: each worker drops what it has seen itself before it asks the table that all share
 * files    what memory does not hold: tally.h
 */
#include "query/tally.h"

#include <stdatomic.h>

/* --- distinct ------------------------------------------------------------------------------------------------------
 */

struct distinct {
    struct tally *tally;
    _Atomic uint64_t rows, bytes; /* sent on */
};

static void cleanup_own(void *object)
{
    arena_destroy(((struct tally_keys *)object)->arena);
}

/* What the worker has sent on. */
static struct err *own_of(struct stage *stage, struct worker *worker, struct tally_keys **out)
{
    struct err *err = NULL;
    const struct distinct *distinct = stage->shared;
    struct tally_keys *own = stage->state[worker->index];
    if (own == NULL) {
        own = ARENA_NEW(worker->arena, struct tally_keys);
        if (own == NULL || !arena_on_destroy(worker->arena, cleanup_own, own)) {
            return arena_error(worker->arena);
        }
        own->arena = arena_create(stage->execution->options->budget);
        if (own->arena == NULL) {
            return err_oom();
        }
        OR_DONE(tally_keys_begin(distinct->tally, own));
        stage->state[worker->index] = own;
    }
    *out = own;
done:
    return err;
}

/* Of the chunk's rows, those that this worker has not seen; *chunk NULL: none. */
static struct err *drop_own(struct stage *stage, struct worker *worker, const struct chunk **chunk)
{
    struct err *err = NULL;
    struct distinct *distinct = stage->shared;
    struct execution *execution = stage->execution;
    const struct spill_when when = spill_when_distinct(&execution->options->limits);
    struct tally_keys *own = NULL;
    uint32_t count = 0;
    uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, (*chunk)->row_count);
    if (positions == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(own_of(stage, worker, &own));
    OR_DONE(tally_keys_pass(distinct->tally, own, worker->scratch, (const struct column *const *)(*chunk)->columns,
                            (*chunk)->row_count, positions, &count));
    if (execution_should_spill(execution, &when, arena_bytes(own->arena), 2 * execution->worker_count)) {
        arena_reset(own->arena); /* it saves work, no more */
        OR_DONE(tally_keys_begin(distinct->tally, own));
    }
    *chunk = count == 0 ? NULL : chunk_take(worker->scratch, *chunk, positions, count);
    if (count > 0 && *chunk == NULL) {
        err = arena_error(worker->scratch);
    }
done:
    return err;
}

/* Rows that are new. */
static struct err *distinct_emit(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct distinct *distinct = stage->shared;
    const struct query_limits *limits = &stage->execution->options->limits;
    uint32_t count = chunk->row_count;
    uint64_t bytes = 0;
    bool over = false;
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        bytes += column_bytes(chunk->columns[c]);
    }
    OR_DONE(query_limit_check(ERR_SET_SIZE_LIMIT, "DISTINCT", limits->max_rows_in_distinct,
                              atomic_fetch_add(&distinct->rows, count) + count, limits->max_bytes_in_distinct,
                              atomic_fetch_add(&distinct->bytes, bytes) + bytes, limits->distinct_overflow_mode,
                              &over));
    OR_DONE(operator_push(stage->next, worker, chunk, stop));
    *stop |= over;
done:
    return err;
}

static struct err *distinct_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct distinct *distinct = stage->shared;
    const struct chunk *rows = chunk;
    uint32_t count = 0;
    if (distinct->tally == NULL) { /* no columns */
        return operator_push(stage->next, worker, chunk, stop);
    }
    if (stage->execution->worker_count > 1 || atomic_load_explicit(&distinct->tally->external, memory_order_relaxed)) {
        OR_DONE(drop_own(stage, worker, &rows));
        if (rows == NULL) {
            return NULL;
        }
    }
    uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, rows->row_count);
    if (positions == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(tally_pass(distinct->tally, worker, (const struct column *const *)rows->columns, rows, positions, &count));
    if (count > 0) {
        struct chunk *fresh = chunk_take(worker->scratch, rows, positions, count);
        if (fresh == NULL) {
            return arena_error(worker->scratch);
        }
        OR_DONE(distinct_emit(stage, worker, fresh, stop));
    }
done:
    return err;
}

static struct err *distinct_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    struct distinct *distinct = stage->shared;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        if (stage->state[w] != NULL) {
            arena_reset(((struct tally_keys *)stage->state[w])->arena);
        }
    }
    if (distinct->tally != NULL) {
        OR_DONE(tally_finish(distinct->tally, worker));
    }
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind distinct_kind = {distinct_push, distinct_finish};

struct err *operator_distinct(struct execution *execution, const struct plan *plan, struct stage *next,
                              struct stage **out)
{
    struct err *err = NULL;
    struct distinct *distinct = ARENA_NEW(execution->arena, struct distinct);
    const struct type **types = ARENA_ARRAY(execution->arena, const struct type *, plan->column_count + 1U);
    if (distinct == NULL || types == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t i = 0; i < plan->column_count; i++) {
        types[i] = plan->columns[i].type;
    }
    OR_DONE(operator_new(execution, &distinct_kind, plan, next, out));
    (*out)->shared = distinct;
    if (plan->column_count > 0) {
        struct tally_options options = {.key_types = types, .key_count = plan->column_count, .emit = distinct_emit};
        OR_DONE(tally_create(*out, &options, &distinct->tally));
        distinct->tally->sharers = execution->worker_count > 1 ? 2 : 1;
    }
done:
    return err;
}

/* --- limit by ------------------------------------------------------------------------------------------------------
 */

struct limit_by {
    struct program *keys;
    struct tally *tally;
};

/* count: rows of the key before this one */
static bool is_within(const struct plan *plan, uint64_t *count)
{
    uint64_t last = plan->limit > UINT64_MAX - plan->offset ? UINT64_MAX : plan->offset + plan->limit;
    uint64_t rank = (*count)++;
    return rank >= plan->offset && rank < last;
}

static struct err *limit_by_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    const struct limit_by *limit_by = stage->shared;
    struct evaluator *evaluator = NULL;
    struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, stage->plan->expression_count + 1U);
    uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    uint32_t count = 0;
    if (keys == NULL || positions == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(evaluator_of(stage, worker, limit_by->keys, &evaluator));
    OR_DONE(evaluator_run(evaluator, worker->scratch, (const struct column *const *)chunk->columns, chunk->row_count,
                          keys));
    OR_DONE(tally_pass(limit_by->tally, worker, (const struct column *const *)keys, chunk, positions, &count));
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

static struct err *limit_by_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    const struct limit_by *limit_by = stage->shared;
    OR_DONE(tally_finish(limit_by->tally, worker));
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind limit_by_kind = {limit_by_push, limit_by_finish};

struct err *operator_limit_by(struct execution *execution, const struct plan *plan, struct stage *next,
                              struct stage **out)
{
    struct err *err = NULL;
    struct limit_by *limit_by = ARENA_NEW(execution->arena, struct limit_by);
    const struct type **types = ARENA_ARRAY(execution->arena, const struct type *, plan->expression_count + 1U);
    if (limit_by == NULL || types == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t i = 0; i < plan->expression_count; i++) {
        types[i] = plan->expressions[i]->type;
    }
    OR_DONE(operator_new(execution, &limit_by_kind, plan, next, out));
    (*out)->shared = limit_by;
    OR_DONE(program_compile(execution->arena, plan->expressions, plan->expression_count, &limit_by->keys));
    struct tally_options options = {.key_types = types,
                                    .key_count = plan->expression_count,
                                    .columns = plan->columns,
                                    .column_count = plan->column_count,
                                    .in_order = true,
                                    .verdict = is_within};
    OR_DONE(tally_create(*out, &options, &limit_by->tally));
done:
    return err;
}
