/*
 * parse.h: what the parser's files share: the place in the text, looking at tokens, making nodes, failing.
 *
 * Parsing functions return false or NULL when they failed; parser->err then says why, and everybody returns at once.
 * Each token that was tried in vain at the current place is noted, so that an error can say what was expected.
 */
#ifndef SQL_PARSE_H
#define SQL_PARSE_H

#include "base/arena.h"
#include "sql/ast.h"
#include "sql/lexer.h"
#include "sql/parser.h"

#define PARSE_EXPECTED_MAX 48

struct parser {
    struct arena *arena;
    struct slice text; /* all of it; the lexer's may be cut to the limit */
    uint32_t text_bytes_max;
    struct lexer lexer;
    struct token token;    /* the current one, not yet taken */
    uint32_t previous_end; /* byte behind the token before it */
    uint32_t depth;        /* of recursion */
    uint32_t node_count;
    uint32_t subquery_count; /* in expressions */
    uint32_t deepest;        /* depth of the deepest node of the query that is being parsed */
    struct err *err;
    const char *expected[PARSE_EXPECTED_MAX];
    uint32_t expected_count;
    uint32_t expected_offset;               /* where they were tried */
    struct token alias;                     /* the last alias without AS: it may be a misspelt keyword */
    const char *missed[PARSE_EXPECTED_MAX]; /* what was expected where that alias stands */
    uint32_t missed_count;
    bool in_alert;          /* the first words of an alert's clauses are no aliases */
    bool in_partition_ends; /* an expression ends in front of IN PARTITION */
};

/* parser.c: begins at an offset of the text; text_bytes_max: 0 means SQL_TEXT_BYTES_MAX. */
struct err *parser_init(struct parser *parser, struct arena *arena, struct slice text, uint32_t offset,
                        uint32_t text_bytes_max);
/* parser.c: tokens. Keywords may have several words: "GROUP BY". */
void parse_advance(struct parser *parser);
bool parse_is(struct parser *parser, const char *keyword);         /* notes it as expected */
bool parse_peek(const struct parser *parser, const char *keyword); /* does not */
bool parse_accept(struct parser *parser, const char *keyword);
bool parse_expect(struct parser *parser, const char *keyword);
bool parse_is_kind(struct parser *parser, enum token_kind kind, const char *name);
bool parse_accept_kind(struct parser *parser, enum token_kind kind, const char *name);
bool parse_expect_kind(struct parser *parser, enum token_kind kind, const char *name);
void parse_note(struct parser *parser, const char *name);              /* "a table name" would have done here */
struct token parse_next(const struct parser *parser);                  /* the token behind the current one */
struct token parse_after(const struct parser *parser, uint32_t count); /* count behind the current one */
bool token_is_word(struct token token, const char *word);
bool word_in(struct slice word, const char *const *words); /* any case; the list ends with NULL */

