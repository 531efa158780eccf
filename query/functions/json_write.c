/*
 * json_write.c: JSON texts of values: toJSONString of any type, prettyPrintJSON of a JSON text.
 *
 * toJSONString  as the format JSONEachRow writes a field: 64-bit integers bare, NaN and infinities null, named tuples
 *               and maps as objects, what is no number in quotes
 * thread        any, no shared state
 */
#include "query/functions/json_read.h"
#include "query/functions/nested.h"
#include "query/functions/row.h"

#include "base/text.h"
#include "format/value.h"

#include <math.h>

/* Strings are quoted as the output formats do it: '/' has a backslash too. */
static void put_quoted(struct buffer *out, struct slice text)
{
    buffer_char(out, '"');
    size_t begin = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        char escaped[8];
        if (c >= 0x20 && c != '"' && c != '\\' && c != '/') {
            continue;
        }
        buffer_slice(out, slice_of(text.data + begin, i - begin));
        begin = i + 1;
        if (c == '/') {
            buffer_text(out, "\\/");
        } else {
            buffer_slice(out, slice_of(escaped, json_escape(slice_of(text.data + i, 1), escaped)));
        }
    }
    buffer_slice(out, slice_of(text.data + begin, text.length - begin));
    buffer_char(out, '"');
}

static bool is_bare(const struct column *column, uint32_t row)
{
    const struct type *type = column->type;
    if (type_is_float(type)) {
        const void *value = column_value(column, row);
        return isfinite(type->kind == TYPE_FLOAT64 ? *(const double *)value : (double)*(const float *)value);
    }
    return type_is_number(type) || type->kind == TYPE_INTERVAL;
}

static void put_json(struct buffer *out, const struct column *column, uint32_t row, const struct timezone *zone);

/* A key: what is no text as its text, in quotes. */
static void put_key(struct buffer *out, const struct column *keys, uint32_t row, const struct timezone *zone)
{
    if (type_is_string(keys->type)) {
        put_json(out, keys, row, zone);
        return;
    }
    struct buffer text = {0};
    value_to_text(&text, keys, row, zone);
    put_quoted(out, buffer_all(&text));
    out->failed |= text.failed;
    buffer_deinit(&text);
}

static void put_items(struct buffer *out, const struct column *column, uint32_t row, const struct timezone *zone)
{
    const struct arrays arrays = arrays_of(column);
    bool map = column->type->kind == TYPE_MAP;
    const struct column *items = column->children[0];
    buffer_char(out, map ? '{' : '[');
    for (uint32_t e = array_begin(&arrays, row); e < array_end(&arrays, row); e++) {
        buffer_text(out, e > array_begin(&arrays, row) ? "," : "");
        if (!map) {
            put_json(out, items, e, zone);
            continue;
        }
        put_key(out, items->children[0], e, zone);
        buffer_char(out, ':');
        put_json(out, items->children[1], e, zone);
    }
    buffer_char(out, map ? '}' : ']');
}

static void put_json(struct buffer *out, const struct column *column, uint32_t row, const struct timezone *zone)
{
    const struct type *type = column->type;
    if (type->kind == TYPE_NOTHING || (type->child_count == 0 && column_is_null(column, row))) {
        buffer_text(out, "null");
    } else if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) {
        put_items(out, column, row, zone);
    } else if (type->kind == TYPE_TUPLE) {
        uint32_t at = column->form == COLUMN_CONST ? 0 : row;
        buffer_char(out, type->names != NULL ? '{' : '[');
        for (uint32_t k = 0; k < type->child_count; k++) {
            buffer_text(out, k > 0 ? "," : "");
            if (type->names != NULL) {
                put_quoted(out, type->names[k]);
                buffer_char(out, ':');
            }
            put_json(out, column->children[k], at, zone);
        }
        buffer_char(out, type->names != NULL ? '}' : ']');
    } else if (type->kind == TYPE_STRING) {
        put_quoted(out, *(const struct slice *)column_value(column, row));
    } else if (type->kind == TYPE_FIXED_STRING) {
        put_quoted(out, slice_of(column_value(column, row), type->length));
    } else if (type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16) {
        struct slice name = slice_of("", 0);
        int16_t value = type->kind == TYPE_ENUM8 ? *(const int8_t *)column_value(column, row)
                                                 : *(const int16_t *)column_value(column, row);
        (void)type_enum_name(type, value, &name);
        put_quoted(out, name);
    } else if (type_is_float(type) && !is_bare(column, row)) {
        buffer_text(out, "null");
    } else {
        const char *quote = is_bare(column, row) ? "" : "\"";
        buffer_text(out, quote);
        value_to_text(out, column, row, zone);
        buffer_text(out, quote);
    }
}

