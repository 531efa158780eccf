/*
 * aggregate_series.c: sums of other kinds (sumWithOverflow, sumKahan, avgWeighted) and what is asked of series of
 * values (deltaSum, deltaSumTimestamp, boundingRatio, exponentialMovingAverage, intervalLengthSum).
 *
 * order    deltaSum is of the rows in their order; two workers' parts stand one behind the other in the order in which
 *          they are merged. The others do not depend on the order.
 * source   ClickHouse's definitions; Kahan, "Further remarks on reducing truncation errors", 1965
 */
#include "base/int256.h"
#include "query/aggregates.h"

#include <math.h>

/* --- sumWithOverflow: in the argument's own type ----------------------------------------------------------------- */

static struct err *wrap_add(ADD_ARGUMENTS)
{
    (void)arena;
    const struct column *numbers = arguments[0];
    enum type_kind kind = type_physical(aggregate->argument_types[0]);
    if (kind == TYPE_FLOAT32 || kind == TYPE_FLOAT64) {
        size_t step = column_step(numbers);
        if (kind == TYPE_FLOAT32) {
            const float *values = numbers->values;
            EACH_ROW(float, *state += values[i * step])
        } else {
            const double *values = numbers->values;
            EACH_ROW(double, *state += values[i * step])
        }
        return NULL;
    }
    if (type_is_256(numbers->type)) {
        const struct int256 *huge = numbers->values;
        size_t huge_step = column_step(numbers);
        EACH_ROW(struct int256, *state = int256_add(*state, huge[i * huge_step]))
        return NULL;
    }
    numbers = column_numbers(scratch, numbers, TYPE_UINT128);
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    const unsigned __int128 *values = numbers->values;
    size_t step = column_step(numbers);
    EACH_ROW(unsigned __int128, *state += values[i * step])
    return NULL;
}

static struct err *wrap_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    enum type_kind kind = type_physical(aggregate->argument_types[0]);
    if (kind == TYPE_FLOAT32) {
        *(float *)into += *(const float *)from;
    } else if (kind == TYPE_FLOAT64) {
        *(double *)into += *(const double *)from;
    } else if (kind == TYPE_INT256 || kind == TYPE_UINT256) {
        *(struct int256 *)into = int256_add(*(const struct int256 *)into, *(const struct int256 *)from);
    } else {
        *(unsigned __int128 *)into += *(const unsigned __int128 *)from;
    }
    return NULL;
}

/* The state begins with the value. */
static struct err *first_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    size_t width = out->type->width;
    for (uint32_t i = 0; i < count; i++) {
        memcpy((char *)out->values + i * width, states + (size_t)i * stride, width);
    }
    return NULL;
}

static struct err *wrap_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    if (!type_is_number(bind->types[0])) {
        return aggregate_argument_error(bind, 0, "a number is needed");
    }
    out->type = bind->types[0]->kind == TYPE_BOOL ? type_simple(TYPE_UINT8) : bind->types[0];
    out->state_bytes = type_is_256(bind->types[0]) ? sizeof(struct int256) : 16;
    out->add = wrap_add;
    out->merge = wrap_merge;
    out->finish = first_finish;
    aggregate_raw(out, out->type->width);
    return NULL;
}

/* --- sumKahan ---------------------------------------------------------------------------------------------------- */

struct kahan {
    double sum, compensation;
};

static struct err *kahan_add(ADD_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    const struct column *numbers = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    const double *values = numbers->values;
    size_t step = column_step(numbers);
    EACH_ROW(struct kahan, {
        double value = values[i * step] - state->compensation;
        double sum = state->sum + value;
        state->compensation = (sum - state->sum) - value;
        state->sum = sum;
    })
    return NULL;
}

static struct err *kahan_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    struct kahan *a = into;
    const struct kahan *b = from;
    double raw = a->sum + b->sum;
    double taken = raw - a->sum;
    double lost = ((b->sum - taken) + (a->sum - (raw - taken))) - a->compensation - b->compensation;
    a->sum = raw + lost;
    a->compensation = -(lost - (a->sum - raw));
    return NULL;
}

static struct err *kahan_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    if (!type_is_number(bind->types[0])) {
        return aggregate_argument_error(bind, 0, "a number is needed");
    }
    if (bind->types[0]->kind == TYPE_DECIMAL) { /* exact anyway */
        return aggregate_sum_resolve(bind, out);
    }
    out->type = type_simple(TYPE_FLOAT64);
    out->state_bytes = STATE_BYTES(struct kahan);
    out->add = kahan_add;
    out->merge = kahan_merge;
    out->finish = first_finish;
    aggregate_raw(out, sizeof(struct kahan));
    return NULL;
}

/* --- avgWeighted ------------------------------------------------------------------------------------------------- */

