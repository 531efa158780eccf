/*
 * array_shift.c: arrays moved along: arrayRotateLeft and -Right, arrayShiftLeft and -Right; and lists of a URL's parts:
 * URLHierarchy, URLPathHierarchy, extractURLParameters, extractURLParameterNames.
 *
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

/* --- moving ------------------------------------------------------------------------------------------------------- */

enum moving { MOVE_ROTATE = 0, MOVE_SHIFT = 1, MOVE_RIGHT = 2 };

static struct err *evaluate_move(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    int tag = (int)(intptr_t)function->data;
    const struct type *type = function->inner->children[0];
    const struct column *flat;
    const struct column *steps = column_numbers(arena, arguments[1], TYPE_INT64);
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    uint32_t total = flat->offsets[row_count];
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, total + 1U);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, total + 1U);
    const struct column *both[2] = {flat->children[0], NULL};
    both[1] = function->argument_count > 2 ? arguments[2] : column_default(arena, type, row_count);
    if (sources == NULL || rows == NULL || steps == NULL || both[1] == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = flat->offsets[i], count = flat->offsets[i + 1] - begin;
        __int128 step = VALUE_AT(steps, int64_t, i);
        step = (tag & MOVE_RIGHT) != 0 ? -step : step;
        for (uint32_t e = 0; e < count; e++) {
            OR_DONE(interrupt_at(e));
            __int128 from = e + step;
            if ((tag & MOVE_SHIFT) == 0) {
                from = (from % count + count) % count;
            }
            bool there = from >= 0 && from < count;
            sources[begin + e] = there ? 0 : 1;
            rows[begin + e] = there ? begin + (uint32_t)from : i;
        }
    }
    struct column *items =
        total == 0 ? column_empty(arena, type) : column_pick(arena, type, both, 2, sources, rows, total);
    if (items == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, flat->offsets, items, out));
done:
    return err;
}

static struct err *resolve_move(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    OR_DONE(argument_integer(bind, 1));
    out->inner = bind->arguments[0].type;
    if (bind->count > 2) {
        const struct type *bare = type_nullable(bind->arena, out->inner->children[0], false);
        if (bare == NULL) {
            return arena_error(bind->arena);
        }
        if (!type_equal(bare, bind->arguments[2].type)) {
            return argument_error(bind, 2, "a value of the array's type is needed");
        }
    }
    out->evaluate = evaluate_move;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

/* --- parts of URLs ------------------------------------------------------------------------------------------------ */

enum url_list { URL_HIERARCHY, URL_PATHS, URL_PARAMETERS, URL_NAMES };

/* Texts of all rows so far. */
struct texts {
    struct arena *arena;
    struct slice *slices;
    uint32_t count, capacity;
};

static bool add_text(struct texts *texts, const char *begin, const char *end)
{
    if (texts->count == texts->capacity) {
        uint32_t capacity = texts->capacity == 0 ? 256 : texts->capacity * 2;
        struct slice *slices = capacity < texts->capacity ? NULL : ARENA_ARRAY(texts->arena, struct slice, capacity);
        if (slices == NULL) {
            return false;
        }
        if (texts->count > 0) {
            memcpy(slices, texts->slices, texts->count * sizeof(*slices));
        }
        texts->slices = slices;
        texts->capacity = capacity;
    }
    texts->slices[texts->count++] = slice_of(begin, (size_t)(end - begin));
    return true;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static const char *skip_to(const char *at, const char *end, const char *set)
{
    while (at < end && !is_one_of(*at, set)) {
        at++;
    }
    return at;
}

/* Behind the scheme, its slashes and the host; the end where there is no scheme. */
static const char *path_of(struct slice url)
{
    const char *end = url.data + url.length;
    const char *at = url.data;
    while (at < end && ((*at >= '0' && *at <= '9') || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z'))) {
        at++;
    }
    if (at == url.data || end - at < 3 || memcmp(at, "://", 3) != 0) {
        return end;
    }
    return skip_to(at + 3, end, "/?#");
}

/* Up to the host's slash, then behind each '/', '?' and '#' that is not the first of what is left, and to the end. */
static bool put_hierarchy(struct texts *texts, struct slice url, bool whole)
{
    const char *end = url.data + url.length;
    const char *path = path_of(url);
    const char *begin = whole ? url.data : path;
    const char *at = path + (path < end);
    if (whole && url.length > 0 && !add_text(texts, begin, at)) {
        return false;
    }
    while (at < end) {
        at = skip_to(at + 1, end, "/?#");
        at += at < end;
        if (!add_text(texts, begin, at)) {
            return false;
        }
    }
    return true;
}

/* A name at the end without '=' or '&' behind it is none. */
static bool put_parameters(struct texts *texts, struct slice url, bool names)
{
    const char *end = url.data + url.length;
    const char *at = skip_to(url.data, end, "?#");
    for (at += at < end; at < end;) {
        const char *begin = at;
        at = skip_to(at, end, "=&#?");
        if (at == end) {
            break;
        }
        if (*at == '=' || *at == '&' || (names && *at == '#')) {
            const char *stop = *at == '=' && !names ? skip_to(at, end, "&#") : at;
            at = skip_to(at, end, "&#");
            if (!add_text(texts, begin, stop)) {
                return false;
            }
        }
        at += at < end;
    }
    return true;
}

static struct err *evaluate_url(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum url_list kind = (enum url_list)(intptr_t)function->data;
    const struct column *urls = column_strings(arena, arguments[0]);
    struct texts texts = {.arena = arena};
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (urls == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice url = VALUE_AT(urls, struct slice, i);
        offsets[i] = texts.count;
        url.data = url.length == 0 ? "" : url.data;
        bool ok = kind <= URL_PATHS ? put_hierarchy(&texts, url, kind == URL_HIERARCHY)
                                    : put_parameters(&texts, url, kind == URL_NAMES);
        if (!ok) {
            return arena_error(arena);
        }
    }
    offsets[row_count] = texts.count;
    struct column *items = column_new(arena, type_simple(TYPE_STRING), texts.count);
    if (items == NULL) {
        return arena_error(arena);
    }
    if (texts.count > 0) {
        items->values = texts.slices;
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *resolve_url(const struct function_bind *bind, struct function *out)
{
    if (bind->arguments[0].type->kind != TYPE_STRING) {
        return argument_error(bind, 0, "a String is needed");
    }
    out->inner = type_array(bind->arena, type_simple(TYPE_STRING));
    out->evaluate = evaluate_url;
    out->data = (const void *)(intptr_t)bind->tag;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

static const struct function_definition definitions[] = {
    {"arrayRotateLeft", false, 2, 2, 0, resolve_move, MOVE_ROTATE},
    {"arrayRotateRight", false, 2, 2, 0, resolve_move, MOVE_ROTATE | MOVE_RIGHT},
    {"arrayShiftLeft", false, 2, 3, 0, resolve_move, MOVE_SHIFT},
    {"arrayShiftRight", false, 2, 3, 0, resolve_move, MOVE_SHIFT | MOVE_RIGHT},
    {"URLHierarchy", false, 1, 1, 0, resolve_url, URL_HIERARCHY},
    {"URLPathHierarchy", false, 1, 1, 0, resolve_url, URL_PATHS},
    {"extractURLParameters", false, 1, 1, 0, resolve_url, URL_PARAMETERS},
    {"extractURLParameterNames", false, 1, 1, 0, resolve_url, URL_NAMES},
};
const struct function_group functions_array_shift = GROUP_WITHOUT_ALIASES(definitions);
