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

/* A frame of count numbers, as values of `width` bytes. */
struct err *codec_read_frame(struct block_reader *reader, uint32_t count, uint32_t width, void *out);

/* What stands behind the numbers of codecs strings, hex and template. */
struct err *codec_read_strings(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out);
struct err *codec_read_hex(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out);
struct err *codec_read_template(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out);
/* Codecs plain, lz4 and zstd, whose number is `codec`. */
struct err *codec_read_values(struct arena *arena, struct block_reader *reader, enum codec codec, uint32_t count,
                              uint32_t width, void *out);

#endif
