/*
 * tally_external.c: keys with their counts and rows in temporary files: looked at part by part.
 *
 * part     the keys of a part are read first, so that its rows, in the order in which they were written, meet the
 *          counts that they would have met in memory
 * again    when the table of a part is too large: its keys go to smaller parts by another hash, and so does what was
 *          not read yet
 * order    in_order: rows have numbers; those that pass make sorted runs, which are merged at the end
 */
#include "query/sort.h"
#include "query/spill.h"
#include "query/tally.h"

enum { KEYS, ROWS };

struct tally_files {
    struct spill_file *file;
    struct spill_list lists[2][SPILL_SPLIT];
};

/* --- writing --------------------------------------------------------------------------------------------------------
 */

static struct err *files_new(struct tally *tally, struct arena *owner, struct tally_files **out)
{
    struct err *err = NULL;
    struct tally_files *files = ARENA_NEW(owner, struct tally_files);
    if (files == NULL) {
        return arena_error(owner);
    }
    OR_DONE(spill_file_create(tally->stage->execution->spill, owner, &files->file));
    *out = files;
done:
    return err;
}

static struct err *files_of(struct tally *tally, struct worker *worker, struct tally_files **out)
{
    struct err *err = NULL;
    if (tally->files[worker->index] == NULL) {
        OR_DONE(files_new(tally, worker->arena, &tally->files[worker->index]));
    }
    *out = tally->files[worker->index];
done:
    return err;
}

/* Keys [begin, end) of a table, with the counts of keys order[begin…end). */
static struct err *keys_chunk(const struct tally *tally, struct arena *work, const struct tally_keys *keys,
                              const struct group_table *table, const uint32_t *order, uint32_t begin, uint32_t end,
                              struct chunk **out)
{
    struct err *err = NULL;
    bool counted = keys->counts != NULL;
    struct chunk *chunk = chunk_new(work, tally->key_count + counted, end - begin);
    if (chunk == NULL) {
        return arena_error(work);
    }
    for (uint32_t k = 0; k < tally->key_count; k++) {
        OR_DONE(group_table_key(table, work, k, begin, end, &chunk->columns[k]));
    }
    if (counted) {
        struct column *counts = column_new(work, type_simple(TYPE_UINT64), end - begin);
        if (counts == NULL) {
            return arena_error(work);
        }
        for (uint32_t i = begin; i < end; i++) {
            ((uint64_t *)counts->values)[i - begin] = keys->counts[order[i]];
        }
        chunk->columns[tally->key_count] = counts;
    }
    *out = chunk;
done:
    return err;
}

/* All keys to the parts of a depth. */
static struct err *keys_write(struct tally *tally, const struct tally_keys *keys, uint32_t depth, struct arena *owner,
                              struct tally_files *files)
{
    struct err *err = NULL;
    struct execution *execution = tally->stage->execution;
    uint32_t count = group_table_count(keys->table);
    uint32_t rows = spill_chunk_rows(arena_bytes(keys->arena) / (count + 1U));
    uint32_t begins[SPILL_SPLIT + 1] = {0};
    struct group_table *sealed = NULL;
    struct arena *kept = arena_create(execution->options->budget);
    struct arena *work = arena_create(execution->options->budget);
    uint64_t *hashes = kept == NULL ? NULL : ARENA_ARRAY(kept, uint64_t, count + 1U);
    uint32_t *order = kept == NULL ? NULL : ARENA_ARRAY(kept, uint32_t, count + 1U);
    if (work == NULL || hashes == NULL || order == NULL) {
        err = kept == NULL || work == NULL ? err_oom() : arena_error(kept);
        goto done;
    }
    OR_DONE(group_table_hashes(keys->table, hashes));
    spill_order(hashes, NULL, count, depth, SPILL_SPLIT, order, begins);
    arena_release(kept, hashes, (count + (size_t)1) * sizeof(*hashes));
    OR_DONE(group_table_seal(keys->table, kept, order, false, &sealed));
    for (uint32_t p = 0; p < SPILL_SPLIT; p++) {
        for (uint32_t begin = begins[p]; begin < begins[p + 1]; begin += rows) {
            uint32_t end = begins[p + 1] - begin < rows ? begins[p + 1] : begin + rows;
            struct chunk *chunk = NULL;
            OR_DONE(execution_check(execution));
            OR_DONE(keys_chunk(tally, work, keys, sealed, order, begin, end, &chunk));
            OR_DONE(spill_write(files->file, owner, &files->lists[KEYS][p], chunk));
            arena_reset(work);
        }
    }
done:
    arena_destroy(work);
    arena_destroy(kept);
    return err;
}

