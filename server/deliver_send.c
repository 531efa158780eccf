/*
 * deliver_send.c: a batch as a request to Alertmanager or a webhook, or as lines of a file.
 *
 * signature   X-Weir-Signature: sha256=HMAC(secret, body); against replay X-Weir-Timestamp: seconds since 1970, and
 *             X-Weir-Timestamp-Signature: sha256=HMAC(secret, timestamp "." body)
 * safety      http and https alone, no redirects, no proxy of the environment; answers are read up to ANSWER_BYTES_MAX and only
 *             shown in errors
 */
#include "base/clock.h"
#include "base/failpoint.h"
#include "server/deliver_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

FAILPOINT(deliver_send);   /* before a batch goes out */
FAILPOINT(deliver_answer); /* the receiver has it, nobody here knows */

#define ANSWER_BYTES_MAX   ((size_t)1 << 20)
#define ANSWER_BYTES_SHOWN ((size_t)200)
#define USER_AGENT         "Weir/" WEIR_VERSION

static size_t receive(char *data, size_t size, size_t count, void *user)
{
    struct buffer *answer = user;
    size_t bytes = size * count;
    if (answer->length + bytes > ANSWER_BYTES_MAX) {
        return 0; /* nobody answers a notification at such length */
    }
    buffer_append(answer, data, bytes);
    return answer->failed ? 0 : bytes;
}

/* The URL that requests go to: Alertmanager's is its base. */
static struct err *set_url(struct receiver *receiver)
{
    static const char path[] = "/api/v2/alerts";
    struct buffer url = {0};
    size_t length = strlen(receiver->config->url);
    if (receiver->config->kind == RECEIVER_ALERTMANAGER) {
        while (length > 0 && receiver->config->url[length - 1] == '/') {
            length--;
        }
    }
    buffer_append(&url, receiver->config->url, length);
    bool whole = length >= strlen(path) && memcmp(url.data + length - strlen(path), path, strlen(path)) == 0;
    buffer_text(&url, receiver->config->kind == RECEIVER_ALERTMANAGER && !whole ? path : "");
    buffer_char(&url, 0);
    CURLcode code = url.failed ? CURLE_OUT_OF_MEMORY : curl_easy_setopt(receiver->easy, CURLOPT_URL, url.data);
    buffer_deinit(&url);
    return code == CURLE_OK ? NULL : err_oom();
}

static struct err *set_options(struct receiver *receiver)
{
    const struct receiver_config *config = receiver->config;
    CURL *easy = receiver->easy;
    const long timeout_ms = (long)(config->timeout_us / 1000);
    CURLcode codes[] = {
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L),
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L),
        curl_easy_setopt(easy, CURLOPT_PROXY, ""),
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms),
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms),
        curl_easy_setopt(easy, CURLOPT_USERAGENT, USER_AGENT),
        curl_easy_setopt(easy, CURLOPT_POST, 1L),
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive),
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &receiver->answer),
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, receiver->curl_error),
        curl_easy_setopt(easy, CURLOPT_PRIVATE, receiver),
        config->ca_file[0] == 0 ? CURLE_OK : curl_easy_setopt(easy, CURLOPT_CAINFO, config->ca_file),
        config->user[0] == 0 ? CURLE_OK : curl_easy_setopt(easy, CURLOPT_USERNAME, config->user),
        config->user[0] == 0 ? CURLE_OK : curl_easy_setopt(easy, CURLOPT_PASSWORD, config->password),
    };
    for (size_t k = 0; k < sizeof(codes) / sizeof(codes[0]); k++) {
        if (codes[k] != CURLE_OK) {
            return err_new(ERR_BAD_ARGUMENTS, "setting up the receiver \"%s\": %s", config->name,
                           curl_easy_strerror(codes[k]));
        }
    }
    return set_url(receiver);
}

struct err *receiver_open(struct deliver *deliver, struct receiver *receiver)
{
    (void)deliver;
    receiver->file = -1;
    if (receiver->config->kind == RECEIVER_FILE) {
        return NULL;
    }
    receiver->easy = curl_easy_init();
    return receiver->easy == NULL ? err_oom() : set_options(receiver);
}

static void close_file(struct receiver *receiver)
{
    if (receiver->file > STDERR_FILENO) {
        (void)close(receiver->file);
    }
    receiver->file = -1;
}

void receiver_close(struct receiver *receiver)
{
    close_file(receiver);
    curl_slist_free_all(receiver->headers);
    curl_easy_cleanup(receiver->easy);
    receiver->headers = NULL;
    receiver->easy = NULL;
    buffer_deinit(&receiver->body);
    buffer_deinit(&receiver->answer);
}

