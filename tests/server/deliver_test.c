/*
 * deliver_test.c: notifications to receivers of this test: signed, in batches, again after failures, in order, never lost.
 */
#include "base/failpoint.h"
#include "server/config.h"
#include "server/deliver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define REQUESTS_MAX 64U

struct request {
    char path[64];
    char signature[80], timestamp[32], timestamp_signature[80], authorization[64];
    char *body;
    size_t bytes;
};

/* A receiver: keeps what it gets, answers with the next status of its list, then 200. */
struct receiver {
    struct MHD_Daemon *daemon;
    char url[64];
    pthread_mutex_t mutex;
    pthread_cond_t came;
    unsigned answers[REQUESTS_MAX];
    const char *bad; /* a request that holds it gets 400 */
    struct request requests[REQUESTS_MAX];
    uint32_t count;
};

struct deliveries {
    pthread_mutex_t mutex;
    struct delivery rows[1000];
    uint32_t count;
};

static void copy_header(struct MHD_Connection *connection, const char *name, char *to, size_t size)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    (void)snprintf(to, size, "%s", value == NULL ? "" : value);
}

static enum MHD_Result take(void *object, struct MHD_Connection *connection, const char *url, const char *method,
                            const char *version, const char *data, size_t *bytes, void **state)
{
    struct receiver *receiver = object;
    struct request *request = *state;
    (void)version;
    if (request == NULL) {
        assert_string_equal(method, "POST");
        *state = request = calloc(1, sizeof(*request));
        (void)snprintf(request->path, sizeof(request->path), "%s", url);
        copy_header(connection, "X-Weir-Signature", request->signature, sizeof(request->signature));
        copy_header(connection, "X-Weir-Timestamp", request->timestamp, sizeof(request->timestamp));
        copy_header(connection, "X-Weir-Timestamp-Signature", request->timestamp_signature,
                    sizeof(request->timestamp_signature));
        copy_header(connection, "Authorization", request->authorization, sizeof(request->authorization));
        return MHD_YES;
    }
    if (*bytes > 0) {
        request->body = realloc(request->body, request->bytes + *bytes + 1);
        memcpy(request->body + request->bytes, data, *bytes);
        request->bytes += *bytes;
        request->body[request->bytes] = 0;
        *bytes = 0;
        return MHD_YES;
    }
    (void)pthread_mutex_lock(&receiver->mutex);
    bool bad = receiver->bad != NULL && strstr(request->body, receiver->bad) != NULL;
    unsigned status = receiver->count < REQUESTS_MAX ? receiver->answers[receiver->count] : 200;
    status = bad ? 400 : status == 0 ? 200 : status;
    assert_true(receiver->count < REQUESTS_MAX);
    receiver->requests[receiver->count++] = *request;
    (void)pthread_cond_broadcast(&receiver->came);
    (void)pthread_mutex_unlock(&receiver->mutex);
    free(request);
    *state = NULL;
    static char text[] = "no\nthanks";
    struct MHD_Response *response = MHD_create_response_from_buffer(sizeof(text) - 1, text, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static void receiver_start(struct receiver *receiver, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    receiver->daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, take, receiver, MHD_OPTION_SOCK_ADDR, &address,
                         MHD_OPTION_LISTENING_ADDRESS_REUSE, 1, MHD_OPTION_END);
    assert_non_null(receiver->daemon);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(receiver->daemon, MHD_DAEMON_INFO_BIND_PORT);
    (void)snprintf(receiver->url, sizeof(receiver->url), "http://127.0.0.1:%u/", info->port);
}

static struct receiver *receiver_make(void)
{
    struct receiver *receiver = calloc(1, sizeof(*receiver));
    assert_non_null(receiver);
    (void)pthread_mutex_init(&receiver->mutex, NULL);
    (void)pthread_cond_init(&receiver->came, NULL);
    receiver_start(receiver, 0);
    return receiver;
}

static void receiver_free(struct receiver *receiver)
{
    MHD_stop_daemon(receiver->daemon);
    for (uint32_t k = 0; k < receiver->count; k++) {
        free(receiver->requests[k].body);
    }
    free(receiver);
}

/* Waits for so many requests. */
static void receiver_wait(struct receiver *receiver, uint32_t count)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    (void)pthread_mutex_lock(&receiver->mutex);
    while (receiver->count < count) {
        assert_int_equal(pthread_cond_timedwait(&receiver->came, &receiver->mutex, &until), 0);
    }
    (void)pthread_mutex_unlock(&receiver->mutex);
}

