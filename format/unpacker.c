/*
 * unpacker.c: packed bytes in, plain bytes out; see encoding.h.
 *
 * step      a library's function takes some input and gives some output, until one of them is used up. A member, frame
 *           or stream that ended is followed by the next one, or by the end of the input.
 * snappy    blocks: a length of plain bytes, then pieces, each with a length in front of it, until they have given so
 *           many; lengths of four bytes, the high one first. A raw block begins with a varint: 0 is no body's.
 * memory    LZ4: what a frame's head allows is charged before the library sees the head whole; zstd: windows up to
 *           WINDOW_LOG_MAX, charged as the library's own size grows; frames: as their bytes come, and for the plain
 *           bytes before they are unpacked
 */
#include "format/encoding.h"

#include "base/interrupt.h"
#include "format/frames.h"

#include <brotli/decode.h>
#include <bzlib.h>
#include <endian.h>
#include <lz4frame.h>
#include <lzma.h>
#include <snappy-c.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define WINDOW_LOG_MAX   26           /* of zstd: 64 MiB */
#define GZIP_WINDOW      (15 + 16)    /* zlib's way to say: with gzip's head */
#define FIXED_BYTES      (64U << 10)  /* of a library's state */
#define BROTLI_BYTES     (24U << 20)  /* its largest window and tables */
#define LZ4_LINKED_BYTES (128U << 10) /* beside a block: what following blocks refer to */
#define ROOM_BYTES       (64U << 10)
#define XZ_BYTES_MAX     (100U << 20) /* of its largest dictionary: preset 9 has 64 MiB */
#define BZIP2_BYTES      (4U << 20)   /* its largest block and tables */
#define SNAPPY_BLOCK_MAX (16U << 20)  /* plain bytes */
#define SNAPPY_RATIO_MAX 32U          /* a copy of 64 bytes takes two or three */

struct unpacker {
    enum encoding encoding;
    struct budget *budget;
    uint64_t charged;
    bool within; /* a member has begun, and not ended */
    bool full;   /* the last call ended as the output had no room: there may be more without input */
    union {
        LZ4F_dctx *lz4;
        ZSTD_DStream *zstd;
        BrotliDecoderState *brotli;
    } state;
    z_stream zlib;
    lzma_stream xz;
    bz_stream bzip2;
    bool zlib_ready, brotli_ended, bzip2_ready;
    bool last;           /* of the input: a raw block of Snappy is whole */
    uint32_t block_left; /* Snappy: plain bytes of the block that are to come */
    size_t member_bytes; /* LZ4: of the frame, as far as it came */
    struct buffer frame; /* ENCODING_FRAMES, Snappy's pieces: as far as it came */
    struct buffer plain; /* what it held */
    size_t plain_given;
};

/* So many bytes are held from now on. */
static struct err *charge(struct unpacker *unpacker, uint64_t bytes)
{
    if (bytes > unpacker->charged && unpacker->budget != NULL &&
        !budget_take(unpacker->budget, bytes - unpacker->charged)) {
        return err_while(budget_error(unpacker->budget, bytes - unpacker->charged), "unpacking the body");
    }
    if (bytes < unpacker->charged && unpacker->budget != NULL) {
        budget_give(unpacker->budget, unpacker->charged - bytes);
    }
    unpacker->charged = bytes;
    return NULL;
}

struct err *unpacker_create(enum encoding encoding, struct budget *budget, struct unpacker **out)
{
    struct err *err = NULL;
    bool fine = true;
    struct unpacker *unpacker = calloc(1, sizeof(*unpacker));
    if (unpacker == NULL) {
        return err_oom();
    }
    unpacker->encoding = encoding;
    unpacker->budget = budget;
    OR_DONE(charge(unpacker, encoding == ENCODING_BROTLI  ? BROTLI_BYTES
                             : encoding == ENCODING_BZIP2 ? BZIP2_BYTES
                                                          : FIXED_BYTES));
    switch (encoding) {
    case ENCODING_LZ4:
        fine = !LZ4F_isError(LZ4F_createDecompressionContext(&unpacker->state.lz4, LZ4F_VERSION));
        break;
    case ENCODING_ZSTD:
        unpacker->state.zstd = ZSTD_createDStream();
        fine = unpacker->state.zstd != NULL &&
               !ZSTD_isError(ZSTD_DCtx_setParameter(unpacker->state.zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX));
        break;
    case ENCODING_GZIP:
    case ENCODING_DEFLATE:
        fine = inflateInit2(&unpacker->zlib, encoding == ENCODING_GZIP ? GZIP_WINDOW : 15) == Z_OK;
        unpacker->zlib_ready = fine;
        break;
    case ENCODING_BROTLI:
        unpacker->state.brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
        fine = unpacker->state.brotli != NULL;
        break;
    case ENCODING_XZ: /* a dictionary's memory is charged when it is known */
        unpacker->xz = (lzma_stream)LZMA_STREAM_INIT;
        fine = lzma_stream_decoder(&unpacker->xz, 1, 0) == LZMA_OK;
        break;
    case ENCODING_BZIP2:
        fine = BZ2_bzDecompressInit(&unpacker->bzip2, 0, 0) == BZ_OK;
        unpacker->bzip2_ready = fine;
        break;
    case ENCODING_NONE:
    case ENCODING_FRAMES:
    case ENCODING_SNAPPY:
    case ENCODINGS:
        break;
    }
    if (!fine) {
        err = err_oom();
        goto done;
    }
    *out = unpacker;
    unpacker = NULL;
done:
    unpacker_destroy(unpacker);
    return err;
}

