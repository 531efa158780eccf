/*
 * xml_writer.c: XML: the result as one document, an element per row and value.
 *
 * names    of elements are the columns' own where they are letters, digits, '_', '-' and '.', else "field"
 */
#include "base/interrupt.h"
#include "base/number.h"
#include "format/value.h"
#include "format/writer_private.h"

void xml_escape(struct buffer *out, struct slice text)
{
    for (size_t k = 0; k < text.length; k++) {
        if (text.data[k] == '<') {
            buffer_text(out, "&lt;");
        } else if (text.data[k] == '&') {
            buffer_text(out, "&amp;");
        } else {
            buffer_char(out, text.data[k]);
        }
    }
}

static struct slice tag_of(struct slice name)
{
    for (size_t k = 0; k < name.length; k++) {
        char c = name.data[k];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (c < '0' || c > '9' || k == 0) && c != '_' && c != '-' && c != '.') {
            return slice_text("field");
        }
    }
    return name;
}

static void put_element(struct writer *writer, const char *tag, const struct column *column, uint32_t row)
{
    buffer_printf(writer->out, "<%s>", tag);
    xml_put(writer, column, row);
    buffer_printf(writer->out, "</%s>", tag);
}

static void put_nested(struct writer *writer, const struct column *column, uint32_t row)
{
    const struct type *type = column->type;
    if (column->form == COLUMN_CONST) {
        row = 0;
    }
    if (type->kind == TYPE_TUPLE) {
        buffer_text(writer->out, "<tuple>");
        for (uint32_t k = 0; k < type->child_count; k++) {
            put_element(writer, "elem", column->children[k], row);
        }
        buffer_text(writer->out, "</tuple>");
        return;
    }
    bool is_map = type->kind == TYPE_MAP;
    buffer_text(writer->out, is_map ? "<map>" : "<array>");
    for (uint32_t k = column->offsets[row]; k < column->offsets[row + 1] && !interrupted_at(k); k++) {
        if (is_map) {
            buffer_text(writer->out, "<elem>");
            put_element(writer, "key", column->children[0]->children[0], k);
            put_element(writer, "value", column->children[0]->children[1], k);
            buffer_text(writer->out, "</elem>");
        } else {
            put_element(writer, "elem", column->children[0], k);
        }
    }
    buffer_text(writer->out, is_map ? "</map>" : "</array>");
}

void xml_put(struct writer *writer, const struct column *column, uint32_t row)
{
    if (column_is_null(column, row)) {
        buffer_text(writer->out, "\\N");
    } else if (column->type->width == 0 && column->type->view == TYPE_VIEW_NONE) {
        put_nested(writer, column, row);
    } else {
        writer->scratch.length = 0;
        value_to_text_as(&writer->scratch, column, row, &writer->style);
        writer->out->failed |= writer->scratch.failed;
        xml_escape(writer->out, buffer_all(&writer->scratch));
    }
}

/* The values of a row, a line each. */
static void put_row(struct writer *writer, const struct chunk *chunk, uint32_t row, const char *indent)
{
    for (uint32_t k = 0; k < chunk->column_count; k++) {
        struct slice tag = tag_of(writer->columns[k].name);
        buffer_printf(writer->out, "%s<%.*s>", indent, SLICE_ARG(tag));
        xml_put(writer, chunk->columns[k], row);
        buffer_printf(writer->out, "</%.*s>\n", SLICE_ARG(tag));
    }
}

void xml_begin(struct writer *writer)
{
    buffer_text(writer->out, "<?xml version='1.0' encoding='UTF-8' ?>\n<result>\n\t<meta>\n\t\t<columns>\n");
    for (uint32_t k = 0; k < writer->column_count; k++) {
        buffer_text(writer->out, "\t\t\t<column>\n\t\t\t\t<name>");
        xml_escape(writer->out, writer->columns[k].name);
        buffer_text(writer->out, "</name>\n\t\t\t\t<type>");
        xml_escape(writer->out, writer_type_name(writer, k));
        buffer_text(writer->out, "</type>\n\t\t\t</column>\n");
    }
    buffer_text(writer->out, "\t\t</columns>\n\t</meta>\n\t<data>\n");
}

void xml_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        buffer_text(writer->out, "\t\t<row>\n");
        put_row(writer, chunk, row, "\t\t\t");
        buffer_text(writer->out, "\t\t</row>\n");
    }
}

void xml_totals(struct writer *writer, const struct chunk *row)
{
    buffer_text(writer->out, "\t</data>\n\t<totals>\n");
    put_row(writer, row, 0, "\t\t");
    buffer_text(writer->out, "\t</totals>\n");
    writer->data_ended = true;
}

void xml_extremes(struct writer *writer, const struct chunk *rows)
{
    buffer_text(writer->out, writer->data_ended ? "" : "\t</data>\n");
    writer->data_ended = true;
    buffer_text(writer->out, "\t<extremes>\n\t\t<min>\n");
    put_row(writer, rows, 0, "\t\t\t");
    buffer_text(writer->out, "\t\t</min>\n\t\t<max>\n");
    put_row(writer, rows, 1, "\t\t\t");
    buffer_text(writer->out, "\t\t</max>\n\t</extremes>\n");
}

void xml_end(struct writer *writer, const struct writer_statistics *statistics)
{
    char text[NUMBER_TEXT_MAX];
    size_t length = number_print_double(statistics->elapsed_seconds, text);
    buffer_printf(writer->out, "%s\t<rows>%llu</rows>\n", writer->data_ended ? "" : "\t</data>\n",
                  (unsigned long long)writer->rows);
    if (statistics->rows_before_limit_known) {
        buffer_printf(writer->out, "\t<rows_before_limit_at_least>%llu</rows_before_limit_at_least>\n",
                      (unsigned long long)statistics->rows_before_limit);
    }
    if (!writer->settings.write_statistics) {
        buffer_text(writer->out, "</result>\n");
        return;
    }
    buffer_printf(writer->out,
                  "\t<statistics>\n\t\t<elapsed>%.*s</elapsed>\n\t\t<rows_read>%llu</rows_read>\n"
                  "\t\t<bytes_read>%llu</bytes_read>\n\t</statistics>\n</result>\n",
                  (int)length, text, (unsigned long long)statistics->rows_read,
                  (unsigned long long)statistics->bytes_read);
}