struct weighted {
    double sum, weight;
};

static struct err *weighted_add(ADD_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    const struct column *numbers = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *weight_column = column_numbers(scratch, arguments[1], TYPE_FLOAT64);
    if (numbers == NULL || weight_column == NULL) {
        return arena_error(scratch);
    }
    const double *values = numbers->values;
    const double *weights = weight_column->values;
    size_t step = column_step(numbers);
    size_t weight_step = column_step(weight_column);
    EACH_ROW(struct weighted, {
        state->sum += values[i * step] * weights[i * weight_step];
        state->weight += weights[i * weight_step];
    })
    return NULL;
}

static struct err *weighted_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    ((struct weighted *)into)->sum += ((const struct weighted *)from)->sum;
    ((struct weighted *)into)->weight += ((const struct weighted *)from)->weight;
    return NULL;
}

static struct err *weighted_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    for (uint32_t i = 0; i < count; i++) {
        const struct weighted *state = (const void *)(states + (size_t)i * stride);
        ((double *)out->values)[i] = state->sum / state->weight;
    }
    return NULL;
}

static struct err *weighted_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    for (uint32_t i = 0; i < 2; i++) {
        if (!type_is_number(bind->types[i]) || bind->types[i]->kind == TYPE_DECIMAL) {
            return aggregate_argument_error(bind, i, "an integer or a float is needed");
        }
    }
    out->type = type_simple(TYPE_FLOAT64);
    out->state_bytes = STATE_BYTES(struct weighted);
    out->add = weighted_add;
    out->merge = weighted_merge;
    out->finish = weighted_finish;
    aggregate_raw(out, sizeof(struct weighted));
    return NULL;
}

/* --- deltaSum, deltaSumTimestamp --------------------------------------------------------------------------------- */

union number {
    __int128 integer; /* compared and added as such; UInt128 too, whose upper half is out of reach (refused) */
    double real;
};

struct delta {
    union number sum, first, last;
    union number first_time, last_time;
    uint64_t rows;
    uint64_t unused;
};

struct delta_kind {
    enum type_kind value; /* TYPE_INT128, TYPE_FLOAT64 or TYPE_FLOAT32 */
    enum type_kind time;
};

static bool less_number(enum type_kind kind, union number a, union number b)
{
    return kind == TYPE_INT128 ? a.integer < b.integer : a.real < b.real;
}

static union number plus_number(enum type_kind kind, union number a, union number b)
{
    if (kind == TYPE_INT128) {
        a.integer = (__int128)((unsigned __int128)a.integer + (unsigned __int128)b.integer);
    } else {
        a.real = kind == TYPE_FLOAT32 ? (double)((float)a.real + (float)b.real) : a.real + b.real;
    }
    return a;
}

static union number minus_number(enum type_kind kind, union number a, union number b)
{
    if (kind == TYPE_INT128) {
        a.integer = (__int128)((unsigned __int128)a.integer - (unsigned __int128)b.integer);
    } else {
        a.real = kind == TYPE_FLOAT32 ? (double)((float)a.real - (float)b.real) : a.real - b.real;
    }
    return a;
}

static union number number_at(enum type_kind kind, const struct column *column, size_t i)
{
    union number number = {.integer = 0};
    if (kind == TYPE_INT128) {
        number.integer = ((const __int128 *)column->values)[i * column_step(column)];
    } else {
        number.real = ((const double *)column->values)[i * column_step(column)];
    }
    return number;
}

static enum type_kind wide_kind(enum type_kind kind)
{
    return kind == TYPE_INT128 ? TYPE_INT128 : TYPE_FLOAT64;
}

/* b follows a */
static void delta_append(enum type_kind kind, struct delta *a, const struct delta *b)
{
    if (less_number(kind, a->last, b->first)) {
        a->sum = plus_number(kind, a->sum, minus_number(kind, b->first, a->last));
    }
    a->sum = plus_number(kind, a->sum, b->sum);
    a->last = b->last;
    a->last_time = b->last_time;
    a->rows += b->rows;
}

static struct err *delta_add(ADD_ARGUMENTS)
{
    (void)arena;
    const struct delta_kind *kind = aggregate->data;
    bool timed = aggregate->argument_count == 2;
    const struct column *values = column_numbers(scratch, arguments[0], wide_kind(kind->value));
    const struct column *times = timed ? column_numbers(scratch, arguments[1], wide_kind(kind->time)) : values;
    if (values == NULL || times == NULL) {
        return arena_error(scratch);
    }
    EACH_ROW(struct delta, {
        struct delta one = {.first = number_at(kind->value, values, i), .rows = 1};
        one.last = one.first;
        if (timed) {
            one.first_time = number_at(kind->time, times, i);
            one.last_time = one.first_time;
        }
        if (state->rows == 0) {
            *state = one;
        } else {
            delta_append(kind->value, state, &one);
        }
    })
    return NULL;
}

