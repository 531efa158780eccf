/*
 * aggregate_tests.c: do samples differ? studentTTest, welchTTest, studentTTestOneSample, meanZTest, analysisOfVariance,
 * kolmogorovSmirnovTest.
 *
 * samples  the first argument's values, in the sample that the second one names
 * moments  number, sum and sum of squares of each sample; Kolmogorov's and Smirnov's test keeps the values
 * source   ClickHouse's definitions; Welch, "The generalization of Student's problem", 1947; Fisher, "Statistical
 *          methods for research workers", 1925
 */
#include "query/aggregates.h"
#include "query/distribution.h"

#include <float.h>
#include <math.h>

enum test { TEST_STUDENT, TEST_WELCH, TEST_ONE_SAMPLE, TEST_NORMAL };

struct moments {
    double n[2], sum[2], square[2]; /* of one sample: n[1] is not 0 when sum[1] has what its mean should be */
};

struct test_rule {
    enum test test;
    bool bounds;        /* the interval is asked for */
    double level;       /* of confidence */
    double variance[2]; /* meanZTest: known */
    enum side side;     /* kolmogorovSmirnovTest */
    enum { METHOD_AUTO, METHOD_EXACT, METHOD_LIMIT } method;
};

/* --- means ------------------------------------------------------------------------------------------------------- */

static struct err *moments_add(ADD_ARGUMENTS)
{
    (void)arena;
    const struct test_rule *rule = aggregate->data;
    const struct column *values = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *samples = column_numbers(scratch, arguments[1], TYPE_FLOAT64);
    if (values == NULL || samples == NULL) {
        return arena_error(scratch);
    }
    EACH_ROW(struct moments, {
        double value = VALUE_AT(values, double, i), sample = VALUE_AT(samples, double, i);
        uint32_t s = rule->test != TEST_ONE_SAMPLE && !(sample > -1 && sample < 1);
        state->n[s]++;
        state->sum[s] += value;
        state->square[s] += value * value;
        if (rule->test == TEST_ONE_SAMPLE && state->n[1] == 0) {
            state->n[1] = 1;
            state->sum[1] = sample;
        }
    })
    return NULL;
}

static struct err *moments_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    const struct test_rule *rule = aggregate->data;
    struct moments *a = into;
    const struct moments *b = from;
    if (rule->test == TEST_ONE_SAMPLE && a->n[1] == 0) {
        a->n[1] = b->n[1];
        a->sum[1] = b->sum[1];
    }
    for (uint32_t s = 0; s < (rule->test == TEST_ONE_SAMPLE ? 1 : 2); s++) {
        a->n[s] += b->n[s];
        a->sum[s] += b->sum[s];
        a->square[s] += b->square[s];
    }
    return NULL;
}

static struct err *moments_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    struct moments read;
    (void)scratch;
    OR_DONE(state_take(reader, &read, sizeof(read)));
    OR_DONE(moments_merge(aggregate, arena, into, &read));
done:
    return err;
}

/* The sum of squares around the mean. */
static double spread_of(const struct moments *moments, uint32_t s)
{
    double mean = moments->sum[s] / moments->n[s];
    return moments->square[s] + moments->n[s] * mean * mean - 2 * mean * moments->sum[s];
}

struct test_result {
    double statistic, p, low, high;
};

