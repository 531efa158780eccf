/*
 * nested.c: arrays, tuples and maps as values: array, tuple, map, element access; array columns as offsets and items.
 *
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

/* --- array columns ----------------------------------------------------------------------------------------------- */

bool column_is_nan(const struct column *column, uint32_t row)
{
    const void *value = column_value(column, row);
    double number = column->type->kind == TYPE_FLOAT64 ? *(const double *)value : (double)*(const float *)value;
    return number != number;
}

struct err *argument_array(const struct function_bind *bind, uint32_t index)
{
    return bind->arguments[index].type->kind == TYPE_ARRAY ? NULL : argument_error(bind, index, "an array is needed");
}

struct err *arrays_total(const struct arrays *arrays, uint32_t row_count, uint32_t *out)
{
    uint64_t total = 0;
    if (arrays->step == 1) {
        total = row_count == 0 ? 0 : arrays->offsets[row_count] - arrays->offsets[0];
    } else {
        total = (uint64_t)row_count * (arrays->offsets[1] - arrays->offsets[0]);
    }
    if (total > UINT32_MAX / 2) {
        return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
    }
    *out = (uint32_t)total;
    return NULL;
}

struct err *arrays_product(uint32_t row_count, uint32_t width, uint32_t *out)
{
    uint64_t total = (uint64_t)row_count * width;
    *out = (uint32_t)total;
    return total > UINT32_MAX / 2 ? err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements")
                                  : NULL;
}

struct err *arrays_rows(const struct arrays *arrays, uint32_t row_count, uint32_t *out)
{
    struct err *err = NULL;
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        for (uint32_t left = array_length(arrays, i); left > 0; left--) {
            OR_DONE(interrupt_at(at));
            out[at++] = i;
        }
    }
done:
    return err;
}

struct err *arrays_new(struct arena *arena, const struct type *type, uint32_t row_count, const uint32_t *offsets,
                       const struct column *items, struct column **out)
{
    struct column *made = ARENA_NEW(arena, struct column);
    struct column **children = ARENA_ARRAY(arena, struct column *, 1);
    if (made == NULL || children == NULL) {
        return arena_error(arena);
    }
    children[0] = (struct column *)(uintptr_t)items;
    made->type = type;
    made->form = COLUMN_FLAT;
    made->row_count = row_count;
    made->offsets = (uint32_t *)(uintptr_t)offsets;
    made->children = children;
    *out = made;
    return NULL;
}

struct err *arrays_flat(struct arena *arena, const struct column *column, const struct column **out)
{
    const struct column *flat = column_flat(arena, column);
    if (flat == NULL) {
        return arena_error(arena);
    }
    uint32_t rows = flat->row_count;
    uint32_t begin = flat->offsets[0];
    uint32_t end = flat->offsets[rows];
    if (begin == 0 && end == flat->children[0]->row_count) {
        *out = flat;
        return NULL;
    }
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, rows + 1U);
    struct column *items = column_part(arena, flat->children[0], begin, end);
    struct column *made = NULL;
    if (offsets == NULL || items == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i <= rows; i++) {
        offsets[i] = flat->offsets[i] - begin;
    }
    struct err *err = arrays_new(arena, flat->type, rows, offsets, items, &made);
    *out = made;
    return err;
}

/* --- making ------------------------------------------------------------------------------------------------------ */

/* Arguments as columns of one type. */
static struct err *cast_all(const struct function *function, struct arena *arena, const struct column *const *arguments,
                            uint32_t first, uint32_t step, const struct type *type, const struct column **out)
{
    struct err *err = NULL;
    uint32_t count = 0;
    for (uint32_t a = first; a < function->argument_count; a += step) {
        struct column *cast;
        OR_DONE(function_cast(arena, function->context, arguments[a], type, &cast));
        out[count++] = cast;
    }
done:
    return err;
}

/* Rows of several columns side by side: a1 b1 a2 b2 … */
static struct err *interleave(struct arena *arena, const struct type *type, const struct column *const *columns,
                              uint32_t width, uint32_t row_count, const uint32_t **offsets_out, struct column **out)
{
    struct err *err = NULL;
    uint32_t total;
    OR_DONE(arrays_product(row_count, width, &total));
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, total);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, total);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (sources == NULL || rows == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        offsets[i] = at;
        for (uint32_t k = 0; k < width; k++) {
            sources[at] = k;
            rows[at++] = i;
        }
    }
    offsets[row_count] = at;
    *offsets_out = offsets;
    *out = width == 0 ? column_empty(arena, type) : column_pick(arena, type, columns, width, sources, rows, at);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *evaluate_array(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t count = function->argument_count;
    const struct type *type = function->inner->children[0];
    const struct column **items = ARENA_ARRAY(arena, const struct column *, count + 1U);
    const uint32_t *offsets;
    struct column *child;
    if (items == NULL) {
        return arena_error(arena);
    }
    OR_DONE(cast_all(function, arena, arguments, 0, 1, type, items));
    OR_DONE(interleave(arena, type, items, count, row_count, &offsets, &child));
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, child, out));
done:
    return err;
}

