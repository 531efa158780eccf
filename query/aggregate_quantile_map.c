/*
 * aggregate_quantile_map.c: quantiles of distinct values with weights: quantileExactWeighted and its interpolating
 * kin, quantileBFloat16, quantileDD.
 *
 * state    a table from 64-bit words to weights, open addressing, doubling in the states' arena; the unsigned order of
 *          words is the order of values
 * BFloat16 values are rounded to the upper 16 bits of a Float32: relative error 1/256
 * DD       values fall into buckets whose bounds grow by γ = (1 + accuracy) / (1 - accuracy)
 * finish   entries are sorted beside the table
 * source   Masson, Rim, Lee, "DDSketch", 2019; ClickHouse's ranks and interpolation
 */
#include "query/quantile.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum map_tag { EXACT_WEIGHTED, EXACT_INTERPOLATED, INTERPOLATED, BFLOAT16, BFLOAT16_WEIGHTED, DD };

struct entry {
    uint64_t word;
    uint64_t weight;
};

struct map_state {
    struct entry *slots;
    uint8_t *used;
    uint32_t count;
    uint32_t slot_count;
    uint64_t unused;
};

#define SIGN_BIT ((uint64_t)1 << 63)

static uint32_t map_slot(const struct entry *slots, const uint8_t *used, uint32_t slot_count, uint64_t word)
{
    uint32_t slot = (uint32_t)hash_mix64(word) & (slot_count - 1);
    while (used[slot] != 0 && slots[slot].word != word) {
        slot = (slot + 1) & (slot_count - 1);
    }
    return slot;
}

static struct err *map_insert(struct map_state *state, struct arena *arena, uint64_t word, uint64_t weight)
{
    struct err *err = NULL;
    if (state->count * 2 >= state->slot_count) {
        if (state->slot_count > UINT32_MAX / 2) {
            return err_new(ERR_MEMORY_LIMIT, "more than 2^31 distinct values in one quantile");
        }
        uint32_t slot_count = state->slot_count == 0 ? 16 : state->slot_count * 2;
        struct entry *slots = ARENA_ARRAY(arena, struct entry, slot_count);
        uint8_t *used = arena_zalloc(arena, slot_count);
        if (slots == NULL || used == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < state->slot_count; i++) {
            OR_DONE(interrupt_at(i));
            if (state->used[i] != 0) {
                uint32_t slot = map_slot(slots, used, slot_count, state->slots[i].word);
                slots[slot] = state->slots[i];
                used[slot] = 1;
            }
        }
        state->slots = slots;
        state->used = used;
        state->slot_count = slot_count;
    }
    uint32_t slot = map_slot(state->slots, state->used, state->slot_count, word);
    if (state->used[slot] == 0) {
        state->used[slot] = 1;
        state->slots[slot] = (struct entry){word, 0};
        state->count++;
    }
    state->slots[slot].weight += weight;
done:
    return err;
}

/* --- words ------------------------------------------------------------------------------------------------------- */

static double dd_gamma(const struct quantile *quantile)
{
    return (1 + quantile->accuracy) / (1 - quantile->accuracy);
}

/* Bucket k of positive values as 2^63 + 2^40 + k, of negative ones mirrored, zero in the middle. */
#define DD_MIDDLE ((int64_t)1 << 40)

static struct err *dd_word(const struct quantile *quantile, double value, uint64_t *out)
{
    double gamma = dd_gamma(quantile);
    double size = fabs(value);
    if (size <= DBL_MIN * gamma) {
        *out = SIGN_BIT;
        return NULL;
    }
    double key = log(size) * (1 / log(gamma));
    if (size > DBL_MAX / gamma || fabs(key) > (double)INT32_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "the value %g is out of the range of quantileDD(%g)", value,
                       quantile->accuracy);
    }
    int64_t word = DD_MIDDLE + (int64_t)key;
    *out = SIGN_BIT + (uint64_t)(value < 0 ? -word : word);
    return NULL;
}

static double dd_value(const struct quantile *quantile, uint64_t word)
{
    int64_t key = (int64_t)(word - SIGN_BIT);
    if (key == 0) {
        return 0;
    }
    double multiplier = 1 / log(dd_gamma(quantile));
    double bound = exp((double)((key < 0 ? -key : key) - DD_MIDDLE) / multiplier) * (1 + quantile->accuracy);
    return key < 0 ? -bound : bound;
}

