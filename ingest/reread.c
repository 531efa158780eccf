/*
 * reread.c: messages that were stored once are read again, for REPAIR TABLE.
 *
 * A client of its own and the source's decoding, into a builder instead of a head: nothing is counted, committed or
 * dead-lettered. Ranges of a partition that lie near each other are read in one go, what lies between is passed over.
 * Before a partition is trusted, its end and the last message that the ledger remembers must be what they were.
 * thread   a query thread; the running sources are not touched
 */
#include "ingest/consumer.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "storage/repair.h"

#include <stdio.h>
#include <stdlib.h>

#define TIMEOUT_MS   5000
#define POLL_MS      50
#define QUIET_US     15000000U
#define QUEUE_BYTES  (UINT64_C(8) << 20)
#define GAP_MAX      20000 /* offsets between ranges of one go */
#define MESSAGES_MAX 1024U

struct reread {
    struct consumer consumer; /* decoding; .kafka */
    struct repair *repair;
    const struct repair_range *ranges;
    uint32_t range_count;
    bool *done; /* per range: read, or told why not */
    rd_kafka_message_t *messages[MESSAGES_MAX];
    uint32_t message_count;
};

/* ---- rows */

static struct err *rows_give(struct reread *reread)
{
    struct err *err = NULL;
    struct consumer *consumer = &reread->consumer;
    struct row_chunk **chunks = NULL;
    uint32_t count = 0, columns = consumer->def->column_count + COLUMN_HIDDEN_COUNT;
    struct arena *work = arena_beside(consumer->arena);

    if (work == NULL) {
        return err_oom();
    }
    OR_DONE(builder_take(consumer->rows, &chunks, &count));
    for (uint32_t i = 0; i < count; i++) {
        struct chunk *chunk = chunk_new(work, columns, row_chunk_rows(chunks[i]));
        for (uint32_t c = 0; chunk != NULL && c < columns; c++) {
            chunk->columns[c] = row_chunk_column(work, chunks[i], c, chunk->row_count);
            if (chunk->columns[c] == NULL) {
                chunk = NULL;
            }
        }
        if (chunk == NULL) {
            err = arena_error(work);
            goto done;
        }
        if (chunk->row_count > 0) {
            OR_DONE(repair_take(reread->repair, chunk));
        }
    }
done:
    for (uint32_t i = 0; i < count; i++) {
        row_chunk_unref(chunks[i]);
    }
    free(chunks);
    arena_destroy(work);
    return err;
}

static void messages_drop(struct reread *reread)
{
    for (uint32_t i = 0; i < reread->message_count; i++) {
        rd_kafka_message_destroy(reread->messages[i]);
    }
    reread->message_count = 0;
}

/* Decodes what was gathered. */
static struct err *messages_give(struct reread *reread, struct partition *partition)
{
    struct err *err = NULL;
    uint32_t taken = 0;

    if (reread->message_count > 0) {
        OR_DONE(consumer_take(&reread->consumer, partition, reread->messages, reread->message_count, &taken));
        OR_DONE(rows_give(reread));
    }
done:
    messages_drop(reread);
    return err;
}

/* ---- reading */

static struct err *assign(const struct reread *reread, const struct partition *partition, int64_t offset)
{
    const char *topic = reread->consumer.source->options.topics[partition->topic];
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition->id)->offset = offset;
    (void)rd_kafka_assign(reread->consumer.kafka, NULL);
    rd_kafka_resp_err_t result = rd_kafka_assign(reread->consumer.kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
    return result == RD_KAFKA_RESP_ERR_NO_ERROR
               ? NULL
               : err_new(ERR_CANNOT_CONNECT, "the partition cannot be assigned: %s", rd_kafka_err2str(result));
}

/* The next message at or above an offset, below end; *out NULL: there is none. */
static struct err *next_message(const struct reread *reread, int64_t offset, int64_t end, rd_kafka_message_t **out)
{
    struct err *err = NULL;
    uint64_t heard_at = clock_monotonic_us();
    *out = NULL;
    while (offset < end) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reread->consumer.kafka, POLL_MS);
        OR_DONE(interrupt_check());
        if (message == NULL) {
            if (clock_monotonic_us() - heard_at > QUIET_US) {
                err = err_new(ERR_CANNOT_CONNECT, "no broker of %s has sent anything for 15 s",
                              reread->consumer.source->options.brokers);
                goto done;
            }
            continue;
        }
        heard_at = clock_monotonic_us();
        bool over = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF ||
                    message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
                    (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && message->offset >= end);
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && !over && message->offset >= offset) {
            *out = message;
            goto done;
        }
        rd_kafka_message_destroy(message);
        if (over) {
            goto done;
        }
    }
