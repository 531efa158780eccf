/*
 * ledger_cut.h: the state of some tables as a ledger of its own: what a backup says of its packs.
 *
 * A cut is a ledger folder of one file, 000002.log, as if all before had been pruned: its header names the chain hash
 * of the commit that was the last when it was made (the cut's commit), its only commit is a checkpoint of the tables'
 * state there. So it extends the store's chain up to the cut, and everything that reads ledgers reads it. format
 * docs/FORMAT.md, "Backups"
 * thread   any
 */
#ifndef STORAGE_LEDGER_CUT_H
#define STORAGE_LEDGER_CUT_H

#include "storage/ledger_record.h"

#define LEDGER_CUT_FILE 2U /* number of its one file */

struct ledger_cut {
    const uint64_t *tables; /* ascending; with their sources, coverage, segments, tokens */
    uint32_t table_count;
    const uint64_t *objects; /* ascending; views and dictionaries */
    uint32_t object_count;
    const struct table_partition *partitions; /* of a table that is among them, the segments of these alone */
    uint32_t partition_count;
    bool live_only; /* not those that are detached */
    /* Called for the packs of each segment and of its list of deleted rows, more than once perhaps, while the ledger
     * stands still: pins it. */
    void (*pack)(void *user, uint64_t pack);
    void *user;
};

/* file: the file's bytes; begins empty. at: the cut's commit. ERR_UNKNOWN_TABLE: one of them is gone. */
struct err *ledger_cut(struct ledger *ledger, const struct ledger_cut *cut, struct record_out *file,
                       struct commit_info *at);

#endif
