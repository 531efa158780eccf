/*
 * codec.c: choosing how a block is written, and writing it. Reading is codec_decode.c.
 *
 * flow     storage/segment_writer.c → here
 * speed    one pass for minimum, maximum, order and sum; one for the widths; one to pack. 8,192 values of a block stay
 * in the second-level cache.
 */
#include "storage/codec.h"

#include "storage/bitpack.h"
#include "storage/codec_layout.h"
#include "storage/codec_nested.h"

#include <lz4.h>
#include <math.h>

void codec_scratch_deinit(struct codec_scratch *scratch)
{
    buffer_deinit(&scratch->bytes);
    buffer_deinit(&scratch->numbers);
    buffer_deinit(&scratch->more);
}

static void *scratch_bytes(struct buffer *buffer, size_t bytes)
{
    buffer->length = 0;
    return buffer_reserve(buffer, bytes) ? buffer->data : NULL;
}

static void put(struct buffer *out, uint64_t value, size_t width)
{
    buffer_append(out, &value, width); /* little-endian */
}

/* ---- frames */

/* Writes numbers − base as a frame: the width that makes values and patches together smallest. numbers are changed. */
static void put_frame(struct buffer *out, uint64_t *numbers, uint32_t count, uint64_t base)
{
    uint32_t histogram[65] = {0};
    for (uint32_t k = 0; k < count; k++) {
        numbers[k] -= base;
        histogram[numbers[k] == 0 ? 0 : 64 - __builtin_clzll(numbers[k])]++;
    }
    uint32_t width = 64;
    while (width > 0 && histogram[width] == 0) {
        width--;
    }
    /* a patch costs 2 bytes for its row and 8 for its value */
    uint32_t best = width > 56 ? 64 : width, patches = 0, above = 0;
    uint64_t best_bits = (uint64_t)best * count;
    for (uint32_t w = width; w > 0; w--) {
        above += histogram[w];
        uint64_t bits = (uint64_t)(w - 1 > 56 ? 64 : w - 1) * count + (uint64_t)above * 80;
        if (bits + 64 < best_bits) {
            best_bits = bits;
            best = w - 1 > 56 ? 64 : w - 1;
            patches = above;
        }
    }
    put(out, base, 8);
    put(out, best, 1);
    put(out, patches, 2);
    if (patches > 0) {
        uint64_t limit = (uint64_t)1 << best;
        for (uint32_t k = 0; k < count; k++) {
            if (numbers[k] >= limit) {
                put(out, k, 2);
                put(out, numbers[k], 8);
                numbers[k] = 0;
            }
        }
    }
    buffer_grow(out, bitpack_bytes(count, best) + 2 * BITPACK_SLACK);
    if (!out->failed) {
        bitpack_pack(numbers, count, best, (uint8_t *)out->data + out->length);
        out->length += bitpack_bytes(count, best);
    }
}

/* ---- numbers of 1, 2, 4 and 8 bytes as 64-bit ones, signed ones by sign extension */

struct survey {
    uint64_t min, max; /* as the type orders them */
    bool sorted;       /* never falls */
    bool constant;
    __int128 sum;
};

static bool is_signed_kind(const struct type *type)
{
    switch (type->kind) {
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_DATE32:
    case TYPE_DATETIME64:
    case TYPE_DECIMAL:
    case TYPE_ENUM8:
    case TYPE_ENUM16:
    case TYPE_INTERVAL:
        return true;
    default:
        return false;
    }
}

#define WIDEN(c_type, wide)                                                                                            \
    do {                                                                                                               \
        const c_type *values = column->values;                                                                         \
        for (uint32_t k = 0; k < count; k++) {                                                                         \
            numbers[k] = (uint64_t)(wide)values[k];                                                                    \
        }                                                                                                              \
    } while (0)

static void widen(const struct column *column, uint32_t count, uint64_t *numbers)
{
    bool is_signed = is_signed_kind(column->type);
    switch (column->type->width) {
    case 1:
        if (is_signed) {
            WIDEN(int8_t, int64_t);
        } else {
            WIDEN(uint8_t, uint64_t);
        }
        break;
    case 2:
        if (is_signed) {
            WIDEN(int16_t, int64_t);
        } else {
            WIDEN(uint16_t, uint64_t);
        }
        break;
    case 4:
        if (is_signed) {
            WIDEN(int32_t, int64_t);
        } else {
            WIDEN(uint32_t, uint64_t);
        }
        break;
    default:
        memcpy(numbers, column->values, (size_t)count * 8);
        break;
    }
}

