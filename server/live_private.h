/*
 * live_private.h: what the files of live queries share. live.h says who owns what.
 */
#ifndef SERVER_LIVE_PRIVATE_H
#define SERVER_LIVE_PRIVATE_H

#include "base/arena.h"
#include "base/lock.h"
#include "base/pool.h"
#include "query/execute.h"
#include "server/execute.h"
#include "server/live.h"
#include "server/live_result.h"
#include "server/live_tail.h"
#include "server/server.h"
#include "server/tick_panes.h"
#include "server/websocket.h"
#include "sql/bind.h"

#include <pthread.h>

struct access_session;
struct table;

#define LIVE_INTERVAL_US_DEFAULT 100000U
#define LIVE_INTERVAL_US_MIN     10000U
#define LIVE_INTERVAL_US_MAX     3600000000U
#define LIVE_POLL_US             1000000U  /* of what does not tell when it changes */
#define LIVE_LOOK_US             5000U     /* between two looks at what changed */
#define LIVE_PASS_US             10000U    /* between two rounds of sending: events of one moment go together */
#define LIVE_LINGER_US           30000000U /* a group without viewers is kept, for those that come back */
#define LIVE_HEARTBEAT_US        15000000U
#define LIVE_STALL_US            60000000U /* a viewer that takes nothing for so long ends */
#define LIVE_RETRY_US            1000000U  /* of a run that failed; doubles */
#define LIVE_RETRY_US_MAX        30000000U
#define LIVE_ID_MAX              64U

struct live_setting {
    struct slice name, value;
};

/* Immutable but for the reference of the session, which the group's runs renew. */
struct live_spec {
    struct arena *arena;
    struct access_session *access;              /* owned */
    struct slice identity;                      /* two specs are the same when these bytes are */
    uint64_t hash;                              /* of them */
    struct slice text, database, user, address; /* NUL behind each */
    struct slice shown;                         /* the text without secrets */
    const struct live_setting *settings;
    uint32_t setting_count;
    const struct bind_parameter *parameters;
    uint32_t parameter_count;
    uint64_t min_interval_us;
    bool rows;           /* EMIT ROWS, */
    uint64_t last;       /* LAST so many of those that are there; 0 */
    uint64_t every_rows; /* EMIT EVERY n ROWS, */
    int64_t every_us;    /* or time; 0 */
};

/* A table that the last run read, as often as it had changed before. */
struct live_watched {
    struct table *table; /* a reference */
    uint64_t changes;
};
/* What a binding reads (execute_tables.c adds to it). */
struct live_watch {
    struct server *server;
    struct live_watched *items;
    uint32_t count, capacity;
};
/* Before rows of the table are seen: it, and the tables that materialized views feed it from. */
struct err *live_watch_add(struct live_watch *watch, struct arena *arena, struct table *table);
void live_watch_deinit(struct live_watch *watch);

struct live_group {
    struct live_group *next, *before; /* of all, those that ran longest ago first */
    struct live *live;
    struct live_spec *spec;
    uint64_t number;
    uint64_t since_us;
    struct live_sub *subs;
    _Atomic uint64_t sub_count; /* the thread alone changes it */
    /* ---- the thread's */
    bool running, failed, killed;
    bool wanted; /* a run, whatever changed */
    uint64_t started_us, idle_from_us, retry_at_us, retry_us;
    struct live_group *done_next; /* of the inbox */
    /* ---- a run's, then the thread's */
    struct live_watch watch;
    bool polled, timed;
    struct arena *tables_arena; /* what data time was of in the last run; NULL: it did not ask for the time */
    struct data_table *tables;
    uint32_t table_count;
    int64_t time_us; /* data time of the last run; 0: none */
    uint64_t step;   /* EMIT EVERY: which emission was the last, + 1; 0: none yet */
    struct err *err; /* why it failed */
    bool changed;
    struct query_progress progress;
    struct tick_panes *panes; /* of its window of time; NULL: not asked for yet */
    const char *_Atomic mode; /* static */
    _Atomic uint64_t duration_us;
    _Atomic int64_t ran_at_us;
    /* ---- under live->lock, for live_each */
    uint64_t runs, failures;
    char error[256];
    struct lock lock;
    struct live_result *result; /* under the lock; or, of EMIT ROWS: */
    struct live_tail *tail;
};

