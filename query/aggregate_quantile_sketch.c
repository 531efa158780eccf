/*
 * aggregate_quantile_sketch.c: quantileTiming, quantileTimingWeighted, quantileDeterministic.
 *
 * Timing         milliseconds from 0 to 30,000: all values up to 5,670 of them (weighted: 31), then a histogram, exact
 *                below 1,024, in steps of 16 above
 * Deterministic  a sample of at most 8,192 values: those whose determinator's hash has enough low zero bits
 * source         ClickHouse's, value for value
 */
#include "query/quantile.h"

#include <math.h>
#include <stdlib.h>

enum sketch_tag { TIMING, TIMING_WEIGHTED, DETERMINISTIC };

/* --- timing ------------------------------------------------------------------------------------------------------ */

#define TIMING_MAX   30000U
#define TIMING_EXACT 1024U
#define TIMING_STEP  16U
#define TIMING_BARS  (TIMING_EXACT + (TIMING_MAX - TIMING_EXACT) / TIMING_STEP)
#define TINY_MAX     31U
#define MEDIUM_MAX   ((1U + TIMING_BARS) * 8U / 2U / 2U)

struct timing {
    uint16_t *values; /* or */
    uint64_t *bars;   /* TIMING_BARS */
    uint64_t count;   /* all of them, those beyond the last bar too */
    uint32_t capacity;
    uint32_t unused;
};

static void bar_add(struct timing *state, uint64_t value, uint64_t weight)
{
    state->count += weight;
    if (value < TIMING_EXACT) {
        state->bars[value] += weight;
    } else if (value < TIMING_MAX) {
        state->bars[TIMING_EXACT + (value - TIMING_EXACT) / TIMING_STEP] += weight;
    }
}

static struct err *to_bars(struct timing *state, struct arena *arena)
{
    uint64_t count = state->count;
    state->bars = arena_zalloc(arena, TIMING_BARS * sizeof(*state->bars));
    if (state->bars == NULL) {
        return arena_error(arena);
    }
    state->count = 0;
    for (uint64_t i = 0; i < count; i++) {
        bar_add(state, state->values[i], 1);
    }
    return NULL;
}

static struct err *timing_push(struct timing *state, struct arena *arena, uint64_t value)
{
    if (state->count == state->capacity) {
        uint32_t capacity = state->capacity == 0 ? 32 : state->capacity * 2;
        uint16_t *values = ARENA_ARRAY(arena, uint16_t, capacity);
        if (values == NULL) {
            return arena_error(arena);
        }
        if (state->count > 0) {
            memcpy(values, state->values, state->count * sizeof(*values));
        }
        state->values = values;
        state->capacity = capacity;
    }
    state->values[state->count++] = (uint16_t)(value > TIMING_MAX ? TIMING_MAX : value);
    return NULL;
}

static struct err *timing_take(struct timing *state, struct arena *arena, bool weighted, uint64_t value,
                               uint64_t weight)
{
    struct err *err = NULL;
    if (state->bars == NULL &&
        (weighted ? weight >= TINY_MAX || state->count + weight > TINY_MAX : state->count >= MEDIUM_MAX)) {
        OR_DONE(to_bars(state, arena));
    }
    if (state->bars != NULL) {
        bar_add(state, value, weight);
        return NULL;
    }
    for (uint64_t i = 0; i < weight; i++) {
        OR_DONE(timing_push(state, arena, value));
    }
done:
    return err;
}

static struct err *timing_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct quantile *quantile = aggregate->data;
    bool weighted = quantile->tag == TIMING_WEIGHTED;
    bool real = type_is_float(aggregate->argument_types[0]);
    bool is_signed = type_is_signed(aggregate->argument_types[0]);
    const struct column *numbers = column_numbers(scratch, arguments[0], real ? TYPE_FLOAT64 : TYPE_INT64);
    const struct column *weight_column = weighted ? column_numbers(scratch, arguments[1], TYPE_UINT64) : numbers;
    if (numbers == NULL || weight_column == NULL) {
        return arena_error(scratch);
    }
    size_t step = column_step(numbers);
    size_t weight_step = column_step(weight_column);
    const double *reals = numbers->values;
    const int64_t *integers = numbers->values;
    const uint64_t *weights = weight_column->values;
    EACH_ROW(struct timing, {
        uint64_t value;
        if (real) {
            double number = reals[i * step];
            if (!(number >= 0 && number <= 9.2233720368547758e18)) {
                continue;
            }
            value = (uint64_t)number;
        } else {
            if (is_signed && integers[i * step] < 0) {
                continue;
            }
            value = (uint64_t)integers[i * step];
        }
        OR_DONE(timing_take(state, arena, weighted, value, weighted ? weights[i * weight_step] : 1));
    })
