/*
 * custom_reader.c: CustomSeparated: rows of values between separators that the settings say (custom_writer.c has the
 * layout).
 *
 * values   by the escaping rule; one ends where the separator that must follow it begins, unless it has quotes or
 *          brackets of its own
 * end      of the data stands for a row_after that is nothing but space
 * header   a first row of columns' names, and one of their types behind it, are found as in CSV
 * spaces   CustomSeparatedIgnoreSpaces: spaces and tabs in front of values and separators are nobody's
 */
#include "format/binary_reader.h"
#include "format/escape.h"
#include "format/reader_private.h"

#include <ctype.h>
#include <strings.h>

struct custom {
    struct reader *reader;
    const char *at;
    const char *end;
    bool last;
    bool spaces; /* are skipped */
};

/* A value's text: as it stands, and without quotes and escapes. */
struct custom_text {
    struct slice raw, plain;
    bool is_null, is_empty, quoted;
};

static bool is_space(const char *text)
{
    return text[strspn(text, " \t\r\n")] == 0;
}

static void skip_spaces(struct custom *custom)
{
    while (custom->spaces && custom->at < custom->end && strchr(" \t\f\v", *custom->at) != NULL && *custom->at != 0) {
        custom->at++;
    }
}

/* Does the separator stand there? ROW_NONE: no; ROW_UNFINISHED: more bytes tell. */
static enum row_result look(const struct custom *custom, const char *at, const char *separator)
{
    size_t length = strlen(separator), there = (size_t)(custom->end - at);
    size_t common = length < there ? length : there;
    if (common > 0 && memcmp(at, separator, common) != 0) {
        return ROW_NONE;
    }
    return common == length ? ROW_WHOLE : custom->last ? ROW_NONE : ROW_UNFINISHED;
}

static enum row_result expect(struct custom *custom, const char *separator, const char *what)
{
    skip_spaces(custom);
    enum row_result result = look(custom, custom->at, separator);
    if (result == ROW_NONE) {
        (void)reader_bad(custom->reader, "expected the %s \"%s\"", what, separator);
        custom->reader->code = ERR_CANNOT_PARSE_INPUT;
        return ROW_BAD;
    }
    custom->at += result == ROW_WHOLE ? strlen(separator) : 0;
    return result;
}

static enum row_result decode(struct reader *reader, struct slice raw, bool escapes, char quote, struct slice *plain)
{
    const char *p = raw.data, *end = raw.data + raw.length;
    reader->scratch.length = 0;
    while (p < end) {
        const char *behind = escapes && *p == '\\' ? escape_decode(p, end, &reader->scratch) : NULL;
        if (behind == NULL) {
            buffer_char(&reader->scratch, *p);
            behind = p + 1 + (quote != 0 && *p == quote && end - p > 1);
        }
        p = behind;
    }
    if (reader->scratch.failed) {
        buffer_deinit(&reader->scratch);
        return reader_bad(reader, "out of memory");
    }
    *plain = reader->scratch.length == 0 ? slice_text("") : buffer_all(&reader->scratch);
    return ROW_WHOLE;
}

