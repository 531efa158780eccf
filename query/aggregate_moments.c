/*
 * aggregate_moments.c: variance, deviation, covariance, correlation, skewness, kurtosis, the regr_ functions of SQL.
 *
 * plain    power sums: count, Σx, Σx², Σx³, Σx⁴; of pairs count, Σx, Σy, Σxy, Σx², Σy². In Float32 when all arguments
 *          are Float32, else in Float64, added in the order of the rows, as ClickHouse has them.
 * stable   running means and central sums
 * source   Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979;
 *          Bennett et al., "Numerically stable, single-pass, parallel statistics algorithms", 2009
 */
#include "query/aggregates.h"

#include <math.h>

enum moment {
    VAR_POP,
    VAR_SAMP,
    STDDEV_POP,
    STDDEV_SAMP,
    SKEW_POP,
    SKEW_SAMP,
    KURT_POP,
    KURT_SAMP,
    COVAR_POP,
    COVAR_SAMP,
    CORR,
    REGRESSION, /* slope and intercept, a tuple */
    REGR_COUNT,
    REGR_AVG_X,
    REGR_AVG_Y,
    REGR_SXX,
    REGR_SYY,
    REGR_SXY,
    REGR_SLOPE,
    REGR_INTERCEPT,
    REGR_R2,
    STABLE = 32 /* beside one of the others */
};

struct moments {
    enum moment moment;
    bool single; /* Float32 */
    uint32_t level;
};

/* --- power sums -------------------------------------------------------------------------------------------------- */

#define POWER_LOOPS(real)                                                                                              \
    {                                                                                                                  \
        const real *xs = x_column->values;                                                                             \
        const real *ys = y_column->values;                                                                             \
        switch (level) {                                                                                               \
        case 2:                                                                                                        \
            EACH_ROW(real, {                                                                                           \
                real x = xs[i * x_step];                                                                               \
                state[0] += 1;                                                                                         \
                state[1] += x;                                                                                         \
                state[2] += x * x;                                                                                     \
            })                                                                                                         \
            break;                                                                                                     \
        case 5:                                                                                                        \
            EACH_ROW(real, {                                                                                           \
                real x = xs[i * x_step];                                                                               \
                real y = ys[i * y_step];                                                                               \
                state[0] += 1;                                                                                         \
                state[1] += x;                                                                                         \
                state[2] += y;                                                                                         \
                state[3] += x * y;                                                                                     \
                state[4] += x * x;                                                                                     \
                state[5] += y * y;                                                                                     \
            })                                                                                                         \
            break;                                                                                                     \
        default:                                                                                                       \
            EACH_ROW(real, {                                                                                           \
                real x = xs[i * x_step];                                                                               \
                state[0] += 1;                                                                                         \
                state[1] += x;                                                                                         \
                state[2] += x * x;                                                                                     \
                state[3] += x * x * x;                                                                                 \
                state[4] += x * x * x * x;                                                                             \
            })                                                                                                         \
        }                                                                                                              \
    }

static struct err *power_add(ADD_ARGUMENTS)
{
    (void)arena;
    const struct moments *moments = aggregate->data;
    uint32_t level = moments->level;
    enum type_kind kind = moments->single ? TYPE_FLOAT32 : TYPE_FLOAT64;
    const struct column *x_column = column_numbers(scratch, arguments[0], kind);
    const struct column *y_column = x_column;
    if (aggregate->argument_count == 2) {
        y_column = column_numbers(scratch, arguments[1], kind);
    }
    if (x_column == NULL || y_column == NULL) {
        return arena_error(scratch);
    }
    size_t x_step = column_step(x_column);
    size_t y_step = column_step(y_column);
    if (moments->single) {
        POWER_LOOPS(float)
    } else {
        POWER_LOOPS(double)
    }
    return NULL;
}

