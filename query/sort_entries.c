/*
 * sort_entries.c: sorts entries of rows by words of 64 bits, key after key.
 *
 * words    entries are sorted by a word (radix sort); each run of equal words by its next word: the next bytes of a
 *          string, its length, is it NULL, the next key. Strings that are alike in TEXT_WORDS words, and what has no
 *          words (arrays, numbers of 256 bits) are compared.
 * thread   any, for entries of its own
 */
#include "query/sort_entries.h"
#include "query/aggregates.h"

#define SIGN_BIT    ((uint64_t)1 << 63)
#define TEXT_WORDS  4U
#define CHECK_ROWS  32768U /* fewer are sorted without a look at the query's state */
#define INSERT_ROWS 24U    /* so few are sorted by insertion */
#define RADIX_ROWS  512U   /* fewer are merged */

/* What the words of a run say: key `key`, its word number `step`, or */
#define STEP_NULLS  100U /* is it NULL? */
#define STEP_LENGTH 101U

int sort_entries_compare(const void *left, const void *right, void *user)
{
    const struct sort_ordering *ordering = user;
    const struct sort_entry *a = left;
    const struct sort_entry *b = right;
    uint32_t columns = ordering->plan->column_count;
    return sort_compare_rows(ordering->plan, (const struct column *const *)ordering->chunks[a->chunk].columns + columns,
                             a->row, (const struct column *const *)ordering->chunks[b->chunk].columns + columns,
                             b->row);
}

/* --- words ------------------------------------------------------------------------------------------------------- */

static struct slice text_at(const struct sort_entries_key *key, const struct sort_entry *entry)
{
    const void *values = key->values[entry->chunk];
    return key->type->kind == TYPE_STRING
               ? ((const struct slice *)values)[entry->row]
               : slice_of((const char *)values + (size_t)entry->row * key->type->width, key->type->width);
}

static bool is_null_at(const struct sort_entries_key *key, const struct sort_entry *entry)
{
    return key->nulls != NULL && key->nulls[entry->chunk] != NULL && key->nulls[entry->chunk][entry->row] != 0;
}

static inline uint64_t bytes_word(struct slice text, size_t offset)
{
    uint64_t word = 0;
    if (text.length >= offset + 8) {
        memcpy(&word, text.data + offset, 8);
        return __builtin_bswap64(word);
    }
    for (size_t i = 0; offset + i < text.length; i++) {
        word |= (uint64_t)(unsigned char)text.data[offset + i] << (56 - 8 * i);
    }
    return word;
}

static struct err *fill_texts(const struct sort_entries_key *key, uint32_t step, struct sort_entry *entries,
                              uint64_t count)
{
    struct err *err = NULL;
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(interrupt_at(i));
        struct slice text = text_at(key, &entries[i]);
        entries[i].word = (step == STEP_LENGTH ? text.length : bytes_word(text, (size_t)step * 8)) ^ key->flip;
    }
done:
    return err;
}

#define FILL(ctype, expression)                                                                                        \
    for (uint64_t i = 0; i < count; i++) {                                                                             \
        OR_DONE(interrupt_at(i));                                                                                      \
        const ctype *values = key->values[entries[i].chunk];                                                           \
        ctype value = values[entries[i].row];                                                                          \
        entries[i].word = (expression) ^ key->flip;                                                                    \
    }                                                                                                                  \
    break

