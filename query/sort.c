/*
 * sort.c: ORDER BY, with or without a number of rows that is enough.
 *
 * how      rows are copied as they come, with an entry of 16 bytes each: the first key as a 64-bit word in sort order
 *          and the row's place. sort_order.c puts the entries in order, sort_gather.c makes columns of them
 * external when they take too much memory, a worker's rows become a sorted run in a temporary file: sort_external.c
 * top      when n rows are enough, rows whose word is above the n-th smallest so far are dropped before copying
 *          anything: a heap of the n smallest words tells it, or (of many) the sort of a worker that holds twice as
 *          many rows, and at least 4,096, and then keeps n
 * thread   push: each worker on its own rows; finish: one worker, over all workers' rows, with the others' help
 */
#include "query/aggregates.h"
#include "query/sort.h"

#include <stdatomic.h>
#include <stdlib.h>

#define ROWS_OUT      8192U
#define KEEP_AT_LEAST 4096U
#define HEAP_MAX      4096U /* words */

struct rows {
    struct evaluator *evaluator;
    struct arena *arena; /* of the rows kept now */
    struct sort_kept *chunks;
    uint32_t chunk_count, chunk_capacity;
    struct sort_entry *entries;
    uint64_t entry_count, entry_capacity;
    uint64_t threshold;             /* rows with a greater word are not among the first n */
    struct sort_smallest *smallest; /* for n up to HEAP_MAX; or NULL */
    struct sort_best *best;
};

struct sorting {
    const struct plan *plan;
    struct program *program;
    struct sort_bound *bound; /* shared with the scan, or NULL */
    uint64_t best;            /* rows of each of a window's partitions that are enough; 0: all */
    struct sort_runs *runs;
    _Atomic uint64_t row_count, bytes; /* ever kept, for limits */
};

static void cleanup_rows(void *object)
{
    struct rows *rows = object;
    arena_destroy(rows->arena);
}

uint64_t sort_key_word(const struct type *type, const struct plan_sort_key *key, const struct column *column,
                       uint32_t row)
{
    const uint64_t after = key->nulls_first ? 0 : UINT64_MAX;
    uint64_t word = 0;
    if (type->kind == TYPE_NOTHING || column_is_null(column, row)) {
        return after;
    }
    if (type_is_nested(type)) {
        return 0; /* compared whole */
    }
    const void *value = column_value(column, row);
    enum type_kind kind = type_physical(type);
    if (type->kind == TYPE_STRING || type->kind == TYPE_FIXED_STRING || type->kind == TYPE_IPV6) {
        struct slice text = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
        for (uint32_t i = 0; i < 8; i++) {
            word = word << 8 | (i < text.length ? (unsigned char)text.data[i] : 0);
        }
    } else if (kind == TYPE_INT128) {
        __int128 wide;
        memcpy(&wide, value, 16);
        word = (uint64_t)(wide >> 64) ^ (uint64_t)1 << 63;
    } else if (kind == TYPE_UINT128) {
        unsigned __int128 wide;
        memcpy(&wide, value, 16);
        word = (uint64_t)(wide >> 64);
    } else if (type_is_256(type)) {
        memcpy(&word, (const char *)value + 24, 8);
        word ^= (uint64_t)(kind == TYPE_INT256) << 63;
    } else {
        word = ordered_bits(kind, value);
        if (word == UINT64_MAX && type_is_float(type)) {
            return after;
        }
    }
    return key->descending ? ~word : word;
}

uint64_t sort_bound_word(const struct sort_bound *bound, const void *value)
{
    struct column one = {.type = bound->type, .form = COLUMN_CONST, .row_count = 1};
    one.values = (void *)(uintptr_t)value;
    return sort_key_word(bound->type, bound->key, &one, 0);
}

static bool is_nan(const struct column *column, uint32_t row)
{
    if (column->type->kind == TYPE_FLOAT64) {
        double x = *(const double *)column_value(column, row);
        return x != x;
    }
    float x = *(const float *)column_value(column, row);
    return x != x;
}

