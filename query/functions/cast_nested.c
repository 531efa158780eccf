/*
 * cast_nested.c: casts from and to arrays, tuples and maps.
 *
 * nested   element columns are cast as a whole, the offsets stay; a map is an array of pairs, and of two arrays too
 * to text  as the text formats write them; from text: parsed into keys (query/nested_key.h), which become columns
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include "base/text.h"
#include "format/value.h"
#include "query/nested_key.h"

static struct err *cannot_cast(struct arena *arena, const struct type *from, const struct type *to)
{
    struct slice a = type_name(arena, from);
    struct slice b = type_name(arena, to);
    return err_new(type_is_nested(to) ? ERR_TYPE_MISMATCH : ERR_ARGUMENT_TYPE,
                   "Conversion from %.*s to %.*s is not supported", SLICE_ARG(a), SLICE_ARG(b));
}

/* --- text → nested ----------------------------------------------------------------------------------------------- */

struct text_parser {
    const char *at;
    const char *end;
    struct slice whole;
    struct buffer out;
    const struct function_context *context;
    struct arena *arena;
};

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
    char *text = arena_alloc_aligned(parser->arena, (size_t)(parser->end - parser->at) + 1, 1);
    size_t length = 0;
    if (text == NULL) {
        return arena_error(parser->arena);
    }
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
        text[length++] = byte;
    }
    if (!take_char(parser, '\'')) {
        return bad_text(parser, ERR_CANNOT_PARSE_QUOTED, "the quote is not closed");
    }
    *out = slice_of(text, length);
    return NULL;
}

/* Digits and the like, up to what no number has. */
static struct slice bare_word(struct text_parser *parser)
{
    const char *begin = parser->at;
    while (parser->at < parser->end && strchr(",)]}: \t\n", *parser->at) == NULL) {
        parser->at++;
    }
    return slice_of(begin, (size_t)(parser->at - begin));
}

static struct err *parse_scalar(struct text_parser *parser, const struct type *type)
{
    struct err *err = NULL;
    struct slice text;
    void *value = arena_alloc(parser->arena, type->width);
    if (value == NULL) {
        return arena_error(parser->arena);
    }
    bool in_quotes = parser->at < parser->end && *parser->at == '\'';
    if (in_quotes || type_is_string(type) || type_is_time(type)) {
        OR_DONE(quoted(parser, type_is_string(type) ? ERR_CANNOT_PARSE_QUOTED : ERR_CANNOT_PARSE_INPUT, &text));
    } else {
        text = bare_word(parser);
    }
    if (type->kind == TYPE_STRING) {
        uint32_t length = (uint32_t)text.length;
        buffer_append(&parser->out, &length, 4);
        buffer_slice(&parser->out, text);
        goto done;
    }
    if (type->kind == TYPE_NOTHING || !value_parse(type, zone_of(type, parser->context), text, value)) {
        parser->at -= in_quotes ? 0 : text.length;
        err =
            bad_text(parser, in_quotes ? ERR_CANNOT_PARSE_TEXT : ERR_CANNOT_READ_ARRAY, "no value of the type stands");
        goto done;
    }
    buffer_append(&parser->out, value, type->width);
done:
    return err;
}

static struct err *parse_nested(struct text_parser *parser, const struct type *type);