void unpacker_destroy(struct unpacker *unpacker)
{
    if (unpacker == NULL) {
        return;
    }
    if (unpacker->encoding == ENCODING_LZ4) {
        (void)LZ4F_freeDecompressionContext(unpacker->state.lz4);
    } else if (unpacker->encoding == ENCODING_ZSTD) {
        (void)ZSTD_freeDStream(unpacker->state.zstd);
    } else if (unpacker->encoding == ENCODING_BROTLI && unpacker->state.brotli != NULL) {
        BrotliDecoderDestroyInstance(unpacker->state.brotli);
    } else if (unpacker->encoding == ENCODING_XZ) {
        lzma_end(&unpacker->xz);
    }
    if (unpacker->bzip2_ready) {
        (void)BZ2_bzDecompressEnd(&unpacker->bzip2);
    }
    if (unpacker->zlib_ready) {
        (void)inflateEnd(&unpacker->zlib);
    }
    buffer_deinit(&unpacker->frame);
    buffer_deinit(&unpacker->plain);
    err_free(charge(unpacker, 0));
    free(unpacker);
}

static struct err *damaged(const struct unpacker *unpacker, const char *why)
{
    return err_new(ERR_CANNOT_DECOMPRESS, "Cannot decompress the body (%s): %s", encoding_name(unpacker->encoding),
                   why == NULL ? "its bytes are damaged, or of another encoding" : why);
}

/* Moves in behind what was taken. */
static void take(struct slice *in, size_t bytes)
{
    *in = slice_of(in->data + bytes, in->length - bytes);
}

/* ---- one call of each library; *given: bytes at `to` */

/* The sixth byte of a frame tells how large its blocks are. */
static struct err *lz4_charge(struct unpacker *unpacker, struct slice piece)
{
    static const uint32_t sizes[] = {64U << 10, 256U << 10, 1U << 20, 4U << 20};
    if (unpacker->member_bytes > 5 || unpacker->member_bytes + piece.length <= 5) {
        return NULL;
    }
    unsigned size = (unsigned char)piece.data[5 - unpacker->member_bytes] >> 4 & 7;
    uint64_t bytes = sizes[size < 4 ? 0 : size - 4];
    return charge(unpacker, FIXED_BYTES + 2 * bytes + LZ4_LINKED_BYTES);
}

static struct err *lz4_call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    struct err *err = NULL;
    struct slice piece = *in;
    if (unpacker->member_bytes <= 5 && piece.length > 6 - unpacker->member_bytes) {
        piece.length = 6 - unpacker->member_bytes; /* the head is looked at before the library allocates for it */
    }
    OR_DONE(lz4_charge(unpacker, piece));
    size_t taken = piece.length;
    *given = room;
    size_t hint = LZ4F_decompress(unpacker->state.lz4, to, given, piece.data, &taken, NULL);
    if (LZ4F_isError(hint)) {
        return damaged(unpacker, LZ4F_getErrorName(hint));
    }
    take(in, taken);
    unpacker->member_bytes += taken;
    unpacker->within = hint != 0 && (unpacker->within || taken > 0);
    if (hint == 0) {
        unpacker->member_bytes = 0;
    }
done:
    return err;
}

static struct err *zstd_call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    ZSTD_inBuffer input = {in->data, in->length, 0};
    ZSTD_outBuffer output = {to, room, 0};
    size_t hint = ZSTD_decompressStream(unpacker->state.zstd, &output, &input);
    if (ZSTD_isError(hint)) {
        return damaged(unpacker, ZSTD_getErrorName(hint));
    }
    take(in, input.pos);
    *given = output.pos;
    unpacker->within = hint != 0 && (unpacker->within || input.pos > 0);
    return charge(unpacker, FIXED_BYTES + ZSTD_sizeof_DStream(unpacker->state.zstd));
}

