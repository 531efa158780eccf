/*
 * define_index.h: INDEX … TYPE … of a table → its definitions, for define.c and define_alter.c.
 */
#ifndef SQL_DEFINE_INDEX_H
#define SQL_DEFINE_INDEX_H

#include "sql/binder.h"
#include "storage/catalogue.h"

/* names: the columns as expressions see them. Sets def->indexes. Errors have ClickHouse's codes. */
struct err *define_indexes(struct binder *binder, const struct ast_create_table *create,
                           const struct source_column *names, struct table_def *def);

/* ALTER TABLE … ADD INDEX, DROP INDEX of a statement that made a table. *changed: something was done. */
struct err *define_add_index(struct binder *binder, struct ast_create_table *create, const struct ast_alter *action,
                             bool *changed);
struct err *define_drop_index(struct binder *binder, struct ast_create_table *create, const struct ast_alter *action,
                              bool *changed);

#endif
