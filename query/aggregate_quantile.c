/*
 * aggregate_quantile.c: quantile, median, and the exact ones.
 *
 * quantile       a reservoir of 8,192 values, linear interpolation between neighbours, as ClickHouse; exact up to 8,192
 * quantileExact  all values; the nearest rank
 * state          a growing array of 64-bit words in the states' arena, whose unsigned order is the values' order
 * source         Vitter, "Random sampling with a reservoir", 1985
 */
#include "query/aggregates.h"

#include <math.h>
#include <stdlib.h>

#define RESERVOIR_COUNT 8192U

struct quantile_state {
    uint64_t *words;
    uint32_t count;
    uint32_t capacity;
    uint64_t total; /* rows seen */
    uint64_t random;
};

enum quantile_tag {
    QUANTILE_RESERVOIR,
    QUANTILE_EXACT,
    QUANTILE_EXACT_LOW,
    QUANTILE_EXACT_HIGH,
    QUANTILE_EXACT_INCLUSIVE,
    QUANTILE_EXACT_EXCLUSIVE
};

struct quantile {
    enum quantile_tag tag;
    enum type_kind kind; /* of the words: TYPE_FLOAT64, or the argument's physical kind */
    double level;
};

#define SIGN_BIT ((uint64_t)1 << 63)

uint64_t ordered_bits(enum type_kind kind, const void *value)
{
    switch ((int)kind) {
    case TYPE_INT8:
        return (uint64_t)(int64_t)(*(const int8_t *)value) ^ SIGN_BIT;
    case TYPE_INT16:
        return (uint64_t)(int64_t)(*(const int16_t *)value) ^ SIGN_BIT;
    case TYPE_INT32:
        return (uint64_t)(int64_t)(*(const int32_t *)value) ^ SIGN_BIT;
    case TYPE_INT64:
        return (uint64_t)(*(const int64_t *)value) ^ SIGN_BIT;
    case TYPE_UINT8:
        return *(const uint8_t *)value;
    case TYPE_UINT16:
        return *(const uint16_t *)value;
    case TYPE_UINT32:
        return *(const uint32_t *)value;
    case TYPE_UINT64:
        return *(const uint64_t *)value;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64: {
        double number = kind == TYPE_FLOAT32 ? (double)*(const float *)value : *(const double *)value;
        uint64_t bits;
        if (number != number) {
            return UINT64_MAX;
        }
        number = number == 0 ? 0 : number;
        memcpy(&bits, &number, 8);
        return (bits & SIGN_BIT) != 0 ? ~bits : bits | SIGN_BIT;
    }
    default:
        return 0;
    }
}

void ordered_value(enum type_kind kind, uint64_t bits, void *value)
{
    if (kind == TYPE_FLOAT32 || kind == TYPE_FLOAT64) {
        uint64_t raw = (bits & SIGN_BIT) != 0 ? bits ^ SIGN_BIT : ~bits;
        double number;
        memcpy(&number, &raw, 8);
        if (bits == UINT64_MAX) {
            number = NAN;
        }
        if (kind == TYPE_FLOAT32) {
            *(float *)value = (float)number;
        } else {
            *(double *)value = number;
        }
        return;
    }
    bool is_signed = kind >= TYPE_INT8 && kind <= TYPE_INT64;
    bits = is_signed ? bits ^ SIGN_BIT : bits;
    size_t width = kind == TYPE_INT8 || kind == TYPE_UINT8     ? 1
                   : kind == TYPE_INT16 || kind == TYPE_UINT16 ? 2
                   : kind == TYPE_INT32 || kind == TYPE_UINT32 ? 4
                                                               : 8;
    memcpy(value, &bits, width);
}

static struct err *quantile_push(struct quantile_state *state, struct arena *arena, uint64_t word, bool reservoir)
{
    state->total++;
    if (state->count < state->capacity) {
        state->words[state->count++] = word;
        return NULL;
    }
    if (reservoir && state->count == RESERVOIR_COUNT) {
        state->random += 0x9E3779B97F4A7C15ULL;
        uint64_t x = state->random;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
        uint64_t at = (uint64_t)(((unsigned __int128)(x ^ (x >> 31)) * state->total) >> 64);
        if (at < RESERVOIR_COUNT) {
            state->words[at] = word;
        }
        return NULL;
    }
    if (state->capacity >= UINT32_MAX / 2) {
        return err_new(ERR_MEMORY_LIMIT, "more than 2^31 values for one exact quantile");
    }
    uint32_t capacity = state->capacity == 0 ? 16 : state->capacity * 2;
    uint64_t *words = ARENA_ARRAY(arena, uint64_t, capacity);
    if (words == NULL) {
        return arena_error(arena);
    }
    if (state->count > 0) {
        memcpy(words, state->words, state->count * sizeof(*words));
    }
    state->words = words;
    state->capacity = capacity;
    state->words[state->count++] = word;
    return NULL;
}

