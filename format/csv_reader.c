/*
 * csv_reader.c: CSV, TabSeparated and TabSeparatedRaw, with and without header lines.
 *
 * CSV      fields in double or single quotes with doubled quotes inside, or bare up to the delimiter or line end; \N
 *          is NULL; an empty bare field is the column's default
 * TSV      backslash escapes; \N is NULL
 * nested   arrays and maps are texts as ClickHouse has them, a tuple is a text per element in CSV and one in TSV, where
 *          the escapes are those of the strings inside
 * header   names choose the columns (unknown names are skipped, or refused by the option); types must be theirs
 */
#include "format/escape.h"
#include "format/reader_private.h"
#include "format/value.h"
#include "storage/packed.h"

#include <stdlib.h>

struct field *reader_field_at(struct reader *reader, uint32_t k)
{
    if (reader->map != NULL) {
        return reader->map[k] < 0 ? NULL : &reader->fields[reader->map[k]];
    }
    return &reader->fields[k];
}

uint32_t reader_value_count(const struct reader *reader)
{
    if (reader->slots != NULL) {
        return reader->slot_count;
    }
    return reader->map != NULL ? reader->map_count : reader->field_count;
}

enum row_result reader_add_name(struct reader *reader, struct slice name)
{
    if (reader->map_count == 10000) {
        return reader_bad(reader, "the header line has more than 10000 names");
    }
    if (reader->map == NULL) {
        reader->map = ARENA_ARRAY(reader->arena, int32_t, 10000);
        if (reader->map == NULL) {
            return reader_bad(reader, "out of memory");
        }
    }
    int32_t found = -1;
    for (uint32_t k = 0; k < reader->field_count; k++) {
        if (slice_equal(reader->fields[k].name, name)) {
            found = (int32_t)k;
        }
    }
    if (found < 0 && reader->options.refuse_unknown_fields) {
        (void)reader_bad(reader, "there is no column for \"%.*s\" of the header line",
                         (int)(name.length < 100 ? name.length : 100), name.data);
        reader->code = ERR_INCORRECT_DATA;
        return ROW_BAD;
    }
    for (uint32_t k = 0; k < reader->map_count && found >= 0; k++) {
        if (reader->map[k] == found) {
            (void)reader_bad(reader, "\"%.*s\" stands twice in the header line", SLICE_ARG(name));
            reader->code = ERR_INCORRECT_DATA;
            return ROW_BAD;
        }
    }
    reader->map[reader->map_count++] = found;
    return ROW_WHOLE;
}

/* One field: text (in the row or in scratch), whether it is NULL or an empty bare one. *at: at delimiter or line end.
 */
typedef enum row_result (*take_field)(struct reader *reader, const char **at, const char *end, bool last,
                                      struct slice *text, bool *is_null, bool *is_empty);

static enum row_result take_csv(struct reader *reader, const char **at, const char *end, bool last, struct slice *text,
                                bool *is_null, bool *is_empty)
{
    const char *p = *at;
    char delimiter = reader->options.csv_delimiter;
    while (p < end && (*p == ' ' || (*p == '\t' && delimiter != '\t'))) {
        p++;
    }
    if (p < end && (*p == '"' || *p == '\'')) {
        char quote = *p++;
        const char *begin = p;
        bool copied = false;
        reader->scratch.length = 0;
        for (;;) {
            const char *stop = memchr(p, quote, (size_t)(end - p));
            if (stop == NULL || (stop + 1 == end && !last)) {
                return ROW_UNFINISHED;
            }
            if (stop + 1 < end && stop[1] == quote) {
                buffer_append(&reader->scratch, begin, (size_t)(stop + 1 - begin));
                copied = true;
                p = begin = stop + 2;
                continue;
            }
            *text = slice_of(begin, (size_t)(stop - begin));
            p = stop + 1;
            break;
        }
        if (copied) {
            buffer_slice(&reader->scratch, *text);
            if (reader->scratch.failed) {
                buffer_deinit(&reader->scratch);
                return reader_bad(reader, "out of memory");
            }
            *text = buffer_all(&reader->scratch);
        }
        while (p < end && *p == ' ') {
            p++;
        }
        *is_empty = *is_null = false;
    } else {
        const char *begin = p;
        while (p < end && *p != delimiter && *p != '\n' && *p != '\r') {
            p++;
        }
        const char *stop = p;
        while (stop > begin && stop[-1] == ' ') {
            stop--;
        }
        *text = slice_of(begin, (size_t)(stop - begin));
        *is_null = text->length == 2 && begin[0] == '\\' && begin[1] == 'N';
        *is_empty = text->length == 0;
    }
    if (p == end && !last) {
        return ROW_UNFINISHED;
    }
    *at = p;
    return ROW_WHOLE;
}

