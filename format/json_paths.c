/*
 * json_paths.c: an object's text into paths and back.
 *
 * read     one walk notes every path with its value in a buffer; they are sorted, declared paths become values of their
 *          types, the others a map's pairs
 * write    declared and other paths in one order; objects are opened and closed where neighbours' names part
 */
#include "format/json_paths.h"

#include "base/number.h"
#include "format/nested_text.h"
#include "format/value.h"
#include "format/writer_private.h"
#include "storage/packed.h"

#include <math.h>
#include <stdlib.h>

#define DEPTH_MAX 256U

/* A path and its value's text, places in the walk's bytes. */
struct place {
    size_t path, path_length;
    size_t value, value_length;
};

struct walk {
    const char *at;
    const char *end;
    struct slice whole;
    uint32_t depth;
    uint32_t arrays;         /* around the value */
    const struct type *type; /* JSON; or NULL */
    struct buffer path;      /* of the object that is being read, with a point behind each name */
    struct buffer name;      /* scratch */
    struct buffer bytes;     /* of all paths and values */
    struct buffer places;
};

static struct err *bad(const struct walk *walk, const char *what)
{
    return err_new(ERR_INCORRECT_DATA, "Cannot parse JSON object here: %.*s: %s at byte %zu",
                   (int)(walk->whole.length > 100 ? 100 : walk->whole.length), walk->whole.data, what,
                   (size_t)(walk->at - walk->whole.data) + 1);
}

static void walk_deinit(struct walk *walk)
{
    buffer_deinit(&walk->path);
    buffer_deinit(&walk->name);
    buffer_deinit(&walk->bytes);
    buffer_deinit(&walk->places);
}

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

/* \uXXXX, perhaps two of them; *at is behind the u. */
static bool unescape_unicode(const char **at, const char *end, struct buffer *out)
{
    char bytes[4];
    uint32_t point;
    size_t used = json_escape_point(*at, end, &point);
    if (used == 0) {
        return false;
    }
    *at += used;
    buffer_append(out, bytes, utf8_put(point, bytes));
    return true;
}

/* A string's value from *at, behind its opening quote, appended; *at behind the closing one. False: broken. */
static bool unescape(const char **at, const char *end, struct buffer *out)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    while (*at < end && **at != '"') {
        char c = *(*at)++;
        if (c != '\\') {
            buffer_char(out, c);
            continue;
        }
        if (*at == end) {
            return false;
        }
        c = *(*at)++;
        const char *found = c == '\0' ? NULL : strchr(letters, c);
        if (c == 'u' ? !unescape_unicode(at, end, out) : found == NULL) {
            return false;
        }
        if (c != 'u') {
            buffer_char(out, values[found - letters]);
        }
    }
    if (*at == end) {
        return false;
    }
    (*at)++;
    return true;
}

/* A number as it is kept: whole ones of 64 bits as they are, others as a Float64 prints, with a point outside of
 * arrays. False: it is none. */
static bool put_number(const struct walk *walk, struct slice text, struct buffer *out)
{
    char to[64];
    int64_t whole;
    uint64_t positive;
    double real;
    if (number_parse_i64(text, &whole)) {
        buffer_append(out, to, number_print_i64(whole, to));
    } else if (number_parse_u64(text, &positive)) {
        buffer_append(out, to, number_print_u64(positive, to));
    } else if (number_parse_double(text, &real) && isfinite(real)) {
        size_t length = number_print_double(real, to);
        buffer_append(out, to, length);
        if (walk->arrays == 0 && memchr(to, '.', length) == NULL && memchr(to, 'e', length) == NULL) {
            buffer_text(out, ".0"); /* it stays a Float64; shown without */
        }
    } else {
        return false;
    }
    return true;
}

static struct err *put_value(struct walk *walk, struct buffer *out);
static struct err *take_object(struct walk *walk);
static struct err *put_object(struct walk *walk, struct buffer *out);

