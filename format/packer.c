/*
 * packer.c: plain bytes in, packed bytes out, for replies; see encoding.h. Levels are those where time counts more than
 * bytes.
 *
 * memory   of the libraries' encoders: the most that each was seen to take at its level counts from the first byte on, so
 *          that an answer that is under way is not given up for it
 */
#include "format/encoding.h"

#include "format/frames.h"

#include <brotli/encode.h>
#include <bzlib.h>
#include <endian.h>
#include <lz4frame.h>
#include <lzma.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define GZIP_WINDOW (15 + 16) /* zlib's way to say: with gzip's head */
#define ZLIB_LEVEL  3         /* ClickHouse's default too */
#define XZ_LEVEL    1
#define BZIP2_LEVEL 1 /* × 100,000 bytes a block */
#define PIECE_BYTES ((size_t)256 << 10)
#define ROOM_BYTES  ((size_t)64 << 10)

struct packer {
    enum encoding encoding;
    struct budget *budget; /* or NULL */
    uint64_t taken;        /* bytes of it */
    bool begun;            /* LZ4: its head is written */
    union {
        LZ4F_cctx *lz4;
        ZSTD_CStream *zstd;
        BrotliEncoderState *brotli;
    } state;
    z_stream zlib;
    lzma_stream xz;
    bz_stream bzip2;
    bool zlib_ready, bzip2_ready;
};

static uint64_t memory_of(enum encoding encoding)
{
    static const uint64_t kilobytes[] = {
        [ENCODING_LZ4] = 224,     [ENCODING_ZSTD] = 1408, [ENCODING_GZIP] = 272,   [ENCODING_DEFLATE] = 272,
        [ENCODING_BROTLI] = 1280, [ENCODING_XZ] = 10240,  [ENCODING_BZIP2] = 1536, [ENCODINGS] = 0};
    return (size_t)encoding < sizeof(kilobytes) / sizeof(kilobytes[0]) ? kilobytes[encoding] << 10 : 0;
}

struct err *packer_create(enum encoding encoding, struct budget *budget, struct packer **out)
{
    bool fine = true;
    struct packer *packer = calloc(1, sizeof(*packer));
    if (packer == NULL) {
        return err_oom();
    }
    packer->encoding = encoding;
    if (budget != NULL && !budget_take(budget, memory_of(encoding))) {
        free(packer);
        return err_while(budget_error(budget, memory_of(encoding)), "packing the reply as %s", encoding_name(encoding));
    }
    packer->budget = budget;
    packer->taken = memory_of(encoding);
    switch (encoding) {
    case ENCODING_LZ4:
        fine = !LZ4F_isError(LZ4F_createCompressionContext(&packer->state.lz4, LZ4F_VERSION));
        break;
    case ENCODING_ZSTD:
        packer->state.zstd = ZSTD_createCStream();
        fine = packer->state.zstd != NULL &&
               !ZSTD_isError(ZSTD_CCtx_setParameter(packer->state.zstd, ZSTD_c_compressionLevel, 1));
        break;
    case ENCODING_GZIP:
    case ENCODING_DEFLATE:
        fine = deflateInit2(&packer->zlib, ZLIB_LEVEL, Z_DEFLATED, encoding == ENCODING_GZIP ? GZIP_WINDOW : 15, 8,
                            Z_DEFAULT_STRATEGY) == Z_OK;
        packer->zlib_ready = fine;
        break;
    case ENCODING_BROTLI:
        packer->state.brotli = BrotliEncoderCreateInstance(NULL, NULL, NULL);
        fine = packer->state.brotli != NULL &&
               BrotliEncoderSetParameter(packer->state.brotli, BROTLI_PARAM_QUALITY, 1) == BROTLI_TRUE;
        break;
    case ENCODING_XZ:
        packer->xz = (lzma_stream)LZMA_STREAM_INIT;
        fine = lzma_easy_encoder(&packer->xz, XZ_LEVEL, LZMA_CHECK_CRC64) == LZMA_OK;
        break;
    case ENCODING_BZIP2:
        fine = BZ2_bzCompressInit(&packer->bzip2, BZIP2_LEVEL, 0, 0) == BZ_OK;
        packer->bzip2_ready = fine;
        break;
    case ENCODING_NONE:
    case ENCODING_FRAMES:
    case ENCODING_SNAPPY:
    case ENCODINGS:
        break;
    }
    if (!fine) {
        packer_destroy(packer);
        return err_oom();
    }
    *out = packer;
    return NULL;
}

