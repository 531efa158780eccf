/*
 * insert_queue_private.h: what insert_queue.c and insert_queue_wait.c share: batches, INSERTs in them, the queue.
 */
#ifndef STORAGE_INSERT_QUEUE_PRIVATE_H
#define STORAGE_INSERT_QUEUE_PRIVATE_H

#include "storage/insert_log.h"
#include "storage/insert_private.h"
#include "storage/insert_queue.h"
#include "storage/table_private.h"

#include <pthread.h>

/* Rows that become one record. */
struct group {
    struct group *next;
    struct builder *builder;
    unsigned __int128 token; /* 0: of INSERTs without one */
    struct row_chunk **rows; /* while it is stored */
    uint32_t row_chunk_count;
    struct insert_item item;
};

struct insert_queued {
    struct insert_queued *next;
    struct insert_queue *queue;
    struct group *group;
    uint32_t references; /* the queue's, and who waits */
    bool waits, done;
    _Atomic bool given_up; /* the client was told that it takes too long */
    bool repeats;          /* the group's token came with an INSERT before it */
    struct err *err;
    struct insert_result result;
    void (*wake)(void *user); /* NULL: nobody waits */
    void *user;
    uint64_t bytes, rows, busy_us;
    int64_t queued_at_us;
    uint64_t wait_us_max, give_up_us; /* monotonic; UINT64_MAX: its client waits for ever, or no more */
    char query_id[64];
    char format[64];
    size_t query_bytes;
    char query[];
};

struct batch {
    struct batch *next;
    uint64_t number;
    struct table *table;
    struct table_def *def;
    struct group *first_group, **last_group;
    struct group *newest; /* or NULL */
    struct insert_queued *first, **last;
    uint32_t group_count;
    uint64_t count, waiting_count, bytes, memory;
    uint64_t due_us; /* monotonic */
    uint64_t busy_us_min, busy_us_max;
};

/* How INSERTs of a table come; kept from batch to batch. */
struct pace {
    uint64_t table_id;
    uint64_t busy_us;
    uint64_t answered; /* whose clients waited, in the last batch */
};

struct insert_queue {
    struct tables *tables;
    struct insert_queue_options options;
    struct lock lock;
    struct condition changed; /* a batch is due, or its time another */
    struct condition stored;  /* batches are gone */
    struct batch *first, **last;
    struct batch *storing;
    struct pace *paces;
    uint32_t pace_count;
    uint64_t memory; /* of all batches, those that are being stored too */
    uint64_t number;
    bool draining, closing;
    pthread_t thread;
    bool thread_started;
    uint64_t give_up_us; /* no later than the first client's; UINT64_MAX: none */
    struct condition waits_changed;
    pthread_t waiter;
    bool waiter_started, waiter_ends;
};

/* NULL: memory is out. */
struct insert_queued *insert_queued_new(struct insert_queue *queue, const struct insert_how *how, uint64_t rows);
/* Under the lock; so is the one below. */
void insert_queued_unref(struct insert_queued *queued);
/* It is in a batch: from now on its client may lose patience. */
void insert_queued_await(struct insert_queued *queued);
/* The thread that tells clients whose INSERTs take too long. */
void *insert_queue_waiter(void *object);

#endif
