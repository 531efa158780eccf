/*
 * array_set.c: functions that ask which elements are equal: arrayDistinct, arrayUniq, arrayEnumerateUniq and -Dense,
 * hasAll, hasAny, hasSubstr, arrayIntersect, arrayUnion, arrayExcept.
 *
 * how      all elements of a chunk get numbers from one group table (query/group.c), equal ones the same, whatever
 *          their type; the rest is counting with numbers, an array of marks per number, each mark saying for which row
 *          it is
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/pipeline.h"

enum set_function {
    SET_DISTINCT,
    SET_UNIQ,
    SET_ENUMERATE_UNIQ,
    SET_ENUMERATE_DENSE,
    SET_HAS_ALL,
    SET_HAS_ANY,
    SET_HAS_SUBSTR,
    SET_INTERSECT,
    SET_UNION,
    SET_EXCEPT,
};

/* Numbers of elements, and how many there are. */
struct numbered {
    uint32_t *numbers;
    uint32_t count;
};

static struct err *number_items(struct arena *arena, const struct column *const *items, uint32_t key_count,
                                uint32_t total, struct numbered *out)
{
    struct err *err = NULL;
    const struct type **types = ARENA_ARRAY(arena, const struct type *, key_count);
    struct group_table *table;
    bool single = false;
    out->numbers = ARENA_ARRAY(arena, uint32_t, total + 1U);
    if (types == NULL || out->numbers == NULL) {
        return arena_error(arena);
    }
    out->count = 0;
    if (total == 0) {
        return NULL;
    }
    for (uint32_t k = 0; k < key_count; k++) {
        types[k] = items[k]->type;
    }
    OR_DONE(group_table_create(arena, types, key_count, &table));
    OR_DONE(group_table_find(table, arena, items, total, out->numbers, &single));
    for (uint32_t i = 1; single && i < total; i++) {
        out->numbers[i] = out->numbers[0];
    }
    out->count = group_table_count(table);
done:
    return err;
}

static struct err *same_lengths(const struct function *function, const struct column *const *flats, uint32_t row_count)
{
    for (uint32_t a = 1; a < function->argument_count; a++) {
        if (memcmp(flats[0]->offsets, flats[a]->offsets, (row_count + 1U) * sizeof(uint32_t)) != 0) {
            return err_new(ERR_ARRAY_SIZES, "Lengths of all arrays passed to %s must be equal", function->name);
        }
    }
    return NULL;
}

/* --- one list of elements, or several side by side ---------------------------------------------------------------- */

static struct err *evaluate_beside(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum set_function kind = (enum set_function)(intptr_t)function->data;
    uint32_t count = function->argument_count;
    const struct column **flats = ARENA_ARRAY(arena, const struct column *, count);
    const struct column **items = ARENA_ARRAY(arena, const struct column *, count);
    struct numbered numbered;
    if (flats == NULL || items == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < count; a++) {
        OR_DONE(arrays_flat(arena, arguments[a], &flats[a]));
        items[a] = flats[a]->children[0];
    }
    OR_DONE(same_lengths(function, flats, row_count));
    const uint32_t *offsets = flats[0]->offsets;
    uint32_t total = offsets[row_count];
    OR_DONE(number_items(arena, items, count, total, &numbered));
    uint32_t *marks = arena_zalloc(arena, (numbered.count + 1U) * sizeof(uint32_t)); /* row + 1 */
    uint32_t *counters = ARENA_ARRAY(arena, uint32_t, numbered.count + 1U);
    uint32_t *kept = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *kept_offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct column *ranks = column_new(arena, type_simple(TYPE_UINT32), kind == SET_UNIQ ? row_count : total);
    if (marks == NULL || counters == NULL || kept == NULL || kept_offsets == NULL || ranks == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t distinct = 0;
        kept_offsets[i] = at;
        for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
            OR_DONE(interrupt_at(e));
            uint32_t number = numbered.numbers[e];
            bool first = marks[number] != i + 1;
            marks[number] = i + 1;
            if (first) {
                distinct++;
                counters[number] = kind == SET_ENUMERATE_UNIQ ? 0 : distinct;
                if (kind == SET_DISTINCT && !column_is_null(items[0], e)) {
                    kept[at++] = e;
                }
            }
            counters[number] += kind == SET_ENUMERATE_UNIQ;
            if (kind == SET_ENUMERATE_UNIQ || kind == SET_ENUMERATE_DENSE) {
                ((uint32_t *)ranks->values)[e] = counters[number];
            }
        }
        if (kind == SET_UNIQ) {
            ((uint32_t *)ranks->values)[i] = distinct;
        }
    }
    kept_offsets[row_count] = at;
    if (kind == SET_UNIQ) {
        *out = ranks;
    } else if (kind == SET_DISTINCT) {
        struct column *column =
            column_pick(arena, function->inner->children[0], &items[0], 1, NULL, kept, at); /* without NULLs */
        if (column == NULL) {
            return arena_error(arena);
        }
        OR_DONE(arrays_new(arena, function->inner, row_count, kept_offsets, column, out));
    } else {
        OR_DONE(arrays_new(arena, function->inner, row_count, offsets, ranks, out));
    }
