/*
 * final_inputs.c: where a FINAL scan's rows come from: segments, granule by granule, and heads, sorted here.
 *
 * flow     final.c → here → scan_read.c (granules, chunks of heads)
 */
#include "storage/final_private.h"

#include "base/interrupt.h"
#include "storage/gather.h"
#include "storage/sort.h"

#include <stdlib.h>

/* ---- inputs */

static int compare_sources(const struct final_scan *fin, uint32_t a, uint32_t b)
{
    const struct table_version *version = fin->snapshot->version;
    bool heads = a >= version->segment_count || b >= version->segment_count;
    return heads ? (a > b) - (a < b) : ledger_segment_order(&version->segments[a]->info, &version->segments[b]->info);
}

/* Of segments that have one place, as merges have them (merge_order.c). */
static int by_name(const struct final_scan *fin, uint32_t a, uint32_t b)
{
    const struct ledger_segment *of_a = &fin->snapshot->version->segments[a]->info;
    const struct ledger_segment *of_b = &fin->snapshot->version->segments[b]->info;
    return of_a->pack != of_b->pack ? (of_a->pack > of_b->pack) - (of_a->pack < of_b->pack)
                                    : (of_a->offset > of_b->offset) - (of_a->offset < of_b->offset);
}

static int by_source_and_granule(const void *left, const void *right, void *user)
{
    const struct scan_unit *a = left, *b = right;
    const struct final_scan *fin = user;
    if (a->source != b->source) {
        int order = compare_sources(fin, a->source, b->source);
        return order == 0 ? by_name(fin, a->source, b->source) : order;
    }
    return (a->granule > b->granule) - (a->granule < b->granule);
}

static void release_inputs(void *user)
{
    struct final_scan *fin = user;
    for (uint32_t i = 0; i < fin->input_count; i++) {
        arena_destroy(fin->inputs[i].arena);
    }
    arena_destroy(fin->carry_arenas[0]);
    arena_destroy(fin->carry_arenas[1]);
    arena_destroy(fin->work);
}

struct err *final_make_inputs(struct final_scan *fin)
{
    const struct table_version *version = fin->snapshot->version;
    uint64_t count = fin->scan->unit_count;
    struct scan_unit *units = ARENA_ARRAY(fin->arena, struct scan_unit, count + 1);
    uint32_t sources = 0;

    if (units == NULL) {
        return arena_error(fin->arena);
    }
    for (uint64_t i = 0; i < count; i++) {
        units[i] = fin->scan->units[i];
        units[i].index = (uint32_t)i;
    }
    qsort_r(units, count, sizeof(*units), by_source_and_granule, fin);
    for (uint64_t i = 0; i < count; i++) {
        sources += i == 0 || units[i].source != units[i - 1].source ? 1 : 0;
    }
    fin->inputs = arena_zalloc(fin->arena, ((size_t)sources + 1) * sizeof(*fin->inputs));
    if (fin->inputs == NULL || !arena_on_destroy(fin->arena, release_inputs, fin)) {
        return arena_error(fin->arena);
    }
    for (uint64_t i = 0; i < count; i++) {
        bool first = i == 0 || units[i].source != units[i - 1].source;
        if (first) {
            struct final_input *input = &fin->inputs[fin->input_count];
            bool in_segment = units[i].source < version->segment_count;
            bool tie = i > 0 && compare_sources(fin, units[i - 1].source, units[i].source) == 0;
            input->units = &units[i];
            input->place = i == 0 ? 0 : fin->inputs[fin->input_count - 1].place + (tie ? 0 : 1);
            input->in_memory =
                !in_segment || (fin->request->by_partition &&
                                slice_equal(version->segments[units[i].source]->info.partition, slice_text("*")));
            fin->ties = fin->ties || tie;
            fin->input_count++;
        }
        fin->inputs[fin->input_count - 1].unit_count++;
    }
    return NULL;
}

/* ---- windows */

static struct err *evaluate_keys(const struct final_scan *fin, struct arena *arena, struct column *const *columns,
                                 uint32_t rows, struct column **keys)
{
    struct err *err = NULL;
    const struct table_def *def = final_def(fin);
    struct chunk *chunk = chunk_new(arena, table_column_count(def), rows);
    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < fin->read_count; s++) {
        chunk->columns[fin->reads[s]] = columns[s];
    }
    for (uint32_t k = 0; k < def->order_by_count; k++) {
        OR_DONE(table_evaluate(def, final_program(fin), arena, TABLE_ORDER_BY, k, chunk, &keys[k]));
    }
    if (fin->key_count > def->order_by_count) {
        OR_DONE(
            table_evaluate(def, final_program(fin), arena, TABLE_PARTITION_BY, 0, chunk, &keys[def->order_by_count]));
    }
done:
    return err;
}

/* The columns and keys of a unit's rows that are left by the filter; *rows may be 0. */
static struct err *read_unit(const struct final_scan *fin, struct arena *arena, const struct scan_unit *unit,
                             struct column **columns, struct column **keys, uint32_t *rows)
{
    struct err *err = NULL;
    uint32_t *positions = NULL;
    *rows = unit->row_count;
    if (fin->request->filter != NULL) {
        positions = ARENA_ARRAY(arena, uint32_t, unit->row_count + 1U);
        if (positions == NULL) {
            return arena_error(arena);
        }
        OR_DONE(fin->request->filter(fin->request->user, arena, fin->scan, unit, positions, rows));
    }
    for (uint32_t s = 0; s<fin->read_count && * rows> 0; s++) {
        OR_DONE(scan_read(fin->scan, arena, unit, fin->reads[s], &columns[s]));
        if (*rows < unit->row_count) {
            columns[s] = column_take(arena, columns[s], positions, *rows);
        }
        if (columns[s] == NULL) {
            return arena_error(arena);
        }
    }
    if (*rows > 0) {
        OR_DONE(evaluate_keys(fin, arena, columns, *rows, keys));
    }
done:
    return err;
}