/* Both means, how far they may be apart by chance, and the degrees of freedom. */
static bool compare_means(const struct test_rule *rule, const struct moments *moments, double *difference,
                          double *error, double *freedom)
{
    double n = moments->n[0], m = moments->n[1];
    double mean = moments->sum[0] / n;
    if (rule->test == TEST_ONE_SAMPLE) {
        *difference = mean - moments->sum[1];
        *error = sqrt(spread_of(moments, 0) / (n - 1) / n);
        *freedom = n - 1;
        return n > 1 && *error > 0 && *error >= 10 * DBL_EPSILON * fabs(mean);
    }
    double other = moments->sum[1] / m;
    double x = spread_of(moments, 0), y = spread_of(moments, 1);
    *difference = mean - other;
    if (rule->test == TEST_STUDENT) {
        *freedom = n + m - 2;
        *error = sqrt((x + y) / *freedom * (1 / n + 1 / m));
    } else {
        double part = x / (n - 1) / n, rest = y / (m - 1) / m;
        *error = sqrt(part + rest);
        *freedom = (part + rest) * (part + rest) / (part * part / (n - 1) + rest * rest / (m - 1));
    }
    bool enough = rule->test == TEST_STUDENT ? n > 0 && m > 0 && n + m > 2 : n > 1 && m > 1;
    double greater = fabs(mean) > fabs(other) ? fabs(mean) : fabs(other);
    return enough && *error > 0 && *error >= 10 * DBL_EPSILON * greater;
}

static struct test_result test_means(const struct test_rule *rule, const struct moments *moments)
{
    static const double none = (double)NAN;
    struct test_result result = {none, none, none, none};
    double difference, error, freedom;
    if (rule->test == TEST_NORMAL) {
        double n = moments->n[0], m = moments->n[1];
        difference = moments->sum[0] / n - moments->sum[1] / m;
        error = sqrt(rule->variance[0] / n + rule->variance[1] / m);
        double z = difference / error, away = normal_quantile(1 - (1 - rule->level) / 2) * error;
        return (struct test_result){z, isnan(z) ? 0 : 2 * normal_below(-fabs(z)), difference - away, difference + away};
    }
    if (!compare_means(rule, moments, &difference, &error, &freedom)) {
        return result;
    }
    result.statistic = difference / error;
    result.p = student_outside(result.statistic, freedom);
    if (rule->bounds) {
        if (rule->test == TEST_STUDENT) { /* of the interval that of samples that vary each on its own */
            error = sqrt(spread_of(moments, 0) / (moments->n[0] - 1) / moments->n[0] +
                         spread_of(moments, 1) / (moments->n[1] - 1) / moments->n[1]);
        }
        double away = student_above((1 - rule->level) / 2, freedom) * error;
        double middle = rule->test == TEST_ONE_SAMPLE ? moments->sum[0] / moments->n[0] : difference;
        result.low = middle - away;
        result.high = middle + away;
    }
    return result;
}

/* Room for a result of tuples of doubles. */
static struct err *fields_new(struct arena *arena, uint32_t count, struct column *out)
{
    for (uint32_t f = 0; f < out->type->child_count; f++) {
        out->children[f] = column_new(arena, out->type->children[f], count);
        if (out->children[f] == NULL) {
            return arena_error(arena);
        }
    }
    return NULL;
}

static struct err *means_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    OR_DONE(fields_new(arena, count, out));
    for (uint32_t g = 0; g < count; g++) {
        struct test_result result = test_means(aggregate->data, (const void *)(states + (size_t)g * stride));
        const double fields[4] = {result.statistic, result.p, result.low, result.high};
        OR_DONE(interrupt_at(g));
        for (uint32_t f = 0; f < out->type->child_count; f++) {
            ((double *)out->children[f]->values)[g] = fields[f];
        }
    }
done:
    return err;
}

static struct err *check_numbers(const struct aggregate_bind *bind)
{
    for (uint32_t i = 0; i < bind->count; i++) {
        if (!type_is_number(bind->types[i]) || bind->types[i]->width > 16) {
            return err_new(ERR_BAD_ARGUMENTS, "Aggregate function %s only supports numerical types", bind->name);
        }
    }
    return NULL;
}

static struct err *float_parameter(const struct aggregate_bind *bind, uint32_t index, double *out)
{
    if (!type_is_float(bind->parameters[index]->type)) {
        return err_new(ERR_BAD_GET, "parameter %u of aggregate function %s must be a Float64", index + 1, bind->name);
    }
    return aggregate_parameter(bind, index, out);
}

