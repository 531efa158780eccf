/*
 * demo.c: a server, a mock Kafka cluster of librdkafka, and a producer that replays flights as a live stream.
 *
 * The stream is the sample's flights at about RATE a second, their times shifted to the present, each with the time at
 * which it is sent. The mock cluster keeps a few MB per partition and forgets the rest, so the producer stays near the
 * reader. The main thread is the producer; the server has its own threads besides.
 */
#include "server/demo.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "ingest/source.h"
#include "server/metric_log.h"
#include "server/run.h"

#include <curl/curl.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#define TOPIC      "flights"
#define PARTITIONS 4
#define RATE       5000U
#define AHEAD_MAX  20000U
#define PORT_TRIES 100U
#define DEPTH_MAX  16 /* of the data directory's folders; also how many of them are open at once */

static const char usage[] =
    "weir demo [FLAGS]: a server with an embedded Kafka; real flights stream through it. Ctrl-C ends it and cleans "
    "up.\n\n"
    "  --seconds N            ends after N seconds (otherwise with Ctrl-C)\n"
    "  --brokers HOST:PORT    a real Kafka instead of the embedded one (makes the topic \"flights\")\n"
    "  --http-port N          8123; the next free one when it is taken\n"
    "  --data FILE            flights, newline-delimited JSON through zstd (examples/flights-300k.ndjson.zst)\n";

struct demo {
    uint64_t seconds; /* 0: until a signal */
    const char *brokers;
    uint32_t port;
    const char *data;
    char directory[512];
    struct server *server;
    char url[64];
    rd_kafka_t *kafka;
    rd_kafka_topic_t *topic;
    struct buffer flights;
    uint64_t produced;
    uint64_t failed;
    int64_t delay_sum;
};

static int fail(struct err *err)
{
    (void)fprintf(stderr, "weir demo: %s\n", err_message(err));
    err_free(err);
    return 1;
}

static struct err *read_flags(struct demo *demo, int argc, char **argv, bool *help)
{
    *demo = (struct demo){.port = 8123, .data = "examples/flights-300k.ndjson.zst"};
    *help = false;
    for (int k = 1; k < argc; k += 2) {
        uint64_t number = 0;
        const char *value = k + 1 < argc ? argv[k + 1] : NULL;
        if (strcmp(argv[k], "--help") == 0 || strcmp(argv[k], "-h") == 0) {
            *help = true;
            return NULL;
        }
        bool is_number = value != NULL && number_parse_u64(slice_text(value), &number);
        if (value == NULL) {
            return err_new(ERR_BAD_ARGUMENTS, "%s is no flag, or needs a value; weir demo --help lists them", argv[k]);
        }
        if (strcmp(argv[k], "--seconds") == 0 && is_number) {
            demo->seconds = number;
        } else if (strcmp(argv[k], "--http-port") == 0 && is_number && number > 0 && number < 65536) {
            demo->port = (uint32_t)number;
        } else if (strcmp(argv[k], "--brokers") == 0) {
            demo->brokers = value;
        } else if (strcmp(argv[k], "--data") == 0) {
            demo->data = value;
        } else {
            return err_new(ERR_BAD_ARGUMENTS, "%s %s is no flag of weir demo; --help lists them", argv[k], value);
        }
    }
    return NULL;
}

/* ---- the flights */

static struct err *read_flights(struct demo *demo)
{
    struct err *err = NULL;
    FILE *file = fopen(demo->data, "re");
    ZSTD_DStream *stream = ZSTD_createDStream();
    char in[65536], out[65536];
    if (file == NULL || stream == NULL) {
        err = file == NULL
                  ? err_errno(ERR_OPEN_FILE, errno,
                              "reading the flights \"%s\" (run from the project's folder, or give --data)", demo->data)
                  : err_oom();
        goto done;
    }
    for (size_t bytes = sizeof(in); bytes == sizeof(in);) {
        bytes = fread(in, 1, sizeof(in), file);
        ZSTD_inBuffer input = {in, bytes, 0};
        while (input.pos < input.size) {
            ZSTD_outBuffer output = {out, sizeof(out), 0};
            size_t result = ZSTD_decompressStream(stream, &output, &input);
            if (ZSTD_isError(result)) {
                err = err_new(ERR_CORRUPT, "\"%s\" is no zstd file: %s", demo->data, ZSTD_getErrorName(result));
                goto done;
            }
            buffer_append(&demo->flights, out, output.pos);
        }
    }
    if (demo->flights.failed || demo->flights.length == 0) {
        err = demo->flights.failed ? err_oom() : err_new(ERR_CORRUPT, "\"%s\" is empty", demo->data);
    }
done:
    if (file != NULL) {
        (void)fclose(file);
    }
    (void)ZSTD_freeDStream(stream);
    return err;
}

