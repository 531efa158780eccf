/*
 * codec_strings.c: how a block's strings are written, and values that no other codec is for.
 *
 * flow     codec.c → here
 * template strings of one length that differ in few places: hex ids with a prefix, UUIDs, dates as text. Taken when the
 *          places hold random symbols; where LZ4 or ZSTD finds more, they are better.
 * bytes    LZ4 in fresh segments, ZSTD where merges write them (scratch->cold); or as the column's CODEC says
 */
#include "storage/bitpack.h"
#include "storage/codec_encode.h"
#include "storage/codec_layout.h"

#include <lz4.h>
#include <lz4hc.h>
#include <zstd.h>

#define ZSTD_LEVEL      1
#define ZSTD_WINDOW_MAX 22 /* log2; its tables are no larger, so that its memory is bounded */

/* ---- bytes */

/* How the bytes of this block are packed. */
static enum codec_wish_bytes packer_of(const struct codec_scratch *scratch, bool series)
{
    if (series) {
        return WISH_ZSTD;
    }
    return scratch->wish.bytes != WISH_BY_RULE ? scratch->wish.bytes : scratch->cold ? WISH_ZSTD : WISH_LZ4;
}

/* 0: no memory, or they do not become fewer. */
static size_t zstd_pack(struct codec_scratch *scratch, struct slice bytes, char *to, size_t room)
{
    size_t packed;
    if (scratch->zstd == NULL && (scratch->zstd = ZSTD_createCCtx()) == NULL) {
        return 0;
    }
    if (scratch->wish.bytes != WISH_ZSTD) {
        packed = ZSTD_compressCCtx(scratch->zstd, to, room, bytes.data, bytes.length, ZSTD_LEVEL);
    } else {
        uint32_t window = scratch->wish.window;
        (void)ZSTD_CCtx_reset(scratch->zstd, ZSTD_reset_session_and_parameters);
        (void)ZSTD_CCtx_setParameter(scratch->zstd, ZSTD_c_compressionLevel, scratch->wish.level);
        if (bytes.length >> ZSTD_WINDOW_MAX > 0) {
            window = window == 0 || window > ZSTD_WINDOW_MAX ? ZSTD_WINDOW_MAX : window;
            (void)ZSTD_CCtx_setParameter(scratch->zstd, ZSTD_c_hashLog, ZSTD_WINDOW_MAX);
            (void)ZSTD_CCtx_setParameter(scratch->zstd, ZSTD_c_chainLog, ZSTD_WINDOW_MAX);
        }
        (void)ZSTD_CCtx_setParameter(scratch->zstd, ZSTD_c_windowLog, (int)window);
        packed = ZSTD_compress2(scratch->zstd, to, room, bytes.data, bytes.length);
    }
    return ZSTD_isError(packed) ? 0 : packed;
}

static size_t lz4_pack(struct codec_scratch *scratch, struct slice bytes, char *to, size_t room, bool high)
{
    int packed;
    if (!high) {
        packed = LZ4_compress_default(bytes.data, to, (int)bytes.length, (int)room);
    } else {
        void *state = codec_scratch_bytes(&scratch->lz4hc, (size_t)LZ4_sizeofStateHC());
        packed = state == NULL ? 0
                               : LZ4_compress_HC_extStateHC(state, bytes.data, to, (int)bytes.length, (int)room,
                                                            scratch->wish.level);
    }
    return packed > 0 ? (size_t)packed : 0;
}