done:
    return err;
}

static struct err *resolve_beside(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    for (uint32_t a = 0; a < bind->count; a++) {
        OR_DONE(argument_array(bind, a));
    }
    const struct type *child = bind->arguments[0].type->children[0];
    if (bind->tag == SET_DISTINCT) {
        child = child->kind == TYPE_NOTHING ? child : type_nullable(bind->arena, child, false);
        out->inner = child == NULL ? NULL : type_array(bind->arena, child);
    } else {
        const struct type *number = type_simple(TYPE_UINT32);
        out->inner = bind->tag == SET_UNIQ ? number : type_array(bind->arena, number);
    }
    out->evaluate = evaluate_beside;
    out->data = (const void *)(intptr_t)bind->tag;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- several lists against each other ----------------------------------------------------------------------------- */

struct against {
    enum set_function kind;
    const struct type *common; /* of the elements */
};

/* The arrays of all arguments with elements of the common type, and their numbers: argument a's begin at begins[a]. */
struct lists {
    struct arrays *arrays;
    const struct column *items; /* all, one argument after another */
    uint32_t *begins;
    struct numbered numbered;
};

static struct err *number_lists(const struct function *function, struct arena *arena,
                                const struct column *const *arguments, struct lists *lists)
{
    struct err *err = NULL;
    const struct against *against = function->data;
    uint32_t count = function->argument_count;
    const struct column **items = ARENA_ARRAY(arena, const struct column *, count);
    lists->arrays = ARENA_ARRAY(arena, struct arrays, count);
    lists->begins = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (items == NULL || lists->arrays == NULL || lists->begins == NULL) {
        return arena_error(arena);
    }
    uint64_t total = 0;
    for (uint32_t a = 0; a < count; a++) {
        struct column *cast;
        lists->arrays[a] = arrays_of(arguments[a]);
        OR_DONE(function_cast(arena, function->context, lists->arrays[a].items, against->common, &cast));
        items[a] = cast;
        lists->begins[a] = (uint32_t)total;
        total += cast->row_count;
    }
    if (total > UINT32_MAX / 2) {
        return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
    }
    struct column *all = column_concat(arena, items, count);
    if (all == NULL) {
        return arena_error(arena);
    }
    lists->items = all;
    const struct column *keys = all;
    OR_DONE(number_items(arena, &keys, 1, (uint32_t)total, &lists->numbered));
done:
    return err;
}

/* Is list b a run of list a? */
static bool contains_run(const uint32_t *a, uint32_t a_length, const uint32_t *b, uint32_t b_length)
{
    for (uint32_t i = 0; i + b_length <= a_length; i++) {
        if (memcmp(a + i, b, b_length * sizeof(*a)) == 0) {
            return true;
        }
    }
    return false;
}

static struct err *evaluate_has_many(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct against *against = function->data;
    struct lists lists;
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    OR_DONE(number_lists(function, arena, arguments, &lists));
    uint32_t *marks = arena_zalloc(arena, (lists.numbered.count + 1U) * sizeof(uint32_t));
    if (marks == NULL) {
        return arena_error(arena);
    }
    const uint32_t *left = lists.numbered.numbers;
    const uint32_t *right = lists.numbered.numbers + lists.begins[1];
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t a = array_begin(&lists.arrays[0], i), a_length = array_length(&lists.arrays[0], i);
        uint32_t b = array_begin(&lists.arrays[1], i), b_length = array_length(&lists.arrays[1], i);
        bool found = against->kind == SET_HAS_ALL;
        if (against->kind == SET_HAS_SUBSTR) {
            found = contains_run(left + a, a_length, right + b, b_length);
        } else {
            for (uint32_t e = 0; e < a_length; e++) {
                marks[left[a + e]] = i + 1;
            }
            for (uint32_t e = 0; e < b_length; e++) {
                bool has = marks[right[b + e]] == i + 1;
                found = against->kind == SET_HAS_ALL ? found && has : found || has;
            }
        }
        ((uint8_t *)made->values)[i] = found;
    }
    *out = made;
done:
    return err;
}

