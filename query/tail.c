/*
 * tail.c: LIMIT -n, OFFSET -m: the last rows, all but the last rows.
 *
 * Rows wait in blocks until it is known whether they are among the last. Of LIMIT -n only the last n + m are kept, of
 * OFFSET -m alone the last m: what stands before them is dropped, or goes on.
 */
#include "query/pipeline.h"

#include <stdlib.h>

#define BLOCK_ROWS 4096U

struct tail_chunk {
    struct tail_chunk *next;
    struct chunk *chunk;
};

struct tail_block {
    struct tail_block *next;
    struct arena *arena; /* holds the block */
    struct tail_chunk *first, *last;
    uint64_t rows;
};

struct tail {
    pthread_mutex_t mutex;
    struct tail_block *first, *last;
    uint64_t rows; /* of all blocks */
    uint64_t keep;
};

static void cleanup(void *object)
{
    struct tail *tail = object;
    while (tail->first != NULL) {
        struct tail_block *next = tail->first->next;
        arena_destroy(tail->first->arena);
        tail->first = next;
    }
    pthread_mutex_destroy(&tail->mutex);
}

static struct err *append(struct tail *tail, struct worker *worker, const struct chunk *chunk)
{
    struct tail_block *block = tail->last;

    if (block == NULL || block->rows >= BLOCK_ROWS) {
        struct arena *arena = arena_beside(worker->arena);
        block = arena == NULL ? NULL : ARENA_NEW(arena, struct tail_block);
        if (block == NULL) {
            struct err *err = arena == NULL ? err_oom() : arena_error(arena);
            arena_destroy(arena);
            return err;
        }
        block->arena = arena;
        if (tail->last == NULL) {
            tail->first = block;
        } else {
            tail->last->next = block;
        }
        tail->last = block;
    }
    struct tail_chunk *item = ARENA_NEW(block->arena, struct tail_chunk);
    struct chunk *copy = item == NULL ? NULL : chunk_copy(block->arena, chunk);
    if (copy == NULL) {
        return arena_error(block->arena);
    }
    item->chunk = copy;
    if (block->last == NULL) {
        block->first = item;
    } else {
        block->last->next = item;
    }
    block->last = item;
    block->rows += chunk->row_count;
    tail->rows += chunk->row_count;
    return NULL;
}

/* Rows [begin, end) of a block go on. */
static struct err *emit(struct stage *stage, struct worker *worker, const struct tail_block *block, uint64_t begin,
                        uint64_t end, bool *stop)
{
    struct err *err = NULL;
    uint64_t row = 0;

    for (const struct tail_chunk *item = block->first; item != NULL && !*stop && row < end; item = item->next) {
        uint32_t rows = item->chunk->row_count;
        uint32_t from = begin > row ? (uint32_t)(begin - row < rows ? begin - row : rows) : 0;
        uint32_t to = end - row < rows ? (uint32_t)(end - row) : rows;
        row += rows;
        if (from >= to) {
            continue;
        }
        const struct chunk *part = item->chunk;
        if (from > 0 || to < rows) {
            part = chunk_part(block->arena, item->chunk, from, to);
            if (part == NULL) {
                return arena_error(block->arena);
            }
        }
        OR_DONE(operator_push(stage->next, worker, part, stop));
    }
done:
    return err;
}

static void drop_first(struct tail *tail)
{
    struct tail_block *block = tail->first;
    tail->first = block->next;
    tail->last = tail->first == NULL ? NULL : tail->last;
    tail->rows -= block->rows;
    arena_destroy(block->arena);
}

static struct err *tail_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct tail *tail = stage->shared;

    pthread_mutex_lock(&tail->mutex);
    OR_DONE(append(tail, worker, chunk));
    while (tail->first != NULL && tail->rows - tail->first->rows >= tail->keep) {
        if (stage->plan->limit == UINT64_MAX) {
            OR_DONE(emit(stage, worker, tail->first, 0, UINT64_MAX, stop));
        }
        drop_first(tail);
    }
done:
    pthread_mutex_unlock(&tail->mutex);
    return err;
}

static struct err *tail_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    struct tail *tail = stage->shared;
    const struct plan *plan = stage->plan;
    uint64_t end = tail->rows - (plan->offset < tail->rows ? plan->offset : tail->rows);
    uint64_t begin = end - (plan->limit < end ? plan->limit : end);
    uint64_t row = 0;
    bool stop = false;

    for (struct tail_block *block = tail->first; block != NULL && !stop && row < end; block = block->next) {
        if (row + block->rows > begin) {
            OR_DONE(emit(stage, worker, block, begin > row ? begin - row : 0, end - row, &stop));
        }
        row += block->rows;
    }
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind tail_kind = {tail_push, tail_finish};

struct err *operator_tail(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **out)
{
    struct err *err = NULL;
    struct tail *tail = ARENA_NEW(execution->arena, struct tail);

    if (tail == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(operator_new(execution, &tail_kind, plan, next, out));
    pthread_mutex_init(&tail->mutex, NULL);
    if (!arena_on_destroy(execution->arena, cleanup, tail)) {
        pthread_mutex_destroy(&tail->mutex);
        return arena_error(execution->arena);
    }
    tail->keep = plan->limit > UINT64_MAX - plan->offset ? UINT64_MAX : plan->limit + plan->offset;
    tail->keep = plan->limit == UINT64_MAX ? plan->offset : tail->keep;
    (*out)->shared = tail;
done:
    return err;
}