static struct err *power_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    const struct moments *moments = aggregate->data;
    for (uint32_t i = 0; i <= moments->level; i++) {
        if (moments->single) {
            ((float *)into)[i] += ((const float *)from)[i];
        } else {
            ((double *)into)[i] += ((const double *)from)[i];
        }
    }
    return NULL;
}

#define POWER_VALUE(real, name, root, power)                                                                           \
    static real name(enum moment moment, const real *m)                                                                \
    {                                                                                                                  \
        real n = m[0];                                                                                                 \
        bool sample = moment == VAR_SAMP || moment == STDDEV_SAMP || moment == SKEW_SAMP || moment == KURT_SAMP;       \
        if (moment == COVAR_POP) {                                                                                     \
            return (m[3] - m[1] * m[2] / n) / n;                                                                       \
        }                                                                                                              \
        if (moment == COVAR_SAMP) {                                                                                    \
            return n == 0 ? (real)NAN : (m[3] - m[1] * m[2] / n) / (n - 1);                                            \
        }                                                                                                              \
        if (moment == CORR) {                                                                                          \
            return (n * m[3] - m[1] * m[2]) / root((n * m[4] - m[1] * m[1]) * (n * m[5] - m[2] * m[2]));               \
        }                                                                                                              \
        if (n == 0 || (sample && n <= 1)) {                                                                            \
            return (real)NAN;                                                                                          \
        }                                                                                                              \
        real variance = (m[2] - m[1] * m[1] / n) / (sample ? n - 1 : n);                                               \
        variance = variance < 0 ? 0 : variance; /* rounding */                                                         \
        switch ((int)moment) {                                                                                         \
        case STDDEV_POP:                                                                                               \
        case STDDEV_SAMP:                                                                                              \
            return root(variance);                                                                                     \
        case SKEW_POP:                                                                                                 \
        case SKEW_SAMP: {                                                                                              \
            real third = n == 1 ? 0 : (m[3] - (3 * m[2] - 2 * m[1] * m[1] / n) * m[1] / n) / n;                        \
            return variance > 0 ? (real)(third / (real)power((double)variance, 1.5)) : (real)NAN;                      \
        }                                                                                                              \
        case KURT_POP:                                                                                                 \
        case KURT_SAMP: {                                                                                              \
            real inner = 6 * m[2] - 3 * m[1] * m[1] / n;                                                               \
            real fourth = n == 1 ? 0 : (m[4] - (4 * m[3] - inner * m[1] / n) * m[1] / n) / n;                          \
            return variance > 0 ? (real)(fourth / (real)power((double)variance, 2)) : (real)NAN;                       \
        }                                                                                                              \
        default:                                                                                                       \
            return variance;                                                                                           \
        }                                                                                                              \
    }
POWER_VALUE(double, power_double, sqrt, pow)
POWER_VALUE(float, power_float, sqrtf, pow)

static struct err *line_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    for (uint32_t f = 0; f < 2; f++) {
        out->children[f] = column_new(arena, out->type->children[f], count);
        if (out->children[f] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        const double *m = (const double *)(const void *)(states + (size_t)i * stride);
        double divisor = m[4] * m[0] - m[1] * m[1];
        double slope = m[0] == 0 || divisor == 0 ? (double)NAN : (m[3] * m[0] - m[1] * m[2]) / divisor;
        ((double *)out->children[0]->values)[i] = slope;
        ((double *)out->children[1]->values)[i] = (m[2] - slope * m[1]) / m[0];
    }
    return NULL;
}

static struct err *power_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    const struct moments *moments = aggregate->data;
    for (uint32_t i = 0; i < count; i++) {
        const void *state = states + (size_t)i * stride;
        if (moments->single) {
            ((float *)out->values)[i] = power_float(moments->moment, state);
        } else {
            ((double *)out->values)[i] = power_double(moments->moment, state);
        }
    }
    return NULL;
}

/* --- stable ------------------------------------------------------------------------------------------------------ */

