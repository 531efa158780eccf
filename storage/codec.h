/*
 * codec.h: one column of one granule as bytes, and back.
 *
 * A block is: nulls, codec number, payload (docs/FORMAT.md, "Blocks"). The codec is chosen per block by looking at the
 * values, and at what the column's CODEC asks for (codec_wish.h): what is smallest, cheap ones first. New codecs get
 * new numbers; numbers are never reused.
 *
 *   constant      one value
 *   plain         the values as they are
 *   frame         value − minimum, bit-packed, outliers patched [frame of reference; PFOR: Zukowski et al., ICDE 2006]
 *   delta         difference to the value before − smallest difference, bit-packed; for times, counters, sorted values
 *   decimal       floats that are whole multiples of 10^-e: the whole numbers as frame [ALP: Afroozeh et al., 2024]
 *   codes         bit-packed codes into the segment's dictionary of this column
 *   strings       lengths as frame, bytes together, LZ4 where it helps
 *   hex           strings of hex digits of one length, two digits a byte
 *   lz4           the values' bytes through LZ4
 *   array, tuple  blocks of sizes and elements, of a tuple's elements (codec_nested.c)
 *   codes frame   codes that lie close together: of sorted columns
 *   table         few different numbers, bit-packed places among them
 *   mostly        one number in most rows; which rows are others, and these as a block of their own
 *   runs          equal neighbours: lengths as frame, one value each as a block of their own
 *   decimals      decimal whose whole numbers are a block of their own: deltas, runs, …
 *   template      strings of one length that differ in few places, few symbols there: prefixed ids, UUIDs
 *   zstd          bytes of strings, or the values' transposed bytes, through ZSTD: what merges write
 *
 * thread   any: no shared state.  input: encoded bytes are hostile; damage is ERR_CORRUPT, never a read outside.
 */
#ifndef STORAGE_CODEC_H
#define STORAGE_CODEC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "storage/codec_wish.h"
#include "storage/column.h"
#include "storage/column_need.h"
#include "storage/number_ranges.h"

#include <stdbool.h>
#include <stdint.h>

enum codec {
    CODEC_CONSTANT = 1,
    CODEC_PLAIN = 2,
    CODEC_FRAME = 3,
    CODEC_DELTA = 4,
    CODEC_DECIMAL = 5,
    CODEC_CODES = 6,
    CODEC_STRINGS = 7,
    CODEC_HEX = 8,
    CODEC_LZ4 = 9,
    CODEC_ARRAY = 10,
    CODEC_TUPLE = 11,
    CODEC_CODES_FRAME = 12,
    CODEC_TABLE = 13,
    CODEC_MOSTLY = 14,
    CODEC_RUNS = 15,
    CODEC_DECIMALS = 16,
    CODEC_TEMPLATE = 17,
    CODEC_ZSTD = 18,
};

/* What is known of a block's values without reading it. min and max are of the values that are not NULL nor NaN. */
struct zone {
    bool known; /* false: all are NULL (or NaN), or the type has no order that zones keep */
    bool exact; /* min and max are values; false: bounds (strings longer than ZONE_STRING_BYTES) */
    uint32_t null_count;
    union zone_value {
        uint8_t bytes[16];        /* the value as in a flat column */
        unsigned __int128 number; /* for its alignment */
        struct {
            uint8_t length;
            char text[15];
        } string;
    } min, max;
    __int128 sum; /* integers, Bool and decimals: of the values that are not NULL; else 0 */
};
#define ZONE_STRING_BYTES 15U

/* Scratch memory of an encoder, reused from block to block. Starts as {0}. */
struct codec_scratch {
    bool cold;              /* smaller bytes count more than time: merges */
    struct codec_wish wish; /* of the column whose block is next */
    uint32_t depth;         /* of blocks inside blocks */
    struct buffer bytes;
    struct buffer numbers;
    struct buffer more;
    struct buffer inside[3]; /* values of a block inside, by depth */
    struct buffer lz4hc;     /* LZ4's state */
    struct ZSTD_CCtx_s *zstd;
};
void codec_scratch_deinit(struct codec_scratch *scratch);
uint64_t codec_scratch_memory(const struct codec_scratch *scratch); /* bytes that it holds */

/*
 * Appends the block of a column (any form; DICT columns become codes, so their dictionary must be the segment's).
 * zone may be NULL; nested columns have none. Rows: 1…CHUNK_ROWS_MAX. errors: memory; a block that is too large.
 */
struct err *codec_encode(const struct column *column, struct codec_scratch *scratch, struct buffer *out,
                         struct zone *zone);

/*
 * Decodes a block. Strings point into `block`, or into the arena, so both must outlive the column.
 * dictionary: the segment's for this column, or NULL. The result is FLAT, CONST or DICT.
 * errors   ERR_CORRUPT says what is wrong; the caller adds where.
 */
struct err *codec_decode(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                         const struct column *dictionary, uint64_t dictionary_id, struct column **out);
/* Decodes as much of it as its reader looks at; what it does not is skipped, and not checked. */
struct err *codec_decode_need(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                              const struct column *dictionary, uint64_t dictionary_id, const struct column_need *need,
                              struct column **out);

/*
 * The rows at these positions (ascending, each below row_count), without decoding the others, where its codec allows;
 * *out NULL: it does not, or the block is damaged: decode it.
 */
struct err *codec_pick(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                       const struct column *dictionary, uint64_t dictionary_id, const uint32_t *positions,
                       uint32_t count, struct column **out);

/*
 * Rows of a String block that are this text, without decoding it, where its code allows. *known false: it does not, or
 * the block is damaged: decode it. positions: room for row_count.
 */
void codec_find_text(struct slice block, uint32_t row_count, struct slice text, uint32_t *positions, uint32_t *count,
                     bool *known);

/*
 * Rows of a block whose numbers lie in the ranges and are not NULL, without decoding it, where its codec allows: bit
 * k mod 64 of word k ÷ 64 is row k, bits behind the last row are 0. *known false: it does not, there are too many
 * ranges, or the block is damaged: decode it. bits: all words that row_count has bits in.
 */
struct err *codec_filter(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                         const struct number_ranges *ranges, uint64_t *bits, bool *known);

/* The codec of a block, for statistics; 0 for a damaged one. */
enum codec codec_of_block(struct slice block, uint32_t row_count);
const char *codec_name(enum codec codec);

#endif
