/*
 * deliver_queue.c: which notifications a receiver gets next, and what becomes of those that it got.
 *
 * order    an alert's transitions leave in the order in which they came: a batch ends before the second one of an alert
 * resend   Alertmanager forgets what is not said again: what fires is, every resend_us; what was resolved for 15 minutes
 */
#include "alert/instance.h"
#include "base/checksum.h"
#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "server/deliver_private.h"

#include <stdlib.h>

FAILPOINT(deliver_confirm); /* between a receiver's confirmation and what follows from it */

#define BACKOFF_US_MIN UINT64_C(1000000)
#define BACKOFF_US_MAX UINT64_C(300000000)
#define RESEND_LOOK_US UINT64_C(1000000)

void item_unref(struct item *item)
{
    if (item != NULL && --item->references == 0) {
        arena_destroy(item->arena);
    }
}

struct known_alert **known_find(struct deliver *deliver, uint64_t fingerprint)
{
    struct known_alert **at = &deliver->buckets[fingerprint % deliver->bucket_count];
    while (*at != NULL && (*at)->item->notice.fingerprint != fingerprint) {
        at = &(*at)->next;
    }
    return at;
}

static struct item *queue_at(const struct receiver *receiver, uint32_t index)
{
    return receiver->queue[(receiver->head + index) % receiver->capacity];
}

struct err *queue_put(struct receiver *receiver, struct item *item)
{
    if (receiver->count == receiver->capacity) {
        uint32_t capacity = receiver->capacity == 0 ? 64 : receiver->capacity * 2;
        struct item **queue = calloc(capacity, sizeof(struct item *));
        if (queue == NULL) {
            return err_oom();
        }
        for (uint32_t k = 0; k < receiver->count; k++) {
            queue[k] = queue_at(receiver, k);
        }
        free(receiver->queue);
        receiver->queue = queue;
        receiver->capacity = capacity;
        receiver->head = 0;
    }
    receiver->queue[(receiver->head + receiver->count++) % receiver->capacity] = item;
    item->references++;
    return NULL;
}

struct newest {
    uint64_t fingerprint;
    uint32_t index;
};

