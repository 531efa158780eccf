/*
 * connect.c: from a source's definition to queues that stand where the ledger says.
 *
 * start    of a partition that the ledger does not know: its number is recorded before the first fetch
 * verify   the last message of each partition must still be what the ledger remembers; a log that ends before our
 *          offset, or another message there, is another topic
 * anchor   each commit leaves its number and hash in Kafka's group; a ledger that is older, or another one, than what
 *          the group remembers of this store has lost commits
 */
#include "ingest/consumer.h"

#include "base/checksum.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "sql/define_watermark.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

METRIC_COUNTER(expired, "weir_source_expired_offsets_total", "offsets that the broker deleted before they were read");

#define CONNECT_TIMEOUT_MS 3000
#define QUEUE_BYTES_MIN    (UINT64_C(1) << 20)
#define QUEUE_BYTES_MAX    (UINT64_C(64) << 20)

static void on_error(rd_kafka_t *kafka, int code, const char *reason, void *opaque)
{
    struct source *source = opaque;
    (void)kafka;
    if (source != NULL) {
        LOG_DEBUG("kafka", LOG_TEXT("source", source->name), LOG_INT("code", code), LOG_TEXT("reason", reason));
    }
}

/* ---- anchors */

void anchor_text(struct ledger *ledger, const struct commit_info *commit, char text[ANCHOR_BYTES])
{
    char hex[65];
    uint8_t id[LEDGER_STORE_ID_BYTES];
    struct hash chain;
    memcpy(chain.bytes, commit->hash, sizeof(chain.bytes));
    hash_text(&chain, hex);
    ledger_store_id(ledger, id);
    char *to = text + snprintf(text, ANCHOR_BYTES, "weir ");
    for (uint32_t k = 0; k < sizeof(id); k++) {
        to += snprintf(to, 3, "%02x", id[k]);
    }
    (void)snprintf(to, (size_t)(text + ANCHOR_BYTES - to), " %llu %s", (unsigned long long)commit->number, hex);
}

/* One anchor against the ledger; what is wrong goes into the consumer's warning. */
static struct err *compare_anchor(struct consumer *consumer, struct arena *arena, const char *anchor)
{
    struct err *err = NULL;
    struct ledger *ledger = consumer->store->ledger;
    struct commit_info commit = {0}, last;
    char here[ANCHOR_BYTES], *end;
    ledger_last_commit(ledger, &last);
    anchor_text(ledger, &last, here);
    size_t prefix = strlen("weir ") + 2 * (size_t)LEDGER_STORE_ID_BYTES + 1;
    if (strncmp(anchor, here, prefix) != 0) {
        return NULL; /* of another store, or of another program */
    }
    commit.number = strtoull(anchor + prefix, &end, 10);
    if (commit.number > last.number) {
        (void)snprintf(consumer->warning, sizeof(consumer->warning),
                       "Kafka remembers commit %llu of this store, but its ledger ends with commit %llu: commits were "
                       "lost (an old copy of the data directory?); what they held is read again as far as Kafka still "
                       "has it",
                       (unsigned long long)commit.number, (unsigned long long)last.number);
        return NULL;
    }
    struct coverage_row *rows;
    uint32_t count;
    OR_DONE(coverage_rows(ledger, arena, consumer->source->table_id, &rows, &count));
    for (uint32_t k = 0; k < count; k++) {
        if (rows[k].commit == commit.number) {
            memcpy(commit.hash, rows[k].hash, sizeof(commit.hash));
            anchor_text(ledger, &commit, here);
            if (strcmp(anchor, here) != 0) {
                (void)snprintf(consumer->warning, sizeof(consumer->warning),
                               "Kafka remembers another hash of commit %llu than this ledger has: the ledger was "
                               "rewritten. Run weir check",
                               (unsigned long long)commit.number);
            }
            break;
        }
    }
done:
    return err;
}

