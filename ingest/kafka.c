/*
 * kafka.c: librdkafka as Weir wants it.
 */
#include "ingest/kafka.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one partition may give in one answer of a broker. */
#define FETCH_BYTES_MIN (UINT64_C(1) << 16)
#define FETCH_BYTES_MAX (UINT64_C(1) << 20)

#define LEADER_PAUSE_MS 100U

struct err *kafka_options_read(struct arena *arena, const struct source_setting *properties, uint32_t count,
                               struct kafka_options *out)
{
    *out = (struct kafka_options){0};
    struct source_setting *kept = ARENA_ARRAY(arena, struct source_setting, count);
    if (kept == NULL) {
        return arena_error(arena);
    }
    out->properties = kept;
    for (uint32_t k = 0; k < count; k++) {
        struct slice name = properties[k].name;
        char *value = arena_text(arena, properties[k].value);
        if (value == NULL) {
            return arena_error(arena);
        }
        if (slice_equal(name, slice_text("brokers"))) {
            out->brokers = value;
        } else if (slice_equal(name, slice_text("topic")) || slice_equal(name, slice_text("topics"))) {
            out->topics = arena_array(arena, properties[k].value.length + 1, sizeof(*out->topics));
            if (out->topics == NULL) {
                return arena_error(arena);
            }
            for (char *rest = value, *one; (one = strsep(&rest, ", ")) != NULL;) {
                if (*one != 0) {
                    out->topics[out->topic_count++] = one;
                }
            }
        } else if (name.length > 6 && memcmp(name.data, "kafka.", 6) == 0) {
            kept[out->property_count++] = (struct source_setting){.name = slice_of(name.data + 6, name.length - 6),
                                                                  .value = slice_text(value),
                                                                  .offset = properties[k].offset};
        } else if (!slice_equal(name, slice_text("format"))) {
            return err_new(
                ERR_BAD_ARGUMENTS,
                "unknown property \"%.*s\" of KAFKA; there are brokers, topic, and kafka.… for any property of "
                "librdkafka",
                SLICE_ARG(name));
        }
    }
    if (out->brokers == NULL || *out->brokers == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "KAFKA needs brokers = 'host:port[,host:port]'");
    }
    if (out->topic_count == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "KAFKA needs topic = 'name' (or 'name, name')");
    }
    return NULL;
}

static struct err *set(rd_kafka_conf_t *conf, const char *name, const char *value, const char *shown)
{
    char text[512];
    rd_kafka_conf_res_t result = rd_kafka_conf_set(conf, name, value, text, sizeof(text));
    if (result == RD_KAFKA_CONF_OK) {
        return NULL;
    }
    /* librdkafka's text may repeat the value, which may be a secret */
    return err_new(ERR_BAD_ARGUMENTS,
                   result == RD_KAFKA_CONF_UNKNOWN
                       ? "librdkafka has no property \"%s\"; its CONFIGURATION.md lists them"
                       : "librdkafka refuses the value of property \"%s\"",
                   shown);
}

/* Properties that sources depend on: nobody may change them. */
static bool is_fixed(const char *name)
{
    static const char *const names[] = {
        "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset",   "enable.partition.eof",
        "group.id",           "bootstrap.servers",        "metadata.broker.list"};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        if (strcmp(names[k], name) == 0) {
            return true;
        }
    }
    return false;
}

struct err *kafka_consumer(const struct kafka_options *options, const char *group, uint64_t queue_bytes,
                           void (*on_error)(rd_kafka_t *kafka, int code, const char *reason, void *opaque),
                           void *opaque, rd_kafka_t **out)
{
    struct err *err = NULL;
    char queue_kbytes[32], fetch_bytes[32], text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    uint64_t kbytes = queue_bytes / 1024 == 0 ? 1 : queue_bytes / 1024;
    uint64_t fetch = queue_bytes < FETCH_BYTES_MIN   ? FETCH_BYTES_MIN
                     : queue_bytes > FETCH_BYTES_MAX ? FETCH_BYTES_MAX
                                                     : queue_bytes;
    (void)snprintf(queue_kbytes, sizeof(queue_kbytes), "%llu", (unsigned long long)kbytes);
    (void)snprintf(fetch_bytes, sizeof(fetch_bytes), "%llu", (unsigned long long)fetch);
    OR_DONE(set(conf, "bootstrap.servers", options->brokers, "brokers"));
    OR_DONE(set(conf, "group.id", group, "group.id"));
    OR_DONE(set(conf, "client.id", "weir", "client.id"));
    OR_DONE(set(conf, "enable.auto.commit", "false", "enable.auto.commit"));
    OR_DONE(set(conf, "enable.auto.offset.store", "false", "enable.auto.offset.store"));
    OR_DONE(set(conf, "auto.offset.reset", "error", "auto.offset.reset"));
    OR_DONE(set(conf, "enable.partition.eof", "true", "enable.partition.eof"));
    OR_DONE(set(conf, "isolation.level", "read_committed", "isolation.level"));
    OR_DONE(set(conf, "queued.max.messages.kbytes", queue_kbytes, "queued.max.messages.kbytes"));
    OR_DONE(set(conf, "queued.min.messages", "1000000", "queued.min.messages"));
    OR_DONE(set(conf, "fetch.message.max.bytes", fetch_bytes, "fetch.message.max.bytes"));
    /* while one partition's fetch waits for more, the broker's other partitions wait with it */
    OR_DONE(set(conf, "fetch.wait.max.ms", "50", "fetch.wait.max.ms"));
    OR_DONE(set(conf, "fetch.error.backoff.ms", "20", "fetch.error.backoff.ms"));
    OR_DONE(set(conf, "reconnect.backoff.max.ms", "1000", "reconnect.backoff.max.ms"));
    OR_DONE(set(conf, "topic.metadata.refresh.interval.ms", "5000", "topic.metadata.refresh.interval.ms"));
    OR_DONE(set(conf, "topic.metadata.propagation.max.ms", "0", "topic.metadata.propagation.max.ms"));
    OR_DONE(set(conf, "log_level", "0", "log_level"));
    /* newer versions wait a second when a queue was full */
    (void)rd_kafka_conf_set(conf, "fetch.queue.backoff.ms", "5", text, sizeof(text));
    for (uint32_t k = 0; k < options->property_count; k++) {
        char name[128];
        if (options->properties[k].name.length >= sizeof(name)) {
            err = err_new(ERR_BAD_ARGUMENTS, "a property's name has more than %zu bytes", sizeof(name) - 1);
            goto done;
        }
        memcpy(name, options->properties[k].name.data, options->properties[k].name.length);
        name[options->properties[k].name.length] = 0;
        if (is_fixed(name)) {
            err = err_new(ERR_BAD_ARGUMENTS, "the property kafka.%s cannot be set: exactly-once depends on it", name);
            goto done;
        }
        OR_DONE(set(conf, name, options->properties[k].value.data, name));
    }
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_opaque(conf, opaque);
    rd_kafka_t *kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof(text));
    if (kafka == NULL) {
        err = err_new(ERR_BAD_ARGUMENTS, "librdkafka cannot start: %s", text);
        goto done;
    }
    conf = NULL; /* the client's now */
    (void)rd_kafka_poll_set_consumer(kafka);
    *out = kafka;
