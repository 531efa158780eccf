/*
 * print.h: what the printer's files share: a growing text, and the pieces of it.
 */
#ifndef SQL_PRINT_H
#define SQL_PRINT_H

#include "base/arena.h"
#include "base/slice.h"
#include "sql/ast.h"

struct printer {
    struct arena *arena;
    char *data;
    size_t length;
    size_t capacity;
    bool names; /* as names of result columns: operators as functions, aliases alone */
    bool lines; /* queries with a clause per line */
    uint32_t indent;
    bool failed; /* memory is out */
    /* names: what to call an identifier; NULL: its last part */
    struct slice (*identifier)(void *user, const struct ast *node);
    void *user;
};

void print_bytes(struct printer *printer, const char *data, size_t length);
void print_slice(struct printer *printer, struct slice text);
void print_text(struct printer *printer, const char *text);
struct slice print_end(struct printer *printer); /* NUL-terminated; data NULL: memory is out */

void print_identifier(struct printer *printer, struct slice name);
void print_string(struct printer *printer, struct slice text);
void print_float(struct printer *printer, double value);
void print_expression(struct printer *printer, const struct ast *node);
void print_aliased(struct printer *printer, const struct ast *node); /* "a AS b" without parentheses */
void print_list(struct printer *printer, const struct ast_list *list);
void print_window(struct printer *printer, const struct ast_window *window);
void print_orders(struct printer *printer, const struct ast_order *orders, uint32_t count);
void print_select(struct printer *printer, const struct ast_select *select);
void print_query(struct printer *printer, const struct ast_query *query);
void print_break(struct printer *printer); /* a space, or where lines are wanted the next one */
void print_subquery(struct printer *printer, const struct ast_query *query);   /* in parentheses */
void print_index_type(struct printer *printer, const struct ast_index *index); /* bloom_filter(0.01) */
void print_setting(struct printer *printer, const struct ast *value);
void print_settings(struct printer *printer, const struct ast_settings *settings);

#endif
