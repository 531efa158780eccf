/*
 * quarantine.h: segments that turned out to be damaged.
 *
 * found    by a query, a merge, VERIFY: a block or footer whose checksum is wrong, a pack that is gone. The ledger gets
 *          a record of it, once; from then on nobody reads the segment.
 * queries  that would need it fail with ERR_CORRUPT: which table, segment and messages, and what to do; or, when asked
 *          to (snapshot_skip_damaged), answer without it and count it
 * others   merges and retention leave it where it is; DROP, TRUNCATE and DETACH take it away; VERIFY TABLE releases it
 *          when it reads whole again (the disk's fault was mended, or the pack was put back)
 * thread   any
 */
#ifndef STORAGE_QUARANTINE_H
#define STORAGE_QUARANTINE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct table;
struct table_segment;

/* Does the error of a read say that what is on disk is not what was written? */
bool quarantine_is_damage(const struct err *err);
/* Puts the segment into quarantine, if it is not; cause: borrowed. A ledger that takes no commits is only logged: the
 * segment is in quarantine until the next start. */
void quarantine_put(struct table *table, struct table_segment *segment, const struct err *cause);
/* The error of reading a segment; damage puts it into quarantine, and the error says so. NULL stays NULL; moved. */
struct err *quarantine_read(struct table *table, struct table_segment *segment, struct err *err);
/* What a query gets that needs it. */
struct err *quarantine_error(struct table *table, const struct table_segment *segment);
/* It was read, and is whole. */
struct err *quarantine_end(struct table *table, struct table_segment *segment);

/* One row of system.quarantined_segments; texts in the arena. */
struct quarantined {
    uint64_t pack, offset, rows, bytes;
    struct slice partition, reason, messages;
    int64_t at_us;
};
struct err *quarantine_list(struct table *table, struct arena *arena, struct quarantined **out, uint32_t *count);

#endif
