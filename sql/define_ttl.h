/*
 * define_ttl.h: the TTLs of a table and of its columns, for define.c.
 */
#ifndef SQL_DEFINE_TTL_H
#define SQL_DEFINE_TTL_H

#include "sql/binder.h"
#include "storage/catalogue.h"

/* Checks them all; the definition has its columns and keys. names: the stored columns as expressions see them. Sets
 * def->ttl to the time of the element that drops whole rows without a condition; the others stand in def->create_sql,
 * where server/expire.c finds them. Errors have ClickHouse's codes. */
struct err *define_ttl(struct binder *binder, const struct ast_create_table *create, const struct source_column *names,
                       uint32_t name_count, struct table_def *def);

#endif
