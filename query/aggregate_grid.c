/*
 * aggregate_grid.c: timeSeries…ToGrid(start, end, step, window)(time, value), timeSeriesGroupArray,
 * timeSeriesLastTwoSamples: functions of the samples of a time series.
 *
 * samples  a row is one, or a series as two arrays or as an array of tuples. Of samples of one time the greatest
 *          counts, NaN only when there is nothing else. Only what a point's window can hold is kept.
 * state    the samples; in rising order until one comes late, then in order again whenever room is short, and at the
 *          end, when those of one time become one
 * grid     query/time_grid.h; parameters may be times, numbers, decimals, and texts of times, numbers and durations
 * source   ClickHouse decides names, types and values; Prometheus what durations look like
 */
#include "query/aggregates.h"
#include "query/functions/value_text.h"
#include "query/time_grid.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum grid_tag { GRID_LIST = GRID_PREDICT + 1, GRID_LAST_TWO }; /* behind enum time_grid_function */

enum grid_form { FORM_ONE, FORM_ARRAYS, FORM_TUPLES };

struct grid_kind {
    struct time_grid grid;
    int tag;
    enum grid_form form;
    const struct type *time;
    const struct type *value;
};

struct series {
    struct sample *samples;
    uint32_t count;
    uint32_t capacity;
    bool unordered; /* some sample is not later than the one before */
    uint8_t unused[15];
};

/* --- samples ------------------------------------------------------------------------------------------------------- */

static int compare_samples(const void *a, const void *b, void *user)
{
    (void)user;
    int64_t x = ((const struct sample *)a)->time;
    int64_t y = ((const struct sample *)b)->time;
    return (x > y) - (x < y);
}

static double greater_of(double a, double b)
{
    return isnan(a) || b > a ? b : a;
}

static struct err *series_order(struct series *series, const struct arena *arena)
{
    struct err *err = NULL;
    uint32_t kept = 0;
    if (!series->unordered) {
        return NULL;
    }
    OR_DONE(order_elements(arena, series->samples, series->count, sizeof(*series->samples), compare_samples, NULL));
    for (uint32_t i = 0; i < series->count; i++) {
        struct sample *last = &series->samples[kept - (kept > 0)];
        if (kept > 0 && last->time == series->samples[i].time) {
            last->value = greater_of(last->value, series->samples[i].value);
        } else {
            series->samples[kept++] = series->samples[i];
        }
    }
    series->count = kept;
    series->unordered = false;
done:
    return err;
}

static struct err *series_room(struct series *series, struct arena *arena, uint64_t count)
{
    struct err *err = NULL;
    if (count <= series->capacity) {
        return NULL;
    }
    uint64_t before = series->count;
    if (before >= 64) { /* samples that come twice take no room for good */
        OR_DONE(series_order(series, arena));
        count -= before - series->count;
        if (count <= series->capacity / 4 * 3) {
            return NULL;
        }
    }
    uint64_t capacity = series->capacity == 0 ? 4 : series->capacity;
    while (capacity < count || capacity == series->capacity) { /* at least a quarter is free then */
        capacity *= 2;
    }
    if (capacity > UINT32_MAX / 2) {
        return err_new(ERR_MEMORY_LIMIT, "more than 2^31 samples in one time series");
    }
    struct sample *samples =
        arena_grow(arena, series->samples, (size_t)series->count * sizeof(*samples),
                   (size_t)series->capacity * sizeof(*samples), (size_t)capacity * sizeof(*samples));
    if (samples == NULL) {
        return arena_error(arena);
    }
    series->samples = samples;
    series->capacity = (uint32_t)capacity;
done:
    return err;
}

