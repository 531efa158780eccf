/*
 * alter.h: ALTER TABLE, for ddl.c.
 */
#ifndef SERVER_ALTER_H
#define SERVER_ALTER_H

#include "server/execute.h"

struct err *execute_alter(struct execution *execution, const struct ast_statement *statement);

#endif
