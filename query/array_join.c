/*
 * array_join.c: ARRAY JOIN: a row for each element of its arrays.
 *
 * how      positions say which row each new row comes from; all columns are taken at these positions, the elements lie
 *          one after another already. Made in pieces, since a few rows may become very many.
 * thread   push: each worker with its own evaluator
 */
#include "query/functions/nested.h"
#include "query/pipeline.h"

#define ROWS_OUT 8192U

/* The arrays of a chunk, side by side; with left, an array without elements counts as one default value. */
struct joined {
    const struct column **arrays; /* FLAT, offsets from 0 on */
    const uint32_t *offsets;      /* of all of them */
    uint32_t *ends;               /* of each row's new rows */
};

static struct err *prepare(const struct plan *plan, struct arena *arena, struct column *const *columns,
                           uint32_t row_count, struct joined *out)
{
    struct err *err = NULL;
    uint64_t total = 0;
    out->arrays = ARENA_ARRAY(arena, const struct column *, plan->expression_count);
    out->ends = ARENA_ARRAY(arena, uint32_t, row_count);
    if (out->arrays == NULL || out->ends == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < plan->expression_count; a++) {
        OR_DONE(arrays_flat(arena, columns[a], &out->arrays[a]));
        if (a == 0) {
            out->offsets = out->arrays[0]->offsets;
        } else if (memcmp(out->offsets, out->arrays[a]->offsets, (row_count + 1U) * sizeof(uint32_t)) != 0) {
            return err_new(ERR_ARRAY_SIZES, "Sizes of ARRAY-JOIN-ed arrays do not match");
        }
    }
    ASSERT(out->offsets != NULL); /* there is an array at least */
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t length = out->offsets[i + 1] - out->offsets[i];
        total += plan->left && length == 0 ? 1 : length;
        if (total > UINT32_MAX / 2) {
            return err_new(ERR_TOO_LARGE_ARRAY, "ARRAY JOIN makes more than 2^31 rows of a chunk");
        }
        out->ends[i] = (uint32_t)total;
    }
done:
    return err;
}

/* New rows [begin, end): which old row each comes from, and which element (UINT32_MAX: none). *row: where begin lies.
 */
static void locate(const struct joined *joined, uint32_t begin, uint32_t end, uint32_t *row, uint32_t *rows,
                   uint32_t *elements)
{
    ASSERT(joined->offsets != NULL);
    for (uint32_t i = begin; i < end; i++) {
        while (joined->ends[*row] <= i) {
            (*row)++;
        }
        uint32_t first = *row == 0 ? 0 : joined->ends[*row - 1];
        bool none = joined->offsets[*row] == joined->offsets[*row + 1];
        rows[i - begin] = *row;
        elements[i - begin] = none ? UINT32_MAX : joined->offsets[*row] + (i - first);
    }
}

static struct err *array_join_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    const struct plan *plan = stage->plan;
    struct arena *arena = worker->scratch;
    struct column **values = ARENA_ARRAY(arena, struct column *, plan->expression_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, ROWS_OUT);
    uint32_t *elements = ARENA_ARRAY(arena, uint32_t, ROWS_OUT);
    struct joined joined = {0};
    uint32_t row = 0;

    if (values == NULL || rows == NULL || elements == NULL) {
        return arena_error(arena);
    }
    if (stage->state[worker->index] == NULL) {
        struct evaluator *made = NULL;
        OR_DONE(evaluator_create(worker->arena, stage->shared, &made));
        stage->state[worker->index] = made;
    }
    OR_DONE(evaluator_run(stage->state[worker->index], arena, (const struct column *const *)chunk->columns,
                          chunk->row_count, values));
    OR_DONE(prepare(plan, arena, values, chunk->row_count, &joined));
    uint32_t total = joined.ends[chunk->row_count - 1];
    for (uint32_t begin = 0; begin < total && !*stop; begin += ROWS_OUT) {
        uint32_t end = begin + ROWS_OUT < total ? begin + ROWS_OUT : total;
        uint32_t count = end - begin;
        struct chunk *made = chunk_new(arena, plan->column_count, count);
        OR_DONE(execution_check(stage->execution));
        if (made == NULL) {
            return arena_error(arena);
        }
        locate(&joined, begin, end, &row, rows, elements);
        for (uint32_t c = 0; c < chunk->column_count; c++) {
            if (chunk->columns[c] == NULL) {
                continue; /* nobody reads it */
            }
            made->columns[c] = column_take(arena, chunk->columns[c], rows, count);
            if (made->columns[c] == NULL) {
                return arena_error(arena);
            }
        }
        for (uint32_t a = 0; a < plan->expression_count; a++) {
            OR_DONE(column_pick_or_default(arena, plan->columns[chunk->column_count + a].type,
                                           joined.arrays[a]->children[0], elements, count,
                                           &made->columns[chunk->column_count + a]));
        }
        OR_DONE(operator_push(stage->next, worker, made, stop));
    }
done:
    return err;
}

static struct err *array_join_finish(struct stage *stage, struct worker *worker)
{
    return stage->next->kind->finish(stage->next, worker);
}

static const struct operator_kind array_join_kind = {array_join_push, array_join_finish};

struct err *operator_array_join(struct execution *execution, const struct plan *plan, struct stage *next,
                                struct stage **out)
{
    struct err *err = NULL;
    struct program *program;
    OR_DONE(operator_new(execution, &array_join_kind, plan, next, out));
    OR_DONE(program_compile(execution->arena, plan->expressions, plan->expression_count, &program));
    (*out)->shared = program;
done:
    return err;
}
