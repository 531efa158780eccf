/*
 * endpoint.h: what HTTP offers beside statements to users who log in as for a query: a path, methods, an answer.
 *
 * flow     http_routes.c → execute.c (login, settings, quotas, the list of processes) → here → the endpoint
 * thread   a query thread; the body is read step by step, as a statement's is
 */
#ifndef SERVER_ENDPOINT_H
#define SERVER_ENDPOINT_H

#include "server/execute.h"

struct endpoint {
    const char *path;    /* it, and what stands below it */
    const char *methods; /* "GET, HEAD, PUT" */
    size_t body_bytes_max;
    /* Writes the whole answer with request_head and request_write, or gives an error. The body is borrowed. */
    struct err *(*answer)(struct execution *execution, struct slice body);
    bool own_parameters; /* what its URLs hold are no settings */
};

/* NULL: there is none at this path. */
const struct endpoint *endpoint_find(const char *path);
bool endpoint_takes(const struct endpoint *endpoint, const char *method);
/* A step behind the login. *finished false: more of the body must come. */
struct err *endpoint_step(struct execution *execution, bool *finished);
/* What stands behind "PATH/" in the request's path; empty: nothing. */
struct slice endpoint_rest(const struct execution *execution);
/* The answer's type; etag: without quotes, or "". */
void endpoint_head(struct execution *execution, const char *content_type, const char *etag);
/* Does a header such as If-Match name this tag, or "*"? */
bool endpoint_names_tag(struct slice header, const char *etag);

#endif
