/*
 * pretty_writer.c: results for eyes: tables drawn with lines, and Vertical.
 *
 * block    all rows of a result stand in one table, so that its columns are aligned, as far as PRETTY_BYTES_MAX allows:
 *          beyond, a new table begins. Rows after pretty_rows_max are counted, not kept.
 * width    of characters as terminals show them (utf8proc; ClickHouse's tables have emoji of Unicode 9 narrow)
 * fallback few rows of a very wide table, or with line feeds in values, are written as Vertical
 */
#include "base/interrupt.h"
#include "base/number.h"
#include "format/readable.h"
#include "format/value.h"
#include "format/writer_private.h"

#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

enum { STYLE_GRID, STYLE_COMPACT, STYLE_SPACE };

#define PRETTY_BYTES_MAX     ((size_t)8 << 20)
#define FOOTER_ROWS_MIN      50U
#define TIP_ABOVE            1e6
#define TAB_WIDTH            8U
#define NAME_WIDTH_MAX       24U
#define NAME_CUT_MIN         4U
#define FALLBACK_ROWS_MAX    10U
#define FALLBACK_COLUMNS_MIN 5U
#define FALLBACK_WIDTH_MIN   250U

struct pretty {
    struct buffer texts; /* cells, row after row */
    size_t *ends;
    size_t cell_count, cell_room;
    uint64_t rows_kept;   /* in all tables */
    uint64_t rows_before; /* of tables drawn */
    uint64_t rows_hidden;
    size_t *widths;
    size_t *starts;      /* the terminal's column in which each begins, from 0 */
    struct slice *names; /* cut */
    struct slice *rests; /* what is left of the cells of the row being drawn; data NULL: nothing */
};

void pretty_destroy(struct pretty *pretty)
{
    if (pretty != NULL) {
        buffer_deinit(&pretty->texts);
        free(pretty->ends);
        free(pretty->widths);
        free(pretty->starts);
        free(pretty->names);
        free(pretty->rests);
        free(pretty);
    }
}

/* The state is made with the first rows; NULL: memory is out. */
static void write_named_tuple(void *user, struct buffer *out, const struct column *column, uint32_t row)
{
    json_put_shown(user, out, column, row);
}

static struct pretty *pretty_of(struct writer *writer)
{
    if (writer->pretty != NULL) {
        return writer->pretty;
    }
    struct pretty *pretty = calloc(1, sizeof(*pretty));
    if (pretty != NULL) {
        pretty->widths = calloc(writer->column_count + 1, sizeof(*pretty->widths));
        pretty->starts = calloc(writer->column_count + 1, sizeof(*pretty->starts));
        pretty->names = calloc(writer->column_count + 1, sizeof(*pretty->names));
        pretty->rests = calloc(writer->column_count + 1, sizeof(*pretty->rests));
    }
    if (pretty == NULL || pretty->widths == NULL || pretty->starts == NULL || pretty->names == NULL ||
        pretty->rests == NULL) {
        pretty_destroy(pretty);
        writer->out->failed = true;
        return NULL;
    }
    writer->pretty = pretty;
    if (writer->settings.pretty_named_tuples) {
        writer->style.named_tuple = write_named_tuple;
        writer->style.user = writer;
    }
    return pretty;
}

/* Numbers and times stand to the right. */
static bool is_right(const struct type *type)
{
    return (type_is_number(type) && type->kind != TYPE_BOOL) || type_is_time(type) || type->kind == TYPE_INTERVAL;
}

static void write_cell(struct writer *writer, struct buffer *out, const struct column *column, uint32_t row)
{
    if (column->type->kind == TYPE_NOTHING || column_is_null(column, row)) {
        buffer_text(out, "ᴺᵁᴸᴸ");
    } else if (!writer_put_bool(writer, out, column, row)) {
        value_to_text_as(out, column, row, &writer->style);
    }
}

/* Of a text that begins in the terminal's column `start`, from 0. As ClickHouse's: escape sequences (ECMA-48's CSI), other
 * control characters and bytes that are no UTF-8 have no width; a tab goes to the next multiple of 8. */
