/*
 * map_sum.c: mapAdd, mapSubtract: the values of equal keys of several maps, summed up, in order of the keys; of pairs
 * of arrays (keys, values) likewise. mapPopulateSeries: a map of integer keys with the missing ones between them.
 *
 * sums     in 64 bits: UInt64, Int64 or Float64; those of wider integers in their own type. The first map's values
 *          count as they are, what mapSubtract takes off is added with the other sign.
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

#include "base/interrupt.h"

#include <stdlib.h>

#define SERIES_MAX ((uint64_t)1 << 30) /* keys of a chunk */

/* --- mapAdd, mapSubtract ------------------------------------------------------------------------------------------ */

struct adding {
    bool subtracts;
    bool lists; /* (keys, values) */
    const struct type *value;
};

struct addend {
    const uint32_t *offsets;
    uint32_t begin; /* of its pairs among all */
};

/* The keys and values of an argument, FLAT, with offsets from 0 on. */
static struct err *sides_of(const struct function *function, struct arena *arena, const struct column *argument,
                            const uint32_t **offsets, const struct column **keys, const struct column **values,
                            uint32_t row_count)
{
    struct err *err = NULL;
    const struct adding *adding = function->data;
    const struct column *flat, *second;
    struct column *cast;
    if (adding->lists) {
        struct column lists[2];
        for (uint32_t c = 0; c < 2; c++) {
            lists[c] = *argument->children[c];
            lists[c].form = argument->form == COLUMN_CONST ? COLUMN_CONST : lists[c].form;
            lists[c].row_count = row_count;
        }
        OR_DONE(arrays_flat(arena, &lists[0], &flat));
        OR_DONE(arrays_flat(arena, &lists[1], &second));
        if (memcmp(flat->offsets, second->offsets, (row_count + 1U) * sizeof(uint32_t)) != 0) {
            return err_new(ERR_ARGUMENT_COUNT, "Key and value array should have same amount of elements");
        }
        *keys = column_flat(arena, flat->children[0]);
        *values = second->children[0];
    } else {
        OR_DONE(arrays_flat(arena, argument, &flat));
        *keys = column_flat(arena, flat->children[0]->children[0]);
        *values = flat->children[0]->children[1];
    }
    *offsets = flat->offsets;
    OR_DONE(function_cast(arena, function->context, *values, adding->value, &cast));
    *values = column_flat(arena, cast);
    return *keys == NULL || *values == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static int by_key(const void *a, const void *b, void *keys)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = column_compare(keys, x, keys, y);
    return order != 0 ? order : (x > y) - (x < y);
}

static void add_value(const struct type *type, void *sum, const void *value, bool minus)
{
    switch ((int)type_physical(type)) {
    case TYPE_FLOAT64:
        *(double *)sum += minus ? -*(const double *)value : *(const double *)value;
        break;
    case TYPE_INT64:
    case TYPE_UINT64:
        *(uint64_t *)sum += minus ? 0 - *(const uint64_t *)value : *(const uint64_t *)value;
        break;
    default:
        *(unsigned __int128 *)sum += minus ? 0 - *(const unsigned __int128 *)value : *(const unsigned __int128 *)value;
    }
}

