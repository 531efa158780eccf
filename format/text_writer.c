/*
 * text_writer.c: TabSeparated, TSKV, CSV, Values, SQLInsert, Markdown, RawBLOB.
 */
#include "format/json_paths.h"
#include "format/lanes.h"
#include "format/value.h"
#include "format/writer_private.h"

#include <stdio.h>

static bool is_text(const struct type *type)
{
    return type_is_string(type) || type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16 || type->width == 0;
}

/* An array within a Dynamic is written as arrays are. */
static bool is_dynamic_array(const struct column *column, uint32_t row)
{
    return column->type->view == TYPE_VIEW_DYNAMIC &&
           json_kind_of(*(const struct slice *)column_value(column, row)) == JSON_ARRAY;
}

/* Written without quotes where others have them: numbers, and those within a Dynamic. */
static bool is_bare(const struct column *column, uint32_t row)
{
    const struct type *type = column->type;
    return type_is_number(type) || type->kind == TYPE_INTERVAL ||
           (type->view == TYPE_VIEW_DYNAMIC &&
            json_kind_of(*(const struct slice *)column_value(column, row)) < JSON_STRING);
}

/* Items of arrays, tuples and maps are quoted already. */
static bool quotes_itself(const struct type *type)
{
    return type->width == 0 && type->view == TYPE_VIEW_NONE;
}

static bool is_tuple(const struct type *type)
{
    return type->kind == TYPE_TUPLE && type->view == TYPE_VIEW_NONE;
}

void tsv_escape(struct buffer *out, struct slice text)
{
    static const char escaped[] = "\b\f\r\n\t\0'\\", letters[] = "bfrnt0'\\";
    size_t begin = 0;
    if (text.length == 0) {
        return;
    }
    for (size_t k = 0; k < text.length; k++) {
        char c = text.data[k];
        if ((unsigned char)c > '\\' || (c >= '(' && c < '\\')) {
            continue;
        }
        const char *found = memchr(escaped, c, sizeof(escaped) - 1);
        if (found != NULL) {
            char pair[2] = {'\\', letters[found - escaped]};
            buffer_append(out, text.data + begin, k - begin);
            buffer_append(out, pair, 2);
            begin = k + 1;
        }
    }
    buffer_append(out, text.data + begin, text.length - begin);
}

/* The value's text in the scratch buffer. */
static struct slice text_of(struct writer *writer, const struct column *column, uint32_t row)
{
    writer->scratch.length = 0;
    value_to_text_as(&writer->scratch, column, row, &writer->style);
    writer->out->failed |= writer->scratch.failed;
    return buffer_all(&writer->scratch);
}

static void tsv_line_end(struct writer *writer)
{
    if (writer->settings.tsv_crlf) {
        buffer_char(writer->out, '\r');
    }
    buffer_char(writer->out, '\n');
}

static void header(struct writer *writer, char delimiter, void (*put)(struct buffer *out, struct slice text))
{
    for (int line = 0; line < (writer->format->variant & 3); line++) {
        for (uint32_t k = 0; k < writer->column_count; k++) {
            if (k > 0) {
                buffer_char(writer->out, delimiter);
            }
            put(writer->out, line == 0 ? writer->columns[k].name : writer_type_name(writer, k));
        }
        tsv_line_end(writer);
    }
}

void tsv_begin(struct writer *writer)
{
    header(writer, '\t', tsv_escape);
}

void tsv_raw_begin(struct writer *writer)
{
    header(writer, '\t', buffer_slice);
}

void tsv_put(struct writer *writer, const struct column *column, uint32_t row, bool raw)
{
    if (column_is_null(column, row)) {
        buffer_text(writer->out, writer->settings.tsv_null);
    } else if (writer_put_bool(writer, writer->out, column, row)) {
        return;
    } else if (raw || !is_text(column->type)) {
        writer_put(writer, column, row);
    } else if (column->type->kind == TYPE_STRING && column->type->view == TYPE_VIEW_NONE) {
        tsv_escape(writer->out, *(const struct slice *)column_value(column, row));
    } else if (quotes_itself(column->type) || is_dynamic_array(column, row)) {
        writer_put(writer, column, row);
    } else {
        tsv_escape(writer->out, text_of(writer, column, row));
    }
}

/* A value that is no NULL, of a lane that is not LANE_OTHER. */
static inline void tsv_usual(struct buffer *out, struct lane *lane, size_t place, bool raw)
{
    if (lane->kind != LANE_TEXT) {
        lane_print(lane, out, place);
        return;
    }
    struct slice text = ((const struct slice *)lane->values)[place];
    char *to = raw ? NULL : lane_room(out, text.length + 16);
    if (raw) {
        buffer_slice(out, text);
    } else if (to != NULL && lane_copy_plain(to, text, ESCAPES_TSV)) {
        out->length += text.length;
    } else {
        tsv_escape(out, text);
    }
}

