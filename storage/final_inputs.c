/*
 * final_inputs.c: where the rows of a FINAL read come from: segments, granule by granule; heads, and segments with few
 * rows when there are many, sorted here.
 *
 * flow     final_plan.c, final.c → here → scan_read.c (granules, chunks of heads)
 * shared   what is sorted here is sorted once, by the part that needs it first; each part takes the rows of its range
 */
#include "storage/final_private.h"

#include "base/interrupt.h"
#include "storage/gather.h"
#include "storage/sort.h"

#include <stdlib.h>

#define SMALL_ROWS  2048U  /* a segment with fewer */
#define GROUP_ROWS  65536U /* of small segments, about */
#define SOURCES_FEW 32U    /* no need for groups */

/* ---- sources */

static int compare_sources(const struct final_plan *plan, uint32_t a, uint32_t b)
{
    const struct table_version *version = plan->snapshot->version;
    bool heads = a >= version->segment_count || b >= version->segment_count;
    return heads ? (a > b) - (a < b) : ledger_segment_order(&version->segments[a]->info, &version->segments[b]->info);
}

/* Of segments that have one place, as merges have them (merge_order.c). */
static int by_name(const struct final_plan *plan, uint32_t a, uint32_t b)
{
    const struct ledger_segment *of_a = &plan->snapshot->version->segments[a]->info;
    const struct ledger_segment *of_b = &plan->snapshot->version->segments[b]->info;
    return of_a->pack != of_b->pack ? (of_a->pack > of_b->pack) - (of_a->pack < of_b->pack)
                                    : (of_a->offset > of_b->offset) - (of_a->offset < of_b->offset);
}

static int by_source_and_granule(const void *left, const void *right, void *user)
{
    const struct scan_unit *a = left, *b = right;
    const struct final_plan *plan = user;
    if (a->source != b->source) {
        int order = compare_sources(plan, a->source, b->source);
        return order == 0 ? by_name(plan, a->source, b->source) : order;
    }
    return (a->granule > b->granule) - (a->granule < b->granule);
}

static void release_sources(void *user)
{
    struct final_plan *plan = user;
    for (uint32_t i = 0; i < plan->source_count; i++) {
        arena_destroy(plan->sources[i].arena);
        pthread_mutex_destroy(&plan->sources[i].sorting);
    }
}

static bool is_mixed(const struct final_plan *plan, uint32_t source)
{
    return plan->request->by_partition &&
           slice_equal(plan->snapshot->version->segments[source]->info.partition, slice_text("*"));
}

/* How many segments become one source with the one whose units begin there; 1: it stays alone. */
static uint64_t group_end(const struct final_plan *plan, const struct scan_unit *units, uint64_t first, uint64_t count)
{
    const struct table_version *version = plan->snapshot->version;
    uint64_t rows = 0, end = first;
    while (end < count && rows < GROUP_ROWS && units[end].source < version->segment_count &&
           version->segments[units[end].source]->info.row_count < SMALL_ROWS && !is_mixed(plan, units[end].source)) {
        rows += units[end++].row_count; /* such a segment has one unit */
    }
    return end;
}

struct err *final_make_sources(struct final_plan *plan)
{
    const struct table_version *version = plan->snapshot->version;
    uint64_t count = plan->scan->unit_count;
    struct scan_unit *units = ARENA_ARRAY(plan->arena, struct scan_unit, count + 1);
    uint32_t sources = 0;

