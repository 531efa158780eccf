/*
 * binary_reader.c: RowBinary, RowBinaryWithNames, RowBinaryWithNamesAndTypes, RowBinaryWithDefaults.
 *
 * header   names choose the columns; types must be theirs. A column that is not known is skipped by its type
 * rows     a row whose bytes are not all there is tried again when more have come
 * defaults a byte in front of each value: 1: there is none, the column has its DEFAULT
 */
#include "format/binary_reader.h"

#include "base/civil.h"
#include "base/interrupt.h"
#include "format/binary.h"
#include "format/state_wire.h"
#include "storage/packed.h"

#define HEADER_NAMES_MAX 10000U

/* ---- values */

static enum row_result fail(struct reader *reader, enum err_code code)
{
    reader->code = code;
    return ROW_BAD;
}

enum row_result binary_length(struct reader *reader, const struct field *field, const char **at, const char *end,
                              bool is_array, uint32_t *out)
{
    uint64_t length, most = is_array ? PACKED_ELEMENTS_MAX : ROW_BYTES_MAX;
    size_t bytes = binary_take_length(*at, end, &length);
    if (bytes == 0) {
        return ROW_UNFINISHED;
    }
    if (length > most) {
        (void)reader_bad(reader, "column %.*s: Too large %s size: %llu. The maximum is: %llu", SLICE_ARG(field->name),
                         is_array ? "array" : "string", (unsigned long long)length, (unsigned long long)most);
        return fail(reader, is_array ? ERR_TOO_LARGE_ARRAY : ERR_STRING_TOO_LARGE);
    }
    *at += bytes;
    *out = (uint32_t)length;
    return ROW_WHOLE;
}

bool binary_is_any(const struct type *type)
{
    return type->kind != TYPE_BOOL && type->kind != TYPE_ENUM8 && type->kind != TYPE_ENUM16 &&
           type->kind != TYPE_DATE32;
}

enum row_result binary_scalar(struct reader *reader, const struct field *field, const struct type *type,
                              const char *bytes, void *value)
{
    struct slice name;
    int16_t number;
    int32_t days;
    memcpy(value, bytes, type->width);
    switch (type->kind) {
    case TYPE_BOOL:
        *(uint8_t *)value = *bytes != 0;
        return ROW_WHOLE;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        memcpy(&number, bytes, type->kind == TYPE_ENUM16 ? 2 : 1);
        number = type->kind == TYPE_ENUM16 ? number : (int8_t)*bytes;
        if (!type_enum_name(type, number, &name)) {
            (void)reader_bad(reader, "column %.*s: Unexpected value %d in enum", SLICE_ARG(field->name), number);
            return fail(reader, ERR_UNKNOWN_ENUM_ELEMENT);
        }
        return ROW_WHOLE;
    case TYPE_DATE32:
        memcpy(&days, bytes, sizeof(days));
        if (days < DATE32_MIN || days > DATE32_MAX) {
            (void)reader_bad(reader, "column %.*s: day %d is no Date32: they are from %d to %d", SLICE_ARG(field->name),
                             days, DATE32_MIN, DATE32_MAX);
            return fail(reader, ERR_CANNOT_PARSE_DATE);
        }
        return ROW_WHOLE;
    default:
        return ROW_WHOLE;
    }
}

enum row_result binary_look(struct reader *reader)
{
    struct err *err = interrupted_at(reader->steps++) ? interrupt_check() : NULL;
    if (err == NULL) {
        return ROW_WHOLE;
    }
    (void)reader_bad(reader, "%s", err_message(err));
    (void)fail(reader, err_code(err));
    err_free(err);
    return ROW_BAD;
}

enum row_result binary_state(struct reader *reader, const struct field *field, const char **at, const char *end,
                             struct slice *state)
{
    size_t used = 0;
    struct err *err = state_wire_read(field->wire, slice_of(*at, (size_t)(end - *at)), &used, state);
    if (err == NULL) {
        *at += used;
        return used == 0 ? ROW_UNFINISHED : ROW_WHOLE;
    }
    (void)reader_bad(reader, "column %.*s: %s", SLICE_ARG(field->name), err_message(err));
    (void)fail(reader, err_code(err));
    err_free(err);
    return ROW_BAD;
}

