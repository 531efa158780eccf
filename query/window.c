/*
 * window.c: the window operator: whole partitions of sorted rows, and behind their columns the functions' values.
 *
 * flow     sort.c → window_sorted: rows in memory, batch by batch of whole partitions; or, where they come from files,
 *          push: rows are kept until some partitions are complete → window_frame.c, window_function.c,
 *          window_aggregate.c over all of them at once → the next stage, in chunks
 * memory   arena `kept` holds pushed rows; one more holds a batch while it is computed
 * thread   push comes from one worker: that which finishes the sort. Batches of sorted rows are computed by all workers
 *          when what follows takes its rows in any order (a sort, an aggregation that does not look at the order)
 */
#include "query/window_rows.h"

#include <stdatomic.h>
#include <strings.h>

#define BATCH_ROWS_MIN  65536U /* partitions are computed together from this many rows on, */
#define SORTED_ROWS_MIN 32768U /* by several workers from so many */
#define ROWS_OUT        8192U

struct window {
    struct program *program; /* partition, order, then all arguments */
    struct evaluator *evaluator;
    uint32_t expression_count;
    uint32_t column_count; /* kept per chunk: those of the input, then expressions */
    uint32_t *places;      /* an expression that is a column of the input is that column */
    struct arena *kept;
    struct column ***chunks;
    uint32_t chunk_count, chunk_capacity;
    uint32_t row_count;
    uint32_t complete; /* rows of complete partitions among them */
};

/* --- a batch ----------------------------------------------------------------------------------------------------- */

static struct err *mark(const struct window_rows *rows, struct column *const *keys, uint32_t key_count, uint8_t *marks,
                        uint32_t **starts, uint32_t *start_count)
{
    marks[0] = 1;
    for (uint32_t k = 0; k < key_count; k++) {
        window_mark(keys[k], marks);
    }
    return window_starts(rows->arena, marks, rows->count, starts, start_count);
}

/* Frames that several functions share are found once. */
static struct err *frames_of(const struct window_rows *rows, const struct plan_window *plan, uint32_t f,
                             struct window_frames *all, const struct window_frames **out)
{
    struct err *err = NULL;
    const struct frame *frame = &plan->functions[f].frame;

    for (uint32_t other = 0; other < f; other++) {
        const struct frame *known = &plan->functions[other].frame;
        if (all[other].begin != NULL && known->kind == frame->kind && known->begin.kind == frame->begin.kind &&
            known->begin.following == frame->begin.following && known->begin.offset == frame->begin.offset &&
            known->end.kind == frame->end.kind && known->end.following == frame->end.following &&
            known->end.offset == frame->end.offset) {
            *out = &all[other];
            return NULL;
        }
    }
    OR_DONE(window_frames_find(rows, frame, &all[f]));
    *out = &all[f];
done:
    return err;
}

/* The functions' columns, over whole partitions. expressions: FLAT. */
static struct err *compute(struct window_rows *rows, const struct plan_window *plan, struct column *const *expressions,
                           struct column **results)
{
    struct err *err = NULL;
    uint8_t *marks = arena_zalloc(rows->arena, rows->count + 1U);
    struct window_frames *frames =
        arena_zalloc(rows->arena, (plan->function_count + (size_t)1) * sizeof(struct window_frames));
    struct column *const *order = expressions + plan->partition_count;
    struct column *const *arguments = order + plan->order_count;
    uint32_t *starts = NULL;

    if (marks == NULL || frames == NULL) {
        return arena_error(rows->arena);
    }
    OR_DONE(mark(rows, expressions, plan->partition_count, marks, &starts, &rows->partition_count));
    rows->partitions = starts;
    OR_DONE(mark(rows, order, plan->order_count, marks, &starts, &rows->peer_count));
    rows->peers = starts;
    if (plan->order_count == 1) {
        rows->order = &plan->order[0];
        rows->order_key = order[0];
    }
    for (uint32_t f = 0; f < plan->function_count; f++) {
        const struct window_function *function = &plan->functions[f];
        const struct window_frames *seen = NULL;
        bool aggregate = function->kind == WINDOW_AGGREGATE;
        if (aggregate ? !window_frame_is_whole(&function->frame, plan->order_count > 0)
                      : function->kind >= WINDOW_LAG) {
            OR_DONE(frames_of(rows, plan, f, frames, &seen));
        }
        OR_DONE(aggregate ? window_aggregate(rows, function, seen, arguments, &results[f])
                          : window_evaluate(rows, function, seen, arguments, &results[f]));
        OR_DONE(execution_check(rows->execution));
        arguments += function->argument_count;
    }
done:
    return err;
}

