/*
 * word_table.c: keys of 64-bit words as numbers.
 *
 * batch    rows whose keys are not near are gathered and looked up together: slots and words are fetched ahead, so that
 *          misses overlap. Near keys need none of it: their loads depend on nothing but the row.
 */
#include "query/word_table.h"

#include "base/interrupt.h"
#include "base/vector.h"
#include "query/intern.h"

#include <string.h>

#define NO_NUMBER      UINT32_MAX
#define SLOTS_MIN      256U
#define NEAR_ROWS_MIN  512U
#define NEAR_WORDS_MIN 65536U
#define NEAR_WORDS_MAX (8U << 20)
#define MISSING        512U /* rows that are looked at together */
#define NEAR_SPARSE    16U  /* words a key at most, when the array is made larger */

static uint64_t mix_words(const uint64_t *words, uint32_t count)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ words[i]) * 0x9E3779B97F4A7C15ULL;
        hash ^= hash >> 32;
    }
    return hash;
}

static inline bool is_near(const struct word_table *table, uint64_t word)
{
    return word - table->near_base < table->near_words;
}

/* --- growing ----------------------------------------------------------------------------------------------------- */

/* Slots anew, of the keys that are not near. */
static struct err *slots_make(struct word_table *table, uint32_t slot_count)
{
    struct err *err = NULL;
    uint32_t *slots = arena_zalloc(table->arena, (size_t)slot_count * sizeof(*slots));
    uint32_t slotted = 0;
    if (slots == NULL) {
        return arena_error(table->arena);
    }
    for (uint32_t n = 0; n < table->count; n++) {
        const uint64_t *words = table->words + (size_t)n * table->word_count;
        OR_DONE(interrupt_at(n));
        if (is_near(table, words[0])) {
            continue;
        }
        uint32_t slot = (uint32_t)mix_words(words, table->word_count) & (slot_count - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = n + 1;
        slotted++;
    }
    arena_release(table->arena, table->slots, table->slot_count * sizeof(*slots));
    table->slots = slots;
    table->slot_count = slot_count;
    table->slotted = slotted;
done:
    return err;
}

static uint32_t slots_for(uint32_t count)
{
    uint32_t slot_count = SLOTS_MIN;
    while (slot_count <= 2 * (uint64_t)count && slot_count <= UINT32_MAX / 2) {
        slot_count *= 2;
    }
    return slot_count;
}

static struct err *words_grow(struct word_table *table, uint32_t capacity)
{
    size_t width = table->word_count * sizeof(uint64_t);
    uint64_t *grown =
        arena_grow(table->arena, table->words, table->count * width, table->capacity * width, capacity * width);
    if (grown == NULL) {
        return arena_error(table->arena);
    }
    table->words = grown;
    table->capacity = capacity;
    return NULL;
}

static inline struct err *append(struct word_table *table, const uint64_t *words, uint32_t word_count, uint32_t *number)
{
    struct err *err = NULL;
    if (table->count == table->capacity) {
        OR_DONE(words_grow(table, next_room(table->capacity)));
    }
    memcpy(table->words + (size_t)table->count * word_count, words, word_count * sizeof(*words));
    *number = table->count++;
done:
    return err;
}

/* --- by hash ----------------------------------------------------------------------------------------------------- */

static struct err *slot_new(struct word_table *table, const uint64_t *words, uint64_t hash, uint32_t *number)
{
    struct err *err = NULL;
    if (table->slotted * 2U >= table->slot_count) {
        if (table->slot_count > UINT32_MAX / 2) {
            return err_new(ERR_MEMORY_LIMIT, "more than 2^30 groups");
        }
        OR_DONE(slots_make(table, slots_for(table->slotted + 1)));
    }
    OR_DONE(append(table, words, table->word_count, number));
    uint32_t mask = table->slot_count - 1;
    uint32_t slot = (uint32_t)hash & mask;
    while (table->slots[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    table->slots[slot] = *number + 1;
    table->slotted++;
done:
    return err;
}

static inline struct err *find_hashed(struct word_table *table, const uint64_t *words, uint32_t word_count,
                                      uint64_t hash, uint32_t *number)
{
    if (table->slot_count > 0) {
        uint32_t mask = table->slot_count - 1;
        for (uint32_t slot = (uint32_t)hash & mask; table->slots[slot] != 0; slot = (slot + 1) & mask) {
            uint32_t found = table->slots[slot] - 1;
            const uint64_t *have = table->words + (size_t)found * word_count;
            bool same = have[0] == words[0];
            for (uint32_t w = 1; w < word_count; w++) {
                same &= have[w] == words[w];
            }
            if (same) {
                *number = found;
                return NULL;
            }
        }
    }
    return slot_new(table, words, hash, number);
}

/* As intern_texts: slots and words are fetched ahead, a batch at a time. */
static inline struct err *find_batches(struct word_table *table, const uint64_t *words, uint32_t word_count,
                                       uint32_t row_count, uint32_t *numbers)
{
    struct err *err = NULL;
    uint64_t hashes[BATCH];
    table->hashed += row_count;
    for (uint32_t begin = 0; begin < row_count; begin += BATCH) {
        uint32_t count = row_count - begin < BATCH ? row_count - begin : BATCH;
        const uint64_t *batch = words + (size_t)begin * word_count;
        uint32_t mask = table->slot_count - 1;
        bool cold = table->slot_count > SLOTS_CACHED;
        for (uint32_t i = 0; i < count; i++) {
            hashes[i] = mix_words(batch + (size_t)i * word_count, word_count);
            if (cold) {
                __builtin_prefetch(&table->slots[(uint32_t)hashes[i] & mask]);
            }
        }
        for (uint32_t i = 0; cold && i < count; i++) {
            uint32_t number = table->slots[(uint32_t)hashes[i] & mask];
            if (number != 0) {
                __builtin_prefetch(table->words + (size_t)(number - 1) * word_count);
            }
        }
        for (uint32_t i = 0; i < count; i++) {
            OR_DONE(find_hashed(table, batch + (size_t)i * word_count, word_count, hashes[i], &numbers[begin + i]));
        }
    }
done:
    return err;
}

/* --- near keys --------------------------------------------------------------------------------------------------- */

/* The array of this range takes the keys that lie in it over from slots. */
static struct err *near_make(struct word_table *table, uint64_t base, uint32_t size)
{
    uint32_t *near = arena_zalloc(table->arena, (size_t)size * sizeof(*near));
    uint32_t far = 0;
    if (near == NULL) {
        return arena_error(table->arena);
    }
    for (uint32_t n = 0; n < table->count; n++) {
        uint64_t place = table->words[n] - base;
        if (place < size) {
            near[place] = n + 1;
        } else {
            far++;
        }
    }
    arena_release(table->arena, table->near, table->near_words * sizeof(*near));
    table->near = near;
    table->near_base = base;
    table->near_words = size;
    return slots_make(table, slots_for(far));
}

/* Most keys lie elsewhere: all of them go to slots. */
static struct err *near_give_up(struct word_table *table)
{
    arena_release(table->arena, table->near, table->near_words * sizeof(*table->near));
    table->near = NULL;
    table->near_words = 0;
    table->spread = true;
    return slots_make(table, slots_for(table->count));
}

/* Wide enough for all keys that there are, when these lie close together; the first time around `first`. */
static struct err *near_widen(struct word_table *table, uint64_t first)
{
    uint32_t size = NEAR_WORDS_MIN;
    uint64_t least = UINT64_MAX, greatest = 0;
    if (table->near == NULL) {
        return near_make(table, first < NEAR_WORDS_MIN / 2 ? 0 : first - NEAR_WORDS_MIN / 2, size);
    }
    table->near_tried = table->count;
    for (uint32_t n = 0; n < table->count; n++) {
        least = table->words[n] < least ? table->words[n] : least;
        greatest = table->words[n] > greatest ? table->words[n] : greatest;
    }
    while (size < NEAR_WORDS_MAX && size < 2 * (uint64_t)table->near_words) {
        size *= 2;
    }
    while (size < NEAR_WORDS_MAX && greatest - least >= size) {
        size *= 2;
    }
    if (size > table->near_words && greatest - least < size && size / NEAR_SPARSE <= table->count) {
        return near_make(table, least, size);
    }
    return greatest - least >= NEAR_WORDS_MAX && table->slotted > table->count / 2 ? near_give_up(table) : NULL;
}

/* Numbers of near keys, NO_NUMBER of all others; are there such? */
VECTORISED static bool near_numbers(const uint32_t *near, uint64_t base, uint64_t near_words, const uint64_t *words,
                                    uint32_t row_count, uint32_t *numbers)
{
    uint32_t missing = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t place = words[i] - base;
        uint32_t number = near[place < near_words ? place : 0];
        numbers[i] = (place < near_words ? number : 0) - 1;
        missing |= numbers[i] == NO_NUMBER;
    }
    return missing != 0;
}

static uint32_t rows_missing(const uint32_t *numbers, uint32_t row_count, uint32_t *rows)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        rows[count] = i;
        count += numbers[i] == NO_NUMBER;
    }
    return count;
}

