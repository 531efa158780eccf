/*
 * materialized.h: materialized views in the server: made, filled, dropped, found by queries; their SELECTs over new rows.
 *
 * names    a view is an object of the catalogue; its rows are those of a table, of TO or of its own (".inner_id.…", by
 *          the view's UUID). Tables of their own without a view are what a crash left: dropped at the next start
 * making   the table is made, then commits begin to feed it (storage/views.h), then what was in segments at that moment
 *          is put into it, then the view gets its name: each row of the base table comes once, whatever runs meanwhile
 * stopped  a view whose SELECT failed over new rows answers with why (ERR_VIEW_STOPPED): it misses rows
 * rights   SELECTs run as the server; who makes a view needs SELECT on what it reads and INSERT on TO, who reads it
 *          SELECT on the view
 */
#ifndef SERVER_MATERIALIZED_H
#define SERVER_MATERIALIZED_H

#include "server/execute.h"

struct materialized_views;

/* Views feed from here on: before the insert log is replayed. */
struct err *materialized_start(struct server *server);
/* Drops tables of views that are no more; behind the insert log's replay. */
struct err *materialized_clean(struct server *server);
/* SELECTs can be run: commits that feed views waited for it. */
void materialized_ready(struct server *server);
/* Who still waits for that gives up. */
void materialized_closing(struct server *server);
void materialized_stop(struct server *server);
/* Views were made, dropped or renamed otherwise (DROP DATABASE, RESTORE). */
struct err *materialized_sync(struct server *server);

struct err *materialized_create(struct execution *execution, const struct ast_statement *statement);
/* CREATE OR REPLACE VIEW: a plain view, as it is to be, takes the place of a materialized one, whose own table goes.
 * ERR_DEPENDENT_OBJECTS: another materialized view reads that one. */
struct err *materialized_replace(struct execution *execution, const struct object_def *old,
                                 const struct object_def *def);
struct err *materialized_drop(struct server *server, const struct object_def *def);
struct err *materialized_rename(struct server *server, const struct object_def *renamed);
/* A table or a view gets another name, one of the two, and views that read it, or whose rows are its, follow, in one commit.
 * *done false: there are none, nothing is done. */
struct catalogue_renamed;
struct err *materialized_follow_renamed(struct execution *execution, const struct catalogue_renamed *renamed,
                                        const char *database, const char *name, bool *done);
/* Two tables get each other's names: can the views whose rows are the one's have those of the other? */
struct err *materialized_check_exchange(struct execution *execution, const char *database, const char *name,
                                        const struct table_def *other);
/* ALTER TABLE v … */
struct err *materialized_alter(struct execution *execution, const struct object_def *def,
                               const struct ast_statement *statement);

/* The table whose rows a view's are, a reference; *out NULL: the name is no such view's. *states: rows are states, read
 * by materialized_reading. ERR_VIEW_STOPPED with reads. */
struct err *materialized_table(struct execution *execution, const char *database, const char *name, bool reads,
                               bool *states, struct table **out);
/* The CREATE VIEW that reads a view that keeps states, in the arena; data NULL: it keeps none. */
struct err *materialized_reading(struct server *server, struct arena *arena, const struct object_def *def,
                                 struct slice *out);
/* The name of a view's own table, in the arena; *out NULL: it is no such view, or its rows are another table's (TO). */
struct err *materialized_own_table(struct arena *arena, const struct object_def *def, const char **out);
/* Do commits of the tables that it reads feed it? A view with REFRESH they do not. */
struct err *materialized_is_fed(struct arena *arena, const struct object_def *def, bool *out);
/* The view whose own table has this name: its names instead, for rights. */
struct err *materialized_owner(struct execution *execution, const char **database, const char **name);
/* ERR_DEPENDENT_OBJECTS when a view has to do with the table in one of these ways; method: "rename", … */
enum {
    MATERIALIZED_BASE = 1, /* reads it */
    MATERIALIZED_TO = 2,   /* its rows are that table's, by TO */
    MATERIALIZED_OWN = 4,  /* it is the view's own */
    MATERIALIZED_ALL = 7,
};
struct err *materialized_guard(struct execution *execution, const char *database, const char *name, unsigned ways,
                               const char *method);
/* Rows that are in the insert log reach views before the table loses them; nothing when no view has to do with it. */
struct err *materialized_flush(struct execution *execution, const char *database, const char *name);
/* ERR_ALTER_OF_COLUMN when a view's SELECT names the column. */
struct err *materialized_guard_column(struct execution *execution, const struct table_def *def, struct slice column,
                                      const char *method);

/* What stands for the feed's base table while its SELECT is bound: execution->fed. Further ones have names that no table
 * has, and stand for themselves as often as they are named. */
struct fed_rows {
    const char *database, *table;
    struct snapshot *snapshot;
    bool used;
    struct fed_rows *others; /* theirs: used alone is set */
    bool reads_others;       /* out: the SELECT names a table that is none of these */
    bool places;             /* with the columns that say where a row is */
};

#endif
