/*
 * explain.h: what EXPLAIN says of the text of a query: its syntax tree, its clauses; and the options of EXPLAIN.
 */
#ifndef SQL_EXPLAIN_H
#define SQL_EXPLAIN_H

#include "base/arena.h"
#include "base/err.h"
#include "sql/ast.h"

enum explain_kind { EXPLAIN_PLAN, EXPLAIN_AST, EXPLAIN_SYNTAX, EXPLAIN_PIPELINE, EXPLAIN_ESTIMATE };

struct explain_settings {
    enum explain_kind kind;
    bool header;
    bool actions;
    bool indexes;
    bool oneline;
};

/* ERR_UNKNOWN_SETTING; ERR_INVALID_SETTING; options that ClickHouse has and Weir has not are refused unless they are
 * off. */
struct err *explain_settings(const struct ast_statement *statement, struct explain_settings *out);

/* One node per line, children indented, as ClickHouse names them; in the arena. */
struct err *explain_ast(struct arena *arena, const struct ast_query *query, struct slice *out);
/* How many levels and nodes that tree has. */
struct err *explain_ast_size(struct arena *arena, const struct ast_query *query, uint64_t *depth, uint64_t *count);

#endif