#define CARRIAGE_RETURN "the line ends in a carriage return: TabSeparated wants line feeds alone (dos2unix)"

static enum row_result take_tsv(struct reader *reader, const char **at, const char *end, bool last, struct slice *text,
                                bool *is_null, bool *is_empty)
{
    const char *begin = *at, *p = begin;
    bool escaped = false;
    *is_empty = *is_null = false;
    while (p < end && *p != '\t' && *p != '\n') {
        if (*p == '\\') {
            escaped = true;
            p++;
            if (p == end) {
                break;
            }
        }
        p++;
    }
    if (p == end && (!last || (escaped && p[-1] == '\\' && (p - begin < 2 || p[-2] != '\\')))) {
        return last ? reader_bad(reader, "the last field ends with a single backslash") : ROW_UNFINISHED;
    }
    *at = p;
    if (p > begin && p < end && *p == '\n' && p[-1] == '\r' && reader->rows == 0) {
        return reader_bad(reader, CARRIAGE_RETURN);
    }
    *text = slice_of(begin, (size_t)(p - begin));
    if (!escaped) {
        return ROW_WHOLE;
    }
    if (text->length == 2 && begin[1] == 'N') {
        *is_null = true;
        return ROW_WHOLE;
    }
    reader->scratch.length = 0;
    for (const char *q = begin; q < p;) {
        const char *behind = *q == '\\' ? escape_decode(q, p, &reader->scratch) : NULL;
        if (behind == NULL) {
            buffer_char(&reader->scratch, *q);
            behind = q + 1;
        }
        q = behind;
    }
    if (reader->scratch.failed) {
        buffer_deinit(&reader->scratch);
        return reader_bad(reader, "out of memory");
    }
    *text = buffer_all(&reader->scratch);
    return ROW_WHOLE;
}

static enum row_result set_field(struct reader *reader, struct builder *builder, struct field *field, struct slice text,
                                 bool is_null, bool is_empty)
{
    if (field == NULL) {
        return ROW_WHOLE;
    }
    if (is_empty && (field->type->kind != TYPE_STRING || field->type->nullable)) {
        return ROW_WHOLE; /* not seen: the default */
    }
    field->seen = reader->row_number;
    return is_null ? reader_set_null(reader, builder, field) : reader_set_copied(reader, builder, field, text);
}

enum row_result reader_tsv_field(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                 const char *end, bool last)
{
    const char *begin = *at;
    struct slice text;
    bool is_null, is_empty;
    enum row_result result = take_tsv(reader, at, end, last, &text, &is_null, &is_empty);
    if (result != ROW_WHOLE) {
        return result;
    }
    if (!is_null && field != NULL && type_is_nested(field->type) && field->type->view == TYPE_VIEW_NONE) {
        text = slice_of(begin, (size_t)(*at - begin)); /* with the strings' own escapes */
    }
    return set_field(reader, builder, field, text, is_null, is_empty);
}

