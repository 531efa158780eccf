/*
 * http.c: the HTTP interface's life: it listens, starts its threads, stops. http_parts.h says who does what.
 */
#include "server/http.h"

#include "server/http_parts.h"
#include "server/listen.h"

#include <stdlib.h>
#include <unistd.h>

/* The library clears so much after each request of a connection: with 256 KiB that was half of a small query's time. */
#define HEAD_BYTES_MIN 4096U

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
    *out = http; /* before a request can ask for its numbers; after an error the caller stops it */
    OR_DONE(listen_on("http_port", server->config.http_host, server->config.http_port, &descriptor, port));
    uint32_t head_bytes = server->config.http_head_bytes_max;
    /* The library stops accepting at its limit, and clients would wait without a word: ours is reached before. It
     * divides its limit by its threads, and one of them may get all connections. */
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, client_accept, http, route_request, http,
        MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_CONNECTION_LIMIT,
        2 * (server->config.connections_max + 2 * REFUSED_MAX), MHD_OPTION_NOTIFY_CONNECTION, client_changed, http,
        MHD_OPTION_NOTIFY_COMPLETED, route_completed, http, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)(head_bytes < HEAD_BYTES_MIN ? HEAD_BYTES_MIN : head_bytes), MHD_OPTION_CONNECTION_MEMORY_INCREMENT,
        (size_t)16 << 10, MHD_OPTION_CONNECTION_TIMEOUT, server->config.http_timeout_s, MHD_OPTION_END);
    if (http->daemon == NULL) {
        err = err_new(ERR_BAD_ARGUMENTS, "the HTTP interface cannot start on %s:%u", server->config.http_host, *port);
        (void)close(descriptor);
        goto done;
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

void http_stop(struct http *http)
{
    if (http == NULL) {
        return;
    }
    if (http->daemon != NULL) {
        MHD_stop_daemon(http->daemon); /* closes the socket that it listens on, too */
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
