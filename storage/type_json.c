/*
 * type_json.c: the types JSON(path type, SKIP path, …) and Dynamic: making them, their spelling, what JSON leaves out.
 *
 * input    hostile, as in type_text.c; patterns are short, and their matching is bounded
 * thread   any: types are immutable
 */
#include "storage/type_text.h"

#include "base/interrupt.h"
#include "base/number.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#define PATHS_MAX         256U /* declared, and left out */
#define PATTERNS_MAX      32U
#define PATTERN_BYTES_MAX 1000U
#define MATCH_LIMIT       100000U
#define TYPES_DEFAULT     32U
#define PATHS_DEFAULT     1024U

/* JSON with these declared paths, sorted; NULL: memory is out. */
static const struct type *json_type(struct arena *arena, const struct type *const *types, const struct slice *paths,
                                    uint32_t count, const struct type_json *json)
{
    const struct type **children = arena_array(arena, (size_t)count + 1, sizeof(*children));
    struct slice *names = ARENA_ARRAY(arena, struct slice, (size_t)count + 1);
    struct type *made = ARENA_NEW(arena, struct type), *map = ARENA_NEW(arena, struct type);
    const struct type *pair[] = {type_simple(TYPE_STRING), type_simple(TYPE_STRING)};
    struct slice pair_names[] = {slice_text("keys"), slice_text("values")};
    const struct type *entry = type_tuple(arena, pair, pair_names, 2);
    const struct type *array = entry == NULL ? NULL : type_array(arena, entry);
    if (children == NULL || names == NULL || made == NULL || map == NULL || array == NULL) {
        return NULL;
    }
    *map = *array;
    map->kind = TYPE_MAP;
    for (uint32_t k = 0; k < count; k++) {
        children[k] = types[k];
        names[k] = paths[k];
    }
    children[count] = map;
    names[count] = slice_of("", 0);
    *made = (struct type){.kind = TYPE_TUPLE,
                          .view = TYPE_VIEW_JSON,
                          .children = children,
                          .names = names,
                          .child_count = count + 1,
                          .json = json};
    return made;
}

const struct type *type_dynamic(void)
{
    static const struct type dynamic = {
        .kind = TYPE_STRING, .nullable = true, .view = TYPE_VIEW_DYNAMIC, .width = sizeof(struct slice)};
    return &dynamic;
}

const struct type *type_json_dynamic(struct arena *arena, const struct type *type)
{
    if (type->json == NULL || type->json->max_dynamic_types == TYPES_DEFAULT) {
        return type_dynamic();
    }
    struct type *made = ARENA_NEW(arena, struct type);
    if (made != NULL) {
        *made = *type_dynamic();
        made->max_types = type->json->max_dynamic_types;
    }
    return made;
}

int32_t type_json_path(const struct type *type, struct slice path)
{
    for (uint32_t k = 0; k + 1 < type->child_count; k++) {
        if (slice_equal(type->names[k], path)) {
            return (int32_t)k;
        }
    }
    return -1;
}

/* ---- what it leaves out */

static void free_code(void *code)
{
    pcre2_code_free(code);
}

/* A pattern compiled until the arena ends. */
static struct err *compile(struct arena *arena, struct slice pattern, void **out)
{
    int code = 0;
    PCRE2_SIZE at = 0;
    *out = NULL;
    if (pattern.length > PATTERN_BYTES_MAX) {
        return err_new(ERR_REGEXP, "type JSON: a pattern has %u bytes at most", PATTERN_BYTES_MAX);
    }
    pcre2_code *made = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.length, 0, &code, &at, NULL);
    if (made == NULL) {
        unsigned char text[128] = "";
        pcre2_get_error_message(code, text, sizeof(text));
        return err_new(ERR_REGEXP, "type JSON: invalid pattern '%.*s': %s", SLICE_ARG(pattern), (const char *)text);
    }
    if (!arena_on_destroy(arena, free_code, made)) {
        pcre2_code_free(made);
        return arena_error(arena);
    }
    *out = made;
    return NULL;
}

