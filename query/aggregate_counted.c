/*
 * aggregate_counted.c: what the counts of distinct values say: entropy, and how much one value has to do with another:
 * cramersV, cramersVBiasCorrected, contingency, theilsU, categoricalInformationValue.
 *
 * counts   a table of 128-bit keys and their counts; a pair's key is a hash of 64 bits of each value
 * source   Cramér, "Mathematical methods of statistics", 1946; Bergsma, "A bias-correction for Cramér's V", 2013;
 *          Theil, "Applied economic forecasting", 1966; ClickHouse's definitions
 */
#include "query/aggregates.h"

#include <math.h>

enum counted_use { USE_ENTROPY, USE_CRAMER, USE_CRAMER_CORRECTED, USE_CONTINGENCY, USE_THEIL };

struct counted {
    struct key128 key;
    uint64_t count; /* 0: free */
};

struct counts {
    struct counted *slots;
    uint32_t count;
    uint32_t slot_count;
};

#define COUNT_MAX ((uint64_t)UINT32_MAX << 16) /* sums of many stay within 64 bits */

static struct err *counts_insert(struct counts *state, struct arena *arena, struct key128 key, uint64_t weight)
{
    if (state->count * 2 >= state->slot_count) {
        if (state->slot_count > UINT32_MAX / 2) {
            return err_new(ERR_MEMORY_LIMIT, "more than 2^31 distinct values in one state");
        }
        uint32_t slot_count = state->slot_count == 0 ? 16 : state->slot_count * 2;
        struct counted *slots = arena_zalloc(arena, slot_count * sizeof(*slots));
        if (slots == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < state->slot_count; i++) {
            const struct counted *old = &state->slots[i];
            if (old->count != 0) {
                uint32_t slot = (uint32_t)hash_mix64(old->key.low ^ old->key.high) & (slot_count - 1);
                while (slots[slot].count != 0) {
                    slot = (slot + 1) & (slot_count - 1);
                }
                slots[slot] = *old;
            }
        }
        state->slots = slots;
        state->slot_count = slot_count;
    }
    uint32_t mask = state->slot_count - 1;
    uint32_t slot = (uint32_t)hash_mix64(key.low ^ key.high) & mask;
    while (state->slots[slot].count != 0 &&
           (state->slots[slot].key.low != key.low || state->slots[slot].key.high != key.high)) {
        slot = (slot + 1) & mask;
    }
    state->count += state->slots[slot].count == 0;
    state->slots[slot].key = key;
    uint64_t left = COUNT_MAX - state->slots[slot].count;
    state->slots[slot].count += weight < left ? weight : left;
    return NULL;
}

/* What depends on what: the two values of a row, 64 bits each. */
static struct err *pair_keys(struct arena *scratch, const struct column *const *arguments, uint32_t row_count,
                             struct key128 **out)
{
    struct err *err = NULL;
    struct key128 *firsts, *seconds;
    OR_DONE(aggregate_row_keys(scratch, arguments, 1, row_count, &firsts));
    OR_DONE(aggregate_row_keys(scratch, arguments + 1, 1, row_count, &seconds));
    for (uint32_t i = 0; i < row_count; i++) {
        firsts[i] =
            (struct key128){hash_mix64(firsts[i].low) ^ firsts[i].high, hash_mix64(seconds[i].low) ^ seconds[i].high};
    }
    *out = firsts;
done:
    return err;
}

static struct err *counts_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    struct key128 *keys;
    OR_DONE((enum counted_use)(intptr_t)aggregate->data == USE_ENTROPY
                ? aggregate_row_keys(scratch, arguments, aggregate->argument_count, row_count, &keys)
                : pair_keys(scratch, arguments, row_count, &keys));
    EACH_ROW(struct counts, OR_DONE(counts_insert(state, arena, keys[i], 1)))
done:
    return err;
}

static struct err *counts_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    struct err *err = NULL;
    const struct counts *b = from;
    for (uint32_t i = 0; i < b->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (b->slots[i].count != 0) {
            OR_DONE(counts_insert(into, arena, b->slots[i].key, b->slots[i].count));
        }
    }
done:
    return err;
}

/* The keys and how often they came. */
static struct err *counts_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const struct counts *counts = state;
    state_put_count(writer, counts->count);
    for (uint32_t i = 0; i < counts->slot_count; i++) {
        if (counts->slots[i].count != 0) {
            state_put(writer, &counts->slots[i].key, sizeof(counts->slots[i].key));
            state_put_count(writer, counts->slots[i].count);
        }
    }
    return state_writer_error(writer);
}

static struct err *counts_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate, (void)scratch;
    struct key128 key;
    uint64_t count;
    uint64_t weight;
    OR_DONE(state_take_elements(reader, sizeof(key) + 1, UINT32_MAX / 2, &count));
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take(reader, &key, sizeof(key)));
        OR_DONE(state_take_count(reader, &weight));
        if (weight == 0 || weight > COUNT_MAX) {
            return state_bad("a value came at no time");
        }
        OR_DONE(counts_insert(into, arena, key, weight));
    }
