/*
 * sort_order.c: puts entries of rows in order: key after key, eight bytes at a time.
 *
 * words    entries are sorted by a 64-bit word (radix sort); each run of equal words by its next word: the next bytes
 *          of a string, its length, is it NULL, the next key. Strings that are alike in TEXT_WORDS words, and what has
 *          no words (arrays, numbers of 256 bits) are compared.
 * order    much of what comes is in order already: the table's. When many rows are sorted, every chunk is cut into
 *          runs that ascend (and that have one value of the first key, if it has few), the runs are sorted by their
 *          first rows, and only those that overlap are sorted row by row
 * thread   with helpers: chunks, then groups of runs that overlap, or parts by the words' highest bits
 */
#include "query/aggregates.h"
#include "query/sort.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SIGN_BIT    ((uint64_t)1 << 63)
#define TEXT_WORDS  4U
#define SHARED_ROWS 65536U /* fewer are sorted by the caller alone, */
#define CHECK_ROWS  32768U /* and without a look at the query's state */
#define INSERT_ROWS 24U    /* so few are sorted by insertion */
#define RADIX_ROWS  512U   /* fewer are merged */
#define RUN_ROWS    32U    /* rows a run must have, on average, to be worth it */
#define PART_BITS   10U

enum word_kind { WORD_NUMBER, WORD_TEXT, WORD_WIDE, WORD_NONE };

struct key {
    const struct plan_sort_key *key;
    const struct type *type;
    enum word_kind kind;
    enum type_kind physical;
    uint64_t flip;         /* descending */
    uint64_t after;        /* of a NULL */
    const void **values;   /* per chunk */
    const uint8_t **nulls; /* per chunk; NULL: none in any */
};

/* What the words of a run say: key `key`, its word number `step`, or */
#define STEP_NULLS  100U /* is it NULL? */
#define STEP_LENGTH 101U

struct ordering {
    const struct plan *plan;
    struct execution *execution;
    const struct arena *arena; /* stands for the query's budget */
    const struct sort_kept *chunks;
    uint32_t chunk_count;
    struct key *keys;
    uint32_t key_count;
};

static int compare_entries(const void *left, const void *right, void *user)
{
    const struct ordering *ordering = user;
    const struct sort_entry *a = left;
    const struct sort_entry *b = right;
    uint32_t columns = ordering->plan->column_count;
    return sort_compare_rows(ordering->plan, (const struct column *const *)ordering->chunks[a->chunk].columns + columns,
                             a->row, (const struct column *const *)ordering->chunks[b->chunk].columns + columns,
                             b->row);
}

/* --- words ------------------------------------------------------------------------------------------------------- */

static struct slice text_at(const struct key *key, const struct sort_entry *entry)
{
    const void *values = key->values[entry->chunk];
    return key->type->kind == TYPE_STRING
               ? ((const struct slice *)values)[entry->row]
               : slice_of((const char *)values + (size_t)entry->row * key->type->width, key->type->width);
}

static bool is_null_at(const struct key *key, const struct sort_entry *entry)
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

static struct err *fill_texts(const struct key *key, uint32_t step, struct sort_entry *entries, uint64_t count)
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

static struct err *fill_numbers(const struct key *key, struct sort_entry *entries, uint64_t count)
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

