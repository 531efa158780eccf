/*
 * array_basic.c: length of arrays and maps; parts of arrays, arrays put together, sorted, resized: arraySlice,
 * arrayPopBack and -Front, arrayReverse, arraySort, arrayCompact, arrayConcat, arrayPushBack and -Front, arrayResize,
 * arrayFlatten.
 *
 * how      which element stands where is settled with numbers, then all elements are taken at once
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

#include <stdlib.h>

/* --- length, empty, notEmpty -------------------------------------------------------------------------------------- */

static struct err *evaluate_length(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct arrays arrays = arrays_of(arguments[0]);
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    if (function->inner->kind == TYPE_UINT64) {
        for (uint32_t i = 0; i < row_count; i++) {
            ((uint64_t *)made->values)[i] = array_length(&arrays, i);
        }
    } else {
        bool empty = function->data != NULL;
        for (uint32_t i = 0; i < row_count; i++) {
            ((uint8_t *)made->values)[i] = (array_length(&arrays, i) == 0) == empty;
        }
    }
    *out = made;
done:
    return err;
}

struct err *resolve_array_length(const struct function_bind *bind, struct function *out)
{
    out->inner = type_simple(strcmp(bind->name, "length") == 0 ? TYPE_UINT64 : TYPE_UINT8);
    out->data = strcmp(bind->name, "empty") == 0 ? bind->name : NULL;
    out->evaluate = evaluate_length;
    return NULL;
}

/* --- some elements of an array, in some order --------------------------------------------------------------------- */

struct err *arrays_chosen(struct arena *arena, const struct type *type, const struct column *items,
                          const uint32_t *positions, const uint32_t *offsets, uint32_t row_count, struct column **out)
{
    struct column *taken = column_take(arena, items, positions, offsets[row_count]);
    if (taken == NULL) {
        return arena_error(arena);
    }
    return arrays_new(arena, type, row_count, offsets, taken, out);
}

enum part { PART_POP_BACK, PART_POP_FRONT, PART_REVERSE, PART_COMPACT, PART_SLICE };

/* First element and count of arraySlice(array, offset, length), as numbers from 0 on. */
static void slice_bounds(const struct column *const *arguments, uint32_t argument_count,
                         const struct column *const *numbers, uint32_t row, uint32_t size, uint32_t *first,
                         uint32_t *count)
{
    int64_t length = (int64_t)size;
    int64_t begin = 0, end = length; /* [begin, end) before it is cut to the array */
    bool has_offset = numbers[0] != NULL && !null_at(arguments[1], row);
    bool has_length = argument_count > 2 && numbers[1] != NULL && !null_at(arguments[2], row);
    int64_t offset = has_offset ? VALUE_AT(numbers[0], int64_t, row) : 1;
    int64_t wanted = has_length ? VALUE_AT(numbers[1], int64_t, row) : 0;
    *first = *count = 0;
    if (offset == 0) {
        return;
    }
    const int64_t far = (int64_t)1 << 40;
    offset = offset > far ? far : offset < -far ? -far : offset;
    wanted = wanted > far ? far : wanted < -far ? -far : wanted;
    begin = offset > 0 ? offset - 1 : length + offset;
    if (has_length) {
        end = wanted >= 0 ? begin + wanted : length + wanted;
    }
    begin = begin < 0 ? 0 : begin;
    end = end > length ? length : end;
    if (begin < end) {
        *first = (uint32_t)begin;
        *count = (uint32_t)(end - begin);
    }
}

