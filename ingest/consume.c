/*
 * consume.c: one source's thread: connect, verify, read, decode, seal, commit.
 *
 * states   waiting → running: the broker answers, every partition's start is recorded and its last message is the one
 * that the ledger remembers. running → waiting: the broker is gone; what was read is committed. → stopped: the topic is
 *          another one, or the ledger refuses. → paused: wanted, or the first messages all failed.
 * order    a range [range_first, position) of a partition and the rows of its messages go into one draft; its commit
 * makes both durable; only then are offsets committed to Kafka, with the commit's hash, for lag tools. queue    one
 * queue of librdkafka for all partitions, bounded in bytes; back-pressure is not polling it. There is no pause, resume
 * or seek: after trouble the consumer is closed and opened anew at the ledger's position. thread   this one; drafts are
 * committed by the source's lane, whose callback takes source->lock
 */
#include "ingest/source_private.h"

#include "base/checksum.h"
#include "base/text.h"
#include "base/clock.h"
#include "base/log.h"
#include "format/reader.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BATCH_MESSAGES     4096
#define CONNECT_TIMEOUT_MS 3000
#define PROBE_INTERVAL_US  2000000U
#define RETRY_US           500000U
#define HEAD_ROWS_MAX      1000000U
#define FIRST_MESSAGES     20U
#define CHECK_MESSAGES     10000U

/* Everything that exists while a source is connected. */
struct consumer {
    struct source *source;
    struct store *store;
    struct arena *arena; /* of the connection */
    struct table *table;
    struct head_writer *writer;
    struct lane *lane;
    struct reader *reader;
    struct transform *transform;
    struct builder *message_builder; /* with a transform: what the reader fills */
    rd_kafka_t *kafka;
    rd_kafka_queue_t *queue;
    int event;
    struct partition *partitions;
    uint32_t partition_count;
    struct draft *draft;
    uint64_t draft_since_us; /* 0: nothing is waiting to be committed */
    uint64_t messages;       /* since this source was created or resumed, up to CHECK_MESSAGES */
    uint64_t messages_dead;
    char first_reason[400];
    rd_kafka_message_t **batch;
    int64_t *offsets; /* transform: offset of each row of the message builder */
    uint32_t *row_message;
    int64_t row_offset; /* of the message that is being decoded */
    uint64_t head_bytes_max;
};

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
    char hash[65];
    struct hash chain;
    memcpy(chain.bytes, commit->hash, sizeof(chain.bytes));
    hash_text(&chain, hash);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)committed->count);
    for (uint32_t k = 0; k < committed->count; k++) {
        rd_kafka_topic_partition_t *one = rd_kafka_topic_partition_list_add(
            list, source->options.topics[committed->partitions[k].topic], committed->partitions[k].id);
        one->offset = committed->partitions[k].position;
        one->metadata = strdup(hash);
        one->metadata_size = one->metadata == NULL ? 0 : strlen(hash);
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
                                       .event_time_max_us = INT64_MIN,
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
    lock_give(&source->lock);
}

/* ---- messages */

static struct partition *find_partition(struct consumer *consumer, const rd_kafka_message_t *message)
{
    const char *topic = message->rkt == NULL ? "" : rd_kafka_topic_name(message->rkt);
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        struct partition *partition = &consumer->partitions[k];
        if (partition->id == message->partition &&
            strcmp(consumer->source->options.topics[partition->topic], topic) == 0) {
            return partition;
        }
    }
    return NULL;
}

static struct fingerprint fingerprint_of(const rd_kafka_message_t *message)
{
    return (struct fingerprint){.present = true,
                                .offset = message->offset,
                                .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
                                .key_hash = message->key == NULL ? 0 : checksum(message->key, message->key_len),
                                .value_hash = message->payload == NULL ? 0 : checksum(message->payload, message->len)};
}

static struct err *another_topic(const struct consumer *consumer, const struct partition *partition, const char *why)
{
    return err_new(
        ERR_SOURCE_STOPPED,
        "topic \"%s\", partition %d is not the one that was read before: %s. If it was recreated, ALTER SOURCE %s "
        "ACCEPT NEW TOPIC begins anew with it; what was stored stays",
        consumer->source->options.topics[partition->topic], partition->id, why, consumer->source->name);
}