static struct err *parse_item(struct text_parser *parser, const struct type *type)
{
    skip_spaces(parser);
    if (!type_is_nested(type) && take_null(parser)) {
        if (type->nullable) {
            buffer_char(&parser->out, 1);
            return NULL;
        }
        for (uint32_t left = type->kind == TYPE_STRING ? 4 : type->width; left > 0; left--) {
            buffer_char(&parser->out, 0);
        }
        return NULL;
    }
    if (type->nullable) {
        buffer_char(&parser->out, 0);
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
    if (!take_char(parser, ')')) {
        return bad_text(parser, ERR_CANNOT_PARSE_INPUT, "')' is expected");
    }
done:
    return err;
}

static struct err *parse_array(struct text_parser *parser, const struct type *type)
{
    struct err *err = NULL;
    uint32_t count = 0;
    size_t place = parser->out.length;
    if (!take_char(parser, '[')) {
        return bad_text(parser, ERR_CANNOT_READ_ARRAY, "an array begins with '['");
    }
    buffer_append(&parser->out, &count, 4);
    skip_spaces(parser);
    while (!take_char(parser, ']')) {
        if (count > 0 && !take_char(parser, ',')) {
            return parser->at == parser->end ? bad_text(parser, ERR_CANNOT_PARSE_INPUT, "the array is not closed")
                                             : bad_text(parser, ERR_CANNOT_READ_ARRAY, "',' or ']' is expected");
        }
        skip_spaces(parser);
        if (parser->at == parser->end) {
            return bad_text(parser, ERR_CANNOT_PARSE_INPUT, "the array is not closed");
        }
        OR_DONE(parse_item(parser, type->children[0]));
        skip_spaces(parser);
        count++;
    }
    if (!parser->out.failed) {
        memcpy(parser->out.data + place, &count, 4);
    }
done:
    return err;
}

static struct err *parse_nested(struct text_parser *parser, const struct type *type)
{
    return type->kind == TYPE_TUPLE ? parse_tuple(parser, type) : parse_array(parser, type);
}

static bool has_map(const struct type *type)
{
    bool found = type->kind == TYPE_MAP;
    for (uint32_t k = 0; k < type->child_count; k++) {
        found |= has_map(type->children[k]);
    }
    return found;
}

static struct err *from_text(struct arena *arena, const struct function_context *context, const struct column *column,
                             const struct type *type, struct column **out)
{
    struct err *err = NULL;
    const struct column *texts = column_strings(arena, column);
    struct slice *keys = ARENA_ARRAY(arena, struct slice, column->row_count + 1U);
    struct text_parser parser = {.context = context, .arena = arena};
    if (texts == NULL || keys == NULL) {
        return arena_error(arena);
    }
    if (has_map(type)) {
        return cannot_cast(arena, column->type, type);
    }
    for (uint32_t i = 0; i < column->row_count; i++) {
        struct slice text = ((const struct slice *)texts->values)[i];
        text = text.length == 0 ? slice_of("", 0) : text;
        if (null_at(column, i)) {
            err = err_new(ERR_CANNOT_INSERT_NULL, "Cannot convert NULL value to non-Nullable type");
            goto done;
        }
        parser.at = text.data;
        parser.end = text.data + text.length;
        parser.whole = text;
        parser.out.length = 0;
        OR_DONE(parse_nested(&parser, type));
        if (parser.at < parser.end) {
            err = bad_text(&parser, ERR_DATA_AFTER_VALUE, "nothing is expected behind the value");
            goto done;
        }
        keys[i] = arena_slice(arena, buffer_all(&parser.out));
        if (keys[i].data == NULL || parser.out.failed) {
            err = parser.out.failed ? err_oom() : arena_error(arena);
            goto done;
        }
    }
    OR_DONE(nested_key_decode(arena, type, keys, column->row_count, out));
done:
    buffer_deinit(&parser.out);
    return err;
}

/* --- nested → text ------------------------------------------------------------------------------------------------ */

static struct err *to_text(struct arena *arena, const struct function_context *context, const struct column *column,
                           const struct type *type, struct column **out)
{
    struct err *err = NULL;
    struct buffer text = {0};
    struct column *made;
    const struct timezone *zone = zone_of(column->type, context);
    OR_DONE(result_new(arena, type, column->row_count, &made));
    for (uint32_t i = 0; i < column->row_count; i++) {
        text.length = 0;
        value_to_text(&text, column, i, zone);
        struct slice copy = text.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&text));
        if (copy.data == NULL) {
            err = text.failed ? err_oom() : arena_error(arena);
            goto done;
        }
        ((struct slice *)made->values)[i] = copy;
    }
    *out = made;
done:
    buffer_deinit(&text);
    return err;
}

/* --- nested → nested ---------------------------------------------------------------------------------------------- */

static struct err *cast_lists(struct arena *arena, const struct function_context *context, const struct column *column,
                              const struct type *type, enum cast_mode mode, struct column **out)
{
    struct err *err = NULL;
    const struct column *flat;
    struct column *items;
    OR_DONE(arrays_flat(arena, column, &flat));
    OR_DONE(column_cast(arena, context, flat->children[0], type->children[0], mode, &items));
    const struct column *elements = type->kind == TYPE_MAP ? column_flat(arena, items) : items; /* pairs are FLAT */
    if (elements == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, type, flat->row_count, flat->offsets, elements, out));
