/*
 * codec_read.h: reading a block's bytes, for codec_decode.c (numbers, codes) and codec_decode_strings.c.
 *
 * input    hostile: every length is checked against the block before it is used
 */
#ifndef STORAGE_CODEC_READ_H
#define STORAGE_CODEC_READ_H

#include "storage/codec.h"

struct block_reader {
    const uint8_t *at;
    const uint8_t *end; /* without the slack */
    bool failed;
};

static inline const uint8_t *codec_take(struct block_reader *reader, size_t bytes)
{
    if (reader->failed || (size_t)(reader->end - reader->at) < bytes) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *data = reader->at;
    reader->at += bytes;
    return data;
}

static inline uint64_t codec_number(struct block_reader *reader, size_t width)
{
    uint64_t value = 0;
    const uint8_t *data = codec_take(reader, width);
    if (data != NULL) {
        memcpy(&value, data, width);
    }
    return value;
}

static inline struct err *codec_corrupt(const char *what)
{
    return err_new(ERR_CORRUPT, "the block is damaged: %s", what);
}

/* A frame whose numbers have not been unpacked yet. */
struct codec_frame {
    uint64_t base;
    uint32_t width;
    uint32_t patches;
    const uint8_t *patch_data;
    const uint8_t *packed;
};
struct err *codec_take_frame(struct block_reader *reader, uint32_t count, struct codec_frame *frame);

/* A decimal's exponent and patches. */
struct codec_decimal {
    uint32_t exponent;
    uint32_t patches;
    const uint8_t *patch_data;
};
struct err *codec_take_decimal(struct block_reader *reader, struct codec_decimal *decimal);
extern const double codec_powers[]; /* of ten, by the exponent */

/* A frame of count numbers, as values of `width` bytes. */
struct err *codec_read_frame(struct block_reader *reader, uint32_t count, uint32_t width, void *out);

/* What stands behind the numbers of codecs strings, hex and template. */
struct err *codec_read_strings(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out);
struct err *codec_read_hex(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out);
struct err *codec_read_template(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out);
/* Of its rows those at these positions (codec_pick). */
struct err *codec_pick_hex(struct arena *arena, struct block_reader *reader, uint32_t rows, const uint32_t *positions,
                           uint32_t count, struct slice *out);
struct err *codec_pick_template(struct arena *arena, struct block_reader *reader, uint32_t rows,
                                const uint32_t *positions, uint32_t count, struct slice *out);
/* Codecs plain, lz4 and zstd, whose number is `codec`. */
struct err *codec_read_values(struct arena *arena, struct block_reader *reader, enum codec codec, uint32_t count,
                              uint32_t width, void *out);

#endif
