/*
 * http.c: the HTTP interface's life: it listens, starts its threads, stops. http_parts.h says who does what.
 */
#include "server/async_insert.h"
#include "server/http.h"

#include "server/http_parts.h"
#include "server/listen.h"
#include "server/tls.h"

#include <stdlib.h>
#include <unistd.h>

/* The library clears so much after each request of a connection: with 256 KiB that was half of a small query's time. */
#define HEAD_BYTES_MIN 4096U

/* key: of the configuration. */
static struct err *start_daemon(struct http *http, const char *key, const char *host, uint32_t port, bool secure,
                                struct MHD_Daemon **out, uint32_t *real_port)
{
    struct err *err = NULL;
    int descriptor = -1;
    const struct config *config = &http->server->config;
    uint32_t head_bytes = config->http_head_bytes_max;
    static const struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *)(uintptr_t)tls_certificate},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    OR_DONE(listen_on(key, host, port, &descriptor, real_port));
    /* The library stops accepting at its limit, and clients would wait without a word: ours is reached before. It
     * divides its limit by its threads, and one of them may get all connections. */
    *out = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | (secure ? MHD_USE_TLS : 0U), 0,
        client_accept, http, route_request, http, MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_THREAD_POOL_SIZE, 2U,
        MHD_OPTION_CONNECTION_LIMIT, 2 * (config->connections_max + 2 * REFUSED_MAX), MHD_OPTION_NOTIFY_CONNECTION,
        client_changed, http, MHD_OPTION_NOTIFY_COMPLETED, route_completed, http, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)(head_bytes < HEAD_BYTES_MIN ? HEAD_BYTES_MIN : head_bytes), MHD_OPTION_CONNECTION_MEMORY_INCREMENT,
        (size_t)16 << 10, MHD_OPTION_CONNECTION_TIMEOUT, config->http_timeout_s, MHD_OPTION_ARRAY, secure ? tls : plain,
        MHD_OPTION_END);
    if (*out == NULL) {
        err = err_new(ERR_BAD_ARGUMENTS, "%s: the HTTP interface cannot start on %s:%u%s", key, host, *real_port,
                      secure && MHD_is_feature_supported(MHD_FEATURE_HTTPS_CERT_CALLBACK2) != MHD_YES
                          ? ": this libmicrohttpd was built without TLS"
                          : "");
        (void)close(descriptor);
    }
done:
    return err;
}

struct err *http_start(struct server *server, struct http **out, uint32_t *port)
{
    struct err *err = NULL;
    const struct config *config = &server->config;
    uint32_t https_port;
    struct http *http = calloc(1, sizeof(*http));
    if (http == NULL) {
        return err_oom();
    }
    http->server = server;
    lock_init(&http->lock, LOCK_SERVER);
    condition_init(&http->wake);
    *out = http; /* before a request can ask for its numbers; after an error the caller stops it */
    OR_DONE(start_daemon(http, "http_port", config->http_host, config->http_port, false, &http->daemon, port));
    if (config->https_port != 0) {
        OR_DONE(start_daemon(http, "https_port", config->tls_host[0] != 0 ? config->tls_host : config->http_host,
                             config->https_port, true, &http->secure_daemon, &https_port));
    }
    OR_DONE(thread_start(&http->watcher, "http-watch", http_watch, http));
    http->watcher_started = true;
done:
    return err;
}

void http_cancel(struct http *http)
{
    if (http == NULL) {
        return;
    }
    /* Not MHD_quiesce_daemon: it and the library's own threads take the socket out of epoll, and whoever comes second
     * ends the process (seen with 0.9.75). */
    lock_take(&http->lock);
    http->stopping = true; /* no request enters the list any more, no connection is accepted */
    for (struct http_request *request = http->requests; request != NULL; request = request->next) {
        request_gone(request);
    }
    condition_broadcast(&http->wake);
    lock_give(&http->lock);
    if (http->watcher_started) {
        (void)pthread_join(http->watcher, NULL);
        http->watcher_started = false;
    }
}

bool http_answers(struct http *http)
{
    bool any = false;
    if (http == NULL) {
        return false;
    }
    lock_take(&http->lock);
    for (const struct http_request *request = http->requests; request != NULL && !any; request = request->next) {
        any = async_insert_is_answered(&request->base.process);
    }
    lock_give(&http->lock);
    return any;
}

void http_stop(struct http *http)
{
    if (http == NULL) {
        return;
    }
    if (http->daemon != NULL) {
        MHD_stop_daemon(http->daemon); /* closes the socket that it listens on, too */
    }
    if (http->secure_daemon != NULL) {
        MHD_stop_daemon(http->secure_daemon);
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
