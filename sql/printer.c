/*
 * printer.c: see printer.h.
 *
 * Operators are printed as operators, their operands in parentheses when they are operators too, so no precedence is
 * needed to read them back.
 */
#include "sql/printer.h"

#include "sql/lexer.h"
#include "sql/literal_list.h"
#include "sql/print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void print_bytes(struct printer *printer, const char *data, size_t length)
{
    if (printer->failed || length == 0) {
        return;
    }
    if (printer->length + length > printer->capacity) {
        size_t capacity = (printer->length + length) * 2 + 64;
        char *grown = arena_alloc(printer->arena, capacity);
        if (grown == NULL) {
            printer->failed = true;
            return;
        }
        if (printer->length > 0) {
            memcpy(grown, printer->data, printer->length);
        }
        printer->data = grown;
        printer->capacity = capacity;
    }
    memcpy(printer->data + printer->length, data, length);
    printer->length += length;
}

void print_slice(struct printer *printer, struct slice text)
{
    if (text.length > 0) {
        print_bytes(printer, text.data, text.length);
    }
}

void print_text(struct printer *printer, const char *text)
{
    print_bytes(printer, text, strlen(text));
}

struct slice print_end(struct printer *printer)
{
    print_bytes(printer, "", 1); /* NUL-terminated for those who want a C string */
    return printer->failed ? (struct slice){0} : slice_of(printer->data, printer->length - 1);
}

/* ---- names and literals */

static bool is_word_name(struct slice name)
{
    bool plain = name.length > 0;

    for (size_t i = 0; i < name.length && plain; i++) {
        unsigned char byte = (unsigned char)name.data[i];
        plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
                (i > 0 && byte >= '0' && byte <= '9');
    }
    return plain;
}

static bool is_plain_name(struct slice name)
{
    static const char *const words[] = {
        "select", "from",     "where",    "group",  "order",  "having", "limit", "union", "and",  "or",   "not",
        "as",     "in",       "between",  "is",     "null",   "case",   "when",  "then",  "else", "end",  "distinct",
        "all",    "with",     "interval", "cast",   "exists", "true",   "false", "inf",   "nan",  "join", "on",
        "using",  "prewhere", "settings", "format", "array",  "like",   "ilike", "div",   "mod"};
    bool plain = is_word_name(name);

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && plain; i++) {
        plain = strlen(words[i]) != name.length || strncasecmp(words[i], name.data, name.length) != 0;
    }
    return plain;
}

static void print_quoted(struct printer *printer, struct slice text, char quote)
{
    static const char from[] = "\b\f\n\r\t\0\a\v\\";
    static const char to[] = "bfnrt0av\\";

    print_bytes(printer, &quote, 1);
    for (size_t i = 0; i < text.length; i++) {
        const char *escape = memchr(from, text.data[i], sizeof(from) - 1);
        if (escape != NULL || text.data[i] == quote) {
            char pair[2] = {'\\', escape != NULL ? to[escape - from] : quote};
            print_bytes(printer, pair, 2);
        } else {
            print_bytes(printer, text.data + i, 1);
        }
    }
    print_bytes(printer, &quote, 1);
}

void print_identifier(struct printer *printer, struct slice name)
{
    if (is_plain_name(name)) {
        print_slice(printer, name);
    } else {
        print_quoted(printer, name, '`');
    }
}

void print_string(struct printer *printer, struct slice text)
{
    print_quoted(printer, text, '\'');
}

