/*
 * execute.h: runs a plan on the query threads and hands result chunks to a callback.
 *
 * thread   query_execute blocks its caller, which works as one of the query's threads; others come from the shared
 *          pool. The sink is called by one thread at a time, not always the same one.
 * stop     query_cancel from any thread; the query ends with ERR_QUERY_CANCELLED within milliseconds. A sink that sets
 *          *stop ends it early without an error.
 * limits   memory (ERR_MEMORY_LIMIT), time (ERR_TIMEOUT), and those of query/limits.h
 * memory   an arena of the query under options.budget; the plan's own arena is the caller's
 */
#ifndef QUERY_EXECUTE_H
#define QUERY_EXECUTE_H

#include "query/limits.h"
#include "query/plan.h"

#include <stdatomic.h>

struct partial_cache; /* query/partial_cache.h */

struct query_progress {
    _Atomic uint64_t rows_read;
    _Atomic uint64_t bytes_read; /* of decoded columns */
    _Atomic uint64_t rows_total; /* to be read, about; 0: unknown */
    _Atomic uint64_t rows_result;
    _Atomic uint64_t bytes_result;             /* of columns */
    _Atomic uint64_t units_skipped;            /* granules left out by zone maps and indexes, */
    _Atomic uint64_t units_skipped_by_indexes; /* and by these alone */
    _Atomic uint64_t units_filtered_encoded;   /* conditions on granules answered by packed numbers, undecoded */
    _Atomic uint64_t parts_missing;            /* damaged segments that were left out */
    _Atomic uint64_t bytes_spilled;            /* ever written to temporary files */
    _Atomic uint64_t partial_hits;             /* runs of rows whose groups the partial-result cache had */
    _Atomic uint64_t partial_misses;
    _Atomic uint64_t rows_before_limit; /* that came to the outermost LIMITs, */
    _Atomic bool has_limit;             /* if there are any */
    _Atomic bool cancelled;
};

struct spill_space;

struct query_options {
    struct budget *budget;     /* of this query; its parent is that of all queries; may be NULL */
    struct spill_space *spill; /* place for temporary files; NULL: none are written */
    struct query_limits limits;
    uint32_t threads_max; /* 0: as many as the pool has */
    const struct function_context *context;
    struct partial_cache *partial_cache; /* or NULL */
    bool exact_rows_before_limit;        /* all rows come to a LIMIT, even when it has enough */
    /* WITH TOTALS: gets one row after all others; NULL: it is left out. With the sink's user. */
    struct err *(*totals)(void *user, const struct chunk *row);
};

/* row_count 0 is never handed on. *stop: set by the sink when it wants no more. */
typedef struct err *(*query_sink)(void *user, const struct chunk *chunk, bool *stop);

struct err *query_execute(const struct query_plan *plan, const struct query_options *options,
                          struct query_progress *progress, query_sink sink, void *user);
void query_cancel(struct query_progress *progress);

/* Query threads shared by all queries: called once at start, once at the end. thread_count 0: one per processor. */
struct err *query_threads_start(uint32_t thread_count);
void query_threads_stop(void);
uint32_t query_thread_count(void); /* at least 1 */

/* For tests: the first chunks that a scan makes of one have this many rows (0: as they come; 1: and their columns are
 * constant), and every column of a scan is dictionary-coded. */
void query_stress(uint32_t chunk_rows, bool dictionaries);

#endif