struct err *tally_spill_keys(struct tally *tally, struct worker *worker)
{
    struct err *err = NULL;
    struct tally_files *files = NULL;
    OR_DONE(files_of(tally, worker, &files));
    OR_DONE(keys_write(tally, &tally->keys, 0, worker->arena, files));
    arena_reset(tally->keys.arena);
    OR_DONE(tally_keys_begin(tally, &tally->keys));
done:
    return err;
}

struct err *tally_spill_rows(struct tally *tally, struct worker *worker, const struct column *const *keys,
                             const struct chunk *chunk)
{
    struct err *err = NULL;
    struct arena *scratch = worker->scratch;
    struct tally_files *files = NULL;
    uint32_t count = tally->key_count + tally->column_count;
    struct chunk *rows = chunk_new(scratch, count + tally->in_order, chunk->row_count);
    if (rows == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t c = 0; c < count; c++) {
        rows->columns[c] = c < tally->key_count ? (struct column *)(uintptr_t)keys[c] /* only read */
                                                : chunk->columns[c - tally->key_count];
    }
    if (tally->in_order) {
        uint64_t first = atomic_fetch_add(&tally->number, chunk->row_count);
        rows->columns[count] = column_new(scratch, type_simple(TYPE_UINT64), chunk->row_count);
        if (rows->columns[count] == NULL) {
            return arena_error(scratch);
        }
        for (uint32_t i = 0; i < chunk->row_count; i++) {
            ((uint64_t *)rows->columns[count]->values)[i] = first + i;
        }
    }
    OR_DONE(execution_check(worker->execution));
    OR_DONE(files_of(tally, worker, &files));
    OR_DONE(
        spill_split(files->file, worker->arena, files->lists[ROWS], 0, scratch, tally->types, tally->key_count, rows));
done:
    return err;
}

/* --- reading --------------------------------------------------------------------------------------------------------
 */

struct part {
    struct tally_files *const *files;
    uint32_t file_count;
    uint32_t number;
    uint32_t depth;
};

/* Where the rows that pass go. */
struct out {
    struct tally *tally;
    struct worker *worker;
    struct sort_run *run; /* in order: the run being written, and the number of its last row */
    uint64_t last;
    bool stop;
};

/* A part as it is read. */
struct reading {
    const struct part *part;
    struct tally_keys keys;
    bool may_split;
    struct arena *owner;         /* of the smaller parts */
    struct tally_files *smaller; /* where the rest goes; NULL: the part has fitted so far */
};

static struct err *emit_rows(struct out *out, const struct chunk *chunk, const uint32_t *positions, uint32_t count)
{
    struct err *err = NULL;
    struct tally *tally = out->tally;
    struct arena *scratch = out->worker->scratch;
    uint32_t begin = tally->rows_are_keys ? 0 : tally->key_count;
    struct chunk *kept = count == 0 ? NULL : chunk_take(scratch, chunk, positions, count);
    if (kept == NULL) {
        return count == 0 ? NULL : arena_error(scratch);
    }
    struct chunk rows = {
        .columns = kept->columns + begin, .column_count = chunk->column_count - begin, .row_count = count};
    if (!tally->in_order) {
        return tally->emit(tally->stage, out->worker, &rows, &out->stop);
    }
    const uint64_t *numbers = kept->columns[chunk->column_count - 1]->values;
    if (out->run == NULL || numbers[0] < out->last) {
        OR_DONE(sort_run_begin(tally->runs, out->worker, &out->run));
    }
    struct chunk *run_rows = chunk_new(scratch, rows.column_count + 1U, count); /* the sort's key is a column */
    if (run_rows == NULL) {
        return arena_error(scratch);
    }
    memcpy(run_rows->columns, rows.columns, rows.column_count * sizeof(*rows.columns));
    OR_DONE(sort_run_add(tally->runs, out->run, run_rows));
    out->last = numbers[count - 1];
done:
    return err;
}