/* The shortest digits that read back to the same value, laid out as ClickHouse does: 1., 0.001, 1e30, 1.5e-7. */
void print_float(struct printer *printer, double value)
{
    char digits[32];
    char out[64];

    if (isnan(value) || isinf(value)) {
        print_text(printer, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    for (int precision = 1; precision <= 17; precision++) {
        (void)snprintf(digits, sizeof(digits), "%.*e", precision - 1, value);
        if (strtod(digits, NULL) == value) {
            break;
        }
    }
    int exponent = atoi(strchr(digits, 'e') + 1);
    char mantissa[24];
    int count = 0;
    for (const char *at = digits; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') {
            mantissa[count++] = *at;
        }
    }
    while (count > 1 && mantissa[count - 1] == '0') {
        count--;
    }
    mantissa[count] = '\0';
    const char *sign = signbit(value) ? "-" : "";
    if (exponent >= 21 || exponent < -6) {
        (void)snprintf(out, sizeof(out), "%s%c%s%se%d", sign, mantissa[0], count > 1 ? "." : "", mantissa + 1,
                       exponent);
    } else if (exponent >= count - 1) {
        (void)snprintf(out, sizeof(out), "%s%s%.*s.", sign, mantissa, exponent - count + 1, "000000000000000000000");
    } else if (exponent >= 0) {
        (void)snprintf(out, sizeof(out), "%s%.*s.%s", sign, exponent + 1, mantissa, mantissa + exponent + 1);
    } else {
        (void)snprintf(out, sizeof(out), "%s0.%.*s%s", sign, -exponent - 1, "000000", mantissa);
    }
    print_text(printer, out);
}

static void print_literal(struct printer *printer, const struct ast *node)
{
    char text[32];

    switch (node->literal) {
    case AST_NULL:
        print_text(printer, "NULL");
        break;
    case AST_BOOL:
        print_text(printer, node->number != 0 ? "true" : "false");
        break;
    case AST_UINT:
        (void)snprintf(text, sizeof(text), "%" PRIu64, node->number);
        print_text(printer, text);
        break;
    case AST_INT:
        (void)snprintf(text, sizeof(text), "%" PRId64, (int64_t)node->number);
        print_text(printer, text);
        break;
    case AST_FLOAT:
        print_float(printer, node->real);
        break;
    case AST_STRING:
        print_string(printer, node->text);
        break;
    }
}

/* ---- expressions */

static void print_node(struct printer *printer, const struct ast *node);

void print_list(struct printer *printer, const struct ast_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (i > 0) {
            print_text(printer, ", ");
        }
        print_expression(printer, list->items[i]);
    }
}

static void print_parts(struct printer *printer, const struct slice *parts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) {
            print_text(printer, ".");
        }
        if (printer->names) {
            print_slice(printer, parts[i]);
        } else {
            print_identifier(printer, parts[i]);
        }
    }
}

struct operator_text {
    const char *function;
    const char *text; /* between two, or before one, or behind one operand */
    bool prefix;
    bool postfix;
};

static const struct operator_text operator_texts[] = {
    {"or", " OR ", false, false},
    {"and", " AND ", false, false},
    {"not", "NOT ", true, false},
    {"negate", "-", true, false},
    {"isNull", " IS NULL", false, true},
    {"isNotNull", " IS NOT NULL", false, true},
    {"isNotDistinctFrom", " IS NOT DISTINCT FROM ", false, false},
    {"isDistinctFrom", " IS DISTINCT FROM ", false, false},
    {"like", " LIKE ", false, false},
    {"notLike", " NOT LIKE ", false, false},
    {"ilike", " ILIKE ", false, false},
    {"notILike", " NOT ILIKE ", false, false},
    {"match", " REGEXP ", false, false},
    {"in", " IN ", false, false},
    {"notIn", " NOT IN ", false, false},
    {"globalIn", " GLOBAL IN ", false, false},
    {"globalNotIn", " GLOBAL NOT IN ", false, false},
    {"equals", " = ", false, false},
    {"notEquals", " != ", false, false},
    {"less", " < ", false, false},
    {"lessOrEquals", " <= ", false, false},
    {"greater", " > ", false, false},
    {"greaterOrEquals", " >= ", false, false},
    {"concat", " || ", false, false},
    {"plus", " + ", false, false},
    {"minus", " - ", false, false},
    {"multiply", " * ", false, false},
    {"divide", " / ", false, false},
    {"modulo", " % ", false, false},
};

