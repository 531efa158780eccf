/*
 * infer_value.c: what single values are, and what several of them have in common. See infer.h.
 */
#include "base/civil.h"
#include "base/number.h"
#include "base/text.h"
#include "format/infer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 30U /* types are 32 deep at most (storage/type_text.c) */

static struct inferred *make(struct arena *arena, enum inferred_kind kind)
{
    struct inferred *inferred = arena_zalloc(arena, sizeof(*inferred));
    if (inferred != NULL) {
        inferred->kind = kind;
    }
    return inferred;
}

static struct err *give(struct arena *arena, enum inferred_kind kind, struct inferred **out)
{
    *out = make(arena, kind);
    return *out == NULL ? arena_error(arena) : NULL;
}

static bool digits(struct slice text, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++) {
        if (i >= text.length || !isdigit((unsigned char)text.data[i])) {
            return false;
        }
    }
    return true;
}

static uint32_t two(struct slice text, size_t from)
{
    return (uint32_t)(text.data[from] - '0') * 10 + (uint32_t)(text.data[from + 1] - '0');
}

/* 2024-01-31, and behind it 10:00:00 and a fraction; NOTHING: it is no such text. */
static enum inferred_kind time_kind(struct slice text)
{
    if (text.length < 10 || !digits(text, 0, 4) || text.data[4] != '-' || !digits(text, 5, 2) || text.data[7] != '-' ||
        !digits(text, 8, 2) || two(text, 5) < 1 || two(text, 5) > 12 || two(text, 8) < 1 ||
        two(text, 8) > civil_days_in_month((int32_t)(two(text, 0) * 100 + two(text, 2)), two(text, 5))) {
        return INFERRED_NOTHING;
    }
    if (text.length == 10) {
        return INFERRED_DATE;
    }
    if (text.length < 19 || text.data[10] != ' ' || !digits(text, 11, 2) || text.data[13] != ':' ||
        !digits(text, 14, 2) || text.data[16] != ':' || !digits(text, 17, 2) || two(text, 11) > 23 ||
        two(text, 14) > 59 || two(text, 17) > 59) {
        return INFERRED_NOTHING;
    }
    if (text.length == 19) {
        return INFERRED_DATETIME;
    }
    return text.data[19] == '.' && text.length > 20 && text.length <= 29 && digits(text, 20, text.length - 20)
               ? INFERRED_DATETIME64
               : INFERRED_NOTHING;
}