/* Arrays, tuples and maps; NULLs and NaNs in them come first when nulls_first, else last, whatever the direction. */
static int compare_nested(const struct column *a, uint32_t row_a, const struct column *b, uint32_t row_b,
                          const struct plan_sort_key *key)
{
    const struct type *type = a->type;
    bool null_a = column_is_null(a, row_a), null_b = column_is_null(b, row_b);
    if (type_is_float(type) && !null_a && !null_b) {
        null_a = is_nan(a, row_a);
        null_b = is_nan(b, row_b);
    }
    if (null_a || null_b) {
        return null_a == null_b ? 0 : null_a == key->nulls_first ? -1 : 1;
    }
    if (!type_is_nested(type)) {
        int order = column_compare(a, row_a, b, row_b);
        return key->descending ? -order : order;
    }
    row_a = a->form == COLUMN_CONST ? 0 : row_a;
    row_b = b->form == COLUMN_CONST ? 0 : row_b;
    if (type->kind == TYPE_TUPLE) {
        int order = 0;
        for (uint32_t k = 0; k < type->child_count && order == 0; k++) {
            order = compare_nested(a->children[k], row_a, b->children[k], row_b, key);
        }
        return order;
    }
    uint32_t i = a->offsets[row_a], end_a = a->offsets[row_a + 1];
    uint32_t k = b->offsets[row_b], end_b = b->offsets[row_b + 1];
    for (; i < end_a && k < end_b; i++, k++) {
        int order = compare_nested(a->children[0], i, b->children[0], k, key);
        if (order != 0) {
            return order;
        }
    }
    int order = (int)(i < end_a) - (int)(k < end_b);
    return key->descending ? -order : order;
}

/* Numbers, NaN, NULL: in this order, or (NULLS FIRST) the other way round. */
static int rank_of(const struct column *column, uint32_t row)
{
    return column_is_null(column, row) ? 2 : type_is_float(column->type) && is_nan(column, row) ? 1 : 0;
}

int sort_compare_rows(const struct plan *plan, const struct column *const *a_keys, uint32_t a,
                      const struct column *const *b_keys, uint32_t b)
{
    for (uint32_t k = 0; k < plan->sort_key_count; k++) {
        const struct plan_sort_key *key = &plan->sort_keys[k];
        const struct type *type = key->expression->type;
        if (type_is_nested(type)) {
            int order = compare_nested(a_keys[k], a, b_keys[k], b, key);
            if (order != 0) {
                return order;
            }
            continue;
        }
        int a_last = rank_of(a_keys[k], a);
        int b_last = rank_of(b_keys[k], b);
        if ((a_last | b_last) != 0) {
            if (a_last != b_last) {
                return (a_last < b_last) == key->nulls_first ? 1 : -1;
            }
            continue;
        }
        int order = column_compare(a_keys[k], a, b_keys[k], b);
        if (order != 0) {
            return key->descending ? -order : order;
        }
    }
    return 0;
}

static struct err *grow(struct arena *arena, void **array, uint64_t count, uint64_t *capacity, size_t size)
{
    if (count <= *capacity) {
        return NULL;
    }
    uint64_t room = *capacity == 0 ? 64 : *capacity * 2;
    room = room < count ? count : room;
    void *more =
        room > SIZE_MAX / size ? NULL : arena_grow(arena, *array, *capacity * size, *capacity * size, room * size);
    if (more == NULL) {
        return arena_error(arena);
    }
    *array = more;
    *capacity = room;
    return NULL;
}

static const struct type **all_types(const struct plan *plan, struct arena *arena)
{
    const struct type **types =
        ARENA_ARRAY(arena, const struct type *, (size_t)plan->column_count + plan->sort_key_count + 1U);
    for (uint32_t c = 0; types != NULL && c < plan->column_count; c++) {
        types[c] = plan->columns[c].type;
    }
    for (uint32_t k = 0; types != NULL && k < plan->sort_key_count; k++) {
        types[plan->column_count + k] = plan->sort_keys[k].expression->type;
    }
    return types;
}

static void lower_bound(struct sorting *sorting, uint64_t threshold)
{
    if (sorting->bound != NULL) {
        uint64_t bound = atomic_load(&sorting->bound->word);
        while (threshold < bound && !atomic_compare_exchange_weak(&sorting->bound->word, &bound, threshold)) {
        }
    }
}

