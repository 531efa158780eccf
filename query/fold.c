/*
 * fold.c: arrayFold over the rows of a chunk.
 *
 * places   the body runs once per place of the arrays, over the rows whose arrays go on. A row whose array ends leaves
 *          the state; so the work is that of the elements, however the rows' lengths differ.
 * memory   a state lives in one of two arenas in turn; what rows end with is copied out of them
 * thread   the evaluator's
 */
#include "base/interrupt.h"
#include "query/expression.h"
#include "query/functions/nested.h"

#include <string.h>

#define SCRATCH_MAX (4U << 20) /* bytes; then the state moves to the other arena, and the rest is given back */

struct fold {
    struct arena *arena; /* of the result */
    const struct expression *expression;
    struct evaluator *body;
    const struct column *const *values; /* of the children */
    const struct column **lists;        /* their elements, of arrays */
    const uint32_t *offsets;
    uint32_t *left; /* rows whose arrays go on; the state has a row for each */
    uint32_t left_count;
    /* what rows ended with: row i is row rows[i] of ends[sources[i]] */
    struct column **ends;
    uint32_t end_count;
    uint32_t end_capacity;
    uint32_t *sources;
    uint32_t *rows;
};

static struct err *end_rows(struct fold *fold, struct arena *scratch, const struct column *state,
                            const uint32_t *positions, uint32_t count)
{
    if (fold->end_count == fold->end_capacity) {
        uint32_t capacity = fold->end_capacity == 0 ? 16 : fold->end_capacity * 2;
        size_t used = fold->end_capacity * sizeof(struct column *);
        struct column **ends = arena_grow(fold->arena, fold->ends, used, used, capacity * sizeof(struct column *));
        if (ends == NULL) {
            return arena_error(fold->arena);
        }
        fold->ends = ends;
        fold->end_capacity = capacity;
    }
    struct column *taken = column_take(scratch, state, positions, count);
    struct column *end = taken == NULL ? NULL : column_copy(fold->arena, taken);
    if (end == NULL) {
        return arena_error(taken == NULL ? scratch : fold->arena);
    }
    fold->ends[fold->end_count++] = end;
    return NULL;
}

/* Rows whose arrays have no such place leave the state. */
static struct err *drop_ended(struct fold *fold, struct arena *scratch, uint32_t place, const struct column **state)
{
    struct err *err = NULL;
    uint32_t *ended = ARENA_ARRAY(scratch, uint32_t, fold->left_count + 1U); /* positions in the state */
    uint32_t *going = ARENA_ARRAY(scratch, uint32_t, fold->left_count + 1U);
    uint32_t ended_count = 0, kept = 0;
    if (ended == NULL || going == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < fold->left_count; i++) {
        uint32_t row = fold->left[i];
        if (fold->offsets[row + 1] - fold->offsets[row] > place) {
            going[kept] = i;
            fold->left[kept++] = row;
        } else {
            fold->sources[row] = fold->end_count;
            fold->rows[row] = ended_count;
            ended[ended_count++] = i;
        }
    }
    fold->left_count = kept;
    if (ended_count > 0) {
        OR_DONE(end_rows(fold, scratch, *state, ended, ended_count));
        *state = column_take(scratch, *state, going, kept);
        err = *state == NULL ? arena_error(scratch) : NULL;
    }
done:
    return err;
}

/* The body over this place of the arrays that are left. */
static struct err *fold_step(struct fold *fold, struct arena *scratch, uint32_t place, const struct column **state)
{
    struct err *err = NULL;
    const struct expression *expression = fold->expression;
    const struct column **columns = ARENA_ARRAY(scratch, const struct column *, expression->child_count + 1U);
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, fold->left_count + 1U);
    struct column *made = NULL;
    if (columns == NULL || positions == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < fold->left_count; i++) {
        positions[i] = fold->offsets[fold->left[i]] + place;
    }
    columns[0] = *state;
    for (uint32_t c = 1; c < expression->child_count; c++) {
        columns[c] = c <= expression->array_count ? column_take(scratch, fold->lists[c], positions, fold->left_count)
                                                  : column_take(scratch, fold->values[c], fold->left, fold->left_count);
        if (columns[c] == NULL) {
            return arena_error(scratch);
        }
    }
    OR_DONE(evaluator_run(fold->body, scratch, columns, fold->left_count, &made));
    ASSERT(made != NULL);
    *state = column_flat(scratch, made);
    err = *state == NULL ? arena_error(scratch) : NULL;
done:
    return err;
}

static struct err *fold_places(struct fold *fold)
{
    struct err *err = NULL;
    struct arena *scratch[2] = {arena_beside(fold->arena), arena_beside(fold->arena)};
    const struct column *state = column_flat(fold->arena, fold->values[0]);
    uint32_t here = 0;
    if (scratch[0] == NULL || scratch[1] == NULL || state == NULL) {
        err = state == NULL ? arena_error(fold->arena) : err_oom();
        goto done;
    }
    for (uint32_t place = 0; fold->left_count > 0; place++) {
        OR_DONE(interrupt_check());
        OR_DONE(drop_ended(fold, scratch[here], place, &state));
        if (fold->left_count > 0) {
            OR_DONE(fold_step(fold, scratch[here], place, &state));
        }
        if (arena_bytes(scratch[here]) > SCRATCH_MAX) {
            state = column_copy(scratch[1 - here], state);
            if (state == NULL) {
                err = arena_error(scratch[1 - here]);
                goto done;
            }
            arena_reset(scratch[here]);
            here = 1 - here;
        }
    }
done:
    arena_destroy(scratch[0]);
    arena_destroy(scratch[1]);
    return err;
}

struct err *fold_rows(struct arena *arena, const struct expression *expression, struct evaluator *body,
                      const struct column *const *values, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    struct fold fold = {.arena = arena, .expression = expression, .body = body, .values = values};
    fold.lists = ARENA_ARRAY(arena, const struct column *, expression->child_count + 1U);
    fold.left = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    fold.sources = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    fold.rows = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (fold.lists == NULL || fold.left == NULL || fold.sources == NULL || fold.rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 1; c <= expression->array_count; c++) {
        const struct column *flat;
        OR_DONE(arrays_flat(arena, values[c], &flat));
        if (c > 1 && memcmp(fold.offsets, flat->offsets, (row_count + 1U) * sizeof(uint32_t)) != 0) {
            return err_new(ERR_ARRAY_SIZES, "the arrays of arrayFold have different sizes");
        }
        fold.offsets = flat->offsets;
        fold.lists[c] = flat->children[0];
    }
    ASSERT(fold.offsets != NULL); /* there is an array at least */
    for (uint32_t i = 0; i < row_count; i++) {
        fold.left[i] = i;
    }
    fold.left_count = row_count;
    OR_DONE(fold_places(&fold));
    *out = fold.end_count == 1 ? fold.ends[0] /* all at once, in order */
                               : column_pick(arena, expression->type, (const struct column *const *)fold.ends,
                                             fold.end_count, fold.sources, fold.rows, row_count);
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}
