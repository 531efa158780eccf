/*
 * merge.c: the streaming merge of sorted segments.
 *
 * flow     compactor.c → here → merge_combine.c (engines that combine rows) → merge_output.c → pack writer
 * owns     decoded windows, unified dictionaries (merge_dictionaries.c), the output's granule
 */
#include "storage/merge_private.h"

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/interrupt.h"

#include <time.h>

FAILPOINT(merge_drop_row);

/* ---- windows */
static struct err *window_load(struct merging *m, struct merge_window *window)
{
    struct err *err = NULL;
    struct chunk *chunk = NULL;

    window->row = window->row_count = 0;
    uint32_t rows = 0, granules = segment_granule_count(window->segment);
    for (; rows == 0 && window->granule < granules; window->granule++) {
        uint32_t there = segment_granule_rows(window->segment, window->granule);
        rows = merge_live_rows(m->merge, window->input, window->segment, window->granule);
        atomic_fetch_add(&m->merge->rows_read, there);
    }
    if (rows == 0) {
        goto done;
    }
    uint32_t granule = window->granule - 1;
    arena_reset(window->arena);
    window->columns = ARENA_ARRAY(window->arena, struct column *, m->column_count);
    window->keys = ARENA_ARRAY(window->arena, struct column *, m->key_count + 1);
    if (window->columns == NULL || window->keys == NULL) {
        err = arena_error(window->arena);
        goto done;
    }
    OR_DONE(merge_read(m->merge, window->input, window->segment, window->arena, granule, &chunk));
    for (uint32_t c = 0; c < m->column_count; c++) {
        const struct column *column = chunk->columns[c];
        if (m->unifiers[c] != NULL) {
            struct column *codes = ARENA_NEW(window->arena, struct column);
            if (codes == NULL) {
                err = arena_error(window->arena);
                goto done;
            }
            *codes = (struct column){.type = type_simple(TYPE_UINT32), .form = COLUMN_FLAT, .row_count = rows};
            uint32_t *values = NULL;
            OR_DONE(unifier_codes(window->arena, m->unifiers[c], column, &values));
            codes->values = values;
            window->columns[c] = codes;
        } else {
            window->columns[c] = (struct column *)(uintptr_t)column_flat(window->arena, column);
            if (window->columns[c] == NULL) {
                err = arena_error(window->arena);
                goto done;
            }
        }
    }
    for (uint32_t k = 0; k < m->key_count; k++) {
        int plain = table_plain_column(m->merge->def, m->merge->def->order_by[k]);
        if (plain >= 0) {
            window->keys[k] = window->columns[plain];
        } else {
            OR_DONE(table_evaluate(m->merge->def, table_program_of(m->merge->table, m->merge->def), window->arena,
                                   TABLE_ORDER_BY, k, chunk, &window->keys[k]));
        }
    }
    window->row_count = rows;
done:
    return err;
}