static const struct operator_text *operator_text(const struct ast *node)
{
    if (node->kind != AST_FUNCTION || !node->is_operator) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(operator_texts) / sizeof(operator_texts[0]); i++) {
        if (slice_equal(node->parts[0], slice_text(operator_texts[i].function))) {
            return &operator_texts[i];
        }
    }
    return NULL;
}

static bool is_bracket(const struct ast *node, const char *name)
{
    return node->kind == AST_FUNCTION && !node->has_parameters && slice_equal(node->parts[0], slice_text(name));
}

static void print_operand(struct printer *printer, const struct ast *node, bool prefix)
{
    bool wrap = node->alias.length == 0 &&
                (operator_text(node) != NULL || node->kind == AST_LAMBDA ||
                 (prefix && node->kind == AST_LITERAL && node->literal != AST_STRING && node->literal != AST_BOOL));
    if (wrap) {
        print_text(printer, "(");
    }
    print_expression(printer, node);
    if (wrap) {
        print_text(printer, ")");
    }
}

static void print_operator(struct printer *printer, const struct ast *node, const struct operator_text *operator)
{
    const struct ast_list *arguments = &node->arguments;

    if (operator->prefix) {
        print_text(printer, operator->text);
        print_operand(printer, arguments->items[0], operator->text[0] == '-');
        return;
    }
    for (uint32_t i = 0; i < arguments->count; i++) {
        if (i > 0) {
            print_text(printer, operator->text);
        }
        const struct ast *item = arguments->items[i];
        /* x IN (1): the one value keeps its parentheses */
        bool wrap = i > 0 && strstr(operator->text, "IN ") != NULL && item->kind == AST_LITERAL;
        if (wrap) {
            print_text(printer, "(");
        }
        print_operand(printer, item, false);
        if (wrap) {
            print_text(printer, ")");
        }
    }
    if (operator->postfix) {
        print_text(printer, operator->text);
    }
}

static void print_bound(struct printer *printer, const struct ast_bound *bound)
{
    if (bound->kind == AST_BOUND_CURRENT) {
        print_text(printer, "CURRENT ROW");
        return;
    }
    if (bound->kind == AST_BOUND_UNBOUNDED) {
        print_text(printer, "UNBOUNDED");
    } else {
        print_expression(printer, bound->value);
    }
    print_text(printer, bound->following ? " FOLLOWING" : " PRECEDING");
}

void print_window(struct printer *printer, const struct ast_window *window)
{
    static const char *const frames[] = {[AST_FRAME_ROWS] = "ROWS BETWEEN ",
                                         [AST_FRAME_RANGE] = "RANGE BETWEEN ",
                                         [AST_FRAME_GROUPS] = "GROUPS BETWEEN "};
    const char *space = "";

    print_text(printer, "(");
    if (window->parent.length > 0) {
        print_identifier(printer, window->parent);
        space = " ";
    }
    if (window->partition_by.count > 0) {
        print_text(printer, space);
        print_text(printer, "PARTITION BY ");
        print_list(printer, &window->partition_by);
        space = " ";
    }
    if (window->order_count > 0) {
        print_text(printer, space);
        print_text(printer, "ORDER BY ");
        print_orders(printer, window->order_by, window->order_count);
        space = " ";
    }
    if (window->frame != AST_FRAME_NONE) {
        print_text(printer, space);
        print_text(printer, frames[window->frame]);
        print_bound(printer, &window->begin);
        print_text(printer, " AND ");
        print_bound(printer, &window->end);
    }
    print_text(printer, ")");
}

