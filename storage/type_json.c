/*
 * type_json.c: the types JSON(path type, …) and Dynamic: making them, their spelling.
 *
 * input    hostile, as in type_text.c
 * thread   any: types are immutable
 */
#include "storage/type_text.h"

#include <stdlib.h>

#define PATHS_MAX 256U

const struct type *type_json(struct arena *arena, const struct type *const *types, const struct slice *paths,
                             uint32_t count)
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
    *made = (struct type){
        .kind = TYPE_TUPLE, .view = TYPE_VIEW_JSON, .children = children, .names = names, .child_count = count + 1};
    return made;
}

const struct type *type_dynamic(void)
{
    static const struct type dynamic = {
        .kind = TYPE_STRING, .nullable = true, .view = TYPE_VIEW_DYNAMIC, .width = sizeof(struct slice)};
    return &dynamic;
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
        return err_new(memchr(text.data, '=', text.length) != NULL ? ERR_NOT_IMPLEMENTED : ERR_SYNTAX,
                       "type JSON: \"%.*s\" is no path with its type", SLICE_ARG(text));
    }
    out->path = slice_of(text.data + quoted, (size_t)(end - text.data) - quoted);
    struct slice rest = type_text_trimmed(slice_of(end + quoted, (size_t)(text.data + text.length - end) - quoted));
    if (slice_equal(out->path, slice_text("SKIP")) || (rest.length > 0 && rest.data[0] == '=')) {
        return err_new(ERR_NOT_IMPLEMENTED, "%.*s of the type JSON is not supported yet", SLICE_ARG(out->path));
    }
    OR_DONE(type_parse_inside(arena, rest, depth, &out->type));
    if (type_is_nested(out->type) || out->type->kind == TYPE_NOTHING || out->type->function != NULL) {
        err = err_new(ERR_NOT_IMPLEMENTED, "a path of JSON (%.*s) with the type %.*s is not supported yet",
                      SLICE_ARG(out->path), SLICE_ARG(rest));
    }
done:
    return err;
}

struct err *type_json_parse(struct arena *arena, struct slice text, int depth, size_t *length, const struct type **out)
{
    struct err *err = NULL;
    struct declared declared[PATHS_MAX];
    const struct type *types[PATHS_MAX];
    struct slice paths[PATHS_MAX], part;
    uint32_t count = 0;
    *length = 0;
    for (size_t at = 0; text.length > 0; at++) {
        if (!type_text_next(text, &at, &part)) {
            return err_new(ERR_SYNTAX, "type JSON: expected ')'");
        }
        if (count == PATHS_MAX) {
            return err_new(ERR_NOT_IMPLEMENTED, "type JSON: more than %u paths", PATHS_MAX);
        }
        OR_DONE(parse_declared(arena, part, depth, &declared[count]));
        count++;
        if (text.data[at] == ')') {
            *length = at + 1;
            break;
        }
    }
    if (count > 1) {
        qsort(declared, count, sizeof(declared[0]), compare_paths);
    }
    for (uint32_t k = 0; k < count; k++) {
        if (k > 0 && slice_equal(declared[k].path, declared[k - 1].path)) {
            return err_new(ERR_BAD_ARGUMENTS, "type JSON: the path %.*s stands twice", SLICE_ARG(declared[k].path));
        }
        paths[k] = declared[k].path;
        types[k] = declared[k].type;
    }
    *out = type_json(arena, types, paths, count);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

void type_view_write(struct buffer *buffer, const struct type *type)
{
    if (type->view == TYPE_VIEW_DYNAMIC) {
        buffer_text(buffer, "Dynamic");
        return;
    }
    buffer_text(buffer, "JSON");
    for (uint32_t k = 0; k + 1 < type->child_count; k++) {
        buffer_text(buffer, k == 0 ? "(" : ", ");
        type_name_element(buffer, type->names[k]);
        buffer_char(buffer, ' ');
        type_name_write(buffer, type->children[k]);
    }
    buffer_text(buffer, type->child_count > 1 ? ")" : "");
}