static struct err *evaluate_part(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum part part = (enum part)(intptr_t)function->data;
    struct arrays arrays = arrays_of(arguments[0]);
    const struct column *numbers[2] = {NULL, NULL};
    uint32_t total;
    OR_DONE(arrays_total(&arrays, row_count, &total));
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (positions == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 1; a < function->argument_count; a++) {
        if (function->argument_types[a]->kind != TYPE_NOTHING) {
            numbers[a - 1] = column_numbers(arena, arguments[a], TYPE_INT64);
            if (numbers[a - 1] == NULL) {
                return arena_error(arena);
            }
        }
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = array_begin(&arrays, i);
        uint32_t end = array_end(&arrays, i);
        offsets[i] = at;
        if (part == PART_REVERSE) {
            while (end > begin) {
                positions[at++] = --end;
            }
            continue;
        }
        if (part == PART_SLICE) {
            uint32_t first, count;
            slice_bounds(arguments, function->argument_count, numbers, i, end - begin, &first, &count);
            begin += first;
            end = begin + count;
        } else if (begin < end && part != PART_COMPACT) {
            begin += part == PART_POP_FRONT;
            end -= part == PART_POP_BACK;
        }
        for (uint32_t e = begin; e < end; e++) {
            OR_DONE(interrupt_at(e));
            positions[at] = e;
            at += part != PART_COMPACT || e == begin || column_compare(arrays.items, e - 1, arrays.items, e) != 0;
        }
    }
    offsets[row_count] = at;
    OR_DONE(arrays_chosen(arena, function->inner, arrays.items, positions, offsets, row_count, out));
done:
    return err;
}

static struct err *resolve_part(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    for (uint32_t a = 1; a < bind->count; a++) {
        if (bind->arguments[a].type->kind != TYPE_NOTHING) {
            OR_DONE(argument_integer(bind, a));
        }
    }
    out->inner = bind->arguments[0].type;
    out->evaluate = evaluate_part;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

struct err *resolve_array_reverse(const struct function_bind *bind, struct function *out)
{
    out->inner = bind->arguments[0].type;
    out->evaluate = evaluate_part;
    out->data = (const void *)(intptr_t)PART_REVERSE;
    return NULL;
}

/* --- sorting ------------------------------------------------------------------------------------------------------ */

struct sorting {
    const struct column *keys;
    bool descending;
};

/* NULLs last, then NaNs before them, in both directions. */
static int compare_positions(const void *left, const void *right, void *user)
{
    const struct sorting *sorting = user;
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    bool null_a = column_is_null(sorting->keys, a), null_b = column_is_null(sorting->keys, b);
    if (null_a || null_b) {
        return null_a == null_b ? (a > b) - (a < b) : null_a ? 1 : -1;
    }
    if (type_is_float(sorting->keys->type)) {
        bool nan_a = column_is_nan(sorting->keys, a), nan_b = column_is_nan(sorting->keys, b);
        if (nan_a || nan_b) {
            return nan_a == nan_b ? (a > b) - (a < b) : nan_a ? 1 : -1;
        }
    }
    int order = column_compare(sorting->keys, a, sorting->keys, b);
    order = sorting->descending ? -order : order;
    return order != 0 ? order : (a > b) - (a < b);
}

/* data: descending. With two arguments the first gives the keys that a lambda made, the second the elements. */
static struct err *evaluate_sort(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flats[2];
    uint32_t last = function->argument_count - 1;
    uint64_t steps = 0;
    for (uint32_t a = 0; a <= last; a++) {
        OR_DONE(arrays_flat(arena, arguments[a], &flats[a]));
    }
    const struct column *flat = flats[last];
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, flat->offsets[row_count] + 1U);
    struct sorting sorting = {column_flat(arena, flats[0]->children[0]), function->data != NULL};
    if (positions == NULL || sorting.keys == NULL) {
        return arena_error(arena);
    }
    for (uint32_t e = 0; e < flat->offsets[row_count]; e++) {
        OR_DONE(interrupt_at(e));
        positions[e] = e;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        OR_DONE(interrupt_steps(&steps, (flat->offsets[i + 1] - flat->offsets[i]) * 1000ULL));
        OR_DONE(order_elements(arena, positions + flat->offsets[i], flat->offsets[i + 1] - flat->offsets[i],
                               sizeof(*positions), compare_positions, &sorting));
    }
    OR_DONE(arrays_chosen(arena, function->inner, flat->children[0], positions, flat->offsets, row_count, out));
done:
    return err;
}