static struct err *zlib_call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    z_stream *zlib = &unpacker->zlib;
    if (!unpacker->within && in->length > 0 && inflateReset(zlib) != Z_OK) {
        return damaged(unpacker, zlib->msg);
    }
    zlib->next_in = (Bytef *)(uintptr_t)in->data;
    zlib->avail_in = in->length > INT32_MAX ? INT32_MAX : (uInt)in->length;
    zlib->next_out = (Bytef *)to;
    zlib->avail_out = (uInt)room;
    size_t offered = zlib->avail_in;
    int result = inflate(zlib, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        return result == Z_MEM_ERROR ? err_oom() : damaged(unpacker, zlib->msg);
    }
    take(in, offered - zlib->avail_in);
    *given = room - zlib->avail_out;
    unpacker->within = result != Z_STREAM_END;
    return NULL;
}

static struct err *brotli_call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    const uint8_t *from = (const uint8_t *)in->data;
    uint8_t *next = (uint8_t *)to;
    size_t left = in->length, free_bytes = room;
    if (unpacker->brotli_ended) {
        return damaged(unpacker, "bytes follow the end of the stream");
    }
    BrotliDecoderResult result =
        BrotliDecoderDecompressStream(unpacker->state.brotli, &left, &from, &free_bytes, &next, NULL);
    if (result == BROTLI_DECODER_RESULT_ERROR) {
        return damaged(unpacker, BrotliDecoderErrorString(BrotliDecoderGetErrorCode(unpacker->state.brotli)));
    }
    take(in, in->length - left);
    *given = room - free_bytes;
    unpacker->brotli_ended = result == BROTLI_DECODER_RESULT_SUCCESS;
    unpacker->within = !unpacker->brotli_ended;
    return NULL;
}

static struct err *xz_call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    struct err *err = NULL;
    lzma_stream *xz = &unpacker->xz;
    lzma_ret result;
    if (!unpacker->within && in->length > 0 && xz->total_in > 0 && lzma_stream_decoder(xz, 1, 0) != LZMA_OK) {
        return err_oom();
    }
    xz->next_in = (const uint8_t *)in->data;
    xz->avail_in = in->length;
    xz->next_out = (uint8_t *)to;
    xz->avail_out = room;
    while ((result = lzma_code(xz, LZMA_RUN)) == LZMA_MEMLIMIT_ERROR) {
        uint64_t wanted = lzma_memusage(xz);
        if (wanted > XZ_BYTES_MAX) {
            return damaged(unpacker, "it needs more memory than 100 MiB to be unpacked");
        }
        OR_DONE(charge(unpacker, FIXED_BYTES + wanted));
        if (lzma_memlimit_set(xz, wanted) != LZMA_OK) {
            return err_oom();
        }
    }
    if (result != LZMA_OK && result != LZMA_STREAM_END && result != LZMA_BUF_ERROR) {
        return result == LZMA_MEM_ERROR ? err_oom() : damaged(unpacker, NULL);
    }
    take(in, in->length - xz->avail_in);
    *given = room - xz->avail_out;
    unpacker->within = result != LZMA_STREAM_END;
done:
    return err;
}

static struct err *bzip2_call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    bz_stream *bzip2 = &unpacker->bzip2;
    if (!unpacker->bzip2_ready) { /* the next member */
        *bzip2 = (bz_stream){0};
        if (BZ2_bzDecompressInit(bzip2, 0, 0) != BZ_OK) {
            return err_oom();
        }
        unpacker->bzip2_ready = true;
    }
    size_t offered = in->length > INT32_MAX ? INT32_MAX : in->length;
    bzip2->next_in = (char *)(uintptr_t)in->data;
    bzip2->avail_in = (unsigned)offered;
    bzip2->next_out = to;
    bzip2->avail_out = (unsigned)room;
    int result = BZ2_bzDecompress(bzip2);
    if (result != BZ_OK && result != BZ_STREAM_END) {
        return result == BZ_MEM_ERROR ? err_oom() : damaged(unpacker, NULL);
    }
    take(in, offered - bzip2->avail_in);
    *given = room - bzip2->avail_out;
    unpacker->within = result != BZ_STREAM_END;
    if (result == BZ_STREAM_END) {
        (void)BZ2_bzDecompressEnd(bzip2);
        unpacker->bzip2_ready = false;
    }
    return NULL;
}

