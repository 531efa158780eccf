/*
 * json_build.c: columns of any type out of JSON values.
 *
 * fits     as ClickHouse: numbers in quotes are numbers, fractions are cut off towards integers, an array or tuple fits
 *          when one of its elements does, an object is a named tuple by its keys and another one by its members' order
 * thread   a builder belongs to one call
 */
#include "query/functions/json_build.h"

#include "format/value.h"
#include "query/functions/json_read.h"
#include "query/functions/nested.h"

#include "base/number.h"

#include <math.h>

struct err *json_builder_check(const char *function, struct arena *arena, const struct type *type)
{
    struct err *err = NULL;
    switch ((int)type->kind) {
    case TYPE_NOTHING:
    case TYPE_INTERVAL: {
        struct slice name = type_name(arena, type);
        return err_new(ERR_NOT_IMPLEMENTED, "function %s of %.*s is not implemented", function, SLICE_ARG(name));
    }
    case TYPE_MAP:
        if (type->children[0]->children[0]->kind != TYPE_STRING) {
            return err_new(ERR_ARGUMENT_TYPE, "function %s makes only maps whose keys are of type String", function);
        }
        break;
    default:
        break;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        OR_DONE(json_builder_check(function, arena, type->children[k]));
    }
done:
    return err;
}

static bool builder_set(struct arena *arena, const struct timezone *zone, const struct type *type,
                        struct json_builder *out)
{
    *out = (struct json_builder){.arena = arena, .zone = zone, .type = type};
    if (type->child_count > 0) {
        out->children = ARENA_ARRAY(arena, struct json_builder, type->child_count);
    }
    bool ok = type->child_count == 0 || out->children != NULL;
    for (uint32_t k = 0; ok && k < type->child_count; k++) {
        ok = builder_set(arena, zone, type->children[k], &out->children[k]);
    }
    return ok;
}

struct err *json_builder_new(struct arena *arena, const struct timezone *zone, const struct type *type,
                             struct json_builder **out)
{
    *out = ARENA_NEW(arena, struct json_builder);
    return *out == NULL || !builder_set(arena, zone, type, *out) ? arena_error(arena) : NULL;
}

static void *grown(struct arena *arena, const void *from, size_t used, size_t bytes)
{
    void *to = arena_alloc_aligned(arena, bytes + 1, 64);
    if (to != NULL && used > 0) {
        memcpy(to, from, used);
    }
    return to;
}

/* Room for one more row. */
static struct err *more(struct json_builder *builder)
{
    if (builder->count < builder->capacity) {
        return NULL;
    }
    uint32_t count = builder->count;
    uint32_t capacity = builder->capacity == 0 ? 64 : builder->capacity * 2;
    size_t width = builder->type->width;
    bool lists = builder->type->kind == TYPE_ARRAY || builder->type->kind == TYPE_MAP;
    if (capacity > UINT32_MAX / 2) {
        return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
    }
    builder->values = grown(builder->arena, builder->values, count * width, capacity * width);
    builder->nulls = grown(builder->arena, builder->nulls, builder->type->nullable ? count : 0, capacity);
    if (lists) {
        builder->offsets =
            grown(builder->arena, builder->offsets, builder->capacity == 0 ? 0 : (count + 1ULL) * sizeof(uint32_t),
                  (capacity + 1ULL) * sizeof(uint32_t));
    }
    if (builder->values == NULL || builder->nulls == NULL || (lists && builder->offsets == NULL)) {
        return arena_error(builder->arena);
    }
    if (lists && builder->capacity == 0) {
        builder->offsets[0] = 0;
    }
    builder->capacity = capacity;
    return NULL;
}

void json_build_cut(struct json_builder *builder, uint32_t count)
{
    builder->count = count;
    for (uint32_t k = 0; k < builder->type->child_count; k++) {
        bool lists = builder->type->kind != TYPE_TUPLE;
        json_build_cut(&builder->children[k], !lists ? count : builder->capacity == 0 ? 0 : builder->offsets[count]);
    }
}

struct err *json_build_end(struct json_builder *builder)
{
    struct err *err = more(builder);
    if (err == NULL) {
        builder->offsets[++builder->count] = builder->children[0].count;
    }
    return err;
}

