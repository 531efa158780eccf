/*
 * http_fuzz.c: any bytes to a whole server over a real connection: HTTP, parameters, SQL, bodies, formats.
 *
 * input    a byte that says how to read the rest: 0 mod 4: sent as it is. Else as parts, cut at bytes 0x01: parameters
 *          of the URL, headers, body, of a request whose frame is right (1: GET; 2: POST with a length; 3: chunked).
 * checks   the server survives, and answers /ping afterwards; a server lives for SERVER_INPUTS inputs, then
 *          it stops cleanly, and a new one starts with an empty directory
 */
#include "base/log.h"
#include "base/text.h"
#include "server/config.h"
#include "server/http.h"
#include "server/run.h"
#include "tests/fuzz/require.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_INPUTS 4000U
#define REPLY_MAX     ((size_t)1 << 20)
/* Only a hang reaches it, or a query on a very slow machine: they end after max_execution_time_s. */
#define PATIENCE_MS 60000
/* Of requests that may be no whole ones: the server may wait for the rest. */
#define RAW_PATIENCE_MS 5

static struct server *server;
static uint32_t port;
static uint32_t inputs;
static char folder[] = "/tmp/weir-http-fuzz-XXXXXX";

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void start_server(void)
{
    struct config config;
    config_init(&config);
    (void)snprintf(config.data_dir, sizeof(config.data_dir), "%s/data", folder);
    config.http_port = config.native_port = 0;
    config.threads = 1;
    config.max_execution_time_s = 1;
    config.query_memory_max = (uint64_t)256 << 20;
    config.queries_memory_max = (uint64_t)256 << 20;
    config.ingest_memory_max = (uint64_t)64 << 20;
    config.block_cache_bytes = (uint64_t)16 << 20;
    struct err *err = server_start(&config, &server, &port);
    if (err != NULL) {
        (void)fprintf(stderr, "%s\n", err_message(err));
    }
    REQUIRE(err == NULL);
}

static void stop_server(void)
{
    struct err *err = server_stop(server);
    if (err != NULL) {
        (void)fprintf(stderr, "%s\n", err_message(err));
    }
    REQUIRE(err == NULL);
    server = NULL;
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void leave(void)
{
    if (server != NULL) {
        stop_server();
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    (void)signal(SIGPIPE, SIG_IGN);
    log_configure(LOG_LEVEL_NONE, LOG_FORMAT_TEXT);
    http_stress(8); /* statements and rows straddle steps */
    REQUIRE(mkdtemp(folder) != NULL);
    start_server();
    (void)atexit(leave);
    return 0;
}

/* Sends all and reads until the server hangs up, has answered as much as anybody wants, or is silent for patience_ms.
 * The first bytes into reply. */
static size_t talk(const char *bytes, size_t size, int patience_ms, char *reply, size_t reply_max)
{
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connection >= 0 && connect(connection, (struct sockaddr *)&address, sizeof(address)) == 0);
    size_t sent = 0, got = 0;
    bool sending = true;
    char buffer[65536];
    for (;;) {
        if (sending && sent == size) {
            (void)shutdown(connection, SHUT_WR);
            sending = false;
        }
        struct pollfd descriptor = {.fd = connection, .events = (short)(POLLIN | (sending ? POLLOUT : 0))};
        int ready = poll(&descriptor, 1, patience_ms);
        if (ready <= 0) {
            break;
        }
        if ((descriptor.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            ssize_t count = recv(connection, buffer, sizeof(buffer), 0);
            if (count <= 0) {
                break;
            }
            size_t kept = got >= reply_max ? 0 : (size_t)count < reply_max - got ? (size_t)count : reply_max - got;
            memcpy(reply + (got < reply_max ? got : 0), buffer, kept);
            got += (size_t)count;
            if (got > REPLY_MAX) {
                break;
            }
        } else if (sending && (descriptor.revents & POLLOUT) != 0) {
            ssize_t count = send(connection, bytes + sent, size - sent, MSG_DONTWAIT);
            if (count < 0) {
                sending = false;
            } else {
                sent += (size_t)count;
            }
        }
    }
    (void)close(connection);
    return got < reply_max ? got : reply_max;
}

/* Up to the next cut. */
static struct slice next_part(const uint8_t **data, size_t *size)
{
    const uint8_t *cut = memchr(*data, 1, *size);
    size_t length = cut == NULL ? *size : (size_t)(cut - *data);
    struct slice part = slice_of((const char *)*data, length);
    size_t used = cut == NULL ? length : length + 1;
    *data += used;
    *size -= used;
    return part;
}

/* Bytes that may stand in a URL stay; others are escaped. */
static void put_url(struct buffer *out, struct slice text)
{
    for (size_t k = 0; k < text.length; k++) {
        unsigned char byte = (unsigned char)text.data[k];
        if (byte > ' ' && byte < 127 && byte != '#') {
            buffer_char(out, (char)byte);
        } else {
            buffer_printf(out, "%%%02X", byte);
        }
    }
}

static void put_request(struct buffer *out, uint8_t kind, const uint8_t *data, size_t size)
{
    struct slice parameters = next_part(&data, &size), headers = next_part(&data, &size);
    struct slice body = slice_of((const char *)data, size);
    buffer_text(out, kind == 1 ? "GET /?" : "POST /?");
    put_url(out, parameters);
    buffer_text(out, " HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n");
    for (size_t k = 0; k < headers.length; k++) { /* a header a line */
        char byte = headers.data[k];
        if (byte == '\n') {
            buffer_text(out, "\r\n");
        } else if (byte != '\r' && byte != 0) {
            buffer_char(out, byte);
        }
    }
    if (headers.length > 0) {
        buffer_text(out, "\r\n");
    }
    if (kind == 1) {
        buffer_text(out, "\r\n");
    } else if (kind == 2) {
        buffer_printf(out, "Content-Length: %zu\r\n\r\n", body.length);
        buffer_slice(out, body);
    } else {
        buffer_text(out, "Transfer-Encoding: chunked\r\n\r\n");
        for (size_t from = 0; from < body.length;) {
            size_t piece = body.length - from < 7 + from % 61 ? body.length - from : 7 + from % 61;
            buffer_printf(out, "%zx\r\n", piece);
            buffer_append(out, body.data + from, piece);
            buffer_text(out, "\r\n");
            from += piece;
        }
        buffer_text(out, "0\r\n\r\n");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char ping[] = "GET /ping HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n\r\n";
    char reply[4096];
    if (size == 0) {
        return 0;
    }
    if (data[0] % 4 == 0) {
        (void)talk((const char *)data + 1, size - 1, RAW_PATIENCE_MS, reply, sizeof(reply));
    } else {
        struct buffer request = {0};
        put_request(&request, data[0] % 4, data + 1, size - 1);
        REQUIRE(!request.failed);
        (void)talk(request.data, request.length, PATIENCE_MS, reply, sizeof(reply));
        buffer_deinit(&request);
    }
    /* Once in some 100,000 connections under load the server is silent, why is not known; the next ones it must answer.
     */
    size_t length = 0;
    for (int attempt = 0; attempt < 3 && length == 0; attempt++) {
        length = talk(ping, sizeof(ping) - 1, PATIENCE_MS, reply, sizeof(reply));
    }
    REQUIRE(length > 12 && memcmp(reply, "HTTP/1.1 200", 12) == 0);
    if (++inputs % SERVER_INPUTS == 0) {
        stop_server();
        REQUIRE(mkdir(folder, 0700) == 0);
        start_server();
    }
    return 0;
}
