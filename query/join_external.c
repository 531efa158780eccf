/*
 * join_external.c: a join whose right side memory does not hold: both sides in temporary files, in parts by a hash of
 * their keys, joined part by part.
 *
 * how      build_push notices that the right side is too large: from then on its rows, and those kept, go to files, as
 *          do all rows of the left side. At the end each part is a join of its own, of the same plan, that reads its
 *          sides from the files; what it emits goes to the stage behind the whole join
 * again    a part whose right side is too large is split likewise, by another hash
 * blocks   where that cannot help, as all rows are of one key: as many right rows at a time as memory holds are joined
 *          with all left rows of the part. Left rows that have had a pair are remembered, a byte each; those that never
 *          have one get their defaults with the last block. Not ASOF, whose nearest row may be in any block
 * memory   one part of the right side at a time. A part's join works in arenas of its own, in an execution that is a
 *          copy of the query's but for these; the stages behind see the query's workers
 * source   Kitsuregawa et al., "Application of Hash to Data Base Machine and Its Architecture", 1983 (Grace)
 * thread   pushes: each worker its own files; parts: one after another, each probed by all workers
 */
#include "query/join_keys.h"
#include "query/spill.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PARTS 32U

enum { LEFT, RIGHT };

struct join_files {
    struct spill_file *files[2];
    struct spill_list lists[2][PARTS];
};

static struct err *files_of(struct join *join, struct worker *worker, uint32_t side, struct join_files **out)
{
    struct err *err = NULL;
    struct join_files *files = join->files[worker->index];
    if (files == NULL) {
        files = ARENA_NEW(worker->arena, struct join_files);
        if (files == NULL) {
            return arena_error(worker->arena);
        }
        join->files[worker->index] = files;
    }
    if (files->files[side] == NULL) {
        OR_DONE(spill_file_create(worker->execution->spill, worker->arena, &files->files[side]));
    }
    *out = files;
done:
    return err;
}

/* Positions of the chunk's rows by part: those of part p are [begins[p], begins[p + 1]). */
static struct err *part_rows(const struct join *join, struct arena *work, const struct column **keys,
                             uint32_t row_count, uint32_t **out, uint32_t *begins)
{
    struct err *err = NULL;
    struct join_packed *packed = NULL;
    uint32_t *positions = ARENA_ARRAY(work, uint32_t, row_count);
    uint64_t *hashes = ARENA_ARRAY(work, uint64_t, row_count);
    if (positions == NULL || hashes == NULL) {
        return arena_error(work);
    }
    OR_DONE(join_packed_new(join->table, work, keys, NULL, row_count, &packed));
    join_pack(join->table, keys, 0, row_count, packed);
    for (uint32_t i = 0; i < row_count; i++) {
        bool absent = packed->absent != NULL && packed->absent[i] != 0; /* matches nothing, in any part */
        hashes[i] = absent ? i : join_hash_of(packed, i);
    }
    spill_order(hashes, NULL, row_count, join->depth, PARTS, positions, begins);
    *out = positions;
done:
    return err;
}

static struct err *write_rows(struct join *join, struct worker *worker, uint32_t side, const struct chunk *chunk,
                              struct column *const *key_columns)
{
    struct err *err = NULL;
    struct join_files *files = NULL;
    uint32_t begins[PARTS + 1];
    uint32_t *positions = NULL;
    struct arena *work = arena_create(worker->execution->options->budget);
    if (work == NULL) {
        return err_oom();
    }
    const struct column **keys = ARENA_ARRAY(work, const struct column *, join->spec->key_count);
    if (keys == NULL) {
        err = arena_error(work);
        goto done;
    }
    for (uint32_t k = 0; k < join->spec->key_count; k++) {
        keys[k] = key_columns[k];
    }
    OR_DONE(execution_check(worker->execution));
    OR_DONE(files_of(join, worker, side, &files));
    OR_DONE(part_rows(join, work, keys, chunk->row_count, &positions, begins));
    for (uint32_t p = 0; p < PARTS; p++) {
        uint32_t count = begins[p + 1] - begins[p];
        if (count == 0) {
            continue;
        }
        struct chunk *part = chunk_new(work, chunk->column_count, count);
        if (part == NULL) {
            err = arena_error(work);
            goto done;
        }
        for (uint32_t c = 0; c < chunk->column_count; c++) {
            if (chunk->columns[c] != NULL) {
                part->columns[c] = column_take(work, chunk->columns[c], positions + begins[p], count);
                if (part->columns[c] == NULL) {
                    err = arena_error(work);
                    goto done;
                }
            }
        }
        OR_DONE(spill_write(files->files[side], worker->arena, &files->lists[side][p], part));
    }
done:
    arena_destroy(work);
    return err;
}