static uint64_t bfloat_word(double value)
{
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof(bits));
    bits &= 0xffff0000U;
    memcpy(&single, &bits, sizeof(single));
    return ordered_bits(TYPE_FLOAT32, &single);
}

static double word_number(const struct quantile *quantile, uint64_t word)
{
    union {
        double real;
        float single;
        uint64_t bits;
    } value = {.bits = 0};
    switch (quantile->tag) {
    case DD:
        return dd_value(quantile, word);
    case BFLOAT16:
    case BFLOAT16_WEIGHTED:
        ordered_value(TYPE_FLOAT32, word, &value);
        return (double)value.single;
    default:
        break;
    }
    if (quantile->kind == TYPE_FLOAT32) {
        ordered_value(TYPE_FLOAT32, word, &value);
        return (double)value.single;
    }
    if (quantile->kind == TYPE_FLOAT64) {
        ordered_value(TYPE_FLOAT64, word, &value);
        return value.real;
    }
    bool is_signed = quantile->kind >= TYPE_INT8 && quantile->kind <= TYPE_INT64;
    return is_signed ? (double)(int64_t)(word ^ SIGN_BIT) : (double)word;
}

static struct err *map_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct quantile *quantile = aggregate->data;
    bool real = quantile->tag >= BFLOAT16;
    enum type_kind kind = real ? TYPE_FLOAT64 : quantile->kind;
    const struct column *numbers = column_numbers(scratch, arguments[0], kind);
    const struct column *weights =
        aggregate->argument_count == 2 ? column_numbers(scratch, arguments[1], TYPE_UINT64) : NULL;
    if (numbers == NULL || (weights == NULL && aggregate->argument_count == 2)) {
        return arena_error(scratch);
    }
    const char *cells = numbers->values;
    size_t step = column_step(numbers) * numbers->type->width;
    const uint64_t one = 1;
    const uint64_t *weight = weights == NULL ? &one : weights->values;
    size_t weight_step = weights == NULL ? 0 : column_step(weights);
    bool may_be_nan = type_is_float(numbers->type);
    EACH_ROW(struct map_state, {
        const void *cell = cells + i * step;
        uint64_t word = 0;
        if (may_be_nan && ordered_bits(kind, cell) == UINT64_MAX) {
            continue;
        }
        if (quantile->tag == DD) {
            OR_DONE(dd_word(quantile, *(const double *)cell, &word));
        } else {
            word = real ? bfloat_word(*(const double *)cell) : ordered_bits(kind, cell);
        }
        OR_DONE(map_insert(state, arena, word, weight[i * weight_step]));
    })
done:
    return err;
}

static struct err *map_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    struct err *err = NULL;
    struct map_state *a = into;
    struct map_state *b = from;
    if (a->count < b->count) {
        struct map_state swap = *a;
        *a = *b;
        *b = swap;
    }
    for (uint32_t i = 0; i < b->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (b->used[i] != 0) {
            OR_DONE(map_insert(a, arena, b->slots[i].word, b->slots[i].weight));
        }
    }
done:
    return err;
}

/* The distinct values, as their words, with their weights. */
static struct err *map_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const struct map_state *map = state;
    state_put_count(writer, map->count);
    for (uint32_t i = 0; i < map->slot_count; i++) {
        if (map->used[i] != 0) {
            state_put(writer, &map->slots[i].word, sizeof(map->slots[i].word));
            state_put_count(writer, map->slots[i].weight);
        }
    }
    return state_writer_error(writer);
}

static struct err *map_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct quantile *quantile = aggregate->data;
    bool real = quantile->kind == TYPE_FLOAT32 || quantile->kind == TYPE_FLOAT64 || quantile->tag >= BFLOAT16;
    uint64_t bound = (uint64_t)DD_MIDDLE + INT32_MAX + 1;
    uint64_t count;
    OR_DONE(state_take_elements(reader, 9, UINT32_MAX / 2, &count));
    for (uint64_t i = 0; i < count; i++) {
        uint64_t word;
        uint64_t weight;
        OR_DONE(state_take(reader, &word, sizeof(word)));
        OR_DONE(state_take_count(reader, &weight));
        if ((real && word == UINT64_MAX) ||
            (quantile->tag == DD && (word < SIGN_BIT - bound || word > SIGN_BIT + bound))) {
            return state_bad("a value is not a number");
        }
        OR_DONE(map_insert(into, arena, word, weight));
    }
done:
    return err;
}

/* --- ranks ------------------------------------------------------------------------------------------------------- */