/* Sorts what is held and keeps the first n rows, in a fresh arena. */
static struct err *keep_first(struct stage *stage, struct worker *worker, struct rows *rows)
{
    struct err *err = NULL;
    struct sorting *sorting = stage->shared;
    const struct plan *plan = stage->plan;
    uint32_t column_count = plan->column_count + plan->sort_key_count;
    uint64_t count = rows->entry_count < plan->limit ? rows->entry_count : plan->limit;
    struct arena *fresh = arena_create(stage->execution->options->budget);
    struct sort_entry *spare = arena_array(rows->arena, rows->entry_count + 1, sizeof(*spare));
    struct rows next = {.evaluator = rows->evaluator, .arena = fresh, .smallest = rows->smallest};
    const struct type **types = all_types(plan, worker->scratch);

    if (fresh == NULL) {
        return err_oom();
    }
    if (spare == NULL || types == NULL) {
        err = spare == NULL ? arena_error(rows->arena) : arena_error(worker->scratch);
        goto done;
    }
    OR_DONE(sort_order(plan, worker, false, rows->chunks, rows->chunk_count, rows->entries, spare, rows->entry_count));
    next.entries = arena_array(fresh, rows->entry_capacity, sizeof(*next.entries));
    next.entry_capacity = rows->entry_capacity;
    next.chunk_capacity = rows->chunk_capacity;
    next.chunks = arena_array(fresh, rows->chunk_capacity, sizeof(*next.chunks));
    if (next.entries == NULL || next.chunks == NULL) {
        err = arena_error(fresh);
        goto done;
    }
    for (uint64_t begin = 0; begin < count; begin += ROWS_OUT) {
        uint32_t part = (uint32_t)(count - begin < ROWS_OUT ? count - begin : ROWS_OUT);
        struct column **columns = ARENA_ARRAY(worker->scratch, struct column *, column_count + 1U);
        struct sort_kept *kept = &next.chunks[next.chunk_count];
        kept->columns = ARENA_ARRAY(fresh, struct column *, column_count + 1U);
        kept->row_count = part;
        if (columns == NULL || kept->columns == NULL) {
            err = columns == NULL ? arena_error(worker->scratch) : arena_error(fresh);
            goto done;
        }
        OR_DONE(sort_gather(plan, worker->scratch, rows->chunks, rows->entries + begin, part, column_count, types,
                            columns));
        for (uint32_t c = 0; c < column_count; c++) {
            uint32_t place = sort_place(plan, c);
            kept->columns[c] = place != c ? kept->columns[place] : column_copy(fresh, columns[c]);
            if (kept->columns[c] == NULL) {
                err = arena_error(fresh);
                goto done;
            }
        }
        for (uint32_t i = 0; i < part; i++) {
            next.entries[begin + i] = (struct sort_entry){rows->entries[begin + i].word, next.chunk_count, i};
        }
        next.chunk_count++;
    }
    next.entry_count = count;
    next.threshold = count == plan->limit && count > 0 ? rows->entries[count - 1].word : UINT64_MAX;
    next.threshold = next.threshold < rows->threshold ? next.threshold : rows->threshold;
    lower_bound(sorting, next.threshold);
    arena_destroy(rows->arena);
    *rows = next;
    fresh = NULL;
done:
    arena_destroy(fresh);
    return err;
}

/* Sorts what is held, of `owner`, and writes as much of it as may be needed to a run. */
static struct err *spill_rows(struct stage *stage, struct worker *owner, struct rows *rows)
{
    struct err *err = NULL;
    struct sorting *sorting = stage->shared;
    const struct plan *plan = stage->plan;
    uint32_t column_count = plan->column_count + plan->sort_key_count;
    uint64_t count = rows->entry_count < plan->limit ? rows->entry_count : plan->limit;
    uint32_t rows_out = spill_chunk_rows(arena_bytes(rows->arena) / rows->entry_count);
    struct sort_entry *spare = arena_array(rows->arena, rows->entry_count + 1, sizeof(*spare));
    const struct type **types = all_types(plan, rows->arena);
    struct arena *work = arena_create(stage->execution->options->budget);
    struct sort_run *run = NULL;