static size_t text_width(struct slice text, size_t start)
{
    size_t width = 0;
    bool escaped = false;
    for (size_t at = 0; at < text.length;) {
        utf8proc_int32_t code;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &code);
        at += used > 0 ? (size_t)used : 1;
        if (used <= 0) {
            continue;
        }
        if (escaped && code >= 0x20 && code < 0x7f) {
            escaped = code == '[' || code < 0x40; /* parameters; the sequence ends with a letter */
        } else if (code == '\t') {
            width += TAB_WIDTH - (start + width) % TAB_WIDTH;
        } else if (code == 0x1b) {
            escaped = true;
        } else {
            width += code < 0x20 ? 0 : (size_t)utf8proc_charwidth(code);
        }
    }
    return width;
}

/* The next line of *rest; *more: others follow. */
static struct slice next_line(struct slice *rest, bool *more)
{
    const char *feed = rest->length == 0 ? NULL : memchr(rest->data, '\n', rest->length);
    struct slice line = *rest;
    *more = feed != NULL;
    if (feed != NULL) {
        line.length = (size_t)(feed - rest->data);
    }
    size_t used = line.length + (feed != NULL);
    rest->data = rest->data == NULL ? "" : rest->data + used;
    rest->length -= used;
    return line;
}

static void repeat(struct buffer *out, const char *text, size_t count)
{
    while (count-- > 0) {
        buffer_text(out, text);
    }
}

/* "12.35 million" for large numbers; not, as in ClickHouse, for those that may be hashes or the ends of 64 bits. */
static void write_tip(struct buffer *out, const struct type *type, struct slice text)
{
    double value, size;
    char quantity[READABLE_TEXT_MAX];
    if (!type_is_number(type) || type->kind == TYPE_BOOL || !number_parse_double(text, &value) || !isfinite(value)) {
        return;
    }
    size = fabs(value);
    if (size > TIP_ABOVE && !(size > 1e17 && size < 1.844675e19)) {
        buffer_printf(out, " -- %.*s", (int)readable_quantity(value, quantity), quantity);
    }
}

static struct slice cell_at(const struct pretty *pretty, size_t cell)
{
    size_t begin = cell == 0 ? 0 : pretty->ends[cell - 1];
    return slice_of(pretty->texts.data == NULL ? "" : pretty->texts.data + begin, pretty->ends[cell] - begin);
}

/* ---- Vertical */

static size_t number_digits(uint64_t number)
{
    char to[NUMBER_TEXT_MAX];
    return number_print_u64(number, to);
}

static void vertical_row(struct buffer *out, uint64_t number)
{
    buffer_text(out, number > 1 ? "\n" : "");
    buffer_printf(out, "Row %llu:", (unsigned long long)number);
    buffer_char(out, '\n');
    repeat(out, "─", sizeof("Row :") - 1 + number_digits(number + 1)); /* ClickHouse's, one more under Row 9 */
    buffer_char(out, '\n');
}

static void vertical_cell(struct writer *writer, struct buffer *out, uint32_t k, struct slice text, size_t width)
{
    buffer_slice(out, writer->columns[k].name);
    buffer_char(out, ':');
    repeat(out, " ", width - text_width(writer->columns[k].name, 0) + 1);
    buffer_slice(out, text);
    write_tip(out, writer->columns[k].type, text);
    buffer_char(out, '\n');
}

static size_t names_width(const struct writer *writer)
{
    size_t width = 0;
    for (uint32_t k = 0; k < writer->column_count; k++) {
        size_t name = text_width(writer->columns[k].name, 0);
        width = name > width ? name : width;
    }
    return width;
}

static void vertical_cells(struct writer *writer, const struct chunk *chunk, uint32_t row)
{
    struct buffer text = {0};
    size_t width = names_width(writer);
    for (uint32_t k = 0; k < writer->column_count; k++) {
        text.length = 0;
        write_cell(writer, &text, chunk->columns[k], row);
        vertical_cell(writer, writer->out, k, text.length == 0 ? slice_of("", 0) : buffer_all(&text), width);
    }
    writer->out->failed = writer->out->failed || text.failed;
    buffer_deinit(&text);
}

