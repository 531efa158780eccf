/*
 * json_writer.c: JSON, JSONCompact, JSONEachRow, JSONObjectEachRow and their variants.
 *
 * layout   as ClickHouse's: tabs, a line per row; numbers bare, nan and inf null unless the settings say otherwise
 */
#include "base/number.h"
#include "format/json_paths.h"
#include "format/lanes.h"

#include "base/interrupt.h"
#include "format/value.h"
#include "format/writer_private.h"

#include <math.h>

void json_quote_as(struct buffer *out, struct slice text, bool slashes)
{
    size_t begin = 0;
    if (text.length == 0) {
        buffer_text(out, "\"\"");
        return;
    }
    buffer_char(out, '"');
    for (size_t k = 0; k < text.length; k++) {
        unsigned char c = (unsigned char)text.data[k];
        const char *escape = NULL;
        char unicode[8];
        size_t used = 1;
        if (c >= 0x20 && c != '"' && c != '\\' && (c != '/' || !slashes) && c != 0xe2) {
            continue;
        }
        switch (c) {
        case '"':
            escape = "\\\"";
            break;
        case '\\':
            escape = "\\\\";
            break;
        case '/':
            escape = "\\/";
            break;
        case '\b':
            escape = "\\b";
            break;
        case '\f':
            escape = "\\f";
            break;
        case '\n':
            escape = "\\n";
            break;
        case '\r':
            escape = "\\r";
            break;
        case '\t':
            escape = "\\t";
            break;
        case 0xe2: /* U+2028 and U+2029 end lines in JavaScript */
            if (text.length - k < 3 || text.data[k + 1] != '\x80' ||
                (text.data[k + 2] != '\xa8' && text.data[k + 2] != '\xa9')) {
                continue;
            }
            escape = text.data[k + 2] == '\xa8' ? "\\u2028" : "\\u2029";
            used = 3;
            break;
        default: {
            static const char hex[] = "0123456789ABCDEF";
            memcpy(unicode, "\\u00", 4);
            unicode[4] = hex[c >> 4];
            unicode[5] = hex[c & 15];
            unicode[6] = 0;
            escape = unicode;
        }
        }
        buffer_append(out, text.data + begin, k - begin);
        buffer_text(out, escape);
        k += used - 1;
        begin = k + 1;
    }
    buffer_append(out, text.data + begin, text.length - begin);
    buffer_char(out, '"');
}

static void quote(struct writer *writer, struct slice text)
{
    json_quote_as(writer->out, text, writer->settings.json_escape_slashes);
}

void json_quote(struct buffer *out, struct slice text)
{
    json_quote_as(out, text, true);
}

static bool is_bare(const struct writer *writer, const struct column *column, uint32_t row, bool *denormal)
{
    const struct type *type = column->type;
    double value;
    *denormal = false;
    if (type_is_float(type)) {
        value = type->kind == TYPE_FLOAT32 ? (double)*(const float *)column_value(column, row)
                                           : *(const double *)column_value(column, row);
        *denormal = !isfinite(value);
        return !*denormal;
    }
    bool quoted_wide = writer->settings.json_quote_64bit && !writer->json_shown;
    if (type->kind == TYPE_DECIMAL) {
        return !writer->settings.json_quote_decimals || writer->json_shown;
    }
    return type->kind == TYPE_BOOL || (type_is_integer(type) && (type->width < 8 || !quoted_wide)) ||
           (type->kind == TYPE_INTERVAL && !quoted_wide);
}

#define COMPACT JSON_COMPACT

static void put_value(struct writer *writer, const struct column *column, uint32_t row, bool strings, uint32_t indent);

/* Between two elements, behind the opening and before the closing bracket. */
static void put_line(struct writer *writer, uint32_t indent)
{
    if (indent == COMPACT) {
        return;
    }
    const char *step = writer->json_shown ? " " : (writer->format->variant & JSON_PRETTY) != 0 ? "    " : "\t";
    buffer_text(writer->out, writer->json_shown && indent > 0 ? "\n " : "\n");
    for (uint32_t k = 0; k < indent; k++) {
        buffer_text(writer->out, step);
    }
}

static void put_colon(struct writer *writer, uint32_t indent)
{
    buffer_text(writer->out, indent == COMPACT ? ":" : ": ");
}

