/*
 * aggregate_external.c: groups in temporary files, in parts by a hash of their keys, merged part by part.
 *
 * chunk    the keys' columns, and one of strings: the bytes of the states of all aggregates, one after the other
 * order    a part's chunks are read by worker, then as they were written: states of one group are merged in the order
 *          in which one worker saw its rows
 * memory   all workers' groups of a part at once: PARTS-th of all
 * thread   groups_spill: each worker its own; group_files_emit: all workers take parts
 */
#include "query/grouping.h"
#include "query/spill.h"

#include <stdatomic.h>

#define PARTS 64U

struct worker_files {
    struct spill_file *file;
    struct spill_list lists[PARTS];
};

struct group_files {
    struct stage *stage;
    const struct type **types; /* of a chunk's columns */
    struct worker_files *workers[WORKERS_MAX];
    _Atomic uint32_t next_part;
    _Atomic bool stop;
};

struct err *group_files_create(struct stage *stage, struct group_files **out)
{
    struct arena *arena = stage->execution->arena;
    const struct grouping *grouping = stage->shared;
    uint32_t key_count = stage->plan->expression_count;
    struct group_files *files = ARENA_NEW(arena, struct group_files);
    if (files == NULL) {
        return arena_error(arena);
    }
    files->stage = stage;
    files->types = ARENA_ARRAY(arena, const struct type *, key_count + 1U);
    if (files->types == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < key_count; k++) {
        files->types[k] = grouping->key_types[k];
    }
    files->types[key_count] = type_simple(TYPE_STRING);
    *out = files;
    return NULL;
}

bool group_files_any(const struct group_files *files)
{
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        if (files->workers[w] != NULL) {
            return true;
        }
    }
    return false;
}

/* --- writing --------------------------------------------------------------------------------------------------------
 */

static struct err *worker_files_of(struct group_files *files, struct worker *worker, struct worker_files **out)
{
    struct err *err = NULL;
    if (files->workers[worker->index] == NULL) {
        struct worker_files *own = ARENA_NEW(worker->arena, struct worker_files);
        if (own == NULL) {
            return arena_error(worker->arena);
        }
        OR_DONE(spill_file_create(&files->stage->execution->spill, worker->arena, &own->file));
        files->workers[worker->index] = own;
    }
    *out = files->workers[worker->index];
done:
    return err;
}

/* The states of groups [begin, end), or order[begin…end), as strings. */
static struct err *states_as_bytes(struct stage *stage, struct arena *arena, char *all, const uint32_t *order,
                                   uint32_t begin, uint32_t end, struct column **out)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    uint32_t count = end - begin;
    struct column *column = column_new(arena, type_simple(TYPE_STRING), count);
    size_t *ends = arena_array(arena, count, sizeof(*ends));
    struct state_writer writer = {.arena = arena};
    if (column == NULL || ends == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        char *states = all + (size_t)(order == NULL ? begin + i : order[begin + i]) * grouping->stride;
        for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
            const struct aggregate *aggregate = stage->plan->aggregates[a].aggregate;
            OR_DONE(aggregate->write_state(aggregate, states + grouping->offsets[a], &writer));
        }
        ends[i] = writer.length;
    }
    OR_DONE(state_writer_error(&writer));
    for (uint32_t i = 0; i < count; i++) {
        size_t from = i == 0 ? 0 : ends[i - 1];
        ((struct slice *)column->values)[i] = slice_of(writer.data == NULL ? "" : writer.data + from, ends[i] - from);
    }
    *out = column;
done:
    return err;
}

