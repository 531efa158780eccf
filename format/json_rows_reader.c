/*
 * json_rows_reader.c: rows of JSON that are arrays (JSONCompactEachRow and its variants), or stand within a document
 * (JSON, JSONCompact, JSONObjectEachRow).
 *
 * document  {"meta": [{"name", "type"} …], "data": [rows], …}: types must be the columns' own; what stands behind the
 *           rows is skipped. Without "meta" JSON is read as JSONEachRow, as in ClickHouse
 * strings   of …Strings… formats hold what TabSeparatedRaw does; ᴺᵁᴸᴸ and NULL are NULL
 */
#include "format/reader_private.h"

#include <stdlib.h>

enum row_result reader_json_quoted(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                   const char *end)
{
    struct slice text;
    *at = text_skip_space(*at, end);
    if (*at == end) {
        return ROW_UNFINISHED;
    }
    if (**at != '"') {
        (void)reader_bad(reader, "column %.*s: expected a string, found byte %u", SLICE_ARG(field->name),
                         (unsigned)(unsigned char)**at);
        reader->code = ERR_CANNOT_PARSE_QUOTED;
        return ROW_BAD;
    }
    (*at)++;
    enum row_result result = reader_json_string(reader, at, end, &text);
    if (result != ROW_WHOLE) {
        return result;
    }
    if (slice_equal(text, slice_text("ᴺᵁᴸᴸ")) || slice_equal(text, slice_text("NULL"))) {
        return reader_set_null(reader, builder, field);
    }
    return reader_set_text(reader, builder, field, text);
}

/* Skips space and the character that must come; *found: it did. */
static enum row_result expect(struct reader *reader, const char **at, const char *end, char c, const char *where)
{
    const char *p = text_skip_space(*at, end);
    if (p == end) {
        return ROW_UNFINISHED;
    }
    if (*p != c) {
        return reader_bad(reader, "expected '%c' %s, found byte %u", c, where, (unsigned)(unsigned char)*p);
    }
    *at = p + 1;
    return ROW_WHOLE;
}

/* [value, value, …] */
static enum row_result take_array(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                  bool last, bool strings)
{
    const char *p = *at;
    enum row_result result = expect(reader, &p, end, '[', "at the beginning of a row");
    uint32_t count = reader_value_count(reader);
    for (uint32_t k = 0; k < count && result == ROW_WHOLE; k++) {
        struct field *field = reader_field_at(reader, k);
        result = k > 0 ? expect(reader, &p, end, ',', "between the values of a row") : ROW_WHOLE;
        if (result == ROW_WHOLE && field == NULL) {
            result = reader_json_skip(reader, &p, end, last);
        } else if (result == ROW_WHOLE) {
            field->seen = reader->row_number;
            result = strings ? reader_json_quoted(reader, builder, field, &p, end)
                             : reader_json_value(reader, builder, field, &p, end, last);
        }
    }
    if (result == ROW_WHOLE) {
        result = expect(reader, &p, end, ']', "behind the last value of a row");
    }
    if (result == ROW_WHOLE) {
        *at = p;
    }
    return result;
}

/* Header 1: ["name", …]; 2: ["type", …]. */
static enum row_result take_header(struct reader *reader, const char **at, const char *end, uint32_t header)
{
    const char *p = *at;
    reader->map_count = header == 1 ? 0 : reader->map_count;
    enum row_result result = expect(reader, &p, end, '[', "at the beginning of the header");
    uint32_t count = 0;
    for (bool more = true; more && result == ROW_WHOLE; count++) {
        struct slice text;
        result = expect(reader, &p, end, '"', "in the header");
        result = result == ROW_WHOLE ? reader_json_string(reader, &p, end, &text) : result;
        if (result == ROW_WHOLE && header == 1 && reader->settings.names_use_header) {
            result = reader_add_name(reader, text);
        } else if (result == ROW_WHOLE && count < reader->map_count && reader->settings.types_use_header) {
            result = reader_check_type(reader, reader_field_at(reader, count), text);
        }
        p = text_skip_space(p, end);
        more = p < end && *p == ',';
        p += more;
    }
    result = result == ROW_WHOLE ? expect(reader, &p, end, ']', "behind the header") : result;
    if (result == ROW_WHOLE && header == 2 && count != reader->map_count && reader->settings.names_use_header) {
        (void)reader_bad(reader, "the header has %u types for %u names", count, reader->map_count);
        reader->code = ERR_INCORRECT_DATA;
        return ROW_BAD;
    }
    if (result == ROW_WHOLE) {
        *at = p;
    }
    return result;
}

