/*
 * http.h: the HTTP interface on libmicrohttpd: epoll, a few HTTP threads, query threads of their own.
 */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include "server/server.h"

struct http;

/* Listens; *port: the real one. *out: to be stopped, also after an error. */
struct err *http_start(struct server *server, struct http **out, uint32_t *port);
/* Takes no more connections, cancels what still runs; server->pool runs the last steps. Accepts NULL. */
void http_cancel(struct http *http);
/* Are answers of INSERTs that were queued on their way to clients? Accepts NULL. */
bool http_answers(struct http *http);
/* After http_cancel, and after the end of server->pool. Accepts NULL. */
void http_stop(struct http *http);

/* For tests: a step of a request begins when so many bytes of its body are there. Before http_start. */
void http_stress(size_t step_bytes);

struct http_numbers {
    uint64_t connections;
    uint64_t requests_total;
};
void http_numbers(struct http *http, struct http_numbers *out);

#endif
