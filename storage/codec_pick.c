/*
 * codec_pick.c: some rows of a block without decoding the others, where its codec has each at a place of its own.
 *
 * flow     storage/segment_reader.c → here → codec_decode_strings.c (hex, template)
 * codecs   plain, frame, decimal, codes, codes frame, table, hex, template; the others are decoded whole
 * input    hostile: every length is checked against the block before it is used, what is read of it as well
 */
#include "storage/bitpack.h"
#include "storage/codec.h"
#include "storage/codec_layout.h"
#include "storage/codec_read.h"

struct picking {
    struct arena *arena;
    struct block_reader reader;
    const struct type *type;
    uint32_t rows;
    const uint32_t *positions; /* ascending, below rows */
    uint32_t count;
};

/* Number k of packed ones. */
static inline uint64_t packed_number(const uint8_t *packed, uint32_t k, uint32_t width)
{
    uint64_t word;
    size_t bit = (size_t)k * width;
    memcpy(&word, packed + bit / 8, 8);
    return width == 64 ? word : word >> bit % 8 & (((uint64_t)1 << width) - 1);
}

static inline void put_number(void *values, uint32_t k, uint32_t width, uint64_t number)
{
    memcpy((char *)values + (size_t)k * width, &number, width); /* little-endian */
}

/* Where a row is among those that are picked; false: it is not. */
static bool find_picked(const struct picking *picking, uint32_t row, uint32_t *out)
{
    uint32_t low = 0, high = picking->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (picking->positions[middle] < row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out = low;
    return low < picking->count && picking->positions[low] == row;
}

/* Patches of 2 bytes for the row and 8 for the value, which take the place of values, base being added to them. */
static struct err *patch(const struct picking *picking, const uint8_t *patches, uint32_t count, uint64_t base,
                         void *values, uint32_t width)
{
    for (uint32_t k = 0; k < count; k++) {
        uint16_t row;
        uint64_t value;
        uint32_t at;
        memcpy(&row, patches + (size_t)k * 10, 2);
        memcpy(&value, patches + (size_t)k * 10 + 2, 8);
        if (row >= picking->rows) {
            return codec_corrupt("a patch lies outside");
        }
        if (find_picked(picking, row, &at)) {
            put_number(values, at, width, base + value);
        }
    }
    return NULL;
}

static struct err *pick_frame(struct picking *picking, uint32_t width, void *values)
{
    struct codec_frame frame;
    struct err *err = codec_take_frame(&picking->reader, picking->rows, &frame);
    if (err == NULL && frame.width > width * 8) {
        err = codec_corrupt("a frame is wider than its type");
    }
    for (uint32_t k = 0; err == NULL && k < picking->count; k++) {
        put_number(values, k, width, frame.base + packed_number(frame.packed, picking->positions[k], frame.width));
    }
    return err == NULL ? patch(picking, frame.patch_data, frame.patches, frame.base, values, width) : err;
}

static struct err *pick_decimal(struct picking *picking, double *values)
{
    struct codec_decimal decimal;
    struct err *err = codec_take_decimal(&picking->reader, &decimal);
    if (err == NULL) {
        err = pick_frame(picking, 8, values);
    }
    if (err != NULL) {
        return err;
    }
    for (uint32_t k = 0; k < picking->count; k++) {
        int64_t number;
        memcpy(&number, &values[k], 8);
        values[k] = (double)number / codec_powers[decimal.exponent];
    }
    return patch(picking, decimal.patch_data, decimal.patches, 0, values, 8);
}

static struct err *pick_table(struct picking *picking, void *values)
{
    uint32_t width = picking->type->width;
    uint32_t entries = (uint32_t)codec_number(&picking->reader, 1) + 1, bits = bitpack_width(entries - 1);
    const uint8_t *table = codec_take(&picking->reader, (size_t)entries * width);
    const uint8_t *packed = codec_take(&picking->reader, bitpack_bytes(picking->rows, bits));
    if (picking->reader.failed) {
        return codec_corrupt("its table");
    }
    for (uint32_t k = 0; k < picking->count; k++) {
        uint64_t place = packed_number(packed, picking->positions[k], bits);
        if (place >= entries) {
            return codec_corrupt("a number lies outside its table");
        }
        memcpy((char *)values + (size_t)k * width, table + place * width, width);
    }
    return NULL;
}

static struct err *pick_plain(struct picking *picking, void *values)
{
    uint32_t width = picking->type->width;
    const uint8_t *data = codec_take(&picking->reader, (size_t)picking->rows * width);
    if (data == NULL) {
        return codec_corrupt("its values end early");
    }
    for (uint32_t k = 0; k < picking->count; k++) {
        memcpy((char *)values + (size_t)k * width, data + (size_t)picking->positions[k] * width, width);
    }
    return NULL;
}

static struct err *pick_codes(struct picking *picking, bool framed, const struct column *dictionary,
                              uint64_t dictionary_id, struct column **out)
{
    uint32_t base = framed ? (uint32_t)codec_number(&picking->reader, 4) : 0;
    uint32_t width = (uint32_t)codec_number(&picking->reader, 1);
    const uint8_t *packed = width > 32 ? NULL : codec_take(&picking->reader, bitpack_bytes(picking->rows, width));
    uint32_t *codes = ARENA_ARRAY(picking->arena, uint32_t, picking->count);
    if (packed == NULL || dictionary == NULL || dictionary->row_count == 0) {
        return codec_corrupt("its codes");
    }
    if (codes == NULL) {
        return arena_error(picking->arena);
    }
    for (uint32_t k = 0; k < picking->count; k++) {
        codes[k] = base + (uint32_t)packed_number(packed, picking->positions[k], width);
        if (codes[k] >= dictionary->row_count) {
            return codec_corrupt("a code lies outside its dictionary");
        }
    }
    *out = column_dict(picking->arena, picking->type, codes, picking->count, dictionary, dictionary_id);
    return *out == NULL ? arena_error(picking->arena) : NULL;
}

static bool is_for(enum codec codec, const struct type *type)
{
    bool number = type->width == 1 || type->width == 2 || type->width == 4 || type->width == 8;
    switch (codec) {
    case CODEC_FRAME:
    case CODEC_TABLE:
        return number && type->kind != TYPE_STRING;
    case CODEC_DECIMAL:
        return type->kind == TYPE_FLOAT64;
    case CODEC_PLAIN:
        return type->kind != TYPE_STRING;
    case CODEC_HEX:
    case CODEC_TEMPLATE:
        return type->kind == TYPE_STRING;
    default:
        return false;
    }
}

static struct err *pick_values(struct picking *picking, enum codec codec, void *values)
{
    switch (codec) {
    case CODEC_FRAME:
        return pick_frame(picking, picking->type->width, values);
    case CODEC_DECIMAL:
        return pick_decimal(picking, values);
    case CODEC_TABLE:
        return pick_table(picking, values);
    case CODEC_HEX:
        return codec_pick_hex(picking->arena, &picking->reader, picking->rows, picking->positions, picking->count,
                              values);
    case CODEC_TEMPLATE:
        return codec_pick_template(picking->arena, &picking->reader, picking->rows, picking->positions, picking->count,
                                   values);
    default:
        return pick_plain(picking, values);
    }
}

struct err *codec_pick(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                       const struct column *dictionary, uint64_t dictionary_id, const uint32_t *positions,
                       uint32_t count, struct column **out)
{
    struct err *err = NULL;
    static const char slack[BITPACK_SLACK];
    *out = NULL;
    if (type_is_nested(type) || count == 0 || block.length < BITPACK_SLACK + 2 || row_count > CHUNK_ROWS_MAX) {
        return NULL; /* who decodes it says what is wrong with it */
    }
    struct picking picking = {.arena = arena,
                              .reader = {.at = (const uint8_t *)block.data,
                                         .end = (const uint8_t *)block.data + block.length - BITPACK_SLACK},
                              .type = type,
                              .rows = row_count,
                              .positions = positions,
                              .count = count};
    uint64_t nulls = codec_number(&picking.reader, 1);
    if (nulls == NULLS_ALL || nulls > NULLS_ALL || (nulls != NULLS_NONE && !type->nullable) ||
        memcmp(picking.reader.end, slack, sizeof(slack)) != 0) {
        return NULL;
    }
    const uint8_t *bitmap = nulls == NULLS_SOME ? codec_take(&picking.reader, (row_count + 7) / 8) : NULL;
    enum codec codec = (enum codec)codec_number(&picking.reader, 1);
    struct column *column = NULL;
    if (picking.reader.failed) {
        return NULL;
    }
    if ((codec == CODEC_CODES || codec == CODEC_CODES_FRAME) && bitmap == NULL) {
        OR_DONE(pick_codes(&picking, codec == CODEC_CODES_FRAME, dictionary, dictionary_id, &column));
    } else if (is_for(codec, type)) {
        column = column_new(arena, type, count);
        if (column == NULL) {
            return arena_error(arena);
        }
        OR_DONE(pick_values(&picking, codec, column->values));
        for (uint32_t k = 0; bitmap != NULL && k < count; k++) {
            column->nulls[k] = bitmap[positions[k] / 8] >> positions[k] % 8 & 1;
        }
    } else {
        return NULL;
    }
    if (picking.reader.at != picking.reader.end) {
        err = codec_corrupt("bytes behind its values");
        goto done;
    }
    *out = column;
done:
    return err;
}
