/*
 * line_reader.c: TSKV, LineAsString, RawBLOB.
 *
 * TSKV     name=value with tabs between, escaped as TabSeparated is; "tskv" alone says nothing
 */
#include "format/escape.h"
#include "format/reader_private.h"

/* The name up to '=', a tab or the line's end: *at stands there. */
static enum row_result take_name(struct reader *reader, const char **at, const char *end, bool last, struct slice *name)
{
    const char *begin = *at, *p = begin;
    bool escaped = false;
    while (p < end && *p != '=' && *p != '\t' && *p != '\n') {
        escaped |= *p == '\\';
        p += *p == '\\' && end - p > 1 ? 2 : 1;
    }
    if (p == end && !last) {
        return ROW_UNFINISHED;
    }
    *at = p;
    *name = slice_of(begin, (size_t)(p - begin));
    if (!escaped) {
        return ROW_WHOLE;
    }
    reader->scratch.length = 0;
    while (begin < p) {
        const char *behind = *begin == '\\' ? escape_decode(begin, p, &reader->scratch) : NULL;
        if (behind == NULL) {
            buffer_char(&reader->scratch, *begin);
            behind = begin + 1;
        }
        begin = behind;
    }
    if (reader->scratch.failed) {
        buffer_deinit(&reader->scratch);
        return reader_bad(reader, "out of memory");
    }
    *name = buffer_all(&reader->scratch);
    return ROW_WHOLE;
}

static enum row_result bad_field(struct reader *reader, const char *what, struct slice name)
{
    (void)reader_bad(reader, "%s: %.*s", what, (int)(name.length < 100 ? name.length : 100), name.data);
    reader->code = ERR_INCORRECT_DATA;
    return ROW_BAD;
}

/* One name and its value. */
static enum row_result take_pair(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last)
{
    struct slice name = {0};
    enum row_result result = take_name(reader, at, end, last, &name);
    if (result != ROW_WHOLE) {
        return result;
    }
    struct slice shown = name.length == 0 ? slice_text("") : name;
    if (*at == end || **at != '=') {
        return slice_equal(name, slice_text("tskv")) ? ROW_WHOLE : bad_field(reader, "a field has no value", shown);
    }
    struct field *field = reader_find(reader, name);
    if (field == NULL && !reader->settings.skip_unknown_fields) {
        return bad_field(reader, "there is no column for the field", shown);
    }
    if (field != NULL && field->seen == reader->row_number) {
        return bad_field(reader, "a field stands twice", shown);
    }
    (*at)++;
    return reader_tsv_field(reader, builder, field, at, end, last);
}

enum row_result tskv_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    const char *p = *at;
    if (p == end) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    while (p < end && *p != '\n') {
        enum row_result result = take_pair(reader, builder, &p, end, last);
        if (result != ROW_WHOLE) {
            return result;
        }
        if (p < end && *p == '\t') {
            p++;
            if (p == end || *p == '\n') {
                return p == end && !last ? ROW_UNFINISHED : bad_field(reader, "a field has no value", slice_text(""));
            }
        }
    }
    if (p == end && !last) {
        return ROW_UNFINISHED;
    }
    *at = p < end ? p + 1 : p;
    return reader_row_end(reader, builder);
}

/* All bytes up to `stop` are the value of the only column. */
static enum row_result take_whole(struct reader *reader, struct builder *builder, struct slice text)
{
    struct field *field = &reader->fields[0];
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    field->seen = reader->row_number;
    enum row_result result = reader_set_text(reader, builder, field, text);
    return result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
}

enum row_result line_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    const char *begin = *at, *stop = begin == end ? NULL : memchr(begin, '\n', (size_t)(end - begin));
    if (begin == end) {
        return ROW_NONE;
    }
    if (stop == NULL && !last) {
        return reader_row_begin(reader, builder) ? ROW_UNFINISHED : ROW_MEMORY;
    }
    *at = stop == NULL ? end : stop + 1;
    return take_whole(reader, builder, slice_of(begin, (size_t)((stop == NULL ? end : stop) - begin)));
}

enum row_result blob_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    const char *begin = *at;
    if (begin == end) {
        return ROW_NONE;
    }
    if (!last) {
        return reader_row_begin(reader, builder) ? ROW_UNFINISHED : ROW_MEMORY;
    }
    *at = end;
    return take_whole(reader, builder, slice_of(begin, (size_t)(end - begin)));
}
