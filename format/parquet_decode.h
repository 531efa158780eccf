/*
 * parquet_decode.h: the encodings of Parquet's pages: runs of small numbers (levels, places in dictionaries) and values.
 *
 * raw      A value as it stands in a page: so many bytes, of a Bool one; of a BYTE_ARRAY a struct slice, whose bytes stand
 *          in the page, and for DELTA_BYTE_ARRAY in the arena until the next value is taken.
 * input    hostile: values come one after the other, so that what a page says of their number makes nobody allocate
 * thread   one at a time
 * source   https://github.com/apache/parquet-format/blob/master/Encodings.md
 */
#ifndef FORMAT_PARQUET_DECODE_H
#define FORMAT_PARQUET_DECODE_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum parquet_encoding {
    PARQUET_PLAIN = 0,
    PARQUET_PLAIN_DICTIONARY = 2,
    PARQUET_RLE = 3,
    PARQUET_BIT_PACKED = 4,
    PARQUET_DELTA_BINARY_PACKED = 5,
    PARQUET_DELTA_LENGTH_BYTE_ARRAY = 6,
    PARQUET_DELTA_BYTE_ARRAY = 7,
    PARQUET_RLE_DICTIONARY = 8,
    PARQUET_BYTE_STREAM_SPLIT = 9,
};

/* Numbers of `bits` bits, 32 at most, as runs and bit-packed groups. */
struct parquet_runs {
    const char *at, *end;
    uint32_t bits;
    uint64_t repeats; /* of `number`, left */
    uint64_t packed;  /* numbers of the group, left, from */
    uint64_t place;   /* this bit on */
    const char *group_end;
    uint32_t number;
};

void parquet_runs_begin(struct parquet_runs *runs, struct slice bytes, uint32_t bits);
/* The next numbers. False: there are not so many. */
bool parquet_runs_take(struct parquet_runs *runs, uint32_t *out, uint32_t count);

/* DELTA_BINARY_PACKED */
struct parquet_deltas {
    const char *at, *end;
    uint64_t left; /* values */
    uint64_t value, least;
    uint32_t block, miniblocks, in_miniblock; /* values of a block; miniblocks of it; values of one of them */
    const char *widths;
    uint32_t miniblock; /* that is read; miniblocks: the block has ended */
    uint32_t of_mini;   /* values of it that are taken */
    bool first;         /* it stands in the head */
};

/* False: the head is wrong. */
bool parquet_deltas_begin(struct parquet_deltas *deltas, struct slice bytes);
bool parquet_deltas_take(struct parquet_deltas *deltas, uint64_t *out);
/* Where the bytes behind all values begin; NULL: they are not whole. */
const char *parquet_deltas_end(const struct parquet_deltas *deltas);

struct parquet_dictionary_in {
    const char *raw; /* count × raw_width; NULL: none */
    uint32_t count;
};

/* A page's values. */
struct parquet_values {
    enum parquet_encoding encoding;
    bool is_text, is_bits;
    uint32_t width;     /* of a value in the page; 0: texts, bits */
    uint32_t raw_width; /* of a raw value */
    const char *at, *end;
    uint64_t place, count; /* bits; BYTE_STREAM_SPLIT: values */
    struct parquet_runs runs;
    struct parquet_deltas deltas, suffixes;
    const struct parquet_dictionary_in *dictionary;
    struct arena *arena;
    char *last; /* DELTA_BYTE_ARRAY: the value before */
    size_t last_bytes, last_room;
};

/* The page's values, whose type and dictionary are set. Returns NULL, or what is wrong: static. */
const char *parquet_values_begin(struct parquet_values *values, enum parquet_encoding encoding, struct slice bytes);
/* The next raw values; how many can be asked for at once: */
const char *parquet_values_take(struct parquet_values *values, char *out, uint32_t count);
static inline uint32_t parquet_values_step(const struct parquet_values *values)
{
    return values->encoding == PARQUET_DELTA_BYTE_ARRAY ? 1 : UINT32_MAX;
}

/* Unpacks a page: out has its bytes. False: they are not exactly these. */
bool parquet_unpack(int32_t codec, struct slice packed, char *out, size_t bytes);
bool parquet_codec_known(int32_t codec);
/* May so few bytes be so many? */
bool parquet_unpack_possible(int32_t codec, struct slice packed, size_t bytes);

#endif
