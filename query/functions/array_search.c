/*
 * array_search.c: has, indexOf, countEqual: one value among the elements of an array.
 *
 * how      elements and value are brought to their common type, then one loop per width
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

enum search_function { SEARCH_HAS, SEARCH_INDEX, SEARCH_COUNT };

struct search {
    enum search_function kind;
    const struct type *common;
};

/* equal[e]: element e equals its row's value. rows: of each element. */
static void match_items(const struct column *items, const struct column *value, const uint32_t *rows, uint8_t *equal)
{
    const struct type *type = items->type;
    uint32_t total = items->row_count;
    size_t step = column_step(value);
#define MATCH(c_type)                                                                                                  \
    for (uint32_t e = 0; e < total; e++) {                                                                             \
        equal[e] = ((const c_type *)items->values)[e] == ((const c_type *)value->values)[rows[e] * step];              \
    }                                                                                                                  \
    break
    bool plain = items->nulls == NULL && value->nulls == NULL && items->form == COLUMN_FLAT && !type_is_float(type);
    switch (plain ? type->width : 0) {
    case 1:
        MATCH(uint8_t);
    case 2:
        MATCH(uint16_t);
    case 4:
        MATCH(uint32_t);
    case 8:
        MATCH(uint64_t);
    default:
        if (plain && type->kind == TYPE_STRING) {
            for (uint32_t e = 0; e < total; e++) {
                equal[e] = slice_equal(((const struct slice *)items->values)[e],
                                       ((const struct slice *)value->values)[rows[e] * step]);
            }
            break;
        }
        for (uint32_t e = 0; e < total; e++) {
            equal[e] = column_compare(items, e, value, rows[e]) == 0;
        }
    }
#undef MATCH
}

static struct err *evaluate_search(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct search *search = function->data;
    const struct column *flat = arguments[0];
    struct column *items, *value, *made;
    bool shared = arguments[0]->form == COLUMN_CONST && arguments[1]->form != COLUMN_CONST;
    if (arguments[0]->type->kind == TYPE_MAP) { /* among its keys */
        const struct column *pairs = column_flat(arena, arguments[0]->children[0]);
        struct column *keys = pairs == NULL ? NULL : column_retyped(arena, arguments[0], arguments[0]->type);
        struct column **children = ARENA_ARRAY(arena, struct column *, 1);
        if (keys == NULL || children == NULL) {
            return arena_error(arena);
        }
        children[0] = pairs->children[0];
        keys->children = children;
        keys->type = type_array(arena, pairs->type->children[0]);
        if (keys->type == NULL) {
            return arena_error(arena);
        }
        flat = keys;
    }
    const struct column *array = flat;
    struct arrays arrays = arrays_of(array);
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    OR_DONE(function_cast(arena, function->context, arguments[1], search->common, &value));
    if (shared) { /* one array for all rows: its elements against each value, without spreading them */
        OR_DONE(function_cast(arena, function->context, arrays.items, search->common, &items));
    } else {
        OR_DONE(arrays_flat(arena, array, &flat));
        arrays = arrays_of(flat);
        OR_DONE(function_cast(arena, function->context, arrays.items, search->common, &items));
    }
    const struct column *elements = column_flat(arena, items);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, elements == NULL ? 1 : elements->row_count + 1U);
    uint8_t *equal = arena_alloc(arena, elements == NULL ? 1 : elements->row_count + 1U);
    if (elements == NULL || rows == NULL || equal == NULL) {
        return arena_error(arena);
    }
    if (!shared) {
        OR_DONE(arrays_rows(&arrays, row_count, rows));
        match_items(elements, value, rows, equal);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t count = 0, first = 0;
        uint32_t begin = array_begin(&arrays, i);
        for (uint32_t e = begin; e < array_end(&arrays, i); e++) {
            OR_DONE(interrupt_at(e));
            bool same = shared ? column_compare(elements, e, value, i) == 0 : equal[e] != 0;
            count += same;
            if (same && first == 0) {
                first = (uint64_t)e - begin + 1;
                if (search->kind != SEARCH_COUNT) {
                    break;
                }
            }
        }
        if (search->kind == SEARCH_HAS) {
            ((uint8_t *)made->values)[i] = first > 0;
        } else {
            ((uint64_t *)made->values)[i] = search->kind == SEARCH_INDEX ? first : count;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_search(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct search *search = ARENA_NEW(bind->arena, struct search);
    const struct type *type = bind->arguments[0].type;
    if (search == NULL) {
        return arena_error(bind->arena);
    }
    bool is_map = type->kind == TYPE_MAP && bind->tag == SEARCH_HAS;
    if (!is_map && strcmp(bind->name, "mapContains") == 0) {
        return argument_error(bind, 0, "a map is needed");
    }
    if (!is_map) {
        OR_DONE(argument_array(bind, 0));
    }
    const struct type *both[2] = {is_map ? type->children[0]->children[0] : type->children[0], bind->arguments[1].type};
    err = function_common_type(bind->arena, both, 2, &search->common);
    if (err != NULL && type_is_integer(both[0]) && type_is_integer(both[1])) { /* UInt64 and a signed number */
        err_free(err);
        err = NULL;
        search->common = type_nullable(bind->arena, type_simple(TYPE_INT128), both[0]->nullable || both[1]->nullable);
    }
    OR_DONE(err);
    if (search->common == NULL) {
        return arena_error(bind->arena);
    }
    search->kind = (enum search_function)bind->tag;
    out->inner = type_simple(search->kind == SEARCH_HAS ? TYPE_UINT8 : TYPE_UINT64);
    out->data = search;
    out->evaluate = evaluate_search;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"has", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL, resolve_search, SEARCH_HAS},
    {"mapContains", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL, resolve_search, SEARCH_HAS},
    {"indexOf", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL, resolve_search, SEARCH_INDEX},
    {"countEqual", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL, resolve_search, SEARCH_COUNT},
};
static const struct function_alias aliases[] = {{"mapContainsKey", false, "mapContains"}};
const struct function_group functions_array_search = GROUP_OF(definitions, aliases);