static struct err *result_type(const struct aggregate_bind *bind, const char *statistic, bool bounds,
                               struct aggregate *out)
{
    const struct slice names[4] = {slice_text(statistic), slice_text("p_value"), slice_text("confidence_interval_low"),
                                   slice_text("confidence_interval_high")};
    const struct type *number = type_simple(TYPE_FLOAT64);
    const struct type *fields[4] = {number, number, number, number};
    out->type = type_tuple(bind->arena, fields, names, bounds ? 4 : 2);
    return out->type == NULL ? arena_error(bind->arena) : NULL;
}

static struct err *means_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    struct test_rule *rule = arena_zalloc(bind->arena, sizeof(*rule));
    if (rule == NULL) {
        return arena_error(bind->arena);
    }
    rule->test = (enum test)bind->tag;
    bool normal = rule->test == TEST_NORMAL;
    if (normal ? bind->parameter_count != 3 : bind->parameter_count > 1) {
        return err_new(ERR_ARGUMENT_COUNT, "Aggregate function %s takes %s", bind->name,
                       normal ? "three parameters" : "one parameter at most");
    }
    rule->bounds = bind->parameter_count > 0;
    if (rule->bounds) {
        OR_DONE(float_parameter(bind, bind->parameter_count - 1, &rule->level));
        if (!(rule->level > 0 && rule->level < 1)) {
            return err_new(ERR_BAD_ARGUMENTS, "the confidence level of aggregate function %s must be between 0 and 1",
                           bind->name);
        }
    }
    for (uint32_t p = 0; normal && p < 2; p++) {
        OR_DONE(float_parameter(bind, p, &rule->variance[p]));
        if (!(rule->variance[p] >= 0) || isinf(rule->variance[p])) {
            return err_new(ERR_BAD_ARGUMENTS, "the variances of aggregate function %s must not be below 0", bind->name);
        }
    }
    if (bind->count != 2) {
        return err_new(rule->test == TEST_ONE_SAMPLE ? ERR_BAD_ARGUMENTS : ERR_ARGUMENT_COUNT,
                       "Aggregate function %s requires two arguments", bind->name);
    }
    OR_DONE(check_numbers(bind));
    OR_DONE(result_type(bind, normal ? "z_statistic" : "t_statistic", rule->bounds, out));
    out->data = rule;
    out->state_bytes = STATE_BYTES(struct moments);
    out->add = moments_add;
    out->merge = moments_merge;
    out->finish = means_finish;
    aggregate_raw(out, sizeof(struct moments));
    out->read_state = moments_read;
done:
    return err;
}

/* --- analysisOfVariance ------------------------------------------------------------------------------------------ */

#define SAMPLES_MAX (1024U * 1024U)

struct sample {
    double n, sum, square;
};

struct samples {
    struct sample *items;
    uint32_t count, capacity;
};

static struct err *samples_room(struct samples *state, struct arena *arena, uint64_t count)
{
    if (count > SAMPLES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "Too many groups for analysis of variance (should be no more than %u)",
                       SAMPLES_MAX);
    }
    if (count > state->capacity) {
        uint32_t capacity = state->capacity * 2 > count ? state->capacity * 2 : (uint32_t)count;
        struct sample *items = arena_zalloc(arena, capacity * sizeof(*items));
        if (items == NULL) {
            return arena_error(arena);
        }
        if (state->count > 0) {
            memcpy(items, state->items, state->count * sizeof(*items));
        }
        state->items = items;
        state->capacity = capacity;
    }
    state->count = count > state->count ? (uint32_t)count : state->count;
    return NULL;
}

static struct err *variance_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    const struct column *values = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *samples = column_numbers(scratch, arguments[1], TYPE_UINT64);
    if (values == NULL || samples == NULL) {
        return arena_error(scratch);
    }
    EACH_ROW(struct samples, {
        double value = VALUE_AT(values, double, i);
        uint64_t s = VALUE_AT(samples, uint64_t, i);
        OR_DONE(samples_room(state, arena, s < SAMPLES_MAX ? s + 1 : UINT64_MAX));
        state->items[s].n++;
        state->items[s].sum += value;
        state->items[s].square += value * value;
    })
done:
    return err;
}

