/*
 * aggregate_shape.c: histogram(bins)(x), largestTriangleThreeBuckets(points)(x, y): the shape of many values in few.
 *
 * histogram  up to twice as many weighted points as bins; when they are full, the nearest two become one until `bins`
 *            are left. A bin reaches to the middles between its point and its neighbours.
 * lttb       all points, in order of x; first and last are kept, and of each bucket between them the point that spans
 *            the largest triangle with the one before and the average of the next bucket
 * source     Ben-Haim, Tom-Tov, "A streaming parallel decision tree algorithm", 2010; Steinarsson, "Downsampling time
 *            series for visual representation", 2013
 */
#include "query/aggregates.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define BINS_MAX 250U

struct point {
    double x;
    double y; /* or the weight */
};

struct points {
    struct point *points;
    uint64_t count;
    uint64_t capacity;
    double lower, upper; /* histogram: of all values */
    uint64_t rows;
};

static int compare_points(const void *a, const void *b, void *user)
{
    (void)user;
    double x = ((const struct point *)a)->x;
    double y = ((const struct point *)b)->x;
    return (x > y) - (x < y);
}

static struct err *points_room(struct points *state, struct arena *arena, uint64_t capacity)
{
    if (capacity <= state->capacity) {
        return NULL;
    }
    struct point *points = ARENA_ARRAY(arena, struct point, capacity);
    if (points == NULL) {
        return arena_error(arena);
    }
    if (state->count > 0) {
        memcpy(points, state->points, state->count * sizeof(*points));
    }
    state->points = points;
    state->capacity = capacity;
    return NULL;
}

/* --- histogram --------------------------------------------------------------------------------------------------- */

/* Finite, as both are: of extreme ones the bounds of a double stand in for what is beyond. */
static struct point together(struct point a, struct point b)
{
    struct point both = {a.x + b.y * (b.x - a.x) / (b.y + a.y), b.y + a.y};
    if (!isfinite(both.x) || !isfinite(both.y)) {
        double scale = isfinite(both.y) ? 1 : 0.5;
        double share = b.y * scale / (b.y * scale + a.y * scale);
        both.x = a.x * (1 - share) + b.x * share;
        both.y = both.y < DBL_MAX ? both.y : DBL_MAX;
    }
    return both;
}

static void points_compress(struct point *points, uint64_t *count, uint64_t bins)
{
    qsort_r(points, *count, sizeof(*points), compare_points, NULL); /* twice the bins */
    while (*count > bins) {
        uint64_t nearest = 0;
        for (uint64_t i = 1; i + 1 < *count; i++) {
            nearest = points[i + 1].x - points[i].x < points[nearest + 1].x - points[nearest].x ? i : nearest;
        }
        points[nearest] = together(points[nearest], points[nearest + 1]);
        memmove(points + nearest + 1, points + nearest + 2, (*count - nearest - 2) * sizeof(*points));
        --*count;
    }
}

static struct err *bins_take(struct points *state, struct arena *arena, uint64_t bins, struct point point)
{
    struct err *err = NULL;
    OR_DONE(points_room(state, arena, bins * 2));
    state->points[state->count++] = point;
    state->lower = state->rows == 0 || point.x < state->lower ? point.x : state->lower;
    state->upper = state->rows == 0 || point.x > state->upper ? point.x : state->upper;
    state->rows++;
    if (state->count >= bins * 2) {
        points_compress(state->points, &state->count, bins);
    }
done:
    return err;
}

static struct err *bins_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    uint64_t bins = *(const uint64_t *)aggregate->data;
    const struct column *numbers = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    const double *values = numbers->values;
    size_t step = column_step(numbers);
    EACH_ROW(struct points, {
        if (!isfinite(values[i * step])) {
            return err_new(ERR_INCORRECT_DATA, "histogram: %g is no finite number", values[i * step]);
        }
        OR_DONE(bins_take(state, arena, bins, (struct point){values[i * step], 1}));
    })
done:
    return err;
}

static struct err *bins_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    struct points *a = into;
    const struct points *b = from;
    if (b->rows == 0) {
        return NULL;
    }
    if (a->rows == 0) {
        *a = *b;
        return NULL;
    }
    a->lower = b->lower < a->lower ? b->lower : a->lower;
    a->upper = b->upper > a->upper ? b->upper : a->upper;
    for (uint64_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        OR_DONE(bins_take(a, arena, *(const uint64_t *)aggregate->data, b->points[i]));
    }