done:
    return err;
}

static struct err *entropy_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    for (uint32_t g = 0; g < count; g++) {
        const struct counts *state = (const void *)(states + (size_t)g * stride);
        uint64_t total = 0;
        double entropy = 0;
        for (uint32_t i = 0; i < state->slot_count; i++) {
            total += state->slots[i].count;
        }
        for (uint32_t i = 0; i < state->slot_count; i++) {
            if (state->slots[i].count != 0) {
                double share = (double)state->slots[i].count / (double)total;
                entropy -= share * log2(share);
            }
        }
        ((double *)out->values)[g] = entropy;
    }
    return NULL;
}

/* --- two values -------------------------------------------------------------------------------------------------- */

struct margins {
    double *of_first, *of_second; /* per entry of the table in `entries`: of all rows with its first, second value */
    struct counted *entries;
    uint32_t first_count, second_count;
    double total;
};

static int by_first(const void *a, const void *b, void *user)
{
    const struct counted *entries = user;
    const struct key128 *x = &entries[*(const uint32_t *)a].key, *y = &entries[*(const uint32_t *)b].key;
    return (x->low > y->low) - (x->low < y->low);
}

static int by_second(const void *a, const void *b, void *user)
{
    const struct counted *entries = user;
    const struct key128 *x = &entries[*(const uint32_t *)a].key, *y = &entries[*(const uint32_t *)b].key;
    return (x->high > y->high) - (x->high < y->high);
}

/* Sums of the entries that share a value; their number. */
static struct err *margin_of(struct arena *arena, const struct counted *entries, uint32_t count, bool second,
                             double *sums, uint32_t *values)
{
    struct err *err = NULL;
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, count + 1U);
    order_compare *compare = second ? by_second : by_first;
    if (order == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    OR_DONE(order_elements(arena, order, count, sizeof(*order), compare, (void *)(uintptr_t)entries));
    *values = 0;
    for (uint32_t begin = 0, end; begin < count; begin = end) {
        uint64_t sum = 0;
        OR_DONE(interrupt_at(*values));
        for (end = begin; end < count && compare(&order[begin], &order[end], (void *)(uintptr_t)entries) == 0; end++) {
            sum += entries[order[end]].count;
        }
        for (uint32_t i = begin; i < end; i++) {
            sums[order[i]] = (double)sum;
        }
        ++*values;
    }
done:
    return err;
}

static struct err *margins_of(struct arena *arena, const struct counts *counts, struct margins *out)
{
    struct err *err = NULL;
    uint32_t made = 0;
    out->entries = ARENA_ARRAY(arena, struct counted, counts->count + 1U);
    out->of_first = ARENA_ARRAY(arena, double, counts->count + 1U);
    out->of_second = ARENA_ARRAY(arena, double, counts->count + 1U);
    if (out->entries == NULL || out->of_first == NULL || out->of_second == NULL) {
        return arena_error(arena);
    }
    out->total = 0;
    for (uint32_t i = 0; i < counts->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (counts->slots[i].count != 0) {
            out->entries[made++] = counts->slots[i];
            out->total += (double)counts->slots[i].count;
        }
    }
    OR_DONE(margin_of(arena, out->entries, made, false, out->of_first, &out->first_count));
    OR_DONE(margin_of(arena, out->entries, made, true, out->of_second, &out->second_count));
done:
    return err;
}

/* Pearson's mean square contingency. */
static double phi_square(const struct margins *margins, uint32_t count)
{
    double sum = 0, expected = 0;
    for (uint32_t i = 0; i < count; i++) {
        double here = (double)margins->entries[i].count;
        double chance = margins->of_first[i] * margins->of_second[i] / margins->total;
        sum += (here - chance) * (here - chance) / chance;
        expected += chance;
    }
    return (sum + (margins->total - expected)) / margins->total; /* pairs that never came add what was expected */
}

/* How much less uncertain the first value is when the second is known. */
static double theil(const struct margins *margins, uint32_t count)
{
    double alone = 0, known = 0, total = margins->total;
    for (uint32_t i = 0; i < count; i++) {
        double here = (double)margins->entries[i].count;
        alone += here / total * log(margins->of_first[i] / total);
        known += here / total * log(here / margins->of_second[i]);
    }
    return margins->first_count < 2 ? 0 : (alone - known) / alone;
}