static struct err *delta_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    const struct delta_kind *kind = aggregate->data;
    struct delta *a = into;
    struct delta *b = from;
    enum type_kind time = kind->time;
    if (a->rows == 0 || b->rows == 0) {
        *a = a->rows == 0 ? *b : *a;
        return NULL;
    }
    if (aggregate->argument_count == 1) {
        delta_append(kind->value, a, b);
        return NULL;
    }
    bool a_late = less_number(time, b->last_time, a->first_time);
    bool a_from = !less_number(time, a->first_time, b->last_time);
    bool b_late = less_number(time, a->last_time, b->first_time);
    bool b_from = !less_number(time, b->first_time, a->last_time);
    bool a_spans = less_number(time, a->first_time, a->last_time);
    bool b_spans = less_number(time, b->first_time, b->last_time);
    if (b_late || (b_from && (a_spans || b_spans))) {
        delta_append(kind->value, a, b);
    } else if (a_late || (a_from && (a_spans || b_spans))) {
        delta_append(kind->value, b, a);
        *a = *b;
    } else if (less_number(kind->value, a->first, b->first)) {
        /* all of one time, or of times that overlap: the larger, as there is no order */
        a->first = b->first;
        a->last = b->last;
    }
    return NULL;
}

static struct err *delta_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    const struct delta_kind *kind = aggregate->data;
    size_t width = out->type->width;
    for (uint32_t i = 0; i < count; i++) {
        const struct delta *state = (const void *)(states + (size_t)i * stride);
        if (kind->value == TYPE_FLOAT32) {
            ((float *)out->values)[i] = (float)state->sum.real;
        } else {
            memcpy((char *)out->values + i * width, &state->sum, width);
        }
    }
    return NULL;
}

static struct err *delta_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct delta_kind *kind = ARENA_NEW(bind->arena, struct delta_kind);
    if (kind == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t i = 0; i < bind->count; i++) {
        const struct type *type = bind->types[i];
        bool time = bind->count == 2 && i == 1 && (type->kind == TYPE_DATE || type->kind == TYPE_DATETIME);
        if (!type_is_integer(type) && !type_is_float(type) && type->kind != TYPE_BOOL && !time) {
            return aggregate_argument_error(bind, i, "an integer or a float is needed");
        }
        if (type->kind == TYPE_UINT128 || type_is_256(type)) {
            return err_new(ERR_NOT_IMPLEMENTED, "%s of UInt128, Int256 and UInt256 is not implemented", bind->name);
        }
        enum type_kind *to = i == 0 ? &kind->value : &kind->time;
        *to = type_is_float(type) ? type->kind : TYPE_INT128;
    }
    out->type = bind->types[0]->kind == TYPE_BOOL ? type_simple(TYPE_UINT8) : bind->types[0];
    out->data = kind;
    out->state_bytes = STATE_BYTES(struct delta);
    out->add = delta_add;
    out->merge = delta_merge;
    out->finish = delta_finish;
    aggregate_raw(out, offsetof(struct delta, unused));
    return NULL;
}

/* --- boundingRatio: the slope between the leftmost and the rightmost point -----------------------------------------
 */

struct bounds {
    double left_x, left_y, right_x, right_y;
    uint64_t rows;
    uint64_t unused;
};

static void bounds_take(struct bounds *state, double x, double y)
{
    if (state->rows == 0) {
        state->left_x = state->right_x = x;
        state->left_y = state->right_y = y;
    } else if (x < state->left_x) {
        state->left_x = x;
        state->left_y = y;
    } else if (x > state->right_x) {
        state->right_x = x;
        state->right_y = y;
    }
    state->rows++;
}

static struct err *bounds_add(ADD_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    const struct column *x_column = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *y_column = column_numbers(scratch, arguments[1], TYPE_FLOAT64);
    if (x_column == NULL || y_column == NULL) {
        return arena_error(scratch);
    }
    const double *xs = x_column->values;
    const double *ys = y_column->values;
    size_t x_step = column_step(x_column);
    size_t y_step = column_step(y_column);
    EACH_ROW(struct bounds, bounds_take(state, xs[i * x_step], ys[i * y_step]))
    return NULL;
}

static struct err *bounds_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    const struct bounds *b = from;
    if (b->rows > 0) {
        bounds_take(into, b->left_x, b->left_y);
        bounds_take(into, b->right_x, b->right_y);
    }
    return NULL;
}

