/*
 * codec_decode.c: blocks back into columns.
 *
 * input    hostile: every length is checked against the block before it is used
 * flow     storage/segment_reader.c → here
 */
#include "base/vector.h"
#include "storage/bitpack.h"
#include "storage/codec.h"
#include "storage/codec_layout.h"
#include "storage/codec_nested.h"

#include <lz4.h>

struct block_reader {
    const uint8_t *at;
    const uint8_t *end; /* without the slack */
    bool failed;
};

static const uint8_t *take(struct block_reader *reader, size_t bytes)
{
    if (reader->failed || (size_t)(reader->end - reader->at) < bytes) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *data = reader->at;
    reader->at += bytes;
    return data;
}

static uint64_t take_number(struct block_reader *reader, size_t width)
{
    uint64_t value = 0;
    const uint8_t *data = take(reader, width);
    if (data != NULL) {
        memcpy(&value, data, width);
    }
    return value;
}

static struct err *corrupt(const char *what)
{
    return err_new(ERR_CORRUPT, "the block is damaged: %s", what);
}

/* A frame whose numbers have not been unpacked yet. */
struct frame {
    uint64_t base;
    uint32_t width;
    uint32_t patches;
    const uint8_t *patch_data;
    const uint8_t *packed;
};

static struct err *take_frame(struct block_reader *reader, uint32_t count, struct frame *frame)
{
    frame->base = take_number(reader, 8);
    frame->width = (uint32_t)take_number(reader, 1);
    frame->patches = (uint32_t)take_number(reader, 2);
    if (reader->failed || frame->width > 64 || (frame->width > 56 && frame->width != 64) || frame->patches > count ||
        (frame->width == 64 && frame->patches > 0)) {
        return corrupt("a frame's width or number of patches");
    }
    frame->patch_data = take(reader, (size_t)frame->patches * 10);
    frame->packed = take(reader, bitpack_bytes(count, frame->width));
    return reader->failed ? corrupt("a frame ends early") : NULL;
}

