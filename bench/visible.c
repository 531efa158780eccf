/*
 * visible.c: how long after a message is produced does a query see it?
 *
 * usage      visible BROKERS TOPIC PARTITIONS URL EVENTS_PER_SECOND SECONDS
 *            URL asks for max(seq) per partition, e.g.
 *            http://127.0.0.1:8123/?query=SELECT%20partition,max(seq)%20FROM%20t%20GROUP%20BY%20partition
 * messages   {"partition":P,"seq":N,"payload":"…"}, about 290 bytes, paced evenly, in order within each partition
 * method     one thread produces at the rate and notes each message's time; another asks the query again and again
 *            over one kept connection. A message is visible from the first answer whose max(seq) covers it; the
 *            latency is from the call that produced it to the arrival of that answer, so it contains the client's and
 *            the broker's part. The first second is left out. Acknowledgement times of the broker are printed beside,
 *            from the same run.
 * prints     count, p50, p90, p99, max in ms, for visibility and for acknowledgements
 */
#include <curl/curl.h>
#include <librdkafka/rdkafka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PARTITIONS_MAX 64

struct run {
    uint64_t per_partition; /* messages */
    int32_t partitions;
    uint64_t rate;
    _Atomic uint64_t *produced_ns; /* [partition][seq] */
    uint64_t *visible_ns;
    uint64_t *acknowledged_ns;
    atomic_bool producing;
    uint64_t seen[PARTITIONS_MAX];
    char answer[8192];
    size_t answer_bytes;
};

static struct run run;

static uint64_t now_ns(void)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000ULL + (uint64_t)at.tv_nsec;
}

static void delivered(rd_kafka_t *kafka, const rd_kafka_message_t *message, void *opaque)
{
    (void)kafka;
    (void)opaque;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        run.acknowledged_ns[(uintptr_t)message->_private] = now_ns();
    }
}

static void *produce(void *argument)
{
    char **argv = argument;
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    (void)rd_kafka_conf_set(conf, "bootstrap.servers", argv[1], text, sizeof(text));
    (void)rd_kafka_conf_set(conf, "linger.ms", "1", text, sizeof(text));
    (void)rd_kafka_conf_set(conf, "queue.buffering.max.messages", "1000000", text, sizeof(text));
    (void)rd_kafka_conf_set(conf, "acks", "1", text, sizeof(text));
    rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    rd_kafka_t *kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    rd_kafka_topic_t *topic = rd_kafka_topic_new(kafka, argv[2], NULL);
    char filler[241];
    memset(filler, 'x', sizeof(filler) - 1);
    filler[sizeof(filler) - 1] = 0;
    uint64_t begin = now_ns();
    uint64_t total = run.per_partition * (uint64_t)run.partitions;
    for (uint64_t k = 0; k < total;) {
        uint64_t due = (now_ns() - begin) * run.rate / 1000000000ULL;
        for (; k < total && k < due; k++) {
            int32_t partition = (int32_t)(k % (uint64_t)run.partitions);
            uint64_t seq = k / (uint64_t)run.partitions;
            uint64_t index = (uint64_t)partition * run.per_partition + seq;
            char message[400];
            int length = snprintf(message, sizeof(message), "{\"partition\":%d,\"seq\":%llu,\"payload\":\"%s\"}",
                                  partition, (unsigned long long)seq, filler);
            atomic_store_explicit(&run.produced_ns[index], now_ns(), memory_order_release);
            while (rd_kafka_produce(topic, partition, RD_KAFKA_MSG_F_COPY, message, (size_t)length, NULL, 0,
                                    (void *)(uintptr_t)index) != 0) {
                rd_kafka_poll(kafka, 1);
            }
        }
        rd_kafka_poll(kafka, 0);
        (void)nanosleep(&(struct timespec){0, 500000}, NULL);
    }
    (void)rd_kafka_flush(kafka, 60000);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(kafka);
    atomic_store(&run.producing, false);
    return NULL;
}

static size_t receive(char *data, size_t size, size_t count, void *opaque)
{
    (void)opaque;
    size_t bytes = size * count;
    if (run.answer_bytes + bytes >= sizeof(run.answer)) {
        return 0;
    }
    memcpy(run.answer + run.answer_bytes, data, bytes);
    run.answer_bytes += bytes;
    run.answer[run.answer_bytes] = 0;
    return bytes;
}

