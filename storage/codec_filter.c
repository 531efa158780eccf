/*
 * codec_filter.c: the rows of a block whose numbers lie in ranges, told from its packed form.
 *
 * flow     storage/segment_reader.c → here → bitfilter.c
 * frame    the ranges' ends less the base are ranges of the packed numbers, cut to what the width holds: often none or
 *          all are left, and nothing is compared. Rows with patches are looked at one by one. plain is a frame of base 0
 * table    of its entries those that lie in the ranges, as ranges of places
 * runs     the block of its values filtered, a bit for each run, and that for all its rows
 * mostly   the same for the block of other values; their bits go to their rows, all others have the common value's
 * others   delta would need all its sums, lz4 and zstd all their bytes: who decodes them has the column, too. Inside of
 *          runs and mostly, where they are short, they are decoded and compared.
 * input    hostile: every length is checked; what is damaged is not known, and who decodes it says what is wrong
 */
#include "storage/bitfilter.h"
#include "storage/codec.h"
#include "storage/codec_layout.h"
#include "storage/codec_read.h"

#define WORDS_MAX (CHUNK_ROWS_MAX / 64)

struct filtering {
    struct arena *arena;
    struct block_reader reader;
    const struct type *type; /* bare */
    uint32_t rows;
    const struct number_ranges *ranges;
    uint64_t *bits; /* of all rows, the words whole */
    uint32_t depth;
};

static void set_all(uint64_t *bits, uint32_t rows, bool set)
{
    for (uint32_t w = 0; w < (rows + 63) / 64; w++) {
        uint32_t left = rows - w * 64;
        bits[w] = !set ? 0 : left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1;
    }
}

static void set_bit(uint64_t *bits, uint32_t row, bool set)
{
    uint64_t bit = (uint64_t)1 << row % 64;
    bits[row / 64] = set ? bits[row / 64] | bit : bits[row / 64] & ~bit;
}

/* Rows [begin, end). */
static void set_rows(uint64_t *bits, uint32_t begin, uint32_t end)
{
    while (begin < end) {
        uint32_t last = begin / 64 * 64 + 64 < end ? begin / 64 * 64 + 64 : end;
        uint64_t below = last % 64 == 0 ? UINT64_MAX : ((uint64_t)1 << last % 64) - 1;
        bits[begin / 64] |= below & UINT64_MAX << begin % 64;
        begin = last;
    }
}

/* ---- packed numbers */

/* The greatest number of a width. */
static inline uint64_t most_of_width(uint32_t width)
{
    return width == 0 ? 0 : UINT64_MAX >> (64 - width);
}

/* Ranges of packed numbers, found one after the other. */
struct packed_ranges {
    struct number_range ranges[BITFILTER_RANGES_MAX];
    uint32_t count;
    bool too_many;
};

static void packed_add(struct packed_ranges *packed, uint64_t low, uint64_t high)
{
    struct number_range *last = packed->count == 0 ? NULL : &packed->ranges[packed->count - 1];
    if (last != NULL && low > 0 && last->high == low - 1) {
        last->high = high;
    } else if (packed->count < BITFILTER_RANGES_MAX) {
        packed->ranges[packed->count++] = (struct number_range){low, high};
    } else {
        packed->too_many = true;
    }
}

/*
 * Packed numbers 0 … most whose values, base more than they are, lie in the ranges. Numbers of a type are a ring: a
 * range that begins below the base and ends above it has a part at either end of the packed ones.
 */
static void packed_of(const struct type *type, const struct number_ranges *ranges, uint64_t base, uint64_t most,
                      struct packed_ranges *packed)
{
    uint64_t ring = most_of_width(8 * type->width);
    *packed = (struct packed_ranges){.count = 0};
    for (uint32_t r = 0; r < ranges->count && !packed->too_many; r++) {
        uint64_t low = (number_bits(type, ranges->ranges[r].low) - base) & ring;
        uint64_t high = (number_bits(type, ranges->ranges[r].high) - base) & ring;
        if (low > high) {
            packed_add(packed, 0, high < most ? high : most);
            high = ring;
        }
        if (low <= most) {
            packed_add(packed, low, high < most ? high : most);
        }
    }
}