static struct err *fill(const struct key *key, uint32_t step, struct sort_entry *entries, uint64_t count)
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
static bool next_word(const struct ordering *ordering, const struct sort_entry *entries, uint64_t count, uint32_t *k,
                      uint32_t *step)
{
    const struct key *key = &ordering->keys[*k];
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
        for (uint64_t i = 0; i < count; i++) {
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

static struct err *sort_runs_of(const struct ordering *ordering, struct sort_entry *entries, struct sort_entry *spare,
                                uint64_t count, uint32_t k, uint32_t step);

/* Entries whose words up to (k, step) are equal. */
static struct err *sort_equal(const struct ordering *ordering, struct sort_entry *entries, struct sort_entry *spare,
                              uint64_t count, uint32_t k, uint32_t step)
{
    struct err *err = NULL;
    while (next_word(ordering, entries, count, &k, &step)) {
        const struct key *key = &ordering->keys[k];
        if (key->kind == WORD_NONE || (key->kind == WORD_TEXT && step >= TEXT_WORDS && step < STEP_NULLS)) {
            OR_DONE(order_elements(ordering->arena, entries, count, sizeof(*entries), compare_entries,
                                   (void *)(uintptr_t)ordering));
            break;
        }
        OR_DONE(fill(key, step, entries, count));
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
static struct err *sort_runs_of(const struct ordering *ordering, struct sort_entry *entries, struct sort_entry *spare,
                                uint64_t count, uint32_t k, uint32_t step)
{
    struct err *err = NULL;
    uint64_t steps = 0;
    OR_DONE(sort_words(ordering->execution, entries, spare, count));
    for (uint64_t begin = 0; begin < count;) {
        uint64_t end = begin + 1;
        OR_DONE(interrupt_steps(&steps, 1));
        while (end < count && entries[end].word == entries[begin].word) {
            end++;
        }
        if (end - begin > 1) {
            OR_DONE(sort_equal(ordering, entries + begin, spare + begin, end - begin, k, step));
        }
        begin = end;
    }
done:
    return err;
}

static struct err *sort_all(const struct ordering *ordering, struct sort_entry *entries, struct sort_entry *spare,
                            uint64_t count)
{
    if (ordering->key_count == 0) {
        return NULL;
    }
    if (ordering->keys[0].kind == WORD_NONE) {
        return order_elements(ordering->arena, entries, count, sizeof(*entries), compare_entries,
                              (void *)(uintptr_t)ordering);
    }
    return sort_runs_of(ordering, entries, spare, count, 0, 0);
}

/* --- by parts ---------------------------------------------------------------------------------------------------- */

struct parts {
    const struct ordering *ordering;
    struct sort_entry *entries;
    struct sort_entry *spare;
    uint64_t *begins; /* count + 1 */
    uint32_t count;
    _Atomic uint32_t next;
};

static struct err *parts_run(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct parts *parts = object;
    (void)worker;
    for (uint32_t p = atomic_fetch_add(&parts->next, 1); p < parts->count; p = atomic_fetch_add(&parts->next, 1)) {
        uint64_t begin = parts->begins[p];
        OR_DONE(interrupt_check());
        OR_DONE(sort_all(parts->ordering, parts->entries + begin, parts->spare + begin, parts->begins[p + 1] - begin));
    }
done:
    return err;
}

/* Entries are dealt out to parts by the highest bits in which their words differ. */
static struct err *sort_by_parts(const struct ordering *ordering, struct worker *worker, struct sort_entry *entries,
                                 struct sort_entry *spare, uint64_t count)
{
    struct err *err = NULL;
    uint32_t part_count = 1U << PART_BITS;
    uint64_t common = 0;
    uint64_t all = UINT64_MAX;
    uint64_t *begins = arena_zalloc(worker->scratch, (part_count + 2U) * sizeof(*begins));

    if (begins == NULL) {
        return arena_error(worker->scratch);
    }
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(interrupt_at(i));
        common |= entries[i].word;
        all &= entries[i].word;
    }
    uint64_t differ = common ^ all;
    uint32_t bits = differ == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(differ);
    uint32_t shift = bits > PART_BITS ? bits - PART_BITS : 0;
    uint64_t mask = part_count - 1;
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(interrupt_at(i));
        begins[(entries[i].word >> shift & mask) + 2]++;
    }
    for (uint32_t p = 0; p < part_count; p++) {
        begins[p + 2] += begins[p + 1];
    }
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(interrupt_at(i));
        spare[begins[(entries[i].word >> shift & mask) + 1]++] = entries[i];
    }
    struct parts parts = {.ordering = ordering, .entries = spare, .spare = entries, .begins = begins};
    parts.count = part_count;
    OR_DONE(execution_parallel(ordering->execution, WORKERS_MAX, parts_run, &parts));
    OR_DONE(interrupt_copy(entries, spare, count * sizeof(*entries)));
done:
    return err;
}

/* --- runs that ascend -------------------------------------------------------------------------------------------- */

struct run {
    uint32_t chunk;
    uint32_t begin, end;
};

struct cutting {
    const struct ordering *ordering;
    struct run **runs; /* per chunk */
    uint32_t *counts;
    _Atomic uint32_t next;
    _Atomic bool hopeless;
};

enum step { STEP_BACK, STEP_FIRST, STEP_ON }; /* a row after the one before: before it; of a new first key; else */

/* words: per key, all rows of the chunk. */
static enum step step_of(const struct ordering *ordering, const struct column *const *keys, uint64_t *const *words,
                         uint32_t row)
{
    for (uint32_t k = 0; k < ordering->key_count; k++) {
        const struct key *key = &ordering->keys[k];
        enum step forth = k == 0 ? STEP_FIRST : STEP_ON;
        uint64_t before = words[k][row - 1];
        uint64_t word = words[k][row];
        if (before != word) {
            return before < word ? forth : STEP_BACK;
        }
        if (key->kind == WORD_TEXT && key->type->kind == TYPE_STRING && keys[k]->nulls == NULL) {
            const struct slice *texts = keys[k]->values;
            bool same = texts[row].length == texts[row - 1].length &&
                        (texts[row].length <= 8 || slice_equal(texts[row], texts[row - 1]));
            if (!same) {
                return (slice_compare(texts[row - 1], texts[row]) < 0) != key->key->descending ? forth : STEP_BACK;
            }
            continue;
        }
        if (key->kind != WORD_NUMBER || (key->nulls != NULL && word == key->after)) {
            return sort_compare_rows(ordering->plan, keys, row - 1, keys, row) <= 0 ? STEP_ON : STEP_BACK;
        }
    }
    return STEP_ON;
}

static struct err *cut_chunk(struct cutting *cutting, struct worker *worker, uint32_t c)
{
    struct err *err = NULL;
    const struct ordering *ordering = cutting->ordering;
    const struct sort_kept *chunk = &ordering->chunks[c];
    const struct column *const *keys = (const struct column *const *)chunk->columns + ordering->plan->column_count;
    uint32_t rows = chunk->row_count;
    uint64_t **words = ARENA_ARRAY(worker->scratch, uint64_t *, ordering->key_count);
    struct run *runs = ARENA_ARRAY(worker->scratch, struct run, rows / RUN_ROWS + 2U);
    uint32_t count = 0;

    if (words == NULL || runs == NULL) {
        return arena_error(worker->scratch);
    }
    for (uint32_t k = 0; k < ordering->key_count; k++) {
        const struct key *key = &ordering->keys[k];
        words[k] = ARENA_ARRAY(worker->scratch, uint64_t, rows);
        if (words[k] == NULL) {
            return arena_error(worker->scratch);
        }
        OR_DONE(sort_key_words(worker->scratch, key->type, key->key, keys[k], rows, words[k]));
    }
    uint8_t *steps = arena_alloc(worker->scratch, rows + 1U);
    uint32_t changes = 0;
    if (steps == NULL) {
        return arena_error(worker->scratch);
    }
    for (uint32_t row = 1; row < rows; row++) {
        steps[row] = (uint8_t)step_of(ordering, keys, words, row);
        changes += steps[row] == STEP_FIRST;
    }
    bool split = changes <= rows / RUN_ROWS / 2;
    for (uint32_t begin = 0, row = 1; begin < rows; row++) {
        if (row < rows && steps[row] != STEP_BACK && !(split && steps[row] == STEP_FIRST)) {
            continue;
        }
        if (count > rows / RUN_ROWS) {
            atomic_store(&cutting->hopeless, true);
            return NULL;
        }
        runs[count++] = (struct run){c, begin, row};
        begin = row;
    }
    cutting->runs[c] = ARENA_ARRAY(worker->arena, struct run, count);
    if (cutting->runs[c] == NULL) {
        return arena_error(worker->arena);
    }
    memcpy(cutting->runs[c], runs, count * sizeof(*runs));
    cutting->counts[c] = count;
done:
    return err;
}

static struct err *cut_run(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct cutting *cutting = object;
    uint32_t count = cutting->ordering->chunk_count;
    for (uint32_t c = atomic_fetch_add(&cutting->next, 1); c < count && !atomic_load(&cutting->hopeless);
         c = atomic_fetch_add(&cutting->next, 1)) {
        OR_DONE(execution_check(cutting->ordering->execution));
        OR_DONE(cut_chunk(cutting, worker, c));
        arena_reset(worker->scratch);
    }
done:
    return err;
}

static int compare_runs(const void *left, const void *right, void *user)
{
    const struct run *a = left;
    const struct run *b = right;
    struct sort_entry first[2] = {{0, a->chunk, a->begin}, {0, b->chunk, b->begin}};
    int order = compare_entries(&first[0], &first[1], user);
    order = order != 0 ? order : (a->chunk > b->chunk) - (a->chunk < b->chunk);
    return order != 0 ? order : (a->begin > b->begin) - (a->begin < b->begin);
}

struct groups { /* of runs that overlap */
    struct ordering *ordering;
    struct sort_entry *entries;
    struct sort_entry *spare;
    uint64_t *begins; /* count + 1 */
    uint8_t *many;    /* more than one run: rows are not in order yet */
    uint32_t count;
    _Atomic uint32_t next;
};

/* Entries in the order of the runs' first rows. */
static struct err *lay_out(struct groups *groups, const struct run *runs, uint64_t run_count)
{
    struct err *err = NULL;
    uint64_t steps = 0;
    struct ordering *ordering = groups->ordering;
    uint64_t at = 0;
    struct sort_entry last = {0};
    for (uint64_t r = 0; r < run_count; r++) {
        struct sort_entry first = {0, runs[r].chunk, runs[r].begin};
        struct sort_entry end = {0, runs[r].chunk, runs[r].end - 1};
        bool apart = r == 0 || compare_entries(&last, &first, ordering) <= 0;
        if (apart) {
            groups->many[groups->count] = 0;
            groups->begins[groups->count++] = at;
        } else {
            groups->many[groups->count - 1] = 1;
        }
        if (apart || compare_entries(&last, &end, ordering) < 0) {
            last = end;
        }
        OR_DONE(interrupt_steps(&steps, 100 + runs[r].end - runs[r].begin));
        for (uint32_t row = runs[r].begin; row < runs[r].end; row++) {
            groups->entries[at++] = (struct sort_entry){0, runs[r].chunk, row};
        }
    }
    groups->begins[groups->count] = at;
done:
    return err;
}

static struct err *groups_run(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct groups *groups = object;
    (void)worker;
    for (uint32_t g = atomic_fetch_add(&groups->next, 1); g < groups->count; g = atomic_fetch_add(&groups->next, 1)) {
        struct sort_entry *entries = groups->entries + groups->begins[g];
        uint64_t count = groups->begins[g + 1] - groups->begins[g];
        if (!groups->many[g]) {
            continue;
        }
        OR_DONE(fill(&groups->ordering->keys[0], 0, entries, count));
        OR_DONE(sort_all(groups->ordering, entries, groups->spare + groups->begins[g], count));
    }
done:
    return err;
}

/* *done: the entries are in order; else they are as they were. */
static struct err *sort_by_runs(struct ordering *ordering, struct worker *worker, struct sort_entry *entries,
                                struct sort_entry *spare, uint64_t count, bool *done)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(ordering->execution->options->budget);
    struct cutting cutting = {.ordering = ordering};
    uint64_t run_count = 0, rows = 0;

    *done = false;
    if (arena == NULL) {
        return err_oom();
    }
    cutting.runs = arena_zalloc(arena, (ordering->chunk_count + (size_t)1) * sizeof(*cutting.runs));
    cutting.counts = arena_zalloc(arena, (ordering->chunk_count + (size_t)1) * sizeof(*cutting.counts));
    if (cutting.runs == NULL || cutting.counts == NULL) {
        err = arena_error(arena);
        goto done;
    }
    arena_reset(worker->scratch);
    OR_DONE(execution_parallel(ordering->execution, WORKERS_MAX, cut_run, &cutting));
    if (atomic_load(&cutting.hopeless)) {
        goto done;
    }
    for (uint32_t c = 0; c < ordering->chunk_count; c++) {
        run_count += cutting.counts[c];
        rows += ordering->chunks[c].row_count;
    }
    if (rows != count || run_count > count / RUN_ROWS) { /* some rows of the chunks are not wanted any more */
        goto done;
    }
    struct run *runs = ARENA_ARRAY(arena, struct run, run_count + 1);
    struct groups groups = {.ordering = ordering, .entries = spare, .spare = entries};
    groups.begins = ARENA_ARRAY(arena, uint64_t, run_count + 1);
    groups.many = ARENA_ARRAY(arena, uint8_t, run_count + 1);
    if (runs == NULL || groups.begins == NULL || groups.many == NULL) {
        err = arena_error(arena);
        goto done;
    }
    run_count = 0;
    for (uint32_t c = 0; c < ordering->chunk_count; c++) {
        memcpy(runs + run_count, cutting.runs[c], cutting.counts[c] * sizeof(*runs));
        run_count += cutting.counts[c];
    }
    OR_DONE(order_elements(arena, runs, run_count, sizeof(*runs), compare_runs, ordering));
    OR_DONE(lay_out(&groups, runs, run_count));
    for (uint32_t g = 0; g < groups.count; g++) {
        if (groups.many[g] && groups.begins[g + 1] - groups.begins[g] > count / 2) {
            goto done; /* most overlap: by parts they are sorted by all workers */
        }
    }
    OR_DONE(execution_parallel(ordering->execution, WORKERS_MAX, groups_run, &groups));
    OR_DONE(interrupt_copy(entries, spare, count * sizeof(*entries)));
    *done = true;
done:
    arena_destroy(arena);
    return err;
}

