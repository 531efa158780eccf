/*
 * index_condition.c: which conditions indexes can test, and what of them.
 *
 * forms    column = constant, column IN set; LIKE, ILIKE, match and searches for texts (position > 0, startsWith,
 *          endsWith, hasToken, multiSearchAny, in any case or not) in a column or in lower() of it; AND and OR of these
 * lists    has(a, value), hasAny and hasAll(a, [values]), indexOf(a, value) > 0, a[place] = value, where a is an array,
 *          mapKeys(m) or mapValues(m); mapContains(m, key), m[key] = value
 * bitmaps  = and IN of columns, AND, OR and NOT of these: what they answer exactly
 * answer   a test that every row which meets the condition meets, so it may say less than the condition does
 * flow     scan.c, scan_estimate.c → here → storage/index.h
 */
#include "query/functions/functions.h"
#include "query/index_pattern.h"
#include "query/pipeline.h"

#include <string.h>

static struct err *new_test(struct arena *arena, enum index_test_kind kind, struct index_test **out)
{
    *out = arena_zalloc(arena, sizeof(**out));
    if (*out == NULL) {
        return arena_error(arena);
    }
    (*out)->kind = kind;
    return NULL;
}

static bool is_call(const struct expression *expression, const char *name, uint32_t arguments)
{
    return expression->kind == EXPRESSION_CALL && expression->child_count == arguments &&
           strcmp(expression->function->name, name) == 0;
}

static const struct column *constant_of(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_CONSTANT) {
        return expression->constant;
    }
    return expression->kind == EXPRESSION_PARAMETER ? expression->parameter->value : NULL;
}

static bool text_of(const struct expression *expression, struct slice *text)
{
    const struct column *constant = constant_of(expression);
    if (constant == NULL || constant->type->kind != TYPE_STRING || constant->row_count == 0 ||
        column_is_null(constant, 0)) {
        return false;
    }
    *text = *(const struct slice *)column_value(constant, 0);
    return true;
}

/* A String column, or lower() of one. */
static bool text_column(const struct expression *expression, uint32_t *column, enum index_input *input)
{
    *input = INDEX_PLAIN;
    if (is_call(expression, "lower", 1)) {
        *input = INDEX_LOWER;
        expression = expression->children[0];
    }
    *column = expression->column_index;
    return expression->kind == EXPRESSION_COLUMN && expression->type->kind == TYPE_STRING &&
           expression->type->view == TYPE_VIEW_NONE;
}

/* One of the tests of a text, if there is anything to test. */
static struct err *add_parts(struct arena *arena, const struct pattern_parts *parts, uint32_t column,
                             enum index_input input, const struct index_test **children, uint32_t *count)
{
    struct err *err = NULL;
    struct index_test *test;
    if (parts->count == 0) {
        return NULL;
    }
    OR_DONE(new_test(arena, INDEX_TEST_PARTS, &test));
    struct index_part *kept = ARENA_ARRAY(arena, struct index_part, parts->count);
    if (kept == NULL) {
        return arena_error(arena);
    }
    memcpy(kept, parts->parts, parts->count * sizeof(*kept));
    test->parts = kept;
    test->count = parts->count;
    test->column = column;
    test->input = input;
    children[(*count)++] = test;
done:
    return err;
}

/*
 * The text, a column or lower() of one, has all these parts; how: in the same case, or in any. Indexes of the column
 * and of lower() of it each know some of that. *out NULL: none does.
 */
