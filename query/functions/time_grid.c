/*
 * time_grid.c: timeSeriesRange, timeSeriesFromGrid: the points of a regular grid of times, with values beside them.
 *
 * grid     start, start + step, … up to end; of the finest scale of the three, in the first one's time zone
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include "format/value.h"

#define GRID_POINTS_MAX 16777215U /* of a row */

static uint32_t scale_of(const struct type *type)
{
    return type->kind == TYPE_DATETIME64 || type->kind == TYPE_DECIMAL ? type->scale : 0;
}

struct grid {
    const char *name;
    const struct column *columns[3]; /* start, end, step: as int64 */
    int64_t factors[3];              /* to the result's ticks */
};

static struct err *grid_init(struct arena *arena, const struct function *function, const struct type *time,
                             const struct column *const *arguments, struct grid *grid)
{
    grid->name = function->name;
    for (int a = 0; a < 3; a++) {
        grid->columns[a] = column_numbers(arena, arguments[a], TYPE_INT64);
        grid->factors[a] = value_scale(scale_of(time) - scale_of(arguments[a]->type));
        if (grid->columns[a] == NULL) {
            return arena_error(arena);
        }
    }
    return NULL;
}

/* How many points a row has; the first and the distance to the next. */
static struct err *grid_row(const struct grid *grid, uint32_t row, int64_t *start, int64_t *step, uint32_t *count)
{
    int64_t end;
    if (__builtin_mul_overflow(VALUE_AT(grid->columns[0], int64_t, row), grid->factors[0], start) ||
        __builtin_mul_overflow(VALUE_AT(grid->columns[1], int64_t, row), grid->factors[1], &end)) {
        return err_new(ERR_DECIMAL_OVERFLOW, "Decimal math overflow in function %s", grid->name);
    }
    if (__builtin_mul_overflow(VALUE_AT(grid->columns[2], int64_t, row), grid->factors[2], step)) {
        *step = VALUE_AT(grid->columns[2], int64_t, row) < 0 ? -1 : INT64_MAX;
    }
    if (end < *start) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: the end is before the start", grid->name);
    }
    if (end > *start && *step <= 0) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: the step must be greater than zero", grid->name);
    }
    uint64_t steps = end == *start ? 0 : ((uint64_t)end - (uint64_t)*start) / (uint64_t)*step;
    if (steps >= GRID_POINTS_MAX) {
        return err_new(ERR_TOO_LARGE_ARRAY, "function %s makes at most %u times of a row", grid->name, GRID_POINTS_MAX);
    }
    *count = (uint32_t)steps + 1;
    return NULL;
}

static void put_time(struct column *times, uint32_t at, int64_t start, int64_t step, uint32_t point)
{
    int64_t time = point == 0 ? start : start + step * (int64_t)point;
    if (times->type->kind == TYPE_DATETIME64) {
        ((int64_t *)times->values)[at] = time;
    } else {
        ((uint32_t *)times->values)[at] = (uint32_t)time;
    }
}

static struct err *too_many(const struct function *function)
{
    return err_new(ERR_TOO_LARGE_ARRAY, "function %s: the arrays of a chunk have more than 2^31 elements",
                   function->name);
}

static struct err *evaluate_range(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *time = function->inner->children[0];
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct grid grid;
    int64_t start, step;
    uint64_t total = 0;
    uint32_t count;
    OR_DONE(grid_init(arena, function, time, arguments, &grid));
    if (offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        OR_DONE(grid_row(&grid, i, &start, &step, &count));
        offsets[i] = (uint32_t)total;
        total += count;
        if (total > UINT32_MAX / 2) {
            return too_many(function);
        }
    }
    offsets[row_count] = (uint32_t)total;
    struct column *times = column_new(arena, time, (uint32_t)total);
    if (times == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        OR_DONE(grid_row(&grid, i, &start, &step, &count));
        for (uint32_t k = 0; k < count; k++) {
            OR_DONE(interrupt_at(k));
            put_time(times, offsets[i] + k, start, step, k);
        }
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, times, out));
done:
    return err;
}

