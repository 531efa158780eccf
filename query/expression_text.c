/*
 * expression_text.c: a bound expression as SQL, for EXPLAIN.
 *
 * Constants are written as casts from text write them; what is bound to a set or a subquery is told in words.
 */
#include "query/explain.h"

#include "base/timezone.h"
#include "query/functions/functions.h"

#include <inttypes.h>
#include <stdio.h>

#define TEXT_BYTES_MAX 2000U /* longer ones are cut: lists of thousands of values are no reading */

struct text {
    struct arena *arena;
    const struct source_column *columns;
    uint32_t column_count;
    struct slice out;
    struct err *err;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
    char part[512];
    va_list list;
    if (text->err != NULL || text->out.length > TEXT_BYTES_MAX) {
        return;
    }
    va_start(list, format);
    (void)vsnprintf(part, sizeof(part), format, list);
    va_end(list);
    char *joined = arena_format(text->arena, "%.*s%s", SLICE_ARG(text->out), part);
    if (joined == NULL) {
        text->err = arena_error(text->arena);
        return;
    }
    text->out = slice_text(joined);
}

static void add_constant(struct text *text, const struct column *value)
{
    static const struct function_context none;
    struct column *string = NULL;

    if (value == NULL) {
        add(text, "(of a subquery)");
        return;
    }
    if (value->type->kind == TYPE_NOTHING || column_is_null(value, 0)) {
        add(text, "NULL");
        return;
    }
    struct function_context context = none;
    context.zone = timezone_utc();
    struct err *err = function_cast(text->arena, &context, value, type_simple(TYPE_STRING), &string);
    if (err != NULL) {
        err_keep_first(&text->err, err);
        return;
    }
    struct slice said = *(const struct slice *)column_value(string, 0);
    bool quoted = !type_is_number(value->type) && !type_is_nested(value->type);
    int length = (int)(said.length < 100 ? said.length : 100);
    add(text, quoted ? "'%.*s%s'" : "%.*s%s", length, said.data, said.length > 100 ? "…" : "");
}

static const char *operator_of(const char *name)
{
    static const char *const operators[][2] = {
        {"equals", "="},           {"notEquals", "!="}, {"less", "<"},  {"lessOrEquals", "<="}, {"greater", ">"},
        {"greaterOrEquals", ">="}, {"plus", "+"},       {"minus", "-"}, {"multiply", "*"},      {"divide", "/"},
        {"modulo", "%"},           {"and", "AND"},      {"or", "OR"},   {"like", "LIKE"},       {"ilike", "ILIKE"}};
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (strcmp(operators[i][0], name) == 0) {
            return operators[i][1];
        }
    }
    return NULL;
}

static void add_expression(struct text *text, const struct expression *expression, bool inside);

static void add_children(struct text *text, const struct expression *expression, const char *between, bool inside)
{
    for (uint32_t i = 0; i < expression->child_count; i++) {
        add(text, "%s", i > 0 ? between : "");
        add_expression(text, expression->children[i], inside);
    }
}

static void add_call(struct text *text, const struct expression *expression, bool inside)
{
    const char *name = expression->function->name;
    const char *operation = expression->child_count > 1 ? operator_of(name) : NULL;
    char between[32];

    if (operation != NULL) {
        (void)snprintf(between, sizeof(between), " %s ", operation);
        add(text, "%s", inside ? "(" : "");
        add_children(text, expression, between, true);
        add(text, "%s", inside ? ")" : "");
        return;
    }
    add(text, "%s(", name);
    add_children(text, expression, ", ", false);
    add(text, ")");
}

static void add_expression(struct text *text, const struct expression *expression, bool inside)
{
    if (text->out.length > TEXT_BYTES_MAX) {
        return;
    }
    switch (expression->kind) {
    case EXPRESSION_COLUMN:
        if (expression->column_index < text->column_count) {
            add(text, "%.*s", SLICE_ARG(text->columns[expression->column_index].name));
        } else {
            add(text, "column %" PRIu32, expression->column_index);
        }
        break;
    case EXPRESSION_CONSTANT:
        add_constant(text, expression->constant);
        break;
    case EXPRESSION_PARAMETER:
        add_constant(text, expression->parameter->value);
        break;
    case EXPRESSION_CALL:
        add_call(text, expression, inside);
        break;
    case EXPRESSION_IN:
        add(text, "%s", expression->child_count > 1 ? "(" : "");
        add_children(text, expression, ", ", true);
        add(text, "%s %sIN (", expression->child_count > 1 ? ")" : "", expression->negated ? "NOT " : "");
        if (value_set_count(expression->set) == 0) {
            add(text, "a subquery)");
        } else {
            add(text, "%" PRIu64 " values)", value_set_count(expression->set));
        }
        break;
    case EXPRESSION_MAP:
        add(text, "a lambda of ");
        add_children(text, expression, ", ", true);
        break;
    }
}

struct err *expression_text(struct arena *arena, const struct expression *expression,
                            const struct source_column *columns, uint32_t column_count, struct slice *out)
{
    struct text text = {.arena = arena, .columns = columns, .column_count = column_count, .out = {"", 0}};

    add_expression(&text, expression, false);
    if (text.out.length > TEXT_BYTES_MAX) {
        char *cut = arena_format(arena, "%.*s …", (int)TEXT_BYTES_MAX, text.out.data);
        if (cut == NULL) {
            return arena_error(arena);
        }
        text.out = slice_text(cut);
    }
    *out = text.out;
    return text.err;
}