static struct err *quantile_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct quantile *quantile = aggregate->data;
    const struct column *numbers = column_numbers(scratch, arguments[0], quantile->kind);
    bool reservoir = quantile->tag == QUANTILE_RESERVOIR;
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    size_t step = column_step(numbers) * numbers->type->width;
    const char *cells = numbers->values;
    EACH_ROW(struct quantile_state, {
        uint64_t word = ordered_bits(quantile->kind, cells + i * step);
        if (word == UINT64_MAX && quantile->kind == TYPE_FLOAT64) {
            continue; /* NaN */
        }
        OR_DONE(quantile_push(state, arena, word, reservoir));
    })
done:
    return err;
}

static struct err *quantile_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct quantile *quantile = aggregate->data;
    struct quantile_state *a = into;
    struct quantile_state *b = from;
    bool reservoir = quantile->tag == QUANTILE_RESERVOIR;
    if (a->total < b->total) {
        struct quantile_state swap = *a;
        *a = *b;
        *b = swap;
    }
    if (b->count == 0) {
        return NULL;
    }
    if (!reservoir || b->total == b->count) {
        for (uint32_t i = 0; i < b->count; i++) {
            OR_DONE(quantile_push(a, arena, b->words[i], reservoir));
        }
        return NULL;
    }
    /* both are samples: of the result, b's share comes from b */
    uint64_t total = a->total + b->total;
    uint64_t random = a->random;
    for (uint32_t i = 0; i < a->count && i < b->count; i++) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        if ((uint64_t)(((unsigned __int128)random * total) >> 64) < b->total) {
            a->words[i] = b->words[i];
        }
    }
    a->total = total;
    a->random = random;
done:
    return err;
}