void packer_destroy(struct packer *packer)
{
    if (packer == NULL) {
        return;
    }
    if (packer->encoding == ENCODING_LZ4) {
        (void)LZ4F_freeCompressionContext(packer->state.lz4);
    } else if (packer->encoding == ENCODING_ZSTD) {
        (void)ZSTD_freeCStream(packer->state.zstd);
    } else if (packer->encoding == ENCODING_BROTLI && packer->state.brotli != NULL) {
        BrotliEncoderDestroyInstance(packer->state.brotli);
    } else if (packer->encoding == ENCODING_XZ) {
        lzma_end(&packer->xz);
    }
    if (packer->bzip2_ready) {
        (void)BZ2_bzCompressEnd(&packer->bzip2);
    }
    if (packer->zlib_ready) {
        (void)deflateEnd(&packer->zlib);
    }
    if (packer->budget != NULL) {
        budget_give(packer->budget, packer->taken);
    }
    free(packer);
}

static struct err *failed(void)
{
    return err_new(ERR_OOM, "Cannot compress the reply: memory is out");
}

static struct err *lz4_run(struct packer *packer, struct slice bytes, bool end, struct buffer *out)
{
    size_t room = LZ4F_compressBound(bytes.length, NULL) + 2 * LZ4F_HEADER_SIZE_MAX;
    size_t written = 0;
    if (!buffer_reserve(out, room)) {
        return err_oom();
    }
    if (!packer->begun) {
        written = LZ4F_compressBegin(packer->state.lz4, out->data + out->length, room, NULL);
        if (LZ4F_isError(written)) {
            return failed();
        }
        out->length += written;
        packer->begun = true;
    }
    if (bytes.length > 0) {
        written = LZ4F_compressUpdate(packer->state.lz4, out->data + out->length, out->capacity - out->length,
                                      bytes.data, bytes.length, NULL);
        if (LZ4F_isError(written)) {
            return failed();
        }
        out->length += written;
    }
    if (!buffer_reserve(out, ROOM_BYTES * 2)) { /* more than it keeps: a block */
        return err_oom();
    }
    written = end ? LZ4F_compressEnd(packer->state.lz4, out->data + out->length, out->capacity - out->length, NULL)
                  : LZ4F_flush(packer->state.lz4, out->data + out->length, out->capacity - out->length, NULL);
    if (LZ4F_isError(written)) {
        return failed();
    }
    out->length += written;
    return NULL;
}

static struct err *zstd_run(struct packer *packer, struct slice bytes, bool end, struct buffer *out)
{
    ZSTD_inBuffer input = {bytes.data, bytes.length, 0};
    for (size_t left = 1; left != 0 || input.pos < input.size;) {
        if (!buffer_reserve(out, ROOM_BYTES)) {
            return err_oom();
        }
        ZSTD_outBuffer output = {out->data + out->length, out->capacity - out->length, 0};
        left = ZSTD_compressStream2(packer->state.zstd, &output, &input, end ? ZSTD_e_end : ZSTD_e_flush);
        if (ZSTD_isError(left)) {
            return failed();
        }
        out->length += output.pos;
    }
    return NULL;
}

static struct err *zlib_run(struct packer *packer, struct slice bytes, bool end, struct buffer *out)
{
    z_stream *zlib = &packer->zlib;
    zlib->next_in = (Bytef *)(uintptr_t)bytes.data;
    zlib->avail_in = (uInt)bytes.length;
    do {
        if (!buffer_reserve(out, ROOM_BYTES)) {
            return err_oom();
        }
        size_t room = out->capacity - out->length;
        room = room > INT32_MAX ? INT32_MAX : room;
        zlib->next_out = (Bytef *)out->data + out->length;
        zlib->avail_out = (uInt)room;
        int result = deflate(zlib, end ? Z_FINISH : Z_SYNC_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
            return failed();
        }
        out->length += room - zlib->avail_out;
    } while (zlib->avail_out == 0 || zlib->avail_in > 0);
    return NULL;
}

static struct err *brotli_run(struct packer *packer, struct slice bytes, bool end, struct buffer *out)
{
    const uint8_t *from = (const uint8_t *)bytes.data;
    size_t left = bytes.length;
    do {
        if (!buffer_reserve(out, ROOM_BYTES)) {
            return err_oom();
        }
        size_t room = out->capacity - out->length;
        uint8_t *to = (uint8_t *)out->data + out->length;
        if (BrotliEncoderCompressStream(packer->state.brotli, end ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_FLUSH,
                                        &left, &from, &room, &to, NULL) != BROTLI_TRUE) {
            return failed();
        }
        out->length = out->capacity - room;
    } while (left > 0 || BrotliEncoderHasMoreOutput(packer->state.brotli) == BROTLI_TRUE);
    return NULL;
}

