/*
 * panes.c: the operator that makes windows out of panes: panes.h.
 *
 * windows  of a key are sent on in the order of their ends, as soon as no pane can come that lies in them
 * out      rows wait with their states until there are enough of them; then they are finished and sent on
 */
#include "query/panes.h"

#include "query/pane_queue.h"
#include "query/pipeline.h"

#include <string.h>

#define ROWS_OUT       8192U
#define BYTES_OUT      (8U << 20)
#define LOOKED_WINDOWS 64U /* between two looks at whether to go on */
#define MEMO_COUNT     1024U

/* What the calendar says of the end of a window. */
struct memo {
    int64_t end;
    int64_t next; /* the end of the next window; INT64_MAX: there is none */
    int64_t begin;
    bool set;
};

struct windows {
    struct pane_states layout;
    uint32_t other_keys; /* keys but the window */
    struct evaluator *floor, *next, *back;
    struct memo *memo;
    struct arena *batch;         /* the input's chunk */
    struct arena *kept;          /* of the key that is open, when its chunk has ended */
    struct arena *out;           /* rows that wait */
    struct arena *work;          /* of one look at the calendar, or one state that is read */
    struct arena *session;       /* the open session's states */
    struct column **kept_keys;   /* one row each; NULL: none yet */
    struct column *const *chunk; /* the input's columns, in batch */
    bool open;                   /* there is a key */
    bool stopped;                /* nobody wants more rows */
    uint32_t key_source;         /* where its values are: 0 kept_keys, 1 chunk */
    uint32_t key_row;
    /* hop */
    struct pane_queue *queue;
    int64_t end; /* of the next window */
    /* session */
    bool session_open;
    int64_t first, last;
    char *states;
    /* rows that wait */
    uint32_t row_count;
    uint32_t row_count_max;
    uint32_t looked;
    int64_t *begins, *ends;
    uint32_t *sources, *rows;
    char *row_states;
};

/* --- times ------------------------------------------------------------------------------------------------------- */

static int64_t ticks(const struct column *column, uint32_t row)
{
    const void *value = column_value(column, row);
    switch (column->type->kind) {
    case TYPE_DATE:
        return *(const uint16_t *)value;
    case TYPE_DATETIME:
        return *(const uint32_t *)value;
    case TYPE_DATE32:
        return *(const int32_t *)value;
    default:
        return *(const int64_t *)value;
    }
}

/* Beyond the type's range: its end. */
static void put_ticks(struct column *column, uint32_t row, int64_t value)
{
    switch (column->type->kind) {
    case TYPE_DATE:
        ((uint16_t *)column->values)[row] = (uint16_t)(value < 0 ? 0 : value > UINT16_MAX ? UINT16_MAX : value);
        break;
    case TYPE_DATETIME:
        ((uint32_t *)column->values)[row] = (uint32_t)(value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : value);
        break;
    case TYPE_DATE32:
        ((int32_t *)column->values)[row] = (int32_t)value;
        break;
    default:
        ((int64_t *)column->values)[row] = value;
        break;
    }
}

static struct err *calendar(struct windows *windows, const struct type *type, struct evaluator *evaluator, int64_t from,
                            int64_t *to)
{
    struct err *err = NULL;
    struct column *one = column_new(windows->work, type, 1), *result = NULL;
    if (one == NULL) {
        return arena_error(windows->work);
    }
    put_ticks(one, 0, from);
    const struct column *const row[1] = {one};
    OR_DONE(evaluator_run(evaluator, windows->work, row, 1, &result));
    *to = ticks(result, 0);
    arena_reset(windows->work);
done:
    return err;
}

/* The first end of a window behind a time. Steps of hours begin anew at midnight, and days are of several lengths: so
 * it is where the calendar puts what lies a step behind. */
static struct err *end_behind(struct stage *stage, int64_t time, int64_t *out)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    const struct type *type = stage->plan->panes->time;
    int64_t at = 0, found = 0;
    OR_DONE(calendar(windows, type, windows->floor, time, &at));
    *out = INT64_MAX;
    for (uint32_t i = 0; i < 4 && *out == INT64_MAX; i++) {
        OR_DONE(calendar(windows, type, windows->next, at, &found));
        if (found <= at) { /* beyond the type's range */
            break;
        }
        at = found;
        OR_DONE(calendar(windows, type, windows->floor, at, &found));
        *out = found > time ? found : INT64_MAX;
    }
done:
    return err;
}

static struct err *look_up(struct stage *stage, int64_t end, const struct memo **out)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    struct memo *memo = &windows->memo[(uint64_t)end * 0x9E3779B97F4A7C15U >> 54];
    if (!memo->set || memo->end != end) {
        memo->set = false;
        memo->end = end;
        OR_DONE(end_behind(stage, end, &memo->next));
        OR_DONE(calendar(windows, stage->plan->panes->time, windows->back, end, &memo->begin));
        if (memo->begin >= end) { /* before the type's range */
            memo->begin = INT64_MIN;
        }
        memo->set = true;
    }
    *out = memo;