/* NULLs are left out. */
static struct err *evaluate_from(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *pair = function->inner->children[0];
    struct arrays arrays = arrays_of(arguments[3]);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct grid grid;
    int64_t start, step;
    uint64_t total = 0;
    uint32_t count, at = 0;
    OR_DONE(grid_init(arena, function, pair->children[0], arguments, &grid));
    for (uint32_t i = 0; i < row_count; i++) {
        total += array_end(&arrays, i) - array_begin(&arrays, i);
        if (total > UINT32_MAX / 2) {
            return too_many(function);
        }
    }
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, total + 1U);
    struct column *times = column_new(arena, pair->children[0], (uint32_t)total);
    struct column *pairs = column_new(arena, pair, (uint32_t)total);
    if (offsets == NULL || rows == NULL || times == NULL || pairs == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = array_begin(&arrays, i);
        uint32_t length = array_end(&arrays, i) - begin;
        OR_DONE(grid_row(&grid, i, &start, &step, &count));
        if (length != count) {
            return err_new(ERR_BAD_ARGUMENTS, "function %s: %u values for %u times", function->name, length, count);
        }
        offsets[i] = at;
        for (uint32_t k = 0; k < count; k++) {
            OR_DONE(interrupt_at(k));
            if (!column_is_null(arrays.items, begin + k)) {
                put_time(times, at, start, step, k);
                rows[at++] = begin + k;
            }
        }
    }
    offsets[row_count] = at;
    times->row_count = at;
    pairs->row_count = at;
    pairs->children[0] = times;
    pairs->children[1] = column_pick(arena, pair->children[1], &arrays.items, 1, NULL, rows, at);
    if (pairs->children[1] == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, pairs, out));
done:
    return err;
}

static struct err *resolve_grid(const struct function_bind *bind, struct function *out)
{
    const struct type *first = bind->arguments[0].type;
    const struct type *item = first;
    uint32_t scale = 0;
    bool precise = false;
    for (uint32_t a = 0; a < 3; a++) {
        const struct type *type = bind->arguments[a].type;
        bool time = type->kind == TYPE_UINT32 || type->kind == TYPE_DATETIME || type->kind == TYPE_DATETIME64;
        bool number =
            (type_is_integer(type) || type->kind == TYPE_BOOL || type->kind == TYPE_DECIMAL) && type->width <= 8;
        if (a < 2 ? !time : !number) {
            return argument_error(bind, a,
                                  a < 2 ? "DateTime64, DateTime or UInt32 is needed"
                                        : "a whole number or a Decimal of up to 18 digits is needed");
        }
        precise |= type->kind == TYPE_DATETIME64 || type->kind == TYPE_DECIMAL;
        scale = scale_of(type) > scale ? scale_of(type) : scale;
    }
    if (scale > 9) {
        return argument_error(bind, 2, "at most 9 digits behind the point can be used");
    }
    if (precise) {
        item = type_datetime64(bind->arena, (uint8_t)scale, first->kind == TYPE_UINT32 ? NULL : first->zone);
    }
    if (item != NULL && bind->count == 4) {
        const struct type *array = bind->arguments[3].type;
        if (array->kind != TYPE_ARRAY) {
            return argument_error(bind, 3, "an array of values is needed");
        }
        const struct type *value = type_low_cardinality(bind->arena, array->children[0], false);
        value = value == NULL ? NULL : type_nullable(bind->arena, value, false);
        const struct type *fields[2] = {item, value};
        item = value == NULL ? NULL : type_tuple(bind->arena, fields, NULL, 2);
    }
    out->inner = item == NULL ? NULL : type_array(bind->arena, item);
    out->evaluate = bind->count == 4 ? evaluate_from : evaluate_range;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

static const struct function_definition definitions[] = {
    {"timeSeriesRange", false, 3, 3, FUNCTION_CAN_FAIL, resolve_grid, 0},
    {"timeSeriesFromGrid", false, 4, 4, FUNCTION_CAN_FAIL, resolve_grid, 0},
};
const struct function_group functions_time_grid = GROUP_WITHOUT_ALIASES(definitions);
