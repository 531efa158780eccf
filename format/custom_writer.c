/*
 * custom_writer.c: CustomSeparated: what stands between values, rows and around the result is the settings'.
 *
 * layout   result_before, rows with row_between between them, result_after; a row is row_before, values with
 *          field_delimiter between them, row_after. Names and types are rows of their own, with row_between behind them
 * values   by the escaping rule: as TabSeparated, Values, CSV, JSON, XML or TabSeparatedRaw have them
 */
#include "format/writer_private.h"

static void put_text(struct writer *writer, struct slice text)
{
    switch (writer->settings.custom_rule) {
    case ESCAPING_ESCAPED:
        tsv_escape(writer->out, text);
        break;
    case ESCAPING_QUOTED:
        value_quote(writer->out, text);
        break;
    case ESCAPING_CSV:
        csv_quote(writer->out, text);
        break;
    case ESCAPING_JSON:
        json_quote_as(writer->out, text, writer->settings.json_escape_slashes);
        break;
    case ESCAPING_XML:
        xml_escape(writer->out, text);
        break;
    case ESCAPING_RAW:
        buffer_slice(writer->out, text);
        break;
    }
}

void custom_put(struct writer *writer, const struct column *column, uint32_t row, enum escaping_rule rule)
{
    switch (rule) {
    case ESCAPING_ESCAPED:
        tsv_put(writer, column, row, false);
        break;
    case ESCAPING_QUOTED:
        values_put(writer, column, row);
        break;
    case ESCAPING_CSV:
        csv_put(writer, column, row);
        break;
    case ESCAPING_JSON:
        json_put(writer, column, row, JSON_COMPACT);
        break;
    case ESCAPING_XML:
        xml_put(writer, column, row);
        break;
    case ESCAPING_RAW:
        tsv_put(writer, column, row, true);
        break;
    }
}

void custom_begin(struct writer *writer)
{
    const struct format_settings *settings = &writer->settings;
    buffer_text(writer->out, settings->custom_result_before);
    for (int line = 0; line < (writer->format->variant & 3); line++) {
        buffer_text(writer->out, settings->custom_row_before);
        for (uint32_t k = 0; k < writer->column_count; k++) {
            buffer_text(writer->out, k > 0 ? settings->custom_field : "");
            put_text(writer, line == 0 ? writer->columns[k].name : writer_type_name(writer, k));
        }
        buffer_text(writer->out, settings->custom_row_after);
        buffer_text(writer->out, settings->custom_row_between);
    }
}

void custom_chunk(struct writer *writer, const struct chunk *chunk)
{
    const struct format_settings *settings = &writer->settings;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        buffer_text(writer->out, writer->rows + row > 0 ? settings->custom_row_between : "");
        buffer_text(writer->out, settings->custom_row_before);
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            buffer_text(writer->out, k > 0 ? settings->custom_field : "");
            custom_put(writer, chunk->columns[k], row, settings->custom_rule);
        }
        buffer_text(writer->out, settings->custom_row_after);
    }
}

void custom_end(struct writer *writer, const struct writer_statistics *statistics)
{
    (void)statistics;
    buffer_text(writer->out, writer->settings.custom_result_after);
}
