/*
 * json_path.c: JSON_EXISTS, JSON_QUERY, JSON_VALUE: values by a path such as $.a.b[0, 2 to 4][*]["c"].
 *
 * path     constant, parsed when the function is bound; an index is from 0 on, "a to b" is without b
 * walk     depth first; several indices of an array give several values, in their order
 * thread   any, no shared state
 */
#include "query/functions/json_read.h"
#include "query/functions/row.h"

#include <strings.h>

#define STEPS_MAX 256U

/* $.key, or [from to end) of an array; of one [...] all but the last have `more` set. */
struct path_step {
    bool is_key, more;
    struct slice key;
    uint64_t from, end;
};

struct path {
    struct path_step steps[STEPS_MAX];
    uint32_t count;
};

enum path_use { PATH_EXISTS, PATH_QUERY, PATH_VALUE };

struct path_call {
    const struct path *path;
    enum path_use use;
};

/* --- reading a path ----------------------------------------------------------------------------------------------- */

struct path_text {
    const char *at, *end;
};

static void spaces(struct path_text *text)
{
    while (text->at < text->end && (*text->at == ' ' || *text->at == '\t' || *text->at == '\n')) {
        text->at++;
    }
}

static bool take(struct path_text *text, char c)
{
    spaces(text);
    if (text->at < text->end && *text->at == c) {
        text->at++;
        return true;
    }
    return false;
}

static bool is_name(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '$';
}

/* A bare name, or one in double quotes. */
static bool take_key(struct path_text *text, bool bare, struct slice *out)
{
    spaces(text);
    const char *begin = text->at;
    if (take(text, '"')) {
        begin = text->at;
        const char *quote = memchr(begin, '"', (size_t)(text->end - begin));
        if (quote == NULL) {
            return false;
        }
        *out = slice_of(begin, (size_t)(quote - begin));
        text->at = quote + 1;
        return out->length > 0;
    }
    while (bare && text->at < text->end && is_name(*text->at)) {
        text->at++;
    }
    *out = slice_of(begin, (size_t)(text->at - begin));
    return out->length > 0;
}

static bool take_index(struct path_text *text, uint64_t *out)
{
    spaces(text);
    const char *begin = text->at;
    *out = 0;
    while (text->at < text->end && *text->at >= '0' && *text->at <= '9' && text->at - begin < 18) {
        *out = *out * 10 + (uint64_t)(*text->at++ - '0');
    }
    return text->at > begin;
}

/* What stands in [...]; the bracket is taken. */
static struct err *read_bracket(struct path_text *text, struct path *path, bool *ok)
{
    struct path_step *step = &path->steps[path->count];
    *ok = false;
    spaces(text);
    if (text->at < text->end && *text->at == '"') {
        *step = (struct path_step){.is_key = true};
        path->count++;
        *ok = take_key(text, false, &step->key) && take(text, ']');
        return NULL;
    }
    if (take(text, '*')) {
        *step = (struct path_step){.end = UINT64_MAX};
        path->count++;
        *ok = take(text, ']');
        return NULL;
    }
    while (path->count < STEPS_MAX) {
        step = &path->steps[path->count];
        *step = (struct path_step){0};
        if (!take_index(text, &step->from)) {
            /* "[0, ]" is allowed, "[]" is not */
            *ok = path->count > 0 && path->steps[path->count - 1].more && take(text, ']');
            path->steps[path->count - (path->count > 0)].more = false;
            return NULL;
        }
        path->count++;
        step->end = step->from + 1;
        spaces(text);
        if (text->end - text->at >= 2 && strncasecmp(text->at, "to", 2) == 0) {
            text->at += 2;
            if (!take_index(text, &step->end)) {
                return NULL;
            }
            if (step->from >= step->end) {
                return err_new(ERR_BAD_ARGUMENTS,
                               "Start of range must be greater than end of range, however %llu >= %llu",
                               (unsigned long long)step->from, (unsigned long long)step->end);
            }
        }
        if (!take(text, ',')) {
            *ok = take(text, ']');
            return NULL;
        }
        step->more = true;
    }
    return NULL;
}

static struct err *path_read(const char *function, struct slice source, struct path *path)
{
    struct err *err = NULL;
    struct path_text text = {source.data, source.data + source.length};
    bool ok = take(&text, '$');
    while (ok && path->count < STEPS_MAX) {
        struct path_step *step = &path->steps[path->count];
        if (take(&text, '.')) {
            *step = (struct path_step){.is_key = true};
            path->count++;
            ok = take_key(&text, true, &step->key);
        } else if (take(&text, '[')) {
            OR_DONE(read_bracket(&text, path, &ok));
        } else {
            break;
        }
    }
    spaces(&text);
    if (!ok || text.at != text.end) {
        err = err_new(ERR_BAD_ARGUMENTS, "function %s: Unable to parse JSONPath '%.*s'", function,
                      (int)(source.length > 200 ? 200 : source.length), source.data);
    }
done:
    return err;
}

/* --- walking ------------------------------------------------------------------------------------------------------ */

struct walk {
    const struct path_call *call;
    struct text_buffer *buffer;
    char *text; /* QUERY: the values so far */
    size_t length, room;
    uint32_t found;
    struct slice value; /* VALUE */
};

