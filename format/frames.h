/*
 * frames.h: ClickHouse's compressed frames, of HTTP bodies (compress=1, decompress=1) and of the native protocol.
 *
 * frame     16 bytes of CityHash128 1.0.2 over all that follows (low half first); method; u32 bytes from the method on;
 *           u32 bytes of the plain data; payload. Frames follow each other and cut the plain bytes anywhere.
 * memory    what a frame says of its size is believed up to FRAME_BYTES_MAX, and to what its payload can hold
 * thread    any
 */
#ifndef FORMAT_FRAMES_H
#define FORMAT_FRAMES_H

#include "base/err.h"
#include "base/text.h"

#define FRAME_HEAD_BYTES  25U                 /* checksum, method, sizes */
#define FRAME_PLAIN_BYTES ((size_t)1 << 20)   /* of frames that are written */
#define FRAME_BYTES_MAX   ((size_t)128 << 20) /* of frames that are read, packed or plain */

enum frame_method { FRAME_COPY = 0x02, FRAME_LZ4 = 0x82, FRAME_ZSTD = 0x90 };

struct frame_head {
    enum frame_method method;
    size_t bytes;       /* of the whole frame, head included */
    size_t plain_bytes; /* when it is unpacked */
};

/* Appends the bytes as frames; none for no bytes. errors: ERR_OOM */
struct err *frames_pack(enum frame_method method, struct slice bytes, struct buffer *out);
/* head: FRAME_HEAD_BYTES. errors: ERR_UNKNOWN_COMPRESSION, ERR_CANNOT_DECOMPRESS: sizes that cannot be */
struct err *frame_head_read(const char *head, struct frame_head *out);
/* Appends what a whole frame holds. errors: also ERR_CHECKSUM */
struct err *frame_unpack(struct slice frame, struct buffer *out);

#endif