static void record(void *object, const struct delivery *rows, uint32_t count)
{
    struct deliveries *deliveries = object;
    (void)pthread_mutex_lock(&deliveries->mutex);
    for (uint32_t k = 0; k < count && deliveries->count < 1000; k++) {
        deliveries->rows[deliveries->count++] = rows[k];
    }
    (void)pthread_mutex_unlock(&deliveries->mutex);
}

static struct deliver *start(const struct config *config, struct deliveries *deliveries)
{
    struct deliver *deliver;
    struct deliver_config read = {0};
    (void)pthread_mutex_init(&deliveries->mutex, NULL);
    assert_null(deliver_config_read(config, &read));
    assert_null(deliver_start(&read, &(struct deliver_hooks){record, deliveries}, &deliver));
    deliver_reached_at(deliver, "127.0.0.1", 8123);
    return deliver;
}

static struct err *give(struct deliver *deliver, const char *name, const char *host, bool resolved, bool restored)
{
    struct label items[] = {{slice_text("alertname"), slice_text(name)}, {slice_text("host"), slice_text(host)}};
    struct notice notice = {.labels = {items, 2},
                            .value = 1,
                            .starts_at_us = 1700000000000000,
                            .ends_at_us = 1700000060000000,
                            .resolved = resolved,
                            .restored = restored};
    notice.fingerprint = labels_fingerprint(&notice.labels);
    return deliver_notice(deliver, &notice);
}

static bool holds(const struct receiver *receiver, uint32_t request, const char *text)
{
    return strstr(receiver->requests[request].body, text) != NULL;
}

static void hmac(const char *before, const struct request *request, char out[80])
{
    unsigned char code[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)"s3cret", 6);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)before, strlen(before));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)request->body, request->bytes);
    crypto_auth_hmacsha256_final(&state, code);
    memcpy(out, "sha256=", 7);
    sodium_bin2hex(out + 7, 65, code, sizeof(code));
}

static char directory[] = "/tmp/deliver_test_XXXXXX";

static void write_config(struct config *config, const char *format, ...)
{
    va_list list;
    (void)snprintf(config->config_file, sizeof(config->config_file), "%s/weir.yml", directory);
    FILE *file = fopen(config->config_file, "we");
    assert_non_null(file);
    va_start(list, format);
    (void)vfprintf(file, format, list);
    va_end(list);
    (void)fclose(file);
}

static void test_webhook(void **state)
{
    (void)state;
    struct receiver *receiver = receiver_make();
    struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
    struct config config = {0};
    char expected[80], before[64];
    write_config(
        &config,
        "http_port: 1\nalerting:\n  external_url: http://weir.example\n  receivers:\n    - {name: team, webhook: "
        "\"%shook\", secret: s3cret, bearer: token}\n",
        receiver->url);
    struct deliver *deliver = start(&config, deliveries);
    assert_null(give(deliver, "X", "a", false, false));
    receiver_wait(receiver, 1);
    assert_null(give(deliver, "X", "a", true, false));
    receiver_wait(receiver, 2);
    deliver_stop(deliver);

    const struct request *request = &receiver->requests[0];
    assert_string_equal(request->path, "/hook");
    assert_string_equal(request->authorization, "Bearer token");
    hmac("", request, expected);
    assert_string_equal(request->signature, expected);
    (void)snprintf(before, sizeof(before), "%s.", request->timestamp);
    hmac(before, request, expected);
    assert_string_equal(request->timestamp_signature, expected);
    assert_true(holds(receiver, 0, "\"status\":\"firing\",\"receiver\":\"team\""));
    assert_true(holds(receiver, 0, "\"externalURL\":\"http://weir.example\""));
    assert_true(holds(receiver, 1, "\"status\":\"resolved\",\"receiver\":\"team\""));
    assert_int_equal(deliveries->count, 2);
    assert_int_equal(deliveries->rows[0].outcome, DELIVERY_DELIVERED);
    assert_int_equal(deliveries->rows[0].http_status, 200);
    assert_true(deliveries->rows[1].resolved);
    free(deliveries);
    receiver_free(receiver);
}