/* Rows whose keys are not near. */
struct far_rows {
    uint32_t count;
    uint32_t rows[BATCH];
    uint64_t words[BATCH];
};

static struct err *find_far(struct word_table *table, struct far_rows *far, uint32_t *numbers)
{
    struct err *err = NULL;
    uint32_t found[BATCH];
    OR_DONE(find_batches(table, far->words, 1, far->count, found));
    for (uint32_t k = 0; k < far->count; k++) {
        numbers[far->rows[k]] = found[k];
    }
    far->count = 0;
done:
    return err;
}

/* Keys of one word whose numbers are not known yet, new near ones and all others, in their order. */
static struct err *find_missing(struct word_table *table, const uint64_t *words, uint32_t row_count, uint32_t *numbers)
{
    struct err *err = NULL;
    uint32_t rows[MISSING];
    struct far_rows far = {.count = 0};
    for (uint32_t begin = 0; begin < row_count; begin += MISSING) {
        uint32_t some = row_count - begin < MISSING ? row_count - begin : MISSING;
        uint32_t count = rows_missing(numbers + begin, some, rows);
        for (uint32_t k = 0; k < count; k++) {
            uint32_t row = begin + rows[k];
            if (!is_near(table, words[row])) {
                far.words[far.count] = words[row];
                far.rows[far.count++] = row;
                if (far.count == BATCH) {
                    OR_DONE(find_far(table, &far, numbers));
                }
                continue;
            }
            uint32_t *near = &table->near[words[row] - table->near_base];
            if (*near == 0) {
                OR_DONE(find_far(table, &far, numbers)); /* those before it have smaller numbers */
                OR_DONE(append(table, &words[row], 1, near));
                ++*near;
            }
            numbers[row] = *near - 1;
        }
    }
    OR_DONE(find_far(table, &far, numbers));
done:
    return err;
}