static struct err *xz_run(struct packer *packer, struct slice bytes, bool end, struct buffer *out)
{
    lzma_stream *xz = &packer->xz;
    lzma_ret result = LZMA_OK;
    xz->next_in = (const uint8_t *)bytes.data;
    xz->avail_in = bytes.length;
    while (result == LZMA_OK) {
        if (!buffer_reserve(out, ROOM_BYTES)) {
            return err_oom();
        }
        size_t room = out->capacity - out->length;
        xz->next_out = (uint8_t *)out->data + out->length;
        xz->avail_out = room;
        result = lzma_code(xz, end ? LZMA_FINISH : LZMA_SYNC_FLUSH);
        out->length += room - xz->avail_out;
    }
    return result == LZMA_STREAM_END ? NULL : failed();
}

static struct err *bzip2_run(struct packer *packer, struct slice bytes, bool end, struct buffer *out)
{
    bz_stream *bzip2 = &packer->bzip2;
    int result = end ? BZ_FINISH_OK : BZ_FLUSH_OK;
    bzip2->next_in = (char *)(uintptr_t)bytes.data;
    bzip2->avail_in = (unsigned)bytes.length;
    while (result == BZ_FINISH_OK || result == BZ_FLUSH_OK) {
        if (!buffer_reserve(out, ROOM_BYTES)) {
            return err_oom();
        }
        size_t room = out->capacity - out->length;
        room = room > INT32_MAX ? INT32_MAX : room;
        bzip2->next_out = out->data + out->length;
        bzip2->avail_out = (unsigned)room;
        result = BZ2_bzCompress(bzip2, end ? BZ_FINISH : BZ_FLUSH);
        out->length += room - bzip2->avail_out;
    }
    return result == BZ_STREAM_END || result == BZ_RUN_OK ? NULL : failed();
}

/* A block of one piece. */
static struct err *snappy_run(struct slice bytes, struct buffer *out)
{
    uint32_t lengths[2] = {htobe32((uint32_t)bytes.length), 0};
    size_t room = snappy_max_compressed_length(bytes.length);
    if (bytes.length == 0) {
        return NULL;
    }
    if (!buffer_reserve(out, room + sizeof(lengths))) {
        return err_oom();
    }
    if (snappy_compress(bytes.data, bytes.length, out->data + out->length + sizeof(lengths), &room) != SNAPPY_OK) {
        return failed();
    }
    lengths[1] = htobe32((uint32_t)room);
    memcpy(out->data + out->length, lengths, sizeof(lengths));
    out->length += sizeof(lengths) + room;
    return NULL;
}

static struct err *run(struct packer *packer, struct slice bytes, bool end, struct buffer *out)
{
    switch (packer->encoding) {
    case ENCODING_LZ4:
        return lz4_run(packer, bytes, end, out);
    case ENCODING_ZSTD:
        return zstd_run(packer, bytes, end, out);
    case ENCODING_GZIP:
    case ENCODING_DEFLATE:
        return zlib_run(packer, bytes, end, out);
    case ENCODING_BROTLI:
        return brotli_run(packer, bytes, end, out);
    case ENCODING_FRAMES:
        return frames_pack(FRAME_LZ4, bytes, out); /* the one that all clients read */
    case ENCODING_XZ:
        return xz_run(packer, bytes, end, out);
    case ENCODING_BZIP2:
        return bzip2_run(packer, bytes, end, out);
    case ENCODING_SNAPPY:
        return snappy_run(bytes, out);
    case ENCODINGS:
    case ENCODING_NONE:
        buffer_slice(out, bytes);
        return out->failed ? err_oom() : NULL;
    }
    return NULL;
}

struct err *packer_put(struct packer *packer, struct slice bytes, struct buffer *out)
{
    struct err *err = NULL;
    for (size_t at = 0; at < bytes.length; at += PIECE_BYTES) {
        size_t piece = bytes.length - at < PIECE_BYTES ? bytes.length - at : PIECE_BYTES;
        OR_DONE(run(packer, slice_of(bytes.data + at, piece), false, out));
    }
done:
    return err;
}

struct err *packer_end(struct packer *packer, struct buffer *out)
{
    return run(packer, slice_of("", 0), true, out);
}