static struct err *emit(struct stage *stage, struct worker *worker, struct column *const *columns, uint32_t row_count,
                        bool *stop)
{
    struct err *err = NULL;

    arena_reset(worker->scratch);
    for (uint32_t begin = 0; begin < row_count && !*stop; begin += ROWS_OUT) {
        uint32_t end = row_count - begin < ROWS_OUT ? row_count : begin + ROWS_OUT;
        struct chunk *chunk = chunk_new(worker->scratch, stage->plan->column_count, end - begin);
        if (chunk == NULL) {
            return arena_error(worker->scratch);
        }
        for (uint32_t c = 0; c < stage->plan->column_count; c++) {
            chunk->columns[c] = column_part(worker->scratch, columns[c], begin, end);
            if (chunk->columns[c] == NULL) {
                return arena_error(worker->scratch);
            }
        }
        OR_DONE(execution_check(stage->execution));
        OR_DONE(operator_push(stage->next, worker, chunk, stop));
        arena_reset(worker->scratch);
    }
done:
    return err;
}

/* --- keeping rows ------------------------------------------------------------------------------------------------ */

static struct err *keep(struct window *window, struct arena *arena, struct column **columns, uint32_t row_count)
{
    if (window->chunk_count == window->chunk_capacity) {
        uint32_t capacity = window->chunk_capacity == 0 ? 16 : window->chunk_capacity * 2;
        struct column ***chunks = ARENA_ARRAY(arena, struct column **, capacity);
        if (chunks == NULL) {
            return arena_error(arena);
        }
        if (window->chunk_count > 0) {
            memcpy(chunks, window->chunks, window->chunk_count * sizeof(*chunks));
        }
        window->chunks = chunks;
        window->chunk_capacity = capacity;
    }
    if (row_count > UINT32_MAX / 2 - window->row_count) {
        return err_new(ERR_TOO_MANY_ROWS, "a partition of a window has more than %u rows", UINT32_MAX / 2);
    }
    window->chunks[window->chunk_count++] = columns;
    window->row_count += row_count;
    return NULL;
}

/* Computes and sends on the first `count` of the rows kept; keeps the others. */
static struct err *flush(struct stage *stage, struct worker *worker, uint32_t count, bool *stop)
{
    struct err *err = NULL;
    struct window *window = stage->shared;
    const struct plan_window *plan = stage->plan->window;
    struct budget *budget = stage->execution->options->budget;
    struct window_rows rows = {.execution = stage->execution, .count = count, .arena = arena_create(budget)};
    struct arena *rest = arena_create(budget);
    struct arena *used = NULL; /* strings of the batch are in it */
    uint32_t inputs = window->column_count - window->expression_count;

    if (rows.arena == NULL || rest == NULL) {
        err = err_oom();
        goto done;
    }
    const struct column **pieces = ARENA_ARRAY(rows.arena, const struct column *, window->chunk_count + 1U);
    struct column **columns = ARENA_ARRAY(rows.arena, struct column *, window->column_count + plan->function_count);
    struct column **left = ARENA_ARRAY(rest, struct column *, window->column_count + 1U);
    if (pieces == NULL || columns == NULL || left == NULL) {
        err = arena_error(left == NULL ? rest : rows.arena);
        goto done;
    }
    for (uint32_t c = 0; c < window->column_count; c++) {
        if (window->places[c] != c) {
            columns[c] = columns[window->places[c]];
            left[c] = left[window->places[c]];
            continue;
        }
        for (uint32_t k = 0; k < window->chunk_count; k++) {
            pieces[k] = window->chunks[k][c];
        }
        struct column *all = column_concat(rows.arena, pieces, window->chunk_count);
        struct column *part =
            all == NULL || count == window->row_count ? NULL : column_part(rows.arena, all, count, window->row_count);
        left[c] = part == NULL ? NULL : column_copy(rest, part);
        columns[c] = all == NULL ? NULL : column_part(rows.arena, all, 0, count);
        if (columns[c] == NULL || (left[c] == NULL && count < window->row_count)) {
            err = arena_error(columns[c] == NULL ? rows.arena : rest);
            goto done;
        }
    }
    used = window->kept;
    uint32_t left_count = window->row_count - count;
    window->kept = rest;
    window->chunks = NULL;
    window->chunk_count = window->chunk_capacity = window->row_count = window->complete = 0;
    rest = NULL;
    if (left_count > 0) {
        OR_DONE(keep(window, window->kept, left, left_count));
    }
    struct column **results = ARENA_ARRAY(rows.arena, struct column *, plan->function_count + 1U);
    if (results == NULL) {
        err = arena_error(rows.arena);
        goto done;
    }
    OR_DONE(compute(&rows, plan, columns + inputs, results));
    memcpy(columns + inputs, results, plan->function_count * sizeof(struct column *));
    OR_DONE(emit(stage, worker, columns, count, stop));
done:
    arena_destroy(rest);
    arena_destroy(rows.arena);
    arena_destroy(used);
    return err;
}