static struct err *parts_test(struct arena *arena, const struct expression *text, const struct pattern_parts *parts,
                              enum pattern_case how, const struct index_test **out)
{
    struct err *err = NULL;
    struct index_test *both;
    struct pattern_parts *folded = ARENA_NEW(arena, struct pattern_parts);
    const struct index_test **children = ARENA_ARRAY(arena, const struct index_test *, 2);
    uint32_t column, count = 0;
    enum index_input input;
    *out = NULL;
    if (folded == NULL || children == NULL) {
        return arena_error(arena);
    }
    if (!text_column(text, &column, &input)) {
        return NULL;
    }
    if (input == INDEX_LOWER && how == PATTERN_LOWER) { /* a part in capitals is in no lower() */
        OR_DONE(add_parts(arena, parts, column, INDEX_LOWER, children, &count));
    } else {
        OR_DONE(pattern_fold(arena, parts, how, folded));
        OR_DONE(add_parts(arena, folded, column, INDEX_LOWER, children, &count));
    }
    if (input == INDEX_PLAIN && how == PATTERN_LOWER) {
        OR_DONE(add_parts(arena, parts, column, INDEX_PLAIN, children, &count));
    } else {
        OR_DONE(pattern_fold(arena, parts, PATTERN_CASELESS, folded));
        OR_DONE(add_parts(arena, folded, column, INDEX_PLAIN, children, &count));
    }
    if (count < 2) {
        *out = count == 0 ? NULL : children[0];
        return NULL;
    }
    OR_DONE(new_test(arena, INDEX_TEST_AND, &both));
    both->children = children;
    both->count = count;
    *out = both;
done:
    return err;
}

/* Searches for a plain text, by the function's name: what is known of the text's ends, and of its case. */
static const struct search {
    const char *name;
    bool begins, ends;
    enum pattern_case how;
} searches[] = {
    {"position", false, false, PATTERN_LOWER},
    {"positionUTF8", false, false, PATTERN_LOWER},
    {"positionCaseInsensitive", false, false, PATTERN_ANY_ASCII},
    {"positionCaseInsensitiveUTF8", false, false, PATTERN_ANY},
    {"startsWith", true, false, PATTERN_LOWER},
    {"endsWith", false, true, PATTERN_LOWER},
    {"hasToken", true, true, PATTERN_LOWER},
    {"hasTokenCaseInsensitive", true, true, PATTERN_ANY_ASCII},
};

/* One of several texts is found. */
static struct err *any_test(struct arena *arena, const struct expression *call, enum pattern_case how,
                            const struct index_test **out)
{
    struct err *err = NULL;
    const struct column *needles = constant_of(call->children[1]);
    struct pattern_parts *parts = ARENA_NEW(arena, struct pattern_parts);
    struct index_test *test;
    *out = NULL;
    if (parts == NULL) {
        return arena_error(arena);
    }
    if (needles == NULL || needles->type->kind != TYPE_ARRAY || needles->type->children[0]->kind != TYPE_STRING) {
        return NULL;
    }
    const struct column *flat = column_flat(arena, needles);
    const struct column *texts = flat == NULL || flat->row_count == 0 ? NULL : column_flat(arena, flat->children[0]);
    if (texts == NULL) {
        return flat == NULL ? arena_error(arena) : NULL;
    }
    uint32_t begin = flat->offsets[0], end = flat->offsets[1];
    OR_DONE(new_test(arena, INDEX_TEST_OR, &test));
    const struct index_test **children = ARENA_ARRAY(arena, const struct index_test *, end - begin + 1U);
    if (children == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = begin; k < end; k++) {
        if (column_is_null(texts, k)) {
            return NULL;
        }
        parts->parts[0] = (struct index_part){((const struct slice *)texts->values)[k], false, false, false};
        parts->count = 1;
        OR_DONE(parts_test(arena, call->children[0], parts, how, &children[test->count]));
        if (children[test->count++] == NULL) {
            return NULL;
        }
    }
    test->children = children;
    *out = test->count > 0 ? test : NULL;
done:
    return err;
}

