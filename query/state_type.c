/*
 * state_type.c: AggregateFunction types of bound functions, and the functions of such types.
 *
 * parameters  constants as ClickHouse writes them in a type: 1, 0.5, 2., 'text' with \' and \\; a DateTime as its
 *             seconds. Of timeSeries functions also '0.5'::Decimal64(3), decimals and DateTime64.
 * thread      any: pure functions
 */
#include "query/state_type.h"

#include "base/text.h"
#include "base/timezone.h"
#include "format/value.h"
#include "query/aggregate_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PARAMETERS_MAX 256U

/* Functions whose results can be aggregated again by themselves: ClickHouse's list. */
static const char *const simple_functions[] = {
    "any",
    "any_respect_nulls",
    "anyLast",
    "anyLast_respect_nulls",
    "min",
    "max",
    "sum",
    "sumWithOverflow",
    "groupBitAnd",
    "groupBitOr",
    "groupBitXor",
    "sumMap",
    "minMap",
    "maxMap",
    "groupArrayArray",
    "groupArrayLastArray",
    "groupUniqArrayArray",
    "groupUniqArrayArrayMap",
};

static bool begins_with(struct slice text, const char *part)
{
    size_t length = strlen(part);
    return text.length >= length && memcmp(text.data, part, length) == 0;
}

/* --- parameters -------------------------------------------------------------------------------------------------- */

static void write_text(struct buffer *buffer, struct slice text)
{
    buffer_char(buffer, '\'');
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '\'' || c == '\\') {
            buffer_char(buffer, '\\');
        }
        buffer_char(buffer, c);
    }
    buffer_char(buffer, '\'');
}

/* A Float64 that looks like an integer gets a point. */
static void write_number(struct buffer *buffer, const struct type *type, struct slice text)
{
    bool whole = type_is_float(type);
    for (size_t i = 0; whole && i < text.length; i++) {
        whole = text.data[i] == '-' || (text.data[i] >= '0' && text.data[i] <= '9');
    }
    buffer_slice(buffer, text);
    buffer_text(buffer, whole ? "." : "");
}

/* Is a text a number as a whole? */
static bool is_number(const struct combine_bind *bind, const struct column *parameter)
{
    const char *text = column_is_null(parameter, 0)
                           ? NULL
                           : arena_text(bind->arena, *(const struct slice *)column_value(parameter, 0));
    char *end = NULL;
    if (text == NULL) {
        return true; /* refused elsewhere */
    }
    (void)strtod(text, &end);
    return end != text && *end == 0;
}

/* A time as the number of seconds that it is. */
static struct err *number_of_time(const struct combine_bind *bind, const struct column *parameter,
                                  const struct column **out)
{
    const struct type *type = parameter->type;
    if (type->kind == TYPE_DATETIME) {
        *out = column_const(bind->arena, type_simple(TYPE_UINT32), column_value(parameter, 0), 1);
    } else {
        const struct type *decimal = type_decimal(bind->arena, 18, type->scale);
        *out = decimal == NULL ? NULL : column_const(bind->arena, decimal, column_value(parameter, 0), 1);
    }
    return *out == NULL ? arena_error(bind->arena) : NULL;
}

static struct err *parameters_text(const struct combine_bind *bind, struct slice canonical, struct slice *out)
{
    struct err *err = NULL;
    struct buffer buffer = {0};
    bool series = begins_with(canonical, "timeSeries");
    for (uint32_t i = 0; i < bind->parameter_count; i++) {
        const struct column *parameter = bind->parameters[i];
        struct column *texts = NULL;
        enum type_kind kind = parameter->type->kind;
        if (series && i < 2 && kind == TYPE_STRING && !is_number(bind, parameter)) {
            err = err_new(ERR_NOT_IMPLEMENTED,
                          "a state of %.*s would be of other times in each time zone: give toDateTime('2024-01-31 "
                          "12:00:00', 'UTC') for a text as a parameter",
                          SLICE_ARG(canonical));
            goto done;
        }
        if (series && (kind == TYPE_DATETIME || kind == TYPE_DATETIME64) && !column_is_null(parameter, 0)) {
            OR_DONE(number_of_time(bind, parameter, &parameter));
        }
        if (column_is_null(parameter, 0) || (!type_is_number(parameter->type) && !type_is_string(parameter->type))) {
            struct slice name = type_name(bind->arena, parameter->type);
            err = err_new(ERR_NOT_IMPLEMENTED, "states of functions with a parameter of type %.*s are not implemented",
                          SLICE_ARG(name));
            goto done;
        }
        OR_DONE(function_cast(bind->arena, bind->context, parameter, type_simple(TYPE_STRING), &texts));
        struct slice text = *(const struct slice *)column_value(texts, 0);
        buffer_text(&buffer, i > 0 ? ", " : "");
        if (type_is_string(parameter->type)) {
            write_text(&buffer, text);
        } else if (series && parameter->type->kind == TYPE_DECIMAL) {
            write_text(&buffer, text);
            char kind_text[32];
            (void)snprintf(kind_text, sizeof(kind_text), "::Decimal%u(%u)", (unsigned)parameter->type->width * 8,
                           (unsigned)parameter->type->scale);
            buffer_text(&buffer, kind_text);
        } else {
            write_number(&buffer, parameter->type, text);
        }
    }
    *out = slice_text("");
    if (buffer.length > 0) {
        *out = arena_slice(bind->arena, buffer_all(&buffer));
    }
    if (buffer.failed) {
        err = err_oom();
    } else if (out->data == NULL) {
        err = arena_error(bind->arena);
    }
done:
    buffer_deinit(&buffer);
    return err;
}

