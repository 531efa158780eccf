/*
 * values_reader.c: VALUES: (1, 'text', NULL, DEFAULT), (…) …
 *
 * Literals are read here: numbers, quoted strings with backslash escapes or doubled quotes, NULL, DEFAULT, true, false,
 * arrays, tuples and maps of them. Anything else is an expression, which the reader's owner evaluates, if it can.
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

/* Is the value over here: does a comma or the row's end follow? */
static bool ends_value(const char *at, const char *end)
{
    at = text_skip_space(at, end);
    return at < end && (*at == ',' || *at == ')');
}

/* The end of the expression at `at`: the comma or bracket behind it; NULL: it is not here yet. */
static const char *expression_end(const char *at, const char *end)
{
    uint64_t depth = 0;
    for (; at < end; at++) {
        char c = *at;
        if (c == '\'' || c == '"' || c == '`') {
            for (at++; at < end && *at != c; at++) {
                at += *at == '\\';
            }
        } else if (c == '(' || c == '[' || c == '{') {
            depth++;
        } else if ((c == ')' || c == ',') && depth == 0) {
            return at;
        } else if (c == ')' || c == ']' || c == '}') {
            depth -= depth > 0;
        }
    }
    return NULL;
}

static enum row_result take_expression(struct reader *reader, struct builder *builder, struct field *field,
                                       const char **at, const char *end)
{
    struct buffer value = {0};
    bool is_null = false;
    enum row_result result = ROW_WHOLE;
    const char *stop = expression_end(*at, end);
    if (reader->options.evaluate == NULL || !reader->settings.values_interpret_expressions) {
        return reader_bad(reader, "column %.*s: only literals can stand in VALUES here, not expressions",
                          SLICE_ARG(field->name));
    }
    if (stop == NULL) {
        return ROW_UNFINISHED;
    }
    struct err *err = reader->options.evaluate(reader->options.user, slice_of(*at, (size_t)(stop - *at)), field->type,
                                               &value, &is_null);
    *at = stop;
    if (err != NULL) {
        (void)reader_bad(reader, "column %.*s: %s", SLICE_ARG(field->name), err_message(err));
        reader->code = err_code(err);
        err_free(err);
        result = ROW_BAD;
    } else {
        result = is_null
                     ? reader_set_null(reader, builder, field)
                     : reader_set_text(reader, builder, field, value.length == 0 ? slice_text("") : buffer_all(&value));
    }
    buffer_deinit(&value);
    return result;
}

/* A literal: ROW_NONE: it is none, and the builder has nothing of it. */
static enum row_result take_literal(struct reader *reader, struct builder *builder, struct field *field,
                                    const char **at, const char *end, bool last)
{
    const char *p = *at;
    enum row_result result;
    if (*p == '\'') {
        p++;
        result = take_string(reader, &p, end, last);
        if (result != ROW_WHOLE) {
            return result;
        }
        if (text_skip_space(p, end) == end) {
            return ROW_UNFINISHED;
        }
        if (!ends_value(p, end)) {
            return ROW_NONE;
        }
        *at = p;
        return reader_set_text(reader, builder, field, buffer_all(&reader->scratch));
    }
    if (type_is_nested(field->type) && field->type->view == TYPE_VIEW_NONE && (*p == '[' || *p == '(' || *p == '{')) {
        struct slice text = slice_of(p, (size_t)(end - p));
        size_t used = nested_text_end(text);
        if ((used == 0 || text_skip_space(p + used, end) == end) && !last) {
            return ROW_UNFINISHED;
        }
        if (used > 0 && !ends_value(p + used, end)) {
            return ROW_NONE;
        }
        text.length = used == 0 ? text.length : used;
        result = reader_set_nested(reader, builder, field, text, &used);
        *at = p + used;
        return result;
    }
    while (p < end && (*p == '-' || *p == '+' || *p == '.' || *p == '_' || (*p >= '0' && *p <= '9') ||
                       (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))) {
        p++;
    }
    if (text_skip_space(p, end) == end) {
        return last && p == end ? reader_bad(reader, "the data end within a value") : ROW_UNFINISHED;
    }
    struct slice word = slice_of(*at, (size_t)(p - *at));
    if (word.length == 0 || !ends_value(p, end)) {
        return ROW_NONE;
    }
    *at = p;
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

static enum row_result take_value(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                  const char *end, bool last)
{
    const char *begin = *at;
    field->seen = reader->row_number;
    enum row_result result = take_literal(reader, builder, field, at, end, last);
    bool may_be_expression = reader->options.evaluate != NULL && reader->settings.values_interpret_expressions;
    if (result == ROW_NONE) {
        return take_expression(reader, builder, field, at, end);
    }
    if (result == ROW_BAD && may_be_expression) { /* else what was wrong with the literal is the better answer */
        char message[sizeof(reader->message)];
        enum err_code code = reader->code;
        memcpy(message, reader->message, sizeof(message));
        *at = begin;
        result = take_expression(reader, builder, field, at, end);
        if (result == ROW_BAD) {
            memcpy(reader->message, message, sizeof(message));
            reader->code = code;
        }
    }
    return result;
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
