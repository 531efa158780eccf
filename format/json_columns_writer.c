/*
 * json_columns_writer.c: JSONColumns, JSONCompactColumns, JSONColumnsWithMetadata: a list of values for each column.
 *
 * memory   all texts are kept until the last row is known; they count in the options' budget
 */
#include "format/writer_private.h"

#include <stdlib.h>

struct json_columns {
    struct budget *budget; /* or NULL */
    uint64_t taken;        /* bytes of it */
    uint32_t count;
    struct buffer texts[];
};

void json_columns_destroy(struct json_columns *columns)
{
    if (columns != NULL) {
        for (uint32_t k = 0; k < columns->count; k++) {
            buffer_deinit(&columns->texts[k]);
        }
        if (columns->budget != NULL) {
            budget_give(columns->budget, columns->taken);
        }
        free(columns);
    }
}

/* The state is made with the first rows; NULL: memory is out. */
static struct json_columns *columns_of(struct writer *writer)
{
    if (writer->columns_kept == NULL) {
        struct json_columns *columns = calloc(1, sizeof(*columns) + writer->column_count * sizeof(columns->texts[0]));
        if (columns != NULL) {
            columns->budget = writer->options.budget;
            columns->count = writer->column_count;
        }
        writer->columns_kept = columns;
        writer->out->failed |= columns == NULL;
    }
    return writer->columns_kept;
}

/* Counts bytes that will stand there; false: the budget has no more. */
static bool take(struct writer *writer, struct json_columns *columns, uint64_t bytes)
{
    if (columns->budget != NULL && !budget_take(columns->budget, bytes)) {
        writer->out->failed = true;
        writer->bytes_refused = bytes;
        return false;
    }
    columns->taken += bytes;
    return true;
}

void json_columns_chunk(struct writer *writer, const struct chunk *chunk)
{
    struct json_columns *columns = columns_of(writer);
    struct buffer *out = writer->out;
    bool failed = columns == NULL;
    for (uint32_t k = 0; k < chunk->column_count && !failed; k++) {
        struct buffer *text = &columns->texts[k];
        size_t before = text->capacity;
        writer->out = text; /* where values are written to */
        for (uint32_t row = 0; row < chunk->row_count; row++) {
            buffer_text(text, writer->rows + row > 0 ? ", " : "");
            json_put(writer, chunk->columns[k], row, JSON_COMPACT);
        }
        writer->out = out;
        out->failed |= text->failed;
        failed = text->failed || !take(writer, columns, text->capacity - before);
    }
}

/* The columns, and the bracket that closes them. */
static void put_columns(struct writer *writer)
{
    struct json_columns *columns = columns_of(writer);
    bool arrays = (writer->format->variant & JSON_ARRAYS) != 0, meta = (writer->format->variant & JSON_META) != 0;
    uint64_t bytes = 0;
    for (uint32_t k = 0; columns != NULL && k < columns->count; k++) {
        bytes += columns->texts[k].length;
    }
    if (columns == NULL || !take(writer, columns, bytes)) { /* they stand there twice now */
        return;
    }
    buffer_text(writer->out, meta ? "\t{\n" : arrays ? "[\n" : "{\n");
    bool shown = writer->rows > 0 || (!meta && !arrays);
    for (uint32_t k = 0; k < columns->count && shown; k++) {
        buffer_text(writer->out, k == 0 ? "" : ",\n");
        buffer_text(writer->out, meta ? "\t\t" : "\t");
        if (!arrays) {
            buffer_slice(writer->out, writer->keys[k]);
            buffer_char(writer->out, ' ');
        }
        buffer_char(writer->out, '[');
        buffer_slice(writer->out, buffer_all(&columns->texts[k]));
        buffer_char(writer->out, ']');
    }
    buffer_text(writer->out, meta ? "\n\t}" : arrays ? "\n]\n" : "\n}\n");
    writer->data_ended = true;
}

void json_columns_totals(struct writer *writer, const struct chunk *row)
{
    put_columns(writer);
    json_totals(writer, row);
}

void json_columns_extremes(struct writer *writer, const struct chunk *rows)
{
    if (!writer->data_ended) {
        put_columns(writer);
    }
    json_extremes(writer, rows);
}

void json_columns_end(struct writer *writer, const struct writer_statistics *statistics)
{
    if (!writer->data_ended) {
        put_columns(writer);
    }
    if ((writer->format->variant & JSON_META) != 0) {
        json_end(writer, statistics);
    }
}
