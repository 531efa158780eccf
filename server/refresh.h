/*
 * refresh.h: materialized views with REFRESH: their SELECT is run again and again, and its result takes the place of the
 * rows that were there, in one commit; or comes to them (APPEND).
 *
 * states   scheduled → running → scheduled; after a failure scheduled with a retry, ever later, the old rows stay; when
 *          retries are used up the moment is given up and the next one is waited for; STOP: disabled until START or the
 *          next start of the server
 * durable  the commit of the rows says which moment of the schedule they are of (ledger record 46): what was done is not
 *          done again, what was missed while the server was down is made up for once
 * rights   SELECTs run with the rights, settings and limits of the view's DEFINER as they are now
 * thread   threads of its own run views by the wall clock (base/clock.h), one each at a time
 */
#ifndef SERVER_REFRESH_H
#define SERVER_REFRESH_H

#include "server/execute.h"

struct ast_create_table;
struct object_def;

struct err *refresh_start(struct server *server);
void refresh_stop(struct server *server);

/* The clock was set, a view was made or changed: what is due is looked at now. */
void refresh_wake(struct server *server);
/* A new view's REFRESH: names and the user that it gets; fails when it cannot be so. create's are changed. */
struct err *refresh_check_new(struct execution *execution, struct ast_create_table *create, struct slice database);
/* TO of a view whose rows are replaced: no other view may stand on such a table. Before its definition is committed. */
struct err *refresh_check_target(struct execution *execution, const char *database, const char *table);
/* Do refreshes replace this table's rows? */
struct err *refresh_replaces(struct execution *execution, const char *database, const char *table, bool *replaces);
/* Before a view is dropped: its attempt is cancelled, none begins. after: it was dropped, or was not. Any view. */
void refresh_drop_begin(struct server *server, uint64_t id);
void refresh_drop_end(struct server *server, uint64_t id);
/* ALTER TABLE v MODIFY REFRESH … */
struct err *refresh_alter(struct execution *execution, const struct object_def *def,
                          const struct ast_statement *statement);
/* SYSTEM REFRESH | STOP | START | WAIT | CANCEL VIEW name, STOP | START VIEWS. */
struct err *refresh_system(struct execution *execution, const struct ast_statement *statement);

#endif
