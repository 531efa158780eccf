/*
 * http_request.c: one request: its parameters, its body, the steps in which query threads work on it.
 *
 * flow     http_routes.c → here → execute.c → http_reply.c
 * steps    a step takes what came of the body and goes on; when it needs more it gives its thread back, and the next
 *          one starts when STEP_BYTES are there, the body ends, the client is gone, or KILL QUERY was said. One step at
 *          a time (request->working).
 * thread   HTTP threads but for what stands under "query thread"
 */
#include "server/http_parts.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* A piece so long comes from a fast client: room for a whole step at once. */
#define FAST_PIECE_BYTES ((size_t)4 << 10)

static size_t step_bytes = STEP_BYTES;

void http_stress(size_t bytes)
{
    step_bytes = bytes;
}

/* ---- states; under the request's lock */

void request_suspend(struct request *request)
{
    if (request->body_end && !request->own_timeout) { /* libmicrohttpd 1.0 takes none while suspended */
        uint32_t timeout_s = request->http->server->config.http_timeout_s;
        request->own_timeout = true;
        (void)MHD_set_connection_option(request->connection, MHD_CONNECTION_OPTION_TIMEOUT,
                                        timeout_s == 0 ? 1000000U : timeout_s + 1);
    }
    request->suspended = true;
    MHD_suspend_connection(request->connection);
}

void request_resume(struct request *request)
{
    if (request->suspended) {
        request->suspended = false;
        MHD_resume_connection(request->connection);
    }
}

static bool has_work(struct request *request)
{
    bool waits = admission_waits(&request->process); /* for its turn, whatever comes of its body */
    bool granted = atomic_load(&request->process.admission) != ADMISSION_NONE;
    return !request->finished &&
           (request->gone || (!waits && (granted || request->body_end || request->body.length >= step_bytes ||
                                         atomic_load(&request->process.progress.cancelled))));
}

static void account_body(struct request *request)
{
    size_t bytes = request->body.length > STEP_BYTES ? request->body.length - STEP_BYTES : 0;
    if (bytes > request->body_charged) {
        atomic_fetch_add(&request->http->bodies_bytes, bytes - request->body_charged);
    } else {
        atomic_fetch_sub(&request->http->bodies_bytes, request->body_charged - bytes);
    }
    request->body_charged = bytes;
}

static void take_steps(struct request *request)
{
    bool more = true;
    while (more) {
        (void)request_execute(request, &request->execution);
        lock_take(&request->lock);
        more = has_work(request);
        request->working = more;
        if (!more) {
            execution_rest(
                request->execution); /* the next piece may take long to come; else it is read where this was */
        }
        if (request->finished) { /* what came of the body is not wanted any more */
            buffer_deinit(&request->body);
            account_body(request);
        }
        lock_give(&request->lock);
    }
}

static void work(void *object)
{
    struct request *request = object;
    take_steps(request);
    request_unref(request);
}

bool request_schedule(struct request *request)
{
    if (request->working || !has_work(request)) {
        return true;
    }
    if (request->http->pool == NULL) {
        return false;
    }
    atomic_fetch_add(&request->references, 1);
    request->working = true;
    struct err *err = pool_run(request->http->pool, NULL, work, request);
    if (err != NULL) {
        err_free(err);
        request->working = false;
        atomic_fetch_sub(&request->references, 1); /* not the last: the caller has one */
        return false;
    }
    return true;
}

void request_gone_held(struct request *request)
{
    bool was_gone = request->gone;
    request->gone = true;
    if (!request->working && request->execution == NULL) {
        request->finished = true; /* no step began */
    }
    if (!was_gone && !request->finished) {
        query_cancel(&request->process.progress);
    }
    condition_broadcast(&request->reply_room);
    request_resume(request);
    (void)request_schedule(request);
}

void request_gone(struct request *request)
{
    lock_take(&request->lock);
    request_gone_held(request);
    lock_give(&request->lock);
}

/* KILL QUERY: a step must see it, also while the body is awaited. */
static void wake(struct process *process)
{
    struct request *request = (struct request *)((char *)process - offsetof(struct request, process));
    lock_take(&request->lock);
    (void)request_schedule(request);
    lock_give(&request->lock);
}

struct err *request_gone_error(void)
{
    return err_new(ERR_CLIENT_GONE, "the client closed the connection");
}

/* ---- creation */

static enum MHD_Result add_parameter(void *object, enum MHD_ValueKind kind, const char *name, size_t name_bytes,
                                     const char *value, size_t bytes)
{
    struct request *request = object;
    if (request->parameter_count == PARAMETERS_MAX) {
        request->bad = "more than 1000 parameters and headers; send fewer";
        return MHD_NO;
    }
    if (name_bytes != strlen(name)) {
        request->bad = "the name of a parameter contains a NUL byte; remove it";
        return MHD_NO;
    }
    if (request->parameter_count % 16 == 0) {
        struct parameter *grown =
            realloc(request->parameters, (request->parameter_count + 16) * sizeof(*request->parameters));
        if (grown == NULL) {
            goto out_of_memory;
        }
        request->parameters = grown;
    }
    struct parameter *parameter = &request->parameters[request->parameter_count];
    bytes = value == NULL ? 0 : bytes;
    char *copy = malloc(bytes + 1);
    if (asprintf(&parameter->name, "%s%s", kind == MHD_HEADER_KIND ? ":" : "", name) < 0) {
        parameter->name = NULL;
    }
    if (copy == NULL || parameter->name == NULL) {
        free(copy);
        free(parameter->name);
        goto out_of_memory;
    }
    memcpy(copy, value == NULL ? "" : value, bytes);
    parameter->value = slice_of(copy, bytes);
    request->parameter_count++;
    return MHD_YES;
out_of_memory:
    request->bad = "the server is out of memory; try again";
    return MHD_NO;
}

