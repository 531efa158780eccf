/*
 * async_insert.h: INSERTs with async_insert: they wait in storage/insert_queue.h, without a thread, until they are stored
 * with others.
 */
#ifndef SERVER_ASYNC_INSERT_H
#define SERVER_ASYNC_INSERT_H

#include "server/execute.h"
#include "storage/insert.h"

/* What asynchronous_insert_log says of an INSERT; texts are cut. */
enum async_insert_status { ASYNC_INSERT_OK, ASYNC_INSERT_UNREADABLE, ASYNC_INSERT_FAILED };
struct async_insert_entry {
    enum async_insert_status status;
    uint64_t batch; /* 0: it came into none */
    char database[64], table[128], query_id[64], format[64];
    char query[200], error[300];
    uint64_t bytes, rows, busy_us;
    int64_t queued_at_us, stored_at_us;
};
#define ASYNC_INSERT_LOG_ROWS 1000U

struct err *async_inserts_start(struct server *server);
/* Stores what waits; nobody waits any more. */
void async_inserts_drain(struct server *server);
void async_inserts_stop(struct server *server);

/* What the INSERT's data are. */
struct async_insert_data {
    const struct table_def *def;
    struct slice query, format;
};
/* Moves the insert; result: when execution->queued is NULL afterwards. */
struct err *async_insert_store(struct execution *execution, struct insert *insert, const struct async_insert_data *data,
                               struct insert_result *result);
/* Its data could not be read: for the log. */
void async_insert_unreadable(struct execution *execution, const struct async_insert_data *data, const struct err *err);
/* What came of execution->queued; *waits: nothing yet. */
struct err *async_insert_continue(struct execution *execution, struct insert_result *result, bool *waits);
/* The answer is not wanted any more. */
void async_insert_forget(struct execution *execution);
/* Do its rows wait, so that there is nothing to do for it? */
bool async_insert_waits(const struct process *process);
/* Were they stored since? */
bool async_insert_is_answered(const struct process *process);

/* The log's entry of that number, which counts from 0; false: there is none, or it is gone; then *next is one that is
 * there, if any is. */
bool async_insert_log_read(struct server *server, uint64_t *next, struct async_insert_entry *out);

#endif