done:
    return err;
}

/* histogram: the least and the greatest value. Then how many points, and the points. */
static struct err *points_write(WRITE_ARGUMENTS)
{
    const struct points *held = state;
    if (aggregate->argument_count == 1) {
        state_put(writer, &held->lower, sizeof(held->lower));
        state_put(writer, &held->upper, sizeof(held->upper));
    }
    state_put_count(writer, held->count);
    state_put(writer, held->points, held->count * sizeof(*held->points));
    return state_writer_error(writer);
}

static struct err *bins_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    struct points *held = into;
    uint64_t bins = *(const uint64_t *)aggregate->data;
    double bounds[2];
    struct point point;
    uint64_t count;
    OR_DONE(state_take(reader, bounds, sizeof(bounds)));
    OR_DONE(state_take_elements(reader, sizeof(point), bins * 2, &count));
    if (!isfinite(bounds[0]) || !isfinite(bounds[1])) {
        return state_bad("a bound is no finite number");
    }
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take(reader, &point, sizeof(point)));
        if (!isfinite(point.x) || !isfinite(point.y) || point.y <= 0) {
            return state_bad("a point is no finite number");
        }
        OR_DONE(bins_take(held, arena, bins, point));
    }
    if (count > 0) {
        held->lower = bounds[0] < held->lower ? bounds[0] : held->lower;
        held->upper = bounds[1] > held->upper ? bounds[1] : held->upper;
    }
done:
    return err;
}

/* Points that differ in their last digit alone are one. */
static void points_unique(struct point *points, uint64_t *count)
{
    uint64_t left = 0;
    for (uint64_t right = 1; right < *count; right++) {
        double least = 10 * (points[left].x + points[right].x) * DBL_EPSILON;
        if (points[left].x + least >= points[right].x) {
            points[left] = together(points[left], points[right]);
        } else {
            points[++left] = points[right];
        }
    }
    *count = *count == 0 ? 0 : left + 1;
}

/* The tuples of a result, with room for their fields. */
static struct err *tuples_new(struct arena *arena, uint64_t total, struct column *out)
{
    struct err *err = NULL;
    OR_DONE(aggregate_arrays(arena, total, out));
    struct column *tuples = out->children[0];
    for (uint32_t f = 0; f < tuples->type->child_count; f++) {
        tuples->children[f] = column_new(arena, tuples->type->children[f], (uint32_t)total);
        if (tuples->children[f] == NULL) {
            return arena_error(arena);
        }
    }
done:
    return err;
}

static struct err *bins_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    uint64_t bins = *(const uint64_t *)aggregate->data;
    struct point points[2 * BINS_MAX];
    uint64_t total = 0;
    for (uint32_t g = 0; g < count; g++) {
        uint64_t have = ((const struct points *)(const void *)(states + (size_t)g * stride))->count;
        total += have < bins ? have : bins;
    }
    OR_DONE(tuples_new(arena, total, out));
    double *lower = out->children[0]->children[0]->values;
    double *upper = out->children[0]->children[1]->values;
    double *heights = out->children[0]->children[2]->values;
    uint32_t at = 0;
    for (uint32_t g = 0; g < count; g++) {
        const struct points *state = (const void *)(states + (size_t)g * stride);
        uint64_t n = state->count;
        if (n > 0) {
            memcpy(points, state->points, n * sizeof(*points));
        }
        points_compress(points, &n, bins);
        points_unique(points, &n);
        for (uint64_t i = 0; i < n; i++, at++) {
            bool first = i == 0;
            bool last = i + 1 == n;
            lower[at] = first ? state->lower : (points[i].x + points[i - 1].x) / 2;
            upper[at] = last ? state->upper : (points[i].x + points[i + 1].x) / 2;
            double below = first ? points[i].y : (points[i - 1].y + points[i].y * 3) / 4;
            double above = last ? points[i].y : (points[i + 1].y + points[i].y * 3) / 4;
            heights[at] = (below + above) / 2;
        }
        out->offsets[g + 1] = at;
    }
    out->children[0]->row_count = at;
    for (uint32_t f = 0; f < 3; f++) {
        out->children[0]->children[f]->row_count = at;
    }
