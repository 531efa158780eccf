/*
 * csv_reader.c: CSV, TabSeparated and TabSeparatedRaw, with and without header lines.
 *
 * CSV      fields in quotes with doubled quotes inside, or bare up to the delimiter or line end; \N is NULL; an empty
 *          bare field is the column's default; a delimiter behind the last field says nothing
 * TSV      backslash escapes; \N is NULL
 * nested   arrays and maps are texts as ClickHouse has them, a tuple is a text per element in CSV and one in TSV, where
 *          the escapes are those of the strings inside
 * header   where none is announced it is found by its names (…_detect_header);
 *          names choose the columns (unknown names are skipped, or refused by the option); types must be theirs. In CSV
 *          a tuple's name stands for all of its elements, or each has a name: t.a, t.1
 */
#include "format/escape.h"
#include "format/reader_private.h"
#include "format/value.h"
#include "storage/packed.h"

#include <stdlib.h>

static struct field *reader_field_of_name(struct reader *reader, uint32_t k)
{
    return reader->map[k] < 0 ? NULL : &reader->fields[reader->map[k]];
}

struct field *reader_field_at(struct reader *reader, uint32_t k)
{
    return reader->map != NULL ? reader_field_of_name(reader, k) : &reader->fields[k];
}

uint32_t reader_value_count(const struct reader *reader)
{
    if (reader->slots != NULL) {
        return reader->slot_count;
    }
    return reader->map != NULL ? reader->map_count : reader->field_count;
}

/* One more name of the header, and the field that it means. */
static enum row_result reader_map_name(struct reader *reader, int32_t field)
{
    if (reader->map_count == HEADER_NAMES_MAX) {
        return reader_bad(reader, "the header line has more than %u names", HEADER_NAMES_MAX);
    }
    if (reader->map == NULL) {
        reader->map = ARENA_ARRAY(reader->arena, int32_t, HEADER_NAMES_MAX);
        if (reader->map == NULL) {
            return reader_bad(reader, "out of memory");
        }
    }
    reader->map[reader->map_count++] = field;
    return ROW_WHOLE;
}

