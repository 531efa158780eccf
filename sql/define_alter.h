/*
 * define_alter.h: ALTER TABLE's actions on a definition → the next definition.
 *
 * The statement that made the table (create_sql) is changed action by action and defined anew, so that what a CREATE
 * refuses an ALTER refuses too. Columns keep their ids; new ones have id 0.
 * What a data directory must do besides (values of old rows) follows from the two definitions: storage/.
 */
#ifndef SQL_DEFINE_ALTER_H
#define SQL_DEFINE_ALTER_H

#include "sql/bind.h"
#include "storage/catalogue.h"

/*
 * Applies the actions of kinds up to AST_ALTER_DEFINITION_LAST, in order; others are passed over. *changed false: there
 * is nothing to do (IF EXISTS), and *out is not set. Errors have ClickHouse's codes.
 */
struct err *define_alter(struct arena *arena, const struct bind_options *options, const struct table_def *current,
                         const struct ast_alter *actions, uint32_t count, struct table_def *out, bool *changed);

#endif