/* 500 is tried again, the resolve waits behind its firing; 400 is not tried again. */
static void test_failures(void **state)
{
    (void)state;
    struct receiver *receiver = receiver_make();
    struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
    struct config config = {0};
    receiver->answers[0] = 500;
    receiver->answers[1] = 503;
    receiver->answers[3] = 404;
    (void)snprintf(config.alert_webhook, sizeof(config.alert_webhook), "%s", receiver->url);
    struct deliver *deliver = start(&config, deliveries);
    assert_null(give(deliver, "X", "a", false, false));
    receiver_wait(receiver, 1);
    assert_null(give(deliver, "X", "a", true, false));
    receiver_wait(receiver, 4); /* 500, 503, firing, resolved: 404 */
    assert_null(give(deliver, "Y", "a", false, false));
    receiver_wait(receiver, 5);
    deliver_stop(deliver);
    for (uint32_t k = 0; k < 3; k++) {
        assert_true(holds(receiver, k, "\"status\":\"firing\""));
        assert_false(holds(receiver, k, "resolved"));
    }
    assert_true(holds(receiver, 3, "\"status\":\"resolved\""));
    assert_true(holds(receiver, 4, "\"alertname\":\"Y\""));
    assert_int_equal(deliveries->count, 5);
    const enum delivery_outcome outcomes[] = {DELIVERY_RETRY, DELIVERY_RETRY, DELIVERY_DELIVERED, DELIVERY_REFUSED,
                                              DELIVERY_DELIVERED};
    for (uint32_t k = 0; k < 5; k++) {
        assert_int_equal(deliveries->rows[k].outcome, outcomes[k]);
    }
    assert_int_equal(deliveries->rows[2].attempt, 3);
    assert_string_equal(deliveries->rows[3].error, "HTTP 404: no thanks");
    free(deliveries);
    receiver_free(receiver);
}

/* Nobody listens; then somebody does. */
static void test_unreachable(void **state)
{
    (void)state;
    struct receiver *receiver = receiver_make(), *good = receiver_make();
    struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
    struct config config = {0};
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(receiver->daemon, MHD_DAEMON_INFO_BIND_PORT);
    uint16_t port = info->port;
    MHD_stop_daemon(receiver->daemon);
    (void)snprintf(config.alert_webhook, sizeof(config.alert_webhook), "%s, %s", receiver->url, good->url);
    struct deliver *deliver = start(&config, deliveries);
    assert_null(give(deliver, "X", "a", false, false));
    receiver_wait(good, 1); /* who is there does not wait for who is not */
    receiver_start(receiver, port);
    receiver_wait(receiver, 1);
    deliver_stop(deliver);
    assert_true(deliveries->count >= 3);
    bool retried = false;
    for (uint32_t k = 0; k < deliveries->count; k++) {
        retried = retried || (deliveries->rows[k].outcome == DELIVERY_RETRY && deliveries->rows[k].http_status == 0 &&
                              deliveries->rows[k].error[0] != 0);
    }
    assert_true(retried);
    free(deliveries);
    receiver_free(receiver);
    receiver_free(good);
}

/* Batches of 256; one alert that Alertmanager refuses does not keep the others back. */
static void test_alertmanager(void **state)
{
    (void)state;
    struct receiver *receiver = receiver_make();
    struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
    struct config config = {0};
    receiver->bad = "\"host\":\"poison\"";
    write_config(&config, "alerting:\n  resend_delay: 1d\n  external_labels: {region: eu, host: none}\n");
    (void)snprintf(config.alertmanager, sizeof(config.alertmanager), "%s", receiver->url);
    struct deliver *deliver = start(&config, deliveries);
    for (uint32_t k = 0; k < 300; k++) {
        char host[16];
        (void)snprintf(host, sizeof(host), "h%u", k);
        assert_null(give(deliver, "X", k == 100 ? "poison" : host, false, false));
    }
    struct deliver_numbers numbers = {.waiting = 1};
    for (uint32_t k = 0; k < 30000 && numbers.waiting > 0; k++) {
        (void)usleep(1000);
        deliver_count(deliver, &numbers);
    }
    deliver_stop(deliver);
    assert_int_equal(numbers.waiting, 0);
    assert_int_equal(numbers.delivered, 299);
    assert_int_equal(numbers.refused, 1);
    uint32_t alerts = 0;
    for (uint32_t k = 0; k < receiver->count; k++) {
        uint32_t in_request = 0;
        assert_string_equal(receiver->requests[k].path, "/api/v2/alerts");
        for (const char *at = receiver->requests[k].body; (at = strstr(at, "\"labels\"")) != NULL; at++) {
            in_request++;
        }
        assert_true(in_request <= 256);
        if (!holds(receiver, k, "poison")) {
            alerts += in_request;
            assert_true(holds(receiver, k, "\"region\":\"eu\""));
            assert_false(holds(receiver, k, "\"host\":\"none\""));
        }
    }
    assert_int_equal(alerts, 299);
    free(deliveries);
    receiver_free(receiver);
}

