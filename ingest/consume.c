/*
 * consume.c: one source's thread: connect, read, publish, seal, commit.
 *
 * states   waiting → running: the broker answers, every partition's start is recorded and its last message is the one
 *          that the ledger remembers. running → waiting: the broker is gone; what was read is committed. → stopped: the
 *          topic is another one, or the ledger refuses. → paused: wanted, or the first messages all failed.
 * order    a range [range_first, position) of a partition and the rows of its messages go into one draft; its commit
 *          makes both durable; only then are offsets committed to Kafka, with an anchor, for lag tools
 * seal     when the head is large, after commit_interval_ms at the latest, and when the topic is read to its end and
 *          the head is worth a segment
 * thread   this one; drafts are committed by the source's lane, whose callback takes source->lock
 */
#include "ingest/consumer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROBE_INTERVAL_US 2000000U
#define RETRY_US          500000U
#define HEAD_ROWS_MAX     1000000U
/* Sealed early, once the topic has been silent for QUIET_US. */
#define QUIET_ROWS       8192U
#define QUIET_US         100000U
#define WAKE_INTERVAL_US 10000U
#define WAKE_TIMEOUT_MS  1000

static bool wants_out(struct source *source)
{
    lock_take(&source->lock);
    bool out = source->stop || source->want_pause || source->lane_failed;
    lock_give(&source->lock);
    return out;
}

/* ---- commits */

struct committed {
    struct source *source;
    uint32_t count;
    struct {
        uint32_t topic;
        int32_t id;
        int64_t position;
    } partitions[];
};

static void commit_offsets(struct source *source, const struct committed *committed, const struct commit_info *commit)
{
    char anchor[ANCHOR_BYTES];
    anchor_text(source->sources->store->ledger, commit, anchor);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)committed->count);
    for (uint32_t k = 0; k < committed->count; k++) {
        rd_kafka_topic_partition_t *one = rd_kafka_topic_partition_list_add(
            list, source->options.topics[committed->partitions[k].topic], committed->partitions[k].id);
        one->offset = committed->partitions[k].position;
        one->metadata = strdup(anchor);
        one->metadata_size = one->metadata == NULL ? 0 : strlen(anchor);
    }
    /* for lag tools only: the ledger says where to resume, so nobody waits for this */
    (void)rd_kafka_commit(source->commit_to, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}

/* On the lane's thread. */
static void draft_is_done(void *user, const struct err *err, const struct commit_info *commit)
{
    struct committed *committed = user;
    struct source *source = committed->source;
    lock_take(&source->lock);
    if (err != NULL) {
        if (!source->lane_failed) {
            (void)snprintf(source->lane_error, sizeof(source->lane_error), "%s", err_message(err));
        }
        source->lane_failed = true;
    } else {
        source->last_commit_us = commit->time_us;
        for (uint32_t k = 0; k < committed->count; k++) {
            for (uint32_t v = 0; v < source->view_count; v++) {
                if (source->views[v].topic == committed->partitions[k].topic &&
                    source->views[v].id == committed->partitions[k].id) {
                    source->views[v].committed = committed->partitions[k].position;
                }
            }
        }
        if (source->commit_to != NULL) {
            commit_offsets(source, committed, commit);
        }
    }
    lock_give(&source->lock);
    free(committed);
}

static bool is_dirty(const struct partition *partition)
{
    return partition->position > partition->range_first;
}