/* The common type of arguments first, first + step, …; Nothing when there are none. */
static struct err *common_argument(const struct function_bind *bind, uint32_t first, uint32_t step,
                                   const struct type **out)
{
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, bind->count + 1U);
    uint32_t count = 0;
    bool any_signed = false;
    if (types == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t a = first; a < bind->count; a += step) {
        types[count] = bind->arguments[a].type;
        any_signed |= type_is_integer(types[count]) && type_is_signed(types[count]);
        count++;
    }
    if (count == 0) {
        *out = type_simple(TYPE_NOTHING);
        return NULL;
    }
    if (any_signed) { /* [-1, 4294967296] is Array(Int64) */
        for (uint32_t a = first, k = 0; a < bind->count; a += step, k++) {
            const struct column *constant = bind->arguments[a].constant;
            if (types[k]->kind == TYPE_UINT64 && !types[k]->nullable && constant != NULL &&
                *(const int64_t *)constant->values >= 0) {
                types[k] = type_simple(TYPE_INT64);
            }
        }
    }
    return function_common_type(bind->arena, types, count, out);
}

static struct err *resolve_array(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *child;
    OR_DONE(common_argument(bind, 0, 1, &child));
    out->inner = type_array(bind->arena, child);
    out->evaluate = evaluate_array;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *evaluate_tuple(EVALUATE_ARGUMENTS)
{
    struct column *made = column_new(arena, function->inner, row_count);
    for (uint32_t k = 0; made != NULL && k < function->argument_count; k++) {
        /* a CONST child has to have as many rows as the tuple */
        made->children[k] = (struct column *)(uintptr_t)arguments[k];
    }
    *out = made;
    return made == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_tuple(const struct function_bind *bind, struct function *out)
{
    const struct type **types = ARENA_ARRAY(bind->arena, const struct type *, bind->count + 1U);
    if (types == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t a = 0; a < bind->count; a++) {
        types[a] = bind->arguments[a].type;
    }
    out->inner = type_tuple(bind->arena, types, NULL, bind->count);
    out->evaluate = evaluate_tuple;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- t.1, t.name -------------------------------------------------------------------------------------------------- */

/* data: the element's number + 1; 0: the default, which is the third argument. */
static struct err *evaluate_tuple_element(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t element = (uint32_t)(uintptr_t)function->data;
    const struct column *column = arguments[0];
    (void)row_count;
    if (element == 0) {
        *out = (struct column *)(uintptr_t)arguments[2];
        return NULL;
    }
    const struct column *tuples = column;
    while (tuples->type->kind == TYPE_ARRAY) {
        tuples = tuples->children[0];
    }
    if (tuples == column && column->form == COLUMN_FLAT) {
        *out = column->children[element - 1];
        return NULL;
    }
    if (tuples == column) { /* one row that stands for all */
        const struct column *one = column_flat(arena, column->children[element - 1]);
        struct column *constant = one == NULL ? NULL : column_retyped(arena, one, function->inner);
        if (constant == NULL) {
            return arena_error(arena);
        }
        constant->form = COLUMN_CONST;
        constant->row_count = column->row_count;
        *out = constant;
        return NULL;
    }
    /* the same arrays over one element of their tuples */
    struct column *made = column_retyped(arena, column, function->inner);
    if (made == NULL) {
        return arena_error(arena);
    }
    struct column *at = made;
    for (const struct column *from = column; from->type->kind == TYPE_ARRAY; from = from->children[0]) {
        const struct column *child = from->children[0];
        struct column *below;
        at->children = ARENA_ARRAY(arena, struct column *, 1);
        if (at->children == NULL) {
            return arena_error(arena);
        }
        if (child->type->kind == TYPE_ARRAY) {
            below = column_retyped(arena, child, at->type->children[0]);
        } else {
            const struct column *flat = column_flat(arena, child);
            below = flat == NULL ? NULL : flat->children[element - 1];
        }
        if (below == NULL) {
            return arena_error(arena);
        }
        at->children[0] = below;
        at = below;
    }
    *out = made;
    return err;
}

static struct err *find_element(const struct function_bind *bind, const struct type *tuple, uint32_t *out)
{
    const struct function_argument *which = &bind->arguments[1];
    *out = 0;
    if (which->constant != NULL && which->type->kind == TYPE_STRING) {
        struct slice name = *(const struct slice *)which->constant->values;
        for (uint32_t k = 0; tuple->names != NULL && k < tuple->child_count; k++) {
            if (slice_equal(tuple->names[k], name)) {
                *out = k + 1;
            }
        }
        int64_t number = 0;
        for (size_t i = 0; i < name.length && number >= 0 && *out == 0; i++) { /* t.`1` */
            number =
                name.data[i] >= '0' && name.data[i] <= '9' && number < 100000 ? number * 10 + name.data[i] - '0' : -1;
        }
        if (*out == 0 && number >= 1 && number <= tuple->child_count) {
            *out = (uint32_t)number;
        }
        return *out > 0 || bind->count == 3
                   ? NULL
                   : err_new(ERR_BAD_ARGUMENTS, "Tuple doesn't have element with name '%.*s'", SLICE_ARG(name));
    }
    if (which->constant == NULL || !type_is_integer(which->type)) {
        return argument_error(bind, 1, "a constant number or name is needed");
    }
    int64_t number = column_int(which->constant, 0);
    number = number < 0 ? number + (int64_t)tuple->child_count + 1 : number;
    if (number >= 1 && number <= tuple->child_count) {
        *out = (uint32_t)number;
    }
    return *out > 0 || bind->count == 3 ? NULL
                                        : err_new(ERR_SIZE_OUT_OF_BOUND, "Tuple doesn't have element with index '%lld'",
                                                  (long long)column_int(which->constant, 0));
}

static struct err *resolve_tuple_element(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *type = bind->arguments[0].type;
    uint32_t depth = 0;
    uint32_t element = 0;
    for (; type->kind == TYPE_ARRAY; type = type->children[0]) {
        depth++;
    }
    if (type->kind != TYPE_TUPLE) {
        return argument_error(bind, 0, "a tuple, or an array of tuples, is needed");
    }
    OR_DONE(find_element(bind, type, &element));
    type = element == 0 ? bind->arguments[2].type : type->children[element - 1];
    for (; element > 0 && depth > 0 && type != NULL; depth--) {
        type = type_array(bind->arena, type);
    }
    out->inner = type;
    out->data = (const void *)(uintptr_t)element;
    out->evaluate = evaluate_tuple_element;
    if (type == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- a[i] --------------------------------------------------------------------------------------------------------- */

enum element_form { ELEMENT_PLAIN, ELEMENT_OR_NULL };

struct err *column_pick_or_default(struct arena *arena, const struct type *type, const struct column *items,
                                   const uint32_t *positions, uint32_t row_count, struct column **out)
{
    const struct column *both[2] = {items, column_default(arena, type, 1)};
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    if (both[1] == NULL || sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        sources[i] = positions[i] == UINT32_MAX;
        rows[i] = positions[i] == UINT32_MAX ? 0 : positions[i];
    }
    *out = column_pick(arena, type, both, 2, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* m[key]: the value of the first equal key. */
static struct err *evaluate_map_element(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct arrays maps = arrays_of(arguments[0]);
    const struct column *pairs = column_flat(arena, maps.items);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, row_count);
    struct column *key;
    if (pairs == NULL || positions == NULL) {
        return arena_error(arena);
    }
    OR_DONE(function_cast(arena, function->context, arguments[1], pairs->type->children[0], &key));
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t at = array_begin(&maps, i);
        uint32_t end = array_end(&maps, i);
        while (at < end && column_compare(pairs->children[0], at, key, i) != 0) {
            at++;
        }
        positions[i] = at < end ? at : UINT32_MAX;
    }
    OR_DONE(column_pick_or_default(arena, function->inner, pairs->children[1], positions, row_count, out));
done:
    return err;
}

static struct err *evaluate_element(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct arrays arrays = arrays_of(arguments[0]);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, row_count);
    bool is_unsigned = function->argument_types[1]->kind == TYPE_UINT64;
    const struct column *index = column_numbers(arena, arguments[1], is_unsigned ? TYPE_UINT64 : TYPE_INT64);
    if (positions == NULL || index == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t length = array_length(&arrays, i);
        int64_t number = VALUE_AT(index, int64_t, i);
        uint64_t at = number >= 0 || is_unsigned ? (uint64_t)number - 1 : (uint64_t)length + (uint64_t)number;
        bool null = null_at(arguments[1], i);
        positions[i] = at < length && !null ? array_begin(&arrays, i) + (uint32_t)at : UINT32_MAX;
    }
    OR_DONE(column_pick_or_default(arena, function->inner, arrays.items, positions, row_count, out));
    bool no_null = function->data == NULL && !arrays.items->type->nullable; /* a NULL place alone gives NULL */
    for (uint32_t i = 0; (*out)->nulls != NULL && no_null && i < row_count; i++) {
        (*out)->nulls[i] = null_at(arguments[1], i);
    }
done:
    return err;
}

static struct err *evaluate_null_element(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_const_null(arena, function->inner, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_element(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    const struct type *index = bind->arguments[1].type;
    if (type->kind == TYPE_MAP) {
        const struct type *pair = type->children[0];
        const struct type *both[2] = {pair->children[0], index};
        const struct type *common;
        struct err *err = function_common_type(bind->arena, both, 2, &common);
        if (err != NULL) {
            err_free(err);
            return argument_error(bind, 1, "a key of the map's type is needed");
        }
        out->inner = pair->children[1];
        out->evaluate = evaluate_map_element;
    } else if (type->kind != TYPE_ARRAY) {
        return argument_error(bind, 0, "an array or a map is needed");
    } else if (index->kind == TYPE_NOTHING) {
        out->inner = type_nullable(bind->arena, type_simple(TYPE_NOTHING), true);
        out->evaluate = evaluate_null_element;
        return out->inner == NULL ? arena_error(bind->arena) : NULL;
    } else if (!type_is_integer(index) || index->width > 8) {
        return argument_error(bind, 1, "an integer is needed");
    } else {
        const struct column *constant = bind->arguments[1].constant;
        if (constant != NULL && !column_is_null(constant, 0) && column_int(constant, 0) == 0 &&
            bind->arguments[0].constant == NULL) {
            return err_new(ERR_ZERO_INDEX, "Array indices are 1-based");
        }
        out->inner = type->children[0];
        out->data = (enum element_form)bind->tag == ELEMENT_OR_NULL ? out : NULL;
        out->evaluate = evaluate_element;
    }
    bool nullable = (enum element_form)bind->tag == ELEMENT_OR_NULL || index->nullable;
    if (nullable && !type_is_nested(out->inner)) {
        out->inner = type_nullable(bind->arena, out->inner, true);
    }
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- map ---------------------------------------------------------------------------------------------------------- */

const struct type *type_map(struct arena *arena, const struct type *key, const struct type *value)
{
    static const struct slice names[2] = {{"keys", 4}, {"values", 6}};
    const struct type *pair[2] = {key, value};
    const struct type *entry = type_tuple(arena, pair, names, 2);
    const struct type *array = entry == NULL ? NULL : type_array(arena, entry);
    struct type *map = array == NULL ? NULL : ARENA_NEW(arena, struct type);
    if (map != NULL) {
        *map = *array;
        map->kind = TYPE_MAP;
    }
    return map;
}

static struct err *evaluate_map(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *pair = function->inner->children[0];
    uint32_t count = function->argument_count / 2;
    const struct column **items = ARENA_ARRAY(arena, const struct column *, count + 1U);
    const uint32_t *offsets = NULL;
    struct column *pairs = NULL;
    uint32_t total;
    if (items == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_product(row_count, count, &total));
    pairs = column_new(arena, pair, total);
    if (pairs == NULL) {
        return arena_error(arena);
    }
    for (uint32_t side = 0; side < 2; side++) {
        OR_DONE(cast_all(function, arena, arguments, side, 2, pair->children[side], items));
        OR_DONE(interleave(arena, pair->children[side], items, count, row_count, &offsets, &pairs->children[side]));
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, pairs, out));
done:
    return err;
}

static struct err *resolve_map(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *key;
    const struct type *value;
    if (bind->count % 2 != 0) {
        return err_new(ERR_ARGUMENT_COUNT, "function map takes keys and values, an even number of arguments, not %u",
                       bind->count);
    }
    OR_DONE(common_argument(bind, 0, 2, &key));
    OR_DONE(common_argument(bind, 1, 2, &value));
    if (key->nullable) {
        return err_new(ERR_BAD_ARGUMENTS, "the keys of a map must not be NULL");
    }
    out->inner = type_map(bind->arena, key, value);
    out->evaluate = evaluate_map;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"array", false, 0, ANY_COUNT, FUNCTION_NULLS | FUNCTION_RAW | FUNCTION_FULL, resolve_array, 0},
    {"tuple", false, 0, ANY_COUNT, FUNCTION_NULLS | FUNCTION_RAW | FUNCTION_FULL, resolve_tuple, 0},
    {"map", false, 0, ANY_COUNT, FUNCTION_NULLS | FUNCTION_RAW | FUNCTION_FULL, resolve_map, 0},
    {"tupleElement", false, 2, 3, FUNCTION_NULLS | FUNCTION_RAW | FUNCTION_FULL, resolve_tuple_element, 0},
    {"arrayElement", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL, resolve_element, ELEMENT_PLAIN},
    {"arrayElementOrNull", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL, resolve_element, ELEMENT_OR_NULL},
};
const struct function_group functions_nested = GROUP_WITHOUT_ALIASES(definitions);
