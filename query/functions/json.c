/*
 * json.c: values out of JSON texts: JSONExtractString/Int/UInt/Float/Bool/Raw, -Keys, -ArrayRaw, -KeysAndValuesRaw,
 * JSONHas, JSONLength, JSONType, JSONKey, JSONArrayLength, isValidJSON; and JSONExtract, -KeysAndValues of any type.
 *
 * path     keys of objects and positions of arrays (from 1, from the end when negative); constants or columns
 * results  columns built value by value (json_build.h): what is not there is the type's default
 * thread   any, no shared state
 */
#include "query/functions/json_build.h"
#include "query/functions/json_read.h"
#include "query/functions/nested.h"

#include "base/number.h"

#include <math.h>
#include <stdlib.h>

enum wanted {
    WANT_STRING,
    WANT_INT,
    WANT_UINT,
    WANT_FLOAT,
    WANT_BOOL,
    WANT_RAW,
    WANT_HAS,
    WANT_LENGTH,
    WANT_VALID,
    WANT_TYPE,
    WANT_KEY,
    WANT_ARRAY_LENGTH,
    WANT_KEYS,
    WANT_ARRAY_RAW,
    WANT_PAIRS_RAW,
    WANT_PAIRS, /* the last argument is a type */
    WANT_VALUE, /* so it is here */
    WANT_KIND = 31,
    ANY_CASE = 32,
};

struct wish {
    enum wanted wanted;
    bool any_case;
    uint32_t path_end;        /* arguments [1, path_end) are the path */
    const struct type *value; /* PAIRS: of the values */
};

/* --- one value ---------------------------------------------------------------------------------------------------- */

static const struct enum_value type_names[] = {
    {{"Null", 4}, 0},     {{"String", 6}, '"'}, {{"Array", 5}, '['},  {{"Bool", 4}, 'b'},
    {{"Double", 6}, 'd'}, {{"Int64", 5}, 'i'},  {{"UInt64", 6}, 'u'}, {{"Object", 6}, '{'},
};

static int8_t type_of(struct slice value)
{
    char first = value.length == 0 ? 'n' : value.data[0];
    int64_t whole;
    uint64_t natural;
    switch (first) {
    case '{':
    case '[':
    case '"':
        return (int8_t)first;
    case 't':
    case 'f':
        return 'b';
    case 'n':
        return 0;
    default:
        return number_parse_i64(value, &whole) ? 'i' : number_parse_u64(value, &natural) ? 'u' : 'd';
    }
}

static struct err *string_of(struct text_buffer *buffer, struct slice value, struct slice *out)
{
    struct err *err = NULL;
    *out = slice_of("", 0);
    if (value.data[0] == '"') {
        if (!json_unescape(buffer, slice_of(value.data + 1, value.length - 2), out, &err)) {
            *out = slice_of("", 0);
        }
    } else if (value.data[0] != 'n') {
        err = json_minify(buffer, value, out);
    }
    return err;
}

/* value: the text found, or empty; name: its key. */
static struct err *put_value(enum wanted wanted, struct text_buffer *buffer, struct slice value, struct slice name,
                             struct column *made, uint32_t i)
{
    struct err *err = NULL;
    bool found = value.length > 0;
    double real = 0;
    char first = found ? value.data[0] : 0;
    bool number = (first >= '0' && first <= '9') || first == '-';
    switch ((int)wanted) {
    case WANT_STRING:
        ((struct slice *)made->values)[i] = slice_of("", 0);
        return found ? string_of(buffer, value, &((struct slice *)made->values)[i]) : NULL;
    case WANT_INT:
    case WANT_UINT: {
        int64_t whole = 0;
        uint64_t natural = 0;
        if (first == '"' && value.length >= 2) { /* a number in quotes is one */
            value = slice_of(value.data + 1, value.length - 2);
            number = true;
        }
        if (number) {
            if (!number_parse_i64(value, &whole)) {
                whole = number_parse_double(value, &real) && real > -9.2e18 && real < 9.2e18 &&
                                memchr(value.data, '.', value.length) != NULL
                            ? (int64_t)real
                            : 0;
            }
            if (!number_parse_u64(value, &natural)) {
                natural = real > 0 && real < 1.8e19 ? (uint64_t)real : 0;
            }
        }
        if (wanted == WANT_INT) {
            ((int64_t *)made->values)[i] = whole;
        } else {
            ((uint64_t *)made->values)[i] = natural;
        }
        return NULL;
    }
    case WANT_FLOAT:
        if (first == '"' && value.length >= 2) {
            value = slice_of(value.data + 1, value.length - 2);
            number = true;
        }
        if (number && !number_parse_double(value, &real)) {
            real = 0;
        }
        ((double *)made->values)[i] = real;
        return NULL;
    case WANT_BOOL:
        ((uint8_t *)made->values)[i] = first == 't' || (number && memchr(value.data, '.', value.length) == NULL &&
                                                        number_parse_double(value, &real) && real != 0);
        return NULL;
    case WANT_RAW:
        ((struct slice *)made->values)[i] = value;
        return found ? json_minify(buffer, value, &((struct slice *)made->values)[i]) : NULL;
    case WANT_LENGTH:
        ((uint64_t *)made->values)[i] = json_length(value);
        return NULL;
    case WANT_ARRAY_LENGTH:
        made->nulls[i] = first != '[';
        ((uint64_t *)made->values)[i] = first == '[' ? json_length(value) : 0;
        return NULL;
    case WANT_TYPE:
        ((int8_t *)made->values)[i] = type_of(value);
        return NULL;
    case WANT_KEY:
        if (!found || !json_unescape(buffer, name, &((struct slice *)made->values)[i], &err)) {
            ((struct slice *)made->values)[i] = slice_of("", 0);
        }
        return err;
    default:
        ((uint8_t *)made->values)[i] = found;
        return NULL;
    }
}

