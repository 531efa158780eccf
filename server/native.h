/*
 * native.h: ClickHouse's native TCP protocol: one epoll loop for the sockets, statements on the query threads.
 */
#ifndef SERVER_NATIVE_H
#define SERVER_NATIVE_H

#include "server/server.h"

struct native;

/* Listens on native_port and native_secure_port, those that are not 0. *out: to be stopped, also after an error. */
struct err *native_start(struct server *server, struct native **out);
/* Takes no more connections, cancels what still runs; server->pool runs the last steps. Accepts NULL. */
void native_cancel(struct native *native);
/* Are answers of INSERTs that were queued on their way to clients? Accepts NULL. */
bool native_answers(struct native *native);
/* After native_cancel, and after the end of server->pool. Accepts NULL. */
void native_stop(struct native *native);

struct native_numbers {
    uint64_t connections;
    uint64_t connections_total;
    uint64_t queries_total;
};
void native_numbers(struct native *native, struct native_numbers *out);

#endif