done:
    return err;
}

static struct err *timing_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    struct timing *a = into;
    struct timing *b = from;
    bool weighted = ((const struct quantile *)aggregate->data)->tag == TIMING_WEIGHTED;
    if (a->bars == NULL && (b->bars != NULL || a->count + b->count >= (weighted ? TINY_MAX + 1 : MEDIUM_MAX))) {
        OR_DONE(to_bars(a, arena));
    }
    if (b->bars != NULL) {
        for (uint32_t i = 0; i < TIMING_BARS; i++) {
            a->bars[i] += b->bars[i];
        }
        a->count += b->count;
        return NULL;
    }
    for (uint64_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        if (a->bars != NULL) {
            bar_add(a, b->values[i], 1);
        } else {
            OR_DONE(timing_push(a, arena, b->values[i]));
        }
    }
done:
    return err;
}

/* 0, how many values, the values; or 1, how many rows, how many bars are not 0, and these with their numbers. */
static struct err *timing_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const struct timing *timing = state;
    uint32_t used = 0;
    state_put_byte(writer, timing->bars != NULL);
    state_put_count(writer, timing->count);
    if (timing->bars == NULL) {
        state_put(writer, timing->values, timing->count * sizeof(*timing->values));
        return state_writer_error(writer);
    }
    for (uint32_t i = 0; i < TIMING_BARS; i++) {
        used += timing->bars[i] != 0;
    }
    state_put_count(writer, used);
    for (uint32_t i = 0; i < TIMING_BARS; i++) {
        if (timing->bars[i] != 0) {
            state_put_count(writer, i);
            state_put_count(writer, timing->bars[i]);
        }
    }
    return state_writer_error(writer);
}

static struct err *timing_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    bool weighted = ((const struct quantile *)aggregate->data)->tag == TIMING_WEIGHTED;
    struct timing read = {.count = 0};
    uint64_t used;
    uint8_t has_bars;
    OR_DONE(state_take_byte(reader, 1, &has_bars));
    if (has_bars == 0) {
        OR_DONE(state_take_elements(reader, sizeof(*read.values), weighted ? TINY_MAX : MEDIUM_MAX, &read.count));
        read.values = ARENA_ARRAY(scratch, uint16_t, read.count + 1);
        if (read.values == NULL) {
            return arena_error(scratch);
        }
        OR_DONE(state_take(reader, read.values, read.count * sizeof(*read.values)));
    } else {
        read.bars = arena_zalloc(scratch, TIMING_BARS * sizeof(*read.bars));
        if (read.bars == NULL) {
            return arena_error(scratch);
        }
        OR_DONE(state_take_count(reader, &read.count));
        OR_DONE(state_take_elements(reader, 2, TIMING_BARS, &used));
        for (uint64_t i = 0; i < used; i++) {
            uint64_t bar;
            OR_DONE(state_take_count(reader, &bar));
            if (bar >= TIMING_BARS) {
                return state_bad("there is no such bar");
            }
            OR_DONE(state_take_count(reader, &read.bars[bar]));
        }
    }
    OR_DONE(timing_merge(aggregate, arena, into, &read)); /* keeps nothing of it */
done:
    return err;
}