static struct err *add_default(struct json_builder *builder)
{
    struct err *err = NULL;
    const struct type *type = builder->type;
    if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) {
        return json_build_end(builder);
    }
    OR_DONE(more(builder));
    for (uint32_t k = 0; k < type->child_count; k++) {
        OR_DONE(add_default(&builder->children[k]));
    }
    if (type->width > 0 && type->kind != TYPE_TUPLE) {
        char *to = builder->values + (size_t)builder->count * type->width;
        memset(to, 0, type->width);
        if (type->kind == TYPE_STRING) {
            *(struct slice *)(void *)to = slice_of("", 0);
        } else if (type->value_count > 0 && !type->nullable) {
            int16_t first = type->values[0].value;
            memcpy(to, &first, type->width);
        }
    }
    builder->nulls[builder->count] = type->nullable;
    builder->count++;
done:
    return err;
}

struct err *json_build_text(struct json_builder *builder, struct slice text)
{
    struct err *err = more(builder);
    if (err == NULL) {
        ((struct slice *)(void *)builder->values)[builder->count] = text;
        builder->nulls[builder->count++] = 0;
    }
    return err;
}

/* --- scalars ------------------------------------------------------------------------------------------------------ */

/* The text of a number, its fraction cut off, as the text of an integer in to. */
static struct slice whole_number(struct slice text, char to[VALUE_TEXT_MAX])
{
    double real;
    bool plain = text.length > 0;
    for (size_t i = 0; plain && i < text.length; i++) {
        plain = (text.data[i] >= '0' && text.data[i] <= '9') || (i == 0 && text.data[i] == '-');
    }
    if (plain || !number_parse_double(text, &real) || !(fabs(real) < 1e38)) {
        return text;
    }
    real = trunc(real);
    __int128 whole = (__int128)(real == 0 ? 0 : real);
    return slice_of(to, value_print(type_simple(TYPE_INT128), NULL, &whole, to));
}

static bool enum_of(const struct type *type, bool quoted, struct slice text, void *out)
{
    struct slice name;
    int64_t number;
    int16_t found;
    if (quoted) {
        if (!type_enum_find(type, text, &found)) {
            return false;
        }
        memcpy(out, &found, type->width);
        return true;
    }
    if (!number_parse_i64(text, &number) || number < INT16_MIN || number > INT16_MAX ||
        !type_enum_name(type, (int16_t)number, &name)) {
        return false;
    }
    found = (int16_t)number;
    memcpy(out, &found, type->width);
    return true;
}

/* A JSON value that is no array, object or null, as a value of the type. text: without quotes and escapes. out: as wide
 * as the type. */
static bool scalar_of(const struct type *type, const struct timezone *zone, char first, struct slice text, void *out)
{
    char digits[VALUE_TEXT_MAX];
    bool quoted = first == '"';
    bool boolean = first == 't' || first == 'f';
    double real;
    if (boolean && type->kind != TYPE_BOOL && type_is_number(type) && type->kind != TYPE_DECIMAL) {
        text = slice_text(first == 't' ? "1" : "0");
    }
    switch ((int)type->kind) {
    case TYPE_BOOL:
        if (boolean) {
            *(uint8_t *)out = first == 't';
            return true;
        }
        if (!number_parse_double(text, &real)) {
            return false;
        }
        *(uint8_t *)out = real >= 1 && real < 256;
        return true;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        return !boolean && enum_of(type, quoted, text, out);
    case TYPE_DECIMAL:
    case TYPE_FIXED_STRING:
        return !boolean && (quoted || type->kind == TYPE_DECIMAL) && value_from_text(type, zone, text, out);
    case TYPE_DATETIME:
        text = quoted ? text : whole_number(text, digits);
        return !boolean && value_from_text(type, zone, text, out);
    case TYPE_DATETIME64:
        return !boolean && value_from_text(type, zone, text, out);
    default:
        if (type_is_integer(type)) {
            text = whole_number(text, digits);
        } else if (!type_is_float(type) && !quoted) {
            return false;
        }
        return value_from_text(type, zone, text, out);
    }
}

/* The place of the next value. */
static void *next_value(const struct json_builder *builder)
{
    return builder->values + (size_t)builder->count * builder->type->width;
}

static struct err *build_scalar(struct json_builder *builder, struct text_buffer *buffer, struct slice value,
                                bool *fits)
{
    struct err *err = NULL;
    struct slice text = value;
    char first = value.data[0];
    OR_DONE(more(builder));
    if (builder->type->kind == TYPE_STRING && first != '"') {
        OR_DONE(json_minify(buffer, value, next_value(builder)));
        *fits = true;
    } else if (first == '"' && !json_unescape(buffer, slice_of(value.data + 1, value.length - 2), &text, &err)) {
        OR_DONE(err);
        *fits = false;
    } else {
        *fits =
            first != '[' && first != '{' && scalar_of(builder->type, builder->zone, first, text, next_value(builder));
    }
    if (!*fits) {
        return add_default(builder);
    }
    builder->nulls[builder->count++] = 0;
done:
    return err;
}