struct err *join_spill_right(struct join *join, struct worker *worker, const struct chunk *kept)
{
    struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, join->spec->key_count);
    if (keys == NULL) {
        return arena_error(worker->scratch);
    }
    for (uint32_t k = 0; k < join->spec->key_count; k++) {
        keys[k] = kept->columns[join->key_columns[k]];
    }
    return write_rows(join, worker, RIGHT, kept, keys);
}

struct err *join_spill_left(struct join *join, struct worker *worker, const struct chunk *chunk,
                            struct column *const *keys)
{
    struct chunk needed = *chunk;
    needed.columns = ARENA_ARRAY(worker->scratch, struct column *, chunk->column_count + 1U);
    if (needed.columns == NULL) {
        return arena_error(worker->scratch);
    }
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        needed.columns[c] = join->left_needed[c] ? chunk->columns[c] : NULL;
    }
    return write_rows(join, worker, LEFT, &needed, keys);
}

/* --- parts ----------------------------------------------------------------------------------------------------------
 */

/* What a part's join emits goes on as if the whole join had. */
static struct err *part_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct stage *whole = stage->shared;
    struct worker outer = whole->execution->workers[worker->index];
    outer.scratch = worker->scratch;
    return operator_push(whole->next, &outer, chunk, stop);
}

static struct err *part_finish(struct stage *stage, struct worker *worker)
{
    (void)stage;
    (void)worker;
    return NULL;
}

static const struct operator_kind part_kind = {part_push, part_finish};

struct part {
    struct join *whole;
    uint32_t number;
    struct execution *execution;
    struct join *join; /* of the block that is joined now */
    const struct type **left_types;
    const struct type **right_types;
    uint32_t right_next; /* chunk of the right side: the first that was in no block yet */
    bool is_small;
    bool may_split;
    _Atomic uint32_t next; /* chunk of the left side */
    _Atomic bool stop;
    pthread_mutex_t mutex; /* of the arena */
    struct arena *arena;   /* of what outlives a block */
    uint8_t **seen;        /* per chunk of the left side: rows that have had a pair; or NULL */
};

static struct err *types_of(struct arena *arena, const struct plan *side, const struct type *const *more,
                            uint32_t more_count, const struct type ***out)
{
    *out = ARENA_ARRAY(arena, const struct type *, side->column_count + more_count + 1U);
    for (uint32_t c = 0; *out != NULL && c < side->column_count; c++) {
        (*out)[c] = side->columns[c].type;
    }
    for (uint32_t c = 0; *out != NULL && c < more_count; c++) {
        (*out)[side->column_count + c] = more[c];
    }
    return *out == NULL ? arena_error(arena) : NULL;
}

static uint32_t part_chunks(const struct join *join, uint32_t side, uint32_t number)
{
    uint32_t count = 0;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        count += join->files[w] == NULL ? 0 : join->files[w]->lists[side][number].count;
    }
    return count;
}

/* Of the right side's part: may it be joined in several steps? Would another hash make smaller parts of it? Not of one
 * key, nor of what was one part before. */
static void part_size(struct part *part)
{
    const struct join *join = part->whole;
    uint64_t all = 0, rows = 0, bytes = 0;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        for (uint32_t p = 0; join->files[w] != NULL && p < PARTS; p++) {
            const struct spill_list *list = &join->files[w]->lists[RIGHT][p];
            all += list->row_count;
            rows += p == part->number ? list->row_count : 0;
            bytes += p == part->number ? list->bytes : 0;
        }
    }
    part->is_small = spill_is_small(rows, bytes);
    part->may_split = !part->is_small && join->depth < SPILL_DEPTH_MAX && rows < all;
}

