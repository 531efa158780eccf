/*
 * header_detect.c: is the first line of CSV or TabSeparated a header, though the format's name does not say so?
 *
 * rule     as in ClickHouse: it is when it has nothing but names of columns, or the names of all; and so is the second
 *          one when it has as many names of types
 * flow     csv_reader.c → here, before the first row; nothing is taken from the bytes
 */
#include "format/reader_private.h"

#include <string.h>

/* What a line would be as a header. */
struct line_look {
    uint32_t fields, names, types; /* how many of its fields are names of columns, or of types */
    uint32_t columns;              /* how many columns' names are there */
};

/* *at moves behind the line; a line that cannot be read is none. */
static enum row_result look_at_line(struct reader *reader, struct arena *arena, const char **at, const char *end,
                                    bool last, reader_take_field *take, char delimiter, struct line_look *look)
{
    bool *seen = ARENA_ARRAY(arena, bool, reader->field_count + 1U);
    const char *p = *at;
    *look = (struct line_look){0};
    if (seen == NULL) {
        return reader_bad(reader, "out of memory");
    }
    memset(seen, 0, reader->field_count);
    for (;;) {
        struct slice text;
        const struct type *type;
        bool is_null, is_empty;
        enum row_result result = take(reader, &p, end, last, &text, &is_null, &is_empty);
        if (result != ROW_WHOLE) {
            return result;
        }
        const struct field *field = reader_find(reader, text);
        struct err *err = NULL;
        look->fields++;
        look->names += field != NULL;
        if (text.length > 0) {
            err = type_parse(arena, text, &type);
            look->types += err == NULL;
            err_free(err);
        }
        if (field != NULL && !seen[field - reader->fields]) {
            seen[field - reader->fields] = true;
            look->columns++;
        }
        if (p < end && *p == delimiter && look->fields < HEADER_NAMES_MAX) {
            p++;
            continue;
        }
        p = p < end && *p == '\r' ? p + 1 : p;
        *at = p < end ? p + 1 : p;
        return p < end && *p != '\n' ? ROW_NONE : ROW_WHOLE;
    }
}

enum row_result reader_detect_header(struct reader *reader, const char *at, const char *end, bool last,
                                     reader_take_field *take, char delimiter)
{
    struct line_look look, second = {0};
    struct arena *arena = arena_create(reader->options.budget);
    if (arena == NULL) {
        return reader_bad(reader, "out of memory");
    }
    enum row_result result = look_at_line(reader, arena, &at, end, last, take, delimiter, &look);
    bool is = result == ROW_WHOLE && (look.names == look.fields || look.columns == reader->field_count);
    if (is && !last && at == end) {
        result = ROW_UNFINISHED;
    } else if (is && at < end) {
        result = look_at_line(reader, arena, &at, end, last, take, delimiter, &second);
    }
    arena_destroy(arena);
    if (result == ROW_UNFINISHED && !last) {
        return result;
    }
    reader->looked = true;
    if (is) {
        reader->header_lines = reader->header_count =
            result == ROW_WHOLE && second.types == second.fields && second.fields == look.fields ? 2 : 1;
    }
    return ROW_WHOLE;
}
