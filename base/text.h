/*
 * text.h: a growable byte buffer, for building messages, replies and files.
 *
 * A buffer starts as {0}. Appending never fails half: when memory is out, `failed` is set and every later append does
 * nothing, so that one check at the end is enough. Big buffers come from pages.h.
 * thread   one at a time.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

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

#endif