static struct err *last_two_take(struct series *series, struct arena *arena, struct sample sample)
{
    struct err *err = NULL;
    OR_DONE(series_room(series, arena, 4));
    struct sample *samples = series->samples;
    uint32_t at = series->count;
    while (at > 0 && samples[at - 1].time > sample.time) {
        at--;
    }
    if (at > 0 && samples[at - 1].time == sample.time) {
        samples[at - 1].value = greater_of(samples[at - 1].value, sample.value);
        return NULL;
    }
    memmove(samples + at + 1, samples + at, (series->count - at) * sizeof(*samples));
    samples[at] = sample;
    series->count++;
    if (series->count > 2) {
        memmove(samples, samples + 1, 2 * sizeof(*samples));
        series->count = 2;
    }
done:
    return err;
}

static struct err *series_take(const struct grid_kind *kind, struct series *series, struct arena *arena,
                               struct sample sample)
{
    struct err *err = NULL;
    if (kind->tag == GRID_LAST_TWO) {
        return last_two_take(series, arena, sample);
    }
    if (kind->tag != GRID_LIST && !time_grid_takes(&kind->grid, sample.time)) {
        return NULL;
    }
    OR_DONE(series_room(series, arena, series->count + 1ULL));
    series->unordered |= series->count > 0 && sample.time <= series->samples[series->count - 1].time;
    series->samples[series->count++] = sample;
done:
    return err;
}

static struct sample sample_at(const struct grid_kind *kind, const char *times, size_t time, const char *values,
                               size_t value)
{
    struct sample sample = {0, 0};
    const char *cell = times + time * kind->time->width;
    bool is_signed = kind->time->kind >= TYPE_INT8 && kind->time->kind <= TYPE_INT64;
    switch (kind->time->width) {
    case 1:
        sample.time = *(const uint8_t *)cell;
        sample.time = is_signed ? (int8_t)sample.time : sample.time;
        break;
    case 2:
        sample.time = *(const uint16_t *)(const void *)cell;
        sample.time = is_signed ? (int16_t)sample.time : sample.time;
        break;
    case 4:
        sample.time = *(const uint32_t *)(const void *)cell;
        sample.time = is_signed ? (int32_t)sample.time : sample.time;
        break;
    default:
        sample.time = *(const int64_t *)(const void *)cell;
    }
    sample.value = kind->value->kind == TYPE_FLOAT32 ? (double)((const float *)(const void *)values)[value]
                                                     : ((const double *)(const void *)values)[value];
    return sample;
}

static struct err *one_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct grid_kind *kind = aggregate->data;
    const char *times = arguments[0]->values;
    const char *values = arguments[1]->values;
    size_t time_step = column_step(arguments[0]);
    size_t value_step = column_step(arguments[1]);
    EACH_ROW(struct series, {
        OR_DONE(series_take(kind, state, arena, sample_at(kind, times, i * time_step, values, i * value_step)));
    })
done:
    return err;
}

static struct err *many_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct grid_kind *kind = aggregate->data;
    const struct column *flat[2];
    const struct column *children[2];
    uint64_t steps = 0;
    bool tuples = kind->form == FORM_TUPLES;
    for (int a = 0; a < 2; a++) {
        flat[a] = column_flat(scratch, arguments[tuples ? 0 : a]);
        children[a] = flat[a] == NULL ? NULL : column_flat(scratch, flat[a]->children[0]);
        if (tuples && children[a] != NULL) {
            children[a] = column_flat(scratch, children[a]->children[a]);
        }
        if (children[a] == NULL) {
            return arena_error(scratch);
        }
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begins[2] = {flat[0]->offsets[i], flat[1]->offsets[i]};
        uint32_t lengths[2] = {flat[0]->offsets[i + 1] - begins[0], flat[1]->offsets[i + 1] - begins[1]};
        if (lengths[0] != lengths[1]) {
            return err_new(ERR_BAD_ARGUMENTS, "aggregate function %s: an array of %u times and one of %u values",
                           aggregate->name, lengths[0], lengths[1]);
        }
        struct series *state = (struct series *)(void *)(states + (groups == NULL ? 0 : (size_t)groups[i] * stride));
        OR_DONE(interrupt_steps(&steps, lengths[0]));
        for (uint32_t k = 0; k < lengths[0]; k++) {
            OR_DONE(
                series_take(kind, state, arena,
                            sample_at(kind, children[0]->values, begins[0] + k, children[1]->values, begins[1] + k)));
        }
    }
