/*
 * transfer.h: rows of a partition go from one table to another: MOVE PARTITION … TO TABLE, ATTACH PARTITION … FROM and
 * REPLACE PARTITION … FROM.
 *
 * rows     keep their addresses. Coverage stays with the table that received the messages; what left it, and what came
 *          to the other one, is in both tables' history of removals (system.offset_ledger).
 * segments the new table's are the other's bytes, where columns have the same places and ids in both definitions and
 *          no row was deleted; else they are written anew. Every block is read, and checked, before.
 * commit   one, of both tables: what was there is in one of them after any crash
 * heads    what is in heads of either table when the call begins takes part: it is committed first, and mixed segments
 *          are split by partition. Rows that come later stay where they are.
 * excludes merges and mutations of the table that rows come from; ingest and readers go on
 * thread   any
 */
#ifndef STORAGE_TRANSFER_H
#define STORAGE_TRANSFER_H

#include "storage/partition.h"

enum transfer_kind {
    TRANSFER_MOVE,    /* the other table loses them */
    TRANSFER_ATTACH,  /* it keeps them */
    TRANSFER_REPLACE, /* it keeps them; what the partition had in this one leaves */
};

/* ERR_INCOMPATIBLE_COLUMNS, ERR_BAD_ARGUMENTS: other columns, another partition key or sort key, as ClickHouse says. */
struct err *table_transfer_check(struct table *from, struct table *to);
/*
 * Of one store; may be the same. choice: a partition, or all (ATTACH alone). count (may be NULL): segments that came.
 * errors   as table_transfer_check; ERR_TABLE_HELD: rows would leave a table that is held; ERR_CORRUPT and what a
 *          query of a damaged segment gets; ERR_ABORTED: rows of the partition left meanwhile by another statement or
 *          their TTL; ERR_TIMEOUT, of table_seal. Nothing has changed then.
 * failpoints transfer_write, transfer_sync, transfer_sync_dir, and those of packs and of the ledger
 */
struct err *table_transfer(struct table *from, struct table *to, const struct partition_choice *choice,
                           enum transfer_kind kind, uint32_t *count);

#endif
