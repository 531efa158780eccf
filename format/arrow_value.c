/*
 * arrow_value.c: see arrow_value.h.
 *
 * texts    become what their text says, as in the text formats; bytes of a wide type's length are its value
 * tuples   take what they need by name; without names, by place
 * NULL     where it cannot be is the default
 */
#include "format/arrow_value.h"

#include "format/arrow_cast.h"
#include "format/binary_reader.h"
#include "format/value.h"
#include "storage/packed.h"

#include <stdio.h>

static bool same_name(struct slice a, struct slice b, bool any_case)
{
    return slice_equal(a, b) || (any_case && a.length == b.length && strncasecmp(a.data, b.data, a.length) == 0);
}

/* Which element of the one is the other's k-th; −1: none. */
static int32_t element_of(const struct type *from, const struct type *to, uint32_t k, bool any_case)
{
    if (to->names == NULL || from->names == NULL) {
        return k < from->child_count ? (int32_t)k : -1;
    }
    for (uint32_t i = 0; i < from->child_count; i++) {
        if (same_name(from->names[i], to->names[k], any_case)) {
            return (int32_t)i;
        }
    }
    return -1;
}

int32_t arrow_find_target(const struct reader *reader, struct slice name, bool any_case)
{
    int32_t found = binary_find_field(reader, name);
    for (uint32_t k = 0; found < 0 && k < reader->field_count && any_case; k++) {
        struct slice own = reader->fields[k].name;
        if (own.length == name.length && strncasecmp(own.data, name.data, name.length) == 0) {
            found = (int32_t)k;
        }
    }
    return found;
}

bool arrow_value_fits(const struct type *from, const struct type *to, bool any_case)
{
    bool is_text = from->kind == TYPE_STRING || from->kind == TYPE_FIXED_STRING;
    if (!type_is_nested(from) || to->view != TYPE_VIEW_NONE) {
        return to->view == TYPE_VIEW_NONE
                   ? (is_text || from->kind == TYPE_NOTHING || !type_is_nested(to)) && arrow_castable(from, to)
                   : is_text || from->kind == TYPE_NOTHING;
    }
    if (from->kind == TYPE_TUPLE) {
        bool fits = to->kind == TYPE_TUPLE;
        for (uint32_t k = 0; k < to->child_count && fits; k++) {
            int32_t i = element_of(from, to, k, any_case);
            fits = i < 0 || arrow_value_fits(from->children[i], to->children[k], any_case);
        }
        return fits;
    }
    if (to->kind != TYPE_ARRAY && to->kind != TYPE_MAP) {
        return false;
    }
    if (to->kind == TYPE_MAP && (from->children[0]->kind != TYPE_TUPLE || from->children[0]->child_count != 2)) {
        return false;
    }
    if (to->kind == TYPE_MAP || from->kind == TYPE_MAP) { /* entries are pairs, whatever their names */
        const struct type *pair = to->children[0];
        return pair->kind == TYPE_TUPLE && pair->child_count == 2 &&
               arrow_value_fits(from->children[0]->children[0], pair->children[0], any_case) &&
               arrow_value_fits(from->children[0]->children[1], pair->children[1], any_case);
    }
    return arrow_value_fits(from->children[0], to->children[0], any_case);
}

enum row_result arrow_bad(struct reader *reader, const struct field *field, struct err *err)
{
    if (field == NULL) {
        (void)reader_bad(reader, "%s", err_message(err));
    } else {
        (void)reader_bad(reader, "column %.*s: %s", SLICE_ARG(field->name), err_message(err));
    }
    reader->code = err_code(err);
    err_free(err);
    return ROW_BAD;
}

static enum row_result does_not_fit(struct reader *reader, const struct field *field, const struct type *type,
                                    const char *what)
{
    struct arena *arena = arena_create(NULL);
    struct slice name = arena == NULL ? (struct slice){0} : type_name(arena, type);
    (void)reader_bad(reader, "column %.*s: %s does not fit the type %.*s", SLICE_ARG(field->name), what,
                     SLICE_ARG(name));
    reader->code = ERR_CANNOT_CONVERT;
    arena_destroy(arena);
    return ROW_BAD;
}

