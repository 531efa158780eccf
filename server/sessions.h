/*
 * sessions.h: what outlives a request of one session_id: settings, the database, temporary tables.
 *
 * session    made by the first request that names it, unless session_check = 1; one request at a time uses it
 *            (ERR_SESSION_IS_LOCKED); gone session_timeout seconds (60, at most 3,600) after its last request
 * temporary  a table in memory that its session alone sees; it hides a table of that name when no database is given
 * memory     all temporary tables of all sessions take at most temporary_tables_memory_max bytes
 * thread     the functions of sessions: any; those of a session: the request that holds it
 */
#ifndef SERVER_SESSIONS_H
#define SERVER_SESSIONS_H

#include "query/table_source.h"
#include "server/server.h"
#include "server/settings.h"
#include "storage/catalogue.h"

#define SESSIONS_MAX         1000U
#define SESSION_TIMEOUT_S    60U
#define SESSION_TIMEOUT_MAX  3600U
#define SESSION_TABLES_MAX   100U
#define SESSION_SETTINGS_MAX 200U

struct session;
struct temporary;

/* ---- all of them */
struct err *sessions_start(struct server *server);
void sessions_stop(struct server *server);
/* Those whose time is over go; called now and then. */
void sessions_expire(struct server *server);

/* Takes the session for a request. check: it must be there. */
struct err *session_enter(struct server *server, struct slice user, struct slice id, bool check, uint64_t timeout_s,
                          struct session **out);
void session_leave(struct server *server, struct session *session); /* accepts NULL */

/* One without an id, of a connection: it is not among the others and does not expire. */
struct err *session_create(struct server *server, struct session **out);
void session_destroy(struct session *session); /* accepts NULL */
/* The same for one statement: its tables are in that budget. */
struct err *session_create_alone(struct budget *budget, struct session **out);

/* ---- what it holds */
/* SET ROLE; roles NULL: the user's default ones again. */
struct err *session_set_roles(struct session *session, const struct slice *roles, uint32_t count);
struct access_session;
struct err *session_apply_roles(const struct session *session, struct access_session **access);
/* SET and USE. */
struct err *session_set(struct session *session, struct slice name, struct slice value);
struct err *session_use(struct session *session, struct slice database);
/* What was SET; data NULL: it was not. */
struct slice session_setting(const struct session *session, struct slice name);
/* Applies what was SET. */
struct err *session_apply(const struct session *session, struct settings *settings);
struct slice session_database(const struct session *session); /* data NULL: none was named */

/* Moves nothing: def is copied. ERR_TABLE_EXISTS; *created false: one was kept. */
struct err *session_create_table(struct session *session, const struct table_def *def, bool if_not_exists,
                                 bool or_replace, struct temporary **out, bool *created);
bool session_has_tables(const struct session *session);
/* NULL: there is none of that name. */
struct temporary *session_table(const struct session *session, struct slice name);
void session_drop_table(struct session *session, struct temporary *temporary);
void session_each_table(const struct session *session, void (*visit)(void *user, struct temporary *temporary),
                        void *user);

const struct table_def *temporary_def(const struct temporary *temporary);
uint64_t temporary_rows(const struct temporary *temporary);
void temporary_truncate(struct temporary *temporary);
/* Rows of a builder's chunk; DEFAULTs of what is missing are computed. Copied. */
struct err *temporary_append(struct temporary *temporary, struct arena *arena, const struct chunk *chunk,
                             const uint8_t *const *missing);
/* A builder of rows for it: its columns, those with DEFAULTs tracked. */
struct builder;
struct err *temporary_builder(const struct temporary *temporary, struct budget *budget, struct builder **out);
/* Appends all rows of the builder, or none. omitted: columns that it has no values of. budget: of what this takes. */
struct err *temporary_take(struct temporary *temporary, struct builder *builder, const bool *omitted,
                           struct budget *budget);
/* Undoes what was appended since it had so many rows. */
void temporary_rollback(struct temporary *temporary, uint64_t rows);
/* The rows that it has now. */
struct err *source_of_temporary(struct arena *arena, struct temporary *temporary, struct table_source **out);

#endif
