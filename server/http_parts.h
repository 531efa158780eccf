/*
 * http_parts.h: what the files of the HTTP interface share: http.c, http_watch.c, http_request.c, http_body.c,
 * http_form.c, http_reply.c, http_response.c, http_pages.c, http_routes.c.
 *
 * threads   HTTP threads (epoll, two of them) move bytes. A request is worked on in steps by the query pool (but a
 *           SELECT of literals by the HTTP thread itself), and only while there is something to do: while its body
 *           comes no thread waits for it. A connection is suspended
 *           while its request has no answer yet, while the body has no room, and while there is nothing to send;
 *           whoever changes that resumes it, under the request's lock.
 * locks     http->lock (LOCK_SERVER): the lists of clients and requests; request->lock (LOCK_REPLY): one request
 * owner     a request has a reference of its connection, and one of the step that waits or runs
 */
#ifndef SERVER_HTTP_PARTS_H
#define SERVER_HTTP_PARTS_H

#include "base/lock.h"
#include "format/encoding.h"
#include "base/pool.h"
#include "server/http.h"
#include "server/request.h"

#include <microhttpd.h>

/* A step of an INSERT is worth a thread when so much of its body is there, or its end. Every request may hold as much;
 * more, up to BODY_BYTES_MAX, while all together hold less than BODIES_BYTES_MAX above it. */
#define STEP_BYTES       ((size_t)128 << 10)
#define BODY_BYTES_MAX   ((size_t)4 << 20)
#define BODIES_BYTES_MAX ((size_t)64 << 20)
#define REPLY_BYTES_MAX  ((size_t)1 << 20)
#define SEND_BYTES       ((size_t)64 << 10)
#define PARAMETERS_MAX   1000U
/* Connections above connections_max that are answered with 503; those above these are closed at once. */
#define REFUSED_MAX 64U

struct http_request {
    struct request base; /* what request.h knows of it */
    struct http *http;
    struct http_request *next;
    struct http_request *before;
    struct MHD_Connection *connection;
    int descriptor;
    bool interim; /* the client knows interim answers: HTTP/1.1 */
    bool secure;  /* the library alone may write to the socket, and no client half-closes it */
    bool started; /* HTTP thread: it is a query, and in the list */
    bool replied; /* HTTP thread: a response is queued */
    bool in_list;
    bool own_timeout; /* see request_suspend */
    char method[16];
    char *path;
    const char *bad;             /* why the request cannot be taken; static, or NULL */
    struct execution *execution; /* of the step that runs */

    struct lock lock;
    struct condition reply_room;
    _Atomic uint32_t references;
    /* The wire: how bytes are packed, both ways. Query thread. */
    enum encoding packing, unpacking;
    struct packer *packer; /* since the first byte of a packed reply */
    struct unpacker *unpacker;
    struct buffer packed; /* of the reply: what the packer gave; of the body: what it has not taken yet */
    struct buffer raw;
    size_t raw_taken;
    bool raw_end;
    bool unpacks_twice;              /* frames (decompress=1) within a Content-Encoding */
    struct unpacker *frame_unpacker; /* then, of the frames; and what its input is */
    struct buffer frames;
    size_t frames_taken;
    bool frames_more, frames_follow; /* without more of it; without more of the body */
    bool unpacks;                    /* there is more without more of the body; under the lock */
    const char *bad_encoding;        /* of the body: its name, copied by `parameters`; or NULL */
    struct form *form;               /* multipart/form-data that is read (HTTP thread), or NULL */
    struct buffer body;
    size_t body_charged; /* in http->bodies_bytes */
    bool body_end;
    bool body_ignored; /* the query is over: what still comes is thrown away */
    bool working;      /* a step waits for a thread, or runs */
    bool suspended;
    bool gone;
    bool head_ready; /* status and headers are fixed: the response may be queued */
    bool finished;
    bool shows_progress;
    bool broken; /* not even the error could be written: the transfer breaks off */
    uint64_t probed_at_us;
    struct buffer reply;
    size_t reply_sent;
    uint64_t reply_charged; /* held replies: in process.budget */
    size_t reply_kept;      /* buffer_size: so much of it is held first */
    uint16_t status;
    bool cors;                                 /* a page of another origin may read the answer */
    struct live_viewer *viewer;                /* the answer is its stream (http_live.c) */
    bool attached;                             /* it is the thread's that sends */
    bool live_ended;                           /* and that has ended */
    struct MHD_UpgradeResponseHandle *upgrade; /* of a WebSocket */
    char exception_tag[17];                    /* or "": the status tells all */
    char content_type[128];
    char format[64];
    char zone[64];
    char query_id[64];
    char exception_code[16];
    char summary[512];
    char completeness[256];
};

/* An open connection. */
struct client {
    struct client *next;
    struct client *before;
    int descriptor;
    bool refused;                  /* one too many: it is told so */
    bool secure;                   /* HTTPS */
    _Atomic bool asked;            /* a request came */
    _Atomic bool live;             /* it is a stream of live queries: others look after it */
    _Atomic uint64_t idle_from_us; /* since when it has no whole request head; 0: a request is worked on */
};

struct http {
    struct server *server;
    struct MHD_Daemon *daemon;
    struct MHD_Daemon *secure_daemon; /* of HTTPS, or NULL */
    pthread_t watcher;
    bool watcher_started;
    struct lock lock;
    struct condition wake;
    bool watcher_dozes; /* it waits longer than it would with requests */
    struct client *clients;
    struct http_request *requests;
    _Atomic bool stopping;
    _Atomic uint64_t requests_total;
    _Atomic uint32_t connections;
    _Atomic size_t bodies_bytes;
    _Atomic size_t forms_bytes; /* of multipart bodies */
};

