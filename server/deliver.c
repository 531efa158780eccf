/*
 * deliver.c: the thread that delivers notifications, and what others ask of it.
 *
 * flow     deliver.h
 * thread   "deliver": takes what is due from the queues, drives curl, writes files; waits in curl_multi_poll, from which
 *          deliver_notice wakes it
 * end      what is due and goes out at once still does, for STOP_US; the rest is given again at the next start
 */
#include "server/deliver.h"

#include "alert/instance.h"
#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "server/deliver_private.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

FAILPOINT(deliver_notice); /* a transition is recorded, and in no queue yet */

#define STOP_US     UINT64_C(1000000)
#define BUCKETS_MIN 1024U

const char *const receiver_kinds[] = {"alertmanager", "webhook", "file"};
const char *const delivery_outcomes[] = {"delivered", "retry", "refused", "dropped"};

const struct deliver_config *deliver_configuration(const struct deliver *deliver)
{
    return &deliver->config;
}

void deliver_reached_at(struct deliver *deliver, const char *host, uint32_t port)
{
    lock_take(&deliver->lock);
    if (deliver->config.external_url.length == 0) {
        bool six = strchr(host, ':') != NULL;
        (void)snprintf(deliver->reached_at, sizeof(deliver->reached_at), "http://%s%s%s:%u", six ? "[" : "", host,
                       six ? "]" : "", port);
        deliver->config.external_url = slice_text(deliver->reached_at);
    }
    lock_give(&deliver->lock);
}

struct slice deliver_external_url(struct deliver *deliver)
{
    lock_take(&deliver->lock);
    struct slice url = deliver->config.external_url;
    lock_give(&deliver->lock);
    return url;
}

/* ---- taking notifications */

static struct err *item_make(struct deliver *deliver, const struct notice *notice, struct item **out)
{
    struct arena *arena = arena_create(&deliver->budget);
    struct item *item = arena == NULL ? NULL : ARENA_NEW(arena, struct item);
    if (item == NULL || !notice_copy(arena, notice, &item->notice)) {
        struct err *err = arena == NULL ? err_oom() : arena_error(arena);
        arena_destroy(arena);
        return err;
    }
    item->arena = arena;
    *out = item;
    return NULL;
}

/* More buckets when lists get long; without memory for them lists stay long. */
static void grow(struct deliver *deliver)
{
    uint32_t count = deliver->bucket_count * 2;
    struct known_alert **old = deliver->buckets;
    struct known_alert **buckets =
        deliver->known_count > deliver->bucket_count ? calloc(count, sizeof(*buckets)) : NULL;
    if (buckets == NULL) {
        return;
    }
    for (uint32_t b = 0; b < deliver->bucket_count; b++) {
        for (struct known_alert *known = old[b], *next; known != NULL; known = next) {
            next = known->next;
            known->next = buckets[known->item->notice.fingerprint % count];
            buckets[known->item->notice.fingerprint % count] = known;
        }
    }
    free(old);
    deliver->buckets = buckets;
    deliver->bucket_count = count;
}

/* The item is the newest of its alert. A refresh changes nothing but an alert that fires and is known. */
static struct err *know(struct deliver *deliver, struct item *item)
{
    struct known_alert **at = known_find(deliver, item->notice.fingerprint), *known = *at;
    if (item->notice.refresh && (known == NULL || known->item->notice.resolved)) {
        return NULL;
    }
    if (known == NULL) {
        known = calloc(1, sizeof(*known) + deliver->config.count * sizeof(known->sent_at_us[0]));
        if (known == NULL) {
            return err_oom();
        }
        *at = known;
        deliver->known_count++;
    } else {
        item_unref(known->item);
    }
    known->item = item;
    item->references++;
    for (uint32_t k = 0; k < deliver->config.count && !item->notice.refresh; k++) {
        known->sent_at_us[k] = confirmed_find(deliver, k, &item->notice); /* 0: the queue has it, no re-send before */
    }
    grow(deliver);
    return NULL;
}

static struct err *put_all(struct deliver *deliver, struct item *item)
{
    struct err *err = NULL;
    uint32_t put = 0;
    bool queued[DELIVER_RECEIVERS_MAX] = {false};
    for (; put < deliver->config.count && err == NULL; put++) {
        struct receiver *receiver = &deliver->receivers[put];
        bool absent = item->notice.late && receiver->seen_at_us - RESOLVED_KEPT_US > item->notice.ends_at_us;
        if (absent || confirmed_find(deliver, put, &item->notice) != 0) {
            continue;
        }
        if (receiver->count >= DELIVER_QUEUE_MAX && receiver->count % 1000 == 0) {
            uint32_t gone = queue_collapse(receiver);
            deliver->numbers.dropped += gone;
        }
        err = queue_put(receiver, item);
        queued[put] = err == NULL;
    }
    for (uint32_t k = 0; k < deliver->config.count && err != NULL; k++) { /* for all or for none */
        if (queued[k]) {
            deliver->receivers[k].count--;
            item_unref(item);
        }
    }
    return err;
}

