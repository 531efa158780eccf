/*
 * final.c: see final.h.
 *
 * flow     query/final_source.c → here → scan_read.c (granules, chunks of heads), combine_rows.c
 * round    as a merge's (storage/merge.h): the rows up to the smallest last key of all windows, sorted and combined; of
 *          the key that is last, more may come
 */
#include "storage/final.h"

#include "base/interrupt.h"
#include "storage/combining.h"
#include "storage/gather.h"
#include "storage/scan_private.h"
#include "storage/sort.h"

#include <stdlib.h>

/* One segment, or one head. */
struct input {
    struct scan_unit *units; /* by granule */
    uint32_t unit_count, next;
    uint32_t place;
    bool in_memory; /* its rows are sorted here, all at once: */
    struct column **all, **all_keys;
    uint64_t all_rows, all_at;
    /* window */
    struct arena *arena;
    struct column **columns, **keys;
    uint32_t row, row_count;
};

struct final_scan {
    struct snapshot *snapshot;
    struct scan *scan;
    struct arena *arena, *work;
    const struct final_request *request;
    struct combiner *combiner;
    uint32_t *reads; /* columns that are read, as the table numbers them */
    uint32_t read_count;
    int *slots; /* per column of the table: which of them, or −1 */
    uint32_t key_count;
    int lead; /* the column that the sorting key begins with; −1: an expression */
    struct input *inputs;
    uint32_t input_count;
    bool ties;
    /* rows of the last key, carried into the next round */
    struct arena *carry_arenas[2];
    struct column **carried, **carried_keys;
    uint32_t *carried_places;
    uint32_t carried_count;
    bool over;
};

bool final_is_known(const struct snapshot *snapshot)
{
    enum combining_kind kind;
    return engine_combines(snapshot->version->def->engine, &kind);
}

static const struct table_def *def_of(const struct final_scan *final)
{
    return final->snapshot->version->def;
}

static struct table_program *program_of(const struct final_scan *final)
{
    return table_program_of(final->snapshot->table, def_of(final));
}

/* ---- which columns */

/* Which of the request's is computed: its number behind the stored ones, as programs have it; 0: it is not. */
static uint32_t computed_of(const struct table_def *def, uint32_t column)
{
    uint32_t first = table_column_count(def) + SCAN_PLACE_COUNT;
    return column >= first ? def->column_count + (column - first) : 0;
}

static void need_computed(const struct final_scan *final, uint32_t index, uint8_t *needed)
{
    const struct table_def *def = def_of(final);
    uint32_t count = def->column_count + def->computed_count;
    for (uint32_t k = 0; k < count; k++) {
        if (k == index || !table_functions()->default_reads(program_of(final), index, k)) {
            continue;
        }
        if (k < def->column_count) {
            needed[k] = 1;
        } else {
            need_computed(final, k, needed);
        }
    }
}

static struct err *choose_columns(struct final_scan *final, const struct combining *combining)
{
    const struct table_def *def = def_of(final);
    const struct final_request *request = final->request;
    uint32_t count = table_column_count(def);
    uint8_t *needed = arena_zalloc(final->arena, count + 1U);
    struct table_program *program = program_of(final);

