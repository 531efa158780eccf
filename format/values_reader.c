/*
 * values_reader.c: VALUES: (1, 'text', NULL, DEFAULT), (…) …
 *
 * Literals only: numbers, quoted strings with backslash escapes or doubled quotes, NULL, DEFAULT, true, false, arrays,
 * tuples and maps of them. Anything else (a function call) is an error that says so.
 */
#include "format/reader_private.h"

#include <strings.h>

/* *at is behind the opening quote. */
static enum row_result take_string(struct reader *reader, const char **at, const char *end, bool last)
{
    static const char letters[] = "bfrnt0'\\\"/", values[] = "\b\f\r\n\t\0'\\\"/";
    reader->scratch.length = 0;
    for (const char *p = *at; p < end; p++) {
        if (*p == '\\') {
            if (++p == end) {
                break;
            }
            const char *found = memchr(letters, *p, sizeof(letters) - 1);
            buffer_char(&reader->scratch, found == NULL ? *p : values[found - letters]);
        } else if (*p != '\'') {
            buffer_char(&reader->scratch, *p);
        } else if (p + 1 < end && p[1] == '\'') {
            buffer_char(&reader->scratch, '\'');
            p++;
        } else if (p + 1 == end && !last) {
            return ROW_UNFINISHED;
        } else {
            *at = p + 1;
            if (reader->scratch.failed) {
                buffer_deinit(&reader->scratch);
                return reader_bad(reader, "out of memory");
            }
            return ROW_WHOLE;
        }
    }
    return ROW_UNFINISHED;
}

static bool is_word(struct slice word, const char *text)
{
    return word.length == strlen(text) && strncasecmp(word.data, text, word.length) == 0;
}

static enum row_result take_value(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                  const char *end, bool last)
{
    const char *p = *at;
    field->seen = reader->row_number;
    if (*p == '\'') {
        *at = p + 1;
        enum row_result result = take_string(reader, at, end, last);
        if (result != ROW_WHOLE) {
            return result;
        }
        return reader_set_copied(reader, builder, field, buffer_all(&reader->scratch));
    }
    if (type_is_nested(field->type) && field->type->view == TYPE_VIEW_NONE && (*p == '[' || *p == '(' || *p == '{')) {
        struct slice text = slice_of(p, (size_t)(end - p));
        size_t used = nested_text_end(text);
        if (used == 0 && !last) {
            return ROW_UNFINISHED;
        }
        text.length = used == 0 ? text.length : used;
        enum row_result result = reader_set_nested(reader, builder, field, text, &used);
        *at = p + used;
        return result;
    }
    while (p < end && (*p == '-' || *p == '+' || *p == '.' || *p == '_' || (*p >= '0' && *p <= '9') ||
                       (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))) {
        p++;
    }
    if (p == end && !last) {
        return ROW_UNFINISHED;
    }
    struct slice word = slice_of(*at, (size_t)(p - *at));
    const char *behind = text_skip_space(p, end);
    *at = p;
    if (word.length == 0 || (behind < end && *behind != ',' && *behind != ')')) {
        return reader_bad(reader, "column %.*s: only literals can stand in VALUES, not expressions",
                          SLICE_ARG(field->name));
    }
    if (is_word(word, "NULL")) {
        return reader_set_null(reader, builder, field);
    }
    if (is_word(word, "DEFAULT")) {
        builder_missing(builder, field->column);
        return ROW_WHOLE;
    }
    if (type_is_number(field->type) && (is_word(word, "true") || is_word(word, "false"))) {
        word = slice_text(is_word(word, "true") ? "1" : "0");
    }
    return reader_set_text(reader, builder, field, word);
}

enum row_result values_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    const char *p = text_skip_space(*at, end);
    while (p < end && (*p == ',' || *p == ';')) {
        p = text_skip_space(p + 1, end);
    }
    *at = p;
    if (p == end) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    if (*p != '(') {
        return reader_bad(reader, "expected '(' at the beginning of a row, found byte %u", (unsigned)(unsigned char)*p);
    }
    p = text_skip_space(p + 1, end);
    for (uint32_t k = 0; k < reader->field_count; k++) {
        if (p == end) {
            return ROW_UNFINISHED;
        }
        enum row_result result = take_value(reader, builder, &reader->fields[k], &p, end, last);
        if (result != ROW_WHOLE) {
            return result;
        }
        p = text_skip_space(p, end);
        if (p == end) {
            return ROW_UNFINISHED;
        }
        char expected = k + 1 < reader->field_count ? ',' : ')';
        if (*p != expected) {
            return reader_bad(reader, "expected '%c' behind value %u of %u, found byte %u", expected, k + 1,
                              reader->field_count, (unsigned)(unsigned char)*p);
        }
        p = text_skip_space(p + 1, end);
    }
    *at = p;
    return reader_row_end(reader, builder);
}