/* arrayIntersect, arrayUnion, arrayExcept: elements at their first place in the arguments' order. */
static struct err *evaluate_combine(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct against *against = function->data;
    uint32_t count = function->argument_count;
    struct lists lists;
    uint64_t room = 0;
    OR_DONE(number_lists(function, arena, arguments, &lists));
    for (uint32_t a = 0; a < count; a++) {
        uint32_t total;
        OR_DONE(arrays_total(&lists.arrays[a], row_count, &total));
        room += total;
    }
    uint64_t *marks =
        arena_zalloc(arena, (lists.numbered.count + 1U) * sizeof(uint64_t)); /* row, then arguments seen */
    uint32_t *kept = ARENA_ARRAY(arena, uint32_t, room + 1U);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (marks == NULL || kept == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t row = ((uint64_t)i + 1) << 32;
        offsets[i] = at;
        /* intersect: seen in all arguments before; except: marked by the second argument first */
        for (uint32_t step = 0; step < count; step++) {
            uint32_t a = against->kind == SET_EXCEPT ? count - 1 - step : step;
            const uint32_t *numbers = lists.numbered.numbers + lists.begins[a];
            for (uint32_t e = array_begin(&lists.arrays[a], i); e < array_end(&lists.arrays[a], i); e++) {
                OR_DONE(interrupt_at(e));
                uint64_t *mark = &marks[numbers[e]];
                uint32_t place = lists.begins[a] + e;
                if (against->kind == SET_INTERSECT) {
                    bool in_all = step == 0 ? *mark < row : *mark == row + step;
                    if (in_all) {
                        *mark = row + step + 1;
                        if (step + 1 == count) {
                            kept[at++] = place;
                        }
                    }
                } else if (against->kind == SET_UNION || a == 1) {
                    if (*mark < row && against->kind == SET_UNION) {
                        kept[at++] = place;
                    }
                    *mark = row;
                } else if (*mark < row) {
                    kept[at++] = place;
                }
            }
        }
    }
    offsets[row_count] = at;
    struct column *taken = column_take(arena, lists.items, kept, at);
    struct column *items = NULL;
    if (taken == NULL) {
        return arena_error(arena);
    }
    if (function->inner->children[0]->kind == TYPE_NOTHING) { /* one of the arrays is [] */
        *out = column_default(arena, function->inner, row_count);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    OR_DONE(function_cast(arena, function->context, taken, function->inner->children[0], &items));
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

/* What elements that all arrays have can be: of several integers the narrowest, NULL only if all may be. */
static struct err *narrowest(const struct function_bind *bind, const struct type **out)
{
    const struct type *best = bind->arguments[0].type->children[0];
    bool nullable = best->nullable;
    for (uint32_t a = 1; a < bind->count; a++) {
        const struct type *type = bind->arguments[a].type->children[0];
        nullable &= type->nullable;
        bool narrower = type->kind == TYPE_NOTHING || (best->kind != TYPE_NOTHING && type->width < best->width);
        best = narrower ? type : best;
    }
    if (best->nullable && !nullable && best->kind != TYPE_NOTHING) {
        best = type_nullable(bind->arena, best, false);
    }
    if (best != NULL && best->kind == TYPE_NOTHING && best->nullable && !nullable) {
        return err_new(ERR_NO_COMMON_TYPE, "There is no subtype of the elements' types because one of them is Nothing");
    }
    *out = best;
    return best == NULL ? arena_error(bind->arena) : NULL;
}

static struct err *resolve_against(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct against *against = ARENA_NEW(bind->arena, struct against);
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, bind->count);
    if (against == NULL || types == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t a = 0; a < bind->count; a++) {
        OR_DONE(argument_array(bind, a));
        types[a] = bind->arguments[a].type->children[0];
    }
    OR_DONE(function_common_type(bind->arena, types, bind->count, &against->common));
    against->kind = (enum set_function)bind->tag;
    out->data = against;
    if (against->kind == SET_HAS_ALL || against->kind == SET_HAS_ANY || against->kind == SET_HAS_SUBSTR) {
        out->inner = type_simple(TYPE_UINT8);
        out->evaluate = evaluate_has_many;
        return NULL;
    }
    const struct type *child = against->common;
    if (against->kind == SET_INTERSECT) {
        OR_DONE(narrowest(bind, &child));
    } else if (against->kind == SET_EXCEPT) {
        const struct type *same = type_nullable(bind->arena, types[1], types[0]->nullable);
        if (same == NULL) {
            return arena_error(bind->arena);
        }
        if (!type_equal(types[0], same)) {
            return argument_error(bind, 1, "an array of the same elements as the first is needed");
        }
        child = types[0];
    }
    out->inner = type_array(bind->arena, child);
    out->evaluate = evaluate_combine;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"arrayDistinct", false, 1, 1, 0, resolve_beside, SET_DISTINCT},
    {"arrayUniq", false, 1, ANY_COUNT, FUNCTION_CAN_FAIL, resolve_beside, SET_UNIQ},
    {"arrayEnumerateUniq", false, 1, ANY_COUNT, FUNCTION_CAN_FAIL, resolve_beside, SET_ENUMERATE_UNIQ},
    {"arrayEnumerateDense", false, 1, ANY_COUNT, FUNCTION_CAN_FAIL, resolve_beside, SET_ENUMERATE_DENSE},
    {"hasAll", false, 2, 2, 0, resolve_against, SET_HAS_ALL},
    {"hasAny", false, 2, 2, 0, resolve_against, SET_HAS_ANY},
    {"hasSubstr", false, 2, 2, 0, resolve_against, SET_HAS_SUBSTR},
    {"arrayIntersect", false, 1, ANY_COUNT, 0, resolve_against, SET_INTERSECT},
    {"arrayUnion", false, 1, ANY_COUNT, 0, resolve_against, SET_UNION},
    {"arrayExcept", false, 2, 2, 0, resolve_against, SET_EXCEPT},
};
const struct function_group functions_array_set = GROUP_WITHOUT_ALIASES(definitions);
