/*
 * fill.c: the operator of ORDER BY … WITH FILL.
 *
 * state    `made` is the row that was made up last (or a row of the input that it stands for), `next` the input's
 *          row that is to be reached. advance moves `made` by a step of its last key that has room, as an odometer.
 * out      a row is a list of references: into the input's chunk, into columns of values made up, into defaults;
 *          they are gathered when the chunk ends or enough of them are there
 * thread   push comes from one worker, that which finishes the sort
 */
#include "query/fill_value.h"

#include "query/functions/functions.h"
#include "query/pipeline.h"

#include <math.h>

#define ROWS_OUT 8192U

struct cell {
    const struct column *column;
    uint32_t row;
};

struct fill {
    struct evaluator **steps; /* per key; NULL: no INTERVAL */
    struct evaluator *interpolate;
    const uint32_t *inputs; /* columns that INTERPOLATE reads */
    uint32_t input_count;
    struct fill_value *made;
    struct fill_value *next;
    bool made_is_out;    /* the row `made` was sent on, or stands for one of the input */
    bool any;            /* a row of the input came */
    struct arena *batch; /* the input's chunk */
    struct arena *out;   /* rows made up since rows were last sent on */
    struct arena *work;  /* of one step */
    const struct column **defaults;
    const struct column **last;   /* the last row sent on, one row each, in `kept`; NULL: none yet */
    const struct column **prefix; /* likewise, prefix columns of the last row of the input */
    struct arena *kept;
    struct cell *cells;     /* ROWS_OUT rows of column_count */
    struct column **values; /* per key: values made up, ROWS_OUT rows */
    uint32_t row_count;
};

/* --- the next row ------------------------------------------------------------------------------------------------ */

static struct err *step_error(const char *what)
{
    return err_new(ERR_INVALID_FILL, "WITH FILL: %s", what);
}

static struct err *step(struct stage *stage, uint32_t k, const struct fill_value *from, struct fill_value *to)
{
    struct err *err = NULL;
    struct fill *fill = stage->shared;
    const struct fill_key *key = &stage->plan->fill->keys[k];

    *to = *from;
    if (key->next == NULL) {
        to->real += key->step.real;
        to->integer += key->step.integer;
    } else {
        const struct type *type = type_nullable(fill->work, stage->plan->columns[key->column].type, false);
        struct column *one = type == NULL ? NULL : column_new(fill->work, type, 1);
        struct column *result = NULL;
        if (one == NULL) {
            return arena_error(fill->work);
        }
        if (!fill_value_write(from, one, 0)) {
            return step_error("a value is out of its type's range");
        }
        const struct column *const row[1] = {one};
        OR_DONE(evaluator_run(fill->steps[k], fill->work, row, 1, &result));
        *to = fill_value_read(result, 0);
        arena_reset(fill->work);
    }
    if (!fill_value_before(key, from, to)) {
        err = step_error("the step leads nowhere");
    }
done:
    return err;
}

static void restart(const struct plan_fill *plan, struct fill_value *row, uint32_t first)
{
    for (uint32_t k = first; k < plan->key_count; k++) {
        row[k] = plan->keys[k].from;
    }
}

/* Is there room before TO? */
static bool has_room(const struct plan_fill *plan, const struct fill_value *row)
{
    for (uint32_t k = 0; k < plan->key_count; k++) {
        if (row[k].set && plan->keys[k].to.set) {
            return fill_value_before(&plan->keys[k], &row[k], &plan->keys[k].to);
        }
    }
    return true;
}

/* The first key that is not yet where it ends: at TO or at the next row's value, whichever comes first. */
static uint32_t moving_key(const struct plan_fill *plan, const struct fill_value *made, const struct fill_value *next)
{
    uint32_t k = 0;
    for (; k < plan->key_count; k++) {
        const struct fill_key *key = &plan->keys[k];
        const struct fill_value *end =
            !key->to.set || (next[k].set && !fill_value_before(key, &key->to, &next[k])) ? &next[k] : &key->to;
        if (made[k].set && end->set && !fill_value_same(key, &made[k], end)) {
            break;
        }
    }
    return k;
}

