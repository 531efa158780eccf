/*
 * codec.c: choosing how a block is written, and writing it. Reading is codec_decode.c.
 *
 * flow     storage/segment_writer.c → here
 * speed    one pass for minimum, maximum, order and sum; one for the widths; one to pack. 8,192 values of a block stay
 *          in the second-level cache.
 */
#include "storage/codec.h"

#include "storage/bitpack.h"
#include "storage/codec_encode.h"
#include "storage/codec_layout.h"
#include "storage/codec_nested.h"

#include <assert.h>
#include <math.h>
#include <zstd.h>

static_assert(sizeof(((struct codec_scratch *)0)->inside) / sizeof(struct buffer) == NEST_MAX + 1,
              "one for each depth");

void codec_scratch_deinit(struct codec_scratch *scratch)
{
    buffer_deinit(&scratch->bytes);
    buffer_deinit(&scratch->numbers);
    buffer_deinit(&scratch->more);
    for (size_t k = 0; k < sizeof(scratch->inside) / sizeof(scratch->inside[0]); k++) {
        buffer_deinit(&scratch->inside[k]);
    }
    buffer_deinit(&scratch->lz4hc);
    (void)ZSTD_freeCCtx(scratch->zstd); /* takes NULL */
    scratch->zstd = NULL;
}