/* Everything read so far becomes one draft and goes to the lane; waits while the lane is full. */
static struct err *seal(struct consumer *consumer)
{
    struct err *err = NULL;
    struct draft *draft = consumer->draft;
    struct committed *committed =
        calloc(1, sizeof(*committed) + consumer->partition_count * sizeof(committed->partitions[0]));
    if (committed == NULL) {
        return err_oom();
    }
    committed->source = consumer->source;
    consumer->draft_since_us = 0;
    if (draft == NULL) {
        OR_DONE(draft_create(consumer->store, &draft));
    }
    consumer->draft = NULL;
    OR_DONE(draft_seal(draft, consumer->writer));
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        struct partition *partition = &consumer->partitions[k];
        if (!is_dirty(partition)) {
            continue;
        }
        struct coverage_range range = {.key = partition->key,
                                       .first = partition->range_first,
                                       .end = partition->position,
                                       .counts = partition->counts,
                                       .fingerprint = partition->fingerprint,
                                       .event_time_max_us = partition->event_time_max_us,
                                       .dead = partition->dead,
                                       .dead_count = partition->dead_count};
        OR_DONE(ledger_batch_coverage(draft_batch(draft), &range));
        committed->partitions[committed->count].topic = partition->topic;
        committed->partitions[committed->count].id = partition->id;
        committed->partitions[committed->count].position = partition->position;
        committed->count++;
        partition->range_first = partition->position;
        partition->counts = (struct coverage_counts){0};
        partition->dead_count = 0;
    }
    if (committed->count > 0 || !draft_is_empty(draft)) {
        lane_submit(consumer->lane, draft, draft_is_done, committed);
        draft = NULL;
        committed = NULL;
    }
done:
    free(committed);
    draft_destroy(draft);
    return err_while(err, "sealing");
}

static void show(struct consumer *consumer)
{
    struct source *source = consumer->source;
    lock_take(&source->lock);
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        const struct partition *partition = &consumer->partitions[k];
        struct partition_view *view = &source->views[k];
        view->position = partition->position;
        view->newest_timestamp_ms = partition->newest_timestamp_ms;
        view->at_end = partition->at_end;
        view->event_time_max_us = partition->event_time_max_us;
        view->late_rows = partition->late_rows;
        view->ahead_rows = partition->ahead_rows;
        view->silent_since_us = partition->silent_since_us;
        view->confirmed_at_us = partition->confirmed_at_us;
        view->end = partition->end;
        view->rows_stored = partition->total.stored;
        view->rows_filtered = partition->total.filtered;
        view->rows_dead = partition->total.dead;
        int64_t low, high;
        const char *topic = source->options.topics[partition->topic];
        if (rd_kafka_get_watermark_offsets(consumer->kafka, topic, partition->id, &low, &high) ==
                RD_KAFKA_RESP_ERR_NO_ERROR &&
            high >= 0) {
            view->high_watermark = high;
        }
        if (partition->at_end && view->high_watermark < partition->position) {
            view->high_watermark = partition->position;
        }
    }
    (void)source_complete_us(source, clock_monotonic_us(), clock_wall_us());
    lock_give(&source->lock);
}

/* ---- reading */

/* An event that is no message. partition NULL: it came from the client's own queue. *again: connect anew. */
static void take_event(struct consumer *consumer, struct partition *partition, const rd_kafka_message_t *message,
                       bool *again)
{
    switch (message->err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        if (partition != NULL && message->offset >= 0) {
            if (message->offset < partition->position && partition->verify_offset < 0) {
                *again = true; /* the log ends before our offset */
                return;
            }
            if (partition->verify_offset < 0 || message->offset >= partition->position) {
                partition->verify_offset = -1;
                partition_skip_to(partition, message->offset);
                partition->at_end = true;
            }
        }
        return;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
        return; /* librdkafka tries again; the probe tells whether anybody answers */
    default:
        LOG_WARNING("source reconnects", LOG_TEXT("source", consumer->source->name),
                    LOG_TEXT("error", rd_kafka_message_errstr(message)));
        *again = true;
        return;
    }
}

/* The head cannot, or should not, take more. */
static bool is_full(const struct consumer *consumer)
{
    return head_is_full(consumer->writer) || head_rows(consumer->writer) >= HEAD_ROWS_MAX ||
           head_memory(consumer->writer) >= consumer->head_bytes_max;
}

