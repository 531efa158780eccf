/*
 * alter.h: ALTER TABLE, for ddl.c.
 */
#ifndef SERVER_ALTER_H
#define SERVER_ALTER_H

#include "server/execute.h"

/* ERR_UNFINISHED: a stored value cannot be cast to its column's type in the next definition. */
struct err *alter_check_casts(struct execution *execution, struct table *table, const struct table_def *next);

/* What of the statement's actions changes the table's definition, in one commit. */
struct err *alter_definition(struct execution *execution, struct table *table, const struct ast_statement *statement);

struct err *execute_alter(struct execution *execution, const struct ast_statement *statement);

#endif
