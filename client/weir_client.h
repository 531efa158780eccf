/*
 * weir_client.h: a small client of the HTTP interface, over libcurl.
 *
 * client   one connection, kept open between queries; one query at a time
 * query    the text goes in the request's body; with `body`, the text goes in the URL and the body carries data
 *          (INSERT)
 * reply    handed to the sink as it comes, piece by piece, in the format of the query's FORMAT clause or of
 *          `default_format`
 * TLS      the server's certificate must be valid for `host`, and given by an authority of `ca`
 * errors   the server's message with its code (ERR_…, ClickHouse's numbers); ERR_CANNOT_CONNECT when nobody answers;
 *          ERR_CLIENT_GONE when the reply broke off; ERR_QUERY_CANCELLED when *cancel was set
 * thread   one at a time per client; *cancel may be set by a signal handler
 */
#ifndef CLIENT_WEIR_CLIENT_H
#define CLIENT_WEIR_CLIENT_H

#include "base/err.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct weir_client;

struct weir_client_options {
    const char *host; /* NULL: 127.0.0.1 */
    uint16_t port;    /* 0: 8123; with `secure` 8443 */
    bool secure;      /* https */
    bool accept_invalid_certificate;
    const char *ca;          /* PEM file of authorities; NULL: the system's */
    const char *certificate; /* the client's own, and its key, PEM files; NULL: none */
    const char *key;
    const char *user; /* NULL: none is named */
    const char *password;
    const char *database; /* NULL: the server's default */
};

/* A parameter of the URL: a setting ("max_threads"), or a query parameter ("param_id"). */
struct weir_parameter {
    const char *name;
    const char *value;
};

#define WEIR_BODY_FAILED SIZE_MAX

struct weir_query {
    struct slice text;
    const struct weir_parameter *parameters;
    uint32_t parameter_count;
    const char *default_format; /* NULL: the server's */
    /* Data of an INSERT, a piece at a time; 0: the end; WEIR_BODY_FAILED: it cannot be read, the INSERT is given up.
     * NULL: none. */
    size_t (*body)(void *user, char *to, size_t bytes);
    bool (*sink)(void *user, const char *data, size_t bytes); /* false: stop */
    void *user;
    volatile sig_atomic_t *cancel; /* may be NULL */
    void (*tick)(void *user);      /* some times a second while the answer is waited for; may be NULL */
    void *tick_user;
};

struct weir_reply {
    double elapsed_seconds;
    uint64_t rows_read; /* from X-ClickHouse-Summary; 0: not said */
    uint64_t bytes_read;
    uint64_t rows_written;
    uint64_t rows_result;
    double server_seconds; /* 0: not said */
};

struct err *weir_client_open(const struct weir_client_options *options, struct weir_client **out);
void weir_client_close(struct weir_client *client); /* accepts NULL */
/* The database in which names of statements to come are looked for. */
struct err *weir_client_use(struct weir_client *client, const char *database);
struct err *weir_client_query(struct weir_client *client, const struct weir_query *query, struct weir_reply *reply);

#endif
