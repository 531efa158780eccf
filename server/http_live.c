/*
 * http_live.c: streams of live queries over HTTP: SSE, and the upgrade to WebSocket.
 *
 * flow     live_subscribe.c → http_follow; the answer's head is sent → live_attach → live_viewer.c
 * SSE      libmicrohttpd sends the head and the first line. Then the connection is suspended for good: while it is,
 *          nobody else sends, and the thread `live` writes to the socket itself, in the chunks that libmicrohttpd began.
 *          At the end it is resumed, and libmicrohttpd ends the answer. Over TLS only libmicrohttpd may send: bytes go
 *          through the request's reply.
 * owner    the viewer is the request's until it is attached; from then on it has a reference of the request, until end
 * thread   HTTP threads; end and write: `live`
 */
#include "server/http_parts.h"
#include "server/websocket.h"

#include <stdio.h>
#include <strings.h>
#include <sys/uio.h>

/* Bytes that make proxies and the library send the head at once. */
static const char greeting[] = ": weir\nretry: 1000\n\n";

/* ---- the query's thread */

struct err *http_follow(struct request *base, struct live_viewer *viewer)
{
    struct http_request *request = (struct http_request *)base;
    lock_take(&request->lock);
    request->viewer = viewer;
    request->packing = ENCODING_NONE;
    request->shows_progress = false;
    lock_give(&request->lock);
    return NULL;
}

/* ---- the thread `live` */

static void write_stream(void *object, const struct iovec *pieces, uint32_t count)
{
    struct http_request *request = object;
    lock_take(&request->lock);
    for (uint32_t i = 0; i < count; i++) {
        buffer_append(&request->reply, pieces[i].iov_base, pieces[i].iov_len);
    }
    request_resume(request);
    lock_give(&request->lock);
}

static void end_stream(void *object, bool whole)
{
    struct http_request *request = object;
    lock_take(&request->lock);
    request->viewer = NULL;
    request->live_ended = true;
    request->broken = !whole;
    request_resume(request);
    lock_give(&request->lock);
    request_unref(request);
}

static void end_socket(void *object, bool whole)
{
    struct http_request *request = object;
    (void)whole;
    lock_take(&request->lock);
    request->viewer = NULL;
    request->live_ended = true;
    struct MHD_UpgradeResponseHandle *upgrade = request->upgrade;
    lock_give(&request->lock);
    (void)MHD_upgrade_action(upgrade, MHD_UPGRADE_ACTION_CLOSE);
    request_unref(request);
}

static const struct live_carrier stream_carrier = {.write = write_stream, .end = end_stream};
static const struct live_carrier socket_carrier = {.write = write_stream, .end = end_socket};

/* ---- SSE */

/* Under the lock, suspended. */
static void attach_stream(struct http_request *request)
{
    const struct live_link link = {.carrier = &stream_carrier,
                                   .object = request,
                                   .descriptor = request->descriptor,
                                   .direct = !request->secure,
                                   .chunked = request->interim};
    request->attached = true;
    atomic_fetch_add(&request->references, 1);
    if (!live_attach(request->viewer, &link)) { /* the server stops */
        request->attached = false;
        request->live_ended = true;
        atomic_fetch_sub(&request->references, 1); /* not the last: the connection has one */
        request_resume(request);
    }
}

static ssize_t read_stream(void *object, uint64_t position, char *to, size_t max)
{
    struct http_request *request = object;
    ssize_t result = 0;
    (void)position;
    lock_take(&request->lock);
    struct buffer *reply = &request->reply;
    if (request->reply_sent < reply->length) {
        size_t left = reply->length - request->reply_sent, piece = left < max ? left : max;
        memcpy(to, reply->data + request->reply_sent, piece);
        request->reply_sent += piece;
        result = (ssize_t)piece;
    } else if (reply->failed) {
        result = MHD_CONTENT_READER_END_WITH_ERROR;
    } else if (request->live_ended) {
        result = request->broken ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        buffer_deinit(reply);
        request->reply_sent = 0;
        request_suspend(request);
        if (!request->attached) {
            attach_stream(request);
        } else if (request->viewer != NULL) {
            live_writable(request->viewer);
        }
    }
    lock_give(&request->lock);
    return result;
}

