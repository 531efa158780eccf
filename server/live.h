/*
 * live.h: queries that stay open: SELECT … EMIT CHANGES, /live (docs/LIVE.md).
 *
 *   spec      what is asked, and for whom: text, parameters, settings, database, user and roles, interval
 *   group     one per spec: its runs, its answer (live_result.h), its subscriptions. Runs when a table that it reads
 *             changed, or time moves, at most once per interval; not without viewers.
 *   viewer    a connection with any number of subscriptions, each to a group
 *
 * flow      execute_statement.c → live_subscribe.c: specs → a viewer → the transport's follow (http_live.c) →
 *           live_attach → the thread `live` (live.c): groups due → the pool `live` (live_run.c) → events to viewers
 *           (live_viewer.c)
 * owner     a viewer is its transport's until live_attach, then the thread's, which ends it by its carrier's end
 * thread    `live` owns viewers, groups and subscriptions; what other threads give it goes through an inbox under
 *           live->lock. A run belongs to one thread of the pool; a group's answer is under the group's lock.
 */
#ifndef SERVER_LIVE_H
#define SERVER_LIVE_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct ast_statement;
struct execution;
struct explain_settings;
struct iovec;
struct live_viewer;
struct server;

/* What a request is to become, by its path. */
enum live_way {
    LIVE_NONE,   /* a statement; EMIT makes it a stream of one */
    LIVE_EVENTS, /* /live: a stream of many */
    LIVE_SOCKET, /* /live: a WebSocket */
};

struct err *live_start(struct server *server);
/* All viewers end; no run begins. Before the transports stop. */
void live_stop(struct server *server);
void live_free(struct server *server); /* behind them */

/* Tables, views or rights were changed by a statement: everything runs once more. */
void live_definitions_changed(struct server *server);
/* How often they did. */
uint64_t live_definitions(const struct server *server);
/* Of this start of the server, by chance. */
uint32_t live_nonce(const struct server *server);

/* ---- requests (live_subscribe.c) */
/* The statement is a SELECT that stays open: the request becomes its viewer, or says why it cannot. */
struct err *live_open_statement(struct execution *execution, const struct ast_statement *statement, struct slice text);
bool live_is_wanted(const struct execution *execution, const struct ast_statement *statement);
/* The body of a request to /live: its subscriptions. */
struct err *live_open_many(struct execution *execution, struct slice body);
/* Lines about a SELECT that is explained with EMIT; in the execution's arena. */
struct err *live_explain(struct execution *execution, const struct ast_statement *statement, struct slice *out);

/* ---- transports */
struct live_carrier {
    /* Of a carrier without a socket that the thread may write to: takes all bytes; live_writable follows. */
    void (*write)(void *object, const struct iovec *pieces, uint32_t count);
    /* The viewer has ended: the last call. whole: not in the middle of an event. */
    void (*end)(void *object, bool whole);
};
struct live_link {
    const struct live_carrier *carrier;
    void *object;
    int descriptor;     /* looked at for its client's end; -1: none */
    bool direct;        /* the thread writes to it */
    bool chunked;       /* in chunks of HTTP/1.1 */
    struct slice first; /* of a WebSocket: what came already; copied */
};
/* How it is sent. */
bool live_viewer_is_socket(const struct live_viewer *viewer);
/* The link is ready. False: the server stops, or memory is out; the viewer stays the caller's. */
bool live_attach(struct live_viewer *viewer, const struct live_link *link);
/* What was written has gone. */
void live_writable(struct live_viewer *viewer);
/* The client is gone, its descriptor is about to be closed: nobody looks at it after this returns. */
void live_lost(struct live_viewer *viewer);
/* Of one that was not attached. */
void live_viewer_free(struct live_viewer *viewer); /* accepts NULL */

/* ---- KILL QUERY, system.live_queries, metrics */
bool live_kill(struct server *server, struct slice id);

struct live_query_info {
    char id[32];
    struct slice query, user, database;
    uint64_t viewers, runs, failures, rows, version, bytes, duration_us, min_interval_us;
    uint64_t since_monotonic_us;
    int64_t last_run_us; /* wall clock; 0: none */
    const char *mode;
    struct slice error; /* of the last run, or empty */
};
/* Calls visit for each, under a lock: what it points to is borrowed. */
void live_each(struct server *server, void (*visit)(void *user, const struct live_query_info *info), void *user);
/* Numbers for /metrics. */
struct live_numbers {
    uint64_t queries, viewers, subscriptions, memory;
};
void live_numbers(struct server *server, struct live_numbers *out);

#endif
