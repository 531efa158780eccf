/*
 * retention.h: what is due leaves: whole segments whose TTL is over, and the oldest ones where there are too many
 * bytes.
 *
 * ttl      all rows of a segment have expired (ledger_segment.expires_at_us), if store_clock_guard allows
 * bytes    a table with the setting retention_bytes keeps at most so many bytes of segments: those of the oldest
 *          partition leave first, in it those with the oldest rows. So does the whole store, if it has a limit; the
 *          ages of tables' segments are compared then.
 * age      the highest event time of a segment's rows; where they have none, the time of its commit
 * silence  some time after the last commit one without meaning follows, so that who reads the files (weir anchor)
 *          knows that it is durable
 * held     tables stay as they are; the store's limit is for the others
 * thread   one in the background looks every few seconds, so that nothing due stays for a minute; functions: any
 */
#ifndef STORAGE_RETENTION_H
#define STORAGE_RETENTION_H

#include "storage/table.h"

#include <stdatomic.h>

struct retention;

struct retention_options {
    uint64_t interval_us; /* looks so often; 0: 5 s */
    uint64_t bytes_max;   /* of all tables' segments; 0: no limit */
    uint64_t settle_us;   /* so long without a commit is silence; 0: there is none */
};

/* Retention of all tables in the background; it sweeps the store's folders, too. */
struct err *retention_start(struct store *store, const struct retention_options *options, struct retention **out);
void retention_stop(struct retention *retention); /* accepts NULL */

/* Drops what is due now. *dropped: how many segments. The clock guard's error comes back, what was due by bytes gone.
 */
struct err *table_retention(struct table *table, int64_t now_us, uint32_t *dropped);
/* For a statement: what is due leaves now, and waits without an error where the clock guard says so. */
struct err *table_drop_due(struct table *table);
/* The oldest segments of all tables leave until the rest has at most so many bytes. */
struct err *store_retention(struct store *store, uint64_t bytes_max, uint32_t *dropped);

/* After a change of the TTL: computes anew when segments expire. Until it is done they neither expire nor are merged;
 * the background does it too. stop: given up with ERR_ABORTED when set; may be NULL. */
struct err *table_refresh_expiry(struct table *table, const _Atomic bool *stop);

/* A table's setting as a number; false: it is not set. */
bool table_setting(const struct table_def *def, const char *name, uint64_t *value);

#endif
