/*
 * about.c: about arguments and blocks (isConstant, byteSize, rowNumberInBlock, …), sizes written for people, and the
 * functions that ClickHouse has deprecated.
 *
 * blocks   rows are numbered in the chunks in which they come to the function
 * thread   any; rowNumberInAllBlocks counts in an atomic of the bound function
 */
#include "query/functions/row.h"

#include "base/number.h"

#include <math.h>
#include <stdatomic.h>
#include <strings.h>

/* --- arguments --------------------------------------------------------------------------------------------------- */

enum fact { FACT_IGNORE, FACT_CONSTANT, FACT_NULLABLE };

static struct err *evaluate_fact(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_const(arena, function->inner, function->data, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_fact(const struct function_bind *bind, struct function *out)
{
    uint8_t *value = ARENA_NEW(bind->arena, uint8_t);
    if (value == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->tag == FACT_CONSTANT) {
        *value = bind->arguments[0].constant != NULL;
    } else if (bind->tag == FACT_NULLABLE) {
        *value = bind->arguments[0].type->nullable;
    }
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = evaluate_fact;
    out->data = value;
    return NULL;
}

static struct err *evaluate_default(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_default(arena, function->inner, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_default(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice name;
    out->inner = bind->arguments[0].type;
    if (bind->tag != 0) {
        OR_DONE(argument_constant_text(bind, 0, &name));
        OR_DONE(type_parse(bind->arena, name, &out->inner));
    }
    out->evaluate = evaluate_default;
done:
    return err;
}

static struct err *resolve_enum_size(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    uint16_t *count = ARENA_NEW(bind->arena, uint16_t);
    if (count == NULL) {
        return arena_error(bind->arena);
    }
    if (type->kind != TYPE_ENUM8 && type->kind != TYPE_ENUM16) {
        return argument_error(bind, 0, "an enum is needed");
    }
    *count = (uint16_t)type->value_count;
    out->inner = type_simple(type->kind == TYPE_ENUM8 ? TYPE_UINT8 : TYPE_UINT16);
    out->evaluate = evaluate_fact;
    out->data = count;
    return NULL;
}

/* Bytes of the values in memory, as ClickHouse counts them: 9 + length for a string, a byte for a NULL. */
static struct err *evaluate_byte_size(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t bytes = 0;
        for (uint32_t a = 0; a < function->argument_count; a++) {
            const struct type *type = function->argument_types[a];
            bytes += type->nullable;
            bytes += type->kind == TYPE_STRING ? 8 + VALUE_AT(arguments[a], struct slice, i).length : type->width;
        }
        ((uint64_t *)made->values)[i] = bytes;
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_byte_size(const struct function_bind *bind, struct function *out)
{
    for (uint32_t i = 0; i < bind->count; i++) {
        if (type_is_nested(bind->arguments[i].type) || bind->arguments[i].type->kind == TYPE_NOTHING) {
            return argument_error(bind, i, "arrays, tuples, maps and NULL are not implemented here");
        }
    }
    out->inner = type_simple(TYPE_UINT64);
    out->evaluate = evaluate_byte_size;
    return NULL;
}

/* --- blocks ------------------------------------------------------------------------------------------------------ */

static struct err *evaluate_row_number(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    _Atomic uint64_t *rows = (_Atomic uint64_t *)(uintptr_t)function->data;
    uint64_t first = rows == NULL ? 0 : atomic_fetch_add(rows, row_count);
    struct column *made;
    (void)arguments;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        ((uint64_t *)made->values)[i] = first + i;
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_row_number(const struct function_bind *bind, struct function *out)
{
    out->inner = type_simple(TYPE_UINT64);
    out->evaluate = evaluate_row_number;
    if (bind->tag != 0) {
        _Atomic uint64_t *rows = arena_zalloc(bind->arena, sizeof(*rows));
        if (rows == NULL) {
            return arena_error(bind->arena);
        }
        out->data = rows;
    }
    return NULL;
}

static struct err *resolve_deprecated(const struct function_bind *bind, struct function *out)
{
    (void)out;
    return err_new(ERR_DEPRECATED_FUNCTION,
                   "Function %s is deprecated since its usage is error-prone. Please use proper window functions",
                   bind->name);
}

/* How many of the stretches of time that began in this chunk's rows, this one's too, last beyond its beginning: the
 * ends are in a heap, the least one first. */
static void heap_add(int64_t *heap, uint32_t count, int64_t end)
{
    uint32_t at = count;
    for (; at > 0 && heap[(at - 1) / 2] > end; at = (at - 1) / 2) {
        heap[at] = heap[(at - 1) / 2];
    }
    heap[at] = end;
}

static void heap_drop(int64_t *heap, uint32_t count)
{
    int64_t last = heap[count - 1];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = at * 2 + 1;
        child += child + 1 < count - 1 && heap[child + 1] < heap[child];
        if (child >= count - 1 || heap[child] >= last) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
}

static struct err *evaluate_concurrency(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *begins = column_numbers(arena, arguments[0], TYPE_INT64);
    const struct column *ends = column_numbers(arena, arguments[1], TYPE_INT64);
    bool constant = arguments[0]->form == COLUMN_CONST && arguments[1]->form == COLUMN_CONST;
    uint32_t rows = constant ? 1 : row_count, open = 0;
    int64_t *heap = ARENA_ARRAY(arena, int64_t, rows + 1U);
    struct column *made;
    if (begins == NULL || ends == NULL || heap == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, rows, &made));
    for (uint32_t i = 0; i < rows; i++) {
        int64_t begin = VALUE_AT(begins, int64_t, i), end = VALUE_AT(ends, int64_t, i);
        OR_DONE(interrupt_at(i));
        if (begin > end) {
            return err_new(ERR_INCORRECT_DATA, "function %s: row %u of a block begins at %lld, after its end, %lld",
                           function->name, i + 1, (long long)begin, (long long)end);
        }
        heap_add(heap, open++, end);
        while (open > 0 && heap[0] <= begin) {
            heap_drop(heap, open--);
        }
        ((uint32_t *)made->values)[i] = open;
    }
    *out = constant ? column_const(arena, function->inner, made->values, row_count) : made;
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_concurrency(const struct function_bind *bind, struct function *out)
{
    const struct type *a = bind->arguments[0].type, *b = bind->arguments[1].type;
    for (uint32_t i = 0; i < 2; i++) {
        const struct type *type = bind->arguments[i].type;
        if (type->nullable ||
            (type->kind != TYPE_DATE && type->kind != TYPE_DATETIME && type->kind != TYPE_DATETIME64)) {
            return argument_error(bind, i, "a Date, DateTime or DateTime64 is needed");
        }
    }
    if (a->kind != b->kind || (a->kind == TYPE_DATETIME64 && a->scale != b->scale)) {
        return argument_error(bind, 1, "the first one's type is needed");
    }
    if ((bind->arguments[0].constant == NULL) != (bind->arguments[1].constant == NULL)) {
        return err_new(ERR_ILLEGAL_COLUMN, "function %s: either both arguments are constants or none", bind->name);
    }
    out->inner = type_simple(TYPE_UINT32);
    out->evaluate = evaluate_concurrency;
    return NULL;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static struct err *evaluate_zero_or_null(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *numbers = column_numbers(arena, arguments[0], TYPE_FLOAT64);
    struct column *made;
    if (numbers == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        ((uint8_t *)made->values)[i] = null_at(arguments[0], i) || VALUE_AT(numbers, double, i) == 0;
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_one(EVALUATE_ARGUMENTS)
{
    static const uint8_t one = 1;
    (void)arguments;
    *out = column_const(arena, function->inner, &one, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_zero_or_null(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    bool nothing = bind->arguments[0].type->kind == TYPE_NOTHING;
    if (!nothing) {
        OR_DONE(argument_number(bind, 0));
    }
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = nothing ? evaluate_one : evaluate_zero_or_null;
done:
    return err;
}

/* --- readable sizes ---------------------------------------------------------------------------------------------- */

enum { OR_FAIL, OR_NULL, OR_ZERO };

static enum err_code read_size(struct slice text, uint64_t *out)
{
    static const char units[] = "bkmgtpe";
    size_t at = 0;
    double number;
    while (at < text.length && text.data[at] == ' ') {
        at++;
    }
    size_t begin = at;
    while (at < text.length && ((text.data[at] >= '0' && text.data[at] <= '9') || text.data[at] == '.' ||
                                text.data[at] == '-' || text.data[at] == '+')) {
        at++;
    }
    if (!number_parse_double(slice_of(text.data + begin, at - begin), &number)) {
        return ERR_CANNOT_PARSE_NUMBER;
    }
    if (!(number >= 0)) {
        return ERR_BAD_ARGUMENTS;
    }
    while (at < text.length && text.data[at] == ' ') {
        at++;
    }
    struct slice unit = slice_of(text.data + at, text.length - at);
    const char *power = unit.length == 0 ? NULL : strchr(units, unit.data[0] | 0x20);
    bool binary = unit.length == 3 && (unit.data[1] | 0x20) == 'i';
    bool shaped = power != NULL && *power != '\0' &&
                  (power == units ? unit.length == 1
                                  : (unit.length == 2 || binary) && (unit.data[unit.length - 1] | 0x20) == 'b');
    if (!shaped) {
        return ERR_CANNOT_PARSE_TEXT;
    }
    for (const char *p = units; p < power; p++) {
        number *= binary ? 1024 : 1000;
    }
    number = ceil(number);
    if (number >= 18446744073709551616.0) {
        return ERR_BAD_ARGUMENTS;
    }
    *out = (uint64_t)number;
    return 0;
}

static struct err *run_read_size(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    enum err_code code = read_size(text, &out->natural);
    if (code == 0) {
        return NULL;
    }
    call->null = call->tag == OR_NULL;
    if (call->tag == OR_FAIL) {
        return err_new(code, "function %s: '%.*s' is no size such as '1.5 GiB'", call->function->name,
                       (int)(text.length > 100 ? 100 : text.length), text.data);
    }
    return NULL;
}

#define BOUND(name, least, most, flags, resolve, tag)                                                                  \
    {                                                                                                                  \
        name, false, least, most, flags, resolve, tag                                                                  \
    }
#define FACT (FUNCTION_NULLS | FUNCTION_FULL)
static const struct function_definition definitions[] = {
    BOUND("ignore", 0, ANY_COUNT, FACT, resolve_fact, FACT_IGNORE),
    BOUND("isConstant", 1, 1, FACT | FUNCTION_OF_TYPES, resolve_fact, FACT_CONSTANT),
    BOUND("isNullable", 1, 1, FACT | FUNCTION_OF_TYPES, resolve_fact, FACT_NULLABLE),
    BOUND("defaultValueOfArgumentType", 1, 1, FACT | FUNCTION_OF_TYPES, resolve_default, 0),
    BOUND("defaultValueOfTypeName", 1, 1, FACT, resolve_default, 1),
    BOUND("getSizeOfEnumType", 1, 1, FUNCTION_OF_TYPES, resolve_enum_size, 0),
    BOUND("byteSize", 0, ANY_COUNT, FACT, resolve_byte_size, 0),
    BOUND("rowNumberInBlock", 0, 0, FUNCTION_VOLATILE, resolve_row_number, 0),
    BOUND("rowNumberInAllBlocks", 0, 0, FUNCTION_VOLATILE, resolve_row_number, 1),
    BOUND("isZeroOrNull", 1, 1, FACT, resolve_zero_or_null, 0),
    BOUND("runningDifference", 1, 1, FUNCTION_NULLS, resolve_deprecated, 0),
    BOUND("runningDifferenceStartingWithFirstValue", 1, 1, FUNCTION_NULLS, resolve_deprecated, 0),
    BOUND("runningAccumulate", 1, 2, 0, resolve_deprecated, 0),
    BOUND("runningConcurrency", 2, 2, FUNCTION_NULLS | FUNCTION_VOLATILE | FUNCTION_CAN_FAIL, resolve_concurrency, 0),
    BOUND("neighbor", 2, 3, 0, resolve_deprecated, 0),
};
static const struct row_function rows[] = {
    ROW_FULL("parseReadableSize", false, 1, 1, FUNCTION_CAN_FAIL, OR_FAIL, "s", TYPE_UINT64, 0, run_read_size,
             "The bytes of a size such as '1.5 GiB'."),
    ROW_FULL("parseReadableSizeOrNull", false, 1, 1, 0, OR_NULL, "s", TYPE_UINT64, ROW_NULLS, run_read_size,
             "As parseReadableSize; NULL for what is none."),
    ROW_FULL("parseReadableSizeOrZero", false, 1, 1, 0, OR_ZERO, "s", TYPE_UINT64, 0, run_read_size,
             "As parseReadableSize; 0 for what is none."),
};
static const struct function_alias aliases[] = {
    {"session_user", true, "currentUser"},        {"currentQueryID", false, "queryID"},
    {"current_query_id", true, "queryID"},        {"hostname", false, "hostName"},
    {"concatAssumeInjective", false, "concat"},   {"concatWithSeparatorAssumeInjective", false, "concatWithSeparator"},
    {"caseWithoutExpr", false, "multiIf"},        {"positive_modulo", true, "positiveModulo"},
    {"FROM_UNIXTIME", true, "fromUnixTimestamp"},
};
const struct function_group functions_about = {definitions, sizeof(definitions) / sizeof(definitions[0]),
                                               aliases,     sizeof(aliases) / sizeof(aliases[0]),
                                               rows,        sizeof(rows) / sizeof(rows[0])};
