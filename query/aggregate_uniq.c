/*
 * aggregate_uniq.c: uniq, uniqExact: sets of hashes.
 *
 * uniq     ClickHouse's adaptive sample of 32-bit hashes (sample_set.h). The estimate equals ClickHouse's, hash for
 *          hash.
 * exact    a set of 128-bit keys: values of up to 16 bytes as they are, strings by XXH3-128
 * state    open addressing in the states' arena; growing leaves the old table behind in the arena
 * thread   a state belongs to one thread at a time
 */
#include "base/city_hash.h"
#include "base/vector.h"
#include "query/aggregates.h"
#include "query/functions/nested.h"
#include "query/nested_key.h"
#include "query/sample_set.h"

#include <math.h>
#include <xxhash.h>

/* All NaNs are one value, and 0 and -0 are two. */
static bool is_nan(const struct type *type, const void *value)
{
    return (type->kind == TYPE_FLOAT64 && isnan(*(const double *)value)) ||
           (type->kind == TYPE_FLOAT32 && isnan(*(const float *)value));
}

static uint64_t value_hash(const struct type *type, const void *value)
{
    static const double nan64 = NAN;
    static const float nan32 = NAN;
    uint64_t word = 0;
    if (is_nan(type, value)) {
        value = type->kind == TYPE_FLOAT64 ? (const void *)&nan64 : &nan32;
    }
    if (type->kind == TYPE_STRING) {
        return city_hash64(*(const struct slice *)value);
    }
    if (type->kind == TYPE_FIXED_STRING || type->kind == TYPE_IPV6) {
        return city_hash64(slice_of(value, type->width));
    }
    if (type_is_256(type)) { /* the highest word has no part in it, as in ClickHouse */
        uint64_t words[3];
        memcpy(words, value, sizeof(words));
        return hash_mix64(words[0] ^ words[1] ^ words[2]);
    }
    if (type->width == 16) {
        uint64_t halves[2];
        memcpy(halves, value, 16);
        if (type_is_integer(type)) {
            return hash_mix64(halves[0] ^ halves[1]);
        }
        return city_hash_pair(halves[0], halves[1]);
    }
    if (type_is_signed(type) || type->kind == TYPE_DATE32 || type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16) {
        struct column one = {.type = type, .form = COLUMN_CONST, .row_count = 1};
        one.values = (void *)(uintptr_t)value;
        return (uint64_t)column_int(&one, 0);
    }
    memcpy(&word, value, type->width);
    return word;
}

/* Words of unsigned numbers; signed ones are widened with their sign. */
static struct err *number_words(struct arena *scratch, const struct column *column, uint32_t row_count,
                                uint64_t *hashes)
{
    const struct column *words =
        column_numbers(scratch, column, type_is_signed(column->type) ? TYPE_INT64 : TYPE_UINT64);
    if (words == NULL) {
        return arena_error(scratch);
    }
    memcpy(hashes, words->values, row_count * sizeof(*hashes));
    return NULL;
}

/* Hashes of all rows, several: of the bytes of their cells; once per dictionary entry where that is less. */
static struct err *row_hashes(struct arena *scratch, const struct type *type, const struct column *column,
                              uint32_t row_count, bool several, uint64_t **out)
{
    uint64_t *hashes = ARENA_ARRAY(scratch, uint64_t, row_count + 1U);
    if (hashes == NULL) {
        return arena_error(scratch);
    }
    if (column->form == COLUMN_DICT && column->dictionary->row_count <= row_count) {
        uint64_t *entries = NULL;
        struct err *err =
            row_hashes(scratch, type, column->dictionary, column->dictionary->row_count, several, &entries);
        if (err != NULL) {
            return err;
        }
        for (uint32_t i = 0; i < row_count; i++) {
            hashes[i] = entries[column->codes[i]];
        }
    } else if (column->form == COLUMN_FLAT && type->kind == TYPE_STRING) {
        const struct slice *texts = column->values;
        for (uint32_t i = 0; i < row_count; i++) {
            hashes[i] = city_hash64(texts[i]);
        }
    } else if (several) {
        for (uint32_t i = 0; i < row_count; i++) {
            const void *cell = column_value(column, i);
            hashes[i] =
                city_hash64(type->kind == TYPE_STRING ? *(const struct slice *)cell : slice_of(cell, type->width));
        }
    } else if (column->form == COLUMN_FLAT && type->width <= 8 &&
               (type_is_integer(type) || type->kind == TYPE_DATE || type->kind == TYPE_DATETIME)) {
        struct err *err = number_words(scratch, column, row_count, hashes);
        if (err != NULL) {
            return err;
        }
    } else {
        for (uint32_t i = 0; i < row_count; i++) {
            hashes[i] = value_hash(type, column_value(column, i));
        }
    }
    *out = hashes;
    return NULL;
}

