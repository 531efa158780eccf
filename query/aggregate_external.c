/*
 * aggregate_external.c: groups in temporary files, in parts by a hash of their keys, merged part by part.
 *
 * chunk    the keys' columns, and one of strings: the bytes of the states of all aggregates, one after the other
 * order    a part's chunks are read by worker, then as they were written: states of one group are merged in the order
 *          in which one worker saw its rows
 * memory   all workers' groups of a part at once: PARTS-th of all. A part that is too large is read again and split
 *          by another hash, its rows in the same order; one group's state must fit
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
        OR_DONE(spill_file_create(files->stage->execution->spill, worker->arena, &own->file));
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
            if (!grouping->follows[a]) {
                OR_DONE(aggregate->write_state(aggregate, states + grouping->offsets[a], &writer));
            }
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
    struct spill_when when = spill_when_grouping(&execution->options->limits);
    when.is_table = groups->batches == NULL; /* a table whose groups are put away in batches grows no more */
    bool full = groups->may_spill && !groups_are_none(groups) &&
                execution_should_spill(execution, &when, arena_bytes(groups->arena), execution->worker_count);
    return full ? groups_spill(stage, worker, groups) : NULL;
}

/* --- reading --------------------------------------------------------------------------------------------------------
 */

static struct err *restore(struct stage *stage, struct arena *scratch, struct groups *groups, uint32_t group,
                           struct slice bytes)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    struct state_reader reader = {.at = bytes.data, .end = bytes.data + bytes.length};
    char *states = groups->states + (size_t)group * grouping->stride;
    for (uint32_t a = 0; a < stage->plan->aggregate_count; a++) {
        const struct aggregate *aggregate = stage->plan->aggregates[a].aggregate;
        if (!grouping->follows[a]) {
            OR_DONE(aggregate->read_state(aggregate, groups->arena, scratch, &reader, states + grouping->offsets[a]));
        }
    }
    if (state_left(&reader) != 0) {
        err = err_new(ERR_CORRUPT, "a temporary file is damaged: a state is too long");
    }
done:
    return err;
}

static struct err *read_chunk(struct group_files *files, struct worker *worker, struct spill_file *file,
                              uint64_t offset, struct groups *groups, uint64_t *rows_read)
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
    *rows_read += chunk->row_count;
    arena_reset(worker->scratch);
done:
    return err;
}

/* Chunks of groups that are merged on their own. */
struct part {
    struct worker_files *const *files;
    uint32_t file_count;
    uint32_t number;
    uint32_t depth;
};

/* May the part be split, and is it too large as far as it has been read? One group cannot be split. */
static bool is_too_large(const struct group_files *files, const struct part *part, const struct groups *groups)
{
    const struct execution *execution = files->stage->execution;
    const struct spill_when when = spill_when_grouping(&execution->options->limits);
    return part->depth < SPILL_DEPTH_MAX && group_table_count(groups->table) > 1 &&
           execution_should_spill(execution, &when, arena_bytes(groups->arena), execution->worker_count);
}

/* All groups of a part, in an arena of the part's; *fits false: they are too many, and some are missing. */
static struct err *read_part(struct group_files *files, struct worker *worker, struct arena *arena,
                             const struct part *part, struct groups *groups, bool *fits)
{
    struct err *err = NULL;
    const struct grouping *grouping = files->stage->shared;
    uint64_t row_count = 0, bytes = 0, rows_read = 0;
    for (uint32_t w = 0; w < part->file_count; w++) {
        row_count += part->files[w] == NULL ? 0 : part->files[w]->lists[part->number].row_count;
        bytes += part->files[w] == NULL ? 0 : part->files[w]->lists[part->number].bytes;
    }
    bool may_split = !spill_is_small(row_count, bytes);
    *groups = (struct groups){.arena = arena};
    *fits = true;
    OR_DONE(group_table_create(arena, grouping->key_types, files->stage->plan->expression_count, &groups->table));
    for (uint32_t w = 0; w < part->file_count; w++) {
        const struct worker_files *own = part->files[w];
        for (uint32_t i = 0; own != NULL && i < own->lists[part->number].count; i++) {
            OR_DONE(read_chunk(files, worker, own->file, own->lists[part->number].offsets[i], groups, &rows_read));
            if (may_split && rows_read < row_count && is_too_large(files, part, groups)) {
                *fits = false;
                return NULL;
            }
        }
    }
done:
    return err;
}