static bool is_too_large(const struct tally *tally, const struct reading *reading)
{
    const struct execution *execution = tally->stage->execution;
    const struct spill_when when = spill_when_distinct(&execution->options->limits);
    return reading->may_split && group_table_count(reading->keys.table) > 1 &&
           execution_should_spill(execution, &when, arena_bytes(reading->keys.arena), execution->worker_count);
}

/* The part's keys so far to smaller parts, which get the rest too. */
static struct err *split_begin(struct tally *tally, struct reading *reading)
{
    struct err *err = NULL;
    reading->owner = arena_create(tally->stage->execution->options->budget);
    if (reading->owner == NULL) {
        return err_oom();
    }
    OR_DONE(files_new(tally, reading->owner, &reading->smaller));
    OR_DONE(keys_write(tally, &reading->keys, reading->part->depth + 1U, reading->owner, reading->smaller));
    arena_reset(reading->keys.arena);
done:
    return err;
}

static struct err *read_chunk(struct out *out, struct reading *reading, uint32_t what, const struct chunk *chunk)
{
    struct err *err = NULL;
    const struct tally *tally = out->tally;
    struct arena *scratch = out->worker->scratch;
    const struct column *const *keys = (const struct column *const *)chunk->columns;
    uint32_t kept = 0;
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, chunk->row_count);
    if (positions == NULL) {
        return arena_error(scratch);
    }
    if (reading->smaller != NULL) {
        OR_DONE(spill_split(reading->smaller->file, reading->owner, reading->smaller->lists[what],
                            reading->part->depth + 1U, scratch, tally->types, tally->key_count, chunk));
    } else if (what == ROWS) {
        OR_DONE(tally_keys_pass(tally, &reading->keys, scratch, keys, chunk->row_count, positions, &kept));
        OR_DONE(emit_rows(out, chunk, positions, kept));
    } else if (tally->verdict == NULL) {
        OR_DONE(tally_keys_pass(tally, &reading->keys, scratch, keys, chunk->row_count, positions, &kept));
    } else {
        OR_DONE(
            tally_keys_add(&reading->keys, scratch, keys, chunk->columns[tally->key_count]->values, chunk->row_count));
    }
done:
    return err;
}

static struct err *read_list(struct out *out, struct reading *reading, uint32_t what, const struct tally_files *files)
{
    struct err *err = NULL;
    struct tally *tally = out->tally;
    const struct spill_list *list = &files->lists[what][reading->part->number];
    for (uint32_t i = 0; i < list->count && !out->stop && !atomic_load(&tally->stop); i++) {
        struct chunk *chunk = NULL;
        OR_DONE(execution_check(tally->stage->execution));
        OR_DONE(spill_read(files->file, out->worker->scratch, list->offsets[i],
                           what == KEYS ? tally->count_types : tally->types, &chunk));
        OR_DONE(read_chunk(out, reading, what, chunk));
        arena_reset(out->worker->scratch);
        if (reading->smaller == NULL && is_too_large(tally, reading)) {
            OR_DONE(split_begin(tally, reading));
        }
    }
done:
    return err;
}