struct err *aggregate_row_hashes(const struct aggregate *aggregate, struct arena *scratch,
                                 const struct column *const *arguments, uint32_t row_count, uint64_t **out)
{
    struct err *err = NULL;
    uint64_t *hashes;
    bool several = aggregate->argument_count > 1;
    OR_DONE(row_hashes(scratch, aggregate->argument_types[0], arguments[0], row_count, several, &hashes));
    for (uint32_t a = 1; a < aggregate->argument_count; a++) {
        uint64_t *more;
        OR_DONE(row_hashes(scratch, aggregate->argument_types[a], arguments[a], row_count, several, &more));
        for (uint32_t i = 0; i < row_count; i++) {
            hashes[i] = city_hash_pair(more[i], hashes[i]);
        }
    }
    *out = hashes;
done:
    return err;
}

VECTORISED static void mix_all(const uint64_t *words, uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (uint32_t)hash_mix64(words[i]);
    }
}

VECTORISED static void cut_all(const uint64_t *words, uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (uint32_t)words[i];
    }
}

static struct err *uniq_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    uint64_t *words;
    uint32_t *hashes = ARENA_ARRAY(scratch, uint32_t, row_count + 1U);
    if (hashes == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(aggregate_row_hashes(aggregate, scratch, arguments, row_count, &words));
    if (aggregate->argument_count == 1) {
        mix_all(words, row_count, hashes);
    } else {
        cut_all(words, row_count, hashes); /* hashes of several are not mixed once more */
    }
    if (groups == NULL) {
        OR_DONE(sample_set_add((struct sample_set *)(void *)states, arena, hashes, row_count));
    } else {
        OR_DONE(sample_set_add_groups(states, stride, groups, arena, hashes, row_count));
    }
done:
    return err;
}

static struct err *uniq_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    return sample_set_merge(into, arena, from);
}

static struct err *uniq_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    return sample_set_write(state, writer);
}

static struct err *uniq_read(READ_ARGUMENTS)
{
    (void)aggregate, (void)scratch;
    return sample_set_read(into, arena, reader);
}

static struct err *uniq_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(sample_set_size((const void *)(states + (size_t)i * stride), arena, &((uint64_t *)out->values)[i]));
    }
done:
    return err;
}

/* --- exact ------------------------------------------------------------------------------------------------------- */

