/*
 * http.c: connections, requests and replies over libmicrohttpd.
 *
 * threads  HTTP threads (epoll, two of them) move bytes; each request for a query is one task of the query pool. A
 *          connection is suspended while its query thread has not answered yet, while the body's buffer is full, and
 *          while there is nothing to send; whoever changes that resumes it, under the request's lock.
 *          One watcher thread looks for clients that hung up: libmicrohttpd does not look at suspended connections, and
 *          misses an end that comes together with bytes.
 * locks    http->lock (LOCK_SERVER): the lists of clients and requests; request->lock (LOCK_REPLY): one request
 * owner    a request has two references: the connection's and the query thread's
 */
#include "server/http.h"

#include "base/clock.h"
#include "base/pool.h"
#include "server/request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY_BYTES_MAX    ((size_t)4 << 20)
#define REPLY_BYTES_MAX   ((size_t)1 << 20)
#define SEND_BYTES        ((size_t)64 << 10)
#define WATCH_INTERVAL_US 20000U  /* of clients that wait for a query */
#define IDLE_INTERVAL_US  500000U /* of the others */
#define PARAMETERS_MAX    1000U
/* Connections above connections_max that are answered with 503; those above these are closed at once. */
#define REFUSED_MAX 64U

extern const char play_page[];
extern const size_t play_page_bytes;

struct parameter {
    char *name;
    struct slice value;
};

struct request {
    struct http *http;
    struct request *next;
    struct request *before;
    struct MHD_Connection *connection;
    int descriptor;
    bool is_get;
    bool started; /* HTTP thread: the query thread was started */
    bool replied; /* HTTP thread: a response is queued */
    bool in_list;
    char method[16];
    char *path;
    struct parameter *parameters; /* of the URL; headers follow, their names with ':' in front */
    uint32_t parameter_count;
    struct process process;

    struct lock lock;
    struct condition body_filled;
    struct condition reply_room;
    _Atomic uint32_t references;
    struct buffer body;
    bool body_end;
    bool body_ignored; /* the query is over: what still comes is thrown away */
    bool suspended;
    bool gone;
    bool head_ready; /* status and headers are fixed: the response may be queued */
    bool finished;
    bool broken; /* ended with an error after the first byte */
    struct buffer reply;
    size_t reply_sent;
    uint64_t sent_total;
    uint16_t status;
    char content_type[128];
    char format[64];
    char zone[64];
    char query_id[64];
    char exception_code[16];
    char summary[512];
};

/* An open connection. */
struct client {
    struct client *next;
    struct client *before;
    int descriptor;
    bool refused; /* one too many: it is told so */
};

struct http {
    struct server *server;
    struct MHD_Daemon *daemon;
    struct pool *pool;
    pthread_t watcher;
    bool watcher_started;
    struct lock lock;
    struct condition wake;
    struct client *clients;
    struct request *requests;
    bool stopping;
    _Atomic uint64_t requests_total;
    _Atomic uint32_t connections;
};