/* ---- asking our own server, as anybody would */

static size_t receive(char *data, size_t size, size_t count, void *opaque)
{
    buffer_append(opaque, data, size * count);
    return size * count;
}

static struct err *ask(struct demo *demo, const char *sql, struct buffer *answer)
{
    struct err *err = NULL;
    long status = 0;
    CURL *curl = curl_easy_init();
    if (curl == NULL) {
        return err_oom();
    }
    answer->length = 0;
    (void)curl_easy_setopt(curl, CURLOPT_URL, demo->url);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, sql);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    CURLcode result = curl_easy_perform(curl);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    buffer_char(answer, 0);
    if (result != CURLE_OK) {
        err = err_new(ERR_CANNOT_CONNECT, "the server does not answer: %s", curl_easy_strerror(result));
    } else if (status != 200) {
        err = err_new(ERR_LOGICAL, "%s: %s", sql, answer->data);
    }
    curl_easy_cleanup(curl);
    return err;
}

static uint64_t ask_number(struct demo *demo, const char *sql)
{
    struct buffer answer = {0};
    struct err *err = ask(demo, sql, &answer);
    uint64_t number = err == NULL ? strtoull(answer.data, NULL, 10) : 0;
    err_free(err);
    buffer_deinit(&answer);
    return number;
}

/* ---- starting */