    final->reads = ARENA_ARRAY(final->arena, uint32_t, count + 1U);
    final->slots = ARENA_ARRAY(final->arena, int, count + 1U);
    if (needed == NULL || final->reads == NULL || final->slots == NULL) {
        return arena_error(final->arena);
    }
    for (uint32_t i = 0; i < request->column_count; i++) {
        uint32_t computed = computed_of(def, request->columns[i]);
        ASSERT(computed > 0 || request->columns[i] < count); /* nobody asks FINAL where rows are */
        if (computed > 0) {
            need_computed(final, computed, needed);
        } else {
            needed[request->columns[i]] = 1;
        }
    }
    combining_reads(combining, def->column_count, needed);
    int partition = table_plain_column(def, def->partition_by);
    if (request->by_partition && partition >= 0) {
        needed[partition] = 1;
    }
    for (uint32_t k = 0; k < def->order_by_count; k++) {
        int plain = table_plain_column(def, def->order_by[k]);
        if (plain >= 0) {
            needed[plain] = 1;
        }
        final->lead = k == 0 ? plain : final->lead;
    }
    for (uint32_t c = 0; program != NULL && c < def->column_count; c++) {
        needed[c] |= table_functions()->key_reads(program, c); /* the partition's too: rarely more than the key's */
    }
    for (uint32_t i = 0; final->ties && i < COLUMN_HIDDEN_COUNT; i++) {
        needed[def->column_count + i] = 1;
    }
    for (uint32_t c = 0; c < count; c++) {
        final->slots[c] = needed[c] ? (int) final->read_count : -1;
        if (needed[c]) {
            final->reads[final->read_count++] = c;
        }
    }
    return NULL;
}

/* ---- inputs */

struct source_order {
    const struct final_scan *final;
};

static int compare_sources(const struct final_scan *final, uint32_t a, uint32_t b)
{
    const struct table_version *version = final->snapshot->version;
    bool heads = a >= version->segment_count || b >= version->segment_count;
    return heads ? (a > b) - (a < b) : ledger_segment_order(&version->segments[a]->info, &version->segments[b]->info);
}

static int by_source_and_granule(const void *left, const void *right, void *user)
{
    const struct scan_unit *a = left, *b = right;
    const struct source_order *order = user;
    int compared = a->source == b->source ? 0 : compare_sources(order->final, a->source, b->source);
    compared = compared == 0 ? (a->source > b->source) - (a->source < b->source) : compared;
    return compared == 0 ? (a->granule > b->granule) - (a->granule < b->granule) : compared;
}

static void release_inputs(void *user)
{
    struct final_scan *final = user;
    for (uint32_t i = 0; i < final->input_count; i++) {
        arena_destroy(final->inputs[i].arena);
    }
    arena_destroy(final->carry_arenas[0]);
    arena_destroy(final->carry_arenas[1]);
    arena_destroy(final->work);
}

static struct err *make_inputs(struct final_scan *final)
{
    const struct table_version *version = final->snapshot->version;
    uint64_t count = final->scan->unit_count;
    struct scan_unit *units = ARENA_ARRAY(final->arena, struct scan_unit, count + 1);
    uint32_t sources = 0;

    if (units == NULL) {
        return arena_error(final->arena);
    }
    for (uint64_t i = 0; i < count; i++) {
        units[i] = final->scan->units[i];
        units[i].index = (uint32_t)i;
    }
    qsort_r(units, count, sizeof(*units), by_source_and_granule, &(struct source_order){final});
    for (uint64_t i = 0; i < count; i++) {
        sources += i == 0 || units[i].source != units[i - 1].source ? 1 : 0;
    }
    final->inputs = arena_zalloc(final->arena, ((size_t)sources + 1) * sizeof(*final->inputs));
    if (final->inputs == NULL || !arena_on_destroy(final->arena, release_inputs, final)) {
        return arena_error(final->arena);
    }
    for (uint64_t i = 0; i < count; i++) {
        bool first = i == 0 || units[i].source != units[i - 1].source;
        if (first) {
            struct input *input = &final->inputs[final->input_count];
            bool in_segment = units[i].source < version->segment_count;
            bool tie = i > 0 && compare_sources(final, units[i - 1].source, units[i].source) == 0;
            input->units = &units[i];
            input->place = i == 0 ? 0 : final->inputs[final->input_count - 1].place + (tie ? 0 : 1);
            input->in_memory =
                !in_segment || (final->request->by_partition &&
                                slice_equal(version->segments[units[i].source]->info.partition, slice_text("*")));
            final->ties = final->ties || tie;
            final->input_count++;
        }
        final->inputs[final->input_count - 1].unit_count++;
    }
    return NULL;
}

/* ---- windows */

