/*
 * type_text.c: the spelling of types, as ClickHouse writes and reads it.
 *
 * input    hostile: a type's text comes from SQL, headers of formats, and the ledger; depth and lengths are bounded
 * thread   any
 */
#include "base/text.h"
#include "base/timezone.h"
#include "storage/type_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define DEPTH_MAX       32
#define ELEMENTS_MAX    65536U
#define FIXED_BYTES_MAX 0xffffffU

static const char *const names[TYPE_KINDS] = {
    [TYPE_NOTHING] = "Nothing", [TYPE_BOOL] = "Bool",     [TYPE_INT8] = "Int8",       [TYPE_INT16] = "Int16",
    [TYPE_INT32] = "Int32",     [TYPE_INT64] = "Int64",   [TYPE_UINT8] = "UInt8",     [TYPE_UINT16] = "UInt16",
    [TYPE_UINT32] = "UInt32",   [TYPE_UINT64] = "UInt64", [TYPE_FLOAT32] = "Float32", [TYPE_FLOAT64] = "Float64",
    [TYPE_STRING] = "String",   [TYPE_DATE] = "Date",     [TYPE_DATE32] = "Date32",   [TYPE_DATETIME] = "DateTime",
    [TYPE_UUID] = "UUID",       [TYPE_IPV4] = "IPv4",     [TYPE_IPV6] = "IPv6",       [TYPE_INT128] = "Int128",
    [TYPE_UINT128] = "UInt128", [TYPE_INT256] = "Int256", [TYPE_UINT256] = "UInt256",
};

static const char *const interval_names[] = {"Nanosecond", "Microsecond", "Millisecond", "Second",  "Minute", "Hour",
                                             "Day",        "Week",        "Month",       "Quarter", "Year"};

/* Names of other databases, in any case. */
static const struct {
    const char *name;
    enum type_kind kind;
} aliases[] = {
    {"BOOLEAN", TYPE_BOOL},    {"TINYINT", TYPE_INT8},     {"INT1", TYPE_INT8},         {"BYTE", TYPE_INT8},
    {"SMALLINT", TYPE_INT16},  {"INT", TYPE_INT32},        {"INTEGER", TYPE_INT32},     {"MEDIUMINT", TYPE_INT32},
    {"BIGINT", TYPE_INT64},    {"SIGNED", TYPE_INT64},     {"UNSIGNED", TYPE_UINT64},   {"REAL", TYPE_FLOAT32},
    {"FLOAT", TYPE_FLOAT32},   {"SINGLE", TYPE_FLOAT32},   {"DOUBLE", TYPE_FLOAT64},    {"TEXT", TYPE_STRING},
    {"VARCHAR", TYPE_STRING},  {"CHAR", TYPE_STRING},      {"CHARACTER", TYPE_STRING},  {"TINYTEXT", TYPE_STRING},
    {"LONGTEXT", TYPE_STRING}, {"BLOB", TYPE_STRING},      {"BYTEA", TYPE_STRING},      {"TIMESTAMP", TYPE_DATETIME},
    {"INET4", TYPE_IPV4},      {"INET6", TYPE_IPV6},       {"MEDIUMTEXT", TYPE_STRING}, {"NVARCHAR", TYPE_STRING},
    {"LONGBLOB", TYPE_STRING}, {"VARBINARY", TYPE_STRING}, {"CLOB", TYPE_STRING},       {"INT8", TYPE_INT8},
};

static const char *const refused[] = {"Decimal256", "Object",       "Variant", "Dynamic", "Nested",   "Point", "Ring",
                                      "Polygon",    "MultiPolygon", "Time",    "Time64",  "BFloat16", "QBit"};

struct parser {
    struct arena *arena;
    struct slice text;
    size_t at;
};

static void skip_space(struct parser *parser)
{
    while (parser->at < parser->text.length && strchr(" \t\r\n", parser->text.data[parser->at]) != NULL &&
           parser->text.data[parser->at] != 0) {
        parser->at++;
    }
}

static bool accept(struct parser *parser, char c)
{
    skip_space(parser);
    if (parser->at < parser->text.length && parser->text.data[parser->at] == c) {
        parser->at++;
        return true;
    }
    return false;
}