static struct err *resolve_sort(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    bool of_map = strncmp(bind->name, "map", 3) == 0; /* pairs are sorted by their keys */
    if (of_map && bind->arguments[0].type->kind != TYPE_MAP) {
        return argument_error(bind, 0, "a map is needed");
    }
    for (uint32_t a = 0; a < bind->count && !of_map; a++) {
        OR_DONE(argument_array(bind, a));
    }
    out->inner = bind->arguments[bind->count - 1].type;
    out->evaluate = evaluate_sort;
    out->data = bind->tag != 0 ? bind->name : NULL;
done:
    return err;
}

/* --- several columns put together --------------------------------------------------------------------------------- */

enum join { JOIN_CONCAT, JOIN_PUSH_BACK, JOIN_PUSH_FRONT, JOIN_RESIZE };

/* Elements of the parts, cast to the result's: arrays' items, and single values as they are. */
static struct err *join_parts(const struct function *function, struct arena *arena,
                              const struct column *const *arguments, const struct column **parts)
{
    struct err *err = NULL;
    const struct type *type = function->inner->children[0];
    for (uint32_t a = 0; a < function->argument_count; a++) {
        const struct column *part = arguments[a];
        struct column *cast = NULL;
        if (part->type->kind == TYPE_ARRAY && (a == 0 || (enum join)(intptr_t)function->data == JOIN_CONCAT)) {
            part = part->children[0];
        } else if ((enum join)(intptr_t)function->data == JOIN_RESIZE && a == 1) {
            parts[a] = part;
            continue;
        }
        OR_DONE(function_cast(arena, function->context, part, type, &cast));
        parts[a] = cast;
    }
done:
    return err;
}

