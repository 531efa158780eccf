/* parquet_decode.c: see parquet_decode.h. */
#include "format/parquet_decode.h"

#define GROUP        8U                  /* numbers of a bit-packed group */
#define BLOCK_MAX    ((uint64_t)1 << 24) /* values of a block of deltas */
#define TEXT_MAX     ((size_t)1 << 30)
#define LENGTH_BYTES sizeof(uint32_t)

static bool take_varint(const char **at, const char *end, uint64_t *out)
{
    *out = 0;
    for (uint32_t shift = 0; shift < 64 && *at < end; shift += 7) {
        uint8_t byte = (uint8_t) * (*at)++;
        *out |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

static bool take_length(const char **at, const char *end, uint32_t *out)
{
    if ((size_t)(end - *at) < LENGTH_BYTES) {
        return false;
    }
    memcpy(out, *at, LENGTH_BYTES);
    *at += LENGTH_BYTES;
    return true;
}

/* `bits` bits, 64 at most, from the bit `place` on; they end within the bytes. */
static uint64_t take_bits(const char *bytes, const char *end, uint64_t place, uint32_t bits)
{
    const char *at = bytes + place / 8;
    unsigned __int128 word = 0;
    size_t left = (size_t)(end - at);
    memcpy(&word, at, left < sizeof(word) ? left : sizeof(word));
    uint64_t value = (uint64_t)(word >> place % 8);
    return bits == 64 ? value : value & ((UINT64_C(1) << bits) - 1);
}

/* ---- runs */

void parquet_runs_begin(struct parquet_runs *runs, struct slice bytes, uint32_t bits)
{
    *runs = (struct parquet_runs){.at = bytes.data, .end = slice_end(bytes), .bits = bits};
}

static bool next_run(struct parquet_runs *runs)
{
    uint64_t head;
    size_t width = (runs->bits + 7) / 8;
    if (!take_varint(&runs->at, runs->end, &head) || head > UINT32_MAX) {
        return false;
    }
    size_t left = (size_t)(runs->end - runs->at);
    if ((head & 1) == 0) {
        if (left < width) {
            return false;
        }
        runs->repeats = head >> 1;
        runs->number = 0;
        memcpy(&runs->number, runs->at, width);
        runs->at += width;
        return runs->bits == 32 || runs->number >> runs->bits == 0;
    }
    uint64_t bytes = (head >> 1) * runs->bits;
    runs->packed = (head >> 1) * GROUP;
    runs->place = 0;
    runs->group_end = runs->at + (bytes < left ? bytes : left); /* the last group may be cut off behind its numbers */
    return true;
}

bool parquet_runs_take(struct parquet_runs *runs, uint32_t *out, uint32_t count)
{
    uint32_t i = 0;
    while (i < count) {
        if (runs->repeats > 0) {
            for (; i < count && runs->repeats > 0; runs->repeats--) {
                out[i++] = runs->number;
            }
        } else if (runs->packed > 0) {
            uint64_t bits = (uint64_t)(runs->group_end - runs->at) * 8;
            for (; i < count && runs->packed > 0; runs->packed--, runs->place += runs->bits) {
                if (runs->place + runs->bits > bits) {
                    return false;
                }
                out[i++] =
                    runs->bits == 0 ? 0 : (uint32_t)take_bits(runs->at, runs->group_end, runs->place, runs->bits);
            }
            runs->at = runs->packed == 0 ? runs->group_end : runs->at;
        } else if (!next_run(runs)) {
            return false;
        }
    }
    return true;
}

/* ---- deltas */

static uint64_t of_zigzag(uint64_t value)
{
    return value >> 1 ^ (0 - (value & 1));
}

bool parquet_deltas_begin(struct parquet_deltas *deltas, struct slice bytes)
{
    uint64_t block, miniblocks, first;
    *deltas = (struct parquet_deltas){.at = bytes.data, .end = slice_end(bytes), .first = true};
    if (!take_varint(&deltas->at, deltas->end, &block) || !take_varint(&deltas->at, deltas->end, &miniblocks) ||
        !take_varint(&deltas->at, deltas->end, &deltas->left) || !take_varint(&deltas->at, deltas->end, &first) ||
        block == 0 || block > BLOCK_MAX || miniblocks == 0 || block % miniblocks != 0 ||
        block / miniblocks % GROUP != 0 || deltas->left > UINT32_MAX) {
        return false;
    }
    deltas->block = (uint32_t)block;
    deltas->miniblocks = deltas->miniblock = (uint32_t)miniblocks;
    deltas->in_miniblock = (uint32_t)(block / miniblocks);
    deltas->value = of_zigzag(first);
    return true;
}

static bool next_block(struct parquet_deltas *deltas)
{
    uint64_t least;
    if (!take_varint(&deltas->at, deltas->end, &least) || (size_t)(deltas->end - deltas->at) < deltas->miniblocks) {
        return false;
    }
    deltas->least = of_zigzag(least);
    deltas->widths = deltas->at;
    deltas->at += deltas->miniblocks;
    deltas->miniblock = deltas->of_mini = 0;
    return true;
}

static uint32_t width_of(const struct parquet_deltas *deltas)
{
    return (uint8_t)deltas->widths[deltas->miniblock];
}

/* Behind the miniblock; its last one may be cut off behind its values. */
static void end_miniblock(struct parquet_deltas *deltas)
{
    uint64_t bytes = (uint64_t)deltas->in_miniblock / 8 * width_of(deltas), left = (uint64_t)(deltas->end - deltas->at);
    deltas->at += bytes < left ? bytes : left;
    deltas->miniblock++;
    deltas->of_mini = 0;
}

bool parquet_deltas_take(struct parquet_deltas *deltas, uint64_t *out)
{
    if (deltas->left == 0) {
        return false;
    }
    deltas->left--;
    if (deltas->first) {
        deltas->first = false;
        *out = deltas->value;
        return true;
    }
    if (deltas->miniblock == deltas->miniblocks && !next_block(deltas)) {
        return false;
    }
    uint32_t width = width_of(deltas);
    uint64_t place = (uint64_t)deltas->of_mini * width;
    if (width > 64 || place + width > (uint64_t)(deltas->end - deltas->at) * 8) {
        return false;
    }
    deltas->value += deltas->least + (width == 0 ? 0 : take_bits(deltas->at, deltas->end, place, width));
    *out = deltas->value;
    if (++deltas->of_mini == deltas->in_miniblock || deltas->left == 0) {
        end_miniblock(deltas);
    }
    return true;
}

const char *parquet_deltas_end(const struct parquet_deltas *deltas)
{
    struct parquet_deltas at = *deltas;
    if (at.left > 0 && at.first) {
        at.first = false;
        at.left--;
    }
    while (at.left > 0) {
        if (at.miniblock == at.miniblocks && !next_block(&at)) {
            return NULL;
        }
        if (width_of(&at) > 64) {
            return NULL;
        }
        uint32_t count = at.in_miniblock - at.of_mini;
        at.left -= count < at.left ? count : at.left;
        end_miniblock(&at);
    }
    return at.at;
}

/* ---- values */

static const char ENDS_EARLY[] = "a page ends before its values do";

static const char *begin_lengths(struct parquet_values *values, struct slice bytes)
{
    if (!parquet_deltas_begin(&values->deltas, bytes)) {
        return "the head of a page's lengths is wrong";
    }
    values->at = parquet_deltas_end(&values->deltas);
    return values->at == NULL ? ENDS_EARLY : NULL;
}

static const char *begin_front_coded(struct parquet_values *values, struct slice bytes)
{
    const char *wrong = begin_lengths(values, bytes);
    values->last_bytes = 0;
    values->last = NULL;
    values->last_room = 0;
    if (wrong != NULL) {
        return wrong;
    }
    if (!parquet_deltas_begin(&values->suffixes, slice_of(values->at, (size_t)(values->end - values->at)))) {
        return "the head of a page's lengths is wrong";
    }
    values->at = parquet_deltas_end(&values->suffixes);
    return values->at == NULL ? ENDS_EARLY : NULL;
}

const char *parquet_values_begin(struct parquet_values *values, enum parquet_encoding encoding, struct slice bytes)
{
    static const char unfit[] = "a page's encoding does not fit the column's type";
    uint32_t length;
    values->encoding = encoding;
    values->at = bytes.data;
    values->end = slice_end(bytes);
    values->place = 0;
    values->deltas = values->suffixes = (struct parquet_deltas){0};
    switch (encoding) {
    case PARQUET_PLAIN:
        return NULL;
    case PARQUET_PLAIN_DICTIONARY:
    case PARQUET_RLE_DICTIONARY:
        values->encoding = PARQUET_RLE_DICTIONARY;
        if (bytes.length > 0 && (uint8_t)bytes.data[0] > 32) {
            return "places in a dictionary have more than 32 bits";
        }
        parquet_runs_begin(&values->runs, bytes.length == 0 ? bytes : slice_of(bytes.data + 1, bytes.length - 1),
                           bytes.length == 0 ? 0 : (uint8_t)bytes.data[0]);
        return NULL;
    case PARQUET_RLE:
        if (!values->is_bits) {
            return unfit;
        }
        if (bytes.length == 0) {
            parquet_runs_begin(&values->runs, bytes, 1);
            return NULL;
        }
        if (!take_length(&values->at, values->end, &length) || length > (size_t)(values->end - values->at)) {
            return ENDS_EARLY;
        }
        parquet_runs_begin(&values->runs, slice_of(values->at, length), 1);
        return NULL;
    case PARQUET_DELTA_BINARY_PACKED:
        if (values->width != 4 && values->width != 8) {
            return unfit;
        }
        return bytes.length == 0 || parquet_deltas_begin(&values->deltas, bytes)
                   ? NULL
                   : "the head of a page's deltas is wrong";
    case PARQUET_DELTA_LENGTH_BYTE_ARRAY:
        return !values->is_text ? unfit : bytes.length == 0 ? NULL : begin_lengths(values, bytes);
    case PARQUET_DELTA_BYTE_ARRAY:
        return values->is_bits ? unfit : bytes.length == 0 ? NULL : begin_front_coded(values, bytes);
    case PARQUET_BYTE_STREAM_SPLIT:
        if (values->width == 0 || bytes.length % values->width != 0) {
            return values->width == 0 ? unfit : "the bytes of a page are not whole values";
        }
        values->count = bytes.length / values->width;
        return NULL;
    default:
        return "a page's encoding is not known";
    }
}

static const char *take_plain(struct parquet_values *values, char *out, uint32_t count)
{
    size_t left = (size_t)(values->end - values->at);
    if (values->is_bits) {
        if (count > left * 8 - values->place) {
            return ENDS_EARLY;
        }
        for (uint32_t i = 0; i < count; i++, values->place++) {
            out[i] = (char)((uint8_t)values->at[values->place / 8] >> values->place % 8 & 1);
        }
        return NULL;
    }
    if (!values->is_text) {
        if (count > left / values->width) {
            return ENDS_EARLY;
        }
        memcpy(out, values->at, (size_t)count * values->width);
        values->at += (size_t)count * values->width;
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length;
        if (!take_length(&values->at, values->end, &length) || length > (size_t)(values->end - values->at)) {
            return ENDS_EARLY;
        }
        struct slice text = slice_of(values->at, length);
        memcpy(out + i * sizeof(text), &text, sizeof(text));
        values->at += length;
    }
    return NULL;
}

static const char *take_coded(struct parquet_values *values, char *out, uint32_t count)
{
    uint32_t codes[256];
    size_t width = values->raw_width;
    if (values->dictionary->raw == NULL && count > 0) {
        return "values are places in a dictionary that is not there";
    }
    for (uint32_t i = 0; i < count;) {
        uint32_t n = count - i < 256 ? count - i : 256;
        if (!parquet_runs_take(&values->runs, codes, n)) {
            return ENDS_EARLY;
        }
        for (uint32_t k = 0; k < n; k++) {
            if (codes[k] >= values->dictionary->count) {
                return "a place in a dictionary is outside of it";
            }
            memcpy(out + (i + k) * width, values->dictionary->raw + codes[k] * width, width);
        }
        i += n;
    }
    return NULL;
}

static const char *take_runs(struct parquet_values *values, char *out, uint32_t count)
{
    uint32_t bit;
    for (uint32_t i = 0; i < count; i++) {
        if (!parquet_runs_take(&values->runs, &bit, 1)) {
            return ENDS_EARLY;
        }
        out[i] = (char)bit;
    }
    return NULL;
}

static const char *take_deltas(struct parquet_values *values, char *out, uint32_t count)
{
    uint64_t value;
    for (uint32_t i = 0; i < count; i++) {
        if (!parquet_deltas_take(&values->deltas, &value)) {
            return ENDS_EARLY;
        }
        memcpy(out + (size_t)i * values->width, &value, values->width);
    }
    return NULL;
}

static const char *take_lengths(struct parquet_values *values, char *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t length;
        if (!parquet_deltas_take(&values->deltas, &length) || length > (uint64_t)(values->end - values->at)) {
            return ENDS_EARLY;
        }
        struct slice text = slice_of(values->at, (size_t)length);
        memcpy(out + i * sizeof(text), &text, sizeof(text));
        values->at += length;
    }
    return NULL;
}

/* One value: the beginning of the one before it, and bytes of its own. */
static const char *take_front_coded(struct parquet_values *values, char *out)
{
    uint64_t prefix, length;
    if (!parquet_deltas_take(&values->deltas, &prefix) || !parquet_deltas_take(&values->suffixes, &length) ||
        length > (uint64_t)(values->end - values->at)) {
        return ENDS_EARLY;
    }
    if (prefix > values->last_bytes || prefix + length > TEXT_MAX) {
        return "a value begins with more bytes of the one before it than that has";
    }
    size_t bytes = (size_t)(prefix + length);
    if (values->last == NULL || bytes > values->last_room) {
        size_t room = bytes < 64 ? 64 : bytes * 2;
        char *grown = arena_grow(values->arena, values->last, values->last_bytes, values->last_room, room);
        if (grown == NULL) {
            return "memory is out for a value";
        }
        values->last = grown;
        values->last_room = room;
    }
    memcpy(values->last + prefix, values->at, (size_t)length);
    values->at += length;
    values->last_bytes = bytes;
    if (values->is_text) {
        struct slice text = slice_of(values->last, bytes);
        memcpy(out, &text, sizeof(text));
        return NULL;
    }
    if (bytes != values->width) {
        return "a value has not the length of its type";
    }
    memcpy(out, values->last, bytes);
    return NULL;
}

static const char *take_split(struct parquet_values *values, char *out, uint32_t count)
{
    if (count > values->count - values->place) {
        return ENDS_EARLY;
    }
    for (uint32_t k = 0; k < values->width; k++) {
        const char *bytes = values->at + k * values->count + values->place;
        for (uint32_t i = 0; i < count; i++) {
            out[(size_t)i * values->width + k] = bytes[i];
        }
    }
    values->place += count;
    return NULL;
}

const char *parquet_values_take(struct parquet_values *values, char *out, uint32_t count)
{
    const char *wrong = NULL;
    if (count > 0 && values->at == values->end && values->encoding != PARQUET_RLE_DICTIONARY &&
        values->encoding != PARQUET_RLE && values->encoding != PARQUET_DELTA_BINARY_PACKED &&
        values->encoding != PARQUET_DELTA_LENGTH_BYTE_ARRAY && values->encoding != PARQUET_DELTA_BYTE_ARRAY) {
        return ENDS_EARLY;
    }
    switch (values->encoding) {
    case PARQUET_PLAIN:
        return take_plain(values, out, count);
    case PARQUET_RLE_DICTIONARY:
        return take_coded(values, out, count);
    case PARQUET_RLE:
        return take_runs(values, out, count);
    case PARQUET_DELTA_BINARY_PACKED:
        return take_deltas(values, out, count);
    case PARQUET_DELTA_LENGTH_BYTE_ARRAY:
        return take_lengths(values, out, count);
    case PARQUET_DELTA_BYTE_ARRAY:
        for (uint32_t i = 0; i < count && wrong == NULL; i++) {
            wrong = take_front_coded(values, out + (size_t)i * values->raw_width);
        }
        return wrong;
    default:
        return take_split(values, out, count);
    }
}
