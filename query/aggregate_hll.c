/*
 * aggregate_hll.c: uniqCombined, uniqCombined64, uniqHLL12, uniqUpTo: counts of distinct values by their
 * hashes.
 *
 * small    a set of hashes, open addressing; up to its bound the answer is exact (but for equal hashes)
 * large    HyperLogLog: 2^K registers of one byte, the largest rank seen. Few values: linear counting. Many values and
 *          K = 17: the bias, which ClickHouse takes from a table, is avoided by Ertl's estimator instead; both have a
 *          standard error of 0.3 %.
 * source   Flajolet et al., "HyperLogLog", 2007; Ertl, "New cardinality estimation algorithms for HyperLogLog
 *          sketches", 2017; ClickHouse's hashes and bounds
 */
#include "query/aggregates.h"

#include <math.h>

enum { COMBINED = 1, COMBINED_64, HLL_12, UP_TO };

struct sketch {
    int tag;
    uint32_t bits;      /* K */
    uint32_t set_max;   /* values that the set may have */
    uint32_t rank_bits; /* of a hash, registers' bits included: 32 or 64 */
    bool mixes;         /* hashes are mixed once more before their bits count */
};

struct sketch_state {
    uint64_t *slots; /* 0: free */
    uint8_t *ranks;  /* large, or NULL */
    uint32_t count;  /* in the set */
    uint32_t slot_count;
    uint64_t has_zero;
};

static void rank_take(const struct sketch *sketch, struct sketch_state *state, uint64_t hash)
{
    hash = sketch->mixes ? hash_mix32(hash) : sketch->rank_bits == 32 ? (uint32_t)hash : hash;
    uint32_t bucket = (uint32_t)(hash & ((1U << sketch->bits) - 1));
    uint64_t tail = hash >> sketch->bits;
    uint32_t rank_max = sketch->rank_bits - sketch->bits + 1;
    uint32_t rank = tail == 0 ? rank_max : (uint32_t)__builtin_ctzll(tail) + 1;
    rank = rank > rank_max ? rank_max : rank;
    if (rank > state->ranks[bucket]) {
        state->ranks[bucket] = (uint8_t)rank;
    }
}

static struct err *set_grow(struct sketch_state *state, struct arena *arena)
{
    uint32_t slot_count = state->slot_count == 0 ? 16 : state->slot_count * 2;
    uint64_t *slots = arena_zalloc(arena, slot_count * sizeof(*slots));
    if (slots == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < state->slot_count; i++) {
        if (state->slots[i] != 0) {
            uint32_t slot = (uint32_t)hash_mix64(state->slots[i]) & (slot_count - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slot_count - 1);
            }
            slots[slot] = state->slots[i];
        }
    }
    state->slots = slots;
    state->slot_count = slot_count;
    return NULL;
}

static struct err *to_large(const struct sketch *sketch, struct sketch_state *state, struct arena *arena)
{
    state->ranks = arena_zalloc(arena, (size_t)1 << sketch->bits);
    if (state->ranks == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < state->slot_count; i++) {
        if (state->slots[i] != 0) {
            rank_take(sketch, state, state->slots[i]);
        }
    }
    if (state->has_zero != 0) {
        rank_take(sketch, state, 0);
    }
    return NULL;
}

static struct err *sketch_insert(const struct sketch *sketch, struct sketch_state *state, struct arena *arena,
                                 uint64_t hash)
{
    struct err *err = NULL;
    if (state->ranks != NULL) {
        rank_take(sketch, state, hash);
        return NULL;
    }
    if (state->count * 2 >= state->slot_count) {
        OR_DONE(set_grow(state, arena));
    }
    uint32_t mask = state->slot_count - 1;
    uint32_t slot = (uint32_t)hash_mix64(hash) & mask;
    while (hash != 0 && state->slots[slot] != 0 && state->slots[slot] != hash) {
        slot = (slot + 1) & mask;
    }
    if (hash == 0 ? state->has_zero != 0 : state->slots[slot] == hash) {
        return NULL;
    }
    if (state->count == sketch->set_max) {
        if (sketch->tag == UP_TO) {
            state->count++; /* more than that: of no interest */
            return NULL;
        }
        OR_DONE(to_large(sketch, state, arena));
        rank_take(sketch, state, hash);
        return NULL;
    }
    if (hash == 0) {
        state->has_zero = 1;
    } else {
        state->slots[slot] = hash;
    }
    state->count++;
done:
    return err;
}

/* What uniqHLL12 hashes of a number of up to 64 bits: its bytes, without a sign. The bits of a float are first made a
 * number, which a float of the same type holds. */
static uint64_t bytes_of(const struct type *type, uint64_t word)
{
    uint64_t bits = 0;
    if (type->kind == TYPE_FLOAT32) {
        float number = (float)word;
        memcpy(&bits, &number, sizeof(number));
    } else if (type->kind == TYPE_FLOAT64) {
        double number = (double)word;
        memcpy(&bits, &number, sizeof(number));
    } else {
        bits = word & (UINT64_MAX >> (64 - 8 * type->width));
    }
    return bits;
}

