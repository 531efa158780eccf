/*
 * codec_decode.c: blocks back into columns.
 *
 * input    hostile: every length is checked against the block before it is used
 * flow     storage/segment_reader.c → here → codec_decode_strings.c
 * inside   runs, mostly and decimals hold a block of their values, at most NEST_MAX deep
 */
#include "base/vector.h"
#include "storage/bitpack.h"
#include "storage/codec.h"
#include "storage/codec_layout.h"
#include "storage/codec_nested.h"
#include "storage/codec_read.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

struct err *codec_take_frame(struct block_reader *reader, uint32_t count, struct codec_frame *frame)
{
    frame->base = codec_number(reader, 8);
    frame->width = (uint32_t)codec_number(reader, 1);
    frame->patches = (uint32_t)codec_number(reader, 2);
    if (reader->failed || frame->width > 64 || (frame->width > 56 && frame->width != 64) || frame->patches > count ||
        (frame->width == 64 && frame->patches > 0)) {
        return codec_corrupt("a frame's width or number of patches");
    }
    frame->patch_data = codec_take(reader, (size_t)frame->patches * 10);
    frame->packed = codec_take(reader, bitpack_bytes(count, frame->width));
    return reader->failed ? codec_corrupt("a frame ends early") : NULL;
}

#define FRAME_READ(bits)                                                                                               \
    static struct err *frame_read##bits(const struct codec_frame *frame, uint32_t count, uint##bits##_t *out)          \
    {                                                                                                                  \
        if (frame->width > bits) {                                                                                     \
            return codec_corrupt("a frame is wider than its type");                                                    \
        }                                                                                                              \
        bitpack_unpack##bits(frame->packed, count, frame->width, (uint##bits##_t)frame->base, out);                    \
        for (uint32_t k = 0; k < frame->patches; k++) {                                                                \
            uint16_t row;                                                                                              \
            uint64_t value;                                                                                            \
            memcpy(&row, frame->patch_data + (size_t)k * 10, 2);                                                       \
            memcpy(&value, frame->patch_data + (size_t)k * 10 + 2, 8);                                                 \
            if (row >= count) {                                                                                        \
                return codec_corrupt("a patch lies outside");                                                          \
            }                                                                                                          \
            out[row] = (uint##bits##_t)(frame->base + value);                                                          \
        }                                                                                                              \
        return NULL;                                                                                                   \
    }
FRAME_READ(8)
FRAME_READ(16)
FRAME_READ(32)
FRAME_READ(64)

struct err *codec_read_frame(struct block_reader *reader, uint32_t count, uint32_t width, void *out)
{
    struct codec_frame frame;
    struct err *err = codec_take_frame(reader, count, &frame);
    if (err != NULL) {
        return err;
    }
    switch (width) {
    case 1:
        return frame_read8(&frame, count, out);
    case 2:
        return frame_read16(&frame, count, out);
    case 4:
        return frame_read32(&frame, count, out);
    default:
        return frame_read64(&frame, count, out);
    }
}

/* Sums of four at a time: each four wait for one addition of those before, not for four. */
#define PREFIX_SUM(bits)                                                                                               \
    do {                                                                                                               \
        uint##bits##_t *values = out, sum = (uint##bits##_t)first;                                                     \
        uint32_t k = 1;                                                                                                \
        values[0] = sum;                                                                                               \
        for (; k + 4 <= count; k += 4) {                                                                               \
            uint##bits##_t a = values[k];                                                                              \
            uint##bits##_t b = (uint##bits##_t)(a + values[k + 1]);                                                    \
            uint##bits##_t c = (uint##bits##_t)(b + values[k + 2]);                                                    \
            uint##bits##_t d = (uint##bits##_t)(c + values[k + 3]);                                                    \
            values[k] = (uint##bits##_t)(sum + a);                                                                     \
            values[k + 1] = (uint##bits##_t)(sum + b);                                                                 \
            values[k + 2] = (uint##bits##_t)(sum + c);                                                                 \
            values[k + 3] = (uint##bits##_t)(sum + d);                                                                 \
            sum = (uint##bits##_t)(sum + d);                                                                           \
        }                                                                                                              \
        for (; k < count; k++) {                                                                                       \
            sum = (uint##bits##_t)(sum + values[k]);                                                                   \
            values[k] = sum;                                                                                           \
        }                                                                                                              \
    } while (0)

static struct err *read_delta(struct block_reader *reader, uint32_t count, uint32_t width, void *out)
{
    uint64_t first = codec_number(reader, 8);
    struct err *err = count < 2 ? codec_corrupt("a delta of one value")
                                : codec_read_frame(reader, count - 1, width, (char *)out + width);
    if (err != NULL) {
        return err;
    }
    switch (width) {
    case 1:
        PREFIX_SUM(8);
        break;
    case 2:
        PREFIX_SUM(16);
        break;
    case 4:
        PREFIX_SUM(32);
        break;
    default:
        PREFIX_SUM(64);
        break;
    }
    return NULL;
}

const double codec_powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};

/* The whole numbers that are in the places of doubles, over a power of ten. */
VECTORISED static void divide_all(double *out, uint32_t count, double power)
{
    const int64_t *numbers = (const int64_t *)(const void *)out;
    for (uint32_t k = 0; k < count; k++) {
        out[k] = (double)numbers[k] / power;
    }
}

struct err *codec_take_decimal(struct block_reader *reader, struct codec_decimal *decimal)
{
    decimal->exponent = (uint32_t)codec_number(reader, 1);
    decimal->patches = (uint32_t)codec_number(reader, 2);
    decimal->patch_data = codec_take(reader, (size_t)decimal->patches * 10);
    return reader->failed || decimal->exponent > 10 ? codec_corrupt("a decimal's exponent or patches") : NULL;
}

/* out: the whole numbers, in the places of doubles. */
static struct err *decimal_values(const struct codec_decimal *decimal, uint32_t count, double *out)
{
    divide_all(out, count, codec_powers[decimal->exponent]);
    for (uint32_t k = 0; k < decimal->patches; k++) {
        uint16_t row;
        memcpy(&row, decimal->patch_data + (size_t)k * 10, 2);
        if (row >= count) {
            return codec_corrupt("a patch lies outside");
        }
        memcpy(&out[row], decimal->patch_data + (size_t)k * 10 + 2, 8);
    }
    return NULL;
}

static struct err *read_decimal(struct block_reader *reader, uint32_t count, double *out)
{
    struct codec_decimal decimal;
    struct err *err = codec_take_decimal(reader, &decimal);
    if (err == NULL) {
        err = codec_read_frame(reader, count, 8, out);
    }
    return err == NULL ? decimal_values(&decimal, count, out) : err;
}

/* ---- blocks inside */

static struct err *decode_block(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                                const struct column *dictionary, uint64_t dictionary_id, const struct column_need *need,
                                uint32_t depth, struct column **out);

/* The block of `count` numbers of the type that follows behind its length; flat. */
static struct err *take_inside(struct arena *arena, struct block_reader *reader, const struct type *type,
                               uint32_t count, uint32_t depth, const void **values)
{
    size_t bytes = codec_number(reader, 4);
    const uint8_t *data = codec_take(reader, bytes);
    struct type *plain = ARENA_NEW(arena, struct type);
    struct column *column = NULL;
    if (reader->failed || depth >= NEST_MAX) {
        return codec_corrupt("a block inside it");
    }
    if (plain == NULL) {
        return arena_error(arena);
    }
    *plain = *type;
    plain->nullable = false;
    struct err *err = decode_block(arena, slice_of((const char *)data, bytes), plain, count, NULL, 0,
                                   &column_need_whole, depth + 1, &column);
    if (err != NULL) {
        return err;
    }
    const struct column *flat = column_flat(arena, column);
    if (flat == NULL) {
        return arena_error(arena);
    }
    *values = flat->values;
    return NULL;
}

static struct err *read_decimals(struct arena *arena, struct block_reader *reader, uint32_t count, uint32_t depth,
                                 double *out)
{
    struct codec_decimal decimal;
    const void *numbers = NULL;
    struct err *err = codec_take_decimal(reader, &decimal);
    if (err == NULL) {
        err = take_inside(arena, reader, type_simple(TYPE_INT64), count, depth, &numbers);
    }
    if (err != NULL) {
        return err;
    }
    memcpy(out, numbers, (size_t)count * 8);
    return decimal_values(&decimal, count, out);
}

#define PICK(bits)                                                                                                     \
    do {                                                                                                               \
        uint##bits##_t values[256] = {0}, *to = out;                                                                   \
        memcpy(values, table, (size_t)entries *width);                                                                 \
        for (uint32_t k = 0; k < count; k++) {                                                                         \
            to[k] = values[codes[k]];                                                                                  \
        }                                                                                                              \
    } while (0)

static struct err *read_table(struct block_reader *reader, uint32_t count, uint32_t width, void *out)
{
    uint8_t codes[CHUNK_ROWS_MAX];
    uint32_t entries = (uint32_t)codec_number(reader, 1) + 1, code_width = bitpack_width(entries - 1);
    const uint8_t *table = codec_take(reader, (size_t)entries * width);
    const uint8_t *packed = codec_take(reader, bitpack_bytes(count, code_width));
    uint8_t most = 0;
    if (reader->failed) {
        return codec_corrupt("its table");
    }
    bitpack_unpack8(packed, count, code_width, 0, codes);
    for (uint32_t k = 0; k < count; k++) {
        most = codes[k] > most ? codes[k] : most;
    }
    if (most >= entries) {
        return codec_corrupt("a number lies outside its table");
    }
    switch (width) {
    case 1:
        PICK(8);
        break;
    case 2:
        PICK(16);
        break;
    case 4:
        PICK(32);
        break;
    default:
        PICK(64);
        break;
    }
    return NULL;
}

/* Row k is the next of the others if its bit is set, else the common value: without a branch, since bits are random. */
#define SPREAD(bits)                                                                                                   \
    do {                                                                                                               \
        const uint##bits##_t *from = others;                                                                           \
        uint##bits##_t *to = out, choice[2] = {0, 0};                                                                  \
        memcpy(choice, value, sizeof(choice[0]));                                                                      \
        for (uint32_t k = done, next = used; k < count; k++) {                                                         \
            uint32_t other = bitmap[k / 8] >> k % 8 & 1;                                                               \
            choice[1] = from[next < other_count ? next : 0];                                                           \
            to[k] = choice[other];                                                                                     \
            next += other;                                                                                             \
        }                                                                                                              \
    } while (0)

#if defined(__x86_64__)
#define EXPAND __attribute__((target("avx512f,popcnt")))

/* Sixteen rows a step; how many rows were done, and others used. */
EXPAND static uint32_t expand32(const uint8_t *bitmap, uint32_t count, uint32_t value, const uint32_t *others,
                                uint32_t *used, uint32_t *out)
{
    __m512i common = _mm512_set1_epi32((int)value);
    uint32_t k = 0;
    for (; k + 16 <= count; k += 16) {
        uint16_t set;
        memcpy(&set, bitmap + k / 8, 2);
        uint32_t some = (uint32_t)__builtin_popcount(set);
        __m512i values = _mm512_maskz_loadu_epi32((__mmask16)((1U << some) - 1), others + *used);
        _mm512_storeu_si512(out + k, _mm512_mask_expand_epi32(common, set, values));
        *used += some;
    }
    return k;
}

EXPAND static uint32_t expand64(const uint8_t *bitmap, uint32_t count, uint64_t value, const uint64_t *others,
                                uint32_t *used, uint64_t *out)
{
    __m512i common = _mm512_set1_epi64((long long)value);
    uint32_t k = 0;
    for (; k + 8 <= count; k += 8) {
        uint8_t set = bitmap[k / 8];
        uint32_t some = (uint32_t)__builtin_popcount(set);
        __m512i values = _mm512_maskz_loadu_epi64((__mmask8)((1U << some) - 1), others + *used);
        _mm512_storeu_si512(out + k, _mm512_mask_expand_epi64(common, set, values));
        *used += some;
    }
    return k;
}

static uint32_t expand(const uint8_t *bitmap, uint32_t count, uint32_t width, const uint8_t *value, const void *others,
                       uint32_t *used, void *out)
{
    uint32_t narrow = 0;
    uint64_t wide = 0;
    if (!__builtin_cpu_supports("avx512f") || (width != 4 && width != 8)) {
        return 0;
    }
    if (width == 4) {
        memcpy(&narrow, value, 4);
        return expand32(bitmap, count, narrow, others, used, out);
    }
    memcpy(&wide, value, 8);
    return expand64(bitmap, count, wide, others, used, out);
}
#else
static uint32_t expand(const uint8_t *bitmap, uint32_t count, uint32_t width, const uint8_t *value, const void *others,
                       uint32_t *used, void *out)
{
    (void)bitmap, (void)count, (void)width, (void)value, (void)others, (void)used, (void)out;
    return 0;
}
#endif

static struct err *read_mostly(struct arena *arena, struct block_reader *reader, const struct type *type,
                               uint32_t count, uint32_t depth, void *out)
{
    const uint8_t *value = codec_take(reader, type->width);
    uint32_t other_count = (uint32_t)codec_number(reader, 2), set = 0;
    const uint8_t *bitmap = codec_take(reader, (count + 7) / 8);
    const void *others = NULL;
    if (reader->failed || other_count == 0 || other_count > count) {
        return codec_corrupt("its rows of other values");
    }
    for (uint32_t byte = 0; byte < (count + 7) / 8; byte++) {
        set += (uint32_t)__builtin_popcount(bitmap[byte]);
    }
    if (set != other_count || (count % 8 != 0 && bitmap[count / 8] >> count % 8 != 0)) {
        return codec_corrupt("its rows of other values");
    }
    struct err *err = take_inside(arena, reader, type, other_count, depth, &others);
    if (err != NULL) {
        return err;
    }
    uint32_t used = 0, done = expand(bitmap, count, type->width, value, others, &used, out);
    switch (type->width) {
    case 1:
        SPREAD(8);
        break;
    case 2:
        SPREAD(16);
        break;
    case 4:
        SPREAD(32);
        break;
    default:
        SPREAD(64);
        break;
    }
    return NULL;
}

#define REPEAT(bits)                                                                                                   \
    do {                                                                                                               \
        const uint##bits##_t *from = values;                                                                           \
        uint##bits##_t *to = out;                                                                                      \
        for (uint32_t run = 0; run < runs; run++) {                                                                    \
            for (uint32_t k = 0; k < lengths[run]; k++) {                                                              \
                *to++ = from[run];                                                                                     \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

static struct err *read_runs(struct arena *arena, struct block_reader *reader, const struct type *type, uint32_t count,
                             uint32_t depth, void *out)
{
    uint16_t lengths[CHUNK_ROWS_MAX];
    uint32_t runs = (uint32_t)codec_number(reader, 2);
    const void *values = NULL;
    uint64_t sum = 0;
    if (reader->failed || runs == 0 || runs > count) {
        return codec_corrupt("its number of runs");
    }
    struct err *err = codec_read_frame(reader, runs, 2, lengths);
    for (uint32_t run = 0; err == NULL && run < runs; run++) {
        sum += lengths[run];
    }
    if (err == NULL && sum != count) {
        err = codec_corrupt("its runs are not as long as it");
    }
    if (err == NULL) {
        err = take_inside(arena, reader, type, runs, depth, &values);
    }
    if (err != NULL) {
        return err;
    }
    switch (type->width) {
    case 1:
        REPEAT(8);
        break;
    case 2:
        REPEAT(16);
        break;
    case 4:
        REPEAT(32);
        break;
    default:
        REPEAT(64);
        break;
    }
    return NULL;
}

/* ---- other forms */

static struct err *read_constant(struct arena *arena, struct block_reader *reader, const struct type *type,
                                 uint32_t count, struct column **out)
{
    struct slice text;
    const void *value;
    if (type->kind == TYPE_STRING) {
        text.length = codec_number(reader, 4);
        text.data = (const char *)codec_take(reader, text.length);
        value = &text;
    } else {
        value = codec_take(reader, type->width);
    }
    if (reader->failed) {
        return codec_corrupt("its value ends early");
    }
    *out = column_const(arena, type, value, count);
    return *out == NULL ? arena_error(arena) : NULL;
}

VECTORISED static uint32_t greatest(const uint32_t *codes, uint32_t count)
{
    uint32_t max = 0;
    for (uint32_t k = 0; k < count; k++) {
        max = codes[k] > max ? codes[k] : max;
    }
    return max;
}

/* base: what all of them are less than they stand for. */
static struct err *read_codes(struct arena *arena, struct block_reader *reader, const struct type *type, uint32_t count,
                              const struct column *dictionary, uint64_t dictionary_id, uint32_t base,
                              struct column **out)
{
    uint32_t width = (uint32_t)codec_number(reader, 1);
    const uint8_t *packed = codec_take(reader, bitpack_bytes(count, width));
    if (reader->failed || width > 32 || dictionary == NULL || dictionary->row_count == 0) {
        return codec_corrupt("its codes");
    }
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, count);
    if (codes == NULL) {
        return arena_error(arena);
    }
    bitpack_unpack32(packed, count, width, base, codes);
    if (greatest(codes, count) >= dictionary->row_count) {
        return codec_corrupt("a code lies outside its dictionary");
    }
    *out = column_dict(arena, type, codes, count, dictionary, dictionary_id);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* Codecs whose result is a flat column. */
static struct err *read_flat(struct arena *arena, struct block_reader *reader, enum codec codec,
                             const struct type *type, uint32_t count, uint32_t depth, struct column *column)
{
    bool number = type->width == 1 || type->width == 2 || type->width == 4 || type->width == 8;
    switch (codec) {
    case CODEC_FRAME:
        return number ? codec_read_frame(reader, count, type->width, column->values)
                      : codec_corrupt("a frame of no numbers");
    case CODEC_DELTA:
        return number ? read_delta(reader, count, type->width, column->values) : codec_corrupt("a delta of no numbers");
    case CODEC_DECIMAL:
        return type->kind == TYPE_FLOAT64 ? read_decimal(reader, count, column->values)
                                          : codec_corrupt("a decimal of no floats");
    case CODEC_STRINGS:
        return type->kind == TYPE_STRING ? codec_read_strings(arena, reader, count, column->values)
                                         : codec_corrupt("strings of another type");
    case CODEC_HEX:
        return type->kind == TYPE_STRING ? codec_read_hex(arena, reader, count, column->values)
                                         : codec_corrupt("strings of another type");
    case CODEC_TEMPLATE:
        return type->kind == TYPE_STRING ? codec_read_template(arena, reader, count, column->values)
                                         : codec_corrupt("strings of another type");
    case CODEC_PLAIN:
    case CODEC_LZ4:
    case CODEC_ZSTD:
        return type->kind == TYPE_STRING ? codec_corrupt("strings without lengths")
                                         : codec_read_values(arena, reader, codec, count, type->width, column->values);
    case CODEC_TABLE:
        return number ? read_table(reader, count, type->width, column->values) : codec_corrupt("a table of no numbers");
    case CODEC_MOSTLY:
        return number ? read_mostly(arena, reader, type, count, depth, column->values) : codec_corrupt("no numbers");
    case CODEC_RUNS:
        return number ? read_runs(arena, reader, type, count, depth, column->values) : codec_corrupt("no numbers");
    case CODEC_DECIMALS:
        return type->kind == TYPE_FLOAT64 ? read_decimals(arena, reader, count, depth, column->values)
                                          : codec_corrupt("a decimal of no floats");
    default:
        return codec_corrupt("unknown codec");
    }
}

static struct err *read_nulls(struct block_reader *reader, uint32_t count, const struct type *type,
                              const uint8_t **bitmap, bool *all)
{
    uint64_t kind = codec_number(reader, 1);
    *all = kind == NULLS_ALL;
    *bitmap = kind == NULLS_SOME ? codec_take(reader, (count + 7) / 8) : NULL;
    if (reader->failed || kind > NULLS_ALL || (kind != NULLS_NONE && !type->nullable)) {
        return codec_corrupt("its NULLs");
    }
    return NULL;
}

/* Which rows are NULL, the others being the type's default: codes of these two. */
static struct err *outline_of(struct arena *arena, const struct type *type, uint32_t count, const uint8_t *bitmap,
                              struct column **out)
{
    struct column *both = column_new(arena, type, 2);
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, count);
    if (both == NULL || codes == NULL) {
        return arena_error(arena);
    }
    memset(both->values, 0, (size_t)2 * type->width);
    both->nulls[1] = 1;
    for (uint32_t k = 0; k < count; k++) {
        codes[k] = bitmap == NULL ? 0 : (uint32_t)(bitmap[k / 8] >> k % 8 & 1);
    }
    *out = column_dict(arena, type, codes, count, both, 0);
    return *out == NULL ? arena_error(arena) : NULL;
}

struct err *codec_decode(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                         const struct column *dictionary, uint64_t dictionary_id, struct column **out)
{
    return codec_decode_need(arena, block, type, row_count, dictionary, dictionary_id, &column_need_whole, out);
}

struct err *codec_decode_need(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                              const struct column *dictionary, uint64_t dictionary_id, const struct column_need *need,
                              struct column **out)
{
    return decode_block(arena, block, type, row_count, dictionary, dictionary_id, need, 0, out);
}

static struct err *decode_block(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                                const struct column *dictionary, uint64_t dictionary_id, const struct column_need *need,
                                uint32_t depth, struct column **out)
{
    struct err *err = NULL;
    static const char slack[BITPACK_SLACK];
    if (block.length < BITPACK_SLACK + 2 || row_count == 0 || row_count > CHUNK_ROWS_MAX) {
        return codec_corrupt("its length or number of rows");
    }
    struct block_reader reader = {.at = (const uint8_t *)block.data,
                                  .end = (const uint8_t *)block.data + block.length - BITPACK_SLACK};
    const uint8_t *bitmap = NULL;
    bool all_null = false;
    if (memcmp(reader.end, slack, sizeof(slack)) != 0) {
        return codec_corrupt("the zeros at its end");
    }
    OR_DONE(read_nulls(&reader, row_count, type, &bitmap, &all_null));
    struct column *column = NULL;
    enum codec codec = (enum codec)codec_number(&reader, 1);
    if (type_is_nested(type)) {
        return codec_nested_decode(arena, codec, slice_of((const char *)reader.at, (size_t)(reader.end - reader.at)),
                                   type, row_count, need, out);
    }
    if (!need->whole && type->nullable && !all_null && dictionary == NULL) {
        return outline_of(arena, type, row_count, bitmap, out);
    }
    if (all_null) {
        if (codec != CODEC_CONSTANT) {
            return codec_corrupt("its NULLs");
        }
        OR_DONE(read_constant(arena, &reader, type, row_count, &column));
        column = column_const_null(arena, type, row_count);
    } else if ((codec == CODEC_CODES || codec == CODEC_CODES_FRAME) && bitmap == NULL) {
        uint32_t base = codec == CODEC_CODES_FRAME ? (uint32_t)codec_number(&reader, 4) : 0;
        OR_DONE(read_codes(arena, &reader, type, row_count, dictionary, dictionary_id, base, &column));
    } else if (codec == CODEC_CONSTANT && bitmap == NULL) {
        OR_DONE(read_constant(arena, &reader, type, row_count, &column));
    } else if (codec == CODEC_CONSTANT) {
        struct column *constant = NULL;
        OR_DONE(read_constant(arena, &reader, type, row_count, &constant));
        column = (struct column *)column_flat(arena, constant);
    } else {
        column = column_new(arena, type, row_count);
    }
    if (column == NULL) {
        return arena_error(arena);
    }
    if (codec != CODEC_CONSTANT && column->form == COLUMN_FLAT) {
        OR_DONE(read_flat(arena, &reader, codec, type, row_count, depth, column));
    }
    if (reader.failed || reader.at != reader.end) {
        err = codec_corrupt("bytes behind its values");
        goto done;
    }
    for (uint32_t k = 0; bitmap != NULL && k < row_count; k++) {
        column->nulls[k] = bitmap[k / 8] >> k % 8 & 1;
    }
    *out = column;
done:
    return err;
}

enum codec codec_of_block(struct slice block, uint32_t row_count)
{
    size_t at = block.length > 0 && block.data[0] == NULLS_SOME ? 1 + (row_count + 7) / 8 : 1;
    return at < block.length ? (enum codec)block.data[at] : (enum codec)0;
}

const char *codec_name(enum codec codec)
{
    static const char *const names[] = {"?",       "constant", "plain",    "frame",    "delta", "decimal",     "codes",
                                        "strings", "hex",      "lz4",      "array",    "tuple", "codes frame", "table",
                                        "mostly",  "runs",     "decimals", "template", "zstd"};
    return (size_t)codec < sizeof(names) / sizeof(names[0]) ? names[codec] : "?";
}