done:
    if (conf != NULL) {
        rd_kafka_conf_destroy(conf);
    }
    return err;
}

struct err *kafka_partitions(rd_kafka_t *kafka, const struct kafka_options *options, const char *topic, int timeout_ms,
                             int32_t *count)
{
    const struct rd_kafka_metadata *metadata = NULL;
    struct err *err = NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(kafka, topic, NULL);
    if (handle == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "\"%s\" is no name of a topic: %s", topic,
                       rd_kafka_err2str(rd_kafka_last_error()));
    }
    rd_kafka_resp_err_t result = rd_kafka_metadata(kafka, 0, handle, &metadata, timeout_ms);
    if (result != RD_KAFKA_RESP_ERR_NO_ERROR) {
        err = err_new(ERR_CANNOT_CONNECT, "no broker of %s answers (%s); check brokers, network and security settings",
                      options->brokers, rd_kafka_err2str(result));
    } else if (metadata->topic_cnt != 1 || metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR ||
               metadata->topics[0].partition_cnt == 0) {
        err = err_new(ERR_UNKNOWN_TABLE, "the brokers %s have no topic \"%s\" (%s); create it, or correct its name",
                      options->brokers, topic,
                      metadata->topic_cnt == 1 ? rd_kafka_err2str(metadata->topics[0].err) : "no answer for it");
    } else {
        *count = metadata->topics[0].partition_cnt;
    }
    if (metadata != NULL) {
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(handle);
    return err;
}

/* A partition without a leader gets one in a moment: its broker has just begun, or ended. */
static bool leader_moves(rd_kafka_resp_err_t result)
{
    return result == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || result == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
}

rd_kafka_resp_err_t kafka_end(rd_kafka_t *kafka, const char *topic, int32_t partition, int64_t which, int timeout_ms,
                              int64_t *out)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *one = rd_kafka_topic_partition_list_add(list, topic, partition);
    one->offset = which;
    rd_kafka_resp_err_t result = rd_kafka_offsets_for_times(kafka, list, timeout_ms < 1 ? 1 : timeout_ms);
    result = result == RD_KAFKA_RESP_ERR_NO_ERROR ? one->err : result;
    *out = one->offset;
    rd_kafka_topic_partition_list_destroy(list);
    return result == RD_KAFKA_RESP_ERR_NO_ERROR && *out < 0 ? RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE : result;
}

struct err *kafka_watermarks(rd_kafka_t *kafka, const char *topic, int32_t partition, int timeout_ms, int64_t *low,
                             int64_t *high)
{
    uint64_t begin_us = clock_monotonic_us(), passed_ms = 0;
    rd_kafka_resp_err_t result;
    while (true) {
        int left_ms = timeout_ms - (int)passed_ms;
        result = kafka_end(kafka, topic, partition, RD_KAFKA_OFFSET_BEGINNING, left_ms, low);
        result = result == RD_KAFKA_RESP_ERR_NO_ERROR
                     ? kafka_end(kafka, topic, partition, RD_KAFKA_OFFSET_END, left_ms, high)
                     : result;
        passed_ms = (clock_monotonic_us() - begin_us) / 1000 + LEADER_PAUSE_MS;
        if (!leader_moves(result) || passed_ms >= (uint64_t)timeout_ms) {
            break;
        }
        (void)usleep(LEADER_PAUSE_MS * 1000);
    }
    return result == RD_KAFKA_RESP_ERR_NO_ERROR
               ? NULL
               : err_new(ERR_CANNOT_CONNECT, "the offsets of topic \"%s\", partition %d cannot be read: %s", topic,
                         partition, rd_kafka_err2str(result));
}

struct slice kafka_stream(struct arena *arena, rd_kafka_t *kafka, const struct kafka_options *options,
                          const char *topic, int timeout_ms)
{
    char *cluster = rd_kafka_clusterid(kafka, timeout_ms);
    char *text = arena_format(arena, "%s/%s", cluster == NULL ? options->brokers : cluster, topic);
    if (cluster != NULL) {
        rd_kafka_mem_free(kafka, cluster);
    }
    return text == NULL ? (struct slice){0} : slice_text(text);
}

void kafka_headers_text(const rd_kafka_message_t *message, struct buffer *out)
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