/* Offsets that the broker passes over: control records, aborted transactions, compaction. */
static void skip_to(struct partition *partition, int64_t offset)
{
    if (offset > partition->position) {
        partition->counts.absent += (uint64_t)(offset - partition->position);
        partition->position = offset;
    }
}

static struct err *add_dead_range(struct partition *partition, int64_t offset)
{
    if (partition->dead_count > 0 && partition->dead[partition->dead_count - 1].end == offset) {
        partition->dead[partition->dead_count - 1].end++;
        return NULL;
    }
    if (partition->dead_count == partition->dead_capacity) {
        uint32_t larger = partition->dead_capacity == 0 ? 16 : partition->dead_capacity * 2;
        struct offset_range *grown = realloc(partition->dead, larger * sizeof(*grown));
        if (grown == NULL) {
            return err_oom();
        }
        partition->dead = grown;
        partition->dead_capacity = larger;
    }
    partition->dead[partition->dead_count++] = (struct offset_range){offset, offset + 1};
    return NULL;
}

static void headers_text(const rd_kafka_message_t *message, struct buffer *out)
{
    rd_kafka_headers_t *headers = NULL;
    const char *name;
    const void *value;
    size_t bytes;
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    for (size_t k = 0; rd_kafka_header_get_all(headers, k, &name, &value, &bytes) == RD_KAFKA_RESP_ERR_NO_ERROR; k++) {
        buffer_text(out, name);
        buffer_char(out, '=');
        buffer_append(out, value, value == NULL ? 0 : bytes);
        buffer_char(out, '\n');
    }
}

static struct slice key_of(const rd_kafka_message_t *message)
{
    return slice_of(message->key, message->key == NULL ? 0 : message->key_len);
}

static struct err *dead_letter(struct consumer *consumer, struct partition *partition,
                               const rd_kafka_message_t *message, const char *reason)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    struct buffer headers = {0};
    if (consumer->draft == NULL) {
        OR_DONE(draft_create(consumer->store, &consumer->draft));
    }
    headers_text(message, &headers);
    struct dead_letter letter = {.table_id = source->table_id,
                                 .database = slice_text(source->table_database),
                                 .table = slice_text(source->table_name),
                                 .source = slice_text(source->name),
                                 .topic = slice_text(source->options.topics[partition->topic]),
                                 .stream_id = partition->key.stream_id,
                                 .incarnation = partition->key.incarnation,
                                 .partition = partition->id,
                                 .offset = message->offset,
                                 .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
                                 .reason = slice_text(reason),
                                 .key = key_of(message),
                                 .headers = buffer_all(&headers),
                                 .message = slice_of(message->payload, message->payload == NULL ? 0 : message->len)};
    OR_DONE(draft_dead_letter(consumer->draft, &letter));
    OR_DONE(add_dead_range(partition, message->offset));
    partition->counts.dead++;
    if (consumer->messages_dead++ == 0) {
        (void)snprintf(consumer->first_reason, sizeof(consumer->first_reason), "%s", reason);
    }
done:
    buffer_deinit(&headers);
    return err;
}

/* Called by the reader before each row of a message. */
static void set_address(void *user, struct builder *builder)
{
    const struct consumer *consumer = user;
    builder_address(builder, consumer->row_offset);
}

static struct err *decode_plain(struct consumer *consumer, struct partition *partition,
                                const rd_kafka_message_t *message)
{
    uint64_t rows;
    struct builder *builder = head_builder(consumer->writer);
    consumer->row_offset = message->offset;
    builder_stream(builder, partition->key.stream_id, partition->key.incarnation, partition->id);
    struct err *err = reader_message(consumer->reader, builder,
                                     slice_of(message->payload, message->payload == NULL ? 0 : message->len), &rows);
    if (err == NULL) {
        partition->counts.stored++;
        return NULL;
    }
    if (err_code(err) == ERR_MEMORY_LIMIT || err_code(err) == ERR_OOM) {
        return err;
    }
    struct err *result = dead_letter(consumer, partition, message, err_message(err));
    err_free(err);
    return result;
}

