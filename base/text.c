/*
 * text.c: the growable byte buffer.
 */
#include "base/text.h"

#include "base/pages.h"

#include <stdio.h>
#include <stdlib.h>

#define BUFFER_BYTES_FIRST ((size_t)256)

static void release(char *data, size_t capacity)
{
    if (capacity >= PAGES_BYTES_MIN) {
        pages_free(data, capacity);
    } else {
        free(data);
    }
}

void buffer_deinit(struct buffer *buffer)
{
    release(buffer->data, buffer->capacity);
    *buffer = (struct buffer){0};
}

bool buffer_reserve(struct buffer *buffer, size_t bytes)
{
    if (buffer->capacity - buffer->length >= bytes) {
        return true;
    }
    size_t wanted;
    if (__builtin_add_overflow(buffer->length, bytes, &wanted) || wanted > SIZE_MAX / 2) {
        return false;
    }
    size_t capacity = buffer->capacity < BUFFER_BYTES_FIRST ? BUFFER_BYTES_FIRST : buffer->capacity * 2;
    while (capacity < wanted) {
        capacity *= 2;
    }
    char *data = capacity >= PAGES_BYTES_MIN ? pages_alloc(capacity, &capacity) : malloc(capacity);
    if (data == NULL) {
        return false;
    }
    if (buffer->length > 0) {
        memcpy(data, buffer->data, buffer->length);
    }
    release(buffer->data, buffer->capacity);
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void buffer_grow(struct buffer *buffer, size_t bytes)
{
    if (buffer->failed || !buffer_reserve(buffer, bytes)) {
        buffer->failed = true;
    }
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0) {
        buffer->failed = true;
        return;
    }
    buffer_grow(buffer, (size_t)length + 1);
    if (!buffer->failed) {
        va_start(list, format);
        (void)vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, list);
        va_end(list);
        buffer->length += (size_t)length;
    }
}