static int compare_short(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static struct err *timing_prepare(const struct quantile *quantile, struct arena *arena, void *from, void **view)
{
    (void)quantile;
    (void)arena;
    struct timing *state = from;
    *view = state->count > 0 ? state : NULL;
    if (*view != NULL && state->bars == NULL) {
        qsort(state->values, state->count, sizeof(*state->values), compare_short);
    }
    return NULL;
}

/* A bar of 16 stands for one of its values, which depends on the bar alone: so results do not look rounded. */
static uint32_t bar_value(uint32_t bar)
{
    if (bar < TIMING_EXACT) {
        return bar;
    }
    uint64_t key = bar - TIMING_EXACT;
    uint32_t value = (uint32_t)key * TIMING_STEP + TIMING_EXACT;
    return value + hash_mix32(key) % TIMING_STEP - TIMING_STEP / 2;
}

static void timing_get(const struct quantile *quantile, void *from, double level, void *cell)
{
    const struct timing *state = from;
    uint32_t value = TIMING_MAX;
    if (state->bars == NULL) {
        uint64_t rank = level < 1 ? (uint64_t)(level * (double)state->count) : state->count - 1;
        value = state->values[rank];
    } else {
        double threshold = ceil((double)state->count * level);
        double reached = 0;
        for (uint32_t bar = 0; bar < TIMING_BARS; bar++) {
            reached += (double)state->bars[bar];
            if (state->bars[bar] != 0 && reached >= threshold) {
                value = bar_value(bar);
                break;
            }
        }
    }
    quantile_put(quantile, value, cell);
}

/* --- deterministic ----------------------------------------------------------------------------------------------- */

#define SAMPLE_MAX 8192U

struct sampled {
    double value;
    uint32_t hash;
};

struct sample {
    struct sampled *values;
    uint32_t count;
    uint32_t capacity;
    uint32_t skip; /* only hashes with that many low zero bits are kept */
    uint32_t unused;
};

static bool sample_keeps(const struct sample *sample, uint32_t hash)
{
    return (hash & (uint32_t)(((uint64_t)1 << sample->skip) - 1)) == 0;
}

static void sample_thin(struct sample *sample, uint32_t skip)
{
    uint32_t kept = 0;
    sample->skip = skip;
    for (uint32_t i = 0; i < sample->count; i++) {
        if (sample_keeps(sample, sample->values[i].hash)) {
            sample->values[kept++] = sample->values[i];
        }
    }
    sample->count = kept;
}

static struct err *sample_take(struct sample *sample, struct arena *arena, struct sampled one)
{
    if (!sample_keeps(sample, one.hash)) {
        return NULL;
    }
    while (sample->count >= SAMPLE_MAX) {
        if (sample->skip == 32) {
            return err_new(ERR_MEMORY_LIMIT, "quantileDeterministic: too many values of equal determinators");
        }
        sample_thin(sample, sample->skip + 1);
        if (!sample_keeps(sample, one.hash)) {
            return NULL;
        }
    }
    if (sample->count == sample->capacity) {
        uint32_t capacity = sample->capacity == 0 ? 16 : sample->capacity * 2;
        struct sampled *values = ARENA_ARRAY(arena, struct sampled, capacity);
        if (values == NULL) {
            return arena_error(arena);
        }
        if (sample->count > 0) {
            memcpy(values, sample->values, sample->count * sizeof(*values));
        }
        sample->values = values;
        sample->capacity = capacity;
    }
    sample->values[sample->count++] = one;
    return NULL;
}

static struct err *sample_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    const struct column *numbers = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *determinators = column_numbers(scratch, arguments[1], TYPE_UINT64);
    if (numbers == NULL || determinators == NULL) {
        return arena_error(scratch);
    }
    const double *values = numbers->values;
    const uint64_t *words = determinators->values;
    size_t step = column_step(numbers);
    size_t word_step = column_step(determinators);
    EACH_ROW(struct sample, {
        struct sampled one = {values[i * step], (uint32_t)hash_mix64(words[i * word_step])};
        if (!isnan(one.value)) {
            OR_DONE(sample_take(state, arena, one));
        }
    })
done:
    return err;
}

static struct err *sample_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    struct err *err = NULL;
    struct sample *a = into;
    const struct sample *b = from;
    if (a->skip < b->skip) {
        sample_thin(a, b->skip);
    }
    for (uint32_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        OR_DONE(sample_take(a, arena, b->values[i]));
    }
done:
    return err;
}

/* How many low bits of hashes are zero, how many values, the values with their hashes. */
static struct err *sample_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const struct sample *sample = state;
    state_put_count(writer, sample->skip);
    state_put_count(writer, sample->count);
    for (uint32_t i = 0; i < sample->count; i++) {
        state_put(writer, &sample->values[i].value, sizeof(sample->values[i].value));
        state_put(writer, &sample->values[i].hash, sizeof(sample->values[i].hash));
    }
    return state_writer_error(writer);
}