/* Is the ledger the one that Kafka's group remembers? A group that cannot be read is no error. */
static struct err *compare_anchors(struct consumer *consumer)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    struct arena *arena = arena_create(NULL);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)consumer->partition_count);
    if (arena == NULL) {
        rd_kafka_topic_partition_list_destroy(list);
        return err_oom();
    }
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        rd_kafka_topic_partition_list_add(list, source->options.topics[consumer->partitions[k].topic],
                                          consumer->partitions[k].id);
    }
    consumer->warning[0] = 0;
    if (rd_kafka_committed(consumer->kafka, list, CONNECT_TIMEOUT_MS) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        char anchor[ANCHOR_BYTES];
        for (int k = 0; k < list->cnt && consumer->warning[0] == 0; k++) {
            size_t bytes = list->elems[k].metadata_size;
            if (list->elems[k].err == RD_KAFKA_RESP_ERR_NO_ERROR && bytes > 0 && bytes < sizeof(anchor)) {
                memcpy(anchor, list->elems[k].metadata, bytes);
                anchor[bytes] = 0;
                OR_DONE(compare_anchor(consumer, arena, anchor));
            }
        }
    }
    if (consumer->warning[0] != 0) {
        LOG_ERROR("the ledger is not the one that Kafka remembers", LOG_TEXT("source", source->name),
                  LOG_TEXT("reason", consumer->warning));
    }
done:
    rd_kafka_topic_partition_list_destroy(list);
    arena_destroy(arena);
    return err;
}

/* ---- places */

/* Start of a partition that the ledger does not know yet: a record before the first fetch. */
static struct err *record_start(struct consumer *consumer, struct partition *partition, bool first_time, int64_t low,
                                int64_t high)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    if (batch == NULL) {
        return err_oom();
    }
    struct ledger_start start = {
        .key = partition->key,
        .source_id = consumer->source->id,
        .offset = consumer->source->settings.start_latest && first_time ? high : low,
    };
    OR_DONE(ledger_batch_start(batch, &start));
    OR_DONE(ledger_commit(consumer->store->ledger, batch, NULL));
    partition->position = partition->range_first = start.offset;
done:
    ledger_batch_destroy(batch);
    return err;
}

static struct err *place(struct consumer *consumer, struct partition *partition, bool first_time)
{
    struct err *err = NULL;
    struct coverage_position known;
    int64_t low, high;
    const char *topic = consumer->source->options.topics[partition->topic];
    partition->verify_offset = -1;
    partition->asked_end = -1;
    partition->event_time_max_us = INT64_MIN;
    partition->silent_since_us = clock_monotonic_us();
    partition->drained = (struct source_moment){clock_wall_us(), partition->silent_since_us};
    OR_DONE(kafka_watermarks(consumer->kafka, topic, partition->id, CONNECT_TIMEOUT_MS, &low, &high));
    if (!coverage_position(consumer->store->ledger, &partition->key, &known)) {
        return record_start(consumer, partition, first_time, low, high);
    }
    partition->position = partition->range_first = known.end;
    partition->fingerprint = known.fingerprint;
    partition->event_time_max_us = known.event_time_max_us;
    if (high < known.end) {
        char why[160];
        (void)snprintf(why, sizeof(why), "it ends at offset %lld, but offset %lld was read from it", (long long)high,
                       (long long)known.end - 1);
        return another_topic(consumer, partition, why);
    }
    if (low > known.end) {
        LOG_ERROR("offsets expired before they were read", LOG_TEXT("source", consumer->source->name),
                  LOG_TEXT("topic", topic), LOG_INT("partition", partition->id), LOG_INT("first", known.end),
                  LOG_INT("end", low));
        partition->counts.expired += (uint64_t)(low - known.end);
        metric_add(&metric_expired, (uint64_t)(low - known.end));
        partition->position = low;
    } else if (known.fingerprint.present && known.fingerprint.offset >= low) {
        partition->verify = known.fingerprint;
        partition->verify_offset = known.fingerprint.offset;
    }
done:
    return err;
}

/* Of each topic (counts may be NULL), and of all. */
static struct err *count_partitions(const struct consumer *consumer, int32_t *counts, uint32_t *all)
{
    struct err *err = NULL;
    const struct kafka_options *options = &consumer->source->options;
    *all = 0;
    for (uint32_t t = 0; t < options->topic_count; t++) {
        int32_t count;
        OR_DONE(kafka_partitions(consumer->kafka, options, options->topics[t], CONNECT_TIMEOUT_MS, &count));
        if (counts != NULL) {
            counts[t] = count;
        }
        *all += (uint32_t)count;
    }
done:
    return err;
}