/* Order of signed numbers as unsigned ones. */
#define SIGN_BIT ((uint64_t)1 << 63)

static struct survey survey_numbers(const uint64_t *numbers, uint32_t count, bool is_signed)
{
    uint64_t flip = is_signed ? SIGN_BIT : 0;
    uint64_t min = numbers[0] ^ flip, max = min, falls = 0, before = min;
    uint64_t low = 0, high = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint64_t value = numbers[k] ^ flip;
        min = value < min ? value : min;
        max = value > max ? value : max;
        falls |= value < before;
        before = value;
        low += value & 0xffffffff;
        high += value >> 32;
    }
    struct survey survey = {.min = min ^ flip, .max = max ^ flip, .sorted = falls == 0, .constant = min == max};
    survey.sum = (__int128)(((unsigned __int128)high << 32) + low) - (is_signed ? (__int128)SIGN_BIT * count : 0);
    return survey;
}

static void put_numbers(struct buffer *out, struct codec_scratch *scratch, uint64_t *numbers, uint32_t count,
                        const struct survey *survey)
{
    uint32_t frame_width = bitpack_width(survey->max - survey->min);
    if (frame_width > 8 && count > 64) {
        /* differences pay when they are much narrower; a sample says whether to look at all of them */
        uint64_t least = UINT64_MAX, most = 0;
        bool try_all = survey->sorted;
        if (!try_all) {
            for (uint32_t k = count / 4; k < count / 4 + 32; k++) {
                uint64_t difference = (numbers[k + 1] - numbers[k]) ^ SIGN_BIT;
                least = difference < least ? difference : least;
                most = difference > most ? difference : most;
            }
            try_all = bitpack_width(most - least) + 4 < frame_width;
        }
        uint64_t *differences = try_all ? scratch_bytes(&scratch->more, (size_t)count * 8) : NULL;
        if (differences != NULL) {
            least = UINT64_MAX;
            most = 0;
            for (uint32_t k = 1; k < count; k++) {
                uint64_t difference = numbers[k] - numbers[k - 1];
                differences[k - 1] = difference;
                difference ^= SIGN_BIT;
                least = difference < least ? difference : least;
                most = difference > most ? difference : most;
            }
            if (bitpack_width(most - least) + 2 < frame_width) {
                put(out, CODEC_DELTA, 1);
                put(out, numbers[0], 8);
                put_frame(out, differences, count - 1, least ^ SIGN_BIT);
                return;
            }
        }
    }
    put(out, CODEC_FRAME, 1);
    put_frame(out, numbers, count, survey->min);
}

/* ---- bytes through LZ4 */

static void put_lz4_or_plain(struct buffer *out, const void *data, size_t bytes)
{
    size_t begin = out->length;
    put(out, CODEC_LZ4, 1);
    buffer_grow(out, (size_t)LZ4_compressBound((int)bytes));
    if (out->failed) {
        return;
    }
    int packed = LZ4_compress_default(data, out->data + out->length, (int)bytes, (int)(out->capacity - out->length));
    if (packed > 0 && (size_t)packed < bytes - bytes / 8) {
        out->length += (size_t)packed;
        return;
    }
    out->length = begin;
    put(out, CODEC_PLAIN, 1);
    buffer_append(out, data, bytes);
}

/* ---- floats */

static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};

/* Is value exactly number / 10^exponent for a whole number below 2^51? Zeros keep their sign only as patches. */
static inline bool to_whole(double value, double power, int64_t *number)
{
    double scaled = value * power;
    if (!(scaled > -0x1p51 && scaled < 0x1p51)) {
        return false;
    }
    double rounded = nearbyint(scaled);
    *number = (int64_t)rounded;
    return rounded / power == value && (rounded != 0 || !signbit(value));
}