/* Is there nothing? Then both points. */
static struct err *bounds_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const struct bounds *bounds = state;
    state_put_byte(writer, bounds->rows == 0);
    state_put(writer, bounds, bounds->rows == 0 ? 0 : offsetof(struct bounds, rows));
    return state_writer_error(writer);
}

static struct err *bounds_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    struct bounds read = {0};
    uint8_t empty;
    OR_DONE(state_take_byte(reader, 1, &empty));
    if (empty == 0) {
        OR_DONE(state_take(reader, &read, offsetof(struct bounds, rows)));
        read.rows = 1;
    }
    OR_DONE(bounds_merge(aggregate, arena, into, &read));
done:
    return err;
}

static struct err *bounds_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    for (uint32_t i = 0; i < count; i++) {
        const struct bounds *state = (const void *)(states + (size_t)i * stride);
        double ratio = (state->right_y - state->left_y) / (state->right_x - state->left_x);
        ((double *)out->values)[i] = state->rows == 0 || isnan(ratio) ? (double)NAN : ratio;
    }
    return NULL;
}

/* --- exponentialMovingAverage ------------------------------------------------------------------------------------ */

struct decaying {
    double value, time;
};

static struct decaying decay_together(double half, struct decaying a, struct decaying b)
{
    if (a.time < b.time) {
        struct decaying swap = a;
        a = b;
        b = swap;
    }
    a.value += b.value * exp2(-(a.time - b.time) / half);
    return a;
}

static struct err *decay_add(ADD_ARGUMENTS)
{
    (void)arena;
    double half = *(const double *)aggregate->data;
    const struct column *numbers = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *time_column = column_numbers(scratch, arguments[1], TYPE_FLOAT64);
    if (numbers == NULL || time_column == NULL) {
        return arena_error(scratch);
    }
    const double *values = numbers->values;
    const double *times = time_column->values;
    size_t step = column_step(numbers);
    size_t time_step = column_step(time_column);
    EACH_ROW(struct decaying, {
        *state = decay_together(half, *state, (struct decaying){values[i * step], times[i * time_step]});
    })
    return NULL;
}

static struct err *decay_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    *(struct decaying *)into =
        decay_together(*(const double *)aggregate->data, *(struct decaying *)into, *(const struct decaying *)from);
    return NULL;
}

static struct err *decay_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    double weights = 1 / (1 - exp2(-1 / *(const double *)aggregate->data));
    for (uint32_t i = 0; i < count; i++) {
        ((double *)out->values)[i] =
            ((const struct decaying *)(const void *)(states + (size_t)i * stride))->value / weights;
    }
    return NULL;
}

enum pair_tag { PAIR_BOUNDS, PAIR_DECAY };

static struct err *pair_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < 2; i++) {
        if (!type_is_number(bind->types[i]) && (bind->tag == PAIR_DECAY || !type_is_time(bind->types[i]))) {
            return bind->tag == PAIR_DECAY
                       ? aggregate_argument_error(bind, i, "a number is needed")
                       : err_new(ERR_BAD_ARGUMENTS, "the arguments of %s must be numbers or times", bind->name);
        }
    }
    out->type = type_simple(TYPE_FLOAT64);
    if (bind->tag == PAIR_BOUNDS) {
        out->state_bytes = STATE_BYTES(struct bounds);
        out->add = bounds_add;
        out->merge = bounds_merge;
        out->finish = bounds_finish;
        out->write_state = bounds_write;
        out->read_state = bounds_read;
        return NULL;
    }
    double *half = ARENA_NEW(bind->arena, double);
    if (half == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->parameter_count != 1) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes one parameter, the half decay time",
                       bind->name);
    }
    OR_DONE(aggregate_parameter(bind, 0, half));
    out->data = half;
    out->state_bytes = STATE_BYTES(struct decaying);
    out->add = decay_add;
    out->merge = decay_merge;
    out->finish = decay_finish;
    aggregate_raw(out, sizeof(struct decaying));
done:
    return err;
}

static const struct aggregate_definition definitions[] = {
    {"sumWithOverflow", false, 1, 1, 0, wrap_resolve, 0},
    {"sumKahan", false, 1, 1, 0, kahan_resolve, 0},
    {"avgWeighted", false, 2, 2, 0, weighted_resolve, 0},
    {"deltaSum", false, 1, 1, AGGREGATE_NOT_NULL, delta_resolve, 0},
    {"deltaSumTimestamp", false, 2, 2, AGGREGATE_NOT_NULL, delta_resolve, 1},
    {"boundingRatio", false, 2, 2, 0, pair_resolve, PAIR_BOUNDS},
    {"exponentialMovingAverage", false, 2, 2, AGGREGATE_PARAMETERS, pair_resolve, PAIR_DECAY},
};
const struct aggregate_group aggregates_series = GROUP_WITHOUT_ALIASES(definitions);