    if (work == NULL) {
        return err_oom();
    }
    if (spare == NULL || types == NULL) {
        err = arena_error(rows->arena);
        goto done;
    }
    OR_DONE(sort_order(plan, owner, false, rows->chunks, rows->chunk_count, rows->entries, spare, rows->entry_count));
    OR_DONE(sort_run_begin(sorting->runs, owner, &run));
    for (uint64_t begin = 0; begin < count; begin += rows_out) {
        uint32_t part = (uint32_t)(count - begin < rows_out ? count - begin : rows_out);
        struct chunk *chunk = chunk_new(work, column_count, part);
        if (chunk == NULL) {
            err = arena_error(work);
            goto done;
        }
        OR_DONE(
            sort_gather(plan, work, rows->chunks, rows->entries + begin, part, column_count, types, chunk->columns));
        OR_DONE(sort_run_add(sorting->runs, run, chunk));
        arena_reset(work);
    }
    if (count == plan->limit && rows->entries[count - 1].word < rows->threshold) {
        rows->threshold = rows->entries[count - 1].word;
        lower_bound(sorting, rows->threshold);
    }
    arena_reset(rows->arena);
    *rows = (struct rows){.evaluator = rows->evaluator,
                          .arena = rows->arena,
                          .threshold = rows->threshold,
                          .smallest = rows->smallest,
                          .best = rows->best};
done:
    arena_destroy(work);
    return err;
}

static struct err *sort_push(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct sorting *sorting = stage->shared;
    const struct plan *plan = stage->plan;
    struct rows *rows = stage->state[worker->index];
    struct column **keys = ARENA_ARRAY(worker->scratch, struct column *, plan->sort_key_count + 1U);
    uint64_t *words = ARENA_ARRAY(worker->scratch, uint64_t, chunk->row_count);
    uint32_t *positions = ARENA_ARRAY(worker->scratch, uint32_t, chunk->row_count);
    uint32_t column_count = plan->column_count + plan->sort_key_count;
    const struct query_limits *limits = &stage->execution->options->limits;
    uint64_t bytes = 0;
    uint32_t count = 0;

    if (keys == NULL || words == NULL || positions == NULL) {
        return arena_error(worker->scratch);
    }
    if (plan->limit == 0) {
        *stop = true;
        return NULL;
    }
    if (rows == NULL) {
        rows = ARENA_NEW(worker->arena, struct rows);
        if (rows == NULL || !arena_on_destroy(worker->arena, cleanup_rows, rows)) {
            return arena_error(worker->arena);
        }
        rows->threshold = UINT64_MAX;
        rows->arena = arena_create(stage->execution->options->budget);
        if (rows->arena == NULL) {
            return err_oom();
        }
        OR_DONE(evaluator_create(worker->arena, sorting->program, &rows->evaluator));
        if (plan->limit <= HEAP_MAX && plan->sort_key_count > 0) {
            rows->smallest = arena_zalloc(worker->arena, sizeof(*rows->smallest) + plan->limit * sizeof(uint64_t));
            if (rows->smallest == NULL) {
                return arena_error(worker->arena);
            }
        }
        stage->state[worker->index] = rows;
    }
    OR_DONE(evaluator_run(rows->evaluator, worker->scratch, (const struct column *const *)chunk->columns,
                          chunk->row_count, keys));
    const struct plan_sort_key *first = &plan->sort_keys[0];
    uint64_t threshold = rows->threshold;
    if (sorting->bound != NULL) {
        uint64_t bound = atomic_load_explicit(&sorting->bound->word, memory_order_relaxed);
        threshold = bound < threshold ? bound : threshold;
    }
    if (plan->sort_key_count == 0) {
        memset(words, 0, chunk->row_count * sizeof(*words));
    } else {
        OR_DONE(sort_key_words(worker->scratch, first->expression->type, first, keys[0], chunk->row_count, words));
    }
    if (sorting->best > 0) { /* a window has no limit */
        OR_DONE(sort_best_rows(&rows->best, plan, stage->next->plan->window->partition_count, sorting->best, worker,
                               (const struct column *const *)keys, chunk->row_count, positions, &count));
        for (uint32_t i = 0; i < count; i++) {
            words[i] = words[positions[i]];
        }
    }
    for (uint32_t i = 0; i < chunk->row_count && sorting->best == 0; i++) {
        words[count] = words[i];
        positions[count] = i;
        count += words[count] <= threshold;
    }
    if (count == 0) {
        return NULL;
    }
    if (rows->smallest != NULL) {
        uint64_t reached = sort_smallest_add(rows->smallest, plan->limit, words, count);
        if (reached < rows->threshold) {
            rows->threshold = reached;
            lower_bound(sorting, reached);
        }
    }
    uint64_t chunk_capacity = rows->chunk_capacity;
    OR_DONE(grow(rows->arena, (void **)&rows->entries, rows->entry_count + count, &rows->entry_capacity,
                 sizeof(struct sort_entry)));
    OR_DONE(
        grow(rows->arena, (void **)&rows->chunks, rows->chunk_count + 1U, &chunk_capacity, sizeof(struct sort_kept)));
    rows->chunk_capacity = (uint32_t)chunk_capacity;
    struct sort_kept *kept = &rows->chunks[rows->chunk_count];
    kept->row_count = count;
    kept->columns = ARENA_ARRAY(rows->arena, struct column *, column_count + 1U);
    if (kept->columns == NULL) {
        return arena_error(rows->arena);
    }
    for (uint32_t c = 0; c < column_count; c++) {
        const struct column *column = c < plan->column_count ? chunk->columns[c] : keys[c - plan->column_count];
        if (sort_place(plan, c) != c) {
            kept->columns[c] = kept->columns[sort_place(plan, c)];
            continue;
        }
        if (count < chunk->row_count) {
            column = column_take(worker->scratch, column, positions, count);
        }
        column = column == NULL ? NULL : column_flat(worker->scratch, column);
        kept->columns[c] = column == NULL ? NULL : column_copy(rows->arena, column);
        if (kept->columns[c] == NULL) {
            return column == NULL ? arena_error(worker->scratch) : arena_error(rows->arena);
        }
        bytes += column_bytes(kept->columns[c]);
    }
    uint64_t wanted = count < plan->limit ? count : plan->limit;
    const struct spill_when when = spill_when_sorting(limits);
    OR_DONE(query_limit_check(ERR_TOO_MANY_ROWS_OR_BYTES, "ORDER BY", limits->max_rows_to_sort,
                              atomic_fetch_add(&sorting->row_count, wanted) + wanted, limits->max_bytes_to_sort,
                              atomic_fetch_add(&sorting->bytes, bytes) + bytes, limits->sort_overflow_mode, stop));
    for (uint32_t i = 0; i < count; i++) {
        rows->entries[rows->entry_count + i] = (struct sort_entry){words[i], rows->chunk_count, i};
    }
    rows->entry_count += count;
    rows->chunk_count++;
    if (plan->limit < UINT64_MAX / 4 && rows->entry_count >= KEEP_AT_LEAST && rows->entry_count / 2 >= plan->limit) {
        OR_DONE(keep_first(stage, worker, rows));
    } else if (execution_should_spill(stage->execution, &when, arena_bytes(rows->arena),
                                      stage->execution->worker_count)) {
        OR_DONE(spill_rows(stage, worker, rows));
    }
done:
    return err;
}

