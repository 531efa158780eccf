/*
 * native_hello.c: how a connection begins: who the client is, and its session.
 *
 * waiting  While a password is verified the connection has no thread and reads no further: the Hello stays where it is,
 *          and is read once more when connection->login is done.
 * flow     native_step.c → here
 * thread   the connection's step; on_login: the login thread
 */
#include "base/clock.h"
#include "server/access.h"
#include "server/access_password.h"
#include "server/native_parts.h"
#include "server/objects.h"
#include "server/sessions.h"
#include "storage/catalogue.h"

#include <stdio.h>

/* Under the lock of logins. */
static void on_login(void *user)
{
    struct connection *connection = user;
    lock_take(&connection->lock);
    connection->login_state = LOGIN_TOLD;
    connection->since_us = clock_monotonic_us(); /* the wait was not the client's */
    connection_schedule(connection);
    lock_give(&connection->lock);
}

static void set_login_state(struct connection *connection, enum login_state state)
{
    lock_take(&connection->lock);
    connection->login_state = state;
    lock_give(&connection->lock);
}

/* *waits: it is being verified. Else connection->base.access is there. */
static struct err *log_in(struct connection *connection, const struct hello_packet *hello, bool *waits)
{
    struct err *err = NULL;
    struct access *access = connection->native->server->access;
    struct access_session **session = &connection->base.access;
    *waits = false;
    if (connection->login != NULL) {
        *waits = access_login_waits(connection->login);
        if (!*waits) {
            struct access_login *login = connection->login;
            connection->login = NULL;
            err = access_login_end(login, session);
        }
    } else {
        const struct access_credentials credentials = {
            .user = hello->user, .password = hello->password, .given = true, .address = connection->address};
        set_login_state(connection, LOGIN_WAITS); /* it may be told before this function knows that it waits */
        err = access_login_begin(access, &credentials, on_login, connection, &connection->login, session);
        *waits = err == NULL && connection->login != NULL;
    }
    if (!*waits) {
        set_login_state(connection, LOGIN_NONE);
    }
    if (err == NULL && !*waits) {
        struct slice name = access_session_user(*session);
        (void)snprintf(connection->user, sizeof(connection->user), "%.*s", SLICE_ARG(name));
    }
    return err;
}

static struct err *begin_session(struct connection *connection, struct slice database)
{
    struct err *err = NULL;
    char text[256];
    OR_DONE(session_create(connection->native->server, &connection->base.session));
    if (database.length == 0) {
        return NULL;
    }
    (void)snprintf(text, sizeof(text), "%.*s", SLICE_ARG(database));
    if (strlen(text) != database.length ||
        !(builtin_database(database) || catalogue_has_database(connection->native->server->store->catalogue, text))) {
        return err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", text);
    }
    err = session_use(connection->base.session, database);
done:
    return err;
}

void put_http_answer(const struct connection *connection, struct buffer *out)
{
    const struct native_listener *listener = connection->listener;
    const struct config *config = &connection->native->server->config;
    bool https = listener->secure && config->https_port != 0;
    buffer_printf(out,
                  "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nPort %u speaks "
                  "ClickHouse's native protocol%s. %s is on port %u.\r\n",
                  listener->port, listener->secure ? " over TLS" : "", https ? "HTTPS" : "HTTP",
                  https ? config->https_port : config->http_port);
}

/* Somebody speaks HTTP here. */
static void answer_http(struct connection *connection)
{
    struct buffer text = {0};
    put_http_answer(connection, &text);
    connection_say(connection, &text);
    buffer_deinit(&text);
    connection_close_after(connection);
}

static struct err *answer_hello(struct connection *connection, const struct hello_packet *hello)
{
    struct err *err = NULL;
    struct buffer packet = {0};
    OR_DONE(begin_session(connection, hello->database));
    connection->revision = hello->revision < NATIVE_REVISION ? (uint32_t)hello->revision : NATIVE_REVISION;
    connection->base.revision = connection->revision;
    connection->client = (struct process_client){.interface = 1,
                                                 .major = (uint32_t)hello->major,
                                                 .minor = (uint32_t)hello->minor,
                                                 .revision = (uint32_t)hello->revision};
    (void)snprintf(connection->client.name, sizeof(connection->client.name), "%.*s", SLICE_ARG(hello->client));
    packet_put_hello(&packet, timezone_name(connection->native->server->zone));
    connection->state = connection->revision >= REVISION_ADDENDUM ? CONNECTION_ADDENDUM : CONNECTION_IDLE;
    connection_say(connection, &packet);
done:
    buffer_deinit(&packet);
    return err;
}

struct err *hello_take(struct connection *connection, bool *went_on)
{
    struct err *err = NULL;
    struct hello_packet hello;
    bool waits;
    struct packet_reader reader = {.bytes = stash_rest(connection)};
    uint64_t type = packet_number(&reader);
    if (!packet_short(&reader) && (type == 'G' || type == 'P' || type == 'H' || type == 'O')) {
        answer_http(connection);
        return NULL;
    }
    if (!packet_short(&reader) && type != CLIENT_HELLO) {
        return err_new(ERR_UNEXPECTED_PACKET, "packet %llu from the client, where Hello is awaited",
                       (unsigned long long)type);
    }
    hello_packet_read(&reader, &hello);
    if (reader.err != NULL || packet_short(&reader)) {
        connection->wanted = reader.wanted;
        return reader.err;
    }
    if (hello.revision < NATIVE_REVISION_MIN) {
        return err_new(ERR_NOT_IMPLEMENTED,
                       "the client speaks revision %llu of the native protocol; at least %u is needed: use a newer one",
                       (unsigned long long)hello.revision, NATIVE_REVISION_MIN);
    }
    err = log_in(connection, &hello, &waits);
    if (waits) {
        return NULL;
    }
    access_password_forget((char *)(uintptr_t)hello.password.data, hello.password.length);
    OR_DONE(err);
    OR_DONE(answer_hello(connection, &hello));
    stash_used(connection, reader.at);
    *went_on = true;
done:
    return err;
}

/* The quota key: there are no quotas by key. */
struct err *addendum_take(struct connection *connection, bool *went_on)
{
    struct packet_reader reader = {.bytes = stash_rest(connection)};
    (void)packet_text(&reader, PACKET_NAME_BYTES_MAX, "the quota key");
    if (reader.err != NULL || packet_short(&reader)) {
        connection->wanted = reader.wanted;
        return reader.err;
    }
    stash_used(connection, reader.at);
    connection->state = CONNECTION_IDLE;
    *went_on = true;
    return NULL;
}