static struct err *fail(const struct parser *parser, const char *what)
{
    return err_new(ERR_SYNTAX, "type \"%.*s\": %s at character %zu", SLICE_ARG(parser->text), what, parser->at + 1);
}

static struct err *expect(struct parser *parser, char c)
{
    char what[32];
    if (accept(parser, c)) {
        return NULL;
    }
    (void)snprintf(what, sizeof(what), "expected '%c'", c);
    return fail(parser, what);
}

static struct slice word(struct parser *parser)
{
    skip_space(parser);
    size_t begin = parser->at;
    while (parser->at < parser->text.length) {
        char c = parser->text.data[parser->at];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
            break;
        }
        parser->at++;
    }
    return slice_of(parser->text.data + begin, parser->at - begin);
}

static struct err *number(struct parser *parser, const char *what, uint32_t min, uint32_t max, uint32_t *out)
{
    struct slice digits = word(parser);
    uint64_t value = 0;
    bool good = digits.length > 0 && digits.length < 10;
    for (size_t k = 0; good && k < digits.length; k++) {
        good = digits.data[k] >= '0' && digits.data[k] <= '9';
        value = value * 10 + (uint64_t)(digits.data[k] - '0');
    }
    if (!good || value < min || value > max) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "type \"%.*s\": %s must be a number from %u to %u",
                       SLICE_ARG(parser->text), what, min, max);
    }
    *out = (uint32_t)value;
    return NULL;
}

/* 'text' with \' \\ and '' escapes. */
static struct err *quoted(struct parser *parser, struct slice *out)
{
    struct err *err = expect(parser, '\'');
    if (err != NULL) {
        return err;
    }
    /* How long it is at most: not all of what follows, of which an Enum has thousands. */
    size_t end = parser->at;
    for (const char *data = parser->text.data; end < parser->text.length; end++) {
        bool doubled = data[end] == '\'' && end + 1 < parser->text.length && data[end + 1] == '\'';
        if (data[end] == '\'' && !doubled) {
            break;
        }
        end += data[end] == '\\' || doubled ? 1 : 0;
    }
    char *text = arena_alloc(parser->arena, end - parser->at + 1);
    if (text == NULL) {
        return arena_error(parser->arena);
    }
    size_t length = 0;
    while (parser->at < parser->text.length) {
        char c = parser->text.data[parser->at++];
        if (c == '\\' && parser->at < parser->text.length) {
            c = parser->text.data[parser->at++];
            c = (char)(c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? 0 : c);
        } else if (c == '\'') {
            if (parser->at >= parser->text.length || parser->text.data[parser->at] != '\'') {
                *out = slice_of(text, length);
                return NULL;
            }
            parser->at++;
        }
        text[length++] = c;
    }
    return fail(parser, "a quoted text does not end");
}

static struct err *zone_parameter(struct parser *parser, const struct timezone **zone)
{
    struct slice name;
    struct err *err = quoted(parser, &name);
    return err != NULL ? err : timezone_find(name, zone);
}

static int compare_values(const void *a, const void *b)
{
    return ((const struct enum_value *)a)->value - ((const struct enum_value *)b)->value;
}

static int compare_names(const void *a, const void *b)
{
    return slice_compare(((const struct enum_value *)a)->name, ((const struct enum_value *)b)->name);
}