done:
    return err;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

static struct err *rows_begin(struct windows *windows)
{
    windows->begins = ARENA_ARRAY(windows->out, int64_t, windows->row_count_max);
    windows->ends = ARENA_ARRAY(windows->out, int64_t, windows->row_count_max);
    windows->sources = ARENA_ARRAY(windows->out, uint32_t, windows->row_count_max);
    windows->rows = ARENA_ARRAY(windows->out, uint32_t, windows->row_count_max);
    windows->row_states = arena_alloc(windows->out, (size_t)windows->row_count_max * windows->layout.stride + 1);
    bool all = windows->begins != NULL && windows->ends != NULL && windows->sources != NULL && windows->rows != NULL &&
               windows->row_states != NULL;
    return all ? NULL : arena_error(windows->out);
}

/* The window as a value of the key's type, whose elements may be Nullable. */
static struct err *window_column(struct stage *stage, struct arena *arena, struct column **out)
{
    const struct windows *windows = stage->shared;
    const struct type *type = stage->plan->columns[stage->plan->panes->window_key].type;
    struct column *tuple = column_new(arena, type, windows->row_count);
    for (uint32_t k = 0; k < 2 && tuple != NULL; k++) {
        struct column *part = column_new(arena, type->children[k], windows->row_count);
        if (part == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < windows->row_count; i++) {
            put_ticks(part, i, k == 0 ? windows->begins[i] : windows->ends[i]);
        }
        tuple->children[k] = part;
    }
    *out = tuple;
    return tuple == NULL ? arena_error(arena) : NULL;
}

static struct err *flush(struct stage *stage, struct worker *worker, bool *stop)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    const struct plan *plan = stage->plan;
    struct arena *arena = windows->out;
    uint32_t count = windows->row_count, other = 0;
    struct chunk *chunk;

    if (count == 0) {
        return NULL;
    }
    OR_DONE(execution_check(stage->execution));
    chunk = chunk_new(arena, plan->column_count, count);
    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < plan->expression_count; k++) {
        if (k == plan->panes->window_key) {
            OR_DONE(window_column(stage, arena, &chunk->columns[k]));
            continue;
        }
        const struct column *from[2] = {windows->kept_keys == NULL ? NULL : windows->kept_keys[other],
                                        windows->chunk == NULL ? NULL : windows->chunk[other]};
        from[0] = from[0] == NULL ? from[1] : from[0]; /* no row is of it then */
        from[1] = from[1] == NULL ? from[0] : from[1];
        chunk->columns[k] = column_pick(arena, plan->columns[k].type, from, 2, windows->sources, windows->rows, count);
        if (chunk->columns[k] == NULL) {
            return arena_error(arena);
        }
        other++;
    }
    OR_DONE(pane_states_finish(&windows->layout, arena, windows->row_states, count,
                               chunk->columns + plan->expression_count));
    windows->row_count = 0;
    OR_DONE(operator_push(stage->next, worker, chunk, stop));
    windows->stopped = *stop;
    arena_reset(windows->out);
    arena_reset(worker->scratch);
    OR_DONE(rows_begin(windows));
done:
    return err;
}

/* A row of the open key; *states: where its states go, empty. */
static struct err *row_add(struct stage *stage, struct worker *worker, int64_t begin, int64_t end, char **states,
                           bool *stop)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    if (windows->row_count == windows->row_count_max ||
        (windows->row_count > 0 && arena_bytes(windows->out) > BYTES_OUT && !windows->layout.plain)) {
        OR_DONE(flush(stage, worker, stop));
    }
    if (++windows->looked % LOOKED_WINDOWS == 0) {
        OR_DONE(interrupt_check());
    }
    uint32_t row = windows->row_count++;
    windows->begins[row] = begin;
    windows->ends[row] = end;
    windows->sources[row] = windows->key_source;
    windows->rows[row] = windows->key_row;
    *states = windows->row_states + (size_t)row * windows->layout.stride;
    memset(*states, 0, windows->layout.stride);
done:
    return err;
}

/* --- hop --------------------------------------------------------------------------------------------------------- */

/* Windows of the open key that end at `until` or before. */
static struct err *hop_emit(struct stage *stage, struct worker *worker, int64_t until, bool *stop)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    const struct memo *memo = NULL;
    while (!*stop && windows->end <= until && windows->end < INT64_MAX && !pane_queue_is_empty(windows->queue)) {
        char *states = NULL;
        OR_DONE(look_up(stage, windows->end, &memo));
        OR_DONE(pane_queue_leave(windows->queue, memo->begin));
        if (!pane_queue_is_empty(windows->queue)) {
            OR_DONE(row_add(stage, worker, memo->begin, windows->end, &states, stop));
            OR_DONE(pane_queue_sum(windows->queue, windows->out, states));
        }
        windows->end = memo->next;
    }
