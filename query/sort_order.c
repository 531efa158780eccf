/*
 * sort_order.c: puts entries of rows in order, with all workers when there are many.
 *
 * order    much of what comes is in order already: the table's. When many rows are sorted, every chunk is cut into
 *          runs that ascend (and that have one value of the first key, if it has few), the runs are sorted by their
 *          first rows, and only those that overlap are sorted row by row (sort_entries.c)
 * thread   with helpers: chunks, then groups of runs that overlap, or parts by the words' highest bits
 */
#include "query/aggregates.h"
#include "query/sort_entries.h"

#include <stdatomic.h>

#define SHARED_ROWS 65536U /* fewer are sorted by the caller alone */
#define RUN_ROWS    32U    /* rows a run must have, on average, to be worth it */
#define PART_BITS   10U

/* --- by parts ---------------------------------------------------------------------------------------------------- */

struct parts {
    const struct sort_ordering *ordering;
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
        OR_DONE(
            sort_entries(parts->ordering, parts->entries + begin, parts->spare + begin, parts->begins[p + 1] - begin));
    }
done:
    return err;
}

/* Entries are dealt out to parts by the highest bits in which their words differ. */
static struct err *sort_by_parts(const struct sort_ordering *ordering, struct worker *worker,
                                 struct sort_entry *entries, struct sort_entry *spare, uint64_t count)
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
    OR_DONE(interrupt_touch(spare, count * sizeof(*spare)));
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
    const struct sort_ordering *ordering;
    struct run **runs; /* per chunk */
    uint32_t *counts;
    _Atomic uint32_t next;
    _Atomic bool hopeless;
};

enum step { STEP_BACK, STEP_FIRST, STEP_ON }; /* a row after the one before: before it; of a new first key; else */

/* words: per key, all rows of the chunk. */
static enum step step_of(const struct sort_ordering *ordering, const struct column *const *keys, uint64_t *const *words,
                         uint32_t row)
{
    for (uint32_t k = 0; k < ordering->key_count; k++) {
        const struct sort_entries_key *key = &ordering->keys[k];
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
    const struct sort_ordering *ordering = cutting->ordering;
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
        const struct sort_entries_key *key = &ordering->keys[k];
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
    int order = sort_entries_compare(&first[0], &first[1], user);
    order = order != 0 ? order : (a->chunk > b->chunk) - (a->chunk < b->chunk);
    return order != 0 ? order : (a->begin > b->begin) - (a->begin < b->begin);
}

struct groups { /* of runs that overlap */
    struct sort_ordering *ordering;
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
    struct sort_ordering *ordering = groups->ordering;
    uint64_t at = 0;
    struct sort_entry last = {0};
    for (uint64_t r = 0; r < run_count; r++) {
        struct sort_entry first = {0, runs[r].chunk, runs[r].begin};
        struct sort_entry end = {0, runs[r].chunk, runs[r].end - 1};
        bool apart = r == 0 || sort_entries_compare(&last, &first, ordering) <= 0;
        if (apart) {
            groups->many[groups->count] = 0;
            groups->begins[groups->count++] = at;
        } else {
            groups->many[groups->count - 1] = 1;
        }
        if (apart || sort_entries_compare(&last, &end, ordering) < 0) {
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
        OR_DONE(sort_entries_fill(&groups->ordering->keys[0], 0, entries, count));
        OR_DONE(sort_entries(groups->ordering, entries, groups->spare + groups->begins[g], count));
    }
done:
    return err;
}

/* *done: the entries are in order; else they are as they were. */
static struct err *sort_by_runs(struct sort_ordering *ordering, struct worker *worker, struct sort_entry *entries,
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

struct err *sort_order(const struct plan *plan, struct worker *worker, bool shared, const struct sort_kept *chunks,
                       uint32_t chunk_count, struct sort_entry *entries, struct sort_entry *spare, uint64_t count)
{
    struct err *err = NULL;
    struct sort_ordering ordering = {
        .plan = plan, .execution = worker->execution, .chunks = chunks, .chunk_count = chunk_count};
    struct arena *arena = arena_create(worker->execution->options->budget);
    bool done = false;

    if (arena == NULL) {
        return err_oom();
    }
    ordering.arena = arena;
    OR_DONE(sort_ordering_init(&ordering, arena));
    if (!shared || count < SHARED_ROWS || ordering.key_count == 0 || ordering.keys[0].kind == WORD_NONE) {
        OR_DONE(sort_entries(&ordering, entries, spare, count));
        if (!shared && ordering.key_count > 0 && ordering.keys[0].kind != WORD_NONE) {
            OR_DONE(sort_entries_fill(&ordering.keys[0], 0, entries, count)); /* others stand there now */
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