static void print_call(struct printer *printer, const struct ast *node)
{
    const struct operator_text *operator= printer->names ? NULL : operator_text(node);

    if (operator!= NULL) {
        print_operator(printer, node, operator);
        return;
    }
    if (is_bracket(node, "array")) {
        print_text(printer, "[");
        print_list(printer, &node->arguments);
        print_text(printer, "]");
    } else if (is_bracket(node, "dynamicElement") && node->is_operator) { /* path.:`Int64` */
        print_operand(printer, node->arguments.items[0], false);
        print_text(printer, ".:`");
        print_slice(printer, node->arguments.items[1]->text);
        print_text(printer, "`");
    } else if (is_bracket(node, "tuple") && (printer->names || node->arguments.count >= 2)) {
        print_text(printer, "(");
        print_list(printer, &node->arguments);
        print_text(printer, ")");
    } else {
        if (printer->names || is_word_name(node->parts[0])) {
            print_slice(printer, node->parts[0]);
        } else {
            print_identifier(printer, node->parts[0]);
        }
        if (node->has_parameters) {
            print_text(printer, "(");
            print_list(printer, &node->parameters);
            print_text(printer, ")");
        }
        print_text(printer, "(");
        print_list(printer, &node->arguments);
        print_text(printer, ")");
    }
    if (node->nulls != 0 && !printer->names) {
        print_text(printer, node->nulls > 0 ? " RESPECT NULLS" : " IGNORE NULLS");
    }
    if (node->window != NULL || node->window_name.length > 0) {
        print_text(printer, " OVER ");
        if (node->window != NULL) {
            print_window(printer, node->window);
        } else {
            print_identifier(printer, node->window_name);
        }
    }
}

static void print_lambda(struct printer *printer, const struct ast *node)
{
    if (printer->names) {
        print_text(printer, "lambda(tuple(");
    } else if (node->part_count != 1) {
        print_text(printer, "(");
    }
    for (uint32_t i = 0; i < node->part_count; i++) {
        if (i > 0) {
            print_text(printer, ", ");
        }
        print_parts(printer, &node->parts[i], 1);
    }
    if (printer->names) {
        print_text(printer, "), ");
        print_expression(printer, node->arguments.items[0]);
        print_text(printer, ")");
        return;
    }
    print_text(printer, node->part_count != 1 ? ") -> " : " -> ");
    print_operand(printer, node->arguments.items[0], false);
}

static void print_transformers(struct printer *printer, const struct ast_transformer *transformer)
{
    for (; transformer != NULL; transformer = transformer->next) {
        print_text(printer, transformer->kind == AST_EXCEPT    ? " EXCEPT ("
                            : transformer->kind == AST_REPLACE ? " REPLACE ("
                                                               : " APPLY (");
        for (uint32_t i = 0; i < transformer->name_count; i++) {
            print_text(printer, i > 0 ? ", " : "");
            if (transformer->is_regexp) {
                print_string(printer, transformer->names[i]);
            } else {
                print_identifier(printer, transformer->names[i]);
            }
        }
        print_list(printer, &transformer->items);
        print_text(printer, ")");
    }
}

/* A row at a time, its node in an arena that is used again. */
static void print_literals(struct printer *printer, const struct ast *list)
{
    bool square = slice_equal(list->parts[0], slice_text("array"));
    struct arena *scratch = arena_create(NULL);
    struct literal_reader reader;
    struct ast *row = NULL;
    struct err *err = scratch == NULL ? err_oom() : literal_reader_init(&reader, list);
    print_text(printer, square ? "[" : "(");
    for (uint64_t i = 0; err == NULL && !printer->failed && i < list->number; i++) {
        err = interrupt_at(i);
        err = err == NULL ? literal_reader_next(&reader, scratch, &row) : err;
        if (err == NULL && row != NULL) {
            print_text(printer, i > 0 ? ", " : "");
            print_expression(printer, row);
        }
        arena_reset(scratch);
    }
    print_text(printer, square ? "]" : ")");
    printer->failed = printer->failed || err != NULL;
    err_free(err);
    arena_destroy(scratch);
}

