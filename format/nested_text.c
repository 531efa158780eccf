/*
 * nested_text.c: arrays, tuples and maps as ClickHouse's text formats write them.
 *
 * texts    strings, dates and times stand in quotes with backslash escapes; others may; NULL of a type that is not
 *          Nullable is its zero
 * thread   any: pure functions
 */
#include "format/nested_text.h"

#include "base/interrupt.h"
#include "format/json_paths.h"
#include "storage/packed.h"

#define ITEM_STEPS 20U

struct text_parser {
    const char *at;
    const char *end;
    struct slice whole;
    struct buffer *out;
    struct buffer quoted; /* a text whose escapes are undone */
    struct nested_value value;
    const struct timezone *zone;
    nested_scalar *scalar;
    uint64_t steps; /* of work since the last look */
};

void *nested_value_room(struct nested_value *value, const struct type *type)
{
    if (type->width <= sizeof(value->small)) {
        return value->small;
    }
    value->large.length = 0;
    return buffer_reserve(&value->large, type->width) ? value->large.data : NULL;
}

void nested_value_put(struct buffer *out, const struct type *type, const void *value)
{
    if (type->kind == TYPE_STRING) {
        const struct slice *text = value;
        uint32_t length = (uint32_t)text->length;
        buffer_append(out, &length, 4);
        buffer_slice(out, *text);
    } else {
        buffer_append(out, value, type->width);
    }
}

static struct err *bad_text(const struct text_parser *parser, enum err_code code, const char *what)
{
    return err_new(parser->at == parser->end && code == ERR_CANNOT_PARSE_INPUT ? ERR_READ_AFTER_EOF : code,
                   "Cannot parse '%.*s': %s at byte %zu",
                   (int)(parser->whole.length > 200 ? 200 : parser->whole.length), parser->whole.data, what,
                   (size_t)(parser->at - parser->whole.data) + 1);
}

static void skip_spaces(struct text_parser *parser)
{
    while (parser->at < parser->end && (*parser->at == ' ' || *parser->at == '\t' || *parser->at == '\n')) {
        parser->at++;
    }
}

static bool take_char(struct text_parser *parser, char wanted)
{
    bool is = parser->at < parser->end && *parser->at == wanted;
    parser->at += is;
    return is;
}

static bool take_null(struct text_parser *parser)
{
    bool is = parser->end - parser->at >= 4 && memcmp(parser->at, "NULL", 4) == 0;
    parser->at += is ? 4 : 0;
    return is;
}

/* 'a\'b', its escapes undone. */
static struct err *quoted(struct text_parser *parser, enum err_code code, struct slice *out)
{
    static const char letters[] = "bfnrt0av", values[] = "\b\f\n\r\t\0\a\v";
    struct buffer *text = &parser->quoted;
    text->length = 0;
    if (!take_char(parser, '\'')) {
        return bad_text(parser, code, "a quote is expected");
    }
    while (parser->at < parser->end && *parser->at != '\'') {
        char byte = *parser->at++;
        if (byte == '\\' && parser->at < parser->end) {
            byte = *parser->at++;
            const char *letter = byte == '\0' ? NULL : strchr(letters, byte);
            byte = letter != NULL ? values[letter - letters] : byte;
        }
        buffer_char(text, byte);
    }
    if (!take_char(parser, '\'')) {
        return bad_text(parser, ERR_CANNOT_PARSE_QUOTED, "the quote is not closed");
    }
    *out = text->length == 0 ? slice_of("", 0) : buffer_all(text);
    return text->failed ? err_oom() : NULL;
}

/* Digits and the like, up to what no number has. */
static struct slice bare_word(struct text_parser *parser)
{
    static const bool ends[256] = {['\0'] = true, [','] = true, [')'] = true,  [']'] = true, ['}'] = true,
                                   [':'] = true,  [' '] = true, ['\t'] = true, ['\n'] = true};
    const char *begin = parser->at;
    while (parser->at < parser->end && !ends[(unsigned char)*parser->at]) {
        parser->at++;
    }
    return slice_of(begin, (size_t)(parser->at - begin));
}

static struct err *parse_scalar(struct text_parser *parser, const struct type *type)
{
    struct err *err = NULL;
    struct slice text;
    void *value = nested_value_room(&parser->value, type);
    if (value == NULL) {
        return err_oom();
    }
    bool in_quotes = parser->at < parser->end && *parser->at == '\'';
    if (in_quotes || type_is_string(type) || type_is_time(type)) {
        OR_DONE(quoted(parser, type_is_string(type) ? ERR_CANNOT_PARSE_QUOTED : ERR_CANNOT_PARSE_INPUT, &text));
    } else {
        text = bare_word(parser);
    }
    if (type->kind == TYPE_STRING && text.length > UINT32_MAX / 2) {
        return err_new(ERR_STRING_TOO_LARGE, "a string of %zu bytes: the limit is 2147483647", text.length);
    }
    if (type->kind == TYPE_NOTHING || !parser->scalar(type, parser->zone, text, value)) {
        parser->at -= in_quotes ? 0 : text.length;
        err =
            bad_text(parser, in_quotes ? ERR_CANNOT_PARSE_TEXT : ERR_CANNOT_READ_ARRAY, "no value of the type stands");
        goto done;
    }
    nested_value_put(parser->out, type, value);
done:
    return err;
}