/* Chunk i of a side of the part, in worker's order. */
static struct err *part_read(const struct part *part, struct arena *arena, uint32_t side, uint32_t i,
                             struct chunk **out)
{
    const struct type **types = side == LEFT ? part->left_types : part->right_types;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        struct join_files *files = part->whole->files[w];
        uint32_t count = files == NULL ? 0 : files->lists[side][part->number].count;
        if (i < count) {
            return spill_read(files->files[side], arena, files->lists[side][part->number].offsets[i], types, out);
        }
        i -= count;
    }
    ASSERT(!"a chunk of the part");
    return NULL;
}

/* The flags of the chunk's rows: all are 0 at first. */
static struct err *seen_rows(struct part *part, uint32_t i, uint32_t row_count, uint8_t **out)
{
    struct err *err = NULL;
    pthread_mutex_lock(&part->mutex);
    if (part->seen[i] == NULL) {
        part->seen[i] = arena_zalloc(part->arena, row_count);
        err = part->seen[i] == NULL ? arena_error(part->arena) : NULL;
    }
    *out = part->seen[i];
    pthread_mutex_unlock(&part->mutex);
    return err;
}

static struct err *probe_chunks(void *object, struct worker *worker)
{
    struct err *err = NULL;
    struct part *part = object;
    uint32_t count = part_chunks(part->whole, LEFT, part->number);
    bool stop = false;
    for (uint32_t i; !stop && !atomic_load(&part->stop) && (i = atomic_fetch_add(&part->next, 1)) < count;) {
        struct chunk *chunk = NULL;
        OR_DONE(execution_check(part->execution));
        OR_DONE(part_read(part, worker->scratch, LEFT, i, &chunk));
        if (part->seen != NULL) {
            OR_DONE(seen_rows(part, i, chunk->row_count, &part->join->seen[worker->index]));
        }
        OR_DONE(operator_push(part->join->probe_stage, worker, chunk, &stop));
        arena_reset(worker->scratch);
    }
done:
    if (err != NULL || stop) {
        atomic_store(&part->stop, true);
    }
    return err;
}

/* Right rows into the join: all that are left, or as many as memory holds where the part cannot be split. */
static struct err *build_block(struct part *part, struct worker *worker)
{
    struct err *err = NULL;
    struct join *join = part->join;
    struct execution *execution = part->execution;
    const struct spill_when when = spill_when_joining(&execution->options->limits);
    uint32_t count = part_chunks(part->whole, RIGHT, part->number);
    bool in_blocks = !part->is_small && !part->may_split && join->spec->strictness != JOIN_ASOF;
    bool full = false;
    for (; part->right_next < count && !full; part->right_next++) {
        struct chunk *chunk = NULL;
        struct arena *arena = NULL;
        OR_DONE(execution_check(execution));
        OR_DONE(join_build_arena(join->build_stage, worker, &arena));
        OR_DONE(part_read(part, arena, RIGHT, part->right_next, &chunk));
        OR_DONE(join_build_add(join->build_stage, worker, chunk));
        full = in_blocks && execution_should_spill(execution, &when, arena_bytes(arena), 1);
    }
    join->last_block = part->right_next == count;
    if (!join->last_block && part->seen == NULL) {
        uint32_t left_count = part_chunks(part->whole, LEFT, part->number);
        part->seen = arena_zalloc(part->arena, (left_count + 1U) * sizeof(*part->seen));
        if (part->seen == NULL) {
            return arena_error(part->arena);
        }
    }
    OR_DONE(join->build_stage->kind->finish(join->build_stage, worker));
done:
    return err;
}

