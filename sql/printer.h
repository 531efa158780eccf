/*
 * printer.h: syntax tree → SQL text, as ClickHouse writes it.
 *
 * ast_print gives text that parses to the same tree: for SHOW CREATE, for expressions kept in the catalogue.
 * ast_column_name_in gives the name of a result column: operators as functions, "plus(a, 1)".
 */
#ifndef SQL_PRINTER_H
#define SQL_PRINTER_H

#include "base/arena.h"
#include "base/slice.h"
#include "sql/ast.h"

/* data is NULL when memory is out (arena_error). */
struct slice ast_print(struct arena *arena, const struct ast *expression);
/* The value of a setting: maps as {'a': 'b'}. */
struct slice ast_print_setting(struct arena *arena, const struct ast *value);
struct slice ast_print_query(struct arena *arena, const struct ast_query *query);
struct slice ast_print_lines(struct arena *arena, const struct ast_query *query); /* a clause per line */
/* "CREATE TABLE db.name\n(\n    `a` UInt8,\n …)\nENGINE = MergeTree\nORDER BY a": one clause per line. */
struct slice ast_print_create_table(struct arena *arena, const struct ast_create_table *create);
/* "CREATE VIEW db.name\n(\n    `a` UInt8\n)\nAS SELECT …" */
struct slice ast_print_create_view(struct arena *arena, const struct ast_create_table *create);
struct slice ast_print_create_dictionary(struct arena *arena, const struct ast_create_dictionary *create);
struct slice ast_print_create_alert(struct arena *arena, const struct ast_alert *alert);
struct slice ast_print_create_source(struct arena *arena, const struct ast_create_source *create);
/* Identifiers are named by the caller. */
struct slice ast_column_name_in(struct arena *arena, const struct ast *expression,
                                struct slice (*identifier)(void *user, const struct ast *node), void *user);
/* `name` quoted with backticks when it needs to be. */
struct slice sql_identifier(struct arena *arena, struct slice name);
/* 'text' with escapes. */
struct slice sql_string(struct arena *arena, struct slice text);

#endif