static struct err *evaluate_join(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum join kind = (enum join)(intptr_t)function->data;
    uint32_t count = function->argument_count;
    const struct column **parts = ARENA_ARRAY(arena, const struct column *, count);
    uint64_t total = 0;
    if (parts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(join_parts(function, arena, arguments, parts));
    for (uint32_t a = 0; a < count; a++) {
        uint32_t more = row_count;
        if (kind == JOIN_CONCAT || a == 0) {
            struct arrays arrays = arrays_of(arguments[a]);
            OR_DONE(arrays_total(&arrays, row_count, &more));
        }
        total += more;
    }
    if (total > UINT32_MAX / 2) {
        return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
    }
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (sources == NULL || rows == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        offsets[i] = at;
        for (uint32_t k = 0; k < count; k++) {
            uint32_t a = kind == JOIN_PUSH_FRONT ? count - 1 - k : k;
            if (kind != JOIN_CONCAT && a > 0) {
                sources[at] = a;
                rows[at++] = i;
                continue;
            }
            struct arrays arrays = arrays_of(arguments[a]);
            for (uint32_t e = array_begin(&arrays, i); e < array_end(&arrays, i); e++) {
                OR_DONE(interrupt_at(e));
                sources[at] = a;
                rows[at++] = e;
            }
        }
    }
    offsets[row_count] = at;
    struct column *items = column_pick(arena, function->inner->children[0], parts, count, sources, rows, at);
    if (items == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *evaluate_resize(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *type = function->inner->children[0];
    const struct column *parts[3];
    struct arrays arrays = arrays_of(arguments[0]);
    const struct column *sizes = column_numbers(arena, arguments[1], TYPE_INT64);
    uint64_t total = 0;
    OR_DONE(join_parts(function, arena, arguments, parts));
    parts[1] = function->argument_count > 2 ? parts[2] : column_default(arena, type, row_count);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (sizes == NULL || parts[1] == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t size = VALUE_AT(sizes, int64_t, i);
        uint64_t wanted = size < 0 ? 0 - (uint64_t)size : (uint64_t)size;
        if (wanted > (uint64_t)1 << 30 || total + wanted > (uint64_t)1 << 30) {
            return err_new(ERR_TOO_LARGE_ARRAY, "Too large array size: %llu", (unsigned long long)wanted);
        }
        offsets[i] = (uint32_t)total;
        total += wanted;
    }
    offsets[row_count] = (uint32_t)total;
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, total + 1U);
    if (sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t size = offsets[i + 1] - offsets[i];
        uint32_t length = array_length(&arrays, i);
        bool left = VALUE_AT(sizes, int64_t, i) < 0; /* the end stays, what is missing comes before it */
        for (uint32_t k = 0; k < size; k++) {
            int64_t e = left ? (int64_t)k - (int64_t)size + (int64_t)length : (int64_t)k;
            bool inside = e >= 0 && e < (int64_t)length;
            sources[offsets[i] + k] = !inside;
            rows[offsets[i] + k] = inside ? array_begin(&arrays, i) + (uint32_t)e : i;
        }
    }
    struct column *items = column_pick(arena, type, parts, 2, sources, rows, (uint32_t)total);
    if (items == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

struct err *resolve_array_join(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum join kind = (enum join)bind->tag;
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, bind->count);
    const struct type *child;
    uint32_t count = 0;
    if (types == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t a = 0; a < bind->count; a++) {
        const struct type *type = bind->arguments[a].type;
        if (a == 0 || kind == JOIN_CONCAT) {
            OR_DONE(argument_array(bind, a));
            types[count++] = type->children[0];
        } else if (kind == JOIN_RESIZE && a == 1) {
            OR_DONE(argument_integer(bind, a));
        } else {
            types[count++] = type;
        }
    }
    OR_DONE(function_common_type(bind->arena, types, count, &child));
    out->inner = type_array(bind->arena, child);
    out->evaluate = kind == JOIN_RESIZE ? evaluate_resize : evaluate_join;
    out->data = (const void *)(intptr_t)kind;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- flatten ------------------------------------------------------------------------------------------------------ */

static struct err *evaluate_flatten(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *flat;
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    if (offsets == NULL) {
        return arena_error(arena);
    }
    memcpy(offsets, flat->offsets, (row_count + 1U) * sizeof(*offsets));
    const struct column *items = flat->children[0];
    while (items->type->kind == TYPE_ARRAY) {
        OR_DONE(arrays_flat(arena, items, &flat));
        for (uint32_t i = 0; i <= row_count; i++) {
            offsets[i] = flat->offsets[offsets[i]];
        }
        items = flat->children[0];
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *resolve_flatten(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    const struct type *type = bind->arguments[0].type;
    while (type->children[0]->kind == TYPE_ARRAY) {
        type = type->children[0];
    }
    out->inner = type;
    out->evaluate = evaluate_flatten;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"arrayPopBack", false, 1, 1, 0, resolve_part, PART_POP_BACK},
    {"arrayPopFront", false, 1, 1, 0, resolve_part, PART_POP_FRONT},
    {"arrayReverse", false, 1, 1, 0, resolve_part, PART_REVERSE},
    {"arrayCompact", false, 1, 1, 0, resolve_part, PART_COMPACT},
    {"arraySlice", false, 2, 3, FUNCTION_NULLS, resolve_part, PART_SLICE},
    {"arraySort", false, 1, 2, 0, resolve_sort, 0},
    {"arrayReverseSort", false, 1, 2, 0, resolve_sort, 1},
    {"mapSort", false, 1, 1, 0, resolve_sort, 0},
    {"mapReverseSort", false, 1, 1, 0, resolve_sort, 1},
    {"arrayConcat", false, 1, ANY_COUNT, 0, resolve_array_join, JOIN_CONCAT},
    {"arrayPushBack", false, 2, 2, FUNCTION_NULLS, resolve_array_join, JOIN_PUSH_BACK},
    {"arrayPushFront", false, 2, 2, FUNCTION_NULLS, resolve_array_join, JOIN_PUSH_FRONT},
    {"arrayResize", false, 2, 3, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_array_join, JOIN_RESIZE},
    {"arrayFlatten", true, 1, 1, 0, resolve_flatten, 0},
};
static const struct function_alias aliases[] = {{"flatten", true, "arrayFlatten"}};
const struct function_group functions_array_basic = GROUP_OF(definitions, aliases);