/* What was read first has waited for long enough. */
static bool is_due(const struct consumer *consumer, uint64_t now)
{
    return consumer->draft_since_us != 0 &&
           now - consumer->draft_since_us >= consumer->source->settings.commit_interval_us;
}

/* Takes messages[*taken …]: over the budget it commits first. */
static struct err *take(struct consumer *consumer, struct partition *partition, rd_kafka_message_t *const *messages,
                        uint32_t count)
{
    uint32_t taken = 0;
    struct err *err = consumer_take(consumer, partition, messages, count, &taken);
    if (err != NULL && err_code(err) == ERR_MEMORY_LIMIT && head_rows(consumer->writer) > 0 && !consumer->torn) {
        err_free(err);
        err = seal(consumer);
        if (err == NULL) {
            err = lane_wait(consumer->lane);
        }
        if (err == NULL) {
            err = consumer_take(consumer, partition, messages, count, &taken);
        }
    }
    return err;
}

METRIC_COUNTER(messages, "weir_source_messages_total", "messages and events that sources took from Kafka");
METRIC_COUNTER(bytes, "weir_source_bytes_total", "bytes of these messages");

/* What one queue holds now. partition NULL: the client's own queue. *read: number of messages. */
static struct err *read_queue(struct consumer *consumer, struct partition *partition, uint32_t *read, bool *again)
{
    struct err *err = NULL;
    rd_kafka_queue_t *queue = partition == NULL ? consumer->queue : partition->queue;
    const struct source_moment looked = {clock_wall_us(), clock_monotonic_us()};
    ssize_t got = rd_kafka_consume_batch_queue(queue, 0, consumer->batch, BATCH_MESSAGES);
    uint32_t count = got < 0 ? 0 : (uint32_t)got;
    uint64_t bytes = 0;
    bool answered = false; /* by the partition's leader: an error is no answer, and proves nothing */
    *read += count;
    for (uint32_t k = 0; k < count && err == NULL && !*again && !consumer_all_failed(consumer);) {
        uint32_t end = k;
        answered = answered || consumer->batch[k]->err == RD_KAFKA_RESP_ERR_NO_ERROR ||
                   consumer->batch[k]->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        while (end < count && consumer->batch[end]->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            end++;
        }
        if (end == k) {
            take_event(consumer, partition, consumer->batch[k], again);
            end = k + 1;
        } else if (partition == NULL) {
            *again = true; /* a message outside its partition's queue: its order is not known */
        } else {
            partition->silent_since_us = clock_monotonic_us();
            partition->confirmed_at_us = 0;
            err = take(consumer, partition, consumer->batch + k, end - k);
        }
        k = end;
    }
    for (uint32_t k = 0; k < count; k++) {
        bytes += consumer->batch[k]->len;
        rd_kafka_message_destroy(consumer->batch[k]);
    }
    if (partition != NULL && err == NULL && count < BATCH_MESSAGES) {
        if (answered) {
            partition_at_end(consumer, partition);
        }
        partition->drained = looked;
    }
    metric_add(&metric_messages, count);
    metric_add(&metric_bytes, bytes);
    return err;
}

static bool any_dirty(const struct consumer *consumer)
{
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        if (is_dirty(&consumer->partitions[k])) {
            return true;
        }
    }
    return false;
}

static void wait_for_messages(struct consumer *consumer)
{
    uint64_t drained;
    struct pollfd descriptor = {.fd = consumer->event, .events = POLLIN};
    if (poll(&descriptor, 1, 50) > 0) {
        ssize_t ignored = read(consumer->event, &drained, sizeof(drained));
        (void)ignored;
    }
}

/* Everything is read, and has been for a while: a head that is worth a segment need not wait. */
static bool is_quiet(const struct consumer *consumer, uint64_t silent_us)
{
    bool quiet = silent_us >= QUIET_US && head_rows(consumer->writer) >= QUIET_ROWS;
    for (uint32_t k = 0; k < consumer->partition_count && quiet; k++) {
        quiet = consumer->partitions[k].at_end;
    }
    return quiet;
}