done:
    return err;
}

/* Ranges [from, to), near each other, of one partition, that has offsets from low on. */
static struct err *read_run(struct reread *reread, struct partition *partition, int64_t low, uint32_t from, uint32_t to)
{
    struct err *err = NULL;
    int64_t at = reread->ranges[from].first > low ? reread->ranges[from].first : low;
    int64_t end = reread->ranges[to - 1].end;
    uint32_t range = from;

    partition->position = partition->range_first = at;
    OR_DONE(assign(reread, partition, at));
    while (range < to) {
        rd_kafka_message_t *message = NULL;
        OR_DONE(next_message(reread, at, end, &message));
        if (message == NULL) {
            break;
        }
        at = message->offset + 1;
        while (range < to && reread->ranges[range].end <= message->offset) {
            range++;
        }
        if (range == to || message->offset < reread->ranges[range].first) {
            rd_kafka_message_destroy(message);
            continue;
        }
        reread->messages[reread->message_count++] = message;
        if (reread->message_count == MESSAGES_MAX) {
            OR_DONE(messages_give(reread, partition));
        }
    }
    err = messages_give(reread, partition);
done:
    messages_drop(reread);
    return err;
}

/* Is it the partition that was read? *why NULL: it is, and has offsets from *low on. */
static struct err *trust(const struct reread *reread, const struct partition *partition, int64_t *low, const char **why)
{
    struct err *err = NULL;
    const char *topic = reread->consumer.source->options.topics[partition->topic];
    struct coverage_position known;
    rd_kafka_message_t *message = NULL;
    int64_t high;

    *why = NULL;
    OR_DONE(kafka_watermarks(reread->consumer.kafka, topic, partition->id, TIMEOUT_MS, low, &high));
    if (!coverage_position(reread->consumer.store->ledger, &partition->key, &known) || high < known.end) {
        *why = "the topic is another one: it ends before what was read of it";
        goto done;
    }
    if (known.fingerprint.present && known.fingerprint.offset >= *low) {
        int64_t offset = known.fingerprint.offset;
        OR_DONE(assign(reread, partition, offset));
        OR_DONE(next_message(reread, offset, offset + 1, &message));
        if (message != NULL && !message_is(message, &known.fingerprint)) {
            *why = "the topic is another one: the last message that was stored is not the same any more";
        }
    }
done:
    if (message != NULL) {
        rd_kafka_message_destroy(message);
    }
    return err;
}

/* Ranges [from, to) of one partition. */
static struct err *read_partition(struct reread *reread, struct partition *partition, uint32_t from, uint32_t to)
{
    struct err *err = NULL;
    const char *why = NULL;
    int64_t low = 0;

    OR_DONE(trust(reread, partition, &low, &why));
    for (uint32_t i = from; i < to; i++) {
        struct repair_range gone = reread->ranges[i];
        reread->done[i] = true;
        gone.end = why != NULL || gone.end < low ? gone.end : low;
        if (gone.first < gone.end) {
            OR_DONE(repair_absent(reread->repair, &gone,
                                  why != NULL ? why : "Kafka has deleted these messages by its retention"));
        }
    }
    for (uint32_t i = from; why == NULL && i < to;) {
        uint32_t last = i;
        while (last + 1 < to && reread->ranges[last + 1].first - reread->ranges[last].end <= GAP_MAX) {
            last++;
        }
        /* what lies below the low watermark would be an error of the broker's */
        while (i <= last && reread->ranges[i].end <= low) {
            i++;
        }
        if (i <= last) {
            OR_DONE(read_run(reread, partition, low, i, last + 1));
        }
        i = last + 1;
    }
done:
    return err;
}

/* ---- sources */

/* All that is wanted of one topic of the source. */
static struct err *read_topic(struct reread *reread, uint32_t topic)
{
    struct err *err = NULL;
    struct consumer *consumer = &reread->consumer;
    const struct kafka_options *options = &consumer->source->options;
    struct ledger *ledger = consumer->store->ledger;
    uint32_t stream_id = 0;
    int32_t partitions = 0;