/* Partitions of all topics, each at its place. */
static struct err *find_partitions(struct consumer *consumer)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    struct ledger *ledger = consumer->store->ledger;
    uint32_t capacity = 0;
    int32_t counts[256];
    if (source->options.topic_count > 256) {
        return err_new(ERR_BAD_ARGUMENTS, "a source reads 256 topics at most");
    }
    OR_DONE(count_partitions(consumer, counts, &capacity));
    consumer->partitions = ARENA_ARRAY(consumer->arena, struct partition, capacity);
    if (consumer->partitions == NULL) {
        return arena_error(consumer->arena);
    }
    memset(consumer->partitions, 0, capacity * sizeof(struct partition));
    for (uint32_t t = 0; t < source->options.topic_count; t++) {
        uint32_t stream_id;
        struct slice stream = kafka_stream(consumer->arena, consumer->kafka, &source->options,
                                           source->options.topics[t], CONNECT_TIMEOUT_MS);
        if (stream.data == NULL) {
            return arena_error(consumer->arena);
        }
        OR_DONE(ledger_stream(ledger, stream, &stream_id));
        uint32_t incarnation = stream_incarnation(ledger, source->table_id, stream_id);
        struct coverage_position *known;
        uint32_t known_count;
        bool first_time = true;
        OR_DONE(coverage_positions(ledger, consumer->arena, source->table_id, &known, &known_count));
        for (uint32_t k = 0; k < known_count; k++) {
            first_time &= known[k].key.stream_id != stream_id;
        }
        for (int32_t p = 0; p < counts[t]; p++) {
            struct partition *partition = &consumer->partitions[consumer->partition_count];
            partition->topic = t;
            partition->id = p;
            partition->key = (struct coverage_key){source->table_id, stream_id, incarnation, p};
            OR_DONE(place(consumer, partition, first_time));
            consumer->partition_count++;
        }
    }
done:
    return err;
}

/* After ACCEPT NEW TOPIC: the next incarnation of every stream whose log is not the one that the ledger knows. */
static struct err *accept_new_topic(struct consumer *consumer)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    for (uint32_t t = 0; t < source->options.topic_count; t++) {
        int32_t count;
        uint32_t stream_id;
        OR_DONE(
            kafka_partitions(consumer->kafka, &source->options, source->options.topics[t], CONNECT_TIMEOUT_MS, &count));
        struct slice stream = kafka_stream(consumer->arena, consumer->kafka, &source->options,
                                           source->options.topics[t], CONNECT_TIMEOUT_MS);
        if (stream.data == NULL) {
            return arena_error(consumer->arena);
        }
        /* with one topic it is this one; with several, those that the error named */
        char quoted[300];
        (void)snprintf(quoted, sizeof(quoted), "topic \"%s\"", source->options.topics[t]);
        lock_take(&source->lock);
        bool named = source->options.topic_count == 1 || strstr(source->last_error, quoted) != NULL;
        lock_give(&source->lock);
        if (!named) {
            continue;
        }
        OR_DONE(ledger_stream(consumer->store->ledger, stream, &stream_id));
        struct ledger_batch *batch = ledger_batch_create();
        if (batch == NULL) {
            return err_oom();
        }
        struct ledger_incarnation incarnation = {
            .table_id = source->table_id,
            .stream_id = stream_id,
            .incarnation = stream_incarnation(consumer->store->ledger, source->table_id, stream_id) + 1};
        err = ledger_batch_incarnation(batch, &incarnation);
        if (err == NULL) {
            err = ledger_commit(consumer->store->ledger, batch, NULL);
        }
        ledger_batch_destroy(batch);
        OR_DONE(err);
    }
done:
    return err;
}

/* ---- decoding */

/* Which column the event time is, and how far rows may be out of order. */
static struct err *open_event_times(struct consumer *consumer)
{
    struct source *source = consumer->source;
    int64_t delay_us;
    consumer->time_column = table_time_column(consumer->def);
    consumer->lateness_column = table_lateness_column(consumer->def);
    consumer->time_arena = arena_create(NULL);
    if (consumer->time_arena == NULL) {
        return err_oom();
    }
    struct err *err = watermark_delay(consumer->arena, consumer->def, &delay_us);
    if (err == NULL) {
        lock_take(&source->lock);
        source->delay_us = delay_us;
        source->has_event_time = consumer->time_column >= 0;
        lock_give(&source->lock);
    }
    return err;
}