/* Moves `made` on; *out: it is a row to be sent on. *moved is left alone when it stays. */
static struct err *advance(struct stage *stage, bool *out, bool *moved)
{
    struct err *err = NULL;
    const struct plan_fill *plan = stage->plan->fill;
    struct fill *fill = stage->shared;
    struct fill_value *made = fill->made;
    const struct fill_value *next = fill->next;
    uint32_t at = moving_key(plan, made, next);
    struct fill_value value;

    *out = false;
    if (at == plan->key_count) {
        return NULL;
    }
    const struct fill_key *key = &plan->keys[at];
    if ((key->is_float && (!isfinite(made[at].real) || (next[at].set && !isfinite(next[at].real)))) ||
        (next[at].set && fill_value_before(key, &next[at], &made[at])) ||
        (key->to.set && !fill_value_before(key, &made[at], &key->to))) {
        return NULL;
    }
    for (uint32_t k = plan->key_count - 1; k > at; k--) { /* keys behind it that go up to a TO of their own */
        if (!made[k].set || !plan->keys[k].to.set) {
            continue;
        }
        OR_DONE(step(stage, k, &made[k], &value));
        if (fill_value_before(&plan->keys[k], &value, &plan->keys[k].to)) {
            made[k] = value;
            restart(plan, made, k + 1);
            *out = *moved = true;
            goto done;
        }
    }
    OR_DONE(step(stage, at, &made[at], &value));
    if ((next[at].set && fill_value_before(key, &next[at], &value)) ||
        (key->to.set && !fill_value_before(key, &value, &key->to))) {
        goto done;
    }
    made[at] = value;
    *moved = true;
    if (!fill_value_same(key, &value, &next[at])) {
        restart(plan, made, at + 1);
        *out = true;
        goto done;
    }
    for (uint32_t k = at + 1; k < plan->key_count; k++) { /* level with the next row so far */
        const struct fill_key *below = &plan->keys[k];
        made[k] = below->from.set ? below->from : next[k];
        *out = *out || ((!next[k].set || (made[k].set && fill_value_before(below, &made[k], &next[k]))) &&
                        (!below->to.set || (made[k].set && fill_value_before(below, &made[k], &below->to))));
    }
done:
    return err;
}

/* --- rows out ---------------------------------------------------------------------------------------------------- */