struct live_sub {
    struct live_viewer *viewer;
    struct live_group *group;       /* NULL: it has ended */
    struct live_sub *next, *before; /* of the group */
    uint64_t seen;                  /* version */
    struct live_bytes *error;       /* to be sent first, or NULL */
    bool dirty, final;
    bool told; /* that the group's runs fail */
    uint32_t prefix_bytes;
    char *prefix; /* {"id":"…", */
    char id[];
};

/* What is being sent: pieces of scratch, and shared bytes. */
struct live_piece {
    struct live_bytes *shared; /* or NULL: scratch */
    size_t at, length;
};
struct live_batch {
    struct live_piece *pieces;
    uint32_t count, capacity, first; /* first: not sent yet */
    struct buffer scratch;
    size_t bytes;
    bool failed;
};

struct live_wish { /* a subscription that is not made yet */
    struct live_wish *next;
    struct live_spec *spec;
    uint64_t resume_group, resume_version;
    char *id;
};

/* What subscriptions of a connection have in common; of a WebSocket it is kept. */
struct live_context {
    struct arena *arena;
    struct access_session *access; /* owned */
    struct slice database, address;
    const struct live_setting *settings;
    uint32_t setting_count;
    const struct bind_parameter *parameters;
    uint32_t parameter_count;
    uint64_t min_interval_us;
};

struct live_viewer {
    struct live *live;
    struct live_viewer *next, *before; /* of all */
    struct live_viewer *ready_next;
    struct live_viewer *inbox_next;
    bool in_inbox;               /* under live->lock */
    bool arrives, drained, lost; /* what the inbox says; likewise */
    bool socket;                 /* a WebSocket */
    bool alone;                  /* ends with its one subscription */
    bool counted;                /* in viewer_count */
    bool ready;                  /* the thread's, as is what follows */
    bool waits;                  /* for its client to take what was written */
    bool ending;                 /* when what waits is sent */
    bool linked;
    struct live_link link;
    uint32_t interest; /* what its descriptor is in epoll for */
    struct live_wish *wishes;
    struct live_context *context; /* of a WebSocket */
    struct websocket_reader *reader;
    uint64_t reader_charged;
    struct live_sub **subs; /* in their order; NULL: unsubscribed */
    uint32_t sub_count, sub_capacity, dirty_count, next_sub;
    uint64_t sent_us, stalled_us;
    struct live_batch *batch; /* that waits, or NULL */
    struct buffer control;    /* frames of its own: pongs, errors; sent before events */
    uint16_t close_code;      /* of a WebSocket, when it ends; 0: none */
    struct buffer first;
};

struct live {
    struct server *server;
    pthread_t thread;
    bool started;
    struct pool *pool;
    int epoll, event;
    struct budget budget;
    _Atomic bool poked; /* a table changed and nobody has looked yet */
    uint32_t nonce;     /* of this start, for tokens */
    _Atomic uint64_t definitions;
    /* ---- the inbox */
    struct lock lock;
    struct live_viewer *inbox;
    struct live_group *done;
    bool definitions_changed, stopping;
    struct live_wish *kills; /* ids */
    /* ---- the thread's; lists also under the lock when they change */
    struct live_viewer *viewers;
    struct live_group *groups;
    struct live_viewer *ready;
    uint32_t running;
    uint64_t looked_us, passed_us, heartbeat_us, next_number;
    _Atomic uint64_t viewer_count, sub_count, group_count;
    bool look_wanted;
};

/* The viewer is counted; false: there are too many. */
bool live_enter(struct live_viewer *viewer);

/* ---- specs (live_spec.c) */
struct err *live_spec_create(struct live *live, const struct live_context *context, struct slice text,
                             struct slice database, const struct live_setting *settings, uint32_t setting_count,
                             const struct bind_parameter *parameters, uint32_t parameter_count,
                             uint64_t min_interval_us, struct live_spec **out);