static enum row_result pack_json(struct reader *reader, const struct field *field, const struct type *type,
                                 struct slice text)
{
    size_t used = 0;
    struct err *err = nested_from_text(text, type, reader->options.zone, reader_scalar(reader), &reader->packed, &used);
    if (err == NULL && used == text.length) {
        return ROW_WHOLE;
    }
    (void)reader_bad(reader, "column %.*s: %s", SLICE_ARG(field->name),
                     err == NULL ? "something stands behind a value of type JSON" : err_message(err));
    (void)fail(reader, err == NULL ? ERR_INCORRECT_DATA : err_code(err));
    err_free(err);
    return ROW_BAD;
}

enum row_result binary_pack_scalar(struct reader *reader, const struct field *field, const struct type *type,
                                   struct slice bytes)
{
    if (type->view == TYPE_VIEW_JSON) {
        return pack_json(reader, field, type, bytes);
    }
    if (type->kind == TYPE_STRING) {
        uint32_t length = (uint32_t)bytes.length;
        buffer_append(&reader->packed, &length, sizeof(length));
        buffer_slice(&reader->packed, bytes);
        return ROW_WHOLE;
    }
    void *value = nested_value_room(&reader->item, type);
    if (value == NULL) {
        return reader_bad(reader, "out of memory");
    }
    enum row_result result = binary_scalar(reader, field, type, bytes.data, value);
    nested_value_put(&reader->packed, type, value);
    return result;
}

static enum row_result pack(struct reader *reader, const struct field *field, const struct type *type, const char **at,
                            const char *end);

static enum row_result pack_elements(struct reader *reader, const struct field *field, const struct type *type,
                                     const char **at, const char *end)
{
    uint32_t count;
    enum row_result result = binary_length(reader, field, at, end, true, &count);
    if (result != ROW_WHOLE) {
        return result;
    }
    buffer_append(&reader->packed, &count, sizeof(count));
    const struct type *element = type->children[0];
    if (element->width > 0 && !element->nullable && element->kind != TYPE_STRING && binary_is_any(element)) {
        size_t bytes = (size_t)count * element->width;
        if ((size_t)(end - *at) < bytes) {
            return ROW_UNFINISHED;
        }
        buffer_append(&reader->packed, *at, bytes);
        *at += bytes;
        return ROW_WHOLE;
    }
    for (uint32_t i = 0; i < count && result == ROW_WHOLE; i++) {
        result = binary_look(reader);
        result = result == ROW_WHOLE ? pack(reader, field, element, at, end) : result;
    }
    return result;
}

/* Appends the value at *at to reader->packed. */
static enum row_result pack(struct reader *reader, const struct field *field, const struct type *type, const char **at,
                            const char *end)
{
    enum row_result result = ROW_WHOLE;
    if (type->nullable) {
        if (*at == end) {
            return ROW_UNFINISHED;
        }
        bool is_null = *(*at)++ != 0;
        buffer_char(&reader->packed, is_null);
        if (is_null) {
            return ROW_WHOLE;
        }
    }
    bool text = binary_is_text(type);
    if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) {
        return pack_elements(reader, field, type, at, end);
    }
    if (type->kind == TYPE_TUPLE && !text) {
        for (uint32_t k = 0; k < type->child_count && result == ROW_WHOLE; k++) {
            result = pack(reader, field, type->children[k], at, end);
        }
        return result;
    }
    uint32_t bytes = type->width;
    if (text) {
        result = binary_length(reader, field, at, end, false, &bytes);
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    if ((size_t)(end - *at) < bytes) {
        return ROW_UNFINISHED;
    }
    result = binary_pack_scalar(reader, field, type, slice_of(*at, bytes));
    *at += bytes;
    return result;
}