/* TabSeparatedRaw: bytes up to the tab or line's end. */
static enum row_result take_raw(struct reader *reader, const char **at, const char *end, bool last, struct slice *text,
                                bool *is_null, bool *is_empty)
{
    const char *begin = *at, *p = begin;
    while (p < end && *p != '\t' && *p != '\n') {
        p++;
    }
    if (p == end && !last) {
        return ROW_UNFINISHED;
    }
    *at = p;
    if (p > begin && p < end && *p == '\n' && p[-1] == '\r' && reader->rows == 0) {
        return reader_bad(reader, CARRIAGE_RETURN);
    }
    *text = slice_of(begin, (size_t)(p - begin));
    *is_null = text->length == 2 && begin[0] == '\\' && begin[1] == 'N';
    *is_empty = false;
    return ROW_WHOLE;
}

/* ---- tuples in CSV */

static bool is_tuple(const struct type *type)
{
    return type->kind == TYPE_TUPLE && type->view == TYPE_VIEW_NONE;
}

static uint32_t leaf_count(const struct type *type)
{
    uint32_t count = !is_tuple(type);
    for (uint32_t k = 0; is_tuple(type) && k < type->child_count; k++) {
        count += leaf_count(type->children[k]);
    }
    return count;
}

static void add_slots(struct reader *reader, struct field *field, const struct type *type)
{
    if (!is_tuple(type)) {
        reader->slots[reader->slot_count++] = (struct slot){.field = field, .type = type};
    }
    for (uint32_t k = 0; is_tuple(type) && k < type->child_count; k++) {
        add_slots(reader, field, type->children[k]);
    }
}

/* Before the first row: a tuple takes as many texts as it has elements. */
static enum row_result make_slots(struct reader *reader)
{
    uint32_t count = 0;
    bool tuples = false;
    for (uint32_t k = 0; k < reader->field_count; k++) {
        count += leaf_count(reader->fields[k].type);
        tuples |= is_tuple(reader->fields[k].type);
    }
    if (!tuples) {
        return ROW_WHOLE;
    }
    reader->slots = ARENA_ARRAY(reader->arena, struct slot, (size_t)count + 1);
    if (reader->slots == NULL) {
        return reader_bad(reader, "out of memory");
    }
    for (uint32_t k = 0; k < reader->field_count; k++) {
        uint32_t begin = reader->slot_count;
        add_slots(reader, &reader->fields[k], reader->fields[k].type);
        reader->slots[begin].first = reader->slots[reader->slot_count - 1].last = true;
    }
    return ROW_WHOLE;
}

/* One element of a tuple. */
static enum row_result set_slot(struct reader *reader, struct builder *builder, const struct slot *slot,
                                struct slice text, bool is_null, bool is_empty)
{
    const struct type *type = slot->type;
    enum row_result result = ROW_WHOLE;
    reader->packed.length = slot->first ? 0 : reader->packed.length;
    if (is_null || (is_empty && type->kind != TYPE_STRING)) {
        packed_default(&reader->packed, type);
    } else if (type_is_nested(type)) {
        size_t used = 0;
        struct err *err = nested_from_text(text, type, reader->options.zone, value_from_text, &reader->packed, &used);
        if (err != NULL || used < text.length) {
            struct field item = *slot->field;
            item.type = type;
            result = reader_bad_value(reader, &item, text);
            reader->code = err == NULL ? reader->code : err_code(err);
            err_free(err);
        }
    } else {
        result = reader_pack(reader, slot->field, type, text);
    }
    if (result == ROW_WHOLE && slot->last) {
        slot->field->seen = reader->row_number;
        result = reader_set_packed(reader, builder, slot->field);
    }
    return result;
}

enum row_result reader_check_type(struct reader *reader, const struct field *field, struct slice text)
{
    const struct type *type;
    if (field == NULL) {
        return ROW_WHOLE;
    }
    struct err *err = type_parse(reader->arena, text, &type);
    bool equal = err == NULL && type_equal(type, field->type);
    err_free(err);
    if (!equal) {
        (void)reader_bad(reader, "the header says that %.*s is %.*s, but its type is another", SLICE_ARG(field->name),
                         (int)(text.length < 100 ? text.length : 100), text.data);
        reader->code = ERR_INCORRECT_DATA;
    }
    return equal ? ROW_WHOLE : ROW_BAD;
}