static struct err *gather(struct arena *arena, const struct type *type, const struct cell *cells, uint32_t count,
                          uint32_t stride, struct column **out)
{
    if (type_is_nested(type)) {
        const struct column **pieces = ARENA_ARRAY(arena, const struct column *, count);
        for (uint32_t i = 0; pieces != NULL && i < count; i++) {
            const struct cell *cell = &cells[(size_t)i * stride];
            pieces[i] = column_part(arena, cell->column, cell->row, cell->row + 1);
            if (pieces[i] == NULL) {
                return arena_error(arena);
            }
        }
        *out = pieces == NULL ? NULL : column_concat(arena, pieces, count);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    *out = column_new(arena, type, count);
    if (*out == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct cell *cell = &cells[(size_t)i * stride];
        memcpy((char *)(*out)->values + (size_t)i * type->width,
               (const char *)cell->column->values + (size_t)cell->row * type->width, type->width);
        if ((*out)->nulls != NULL) {
            (*out)->nulls[i] = cell->column->nulls != NULL && cell->column->nulls[cell->row];
        }
    }
    return NULL;
}

static struct err *keep_cell(struct arena *arena, const struct cell *cell, const struct column **out)
{
    struct column *part = column_part(arena, cell->column, cell->row, cell->row + 1);
    *out = part == NULL ? NULL : column_copy(arena, part);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* The last row that goes on, and the input's prefix (or NULL), for the rows behind them. */
static struct err *keep_row(struct stage *stage, const struct cell *last, const struct cell *prefix)
{
    struct err *err = NULL;
    struct fill *fill = stage->shared;
    const struct plan_fill *plan = stage->plan->fill;
    uint32_t column_count = stage->plan->column_count;
    struct arena *fresh = arena_create(stage->execution->options->budget);

    if (fresh == NULL) {
        return err_oom();
    }
    const struct column **last_row = ARENA_ARRAY(fresh, const struct column *, column_count + 1U);
    const struct column **prefix_row = ARENA_ARRAY(fresh, const struct column *, column_count + 1U);
    if (last_row == NULL || prefix_row == NULL) {
        err = arena_error(fresh);
        goto done;
    }
    for (uint32_t c = 0; c < column_count; c++) {
        OR_DONE(keep_cell(fresh, &last[c], &last_row[c]));
    }
    for (uint32_t i = 0; i < plan->prefix_count && prefix != NULL; i++) {
        OR_DONE(keep_cell(fresh, &prefix[plan->prefix[i]], &prefix_row[plan->prefix[i]]));
    }
    struct arena *used = fill->kept;
    fill->kept = fresh;
    fill->last = last_row;
    fill->prefix = prefix == NULL ? NULL : prefix_row;
    fresh = used;
done:
    arena_destroy(fresh);
    return err;
}

/* Sends the rows on. prefix: cells of the row whose prefix rows made up from now on have; or NULL. */
static struct err *flush(struct stage *stage, struct worker *worker, const struct cell *prefix, bool *stop)
{
    struct err *err = NULL;
    struct fill *fill = stage->shared;
    uint32_t column_count = stage->plan->column_count;
    uint32_t count = fill->row_count;

    if (count == 0) {
        return NULL;
    }
    struct chunk *chunk = chunk_new(fill->out, column_count, count);
    if (chunk == NULL) {
        return arena_error(fill->out);
    }
    for (uint32_t c = 0; c < column_count; c++) {
        OR_DONE(
            gather(fill->out, stage->plan->columns[c].type, fill->cells + c, count, column_count, &chunk->columns[c]));
    }
    OR_DONE(keep_row(stage, fill->cells + (size_t)(count - 1) * column_count, prefix));
    fill->row_count = 0;
    OR_DONE(execution_check(stage->execution));
    OR_DONE(operator_push(stage->next, worker, chunk, stop));
    arena_reset(fill->out);
    arena_reset(worker->scratch);
done:
    return err;
}

/* Cells of the prefix that was kept, copied into the arena: what is kept changes while rows are made up. */
static struct err *prefix_cells(struct stage *stage, struct arena *arena, struct cell *out)
{
    struct err *err = NULL;
    struct fill *fill = stage->shared;
    const struct plan_fill *plan = stage->plan->fill;

    for (uint32_t i = 0; i < plan->prefix_count && fill->prefix != NULL; i++) {
        uint32_t c = plan->prefix[i];
        const struct cell kept = {fill->prefix[c], 0};
        out[c].row = 0;
        OR_DONE(keep_cell(arena, &kept, &out[c].column));
    }
done:
    return err;
}

/* Cells of the row before the one that is being made. */
static struct cell cell_before(const struct stage *stage, uint32_t column)
{
    const struct fill *fill = stage->shared;
    if (fill->row_count > 0) {
        return fill->cells[(size_t)(fill->row_count - 1) * stage->plan->column_count + column];
    }
    return (struct cell){fill->last == NULL ? fill->defaults[column] : fill->last[column], 0};
}

static struct err *interpolate(struct stage *stage, struct cell *row)
{
    struct err *err = NULL;
    struct fill *fill = stage->shared;
    const struct plan_fill *plan = stage->plan->fill;
    uint32_t count = plan->interpolation_count;
    const struct column **inputs = ARENA_ARRAY(fill->out, const struct column *, stage->plan->column_count + 1U);
    struct column **results = ARENA_ARRAY(fill->out, struct column *, count + 1U);

    if (inputs == NULL || results == NULL) {
        return arena_error(fill->out);
    }
    for (uint32_t i = 0; i < fill->input_count; i++) {
        struct cell cell = cell_before(stage, fill->inputs[i]);
        inputs[fill->inputs[i]] = column_part(fill->out, cell.column, cell.row, cell.row + 1);
        if (inputs[fill->inputs[i]] == NULL) {
            return arena_error(fill->out);
        }
    }
    OR_DONE(evaluator_run(fill->interpolate, fill->out, inputs, 1, results));
    for (uint32_t i = 0; i < count; i++) {
        const struct column *flat = column_flat(fill->out, results[i]);
        if (flat == NULL) {
            return arena_error(fill->out);
        }
        row[plan->interpolations[i].column] = (struct cell){flat, 0};
    }
done:
    return err;
}

/* A row of the values `made`. prefix: as flush. */
static struct err *add_made(struct stage *stage, struct worker *worker, const struct cell *prefix, bool *stop)
{
    struct err *err = NULL;
    struct fill *fill = stage->shared;
    const struct plan_fill *plan = stage->plan->fill;
    uint32_t column_count = stage->plan->column_count;

    if (fill->row_count == ROWS_OUT) {
        OR_DONE(flush(stage, worker, prefix, stop));
    }
    uint32_t at = fill->row_count;
    struct cell *row = fill->cells + (size_t)at * column_count;
    for (uint32_t c = 0; c < column_count; c++) {
        row[c] = (struct cell){fill->defaults[c], 0};
    }
    if (plan->interpolation_count > 0) {
        OR_DONE(interpolate(stage, row));
    }
    for (uint32_t i = 0; i < plan->prefix_count && prefix != NULL; i++) {
        row[plan->prefix[i]] = prefix[plan->prefix[i]];
    }
    for (uint32_t k = 0; k < plan->key_count; k++) {
        if (fill->made[k].set && !fill_value_write(&fill->made[k], fill->values[k], at)) {
            err = step_error("a value is out of its type's range");
            goto done;
        }
        if (fill->made[k].set) {
            row[plan->keys[k].column] = (struct cell){fill->values[k], at};
        }
    }
    fill->row_count++;
    fill->made_is_out = true;
done:
    return err;
}

/* All rows from `made` to `next`. */
static struct err *add_until(struct stage *stage, struct worker *worker, const struct cell *prefix, bool *stop)
{
    struct err *err = NULL;
    struct fill *fill = stage->shared;
    bool moved = false;
    bool out = false;

    while (!*stop) {
        OR_DONE(advance(stage, &out, &moved));
        if (!out) {
            break;
        }
        OR_DONE(add_made(stage, worker, prefix, stop));
        moved = false;
    }
    if (moved) {
        fill->made_is_out = false;
    }
done:
    return err;
}

/* Rows behind the last one with this prefix, up to TO. */
static struct err *end_prefix(struct stage *stage, struct worker *worker, const struct cell *prefix, bool *stop)
{
    struct err *err = NULL;
    const struct plan_fill *plan = stage->plan->fill;
    struct fill *fill = stage->shared;
    bool first = (fill_row_before(plan, fill->next, fill->made) && !fill->made_is_out) ||
                 (!fill_row_is_set(plan, fill->next) && fill_row_is_set(plan, fill->made));
    bool bounded = false;

    for (uint32_t k = 0; k < plan->key_count; k++) {
        fill->next[k] = (struct fill_value){0};
        bounded = bounded || plan->keys[k].to.set;
    }
    if (!bounded || !has_room(plan, fill->made)) {
        return NULL;
    }
    if (first) {
        OR_DONE(add_made(stage, worker, prefix, stop));
    }
    OR_DONE(add_until(stage, worker, prefix, stop));
done:
    return err;
}

/* The first row of a prefix: from FROM on. */
static struct err *begin_prefix(struct stage *stage, struct worker *worker, const struct cell *row, bool *stop)
{
    struct err *err = NULL;
    const struct plan_fill *plan = stage->plan->fill;
    struct fill *fill = stage->shared;

    for (uint32_t k = 0; k < plan->key_count; k++) {
        const struct fill_key *key = &plan->keys[k];
        struct fill_value value = fill_value_read(row[key->column].column, row[key->column].row);
        if (key->from.set && !fill_value_same(key, &value, &key->from)) {
            restart(plan, fill->made, k);
            fill->made_is_out = false;
            if (value.set && fill_value_before(key, &key->from, &value)) {
                OR_DONE(add_made(stage, worker, row, stop));
            }
            break;
        }
        fill->made[k] = value;
    }
done:
    return err;
}

/* --- the operator ------------------------------------------------------------------------------------------------ */

static struct err *add_row(struct stage *stage, struct worker *worker, const struct cell *row, bool *stop)
{
    struct err *err = NULL;
    const struct plan_fill *plan = stage->plan->fill;
    struct fill *fill = stage->shared;

    bool first = fill_row_before(plan, fill->next, fill->made);
    for (uint32_t k = 0; k < plan->key_count; k++) {
        fill->next[k] = fill_value_read(row[plan->keys[k].column].column, row[plan->keys[k].column].row);
    }
    if (first && fill_row_before(plan, fill->made, fill->next) && has_room(plan, fill->made)) {
        OR_DONE(add_made(stage, worker, row, stop));
    }
    OR_DONE(add_until(stage, worker, row, stop));
    if (fill->row_count == ROWS_OUT) {
        OR_DONE(flush(stage, worker, row, stop));
    }
    memcpy(fill->cells + (size_t)fill->row_count * stage->plan->column_count, row,
           stage->plan->column_count * sizeof(*row));
    fill->row_count++;
done:
    return err;
}

static bool prefix_changes(const struct plan_fill *plan, const struct cell *a, const struct cell *b)
{
    bool changes = false;
    for (uint32_t i = 0; i < plan->prefix_count && !changes; i++) {
        uint32_t c = plan->prefix[i];
        changes = column_compare(a[c].column, a[c].row, b[c].column, b[c].row) != 0;
    }
    return changes;
}

static struct err *fill_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    const struct plan_fill *plan = stage->plan->fill;
    struct fill *fill = stage->shared;
    uint32_t column_count = chunk->column_count;
    struct cell *row = ARENA_ARRAY(fill->batch, struct cell, column_count + 1U);
    struct cell *before_row = ARENA_ARRAY(fill->batch, struct cell, column_count + 1U);

    if (row == NULL || before_row == NULL) {
        return arena_error(fill->batch);
    }
    for (uint32_t c = 0; c < column_count; c++) { /* the chunk itself may lie in what is reset when rows go on */
        const struct column *flat = column_flat(fill->batch, chunk->columns[c]);
        row[c] = (struct cell){flat == NULL ? NULL : column_copy(fill->batch, flat), 0};
        if (row[c].column == NULL) {
            return arena_error(fill->batch);
        }
    }
    uint32_t row_count = chunk->row_count;
    OR_DONE(prefix_cells(stage, fill->batch, before_row));
    for (uint32_t i = 0; i < row_count && !*stop; i++) {
        for (uint32_t c = 0; c < column_count; c++) {
            row[c].row = i;
        }
        bool changes = !fill->any || prefix_changes(plan, before_row, row);
        if (changes && fill->any) {
            OR_DONE(end_prefix(stage, worker, before_row, stop));
        }
        if (changes) {
            OR_DONE(begin_prefix(stage, worker, row, stop));
        }
        fill->any = true;
        OR_DONE(add_row(stage, worker, row, stop));
        memcpy(before_row, row, column_count * sizeof(*row));
    }
    OR_DONE(flush(stage, worker, row, stop));
    arena_reset(fill->batch);
done:
    return err;
}

static struct err *fill_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    const struct plan_fill *plan = stage->plan->fill;
    struct fill *fill = stage->shared;
    uint32_t column_count = stage->plan->column_count;
    struct cell *prefix = ARENA_ARRAY(worker->arena, struct cell, column_count + 1U);
    bool stop = false;

    if (prefix == NULL) {
        return arena_error(worker->arena);
    }
    OR_DONE(prefix_cells(stage, worker->arena, prefix));
    if (!fill->any) {
        restart(plan, fill->made, 0);
        fill->made_is_out = false;
    }
    OR_DONE(end_prefix(stage, worker, fill->prefix == NULL ? NULL : prefix, &stop));
    OR_DONE(flush(stage, worker, NULL, &stop));
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

static const struct operator_kind fill_kind = {fill_push, fill_finish};

static void cleanup_fill(void *object)
{
    struct fill *fill = object;
    arena_destroy(fill->batch);
    arena_destroy(fill->out);
    arena_destroy(fill->work);
    arena_destroy(fill->kept);
}

static struct err *make_programs(struct execution *execution, const struct plan_fill *plan, struct fill *fill)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    struct program *program = NULL;
    const struct expression **expressions =
        ARENA_ARRAY(arena, const struct expression *, plan->interpolation_count + 1U);

    if (expressions == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < plan->key_count; k++) {
        if (plan->keys[k].next != NULL) {
            OR_DONE(program_compile(arena, &plan->keys[k].next, 1, &program));
            OR_DONE(evaluator_create(arena, program, &fill->steps[k]));
        }
    }
    for (uint32_t i = 0; i < plan->interpolation_count; i++) {
        expressions[i] = plan->interpolations[i].expression;
    }
    OR_DONE(program_compile(arena, expressions, plan->interpolation_count, &program));
    OR_DONE(evaluator_create(arena, program, &fill->interpolate));
    fill->inputs = program_columns(program, &fill->input_count);
done:
    return err;
}

