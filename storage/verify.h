/*
 * verify.h: VERIFY TABLE: is what the ledger says of one table there, whole and unaltered, while the server runs?
 *
 * reads    the ledger, from its oldest file on (ledger_verify), which must reach the commit that the running server
 *          holds for the last one; then every segment of the table, from its file, not from the block cache.
 * damage   goes into quarantine (storage/quarantine.h), and the work goes on; what is there and whole again comes out
 * problem  the first thing that is broken: an error that names file and place. What only keeps the work from being
 *          done (memory, KILL QUERY) is returned instead.
 * thread   any; ingest, merges and queries go on: the table's snapshot keeps its packs. It looks at the interrupt flag.
 */
#ifndef STORAGE_VERIFY_H
#define STORAGE_VERIFY_H

#include "storage/ledger.h"
#include "storage/table.h"

struct block_cache;
struct io;

struct verify_report {
    struct ledger_report ledger;
    uint64_t segments; /* that were read */
    uint64_t rows;
    uint64_t bytes;
    uint64_t damaged; /* others, which are in quarantine now */
};

/* Segments that may have rows of [from_us, to_us) by event time. *problem NULL: all is well. */
struct err *table_verify(struct table *table, int64_t from_us, int64_t to_us, struct verify_report *report,
                         struct err **problem);

/* One segment against the ledger's record of it, every block of it read through the cache. */
struct err *segment_verify(struct io *io, struct block_cache *cache, const char *path,
                           const struct ledger_segment *record);
struct err *pack_verify_header(struct io *io, const char *path);

#endif