static int compare_entries(const void *a, const void *b, void *user)
{
    (void)user;
    uint64_t x = ((const struct entry *)a)->word;
    uint64_t y = ((const struct entry *)b)->word;
    return (x > y) - (x < y);
}

static struct err *map_prepare(const struct quantile *quantile, struct arena *arena, void *from, void **view)
{
    struct err *err = NULL;
    (void)quantile;
    struct map_state *state = from;
    if (state->count > 0) {
        struct map_state *flat = ARENA_NEW(arena, struct map_state);
        struct entry *sorted = ARENA_ARRAY(arena, struct entry, state->count);
        uint32_t count = 0;
        if (sorted == NULL || flat == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < state->slot_count; i++) {
            OR_DONE(interrupt_at(i));
            if (state->used[i] != 0) {
                sorted[count++] = state->slots[i];
            }
        }
        OR_DONE(order_elements(arena, sorted, count, sizeof(*sorted), compare_entries, NULL));
        flat->slots = sorted;
        flat->count = count;
        *view = flat;
    }
done:
    return err;
}

static double weight_sum(const struct map_state *state)
{
    double sum = 0;
    for (uint32_t i = 0; i < state->count; i++) {
        sum += (double)state->slots[i].weight;
    }
    return sum;
}

/* The first entry up to which the weights reach level × all. */
static uint64_t nearest_word(const struct map_state *state, double level)
{
    double threshold = ceil(weight_sum(state) * level);
    double reached = 0;
    for (uint32_t i = 0; i < state->count; i++) {
        reached += (double)state->slots[i].weight;
        if (reached >= threshold) {
            return state->slots[i].word;
        }
    }
    return state->slots[state->count - 1].word;
}

/* Between the values at the ranks on both sides of level × (all - 1). */
static double interpolated_rank(const struct quantile *quantile, const struct map_state *state, double level)
{
    double position = level * (weight_sum(state) - 1);
    double below = floor(position);
    double above = ceil(position);
    double part = position - below;
    double reached = 0;
    uint32_t i = 0;
    for (; i + 1 < state->count && reached + (double)state->slots[i].weight <= below; i++) {
        reached += (double)state->slots[i].weight;
    }
    double left = word_number(quantile, state->slots[i].word);
    for (; i + 1 < state->count && reached + (double)state->slots[i].weight <= above; i++) {
        reached += (double)state->slots[i].weight;
    }
    double right = word_number(quantile, state->slots[i].word);
    return left == right ? left : left * (1 - part) + right * part;
}

/* Between the middles of the entries' shares of the weight. */
static double interpolated_share(const struct quantile *quantile, const struct map_state *state, double level)
{
    double all = weight_sum(state);
    double reached = 0;
    double left = 0;
    double left_share = 0;
    all = all == 0 ? 1 : all;
    for (uint32_t i = 0; i < state->count; i++) {
        double weight = (double)state->slots[i].weight;
        reached += weight;
        double share = (reached - 0.5 * weight) / all;
        double value = word_number(quantile, state->slots[i].word);
        if (level <= share || i + 1 == state->count) {
            if (i == 0 || level > share) {
                return value;
            }
            double span = share - left_share;
            return left + (value - left) / (span == 0 ? 1 : span) * (level - left_share);
        }
        left = value;
        left_share = share;
    }
    return left;
}

static double dd_rank(const struct quantile *quantile, const struct map_state *state, double level)
{
    double below = 0; /* values less than zero */
    double all = weight_sum(state);
    uint32_t negative = 0;
    for (; negative < state->count && state->slots[negative].word < SIGN_BIT; negative++) {
        below += (double)state->slots[negative].weight;
    }
    double rank = level * (all - 1);
    double reached = 0;
    if (rank < below) {
        double mirrored = below - rank - 1;
        for (uint32_t i = negative; i-- > 0;) {
            reached += (double)state->slots[i].weight;
            if (reached >= mirrored + 1) {
                return dd_value(quantile, state->slots[i].word);
            }
        }
        return dd_value(quantile, state->slots[0].word);
    }
    reached = below;
    for (uint32_t i = negative; i < state->count; i++) {
        reached += (double)state->slots[i].weight;
        if (reached > rank) {
            return dd_value(quantile, state->slots[i].word);
        }
    }
    return dd_value(quantile, state->slots[state->count - 1].word);
}