done:
    return err;
}

static struct err *series_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct grid_kind *kind = aggregate->data;
    struct series *a = into;
    const struct series *b = from;
    if (a->count == 0) {
        *a = *b;
        return NULL;
    }
    for (uint32_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        OR_DONE(series_take(kind, a, arena, b->samples[i]));
    }
done:
    return err;
}

/* --- bytes --------------------------------------------------------------------------------------------------------- */

/* How many; the first time, 8 bytes; then of each the time since the one before, and its value. */
static struct err *series_write(WRITE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct grid_kind *kind = aggregate->data;
    struct series *series = state;
    OR_DONE(series_order(series, writer->arena));
    state_put_count(writer, series->count);
    for (uint32_t i = 0; i < series->count; i++) {
        const struct sample *sample = &series->samples[i];
        OR_DONE(interrupt_at(i));
        if (i == 0) {
            state_put(writer, &sample->time, sizeof(sample->time));
        } else {
            state_put_count(writer, (uint64_t)sample->time - (uint64_t)sample[-1].time);
        }
        if (kind->value->kind == TYPE_FLOAT32) {
            float narrow = (float)sample->value;
            state_put(writer, &narrow, sizeof(narrow));
        } else {
            state_put(writer, &sample->value, sizeof(sample->value));
        }
    }
    err = state_writer_error(writer);
done:
    return err;
}

static bool is_time(const struct grid_kind *kind, int64_t time)
{
    if (kind->tag != GRID_LIST && kind->tag != GRID_LAST_TWO && !time_grid_takes(&kind->grid, time)) {
        return false;
    }
    uint32_t bits = kind->time->width * 8;
    if (bits >= 64) {
        return true;
    }
    bool is_signed = kind->time->kind >= TYPE_INT8 && kind->time->kind <= TYPE_INT64;
    return is_signed ? time >= -((int64_t)1 << (bits - 1)) && time < (int64_t)1 << (bits - 1)
                     : time >= 0 && time < (int64_t)1 << bits;
}

static struct err *series_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct grid_kind *kind = aggregate->data;
    bool narrow = kind->value->kind == TYPE_FLOAT32;
    struct sample sample = {0, 0};
    uint64_t count;
    OR_DONE(state_take_elements(reader, narrow ? 5 : 9, kind->tag == GRID_LAST_TWO ? 2 : UINT32_MAX / 2, &count));
    for (uint64_t i = 0; i < count; i++) {
        uint64_t passed = 0;
        float single = 0;
        OR_DONE(interrupt_at(i));
        if (i == 0) {
            OR_DONE(state_take(reader, &sample.time, sizeof(sample.time)));
        } else {
            OR_DONE(state_take_count(reader, &passed));
            if (passed == 0 || passed > (uint64_t)INT64_MAX - (uint64_t)sample.time) {
                return state_bad("its samples are not in order");
            }
            sample.time = (int64_t)((uint64_t)sample.time + passed);
        }
        if (!is_time(kind, sample.time)) {
            return state_bad("a sample is outside the grid, or out of range");
        }
        OR_DONE(state_take(reader, narrow ? (void *)&single : (void *)&sample.value, narrow ? 4 : 8));
        sample.value = narrow ? (double)single : sample.value;
        OR_DONE(series_take(kind, into, arena, sample));
    }
done:
    return err;
}

/* --- results ------------------------------------------------------------------------------------------------------- */

