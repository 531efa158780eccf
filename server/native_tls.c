/*
 * native_tls.c: TLS of the native protocol's secure port, and the socket itself where there is none.
 *
 * handshake The loop does it, a few in a turn: each costs a signature. Until it is done nothing is read or sent; the
 *           deadline of the hello counts from the connection's beginning.
 * plain     whoever does not begin a TLS handshake is told so in plain, as exception or as HTTP
 * thread    the loop and query threads, under the connection's lock
 */
#include "base/clock.h"
#include "server/native_parts.h"
#include "server/tls.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#define RECORD_BYTES    ((size_t)16 << 10)
#define HANDSHAKE_BEGIN 22 /* the first byte of a client that speaks TLS */

struct err *tls_begin(struct connection *connection)
{
    connection->handshaking = true;
    return tls_session_create(connection->native->server->tls, connection->descriptor, &connection->tls);
}

void tls_end(struct connection *connection)
{
    if (connection->tls != NULL) {
        gnutls_deinit(connection->tls);
        connection->tls = NULL;
    }
    connection->handshaking = false;
}

uint32_t tls_events(const struct connection *connection)
{
    return gnutls_record_get_direction(connection->tls) == 1 ? EPOLLOUT : EPOLLIN;
}

/* The client speaks something else. */
static void answer_plain(struct connection *connection, char first)
{
    struct buffer answer = {0};
    if (first == CLIENT_HELLO) {
        char text[128];
        (void)snprintf(text, sizeof(text),
                       "Port %u speaks TLS, and the client does not: switch it on (secure, --secure)",
                       connection->listener->port);
        packet_put_exception(&answer, ERR_CLIENT_GONE, slice_text(text));
    } else if (first == 'G' || first == 'P' || first == 'H' || first == 'O') {
        put_http_answer(connection, &answer);
    }
    tls_end(connection);
    if (answer.failed || answer.length == 0) {
        connection_gone(connection);
    } else {
        connection_refuse(connection, buffer_all(&answer));
    }
    buffer_deinit(&answer);
}

void tls_handshake(struct connection *connection)
{
    char first;
    if (connection->gone) {
        return;
    }
    if (!connection->greeted) {
        ssize_t count = recv(connection->descriptor, &first, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count == 1 && first != HANDSHAKE_BEGIN) {
            answer_plain(connection, first);
            return;
        }
        connection->greeted = count == 1;
    }
    int result = gnutls_handshake(connection->tls);
    if (result == GNUTLS_E_SUCCESS) {
        connection->handshaking = false;
        connection->moved_us = clock_monotonic_us();
        connection_receive(connection); /* the hello may be here already */
        return;
    }
    if (gnutls_error_is_fatal(result) != 0) {
        (void)gnutls_alert_send_appropriate(connection->tls, result);
        connection_gone(connection);
        return;
    }
    connection_await(connection);
}

/* GnuTLS's result as that of a system call. */
static ssize_t result_of(const struct connection *connection, ssize_t result)
{
    if (result >= 0) {
        return result;
    }
    if (result == GNUTLS_E_REHANDSHAKE) { /* never: it costs the server more than the client */
        (void)gnutls_alert_send(connection->tls, GNUTLS_AL_FATAL, GNUTLS_A_NO_RENEGOTIATION);
        errno = ECONNRESET;
    } else {
        errno = result == GNUTLS_E_AGAIN ? EAGAIN : gnutls_error_is_fatal((int)result) == 0 ? EINTR : ECONNRESET;
    }
    return -1;
}

ssize_t tls_receive(struct connection *connection, char *data, size_t bytes)
{
    return connection->tls == NULL ? recv(connection->descriptor, data, bytes, MSG_DONTWAIT)
                                   : result_of(connection, gnutls_record_recv(connection->tls, data, bytes));
}

/* What GnuTLS took of a record that the socket had no room for is what it says when it is called again. */
ssize_t tls_send(struct connection *connection, const char *data, size_t bytes)
{
    return connection->tls == NULL
               ? send(connection->descriptor, data, bytes, MSG_DONTWAIT | MSG_NOSIGNAL)
               : result_of(connection,
                           gnutls_record_send(connection->tls, data, bytes < RECORD_BYTES ? bytes : RECORD_BYTES));
}

void tls_shut(struct connection *connection)
{
    if (connection->tls != NULL) {
        (void)gnutls_bye(connection->tls, GNUTLS_SHUT_WR); /* as far as there is room for it */
    }
    (void)shutdown(connection->descriptor, SHUT_WR);
}
