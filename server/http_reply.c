/*
 * http_reply.c: answers: what the query thread writes, streamed to the client in bounded memory.
 *
 * flow     execute.c, insert.c, ddl.c → here → libmicrohttpd
 * memory   REPLY_BYTES_MAX wait for a slow client, then the query waits; a held reply (wait_end_of_query) is charged to
 *          its query's budget until it is sent
 */
#include "base/interrupt.h"
#include "server/http_parts.h"

#include <stdio.h>

#define PIECE_BYTES      ((size_t)256 << 10) /* queued at once */
#define LOOK_INTERVAL_US 5000U               /* was the query killed while its client does not read? */

/* An answer so long is streamed out of the request's own buffer instead of being copied once more. */
#define COPY_BYTES_MAX ((size_t)256 << 10)

/* ---- query thread: request.h */

void reply_head(struct request *base, const char *content_type, const char *format, const char *query_id,
                const char *zone)
{
    struct http_request *request = (struct http_request *)base;
    lock_take(&request->lock);
    if (!request->head_ready) {
        (void)snprintf(request->content_type, sizeof(request->content_type), "%s", content_type);
        (void)snprintf(request->format, sizeof(request->format), "%s", format);
        (void)snprintf(request->query_id, sizeof(request->query_id), "%s", query_id);
        (void)snprintf(request->zone, sizeof(request->zone), "%s", zone);
    }
    lock_give(&request->lock);
}

void reply_show_progress(struct request *base)
{
    struct http_request *request = (struct http_request *)base;
    lock_take(&request->lock);
    request->shows_progress = true;
    lock_give(&request->lock);
}

void reply_summary(struct request *base, const struct request_summary *summary)
{
    struct http_request *request = (struct http_request *)base;
    lock_take(&request->lock);
    (void)snprintf(
        request->summary, sizeof(request->summary),
        "{\"read_rows\":\"%llu\",\"read_bytes\":\"%llu\",\"written_rows\":\"%llu\",\"written_bytes\":\"%llu\","
        "\"total_rows_to_read\":\"%llu\",\"result_rows\":\"%llu\",\"result_bytes\":\"%llu\",\"elapsed_ns\":\"%llu\"}",
        (unsigned long long)summary->rows_read, (unsigned long long)summary->bytes_read,
        (unsigned long long)summary->rows_written, (unsigned long long)summary->bytes_written,
        (unsigned long long)atomic_load(&request->base.process.progress.rows_total),
        (unsigned long long)summary->rows_result, (unsigned long long)request->base.process.bytes_result,
        (unsigned long long)summary->elapsed_us * 1000);
    uint64_t missing = atomic_load(&request->base.process.progress.parts_missing);
    size_t length = strlen(request->summary);
    if (missing > 0 && length > 0) {
        (void)snprintf(request->summary + length - 1, sizeof(request->summary) - length + 1,
                       ",\"damaged_segments_skipped\":\"%llu\"}", (unsigned long long)missing);
    }
    lock_give(&request->lock);
}

static struct err *write_piece(struct http_request *request, struct slice bytes, bool hold)
{
    struct err *err = NULL;
    lock_take(&request->lock);
    while (!hold && request->head_ready && request->reply.length - request->reply_sent > REPLY_BYTES_MAX &&
           !request->gone && !interrupted()) {
        (void)condition_wait_for(&request->reply_room, &request->lock, LOOK_INTERVAL_US);
    }
    if (request->gone) {
        err = request_gone_error();
    } else if (interrupted()) {
        err = interrupt_check();
    } else if (hold && !budget_take(&request->base.process.budget, bytes.length)) {
        err = err_while(budget_error(&request->base.process.budget, bytes.length),
                        "holding the whole reply (wait_end_of_query)");
    } else {
        request->reply_charged += hold ? bytes.length : 0;
        if (request->reply_sent > 0 && request->reply_sent == request->reply.length) {
            request->reply.length = request->reply_sent = 0;
        }
        buffer_slice(&request->reply, bytes);
        if (request->reply.failed) {
            err = err_oom();
        } else if (!hold && (request->head_ready || request->reply.length >= SEND_BYTES)) {
            request->head_ready = true;
            request_resume(request);
        }
    }
    lock_give(&request->lock);
    return err;
}