static void request_unref(struct request *request)
{
    if (atomic_fetch_sub_explicit(&request->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (uint32_t k = 0; k < request->parameter_count; k++) {
        free(request->parameters[k].name);
        free((char *)(uintptr_t)request->parameters[k].value.data);
    }
    free(request->parameters);
    free(request->path);
    buffer_deinit(&request->body);
    buffer_deinit(&request->reply);
    condition_deinit(&request->body_filled);
    condition_deinit(&request->reply_room);
    lock_deinit(&request->lock);
    free(request);
}

/* Under the request's lock. */
static void resume(struct request *request)
{
    if (request->suspended) {
        request->suspended = false;
        MHD_resume_connection(request->connection);
    }
}

static void suspend(struct request *request)
{
    request->suspended = true;
    MHD_suspend_connection(request->connection);
}

/* ---- what the query thread sees */

struct slice request_parameter(const struct request *request, const char *name)
{
    for (uint32_t k = 0; k < request->parameter_count; k++) {
        if (strcmp(request->parameters[k].name, name) == 0) {
            return request->parameters[k].value;
        }
    }
    return (struct slice){0};
}

void request_each_parameter(const struct request *request,
                            void (*visit)(void *user, struct slice name, struct slice value), void *user)
{
    for (uint32_t k = 0; k < request->parameter_count; k++) {
        if (request->parameters[k].name[0] != ':') {
            visit(user, slice_text(request->parameters[k].name), request->parameters[k].value);
        }
    }
}

struct slice request_header(const struct request *request, const char *name)
{
    for (uint32_t k = 0; k < request->parameter_count; k++) {
        if (request->parameters[k].name[0] == ':' && strcasecmp(request->parameters[k].name + 1, name) == 0) {
            return request->parameters[k].value;
        }
    }
    return (struct slice){0};
}

bool request_is_get(const struct request *request)
{
    return request->is_get;
}

struct process *request_process(struct request *request)
{
    return &request->process;
}

struct server *request_server(struct request *request)
{
    return request->http->server;
}

static struct err *gone_error(void)
{
    return err_new(ERR_CLIENT_GONE, "the client closed the connection");
}

struct err *request_read(struct request *request, struct buffer *out, bool *end)
{
    struct err *err = NULL;
    lock_take(&request->lock);
    while (request->body.length == 0 && !request->body_end && !request->gone) {
        condition_wait(&request->body_filled, &request->lock);
    }
    if (request->gone) {
        err = gone_error();
    } else {
        buffer_slice(out, buffer_all(&request->body));
        request->body.length = 0;
        *end = request->body_end;
        if (!request->body_end) {
            resume(request);
        }
    }
    lock_give(&request->lock);
    return err == NULL && out->failed ? err_oom() : err;
}

void request_head(struct request *request, const char *content_type, const char *format, const char *query_id,
                  const char *zone)
{
    lock_take(&request->lock);
    if (!request->head_ready) {
        (void)snprintf(request->content_type, sizeof(request->content_type), "%s", content_type);
        (void)snprintf(request->format, sizeof(request->format), "%s", format);
        (void)snprintf(request->query_id, sizeof(request->query_id), "%s", query_id);
        (void)snprintf(request->zone, sizeof(request->zone), "%s", zone);
    }
    lock_give(&request->lock);
}

void request_summary(struct request *request, const struct request_summary *summary)
{
    lock_take(&request->lock);
    (void)snprintf(
        request->summary, sizeof(request->summary),
        "{\"read_rows\":\"%llu\",\"read_bytes\":\"%llu\",\"written_rows\":\"%llu\",\"written_bytes\":\"%llu\","
        "\"total_rows_to_read\":\"0\",\"result_rows\":\"%llu\",\"result_bytes\":\"0\",\"elapsed_ns\":\"%llu\"}",
        (unsigned long long)summary->rows_read, (unsigned long long)summary->bytes_read,
        (unsigned long long)summary->rows_written, (unsigned long long)summary->bytes_written,
        (unsigned long long)summary->rows_result, (unsigned long long)summary->elapsed_us * 1000);
    lock_give(&request->lock);
}

struct err *request_write(struct request *request, struct slice bytes, bool hold)
{
    struct err *err = NULL;
    lock_take(&request->lock);
    while (!hold && request->head_ready && request->reply.length - request->reply_sent > REPLY_BYTES_MAX &&
           !request->gone) {
        condition_wait(&request->reply_room, &request->lock);
    }
    if (request->gone) {
        err = gone_error();
    } else {
        if (request->reply_sent > 0 && request->reply_sent == request->reply.length) {
            request->reply.length = request->reply_sent = 0;
        }
        buffer_slice(&request->reply, bytes);
        if (request->reply.failed) {
            err = err_oom();
        } else if (!hold && (request->head_ready || request->reply.length >= SEND_BYTES)) {
            request->head_ready = true;
            resume(request);
        }
    }
    lock_give(&request->lock);
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
    case ERR_CANNOT_PARSE_NUMBER:
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

static void put_exception(struct buffer *out, const struct err *err)
{
    buffer_printf(out, "Code: %d. DB::Exception: %s. (%s) (version %s)\n", (int)err_code(err), err_message(err),
                  err_code_name(err_code(err)), WEIR_VERSION);
}

void request_finish(struct request *request, struct err *err)
{
    lock_take(&request->lock);
    if (err != NULL && !request->head_ready) {
        request->reply.length = request->reply_sent = 0;
        request->status = http_status_of(err_code(err));
        (void)snprintf(request->content_type, sizeof(request->content_type), "text/plain; charset=UTF-8");
        (void)snprintf(request->exception_code, sizeof(request->exception_code), "%d", (int)err_code(err));
        put_exception(&request->reply, err);
    } else if (err != NULL) {
        put_exception(&request->reply, err);
        request->broken = true;
    }
    request->head_ready = true;
    request->finished = true;
    request->body_ignored = true;
    resume(request);
    lock_give(&request->lock);
    err_free(err);
}

/* ---- HTTP threads */

static void run_query(void *object)
{
    struct request *request = object;
    request_execute(request);
    request_unref(request);
}

static ssize_t read_reply(void *object, uint64_t position, char *to, size_t max)
{
    struct request *request = object;
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
        suspend(request);
    }
    lock_give(&request->lock);
    return result;
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value[0] != 0) {
        (void)MHD_add_response_header(response, name, value);
    }
}

/* Under no lock; status and headers are fixed. */
static enum MHD_Result queue_reply(struct request *request)
{
    struct MHD_Response *response;
    bool whole;
    lock_take(&request->lock);
    whole = request->finished && !request->broken;
    lock_give(&request->lock);
    if (whole) { /* nobody changes it any more: one write with a length */
        response = MHD_create_response_from_buffer(request->reply.length, request->reply.data, MHD_RESPMEM_MUST_COPY);
    } else {
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, SEND_BYTES, read_reply, request, NULL);
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

static enum MHD_Result reply_text(struct MHD_Connection *connection, uint16_t status, const char *type,
                                  const char *text, size_t bytes)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(bytes, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    add_header(response, "Content-Type", type);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result add_parameter(void *object, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct request *request = object;
    size_t bytes = value == NULL ? 0 : strlen(value);
    if (request->parameter_count == PARAMETERS_MAX) {
        return MHD_NO;
    }
    if (request->parameter_count % 16 == 0) {
        struct parameter *grown =
            realloc(request->parameters, (request->parameter_count + 16) * sizeof(*request->parameters));
        if (grown == NULL) {
            return MHD_NO;
        }
        request->parameters = grown;
    }
    struct parameter *parameter = &request->parameters[request->parameter_count];
    char *copy = malloc(bytes + 1);
    if (asprintf(&parameter->name, "%s%s", kind == MHD_HEADER_KIND ? ":" : "", name) < 0) {
        parameter->name = NULL;
    }
    if (copy == NULL || parameter->name == NULL) {
        free(copy);
        free(parameter->name);
        return MHD_NO;
    }
    memcpy(copy, value == NULL ? "" : value, bytes);
    parameter->value = slice_of(copy, bytes);
    request->parameter_count++;
    return MHD_YES;
}

static struct request *request_create(struct http *http, struct MHD_Connection *connection, const char *url,
                                      const char *method)
{
    struct request *request = calloc(1, sizeof(*request));
    if (request == NULL) {
        return NULL;
    }
    lock_init(&request->lock, LOCK_REPLY);
    condition_init(&request->body_filled);
    condition_init(&request->reply_room);
    atomic_init(&request->references, 1);
    request->http = http;
    request->connection = connection;
    request->status = 200;
    request->is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    (void)snprintf(request->method, sizeof(request->method), "%s", method);
    request->path = strdup(url);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    request->descriptor = info == NULL ? -1 : info->connect_fd;
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info != NULL && info->client_addr != NULL) {
        (void)getnameinfo(info->client_addr,
                          info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                                   : sizeof(struct sockaddr_in),
                          request->process.address, sizeof(request->process.address), NULL, 0, NI_NUMERICHOST);
    }
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_parameter, request);
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, add_parameter, request);
    return request;
}