/* --- arrays of members -------------------------------------------------------------------------------------------- */

/* Appends the row's members to the arrays that builder builds. */
static struct err *put_members(const struct wish *wish, struct text_buffer *buffer, struct slice value,
                               struct json_builder *builder)
{
    struct err *err = NULL;
    struct json_items items;
    struct slice name, member, text;
    bool fits = true;
    struct json_builder *item = &builder->children[0];
    bool pairs = wish->wanted == WANT_PAIRS || wish->wanted == WANT_PAIRS_RAW;
    if (json_open(value, &items) && items.object == (wish->wanted != WANT_ARRAY_RAW)) {
        while (json_next(&items, &name, &member)) {
            uint32_t before = item->count;
            if (wish->wanted == WANT_ARRAY_RAW) {
                OR_DONE(json_minify(buffer, member, &text));
                OR_DONE(json_build_text(item, text));
                continue;
            }
            if (!json_unescape(buffer, name, &text, &err)) {
                OR_DONE(err);
                text = slice_of("", 0);
            }
            OR_DONE(json_build_text(pairs ? &item->children[0] : item, text));
            if (wish->wanted == WANT_PAIRS_RAW) {
                OR_DONE(json_minify(buffer, member, &text));
                OR_DONE(json_build_text(&item->children[1], text));
            } else if (pairs) {
                OR_DONE(json_build(&item->children[1], buffer, member, &fits));
            }
            item->count = before + 1;
            if (!fits) {
                json_build_cut(item, before);
            }
        }
    }
    err = json_build_end(builder);
done:
    return err;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static struct err *evaluate_json(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct wish *wish = function->data;
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, wish->path_end);
    struct text_buffer buffer = {arena, NULL, 0};
    struct json_builder *builder = NULL;
    struct column *made = NULL;
    if (columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < wish->path_end; a++) {
        columns[a] = type_is_string(function->argument_types[a]) ? column_strings(arena, arguments[a])
                                                                 : column_numbers(arena, arguments[a], TYPE_INT64);
        if (columns[a] == NULL) {
            return arena_error(arena);
        }
    }
    if (wish->wanted >= WANT_KEYS) {
        OR_DONE(json_builder_new(arena, function->context->zone, function->inner, &builder));
    } else {
        OR_DONE(result_new(arena, function->inner, row_count, &made));
    }
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice value = slice_of("", 0);
        struct slice name = value;
        bool found = json_document(VALUE_AT(columns[0], struct slice, i), &value);
        for (uint32_t a = 1; found && a < wish->path_end; a++) {
            if (type_is_string(function->argument_types[a])) {
                name = VALUE_AT(columns[a], struct slice, i);
                found = json_find_key(&buffer, value, name, wish->any_case, &value, &err);
                OR_DONE(err);
            } else {
                found = json_find_place(value, VALUE_AT(columns[a], int64_t, i), &name, &value);
            }
        }
        value = found ? value : slice_of("", 0);
        if (wish->wanted == WANT_VALUE) {
            bool fits;
            OR_DONE(json_build(builder, &buffer, value, &fits));
        } else if (builder != NULL) {
            OR_DONE(put_members(wish, &buffer, value, builder));
        } else {
            ASSERT(made != NULL);
            OR_DONE(put_value(wish->wanted, &buffer, value, name, made, i));
        }
    }
    if (builder != NULL) {
        OR_DONE(json_builder_finish(builder, &made));
    }
    *out = made;
done:
    return err;
}

