/*
 * json_nested.c: JSON for columns of arrays, tuples and maps, into packed bytes.
 *
 * tuples   with names: an object, in any order; elements that it does not have are defaults, fields without an element
 *          are skipped. Without: an array of as many values
 * maps     an object; equal keys stay, as in ClickHouse
 * values   null is NULL, or the default of a type that is not Nullable; numbers, true, false, arrays and objects for a
 *          String are their text
 * input    hostile: the type bounds the depth, reader_json_skip has found the end of the whole before
 */
#include "format/reader_private.h"

#include "format/value.h"
#include "storage/packed.h"

#include <stdio.h>

struct walk {
    struct reader *reader;
    const struct field *field;
    const char *at;
    const char *end;
};

static void skip_space(struct walk *walk)
{
    walk->at = text_skip_space(walk->at, walk->end);
}

static bool take_char(struct walk *walk, char wanted)
{
    skip_space(walk);
    bool is = walk->at < walk->end && *walk->at == wanted;
    walk->at += is;
    return is;
}

static enum row_result expected(struct walk *walk, const char *what, bool array)
{
    char found[8] = "the end";
    if (walk->at < walk->end) {
        (void)snprintf(found, sizeof(found), "'%c'", (unsigned char)*walk->at < 0x20 ? '.' : *walk->at);
    }
    (void)reader_bad(walk->reader, "column %.*s: expected %s, found %s", SLICE_ARG(walk->field->name), what, found);
    walk->reader->code = array ? ERR_CANNOT_READ_ARRAY : ERR_CANNOT_PARSE_INPUT;
    return ROW_BAD;
}

static enum row_result take_value(struct walk *walk, const struct type *type);

/* A number, true or false. */
static enum row_result take_word(struct walk *walk, const struct type *type)
{
    const char *begin = walk->at;
    while (walk->at < walk->end &&
           ((*walk->at >= '0' && *walk->at <= '9') || (*walk->at >= 'a' && *walk->at <= 'z') ||
            (*walk->at >= 'A' && *walk->at <= 'Z') || *walk->at == '-' || *walk->at == '+' || *walk->at == '.')) {
        walk->at++;
    }
    struct slice text = slice_of(begin, (size_t)(walk->at - begin));
    if (text.length == 0) {
        return expected(walk, "a JSON value", false);
    }
    bool is_true = slice_equal(text, slice_text("true"));
    if (type_is_number(type) && (is_true || slice_equal(text, slice_text("false")))) {
        text = slice_text(is_true ? "1" : "0");
    }
    __int128 time;
    if (type_is_time(type) && reader_json_time(type, text, &time)) {
        if (type->nullable) {
            buffer_char(&walk->reader->packed, 0);
        }
        nested_value_put(&walk->reader->packed, type, &time);
        return ROW_WHOLE;
    }
    return reader_pack(walk->reader, walk->field, type, text);
}

static enum row_result take_scalar(struct walk *walk, const struct type *type)
{
    struct slice text;
    if (*walk->at == '"') {
        walk->at++;
        enum row_result result = reader_json_string(walk->reader, &walk->at, walk->end, &text);
        return result == ROW_WHOLE ? reader_pack(walk->reader, walk->field, type, text) : result;
    }
    if (*walk->at != '{' && *walk->at != '[') {
        return take_word(walk, type);
    }
    const char *begin = walk->at;
    enum row_result result = reader_json_skip(walk->reader, &walk->at, walk->end, true);
    if (result != ROW_WHOLE) {
        return result;
    }
    text = slice_of(begin, (size_t)(walk->at - begin));
    if (type->kind != TYPE_STRING) {
        struct field item = *walk->field;
        item.type = type;
        return reader_bad_value(walk->reader, &item, text);
    }
    return reader_pack(walk->reader, walk->field, type, text);
}

/* "key": of an object, its text as a value of the type; type NULL: only the text. */
static enum row_result take_key(struct walk *walk, const struct type *type, struct slice *text)
{
    enum row_result result = ROW_WHOLE;
    if (!take_char(walk, '"')) {
        return expected(walk, "a name in quotes", false);
    }
    result = reader_json_string(walk->reader, &walk->at, walk->end, text);
    if (result == ROW_WHOLE && type != NULL) {
        result = reader_pack(walk->reader, walk->field, type, *text);
    }
    if (result == ROW_WHOLE && !take_char(walk, ':')) {
        result = expected(walk, "':'", false);
    }
    return result;
}

