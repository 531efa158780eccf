/*
 * array_filter.c: elements by a condition: arrayFilter, arrayCount, arrayExists, arrayAll, arrayFirst and -Last with
 * their -Index and -OrNull forms, arrayFill, arraySplit.
 *
 * The first argument holds a condition for each element, what a lambda made of it (sql/bind_lambda.c); the second, if
 * there is one, the elements. A NULL condition is not true.
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

enum filter {
    FILTER_COUNT,
    FILTER_EXISTS,
    FILTER_ALL,
    FILTER_FIRST_INDEX,
    FILTER_LAST_INDEX,
    FILTER_KEEP,
    FILTER_FIRST,
    FILTER_LAST,
    FILTER_FIRST_OR_NULL,
    FILTER_LAST_OR_NULL,
    FILTER_FILL,
    FILTER_REVERSE_FILL,
    FILTER_SPLIT,
    FILTER_REVERSE_SPLIT,
};

/* A byte per element: is its condition true? */
static struct err *condition_bytes(struct arena *arena, const struct column *conditions, const uint8_t **out)
{
    const struct column *flat = column_flat(arena, conditions);
    uint8_t *bytes = flat == NULL ? NULL : arena_alloc(arena, flat->row_count + 1U);
    if (bytes == NULL) {
        return arena_error(arena);
    }
    if (flat->type->kind == TYPE_NOTHING) {
        memset(bytes, 0, flat->row_count);
    } else {
        for (uint32_t e = 0; e < flat->row_count; e++) {
            bytes[e] = ((const uint8_t *)flat->values)[e] != 0 && !(flat->nulls != NULL && flat->nulls[e] != 0);
        }
    }
    *out = bytes;
    return NULL;
}

/* Elements [begin, end) of a row whose condition is true: how many, and the first and last of them (or end). */
struct found {
    uint32_t count;
    uint32_t first;
    uint32_t last;
};

static struct found find_true(const uint8_t *bytes, uint32_t begin, uint32_t end)
{
    struct found found = {0, end, end};
    for (uint32_t e = begin; e < end; e++) {
        if (bytes[e] != 0) {
            found.first = found.count == 0 ? e : found.first;
            found.last = e;
            found.count++;
        }
    }
    return found;
}