/* --- rows that are sorted in memory ------------------------------------------------------------------------------ */

struct batches {
    struct stage *stage;
    const struct sort_view *view;
    uint64_t *begins; /* count + 1 */
    uint32_t count;
    _Atomic uint32_t next;
    _Atomic bool stopped;
};

/* The columns of rows [begin, end) of the view: those of the input, then expressions. */
static struct err *batch_columns(const struct batches *batches, struct worker *worker, struct arena *arena,
                                 uint64_t begin, uint64_t end, struct column **columns)
{
    struct err *err = NULL;
    const struct window *window = batches->stage->shared;
    const struct sort_view *view = batches->view;
    uint32_t count = (uint32_t)(end - begin);
    uint32_t inputs = window->column_count - window->expression_count;
    uint32_t piece_count = 0;
    struct evaluator *evaluator = NULL;
    const struct column ***pieces = ARENA_ARRAY(arena, const struct column **, window->expression_count + 1U);

    if (pieces == NULL) {
        return arena_error(arena);
    }
    OR_DONE(sort_gather(view->plan, arena, view->chunks, view->entries + begin, count, inputs, view->types, columns));
    for (uint32_t c = inputs; c < window->column_count; c++) {
        if (window->places[c] != c) {
            columns[c] = columns[window->places[c]];
            continue;
        }
        pieces[c - inputs] = ARENA_ARRAY(arena, const struct column *, count / ROWS_OUT + 1U);
        if (pieces[c - inputs] == NULL) {
            return arena_error(arena);
        }
        piece_count = 1;
    }
    if (piece_count == 0) {
        return NULL; /* all expressions are columns */
    }
    piece_count = 0;
    OR_DONE(evaluator_create(arena, window->program, &evaluator));
    for (uint32_t at = 0; at < count; at += ROWS_OUT) {
        uint32_t next = count - at < ROWS_OUT ? count : at + ROWS_OUT;
        const struct column **parts = ARENA_ARRAY(arena, const struct column *, inputs + 1U);
        struct column **values = ARENA_ARRAY(arena, struct column *, window->expression_count + 1U);
        if (parts == NULL || values == NULL) {
            return arena_error(arena);
        }
        for (uint32_t c = 0; c < inputs; c++) {
            parts[c] = column_part(arena, columns[c], at, next);
            if (parts[c] == NULL) {
                return arena_error(arena);
            }
        }
        OR_DONE(evaluator_run(evaluator, arena, parts, next - at, values));
        for (uint32_t c = inputs; c < window->column_count; c++) {
            if (window->places[c] == c) {
                pieces[c - inputs][piece_count] = column_flat(arena, values[c - inputs]);
                if (pieces[c - inputs][piece_count] == NULL) {
                    return arena_error(arena);
                }
            }
        }
        piece_count++;
        OR_DONE(execution_check(worker->execution));
    }
    for (uint32_t c = inputs; c < window->column_count; c++) {
        if (window->places[c] == c) {
            columns[c] = column_concat(arena, pieces[c - inputs], piece_count);
            if (columns[c] == NULL) {
                return arena_error(arena);
            }
        }
    }
done:
    return err;
}

static struct err *batches_run(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct batches *batches = object;
    struct stage *stage = batches->stage;
    const struct window *window = stage->shared;
    const struct plan_window *plan = stage->plan->window;
    uint32_t inputs = window->column_count - window->expression_count;
    struct window_rows rows = {.execution = stage->execution};
    bool stop = false;

    for (uint32_t b = atomic_fetch_add(&batches->next, 1); b < batches->count && !atomic_load(&batches->stopped);
         b = atomic_fetch_add(&batches->next, 1)) {
        rows = (struct window_rows){.execution = stage->execution,
                                    .count = (uint32_t)(batches->begins[b + 1] - batches->begins[b]),
                                    .arena = arena_create(stage->execution->options->budget)};
        if (rows.arena == NULL) {
            return err_oom();
        }
        struct column **columns = ARENA_ARRAY(rows.arena, struct column *, window->column_count + plan->function_count);
        struct column **results = ARENA_ARRAY(rows.arena, struct column *, plan->function_count + 1U);
        if (columns == NULL || results == NULL) {
            err = arena_error(rows.arena);
            goto done;
        }
        OR_DONE(batch_columns(batches, worker, rows.arena, batches->begins[b], batches->begins[b + 1], columns));
        OR_DONE(compute(&rows, plan, columns + inputs, results));
        memcpy(columns + inputs, results, plan->function_count * sizeof(struct column *));
        OR_DONE(emit(stage, worker, columns, rows.count, &stop));
        arena_destroy(rows.arena);
        rows.arena = NULL;
        if (stop) {
            atomic_store(&batches->stopped, true);
        }
    }
done:
    arena_destroy(rows.arena);
    if (err != NULL) {
        atomic_store(&batches->stopped, true);
    }
    return err;
}