struct request *request_create(struct http *http, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version)
{
    struct request *request = calloc(1, sizeof(*request));
    if (request == NULL) {
        return NULL;
    }
    lock_init(&request->lock, LOCK_REPLY);
    condition_init(&request->reply_room);
    atomic_init(&request->references, 1);
    request->http = http;
    request->connection = connection;
    request->process.wake = wake;
    request->status = 200;
    request->is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    request->interim = strcmp(version, "HTTP/1.1") == 0;
    (void)snprintf(request->method, sizeof(request->method), "%s", method);
    request->path = strdup(url);
    if (request->path == NULL) {
        request_unref(request);
        return NULL;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    request->descriptor = info == NULL ? -1 : info->connect_fd;
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info != NULL && info->client_addr != NULL) {
        (void)getnameinfo(info->client_addr,
                          info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                                   : sizeof(struct sockaddr_in),
                          request->process.address, sizeof(request->process.address), NULL, 0, NI_NUMERICHOST);
    }
    (void)MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, add_parameter, request);
    if (request->bad == NULL) {
        (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_parameter, request);
    }
    return request;
}

void request_unref(struct request *request)
{
    if (atomic_fetch_sub_explicit(&request->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    lock_take(&request->lock);
    request->finished = true; /* no step begins any more, also not for KILL QUERY */
    lock_give(&request->lock);
    request_abandon(&request->execution); /* there is one only when memory was out for its last step */
    for (uint32_t k = 0; k < request->parameter_count; k++) {
        free(request->parameters[k].name);
        free((char *)(uintptr_t)request->parameters[k].value.data);
    }
    free(request->parameters);
    free(request->path);
    buffer_deinit(&request->body);
    account_body(request);
    buffer_deinit(&request->reply);
    if (request->reply_charged > 0) {
        budget_give(&request->process.budget, request->reply_charged);
    }
    condition_deinit(&request->reply_room);
    lock_deinit(&request->lock);
    free(request);
}

enum MHD_Result request_enter(struct request *request)
{
    struct http *http = request->http;
    lock_take(&http->lock);
    bool stopping = http->stopping;
    if (!stopping) {
        request->started = true;
        request->next = http->requests;
        request->before = NULL;
        if (request->next != NULL) {
            request->next->before = request;
        }
        http->requests = request;
        request->in_list = true;
        if (http->watcher_dozes) {
            condition_signal(&http->wake);
        }
    }
    lock_give(&http->lock);
    return stopping ? MHD_NO : MHD_YES;
}

void request_leave(struct request *request)
{
    struct http *http = request->http;
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
    lock_give(&http->lock);
}

/* ---- the body */

static bool has_room(const struct request *request)
{
    return request->body.length < STEP_BYTES ||
           (request->body.length < BODY_BYTES_MAX && atomic_load(&request->http->bodies_bytes) < BODIES_BYTES_MAX);
}

enum MHD_Result request_take_body(struct request *request, const char *data, size_t *bytes)
{
    enum MHD_Result result = MHD_YES;
    lock_take(&request->lock);
    if (request->body_ignored || request->gone) {
        *bytes = 0;
    } else if (!has_room(request)) {
        request_suspend(request); /* a step runs or waits, and takes what is there */
    } else {
        if (*bytes >= FAST_PIECE_BYTES && request->body.capacity < 2 * STEP_BYTES) {
            (void)buffer_reserve(&request->body, 2 * STEP_BYTES - request->body.length);
        }
        buffer_append(&request->body, data, *bytes);
        account_body(request);
        *bytes = 0;
        result = request->body.failed || !request_schedule(request) ? MHD_NO : MHD_YES;
    }
    lock_give(&request->lock);
    return result;
}

/* May the HTTP thread do it at once? A query thread would have to be woken up, and it in turn. */
static bool is_brief(const struct request *request)
{
    struct slice query = request_parameter(request, "query");
    return !request->working && !request->gone && request->execution == NULL && request->http->pool != NULL &&
           request_parameter(request, "session_id").length == 0 && (query.length == 0 || request->body.length == 0) &&
           statement_is_brief(query.length == 0 ? buffer_all(&request->body) : query);
}

enum MHD_Result request_end_body(struct request *request, bool *ready)
{
    lock_take(&request->lock);
    bool first = !request->body_end; /* it is said again when the connection is resumed */
    request->body_end = true;
    if (first && is_brief(request)) {
        request->working = true;
        lock_give(&request->lock);
        take_steps(request);
        lock_take(&request->lock);
    }
    bool fine = !request->gone && request_schedule(request);
    *ready = fine && request->head_ready;
    if (fine && !*ready) {
        request_suspend(request);
    }
    lock_give(&request->lock);
    return fine ? MHD_YES : MHD_NO;
}

/* ---- query thread: request.h */

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

struct err *request_take(struct request *request, struct buffer *out, bool *end)
{
    struct err *err = NULL;
    lock_take(&request->lock);
    if (request->gone) {
        err = request_gone_error();
    } else {
        struct buffer taken = request->body;
        request->body = *out;
        request->body.length = 0;
        *out = taken;
        account_body(request);
        *end = request->body_end;
        if (!request->body_end) {
            request_resume(request);
        }
    }
    lock_give(&request->lock);
    return err;
}