static struct err *sample_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate, (void)scratch;
    struct sample *sample = into;
    uint8_t skip;
    uint64_t count;
    OR_DONE(state_take_byte(reader, 32, &skip));
    OR_DONE(state_take_elements(reader, 12, SAMPLE_MAX, &count));
    if (sample->skip < skip) {
        sample_thin(sample, skip);
    }
    for (uint64_t i = 0; i < count; i++) {
        struct sampled one;
        OR_DONE(state_take(reader, &one.value, sizeof(one.value)));
        OR_DONE(state_take(reader, &one.hash, sizeof(one.hash)));
        if (isnan(one.value)) {
            return state_bad("a value is not a number");
        }
        OR_DONE(sample_take(sample, arena, one));
    }
done:
    return err;
}

static int compare_sampled(const void *a, const void *b)
{
    double x = ((const struct sampled *)a)->value;
    double y = ((const struct sampled *)b)->value;
    return (x > y) - (x < y);
}

static struct err *sample_prepare(const struct quantile *quantile, struct arena *arena, void *from, void **view)
{
    (void)quantile;
    (void)arena;
    struct sample *sample = from;
    if (sample->count > 0) {
        *view = sample;
        qsort(sample->values, sample->count, sizeof(*sample->values), compare_sampled);
    }
    return NULL;
}

static void sample_get(const struct quantile *quantile, void *from, double level, void *cell)
{
    const struct sample *sample = from;
    double index = level * (sample->count - 1.0);
    uint32_t left = (uint32_t)index;
    double value = sample->values[left].value;
    if (left + 1 < sample->count) {
        value = value * ((left + 1.0) - index) + sample->values[left + 1].value * (index - left);
    }
    quantile_put(quantile, value, cell);
}

static struct err *sketch_resolve(const struct aggregate_bind *given, struct aggregate *out)
{
    struct aggregate_bind one = *given;
    const struct aggregate_bind *bind = &one;
    one.tag &= ~QUANTILE_MANY;
    struct err *err = NULL;
    struct quantile *quantile = NULL;
    bool timing = bind->tag != DETERMINISTIC;
    OR_DONE(quantile_argument(bind, false));
    OR_DONE(quantile_bind(given, 0, &quantile));
    quantile->value = timing                         ? type_simple(TYPE_FLOAT32)
                      : type_is_time(bind->types[0]) ? bind->types[0]
                                                     : type_simple(TYPE_FLOAT64);
    quantile->prepare = timing ? timing_prepare : sample_prepare;
    quantile->get = timing ? timing_get : sample_get;
    out->type = quantile_type(bind->arena, quantile);
    out->data = quantile;
    out->state_bytes = timing ? STATE_BYTES(struct timing) : STATE_BYTES(struct sample);
    out->add = timing ? timing_add : sample_add;
    out->merge = timing ? timing_merge : sample_merge;
    out->finish = quantile_finish;
    out->write_state = timing ? timing_write : sample_write;
    out->read_state = timing ? timing_read : sample_read;
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static const struct aggregate_definition definitions[] = {
    {"quantileTiming", false, 1, 1, AGGREGATE_PARAMETERS, sketch_resolve, TIMING},
    {"quantileTimingWeighted", false, 2, 2, AGGREGATE_PARAMETERS, sketch_resolve, TIMING_WEIGHTED},
    {"quantileDeterministic", false, 2, 2, AGGREGATE_PARAMETERS, sketch_resolve, DETERMINISTIC},
    {"quantilesTiming", false, 1, 1, AGGREGATE_PARAMETERS, sketch_resolve, TIMING | QUANTILE_MANY},
    {"quantilesTimingWeighted", false, 2, 2, AGGREGATE_PARAMETERS, sketch_resolve, TIMING_WEIGHTED | QUANTILE_MANY},
    {"quantilesDeterministic", false, 2, 2, AGGREGATE_PARAMETERS, sketch_resolve, DETERMINISTIC | QUANTILE_MANY},
};
static const struct aggregate_alias aliases[] = {
    {"medianTiming", false, "quantileTiming"},
    {"medianTimingWeighted", false, "quantileTimingWeighted"},
    {"medianDeterministic", false, "quantileDeterministic"},
};
const struct aggregate_group aggregates_quantile_sketch = GROUP_OF(definitions, aliases);
