/*
 * http_reply.c: answers: what the query thread writes, packed as the client wishes, kept in bounded memory.
 *
 * flow     execute.c, insert.c, ddl.c → here → http_response.c
 * errors   before the first byte: status and plain text. Afterwards: a part at the reply's end, which the header
 *          X-ClickHouse-Exception-Tag named beforehand.
 * memory   REPLY_BYTES_MAX wait for a slow client, then the query waits; a held reply (wait_end_of_query) is charged to
 *          its query's budget until it is sent
 */
#include "base/interrupt.h"
#include "format/frames.h"
#include "server/http_parts.h"

#include <sodium.h>
#include <stdio.h>

#define PIECE_BYTES      ((size_t)256 << 10) /* queued at once */
#define LOOK_INTERVAL_US 5000U               /* was the query killed while its client does not read? */

/* Clients look for an exception in the last 16 KiB. */
#define LATE_MESSAGE_MAX ((size_t)15 << 10)

/* ---- query thread: request.h */

void reply_head(struct request *base, const struct reply_head *head)
{
    struct http_request *request = (struct http_request *)base;
    lock_take(&request->lock);
    if (!request->head_ready) {
        (void)snprintf(request->content_type, sizeof(request->content_type), "%s", head->content_type);
        (void)snprintf(request->format, sizeof(request->format), "%s", head->format);
        (void)snprintf(request->query_id, sizeof(request->query_id), "%s", head->query_id);
        (void)snprintf(request->zone, sizeof(request->zone), "%s", head->zone);
        (void)snprintf(request->completeness, sizeof(request->completeness), "%s", head->completeness);
    }
    lock_give(&request->lock);
}

void reply_status(struct request *base, uint16_t status)
{
    struct http_request *request = (struct http_request *)base;
    lock_take(&request->lock);
    request->status = status;
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
        "\"total_rows_to_read\":\"%llu\",\"result_rows\":\"%llu\",\"result_bytes\":\"%llu\",\"elapsed_ns\":\"%llu\","
        "\"memory_usage\":\"%llu\"}",
        (unsigned long long)summary->rows_read, (unsigned long long)summary->bytes_read,
        (unsigned long long)summary->rows_written, (unsigned long long)summary->bytes_written,
        (unsigned long long)atomic_load(&request->base.process.progress.rows_total),
        (unsigned long long)summary->rows_result, (unsigned long long)request->base.process.bytes_result,
        (unsigned long long)summary->elapsed_us * 1000,
        (unsigned long long)atomic_load(&request->base.process.budget.bytes_peak));
    uint64_t missing = atomic_load(&request->base.process.progress.parts_missing);
    size_t length = strlen(request->summary);
    if (missing > 0 && length > 0) {
        (void)snprintf(request->summary + length - 1, sizeof(request->summary) - length + 1,
                       ",\"damaged_segments_skipped\":\"%llu\"}", (unsigned long long)missing);
    }
    lock_give(&request->lock);
}

/* Names the exception that may still come: sixteen letters and digits. Under the lock, before the head is sent. */
static void make_tag(struct http_request *request)
{
    unsigned char bytes[sizeof(request->exception_tag) - 1];
    randombytes_buf(bytes, sizeof(bytes));
    for (size_t k = 0; k < sizeof(bytes); k++) {
        request->exception_tag[k] = "abcdefghijklmnopqrstuvwxyz012345"[bytes[k] % 32];
    }
}

static struct err *write_piece(struct http_request *request, struct slice bytes, bool hold)
{
    struct err *err = NULL;
    lock_take(&request->lock);
    /* buffer_size: so much is held until it is known whether the query fails */
    hold = hold || (!request->head_ready && request->reply.length + bytes.length <= request->reply_kept);
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
                        "holding the reply (wait_end_of_query, buffer_size)");
    } else {
        request->reply_charged += hold ? bytes.length : 0;
        if (request->reply_sent > 0 && request->reply_sent == request->reply.length) {
            request->reply.length = request->reply_sent = 0;
        }
        buffer_slice(&request->reply, bytes);
        if (request->reply.failed) {
            err = err_oom();
        } else if (!hold && (request->head_ready || request->reply.length >= SEND_BYTES)) {
            if (!request->head_ready) {
                make_tag(request);
            }
            request->head_ready = true;
            request_resume(request);
        }
    }
    lock_give(&request->lock);
    return err;
}

/* The bytes as they go over the wire; NULL: nothing follows. *out: valid until the next call. */
static struct err *pack(struct http_request *request, const struct slice *bytes, struct slice *out)
{
    struct err *err = NULL;
    if (request->packing == ENCODING_NONE || (bytes == NULL && request->packer == NULL)) {
        *out = bytes == NULL ? slice_text("") : *bytes;
        return NULL;
    }
    if (request->packer == NULL) {
        OR_DONE(packer_create(request->packing, &request->base.process.budget, &request->packer));
    }
    request->packed.length = 0;
    err = bytes == NULL ? packer_end(request->packer, &request->packed)
                        : packer_put(request->packer, *bytes, &request->packed);
    *out = request->packed.length == 0 ? slice_text("") : buffer_all(&request->packed);
done:
    return err;
}

struct err *reply_write(struct request *base, struct slice bytes, bool hold)
{
    struct err *err = NULL;
    struct http_request *request = (struct http_request *)base;
    for (size_t at = 0; at < bytes.length; at += PIECE_BYTES) {
        struct slice piece =
            slice_of(bytes.data + at, bytes.length - at < PIECE_BYTES ? bytes.length - at : PIECE_BYTES);
        OR_DONE(pack(request, &piece, &piece));
        OR_DONE(write_piece(request, piece, hold));
    }
done:
    return err;
}

