/*
 * mock.c: a Kafka cluster inside librdkafka, and a producer that feeds it the lines of stdin, line k to partition k mod
 * n.
 *
 * usage    mock TOPIC PARTITIONS URL < events.ndjson
 *          URL answers with the number of rows that have been read so far, for example
 *          http://127.0.0.1:8123/?query=SELECT%20count()%20FROM%20t
 * prints   the bootstrap address, then waits for a line on descriptor 3 before it produces; stops when that is closed
 * limit    the mock keeps about 5 MB per partition and forgets the rest, so the producer never runs further ahead of
 *          the reader than AHEAD_BYTES per partition
 */
#include <curl/curl.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define AHEAD_BYTES ((uint64_t)2500000)

static char answer[64];

static size_t receive(char *data, size_t size, size_t count, void *opaque)
{
    (void)opaque;
    size_t bytes = size * count, length = strlen(answer);
    if (length + bytes < sizeof(answer)) {
        memcpy(answer + length, data, bytes);
        answer[length + bytes] = 0;
    }
    return bytes;
}

static uint64_t rows_read(CURL *curl)
{
    answer[0] = 0;
    return curl_easy_perform(curl) == CURLE_OK ? (uint64_t)strtoull(answer, NULL, 10) : 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fprintf(stderr, "usage: mock TOPIC PARTITIONS URL < events.ndjson\n");
        return 2;
    }
    int partitions = (int)strtol(argv[2], NULL, 10);
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    (void)rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", text, sizeof(text));
    (void)rd_kafka_conf_set(conf, "linger.ms", "2", text, sizeof(text));
    (void)rd_kafka_conf_set(conf, "queue.buffering.max.messages", "1000000", text, sizeof(text));
    rd_kafka_t *kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    rd_kafka_mock_cluster_t *cluster = kafka == NULL ? NULL : rd_kafka_handle_mock_cluster(kafka);
    CURL *curl = curl_easy_init();
    if (cluster == NULL || curl == NULL || partitions < 1 ||
        rd_kafka_mock_topic_create(cluster, argv[1], partitions, 1) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        (void)fprintf(stderr, "mock: cannot start the cluster\n");
        return 1;
    }
    (void)curl_easy_setopt(curl, CURLOPT_URL, argv[3]);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    (void)printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    (void)fflush(stdout);
    char go;
    if (read(3, &go, 1) != 1) {
        return 1;
    }
    rd_kafka_topic_t *topic = rd_kafka_topic_new(kafka, argv[1], NULL);
    char *line = NULL;
    size_t line_bytes = 0;
    ssize_t length;
    uint64_t sent = 0, bytes = 0, read_rows = 0;
    while ((length = getline(&line, &line_bytes, stdin)) > 0) {
        length -= line[length - 1] == '\n';
        while (rd_kafka_produce(topic, (int32_t)(sent % (uint64_t)partitions), RD_KAFKA_MSG_F_COPY, line,
                                (size_t)length, NULL, 0, NULL) != 0) {
            rd_kafka_poll(kafka, 1);
        }
        bytes += (uint64_t)length;
        if (++sent % 1024 == 0) {
            rd_kafka_poll(kafka, 0);
            while ((sent - read_rows) * (bytes / sent) > AHEAD_BYTES * (uint64_t)partitions) {
                rd_kafka_poll(kafka, 1);
                read_rows = rows_read(curl);
            }
        }
    }
    (void)rd_kafka_flush(kafka, 60000);
    while (read(3, &go, 1) > 0) {
    }
    free(line);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(kafka);
    curl_easy_cleanup(curl);
    return 0;
}
