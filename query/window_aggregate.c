/*
 * window_aggregate.c: aggregate functions over frames.
 *
 * whole    a frame that is the partition: rows are added to their partition's state, as GROUP BY does
 * plain    states that memcpy copies: two stacks. Of a pivot, rows before it have suffix states (each row's merged with
 *          those behind it, up to the pivot), rows from it on one state that grows; a frame is a suffix merged with it.
 *          A frame that begins behind the pivot moves the pivot to its end. So a row is added twice and merged three
 *          times at most, whatever the frames' width; a frame that only grows is added up in order.
 * other    one state: rows are added while only the end moves, else it begins anew, as ClickHouse does
 * source   Tangwongsan, Hirzel, Schneider: Low-Latency Sliding-Window Aggregation in Worst-Case Constant Time (2017),
 *          section 2, "two-stacks"
 * thread   one per call
 */
#include "query/window_rows.h"

#define BATCH_ROWS 8192U
#define CHECK_ROWS 65536U

struct evaluation {
    const struct window_rows *rows;
    const struct aggregate *aggregate;
    struct column *const *arguments;
    uint32_t stride;
    struct arena *work; /* for a call of an aggregate's function; reset after some rows */
    uint64_t added;     /* rows since the last look at the query's state */
};

/* Adds rows [begin, end) to the state, or (groups) to one state each. */
static struct err *add_rows(struct evaluation *evaluation, struct arena *arena, char *states, const uint32_t *groups,
                            uint32_t begin, uint32_t end)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = evaluation->aggregate;
    const struct column **parts = ARENA_ARRAY(evaluation->work, const struct column *, aggregate->argument_count + 1U);

    if (parts == NULL) {
        return arena_error(evaluation->work);
    }
    for (uint32_t at = begin; at < end;) {
        uint32_t next = end - at < BATCH_ROWS ? end : at + BATCH_ROWS;
        for (uint32_t a = 0; a < aggregate->argument_count; a++) {
            parts[a] = column_part(evaluation->work, evaluation->arguments[a], at, next);
            if (parts[a] == NULL) {
                return arena_error(evaluation->work);
            }
        }
        OR_DONE(aggregate->add(aggregate, arena, evaluation->work, states, evaluation->stride,
                               groups == NULL ? NULL : groups + (at - begin), parts, next - at));
        evaluation->added += next - at;
        at = next;
    }
    if (evaluation->added >= CHECK_ROWS) {
        evaluation->added = 0;
        arena_reset(evaluation->work);
        OR_DONE(execution_check(evaluation->rows->execution));
    }
done:
    return err;
}

/* --- whole partitions -------------------------------------------------------------------------------------------- */

static struct err *whole(struct evaluation *evaluation, struct column **out)
{
    struct err *err = NULL;
    const struct window_rows *rows = evaluation->rows;
    struct arena *arena = rows->arena;
    uint32_t *groups = ARENA_ARRAY(arena, uint32_t, rows->count);
    char *states = arena_zalloc(arena, (size_t)rows->partition_count * evaluation->stride + 1);
    struct column *results = column_new(arena, evaluation->aggregate->type, rows->partition_count);

    if (groups == NULL || states == NULL || results == NULL) {
        return arena_error(arena);
    }
    for (uint32_t p = 0; p < rows->partition_count; p++) {
        for (uint32_t i = rows->partitions[p]; i < rows->partitions[p + 1]; i++) {
            groups[i] = p;
        }
    }
    OR_DONE(add_rows(evaluation, arena, states, rows->partition_count == 1 ? NULL : groups, 0, rows->count));
    OR_DONE(evaluation->aggregate->finish(evaluation->aggregate, arena, states, evaluation->stride,
                                          rows->partition_count, results));
    *out = column_take(arena, results, groups, rows->count);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

/* --- plain states ------------------------------------------------------------------------------------------------ */

struct stacks {
    char *suffix; /* of rows [suffix_begin, pivot) */
    uint64_t suffix_capacity;
    uint32_t suffix_begin;
    uint32_t pivot;
    char *prefix; /* one state: rows [pivot, prefix_end) */
    uint32_t prefix_end;
    char *leaves; /* one state per row of [leaf_begin, leaf_end), not yet in the prefix */
    uint32_t leaf_begin, leaf_end;
    uint32_t *groups; /* 0, 1, … */
};

static struct err *merge_into(struct evaluation *evaluation, char *into, char *from)
{
    return evaluation->aggregate->merge(evaluation->aggregate, evaluation->rows->arena, into, from);
}

/* One state per row of [begin, end). */
static struct err *leaves_make(struct evaluation *evaluation, const struct stacks *stacks, char *states, uint32_t begin,
                               uint32_t end)
{
    struct err *err = NULL;
    uint32_t stride = evaluation->stride;

    if (begin == end) { /* an empty frame behind the pivot: there may be no states yet */
        return NULL;
    }
    ASSERT(states != NULL);
    memset(states, 0, (size_t)(end - begin) * stride);
    for (uint32_t at = begin; at < end; at += BATCH_ROWS) {
        uint32_t next = end - at < BATCH_ROWS ? end : at + BATCH_ROWS;
        OR_DONE(add_rows(evaluation, evaluation->rows->arena, states + (size_t)(at - begin) * stride, stacks->groups,
                         at, next));
    }
done:
    return err;
}

static struct err *pivot_move(struct evaluation *evaluation, struct stacks *stacks, uint32_t begin, uint32_t end)
{
    struct err *err = NULL;
    size_t stride = evaluation->stride;