static void put_tuple(struct writer *writer, const struct column *column, uint32_t row, bool strings, uint32_t indent)
{
    const struct type *type = column->type;
    uint32_t inner = indent == COMPACT ? COMPACT : indent + 1;
    bool names = type->names != NULL && (writer->settings.json_named_tuples_as_objects || writer->json_shown);
    buffer_char(writer->out, names ? '{' : '[');
    for (uint32_t k = 0; k < type->child_count; k++) {
        if (k > 0) {
            buffer_char(writer->out, ',');
        }
        put_line(writer, inner);
        if (names) {
            quote(writer, type->names[k]);
            put_colon(writer, indent);
        }
        put_value(writer, column->children[k], row, strings, inner);
    }
    if (type->child_count > 0) {
        put_line(writer, indent);
    }
    buffer_char(writer->out, names ? '}' : ']');
}

static void put_nested(struct writer *writer, const struct column *column, uint32_t row, bool strings, uint32_t indent)
{
    const struct type *type = column->type;
    if (column->form == COLUMN_CONST) {
        row = 0;
    }
    if (type->kind == TYPE_TUPLE) {
        put_tuple(writer, column, row, strings, indent);
        return;
    }
    bool is_map = type->kind == TYPE_MAP;
    if (!is_map && type->children[0]->width > 0) {
        indent = COMPACT; /* arrays of scalars stand in one line */
    }
    uint32_t inner = indent == COMPACT ? COMPACT : indent + 1;
    uint32_t begin = column->offsets[row], end = column->offsets[row + 1];
    buffer_char(writer->out, is_map ? '{' : '[');
    for (uint32_t k = begin; k < end && !interrupted_at(k); k++) {
        if (k > begin) {
            buffer_char(writer->out, ',');
        }
        put_line(writer, inner);
        if (is_map) {
            put_value(writer, column->children[0]->children[0], k, true, COMPACT);
            put_colon(writer, indent);
            put_value(writer, column->children[0]->children[1], k, strings, inner);
        } else {
            put_value(writer, column->children[0], k, strings, inner);
        }
    }
    if (begin < end) {
        put_line(writer, indent);
    }
    buffer_char(writer->out, is_map ? '}' : ']');
}

void json_put(struct writer *writer, const struct column *column, uint32_t row, uint32_t indent)
{
    put_value(writer, column, row, (writer->format->variant & JSON_STRINGS) != 0, indent);
}

void json_put_shown(struct writer *writer, struct buffer *out, const struct column *column, uint32_t row)
{
    struct buffer *own = writer->out;
    writer->out = out;
    writer->json_shown = true;
    put_value(writer, column, row, false, 0);
    writer->json_shown = false;
    writer->out = own;
}

/* strings: every value in quotes. */
static void put_value(struct writer *writer, const struct column *column, uint32_t row, bool strings, uint32_t indent)
{
    bool denormal;
    if (column_is_null(column, row)) {
        buffer_text(writer->out, strings ? "\"ᴺᵁᴸᴸ\"" : "null");
    } else if (column->type->view == TYPE_VIEW_JSON && !strings) {
        writer_put(writer, column, row);
    } else if (column->type->view == TYPE_VIEW_DYNAMIC && !strings) {
        json_shown_text(writer->out, *(const struct slice *)column_value(column, row));
    } else if (column->type->kind == TYPE_STRING && column->type->view == TYPE_VIEW_NONE) {
        quote(writer, *(const struct slice *)column_value(column, row));
    } else if (column->type->width == 0 && !strings) {
        put_nested(writer, column, row, strings, indent);
    } else if (!strings && column->type->width > 0 && is_bare(writer, column, row, &denormal)) {
        writer_put(writer, column, row);
    } else if (!strings && column->type->width > 0 && denormal && !writer->settings.json_quote_denormals &&
               !writer->json_shown) {
        buffer_text(writer->out, "null");
    } else {
        writer->scratch.length = 0;
        if (!writer_put_bool(writer, &writer->scratch, column, row)) {
            value_to_text_as(&writer->scratch, column, row, &writer->style);
        }
        writer->out->failed |= writer->scratch.failed;
        quote(writer, buffer_all(&writer->scratch));
    }
}