static struct err *fill_numbers(const struct sort_entries_key *key, struct sort_entry *entries, uint64_t count)
{
    struct err *err = NULL;
    switch ((int)key->physical) {
    case TYPE_INT8:
        FILL(int8_t, (uint64_t)(int64_t)value ^ SIGN_BIT);
    case TYPE_INT16:
        FILL(int16_t, (uint64_t)(int64_t)value ^ SIGN_BIT);
    case TYPE_INT32:
        FILL(int32_t, (uint64_t)(int64_t)value ^ SIGN_BIT);
    case TYPE_INT64:
        FILL(int64_t, (uint64_t)value ^ SIGN_BIT);
    case TYPE_UINT8:
        FILL(uint8_t, (uint64_t)value);
    case TYPE_UINT16:
        FILL(uint16_t, (uint64_t)value);
    case TYPE_UINT32:
        FILL(uint32_t, (uint64_t)value);
    case TYPE_UINT64:
        FILL(uint64_t, value);
    default: /* floats: a NaN's word does not turn with the direction */
        for (uint64_t i = 0; i < count; i++) {
            OR_DONE(interrupt_at(i));
            uint64_t word = ordered_bits(key->physical, (const char *)key->values[entries[i].chunk] +
                                                            (size_t)entries[i].row * key->type->width);
            entries[i].word = word == UINT64_MAX ? key->after : word ^ key->flip;
        }
    }
done:
    return err;
}

struct err *sort_entries_fill(const struct sort_entries_key *key, uint32_t step, struct sort_entry *entries,
                              uint64_t count)
{
    struct err *err = NULL;
    if (step == STEP_NULLS) {
        for (uint64_t i = 0; i < count; i++) {
            OR_DONE(interrupt_at(i));
            entries[i].word = is_null_at(key, &entries[i]) != key->key->nulls_first;
        }
        return NULL;
    }
    if (key->kind == WORD_TEXT) {
        OR_DONE(fill_texts(key, step, entries, count));
    } else if (key->kind == WORD_NUMBER) {
        OR_DONE(fill_numbers(key, entries, count));
    } else {
        uint64_t sign = step == 0 && key->physical == TYPE_INT128 ? SIGN_BIT : 0;
        for (uint64_t i = 0; i < count; i++) {
            OR_DONE(interrupt_at(i));
            const uint64_t *value = (const uint64_t *)key->values[entries[i].chunk] + (size_t)entries[i].row * 2;
            entries[i].word = value[1 - step] ^ sign ^ key->flip;
        }
    }
    for (uint64_t i = 0; step == 0 && key->nulls != NULL && i < count; i++) {
        OR_DONE(interrupt_at(i));
        entries[i].word = is_null_at(key, &entries[i]) ? key->after : entries[i].word;
    }
done:
    return err;
}

/* The word behind (key, step) that rows of equal words are to be sorted by; false: there is none. */
static bool next_word(const struct sort_ordering *ordering, const struct sort_entry *entries, uint64_t count,
                      uint32_t *k, uint32_t *step)
{
    const struct sort_entries_key *key = &ordering->keys[*k];
    if (*step == 0 && key->nulls != NULL && entries[0].word == key->after) {
        *step = STEP_NULLS; /* a value, or a NaN, may have the same word as a NULL */
        return true;
    }
    bool null = *step == STEP_NULLS && is_null_at(key, &entries[0]);
    uint32_t done = *step == STEP_NULLS ? 0 : *step;
    if (key->kind == WORD_WIDE && !null && done == 0) {
        *step = 1;
        return true;
    }
    if (key->kind == WORD_TEXT && !null && done != STEP_LENGTH) {
        size_t shortest = SIZE_MAX, longest = 0;
        for (uint64_t i = 0; i < count && !interrupted_at(i); i++) {
            size_t length = text_at(key, &entries[i]).length;
            shortest = length < shortest ? length : shortest;
            longest = length > longest ? length : longest;
        }
        if (longest > ((size_t)done + 1) * 8) {
            *step = done + 1;
            return true;
        }
        if (shortest != longest) {
            *step = STEP_LENGTH;
            return true;
        }
    }
    *k += 1;
    *step = 0;
    return *k < ordering->key_count;
}

/* --- sorting ----------------------------------------------------------------------------------------------------- */

