/*
 * http_watch.c: open connections: their number, their silence, and clients that hung up.
 *
 * libmicrohttpd does not look at suspended connections, and misses an end that comes together with bytes. The watcher
 * thread does: it knows of new requests within WATCH_INTERVAL_US, and waits for the ends of those that wait for their
 * answer; at all connections it looks every IDLE_INTERVAL_US.
 *
 * half-close   a client that sent its request and shut its sending side down looks like one that closed, until bytes
 *              are sent to it. An interim answer (100 Continue, which HTTP/1.1 clients skip) tells them apart: only
 *              one that closed refuses it. HTTP/1.0 knows no interim answers: such a query runs until it has something
 *              to send.
 *              Over TLS nobody half-closes, and nobody but the library may send.
 * silence      a connection without a whole request head for http_timeout_s is closed, whatever bytes trickle in;
 *              one of HTTPS without its first request TLS_HELLO_US_MAX after it was opened, too.
 * room         When all connections are taken, the one that has been idle longest makes room for a new one.
 */
#include "base/clock.h"
#include "server/http_parts.h"
#include "server/tls.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define WATCH_INTERVAL_US 20000U   /* of the list of requests */
#define LOOK_INTERVAL_US  1000U    /* at least, however many clients leave */
#define IDLE_INTERVAL_US  500000U  /* of the others */
#define PROBE_INTERVAL_US 1000000U /* of clients that may be half-closed */
#define IDLE_US_MIN       1000000U /* shorter, and a connection does not make room */
#define DOZE_AFTER_US     1000000U /* without a request; waking the watcher for each one costs it more than looking */

/* A new connection, before it costs anything: MHD_NO closes it. */
enum MHD_Result client_accept(void *object, const struct sockaddr *address, socklen_t bytes)
{
    struct http *http = object;
    (void)address;
    (void)bytes;
    bool room = atomic_load(&http->connections) < http->server->config.connections_max + REFUSED_MAX;
    return room && !http->stopping ? MHD_YES : MHD_NO;
}

/* Closes the connection that has been idle longest; false: all are in use. */
static bool make_room(struct http *http)
{
    struct client *oldest = NULL;
    uint64_t oldest_from = clock_monotonic_us() - IDLE_US_MIN;
    lock_take(&http->lock);
    for (struct client *client = http->clients; client != NULL; client = client->next) {
        uint64_t from = atomic_load(&client->idle_from_us);
        if (!client->refused && from != 0 && from < oldest_from) {
            oldest = client;
            oldest_from = from;
        }
    }
    bool found = oldest != NULL && atomic_compare_exchange_strong(&oldest->idle_from_us, &oldest_from, UINT64_MAX);
    if (found) {
        (void)shutdown(oldest->descriptor, SHUT_RDWR);
    }
    lock_give(&http->lock);
    return found;
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
    client->secure = is_secure(connection);
    atomic_init(&client->idle_from_us, clock_monotonic_us());
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
void client_changed(void *object, struct MHD_Connection *connection, void **context,
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
    bool refused = atomic_fetch_add(&http->connections, 1) >= http->server->config.connections_max && !make_room(http);
    if (refused) {
        (void)MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 5U);
    }
    add_client(http, connection, context, refused);
}

struct client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static short ends_of(int descriptor)
{
    struct pollfd state = {.fd = descriptor, .events = POLLRDHUP};
    return descriptor >= 0 && poll(&state, 1, 0) > 0 ? state.revents : 0;
}

/* Connections whose ends the watcher waits for. */
struct awaited {
    struct pollfd *ends;
    uint32_t count, capacity;
};

/* Without memory it is seen at the next look at the requests. */
static void await_end(struct awaited *awaited, int descriptor, short events)
{
    if (awaited->count == awaited->capacity) {
        uint32_t capacity = awaited->capacity == 0 ? 64 : awaited->capacity * 2;
        struct pollfd *ends = realloc(awaited->ends, capacity * sizeof(*ends));
        if (ends == NULL) {
            return;
        }
        awaited->ends = ends;
        awaited->capacity = capacity;
    }
    awaited->ends[awaited->count++] = (struct pollfd){.fd = descriptor, .events = events};
}