done:
    return err;
}

/* --- lttb -------------------------------------------------------------------------------------------------------- */

static struct err *triangle_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    const struct column *x_column = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *y_column = column_numbers(scratch, arguments[1], TYPE_FLOAT64);
    if (x_column == NULL || y_column == NULL) {
        return arena_error(scratch);
    }
    const double *xs = x_column->values;
    const double *ys = y_column->values;
    size_t x_step = column_step(x_column);
    size_t y_step = column_step(y_column);
    EACH_ROW(struct points, {
        struct point point = {xs[i * x_step], ys[i * y_step]};
        if (isnan(point.x) || isnan(point.y)) {
            continue;
        }
        if (state->count == state->capacity) {
            OR_DONE(points_room(state, arena, state->capacity == 0 ? 16 : state->capacity * 2));
        }
        state->points[state->count++] = point;
    })
done:
    return err;
}

static struct err *triangle_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    struct points *a = into;
    const struct points *b = from;
    if (a->count == 0) {
        *a = *b;
        return NULL;
    }
    OR_DONE(points_room(a, arena, a->count + b->count));
    if (b->count > 0) {
        memcpy(a->points + a->count, b->points, b->count * sizeof(*b->points));
        a->count += b->count;
    }
done:
    return err;
}

static struct err *triangle_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    struct points *held = into;
    struct point point;
    uint64_t count;
    OR_DONE(state_take_elements(reader, sizeof(point), UINT64_MAX, &count));
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take(reader, &point, sizeof(point)));
        bool real = type_is_float(aggregate->argument_types[0]) && type_is_float(aggregate->argument_types[1]);
        if (isnan(point.x) || isnan(point.y) || (!real && (fabs(point.x) > 9.2e18 || fabs(point.y) > 9.2e18))) {
            return state_bad("a point is out of range");
        }
        if (held->count == held->capacity) {
            OR_DONE(points_room(held, arena, held->capacity == 0 ? 16 : held->capacity * 2));
        }
        held->points[held->count++] = point;
    }
done:
    return err;
}

/* The points that are kept, out of n in order, into kept[wanted]. */
static void triangle_choose(const struct point *points, uint64_t n, uint64_t wanted, struct point *kept)
{
    double size = (double)(n - 2) / (double)(wanted - 2);
    uint64_t begin = 1;
    uint64_t middle = begin + (uint64_t)floor(size);
    struct point before = points[0];
    kept[0] = before;
    for (uint64_t bucket = 0; bucket < wanted - 2; bucket++) {
        uint64_t end = 1 + (uint64_t)floor(size * (double)(bucket + 2));
        end = end < n ? end : n;
        struct point average = {0, 0};
        for (uint64_t i = middle; i < end; i++) {
            average.x += points[i].x;
            average.y += points[i].y;
        }
        average.x /= (double)(end - middle);
        average.y /= (double)(end - middle);
        uint64_t best = begin;
        double largest = 0;
        for (uint64_t i = begin; i < middle; i++) {
            double area = fabs(0.5 * (before.x * points[i].y + points[i].x * average.y + average.x * before.y -
                                      before.x * average.y - points[i].x * before.y - average.x * points[i].y));
            if (area > largest) {
                largest = area;
                best = i;
            }
        }
        before = points[best];
        kept[bucket + 1] = before;
        begin = middle;
        middle = end;
    }
    kept[wanted - 1] = points[n - 1];
}

static void put_coordinate(struct column *column, uint32_t row, double value)
{
    if (column->type->kind == TYPE_FLOAT64) {
        ((double *)column->values)[row] = value;
    } else {
        int64_t whole = (int64_t)value;
        memcpy((char *)column->values + (size_t)row * column->type->width, &whole, column->type->width);
    }
}