struct err *reply_write(struct request *base, struct slice bytes, bool hold)
{
    struct err *err = NULL;
    struct http_request *request = (struct http_request *)base;
    for (size_t at = 0; at < bytes.length; at += PIECE_BYTES) {
        size_t piece = bytes.length - at < PIECE_BYTES ? bytes.length - at : PIECE_BYTES;
        OR_DONE(write_piece(request, slice_of(bytes.data + at, piece), hold));
    }
done:
    return err;
}

uint16_t http_status_of(enum err_code code)
{
    switch (code) {
    case ERR_UNKNOWN_USER:
    case ERR_WRONG_PASSWORD:
    case ERR_AUTHENTICATION:
        return 401;
    case ERR_ACCESS_DENIED:
        return 403;
    case ERR_UNKNOWN_TABLE:
    case ERR_UNKNOWN_FUNCTION:
    case ERR_UNKNOWN_IDENTIFIER:
    case ERR_UNKNOWN_TYPE:
    case ERR_UNKNOWN_STORAGE:
    case ERR_UNKNOWN_DATABASE:
    case ERR_UNKNOWN_SETTING:
    case ERR_UNKNOWN_AGGREGATE:
    case ERR_UNKNOWN_FORMAT:
    case ERR_NO_SUCH_COLUMN:
    case ERR_THERE_IS_NO_COLUMN:
    case ERR_UNKNOWN_SOURCE:
        return 404;
    case ERR_TIMEOUT:
        return 408;
    case ERR_NOT_IMPLEMENTED:
        return 501;
    case ERR_TOO_MANY_QUERIES:
    case ERR_SERVER_OVERLOADED:
        return 503;
    case ERR_CANNOT_PARSE_TEXT:
    case ERR_CANNOT_PARSE_INPUT:
    case ERR_CANNOT_PARSE_NUMBER:
    case ERR_CANNOT_PARSE_BOOL:
    case ERR_NO_COMMON_TYPE:
    case ERR_STRING_TOO_LARGE:
    case ERR_CANNOT_PARSE_DATE:
    case ERR_CANNOT_PARSE_DATETIME:
    case ERR_CANNOT_PARSE_UUID:
    case ERR_CANNOT_PARSE_IPV4:
    case ERR_CANNOT_PARSE_IPV6:
    case ERR_CANNOT_READ_DATA:
    case ERR_SYNTAX:
    case ERR_EMPTY_QUERY:
    case ERR_BAD_ARGUMENTS:
    case ERR_ARGUMENT_COUNT:
    case ERR_ARGUMENT_TYPE:
    case ERR_TYPE_MISMATCH:
    case ERR_INCORRECT_DATA:
    case ERR_DUPLICATE_COLUMN:
    case ERR_COLUMN_COUNT:
    case ERR_NOT_AN_AGGREGATE:
    case ERR_TOO_DEEP_AST:
    case ERR_TOO_BIG_AST:
    case ERR_TOO_DEEP_RECURSION:
    case ERR_TOO_DEEP_SUBQUERIES:
    case ERR_SET_ELEMENT:
    case ERR_CANNOT_CONVERT:
    case ERR_BAD_QUERY_PARAMETER:
    case ERR_UNKNOWN_QUERY_PARAMETER:
    case ERR_INVALID_LIMIT:
    case ERR_ENGINE_REQUIRED:
    case ERR_UNKNOWN_ENUM_ELEMENT:
    case ERR_CANNOT_INSERT_NULL:
        return 400;
    default:
        return 500;
    }
}

static void put_exception(struct buffer *out, enum err_code code, struct slice message)
{
    buffer_printf(out, "Code: %d. DB::Exception: %.*s. (%s) (version %s)\n", (int)code, SLICE_ARG(message),
                  err_code_name(code), WEIR_VERSION);
}

