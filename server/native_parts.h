/*
 * native_parts.h: what the files of the native protocol share: native.c, native_connection.c, native_tls.c,
 * native_step.c, native_hello.c, native_query.c, native_reply.c, native_blocks.c.
 *
 * threads   The loop (native.c) moves bytes between sockets and connections, looks for clients that hung up or are
 *           silent, and tells how far queries are. What came is worked on in steps by the query pool, one at a time for
 *           a connection: packets, and the statement as server/execute.c has it. A step that needs more gives its thread
 *           back. Steps send what they have at once, as far as the socket takes it.
 * locks     native->lock (LOCK_SERVER): the list of connections; connection->lock (LOCK_REPLY): one connection, but for
 *           what its step owns
 * memory    IN_BYTES of what came wait for a step; what a step keeps of unfinished packets is in the budget
 *           native->budget; REPLY_BYTES wait for a slow client, then its query waits
 */
#ifndef SERVER_NATIVE_PARTS_H
#define SERVER_NATIVE_PARTS_H

#include "base/lock.h"
#include "base/pool.h"
#include "format/native_scan.h"
#include "server/native.h"
#include "server/native_packets.h"
#include "server/request.h"
#include "server/tls.h"

#include <gnutls/gnutls.h>
#include <pthread.h>
#include <sys/epoll.h>

/* Read off a socket before somebody works on it. */
#define IN_BYTES ((size_t)256 << 10)
/* Of a reply, before its query waits. */
#define REPLY_BYTES ((size_t)1 << 20)
/* Unfinished packets and blocks of all connections; each may hold UNCHARGED_BYTES more. */
#define PACKETS_BYTES_MAX ((uint64_t)512 << 20)
#define UNCHARGED_BYTES   ((size_t)64 << 10)
/* From the connection's beginning to the end of its hello. */
#define HELLO_US_MAX TLS_HELLO_US_MAX
/* After the last byte is sent, for the client to hang up. */
#define LINGER_US_MAX ((uint64_t)5 * 1000000)
/* Without a query. */
#define IDLE_US_MAX ((uint64_t)3600 * 1000000)
/* Between two packets that say how far a query is. */
#define PROGRESS_US ((uint64_t)100 * 1000)

/*
 * state       comes after                         what is awaited                      leaves to
 * HELLO       accept                              Hello; then the end of the login     ADDENDUM or IDLE; CLOSING: refused
 * ADDENDUM    Hello, from REVISION_ADDENDUM on    quota key                            IDLE
 * IDLE        all of these                        Query, Ping, TablesStatusRequest     EXTERNAL
 * EXTERNAL    Query                               tables of the query, an empty block  RUNNING; IDLE: they are wrong
 * RUNNING     EXTERNAL                            Cancel, or blocks of an INSERT       IDLE
 * CLOSING     what cannot be gone on after        the client's end; all is thrown away
 */
enum connection_state {
    CONNECTION_HELLO,
    CONNECTION_ADDENDUM,
    CONNECTION_IDLE,
    CONNECTION_EXTERNAL,
    CONNECTION_RUNNING,
    CONNECTION_CLOSING,
};

/* Of a password that is being verified. */
enum login_state {
    LOGIN_NONE,
    LOGIN_WAITS, /* no step begins */
    LOGIN_TOLD,  /* it is done: one must */
};

struct connection {
    struct request base; /* of the query that runs */
    struct native *native;
    struct connection *next;
    struct connection *before;
    const struct native_listener *listener;
    int descriptor;
    char address[64];

    /* ---- under the lock */
    struct lock lock;
    struct condition room; /* in `out` */
    gnutls_session_t tls;  /* or NULL: plain */
    bool handshaking;      /* meanwhile nothing else is read or sent */
    bool greeted;          /* the client began one */
    struct buffer in;
    struct buffer out;
    size_t out_sent;
    uint32_t events; /* that epoll waits for; 0: none any more */
    bool working;    /* a step waits for a thread, or runs */
    bool finished;   /* no step begins any more */
    bool gone;       /* the client hung up, or is made to */
    bool ends;       /* once `out` is sent, the sending side is shut down */
    bool shut;       /* it is */
    bool refused;    /* one too many */
    bool running;    /* a query that sends no blocks: what comes is a Cancel */
    bool cut;        /* while it runs: what comes first is the rest of a block that the client did not wait to send */
    bool cancelled;  /* by its client */
    bool answered;   /* columns of the result are on their way: progress may follow */
    bool has_query;
    enum login_state login_state;
    uint64_t moved_us; /* last byte in or out */
    uint64_t since_us; /* since when the packet that is awaited, or the next query, is */
    uint64_t progress_us;
    struct packet_progress told;
    struct request_summary summary;

