/*
 * produce.c: sends the lines of a file to a Kafka topic as fast as the broker takes them, line k to partition k mod n.
 *
 * usage    produce BROKERS TOPIC PARTITIONS < events.ndjson
 * prints   messages and seconds when every message has been acknowledged, then the same for reading all of them
 *          again: the broker is warm after that, as one that runs is; exits 1 when a message is missing
 */
#include <librdkafka/rdkafka.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t failed;

static void delivered(rd_kafka_t *kafka, const rd_kafka_message_t *message, void *opaque)
{
    (void)kafka;
    (void)opaque;
    failed += message->err != RD_KAFKA_RESP_ERR_NO_ERROR;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char text[512];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof(text)) != RD_KAFKA_CONF_OK) {
        (void)fprintf(stderr, "produce: %s\n", text);
        exit(2);
    }
}

static double seconds_since(const struct timespec *begin)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begin->tv_sec) + (double)(now.tv_nsec - begin->tv_nsec) * 1e-9;
}

/* Reads until `expected` messages have come. */
static int read_back(const char *brokers, const char *topic, int32_t partitions, uint64_t expected)
{
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", brokers);
    set(conf, "group.id", "weir-bench-warm");
    set(conf, "enable.auto.commit", "false");
    rd_kafka_t *kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof(text));
    if (kafka == NULL) {
        (void)fprintf(stderr, "produce: %s\n", text);
        return 1;
    }
    rd_kafka_poll_set_consumer(kafka);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
    for (int32_t k = 0; k < partitions; k++) {
        rd_kafka_topic_partition_list_add(list, topic, k)->offset = 0;
    }
    struct timespec begin;
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    (void)rd_kafka_assign(kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(kafka);
    uint64_t read = 0;
    while (read < expected && seconds_since(&begin) < 600) {
        rd_kafka_message_t *batch[1024];
        ssize_t count = rd_kafka_consume_batch_queue(queue, 1000, batch, 1024);
        for (ssize_t k = 0; k < count; k++) {
            read += batch[k]->err == RD_KAFKA_RESP_ERR_NO_ERROR;
            rd_kafka_message_destroy(batch[k]);
        }
    }
    (void)printf("%llu messages read back in %.2f s\n", (unsigned long long)read, seconds_since(&begin));
    rd_kafka_queue_destroy(queue);
    (void)rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    return read == expected ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fprintf(stderr, "usage: produce BROKERS TOPIC PARTITIONS < events.ndjson\n");
        return 2;
    }
    int32_t partitions = (int32_t)strtol(argv[3], NULL, 10);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", argv[1]);
    set(conf, "linger.ms", "20");
    set(conf, "batch.size", "1000000");
    set(conf, "queue.buffering.max.messages", "400000");
    set(conf, "queue.buffering.max.kbytes", "262144");
    set(conf, "compression.type", "none");
    rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    char text[512];
    rd_kafka_t *kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (kafka == NULL || partitions < 1) {
        (void)fprintf(stderr, "produce: %s\n", kafka == NULL ? text : "PARTITIONS must be 1 or more");
        return 2;
    }
    rd_kafka_topic_t *topic = rd_kafka_topic_new(kafka, argv[2], NULL);
    struct timespec begin;
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    char *line = NULL;
    size_t line_bytes = 0;
    ssize_t length;
    uint64_t sent = 0;
    while ((length = getline(&line, &line_bytes, stdin)) > 0) {
        length -= line[length - 1] == '\n';
        while (rd_kafka_produce(topic, (int32_t)(sent % (uint64_t)partitions), RD_KAFKA_MSG_F_COPY, line,
                                (size_t)length, NULL, 0, NULL) != 0) {
            if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
                (void)fprintf(stderr, "produce: %s\n", rd_kafka_err2str(rd_kafka_last_error()));
                return 1;
            }
            rd_kafka_poll(kafka, 10);
        }
        if (++sent % 1024 == 0) {
            rd_kafka_poll(kafka, 0);
        }
    }
    while (rd_kafka_outq_len(kafka) > 0) {
        rd_kafka_poll(kafka, 100);
    }
    (void)printf("%llu messages in %.2f s\n", (unsigned long long)sent, seconds_since(&begin));
    free(line);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(kafka);
    return failed == 0 ? read_back(argv[1], argv[2], partitions, sent) : 1;
}
