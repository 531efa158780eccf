/*
 * execute.h: one request and its statements: what the files share that take it apart and run it.
 */
#ifndef SERVER_EXECUTE_H
#define SERVER_EXECUTE_H

#include "query/plan.h"
#include "query/query_host.h"
#include "query/query_rights.h"
#include "server/request.h"
#include "server/sessions.h"
#include "sql/bind.h"

/* What queries of an execution see of a table. */
struct segment_choice {
    uint64_t table_id;
    bool (*wanted)(void *user, const struct ledger_segment *segment);
    void *user;
};

struct access_login;
struct insert_queued;
struct access_session;

struct execution {
    struct server *server;
    struct request *request;
    struct process *process;
    struct arena *arena;
    struct settings settings;
    struct texts changed; /* settings that were set: name, value, … */
    struct function_context context;
    struct bind_catalogue catalogue;
    struct bind_options bind;
    struct bind_parameter *parameters;
    uint32_t parameter_count;
    struct access_login *login;           /* while the password is verified; or NULL */
    struct access_session *login_session; /* owned; or NULL: the server's own */
    struct access_session *access;        /* whose rights count: login_session, or one that may do everything */
    struct query_rights rights;
    struct query_host host;
    struct slice secret_text;                     /* the statement's, when it holds secrets (secrets.h); or empty */
    bool checks_late;                             /* what the query reads is checked when it is bound */
    struct slice unknown_database, unknown_table; /* that it names, and the user must not know of; or empty */
    struct session *session;                      /* of its session_id, held while the request runs; or NULL */
    struct session *alone;                        /* of tables that came with the statement (external.c), or NULL */
    struct slice database;
    struct slice format;  /* of the reply; empty: TabSeparated */
    struct buffer text;   /* of the statement, as far as it came; an INSERT's data may follow */
    struct buffer piece;  /* of the body: what the step took */
    uint64_t bytes_taken; /* of the text's buffer, in the process's budget */
    bool body_end;
    bool places;                           /* tables have columns that say where a row is: mutate.c */
    const struct segment_choice *choice;   /* of one table's segments; or NULL: all (expire.c) */
    bool notes_completeness;               /* of the tables that it reads (completeness.h) */
    struct snapshot *pretended;            /* stands for its table; or NULL (lateness.h) */
    struct fed_rows *fed;                  /* what a materialized view's SELECT reads; or NULL (materialized.h) */
    struct live_watch *watch;              /* notes tables that are read; or NULL (live_private.h) */
    struct live_tail *tail;                /* of the table that is read, new rows alone; or NULL (live_tail.h) */
    bool entered;                          /* in the list of processes */
    const struct ast_statement *statement; /* that waits for its turn (admission.h), and its text; or NULL */
    const struct kept_statement *kept;     /* that this one is; or NULL */
    struct slice statement_text;
    struct flight *flight;            /* that this query leads: its reply is kept for others; or NULL */
    struct insert_data *insert;       /* an INSERT whose data are read; or NULL */
    struct insert_queued *queued;     /* its rows, which wait to be stored with others; or NULL */
    struct noted_table *noted_tables; /* that the query sees (completeness.h) */
    bool reads_recorded;              /* system.recorded_values */
    struct request_summary summary;
};

/* Sets what statements are bound with, also for one that the server runs for itself; the arena is set. */
void execution_init(struct execution *execution, struct server *server, struct slice database);
/* Sets a setting, and notes it for the query log: the last value of each. */
struct err *execution_set(struct execution *execution, struct slice name, struct slice value);
/* What was copied out of the settings is copied again. */
struct err *execution_settings_changed(struct execution *execution);
/* Texts of settings that others own are copied into the arena. */
struct err *execution_keep_texts(struct execution *execution);
/* What the client says that it reads in the format Native; 0: it says nothing. */
uint32_t execution_client_revision(const struct execution *execution);

/* ---- tables that came with the statement (external.c) */
struct err *externals_make(struct execution *execution);
/* Is it one that describes such a table? */
bool external_has_parameter(const struct request *request, struct slice name);

/* ---- the statement (execute_statement.c) */

/* The statement's text: the URL's query, then the body; of an INSERT's body only the beginning. *whole false: more of
 * the body must come first. */