static void tsv_rows(struct writer *writer, const struct chunk *chunk, bool raw)
{
    struct lane *lanes = lanes_of(writer, chunk);
    struct buffer *out = writer->out;
    for (uint32_t row = 0; row < chunk->row_count && lanes != NULL; row++) {
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            struct lane *lane = &lanes[k];
            size_t place = lane_place(lane, row);
            if (k > 0) {
                buffer_char(out, '\t');
            }
            if (lane->kind == LANE_OTHER || (lane->nulls != NULL && lane->nulls[place] != 0)) {
                tsv_put(writer, chunk->columns[k], row, raw);
            } else {
                tsv_usual(out, lane, place, raw);
            }
        }
        tsv_line_end(writer);
    }
}

void tsv_chunk(struct writer *writer, const struct chunk *chunk)
{
    tsv_rows(writer, chunk, false);
}

void tsv_raw_chunk(struct writer *writer, const struct chunk *chunk)
{
    tsv_rows(writer, chunk, true);
}

/* Escaped as values, but for the apostrophe, and so is the sign between name and value. */
static void tskv_name(struct buffer *out, struct slice name)
{
    for (size_t k = 0; k < name.length; k++) {
        if (name.data[k] == '=' || name.data[k] == '\'') {
            buffer_text(out, name.data[k] == '=' ? "\\=" : "'");
        } else {
            tsv_escape(out, slice_of(name.data + k, 1));
        }
    }
}

void tskv_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            if (k > 0) {
                buffer_char(writer->out, '\t');
            }
            tskv_name(writer->out, writer->columns[k].name);
            buffer_char(writer->out, '=');
            tsv_put(writer, chunk->columns[k], row, false);
        }
        buffer_char(writer->out, '\n');
    }
}

/* Bytes of the values, nothing between them. */
void blob_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            const struct column *column = chunk->columns[k];
            if (column_is_null(column, row)) {
                continue;
            }
            if (column->type->kind == TYPE_STRING) {
                buffer_slice(writer->out, *(const struct slice *)column_value(column, row));
            } else {
                buffer_append(writer->out, column_value(column, row), column->type->width);
            }
        }
    }
}

struct err *blob_check(const struct writer_column *columns, uint32_t column_count)
{
    for (uint32_t k = 0; k < column_count; k++) {
        if (columns[k].type->width == 0 || columns[k].type->view != TYPE_VIEW_NONE) {
            return err_new(ERR_NOT_IMPLEMENTED,
                           "The format RawBLOB writes values' bytes: column %.*s has none in one piece",
                           SLICE_ARG(columns[k].name));
        }
    }
    return NULL;
}

/* After an empty line, as one more row. */
void lines_totals(struct writer *writer, const struct chunk *row)
{
    buffer_char(writer->out, '\n');
    writer->format->chunk(writer, row);
}

void csv_quote(struct buffer *out, struct slice text)
{
    buffer_char(out, '"');
    for (size_t k = 0; k < text.length; k++) {
        if (text.data[k] == '"') {
            buffer_char(out, '"');
        }
        buffer_char(out, text.data[k]);
    }
    buffer_char(out, '"');
}

/* A tuple is as many fields as it has elements, unless the settings say otherwise: their names are t.1, t.2 or t.name. */
static void csv_head(struct writer *writer, const struct type *type, struct slice name, bool types)
{
    if (!is_tuple(type) || !writer->settings.csv_tuple_columns) {
        csv_quote(writer->out, types ? type_name(writer->arena, type) : name);
        return;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        const char *below = type->names == NULL
                                ? arena_format(writer->arena, "%.*s.%u", SLICE_ARG(name), k + 1)
                                : arena_format(writer->arena, "%.*s.%.*s", SLICE_ARG(name), SLICE_ARG(type->names[k]));
        if (below == NULL) {
            writer->out->failed = true;
            return;
        }
        if (k > 0) {
            buffer_char(writer->out, writer->settings.csv_delimiter);
        }
        csv_head(writer, type->children[k], slice_text(below), types);
    }
}

void csv_begin(struct writer *writer)
{
    for (int line = 0; line < (writer->format->variant & 3); line++) {
        for (uint32_t k = 0; k < writer->column_count; k++) {
            if (k > 0) {
                buffer_char(writer->out, writer->settings.csv_delimiter);
            }
            csv_head(writer, writer->columns[k].type, writer->columns[k].name, line > 0);
        }
        buffer_text(writer->out, writer->settings.csv_crlf ? "\r\n" : "\n");
    }
}

void csv_put(struct writer *writer, const struct column *column, uint32_t row)
{
    if (column_is_null(column, row)) {
        buffer_text(writer->out, writer->settings.csv_null);
    } else if (is_tuple(column->type) && writer->settings.csv_tuple_columns) {
        for (uint32_t k = 0; k < column->type->child_count; k++) {
            if (k > 0) {
                buffer_char(writer->out, writer->settings.csv_delimiter);
            }
            csv_put(writer, column->children[k], column->form == COLUMN_CONST ? 0 : row);
        }
    } else if (writer_put_bool(writer, writer->out, column, row)) {
        return;
    } else if (is_bare(column, row)) {
        writer_put(writer, column, row);
    } else {
        csv_quote(writer->out, text_of(writer, column, row));
    }
}