/* Writer, decoder and lane for the table as it is now. */
static struct err *open_writer(struct consumer *consumer)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    consumer->table = catalogue_table_by_id(consumer->store->catalogue, source->table_id);
    if (consumer->table == NULL) {
        return err_new(ERR_UNKNOWN_TABLE, "the table %s.%s is gone", source->table_database, source->table_name);
    }
    struct head_writer_options options = {.budget = source->sources->budget};
    OR_DONE(head_writer_open(consumer->table, &options, &consumer->writer));
    OR_DONE(lane_open(consumer->store, source->name, &consumer->lane));
    consumer->def = head_writer_def(consumer->writer);
    OR_DONE(open_event_times(consumer));
    err = decoder_open(consumer);
done:
    return err;
}

/* ---- queues */

/* A queue of its own for each partition, and all at their places. */
static struct err *assign(struct consumer *consumer)
{
    struct source *source = consumer->source;
    uint64_t one = 1;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)consumer->partition_count);
    rd_kafka_resp_err_t result = RD_KAFKA_RESP_ERR_NO_ERROR;
    for (uint32_t k = 0; k < consumer->partition_count && result == RD_KAFKA_RESP_ERR_NO_ERROR; k++) {
        struct partition *partition = &consumer->partitions[k];
        const char *topic = source->options.topics[partition->topic];
        rd_kafka_topic_partition_list_add(list, topic, partition->id)->offset =
            partition->verify_offset >= 0 ? partition->verify_offset : partition->position;
        partition->queue = rd_kafka_queue_get_partition(consumer->kafka, topic, partition->id);
        if (partition->queue == NULL) {
            result = RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
        } else {
            /* before assign: from its first message on */
            rd_kafka_queue_forward(partition->queue, NULL);
            rd_kafka_queue_io_event_enable(partition->queue, consumer->event, &one, sizeof(one));
        }
    }
    if (result == RD_KAFKA_RESP_ERR_NO_ERROR) {
        result = rd_kafka_assign(consumer->kafka, list);
    }
    rd_kafka_topic_partition_list_destroy(list);
    return result == RD_KAFKA_RESP_ERR_NO_ERROR
               ? NULL
               : err_new(ERR_CANNOT_CONNECT, "the partitions cannot be assigned: %s", rd_kafka_err2str(result));
}

static struct err *make_views(struct consumer *consumer)
{
    struct source *source = consumer->source;
    struct partition_view *views = calloc(consumer->partition_count + 1, sizeof(*views));
    if (views == NULL) {
        return err_oom();
    }
    lock_take(&source->lock);
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        struct partition *partition = &consumer->partitions[k];
        for (uint32_t v = 0; v < source->view_count; v++) { /* counters go on */
            if (source->views[v].topic == partition->topic && source->views[v].id == partition->id) {
                views[k] = source->views[v];
            }
        }
        partition->total = (struct coverage_counts){
            .stored = views[k].rows_stored, .filtered = views[k].rows_filtered, .dead = views[k].rows_dead};
        views[k].topic = partition->topic;
        views[k].id = partition->id;
        views[k].incarnation = partition->key.incarnation;
        if (partition->position < views[k].position) { /* rows went with the connection: they are read again */
            views[k].end = (struct source_moment){0};
        }
        partition->end = views[k].end;
        views[k].position = partition->position;
        views[k].committed = partition->range_first;
        views[k].high_watermark = -1;
        views[k].at_end = false;
        views[k].confirmed_at_us = 0;
        views[k].event_time_max_us = partition->event_time_max_us;
        partition->late_rows = views[k].late_rows;
        partition->ahead_rows = views[k].ahead_rows;
    }
    free(source->views);
    source->views = views;
    source->view_count = consumer->partition_count;
    source->commit_to = consumer->kafka;
    source->lane = consumer->lane;
    source->lane_failed = false;
    lock_give(&source->lock);
    return NULL;
}

