/*
 * partial_groups.h: an aggregation that takes what the partial-result cache has, and leaves there what it computes.
 *
 * flow     run_below (execute.c) begins a session for an aggregation over a scan; scan_runs.c goes through runs of
 *          units instead of units: for each, what zone maps leave of the conditions makes the key; a hit is merged
 *          into the worker's groups; at a miss the units go into groups of their own, which are kept and then merged
 * pays     a run whose groups are nearly as many as its rows is not kept, and its query goes on without the cache
 * thread   any worker, each with its own groups
 */
#ifndef QUERY_PARTIAL_GROUPS_H
#define QUERY_PARTIAL_GROUPS_H

#include "query/partial_cache.h"
#include "query/pipeline.h"

struct partial_session;

/* *out NULL: there is no cache, or this aggregation cannot use it. stage: of the aggregation. */
struct err *partial_session_begin(struct execution *execution, const struct plan *aggregation, struct stage *stage,
                                  struct partial_session **out);
/* The scan's conditions are known: how often was this refused? False: goes on without the cache. */
bool partial_session_goes_on(struct partial_session *session, struct digest conditions);
/* Keeping does not pay: workers need not try again. */
bool partial_session_is_off(const struct partial_session *session);

/* conditions: the sum of those that the zones leave open. places: a bit for each one that is part of it. */
struct digest partial_key(const struct partial_session *session, const struct source_run *run, struct digest conditions,
                          const uint64_t places[2]);
/* Merges what is kept under the key; *found false: nothing is. *row_count: of the rows that were read for it. */
struct err *partial_take(struct partial_session *session, struct worker *worker, struct digest key, uint64_t *row_count,
                         bool *found);
/* What the worker pushes and takes until partial_end goes into groups of their own. Within them once more, for a part
 * of them. */
#define PARTIAL_DEPTH_MAX 2U
struct err *partial_begin(struct partial_session *session, struct worker *worker);
/* Keeps the groups, and merges them into those before. run NULL: it was cut short, and is not kept. has_read: rows were
 * read for it, not only entries merged. decides: when they are not worth keeping, no others are. */
struct err *partial_end(struct partial_session *session, struct worker *worker, struct digest key,
                        const struct source_run *run, uint64_t row_count, bool has_read, bool decides);

#endif
