/*
 * text.h: a growable byte buffer, for building messages, replies and files.
 *
 * A buffer starts as {0}. Appending never fails half: when memory is out, `failed` is set and every later append does
 * nothing, so that one check at the end is enough. Big buffers come from pages.h.
 * thread   one at a time.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/interrupt.h"
#include "base/slice.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
    char *data;
    size_t length; /* bytes in use */
    size_t capacity;
    bool failed;
};

void buffer_deinit(struct buffer *buffer);                /* back to {0} */
bool buffer_reserve(struct buffer *buffer, size_t bytes); /* room for that many more; false: memory is out */
void buffer_grow(struct buffer *buffer, size_t bytes);    /* as buffer_reserve, sets failed */
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline void buffer_append(struct buffer *buffer, const void *data, size_t bytes)
{
    if (buffer->capacity - buffer->length < bytes) {
        buffer_grow(buffer, bytes);
        if (buffer->failed) {
            return;
        }
    }
    if (bytes > 0) {
        memcpy(buffer->data + buffer->length, data, bytes);
        buffer->length += bytes;
    }
}

static inline void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

static inline void buffer_slice(struct buffer *buffer, struct slice slice)
{
    buffer_append(buffer, slice.data, slice.length);
}

static inline void buffer_char(struct buffer *buffer, char byte)
{
    buffer_append(buffer, &byte, 1);
}

static inline struct slice buffer_all(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->length};
}

/* ---- UTF-8 */

/* Encodes a code point (below 0x110000) into at most 4 bytes; returns how many. */
static inline size_t utf8_put(uint32_t point, char *to)
{
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    to[0] = (char)((length == 2 ? 0xc0 : length == 3 ? 0xe0 : 0xf0) | point);
    return length;
}

/* Bytes of the code point at `at`, by its first byte; 1 for what is not UTF-8. */
static inline size_t utf8_bytes(struct slice text, size_t at)
{
    unsigned char c = (unsigned char)text.data[at];
    size_t length = c < 0xc0 || c >= 0xf8 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    return at + length <= text.length ? length : 1;
}

/* Points of the text; fewer when the thread is interrupted. */
static inline size_t utf8_count(struct slice text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.length && !interrupted_at(count); at += utf8_bytes(text, at)) {
        count++;
    }
    return count;
}

/* Four hexadecimal digits, of either case; false: they are none. */
static inline bool hex_read_4(const char *at, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        char low = (char)(c | 0x20);
        if (!((c >= '0' && c <= '9') || (low >= 'a' && low <= 'f'))) {
            return false;
        }
        *out = *out << 4 | (uint32_t)(c <= '9' ? c - '0' : low - 'a' + 10);
    }
    return true;
}

/* Behind the space that JSON and SQL allow between their words. */
static inline const char *text_skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) {
        at++;
    }
    return at;
}

/* The code point of JSON's \uXXXX, or of a pair of them: `at` behind the u. Returns the bytes that belong to it, 4 or
 * 10; 0: it is broken. A second half alone is taken as it is. */
static inline size_t json_escape_point(const char *at, const char *end, uint32_t *point)
{
    uint32_t low;
    if (end - at < 4 || !hex_read_4(at, point)) {
        return 0;
    }
    if (*point < 0xd800 || *point >= 0xdc00) {
        return 4;
    }
    if (end - at < 10 || at[4] != '\\' || at[5] != 'u' || !hex_read_4(at + 6, &low) || low < 0xdc00 || low > 0xdfff) {
        return 0;
    }
    *point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
    return 10;
}

#endif
