/*
 * aggregate_parts.c: GROUP BY with many groups: merged in parts that fit the cache, by all workers at once.
 *
 * batch    a worker whose table grows past the cache and finds few rows in groups that it has puts the groups away,
 *          sorted into parts by a hash of their keys, and begins anew with an empty table. So a new key costs a lookup
 *          in the cache and two passes over memory in order, not a miss.
 * merge    workers take parts, merge all batches' groups of a part in a table of its own, and send them on at once
 * near     where keys lie close together (word_table.h), parts are ranges of keys; groups need not be put away for it
 * plain    only plain states are put away: the same group may be in many batches, others hold memory of their own
 * source   Leis et al., "Morsel-Driven Parallelism", 2014, section 4.4
 */
#include "query/grouping.h"
#include "query/word_table.h"

#include <stdatomic.h>

/* Groups of all workers together that are worth merging in parts, and groups a part. */
#define PARTED_GROUPS_MIN 20000U
#define PART_GROUPS       8192U
#define STRESS_GROUPS_MIN 5U      /* in a batch, for tests */
#define BATCH_GROUPS_MIN  131072U /* more than group.c needs to see that keys lie close together */
#define BATCH_ROWS_A_KEY  3U      /* with more rows a group, a table is worth its misses */
#define BATCH_GROUPS_NEW  32768U  /* where nearly every row begins a group: a table that fits the cache */

#define NEAR_SPAN_MAX (32U << 20) /* words that near keys of all workers lie in */

struct parts {
    struct stage *stage;
    uint32_t part_count; /* a power of two; or near: part p is of PART_GROUPS words from near_base + p × PART_GROUPS */
    bool near;
    uint64_t near_base;
    _Atomic uint32_t next_part;
    _Atomic bool stop;
};

struct err *groups_order(struct arena *arena, const struct group_table *table, uint32_t part_count, uint32_t **out,
                         uint32_t *begins)
{
    struct err *err = NULL;
    uint32_t count = group_table_count(table);
    uint64_t *hashes = ARENA_ARRAY(arena, uint64_t, count + 1U);
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, count + 1U);
    uint32_t shift = 64U - (uint32_t)__builtin_ctz(part_count);
    uint32_t places[BATCH_PARTS + 1] = {0};
    if (hashes == NULL || order == NULL) {
        return arena_error(arena);
    }
    OR_DONE(group_table_hashes(table, hashes));
    for (uint32_t g = 0; g < count;) {
        OR_DONE(interrupt_check());
        for (uint32_t end = interrupt_piece(g, count); g < end; g++) {
            places[(hashes[g] >> shift) + 1]++;
        }
    }
    for (uint32_t p = 0; p < part_count; p++) {
        places[p + 1] += places[p];
    }
    memcpy(begins, places, (part_count + 1) * sizeof(*begins));
    for (uint32_t g = 0; g < count;) {
        OR_DONE(interrupt_check());
        for (uint32_t end = interrupt_piece(g, count); g < end; g++) {
            order[places[hashes[g] >> shift]++] = g;
        }
    }
    arena_release(arena, hashes, (count + (size_t)1) * sizeof(*hashes));
    *out = order;
done:
    return err;
}

/* Puts the groups away. */
static struct err *batch_seal(struct stage *stage, struct groups *groups)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    size_t stride = grouping->stride;
    uint32_t count = group_table_count(groups->table);
    uint32_t *order = NULL;
    struct batch *batch = ARENA_NEW(groups->arena, struct batch);
    struct arena *scratch = arena_beside(groups->arena);
    if (scratch == NULL) {
        return err_oom();
    }
    if (batch == NULL || (batch->states = arena_alloc_aligned(groups->arena, count * stride + 1, 64)) == NULL) {
        err = arena_error(groups->arena);
        goto done;
    }
    OR_DONE(groups_order(scratch, groups->table, BATCH_PARTS, &order, batch->begins));
    for (uint32_t g = 0; g < count;) {
        OR_DONE(interrupt_check());
        for (uint32_t end = interrupt_piece(g, count); g < end; g++) {
            memcpy(batch->states + g * stride, groups->states + order[g] * stride, stride);
        }
    }
    OR_DONE(group_table_seal(groups->table, groups->arena, order, true, &batch->table));
    if (groups->batches == NULL) {
        groups->batches = batch;
    } else {
        groups->batches_last->next = batch;
    }
    groups->batches_last = batch;
done:
    arena_destroy(scratch);
    return err;
}

static void groups_release(const struct grouping *grouping, struct groups *groups)
{
    arena_release(groups->arena, groups->states, (size_t)groups->capacity * grouping->stride + 1);
    groups->states = NULL;
    groups->capacity = 0;
    group_table_release(groups->table);
}