/* What fires is said again; what was resolved, too; a refresh changes what is said. */
static void test_resend(void **state)
{
    (void)state;
    struct receiver *receiver = receiver_make();
    struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
    struct config config = {0};
    write_config(&config, "alerting:\n  resend_delay: 10ms\n");
    (void)snprintf(config.alertmanager, sizeof(config.alertmanager), "%s", receiver->url);
    struct deliver *deliver = start(&config, deliveries);
    assert_null(give(deliver, "X", "a", false, false));
    receiver_wait(receiver, 2); /* the second is a re-send */
    struct label items[] = {{slice_text("alertname"), slice_text("X")}, {slice_text("host"), slice_text("a")}};
    struct label summary = {slice_text("summary"), slice_text("newer")};
    struct notice notice = {
        .labels = {items, 2}, .annotations = {&summary, 1}, .starts_at_us = 1700000000000000, .refresh = true};
    notice.fingerprint = labels_fingerprint(&notice.labels);
    assert_null(deliver_notice(deliver, &notice));
    (void)pthread_mutex_lock(&receiver->mutex);
    uint32_t seen = receiver->count;
    (void)pthread_mutex_unlock(&receiver->mutex);
    receiver_wait(receiver, seen + 2);
    deliver_stop(deliver);
    assert_false(holds(receiver, 0, "newer"));
    assert_true(holds(receiver, seen + 1, "newer"));
    assert_false(deliveries->rows[0].resend);
    assert_true(deliveries->rows[1].resend);
    free(deliveries);
    receiver_free(receiver);
}

/* After a start: who confirmed does not get it again, who did not does. */
static void test_restored(void **state)
{
    (void)state;
    struct receiver *one = receiver_make(), *two = receiver_make();
    struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
    struct config config = {0};
    (void)snprintf(config.alert_webhook, sizeof(config.alert_webhook), "%s,%s", one->url, two->url);
    struct deliver *deliver = start(&config, deliveries);
    struct label items[] = {{slice_text("alertname"), slice_text("X")}, {slice_text("host"), slice_text("a")}};
    struct labels labels = {items, 2};
    uint64_t fingerprint = labels_fingerprint(&labels);
    assert_null(
        deliver_confirmed(deliver, slice_text("webhook"), fingerprint, 1700000000000000, false, 1700000001000000));
    assert_null(deliver_confirmed(deliver, slice_text("gone"), fingerprint, 1700000000000000, true, 1700000001000000));
    assert_null(give(deliver, "X", "a", false, true));
    receiver_wait(two, 1);
    assert_null(give(deliver, "X", "a", true, true));
    receiver_wait(two, 2);
    receiver_wait(one, 1);
    deliver_stop(deliver);
    assert_int_equal(one->count, 1);
    assert_true(holds(one, 0, "\"status\":\"resolved\""));
    free(deliveries);
    receiver_free(one);
    receiver_free(two);
}

static void test_file(void **state)
{
    (void)state;
    struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
    struct config config = {0};
    char path[64], line[1024];
    (void)snprintf(path, sizeof(path), "%s/alerts.json", directory);
    (void)snprintf(config.alert_file, sizeof(config.alert_file), "%s, /nowhere/alerts.json", path);
    struct deliver *deliver = start(&config, deliveries);
    assert_null(give(deliver, "X", "a", false, false));
    assert_null(give(deliver, "X", "a", true, false));
    deliver_stop(deliver); /* what can go out does */
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    assert_non_null(strstr(line, "\"status\":\"firing\""));
    assert_non_null(fgets(line, sizeof(line), file));
    assert_non_null(strstr(line, "\"status\":\"resolved\""));
    assert_null(fgets(line, sizeof(line), file));
    (void)fclose(file);
    bool failed = false;
    for (uint32_t k = 0; k < deliveries->count; k++) {
        failed = failed || strstr(deliveries->rows[k].error, "opening the file: No such file") != NULL;
    }
    assert_true(failed);
    free(deliveries);
}

