/*
 * json.c: values out of JSON texts: JSONExtractString/Int/UInt/Float/Bool/Raw, JSONHas, JSONLength,
 * isValidJSON.
 *
 * path     keys of objects and positions of arrays (from 1, from the end when negative); constants or columns
 * reader   one pass, no tree: values off the path are skipped. Depth is bounded; what is not JSON is as if absent.
 * thread   any, no shared state
 */
#include "base/text.h"
#include "query/functions/functions.h"

#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 512U

struct json {
    const char *at, *end;
};

static void spaces(struct json *json)
{
    while (json->at < json->end && (*json->at == ' ' || *json->at == '\n' || *json->at == '\t' || *json->at == '\r')) {
        json->at++;
    }
}

/* A string in quotes; *out without the quotes, escapes as they are. */
static bool string_raw(struct json *json, struct slice *out)
{
    if (json->at >= json->end || *json->at != '"') {
        return false;
    }
    const char *begin = ++json->at;
    while (json->at < json->end && *json->at != '"') {
        if (*json->at == '\\') {
            json->at++;
            if (json->at >= json->end) {
                return false;
            }
        }
        json->at++;
    }
    if (json->at >= json->end) {
        return false;
    }
    *out = slice_of(begin, (size_t)(json->at - begin));
    json->at++;
    return true;
}

static bool number_skip(struct json *json)
{
    const char *begin = json->at;
    while (json->at < json->end && ((*json->at >= '0' && *json->at <= '9') || *json->at == '-' || *json->at == '+' ||
                                    *json->at == '.' || *json->at == 'e' || *json->at == 'E')) {
        json->at++;
    }
    double value;
    return number_parse_double(slice_of(begin, (size_t)(json->at - begin)), &value);
}

static bool word(struct json *json, const char *text)
{
    size_t length = strlen(text);
    if ((size_t)(json->end - json->at) < length || memcmp(json->at, text, length) != 0) {
        return false;
    }
    json->at += length;
    return true;
}

/* Any value; *out its text. *count: members of an object or array. */
static bool value_skip(struct json *json, uint32_t depth, struct slice *out, uint64_t *count)
{
    struct slice part;
    uint64_t below;
    bool ok = false;
    spaces(json);
    const char *begin = json->at;
    *count = 0;
    if (json->at >= json->end || depth > DEPTH_MAX) {
        return false;
    }
    switch (*json->at) {
    case '{':
    case '[': {
        bool object = *json->at == '{';
        char close = object ? '}' : ']';
        json->at++;
        spaces(json);
        if (json->at < json->end && *json->at == close) {
            json->at++;
            ok = true;
            break;
        }
        for (;;) {
            if (object) {
                spaces(json);
                if (!string_raw(json, &part)) {
                    return false;
                }
                spaces(json);
                if (json->at >= json->end || *json->at++ != ':') {
                    return false;
                }
            }
            if (!value_skip(json, depth + 1, &part, &below)) {
                return false;
            }
            ++*count;
            spaces(json);
            if (json->at >= json->end) {
                return false;
            }
            char c = *json->at++;
            if (c == close) {
                ok = true;
                break;
            }
            if (c != ',') {
                return false;
            }
        }
        break;
    }
    case '"':
        ok = string_raw(json, &part);
        break;
    case 't':
        ok = word(json, "true");
        break;
    case 'f':
        ok = word(json, "false");
        break;
    case 'n':
        ok = word(json, "null");
        break;
    default:
        ok = number_skip(json);
    }
    *out = slice_of(begin, (size_t)(json->at - begin));
    return ok;
}

/* The string's value; false: a broken escape. */
static bool unescape(struct text_buffer *buffer, struct slice raw, struct slice *out, struct err **err)
{
    if (raw.length == 0 || memchr(raw.data, '\\', raw.length) == NULL) {
        *out = raw;
        return true;
    }
    char *to = text_room(buffer, raw.length + 4);
    size_t length = 0;
    const char *end = raw.data + raw.length;
    if (to == NULL) {
        *err = arena_error(buffer->arena);
        return false;
    }
    for (const char *at = raw.data; at < end; at++) {
        uint32_t point;
        size_t used;
        if (*at != '\\') {
            to[length++] = *at;
            continue;
        }
        at++;
        switch (*at) {
        case 'n':
            to[length++] = '\n';
            break;
        case 't':
            to[length++] = '\t';
            break;
        case 'r':
            to[length++] = '\r';
            break;
        case 'b':
            to[length++] = '\b';
            break;
        case 'f':
            to[length++] = '\f';
            break;
        case 'u':
            used = json_escape_point(at + 1, end, &point);
            if (used == 0) {
                return false;
            }
            at += used;
            length += utf8_put(point, to + length);
            break;
        default:
            to[length++] = *at;
        }
    }
    *out = text_taken(buffer, length);
    return true;
}