static uint32_t exact_slot(const struct key_set *state, struct key128 key)
{
    uint32_t mask = state->slot_count - 1;
    uint32_t slot = (uint32_t)hash_mix64(key.low ^ (key.high * 0x9E3779B97F4A7C15ULL)) & mask;
    while ((state->used[slot / 32] >> (slot % 32) & 1) != 0 &&
           (state->slots[slot].low != key.low || state->slots[slot].high != key.high)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

struct err *key_set_add(struct key_set *state, struct arena *arena, struct key128 key, bool *added)
{
    struct err *err = NULL;
    if (state->count * 2 >= state->slot_count) {
        struct key_set old = *state;
        struct key_set grown = old;
        if (old.slot_count > UINT32_MAX / 2) {
            return err_new(ERR_MEMORY_LIMIT, "more than 2^31 distinct values in one set");
        }
        grown.slot_count = old.slot_count == 0 ? 8 : old.slot_count * 2;
        grown.slots = ARENA_ARRAY(arena, struct key128, grown.slot_count);
        grown.used = arena_zalloc(arena, (grown.slot_count / 32 + 1) * sizeof(uint32_t));
        if (grown.slots == NULL || grown.used == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < old.slot_count; i++) {
            OR_DONE(interrupt_at(i));
            if ((old.used[i / 32] >> (i % 32) & 1) != 0) {
                uint32_t slot = exact_slot(&grown, old.slots[i]);
                grown.slots[slot] = old.slots[i];
                grown.used[slot / 32] |= 1U << (slot % 32);
            }
        }
        *state = grown;
    }
    uint32_t slot = exact_slot(state, key);
    *added = (state->used[slot / 32] >> (slot % 32) & 1) == 0;
    if (*added) {
        state->slots[slot] = key;
        state->used[slot / 32] |= 1U << (slot % 32);
        state->count++;
    }
done:
    return err;
}

static struct key128 exact_key(const struct type *type, const void *value)
{
    struct key128 key = {0, 0};
    if (type->kind == TYPE_STRING || type->width > 16) {
        struct slice text = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
        XXH128_hash_t hash = XXH3_128bits(text.length == 0 ? "" : text.data, text.length);
        return (struct key128){hash.low64, hash.high64};
    }
    if (is_nan(type, value)) {
        return (struct key128){UINT64_MAX, 0};
    }
    memcpy(&key, value, type->width);
    return key;
}

/* Of arrays, tuples and maps: a hash of their bytes. */
static struct err *nested_keys(struct arena *scratch, const struct column *const *arguments, uint32_t argument_count,
                               uint32_t row_count, struct key128 *keys, struct key128 **out)
{
    struct err *err = NULL;
    struct slice *bytes = ARENA_ARRAY(scratch, struct slice, row_count + 1U);
    if (bytes == NULL) {
        return arena_error(scratch);
    }
    memset(keys, 0, row_count * sizeof(*keys));
    for (uint32_t a = 0; a < argument_count; a++) {
        bool constant = arguments[a]->form == COLUMN_CONST;
        OR_DONE(nested_key_encode(scratch, arguments[a], constant ? 1 : row_count, bytes));
        for (uint32_t i = 0; i < row_count; i++) {
            struct slice text = bytes[constant ? 0 : i];
            XXH128_hash_t hash = XXH3_128bits(text.length == 0 ? "" : text.data, text.length);
            struct key128 pair[2] = {keys[i], {hash.low64, hash.high64}};
            hash = XXH3_128bits(pair, sizeof(pair));
            keys[i] = (struct key128){hash.low64, hash.high64};
        }
    }
    *out = keys;
done:
    return err;
}

struct err *aggregate_row_keys(struct arena *scratch, const struct column *const *arguments, uint32_t argument_count,
                               uint32_t row_count, struct key128 **out)
{
    struct key128 *keys = ARENA_ARRAY(scratch, struct key128, row_count + 1U);
    if (keys == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t a = 0; a < argument_count; a++) {
        if (type_is_nested(arguments[a]->type)) {
            return nested_keys(scratch, arguments, argument_count, row_count, keys, out);
        }
    }
    if (arguments[0]->form == COLUMN_FLAT) {
        const char *cells = arguments[0]->values;
        size_t width = arguments[0]->type->width;
        for (uint32_t i = 0; i < row_count; i++) {
            keys[i] = exact_key(arguments[0]->type, cells + i * width);
        }
    } else {
        for (uint32_t i = 0; i < row_count; i++) {
            keys[i] = exact_key(arguments[0]->type, column_value(arguments[0], i));
        }
    }
    for (uint32_t a = 1; a < argument_count; a++) {
        for (uint32_t i = 0; i < row_count; i++) {
            struct key128 pair[2] = {keys[i], exact_key(arguments[a]->type, column_value(arguments[a], i))};
            XXH128_hash_t hash = XXH3_128bits(pair, sizeof(pair));
            keys[i] = (struct key128){hash.low64, hash.high64};
        }
    }
    *out = keys;
    return NULL;
}

/* A set, and what it has of the dictionary that it was given last: so each of its entries is looked up once. */
struct exact_state {
    struct key_set set;
    uint64_t dictionary_id;
    uint8_t *seen; /* a bit per entry */
    uint64_t seen_bytes;
    uint64_t unused;
};

#define SEEN_ENTRIES_A_ROW 64U /* a dictionary of more entries than so many per row is not worth its bits */

/* Rows of codes that the state has not seen are left. */
static struct err *exact_unseen(struct exact_state *state, struct arena *arena, struct arena *scratch,
                                const struct column **column, uint32_t *row_count)
{
    const struct column *coded = *column;
    uint64_t bytes = coded->dictionary->row_count / 8 + 1;
    uint32_t *rows = ARENA_ARRAY(scratch, uint32_t, *row_count + 1U);
    uint32_t count = 0;
    if (rows == NULL) {
        return arena_error(scratch);
    }
    if (state->dictionary_id != coded->dictionary_id || state->seen_bytes < bytes) {
        if (state->seen_bytes < bytes) {
            state->dictionary_id = 0;
            state->seen = arena_alloc(arena, bytes);
            state->seen_bytes = state->seen == NULL ? 0 : bytes;
            if (state->seen == NULL) {
                return arena_error(arena);
            }
        }
        memset(state->seen, 0, state->seen_bytes);
        state->dictionary_id = coded->dictionary_id;
    }
    for (uint32_t i = 0; i < *row_count; i++) {
        uint32_t code = coded->codes[i];
        rows[count] = i;
        count += (state->seen[code / 8] >> code % 8 & 1) == 0;
        state->seen[code / 8] |= (uint8_t)(1U << code % 8);
    }
    *row_count = count;
    *column = column_take(scratch, coded, rows, count);
    return *column == NULL ? arena_error(scratch) : NULL;
}

static struct err *exact_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    struct key128 *keys;
    bool added;
    const struct column *unseen = arguments[0];
    if (groups == NULL && aggregate->argument_count == 1 && unseen->form == COLUMN_DICT && unseen->dictionary_id != 0 &&
        unseen->dictionary->row_count / SEEN_ENTRIES_A_ROW <= row_count) {
        OR_DONE(exact_unseen((struct exact_state *)(void *)states, arena, scratch, &unseen, &row_count));
        arguments = &unseen;
    }
    OR_DONE(aggregate_row_keys(scratch, arguments, aggregate->argument_count, row_count, &keys));
    EACH_ROW(struct exact_state, OR_DONE(key_set_add(&state->set, arena, keys[i], &added)))
done:
    return err;
}

static struct err *exact_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    struct err *err = NULL;
    struct key_set *a = into;
    struct key_set *b = from;
    bool added;
    if (a->count < b->count) {
        struct exact_state swap = *(struct exact_state *)into;
        *(struct exact_state *)into = *(struct exact_state *)from;
        *(struct exact_state *)from = swap;
    }
    for (uint32_t i = 0; i < b->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if ((b->used[i / 32] >> (i % 32) & 1) != 0) {
            OR_DONE(key_set_add(a, arena, b->slots[i], &added));
        }
    }
done:
    return err;
}

