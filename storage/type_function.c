/*
 * type_function.c: the spelling of AggregateFunction([version, ]f[(parameters)], T…) and SimpleAggregateFunction(f,
 * T).
 *
 * input    hostile, as in type_text.c. Whether there is such a function, the query engine says
 *          (type_functions_register)
 * thread   any
 */
#include "storage/type_text.h"

#define ARGUMENTS_MAX 64U

static type_function_check *check_function;

void type_functions_register(type_function_check *check)
{
    check_function = check;
}

struct slice type_text_trimmed(struct slice text)
{
    while (text.length > 0 && strchr(" \t\r\n", text.data[0]) != NULL && text.data[0] != 0) {
        text.data++;
        text.length--;
    }
    while (text.length > 0 && strchr(" \t\r\n", text.data[text.length - 1]) != NULL &&
           text.data[text.length - 1] != 0) {
        text.length--;
    }
    return text;
}

bool type_text_next(struct slice text, size_t *at, struct slice *part)
{
    size_t begin = *at;
    uint32_t open = 0;
    for (char quote = 0; *at < text.length; ++*at) {
        char c = text.data[*at];
        if (quote != 0) {
            *at += c == '\\';
            quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '`') {
            quote = c;
        } else if (c == '(' || c == '[') {
            open++;
        } else if (open == 0 && (c == ',' || c == ')')) {
            *part = type_text_trimmed(slice_of(text.data + begin, *at - begin));
            return true;
        } else if (c == ')' || c == ']') {
            open--;
        }
    }
    return false;
}

static struct err *bad_type(bool simple, const char *what)
{
    return err_new(ERR_SYNTAX, "type %sAggregateFunction: %s", simple ? "Simple" : "", what);
}

/* "quantiles(0.5, 0.9)" */
static struct err *function_name(struct slice text, struct type_function *function)
{
    const char *open = text.length == 0 ? NULL : memchr(text.data, '(', text.length);
    function->name = text;
    function->parameters = slice_text("");
    if (open != NULL) {
        function->name = type_text_trimmed(slice_of(text.data, (size_t)(open - text.data)));
        if (text.data[text.length - 1] != ')') {
            return bad_type(function->simple, "the function's parameters do not end");
        }
        function->parameters =
            type_text_trimmed(slice_of(open + 1, (size_t)(text.data + text.length - 1 - (open + 1))));
    }
    for (size_t i = 0; i < function->name.length; i++) {
        char c = function->name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
            return bad_type(function->simple, "the name of a function is expected");
        }
    }
    return function->name.length > 0 ? NULL : bad_type(function->simple, "the name of a function is expected");
}

struct err *type_function_parse(struct arena *arena, struct slice text, bool simple, int depth, size_t *length,
                                const struct type **out)
{
    struct err *err = NULL;
    struct type_function function = {.simple = simple};
    struct slice part = {0};
    size_t at = 0;
    bool has_version = false;
    const struct type **arguments = ARENA_ARRAY(arena, const struct type *, ARGUMENTS_MAX);
    if (arguments == NULL) {
        return arena_error(arena);
    }
    if (type_text_trimmed(text).length == 0 || type_text_trimmed(text).data[0] == ')') {
        return err_new(ERR_ARGUMENT_COUNT,
                       "Data type %sAggregateFunction requires parameters: the name of an aggregate function and types",
                       simple ? "Simple" : "");
    }
    for (uint32_t k = 0;; k++, at++) {
        if (!type_text_next(text, &at, &part)) {
            return bad_type(simple, "expected ')'");
        }
        bool is_version = k == 0 && !simple && part.length > 0 && part.data[0] >= '0' && part.data[0] <= '9';
        if (is_version) {
            if (part.length > 1) {
                return err_new(ERR_NOT_IMPLEMENTED, "version %.*s of an aggregate function's states is not known",
                               SLICE_ARG(part));
            }
            has_version = true;
            function.version = (uint32_t)(part.data[0] - '0');
        } else if (k == has_version) {
            OR_DONE(function_name(part, &function));
        } else if (function.argument_count == ARGUMENTS_MAX) {
            return bad_type(simple, "too many arguments");
        } else {
            OR_DONE(type_parse_inside(arena, part, depth, &arguments[function.argument_count]));
            function.argument_count++;
        }
        if (text.data[at] == ')') {
            break;
        }
    }
    *length = at + 1;
    if (function.name.length == 0) {
        return bad_type(simple, "the name of a function is expected");
    }
    if (simple && function.argument_count != 1) {
        return err_new(ERR_ARGUMENT_COUNT, "Data type SimpleAggregateFunction requires a function and one type");
    }
    function.arguments = arguments;
    const struct type *value = simple ? arguments[0] : NULL;
    if (check_function != NULL) {
        OR_DONE(check_function(arena, &function, value));
    }
    *out = type_of_function(arena, &function, value);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

void type_function_write(struct buffer *buffer, const struct type *type)
{
    const struct type_function *function = type->function;
    buffer_text(buffer, function->simple ? "SimpleAggregateFunction(" : "AggregateFunction(");
    if (function->version != 0) {
        buffer_printf(buffer, "%u, ", function->version);
    }
    buffer_slice(buffer, function->name);
    if (function->parameters.length > 0) {
        buffer_char(buffer, '(');
        buffer_slice(buffer, function->parameters);
        buffer_char(buffer, ')');
    }
    if (function->simple) {
        struct type value = *type;
        value.function = NULL;
        buffer_text(buffer, ", ");
        type_name_write(buffer, &value);
    }
    for (uint32_t k = 0; !function->simple && k < function->argument_count; k++) {
        buffer_text(buffer, ", ");
        type_name_write(buffer, function->arguments[k]);
    }
    buffer_char(buffer, ')');
}
