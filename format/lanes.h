/*
 * lanes.h: the columns of a chunk as a writer of text goes through them, row by row: where values, codes and NULLs are is
 * looked up once, the usual values are printed straight into the output, texts without anything to escape are looked at
 * and copied 16 bytes at a time.
 */
#ifndef FORMAT_LANES_H
#define FORMAT_LANES_H

#include "format/writer_private.h"

#include <simde/x86/sse2.h>

enum lane_kind { LANE_OTHER, LANE_TEXT, LANE_NUMBER, LANE_FLOAT, LANE_TIME };

struct lane {
    enum lane_kind kind;
    const struct column *column; /* as the chunk has it */
    const void *values;
    const uint8_t *nulls;  /* or NULL */
    const uint32_t *codes; /* of the values; or NULL */
    uint32_t step;         /* 0: one value stands for all rows */
    const struct type *type;
    /* LANE_TIME: what the last value had */
    const struct timezone *zone;
    int64_t offset_begin, offset_end; /* moments with this offset */
    int32_t offset;
    int64_t day;
    char day_text[16];
};

/* Of all columns, in the writer's memory until the next chunk; NULL: memory is out, and the output has failed. */
struct lane *lanes_of(struct writer *writer, const struct chunk *chunk);

/* Where the row's value is. */
static inline size_t lane_place(const struct lane *lane, uint32_t row)
{
    return lane->codes != NULL ? lane->codes[row] : (size_t)row * lane->step;
}

/* Appends a number or time that is no NULL: LANE_NUMBER, LANE_FLOAT, LANE_TIME. */
void lane_print(struct lane *lane, struct buffer *out, size_t place);

/* Room for so many bytes behind the output; NULL: memory is out. */
static inline char *lane_room(struct buffer *out, size_t bytes)
{
    if (out->capacity - out->length < bytes) {
        buffer_grow(out, bytes);
        if (out->failed) {
            return NULL;
        }
    }
    return out->data + out->length;
}

/* The bytes that a kind of text escapes, and some more. */
enum lane_escapes { ESCAPES_TSV, ESCAPES_JSON, ESCAPES_JSON_SLASHES };

static inline simde__m128i lane_escaped(simde__m128i bytes, enum lane_escapes escapes)
{
    simde__m128i found = simde_mm_cmpeq_epi8(simde_mm_min_epu8(bytes, simde_mm_set1_epi8(0x1f)), bytes);
    found = simde_mm_or_si128(found, simde_mm_cmpeq_epi8(bytes, simde_mm_set1_epi8('\\')));
    if (escapes == ESCAPES_TSV) {
        return simde_mm_or_si128(found, simde_mm_cmpeq_epi8(bytes, simde_mm_set1_epi8('\'')));
    }
    found = simde_mm_or_si128(found, simde_mm_cmpeq_epi8(bytes, simde_mm_set1_epi8('"')));
    found = simde_mm_or_si128(found, simde_mm_cmpeq_epi8(bytes, simde_mm_set1_epi8((char)0xe2)));
    return escapes == ESCAPES_JSON_SLASHES
               ? simde_mm_or_si128(found, simde_mm_cmpeq_epi8(bytes, simde_mm_set1_epi8('/')))
               : found;
}

/* At most 16 bytes, letters behind them. */
static inline simde__m128i lane_short(const char *at, size_t length)
{
    char bytes[16];
    simde_mm_storeu_si128((simde__m128i *)(void *)bytes, simde_mm_set1_epi8('x'));
    if (length >= 8) {
        memcpy(bytes, at, 8);
        memcpy(bytes + length - 8, at + length - 8, 8);
    } else if (length >= 4) {
        memcpy(bytes, at, 4);
        memcpy(bytes + length - 4, at + length - 4, 4);
    } else {
        for (size_t k = 0; k < length; k++) {
            bytes[k] = at[k];
        }
    }
    return simde_mm_loadu_si128((const simde__m128i *)(const void *)bytes);
}

/* Copies the text to `to`, which has room for 16 bytes more; false: it has bytes that may have to be escaped. */
static inline bool lane_copy_plain(char *to, struct slice text, enum lane_escapes escapes)
{
    simde__m128i found;
    if (text.length <= 16) {
        simde__m128i bytes = lane_short(text.data, text.length);
        simde_mm_storeu_si128((simde__m128i *)(void *)to, bytes);
        return simde_mm_movemask_epi8(lane_escaped(bytes, escapes)) == 0;
    }
    size_t last = text.length - 16;
    simde__m128i bytes = simde_mm_loadu_si128((const simde__m128i *)(const void *)(text.data + last));
    found = lane_escaped(bytes, escapes);
    simde_mm_storeu_si128((simde__m128i *)(void *)(to + last), bytes);
    for (size_t k = 0; k < last; k += 16) {
        bytes = simde_mm_loadu_si128((const simde__m128i *)(const void *)(text.data + k));
        found = simde_mm_or_si128(found, lane_escaped(bytes, escapes));
        simde_mm_storeu_si128((simde__m128i *)(void *)(to + k), bytes);
    }
    return simde_mm_movemask_epi8(found) == 0;
}

#endif