static struct err *grid_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct grid_kind *kind = aggregate->data;
    const uint32_t points = kind->grid.points;
    struct arena *scratch = arena_beside(arena);
    bool narrow = out->type->children[0]->kind == TYPE_FLOAT32;
    if (scratch == NULL) {
        return err_oom();
    }
    OR_DONE(aggregate_arrays(arena, (uint64_t)points * count, out));
    struct column *values = out->children[0];
    for (uint32_t g = 0; g < count; g++) {
        struct series *series = (struct series *)(void *)(states + (size_t)g * stride);
        arena_reset(scratch);
        OR_DONE(series_order(series, scratch));
        double *wide = narrow ? ARENA_ARRAY(scratch, double, points) : (double *)values->values + (size_t)g * points;
        if (wide == NULL) {
            err = arena_error(scratch);
            goto done;
        }
        OR_DONE(time_grid_evaluate(&kind->grid, scratch, series->samples, series->count, wide,
                                   values->nulls + (size_t)g * points));
        float *singles = (float *)values->values + (size_t)g * points;
        for (uint32_t i = 0; narrow && i < points; i++) {
            singles[i] = (float)wide[i];
        }
        out->offsets[g + 1] = (g + 1) * points;
    }
done:
    arena_destroy(scratch);
    return err;
}

static struct err *list_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct grid_kind *kind = aggregate->data;
    uint64_t total = 0;
    uint32_t at = 0;
    for (uint32_t g = 0; g < count; g++) {
        struct series *series = (struct series *)(void *)(states + (size_t)g * stride);
        OR_DONE(series_order(series, arena));
        total += series->count;
    }
    OR_DONE(aggregate_arrays(arena, total, out));
    struct column *tuples = out->children[0];
    for (uint32_t f = 0; f < 2; f++) {
        tuples->children[f] = column_new(arena, tuples->type->children[f], (uint32_t)total);
        if (tuples->children[f] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t g = 0; g < count; g++) {
        const struct series *series = (const struct series *)(const void *)(states + (size_t)g * stride);
        for (uint32_t i = 0; i < series->count; i++, at++) {
            OR_DONE(interrupt_at(i));
            const struct sample *sample = &series->samples[kind->tag == GRID_LAST_TWO ? series->count - 1 - i : i];
            memcpy((char *)tuples->children[0]->values + (size_t)at * kind->time->width, &sample->time,
                   kind->time->width);
            if (kind->value->kind == TYPE_FLOAT32) {
                ((float *)tuples->children[1]->values)[at] = (float)sample->value;
            } else {
                ((double *)tuples->children[1]->values)[at] = sample->value;
            }
        }
        out->offsets[g + 1] = at;
    }
done:
    return err;
}

/* --- parameters ---------------------------------------------------------------------------------------------------- */

struct parameter {
    const struct aggregate_bind *bind;
    uint32_t index;
    const char *name;
    const struct type *time; /* of the samples: its scale is the grid's */
    bool duration;
};

static uint32_t scale_of(const struct parameter *parameter)
{
    return parameter->time->kind == TYPE_DATETIME64 ? parameter->time->scale : 0;
}

static struct err *parameter_bad(const struct parameter *parameter, const char *what)
{
    return err_new(ERR_BAD_ARGUMENTS, "the parameter \"%s\" of aggregate function %s: %s", parameter->name,
                   parameter->bind->name, what);
}

static struct err *parameter_overflow(const struct parameter *parameter)
{
    return err_new(ERR_DECIMAL_OVERFLOW, "the parameter \"%s\" of aggregate function %s is too large for %s",
                   parameter->name, parameter->bind->name, parameter->duration ? "a duration" : "a time");
}

/* number × 10^-scale seconds as ticks; digits that a tick has no room for are cut off. */
static struct err *ticks_of(const struct parameter *parameter, __int128 number, uint32_t scale, int64_t *out)
{
    uint32_t wanted = scale_of(parameter);
    for (; scale > wanted; scale--) {
        if (wanted == 0 && number % 10 != 0) {
            return parameter_bad(parameter, "a whole number of seconds is needed, as the times are");
        }
        number /= 10;
    }
    for (; scale < wanted; scale++) {
        if (number > INT64_MAX || number < INT64_MIN) {
            return parameter_overflow(parameter);
        }
        number *= 10;
    }
    if (number > INT64_MAX || number < INT64_MIN) {
        return parameter_overflow(parameter);
    }
    *out = (int64_t)number;
    return NULL;
}

