/*
 * column_names.h: columns that the expressions of a table's definition name: DEFAULT, keys, TTL.
 */
#ifndef SQL_COLUMN_NAMES_H
#define SQL_COLUMN_NAMES_H

#include "sql/binder.h"

/* Is a column named in an expression (NULL: none)? to: its new name, written into the tree; or empty. */
struct err *column_names_find(struct arena *arena, struct ast *node, struct slice name, struct slice to, bool *found);
/* ERR_CYCLIC_ALIASES: the expression of a column needs the column itself, directly or through others. */
struct err *column_names_check_cycles(struct binder *binder, const struct ast_column *columns, uint32_t count);

#endif