/* Up to so many bytes of what the frame holds. */
static void give_plain(struct unpacker *unpacker, char *to, size_t room, size_t *given)
{
    size_t left = unpacker->plain.length - unpacker->plain_given;
    *given = left < room ? left : room;
    if (*given > 0) {
        memcpy(to, unpacker->plain.data + unpacker->plain_given, *given);
        unpacker->plain_given += *given;
    }
}

/* ---- Snappy */

static uint32_t big_endian(const char *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof(number));
    return be32toh(number);
}

static bool is_raw(const struct unpacker *unpacker)
{
    return unpacker->block_left == 0 && unpacker->frame.length > 0 && unpacker->frame.data[0] != 0;
}

static struct err *snappy_unpack(struct unpacker *unpacker, struct slice packed, size_t plain_max)
{
    struct err *err = NULL;
    size_t plain = 0;
    if (snappy_uncompressed_length(packed.data, packed.length, &plain) != SNAPPY_OK ||
        plain / SNAPPY_RATIO_MAX > packed.length) {
        return damaged(unpacker, NULL);
    }
    if (plain > plain_max) {
        return damaged(unpacker, "a block holds more bytes than it may");
    }
    OR_DONE(charge(unpacker, FIXED_BYTES + unpacker->frame.length + plain));
    unpacker->plain.length = unpacker->plain_given = 0;
    if (!buffer_reserve(&unpacker->plain, plain + 1)) {
        return err_oom();
    }
    if (snappy_uncompress(packed.data, packed.length, unpacker->plain.data, &plain) != SNAPPY_OK) {
        return damaged(unpacker, NULL);
    }
    unpacker->plain.length = plain;
    unpacker->frame.length = 0;
done:
    return err;
}

/* So many bytes of the frame are wanted; *whole: they are there. */
static struct err *snappy_gather(struct unpacker *unpacker, struct slice *in, size_t wanted, bool *whole)
{
    struct err *err = NULL;
    size_t piece = unpacker->frame.length < wanted ? wanted - unpacker->frame.length : 0;
    piece = piece < in->length ? piece : in->length;
    if (piece > 0) {
        OR_DONE(charge(unpacker, FIXED_BYTES + unpacker->frame.length + piece));
        buffer_append(&unpacker->frame, in->data, piece);
        take(in, piece);
    }
    *whole = unpacker->frame.length >= wanted;
    err = unpacker->frame.failed ? err_oom() : NULL;
done:
    return err;
}

static struct err *snappy_take(struct unpacker *unpacker, struct slice *in)
{
    struct err *err = NULL;
    const size_t length_bytes = sizeof(uint32_t);
    bool whole;
    OR_DONE(snappy_gather(unpacker, in, length_bytes, &whole));
    if (is_raw(unpacker)) {
        OR_DONE(snappy_gather(unpacker, in, SIZE_MAX, &whole));
        return in->length == 0 && unpacker->last ? snappy_unpack(unpacker, buffer_all(&unpacker->frame), SNAPPY_RAW_MAX)
                                                 : NULL;
    }
    if (whole && unpacker->block_left == 0) {
        unpacker->block_left = big_endian(unpacker->frame.data);
        unpacker->frame.length = 0;
        if (unpacker->block_left > SNAPPY_BLOCK_MAX) {
            return damaged(unpacker, "a block holds more than 16 MiB");
        }
        goto done; /* a block of nothing has no pieces */
    }
    if (whole) {
        size_t packed = big_endian(unpacker->frame.data);
        if (packed > snappy_max_compressed_length(SNAPPY_BLOCK_MAX)) {
            return damaged(unpacker, NULL);
        }
        OR_DONE(snappy_gather(unpacker, in, length_bytes + packed, &whole));
        if (whole) {
            struct slice piece = slice_of(unpacker->frame.data + length_bytes, packed);
            OR_DONE(snappy_unpack(unpacker, piece, unpacker->block_left));
            unpacker->block_left -= (uint32_t)unpacker->plain.length;
        }
    }
done:
    return err;
}

/* Is a raw block whole, and not unpacked yet? */
static bool waits_for_end(const struct unpacker *unpacker)
{
    return unpacker->encoding == ENCODING_SNAPPY && unpacker->last && is_raw(unpacker);
}

static struct err *snappy_call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    struct err *err = NULL;
    *given = 0;
    if (unpacker->plain_given == unpacker->plain.length && (in->length > 0 || waits_for_end(unpacker))) {
        OR_DONE(snappy_take(unpacker, in));
    }
    give_plain(unpacker, to, room, given);
    unpacker->within =
        unpacker->frame.length > 0 || unpacker->block_left > 0 || unpacker->plain_given < unpacker->plain.length;
done:
    return err;
}