static struct err *ticks_of_double(const struct parameter *parameter, double seconds, int64_t *out)
{
    double ticks = seconds * (double)scale_factor(scale_of(parameter));
    if (!isfinite(seconds)) {
        return parameter_bad(parameter, "a finite number is needed");
    }
    if (ticks >= 0x1p63 || ticks < -0x1p63) {
        return parameter_overflow(parameter);
    }
    if (scale_of(parameter) == 0 && parameter->time->kind != TYPE_DATETIME64 && ticks != trunc(ticks)) {
        return parameter_bad(parameter, "a whole number of seconds is needed, as the times are");
    }
    *out = (int64_t)ticks;
    return NULL;
}

/* "-12.5": 18 digits at most. False: no such text. */
static bool parse_decimal(struct slice text, __int128 *number, uint32_t *scale)
{
    bool negative = text.length > 0 && text.data[0] == '-';
    size_t at = text.length > 0 && (text.data[0] == '-' || text.data[0] == '+');
    uint32_t digits = 0;
    bool point = false;
    *number = 0;
    *scale = 0;
    for (; at < text.length; at++) {
        if (text.data[at] == '.' && !point) {
            point = true;
            continue;
        }
        if (text.data[at] < '0' || text.data[at] > '9' || ++digits > 36) {
            return false;
        }
        *number = *number * 10 + (text.data[at] - '0');
        *scale += point;
    }
    *number = negative ? -*number : *number;
    return digits > 0;
}

/* "1h30m": numbers with units, from large to small ones, each once. In milliseconds. */
static bool parse_duration(struct slice text, __int128 *milliseconds)
{
    static const struct {
        const char *unit;
        int64_t milliseconds;
    } units[] = {{"y", 31536000000}, {"w", 604800000}, {"d", 86400000}, {"h", 3600000},
                 {"m", 60000},       {"s", 1000},      {"ms", 1}};
    bool negative = text.length > 0 && text.data[0] == '-';
    size_t at = text.length > 0 && (text.data[0] == '-' || text.data[0] == '+');
    size_t begin = at;
    size_t next = 0;
    *milliseconds = 0;
    while (at < text.length) {
        int64_t number = 0;
        size_t digits = at;
        for (; at < text.length && text.data[at] >= '0' && text.data[at] <= '9' && at - digits < 18; at++) {
            number = number * 10 + (text.data[at] - '0');
        }
        size_t unit = at;
        while (at < text.length && text.data[at] >= 'a' && text.data[at] <= 'z') {
            at++;
        }
        while (next < sizeof(units) / sizeof(units[0]) &&
               !slice_equal(slice_of(text.data + unit, at - unit), slice_text(units[next].unit))) {
            next++;
        }
        if (unit == digits || next == sizeof(units) / sizeof(units[0])) {
            return false;
        }
        *milliseconds += (__int128)number * units[next++].milliseconds;
    }
    *milliseconds = negative ? -*milliseconds : *milliseconds;
    return at > begin;
}

/* "1e3" */
static bool parse_double(struct arena *arena, struct slice text, double *out)
{
    const char *copy = arena_text(arena, text);
    char *end = NULL;
    if (copy == NULL || text.length == 0 || text.data[0] == ' ' || strlen(copy) != text.length) {
        return false;
    }
    *out = strtod(copy, &end);
    return *end == 0;
}

static struct err *text_parameter(const struct parameter *parameter, struct slice text, int64_t *out)
{
    __int128 number;
    uint32_t scale;
    double real;
    if (parse_decimal(text, &number, &scale)) {
        return ticks_of(parameter, number, scale, out);
    }
    if (parameter->duration && parse_duration(text, &number)) {
        return ticks_of(parameter, number, 3, out);
    }
    if (parse_double(parameter->bind->arena, text, &real)) {
        return ticks_of_double(parameter, real, out);
    }
    if (!parameter->duration && parse_datetime(text, parameter->bind->context->zone, scale_of(parameter), out)) {
        return NULL;
    }
    return err_new(ERR_BAD_ARGUMENTS,
                   "the parameter \"%s\" of aggregate function %s: \"%.*s\" is no %s; give a number of seconds or "
                   "a text such as '%s'",
                   parameter->name, parameter->bind->name, SLICE_ARG(text), parameter->duration ? "duration" : "time",
                   parameter->duration ? "5m" : "2024-01-31 12:00:00");
}

