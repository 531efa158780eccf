/*
 * http_response.c: an answer's head and body as libmicrohttpd sends them.
 *
 * flow     http_reply.c, http_routes.c → here → libmicrohttpd
 * thread   HTTP threads
 */
#include "base/clock.h"
#include "server/http_parts.h"

#include <stdio.h>

/* An answer so long is streamed out of the request's own buffer instead of being copied once more. */
#define COPY_BYTES_MAX ((size_t)256 << 10)

static ssize_t read_reply(void *object, uint64_t position, char *to, size_t max)
{
    struct http_request *request = object;
    ssize_t result = 0;
    (void)position;
    lock_take(&request->lock);
    size_t left = request->reply.length - request->reply_sent;
    if (left > 0) {
        size_t piece = left < max ? left : max;
        memcpy(to, request->reply.data + request->reply_sent, piece);
        request->reply_sent += piece;
        condition_signal(&request->reply_room);
        result = (ssize_t)piece;
    } else if (request->finished) {
        result = request->broken ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        request_suspend(request);
    }
    lock_give(&request->lock);
    return result;
}

/* How far the query is now. */
static void show_progress(const struct http_request *request, char *out, size_t bytes)
{
    struct query_progress *progress = (struct query_progress *)(uintptr_t)&request->base.process.progress;
    uint64_t from_us = request->base.process.started_monotonic_us;
    (void)snprintf(out, bytes,
                   "{\"read_rows\":\"%llu\",\"read_bytes\":\"%llu\",\"written_rows\":\"0\",\"written_bytes\":\"0\","
                   "\"total_rows_to_read\":\"%llu\",\"result_rows\":\"%llu\",\"result_bytes\":\"%llu\","
                   "\"elapsed_ns\":\"%llu\"}",
                   (unsigned long long)atomic_load(&progress->rows_read),
                   (unsigned long long)atomic_load(&progress->bytes_read),
                   (unsigned long long)atomic_load(&progress->rows_total),
                   (unsigned long long)atomic_load(&progress->rows_result), (unsigned long long)request->reply.length,
                   (unsigned long long)(from_us == 0 ? 0 : clock_monotonic_us() - from_us) * 1000);
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value[0] != 0) {
        (void)MHD_add_response_header(response, name, value);
    }
}

/* What every answer says: how long the connection stays open when it is silent, and some seconds more. */
static void add_common(const struct http *http, struct MHD_Response *response)
{
    char text[32];
    uint32_t timeout_s = http->server->config.http_timeout_s;
    if (timeout_s > 0) {
        (void)snprintf(text, sizeof(text), "timeout=%u", timeout_s > 10 ? timeout_s - 5 : (timeout_s + 1) / 2);
        add_header(response, "Keep-Alive", text);
    }
}

bool reply_close_after_head(const struct http_request *request, struct MHD_Response *response)
{
    bool head = strcmp(request->method, "HEAD") == 0;
    if (head) {
        (void)MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END); /* no chunks, close */
    }
    return head;
}

