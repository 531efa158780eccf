/*
 * binary_writer.c: RowBinary, RowBinaryWithNames, RowBinaryWithNamesAndTypes: values one behind the other, without
 * anything between them.
 */
#include "base/interrupt.h"
#include "format/binary.h"
#include "format/writer_private.h"

void row_binary_begin(struct writer *writer)
{
    int lines = writer->format->variant;
    if (lines != NAMES_NONE) {
        binary_put_length(writer->out, writer->column_count);
    }
    for (int line = 0; line < lines; line++) {
        for (uint32_t k = 0; k < writer->column_count; k++) {
            binary_put_text(writer->out, line == 0 ? writer->columns[k].name : writer_type_name(writer, k));
        }
    }
}

void row_binary_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count && !interrupted_at(row); row++) {
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            if (writer->wires != NULL && writer->wires[k] != NULL) {
                writer_put_state(writer, k, *(const struct slice *)column_value(chunk->columns[k], row));
            } else {
                binary_put_value(writer->out, chunk->columns[k], row);
            }
        }
    }
}