static struct err *sketch_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct sketch *sketch = aggregate->data;
    uint64_t *hashes;
    OR_DONE(aggregate_row_hashes(aggregate, scratch, arguments, row_count, &hashes));
    bool mixed = aggregate->argument_count > 1 || aggregate->argument_types[0]->kind == TYPE_STRING ||
                 aggregate->argument_types[0]->kind == TYPE_FIXED_STRING || aggregate->argument_types[0]->width > 8;
    bool folded = sketch->tag == HLL_12 && aggregate->argument_count == 1 && mixed &&
                  aggregate->argument_types[0]->kind == TYPE_UUID; /* both halves */
    bool bytes = sketch->tag == HLL_12 && !mixed;
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t hash = hashes[i];
        if (bytes) {
            hash = bytes_of(aggregate->argument_types[0], hash);
        } else if (folded) {
            uint64_t halves[2];
            memcpy(halves, column_value(arguments[0], i), sizeof(halves));
            hash = halves[0] ^ halves[1];
        } else if (!mixed) {
            hash = hash_mix64(hash);
        }
        hashes[i] = sketch->tag == COMBINED ? (uint32_t)hash : hash;
    }
    EACH_ROW(struct sketch_state, {
        if (state->ranks != NULL) {
            rank_take(sketch, state, hashes[i]);
        } else if (sketch->tag != UP_TO || state->count <= sketch->set_max) {
            OR_DONE(sketch_insert(sketch, state, arena, hashes[i]));
        }
    })
done:
    return err;
}

static struct err *sketch_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct sketch *sketch = aggregate->data;
    struct sketch_state *a = into;
    struct sketch_state *b = from;
    if (sketch->tag == UP_TO && (a->count > sketch->set_max || b->count > sketch->set_max)) {
        a->count = sketch->set_max + 1;
        return NULL;
    }
    if (b->ranks != NULL) {
        if (a->ranks == NULL) {
            struct sketch_state swap = *a;
            *a = *b;
            *b = swap;
        } else {
            for (uint32_t i = 0; i < 1U << sketch->bits; i++) {
                a->ranks[i] = b->ranks[i] > a->ranks[i] ? b->ranks[i] : a->ranks[i];
            }
            return NULL;
        }
    }
    for (uint32_t i = 0; i < b->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (b->slots[i] != 0 && (sketch->tag != UP_TO || a->count <= sketch->set_max)) {
            OR_DONE(sketch_insert(sketch, a, arena, b->slots[i]));
        }
    }
    if (b->has_zero != 0 && (sketch->tag != UP_TO || a->count <= sketch->set_max)) {
        OR_DONE(sketch_insert(sketch, a, arena, 0));
    }
done:
    return err;
}

enum sketch_form { FORM_SET, FORM_RANKS, FORM_MORE };

/* 0 and the hashes, 1 and all registers, or 2: more values than uniqUpTo counts. */
static struct err *sketch_write(WRITE_ARGUMENTS)
{
    const struct sketch *sketch = aggregate->data;
    const struct sketch_state *held = state;
    static const uint64_t zero;
    bool more = held->count > sketch->set_max;
    state_put_byte(writer, held->ranks != NULL ? FORM_RANKS : more ? FORM_MORE : FORM_SET);
    if (held->ranks != NULL) {
        state_put(writer, held->ranks, (size_t)1 << sketch->bits);
    } else if (!more) {
        state_put_count(writer, held->count);
        state_put(writer, &zero, held->has_zero != 0 ? sizeof(zero) : 0);
        for (uint32_t i = 0; i < held->slot_count; i++) {
            if (held->slots[i] != 0) {
                state_put(writer, &held->slots[i], sizeof(held->slots[i]));
            }
        }
    }
    return state_writer_error(writer);
}

static struct err *sketch_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct sketch *sketch = aggregate->data;
    struct sketch_state *held = into;
    uint32_t rank_max = sketch->rank_bits - sketch->bits + 1;
    uint8_t form;
    uint64_t count;
    uint64_t hash;
    OR_DONE(state_take_byte(reader, FORM_MORE, &form));
    if ((form == FORM_RANKS && sketch->tag == UP_TO) || (form == FORM_MORE && sketch->tag != UP_TO)) {
        return state_bad("it is of another function");
    }
    if (form == FORM_MORE) {
        held->count = sketch->set_max + 1;
        return NULL;
    }
    if (form == FORM_RANKS) {
        if (held->ranks == NULL) {
            OR_DONE(to_large(sketch, held, arena));
        }
        for (uint32_t i = 0; i < 1U << sketch->bits; i++) {
            uint8_t rank;
            OR_DONE(state_take_byte(reader, (uint8_t)rank_max, &rank));
            held->ranks[i] = rank > held->ranks[i] ? rank : held->ranks[i];
        }
        return NULL;
    }
    OR_DONE(state_take_elements(reader, sizeof(hash), sketch->set_max, &count));
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take(reader, &hash, sizeof(hash)));
        if (sketch->tag != UP_TO || held->count <= sketch->set_max) {
            OR_DONE(sketch_insert(sketch, held, arena, hash));
        }
    }