static struct err *pattern_matches(const struct type_json *json, uint32_t index, struct slice path, bool *matches)
{
    struct err *err = NULL;
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = context == NULL ? NULL : pcre2_match_data_create(1, NULL);
    if (data == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(interrupt_check());
    pcre2_set_match_limit(context, MATCH_LIMIT);
    int code = pcre2_match(json->codes[index], (PCRE2_SPTR)path.data, path.length, 0, 0, data, context);
    *matches = code >= 0;
    if (code < 0 && code != PCRE2_ERROR_NOMATCH) {
        err = err_new(ERR_REGEXP, "type JSON: '%.*s' takes too long to match", SLICE_ARG(json->patterns[index]));
    }
done:
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    return err;
}

static bool is_below(struct slice path, struct slice above)
{
    return path.length >= above.length && memcmp(path.data, above.data, above.length) == 0 &&
           (path.length == above.length || path.data[above.length] == '.');
}

struct err *type_json_skips(const struct type *type, struct slice path, bool *skips)
{
    struct err *err = NULL;
    const struct type_json *json = type->json;
    *skips = false;
    if (json == NULL || path.length == 0) {
        return NULL;
    }
    for (uint32_t k = 0; k < json->skip_count && !*skips; k++) {
        *skips = is_below(path, json->skip[k]);
    }
    for (uint32_t k = 0; k < json->pattern_count && !*skips; k++) {
        OR_DONE(pattern_matches(json, k, path, skips));
    }
done:
    return err;
}

static bool slices_equal(const struct slice *a, const struct slice *b, uint32_t count)
{
    bool equal = true;
    for (uint32_t k = 0; k < count && equal; k++) {
        equal = slice_equal(a[k], b[k]);
    }
    return equal;
}

bool type_json_equal(const struct type_json *a, const struct type_json *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a->max_dynamic_types == b->max_dynamic_types && a->max_dynamic_paths == b->max_dynamic_paths &&
           a->skip_count == b->skip_count && a->pattern_count == b->pattern_count &&
           slices_equal(a->skip, b->skip, a->skip_count) && slices_equal(a->patterns, b->patterns, a->pattern_count);
}

static struct slice *copy_slices(struct arena *arena, const struct slice *from, uint32_t count)
{
    struct slice *made = ARENA_ARRAY(arena, struct slice, (size_t)count + 1);
    for (uint32_t k = 0; made != NULL && k < count; k++) {
        made[k] = arena_slice(arena, from[k]);
        made = made[k].data == NULL ? NULL : made;
    }
    return made;
}

const struct type_json *type_json_copy(struct arena *arena, const struct type_json *json)
{
    struct type_json *made = ARENA_NEW(arena, struct type_json);
    if (made == NULL) {
        return NULL;
    }
    *made = *json;
    made->skip = copy_slices(arena, json->skip, json->skip_count);
    made->patterns = copy_slices(arena, json->patterns, json->pattern_count);
    made->codes = arena_array(arena, (size_t)json->pattern_count + 1, sizeof(void *));
    if (made->skip == NULL || made->patterns == NULL || made->codes == NULL) {
        return NULL;
    }
    for (uint32_t k = 0; k < json->pattern_count; k++) {
        struct err *err = compile(arena, made->patterns[k], &made->codes[k]);
        if (err != NULL) { /* it was compiled before: memory is out */
            err_free(err);
            return NULL;
        }
    }
    return made;
}

/* ---- spelling */

struct declared {
    struct slice path;
    const struct type *type;
};

static int compare_paths(const void *a, const void *b)
{
    return slice_compare(((const struct declared *)a)->path, ((const struct declared *)b)->path);
}

/* "a.b UInt32" or "`a.b` UInt32" */
static struct err *parse_declared(struct arena *arena, struct slice text, int depth, struct declared *out)
{
    struct err *err = NULL;
    bool quoted = text.length > 0 && text.data[0] == '`';
    const char *end = text.length < 2 ? NULL : memchr(text.data + quoted, quoted ? '`' : ' ', text.length - quoted);
    if (end == NULL) {
        return err_new(ERR_SYNTAX, "type JSON: \"%.*s\" is no path with its type", SLICE_ARG(text));
    }
    out->path = slice_of(text.data + quoted, (size_t)(end - text.data) - quoted);
    struct slice rest = type_text_trimmed(slice_of(end + quoted, (size_t)(text.data + text.length - end) - quoted));
    OR_DONE(type_parse_inside(arena, rest, depth, &out->type));
    if (type_is_nested(out->type) || out->type->kind == TYPE_NOTHING || out->type->function != NULL) {
        err = err_new(ERR_NOT_IMPLEMENTED, "a path of JSON (%.*s) with the type %.*s is not supported yet",
                      SLICE_ARG(out->path), SLICE_ARG(rest));
    }
done:
    return err;
}

/* What JSON(…) says, while it is read. */
struct clauses {
    struct declared declared[PATHS_MAX];
    uint32_t count;
    struct slice skip[PATHS_MAX];
    uint32_t skip_count;
    struct slice patterns[PATTERNS_MAX];
    uint32_t pattern_count;
    uint64_t max_dynamic_types, max_dynamic_paths;
};

/* The text behind a word in any case and blanks; false: it does not begin with the word. */
static bool after_word(struct slice text, const char *word, struct slice *rest)
{
    size_t length = strlen(word);
    if (text.length <= length || strncasecmp(text.data, word, length) != 0 ||
        (text.data[length] != ' ' && text.data[length] != '\n' && text.data[length] != '\t')) {
        return false;
    }
    *rest = type_text_trimmed(slice_of(text.data + length, text.length - length));
    return rest->length > 0;
}

/* "max_dynamic_paths = 8"; *is: it is one of those. */
static struct err *parse_maximum(struct slice text, struct clauses *clauses, bool *is)
{
    const char *sign = memchr(text.data, '=', text.length);
    *is = sign != NULL && text.data[0] != '`' && memchr(text.data, ' ', (size_t)(sign - text.data)) == NULL;
    *is |= sign != NULL && text.data[0] == 'm' && sign[-1] == ' ';
    if (!*is) {
        return NULL;
    }
    struct slice name = type_text_trimmed(slice_of(text.data, (size_t)(sign - text.data)));
    struct slice value = type_text_trimmed(slice_of(sign + 1, (size_t)(text.data + text.length - sign) - 1));
    bool types = slice_equal(name, slice_text("max_dynamic_types"));
    uint64_t *out = types ? &clauses->max_dynamic_types : &clauses->max_dynamic_paths;
    uint32_t limit = types ? 254 : 10000;
    if (!types && !slice_equal(name, slice_text("max_dynamic_paths"))) {
        return err_new(ERR_AST_STRUCTURE,
                       "type JSON: unexpected parameter %.*s; there are max_dynamic_types and max_dynamic_paths",
                       SLICE_ARG(name));
    }
    if (value.length == 0 || value.data[0] < '0' || value.data[0] > '9') {
        return err_new(ERR_SYNTAX, "type JSON: %.*s needs a number", SLICE_ARG(name));
    }
    if (!number_parse_u64(value, out) || *out > limit) {
        return err_new(ERR_AST_STRUCTURE,
                       "'%.*s' parameter for JSON type should be a positive integer between 0 and %u. Got %.*s",
                       SLICE_ARG(name), limit, SLICE_ARG(value));
    }
    return NULL;
}

/* A path, in back quotes or not. */
static struct slice unquoted(struct slice text)
{
    bool quoted = text.length > 2 && text.data[0] == '`' && text.data[text.length - 1] == '`';
    return quoted ? slice_of(text.data + 1, text.length - 2) : text;
}

/* 'text' → its bytes, in the arena; data NULL: it is no such text, or memory is out. */
static struct slice unescaped(struct arena *arena, struct slice text)
{
    char *made = arena_alloc(arena, text.length + 1);
    size_t length = 0;
    if (made == NULL || text.length < 2 || text.data[0] != '\'' || text.data[text.length - 1] != '\'') {
        return (struct slice){0};
    }
    for (size_t k = 1; k + 1 < text.length; k++) {
        k += (text.data[k] == '\\' || text.data[k] == '\'') && k + 2 < text.length;
        made[length++] = text.data[k];
    }
    return slice_of(made, length);
}

static struct err *too_many(void)
{
    return err_new(ERR_NOT_IMPLEMENTED, "type JSON: more than %u paths or %u patterns", PATHS_MAX, PATTERNS_MAX);
}

static struct err *parse_clause(struct arena *arena, struct slice text, int depth, struct clauses *clauses)
{
    struct slice rest, pattern;
    bool maximum = false;
    struct err *err = text.length == 0 ? NULL : parse_maximum(text, clauses, &maximum);
    if (err != NULL || maximum) {
        return err;
    }
    if (clauses->count == PATHS_MAX || clauses->skip_count == PATHS_MAX || clauses->pattern_count == PATTERNS_MAX) {
        return too_many();
    }
    if (!after_word(text, "SKIP", &rest)) {
        return parse_declared(arena, text, depth, &clauses->declared[clauses->count++]);
    }
    if (!after_word(rest, "REGEXP", &pattern)) {
        clauses->skip[clauses->skip_count++] = unquoted(rest);
        return NULL;
    }
    pattern = unescaped(arena, pattern);
    if (pattern.data == NULL) {
        return err_new(ERR_SYNTAX, "type JSON: SKIP REGEXP needs a pattern in quotes");
    }
    clauses->patterns[clauses->pattern_count++] = pattern;
    return NULL;
}

static int compare_slices(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* What it says beside the declared paths; *out NULL: nothing. */
static struct err *make_json(struct arena *arena, struct clauses *clauses, const struct type_json **out)
{
    struct err *err = NULL;
    struct type_json *made = ARENA_NEW(arena, struct type_json);
    *out = NULL;
    if (clauses->skip_count == 0 && clauses->pattern_count == 0 && clauses->max_dynamic_types == TYPES_DEFAULT &&
        clauses->max_dynamic_paths == PATHS_DEFAULT) {
        return NULL;
    }
    if (made == NULL) {
        return arena_error(arena);
    }
    if (clauses->skip_count > 1) {
        qsort(clauses->skip, clauses->skip_count, sizeof(clauses->skip[0]), compare_slices);
    }
    *made = (struct type_json){.max_dynamic_types = (uint32_t)clauses->max_dynamic_types,
                               .max_dynamic_paths = (uint32_t)clauses->max_dynamic_paths,
                               .skip_count = clauses->skip_count,
                               .pattern_count = clauses->pattern_count};
    made->skip = copy_slices(arena, clauses->skip, clauses->skip_count);
    made->patterns = copy_slices(arena, clauses->patterns, clauses->pattern_count);
    made->codes = arena_array(arena, (size_t)clauses->pattern_count + 1, sizeof(void *));
    if (made->skip == NULL || made->patterns == NULL || made->codes == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < clauses->pattern_count; k++) {
        OR_DONE(compile(arena, made->patterns[k], &made->codes[k]));
    }
    *out = made;
done:
    return err;
}

static struct err *make_type(struct arena *arena, struct clauses *clauses, const struct type **out)
{
    struct err *err = NULL;
    const struct type *types[PATHS_MAX];
    struct slice paths[PATHS_MAX];
    const struct type_json *json = NULL;
    struct declared *declared = clauses->declared;
    OR_DONE(make_json(arena, clauses, &json));
    if (clauses->count > 1) {
        qsort(declared, clauses->count, sizeof(declared[0]), compare_paths);
    }
    for (uint32_t k = 0; k < clauses->count; k++) {
        if (k > 0 && slice_equal(declared[k].path, declared[k - 1].path)) {
            return err_new(ERR_BAD_ARGUMENTS, "type JSON: the path %.*s stands twice", SLICE_ARG(declared[k].path));
        }
        for (uint32_t s = 0; s < clauses->skip_count; s++) {
            if (is_below(declared[k].path, clauses->skip[s])) {
                return err_new(ERR_BAD_ARGUMENTS,
                               "Path '%.*s' is specified with the data type and matches the SKIP path prefix '%.*s'",
                               SLICE_ARG(declared[k].path), SLICE_ARG(clauses->skip[s]));
            }
        }
        paths[k] = declared[k].path;
        types[k] = declared[k].type;
    }
    *out = json_type(arena, types, paths, clauses->count, json);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

struct err *type_json_parse(struct arena *arena, struct slice text, int depth, size_t *length, const struct type **out)
{
    struct err *err = NULL;
    struct slice part;
    struct clauses *clauses = calloc(1, sizeof(*clauses));
    if (clauses == NULL) {
        return err_oom();
    }
    clauses->max_dynamic_types = TYPES_DEFAULT;
    clauses->max_dynamic_paths = PATHS_DEFAULT;
    *length = 0;
    for (size_t at = 0; text.length > 0; at++) {
        if (!type_text_next(text, &at, &part)) {
            err = err_new(ERR_SYNTAX, "type JSON: expected ')'");
            goto done;
        }
        OR_DONE(parse_clause(arena, part, depth, clauses));
        if (text.data[at] == ')') {
            *length = at + 1;
            break;
        }
    }
    err = make_type(arena, clauses, out);
done:
    free(clauses);
    return err;
}

static void next_clause(struct buffer *buffer, bool *first)
{
    buffer_text(buffer, *first ? "(" : ", ");
    *first = false;
}

void type_view_write(struct buffer *buffer, const struct type *type)
{
    char number[32];
    bool first = true;
    if (type->view == TYPE_VIEW_DYNAMIC) {
        buffer_text(buffer, "Dynamic");
        if (type->max_types != 0) {
            buffer_text(buffer, "(max_types=");
            buffer_append(buffer, number, number_print_u64(type->max_types, number));
            buffer_char(buffer, ')');
        }
        return;
    }
    const struct type_json *json = type->json;
    buffer_text(buffer, "JSON");
    if (json != NULL && json->max_dynamic_types != TYPES_DEFAULT) {
        next_clause(buffer, &first);
        buffer_text(buffer, "max_dynamic_types=");
        buffer_append(buffer, number, number_print_u64(json->max_dynamic_types, number));
    }
    if (json != NULL && json->max_dynamic_paths != PATHS_DEFAULT) {
        next_clause(buffer, &first);
        buffer_text(buffer, "max_dynamic_paths=");
        buffer_append(buffer, number, number_print_u64(json->max_dynamic_paths, number));
    }
    for (uint32_t k = 0; k + 1 < type->child_count; k++) {
        next_clause(buffer, &first);
        type_name_element(buffer, type->names[k]);
        buffer_char(buffer, ' ');
        type_name_write(buffer, type->children[k]);
    }
    for (uint32_t k = 0; json != NULL && k < json->skip_count; k++) {
        next_clause(buffer, &first);
        buffer_text(buffer, "SKIP ");
        type_name_element(buffer, json->skip[k]);
    }
    for (uint32_t k = 0; json != NULL && k < json->pattern_count; k++) {
        next_clause(buffer, &first);
        buffer_text(buffer, "SKIP REGEXP ");
        type_text_quote(buffer, json->patterns[k]);
    }
    buffer_text(buffer, first ? "" : ")");
}