static struct err *variance_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    struct samples *a = into;
    const struct samples *b = from;
    OR_DONE(samples_room(a, arena, b->count));
    for (uint32_t s = 0; s < b->count; s++) {
        a->items[s].n += b->items[s].n;
        a->items[s].sum += b->items[s].sum;
        a->items[s].square += b->items[s].square;
    }
done:
    return err;
}

static struct err *variance_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const struct samples *samples = state;
    state_put_count(writer, samples->count);
    if (samples->count > 0) {
        state_put(writer, samples->items, samples->count * sizeof(*samples->items));
    }
    return state_writer_error(writer);
}

static struct err *variance_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    struct samples read = {NULL, 0, 0};
    uint64_t count;
    OR_DONE(state_take_elements(reader, sizeof(struct sample), SAMPLES_MAX, &count));
    OR_DONE(samples_room(&read, scratch, count));
    for (uint64_t s = 0; s < count; s++) {
        OR_DONE(state_take(reader, &read.items[s], sizeof(*read.items)));
    }
    OR_DONE(variance_merge(aggregate, arena, into, &read));
done:
    return err;
}

static struct err *variance_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    OR_DONE(fields_new(arena, count, out));
    for (uint32_t g = 0; g < count; g++) {
        const struct samples *state = (const void *)(states + (size_t)g * stride);
        double n = 0, sum = 0, between = 0, within = 0, k = state->count;
        bool lacks = state->count < 2;
        for (uint32_t s = 0; s < state->count; s++) {
            lacks |= state->items[s].n == 0;
            n += state->items[s].n;
            sum += state->items[s].sum;
        }
        if (lacks || n <= k) {
            err = err_new(ERR_BAD_ARGUMENTS,
                          "Aggregate function %s needs two groups at least, with a value each and "
                          "more values than groups",
                          aggregate->name);
            goto done;
        }
        for (uint32_t s = 0; s < state->count; s++) {
            const struct sample *sample = &state->items[s];
            double mean = sample->sum / sample->n, away = mean - sum / n;
            OR_DONE(interrupt_at(s));
            between += away * away * sample->n;
            within += sample->square + sample->n * mean * mean - 2 * mean * sample->sum;
        }
        double f = between * (n - k) / (within * (k - 1));
        bool none = isnan(f) || isinf(f) || f < 0;
        ((double *)out->children[0]->values)[g] = none ? (double)NAN : f;
        ((double *)out->children[1]->values)[g] = none ? (double)NAN : 1 - fisher_below(f, k - 1, n - k);
    }
done:
    return err;
}

static struct err *variance_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    const struct type *type = bind->types[1];
    OR_DONE(check_numbers(bind));
    if (!type_is_integer(type) || type_is_signed(type) || type->width > 8) {
        return err_new(ERR_BAD_ARGUMENTS, "Aggregate function %s only supports UInt groups", bind->name);
    }
    OR_DONE(result_type(bind, "f_statistic", false, out));
    out->state_bytes = STATE_BYTES(struct samples);
    out->add = variance_add;
    out->merge = variance_merge;
    out->write_state = variance_write;
    out->read_state = variance_read;
    out->finish = variance_finish;
done:
    return err;
}

/* --- kolmogorovSmirnovTest --------------------------------------------------------------------------------------- */

struct values {
    double *items;
    uint64_t count, capacity;
};

struct two_samples {
    struct values samples[2];
};

static struct err *values_room(struct values *values, struct arena *arena, uint64_t more)
{
    if (values->capacity - values->count >= more) {
        return NULL;
    }
    uint64_t capacity = values->capacity == 0 ? 8 : values->capacity * 2;
    capacity = capacity < values->count + more ? values->count + more : capacity;
    double *items = ARENA_ARRAY(arena, double, capacity);
    if (items == NULL) {
        return arena_error(arena);
    }
    if (values->count > 0) {
        memcpy(items, values->items, values->count * sizeof(*items));
    }
    values->items = items;
    values->capacity = capacity;
    return NULL;
}

