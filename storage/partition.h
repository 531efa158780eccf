/*
 * partition.h: parts of a table as a whole: time partitions, or single segments, that leave it, are set aside, or come
 * back; and holds, under which nothing leaves.
 *
 * drop     segments leave in one ledger commit; coverage stays, packs go once nobody reads them
 * detach   segments are set aside: no query, merge or retention sees them, but the ledger goes on to account for their
 *          rows, their packs stay, and weir check reads them. They come back by table_attach, which reads every block
 *          of them first, or go for good by table_drop_detached. With their table they are dropped.
 * heads    what is in the table when the call begins leaves too: rows in heads are committed first, and mixed segments
 *          are split by partition
 * hold     one per reason; while one stands nothing leaves: no DROP, DETACH, TRUNCATE and no retention. The ledger
 *          itself refuses such commits.
 * thread   any
 */
#ifndef STORAGE_PARTITION_H
#define STORAGE_PARTITION_H

#include "storage/ledger.h"
#include "storage/table.h"

/* Which segments: those of one partition (its text, as ledger_segment has it), or one; else all. */
struct partition_choice {
    const struct slice *partition;
    const struct segment_name *segment;
};

/* count (may be NULL): how many segments. errors: ERR_TABLE_HELD; ERR_TIMEOUT, rows in heads were not committed in
 * time; what commits of the ledger say. */
struct err *table_drop_segments(struct table *table, const struct partition_choice *choice, uint32_t *count);
struct err *table_detach(struct table *table, const struct partition_choice *choice, uint32_t *count);
/* ERR_CORRUPT: a segment is not what the ledger says; then none comes back. */
struct err *table_attach(struct table *table, const struct partition_choice *choice, uint32_t *count);
struct err *table_drop_detached(struct table *table, const struct partition_choice *choice, uint32_t *count);

/* The type of PARTITION BY's values; NULL: the table has none. And the text of such a value, as segments have it: the
 * column has one row. */
struct err *table_partition_type(struct table *table, struct arena *arena, const struct type **out);
struct err *table_partition_name(struct table *table, struct arena *arena, const struct column *value,
                                 struct slice *out);

/* ERR_BAD_ARGUMENTS: held for this reason already, or not held for it. */
struct err *table_hold(struct table *table, struct slice reason);
struct err *table_release(struct table *table, struct slice reason);

/* Commits what is in heads now, and waits: the insert log's and, through their writers, those of sources. */
struct err *table_seal(struct table *table);

#endif