/* The first row from `from` on that is of another partition than `from`. */
static uint64_t partition_end(const struct sort_view *view, const struct plan *by_partition, uint64_t from)
{
    uint64_t low = from; /* of the same partition */
    uint64_t high = view->count;
    for (uint64_t step = 1; low + step < view->count; step *= 2) {
        if (sort_view_compare(view, by_partition, from, low + step) != 0) {
            high = low + step;
            break;
        }
        low += step;
    }
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (sort_view_compare(view, by_partition, from, middle) == 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

/* Does what follows give the same whatever the order of its rows? */
static bool takes_any_order(const struct stage *stage)
{
    static const char *const names[] = {"min", "max", "sum", "count", "avg", "uniqExact"};
    while (stage != NULL && (stage->plan->kind == PLAN_PROJECT || stage->plan->kind == PLAN_FILTER)) {
        stage = stage->next;
    }
    if (stage == NULL || stage->next == NULL || stage->plan->kind != PLAN_AGGREGATE) {
        return stage != NULL && stage->next != NULL && stage->plan->kind == PLAN_SORT;
    }
    for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
        bool known = false;
        for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
            known = known || strcasecmp(stage->plan->aggregates[a].aggregate->name, names[n]) == 0;
        }
        if (!known) {
            return false;
        }
    }
    return true;
}

struct err *window_sorted(struct stage *stage, struct worker *worker, const struct sort_view *view)
{
    struct err *err = NULL;
    struct plan by_partition = *view->plan;
    struct batches batches = {.stage = stage, .view = view};
    struct arena *arena = arena_create(stage->execution->options->budget);

    if (arena == NULL) {
        return err_oom();
    }
    batches.begins = ARENA_ARRAY(arena, uint64_t, view->count / SORTED_ROWS_MIN + 2U);
    if (batches.begins == NULL) {
        err = arena_error(arena);
        goto done;
    }
    by_partition.sort_key_count = stage->plan->window->partition_count;
    for (uint64_t at = 0; at < view->count; batches.count++) {
        uint64_t last = view->count - at > SORTED_ROWS_MIN ? at + SORTED_ROWS_MIN - 1 : view->count - 1;
        batches.begins[batches.count] = at;
        at = by_partition.sort_key_count == 0 ? view->count : partition_end(view, &by_partition, last);
        if (at - batches.begins[batches.count] > UINT32_MAX / 2) {
            err = err_new(ERR_TOO_MANY_ROWS, "a partition of a window has more than %u rows", UINT32_MAX / 2);
            goto done;
        }
    }
    batches.begins[batches.count] = view->count;
    arena_reset(worker->scratch);
    OR_DONE(
        execution_parallel(stage->execution, takes_any_order(stage->next) ? batches.count : 1, batches_run, &batches));
done:
    arena_destroy(arena);
    return err;
}

/* --- rows that are pushed ---------------------------------------------------------------------------------------- */

/* The row in [0, row_count) where the chunk's last partition begins; 0 too when it goes on from the chunk before. */
static struct err *last_partition(struct window *window, const struct plan_window *plan, struct worker *worker,
                                  struct column *const *columns, uint32_t row_count, bool *found, uint32_t *begin)
{
    uint32_t first = window->column_count - window->expression_count;
    uint8_t *marks = arena_zalloc(worker->scratch, row_count);

    if (marks == NULL) {
        return arena_error(worker->scratch);
    }
    for (uint32_t k = 0; k < plan->partition_count; k++) {
        const struct column *key = columns[first + k];
        window_mark(key, marks);
        if (window->chunk_count > 0) {
            const struct column *before = window->chunks[window->chunk_count - 1][first + k];
            marks[0] |= key->type->kind != TYPE_NOTHING && column_compare(before, before->row_count - 1, key, 0) != 0;
        }
    }
    *found = false;
    for (uint32_t i = row_count; i > 0 && !*found; i--) {
        *found = marks[i - 1] != 0;
        *begin = i - 1;
    }
    return NULL;
}