/* The codec's number, then the bytes in as few as it makes of them. */
static void put_bytes(struct buffer *out, struct codec_scratch *scratch, struct slice bytes,
                      enum codec_wish_bytes packer)
{
    size_t begin = out->length, packed = 0;
    /* what was not asked for has to save an eighth */
    bool asked = scratch->wish.bytes != WISH_BY_RULE || scratch->wish.series;
    size_t limit = !asked ? bytes.length - bytes.length / 8 : bytes.length;
    if (packer != WISH_NONE && bytes.length > 0) {
        bool zstd = packer == WISH_ZSTD;
        codec_put(out, zstd ? CODEC_ZSTD : CODEC_LZ4, 1);
        buffer_grow(out, zstd ? ZSTD_compressBound(bytes.length) : (size_t)LZ4_compressBound((int)bytes.length));
        if (out->failed) {
            return;
        }
        char *to = out->data + out->length;
        size_t room = out->capacity - out->length;
        packed = zstd ? zstd_pack(scratch, bytes, to, room) : lz4_pack(scratch, bytes, to, room, packer == WISH_LZ4HC);
    }
    if (packed > 0 && packed < limit) {
        out->length += packed;
        return;
    }
    out->length = begin;
    codec_put(out, CODEC_PLAIN, 1);
    buffer_slice(out, bytes);
}

void codec_put_values(struct buffer *out, struct codec_scratch *scratch, const void *values, uint32_t count,
                      uint32_t width, bool series)
{
    size_t begin = out->length, bytes = (size_t)count * width;
    enum codec_wish_bytes packer = packer_of(scratch, series);
    if (packer != WISH_ZSTD) {
        put_bytes(out, scratch, slice_of(values, bytes), packer);
        return;
    }
    char *planes = codec_scratch_bytes(&scratch->bytes, bytes);
    if (planes == NULL) {
        out->failed = true;
        return;
    }
    for (uint32_t k = 0; k < count; k++) {
        for (uint32_t b = 0; b < width; b++) {
            planes[(size_t)b * count + k] = ((const char *)values)[(size_t)k * width + b];
        }
    }
    put_bytes(out, scratch, slice_of(planes, bytes), packer);
    if (!out->failed && out->data[begin] == CODEC_PLAIN) { /* plain values are not transposed */
        out->length = begin + 1;
        buffer_append(out, values, bytes);
    }
}

/* ---- hex */

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

static void put_hex(struct buffer *out, const struct slice *slices, uint32_t count, size_t length)
{
    codec_put(out, CODEC_HEX, 1);
    codec_put(out, length, 1);
    buffer_grow(out, count * length / 2);
    if (out->failed) {
        return;
    }
    uint8_t *to = (uint8_t *)out->data + out->length;
    for (uint32_t k = 0; k < count; k++) {
        for (size_t c = 0; c < length; c += 2) {
            *to++ = (uint8_t)(digit(slices[k].data[c]) << 4 | digit(slices[k].data[c + 1]));
        }
    }
    out->length += count * length / 2;
}

/* ---- templates */

struct template
{
    size_t length;
    uint32_t places; /* that differ */
    uint32_t width;  /* bits of a symbol */
    uint32_t symbol_count;
    uint16_t place[TEMPLATE_LENGTH_MAX];
    uint8_t symbols[TEMPLATE_SYMBOLS_MAX]; /* ascending */
    uint8_t codes[256];
};

/* Which places differ, and which symbols stand there; false: lengths differ, or there are too many symbols. */
static bool template_of(struct template *template, const struct slice *slices, uint32_t count)
{
    uint8_t differs[TEMPLATE_LENGTH_MAX] = {0};
    bool seen[256] = {0};
    size_t length = slices[0].length;
    if (length < 2 || length > TEMPLATE_LENGTH_MAX || count < 2) {
        return false;
    }
    for (uint32_t k = 1; k < count; k++) {
        if (slices[k].length != length) {
            return false;
        }
    }
    for (uint32_t k = 1; k < count; k++) {
        for (size_t c = 0; c < length; c++) {
            differs[c] |= (uint8_t)(slices[k].data[c] ^ slices[0].data[c]);
        }
    }
    template->length = length;
    template->places = template->symbol_count = 0;
    for (size_t c = 0; c < length; c++) {
        if (differs[c] != 0) {
            template->place[template->places++] = (uint16_t)c;
        }
    }
    for (uint32_t k = 0; k < count; k++) {
        for (uint32_t p = 0; p < template->places; p++) {
            seen[(uint8_t)slices[k].data[template->place[p]]] = true;
        }
    }
    for (uint32_t c = 0; c < 256; c++) {
        if (seen[c] && template->symbol_count == TEMPLATE_SYMBOLS_MAX) {
            return false;
        }
        if (seen[c]) {
            template->codes[c] = (uint8_t) template->symbol_count;
            template->symbols[template->symbol_count++] = (uint8_t)c;
        }
    }
    template->width = bitpack_width(template->symbol_count - 1);
    return template->places > 0;
}