uint64_t codec_scratch_memory(const struct codec_scratch *scratch)
{
    uint64_t bytes = scratch->bytes.capacity + scratch->numbers.capacity + scratch->more.capacity +
                     scratch->lz4hc.capacity + ZSTD_sizeof_CCtx(scratch->zstd); /* takes NULL */
    for (size_t k = 0; k < sizeof(scratch->inside) / sizeof(scratch->inside[0]); k++) {
        bytes += scratch->inside[k].capacity;
    }
    return bytes;
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

/* A text's first eight bytes, so that texts whose words differ are in the order of these. */
static uint64_t text_word(struct slice text)
{
    uint64_t word = 0;
    if (text.length >= 8) {
        memcpy(&word, text.data, 8);
    } else if (text.length > 0) {
        memcpy(&word, text.data, text.length);
    }
    return __builtin_bswap64(word);
}

/* Of texts without NULL, at least one. */
static void zone_texts(const struct slice *texts, uint32_t count, struct zone *zone)
{
    uint32_t min = 0, max = 0;
    uint64_t min_word = text_word(texts[0]), max_word = min_word;
    for (uint32_t k = 1; k < count; k++) {
        uint64_t word = text_word(texts[k]);
        if (word < min_word || (word == min_word && slice_compare(texts[k], texts[min]) < 0)) {
            min = k;
            min_word = word;
        }
        if (word > max_word || (word == max_word && slice_compare(texts[k], texts[max]) > 0)) {
            max = k;
            max_word = word;
        }
    }
    zone->known = zone->exact = true;
    zone_string(&zone->min, texts[min], false, &zone->exact, &zone->known);
    zone_string(&zone->max, texts[max], true, &zone->exact, &zone->known);
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
    codec_put(out, *null_count == 0 ? NULLS_NONE : *null_count == column->row_count ? NULLS_ALL : NULLS_SOME, 1);
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
    codec_put(out, CODEC_CONSTANT, 1);
    if (type->kind == TYPE_STRING) {
        const struct slice *slice = value;
        codec_put(out, slice->length, 4);
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

/* Takes the values as bytes in place of what stands at `begin`, if they are fewer. */
static void or_bytes(const struct column *column, struct codec_scratch *scratch, struct buffer *out, size_t begin,
                     bool series)
{
    size_t light = out->length;
    if (out->failed) {
        return;
    }
    codec_put_values(out, scratch, column->values, column->row_count, column->type->width, series);
    if (!out->failed && out->length - light < light - begin) {
        memmove(out->data + begin, out->data + light, out->length - light);
        out->length -= light - begin;
    } else {
        out->length = light;
    }
}

/* Does the column's CODEC name what packs bytes? */
static bool wants_bytes(const struct codec_scratch *scratch)
{
    return scratch->wish.bytes != WISH_BY_RULE && scratch->wish.bytes != WISH_NONE;
}

static void encode_numbers(const struct column *column, struct codec_scratch *scratch, struct buffer *out,
                           struct zone *zone)
{
    size_t begin = out->length;
    uint32_t count = column->row_count;
    uint64_t *numbers = codec_scratch_bytes(&scratch->numbers, (size_t)count * 8);
    if (numbers == NULL) {
        out->failed = true;
        return;
    }
    bool is_signed = codec_is_signed(column->type);
    codec_widen(column, count, numbers);
    struct survey survey = codec_survey(numbers, count, is_signed);
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
        codec_put_numbers(out, scratch, column->type, numbers, count, &survey);
        if (wants_bytes(scratch)) {
            or_bytes(column, scratch, out, begin, false);
        }
    }
}

static void encode_flat(const struct column *column, struct codec_scratch *scratch, struct buffer *out,
                        struct zone *zone)
{
    const struct type *type = column->type;
    uint32_t count = column->row_count;
    size_t begin = out->length;
    if (is_numeric_width(type) && !type_is_float(type)) {
        encode_numbers(column, scratch, out, zone);
        return;
    }
    if (type->kind == TYPE_FLOAT64 && zone->null_count == 0) {
        zone_doubles(column->values, count, zone);
    } else if (type->kind == TYPE_STRING && zone->null_count == 0) {
        zone_texts(column->values, count, zone);
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
        codec_put_strings(out, scratch, column->values, count);
    } else if (!type_is_float(type)) {
        codec_put_values(out, scratch, column->values, count, type->width, false);
    } else {
        bool decimals = type->kind == TYPE_FLOAT64 && codec_put_decimals(out, scratch, column->values, count);
        if (!decimals) {
            codec_put_floats(out, scratch, column);
        }
        if (scratch->wish.series || (decimals && wants_bytes(scratch))) {
            or_bytes(column, scratch, out, begin, scratch->wish.series);
        }
    }
}

static void put_codes(struct buffer *out, struct codec_scratch *scratch, const struct column *column)
{
    const uint32_t *codes = column->codes;
    uint32_t count = column->row_count, min = UINT32_MAX, max = 0;
    for (uint32_t k = 0; k < count; k++) {
        min = codes[k] < min ? codes[k] : min;
        max = codes[k] > max ? codes[k] : max;
    }
    uint32_t width = bitpack_width(max - min), whole = bitpack_width(column->dictionary->row_count - 1);
    if (width < whole) {
        uint32_t *less = codec_scratch_bytes(&scratch->more, (size_t)count * 4);
        if (less == NULL) {
            out->failed = true;
            return;
        }
        for (uint32_t k = 0; k < count; k++) {
            less[k] = codes[k] - min;
        }
        codec_put(out, CODEC_CODES_FRAME, 1);
        codec_put(out, min, 4);
        codes = less;
    } else {
        codec_put(out, CODEC_CODES, 1);
        width = whole;
    }
    codec_put(out, width, 1);
    buffer_grow(out, bitpack_bytes(count, width) + 2 * BITPACK_SLACK);
    if (!out->failed) {
        bitpack_pack32(codes, count, width, (uint8_t *)out->data + out->length);
        out->length += bitpack_bytes(count, width);
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
        codec_put(out, NULLS_NONE, 1);
        struct err *err = codec_nested_encode(column, scratch, out);
        if (err != NULL) {
            return err;
        }
    } else if (column->form == COLUMN_DICT) {
        codec_put(out, NULLS_NONE, 1); /* a NULL is an entry of the dictionary */
        zone_codes(column, to);
        put_codes(out, scratch, column);
    } else if (column->form == COLUMN_CONST) {
        struct column one = *column;
        one.form = COLUMN_FLAT;
        one.row_count = 1;
        put_nulls(out, &one, &to->null_count);
        zone_by_comparing(&one, to);
        put_constant(out, column->type, column->values);
        if (has_sum(column->type) && to->null_count == 0 && is_numeric_width(column->type)) {
            uint64_t number;
            codec_widen(&one, 1, &number);
            to->sum = codec_survey(&number, 1, codec_is_signed(column->type)).sum * column->row_count;
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