/* Moves to a member of the object or element of the array at *value. */
static bool step_into(struct text_buffer *buffer, struct slice *value, const struct slice *key, int64_t position,
                      struct err **err)
{
    struct json json = {value->data, value->data + value->length};
    struct slice name;
    struct slice member;
    uint64_t count;
    bool object = value->length > 0 && value->data[0] == '{';
    if (value->length == 0 || (!object && value->data[0] != '[') || (key != NULL && !object)) {
        return false;
    }
    if (key == NULL && position < 0) {
        struct slice all;
        struct json whole = json;
        if (!value_skip(&whole, 0, &all, &count)) {
            return false;
        }
        position += (int64_t)count + 1;
    }
    json.at++;
    for (int64_t i = 1;; i++) {
        spaces(&json);
        if (json.at >= json.end || *json.at == '}' || *json.at == ']') {
            return false;
        }
        bool same = key == NULL && i == position;
        if (object) {
            if (!string_raw(&json, &name)) {
                return false;
            }
            if (key != NULL) {
                struct slice plain;
                if (!unescape(buffer, name, &plain, err)) {
                    return false;
                }
                same = slice_equal(plain, *key);
            }
            spaces(&json);
            if (json.at >= json.end || *json.at++ != ':') {
                return false;
            }
        }
        if (!value_skip(&json, 0, &member, &count)) {
            return false;
        }
        if (same) {
            *value = member;
            return true;
        }
        spaces(&json);
        if (json.at >= json.end || *json.at++ != ',') {
            return false;
        }
    }
}

static size_t put_escaped(struct slice text, char *to)
{
    static const char from[] = "\b\f\n\r\t\\\"";
    static const char letters[] = "bfnrt\\\"";
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        const char *known = c == 0 ? NULL : memchr(from, c, sizeof(from) - 1);
        if (known != NULL) {
            to[length++] = '\\';
            to[length++] = letters[known - from];
        } else if (c < 0x20) {
            length += (size_t)sprintf(to + length, "\\u%04X", c);
        } else {
            to[length++] = (char)c;
        }
    }
    return length;
}

/* A value without the spaces between its parts, its strings escaped no more than they must be. */
static struct err *minified(struct text_buffer *buffer, struct slice value, struct slice *out)
{
    struct err *err = NULL;
    bool plain = true;
    for (size_t i = 0; plain && i < value.length; i++) {
        plain = value.data[i] != ' ' && value.data[i] != '\n' && value.data[i] != '\t' && value.data[i] != '\r' &&
                value.data[i] != '\\';
    }
    if (plain) {
        *out = value;
        return NULL;
    }
    struct text_buffer made = {buffer->arena, NULL, 0};
    char *to = text_room(&made, value.length * 6 + 8);
    size_t length = 0;
    if (to == NULL) {
        return arena_error(buffer->arena);
    }
    for (struct json json = {value.data, value.data + value.length}; json.at < json.end;) {
        struct slice raw;
        struct slice text;
        if (*json.at == '"') {
            if (!string_raw(&json, &raw) || !unescape(buffer, raw, &text, &err)) {
                *out = value; /* cannot be: the value was read before */
                return err;
            }
            to[length++] = '"';
            length += put_escaped(text, to + length);
            to[length++] = '"';
            continue;
        }
        if (*json.at != ' ' && *json.at != '\n' && *json.at != '\t' && *json.at != '\r') {
            to[length++] = *json.at;
        }
        json.at++;
    }
    *out = slice_of(to, length);
    return NULL;
}

enum wanted { WANT_STRING, WANT_INT, WANT_UINT, WANT_FLOAT, WANT_BOOL, WANT_RAW, WANT_HAS, WANT_LENGTH, WANT_VALID };