static void list_add(struct http *http, struct request *request)
{
    lock_take(&http->lock);
    request->next = http->requests;
    request->before = NULL;
    if (request->next != NULL) {
        request->next->before = request;
    }
    http->requests = request;
    request->in_list = true;
    condition_signal(&http->wake);
    lock_give(&http->lock);
}

static void list_remove(struct http *http, struct request *request)
{
    lock_take(&http->lock);
    if (request->in_list) {
        if (request->before != NULL) {
            request->before->next = request->next;
        } else {
            http->requests = request->next;
        }
        if (request->next != NULL) {
            request->next->before = request->before;
        }
        request->in_list = false;
    }
    condition_broadcast(&http->wake);
    lock_give(&http->lock);
}

static bool has_url_parameters(const struct request *request)
{
    return request->parameter_count > 0 && request->parameters[0].name[0] != ':'; /* they come first */
}

/* Endpoints that need no query thread. *known: it was one. */
static enum MHD_Result reply_simple(struct request *request, bool *known)
{
    struct http *http = request->http;
    const char *path = request->path;
    *known = true;
    if (!request->is_get) {
        *known = false;
        return MHD_YES;
    }
    if (strcmp(path, "/ping") == 0 || (strcmp(path, "/") == 0 && !has_url_parameters(request)) ||
        strcmp(path, "/replicas_status") == 0) {
        return reply_text(request->connection, 200, "text/plain; charset=UTF-8", "Ok.\n", 4);
    }
    if (strcmp(path, "/play") == 0) {
        return reply_text(request->connection, 200, "text/html; charset=UTF-8", play_page, play_page_bytes);
    }
    if (strcmp(path, "/metrics") == 0) {
        struct buffer page = {0};
        metrics_write(http->server, &page);
        enum MHD_Result result = reply_text(request->connection, page.failed ? 500 : 200,
                                            "text/plain; version=0.0.4; charset=UTF-8", page.data, page.length);
        buffer_deinit(&page);
        return result;
    }
    *known = false;
    return MHD_YES;
}