/* ---- http_watch.c: connections, and clients that hang up */
enum MHD_Result client_accept(void *http, const struct sockaddr *address, socklen_t bytes);
void client_changed(void *http, struct MHD_Connection *connection, void **context,
                    enum MHD_ConnectionNotificationCode what);
/* The connection's client, or NULL. */
struct client *client_of(struct MHD_Connection *connection);
/* http->watcher */
void *http_watch(void *http);

/* ---- http_request.c: a request, its body, its steps */
extern const struct transport http_transport;
/* A parameter of the URL or a form; ':' in front: a header. Copied. False: request->bad says why. */
bool request_add(struct http_request *request, const char *prefix, const char *name, size_t name_bytes,
                 struct slice value);
bool is_secure(struct MHD_Connection *connection); /* HTTPS */
struct http_request *request_create(struct http *http, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version);
void request_unref(struct http_request *request);
/* Into the list, for a query; MHD_NO: the server stops. */
enum MHD_Result request_enter(struct http_request *request);
void request_leave(struct http_request *request);
/* Takes a piece of the body. *bytes stays when there is no room: the connection is suspended. */
enum MHD_Result request_take_body(struct http_request *request, const char *data, size_t *bytes);
/* The body is whole. *ready: an answer can be queued, else the connection is suspended. */
enum MHD_Result request_end_body(struct http_request *request, bool *ready);
/* The client hung up, or the server stops. */
void request_gone(struct http_request *request);
/* All under the request's lock. */
bool request_schedule(struct http_request *request); /* false: memory is out */
void request_gone_held(struct http_request *request);
/* A connection that waits for its answer gets a timeout of its own: libmicrohttpd asks such connections for their
 * answer first when they are resumed. Others it reads from first, and closes them unanswered when the client's sending
 * side is shut down. */
void request_suspend(struct http_request *request);
void request_account_body(struct http_request *request); /* its length changed */
void request_resume(struct http_request *request);
struct err *request_gone_error(void);

/* ---- http_body.c: how the wire packs bytes, and the body unpacked */
/* What the request's parameters and headers say of it. */
void wire_choose(struct http_request *request);
/* request.h's take. */
struct err *body_take(struct request *base, struct buffer *out, bool *end);
void wire_release(struct http_request *request);

/* ---- http_form.c: a body of multipart/form-data: statement, parameters, external tables; HTTP threads */
/* request->form: it is one. MHD_NO: memory is out. */
enum MHD_Result form_begin(struct http_request *request);
/* A piece of the body; what is wrong with it is request->bad. *bytes stays while its user logs in: the connection is
 * suspended. MHD_NO: the server stops, or the client is gone. */
enum MHD_Result form_take(struct http_request *request, const char *data, size_t *bytes);
bool form_is_open(const struct http_request *request); /* more of it may come */
void form_end(struct http_request *request);
void form_destroy(struct http_request *request);

/* ---- http_reply.c: the answer */
/* What request.h asks of a transport. */
void reply_head(struct request *base, const struct reply_head *head);
/* Of a page whose errors are its own: another status than 200, before the first byte. */
void reply_status(struct request *base, uint16_t status);
void reply_show_progress(struct request *base);
void reply_summary(struct request *base, const struct request_summary *summary);
struct err *reply_write(struct request *base, struct slice bytes, bool hold);
void reply_finish(struct request *base, struct err *err);
/* "Code: …": a line. */
void put_exception(struct buffer *out, enum err_code code, struct slice message);

/* ---- http_response.c: its head and body for libmicrohttpd */
/* Under no lock; status and headers are fixed. */
enum MHD_Result reply_queue(struct http_request *request);
enum MHD_Result reply_text(const struct http_request *request, uint16_t status, const char *type, struct slice text);
/* An answer of unknown length to HEAD ends its connection: the library sends the end of chunks that were not asked for,
 * which the client would read as its next answer. false: it was not HEAD. */
bool reply_close_after_head(const struct http_request *request, struct MHD_Response *response);
/* What a browser asks before it lets a page of another origin send a query. */
enum MHD_Result reply_options(const struct http_request *request);
/* An error before there is a query: as the query's errors look. closes: the connection must not be used again. */
enum MHD_Result reply_error(struct MHD_Connection *connection, uint16_t status, enum err_code code, bool closes,
                            const char *format, ...) __attribute__((format(printf, 5, 6)));

/* ---- http_live.c: streams of live queries */
struct err *http_follow(struct request *base, struct live_viewer *viewer);
/* What a request to that path asks for; and why it cannot have it: static, or NULL. */
enum live_way http_live_way(const struct http_request *request);
const char *http_live_refusal(const struct http_request *request);
/* reply_queue of a request that has a viewer. */
enum MHD_Result http_live_queue(struct http_request *request);
/* The request is over. */
void http_live_completed(struct http_request *request);

/* ---- http_pages.c: the pages and their files. *known: there is one at the request's path */
enum MHD_Result reply_asset(struct http_request *request, bool *known);

/* ---- http_routes.c: libmicrohttpd's callbacks */
enum MHD_Result route_request(void *http, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *bytes, void **state);
void route_completed(void *http, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why);

#endif
