/*
 * native.c: the native protocol's life: it listens, its loop waits for sockets, it stops. native_parts.h says who does
 * what.
 *
 * clocks   The loop looks at all connections every TICK_US: a hello that takes too long, a packet that does not end, a
 *          client that does not read its reply, one without a query, one that does not hang up; and tells clients how
 *          far their queries are.
 * room     When all connections are taken, the one that has had no query for longest makes room for a new one; when all
 *          have one, the new one is told so.
 */
#include "server/async_insert.h"
#include "server/native.h"

#include "base/clock.h"
#include "server/listen.h"
#include "server/native_parts.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK_US        ((uint64_t)100 * 1000)
#define EVENTS_MAX     64
#define ACCEPTS_MAX    64  /* before the others get their turn */
#define REFUSED_MAX    64U /* connections above connections_max that are told so; those above these are closed */
#define ROOM_IDLE_US   ((uint64_t)1000000) /* shorter, and a connection does not make room */
#define HANDSHAKES_MAX 4U                  /* some milliseconds each, before the others get their turn */
#define ACCEPT_WAIT_US 100000              /* when the process has no descriptors left */

/* ---- the list; under native->lock */

static void add(struct native *native, struct connection *connection)
{
    lock_take(&native->lock);
    connection->next = native->connections;
    if (connection->next != NULL) {
        connection->next->before = connection;
    }
    native->connections = connection;
    lock_give(&native->lock);
}

static void take_out(struct native *native, struct connection *connection)
{
    *(connection->before == NULL ? &native->connections : &connection->before->next) = connection->next;
    if (connection->next != NULL) {
        connection->next->before = connection->before;
    }
    atomic_fetch_sub(&native->count, 1);
}

/* Ends the connection that has been idle longest; false: all are in use. */
static bool make_room(struct native *native)
{
    struct connection *oldest = NULL;
    uint64_t oldest_since = clock_monotonic_us() - ROOM_IDLE_US;
    lock_take(&native->lock);
    for (struct connection *connection = native->connections; connection != NULL; connection = connection->next) {
        lock_take(&connection->lock);
        if (!connection->has_query && !connection->working && !connection->gone && !connection->refused &&
            connection->moved_us < oldest_since) {
            oldest = connection;
            oldest_since = connection->moved_us;
        }
        lock_give(&connection->lock);
    }
    lock_give(&native->lock);
    if (oldest != NULL) { /* the loop alone frees connections */
        lock_take(&oldest->lock);
        connection_gone(oldest);
        lock_give(&oldest->lock);
    }
    return oldest != NULL;
}

/* ---- new connections */

static void refuse(struct connection *connection)
{
    struct buffer packet = {0};
    struct err *err =
        err_new(ERR_SERVER_OVERLOADED, "Too many connections: connections_max is %u; close some, or raise it",
                connection->native->server->config.connections_max);
    packet_put_exception(&packet, err_code(err), slice_text(err_message(err)));
    if (connection->tls != NULL) { /* that needs a handshake, which nobody has room for */
        connection_gone(connection);
    } else {
        connection_refuse(connection, buffer_all(&packet));
    }
    buffer_deinit(&packet);
    err_free(err);
}