done:
    return err;
}

static struct err *hop_row(struct stage *stage, struct worker *worker, uint32_t row, bool *stop)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    struct column *const *columns = windows->chunk + windows->other_keys;
    int64_t start = ticks(columns[0], row);
    OR_DONE(hop_emit(stage, worker, start, stop));
    if (pane_queue_is_empty(windows->queue)) {
        const struct memo *memo = NULL;
        OR_DONE(look_up(stage, start, &memo));
        windows->end = memo->next;
    }
    OR_DONE(pane_queue_push(windows->queue, windows->work, start, columns + 1, row));
    arena_reset(windows->work);
done:
    return err;
}

/* --- session ----------------------------------------------------------------------------------------------------- */

/* before: the first time of the key's next session. */
static struct err *session_emit(struct stage *stage, struct worker *worker, int64_t before, bool *stop)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    char *states = NULL;
    if (!windows->session_open) {
        return NULL;
    }
    int64_t end =
        windows->last > INT64_MAX - stage->plan->panes->gap ? INT64_MAX : windows->last + stage->plan->panes->gap;
    OR_DONE(row_add(stage, worker, windows->first, end < before ? end : before, &states, stop));
    OR_DONE(pane_states_merge(&windows->layout, windows->out, windows->work, states, windows->states));
    windows->session_open = false;
done:
    return err;
}

static struct err *session_row(struct stage *stage, struct worker *worker, uint32_t row, bool *stop)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    const struct plan_panes *plan = stage->plan->panes;
    struct column *const *columns = windows->chunk + windows->other_keys + 1;
    int64_t first = ticks(columns[windows->layout.count], row), last = ticks(columns[windows->layout.count + 1], row);
    if (windows->session_open &&
        ((uint64_t)first - (uint64_t)windows->last > (uint64_t)plan->gap || /* in order: never negative */
         (uint64_t)last - (uint64_t)windows->first > (uint64_t)plan->length)) {
        OR_DONE(session_emit(stage, worker, first, stop));
    }
    if (!windows->session_open) {
        arena_reset(windows->session);
        windows->states = pane_states_new(&windows->layout, windows->session);
        if (windows->states == NULL) {
            return arena_error(windows->session);
        }
        windows->session_open = true;
        windows->first = first;
    }
    windows->last = last;
    OR_DONE(pane_states_read(&windows->layout, windows->session, windows->work, windows->states, columns, row));
    arena_reset(windows->work);
done:
    return err;
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

/* No pane of the open key comes any more. */
static struct err *end_key(struct stage *stage, struct worker *worker, bool *stop)
{
    struct windows *windows = stage->shared;
    if (!windows->open) {
        return NULL;
    }
    windows->open = false;
    if (stage->plan->panes->session) {
        return session_emit(stage, worker, INT64_MAX, stop);
    }
    struct err *err = hop_emit(stage, worker, INT64_MAX - 1, stop);
    pane_queue_clear(windows->queue);
    return err;
}

static bool key_goes_on(const struct windows *windows, uint32_t row)
{
    if (!windows->open) {
        return false;
    }
    for (uint32_t k = 0; k < windows->other_keys; k++) {
        const struct column *before = windows->key_source == 0 ? windows->kept_keys[k] : windows->chunk[k];
        if (column_compare(before, windows->key_row, windows->chunk[k], row) != 0) {
            return false;
        }
    }
    return true;
}

/* The open key outlives its chunk. */
static struct err *keep_key(struct windows *windows)
{
    if (windows->key_source == 0 || !windows->open) {
        return NULL;
    }
    arena_reset(windows->kept);
    windows->kept_keys = ARENA_ARRAY(windows->kept, struct column *, windows->other_keys + 1U);
    for (uint32_t k = 0; k < windows->other_keys && windows->kept_keys != NULL; k++) {
        struct column *one = column_take(windows->batch, windows->chunk[k], &windows->key_row, 1);
        windows->kept_keys[k] = one == NULL ? NULL : column_copy(windows->kept, one);
        if (windows->kept_keys[k] == NULL) {
            return arena_error(windows->kept);
        }
    }
    windows->key_source = 0;
    windows->key_row = 0;
    return windows->kept_keys == NULL ? arena_error(windows->kept) : NULL;
}