static enum row_result set_value(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                 const char *end)
{
    const struct type *type = field->type;
    if (type_is_nested(type)) {
        reader->packed.length = 0;
        enum row_result result = pack(reader, field, type, at, end);
        return result == ROW_WHOLE ? reader_set_packed(reader, builder, field) : result;
    }
    if (type->nullable) {
        if (*at == end) {
            return ROW_UNFINISHED;
        }
        if (*(*at)++ != 0) {
            return reader_set_null(reader, builder, field);
        }
    }
    if (field->wire != NULL) {
        struct slice state;
        enum row_result result = binary_state(reader, field, at, end, &state);
        if (result == ROW_WHOLE) {
            builder_string(builder, field->column, state.data, state.length);
        }
        return result;
    }
    uint32_t bytes = type->width;
    if (type->kind == TYPE_STRING) {
        enum row_result result = binary_length(reader, field, at, end, false, &bytes);
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    if ((size_t)(end - *at) < bytes) {
        return ROW_UNFINISHED;
    }
    const char *value = *at;
    *at += bytes;
    if (type->kind == TYPE_STRING) {
        builder_string(builder, field->column, value, bytes);
    } else if (binary_is_any(type)) {
        builder_bytes(builder, field->column, value);
    } else {
        uint64_t checked;
        enum row_result result = binary_scalar(reader, field, type, value, &checked);
        if (result != ROW_WHOLE) {
            return result;
        }
        builder_bytes(builder, field->column, &checked);
    }
    return ROW_WHOLE;
}

/* ---- header */

struct header {
    struct reader *reader;
    const char *at;
    const char *end;
};

static enum row_result take_text(struct header *header, struct slice *text)
{
    static const struct field names = {.name = {"of the header", 13}};
    uint32_t length;
    enum row_result result = binary_length(header->reader, &names, &header->at, header->end, false, &length);
    if (result != ROW_WHOLE) {
        return result;
    }
    if ((size_t)(header->end - header->at) < length) {
        return ROW_UNFINISHED;
    }
    *text = slice_of(header->at, length);
    header->at += length;
    return ROW_WHOLE;
}

int32_t binary_find_field(const struct reader *reader, struct slice name)
{
    for (uint32_t k = 0; k < reader->field_count; k++) {
        if (slice_equal(reader->fields[k].name, name)) {
            return (int32_t)k;
        }
    }
    return -1;
}

static enum row_result take_name(struct header *header, uint32_t k, bool has_types)
{
    struct reader *reader = header->reader;
    struct slice name;
    enum row_result result = take_text(header, &name);
    if (result != ROW_WHOLE) {
        return result;
    }
    int shown = (int)(name.length < 100 ? name.length : 100);
    if (!reader->settings.names_use_header && k < reader->field_count) {
        reader->map[k] = (int32_t)k;
        return ROW_WHOLE;
    }
    reader->map[k] = reader->settings.names_use_header ? binary_find_field(reader, name) : -1;
    if (reader->map[k] < 0 && !reader->settings.skip_unknown_fields) {
        (void)reader_bad(reader, "Unknown field found in the header: \"%.*s\"", shown, name.data);
        return fail(reader, ERR_INCORRECT_DATA);
    }
    if (reader->map[k] < 0 && !has_types) {
        (void)reader_bad(reader, "Cannot skip unknown field \"%.*s\" in RowBinary format, because its type is unknown",
                         shown, name.data);
        return fail(reader, ERR_CANNOT_SKIP_FIELD);
    }
    for (uint32_t i = 0; i < k && reader->map[k] >= 0; i++) {
        if (reader->map[i] == reader->map[k]) {
            (void)reader_bad(reader, "Duplicate field found while parsing the header: %.*s", shown, name.data);
            return fail(reader, ERR_INCORRECT_DATA);
        }
    }
    return ROW_WHOLE;
}

static enum row_result take_type(struct header *header, uint32_t k)
{
    struct reader *reader = header->reader;
    struct slice text;
    const struct type *type = NULL;
    enum row_result result = take_text(header, &text);
    if (result != ROW_WHOLE) {
        return result;
    }
    const struct field *field = reader->map[k] < 0 ? NULL : &reader->fields[reader->map[k]];
    struct err *err = type_parse(reader->arena, text, &type);
    err = err == NULL ? binary_refuse(reader->format->name, field == NULL ? slice_text("") : field->name, type,
                                      (struct binary_views){.json = reader->settings.binary_json_in})
                      : err;
    if (err != NULL) {
        (void)reader_bad(reader, "type %u of the header: %s", k + 1, err_message(err));
        (void)fail(reader, err_code(err));
        err_free(err);
        return ROW_BAD;
    }
    if (field != NULL && reader->settings.types_use_header && !type_equal(type, field->type)) {
        struct slice wanted = type_name(reader->arena, field->type);
        (void)reader_bad(reader, "Type of '%.*s' must be %.*s, not %.*s", SLICE_ARG(field->name), SLICE_ARG(wanted),
                         (int)(text.length < 100 ? text.length : 100), text.data);
        return fail(reader, ERR_INCORRECT_DATA);
    }
    reader->header_types[k] = type;
    if (field == NULL && type_is_state(type)) {
        err = state_wire_open(reader->arena, type, &reader->header_wires[k]);
    }
    if (err != NULL) {
        (void)reader_bad(reader, "type %u of the header: %s", k + 1, err_message(err));
        (void)fail(reader, err_code(err));
        err_free(err);
        return ROW_BAD;
    }
    return ROW_WHOLE;
}

/* The whole header, or nothing of it. */
static enum row_result take_header(struct reader *reader, const char **at, const char *end)
{
    uint64_t count;
    struct header header = {reader, *at, end};
    bool has_types = reader->format->header_lines == 2;
    size_t bytes = binary_take_length(*at, end, &count);
    if (bytes == 0) {
        return ROW_UNFINISHED;
    }
    if (count > HEADER_NAMES_MAX) {
        (void)reader_bad(reader, "the header has %llu columns, more than %u", (unsigned long long)count,
                         HEADER_NAMES_MAX);
        return fail(reader, ERR_INCORRECT_DATA);
    }
    header.at += bytes;
    const char *begin = header.at;
    for (uint64_t k = 0; k < count * (has_types ? 2 : 1); k++) { /* are all there? */
        struct slice text;
        enum row_result result = take_text(&header, &text);
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    header.at = begin;
    reader->map_count = (uint32_t)count;
    reader->map = ARENA_ARRAY(reader->arena, int32_t, count + 1);
    reader->header_types = ARENA_ARRAY(reader->arena, const struct type *, count + 1);
    reader->header_wires = ARENA_ARRAY(reader->arena, struct state_wire *, count + 1);
    if (reader->map == NULL || reader->header_types == NULL || reader->header_wires == NULL) {
        return reader_bad(reader, "out of memory");
    }
    memset(reader->header_wires, 0, (count + 1) * sizeof(struct state_wire *));
    enum row_result result = ROW_WHOLE;
    for (uint32_t k = 0; k < count && result == ROW_WHOLE; k++) {
        result = take_name(&header, k, has_types);
    }
    for (uint32_t k = 0; k < count && has_types && result == ROW_WHOLE; k++) {
        result = take_type(&header, k);
    }
    *at = header.at;
    return result;
}

/* ---- rows */

static enum row_result take_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                struct field **within)
{
    uint32_t count = reader->map == NULL ? reader->field_count : reader->map_count;
    for (uint32_t k = 0; k < count; k++) {
        enum row_result result;
        if (reader->map != NULL && reader->map[k] < 0) {
            struct field skipped = {
                .name = {"without a name here", 19}, .type = reader->header_types[k], .wire = reader->header_wires[k]};
            struct slice state;
            reader->packed.length = 0;
            result = skipped.wire != NULL ? binary_state(reader, &skipped, at, end, &state)
                                          : pack(reader, &skipped, skipped.type, at, end);
            *within = NULL;
        } else {
            struct field *field = &reader->fields[reader->map == NULL ? (int32_t)k : reader->map[k]];
            *within = field;
            if (reader->format->row == row_binary_defaults_row) {
                if (*at == end) {
                    return ROW_UNFINISHED;
                }
                if (*(*at)++ != 0) {
                    continue; /* not seen */
                }
            }
            field->seen = reader->row_number;
            result = set_value(reader, builder, field, at, end);
        }
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    return ROW_WHOLE;
}

enum row_result row_binary_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                               bool last)
{
    struct field *within = NULL;
    enum row_result result;
    if (*at == end) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    if (reader->header_lines > 0) {
        result = take_header(reader, at, end);
        if (result != ROW_WHOLE) {
            return result;
        }
        reader->header_lines = 0;
        if (*at == end) {
            builder_row_cancel(builder);
            return ROW_NONE;
        }
    }
    const char *p = *at;
    result = take_row(reader, builder, &p, end, &within);
    if (result == ROW_UNFINISHED && last && within != NULL) {
        (void)reader_bad(reader, "column %.*s: the data end within its value", SLICE_ARG(within->name));
        return fail(reader, ERR_CANNOT_READ_DATA);
    }
    if (result != ROW_WHOLE) {
        return result;
    }
    if (p == *at) { /* no columns, or tuples of nothing: rows without bytes have no end */
        (void)reader_bad(reader, "its columns have no bytes");
        return fail(reader, ERR_INCORRECT_DATA);
    }
    *at = p;
    return reader_row_end(reader, builder);
}

enum row_result row_binary_defaults_row(struct reader *reader, struct builder *builder, const char **at,
                                        const char *end, bool last)
{
    return row_binary_row(reader, builder, at, end, last);
}