/* Writes a part that is too large to SPILL_SPLIT smaller ones. */
static struct err *split_part(struct group_files *files, struct worker *worker, const struct part *part,
                              struct arena *owner, struct worker_files **out)
{
    struct err *err = NULL;
    struct worker_files *split = ARENA_NEW(owner, struct worker_files);
    if (split == NULL) {
        return arena_error(owner);
    }
    OR_DONE(spill_file_create(files->stage->execution->spill, owner, &split->file));
    for (uint32_t w = 0; w < part->file_count; w++) {
        const struct worker_files *own = part->files[w];
        for (uint32_t i = 0; own != NULL && i < own->lists[part->number].count; i++) {
            struct chunk *chunk = NULL;
            OR_DONE(execution_check(files->stage->execution));
            OR_DONE(spill_read(own->file, worker->scratch, own->lists[part->number].offsets[i], files->types, &chunk));
            OR_DONE(spill_split(split->file, owner, split->lists, part->depth + 1U, worker->scratch, files->types,
                                files->stage->plan->expression_count, chunk));
            arena_reset(worker->scratch);
        }
    }
    *out = split;
done:
    return err;
}

/* Sends on the groups of a part. totals NULL: there are none. */
static struct err *emit_part(struct group_files *files, struct worker *worker, struct groups *totals,
                             const struct part *part, bool *stop)
{
    struct err *err = NULL;
    struct groups groups;
    struct worker_files *split = NULL;
    bool fits = true;
    struct arena *arena = arena_create(files->stage->execution->options->budget);
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(read_part(files, worker, arena, part, &groups, &fits));
    if (!fits) {
        arena_reset(worker->scratch);
        arena_reset(arena);
        OR_DONE(split_part(files, worker, part, arena, &split));
        for (uint32_t p = 0; p < SPILL_SPLIT && (totals != NULL || !*stop) && !atomic_load(&files->stop); p++) {
            struct part smaller = {.files = &split, .file_count = 1, .number = p, .depth = part->depth + 1U};
            OR_DONE(emit_part(files, worker, totals, &smaller, stop));
        }
    } else if (totals == NULL) {
        OR_DONE(groups_emit(files->stage, worker, &groups, stop));
    } else if (group_table_count(groups.table) > 0) {
        OR_DONE(groups_emit_with_totals(files->stage, worker, &groups, totals, stop));
    }
done:
    arena_destroy(arena);
    return err;
}

static struct err *emit_parts(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct group_files *files = object;
    bool stop = false;
    for (uint32_t p; !atomic_load(&files->stop) && (p = atomic_fetch_add(&files->next_part, 1)) < PARTS;) {
        struct part part = {.files = files->workers, .file_count = WORKERS_MAX, .number = p};
        OR_DONE(emit_part(files, worker, NULL, &part, &stop));
        if (stop) {
            atomic_store(&files->stop, true);
        }
    }
done:
    if (err != NULL) {
        atomic_store(&files->stop, true);
    }
    return err;
}

static struct err *emit_with_totals(struct group_files *files, struct worker *worker, struct groups *totals)
{
    struct err *err = NULL;
    struct grouping *grouping = files->stage->shared;
    bool stop = false;
    grouping->through_bytes = true; /* the totals outlive the part's arena */
    for (uint32_t p = 0; p < PARTS; p++) {
        struct part part = {.files = files->workers, .file_count = WORKERS_MAX, .number = p};
        OR_DONE(emit_part(files, worker, totals, &part, &stop));
    }
done:
    return err;
}

struct err *group_files_emit(struct stage *stage, struct worker *worker, struct groups *totals)
{
    const struct grouping *grouping = stage->shared;
    arena_reset(worker->scratch);
    return totals != NULL ? emit_with_totals(grouping->files, worker, totals)
                          : execution_parallel(stage->execution, WORKERS_MAX, emit_parts, grouping->files);
}