static struct err *evaluate_keys(const struct final_scan *final, struct arena *arena, struct column *const *columns,
                                 uint32_t rows, struct column **keys)
{
    struct err *err = NULL;
    const struct table_def *def = def_of(final);
    struct chunk *chunk = chunk_new(arena, table_column_count(def), rows);
    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < final->read_count; s++) {
        chunk->columns[final->reads[s]] = columns[s];
    }
    for (uint32_t k = 0; k < def->order_by_count; k++) {
        OR_DONE(table_evaluate(def, program_of(final), arena, TABLE_ORDER_BY, k, chunk, &keys[k]));
    }
    if (final->key_count > def->order_by_count) {
        OR_DONE(
            table_evaluate(def, program_of(final), arena, TABLE_PARTITION_BY, 0, chunk, &keys[def->order_by_count]));
    }
done:
    return err;
}

/* The columns and keys of a unit's rows that are left by the filter; *rows may be 0. */
static struct err *read_unit(const struct final_scan *final, struct arena *arena, const struct scan_unit *unit,
                             struct column **columns, struct column **keys, uint32_t *rows)
{
    struct err *err = NULL;
    uint32_t *positions = NULL;
    *rows = unit->row_count;
    if (final->request->filter != NULL) {
        positions = ARENA_ARRAY(arena, uint32_t, unit->row_count + 1U);
        if (positions == NULL) {
            return arena_error(arena);
        }
        OR_DONE(final->request->filter(final->request->user, arena, final->scan, unit, positions, rows));
    }
    for (uint32_t s = 0; s<final->read_count && * rows> 0; s++) {
        OR_DONE(scan_read(final->scan, arena, unit, final->reads[s], &columns[s]));
        if (*rows < unit->row_count) {
            columns[s] = column_take(arena, columns[s], positions, *rows);
        }
        if (columns[s] == NULL) {
            return arena_error(arena);
        }
    }
    if (*rows > 0) {
        OR_DONE(evaluate_keys(final, arena, columns, *rows, keys));
    }
done:
    return err;
}

static struct err *window_arrays(const struct final_scan *final, struct arena *arena, struct column ***columns,
                                 struct column ***keys)
{
    *columns = ARENA_ARRAY(arena, struct column *, final->read_count + 1U);
    *keys = ARENA_ARRAY(arena, struct column *, final->key_count + 1U);
    return *columns == NULL || *keys == NULL ? arena_error(arena) : NULL;
}

/* All rows of the input, sorted. */
static struct err *sort_input(struct final_scan *final, struct input *input)
{
    struct err *err = NULL;
    struct arena *arena = input->arena, *work = arena_beside(final->arena);
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
        OR_DONE(window_arrays(final, work, &columns[count], &keys));
        OR_DONE(read_unit(final, work, &input->units[i], columns[count], keys, &rows));
        if (rows > 0) {
            chunks[count++] = (struct sort_chunk){(const struct column *const *)keys, rows};
        }
    }
    OR_DONE(sort_rows(work, chunks, count, final->key_count, &order, &input->all_rows, NULL));
    if (input->all_rows > UINT32_MAX) {
        err = err_new(ERR_NOT_IMPLEMENTED, "FINAL over more than %u rows of one head is not supported", UINT32_MAX);
        goto done;
    }
    OR_DONE(window_arrays(final, arena, &input->all, &input->all_keys));
    const struct column **of_chunks = ARENA_ARRAY(work, const struct column *, count + 1U);
    if (of_chunks == NULL) {
        err = arena_error(work);
        goto done;
    }
    for (uint32_t c = 0; c < final->read_count + final->key_count; c++) {
        bool is_key = c >= final->read_count;
        struct column *gathered = NULL;
        for (uint32_t i = 0; i < count; i++) {
            of_chunks[i] = is_key ? chunks[i].keys[c - final->read_count] : columns[i][c];
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
            input->all_keys[c - final->read_count] = copy;
        } else {
            input->all[c] = copy;
        }
    }
done:
    arena_destroy(work);
    return err;
}

