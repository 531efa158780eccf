/*
 * asof.c: ASOF JOIN: of the rows with equal keys the one whose time is nearest.
 *
 * build    times become 64-bit words in their order; the hash table lays out rows key by key, here each key's rows are
 *          sorted by their word (rows of one time stay in order). Rows whose time is NULL are not in the table.
 * find     a search in the key's words, from where the key's last one ended; of several rows with the nearest time the
 *          first
 */
#include "query/join_operator.h"

#include "query/aggregates.h"
#include "query/functions/functions.h"

struct entry {
    uint64_t word;
    uint32_t row;
};

struct sorting {
    const struct join *join;
    struct execution *execution;
    const uint64_t *row_words;
    uint32_t task_count;
    struct arena *arenas[WORKERS_MAX];
    struct err *errors[WORKERS_MAX];
};

static struct err *words_of(const struct column *times, uint32_t row_count, uint64_t *words)
{
    struct err *err = NULL;
    enum type_kind kind = type_physical(times->type);
    size_t width = times->type->width;
    for (uint32_t i = 0; i < row_count; i++) {
        OR_DONE(interrupt_at(i));
        words[i] = ordered_bits(kind, (const char *)times->values + i * width);
    }
done:
    return err;
}

/* The end of the ascending run that begins at `begin`. */
static uint32_t run_end(const struct entry *entries, uint32_t begin, uint32_t end)
{
    uint32_t at = begin + 1;
    while (at < end && entries[at - 1].word <= entries[at].word) {
        at++;
    }
    return at < end ? at : end;
}

static void merge(const struct entry *from, uint32_t begin, uint32_t middle, uint32_t end, struct entry *to)
{
    uint32_t a = begin;
    uint32_t b = middle;
    for (uint32_t at = begin; at < end; at++) {
        if (interrupted_at(at)) {
            return; /* merge_runs ends, sort_key says why */
        }
        bool first = b == end || (a < middle && from[a].word <= from[b].word);
        to[at] = first ? from[a++] : from[b++];
    }
}

/* Merges neighbouring runs until there is one: rows come as few runs, one or so from each worker. The result is in one
 * of the two. */
static struct entry *merge_runs(struct entry *entries, struct entry *other, uint32_t count)
{
    while (run_end(entries, 0, count) < count && !interrupted()) {
        for (uint32_t begin = 0; begin < count;) {
            uint32_t middle = run_end(entries, begin, count);
            uint32_t end = middle < count ? run_end(entries, middle, count) : count;
            merge(entries, begin, middle, end, other);
            begin = end;
        }
        struct entry *swap = entries;
        entries = other;
        other = swap;
    }
    return entries;
}

/* Rows [begin, end) of the table's layout are of one key. */
static struct err *sort_key(const struct sorting *sorting, struct arena *arena, uint32_t begin, uint32_t end)
{
    struct err *err = NULL;
    const struct join *join = sorting->join;
    uint32_t *rows = (uint32_t *)(uintptr_t)join->table->rows; /* still being laid out */
    bool sorted = true;

    for (uint32_t at = begin; at < end; at++) {
        OR_DONE(interrupt_at(at));
        join->times[at] = sorting->row_words[rows[at]];
        sorted &= at == begin || join->times[at - 1] <= join->times[at];
    }
    if (sorted) {
        return NULL;
    }
    struct entry *entries = ARENA_ARRAY(arena, struct entry, end - begin);
    struct entry *other = ARENA_ARRAY(arena, struct entry, end - begin);
    if (entries == NULL || other == NULL) {
        return arena_error(arena);
    }
    for (uint32_t at = begin; at < end; at++) {
        OR_DONE(interrupt_at(at));
        entries[at - begin] = (struct entry){join->times[at], rows[at]};
    }
    entries = merge_runs(entries, other, end - begin);
    OR_DONE(interrupt_check());
    for (uint32_t at = begin; at < end; at++) {
        OR_DONE(interrupt_at(at));
        join->times[at] = entries[at - begin].word;
        rows[at] = entries[at - begin].row;
    }
    arena_reset(arena);
done:
    return err;
}

static void sort_task(void *object, uint32_t k)
{
    struct sorting *sorting = object;
    const struct join_table *table = sorting->join->table;
    uint64_t slots = join_table_slots(table);
    uint32_t first;
    uint32_t count;

    for (uint64_t slot = slots * k / sorting->task_count; slot < slots * (k + 1) / sorting->task_count; slot++) {
        if (slot % 4096 == 0) {
            sorting->errors[k] = execution_check(sorting->execution);
            if (sorting->errors[k] != NULL) {
                return;
            }
        }
        join_table_slot(table, slot, &first, &count);
        if (count > 0) {
            sorting->errors[k] = sort_key(sorting, sorting->arenas[k], first, first + count);
            if (sorting->errors[k] != NULL) {
                return;
            }
        }
    }
}