static void filter_packed(const uint8_t *data, uint32_t rows, uint32_t width, uint64_t most,
                          const struct packed_ranges *packed, uint64_t *bits)
{
    bool all = packed->count == 1 && packed->ranges[0].low == 0 && packed->ranges[0].high == most;
    if (all || packed->count == 0) {
        set_all(bits, rows, all);
    } else {
        bitfilter(data, rows, width, packed->ranges, packed->count, bits);
    }
}

static bool filter_frame(struct filtering *filtering)
{
    struct codec_frame frame;
    const struct type *type = filtering->type;
    struct packed_ranges packed;
    struct err *err = codec_take_frame(&filtering->reader, filtering->rows, &frame);
    if (err != NULL || frame.width > type->width * 8) {
        err_free(err);
        return false;
    }
    packed_of(type, filtering->ranges, frame.base, most_of_width(frame.width), &packed);
    if (packed.too_many) {
        return false;
    }
    filter_packed(frame.packed, filtering->rows, frame.width, most_of_width(frame.width), &packed, filtering->bits);
    for (uint32_t k = 0; k < frame.patches; k++) {
        uint16_t row;
        uint64_t value;
        memcpy(&row, frame.patch_data + (size_t)k * 10, 2);
        memcpy(&value, frame.patch_data + (size_t)k * 10 + 2, 8);
        if (row >= filtering->rows) {
            return false;
        }
        uint64_t order = number_order_of_bits(type, frame.base + value);
        set_bit(filtering->bits, row, number_ranges_have(filtering->ranges, order));
    }
    return true;
}

/* Values as in a flat column. */
static bool filter_values(struct filtering *filtering, const uint8_t *values)
{
    uint32_t width = filtering->type->width * 8;
    struct packed_ranges packed;
    packed_of(filtering->type, filtering->ranges, 0, most_of_width(width), &packed);
    if (!packed.too_many) {
        filter_packed(values, filtering->rows, width, most_of_width(width), &packed, filtering->bits);
    }
    return !packed.too_many;
}

static bool filter_table(struct filtering *filtering)
{
    const struct type *type = filtering->type;
    uint32_t entries = (uint32_t)codec_number(&filtering->reader, 1) + 1, width = bitpack_width(entries - 1);
    const uint8_t *table = codec_take(&filtering->reader, (size_t)entries * type->width);
    const uint8_t *places = codec_take(&filtering->reader, bitpack_bytes(filtering->rows, width));
    struct packed_ranges packed = {.count = 0}, outside = {.count = 0};
    uint64_t most = most_of_width(width);
    if (filtering->reader.failed) {
        return false;
    }
    for (uint32_t k = 0; k < entries; k++) {
        if (number_ranges_have(filtering->ranges, number_order(type, table + (size_t)k * type->width))) {
            packed_add(&packed, k, k);
        }
    }
    if (entries <= most) { /* places that are none: the block is damaged */
        packed_add(&outside, entries, most);
        filter_packed(places, filtering->rows, width, most, &outside, filtering->bits);
        for (uint32_t w = 0; w < (filtering->rows + 63) / 64; w++) {
            if (filtering->bits[w] != 0) {
                return false;
            }
        }
        if (packed.count > 0 && packed.ranges[packed.count - 1].high == entries - 1) {
            packed.ranges[packed.count - 1].high = most;
        }
    }
    if (!packed.too_many) {
        filter_packed(places, filtering->rows, width, most, &packed, filtering->bits);
    }
    return !packed.too_many;
}

/* ---- blocks inside */

static struct err *filter_block(struct filtering *filtering, enum codec codec, bool *known);