static struct err *put_array(struct walk *walk, struct buffer *out)
{
    struct err *err = NULL;
    if (++walk->depth > DEPTH_MAX) {
        return bad(walk, "it is nested too deeply");
    }
    walk->arrays++;
    buffer_char(out, '[');
    for (bool first = true; !take_char(walk, ']'); first = false) {
        if (!first && !take_char(walk, ',')) {
            return bad(walk, "',' or ']' is expected");
        }
        buffer_text(out, first ? "" : ",");
        OR_DONE(put_value(walk, out));
    }
    buffer_char(out, ']');
    walk->arrays--;
    walk->depth--;
done:
    return err;
}

/* Any value's text. */
static struct err *put_value(struct walk *walk, struct buffer *out)
{
    skip_space(walk);
    if (walk->at == walk->end) {
        return bad(walk, "a value is expected");
    }
    if (*walk->at == '"') {
        walk->at++;
        walk->name.length = 0;
        if (!unescape(&walk->at, walk->end, &walk->name)) {
            return bad(walk, "the string is broken");
        }
        json_quote(out, walk->name.length == 0 ? slice_of("", 0) : buffer_all(&walk->name));
        return NULL;
    }
    if (*walk->at == '[') {
        walk->at++;
        return put_array(walk, out);
    }
    if (*walk->at == '{') {
        return put_object(walk, out);
    }
    const char *begin = walk->at;
    while (walk->at < walk->end && ((*walk->at >= '0' && *walk->at <= '9') || (*walk->at >= 'a' && *walk->at <= 'z') ||
                                    *walk->at == 'E' || *walk->at == '-' || *walk->at == '+' || *walk->at == '.')) {
        walk->at++;
    }
    struct slice word = slice_of(begin, (size_t)(walk->at - begin));
    if (slice_equal(word, slice_text("null")) || slice_equal(word, slice_text("true")) ||
        slice_equal(word, slice_text("false"))) {
        buffer_slice(out, word);
    } else if (word.length == 0 || *begin == '+' || (*begin >= 'a' && *begin <= 'z') || !put_number(walk, word, out)) {
        walk->at = begin;
        return bad(walk, "no value stands");
    }
    return NULL;
}

/* "name": value of an object: notes its paths. */
static struct err *take_member(struct walk *walk)
{
    struct err *err = NULL;
    size_t before = walk->path.length;
    if (!take_char(walk, '"') || !unescape(&walk->at, walk->end, &walk->path)) {
        return bad(walk, "a name in quotes is expected");
    }
    if (!take_char(walk, ':')) {
        return bad(walk, "':' is expected");
    }
    skip_space(walk);
    bool skips = false;
    if (walk->type != NULL && walk->type->json != NULL && !walk->path.failed) {
        OR_DONE(type_json_skips(walk->type, buffer_all(&walk->path), &skips));
    }
    if (skips) {
        size_t end = walk->bytes.length;
        OR_DONE(put_value(walk, &walk->bytes));
        walk->bytes.length = end;
    } else if (walk->at < walk->end && *walk->at == '{') {
        if (walk->type != NULL && !walk->path.failed && type_json_path(walk->type, buffer_all(&walk->path)) >= 0) {
            return bad(walk, "an object stands at a path with a type");
        }
        buffer_char(&walk->path, '.');
        OR_DONE(take_object(walk));
    } else {
        struct place place = {.path = walk->bytes.length, .path_length = walk->path.length};
        buffer_append(&walk->bytes, walk->path.data, walk->path.length);
        place.value = walk->bytes.length;
        OR_DONE(put_value(walk, &walk->bytes));
        place.value_length = walk->bytes.length - place.value;
        if (place.value_length == 4 && !walk->bytes.failed && memcmp(walk->bytes.data + place.value, "null", 4) == 0) {
            walk->bytes.length = place.path;
        } else {
            buffer_append(&walk->places, &place, sizeof(place));
        }
    }
    walk->path.length = before;
done:
    return err;
}

static struct err *take_object(struct walk *walk)
{
    struct err *err = NULL;
    if (!take_char(walk, '{')) {
        return bad(walk, "an object is expected");
    }
    if (++walk->depth > DEPTH_MAX) {
        return bad(walk, "it is nested too deeply");
    }
    for (bool first = true; !take_char(walk, '}'); first = false) {
        if (!first && !take_char(walk, ',')) {
            return bad(walk, "',' or '}' is expected");
        }
        skip_space(walk);
        OR_DONE(take_member(walk));
    }
    walk->depth--;
done:
    return err;
}