static struct err *find_near(struct word_table *table, const uint64_t *words, uint32_t row_count, uint32_t *numbers)
{
    struct err *err = NULL;
    bool widen = table->near == NULL ? row_count >= NEAR_ROWS_MIN
                                     : table->count > table->near_words / 4 && table->count / 2 >= table->near_tried;
    if (widen && !table->spread) {
        OR_DONE(near_widen(table, words[0]));
    }
    if (table->near == NULL) {
        return find_batches(table, words, 1, row_count, numbers);
    }
    if (near_numbers(table->near, table->near_base, table->near_words, words, row_count, numbers)) {
        OR_DONE(find_missing(table, words, row_count, numbers));
    }
done:
    return err;
}

/* --- all keys ---------------------------------------------------------------------------------------------------- */

static struct err *find_some(struct word_table *table, const uint64_t *words, uint32_t row_count, uint32_t *numbers)
{
    switch (table->word_count) {
    case 1:
        return find_near(table, words, row_count, numbers);
    case 2:
        return find_batches(table, words, 2, row_count, numbers);
    default:
        return find_batches(table, words, table->word_count, row_count, numbers);
    }
}

struct err *words_find(struct word_table *table, const uint64_t *words, uint32_t row_count, uint32_t *numbers)
{
    struct err *err = NULL;
    for (uint32_t begin = 0; begin < row_count;) {
        uint32_t end = interrupt_piece(begin, row_count);
        OR_DONE(interrupt_check());
        OR_DONE(find_some(table, words + (size_t)begin * table->word_count, end - begin, numbers + begin));
        begin = end;
    }
done:
    return err;
}

struct err *words_find_one(struct word_table *table, const uint64_t *words, uint32_t *number)
{
    *number = NO_NUMBER;
    return table->near != NULL && is_near(table, words[0])
               ? find_missing(table, words, 1, number)
               : find_hashed(table, words, table->word_count, mix_words(words, table->word_count), number);
}

struct word_range words_range(const struct word_table *table)
{
    return (struct word_range){table->near_base, table->slotted == 0 ? table->near_words : 0};
}

struct err *words_reserve(struct word_table *table, uint32_t count)
{
    struct err *err = NULL;
    if (count > table->capacity) {
        OR_DONE(words_grow(table, count));
    }
    if (slots_for(count) > table->slot_count) {
        OR_DONE(slots_make(table, slots_for(count)));
    }
done:
    return err;
}

struct err *words_expect(struct word_table *table, struct word_range range)
{
    return near_make(table, range.base, range.size);
}

uint32_t words_in(const struct word_table *table, struct word_range range, uint64_t *words, uint32_t *numbers)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < range.size; i++) {
        uint64_t place = range.base + i - table->near_base;
        uint32_t number = place < table->near_words ? table->near[place] : 0;
        words[count] = range.base + i;
        numbers[count] = number - 1;
        count += number != 0;
    }
    return count;
}

void words_clear(struct word_table *table)
{
    if (table->slots != NULL) {
        memset(table->slots, 0, table->slot_count * sizeof(*table->slots));
    }
    if (table->near != NULL) {
        memset(table->near, 0, table->near_words * sizeof(*table->near));
    }
    table->count = 0;
    table->slotted = 0;
    table->hashed = 0;
}

void words_release(struct word_table *table)
{
    arena_release(table->arena, table->slots, table->slot_count * sizeof(*table->slots));
    arena_release(table->arena, table->near, table->near_words * sizeof(*table->near));
    arena_release(table->arena, table->words, (size_t)table->capacity * table->word_count * sizeof(*table->words));
    *table = (struct word_table){.arena = table->arena, .word_count = table->word_count, .spread = table->spread};
}