/* One round over all queues. *read: number of messages. */
static struct err *read_all(struct consumer *consumer, uint32_t *read, bool *again)
{
    struct err *err = read_queue(consumer, NULL, read, again);
    for (uint32_t k = 0; k < consumer->partition_count && err == NULL && !*again && !consumer_all_failed(consumer);
         k++) {
        err = read_queue(consumer, &consumer->partitions[k], read, again);
        if (err == NULL && is_full(consumer)) {
            err = seal(consumer);
        }
    }
    return err;
}

/*
 * librdkafka before 2.2 looks only once a second whether queues that were full have room again. When we have read on
 * until nearly nothing is left, any request to the broker that leads a partition makes it look.
 */
static void wake_fetcher(struct consumer *consumer, uint64_t now)
{
    if (rd_kafka_version() >= 0x02020000 || now - consumer->woken_at_us < WAKE_INTERVAL_US) {
        return;
    }
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        const struct partition *partition = &consumer->partitions[k];
        const char *topic = consumer->source->options.topics[partition->topic];
        int64_t low, high;
        if (rd_kafka_get_watermark_offsets(consumer->kafka, topic, partition->id, &low, &high) ==
                RD_KAFKA_RESP_ERR_NO_ERROR &&
            high > partition->position + BATCH_MESSAGES && rd_kafka_queue_length(partition->queue) == 0) {
            consumer->woken_at_us = now;
            (void)kafka_end(consumer->kafka, topic, partition->id, RD_KAFKA_OFFSET_END, WAKE_TIMEOUT_MS, &high);
            return;
        }
    }
}

/* Somebody waits until what was read is durable (sources_seal). */
static struct err *seal_wanted(struct consumer *consumer)
{
    struct source *source = consumer->source;
    lock_take(&source->lock);
    bool wanted = source->want_seal;
    lock_give(&source->lock);
    if (!wanted) {
        return NULL;
    }
    struct err *err = seal(consumer);
    if (err == NULL) {
        err_free(lane_settle(consumer->lane)); /* what fails for good ends the connection by lane_failed */
    }
    lock_take(&source->lock);
    source->want_seal = false;
    condition_broadcast(&source->moved);
    lock_give(&source->lock);
    return err;
}

/* Until something else is wanted, or goes wrong. err NULL and *pause: the source pauses itself. */
static struct err *consume(struct consumer *consumer, bool *pause)
{
    struct err *err = NULL;
    bool again = false;
    uint64_t probed_at = clock_monotonic_us(), heard_at = probed_at;
    while (err == NULL && !again && !*pause && !wants_out(consumer->source)) {
        uint32_t read = 0;
        OR_DONE(read_all(consumer, &read, &again));
        *pause = consumer_all_failed(consumer);
        uint64_t now = clock_monotonic_us();
        if (read > 0) {
            heard_at = now;
            OR_DONE(head_publish(consumer->writer));
            show(consumer);
        }
        if (consumer->draft_since_us == 0 && any_dirty(consumer)) {
            consumer->draft_since_us = now;
        }
        bool wanted = head_seal_is_wanted(consumer->writer) && any_dirty(consumer);
        if (wanted || is_full(consumer) || is_due(consumer, now) || is_quiet(consumer, now - heard_at)) {
            OR_DONE(seal(consumer));
        }
        OR_DONE(seal_wanted(consumer));
        if (head_is_stale(consumer->writer)) {
            again = true;
        }
        if (now - probed_at >= PROBE_INTERVAL_US) {
            OR_DONE(consumer_probe(consumer, &again));
            probed_at = clock_monotonic_us();
            show(consumer);
        }
        if (read < BATCH_MESSAGES) {
            wake_fetcher(consumer, now);
        }
        if (read == 0) {
            if (ends_confirm(consumer, now)) {
                show(consumer);
            }
            wait_for_messages(consumer);
        }
    }
done:;
    /* what was read becomes durable, unless it could not even be kept in memory */
    if (consumer->torn) {
        return err;
    }
    struct err *sealed = head_publish(consumer->writer);
    if (sealed == NULL && any_dirty(consumer)) {
        sealed = seal(consumer);
    }
    if (sealed == NULL) {
        sealed = lane_wait(consumer->lane);
    }
    err_keep_first(&err, sealed);
    return err;
}