void vertical_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        vertical_row(writer->out, writer->rows + row + 1);
        vertical_cells(writer, chunk, row);
    }
}

void vertical_totals(struct writer *writer, const struct chunk *row)
{
    buffer_text(writer->out, "\n\nTotals:\n");
    repeat(writer->out, "─", 7);
    buffer_char(writer->out, '\n');
    vertical_cells(writer, row, 0);
    writer->data_ended = true;
}

void vertical_extremes(struct writer *writer, const struct chunk *rows)
{
    buffer_text(writer->out, writer->data_ended ? "" : "\n");
    for (uint32_t row = 0; row < 2; row++) {
        buffer_printf(writer->out, "\n%s:\n", row == 0 ? "Min" : "Max");
        repeat(writer->out, "─", 4);
        buffer_char(writer->out, '\n');
        vertical_cells(writer, rows, row);
    }
}

/* ---- tables */

/* Of the rows' numbers, with ". " behind them. */
static size_t numbers_width(const struct pretty *pretty, size_t row_count)
{
    return number_digits(pretty->rows_before + row_count) + 2;
}

static void measure(struct writer *writer, size_t row_count)
{
    struct pretty *pretty = writer->pretty;
    size_t start = numbers_width(pretty, row_count) + (writer->format->variant == STYLE_SPACE ? 1 : 2);
    for (uint32_t k = 0; k < writer->column_count; k++) {
        size_t width = 0;
        pretty->starts[k] = start;
        for (size_t row = 0; row < row_count; row++) {
            struct slice rest = cell_at(pretty, row * writer->column_count + k);
            for (bool more = true; more;) {
                size_t line = text_width(next_line(&rest, &more), start);
                width = line > width ? line : width;
            }
        }
        /* long names over narrow columns lose their middle */
        size_t limit = width > NAME_WIDTH_MAX ? width : NAME_WIDTH_MAX, name = text_width(writer->columns[k].name, 0);
        pretty->names[k] = writer->columns[k].name;
        if (name > limit + NAME_CUT_MIN && name == writer->columns[k].name.length) { /* one byte a character */
            size_t head = limit / 2, tail = limit - head - 1;
            const char *data = writer->columns[k].name.data;
            char *cut = arena_format(writer->arena, "%.*s⋯%.*s", (int)head, data, (int)tail, data + name - tail);
            if (cut != NULL) {
                pretty->names[k] = slice_text(cut);
                name = limit;
            }
        }
        pretty->widths[k] = name > width ? name : width;
        start += pretty->widths[k] + 3;
    }
}

struct lines {
    const char *left, *line, *cross, *right;
};

static void rule(struct writer *writer, struct buffer *out, size_t indent, struct lines lines)
{
    repeat(out, " ", indent);
    for (uint32_t k = 0; k < writer->column_count; k++) {
        buffer_text(out, k == 0 ? lines.left : lines.cross);
        repeat(out, lines.line, writer->pretty->widths[k] + 2);
    }
    buffer_text(out, lines.right);
    buffer_char(out, '\n');
}

/* Names in a line: of spaces between bars, or in a rule of the compact style. */
static void name_line(struct writer *writer, struct buffer *out, size_t indent, struct lines lines, const char *space)
{
    repeat(out, " ", indent);
    for (uint32_t k = 0; k < writer->column_count; k++) {
        size_t pad = writer->pretty->widths[k] - text_width(writer->pretty->names[k], 0);
        bool right = is_right(writer->columns[k].type), last = k + 1 == writer->column_count;
        bool open = *lines.right == 0 && last; /* nothing follows: no spaces either */
        buffer_text(out, k == 0 ? lines.left : lines.cross);
        buffer_text(out, space);
        repeat(out, space, right ? pad : 0);
        buffer_slice(out, writer->pretty->names[k]);
        repeat(out, space, right ? 0 : pad);
        buffer_text(out, open ? "" : space);
    }
    buffer_text(out, lines.right);
    buffer_char(out, '\n');
}