uint16_t http_status_of(enum err_code code)
{
    switch (code) {
    case ERR_REQUIRED_PASSWORD:
        return 401;
    case ERR_UNKNOWN_USER:
    case ERR_WRONG_PASSWORD:
    case ERR_AUTHENTICATION:
    case ERR_ACCESS_DENIED:
    case ERR_SET_NON_GRANTED_ROLE:
        return 403;
    case ERR_UNKNOWN_ROLE:
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
    case ERR_UNKNOWN_SOURCE:
    case ERR_UNKNOWN_DASHBOARD:
        return 404;
    case ERR_TIMEOUT:
        return 408;
    case ERR_LENGTH_REQUIRED:
        return 411;
    case ERR_DASHBOARD_CHANGED:
        return 412;
    case ERR_NOT_IMPLEMENTED:
        return 501;
    case ERR_TOO_MANY_QUERIES:
    case ERR_SERVER_OVERLOADED:
        return 503;
    case ERR_CANNOT_DECOMPRESS:
    case ERR_UNKNOWN_COMPRESSION:
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
    case ERR_THERE_IS_NO_COLUMN:
    case ERR_COLUMN_COUNT:
    case ERR_NOT_AN_AGGREGATE:
    case ERR_TOO_DEEP_AST:
    case ERR_TOO_BIG_AST:
    case ERR_TOO_DEEP_RECURSION:
    case ERR_TOO_DEEP_SUBQUERIES:
    case ERR_SET_ELEMENT:
    case ERR_CANNOT_CONVERT:
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

void put_exception(struct buffer *out, enum err_code code, struct slice message)
{
    buffer_printf(out, "Code: %d. DB::Exception: %.*s. (%s) (version %s)\n", (int)code, SLICE_ARG(message),
                  err_code_name(code), WEIR_VERSION);
}

/* Nothing was sent: the reply is the error, plain; but in frames where the client asked for these, as clients of Go look
 * for no other. Those of Java take it plain, and must when they are to log in. Under the lock. */
static void finish_as_error(struct http_request *request, const struct err *err)
{
    buffer_deinit(&request->reply); /* also when it failed */
    request->reply_sent = 0;
    packer_destroy(request->packer);
    request->packer = NULL;
    request->status = http_status_of(err_code(err));
    request->base.etag[0] = 0;
    request->base.unchanged = false;
    (void)snprintf(request->content_type, sizeof(request->content_type), "text/plain; charset=UTF-8");
    request->format[0] = 0;
    (void)snprintf(request->exception_code, sizeof(request->exception_code), "%d", (int)err_code(err));
    put_exception(&request->reply, err_code(err), slice_text(err_message(err)));
    if (request->packing == ENCODING_FRAMES && request->status != 401 && request->status != 403) {
        struct buffer framed = {0};
        struct err *problem = frames_pack(FRAME_LZ4, buffer_all(&request->reply), &framed);
        if (problem == NULL) {
            struct buffer plain = request->reply;
            request->reply = framed;
            framed = plain;
        }
        err_free(problem);
        buffer_deinit(&framed);
    }
}

/* Rows were sent, with status 200: what clients look for behind them. */
static void put_late_exception(struct buffer *out, const char *tag, const struct err *err)
{
    struct buffer text = {0};
    struct slice message = slice_text(err_message(err));
    message.length = message.length < LATE_MESSAGE_MAX ? message.length : LATE_MESSAGE_MAX;
    put_exception(&text, err_code(err), message);
    buffer_printf(out, "\r\n__exception__\r\n%s\r\n", tag);
    buffer_slice(out, buffer_all(&text));
    buffer_printf(out, "%zu %s\r\n__exception__\r\n", text.length, tag);
    out->failed = out->failed || text.failed;
    buffer_deinit(&text);
}

void reply_finish(struct request *base, struct err *err)
{
    struct http_request *request = (struct http_request *)base;
    struct buffer late = {0};
    struct slice bytes = slice_text("");
    struct err *problem = NULL;
    bool sends; /* rows are on their way; only this thread changes it */
    lock_take(&request->lock);
    sends = request->head_ready;
    lock_give(&request->lock);
    if (err == NULL && !sends) { /* it may still fail */
        err = pack(request, NULL, &bytes);
    } else if (err == NULL) {
        problem = pack(request, NULL, &bytes);
    }
    if (err != NULL && sends) { /* the error and the packing's end */
        struct slice end;
        put_late_exception(&late, request->exception_tag, err);
        bytes = buffer_all(&late);
        problem = pack(request, &bytes, &bytes);
        if (problem == NULL && request->packer != NULL) {
            struct buffer both = {0};
            buffer_slice(&both, bytes);
            problem = pack(request, NULL, &end);
            buffer_slice(&both, end);
            buffer_deinit(&late);
            late = both;
            bytes = buffer_all(&late);
        }
    }
    lock_take(&request->lock);
    if (err != NULL && !sends) {
        finish_as_error(request, err);
    } else {
        buffer_slice(&request->reply, bytes);
        request->broken = problem != NULL || late.failed || request->reply.failed;
    }
    request->head_ready = true;
    request->finished = true;
    request->body_ignored = true;
    request_resume(request);
    lock_give(&request->lock);
    buffer_deinit(&late);
    err_free(problem);
    err_free(err);
}
