/*
 * aliases.h: the expressions of a SELECT that have names of their own. A name may be given anywhere, and holds in the
 * whole SELECT: "SELECT (sum(v) AS s) / count(), s FROM t GROUP BY toStartOfHour(ts) AS h".
 */
#ifndef SQL_ALIASES_H
#define SQL_ALIASES_H

#include "base/err.h"
#include "sql/ast.h"

/* Each expression with an alias, in the order of the clauses, outer ones first; not within subqueries and lambdas.
 * The first error of visit ends it. */
struct err *select_each_alias(const struct ast_select *select,
                              struct err *(*visit)(void *context, const struct ast *node), void *context);

#endif