/* Of the block inside it, of `rows` values. *known false: it is damaged, or its codec is not for this. */
static struct err *filter_inside(struct filtering *filtering, uint32_t rows, uint64_t *bits, bool *known)
{
    static const char slack[BITPACK_SLACK];
    size_t bytes = codec_number(&filtering->reader, 4);
    const uint8_t *data = codec_take(&filtering->reader, bytes);
    *known = false;
    if (filtering->reader.failed || filtering->depth >= NEST_MAX || bytes < BITPACK_SLACK + 2 ||
        memcmp(data + bytes - BITPACK_SLACK, slack, sizeof(slack)) != 0) {
        return NULL;
    }
    struct filtering inside = {.arena = filtering->arena,
                               .reader = {.at = data, .end = data + bytes - BITPACK_SLACK},
                               .type = filtering->type,
                               .rows = rows,
                               .ranges = filtering->ranges,
                               .bits = bits,
                               .depth = filtering->depth + 1};
    uint64_t nulls = codec_number(&inside.reader, 1);
    enum codec codec = (enum codec)codec_number(&inside.reader, 1);
    if (nulls != NULLS_NONE || inside.reader.failed) {
        return NULL;
    }
    if (codec == CODEC_DELTA || codec == CODEC_LZ4 || codec == CODEC_ZSTD) {
        struct column *column = NULL;
        struct err *err = codec_decode(filtering->arena, slice_of((const char *)data, bytes), filtering->type, rows,
                                       NULL, 0, &column);
        if (err != NULL && err_code(err) == ERR_CORRUPT) {
            err_free(err);
            return NULL;
        }
        *known = err == NULL && column->form == COLUMN_FLAT && filter_values(&inside, column->values);
        return err;
    }
    return filter_block(&inside, codec, known);
}

static struct err *filter_mostly(struct filtering *filtering, bool *known)
{
    uint64_t others[WORDS_MAX] = {0}, rows[WORDS_MAX] = {0};
    const uint8_t *value = codec_take(&filtering->reader, filtering->type->width);
    uint32_t other_count = (uint32_t)codec_number(&filtering->reader, 2), set = 0;
    const uint8_t *bitmap = codec_take(&filtering->reader, (filtering->rows + 7) / 8);
    uint32_t words = (filtering->rows + 63) / 64;
    *known = false;
    if (filtering->reader.failed || other_count == 0 || other_count > filtering->rows ||
        (filtering->rows % 8 != 0 && bitmap[filtering->rows / 8] >> filtering->rows % 8 != 0)) {
        return NULL;
    }
    memcpy(rows, bitmap, (filtering->rows + 7) / 8);
    for (uint32_t w = 0; w < words; w++) {
        set += (uint32_t)__builtin_popcountll(rows[w]);
    }
    if (set != other_count) {
        return NULL;
    }
    struct err *err = filter_inside(filtering, other_count, others, known);
    if (err != NULL || !*known) {
        return err;
    }
    bitfilter_spread(rows, others, filtering->rows, filtering->bits);
    if (number_ranges_have(filtering->ranges, number_order(filtering->type, value))) {
        uint64_t all[WORDS_MAX];
        set_all(all, filtering->rows, true);
        for (uint32_t w = 0; w < words; w++) {
            filtering->bits[w] |= all[w] & ~rows[w];
        }
    }
    return NULL;
}

static struct err *filter_runs(struct filtering *filtering, bool *known)
{
    uint16_t lengths[CHUNK_ROWS_MAX];
    uint64_t passed[WORDS_MAX];
    uint32_t runs = (uint32_t)codec_number(&filtering->reader, 2);
    uint64_t sum = 0;
    *known = false;
    if (filtering->reader.failed || runs == 0 || runs > filtering->rows) {
        return NULL;
    }
    struct err *err = codec_read_frame(&filtering->reader, runs, 2, lengths);
    if (err != NULL) {
        err_free(err);
        return NULL;
    }
    for (uint32_t run = 0; run < runs; run++) {
        sum += lengths[run];
    }
    if (sum != filtering->rows) {
        return NULL;
    }
    err = filter_inside(filtering, runs, passed, known);
    if (err != NULL || !*known) {
        return err;
    }
    set_all(filtering->bits, filtering->rows, false);
    for (uint32_t run = 0, row = 0; run < runs; row += lengths[run++]) {
        if ((passed[run / 64] >> run % 64 & 1) != 0) {
            set_rows(filtering->bits, row, row + lengths[run]);
        }
    }
    return NULL;
}

