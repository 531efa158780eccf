/*
 * slice.h: bytes that somebody else owns: not terminated, may hold NUL bytes, may be empty (data is then ignored).
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct slice {
    const char *data;
    size_t length; /* bytes */
};

static inline struct slice slice_of(const char *data, size_t length)
{
    return (struct slice){data, length};
}

static inline struct slice slice_text(const char *text)
{
    return (struct slice){text, strlen(text)};
}

/* Where the bytes behind it would begin. */
static inline const char *slice_end(struct slice slice)
{
    return slice.length == 0 ? slice.data : slice.data + slice.length;
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* Equal, in any case of the letters a to z. */
static inline bool slice_is_word(struct slice text, const char *word)
{
    return strlen(word) == text.length && strncasecmp(text.data, word, text.length) == 0;
}

/* Byte order, as ClickHouse compares strings: < 0, 0, > 0. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    if (shorter >= 8) { /* mostly the first bytes decide */
        uint64_t x, y;
        memcpy(&x, a.data, 8);
        memcpy(&y, b.data, 8);
        if (x != y) {
            return __builtin_bswap64(x) < __builtin_bswap64(y) ? -1 : 1;
        }
    } else if (shorter > 0 && a.data[0] != b.data[0]) {
        return (unsigned char)a.data[0] < (unsigned char)b.data[0] ? -1 : 1;
    }
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* Its beginning: so many bytes at the most, whole characters of UTF-8. */
static inline struct slice slice_cut(struct slice text, size_t bytes)
{
    if (text.length > bytes) {
        text.length = bytes;
        while (text.length > 0 && ((unsigned char)text.data[text.length] & 0xc0) == 0x80) {
            text.length--;
        }
    }
    return text;
}

/* What of it fits, so cut, and a NUL; size: 1 at least. */
static inline void slice_copy(char *to, size_t size, struct slice text)
{
    text = slice_cut(text, size - 1);
    if (text.length > 0) {
        memcpy(to, text.data, text.length);
    }
    to[text.length] = 0;
}

/* For printf: "%.*s", SLICE_ARG(s). Cut at 2^31 - 1 bytes. */
#define SLICE_ARG(s) ((int)((s).length > 0x7fffffff ? 0x7fffffff : (s).length)), ((s).length ? (s).data : "")

#endif
