/*
 * aggregate_quantile.c: quantile, median, and the exact ones.
 *
 * quantile       a reservoir of 8,192 values, linear interpolation between neighbours, as ClickHouse; exact up to 8,192
 * quantileExact  all values; the nearest rank
 * state          a growing array of 64-bit words in the states' arena, whose unsigned order is the values' order
 * source         Vitter, "Random sampling with a reservoir", 1985
 */
#include "query/quantile.h"

#include <math.h>
#include <stdlib.h>

#define RESERVOIR_COUNT 8192U
/* Values between two looks whether the thread is interrupted. */
#define PIECE (1U << 20)

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

#define SIGN_BIT ((uint64_t)1 << 63)

/* ClickHouse's generator before its first number: multiplier, increment, state. */
#define WIRE_GENERATOR "6364136223846793005 0 123459"

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

/* Room for `wanted` more words. */
static struct err *quantile_grow(struct quantile_state *state, struct arena *arena, uint32_t wanted)
{
    uint64_t capacity = state->capacity == 0 ? 16 : state->capacity;
    if (wanted <= state->capacity - state->count) {
        return NULL;
    }
    while (capacity < (uint64_t)state->count + wanted) {
        capacity *= 2;
    }
    if (capacity > UINT32_MAX / 2 + 1) {
        return err_new(ERR_MEMORY_LIMIT, "more than 2^31 values for one exact quantile");
    }
    uint64_t *words = ARENA_ARRAY(arena, uint64_t, capacity);
    if (words == NULL) {
        return arena_error(arena);
    }
    struct err *err = interrupt_copy(words, state->words, state->count * sizeof(*words));
    if (err == NULL) {
        state->words = words;
        state->capacity = (uint32_t)capacity;
    }
    return err;
}