static int compare_words(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The k-th smallest, by selection in place. */
static uint64_t select_word(uint64_t *words, uint32_t count, uint32_t k)
{
    uint32_t low = 0;
    uint32_t high = count - 1;
    uint32_t rounds = 0;
    while (low < high) {
        if (high - low < 32 || ++rounds > 64) {
            qsort(words + low, high - low + 1, sizeof(*words), compare_words);
            break;
        }
        uint64_t a = words[low];
        uint64_t b = words[low + (high - low) / 2];
        uint64_t c = words[high];
        uint64_t pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
        uint32_t i = low;
        uint32_t j = high;
        for (;;) {
            while (words[i] < pivot) {
                i++;
            }
            while (words[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            uint64_t swap = words[i];
            words[i++] = words[j];
            words[j--] = swap;
        }
        if (i > j + 1) {
            /* words[j + 1 .. i - 1] equal the pivot */
            if (k > j && k < i) {
                return words[k];
            }
        }
        if (k <= j) {
            high = j;
        } else {
            low = j + 1;
        }
    }
    return words[k];
}

static double word_real(enum type_kind kind, uint64_t word)
{
    union {
        double real;
        float single;
        int64_t integer;
        uint64_t natural;
    } value = {.natural = 0};
    if (kind == TYPE_FLOAT64 || kind == TYPE_FLOAT32) {
        ordered_value(kind, word, &value);
        return kind == TYPE_FLOAT64 ? value.real : (double)value.single;
    }
    return kind >= TYPE_INT8 && kind <= TYPE_INT64 ? (double)(int64_t)(word ^ SIGN_BIT) : (double)word;
}

static double interpolated(struct quantile_state *state, enum type_kind kind, double index)
{
    uint32_t left = index <= 0 ? 0 : (uint32_t)index;
    if (left >= state->count - 1) {
        return word_real(kind, select_word(state->words, state->count, state->count - 1));
    }
    double a = word_real(kind, select_word(state->words, state->count, left));
    double b = word_real(kind, select_word(state->words, state->count, left + 1));
    double part = index - left;
    return part <= 0 ? a : a * (1 - part) + b * part;
}

static void put_real(const struct type *type, double value, void *cell)
{
    if (type->kind == TYPE_FLOAT64) {
        *(double *)cell = value;
    } else {
        uint64_t whole = value < 0 ? (uint64_t)(int64_t)value : (uint64_t)value;
        memcpy(cell, &whole, type->width < 8 ? type->width : 8);
    }
}

static struct err *quantile_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    const struct quantile *quantile = aggregate->data;
    size_t width = aggregate->type->width;
    for (uint32_t i = 0; i < count; i++) {
        struct quantile_state *state = (void *)(states + (size_t)i * stride);
        char *cell = (char *)out->values + i * width;
        double n = state->count;
        double level = quantile->level;
        if (state->count == 0) {
            memset(cell, 0, width);
            if (aggregate->type->kind == TYPE_FLOAT64) {
                *(double *)(void *)cell = NAN;
            } else if (aggregate->type->kind == TYPE_FLOAT32) {
                *(float *)(void *)cell = NAN;
            }
            continue;
        }
        uint32_t rank = 0;
        switch (quantile->tag) {
        case QUANTILE_RESERVOIR:
            put_real(aggregate->type, interpolated(state, quantile->kind, level * (n - 1)), cell);
            continue;
        case QUANTILE_EXACT_INCLUSIVE:
            put_real(aggregate->type, interpolated(state, quantile->kind, level * (n - 1)), cell);
            continue;
        case QUANTILE_EXACT_EXCLUSIVE: {
            double index = level * (n + 1) - 1;
            put_real(aggregate->type, interpolated(state, quantile->kind, index < 0 ? 0 : index), cell);
            continue;
        }
        case QUANTILE_EXACT:
            rank = level < 1 ? (uint32_t)(level * n) : state->count - 1;
            break;
        case QUANTILE_EXACT_HIGH:
            rank = level == 0.5 ? state->count / 2 : level < 1 ? (uint32_t)(level * n) : state->count - 1;
            break;
        case QUANTILE_EXACT_LOW:
            if (level == 0.5) {
                rank = state->count % 2 == 1 ? state->count / 2 : state->count / 2 - 1;
            } else {
                rank = level < 1 ? (uint32_t)(level * n) : state->count - 1;
            }
            break;
        }
        rank = rank < state->count ? rank : state->count - 1;
        ordered_value(quantile->kind, select_word(state->words, state->count, rank), cell);
    }
    return NULL;
}

static struct err *quantile_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    const struct type *type = bind->types[0];
    struct quantile *quantile = ARENA_NEW(bind->arena, struct quantile);
    if (quantile == NULL) {
        return arena_error(bind->arena);
    }
    quantile->tag = (enum quantile_tag)bind->tag;
    quantile->level = 0.5;
    if (bind->parameter_count > 1) {
        return err_new(ERR_BAD_ARGUMENTS, "aggregate function %s takes one parameter, the level", bind->name);
    }
    if (bind->parameter_count == 1) {
        OR_DONE(aggregate_parameter(bind, 0, &quantile->level));
        if (!(quantile->level >= 0 && quantile->level <= 1)) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "the level of aggregate function %s must be from 0 to 1, not %g",
                           bind->name, quantile->level);
        }
    }
    bool numeric = type_is_number(type) && type->width <= 8;
    if (!numeric && !type_is_time(type)) {
        return aggregate_argument_error(bind, 0, "a number of 64 bits at most, a date or a time is needed");
    }
    bool keeps = type_is_time(type) || type->kind == TYPE_DECIMAL;
    quantile->kind = type_physical(type);
    bool interpolates = bind->tag == QUANTILE_RESERVOIR || bind->tag >= QUANTILE_EXACT_INCLUSIVE;
    out->type = interpolates && !keeps ? type_simple(TYPE_FLOAT64) : type;
    out->data = quantile;
    out->state_bytes = STATE_BYTES(struct quantile_state);
    out->add = quantile_add;
    out->merge = quantile_merge;
    out->finish = quantile_finish;
done:
    return err;
}

#define QUANTILE(name, tag)                                                                                            \
    {                                                                                                                  \
        name, false, 1, 1, AGGREGATE_PARAMETERS, quantile_resolve, tag                                                 \
    }
static const struct aggregate_definition definitions[] = {
    QUANTILE("quantile", QUANTILE_RESERVOIR),
    QUANTILE("quantileExact", QUANTILE_EXACT),
    QUANTILE("quantileExactLow", QUANTILE_EXACT_LOW),
    QUANTILE("quantileExactHigh", QUANTILE_EXACT_HIGH),
    QUANTILE("quantileExactInclusive", QUANTILE_EXACT_INCLUSIVE),
    QUANTILE("quantileExactExclusive", QUANTILE_EXACT_EXCLUSIVE),
};
static const struct aggregate_alias aliases[] = {
    {"median", true, "quantile"},
    {"medianExact", false, "quantileExact"},
    {"medianExactLow", false, "quantileExactLow"},
    {"medianExactHigh", false, "quantileExactHigh"},
};
const struct aggregate_group aggregates_quantile = GROUP_OF(definitions, aliases);