/* Enum('a' = 1, 'b') after the opening parenthesis; bits 0: the smaller one that holds the values. */
static struct err *enumeration(struct parser *parser, uint32_t bits, const struct type **out)
{
    struct err *err = NULL;
    struct enum_value *values = NULL;
    uint32_t count = 0, capacity = 0;
    int32_t next = 1;
    do {
        if (count == capacity) {
            capacity = capacity == 0 ? 16 : capacity * 2;
            struct enum_value *grown = ARENA_ARRAY(parser->arena, struct enum_value, capacity);
            if (grown == NULL) {
                return arena_error(parser->arena);
            }
            if (count > 0) {
                memcpy(grown, values, count * sizeof(*values));
            }
            values = grown;
        }
        OR_DONE(quoted(parser, &values[count].name));
        if (accept(parser, '=')) {
            bool negative = accept(parser, '-');
            uint32_t value;
            OR_DONE(number(parser, "an enum's value", 0, 32768, &value));
            next = negative ? -(int32_t)value : (int32_t)value;
        }
        if (next < -32768 || next > 32767 || (bits == 8 && (next < -128 || next > 127)) || count >= ELEMENTS_MAX) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "type \"%.*s\": the value %d of '%.*s' is out of range",
                           SLICE_ARG(parser->text), next, SLICE_ARG(values[count].name));
        }
        values[count++].value = (int16_t)next++;
    } while (accept(parser, ','));
    OR_DONE(expect(parser, ')'));
    qsort(values, count, sizeof(*values), compare_names);
    for (uint32_t k = 1; k < count; k++) {
        if (slice_equal(values[k - 1].name, values[k].name)) {
            return err_new(ERR_SYNTAX, "type \"%.*s\": '%.*s' stands there twice", SLICE_ARG(parser->text),
                           SLICE_ARG(values[k].name));
        }
    }
    qsort(values, count, sizeof(*values), compare_values);
    for (uint32_t k = 1; k < count; k++) {
        if (values[k - 1].value == values[k].value) {
            return err_new(ERR_SYNTAX, "type \"%.*s\": the value %d stands there twice", SLICE_ARG(parser->text),
                           values[k].value);
        }
    }
    if (bits == 0) {
        bits = values[0].value >= -128 && values[count - 1].value <= 127 ? 8 : 16;
    }
    struct type *type = ARENA_NEW(parser->arena, struct type);
    if (type == NULL) {
        return arena_error(parser->arena);
    }
    *type = (struct type){
        .kind = bits == 8 ? TYPE_ENUM8 : TYPE_ENUM16, .width = bits / 8, .values = values, .value_count = count};
    *out = type;
done:
    return err;
}

static struct err *parse_type(struct parser *parser, int depth, const struct type **out);

/* A word, or anything in back quotes (without escapes). */
static struct slice element_name(struct parser *parser, bool *back_quoted)
{
    const char *begin = parser->text.data + parser->at;
    size_t left = parser->text.length - parser->at;
    const char *end = left > 1 && *begin == '`' ? memchr(begin + 1, '`', left - 1) : NULL;
    *back_quoted = end != NULL;
    if (end == NULL) {
        return word(parser);
    }
    parser->at += (size_t)(end - begin) + 1;
    return slice_of(begin + 1, (size_t)(end - begin) - 1);
}

static struct err *tuple(struct parser *parser, int depth, const struct type **out)
{
    struct err *err = NULL;
    const struct type *children[256];
    struct slice child_names[256];
    uint32_t count = 0;
    bool named = false;
    do {
        if (count == 256) {
            return fail(parser, "more than 256 elements");
        }
        skip_space(parser);
        size_t begin = parser->at;
        bool back_quoted = false;
        struct slice name = element_name(parser, &back_quoted);
        skip_space(parser);
        bool has_name = (name.length > 0 || back_quoted) && parser->at < parser->text.length &&
                        strchr("(),", parser->text.data[parser->at]) == NULL;
        if (count > 0 && has_name != named) {
            return fail(parser, "all elements of a tuple need names, or none");
        }
        named = has_name;
        if (!has_name) {
            parser->at = begin;
        }
        child_names[count] = name;
        OR_DONE(parse_type(parser, depth + 1, &children[count]));
        count++;
    } while (accept(parser, ','));
    OR_DONE(expect(parser, ')'));
    *out = type_tuple(parser->arena, children, named ? child_names : NULL, count);
    if (*out == NULL) {
        err = arena_error(parser->arena);
    }
done:
    return err;
}