/* The function finds a text in a column. *out NULL: it is none of them. */
static struct err *search_test(struct arena *arena, const struct expression *call, const struct index_test **out)
{
    static const struct {
        const char *name;
        enum pattern_case how;
    } lists[] = {{"multiSearchAny", PATTERN_LOWER},
                 {"multiSearchAnyUTF8", PATTERN_LOWER},
                 {"multiSearchAnyCaseInsensitive", PATTERN_ANY_ASCII},
                 {"multiSearchAnyCaseInsensitiveUTF8", PATTERN_ANY}};
    struct err *err = NULL;
    struct pattern_parts *parts = ARENA_NEW(arena, struct pattern_parts);
    struct slice text;
    bool any_case = false;
    *out = NULL;
    if (parts == NULL) {
        return arena_error(arena);
    }
    for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
        if (is_call(call, lists[k].name, 2)) {
            return any_test(arena, call, lists[k].how, out);
        }
    }
    if (call->kind != EXPRESSION_CALL || call->child_count != 2 || !text_of(call->children[1], &text)) {
        return NULL;
    }
    if (is_call(call, "like", 2) || is_call(call, "ilike", 2)) {
        OR_DONE(pattern_of_like(arena, text, parts));
        return parts_test(arena, call->children[0], parts, is_call(call, "like", 2) ? PATTERN_LOWER : PATTERN_ANY, out);
    }
    if (is_call(call, "match", 2)) {
        OR_DONE(pattern_of_regex(arena, text, parts, &any_case));
        return parts_test(arena, call->children[0], parts, any_case ? PATTERN_ANY : PATTERN_LOWER, out);
    }
    for (size_t k = 0; k < sizeof(searches) / sizeof(searches[0]); k++) {
        if (is_call(call, searches[k].name, 2)) {
            parts->parts[0] = (struct index_part){text, searches[k].begins, searches[k].ends, false};
            parts->count = 1;
            return parts_test(arena, call->children[0], parts, searches[k].how, out);
        }
    }
done:
    return err;
}

static bool is_position(const struct expression *call)
{
    return is_call(call, "indexOf", 2) || is_call(call, "position", 2) || is_call(call, "positionUTF8", 2) ||
           is_call(call, "positionCaseInsensitive", 2) || is_call(call, "positionCaseInsensitiveUTF8", 2);
}

/* position(…) > 0, indexOf(…) != 0, >= 1: it was found. */
static const struct expression *found_at_all(const struct expression *condition)
{
    static const struct {
        const char *name;
        int64_t least;
    } forms[] = {{"greater", 0}, {"notEquals", 0}, {"greaterOrEquals", 1}};
    for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++) {
        const struct column *constant;
        if (is_call(condition, forms[k].name, 2) && is_position(condition->children[0]) &&
            (constant = constant_of(condition->children[1])) != NULL && constant->type->kind == TYPE_UINT8 &&
            !column_is_null(constant, 0) && *(const uint8_t *)column_value(constant, 0) == forms[k].least) {
            return condition->children[0];
        }
    }
    return condition;
}

/* lower(column) = 'text' */
static struct err *lower_test(struct arena *arena, const struct expression *condition, const struct index_test **out)
{
    struct err *err = NULL;
    struct pattern_parts *parts = ARENA_NEW(arena, struct pattern_parts);
    struct slice text;
    *out = NULL;
    if (parts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t side = 0; side < 2 && *out == NULL && is_call(condition, "equals", 2); side++) {
        if (is_call(condition->children[side], "lower", 1) && text_of(condition->children[1 - side], &text)) {
            parts->parts[0] = (struct index_part){text, true, true, true};
            parts->count = 1;
            OR_DONE(parts_test(arena, condition->children[side], parts, PATTERN_LOWER, out));
        }
    }
done:
    return err;
}

/* column = constant, column IN set. */
static struct err *values_test(struct arena *arena, const struct function_context *context,
                               const struct expression *condition, const struct index_test **out)
{
    struct err *err = NULL;
    struct prune *prune;
    *out = NULL;
    OR_DONE(prune_compile(arena, context, condition, &prune));
    if (prune != NULL && prune_values(prune) != NULL) {
        struct index_test *test;
        OR_DONE(new_test(arena, INDEX_TEST_VALUES, &test));
        test->column = prune_column(prune);
        test->values = prune_values(prune);
        *out = test;
    }
done:
    return err;
}

