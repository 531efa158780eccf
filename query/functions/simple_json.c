/*
 * simple_json.c: simpleJSON… and visitParam…: values by a search for "name": in the text, without parsing it.
 *
 * source   ClickHouse's functions, whose oddities these have: names are found at any depth, no spaces may stand between
 *          name, colon and value, numbers end where they stop being whole
 * thread   any, no shared state
 */
#include "base/text.h"
#include "query/functions/row.h"

#include "base/number.h"

/* What follows the first "name":; false: nowhere. */
static bool find_value(struct row_call *call, struct slice *out, struct err **err)
{
    struct slice text = call->arguments[0].text;
    struct slice name = call->arguments[1].text;
    char *needle = row_room(call, name.length + 3, err);
    if (needle == NULL) {
        return false;
    }
    needle[0] = '"';
    memcpy(needle + 1, name.data, name.length);
    memcpy(needle + 1 + name.length, "\":", 2);
    const char *at = memmem(text.data, text.length, needle, name.length + 3);
    if (at == NULL) {
        return false;
    }
    at += name.length + 3;
    *out = slice_of(at, (size_t)(text.data + text.length - at));
    return true;
}

static struct err *run_has(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice value;
    out->natural = find_value(call, &value, &err);
    return err;
}

static struct err *run_bool(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice value;
    out->natural = find_value(call, &value, &err) && value.length >= 4 && memcmp(value.data, "true", 4) == 0;
    return err;
}

/* The number at the beginning of the value, perhaps in quotes: its digits, or with a point and an exponent. */
static struct slice number_of(struct slice value, bool real)
{
    size_t from = value.length > 0 && value.data[0] == '"';
    size_t at = from;
    while (at < value.length) {
        char c = value.data[at];
        bool sign = (c == '-' || c == '+') && (at == from || (real && (value.data[at - 1] | 0x20) == 'e'));
        if (!sign && !(c >= '0' && c <= '9') && !(real && (c == '.' || (c | 0x20) == 'e'))) {
            break;
        }
        at++;
    }
    return slice_of(value.data + from, at - from);
}

static struct err *run_whole(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice value;
    if (!find_value(call, &value, &err)) {
        return err;
    }
    struct slice digits = number_of(value, false);
    bool negative = digits.length > 0 && digits.data[0] == '-';
    if (negative && call->function->inner->kind == TYPE_UINT64) {
        return NULL;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.data[i] >= '0') {
            number = number * 10 + (uint64_t)(digits.data[i] - '0');
        }
    }
    out->natural = negative ? 0 - number : number;
    return NULL;
}

static struct err *run_real(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice value;
    if (find_value(call, &value, &err) && !number_parse_double(number_of(value, true), &out->real)) {
        out->real = 0;
    }
    return err;
}

/* All up to the comma or bracket that ends the value. */
static struct err *run_raw(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice value;
    out->text = slice_of("", 0);
    if (!find_value(call, &value, &err)) {
        return err;
    }
    uint32_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];
        if (c == '\\') {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '{' || c == '[')) {
            depth++;
        } else if (!quoted && depth > 0 && (c == '}' || c == ']')) {
            depth--;
        } else if (!quoted && depth == 0 && (c == ',' || c == '}')) {
            out->text = slice_of(value.data, i);
            return NULL;
        }
    }
    return NULL;
}

static struct err *run_string(struct row_call *call, union row_value *out)
{
    static const char from[] = "nrtbf/\\\"";
    static const char to_byte[] = "\n\r\t\b\f/\\\"";
    struct err *err = NULL;
    struct slice value;
    out->text = slice_of("", 0);
    if (!find_value(call, &value, &err) || value.length == 0 || value.data[0] != '"') {
        return err;
    }
    char *to = row_room(call, value.length + 4, &err);
    size_t length = 0;
    if (to == NULL) {
        return err;
    }
    for (size_t i = 1; i < value.length; i++) {
        char c = value.data[i];
        uint32_t point;
        if (c == '"') {
            out->text = text_taken(&call->buffer, length);
            return NULL;
        }
        if (c != '\\') {
            to[length++] = c;
            continue;
        }
        if (++i == value.length) {
            return NULL;
        }
        if (value.data[i] == 'u') {
            size_t used = json_escape_point(value.data + i + 1, value.data + value.length, &point);
            if (used == 0) {
                return NULL;
            }
            i += used;
            length += utf8_put(point, to + length);
            continue;
        }
        const char *known = memchr(from, value.data[i], sizeof(from) - 1);
        if (known == NULL) {
            return NULL;
        }
        to[length++] = to_byte[known - from];
    }
    return NULL;
}

#define VALUE(name, result, run, about) ROW("simpleJSON" name, false, 2, 2, 0, "sS", result, run, about)
static const struct row_function rows[] = {
    VALUE("Has", TYPE_UINT8, run_has, "Does the JSON text have a field of that name, at any depth?"),
    VALUE("ExtractBool", TYPE_UINT8, run_bool, "Is the field true?"),
    VALUE("ExtractInt", TYPE_INT64, run_whole, "The field as Int64, or 0."),
    VALUE("ExtractUInt", TYPE_UINT64, run_whole, "The field as UInt64, or 0."),
    VALUE("ExtractFloat", TYPE_FLOAT64, run_real, "The field as Float64, or 0."),
    VALUE("ExtractRaw", TYPE_STRING, run_raw, "The field as it is written."),
    VALUE("ExtractString", TYPE_STRING, run_string, "The text of a field, or ''."),
};
static const struct function_alias aliases[] = {
    {"visitParamHas", false, "simpleJSONHas"},
    {"visitParamExtractBool", false, "simpleJSONExtractBool"},
    {"visitParamExtractInt", false, "simpleJSONExtractInt"},
    {"visitParamExtractUInt", false, "simpleJSONExtractUInt"},
    {"visitParamExtractFloat", false, "simpleJSONExtractFloat"},
    {"visitParamExtractRaw", false, "simpleJSONExtractRaw"},
    {"visitParamExtractString", false, "simpleJSONExtractString"},
};
const struct function_group functions_simple_json = ROW_GROUP(rows, aliases);