/* Joins the next block of right rows with all left ones. */
static struct err *block_join(struct part *part)
{
    struct err *err = NULL;
    struct join *whole = part->whole;
    struct execution *execution = part->execution;
    struct worker *worker = &execution->workers[0];
    const struct plan *plan = whole->plan;
    struct stage *out = NULL;
    OR_DONE(operator_new(execution, &part_kind, plan, NULL, &out));
    out->shared = whole->probe_stage;
    OR_DONE(join_begin(execution, plan, whole->needed, out, &part->join));
    part->join->depth = whole->depth + 1U;
    part->join->may_spill = part->may_split;
    OR_DONE(types_of(execution->arena, plan->inputs[0], NULL, 0, &part->left_types));
    OR_DONE(types_of(execution->arena, plan->inputs[1], whole->build_types + whole->right_count,
                     whole->build_column_count - whole->right_count, &part->right_types));
    OR_DONE(build_block(part, worker));
    arena_reset(worker->scratch);
    if (part->seen != NULL) {
        part->join->seen = arena_zalloc(execution->arena, WORKERS_MAX * sizeof(*part->join->seen));
        if (part->join->seen == NULL) {
            return arena_error(execution->arena);
        }
    }
    atomic_store(&part->next, 0);
    if (!join_left_is_idle(part->join)) {
        uint32_t chunks = part_chunks(whole, LEFT, part->number);
        OR_DONE(execution_parallel(execution, chunks < WORKERS_MAX ? chunks : WORKERS_MAX, probe_chunks, part));
    }
    if (!atomic_load(&part->stop)) {
        OR_DONE(part->join->probe_stage->kind->finish(part->join->probe_stage, worker));
    }
    if (atomic_load(&part->join->stopped)) {
        atomic_store(&part->stop, true);
    }
done:
    return err;
}

/* With arenas of the block's own. */
static struct err *block_run(struct part *part, const struct execution *whole)
{
    struct err *err = NULL;
    struct execution *execution = part->execution;
    bool made = (execution->arena = arena_create(whole->options->budget)) != NULL;
    for (uint32_t w = 0; w < execution->worker_count; w++) {
        execution->workers[w] = whole->workers[w];
        execution->workers[w].execution = execution;
        execution->workers[w].arena = arena_create(whole->options->budget);
        arena_reset(execution->workers[w].scratch);
        made = made && execution->workers[w].arena != NULL;
    }
    err = made ? block_join(part) : err_oom();
    for (uint32_t w = 0; w < execution->worker_count; w++) {
        arena_reset(execution->workers[w].scratch);
    }
    arena_destroy(execution->arena);
    for (uint32_t w = 0; w < execution->worker_count; w++) {
        arena_destroy(execution->workers[w].arena);
    }
    return err;
}

static struct err *part_run(struct part *part, const struct execution *whole)
{
    struct err *err = NULL;
    uint32_t right_count = part_chunks(part->whole, RIGHT, part->number);
    part_size(part);
    part->arena = arena_create(whole->options->budget);
    if (part->arena == NULL) {
        return err_oom();
    }
    pthread_mutex_init(&part->mutex, NULL);
    do {
        OR_DONE(block_run(part, whole));
    } while (part->right_next < right_count && !atomic_load(&part->stop));
done:
    pthread_mutex_destroy(&part->mutex);
    arena_destroy(part->arena);
    return err;
}

struct err *join_external_finish(struct join *join)
{
    struct err *err = NULL;
    struct execution *whole = join->probe_stage->execution;
    struct execution *execution = calloc(1, sizeof(*execution));
    bool stop = false;
    if (execution == NULL) {
        return err_oom();
    }
    execution->options = whole->options;
    execution->progress = whole->progress;
    execution->spill = whole->spill;
    execution->worker_count = whole->worker_count;
    execution->deadline_us = whole->deadline_us;
    execution->break_us = whole->break_us;
    execution->begin_us = whole->begin_us;
    for (uint32_t p = 0; p < PARTS && err == NULL && !stop; p++) {
        struct part part = {.whole = join, .number = p, .execution = execution};
        err = part_run(&part, whole);
        stop = atomic_load(&part.stop);
    }
    if (stop) {
        atomic_store(&join->stopped, true);
    }
    free(execution);
    return err;
}