/* Of what indexes know of a column of maps or arrays: all that stands in it. */
static bool holds_elements(const struct expression *list, enum index_input *input)
{
    enum index_input of = *input;
    if ((is_call(list, "mapKeys", 1) || is_call(list, "mapValues", 1)) && of == INDEX_ELEMENTS) {
        *input = is_call(list, "mapKeys", 1) ? INDEX_MAP_KEYS : INDEX_MAP_VALUES;
        return holds_elements(list->children[0], input);
    }
    if (of == INDEX_ELEMENTS && list->type->kind == TYPE_MAP) { /* has(m, key) */
        *input = of = INDEX_MAP_KEYS;
    }
    return list->kind == EXPRESSION_COLUMN && list->type->kind == (of == INDEX_ELEMENTS ? TYPE_ARRAY : TYPE_MAP) &&
           list->type->view == TYPE_VIEW_NONE;
}

static struct err *one_element(struct arena *arena, const struct function_context *context,
                               const struct expression *list, enum index_input input, const struct column *wanted,
                               const struct index_test **out)
{
    struct err *err = NULL;
    struct index_test *test;
    struct column *value;
    const struct type *type = index_input_type(list->type, input);
    *out = NULL;
    bool text = type->kind == TYPE_STRING && wanted->type->kind == TYPE_STRING;
    bool number = type_is_integer(type) && type_is_integer(wanted->type);
    if (wanted->row_count == 0 || column_is_null(wanted, 0) || type->view != TYPE_VIEW_NONE ||
        wanted->type->view != TYPE_VIEW_NONE || (!text && !number)) {
        return NULL; /* other values are compared after a conversion */
    }
    const struct type *bare = type_nullable(arena, type_low_cardinality(arena, type, false), false);
    if (bare == NULL) {
        return arena_error(arena);
    }
    OR_DONE(cast_accurate_or_null(arena, context, wanted, bare, &value));
    if (column_is_null(value, 0)) {
        return NULL; /* none of the type's values is it: there is no block to ask */
    }
    OR_DONE(new_test(arena, INDEX_TEST_VALUES, &test));
    test->column = list->kind == EXPRESSION_COLUMN ? list->column_index : list->children[0]->column_index;
    test->input = input;
    test->values = column_const(arena, bare, column_value(value, 0), 1);
    if (test->values == NULL) {
        return arena_error(arena);
    }
    *out = test;
done:
    return err;
}

/* A column of arrays or maps whose elements, keys or values have this one. *out NULL: it is not one. */
static struct err *element_test(struct arena *arena, const struct function_context *context,
                                const struct expression *list, enum index_input input, const struct expression *wanted,
                                const struct index_test **out)
{
    const struct column *constant = constant_of(wanted);
    *out = NULL;
    if (!holds_elements(list, &input) || constant == NULL) {
        return NULL;
    }
    const struct expression *column = list->kind == EXPRESSION_COLUMN ? list : list->children[0];
    return one_element(arena, context, column, input, constant, out);
}

/* hasAny, hasAll: all of a constant array's elements, or one of them. */
static struct err *elements_test(struct arena *arena, const struct function_context *context,
                                 const struct expression *call, enum index_test_kind kind,
                                 const struct index_test **out)
{
    struct err *err = NULL;
    struct index_test *test;
    enum index_input input = INDEX_ELEMENTS;
    const struct expression *list = call->children[0];
    const struct column *constant = constant_of(call->children[1]);
    *out = NULL;
    if (!holds_elements(list, &input) || constant == NULL || constant->type->kind != TYPE_ARRAY) {
        return NULL;
    }
    list = list->kind == EXPRESSION_COLUMN ? list : list->children[0];
    const struct column *flat = column_flat(arena, constant);
    if (flat == NULL) {
        return arena_error(arena);
    }
    uint32_t begin = flat->row_count == 0 ? 0 : flat->offsets[0], end = flat->row_count == 0 ? 0 : flat->offsets[1];
    OR_DONE(new_test(arena, kind, &test));
    const struct index_test **children = ARENA_ARRAY(arena, const struct index_test *, end - begin + 1U);
    if (children == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = begin; k < end; k++) {
        const struct column *one = column_take(arena, flat->children[0], &k, 1);
        if (one == NULL) {
            return arena_error(arena);
        }
        OR_DONE(one_element(arena, context, list, input, one, &children[test->count]));
        if (children[test->count] != NULL) {
            test->count++;
        } else if (kind == INDEX_TEST_OR) {
            return NULL;
        }
    }
    test->children = children;
    *out = test->count > 0 ? test : NULL;
done:
    return err;
}