static struct err *nested(struct parser *parser, struct slice name, int depth, const struct type **out)
{
    struct err *err = NULL;
    const struct type *child = NULL, *value = NULL;
    if (slice_equal(name, slice_text("Tuple"))) {
        return tuple(parser, depth, out);
    }
    OR_DONE(parse_type(parser, depth + 1, &child));
    if (slice_equal(name, slice_text("Nullable"))) {
        if (child->kind == TYPE_ARRAY || child->kind == TYPE_MAP || child->kind == TYPE_TUPLE || child->nullable ||
            child->low_cardinality || type_is_state(child)) {
            return err_new(ERR_ARGUMENT_TYPE, "type \"%.*s\": this type cannot be inside Nullable",
                           SLICE_ARG(parser->text));
        }
        *out = type_nullable(parser->arena, child, true);
    } else if (slice_equal(name, slice_text("LowCardinality"))) {
        if (child->kind == TYPE_ARRAY || child->kind == TYPE_MAP || child->kind == TYPE_TUPLE ||
            child->kind == TYPE_DECIMAL || child->kind == TYPE_DATETIME64 || child->kind == TYPE_ENUM8 ||
            child->kind == TYPE_ENUM16 || child->low_cardinality || type_is_state(child)) {
            return err_new(ERR_ARGUMENT_TYPE, "type \"%.*s\": this type cannot be inside LowCardinality",
                           SLICE_ARG(parser->text));
        }
        *out = type_low_cardinality(parser->arena, child, true);
    } else if (slice_equal(name, slice_text("Array"))) {
        *out = type_array(parser->arena, child);
    } else {
        OR_DONE(expect(parser, ','));
        OR_DONE(parse_type(parser, depth + 1, &value));
        const struct type *pair[] = {child, value};
        struct slice pair_names[] = {slice_text("keys"), slice_text("values")};
        const struct type *entry = type_tuple(parser->arena, pair, pair_names, 2);
        const struct type *array = entry == NULL ? NULL : type_array(parser->arena, entry);
        if (array != NULL) {
            struct type *map = ARENA_NEW(parser->arena, struct type);
            if (map != NULL) {
                *map = *array;
                map->kind = TYPE_MAP;
            }
            array = map;
        }
        *out = array;
    }
    if (*out == NULL) {
        err = arena_error(parser->arena);
        goto done;
    }
    err = expect(parser, ')');
done:
    return err;
}

/* Decimal(P, S), Decimal(P), Decimal32(S), …; fixed_precision 0: said in the text. */
static struct err *decimal(struct parser *parser, uint8_t fixed_precision, const struct type **out)
{
    struct err *err = NULL;
    uint32_t precision = fixed_precision, scale = 0;
    if (fixed_precision == 0) {
        OR_DONE(number(parser, "the precision", 1, 76, &precision));
        if (precision > 38) {
            return err_new(ERR_NOT_IMPLEMENTED, "type \"%.*s\": decimals have 38 digits at most",
                           SLICE_ARG(parser->text));
        }
    }
    if (fixed_precision != 0 || accept(parser, ',')) {
        OR_DONE(number(parser, "the scale", 0, precision, &scale));
    }
    OR_DONE(expect(parser, ')'));
    *out = type_decimal(parser->arena, (uint8_t)precision, (uint8_t)scale);
    if (*out == NULL) {
        err = arena_error(parser->arena);
    }
done:
    return err;
}

static size_t distance(struct slice a, const char *b)
{
    /* Levenshtein over short names, case ignored */
    size_t row[40];
    size_t width = strlen(b);
    if (width >= 39 || a.length >= 39) {
        return SIZE_MAX;
    }
    for (size_t k = 0; k <= width; k++) {
        row[k] = k;
    }
    for (size_t i = 1; i <= a.length; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= width; k++) {
            size_t change = corner + (strncasecmp(&a.data[i - 1], &b[k - 1], 1) != 0);
            corner = row[k];
            size_t step = (row[k] < row[k - 1] ? row[k] : row[k - 1]) + 1;
            row[k] = change < step ? change : step;
        }
    }
    return row[width];
}