/* False: the values are not decimals. */
static bool put_decimals(struct buffer *out, struct codec_scratch *scratch, const double *values, uint32_t count)
{
    uint32_t exponent = 0, step = count / 32 + 1;
    for (uint32_t k = 0; k < count; k += step) {
        int64_t number;
        while (exponent < 10 && !to_whole(values[k], powers[exponent], &number) && isfinite(values[k])) {
            exponent++;
        }
    }
    uint64_t *numbers = scratch_bytes(&scratch->more, (size_t)count * 8);
    uint16_t *rows = scratch_bytes(&scratch->bytes, (size_t)count * 2);
    if (numbers == NULL || rows == NULL) {
        out->failed = true;
        return true;
    }
    uint32_t patches = 0;
    uint64_t min = UINT64_MAX;
    double power = powers[exponent];
    for (uint32_t k = 0; k < count; k++) {
        int64_t number = 0;
        if (!to_whole(values[k], power, &number)) {
            rows[patches++] = (uint16_t)k;
            numbers[k] = k == 0 ? 0 : numbers[k - 1];
            continue;
        }
        numbers[k] = (uint64_t)number;
        min = ((uint64_t)number ^ SIGN_BIT) < min ? (uint64_t)number ^ SIGN_BIT : min;
    }
    if (patches > count / 16) {
        return false;
    }
    for (uint32_t k = 0; k < patches; k++) { /* any number of the frame will do below a patch */
        numbers[rows[k]] = min ^ SIGN_BIT;
    }
    put(out, CODEC_DECIMAL, 1);
    put(out, exponent, 1);
    put(out, patches, 2);
    for (uint32_t k = 0; k < patches; k++) {
        put(out, rows[k], 2);
        buffer_append(out, &values[rows[k]], 8);
    }
    put_frame(out, numbers, count, min ^ SIGN_BIT);
    return true;
}

/* ---- strings */

static bool hex_length(const struct slice *slices, uint32_t count, size_t *length)
{
    *length = slices[0].length;
    if (*length < 4 || *length > 128 || *length % 2 != 0) {
        return false;
    }
    for (uint32_t k = 0; k < count; k++) {
        if (slices[k].length != *length) {
            return false;
        }
        unsigned char wrong = 0;
        for (size_t c = 0; c < *length; c++) {
            unsigned char byte = (unsigned char)slices[k].data[c];
            wrong |= !((unsigned char)(byte - '0') < 10 || (unsigned char)(byte - 'a') < 6);
        }
        if (wrong) {
            return false;
        }
    }
    return true;
}

static inline uint8_t digit(char c)
{
    return (uint8_t)((c & 15) + (c >> 6) * 9);
}

static void put_strings(struct buffer *out, struct codec_scratch *scratch, const struct slice *slices, uint32_t count)
{
    size_t length, bytes = 0;
    if (hex_length(slices, count, &length)) {
        put(out, CODEC_HEX, 1);
        put(out, length, 1);
        buffer_grow(out, count * length / 2);
        if (!out->failed) {
            uint8_t *to = (uint8_t *)out->data + out->length;
            for (uint32_t k = 0; k < count; k++) {
                for (size_t c = 0; c < length; c += 2) {
                    *to++ = (uint8_t)(digit(slices[k].data[c]) << 4 | digit(slices[k].data[c + 1]));
                }
            }
            out->length += count * length / 2;
        }
        return;
    }
    uint64_t *lengths = scratch_bytes(&scratch->numbers, (size_t)count * 8);
    if (lengths == NULL) {
        out->failed = true;
        return;
    }
    uint64_t min = UINT64_MAX;
    for (uint32_t k = 0; k < count; k++) {
        lengths[k] = slices[k].length;
        min = lengths[k] < min ? lengths[k] : min;
        bytes += slices[k].length;
    }
    char *heap = scratch_bytes(&scratch->bytes, bytes);
    if (heap == NULL || bytes > STRINGS_BYTES_MAX) {
        out->failed = true;
        return;
    }
    for (uint32_t k = 0; k < count; k++) {
        if (slices[k].length > 0) {
            memcpy(heap, slices[k].data, slices[k].length);
            heap += slices[k].length;
        }
    }
    put(out, CODEC_STRINGS, 1);
    put_frame(out, lengths, count, min);
    put(out, bytes, 4);
    put_lz4_or_plain(out, scratch->bytes.data, bytes);
}

/* ---- zones */

static void zone_string(union zone_value *to, struct slice text, bool upper, bool *exact, bool *known)
{
    size_t length = text.length < ZONE_STRING_BYTES ? text.length : ZONE_STRING_BYTES;
    to->string.length = (uint8_t)length;
    if (length > 0) {
        memcpy(to->string.text, text.data, length);
    }
    if (length < text.length) {
        *exact = false;
        while (upper) { /* the next larger prefix bounds all that begin with this one */
            if (to->string.length == 0) {
                *known = false;
                return;
            }
            uint8_t last = (uint8_t)to->string.text[to->string.length - 1];
            if (last < 255) {
                to->string.text[to->string.length - 1] = (char)(last + 1);
                return;
            }
            to->string.length--;
        }
    }
}