static struct err *part_run(struct out *out, const struct part *part)
{
    struct err *err = NULL;
    struct tally *tally = out->tally;
    struct reading reading = {.part = part};
    uint64_t rows = 0, bytes = 0;
    reading.keys.arena = arena_create(tally->stage->execution->options->budget);
    if (reading.keys.arena == NULL) {
        return err_oom();
    }
    for (uint32_t w = 0; w < part->file_count; w++) {
        for (uint32_t what = KEYS; part->files[w] != NULL && what <= ROWS; what++) {
            rows += part->files[w]->lists[what][part->number].row_count;
            bytes += part->files[w]->lists[what][part->number].bytes;
        }
    }
    reading.may_split = part->depth < SPILL_DEPTH_MAX && !spill_is_small(rows, bytes);
    OR_DONE(tally_keys_begin(tally, &reading.keys));
    for (uint32_t what = KEYS; what <= ROWS; what++) {
        for (uint32_t w = 0; w < part->file_count; w++) {
            if (part->files[w] != NULL) {
                OR_DONE(read_list(out, &reading, what, part->files[w]));
            }
        }
    }
    for (uint32_t p = 0; reading.smaller != NULL && p < SPILL_SPLIT && !out->stop; p++) {
        struct part smaller = {.files = &reading.smaller, .file_count = 1, .number = p, .depth = part->depth + 1U};
        OR_DONE(part_run(out, &smaller));
    }
done:
    arena_destroy(reading.owner);
    arena_destroy(reading.keys.arena);
    return err;
}

static struct err *run_parts(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct tally *tally = object;
    struct out out = {.tally = tally, .worker = worker};
    arena_reset(worker->scratch);
    for (uint32_t p; !atomic_load(&tally->stop) && (p = atomic_fetch_add(&tally->next_part, 1)) < SPILL_SPLIT;) {
        struct part part = {.files = tally->files, .file_count = WORKERS_MAX, .number = p};
        OR_DONE(part_run(&out, &part));
        if (out.stop) {
            atomic_store(&tally->stop, true);
        }
    }
done:
    if (err != NULL) {
        atomic_store(&tally->stop, true);
    }
    return err;
}

/* --- in order -------------------------------------------------------------------------------------------------------
 */

/* Rows in order, without their numbers. */
static struct err *ordered_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct tally *tally = stage->shared;
    struct chunk rows = *chunk;
    rows.column_count = tally->column_count;
    return tally->emit(tally->stage, worker, &rows, stop);
}

static struct err *ordered_finish(struct stage *stage, struct worker *worker)
{
    (void)stage;
    (void)worker;
    return NULL;
}

static const struct operator_kind ordered_kind = {ordered_push, ordered_finish};

/* Runs of rows with a number behind, to be merged by it. */
static struct err *runs_create(struct tally *tally)
{
    struct err *err = NULL;
    struct execution *execution = tally->stage->execution;
    struct arena *arena = execution->arena;
    uint32_t count = tally->column_count;
    struct stage *sort = NULL, *ordered = NULL;
    struct plan *plan = ARENA_NEW(arena, struct plan);
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, count + 1U);
    struct plan_sort_key *key = ARENA_NEW(arena, struct plan_sort_key);
    if (plan == NULL || columns == NULL || key == NULL) {
        return arena_error(arena);
    }
    memset(columns, 0, (count + 1U) * sizeof(*columns));
    for (uint32_t c = 0; c <= count; c++) {
        columns[c].type = tally->types[tally->key_count + c];
    }
    OR_DONE(expression_column(arena, count, columns[count].type, &key->expression));
    *plan = (struct plan){.kind = PLAN_SORT,
                          .columns = columns,
                          .column_count = count + 1U,
                          .sort_keys = key,
                          .sort_key_count = 1,
                          .limit = UINT64_MAX};
    OR_DONE(operator_new(execution, &ordered_kind, plan, NULL, &ordered));
    ordered->shared = tally;
    OR_DONE(operator_new(execution, &ordered_kind, plan, ordered, &sort));
    OR_DONE(sort_runs_create(sort, &tally->runs));
done:
    return err;
}

struct err *tally_finish(struct tally *tally, struct worker *worker)
{
    struct err *err = NULL;
    if (!atomic_load(&tally->external)) {
        return NULL;
    }
    if (tally->in_order) {
        OR_DONE(runs_create(tally));
    }
    OR_DONE(execution_parallel(tally->stage->execution, WORKERS_MAX, run_parts, tally));
    if (tally->in_order && sort_runs_any(tally->runs)) {
        OR_DONE(sort_runs_merge(tally->runs, worker));
    }
done:
    return err;
}