static uint64_t take_answer(uint64_t at)
{
    uint64_t count = 0;
    for (char *line = run.answer; *line != 0;) {
        char *end;
        unsigned long partition = strtoul(line, &end, 10);
        uint64_t seq = strtoull(end, &end, 10);
        if (end == line || partition >= (unsigned long)run.partitions) {
            break;
        }
        for (uint64_t k = run.seen[partition]; k <= seq && k < run.per_partition; k++) {
            run.visible_ns[partition * run.per_partition + k] = at;
        }
        if (seq + 1 > run.seen[partition]) {
            run.seen[partition] = seq + 1;
        }
        line = *end == '\n' ? end + 1 : end;
    }
    for (int32_t k = 0; k < run.partitions; k++) {
        count += run.seen[k];
    }
    return count;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void print(const char *what, const uint64_t *end_ns)
{
    uint64_t total = run.per_partition * (uint64_t)run.partitions, count = 0;
    uint64_t *latency = malloc(total * sizeof(*latency));
    if (latency == NULL) {
        exit(1);
    }
    uint64_t skip = run.rate / (uint64_t)run.partitions; /* the first second */
    for (uint64_t k = 0; k < total; k++) {
        uint64_t produced = atomic_load_explicit(&run.produced_ns[k], memory_order_relaxed);
        if (k % run.per_partition >= skip && end_ns[k] > produced) {
            latency[count++] = end_ns[k] - produced;
        }
    }
    qsort(latency, count, sizeof(*latency), compare);
    (void)printf("%s count %llu", what, (unsigned long long)count);
    if (count > 0) {
        (void)printf(" p50 %.2f p90 %.2f p99 %.2f max %.2f ms", (double)latency[count / 2] * 1e-6,
                     (double)latency[count * 9 / 10] * 1e-6, (double)latency[count * 99 / 100] * 1e-6,
                     (double)latency[count - 1] * 1e-6);
    }
    (void)printf("\n");
    free(latency);
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        (void)fprintf(stderr, "usage: visible BROKERS TOPIC PARTITIONS URL EVENTS_PER_SECOND SECONDS\n");
        return 2;
    }
    run.partitions = (int32_t)strtol(argv[3], NULL, 10);
    run.rate = strtoull(argv[5], NULL, 10);
    if (run.partitions < 1 || run.partitions > PARTITIONS_MAX || run.rate == 0) {
        (void)fprintf(stderr, "visible: PARTITIONS must be 1 to %d, EVENTS_PER_SECOND more than 0\n", PARTITIONS_MAX);
        return 2;
    }
    run.per_partition = run.rate * (uint64_t)strtoull(argv[6], NULL, 10) / (uint64_t)run.partitions;
    uint64_t total = run.per_partition * (uint64_t)run.partitions;
    run.produced_ns = calloc(total, sizeof(*run.produced_ns));
    run.visible_ns = calloc(total, sizeof(*run.visible_ns));
    run.acknowledged_ns = calloc(total, sizeof(*run.acknowledged_ns));
    CURL *curl = curl_easy_init();
    if (run.produced_ns == NULL || run.visible_ns == NULL || run.acknowledged_ns == NULL || curl == NULL) {
        (void)fprintf(stderr, "visible: out of memory\n");
        return 1;
    }
    (void)curl_easy_setopt(curl, CURLOPT_URL, argv[4]);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    atomic_store(&run.producing, true);
    pthread_t producer;
    if (pthread_create(&producer, NULL, produce, argv) != 0) {
        return 1;
    }
    uint64_t asked = 0, idle_since = 0, seen = 0;
    while (seen < total) {
        run.answer_bytes = 0;
        run.answer[0] = 0;
        if (curl_easy_perform(curl) != CURLE_OK) {
            (void)fprintf(stderr, "visible: the query failed\n");
            return 1;
        }
        uint64_t at = now_ns();
        uint64_t now_seen = take_answer(at);
        asked++;
        if (now_seen != seen || atomic_load(&run.producing)) {
            idle_since = at;
        } else if (at - idle_since > 60000000000ULL) {
            (void)fprintf(stderr, "visible: only %llu of %llu messages became visible\n", (unsigned long long)seen,
                          (unsigned long long)total);
            return 1;
        }
        seen = now_seen;
        (void)nanosleep(&(struct timespec){0, 500000}, NULL);
    }
    (void)pthread_join(producer, NULL);
    print("visible", run.visible_ns);
    print("acknowledged", run.acknowledged_ns);
    (void)printf("queries %llu\n", (unsigned long long)asked);
    curl_easy_cleanup(curl);
    return 0;
}