/* Above the bound only the newest state of each alert waits; none is lost. */
static void test_full(void **state)
{
    (void)state;
    struct receiver *receiver = receiver_make();
    struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
    struct config config = {0};
    (void)snprintf(config.alert_file, sizeof(config.alert_file), "/nowhere/alerts.json");
    struct deliver *deliver = start(&config, deliveries);
    struct deliver_numbers numbers;
    for (uint32_t k = 0; k < 30000; k++) {
        assert_null(give(deliver, "X", k % 2 == 0 ? "a" : "b", k % 4 >= 2, false));
    }
    deliver_count(deliver, &numbers);
    assert_in_range(numbers.waiting, 2, DELIVER_QUEUE_MAX + 1000);
    assert_int_equal(numbers.waiting + numbers.dropped, 30000);
    assert_int_equal(numbers.receivers_failing, 1);
    deliver_stop(deliver);
    free(deliveries);
    receiver_free(receiver);
}

/* Killed anywhere between the recorded transition and what follows from a confirmation: who recorded it gives it again, and it
 * comes; a second time when the receiver had it already. */
static void test_killed(void **state)
{
    static const struct {
        const char *failpoint;
        uint32_t came; /* before the end */
    } kills[] = {
        {"deliver_notice=kill", 0}, {"deliver_send=kill", 0}, {"deliver_answer=kill", 1}, {"deliver_confirm=kill", 1}};
    (void)state;
    for (size_t k = 0; k < sizeof(kills) / sizeof(kills[0]); k++) {
        struct receiver *receiver = receiver_make();
        struct deliveries *deliveries = calloc(1, sizeof(*deliveries));
        struct config config = {0};
        int status;
        (void)snprintf(config.alert_webhook, sizeof(config.alert_webhook), "%s", receiver->url);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct err *err = failpoint_arm(kills[k].failpoint);
            if (err == NULL) {
                (void)give(start(&config, deliveries), "X", "a", false, false);
                (void)sleep(60);
            }
            _exit(1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_int_equal(receiver->count, kills[k].came);
        struct deliver *deliver = start(&config, deliveries);
        assert_null(give(deliver, "X", "a", false, true));
        receiver_wait(receiver, kills[k].came + 1);
        assert_null(give(deliver, "X", "a", true, true));
        receiver_wait(receiver, kills[k].came + 2);
        deliver_stop(deliver);
        assert_true(holds(receiver, kills[k].came, "\"status\":\"firing\""));
        assert_true(holds(receiver, kills[k].came + 1, "\"status\":\"resolved\""));
        free(deliveries);
        receiver_free(receiver);
    }
}

static void refused(const char *text, const char *expected)
{
    struct config config = {0};
    struct deliver_config read;
    write_config(&config, "%s", text);
    struct err *err = deliver_config_read(&config, &read);
    assert_non_null(err);
    if (strstr(err_message(err), expected) == NULL) {
        fail_msg("%s: %s", text, err_message(err));
    }
    err_free(err);
    deliver_config_deinit(&read);
}

static void test_config(void **state)
{
    (void)state;
    refused("alerting: {receiver: []}", "line 1: alerting has no key \"receiver\"");
    refused("alerting:\n  receivers:\n  - {name: x}", "line 3: a receiver needs a name and one of");
    refused("alerting:\n  receivers:\n  - {name: x, webhook: 'file:///etc/passwd'}",
            "must begin with http:// or https://");
    refused("alerting:\n  receivers:\n  - {name: x, file: a, webhook: 'http://b'}", "needs a name and one of");
    refused("alerting:\n  receivers:\n  - {name: x, file: a}\n  - {name: x, file: b}",
            "line 4: there are two receivers");
    refused("alerting:\n  receivers:\n  - {name: x, file: a, timeout: soon}", "such as 10s; not \"soon\"");
    refused("alerting:\n  external_labels: {9a: b}", "no label can have the name \"9a\"");
    refused("alerting: [1]", "alerting holds keys");
    refused("alerting:\n  receivers:\n  - {name: \"a\\nb\", file: c}", "a value of one line");
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    char path[64];
    (void)state;
    (void)snprintf(path, sizeof(path), "%s/weir.yml", directory);
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s/alerts.json", directory);
    (void)unlink(path);
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_webhook),      cmocka_unit_test(test_failures), cmocka_unit_test(test_unreachable),
        cmocka_unit_test(test_alertmanager), cmocka_unit_test(test_resend),   cmocka_unit_test(test_restored),
        cmocka_unit_test(test_file),         cmocka_unit_test(test_full),     cmocka_unit_test(test_config),
        cmocka_unit_test(test_killed),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