/* One line; header 1: names, 2: types, 0: a row. */
static enum row_result take_line(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last, take_field take, char delimiter, uint32_t header)
{
    const char *p = *at;
    for (uint32_t k = 0;; k++) {
        struct slice text = {0};
        bool is_null = false, is_empty = false;
        if (header == 0 && k >= reader_value_count(reader)) {
            return reader_bad(reader, "the row has more than %u fields", reader_value_count(reader));
        }
        bool is_tsv = header == 0 && take == take_tsv;
        enum row_result result = is_tsv ? reader_tsv_field(reader, builder, reader_field_at(reader, k), &p, end, last)
                                        : take(reader, &p, end, last, &text, &is_null, &is_empty);
        if (result != ROW_WHOLE) {
            return result;
        }
        if (header == 1) {
            result = reader_add_name(reader, text);
        } else if (header == 2) {
            if (k >= reader_value_count(reader)) {
                return reader_bad(reader, "the header has more types than names");
            }
            result = reader_check_type(reader, reader_field_at(reader, k), text);
        } else if (header == 0 && reader->slots != NULL && is_tuple(reader->slots[k].field->type)) {
            result = set_slot(reader, builder, &reader->slots[k], text, is_null, is_empty);
        } else if (header == 0 && !is_tsv) {
            struct field *field = reader->slots != NULL ? reader->slots[k].field : reader_field_at(reader, k);
            result = set_field(reader, builder, field, text, is_null, is_empty);
        }
        if (result != ROW_WHOLE) {
            return result;
        }
        if (p < end && *p == delimiter) {
            p++;
            continue;
        }
        if (header == 0 && k + 1 < reader_value_count(reader)) {
            return reader_bad(reader, "the row has %u fields, not %u", k + 1, reader_value_count(reader));
        }
        if (p < end && *p == '\r') {
            p++;
            if (p == end && !last) {
                return ROW_UNFINISHED;
            }
        }
        if (p < end && *p != '\n') {
            return reader_bad(reader, "expected the delimiter or the line's end behind field %u, found byte %u", k + 1,
                              (unsigned)(unsigned char)*p);
        }
        *at = p < end ? p + 1 : p;
        return ROW_WHOLE;
    }
}

static enum row_result take_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                bool last, take_field take, char delimiter)
{
    if (*at == end) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    if (take == take_csv && reader->slots == NULL && reader->format->header_lines == 0) {
        enum row_result result = make_slots(reader);
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    while (reader->header_lines > 0) {
        uint32_t header = reader->format->header_lines - reader->header_lines + 1;
        if (*at == end) {
            builder_row_cancel(builder);
            return ROW_NONE;
        }
        enum row_result result = take_line(reader, builder, at, end, last, take, delimiter, header);
        if (result == ROW_UNFINISHED && header == 1) {
            reader->map_count = 0;
        }
        if (result != ROW_WHOLE) {
            return result;
        }
        reader->header_lines--;
    }
    while (take == take_csv && *at < end && (**at == '\n' || **at == '\r')) {
        (*at)++; /* empty lines between rows say nothing */
    }
    if (*at == end) {
        builder_row_cancel(builder);
        return ROW_NONE;
    }
    enum row_result result = take_line(reader, builder, at, end, last, take, delimiter, 0);
    return result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
}

enum row_result csv_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    return take_row(reader, builder, at, end, last, take_csv, reader->options.csv_delimiter);
}

enum row_result tsv_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    return take_row(reader, builder, at, end, last, take_tsv, '\t');
}

enum row_result tsv_raw_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    return take_row(reader, builder, at, end, last, take_raw, '\t');
}
