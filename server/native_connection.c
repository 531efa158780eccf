/*
 * native_connection.c: one connection of the native protocol: bytes in and out, and the steps that work on them.
 *
 * flow     native.c (what epoll says) → here → native_step.c on a query thread → here → the socket
 * thread   the loop and query threads, under the connection's lock
 */
#include "base/clock.h"
#include "server/access.h"
#include "server/async_insert.h"
#include "server/native_parts.h"
#include "server/sessions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BYTES ((size_t)64 << 10) /* at once */

struct connection *connection_create(struct native *native, const struct native_listener *listener, int descriptor,
                                     const char *address)
{
    struct connection *connection = calloc(1, sizeof(*connection));
    if (connection == NULL) {
        return NULL;
    }
    lock_init(&connection->lock, LOCK_REPLY);
    condition_init(&connection->room);
    connection->native = native;
    connection->listener = listener;
    connection->descriptor = descriptor;
    connection->base.transport = &native_transport;
    connection->base.server = native->server;
    connection->moved_us = connection->since_us = clock_monotonic_us();
    (void)snprintf(connection->address, sizeof(connection->address), "%s", address);
    return connection;
}

void connection_destroy(struct connection *connection)
{
    request_abandon(&connection->execution); /* there is one only when memory was out for its last step */
    query_forget(connection);
    block_forget(connection);
    session_destroy(connection->base.session);
    struct access_session *session; /* none: it is not awaited any more */
    err_free(access_login_end(connection->login, &session));
    access_session_unref(session);
    access_session_unref(connection->base.access);
    buffer_deinit(&connection->in);
    buffer_deinit(&connection->out);
    buffer_deinit(&connection->stash);
    if (connection->charged > 0) {
        budget_give(&connection->native->budget, connection->charged);
    }
    tls_end(connection);
    (void)close(connection->descriptor);
    condition_deinit(&connection->room);
    lock_deinit(&connection->lock);
    free(connection);
}

void native_wake(struct native *native)
{
    uint64_t one = 1;
    ssize_t written = write(native->wake, &one, sizeof(one)); /* full: it is awake anyway */
    (void)written;
}

/* ---- steps; under the lock */

/* Is there something that the step which would begin has not seen? */
static bool has_work(const struct connection *connection)
{
    struct process *process = (struct process *)(uintptr_t)&connection->base.process;
    bool queued = connection->has_query && (admission_waits(process) || async_insert_waits(process));
    bool granted = connection->has_query &&
                   (atomic_load(&process->admission) != ADMISSION_NONE || async_insert_is_answered(process));
    bool killed = connection->has_query && atomic_load(&process->progress.cancelled);
    bool waits = queued || connection->login_state == LOGIN_WAITS;
    bool told = connection->login_state == LOGIN_TOLD;
    return !connection->finished &&
           (connection->gone ? connection->has_query
                             : !waits && (granted || killed || told || connection->in.length > 0));
}

static void work(void *object)
{
    struct connection *connection = object;
    bool more = true;
    while (more) {
        connection_step(connection);
        lock_take(&connection->lock);
        more = has_work(connection);
        connection->working = more;
        connection_await(connection); /* there is room again */
        if (!more && (connection->gone || connection->shut)) {
            native_wake(connection->native);
        }
        lock_give(&connection->lock);
    }
}

void connection_schedule(struct connection *connection)
{
    struct pool *pool = connection->native->server->pool;
    if (connection->working || pool == NULL || !has_work(connection)) {
        return;
    }
    connection->working = true;
    struct err *err = pool_run(pool, NULL, work, connection);
    if (err != NULL) { /* memory is out: without a step nobody would answer */
        err_free(err);
        connection->working = false;
        connection->gone = connection->finished = true;
        native_wake(connection->native);
    }
}

void connection_wake(struct process *process)
{
    struct connection *connection = (struct connection *)((char *)process - offsetof(struct connection, base.process));
    lock_take(&connection->lock);
    connection_schedule(connection);
    lock_give(&connection->lock);
}

void connection_gone(struct connection *connection)
{
    bool was_gone = connection->gone;
    connection->gone = true;
    if (!was_gone && connection->has_query) {
        query_cancel(&connection->base.process.progress);
    }
    condition_broadcast(&connection->room);
    connection_await(connection);
    connection_schedule(connection);
}

