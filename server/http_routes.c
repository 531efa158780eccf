/*
 * http_routes.c: where a request goes: a page that is answered at once, a query, or a refusal.
 *
 * flow     libmicrohttpd → here → http_request.c (queries), metrics.c, http_pages.c
 * thread   HTTP threads
 */
#include "base/clock.h"
#include "base/metrics.h"
#include "server/access_password.h"
#include "server/anchor.h"
#include "server/endpoint.h"
#include "server/http_parts.h"

#include <stdlib.h>

static bool has_url_parameters(const struct http_request *request)
{
    return request->base.parameter_count > 0 && request->base.parameters[0].name[0] != ':'; /* they come first */
}

/* Pages about the server that ask for no user. */
static bool may_see_metrics(const struct http_request *request)
{
    return request->http->server->config.metrics_for_all != 0 || access_address_is_local(request->base.process.address);
}

/* Endpoints that need no query thread. *known: it was one. */
static enum MHD_Result reply_page(struct http_request *request, bool *known)
{
    const char *path = request->path;
    *known = request->base.is_get;
    if (strcmp(request->method, "OPTIONS") == 0) {
        *known = true;
        return reply_options(request);
    }
    if (request->base.is_get && (strcmp(path, "/ping") == 0 || strcmp(path, "/replicas_status") == 0 ||
                                 (strcmp(path, "/") == 0 && !has_url_parameters(request)))) {
        return reply_text(request, 200, "text/html; charset=UTF-8", slice_text("Ok.\n"));
    }
    if (request->base.is_get && (strcmp(path, "/-/ready") == 0 || strcmp(path, "/-/healthy") == 0)) {
        return reply_text(request, 200, "text/plain; charset=UTF-8",
                          slice_text(path[3] == 'r' ? "Weir is Ready.\n" : "Weir is Healthy.\n"));
    }
    if (request->base.is_get && (strcmp(path, "/metrics") == 0 || strcmp(path, "/anchor") == 0) &&
        !may_see_metrics(request)) {
        return reply_error(request->connection, 403, ERR_ACCESS_DENIED, false,
                           "%s is for this machine alone: metrics_for_all is 0", path);
    }
    if (request->base.is_get && strcmp(path, "/metrics") == 0) {
        struct buffer page = {0};
        struct metric_visitor visitor = metrics_exposition(&page);
        metrics_each(request->http->server, &visitor);
        enum MHD_Result result =
            reply_text(request, page.failed ? 500 : 200, "text/plain; version=0.0.4; charset=UTF-8", buffer_all(&page));
        buffer_deinit(&page);
        return result;
    }
    if (request->base.is_get && strcmp(path, "/anchor") == 0) {
        char text[ANCHOR_TEXT_BYTES];
        struct err *err = anchor_page(request->http->server, text);
        enum MHD_Result result = reply_text(request, err == NULL ? 200 : 500, "text/plain; charset=UTF-8",
                                            slice_text(err == NULL ? text : err_message(err)));
        err_free(err);
        return result;
    }
    *known = false;
    return request->base.is_get ? reply_asset(request, known) : MHD_YES;
}

static bool is_query_path(const struct http_request *request)
{
    return strcmp(request->path, "/") == 0 || strcmp(request->path, "/query") == 0 ||
           strcmp(request->path, "/live") == 0;
}

static enum MHD_Result refuse(struct http_request *request)
{
    if (request->base.endpoint != NULL) {
        return reply_error(request->connection, 405, ERR_NOT_IMPLEMENTED, false,
                           "The method %s is not supported at %s; use %s", request->method,
                           request->base.endpoint->path, request->base.endpoint->methods);
    }
    if (!is_query_path(request)) {
        return reply_error(
            request->connection, 404, ERR_BAD_ARGUMENTS, false,
            "There is no handle %.200s; there are /, /query, /live, /ping, /replicas_status, /play, /dashboard, "
            "/dashboards, /metrics, /anchor",
            request->path);
    }
    return reply_error(request->connection, 405, ERR_NOT_IMPLEMENTED, false,
                       "The method %s is not supported; use GET or POST", request->method);
}