static bool is_final(const struct err *err)
{
    switch (err_code(err)) {
    case ERR_CANNOT_CONNECT:
    case ERR_UNKNOWN_TABLE:
    case ERR_MEMORY_LIMIT:
    case ERR_OOM:
    case ERR_IO:
    case ERR_NOT_ENOUGH_SPACE:
    case ERR_ABORTED:
        return false;
    default:
        return true;
    }
}

/* Waits until something is wanted, or for timeout_us. */
static void rest(struct source *source, uint64_t timeout_us)
{
    lock_take(&source->lock);
    if (!source->stop) {
        (void)condition_wait_for(&source->wake, &source->lock, timeout_us);
    }
    lock_give(&source->lock);
}

static void pause_itself(struct source *source, const struct consumer *consumer)
{
    char reason[900];
    (void)snprintf(
        reason, sizeof(reason),
        "%llu of the first %llu messages could not be read, so the source paused itself; the first error: %s. Correct "
        "the table or the source, then ALTER SOURCE %s RESUME",
        (unsigned long long)consumer->messages_dead, (unsigned long long)consumer->messages, consumer->first_reason,
        source->name);
    struct err *err = source_record_state(source, SOURCE_PAUSED, reason);
    err_free(err);
    lock_take(&source->lock);
    source->want_pause = true;
    lock_give(&source->lock);
    source_set_phase(source, PHASE_PAUSED, reason);
}

/* One connection's life: the source is wanted. */
static void run_once(struct source *source, struct consumer *consumer, uint64_t *messages, uint64_t *messages_dead)
{
    bool pause = false;
    consumer->messages = *messages;
    consumer->messages_dead = *messages_dead;
    struct err *err = consumer_connect(consumer);
    if (err == NULL) {
        source_set_phase(source, PHASE_RUNNING, consumer->warning);
        err = consume(consumer, &pause);
    }
    *messages = consumer->messages;
    *messages_dead = consumer->messages_dead;
    if (err == NULL && pause) {
        pause_itself(source, consumer);
        *messages = *messages_dead = 0;
    } else if (err != NULL && is_final(err)) {
        struct err *recorded = source_record_state(source, SOURCE_STOPPED, err_message(err));
        err_free(recorded); /* a ledger that takes no more commits: the state is lost with the process */
        source_set_phase(source, PHASE_STOPPED, err_message(err));
    } else if (err != NULL) {
        LOG_WARNING("source waits", LOG_TEXT("source", source->name), LOG_ERR(err));
        source_set_phase(source, PHASE_WAITING, err_message(err));
    }
    consumer_disconnect(consumer);
    if (err != NULL && !is_final(err)) {
        rest(source, RETRY_US);
    }
    err_free(err);
}

void *source_thread(void *object)
{
    struct source *source = object;
    struct consumer consumer = {.source = source, .store = source->sources->store, .event = -1};
    uint64_t messages = 0, messages_dead = 0;
    for (;;) {
        lock_take(&source->lock);
        bool stop = source->stop, want_pause = source->want_pause;
        enum source_phase phase = source->phase;
        lock_give(&source->lock);
        if (stop) {
            return NULL;
        }
        if (want_pause && phase != PHASE_PAUSED) {
            source_set_phase(source, PHASE_PAUSED, "paused by ALTER SOURCE");
        } else if (want_pause || phase == PHASE_STOPPED || phase == PHASE_PAUSED) {
            rest(source, 1000000);
            messages = messages_dead = 0;
        } else {
            run_once(source, &consumer, &messages, &messages_dead);
        }
    }
}
