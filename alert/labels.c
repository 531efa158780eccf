/*
 * labels.c: sorting, finding, naming and printing labels.
 */
#include "alert/labels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
    return slice_compare(((const struct label *)a)->name, ((const struct label *)b)->name);
}

bool labels_sort(struct labels *labels, struct slice *twice)
{
    if (labels->count > 1) {
        qsort(labels->items, labels->count, sizeof(labels->items[0]), by_name);
    }
    for (uint32_t k = 1; k < labels->count; k++) {
        if (slice_equal(labels->items[k].name, labels->items[k - 1].name)) {
            if (twice != NULL) {
                *twice = labels->items[k].name;
            }
            return false;
        }
    }
    return true;
}

bool labels_find(const struct labels *labels, const char *name, struct slice *value)
{
    for (uint32_t k = 0; k < labels->count; k++) {
        if (slice_equal(labels->items[k].name, slice_text(name))) {
            *value = labels->items[k].value;
            return true;
        }
    }
    return false;
}

bool label_name_is_valid(struct slice name)
{
    for (size_t k = 0; k < name.length; k++) {
        char c = name.data[k];
        char low = (char)(c | 0x20);
        if (!(c == '_' || (low >= 'a' && low <= 'z') || (k > 0 && c >= '0' && c <= '9'))) {
            return false;
        }
    }
    return name.length > 0;
}

static uint64_t fnv_slice(uint64_t hash, struct slice text)
{
    const uint64_t prime = 1099511628211ULL;
    for (size_t k = 0; k < text.length; k++) {
        hash = (hash ^ (unsigned char)text.data[k]) * prime;
    }
    return (hash ^ 255U) * prime;
}

uint64_t labels_fingerprint(const struct labels *labels)
{
    uint64_t hash = 14695981039346656037ULL;
    for (uint32_t k = 0; k < labels->count; k++) {
        hash = fnv_slice(hash, labels->items[k].name);
        hash = fnv_slice(hash, labels->items[k].value);
    }
    return hash;
}

void fingerprint_text(uint64_t fingerprint, char text[17])
{
    (void)snprintf(text, 17, "%016" PRIx64, fingerprint);
}

bool labels_copy(struct arena *arena, const struct labels *from, struct labels *out)
{
    *out = (struct labels){.items = ARENA_ARRAY(arena, struct label, from->count == 0 ? 1 : from->count),
                           .count = from->count};
    if (out->items == NULL) {
        return false;
    }
    for (uint32_t k = 0; k < from->count; k++) {
        out->items[k].name = arena_slice(arena, from->items[k].name);
        out->items[k].value = arena_slice(arena, from->items[k].value);
        if (out->items[k].name.data == NULL || out->items[k].value.data == NULL) {
            return false;
        }
    }
    return true;
}

/* Bytes of the well-formed character at `at`; 0: there is none (overlong forms and halves of pairs are none). */
static size_t character(struct slice text, size_t at)
{
    const unsigned char *c = (const unsigned char *)text.data + at;
    size_t length = utf8_bytes(text, at);
    if (c[0] < 0x80) {
        return 1;
    }
    if (c[0] < 0xc2 || c[0] > 0xf4 || length == 1) {
        return 0;
    }
    for (size_t k = 1; k < length; k++) {
        if ((c[k] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool wrong = (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) || (c[0] == 0xf0 && c[1] < 0x90) ||
                 (c[0] == 0xf4 && c[1] > 0x8f);
    return wrong ? 0 : length;
}

void alert_json_text(struct buffer *out, struct slice text)
{
    buffer_char(out, '"');
    for (size_t at = 0; at < text.length;) {
        unsigned char c = (unsigned char)text.data[at];
        size_t length = character(text, at);
        if (c == '"' || c == '\\') {
            buffer_char(out, '\\');
            buffer_char(out, (char)c);
        } else if (c == '\n') {
            buffer_text(out, "\\n");
        } else if (c < 0x20 || c == 0x7f) {
            buffer_printf(out, "\\u%04x", c);
        } else if (length == 0) {
            buffer_text(out, "\xef\xbf\xbd");
        } else {
            buffer_append(out, text.data + at, length);
        }
        at += length == 0 ? 1 : length;
    }
    buffer_char(out, '"');
}

void labels_json(struct buffer *out, const struct labels *labels)
{
    buffer_char(out, '{');
    for (uint32_t k = 0; k < labels->count; k++) {
        if (k > 0) {
            buffer_char(out, ',');
        }
        alert_json_text(out, labels->items[k].name);
        buffer_char(out, ':');
        alert_json_text(out, labels->items[k].value);
    }
    buffer_char(out, '}');
}