struct err *deliver_notice(struct deliver *deliver, const struct notice *notice)
{
    struct item *item = NULL;
    if (deliver->config.count == 0) {
        return NULL;
    }
    bool is_transition = !notice->refresh && !notice->restored;
    if (is_transition && failpoint_hit(&failpoint_deliver_notice) == FAILPOINT_EIO) {
        return err_new(ERR_MEMORY_LIMIT, "a notification was not queued: a failpoint");
    }
    struct err *err = item_make(deliver, notice, &item);
    if (err != NULL) {
        return err_while(err, "queueing a notification");
    }
    lock_take(&deliver->lock);
    item->references++;
    if (deliver->resends) {
        err = know(deliver, item);
    }
    if (err == NULL && !notice->refresh) {
        err = put_all(deliver, item);
    }
    item_unref(item);
    lock_give(&deliver->lock);
    if (!notice->refresh) {
        (void)curl_multi_wakeup(deliver->multi);
    }
    return err_while(err, "queueing a notification");
}

/* ---- the thread */

static void begin_batches(struct deliver *deliver)
{
    for (uint32_t k = 0; k < deliver->config.count; k++) {
        struct receiver *receiver = &deliver->receivers[k];
        struct ending ending;
        lock_take(&deliver->lock);
        bool taken = batch_take(deliver, receiver, clock_monotonic_us());
        lock_give(&deliver->lock);
        if (taken && !receiver_send(deliver, receiver, &ending)) {
            lock_take(&deliver->lock);
            batch_end(deliver, receiver, &ending);
            lock_give(&deliver->lock);
        }
    }
}

static void end_batches(struct deliver *deliver)
{
    int running, left;
    CURLMsg *message;
    struct ending ending;
    (void)curl_multi_perform(deliver->multi, &running);
    while ((message = curl_multi_info_read(deliver->multi, &left)) != NULL) {
        struct receiver *receiver = NULL;
        CURLcode code = message->data.result;
        CURL *easy = message->easy_handle;
        if (message->msg != CURLMSG_DONE || curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&receiver) != CURLE_OK) {
            continue;
        }
        (void)curl_multi_remove_handle(deliver->multi, easy);
        receiver_answer(receiver, code, &ending);
        lock_take(&deliver->lock);
        batch_end(deliver, receiver, &ending);
        lock_give(&deliver->lock);
    }
    for (uint32_t k = 0; k < deliver->config.count; k++) {
        struct receiver *receiver = &deliver->receivers[k];
        if (receiver->config->kind == RECEIVER_FILE && receiver->busy && receiver_write(receiver, &ending)) {
            lock_take(&deliver->lock);
            batch_end(deliver, receiver, &ending);
            lock_give(&deliver->lock);
        }
    }
}

/* Nothing is left that would go out at once, or the time for it is over. */
static bool is_finished(struct deliver *deliver, uint64_t now_us)
{
    bool more = false;
    for (uint32_t k = 0; k < deliver->config.count; k++) {
        const struct receiver *receiver = &deliver->receivers[k];
        more = more || receiver->busy || (receiver->count > 0 && receiver->failures == 0);
    }
    return deliver->stopping && (!more || now_us >= deliver->stop_at_us);
}

/* Attempts become rows; only this thread adds and takes them. */
static void record_rows(struct deliver *deliver)
{
    if (deliver->row_count > 0) {
        deliver->hooks.record(deliver->hooks.object, deliver->rows, deliver->row_count);
        deliver->row_count = 0;
    }
}

static void *run(void *object)
{
    struct deliver *deliver = object;
    bool finished = false;
    while (!finished) {
        begin_batches(deliver);
        end_batches(deliver);
        record_rows(deliver);
        lock_take(&deliver->lock);
        uint64_t now_us = clock_monotonic_us();
        finished = is_finished(deliver, now_us);
        uint64_t wait_us = deliver->stopping ? 20000 : deliver_wait_us(deliver, now_us);
        lock_give(&deliver->lock);
        if (!finished && wait_us > 0) {
            (void)curl_multi_poll(deliver->multi, NULL, 0, (int)((wait_us + 999) / 1000), NULL);
        }
    }
    return NULL;
}

/* ---- start and end */

static struct err *start_thread(struct deliver *deliver)
{
    int number = pthread_create(&deliver->thread, NULL, run, deliver);
    if (number != 0) {
        return err_errno(ERR_OOM, number, "starting the thread that delivers alerts");
    }
    (void)pthread_setname_np(deliver->thread, "deliver");
    deliver->started = true;
    return NULL;
}

struct err *deliver_confirmed(struct deliver *deliver, struct slice receiver, uint64_t fingerprint,
                              int64_t starts_at_us, bool resolved, int64_t at_us)
{
    struct err *err = NULL;
    lock_take(&deliver->lock);
    for (uint32_t k = 0; k < deliver->config.count && err == NULL; k++) {
        if (slice_equal(receiver, slice_text(deliver->config.receivers[k].name))) {
            err = confirmed_add(deliver, k, fingerprint, starts_at_us, resolved, at_us);
        }
    }
    lock_give(&deliver->lock);
    return err;
}

