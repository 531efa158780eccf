/*
 * merge_combine.c: see merge_combine.h.
 *
 * flow     merge.c (rounds) → here → combine_rows.c
 * owns     rows of the key that was last in a round: more of it may come
 */
#include "storage/merge_combine.h"

#include <stdlib.h>

struct merge_combine {
    const struct merge *merge;
    struct combining *combining;
    struct combiner *combiner;
    struct unifier *const *unifiers;
    const struct type **types; /* per column */
    uint32_t column_count, key_count;
    uint32_t places[MERGE_INPUTS_MAX]; /* numbers of the inputs' places */
    bool ties;                         /* some inputs have one place */
    struct arena *arenas[2];           /* of carried rows: now, and before */
    struct column **carried, **carried_keys;
    uint32_t *carried_places;
    uint32_t carried_count;
};

void merge_combine_destroy(struct merge_combine *combine)
{
    for (size_t i = 0; combine != NULL && i < 2; i++) {
        arena_destroy(combine->arenas[i]);
    }
}

struct err *merge_combine_create(struct arena *arena, struct merge *merge, struct merge_combine **out)
{
    struct err *err = NULL;
    const struct table_def *def = merge->def;
    uint32_t count = table_column_count(def);
    struct combining *combining = NULL;

    *out = NULL;
    OR_DONE(combining_of(arena, merge->table, def, &combining));
    if (combining == NULL) {
        goto done;
    }
    struct merge_combine *combine = arena_zalloc(arena, sizeof(*combine));
    uint32_t *columns = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (combine == NULL || columns == NULL) {
        return arena_error(arena);
    }
    combine->merge = merge;
    combine->combining = combining;
    combine->column_count = count;
    combine->key_count = def->order_by_count;
    combine->types = ARENA_ARRAY(arena, const struct type *, count + 1U);
    if (combine->types == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < count; c++) {
        columns[c] = c;
        combine->types[c] = table_column_type(def, c);
    }
    for (uint32_t i = 1; i < merge->input_count; i++) {
        bool tie = ledger_segment_order(&merge->inputs[i - 1]->info, &merge->inputs[i]->info) == 0;
        combine->places[i] = combine->places[i - 1] + (tie ? 0 : 1);
        combine->ties = combine->ties || tie;
    }
    OR_DONE(combiner_create(arena, combining, def, columns, count, false, true, &combine->combiner));
    for (size_t i = 0; i < 2; i++) {
        combine->arenas[i] = arena_create(NULL);
    }
    *out = combine;
    if (combine->arenas[0] == NULL || combine->arenas[1] == NULL) {
        err = err_oom();
    }
done:
    return err;
}

bool merge_combine_needs_values(const struct merge_combine *combine, uint32_t column)
{
    return combine != NULL && column < combine->merge->def->column_count &&
           combine->combining->columns[column].way != COMBINING_FIRST;
}

void merge_combine_coded(struct merge_combine *combine, struct unifier *const *unifiers)
{
    combine->unifiers = unifiers;
}

bool merge_combine_carried(const struct merge_combine *combine, struct sort_chunk *chunk,
                           const struct column ***columns)
{
    if (combine->carried_count == 0) {
        return false;
    }
    *chunk = (struct sort_chunk){(const struct column *const *)combine->carried_keys, combine->carried_count};
    for (uint32_t c = 0; c < combine->column_count; c++) {
        columns[c][0] = combine->carried[c];
    }
    return true;
}