enum MHD_Result reply_queue(struct http_request *request)
{
    struct MHD_Response *response;
    lock_take(&request->lock);
    bool streams = request->viewer != NULL;
    bool whole = request->finished && !request->broken; /* nobody changes it any more: it has a length */
    size_t bytes = request->reply.length;
    bool shows_progress = request->shows_progress;
    lock_give(&request->lock);
    if (streams) {
        return http_live_queue(request);
    }
    if (whole && bytes <= COPY_BYTES_MAX) {
        response = MHD_create_response_from_buffer(bytes, request->reply.data, MHD_RESPMEM_MUST_COPY);
    } else {
        response =
            MHD_create_response_from_callback(whole ? bytes : MHD_SIZE_UNKNOWN, SEND_BYTES, read_reply, request, NULL);
    }
    if (response == NULL) {
        return MHD_NO;
    }
    if (whole || !reply_close_after_head(request, response)) {
        add_common(request->http, response);
    }
    add_header(response, "Content-Type", request->content_type);
    add_header(response, "X-ClickHouse-Server-Display-Name", "weir");
    add_header(response, "X-ClickHouse-Query-Id", request->query_id);
    add_header(response, "X-ClickHouse-Format", request->format);
    add_header(response, "X-ClickHouse-Timezone", request->zone);
    add_header(response, "X-ClickHouse-Exception-Code", request->exception_code);
    add_header(response, "X-ClickHouse-Exception-Tag", request->exception_tag);
    if (request->packer != NULL && request->packing != ENCODING_FRAMES) {
        add_header(response, "Content-Encoding", encoding_name(request->packing));
    }
    char progress[512];
    show_progress(request, progress, sizeof(progress));
    if (shows_progress) {
        add_header(response, "X-ClickHouse-Progress", progress);
    }
    add_header(response, "X-ClickHouse-Summary", whole && request->summary[0] != 0 ? request->summary : progress);
    add_header(response, "X-Weir-Completeness", request->completeness);
    if (request->base.etag[0] != 0) {
        char tag[sizeof(request->base.etag) + 4];
        (void)snprintf(tag, sizeof(tag), "%s\"%s\"", request->base.etag_is_weak ? "W/" : "", request->base.etag);
        add_header(response, "ETag", tag);
        add_header(response, "Cache-Control", request->base.etag_is_weak ? "private, no-cache" : "");
    }
    if (request->cors) {
        add_header(response, "Access-Control-Allow-Origin", "*");
    }
    add_header(response, "Access-Control-Expose-Headers",
               "X-ClickHouse-Query-Id,X-ClickHouse-Summary,X-ClickHouse-Server-Display-Name,X-ClickHouse-Format,"
               "X-ClickHouse-Timezone,X-ClickHouse-Exception-Code,X-ClickHouse-Exception-Tag,X-Weir-Completeness,"
               "ETag");
    if (request->status == 401) {
        add_header(response, "WWW-Authenticate", "Basic realm=\"ClickHouse server HTTP API\"");
    }
    enum MHD_Result result =
        MHD_queue_response(request->connection, request->base.unchanged ? 304 : request->status, response);
    MHD_destroy_response(response);
    request->replied = true;
    return result;
}

enum MHD_Result reply_text(const struct http_request *request, uint16_t status, const char *type, struct slice text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text.length, (void *)(uintptr_t)text.data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    add_common(request->http, response);
    add_header(response, "Content-Type", type);
    enum MHD_Result result = MHD_queue_response(request->connection, status, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result reply_options(const struct http_request *request)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return MHD_NO;
    }
    add_common(request->http, response);
    add_header(response, "Allow", "GET, HEAD, POST, OPTIONS");
    add_header(response, "Access-Control-Allow-Origin", "*");
    add_header(response, "Access-Control-Allow-Headers",
               "origin, x-requested-with, content-type, content-encoding, authorization, x-clickhouse-format, "
               "x-clickhouse-user, x-clickhouse-key, x-clickhouse-database, x-clickhouse-query-id, x-clickhouse-quota");
    add_header(response, "Access-Control-Allow-Methods", "POST, GET, OPTIONS");
    add_header(response, "Access-Control-Max-Age", "86400");
    enum MHD_Result result = MHD_queue_response(request->connection, 204, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result reply_error(struct MHD_Connection *connection, uint16_t status, enum err_code code, bool closes,
                            const char *format, ...)
{
    char number[16];
    struct buffer text = {0};
    va_list list;
    va_start(list, format);
    struct err *err = err_newv(code, format, list);
    va_end(list);
    (void)snprintf(number, sizeof(number), "%d", (int)code);
    put_exception(&text, code, slice_text(err_message(err)));
    err_free(err);
    struct MHD_Response *response =
        text.failed ? NULL : MHD_create_response_from_buffer(text.length, text.data, MHD_RESPMEM_MUST_COPY);
    buffer_deinit(&text);
    if (response == NULL) {
        return MHD_NO;
    }
    add_header(response, "Content-Type", "text/plain; charset=UTF-8");
    add_header(response, "X-ClickHouse-Exception-Code", number);
    if (status == 405) {
        add_header(response, "Allow", "GET, HEAD, POST, OPTIONS");
    }
    if (closes) {
        (void)MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END); /* no chunks, close */
    }
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}