enum row_result reader_add_name(struct reader *reader, struct slice name)
{
    int32_t found = -1;
    for (uint32_t k = 0; k < reader->field_count; k++) {
        if (slice_equal(reader->fields[k].name, name)) {
            found = (int32_t)k;
        }
    }
    if (found < 0 && !reader->settings.skip_unknown_fields) {
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
    return reader_map_name(reader, found);
}

static const char *skip_blanks(const char *at, const char *end, char delimiter)
{
    while (at < end && *at != delimiter && (*at == ' ' || *at == '\t')) {
        at++;
    }
    return at;
}

static enum row_result take_csv(struct reader *reader, const char **at, const char *end, bool last, struct slice *text,
                                bool *is_null, bool *is_empty)
{
    const char *p = *at;
    const struct format_settings *settings = &reader->settings;
    char delimiter = settings->csv_delimiter;
    const char *before = p;
    p = skip_blanks(p, end, delimiter);
    if (p < end && ((*p == '"' && settings->csv_double_quotes) || (*p == '\'' && settings->csv_single_quotes))) {
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
        p = skip_blanks(p, end, delimiter);
        *is_empty = *is_null = false;
    } else {
        const char *begin = settings->csv_trim_whitespaces ? p : before;
        while (p < end && *p != delimiter && *p != '\n' && !(*p == '\r' && (end - p < 2 || p[1] == '\n'))) {
            p++;
        }
        const char *stop = p;
        while (settings->csv_trim_whitespaces && stop > begin && (stop[-1] == ' ' || stop[-1] == '\t')) {
            stop--;
        }
        *text = slice_of(begin, (size_t)(stop - begin));
        *is_null = slice_equal(*text, reader->csv_null);
        *is_empty = text->length == 0 && settings->csv_empty_as_default;
    }
    if (!last && (p == end || (*p == '\r' && end - p < 2))) { /* a line feed may follow, or it is of the value */
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
    if (p > begin && p < end && *p == '\n' && p[-1] == '\r') {
        if (reader->settings.tsv_crlf_in) {
            *at = --p;
        } else if (reader->rows == 0) {
            return reader_bad(reader, CARRIAGE_RETURN);
        }
    }
    *text = slice_of(begin, (size_t)(p - begin));
    *is_null = slice_equal(*text, reader->tsv_null);
    *is_empty = p == begin && reader->settings.tsv_empty_as_default;
    if (!escaped || *is_null) {
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
    if (is_empty) { /* not seen: the default */
        return ROW_WHOLE;
    }
    field->seen = reader->row_number;
    return is_null ? reader_set_null(reader, builder, field) : reader_set_text(reader, builder, field, text);
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
    if (p > begin && p < end && *p == '\n' && p[-1] == '\r') {
        if (reader->settings.tsv_crlf_in) {
            *at = --p;
        } else if (reader->rows == 0) {
            return reader_bad(reader, CARRIAGE_RETURN);
        }
    }
    *text = slice_of(begin, (size_t)(p - begin));
    *is_null = slice_equal(*text, reader->tsv_null);
    *is_empty = p == begin && reader->settings.tsv_empty_as_default;
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
        reader->slots[reader->slot_count++] = (struct slot){.field = field, .type = type, .name = UINT32_MAX};
    }
    for (uint32_t k = 0; is_tuple(type) && k < type->child_count; k++) {
        add_slots(reader, field, type->children[k]);
    }
}

static void add_field_slots(struct reader *reader, struct field *field)
{
    uint32_t begin = reader->slot_count;
    add_slots(reader, field, field->type);
    if (reader->slot_count > begin) { /* else a tuple of nothing: it has no text */
        reader->slots[begin].first = reader->slots[reader->slot_count - 1].last = true;
    }
}

/* Room for slots when there are tuples; *tuples: there are. */
static enum row_result slots_room(struct reader *reader, uint32_t more, bool *tuples)
{
    size_t count = more;
    *tuples = false;
    for (uint32_t k = 0; k < reader->field_count; k++) {
        count += leaf_count(reader->fields[k].type);
        *tuples |= is_tuple(reader->fields[k].type);
    }
    if (*tuples) {
        reader->slots = ARENA_ARRAY(reader->arena, struct slot, count + 1);
        if (reader->slots == NULL) {
            return reader_bad(reader, "out of memory");
        }
    }
    return ROW_WHOLE;
}

/* Before the first row: a tuple takes as many texts as it has elements. */
static enum row_result make_slots(struct reader *reader)
{
    bool tuples;
    enum row_result result = slots_room(reader, 0, &tuples);
    for (uint32_t k = 0; k < reader->field_count && tuples && result == ROW_WHOLE; k++) {
        add_field_slots(reader, &reader->fields[k]);
    }
    return result;
}

/* Appends the name of a tuple's element behind the tuple's own: .1, .name, .1.2; its type. */
static const struct type *put_element_name(struct buffer *out, const struct type *type, uint32_t index)
{
    while (is_tuple(type)) {
        uint32_t k = 0;
        for (uint32_t below = leaf_count(type->children[k]); below <= index; below = leaf_count(type->children[k])) {
            index -= below;
            k++;
        }
        if (type->names == NULL) {
            buffer_printf(out, ".%u", k + 1);
        } else {
            buffer_char(out, '.');
            buffer_slice(out, type->names[k]);
        }
        type = type->children[k];
    }
    return type;
}

static bool has_slot(const struct reader *reader, const struct field *field)
{
    for (uint32_t k = 0; k < reader->slot_count; k++) {
        if (reader->slots[k].field == field) {
            return true;
        }
    }
    return false;
}

/* Is this the name of the tuple's element? Then it is what the next text goes to. */
static enum row_result add_element_name(struct reader *reader, struct slice name, struct field *field, uint32_t index,
                                        bool *found)
{
    uint32_t count = leaf_count(field->type);
    reader->packed.length = 0;
    buffer_slice(&reader->packed, field->name);
    const struct type *type = index < count ? put_element_name(&reader->packed, field->type, index) : NULL;
    *found = type != NULL && slice_equal(buffer_all(&reader->packed), name);
    if (!*found) {
        return ROW_WHOLE;
    }
    enum row_result result = reader_map_name(reader, (int32_t)(field - reader->fields));
    if (result == ROW_WHOLE) {
        reader->slots[reader->slot_count++] = (struct slot){.field = field,
                                                            .type = type,
                                                            .first = index == 0,
                                                            .last = index + 1 == count,
                                                            .name = reader->map_count - 1,
                                                            .index = index};
    }
    return result;
}

static enum row_result bad_elements(struct reader *reader, const struct field *field)
{
    (void)reader_bad(reader,
                     "the header's names of the elements of %.*s must be all there, together and in their order",
                     SLICE_ARG(field->name));
    reader->code = ERR_INCORRECT_DATA;
    return ROW_BAD;
}

/* The tuple of which some elements have been named, and others must follow; or NULL. */
static const struct slot *open_slot(const struct reader *reader)
{
    const struct slot *last = reader->slot_count == 0 ? NULL : &reader->slots[reader->slot_count - 1];
    return last == NULL || last->field == NULL || last->last ? NULL : last;
}

/* A name of CSV's header, where the table has tuples. */
static enum row_result add_csv_name(struct reader *reader, struct slice name)
{
    const struct slot *open = open_slot(reader);
    bool found = false;
    if (open != NULL) {
        struct field *field = open->field;
        enum row_result result = add_element_name(reader, name, field, open->index + 1, &found);
        return result != ROW_WHOLE || found ? result : bad_elements(reader, field);
    }
    for (uint32_t k = 0; k < reader->field_count; k++) {
        struct field *field = &reader->fields[k];
        if (is_tuple(field->type) && !has_slot(reader, field)) {
            enum row_result result = add_element_name(reader, name, field, 0, &found);
            if (result != ROW_WHOLE || found) {
                return result;
            }
        }
    }
    enum row_result result = reader_add_name(reader, name);
    struct field *field = result == ROW_WHOLE ? reader_field_of_name(reader, reader->map_count - 1) : NULL;
    if (field != NULL && has_slot(reader, field)) {
        return bad_elements(reader, field);
    }
    if (field != NULL) {
        add_field_slots(reader, field);
    } else if (result == ROW_WHOLE) {
        reader->slots[reader->slot_count++] = (struct slot){.field = NULL};
    }
    return result;
}

/* The type that CSV's header gives its k-th name. */
static enum row_result check_csv_type(struct reader *reader, uint32_t k, struct slice text)
{
    for (uint32_t i = 0; i < reader->slot_count; i++) {
        const struct slot *slot = &reader->slots[i];
        if (slot->field != NULL && slot->name == k && is_tuple(slot->field->type)) {
            struct field element = *slot->field;
            element.type = slot->type;
            return reader_check_type(reader, &element, text);
        }
    }
    return reader_check_type(reader, reader_field_of_name(reader, k), text);
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
        struct err *err =
            nested_from_text(text, type, reader->options.zone, reader_scalar(reader), &reader->packed, &used);
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

/* One field of a header line; 1: names, 2: types. The settings may say that it does not matter. */
static enum row_result take_header_field(struct reader *reader, uint32_t header, uint32_t k, struct slice text)
{
    if (!reader->settings.names_use_header) {
        return ROW_WHOLE;
    }
    if (header == 1) {
        return reader->slots != NULL ? add_csv_name(reader, text) : reader_add_name(reader, text);
    }
    if (k >= reader->map_count) {
        return reader_bad(reader, "the header has more types than names");
    }
    return !reader->settings.types_use_header ? ROW_WHOLE
           : reader->slots != NULL            ? check_csv_type(reader, k, text)
                                              : reader_check_type(reader, reader_field_of_name(reader, k), text);
}

static enum row_result set_csv_field(struct reader *reader, struct builder *builder, uint32_t k, struct slice text,
                                     bool is_null, bool is_empty)
{
    const struct slot *slot = reader->slots == NULL ? NULL : &reader->slots[k];
    if (slot != NULL && slot->field != NULL && is_tuple(slot->field->type)) {
        return set_slot(reader, builder, slot, text, is_null, is_empty);
    }
    return set_field(reader, builder, slot != NULL ? slot->field : reader_field_at(reader, k), text, is_null, is_empty);
}

/* One line; header 1: names, 2: types, 0: a row. */
static enum row_result take_line(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last, reader_take_field *take, char delimiter, uint32_t header)
{
    const char *p = *at;
    uint32_t count = header == 0 ? reader_value_count(reader) : UINT32_MAX;
    bool is_csv = take == take_csv;
    bool varies = is_csv ? reader->settings.csv_variable_columns : reader->settings.tsv_variable_columns;
    for (uint32_t k = 0;; k++) {
        struct slice text = {0};
        bool is_null = false, is_empty = false;
        if (k >= count && !varies) {
            bool ends = is_csv && (p == end || *p == '\n' || *p == '\r');
            if (p == end && !last) {
                return ROW_UNFINISHED;
            }
            if (!ends) {
                return reader_bad(reader, "the row has more than %u fields", count);
            }
        } else {
            bool is_tsv = header == 0 && take == take_tsv;
            enum row_result result =
                is_tsv ? reader_tsv_field(reader, builder, k < count ? reader_field_at(reader, k) : NULL, &p, end, last)
                       : take(reader, &p, end, last, &text, &is_null, &is_empty);
            if (result == ROW_WHOLE && header != 0) {
                result = take_header_field(reader, header, k, text);
            } else if (result == ROW_WHOLE && !is_tsv && k < count) {
                result = set_csv_field(reader, builder, k, text, is_null, is_empty);
            }
            if (result != ROW_WHOLE) {
                return result;
            }
            if (p < end && *p == delimiter) {
                p++;
                continue;
            }
        }
        if (header == 0 && k + 1 < count && !varies) {
            return reader_bad(reader, "the row has %u fields, not %u", k + 1, count);
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

/* Lines that the settings say are not data; false: more must come. */
static bool skip_lines(struct reader *reader, const char **at, const char *end, bool last)
{
    while (reader->skip_lines > 0) {
        const char *feed = *at == end ? NULL : memchr(*at, '\n', (size_t)(end - *at));
        if (feed == NULL && !last) {
            return false;
        }
        *at = feed == NULL ? end : feed + 1;
        reader->skip_lines--;
    }
    return true;
}

static enum row_result take_headers(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                    bool last, reader_take_field *take, char delimiter)
{
    enum row_result result = ROW_WHOLE;
    bool is_csv = take == take_csv, tuples = false;
    while (reader->header_lines > 0 && result == ROW_WHOLE) {
        uint32_t header = reader->header_count - reader->header_lines + 1;
        if (*at == end) {
            builder_row_cancel(builder);
            return ROW_NONE;
        }
        if (header == 1 && is_csv && reader->slots == NULL && reader->settings.names_use_header) {
            result = slots_room(reader, HEADER_NAMES_MAX, &tuples);
        }
        result = result == ROW_WHOLE ? take_line(reader, builder, at, end, last, take, delimiter, header) : result;
        if (result == ROW_UNFINISHED && header == 1) {
            reader->map_count = reader->slot_count = 0;
        }
        if (result == ROW_WHOLE && header == 1 && open_slot(reader) != NULL) {
            return bad_elements(reader, open_slot(reader)->field);
        }
        reader->header_lines -= result == ROW_WHOLE;
    }
    return result;
}

static enum row_result take_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                bool last, reader_take_field *take, char delimiter)
{
    if (!skip_lines(reader, at, end, last)) {
        return reader_row_begin(reader, builder) ? ROW_UNFINISHED : ROW_MEMORY;
    }
    if (*at == end) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    bool detects = take == take_csv ? reader->settings.csv_detect_header : reader->settings.tsv_detect_header;
    enum row_result result = ROW_WHOLE;
    if (detects && !reader->looked && reader->format->header_lines == 0) {
        result = reader_detect_header(reader, *at, end, last, take, delimiter);
    }
    result = result == ROW_WHOLE ? take_headers(reader, builder, at, end, last, take, delimiter) : result;
    if (result == ROW_WHOLE && take == take_csv && reader->rows == 0 && reader->slots == NULL && reader->map == NULL) {
        result = make_slots(reader);
    }
    if (result != ROW_WHOLE) {
        return result;
    }
    while (take == take_csv && reader_value_count(reader) != 1 && *at < end && (**at == '\n' || **at == '\r')) {
        (*at)++; /* empty lines between rows say nothing; those of one column are its default */
    }
    if (*at == end) {
        builder_row_cancel(builder);
        return ROW_NONE;
    }
    result = take_line(reader, builder, at, end, last, take, delimiter, 0);
    return result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
}

enum row_result csv_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    return take_row(reader, builder, at, end, last, take_csv, reader->settings.csv_delimiter);
}

enum row_result tsv_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    return take_row(reader, builder, at, end, last, take_tsv, '\t');
}

enum row_result tsv_raw_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    return take_row(reader, builder, at, end, last, take_raw, '\t');
}