    if (units == NULL) {
        return arena_error(plan->arena);
    }
    for (uint64_t i = 0; i < count; i++) {
        units[i] = plan->scan->units[i];
        units[i].index = (uint32_t)i;
    }
    qsort_r(units, count, sizeof(*units), by_source_and_granule, plan);
    for (uint64_t i = 0; i < count; i++) {
        bool first = i == 0 || units[i].source != units[i - 1].source;
        sources += first ? 1 : 0;
        plan->ties = plan->ties || (first && i > 0 && compare_sources(plan, units[i - 1].source, units[i].source) == 0);
    }
    plan->sources = arena_zalloc(plan->arena, ((size_t)sources + 1) * sizeof(*plan->sources));
    if (plan->sources == NULL || !arena_on_destroy(plan->arena, release_sources, plan)) {
        return arena_error(plan->arena);
    }
    static_assert(SMALL_ROWS <= CHUNK_ROWS_MAX, "a small segment has one granule");
    for (uint64_t i = 0; i < count;) {
        struct final_source *source = &plan->sources[plan->source_count];
        const struct final_source *before = plan->source_count > 0 ? source - 1 : NULL;
        bool in_segment = units[i].source < version->segment_count;
        bool tie = i > 0 && compare_sources(plan, units[i - 1].source, units[i].source) == 0;
        uint64_t end = plan->ties || sources <= SOURCES_FEW ? i : group_end(plan, units, i, count);
        bool group = end > i + 1;
        for (end = group ? end : i + 1; end < count && units[end].source == units[end - 1].source && !group; end++) {
        }
        *source = (struct final_source){.units = &units[i], .unit_count = (uint32_t)(end - i)};
        source->place = before == NULL ? 0 : before->place + (tie ? 0 : 1);
        source->in_memory = !in_segment || group || is_mixed(plan, units[i].source);
        pthread_mutex_init(&source->sorting, NULL);
        plan->source_count++;
        i = end;
    }
    return NULL;
}

/* ---- inputs */

/* Units that may have rows of the range; of those that begin below it the last one does. */
static void choose_units(const struct final_plan *plan, const struct final_source *source, uint32_t range,
                         struct final_input *input)
{
    input->end = source->unit_count;
    if (source->in_memory || source->firsts == NULL) {
        return;
    }
    if (range > 0) {
        input->next = final_rows_below(plan, source->firsts, 0, source->unit_count, range);
        input->next -= input->next > 0 ? 1 : 0;
    }
    if (range + 1 < plan->range_count) {
        input->end = final_rows_below(plan, source->firsts, input->next, source->unit_count, range + 1);
    }
}

static void release_inputs(void *user)
{
    struct final_scan *fin = user;
    for (uint32_t i = 0; i < fin->input_count; i++) {
        arena_destroy(fin->inputs[i].arena);
    }
}

struct err *final_make_inputs(struct final_scan *fin)
{
    struct final_plan *plan = fin->plan;
    fin->inputs = arena_zalloc(fin->arena, ((size_t)plan->source_count + 1) * sizeof(*fin->inputs));
    if (fin->inputs == NULL || !arena_on_destroy(fin->arena, release_inputs, fin)) {
        return arena_error(fin->arena);
    }
    for (uint32_t i = 0; i < plan->source_count; i++) {
        struct final_input *input = &fin->inputs[fin->input_count];
        *input = (struct final_input){.source = &plan->sources[i]};
        choose_units(plan, &plan->sources[i], fin->range, input);
        bool some = false;
        for (uint32_t u = input->next; u < input->end && !some; u++) {
            some = plan->sources[i].alone == NULL || plan->sources[i].alone[u] == 0;
        }
        fin->input_count += some ? 1 : 0;
    }
    return NULL;
}

/* ---- windows */

static struct err *evaluate_keys(const struct final_plan *plan, struct arena *arena, struct column *const *columns,
                                 uint32_t rows, struct column **keys)
{
    struct err *err = NULL;
    const struct table_def *def = final_def(plan);
    struct chunk *chunk = chunk_new(arena, table_column_count(def), rows);
    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < plan->read_count; s++) {
        chunk->columns[plan->reads[s]] = columns[s];
    }
    for (uint32_t k = 0; k < def->order_by_count; k++) {
        OR_DONE(table_evaluate(def, final_program(plan), arena, TABLE_ORDER_BY, k, chunk, &keys[k]));
    }
    if (plan->key_count > def->order_by_count) {
        OR_DONE(
            table_evaluate(def, final_program(plan), arena, TABLE_PARTITION_BY, 0, chunk, &keys[def->order_by_count]));
    }
done:
    return err;
}