struct err *operator_fill(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    const struct plan_fill *fill_plan = plan->fill;
    uint32_t keys = fill_plan->key_count;
    struct fill *fill = ARENA_NEW(arena, struct fill);

    if (fill == NULL || !arena_on_destroy(arena, cleanup_fill, fill)) {
        return arena_error(arena);
    }
    fill->batch = arena_create(execution->options->budget);
    fill->out = arena_create(execution->options->budget);
    fill->work = arena_create(execution->options->budget);
    fill->steps = arena_zalloc(arena, (keys + (size_t)1) * sizeof(*fill->steps));
    fill->made = arena_zalloc(arena, (keys + (size_t)1) * sizeof(*fill->made));
    fill->next = arena_zalloc(arena, (keys + (size_t)1) * sizeof(*fill->next));
    fill->values = ARENA_ARRAY(arena, struct column *, keys + 1U);
    fill->defaults = ARENA_ARRAY(arena, const struct column *, plan->column_count + 1U);
    fill->cells = arena_array(arena, (size_t)ROWS_OUT * plan->column_count, sizeof(*fill->cells));
    if (fill->batch == NULL || fill->out == NULL || fill->work == NULL) {
        return err_oom();
    }
    if (fill->steps == NULL || fill->made == NULL || fill->next == NULL || fill->values == NULL ||
        fill->defaults == NULL || fill->cells == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < keys; k++) {
        fill->values[k] = column_new(arena, plan->columns[fill_plan->keys[k].column].type, ROWS_OUT);
        if (fill->values[k] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        struct column *one = column_default(arena, plan->columns[c].type, 1);
        fill->defaults[c] = one == NULL ? NULL : column_flat(arena, one);
        if (fill->defaults[c] == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(make_programs(execution, fill_plan, fill));
    OR_DONE(operator_new(execution, &fill_kind, plan, next, out));
    (*out)->shared = fill;
done:
    return err;
}