static int by_fingerprint(const void *a, const void *b)
{
    const struct newest *x = a, *y = b;
    int order = (x->fingerprint > y->fingerprint) - (x->fingerprint < y->fingerprint);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

uint32_t queue_collapse(struct receiver *receiver)
{
    uint32_t fixed = receiver->busy ? receiver->batch_queued : 0, gone = 0;
    struct newest *order = calloc(receiver->count + 1U, sizeof(*order));
    if (order == NULL) {
        return 0;
    }
    for (uint32_t k = fixed; k < receiver->count; k++) {
        order[k - fixed] = (struct newest){queue_at(receiver, k)->notice.fingerprint, k};
    }
    qsort(order, receiver->count - fixed, sizeof(*order), by_fingerprint);
    for (uint32_t k = 0; k + 1 < receiver->count - fixed; k++) {
        if (order[k].fingerprint == order[k + 1].fingerprint) {
            struct item **place = &receiver->queue[(receiver->head + order[k].index) % receiver->capacity];
            item_unref(*place);
            *place = NULL;
        }
    }
    free(order);
    for (uint32_t k = 0; k < receiver->count; k++) {
        struct item *item = queue_at(receiver, k);
        receiver->queue[(receiver->head + k - gone) % receiver->capacity] = item;
        gone += item == NULL;
    }
    receiver->count -= gone;
    return gone;
}

/* ---- taking */

static bool in_batch(const struct receiver *receiver, uint64_t fingerprint)
{
    for (uint32_t k = 0; k < receiver->batch_count; k++) {
        if (receiver->batch[k].item->notice.fingerprint == fingerprint) {
            return true;
        }
    }
    return false;
}

static void batch_add(struct receiver *receiver, struct item *item, bool resend)
{
    item->references++;
    receiver->batch[receiver->batch_count++] = (struct batch_item){item, resend};
}

static struct slice alertname(const struct item *item)
{
    struct slice name = {0};
    (void)labels_find(&item->notice.labels, "alertname", &name);
    return name;
}

static void take_queued(struct receiver *receiver)
{
    while (receiver->batch_count < receiver->count && receiver->batch_count < receiver->batch_max) {
        struct item *item = queue_at(receiver, receiver->batch_count);
        if (in_batch(receiver, item->notice.fingerprint)) {
            break;
        }
        if (receiver->config->kind == RECEIVER_WEBHOOK && receiver->batch_count > 0 &&
            !slice_equal(alertname(item), alertname(receiver->batch[0].item))) {
            break; /* a webhook's payload is of one group */
        }
        batch_add(receiver, item, false);
    }
    receiver->batch_queued = receiver->batch_count;
}

/* Is it to be said again? Those that nobody needs any more are taken out. */
static bool resend_is_due(const struct deliver *deliver, const struct known_alert *known, uint32_t receiver,
                          int64_t now_us)
{
    int64_t sent_us = known->sent_at_us[receiver];
    return sent_us != 0 && now_us - sent_us >= deliver->config.resend_us;
}

/* Resolved, and said so to all for long enough. */
static bool is_over(const struct deliver *deliver, const struct known_alert *known, int64_t now_us)
{
    const struct notice *notice = &known->item->notice;
    if (!notice->resolved || known->item->references > 1) { /* some queue or batch still has it */
        return false;
    }
    for (uint32_t k = 0; k < deliver->config.count; k++) {
        int64_t sent_us = known->sent_at_us[k];
        bool again = deliver->config.receivers[k].kind == RECEIVER_ALERTMANAGER;
        if (again && sent_us != 0 && now_us - notice->ends_at_us < RESOLVED_KEPT_US) {
            return false;
        }
    }
    return true;
}

static void take_resends(struct deliver *deliver, struct receiver *receiver, uint64_t now_us)
{
    int64_t wall_us = clock_wall_us();
    if (receiver->config->kind != RECEIVER_ALERTMANAGER || now_us < receiver->resend_at_us) {
        return;
    }
    bool full = false;
    for (uint32_t b = 0; b < deliver->bucket_count; b++) {
        for (struct known_alert **at = &deliver->buckets[b]; *at != NULL;) {
            struct known_alert *known = *at;
            if (is_over(deliver, known, wall_us)) {
                *at = known->next;
                item_unref(known->item);
                free(known);
                deliver->known_count--;
                continue;
            }
            if (resend_is_due(deliver, known, receiver->index, wall_us) &&
                !in_batch(receiver, known->item->notice.fingerprint)) {
                full = receiver->batch_count >= receiver->batch_max;
                if (!full) {
                    batch_add(receiver, known->item, true);
                }
            }
            at = &known->next;
        }
    }
    receiver->resend_at_us = full ? now_us : now_us + RESEND_LOOK_US;
}

bool batch_take(struct deliver *deliver, struct receiver *receiver, uint64_t now_us)
{
    if (receiver->busy || now_us < receiver->not_before_us) {
        return false;
    }
    receiver->batch_count = 0;
    take_queued(receiver);
    if (!deliver->stopping) {
        take_resends(deliver, receiver, now_us);
    }
    receiver->busy = receiver->batch_count > 0;
    receiver->began_us = now_us;
    return receiver->busy;
}

/* ---- what was confirmed before the last start */

static uint64_t confirmed_key(uint32_t receiver, uint64_t fingerprint, int64_t starts_at_us, bool resolved)
{
    const uint64_t parts[4] = {receiver, fingerprint, (uint64_t)starts_at_us, resolved};
    return checksum(parts, sizeof(parts));
}

struct err *confirmed_add(struct deliver *deliver, uint32_t receiver, uint64_t fingerprint, int64_t starts_at_us,
                          bool resolved, int64_t at_us)
{
    if (deliver->confirmed_count == deliver->confirmed_capacity) {
        uint32_t capacity = deliver->confirmed_capacity == 0 ? 1024 : deliver->confirmed_capacity * 2;
        struct confirmed *more = realloc(deliver->confirmed, capacity * sizeof(*more));
        if (more == NULL) {
            return err_oom();
        }
        deliver->confirmed = more;
        deliver->confirmed_capacity = capacity;
    }
    deliver->confirmed[deliver->confirmed_count++] =
        (struct confirmed){confirmed_key(receiver, fingerprint, starts_at_us, resolved), at_us};
    deliver->confirmed_sorted = false;
    return NULL;
}

static int by_key(const void *a, const void *b)
{
    const struct confirmed *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

int64_t confirmed_find(struct deliver *deliver, uint32_t receiver, const struct notice *notice)
{
    struct confirmed wanted = {
        .key = confirmed_key(receiver, notice->fingerprint, notice->starts_at_us, notice->resolved)};
    if (!notice->restored || deliver->confirmed_count == 0) {
        return 0;
    }
    if (!deliver->confirmed_sorted) {
        qsort(deliver->confirmed, deliver->confirmed_count, sizeof(wanted), by_key);
        deliver->confirmed_sorted = true;
    }
    const struct confirmed *found =
        bsearch(&wanted, deliver->confirmed, deliver->confirmed_count, sizeof(wanted), by_key);
    return found == NULL ? 0 : found->at_us;
}

/* ---- what became of it */

/* Room for so many rows more; without memory attempts go unrecorded, and what was confirmed may come twice after a restart. */
static bool rows_reserve(struct deliver *deliver, uint32_t count)
{
    if (deliver->row_capacity - deliver->row_count < count) {
        uint32_t capacity = deliver->row_count + count + DELIVER_BATCH_MAX;
        struct delivery *more = realloc(deliver->rows, capacity * sizeof(*more));
        if (more == NULL) {
            return false;
        }
        deliver->rows = more;
        deliver->row_capacity = capacity;
    }
    return true;
}

static void record(struct deliver *deliver, const struct receiver *receiver, const struct ending *ending,
                   enum delivery_outcome outcome)
{
    int64_t at_us = clock_wall_us();
    uint64_t duration_us = clock_monotonic_us() - receiver->began_us;
    bool room = deliver->hooks.record != NULL && rows_reserve(deliver, receiver->batch_count);
    for (uint32_t k = 0; k < receiver->batch_count && room; k++) {
        const struct item *item = receiver->batch[k].item;
        struct delivery *row = &deliver->rows[deliver->row_count++];
        *row = (struct delivery){.at_us = at_us,
                                 .receiver = receiver->config->name,
                                 .kind = receiver->config->kind,
                                 .fingerprint = item->notice.fingerprint,
                                 .resolved = item->notice.resolved,
                                 .resend = receiver->batch[k].resend,
                                 .starts_at_us = item->notice.starts_at_us,
                                 .attempt = receiver->failures + 1,
                                 .http_status = ending->http_status,
                                 .outcome = outcome,
                                 .duration_us = duration_us};
        slice_copy(row->alertname, sizeof(row->alertname), alertname(item));
        slice_copy(row->error, sizeof(row->error), slice_text(ending->error));
    }
    uint64_t *const counts[] = {&deliver->numbers.delivered, &deliver->numbers.retried, &deliver->numbers.refused,
                                &deliver->numbers.dropped};
    *counts[outcome] += receiver->batch_count;
}

/* What is in the batch needs no further attempt. */
static void batch_done(struct deliver *deliver, struct receiver *receiver)
{
    int64_t now_us = clock_wall_us();
    for (uint32_t k = 0; k < receiver->batch_count; k++) {
        struct known_alert *known = *known_find(deliver, receiver->batch[k].item->notice.fingerprint);
        if (known != NULL) {
            known->sent_at_us[receiver->index] = now_us;
        }
    }
    for (uint32_t k = 0; k < receiver->batch_queued; k++) {
        item_unref(queue_at(receiver, 0));
        receiver->head = (receiver->head + 1) % receiver->capacity;
        receiver->count--;
    }
}

static uint64_t backoff_us(struct deliver *deliver, const struct receiver *receiver)
{
    uint64_t us = BACKOFF_US_MIN << (receiver->failures > 9 ? 9 : receiver->failures - 1);
    us = us > BACKOFF_US_MAX ? BACKOFF_US_MAX : us;
    deliver->random = deliver->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return us - us / 5 + (deliver->random >> 33) % (us * 2 / 5); /* so that many servers do not come at once */
}

void batch_end(struct deliver *deliver, struct receiver *receiver, const struct ending *ending)
{
    bool alone = receiver->batch_count == 1 || receiver->config->kind != RECEIVER_ALERTMANAGER;
    (void)failpoint_hit(&failpoint_deliver_confirm);
    switch (ending->outcome) {
    case DELIVERY_DELIVERED:
        record(deliver, receiver, ending, DELIVERY_DELIVERED);
        batch_done(deliver, receiver);
        if (receiver->failures > 0) {
            LOG_INFO("alerts are delivered again", LOG_TEXT("receiver", receiver->config->name));
        }
        receiver->failures = 0;
        receiver->batch_max = DELIVER_BATCH_MAX;
        break;
    case DELIVERY_REFUSED:
        if (!alone) { /* Alertmanager takes all or none: halves until the one that it does not want is alone */
            record(deliver, receiver, ending, DELIVERY_RETRY);
            receiver->batch_max = receiver->batch_count / 2;
            break;
        }
        record(deliver, receiver, ending, DELIVERY_REFUSED);
        batch_done(deliver, receiver);
        LOG_WARNING("alerts were refused and are not sent again", LOG_TEXT("receiver", receiver->config->name),
                    LOG_UINT("alerts", receiver->batch_count), LOG_TEXT("error", ending->error));
        receiver->failures = 0;
        receiver->batch_max = DELIVER_BATCH_MAX;
        break;
    default:
        record(deliver, receiver, ending, DELIVERY_RETRY);
        if (receiver->failures++ == 0) {
            LOG_WARNING("alerts cannot be delivered, retrying", LOG_TEXT("receiver", receiver->config->name),
                        LOG_UINT("alerts", receiver->batch_count), LOG_TEXT("error", ending->error));
        }
        uint64_t wait_us = backoff_us(deliver, receiver);
        uint64_t asked_us = ending->retry_after_us > BACKOFF_US_MAX ? BACKOFF_US_MAX : ending->retry_after_us;
        receiver->not_before_us = clock_monotonic_us() + (wait_us > asked_us ? wait_us : asked_us);
        break;
    }
    for (uint32_t k = 0; k < receiver->batch_count; k++) {
        item_unref(receiver->batch[k].item);
    }
    receiver->batch_count = receiver->batch_queued = 0;
    receiver->busy = false;
}

uint64_t deliver_wait_us(struct deliver *deliver, uint64_t now_us)
{
    uint64_t until_us = now_us + 60000000;
    for (uint32_t k = 0; k < deliver->config.count; k++) {
        const struct receiver *receiver = &deliver->receivers[k];
        uint64_t at_us = UINT64_MAX;
        if (receiver->busy) {
            at_us = receiver->config->kind == RECEIVER_FILE ? now_us + 50000 : UINT64_MAX; /* curl wakes us */
        } else if (receiver->count > 0) {
            at_us = receiver->not_before_us;
        } else if (receiver->config->kind == RECEIVER_ALERTMANAGER && deliver->known_count > 0) {
            at_us = receiver->not_before_us > receiver->resend_at_us ? receiver->not_before_us : receiver->resend_at_us;
        }
        until_us = at_us < until_us ? at_us : until_us;
    }
    return until_us > now_us ? until_us - now_us : 0;
}