/* ---- what is not nested */

static bool is_bytes(const struct arrow_array *array)
{
    return array->type->kind == TYPE_STRING || array->type->kind == TYPE_FIXED_STRING;
}

static struct err *text_of(const struct arrow_array *array, uint32_t row, struct slice *text)
{
    if (array->type->kind == TYPE_FIXED_STRING) {
        *text = slice_of(array->values + (size_t)row * array->width, array->width);
        return NULL;
    }
    return arrow_array_text(array, row, text);
}

static bool is_binary(const struct arrow_array *array)
{
    return array->field->kind == ARROW_BINARY || array->field->kind == ARROW_LARGE_BINARY ||
           array->field->kind == ARROW_BINARY_VIEW || array->field->kind == ARROW_FIXED_BINARY;
}

/* A number or time as text, for a column of strings. */
static size_t print(const struct reader *reader, const struct arrow_array *array, const union arrow_value *value,
                    char to[VALUE_TEXT_MAX])
{
    if (array->type->kind == TYPE_BOOL) {
        return (size_t)snprintf(to, VALUE_TEXT_MAX, "%s", value->bytes[0] != 0 ? "true" : "false");
    }
    return value_print(array->type, reader->options.zone, value, to);
}

/* The value in the form of a type that is no string and not nested; the array's is no string either. */
static enum row_result cast(struct reader *reader, const struct field *field, const struct arrow_array *array,
                            uint32_t row, const struct type *type, union arrow_value *out)
{
    union arrow_value value, made;
    if (!arrow_load(array, row, &value)) {
        return does_not_fit(reader, field, array->type, "a value");
    }
    if (!arrow_cast(array->type, &value, type, reader->options.zone, &made)) {
        return does_not_fit(reader, field, type, "a value");
    }
    return binary_scalar(reader, field, type, made.bytes, out);
}

/* Are its values those of the type, byte by byte? */
static bool same_values(const struct arrow_array *array, const struct type *type)
{
    const struct type *own = array->type;
    if (own->kind != type->kind || array->width != type->width || !binary_is_any(type)) {
        return false;
    }
    return own->kind == TYPE_DATETIME64
               ? own->scale == type->scale
               : own->kind != TYPE_DECIMAL && own->kind != TYPE_DATETIME && own->kind != TYPE_UUID;
}

/* ---- what is inside of arrays, tuples and maps */

static enum row_result pack(struct reader *reader, const struct field *field, const struct arrow_array *array,
                            uint32_t row, const struct type *type);

static enum row_result pack_text(struct reader *reader, const struct field *field, const struct arrow_array *array,
                                 uint32_t row, const struct type *type)
{
    struct slice text;
    union arrow_value value;
    size_t used = 0;
    struct err *err = text_of(array, row, &text);
    if (err != NULL) {
        return arrow_bad(reader, field, err);
    }
    if (type->kind == TYPE_STRING || type->view == TYPE_VIEW_JSON) {
        return binary_pack_scalar(reader, field, type, text);
    }
    if (type_is_nested(type)) {
        text = text.length == 0 ? slice_of("", 0) : text;
        err = nested_from_text(text, type, reader->options.zone, reader_scalar(reader), &reader->packed, &used);
        return err != NULL          ? arrow_bad(reader, field, err)
               : used < text.length ? reader_bad_value(reader, field, text)
                                    : ROW_WHOLE;
    }
    if (is_binary(array) && arrow_cast_bytes(text, type, &value)) {
        nested_value_put(&reader->packed, type, &value);
        return ROW_WHOLE;
    }
    reader->packed.length -= type->nullable; /* which reader_pack appends */
    return reader_pack(reader, field, type, text);
}