/* A request that waits for its answer: has its client left? */
static void watch_request(struct http_request *request, uint64_t now, struct awaited *awaited)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    lock_take(&request->lock);
    /* While the connection is suspended nobody else sends, and the descriptor stays open while the request is listed.
     */
    if (request->suspended && !request->gone && !request->finished) {
        short ends = ends_of(request->descriptor);
        if ((ends & (POLLHUP | POLLERR)) != 0 || (request->secure && (ends & POLLRDHUP) != 0)) {
            request_gone_held(request);
        } else if ((ends & POLLRDHUP) != 0 && request->body_end && !request->head_ready && request->interim &&
                   now - request->probed_at_us >= PROBE_INTERVAL_US) {
            request->probed_at_us = now;
            (void)send(request->descriptor, interim, sizeof(interim) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
        if (!request->gone) { /* of a half-closed one, what it makes of the interim answer */
            await_end(awaited, request->descriptor, (ends & POLLRDHUP) != 0 ? 0 : POLLRDHUP);
        }
    }
    if (atomic_load(&request->base.process.admission) != ADMISSION_NONE) {
        (void)request_schedule(request); /* its time to wait may be over */
    }
    lock_give(&request->lock);
}

/* Under http->lock. Makes libmicrohttpd look at connections whose end it may have missed, what is on its way out stays;
 * and closes those that were idle for too long. */
static void watch_clients(const struct http *http, uint64_t now)
{
    uint64_t timeout_us = (uint64_t)http->server->config.http_timeout_s * 1000000;
    for (struct client *client = http->clients; client != NULL; client = client->next) {
        uint64_t from = atomic_load(&client->idle_from_us);
        if (atomic_load(&client->live)) {
            continue;
        }
        bool greets = client->secure && !atomic_load(&client->asked);
        uint64_t most = greets && (timeout_us == 0 || timeout_us > TLS_HELLO_US_MAX) ? TLS_HELLO_US_MAX : timeout_us;
        if (most != 0 && from != 0 && from < now && now - from > most) {
            (void)shutdown(client->descriptor, SHUT_RDWR);
        } else if (ends_of(client->descriptor) != 0) {
            (void)shutdown(client->descriptor, SHUT_RD);
        }
    }
}

/* Without the lock: a connection that is closed meanwhile, or becomes another, is looked at once too often. */
static void wait_for_ends(struct http *http, const struct awaited *awaited, uint64_t since_us)
{
    lock_give(&http->lock);
    (void)poll(awaited->ends, awaited->count, WATCH_INTERVAL_US / 1000);
    uint64_t took_us = clock_monotonic_us() - since_us;
    if (took_us < LOOK_INTERVAL_US) {
        (void)usleep((useconds_t)(LOOK_INTERVAL_US - took_us));
    }
    lock_take(&http->lock);
}

void *http_watch(void *object)
{
    struct http *http = object;
    struct awaited awaited = {0};
    uint64_t looked_at = 0, busy_at = 0;
    lock_take(&http->lock);
    while (!http->stopping) {
        if (http->clients == NULL) {
            http->watcher_dozes = true;
            condition_wait(&http->wake, &http->lock);
            continue;
        }
        uint64_t now = clock_monotonic_us();
        busy_at = http->requests != NULL || http->watcher_dozes ? now : busy_at;
        awaited.count = 0;
        for (struct http_request *request = http->requests; request != NULL; request = request->next) {
            watch_request(request, now, &awaited);
        }
        if (now - looked_at >= IDLE_INTERVAL_US) {
            watch_clients(http, now);
            looked_at = now;
        }
        http->watcher_dozes = now - busy_at > DOZE_AFTER_US;
        if (http->watcher_dozes) {
            (void)condition_wait_for(&http->wake, &http->lock, IDLE_INTERVAL_US);
        } else {
            wait_for_ends(http, &awaited, now);
        }
    }
    lock_give(&http->lock);
    free(awaited.ends);
    return NULL;
}