done:
    return err;
}

/* Ertl's σ and τ: what empty and full registers add to the denominator. */
static double ertl_sigma(double x)
{
    double y = 1;
    double z = x;
    double before;
    if (x == 1) {
        return INFINITY;
    }
    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (z != before);
    return z;
}

static double ertl_tau(double x)
{
    double y = 1;
    double z = 1 - x;
    double before;
    if (x == 0 || x == 1) {
        return 0;
    }
    do {
        x = sqrt(x);
        before = z;
        y /= 2;
        z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
}

static uint64_t sketch_size(const struct sketch *sketch, const struct sketch_state *state)
{
    uint32_t counts[66] = {0};
    if (state->ranks == NULL) {
        return state->count;
    }
    uint32_t buckets = 1U << sketch->bits;
    uint32_t rank_max = sketch->rank_bits - sketch->bits + 1;
    double m = buckets;
    for (uint32_t i = 0; i < buckets; i++) {
        counts[state->ranks[i]]++;
    }
    double linear = counts[0] == 0 ? 0 : m * (log(m) - log((double)counts[0]));
    if (sketch->bits == 17 && sketch->tag == COMBINED) {
        if (counts[0] != 0 && linear < 159000) {
            return (uint64_t)(linear + 0.5);
        }
        double z = m * ertl_tau(1 - counts[rank_max] / m);
        for (uint32_t rank = rank_max - 1; rank >= 1; rank--) {
            z = 0.5 * (z + counts[rank]);
        }
        z += m * ertl_sigma(counts[0] / m);
        return (uint64_t)(m * m / (2 * log(2) * z) + 0.5);
    }
    long double denominator = counts[rank_max];
    for (uint32_t rank = rank_max; rank-- > 0;) {
        denominator = denominator / 2 + counts[rank];
    }
    double raw = 0.7213 / (1 + 1.079 / m) * m * m / (double)denominator;
    bool few = raw <= 4294967296.0 / 30 && raw <= 2.5 * m && counts[0] != 0;
    return (uint64_t)((few ? linear : raw) + 0.5);
}

static struct err *sketch_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    for (uint32_t i = 0; i < count; i++) {
        ((uint64_t *)out->values)[i] = sketch_size(aggregate->data, (const void *)(states + (size_t)i * stride));
    }
    return NULL;
}

static struct err *sketch_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    struct sketch *sketch = ARENA_NEW(bind->arena, struct sketch);
    double parameter = bind->tag == UP_TO ? 5 : 17;
    if (sketch == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->parameter_count > 1) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes one parameter at most", bind->name);
    }
    if (bind->parameter_count == 1) {
        OR_DONE(aggregate_parameter(bind, 0, &parameter));
    }
    if (bind->tag == UP_TO ? !(parameter >= 0 && parameter <= 100) : !(parameter >= 12 && parameter <= 20)) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "the parameter of aggregate function %s must be from %s, not %g",
                       bind->name, bind->tag == UP_TO ? "0 to 100" : "12 to 20", parameter);
    }
    for (uint32_t i = 0; i < bind->count; i++) {
        if (type_is_nested(bind->types[i])) {
            return err_new(ERR_NOT_IMPLEMENTED, "%s of arrays, tuples and maps is not implemented", bind->name);
        }
    }
    sketch->tag = bind->tag;
    sketch->mixes = bind->tag == HLL_12 && bind->count == 1;
    sketch->bits = bind->tag == HLL_12 ? 12 : (uint32_t)parameter;
    sketch->rank_bits = bind->tag == COMBINED_64 ? 64 : 32;
    sketch->set_max = bind->tag == HLL_12  ? 16
                      : bind->tag == UP_TO ? (uint32_t)parameter
                                           : 1U << (sketch->bits - (bind->tag == COMBINED ? 5 : 6));
    out->type = type_simple(TYPE_UINT64);
    out->data = sketch;
    out->state_bytes = STATE_BYTES(struct sketch_state);
    out->add = sketch_add;
    out->merge = sketch_merge;
    out->write_state = sketch_write;
    out->read_state = sketch_read;
    out->finish = sketch_finish;
done:
    return err;
}

#define SKETCH(name, flags, tag)                                                                                       \
    {                                                                                                                  \
        name, false, 1, 8, AGGREGATE_ANY_FORM | (flags), sketch_resolve, tag                                           \
    }
static const struct aggregate_definition definitions[] = {
    SKETCH("uniqCombined", AGGREGATE_PARAMETERS, COMBINED),
    SKETCH("uniqCombined64", AGGREGATE_PARAMETERS, COMBINED_64),
    SKETCH("uniqHLL12", AGGREGATE_NOT_NULL, HLL_12),
    SKETCH("uniqUpTo", AGGREGATE_NOT_NULL | AGGREGATE_PARAMETERS, UP_TO),
};
const struct aggregate_group aggregates_hll = GROUP_WITHOUT_ALIASES(definitions);
