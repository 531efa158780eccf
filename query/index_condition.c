/*
 * index_condition.c: which conditions indexes can test, and what of them.
 *
 * forms    column = constant, column IN set; LIKE, searches for a text (position > 0, startsWith, endsWith,
 *          hasToken) in a column or in lower() of it; AND and OR of these
 * bitmaps  = and IN of columns, AND, OR and NOT of these: what they answer exactly
 * answer   a test that every row which meets the condition meets, so it may say less than the condition does
 * flow     scan.c, scan_estimate.c → here → storage/index.h
 */
#include "query/pipeline.h"

#include <string.h>

#define PARTS_MAX 64U

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
static bool text_column(const struct expression *expression, struct index_test *test)
{
    test->input = INDEX_PLAIN;
    if (is_call(expression, "lower", 1)) {
        test->input = INDEX_LOWER;
        expression = expression->children[0];
    }
    test->column = expression->column_index;
    return expression->kind == EXPRESSION_COLUMN && expression->type->kind == TYPE_STRING &&
           expression->type->view == TYPE_VIEW_NONE;
}

/* Searches with a plain text, by the function's name: what is known of the text's ends. */
static const struct search {
    const char *name;
    bool begins, ends;
} searches[] = {
    {"position", false, false}, {"startsWith", true, false}, {"endsWith", false, true}, {"hasToken", true, true}};

/* The plain texts between the wildcards of a LIKE pattern. */
static struct err *like_parts(struct arena *arena, struct slice pattern, struct index_test *test)
{
    struct index_part *parts = ARENA_ARRAY(arena, struct index_part, PARTS_MAX);
    char *text = arena_alloc(arena, pattern.length + 1);
    size_t length = 0, begin = 0;
    bool any = false; /* a wildcard was seen */
    if (parts == NULL || text == NULL) {
        return arena_error(arena);
    }
    for (size_t at = 0; at <= pattern.length; at++) {
        bool end = at == pattern.length;
        if (end || pattern.data[at] == '%' || pattern.data[at] == '_') {
            if (length > begin || (end && !any)) {
                parts[test->count++] =
                    (struct index_part){slice_of(text + begin, length - begin), !any, end, end && !any};
            }
            any = true;
            begin = length;
            if (test->count == PARTS_MAX) {
                break;
            }
            continue;
        }
        char next = at + 1 < pattern.length ? pattern.data[at + 1] : 0;
        if (pattern.data[at] == '\\' && (next == '%' || next == '_' || next == '\\')) {
            at++;
        }
        text[length++] = pattern.data[at];
    }
    test->parts = parts;
    return NULL;
}

/* The function finds a text in a column. *out NULL: it is none of them. */
static struct err *search_test(struct arena *arena, const struct expression *call, const struct index_test **out)
{
    struct err *err = NULL;
    struct index_test *test;
    struct slice text;
    *out = NULL;
    OR_DONE(new_test(arena, INDEX_TEST_PARTS, &test));
    if (call->kind != EXPRESSION_CALL || call->child_count != 2 || !text_of(call->children[1], &text) ||
        !text_column(call->children[0], test)) {
        return NULL;
    }
    if (strcmp(call->function->name, "like") == 0) {
        OR_DONE(like_parts(arena, text, test));
        *out = test->count > 0 ? test : NULL;
        return NULL;
    }
    for (size_t k = 0; k < sizeof(searches) / sizeof(searches[0]); k++) {
        if (strcmp(call->function->name, searches[k].name) == 0) {
            struct index_part *part = ARENA_NEW(arena, struct index_part);
            if (part == NULL) {
                return arena_error(arena);
            }
            *part = (struct index_part){text, searches[k].begins, searches[k].ends, false};
            test->parts = part;
            test->count = 1;
            *out = test;
        }
    }
done:
    return err;
}

/* position(…) > 0, != 0, >= 1: it was found. */
static const struct expression *found_at_all(const struct expression *condition)
{
    static const struct {
        const char *name;
        int64_t least;
    } forms[] = {{"greater", 0}, {"notEquals", 0}, {"greaterOrEquals", 1}};
    for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++) {
        const struct column *constant;
        if (is_call(condition, forms[k].name, 2) && is_call(condition->children[0], "position", 2) &&
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
    struct index_test *test;
    struct slice text;
    *out = NULL;
    for (uint32_t side = 0; side < 2 && is_call(condition, "equals", 2); side++) {
        OR_DONE(new_test(arena, INDEX_TEST_PARTS, &test));
        if (is_call(condition->children[side], "lower", 1) && text_column(condition->children[side], test) &&
            text_of(condition->children[1 - side], &text)) {
            struct index_part *part = ARENA_NEW(arena, struct index_part);
            if (part == NULL) {
                return arena_error(arena);
            }
            *part = (struct index_part){text, true, true, true};
            test->parts = part;
            test->count = 1;
            *out = test;
            return NULL;
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