static struct err *parameter_type_error(const struct parameter *parameter, const struct type *type)
{
    struct slice name = type_name(parameter->bind->arena, type);
    return err_new(
        ERR_ARGUMENT_TYPE, "Illegal type %.*s of the parameter \"%s\" of aggregate function %s: %s is needed",
        SLICE_ARG(name), parameter->name, parameter->bind->name,
        parameter->duration ? "a number of seconds, or a text such as '5m'," : "a time or a number of seconds");
}

static struct err *grid_parameter(const struct parameter *parameter, int64_t *out)
{
    const struct column *column = parameter->bind->parameters[parameter->index];
    const struct type *type = type_low_cardinality(parameter->bind->arena, column->type, false);
    if (type == NULL) {
        return arena_error(parameter->bind->arena);
    }
    if (type->kind == TYPE_NOTHING || column_is_null(column, 0)) {
        return err_new(parameter->time->kind == TYPE_DATETIME64 ? ERR_BAD_ARGUMENTS : ERR_ARGUMENT_TYPE,
                       "the parameter \"%s\" of aggregate function %s is NULL", parameter->name, parameter->bind->name);
    }
    const void *cell = column_value(column, 0);
    __int128 wide = 0;
    int64_t word = 0;
    bool ticks = parameter->time->kind == TYPE_DATETIME64;
    switch (type->kind) {
    case TYPE_STRING:
        return text_parameter(parameter, *(const struct slice *)cell, out);
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        if (!ticks) {
            return parameter_type_error(parameter, type);
        }
        return ticks_of_double(parameter,
                               type->kind == TYPE_FLOAT32 ? (double)*(const float *)cell : *(const double *)cell, out);
    case TYPE_DATETIME:
    case TYPE_DATETIME64:
        if (parameter->duration) {
            return parameter_type_error(parameter, type);
        }
        if (type->kind == TYPE_DATETIME) {
            return ticks_of(parameter, *(const uint32_t *)cell, 0, out);
        }
        return ticks_of(parameter, *(const int64_t *)cell, type->scale, out);
    case TYPE_DECIMAL:
        if (type->width > sizeof(wide)) {
            return parameter_type_error(parameter, type);
        }
        if (type->width == 4) {
            wide = *(const int32_t *)cell;
        } else if (type->width == 8) {
            wide = *(const int64_t *)cell;
        } else {
            memcpy(&wide, cell, sizeof(wide));
        }
        return ticks_of(parameter, wide, type->scale, out);
    default:
        break;
    }
    if ((!type_is_integer(type) && type->kind != TYPE_BOOL) || type->width > sizeof(word)) {
        return parameter_type_error(parameter, type);
    }
    word = column_int(column, 0);
    wide = type->kind == TYPE_UINT64 ? (__int128)(uint64_t)word : word;
    if (!ticks && wide < 0) {
        return parameter_type_error(parameter, type);
    }
    return ticks_of(parameter, wide, 0, out);
}

/* --- binding ------------------------------------------------------------------------------------------------------- */