struct central {
    uint64_t count;
    double x_mean, y_mean;
    double xx, yy, xy; /* central sums */
};

static struct err *central_add(ADD_ARGUMENTS)
{
    (void)arena;
    const struct column *x_column = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *y_column = x_column;
    if (aggregate->argument_count == 2) {
        y_column = column_numbers(scratch, arguments[1], TYPE_FLOAT64);
    }
    if (x_column == NULL || y_column == NULL) {
        return arena_error(scratch);
    }
    const double *xs = x_column->values;
    const double *ys = y_column->values;
    size_t x_step = column_step(x_column);
    size_t y_step = column_step(y_column);
    if (aggregate->argument_count == 1) {
        EACH_ROW(struct central, {
            double x = xs[i * x_step];
            double delta = x - state->x_mean;
            state->count++;
            state->x_mean += delta / (double)state->count;
            state->xx += delta * (x - state->x_mean);
        })
        return NULL;
    }
    EACH_ROW(struct central, {
        double x = xs[i * x_step];
        double y = ys[i * y_step];
        double x_delta = x - state->x_mean;
        double y_delta = y - state->y_mean;
        state->count++;
        state->x_mean += x_delta / (double)state->count;
        state->y_mean += y_delta / (double)state->count;
        state->xy += (x - state->x_mean) * y_delta;
        state->xx += x_delta * (x - state->x_mean);
        state->yy += y_delta * (y - state->y_mean);
    })
    return NULL;
}

static struct err *central_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    struct central *a = into;
    const struct central *b = from;
    if (a->count == 0 || b->count == 0) {
        *a = a->count == 0 ? *b : *a;
        return NULL;
    }
    double total = (double)(a->count + b->count);
    double share = (double)a->count / total;
    double factor = (double)a->count * ((double)b->count / total);
    double x_delta = a->x_mean - b->x_mean;
    double y_delta = a->y_mean - b->y_mean;
    a->x_mean = b->x_mean + x_delta * share;
    a->y_mean = b->y_mean + y_delta * share;
    a->xx += b->xx + x_delta * x_delta * factor;
    a->yy += b->yy + y_delta * y_delta * factor;
    a->xy += b->xy + x_delta * y_delta * factor;
    a->count += b->count;
    return NULL;
}

/* regr_slope(y, x) and its kin: the dependent value stands first. */
static double line_value(enum moment moment, const struct central *state)
{
    double xx = state->yy, yy = state->xx; /* the second argument is x */
    double slope = state->count < 2 || xx == 0 ? (double)NAN : state->xy / xx;
    if (state->count == 0) {
        return NAN;
    }
    switch ((int)moment) {
    case REGR_AVG_X:
        return state->y_mean;
    case REGR_AVG_Y:
        return state->x_mean;
    case REGR_SXX:
        return xx;
    case REGR_SYY:
        return yy;
    case REGR_SXY:
        return state->xy;
    case REGR_SLOPE:
        return slope;
    case REGR_INTERCEPT:
        return state->x_mean - slope * state->y_mean;
    default:
        return isnan(slope) ? slope : yy == 0 ? 1 : state->xy * state->xy / (xx * yy);
    }
}

static double central_value(enum moment moment, const struct central *state)
{
    if (moment >= REGR_COUNT) {
        return line_value(moment, state);
    }
    double n = (double)state->count;
    bool sample = moment == VAR_SAMP || moment == STDDEV_SAMP || moment == COVAR_SAMP;
    if (state->count < (sample || moment == CORR ? 2 : 1)) {
        return INFINITY;
    }
    switch ((int)moment) {
    case CORR:
        return state->xy / sqrt(state->xx * state->yy);
    case COVAR_POP:
    case COVAR_SAMP:
        return n == 1 ? 0 : state->xy / (sample ? n - 1 : n);
    case VAR_POP:
    case VAR_SAMP:
        return n == 1 ? 0 : state->xx / (sample ? n - 1 : n);
    default:
        return n == 1 ? 0 : sqrt(state->xx / (sample ? n - 1 : n));
    }
}

