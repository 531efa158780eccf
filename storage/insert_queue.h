/*
 * insert_queue.h: asynchronous INSERTs: small ones of many clients wait here together and are stored as one.
 *
 * batch    the rows of all INSERTs that wait for one table, whatever their columns and formats were: they come here read,
 *          with DEFAULTs computed, so an INSERT with a bad row fails before, alone. A batch is one record of the insert log
 *          (insert_log.h), and INSERTs with a token are records of their own, because a token stands in a record; all
 *          batches that are due go into one group: one write, one sync. Its INSERTs are stored in the order in which they
 *          came.
 * due      busy_us_max after the first of them, earlier when its bytes or INSERTs are many. Adaptive: also as soon as so
 *          many INSERTs whose clients wait are there as the table's last batch answered, because then nobody else is known
 *          to come; and the time is between the two bounds, longer after batches of several INSERTs, shorter after others.
 * bound    INSERT_QUEUE_BYTES_MAX of rows; INSERTs above it, large ones, and those after insert_queue_drain are stored at
 *          once, by their own thread
 * answer   *out of insert_enqueue: `wake` is called once the INSERT is durable and visible, or failed; then
 *          insert_queued_take says which
 * thread   any; one flushes ("insert-queue"), one looks after those who wait too long ("insert-wait"). `stored` is
 *          called by the first, `wake` by both, once for an INSERT.
 */
#ifndef STORAGE_INSERT_QUEUE_H
#define STORAGE_INSERT_QUEUE_H

#include "base/err.h"
#include "base/slice.h"
#include "storage/insert.h"

#include <stdbool.h>
#include <stdint.h>

#define INSERT_QUEUE_BYTES_MAX ((uint64_t)64 << 20)

struct insert_queued;

/* Of an INSERT that waits, or was stored or not. Texts are borrowed for the call. */
struct insert_queued_info {
    uint64_t batch; /* its number */
    const char *database, *table;
    struct slice query_id, format, query;
    uint64_t bytes, rows;
    int64_t queued_at_us;
    uint64_t busy_us;      /* that it waited at the longest */
    uint64_t batch_bytes;  /* in memory */
    int64_t stored_at_us;  /* 0: it waits */
    const struct err *err; /* borrowed; NULL: it was stored, or waits */
};

struct insert_queue_options {
    void (*stored)(void *user, const struct insert_queued_info *info); /* before its client is answered; may be NULL */
    void *user;
};

struct insert_how {
    bool wait;        /* for the answer; false: it is answered when it is queued, and may be lost in a crash */
    bool adaptive;    /* see "due" */
    bool deduplicate; /* without a token: a checksum of its rows is the token */
    uint64_t busy_us_min, busy_us_max;
    uint64_t wait_us_max;  /* for the answer: then it is ERR_TIMEOUT, and the rows wait on; 0: no end */
    uint64_t bytes_max;    /* of a batch; larger INSERTs are stored at once */
    uint64_t inserts_max;  /* of a batch */
    uint64_t bytes;        /* that the client sent */
    struct slice query_id; /* and the two below: copied, cut */
    struct slice format, query;
    void (*wake)(void *user); /* when it waits; locks below LOCK_REPLY may not be taken */
    void *user;
};

struct err *insert_queue_open(struct store *store, const struct insert_queue_options *options);
/* Stores what waits, answers all; what comes now is stored at once. */
void insert_queue_drain(struct store *store);
void insert_queue_close(struct store *store); /* drains; nobody uses it or its answers any more */

/*
 * Frees the insert, with and without error.
 *
 * *out     the INSERT waits for its answer; NULL: *result is it
 * errors   as insert_finish
 */
struct err *insert_enqueue(struct insert *insert, const struct insert_how *how, struct insert_queued **out,
                           struct insert_result *result);
/* False: it still waits. True: *err and *result say what came of it; it is freed. */
bool insert_queued_take(struct insert_queued *queued, struct insert_result *result, struct err **err);
/* Nobody waits for it any more; it is stored nevertheless. Accepts NULL. */
void insert_queued_forget(struct insert_queued *queued);

/* Stores what waits for the table, or for all (0), and waits for that. */
void insert_queue_flush(struct store *store, uint64_t table_id);
/* Each INSERT that waits, batch by batch; under the queue's lock. */
void insert_queue_each(struct store *store, void (*visit)(void *user, const struct insert_queued_info *info),
                       void *user);

#endif