static void begin(struct native *native, const struct native_listener *listener, int descriptor,
                  const struct sockaddr *address, socklen_t length)
{
    char text[64] = "";
    int one = 1;
    uint32_t most = native->server->config.connections_max;
    uint32_t before = atomic_fetch_add(&native->count, 1);
    bool refused = before >= most && !make_room(native);
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    (void)setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
    (void)getnameinfo(address, length, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
    struct connection *connection =
        before >= most + REFUSED_MAX ? NULL : connection_create(native, listener, descriptor, text);
    if (connection == NULL) {
        atomic_fetch_sub(&native->count, 1);
        (void)close(descriptor);
        return;
    }
    struct err *err = listener->secure ? tls_begin(connection) : NULL;
    atomic_fetch_add(&native->connections_total, 1);
    add(native, connection);
    lock_take(&connection->lock);
    connection_await(connection);
    if (err != NULL) {
        connection_gone(connection);
    } else if (refused) {
        refuse(connection);
    }
    lock_give(&connection->lock);
    err_free(err);
}

static void accept_all(struct native *native, const struct native_listener *listener)
{
    for (int k = 0; k < ACCEPTS_MAX; k++) {
        struct sockaddr_storage address;
        socklen_t length = sizeof(address);
        int descriptor =
            accept4(listener->descriptor, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (descriptor >= 0) {
            begin(native, listener, descriptor, (struct sockaddr *)&address, length);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
            (void)usleep(ACCEPT_WAIT_US); /* it waits in the backlog */
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

/* ---- clocks */

/* What happened while the loop came here is later than its clock. */
static uint64_t passed(uint64_t from, uint64_t now)
{
    return now > from ? now - from : 0;
}

/* Under its lock: has it been silent for too long? */
static bool is_late(const struct connection *connection, uint64_t now)
{
    uint64_t silence_us = (uint64_t)connection->native->server->config.http_timeout_s * 1000000;
    uint64_t silent = passed(connection->moved_us, now), since = passed(connection->since_us, now);
    if (connection->refused || connection->shut) {
        return silent > LINGER_US_MAX;
    }
    if (connection->out.length > connection->out_sent) {
        return silence_us != 0 && silent > silence_us; /* it does not read */
    }
    if (connection->working || connection->running || connection->login_state != LOGIN_NONE) {
        return false;
    }
    switch (connection->state) { /* no step runs that would change it */
    case CONNECTION_HELLO:
    case CONNECTION_ADDENDUM:
        return since > HELLO_US_MAX;
    case CONNECTION_IDLE:
        return connection->stash.length > connection->stash_at ? silence_us != 0 && since > silence_us
                                                               : silent > IDLE_US_MAX;
    case CONNECTION_CLOSING:
        return silent > LINGER_US_MAX;
    default: /* blocks are awaited */
        return silence_us != 0 && silent > silence_us && !admission_waits(&connection->base.process);
    }
}

static void look_at(struct connection *connection, uint64_t now)
{
    lock_take(&connection->lock);
    if (!connection->gone && is_late(connection, now)) {
        connection_gone(connection);
    }
    if (connection->running && connection->answered && passed(connection->progress_us, now) >= PROGRESS_US &&
        connection->out.length == connection->out_sent) {
        connection->progress_us = now;
        reply_progress(connection);
    }
    connection_schedule(connection); /* its time to wait for its turn may be over */
    lock_give(&connection->lock);
}

static void look_at_all(struct native *native)
{
    uint64_t now = clock_monotonic_us();
    struct connection *gone = NULL;
    lock_take(&native->lock);
    for (struct connection *connection = native->connections, *next; connection != NULL; connection = next) {
        next = connection->next;
        look_at(connection, now);
        lock_take(&connection->lock);
        bool goes = connection_may_go(connection);
        lock_give(&connection->lock);
        if (goes) {
            take_out(native, connection);
            connection->next = gone;
            gone = connection;
        }
    }
    lock_give(&native->lock);
    while (gone != NULL) {
        struct connection *next = gone->next;
        connection_destroy(gone);
        gone = next;
    }
}

/* ---- the loop */

static void handle(struct connection *connection, uint32_t events)
{
    lock_take(&connection->lock);
    if (connection->handshaking && (events & (EPOLLIN | EPOLLOUT)) != 0) {
        if (connection->native->handshakes++ < HANDSHAKES_MAX) {
            tls_handshake(connection);
        }
    } else {
        if ((events & EPOLLOUT) != 0) {
            connection_flush(connection);
        }
        if ((events & EPOLLIN) != 0) {
            connection_receive(connection);
        }
    }
    /* Bytes before the end are worked on first, as far as there is room for them: the end is told again. */
    if ((events & (EPOLLHUP | EPOLLERR)) != 0 || ((events & EPOLLRDHUP) != 0 && (events & EPOLLIN) == 0)) {
        connection_gone(connection);
    }
    lock_give(&connection->lock);
}

static void *loop(void *object)
{
    struct native *native = object;
    struct epoll_event events[EVENTS_MAX];
    uint64_t looked_at = 0;
    while (!atomic_load(&native->stopping)) {
        bool woken = false;
        native->handshakes = 0;
        int count = epoll_wait(native->epoll, events, EVENTS_MAX, (int)(TICK_US / 1000));
        for (int k = 0; k < count; k++) {
            if (events[k].data.ptr == &native->listeners[0] || events[k].data.ptr == &native->listeners[1]) {
                accept_all(native, events[k].data.ptr);
            } else if (events[k].data.ptr == &native->wake) {
                uint64_t times;
                ssize_t bytes = read(native->wake, &times, sizeof(times));
                (void)bytes;
                woken = true;
            } else {
                handle(events[k].data.ptr, events[k].events);
            }
        }
        uint64_t now = clock_monotonic_us();
        if (woken || now - looked_at >= TICK_US) { /* after all events: it frees connections */
            looked_at = now;
            look_at_all(native);
        }
    }
    return NULL;
}

static bool watch(struct native *native, int descriptor, void *what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
    return epoll_ctl(native->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

static struct err *start_listener(struct native *native, struct native_listener *listener, const char *key,
                                  const char *host, uint32_t port)
{
    struct err *err = NULL;
    if (port == 0) {
        return NULL;
    }
    OR_DONE(listen_on(key, host, port, &listener->descriptor, &listener->port));
    if (!watch(native, listener->descriptor, listener)) {
        err = err_errno(ERR_BAD_ARGUMENTS, errno, "waiting for connections of the native protocol");
    }
done:
    return err;
}

struct err *native_start(struct server *server, struct native **out)
{
    struct err *err = NULL;
    const struct config *config = &server->config;
    struct native *native = calloc(1, sizeof(*native));
    if (native == NULL) {
        return err_oom();
    }
    native->server = server;
    native->listeners[0].descriptor = native->listeners[1].descriptor = native->epoll = native->wake = -1;
    native->listeners[1].secure = true;
    lock_init(&native->lock, LOCK_SERVER);
    budget_init(&native->budget, "packets of the native protocol", PACKETS_BYTES_MAX, NULL);
    *out = native;
    native->epoll = epoll_create1(EPOLL_CLOEXEC);
    native->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (native->epoll < 0 || native->wake < 0) {
        err = err_errno(ERR_BAD_ARGUMENTS, errno, "starting the native protocol");
        goto done;
    }
    if (!watch(native, native->wake, &native->wake)) {
        err = err_errno(ERR_BAD_ARGUMENTS, errno, "starting the native protocol");
        goto done;
    }
    OR_DONE(start_listener(native, &native->listeners[0], "native_port", config->http_host, config->native_port));
    OR_DONE(start_listener(native, &native->listeners[1], "native_secure_port",
                           config->tls_host[0] != 0 ? config->tls_host : config->http_host,
                           config->native_secure_port));
    OR_DONE(thread_start(&native->loop, "native", loop, native));
    native->loop_started = true;
done:
    return err;
}

void native_cancel(struct native *native)
{
    if (native == NULL) {
        return;
    }
    atomic_store(&native->stopping, true);
    if (native->loop_started) {
        native_wake(native);
        (void)pthread_join(native->loop, NULL);
        native->loop_started = false;
    }
    lock_take(&native->lock);
    for (struct connection *connection = native->connections; connection != NULL; connection = connection->next) {
        lock_take(&connection->lock);
        connection_gone(connection);
        lock_give(&connection->lock);
    }
    lock_give(&native->lock);
}

bool native_answers(struct native *native)
{
    bool any = false;
    if (native == NULL) {
        return false;
    }
    lock_take(&native->lock);
    for (struct connection *connection = native->connections; connection != NULL && !any;
         connection = connection->next) {
        lock_take(&connection->lock);
        any = async_insert_is_answered(&connection->base.process) &&
              (connection->has_query || connection->out.length > connection->out_sent);
        lock_give(&connection->lock);
    }
    lock_give(&native->lock);
    return any;
}

void native_stop(struct native *native)
{
    if (native == NULL) {
        return;
    }
    while (native->connections != NULL) {
        struct connection *next = native->connections->next;
        connection_destroy(native->connections);
        native->connections = next;
    }
    int descriptors[] = {native->listeners[0].descriptor, native->listeners[1].descriptor, native->wake, native->epoll};
    for (size_t k = 0; k < sizeof(descriptors) / sizeof(descriptors[0]); k++) {
        if (descriptors[k] >= 0) {
            (void)close(descriptors[k]);
        }
    }
    lock_deinit(&native->lock);
    free(native);
}

void native_numbers(struct native *native, struct native_numbers *out)
{
    out->connections = atomic_load(&native->count);
    out->connections_total = atomic_load(&native->connections_total);
    out->queries_total = atomic_load(&native->queries_total);
}