/* The type of the result; the last argument of some is its name. */
static struct err *result_type(const struct function_bind *bind, struct wish *wish, const struct type **out)
{
    struct err *err = NULL;
    static const enum type_kind kinds[] = {TYPE_STRING, TYPE_INT64,  TYPE_UINT64, TYPE_FLOAT64,
                                           TYPE_UINT8,  TYPE_STRING, TYPE_UINT8,  TYPE_UINT64,
                                           TYPE_UINT8,  TYPE_ENUM8,  TYPE_STRING, TYPE_UINT64};
    const struct type *text = type_simple(TYPE_STRING);
    const struct type *item = text;
    if (wish->wanted == WANT_PAIRS || wish->wanted == WANT_VALUE) {
        uint32_t last = bind->count - 1;
        struct slice name;
        if (bind->arguments[last].constant == NULL || bind->arguments[last].type->kind != TYPE_STRING) {
            return err_new(ERR_ILLEGAL_COLUMN, "the last argument of function %s must be a constant name of a type",
                           bind->name);
        }
        OR_DONE(argument_constant_text(bind, last, &name));
        OR_DONE(type_parse(bind->arena, name, &wish->value));
        OR_DONE(json_builder_check(bind->name, bind->arena, wish->value));
        item = wish->value;
        *out = item;
    }
    if (wish->wanted == WANT_TYPE) {
        struct type *type = ARENA_NEW(bind->arena, struct type);
        if (type == NULL) {
            return arena_error(bind->arena);
        }
        *type = (struct type){.kind = TYPE_ENUM8, .width = 1, .values = type_names, .value_count = 8};
        *out = type;
    } else if (wish->wanted == WANT_ARRAY_LENGTH) {
        *out = type_nullable(bind->arena, type_simple(TYPE_UINT64), true);
    } else if (wish->wanted < WANT_KEYS) {
        *out = type_simple(kinds[wish->wanted]);
    } else if (wish->wanted < WANT_VALUE) {
        if (wish->wanted >= WANT_PAIRS_RAW) {
            const struct type **pair = ARENA_ARRAY(bind->arena, const struct type *, 2);
            if (pair == NULL) {
                return arena_error(bind->arena);
            }
            pair[0] = text;
            pair[1] = item;
            item = type_tuple(bind->arena, pair, NULL, 2);
        }
        *out = item == NULL ? NULL : type_array(bind->arena, item);
    }
    if (*out == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *resolve_json(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct wish *wish = ARENA_NEW(bind->arena, struct wish);
    if (wish == NULL) {
        return arena_error(bind->arena);
    }
    wish->wanted = (enum wanted)(bind->tag & WANT_KIND);
    wish->any_case = (bind->tag & ANY_CASE) != 0;
    wish->path_end = bind->count - (wish->wanted == WANT_PAIRS || wish->wanted == WANT_VALUE);
    OR_DONE(argument_string(bind, 0));
    for (uint32_t i = 1; i < wish->path_end; i++) {
        if (!type_is_string(bind->arguments[i].type)) {
            OR_DONE(argument_integer(bind, i));
        }
    }
    OR_DONE(result_type(bind, wish, &out->inner));
    out->evaluate = evaluate_json;
    out->data = wish;
done:
    return err;
}

#define JSON(name, tag)                                                                                                \
    {                                                                                                                  \
        name, false, 1, ANY_COUNT, FUNCTION_FULL, resolve_json, tag                                                    \
    }
#define JSON_TYPED(name, tag)                                                                                          \
    {                                                                                                                  \
        name, false, 2, ANY_COUNT, FUNCTION_FULL, resolve_json, tag                                                    \
    }
#define JSON_BOTH(name, tag) JSON(name, tag), JSON(name "CaseInsensitive", (tag) | ANY_CASE)
static const struct function_definition definitions[] = {
    JSON_BOTH("JSONExtractString", WANT_STRING),
    JSON_BOTH("JSONExtractInt", WANT_INT),
    JSON_BOTH("JSONExtractUInt", WANT_UINT),
    JSON_BOTH("JSONExtractFloat", WANT_FLOAT),
    JSON_BOTH("JSONExtractBool", WANT_BOOL),
    JSON_BOTH("JSONExtractRaw", WANT_RAW),
    JSON_BOTH("JSONExtractKeys", WANT_KEYS),
    JSON_BOTH("JSONExtractArrayRaw", WANT_ARRAY_RAW),
    JSON_BOTH("JSONExtractKeysAndValuesRaw", WANT_PAIRS_RAW),
    JSON_TYPED("JSONExtractKeysAndValues", WANT_PAIRS),
    JSON_TYPED("JSONExtractKeysAndValuesCaseInsensitive", WANT_PAIRS | ANY_CASE),
    JSON_TYPED("JSONExtract", WANT_VALUE),
    JSON_TYPED("JSONExtractCaseInsensitive", WANT_VALUE | ANY_CASE),
    JSON("JSONHas", WANT_HAS),
    JSON("JSONLength", WANT_LENGTH),
    JSON("JSONType", WANT_TYPE),
    JSON("JSONKey", WANT_KEY),
    {"JSONArrayLength", false, 1, 1, 0, resolve_json, WANT_ARRAY_LENGTH},
    {"isValidJSON", false, 1, 1, 0, resolve_json, WANT_VALID},
};
static const struct function_alias aliases[] = {{"JSON_ARRAY_LENGTH", true, "JSONArrayLength"}};
const struct function_group functions_json = GROUP_OF(definitions, aliases);
