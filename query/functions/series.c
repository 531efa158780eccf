/*
 * series.c: time series in arrays: seriesOutliersDetectTukey, seriesDecomposeSTL.
 *
 * Tukey    scores beyond the fences: quartiles less and more k times their distance
 * STL      R. B. Cleveland, W. S. Cleveland, McRae, Terpenning: STL: A Seasonal-Trend Decomposition Procedure Based on
 *          Loess, J. Official Statistics 6 (1990). Not robust: two rounds of the inner loop, seasonal
 *          smoothers as long as the period; in floats, as ClickHouse computes it
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

#include <math.h>
#include <stdlib.h>

#define POINTS_MIN 4U

static struct err *check_series(const struct function_bind *bind)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    const struct type *type = bind->arguments[0].type->children[0];
    if (type->nullable || !(type_is_float(type) || (type_is_integer(type) && type->width <= 8))) {
        return err_new(ERR_ILLEGAL_COLUMN, "function %s needs an array of integers up to 64 bits or floats",
                       bind->name);
    }
done:
    return err;
}

/* The points of all rows as the kind of number. */
static struct err *points_of(struct arena *arena, const struct column *flat, enum type_kind kind,
                             const struct column **out)
{
    const struct column *items = column_flat(arena, flat->children[0]);
    *out = items == NULL ? NULL : column_numbers(arena, items, kind);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *too_few(const struct function *function)
{
    return err_new(ERR_BAD_ARGUMENTS, "At least four data points are needed for function %s", function->name);
}

/* --- Tukey's fences ----------------------------------------------------------------------------------------------- */

struct fences {
    double low, high, k;
};

static int compare_doubles(const void *a, const void *b, void *user)
{
    (void)user;
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between neighbours where the part of the count is whole. */
static double quantile_of(const double *sorted, uint32_t count, double part)
{
    double place = count * part;
    size_t above = (size_t)ceil(place);
    size_t index = above == 0 ? 0 : above - 1;
    bool whole = place == floor(place) && index + 1 < count;
    return whole ? (sorted[index] + sorted[index + 1]) / 2 : sorted[index];
}

static struct err *evaluate_tukey(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct fences *fences = function->data;
    const struct column *flat, *points;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    OR_DONE(points_of(arena, flat, TYPE_FLOAT64, &points));
    uint32_t total = flat->offsets[row_count];
    double *sorted = ARENA_ARRAY(arena, double, total + 1U);
    struct column *scores = column_new(arena, type_simple(TYPE_FLOAT64), total);
    if (sorted == NULL || scores == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = flat->offsets[i], count = flat->offsets[i + 1] - begin;
        const double *values = (const double *)points->values + begin;
        if (count < POINTS_MIN) {
            return too_few(function);
        }
        OR_DONE(interrupt_copy(sorted, values, count * sizeof(double)));
        OR_DONE(order_elements(arena, sorted, count, sizeof(double), compare_doubles, NULL));
        double first = quantile_of(sorted, count, fences->low), third = quantile_of(sorted, count, fences->high);
        double low = first - fences->k * (third - first), high = third + fences->k * (third - first);
        for (uint32_t e = 0; e < count; e++) {
            OR_DONE(interrupt_at(e));
            ((double *)scores->values)[begin + e] = fmin(values[e] - low, 0) + fmax(values[e] - high, 0);
        }
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, flat->offsets, scores, out));
done:
    return err;
}

static struct err *resolve_tukey(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct fences *fences = ARENA_NEW(bind->arena, struct fences);
    double given[4] = {0, 0.25, 0.75, 1.5};
    if (fences == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->count != 1 && bind->count != 4) {
        return err_new(ERR_ARGUMENT_COUNT, "Function %s needs either 1 or 4 arguments; passed %u", bind->name,
                       bind->count);
    }
    OR_DONE(check_series(bind));
    for (uint32_t a = 1; a < bind->count; a++) {
        if (a < 3 ? !type_is_float(bind->arguments[a].type) : !type_is_number(bind->arguments[a].type)) {
            return argument_error(bind, a, a < 3 ? "a float is needed" : "a number is needed");
        }
        if (bind->arguments[a].constant == NULL) {
            return err_new(ERR_ILLEGAL_COLUMN, "argument %u of function %s must be a constant", a + 1, bind->name);
        }
        const struct column *number = column_numbers(bind->arena, bind->arguments[a].constant, TYPE_FLOAT64);
        if (number == NULL) {
            return arena_error(bind->arena);
        }
        given[a] = *(const double *)number->values;
        if (a < 3 && !(given[a] >= 0.02 && given[a] <= 0.98 && given[a] >= given[a - 1])) {
            return err_new(ERR_BAD_ARGUMENTS, "argument %u of function %s must be in range [0.02, 0.98]", a + 1,
                           bind->name);
        }
        if (a == 3 && !(given[a] >= 0 && isfinite(given[a]))) {
            return err_new(ERR_BAD_ARGUMENTS, "argument 4 of function %s must be a non-negative number", bind->name);
        }
    }
    *fences = (struct fences){given[1], given[2], given[3]};
    out->inner = type_array(bind->arena, type_simple(TYPE_FLOAT64));
    out->evaluate = evaluate_tukey;
    out->data = fences;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- STL ---------------------------------------------------------------------------------------------------------- */

#define ROUNDS      2U
#define LOOK_POINTS 10000U /* and between two looks whether the query goes on */

/* A smoother: how many neighbours it sees, of what degree it is, and at every how many points it is computed. */
struct loess {
    size_t length, jump;
    bool linear;
};

/* The value at x of a line, or a constant, fitted to y[left … right], all from 1; false: there is no weight there. */
static bool loess_at(const struct loess *loess, const float *y, size_t n, float x, size_t left, size_t right,
                     float *weights, float *out)
{
    float reach = fmaxf(x - (float)left, (float)right - x);
    double sum = 0;
    size_t beyond = loess->length > n ? (loess->length - n) / 2 : 0;
    reach += (float)beyond;
    float far = 0.999F * reach, near = 0.001F * reach;
    for (size_t j = left; j <= right && !interrupted_at(j - left); j++) {
        float distance = fabsf((float)j - x);
        weights[j] = 0;
        if (distance <= far) {
            weights[j] = distance <= near ? 1 : (float)pow(1.0 - pow((double)(distance / reach), 3.0), 3.0);
            sum += (double)weights[j];
        }
    }
    if (sum <= 0) {
        return false;
    }
    for (size_t j = left; j <= right; j++) {
        weights[j] = (float)((double)weights[j] / sum);
    }
    if (reach > 0 && loess->linear) {
        double centre = 0, spread = 0;
        for (size_t j = left; j <= right; j++) {
            centre += (double)(weights[j] * (float)j);
        }
        for (size_t j = left; j <= right; j++) {
            spread += (double)weights[j] * (((double)j - centre) * ((double)j - centre));
        }
        if (sqrt(spread) > 0.001 * (double)((float)n - 1.0F)) {
            double slope = ((double)x - centre) / spread;
            for (size_t j = left; j <= right; j++) {
                weights[j] = (float)((double)weights[j] * (slope * ((double)j - centre) + 1.0));
            }
        }
    }
    *out = 0;
    for (size_t j = left; j <= right; j++) {
        *out += weights[j] * y[j - 1];
    }
    return true;
}

static void fill_line(float *out, size_t from, size_t to)
{
    float step = (out[to - 1] - out[from - 1]) / (float)(to - from);
    for (size_t j = from + 1; j < to; j++) {
        out[j - 1] = out[from - 1] + step * (float)(j - from);
    }
}

/* The smoother at all of n points; between those where it is computed, lines. weights: room for n + 1. */
static void smooth(const struct loess *loess, const float *y, size_t n, float *weights, float *out)
{
    if (n < 2) {
        out[0] = y[0];
        return;
    }
    size_t jump = loess->jump < n - 1 ? loess->jump : n - 1;
    size_t half = (loess->length + 1) / 2;
    size_t left = 1, right = loess->length < n ? loess->length : n;
    for (size_t i = 1, seen = 0; i <= n; i += jump, seen += right - left) {
        if (seen >= LOOK_POINTS) {
            if (interrupted()) {
                return; /* decompose_row says so */
            }
            seen = 0;
        }
        if (loess->length < n && jump == 1) {
            bool slides = i > half && right != n;
            left += slides;
            right += slides;
        } else if (loess->length < n) {
            left = i < half ? 1 : i >= n - half + 1 ? n - loess->length + 1 : i - half + 1;
            right = left + loess->length - 1;
        }
        if (!loess_at(loess, y, n, (float)i, left, right, weights, &out[i - 1])) {
            out[i - 1] = y[i - 1];
        }
    }
    if (jump == 1) {
        return;
    }
    for (size_t i = 1; i + jump <= n; i += jump) {
        fill_line(out, i, i + jump);
    }
    size_t last = (n - 1) / jump * jump + 1;
    if (last != n) {
        if (!loess_at(loess, y, n, (float)n, left, right, weights, &out[n - 1])) {
            out[n - 1] = y[n - 1];
        }
        fill_line(out, last, n);
    }
}

static void moving_average(const float *x, size_t n, size_t length, float *out)
{
    double sum = 0;
    for (size_t i = 0; i < length; i++) {
        sum += (double)x[i];
    }
    for (size_t i = 0; i + length <= n; i++) {
        if (i > 0) {
            sum = sum - (double)x[i - 1] + (double)x[i + length - 1];
        }
        out[i] = (float)(sum / (double)length);
    }
}

struct stl {
    size_t n, period;
    struct loess seasonal, trend, low;
    float *work[5]; /* n + 2 periods each, and two more */
};

static size_t odd_from(size_t length)
{
    length = length < 3 ? 3 : length;
    return length + (length % 2 == 0);
}

static struct loess smoother(size_t length, bool linear)
{
    return (struct loess){length, (size_t)ceil((double)(float)length / 10.0), linear};
}

/* Each phase of the period smoothed over the seasons, one season more at either end. */
static void smooth_phases(struct stl *stl, const float *y, float *out)
{
    float *phase = stl->work[2], *fitted = stl->work[3], *weights = stl->work[4];
    for (size_t j = 0; j < stl->period && !interrupted(); j++) {
        size_t count = (stl->n - j - 1) / stl->period + 1;
        for (size_t i = 0; i < count; i++) {
            phase[i] = y[i * stl->period + j];
        }
        smooth(&stl->seasonal, phase, count, weights, fitted + 1);
        size_t seen = stl->seasonal.length < count ? stl->seasonal.length : count;
        if (!loess_at(&stl->seasonal, phase, count, 0, 1, seen, weights, &fitted[0])) {
            fitted[0] = fitted[1];
        }
        if (!loess_at(&stl->seasonal, phase, count, (float)(count + 1), count - seen + 1, count, weights,
                      &fitted[count + 1])) {
            fitted[count + 1] = fitted[count];
        }
        for (size_t i = 0; i < count + 2; i++) {
            out[i * stl->period + j] = fitted[i];
        }
    }
}

static void decompose(struct stl *stl, const float *y, float *seasonal, float *trend)
{
    size_t n = stl->n, period = stl->period;
    float *first = stl->work[0], *second = stl->work[1], *third = stl->work[2], *weights = stl->work[4];
    memset(trend, 0, n * sizeof(*trend));
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < n; i++) {
            first[i] = y[i] - trend[i];
        }
        smooth_phases(stl, first, second);
        if (interrupted()) {
            return; /* decompose_row says so */
        }
        moving_average(second, n + 2 * period, period, third);
        moving_average(third, n + period + 1, period, first);
        moving_average(first, n + 2, 3, third);
        if (interrupted()) {
            return;
        }
        smooth(&stl->low, third, n, weights, first);
        if (interrupted()) {
            return;
        }
        for (size_t i = 0; i < n; i++) {
            seasonal[i] = second[period + i] - first[i];
        }
        for (size_t i = 0; i < n; i++) {
            first[i] = y[i] - seasonal[i];
        }
        smooth(&stl->trend, first, n, weights, trend);
    }
}