static struct err *unknown(struct slice name)
{
    static const char *const others[] = {"FixedString", "DateTime64",     "Decimal", "Enum8", "Enum16",
                                         "Nullable",    "LowCardinality", "Array",   "Tuple", "Map"};
    const char *best = NULL;
    size_t best_distance = 3;
    for (size_t k = 0; k < TYPE_KINDS + sizeof(others) / sizeof(others[0]); k++) {
        const char *candidate = k < TYPE_KINDS ? names[k] : others[k - TYPE_KINDS];
        size_t d = candidate == NULL ? SIZE_MAX : distance(name, candidate);
        if (d < best_distance) {
            best_distance = d;
            best = candidate;
        }
    }
    return best == NULL ? err_new(ERR_UNKNOWN_TYPE, "Unknown data type family: %.*s", SLICE_ARG(name))
                        : err_new(ERR_UNKNOWN_TYPE, "Unknown data type family: %.*s. Maybe you meant: %s",
                                  SLICE_ARG(name), best);
}

static bool is_name(struct slice text, const char *name)
{
    return text.length == strlen(name) && strncasecmp(text.data, name, text.length) == 0;
}

static struct err *parse_type(struct parser *parser, int depth, const struct type **out)
{
    struct err *err = NULL;
    uint32_t value;
    if (depth > DEPTH_MAX) {
        return fail(parser, "types are nested too deeply");
    }
    struct slice name = word(parser);
    if (name.length == 0) {
        return fail(parser, "expected the name of a type");
    }
    for (size_t k = 0; k < sizeof(refused) / sizeof(refused[0]); k++) {
        if (slice_equal(name, slice_text(refused[k]))) {
            return err_new(ERR_NOT_IMPLEMENTED, "the type %.*s is not supported yet", SLICE_ARG(name));
        }
    }
    bool open = accept(parser, '(');
    bool is_simple = slice_equal(name, slice_text("SimpleAggregateFunction"));
    if (is_simple || slice_equal(name, slice_text("AggregateFunction"))) {
        struct slice rest = slice_of(parser->text.data + parser->at, open ? parser->text.length - parser->at : 0);
        size_t length = 0;
        OR_DONE(type_function_parse(parser->arena, rest, is_simple, depth + 1, &length, out));
        parser->at += length;
        return NULL;
    }
    if (slice_equal(name, slice_text("JSON"))) {
        struct slice rest = slice_of(parser->text.data + parser->at, open ? parser->text.length - parser->at : 0);
        size_t length = 0;
        OR_DONE(type_json_parse(parser->arena, rest, depth + 1, &length, out));
        parser->at += length;
        return open && length == 0 ? fail(parser, "expected the paths") : NULL;
    }
    if (slice_equal(name, slice_text("Nullable")) || slice_equal(name, slice_text("LowCardinality")) ||
        slice_equal(name, slice_text("Array")) || slice_equal(name, slice_text("Map")) ||
        slice_equal(name, slice_text("Tuple"))) {
        return open ? nested(parser, name, depth, out) : fail(parser, "expected '(' and the type inside");
    }
    if (slice_equal(name, slice_text("FixedString")) || (open && is_name(name, "BINARY"))) {
        if (!open) {
            return fail(parser, "expected '(' and the number of bytes");
        }
        OR_DONE(number(parser, "the number of bytes", 1, FIXED_BYTES_MAX, &value));
        OR_DONE(expect(parser, ')'));
        *out = type_fixed_string(parser->arena, value);
        return *out == NULL ? arena_error(parser->arena) : NULL;
    }
    if (slice_equal(name, slice_text("Enum8")) || slice_equal(name, slice_text("Enum16")) || is_name(name, "Enum")) {
        return open ? enumeration(parser,
                                  name.length == 5   ? 8
                                  : name.length == 6 ? 16
                                                     : 0,
                                  out)
                    : fail(parser, "expected '(' and the values");
    }
    if (is_name(name, "Decimal") || is_name(name, "DEC") || is_name(name, "NUMERIC") || is_name(name, "FIXED")) {
        if (open) {
            return decimal(parser, 0, out);
        }
        *out = type_decimal(parser->arena, 10, 0);
        return *out == NULL ? arena_error(parser->arena) : NULL;
    }
    if (slice_equal(name, slice_text("Decimal32")) || slice_equal(name, slice_text("Decimal64")) ||
        slice_equal(name, slice_text("Decimal128"))) {
        return open ? decimal(parser,
                              name.data[7] == '3'   ? 9
                              : name.data[7] == '6' ? 18
                                                    : 38,
                              out)
                    : fail(parser, "expected '(' and the scale");
    }
    if (is_name(name, "DateTime64")) {
        uint32_t scale = 3;
        const struct timezone *zone = NULL;
        if (open) {
            OR_DONE(number(parser, "the scale", 0, 9, &scale));
            if (accept(parser, ',')) {
                OR_DONE(zone_parameter(parser, &zone));
            }
            OR_DONE(expect(parser, ')'));
        }
        *out = type_datetime64(parser->arena, (uint8_t)scale, zone);
        return *out == NULL ? arena_error(parser->arena) : NULL;
    }
    if (open && (is_name(name, "DateTime") || is_name(name, "DateTime32"))) {
        const struct timezone *zone = NULL;
        if (!accept(parser, ')')) {
            OR_DONE(zone_parameter(parser, &zone));
            OR_DONE(expect(parser, ')'));
        }
        *out = type_datetime(parser->arena, zone);
        return *out == NULL ? arena_error(parser->arena) : NULL;
    }
    if (is_name(name, "DateTime32")) {
        *out = type_simple(TYPE_DATETIME);
        return NULL;
    }
    if (name.length > 8 && strncmp(name.data, "Interval", 8) == 0) {
        for (size_t k = 0; k < sizeof(interval_names) / sizeof(interval_names[0]); k++) {
            if (slice_equal(slice_of(name.data + 8, name.length - 8), slice_text(interval_names[k]))) {
                *out = type_interval((enum interval_unit)k);
                return open ? fail(parser, "an interval has no parameters") : NULL;
            }
        }
    }
    *out = NULL;
    for (size_t k = 0; k < TYPE_KINDS; k++) {
        bool any_case = k == TYPE_BOOL || k == TYPE_DATE || k == TYPE_DATE32 || k == TYPE_DATETIME;
        if (names[k] != NULL && (any_case ? is_name(name, names[k]) : slice_equal(name, slice_text(names[k])))) {
            *out = type_simple((enum type_kind)k);
        }
    }
    for (size_t k = 0; *out == NULL && k < sizeof(aliases) / sizeof(aliases[0]); k++) {
        if (is_name(name, aliases[k].name)) {
            *out = type_simple(aliases[k].kind);
            if (open) { /* VARCHAR(255), INT(11): the number says nothing */
                OR_DONE(number(parser, "the length", 0, 999999999, &value));
                OR_DONE(expect(parser, ')'));
                open = false;
            }
        }
    }
    if (*out == NULL) {
        return unknown(name);
    }
    if (open) {
        return fail(parser, "this type has no parameters");
    }
done:
    return err;
}