/* A line of the row's cell k, from what is left of it; *more: others follow. */
static void table_cell(struct writer *writer, struct buffer *out, uint32_t k, bool first, bool *more)
{
    struct slice *rest = &writer->pretty->rests[k], text = slice_of("", 0);
    bool here = rest->data != NULL, follows = false;
    if (here) {
        text = next_line(rest, &follows);
        if (!follows) {
            rest->data = NULL;
        }
    }
    size_t pad = writer->pretty->widths[k] - text_width(text, writer->pretty->starts[k]);
    bool right = is_right(writer->columns[k].type);
    buffer_text(out, !first && here ? "↳" : " ");
    repeat(out, " ", right ? pad : 0);
    buffer_slice(out, text);
    repeat(out, " ", right ? 0 : pad);
    buffer_text(out, follows ? "↴" : " ");
    *more = *more || follows;
}

static void table_row(struct writer *writer, struct buffer *out, size_t row, size_t indent, bool tip)
{
    struct pretty *pretty = writer->pretty;
    bool space = writer->format->variant == STYLE_SPACE, first = true, more;
    uint64_t number = pretty->rows_before + row + 1;
    const char *bar = space ? "" : "│";
    for (uint32_t k = 0; k < writer->column_count; k++) {
        pretty->rests[k] = cell_at(pretty, row * writer->column_count + k);
    }
    do {
        more = false;
        repeat(out, " ", first ? indent - 2 - number_digits(number) : indent);
        if (first) {
            buffer_printf(out, "%llu. ", (unsigned long long)number);
        }
        for (uint32_t k = 0; k < writer->column_count; k++) {
            buffer_text(out, k == 0 ? bar : space ? " " : "│");
            table_cell(writer, out, k, first, &more);
        }
        buffer_text(out, bar);
        if (tip && first && writer->column_count > 0) {
            uint32_t last = writer->column_count - 1;
            write_tip(out, writer->columns[last].type, cell_at(pretty, row * writer->column_count + last));
        }
        buffer_char(out, '\n');
        first = false;
    } while (more);
}

static void draw_lines(struct writer *writer, struct buffer *out, size_t row_count)
{
    static const struct lines compact_top = {"┌", "─", "┬", "┐"}, bottom = {"└", "─", "┴", "┘"},
                              grid_top = {"┏", "━", "┳", "┓"}, grid_names = {"┃", " ", "┃", "┃"},
                              grid_head = {"┡", "━", "╇", "┩"}, grid_row = {"├", "─", "┼", "┤"},
                              grid_foot = {"┢", "━", "╈", "┪"}, grid_end = {"┗", "━", "┻", "┛"},
                              spaces = {"", " ", " ", ""};
    int style = writer->format->variant;
    bool footer = row_count >= FOOTER_ROWS_MIN;
    size_t indent = numbers_width(writer->pretty, row_count);

    if (style == STYLE_COMPACT) {
        name_line(writer, out, indent, compact_top, "─");
    } else if (style == STYLE_GRID) {
        rule(writer, out, indent, grid_top);
        name_line(writer, out, indent, grid_names, " ");
        rule(writer, out, indent, grid_head);
    } else {
        name_line(writer, out, indent, spaces, " ");
        buffer_char(out, '\n');
    }
    for (size_t row = 0; row < row_count && !interrupted_at(row * 64); row++) {
        if (style == STYLE_GRID && row > 0) {
            rule(writer, out, indent, grid_row);
        }
        table_row(writer, out, row, indent, row_count == 1);
    }
    if (style == STYLE_COMPACT && footer) {
        name_line(writer, out, indent, bottom, "─");
    } else if (style == STYLE_GRID && footer) {
        rule(writer, out, indent, grid_foot);
        name_line(writer, out, indent, grid_names, " ");
        rule(writer, out, indent, grid_end);
    } else if (style != STYLE_SPACE) {
        rule(writer, out, indent, bottom);
    } else if (footer) {
        buffer_char(out, '\n');
        name_line(writer, out, indent, spaces, " ");
        buffer_char(out, '\n');
    }
}