/* All rows that are still in memory go to runs, and these are merged. */
static struct err *finish_runs(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    struct sorting *sorting = stage->shared;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        struct rows *rows = stage->state[w];
        if (rows != NULL && rows->entry_count > 0) {
            OR_DONE(spill_rows(stage, &stage->execution->workers[w], rows));
        }
    }
    arena_reset(worker->scratch);
    OR_DONE(sort_runs_merge(sorting->runs, worker));
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    return err;
}

/* The rows of all workers as one; those of the only worker that has any stay where they are. */
static struct err *gather_rows_of_all(struct stage *stage, struct arena *arena, uint64_t count, uint32_t chunk_count,
                                      struct rows *all)
{
    struct err *err = NULL;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct rows *rows = stage->state[w];
        if (rows != NULL && rows->entry_count == count) {
            *all = *rows;
            return NULL;
        }
    }
    all->entries = arena_array(arena, count, sizeof(*all->entries));
    all->chunks = ARENA_ARRAY(arena, struct sort_kept, chunk_count);
    if (all->entries == NULL || all->chunks == NULL) {
        return arena_error(arena);
    }
    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct rows *rows = stage->state[w];
        for (uint64_t i = 0; rows != NULL && i < rows->entry_count; i++) {
            OR_DONE(interrupt_at(i));
            all->entries[all->entry_count++] = (struct sort_entry){
                rows->entries[i].word, rows->entries[i].chunk + all->chunk_count, rows->entries[i].row};
        }
        if (rows != NULL && rows->chunk_count > 0) {
            memcpy(all->chunks + all->chunk_count, rows->chunks, rows->chunk_count * sizeof(*all->chunks));
            all->chunk_count += rows->chunk_count;
        }
    }