static struct err *evaluate_add(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct adding *adding = function->data;
    uint32_t count = function->argument_count, width = adding->value->width;
    const struct column **keys = ARENA_ARRAY(arena, const struct column *, count);
    const struct column **values = ARENA_ARRAY(arena, const struct column *, count);
    struct addend *addends = ARENA_ARRAY(arena, struct addend, count);
    uint64_t total = 0;
    if (keys == NULL || values == NULL || addends == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < count; a++) {
        OR_DONE(sides_of(function, arena, arguments[a], &addends[a].offsets, &keys[a], &values[a], row_count));
        addends[a].begin = (uint32_t)total;
        total += keys[a]->row_count;
        if (total > UINT32_MAX / 2) {
            return err_new(ERR_TOO_LARGE_ARRAY, "the maps of a chunk have more than 2^31 pairs");
        }
    }
    struct column *all = column_concat(arena, keys, count);
    struct column *amounts = column_concat(arena, values, count);
    const struct column *flat_keys = all == NULL ? NULL : column_flat(arena, all);
    const struct column *flat_amounts = amounts == NULL ? NULL : column_flat(arena, amounts);
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, total + 1);
    uint32_t *kept = ARENA_ARRAY(arena, uint32_t, total + 1);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct column *sums = column_new(arena, adding->value, (uint32_t)total);
    if (flat_keys == NULL || flat_amounts == NULL || order == NULL || kept == NULL || offsets == NULL || sums == NULL) {
        return arena_error(arena);
    }
    uint32_t made = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t pairs = 0;
        OR_DONE(interrupt_at(i));
        offsets[i] = made;
        for (uint32_t a = 0; a < count; a++) {
            for (uint32_t e = addends[a].offsets[i]; e < addends[a].offsets[i + 1]; e++) {
                order[pairs++] = addends[a].begin + e;
            }
        }
        qsort_r(order, pairs, sizeof(*order), by_key, (void *)(uintptr_t)flat_keys);
        for (uint32_t p = 0; p < pairs; p++) {
            bool same = p > 0 && column_compare(flat_keys, order[p], flat_keys, order[p - 1]) == 0;
            bool minus = adding->subtracts && order[p] >= addends[1].begin;
            if (!same) {
                memset((char *)sums->values + (size_t)made * width, 0, width);
                kept[made++] = order[p];
            }
            add_value(adding->value, (char *)sums->values + (size_t)(made - 1) * width,
                      (const char *)flat_amounts->values + (size_t)order[p] * width, minus);
        }
    }
    offsets[row_count] = made;
    sums->row_count = made;
    const struct type *key = function->inner->children[0]->children[0]; /* of the array of keys, or of the pairs */
    struct column *names = made == 0 ? column_empty(arena, key) : column_take(arena, flat_keys, kept, made);
    if (names == NULL) {
        return arena_error(arena);
    }
    if (adding->lists) {
        struct column *both = column_new(arena, function->inner, row_count);
        if (both == NULL) {
            return arena_error(arena);
        }
        OR_DONE(arrays_new(arena, function->inner->children[0], row_count, offsets, names, &both->children[0]));
        OR_DONE(arrays_new(arena, function->inner->children[1], row_count, offsets, sums, &both->children[1]));
        *out = both;
        return NULL;
    }
    struct column *pairs = column_new(arena, function->inner->children[0], made);
    if (pairs == NULL) {
        return arena_error(arena);
    }
    pairs->children[0] = names;
    pairs->children[1] = sums;
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, pairs, out));
done:
    return err;
}

static const struct type *promoted(const struct type *type)
{
    if (type->nullable || !type_is_number(type) || type->kind == TYPE_DECIMAL) {
        return NULL;
    }
    if (type_is_float(type)) {
        return type_simple(TYPE_FLOAT64);
    }
    return type->width > 8 ? type : type_simple(type_is_signed(type) ? TYPE_INT64 : TYPE_UINT64);
}

/* Key and value of a map, or of (keys, values); false: it is neither. */
static bool pair_types(const struct type *type, const struct type **key, const struct type **value)
{
    bool lists = type->kind == TYPE_TUPLE && type->child_count == 2 && type->children[0]->kind == TYPE_ARRAY &&
                 type->children[1]->kind == TYPE_ARRAY;
    if (type->kind == TYPE_MAP) {
        *key = type->children[0]->children[0];
        *value = type->children[0]->children[1];
    } else if (lists) {
        *key = type->children[0]->children[0];
        *value = type->children[1]->children[0];
    }
    return lists || type->kind == TYPE_MAP;
}