    if (end - begin > stacks->suffix_capacity) {
        stacks->suffix_capacity = (uint64_t)(end - begin) + (end - begin) / 2;
        stacks->suffix = arena_array(evaluation->rows->arena, stacks->suffix_capacity, stride);
        if (stacks->suffix == NULL) {
            return arena_error(evaluation->rows->arena);
        }
    }
    OR_DONE(leaves_make(evaluation, stacks, stacks->suffix, begin, end));
    for (uint32_t i = end - begin; i > 1; i--) {
        OR_DONE(merge_into(evaluation, stacks->suffix + (i - 2) * stride, stacks->suffix + (i - 1) * stride));
    }
    stacks->suffix_begin = begin;
    stacks->pivot = end;
    stacks->prefix_end = end;
    memset(stacks->prefix, 0, stride);
done:
    return err;
}

static struct err *prefix_grow(struct evaluation *evaluation, struct stacks *stacks, uint32_t end)
{
    struct err *err = NULL;

    for (; stacks->prefix_end < end; stacks->prefix_end++) {
        uint32_t row = stacks->prefix_end;
        if (row < stacks->leaf_begin || row >= stacks->leaf_end) {
            stacks->leaf_begin = row;
            stacks->leaf_end = evaluation->rows->count - row < BATCH_ROWS ? evaluation->rows->count : row + BATCH_ROWS;
            OR_DONE(leaves_make(evaluation, stacks, stacks->leaves, row, stacks->leaf_end));
        }
        OR_DONE(merge_into(evaluation, stacks->prefix,
                           stacks->leaves + (size_t)(row - stacks->leaf_begin) * evaluation->stride));
    }
done:
    return err;
}

/* The state of rows [begin, end), of the frame behind the last one, into `state`. */
static struct err *frame_state(struct evaluation *evaluation, struct stacks *stacks, uint32_t begin, uint32_t end,
                               char *state)
{
    struct err *err = NULL;
    size_t stride = evaluation->stride;

    if (begin > stacks->pivot) {
        OR_DONE(pivot_move(evaluation, stacks, begin, end));
    }
    OR_DONE(prefix_grow(evaluation, stacks, end));
    if (begin < stacks->pivot) {
        memcpy(state, stacks->suffix + (begin - stacks->suffix_begin) * stride, stride);
        if (stacks->prefix_end > stacks->pivot) {
            OR_DONE(merge_into(evaluation, state, stacks->prefix));
        }
    } else {
        memcpy(state, stacks->prefix, stride);
    }
done:
    return err;
}

static struct err *plain(struct evaluation *evaluation, const struct window_frames *frames, struct column **out)
{
    struct err *err = NULL;
    const struct window_rows *rows = evaluation->rows;
    struct arena *arena = rows->arena;
    const struct aggregate *aggregate = evaluation->aggregate;
    size_t stride = evaluation->stride;
    uint32_t batch = rows->count < BATCH_ROWS ? rows->count : BATCH_ROWS;
    char *states = arena_array(arena, batch, stride);
    const struct column **pieces = ARENA_ARRAY(arena, const struct column *, rows->count / BATCH_ROWS + 1U);
    struct stacks stacks = {.prefix = arena_zalloc(arena, stride), .leaves = arena_array(arena, batch, stride)};
    uint32_t piece_count = 0;
    uint32_t next_partition = 0;