/* ---- bodies */

/* Prometheus' rule: so long an alert goes on when nothing more is heard of it. */
static int64_t ends_at(const struct deliver *deliver, const struct notice *notice)
{
    int64_t step_us = notice->interval_us > deliver->config.resend_us ? notice->interval_us : deliver->config.resend_us;
    return notice->resolved ? notice->ends_at_us : clock_wall_us() + 4 * step_us;
}

static void write_alertmanager(struct deliver *deliver, struct receiver *receiver)
{
    buffer_char(&receiver->body, '[');
    for (uint32_t k = 0; k < receiver->batch_count; k++) {
        struct notice notice = receiver->batch[k].item->notice;
        struct arena *arena = arena_create(NULL);
        struct labels merged = notice.labels;
        struct err *err = arena == NULL
                              ? err_oom()
                              : labels_merge(arena, &deliver->config.external_labels, &notice.labels, false, &merged);
        receiver->body.failed = receiver->body.failed || err != NULL;
        if (err == NULL) {
            notice.labels = merged;
            buffer_text(&receiver->body, k > 0 ? "," : "");
            notice_alertmanager(&receiver->body, &notice, ends_at(deliver, &notice));
        }
        err_free(err);
        arena_destroy(arena);
    }
    buffer_char(&receiver->body, ']');
}

static void write_body(struct deliver *deliver, struct receiver *receiver)
{
    const struct notice *notices[DELIVER_BATCH_MAX];
    receiver->body.length = 0;
    receiver->body.failed = false;
    switch (receiver->config->kind) {
    case RECEIVER_ALERTMANAGER:
        write_alertmanager(deliver, receiver);
        break;
    case RECEIVER_WEBHOOK:
        for (uint32_t k = 0; k < receiver->batch_count; k++) {
            notices[k] = &receiver->batch[k].item->notice;
        }
        notice_webhook(&receiver->body, notices, receiver->batch_count, slice_text(receiver->config->name),
                       deliver_external_url(deliver));
        break;
    case RECEIVER_FILE:
        for (uint32_t k = 0; k < receiver->batch_count; k++) {
            notice_line(&receiver->body, &receiver->batch[k].item->notice, clock_wall_us());
        }
        break;
    }
}

/* ---- requests */

static bool add_header(struct receiver *receiver, const char *text)
{
    struct curl_slist *longer = curl_slist_append(receiver->headers, text);
    receiver->headers = longer == NULL ? receiver->headers : longer;
    return longer != NULL;
}

static bool add_signature(struct receiver *receiver, const char *name, const char *before)
{
    unsigned char code[crypto_auth_hmacsha256_BYTES];
    char hex[2 * sizeof(code) + 1], line[160];
    const char *secret = receiver->config->secret;
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)before, strlen(before));
    (void)crypto_auth_hmacsha256_update(&state, (const unsigned char *)receiver->body.data, receiver->body.length);
    (void)crypto_auth_hmacsha256_final(&state, code);
    (void)sodium_bin2hex(hex, sizeof(hex), code, sizeof(code));
    (void)snprintf(line, sizeof(line), "%s: sha256=%s", name, hex);
    return add_header(receiver, line);
}

static bool write_headers(struct receiver *receiver)
{
    const struct receiver_config *config = receiver->config;
    char line[64], stamp[32];
    bool good;
    curl_slist_free_all(receiver->headers);
    receiver->headers = NULL;
    good = add_header(receiver, "Content-Type: application/json") && add_header(receiver, "Expect:");
    if (config->bearer[0] != 0) {
        struct buffer bearer = {0};
        buffer_printf(&bearer, "Authorization: Bearer %s", config->bearer);
        buffer_char(&bearer, 0);
        good = good && !bearer.failed && add_header(receiver, bearer.data);
        buffer_deinit(&bearer);
    }
    if (config->kind == RECEIVER_WEBHOOK) {
        (void)snprintf(stamp, sizeof(stamp), "%lld.", (long long)(clock_wall_us() / 1000000));
        (void)snprintf(line, sizeof(line), "X-Weir-Timestamp: %.*s", (int)strlen(stamp) - 1, stamp);
        good = good && add_header(receiver, line);
        if (config->secret[0] != 0) {
            good = good && add_signature(receiver, "X-Weir-Signature", "") &&
                   add_signature(receiver, "X-Weir-Timestamp-Signature", stamp);
        }
    }
    return good;
}