/* m['key'] = 'value', a[1] = 'value': what is not there is ''. */
static struct err *place_test(struct arena *arena, const struct function_context *context,
                              const struct expression *element, const struct expression *wanted,
                              const struct index_test **out)
{
    struct err *err = NULL;
    struct index_test *both;
    struct slice text;
    const struct index_test **children = ARENA_ARRAY(arena, const struct index_test *, 2);
    *out = NULL;
    if (children == NULL) {
        return arena_error(arena);
    }
    if (!is_call(element, "arrayElement", 2) || !text_of(wanted, &text) || text.length == 0) {
        return NULL;
    }
    const struct expression *list = element->children[0];
    if (list->type->kind == TYPE_ARRAY) {
        return element_test(arena, context, list, INDEX_ELEMENTS, wanted, out);
    }
    OR_DONE(element_test(arena, context, list, INDEX_MAP_KEYS, element->children[1], &children[0]));
    OR_DONE(element_test(arena, context, list, INDEX_MAP_VALUES, wanted, &children[1]));
    if (children[0] == NULL || children[1] == NULL) {
        return NULL;
    }
    OR_DONE(new_test(arena, INDEX_TEST_AND, &both));
    both->children = children;
    both->count = 2;
    *out = both;
done:
    return err;
}

static struct err *lists_test(struct arena *arena, const struct function_context *context,
                              const struct expression *condition, const struct index_test **out)
{
    struct err *err = NULL;
    *out = NULL;
    if (is_call(condition, "has", 2) || is_call(condition, "indexOf", 2)) { /* that it is not 0: found_at_all */
        return element_test(arena, context, condition->children[0], INDEX_ELEMENTS, condition->children[1], out);
    }
    if (is_call(condition, "hasAny", 2) || is_call(condition, "hasAll", 2)) {
        return elements_test(arena, context, condition,
                             is_call(condition, "hasAny", 2) ? INDEX_TEST_OR : INDEX_TEST_AND, out);
    }
    if (is_call(condition, "mapContains", 2) || is_call(condition, "mapContainsKey", 2)) {
        return element_test(arena, context, condition->children[0], INDEX_MAP_KEYS, condition->children[1], out);
    }
    for (uint32_t side = 0; side < 2 && *out == NULL && is_call(condition, "equals", 2); side++) {
        OR_DONE(place_test(arena, context, condition->children[side], condition->children[1 - side], out));
    }
done:
    return err;
}

/* All conditions of an AND that can be tested; of an OR all must be. */
static struct err *combined_test(struct arena *arena, const struct function_context *context,
                                 const struct expression *condition, bool all, const struct index_test **out)
{
    struct err *err = NULL;
    struct index_test *test;
    *out = NULL;
    OR_DONE(new_test(arena, all ? INDEX_TEST_OR : INDEX_TEST_AND, &test));
    const struct index_test **children = ARENA_ARRAY(arena, const struct index_test *, condition->child_count + 1U);
    if (children == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < condition->child_count; k++) {
        OR_DONE(index_condition(arena, context, condition->children[k], &children[test->count]));
        if (children[test->count] != NULL) {
            test->count++;
        } else if (all) {
            return NULL;
        }
    }
    test->children = children;
    *out = test->count > 0 ? test : NULL;
done:
    return err;
}