struct err *final_window_arrays(const struct final_scan *fin, struct arena *arena, struct column ***columns,
                                struct column ***keys)
{
    *columns = ARENA_ARRAY(arena, struct column *, fin->read_count + 1U);
    *keys = ARENA_ARRAY(arena, struct column *, fin->key_count + 1U);
    return *columns == NULL || *keys == NULL ? arena_error(arena) : NULL;
}

/* All rows of the input, sorted. */
static struct err *sort_input(struct final_scan *fin, struct final_input *input)
{
    struct err *err = NULL;
    struct arena *arena = input->arena, *work = arena_beside(fin->arena);
    uint32_t count = 0;
    uint32_t *order = NULL;
    struct sort_chunk *chunks = work == NULL ? NULL : ARENA_ARRAY(work, struct sort_chunk, input->unit_count + 1U);
    struct column ***columns = work == NULL ? NULL : ARENA_ARRAY(work, struct column **, input->unit_count + 1U);

    if (chunks == NULL || columns == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < input->unit_count; i++) {
        struct column **keys = NULL;
        uint32_t rows;
        OR_DONE(interrupt_check());
        OR_DONE(final_window_arrays(fin, work, &columns[count], &keys));
        OR_DONE(read_unit(fin, work, &input->units[i], columns[count], keys, &rows));
        if (rows > 0) {
            chunks[count++] = (struct sort_chunk){(const struct column *const *)keys, rows};
        }
    }
    OR_DONE(sort_rows(work, chunks, count, fin->key_count, &order, &input->all_rows, NULL));
    if (input->all_rows > UINT32_MAX) {
        err = err_new(ERR_NOT_IMPLEMENTED, "FINAL over more than %u rows of one head is not supported", UINT32_MAX);
        goto done;
    }
    OR_DONE(final_window_arrays(fin, arena, &input->all, &input->all_keys));
    const struct column **of_chunks = ARENA_ARRAY(work, const struct column *, count + 1U);
    if (of_chunks == NULL) {
        err = arena_error(work);
        goto done;
    }
    for (uint32_t c = 0; c < fin->read_count + fin->key_count; c++) {
        bool is_key = c >= fin->read_count;
        struct column *gathered = NULL;
        for (uint32_t i = 0; i < count; i++) {
            of_chunks[i] = is_key ? chunks[i].keys[c - fin->read_count] : columns[i][c];
        }
        if (count > 0) {
            OR_DONE(gather_rows(work, NULL, of_chunks, count, order, (uint32_t)input->all_rows, &gathered));
        }
        struct column *copy = gathered == NULL ? NULL : column_copy(arena, gathered);
        if (copy == NULL && count > 0) {
            err = arena_error(arena);
            goto done;
        }
        if (is_key) {
            input->all_keys[c - fin->read_count] = copy;
        } else {
            input->all[c] = copy;
        }
    }
done:
    arena_destroy(work);
    return err;
}

/* The next rows of an input that is sorted here. */
static struct err *window_part(struct final_scan *fin, struct final_input *input)
{
    struct err *err = NULL;
    if (input->arena == NULL) {
        input->arena = arena_beside(fin->arena);
        if (input->arena == NULL) {
            return err_oom();
        }
        OR_DONE(sort_input(fin, input));
        OR_DONE(final_window_arrays(fin, input->arena, &input->columns, &input->keys));
    }
    uint64_t left = input->all_rows - input->all_at;
    uint32_t begin = (uint32_t)input->all_at, rows = left < CHUNK_ROWS_MAX ? (uint32_t)left : CHUNK_ROWS_MAX;
    input->next = left == rows ? input->unit_count : 0;
    for (uint32_t s = 0; s < fin->read_count && rows > 0; s++) {
        input->columns[s] = column_part(input->arena, input->all[s], begin, begin + rows);
        err = input->columns[s] == NULL ? arena_error(input->arena) : NULL;
        OR_DONE(err);
    }
    for (uint32_t k = 0; k < fin->key_count && rows > 0; k++) {
        input->keys[k] = column_part(input->arena, input->all_keys[k], begin, begin + rows);
        err = input->keys[k] == NULL ? arena_error(input->arena) : NULL;
        OR_DONE(err);
    }
    input->all_at += rows;
    input->row = 0;
    input->row_count = rows;
done:
    return err;
}

struct err *final_window_load(struct final_scan *fin, struct final_input *input)
{
    struct err *err = NULL;
    input->row = input->row_count = 0;
    if (input->in_memory) {
        return window_part(fin, input);
    }
    if (input->arena == NULL) {
        input->arena = arena_beside(fin->arena);
        if (input->arena == NULL) {
            return err_oom();
        }
    }
    while (input->row_count == 0 && input->next < input->unit_count) {
        OR_DONE(interrupt_check());
        arena_reset(input->arena);
        OR_DONE(final_window_arrays(fin, input->arena, &input->columns, &input->keys));
        OR_DONE(
            read_unit(fin, input->arena, &input->units[input->next++], input->columns, input->keys, &input->row_count));
    }
done:
    return err;
}