done:
    return err;
}

static struct err *sort_finish(struct stage *stage, struct worker *worker)
{
    struct err *err = NULL;
    struct sorting *sorting = stage->shared;
    const struct plan *plan = stage->plan;
    struct rows all = {0};
    uint64_t count = 0;
    uint32_t chunk_count = 0;
    bool stop = false;

    for (uint32_t w = 0; w < WORKERS_MAX; w++) {
        const struct rows *rows = stage->state[w];
        count += rows == NULL ? 0 : rows->entry_count;
        chunk_count += rows == NULL ? 0 : rows->chunk_count;
    }
    if (sort_runs_any(sorting->runs) ||
        (count > 0 && execution_is_tight(stage->execution, count * 2 * sizeof(struct sort_entry)))) {
        return finish_runs(stage, worker);
    }
    struct arena *work = arena_create(stage->execution->options->budget);
    if (work == NULL) {
        return err_oom();
    }
    OR_DONE(gather_rows_of_all(stage, work, count, chunk_count, &all));
    struct sort_entry *spare = arena_array(work, count + 1, sizeof(*spare));
    const struct type **types = all_types(plan, work);
    if (spare == NULL || types == NULL) {
        err = arena_error(work);
        goto done;
    }
    OR_DONE(sort_order(plan, worker, true, all.chunks, all.chunk_count, all.entries, spare, count));
    arena_release(work, spare, (count + 1) * sizeof(*spare));
    count = count < plan->limit ? count : plan->limit;
    arena_reset(worker->scratch);
    if (window_is(stage->next) && plan->limit == UINT64_MAX) {
        struct sort_view view = {plan, types, all.chunks, all.entries, count};
        OR_DONE(window_sorted(stage->next, worker, &view));
        stop = true;
    }
    for (uint64_t begin = 0; begin < count && !stop; begin += ROWS_OUT) {
        uint32_t part = (uint32_t)(count - begin < ROWS_OUT ? count - begin : ROWS_OUT);
        struct chunk *chunk = chunk_new(worker->scratch, plan->column_count, part);
        if (chunk == NULL) {
            err = arena_error(worker->scratch);
            goto done;
        }
        OR_DONE(execution_check(stage->execution));
        OR_DONE(sort_gather(plan, worker->scratch, all.chunks, all.entries + begin, part, plan->column_count, types,
                            chunk->columns));
        OR_DONE(operator_push(stage->next, worker, chunk, &stop));
        arena_reset(worker->scratch);
    }
    arena_destroy(work);
    work = NULL;
    for (uint32_t w = 0; w < WORKERS_MAX; w++) { /* the rows are the next stage's now */
        if (stage->state[w] != NULL) {
            arena_reset(((struct rows *)stage->state[w])->arena);
        }
    }
    OR_DONE(stage->next->kind->finish(stage->next, worker));
done:
    arena_destroy(work);
    return err;
}

static const struct operator_kind sort_kind = {sort_push, sort_finish};

struct err *operator_sort(struct execution *execution, const struct plan *plan, struct stage *next,
                          struct sort_bound *bound, struct stage **out)
{
    struct err *err = NULL;
    struct sorting *sorting = ARENA_NEW(execution->arena, struct sorting);
    const struct expression **keys =
        ARENA_ARRAY(execution->arena, const struct expression *, plan->sort_key_count + 1U);
    if (sorting == NULL || keys == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < plan->sort_key_count; k++) {
        keys[k] = plan->sort_keys[k].expression;
    }
    sorting->plan = plan;
    sorting->bound = bound;
    OR_DONE(operator_new(execution, &sort_kind, plan, next, out));
    sorting->best = sort_best_wanted(plan, next);
    OR_DONE(sort_runs_create(*out, &sorting->runs));
    OR_DONE(program_compile(execution->arena, keys, plan->sort_key_count, &sorting->program));
    (*out)->shared = sorting;
done:
    return err;
}