static void metadata_row(void *user, struct builder *builder)
{
    (void)user;
    (void)builder; /* metadata columns are set by the caller once the fields are in */
}

/* One message through the transform: its rows alone, so that an error is this message's. */
static struct err *decode_transformed(struct consumer *consumer, struct partition *partition,
                                      const rd_kafka_message_t *message)
{
    struct err *err = NULL;
    uint64_t rows = 0;
    uint32_t input_count, chunk_count = 0, passed_count = 0;
    struct row_chunk **chunks = NULL;
    struct arena *arena = arena_create(consumer->source->sources->budget);
    struct buffer headers = {0};
    const struct source_column *input = transform_input(consumer->transform, &input_count);
    struct builder *builder = head_builder(consumer->writer);
    struct builder_mark mark = builder_mark(builder);
    if (arena == NULL) {
        return err_oom();
    }
    builder_stream(builder, partition->key.stream_id, partition->key.incarnation, partition->id);
    OR_DONE(reader_message(consumer->reader, consumer->message_builder,
                           slice_of(message->payload, message->payload == NULL ? 0 : message->len), &rows));
    OR_DONE(builder_take(consumer->message_builder, &chunks, &chunk_count));
    headers_text(message, &headers);
    for (uint32_t c = 0; c < chunk_count; c++) {
        uint32_t row_count = row_chunk_rows(chunks[c]);
        struct chunk *fields = row_chunk_view(arena, chunks[c], row_count);
        struct chunk *chunk = chunk_new(arena, input_count, row_count);
        int64_t *offsets = ARENA_ARRAY(arena, int64_t, row_count);
        uint8_t *passed = arena_array(arena, row_count, 1);
        if (fields == NULL || chunk == NULL || offsets == NULL || passed == NULL) {
            err = arena_error(arena);
            goto done;
        }
        struct slice topic = slice_text(consumer->source->options.topics[partition->topic]), key = key_of(message);
        struct slice header_text = buffer_all(&headers);
        int64_t timestamp = rd_kafka_message_timestamp(message, NULL);
        const void *values[MESSAGE_COLUMNS] = {&topic,     &partition->id, &message->offset,
                                               &timestamp, &key,           &header_text};
        for (uint32_t k = 0; k < input_count; k++) {
            chunk->columns[k] = k < MESSAGE_COLUMNS ? column_const(arena, input[k].type, values[k], row_count)
                                                    : fields->columns[k - MESSAGE_COLUMNS];
            if (chunk->columns[k] == NULL) {
                err = arena_error(arena);
                goto done;
            }
        }
        for (uint32_t row = 0; row < row_count; row++) {
            offsets[row] = message->offset;
        }
        OR_DONE(transform_run(consumer->transform, arena, chunk, offsets, builder, passed));
        for (uint32_t row = 0; row < row_count; row++) {
            passed_count += passed[row];
        }
    }
    if (passed_count > 0) {
        partition->counts.stored++;
    } else {
        partition->counts.filtered++;
    }
done:
    for (uint32_t c = 0; c < chunk_count; c++) {
        row_chunk_unref(chunks[c]);
    }
    free(chunks);
    buffer_deinit(&headers);
    arena_destroy(arena);
    if (err != NULL && err_code(err) != ERR_MEMORY_LIMIT && err_code(err) != ERR_OOM) {
        builder_rollback(builder, mark);
        struct err *result = dead_letter(consumer, partition, message, err_message(err));
        err_free(err);
        err = result;
    }
    return err;
}