#define FRAME_READ(bits)                                                                                               \
    static struct err *frame_read##bits(const struct frame *frame, uint32_t count, uint##bits##_t *out)                \
    {                                                                                                                  \
        if (frame->width > bits) {                                                                                     \
            return corrupt("a frame is wider than its type");                                                          \
        }                                                                                                              \
        bitpack_unpack##bits(frame->packed, count, frame->width, (uint##bits##_t)frame->base, out);                    \
        for (uint32_t k = 0; k < frame->patches; k++) {                                                                \
            uint16_t row;                                                                                              \
            uint64_t value;                                                                                            \
            memcpy(&row, frame->patch_data + (size_t)k * 10, 2);                                                       \
            memcpy(&value, frame->patch_data + (size_t)k * 10 + 2, 8);                                                 \
            if (row >= count) {                                                                                        \
                return corrupt("a patch lies outside");                                                                \
            }                                                                                                          \
            out[row] = (uint##bits##_t)(frame->base + value);                                                          \
        }                                                                                                              \
        return NULL;                                                                                                   \
    }
FRAME_READ(8)
FRAME_READ(16)
FRAME_READ(32)
FRAME_READ(64)

static struct err *read_frame(struct block_reader *reader, uint32_t count, uint32_t width, void *out)
{
    struct frame frame;
    struct err *err = take_frame(reader, count, &frame);
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

#define PREFIX_SUM(bits)                                                                                               \
    do {                                                                                                               \
        uint##bits##_t *values = out;                                                                                  \
        values[0] = (uint##bits##_t)first;                                                                             \
        for (uint32_t k = 1; k < count; k++) {                                                                         \
            values[k] = (uint##bits##_t)(values[k] + values[k - 1]);                                                   \
        }                                                                                                              \
    } while (0)

static struct err *read_delta(struct block_reader *reader, uint32_t count, uint32_t width, void *out)
{
    uint64_t first = take_number(reader, 8);
    struct err *err =
        count < 2 ? corrupt("a delta of one value") : read_frame(reader, count - 1, width, (char *)out + width);
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

/* The whole numbers that are in the places of doubles, over a power of ten. */
VECTORISED static void divide_all(double *out, uint32_t count, double power)
{
    const int64_t *numbers = (const int64_t *)(const void *)out;
    for (uint32_t k = 0; k < count; k++) {
        out[k] = (double)numbers[k] / power;
    }
}

static struct err *read_decimal(struct block_reader *reader, uint32_t count, double *out)
{
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};
    uint32_t exponent = (uint32_t)take_number(reader, 1), patches = (uint32_t)take_number(reader, 2);
    const uint8_t *patch_data = take(reader, (size_t)patches * 10);
    if (reader->failed || exponent >= sizeof(powers) / sizeof(powers[0])) {
        return corrupt("a decimal's exponent or patches");
    }
    struct err *err = read_frame(reader, count, 8, out);
    if (err != NULL) {
        return err;
    }
    divide_all(out, count, powers[exponent]);
    for (uint32_t k = 0; k < patches; k++) {
        uint16_t row;
        memcpy(&row, patch_data + (size_t)k * 10, 2);
        if (row >= count) {
            return corrupt("a patch lies outside");
        }
        memcpy(&out[row], patch_data + (size_t)k * 10 + 2, 8);
    }
    return NULL;
}

/* The rest of the block as `bytes` bytes: in place, or unpacked into the arena. */
static struct err *read_bytes(struct arena *arena, struct block_reader *reader, size_t bytes, const char **out)
{
    uint64_t codec = take_number(reader, 1);
    if (codec == CODEC_PLAIN) {
        *out = (const char *)take(reader, bytes);
        return reader->failed ? corrupt("its values end early") : NULL;
    }
    if (codec != CODEC_LZ4) {
        return corrupt("unknown codec of its bytes");
    }
    char *data = arena_array(arena, bytes, 1);
    if (data == NULL) {
        return arena_error(arena);
    }
    int packed = (int)(reader->end - reader->at);
    if (LZ4_decompress_safe((const char *)reader->at, data, packed, (int)bytes) != (int)bytes) {
        return corrupt("its LZ4 bytes cannot be unpacked");
    }
    reader->at = reader->end;
    *out = data;
    return NULL;
}

static struct err *read_strings(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out)
{
    uint32_t *lengths = ARENA_ARRAY(arena, uint32_t, count);
    if (lengths == NULL) {
        return arena_error(arena);
    }
    struct err *err = read_frame(reader, count, 4, lengths);
    if (err != NULL) {
        return err;
    }
    uint64_t bytes = take_number(reader, 4), sum = 0;
    for (uint32_t k = 0; k < count; k++) {
        sum += lengths[k];
    }
    if (reader->failed || sum != bytes || bytes > STRINGS_BYTES_MAX) {
        return corrupt("the lengths of its strings");
    }
    const char *heap = NULL;
    err = read_bytes(arena, reader, bytes, &heap);
    if (err != NULL) {
        return err;
    }
    for (uint32_t k = 0; k < count; k++) {
        out[k] = slice_of(heap, lengths[k]);
        heap += lengths[k];
    }
    return NULL;
}

VECTORISED static void hex_all(const uint8_t *data, size_t bytes, char *out)
{
    for (size_t k = 0; k < bytes; k++) {
        uint8_t high = data[k] >> 4, low = data[k] & 15;
        out[k * 2] = (char)(high + (high > 9 ? 'a' - 10 : '0'));
        out[k * 2 + 1] = (char)(low + (low > 9 ? 'a' - 10 : '0'));
    }
}

static struct err *read_hex(struct arena *arena, struct block_reader *reader, uint32_t count, struct slice *out)
{
    size_t length = take_number(reader, 1);
    const uint8_t *data = take(reader, count * length / 2);
    if (reader->failed || length % 2 != 0 || length == 0) {
        return corrupt("its hex strings");
    }
    char *heap = arena_array(arena, count, length);
    if (heap == NULL) {
        return arena_error(arena);
    }
    hex_all(data, count * length / 2, heap);
    for (uint32_t k = 0; k < count; k++) {
        out[k] = slice_of(heap + k * length, length);
    }
    return NULL;
}

static struct err *read_constant(struct arena *arena, struct block_reader *reader, const struct type *type,
                                 uint32_t count, struct column **out)
{
    struct slice text;
    const void *value;
    if (type->kind == TYPE_STRING) {
        text.length = take_number(reader, 4);
        text.data = (const char *)take(reader, text.length);
        value = &text;
    } else {
        value = take(reader, type->width);
    }
    if (reader->failed) {
        return corrupt("its value ends early");
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

static struct err *read_codes(struct arena *arena, struct block_reader *reader, const struct type *type, uint32_t count,
                              const struct column *dictionary, uint64_t dictionary_id, struct column **out)
{
    uint32_t width = (uint32_t)take_number(reader, 1);
    const uint8_t *packed = take(reader, bitpack_bytes(count, width));
    if (reader->failed || width > 32 || dictionary == NULL || dictionary->row_count == 0) {
        return corrupt("its codes");
    }
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, count);
    if (codes == NULL) {
        return arena_error(arena);
    }
    bitpack_unpack32(packed, count, width, 0, codes);
    if (greatest(codes, count) >= dictionary->row_count) {
        return corrupt("a code lies outside its dictionary");
    }
    *out = column_dict(arena, type, codes, count, dictionary, dictionary_id);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* Codecs whose result is a flat column. */
static struct err *read_flat(struct arena *arena, struct block_reader *reader, enum codec codec,
                             const struct type *type, uint32_t count, struct column *column)
{
    bool number = type->width == 1 || type->width == 2 || type->width == 4 || type->width == 8;
    switch (codec) {
    case CODEC_FRAME:
        return number ? read_frame(reader, count, type->width, column->values) : corrupt("a frame of no numbers");
    case CODEC_DELTA:
        return number ? read_delta(reader, count, type->width, column->values) : corrupt("a delta of no numbers");
    case CODEC_DECIMAL:
        return type->kind == TYPE_FLOAT64 ? read_decimal(reader, count, column->values)
                                          : corrupt("a decimal of no floats");
    case CODEC_STRINGS:
        return type->kind == TYPE_STRING ? read_strings(arena, reader, count, column->values)
                                         : corrupt("strings of another type");
    case CODEC_HEX:
        return type->kind == TYPE_STRING ? read_hex(arena, reader, count, column->values)
                                         : corrupt("strings of another type");
    case CODEC_PLAIN:
    case CODEC_LZ4: {
        const char *data = NULL;
        if (type->kind == TYPE_STRING) {
            return corrupt("strings without lengths");
        }
        reader->at--; /* read_bytes looks at the codec again */
        struct err *err = read_bytes(arena, reader, (size_t)count * type->width, &data);
        if (err == NULL) {
            memcpy(column->values, data, (size_t)count * type->width);
        }
        return err;
    }
    default:
        return corrupt("unknown codec");
    }
}

static struct err *read_nulls(struct block_reader *reader, uint32_t count, const struct type *type,
                              const uint8_t **bitmap, bool *all)
{
    uint64_t kind = take_number(reader, 1);
    *all = kind == NULLS_ALL;
    *bitmap = kind == NULLS_SOME ? take(reader, (count + 7) / 8) : NULL;
    if (reader->failed || kind > NULLS_ALL || (kind != NULLS_NONE && !type->nullable)) {
        return corrupt("its NULLs");
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
    struct err *err = NULL;
    static const char slack[BITPACK_SLACK];
    if (block.length < BITPACK_SLACK + 2 || row_count == 0 || row_count > CHUNK_ROWS_MAX) {
        return corrupt("its length or number of rows");
    }
    struct block_reader reader = {.at = (const uint8_t *)block.data,
                                  .end = (const uint8_t *)block.data + block.length - BITPACK_SLACK};
    const uint8_t *bitmap = NULL;
    bool all_null = false;
    if (memcmp(reader.end, slack, sizeof(slack)) != 0) {
        return corrupt("the zeros at its end");
    }
    OR_DONE(read_nulls(&reader, row_count, type, &bitmap, &all_null));
    struct column *column = NULL;
    enum codec codec = (enum codec)take_number(&reader, 1);
    if (type_is_nested(type)) {
        return codec_nested_decode(arena, codec, slice_of((const char *)reader.at, (size_t)(reader.end - reader.at)),
                                   type, row_count, need, out);
    }
    if (!need->whole && type->nullable && !all_null && dictionary == NULL) {
        return outline_of(arena, type, row_count, bitmap, out);
    }
    if (all_null) {
        if (codec != CODEC_CONSTANT) {
            return corrupt("its NULLs");
        }
        OR_DONE(read_constant(arena, &reader, type, row_count, &column));
        column = column_const_null(arena, type, row_count);
    } else if (codec == CODEC_CODES && bitmap == NULL) {
        OR_DONE(read_codes(arena, &reader, type, row_count, dictionary, dictionary_id, &column));
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
        OR_DONE(read_flat(arena, &reader, codec, type, row_count, column));
    }
    if (reader.failed || reader.at != reader.end) {
        err = corrupt("bytes behind its values");
        goto done;
    }
    for (uint32_t k = 0; bitmap != NULL && k < row_count; k++) {
        column->nulls[k] = bitmap[k / 8] >> k % 8 & 1;
    }
    *out = column;
done:
    return err;
}

/* The text's digits two to a byte; false: it has others, or is longer than there is room. */
static bool hex_pack(struct slice text, uint8_t *out, size_t room)
{
    if (text.length / 2 > room) {
        return false;
    }
    for (size_t k = 0; k < text.length; k++) {
        char c = text.data[k];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) {
            return false;
        }
        out[k / 2] = (uint8_t)(k % 2 == 0 ? digit << 4 : out[k / 2] | digit);
    }
    return true;
}

VECTORISED static uint32_t find_words(const uint8_t *data, uint32_t count, size_t stride, uint64_t word,
                                      uint32_t *positions)
{
    uint32_t found = 0;
    uint32_t k = 0;
    for (; stride == 8 && k + 8 <= count; k += 8) { /* mostly none is */
        uint64_t words[8], any = 0;
        memcpy(words, data + (size_t)k * 8, sizeof(words));
        for (uint32_t i = 0; i < 8; i++) {
            any |= words[i] == word;
        }
        for (uint32_t i = 0; any != 0 && i < 8; i++) {
            positions[found] = k + i;
            found += words[i] == word;
        }
    }
    for (; k < count; k++) {
        uint64_t here;
        memcpy(&here, data + k * stride, 8);
        positions[found] = k;
        found += here == word;
    }
    return found;
}

void codec_find_text(struct slice block, uint32_t row_count, struct slice text, uint32_t *positions, uint32_t *count,
                     bool *known)
{
    const uint8_t *data = (const uint8_t *)block.data;
    uint8_t packed[64];
    *known = false;
    *count = 0;
    if (block.length < BITPACK_SLACK + 3 || data[0] != NULLS_NONE || data[1] != CODEC_HEX) {
        return;
    }
    size_t length = data[2];
    size_t stride = length / 2;
    if (length == 0 || length % 2 != 0 || block.length - BITPACK_SLACK - 3 != row_count * stride) {
        return;
    }
    *known = true;
    if (text.length != length || !hex_pack(text, packed, sizeof(packed))) {
        *known = text.length / 2 <= sizeof(packed) || text.length != length;
        return;
    }
    data += 3;
    if (stride >= 8) {
        uint64_t word;
        memcpy(&word, packed, 8);
        uint32_t found = find_words(data, row_count, stride, word, positions);
        for (uint32_t k = 0; k < found; k++) {
            positions[*count] = positions[k];
            *count += memcmp(data + positions[k] * stride, packed, stride) == 0;
        }
        return;
    }
    for (uint32_t k = 0; k < row_count; k++) {
        positions[*count] = k;
        *count += memcmp(data + k * stride, packed, stride) == 0;
    }
}

enum codec codec_of_block(struct slice block, uint32_t row_count)
{
    size_t at = block.length > 0 && block.data[0] == NULLS_SOME ? 1 + (row_count + 7) / 8 : 1;
    return at < block.length ? (enum codec)block.data[at] : (enum codec)0;
}

const char *codec_name(enum codec codec)
{
    static const char *const names[] = {"?",     "constant", "plain", "frame", "delta", "decimal",
                                        "codes", "strings",  "hex",   "lz4",   "array", "tuple"};
    return (size_t)codec < sizeof(names) / sizeof(names[0]) ? names[codec] : "?";
}