/* Types and form of the samples. */
static struct err *grid_arguments(const struct aggregate_bind *bind, struct grid_kind *kind)
{
    const struct type *types[2] = {bind->types[0], bind->types[bind->count - 1]}; /* one or two */
    if (bind->count == 1) {
        const struct type *tuple = types[0]->kind == TYPE_ARRAY ? types[0]->children[0] : NULL;
        if (tuple == NULL || tuple->kind != TYPE_TUPLE || tuple->nullable || tuple->child_count != 2) {
            return aggregate_argument_error(bind, 0, "an array of tuples of a time and a value is needed");
        }
        kind->form = FORM_TUPLES;
        types[0] = tuple->children[0];
        types[1] = tuple->children[1];
    } else if ((types[0]->kind == TYPE_ARRAY) != (types[1]->kind == TYPE_ARRAY)) {
        return aggregate_argument_error(bind, 1, "both arguments must be arrays, or none");
    } else if (types[0]->kind == TYPE_ARRAY) {
        kind->form = FORM_ARRAYS;
        types[0] = types[0]->children[0];
        types[1] = types[1]->children[0];
    }
    for (int i = 0; i < 2; i++) {
        types[i] = type_low_cardinality(bind->arena, types[i], false);
        if (types[i] == NULL) {
            return arena_error(bind->arena);
        }
    }
    kind->time = types[0];
    kind->value = types[1];
    bool time = types[0]->kind == TYPE_UINT32 || types[0]->kind == TYPE_DATETIME || types[0]->kind == TYPE_DATETIME64 ||
                (kind->tag == GRID_LAST_TWO && type_is_integer(types[0]) && types[0]->width <= 8 &&
                 types[0]->kind != TYPE_UINT64);
    if (!time || types[0]->nullable) {
        return aggregate_argument_error(bind, 0, "times must be DateTime, DateTime64 or UInt32");
    }
    if ((types[1]->kind != TYPE_FLOAT32 && types[1]->kind != TYPE_FLOAT64) || types[1]->nullable) {
        return aggregate_argument_error(bind, bind->count - 1, "values must be Float32 or Float64");
    }
    return NULL;
}

static struct err *grid_bind(const struct aggregate_bind *bind, struct grid_kind *kind)
{
    struct err *err = NULL;
    static const char *const names[] = {"start", "end", "step", "window"};
    struct time_grid *grid = &kind->grid;
    int64_t end = 0;
    int64_t *const values[] = {&grid->start, &end, &grid->step, &grid->window};
    for (uint32_t i = 0; i < 4; i++) {
        struct parameter parameter = {bind, i, names[i], kind->time, i >= 2};
        OR_DONE(grid_parameter(&parameter, values[i]));
        if (i < 2 && kind->time->kind != TYPE_DATETIME64 && (*values[i] < 0 || *values[i] > UINT32_MAX)) {
            return parameter_bad(&parameter, "it is beyond the range of the times");
        }
    }
    if (end < grid->start) {
        return err_new(ERR_BAD_ARGUMENTS, "the grid of aggregate function %s ends before it starts", bind->name);
    }
    if (grid->window < 0) {
        return err_new(ERR_BAD_ARGUMENTS, "the window of aggregate function %s is negative", bind->name);
    }
    if (end > grid->start && grid->step <= 0) {
        return err_new(ERR_BAD_ARGUMENTS, "the step of aggregate function %s must be greater than zero", bind->name);
    }
    uint64_t steps = end == grid->start ? 0 : ((uint64_t)end - (uint64_t)grid->start) / (uint64_t)grid->step;
    if (steps >= TIME_GRID_POINTS_MAX) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "the grid of aggregate function %s has more than %u points: bring start and end nearer, or "
                       "make the step longer",
                       bind->name, TIME_GRID_POINTS_MAX);
    }
    grid->points = (uint32_t)steps + 1;
    grid->ticks = scale_factor(kind->time->kind == TYPE_DATETIME64 ? kind->time->scale : 0);
    grid->function = (enum time_grid_function)bind->tag;
    grid->narrow = kind->value->kind == TYPE_FLOAT32;
done:
    return err;
}

static struct err *offset_bind(const struct aggregate_bind *bind, double *out)
{
    const struct column *column = bind->parameters[4];
    __int128 milliseconds;
    if (!type_is_string(column->type)) {
        return aggregate_parameter(bind, 4, out);
    }
    struct slice text = column_is_null(column, 0) ? slice_text("") : *(const struct slice *)column_value(column, 0);
    if (parse_double(bind->arena, text, out)) {
        return NULL;
    }
    if (!parse_duration(text, &milliseconds)) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "the parameter \"offset\" of aggregate function %s: \"%.*s\" is no duration; give a number of "
                       "seconds or a text such as '5m'",
                       bind->name, SLICE_ARG(text));
    }
    *out = (double)milliseconds / 1000;
    return NULL;
}