static struct err *quantile_push(struct quantile_state *state, struct arena *arena, uint64_t word, bool reservoir)
{
    struct err *err = NULL;
    state->total++;
    if (state->count < state->capacity && (!reservoir || state->count < RESERVOIR_COUNT)) {
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
    OR_DONE(quantile_grow(state, arena, 1));
    state->words[state->count++] = word;
done:
    return err;
}

/* Words one after another, as quantile_push. */
static struct err *quantile_push_all(struct quantile_state *state, struct arena *arena, const uint64_t *words,
                                     uint32_t count, bool reservoir)
{
    struct err *err = NULL;
    uint32_t room = reservoir ? RESERVOIR_COUNT - state->count : count;
    uint32_t some = count < room ? count : room;
    if (some > 0) {
        OR_DONE(quantile_grow(state, arena, some));
        OR_DONE(interrupt_copy(state->words + state->count, words, some * sizeof(*words)));
        state->count += some;
        state->total += some;
    }
    for (uint32_t i = some; i < count; i++) {
        OR_DONE(interrupt_at(i));
        OR_DONE(quantile_push(state, arena, words[i], reservoir));
    }
done:
    return err;
}

/* Cells of a column, or of a state's bytes, as words; NaN is UINT64_MAX. */
static void words_of(enum type_kind kind, const char *cells, size_t step, uint32_t count, uint64_t *words)
{
    if (kind != TYPE_FLOAT64) {
        for (uint32_t i = 0; i < count; i++) {
            uint64_t cell; /* bytes may stand at any place */
            memcpy(&cell, cells + i * step, step > 0 && step < 8 ? step : sizeof(cell));
            words[i] = ordered_bits(kind, &cell);
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        double number;
        uint64_t bits;
        memcpy(&number, cells + i * step, sizeof(number));
        number += 0.0; /* −0 is 0 */
        memcpy(&bits, &number, sizeof(bits));
        uint64_t sign = (uint64_t)((int64_t)bits >> 63);
        words[i] = number != number ? UINT64_MAX : bits ^ (sign | SIGN_BIT);
    }
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
    uint64_t *words = ARENA_ARRAY(scratch, uint64_t, row_count + 1U);
    bool real = quantile->kind == TYPE_FLOAT64;
    uint32_t nan_count = 0;
    if (words == NULL) {
        return arena_error(scratch);
    }
    if (step == 0) {
        uint64_t word = ordered_bits(quantile->kind, numbers->values);
        for (uint32_t i = 0; i < row_count; i++) {
            words[i] = word;
        }
    } else {
        words_of(quantile->kind, numbers->values, step, row_count, words);
    }
    for (uint32_t i = 0; real && i < row_count; i++) {
        nan_count += words[i] == UINT64_MAX;
    }
    if (groups == NULL && nan_count == 0) {
        return quantile_push_all((struct quantile_state *)(void *)states, arena, words, row_count, reservoir);
    }
    EACH_ROW(struct quantile_state, {
        if (real && words[i] == UINT64_MAX) {
            continue; /* NaN */
        }
        OR_DONE(quantile_push(state, arena, words[i], reservoir));
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
        return quantile_push_all(a, arena, b->words, b->count, reservoir);
    }
    /* both are samples: of the result, b's share comes from b */
    uint64_t total = a->total + b->total;
    uint64_t random = a->random;
    for (uint32_t i = 0; i < a->count && i < b->count; i++) {
        OR_DONE(interrupt_at(i));
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

/* The reservoir: rows seen and the generator. Then how many values, and the values. */
static struct err *quantile_write(WRITE_ARGUMENTS)
{
    const struct quantile *quantile = aggregate->data;
    const struct quantile_state *held = state;
    uint32_t width = aggregate->argument_types[0]->width;
    if (quantile->tag == QUANTILE_RESERVOIR && writer->wire) {
        uint64_t most = RESERVOIR_COUNT;
        state_put(writer, &most, sizeof(most));
        state_put(writer, &held->total, sizeof(held->total));
        state_put_text(writer, slice_text(WIRE_GENERATOR));
    } else if (quantile->tag == QUANTILE_RESERVOIR) {
        state_put_count(writer, held->total);
        state_put(writer, &held->random, sizeof(held->random));
        state_put_count(writer, held->count);
    } else {
        state_put_count(writer, held->count);
    }
    for (uint32_t i = 0; i < held->count; i++) {
        uint64_t cell;
        ordered_value(quantile->kind, held->words[i], &cell);
        state_put(writer, &cell, width);
    }
    return state_writer_error(writer);
}

/* ClickHouse's reservoir: how many values it keeps, rows seen, its generator as text. As many values follow as it has. */
static struct err *wire_read_head(struct state_reader *reader, uint32_t width, uint64_t *total, uint64_t *count)
{
    struct err *err = NULL;
    uint64_t most;
    struct slice generator;
    OR_DONE(state_take(reader, &most, sizeof(most)));
    OR_DONE(state_take(reader, total, sizeof(*total)));
    OR_DONE(state_take_text(reader, &generator));
    if (most != RESERVOIR_COUNT) {
        return state_bad("a sample of another size than 8192");
    }
    *count = *total < most ? *total : most;
    OR_DONE(state_need(reader, *count * width));
done:
    return err;
}

static struct err *quantile_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    const struct quantile *quantile = aggregate->data;
    uint32_t width = aggregate->argument_types[0]->width;
    bool reservoir = quantile->tag == QUANTILE_RESERVOIR;
    struct quantile_state *held = into;
    struct quantile_state read = {.total = 0};
    uint64_t count = 0;
    if (reservoir && reader->wire) {
        OR_DONE(wire_read_head(reader, width, &read.total, &count));
    } else if (reservoir) {
        OR_DONE(state_take_count(reader, &read.total));
        OR_DONE(state_take(reader, &read.random, sizeof(read.random)));
    }
    if (!reservoir || !reader->wire) {
        OR_DONE(state_take_elements(reader, width, reservoir ? RESERVOIR_COUNT : UINT32_MAX / 2, &count));
    }
    read.total = reservoir ? read.total : count;
    if (read.total > UINT64_MAX / 4 || (count == RESERVOIR_COUNT ? read.total < count : read.total != count)) {
        return state_bad("a sample's size is not that of its rows");
    }
    struct arena *home = held->total < read.total ? arena : scratch; /* merge keeps the larger one's values */
    read.words = ARENA_ARRAY(home, uint64_t, count + 1);
    if (read.words == NULL) {
        return arena_error(home);
    }
    bool bad = false;
    for (uint64_t begin = 0; begin < count; begin += PIECE) {
        uint32_t some = count - begin < PIECE ? (uint32_t)(count - begin) : PIECE;
        OR_DONE(interrupt_check());
        words_of(quantile->kind, reader->at, width, some, read.words + begin);
        reader->at += (size_t)some * width; /* that many are there: state_take_elements */
        for (uint64_t i = begin; i < begin + some; i++) {
            bad |= read.words[i] == UINT64_MAX && quantile->kind == TYPE_FLOAT64;
        }
    }
    if (bad) {
        return state_bad("a value is not a number");
    }
    read.count = read.capacity = (uint32_t)count;
    OR_DONE(quantile_merge(aggregate, arena, held, &read));
done:
    return err;
}

static int compare_words(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* So many are sorted. */
#define SORTED_MAX 64U
#define SHARES     1024U

/*
 * The k-th smallest; the words change their order. When the thread is interrupted, any of them. The range of values is
 * cut into equal shares, those of the share that holds the k-th one are moved to the front, and so on among them: each
 * round makes the range 512 times smaller at least.
 */
static uint64_t select_word(uint64_t *words, uint32_t count, uint32_t k)
{
    while (count > SORTED_MAX) {
        uint32_t sizes[SHARES] = {0};
        uint64_t least = words[0], greatest = words[0];
        for (uint32_t i = 1; i < count; i++) {
            least = words[i] < least ? words[i] : least;
            greatest = words[i] > greatest ? words[i] : greatest;
            if ((i & (PIECE - 1)) == 0 && interrupted()) {
                return least;
            }
        }
        if (least == greatest) {
            return least;
        }
        int bits = 64 - __builtin_clzll(greatest - least);
        int shift = bits > 10 ? bits - 10 : 0;
        for (uint32_t i = 0; i < count; i++) {
            sizes[(words[i] - least) >> shift]++;
            if ((i & (PIECE - 1)) == PIECE - 1 && interrupted()) {
                return least;
            }
        }
        uint32_t share = 0, kept = 0;
        for (; k >= sizes[share]; share++) {
            k -= sizes[share];
        }
        for (uint32_t i = 0; i < count; i++) {
            uint64_t word = words[i];
            words[i] = words[kept];
            words[kept] = word;
            kept += (word - least) >> shift == share;
            if ((i & (PIECE - 1)) == PIECE - 1 && interrupted()) {
                return least;
            }
        }
        count = kept;
    }
    qsort(words, count, sizeof(*words), compare_words);
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

void quantile_put(const struct quantile *quantile, double value, void *cell)
{
    const struct type *type = quantile->value;
    if (type->kind == TYPE_FLOAT64) {
        *(double *)cell = value;
    } else if (type->kind == TYPE_FLOAT32) {
        *(float *)cell = (float)value;
    } else {
        uint64_t whole = value < -9.2e18 || value > 1.8e19 || value != value ? 0
                         : value < 0                                         ? (uint64_t)(int64_t)value
                                                                             : (uint64_t)value;
        memcpy(cell, &whole, type->width < 8 ? type->width : 8);
    }
}

static void quantile_empty(const struct quantile *quantile, void *cell)
{
    if (type_is_float(quantile->value) && !quantile->zeros) {
        quantile_put(quantile, NAN, cell);
    } else {
        memset(cell, 0, quantile->value->width);
    }
}

struct err *quantile_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct quantile *quantile = aggregate->data;
    size_t width = quantile->value->width;
    struct column *values = out;
    if (quantile->many) {
        OR_DONE(aggregate_arrays(arena, (uint64_t)count * quantile->level_count, out));
        values = out->children[0];
        for (uint32_t i = 0; i < count; i++) {
            out->offsets[i + 1] = (i + 1) * quantile->level_count;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        void *state = states + (size_t)i * stride;
        char *cell = (char *)values->values + (size_t)i * quantile->level_count * width;
        void *view = NULL;
        OR_DONE(quantile->prepare(quantile, arena, state, &view));
        for (uint32_t k = 0; k < quantile->level_count; k++) {
            if (view != NULL) {
                quantile->get(quantile, view, quantile->levels[k], cell + k * width);
            } else {
                quantile_empty(quantile, cell + k * width);
            }
            OR_DONE(interrupt_check());
        }
    }
done:
    return err;
}

struct err *quantile_bind(const struct aggregate_bind *bind, uint32_t parameters_before, struct quantile **out)
{
    struct err *err = NULL;
    struct quantile *quantile = ARENA_NEW(bind->arena, struct quantile);
    double *levels = ARENA_ARRAY(bind->arena, double, bind->parameter_count + 1U);
    if (quantile == NULL || levels == NULL) {
        return arena_error(bind->arena);
    }
    quantile->many = (bind->tag & QUANTILE_MANY) != 0;
    if (quantile->many && bind->parameter_count <= parameters_before) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s needs levels as parameters", bind->name);
    }
    if (bind->parameter_count < parameters_before ||
        (bind->parameter_count > parameters_before + 1 && !quantile->many)) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes %s", bind->name,
                       parameters_before == 0 ? "one parameter at most, the level"
                                              : "an accuracy and a level as parameters");
    }
    levels[0] = 0.5;
    quantile->level_count = quantile->many ? bind->parameter_count - parameters_before : 1;
    quantile->levels = levels;
    quantile->tag = bind->tag & ~QUANTILE_MANY;
    for (uint32_t i = parameters_before; i < bind->parameter_count; i++) {
        if (!type_is_number(bind->parameters[i]->type)) {
            return err_new(ERR_CANNOT_CONVERT, "the level of aggregate function %s must be a number", bind->name);
        }
        OR_DONE(aggregate_parameter(bind, i, &levels[i - parameters_before]));
        if (!(levels[i - parameters_before] >= 0 && levels[i - parameters_before] <= 1)) {
            return err_new(ERR_PARAMETER_OUT_OF_BOUND, "the level of aggregate function %s must be from 0 to 1, not %g",
                           bind->name, levels[i - parameters_before]);
        }
    }
    if (bind->count == 2 &&
        (!type_is_integer(bind->types[1]) || type_is_signed(bind->types[1]) || bind->types[1]->width > 8) &&
        bind->types[1]->kind != TYPE_BOOL) {
        return aggregate_argument_error(bind, 1, "an unsigned integer is needed");
    }
    quantile->kind = type_physical(bind->types[0]);
    *out = quantile;
done:
    return err;
}

const struct type *quantile_type(struct arena *arena, const struct quantile *quantile)
{
    return quantile->many ? type_array(arena, quantile->value) : quantile->value;
}

struct err *quantile_argument(const struct aggregate_bind *bind, bool all)
{
    const struct type *type = bind->types[0];
    bool plain = type_is_integer(type) || type_is_float(type) || type->kind == TYPE_BOOL || type->kind == TYPE_DATE ||
                 type->kind == TYPE_DATETIME;
    bool more = all && (type->kind == TYPE_DECIMAL || type->kind == TYPE_DATETIME64);
    if (type_is_integer(type) && type->width > 8) {
        return err_new(ERR_NOT_IMPLEMENTED, "aggregate function %s of integers of more than 64 bits is not implemented",
                       bind->name);
    }
    if ((!plain && !more) || type->width > 8) {
        return aggregate_argument_error(
            bind, 0,
            all ? "a number of 64 bits at most, a Date, a DateTime or a DateTime64 is needed"
                : "an integer or a float of 64 bits at most, a Date or a DateTime is needed");
    }
    return NULL;
}

/* --- the reservoir and the exact ones ---------------------------------------------------------------------------- */

static struct err *exact_prepare(const struct quantile *quantile, struct arena *arena, void *state, void **view)
{
    (void)arena;
    *view = ((const struct quantile_state *)state)->count > 0 ? state : NULL;
    if (*view != NULL && quantile->tag == QUANTILE_EXACT_EXCLUSIVE) {
        for (uint32_t i = 0; i < quantile->level_count; i++) {
            if (quantile->levels[i] == 0 || quantile->levels[i] == 1) {
                return err_new(ERR_BAD_ARGUMENTS, "quantileExactExclusive cannot interpolate for the levels 0 and 1");
            }
        }
    }
    return NULL;
}

static void exact_get(const struct quantile *quantile, void *from, double level, void *cell)
{
    struct quantile_state *state = from;
    double n = state->count;
    uint32_t rank = level < 1 ? (uint32_t)(level * n) : state->count - 1;
    double index = level * (n + 1) - 1;
    switch (quantile->tag) {
    case QUANTILE_RESERVOIR:
    case QUANTILE_EXACT_INCLUSIVE:
        quantile_put(quantile, interpolated(state, quantile->kind, level * (n - 1)), cell);
        return;
    case QUANTILE_EXACT_EXCLUSIVE:
        quantile_put(quantile, interpolated(state, quantile->kind, index < 0 ? 0 : index), cell);
        return;
    case QUANTILE_EXACT_HIGH:
        rank = level == 0.5 ? state->count / 2 : rank;
        break;
    case QUANTILE_EXACT_LOW:
        rank = level == 0.5 ? (state->count - 1) / 2 : rank;
        break;
    default:
        break;
    }
    rank = rank < state->count ? rank : state->count - 1;
    ordered_value(quantile->kind, select_word(state->words, state->count, rank), cell);
}

/* Levels, and what is done with the values, are no part of a state. */
static bool quantile_same_state(const struct aggregate *aggregate, const struct aggregate *other)
{
    if (aggregate->add != quantile_add || other->add != quantile_add) {
        return false; /* of a combinator around it */
    }
    const struct quantile *a = aggregate->data;
    const struct quantile *b = other->data;
    return a->kind == b->kind && (a->tag == QUANTILE_RESERVOIR) == (b->tag == QUANTILE_RESERVOIR);
}

static struct err *quantile_resolve(const struct aggregate_bind *given, struct aggregate *out)
{
    struct aggregate_bind one = *given;
    const struct aggregate_bind *bind = &one;
    one.tag &= ~QUANTILE_MANY;
    struct err *err = NULL;
    const struct type *type = bind->types[0];
    struct quantile *quantile = NULL;
    bool real = bind->tag == QUANTILE_EXACT_INCLUSIVE || bind->tag == QUANTILE_EXACT_EXCLUSIVE;
    OR_DONE(quantile_argument(bind, !real));
    OR_DONE(quantile_bind(given, 0, &quantile));
    quantile->zeros = quantile->many && (quantile->tag == QUANTILE_EXACT || quantile->tag == QUANTILE_EXACT_LOW ||
                                         quantile->tag == QUANTILE_EXACT_HIGH);
    bool keeps = bind->tag == QUANTILE_RESERVOIR && (type_is_time(type) || type->kind == TYPE_DECIMAL);
    bool interpolates = bind->tag == QUANTILE_RESERVOIR || real;
    quantile->value = interpolates && !keeps ? type_simple(TYPE_FLOAT64) : type;
    quantile->prepare = exact_prepare;
    quantile->get = exact_get;
    out->type = quantile_type(bind->arena, quantile);
    out->data = quantile;
    out->state_bytes = STATE_BYTES(struct quantile_state);
    out->add = quantile_add;
    out->merge = quantile_merge;
    out->same_state = quantile_same_state;
    out->bulk = true;
    out->write_state = quantile_write;
    out->read_state = quantile_read;
    out->finish = quantile_finish;
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
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
    QUANTILE("quantiles", QUANTILE_RESERVOIR | QUANTILE_MANY),
    QUANTILE("quantilesExact", QUANTILE_EXACT | QUANTILE_MANY),
    QUANTILE("quantilesExactLow", QUANTILE_EXACT_LOW | QUANTILE_MANY),
    QUANTILE("quantilesExactHigh", QUANTILE_EXACT_HIGH | QUANTILE_MANY),
    QUANTILE("quantilesExactInclusive", QUANTILE_EXACT_INCLUSIVE | QUANTILE_MANY),
    QUANTILE("quantilesExactExclusive", QUANTILE_EXACT_EXCLUSIVE | QUANTILE_MANY),
};
static const struct aggregate_alias aliases[] = {
    {"median", false, "quantile"},
    {"medianExact", false, "quantileExact"},
    {"medianExactLow", false, "quantileExactLow"},
    {"medianExactHigh", false, "quantileExactHigh"},
};
const struct aggregate_group aggregates_quantile = GROUP_OF(definitions, aliases);