struct err *asof_build(struct join *join, struct execution *execution, struct worker *worker)
{
    struct err *err = NULL;
    struct sorting sorting = {.join = join, .execution = execution, .task_count = 1};
    const struct column *times = column_flat(worker->scratch, join->build[join->time_column]);
    uint64_t *row_words = ARENA_ARRAY(worker->scratch, uint64_t, join->row_count + 1U);

    join->times = ARENA_ARRAY(worker->arena, uint64_t, join->row_count + 1U);
    if (times == NULL || row_words == NULL || join->times == NULL) {
        return join->times == NULL ? arena_error(worker->arena) : arena_error(worker->scratch);
    }
    OR_DONE(words_of(times, join->row_count, row_words));
    if (join->table->rows == NULL) { /* keys are unique */
        return interrupt_copy(join->times, row_words, join->row_count * sizeof(*row_words));
    }
    sorting.row_words = row_words;
    if (join->row_count >= 65536) {
        sorting.task_count = execution->worker_count;
    }
    for (uint32_t k = 0; k < sorting.task_count; k++) {
        OR_DONE(join_arena(execution, worker->arena, &sorting.arenas[k]));
    }
    OR_DONE(join_parallel(execution, sorting.task_count, sort_task, &sorting));
    for (uint32_t k = 0; k < sorting.task_count; k++) {
        err_keep_first(&err, sorting.errors[k]);
    }
    OR_DONE(err);
    OR_DONE(execution_check(execution));
done:
    return err;
}

/* First place in [begin, end) whose time is not below the word. */
static inline uint32_t lower_bound(const uint64_t *times, uint32_t begin, uint32_t end, uint64_t word)
{
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (times[middle] < word) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

/* The same, from a place near by. */
static inline uint32_t lower_bound_near(const uint64_t *times, uint32_t begin, uint32_t end, uint64_t word,
                                        uint32_t near)
{
    uint32_t step = 1;
    if (near < begin || near >= end) {
        return lower_bound(times, begin, end, word);
    }
    if (times[near] < word) {
        uint32_t low = near + 1;
        while (low < end && end - low > step && times[low + step] < word) {
            low += step + 1;
            step *= 2;
        }
        return lower_bound(times, low, end - low > step ? low + step + 1 : end, word);
    }
    uint32_t high = near;
    while (high > begin && high - begin > step && times[high - step] >= word) {
        high -= step;
        step *= 2;
    }
    return lower_bound(times, high - begin > step ? high - step : begin, high, word);
}

/* The nearest place in [begin, end); false: there is none. */
static inline bool nearest(const uint64_t *times, uint32_t begin, uint32_t end, uint64_t word, enum join_order order,
                           uint32_t *hint, uint32_t *place)
{
    uint32_t at = lower_bound_near(times, begin, end, word, *hint);
    *hint = at;
    if (order == JOIN_LESS_EQUAL) {
        *place = at;
        return at < end;
    }
    if (order == JOIN_LESS) {
        *place = word == UINT64_MAX ? end : lower_bound(times, at, end, word + 1);
        return *place < end;
    }
    if (order == JOIN_GREATER_EQUAL && at < end && times[at] == word) {
        *place = at;
        return true;
    }
    *place = at == begin ? begin : lower_bound(times, begin, at, times[at - 1]);
    return at > begin;
}

struct err *asof_find(const struct join *join, uint32_t *hints, struct arena *scratch, const struct column *times,
                      uint32_t row_count, uint32_t *first, uint32_t *count)
{
    struct err *err = NULL;
    const struct column *flat = column_flat(scratch, times);
    uint64_t *words = ARENA_ARRAY(scratch, uint64_t, row_count);

    if (flat == NULL || words == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(words_of(flat, row_count, words));
    for (uint32_t i = 0; i < row_count; i++) {
        if (count[i] > 0) {
            bool null = flat->nulls != NULL && flat->nulls[i] != 0;
            uint32_t *hint = &hints[first[i] * 2654435761U >> (32 - ASOF_HINT_BITS)];
            count[i] = !null && nearest(join->times, first[i], first[i] + count[i], words[i], join->spec->order, hint,
                                        &first[i]);
        }
    }
done:
    return err;
}