static struct err *central_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    const struct moments *moments = aggregate->data;
    for (uint32_t i = 0; i < count; i++) {
        const struct central *state = (const void *)(states + (size_t)i * stride);
        if (moments->moment == REGR_COUNT) {
            ((uint64_t *)out->values)[i] = state->count;
        } else {
            ((double *)out->values)[i] = central_value(moments->moment, state);
        }
    }
    return NULL;
}

/* Count, mean and central sum; of pairs both means and all three sums. */
static struct err *central_write(WRITE_ARGUMENTS)
{
    const struct central *central = state;
    state_put_count(writer, central->count);
    state_put(writer, &central->x_mean, sizeof(double));
    if (aggregate->argument_count == 1) {
        state_put(writer, &central->xx, sizeof(double));
    } else {
        state_put(writer, &central->y_mean, sizeof(*central) - offsetof(struct central, y_mean));
    }
    return state_writer_error(writer);
}

static struct err *central_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    struct central read = {0};
    OR_DONE(state_take_count(reader, &read.count));
    OR_DONE(state_take(reader, &read.x_mean, sizeof(double)));
    if (aggregate->argument_count == 1) {
        OR_DONE(state_take(reader, &read.xx, sizeof(double)));
    } else {
        OR_DONE(state_take(reader, &read.y_mean, sizeof(read) - offsetof(struct central, y_mean)));
    }
    OR_DONE(central_merge(aggregate, arena, into, &read));
done:
    return err;
}

/* Of power sums count, Σx, Σy, Σx², Σxy. */
static const uint32_t line_sums[4] = {1, 2, 4, 3};

static struct err *line_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const double *sums = state;
    uint64_t count = (uint64_t)sums[0];
    state_put(writer, &count, sizeof(count));
    for (uint32_t i = 0; i < 4; i++) {
        state_put(writer, &sums[line_sums[i]], sizeof(double));
    }
    return state_writer_error(writer);
}

static struct err *line_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    double sums[6] = {0};
    uint64_t count;
    OR_DONE(state_take(reader, &count, sizeof(count)));
    if (count > (uint64_t)1 << 53) {
        return state_bad("too many rows");
    }
    sums[0] = (double)count;
    for (uint32_t i = 0; i < 4; i++) {
        OR_DONE(state_take(reader, &sums[line_sums[i]], sizeof(double)));
    }
    OR_DONE(power_merge(aggregate, arena, into, sums));
done:
    return err;
}

static struct err *moments_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct moments *moments = ARENA_NEW(bind->arena, struct moments);
    bool stable = (bind->tag & STABLE) != 0;
    if (moments == NULL) {
        return arena_error(bind->arena);
    }
    moments->moment = (enum moment)(bind->tag & ~(int)STABLE);
    moments->single = !stable;
    moments->level = bind->count == 2 ? 5 : moments->moment >= SKEW_POP ? 4 : 2;
    for (uint32_t i = 0; i < bind->count; i++) {
        const struct type *type = bind->types[i];
        if (!type_is_number(type) || (bind->count == 2 && type->kind == TYPE_DECIMAL)) {
            return aggregate_argument_error(bind, i, "a number is needed");
        }
        moments->single = moments->single && type->kind == TYPE_FLOAT32 && moments->moment != REGRESSION;
    }
    out->type = type_simple(moments->single                 ? TYPE_FLOAT32
                            : moments->moment == REGR_COUNT ? TYPE_UINT64
                                                            : TYPE_FLOAT64);
    out->data = moments;
    if (stable) {
        out->state_bytes = STATE_BYTES(struct central);
        out->add = central_add;
        out->merge = central_merge;
        out->finish = central_finish;
        out->write_state = central_write;
        out->read_state = central_read;
    } else {
        uint32_t bytes = (moments->level + 1) * (moments->single ? (uint32_t)sizeof(float) : (uint32_t)sizeof(double));
        out->state_bytes = (bytes + 15U) & ~15U;
        out->add = power_add;
        out->merge = power_merge;
        out->finish = power_finish;
        bool short_form = moments->moment == SKEW_POP || moments->moment == SKEW_SAMP || moments->moment == COVAR_POP ||
                          moments->moment == COVAR_SAMP; /* they do not look at the last sums */
        aggregate_raw(out, short_form ? 4 * (bytes / (moments->level + 1)) : bytes);
        if (moments->moment == REGRESSION) {
            static const struct slice names[2] = {{"k", 1}, {"b", 1}};
            const struct type *fields[2] = {type_simple(TYPE_FLOAT64), type_simple(TYPE_FLOAT64)};
            out->type = type_tuple(bind->arena, fields, names, 2);
            out->finish = line_finish;
            out->write_state = line_write;
            out->read_state = line_read;
        }
    }
    return out->type == NULL ? arena_error(bind->arena) : NULL;
}

