/*
 * final.c: one part of a FINAL read: a range of keys, merged, or granules as they are. See final.h.
 *
 * flow     query/final_source.c → here → final_inputs.c, combine_rows.c
 * round    as a merge's (storage/merge.h): the rows up to the smallest last key of all windows, sorted and combined; of
 *          the key that is last, more may come
 * alone    where one input has all rows of a round they are not sorted or copied
 */
#include "storage/final_private.h"

#include "base/interrupt.h"
#include "storage/gather.h"
#include "storage/sort.h"

/* ---- rounds */

static bool final_is_used_up(const struct final_input *input)
{
    return input->row == input->row_count && input->next >= input->end;
}

static int keys_compare(const struct final_scan *fin, const struct final_input *a, uint32_t row_a,
                        const struct final_input *b, uint32_t row_b)
{
    int order = 0;
    for (uint32_t k = 0; k < fin->plan->key_count && order == 0; k++) {
        order = column_compare(a->keys[k], row_a, b->keys[k], row_b);
    }
    return order;
}

/* Are all keys of the input's next unit above those at a row of keys, as far as is known? */
static bool comes_later(const struct final_scan *fin, const struct final_input *input, struct column *const *keys,
                        uint32_t row)
{
    const struct final_source *source = input->source;
    int order = 0;
    for (uint32_t k = 0; input->begun && k < fin->plan->key_count && order == 0; k++) {
        order = column_compare(source->all_keys[k], (uint32_t)input->all_at, keys[k], row);
    }
    if (source->in_memory) {
        return input->begun
                   ? order > 0
                   : source->lo.column != NULL && final_compare(source->lo, (struct final_value){keys[0], row}) > 0;
    }
    for (uint32_t k = 0; source->firsts != NULL && k < fin->plan->prefix_count && order == 0; k++) {
        order = column_compare(source->firsts[k], input->next, keys[k], row);
    }
    return order > 0;
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
                (bound != NULL && comes_later(fin, input, bound->keys, bound->row_count - 1))) {
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
                                ARENA_ARRAY(work, const struct column **, fin->plan->read_count + 1U),
                                ARENA_ARRAY(work, const struct final_input *, room), 0};
    if (rows->chunks == NULL || rows->columns == NULL || rows->from == NULL) {
        return arena_error(work);
    }
    for (uint32_t s = 0; s < fin->plan->read_count; s++) {
        rows->columns[s] = ARENA_ARRAY(work, const struct column *, room);
        if (rows->columns[s] == NULL) {
            return arena_error(work);
        }
    }
    if (fin->carried_count > 0) {
        for (uint32_t s = 0; s < fin->plan->read_count; s++) {
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
    const struct column **keys = ARENA_ARRAY(work, const struct column *, fin->plan->key_count + 1U);
    uint32_t begin = input->row, end = begin + taken;
    if (keys == NULL) {
        return arena_error(work);
    }
    for (uint32_t k = 0; k < fin->plan->key_count; k++) {
        keys[k] = column_part(work, input->keys[k], begin, end);
        if (keys[k] == NULL) {
            return arena_error(work);
        }
    }
    for (uint32_t s = 0; s < fin->plan->read_count; s++) {
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

    fin->carried_count = 0;
    if (count == 0) {
        return NULL;
    }
    arena_reset(arena);
    OR_DONE(final_window_arrays(fin->plan, arena, &columns, &own_keys));
    uint32_t *own_places = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (own_places == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < fin->plan->read_count; s++) {
        const struct column *flat = column_flat(fin->work, result->carry->columns[s]); /* a row, no dictionary */
        columns[s] = flat == NULL ? NULL : column_copy(arena, flat);
        if (columns[s] == NULL) {
            return flat == NULL ? arena_error(fin->work) : arena_error(arena);
        }
    }
    for (uint32_t k = 0; k < fin->plan->key_count; k++) {
        struct column *taken = column_take(fin->work, keys[k], result->carry_positions, count);
        const struct column *flat = taken == NULL ? NULL : column_flat(fin->work, taken);
        own_keys[k] = flat == NULL ? NULL : column_copy(arena, flat);
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

/* Has no other row the key that the bound's window ends with, of what was not taken yet? */
static bool is_closed(const struct final_scan *fin, const struct final_input *bound, struct column *const *keys,
                      uint32_t row)
{
    for (uint32_t i = 0; i < fin->input_count; i++) {
        const struct final_input *input = &fin->inputs[i];
        bool rest = input->row < input->row_count;
        if (final_is_used_up(input)) {
            continue;
        }
        if (rest ? keys_compare(fin, input, input->row, bound, row) <= 0 : !comes_later(fin, input, keys, row)) {
            return false;
        }
    }
    return true;
}

/* Clears same[row] where the key's column differs from the row before. */
static void mark_differing(const struct column *key, uint32_t count, uint8_t *same)
{
    bool numbers = key->form == COLUMN_FLAT && key->nulls == NULL && !type_is_nested(key->type) &&
                   !type_is_string(key->type) && !type_is_float(key->type);
    if (numbers && key->type->width == 8) {
        const uint64_t *values = key->values;
        for (uint32_t row = 1; row < count; row++) {
            same[row] &= values[row] == values[row - 1];
        }
    } else if (numbers && key->type->width == 4) {
        const uint32_t *values = key->values;
        for (uint32_t row = 1; row < count; row++) {
            same[row] &= values[row] == values[row - 1];
        }
    } else if (key->form == COLUMN_DICT) { /* entries are distinct */
        for (uint32_t row = 1; row < count; row++) {
            same[row] &= key->codes[row] == key->codes[row - 1];
        }
    } else if (key->form != COLUMN_CONST) {
        for (uint32_t row = 1; row < count; row++) {
            same[row] = same[row] != 0 && column_compare(key, row - 1, key, row) == 0;
        }
    }
}

/* The round's rows in one piece, in order. */
static struct err *round_sort(struct final_scan *fin, const struct round_rows *rows, struct column **columns,
                              struct column **keys, uint32_t **order, uint32_t *count)
{
    struct err *err = NULL;
    struct arena *work = fin->work;
    uint64_t total = 0;
    const struct column **of_chunks = ARENA_ARRAY(work, const struct column *, rows->count + 1U);

    if (of_chunks == NULL) {
        return arena_error(work);
    }
    OR_DONE(sort_rows(work, rows->chunks, rows->count, fin->plan->key_count, order, &total, NULL));
    for (uint32_t s = 0; s < fin->plan->read_count; s++) {
        OR_DONE(gather_rows(work, NULL, rows->columns[s], rows->count, *order, (uint32_t)total, &columns[s]));
    }
    for (uint32_t k = 0; k < fin->plan->key_count; k++) {
        for (uint32_t i = 0; i < rows->count; i++) {
            of_chunks[i] = rows->chunks[i].keys[k];
        }
        OR_DONE(gather_rows(work, NULL, of_chunks, rows->count, *order, (uint32_t)total, &keys[k]));
    }
    *count = (uint32_t)total;
done:
    return err;
}

static struct err *round_combine(struct final_scan *fin, const struct round_rows *rows, const struct final_input *bound,
                                 struct chunk **out)
{
    struct err *err = NULL;
    struct arena *work = fin->work;
    uint32_t *order = NULL, *places = NULL, count = rows->chunks[0].row_count;
    struct column **columns, **keys;
    const struct column *address[COLUMN_HIDDEN_COUNT] = {0};
    struct combine_result result;

    OR_DONE(final_window_arrays(fin->plan, work, &columns, &keys));
    if (rows->count > 1) {
        OR_DONE(round_sort(fin, rows, columns, keys, &order, &count));
    }
    for (uint32_t s = 0; s < fin->plan->read_count && rows->count == 1; s++) {
        columns[s] = (struct column *)(uintptr_t)rows->columns[s][0];
    }
    for (uint32_t k = 0; k < fin->plan->key_count && rows->count == 1; k++) {
        keys[k] = (struct column *)(uintptr_t)rows->chunks[0].keys[k];
    }
    uint8_t *same = ARENA_ARRAY(work, uint8_t, count + 1U);
    places = fin->plan->ties ? ARENA_ARRAY(work, uint32_t, count + 1U) : NULL;
    if (same == NULL || (fin->plan->ties && places == NULL)) {
        return arena_error(work);
    }
    memset(same, 1, count);
    same[0] = 0;
    for (uint32_t k = 0; k < fin->plan->key_count; k++) {
        mark_differing(keys[k], count, same);
    }
    bool last = fin->over || is_closed(fin, bound, bound->keys, bound->row_count - 1);
    for (uint32_t row = 0; places != NULL && row < count; row++) {
        uint32_t at = order == NULL ? row : order[row];
        bool carried = fin->carried_count > 0 && at >> SORT_ROW_BITS == 0;
        places[row] = carried ? fin->carried_places[at & ((1U << SORT_ROW_BITS) - 1)]
                              : rows->from[at >> SORT_ROW_BITS]->source->place;
    }
    for (uint32_t i = 0; places != NULL && i < COLUMN_HIDDEN_COUNT; i++) {
        address[i] = columns[fin->plan->slots[final_def(fin->plan)->column_count + i]];
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
        err = round_combine(fin, &rows, bound, out);
    }
done:
    return err;
}

/* ---- the scan */

static void release_scan(void *user)
{
    struct final_scan *fin = user;
    arena_destroy(fin->carry_arenas[0]);
    arena_destroy(fin->carry_arenas[1]);
    arena_destroy(fin->work);
}

struct err *final_open(struct final_plan *plan, struct arena *arena, uint32_t part, void *user, struct final_scan **out)
{
    struct err *err = NULL;
    struct final_scan *fin = arena_zalloc(arena, sizeof(*fin));

    if (fin == NULL || !arena_on_destroy(arena, release_scan, fin)) {
        return arena_error(arena);
    }
    *fin = (struct final_scan){.plan = plan, .arena = arena, .user = user, .range = part};
    fin->work = arena_beside(arena);
    fin->carry_arenas[0] = arena_beside(arena);
    fin->carry_arenas[1] = arena_beside(arena);
    if (fin->work == NULL || fin->carry_arenas[0] == NULL || fin->carry_arenas[1] == NULL) {
        err = err_oom();
        goto done;
    }
    if (part < plan->range_count) {
        OR_DONE(final_make_inputs(fin));
        OR_DONE(combiner_create(arena, plan->combining, final_def(plan), plan->reads, plan->read_count, true, false,
                                &fin->combiner));
    } else {
        fin->over = true;
        fin->alone_next = (uint64_t)(part - plan->range_count) * FINAL_ALONE_UNITS;
        fin->alone_end = fin->alone_next + FINAL_ALONE_UNITS;
        fin->alone_end = fin->alone_end < plan->alone_count ? fin->alone_end : plan->alone_count;
    }
    *out = fin;
done:
    return err;
}

/* A column that is computed from the combined ones. */
static struct err *compute(const struct final_plan *plan, struct arena *arena, uint32_t index, struct chunk *all,
                           struct column **out)
{
    struct err *err = NULL;
    const struct table_def *def = final_def(plan);
    uint32_t count = def->column_count + def->computed_count;
    for (uint32_t k = def->column_count; k < count; k++) {
        if (k != index && all->columns[k] == NULL && table_functions()->default_reads(final_program(plan), index, k)) {
            OR_DONE(compute(plan, arena, k, all, &all->columns[k]));
        }
    }
    err = table_evaluate(def, final_program(plan), arena, TABLE_DEFAULT, index, all, out);
done:
    return err;
}

/* A unit's rows as they are. */
static struct err *alone_run(struct final_scan *fin, struct chunk **out)
{
    struct err *err = NULL;
    uint32_t rows = 0;
    *out = NULL;
    arena_reset(fin->work);
    OR_DONE(interrupt_check());
    struct chunk *chunk = chunk_new(fin->work, fin->plan->read_count, 0);
    if (chunk == NULL) {
        return arena_error(fin->work);
    }
    OR_DONE(final_read_unit(fin, fin->work, &fin->plan->alone[fin->alone_next++], true, chunk->columns, &rows));
    chunk->row_count = rows;
    *out = chunk;
done:
    return err;
}

struct err *final_next(struct final_scan *fin, struct arena *arena, struct chunk **out)
{
    struct err *err = NULL;
    const struct final_plan *plan = fin->plan;
    const struct table_def *def = final_def(plan);
    struct chunk *made = NULL;

    *out = NULL;
    while (!fin->over && (made == NULL || made->row_count == 0)) {
        OR_DONE(round_run(fin, &made));
    }
    while (fin->alone_next < fin->alone_end && (made == NULL || made->row_count == 0)) {
        OR_DONE(alone_run(fin, &made));
    }
    if (made == NULL || made->row_count == 0) {
        goto done;
    }
    struct chunk *chunk = chunk_new(arena, plan->request->column_count, made->row_count);
    struct chunk *all = chunk_new(arena, def->column_count + def->computed_count, made->row_count);
    if (chunk == NULL || all == NULL) {
        return arena_error(arena);
    }
    for (uint32_t s = 0; s < plan->read_count; s++) {
        if (plan->reads[s] < def->column_count) {
            all->columns[plan->reads[s]] = made->columns[s];
        }
    }
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        uint32_t column = plan->request->columns[i];
        uint32_t first = table_column_count(def) + SCAN_PLACE_COUNT;
        if (column >= first) {
            OR_DONE(compute(plan, arena, def->column_count + (column - first), all, &chunk->columns[i]));
        } else {
            chunk->columns[i] = made->columns[plan->slots[column]];
        }
    }
    *out = chunk;
done:
    return err;
}
