/*
 * parser.h: SQL text → syntax tree. Recursive descent for statements, operator precedence for expressions.
 *
 * Bounded: the text to max_query_size bytes (data after INSERT … FORMAT are not counted), nesting to 1,000 levels,
 * nodes to 500,000. Errors are ERR_SYNTAX: "Syntax error: line 1, column 8: found 'FORM', expected FROM, …; did you
 * mean FROM?", ERR_TOO_DEEP_AST, ERR_EMPTY_QUERY, or ERR_NOT_IMPLEMENTED for statements that are known but not built.
 */
#ifndef SQL_PARSER_H
#define SQL_PARSER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "sql/ast.h"

#include <stdint.h>

#define SQL_TEXT_BYTES_MAX 262144U /* ClickHouse's max_query_size */
#define SQL_DEPTH_MAX      1000U
#define SQL_NODE_COUNT_MAX 500000U

/*
 * Parses one statement that begins at *offset and moves *offset behind it and its semicolon, or to the data of an
 * INSERT. `text` is borrowed and must outlive the tree. text_bytes_max: 0 means SQL_TEXT_BYTES_MAX.
 * *out is NULL when only white space, comments and semicolons are left.
 */
struct err *parse_statement(struct arena *arena, struct slice text, uint32_t *offset, uint32_t text_bytes_max,
                            struct ast_statement **out);

/* The whole text is one statement (a trailing semicolon is allowed; INSERT's data may follow). Empty: ERR_EMPTY_QUERY.
 */
struct err *parse_query(struct arena *arena, struct slice text, uint32_t text_bytes_max, struct ast_statement **out);

/* The whole text is one expression, or a list of expressions with aliases and "*" ("a, b + 1 AS c"). */
struct err *parse_expression_text(struct arena *arena, struct slice text, struct ast **out);
/* {'a': 'b', …}, as a call of map. */
struct err *parse_map_literal(struct arena *arena, struct slice text, struct ast **out);
struct err *parse_list_text(struct arena *arena, struct slice text, struct ast_list *out);

/* keywords.c: the parser's keywords, for system.keywords. Index from 0; NULL: no more. */
const char *sql_keyword(uint32_t index);

#endif