/* An integer, or a number with a point; exponents only where they are wanted. NOTHING: no number. */
static enum inferred_kind number_kind(struct slice text, bool exponents, bool *negative)
{
    size_t at = text.length > 0 && (text.data[0] == '-' || text.data[0] == '+'), begin = at;
    size_t figures = 0;
    bool point = false;
    *negative = text.length > 0 && text.data[0] == '-';
    for (; at < text.length; at++) {
        if (isdigit((unsigned char)text.data[at])) {
            figures++;
        } else if (text.data[at] == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    if (figures == 0) {
        return INFERRED_NOTHING;
    }
    if (at < text.length && exponents && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        at += at < text.length && (text.data[at] == '-' || text.data[at] == '+');
        if (at == text.length || !digits(text, at, text.length - at)) {
            return INFERRED_NOTHING;
        }
        return INFERRED_FLOAT;
    }
    if (at < text.length) {
        return INFERRED_NOTHING;
    }
    if (point) {
        return INFERRED_FLOAT;
    }
    int64_t number;
    uint64_t large;
    struct slice plain = slice_of(text.data + begin, text.length - begin);
    struct slice all = *negative ? text : plain;
    if (*negative && !number_parse_i64(all, &number)) {
        return INFERRED_STRING; /* as ClickHouse has it */
    }
    return number_parse_i64(all, &number)                  ? INFERRED_INT
           : !*negative && number_parse_u64(plain, &large) ? INFERRED_UINT
                                                           : INFERRED_FLOAT;
}

static struct err *give_text(struct arena *arena, struct slice text, struct inferred **out)
{
    enum inferred_kind kind = time_kind(text);
    return give(arena, kind == INFERRED_NOTHING ? INFERRED_STRING : kind, out);
}

/* A number or word; *out NULL: it is neither. */
static struct err *give_plain(struct arena *arena, struct slice text, bool exponents, struct inferred **out)
{
    bool negative;
    enum inferred_kind kind = number_kind(text, exponents, &negative);
    *out = NULL;
    if (kind == INFERRED_NOTHING && (slice_is_word(text, "true") || slice_is_word(text, "false"))) {
        kind = INFERRED_BOOL;
    }
    if (kind == INFERRED_NOTHING && (slice_equal(text, slice_text("nan")) || slice_equal(text, slice_text("inf")) ||
                                     slice_equal(text, slice_text("-inf")))) {
        kind = INFERRED_FLOAT;
    }
    if (kind == INFERRED_NOTHING) {
        return NULL;
    }
    struct err *err = give(arena, kind, out);
    if (err == NULL) {
        (*out)->negative = kind == INFERRED_INT && negative;
    }
    return err;
}

/* Room for one child more: the array doubles. */
static struct err *add_child(struct arena *arena, struct inferred *to, struct slice name, struct inferred *child)
{
    if ((to->count & (to->count - 1)) == 0) {
        uint32_t room = to->count == 0 ? 1 : to->count * 2;
        struct inferred **children = ARENA_ARRAY(arena, struct inferred *, room);
        struct slice *names = ARENA_ARRAY(arena, struct slice, room);
        if (children == NULL || names == NULL) {
            return arena_error(arena);
        }
        if (to->count > 0) {
            memcpy(children, to->children, to->count * sizeof(*children));
            memcpy(names, to->names, to->count * sizeof(*names));
        }
        to->children = children;
        to->names = names;
    }
    to->children[to->count] = child;
    to->names[to->count++] = name;
    return NULL;
}

/* Elements of one array are of one kind: ClickHouse has Array(Dynamic) for others. */
static struct err *merge_items(struct arena *arena, struct inferred **into, struct inferred *more, bool is_json)
{
    enum inferred_kind before = *into == NULL ? INFERRED_NOTHING : (*into)->kind, item = more->kind;
    struct err *err = infer_merge(arena, into, more, is_json);
    if (err == NULL && (*into)->kind == INFERRED_STRING &&
        (before != INFERRED_NOTHING && before < INFERRED_DATE) != (item != INFERRED_NOTHING && item < INFERRED_DATE) &&
        before != INFERRED_NOTHING && item != INFERRED_NOTHING) {
        err = err_new(ERR_CANNOT_INFER_STRUCTURE,
                      "Cannot extract table structure: elements of an array are texts and other values; give the "
                      "structure");
    }
    return err;
}

/* ---- JSON */

static struct err *no_json(const char *what)
{
    return err_new(ERR_CANNOT_INFER_STRUCTURE, "Cannot extract table structure: it is no JSON: %s", what);
}

static void skip_space(const char **at, const char *end)
{
    *at = text_skip_space(*at, end);
}

/* "text": what stands between the quotes, as it is written. */
static bool take_quoted(const char **at, const char *end, char quote, struct slice *out)
{
    const char *begin = ++*at;
    while (*at < end && **at != quote) {
        *at += **at == '\\' && end - *at > 1 ? 2 : 1;
    }
    if (*at >= end) {
        return false;
    }
    *out = slice_of(begin, (size_t)(*at - begin));
    (*at)++;
    return true;
}

static struct slice take_word(const char **at, const char *end)
{
    const char *begin = *at;
    while (*at < end && (isalnum((unsigned char)**at) || **at == '-' || **at == '+' || **at == '.' || **at == '_')) {
        (*at)++;
    }
    return slice_of(begin, (size_t)(*at - begin));
}

static struct err *json_list(struct arena *arena, const char **at, const char *end, uint32_t depth,
                             struct inferred **out)
{
    struct err *err = NULL;
    struct inferred *list = make(arena, INFERRED_ARRAY), *all = NULL, *item;
    if (list == NULL) {
        return arena_error(arena);
    }
    (*at)++;
    for (bool first = true;; first = false) {
        skip_space(at, end);
        if (*at < end && **at == ']') {
            (*at)++;
            break;
        }
        if (!first && (*at == end || *(*at)++ != ',')) {
            return no_json("an array without its end");
        }
        OR_DONE(infer_json(arena, at, end, depth + 1, &item));
        OR_DONE(merge_items(arena, &all, item, true));
    }
    if (all == NULL) {
        OR_DONE(give(arena, INFERRED_NOTHING, &all));
    }
    OR_DONE(add_child(arena, list, slice_of("", 0), all));
    *out = list;
done:
    return err;
}

static struct err *json_object(struct arena *arena, const char **at, const char *end, uint32_t depth,
                               struct inferred **out)
{
    struct err *err = NULL;
    struct inferred *object = make(arena, INFERRED_TUPLE), *value;
    if (object == NULL) {
        return arena_error(arena);
    }
    object->named = true;
    (*at)++;
    for (bool first = true;; first = false) {
        struct slice name;
        skip_space(at, end);
        if (*at < end && **at == '}') {
            (*at)++;
            break;
        }
        if (!first && (*at == end || *(*at)++ != ',')) {
            return no_json("an object without its end");
        }
        skip_space(at, end);
        if (*at == end || **at != '"' || !take_quoted(at, end, '"', &name)) {
            return no_json("a name is missing");
        }
        skip_space(at, end);
        if (*at == end || *(*at)++ != ':') {
            return no_json("a value is missing");
        }
        if (memchr(name.data, '\\', name.length) != NULL) {
            return err_new(ERR_CANNOT_INFER_STRUCTURE,
                           "Cannot extract table structure: the name %.*s has escapes; give the "
                           "structure",
                           SLICE_ARG(name));
        }
        for (uint32_t i = 0; i < object->count; i++) {
            if (slice_equal(object->names[i], name)) {
                return err_new(ERR_CANNOT_INFER_STRUCTURE, "Cannot extract table structure: duplicate name %.*s",
                               SLICE_ARG(name));
            }
        }
        if (object->count == INFER_COLUMNS_MAX) {
            return err_new(ERR_CANNOT_INFER_STRUCTURE, "Cannot extract table structure: more than %u names",
                           INFER_COLUMNS_MAX);
        }
        OR_DONE(infer_json(arena, at, end, depth + 1, &value));
        OR_DONE(add_child(arena, object, name, value));
    }
    *out = object;
done:
    return err;
}

struct err *infer_json(struct arena *arena, const char **at, const char *end, uint32_t depth, struct inferred **out)
{
    struct err *err = NULL;
    struct slice text;
    skip_space(at, end);
    if (*at == end || depth > DEPTH_MAX) {
        return no_json(*at == end ? "it ends early" : "it is nested too deeply");
    }
    switch (**at) {
    case '{':
        return json_object(arena, at, end, depth, out);
    case '[':
        return json_list(arena, at, end, depth, out);
    case '"':
        return take_quoted(at, end, '"', &text) ? give_text(arena, text, out) : no_json("a string without its end");
    default:
        text = take_word(at, end);
        if (slice_equal(text, slice_text("null"))) {
            return give(arena, INFERRED_NOTHING, out);
        }
        OR_DONE(give_plain(arena, text, true, out));
        return *out == NULL ? no_json("a value is missing") : NULL;
    }
done:
    return err;
}

/* ---- fields of lines */

/* An array, tuple or map as ClickHouse writes them, or a value within; *out NULL: it is none of these. */
static struct err *nested_value(struct arena *arena, const char **at, const char *end, uint32_t depth,
                                struct inferred **out);

static struct err *nested_list(struct arena *arena, const char **at, const char *end, uint32_t depth,
                               struct inferred **out)
{
    struct err *err = NULL;
    char open = *(*at)++, close = open == '[' ? ']' : open == '(' ? ')' : '}';
    struct inferred *made = make(arena, open == '[' ? INFERRED_ARRAY : open == '(' ? INFERRED_TUPLE : INFERRED_MAP);
    struct inferred *all = NULL, *item;
    *out = NULL;
    if (made == NULL) {
        return arena_error(arena);
    }
    for (bool first = true;; first = false) {
        skip_space(at, end);
        if (*at < end && **at == close) {
            (*at)++;
            break;
        }
        if (!first && (*at == end || *(*at)++ != ',')) {
            return NULL;
        }
        OR_DONE(nested_value(arena, at, end, depth + 1, &item));
        skip_space(at, end);
        if (item != NULL && open == '{') {
            if (item->kind != INFERRED_STRING || *at == end || *(*at)++ != ':') {
                return NULL;
            }
            OR_DONE(nested_value(arena, at, end, depth + 1, &item));
        }
        if (item == NULL || made->count == INFER_COLUMNS_MAX) {
            return NULL;
        }
        if (open == '(') {
            OR_DONE(add_child(arena, made, slice_of("", 0), item));
        } else {
            err = merge_items(arena, &all, item, false);
            if (err != NULL && err_code(err) == ERR_CANNOT_INFER_STRUCTURE) {
                err_free(err);
                return NULL;
            }
            OR_DONE(err);
        }
    }
    if (open == '(') {
        *out = made->count == 0 ? NULL : made;
        return NULL;
    }
    if (all == NULL) {
        OR_DONE(give(arena, INFERRED_NOTHING, &all));
    }
    OR_DONE(add_child(arena, made, slice_of("", 0), all));
    *out = made;
done:
    return err;
}

static struct err *nested_value(struct arena *arena, const char **at, const char *end, uint32_t depth,
                                struct inferred **out)
{
    struct slice text;
    *out = NULL;
    skip_space(at, end);
    if (*at == end || depth > DEPTH_MAX) {
        return NULL;
    }
    if (**at == '[' || **at == '(' || **at == '{') {
        return nested_list(arena, at, end, depth, out);
    }
    if (**at == '\'') {
        return take_quoted(at, end, '\'', &text) ? give_text(arena, text, out) : NULL;
    }
    text = take_word(at, end);
    return slice_is_word(text, "NULL") ? give(arena, INFERRED_NOTHING, out) : give_plain(arena, text, true, out);
}

/* Does everything within have a kind? Else other rows may tell. */
static bool is_settled(const struct inferred *inferred)
{
    for (uint32_t i = 0; i < inferred->count; i++) {
        if (!is_settled(inferred->children[i])) {
            return false;
        }
    }
    return inferred->kind != INFERRED_NOTHING;
}

struct err *infer_field(struct arena *arena, struct slice field, bool is_csv, bool quoted, struct inferred **out)
{
    struct err *err = NULL;
    const char *at = field.data, *end = field.data + field.length;
    *out = NULL;
    if (!quoted && (field.length == 0 || slice_equal(field, slice_text("\\N")) ||
                    (is_csv && slice_equal(field, slice_text("NULL"))))) {
        return give(arena, INFERRED_NOTHING, out);
    }
    if (!quoted) {
        OR_DONE(give_plain(arena, field, false, out));
        if (*out != NULL && (is_csv || (*out)->kind == INFERRED_BOOL || field.data[0] != '0' || field.length == 1 ||
                             field.data[1] == '.')) {
            return NULL; /* else 007, which TabSeparated has as text */
        }
        *out = NULL;
    }
    bool list = field.length > 0 && (field.data[0] == '[' || field.data[0] == '{' || field.data[0] == '(');
    if (list && (is_csv ? quoted && field.data[0] != '(' && memchr(field.data, '"', field.length) == NULL : true)) {
        OR_DONE(nested_list(arena, &at, end, 0, out));
        if (*out != NULL && at == end) {
            return is_settled(*out) ? NULL : give(arena, INFERRED_NOTHING, out);
        }
    }
    err = give_text(arena, field, out);
done:
    return err;
}

/* ---- together */

static bool is_number(enum inferred_kind kind)
{
    return kind == INFERRED_INT || kind == INFERRED_UINT || kind == INFERRED_FLOAT;
}

static bool is_time(enum inferred_kind kind)
{
    return kind == INFERRED_DATE || kind == INFERRED_DATETIME || kind == INFERRED_DATETIME64;
}

static struct err *merge_tuples(struct arena *arena, struct inferred *into, struct inferred *more, bool is_json)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < more->count; i++) {
        bool in_place = !into->named || (i < into->count && slice_equal(into->names[i], more->names[i]));
        uint32_t at = in_place ? i : 0;
        while (into->named && at < into->count && !slice_equal(into->names[at], more->names[i])) {
            at++;
        }
        if (at == into->count) {
            OR_DONE(add_child(arena, into, more->names[i], more->children[i]));
        } else {
            OR_DONE(infer_merge(arena, &into->children[at], more->children[i], is_json));
        }
    }
    if (into->count > INFER_COLUMNS_MAX) {
        err = err_new(ERR_CANNOT_INFER_STRUCTURE, "Cannot extract table structure: more than %u names",
                      INFER_COLUMNS_MAX);
    }
done:
    return err;
}