struct err *final_read_unit(const struct final_scan *fin, struct arena *arena, const struct scan_unit *unit,
                            bool wanted, struct column **columns, uint32_t *rows)
{
    struct err *err = NULL;
    const struct final_plan *plan = fin->plan;
    uint32_t *positions = NULL;
    *rows = unit->row_count;
    if (plan->request->filter != NULL) {
        positions = ARENA_ARRAY(arena, uint32_t, unit->row_count + 1U);
        if (positions == NULL) {
            return arena_error(arena);
        }
        OR_DONE(plan->request->filter(fin->user, arena, plan->scan, unit, positions, rows));
    }
    for (uint32_t s = 0; s < plan->read_count; s++) {
        columns[s] = NULL;
        if (*rows == 0 || (wanted && plan->wanted[s] == 0)) {
            continue;
        }
        OR_DONE(scan_read(plan->scan, arena, unit, plan->reads[s], &columns[s]));
        if (*rows < unit->row_count) {
            columns[s] = column_take(arena, columns[s], positions, *rows);
        }
        if (columns[s] == NULL) {
            return arena_error(arena);
        }
    }
done:
    return err;
}

struct err *final_window_arrays(const struct final_plan *plan, struct arena *arena, struct column ***columns,
                                struct column ***keys)
{
    *columns = ARENA_ARRAY(arena, struct column *, plan->read_count + 1U);
    *keys = ARENA_ARRAY(arena, struct column *, plan->key_count + 1U);
    return *columns == NULL || *keys == NULL ? arena_error(arena) : NULL;
}

/* All rows of the source, sorted. What fails here is tried again by the next who needs it. */
static struct err *sort_source(const struct final_scan *fin, struct final_source *source)
{
    struct err *err = NULL;
    const struct final_plan *plan = fin->plan;
    struct arena *arena = arena_beside(plan->arena), *work = arena_beside(plan->arena),
                 *one = arena_beside(plan->arena);
    uint32_t count = 0;
    uint32_t *order = NULL;
    bool several = source->units[0].source != source->units[source->unit_count - 1].source;
    struct sort_chunk *chunks = work == NULL ? NULL : ARENA_ARRAY(work, struct sort_chunk, source->unit_count + 1U);
    struct column ***columns = work == NULL ? NULL : ARENA_ARRAY(work, struct column **, source->unit_count + 1U);

    if (arena == NULL || one == NULL || chunks == NULL || columns == NULL) {
        err = work == NULL || arena == NULL || one == NULL ? err_oom() : arena_error(work);
        goto done;
    }
    for (uint32_t i = 0; i < source->unit_count; i++) {
        struct column **keys = NULL;
        uint32_t rows;
        struct arena *home = several ? one : work; /* of many segments one reader is open at a time */
        OR_DONE(interrupt_check());
        arena_reset(one);
        OR_DONE(final_window_arrays(plan, work, &columns[count], &keys));
        OR_DONE(final_read_unit(fin, home, &source->units[i], false, columns[count], &rows));
        for (uint32_t s = 0; several && s < plan->read_count && rows > 0; s++) {
            columns[count][s] = column_copy(work, columns[count][s]);
            if (columns[count][s] == NULL) {
                err = arena_error(work);
                goto done;
            }
        }
        if (rows > 0) {
            OR_DONE(evaluate_keys(plan, work, columns[count], rows, keys));
            chunks[count++] = (struct sort_chunk){(const struct column *const *)keys, rows};
        }
    }
    OR_DONE(sort_rows(work, chunks, count, plan->key_count, &order, &source->all_rows, NULL));
    if (source->all_rows > UINT32_MAX) {
        err = err_new(ERR_NOT_IMPLEMENTED, "FINAL over more than %u rows of one head is not supported", UINT32_MAX);
        goto done;
    }
    OR_DONE(final_window_arrays(plan, arena, &source->all, &source->all_keys));
    const struct column **of_chunks = ARENA_ARRAY(work, const struct column *, count + 1U);
    if (of_chunks == NULL) {
        err = arena_error(work);
        goto done;
    }
    for (uint32_t c = 0; c < plan->read_count + plan->key_count; c++) {
        bool is_key = c >= plan->read_count;
        struct column *gathered = NULL;
        for (uint32_t i = 0; i < count; i++) {
            of_chunks[i] = is_key ? chunks[i].keys[c - plan->read_count] : columns[i][c];
        }
        if (count > 0) {
            OR_DONE(gather_rows(work, NULL, of_chunks, count, order, (uint32_t)source->all_rows, &gathered));
        }
        struct column *copy = gathered == NULL ? NULL : column_copy(arena, gathered);
        if (copy == NULL && count > 0) {
            err = arena_error(arena);
            goto done;
        }
        if (is_key) {
            source->all_keys[c - plan->read_count] = copy;
        } else {
            source->all[c] = copy;
        }
    }
    source->arena = arena;
    arena = NULL;
    source->sorted = true;
done:
    arena_destroy(one);
    arena_destroy(work);
    arena_destroy(arena);
    return err;
}