/* Minimum and maximum by comparing; for types without a faster way. */
static void zone_by_comparing(const struct column *column, struct zone *zone)
{
    uint32_t min = UINT32_MAX, max = 0;
    for (uint32_t k = 0; k < column->row_count; k++) {
        const void *value = (const char *)column->values + (size_t)k * column->type->width;
        if ((column->nulls != NULL && column->nulls[k]) ||
            (column->type->kind == TYPE_FLOAT64 && isnan(*(const double *)value)) ||
            (column->type->kind == TYPE_FLOAT32 && isnan(*(const float *)value))) {
            continue;
        }
        if (min == UINT32_MAX) {
            min = max = k;
            continue;
        }
        min = column_compare(column, k, column, min) < 0 ? k : min;
        max = column_compare(column, k, column, max) > 0 ? k : max;
    }
    zone->known = min != UINT32_MAX;
    if (!zone->known) {
        return;
    }
    zone->exact = true;
    if (column->type->kind == TYPE_STRING) {
        zone_string(&zone->min, ((const struct slice *)column->values)[min], false, &zone->exact, &zone->known);
        zone_string(&zone->max, ((const struct slice *)column->values)[max], true, &zone->exact, &zone->known);
    } else if (column->type->width <= 16) {
        memcpy(zone->min.bytes, column_value(column, min), column->type->width);
        memcpy(zone->max.bytes, column_value(column, max), column->type->width);
    } else {
        zone->known = false;
    }
}

static void zone_doubles(const double *values, uint32_t count, struct zone *zone)
{
    double min = INFINITY, max = -INFINITY;
    bool any = false;
    for (uint32_t k = 0; k < count; k++) {
        min = values[k] < min ? values[k] : min;
        max = values[k] > max ? values[k] : max;
        any |= values[k] == values[k];
    }
    zone->known = zone->exact = any;
    memcpy(zone->min.bytes, &min, 8);
    memcpy(zone->max.bytes, &max, 8);
}

/* Of the dictionary entries that occur. */
static void zone_codes(const struct column *column, struct zone *zone)
{
    struct column used = *column;
    uint32_t min = UINT32_MAX, max = 0;
    const uint8_t *nulls = column->dictionary->nulls;
    for (uint32_t k = 0; k < column->row_count; k++) {
        uint32_t code = column->codes[k];
        if (nulls != NULL && nulls[code]) {
            zone->null_count++;
            continue;
        }
        min = code < min ? code : min;
        max = code > max ? code : max;
    }
    /* the segment's dictionary is sorted, so codes order as values do */
    zone->known = min != UINT32_MAX && used.type->kind == TYPE_STRING;
    if (zone->known) {
        const struct slice *entries = column->dictionary->values;
        zone->exact = true;
        zone_string(&zone->min, entries[min], false, &zone->exact, &zone->known);
        zone_string(&zone->max, entries[max], true, &zone->exact, &zone->known);
    }
}

/* ---- blocks */

static void put_nulls(struct buffer *out, const struct column *column, uint32_t *null_count)
{
    *null_count = 0;
    for (uint32_t k = 0; column->nulls != NULL && k < column->row_count; k++) {
        *null_count += column->nulls[k];
    }
    put(out, *null_count == 0 ? NULLS_NONE : *null_count == column->row_count ? NULLS_ALL : NULLS_SOME, 1);
    if (*null_count > 0 && *null_count < column->row_count) {
        uint8_t bitmap[CHUNK_ROWS_MAX / 8] = {0};
        for (uint32_t k = 0; k < column->row_count; k++) {
            bitmap[k / 8] |= (uint8_t)(column->nulls[k] << k % 8);
        }
        buffer_append(out, bitmap, (column->row_count + 7) / 8);
    }
}

static void put_constant(struct buffer *out, const struct type *type, const void *value)
{
    put(out, CODEC_CONSTANT, 1);
    if (type->kind == TYPE_STRING) {
        const struct slice *slice = value;
        put(out, slice->length, 4);
        buffer_slice(out, *slice);
    } else {
        buffer_append(out, value, type->width);
    }
}

static bool has_sum(const struct type *type)
{
    return type_is_integer(type) || type->kind == TYPE_BOOL || type->kind == TYPE_DECIMAL;
}

static bool is_numeric_width(const struct type *type)
{
    return type->kind != TYPE_FIXED_STRING && type->kind != TYPE_STRING &&
           (type->width == 1 || type->width == 2 || type->width == 4 || type->width == 8);
}