struct err *groups_put_away(struct stage *stage, struct groups *groups, uint32_t rows_added)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    uint32_t count = group_table_count(groups->table);
    uint32_t chunk_rows;
    bool dictionaries;
    groups->rows += rows_added;
    query_stress_get(&chunk_rows, &dictionaries);
    bool all_new = groups->rows < (uint64_t)count + count / 4;
    uint32_t least = all_new && groups->batches != NULL ? BATCH_GROUPS_NEW : BATCH_GROUPS_MIN;
    if (!grouping->puts_away || !groups->may_spill || count < (chunk_rows == 0 ? least : STRESS_GROUPS_MIN)) {
        return NULL;
    }
    bool hashed = group_table_hashed(groups->table) >= count;
    if (chunk_rows == 0 && (!hashed || groups->rows >= (uint64_t)count * BATCH_ROWS_A_KEY)) {
        return NULL;
    }
    bool first = groups->batches == NULL;
    OR_DONE(batch_seal(stage, groups));
    groups->rows = 0;
    if (all_new && first) {
        groups_release(grouping, groups);
    } else {
        memset(groups->states, 0, (size_t)count * grouping->stride);
        group_table_clear(groups->table);
    }
done:
    return err;
}

/* What is still in the tables; each worker its own. */
static struct err *seal_last(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct parts *parts = object;
    struct groups *groups = parts->stage->state[worker->index];
    const struct grouping *grouping = parts->stage->shared;
    if (groups != NULL && group_table_count(groups->table) > 0) {
        OR_DONE(batch_seal(parts->stage, groups));
        groups_release(grouping, groups);
    }
done:
    return err;
}

/* The states of groups [begin, begin + count), or of those that `groups` says, into merged: into those of `numbers`, of
 * which the ones from `before` on are new and take them over. */
static struct err *merge_states(struct stage *stage, struct groups *merged, uint32_t before, const uint32_t *numbers,
                                char *states, const uint32_t *groups, uint32_t begin, uint32_t count)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    OR_DONE(groups_grow(grouping, merged, group_table_count(merged->table)));
    for (uint32_t i = 0; i < count; i++) {
        char *from = states + (size_t)(groups == NULL ? begin + i : groups[i]) * grouping->stride;
        char *into = merged->states + (size_t)numbers[i] * grouping->stride;
        if (numbers[i] >= before) { /* keys of one table are distinct: nobody else is there yet */
            memcpy(into, from, grouping->stride);
        } else {
            if (i % MERGED_STATES == 0) {
                OR_DONE(interrupt_check());
            }
            OR_DONE(groups_merge_states(stage, merged->arena, into, from));
        }
    }
done:
    return err;
}

/* Groups [begin, end) of a batch into merged. */
static struct err *merge_batch(struct stage *stage, const struct batch *batch, uint32_t begin, uint32_t end,
                               struct worker *worker, struct groups *merged)
{
    struct err *err = NULL;
    uint32_t key_count = stage->plan->expression_count;
    for (; begin < end; begin += ROWS_OUT) {
        uint32_t count = end - begin < ROWS_OUT ? end - begin : ROWS_OUT;
        uint32_t before = group_table_count(merged->table);
        struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, key_count);
        uint32_t *numbers = ARENA_ARRAY(worker->scratch, uint32_t, count);
        bool single;
        if (keys == NULL || numbers == NULL) {
            return arena_error(worker->scratch);
        }
        OR_DONE(execution_check(stage->execution));
        for (uint32_t k = 0; k < key_count; k++) {
            OR_DONE(group_table_key(batch->table, worker->scratch, k, begin, begin + count, &keys[k]));
        }
        OR_DONE(group_table_find(merged->table, worker->scratch, (const struct column *const *)keys, count, numbers,
                                 &single));
        OR_DONE(merge_states(stage, merged, before, numbers, batch->states, NULL, begin, count));
        arena_reset(worker->scratch);
    }
done:
    return err;
}

/* Groups whose keys lie in a range into merged. */
static struct err *merge_near(struct stage *stage, struct groups *groups, struct word_range range,
                              struct worker *worker, struct groups *merged)
{
    struct err *err = NULL;
    uint64_t *words = ARENA_ARRAY(worker->scratch, uint64_t, range.size);
    uint32_t *from = ARENA_ARRAY(worker->scratch, uint32_t, range.size);
    uint32_t *numbers = ARENA_ARRAY(worker->scratch, uint32_t, range.size);
    uint32_t before = group_table_count(merged->table);
    if (words == NULL || from == NULL || numbers == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(execution_check(stage->execution));
    uint32_t count = words_in(group_table_words(groups->table), range, words, from);
    if (count > 0) {
        OR_DONE(words_find(group_table_words(merged->table), words, count, numbers));
        OR_DONE(merge_states(stage, merged, before, numbers, groups->states, from, 0, count));
    }
    arena_reset(worker->scratch);
done:
    return err;
}

/* As many groups as there are of a part, at least, when every one is in two batches. */
static uint32_t part_groups(const struct parts *parts, uint32_t p)
{
    uint32_t step = BATCH_PARTS / parts->part_count;
    uint64_t count = 0;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct groups *groups = parts->stage->state[w];
        for (const struct batch *batch = groups == NULL ? NULL : groups->batches; batch != NULL; batch = batch->next) {
            count += batch->begins[(p + 1) * step] - batch->begins[p * step];
        }
    }
    return (uint32_t)(count / 2);
}