static struct err *resolve_add(const struct function_bind *bind, struct function *out)
{
    struct adding *adding = arena_zalloc(bind->arena, sizeof(*adding));
    const struct type *first = NULL, *key = NULL, *value = NULL;
    if (adding == NULL) {
        return arena_error(bind->arena);
    }
    adding->subtracts = bind->tag != 0;
    for (uint32_t a = 0; a < bind->count; a++) {
        const struct type *type = bind->arguments[a].type;
        if (!pair_types(type, &key, &value)) {
            return err_new(ERR_ARGUMENT_TYPE, "%s only accepts maps", bind->name);
        }
        if (a > 0 && (type->kind == TYPE_MAP) == adding->lists) {
            return err_new(ERR_ARGUMENT_COUNT, "%s accepts at least two maps", bind->name);
        }
        adding->lists = type->kind != TYPE_MAP;
        const struct type *wide = promoted(value);
        if (wide == NULL) {
            return argument_error(bind, a, "values must be integers or floats");
        }
        if (type_is_nested(key) || key->nullable || key->low_cardinality || key->kind == TYPE_NOTHING) {
            return argument_error(bind, a, "keys of other types than plain scalars are not implemented");
        }
        if (a > 0 && (!type_equal(first, key) || !type_equal(adding->value, wide))) {
            return argument_error(bind, a, "the keys and the width of the values must be as in the first");
        }
        first = key;
        adding->value = wide;
    }
    if (adding->lists) {
        const struct type *both[2] = {type_array(bind->arena, first), type_array(bind->arena, adding->value)};
        if (both[0] == NULL || both[1] == NULL) {
            return arena_error(bind->arena);
        }
        out->inner = type_tuple(bind->arena, both, NULL, 2);
    } else {
        out->inner = type_map(bind->arena, first, adding->value);
    }
    out->evaluate = evaluate_add;
    out->data = adding;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- mapPopulateSeries -------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const __int128 *x = a;
    const __int128 *y = b;
    return (x[0] > y[0]) - (x[0] < y[0]) != 0 ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static bool fits_key(const struct type *type, __int128 key)
{
    uint32_t bits = type->width * 8 - type_is_signed(type);
    __int128 most = ((__int128)1 << bits) - 1;
    return key <= most && key >= (type_is_signed(type) ? -most - 1 : 0);
}

static struct err *evaluate_series(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flat;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    const struct type *pair = function->inner->children[0];
    const struct column *keys = column_flat(arena, flat->children[0]->children[0]);
    const struct column *values = column_flat(arena, flat->children[0]->children[1]);
    const struct column *wide = keys == NULL ? NULL : column_numbers(arena, keys, TYPE_INT128);
    const struct column *ends = arguments[0];
    if (function->argument_count > 1) {
        ends = column_numbers(arena, arguments[1], TYPE_INT128);
    }
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    __int128(*sorted)[2] = arena_array(arena, flat->offsets[row_count] + 1U, sizeof(*sorted));
    if (keys == NULL || values == NULL || wide == NULL || ends == NULL || offsets == NULL || sorted == NULL) {
        return arena_error(arena);
    }
    uint64_t total = 0;
    for (uint32_t i = 0; i < row_count; i++) { /* how long they become */
        uint32_t begin = flat->offsets[i], end = flat->offsets[i + 1];
        offsets[i] = (uint32_t)total;
        for (uint32_t e = begin; e < end; e++) {
            sorted[e][0] = ((const __int128 *)wide->values)[e];
            sorted[e][1] = e;
        }
        if (begin == end) {
            continue;
        }
        qsort(sorted[begin], end - begin, sizeof(*sorted), by_number);
        __int128 last = function->argument_count > 1 ? VALUE_AT(ends, __int128, i) : sorted[end - 1][0];
        __int128 length = last - sorted[begin][0] + 1;
        if (!fits_key(pair->children[0], last)) {
            return err_new(ERR_CANNOT_CONVERT, "function %s: the greatest key does not fit the type of the keys",
                           function->name);
        }
        if (length > (__int128)SERIES_MAX || (length > 0 && total + (uint64_t)length > SERIES_MAX)) {
            return err_new(ERR_TOO_LARGE_ARRAY, "Function %s too large array size in the result", function->name);
        }
        total += length > 0 ? (uint64_t)length : 0;
    }
    offsets[row_count] = (uint32_t)total;
    struct column *pairs = column_new(arena, pair, (uint32_t)total);
    struct column *places = column_new(arena, pair->children[0], (uint32_t)total);
    struct column *filled = column_new(arena, pair->children[1], (uint32_t)total);
    if (pairs == NULL || places == NULL || filled == NULL) {
        return arena_error(arena);
    }
    uint32_t key_width = pair->children[0]->width, width = pair->children[1]->width;
    memset(filled->values, 0, total * width);
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t at = flat->offsets[i], end = flat->offsets[i + 1];
        __int128 key = at < end ? sorted[at][0] : 0;
        OR_DONE(interrupt_at(i));
        for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++, key++) {
            memcpy((char *)places->values + (size_t)e * key_width, &key, key_width);
            bool found = false;
            for (; at < end && sorted[at][0] <= key; at++) {
                if (!found) { /* of equal keys the first */
                    memcpy((char *)filled->values + (size_t)e * width,
                           (const char *)values->values + (size_t)sorted[at][1] * width, width);
                    found = true;
                }
            }
        }
    }
    pairs->children[0] = places;
    pairs->children[1] = filled;
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, pairs, out));
done:
    return err;
}

static struct err *resolve_series(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    if (type->kind != TYPE_MAP) {
        return argument_error(bind, 0, "a map is needed; pairs of arrays are not implemented");
    }
    for (uint32_t c = 0; c < 2; c++) {
        const struct type *side = type->children[0]->children[c];
        if (side->nullable || !type_is_integer(side) || side->width > 8) {
            return argument_error(bind, 0, "keys and values must be integers of up to 64 bits");
        }
    }
    if (bind->count > 1 && (!type_is_integer(bind->arguments[1].type) || bind->arguments[1].type->width > 8)) {
        return argument_error(bind, 1, "an integer of up to 64 bits is needed");
    }
    out->inner = type;
    out->evaluate = evaluate_series;
    return NULL;
}

static const struct function_definition definitions[] = {
    {"mapAdd", false, 2, ANY_COUNT, 0, resolve_add, 0},
    {"mapSubtract", false, 2, ANY_COUNT, 0, resolve_add, 1},
    {"mapPopulateSeries", false, 1, 2, FUNCTION_CAN_FAIL, resolve_series, 0},
};
const struct function_group functions_map_sum = GROUP_WITHOUT_ALIASES(definitions);
