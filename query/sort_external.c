/*
 * sort_external.c: sorted runs in temporary files, and their merge.
 *
 * how      a heap of the runs' first rows, by the first key's word, then by all keys, then by the run's number. Rows
 *          taken are gathered whenever a run's chunk is used up, or there are enough
 * passes   no more than FAN_IN runs are open at once: more are merged to fewer first, neighbours with neighbours
 * memory   one chunk (spill_chunk_rows) for each open run, and one chunk of output
 */
#include "query/sort.h"

#include "query/spill.h"

#define FAN_IN   16U
#define ROWS_OUT 8192U

struct sort_run {
    struct sort_run *next; /* of the same owner */
    struct spill_file *file;
    struct arena *arena; /* of the list */
    struct spill_list list;
};

struct sort_runs {
    struct stage *stage;
    const struct plan *plan;
    const struct type **types; /* of a run's columns: the plan's, then the keys' */
    struct spill_file *files[WORKERS_MAX];
    struct sort_run *first[WORKERS_MAX];
    struct sort_run *last[WORKERS_MAX];
};

/* Where a merge stands in a run. */
struct cursor {
    const struct sort_run *run;
    struct arena *arena; /* of the chunk */
    struct chunk *chunk;
    uint64_t *words; /* of its rows */
    uint32_t chunks_read;
    uint32_t row;
};

struct merge {
    struct sort_runs *runs;
    struct worker *worker;
    struct arena *arena; /* of this merge */
    struct cursor *cursors;
    uint32_t cursor_count;
    uint32_t *heap; /* of cursors that have rows */
    uint32_t heap_count;
    uint32_t *sources; /* rows taken: of which cursor, which row */
    uint32_t *rows;
    uint32_t taken;
    uint64_t left;        /* rows still wanted */
    struct sort_run *out; /* where to; NULL: the next stage */
    bool stop;
};

struct err *sort_runs_create(struct stage *stage, struct sort_runs **out)
{
    struct arena *arena = stage->execution->arena;
    const struct plan *plan = stage->plan;
    struct sort_runs *runs = ARENA_NEW(arena, struct sort_runs);
    if (runs == NULL) {
        return arena_error(arena);
    }
    runs->stage = stage;
    runs->plan = plan;
    runs->types = ARENA_ARRAY(arena, const struct type *, (size_t)plan->column_count + plan->sort_key_count + 1U);
    if (runs->types == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        runs->types[c] = plan->columns[c].type;
    }
    for (uint32_t k = 0; k < plan->sort_key_count; k++) {
        runs->types[plan->column_count + k] = plan->sort_keys[k].expression->type;
    }
    *out = runs;
    return NULL;
}

bool sort_runs_any(const struct sort_runs *runs)
{
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        if (runs->first[w] != NULL) {
            return true;
        }
    }
    return false;
}

static struct err *run_new(struct sort_runs *runs, struct worker *owner, struct sort_run **out)
{
    struct err *err = NULL;
    if (runs->files[owner->index] == NULL) {
        OR_DONE(spill_file_create(runs->stage->execution->spill, owner->arena, &runs->files[owner->index]));
    }
    struct sort_run *run = ARENA_NEW(owner->arena, struct sort_run);
    if (run == NULL) {
        return arena_error(owner->arena);
    }
    run->file = runs->files[owner->index];
    run->arena = owner->arena;
    *out = run;
done:
    return err;
}

struct err *sort_run_begin(struct sort_runs *runs, struct worker *owner, struct sort_run **out)
{
    struct err *err = NULL;
    struct sort_run *run = NULL;
    OR_DONE(run_new(runs, owner, &run));
    if (runs->last[owner->index] == NULL) {
        runs->first[owner->index] = run;
    } else {
        runs->last[owner->index]->next = run;
    }
    runs->last[owner->index] = run;
    *out = run;
done:
    return err;
}

struct err *sort_run_add(struct sort_runs *runs, struct sort_run *run, const struct chunk *chunk)
{
    struct err *err = execution_check(runs->stage->execution);
    return err != NULL ? err : spill_write(run->file, run->arena, &run->list, chunk);
}

/* --- cursors --------------------------------------------------------------------------------------------------------
 */