static void sort_merging(struct sort_entry *entries, struct sort_entry *spare, uint64_t count)
{
    for (uint64_t begin = 0; begin < count; begin += INSERT_ROWS) {
        uint64_t end = count - begin < INSERT_ROWS ? count : begin + INSERT_ROWS;
        for (uint64_t i = begin + 1; i < end; i++) {
            struct sort_entry entry = entries[i];
            uint64_t at = i;
            for (; at > begin && entries[at - 1].word > entry.word; at--) {
                entries[at] = entries[at - 1];
            }
            entries[at] = entry;
        }
    }
    struct sort_entry *from = entries, *to = spare;
    for (uint64_t width = INSERT_ROWS; width < count; width *= 2) {
        for (uint64_t begin = 0; begin < count; begin += 2 * width) {
            uint64_t middle = count - begin < width ? count : begin + width;
            uint64_t end = count - begin < 2 * width ? count : begin + 2 * width;
            uint64_t a = begin, b = middle;
            for (uint64_t at = begin; at < end; at++) {
                bool left = b == end || (a < middle && from[a].word <= from[b].word);
                to[at] = left ? from[a] : from[b];
                a += left;
                b += !left;
            }
        }
        struct sort_entry *swap = from;
        from = to;
        to = swap;
    }
    if (from != entries) {
        memcpy(entries, from, count * sizeof(*entries));
    }
}

/* By the word; equal words keep their order. */
static struct err *sort_words(struct execution *execution, struct sort_entry *entries, struct sort_entry *spare,
                              uint64_t count)
{
    struct err *err = NULL;
    struct sort_entry *from = entries, *to = spare;
    uint64_t common = 0;
    uint64_t all = UINT64_MAX;
    bool sorted = true;

    if (count == 0) {
        return NULL;
    }
    for (uint64_t i = 0, last = entries[0].word; i < count; i++) {
        OR_DONE(interrupt_at(i));
        uint64_t word = entries[i].word;
        sorted &= word >= last;
        common |= word;
        all &= word;
        last = word;
    }
    if (sorted) {
        return NULL;
    }
    if (count < RADIX_ROWS) {
        sort_merging(entries, spare, count);
        return NULL;
    }
    OR_DONE(interrupt_touch(spare, count * sizeof(*spare)));
    for (uint32_t shift = 0; shift < 64; shift += 8) {
        if (((common ^ all) >> shift & 0xff) == 0) {
            continue; /* the byte is the same everywhere */
        }
        uint64_t counts[257] = {0};
        for (uint64_t i = 0; i < count; i++) {
            OR_DONE(interrupt_at(i));
            counts[(from[i].word >> shift & 0xff) + 1]++;
        }
        for (uint32_t b = 0; b < 256; b++) {
            counts[b + 1] += counts[b];
        }
        for (uint64_t i = 0; i < count; i++) {
            OR_DONE(interrupt_at(i));
            to[counts[from[i].word >> shift & 0xff]++] = from[i];
        }
        struct sort_entry *swap = from;
        from = to;
        to = swap;
        if (count >= CHECK_ROWS) {
            OR_DONE(execution_check(execution));
        }
    }
    if (from != entries) {
        OR_DONE(interrupt_copy(entries, from, count * sizeof(*entries)));
    }
done:
    return err;
}

static struct err *sort_runs_of(const struct sort_ordering *ordering, struct sort_entry *entries,
                                struct sort_entry *spare, uint64_t count, uint32_t k, uint32_t step);

/* Entries whose words up to (k, step) are equal. */
static struct err *sort_equal(const struct sort_ordering *ordering, struct sort_entry *entries,
                              struct sort_entry *spare, uint64_t count, uint32_t k, uint32_t step)
{
    struct err *err = NULL;
    while (next_word(ordering, entries, count, &k, &step)) {
        const struct sort_entries_key *key = &ordering->keys[k];
        if (key->kind == WORD_NONE || (key->kind == WORD_TEXT && step >= TEXT_WORDS && step < STEP_NULLS)) {
            OR_DONE(order_elements(ordering->arena, entries, count, sizeof(*entries), sort_entries_compare,
                                   (void *)(uintptr_t)ordering));
            break;
        }
        OR_DONE(sort_entries_fill(key, step, entries, count));
        uint64_t i = 1;
        while (i < count && entries[i].word == entries[0].word) {
            i++;
        }
        if (i < count) {
            OR_DONE(sort_runs_of(ordering, entries, spare, count, k, step));
            break;
        }
    }
    if (count >= CHECK_ROWS) {
        OR_DONE(execution_check(ordering->execution));
    }
done:
    return err;
}

