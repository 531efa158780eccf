/*
 * labels_set.c: sets of labels laid over each other, compared, and read back from JSON.
 */
#include "alert/labels.h"

struct err *labels_merge(struct arena *arena, const struct labels *under, const struct labels *over, bool keep_empty,
                         struct labels *out)
{
    uint32_t a = 0, b = 0, count = 0;
    struct label *items = ARENA_ARRAY(arena, struct label, (size_t)under->count + over->count + 1);
    if (items == NULL) {
        return arena_error(arena);
    }
    while (a < under->count || b < over->count) {
        int order = a == under->count  ? 1
                    : b == over->count ? -1
                                       : slice_compare(under->items[a].name, over->items[b].name);
        const struct label *label = order < 0 ? &under->items[a] : &over->items[b];
        a += order <= 0;
        b += order >= 0;
        if (keep_empty || label->value.length > 0) {
            items[count++] = *label;
        }
    }
    *out = (struct labels){items, count};
    return NULL;
}

bool labels_equal(const struct labels *a, const struct labels *b)
{
    bool equal = a->count == b->count;
    for (uint32_t k = 0; equal && k < a->count; k++) {
        equal = slice_equal(a->items[k].name, b->items[k].name) && slice_equal(a->items[k].value, b->items[k].value);
    }
    return equal;
}

static struct err *broken(struct slice text, size_t at)
{
    return err_new(ERR_INCORRECT_DATA, "labels are no JSON object of texts at byte %zu: \"%.*s\"", at,
                   SLICE_ARG(slice_cut(text, 100)));
}

/* The string whose quote stands at *at, which moves behind it. */
static struct err *read_string(struct arena *arena, struct slice text, size_t *at, struct slice *out)
{
    size_t begin = *at;
    const char *end = slice_end(text);
    if (begin >= text.length || text.data[begin] != '"') {
        return broken(text, begin);
    }
    size_t close = begin + 1;
    while (close < text.length && text.data[close] != '"') {
        close += text.data[close] == '\\' ? 2 : 1;
    }
    if (close >= text.length) {
        return broken(text, begin);
    }
    char *to = arena_alloc(arena, close - begin);
    size_t length = 0;
    if (to == NULL) {
        return arena_error(arena);
    }
    for (size_t k = begin + 1; k < text.length;) {
        uint32_t point;
        char c = text.data[k++];
        if (c == '"') {
            *out = slice_of(to, length);
            *at = k;
            return NULL;
        }
        if (c != '\\') {
            to[length++] = c;
        } else if (k < text.length && text.data[k] == 'u') {
            size_t bytes = json_escape_point(text.data + k + 1, end, &point);
            if (bytes == 0) {
                return broken(text, k);
            }
            length += utf8_put(point, to + length);
            k += 1 + bytes;
        } else if (k < text.length) {
            char escaped = text.data[k++];
            to[length++] = (char)(escaped == 'n' ? '\n' : escaped);
        }
    }
    return broken(text, begin);
}

struct err *labels_read_json(struct arena *arena, struct slice text, struct labels *out)
{
    struct err *err = NULL;
    size_t at = 1, room = 1;
    struct slice twice;
    *out = (struct labels){0};
    if (text.length < 2 || text.data[0] != '{' || text.data[text.length - 1] != '}') {
        return broken(text, 0);
    }
    for (size_t k = 0; k < text.length; k++) {
        room += text.data[k] == ':';
    }
    out->items = ARENA_ARRAY(arena, struct label, room);
    if (out->items == NULL) {
        return arena_error(arena);
    }
    while (text.data[at] != '}') {
        struct label *label = &out->items[out->count];
        if (out->count > 0) {
            if (text.data[at] != ',') {
                return broken(text, at);
            }
            at++;
        }
        OR_DONE(read_string(arena, text, &at, &label->name));
        if (at >= text.length || text.data[at] != ':' || out->count + 1 > room) {
            return broken(text, at);
        }
        at++;
        OR_DONE(read_string(arena, text, &at, &label->value));
        out->count++;
        if (at >= text.length) {
            return broken(text, at);
        }
    }
    if (at + 1 != text.length) {
        return broken(text, at);
    }
    if (!labels_sort(out, &twice)) {
        return err_new(ERR_INCORRECT_DATA, "the label %.*s is there twice", SLICE_ARG(twice));
    }
done:
    return err;
}
