/*
 * mutate.h: DELETE and UPDATE over SQL.
 */
#ifndef SERVER_MUTATE_H
#define SERVER_MUTATE_H

#include "server/execute.h"

/* DELETE FROM t [IN PARTITION p] WHERE condition: done when it answers. Ends with KILL QUERY and max_execution_time. */
struct err *execute_delete(struct execution *execution, const struct ast_statement *statement);

/* ALTER TABLE … DELETE WHERE, UPDATE … WHERE; likewise. */
struct err *execute_alter_mutation(struct execution *execution, struct table *table, const struct ast_alter *action);

#endif