static void map_get(const struct quantile *quantile, void *from, double level, void *cell)
{
    const struct map_state *state = from;
    switch (quantile->tag) {
    case EXACT_WEIGHTED:
        ordered_value(quantile->kind, nearest_word(state, level), cell);
        break;
    case EXACT_INTERPOLATED:
        quantile_put(quantile, interpolated_rank(quantile, state, level), cell);
        break;
    case INTERPOLATED:
        quantile_put(quantile, interpolated_share(quantile, state, level), cell);
        break;
    case DD:
        quantile_put(quantile, dd_rank(quantile, state, level), cell);
        break;
    default:
        quantile_put(quantile, word_number(quantile, nearest_word(state, level)), cell);
    }
}

static struct err *map_resolve(const struct aggregate_bind *given, struct aggregate *out)
{
    struct aggregate_bind one = *given;
    const struct aggregate_bind *bind = &one;
    one.tag &= ~QUANTILE_MANY;
    struct err *err = NULL;
    const struct type *type = bind->types[0];
    struct quantile *quantile = NULL;
    bool all = bind->tag < BFLOAT16;
    OR_DONE(quantile_argument(bind, all));
    OR_DONE(quantile_bind(given, bind->tag == DD, &quantile));
    if (bind->tag == DD) {
        if (!type_is_float(bind->parameters[0]->type)) {
            return err_new(ERR_ARGUMENT_TYPE, "the accuracy of aggregate function %s must be a Float64", bind->name);
        }
        OR_DONE(aggregate_parameter(bind, 0, &quantile->accuracy));
        if (!(quantile->accuracy > 0 && quantile->accuracy < 1)) {
            return err_new(ERR_BAD_ARGUMENTS, "the accuracy of aggregate function %s must be between 0 and 1, not %g",
                           bind->name, quantile->accuracy);
        }
    }
    bool keeps =
        type_is_time(type) || type->kind == TYPE_DECIMAL || bind->tag == EXACT_WEIGHTED || bind->tag == INTERPOLATED;
    quantile->value = keeps ? type : type_simple(TYPE_FLOAT64);
    quantile->zeros = quantile->many && (bind->tag == EXACT_WEIGHTED || bind->tag == INTERPOLATED);
    quantile->prepare = map_prepare;
    quantile->get = map_get;
    out->type = quantile_type(bind->arena, quantile);
    out->data = quantile;
    out->state_bytes = STATE_BYTES(struct map_state);
    out->add = map_add;
    out->merge = map_merge;
    out->write_state = map_write;
    out->read_state = map_read;
    out->finish = quantile_finish;
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

#define QUANTILE(name, count, tag)                                                                                     \
    {                                                                                                                  \
        name, false, count, count, AGGREGATE_PARAMETERS, map_resolve, tag                                              \
    }
static const struct aggregate_definition definitions[] = {
    QUANTILE("quantileExactWeighted", 2, EXACT_WEIGHTED),
    QUANTILE("quantileExactWeightedInterpolated", 2, EXACT_INTERPOLATED),
    QUANTILE("quantileInterpolatedWeighted", 2, INTERPOLATED),
    QUANTILE("quantileBFloat16", 1, BFLOAT16),
    QUANTILE("quantileBFloat16Weighted", 2, BFLOAT16_WEIGHTED),
    QUANTILE("quantileDD", 1, DD),
    QUANTILE("quantilesExactWeighted", 2, EXACT_WEIGHTED | QUANTILE_MANY),
    QUANTILE("quantilesExactWeightedInterpolated", 2, EXACT_INTERPOLATED | QUANTILE_MANY),
    QUANTILE("quantilesInterpolatedWeighted", 2, INTERPOLATED | QUANTILE_MANY),
    QUANTILE("quantilesBFloat16", 1, BFLOAT16 | QUANTILE_MANY),
    QUANTILE("quantilesBFloat16Weighted", 2, BFLOAT16_WEIGHTED | QUANTILE_MANY),
    QUANTILE("quantilesDD", 1, DD | QUANTILE_MANY),
};
static const struct aggregate_alias aliases[] = {
    {"medianExactWeighted", false, "quantileExactWeighted"},
    {"medianExactWeightedInterpolated", false, "quantileExactWeightedInterpolated"},
    {"medianInterpolatedWeighted", false, "quantileInterpolatedWeighted"},
    {"medianBFloat16", false, "quantileBFloat16"},
    {"medianBFloat16Weighted", false, "quantileBFloat16Weighted"},
    {"medianDD", false, "quantileDD"},
};
const struct aggregate_group aggregates_quantile_map = GROUP_OF(definitions, aliases);