static void encode_numbers(const struct column *column, struct codec_scratch *scratch, struct buffer *out,
                           struct zone *zone)
{
    uint32_t count = column->row_count;
    uint64_t *numbers = scratch_bytes(&scratch->numbers, (size_t)count * 8);
    if (numbers == NULL) {
        out->failed = true;
        return;
    }
    bool is_signed = is_signed_kind(column->type);
    widen(column, count, numbers);
    struct survey survey = survey_numbers(numbers, count, is_signed);
    if (zone->null_count == 0) {
        zone->known = zone->exact = true;
        memcpy(zone->min.bytes, &survey.min, column->type->width);
        memcpy(zone->max.bytes, &survey.max, column->type->width);
    } else {
        zone_by_comparing(column, zone);
    }
    zone->sum = has_sum(column->type) ? survey.sum : 0; /* the value below a NULL is zero */
    if (survey.constant) {
        put_constant(out, column->type, column->values);
    } else {
        put_numbers(out, scratch, numbers, count, &survey);
    }
}

static void encode_flat(const struct column *column, struct codec_scratch *scratch, struct buffer *out,
                        struct zone *zone)
{
    const struct type *type = column->type;
    uint32_t count = column->row_count;
    if (is_numeric_width(type) && !type_is_float(type)) {
        encode_numbers(column, scratch, out, zone);
        return;
    }
    if (type->kind == TYPE_FLOAT64 && zone->null_count == 0) {
        zone_doubles(column->values, count, zone);
    } else {
        zone_by_comparing(column, zone);
    }
    bool constant = true;
    for (uint32_t k = 1; constant && k < count; k++) {
        constant =
            type->kind == TYPE_STRING
                ? slice_equal(((const struct slice *)column->values)[0], ((const struct slice *)column->values)[k])
                : memcmp(column->values, (const char *)column->values + (size_t)k * type->width, type->width) == 0;
    }
    if (constant) {
        put_constant(out, type, column->values);
    } else if (type->kind == TYPE_STRING) {
        put_strings(out, scratch, column->values, count);
    } else if (type->kind != TYPE_FLOAT64 || !put_decimals(out, scratch, column->values, count)) {
        put_lz4_or_plain(out, column->values, (size_t)count * type->width);
    }
}

struct err *codec_encode(const struct column *column, struct codec_scratch *scratch, struct buffer *out,
                         struct zone *zone)
{
    struct zone own;
    struct zone *to = zone == NULL ? &own : zone;
    memset(to, 0, sizeof(*to));
    ASSERT(column->row_count > 0 && column->row_count <= CHUNK_ROWS_MAX);
    if (type_is_nested(column->type)) {
        put(out, NULLS_NONE, 1);
        struct err *err = codec_nested_encode(column, scratch, out);
        if (err != NULL) {
            return err;
        }
    } else if (column->form == COLUMN_DICT) {
        put(out, NULLS_NONE, 1); /* a NULL is an entry of the dictionary */
        zone_codes(column, to);
        put(out, CODEC_CODES, 1);
        uint32_t width = bitpack_width(column->dictionary->row_count - 1);
        put(out, width, 1);
        buffer_grow(out, bitpack_bytes(column->row_count, width) + 2 * BITPACK_SLACK);
        if (!out->failed) {
            bitpack_pack32(column->codes, column->row_count, width, (uint8_t *)out->data + out->length);
            out->length += bitpack_bytes(column->row_count, width);
        }
    } else if (column->form == COLUMN_CONST) {
        struct column one = *column;
        one.form = COLUMN_FLAT;
        one.row_count = 1;
        put_nulls(out, &one, &to->null_count);
        zone_by_comparing(&one, to);
        put_constant(out, column->type, column->values);
        if (has_sum(column->type) && to->null_count == 0 && is_numeric_width(column->type)) {
            uint64_t number;
            widen(&one, 1, &number);
            to->sum = survey_numbers(&number, 1, is_signed_kind(column->type)).sum * column->row_count;
        }
        to->null_count *= column->row_count;
    } else {
        put_nulls(out, column, &to->null_count);
        if (to->null_count == column->row_count) {
            put_constant(out, column->type, column->values);
        } else {
            encode_flat(column, scratch, out, to);
        }
    }
    for (size_t k = 0; k < BITPACK_SLACK; k++) {
        buffer_char(out, 0); /* what an unpacker may touch behind the last value */
    }
    return out->failed ? err_oom() : NULL;
}
