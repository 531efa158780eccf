/*
 * array_more.c: arrays made of pieces of arrays: arrayShingles, arrayZipUnaligned, arrayTranspose, emptyArrayToSingle,
 * arrayTopK, arrayBottomK, arrayPartialSort and -ReverseSort, arrayShuffle, arrayRandomSample; lists of a number's
 * bits.
 *
 * order    arrayPartialSort sorts the whole array: what stands behind its limit may have any order
 * thread   any; what is random draws from a generator per thread
 */
#include "query/functions/nested.h"
#include "query/functions/random.h"

#include "base/interrupt.h"

#include <stdlib.h>

/* --- arrayShingles ------------------------------------------------------------------------------------------------ */

static struct err *evaluate_shingles(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flat, *sizes = column_numbers(arena, arguments[1], TYPE_INT64);
    struct column *lists;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    uint32_t *outer = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (sizes == NULL || outer == NULL) {
        return arena_error(arena);
    }
    uint64_t total = 0, count = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t length = VALUE_AT(sizes, int64_t, i);
        uint32_t have = flat->offsets[i + 1] - flat->offsets[i];
        if (length < 1 || length > (int64_t)have) {
            return err_new(ERR_BAD_ARGUMENTS, "Shingle argument of function arrayShingles must be %s",
                           length < 1 ? "a positive integer" : "less or equal than the array length");
        }
        outer[i] = (uint32_t)count;
        count += have - (uint64_t)length + 1;
        total += (have - (uint64_t)length + 1) * (uint64_t)length;
        if (total > (uint64_t)1 << 30) {
            return err_new(ERR_TOO_LARGE_ARRAY, "arrayShingles makes more than 2^30 elements of a chunk");
        }
    }
    outer[row_count] = (uint32_t)count;
    uint32_t *inner = ARENA_ARRAY(arena, uint32_t, count + 1);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, total + 1);
    if (inner == NULL || positions == NULL) {
        return arena_error(arena);
    }
    uint32_t list = 0, at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t length = (uint32_t)VALUE_AT(sizes, int64_t, i);
        for (uint32_t e = flat->offsets[i]; e + length <= flat->offsets[i + 1]; e++) {
            inner[list++] = at;
            for (uint32_t k = 0; k < length; k++) {
                positions[at++] = e + k;
            }
        }
    }
    inner[list] = at;
    OR_DONE(arrays_chosen(arena, flat->type, flat->children[0], positions, inner, list, &lists));
    OR_DONE(arrays_new(arena, function->inner, row_count, outer, lists, out));
done:
    return err;
}

static struct err *resolve_shingles(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    OR_DONE(argument_integer(bind, 1));
    out->inner = type_array(bind->arena, bind->arguments[0].type);
    out->evaluate = evaluate_shingles;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* --- arrayZipUnaligned -------------------------------------------------------------------------------------------- */

static struct err *evaluate_zip(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *tuple = function->inner->children[0];
    uint32_t count = function->argument_count;
    uint32_t *offsets = arena_zalloc(arena, (row_count + 1U) * sizeof(uint32_t));
    const struct column **flats = ARENA_ARRAY(arena, const struct column *, count);
    if (offsets == NULL || flats == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < count; a++) {
        OR_DONE(arrays_flat(arena, arguments[a], &flats[a]));
    }
    uint64_t total = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t longest = 0;
        for (uint32_t a = 0; a < count; a++) {
            uint32_t length = flats[a]->offsets[i + 1] - flats[a]->offsets[i];
            longest = length > longest ? length : longest;
        }
        total += longest;
        if (total > UINT32_MAX / 2) {
            return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
        }
        offsets[i + 1] = (uint32_t)total;
    }
    struct column *tuples = column_new(arena, tuple, (uint32_t)total);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, total + 1);
    if (tuples == NULL || positions == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t i = 0; i < row_count; i++) {
            uint32_t begin = flats[a]->offsets[i], length = flats[a]->offsets[i + 1] - begin;
            for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
                positions[e] = e - offsets[i] < length ? begin + e - offsets[i] : UINT32_MAX;
            }
        }
        OR_DONE(column_pick_or_default(arena, tuple->children[a], flats[a]->children[0], positions, (uint32_t)total,
                                       &tuples->children[a]));
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, tuples, out));
done:
    return err;
}