static int keys_compare(const struct merging *m, const struct merge_window *a, uint32_t row_a,
                        const struct merge_window *b, uint32_t row_b)
{
    for (uint32_t k = 0; k < m->key_count; k++) {
        int order = column_compare(a->keys[k], row_a, b->keys[k], row_b);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/* Rows from window->row on whose keys are below the bound; most: how much above is (0: not above it). */
static uint32_t window_below(const struct merging *m, const struct merge_window *window,
                             const struct merge_window *bound, uint32_t bound_row, int most)
{
    uint32_t low = window->row, high = window->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (keys_compare(m, window, middle, bound, bound_row) <= most) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - window->row;
}

/* ---- rounds */
/* The round's rows, combined, go to the output. */
static struct err *round_combine(struct merging *m, struct arena *work, const struct merge_round_rows *rows, bool last)
{
    struct err *err = NULL;
    struct chunk *made = NULL;

    OR_DONE(merge_combine_round(m->combine, work, rows, last, &made));
    uint32_t parts = (made->row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX;
    const struct column ***columns = ARENA_ARRAY(work, const struct column **, m->column_count);
    uint32_t *order = ARENA_ARRAY(work, uint32_t, (size_t)made->row_count + 1);
    if (columns == NULL || order == NULL) {
        return arena_error(work);
    }
    for (uint32_t c = 0; c < m->column_count; c++) {
        const struct column *flat = column_flat(work, made->columns[c]);
        columns[c] = ARENA_ARRAY(work, const struct column *, parts + 1U);
        for (uint32_t i = 0; flat != NULL && columns[c] != NULL && i < parts; i++) {
            uint32_t begin = i * CHUNK_ROWS_MAX, left = made->row_count - begin;
            columns[c][i] = column_part(work, flat, begin, begin + (left < CHUNK_ROWS_MAX ? left : CHUNK_ROWS_MAX));
            flat = columns[c][i] == NULL ? NULL : flat;
        }
        if (flat == NULL || columns[c] == NULL) {
            return arena_error(work);
        }
    }
    for (uint32_t i = 0; i < made->row_count; i++) {
        order[i] = i; /* chunks are full but for the last */
    }
    err = merge_output_append(m, work, columns, parts, order, made->row_count);
done:
    return err;
}

/* *more false: all inputs are used up. */
static struct err *merge_round(struct merging *m, struct arena *work, bool *more)
{
    struct err *err = NULL;
    uint32_t inputs = m->merge->input_count;
    struct merge_window *bound = NULL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < inputs; i++) {
        struct merge_window *window = &m->windows[i];
        if (window->row == window->row_count) {
            OR_DONE(window_load(m, window));
        }
        if (window->row < window->row_count &&
            (bound == NULL || keys_compare(m, window, window->row_count - 1, bound, bound->row_count - 1) < 0)) {
            bound = window;
        }
    }
    *more = bound != NULL;
    if (bound == NULL) {
        goto done;
    }
    struct sort_chunk *chunks = ARENA_ARRAY(work, struct sort_chunk, inputs + 1U);
    const struct column ***columns = ARENA_ARRAY(work, const struct column **, m->column_count);
    if (chunks == NULL || columns == NULL) {
        err = arena_error(work);
        goto done;
    }
    for (uint32_t c = 0; c < m->column_count; c++) {
        columns[c] = ARENA_ARRAY(work, const struct column *, inputs + 1U);
        if (columns[c] == NULL) {
            err = arena_error(work);
            goto done;
        }
    }
    uint32_t bound_row = bound->row_count - 1;
    uint32_t taken[MERGE_INPUTS_MAX], from[MERGE_INPUTS_MAX + 1];
    for (uint32_t i = 0; i < inputs; i++) {
        const struct merge_window *window = &m->windows[i];
        /* more of the bound's key may come from its input: before rows of those that were inserted later */
        int most = m->combine != NULL && i > bound->input ? -1 : 0;
        taken[i] = window->row < window->row_count ? window_below(m, window, bound, bound_row, most) : 0;
    }
    if (m->combine != NULL && merge_combine_carried(m->combine, &chunks[0], columns)) {
        from[count++] = UINT32_MAX;
    }
    for (uint32_t i = 0; i < inputs; i++) {
        struct merge_window *window = &m->windows[i];
        if (taken[i] == 0) {
            continue;
        }
        const struct column **keys = ARENA_ARRAY(work, const struct column *, m->key_count + 1);
        if (keys == NULL) {
            err = arena_error(work);
            goto done;
        }
        uint32_t begin = window->row, end = window->row + taken[i];
        for (uint32_t k = 0; k < m->key_count; k++) {
            keys[k] = column_part(work, window->keys[k], begin, end);
            err = keys[k] == NULL ? arena_error(work) : NULL;
            if (err != NULL) {
                goto done;
            }
        }
        for (uint32_t c = 0; c < m->column_count; c++) {
            columns[c][count] = column_part(work, window->columns[c], begin, end);
            err = columns[c][count] == NULL ? arena_error(work) : NULL;
            if (err != NULL) {
                goto done;
            }
        }
        from[count] = i;
        chunks[count++] = (struct sort_chunk){keys, taken[i]};
        window->row = end;
    }
    uint32_t *order = NULL;
    uint64_t rows = 0;
    OR_DONE(sort_rows(work, chunks, count, m->key_count, &order, &rows, NULL));
    if (failpoint_hit(&failpoint_merge_drop_row) == FAILPOINT_ON) {
        rows--;
    }
    if (m->combine != NULL) {
        err = round_combine(m, work, &(struct merge_round_rows){chunks, columns, from, count, order, rows}, false);
    } else {
        err = merge_output_append(m, work, columns, count, order, rows);
    }
done:
    return err;
}

/* What was left of the last key. */
static struct err *rounds_end(struct merging *m, struct arena *work)
{
    struct err *err = NULL;
    struct sort_chunk chunk;
    const struct column ***columns = ARENA_ARRAY(work, const struct column **, m->column_count);
    uint32_t order[CHUNK_ROWS_MAX];
    const uint32_t from = UINT32_MAX;

    if (columns == NULL) {
        return arena_error(work);
    }
    for (uint32_t c = 0; c < m->column_count; c++) {
        columns[c] = ARENA_ARRAY(work, const struct column *, 1);
        if (columns[c] == NULL) {
            return arena_error(work);
        }
    }
    if (merge_combine_carried(m->combine, &chunk, columns)) {
        ASSERT(chunk.row_count <= CHUNK_ROWS_MAX);
        for (uint32_t i = 0; i < chunk.row_count; i++) {
            order[i] = i;
        }
        OR_DONE(round_combine(m, work, &(struct merge_round_rows){&chunk, columns, &from, 1, order, chunk.row_count},
                              true));
    }
    merge_combine_tell(m->combine, m->merge);
done:
    return err;
}

/* Sleeps so long that the merge stays below its share of the disk. */
static void merge_throttle(const struct merge *merge)
{
    if (merge->bytes_per_s_max == 0 || merge->rows_total == 0) {
        return;
    }
    double bytes =
        2.0 * (double)merge->bytes_total * (double)atomic_load(&merge->rows_read) / (double)merge->rows_total;
    double due_us = bytes / (double)merge->bytes_per_s_max * 1e6;
    double passed_us = (double)(clock_monotonic_us() - merge->started_monotonic_us);
    if (due_us > passed_us) {
        uint64_t pause = (uint64_t)(due_us - passed_us);
        pause = pause > 100000 ? 100000 : pause;
        struct timespec time = {(time_t)(pause / 1000000), (long)(pause % 1000000) * 1000};
        (void)nanosleep(&time, NULL);
    }
}

struct err *merge_write(struct merge *merge, struct pack_writer *pack, struct segment_summary *out)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    struct merging m = {.merge = merge, .arena = arena_create(NULL), .pack = pack};
    bool more = true;

    ASSERT(merge->input_count <= MERGE_INPUTS_MAX);
    if (work == NULL || m.arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(table_segment_schema(m.arena, merge->table, merge->def, &m.schema));
    m.schema.cold = true;
    OR_DONE(codec_wishes_else(m.arena, merge->def, &m.schema, merge->codec));
    m.column_count = m.schema.column_count;
    m.key_count = merge->def->order_by_count;
    m.unifiers = ARENA_ARRAY(m.arena, struct unifier *, m.column_count);
    if (m.unifiers == NULL) {
        err = arena_error(m.arena);
        goto done;
    }
    for (uint32_t i = 0; i < merge->input_count; i++) {
        OR_DONE(table_segment_open(merge->inputs[i], &m.windows[i].segment));
        m.windows[i].input = i;
        OR_DONE(table_segment_deleted(merge->inputs[i], &m.windows[i].deleted));
        m.windows[i].arena = arena_create(NULL);
        if (m.windows[i].arena == NULL) {
            err = err_oom();
            goto done;
        }
    }
    if (merge->into == NULL) {
        OR_DONE(merge_combine_create(m.arena, merge, &m.combine));
    }
    OR_DONE(merge_dictionaries_unify(&m));
    if (m.combine != NULL) {
        merge_combine_coded(m.combine, m.unifiers);
    }
    OR_DONE(merge_output_open(&m));
    OR_DONE(pack_segment_begin(pack, merge->into != NULL ? merge->into : &m.schema));
    while (more) {
        OR_DONE(interrupt_check());
        if (merge->stop != NULL && atomic_load(merge->stop)) {
            err = err_new(ERR_ABORTED, "the merge was given up");
            goto done;
        }
        OR_DONE(merge_round(&m, work, &more));
        arena_reset(work);
        merge_follow(merge);
        merge_throttle(merge);
    }
    if (m.combine != NULL) {
        OR_DONE(rounds_end(&m, work));
    }
    OR_DONE(merge_output_emit(&m));
    if (atomic_load(&merge->rows_written) == 0) {
        *out = (struct segment_summary){0}; /* the pack is given up */
        goto done;
    }
    err = pack_segment_end(pack, out);
done:
    for (uint32_t i = 0; i < merge->input_count; i++) {
        arena_destroy(m.windows[i].arena);
        segment_unref(m.windows[i].segment);
    }
    merge_combine_destroy(m.combine);
    arena_destroy(m.out.heap);
    arena_destroy(m.arena);
    arena_destroy(work);
    return err;
}
