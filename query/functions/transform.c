/*
 * transform.c: values looked up in constant lists: transform, roundDown; and clamp, firstNonDefault.
 *
 * how      the keys of transform and the values of a chunk get numbers from one group table (query/group.c)
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/pipeline.h"

static struct err *constant_array(const struct function_bind *bind, uint32_t index)
{
    if (bind->arguments[index].type->kind != TYPE_ARRAY) {
        return argument_error(bind, index, "an array is needed");
    }
    if (bind->arguments[index].constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument %u of function %s must be a constant", index + 1, bind->name);
    }
    return NULL;
}

/* --- transform ---------------------------------------------------------------------------------------------------- */

struct lookup {
    const struct type *type; /* of values and keys: nullable */
    const struct column *keys;
    const uint32_t *places; /* of the keys: which of `to` each stands for */
    const struct column *to;
};

static struct err *evaluate_transform(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct lookup *lookup = function->data;
    uint32_t key_count = lookup->keys->row_count;
    const struct column *sources_of[2] = {lookup->to, NULL};
    struct column *cast, *otherwise;
    struct group_table *table;
    bool single = false;
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *groups = ARENA_ARRAY(arena, uint32_t, (row_count > key_count ? row_count : key_count) + 1U);
    uint32_t *first = ARENA_ARRAY(arena, uint32_t, key_count + 1U);
    if (sources == NULL || rows == NULL || groups == NULL || first == NULL) {
        return arena_error(arena);
    }
    OR_DONE(function_cast(arena, function->context, arguments[function->argument_count == 4 ? 3 : 0], function->inner,
                          &otherwise));
    OR_DONE(function_cast(arena, function->context, arguments[0], lookup->type, &cast));
    OR_DONE(group_table_create(arena, &lookup->type, 1, &table));
    if (key_count > 0) {
        OR_DONE(group_table_find(table, arena, &lookup->keys, key_count, groups, &single));
        uint32_t known = 0;
        for (uint32_t k = 0; k < key_count; k++) {
            uint32_t group = single ? groups[0] : groups[k];
            if (group == known) { /* the first of equal keys counts */
                first[known++] = lookup->places[k];
            }
        }
    }
    uint32_t known = key_count == 0 ? 0 : group_table_count(table);
    const struct column *values = cast;
    single = false;
    OR_DONE(group_table_find(table, arena, &values, row_count, groups, &single));
    sources_of[1] = otherwise;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t group = single ? groups[0] : groups[i];
        sources[i] = group >= known;
        rows[i] = group < known ? first[group] : i;
    }
    *out = column_pick(arena, function->inner, sources_of, 2, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* The keys as the values' type, without those that no value can be. */
static struct err *make_keys(const struct function_bind *bind, struct lookup *lookup)
{
    struct err *err = NULL;
    const struct column *array = bind->arguments[1].constant;
    uint32_t begin = array->offsets[0];
    uint32_t end = bind->arguments[0].type->kind == TYPE_NOTHING ? begin : array->offsets[1]; /* a bare NULL is none */
    const struct column *given = column_part(bind->arena, array->children[0], begin, end);
    struct column *cast;
    uint32_t *places = ARENA_ARRAY(bind->arena, uint32_t, end - begin + 1U);
    if (given == NULL || places == NULL) {
        return arena_error(bind->arena);
    }
    uint32_t count = 0;
    if (end > begin) {
        bool texts = type_is_string(given->type) && type_is_number(lookup->type);
        OR_DONE(texts ? function_cast(bind->arena, bind->context, given, lookup->type, &cast)
                      : cast_accurate_or_null(bind->arena, bind->context, given, lookup->type, &cast));
        for (uint32_t k = 0; k < end - begin; k++) {
            if (!column_is_null(cast, k) || column_is_null(given, k)) {
                places[count++] = k;
            }
        }
        const struct column *flat = column_flat(bind->arena, cast);
        cast = flat == NULL ? NULL : column_take(bind->arena, flat, places, count);
    } else {
        cast = column_empty(bind->arena, lookup->type);
    }
    lookup->keys = cast;
    lookup->places = places;
    if (cast == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *resolve_transform(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct lookup *lookup = ARENA_NEW(bind->arena, struct lookup);
    const struct type *value = bind->arguments[0].type;
    struct column *to;
    if (lookup == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t a = 1; a < 3; a++) {
        OR_DONE(constant_array(bind, a));
    }
    if (type_is_nested(value)) {
        return err_new(ERR_NOT_IMPLEMENTED, "function transform of arrays, tuples and maps is not implemented");
    }
    const struct column *from = bind->arguments[1].constant, *results = bind->arguments[2].constant;
    if (from->offsets[1] - from->offsets[0] != results->offsets[1] - results->offsets[0]) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "Second and third arguments of function transform must be arrays of same size");
    }
    const struct type *types[2] = {bind->arguments[2].type->children[0],
                                   bind->count == 4 ? bind->arguments[3].type : value};
    err = function_common_type(bind->arena, types, 2, &out->inner);
    if (err != NULL && (err_code(err) == ERR_NO_COMMON_TYPE || err_code(err) == ERR_TYPE_MISMATCH)) {
        err_free(err);
        err = err_new(ERR_ARGUMENT_TYPE,
                      "Function transform has signature: transform(T, Array(T), Array(U), U) -> U; or transform(T, "
                      "Array(T), Array(T)) -> T");
    }
    OR_DONE(err);
    lookup->type = value->kind == TYPE_NOTHING ? bind->arguments[1].type->children[0] : value;
    lookup->type = type_nullable(bind->arena, lookup->type, true);
    if (lookup->type == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(make_keys(bind, lookup));
    const struct column *items =
        column_part(bind->arena, results->children[0], results->offsets[0], results->offsets[1]);
    if (items == NULL) {
        return arena_error(bind->arena);
    }
    if (items->row_count == 0) {
        lookup->to = column_empty(bind->arena, out->inner);
    } else {
        OR_DONE(function_cast(bind->arena, bind->context, items, out->inner, &to));
        lookup->to = column_flat(bind->arena, to);
    }
    if (lookup->to == NULL) {
        return arena_error(bind->arena);
    }
    out->evaluate = evaluate_transform;
    out->data = lookup;
done:
    return err;
}

/* --- roundDown ---------------------------------------------------------------------------------------------------- */

static struct err *evaluate_round_down(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *steps = function->data; /* of the result's type, in order */
    struct column *values;
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    if (rows == NULL || sources == NULL) {
        return arena_error(arena);
    }
    OR_DONE(function_cast(arena, function->context, arguments[0], function->inner, &values));
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t below = 0, above = steps->row_count; /* steps[below] is less or equal, if any is */
        while (above - below > 1) {
            uint32_t middle = below + (above - below) / 2;
            bool less = column_compare(steps, middle, values, i) <= 0;
            below = less ? middle : below;
            above = less ? above : middle;
        }
        bool nan = type_is_float(function->inner) && column_is_nan(values, i);
        sources[i] = nan;
        rows[i] = nan ? i : below;
    }
    const struct column *both[2] = {steps, values};
    *out = column_pick(arena, function->inner, both, 2, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_round_down(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct column *cast;
    OR_DONE(argument_number(bind, 0));
    OR_DONE(constant_array(bind, 1));
    const struct type *types[2] = {bind->arguments[0].type, bind->arguments[1].type->children[0]};
    const struct column *array = bind->arguments[1].constant;
    uint32_t count = array->offsets[1] - array->offsets[0];
    if (!type_is_number(types[1]) || types[1]->nullable || count == 0) {
        return argument_error(bind, 1, "an array of numbers is needed");
    }
    OR_DONE(function_common_type(bind->arena, types, 2, &out->inner));
    const struct column *items = column_part(bind->arena, array->children[0], array->offsets[0], array->offsets[1]);
    uint32_t *order = ARENA_ARRAY(bind->arena, uint32_t, count);
    if (items == NULL || order == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(function_cast(bind->arena, bind->context, items, out->inner, &cast));
    for (uint32_t k = 0; k < count; k++) { /* lists of boundaries are short */
        uint32_t at = k;
        for (; at > 0 && column_compare(cast, order[at - 1], cast, k) > 0; at--) {
            order[at] = order[at - 1];
        }
        order[at] = k;
    }
    const struct column *flat = column_flat(bind->arena, cast);
    out->data = flat == NULL ? NULL : column_take(bind->arena, flat, order, count);
    out->evaluate = evaluate_round_down;
    if (out->data == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- clamp, firstNonDefault --------------------------------------------------------------------------------------- */

/* The arguments, each as the result's type. */
static struct err *cast_arguments(const struct function *function, struct arena *arena,
                                  const struct column *const *arguments, const struct column ***out)
{
    struct err *err = NULL;
    struct column *cast;
    *out = ARENA_ARRAY(arena, const struct column *, function->argument_count);
    if (*out == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        OR_DONE(function_cast(arena, function->context, arguments[a], function->inner, &cast));
        (*out)[a] = cast;
    }
done:
    return err;
}

static struct err *evaluate_clamp(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column **all;
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    if (sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    OR_DONE(cast_arguments(function, arena, arguments, &all));
    for (uint32_t i = 0; i < row_count; i++) {
        if (column_compare(all[1], i, all[2], i) > 0) {
            return err_new(ERR_BAD_ARGUMENTS,
                           "The minimum value cannot be greater than the maximum value for function clamp");
        }
        sources[i] = column_compare(all[0], i, all[1], i) < 0 ? 1 : column_compare(all[0], i, all[2], i) > 0 ? 2 : 0;
        rows[i] = i;
    }
    *out = column_pick(arena, function->inner, all, 3, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *evaluate_first(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column **all;
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    const struct type *bare = type_nullable(arena, function->inner, false);
    const struct column *none = bare == NULL ? NULL : column_default(arena, bare, 1);
    uint32_t last = function->argument_count - 1;
    if (sources == NULL || rows == NULL || none == NULL) {
        return arena_error(arena);
    }
    OR_DONE(cast_arguments(function, arena, arguments, &all));
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t a = 0;
        while (a < last &&
               (arguments[a]->type->nullable ? column_is_null(all[a], i) : column_compare(all[a], i, none, 0) == 0)) {
            a++;
        }
        sources[i] = a;
        rows[i] = i;
    }
    *out = column_pick(arena, function->inner, all, last + 1, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_common(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, bind->count);
    if (types == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t a = 0; a < bind->count; a++) {
        types[a] = bind->arguments[a].type;
    }
    OR_DONE(function_common_type(bind->arena, types, bind->count, &out->inner));
    out->evaluate = bind->tag == 0 ? evaluate_clamp : evaluate_first;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"transform", false, 3, 4, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_transform, 0},
    {"roundDown", false, 2, 2, 0, resolve_round_down, 0},
    {"clamp", false, 3, 3, FUNCTION_CAN_FAIL, resolve_common, 0},
    {"firstNonDefault", false, 1, ANY_COUNT, FUNCTION_NULLS, resolve_common, 1},
};
const struct function_group functions_transform = GROUP_WITHOUT_ALIASES(definitions);
