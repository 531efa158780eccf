/*
 * reinterpret.c: the bytes of a value as another type: reinterpret, reinterpretAs…; accurateCast and -OrDefault;
 * toDecimalString.
 *
 * bytes    little endian; what is missing is zero, what is too much is left out; texts lose their zero bytes at the end
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/row.h"

#include "format/value.h"

#include <math.h>
#include <stdio.h>

/* --- reinterpret -------------------------------------------------------------------------------------------------- */

/* A row's bytes. */
static struct slice bytes_at(const struct column *column, uint32_t row)
{
    const struct type *type = column->type;
    size_t at = (size_t)row * column_step(column) * type->width;
    const char *value = (const char *)column->values + at;
    return type->kind == TYPE_STRING ? *(const struct slice *)(const void *)value : slice_of(value, type->width);
}

static struct err *evaluate_reinterpret(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *type = function->inner;
    const struct column *from = arguments[0];
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    OR_DONE(result_new(arena, type, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice bytes = bytes_at(from, i);
        if (type->kind == TYPE_STRING) {
            bool whole = type_is_string(from->type);
            while (!whole && bytes.length > 0 && bytes.data[bytes.length - 1] == '\0') {
                bytes.length--;
            }
            char *to = text_room(&buffer, bytes.length + 1);
            if (to == NULL) {
                return arena_error(arena);
            }
            memcpy(to, bytes.length == 0 ? "" : bytes.data, bytes.length);
            ((struct slice *)made->values)[i] = text_taken(&buffer, bytes.length);
            continue;
        }
        char *to = (char *)made->values + (size_t)i * type->width;
        size_t length = bytes.length < type->width ? bytes.length : type->width;
        memset(to, 0, type->width);
        if (length > 0) {
            memcpy(to, bytes.data, length);
        }
    }
    *out = made;
done:
    return err;
}

static bool is_plain(const struct type *type)
{
    return type_is_number(type) || type->kind == TYPE_DATE || type->kind == TYPE_DATETIME ||
           type->kind == TYPE_DATETIME64 || type->kind == TYPE_UUID;
}

/* Checks both types; data of the result is of type `to`. */
static struct err *reinterpret_as(const struct function_bind *bind, const struct type *to, struct function *out)
{
    const struct type *from = bind->arguments[0].type;
    bool fixed = from->kind == TYPE_FIXED_STRING || is_plain(from) || from->kind == TYPE_DATE32 ||
                 from->kind == TYPE_IPV4 || from->kind == TYPE_IPV6 || from->kind == TYPE_ENUM8 ||
                 from->kind == TYPE_ENUM16 || from->kind == TYPE_INTERVAL;
    bool ok = to->kind == TYPE_STRING         ? fixed || from->kind == TYPE_STRING
              : to->kind == TYPE_FIXED_STRING ? fixed
                                              : is_plain(to) && (is_plain(from) || type_is_string(from));
    if (to->nullable || to->low_cardinality || !ok) {
        struct slice a = type_name(bind->arena, from), b = type_name(bind->arena, to);
        return err_new(ERR_ARGUMENT_TYPE, "function %s cannot reinterpret %.*s as %.*s", bind->name, SLICE_ARG(a),
                       SLICE_ARG(b));
    }
    out->inner = to;
    out->evaluate = evaluate_reinterpret;
    return NULL;
}

static struct err *named_type(const struct function_bind *bind, const struct type **out)
{
    struct slice name;
    const struct function_argument *argument = &bind->arguments[1];
    if (argument->constant == NULL || argument->type->kind != TYPE_STRING) {
        return argument_error(bind, 1, "a constant name of a type is needed");
    }
    name = *(const struct slice *)argument->constant->values;
    return type_parse(bind->arena, name, out);
}

static struct err *resolve_reinterpret(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *type;
    OR_DONE(named_type(bind, &type));
    OR_DONE(reinterpret_as(bind, type, out));
done:
    return err;
}

static struct err *resolve_as(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *type =
        bind->tag != TYPE_FIXED_STRING
            ? type_simple((enum type_kind)bind->tag)
            : type_fixed_string(bind->arena,
                                bind->arguments[0].type->kind == TYPE_STRING ? 1 : bind->arguments[0].type->width);
    if (type == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(reinterpret_as(bind, type, out));
done:
    return err;
}

/* --- accurateCast, accurateCastOrDefault -------------------------------------------------------------------------- */

/* A text that is no value of a Nullable type becomes NULL, but for these types. */
static bool says_why(const struct type *from, const struct type *to)
{
    return type_is_string(from) && (!to->nullable || to->kind == TYPE_BOOL || to->value_count > 0);
}

static struct err *evaluate_accurate(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool or_default = function->data != NULL;
    bool to_null = !or_default && function->inner->nullable && type_is_string(arguments[0]->type) &&
                   !says_why(arguments[0]->type, function->inner);
    const struct column *otherwise;
    struct column *cast;
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    if (sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    OR_DONE(cast_accurate_or_null(arena, function->context, arguments[0], function->inner, &cast));
    otherwise = function->argument_count > 2 ? arguments[2] : cast_default(arena, function->inner, row_count);
    if (otherwise == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        bool fits = !column_is_null(cast, i);
        if (!fits && !or_default && !to_null && !(function->inner->nullable && column_is_null(arguments[0], i))) {
            if (says_why(arguments[0]->type, function->inner) && !column_is_null(arguments[0], i)) {
                OR_DONE(function_cast(arena, function->context, arguments[0], function->inner, &cast)); /* says why */
            }
            struct slice name = type_name(arena, function->inner);
            return err_new(ERR_CANNOT_CONVERT, "a value cannot be safely converted into type %.*s", SLICE_ARG(name));
        }
        sources[i] = fits || !or_default ? 0 : 1;
        rows[i] = i;
    }
    const struct column *both[2] = {cast, otherwise};
    *out = column_pick(arena, function->inner, both, 2, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_accurate(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(named_type(bind, &out->inner));
    if (type_is_nested(out->inner) || type_is_nested(bind->arguments[0].type)) {
        return err_new(ERR_NOT_IMPLEMENTED, "function %s of arrays, tuples and maps is not implemented", bind->name);
    }
    if (bind->count > 2 && !type_equal(bind->arguments[2].type, out->inner)) {
        struct slice name = type_name(bind->arena, out->inner), other = type_name(bind->arena, bind->arguments[2].type);
        return err_new(ERR_BAD_ARGUMENTS, "Default value type should be same as cast type. Expected %.*s. Actual %.*s",
                       SLICE_ARG(name), SLICE_ARG(other));
    }
    out->evaluate = evaluate_accurate;
    out->data = bind->tag == 0 ? NULL : "default";
done:
    return err;
}

/* --- toDecimalString ---------------------------------------------------------------------------------------------- */

#define FRACTION_MAX_FLOAT 60
#define FRACTION_MAX       77
#define DIGITS_MAX         1500 /* of a double's exact decimal fraction */

/* Digits with so many behind the point, in place; halves are rounded away from zero. */
static size_t round_digits(char *text, size_t length, size_t fraction)
{
    char *point = memchr(text, '.', length);
    size_t whole = point == NULL ? length : (size_t)(point - text);
    size_t have = point == NULL ? 0 : length - whole - 1;
    if (have <= fraction) {
        if (have == 0 && fraction > 0) {
            text[whole] = '.';
        }
        memset(text + whole + 1 + have, '0', fraction - have);
        return fraction == 0 ? whole : whole + 1 + fraction;
    }
    bool up = text[whole + 1 + fraction] >= '5';
    size_t kept = fraction == 0 ? whole : whole + 1 + fraction;
    size_t first = text[0] == '-';
    for (size_t i = kept; up && i > first; i--) {
        if (text[i - 1] == '.') {
            continue;
        }
        up = text[i - 1] == '9';
        text[i - 1] = up ? '0' : (char)(text[i - 1] + 1);
    }
    if (up) { /* 9.9 became 0.0 */
        memmove(text + first + 1, text + first, kept - first);
        text[first] = '1';
        kept++;
    }
    return kept;
}

static struct err *run_decimal_string(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    const struct type *type = call->function->argument_types[0];
    int64_t fraction = call->arguments[1].integer;
    size_t length;
    if (fraction < 0 || fraction > FRACTION_MAX) {
        return err_new(ERR_CANNOT_PRINT_FLOAT, "Too many fractional digits requested, shall not be more than %d",
                       FRACTION_MAX);
    }
    if (type_is_float(type) && fraction > FRACTION_MAX_FLOAT) {
        return err_new(ERR_CANNOT_PRINT_FLOAT, "Too high precision requested for Float, must not be more than %d",
                       FRACTION_MAX_FLOAT);
    }
    char *to = row_room(call, DIGITS_MAX + FRACTION_MAX, &err);
    if (to == NULL) {
        return err;
    }
    if (type_is_float(type)) {
        double value = type->kind == TYPE_FLOAT64 ? *(const double *)call->arguments[0].value
                                                  : (double)*(const float *)call->arguments[0].value;
        if (!isfinite(value)) {
            length = value_print(type, NULL, call->arguments[0].value, to);
            out->text = text_taken(&call->buffer, length);
            return NULL;
        }
        length = (size_t)snprintf(to, DIGITS_MAX, "%.1080f", value);
    } else {
        const struct type *number = type->kind == TYPE_BOOL ? type_simple(TYPE_UINT8) : type;
        length = value_print(number, NULL, call->arguments[0].value, to);
    }
    out->text = text_taken(&call->buffer, round_digits(to, length, (size_t)fraction));
    return NULL;
}

static struct err *resolve_decimal_string(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_number(bind, 0));
    OR_DONE(argument_integer(bind, 1));
    if (bind->arguments[1].constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument 2 of function %s must be a constant", bind->name);
    }
    OR_DONE(row_resolve(bind, out));
done:
    return err;
}

#define AS(name, kind, about)                                                                                          \
    {                                                                                                                  \
        {"reinterpretAs" name, false, 1, 1, 0, resolve_as, kind}, NULL, TYPE_NOTHING, 0, NULL, about                   \
    }
static const struct function_definition definitions[] = {
    {"reinterpret", false, 2, 2, 0, resolve_reinterpret, 0},
    {"accurateCast", false, 2, 2, FUNCTION_NULLS | FUNCTION_FULL | FUNCTION_CAN_FAIL, resolve_accurate, 0},
    {"accurateCastOrDefault", false, 2, 3, FUNCTION_NULLS | FUNCTION_FULL, resolve_accurate, 1},
};
static const struct row_function rows[] = {
    AS("UInt8", TYPE_UINT8, "The bytes of the value as UInt8."),
    AS("UInt16", TYPE_UINT16, "The bytes of the value as UInt16."),
    AS("UInt32", TYPE_UINT32, "The bytes of the value as UInt32."),
    AS("UInt64", TYPE_UINT64, "The bytes of the value as UInt64."),
    AS("UInt128", TYPE_UINT128, "The bytes of the value as UInt128."),
    AS("UInt256", TYPE_UINT256, "The bytes of the value as UInt256."),
    AS("Int8", TYPE_INT8, "The bytes of the value as Int8."),
    AS("Int16", TYPE_INT16, "The bytes of the value as Int16."),
    AS("Int32", TYPE_INT32, "The bytes of the value as Int32."),
    AS("Int64", TYPE_INT64, "The bytes of the value as Int64."),
    AS("Int128", TYPE_INT128, "The bytes of the value as Int128."),
    AS("Int256", TYPE_INT256, "The bytes of the value as Int256."),
    AS("Float32", TYPE_FLOAT32, "The bytes of the value as Float32."),
    AS("Float64", TYPE_FLOAT64, "The bytes of the value as Float64."),
    AS("Date", TYPE_DATE, "The bytes of the value as Date."),
    AS("DateTime", TYPE_DATETIME, "The bytes of the value as DateTime."),
    AS("UUID", TYPE_UUID, "The bytes of the value as UUID."),
    AS("String", TYPE_STRING, "The bytes of the value as String."),
    AS("FixedString", TYPE_FIXED_STRING, "The bytes of the value as FixedString."),
    {{"toDecimalString", true, 2, 2, FUNCTION_CAN_FAIL, resolve_decimal_string, 0},
     "vi",
     TYPE_STRING,
     0,
     run_decimal_string,
     "The number with so many digits behind its point."},
};
const struct function_group functions_reinterpret = {
    definitions, sizeof(definitions) / sizeof(definitions[0]), NULL, 0, rows, sizeof(rows) / sizeof(rows[0])};