/* The run's next chunk; *more false: there is none. */
static struct err *cursor_load(struct merge *merge, struct cursor *cursor, bool *more)
{
    struct err *err = NULL;
    const struct plan *plan = merge->runs->plan;
    const struct sort_run *run = cursor->run;
    *more = cursor->chunks_read < run->list.count;
    arena_reset(cursor->arena);
    if (!*more) {
        return NULL;
    }
    OR_DONE(execution_check(merge->runs->stage->execution));
    OR_DONE(spill_read(run->file, cursor->arena, run->list.offsets[cursor->chunks_read++], merge->runs->types,
                       &cursor->chunk));
    cursor->row = 0;
    for (uint32_t c = plan->column_count; c < cursor->chunk->column_count; c++) {
        cursor->chunk->columns[c] = cursor->chunk->columns[sort_place(plan, c)];
    }
    cursor->words = arena_zalloc(cursor->arena, cursor->chunk->row_count * sizeof(uint64_t));
    if (cursor->words == NULL) {
        return arena_error(cursor->arena);
    }
    const struct plan_sort_key *key = &plan->sort_keys[0];
    for (uint32_t i = 0; plan->sort_key_count > 0 && i < cursor->chunk->row_count; i++) {
        cursor->words[i] = sort_key_word(key->expression->type, key, cursor->chunk->columns[plan->column_count], i);
    }
done:
    return err;
}

static bool is_before(const struct merge *merge, uint32_t a, uint32_t b)
{
    const struct plan *plan = merge->runs->plan;
    const struct cursor *x = &merge->cursors[a];
    const struct cursor *y = &merge->cursors[b];
    if (x->words[x->row] != y->words[y->row]) {
        return x->words[x->row] < y->words[y->row];
    }
    int order = sort_compare_rows(plan, (const struct column *const *)x->chunk->columns + plan->column_count, x->row,
                                  (const struct column *const *)y->chunk->columns + plan->column_count, y->row);
    return order != 0 ? order < 0 : a < b;
}

static void sink_down(struct merge *merge, uint32_t at)
{
    uint32_t moved = merge->heap[at];
    for (uint32_t child = 2 * at + 1; child < merge->heap_count; child = 2 * at + 1) {
        if (child + 1 < merge->heap_count && is_before(merge, merge->heap[child + 1], merge->heap[child])) {
            child++;
        }
        if (!is_before(merge, merge->heap[child], moved)) {
            break;
        }
        merge->heap[at] = merge->heap[child];
        at = child;
    }
    merge->heap[at] = moved;
}

/* --- merging --------------------------------------------------------------------------------------------------------
 */

/* Hands on the rows taken, whose chunks are still there. */
static struct err *flush(struct merge *merge)
{
    struct err *err = NULL;
    struct sort_runs *runs = merge->runs;
    struct arena *scratch = merge->worker->scratch;
    uint32_t column_count = runs->plan->column_count + (merge->out == NULL ? 0 : runs->plan->sort_key_count);
    const struct column **columns = ARENA_ARRAY(scratch, const struct column *, merge->cursor_count + 1U);
    struct chunk *chunk = chunk_new(scratch, column_count, merge->taken);
    if (columns == NULL || chunk == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t c = 0; c < column_count && merge->taken > 0; c++) {
        const struct chunk *some = merge->cursors[merge->sources[0]].chunk;
        if (sort_place(runs->plan, c) != c) {
            continue;
        }
        for (uint32_t r = 0; r < merge->cursor_count; r++) {
            const struct chunk *from = merge->cursors[r].chunk == NULL ? some : merge->cursors[r].chunk;
            columns[r] = from->columns[c];
        }
        chunk->columns[c] = column_pick(scratch, runs->types[c], columns, merge->cursor_count, merge->sources,
                                        merge->rows, merge->taken);
        if (chunk->columns[c] == NULL) {
            return arena_error(scratch);
        }
    }
    if (merge->taken > 0) {
        merge->taken = 0;
        OR_DONE(merge->out == NULL ? operator_push(runs->stage->next, merge->worker, chunk, &merge->stop)
                                   : sort_run_add(runs, merge->out, chunk));
    }
    arena_reset(scratch);
done:
    return err;
}