static enum row_result compact_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                   bool last, bool strings)
{
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    while (reader->header_lines > 0) {
        *at = text_skip_space(*at, end);
        if (*at == end && !last) {
            builder_row_cancel(builder);
            return ROW_NONE;
        }
        enum row_result result = take_header(reader, at, end, reader->format->header_lines - reader->header_lines + 1);
        if (result != ROW_WHOLE) {
            return result;
        }
        reader->header_lines--;
    }
    const char *p = text_skip_space(*at, end);
    while (p < end && (*p == ',' || *p == ';') && reader->rows > 0) {
        p = text_skip_space(p + 1, end);
    }
    *at = p;
    if (p == end) {
        builder_row_cancel(builder);
        return ROW_NONE;
    }
    enum row_result result = take_array(reader, builder, at, end, last, strings);
    return result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
}

enum row_result json_compact_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last)
{
    return compact_row(reader, builder, at, end, last, false);
}

enum row_result json_compact_strings_row(struct reader *reader, struct builder *builder, const char **at,
                                         const char *end, bool last)
{
    return compact_row(reader, builder, at, end, last, true);
}

/* ---- documents */

/* "key": */
static enum row_result take_key(struct reader *reader, const char **at, const char *end, struct slice *key)
{
    enum row_result result = expect(reader, at, end, '"', "before a name");
    result = result == ROW_WHOLE ? reader_json_string(reader, at, end, key) : result;
    return result == ROW_WHOLE ? expect(reader, at, end, ':', "behind a name") : result;
}

/* One object of "meta": its name goes to name. */
static enum row_result take_meta(struct reader *reader, const char **at, const char *end, bool compact,
                                 struct buffer *name)
{
    enum row_result result = expect(reader, at, end, '{', "in \"meta\"");
    struct buffer type = {0};
    name->length = 0;
    for (bool more = true; more && result == ROW_WHOLE;) {
        struct slice key, text;
        result = take_key(reader, at, end, &key);
        bool is_name = result == ROW_WHOLE && slice_equal(key, slice_text("name"));
        result = result == ROW_WHOLE ? expect(reader, at, end, '"', "in \"meta\"") : result;
        result = result == ROW_WHOLE ? reader_json_string(reader, at, end, &text) : result;
        if (result == ROW_WHOLE) {
            struct buffer *to = is_name ? name : &type;
            to->length = 0;
            buffer_slice(to, text);
            *at = text_skip_space(*at, end);
            more = *at < end && **at == ',';
            *at += more;
        }
    }
    result = result == ROW_WHOLE ? expect(reader, at, end, '}', "in \"meta\"") : result;
    if (result == ROW_WHOLE && (name->failed || type.failed)) {
        result = reader_bad(reader, "out of memory");
    }
    if (result == ROW_WHOLE && compact) {
        result = reader_add_name(reader, buffer_all(name));
    }
    if (result == ROW_WHOLE) {
        result = reader_check_type(reader, reader_find(reader, buffer_all(name)), buffer_all(&type));
    }
    buffer_deinit(&type);
    return result;
}

static enum row_result take_metas(struct reader *reader, const char **at, const char *end, bool compact)
{
    struct buffer name = {0};
    enum row_result result = expect(reader, at, end, '[', "behind \"meta\"");
    *at = text_skip_space(*at, end);
    if (result == ROW_WHOLE && *at < end && **at == ']') {
        (*at)++;
        return ROW_WHOLE;
    }
    for (bool more = true; more && result == ROW_WHOLE;) {
        result = take_meta(reader, at, end, compact, &name);
        *at = text_skip_space(*at, end);
        more = *at < end && **at == ',';
        *at += more;
    }
    buffer_deinit(&name);
    return result == ROW_WHOLE ? expect(reader, at, end, ']', "behind \"meta\"") : result;
}

/* From { to behind the bracket in which the rows are. */
static enum row_result take_head(struct reader *reader, const char **at, const char *end, bool last, bool compact,
                                 char bracket)
{
    const char *p = *at;
    struct slice key;
    reader->map_count = 0;
    enum row_result result = expect(reader, &p, end, '{', "at the beginning of the document");
    result = result == ROW_WHOLE ? take_key(reader, &p, end, &key) : result;
    if (result == ROW_WHOLE && !slice_equal(key, slice_text("meta"))) {
        (void)reader_bad(reader, "expected \"meta\" with the columns' names and types, found \"%.*s\"",
                         (int)(key.length < 100 ? key.length : 100), key.data);
        reader->code = ERR_INCORRECT_DATA;
        return ROW_BAD;
    }
    result = result == ROW_WHOLE ? take_metas(reader, &p, end, compact) : result;
    while (result == ROW_WHOLE) {
        result = expect(reader, &p, end, ',', "before \"data\"");
        result = result == ROW_WHOLE ? take_key(reader, &p, end, &key) : result;
        if (result == ROW_WHOLE && slice_equal(key, slice_text("data"))) {
            result = expect(reader, &p, end, bracket, "behind \"data\"");
            break;
        }
        result = result == ROW_WHOLE ? reader_json_skip(reader, &p, end, last) : result;
    }
    if (result == ROW_WHOLE) {
        *at = p;
    }
    return result;
}