static struct err *evaluate_number(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum filter kind = (enum filter)(intptr_t)function->data;
    const struct column *flat;
    const uint8_t *bytes;
    struct column *made;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    OR_DONE(condition_bytes(arena, flat->children[0], &bytes));
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = flat->offsets[i], end = flat->offsets[i + 1];
        struct found found = find_true(bytes, begin, end);
        switch ((int)kind) {
        case FILTER_EXISTS:
            ((uint8_t *)made->values)[i] = found.count > 0;
            break;
        case FILTER_ALL:
            ((uint8_t *)made->values)[i] = found.count == end - begin;
            break;
        case FILTER_COUNT:
            ((uint32_t *)made->values)[i] = found.count;
            break;
        default: {
            uint32_t place = kind == FILTER_FIRST_INDEX ? found.first : found.last;
            ((uint32_t *)made->values)[i] = found.count == 0 ? 0 : place - begin + 1;
        }
        }
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_one(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum filter kind = (enum filter)(intptr_t)function->data;
    bool first = kind == FILTER_FIRST || kind == FILTER_FIRST_OR_NULL;
    const struct column *flat, *array;
    const uint8_t *bytes;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    OR_DONE(arrays_flat(arena, arguments[1], &array));
    OR_DONE(condition_bytes(arena, flat->children[0], &bytes));
    const struct column *both[2] = {array->children[0], column_default(arena, function->inner, 1)};
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    if (both[1] == NULL || sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        struct found found = find_true(bytes, flat->offsets[i], flat->offsets[i + 1]);
        sources[i] = found.count == 0;
        rows[i] = found.count == 0 ? 0 : first ? found.first : found.last;
    }
    *out = column_pick(arena, function->inner, both, 2, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* arrayFilter; arrayFill: what is not true becomes the element before it (or, reverse, behind it). */
static struct err *evaluate_elements(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum filter kind = (enum filter)(intptr_t)function->data;
    const struct column *flat, *array;
    const uint8_t *bytes;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    OR_DONE(arrays_flat(arena, arguments[1], &array));
    OR_DONE(condition_bytes(arena, flat->children[0], &bytes));
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, flat->offsets[row_count] + 1U);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (positions == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = flat->offsets[i], end = flat->offsets[i + 1];
        offsets[i] = at;
        if (kind == FILTER_KEEP) {
            for (uint32_t e = begin; e < end; e++) {
                OR_DONE(interrupt_at(e));
                positions[at] = e;
                at += bytes[e];
            }
        } else if (kind == FILTER_FILL) {
            for (uint32_t e = begin; e < end; e++) {
                OR_DONE(interrupt_at(e));
                positions[e] = bytes[e] != 0 || e == begin ? e : positions[e - 1];
            }
            at = end;
        } else {
            for (uint32_t e = end; e > begin; e--) {
                positions[e - 1] = bytes[e - 1] != 0 || e == end ? e - 1 : positions[e];
            }
            at = end;
        }
    }
    offsets[row_count] = at;
    OR_DONE(arrays_chosen(arena, function->inner, array->children[0], positions, offsets, row_count, out));
done:
    return err;
}

/* arraySplit: a new array begins where the condition is true (reverse: behind it). */
static struct err *evaluate_split(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool reverse = (enum filter)(intptr_t)function->data == FILTER_REVERSE_SPLIT;
    const struct column *flat, *array;
    const uint8_t *bytes;
    struct column *lists;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    OR_DONE(arrays_flat(arena, arguments[1], &array));
    OR_DONE(condition_bytes(arena, flat->children[0], &bytes));
    uint32_t *outer = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    uint32_t *inner = ARENA_ARRAY(arena, uint32_t, flat->offsets[row_count] + 1U);
    if (outer == NULL || inner == NULL) {
        return arena_error(arena);
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = flat->offsets[i];
        outer[i] = count;
        for (uint32_t e = begin; e < flat->offsets[i + 1]; e++) {
            OR_DONE(interrupt_at(e));
            if (e == begin || bytes[reverse ? e - 1 : e] != 0) {
                inner[count++] = e;
            }
        }
    }
    outer[row_count] = count;
    inner[count] = flat->offsets[row_count];
    OR_DONE(arrays_new(arena, array->type, count, inner, array->children[0], &lists));
    OR_DONE(arrays_new(arena, function->inner, row_count, outer, lists, out));
done:
    return err;
}

static struct err *resolve_filter(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum filter kind = (enum filter)bind->tag;
    bool of_map = strcmp(bind->name, "mapFilter") == 0;
    for (uint32_t a = 0; a < bind->count; a++) {
        if (a == 1 && of_map && bind->arguments[a].type->kind == TYPE_MAP) {
            continue;
        }
        OR_DONE(argument_array(bind, a));
    }
    const struct type *condition = bind->arguments[0].type->children[0];
    bool is_null = condition->kind == TYPE_NOTHING && condition->nullable;
    if (condition->kind != TYPE_UINT8 && condition->kind != TYPE_BOOL && !is_null) {
        return argument_error(bind, 0, "conditions of type UInt8 are needed");
    }
    out->data = (const void *)(intptr_t)kind;
    if (kind <= FILTER_LAST_INDEX) {
        out->inner = type_simple(kind == FILTER_EXISTS || kind == FILTER_ALL ? TYPE_UINT8 : TYPE_UINT32);
        out->evaluate = evaluate_number;
        return NULL;
    }
    const struct type *type = bind->arguments[1].type;
    out->evaluate = evaluate_elements;
    out->inner = type;
    if (kind >= FILTER_SPLIT) {
        out->evaluate = evaluate_split;
        out->inner = type_array(bind->arena, type);
    } else if (kind >= FILTER_FIRST && kind <= FILTER_LAST_OR_NULL) {
        bool nullable = kind >= FILTER_FIRST_OR_NULL && !type_is_nested(type->children[0]);
        out->evaluate = evaluate_one;
        out->inner = nullable ? type_nullable(bind->arena, type->children[0], true) : type->children[0];
    }
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"arrayCount", false, 1, 1, 0, resolve_filter, FILTER_COUNT},
    {"arrayExists", false, 1, 1, 0, resolve_filter, FILTER_EXISTS},
    {"arrayAll", false, 1, 1, 0, resolve_filter, FILTER_ALL},
    {"arrayFirstIndex", false, 1, 1, 0, resolve_filter, FILTER_FIRST_INDEX},
    {"arrayLastIndex", false, 1, 1, 0, resolve_filter, FILTER_LAST_INDEX},
    {"arrayFilter", false, 2, 2, 0, resolve_filter, FILTER_KEEP},
    {"mapFilter", false, 2, 2, 0, resolve_filter, FILTER_KEEP},
    {"arrayFirst", false, 2, 2, 0, resolve_filter, FILTER_FIRST},
    {"arrayLast", false, 2, 2, 0, resolve_filter, FILTER_LAST},
    {"arrayFirstOrNull", false, 2, 2, 0, resolve_filter, FILTER_FIRST_OR_NULL},
    {"arrayLastOrNull", false, 2, 2, 0, resolve_filter, FILTER_LAST_OR_NULL},
    {"arrayFill", false, 2, 2, 0, resolve_filter, FILTER_FILL},
    {"arrayReverseFill", false, 2, 2, 0, resolve_filter, FILTER_REVERSE_FILL},
    {"arraySplit", false, 2, 2, 0, resolve_filter, FILTER_SPLIT},
    {"arrayReverseSplit", false, 2, 2, 0, resolve_filter, FILTER_REVERSE_SPLIT},
};
const struct function_group functions_array_filter = GROUP_WITHOUT_ALIASES(definitions);
