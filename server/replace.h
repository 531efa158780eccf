/*
 * replace.h: tables, views and dictionaries that get the names of others: RENAME, EXCHANGE, CREATE OR REPLACE TABLE.
 */
#ifndef SERVER_REPLACE_H
#define SERVER_REPLACE_H

#include "server/execute.h"

struct err *rename_table(struct execution *execution, const struct ast_statement *statement);
/* A definition under another name, in the arena; SHOW CREATE says it too. */
struct err *table_named(struct arena *arena, const struct table_def *def, const char *database, const char *name,
                        struct table_def *out);
struct err *exchange_tables(struct execution *execution, const struct ast_statement *statement);
/* The table of this definition takes the place of one with its name, filled by the statement's SELECT: at once, or,
 * when that fails, not at all. */
struct err *replace_table(struct execution *execution, const struct table_def *def,
                          const struct ast_create_table *create);

#endif