/* Few rows of a table that is very wide, or that has values of several lines? */
static bool wants_vertical(const struct writer *writer, size_t row_count)
{
    const struct pretty *pretty = writer->pretty;
    size_t width = 1;
    for (uint32_t k = 0; k < writer->column_count; k++) {
        width += pretty->widths[k] + 3;
    }
    return row_count <= FALLBACK_ROWS_MAX && writer->column_count >= FALLBACK_COLUMNS_MIN &&
           (width >= FALLBACK_WIDTH_MIN ||
            (pretty->texts.length > 0 && memchr(pretty->texts.data, '\n', pretty->texts.length) != NULL));
}

static void draw(struct writer *writer, struct buffer *out)
{
    struct pretty *pretty = writer->pretty;
    size_t row_count = writer->column_count == 0 ? 0 : pretty->cell_count / writer->column_count;
    if (row_count == 0) {
        return;
    }
    measure(writer, row_count);
    if (wants_vertical(writer, row_count)) {
        size_t names = names_width(writer);
        for (size_t row = 0; row < row_count && !interrupted_at(row); row++) {
            vertical_row(out, pretty->rows_before + row + 1);
            for (uint32_t k = 0; k < writer->column_count; k++) {
                vertical_cell(writer, out, k, cell_at(pretty, row * writer->column_count + k), names);
            }
        }
    } else {
        draw_lines(writer, out, row_count);
    }
    pretty->rows_before += row_count;
    pretty->cell_count = 0;
    pretty->texts.length = 0;
}

static bool keep_cell(struct writer *writer, const struct column *column, uint32_t row)
{
    struct pretty *pretty = writer->pretty;
    if (pretty->cell_count == pretty->cell_room) {
        size_t room = pretty->cell_room * 2 + 64;
        size_t *more = realloc(pretty->ends, room * sizeof(*more));
        if (more == NULL) {
            return false;
        }
        pretty->ends = more;
        pretty->cell_room = room;
    }
    write_cell(writer, &pretty->texts, column, row);
    pretty->ends[pretty->cell_count++] = pretty->texts.length;
    return !pretty->texts.failed;
}

void pretty_chunk(struct writer *writer, const struct chunk *chunk)
{
    struct pretty *pretty = pretty_of(writer);
    uint64_t rows_max = writer->settings.pretty_max_rows;
    for (uint32_t row = 0; pretty != NULL && row < chunk->row_count; row++) {
        if (pretty->rows_kept >= rows_max) {
            pretty->rows_hidden += chunk->row_count - row;
            break;
        }
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            if (!keep_cell(writer, chunk->columns[k], row)) {
                writer->out->failed = true;
                return;
            }
        }
        pretty->rows_kept++;
        if (pretty->texts.length >= PRETTY_BYTES_MAX) {
            draw(writer, writer->out);
        }
    }
}

/* A table of its own below the others. */
static void table_below(struct writer *writer, const char *title, const struct chunk *rows)
{
    struct pretty *pretty = pretty_of(writer);
    if (pretty == NULL) {
        return;
    }
    draw(writer, writer->out);
    buffer_printf(writer->out, "\n%s:\n", title);
    pretty->rows_before = 0;
    for (uint32_t row = 0; row < rows->row_count; row++) {
        for (uint32_t k = 0; k < rows->column_count; k++) {
            if (!keep_cell(writer, rows->columns[k], row)) {
                writer->out->failed = true;
                return;
            }
        }
    }
    draw(writer, writer->out);
}

void pretty_totals(struct writer *writer, const struct chunk *row)
{
    table_below(writer, "Totals", row);
}

void pretty_extremes(struct writer *writer, const struct chunk *rows)
{
    table_below(writer, "Extremes", rows);
}

void pretty_end(struct writer *writer, const struct writer_statistics *statistics)
{
    struct pretty *pretty = writer->pretty;
    (void)statistics;
    if (pretty == NULL) {
        return;
    }
    draw(writer, writer->out);
    if (pretty->rows_hidden > 0) {
        buffer_printf(writer->out, "Showed %llu out of %llu rows.\n", (unsigned long long)pretty->rows_kept,
                      (unsigned long long)(pretty->rows_kept + pretty->rows_hidden));
    }
}