static enum MHD_Result refuse(struct request *request)
{
    char text[512];
    int length;
    if (strcmp(request->path, "/") != 0) {
        length =
            snprintf(text, sizeof(text),
                     "There is no page %.200s; there are /, /ping, /replicas_status, /play, /metrics\n", request->path);
        return reply_text(request->connection, 404, "text/plain; charset=UTF-8", text, (size_t)length);
    }
    length = snprintf(text, sizeof(text), "The method %s is not supported; use GET or POST\n", request->method);
    return reply_text(request->connection, 405, "text/plain; charset=UTF-8", text, (size_t)length);
}

static bool is_query(const struct request *request)
{
    return strcmp(request->path, "/") == 0 && (request->is_get || strcmp(request->method, "POST") == 0);
}

/* Takes a piece of the body; *taken false: the buffer is full and the connection is suspended. */
static void take_body(struct request *request, const char *data, size_t *bytes)
{
    lock_take(&request->lock);
    if (request->body_ignored) {
        *bytes = 0;
    } else if (request->body.length >= BODY_BYTES_MAX) {
        suspend(request);
    } else {
        buffer_append(&request->body, data, *bytes);
        *bytes = 0;
        condition_signal(&request->body_filled);
    }
    lock_give(&request->lock);
}

static enum MHD_Result start_query(struct request *request)
{
    request->started = true;
    list_add(request->http, request);
    atomic_fetch_add(&request->references, 1);
    struct err *err = pool_run(request->http->pool, NULL, run_query, request);
    if (err != NULL) {
        atomic_fetch_sub(&request->references, 1);
        err_free(err);
        return MHD_NO;
    }
    return MHD_YES;
}

/* A new connection, before it costs anything: MHD_NO closes it. */
static enum MHD_Result accept_client(void *object, const struct sockaddr *address, socklen_t bytes)
{
    struct http *http = object;
    (void)address;
    (void)bytes;
    return atomic_load(&http->connections) < http->server->config.connections_max + REFUSED_MAX ? MHD_YES : MHD_NO;
}

static void add_client(struct http *http, struct MHD_Connection *connection, void **context, bool refused)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct client *client = calloc(1, sizeof(*client));
    if (client == NULL) {
        return; /* nobody will look whether it hung up */
    }
    client->descriptor = info == NULL ? -1 : info->connect_fd;
    client->refused = refused;
    *context = client;
    lock_take(&http->lock);
    client->next = http->clients;
    if (client->next != NULL) {
        client->next->before = client;
    }
    http->clients = client;
    condition_broadcast(&http->wake);
    lock_give(&http->lock);
}

static void remove_client(struct http *http, struct client *client)
{
    lock_take(&http->lock);
    if (client->before != NULL) {
        client->before->next = client->next;
    } else {
        http->clients = client->next;
    }
    if (client->next != NULL) {
        client->next->before = client->before;
    }
    lock_give(&http->lock);
    free(client);
}