/* --- arrays, tuples, maps ----------------------------------------------------------------------------------------- */

static struct err *build_array(struct json_builder *builder, struct text_buffer *buffer, struct slice value, bool *fits)
{
    struct err *err = NULL;
    struct json_builder *child = &builder->children[0];
    uint32_t begin = child->count;
    struct json_items items;
    struct slice name, element;
    bool one;
    *fits = false;
    if (value.data[0] == '[' && json_open(value, &items)) {
        while (json_next(&items, &name, &element)) {
            OR_DONE(json_build(child, buffer, element, &one));
            *fits |= one;
        }
        if (!*fits) {
            *fits = child->count == begin;
            json_build_cut(child, begin);
        }
    }
    err = json_build_end(builder);
done:
    return err;
}

static struct err *build_map(struct json_builder *builder, struct text_buffer *buffer, struct slice value, bool *fits)
{
    struct err *err = NULL;
    struct json_builder *pair = &builder->children[0];
    struct json_items items;
    struct slice name, element, key;
    bool one;
    *fits = value.data[0] == '{' && json_open(value, &items);
    while (*fits && json_next(&items, &name, &element)) {
        if (!json_unescape(buffer, name, &key, &err)) {
            OR_DONE(err);
            key = slice_of("", 0);
        }
        OR_DONE(more(pair));
        OR_DONE(more(&pair->children[0]));
        if (scalar_of(pair->children[0].type, builder->zone, '"', key, next_value(&pair->children[0]))) {
            pair->children[0].nulls[pair->children[0].count++] = 0;
        } else {
            OR_DONE(add_default(&pair->children[0]));
        }
        OR_DONE(json_build(&pair->children[1], buffer, element, &one));
        pair->count++;
    }
    err = json_build_end(builder);
done:
    return err;
}

static struct err *build_tuple(struct json_builder *builder, struct text_buffer *buffer, struct slice value, bool *fits)
{
    struct err *err = NULL;
    const struct type *type = builder->type;
    struct json_items items = {0};
    struct slice name, element;
    bool one;
    bool open = json_open(value, &items);
    bool by_name = open && items.object && type->names != NULL;
    *fits = false;
    OR_DONE(more(builder));
    for (uint32_t k = 0; k < type->child_count; k++) {
        bool found = open && (by_name ? json_find_key(buffer, value, type->names[k], false, &element, &err)
                                      : json_next(&items, &name, &element));
        OR_DONE(err);
        OR_DONE(json_build(&builder->children[k], buffer, found ? element : slice_of("", 0), &one));
        *fits |= one;
    }
    builder->count++;
done:
    return err;
}

struct err *json_build(struct json_builder *builder, struct text_buffer *buffer, struct slice value, bool *fits)
{
    if (value.length == 0 || value.data[0] == 'n') {
        *fits = value.length > 0 && builder->type->nullable;
        return add_default(builder);
    }
    switch ((int)builder->type->kind) {
    case TYPE_ARRAY:
        return build_array(builder, buffer, value, fits);
    case TYPE_MAP:
        return build_map(builder, buffer, value, fits);
    case TYPE_TUPLE:
        return build_tuple(builder, buffer, value, fits);
    default:
        return build_scalar(builder, buffer, value, fits);
    }
}

struct err *json_builder_finish(struct json_builder *builder, struct column **out)
{
    struct err *err = NULL;
    const struct type *type = builder->type;
    struct column *made = NULL;
    OR_DONE(more(builder)); /* so that there are offsets */
    if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) {
        struct column *items;
        OR_DONE(json_builder_finish(&builder->children[0], &items));
        OR_DONE(arrays_new(builder->arena, type, builder->count, builder->offsets, items, &made));
    } else {
        made = column_new(builder->arena, type, type->kind == TYPE_TUPLE ? builder->count : 0);
        if (made == NULL) {
            return arena_error(builder->arena);
        }
        made->row_count = builder->count;
        if (type->kind == TYPE_TUPLE) {
            for (uint32_t k = 0; k < type->child_count; k++) {
                OR_DONE(json_builder_finish(&builder->children[k], &made->children[k]));
            }
        } else {
            made->values = builder->values;
            made->nulls = type->nullable ? builder->nulls : NULL;
        }
    }
    *out = made;
done:
    return err;
}
