/*
 * qualify.h: table names of a query get the database that they mean, for definitions that outlive the session.
 */
#ifndef SQL_QUALIFY_H
#define SQL_QUALIFY_H

#include "base/arena.h"
#include "base/err.h"
#include "sql/ast.h"

/* Writes the database before every table name that has none and is no CTE: in FROM, behind IN, and in the first
 * argument of dictGet and its kin; merge() gets it too. Changes the tree. *parameters: does {name:Type} stand in it? */
struct err *qualify_query(struct arena *arena, struct ast_query *query, struct slice database, bool *parameters);

#endif