struct err *statement_read(struct execution *execution, struct slice *text, bool *whole);
/* Runs the statement, or leaves it in execution->statement until it has its turn. */
struct err *statement_begin(struct execution *execution, struct slice text);
/* It has its turn. */
struct err *statement_run(struct execution *execution, const struct ast_statement *statement, struct slice text);

/* ---- tables and texts (execute_tables.c) */

struct bind_catalogue execution_catalogue(struct execution *execution);
/* The session's temporary table of that name, when no database is given; NULL: none. */
struct temporary *execution_temporary(const struct execution *execution, struct slice database, struct slice name);
/* A table by name with the session's database; "system" and others as they are. A reference. */
struct err *execution_table(struct execution *execution, struct slice database, struct slice name, struct table **out);
/* In the arena, NUL-terminated; NULL: out of memory. */
char *execution_text(struct execution *execution, struct slice text);

/* ---- rows (result.c) */

/* Runs a plan and sends its rows in the execution's format. */
struct err *execute_plan(struct execution *execution, const struct query_plan *plan);
/* To a transport that speaks in blocks: one without rows, which says the columns. */
struct writer_column;
struct err *execute_sample(struct execution *execution, const struct writer_column *columns, uint32_t column_count);
/* Bytes of the chunk's strings when every row is written out: those of CONST and DICT columns, and slices of one text,
 * are held once but written many times. */
uint64_t chunk_string_bytes(const struct chunk *chunk);
/* The settings limit and offset, of what the query's own LIMIT leaves (select.c). */
struct err *execution_limit_result(struct execution *execution, struct query_plan *plan);
/* The cache that the execution's queries may use, or NULL. */
struct partial_cache *execution_partial_cache(const struct execution *execution);
/* Does it read stored tables alone? */
bool execution_reads_tables(const struct query_plan *plan);
/* Parses, binds and runs a SELECT made by the server itself: SHOW, DESCRIBE, … */
struct err *execute_text(struct execution *execution, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One row per line of one String column: SHOW CREATE and the like. */
struct err *execute_constant(struct execution *execution, const char *name, struct slice value);

/* ---- kinds of statements */

/* A SELECT: alone, or as one of identical ones (select.c). */
struct err *execute_select(struct execution *execution, const struct ast_query *query, struct slice text);
/* Begins an INSERT; when its data come with the body, execution->insert is set, and insert_data_step goes on. */
struct err *execute_insert(struct execution *execution, const struct ast_statement *statement, struct slice text);
/* Reads execution->piece; stores all when the body has ended. */
struct err *insert_data_step(struct execution *execution);
/* execution->queued was set: *waits, or it is stored. */
struct err *insert_queued_step(struct execution *execution, bool *waits);
void insert_data_abort(struct execution *execution);
/* An expression in VALUES, for struct reader_options; user: the execution (insert_values.c). */
struct err *insert_evaluate(void *user, struct slice text, const struct type *type, struct buffer *out, bool *is_null);
/* Rows of CREATE TABLE … AS SELECT, once the table is there; database: "", or what stands before the table's name. */
struct err *execute_fill_table(struct execution *execution, const struct ast_create_table *create,
                               const char *database);
/* The columns of a plan that is SELECT * FROM what is described; def: its definition, or NULL; hiding: what has columns
 * that * leaves out, or NULL (describe.c). */
struct err *execute_describe(struct execution *execution, const struct plan *plan, const struct table_def *def,
                             const struct table_source *hiding);
struct err *execute_explain(struct execution *execution, const struct ast_statement *statement);
/* KILL QUERY (kill.c). */
struct err *execute_kill(struct execution *execution, const struct ast_statement *statement);
struct err *execute_ddl(struct execution *execution, const struct ast_statement *statement);
/* SHOW, DESCRIBE, EXISTS (show.c). */
struct err *execute_show(struct execution *execution, const struct ast_statement *statement);
/* SHOW TABLES, COLUMNS, SETTINGS and other lists (show_list.c). */
struct err *execute_show_list(struct execution *execution, const struct ast_statement *statement);
/* The statement's database and name with parameters put in; an empty database stays empty. */
struct err *statement_names(struct execution *execution, const struct ast_statement *statement, struct slice *database,
                            struct slice *name);
/* The database, or the request's where it is empty. */
struct slice statement_database(const struct execution *execution, struct slice database);

#endif
