/*
 * json_read.c: JSON texts read in one pass without a tree, and written again.
 *
 * flow     query/functions/json*.c
 * thread   any, no shared state
 */
#include "query/functions/json_read.h"

#include "base/interrupt.h"
#include "base/number.h"
#include "base/text.h"
#include "format/value.h"

#include <math.h>
#include <stdio.h>

#define DEPTH_MAX 512U

void json_spaces(struct json *json)
{
    json->at = text_skip_space(json->at, json->end);
}

bool json_string(struct json *json, struct slice *out)
{
    if (json->at >= json->end || *json->at != '"') {
        return false;
    }
    const char *begin = ++json->at;
    for (size_t round = 0; json->at < json->end && *json->at != '"' && !interrupted_at(round); round++) {
        if (*json->at == '\\') {
            json->at++;
            if (json->at >= json->end) {
                return false;
            }
        }
        json->at++;
    }
    if (json->at >= json->end || *json->at != '"') {
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
    return number_parse_double(slice_of(begin, (size_t)(json->at - begin)), &value) && isfinite(value);
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
    json_spaces(json);
    const char *begin = json->at;
    *count = 0;
    if (json->at >= json->end || depth > DEPTH_MAX || interrupted_at(json->values++)) {
        return false; /* interrupted: nobody gets to see the result */
    }
    switch (*json->at) {
    case '{':
    case '[': {
        bool object = *json->at == '{';
        char close = object ? '}' : ']';
        json->at++;
        json_spaces(json);
        if (json->at < json->end && *json->at == close) {
            json->at++;
            ok = true;
            break;
        }
        for (;;) {
            if (object) {
                json_spaces(json);
                if (!json_string(json, &part)) {
                    return false;
                }
                json_spaces(json);
                if (json->at >= json->end || *json->at++ != ':') {
                    return false;
                }
            }
            if (!value_skip(json, depth + 1, &part, &below)) {
                return false;
            }
            ++*count;
            json_spaces(json);
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
        ok = json_string(json, &part);
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

bool json_unescape(struct text_buffer *buffer, struct slice raw, struct slice *out, struct err **err)
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
    uint64_t rounds = 0;
    for (const char *at = raw.data; at < end && !interrupted_at(rounds++); at++) {
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

bool json_value(struct json *json, struct slice *out)
{
    uint64_t count;
    return value_skip(json, 0, out, &count);
}

bool json_document(struct slice text, struct slice *out)
{
    struct json json = {.at = text.data, .end = text.data + text.length};
    if (text.length == 0 || !json_value(&json, out)) {
        return false;
    }
    json_spaces(&json);
    return json.at == json.end;
}

uint64_t json_length(struct slice value)
{
    struct json json = {.at = value.data, .end = value.data + value.length};
    struct slice all;
    uint64_t count = 0;
    if (value.length > 0 && (value.data[0] == '{' || value.data[0] == '[')) {
        (void)value_skip(&json, 0, &all, &count);
    }
    return count;
}

/* --- members ------------------------------------------------------------------------------------------------------ */

bool json_open(struct slice value, struct json_items *items)
{
    if (value.length == 0 || (value.data[0] != '{' && value.data[0] != '[')) {
        return false;
    }
    *items = (struct json_items){{.at = value.data + 1, .end = value.data + value.length}, value.data[0] == '{', true};
    return true;
}

bool json_next(struct json_items *items, struct slice *name, struct slice *value)
{
    struct json *json = &items->json;
    json_spaces(json);
    if (json->at >= json->end || *json->at == '}' || *json->at == ']') {
        return false;
    }
    if (!items->first && *json->at++ != ',') {
        return false;
    }
    items->first = false;
    json_spaces(json);
    *name = slice_of("", 0);
    if (items->object) {
        if (!json_string(json, name)) {
            return false;
        }
        json_spaces(json);
        if (json->at >= json->end || *json->at++ != ':') {
            return false;
        }
    }
    return json_value(json, value);
}

static char lower_of(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_key(struct slice a, struct slice b, bool any_case)
{
    bool same = a.length == b.length;
    for (size_t i = 0; any_case && same && i < a.length; i++) {
        same = lower_of(a.data[i]) == lower_of(b.data[i]);
    }
    return same && (any_case || slice_equal(a, b));
}

bool json_find_key(struct text_buffer *buffer, struct slice object, struct slice key, bool any_case, struct slice *out,
                   struct err **err)
{
    struct json_items items;
    struct slice name, plain;
    if (!json_open(object, &items) || !items.object) {
        return false;
    }
    while (json_next(&items, &name, out)) {
        if (!json_unescape(buffer, name, &plain, err)) {
            return false;
        }
        if (same_key(plain, key, any_case)) {
            return true;
        }
    }
    return false;
}

bool json_find_place(struct slice value, int64_t position, struct slice *name, struct slice *out)
{
    struct json_items items;
    if (!json_open(value, &items)) {
        return false;
    }
    if (position < 0) {
        position += (int64_t)json_length(value) + 1;
    }
    for (int64_t i = 1; json_next(&items, name, out); i++) {
        if (i == position) {
            return true;
        }
    }
    return false;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

size_t json_escape(struct slice text, char *to)
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

static bool is_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-';
}

size_t json_number(struct slice number, bool quoted, char to[JSON_NUMBER_MAX])
{
    double real;
    int64_t whole;
    uint64_t natural;
    bool is_real = false;
    for (size_t i = 0; i < number.length; i++) {
        is_real |= number.data[i] == '.' || (number.data[i] | 0x20) == 'e';
    }
    if (is_real && number_parse_double(number, &real)) {
        return value_print(type_simple(TYPE_FLOAT64), NULL, &real, to);
    }
    if (number.length > JSON_NUMBER_MAX - 2) {
        return 0;
    }
    quoted = quoted && !number_parse_i64(number, &whole) && !number_parse_u64(number, &natural);
    to[0] = '"';
    memcpy(to + quoted, number.data, number.length);
    to[number.length + 1] = '"';
    return number.length + (quoted ? 2 : 0);
}

/* Would json_minify leave it as it is? */
static bool is_minimal(struct slice value)
{
    uint32_t digits = 0;
    bool plain = true;
    for (size_t i = 0; plain && i < value.length; i++) {
        char c = value.data[i];
        plain = c != ' ' && c != '\n' && c != '\t' && c != '\r' && c != '\\' && digits < 18 &&
                !(digits > 0 && (c == '.' || (c | 0x20) == 'e'));
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    }
    return plain;
}

struct err *json_minify(struct text_buffer *buffer, struct slice value, struct slice *out)
{
    struct err *err = NULL;
    if (is_minimal(value)) {
        *out = value;
        return NULL;
    }
    char *to = text_room(buffer, value.length * 12 + 32);
    size_t length = 0;
    if (to == NULL) {
        return arena_error(buffer->arena);
    }
    struct text_buffer own = {buffer->arena, NULL, 0};
    uint64_t rounds = 0;
    for (struct json json = {.at = value.data, .end = value.data + value.length};
         json.at < json.end && !interrupted_at(rounds++);) {
        struct slice raw;
        struct slice text;
        if (*json.at == '"') {
            if (!json_string(&json, &raw) || !json_unescape(&own, raw, &text, &err)) {
                *out = value; /* cannot be: the value was read before */
                return err;
            }
            to[length++] = '"';
            length += json_escape(text, to + length);
            to[length++] = '"';
        } else if (is_number(*json.at)) {
            char number[JSON_NUMBER_MAX];
            const char *begin = json.at;
            (void)number_skip(&json);
            size_t bytes = json_number(slice_of(begin, (size_t)(json.at - begin)),
                                       value.data[0] == '[' || value.data[0] == '{', number);
            const char *from = bytes == 0 ? begin : number;
            bytes = bytes == 0 ? (size_t)(json.at - begin) : bytes;
            memcpy(to + length, from, bytes);
            length += bytes;
        } else {
            if (*json.at != ' ' && *json.at != '\n' && *json.at != '\t' && *json.at != '\r') {
                to[length++] = *json.at;
            }
            json.at++;
        }
    }
    *out = text_taken(buffer, length);
    return NULL;
}