static struct err *take_message(struct consumer *consumer, struct partition *partition,
                                const rd_kafka_message_t *message)
{
    struct err *err = NULL;
    if (partition->verify_offset >= 0) {
        if (message->offset == partition->verify_offset) {
            struct fingerprint now = fingerprint_of(message);
            if (now.timestamp_ms != partition->verify.timestamp_ms || now.key_hash != partition->verify.key_hash ||
                now.value_hash != partition->verify.value_hash) {
                return another_topic(consumer, partition, "the last message that was stored is not the same any more");
            }
        }
        if (message->offset >= partition->verify_offset) {
            partition->verify_offset = -1; /* the same, or gone by compaction or retention */
        }
    }
    if (message->offset < partition->position) {
        return NULL; /* covered already */
    }
    skip_to(partition, message->offset);
    struct coverage_counts before = partition->counts;
    if (consumer->transform != NULL) {
        OR_DONE(decode_transformed(consumer, partition, message));
    } else {
        OR_DONE(decode_plain(consumer, partition, message));
    }
    partition->fingerprint = fingerprint_of(message);
    partition->newest_timestamp_ms = partition->fingerprint.timestamp_ms;
    partition->position = message->offset + 1;
    partition->at_end = false;
    consumer->messages++;
    struct partition_view *view = &consumer->source->views[partition - consumer->partitions];
    view->rows_stored += partition->counts.stored - before.stored;
    view->rows_filtered += partition->counts.filtered - before.filtered;
    view->rows_dead += partition->counts.dead - before.dead;
done:
    return err;
}

/* An event that is no message. *again: the connection must be made anew. */
static struct err *take_event(struct consumer *consumer, const rd_kafka_message_t *message, bool *again)
{
    struct partition *partition = find_partition(consumer, message);
    switch (message->err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        if (partition != NULL && message->offset >= 0) {
            if (message->offset < partition->position && partition->verify_offset < 0) {
                *again = true; /* the log ends before our offset */
                return NULL;
            }
            if (partition->verify_offset < 0 || message->offset >= partition->position) {
                partition->verify_offset = -1;
                skip_to(partition, message->offset);
                partition->at_end = true;
            }
        }
        return NULL;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
        return NULL; /* librdkafka tries again; the probe tells whether anybody answers */
    default:
        LOG_WARNING("source reconnects", LOG_TEXT("source", consumer->source->name),
                    LOG_TEXT("error", rd_kafka_message_errstr(message)));
        *again = true;
        return NULL;
    }
}

/* ---- connecting */