/* From behind the rows to the document's }. */
static enum row_result take_tail(struct reader *reader, const char **at, const char *end, bool last)
{
    const char *p = *at;
    enum row_result result = ROW_WHOLE;
    while (result == ROW_WHOLE) {
        struct slice key;
        p = text_skip_space(p, end);
        if (p < end && *p == '}') {
            *at = p + 1;
            return ROW_WHOLE;
        }
        result = expect(reader, &p, end, ',', "behind the rows");
        result = result == ROW_WHOLE ? take_key(reader, &p, end, &key) : result;
        result = result == ROW_WHOLE ? reader_json_skip(reader, &p, end, last) : result;
    }
    return result;
}

enum row_result reader_json_head(struct reader *reader, const char **at, const char *end, bool last, char bracket)
{
    enum row_result result = take_head(reader, at, end, last, false, bracket);
    *at -= result == ROW_WHOLE;
    return result;
}

enum row_result reader_json_tail(struct reader *reader, const char **at, const char *end, bool last)
{
    return take_tail(reader, at, end, last);
}

enum document { OBJECTS, ARRAYS, NAMED };

/* Up to a row; ROW_NONE: there is no more. */
static enum row_result before_row(struct reader *reader, const char **at, const char *end, bool last,
                                  enum document document)
{
    *at = text_skip_space(*at, end);
    while (reader->ended && *at < end && **at == ';') {
        *at = text_skip_space(*at + 1, end);
    }
    if (reader->ended && *at < end) {
        return reader_bad(reader, "text stands behind the end of the data");
    }
    if (*at == end && (reader->ended || !reader->document || !last)) {
        return ROW_NONE;
    }
    if (!reader->document) {
        enum row_result result = document == NAMED ? expect(reader, at, end, '{', "at the beginning of the document")
                                                   : take_head(reader, at, end, last, document == ARRAYS, '[');
        if (result != ROW_WHOLE) {
            return result;
        }
        reader->document = true;
        *at = text_skip_space(*at, end);
    }
    const char *p = *at;
    if (p == end) {
        return ROW_UNFINISHED;
    }
    if (*p == (document == NAMED ? '}' : ']')) {
        p++;
        enum row_result result = document == NAMED ? ROW_WHOLE : take_tail(reader, &p, end, last);
        if (result == ROW_WHOLE) {
            *at = p;
            reader->ended = true;
        }
        return result == ROW_WHOLE ? before_row(reader, at, end, last, document) : result;
    }
    return ROW_WHOLE;
}

static enum row_result document_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                    bool last, enum document document)
{
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    enum row_result result = before_row(reader, at, end, last, document);
    if (result == ROW_NONE) {
        builder_row_cancel(builder);
    }
    const char *p = *at;
    if (result == ROW_WHOLE && reader->rows > 0) {
        result = expect(reader, &p, end, ',', "between rows");
    }
    if (result == ROW_WHOLE && document == NAMED) {
        struct slice key;
        result = take_key(reader, &p, end, &key);
    }
    if (result == ROW_WHOLE && document == ARRAYS) {
        result = take_array(reader, builder, &p, end, last, false);
    } else if (result == ROW_WHOLE) {
        result = expect(reader, &p, end, '{', "at the beginning of a row");
        p -= result == ROW_WHOLE;
        result = result == ROW_WHOLE ? reader_json_object(reader, builder, &p, end, last) : result;
    }
    if (result != ROW_WHOLE) {
        return result;
    }
    *at = p;
    return reader_row_end(reader, builder);
}

/* Does the text begin with {"meta"? 1: yes, 0: no, -1: not enough of it to tell. */
static int is_document(const char *at, const char *end, bool last)
{
    static const char key[] = "\"meta\"";
    const char *p = text_skip_space(at, end);
    if (p < end && *p != '{') {
        return 0;
    }
    p = p == end ? p : text_skip_space(p + 1, end);
    size_t length = (size_t)(end - p) < sizeof(key) - 1 ? (size_t)(end - p) : sizeof(key) - 1;
    if (length > 0 && memcmp(p, key, length) != 0) {
        return 0;
    }
    return length == sizeof(key) - 1 ? 1 : last ? 0 : -1;
}

enum row_result json_document_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                  bool last)
{
    if (!reader->document && reader->rows == 0 && !reader->in_list) {
        int found = is_document(*at, end, last);
        if (found < 0) {
            return reader_row_begin(reader, builder) ? ROW_UNFINISHED : ROW_MEMORY;
        }
        reader->plain = found == 0;
    }
    return reader->plain ? json_row(reader, builder, at, end, last)
                         : document_row(reader, builder, at, end, last, OBJECTS);
}

enum row_result json_compact_document_row(struct reader *reader, struct builder *builder, const char **at,
                                          const char *end, bool last)
{
    return document_row(reader, builder, at, end, last, ARRAYS);
}

enum row_result json_object_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                bool last)
{
    return document_row(reader, builder, at, end, last, NAMED);
}
