/*
 * frames.c: see frames.h. LZ4 payloads are blocks, not LZ4's own frames.
 */
#include "format/frames.h"

#include "base/city_hash.h"

#include <lz4.h>
#include <zstd.h>

#define CHECKSUM_BYTES 16U
#define METHOD_BYTES   9U /* method and sizes: counted in the packed size */
/* A byte of LZ4 gives at most 255 bytes. */
#define LZ4_RATIO_MAX 255U

static void put_u32(char *to, size_t value)
{
    uint32_t word = (uint32_t)value;
    memcpy(to, &word, sizeof(word));
}

static size_t get_u32(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static size_t pack_payload(enum frame_method method, struct slice plain, char *to, size_t room)
{
    if (method == FRAME_LZ4) {
        return (size_t)LZ4_compress_default(plain.data, to, (int)plain.length, (int)room);
    }
    if (method == FRAME_ZSTD) {
        size_t packed = ZSTD_compress(to, room, plain.data, plain.length, 1);
        return ZSTD_isError(packed) ? 0 : packed;
    }
    memcpy(to, plain.data, plain.length);
    return plain.length;
}

static struct err *pack_frame(enum frame_method method, struct slice plain, struct buffer *out)
{
    size_t room = method == FRAME_LZ4    ? (size_t)LZ4_compressBound((int)plain.length)
                  : method == FRAME_ZSTD ? ZSTD_compressBound(plain.length)
                                         : plain.length;
    if (!buffer_reserve(out, FRAME_HEAD_BYTES + room)) {
        return err_oom();
    }
    char *frame = out->data + out->length;
    size_t packed = pack_payload(method, plain, frame + FRAME_HEAD_BYTES, room);
    if (packed == 0) {
        return err_oom(); /* there is room for the worst: the library had no memory */
    }
    frame[CHECKSUM_BYTES] = (char)method;
    put_u32(frame + CHECKSUM_BYTES + 1, METHOD_BYTES + packed);
    put_u32(frame + CHECKSUM_BYTES + 5, plain.length);
    struct city_hash hash = city_hash128(frame + CHECKSUM_BYTES, METHOD_BYTES + packed);
    memcpy(frame, &hash.low, 8);
    memcpy(frame + 8, &hash.high, 8);
    out->length += FRAME_HEAD_BYTES + packed;
    return NULL;
}

struct err *frames_pack(enum frame_method method, struct slice bytes, struct buffer *out)
{
    struct err *err = NULL;
    for (size_t at = 0; at < bytes.length; at += FRAME_PLAIN_BYTES) {
        size_t piece = bytes.length - at < FRAME_PLAIN_BYTES ? bytes.length - at : FRAME_PLAIN_BYTES;
        OR_DONE(pack_frame(method, slice_of(bytes.data + at, piece), out));
    }
done:
    return err;
}

struct err *frame_head_read(const char *head, struct frame_head *out)
{
    unsigned method = (unsigned char)head[CHECKSUM_BYTES];
    size_t packed = get_u32(head + CHECKSUM_BYTES + 1), plain = get_u32(head + CHECKSUM_BYTES + 5);
    if (method != FRAME_COPY && method != FRAME_LZ4 && method != FRAME_ZSTD) {
        return err_new(ERR_UNKNOWN_COMPRESSION,
                       "Unknown compression method 0x%02x of a frame; there are 0x82 LZ4, 0x90 ZSTD and 0x02 none "
                       "(are the bytes compressed in frames at all?)",
                       method);
    }
    if (packed < METHOD_BYTES || packed > FRAME_BYTES_MAX || plain > FRAME_BYTES_MAX) {
        return err_new(ERR_CANNOT_DECOMPRESS,
                       "A compressed frame says that it has %zu bytes and %zu plain ones; frames have %u to %zu bytes",
                       packed, plain, METHOD_BYTES, FRAME_BYTES_MAX);
    }
    size_t payload = packed - METHOD_BYTES;
    if ((method == FRAME_COPY && plain != payload) || (method == FRAME_LZ4 && plain > payload * LZ4_RATIO_MAX)) {
        return err_new(ERR_CANNOT_DECOMPRESS,
                       "A compressed frame says that %zu bytes of method 0x%02x hold %zu plain ones", payload, method,
                       plain);
    }
    *out = (struct frame_head){(enum frame_method)method, CHECKSUM_BYTES + packed, plain};
    return NULL;
}

struct err *frame_unpack(struct slice frame, struct buffer *out)
{
    struct err *err = NULL;
    struct frame_head head;
    uint64_t low, high;
    if (frame.length < FRAME_HEAD_BYTES) {
        return err_new(ERR_CANNOT_READ_DATA, "A compressed frame ends within its head");
    }
    OR_DONE(frame_head_read(frame.data, &head));
    if (frame.length != head.bytes) {
        return err_new(ERR_CANNOT_READ_DATA, "A compressed frame has %zu bytes of %zu", frame.length, head.bytes);
    }
    struct city_hash hash = city_hash128(frame.data + CHECKSUM_BYTES, frame.length - CHECKSUM_BYTES);
    memcpy(&low, frame.data, 8);
    memcpy(&high, frame.data + 8, 8);
    if (hash.low != low || hash.high != high) {
        return err_new(
            ERR_CHECKSUM,
            "Checksum doesn't match: corrupted data. A compressed frame of %zu bytes has %016llx%016llx, its "
            "bytes give %016llx%016llx",
            frame.length, (unsigned long long)low, (unsigned long long)high, (unsigned long long)hash.low,
            (unsigned long long)hash.high);
    }
    if (!buffer_reserve(out, head.plain_bytes + 1)) {
        return err_oom();
    }
    struct slice payload = slice_of(frame.data + FRAME_HEAD_BYTES, frame.length - FRAME_HEAD_BYTES);
    char *to = out->data + out->length;
    size_t plain = payload.length;
    if (head.method == FRAME_LZ4) {
        int unpacked = LZ4_decompress_safe(payload.data, to, (int)payload.length, (int)head.plain_bytes);
        plain = unpacked < 0 ? SIZE_MAX : (size_t)unpacked;
    } else if (head.method == FRAME_ZSTD) {
        plain = ZSTD_decompress(to, head.plain_bytes, payload.data, payload.length);
    } else {
        memcpy(to, payload.data, payload.length);
    }
    if (plain != head.plain_bytes) {
        return err_new(ERR_CANNOT_DECOMPRESS, "Cannot decompress a frame of %zu bytes into %zu plain ones",
                       frame.length, head.plain_bytes);
    }
    out->length += plain;
done:
    return err;
}