static enum MHD_Result queue_stream(struct http_request *request)
{
    lock_take(&request->lock);
    buffer_deinit(&request->reply);
    request->reply_sent = 0;
    buffer_text(&request->reply, greeting);
    lock_give(&request->lock);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, SEND_BYTES, read_stream, request, NULL);
    if (response == NULL) {
        return MHD_NO;
    }
    bool chunked = !reply_close_after_head(request, response) && request->interim; /* also with Connection: close */
    const struct {
        const char *name, *value;
    } headers[] = {
        {"Content-Type", request->content_type},
        {"Cache-Control", "no-cache, no-store"},
        {"X-Accel-Buffering", "no"},
        {"X-ClickHouse-Server-Display-Name", "weir"},
        {"X-ClickHouse-Query-Id", request->query_id},
        {"X-ClickHouse-Timezone", request->zone},
        {"Access-Control-Allow-Origin", request->cors ? "*" : ""},
        {"Transfer-Encoding", chunked ? "chunked" : ""},
    };
    for (size_t k = 0; k < sizeof(headers) / sizeof(headers[0]); k++) {
        if (headers[k].value[0] != 0) {
            (void)MHD_add_response_header(response, headers[k].name, headers[k].value);
        }
    }
    enum MHD_Result result = MHD_queue_response(request->connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- WebSocket */

/* Is the word one of the header's, which are separated by commas? */
static bool has_word(struct slice list, const char *word)
{
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= list.length; at++) {
        bool begins = at == 0 || list.data[at - 1] == ',' || list.data[at - 1] == ' ';
        bool ends = at + length == list.length || list.data[at + length] == ',' || list.data[at + length] == ' ';
        if (begins && ends && strncasecmp(list.data + at, word, length) == 0) {
            return true;
        }
    }
    return false;
}

enum live_way http_live_way(const struct http_request *request)
{
    if (strcmp(request->path, "/live") != 0) {
        return LIVE_NONE;
    }
    return has_word(request_header(&request->base, "Upgrade"), "websocket") ? LIVE_SOCKET : LIVE_EVENTS;
}

const char *http_live_refusal(const struct http_request *request)
{
    char accept[WEBSOCKET_ACCEPT_MAX];
    if (request->base.live != LIVE_SOCKET) {
        return NULL;
    }
    if (strcmp(request->method, "GET") != 0 || !request->interim) {
        return "a WebSocket begins with GET and HTTP/1.1";
    }
    if (!has_word(request_header(&request->base, "Connection"), "upgrade")) {
        return "a WebSocket's request needs the header Connection: Upgrade";
    }
    if (!slice_equal(request_header(&request->base, "Sec-WebSocket-Version"), slice_text("13"))) {
        return "a WebSocket's request needs the header Sec-WebSocket-Version: 13";
    }
    if (!websocket_accept(request_header(&request->base, "Sec-WebSocket-Key"), accept)) {
        return "a WebSocket's request needs the header Sec-WebSocket-Key, 16 bytes in base64";
    }
    return NULL;
}

static void upgraded(void *object, struct MHD_Connection *connection, void *context, const char *first,
                     size_t first_bytes, MHD_socket descriptor, struct MHD_UpgradeResponseHandle *upgrade)
{
    struct http_request *request = object;
    (void)connection;
    (void)context;
    lock_take(&request->lock);
    request->upgrade = upgrade;
    request->own_timeout = false; /* the library tells the end of an upgraded connection under a lock of its own */
    const struct live_link link = {.carrier = &socket_carrier,
                                   .object = request,
                                   .descriptor = descriptor,
                                   .direct = true,
                                   .first = slice_of(first, first_bytes)};
    request->attached = true;
    atomic_fetch_add(&request->references, 1);
    bool taken = live_attach(request->viewer, &link);
    if (!taken) {
        request->attached = false;
        atomic_fetch_sub(&request->references, 1);
    }
    lock_give(&request->lock);
    if (!taken) {
        (void)MHD_upgrade_action(upgrade, MHD_UPGRADE_ACTION_CLOSE);
    }
}

static enum MHD_Result queue_socket(struct http_request *request)
{
    char accept[WEBSOCKET_ACCEPT_MAX];
    struct MHD_Response *response = MHD_create_response_for_upgrade(upgraded, request);
    if (response == NULL || !websocket_accept(request_header(&request->base, "Sec-WebSocket-Key"), accept)) {
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, "Upgrade", "websocket");
    (void)MHD_add_response_header(response, "Sec-WebSocket-Accept", accept);
    enum MHD_Result result = MHD_queue_response(request->connection, MHD_HTTP_SWITCHING_PROTOCOLS, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- HTTP threads */

enum MHD_Result http_live_queue(struct http_request *request)
{
    struct client *client = client_of(request->connection);
    request_leave(request); /* who looks for clients that hang up looks no more: the thread `live` does */
    if (client != NULL) {
        atomic_store(&client->live, true);
    }
    request->replied = true;
    return live_viewer_is_socket(request->viewer) ? queue_socket(request) : queue_stream(request);
}

void http_live_completed(struct http_request *request)
{
    lock_take(&request->lock);
    struct live_viewer *viewer = request->viewer;
    bool attached = request->attached;
    if (viewer != NULL && attached) {
        live_lost(viewer);
    } else {
        request->viewer = NULL;
    }
    lock_give(&request->lock);
    if (!attached) {
        live_viewer_free(viewer);
    }
}