static enum row_result take_list(struct walk *walk, const struct type *type)
{
    bool map = type->kind == TYPE_MAP;
    struct buffer *out = &walk->reader->packed;
    uint32_t count = 0;
    size_t place = out->length;
    if (!take_char(walk, map ? '{' : '[')) {
        return expected(walk, map ? "'{'" : "'['", !map);
    }
    buffer_append(out, &count, 4);
    for (; !take_char(walk, map ? '}' : ']'); count++) {
        enum row_result result = ROW_WHOLE;
        struct slice key;
        if (count > 0 && !take_char(walk, ',')) {
            return expected(walk, map ? "',' or '}'" : "',' or ']'", !map);
        }
        if (map) {
            result = take_key(walk, type->children[0]->children[0], &key);
        }
        result =
            result != ROW_WHOLE ? result : take_value(walk, map ? type->children[0]->children[1] : type->children[0]);
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    if (!out->failed) {
        memcpy(out->data + place, &count, 4);
    }
    return ROW_WHOLE;
}

static int32_t find_element(const struct type *type, struct slice name)
{
    for (uint32_t k = 0; k < type->child_count; k++) {
        if (slice_equal(type->names[k], name)) {
            return (int32_t)k;
        }
    }
    return -1;
}

/* An object's fields are looked up first, then taken in the order of the elements. */
static enum row_result take_named(struct walk *walk, const struct type *type)
{
    const char *begins[256] = {NULL};
    enum row_result result = ROW_WHOLE;
    if (!take_char(walk, '{')) {
        return expected(walk, "'{'", false);
    }
    for (bool first = true; !take_char(walk, '}'); first = false) {
        struct slice name;
        if (!first && !take_char(walk, ',')) {
            return expected(walk, "',' or '}'", false);
        }
        result = take_key(walk, NULL, &name);
        if (result != ROW_WHOLE) {
            return result;
        }
        int32_t found = find_element(type, name);
        skip_space(walk);
        if (found >= 0 && begins[found] != NULL) {
            (void)reader_bad(walk->reader, "column %.*s: the object has \"%.*s\" twice", SLICE_ARG(walk->field->name),
                             SLICE_ARG(type->names[found]));
            walk->reader->code = ERR_INCORRECT_DATA;
            return ROW_BAD;
        }
        if (found >= 0) {
            begins[found] = walk->at;
        }
        result = reader_json_skip(walk->reader, &walk->at, walk->end, true);
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    const char *behind = walk->at;
    for (uint32_t k = 0; k < type->child_count && result == ROW_WHOLE; k++) {
        walk->at = begins[k];
        if (begins[k] == NULL) {
            packed_default(&walk->reader->packed, type->children[k]);
        } else {
            result = take_value(walk, type->children[k]);
        }
    }
    walk->at = behind;
    return result;
}

static enum row_result take_tuple(struct walk *walk, const struct type *type)
{
    if (type->names != NULL) {
        return take_named(walk, type);
    }
    if (!take_char(walk, '[')) {
        return expected(walk, "'['", false);
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        if (k > 0 && !take_char(walk, ',')) {
            return expected(walk, "','", false);
        }
        enum row_result result = take_value(walk, type->children[k]);
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    return take_char(walk, ']') ? ROW_WHOLE : expected(walk, "']'", false);
}

static enum row_result take_value(struct walk *walk, const struct type *type)
{
    skip_space(walk);
    if (walk->at == walk->end) {
        return expected(walk, "a JSON value", false);
    }
    if (walk->end - walk->at >= 4 && memcmp(walk->at, "null", 4) == 0) {
        walk->at += 4;
        if (!type->nullable && !walk->reader->settings.null_as_default) {
            return reader_bad(walk->reader, "column %.*s: NULL, but its type is not Nullable",
                              SLICE_ARG(walk->field->name));
        }
        packed_default(&walk->reader->packed, type);
        return ROW_WHOLE;
    }
    return type->kind == TYPE_TUPLE ? take_tuple(walk, type)
           : type_is_nested(type)   ? take_list(walk, type)
                                    : take_scalar(walk, type);
}

enum row_result reader_json_nested(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                   const char *end)
{
    if (field->type->view == TYPE_VIEW_JSON) {
        struct slice text = slice_of(*at, (size_t)(end - *at));
        *at = end;
        return reader_set_nested(reader, builder, field, text, NULL);
    }
    struct walk walk = {.reader = reader, .field = field, .at = *at, .end = end};
    reader->packed.length = 0;
    enum row_result result = take_value(&walk, field->type);
    if (result == ROW_WHOLE && walk.at < end) {
        result = expected(&walk, "the value's end", false);
    }
    if (result == ROW_UNFINISHED) { /* its end is known */
        result = expected(&walk, "a whole value", false);
    }
    *at = walk.at;
    return result == ROW_WHOLE ? reader_set_packed(reader, builder, field) : result;
}

/* ---- objects whose fields are columns of their own */

/* The field of this name in the object of that name: n.s. */
struct field *reader_find_part(struct reader *reader, struct slice object, struct slice name)
{
    for (uint32_t k = 0; k < reader->field_count; k++) {
        struct slice whole = reader->fields[k].name;
        if (whole.length == object.length + 1 + name.length && whole.data[object.length] == '.' &&
            slice_equal(slice_of(whole.data, object.length), object) &&
            slice_equal(slice_of(whole.data + object.length + 1, name.length), name)) {
            return &reader->fields[k];
        }
    }
    return NULL;
}

/* Does the name of a field begin with this and a dot, its first one? *object: the same text, of that name. */
bool reader_has_parts(const struct reader *reader, struct slice name, struct slice *object)
{
    for (uint32_t k = 0; k < reader->field_count && name.length > 0; k++) {
        struct slice whole = reader->fields[k].name;
        if (whole.length > name.length + 1 && memchr(whole.data, '.', whole.length) == whole.data + name.length &&
            memcmp(whole.data, name.data, name.length) == 0) {
            *object = slice_of(whole.data, name.length);
            return true;
        }
    }
    return false;
}