bool connection_may_go(const struct connection *connection)
{
    return connection->gone && !connection->working && (!connection->has_query || connection->finished);
}

/* ---- bytes; under the lock */

void connection_await(struct connection *connection)
{
    uint32_t events = 0;
    struct epoll_event event = {.data.ptr = connection};
    if (!connection->gone) {
        events = EPOLLRDHUP | EPOLLIN;
        if (connection->in.length >= IN_BYTES) {
            events &= ~(uint32_t)EPOLLIN;
        }
        if (connection->out.length > connection->out_sent) {
            events |= EPOLLOUT;
        }
        if (connection->handshaking) {
            events = EPOLLRDHUP | tls_events(connection);
        }
    }
    if (events == connection->events) {
        return;
    }
    event.events = events;
    (void)epoll_ctl(connection->native->epoll,
                    events == 0               ? EPOLL_CTL_DEL
                    : connection->events == 0 ? EPOLL_CTL_ADD
                                              : EPOLL_CTL_MOD,
                    connection->descriptor, &event);
    connection->events = events;
}

void connection_look_for_cancel(struct connection *connection)
{
    if (connection->running && !connection->cut && connection->in.length > 0 &&
        connection->in.data[0] == CLIENT_CANCEL) {
        connection->in.length--;
        memmove(connection->in.data, connection->in.data + 1, connection->in.length);
        connection->cancelled = true;
        query_cancel(&connection->base.process.progress);
        condition_broadcast(&connection->room);
    }
}

void connection_receive(struct connection *connection)
{
    bool ends = false;
    while (!ends && !connection->gone && connection->in.length < IN_BYTES) {
        if (!buffer_reserve(&connection->in, RECEIVE_BYTES)) {
            connection_gone(connection);
            return;
        }
        ssize_t count = tls_receive(connection, connection->in.data + connection->in.length, RECEIVE_BYTES);
        if (count > 0) {
            connection->in.length += (size_t)count;
            connection->moved_us = clock_monotonic_us();
            ends = (size_t)count < RECEIVE_BYTES && connection->tls == NULL; /* TLS gives a record at a time */
        } else if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
            connection_gone(connection);
            return;
        } else {
            ends = errno != EINTR;
        }
    }
    if (connection->ends || connection->refused) { /* nobody reads it any more */
        connection->in.length = 0;
        return;
    }
    connection_look_for_cancel(connection);
    connection_await(connection);
    connection_schedule(connection);
}

void connection_flush(struct connection *connection)
{
    while (!connection->gone && connection->out_sent < connection->out.length) {
        ssize_t count = tls_send(connection, connection->out.data + connection->out_sent,
                                 connection->out.length - connection->out_sent);
        if (count > 0) {
            connection->out_sent += (size_t)count;
            connection->moved_us = clock_monotonic_us();
        } else if (count == 0 || errno == EAGAIN || errno == EWOULDBLOCK) {
            break;
        } else if (errno != EINTR) {
            connection_gone(connection);
            return;
        }
    }
    if (connection->out_sent == connection->out.length) {
        connection->out.length = connection->out_sent = 0;
        if (connection->out.capacity > REPLY_BYTES) {
            buffer_deinit(&connection->out);
        }
        if (connection->ends && !connection->shut && !connection->gone) {
            connection->shut = true;
            tls_shut(connection);
        }
    }
    condition_signal(&connection->room);
    connection_await(connection);
}

void connection_refuse(struct connection *connection, struct slice bytes)
{
    connection->refused = connection->ends = connection->finished = true;
    connection_send(connection, bytes);
}

void connection_send(struct connection *connection, struct slice bytes)
{
    if (connection->gone) {
        return;
    }
    if (connection->out_sent == connection->out.length) {
        connection->out.length = connection->out_sent = 0;
    }
    buffer_slice(&connection->out, bytes);
    if (connection->out.failed) {
        buffer_deinit(&connection->out);
        connection->out_sent = 0;
        connection_gone(connection);
        return;
    }
    connection_flush(connection);
}