/* Failing; each returns false and keeps the first error. */
bool parse_fail(struct parser *parser); /* unexpected current token */
bool parse_fail_here(struct parser *parser, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool parse_refuse(struct parser *parser, uint32_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool parse_oom(struct parser *parser);
bool parse_enter(struct parser *parser); /* one level deeper: false when too deep; parse_leave undoes it */
void parse_leave(struct parser *parser);
struct slice parse_position(struct parser *parser, uint32_t offset); /* "line 1, col 8" */

/* Nodes and lists. */
struct ast *node_new(struct parser *parser, enum ast_kind kind, uint32_t offset);
struct ast *node_function(struct parser *parser, uint32_t offset, const char *name, struct ast *const *arguments,
                          uint32_t count);                                        /* finished */
struct ast *node_text(struct parser *parser, uint32_t offset, struct slice text); /* a string literal */
struct ast *node_uint(struct parser *parser, uint32_t offset, uint64_t value);
struct ast *node_finish(struct parser *parser, struct ast *node); /* end and depth, once its children stand */
bool list_add(struct parser *parser, struct ast_list *list, struct ast *item);
/* Room for one more element in a growing array of any type; its count is raised. NULL: failed. */
void *array_add(struct parser *parser, void *array_pointer, uint32_t *count, size_t size);

/* Names. */
bool parse_identifier(struct parser *parser, const char *what, struct slice *out); /* a, `a`, "a" */
/* [database.]name, or {x:Identifier} for either when parameters are wanted (else NULL). */
bool parse_table_name(struct parser *parser, const char *what, struct slice *database, struct slice *name,
                      struct ast **database_parameter, struct ast **name_parameter);
bool parse_string(struct parser *parser, const char *what, struct slice *out);

/* parse_expression.c */
struct ast *parse_expression(struct parser *parser);
struct ast *parse_aliased(struct parser *parser, bool implicit); /* with "AS alias", or "alias" if implicit */
bool parse_list(struct parser *parser, struct ast_list *list);   /* one or more, with AS */
bool parse_alias(struct parser *parser, bool implicit, struct slice *alias);
bool is_reserved_alias(struct slice word);

/* parse_operand.c */
struct ast *parse_operand(struct parser *parser); /* without operators before or behind it */

/* parse_literal.c */
struct ast *parse_number(struct parser *parser, uint32_t offset, bool negative); /* the current token is one */
bool parse_type(struct parser *parser, struct slice *out);                       /* the text, spaces normalised */
struct ast *parse_literal(struct parser *parser);   /* with sign; NULL and no error: none stands here */
struct ast *parse_parameter(struct parser *parser); /* {name:Type}; the current token is { */
struct ast *parse_map(struct parser *parser); /* {'a': 'b', …}, the value of a setting: map('a', 'b', …); likewise */

/* parse_special.c: functions with a syntax of their own. NULL and no error: none stands here. */
struct ast *parse_special(struct parser *parser);

/* parse_select.c */
struct ast_query *parse_select_query(struct parser *parser);
/* Goes on behind a first part that was parsed as an expression: ((SELECT 1) UNION ALL …). */
struct ast_query *parse_query_rest(struct parser *parser, struct ast_query *first);
struct ast_select *parse_select(struct parser *parser);
bool parse_starts_query(const struct parser *parser);                      /* SELECT, WITH, FROM … */
bool parse_settings(struct parser *parser, struct ast_settings *settings); /* behind SETTINGS: a = 1, … */
bool parse_order_list(struct parser *parser, struct ast_order **orders, uint32_t *count);

/* parse_window.c */
bool parse_window(struct parser *parser, struct ast_window *window);  /* inside the parentheses */
bool parse_windows(struct parser *parser, struct ast_select *select); /* behind WINDOW */

/* parse_object.c: views and dictionaries */
/* 1 HOUR 30 MINUTE: at least one part. */
bool parse_span(struct parser *parser, struct ast_span *span);
/* Behind REFRESH. */
bool parse_refresh(struct parser *parser, struct ast_refresh **out);
/* REFRESH | STOP | START | WAIT | CANCEL VIEW v, STOP | START VIEWS, behind SYSTEM; *known: it was one. */
bool parse_system_view(struct parser *parser, struct ast_statement *statement, bool *known);
bool parse_create_materialized(struct parser *parser, struct ast_statement *statement, bool or_replace);
/* ENGINE, ORDER BY, PARTITION BY, … in any order. */
bool parse_storage_clauses(struct parser *parser, struct ast_create_table *create);
bool parse_create_view(struct parser *parser, struct ast_statement *statement, bool or_replace);

/* parse_dictionary.c */
bool parse_create_dictionary(struct parser *parser, struct ast_statement *statement, bool or_replace);

/* parse_alert.c: *known: it was about an alert or a recording rule. */
bool parse_is_alert_clause(struct slice word);
/* MILLISECOND … WEEK behind a number, of 10 years at most. */
bool parse_time_unit(struct parser *parser, const struct ast *number, int64_t *out_us);
/* [INTERVAL] n unit */
bool parse_time(struct parser *parser, int64_t *out_us);
bool parse_create_alert(struct parser *parser, struct ast_statement *statement, bool or_replace, bool *known);
bool parse_drop_alert(struct parser *parser, struct ast_statement *statement, bool *known);
bool parse_alter_alert(struct parser *parser, struct ast_statement *statement, bool *known);
bool parse_show_create_alert(struct parser *parser, struct ast_statement *statement, bool *known);
bool parse_backtest(struct parser *parser, struct ast_statement *statement); /* behind BACKTEST */

/* parse_create.c */
bool parse_if_not_exists(struct parser *parser);
bool refuse_on_cluster(struct parser *parser);
bool parse_column(struct parser *parser, struct ast_column *column); /* name [type] [DEFAULT …] [COMMENT …] … */
bool parse_column_rest(struct parser *parser, struct ast_column *column);        /* behind the name */
bool parse_columns_list(struct parser *parser, struct ast_create_table *create); /* behind '(' */
bool parse_create(struct parser *parser, struct ast_statement *statement);
bool parse_replace_table(struct parser *parser, struct ast_statement *statement); /* REPLACE TABLE … */

/* parse_table.c, behind the statements' first words */
/* Behind PARTITION: a number or text as the value of PARTITION BY; ID and a partition_id: *is_id. */
bool parse_partition_text(struct parser *parser, struct slice *partition, bool *is_id);
bool parse_optimize(struct parser *parser, struct ast_statement *statement);
bool parse_verify(struct parser *parser, struct ast_statement *statement);
bool parse_repair(struct parser *parser, struct ast_statement *statement);
bool parse_delete(struct parser *parser, struct ast_statement *statement);

/* parse_index.c: behind INDEX, in CREATE TABLE and ALTER TABLE … ADD INDEX */
bool parse_index(struct parser *parser, struct ast_index *index);
/* parse_index.c: actions of ALTER TABLE on indexes; *known: it was one. */
bool parse_alter_index(struct parser *parser, struct ast_alter *action, bool *known);

/* parse_create.c: behind CODEC: (…) */
bool parse_codec(struct parser *parser, struct ast_column *column);
/* parse_ttl.c: behind TTL */
bool parse_ttl(struct parser *parser, struct ast_ttl **list, uint32_t *count);

/* parse_mutation.c: the actions DELETE and UPDATE of ALTER TABLE; *known: it was one. */
bool parse_alter_mutation(struct parser *parser, struct ast_alter *action, bool *known);

/* parse_partition.c: actions of ALTER TABLE on partitions, and holds; *known: it was one. */
bool parse_alter_partition(struct parser *parser, struct ast_alter *action, bool *known);
/* value | ID 'text' | ALL: part, value and text of the action */
bool parse_partition(struct parser *parser, struct ast_alter *action);

/* parse_alter.c: behind ALTER TABLE */
bool parse_alter_table(struct parser *parser, struct ast_statement *statement);
/* parse_backup.c, behind BACKUP or RESTORE */
bool parse_backup(struct parser *parser, struct ast_statement *statement, bool restore);

/* parse_access.c: users, roles, quotas, settings profiles; *known: it was one. */
struct ast_access *parse_access_new(struct parser *parser, struct ast_statement *statement,
                                    enum ast_access_action action);
bool parse_access_name(struct parser *parser, struct slice *out);
bool parse_access_names(struct parser *parser, struct ast_names *names); /* ALL, NONE, or a list; EXCEPT a list */
/* behind CREATE, ALTER or DROP */
bool parse_access_ddl(struct parser *parser, struct ast_statement *statement, enum ast_access_action action,
                      bool or_replace, bool *known);
bool parse_show_create_access(struct parser *parser, struct ast_statement *statement, bool *known);
bool parse_show_access(struct parser *parser, struct ast_statement *statement, bool *known); /* behind SHOW */
bool parse_set_role(struct parser *parser, struct ast_statement *statement, bool *known);    /* behind SET */
/* parse_grant.c, behind GRANT or REVOKE */
bool parse_grant(struct parser *parser, struct ast_statement *statement, bool revoke);

/* parse_statement.c */
/* A column's name, that of a part of a Nested too: n.a is `n.a`. */
bool parse_dotted(struct parser *parser, struct slice *name);
bool parse_any_statement(struct parser *parser, struct ast_statement *statement);
/* [db.]name of a statement; `what` it is, for errors. */
bool parse_names(struct parser *parser, struct ast_statement *statement, const char *what);
/* [TABLE | VIEW | DICTIONARY | TEMPORARY TABLE] in front of a name (parse_object.c) */
enum ast_object parse_object_kind(struct parser *parser);
bool parse_one_name(struct parser *parser, struct ast_statement *statement, const char *what); /* a database's */
/* [SETTINGS …] [FORMAT name] at a statement's end */
bool parse_output(struct parser *parser, struct ast_statement *statement);

/* parse_show.c: behind SHOW */
bool parse_show(struct parser *parser, struct ast_statement *statement);

#endif
