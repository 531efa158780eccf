/*
 * verify.h: VERIFY TABLE over SQL.
 */
#ifndef SERVER_VERIFY_H
#define SERVER_VERIFY_H

#include "server/execute.h"

/* VERIFY TABLE t [FROM 'time'] [TO 'time']: one row that says what was read, how far back it reached, and what is
 * broken first. */
struct err *execute_verify(struct execution *execution, struct table *table, const struct ast_statement *statement);

#endif