/* Groups [begin, end) of the table; their states are those, or those of order[begin…end). */
static struct err *write_chunk(struct group_files *files, struct worker *worker, struct arena *work,
                               struct worker_files *own, uint32_t part, const struct group_table *table, char *states,
                               const uint32_t *order, uint32_t begin, uint32_t end)
{
    struct err *err = NULL;
    struct stage *stage = files->stage;
    uint32_t key_count = stage->plan->expression_count;
    struct chunk *chunk = chunk_new(work, key_count + 1U, end - begin);
    if (chunk == NULL) {
        return arena_error(work);
    }
    OR_DONE(execution_check(stage->execution));
    for (uint32_t k = 0; k < key_count; k++) {
        OR_DONE(group_table_key(table, work, k, begin, end, &chunk->columns[k]));
    }
    OR_DONE(states_as_bytes(stage, work, states, order, begin, end, &chunk->columns[key_count]));
    OR_DONE(spill_write(own->file, worker->arena, &own->lists[part], chunk));
done:
    return err;
}

/* Groups of a table in order of their parts, whose states are those of order[…]. */
static struct err *write_parts(struct group_files *files, struct worker *worker, struct arena *work,
                               const struct group_table *table, char *states, const uint32_t *order,
                               const uint32_t *begins, uint32_t rows)
{
    struct err *err = NULL;
    struct worker_files *own = NULL;
    OR_DONE(worker_files_of(files, worker, &own));
    for (uint32_t p = 0; p < PARTS; p++) {
        for (uint32_t begin = begins[p]; begin < begins[p + 1]; begin += rows) {
            uint32_t end = begins[p + 1] - begin < rows ? begins[p + 1] : begin + rows;
            OR_DONE(write_chunk(files, worker, work, own, p, table, states, order, begin, end));
            arena_reset(work);
        }
    }
done:
    return err;
}

/* Those that were put away, then those in the table. */
struct err *groups_spill(struct stage *stage, struct worker *worker, struct groups *groups)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct group_files *files = grouping->files;
    uint32_t begins[PARTS + 1];
    uint32_t *order = NULL;
    struct group_table *sealed = NULL;
    uint64_t group_count = group_table_count(groups->table);
    struct arena *kept = arena_create(stage->execution->options->budget);
    struct arena *work = arena_create(stage->execution->options->budget);
    if (kept == NULL || work == NULL) {
        err = err_oom();
        goto done;
    }
    for (const struct batch *batch = groups->batches; batch != NULL; batch = batch->next) {
        group_count += batch->begins[BATCH_PARTS];
    }
    uint32_t rows = spill_chunk_rows(arena_bytes(groups->arena) / (group_count + 1U));
    for (const struct batch *batch = groups->batches; batch != NULL; batch = batch->next) {
        for (uint32_t p = 0; p <= PARTS; p++) {
            begins[p] = batch->begins[p * (BATCH_PARTS / PARTS)];
        }
        OR_DONE(write_parts(files, worker, work, batch->table, batch->states, NULL, begins, rows));
    }
    OR_DONE(groups_order(kept, groups->table, PARTS, &order, begins));
    OR_DONE(group_table_seal(groups->table, kept, order, false, &sealed));
    OR_DONE(write_parts(files, worker, work, sealed, groups->states, order, begins, rows));
    arena_reset(groups->arena);
    groups->states = NULL;
    groups->capacity = 0;
    groups->batches = NULL;
    groups->rows = 0;
    OR_DONE(group_table_create(groups->arena, grouping->key_types, stage->plan->expression_count, &groups->table));
done:
    arena_destroy(work);
    arena_destroy(kept);
    return err;
}

struct err *groups_spill_when_full(struct stage *stage, struct worker *worker, struct groups *groups)
{
    const struct execution *execution = stage->execution;
    bool full = groups->may_spill && !groups_are_none(groups) &&
                execution_should_spill(execution, execution->options->limits.max_bytes_before_external_group_by,
                                       arena_bytes(groups->arena), execution->worker_count);
    return full ? groups_spill(stage, worker, groups) : NULL;
}

/* --- reading --------------------------------------------------------------------------------------------------------
 */

static struct err *restore(struct stage *stage, struct arena *scratch, struct groups *groups, uint32_t group,
                           struct slice bytes)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct state_reader reader = {bytes.data, bytes.data + bytes.length};
    char *states = groups->states + (size_t)group * grouping->stride;
    for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
        const struct aggregate *aggregate = stage->plan->aggregates[a].aggregate;
        OR_DONE(aggregate->read_state(aggregate, groups->arena, scratch, &reader, states + grouping->offsets[a]));
    }
    if (state_left(&reader) != 0) {
        err = err_new(ERR_CORRUPT, "a temporary file is damaged: a state is too long");
    }
