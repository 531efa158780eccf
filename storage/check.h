/*
 * check.h: `weir check DIR`: is everything that the ledger says there, whole and unaltered?
 *
 * Verifies the ledger's chain (storage/ledger.h, ledger_verify), then reads every pack that it names: each block of
 * each segment, against the checksums, the footer hash, the row count and the row sum of the ledger, and the records of
 * the insert log that are in no segment yet. Every problem is told by file and place; the check goes on with the next
 * segment.
 * thread   one; nothing is changed; a directory that a
 *          server holds is refused
 */
#ifndef STORAGE_CHECK_H
#define STORAGE_CHECK_H

#include "base/err.h"
#include "storage/ledger.h"

#include <stdbool.h>
#include <stdint.h>

struct anchor;
struct io;

struct check_report {
    struct ledger_report ledger;
    bool ledger_good;
    bool tail_torn;    /* unacknowledged bytes at the ledger's end: the next start cuts them */
    uint64_t packs;    /* named by the ledger */
    uint64_t segments; /* live and detached */
    uint64_t detached;
    uint64_t rows;
    uint64_t bytes;   /* of segments */
    uint64_t orphans; /* pack files that the ledger does not name */
    uint64_t inserts; /* of the insert log, not in segments yet */
    /* Bytes of the insert log that mean nothing: an INSERT that was never acknowledged, a file that was given up after
     * a failed write, or damage of the newest group, which looks the same. File 0: there are none. */
    uint64_t insert_log_unread_file, insert_log_unread_at, insert_log_unread_bytes;
    bool is_backup;    /* a backup's directory; its manifest and files are checked as well */
    uint64_t problems; /* told through the callback */
    uint64_t holds;
    char held[2048];    /* what is held and why, a line each, as far as they fit */
    bool anchor_proven; /* the chain goes through the anchor that was given */
};

/* io: NULL for the real file system below data_dir. problem: borrowed text for the call, may be NULL. anchor: that the
 * data must still extend (storage/anchor.h), or NULL.
 * errors   only what keeps the check from being done: no such directory, in use, memory. Damage is a problem. */
struct err *store_check(const char *data_dir, struct io *io, const struct anchor *anchor,
                        void (*problem)(void *user, const char *text), void *user, struct check_report *report);

#endif
