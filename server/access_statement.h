/*
 * access_statement.h: CREATE USER, GRANT, SHOW GRANTS, SET ROLE and the like.
 */
#ifndef SERVER_ACCESS_STATEMENT_H
#define SERVER_ACCESS_STATEMENT_H

#include "server/execute.h"

struct err *execute_access(struct execution *execution, const struct ast_statement *statement);
/* Statements that change nothing: SHOW …, SET ROLE. */
bool access_statement_reads(const struct ast_access *access);
/* As system.query_log calls it. */
const char *access_statement_kind(const struct ast_access *access);
/* access_show.c */
struct err *execute_show_access(struct execution *execution, const struct ast_access *access);

#endif