struct err *infer_merge(struct arena *arena, struct inferred **into, struct inferred *more, bool is_json)
{
    struct inferred *one = *into;
    if (one == NULL || one->kind == INFERRED_NOTHING || more->kind == INFERRED_NOTHING) {
        *into = one == NULL || one->kind == INFERRED_NOTHING ? more : one;
        return NULL;
    }
    enum inferred_kind a = one->kind, b = more->kind;
    if (a == b && (a == INFERRED_ARRAY || a == INFERRED_MAP)) {
        return infer_merge(arena, &one->children[0], more->children[0], is_json);
    }
    if (a == b && a == INFERRED_TUPLE && one->named == more->named && (one->named || one->count == more->count)) {
        return merge_tuples(arena, one, more, is_json);
    }
    if (a >= INFERRED_ARRAY || b >= INFERRED_ARRAY) {
        return err_new(ERR_CANNOT_INFER_STRUCTURE,
                       "Cannot extract table structure: values of a column are of kinds that have no "
                       "type in common; give the structure");
    }
    bool negative = one->negative || more->negative;
    enum inferred_kind both = a == b ? a : INFERRED_STRING;
    if (a != b && is_number(a) && is_number(b)) {
        both = a == INFERRED_FLOAT || b == INFERRED_FLOAT || negative ? INFERRED_FLOAT : INFERRED_UINT;
    } else if (a != b && is_time(a) && is_time(b)) {
        both = a > b ? a : b;
    } else if (is_json && a == INFERRED_BOOL && is_number(b)) {
        both = b;
    } else if (is_json && b == INFERRED_BOOL && is_number(a)) {
        both = a;
    }
    one->kind = both;
    one->negative = negative;
    return NULL;
}