/* Lists and counts connections; one above the limit is marked, to be told so, and may not linger. */
static void connection_changed(void *object, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode what)
{
    struct http *http = object;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        atomic_fetch_sub(&http->connections, 1);
        if (*context != NULL) {
            remove_client(http, *context);
            *context = NULL;
        }
        return;
    }
    bool refused = atomic_fetch_add(&http->connections, 1) >= http->server->config.connections_max;
    if (refused) {
        (void)MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 5U);
    }
    add_client(http, connection, context, refused);
}

static enum MHD_Result refuse_connection(struct http *http, struct MHD_Connection *connection)
{
    char text[256];
    int length = snprintf(text, sizeof(text),
                          "Code: %d. DB::Exception: Too many connections: connections_max is %u. (%s) (version %s)\n",
                          (int)ERR_SERVER_OVERLOADED, http->server->config.connections_max,
                          err_code_name(ERR_SERVER_OVERLOADED), WEIR_VERSION);
    struct MHD_Response *response = MHD_create_response_from_buffer((size_t)length, text, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    add_header(response, "Content-Type", "text/plain; charset=UTF-8");
    add_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(connection, 503, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result handle(void *object, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *bytes, void **state)
{
    struct http *http = object;
    struct request *request = *state;
    bool known;
    (void)version;
    if (request == NULL) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        const struct client *client = info == NULL ? NULL : info->socket_context;
        if (client != NULL && client->refused) {
            return refuse_connection(http, connection);
        }
        request = request_create(http, connection, url, method);
        if (request == NULL) {
            return MHD_NO;
        }
        *state = request;
        atomic_fetch_add(&http->requests_total, 1);
        return MHD_YES;
    }
    if (request->replied) {
        *bytes = 0;
        return MHD_YES;
    }
    if (!is_query(request)) {
        if (*bytes > 0) {
            *bytes = 0;
            return MHD_YES;
        }
        request->replied = true;
        enum MHD_Result result = reply_simple(request, &known);
        return known ? result : refuse(request);
    }
    if (!request->started) {
        if (*bytes == 0) {
            enum MHD_Result result = reply_simple(request, &known);
            if (known) {
                request->replied = true;
                return result;
            }
        }
        if (start_query(request) != MHD_YES) {
            return MHD_NO;
        }
    }
    if (*bytes > 0) {
        take_body(request, data, bytes);
        return MHD_YES;
    }
    lock_take(&request->lock);
    request->body_end = true;
    condition_signal(&request->body_filled);
    bool ready = request->head_ready;
    if (!ready) {
        suspend(request);
    }
    lock_give(&request->lock);
    return ready ? queue_reply(request) : MHD_YES;
}

static void set_gone(struct request *request)
{
    lock_take(&request->lock);
    bool was_gone = request->gone;
    request->gone = true;
    condition_broadcast(&request->body_filled);
    condition_broadcast(&request->reply_room);
    resume(request);
    bool finished = request->finished;
    lock_give(&request->lock);
    if (!was_gone && !finished) {
        query_cancel(&request->process.progress);
    }
}

static bool has_hung_up(int descriptor)
{
    struct pollfd state = {.fd = descriptor, .events = POLLRDHUP};
    return descriptor >= 0 && poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static void completed(void *object, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode why)
{
    struct http *http = object;
    struct request *request = *state;
    (void)connection;
    (void)why;
    if (request != NULL) {
        list_remove(http, request);
        set_gone(request);
        request_unref(request);
        *state = NULL;
    }
}

/* Under http->lock. Makes libmicrohttpd look at connections whose end it may have missed; what is on its way out stays.
 */
static void nudge_clients(const struct http *http)
{
    for (const struct client *client = http->clients; client != NULL; client = client->next) {
        if (has_hung_up(client->descriptor)) {
            (void)shutdown(client->descriptor, SHUT_RD);
        }
    }
}

/* Looks for clients that hung up. */
static void *watch(void *object)
{
    struct http *http = object;
    uint64_t nudged_at = 0;
    lock_take(&http->lock);
    while (!http->stopping) {
        if (http->clients == NULL) {
            condition_wait(&http->wake, &http->lock);
            continue;
        }
        for (struct request *request = http->requests; request != NULL; request = request->next) {
            if (has_hung_up(request->descriptor)) {
                set_gone(request);
            }
        }
        uint64_t now = clock_monotonic_us();
        if (now - nudged_at >= IDLE_INTERVAL_US) {
            nudge_clients(http);
            nudged_at = now;
        }
        (void)condition_wait_for(&http->wake, &http->lock,
                                 http->requests == NULL ? IDLE_INTERVAL_US : WATCH_INTERVAL_US);
    }
    lock_give(&http->lock);
    return NULL;
}

static struct err *listen_on(const char *host, uint32_t port, int *out, uint32_t *real_port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *list = NULL;
    char service[16];
    (void)snprintf(service, sizeof(service), "%u", port);
    int result = getaddrinfo(host, service, &hints, &list);
    if (result != 0) {
        return err_new(ERR_BAD_ARGUMENTS, "http_host \"%s\" is no address: %s", host, gai_strerror(result));
    }
    struct err *err = NULL;
    int descriptor = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    if (descriptor < 0 || setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
        bind(descriptor, list->ai_addr, list->ai_addrlen) != 0 || listen(descriptor, 1024) != 0) {
        err = err_errno(ERR_BAD_ARGUMENTS, errno, "listening on %s:%u", host, port);
    } else {
        struct sockaddr_storage bound;
        socklen_t length = sizeof(bound);
        *real_port = port;
        if (getsockname(descriptor, (struct sockaddr *)&bound, &length) == 0) {
            *real_port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                           : ((struct sockaddr_in *)&bound)->sin_port);
        }
        *out = descriptor;
    }
    if (err != NULL && descriptor >= 0) {
        (void)close(descriptor);
    }
    freeaddrinfo(list);
    return err;
}

struct err *http_start(struct server *server, struct http **out, uint32_t *port)
{
    struct err *err = NULL;
    int descriptor = -1;
    struct http *http = calloc(1, sizeof(*http));
    if (http == NULL) {
        return err_oom();
    }
    http->server = server;
    lock_init(&http->lock, LOCK_SERVER);
    condition_init(&http->wake);
    OR_DONE(pool_create("query", server->config.queries_max + 2, &http->pool));
    OR_DONE(listen_on(server->config.http_host, server->config.http_port, &descriptor, port));
    *out = http; /* before a request can ask for its numbers */
    /* The library stops accepting at its limit, and clients would wait without a word: ours is reached before. It
     * divides its limit by its threads, and one of them may get all connections. */
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, accept_client, http, handle, http,
        MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_CONNECTION_LIMIT,
        2 * (server->config.connections_max + 2 * REFUSED_MAX), MHD_OPTION_NOTIFY_CONNECTION, connection_changed, http,
        MHD_OPTION_NOTIFY_COMPLETED, completed, http, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)256 << 10,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)16 << 10, MHD_OPTION_CONNECTION_TIMEOUT, 600U, MHD_OPTION_END);
    if (http->daemon == NULL) {
        err = err_new(ERR_BAD_ARGUMENTS, "the HTTP interface cannot start on %s:%u", server->config.http_host, *port);
        (void)close(descriptor);
        goto done;
    }
    OR_DONE(thread_start(&http->watcher, "http-watch", watch, http));
    http->watcher_started = true;
    return NULL;
done:
    *out = NULL;
    http_stop(http);
    return err;
}

void http_stop(struct http *http)
{
    if (http == NULL) {
        return;
    }
    int listener = http->daemon == NULL ? -1 : MHD_quiesce_daemon(http->daemon);
    lock_take(&http->lock);
    http->stopping = true;
    for (struct request *request = http->requests; request != NULL; request = request->next) {
        query_cancel(&request->process.progress);
        set_gone(request);
    }
    condition_broadcast(&http->wake);
    lock_give(&http->lock);
    if (http->watcher_started) {
        (void)pthread_join(http->watcher, NULL);
    }
    pool_destroy(http->pool); /* waits for the query threads */
    if (http->daemon != NULL) {
        MHD_stop_daemon(http->daemon);
    }
    if (listener >= 0) {
        (void)close(listener);
    }
    condition_deinit(&http->wake);
    lock_deinit(&http->lock);
    free(http);
}

void http_numbers(struct http *http, struct http_numbers *out)
{
    out->connections = atomic_load(&http->connections);
    out->requests_total = atomic_load(&http->requests_total);
}