void live_spec_free(struct live_spec *spec); /* accepts NULL */
struct err *live_context_copy(struct live *live, const struct live_context *from, struct live_context **out);
void live_context_free(struct live_context *context); /* accepts NULL */
void live_wish_free(struct live_wish *wish);          /* accepts NULL */
/* One object of the protocol as a wish. id: what can be said of it, also after an error; in the arena. */
struct json_t;
struct err *live_wish_read(struct live *live, const struct live_context *context, const struct json_t *object,
                           struct live_wish **out);
/* live_time.c: what now() is in a run that asks for the time. */
struct live_moment {
    int64_t now_us;
    bool before; /* rows of later event times are not seen */
};
struct data_table;
/* Of these tables, now. */
struct err *live_moment_of(struct live_group *group, const struct data_table *tables, uint32_t count,
                           struct live_moment *out);
/* For the next run: of which tables the time is. asks false: it does not ask for it. */
struct err *live_moment_keep(struct live_group *group, const struct execution *execution, bool asks);
/* "2026-…Z" with the quotes. */
void live_print_time(int64_t time_us, char *out, size_t size);

/* ---- groups (live_group.c), the thread's */
/* The group of the spec, which is moved. ERR_SERVER_OVERLOADED: there are too many. */
struct err *live_group_find(struct live *live, struct live_spec **spec, struct live_group **out);
void live_group_look(struct live *live, uint64_t now, uint64_t *timeout_us);
/* A run has ended. */
void live_group_done(struct live_group *group, uint64_t now);
void live_group_free(struct live_group *group);
void live_groups_kill(struct live *live, const char *id);
/* What its viewers get of its answer or tail; under the group's lock. */
uint64_t live_group_version(const struct live_group *group); /* 0: there was no run */
bool live_group_knows(const struct live_group *group, uint64_t version);
struct err *live_group_since(struct live_group *group, uint64_t version, struct live_bytes **out);
/* ---- a run (live_run.c): a thread of the pool */
void live_run(void *group);

/* ---- viewers (live_viewer.c), the thread's */
void live_viewer_arrive(struct live_viewer *viewer, uint64_t now);
void live_viewer_end(struct live_viewer *viewer, bool whole);
void live_viewer_mark(struct live_viewer *viewer);
void live_viewer_flush(struct live_viewer *viewer, uint64_t now);
void live_viewer_drained(struct live_viewer *viewer, uint64_t now);
void live_viewer_event(struct live_viewer *viewer, uint32_t events, uint64_t now);
void live_viewer_beat(struct live_viewer *viewer, uint64_t now);
void live_viewer_close(struct live_viewer *viewer, uint16_t code, uint64_t now);
struct live_viewer *live_viewer_create(struct live *live, bool socket);
/* An object of JSON that is no event of a subscription; sent with the next flush. */
void live_viewer_say(struct live_viewer *viewer, struct slice json);
/* An error event, final; moves err. id NULL: of none. */
void live_viewer_refuse(struct live_viewer *viewer, const char *id, struct err *err);
/* ---- subscriptions (live_sub.c) */
struct err *live_sub_add(struct live_viewer *viewer, struct live_wish *wish);
void live_sub_end(struct live_sub *sub); /* leaves its group; stays in its viewer */
void live_sub_free(struct live_sub *sub);
void live_sub_mark(struct live_sub *sub);
/* {"type":"error",…} behind an id. NULL: memory is out. */
struct live_bytes *live_error_bytes(struct live *live, const struct err *err, bool final);
/* ---- messages of a WebSocket (live_message.c) */
void live_message(struct live_viewer *viewer, struct slice text);
/* ---- batches (live_batch.c) */
void live_batch_text(struct live_batch *batch, const char *text, size_t length);
void live_batch_shared(struct live_batch *batch, struct live_bytes *bytes); /* moves the reference */
void live_batch_clear(struct live_batch *batch);

#endif