static double association(enum counted_use use, const struct margins *margins, uint32_t count)
{
    double a = margins->first_count, b = margins->second_count, n = margins->total;
    if (n < 2) {
        return (double)NAN;
    }
    if (use == USE_THEIL) {
        return theil(margins, count);
    }
    double phi = phi_square(margins, count);
    switch (use) {
    case USE_CONTINGENCY:
        return sqrt(phi / (phi + 1));
    case USE_CRAMER:
        return sqrt(phi / ((a < b ? a : b) - 1));
    default:
        phi -= (a - 1) * (b - 1) / (n - 1);
        a -= (a - 1) * (a - 1) / (n - 1);
        b -= (b - 1) * (b - 1) / (n - 1);
        return sqrt((phi > 0 ? phi : 0) / ((a < b ? a : b) - 1));
    }
}

static struct err *association_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    for (uint32_t g = 0; g < count; g++) {
        const struct counts *state = (const void *)(states + (size_t)g * stride);
        struct margins margins;
        OR_DONE(margins_of(arena, state, &margins));
        ((double *)out->values)[g] = association((enum counted_use)(intptr_t)aggregate->data, &margins, state->count);
    }
done:
    return err;
}

static struct err *counts_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    out->type = type_simple(TYPE_FLOAT64);
    out->data = (const void *)(intptr_t)bind->tag;
    out->state_bytes = STATE_BYTES(struct counts);
    out->add = counts_add;
    out->merge = counts_merge;
    out->write_state = counts_write;
    out->read_state = counts_read;
    out->finish = bind->tag == USE_ENTROPY ? entropy_finish : association_finish;
    return NULL;
}

/* --- categoricalInformationValue --------------------------------------------------------------------------------- */

/* Rows without and with the tag, then those of each category: 16 bytes each. */
static struct err *value_add(ADD_ARGUMENTS)
{
    (void)arena, (void)scratch;
    uint32_t last = aggregate->argument_count - 1;
    EACH_ROW(uint64_t, {
        uint64_t *counts = state;
        bool tag = *(const uint8_t *)column_value(arguments[last], i) != 0;
        counts[tag]++;
        for (uint32_t a = 0; a < last; a++) {
            if (*(const uint8_t *)column_value(arguments[a], i) != 0) {
                counts[2 + 2 * a + tag]++;
            }
        }
    })
    return NULL;
}

static struct err *value_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    for (uint32_t i = 0; i < 2 * aggregate->argument_count; i++) {
        ((uint64_t *)into)[i] += ((const uint64_t *)from)[i];
    }
    return NULL;
}

static struct err *value_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    uint64_t read[2 * AGGREGATE_ARGUMENTS_MAX];
    OR_DONE(state_take(reader, read, 16 * aggregate->argument_count));
    OR_DONE(value_merge(aggregate, arena, into, read));
done:
    return err;
}

static struct err *value_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t categories = aggregate->argument_count - 1;
    OR_DONE(aggregate_arrays(arena, (uint64_t)count * categories, out));
    double *to = out->children[0]->values;
    for (uint32_t g = 0; g < count; g++) {
        const uint64_t *counts = (const void *)(states + (size_t)g * stride);
        for (uint32_t a = 0; a < categories; a++) {
            double with = (double)counts[3 + 2 * a] / (double)counts[1];
            double without = (double)counts[2 + 2 * a] / (double)counts[0];
            *to++ = (with - without) * log(with / without);
        }
        out->offsets[g + 1] = out->offsets[g] + categories;
    }
done:
    return err;
}

static struct err *value_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    for (uint32_t a = 0; a < bind->count; a++) {
        if (bind->types[a]->kind != TYPE_UINT8 && bind->types[a]->kind != TYPE_BOOL) {
            return aggregate_argument_error(bind, a, "a UInt8 is needed");
        }
    }
    out->type = type_array(bind->arena, type_simple(TYPE_FLOAT64));
    out->state_bytes = 16 * bind->count;
    out->add = value_add;
    out->merge = value_merge;
    out->finish = value_finish;
    aggregate_raw(out, 16 * bind->count);
    out->read_state = value_read;
    return out->type == NULL ? arena_error(bind->arena) : NULL;
}

static const struct aggregate_definition definitions[] = {
    {"entropy", false, 1, 8, AGGREGATE_ANY_FORM, counts_resolve, USE_ENTROPY},
    {"cramersV", false, 2, 2, AGGREGATE_ANY_FORM, counts_resolve, USE_CRAMER},
    {"cramersVBiasCorrected", false, 2, 2, AGGREGATE_ANY_FORM, counts_resolve, USE_CRAMER_CORRECTED},
    {"contingency", false, 2, 2, AGGREGATE_ANY_FORM, counts_resolve, USE_CONTINGENCY},
    {"theilsU", false, 2, 2, AGGREGATE_ANY_FORM, counts_resolve, USE_THEIL},
    {"categoricalInformationValue", false, 2, AGGREGATE_ARGUMENTS_MAX, AGGREGATE_NOT_NULL | AGGREGATE_ANY_FORM,
     value_resolve, 0},
};
const struct aggregate_group aggregates_counted = GROUP_WITHOUT_ALIASES(definitions);