static size_t template_bytes(const struct template *template, uint32_t count)
{
    return 4 + template->length + (template->length + 7) / 8 + template->symbol_count +
           ((size_t)count * template->places * template->width + 7) / 8;
}

static void put_template(struct buffer *out, struct codec_scratch *scratch, const struct slice *slices, uint32_t count,
                         const struct template *template)
{
    uint8_t bitmap[TEMPLATE_LENGTH_MAX / 8] = {0};
    uint32_t symbols = count * template->places; /* 8,192 × 256 at most */
    uint32_t *codes = codec_scratch_bytes(&scratch->more, (size_t)symbols * 4);
    if (codes == NULL) {
        out->failed = true;
        return;
    }
    codec_put(out, CODEC_TEMPLATE, 1);
    codec_put(out, template->length, 2);
    buffer_append(out, slices[0].data, template->length);
    for (uint32_t p = 0; p < template->places; p++) {
        bitmap[template->place[p] / 8] |= (uint8_t)(1U << template->place[p] % 8);
    }
    buffer_append(out, bitmap, (template->length + 7) / 8);
    codec_put(out, template->symbol_count, 1);
    buffer_append(out, template->symbols, template->symbol_count);
    for (uint32_t k = 0, at = 0; k < count; k++) {
        for (uint32_t p = 0; p < template->places; p++) {
            codes[at++] = template->codes[(uint8_t)slices[k].data[template->place[p]]];
        }
    }
    buffer_grow(out, bitpack_bytes(symbols, template->width) + 2 * BITPACK_SLACK);
    if (!out->failed) {
        bitpack_pack32(codes, symbols, template->width, (uint8_t *)out->data + out->length);
        out->length += bitpack_bytes(symbols, template->width);
    }
}

/* ---- strings */

static void put_texts(struct buffer *out, struct codec_scratch *scratch, const struct slice *slices, uint32_t count)
{
    size_t bytes = 0;
    uint64_t *lengths = codec_scratch_bytes(&scratch->numbers, (size_t)count * 8);
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
    char *heap = codec_scratch_bytes(&scratch->bytes, bytes);
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
    codec_put(out, CODEC_STRINGS, 1);
    codec_put_frame(out, lengths, count, min);
    codec_put(out, bytes, 4);
    put_bytes(out, scratch, slice_of(scratch->bytes.data, bytes), packer_of(scratch, false));
}

void codec_put_strings(struct buffer *out, struct codec_scratch *scratch, const struct slice *slices, uint32_t count)
{
    struct template template;
    size_t length = 0, begin = out->length;
    bool asked = scratch->wish.bytes != WISH_BY_RULE;
    bool is_hex = hex_length(slices, count, &length);
    if (is_hex && !asked) {
        put_hex(out, slices, count, length);
        return;
    }
    bool has_template = !is_hex && template_of(&template, slices, count);
    put_texts(out, scratch, slices, count);
    size_t texts = out->length - begin;
    if (is_hex && !out->failed && 2 + count * length / 2 < texts) {
        out->length = begin;
        put_hex(out, slices, count, length);
    }
    if (has_template && !out->failed && template_bytes(&template, count) < texts) {
        out->length = begin;
        put_template(out, scratch, slices, count, &template);
    }
}
