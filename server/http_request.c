/*
 * http_request.c: one request: its parameters, its body, the steps in which query threads work on it.
 *
 * flow     http_routes.c → here → execute.c → http_reply.c
 * steps    a step takes what came of the body and goes on; when it needs more it gives its thread back, and the next
 *          one starts when STEP_BYTES are there, the body ends, the client is gone, or KILL QUERY was said. One step at
 *          a time (request->working).
 * thread   HTTP threads but for what stands under "query thread"
 */
#include "server/access.h"
#include "server/async_insert.h"
#include "server/endpoint.h"
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

void request_suspend(struct http_request *request)
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

void request_resume(struct http_request *request)
{
    if (request->suspended) {
        request->suspended = false;
        MHD_resume_connection(request->connection);
    }
}

static bool has_work(struct http_request *request)
{
    bool waits = admission_waits(&request->base.process) || /* for its turn, whatever comes of its body */
                 atomic_load(&request->base.process.logging_in) || async_insert_waits(&request->base.process);
    bool granted = atomic_load(&request->base.process.admission) != ADMISSION_NONE;
    return !request->finished &&
           (request->gone ||
            (!waits && (granted || request->unpacks || request->body_end || request->body.length >= step_bytes ||
                        atomic_load(&request->base.process.progress.cancelled))));
}

void request_account_body(struct http_request *request)
{
    size_t bytes = request->body.length > STEP_BYTES ? request->body.length - STEP_BYTES : 0;
    if (bytes > request->body_charged) {
        atomic_fetch_add(&request->http->bodies_bytes, bytes - request->body_charged);
    } else {
        atomic_fetch_sub(&request->http->bodies_bytes, request->body_charged - bytes);
    }
    request->body_charged = bytes;
}

static void take_steps(struct http_request *request)
{
    bool more = true;
    while (more) {
        (void)request_execute(&request->base, &request->execution);
        lock_take(&request->lock);
        more = has_work(request);
        request->working = more;
        if (!more) {
            execution_rest(
                request->execution); /* the next piece may take long to come; else it is read where this was */
        }
        if (request->finished) { /* what came of the body is not wanted any more */
            buffer_deinit(&request->body);
            request_account_body(request);
        }
        lock_give(&request->lock);
    }
}

static void work(void *object)
{
    struct http_request *request = object;
    take_steps(request);
    request_unref(request);
}

bool request_schedule(struct http_request *request)
{
    if (request->working || !has_work(request)) {
        return true;
    }
    if (request->http->server->pool == NULL) {
        return false;
    }
    atomic_fetch_add(&request->references, 1);
    request->working = true;
    struct err *err = pool_run(request->http->server->pool, NULL, work, request);
    if (err != NULL) {
        err_free(err);
        request->working = false;
        atomic_fetch_sub(&request->references, 1); /* not the last: the caller has one */
        return false;
    }
    return true;
}

void request_gone_held(struct http_request *request)
{
    bool was_gone = request->gone;
    request->gone = true;
    if (!request->working && request->execution == NULL) {
        request->finished = true; /* no step began */
    }
    if (!was_gone && !request->finished) {
        query_cancel(&request->base.process.progress);
    }
    condition_broadcast(&request->reply_room);
    request_resume(request);
    (void)request_schedule(request);
}

void request_gone(struct http_request *request)
{
    lock_take(&request->lock);
    request_gone_held(request);
    lock_give(&request->lock);
}

/* KILL QUERY: a step must see it, also while the body is awaited. */
static void wake(struct process *process)
{
    struct http_request *request =
        (struct http_request *)((char *)process - offsetof(struct http_request, base.process));
    lock_take(&request->lock);
    (void)request_schedule(request);
    lock_give(&request->lock);
}

struct err *request_gone_error(void)
{
    return err_new(ERR_CLIENT_GONE, "the client closed the connection");
}

/* ---- creation */

bool is_secure(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info != NULL && info->tls_session != NULL;
}

bool request_add(struct http_request *request, const char *prefix, const char *name, size_t name_bytes,
                 struct slice value)
{
    if (request->base.parameter_count == PARAMETERS_MAX) {
        request->bad = "more than 1000 parameters and headers; send fewer";
        return false;
    }
    if (name_bytes != strlen(name)) {
        request->bad = "the name of a parameter contains a NUL byte; remove it";
        return false;
    }
    if (request->base.parameter_count % 16 == 0) {
        struct parameter *grown =
            realloc(request->base.parameters, (request->base.parameter_count + 16) * sizeof(*request->base.parameters));
        if (grown == NULL) {
            goto out_of_memory;
        }
        request->base.parameters = grown;
    }
    struct parameter *parameter = &request->base.parameters[request->base.parameter_count];
    char *copy = malloc(value.length + 1);
    if (asprintf(&parameter->name, "%s%s", prefix, name) < 0) {
        parameter->name = NULL;
    }
    if (copy == NULL || parameter->name == NULL) {
        free(copy);
        free(parameter->name);
        goto out_of_memory;
    }
    memcpy(copy, value.length == 0 ? "" : value.data, value.length);
    copy[value.length] = 0;
    parameter->value = slice_of(copy, value.length);
    request->base.parameter_count++;
    return true;
out_of_memory:
    request->bad = "the server is out of memory; try again";
    return false;
}

