/*
 * request.h: one statement that a client sent, between the transport that carries it (HTTP: http_parts.h) and the query
 * threads that work on it.
 *
 * Query threads work on a request in steps, one at a time: request_execute takes what came of the body (request_take)
 * and goes on; between steps no thread waits for a slow client. The reply (request_write) waits while the client is
 * slow to read, in bounded memory. Over HTTP the first write of SEND_BYTES, or request_finish, fixes status and
 * headers.
 *
 * states   receiving ⇄ (query thread) working → finished; gone at any time when the client hangs up
 * thread   functions here: the query thread; the rest is the transport's
 */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "server/live.h"
#include "server/server.h"
#include "server/settings.h"

#include <stdbool.h>
#include <stdint.h>

struct access_session;
struct endpoint;
struct request;

/* Numbers of X-ClickHouse-Summary. */
struct request_summary {
    uint64_t rows_read, bytes_read, rows_written, bytes_written, rows_result, elapsed_us;
    uint64_t parts_missing; /* damaged segments that were left out; of an execution that others share */
    char completeness[256]; /* completeness.h; likewise */
    char etag[64];          /* answer_etag.h, or ""; likewise */
};

/* What a block of the format Native holds. */
enum block_kind { BLOCK_ROWS, BLOCK_TOTALS, BLOCK_EXTREMES };

/* What stands before a reply's rows. */
struct reply_head {
    const char *content_type, *format, *query_id, *zone;
    const char *completeness; /* or "" */
};

/* What carries a request. The functions below say what each does. */
struct transport {
    struct err *(*take)(struct request *request, struct buffer *out, bool *end);
    void (*head)(struct request *request, const struct reply_head *head);
    void (*show_progress)(struct request *request);
    void (*summary)(struct request *request, const struct request_summary *summary);
    struct err *(*write)(struct request *request, struct slice bytes, bool hold);
    void (*finish)(struct request *request, struct err *err);
    /* Of a transport that speaks in blocks of the format Native, whatever FORMAT says; NULL: it does not. */
    struct err *(*pack)(struct request *request, enum block_kind kind, struct slice block, struct buffer *out);
    struct err *(*want_rows)(struct request *request, struct slice columns);
    /* The request becomes a viewer's, which is moved; its step ends well. NULL: of this transport none can. */
    struct err *(*follow)(struct request *request, struct live_viewer *viewer);
};

struct parameter {
    char *name; /* of a header: ':' in front */
    struct slice value;
};

/* A table that came with the statement, and is there for it alone: its rows in some format. */
struct external {
    struct external *next;
    char *name;
    struct buffer data;
};

/* The first member of a transport's own request, which fills it in before the first step. */
struct request {
    const struct transport *transport;
    struct server *server;
    struct process process;
    struct parameter *parameters; /* of the URL, then of the headers */
    uint32_t parameter_count;
    struct external *externals;      /* in their order */
    bool is_get;                     /* only reading statements */
    const char *method, *path;       /* of HTTP; borrowed from the transport, or NULL */
    const struct endpoint *endpoint; /* what it asks instead of a statement (endpoint.h), or NULL */
    char etag[64];                   /* of the answer, without quotes; or "" */
    bool etag_is_weak;               /* bytes may differ that mean the same */
    bool unchanged;                  /* the client has the answer of this tag: 304, and nothing else */
    enum live_way live;              /* what is asked for is no statement (live.h) */
    /* ---- of a transport whose connections are sessions */
    struct session *session; /* the connection's; NULL: session_id names one, or there is none */
    uint32_t revision; /* of the format Native, as its client reads and writes it; 0: client_protocol_version says */
    uint32_t packing;  /* how replies are packed: different numbers, different bytes */
    /* Whom the transport has authenticated, a reference of its own; NULL: parameters and headers say who it is. */
    struct access_session *access;
    struct err *denied; /* why the transport let nobody in, for the execution to say; or NULL */
};

/* A parameter, decoded; or NULL data: it was not given. */
struct slice request_parameter(const struct request *request, const char *name);
/* A header's value; data NULL: not there. */
struct slice request_header(const struct request *request, const char *name);
void request_each_parameter(const struct request *request,
                            void (*visit)(void *user, struct slice name, struct slice value), void *user);
/* brief.c: is this a statement that any thread may work on, as it is done at once? */
bool statement_is_brief(struct slice text);

/* What came of the body since the last time; does not wait. out: an empty buffer, its memory may be used for what comes
 * next. *end: there is no more. ERR_CLIENT_GONE: the client hung up. */
static inline struct err *request_take(struct request *request, struct buffer *out, bool *end)
{
    return request->transport->take(request, out, end);
}

/* Status 200 with these headers unless something was sent already. Texts are copied. */
static inline void request_head(struct request *request, const struct reply_head *head)
{
    request->transport->head(request, head);
}

/* The reply says how far the query is. */
static inline void request_show_progress(struct request *request)
{
    request->transport->show_progress(request);
}

/* Said to the client as far as the transport has a place for it. */
static inline void request_summary(struct request *request, const struct request_summary *summary)
{
    request->transport->summary(request, summary);
}

/* Queues bytes; waits while REPLY_BYTES_MAX are queued. ERR_CLIENT_GONE. hold: nothing is sent before request_finish,
 * and the bytes are charged to the process's budget: ERR_MEMORY_LIMIT. */
static inline struct err *request_write(struct request *request, struct slice bytes, bool hold)
{
    return request->transport->write(request, bytes, hold);
}

/* The reply ends well (err NULL), or with this error: over HTTP as status and text when nothing was sent, else as a part
 * of its own behind what was sent. Moves err. */
static inline void request_finish(struct request *request, struct err *err)
{
    request->transport->finish(request, err);
}
uint16_t http_status_of(enum err_code code);

static inline bool request_has_blocks(const struct request *request)
{
    return request->transport->pack != NULL;
}

/* The block as request_write sends it, appended. */
static inline struct err *request_pack(struct request *request, enum block_kind kind, struct slice block,
                                       struct buffer *out)
{
    return request->transport->pack(request, kind, block, out);
}

/* The statement is an INSERT without data: the body will be blocks of its rows. columns: of the table, as the protocol
 * describes them. The sample block follows by request_write. */
static inline struct err *request_want_rows(struct request *request, struct slice columns)
{
    return request->transport->want_rows(request, columns);
}

/* execute.c: one step. *execution: what is kept between steps, NULL before the first and after the last one, which
 * calls request_finish. False: it needs more of the body. */
struct execution;
bool request_execute(struct request *request, struct execution **execution);
/* No step follows at once: gives back the memory that the last piece was read into. Accepts NULL. */
void execution_rest(struct execution *execution);
/* Frees what a request keeps that gets no more steps. */
void request_abandon(struct execution **execution);

#endif