struct err *type_parse(struct arena *arena, struct slice text, const struct type **out)
{
    return type_parse_inside(arena, text, 0, out);
}

struct err *type_parse_inside(struct arena *arena, struct slice text, int depth, const struct type **out)
{
    struct parser parser = {.arena = arena};
    /* names of enums and tuples point into the text, so the type keeps a copy */
    parser.text = arena_slice(arena, text);
    if (parser.text.data == NULL) {
        return arena_error(arena);
    }
    struct err *err = parse_type(&parser, depth, out);
    if (err != NULL) {
        return err;
    }
    skip_space(&parser);
    return parser.at == parser.text.length ? NULL : fail(&parser, "unexpected text");
}

bool type_text_is_nested(struct slice text, struct slice *inner)
{
    struct parser parser = {.text = text};
    if (text.length == 0 || !slice_equal(word(&parser), slice_text("Nested"))) {
        return false;
    }
    skip_space(&parser);
    *inner = slice_of(text.data + parser.at, text.length - parser.at);
    return inner->length > 0 && inner->data[0] == '(';
}

void type_text_quote(struct buffer *buffer, struct slice text)
{
    buffer_char(buffer, '\'');
    for (size_t k = 0; k < text.length; k++) {
        char c = text.data[k];
        if (c == '\'' || c == '\\') {
            buffer_char(buffer, '\\');
        }
        if (c == '\n' || c == '\t' || c == 0) {
            buffer_char(buffer, '\\');
            c = (char)(c == '\n' ? 'n' : c == '\t' ? 't' : '0');
        }
        buffer_char(buffer, c);
    }
    buffer_char(buffer, '\'');
}