static struct err *merge_rows(struct merge *merge, uint32_t rows_out)
{
    struct err *err = NULL;
    bool more;
    for (uint32_t r = 0; r < merge->cursor_count; r++) {
        OR_DONE(cursor_load(merge, &merge->cursors[r], &more));
        if (more) {
            merge->heap[merge->heap_count++] = r;
        }
    }
    for (uint32_t at = merge->heap_count / 2; at > 0; at--) {
        sink_down(merge, at - 1);
    }
    while (merge->heap_count > 0 && merge->left > 0 && !merge->stop) {
        uint32_t top = merge->heap[0];
        struct cursor *cursor = &merge->cursors[top];
        merge->sources[merge->taken] = top;
        merge->rows[merge->taken++] = cursor->row++;
        merge->left--;
        if (cursor->row == cursor->chunk->row_count) {
            OR_DONE(flush(merge));
            OR_DONE(cursor_load(merge, cursor, &more));
            if (!more) {
                cursor->chunk = NULL;
                merge->heap[0] = merge->heap[--merge->heap_count];
            }
        } else if (merge->taken == rows_out) {
            OR_DONE(flush(merge));
        }
        if (merge->heap_count > 0) {
            sink_down(merge, 0);
        }
    }
    if (!merge->stop) {
        OR_DONE(flush(merge));
    }
done:
    return err;
}

/* Merges runs[0…count) into out, or into the next stage. */
static struct err *merge_runs(struct sort_runs *runs, struct worker *worker, struct sort_run *const *from,
                              uint32_t count, struct sort_run *out)
{
    struct err *err = NULL;
    struct budget *budget = runs->stage->execution->options->budget;
    struct merge merge = {.runs = runs, .worker = worker, .cursor_count = count, .out = out};
    uint32_t rows_out = ROWS_OUT;

    merge.left = runs->plan->limit;
    merge.arena = arena_create(budget);
    if (merge.arena == NULL) {
        return err_oom();
    }
    merge.cursors = arena_zalloc(merge.arena, count * sizeof(struct cursor));
    merge.heap = ARENA_ARRAY(merge.arena, uint32_t, count);
    merge.sources = ARENA_ARRAY(merge.arena, uint32_t, ROWS_OUT);
    merge.rows = ARENA_ARRAY(merge.arena, uint32_t, ROWS_OUT);
    if (merge.cursors == NULL || merge.heap == NULL || merge.sources == NULL || merge.rows == NULL) {
        err = arena_error(merge.arena);
        goto done;
    }
    for (uint32_t r = 0; r < count; r++) {
        const struct spill_list *list = &from[r]->list;
        uint64_t rows = list->count == 0 ? ROWS_OUT : (list->row_count + list->count - 1) / list->count;
        rows_out = out != NULL && rows < rows_out ? (uint32_t)rows : rows_out;
        merge.cursors[r].run = from[r];
        merge.cursors[r].arena = arena_create(budget);
        if (merge.cursors[r].arena == NULL) {
            err = err_oom();
            goto done;
        }
    }
    OR_DONE(merge_rows(&merge, rows_out == 0 ? 1 : rows_out));
done:
    for (uint32_t r = 0; merge.cursors != NULL && r < count; r++) {
        arena_destroy(merge.cursors[r].arena);
    }
    arena_destroy(merge.arena);
    return err;
}

struct err *sort_runs_merge(struct sort_runs *runs, struct worker *worker)
{
    struct err *err = NULL;
    uint32_t count = 0;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        for (struct sort_run *run = runs->first[w]; run != NULL; run = run->next) {
            count++;
        }
    }
    struct sort_run **all = ARENA_ARRAY(worker->arena, struct sort_run *, count + 1U);
    if (all == NULL) {
        return arena_error(worker->arena);
    }
    count = 0;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        for (struct sort_run *run = runs->first[w]; run != NULL; run = run->next) {
            all[count++] = run;
        }
    }
    while (count > FAN_IN) {
        uint32_t fewer = 0;
        for (uint32_t begin = 0; begin < count; begin += FAN_IN) {
            uint32_t these = count - begin < FAN_IN ? count - begin : FAN_IN;
            struct sort_run *merged = all[begin];
            if (these > 1) {
                OR_DONE(run_new(runs, worker, &merged));
                OR_DONE(merge_runs(runs, worker, all + begin, these, merged));
            }
            all[fewer++] = merged;
        }
        count = fewer;
    }
    OR_DONE(merge_runs(runs, worker, all, count, NULL));
done:
    return err;
}
