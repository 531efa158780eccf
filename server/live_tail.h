/*
 * live_tail.h: the rows of a raw tail (EMIT ROWS): the newest ones, as text, for viewers that are at different places.
 *
 * Each row has a number, one more than the row's before it. A viewer that has seen number v gets, as one event, the
 * rows behind it that are still there, and how many are not ("dropped"): those that it was too slow for, and those that
 * nobody looked at. Who begins gets the columns and no rows: a tail begins now. With LAST n it gets the last n rows, with SINCE
 * all that were told: when the table begins to be followed, the run before the first one reads what is there at that very
 * moment.
 *
 * memory   LIVE_TAIL_ROWS rows and LIVE_TAIL_BYTES bytes at most, charged to the budget; where there is less, fewer
 * thread   live_tail_snapshot, live_tail_rest: one at a time, the run's or the thread's between two; the others: one at
 *          a time, the group's lock
 */
#ifndef SERVER_LIVE_TAIL_H
#define SERVER_LIVE_TAIL_H

#include "base/err.h"
#include "server/live_result.h"

#include <stdbool.h>
#include <stdint.h>

#define LIVE_TAIL_ROWS  10000U
#define LIVE_TAIL_BYTES ((size_t)4 << 20)

struct live_tail;
struct snapshot;
struct table;

/* last: LAST n, or 0. */
struct err *live_tail_create(struct budget *budget, uint64_t last, struct live_tail **out);
void live_tail_destroy(struct live_tail *tail); /* accepts NULL */

/* Rows that came into the table since the last time; the first time of a table: none, it is followed from here on. */
struct err *live_tail_snapshot(struct live_tail *tail, struct table *table, struct snapshot **out);
/* LAST n: what was there when the table began to be followed has to be read; while it is (on), live_tail_snapshot gives
 * that. Then its rows are added. */
bool live_tail_has_past(const struct live_tail *tail);
void live_tail_read_past(struct live_tail *tail, bool on);
/* SINCE: so many rows were there; those that are added now are the last of them. Who begins is told how many rows there
 * are not. */
void live_tail_since_count(struct live_tail *tail, uint64_t count, uint64_t added);
/* These rows are added: from here on viewers get events. */
void live_tail_past_added(struct live_tail *tail);
/* Nobody looks: the table is not followed any more. */
void live_tail_rest(struct live_tail *tail);

/* A run gives rows: its columns ([{"name":"a","type":"String"},…], copied), lines of a writer of JSONCompactEachRow, and
 * whether it ended well: else what it had to look at is lost. */
struct err *live_tail_begin(struct live_tail *tail, struct slice columns);
void live_tail_add(struct live_tail *tail, struct slice lines);
void live_tail_end(struct live_tail *tail, bool well);

uint64_t live_tail_version(const struct live_tail *tail); /* the last row's number; 0: there was no run */
uint64_t live_tail_rows(const struct live_tail *tail);    /* that are there */
uint64_t live_tail_bytes(const struct live_tail *tail);
/* Can it be said what came since then? */
bool live_tail_knows(const struct live_tail *tail, uint64_t version);
/* What a viewer that has seen a number (0: none) gets. *out: a reference; NULL: nothing is new. */
struct err *live_tail_since(struct live_tail *tail, uint64_t version, struct live_bytes **out);

#endif