/* The next rows of an input that is sorted here. */
static struct err *window_part(struct final_scan *final, struct input *input)
{
    struct err *err = NULL;
    if (input->arena == NULL) {
        input->arena = arena_beside(final->arena);
        if (input->arena == NULL) {
            return err_oom();
        }
        OR_DONE(sort_input(final, input));
        OR_DONE(window_arrays(final, input->arena, &input->columns, &input->keys));
    }
    uint64_t left = input->all_rows - input->all_at;
    uint32_t begin = (uint32_t)input->all_at, rows = left < CHUNK_ROWS_MAX ? (uint32_t)left : CHUNK_ROWS_MAX;
    input->next = left == rows ? input->unit_count : 0;
    for (uint32_t s = 0; s < final->read_count && rows > 0; s++) {
        input->columns[s] = column_part(input->arena, input->all[s], begin, begin + rows);
        err = input->columns[s] == NULL ? arena_error(input->arena) : NULL;
        OR_DONE(err);
    }
    for (uint32_t k = 0; k < final->key_count && rows > 0; k++) {
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

static struct err *window_load(struct final_scan *final, struct input *input)
{
    struct err *err = NULL;
    input->row = input->row_count = 0;
    if (input->in_memory) {
        return window_part(final, input);
    }
    if (input->arena == NULL) {
        input->arena = arena_beside(final->arena);
        if (input->arena == NULL) {
            return err_oom();
        }
    }
    while (input->row_count == 0 && input->next < input->unit_count) {
        OR_DONE(interrupt_check());
        arena_reset(input->arena);
        OR_DONE(window_arrays(final, input->arena, &input->columns, &input->keys));
        OR_DONE(read_unit(final, input->arena, &input->units[input->next++], input->columns, input->keys,
                          &input->row_count));
    }
done:
    return err;
}

static bool is_used_up(const struct input *input)
{
    return input->row == input->row_count && input->next == input->unit_count;
}

/* ---- rounds */

static int keys_compare(const struct final_scan *final, const struct input *a, uint32_t row_a, const struct input *b,
                        uint32_t row_b)
{
    int order = 0;
    for (uint32_t k = 0; k < final->key_count && order == 0; k++) {
        order = column_compare(a->keys[k], row_a, b->keys[k], row_b);
    }
    return order;
}

/* Are all keys of the input's next unit above the last one of the bound's window, as far as is known? */
static bool comes_later(const struct final_scan *final, const struct input *input, const struct input *bound)
{
    struct scan_zone zone = {0};
    if (final->lead < 0 || input->in_memory) {
        return false;
    }
    scan_zone(final->scan, &input->units[input->next], (uint32_t) final->lead, &zone);
    if (!zone.known || zone.all_null || zone.has_nulls) {
        return false;
    }
    const struct type *type = table_column_type(def_of(final), (uint32_t) final->lead);
    if (type_is_float(type)) {
        return false; /* NaN is not in zones */
    }
    struct column least = {.type = type, .form = COLUMN_CONST, .row_count = 1};
    least.values = (void *)(uintptr_t)zone.min;
    return column_compare(&least, 0, bound->keys[0], bound->row_count - 1) > 0;
}

/* The input whose window ends first, of all that may have keys up to there; NULL: all are used up. */
static struct err *find_bound(struct final_scan *final, struct input **out)
{
    struct err *err = NULL;
    struct input *bound = NULL;
    bool loaded = true;

    for (uint32_t i = 0; i < final->input_count; i++) {
        struct input *input = &final->inputs[i];
        if (input->row < input->row_count &&
            (bound == NULL || keys_compare(final, input, input->row_count - 1, bound, bound->row_count - 1) < 0)) {
            bound = input;
        }
    }
    while (loaded) {
        loaded = false;
        for (uint32_t i = 0; i < final->input_count; i++) {
            struct input *input = &final->inputs[i];
            if (input->row < input->row_count || is_used_up(input) ||
                (bound != NULL && comes_later(final, input, bound))) {
                continue;
            }
            OR_DONE(window_load(final, input));
            loaded = true;
            if (input->row_count == 0) {
                continue;
            }
            int order =
                bound == NULL ? -1 : keys_compare(final, input, input->row_count - 1, bound, bound->row_count - 1);
            bound = order < 0 || (order == 0 && input < bound) ? input : bound;
        }
    }
    *out = bound;
done:
    return err;
}

/* Rows from input->row on whose keys are below the bound's last; most: how much above is (0: not above it). */
static uint32_t rows_below(const struct final_scan *final, const struct input *input, const struct input *bound,
                           int most)
{
    uint32_t low = input->row, high = input->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (keys_compare(final, input, middle, bound, bound->row_count - 1) <= most) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - input->row;
}

/* Sorted chunks of a round: columns and keys per chunk. */
struct round_rows {
    struct sort_chunk *chunks;
    const struct column ***columns; /* per column, per chunk */
    const struct input **from;      /* NULL: carried */
    uint32_t count;
};

static struct err *round_begin(const struct final_scan *final, struct round_rows *rows)
{
    struct arena *work = final->work;
    size_t room = (size_t) final->input_count + 2;
    *rows = (struct round_rows){ARENA_ARRAY(work, struct sort_chunk, room),
                                ARENA_ARRAY(work, const struct column **, final->read_count + 1U),
                                ARENA_ARRAY(work, const struct input *, room), 0};
    if (rows->chunks == NULL || rows->columns == NULL || rows->from == NULL) {
        return arena_error(work);
    }
    for (uint32_t s = 0; s < final->read_count; s++) {
        rows->columns[s] = ARENA_ARRAY(work, const struct column *, room);
        if (rows->columns[s] == NULL) {
            return arena_error(work);
        }
    }
    if (final->carried_count > 0) {
        for (uint32_t s = 0; s < final->read_count; s++) {
            rows->columns[s][0] = final->carried[s];
        }
        rows->chunks[rows->count++] =
            (struct sort_chunk){(const struct column *const *) final->carried_keys, final->carried_count};
    }
    return NULL;
}

static struct err *round_take(const struct final_scan *final, struct round_rows *rows, struct input *input,
                              uint32_t taken)
{
    struct arena *work = final->work;
    const struct column **keys = ARENA_ARRAY(work, const struct column *, final->key_count + 1U);
    uint32_t begin = input->row, end = begin + taken;
    if (keys == NULL) {
        return arena_error(work);
    }
    for (uint32_t k = 0; k < final->key_count; k++) {
        keys[k] = column_part(work, input->keys[k], begin, end);
        if (keys[k] == NULL) {
            return arena_error(work);
        }
    }
    for (uint32_t s = 0; s < final->read_count; s++) {
        rows->columns[s][rows->count] = column_part(work, input->columns[s], begin, end);
        if (rows->columns[s][rows->count] == NULL) {
            return arena_error(work);
        }
    }
    rows->from[rows->count] = input;
    rows->chunks[rows->count++] = (struct sort_chunk){keys, taken};
    input->row = end;
    return NULL;
}

/* The last key's rows are kept for the next round. */
static struct err *carry(struct final_scan *final, const struct combine_result *result, struct column *const *keys,
                         const uint32_t *places)
{
    struct err *err = NULL;
    struct arena *arena = final->carry_arenas[1];
    uint32_t count = result->carry->row_count;
    struct column **columns, **own_keys;

    arena_reset(arena);
    OR_DONE(window_arrays(final, arena, &columns, &own_keys));
    uint32_t *own_places = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (own_places == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < final->read_count; s++) {
        columns[s] = column_copy(arena, result->carry->columns[s]);
        if (columns[s] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t k = 0; k < final->key_count; k++) {
        struct column *taken = column_take(final->work, keys[k], result->carry_positions, count);
        own_keys[k] = taken == NULL ? NULL : column_copy(arena, taken);
        if (own_keys[k] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        own_places[i] = places == NULL ? 0 : places[result->carry_positions[i]];
    }
    final->carry_arenas[1] = final->carry_arenas[0];
    final->carry_arenas[0] = arena;
    final->carried = columns;
    final->carried_keys = own_keys;
    final->carried_places = own_places;
    final->carried_count = count;
done:
    return err;
}

static struct err *round_combine(struct final_scan *final, const struct round_rows *rows, bool last, struct chunk **out)
{
    struct err *err = NULL;
    struct arena *work = final->work;
    uint32_t *order = NULL, *places = NULL;
    uint64_t total = 0;
    struct column **columns, **keys;
    const struct column **of_chunks = ARENA_ARRAY(work, const struct column *, rows->count + 1U);
    const struct column *address[COLUMN_HIDDEN_COUNT] = {0};
    struct combine_result result;

    OR_DONE(sort_rows(work, rows->chunks, rows->count, final->key_count, &order, &total, NULL));
    OR_DONE(window_arrays(final, work, &columns, &keys));
    uint32_t count = (uint32_t)total;
    uint8_t *same = arena_zalloc(work, total + 1);
    places = final->ties ? ARENA_ARRAY(work, uint32_t, total + 1) : NULL;
    if (of_chunks == NULL || same == NULL || (final->ties && places == NULL)) {
        return arena_error(work);
    }
    for (uint32_t s = 0; s < final->read_count; s++) {
        OR_DONE(gather_rows(work, NULL, rows->columns[s], rows->count, order, count, &columns[s]));
    }
    for (uint32_t k = 0; k < final->key_count; k++) {
        for (uint32_t i = 0; i < rows->count; i++) {
            of_chunks[i] = rows->chunks[i].keys[k];
        }
        OR_DONE(gather_rows(work, NULL, of_chunks, rows->count, order, count, &keys[k]));
    }
    for (uint32_t row = 1; row < count; row++) {
        same[row] = 1;
        for (uint32_t k = 0; k < final->key_count && same[row]; k++) {
            same[row] = column_compare(keys[k], row - 1, keys[k], row) == 0;
        }
    }
    for (uint32_t row = 0; places != NULL && row < count; row++) {
        const struct input *from = rows->from[order[row] >> SORT_ROW_BITS];
        bool carried = final->carried_count > 0 && order[row] >> SORT_ROW_BITS == 0;
        places[row] = carried ? final->carried_places[order[row] & ((1U << SORT_ROW_BITS) - 1)] : from->place;
    }
    for (uint32_t i = 0; places != NULL && i < COLUMN_HIDDEN_COUNT; i++) {
        address[i] = columns[final->slots[def_of(final)->column_count + i]];
    }
    const struct combine_batch batch = {.row_count = count,
                                        .columns = columns,
                                        .same = same,
                                        .carried = final->carried_count,
                                        .place = places,
                                        .address = address};
    OR_DONE(combiner_run(final->combiner, work, &batch, last, &result));
    OR_DONE(carry(final, &result, keys, places));
    *out = result.rows;
done:
    return err;
}

/* *out: the round's combined rows, in final->work; NULL: there are no more. */
static struct err *round_run(struct final_scan *final, struct chunk **out)
{
    struct err *err = NULL;
    struct input *bound = NULL;
    struct round_rows rows;

    *out = NULL;
    arena_reset(final->work);
    OR_DONE(interrupt_check());
    OR_DONE(find_bound(final, &bound));
    OR_DONE(round_begin(final, &rows));
    for (uint32_t i = 0; bound != NULL && i < final->input_count; i++) {
        struct input *input = &final->inputs[i];
        /* more of the bound's key may come from its input: before rows of those that were inserted later */
        uint32_t taken = input->row < input->row_count ? rows_below(final, input, bound, input > bound ? -1 : 0) : 0;
        if (taken > 0) {
            OR_DONE(round_take(final, &rows, input, taken));
        }
    }
    final->over = bound == NULL;
    if (rows.count > 0) {
        err = round_combine(final, &rows, final->over, out);
    }
done:
    return err;
}

/* ---- the scan */

struct err *final_open(struct snapshot *snapshot, struct arena *arena, const struct final_request *request,
                       struct final_scan **out)
{
    struct err *err = NULL;
    struct combining *combining = NULL;
    struct final_scan *final = arena_zalloc(arena, sizeof(*final));
    uint32_t allowed = 0;

    if (final == NULL) {
        return arena_error(arena);
    }
    *final = (struct final_scan){.snapshot = snapshot, .arena = arena, .request = request, .lead = -1};
    const struct table_def *def = def_of(final);
    final->key_count = def->order_by_count + (request->by_partition && def->partition_by[0] != 0 ? 1 : 0);
    struct scan_condition *conditions = ARENA_ARRAY(arena, struct scan_condition, request->condition_count + 1U);
    if (conditions == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < request->condition_count; i++) {
        bool key = false;
        for (uint32_t k = 0; k < def->order_by_count && !key; k++) {
            key = table_plain_column(def, def->order_by[k]) == (int)request->conditions[i].column;
        }
        if (key) {
            conditions[allowed++] = request->conditions[i];
        }
    }
    OR_DONE(scan_open(snapshot, arena, conditions, allowed, &final->scan));
    OR_DONE(make_inputs(final));
    OR_DONE(combining_of(arena, snapshot->table, def, &combining));
    ASSERT(combining != NULL);
    OR_DONE(choose_columns(final, combining));
    OR_DONE(combiner_create(arena, combining, def, final->reads, final->read_count, true, false, &final->combiner));
    final->work = arena_beside(arena);
    final->carry_arenas[0] = arena_beside(arena);
    final->carry_arenas[1] = arena_beside(arena);
    if (final->work == NULL || final->carry_arenas[0] == NULL || final->carry_arenas[1] == NULL) {
        err = err_oom();
        goto done;
    }
    *out = final;
done:
    return err;
}

void final_numbers(const struct final_scan *final, struct scan_numbers *out)
{
    scan_numbers(final->scan, out);
}

/* A column that is computed from the combined ones. */
static struct err *compute(const struct final_scan *final, struct arena *arena, uint32_t index, struct chunk *all,
                           struct column **out)
{
    struct err *err = NULL;
    const struct table_def *def = def_of(final);
    uint32_t count = def->column_count + def->computed_count;
    for (uint32_t k = def->column_count; k < count; k++) {
        if (k != index && all->columns[k] == NULL && table_functions()->default_reads(program_of(final), index, k)) {
            OR_DONE(compute(final, arena, k, all, &all->columns[k]));
        }
    }
    err = table_evaluate(def, program_of(final), arena, TABLE_DEFAULT, index, all, out);
done:
    return err;
}

struct err *final_next(struct final_scan *final, struct arena *arena, struct chunk **out)
{
    struct err *err = NULL;
    const struct table_def *def = def_of(final);
    struct chunk *made = NULL;

    *out = NULL;
    while (!final->over && (made == NULL || made->row_count == 0)) {
        OR_DONE(round_run(final, &made));
    }
    if (made == NULL || made->row_count == 0) {
        goto done;
    }
    struct chunk *chunk = chunk_new(arena, final->request->column_count, made->row_count);
    struct chunk *all = chunk_new(arena, def->column_count + def->computed_count, made->row_count);
    if (chunk == NULL || all == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < final->read_count; s++) {
        struct column *copy = column_copy(arena, made->columns[s]); /* windows go on */
        if (copy == NULL) {
            return arena_error(arena);
        }
        made->columns[s] = copy;
        if (final->reads[s] < def->column_count) {
            all->columns[final->reads[s]] = copy;
        }
    }
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        uint32_t column = final->request->columns[i], computed = computed_of(def, column);
        if (computed > 0) {
            OR_DONE(compute(final, arena, computed, all, &chunk->columns[i]));
        } else {
            chunk->columns[i] = made->columns[final->slots[column]];
        }
    }
    *out = chunk;
done:
    return err;
}