static struct err *window_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct window *window = stage->shared;
    const struct plan_window *plan = stage->plan->window;
    struct column **values = ARENA_ARRAY(worker->scratch, struct column *, window->expression_count + 1U);
    struct column **columns = ARENA_ARRAY(window->kept, struct column *, window->column_count + 1U);
    uint32_t begin = 0;
    bool found = false;

    if (values == NULL || columns == NULL) {
        return values == NULL ? arena_error(worker->scratch) : arena_error(window->kept);
    }
    OR_DONE(evaluator_run(window->evaluator, worker->scratch, (const struct column *const *)chunk->columns,
                          chunk->row_count, values));
    for (uint32_t c = 0; c < window->column_count; c++) {
        struct column *from = c < chunk->column_count ? chunk->columns[c] : values[c - chunk->column_count];
        if (window->places[c] != c) {
            columns[c] = columns[window->places[c]];
            continue;
        }
        const struct column *flat = column_flat(worker->scratch, from);
        columns[c] = flat == NULL ? NULL : column_copy(window->kept, flat);
        if (columns[c] == NULL) {
            err = flat == NULL ? arena_error(worker->scratch) : arena_error(window->kept);
            goto done;
        }
    }
    OR_DONE(last_partition(window, plan, worker, columns, chunk->row_count, &found, &begin));
    uint32_t before = window->row_count;
    OR_DONE(keep(window, window->kept, columns, chunk->row_count));
    window->complete = found ? before + begin : window->complete;
    if (window->row_count >= BATCH_ROWS_MIN && window->complete > 0) {
        OR_DONE(flush(stage, worker, window->complete, stop));
    }
done:
    return err;
}

static struct err *window_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    struct window *window = stage->shared;
    bool stop = false;

    if (window->row_count > 0) {
        OR_DONE(flush(stage, worker, window->row_count, &stop));
    }
    arena_reset(worker->scratch);
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind window_kind = {window_push, window_finish};

bool window_is(const struct stage *stage)
{
    return stage->kind == &window_kind;
}

static void cleanup_window(void *object)
{
    struct window *window = object;
    arena_destroy(window->kept);
}

struct err *operator_window(struct execution *execution, const struct plan *plan, struct stage *next,
                            struct stage **out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    const struct plan_window *window_plan = plan->window;
    struct window *window = ARENA_NEW(arena, struct window);
    uint32_t count = window_plan->partition_count + window_plan->order_count;

    if (window == NULL || !arena_on_destroy(arena, cleanup_window, window)) {
        return arena_error(arena);
    }
    for (uint32_t f = 0; f < window_plan->function_count; f++) {
        count += window_plan->functions[f].argument_count;
    }
    const struct expression **expressions = ARENA_ARRAY(arena, const struct expression *, count + 1U);
    window->kept = arena_create(execution->options->budget);
    if (expressions == NULL || window->kept == NULL) {
        return expressions == NULL ? arena_error(arena) : err_oom();
    }
    window->expression_count = count;
    window->column_count = plan->inputs[0]->column_count + count;
    window->places = ARENA_ARRAY(arena, uint32_t, window->column_count + 1U);
    if (window->places == NULL) {
        return arena_error(arena);
    }
    count = 0;
    for (uint32_t k = 0; k < window_plan->partition_count; k++) {
        expressions[count++] = window_plan->partition[k];
    }
    for (uint32_t k = 0; k < window_plan->order_count; k++) {
        expressions[count++] = window_plan->order[k].expression;
    }
    for (uint32_t f = 0; f < window_plan->function_count; f++) {
        for (uint32_t i = 0; i < window_plan->functions[f].argument_count; i++) {
            expressions[count++] = window_plan->functions[f].arguments[i];
        }
    }
    for (uint32_t c = 0; c < window->column_count; c++) {
        const struct expression *expression =
            c < plan->inputs[0]->column_count ? NULL : expressions[c - plan->inputs[0]->column_count];
        window->places[c] = expression != NULL && expression->kind == EXPRESSION_COLUMN ? expression->column_index : c;
    }
    OR_DONE(operator_new(execution, &window_kind, plan, next, out));
    OR_DONE(program_compile(arena, expressions, count, &window->program));
    OR_DONE(evaluator_create(arena, window->program, &window->evaluator));
    (*out)->shared = window;
done:
    return err;
}