/* ---- ClickHouse's frames */

/* What is still to come of the frame: its head, then the rest. */
static struct err *frame_wants(const struct unpacker *unpacker, size_t *bytes)
{
    struct frame_head head;
    *bytes = FRAME_HEAD_BYTES;
    if (unpacker->frame.length < FRAME_HEAD_BYTES) {
        return NULL;
    }
    struct err *err = frame_head_read(unpacker->frame.data, &head);
    *bytes = err == NULL ? head.bytes : 0;
    return err;
}

static struct err *frame_take(struct unpacker *unpacker, struct slice *in)
{
    struct err *err = NULL;
    size_t wanted;
    OR_DONE(frame_wants(unpacker, &wanted));
    size_t piece = wanted - unpacker->frame.length;
    piece = piece < in->length ? piece : in->length;
    OR_DONE(charge(unpacker, FIXED_BYTES + unpacker->frame.length + piece));
    buffer_append(&unpacker->frame, in->data, piece);
    if (unpacker->frame.failed) {
        return err_oom();
    }
    take(in, piece);
    OR_DONE(frame_wants(unpacker, &wanted));
    if (unpacker->frame.length == wanted) {
        struct frame_head head;
        OR_DONE(frame_head_read(unpacker->frame.data, &head));
        OR_DONE(charge(unpacker, FIXED_BYTES + unpacker->frame.length + head.plain_bytes));
        unpacker->plain.length = unpacker->plain_given = 0;
        OR_DONE(frame_unpack(buffer_all(&unpacker->frame), &unpacker->plain));
        unpacker->frame.length = 0;
        if (unpacker->frame.capacity > 2 * FRAME_PLAIN_BYTES) {
            buffer_deinit(&unpacker->frame);
        }
    }
done:
    return err;
}

static struct err *frames_call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    struct err *err = NULL;
    *given = 0;
    if (unpacker->plain_given == unpacker->plain.length && in->length > 0) {
        OR_DONE(frame_take(unpacker, in));
    }
    give_plain(unpacker, to, room, given);
    unpacker->within = unpacker->frame.length > 0 || unpacker->plain_given < unpacker->plain.length;
done:
    return err;
}

static struct err *call(struct unpacker *unpacker, struct slice *in, char *to, size_t room, size_t *given)
{
    *given = 0;
    switch (unpacker->encoding) {
    case ENCODING_LZ4:
        return lz4_call(unpacker, in, to, room, given);
    case ENCODING_ZSTD:
        return zstd_call(unpacker, in, to, room, given);
    case ENCODING_GZIP:
    case ENCODING_DEFLATE:
        return zlib_call(unpacker, in, to, room, given);
    case ENCODING_BROTLI:
        return brotli_call(unpacker, in, to, room, given);
    case ENCODING_FRAMES:
        return frames_call(unpacker, in, to, room, given);
    case ENCODING_XZ:
        return xz_call(unpacker, in, to, room, given);
    case ENCODING_BZIP2:
        return bzip2_call(unpacker, in, to, room, given);
    case ENCODING_SNAPPY:
        return snappy_call(unpacker, in, to, room, given);
    case ENCODING_NONE:
    case ENCODINGS:
        break;
    }
    *given = in->length < room ? in->length : room;
    memcpy(to, in->data, *given);
    take(in, *given);
    return NULL;
}

struct err *unpacker_step(struct unpacker *unpacker, struct slice *in, bool last, struct buffer *out, size_t bytes_max,
                          bool *more)
{
    struct err *err = NULL;
    size_t before = out->length, given;
    *more = false;
    unpacker->last = last;
    while (in->length > 0 || (unpacker->full && unpacker->within) || waits_for_end(unpacker)) {
        OR_DONE(interrupt_check());
        if (!buffer_reserve(out, ROOM_BYTES)) {
            return err_oom();
        }
        size_t room = out->capacity - out->length;
        room = room > INT32_MAX ? INT32_MAX : room;
        size_t offered = in->length;
        OR_DONE(call(unpacker, in, out->data + out->length, room, &given));
        out->length += given;
        if (given == 0 && in->length == offered && !unpacker->full) {
            return damaged(unpacker, NULL); /* neither took nor gave: a library that stands still */
        }
        unpacker->full = given == room;
        if (out->length - before >= bytes_max && ((unpacker->full && unpacker->within) || in->length > 0)) {
            *more = true;
            return NULL;
        }
    }
    if (last && unpacker->within) {
        err = err_new(ERR_CANNOT_READ_DATA, "Cannot read all data: the compressed body (%s) ends within its last part",
                      encoding_name(unpacker->encoding));
    }
done:
    return err;
}