static enum row_result pack_scalar(struct reader *reader, const struct field *field, const struct arrow_array *array,
                                   uint32_t row, const struct type *type)
{
    union arrow_value value;
    char text[VALUE_TEXT_MAX];
    if (is_bytes(array)) {
        return pack_text(reader, field, array, row, type);
    }
    if (type->kind == TYPE_STRING) {
        if (!arrow_load(array, row, &value)) {
            return does_not_fit(reader, field, array->type, "a value");
        }
        return binary_pack_scalar(reader, field, type, slice_of(text, print(reader, array, &value, text)));
    }
    enum row_result result = cast(reader, field, array, row, type, &value);
    if (result == ROW_WHOLE) {
        nested_value_put(&reader->packed, type, &value);
    }
    return result;
}

/* An entry of a map, whatever its children are called. */
static enum row_result pack_pair(struct reader *reader, const struct field *field, const struct arrow_array *pairs,
                                 uint32_t row, const struct type *type)
{
    enum row_result result = pack(reader, field, &pairs->children[0], row, type->children[0]);
    return result == ROW_WHOLE ? pack(reader, field, &pairs->children[1], row, type->children[1]) : result;
}

static enum row_result pack_elements(struct reader *reader, const struct field *field, const struct arrow_array *array,
                                     uint32_t row, const struct type *type)
{
    const struct arrow_array *elements = &array->children[0];
    enum row_result result = ROW_WHOLE;
    uint64_t begin, end;
    bool pairs = type->kind == TYPE_MAP || array->type->kind == TYPE_MAP;
    if (array->field->kind == ARROW_FIXED_LIST) {
        begin = (uint64_t)row * (uint32_t)array->field->width;
        end = begin + (uint32_t)array->field->width;
    } else {
        begin = arrow_offset(array, row);
        end = arrow_offset(array, row + 1);
    }
    uint32_t count = end - begin > PACKED_ELEMENTS_MAX ? UINT32_MAX : (uint32_t)(end - begin);
    if (count == UINT32_MAX) {
        return arrow_bad(reader, field,
                         err_new(ERR_TOO_LARGE_ARRAY, "Too large array size: %llu. The maximum is: %u",
                                 (unsigned long long)(end - begin), PACKED_ELEMENTS_MAX));
    }
    buffer_append(&reader->packed, &count, sizeof(count));
    if (!pairs && elements->valid == NULL && elements->dictionary == NULL && !type->children[0]->nullable &&
        !type_is_nested(type->children[0]) && same_values(elements, type->children[0])) {
        buffer_append(&reader->packed, elements->values + begin * elements->width, (size_t)count * elements->width);
        return ROW_WHOLE;
    }
    for (uint64_t i = begin; i < end && result == ROW_WHOLE; i++) {
        result = binary_look(reader);
        if (reader->packed.length > ROW_BYTES_MAX) {
            return arrow_bad(reader, field,
                             err_new(ERR_TOO_LARGE_ARRAY, "a value has more than %zu bytes", ROW_BYTES_MAX));
        }
        if (result == ROW_WHOLE) {
            result = pairs ? pack_pair(reader, field, elements, (uint32_t)i, type->children[0])
                           : pack(reader, field, elements, (uint32_t)i, type->children[0]);
        }
    }
    return result;
}

/* A value that is no NULL, without the byte that says so. */
static enum row_result pack_value(struct reader *reader, const struct field *field, const struct arrow_array *array,
                                  uint32_t row, const struct type *type)
{
    enum row_result result = ROW_WHOLE;
    if (!type_is_nested(array->type)) {
        return pack_scalar(reader, field, array, row, type);
    }
    if (type->kind != TYPE_TUPLE) {
        return pack_elements(reader, field, array, row, type);
    }
    for (uint32_t k = 0; k < type->child_count && result == ROW_WHOLE; k++) {
        int32_t i = element_of(array->type, type, k, reader->settings.arrow_any_case);
        if (i < 0) {
            packed_default(&reader->packed, type->children[k]);
        } else {
            result = pack(reader, field, &array->children[i], row, type->children[k]);
        }
    }
    return result;
}