static enum MHD_Result add_parameter(void *object, enum MHD_ValueKind kind, const char *name, size_t name_bytes,
                                     const char *value, size_t bytes)
{
    if (name_bytes == 0 && kind != MHD_HEADER_KIND) { /* "?&&a=b" */
        return MHD_YES;
    }
    return request_add(object, kind == MHD_HEADER_KIND ? ":" : "", name, name_bytes,
                       slice_of(value, value == NULL ? 0 : bytes))
               ? MHD_YES
               : MHD_NO;
}

struct http_request *request_create(struct http *http, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version)
{
    struct http_request *request = calloc(1, sizeof(*request));
    if (request == NULL) {
        return NULL;
    }
    lock_init(&request->lock, LOCK_REPLY);
    condition_init(&request->reply_room);
    atomic_init(&request->references, 1);
    request->base.transport = &http_transport;
    request->base.server = http->server;
    request->http = http;
    request->connection = connection;
    request->base.process.wake = wake;
    request->base.process.client.interface = 2;
    request->status = 200;
    request->base.is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    request->secure = is_secure(connection);
    request->interim = strcmp(version, "HTTP/1.1") == 0;
    (void)snprintf(request->method, sizeof(request->method), "%s", method);
    request->path = strdup(url);
    if (request->path == NULL) {
        request_unref(request);
        return NULL;
    }
    request->base.method = request->method;
    request->base.path = request->path;
    request->base.endpoint = endpoint_find(request->path);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    request->descriptor = info == NULL ? -1 : info->connect_fd;
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info != NULL && info->client_addr != NULL) {
        (void)getnameinfo(
            info->client_addr,
            info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in),
            request->base.process.address, sizeof(request->base.process.address), NULL, 0, NI_NUMERICHOST);
    }
    (void)MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, add_parameter, request);
    if (request->bad == NULL) {
        (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_parameter, request);
    }
    wire_choose(request);
    request->base.live = http_live_way(request);
    return request;
}

void request_unref(struct http_request *request)
{
    if (atomic_fetch_sub_explicit(&request->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    if (request->execution != NULL) { /* only when memory was out for its last step; the library may hold a lock of its
                                         own here, but not then: such a request was not upgraded */
        lock_take(&request->lock);
        request->finished = true; /* no step begins any more, also not for KILL QUERY, which finds it until it ends */
        lock_give(&request->lock);
        request_abandon(&request->execution);
    }
    for (uint32_t k = 0; k < request->base.parameter_count; k++) {
        free(request->base.parameters[k].name);
        free((char *)(uintptr_t)request->base.parameters[k].value.data);
    }
    free(request->base.parameters);
    free(request->path);
    form_destroy(request);
    access_session_unref(request->base.access);
    err_free(request->base.denied);
    wire_release(request);
    buffer_deinit(&request->body);
    request_account_body(request);
    buffer_deinit(&request->reply);
    if (request->reply_charged > 0) {
        budget_give(&request->base.process.budget, request->reply_charged);
    }
    condition_deinit(&request->reply_room);
    lock_deinit(&request->lock);
    free(request);
}

enum MHD_Result request_enter(struct http_request *request)
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

void request_leave(struct http_request *request)
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

static bool has_room(const struct http_request *request)
{
    return request->body.length < STEP_BYTES ||
           (request->body.length < BODY_BYTES_MAX && atomic_load(&request->http->bodies_bytes) < BODIES_BYTES_MAX);
}

enum MHD_Result request_take_body(struct http_request *request, const char *data, size_t *bytes)
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
        request_account_body(request);
        *bytes = 0;
        result = request->body.failed || !request_schedule(request) ? MHD_NO : MHD_YES;
    }
    lock_give(&request->lock);
    return result;
}

/* May the HTTP thread do it at once? A query thread would have to be woken up, and it in turn. */
static bool is_brief(const struct http_request *request)
{
    struct slice query = request_parameter(&request->base, "query");
    return !request->working && !request->gone && request->execution == NULL && request->base.endpoint == NULL &&
           request->http->server->pool != NULL && request_parameter(&request->base, "session_id").length == 0 &&
           (request->unpacking == ENCODING_NONE || request->body.length == 0) &&
           (query.length == 0 || request->body.length == 0) &&
           statement_is_brief(query.length == 0 ? buffer_all(&request->body) : query);
}

enum MHD_Result request_end_body(struct http_request *request, bool *ready)
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

const struct transport http_transport = {.take = body_take,
                                         .head = reply_head,
                                         .show_progress = reply_show_progress,
                                         .summary = reply_summary,
                                         .write = reply_write,
                                         .finish = reply_finish,
                                         .follow = http_follow};
