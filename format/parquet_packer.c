/*
 * parquet_packer.c: pages of Parquet files compressed, each by itself.
 *
 * codecs   LZ4 is what Parquet calls LZ4_RAW, a block without a frame, as ClickHouse writes it
 */
#include "format/parquet.h"

#include <brotli/encode.h>
#include <lz4.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define ZSTD_LEVEL   1
#define GZIP_LEVEL   3
#define GZIP_WINDOW  (15 + 16) /* zlib's way to say: with gzip's head */
#define BROTLI_LEVEL 1

enum { CODEC_NONE = 0, CODEC_SNAPPY = 1, CODEC_GZIP = 2, CODEC_BROTLI = 4, CODEC_ZSTD = 6, CODEC_LZ4_RAW = 7 };

struct parquet_packer {
    enum parquet_packing packing;
    ZSTD_CCtx *zstd;
};

uint64_t parquet_packer_bytes(enum parquet_packing packing)
{
    static const uint64_t kilobytes[] = {
        [PARQUET_PACK_ZSTD] = 1408,   [PARQUET_PACK_LZ4] = 16,    [PARQUET_PACK_GZIP] = 272,
        [PARQUET_PACK_BROTLI] = 1280, [PARQUET_PACK_SNAPPY] = 64, [PARQUET_PACK_NONE] = 0};
    return kilobytes[packing] << 10;
}

struct err *parquet_packer_create(enum parquet_packing packing, struct parquet_packer **out)
{
    struct parquet_packer *packer = calloc(1, sizeof(*packer));
    if (packer == NULL) {
        return err_oom();
    }
    packer->packing = packing;
    packer->zstd = packing == PARQUET_PACK_ZSTD ? ZSTD_createCCtx() : NULL;
    if (packing == PARQUET_PACK_ZSTD && packer->zstd == NULL) {
        free(packer);
        return err_oom();
    }
    *out = packer;
    return NULL;
}

void parquet_packer_destroy(struct parquet_packer *packer)
{
    if (packer != NULL) {
        (void)ZSTD_freeCCtx(packer->zstd);
        free(packer);
    }
}

int32_t parquet_packer_codec(const struct parquet_packer *packer)
{
    static const int32_t codecs[] = {
        [PARQUET_PACK_ZSTD] = CODEC_ZSTD,     [PARQUET_PACK_LZ4] = CODEC_LZ4_RAW,   [PARQUET_PACK_GZIP] = CODEC_GZIP,
        [PARQUET_PACK_BROTLI] = CODEC_BROTLI, [PARQUET_PACK_SNAPPY] = CODEC_SNAPPY, [PARQUET_PACK_NONE] = CODEC_NONE};
    return codecs[packer->packing];
}

/* The most bytes that so many can become; 0: they are too many. */
static size_t bound_of(enum parquet_packing packing, size_t bytes)
{
    switch (packing) {
    case PARQUET_PACK_ZSTD:
        return ZSTD_compressBound(bytes);
    case PARQUET_PACK_LZ4:
        return bytes > LZ4_MAX_INPUT_SIZE ? 0 : (size_t)LZ4_compressBound((int)bytes);
    case PARQUET_PACK_GZIP:
        return deflateBound(NULL, bytes) + 18; /* gzip's head and end are longer than zlib's */
    case PARQUET_PACK_BROTLI:
        return BrotliEncoderMaxCompressedSize(bytes);
    case PARQUET_PACK_SNAPPY:
        return snappy_max_compressed_length(bytes);
    case PARQUET_PACK_NONE:
        break;
    }
    return bytes;
}

static bool gzip(struct slice bytes, char *to, size_t *room)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes.data,
                       .avail_in = (uInt)bytes.length,
                       .next_out = (Bytef *)to,
                       .avail_out = *room > UINT32_MAX ? UINT32_MAX : (uInt)*room};
    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    bool fine = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    *room = stream.total_out;
    (void)deflateEnd(&stream);
    return fine;
}

/* *room: of `to`; then the bytes written. False: memory is out. */
static bool pack(struct parquet_packer *packer, struct slice bytes, char *to, size_t *room)
{
    int length;
    switch (packer->packing) {
    case PARQUET_PACK_ZSTD:
        *room = ZSTD_compressCCtx(packer->zstd, to, *room, bytes.data, bytes.length, ZSTD_LEVEL);
        return !ZSTD_isError(*room);
    case PARQUET_PACK_LZ4:
        length = LZ4_compress_default(bytes.data, to, (int)bytes.length, *room > INT32_MAX ? INT32_MAX : (int)*room);
        *room = (size_t)length;
        return length > 0;
    case PARQUET_PACK_GZIP:
        return gzip(bytes, to, room);
    case PARQUET_PACK_BROTLI:
        return BrotliEncoderCompress(BROTLI_LEVEL, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, bytes.length,
                                     (const uint8_t *)bytes.data, room, (uint8_t *)to) == BROTLI_TRUE;
    case PARQUET_PACK_SNAPPY:
        return snappy_compress(bytes.data, bytes.length, to, room) == SNAPPY_OK;
    case PARQUET_PACK_NONE:
        break;
    }
    memcpy(to, bytes.data, bytes.length);
    *room = bytes.length;
    return true;
}

struct err *parquet_pack(struct parquet_packer *packer, struct slice bytes, struct buffer *out)
{
    if (bytes.length == 0) {
        bytes.data = "";
    }
    size_t room = bound_of(packer->packing, bytes.length);
    if (room < bytes.length || bytes.length > PARQUET_PAGE_MAX) {
        return err_new(ERR_LIMIT_EXCEEDED, "a page of %zu bytes is too large for its compression", bytes.length);
    }
    if (!buffer_reserve(out, room) || !pack(packer, bytes, out->data + out->length, &room)) {
        return err_new(ERR_OOM, "Cannot compress a page: memory is out");
    }
    out->length += room;
    return NULL;
}