/* Up to the separator, or the data's end. */
static enum row_result take_bare(struct custom *custom, const char *stop, bool escapes, struct slice *raw)
{
    const char *p = custom->at;
    for (; p < custom->end; p++) {
        enum row_result result = *stop == 0 ? (*p == '\t' || *p == '\n' ? ROW_WHOLE : ROW_NONE) : look(custom, p, stop);
        if (result == ROW_UNFINISHED) {
            return result;
        }
        if (result == ROW_WHOLE) {
            break;
        }
        p += escapes && *p == '\\' && custom->end - p > 1;
        result = binary_look(custom->reader);
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    if (p >= custom->end && !custom->last) {
        return ROW_UNFINISHED;
    }
    p = p < custom->end ? p : custom->end;
    *raw = slice_of(custom->at, (size_t)(p - custom->at));
    custom->at = p;
    return ROW_WHOLE;
}

/* A text in quotes, *at at the first one; a quote within is doubled, or behind a backslash. */
static enum row_result take_quoted(struct custom *custom, bool escapes, struct slice *plain)
{
    char quote = *custom->at;
    const char *begin = custom->at + 1, *p = begin;
    for (; p < custom->end; p++) {
        if (escapes && *p == '\\') {
            p++;
        } else if (*p == quote && p + 1 < custom->end && p[1] == quote) {
            p++;
        } else if (*p == quote) {
            break;
        }
    }
    if (p >= custom->end || (p + 1 == custom->end && !custom->last)) {
        return ROW_UNFINISHED;
    }
    custom->at = p + 1;
    return decode(custom->reader, slice_of(begin, (size_t)(p - begin)), escapes, quote, plain);
}

static enum row_result take_literal(struct custom *custom, const char *stop, struct custom_text *text)
{
    char first = *custom->at;
    const char *begin = custom->at;
    enum row_result result = ROW_WHOLE;
    if (first == '\'') {
        text->quoted = true;
        result = take_quoted(custom, true, &text->plain);
        text->raw = slice_of(begin, (size_t)(custom->at - begin));
        return result;
    }
    if (first == '[' || first == '(' || first == '{') {
        size_t length = nested_text_end(slice_of(begin, (size_t)(custom->end - begin)));
        text->raw = text->plain = slice_of(begin, length);
        custom->at += length;
        return length == 0 ? ROW_UNFINISHED : ROW_WHOLE;
    }
    result = take_bare(custom, stop, false, &text->raw);
    text->plain = text->raw;
    text->is_null = text->raw.length == 4 && strncasecmp(text->raw.data, "NULL", 4) == 0;
    return result;
}

static enum row_result take_text(struct custom *custom, const char *stop, struct custom_text *text)
{
    struct reader *reader = custom->reader;
    enum row_result result = ROW_WHOLE;
    *text = (struct custom_text){0};
    skip_spaces(custom);
    if (custom->at == custom->end && !custom->last) {
        return ROW_UNFINISHED;
    }
    switch (reader->settings.custom_rule) {
    case ESCAPING_ESCAPED:
        result = take_bare(custom, stop, true, &text->raw);
        text->is_null = result == ROW_WHOLE && slice_equal(text->raw, reader->tsv_null);
        return result == ROW_WHOLE ? decode(reader, text->raw, true, 0, &text->plain) : result;
    case ESCAPING_RAW:
        result = take_bare(custom, stop, false, &text->raw);
        text->plain = text->raw;
        text->is_null = result == ROW_WHOLE && slice_equal(text->raw, reader->tsv_null);
        return result;
    case ESCAPING_CSV:
        if (custom->at < custom->end && *custom->at == '"') {
            text->quoted = true;
            return take_quoted(custom, false, &text->plain);
        }
        result = take_bare(custom, stop, false, &text->raw);
        text->plain = text->raw;
        text->is_null = result == ROW_WHOLE && slice_equal(text->raw, reader->csv_null);
        text->is_empty = text->raw.length == 0 && reader->settings.csv_empty_as_default;
        return result;
    case ESCAPING_JSON:
        result = expect(custom, "\"", "quote of a text");
        return result == ROW_WHOLE ? reader_json_string(reader, &custom->at, custom->end, &text->plain) : result;
    case ESCAPING_QUOTED:
        return custom->at == custom->end ? ROW_WHOLE : take_literal(custom, stop, text);
    case ESCAPING_XML:
        break;
    }
    (void)reader_bad(reader, "with format_custom_escaping_rule = XML values are written, not read");
    reader->code = ERR_NOT_IMPLEMENTED;
    return ROW_BAD;
}

static bool is_text(const struct field *field)
{
    return field->type->kind == TYPE_STRING || field->type->kind == TYPE_FIXED_STRING;
}

/* A bare value ends in front of spaces that are nobody's; texts by the rules Escaped and Raw have them. */
static void trim(const struct custom *custom, const struct field *field, struct custom_text *text)
{
    const struct format_settings *settings = &custom->reader->settings;
    bool of_texts = settings->custom_rule == ESCAPING_QUOTED ||
                    (settings->custom_rule == ESCAPING_CSV && settings->csv_trim_whitespaces);
    if (text->quoted || !custom->spaces || (is_text(field) && !of_texts)) {
        return;
    }
    while (text->plain.length > 0 && strchr(" \t", text->plain.data[text->plain.length - 1]) != NULL) {
        text->plain.length--;
    }
    text->is_null |= settings->custom_rule == ESCAPING_QUOTED && text->plain.length == 4 &&
                     strncasecmp(text->plain.data, "NULL", 4) == 0;
}

static enum row_result take_field(struct custom *custom, struct builder *builder, struct field *field, const char *stop)
{
    struct reader *reader = custom->reader;
    struct custom_text text;
    skip_spaces(custom);
    if (reader->settings.custom_rule == ESCAPING_JSON) {
        if (field == NULL) {
            return reader_json_skip(reader, &custom->at, custom->end, custom->last);
        }
        field->seen = reader->row_number;
        return reader_json_value(reader, builder, field, &custom->at, custom->end, custom->last);
    }
    enum row_result result = take_text(custom, stop, &text);
    if (result != ROW_WHOLE || field == NULL || (text.is_empty && !is_text(field))) {
        return result;
    }
    field->seen = reader->row_number;
    trim(custom, field, &text);
    if (text.is_null) {
        return reader_set_null(reader, builder, field);
    }
    bool nested = type_is_nested(field->type) && field->type->view == TYPE_VIEW_NONE;
    bool own =
        nested && reader->settings.custom_rule == ESCAPING_ESCAPED; /* the escapes are those of the strings inside */
    return reader_set_text(reader, builder, field, own ? text.raw : text.plain);
}

/* One text of a header. *no: it cannot be one, where nobody has announced it (detect). */
static enum row_result take_header_text(struct custom *custom, uint32_t header, uint32_t k, bool detect, bool *no)
{
    struct reader *reader = custom->reader;
    struct custom_text text;
    bool known = detect && header == 2 && k < reader->map_count;
    const char *stop =
        known && k + 1 == reader->map_count ? reader->settings.custom_row_after : reader->settings.custom_field;
    if (detect && header == 1) { /* as many names as columns */
        stop = k + 1 == reader->field_count ? reader->settings.custom_row_after : stop;
    } else if (!detect && header == 1) { /* nobody knows how many come: the nearer separator ends it */
        struct custom other = *custom;
        struct custom_text row;
        enum row_result result = take_text(custom, reader->settings.custom_row_after, &row);
        size_t length = (size_t)(custom->at - other.at);
        struct custom field = other;
        result = result == ROW_WHOLE ? take_text(&field, stop, &text) : result;
        if (result == ROW_WHOLE && (size_t)(field.at - other.at) < length) {
            *custom = field;
        } else if (result == ROW_WHOLE) {
            struct custom again = other;
            result = take_text(&again, reader->settings.custom_row_after, &text);
        }
        return result == ROW_WHOLE && reader->settings.names_use_header ? reader_add_name(reader, text.plain) : result;
    } else if (!detect) {
        stop = k + 1 == reader->map_count ? reader->settings.custom_row_after : stop;
    }
    enum row_result result = take_text(custom, stop, &text);
    if (result != ROW_WHOLE) {
        return result;
    }
    if (detect && header == 1) {
        *no = reader_find(reader, text.plain) == NULL;
        return *no ? ROW_WHOLE : reader_add_name(reader, text.plain);
    }
    if (detect) {
        const struct type *type = NULL;
        struct err *err = type_parse(reader->arena, text.plain, &type);
        *no = err != NULL;
        err_free(err);
        return ROW_WHOLE;
    }
    return reader->settings.types_use_header && k < reader->map_count
               ? reader_check_type(reader, reader_field_at(reader, k), text.plain)
               : ROW_WHOLE;
}

/* A row of names (1) or types (2). */
static enum row_result take_header(struct custom *custom, uint32_t header, bool detect, bool *no)
{
    const struct format_settings *settings = &custom->reader->settings;
    struct custom own = *custom;
    if (header == 1) {
        custom->reader->map_count = 0;
    }
    *no = false;
    skip_spaces(&own);
    enum row_result result = look(&own, own.at, settings->custom_row_before);
    *no = detect && result == ROW_NONE;
    result = *no ? ROW_WHOLE : expect(&own, settings->custom_row_before, "beginning of a row");
    uint32_t count = 0;
    for (uint32_t k = 0; result == ROW_WHOLE && !*no; k++) {
        count = k + 1;
        result = take_header_text(&own, header, k, detect, no);
        if (result != ROW_WHOLE || *no) {
            break;
        }
        skip_spaces(&own);
        enum row_result ends = look(&own, own.at, settings->custom_row_after);
        if (ends == ROW_WHOLE || (own.last && own.at == own.end && is_space(settings->custom_row_after))) {
            own.at += ends == ROW_WHOLE ? strlen(settings->custom_row_after) : 0;
            *no = detect && k + 1 < (header == 1 ? custom->reader->field_count : custom->reader->map_count);
            break;
        }
        result = ends == ROW_UNFINISHED ? ends
                 : detect               ? look(&own, own.at, settings->custom_field)
                                        : expect(&own, settings->custom_field, "separator of values");
        if (detect && result == ROW_WHOLE) {
            own.at += strlen(settings->custom_field);
        } else if (detect && result == ROW_NONE) {
            *no = true;
            result = ROW_WHOLE;
        }
    }
    if (result == ROW_WHOLE && !detect && header == 2 && settings->names_use_header &&
        count != custom->reader->map_count) {
        (void)reader_bad(custom->reader, "the header has %u types for %u names", count, custom->reader->map_count);
        custom->reader->code = ERR_INCORRECT_DATA;
        return ROW_BAD;
    }
    if (result == ROW_WHOLE && !*no) {
        skip_spaces(&own);
        enum row_result between = look(&own, own.at, settings->custom_row_between);
        if (between == ROW_UNFINISHED) {
            return between;
        }
        own.at += between == ROW_WHOLE ? strlen(settings->custom_row_between) : 0;
        *custom = own;
    }
    return result;
}

static enum row_result take_headers(struct custom *custom)
{
    struct reader *reader = custom->reader;
    enum row_result result = ROW_WHOLE;
    bool no = false;
    while (reader->header_lines > 0 && result == ROW_WHOLE) {
        result = take_header(custom, reader->header_count - reader->header_lines + 1, false, &no);
        reader->header_lines -= result == ROW_WHOLE;
    }
    if (result != ROW_WHOLE || reader->format->header_lines > 0 || reader->looked || reader->field_count == 0) {
        return result;
    }
    struct custom names = *custom;
    result = take_header(&names, 1, true, &no);
    if (result == ROW_WHOLE && !no) {
        *custom = names;
        result = names.at == names.end && !names.last ? ROW_UNFINISHED : take_header(&names, 2, true, &no);
        if (result == ROW_WHOLE && !no) {
            *custom = names;
        }
    } else {
        reader->map_count = 0;
        reader->map = NULL;
    }
    if (result == ROW_BAD) { /* what it cannot be says the row itself */
        result = ROW_WHOLE;
    }
    reader->looked = result == ROW_WHOLE;
    return result;
}

/* What stands in front of a row; ROW_NONE: the data end. */
static enum row_result before_row(struct custom *custom)
{
    struct reader *reader = custom->reader;
    const struct format_settings *settings = &reader->settings;
    const char *after = settings->custom_result_after;
    skip_spaces(custom);
    size_t left = (size_t)(custom->end - custom->at);
    for (; custom->spaces && left > strlen(after) && isspace((unsigned char)custom->at[left - 1]);) {
        left--;
    }
    if (left == 0 && (!custom->last || *after == 0)) {
        return ROW_NONE;
    }
    if (*after != 0 && left <= strlen(after) && memcmp(custom->at, after, left) == 0) {
        if (!custom->last) {
            return ROW_UNFINISHED;
        }
        if (left < strlen(after)) {
            (void)reader_bad(reader, "the data end without \"%s\"", after);
            reader->code = ERR_CANNOT_READ_DATA;
            return ROW_BAD;
        }
        custom->at = custom->end;
        return ROW_NONE;
    }
    enum row_result result =
        reader->rows > 0 ? expect(custom, settings->custom_row_between, "separator of rows") : ROW_WHOLE;
    return result == ROW_WHOLE ? expect(custom, settings->custom_row_before, "beginning of a row") : result;
}

static enum row_result take_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                bool last, bool spaces)
{
    struct custom custom = {.reader = reader, .at = *at, .end = end, .last = last, .spaces = spaces};
    const struct format_settings *settings = &reader->settings;
    enum row_result result = ROW_WHOLE;
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    if (!reader->document) {
        reader->header_lines = reader->header_count; /* all of it again, when it ends in the next piece */
        if (custom.at == end && (!last || *settings->custom_result_before == 0)) {
            builder_row_cancel(builder);
            return ROW_NONE;
        }
        result = expect(&custom, settings->custom_result_before, "beginning of the data");
        result = result == ROW_WHOLE ? take_headers(&custom) : result;
        if (result != ROW_WHOLE) {
            return result;
        }
        reader->document = true;
        *at = custom.at;
    }
    result = before_row(&custom);
    if (result == ROW_NONE) {
        builder_row_cancel(builder);
        *at = custom.at;
        return ROW_NONE;
    }
    uint32_t count = reader_value_count(reader);
    for (uint32_t k = 0; k < count && result == ROW_WHOLE; k++) {
        result = k > 0 ? expect(&custom, settings->custom_field, "separator of values") : result;
        if (result == ROW_WHOLE) {
            const char *stop = k + 1 < count ? settings->custom_field : settings->custom_row_after;
            result = take_field(&custom, builder, reader_field_at(reader, k), stop);
        }
    }
    skip_spaces(&custom);
    bool ends = last && custom.at == end && is_space(settings->custom_row_after);
    if (result == ROW_WHOLE && !ends) {
        result = expect(&custom, settings->custom_row_after, "end of a row");
    }
    if (result != ROW_WHOLE) {
        return result;
    }
    *at = custom.at;
    return reader_row_end(reader, builder);
}

enum row_result custom_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    return take_row(reader, builder, at, end, last, false);
}

enum row_result custom_spaces_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                  bool last)
{
    return take_row(reader, builder, at, end, last, true);
}
