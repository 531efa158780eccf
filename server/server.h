/*
 * server.h: what the parts of the server share: configuration, the store, running queries, the query log.
 *
 * thread   the struct is immutable after start but for the parts that name their lock
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/lock.h"
#include "query/execute.h"
#include "query/spill.h"
#include "server/admission.h"
#include "server/config.h"
#include "storage/store.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct access;
struct alerts;
struct backups;
struct deliver;
struct deliver_table;
struct dictionaries;
struct expiry;
struct sessions;
struct sources;
struct http;
struct native;
struct tls;
struct flights;
struct live;
struct pool;

/* Texts one after another, each ended by a zero byte; more than TEXTS_BYTES_MAX are left out. */
#define TEXTS_BYTES_MAX ((size_t)16 << 10)
struct texts {
    struct buffer bytes;
};
void texts_add(struct texts *texts, struct slice text);
/* The next one; begins with *at 0. False: there is none. */
bool texts_next(const struct texts *texts, size_t *at, struct slice *text);

/* Who sent a statement, as its interface tells; texts are cut. */
struct process_client {
    uint8_t interface; /* ClickHouse's numbers: 1 TCP, 2 HTTP */
    char name[64];
    char os_user[64];
    char host[64];
    uint32_t major, minor, patch, revision;
};

/* An INSERT whose rows are queued has nothing to do until they were stored (async_insert.h). */
enum process_storing { STORING_NONE, STORING_WAITS, STORING_DONE };

/* What a statement does, for metrics; NONE: it was not understood. */
enum process_kind { PROCESS_NONE, PROCESS_SELECT, PROCESS_INSERT, PROCESS_OTHER };

/* A query that runs, for system.processes, KILL QUERY and limits. Lives as long as its request. */
struct process {
    struct process *next;
    struct process *before;
    char query_id[64];
    char user[64];
    char address[64];
    struct process_client client;
    const char *text; /* of the query; borrowed from the request */
    size_t text_bytes;
    int64_t started_at_us;
    uint64_t started_monotonic_us;
    struct budget budget;
    struct query_progress progress;
    _Atomic enum admission_state admission;
    _Atomic bool logging_in; /* its password is being verified: it has nothing to do until then */
    _Atomic enum process_storing storing;
    bool admitted, urgent; /* counted: admission.h */
    bool dropped;          /* killed while it waited: it will not run */
    struct process *wait_next, *wait_before;
    uint64_t wait_bytes, wait_from_us, wait_until_us;
    uint64_t waited_us;                    /* before it ran */
    bool shared;                           /* answered by an identical query */
    void (*wake)(struct process *process); /* after query_cancel: a thread must see it; called under server->lock */
    enum process_kind kind;                /* set by the query thread alone */
    bool began;                            /* what fails from now on fails while it runs */
    const char *query_kind;                /* "Select", …; static */
    char database[64];                     /* cut */
    uint64_t rows_written, bytes_written;
    uint64_t bytes_result;        /* of the reply */
    struct texts settings;        /* that are not at their defaults: name, value, … */
    struct texts tables, columns; /* that its plan reads */
    struct texts http;            /* of a request: method, User-Agent, Referer, X-Forwarded-For; cut */
};

#define QUERY_LOG_ROWS       1000U
#define QUERY_LOG_TEXT_BYTES 2000U

struct query_log_entry {
    char query_id[64];
    char user[64];
    char address[64];
    char database[64];
    struct process_client client;
    const char *query_kind; /* static, or NULL */
    bool began, shared;
    uint64_t waited_us;
    struct texts settings, tables, columns, http;
    uint64_t rows_written, bytes_written, bytes_result, bytes_spilled;
    char *text; /* cut at QUERY_LOG_TEXT_BYTES */
    int64_t started_at_us;
    uint64_t duration_us;
    uint64_t rows_read;
    uint64_t bytes_read;
    uint64_t rows_result;
    uint64_t units_skipped, units_skipped_by_indexes, units_filtered_encoded, parts_missing;
    uint64_t partial_hits, partial_misses;
    uint64_t memory_peak;
    int32_t code; /* 0: success */
    char *error;  /* or NULL */
};

struct server {
    struct config config;
    struct store *store;
    struct sources *sources;
    struct dictionaries *dictionaries;
    struct deliver *deliver; /* notifications of alerts */
    struct deliver_table *deliver_table;
    struct materialized_views *materialized;
    struct alerts *alerts;
    struct refreshes *refreshes;
    struct sessions *sessions;
    struct access *access;
    struct backups *backups;
    struct compactor *compactor;
    struct retention *retention;
    struct expiry *expiry;
    struct pool *pool; /* query threads: steps of requests, whatever carries them */
    struct http *http;
    struct native *native; /* or NULL: off */
    struct tls *tls;       /* or NULL: off */
    const struct timezone *zone;
    struct partial_cache *partial_cache;
    struct statement_cache *statements; /* or NULL */
    struct flights *flights;
    struct metric_log *metric_log;
    struct live *live;
    struct budget queries_budget;
    struct budget rule_panes_budget; /* under that of queries: what rules are answered from */
    struct spill_space spill;
    struct budget ingest_budget;
    int64_t started_at_us;

    struct lock lock; /* LOCK_SERVER: processes, query log */
    struct process *processes;
    uint32_t process_count; /* of the list */
    struct admission admission;
    struct query_log_entry *log; /* ring of QUERY_LOG_ROWS */
    uint64_t log_count;          /* ever written */
};

/* Enters the process into the list; ERR_QUERY_EXISTS. Its text comes with process_text. */
struct err *process_begin(struct server *server, struct process *process);
/* ERR_TOO_MANY_QUERIES when so many others of its user run or wait; 0: there may be any number. */
struct err *process_may_run(struct server *server, const struct process *process, uint64_t count_max);
/* Kept by the caller until process_end. */
void process_text(struct server *server, struct process *process, struct slice text);
/* Its statement is known. kind: static; settings: moved. */
void process_statement(struct server *server, struct process *process, const char *kind, struct texts *settings);
/* Tables and columns that the plan reads, for the query log. */
struct query_plan;
void process_plan(struct process *process, const struct query_plan *plan);
void query_log_entry_deinit(struct query_log_entry *entry);
/* Takes it out and writes the query log. err: borrowed, NULL for success. */
void process_end(struct server *server, struct process *process, const struct err *err);
/* Does a query of that id run, or wait? Not one that was killed before it ran. */
bool process_exists(struct server *server, struct slice query_id);
/* Cancels; false: no such query. */
bool process_kill(struct server *server, struct slice query_id);

/* Registers system.databases, tables, columns, segments, parts, settings, metrics, processes, query_log, sources, … */
void system_tables_register(struct server *server);
/* Every number of /metrics and system.metrics. */
struct metric_visitor;
void metrics_each(struct server *server, const struct metric_visitor *visitor);
/* An answer with this error, which shows no secrets; borrowed, NULL counts nothing. */
void metrics_error(const struct err *err, const char *query_id);
/* How often each code was an answer since the start, and the last one of it. Index from 0; false: no more. */
struct error_count {
    const char *name;
    int32_t code;
    uint64_t count;
    int64_t last_at_us;
    char last_message[256]; /* cut */
    char last_query_id[64];
};
bool metrics_error_count(uint32_t index, struct error_count *out);

#endif