static enum row_result pack(struct reader *reader, const struct field *field, const struct arrow_array *array,
                            uint32_t row, const struct type *type)
{
    bool is_null;
    struct err *err = arrow_array_value(&array, &row, &is_null);
    if (err != NULL) {
        return arrow_bad(reader, field, err);
    }
    if (is_null && !type->nullable && !reader->settings.null_as_default && !type_is_nested(type)) {
        return arrow_bad(reader, field,
                         err_new(ERR_CANNOT_INSERT_NULL, "NULL in a value whose type is not Nullable there"));
    }
    if (is_null) {
        packed_default(&reader->packed, type);
        return ROW_WHOLE;
    }
    if (type->nullable) {
        buffer_char(&reader->packed, 0);
    }
    return pack_value(reader, field, array, row, type);
}

/* ---- a column's value */

static enum row_result set_text(struct reader *reader, struct builder *builder, struct field *field,
                                const struct arrow_array *array, uint32_t row)
{
    struct slice text, state;
    union arrow_value value;
    struct err *err = text_of(array, row, &text);
    if (err != NULL) {
        return arrow_bad(reader, field, err);
    }
    if (field->wire != NULL) {
        const char *at = text.length == 0 ? "" : text.data, *end = at + text.length;
        enum row_result result = binary_state(reader, field, &at, end, &state);
        if (result == ROW_UNFINISHED || (result == ROW_WHOLE && at != end)) {
            return arrow_bad(reader, field, err_new(ERR_INCORRECT_DATA, "the bytes are no state"));
        }
        if (result == ROW_WHOLE) {
            builder_string(builder, field->column, state.data, state.length);
        }
        return result;
    }
    if (is_binary(array) && field->type->kind != TYPE_STRING && arrow_cast_bytes(text, field->type, &value)) {
        builder_bytes(builder, field->column, &value);
        return ROW_WHOLE;
    }
    return reader_set_text(reader, builder, field, text.length == 0 ? slice_of("", 0) : text);
}

enum row_result arrow_value_set(struct reader *reader, struct builder *builder, struct field *field,
                                const struct arrow_array *array, uint32_t row)
{
    const struct type *type = field->type;
    union arrow_value value;
    char text[VALUE_TEXT_MAX];
    bool is_null;
    struct err *err = arrow_array_value(&array, &row, &is_null);
    if (err != NULL) {
        return arrow_bad(reader, field, err);
    }
    if (is_null && (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP)) {
        builder_default(builder, field->column);
        return ROW_WHOLE;
    }
    if (is_null && !type->nullable && !reader->settings.null_as_default) {
        return arrow_bad(reader, field, err_new(ERR_CANNOT_INSERT_NULL, "NULL, but its type is not Nullable"));
    }
    if (is_null) {
        return reader_set_null(reader, builder, field);
    }
    if (is_bytes(array)) {
        return set_text(reader, builder, field, array, row);
    }
    if (type_is_nested(type)) {
        reader->packed.length = 0;
        if (type->nullable) {
            buffer_char(&reader->packed, 0);
        }
        enum row_result result = pack_value(reader, field, array, row, type);
        return result == ROW_WHOLE ? reader_set_packed(reader, builder, field) : result;
    }
    if (same_values(array, type)) {
        builder_bytes(builder, field->column, array->values + (size_t)row * array->width);
        return ROW_WHOLE;
    }
    if (type->kind == TYPE_STRING) {
        if (!arrow_load(array, row, &value)) {
            return does_not_fit(reader, field, array->type, "a value");
        }
        builder_string(builder, field->column, text, print(reader, array, &value, text));
        return ROW_WHOLE;
    }
    enum row_result result = cast(reader, field, array, row, type, &value);
    if (result == ROW_WHOLE) {
        builder_bytes(builder, field->column, &value);
    }
    return result;
}
