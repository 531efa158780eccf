/*
 * deliver.h: notifications on their way to Alertmanagers, webhooks and files.
 *
 * flow         alert evaluation → deliver_notice → one queue per receiver → the thread "deliver" (curl's multi interface)
 * promise      at least once, in order per alert: a transition leaves a receiver's queue when the receiver has confirmed it, or
 *              refused it for good (4xx). What a crash left unconfirmed is given again at start by who recorded the transition
 * state        of a receiver                                  moved on by
 *              idle → sending                                 something is due
 *              sending → idle                                 2xx; 4xx (the batch is halved until the bad one is alone, and dropped)
 *              sending → waiting                              5xx, 408, 425, 429, no answer, no connection
 *              waiting → sending                              the wait is over: 1 s doubled up to 5 min, ± a fifth; Retry-After
 * bounds       a receiver's queue of DELIVER_QUEUE_MAX: beyond it only the newest state of each alert is kept; the memory of
 *              all by DELIVER_MEMORY_MAX. Re-sends are made from the newest state and wait in no queue
 * thread       any for deliver_notice, which never waits for a receiver
 * source       docs/ALERTS.md, "Delivery"
 */
#ifndef SERVER_DELIVER_H
#define SERVER_DELIVER_H

#include "alert/notice.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define DELIVER_QUEUE_MAX     10000U /* transitions per receiver */
#define DELIVER_BATCH_MAX     256U   /* alerts per request, as Prometheus */
#define DELIVER_MEMORY_MAX    ((uint64_t)128 << 20)
#define DELIVER_RECEIVERS_MAX 64U
#define DELIVER_RESEND_US     INT64_C(60000000)
#define DELIVER_TIMEOUT_US    UINT64_C(10000000)

enum receiver_kind { RECEIVER_ALERTMANAGER, RECEIVER_WEBHOOK, RECEIVER_FILE };
extern const char *const receiver_kinds[]; /* "alertmanager", "webhook", "file" */

struct receiver_config {
    enum receiver_kind kind;
    const char *name;                                        /* unique */
    const char *url;                                         /* of a file: its path; "-" is the standard output */
    const char *secret, *bearer, *user, *password, *ca_file; /* "": none */
    uint64_t timeout_us;
};

/* All in the arena, with which it lives. */
struct deliver_config {
    struct arena *arena;
    struct receiver_config *receivers;
    uint32_t count;
    struct labels external_labels; /* added to what Alertmanagers get, where an alert has no such label */
    struct slice external_url;     /* where people reach this server */
    int64_t resend_us;
};

struct config;
/* From the configuration's keys and the section `alerting` of its file. deliver_config_deinit also after an error. */
struct err *deliver_config_read(const struct config *config, struct deliver_config *out);
void deliver_config_deinit(struct deliver_config *config);

/* What one attempt came to. */
enum delivery_outcome { DELIVERY_DELIVERED, DELIVERY_RETRY, DELIVERY_REFUSED, DELIVERY_DROPPED };
extern const char *const delivery_outcomes[];

struct delivery {
    int64_t at_us;
    const char *receiver; /* lives as long as `deliver` */
    enum receiver_kind kind;
    uint64_t fingerprint;
    char alertname[128]; /* cut */
    bool resolved;
    bool resend;
    int64_t starts_at_us;
    uint32_t attempt;     /* from 1 */
    uint32_t http_status; /* 0: there was no answer */
    enum delivery_outcome outcome;
    uint64_t duration_us;
    char error[160]; /* cut; "" */
};

struct deliver;

struct deliver_hooks {
    /* Rows of system.alert_deliveries; by the thread, without a lock. May be NULL. */
    void (*record)(void *object, const struct delivery *rows, uint32_t count);
    void *object;
};

/* Starts the thread; config is moved. */
struct err *deliver_start(struct deliver_config *config, const struct deliver_hooks *hooks, struct deliver **out);
/* Before the first notification: a receiver confirmed this one earlier, at that time. A notification with `restored` is not
 * queued for it again. A receiver that is no more is not looked at. */
struct err *deliver_confirmed(struct deliver *deliver, struct slice receiver, uint64_t fingerprint,
                              int64_t starts_at_us, bool resolved, int64_t at_us);
/* Before the first notification: the receiver was there at that time. */
void deliver_seen(struct deliver *deliver, struct slice receiver, int64_t at_us);
/* What can be sent at once still is; accepts NULL. */
void deliver_stop(struct deliver *deliver);
/* Once the server listens: its address, for links, when the configuration gives no external_url. */
void deliver_reached_at(struct deliver *deliver, const char *host, uint32_t port);
/* Where links lead to. Lives as long as deliver. */
struct slice deliver_external_url(struct deliver *deliver);
const struct deliver_config *deliver_configuration(const struct deliver *deliver);

/*
 * Takes a copy for every receiver and wakes the thread.
 *
 * notice   a transition that was recorded; with `refresh`: new values of an alert that fires, for the next re-send; with
 *          `restored`: after a start, the newest transition of an alert, which receivers may know; with `late` receivers
 *          that were not there when it was resolved do not get it
 * errors   ERR_MEMORY_LIMIT, ERR_OOM: nothing was taken, the caller gives it again
 */
struct err *deliver_notice(struct deliver *deliver, const struct notice *notice);

struct deliver_numbers {
    uint64_t delivered, retried, refused, dropped; /* alerts, since the start */
    uint64_t waiting;                              /* transitions in all queues */
    uint64_t bytes;
    uint32_t receivers, receivers_failing;
};
void deliver_count(struct deliver *deliver, struct deliver_numbers *out);

#endif