static struct err *grid_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    struct grid_kind *kind = ARENA_NEW(bind->arena, struct grid_kind);
    const struct type *item = NULL;
    if (kind == NULL) {
        return arena_error(bind->arena);
    }
    *kind = (struct grid_kind){.tag = bind->tag};
    bool list = bind->tag == GRID_LIST || bind->tag == GRID_LAST_TWO;
    uint32_t wanted = bind->tag == GRID_PREDICT ? 5 : 4;
    if (!list && bind->parameter_count != wanted) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes %u parameters: start, end, step, window%s",
                       bind->name, wanted, wanted == 5 ? ", offset" : "");
    }
    OR_DONE(grid_arguments(bind, kind));
    if (kind->tag == GRID_LAST_TWO && kind->form != FORM_ONE) {
        return aggregate_argument_error(bind, 0, "a time is needed, no array");
    }
    if (!list) {
        OR_DONE(grid_bind(bind, kind));
        if (kind->tag == GRID_PREDICT) {
            OR_DONE(offset_bind(bind, &kind->grid.offset));
        }
        bool time = kind->tag == GRID_TIME_OF_MIN || kind->tag == GRID_TIME_OF_MAX;
        item = type_nullable(bind->arena, time ? type_simple(TYPE_FLOAT64) : kind->value, true);
        out->type = item == NULL ? NULL : type_array(bind->arena, item);
    } else if (kind->form == FORM_TUPLES) {
        out->type = bind->types[0];
    } else {
        const struct type *fields[2] = {kind->time, kind->value};
        item = type_tuple(bind->arena, fields, NULL, 2);
        out->type = item == NULL ? NULL : type_array(bind->arena, item);
    }
    out->data = kind;
    out->state_bytes = STATE_BYTES(struct series);
    out->add = kind->form == FORM_ONE ? one_add : many_add;
    out->merge = series_merge;
    out->write_state = series_write;
    out->read_state = series_read;
    out->finish = list ? list_finish : grid_finish;
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

#define GRID(name, tag)                                                                                                \
    {                                                                                                                  \
        "timeSeries" name "ToGrid", false, 1, 2, AGGREGATE_PARAMETERS, grid_resolve, tag                               \
    }
static const struct aggregate_definition definitions[] = {
    GRID("Rate", GRID_RATE),
    GRID("Increase", GRID_INCREASE),
    GRID("Delta", GRID_DELTA),
    GRID("InstantRate", GRID_INSTANT_RATE),
    GRID("InstantDelta", GRID_INSTANT_DELTA),
    {"timeSeriesResampleToGridWithStaleness", false, 1, 2, AGGREGATE_PARAMETERS, grid_resolve, GRID_LAST},
    GRID("Changes", GRID_CHANGES),
    GRID("Resets", GRID_RESETS),
    GRID("Count", GRID_COUNT),
    GRID("Sum", GRID_SUM),
    GRID("Avg", GRID_AVG),
    GRID("Min", GRID_MIN),
    GRID("Max", GRID_MAX),
    GRID("TimestampOfMin", GRID_TIME_OF_MIN),
    GRID("TimestampOfMax", GRID_TIME_OF_MAX),
    GRID("Deriv", GRID_DERIV),
    GRID("PredictLinear", GRID_PREDICT),
    {"timeSeriesGroupArray", false, 1, 2, 0, grid_resolve, GRID_LIST},
    {"timeSeriesLastTwoSamples", false, 2, 2, 0, grid_resolve, GRID_LAST_TWO},
};
static const struct aggregate_alias aliases[] = {
    {"timeSeriesLastToGrid", false, "timeSeriesResampleToGridWithStaleness"}};
const struct aggregate_group aggregates_grid = GROUP_OF(definitions, aliases);