static void on_error(rd_kafka_t *kafka, int code, const char *reason, void *opaque)
{
    struct source *source = opaque;
    (void)kafka;
    if (source != NULL) {
        LOG_DEBUG("kafka", LOG_TEXT("source", source->name), LOG_INT("code", code), LOG_TEXT("reason", reason));
    }
}

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
    OR_DONE(kafka_watermarks(consumer->kafka, topic, partition->id, CONNECT_TIMEOUT_MS, &low, &high));
    if (!coverage_position(consumer->store->ledger, &partition->key, &known)) {
        return record_start(consumer, partition, first_time, low, high);
    }
    partition->position = partition->range_first = known.end;
    partition->fingerprint = known.fingerprint;
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
        partition->position = low;
    } else if (known.fingerprint.present && known.fingerprint.offset >= low) {
        partition->verify = known.fingerprint;
        partition->verify_offset = known.fingerprint.offset;
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
    for (uint32_t t = 0; t < source->options.topic_count; t++) {
        OR_DONE(kafka_partitions(consumer->kafka, &source->options, source->options.topics[t], CONNECT_TIMEOUT_MS,
                                 &counts[t]));
        capacity += (uint32_t)counts[t];
    }
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

/* Writer, decoder and lane for the table as it is now. */
static struct err *open_writer(struct consumer *consumer)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    struct function_context context = {
        .now_us = clock_wall_us(), .zone = source->sources->zone, .database = slice_text(source->table_database)};
    consumer->table = catalogue_table_by_id(consumer->store->catalogue, source->table_id);
    if (consumer->table == NULL) {
        return err_new(ERR_UNKNOWN_TABLE, "the table %s.%s is gone", source->table_database, source->table_name);
    }
    struct head_writer_options options = {.budget = source->sources->budget};
    OR_DONE(head_writer_open(consumer->table, &options, &consumer->writer));
    OR_DONE(lane_open(consumer->store, source->name, &consumer->lane));
    const struct table_def *def = head_writer_def(consumer->writer);
    OR_DONE(transform_create(consumer->arena, &context, slice_text(source->sql), def, &consumer->transform));
    uint32_t count = def->column_count;
    const struct source_column *input = NULL;
    if (consumer->transform != NULL) {
        input = transform_input(consumer->transform, &count);
        input += MESSAGE_COLUMNS;
        count -= MESSAGE_COLUMNS;
    }
    struct reader_column *columns = ARENA_ARRAY(consumer->arena, struct reader_column, count);
    const struct type **types = arena_array(consumer->arena, (size_t)count + 1, sizeof(*types));
    if (columns == NULL || types == NULL) {
        return arena_error(consumer->arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        columns[k].name = input != NULL ? input[k].name : slice_text(def->columns[k].name);
        columns[k].type = types[k] = input != NULL ? input[k].type : def->columns[k].type;
        columns[k].column = k;
    }
    struct reader_options reader_options = {.zone = source->sources->zone,
                                            .refuse_unknown_fields = source->settings.refuse_unknown_fields,
                                            .row_begin = consumer->transform == NULL ? set_address : metadata_row,
                                            .user = consumer};
    OR_DONE(reader_create(slice_text(source->format), columns, count, count, &reader_options, &consumer->reader));
    if (consumer->transform != NULL) {
        struct builder_options builder_options = {.budget = source->sources->budget, .first_capacity = 8};
        OR_DONE(builder_create(types, count, &builder_options, &consumer->message_builder));
    }
done:
    return err;
}

static struct err *assign(struct consumer *consumer)
{
    struct source *source = consumer->source;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)consumer->partition_count);
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        const struct partition *partition = &consumer->partitions[k];
        rd_kafka_topic_partition_list_add(list, source->options.topics[partition->topic], partition->id)->offset =
            partition->verify_offset >= 0 ? partition->verify_offset : partition->position;
    }
    rd_kafka_resp_err_t result = rd_kafka_assign(consumer->kafka, list);
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
        const struct partition *partition = &consumer->partitions[k];
        for (uint32_t v = 0; v < source->view_count; v++) { /* counters go on */
            if (source->views[v].topic == partition->topic && source->views[v].id == partition->id) {
                views[k] = source->views[v];
            }
        }
        views[k].topic = partition->topic;
        views[k].id = partition->id;
        views[k].incarnation = partition->key.incarnation;
        views[k].position = partition->position;
        views[k].committed = partition->range_first;
        views[k].high_watermark = -1;
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

static void disconnect(struct consumer *consumer)
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
    if (consumer->queue != NULL) {
        rd_kafka_queue_io_event_enable(consumer->queue, -1, NULL, 0);
        rd_kafka_queue_destroy(consumer->queue);
    }
    if (consumer->kafka != NULL) {
        (void)rd_kafka_consumer_close(consumer->kafka);
        rd_kafka_destroy(consumer->kafka);
    }
    if (consumer->event >= 0) {
        (void)close(consumer->event);
    }
    for (uint32_t k = 0; k < consumer->partition_count; k++) {
        free(consumer->partitions[k].dead);
    }
    free(consumer->batch);
    arena_destroy(consumer->arena);
    *consumer = (struct consumer){.source = source, .store = consumer->store, .event = -1};
}

static struct err *connect_source(struct consumer *consumer)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    char group[300];
    uint64_t budget = source->sources->budget == NULL ? 0 : source->sources->budget->bytes_max;
    uint64_t one = 1;
    consumer->arena = arena_create(NULL);
    consumer->batch = calloc(BATCH_MESSAGES, sizeof(rd_kafka_message_t *));
    if (consumer->arena == NULL || consumer->batch == NULL) {
        return err_oom();
    }
    consumer->head_bytes_max = budget == 0 ? (uint64_t)32 << 20 : budget / 8;
    (void)snprintf(group, sizeof(group), "weir-%s-%s", source->database, source->name);
    OR_DONE(kafka_consumer(&source->options, group, budget == 0 ? 65536 : budget / 4 / 1024, on_error, source,
                           &consumer->kafka));
    consumer->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    consumer->queue = rd_kafka_queue_get_consumer(consumer->kafka);
    rd_kafka_queue_io_event_enable(consumer->queue, consumer->event, &one, sizeof(one));
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
    OR_DONE(open_writer(consumer));
    OR_DONE(make_views(consumer));
    OR_DONE(assign(consumer));