static int compare_places(const void *left, const void *right, void *user)
{
    const struct place *a = left, *b = right;
    const char *bytes = user;
    return slice_compare(slice_of(bytes + a->path, a->path_length), slice_of(bytes + b->path, b->path_length));
}

static struct slice path_of(const struct walk *walk, const struct place *place)
{
    return slice_of(walk->bytes.data + place->path, place->path_length);
}

static struct slice value_of(const struct walk *walk, const struct place *place)
{
    return slice_of(walk->bytes.data + place->value, place->value_length);
}

/* Sorts what was noted. */
static struct err *sort_places(struct walk *walk, struct place **places, uint32_t *count)
{
    if (walk->bytes.failed || walk->places.failed || walk->path.failed || walk->name.failed) {
        return err_oom();
    }
    *places = (struct place *)(void *)walk->places.data;
    *count = (uint32_t)(walk->places.length / sizeof(struct place));
    if (*count > 1) {
        qsort_r(*places, *count, sizeof(struct place), compare_places, walk->bytes.data);
    }
    for (uint32_t k = 1; k < *count; k++) {
        if (compare_places(&(*places)[k - 1], &(*places)[k], walk->bytes.data) == 0) {
            struct slice path = path_of(walk, &(*places)[k]);
            return err_new(ERR_INCORRECT_DATA, "Duplicate path found during parsing JSON object: %.*s",
                           (int)(path.length > 200 ? 200 : path.length), path.data);
        }
    }
    return NULL;
}

/* ---- writing */

/* An object that is being written, path by path in order. */
struct tree {
    struct buffer *out;
    struct slice path; /* the last one */
    uint32_t open;     /* objects that are open, the outermost not counted */
    bool any;
};

/* Bytes of the names that two paths begin with, each with its point; how many. */
static size_t common_names(struct slice a, struct slice b, uint32_t *count)
{
    size_t common = 0;
    *count = 0;
    for (size_t k = 0; k < a.length && k < b.length && a.data[k] == b.data[k]; k++) {
        if (a.data[k] == '.') {
            common = k + 1;
            (*count)++;
        }
    }
    return common;
}

static void tree_path(struct tree *tree, struct slice path)
{
    uint32_t same = 0;
    size_t at = common_names(tree->path, path, &same);
    for (; tree->open > same; tree->open--) {
        buffer_char(tree->out, '}');
    }
    buffer_text(tree->out, tree->any ? "," : "");
    for (;;) {
        const char *point = memchr(path.data + at, '.', path.length - at);
        size_t end = point == NULL ? path.length : (size_t)(point - path.data);
        json_quote(tree->out, slice_of(path.data + at, end - at));
        buffer_char(tree->out, ':');
        if (point == NULL) {
            break;
        }
        buffer_char(tree->out, '{');
        tree->open++;
        at = end + 1;
    }
    tree->path = path;
    tree->any = true;
}

/* A value's text as it is shown: whole Float64s without their ".0". */
void json_shown_text(struct buffer *out, struct slice text)
{
    bool whole_float = text.length > 2 && (text.data[0] == '-' || (text.data[0] >= '0' && text.data[0] <= '9')) &&
                       memcmp(text.data + text.length - 2, ".0", 2) == 0;
    buffer_append(out, text.data, whole_float ? text.length - 2 : text.length);
}

static void tree_end(struct tree *tree)
{
    for (; tree->open > 0; tree->open--) {
        buffer_char(tree->out, '}');
    }
    buffer_char(tree->out, '}');
}

/* An object within an array: its own paths, in order. */
static struct err *put_object(struct walk *walk, struct buffer *out)
{
    struct err *err = NULL;
    struct walk inner = {.at = walk->at, .end = walk->end, .whole = walk->whole, .depth = walk->depth, .arrays = 1};
    struct place *places = NULL;
    uint32_t count = 0;
    struct tree tree = {.out = out};
    OR_DONE(take_object(&inner));
    walk->at = inner.at;
    OR_DONE(sort_places(&inner, &places, &count));
    buffer_char(out, '{');
    for (uint32_t k = 0; k < count; k++) {
        tree_path(&tree, path_of(&inner, &places[k]));
        buffer_slice(out, value_of(&inner, &places[k]));
    }
    tree_end(&tree);
done:
    walk_deinit(&inner);
    return err;
}