static struct err *decompose_row(const struct function *function, struct arena *arena, const float *y, uint32_t n,
                                 uint64_t period, float *out)
{
    if (n < POINTS_MIN) {
        return too_few(function);
    }
    if (period > n / 2) {
        return err_new(ERR_BAD_ARGUMENTS, "The series should have data of at least two period lengths for function %s",
                       function->name);
    }
    struct stl stl = {.n = n, .period = period < 2 ? 2 : (size_t)period};
    size_t seasons = odd_from((size_t)period);
    stl.seasonal = smoother(seasons, false);
    stl.trend = smoother(odd_from((size_t)ceil(1.5 * (double)stl.period / (1.0 - 1.5 / (double)seasons))), true);
    stl.low = smoother(odd_from(stl.period), true);
    for (int k = 0; k < 5; k++) {
        stl.work[k] = ARENA_ARRAY(arena, float, n + 2 * stl.period + 2);
        if (stl.work[k] == NULL) {
            return arena_error(arena);
        }
    }
    float *seasonal = out, *trend = out + n, *rest = trend + n, *sum = rest + n;
    decompose(&stl, y, seasonal, trend);
    for (uint32_t i = 0; i < n; i++) {
        rest[i] = y[i] - seasonal[i] - trend[i];
        sum[i] = seasonal[i] + trend[i];
    }
    return interrupt_check();
}