done:
    return err;
}

/* ---- reading */

/* The broker answers, and every topic has the partitions that we read? */
static struct err *probe(struct consumer *consumer, bool *again)
{
    struct err *err = NULL;
    uint32_t partitions = 0;
    for (uint32_t t = 0; err == NULL && t < consumer->source->options.topic_count; t++) {
        int32_t count = 0;
        err = kafka_partitions(consumer->kafka, &consumer->source->options, consumer->source->options.topics[t],
                               CONNECT_TIMEOUT_MS, &count);
        partitions += (uint32_t)count;
    }
    if (err == NULL && partitions != consumer->partition_count) {
        *again = true; /* partitions were added, or the topic is another one */
    }
    return err;
}

static bool must_seal(struct consumer *consumer, uint64_t now)
{
    return head_is_full(consumer->writer) || head_rows(consumer->writer) >= HEAD_ROWS_MAX ||
           head_memory(consumer->writer) >= consumer->head_bytes_max ||
           (consumer->draft_since_us != 0 &&
            now - consumer->draft_since_us >= consumer->source->settings.commit_interval_us);
}

static bool all_failed(const struct consumer *consumer)
{
    return (consumer->messages == FIRST_MESSAGES && consumer->messages_dead == FIRST_MESSAGES) ||
           (consumer->messages == CHECK_MESSAGES && consumer->messages_dead >= CHECK_MESSAGES / 2);
}

/* Reads what is there. *read: number of messages. */
static struct err *read_batch(struct consumer *consumer, uint32_t *read, bool *again, bool *pause)
{
    struct err *err = NULL;
    ssize_t count = rd_kafka_consume_batch_queue(consumer->queue, 0, consumer->batch, BATCH_MESSAGES);
    *read = count < 0 ? 0 : (uint32_t)count;
    for (ssize_t k = 0; k < count; k++) {
        rd_kafka_message_t *message = consumer->batch[k];
        if (err == NULL && !*again && !*pause) {
            if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
                err = take_event(consumer, message, again);
            } else {
                struct partition *partition = find_partition(consumer, message);
                err = partition == NULL ? NULL : take_message(consumer, partition, message);
                if (err != NULL && err_code(err) == ERR_MEMORY_LIMIT && head_rows(consumer->writer) > 0) {
                    /* the budget is used up: commit, then this message again */
                    err_free(err);
                    err = seal(consumer);
                    if (err == NULL) {
                        err = lane_wait(consumer->lane);
                    }
                    err = err != NULL || partition == NULL ? err : take_message(consumer, partition, message);
                }
                *pause = err == NULL && all_failed(consumer);
            }
        }
        rd_kafka_message_destroy(message);
    }
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

/* Until something else is wanted, or goes wrong. err NULL and *pause: the source pauses itself. */
static struct err *consume(struct consumer *consumer, bool *pause)
{
    struct err *err = NULL;
    bool again = false;
    uint64_t probed_at = clock_monotonic_us();
    while (err == NULL && !again && !*pause && !wants_out(consumer->source)) {
        uint32_t read = 0;
        OR_DONE(read_batch(consumer, &read, &again, pause));
        uint64_t now = clock_monotonic_us();
        if (read > 0) {
            OR_DONE(head_publish(consumer->writer));
            show(consumer);
        }
        if (consumer->draft_since_us == 0 && any_dirty(consumer)) {
            consumer->draft_since_us = now;
        }
        if (must_seal(consumer, now)) {
            OR_DONE(seal(consumer));
        }
        if (head_is_stale(consumer->writer)) {
            again = true;
        }
        if (now - probed_at >= PROBE_INTERVAL_US) {
            OR_DONE(probe(consumer, &again));
            probed_at = clock_monotonic_us();
            show(consumer);
        }
        if (read == 0) {
            wait_for_messages(consumer);
        }
    }
done:;
    /* what was read becomes durable, unless it could not even be kept in memory */
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
    struct err *err = connect_source(consumer);
    if (err == NULL) {
        source_set_phase(source, PHASE_RUNNING, NULL);
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
    disconnect(consumer);
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