done:
    return err;
}

static struct err *cast_tuples(struct arena *arena, const struct function_context *context, const struct column *column,
                               const struct type *type, enum cast_mode mode, struct column **out)
{
    struct err *err = NULL;
    struct column *made = column_new(arena, type, column->row_count);
    if (made == NULL) {
        return arena_error(arena);
    }
    if (type->child_count != column->type->child_count) {
        return cannot_cast(arena, column->type, type);
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        OR_DONE(column_cast(arena, context, column->children[k], type->children[k], mode, &made->children[k]));
    }
    *out = made;
done:
    return err;
}

/* A tuple of two arrays of equal lengths as a map. */
static struct err *cast_pair_of_arrays(struct arena *arena, const struct function_context *context,
                                       const struct column *column, const struct type *type, enum cast_mode mode,
                                       struct column **out)
{
    struct err *err = NULL;
    const struct column *sides[2];
    const struct type *pair = type->children[0];
    OR_DONE(arrays_flat(arena, column->children[0], &sides[0]));
    OR_DONE(arrays_flat(arena, column->children[1], &sides[1]));
    if (memcmp(sides[0]->offsets, sides[1]->offsets, (column->row_count + 1U) * sizeof(uint32_t)) != 0) {
        return err_new(ERR_TYPE_MISMATCH, "the arrays of keys and of values have different lengths");
    }
    struct column *pairs = column_new(arena, pair, sides[0]->offsets[column->row_count]);
    if (pairs == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < 2; k++) {
        OR_DONE(column_cast(arena, context, sides[k]->children[0], pair->children[k], mode, &pairs->children[k]));
    }
    OR_DONE(arrays_new(arena, type, column->row_count, sides[0]->offsets, pairs, out));
done:
    return err;
}

static bool is_list(const struct type *type)
{
    return type->kind == TYPE_ARRAY || type->kind == TYPE_MAP;
}

static struct err *cast_flat(struct arena *arena, const struct function_context *context, const struct column *column,
                             const struct type *type, enum cast_mode mode, struct column **out)
{
    const struct type *from = column->type;
    if (type->kind == TYPE_STRING && type_is_nested(from)) {
        return to_text(arena, context, column, type, out);
    }
    if (type_is_string(from) && type_is_nested(type)) {
        return from_text(arena, context, column, type, out);
    }
    if (is_list(from) && is_list(type) &&
        (from->kind == type->kind || (from->kind == TYPE_MAP ? type : from)->children[0]->kind == TYPE_TUPLE)) {
        return cast_lists(arena, context, column, type, mode, out);
    }
    if (from->kind == TYPE_TUPLE && type->kind == TYPE_TUPLE) {
        return cast_tuples(arena, context, column, type, mode, out);
    }
    if (from->kind == TYPE_TUPLE && type->kind == TYPE_MAP && from->child_count == 2 &&
        from->children[0]->kind == TYPE_ARRAY && from->children[1]->kind == TYPE_ARRAY) {
        return cast_pair_of_arrays(arena, context, column, type, mode, out);
    }
    return cannot_cast(arena, from, type);
}

struct err *cast_nested(struct arena *arena, const struct function_context *context, const struct column *column,
                        const struct type *type, enum cast_mode mode, struct column **out)
{
    struct err *err = NULL;
    struct column one = *column;
    const struct column *flat = &one;
    if (type_equal(column->type, type)) {
        *out = column_retyped(arena, column, type);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    if (column->form == COLUMN_CONST) {
        one.form = COLUMN_FLAT;
        one.row_count = 1;
    } else {
        flat = column_flat(arena, column);
        if (flat == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(cast_flat(arena, context, flat, type, mode, out));
    if (column->form == COLUMN_CONST) {
        const struct column *whole = column_flat(arena, *out);
        *out = whole == NULL ? NULL : column_retyped(arena, whole, type);
        if (*out == NULL) {
            return arena_error(arena);
        }
        (*out)->form = COLUMN_CONST;
        (*out)->row_count = column->row_count;
    }
done:
    return err;
}