struct scan {
    struct arena *arena;
    struct slice text;
    size_t at;
};

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->text.length && scan->text.data[scan->at] == ' ') {
        scan->at++;
    }
}

static struct err *bad_parameter(const struct scan *scan)
{
    return err_new(ERR_BAD_ARGUMENTS, "cannot read the parameters \"%.*s\" of an aggregate function at character %zu",
                   SLICE_ARG(scan->text), scan->at + 1);
}

/* Behind a text: ::Decimal64(3). False: there is no such thing. */
static bool scan_decimal(struct scan *scan, uint32_t *bits, uint32_t *scale)
{
    static const char mark[] = "::Decimal";
    char name[24];
    int length = 0;
    struct slice rest = slice_of(scan->text.data + scan->at, scan->text.length - scan->at);
    size_t copied = rest.length < sizeof(name) - 1 ? rest.length : sizeof(name) - 1;
    memcpy(name, rest.data, copied);
    name[copied] = 0;
    if (!begins_with(rest, mark) || sscanf(name, "::Decimal%3u(%2u)%n", bits, scale, &length) != 2 || length == 0) {
        return false;
    }
    scan->at += (size_t)length;
    return true;
}

/* The decimal that a text is. */
static struct err *decimal_of(struct scan *scan, struct slice text, uint32_t bits, uint32_t scale,
                              const struct column **out)
{
    uint32_t precision = bits == 32 ? 9 : bits == 64 ? 18 : 38;
    bool negative = text.length > 0 && text.data[0] == '-';
    __int128 value = 0;
    uint32_t digits = 0, behind = 0; /* digits: from the first one that is no zero on */
    bool point = false, some = false;
    for (size_t i = negative; i < text.length; i++) {
        if (text.data[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (text.data[i] < '0' || text.data[i] > '9' || (point && ++behind > scale)) {
            return bad_parameter(scan);
        }
        some = true;
        digits += digits > 0 || text.data[i] != '0';
        if (digits > 38) {
            return bad_parameter(scan);
        }
        value = value * 10 + (text.data[i] - '0');
    }
    for (; behind < scale && digits <= 38; behind++) {
        digits += digits > 0;
        value = digits <= 38 ? value * 10 : value;
    }
    value = negative ? -value : value;
    bool fits = bits == 128 || (bits == 64 && value == (int64_t)value) || (bits == 32 && value == (int32_t)value);
    if (!some || digits > 38 || scale > precision || !fits) {
        return bad_parameter(scan);
    }
    const struct type *type = type_decimal(scan->arena, (uint8_t)precision, (uint8_t)scale);
    *out = type == NULL ? NULL : column_const(scan->arena, type, &value, 1); /* little-endian: any width */
    return *out == NULL ? arena_error(scan->arena) : NULL;
}

static struct err *scan_text(struct scan *scan, const struct column **out)
{
    char *text = arena_alloc(scan->arena, scan->text.length - scan->at + 1);
    size_t length = 0;
    if (text == NULL) {
        return arena_error(scan->arena);
    }
    for (scan->at++; scan->at < scan->text.length; scan->at++) {
        char c = scan->text.data[scan->at];
        if (c == '\'') {
            struct slice value = slice_of(text, length);
            uint32_t bits = 0, scale = 0;
            scan->at++;
            if (scan_decimal(scan, &bits, &scale)) {
                return decimal_of(scan, value, bits, scale, out);
            }
            *out = column_const(scan->arena, type_simple(TYPE_STRING), &value, 1);
            return *out == NULL ? arena_error(scan->arena) : NULL;
        }
        if (c == '\\' && ++scan->at < scan->text.length) {
            c = scan->text.data[scan->at];
        }
        text[length++] = c;
    }
    return bad_parameter(scan);
}

static struct err *scan_number(struct scan *scan, const struct column **out)
{
    char digits[64];
    size_t length = 0;
    bool whole = true;
    char *end = digits;
    for (; scan->at + length < scan->text.length && length < sizeof(digits) - 1; length++) {
        char c = scan->text.data[scan->at + length];
        if (!((c >= '0' && c <= '9') || (c != 0 && strchr("+-.eE", c) != NULL))) {
            break;
        }
        whole = whole && (c == '-' || (c >= '0' && c <= '9'));
        digits[length] = c;
    }
    digits[length] = 0;
    errno = 0;
    if (length == 0) {
        return bad_parameter(scan);
    }
    if (whole && digits[0] == '-') {
        int64_t value = strtoll(digits, &end, 10);
        *out = column_const(scan->arena, type_simple(TYPE_INT64), &value, 1);
    } else if (whole) {
        uint64_t value = strtoull(digits, &end, 10);
        *out = column_const(scan->arena, type_simple(TYPE_UINT64), &value, 1);
    } else {
        double value = strtod(digits, &end);
        *out = column_const(scan->arena, type_simple(TYPE_FLOAT64), &value, 1);
        errno = 0;
    }
    if (errno != 0 || end != digits + length) {
        return bad_parameter(scan);
    }
    scan->at += length;
    return *out == NULL ? arena_error(scan->arena) : NULL;
}

static struct err *parameters_parse(struct arena *arena, struct slice text, const struct column ***out, uint32_t *count)
{
    struct err *err = NULL;
    struct scan scan = {arena, text, 0};
    *count = 0;
    *out = ARENA_ARRAY(arena, const struct column *, PARAMETERS_MAX);
    if (*out == NULL) {
        return arena_error(arena);
    }
    skip_space(&scan);
    while (scan.at < text.length) {
        if (*count == PARAMETERS_MAX) {
            return err_new(ERR_BAD_ARGUMENTS, "an aggregate function has more than %u parameters", PARAMETERS_MAX);
        }
        if (text.data[scan.at] == '\'') {
            OR_DONE(scan_text(&scan, &(*out)[*count]));
        } else {
            OR_DONE(scan_number(&scan, &(*out)[*count]));
        }
        ++*count;
        skip_space(&scan);
        if (scan.at < text.length && text.data[scan.at] != ',') {
            return bad_parameter(&scan);
        }
        scan.at++;
        skip_space(&scan);
    }
done:
    return err;
}

struct err *aggregate_name_parse(struct arena *arena, struct slice text, struct slice *name,
                                 const struct column ***parameters, uint32_t *parameter_count)
{
    const char *open = text.length == 0 ? NULL : memchr(text.data, '(', text.length);
    *name = text;
    struct slice inner = slice_text("");
    if (open != NULL && text.data[text.length - 1] == ')') {
        *name = slice_of(text.data, (size_t)(open - text.data));
        inner = slice_of(open + 1, (size_t)(text.data + text.length - 1 - (open + 1)));
    }
    return parameters_parse(arena, inner, parameters, parameter_count);
}

/* --- types of functions ------------------------------------------------------------------------------------------ */

static bool contains(struct slice text, const char *part)
{
    return memmem(text.data, text.length, part, strlen(part)) != NULL;
}

/* The states of quantileDeterministic, and of sumMap, minMap and maxMap of arrays are ClickHouse's second form. */
static uint32_t version_of(struct slice canonical, const struct type *first)
{
    return (contains(canonical, "Map") && first != NULL && first->kind == TYPE_ARRAY) ||
           contains(canonical, "Deterministic");
}

struct err *state_type_of(const struct combine_bind *bind, struct slice canonical, const struct type **out)
{
    struct err *err = NULL;
    struct type_function function = {.name = canonical, .argument_count = bind->argument_count};
    const struct type **arguments = ARENA_ARRAY(bind->arena, const struct type *, bind->argument_count + 1U);
    if (arguments == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t i = 0; i < bind->argument_count; i++) {
        arguments[i] = type_low_cardinality(bind->arena, bind->arguments[i].type, false);
        if (arguments[i] == NULL) {
            return arena_error(bind->arena);
        }
    }
    function.arguments = arguments;
    function.version = version_of(canonical, bind->argument_count == 0 ? NULL : arguments[0]);
    OR_DONE(parameters_text(bind, canonical, &function.parameters));
    *out = type_of_function(bind->arena, &function, NULL);
    if (*out == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *check_simple(struct slice canonical)
{
    for (size_t i = 0; i < sizeof(simple_functions) / sizeof(simple_functions[0]); i++) {
        if (slice_equal(canonical, slice_text(simple_functions[i]))) {
            return NULL;
        }
    }
    return err_new(ERR_BAD_ARGUMENTS, "the results of %.*s cannot be aggregated again: no SimpleAggregateFunction",
                   SLICE_ARG(canonical));
}

struct err *simple_type_of(const struct combine_bind *bind, struct slice canonical, const struct type *value,
                           const struct type **out)
{
    struct err *err = NULL;
    struct type_function function = {.simple = true, .name = canonical};
    OR_DONE(check_simple(canonical));
    OR_DONE(parameters_text(bind, canonical, &function.parameters));
    *out = type_of_function(bind->arena, &function, value);
    if (*out == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

/* Do states depend on the parameters? Those of quantiles do not: they are levels, and what comes with them. */
static bool parameters_matter(struct slice canonical)
{
    return canonical.length < 8 || memcmp(canonical.data, "quantile", 8) != 0;
}

/* quantiles keeps what quantile keeps. */
static bool same_function(struct slice a, struct slice b)
{
    static const char many[] = "quantiles";
    struct slice names[2] = {a, b};
    for (int k = 0; k < 2; k++) {
        size_t length = sizeof(many) - 1;
        if (names[k].length >= length && memcmp(names[k].data, many, length) == 0) {
            names[k] = slice_of(names[k].data + length, names[k].length - length);
        } else if (!parameters_matter(names[k])) {
            names[k] = slice_of(names[k].data + length - 1, names[k].length - (length - 1));
        }
    }
    return parameters_matter(a) == parameters_matter(b) && slice_equal(names[0], names[1]);
}

struct err *state_type_matches(const struct combine_bind *bind, struct slice canonical, const struct type *type,
                               const struct aggregate *nested)
{
    struct err *err = NULL;
    struct slice parameters;
    struct slice name = type_name(bind->arena, type);
    if (!type_is_state(type)) {
        return err_new(
            ERR_ARGUMENT_TYPE,
            "Illegal type %.*s of the argument of aggregate function %.*s: it must be AggregateFunction(...)",
            SLICE_ARG(name), SLICE_ARG(bind->name));
    }
    if (nested == NULL) {
        return NULL;
    }
    bool same = same_function(type->function->name, canonical);
    if (same && parameters_matter(canonical)) {
        OR_DONE(parameters_text(bind, canonical, &parameters));
        same = slice_equal(type->function->parameters, parameters);
    }
    if (!same) {
        return err_new(ERR_ARGUMENT_TYPE,
                       "Illegal type %.*s of the argument of aggregate function %.*s: it is of another function",
                       SLICE_ARG(name), SLICE_ARG(bind->name));
    }
done:
    return err;
}

/* --- functions of types ------------------------------------------------------------------------------------------ */

static struct err *function_of(struct arena *arena, const struct function_context *context,
                               const struct type_function *function, const struct aggregate **out)
{
    struct err *err = NULL;
    const struct column **parameters = NULL;
    uint32_t parameter_count = 0;
    struct function_argument *arguments = ARENA_ARRAY(arena, struct function_argument, function->argument_count + 1U);
    if (arguments == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < function->argument_count; i++) {
        arguments[i] = (struct function_argument){function->arguments[i], NULL};
    }
    OR_DONE(parameters_parse(arena, function->parameters, &parameters, &parameter_count));
    OR_DONE(aggregate_resolve(arena, context, function->name, parameters, parameter_count, arguments,
                              function->argument_count, out));
done:
    return err;
}

struct err *aggregate_of_state(struct arena *arena, const struct function_context *context, const struct type *type,
                               const struct aggregate **out)
{
    return function_of(arena, context, type->function, out);
}

struct err *aggregate_check_type(struct arena *arena, struct type_function *function, const struct type *value)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = NULL;
    struct function_context context = {.zone = timezone_utc()};
    OR_DONE(aggregate_canonical(arena, function->name, &function->name));
    if (function->simple) {
        OR_DONE(check_simple(function->name));
    }
    OR_DONE(function_of(arena, &context, function, &aggregate));
    if (!function->simple) {
        uint32_t version = version_of(function->name, function->argument_count == 0 ? NULL : function->arguments[0]);
        if (function->version != 0 && function->version != version) {
            return err_new(ERR_NOT_IMPLEMENTED, "version %u of the states of %.*s is not known", function->version,
                           SLICE_ARG(function->name));
        }
        function->version = version;
        return NULL;
    }
    const struct type *result = type_low_cardinality(arena, aggregate->type, false);
    const struct type *bare = type_low_cardinality(arena, value, false);
    result = result == NULL ? NULL : type_plain(arena, result);
    bare = bare == NULL ? NULL : type_plain(arena, bare);
    if (result == NULL || bare == NULL) {
        return arena_error(arena);
    }
    if (!type_equal(result, bare)) {
        struct slice names[2] = {type_name(arena, result), type_name(arena, value)};
        return err_new(
            ERR_BAD_ARGUMENTS,
            "Incompatible data types between aggregate function '%.*s' which returns %.*s and column storage "
            "type %.*s",
            SLICE_ARG(function->name), SLICE_ARG(names[0]), SLICE_ARG(names[1]));
    }
done:
    return err;
}