static struct err *triangle_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    uint64_t wanted = *(const uint64_t *)aggregate->data;
    uint64_t total = 0;
    for (uint32_t g = 0; g < count; g++) {
        uint64_t have = ((const struct points *)(const void *)(states + (size_t)g * stride))->count;
        total += have < wanted ? have : wanted;
    }
    OR_DONE(tuples_new(arena, total, out));
    uint32_t at = 0;
    for (uint32_t g = 0; g < count; g++) {
        struct points *state = (struct points *)(void *)(states + (size_t)g * stride);
        uint64_t n = state->count < wanted ? state->count : wanted;
        struct point *kept = ARENA_ARRAY(arena, struct point, n + 1U);
        if (kept == NULL) {
            return arena_error(arena);
        }
        if (state->count > 0) {
            OR_DONE(order_elements(arena, state->points, state->count, sizeof(*state->points), compare_points, NULL));
        }
        if (n == state->count || n < 2) {
            if (n > 0) {
                memcpy(kept, state->points, n * sizeof(*kept));
            }
        } else if (n == 2) {
            kept[0] = state->points[0];
            kept[1] = state->points[state->count - 1];
        } else {
            triangle_choose(state->points, state->count, n, kept);
        }
        for (uint64_t i = 0; i < n; i++, at++) {
            put_coordinate(out->children[0]->children[0], at, kept[i].x);
            put_coordinate(out->children[0]->children[1], at, kept[i].y);
        }
        out->offsets[g + 1] = at;
    }
done:
    return err;
}

/* --- binding ----------------------------------------------------------------------------------------------------- */

static struct err *shape_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    bool bins = bind->count == 1;
    uint64_t *wanted = ARENA_NEW(bind->arena, uint64_t);
    const struct type *fields[3] = {type_simple(TYPE_FLOAT64), type_simple(TYPE_FLOAT64), type_simple(TYPE_FLOAT64)};
    if (wanted == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->parameter_count != 1) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes one parameter, how many %s", bind->name,
                       bins ? "bins" : "points");
    }
    const struct column *parameter = bind->parameters[0];
    if (!type_is_integer(parameter->type) || column_int(parameter, 0) < 0) {
        return err_new(bins ? ERR_BAD_ARGUMENTS : ERR_ARGUMENT_TYPE,
                       "the parameter of aggregate function %s must be a positive number", bind->name);
    }
    *wanted = (uint64_t)column_int(parameter, 0);
    if (bins && *wanted == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "aggregate function %s needs at least one bin", bind->name);
    }
    if (bins && *wanted > BINS_MAX) {
        return err_new(ERR_PARAMETER_OUT_OF_BOUND, "aggregate function %s has %u bins at most", bind->name, BINS_MAX);
    }
    ASSERT(bind->count <= 3);
    for (uint32_t i = 0; i < bind->count; i++) {
        const struct type *type = bind->types[i];
        bool number = type_is_number(type) && (!bins || type->kind != TYPE_DECIMAL);
        if (!number && (bins || !type_is_time(type))) {
            return bins ? aggregate_argument_error(bind, i, "an integer or a float is needed")
                        : err_new(ERR_NOT_IMPLEMENTED, "%s takes numbers, dates and times only", bind->name);
        }
        if (type_is_time(type)) {
            fields[i] = type->kind == TYPE_DATETIME64 ? type_datetime64(bind->arena, type->scale, NULL)
                                                      : type_simple(type->kind);
        }
        if (fields[i] == NULL) {
            return arena_error(bind->arena);
        }
    }
    const struct type *tuple = type_tuple(bind->arena, fields, NULL, bins ? 3 : 2);
    out->type = tuple == NULL ? NULL : type_array(bind->arena, tuple);
    out->data = wanted;
    out->state_bytes = STATE_BYTES(struct points);
    out->add = bins ? bins_add : triangle_add;
    out->merge = bins ? bins_merge : triangle_merge;
    out->write_state = points_write;
    out->read_state = bins ? bins_read : triangle_read;
    out->finish = bins ? bins_finish : triangle_finish;
    return out->type == NULL ? arena_error(bind->arena) : NULL;
}

static const struct aggregate_definition definitions[] = {
    {"histogram", false, 1, 1, AGGREGATE_PARAMETERS, shape_resolve, 0},
    {"largestTriangleThreeBuckets", false, 2, 2, AGGREGATE_PARAMETERS, shape_resolve, 0},
};
static const struct aggregate_alias aliases[] = {{"lttb", false, "largestTriangleThreeBuckets"}};
const struct aggregate_group aggregates_shape = GROUP_OF(definitions, aliases);