static void put_text(struct buffer *out, struct slice text)
{
    uint32_t length = (uint32_t)text.length;
    buffer_append(out, &length, 4);
    buffer_slice(out, text);
}

/* A declared path's value. */
static struct err *put_declared(const struct type *type, struct slice path, struct slice value,
                                const struct timezone *zone, struct buffer *out)
{
    struct err *err = NULL;
    struct nested_value room = {0};
    struct buffer plain = {0};
    void *to = nested_value_room(&room, type);
    enum json_kind kind = json_kind_of(value);
    if (to == NULL) {
        return err_oom();
    }
    if (kind == JSON_BOOL && type_is_number(type) && type->kind != TYPE_BOOL) {
        buffer_text(&plain, value.length == 4 ? "1" : "0");
    } else {
        json_plain_text(&plain, value);
    }
    struct slice text = plain.length == 0 ? slice_of("", 0) : buffer_all(&plain);
    if (plain.failed) {
        err = err_oom();
    } else if (kind == JSON_ARRAY || !value_from_text(type, zone, text, to)) {
        err = err_new(ERR_INCORRECT_DATA,
                      "Cannot insert data into JSON column: cannot read %.*s (while reading path %.*s)",
                      (int)(value.length > 100 ? 100 : value.length), value.data, SLICE_ARG(path));
    } else {
        if (type->nullable) {
            buffer_char(out, 0);
        }
        nested_value_put(out, type, to);
    }
    buffer_deinit(&plain);
    buffer_deinit(&room.large);
    return err;
}

struct err *json_paths_read(struct slice text, const struct type *type, const struct timezone *zone, struct buffer *out)
{
    struct err *err = NULL;
    struct walk walk = {.at = text.data, .end = text.data + text.length, .whole = text, .type = type};
    struct place *places = NULL;
    uint32_t count = 0, others = 0;
    OR_DONE(take_object(&walk));
    skip_space(&walk);
    if (walk.at != walk.end) {
        err = bad(&walk, "nothing is expected behind the object");
        goto done;
    }
    OR_DONE(sort_places(&walk, &places, &count));
    uint32_t k = 0;
    for (uint32_t d = 0; d + 1 < type->child_count; d++) { /* both are sorted */
        while (k < count && slice_compare(path_of(&walk, &places[k]), type->names[d]) < 0) {
            k++;
            others++;
        }
        if (k < count && slice_equal(path_of(&walk, &places[k]), type->names[d])) {
            OR_DONE(put_declared(type->children[d], type->names[d], value_of(&walk, &places[k]), zone, out));
            k++;
        } else {
            packed_default(out, type->children[d]);
        }
    }
    others += count - k;
    buffer_append(out, &others, 4);
    for (k = 0; k < count; k++) {
        if (type_json_path(type, path_of(&walk, &places[k])) < 0) {
            put_text(out, path_of(&walk, &places[k]));
            put_text(out, value_of(&walk, &places[k]));
        }
    }
    if (out->failed) {
        err = err_oom();
    }
done:
    walk_deinit(&walk);
    return err;
}

static void put_scalar(struct buffer *out, const struct column *column, uint32_t row, const struct timezone *zone)
{
    struct buffer text = {0};
    if (column_is_null(column, row)) {
        buffer_text(out, "null");
        return;
    }
    value_to_text(&text, column, row, zone);
    out->failed |= text.failed;
    struct slice all = text.length == 0 ? slice_of("", 0) : buffer_all(&text);
    bool is_nan = type_is_float(column->type) && (memchr(all.data, 'n', all.length) != NULL);
    if (is_nan) {
        buffer_text(out, "null");
    } else if (type_is_number(column->type)) {
        buffer_slice(out, all);
    } else {
        json_quote(out, all);
    }
    buffer_deinit(&text);
}

