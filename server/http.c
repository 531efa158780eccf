/*
 * http.c: the HTTP interface's life: it listens, starts its threads, stops. http_parts.h says who does what.
 */
#include "server/http.h"

#include "server/http_parts.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* The library clears so much after each request of a connection: with 256 KiB that was half of a small query's time. */
#define HEAD_BYTES_MIN 4096U

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
        struct sockaddr_in6 bound = {0};
        socklen_t length = sizeof(bound);
        *real_port = port;
        static_assert(offsetof(struct sockaddr_in6, sin6_port) == offsetof(struct sockaddr_in, sin_port), "same place");
        if (getsockname(descriptor, (struct sockaddr *)&bound, &length) == 0) {
            *real_port = ntohs(bound.sin6_port); /* also of IPv4 */
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
    *out = http; /* before a request can ask for its numbers; after an error the caller stops it */
    OR_DONE(listen_on(server->config.http_host, server->config.http_port, &descriptor, port));
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