static struct err *panes_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct windows *windows = stage->shared;
    uint32_t row_count = chunk->row_count;
    struct column **columns = ARENA_ARRAY(windows->batch, struct column *, chunk->column_count);

    if (columns == NULL) {
        return arena_error(windows->batch);
    }
    for (uint32_t c = 0; c < chunk->column_count; c++) { /* the chunk itself may lie in what is reset */
        columns[c] = column_copy(windows->batch, chunk->columns[c]);
        if (columns[c] == NULL) {
            return arena_error(windows->batch);
        }
    }
    windows->chunk = columns;
    for (uint32_t i = 0; i < row_count && !*stop; i++) {
        if (!key_goes_on(windows, i)) {
            OR_DONE(end_key(stage, worker, stop));
            windows->open = true;
        }
        windows->key_source = 1;
        windows->key_row = i;
        OR_DONE(stage->plan->panes->session ? session_row(stage, worker, i, stop) : hop_row(stage, worker, i, stop));
    }
    OR_DONE(flush(stage, worker, stop));
    OR_DONE(keep_key(windows));
    windows->chunk = NULL;
    arena_reset(windows->batch);
done:
    return err;
}

static struct err *panes_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    bool stop = ((const struct windows *)stage->shared)->stopped;
    if (!stop) {
        OR_DONE(end_key(stage, worker, &stop));
        OR_DONE(flush(stage, worker, &stop));
    }
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind panes_kind = {panes_push, panes_finish};

static void cleanup_windows(void *object)
{
    struct windows *windows = object;
    pane_queue_destroy(windows->queue);
    arena_destroy(windows->batch);
    arena_destroy(windows->kept);
    arena_destroy(windows->out);
    arena_destroy(windows->work);
    arena_destroy(windows->session);
}

static struct err *evaluator_for(struct arena *arena, const struct expression *expression, struct evaluator **out)
{
    struct program *program = NULL;
    struct err *err = program_compile(arena, &expression, 1, &program);
    return err == NULL ? evaluator_create(arena, program, out) : err;
}

struct err *operator_panes(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct budget *budget = execution->options->budget;
    struct windows *windows = ARENA_NEW(arena, struct windows);

    if (windows == NULL || !arena_on_destroy(arena, cleanup_windows, windows)) {
        return arena_error(arena);
    }
    struct arena **arenas[] = {&windows->batch, &windows->kept, &windows->out, &windows->work, &windows->session};
    for (size_t i = 0; i < sizeof(arenas) / sizeof(arenas[0]); i++) {
        *arenas[i] = arena_create(budget);
        if (*arenas[i] == NULL) {
            return err_oom();
        }
    }
    windows->other_keys = plan->expression_count - 1;
    OR_DONE(pane_states_of(arena, plan->aggregates, plan->aggregate_count, &windows->layout));
    uint32_t fit = BYTES_OUT / 4 / (windows->layout.stride + 1U);
    windows->row_count_max = fit < 1 ? 1 : fit < ROWS_OUT ? fit : ROWS_OUT;
    if (!plan->panes->session) {
        windows->memo = arena_zalloc(arena, MEMO_COUNT * sizeof(*windows->memo));
        if (windows->memo == NULL) {
            return arena_error(arena);
        }
        OR_DONE(pane_queue_create(&windows->layout, budget, &windows->queue));
        OR_DONE(evaluator_for(arena, plan->panes->floor, &windows->floor));
        OR_DONE(evaluator_for(arena, plan->panes->next, &windows->next));
        OR_DONE(evaluator_for(arena, plan->panes->back, &windows->back));
    }
    OR_DONE(rows_begin(windows));
    OR_DONE(operator_new(execution, &panes_kind, plan, next, out));
    (*out)->shared = windows;
done:
    return err;
}

struct err *plan_panes(struct arena *arena, struct plan *input, const struct plan_panes *panes,
                       const struct expression *const *keys, uint32_t key_count,
                       const struct plan_aggregate *aggregates, uint32_t aggregate_count, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct plan_panes *copy = ARENA_NEW(arena, struct plan_panes);
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, key_count + aggregate_count + 1U);
    if (copy == NULL || columns == NULL) {
        return arena_error(arena);
    }
    *copy = *panes;
    OR_DONE(plan_new(arena, PLAN_PANES, input, &plan));
    for (uint32_t k = 0; k < key_count; k++) {
        columns[k] = (struct source_column){slice_text("key"), keys[k]->type};
    }
    for (uint32_t a = 0; a < aggregate_count; a++) {
        columns[key_count + a] =
            (struct source_column){slice_text(aggregates[a].aggregate->name), aggregates[a].aggregate->type};
    }
    plan->panes = copy;
    plan->columns = columns;
    plan->column_count = key_count + aggregate_count;
    plan->expressions = keys;
    plan->expression_count = key_count;
    plan->aggregates = aggregates;
    plan->aggregate_count = aggregate_count;
    *out = plan;
done:
    return err;
}