static void put_row(struct writer *writer, const struct chunk *chunk, uint32_t row, bool arrays, const char *separator)
{
    bool strings = (writer->format->variant & JSON_STRINGS) != 0;
    for (uint32_t k = 0; k < chunk->column_count; k++) {
        if (k > 0) {
            buffer_text(writer->out, separator);
        }
        if (!arrays) {
            buffer_slice(writer->out, writer->keys[k]);
        }
        put_value(writer, chunk->columns[k], row, strings, COMPACT);
    }
}

static void put_object(struct writer *writer, const struct chunk *chunk, uint32_t row)
{
    buffer_char(writer->out, '{');
    put_row(writer, chunk, row, false, ",");
    buffer_char(writer->out, '}');
}

static void put_array(struct writer *writer, const struct chunk *chunk, uint32_t row)
{
    buffer_char(writer->out, '[');
    put_row(writer, chunk, row, true, ", ");
    buffer_char(writer->out, ']');
}

/* A value of a lane, on one line, without quotes around what has none. */
static inline void put_lane(struct writer *writer, struct lane *lane, uint32_t row)
{
    struct buffer *out = writer->out;
    size_t place = lane_place(lane, row);
    if (lane->kind == LANE_OTHER || (lane->nulls != NULL && lane->nulls[place] != 0) ||
        (lane->kind == LANE_NUMBER && lane->type->width == 8 && writer->settings.json_quote_64bit) ||
        (lane->kind == LANE_FLOAT &&
         !isfinite(lane->type->width == 8 ? ((const double *)lane->values)[place]
                                          : (double)((const float *)lane->values)[place]))) {
        put_value(writer, lane->column, row, false, COMPACT);
        return;
    }
    if (lane->kind == LANE_NUMBER || lane->kind == LANE_FLOAT) {
        lane_print(lane, out, place);
        return;
    }
    if (lane->kind == LANE_TIME) {
        buffer_char(out, '"');
        lane_print(lane, out, place);
        buffer_char(out, '"');
        return;
    }
    struct slice text = ((const struct slice *)lane->values)[place];
    char *to = lane_room(out, text.length + 18);
    if (to == NULL) {
        return;
    }
    bool plain = writer->settings.json_escape_slashes ? lane_copy_plain(to + 1, text, ESCAPES_JSON_SLASHES)
                                                      : lane_copy_plain(to + 1, text, ESCAPES_JSON);
    if (plain) {
        to[0] = to[text.length + 1] = '"';
        out->length += text.length + 2;
    } else {
        quote(writer, text);
    }
}

/* {"name":value,…} of a row, by lanes. */
static void put_lanes(struct writer *writer, struct lane *lanes, uint32_t count, uint32_t row)
{
    buffer_char(writer->out, '{');
    for (uint32_t k = 0; k < count; k++) {
        if (k > 0) {
            buffer_char(writer->out, ',');
        }
        buffer_slice(writer->out, writer->keys[k]);
        put_lane(writer, &lanes[k], row);
    }
    buffer_char(writer->out, '}');
}

void json_rows_chunk(struct writer *writer, const struct chunk *chunk)
{
    bool list = writer->settings.json_array_of_rows;
    bool strings = (writer->format->variant & JSON_STRINGS) != 0;
    struct lane *lanes = lanes_of(writer, chunk);
    for (uint32_t row = 0; row < chunk->row_count && lanes != NULL; row++) {
        if (list && writer->rows + row > 0) {
            buffer_text(writer->out, ",\n");
        }
        if (strings) {
            put_object(writer, chunk, row);
        } else {
            put_lanes(writer, lanes, chunk->column_count, row);
        }
        if (!list) {
            buffer_char(writer->out, '\n');
        }
    }
}

void json_list_begin(struct writer *writer)
{
    buffer_text(writer->out, writer->settings.json_array_of_rows ? "[\n" : "");
}

void json_list_end(struct writer *writer, const struct writer_statistics *statistics)
{
    (void)statistics;
    buffer_text(writer->out, writer->settings.json_array_of_rows ? "\n]\n" : "");
}

void json_compact_rows_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        put_array(writer, chunk, row);
        buffer_char(writer->out, '\n');
    }
}

void json_pretty_rows_chunk(struct writer *writer, const struct chunk *chunk)
{
    bool list = writer->settings.json_array_of_rows;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        buffer_text(writer->out, list && writer->rows + row > 0 ? ",\n{" : "{");
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            buffer_text(writer->out, k > 0 ? ",\n    " : "\n    ");
            buffer_slice(writer->out, writer->keys[k]);
            buffer_char(writer->out, ' ');
            json_put(writer, chunk->columns[k], row, 1);
        }
        buffer_text(writer->out, list ? "\n}" : "\n}\n");
    }
}