const struct type *infer_type(struct arena *arena, const struct inferred *inferred)
{
    static const enum type_kind kinds[] = {TYPE_STRING, TYPE_BOOL,     TYPE_INT64,      TYPE_UINT64, TYPE_FLOAT64,
                                           TYPE_DATE,   TYPE_DATETIME, TYPE_DATETIME64, TYPE_STRING};
    const struct type *child;
    if (inferred->kind == INFERRED_ARRAY) {
        child = infer_type(arena, inferred->children[0]);
        return child == NULL ? NULL : type_array(arena, child);
    }
    if (inferred->kind == INFERRED_MAP) {
        child = infer_type(arena, inferred->children[0]);
        struct slice name = child == NULL ? slice_of(NULL, 0) : type_name(arena, child);
        char *text = name.data == NULL ? NULL : arena_format(arena, "Map(String, %.*s)", SLICE_ARG(name));
        const struct type *map = NULL;
        if (text != NULL) {
            err_free(type_parse(arena, slice_text(text), &map));
        }
        return map;
    }
    if (inferred->kind == INFERRED_TUPLE && inferred->count > 0) {
        const struct type **types = ARENA_ARRAY(arena, const struct type *, inferred->count);
        for (uint32_t i = 0; types != NULL && i < inferred->count; i++) {
            types[i] = infer_type(arena, inferred->children[i]);
            if (types[i] == NULL) {
                return NULL;
            }
        }
        return types == NULL ? NULL
                             : type_tuple(arena, types, inferred->named ? inferred->names : NULL, inferred->count);
    }
    if (inferred->kind == INFERRED_DATETIME64) {
        const struct type *time = type_datetime64(arena, 9, NULL);
        return time == NULL ? NULL : type_nullable(arena, time, true);
    }
    return type_nullable(arena, type_simple(inferred->kind == INFERRED_TUPLE ? TYPE_STRING : kinds[inferred->kind]),
                         true);
}