/* The last key's rows are kept for the next round. */
static struct err *carry(struct merge_combine *combine, const struct combine_result *result, struct column *const *keys,
                         const uint32_t *places)
{
    struct arena *arena = combine->arenas[1];
    uint32_t count = result->carry->row_count;

    arena_reset(arena);
    struct column **columns = ARENA_ARRAY(arena, struct column *, combine->column_count + 1U);
    struct column **own_keys = ARENA_ARRAY(arena, struct column *, combine->key_count + 1U);
    uint32_t *own_places = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (columns == NULL || own_keys == NULL || own_places == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < combine->column_count; c++) {
        columns[c] = column_copy(arena, result->carry->columns[c]);
        if (columns[c] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t k = 0; k < combine->key_count; k++) {
        struct column *taken = column_take(arena, keys[k], result->carry_positions, count);
        own_keys[k] = taken == NULL ? NULL : column_copy(arena, taken);
        if (own_keys[k] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        own_places[i] = places == NULL ? 0 : places[result->carry_positions[i]];
    }
    combine->arenas[1] = combine->arenas[0];
    combine->arenas[0] = arena;
    combine->carried = columns;
    combine->carried_keys = own_keys;
    combine->carried_places = own_places;
    combine->carried_count = count;
    return NULL;
}

/* Coded columns as what they stand for, and back. */
static struct err *decoded(const struct merge_combine *combine, struct arena *work, uint32_t c, struct column **column)
{
    if (combine->unifiers[c] != NULL) {
        uint64_t id;
        const struct column *dictionary = unifier_dictionary(combine->unifiers[c], &id);
        *column = column_dict(work, combine->types[c], (*column)->values, (*column)->row_count, dictionary, id);
    }
    return *column == NULL ? arena_error(work) : NULL;
}

static struct err *coded(const struct merge_combine *combine, struct arena *work, struct chunk *chunk)
{
    for (uint32_t c = 0; c < combine->column_count; c++) {
        if (combine->unifiers[c] != NULL) {
            struct column *codes = ARENA_NEW(work, struct column);
            if (codes == NULL) {
                return arena_error(work);
            }
            *codes = (struct column){.type = type_simple(TYPE_UINT32),
                                     .form = COLUMN_FLAT,
                                     .row_count = chunk->row_count,
                                     .values = chunk->columns[c]->codes};
            chunk->columns[c] = codes;
        }
    }
    return NULL;
}

static struct err *gather_all(const struct merge_combine *combine, struct arena *work,
                              const struct merge_round_rows *rows, struct column **columns, struct column **keys)
{
    struct err *err = NULL;
    uint32_t count = (uint32_t)rows->row_count;
    const struct table_def *def = combine->merge->def;
    const struct column **of_key = ARENA_ARRAY(work, const struct column *, rows->count + 1U);
    if (of_key == NULL) {
        return arena_error(work);
    }
    for (uint32_t c = 0; c < combine->column_count; c++) {
        OR_DONE(gather_rows(work, NULL, rows->columns[c], rows->count, rows->order, count, &columns[c]));
    }
    for (uint32_t k = 0; k < combine->key_count; k++) {
        int plain = table_plain_column(def, def->order_by[k]);
        for (uint32_t i = 0; plain < 0 && i < rows->count; i++) {
            of_key[i] = rows->chunks[i].keys[k];
        }
        if (plain >= 0) {
            keys[k] = columns[plain];
        } else {
            OR_DONE(gather_rows(work, NULL, of_key, rows->count, rows->order, count, &keys[k]));
        }
    }
done:
    return err;
}

struct err *merge_combine_round(struct merge_combine *combine, struct arena *work, const struct merge_round_rows *rows,
                                bool last, struct chunk **out)
{
    struct err *err = NULL;
    uint32_t count = (uint32_t)rows->row_count;
    struct combine_result result;
    struct column **columns = ARENA_ARRAY(work, struct column *, combine->column_count + 1U);
    struct column **keys = ARENA_ARRAY(work, struct column *, combine->key_count + 1U);
    uint8_t *same = arena_zalloc(work, (size_t)count + 1);
    uint32_t *places = combine->ties ? ARENA_ARRAY(work, uint32_t, (size_t)count + 1) : NULL;
    const struct column *address[COLUMN_HIDDEN_COUNT];

    if (columns == NULL || keys == NULL || same == NULL || (combine->ties && places == NULL)) {
        return arena_error(work);
    }
    OR_DONE(gather_all(combine, work, rows, columns, keys));
    for (uint32_t row = 1; row < count; row++) {
        same[row] = 1;
        for (uint32_t k = 0; k < combine->key_count && same[row]; k++) {
            same[row] = column_compare(keys[k], row - 1, keys[k], row) == 0;
        }
    }
    for (uint32_t row = 0; places != NULL && row < count; row++) {
        uint32_t chunk = rows->order[row] >> SORT_ROW_BITS;
        uint32_t input = rows->inputs[chunk];
        places[row] = input == UINT32_MAX ? combine->carried_places[rows->order[row] & ((1U << SORT_ROW_BITS) - 1)]
                                          : combine->places[input];
    }
    for (uint32_t c = 0; c < combine->column_count; c++) {
        OR_DONE(decoded(combine, work, c, &columns[c]));
    }
    for (uint32_t i = 0; i < COLUMN_HIDDEN_COUNT; i++) {
        address[i] = columns[combine->merge->def->column_count + i];
    }
    const struct combine_batch batch = {.row_count = count,
                                        .columns = columns,
                                        .same = same,
                                        .carried = combine->carried_count,
                                        .place = places,
                                        .address = address};
    OR_DONE(combiner_run(combine->combiner, work, &batch, last, &result));
    OR_DONE(coded(combine, work, result.rows));
    OR_DONE(coded(combine, work, result.carry));
    OR_DONE(carry(combine, &result, keys, places));
    *out = result.rows;
done:
    return err;
}

void merge_combine_tell(const struct merge_combine *combine, struct merge *merge)
{
    merge->combined = *combiner_numbers(combine->combiner);
}