static struct err *resolve_zip(const struct function_bind *bind, struct function *out)
{
    out->evaluate = evaluate_zip;
    return zipped_type(bind, true, &out->inner);
}

/* --- arrayTranspose ----------------------------------------------------------------------------------------------- */

static struct err *evaluate_transpose(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flat, *inner;
    struct column *lists;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    OR_DONE(arrays_flat(arena, flat->children[0], &inner));
    uint32_t total = inner->offsets[flat->offsets[row_count]];
    uint32_t *outer = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    uint32_t *begins = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, total + 1U);
    if (outer == NULL || begins == NULL || positions == NULL) {
        return arena_error(arena);
    }
    uint32_t list = 0, at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t first = flat->offsets[i], rows = flat->offsets[i + 1] - first;
        uint32_t width = rows == 0 ? 0 : inner->offsets[first + 1] - inner->offsets[first];
        outer[i] = list;
        for (uint32_t r = 1; r < rows; r++) {
            uint32_t other = inner->offsets[first + r + 1] - inner->offsets[first + r];
            if (other != width) {
                return err_new(ERR_ARRAY_SIZES,
                               "All inner arrays in argument of function arrayTranspose must have equal "
                               "sizes, but there are inner arrays of size %u and %u",
                               width, other);
            }
        }
        for (uint32_t c = 0; c < width; c++) {
            begins[list++] = at;
            for (uint32_t r = 0; r < rows; r++) {
                positions[at++] = inner->offsets[first + r] + c;
            }
        }
    }
    outer[row_count] = list;
    begins[list] = at;
    OR_DONE(arrays_chosen(arena, inner->type, inner->children[0], positions, begins, list, &lists));
    OR_DONE(arrays_new(arena, function->inner, row_count, outer, lists, out));
done:
    return err;
}

static struct err *resolve_transpose(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    if (bind->arguments[0].type->children[0]->kind != TYPE_ARRAY) {
        return argument_error(bind, 0, "an array of arrays is needed");
    }
    out->inner = bind->arguments[0].type;
    out->evaluate = evaluate_transpose;
done:
    return err;
}

/* --- order and chance --------------------------------------------------------------------------------------------- */

enum pick { PICK_TOP, PICK_BOTTOM, PICK_SORT, PICK_REVERSE, PICK_SHUFFLE, PICK_PARTIAL_SHUFFLE, PICK_SAMPLE };

struct ordering {
    const struct column *keys;
    bool descending;
};

static int by_order(const void *a, const void *b, void *user)
{
    const struct ordering *ordering = user;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    bool x_null = column_is_null(ordering->keys, x), y_null = column_is_null(ordering->keys, y);
    if (x_null || y_null) { /* last in both orders, NaN before them */
        return x_null != y_null ? x_null - y_null : (x > y) - (x < y);
    }
    if (type_is_float(ordering->keys->type)) {
        bool x_nan = column_is_nan(ordering->keys, x), y_nan = column_is_nan(ordering->keys, y);
        if (x_nan || y_nan) {
            return x_nan != y_nan ? x_nan - y_nan : (x > y) - (x < y);
        }
    }
    int order = column_compare(ordering->keys, x, ordering->keys, y);
    order = ordering->descending ? -order : order;
    return order != 0 ? order : (x > y) - (x < y);
}

static void shuffle(uint32_t *positions, uint32_t count, uint32_t first_ones)
{
    for (uint32_t k = 0; k + 1 < count && k < first_ones; k++) {
        uint32_t other = k + (uint32_t)(((unsigned __int128)random_word() * (count - k)) >> 64);
        uint32_t swap = positions[k];
        positions[k] = positions[other];
        positions[other] = swap;
    }
}

