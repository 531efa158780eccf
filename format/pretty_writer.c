/*
 * pretty_writer.c: tables for terminals: Pretty, PrettyCompact, PrettySpace.
 *
 * Rows are kept until the end (or until there are so many that nobody reads them), because a column is as wide as its
 * widest value. Widths count code points; control bytes are shown as they are.
 */
#include "format/value.h"
#include "format/writer_private.h"

#define PRETTY_ROWS_DEFAULT 10000U
#define WIDTH_MAX           250U

static size_t width_of(struct slice text)
{
    size_t width = 0;
    for (size_t k = 0; k < text.length; k++) {
        width += ((unsigned char)text.data[k] & 0xc0) != 0x80;
    }
    return width;
}

static struct slice cell(struct writer *writer, const struct column *column, uint32_t row)
{
    writer->scratch.length = 0;
    if (column_is_null(column, row)) {
        buffer_text(&writer->scratch, "ᴺᵁᴸᴸ");
    } else {
        value_to_text(&writer->scratch, column, row, writer->options.zone);
    }
    writer->out->failed |= writer->scratch.failed;
    return buffer_all(&writer->scratch);
}

void pretty_chunk(struct writer *writer, const struct chunk *chunk)
{
    uint32_t max = writer->options.pretty_max_rows == 0 ? PRETTY_ROWS_DEFAULT : writer->options.pretty_max_rows;
    if (writer->kept_rows >= max || chunk->row_count == 0) {
        return;
    }
    uint32_t count = chunk->row_count;
    if (count > max - writer->kept_rows) {
        count = (uint32_t)(max - writer->kept_rows);
    }
    struct chunk *part = chunk_part(writer->arena, chunk, 0, count);
    struct chunk *copy = part == NULL ? NULL : chunk_copy(writer->arena, part);
    if (writer->kept_count % 64 == 0) {
        struct chunk **grown = ARENA_ARRAY(writer->arena, struct chunk *, writer->kept_count + 64);
        if (grown != NULL && writer->kept_count > 0) {
            memcpy(grown, writer->kept, writer->kept_count * sizeof(struct chunk *));
        }
        writer->kept = grown;
    }
    if (copy == NULL || writer->kept == NULL) {
        writer->out->failed = true;
        writer->kept_count = 0;
        return;
    }
    writer->kept[writer->kept_count++] = copy;
    writer->kept_rows += count;
}

static void repeat(struct buffer *out, const char *text, size_t count)
{
    while (count-- > 0) {
        buffer_text(out, text);
    }
}

/* A line between rows: left, fill, middle, right. */
static void rule(struct writer *writer, const size_t *widths, const char *const marks[4])
{
    buffer_text(writer->out, marks[0]);
    for (uint32_t k = 0; k < writer->column_count; k++) {
        repeat(writer->out, marks[1], widths[k] + 2);
        buffer_text(writer->out, k + 1 < writer->column_count ? marks[2] : marks[3]);
    }
    buffer_char(writer->out, '\n');
}

/* PrettyCompact's first line carries the names. */
static void title_rule(struct writer *writer, const size_t *widths)
{
    buffer_text(writer->out, "┌");
    for (uint32_t k = 0; k < writer->column_count; k++) {
        size_t pad = widths[k] - width_of(writer->columns[k].name);
        bool right = type_is_number(writer->columns[k].type);
        buffer_text(writer->out, "─");
        if (right) {
            repeat(writer->out, "─", pad);
        }
        buffer_slice(writer->out, writer->columns[k].name);
        if (!right) {
            repeat(writer->out, "─", pad);
        }
        buffer_text(writer->out, "─");
        buffer_text(writer->out, k + 1 < writer->column_count ? "┬" : "┐");
    }
    buffer_char(writer->out, '\n');
}

static void put_cell(struct writer *writer, struct slice text, size_t width, bool right)
{
    size_t own = width_of(text), pad = own < width ? width - own : 0;
    if (right) {
        repeat(writer->out, " ", pad);
    }
    buffer_slice(writer->out, text);
    if (!right) {
        repeat(writer->out, " ", pad);
    }
}

static void put_line(struct writer *writer, const struct chunk *chunk, uint32_t row, const size_t *widths,
                     const char *left, const char *between, const char *right)
{
    buffer_text(writer->out, left);
    for (uint32_t k = 0; k < writer->column_count; k++) {
        struct slice text = chunk == NULL ? writer->columns[k].name : cell(writer, chunk->columns[k], row);
        put_cell(writer, text, widths[k], type_is_number(writer->columns[k].type));
        buffer_text(writer->out, k + 1 < writer->column_count ? between : right);
    }
    buffer_char(writer->out, '\n');
}

void pretty_end(struct writer *writer, const struct writer_statistics *statistics)
{
    static const char *const top[] = {"┏", "━", "┳", "┓"}, *const under_names[] = {"┡", "━", "╇", "┩"};
    static const char *const between[] = {"├", "─", "┼", "┤"}, *const bottom[] = {"└", "─", "┴", "┘"};
    (void)statistics;
    size_t *widths = ARENA_ARRAY(writer->arena, size_t, writer->column_count);
    if (widths == NULL || writer->rows == 0) {
        return;
    }
    for (uint32_t k = 0; k < writer->column_count; k++) {
        widths[k] = width_of(writer->columns[k].name);
        for (uint32_t c = 0; c < writer->kept_count; c++) {
            for (uint32_t row = 0; row < writer->kept[c]->row_count; row++) {
                size_t width = width_of(cell(writer, writer->kept[c]->columns[k], row));
                width = width > WIDTH_MAX ? WIDTH_MAX : width;
                widths[k] = width > widths[k] ? width : widths[k];
            }
        }
    }
    int style = writer->format->variant;
    if (style == 0) {
        rule(writer, widths, top);
        put_line(writer, NULL, 0, widths, "┃ ", " ┃ ", " ┃");
        rule(writer, widths, under_names);
    } else if (style == 1) {
        title_rule(writer, widths);
    } else {
        put_line(writer, NULL, 0, widths, " ", "   ", "");
        buffer_char(writer->out, '\n');
    }
    uint64_t shown = 0;
    for (uint32_t c = 0; c < writer->kept_count; c++) {
        for (uint32_t row = 0; row < writer->kept[c]->row_count; row++, shown++) {
            if (style == 0 && shown > 0) {
                rule(writer, widths, between);
            }
            if (style == 2) {
                put_line(writer, writer->kept[c], row, widths, " ", "   ", "");
            } else {
                put_line(writer, writer->kept[c], row, widths, "│ ", " │ ", " │");
            }
        }
    }
    if (style != 2) {
        rule(writer, widths, bottom);
    }
    if (shown < writer->rows) {
        buffer_printf(writer->out, "Showed first %llu of %llu rows.\n", (unsigned long long)shown,
                      (unsigned long long)writer->rows);
    }
}