void csv_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            if (k > 0) {
                buffer_char(writer->out, writer->settings.csv_delimiter);
            }
            csv_put(writer, chunk->columns[k], row);
        }
        buffer_text(writer->out, writer->settings.csv_crlf ? "\r\n" : "\n");
    }
}

/* A literal in quotes. */
static void quote_value(struct writer *writer, struct slice text)
{
    if (!writer->settings.values_double_quote) {
        value_quote(writer->out, text);
        return;
    }
    buffer_char(writer->out, '\'');
    for (size_t k = 0; k < text.length; k++) {
        buffer_text(writer->out, text.data[k] == '\'' ? "'" : "");
        buffer_char(writer->out, text.data[k]);
    }
    buffer_char(writer->out, '\'');
}

void values_put(struct writer *writer, const struct column *column, uint32_t row)
{
    if (column_is_null(column, row)) {
        buffer_text(writer->out, "NULL");
    } else if (is_bare(column, row) || is_dynamic_array(column, row) || quotes_itself(column->type)) {
        writer_put(writer, column, row);
    } else {
        quote_value(writer, text_of(writer, column, row));
    }
}

static void values_row(struct writer *writer, const struct chunk *chunk, uint32_t row, const char *separator)
{
    buffer_char(writer->out, '(');
    for (uint32_t k = 0; k < chunk->column_count; k++) {
        buffer_text(writer->out, k > 0 ? separator : "");
        values_put(writer, chunk->columns[k], row);
    }
    buffer_char(writer->out, ')');
}

void values_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        buffer_text(writer->out, writer->rows + row > 0 ? "," : "");
        values_row(writer, chunk, row, ",");
    }
}

static void put_quoted_name(struct writer *writer, struct slice name)
{
    const char *mark = writer->settings.sql_insert_quotes_names ? "`" : "";
    buffer_text(writer->out, mark);
    buffer_slice(writer->out, name);
    buffer_text(writer->out, mark);
}

static void put_insert(struct writer *writer)
{
    const struct format_settings *settings = &writer->settings;
    buffer_printf(writer->out, "%s INTO %s ", settings->sql_insert_replace ? "REPLACE" : "INSERT",
                  settings->sql_insert_table);
    for (uint32_t k = 0; k < writer->column_count && settings->sql_insert_names; k++) {
        buffer_text(writer->out, k > 0 ? ", " : "(");
        put_quoted_name(writer, writer->columns[k].name);
    }
    buffer_text(writer->out, settings->sql_insert_names ? ") VALUES " : "VALUES ");
}

void sql_insert_chunk(struct writer *writer, const struct chunk *chunk)
{
    uint64_t rows_max = writer->settings.sql_insert_rows == 0 ? UINT64_MAX : writer->settings.sql_insert_rows;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        uint64_t number = writer->rows + row;
        if (number % rows_max != 0) {
            buffer_text(writer->out, ", ");
        } else {
            buffer_text(writer->out, number > 0 ? ";\n" : "");
            put_insert(writer);
        }
        values_row(writer, chunk, row, ", ");
    }
}

void sql_insert_end(struct writer *writer, const struct writer_statistics *statistics)
{
    (void)statistics;
    buffer_text(writer->out, ";\n");
}

void values_end(struct writer *writer, const struct writer_statistics *statistics)
{
    (void)writer;
    (void)statistics;
}

void markdown_begin(struct writer *writer)
{
    buffer_char(writer->out, '|');
    for (uint32_t k = 0; k < writer->column_count; k++) {
        buffer_char(writer->out, ' ');
        tsv_escape(writer->out, writer->columns[k].name);
        buffer_text(writer->out, " |");
    }
    buffer_char(writer->out, '\n');
    for (uint32_t k = 0; k < writer->column_count; k++) {
        const struct type *type = writer->columns[k].type;
        bool right =
            (type_is_number(type) && type->kind != TYPE_BOOL) || type_is_time(type) || type->kind == TYPE_INTERVAL;
        buffer_text(writer->out, right ? "|-:" : "|:-");
    }
    buffer_text(writer->out, "|\n");
}

/* Cells are escaped as in TabSeparated: that is what ClickHouse does. */
void markdown_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        buffer_char(writer->out, '|');
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            buffer_char(writer->out, ' ');
            if (column_is_null(chunk->columns[k], row)) {
                buffer_text(writer->out, writer->settings.tsv_null);
            } else if (quotes_itself(chunk->columns[k]->type)) {
                writer_put(writer, chunk->columns[k], row);
            } else if (!writer_put_bool(writer, writer->out, chunk->columns[k], row)) {
                tsv_escape(writer->out, text_of(writer, chunk->columns[k], row));
            }
            buffer_text(writer->out, " |");
        }
        buffer_char(writer->out, '\n');
    }
}