void deliver_seen(struct deliver *deliver, struct slice receiver, int64_t at_us)
{
    lock_take(&deliver->lock);
    for (uint32_t k = 0; k < deliver->config.count; k++) {
        struct receiver *one = &deliver->receivers[k];
        if (slice_equal(receiver, slice_text(one->config->name)) && at_us < one->seen_at_us) {
            one->seen_at_us = at_us;
        }
    }
    lock_give(&deliver->lock);
}

struct err *deliver_start(struct deliver_config *config, const struct deliver_hooks *hooks, struct deliver **out)
{
    struct err *err = NULL;
    struct deliver *deliver = calloc(1, sizeof(*deliver));
    if (deliver == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(deliver);
        return err_oom();
    }
    deliver->config = *config;
    *config = (struct deliver_config){0};
    lock_init(&deliver->lock, LOCK_DELIVER);
    budget_init(&deliver->budget, "alert deliveries", DELIVER_MEMORY_MAX, NULL);
    deliver->bucket_count = BUCKETS_MIN;
    deliver->multi = curl_multi_init();
    deliver->buckets = calloc(BUCKETS_MIN, sizeof(struct known_alert *));
    deliver->hooks = *hooks;
    deliver->receivers = calloc(deliver->config.count + 1U, sizeof(*deliver->receivers));
    if (deliver->multi == NULL || deliver->buckets == NULL || deliver->receivers == NULL) {
        err = err_oom();
        goto done;
    }
    randombytes_buf(&deliver->random, sizeof(deliver->random));
    for (uint32_t k = 0; k < deliver->config.count; k++) {
        struct receiver *receiver = &deliver->receivers[k];
        deliver->resends = deliver->resends || deliver->config.receivers[k].kind == RECEIVER_ALERTMANAGER;
        *receiver = (struct receiver){.config = &deliver->config.receivers[k],
                                      .index = k,
                                      .batch_max = DELIVER_BATCH_MAX,
                                      .file = -1,
                                      .seen_at_us = INT64_MAX};
        OR_DONE(receiver_open(deliver, receiver));
    }
    if (deliver->config.count > 0) {
        OR_DONE(start_thread(deliver));
    }
    *out = deliver;
    deliver = NULL;
done:
    deliver_stop(deliver);
    return err;
}

static void free_receiver(struct deliver *deliver, struct receiver *receiver)
{
    if (receiver->config == NULL) {
        return;
    }
    if (receiver->busy && receiver->easy != NULL) {
        (void)curl_multi_remove_handle(deliver->multi, receiver->easy);
    }
    for (uint32_t k = 0; receiver->busy && k < receiver->batch_count; k++) {
        item_unref(receiver->batch[k].item);
    }
    for (uint32_t k = 0; k < receiver->count; k++) {
        item_unref(receiver->queue[(receiver->head + k) % receiver->capacity]);
    }
    free(receiver->queue);
    receiver_close(receiver);
}

void deliver_stop(struct deliver *deliver)
{
    if (deliver == NULL) {
        return;
    }
    if (deliver->started) {
        lock_take(&deliver->lock);
        deliver->stopping = true;
        deliver->stop_at_us = clock_monotonic_us() + STOP_US;
        lock_give(&deliver->lock);
        (void)curl_multi_wakeup(deliver->multi);
        (void)pthread_join(deliver->thread, NULL);
    }
    for (uint32_t k = 0; deliver->receivers != NULL && k < deliver->config.count; k++) {
        free_receiver(deliver, &deliver->receivers[k]);
    }
    for (uint32_t b = 0; deliver->buckets != NULL && b < deliver->bucket_count; b++) {
        for (struct known_alert *known = deliver->buckets[b], *next; known != NULL; known = next) {
            next = known->next;
            item_unref(known->item);
            free(known);
        }
    }
    (void)curl_multi_cleanup(deliver->multi);
    free(deliver->receivers);
    free(deliver->buckets);
    free(deliver->rows);
    free(deliver->confirmed);
    deliver_config_deinit(&deliver->config);
    lock_deinit(&deliver->lock);
    free(deliver);
}

/* ---- what others see */

void deliver_count(struct deliver *deliver, struct deliver_numbers *out)
{
    *out = (struct deliver_numbers){0};
    if (deliver == NULL) {
        return;
    }
    lock_take(&deliver->lock);
    *out = deliver->numbers;
    out->receivers = deliver->config.count;
    out->bytes = deliver->budget.bytes;
    for (uint32_t k = 0; k < deliver->config.count; k++) {
        out->waiting += deliver->receivers[k].count;
        out->receivers_failing += deliver->receivers[k].failures > 0;
    }
    lock_give(&deliver->lock);
}