    OR_DONE(kafka_partitions(consumer->kafka, options, options->topics[topic], TIMEOUT_MS, &partitions));
    struct slice identity = kafka_stream(consumer->arena, consumer->kafka, options, options->topics[topic], TIMEOUT_MS);
    if (identity.data == NULL) {
        return arena_error(consumer->arena);
    }
    stream_find(ledger, identity, &stream_id);
    uint32_t incarnation = stream_incarnation(ledger, consumer->source->table_id, stream_id);
    uint64_t stream = (uint64_t)stream_id << 32 | incarnation;
    for (uint32_t i = 0, next; stream_id != 0 && i < reread->range_count; i = next) {
        const struct repair_range *range = &reread->ranges[i];
        for (next = i + 1; next < reread->range_count && reread->ranges[next].stream == range->stream &&
                           reread->ranges[next].partition == range->partition;) {
            next++;
        }
        if (range->stream != stream || range->partition >= partitions) {
            continue;
        }
        struct partition partition = {.topic = topic,
                                      .id = range->partition,
                                      .key = {consumer->source->table_id, stream_id, incarnation, range->partition},
                                      .verify_offset = -1};
        OR_DONE(read_partition(reread, &partition, i, next));
    }
done:
    return err;
}

static struct err *read_source(struct reread *reread)
{
    struct err *err = NULL;
    struct consumer *consumer = &reread->consumer;
    const struct table_def *def = consumer->def;
    const struct builder_options options = {.budget = consumer->source->sources->budget, .addresses = true};
    char group[300];
    const struct type **types = ARENA_ARRAY(consumer->arena, const struct type *, (size_t)def->column_count + 1);

    if (types == NULL) {
        return arena_error(consumer->arena);
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        types[i] = def->columns[i].type;
    }
    OR_DONE(builder_create(types, def->column_count, &options, &consumer->rows));
    OR_DONE(decoder_open(consumer));
    (void)snprintf(group, sizeof(group), "weir-repair-%s-%s", consumer->source->database, consumer->source->name);
    OR_DONE(kafka_consumer(&consumer->source->options, group, QUEUE_BYTES, NULL, NULL, &consumer->kafka));
    for (uint32_t t = 0; t < consumer->source->options.topic_count; t++) {
        OR_DONE(read_topic(reread, t));
    }
done:
    if (consumer->kafka != NULL) {
        (void)rd_kafka_consumer_close(consumer->kafka);
        rd_kafka_destroy(consumer->kafka);
    }
    reader_destroy(consumer->reader);
    builder_destroy(consumer->message_builder);
    builder_destroy(consumer->rows);
    return err;
}

/* Has another table, whose partitions may have been moved or copied here, read what is wanted? */
static bool covers_wanted(const struct reread *reread, struct ledger *ledger, uint64_t table_id)
{
    for (uint32_t i = 0; i < reread->range_count; i++) {
        const struct repair_range *range = &reread->ranges[i];
        const struct coverage_key key = {table_id, (uint32_t)(range->stream >> 32), (uint32_t)range->stream,
                                         range->partition};
        struct coverage_position position;
        if (!reread->done[i] && coverage_position(ledger, &key, &position) && position.start < range->end &&
            position.end > range->first) {
            return true;
        }
    }
    return false;
}

struct err *sources_reread(struct sources *sources, struct table *table, struct arena *arena, struct repair *repair)
{
    struct err *err = NULL;
    struct source_def **defs = NULL;
    uint32_t count = 0;
    struct reread *reread = ARENA_NEW(arena, struct reread);

    if (reread == NULL) {
        return arena_error(arena);
    }
    reread->repair = repair;
    reread->ranges = repair_ranges(repair, &reread->range_count);
    reread->done = arena_zalloc(arena, (size_t)reread->range_count + 1);
    if (reread->done == NULL) {
        return arena_error(arena);
    }
    if (reread->range_count == 0) {
        goto done;
    }
    OR_DONE(catalogue_sources(sources->store->catalogue, arena, &defs, &count));
    for (uint32_t k = 0; k < 2 * count; k++) { /* the table's own first */
        uint32_t i = k % count;
        struct source *source = NULL;
        bool own = defs[i]->table_id == table_id(table);
        if (own != (k < count) || (!own && !covers_wanted(reread, sources->store->ledger, defs[i]->table_id))) {
            continue;
        }
        OR_DONE(source_of(sources, arena, defs[i], &source));
        reread->consumer = (struct consumer){.source = source,
                                             .store = sources->store,
                                             .arena = arena,
                                             .table = table,
                                             .def = repair_def(repair),
                                             .messages = CHECK_MESSAGES + 1, /* none fails so often that it pauses */
                                             .event = -1};
        err = read_source(reread);
        source_free(source);
        OR_DONE(err);
    }
    for (uint32_t i = 0; i < reread->range_count; i++) {
        if (!reread->done[i]) {
            OR_DONE(repair_absent(repair, &reread->ranges[i],
                                  "no source of the table reads this topic, or it is another topic of that name"));
        }
    }
done:
    return err_while(err, "reading messages again");
}