struct err *index_condition(struct arena *arena, const struct function_context *context,
                            const struct expression *condition, const struct index_test **out)
{
    struct err *err = NULL;
    *out = NULL;
    if (condition->kind == EXPRESSION_CALL) {
        bool any = strcmp(condition->function->name, "or") == 0;
        if (any || strcmp(condition->function->name, "and") == 0) {
            return combined_test(arena, context, condition, any, out);
        }
        OR_DONE(search_test(arena, found_at_all(condition), out));
        if (*out == NULL) {
            OR_DONE(lower_test(arena, condition, out));
        }
        if (*out == NULL) {
            OR_DONE(lists_test(arena, context, found_at_all(condition), out));
        }
        if (*out != NULL) {
            return NULL;
        }
    }
    OR_DONE(values_test(arena, context, condition, out));
done:
    return err;
}

/* ---- bitmaps */

static struct err *combined(struct arena *arena, const struct function_context *context,
                            const struct expression *condition, enum index_test_kind kind,
                            const struct index_test **out)
{
    struct err *err = NULL;
    struct index_test *test;
    OR_DONE(new_test(arena, kind, &test));
    const struct index_test **children = ARENA_ARRAY(arena, const struct index_test *, condition->child_count + 1U);
    if (children == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < condition->child_count; k++) {
        OR_DONE(bitmap_condition(arena, context, condition->children[k], &children[k]));
        if (children[k] == NULL) {
            return NULL;
        }
    }
    test->children = children;
    test->count = condition->child_count;
    *out = test->count > 0 ? test : NULL;
done:
    return err;
}

/* NULL = x is neither true nor false, and so is its NOT: bitmaps know only what is true. */
static bool is_never_null(const struct expression *condition)
{
    if (condition->kind == EXPRESSION_CONSTANT || condition->kind == EXPRESSION_PARAMETER) {
        const struct column *constant = constant_of(condition);
        return constant != NULL && !column_is_null(constant, 0);
    }
    if (condition->kind != EXPRESSION_CALL && condition->kind != EXPRESSION_COLUMN &&
        condition->kind != EXPRESSION_IN) {
        return false;
    }
    for (uint32_t k = 0; k < condition->child_count; k++) {
        if (!is_never_null(condition->children[k])) {
            return false;
        }
    }
    return !condition->type->nullable && condition->type->kind != TYPE_NOTHING;
}

/* column != constant */
static struct err *unequal(struct arena *arena, const struct function_context *context,
                           const struct expression *condition, const struct index_test **out)
{
    struct err *err = NULL;
    struct expression equal = *condition;
    struct function as = *condition->function; /* prune_compile knows functions by name */
    const struct index_test **child = ARENA_ARRAY(arena, const struct index_test *, 1);
    struct index_test *test;
    if (child == NULL) {
        return arena_error(arena);
    }
    as.name = "equals";
    equal.function = &as;
    OR_DONE(values_test(arena, context, &equal, child));
    OR_DONE(new_test(arena, INDEX_TEST_NOT, &test));
    test->children = child;
    test->count = 1;
    *out = *child == NULL ? NULL : test;
done:
    return err;
}

struct err *bitmap_condition(struct arena *arena, const struct function_context *context,
                             const struct expression *condition, const struct index_test **out)
{
    *out = NULL;
    const char *name = condition->kind == EXPRESSION_CALL ? condition->function->name : "";
    if (strcmp(name, "and") == 0) {
        return combined(arena, context, condition, INDEX_TEST_AND, out);
    }
    if (strcmp(name, "or") == 0) {
        return combined(arena, context, condition, INDEX_TEST_OR, out);
    }
    if (strcmp(name, "not") == 0) {
        return is_never_null(condition) ? combined(arena, context, condition, INDEX_TEST_NOT, out) : NULL;
    }
    if (strcmp(name, "notEquals") == 0) {
        return is_never_null(condition) ? unequal(arena, context, condition, out) : NULL;
    }
    return values_test(arena, context, condition, out);
}
