/*
 * tally.c: keys and their counts in memory.
 */
#include "query/tally.h"

#include "query/sort.h"

static void cleanup_tally(void *object)
{
    struct tally *tally = object;
    arena_destroy(tally->keys.arena);
    pthread_mutex_destroy(&tally->mutex);
}

struct err *tally_keys_begin(const struct tally *tally, struct tally_keys *keys)
{
    keys->counts = NULL;
    keys->capacity = 0;
    return group_table_create(keys->arena, tally->types, tally->key_count, &keys->table);
}

static struct err *emit_next(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    return operator_push(stage->next, worker, chunk, stop);
}

struct err *tally_create(struct stage *stage, const struct tally_options *options, struct tally **out)
{
    struct err *err = NULL;
    struct arena *arena = stage->execution->arena;
    uint32_t key_count = options->key_count;
    struct tally *tally = ARENA_NEW(arena, struct tally);
    if (tally == NULL) {
        return arena_error(arena);
    }
    tally->stage = stage;
    tally->verdict = options->verdict;
    tally->emit = options->emit == NULL ? emit_next : options->emit;
    tally->key_count = key_count;
    tally->column_count = options->column_count;
    tally->rows_are_keys = options->columns == NULL;
    tally->in_order = options->in_order;
    tally->sharers = 1;
    tally->types = ARENA_ARRAY(arena, const struct type *, (size_t)key_count + options->column_count + 1U);
    tally->count_types = ARENA_ARRAY(arena, const struct type *, key_count + 1U);
    if (tally->types == NULL || tally->count_types == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < key_count; k++) {
        tally->types[k] = tally->count_types[k] = options->key_types[k];
    }
    for (uint32_t c = 0; options->columns != NULL && c < options->column_count; c++) {
        tally->types[key_count + c] = options->columns[c].type;
    }
    tally->types[key_count + options->column_count] = type_simple(TYPE_UINT64);
    tally->count_types[key_count] = type_simple(TYPE_UINT64);
    pthread_mutex_init(&tally->mutex, NULL);
    if (!arena_on_destroy(arena, cleanup_tally, tally)) {
        pthread_mutex_destroy(&tally->mutex);
        return arena_error(arena);
    }
    tally->keys.arena = arena_create(stage->execution->options->budget);
    if (tally->keys.arena == NULL) {
        return err_oom();
    }
    OR_DONE(tally_keys_begin(tally, &tally->keys));
    *out = tally;
done:
    return err;
}

static struct err *counts_grow(struct tally_keys *keys)
{
    uint32_t count = group_table_count(keys->table);
    if (count <= keys->capacity) {
        return NULL;
    }
    size_t used = keys->capacity * sizeof(*keys->counts);
    size_t wanted = (size_t)count * 2 * sizeof(*keys->counts);
    uint64_t *counts = arena_grow(keys->arena, keys->counts, used, used, wanted);
    if (counts == NULL) {
        return arena_error(keys->arena);
    }
    keys->counts = counts;
    keys->capacity = count * 2;
    return interrupt_zero((char *)counts + used, wanted - used);
}

struct err *tally_keys_add(struct tally_keys *keys, struct arena *scratch, const struct column *const *columns,
                           const uint64_t *counts, uint32_t row_count)
{
    struct err *err = NULL;
    uint32_t *groups = ARENA_ARRAY(scratch, uint32_t, row_count);
    bool single = false;
    if (groups == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(group_table_find(keys->table, scratch, columns, row_count, groups, &single));
    OR_DONE(counts_grow(keys));
    for (uint32_t i = 0; i < row_count; i++) {
        keys->counts[groups[single ? 0 : i]] += counts == NULL ? 1 : counts[i];
    }
done:
    return err;
}

struct err *tally_keys_pass(const struct tally *tally, struct tally_keys *keys, struct arena *scratch,
                            const struct column *const *columns, uint32_t row_count, uint32_t *positions,
                            uint32_t *count)
{
    struct err *err = NULL;
    uint32_t *groups = ARENA_ARRAY(scratch, uint32_t, row_count);
    uint32_t known = group_table_count(keys->table);
    uint32_t kept = 0;
    bool single = false;
    if (groups == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(group_table_find(keys->table, scratch, columns, row_count, groups, &single));
    if (tally->verdict == NULL) {
        for (uint32_t i = 0; i < (single ? 1 : row_count); i++) {
            if (groups[i] >= known) {
                positions[kept++] = i;
                known = groups[i] + 1;
            }
        }
    } else {
        OR_DONE(counts_grow(keys));
        for (uint32_t i = 0; i < row_count; i++) {
            positions[kept] = i;
            kept += tally->verdict(tally->stage->plan, &keys->counts[groups[single ? 0 : i]]);
        }
    }
    *count = kept;
done:
    return err;
}

static struct err *spill_when_full(struct tally *tally, struct worker *worker)
{
    const struct execution *execution = worker->execution;
    const struct spill_when when = spill_when_distinct(&execution->options->limits);
    if (!execution_should_spill(execution, &when, arena_bytes(tally->keys.arena), tally->sharers)) {
        return NULL;
    }
    atomic_store(&tally->external, true);
    return tally_spill_keys(tally, worker);
}

struct err *tally_count(struct tally *tally, struct worker *worker, const struct column *const *keys,
                        uint32_t row_count)
{
    pthread_mutex_lock(&tally->mutex);
    struct err *err = tally->failed ? arena_error(tally->keys.arena)
                                    : tally_keys_add(&tally->keys, worker->scratch, keys, NULL, row_count);
    if (err == NULL) {
        err = spill_when_full(tally, worker);
    }
    tally->failed |= err != NULL;
    pthread_mutex_unlock(&tally->mutex);
    return err;
}

struct err *tally_counted(struct tally *tally, struct worker *worker)
{
    return atomic_load(&tally->external) ? tally_spill_keys(tally, worker) : NULL;
}

struct err *tally_pass(struct tally *tally, struct worker *worker, const struct column *const *keys,
                       const struct chunk *chunk, uint32_t *positions, uint32_t *count)
{
    struct err *err = NULL;
    bool external = atomic_load(&tally->external);
    *count = 0;
    if (!external) {
        pthread_mutex_lock(&tally->mutex);
        external = atomic_load(&tally->external);
        if (!external) {
            err = tally->failed
                      ? arena_error(tally->keys.arena)
                      : tally_keys_pass(tally, &tally->keys, worker->scratch, keys, chunk->row_count, positions, count);
            if (err == NULL) {
                err = spill_when_full(tally, worker);
            }
            tally->failed |= err != NULL;
        }
        pthread_mutex_unlock(&tally->mutex);
    }
    return external ? tally_spill_rows(tally, worker, keys, chunk) : err;
}