static struct err *append(struct walk *walk, const char *data, size_t bytes)
{
    if (walk->length + bytes > walk->room) {
        walk->room = (walk->length + bytes) * 2 + 64;
        char *grown = arena_alloc(walk->buffer->arena, walk->room);
        if (grown == NULL) {
            return arena_error(walk->buffer->arena);
        }
        if (walk->length > 0) {
            memcpy(grown, walk->text, walk->length);
        }
        walk->text = grown;
    }
    if (bytes > 0) {
        memcpy(walk->text + walk->length, data, bytes);
        walk->length += bytes;
    }
    return NULL;
}

/* A value at the path's end. */
static struct err *arrive(struct walk *walk, struct slice value)
{
    struct err *err = NULL;
    bool scalar = value.data[0] != '{' && value.data[0] != '[';
    if (walk->call->use == PATH_QUERY) {
        struct slice text;
        OR_DONE(json_minify(walk->buffer, value, &text));
        OR_DONE(append(walk, walk->found == 0 ? "[" : ", ", walk->found == 0 ? 1 : 2));
        OR_DONE(append(walk, text.data, text.length));
    } else if (walk->call->use == PATH_VALUE && !scalar) {
        return NULL; /* the next one, perhaps */
    }
    walk->value = value;
    walk->found++;
done:
    return err;
}

static bool is_done(const struct walk *walk)
{
    return walk->found > 0 && walk->call->use != PATH_QUERY;
}

/* Steps of one [...] are tried one after the other. Depth: the path's. */
static struct err *walk_from(struct walk *walk, struct slice value, uint32_t at)
{
    struct err *err = NULL;
    const struct path *path = walk->call->path;
    struct slice name, member;
    if (at == path->count) {
        return arrive(walk, value);
    }
    if (path->steps[at].is_key) {
        if (json_find_key(walk->buffer, value, path->steps[at].key, false, &member, &err)) {
            err = walk_from(walk, member, at + 1);
        }
        return err;
    }
    uint32_t last = at;
    while (path->steps[last].more) {
        last++;
    }
    for (; at <= last && value.data[0] == '['; at++) {
        struct json_items items;
        bool open = json_open(value, &items);
        for (uint64_t i = 0; open && i < path->steps[at].end && json_next(&items, &name, &member); i++) {
            if (i >= path->steps[at].from) {
                OR_DONE(walk_from(walk, member, last + 1));
            }
            if (is_done(walk)) {
                return NULL;
            }
        }
    }
done:
    return err;
}

static struct err *evaluate_path(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct path_call *call = function->data;
    const struct column *texts = column_strings(arena, arguments[0]);
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    if (texts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct walk walk = {.call = call, .buffer = &buffer};
        struct slice value;
        struct slice *to = &((struct slice *)made->values)[i];
        if (json_document(VALUE_AT(texts, struct slice, i), &value)) {
            OR_DONE(walk_from(&walk, value, 0));
        }
        if (call->use == PATH_EXISTS) {
            ((uint8_t *)made->values)[i] = walk.found > 0;
            continue;
        }
        *to = slice_of("", 0);
        if (walk.found > 0 && call->use == PATH_QUERY) {
            OR_DONE(append(&walk, "]", 1));
            *to = slice_of(walk.text, walk.length);
        } else if (walk.found > 0 && walk.value.data[0] == '"') {
            if (!json_unescape(&buffer, slice_of(walk.value.data + 1, walk.value.length - 2), to, &err)) {
                OR_DONE(err);
                *to = slice_of("", 0);
            }
        } else if (walk.found > 0) {
            OR_DONE(json_minify(&buffer, walk.value, to));
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_path(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct path *path = ARENA_NEW(bind->arena, struct path);
    struct path_call *call = ARENA_NEW(bind->arena, struct path_call);
    struct slice text;
    if (path == NULL || call == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->count < 2) {
        return err_new(ERR_TOO_FEW_ARGUMENTS, "function %s takes a JSON text and a path", bind->name);
    }
    if (bind->arguments[0].type->kind != TYPE_STRING) {
        return argument_error(bind, 0, "a String is needed");
    }
    if (bind->arguments[1].type->kind != TYPE_STRING) {
        return argument_error(bind, 1, "a String is needed");
    }
    if (bind->arguments[1].constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument 2 of function %s must be a constant", bind->name);
    }
    OR_DONE(argument_constant_text(bind, 1, &text));
    OR_DONE(path_read(bind->name, text, path));
    *call = (struct path_call){path, (enum path_use)bind->tag};
    out->inner = type_simple(bind->tag == PATH_EXISTS ? TYPE_UINT8 : TYPE_STRING);
    out->evaluate = evaluate_path;
    out->data = call;
done:
    return err;
}

#define PATH(name, tag)                                                                                                \
    {                                                                                                                  \
        name, false, 0, 2, 0, resolve_path, tag                                                                        \
    }
static const struct function_definition definitions[] = {
    PATH("JSON_EXISTS", PATH_EXISTS),
    PATH("JSON_QUERY", PATH_QUERY),
    PATH("JSON_VALUE", PATH_VALUE),
};
const struct function_group functions_json_path = GROUP_WITHOUT_ALIASES(definitions);