/* *out: how many of an array's `count` elements stay. */
static struct err *limit_of(const struct function *function, enum pick pick, int64_t limit, uint32_t count,
                            uint32_t *out)
{
    *out = limit < 0 || limit > (int64_t)count ? count : (uint32_t)limit;
    if (limit < 0 && pick <= PICK_BOTTOM) {
        return err_new(ERR_BAD_ARGUMENTS, "Argument K of function %s must be non-negative, got %lld", function->name,
                       (long long)limit);
    }
    return NULL;
}

/* arrays[limits]: of each row the elements in their new order. Arguments: limit (if any), keys, elements. */
static struct err *evaluate_pick(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum pick pick = (enum pick)(intptr_t)function->data;
    bool ordered = pick <= PICK_REVERSE;
    bool limited = function->argument_count > 1;
    uint32_t place = ordered ? function->argument_count - 1 : 0; /* where the elements stand */
    const struct column *flat, *keys;
    const struct column *limits = arguments[0];
    OR_DONE(arrays_flat(arena, arguments[place], &flat));
    OR_DONE(arrays_flat(arena, arguments[ordered ? 1 : 0], &keys));
    if (limited) {
        limits = column_numbers(arena, arguments[ordered ? 0 : 1], TYPE_INT64);
    }
    uint32_t total = flat->offsets[row_count];
    struct ordering ordering = {column_flat(arena, keys->children[0]), pick == PICK_TOP || pick == PICK_REVERSE};
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (limits == NULL || ordering.keys == NULL || positions == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = flat->offsets[i], count = flat->offsets[i + 1] - begin;
        uint32_t *mine = positions + at;
        uint32_t stays = count;
        OR_DONE(interrupt_at(i));
        offsets[i] = at;
        for (uint32_t k = 0; k < count; k++) {
            mine[k] = begin + k;
        }
        if (limited) {
            OR_DONE(limit_of(function, pick, VALUE_AT(limits, int64_t, i), count, &stays));
        }
        if (ordered) {
            qsort_r(mine, count, sizeof(*mine), by_order, &ordering);
        } else {
            shuffle(mine, count, stays == 0 && pick == PICK_PARTIAL_SHUFFLE ? count : stays);
        }
        if (pick <= PICK_BOTTOM) { /* NULLs are none of the greatest */
            while (stays > 0 && column_is_null(ordering.keys, mine[stays - 1])) {
                stays--;
            }
        }
        at += pick <= PICK_BOTTOM || pick == PICK_SAMPLE ? stays : count;
    }
    offsets[row_count] = at;
    OR_DONE(arrays_chosen(arena, function->inner, flat->children[0], positions, offsets, row_count, out));
done:
    return err;
}