done:
    return err;
}

static struct err *read_chunk(struct group_files *files, struct worker *worker, struct spill_file *file,
                              uint64_t offset, struct groups *groups)
{
    struct err *err = NULL;
    struct stage *stage = files->stage;
    struct chunk *chunk = NULL;
    bool single;
    OR_DONE(execution_check(stage->execution));
    OR_DONE(spill_read(file, worker->scratch, offset, files->types, &chunk));
    uint32_t *numbers = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    if (numbers == NULL) {
        return arena_error(worker->scratch);
    }
    OR_DONE(group_table_find(groups->table, worker->scratch, (const struct column *const *)chunk->columns,
                             chunk->row_count, numbers, &single));
    OR_DONE(groups_grow(stage->shared, groups, group_table_count(groups->table)));
    const struct slice *states = chunk->columns[stage->plan->expression_count]->values;
    for (uint32_t i = 0; i < chunk->row_count; i++) {
        OR_DONE(restore(stage, worker->scratch, groups, numbers[single ? 0 : i], states[i]));
    }
    arena_reset(worker->scratch);
done:
    return err;
}

/* All groups of a part, in an arena of the part's. */
static struct err *read_part(struct group_files *files, struct worker *worker, struct arena *arena, uint32_t part,
                             struct groups *groups)
{
    struct err *err = NULL;
    const struct grouping *grouping = files->stage->shared;
    *groups = (struct groups){.arena = arena};
    OR_DONE(group_table_create(arena, grouping->key_types, files->stage->plan->expression_count, &groups->table));
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct worker_files *own = files->workers[w];
        for (uint32_t i = 0; own != NULL && i < own->lists[part].count; i++) {
            OR_DONE(read_chunk(files, worker, own->file, own->lists[part].offsets[i], groups));
        }
    }
done:
    return err;
}

static struct err *emit_parts(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct group_files *files = object;
    struct groups groups;
    bool stop = false;
    struct arena *arena = arena_create(files->stage->execution->options->budget);
    if (arena == NULL) {
        return err_oom();
    }
    for (uint32_t p; !atomic_load(&files->stop) && (p = atomic_fetch_add(&files->next_part, 1)) < PARTS;) {
        OR_DONE(read_part(files, worker, arena, p, &groups));
        OR_DONE(groups_emit(files->stage, worker, &groups, &stop));
        if (stop) {
            atomic_store(&files->stop, true);
        }
        arena_reset(arena);
    }
done:
    if (err != NULL) {
        atomic_store(&files->stop, true);
    }
    arena_destroy(arena);
    return err;
}

static struct err *emit_with_totals(struct group_files *files, struct worker *worker, struct groups *totals)
{
    struct err *err = NULL;
    struct grouping *grouping = files->stage->shared;
    struct groups groups;
    bool stop = false;
    struct arena *arena = arena_create(files->stage->execution->options->budget);
    if (arena == NULL) {
        return err_oom();
    }
    grouping->through_bytes = true; /* the totals outlive the part's arena */
    for (uint32_t p = 0; p < PARTS; p++) {
        OR_DONE(read_part(files, worker, arena, p, &groups));
        if (group_table_count(groups.table) > 0) {
            OR_DONE(groups_emit_with_totals(files->stage, worker, &groups, totals, &stop));
        }
        arena_reset(arena);
    }
done:
    arena_destroy(arena);
    return err;
}

struct err *group_files_emit(struct stage *stage, struct worker *worker, struct groups *totals)
{
    const struct grouping *grouping = stage->shared;
    arena_reset(worker->scratch);
    return totals != NULL ? emit_with_totals(grouping->files, worker, totals)
                          : execution_parallel(stage->execution, WORKERS_MAX, emit_parts, grouping->files);
}