static struct err *evaluate_to_json(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct buffer text = {0};
    struct column *made;
    size_t *ends = ARENA_ARRAY(arena, size_t, row_count + 1U);
    if (ends == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        put_json(&text, arguments[0], i, function->context->zone);
        ends[i] = buffer_all(&text).length;
    }
    struct slice all = text.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&text));
    if (all.data == NULL) {
        err = text.failed ? err_oom() : arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        size_t begin = i == 0 ? 0 : ends[i - 1];
        ((struct slice *)made->values)[i] = slice_of(all.data + begin, ends[i] - begin);
    }
    *out = made;
done:
    buffer_deinit(&text);
    return err;
}

static struct err *resolve_to_json(const struct function_bind *bind, struct function *out)
{
    (void)bind;
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_to_json;
    return NULL;
}

/* --- prettyPrintJSON ---------------------------------------------------------------------------------------------- */

#define PRETTY_MAX ((size_t)64 << 20) /* bytes of a result: indents may be long */

static void put_indent(struct buffer *out, uint32_t depth)
{
    buffer_printf(out, "\n%*s", (int)depth * 4, "");
}

static void put_pretty(struct buffer *out, struct slice value, uint32_t depth)
{
    struct json_items items;
    struct slice name, member;
    bool any = false;
    if (!json_open(value, &items)) {
        buffer_slice(out, value);
        return;
    }
    buffer_char(out, items.object ? '{' : '[');
    while (buffer_all(out).length <= PRETTY_MAX && json_next(&items, &name, &member)) {
        buffer_text(out, any ? "," : "");
        put_indent(out, depth + 1);
        if (items.object) {
            buffer_char(out, '"');
            buffer_slice(out, name);
            buffer_text(out, "\": ");
        }
        put_pretty(out, member, depth + 1);
        any = true;
    }
    if (any) {
        put_indent(out, depth);
    }
    buffer_char(out, items.object ? '}' : ']');
}

static struct err *run_pretty(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct buffer text = {0};
    struct slice value;
    struct slice source = call->arguments[0].text;
    if (!json_document(source, &value)) {
        return err_new(ERR_BAD_ARGUMENTS, "Invalid JSON string in function prettyPrintJSON: '%.*s'",
                       (int)(source.length > 200 ? 200 : source.length), source.data);
    }
    OR_DONE(json_minify(&call->buffer, value, &value));
    put_pretty(&text, value, 0);
    if (buffer_all(&text).length > PRETTY_MAX) {
        err = err_new(ERR_STRING_TOO_LARGE, "the result of prettyPrintJSON is longer than %zu bytes", PRETTY_MAX);
        goto done;
    }
    out->text = text.failed ? (struct slice){0} : arena_slice(call->buffer.arena, buffer_all(&text));
    if (out->text.data == NULL) {
        err = text.failed ? err_oom() : arena_error(call->buffer.arena);
    }
done:
    buffer_deinit(&text);
    return err;
}

static const struct function_definition definitions[] = {
    {"toJSONString", false, 1, 1, 0, resolve_to_json, 0},
};
static const struct row_function rows[] = {
    ROW_FULL("prettyPrintJSON", false, 1, 1, FUNCTION_CAN_FAIL, 0, "s", TYPE_STRING, 0, run_pretty,
             "The JSON text with a line for each member."),
};
const struct function_group functions_json_write = {
    definitions, sizeof(definitions) / sizeof(definitions[0]), NULL, 0, rows, sizeof(rows) / sizeof(rows[0])};
