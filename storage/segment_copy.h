/*
 * segment_copy.h: a segment's bytes in another pack, of another table: the same but for the footer, which names the
 * table, and the footer's hash. Blocks are not decoded; who copies has checked them.
 */
#ifndef STORAGE_SEGMENT_COPY_H
#define STORAGE_SEGMENT_COPY_H

#include "base/err.h"
#include "base/io.h"
#include "storage/ledger.h"

struct failpoint;

/* Where copies go. */
struct segment_copier {
    struct io_file *from, *to;
    struct failpoint *write; /* each write passes it */
    char *piece;             /* SEGMENT_COPY_BYTES of room */
};
#define SEGMENT_COPY_BYTES ((size_t)1 << 20)

struct err *segment_copy_bytes(const struct segment_copier *copier, uint64_t from_at, uint64_t to_at, uint64_t bytes);
/* there: the segment's record; here: its table, schema version (0: as it is) and offset in the pack `to` are given, its
 * footer's hash is found. ERR_CORRUPT: the trailer is none. Ends with the thread's interrupt. */
struct err *segment_copy(const struct segment_copier *copier, const struct ledger_segment *there,
                         uint32_t schema_version, struct ledger_segment *here);

#endif