    stacks.groups = ARENA_ARRAY(arena, uint32_t, batch);
    if (states == NULL || pieces == NULL || stacks.prefix == NULL || stacks.leaves == NULL || stacks.groups == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < batch; i++) {
        stacks.groups[i] = i;
    }
    for (uint32_t first = 0; first < rows->count; first += BATCH_ROWS) {
        uint32_t count = rows->count - first < BATCH_ROWS ? rows->count - first : BATCH_ROWS;
        for (uint32_t i = first; i < first + count; i++) {
            if (i == rows->partitions[next_partition]) {
                next_partition++;
                stacks.pivot = stacks.prefix_end = frames->begin[i];
                memset(stacks.prefix, 0, stride);
            }
            OR_DONE(frame_state(evaluation, &stacks, frames->begin[i], frames->end[i], states + (i - first) * stride));
        }
        struct column *piece = column_new(arena, aggregate->type, count);
        if (piece == NULL) {
            err = arena_error(arena);
            goto done;
        }
        OR_DONE(aggregate->finish(aggregate, arena, states, evaluation->stride, count, piece));
        pieces[piece_count++] = piece;
    }
    *out = column_concat(arena, pieces, piece_count);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

/* --- any states -------------------------------------------------------------------------------------------------- */

struct running {
    char *state;         /* of rows [begin, end) */
    struct arena *arena; /* that it points into */
    uint32_t begin, end;
};

/* One row: the state's value, which owes nothing to the state any more. */
static struct err *value_of(struct evaluation *evaluation, struct running *running, struct column **out)
{
    struct err *err = NULL;
    struct arena *arena = evaluation->rows->arena;
    struct column *value = column_new(evaluation->work, evaluation->aggregate->type, 1);

    if (value == NULL) {
        return arena_error(evaluation->work);
    }
    OR_DONE(evaluation->aggregate->finish(evaluation->aggregate, running->arena, running->state, evaluation->stride, 1,
                                          value));
    *out = column_copy(arena, value);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

static struct err *run(struct evaluation *evaluation, const struct window_frames *frames, struct running *running,
                       struct column **out)
{
    struct err *err = NULL;
    const struct window_rows *rows = evaluation->rows;
    const struct column **values = ARENA_ARRAY(rows->arena, const struct column *, rows->count);
    uint32_t *positions = ARENA_ARRAY(rows->arena, uint32_t, rows->count);
    uint32_t value_count = 0;

    if (values == NULL || positions == NULL) {
        return arena_error(rows->arena);
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        OR_DONE(interrupt_at(i));
        uint32_t begin = frames->begin[i];
        uint32_t end = frames->end[i];
        bool same = value_count > 0 && begin == running->begin && end == running->end;
        if (value_count == 0 || begin != running->begin || end < running->end) {
            memset(running->state, 0, evaluation->stride);
            arena_reset(running->arena);
            running->begin = running->end = begin;
        }
        if (!same) {
            struct column *value = NULL;
            OR_DONE(add_rows(evaluation, running->arena, running->state, NULL, running->end, end));
            running->end = end;
            OR_DONE(value_of(evaluation, running, &value));
            values[value_count++] = value;
            evaluation->added += 16;
        }
        positions[i] = value_count - 1;
    }
    struct column *distinct = column_concat(rows->arena, values, value_count);
    *out = distinct == NULL ? NULL : column_take(rows->arena, distinct, positions, rows->count);
    if (*out == NULL) {
        err = arena_error(rows->arena);
    }
done:
    return err;
}

struct err *window_aggregate(const struct window_rows *rows, const struct window_function *function,
                             const struct window_frames *frames, struct column *const *arguments, struct column **out)
{
    struct err *err = NULL;
    struct budget *budget = rows->execution->options->budget;
    struct evaluation evaluation = {.rows = rows,
                                    .aggregate = function->aggregate,
                                    .arguments = arguments,
                                    .stride = function->aggregate->state_bytes,
                                    .work = arena_create(budget)};
    struct running running = {.arena = arena_create(budget)};

    if (frames != NULL) {
        OR_DONE(window_sum(rows, function, frames, arguments, out));
        if (*out != NULL) {
            goto done;
        }
    }
    if (evaluation.work == NULL || running.arena == NULL) {
        err = err_oom();
        goto done;
    }
    if (frames == NULL) {
        OR_DONE(whole(&evaluation, out));
    } else if (function->aggregate->plain) {
        OR_DONE(plain(&evaluation, frames, out));
    } else {
        running.state = arena_alloc(rows->arena, evaluation.stride);
        if (running.state == NULL) {
            err = arena_error(rows->arena);
            goto done;
        }
        OR_DONE(run(&evaluation, frames, &running, out));
    }
done:
    arena_destroy(running.arena);
    arena_destroy(evaluation.work);
    return err;
}