static void close_queue(rd_kafka_queue_t *queue)
{
    if (queue != NULL) {
        rd_kafka_queue_io_event_enable(queue, -1, NULL, 0);
        rd_kafka_queue_destroy(queue);
    }
}

void consumer_disconnect(struct consumer *consumer)
{
    struct source *source = consumer->source;
    lock_take(&source->lock);
    source->lane = NULL;
    lock_give(&source->lock);
    lane_close(consumer->lane);
    lock_take(&source->lock);
    source->commit_to = NULL;
    lock_give(&source->lock);
    draft_destroy(consumer->draft);
    head_writer_close(consumer->writer);
    reader_destroy(consumer->reader);
    builder_destroy(consumer->message_builder);
    table_unref(consumer->table);
    close_queue(consumer->queue);
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        close_queue(consumer->partitions[k].queue);
        free(consumer->partitions[k].dead);
    }
    if (consumer->kafka != NULL) {
        (void)rd_kafka_consumer_close(consumer->kafka);
        rd_kafka_destroy(consumer->kafka);
    }
    if (consumer->event >= 0) {
        (void)close(consumer->event);
    }
    free(consumer->batch);
    arena_destroy(consumer->time_arena);
    arena_destroy(consumer->arena);
    *consumer = (struct consumer){.source = source, .store = consumer->store, .event = -1};
}

/* The client. Its queues share a quarter of the budget, which needs the number of partitions: known at the second. */
static struct err *make_client(struct consumer *consumer, uint32_t partitions)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    char group[300];
    uint64_t budget = source->sources->budget == NULL ? 0 : source->sources->budget->bytes_max;
    uint64_t share = (budget == 0 ? QUEUE_BYTES_MAX : budget / 4) / (partitions == 0 ? 1 : partitions), one = 1;
    share = share < QUEUE_BYTES_MIN ? QUEUE_BYTES_MIN : share > QUEUE_BYTES_MAX ? QUEUE_BYTES_MAX : share;
    (void)snprintf(group, sizeof(group), "weir-%s-%s", source->database, source->name);
    OR_DONE(kafka_consumer(&source->options, group, share, on_error, source, &consumer->kafka));
    consumer->queue = rd_kafka_queue_get_consumer(consumer->kafka);
    rd_kafka_queue_io_event_enable(consumer->queue, consumer->event, &one, sizeof(one));
done:
    return err;
}

struct err *consumer_connect(struct consumer *consumer)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    uint64_t budget = source->sources->budget == NULL ? 0 : source->sources->budget->bytes_max;
    uint32_t partitions = 0;
    consumer->arena = arena_create(NULL);
    consumer->batch = calloc(BATCH_MESSAGES, sizeof(rd_kafka_message_t *));
    if (consumer->arena == NULL || consumer->batch == NULL) {
        return err_oom();
    }
    consumer->head_bytes_max = budget == 0 ? (uint64_t)32 << 20 : budget / 8;
    consumer->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    OR_DONE(make_client(consumer, source->view_count));
    OR_DONE(count_partitions(consumer, NULL, &partitions));
    if (partitions != source->view_count && partitions > 1) {
        close_queue(consumer->queue);
        consumer->queue = NULL;
        rd_kafka_destroy(consumer->kafka);
        consumer->kafka = NULL;
        OR_DONE(make_client(consumer, partitions));
    }
    lock_take(&source->lock);
    bool accept = source->want_accept;
    lock_give(&source->lock);
    if (accept) {
        OR_DONE(accept_new_topic(consumer));
        lock_take(&source->lock);
        source->want_accept = false;
        lock_give(&source->lock);
    }
    OR_DONE(find_partitions(consumer));
    OR_DONE(compare_anchors(consumer));
    OR_DONE(open_writer(consumer));
    OR_DONE(make_views(consumer));
    OR_DONE(assign(consumer));
done:
    return err;
}

struct err *consumer_probe(struct consumer *consumer, bool *again)
{
    uint32_t partitions = 0;
    struct err *err = count_partitions(consumer, NULL, &partitions);
    if (err == NULL && partitions != consumer->partition_count) {
        *again = true; /* partitions were added, or the topic is another one */
    }
    return err;
}