static struct err *smirnov_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    const struct column *values = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *samples = column_numbers(scratch, arguments[1], TYPE_FLOAT64);
    if (values == NULL || samples == NULL) {
        return arena_error(scratch);
    }
    EACH_ROW(struct two_samples, {
        double value = VALUE_AT(values, double, i), sample = VALUE_AT(samples, double, i);
        if (!isnan(value)) {
            struct values *to = &state->samples[!(sample > -1 && sample < 1)];
            OR_DONE(values_room(to, arena, 1));
            to->items[to->count++] = value;
        }
    })
done:
    return err;
}

static struct err *smirnov_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    for (uint32_t s = 0; s < 2; s++) {
        struct values *a = &((struct two_samples *)into)->samples[s];
        const struct values *b = &((const struct two_samples *)from)->samples[s];
        OR_DONE(values_room(a, arena, b->count));
        if (b->count > 0) {
            memcpy(a->items + a->count, b->items, b->count * sizeof(*b->items));
            a->count += b->count;
        }
    }
done:
    return err;
}

static struct err *smirnov_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    for (uint32_t s = 0; s < 2; s++) {
        const struct values *values = &((const struct two_samples *)state)->samples[s];
        state_put_count(writer, values->count);
        if (values->count > 0) {
            state_put(writer, values->items, values->count * sizeof(*values->items));
        }
    }
    return state_writer_error(writer);
}

static struct err *smirnov_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate, (void)scratch;
    for (uint32_t s = 0; s < 2; s++) {
        struct values *values = &((struct two_samples *)into)->samples[s];
        uint64_t count;
        OR_DONE(state_take_elements(reader, sizeof(double), UINT64_MAX, &count));
        OR_DONE(values_room(values, arena, count));
        for (uint64_t i = 0; i < count; i++) {
            double value;
            OR_DONE(state_take(reader, &value, sizeof(value)));
            if (isnan(value)) {
                return state_bad("a value is no number");
            }
            values->items[values->count++] = value;
        }
    }
done:
    return err;
}

