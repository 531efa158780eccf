/*
 * execute.h: statements of one request: what execute.c, insert.c and ddl.c share.
 */
#ifndef SERVER_EXECUTE_H
#define SERVER_EXECUTE_H

#include "query/plan.h"
#include "server/request.h"
#include "sql/bind.h"

struct execution {
    struct server *server;
    struct request *request;
    struct process *process;
    struct arena *arena;
    struct settings settings;
    struct function_context context;
    struct bind_catalogue catalogue;
    struct bind_options bind;
    struct bind_parameter *parameters;
    uint32_t parameter_count;
    struct slice database;
    struct slice format; /* of the reply; empty: TabSeparated */
    struct buffer body;  /* what was read of the body and belongs to an INSERT's data */
    bool body_end;
    struct request_summary summary;
};

/* Runs a plan and sends its rows in the execution's format. */
struct err *execute_plan(struct execution *execution, const struct query_plan *plan);
/* Parses, binds and runs a SELECT made by the server itself: SHOW, DESCRIBE, … */
struct err *execute_text(struct execution *execution, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One row per line of one String column: SHOW CREATE and the like. */
struct err *execute_constant(struct execution *execution, const char *name, struct slice value);
struct err *execute_insert(struct execution *execution, const struct ast_statement *statement, struct slice text);
struct err *execute_ddl(struct execution *execution, const struct ast_statement *statement);
/* A table by name with the session's database; "system" and others as they are. A reference. */
struct err *execution_table(struct execution *execution, struct slice database, struct slice name, struct table **out);
char *execution_text(struct execution *execution,
                     struct slice text); /* NUL-terminated; empty database: the session's */

#endif