/* The rows of the range, of a source that is sorted here. */
static struct err *begin_in_memory(struct final_scan *fin, struct final_input *input)
{
    struct err *err = NULL;
    struct final_source *source = input->source;
    pthread_mutex_lock(&source->sorting);
    if (!source->sorted) {
        err = sort_source(fin, source);
    }
    pthread_mutex_unlock(&source->sorting);
    OR_DONE(err);
    uint32_t rows = (uint32_t)source->all_rows;
    input->begun = true;
    input->all_end = rows;
    if (rows > 0 && fin->range > 0) {
        input->all_at = final_rows_below(fin->plan, source->all_keys, 0, rows, fin->range);
    }
    if (rows > 0 && fin->range + 1 < fin->plan->range_count) {
        input->all_end = final_rows_below(fin->plan, source->all_keys, (uint32_t)input->all_at, rows, fin->range + 1);
    }
done:
    return err;
}

/* The next rows of an input that is sorted here. */
static struct err *window_part(struct final_scan *fin, struct final_input *input)
{
    struct err *err = NULL;
    const struct final_plan *plan = fin->plan;
    const struct final_source *source = input->source;
    if (!input->begun) {
        OR_DONE(begin_in_memory(fin, input));
    }
    arena_reset(input->arena);
    OR_DONE(final_window_arrays(plan, input->arena, &input->columns, &input->keys));
    uint64_t left = input->all_end - input->all_at;
    uint32_t begin = (uint32_t)input->all_at, rows = left < CHUNK_ROWS_MAX ? (uint32_t)left : CHUNK_ROWS_MAX;
    input->next = left == rows ? input->end : 0;
    for (uint32_t s = 0; s < plan->read_count && rows > 0; s++) {
        input->columns[s] = column_part(input->arena, source->all[s], begin, begin + rows);
        err = input->columns[s] == NULL ? arena_error(input->arena) : NULL;
        OR_DONE(err);
    }
    for (uint32_t k = 0; k < plan->key_count && rows > 0; k++) {
        input->keys[k] = column_part(input->arena, source->all_keys[k], begin, begin + rows);
        err = input->keys[k] == NULL ? arena_error(input->arena) : NULL;
        OR_DONE(err);
    }
    input->all_at += rows;
    input->row_count = rows;
done:
    return err;
}

/* The window's rows become those of the range. */
static void window_trim(const struct final_scan *fin, struct final_input *input)
{
    const struct final_plan *plan = fin->plan;
    if (fin->range > 0) {
        input->row = final_rows_below(plan, input->keys, 0, input->row_count, fin->range);
    }
    if (fin->range + 1 < plan->range_count) {
        uint32_t end = final_rows_below(plan, input->keys, input->row, input->row_count, fin->range + 1);
        input->next = end < input->row_count ? input->end : input->next;
        input->row_count = end;
    }
    if (input->row == input->row_count) {
        input->row = input->row_count = 0;
    }
}

struct err *final_window_load(struct final_scan *fin, struct final_input *input)
{
    struct err *err = NULL;
    struct final_source *source = input->source;
    input->row = input->row_count = 0;
    if (input->arena == NULL) {
        input->arena = arena_beside(fin->arena);
        if (input->arena == NULL) {
            return err_oom();
        }
    }
    if (source->in_memory) {
        return window_part(fin, input);
    }
    while (input->row_count == 0 && input->next < input->end) {
        uint32_t u = input->next++;
        if (source->alone != NULL && source->alone[u] != 0) {
            continue;
        }
        OR_DONE(interrupt_check());
        arena_reset(input->arena);
        OR_DONE(final_window_arrays(fin->plan, input->arena, &input->columns, &input->keys));
        OR_DONE(final_read_unit(fin, input->arena, &source->units[u], false, input->columns, &input->row_count));
        if (input->row_count > 0) {
            OR_DONE(evaluate_keys(fin->plan, input->arena, input->columns, input->row_count, input->keys));
            window_trim(fin, input);
        }
    }
done:
    return err;
}
