/*
 * tail.h: the rows that a table gets from a moment on, each once, whoever brings them.
 *
 * A tail knows how far it has seen each head. What is new is what came behind that: in heads that are there, in those
 * that became segments meanwhile (the tail keeps these until its next look), and in segments that came without having
 * been heads: large INSERTs, ATTACH PARTITION, RESTORE, rows of materialized views. Merges, mutations and TTLs bring
 * nothing new; rows that were deleted or truncated after they came are still told. What a source gives up before it is
 * committed comes again when the source reads it again.
 *
 * exact    was all that happened to the table since the last look, but for the rows that came, of no consequence to
 *          its rows? So it is of flushes and of merges that keep every row as it is. After anything else (rows were
 *          deleted, updated, dropped, expired, given up by their source; the definition changed) who keeps what is made
 *          of rows begins anew.
 *
 * order    of one writer (a partition of a stream; the insert log): as they came
 * memory   heads that a tail keeps stay in memory until the next look: at most TAIL_HEADS_MAX; behind them, and behind
 *          TAIL_SEGMENTS_MAX segments, rows are counted as missed
 * thread   open, take, close: one at a time; commits and writers note what they do under the table's lock
 */
#ifndef STORAGE_TAIL_H
#define STORAGE_TAIL_H

#include "base/err.h"
#include "storage/table.h"

#include <stdint.h>

#define TAIL_HEADS_MAX    64U
#define TAIL_SEGMENTS_MAX 256U

struct snapshot;
struct table_change;
struct table_tail;

/* What the table has now is not new; *before: that, and no row more, if it is wanted (else NULL). */
struct err *table_tail_open(struct table *table, struct snapshot **before, struct table_tail **out);
/* What came since it was opened, or taken last; one thread scans it in the order above. *missed: rows that came, too,
 * and are lost to the tail. An error leaves them for the next time. */
struct err *table_tail_take(struct table_tail *tail, struct snapshot **out, uint64_t *missed);
/* A tail of the snapshot's table, and what that has now: the tail's first look gives what comes behind *now.
 * *out NULL: rows of the table are not what it stores (engines that combine them, targets of views). */
struct err *table_tail_follow(const struct snapshot *like, struct table_tail **out, struct snapshot **now);
/* As of the last look. */
bool table_tail_is_exact(const struct table_tail *tail);
/* Is the snapshot one of the tail's table, of the same definition as the tail's last look? */
bool table_tail_is_of(const struct table_tail *tail, const struct snapshot *snapshot);
const struct table *table_tail_table(const struct table_tail *tail);
void table_tail_close(struct table_tail *tail); /* accepts NULL */

/* Before the change is made, under the table's lock. */
void table_tails_note(struct table *table, const struct table_change *change);

#endif
