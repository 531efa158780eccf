/*
 * materialized_private.h: what the files of materialized views share.
 */
#ifndef SERVER_MATERIALIZED_PRIVATE_H
#define SERVER_MATERIALIZED_PRIVATE_H

#include "server/materialized.h"
#include "storage/views.h"

#include <pthread.h>
#include <stdatomic.h>

/* A view that is being made: it feeds, and has no name yet. */
struct pending_view {
    struct pending_view *next;
    struct view_feed *feed;
    char failed[512]; /* why it stopped already; "" */
};

struct materialized_views {
    struct server *server;
    struct view_functions functions;
    struct budget budget;  /* of rows that commits make */
    struct budget kept;    /* of what readers keep of heads */
    pthread_mutex_t mutex; /* one change of the feeds at a time; catalogue and commits are locked under it */
    struct pending_view *pending;
    pthread_cond_t changed;
    bool ready, closing;
    bool cleaned;          /* what a crash left of views that were to take others' places is dropped */
    _Atomic bool is_ready; /* as ready, without the mutex */
    uint64_t without;      /* an object that feeds no more, while it is being dropped; 0: none */
};

/* The feed of a view; *out NULL: no commit feeds it. */
struct err *materialized_feed_of(struct server *server, const struct object_def *def, struct view_feed **out);
/* The catalogue's views, those that are being made, and no others feed from here on. Under the mutex. */
struct err *materialized_sync_locked(struct materialized_views *views);
/* ".tmp_replace.…": of a view that is to take the place of another. */
char *materialized_hidden_name(struct arena *arena, const uint8_t uuid[16]);

/* materialized_make.c */
/* The columns of the definition's SELECT are those of TO. */
struct err *materialized_check_columns(struct execution *execution, const struct object_def *def, struct table *target);
/* Can the feed's view be? ERR_VIEW_QUERY, ERR_INFINITE_LOOP. */
struct err *materialized_check_base(struct execution *execution, const struct view_feed *feed);
/* A view that keeps states is made anew by another definition, which takes its place. ERR_DEPENDENT_OBJECTS: its base
 * table has not all rows that it counts. */
struct err *materialized_make_again(struct execution *execution, const struct object_def *old,
                                    const struct ast_create_table *create);
/* materialized_remake.c: has the base table all rows that the view, which keeps states, counts? Snapshots of one moment:
 * of the view's own table, of the base table. */
struct err *materialized_check_kept(struct materialized_views *views, const struct object_def *def,
                                    struct snapshot *had, struct snapshot *base);

/* view_functions.fold; user: the views. */
struct err *materialized_fold(void *user, const struct view_feed *feed, struct snapshot *rows, struct table *target,
                              const struct table_def *def, uint32_t threads, bool *repeats, view_sink sink,
                              void *sink_user);

/* view_functions.remake. */
struct err *materialized_remake(void *user, struct view_remake *remake, enum view_step step, view_sink sink,
                                void *sink_user);
/* A SELECT of the feed's, over the rows that stand for tables. */
struct fold_query {
    const struct view_feed *feed;
    struct slice text;
    struct fed_rows fed;
    struct table *target; /* chunks get its columns; NULL: they are as the SELECT gives them */
    const struct table_def *def;
    uint32_t threads;
    struct access_session *access;   /* whose rights and settings count; NULL: the server's own */
    struct query_progress *progress; /* or NULL */
    bool repeats;                    /* out: it asks for nothing but the rows: no time, no chance, no other table */
};
struct err *materialized_run(struct materialized_views *views, struct fold_query *query, view_sink sink,
                             void *sink_user);
/* Binds it alone: could it be run? */
struct err *materialized_try(struct materialized_views *views, struct fold_query *query);

#endif