/* All workers' groups of part p into merged. */
static struct err *merge_part(const struct parts *parts, uint32_t p, struct worker *worker, struct groups *merged)
{
    struct err *err = NULL;
    struct stage *stage = parts->stage;
    uint32_t step = parts->near ? 0 : BATCH_PARTS / parts->part_count;
    struct word_range range = {parts->near_base + (uint64_t)p * PART_GROUPS, PART_GROUPS};
    if (parts->near) {
        OR_DONE(words_expect(group_table_words(merged->table), range));
    } else {
        OR_DONE(group_table_reserve(merged->table, part_groups(parts, p)));
    }
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        struct groups *groups = stage->state[w];
        if (parts->near && groups != NULL) {
            OR_DONE(merge_near(stage, groups, range, worker, merged));
        }
        for (struct batch *batch = groups == NULL ? NULL : groups->batches; batch != NULL; batch = batch->next) {
            OR_DONE(merge_batch(stage, batch, batch->begins[p * step], batch->begins[(p + 1) * step], worker, merged));
        }
    }
done:
    return err;
}

static struct err *merge_parts(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct parts *parts = object;
    struct stage *stage = parts->stage;
    const struct grouping *grouping = stage->shared;
    bool stop = false;
    struct arena *arena = arena_create(stage->execution->options->budget);
    if (arena == NULL) {
        return err_oom();
    }
    for (uint32_t p; !atomic_load(&parts->stop) && (p = atomic_fetch_add(&parts->next_part, 1)) < parts->part_count;) {
        struct groups merged = {.arena = arena};
        OR_DONE(group_table_create(arena, grouping->key_types, stage->plan->expression_count, &merged.table));
        group_table_borrow(merged.table);
        OR_DONE(merge_part(parts, p, worker, &merged));
        OR_DONE(groups_emit(stage, worker, &merged, &stop));
        if (stop) {
            atomic_store(&parts->stop, true);
        }
        arena_reset(arena);
    }
done:
    if (err != NULL) {
        atomic_store(&parts->stop, true);
    }
    arena_destroy(arena);
    return err;
}

/* Are all groups in tables of near keys? Then parts are ranges of them. */
static void parts_of_near(struct parts *parts)
{
    uint64_t least = UINT64_MAX, end = 0;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct groups *groups = parts->stage->state[w];
        if (groups == NULL || groups_are_none(groups)) {
            continue;
        }
        struct word_table *words = group_table_words(groups->table);
        struct word_range range = words == NULL ? (struct word_range){0} : words_range(words);
        if (groups->batches != NULL || range.size == 0 || range.base > UINT64_MAX - range.size) {
            return;
        }
        least = range.base < least ? range.base : least;
        end = range.base + range.size > end ? range.base + range.size : end;
    }
    if (least < end && end - least <= NEAR_SPAN_MAX) {
        parts->near = true;
        parts->near_base = least;
        parts->part_count = (uint32_t)((end - least + PART_GROUPS - 1) / PART_GROUPS);
    }
}

struct err *groups_finish_in_parts(struct stage *stage, bool *done)
{
    struct err *err = NULL;
    struct parts parts = {.stage = stage, .part_count = 2};
    uint64_t group_count = 0;
    uint32_t sources = 0;
    uint32_t chunk_rows;
    bool dictionaries, put_away = false;
    query_stress_get(&chunk_rows, &dictionaries);
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct groups *groups = stage->state[w];
        if (groups != NULL && groups->table != NULL && groups_count(groups) > 0) {
            group_count += group_table_count(groups->table);
            sources++;
        }
        for (const struct batch *batch = groups == NULL ? NULL : groups->batches; batch != NULL; batch = batch->next) {
            group_count += batch->begins[BATCH_PARTS];
            put_away = true;
        }
    }
    *done = put_away ||
            (sources > 1 && !stage->plan->with_totals && group_count >= (chunk_rows == 0 ? PARTED_GROUPS_MIN : 1));
    if (!*done) {
        return NULL;
    }
    while (parts.part_count < BATCH_PARTS && parts.part_count * (uint64_t)PART_GROUPS < group_count) {
        parts.part_count *= 2;
    }
    parts_of_near(&parts);
    if (!parts.near) {
        OR_DONE(execution_parallel(stage->execution, WORKERS_MAX, seal_last, &parts));
    }
    OR_DONE(execution_parallel(stage->execution, WORKERS_MAX, merge_parts, &parts));
done:
    return err;
}
