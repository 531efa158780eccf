/*
 * inner_query.h: a SELECT that the server runs for itself: for a dictionary, a view, a TTL, whatever asks again and
 * again. It has no client and stands in no list of processes.
 *
 * flow     begin → (execution's fields: what it sees) → bind → run, both any number of times → end
 * rights   the server's own, which may do everything, or a user's session (options.access)
 * memory   a budget of its own under that of all queries, or one between them (options.budget); plans live in the execution's arena until the end
 * thread   one at a time; query_cancel on the progress that run was given from any
 */
#ifndef SERVER_INNER_QUERY_H
#define SERVER_INNER_QUERY_H

#include "query/execute.h"
#include "server/execute.h"

struct inner_query {
    struct execution *execution; /* its settings are the defaults */
    struct process process;      /* its budget; for what asks an execution for one */
    struct query_plan plan;      /* of the last bind */
};

struct inner_query_options {
    const char *what;              /* for errors of its budget: "a view's query"; static */
    struct slice database;         /* of names without one; outlives the query */
    struct access_session *access; /* borrowed; NULL: the server's own */
    int64_t now_us;                /* what now() says; 0: the wall clock */
    struct budget *budget;         /* its memory is of that, too, which outlives it; NULL: of all queries alone */
    uint64_t memory_max;           /* bytes, if that is less than a query may have; 0: as many as that */
    /* What the SELECT sees of tables is noted before it sees their rows: completeness_text, completeness_head. */
    bool notes_completeness;
    bool caches; /* its aggregation may use the partial-result cache */
};

/* inner: all zero. inner_query_end also after an error. */
struct err *inner_query_begin(struct inner_query *inner, struct server *server,
                              const struct inner_query_options *options);
/* Parses and binds; text outlives the plan. Its SETTINGS count. ERR_BAD_ARGUMENTS: it is no SELECT. */
struct err *inner_query_bind(struct inner_query *inner, struct slice text);
/* threads_max 0: as many as there are. progress NULL: nobody asks, and nobody cancels. */
struct err *inner_query_run(struct inner_query *inner, uint32_t threads_max, struct query_progress *progress,
                            query_sink sink, void *user);
void inner_query_end(struct inner_query *inner);

#endif