static const struct aggregate_definition definitions[] = {
    {"varPop", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, VAR_POP},
    {"varSamp", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, VAR_SAMP},
    {"stddevPop", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, STDDEV_POP},
    {"stddevSamp", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, STDDEV_SAMP},
    {"skewPop", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, SKEW_POP},
    {"skewSamp", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, SKEW_SAMP},
    {"kurtPop", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, KURT_POP},
    {"kurtSamp", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, KURT_SAMP},
    {"covarPop", false, 2, 2, AGGREGATE_PLAIN, moments_resolve, COVAR_POP},
    {"covarSamp", false, 2, 2, AGGREGATE_PLAIN, moments_resolve, COVAR_SAMP},
    {"corr", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, CORR},
    {"simpleLinearRegression", false, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGRESSION},
    {"varPopStable", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, VAR_POP | STABLE},
    {"varSampStable", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, VAR_SAMP | STABLE},
    {"stddevPopStable", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, STDDEV_POP | STABLE},
    {"stddevSampStable", false, 1, 1, AGGREGATE_PLAIN, moments_resolve, STDDEV_SAMP | STABLE},
    {"covarPopStable", false, 2, 2, AGGREGATE_PLAIN, moments_resolve, COVAR_POP | STABLE},
    {"covarSampStable", false, 2, 2, AGGREGATE_PLAIN, moments_resolve, COVAR_SAMP | STABLE},
    {"corrStable", false, 2, 2, AGGREGATE_PLAIN, moments_resolve, CORR | STABLE},
    {"regr_count", true, 2, 2, AGGREGATE_PLAIN | AGGREGATE_NOT_NULL, moments_resolve, REGR_COUNT | STABLE},
    {"regr_avgx", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGR_AVG_X | STABLE},
    {"regr_avgy", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGR_AVG_Y | STABLE},
    {"regr_sxx", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGR_SXX | STABLE},
    {"regr_syy", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGR_SYY | STABLE},
    {"regr_sxy", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGR_SXY | STABLE},
    {"regr_slope", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGR_SLOPE | STABLE},
    {"regr_intercept", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGR_INTERCEPT | STABLE},
    {"regr_r2", true, 2, 2, AGGREGATE_PLAIN, moments_resolve, REGR_R2 | STABLE},
};
static const struct aggregate_alias aliases[] = {
    {"VAR_POP", true, "varPop"},     {"VAR_SAMP", true, "varSamp"},     {"STDDEV_POP", true, "stddevPop"},
    {"STD", true, "stddevPop"},      {"STDDEV", true, "stddevSamp"},    {"STDDEV_SAMP", true, "stddevSamp"},
    {"COVAR_POP", true, "covarPop"}, {"COVAR_SAMP", true, "covarSamp"},
};
const struct aggregate_group aggregates_moments = GROUP_OF(definitions, aliases);