void reply_finish(struct request *base, struct err *err)
{
    struct http_request *request = (struct http_request *)base;
    lock_take(&request->lock);
    if (err != NULL && !request->head_ready) {
        buffer_deinit(&request->reply); /* also when it failed */
        request->reply_sent = 0;
        request->status = http_status_of(err_code(err));
        (void)snprintf(request->content_type, sizeof(request->content_type), "text/plain; charset=UTF-8");
        (void)snprintf(request->exception_code, sizeof(request->exception_code), "%d", (int)err_code(err));
        put_exception(&request->reply, err_code(err), slice_text(err_message(err)));
    } else if (err != NULL) {
        put_exception(&request->reply, err_code(err), slice_text(err_message(err)));
        request->broken = true;
    }
    request->head_ready = true;
    request->finished = true;
    request->body_ignored = true;
    request_resume(request);
    lock_give(&request->lock);
    err_free(err);
}

/* ---- HTTP threads */

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

static void show_progress(const struct http_request *request, char *out, size_t bytes)
{
    struct query_progress *progress = (struct query_progress *)(uintptr_t)&request->base.process.progress;
    (void)snprintf(out, bytes,
                   "{\"read_rows\":\"%llu\",\"read_bytes\":\"%llu\",\"written_rows\":\"0\",\"written_bytes\":\"0\","
                   "\"total_rows_to_read\":\"%llu\",\"result_rows\":\"%llu\"}",
                   (unsigned long long)atomic_load(&progress->rows_read),
                   (unsigned long long)atomic_load(&progress->bytes_read),
                   (unsigned long long)atomic_load(&progress->rows_total),
                   (unsigned long long)atomic_load(&progress->rows_result));
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value[0] != 0) {
        (void)MHD_add_response_header(response, name, value);
    }
}

enum MHD_Result reply_queue(struct http_request *request)
{
    struct MHD_Response *response;
    lock_take(&request->lock);
    bool whole = request->finished && !request->broken; /* nobody changes it any more: it has a length */
    size_t bytes = request->reply.length;
    bool shows_progress = request->shows_progress;
    lock_give(&request->lock);
    if (whole && bytes <= COPY_BYTES_MAX) {
        response = MHD_create_response_from_buffer(bytes, request->reply.data, MHD_RESPMEM_MUST_COPY);
    } else {
        response =
            MHD_create_response_from_callback(whole ? bytes : MHD_SIZE_UNKNOWN, SEND_BYTES, read_reply, request, NULL);
    }
    if (response == NULL) {
        return MHD_NO;
    }
    add_header(response, "Content-Type", request->content_type);
    add_header(response, "X-ClickHouse-Server-Display-Name", "weir");
    add_header(response, "X-ClickHouse-Query-Id", request->query_id);
    add_header(response, "X-ClickHouse-Format", request->format);
    add_header(response, "X-ClickHouse-Timezone", request->zone);
    add_header(response, "X-ClickHouse-Exception-Code", request->exception_code);
    if (shows_progress) {
        char progress[256];
        show_progress(request, progress, sizeof(progress));
        add_header(response, "X-ClickHouse-Progress", progress);
    }
    if (whole) {
        add_header(response, "X-ClickHouse-Summary", request->summary);
    }
    if (request->status == 401) {
        add_header(response, "WWW-Authenticate", "Basic realm=\"Weir\"");
    }
    enum MHD_Result result = MHD_queue_response(request->connection, request->status, response);
    MHD_destroy_response(response);
    request->replied = true;
    return result;
}

enum MHD_Result reply_text(struct MHD_Connection *connection, uint16_t status, const char *type, struct slice text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text.length, (void *)(uintptr_t)text.data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    add_header(response, "Content-Type", type);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
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
        add_header(response, "Allow", "GET, HEAD, POST");
    }
    if (closes) {
        add_header(response, "Connection", "close");
    }
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}
