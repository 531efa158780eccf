/*
 * parquet_unpacker.c: pages of Parquet files unpacked, each by itself.
 *
 * codecs   LZ4 is what Hadoop writes: blocks behind their lengths; or a block alone, as some have written it
 */
#include "format/parquet_decode.h"

#include <brotli/decode.h>
#include <lz4.h>
#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

#define GZIP_WINDOW    (15 + 32) /* zlib's way to say: with gzip's head, or zlib's */
#define GZIP_RATIO_MAX 1040U
#define LZ4_RATIO_MAX  255U
#define RATIO_SLACK    64U
#define HADOOP_HEAD    8U

enum { NONE = 0, SNAPPY = 1, GZIP = 2, BROTLI = 4, LZ4_HADOOP = 5, ZSTD = 6, LZ4_RAW = 7 };

bool parquet_codec_known(int32_t codec)
{
    return codec >= NONE && codec <= LZ4_RAW && codec != 3; /* LZO */
}

bool parquet_unpack_possible(int32_t codec, struct slice packed, size_t bytes)
{
    size_t said;
    unsigned long long content;
    switch (codec) {
    case NONE:
        return packed.length == bytes;
    case SNAPPY:
        return snappy_uncompressed_length(packed.data, packed.length, &said) == SNAPPY_OK && said == bytes;
    case GZIP:
        return bytes <= (packed.length + RATIO_SLACK) * GZIP_RATIO_MAX;
    case ZSTD:
        content = ZSTD_getFrameContentSize(packed.data, packed.length);
        return content != ZSTD_CONTENTSIZE_ERROR && (content == ZSTD_CONTENTSIZE_UNKNOWN || content <= bytes);
    case LZ4_RAW:
    case LZ4_HADOOP:
        return bytes <= (packed.length + RATIO_SLACK) * LZ4_RATIO_MAX;
    default:
        return true;
    }
}

static bool unpack_gzip(struct slice packed, char *out, size_t bytes)
{
    z_stream stream = {0};
    if (packed.length > UINT32_MAX || bytes > UINT32_MAX || inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
        return false;
    }
    stream.next_in = (Bytef *)(uintptr_t)packed.data;
    stream.avail_in = (uInt)packed.length;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)bytes;
    int result = inflate(&stream, Z_FINISH);
    while (result == Z_STREAM_END && stream.avail_in > 0 && stream.avail_out > 0 && inflateReset(&stream) == Z_OK) {
        result = inflate(&stream, Z_FINISH); /* another member */
    }
    (void)inflateEnd(&stream);
    return result == Z_STREAM_END && stream.avail_out == 0;
}

static uint32_t big_endian(const char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return __builtin_bswap32(value);
}

static bool unpack_lz4(struct slice packed, char *out, size_t bytes)
{
    return packed.length <= INT32_MAX && bytes <= INT32_MAX &&
           LZ4_decompress_safe(packed.data, out, (int)packed.length, (int)bytes) == (int)bytes;
}

static bool unpack_hadoop(struct slice packed, char *out, size_t bytes)
{
    size_t at = 0, made = 0;
    while (packed.length - at >= HADOOP_HEAD) {
        uint32_t plain = big_endian(packed.data + at), length = big_endian(packed.data + at + 4);
        at += HADOOP_HEAD;
        if (length > packed.length - at || plain > bytes - made ||
            !unpack_lz4(slice_of(packed.data + at, length), out + made, plain)) {
            return false;
        }
        at += length;
        made += plain;
    }
    return at == packed.length && made == bytes;
}

bool parquet_unpack(int32_t codec, struct slice packed, char *out, size_t bytes)
{
    size_t length = bytes;
    switch (codec) {
    case NONE:
        memcpy(out, packed.data, bytes);
        return true;
    case SNAPPY:
        return snappy_uncompress(packed.data, packed.length, out, &length) == SNAPPY_OK && length == bytes;
    case GZIP:
        return unpack_gzip(packed, out, bytes);
    case BROTLI:
        return BrotliDecoderDecompress(packed.length, (const uint8_t *)packed.data, &length, (uint8_t *)out) ==
                   BROTLI_DECODER_RESULT_SUCCESS &&
               length == bytes;
    case ZSTD:
        return ZSTD_decompress(out, bytes, packed.data, packed.length) == bytes;
    case LZ4_RAW:
        return unpack_lz4(packed, out, bytes);
    case LZ4_HADOOP:
        return unpack_hadoop(packed, out, bytes) || unpack_lz4(packed, out, bytes);
    default:
        return false;
    }
}
