/*
 * kafka.h: what the sources and kafka() share of librdkafka: configuration, clients, metadata.
 *
 * thread   any
 */
#ifndef INGEST_KAFKA_H
#define INGEST_KAFKA_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "sql/define.h"

#include <librdkafka/rdkafka.h>

#include <stdint.h>

/* What FROM KAFKA (…) says. Texts live in the arena that it was read into. */
struct kafka_options {
    const char *brokers;
    const char **topics; /* topic = 'a' or 'a, b' */
    uint32_t topic_count;
    const struct source_setting *properties; /* kafka.…, without the prefix checked */
    uint32_t property_count;
};

/* Reads brokers, topic and kafka.… properties; an unknown or missing one is an error that names it. Secrets are never
 * part of an error. */
struct err *kafka_options_read(struct arena *arena, const struct source_setting *properties, uint32_t count,
                               struct kafka_options *out);

/* A consumer for explicit assignment: nothing is committed, stored or reset by itself (docs/SOURCES.md). group: for
 * commits of offsets. queue_bytes: bound of each partition's queue, also of an answer to a fetch. error_text: last
 * error of its background threads, kept by the caller's callback. errors: a property that librdkafka refuses. */
struct err *kafka_consumer(const struct kafka_options *options, const char *group, uint64_t queue_bytes,
                           void (*on_error)(rd_kafka_t *kafka, int code, const char *reason, void *opaque),
                           void *opaque, rd_kafka_t **out);

/* Number of partitions of a topic. ERR_CANNOT_CONNECT: no broker answers; ERR_UNKNOWN_TABLE: no such topic. */
struct err *kafka_partitions(rd_kafka_t *kafka, const struct kafka_options *options, const char *topic, int timeout_ms,
                             int32_t *count);
/* Where the partition's log begins or ends (which: RD_KAFKA_OFFSET_BEGINNING, RD_KAFKA_OFFSET_END), as its leader says
 * now. Not rd_kafka_query_watermark_offsets: librdkafka before 2.3 waits for it as long as the leader's broker is away,
 * whatever the timeout. */
rd_kafka_resp_err_t kafka_end(rd_kafka_t *kafka, const char *topic, int32_t partition, int64_t which, int timeout_ms,
                              int64_t *out);
/* Low and high watermark of a partition. One that has no leader is asked again while there is time. */
struct err *kafka_watermarks(rd_kafka_t *kafka, const char *topic, int32_t partition, int timeout_ms, int64_t *low,
                             int64_t *high);
/* "<cluster id>/<topic>", in the arena; the brokers' text for a broker that does not tell its cluster's id. */
struct slice kafka_stream(struct arena *arena, rd_kafka_t *kafka, const struct kafka_options *options,
                          const char *topic, int timeout_ms);

/* The message's headers, "name=value" a line each. */
void kafka_headers_text(const rd_kafka_message_t *message, struct buffer *out);

#endif
