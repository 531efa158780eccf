/*
 * final.c: see final.h.
 *
 * flow     query/final_source.c → here → final_inputs.c, combine_rows.c
 * round    as a merge's (storage/merge.h): the rows up to the smallest last key of all windows, sorted and combined; of
 *          the key that is last, more may come
 */
#include "storage/final_private.h"

#include "base/interrupt.h"
#include "storage/gather.h"
#include "storage/sort.h"

bool final_is_known(const struct snapshot *snapshot)
{
    enum combining_kind kind;
    return engine_combines(snapshot->version->def->engine, &kind);
}

/* ---- which columns */

/* Which of the request's is computed: its number behind the stored ones, as programs have it; 0: it is not. */
static uint32_t computed_of(const struct table_def *def, uint32_t column)
{
    uint32_t first = table_column_count(def) + SCAN_PLACE_COUNT;
    return column >= first ? def->column_count + (column - first) : 0;
}

static void need_computed(const struct final_scan *fin, uint32_t index, uint8_t *needed)
{
    const struct table_def *def = final_def(fin);
    uint32_t count = def->column_count + def->computed_count;
    for (uint32_t k = 0; k < count; k++) {
        if (k == index || !table_functions()->default_reads(final_program(fin), index, k)) {
            continue;
        }
        if (k < def->column_count) {
            needed[k] = 1;
        } else {
            need_computed(fin, k, needed);
        }
    }
}

static struct err *choose_columns(struct final_scan *fin, const struct combining *combining)
{
    const struct table_def *def = final_def(fin);
    const struct final_request *request = fin->request;
    uint32_t count = table_column_count(def);
    uint8_t *needed = arena_zalloc(fin->arena, count + 1U);
    struct table_program *program = final_program(fin);

    fin->reads = ARENA_ARRAY(fin->arena, uint32_t, count + 1U);
    fin->slots = ARENA_ARRAY(fin->arena, int, count + 1U);
    if (needed == NULL || fin->reads == NULL || fin->slots == NULL) {
        return arena_error(fin->arena);
    }
    for (uint32_t i = 0; i < request->column_count; i++) {
        uint32_t computed = computed_of(def, request->columns[i]);
        ASSERT(computed > 0 || request->columns[i] < count); /* nobody asks FINAL where rows are */
        if (computed > 0) {
            need_computed(fin, computed, needed);
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
        fin->lead = k == 0 ? plain : fin->lead;
    }
    for (uint32_t c = 0; program != NULL && c < def->column_count; c++) {
        needed[c] |= table_functions()->key_reads(program, c); /* the partition's too: rarely more than the key's */
    }
    for (uint32_t i = 0; fin->ties && i < COLUMN_HIDDEN_COUNT; i++) {
        needed[def->column_count + i] = 1;
    }
    for (uint32_t c = 0; c < count; c++) {
        fin->slots[c] = needed[c] ? (int)fin->read_count : -1;
        if (needed[c]) {
            fin->reads[fin->read_count++] = c;
        }
    }
    return NULL;
}

/* ---- rounds */

static bool final_is_used_up(const struct final_input *input)
{
    return input->row == input->row_count && input->next == input->unit_count;
}

static int keys_compare(const struct final_scan *fin, const struct final_input *a, uint32_t row_a,
                        const struct final_input *b, uint32_t row_b)
{
    int order = 0;
    for (uint32_t k = 0; k < fin->key_count && order == 0; k++) {
        order = column_compare(a->keys[k], row_a, b->keys[k], row_b);
    }
    return order;
}

/* Are all keys of the input's next unit above the last one of the bound's window, as far as is known? */
static bool comes_later(const struct final_scan *fin, const struct final_input *input, const struct final_input *bound)
{
    struct scan_zone zone = {0};
    if (fin->lead < 0 || input->in_memory) {
        return false;
    }
    scan_zone(fin->scan, fin->work, &input->units[input->next], (uint32_t)fin->lead, &zone);
    if (!zone.known || zone.all_null || zone.has_nulls) {
        return false;
    }
    const struct type *type = table_column_type(final_def(fin), (uint32_t)fin->lead);
    if (type_is_float(type)) {
        return false; /* NaN is not in zones */
    }
    struct column least = {.type = type, .form = COLUMN_CONST, .row_count = 1};
    least.values = (void *)(uintptr_t)zone.min;
    return column_compare(&least, 0, bound->keys[0], bound->row_count - 1) > 0;
}

/* The input whose window ends first, of all that may have keys up to there; NULL: all are used up. */
static struct err *find_bound(struct final_scan *fin, struct final_input **out)
{
    struct err *err = NULL;
    struct final_input *bound = NULL;
    bool loaded = true;

