/*
 * access_query.h: rights at a statement's way: what it may begin, what its queries may read.
 *
 * Queries that users write are bound with access_bind: it binds, then checks the columns that the plan's scans read.
 * A view runs with the rights of who asks: SELECT on it and on what it reads. All other binding sees a table only when
 * the user has some privilege on it (access_may_know).
 */
#ifndef SERVER_ACCESS_QUERY_H
#define SERVER_ACCESS_QUERY_H

#include "server/access.h"
#include "server/execute.h"

/* bind_query, and SELECT on all that is read. except: a table ("db", "t") that is not asked about; or NULL data. */
/* The same with the execution's own options. */
struct err *execution_bind(struct execution *execution, const struct ast_query *query, struct query_plan *out);
struct err *access_bind(struct execution *execution, const struct bind_options *bind, const struct ast_query *query,
                        struct slice except_database, struct slice except_table, struct query_plan *out);
/* Of a table that a query names, before its columns are known. */
struct err *access_may_know(struct execution *execution, struct slice database, struct slice table);
/* SELECT on a view. */
struct err *access_may_use_view(struct execution *execution, struct slice database, struct slice view);
/* Everything but SELECT, INSERT's columns and what access_bind finds. */
struct err *access_check_statement(struct execution *execution, const struct ast_statement *statement);
/* The session behind what a system table is given; NULL: the server itself. And the client's address. */
const struct access_session *access_of_rights(const struct query_rights *rights);
const char *access_address_of_rights(const struct query_rights *rights);
/* Sets execution->rights and the context's. */
void access_query_init(struct execution *execution);

#endif
