/*
 * deliver_private.h: what the parts of delivery share: alerts that are known, receivers with their queues, batches.
 *
 * lock     LOCK_DELIVER guards all but a batch in flight, which is the thread's
 */
#ifndef SERVER_DELIVER_PRIVATE_H
#define SERVER_DELIVER_PRIVATE_H

#include "base/lock.h"
#include "base/text.h"
#include "server/deliver.h"

#include <curl/curl.h>
#include <pthread.h>

/* One notification, shared by the queues; under the lock. */
struct item {
    uint32_t references;
    struct arena *arena;
    struct notice notice;
};

/* The newest state of an alert. */
struct known_alert {
    struct known_alert *next; /* in its bucket */
    struct item *item;
    int64_t sent_at_us[]; /* per receiver; 0: never */
};

struct batch_item {
    struct item *item;
    bool resend; /* not from the queue */
};

struct receiver {
    const struct receiver_config *config;
    uint32_t index;
    struct item **queue; /* ring */
    uint32_t head, count, capacity;
    uint32_t batch_max; /* halved while somebody refuses */
    uint32_t failures;  /* in a row */
    uint64_t not_before_us;
    uint64_t resend_at_us; /* the next look for re-sends */
    int64_t seen_at_us;    /* the earliest time at which it is known to have been there; INT64_MAX: none */

    bool busy; /* a batch is in flight: below */
    struct batch_item batch[DELIVER_BATCH_MAX];
    uint32_t batch_count, batch_queued; /* batch_queued: of the queue's head */
    uint64_t began_us;
    CURL *easy;
    struct curl_slist *headers;
    struct buffer body, answer;
    char curl_error[CURL_ERROR_SIZE];
    int file; /* -1 */
    size_t written;
};

struct confirmed;
struct deliver {
    struct deliver_config config;
    struct lock lock;
    struct budget budget;
    CURLM *multi;
    pthread_t thread;
    bool started, stopping;
    bool resends; /* some receiver wants to hear of alerts again: they are known */
    uint64_t stop_at_us;
    struct receiver *receivers;
    struct known_alert **buckets;
    uint32_t bucket_count, known_count;
    struct deliver_hooks hooks;
    char reached_at[300];  /* external_url, when none is configured */
    struct delivery *rows; /* what the hook gets next: attempts of one turn of the thread */
    uint32_t row_count, row_capacity;
    struct confirmed *confirmed; /* sorted by key once the first restored notification came */
    uint32_t confirmed_count, confirmed_capacity;
    bool confirmed_sorted;
    struct deliver_numbers numbers;
    uint64_t random;
};

/* What a receiver confirmed before the last start. */
struct confirmed {
    uint64_t key; /* hash of receiver, alert, beginning and state */
    int64_t at_us;
};

/* How a request, or a write, ended. */
struct ending {
    uint32_t http_status;
    enum delivery_outcome outcome; /* DELIVERED, RETRY or REFUSED */
    uint64_t retry_after_us;
    char error[160];
};

/* ---- deliver_send.c: batches as requests. All by the thread, without the lock. */

struct err *receiver_open(struct deliver *deliver, struct receiver *receiver);
void receiver_close(struct receiver *receiver);
/* The batch is on its way; false: *ending says why not. */
bool receiver_send(struct deliver *deliver, struct receiver *receiver, struct ending *ending);
/* Of a request that curl has ended. */
void receiver_answer(struct receiver *receiver, CURLcode code, struct ending *ending);
/* A file takes more; true: it has all, or *ending says why not. */
bool receiver_write(struct receiver *receiver, struct ending *ending);

/* ---- deliver_queue.c: what is due. All under the lock. */

struct known_alert **known_find(struct deliver *deliver, uint64_t fingerprint);
void item_unref(struct item *item);
/* ERR_OOM: nothing changed. */
struct err *queue_put(struct receiver *receiver, struct item *item);
/* Older states leave the queue when newer ones of the same alert wait behind them. */
uint32_t queue_collapse(struct receiver *receiver);
/* Fills the receiver's batch; false: nothing is due. */
bool batch_take(struct deliver *deliver, struct receiver *receiver, uint64_t now_us);
/* The batch is over: what was confirmed or refused leaves, the rest waits. */
void batch_end(struct deliver *deliver, struct receiver *receiver, const struct ending *ending);
struct err *confirmed_add(struct deliver *deliver, uint32_t receiver, uint64_t fingerprint, int64_t starts_at_us,
                          bool resolved, int64_t at_us);
/* When the receiver confirmed it; 0: it did not. */
int64_t confirmed_find(struct deliver *deliver, uint32_t receiver, const struct notice *notice);
/* Monotonic microseconds until something may be due. */
uint64_t deliver_wait_us(struct deliver *deliver, uint64_t now_us);

#endif