void type_name_element(struct buffer *buffer, struct slice name)
{
    static const char *const words[] = {"values", "select", "from",  "distinct", "all",
                                        "table",  "true",   "false", "null"};
    bool plain = name.length > 0 && (name.data[0] < '0' || name.data[0] > '9');
    for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
        plain = plain && (name.length != strlen(words[k]) || strncasecmp(name.data, words[k], name.length) != 0);
    }
    for (size_t k = 0; k < name.length; k++) {
        char c = name.data[k];
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }
    if (!plain) {
        buffer_char(buffer, '`');
    }
    buffer_slice(buffer, name);
    if (!plain) {
        buffer_char(buffer, '`');
    }
}

void type_name_write(struct buffer *buffer, const struct type *type)
{
    if (type->view != TYPE_VIEW_NONE) {
        type_view_write(buffer, type);
        return;
    }
    if (type->function != NULL) {
        type_function_write(buffer, type);
        return;
    }
    if (type->low_cardinality) {
        buffer_text(buffer, "LowCardinality(");
    }
    if (type->nullable) {
        buffer_text(buffer, "Nullable(");
    }
    switch (type->kind) {
    case TYPE_FIXED_STRING:
        buffer_printf(buffer, "FixedString(%u)", type->length);
        break;
    case TYPE_DATETIME:
        buffer_text(buffer, "DateTime");
        if (type->zone != NULL) {
            buffer_printf(buffer, "('%s')", timezone_name(type->zone));
        }
        break;
    case TYPE_DATETIME64:
        buffer_printf(buffer, "DateTime64(%u", type->scale);
        if (type->zone != NULL) {
            buffer_printf(buffer, ", '%s'", timezone_name(type->zone));
        }
        buffer_char(buffer, ')');
        break;
    case TYPE_DECIMAL:
        buffer_printf(buffer, "Decimal(%u, %u)", type->precision, type->scale);
        break;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        buffer_text(buffer, type->kind == TYPE_ENUM8 ? "Enum8(" : "Enum16(");
        for (uint32_t k = 0; k < type->value_count; k++) {
            if (k > 0) {
                buffer_text(buffer, ", ");
            }
            type_text_quote(buffer, type->values[k].name);
            buffer_printf(buffer, " = %d", type->values[k].value);
        }
        buffer_char(buffer, ')');
        break;
    case TYPE_INTERVAL:
        buffer_printf(buffer, "Interval%s", interval_names[type->unit]);
        break;
    case TYPE_MAP:
        buffer_text(buffer, "Map(");
        type_name_write(buffer, type->children[0]->children[0]);
        buffer_text(buffer, ", ");
        type_name_write(buffer, type->children[0]->children[1]);
        buffer_char(buffer, ')');
        break;
    case TYPE_ARRAY:
    case TYPE_TUPLE:
        buffer_text(buffer, type->kind == TYPE_ARRAY ? "Array(" : "Tuple(");
        for (uint32_t k = 0; k < type->child_count; k++) {
            if (k > 0) {
                buffer_text(buffer, ", ");
            }
            if (type->names != NULL) {
                type_name_element(buffer, type->names[k]);
                buffer_char(buffer, ' ');
            }
            type_name_write(buffer, type->children[k]);
        }
        buffer_char(buffer, ')');
        break;
    default:
        buffer_text(buffer, names[type->kind]);
        break;
    }
    if (type->nullable) {
        buffer_char(buffer, ')');
    }
    if (type->low_cardinality) {
        buffer_char(buffer, ')');
    }
}

struct slice type_name(struct arena *arena, const struct type *type)
{
    if (names[type->kind] != NULL && !type->nullable && !type->low_cardinality && type->zone == NULL &&
        type->function == NULL && type->view == TYPE_VIEW_NONE) {
        return slice_text(names[type->kind]);
    }
    struct buffer buffer = {0};
    type_name_write(&buffer, type);
    struct slice name = buffer.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&buffer));
    buffer_deinit(&buffer);
    return name;
}