/* Entries with the words of (k, step). */
static struct err *sort_runs_of(const struct sort_ordering *ordering, struct sort_entry *entries,
                                struct sort_entry *spare, uint64_t count, uint32_t k, uint32_t step)
{
    struct err *err = NULL;
    uint64_t steps = 0;
    OR_DONE(sort_words(ordering->execution, entries, spare, count));
    for (uint64_t begin = 0; begin < count;) {
        uint64_t end = begin + 1;
        while (end < count && entries[end].word == entries[begin].word) {
            end++;
        }
        OR_DONE(interrupt_steps(&steps, 100 * (end - begin)));
        if (end - begin > 1) {
            OR_DONE(sort_equal(ordering, entries + begin, spare + begin, end - begin, k, step));
        }
        begin = end;
    }
done:
    return err;
}

struct err *sort_entries(const struct sort_ordering *ordering, struct sort_entry *entries, struct sort_entry *spare,
                         uint64_t count)
{
    if (ordering->key_count == 0) {
        return NULL;
    }
    if (ordering->keys[0].kind == WORD_NONE) {
        return order_elements(ordering->arena, entries, count, sizeof(*entries), sort_entries_compare,
                              (void *)(uintptr_t)ordering);
    }
    return sort_runs_of(ordering, entries, spare, count, 0, 0);
}

/* --- the keys ---------------------------------------------------------------------------------------------------- */

static enum word_kind kind_of(const struct type *type)
{
    enum type_kind physical = type_physical(type);
    if (type->kind == TYPE_STRING || type->kind == TYPE_FIXED_STRING || type->kind == TYPE_IPV6) {
        return WORD_TEXT;
    }
    if (type->kind == TYPE_NOTHING || type_is_nested(type) || type->width == 0) {
        return WORD_NONE;
    }
    if (physical == TYPE_INT128 || physical == TYPE_UINT128) {
        return WORD_WIDE;
    }
    return type->width <= 8 ? WORD_NUMBER : WORD_NONE;
}

struct err *sort_ordering_init(struct sort_ordering *ordering, struct arena *arena)
{
    const struct plan *plan = ordering->plan;
    ordering->key_count = plan->sort_key_count;
    ordering->keys = arena_zalloc(arena, (plan->sort_key_count + (size_t)1) * sizeof(*ordering->keys));
    for (uint32_t k = 0; ordering->keys != NULL && k < plan->sort_key_count; k++) {
        struct sort_entries_key *key = &ordering->keys[k];
        key->key = &plan->sort_keys[k];
        key->type = key->key->expression->type;
        key->kind = kind_of(key->type);
        key->physical = type_physical(key->type);
        key->flip = key->key->descending ? UINT64_MAX : 0;
        key->after = key->key->nulls_first ? 0 : UINT64_MAX;
        key->values = ARENA_ARRAY(arena, const void *, ordering->chunk_count + 1U);
        const uint8_t **nulls = ARENA_ARRAY(arena, const uint8_t *, ordering->chunk_count + 1U);
        if (key->values == NULL || nulls == NULL) {
            return arena_error(arena);
        }
        for (uint32_t c = 0; c < ordering->chunk_count; c++) {
            const struct column *column = ordering->chunks[c].columns[plan->column_count + k];
            key->values[c] = column->values;
            nulls[c] = column->nulls;
            key->nulls = column->nulls != NULL ? nulls : key->nulls;
        }
    }
    return ordering->keys == NULL ? arena_error(arena) : NULL;
}