    for (uint32_t i = 0; i < fin->input_count; i++) {
        struct final_input *input = &fin->inputs[i];
        if (input->row < input->row_count &&
            (bound == NULL || keys_compare(fin, input, input->row_count - 1, bound, bound->row_count - 1) < 0)) {
            bound = input;
        }
    }
    while (loaded) {
        loaded = false;
        for (uint32_t i = 0; i < fin->input_count; i++) {
            struct final_input *input = &fin->inputs[i];
            if (input->row < input->row_count || final_is_used_up(input) ||
                (bound != NULL && comes_later(fin, input, bound))) {
                continue;
            }
            OR_DONE(final_window_load(fin, input));
            loaded = true;
            if (input->row_count == 0) {
                continue;
            }
            int order =
                bound == NULL ? -1 : keys_compare(fin, input, input->row_count - 1, bound, bound->row_count - 1);
            bound = order < 0 || (order == 0 && input < bound) ? input : bound;
        }
    }
    *out = bound;
done:
    return err;
}

/* Rows from input->row on whose keys are below the bound's last; most: how much above is (0: not above it). */
static uint32_t rows_below(const struct final_scan *fin, const struct final_input *input,
                           const struct final_input *bound, int most)
{
    uint32_t low = input->row, high = input->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (keys_compare(fin, input, middle, bound, bound->row_count - 1) <= most) {
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
    const struct column ***columns;  /* per column, per chunk */
    const struct final_input **from; /* NULL: carried */
    uint32_t count;
};

static struct err *round_begin(const struct final_scan *fin, struct round_rows *rows)
{
    struct arena *work = fin->work;
    size_t room = (size_t)fin->input_count + 2;
    *rows = (struct round_rows){ARENA_ARRAY(work, struct sort_chunk, room),
                                ARENA_ARRAY(work, const struct column **, fin->read_count + 1U),
                                ARENA_ARRAY(work, const struct final_input *, room), 0};
    if (rows->chunks == NULL || rows->columns == NULL || rows->from == NULL) {
        return arena_error(work);
    }
    for (uint32_t s = 0; s < fin->read_count; s++) {
        rows->columns[s] = ARENA_ARRAY(work, const struct column *, room);
        if (rows->columns[s] == NULL) {
            return arena_error(work);
        }
    }
    if (fin->carried_count > 0) {
        for (uint32_t s = 0; s < fin->read_count; s++) {
            rows->columns[s][0] = fin->carried[s];
        }
        rows->chunks[rows->count++] =
            (struct sort_chunk){(const struct column *const *)fin->carried_keys, fin->carried_count};
    }
    return NULL;
}

static struct err *round_take(const struct final_scan *fin, struct round_rows *rows, struct final_input *input,
                              uint32_t taken)
{
    struct arena *work = fin->work;
    const struct column **keys = ARENA_ARRAY(work, const struct column *, fin->key_count + 1U);
    uint32_t begin = input->row, end = begin + taken;
    if (keys == NULL) {
        return arena_error(work);
    }
    for (uint32_t k = 0; k < fin->key_count; k++) {
        keys[k] = column_part(work, input->keys[k], begin, end);
        if (keys[k] == NULL) {
            return arena_error(work);
        }
    }
    for (uint32_t s = 0; s < fin->read_count; s++) {
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
static struct err *carry(struct final_scan *fin, const struct combine_result *result, struct column *const *keys,
                         const uint32_t *places)
{
    struct err *err = NULL;
    struct arena *arena = fin->carry_arenas[1];
    uint32_t count = result->carry->row_count;
    struct column **columns, **own_keys;

    arena_reset(arena);
    OR_DONE(final_window_arrays(fin, arena, &columns, &own_keys));
    uint32_t *own_places = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (own_places == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < fin->read_count; s++) {
        columns[s] = column_copy(arena, result->carry->columns[s]);
        if (columns[s] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t k = 0; k < fin->key_count; k++) {
        struct column *taken = column_take(fin->work, keys[k], result->carry_positions, count);
        own_keys[k] = taken == NULL ? NULL : column_copy(arena, taken);
        if (own_keys[k] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        own_places[i] = places == NULL ? 0 : places[result->carry_positions[i]];
    }
    fin->carry_arenas[1] = fin->carry_arenas[0];
    fin->carry_arenas[0] = arena;
    fin->carried = columns;
    fin->carried_keys = own_keys;
    fin->carried_places = own_places;
    fin->carried_count = count;
done:
    return err;
}

static struct err *round_combine(struct final_scan *fin, const struct round_rows *rows, bool last, struct chunk **out)
{
    struct err *err = NULL;
    struct arena *work = fin->work;
    uint32_t *order = NULL, *places = NULL;
    uint64_t total = 0;
    struct column **columns, **keys;
    const struct column **of_chunks = ARENA_ARRAY(work, const struct column *, rows->count + 1U);
    const struct column *address[COLUMN_HIDDEN_COUNT] = {0};
    struct combine_result result;

    OR_DONE(sort_rows(work, rows->chunks, rows->count, fin->key_count, &order, &total, NULL));
    OR_DONE(final_window_arrays(fin, work, &columns, &keys));
    uint32_t count = (uint32_t)total;
    uint8_t *same = arena_zalloc(work, total + 1);
    places = fin->ties ? ARENA_ARRAY(work, uint32_t, total + 1) : NULL;
    if (of_chunks == NULL || same == NULL || (fin->ties && places == NULL)) {
        return arena_error(work);
    }
    for (uint32_t s = 0; s < fin->read_count; s++) {
        OR_DONE(gather_rows(work, NULL, rows->columns[s], rows->count, order, count, &columns[s]));
    }
    for (uint32_t k = 0; k < fin->key_count; k++) {
        for (uint32_t i = 0; i < rows->count; i++) {
            of_chunks[i] = rows->chunks[i].keys[k];
        }
        OR_DONE(gather_rows(work, NULL, of_chunks, rows->count, order, count, &keys[k]));
    }
    for (uint32_t row = 1; row < count; row++) {
        same[row] = 1;
        for (uint32_t k = 0; k < fin->key_count && same[row]; k++) {
            same[row] = column_compare(keys[k], row - 1, keys[k], row) == 0;
        }
    }
    for (uint32_t row = 0; places != NULL && row < count; row++) {
        const struct final_input *from = rows->from[order[row] >> SORT_ROW_BITS];
        bool carried = fin->carried_count > 0 && order[row] >> SORT_ROW_BITS == 0;
        places[row] = carried ? fin->carried_places[order[row] & ((1U << SORT_ROW_BITS) - 1)] : from->place;
    }
    for (uint32_t i = 0; places != NULL && i < COLUMN_HIDDEN_COUNT; i++) {
        address[i] = columns[fin->slots[final_def(fin)->column_count + i]];
    }
    const struct combine_batch batch = {.row_count = count,
                                        .columns = columns,
                                        .same = same,
                                        .carried = fin->carried_count,
                                        .place = places,
                                        .address = address};
    OR_DONE(combiner_run(fin->combiner, work, &batch, last, &result));
    OR_DONE(carry(fin, &result, keys, places));
    *out = result.rows;
done:
    return err;
}

/* *out: the round's combined rows, in fin->work; NULL: there are no more. */
static struct err *round_run(struct final_scan *fin, struct chunk **out)
{
    struct err *err = NULL;
    struct final_input *bound = NULL;
    struct round_rows rows;

    *out = NULL;
    arena_reset(fin->work);
    OR_DONE(interrupt_check());
    OR_DONE(find_bound(fin, &bound));
    OR_DONE(round_begin(fin, &rows));
    for (uint32_t i = 0; bound != NULL && i < fin->input_count; i++) {
        struct final_input *input = &fin->inputs[i];
        /* more of the bound's key may come from its input: before rows of those that were inserted later */
        uint32_t taken = input->row < input->row_count ? rows_below(fin, input, bound, input > bound ? -1 : 0) : 0;
        if (taken > 0) {
            OR_DONE(round_take(fin, &rows, input, taken));
        }
    }
    fin->over = bound == NULL;
    if (rows.count > 0) {
        err = round_combine(fin, &rows, fin->over, out);
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
    struct final_scan *fin = arena_zalloc(arena, sizeof(*fin));
    uint32_t allowed = 0;

    if (fin == NULL) {
        return arena_error(arena);
    }
    *fin = (struct final_scan){.snapshot = snapshot, .arena = arena, .request = request, .lead = -1};
    const struct table_def *def = final_def(fin);
    fin->key_count = def->order_by_count + (request->by_partition && def->partition_by[0] != 0 ? 1 : 0);
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
    OR_DONE(scan_open(snapshot, arena, conditions, allowed, &fin->scan));
    OR_DONE(final_make_inputs(fin));
    OR_DONE(combining_of(arena, snapshot->table, def, &combining));
    ASSERT(combining != NULL);
    OR_DONE(choose_columns(fin, combining));
    OR_DONE(combiner_create(arena, combining, def, fin->reads, fin->read_count, true, false, &fin->combiner));
    fin->work = arena_beside(arena);
    fin->carry_arenas[0] = arena_beside(arena);
    fin->carry_arenas[1] = arena_beside(arena);
    if (fin->work == NULL || fin->carry_arenas[0] == NULL || fin->carry_arenas[1] == NULL) {
        err = err_oom();
        goto done;
    }
    *out = fin;
done:
    return err;
}

void final_numbers(const struct final_scan *fin, struct scan_numbers *out)
{
    scan_numbers(fin->scan, out);
}

/* A column that is computed from the combined ones. */
static struct err *compute(const struct final_scan *fin, struct arena *arena, uint32_t index, struct chunk *all,
                           struct column **out)
{
    struct err *err = NULL;
    const struct table_def *def = final_def(fin);
    uint32_t count = def->column_count + def->computed_count;
    for (uint32_t k = def->column_count; k < count; k++) {
        if (k != index && all->columns[k] == NULL && table_functions()->default_reads(final_program(fin), index, k)) {
            OR_DONE(compute(fin, arena, k, all, &all->columns[k]));
        }
    }
    err = table_evaluate(def, final_program(fin), arena, TABLE_DEFAULT, index, all, out);
done:
    return err;
}

struct err *final_next(struct final_scan *fin, struct arena *arena, struct chunk **out)
{
    struct err *err = NULL;
    const struct table_def *def = final_def(fin);
    struct chunk *made = NULL;

    *out = NULL;
    while (!fin->over && (made == NULL || made->row_count == 0)) {
        OR_DONE(round_run(fin, &made));
    }
    if (made == NULL || made->row_count == 0) {
        goto done;
    }
    struct chunk *chunk = chunk_new(arena, fin->request->column_count, made->row_count);
    struct chunk *all = chunk_new(arena, def->column_count + def->computed_count, made->row_count);
    if (chunk == NULL || all == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < fin->read_count; s++) {
        struct column *copy = column_copy(arena, made->columns[s]); /* windows go on */
        if (copy == NULL) {
            return arena_error(arena);
        }
        made->columns[s] = copy;
        if (fin->reads[s] < def->column_count) {
            all->columns[fin->reads[s]] = copy;
        }
    }
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        uint32_t column = fin->request->columns[i], computed = computed_of(def, column);
        if (computed > 0) {
            OR_DONE(compute(fin, arena, computed, all, &chunk->columns[i]));
        } else {
            chunk->columns[i] = made->columns[fin->slots[column]];
        }
    }
    *out = chunk;
done:
    return err;
}