static struct err *put_value(enum wanted wanted, struct text_buffer *buffer, bool found, struct slice value,
                             struct column *made, uint32_t i)
{
    struct err *err = NULL;
    double real = 0;
    char first = found && value.length > 0 ? value.data[0] : 0;
    bool number = (first >= '0' && first <= '9') || first == '-';
    switch (wanted) {
    case WANT_STRING: {
        struct slice text = {"", 0};
        if (first == '"') {
            if (!unescape(buffer, slice_of(value.data + 1, value.length - 2), &text, &err)) {
                text = slice_of("", 0);
            }
        } else if (found && first != 'n') {
            return minified(buffer, value, &((struct slice *)made->values)[i]);
        }
        ((struct slice *)made->values)[i] = text;
        return err;
    }
    case WANT_INT:
    case WANT_UINT: {
        int64_t whole = 0;
        uint64_t natural = 0;
        if (first == '"' && value.length >= 2) { /* a number in quotes is one */
            value = slice_of(value.data + 1, value.length - 2);
            number = true;
        }
        if (number) {
            if (!number_parse_i64(value, &whole)) {
                whole = number_parse_double(value, &real) && real > -9.2e18 && real < 9.2e18 &&
                                memchr(value.data, '.', value.length) != NULL
                            ? (int64_t)real
                            : 0;
            }
            if (!number_parse_u64(value, &natural)) {
                natural = real > 0 && real < 1.8e19 ? (uint64_t)real : 0;
            }
        }
        if (wanted == WANT_INT) {
            ((int64_t *)made->values)[i] = whole;
        } else {
            ((uint64_t *)made->values)[i] = natural;
        }
        return NULL;
    }
    case WANT_FLOAT:
        if (first == '"' && value.length >= 2) {
            value = slice_of(value.data + 1, value.length - 2);
            number = true;
        }
        if (number && !number_parse_double(value, &real)) {
            real = 0;
        }
        ((double *)made->values)[i] = real;
        return NULL;
    case WANT_BOOL:
        ((uint8_t *)made->values)[i] = first == 't' || (number && memchr(value.data, '.', value.length) == NULL &&
                                                        number_parse_double(value, &real) && real != 0);
        return NULL;
    case WANT_RAW:
        if (found) {
            return minified(buffer, value, &((struct slice *)made->values)[i]);
        }
        ((struct slice *)made->values)[i] = slice_of("", 0);
        return NULL;
    case WANT_LENGTH: {
        struct json json = {value.data, value.data + value.length};
        struct slice all;
        uint64_t count = 0;
        if (first == '{' || first == '[') {
            (void)value_skip(&json, 0, &all, &count);
        }
        ((uint64_t *)made->values)[i] = count;
        return NULL;
    }
    default:
        ((uint8_t *)made->values)[i] = found;
        return NULL;
    }
}

static struct err *evaluate_json(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum wanted wanted = (enum wanted)(intptr_t)function->data;
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, function->argument_count);
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    if (columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        columns[a] = type_is_string(function->argument_types[a]) ? column_strings(arena, arguments[a])
                                                                 : column_numbers(arena, arguments[a], TYPE_INT64);
        if (columns[a] == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(columns[0], struct slice, i);
        struct json json = {text.data, text.data + text.length};
        struct slice value = slice_of("", 0);
        uint64_t count;
        bool found = text.length > 0 && value_skip(&json, 0, &value, &count);
        spaces(&json);
        found = found && json.at == json.end;
        for (uint32_t a = 1; found && a < function->argument_count; a++) {
            bool key = type_is_string(function->argument_types[a]);
            struct slice name = key ? VALUE_AT(columns[a], struct slice, i) : slice_of("", 0);
            found = step_into(&buffer, &value, key ? &name : NULL, key ? 0 : VALUE_AT(columns[a], int64_t, i), &err);
            if (err != NULL) {
                return err;
            }
        }
        OR_DONE(put_value(wanted, &buffer, found, value, made, i));
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_json(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    static const enum type_kind kinds[] = {TYPE_STRING, TYPE_INT64, TYPE_UINT64, TYPE_FLOAT64, TYPE_UINT8,
                                           TYPE_STRING, TYPE_UINT8, TYPE_UINT64, TYPE_UINT8};
    OR_DONE(argument_string(bind, 0));
    for (uint32_t i = 1; i < bind->count; i++) {
        if (!type_is_string(bind->arguments[i].type)) {
            OR_DONE(argument_integer(bind, i));
        }
    }
    out->inner = type_simple(kinds[bind->tag]);
    out->evaluate = evaluate_json;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

#define JSON(name, tag)                                                                                                \
    {                                                                                                                  \
        name, false, 1, ANY_COUNT, 0, resolve_json, tag                                                                \
    }
static const struct function_definition definitions[] = {
    JSON("JSONExtractString", WANT_STRING),
    JSON("JSONExtractInt", WANT_INT),
    JSON("JSONExtractUInt", WANT_UINT),
    JSON("JSONExtractFloat", WANT_FLOAT),
    JSON("JSONExtractBool", WANT_BOOL),
    JSON("JSONExtractRaw", WANT_RAW),
    JSON("JSONHas", WANT_HAS),
    JSON("JSONLength", WANT_LENGTH),
    {"isValidJSON", false, 1, 1, 0, resolve_json, WANT_VALID},
};
const struct function_group functions_json = GROUP_WITHOUT_ALIASES(definitions);