static struct err *start_server(struct demo *demo)
{
    struct config config;
    struct err *err = NULL;
    uint32_t port = 0;
    const char *folder = getenv("TMPDIR");
    folder = folder == NULL || *folder == 0 ? "/tmp" : folder;
    int length = snprintf(demo->directory, sizeof(demo->directory), "%s/weir-demo-XXXXXX", folder);
    bool fits = length < (int)sizeof(demo->directory);
    if (!fits || mkdtemp(demo->directory) == NULL) {
        err = err_errno(ERR_OPEN_FILE, fits ? errno : ENAMETOOLONG, "making a directory in %s", folder);
        demo->directory[0] = 0;
        return err;
    }
    config_init(&config);
    config.native_port = 0; /* one may be in use */
    (void)snprintf(config.data_dir, sizeof(config.data_dir), "%s", demo->directory);
    (void)snprintf(config.timezone, sizeof(config.timezone), "UTC");
    log_configure(LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
    for (uint32_t k = 0; k < PORT_TRIES; k++) {
        config.http_port = demo->port + k;
        err_free(err);
        err = server_start(&config, &demo->server, &port);
        if (err == NULL) {
            if (k > 0) {
                (void)printf("Port %u is taken; using %u.\n", demo->port, port);
            }
            (void)snprintf(demo->url, sizeof(demo->url), "http://127.0.0.1:%u/", port);
            return NULL;
        }
        if (strstr(err_message(err), "Address already in use") == NULL) {
            return err;
        }
    }
    return err;
}

static struct err *start_kafka(struct demo *demo, char *address, size_t address_bytes)
{
    char text[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    (void)rd_kafka_conf_set(conf, demo->brokers == NULL ? "test.mock.num.brokers" : "bootstrap.servers",
                            demo->brokers == NULL ? "1" : demo->brokers, text, sizeof(text));
    (void)rd_kafka_conf_set(conf, "linger.ms", "5", text, sizeof(text));
    (void)rd_kafka_conf_set(conf, "log_level", "0", text, sizeof(text));
    demo->kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (demo->kafka == NULL) {
        rd_kafka_conf_destroy(conf);
        return err_new(ERR_CANNOT_CONNECT, "librdkafka cannot start: %s", text);
    }
    (void)snprintf(address, address_bytes, "%s", demo->brokers == NULL ? "" : demo->brokers);
    if (demo->brokers == NULL) {
        rd_kafka_mock_cluster_t *cluster = rd_kafka_handle_mock_cluster(demo->kafka);
        if (cluster == NULL ||
            rd_kafka_mock_topic_create(cluster, TOPIC, PARTITIONS, 1) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return err_new(ERR_CANNOT_CONNECT, "the embedded Kafka cannot start");
        }
        (void)snprintf(address, address_bytes, "%s", rd_kafka_mock_cluster_bootstraps(cluster));
    }
    demo->topic = rd_kafka_topic_new(demo->kafka, TOPIC, NULL);
    if (demo->brokers != NULL) {
        /* asking for its metadata makes the topic, where brokers may */
        const struct rd_kafka_metadata *metadata = NULL;
        rd_kafka_resp_err_t result = rd_kafka_metadata(demo->kafka, 0, demo->topic, &metadata, 5000);
        if (result != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return err_new(ERR_CANNOT_CONNECT, "no broker answers at %s: %s", demo->brokers, rd_kafka_err2str(result));
        }
        rd_kafka_metadata_destroy(metadata);
    }
    return NULL;
}

static struct err *create_tables(struct demo *demo, const char *address)
{
    struct err *err = NULL;
    struct buffer answer = {0};
    char sql[1024];
    OR_DONE(ask(
        demo,
        "CREATE TABLE flights (ts DateTime64(3), origin LowCardinality(String), destination LowCardinality(String), "
        "delay Int32, distance UInt32) ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY (origin, ts)",
        &answer));
    (void)snprintf(sql, sizeof(sql),
                   "CREATE SOURCE flights_feed INTO flights FROM KAFKA (brokers = '%s', topic = '" TOPIC "') "
                   "FORMAT JSONEachRow SETTINGS commit_interval_ms = 1000",
                   address);
    OR_DONE(ask(demo, sql, &answer));
    err = ask(demo,
              "CREATE ALERT delays_high AS SELECT origin, round(avg(delay), 1) AS value FROM flights "
              "WHERE ts > now64() - INTERVAL 10 SECOND GROUP BY origin HAVING count() >= 100 AND value > 30 "
              "EVERY 1 SECOND FOR 2 SECOND LABELS (severity = 'page') "
              "ANNOTATIONS (summary = '{{ $labels.origin }}: flights leave {{ $value }} minutes late')",
              &answer);
done:
    buffer_deinit(&answer);
    return err;
}

static void say_hello(const struct demo *demo)
{
    (void)printf(
        "\nFlights stream in: %u a second, from a Kafka topic into durable segments and out of SQL.\n\n"
        "  Open  %sdashboard#flights\n\n"
        "  Try   curl %s -d 'SELECT count(), max(ts) FROM flights'\n"
        "        curl %s -d 'SELECT origin, count() AS n, round(avg(delay), 1) AS delay FROM flights GROUP BY origin "
        "ORDER BY n DESC LIMIT 5 FORMAT PrettyCompact'\n"
        "        curl %s -d 'SELECT partition, first_offset, last_offset, stored, committed_at FROM "
        "system.offset_ledger ORDER BY committed_at DESC LIMIT 8 FORMAT PrettyCompact'\n"
        "        curl %s -d 'SELECT at, labels, from_state, to_state, value FROM system.alert_history ORDER BY at DESC "
        "LIMIT 8 FORMAT PrettyCompact'\n\n",
        RATE, demo->url, demo->url, demo->url, demo->url, demo->url);
    (void)fflush(stdout);
}

/* ---- streaming */

/* The next flight as a message of now; *at moves through the sample, round and round. */
static size_t next_message(struct demo *demo, size_t *at, char *message, size_t bytes)
{
    const char *line = demo->flights.data + *at;
    const char *end = memchr(line, '\n', demo->flights.length - *at);
    end = end == NULL ? demo->flights.data + demo->flights.length : end;
    *at = (size_t)(end - demo->flights.data) + 1 >= demo->flights.length ? 0 : (size_t)(end - demo->flights.data) + 1;
    const char *rest = memchr(line, ',', (size_t)(end - line)); /* behind "ts" */
    int64_t now = clock_wall_us();
    time_t second = (time_t)(now / 1000000);
    struct tm tm;
    char time_text[32];
    (void)gmtime_r(&second, &tm);
    (void)strftime(time_text, sizeof(time_text), "%Y-%m-%d %H:%M:%S", &tm);
    int length = snprintf(message, bytes, "{\"ts\":\"%s.%03u\"%.*s", time_text, (unsigned)(now / 1000 % 1000),
                          rest == NULL ? 1 : (int)(end - rest), rest == NULL ? "}" : rest);
    const char *delay = memmem(line, (size_t)(end - line), "\"delay\":", 8);
    demo->delay_sum += delay == NULL ? 0 : strtol(delay + 8, NULL, 10);
    return (size_t)length;
}

static void stream(struct demo *demo)
{
    char message[1024];
    size_t at = 0;
    uint64_t begin = clock_monotonic_us(), shown = begin, read_rows = 0;
    while (demo->seconds == 0 || clock_monotonic_us() - begin < demo->seconds * 1000000) {
        uint64_t due = (clock_monotonic_us() - begin) * RATE / 1000000;
        while (demo->produced < due && demo->produced - read_rows < AHEAD_MAX) {
            size_t length = next_message(demo, &at, message, sizeof(message));
            if (rd_kafka_produce(demo->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, message, length, NULL, 0,
                                 NULL) != 0) {
                demo->failed++;
                break;
            }
            demo->produced++;
        }
        rd_kafka_poll(demo->kafka, 0);
        uint64_t now = clock_monotonic_us();
        if (demo->produced - read_rows >= AHEAD_MAX / 2 || now - shown > 5000000) {
            read_rows = ask_number(demo, "SELECT count() FROM flights");
        }
        if (now - shown > 5000000) {
            (void)printf("%llu flights sent, %llu visible\n", (unsigned long long)demo->produced,
                         (unsigned long long)read_rows);
            (void)fflush(stdout);
            shown = now;
        }
        metric_log_sample(demo->server);
        if (server_wait_signal(10000) != 0) {
            return;
        }
    }
}

/* Sent, visible, durable: they must be the same. */
static int account(struct demo *demo)
{
    struct buffer answer = {0};
    (void)rd_kafka_flush(demo->kafka, 30000);
    uint64_t until = clock_monotonic_us() + 60000000, visible = 0, durable = 0;
    while (clock_monotonic_us() < until) {
        visible = ask_number(demo, "SELECT count() FROM flights");
        durable = ask_number(demo, "SELECT sum(stored) FROM system.offset_ledger");
        if (visible == demo->produced && durable == demo->produced) {
            break;
        }
        if (server_wait_signal(50000) != 0) {
            break;
        }
    }
    struct err *err = ask(demo, "SELECT sum(delay) FROM flights", &answer);
    long long delay = err == NULL ? strtoll(answer.data, NULL, 10) : 0;
    err_free(err);
    buffer_deinit(&answer);
    bool good =
        demo->brokers != NULL || (visible == demo->produced && durable == demo->produced && delay == demo->delay_sum);
    (void)printf("\n%llu flights sent, %llu visible, %llu durable; sum of delays sent %lld, stored %lld: %s\n",
                 (unsigned long long)demo->produced, (unsigned long long)visible, (unsigned long long)durable,
                 (long long)demo->delay_sum, delay, good ? "nothing lost, nothing doubled" : "THEY DIFFER");
    return good ? 0 : 1;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void clean_up(struct demo *demo)
{
    err_free(server_stop(demo->server));
    if (demo->topic != NULL) {
        rd_kafka_topic_destroy(demo->topic);
    }
    if (demo->kafka != NULL) {
        rd_kafka_destroy(demo->kafka);
    }
    if (demo->directory[0] != 0) {
        if (nftw(demo->directory, remove_entry, DEPTH_MAX, FTW_DEPTH | FTW_PHYS) != 0) {
            (void)fprintf(stderr, "weir demo: %s could not be removed: %s\n", demo->directory, strerror(errno));
        }
    }
    buffer_deinit(&demo->flights);
}

int demo_main(int argc, char **argv)
{
    struct demo demo;
    char address[256] = "";
    bool help;
    int status = 1;
    struct err *err = read_flags(&demo, argc, argv, &help);
    if (err != NULL) {
        (void)fail(err);
        return 2;
    }
    if (help) {
        (void)fputs(usage, stdout);
        return 0;
    }
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    server_block_signals(false);
    OR_DONE(read_flights(&demo));
    OR_DONE(start_server(&demo));
    OR_DONE(start_kafka(&demo, address, sizeof(address)));
    OR_DONE(create_tables(&demo, address));
    say_hello(&demo);
    stream(&demo);
    status = account(&demo);
done:
    if (err != NULL) {
        status = fail(err);
    }
    clean_up(&demo);
    return status;
}