static struct err *parse_nested(struct text_parser *parser, const struct type *type);

static struct err *parse_item(struct text_parser *parser, const struct type *type)
{
    skip_spaces(parser);
    if (!type_is_nested(type) && take_null(parser)) {
        if (type->nullable) {
            buffer_char(parser->out, 1);
            return NULL;
        }
        for (uint32_t left = type->kind == TYPE_STRING ? 4 : type->width; left > 0; left--) {
            buffer_char(parser->out, 0);
        }
        return NULL;
    }
    if (type->nullable) {
        buffer_char(parser->out, 0);
    }
    return type_is_nested(type) ? parse_nested(parser, type) : parse_scalar(parser, type);
}

static struct err *parse_tuple(struct text_parser *parser, const struct type *type)
{
    struct err *err = NULL;
    if (!take_char(parser, '(')) {
        return bad_text(parser, ERR_CANNOT_PARSE_INPUT, "'(' is expected");
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        skip_spaces(parser);
        if (k > 0 && !take_char(parser, ',')) {
            return bad_text(parser, ERR_CANNOT_PARSE_INPUT, "',' is expected");
        }
        OR_DONE(parse_item(parser, type->children[k]));
    }
    skip_spaces(parser);
    if (type->child_count == 1 && take_char(parser, ',')) { /* (1,) */
        skip_spaces(parser);
    }
    if (!take_char(parser, ')')) {
        return bad_text(parser, ERR_CANNOT_PARSE_INPUT, "')' is expected");
    }
done:
    return err;
}

/* 'k':value of a map. */
static struct err *parse_pair(struct text_parser *parser, const struct type *pair)
{
    struct err *err = NULL;
    OR_DONE(parse_item(parser, pair->children[0]));
    skip_spaces(parser);
    if (!take_char(parser, ':')) {
        return bad_text(parser, ERR_CANNOT_PARSE_INPUT, "':' is expected");
    }
    err = parse_item(parser, pair->children[1]);
done:
    return err;
}

static struct err *parse_list(struct text_parser *parser, const struct type *type)
{
    struct err *err = NULL;
    bool map = type->kind == TYPE_MAP;
    enum err_code code = map ? ERR_CANNOT_PARSE_INPUT : ERR_CANNOT_READ_ARRAY;
    uint32_t count = 0;
    size_t place = parser->out->length;
    if (!take_char(parser, map ? '{' : '[')) {
        return bad_text(parser, code, map ? "a map begins with '{'" : "an array begins with '['");
    }
    buffer_append(parser->out, &count, 4);
    skip_spaces(parser);
    while (!take_char(parser, map ? '}' : ']')) {
        if (count > 0 && !take_char(parser, ',')) {
            return parser->at == parser->end ? bad_text(parser, ERR_CANNOT_PARSE_INPUT, "the list is not closed")
                                             : bad_text(parser, code, "',' or the list's end is expected");
        }
        skip_spaces(parser);
        if (parser->at == parser->end) {
            return bad_text(parser, ERR_CANNOT_PARSE_INPUT, "the list is not closed");
        }
        const char *item = parser->at;
        OR_DONE(map ? parse_pair(parser, type->children[0]) : parse_item(parser, type->children[0]));
        skip_spaces(parser);
        OR_DONE(interrupt_steps(&parser->steps, ITEM_STEPS + (uint64_t)(parser->at - item)));
        count++;
    }
    if (!parser->out->failed) {
        memcpy(parser->out->data + place, &count, 4);
    }
done:
    return err;
}

static struct err *parse_nested(struct text_parser *parser, const struct type *type)
{
    return type->kind == TYPE_TUPLE ? parse_tuple(parser, type) : parse_list(parser, type);
}

struct err *nested_from_text(struct slice text, const struct type *type, const struct timezone *zone,
                             nested_scalar *scalar, struct buffer *out, size_t *used)
{
    struct text_parser parser = {
        .at = text.data, .end = text.data + text.length, .whole = text, .out = out, .zone = zone, .scalar = scalar};
    size_t begin = out->length;
    if (type->view == TYPE_VIEW_JSON) {
        *used = text.length;
        return json_paths_read(text, type, zone, out);
    }
    struct err *err = parse_nested(&parser, type);
    if (err == NULL && out->failed) {
        err = err_oom();
        buffer_deinit(out);
    }
    if (err == NULL) {
        *used = (size_t)(parser.at - text.data);
        err = packed_check(type, slice_of(out->data + begin, out->length - begin));
    }
    buffer_deinit(&parser.quoted);
    buffer_deinit(&parser.value.large);
    return err;
}

size_t nested_text_end(struct slice text)
{
    size_t depth = 0;
    bool in_quotes = false;
    for (size_t k = 0; k < text.length; k++) {
        char c = text.data[k];
        if (in_quotes) {
            k += c == '\\';
            in_quotes = c != '\'';
        } else if (c == '\'') {
            in_quotes = true;
        } else if (c == '[' || c == '(' || c == '{') {
            depth++;
        } else if ((c == ']' || c == ')' || c == '}') && (depth == 0 || --depth == 0)) {
            return k + 1;
        }
    }
    return 0;
}