/* --- all together ------------------------------------------------------------------------------------------------ */

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

static struct err *keys_make(struct ordering *ordering, struct arena *arena)
{
    const struct plan *plan = ordering->plan;
    ordering->key_count = plan->sort_key_count;
    ordering->keys = arena_zalloc(arena, (plan->sort_key_count + (size_t)1) * sizeof(*ordering->keys));
    for (uint32_t k = 0; ordering->keys != NULL && k < plan->sort_key_count; k++) {
        struct key *key = &ordering->keys[k];
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

struct err *sort_order(const struct plan *plan, struct worker *worker, bool shared, const struct sort_kept *chunks,
                       uint32_t chunk_count, struct sort_entry *entries, struct sort_entry *spare, uint64_t count)
{
    struct err *err = NULL;
    struct ordering ordering = {
        .plan = plan, .execution = worker->execution, .chunks = chunks, .chunk_count = chunk_count};
    struct arena *arena = arena_create(worker->execution->options->budget);
    bool done = false;

    if (arena == NULL) {
        return err_oom();
    }
    ordering.arena = arena;
    OR_DONE(keys_make(&ordering, arena));
    if (!shared || count < SHARED_ROWS || ordering.key_count == 0 || ordering.keys[0].kind == WORD_NONE) {
        OR_DONE(sort_all(&ordering, entries, spare, count));
        if (!shared && ordering.key_count > 0 && ordering.keys[0].kind != WORD_NONE) {
            OR_DONE(fill(&ordering.keys[0], 0, entries, count)); /* others stand there now */
        }
        goto done;
    }
    OR_DONE(sort_by_runs(&ordering, worker, entries, spare, count, &done));
    if (!done) {
        OR_DONE(sort_by_parts(&ordering, worker, entries, spare, count));
    }
done:
    arena_destroy(arena);
    return err;
}