/* Bytes of a key: values of one scalar argument as they are, else all 16 of a hash. */
static uint32_t exact_key_bytes(const struct aggregate *aggregate)
{
    const struct type *type = aggregate->argument_types[0];
    bool hashed = aggregate->argument_count > 1 || type->kind == TYPE_STRING || type->width == 0 || type->width > 16;
    return hashed ? 16 : type->width;
}

static struct err *exact_write(WRITE_ARGUMENTS)
{
    const struct key_set *set = state;
    uint32_t bytes = exact_key_bytes(aggregate);
    state_put_count(writer, set->count);
    for (uint32_t i = 0; i < set->slot_count; i++) {
        if ((set->used[i / 32] >> (i % 32) & 1) != 0) {
            state_put(writer, &set->slots[i], bytes);
        }
    }
    return state_writer_error(writer);
}

static struct err *exact_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    uint32_t bytes = exact_key_bytes(aggregate);
    uint64_t count;
    bool added;
    OR_DONE(state_take_elements(reader, bytes, UINT32_MAX / 2, &count));
    for (uint64_t i = 0; i < count; i++) {
        struct key128 key = {0, 0};
        OR_DONE(state_take(reader, &key, bytes));
        OR_DONE(key_set_add(into, arena, key, &added));
    }
done:
    return err;
}

static struct err *exact_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    for (uint32_t i = 0; i < count; i++) {
        ((uint64_t *)out->values)[i] = ((const struct key_set *)(const void *)(states + (size_t)i * stride))->count;
    }
    return NULL;
}

static struct err *uniq_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    bool exact = bind->tag == 1;
    for (uint32_t i = 0; i < bind->count; i++) {
        if (type_is_nested(bind->types[i]) && !exact) {
            return err_new(ERR_NOT_IMPLEMENTED, "%s of arrays, tuples and maps is not implemented", bind->name);
        }
    }
    out->type = type_simple(TYPE_UINT64);
    if (exact && aggregate_exact_number(bind, out)) {
        return NULL;
    }
    out->state_bytes = exact ? STATE_BYTES(struct exact_state) : STATE_BYTES(struct sample_set);
    out->add = exact ? exact_add : uniq_add;
    out->merge = exact ? exact_merge : uniq_merge;
    out->finish = exact ? exact_finish : uniq_finish;
    out->write_state = exact ? exact_write : uniq_write;
    out->read_state = exact ? exact_read : uniq_read;
    return NULL;
}

static const struct aggregate_definition definitions[] = {
    {"uniq", false, 1, 8, AGGREGATE_NOT_NULL | AGGREGATE_ANY_FORM, uniq_resolve, 0},
    {"uniqExact", false, 1, 8, AGGREGATE_NOT_NULL | AGGREGATE_ANY_FORM, uniq_resolve, 1},
};
const struct aggregate_group aggregates_uniq = GROUP_WITHOUT_ALIASES(definitions);