void json_paths_write(struct buffer *out, const struct column *column, uint32_t row, const struct timezone *zone)
{
    if (column->form != COLUMN_FLAT) {
        row = column->form == COLUMN_DICT ? column->codes[row] : 0;
        column = column->form == COLUMN_DICT ? column->dictionary : column;
    }
    const struct type *type = column->type;
    struct tree tree = {.out = out};
    uint32_t declared = type->child_count - 1, d = 0, others_row = row;
    const struct column *others = column->children[declared];
    if (others->form != COLUMN_FLAT) {
        others_row = others->form == COLUMN_DICT ? others->codes[row] : 0;
        others = others->form == COLUMN_DICT ? others->dictionary : others;
    }
    uint32_t at = others->offsets[others_row], end = others->offsets[others_row + 1];
    const struct column *pairs = others->children[0];
    buffer_char(out, '{');
    while (d < declared || at < end) {
        struct slice path = at < end ? *(const struct slice *)column_value(pairs->children[0], at) : slice_of("", 0);
        if (d < declared && (at == end || slice_compare(type->names[d], path) < 0)) {
            tree_path(&tree, type->names[d]);
            put_scalar(out, column->children[d], row, zone);
            d++;
        } else {
            tree_path(&tree, path);
            json_shown_text(out, *(const struct slice *)column_value(pairs->children[1], at));
            at++;
        }
    }
    tree_end(&tree);
}

/* ---- Dynamic */

void json_string_text(struct buffer *out, struct slice text)
{
    json_quote(out, text);
}

enum json_kind json_kind_of(struct slice text)
{
    char first = text.length == 0 ? '"' : text.data[0];
    if (first == '"' || first == '[' || first == '{' || first == 't' || first == 'f') {
        return first == '"' ? JSON_STRING : first == '[' || first == '{' ? JSON_ARRAY : JSON_BOOL;
    }
    bool finite = first != 'i' && first != 'n' && (text.length == 1 || text.data[1] != 'i'); /* inf, nan, -inf */
    bool real = !finite || memchr(text.data, '.', text.length) != NULL || memchr(text.data, 'e', text.length) != NULL;
    int64_t whole;
    return real ? JSON_FLOAT64 : number_parse_i64(text, &whole) ? JSON_INT64 : JSON_UINT64;
}

/* A value inside an array; moves *at behind it. */
static void put_element(struct buffer *out, const char **at, const char *end)
{
    const char *begin = *at;
    if (*begin == '"') {
        struct buffer text = {0};
        (*at)++;
        (void)unescape(at, end, &text);
        value_quote(out, text.length == 0 ? slice_of("", 0) : buffer_all(&text));
        out->failed |= text.failed;
        buffer_deinit(&text);
        return;
    }
    if (*begin == '[') {
        buffer_char(out, *(*at)++);
        while (*at < end && **at != ']') {
            if (**at == ',') {
                buffer_char(out, *(*at)++);
            } else {
                put_element(out, at, end);
            }
        }
        buffer_char(out, ']');
        *at += *at < end;
        return;
    }
    if (*begin == '{') { /* up to the bracket that closes it */
        uint32_t depth = 0;
        do {
            if (**at == '"') {
                for ((*at)++; *at < end && **at != '"'; (*at)++) {
                    *at += **at == '\\';
                }
            } else {
                depth += **at == '{';
                depth -= **at == '}';
            }
            (*at)++;
        } while (*at < end && depth > 0);
        value_quote(out, slice_of(begin, (size_t)(*at - begin)));
        return;
    }
    while (*at < end && **at != ',' && **at != ']') {
        (*at)++;
    }
    struct slice word = slice_of(begin, (size_t)(*at - begin));
    if (slice_equal(word, slice_text("null"))) {
        buffer_text(out, "NULL");
    } else {
        json_shown_text(out, word);
    }
}

void json_plain_text(struct buffer *out, struct slice text)
{
    const char *at = text.data, *end = text.data + text.length;
    if (text.length == 0) {
        return;
    }
    if (*at == '"') {
        at++;
        (void)unescape(&at, end, out);
    } else if (*at == '[') {
        put_element(out, &at, end);
    } else {
        json_shown_text(out, text);
    }
}

void json_item_text(struct buffer *out, struct slice text)
{
    const char *at = text.data;
    if (text.length > 0) {
        put_element(out, &at, text.data + text.length);
    }
}