void json_object_begin(struct writer *writer)
{
    buffer_text(writer->out, "{\n");
}

void json_object_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        unsigned long long number = writer->rows + row + 1;
        buffer_printf(writer->out, "%s\t\"row_%llu\": ", number > 1 ? ",\n" : "", number);
        put_object(writer, chunk, row);
    }
}

void json_object_end(struct writer *writer, const struct writer_statistics *statistics)
{
    (void)statistics;
    buffer_text(writer->out, "\n}\n");
}

/* ---- rows, each within an object that says what it is */

void json_progress_begin(struct writer *writer)
{
    buffer_text(writer->out, "{\"meta\":[");
    for (uint32_t k = 0; k < writer->column_count; k++) {
        buffer_text(writer->out, k > 0 ? ",{\"name\":" : "{\"name\":");
        quote(writer, writer->columns[k].name);
        buffer_text(writer->out, ",\"type\":");
        quote(writer, writer_type_name(writer, k));
        buffer_char(writer->out, '}');
    }
    buffer_text(writer->out, "]}\n");
}

static void put_named(struct writer *writer, const char *name, const struct chunk *chunk, uint32_t row)
{
    buffer_printf(writer->out, "{\"%s\":", name);
    if ((writer->format->variant & JSON_ARRAYS) != 0) {
        put_array(writer, chunk, row);
    } else {
        put_object(writer, chunk, row);
    }
    buffer_text(writer->out, "}\n");
}

void json_progress_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        put_named(writer, "row", chunk, row);
    }
}

void json_progress_totals(struct writer *writer, const struct chunk *row)
{
    put_named(writer, "totals", row, 0);
}

void json_progress_extremes(struct writer *writer, const struct chunk *rows)
{
    put_named(writer, "min", rows, 0);
    put_named(writer, "max", rows, 1);
}

void json_progress_end(struct writer *writer, const struct writer_statistics *statistics)
{
    if (statistics->rows_read > 0) {
        buffer_printf(writer->out,
                      "{\"progress\":{\"read_rows\":\"%llu\",\"read_bytes\":\"%llu\",\"elapsed_ns\":\"%.0f\"}}\n",
                      (unsigned long long)statistics->rows_read, (unsigned long long)statistics->bytes_read,
                      statistics->elapsed_seconds * 1e9);
    }
    if (statistics->rows_before_limit_known) {
        buffer_printf(writer->out, "{\"rows_before_limit_at_least\":%llu}\n",
                      (unsigned long long)statistics->rows_before_limit);
    }
}

void json_rows_begin(struct writer *writer)
{
    for (int line = 0; line < (writer->format->variant & 3); line++) {
        buffer_char(writer->out, '[');
        for (uint32_t k = 0; k < writer->column_count; k++) {
            if (k > 0) {
                buffer_text(writer->out, ", ");
            }
            quote(writer, line == 0 ? writer->columns[k].name : writer_type_name(writer, k));
        }
        buffer_text(writer->out, "]\n");
    }
}

/* ---- whole documents */

void json_meta(struct writer *writer)
{
    buffer_text(writer->out, "{\n\t\"meta\":\n\t[\n");
    for (uint32_t k = 0; k < writer->column_count; k++) {
        buffer_text(writer->out, "\t\t{\n\t\t\t\"name\": ");
        quote(writer, writer->columns[k].name);
        buffer_text(writer->out, ",\n\t\t\t\"type\": ");
        quote(writer, writer_type_name(writer, k));
        buffer_text(writer->out, k + 1 < writer->column_count ? "\n\t\t},\n" : "\n\t\t}\n");
    }
    buffer_text(writer->out, "\t],\n\n\t\"data\":\n");
}

void json_begin(struct writer *writer)
{
    json_meta(writer);
    buffer_text(writer->out, "\t[\n");
}

