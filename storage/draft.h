/*
 * draft.h: one commit in the making: rows of several heads, coverage, dead letters, tokens → one pack, one fsync → one
 * ledger commit → the snapshot swaps head rows for segments.
 *
 *     struct draft *draft;
 *     draft_create(store, &draft);
 *     draft_seal(draft, writer)…                          // everything that this worker's partitions fed
 *     ledger_batch_coverage(draft_batch(draft), &range)…  // any ledger records
 *     draft_dead_letter(draft, &letter)…
 *     lane_submit(lane, draft, done, user);               // or draft_commit(draft, &commit), which blocks
 *
 * order    sort → encode → pack sync → directory sync → ledger commit → swap. Until the ledger names it, the pack is
 *          nobody's: after any failure rows stay in the heads, visible, and a new attempt writes a new pack.
 * lane     one thread that commits the drafts of one worker in order, while the worker goes on parsing. At most
 *          LANE_DRAFTS_MAX wait; lane_submit blocks above. A failed attempt that can be repeated (disk full, I/O
 *          error) is, with growing pauses, until it works or the lane is closed; lane_error says what is wrong
 *          meanwhile. A final error (ledger read-only, contradicting coverage, too many partitions) goes to the
 *          callback, and all later drafts of the lane fail with ERR_ABORTED: their ranges would leave a gap.
 * failed   rows of a draft that failed for good leave the table (they are Kafka's: read again after the cause is gone).
 *          Rows of the insert log come back at the next start.
 * thread   a draft: one at a time. Lanes: any.
 */
#ifndef STORAGE_DRAFT_H
#define STORAGE_DRAFT_H

#include "base/err.h"
#include "storage/dead_letter.h"
#include "storage/head.h"
#include "storage/ledger.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct draft;
struct lane;

#define LANE_DRAFTS_MAX 2U
/* Above so many time partitions the excess goes into one mixed segment. */
#define DRAFT_PARTITIONS_MAX 64U
/* Above so many the commit is refused: ERR_TOO_MANY_PARTITIONS. */
#define COMMIT_PARTITIONS_MAX 1000U

struct err *draft_create(struct store *store, struct draft **out);
void draft_destroy(struct draft *draft); /* rows sealed in it leave their tables; accepts NULL */

/* Publishes and moves the writer's rows into the draft; they stay visible. The writer goes on in a new head. */
struct err *draft_seal(struct draft *draft, struct head_writer *writer);
/* The records that go with the rows; the draft's. */
struct ledger_batch *draft_batch(struct draft *draft);
/* Copied. Counted against the cap of its table: beyond it only the address stays, in the coverage. */
struct err *draft_dead_letter(struct draft *draft, const struct dead_letter *letter);
/* A deduplication token of the table, committed with the rows unless the table is dropped meanwhile. */
struct err *draft_token(struct draft *draft, struct table *table, unsigned __int128 hash, int64_t used_at_us);
/* Do not refuse more than COMMIT_PARTITIONS_MAX partitions: for rows that were accepted already. */
void draft_allow_partitions(struct draft *draft);

uint64_t draft_rows(const struct draft *draft);
bool draft_is_empty(const struct draft *draft); /* neither rows nor records */

/* Blocks. On success the draft is empty. On errors it may be committed again (but for final errors). commit may be
 * NULL. */
struct err *draft_commit(struct draft *draft, struct commit_info *commit);
/* Can a later attempt succeed without anything being changed? */
bool draft_error_is_final(const struct err *err);

/* err: NULL or borrowed for the call; on the lane's thread. */
typedef void (*draft_done)(void *user, const struct err *err, const struct commit_info *commit);

struct err *lane_open(struct store *store, const char *name, struct lane **out);
/* Moves the draft. done may be NULL. Blocks while LANE_DRAFTS_MAX drafts wait. */
void lane_submit(struct lane *lane, struct draft *draft, draft_done done, void *user);
/* Until everything submitted is done. Returns the first final error since the last wait. */
struct err *lane_wait(struct lane *lane);
/* As lane_wait, but comes back with the error while the lane tries again. */
struct err *lane_settle(struct lane *lane);
/* A copy of the error that the lane retries or died of; NULL: it works. */
struct err *lane_error(struct lane *lane);
/* What is being retried ends with its error, what is submitted from now on with ERR_ABORTED: for a stop while commits
 * fail, from a thread that is not waiting in lane_submit. */
void lane_give_up(struct lane *lane);
/* Waits for what can be committed at once; what is being retried is given up. Accepts NULL. */
void lane_close(struct lane *lane);

#endif
