/*
 * binary.c: lengths, values and refused types of the binary formats.
 */
#include "format/binary.h"

#include "base/interrupt.h"
#include "format/value.h"

void binary_put_length(struct buffer *out, uint64_t length)
{
    char bytes[BINARY_LENGTH_BYTES_MAX];
    size_t count = 0;
    while (length >= 0x80) {
        bytes[count++] = (char)(0x80 | (length & 0x7f));
        length >>= 7;
    }
    bytes[count++] = (char)length;
    buffer_append(out, bytes, count);
}

void binary_put_text(struct buffer *out, struct slice text)
{
    binary_put_length(out, text.length);
    buffer_slice(out, text);
}

size_t binary_take_length(const char *at, const char *end, uint64_t *length)
{
    *length = 0;
    for (size_t k = 0; k < (size_t)(end - at) && k < BINARY_LENGTH_BYTES_MAX; k++) {
        uint64_t byte = (unsigned char)at[k];
        *length |= (byte & 0x7f) << (7 * k);
        if (byte < 0x80 || k + 1 == BINARY_LENGTH_BYTES_MAX) {
            return k + 1;
        }
    }
    return 0;
}

void binary_resolve(const struct column **column, uint32_t *row)
{
    if ((*column)->form == COLUMN_CONST) {
        *row = 0;
    } else if ((*column)->form == COLUMN_DICT) {
        *row = (*column)->codes[*row];
        *column = (*column)->dictionary;
    }
}

void binary_put_json(struct buffer *out, const struct column *column, uint32_t row)
{
    struct buffer text = {0};
    value_to_text(&text, column, row, timezone_utc());
    binary_put_text(out, buffer_all(&text));
    out->failed |= text.failed;
    buffer_deinit(&text);
}

void binary_put_value(struct buffer *out, const struct column *column, uint32_t row)
{
    const struct type *type = column->type;
    if (type->nullable) {
        bool is_null = column_is_null(column, row);
        buffer_char(out, is_null);
        if (is_null) {
            return;
        }
    }
    if (type->view == TYPE_VIEW_JSON) {
        binary_put_json(out, column, row);
        return;
    }
    binary_resolve(&column, &row);
    switch (type->kind) {
    case TYPE_STRING:
        binary_put_text(out, ((const struct slice *)column->values)[row]);
        break;
    case TYPE_ARRAY:
    case TYPE_MAP:
        binary_put_length(out, column->offsets[row + 1] - column->offsets[row]);
        for (uint32_t i = column->offsets[row]; i < column->offsets[row + 1] && !interrupted_at(i); i++) {
            binary_put_value(out, column->children[0], i);
        }
        break;
    case TYPE_TUPLE:
        for (uint32_t k = 0; k < type->child_count; k++) {
            binary_put_value(out, column->children[k], row);
        }
        break;
    default:
        buffer_append(out, (const char *)column->values + (size_t)row * type->width, type->width);
        break;
    }
}

struct err *binary_refuse(const char *format, struct slice column, const struct type *type, struct binary_views views)
{
    const char *what = NULL, *instead = "";
    if (type->view == TYPE_VIEW_JSON && !views.json) {
        what = "JSON";
        instead = ": as text they are, with output_format_binary_write_json_as_string = 1 and "
                  "input_format_binary_read_json_as_string = 1";
    } else if (type->view == TYPE_VIEW_DYNAMIC && !views.dynamic) {
        what = "Dynamic";
        instead = ": a cast gives values that are";
    } else if (type_is_state(type) && views.inside) {
        what = "AggregateFunction inside another type";
        instead = ": finalizeAggregation gives values that are";
    }
    if (what != NULL) {
        return err_new(ERR_NOT_IMPLEMENTED, "column %.*s: values of type %s are not supported in the format %s%s",
                       SLICE_ARG(column), what, format, instead);
    }
    static const struct binary_views none = {.inside = true};
    views.inside = true;
    for (uint32_t k = 0; k < type->child_count && type->view == TYPE_VIEW_NONE; k++) {
        struct err *err =
            binary_refuse(format, column, type->children[k], strcmp(format, "Native") == 0 ? none : views);
        if (err != NULL) {
            return err;
        }
    }
    return NULL;
}
