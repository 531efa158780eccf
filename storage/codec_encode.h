/*
 * codec_encode.h: how values are written, for codec.c: numbers (codec_numbers.c) and strings (codec_strings.c).
 *
 * Each function appends a codec's number and what follows it; memory that is out shows in out->failed.
 */
#ifndef STORAGE_CODEC_ENCODE_H
#define STORAGE_CODEC_ENCODE_H

#include "storage/codec.h"

static inline void codec_put(struct buffer *out, uint64_t value, size_t width)
{
    buffer_append(out, &value, width); /* little-endian */
}

static inline void *codec_scratch_bytes(struct buffer *buffer, size_t bytes)
{
    buffer->length = 0;
    return buffer_reserve(buffer, bytes) ? buffer->data : NULL;
}

/* ---- numbers of 1, 2, 4 and 8 bytes as 64-bit ones, signed ones by sign extension */
struct survey {
    uint64_t min, max; /* as the type orders them */
    uint32_t runs;     /* of equal neighbours */
    bool sorted;       /* never falls */
    bool constant;
    __int128 sum;
};
bool codec_is_signed(const struct type *type);
void codec_widen(const struct column *column, uint32_t count, uint64_t *numbers);
struct survey codec_survey(const uint64_t *numbers, uint32_t count, bool is_signed);
/* numbers are in scratch->numbers, and changed. */
void codec_put_numbers(struct buffer *out, struct codec_scratch *scratch, const struct type *type, uint64_t *numbers,
                       uint32_t count, const struct survey *survey);
/* False: the values are not decimals. */
bool codec_put_decimals(struct buffer *out, struct codec_scratch *scratch, const double *values, uint32_t count);
/* Float32, and Float64 that are no decimals. */
void codec_put_floats(struct buffer *out, struct codec_scratch *scratch, const struct column *column);
/* A frame of numbers − base: the width that makes values and patches together smallest. numbers are changed. */
void codec_put_frame(struct buffer *out, uint64_t *numbers, uint32_t count, uint64_t base);

/* ---- strings and other bytes */
void codec_put_strings(struct buffer *out, struct codec_scratch *scratch, const struct slice *slices, uint32_t count);
/* Values of a fixed width that no other codec is for. series: transposed, whatever the column's CODEC says. */
void codec_put_values(struct buffer *out, struct codec_scratch *scratch, const void *values, uint32_t count,
                      uint32_t width, bool series);

#endif