void json_chunk(struct writer *writer, const struct chunk *chunk)
{
    bool arrays = (writer->format->variant & JSON_ARRAYS) != 0;
    bool strings = (writer->format->variant & JSON_STRINGS) != 0;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        buffer_text(writer->out, writer->rows + row > 0 ? ",\n" : "");
        if (arrays) {
            buffer_text(writer->out, "\t\t");
            put_array(writer, chunk, row);
            continue;
        }
        buffer_text(writer->out, "\t\t{\n");
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            buffer_text(writer->out, "\t\t\t");
            buffer_slice(writer->out, writer->keys[k]);
            buffer_char(writer->out, ' ');
            put_value(writer, chunk->columns[k], row, strings, 3);
            buffer_text(writer->out, k + 1 < chunk->column_count ? ",\n" : "\n");
        }
        buffer_text(writer->out, "\t\t}");
    }
}

void json_totals(struct writer *writer, const struct chunk *row)
{
    bool strings = (writer->format->variant & JSON_STRINGS) != 0;
    if (!writer->data_ended) {
        buffer_text(writer->out, "\n\t]");
    }
    buffer_text(writer->out, ",\n\n\t\"totals\":");
    writer->data_ended = true;
    if ((writer->format->variant & JSON_ARRAYS) != 0) {
        buffer_char(writer->out, ' ');
        put_array(writer, row, 0);
        return;
    }
    buffer_text(writer->out, "\n\t{\n");
    for (uint32_t k = 0; k < row->column_count; k++) {
        buffer_text(writer->out, "\t\t");
        buffer_slice(writer->out, writer->keys[k]);
        buffer_char(writer->out, ' ');
        put_value(writer, row->columns[k], 0, strings, 2);
        buffer_text(writer->out, k + 1 < row->column_count ? ",\n" : "\n");
    }
    buffer_text(writer->out, "\t}");
}

/* A row as the value of a name that stands behind two tabs. */
static void put_extreme(struct writer *writer, const char *name, const struct chunk *rows, uint32_t row)
{
    bool strings = (writer->format->variant & JSON_STRINGS) != 0;
    buffer_printf(writer->out, "\t\t\"%s\":", name);
    if ((writer->format->variant & JSON_ARRAYS) != 0) {
        buffer_char(writer->out, ' ');
        put_array(writer, rows, row);
        return;
    }
    buffer_text(writer->out, "\n\t\t{\n");
    for (uint32_t k = 0; k < rows->column_count; k++) {
        buffer_text(writer->out, "\t\t\t");
        buffer_slice(writer->out, writer->keys[k]);
        buffer_char(writer->out, ' ');
        put_value(writer, rows->columns[k], row, strings, COMPACT);
        buffer_text(writer->out, k + 1 < rows->column_count ? ",\n" : "\n");
    }
    buffer_text(writer->out, "\t\t}");
}

void json_extremes(struct writer *writer, const struct chunk *rows)
{
    buffer_text(writer->out, writer->data_ended ? "" : "\n\t]");
    writer->data_ended = true;
    buffer_text(writer->out, ",\n\n\t\"extremes\":\n\t{\n");
    put_extreme(writer, "min", rows, 0);
    buffer_text(writer->out, ",\n");
    put_extreme(writer, "max", rows, 1);
    buffer_text(writer->out, "\n\t}");
}

void json_end(struct writer *writer, const struct writer_statistics *statistics)
{
    char text[NUMBER_TEXT_MAX];
    size_t length = number_print_double(statistics->elapsed_seconds, text);
    buffer_printf(writer->out, "%s,\n\n\t\"rows\": %llu", writer->data_ended ? "" : "\n\t]",
                  (unsigned long long)writer->rows);
    if (statistics->rows_before_limit_known) {
        buffer_printf(writer->out, ",\n\n\t\"rows_before_limit_at_least\": %llu",
                      (unsigned long long)statistics->rows_before_limit);
    }
    if (!writer->settings.write_statistics) {
        buffer_text(writer->out, "\n}\n");
        return;
    }
    buffer_printf(
        writer->out,
        ",\n\n\t\"statistics\":\n\t{\n\t\t\"elapsed\": %.*s,\n\t\t\"rows_read\": %llu,\n\t\t\"bytes_read\": %llu",
        (int)length, text, (unsigned long long)statistics->rows_read, (unsigned long long)statistics->bytes_read);
    if (statistics->completeness.length > 0) {
        buffer_printf(writer->out, ",\n\t\t\"completeness\": %.*s", SLICE_ARG(statistics->completeness));
    }
    buffer_text(writer->out, "\n\t}\n}\n");
}