static struct err *evaluate_stl(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flat, *points;
    const struct column *periods = column_numbers(arena, arguments[1], TYPE_UINT64);
    struct column *lists;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    OR_DONE(points_of(arena, flat, TYPE_FLOAT32, &points));
    if (flat->offsets[row_count] > UINT32_MAX / 8 || row_count > UINT32_MAX / 8) {
        return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
    }
    struct column *items = column_new(arena, type_simple(TYPE_FLOAT32), flat->offsets[row_count] * 4);
    uint32_t *inner = ARENA_ARRAY(arena, uint32_t, row_count * 4U + 1U);
    uint32_t *outer = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (periods == NULL || items == NULL || inner == NULL || outer == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = flat->offsets[i], count = flat->offsets[i + 1] - begin;
        OR_DONE(decompose_row(function, arena, (const float *)points->values + begin, count,
                              VALUE_AT(periods, uint64_t, i), (float *)items->values + (size_t)begin * 4));
        outer[i] = i * 4;
        for (uint32_t k = 0; k < 4; k++) {
            inner[i * 4 + k] = begin * 4 + k * count;
        }
    }
    outer[row_count] = row_count * 4;
    inner[row_count * 4] = flat->offsets[row_count] * 4;
    OR_DONE(arrays_new(arena, function->inner->children[0], row_count * 4, inner, items, &lists));
    OR_DONE(arrays_new(arena, function->inner, row_count, outer, lists, out));
done:
    return err;
}

static struct err *resolve_stl(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(check_series(bind));
    if (!type_is_integer(bind->arguments[1].type) || type_is_signed(bind->arguments[1].type)) {
        return argument_error(bind, 1, "an unsigned integer is needed");
    }
    out->inner = type_array(bind->arena, type_simple(TYPE_FLOAT32));
    out->inner = out->inner == NULL ? NULL : type_array(bind->arena, out->inner);
    out->evaluate = evaluate_stl;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"seriesOutliersDetectTukey", false, 1, 4, FUNCTION_CAN_FAIL, resolve_tukey, 0},
    {"seriesDecomposeSTL", false, 2, 2, FUNCTION_CAN_FAIL, resolve_stl, 0},
};
const struct function_group functions_series = GROUP_WITHOUT_ALIASES(definitions);