static bool out_of_memory(struct ending *ending)
{
    *ending = (struct ending){.outcome = DELIVERY_RETRY, .error = "memory is out"};
    return false;
}

static bool open_file(struct receiver *receiver, struct ending *ending)
{
    const char *path = receiver->config->url;
    receiver->written = 0;
    if (strcmp(path, "-") == 0) {
        receiver->file = STDOUT_FILENO;
        return true;
    }
    receiver->file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
    if (receiver->file < 0) {
        *ending = (struct ending){.outcome = DELIVERY_RETRY};
        char message[100];
        (void)snprintf(ending->error, sizeof(ending->error), "opening the file: %s",
                       strerror_r(errno, message, sizeof(message)));
    }
    return receiver->file >= 0;
}

bool receiver_send(struct deliver *deliver, struct receiver *receiver, struct ending *ending)
{
    if (failpoint_hit(&failpoint_deliver_send) == FAILPOINT_EIO) {
        *ending = (struct ending){.outcome = DELIVERY_RETRY, .error = "a failpoint"};
        return false;
    }
    write_body(deliver, receiver);
    if (receiver->body.failed) {
        return out_of_memory(ending);
    }
    if (receiver->config->kind == RECEIVER_FILE) {
        return open_file(receiver, ending);
    }
    if (!write_headers(receiver)) {
        return out_of_memory(ending);
    }
    receiver->answer.length = 0;
    receiver->answer.failed = false;
    receiver->curl_error[0] = 0;
    if (curl_easy_setopt(receiver->easy, CURLOPT_HTTPHEADER, receiver->headers) != CURLE_OK ||
        curl_easy_setopt(receiver->easy, CURLOPT_POSTFIELDS, receiver->body.data) != CURLE_OK ||
        curl_easy_setopt(receiver->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)receiver->body.length) != CURLE_OK ||
        curl_multi_add_handle(deliver->multi, receiver->easy) != CURLM_OK) {
        return out_of_memory(ending);
    }
    return true;
}

void receiver_answer(struct receiver *receiver, CURLcode code, struct ending *ending)
{
    long status = 0;
    curl_off_t retry_after_s = 0;
    (void)failpoint_hit(&failpoint_deliver_answer);
    (void)curl_easy_getinfo(receiver->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(receiver->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    *ending = (struct ending){.http_status = (uint32_t)status, .outcome = DELIVERY_RETRY};
    if (code != CURLE_OK) {
        const char *why = receiver->curl_error[0] != 0 ? receiver->curl_error : curl_easy_strerror(code);
        ending->http_status = 0;
        slice_copy(ending->error, sizeof(ending->error), slice_text(why));
        return;
    }
    if (status >= 200 && status < 300) {
        ending->outcome = DELIVERY_DELIVERED;
        return;
    }
    bool again = status >= 500 || status == 408 || status == 425 || status == 429;
    struct slice shown = slice_cut(buffer_all(&receiver->answer), ANSWER_BYTES_SHOWN);
    ending->outcome = again ? DELIVERY_RETRY : DELIVERY_REFUSED;
    ending->retry_after_us = retry_after_s > 0 && retry_after_s < 86400 ? (uint64_t)retry_after_s * 1000000 : 0;
    (void)snprintf(ending->error, sizeof(ending->error), "HTTP %ld%s%.*s", status, shown.length > 0 ? ": " : "",
                   SLICE_ARG(shown));
    for (char *c = ending->error; *c != 0; c++) {
        *c = (unsigned char)*c < 0x20 ? ' ' : *c;
    }
}

bool receiver_write(struct receiver *receiver, struct ending *ending)
{
    struct pollfd writable = {.fd = receiver->file, .events = POLLOUT};
    *ending = (struct ending){.outcome = DELIVERY_DELIVERED};
    while (receiver->written < receiver->body.length) {
        size_t left = receiver->body.length - receiver->written;
        if (poll(&writable, 1, 0) == 0) {
            return false; /* a pipe that nobody reads just now */
        }
        ssize_t bytes =
            write(receiver->file, receiver->body.data + receiver->written, left < PIPE_BUF ? left : PIPE_BUF);
        if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) {
            return false;
        }
        if (bytes < 0) {
            char message[100];
            ending->outcome = DELIVERY_RETRY;
            (void)snprintf(ending->error, sizeof(ending->error), "writing the file: %s",
                           strerror_r(errno, message, sizeof(message)));
            break;
        }
        receiver->written += (size_t)bytes;
    }
    (void)failpoint_hit(&failpoint_deliver_answer);
    close_file(receiver);
    return true;
}