static int by_number(const void *a, const void *b, void *user)
{
    (void)user;
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How far the samples' distributions are apart. */
static struct err *distance_of(enum side side, const struct values *x, const struct values *y, double *out)
{
    struct err *err = NULL;
    double most = DBL_MIN, least = DBL_MAX, now = 0;
    double x_step = 1.0 / (double)x->count, y_step = 1.0 / (double)y->count;
    uint64_t i = 0, j = 0;
    while (i < x->count && j < y->count) {
        OR_DONE(interrupt_at(i + j));
        if (fabs(x->items[i] - y->items[j]) >= 1e-12) {
            if (x->items[i] < y->items[j]) {
                now += x_step;
                i++;
            } else {
                now -= y_step;
                j++;
            }
        } else {
            double tie = x->items[i];
            for (; i < x->count && fabs(x->items[i] - tie) < 1e-12; i++) {
                now += x_step;
            }
            for (; j < y->count && fabs(y->items[j] - tie) < 1e-12; j++) {
                now -= y_step;
            }
        }
        most = now > most ? now : most;
        least = now < least ? now : least;
    }
    now += x_step * (double)(x->count - i) - y_step * (double)(y->count - j);
    least = now < least ? now : least;
    most = now > most ? now : most;
    *out = side == SIDE_BOTH   ? (fabs(most) > fabs(least) ? fabs(most) : fabs(least))
           : side == SIDE_LESS ? -least
                               : most;
done:
    return err;
}

static uint64_t divisor_of(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct err *smirnov_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct test_rule *rule = aggregate->data;
    OR_DONE(fields_new(arena, count, out));
    for (uint32_t g = 0; g < count; g++) {
        struct two_samples *state = (void *)(states + (size_t)g * stride);
        struct values *x = &state->samples[0], *y = &state->samples[1];
        double distance, p;
        if (x->count == 0 || y->count == 0) {
            err = err_new(ERR_BAD_ARGUMENTS, "Aggregate function %s require both samples to be non empty",
                          aggregate->name);
            goto done;
        }
        OR_DONE(order_elements(arena, x->items, x->count, sizeof(double), by_number, NULL));
        OR_DONE(order_elements(arena, y->items, y->count, sizeof(double), by_number, NULL));
        OR_DONE(distance_of(rule->side, x, y, &distance));
        uint64_t divisor = divisor_of(x->count, y->count), larger = x->count > y->count ? x->count : y->count;
        bool exact = rule->method == METHOD_AUTO
                         ? larger <= 10000
                         : rule->method == METHOD_EXACT && x->count / divisor < INT32_MAX / (y->count / divisor);
        if (exact) {
            OR_DONE(smirnov_exact(arena, rule->side, distance, x->count, y->count, &p));
        } else {
            p = smirnov_limit(rule->side, distance, x->count, y->count);
        }
        ((double *)out->children[0]->values)[g] = distance;
        ((double *)out->children[1]->values)[g] = p;
    }
done:
    return err;
}

static struct err *word_parameter(const struct aggregate_bind *bind, uint32_t index, const char *const *words,
                                  uint32_t *out)
{
    const struct column *parameter = bind->parameters[index];
    for (*out = 0; *out < 3 && type_is_string(parameter->type) && !column_is_null(parameter, 0); ++*out) {
        if (slice_equal(*(const struct slice *)parameter->values, slice_text(words[*out]))) {
            return NULL;
        }
    }
    return err_new(ERR_BAD_ARGUMENTS, "parameter %u of aggregate function %s must be one of: '%s', '%s', '%s'",
                   index + 1, bind->name, words[0], words[1], words[2]);
}

static struct err *smirnov_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    static const char *const sides[] = {"two-sided", "less", "greater"};
    static const char *const methods[] = {"auto", "exact", "asymp"};
    struct err *err = NULL;
    struct test_rule *rule = arena_zalloc(bind->arena, sizeof(*rule));
    uint32_t word;
    if (rule == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->parameter_count > 2) {
        return err_new(ERR_ARGUMENT_COUNT, "Aggregate function %s require two parameter or less", bind->name);
    }
    if (bind->parameter_count > 0) {
        OR_DONE(word_parameter(bind, 0, sides, &word));
        rule->side = (enum side)word;
    }
    if (bind->parameter_count > 1) {
        OR_DONE(word_parameter(bind, 1, methods, &word));
        rule->method = word == 0 ? METHOD_AUTO : word == 1 ? METHOD_EXACT : METHOD_LIMIT;
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (!type_is_number(bind->types[i]) || bind->types[i]->width > 16) {
            return err_new(ERR_NOT_IMPLEMENTED, "Aggregate function %s only supports numerical types", bind->name);
        }
    }
    OR_DONE(result_type(bind, "d_statistic", false, out));
    out->data = rule;
    out->state_bytes = STATE_BYTES(struct two_samples);
    out->add = smirnov_add;
    out->merge = smirnov_merge;
    out->write_state = smirnov_write;
    out->read_state = smirnov_read;
    out->finish = smirnov_finish;
done:
    return err;
}

static const struct aggregate_definition definitions[] = {
    {"studentTTest", false, 2, 2, AGGREGATE_PARAMETERS, means_resolve, TEST_STUDENT},
    {"welchTTest", false, 2, 2, AGGREGATE_PARAMETERS, means_resolve, TEST_WELCH},
    {"studentTTestOneSample", false, 1, 2, AGGREGATE_PARAMETERS, means_resolve, TEST_ONE_SAMPLE},
    {"meanZTest", false, 2, 2, AGGREGATE_PARAMETERS, means_resolve, TEST_NORMAL},
    {"analysisOfVariance", false, 2, 2, 0, variance_resolve, 0},
    {"kolmogorovSmirnovTest", false, 2, 2, AGGREGATE_PARAMETERS, smirnov_resolve, 0},
};
static const struct aggregate_alias aliases[] = {{"anova", false, "analysisOfVariance"}};
const struct aggregate_group aggregates_tests = GROUP_OF(definitions, aliases);