static struct err *resolve_pick(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum pick pick = (enum pick)bind->tag;
    bool ordered = pick <= PICK_REVERSE;
    if (!ordered && bind->count > (pick == PICK_PARTIAL_SHUFFLE || pick == PICK_SAMPLE ? 2U : 1U)) {
        return err_new(ERR_NOT_IMPLEMENTED, "function %s with a seed is not implemented", bind->name);
    }
    for (uint32_t a = 0; a < bind->count; a++) {
        bool limit = ordered ? a == 0 : a == 1;
        OR_DONE(limit ? argument_integer(bind, a) : argument_array(bind, a));
    }
    const struct type *type = bind->arguments[ordered ? bind->count - 1 : 0].type;
    if (pick <= PICK_BOTTOM) { /* without NULLs */
        const struct type *child = type_nullable(bind->arena, type->children[0], false);
        type = child == NULL || type->children[0]->kind == TYPE_NOTHING ? type : type_array(bind->arena, child);
    }
    out->inner = type;
    out->evaluate = evaluate_pick;
    out->data = (const void *)(intptr_t)pick;
    return type == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* --- emptyArrayToSingle ------------------------------------------------------------------------------------------- */

static struct err *evaluate_single(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flat;
    struct column *items;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, (uint64_t)flat->offsets[row_count] + row_count + 1U);
    if (offsets == NULL || positions == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        offsets[i] = at;
        for (uint32_t e = flat->offsets[i]; e < flat->offsets[i + 1]; e++) {
            positions[at++] = e;
        }
        if (offsets[i] == at) {
            positions[at++] = UINT32_MAX;
        }
    }
    offsets[row_count] = at;
    OR_DONE(column_pick_or_default(arena, function->inner->children[0], flat->children[0], positions, at, &items));
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *resolve_single(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    out->inner = bind->arguments[0].type;
    out->evaluate = evaluate_single;
done:
    return err;
}

/* --- bits --------------------------------------------------------------------------------------------------------- */

static struct err *evaluate_bits(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool places = function->data != NULL;
    uint32_t width = function->argument_types[0]->width;
    const struct column *numbers = column_numbers(arena, arguments[0], TYPE_UINT64);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (numbers == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    uint64_t mask = width == 8 ? UINT64_MAX : ((uint64_t)1 << width * 8) - 1;
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        offsets[i] = at;
        at += (uint32_t)__builtin_popcountll(VALUE_AT(numbers, uint64_t, i) & mask);
    }
    offsets[row_count] = at;
    struct column *items = column_new(arena, function->inner->children[0], at);
    if (items == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t left = VALUE_AT(numbers, uint64_t, i) & mask;
        for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++, left &= left - 1) {
            uint64_t place = (uint64_t)__builtin_ctzll(left);
            uint64_t bit = places ? place : (uint64_t)1 << place;
            memcpy((char *)items->values + (size_t)e * items->type->width, &bit, items->type->width);
        }
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *resolve_bits(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    if (!type_is_integer(type) || type->width > 8) {
        return argument_error(bind, 0, "an integer of up to 64 bits is needed");
    }
    out->inner = type_array(bind->arena, bind->tag != 0 ? type_simple(TYPE_UINT64) : type);
    out->evaluate = evaluate_bits;
    out->data = bind->tag != 0 ? "places" : NULL;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

static const struct function_definition definitions[] = {
    {"arrayShingles", false, 2, 2, FUNCTION_CAN_FAIL, resolve_shingles, 0},
    {"arrayZipUnaligned", false, 1, ANY_COUNT, 0, resolve_zip, 0},
    {"arrayTranspose", false, 1, 1, FUNCTION_CAN_FAIL, resolve_transpose, 0},
    {"arrayTopK", false, 2, 2, FUNCTION_CAN_FAIL, resolve_pick, PICK_TOP},
    {"arrayBottomK", false, 2, 2, FUNCTION_CAN_FAIL, resolve_pick, PICK_BOTTOM},
    {"arrayPartialSort", false, 2, 2, 0, resolve_pick, PICK_SORT},
    {"arrayPartialReverseSort", false, 2, 2, 0, resolve_pick, PICK_REVERSE},
    {"arrayShuffle", false, 1, 2, FUNCTION_VOLATILE, resolve_pick, PICK_SHUFFLE},
    {"arrayPartialShuffle", false, 1, 3, FUNCTION_VOLATILE, resolve_pick, PICK_PARTIAL_SHUFFLE},
    {"arrayRandomSample", false, 2, 2, FUNCTION_VOLATILE, resolve_pick, PICK_SAMPLE},
    {"emptyArrayToSingle", false, 1, 1, 0, resolve_single, 0},
    {"bitmaskToArray", false, 1, 1, 0, resolve_bits, 0},
    {"bitPositionsToArray", false, 1, 1, 0, resolve_bits, 1},
};
const struct function_group functions_array_more = GROUP_WITHOUT_ALIASES(definitions);