static bool is_query(const struct http_request *request)
{
    if (request->base.endpoint != NULL) {
        return endpoint_takes(request->base.endpoint, request->method);
    }
    return is_query_path(request) && (request->base.is_get || strcmp(request->method, "POST") == 0);
}

static bool has_length(struct MHD_Connection *connection)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length") != NULL ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL;
}

/* The head is there: the request is created. */
static enum MHD_Result begin(struct http *http, struct MHD_Connection *connection, const char *url, const char *method,
                             const char *version, void **state)
{
    struct client *client = client_of(connection);
    if (client != NULL && client->refused) {
        return reply_error(connection, 503, ERR_SERVER_OVERLOADED, true,
                           "Too many connections: connections_max is %u; close some, or raise it",
                           http->server->config.connections_max);
    }
    if (client != NULL && atomic_exchange(&client->idle_from_us, 0) == UINT64_MAX) {
        return MHD_NO; /* it had to make room just now */
    }
    if (client != NULL) {
        atomic_store(&client->asked, true);
    }
    struct http_request *request = request_create(http, connection, url, method, version);
    *state = request;
    atomic_fetch_add(&http->requests_total, 1);
    if (request == NULL) {
        return MHD_NO;
    }
    bool is_post = strcmp(method, "POST") == 0;
    if (is_post && !has_length(connection)) {
        request->replied = true;
        return reply_error(
            connection, 411, ERR_LENGTH_REQUIRED, false,
            "The Transfer-Encoding is not chunked and there is no Content-Length header for POST request");
    }
    return is_post ? form_begin(request) : MHD_YES;
}

/* A request that is no query: its body is read and thrown away. */
static enum MHD_Result answer(struct http_request *request, size_t *bytes)
{
    bool known;
    if (*bytes > 0) {
        *bytes = 0;
        return MHD_YES;
    }
    request->replied = true;
    if (request->bad != NULL) {
        return reply_error(request->connection, 400, ERR_BAD_ARGUMENTS, false, "The request cannot be taken: %s",
                           request->bad);
    }
    enum MHD_Result result = reply_page(request, &known);
    return known ? result : refuse(request);
}

enum MHD_Result route_request(void *object, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *bytes, void **state)
{
    struct http_request *request = *state;
    bool known, ready;
    if (request == NULL) {
        return begin(object, connection, url, method, version, state);
    }
    if (request->replied) {
        *bytes = 0;
        return MHD_YES;
    }
    if (request->bad != NULL || !is_query(request)) {
        return answer(request, bytes);
    }
    if (form_is_open(request)) { /* the query begins when it is whole */
        if (*bytes > 0) {
            return form_take(request, data, bytes);
        }
        form_end(request);
        if (request->bad != NULL) {
            return answer(request, bytes);
        }
    }
    if (!request->started) {
        const char *refusal = http_live_refusal(request);
        if (refusal != NULL) {
            request->replied = true;
            return reply_error(connection, 400, ERR_BAD_ARGUMENTS, false, "%s", refusal);
        }
        if (*bytes == 0) {
            enum MHD_Result result = reply_page(request, &known);
            if (known) {
                request->replied = true;
                return result;
            }
        }
        if (request_enter(request) != MHD_YES) {
            return MHD_NO;
        }
    }
    if (*bytes > 0) {
        return request_take_body(request, data, bytes);
    }
    if (request_end_body(request, &ready) != MHD_YES) {
        return MHD_NO;
    }
    return ready ? reply_queue(request) : MHD_YES;
}

void route_completed(void *object, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    struct http_request *request = *state;
    struct client *client = client_of(connection);
    struct http *http = object;
    (void)why;
    if (client != NULL) {
        atomic_store(&client->live, false);
        atomic_store(&client->idle_from_us, clock_monotonic_us());
    }
    if (request != NULL && request->own_timeout) {
        (void)MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, http->server->config.http_timeout_s);
    }
    if (request != NULL && request->upgrade != NULL) {
        /* The library holds a lock which who resumes a connection takes under ours: none of them here. The stream has
         * ended, and the request left the list when it began. */
        request_unref(request);
        *state = NULL;
    } else if (request != NULL) {
        request_leave(request);
        http_live_completed(request);
        request_gone(request);
        request_unref(request);
        *state = NULL;
    }
}
