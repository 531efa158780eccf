/*
 * encoding.h: bytes of a body packed and unpacked, piece by piece: HTTP's content encodings and ClickHouse's frames.
 *
 *   unpacker   takes members, frames or streams one after another until the input ends, as clients send several. Its
 *              output comes in steps of bounded size, however much a small input holds. (A raw block of Snappy is held
 *              as a whole, and has SNAPPY_RAW_MAX plain bytes at most.)
 *   packer     appends what can be sent so far
 *
 * memory     of an unpacker, windows and whole frames included, in the budget of its creator
 * errors     ERR_CANNOT_DECOMPRESS, ERR_CHECKSUM (frames), ERR_CANNOT_READ_DATA: the input ends within a member
 * thread     one at a time
 */
#ifndef FORMAT_ENCODING_H
#define FORMAT_ENCODING_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

enum encoding {
    ENCODING_NONE,
    ENCODING_LZ4, /* LZ4's own frames */
    ENCODING_ZSTD,
    ENCODING_GZIP,
    ENCODING_DEFLATE, /* zlib's wrapping, as HTTP has it */
    ENCODING_BROTLI,
    ENCODING_FRAMES, /* frames.h; no name in HTTP */
    ENCODING_XZ,
    ENCODING_BZIP2,
    ENCODING_SNAPPY, /* read: Hadoop's blocks, as ClickHouse has them, or one raw block; written: the former */
    ENCODINGS,
};

/* By HTTP's name, in any case: "gzip", "x-gzip", "identity", …; false: unknown. */
bool encoding_find(struct slice name, enum encoding *out);
const char *encoding_name(enum encoding encoding);
/* Of what a client accepts ("gzip;q=0.5, lz4"), the one that Weir likes best: lz4, zstd, gzip, deflate, br. */
enum encoding encoding_choose(struct slice accepted);

#define SNAPPY_RAW_MAX ((size_t)256 << 20)

struct unpacker;
struct err *unpacker_create(enum encoding encoding, struct budget *budget, struct unpacker **out);
void unpacker_destroy(struct unpacker *unpacker); /* accepts NULL */
/*
 * Unpacks from *in, which moves on, until out has grown by bytes_max or more, or *in is empty. last: nothing follows
 * it. *more: out is full; call it again, also with an empty *in.
 */
struct err *unpacker_step(struct unpacker *unpacker, struct slice *in, bool last, struct buffer *out, size_t bytes_max,
                          bool *more);

struct packer;
/* budget: what the encoder takes counts there; may be NULL. */
struct err *packer_create(enum encoding encoding, struct budget *budget, struct packer **out);
void packer_destroy(struct packer *packer); /* accepts NULL */
/* Appends the bytes packed, so that all of them can be unpacked. */
struct err *packer_put(struct packer *packer, struct slice bytes, struct buffer *out);
/* Nothing follows. */
struct err *packer_end(struct packer *packer, struct buffer *out);

#endif
