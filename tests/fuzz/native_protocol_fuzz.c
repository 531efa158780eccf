/*
 * native_protocol_fuzz.c: any bytes to a whole server over a real connection of the native protocol.
 *
 * input    a byte that says how to read the rest: 0 mod 3: as it is; 1: behind a hello; 2: behind the hello and an
 *          INSERT that waits for its blocks
 * checks   the server survives, and answers a hello on another connection afterwards; a server lives for SERVER_INPUTS
 *          inputs, then it stops cleanly, and a new one starts with an empty directory
 */
#include "base/log.h"
#include "base/text.h"
#include "format/binary.h"
#include "server/config.h"
#include "server/native.h"
#include "server/native_packets.h"
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

#define SERVER_INPUTS 2000U
#define REPLY_MAX     ((size_t)1 << 20)
#define PATIENCE_MS   60000 /* only a hang reaches it */
#define SILENCE_MS    3     /* of a server that waits for more */

static struct server *server;
static uint32_t native_port;
static uint32_t inputs;
static char folder[] = "/tmp/weir-native-fuzz-XXXXXX";

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static uint32_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(probe >= 0 && bind(probe, (struct sockaddr *)&address, sizeof(address)) == 0);
    REQUIRE(getsockname(probe, (struct sockaddr *)&address, &length) == 0);
    (void)close(probe);
    return ntohs(address.sin_port);
}

/* Sends all and reads until the server hangs up, or is silent for patience_ms. The first bytes into reply. */
static size_t talk(struct slice bytes, int patience_ms, char *reply, size_t reply_max)
{
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)native_port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connection >= 0 && connect(connection, (struct sockaddr *)&address, sizeof(address)) == 0);
    size_t sent = 0, got = 0;
    char buffer[65536];
    while (got < REPLY_MAX && (got < reply_max || patience_ms == SILENCE_MS)) {
        bool sending = sent < bytes.length;
        struct pollfd descriptor = {.fd = connection, .events = (short)(POLLIN | (sending ? POLLOUT : 0))};
        if (poll(&descriptor, 1, patience_ms) <= 0) {
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
        } else if (sending) {
            ssize_t count = send(connection, bytes.data + sent, bytes.length - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
            sent = count < 0 ? bytes.length : sent + (size_t)count;
        }
    }
    (void)close(connection);
    return got < reply_max ? got : reply_max;
}

static void put_hello(struct buffer *out)
{
    buffer_char(out, CLIENT_HELLO);
    binary_put_text(out, slice_text("fuzz"));
    binary_put_length(out, 1);
    binary_put_length(out, 1);
    binary_put_length(out, NATIVE_REVISION);
    binary_put_text(out, slice_text(""));
    binary_put_text(out, slice_text("default"));
    binary_put_text(out, slice_text(""));
    binary_put_text(out, slice_text("")); /* the addendum */
}

static void put_query(struct buffer *out, const char *text)
{
    static const char about[] = {1, 0, 2, -1, -1, -1, -1, 0, 0, 0};
    buffer_char(out, CLIENT_QUERY);
    binary_put_text(out, slice_text(""));
    buffer_char(out, 0);                  /* nothing of the client */
    binary_put_text(out, slice_text("")); /* no settings */
    binary_put_text(out, slice_text(""));
    binary_put_length(out, QUERY_STAGE_COMPLETE);
    binary_put_length(out, 0);
    binary_put_text(out, slice_text(text));
    binary_put_text(out, slice_text("")); /* no parameters */
    buffer_char(out, CLIENT_DATA);
    binary_put_text(out, slice_text(""));
    buffer_append(out, about, sizeof(about));
}

static void start_server(void)
{
    struct config config;
    uint32_t http_port;
    char reply[1024];
    struct buffer bytes = {0};
    config_init(&config);
    (void)snprintf(config.data_dir, sizeof(config.data_dir), "%s/data", folder);
    config.http_port = 0;
    config.native_port = native_port = free_port();
    config.threads = 1;
    config.max_execution_time_s = 1;
    config.query_memory_max = (uint64_t)256 << 20;
    config.queries_memory_max = (uint64_t)256 << 20;
    config.ingest_memory_max = (uint64_t)64 << 20;
    config.block_cache_bytes = (uint64_t)16 << 20;
    struct err *err = server_start(&config, &server, &http_port);
    if (err != NULL) {
        (void)fprintf(stderr, "%s\n", err_message(err));
    }
    REQUIRE(err == NULL);
    put_hello(&bytes);
    put_query(&bytes,
              "CREATE TABLE t (n UInt32, s String, a Array(LowCardinality(Nullable(String)))) ENGINE = MergeTree "
              "ORDER BY n");
    (void)talk(buffer_all(&bytes), 1000, reply, sizeof(reply));
    buffer_deinit(&bytes);
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
    (void)argc, (void)argv;
    (void)signal(SIGPIPE, SIG_IGN);
    log_configure(LOG_LEVEL_NONE, LOG_FORMAT_TEXT);
    REQUIRE(mkdtemp(folder) != NULL);
    start_server();
    (void)atexit(leave);
    return 0;
}

/* A hello on a connection of its own. */
static bool answers(void)
{
    struct buffer bytes = {0};
    char reply;
    put_hello(&bytes);
    REQUIRE(!bytes.failed);
    size_t length = talk(buffer_all(&bytes), PATIENCE_MS, &reply, 1);
    buffer_deinit(&bytes);
    return length == 1 && reply == SERVER_HELLO;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char reply[64];
    struct buffer bytes = {0};
    if (size == 0) {
        return 0;
    }
    if (data[0] % 3 > 0) {
        put_hello(&bytes);
    }
    if (data[0] % 3 == 2) {
        put_query(&bytes, "INSERT INTO t VALUES");
    }
    buffer_append(&bytes, data + 1, size - 1);
    REQUIRE(!bytes.failed);
    (void)talk(buffer_all(&bytes), SILENCE_MS, reply, sizeof(reply));
    buffer_deinit(&bytes);
    REQUIRE(answers());
    if (++inputs % SERVER_INPUTS == 0) {
        stop_server();
        REQUIRE(mkdir(folder, 0700) == 0);
        start_server();
    }
    return 0;
}