/* What stands behind the codec's number. */
static struct err *filter_block(struct filtering *filtering, enum codec codec, bool *known)
{
    struct err *err = NULL;
    const uint8_t *values;
    *known = false;
    switch (codec) {
    case CODEC_CONSTANT:
        values = codec_take(&filtering->reader, filtering->type->width);
        if (values != NULL) {
            set_all(filtering->bits, filtering->rows,
                    number_ranges_have(filtering->ranges, number_order(filtering->type, values)));
            *known = true;
        }
        break;
    case CODEC_PLAIN:
        values = codec_take(&filtering->reader, (size_t)filtering->rows * filtering->type->width);
        *known = values != NULL && filter_values(filtering, values);
        break;
    case CODEC_FRAME:
        *known = filter_frame(filtering);
        break;
    case CODEC_TABLE:
        *known = filter_table(filtering);
        break;
    case CODEC_MOSTLY:
        err = filter_mostly(filtering, known);
        break;
    case CODEC_RUNS:
        err = filter_runs(filtering, known);
        break;
    default:
        break;
    }
    *known = *known && !filtering->reader.failed && filtering->reader.at == filtering->reader.end;
    return err;
}

struct err *codec_filter(struct arena *arena, struct slice block, const struct type *type, uint32_t row_count,
                         const struct number_ranges *ranges, uint64_t *bits, bool *known)
{
    static const char slack[BITPACK_SLACK];
    *known = false;
    if (!number_ranges_suit(type) || row_count == 0 || row_count > CHUNK_ROWS_MAX || block.length < BITPACK_SLACK + 2) {
        return NULL;
    }
    struct type *bare = ARENA_NEW(arena, struct type);
    if (bare == NULL) {
        return arena_error(arena);
    }
    *bare = *type;
    bare->nullable = false;
    struct filtering filtering = {.arena = arena,
                                  .reader = {.at = (const uint8_t *)block.data,
                                             .end = (const uint8_t *)block.data + block.length - BITPACK_SLACK},
                                  .type = bare,
                                  .rows = row_count,
                                  .ranges = ranges,
                                  .bits = bits};
    uint64_t nulls = codec_number(&filtering.reader, 1);
    if (nulls > NULLS_ALL || (nulls != NULLS_NONE && !type->nullable) ||
        memcmp(filtering.reader.end, slack, sizeof(slack)) != 0) {
        return NULL;
    }
    const uint8_t *bitmap = nulls == NULLS_SOME ? codec_take(&filtering.reader, (row_count + 7) / 8) : NULL;
    enum codec codec = (enum codec)codec_number(&filtering.reader, 1);
    if (filtering.reader.failed || (nulls == NULLS_ALL && codec != CODEC_CONSTANT)) {
        return NULL;
    }
    struct err *err = filter_block(&filtering, codec, known);
    if (err != NULL || !*known) {
        return err;
    }
    if (nulls == NULLS_ALL) {
        set_all(bits, row_count, false);
    }
    for (uint32_t w = 0; bitmap != NULL && w < (row_count + 63) / 64; w++) {
        uint64_t null = 0;
        size_t bytes = (row_count + 7) / 8 - (size_t)w * 8;
        memcpy(&null, bitmap + (size_t)w * 8, bytes < 8 ? bytes : 8);
        bits[w] &= ~null;
    }
    return NULL;
}