    /* ---- the step's */
    enum connection_state state;
    uint32_t revision; /* the smaller one */
    struct process_client client;
    struct access_login *login; /* while its password is verified; or NULL */
    char user[64];
    struct execution *execution;
    struct buffer stash; /* what came, from stash_at on */
    size_t stash_at;
    size_t wanted; /* of the stash's bytes; fewer are not worth a look */
    uint64_t charged;
    struct arena *arena;     /* of the query's packet */
    struct buffer query;     /* its bytes, which parameters point into */
    struct slice *externals; /* names of temporary tables that go with the query, in the arena */
    uint32_t external_count;
    bool compressed; /* blocks of this query, and of its reply */
    bool wants_rows; /* an INSERT's blocks come */
    bool rows_ended; /* they did */
    bool skipping;   /* a failed INSERT's blocks come, and are thrown away */
    bool bad_stage;
    bool went_on; /* a block, or the end of them, was taken */
    bool broken;  /* nobody knows where the next packet begins */
    uint64_t blocks_sent;
    /* of the block that comes */
    bool in_block;
    bool is_scalar;
    struct buffer block_name; /* of its table */
    struct native_scan *scan;
    struct buffer plain; /* unpacked so far */
};

/* A port. */
struct native_listener {
    int descriptor;
    uint32_t port;
    bool secure;
};

struct native {
    struct server *server;
    struct native_listener listeners[2]; /* descriptor -1: there is none */
    uint32_t handshakes;                 /* of TLS, that were worked on in this turn of the loop */
    int epoll;
    int wake; /* eventfd: the loop looks at its connections */
    pthread_t loop;
    bool loop_started;
    struct budget budget;
    struct lock lock;
    struct connection *connections;
    _Atomic bool stopping;
    _Atomic uint32_t count;
    _Atomic uint64_t connections_total;
    _Atomic uint64_t queries_total;
};

/* ---- native_connection.c */
struct connection *connection_create(struct native *native, const struct native_listener *listener, int descriptor,
                                     const char *address);
void connection_destroy(struct connection *connection); /* closes the socket */
/* All under the connection's lock: */
void connection_receive(struct connection *connection);
/* While a query runs that sends no blocks, nothing but Cancel is expected: is it the first that came? */
void connection_look_for_cancel(struct connection *connection);
void connection_flush(struct connection *connection);
/* The bytes are on their way; nothing when the client is gone. */
void connection_send(struct connection *connection, struct slice bytes);
/* The client hung up, or must: what runs is cancelled. */
void connection_gone(struct connection *connection);
/* Runs a step when there is something to do for one. */
void connection_schedule(struct connection *connection);
void connection_await(struct connection *connection); /* tells epoll what is waited for */
bool connection_may_go(const struct connection *connection);
/* For process->wake. */
void connection_wake(struct process *process);
void native_wake(struct native *native);

/* ---- native_tls.c: bytes from and to the socket, through TLS where the port is a secure one; under the lock */
struct err *tls_begin(struct connection *connection);
/* Goes on with the handshake; the connection is gone when it fails. */
void tls_handshake(struct connection *connection);
/* As recv and send do it, without waiting. */
ssize_t tls_receive(struct connection *connection, char *data, size_t bytes);
ssize_t tls_send(struct connection *connection, const char *data, size_t bytes);
/* No bytes follow. */
void tls_shut(struct connection *connection);
void tls_end(struct connection *connection);
/* What the handshake waits for. */
uint32_t tls_events(const struct connection *connection);

/* ---- native_step.c: on a query thread */
/* As far as what came reaches. */
void connection_step(struct connection *connection);
/* What came and is not used yet. */
struct slice stash_rest(const struct connection *connection);
void stash_used(struct connection *connection, size_t bytes);
/* Charges what the connection holds, and so many bytes more; ERR_MEMORY_LIMIT. */
struct err *stash_charge(struct connection *connection, size_t more);

/* The bytes are on their way. */
void connection_say(struct connection *connection, const struct buffer *packet);
/* Nothing more is read; the client is to hang up. */
void connection_close_after(struct connection *connection);
/* The same before a step began, under the lock: this is all that is said. */
void connection_refuse(struct connection *connection, struct slice bytes);

/* ---- native_hello.c */
/* What somebody is told who speaks HTTP here. */
void put_http_answer(const struct connection *connection, struct buffer *out);
/* *went_on false: more must come, or the login is not done. An error: the connection ends. */
struct err *hello_take(struct connection *connection, bool *went_on);
struct err *addendum_take(struct connection *connection, bool *went_on);

/* ---- native_query.c */
/* Reads a Query packet, behind its type. *whole false: it is not there yet. */
struct err *query_take(struct connection *connection, bool *whole);
/* Its tables and its packet go. */
void query_forget(struct connection *connection);

/* ---- native_blocks.c */
enum block_event {
    BLOCK_NONE, /* more must come */
    BLOCK_HERE, /* in *block until block_end */
    BLOCK_LAST, /* an empty one */
    BLOCK_CANCEL,
};
/* The next block of those that came. An error: where the next packet begins is not known. */
struct err *block_next(struct connection *connection, enum block_event *event, struct slice *block);
void block_end(struct connection *connection);
/* Rows of a table that goes with the query. */
struct err *block_to_table(struct connection *connection, struct slice block);
/* Gives back what a block was collected in. */
void block_forget(struct connection *connection);

/* ---- native_reply.c */
extern const struct transport native_transport;
/* Under the lock: how far the query is, since the last time. */
void reply_progress(struct connection *connection);

#endif