static void print_node(struct printer *printer, const struct ast *node)
{
    char number[32];

    switch (node->kind) {
    case AST_LITERAL:
        print_literal(printer, node);
        break;
    case AST_IDENTIFIER:
        if (printer->identifier != NULL) {
            print_slice(printer, printer->identifier(printer->user, node));
        } else if (printer->names) {
            print_parts(printer, node->parts + node->part_count - 1, 1);
        } else {
            print_parts(printer, node->parts, node->part_count);
        }
        break;
    case AST_STAR:
        if (printer->identifier != NULL) {
            print_slice(printer, printer->identifier(printer->user, node));
            break;
        }
        if (node->part_count > 0) {
            print_parts(printer, node->parts, node->part_count);
            print_text(printer, ".");
        }
        print_text(printer, "*");
        print_transformers(printer, node->transformers);
        break;
    case AST_COLUMNS:
        if (printer->identifier != NULL) {
            print_slice(printer, printer->identifier(printer->user, node));
            break;
        }
        print_text(printer, "COLUMNS(");
        if (node->arguments.count > 0) {
            print_list(printer, &node->arguments);
        } else {
            print_string(printer, node->text);
        }
        print_text(printer, ")");
        print_transformers(printer, node->transformers);
        break;
    case AST_FUNCTION:
        print_call(printer, node);
        break;
    case AST_LAMBDA:
        print_lambda(printer, node);
        break;
    case AST_SUBQUERY:
        if (printer->names) {
            (void)snprintf(number, sizeof(number), "_subquery_%" PRIu64, node->number);
            print_text(printer, number);
        } else {
            print_subquery(printer, node->subquery);
        }
        break;
    case AST_PARAMETER:
        print_text(printer, "{");
        print_identifier(printer, node->parts[0]);
        print_text(printer, ":");
        print_slice(printer, node->text);
        print_text(printer, "}");
        break;
    case AST_LITERALS:
        print_literals(printer, node);
        break;
    }
}

/* An alias inside of something else stands in parentheses: (a + 1 AS b) * 2. */
void print_expression(struct printer *printer, const struct ast *node)
{
    if (node->alias.length == 0) {
        print_node(printer, node);
    } else if (printer->names) {
        print_slice(printer, node->alias);
    } else {
        print_text(printer, "(");
        print_aliased(printer, node);
        print_text(printer, ")");
    }
}

void print_aliased(struct printer *printer, const struct ast *node)
{
    print_node(printer, node);
    if (node->alias.length > 0) {
        print_text(printer, " AS ");
        print_identifier(printer, node->alias);
    }
}

/* ---- exported */

struct slice ast_print(struct arena *arena, const struct ast *expression)
{
    struct printer printer = {.arena = arena};
    print_expression(&printer, expression);
    return print_end(&printer);
}

struct slice ast_print_setting(struct arena *arena, const struct ast *value)
{
    struct printer printer = {.arena = arena};
    print_setting(&printer, value);
    return print_end(&printer);
}

struct slice ast_print_query(struct arena *arena, const struct ast_query *query)
{
    struct printer printer = {.arena = arena};
    print_query(&printer, query);
    return print_end(&printer);
}

struct slice ast_column_name_in(struct arena *arena, const struct ast *expression,
                                struct slice (*identifier)(void *user, const struct ast *node), void *user)
{
    struct printer printer = {.arena = arena, .names = true, .identifier = identifier, .user = user};
    print_expression(&printer, expression);
    return print_end(&printer);
}

struct slice sql_identifier(struct arena *arena, struct slice name)
{
    struct printer printer = {.arena = arena};
    print_identifier(&printer, name);
    return print_end(&printer);
}

struct slice sql_string(struct arena *arena, struct slice text)
{
    struct printer printer = {.arena = arena};
    print_string(&printer, text);
    return print_end(&printer);
}
