/*
 * execute_statement.c: a request's statement: its text as it comes, its settings and limits, its turn, and who runs it.
 *
 * flow     execute.c, step by step → here → sql/parser.h → select.c, insert.c, ddl.c
 * thread   the request's query thread
 */
#include "base/clock.h"
#include "base/interrupt.h"
#include "server/access_query.h"
#include "server/access_statement.h"
#include "server/execute.h"
#include "server/secrets.h"
#include "server/statement_cache.h"
#include "sql/explain.h"
#include "sql/parser.h"

#include <strings.h>

/* A statement must begin within so many bytes of the body, and an INSERT end its own text there. */
#define INSERT_TEXT_BYTES ((size_t)256 << 10)

/* Does the text begin with INSERT, behind space and comments? */
static bool is_insert(struct slice text)
{
    size_t at = 0;
    while (at < text.length) {
        if (strchr(" \t\r\n;", text.data[at]) != NULL && text.data[at] != 0) {
            at++;
        } else if (text.length - at >= 2 && memcmp(text.data + at, "--", 2) == 0) {
            const char *end = memchr(text.data + at, '\n', text.length - at);
            at = end == NULL ? text.length : (size_t)(end - text.data) + 1;
        } else if (text.length - at >= 2 && memcmp(text.data + at, "/*", 2) == 0) {
            const char *end = memmem(text.data + at + 2, text.length - at - 2, "*/", 2);
            at = end == NULL ? text.length : (size_t)(end - text.data) + 2;
        } else {
            break;
        }
    }
    return text.length - at >= 6 && strncasecmp(text.data + at, "INSERT", 6) == 0;
}

/* The statement's text: the URL's query, then the body; of an INSERT's body only the beginning. *whole false: more of
 * the body must come first. */
struct err *statement_read(struct execution *execution, struct slice *text, bool *whole)
{
    struct err *err = NULL;
    struct slice query = request_parameter(execution->request, "query");
    *whole = true;
    if (is_insert(query)) { /* the body is data */
        *text = query;
        return NULL;
    }
    OR_DONE(request_take(execution->request, &execution->piece, &execution->body_end));
    if (execution->text.length == 0 && query.length > 0) {
        buffer_slice(&execution->text, query);
        buffer_char(&execution->text, '\n');
    }
    if (!budget_take(&execution->process->budget, execution->piece.length)) {
        return budget_error(&execution->process->budget, execution->piece.length);
    }
    execution->bytes_taken += execution->piece.length;
    buffer_slice(&execution->text, buffer_all(&execution->piece));
    execution->piece.length = 0;
    if (execution->text.failed) {
        return err_oom();
    }
    bool insert = execution->text.length >= INSERT_TEXT_BYTES && is_insert(buffer_all(&execution->text));
    if (!execution->body_end && !insert && execution->settings.max_query_size != 0 &&
        execution->text.length > execution->settings.max_query_size) {
        return err_new(ERR_SYNTAX, "the query is longer than max_query_size = %llu bytes; raise this setting",
                       (unsigned long long)execution->settings.max_query_size);
    }
    *whole = execution->body_end || insert;
    if (*whole) {
        *text = arena_slice(execution->arena, buffer_all(&execution->text));
        err = text->data == NULL ? arena_error(execution->arena) : NULL;
        buffer_deinit(&execution->text);
    }
done:
    return err;
}

/* As ClickHouse calls it in system.query_log. */
static const char *query_kind(enum ast_statement_kind kind)
{
    static const char *const kinds[] = {
        [AST_SELECT] = "Select",
        [AST_EXPLAIN] = "Explain",
        [AST_INSERT] = "Insert",
        [AST_CREATE_DATABASE] = "Create",
        [AST_CREATE_TABLE] = "Create",
        [AST_CREATE_SOURCE] = "Create",
        [AST_CREATE_VIEW] = "Create",
        [AST_DROP_DATABASE] = "Drop",
        [AST_DROP_TABLE] = "Drop",
        [AST_DROP_SOURCE] = "Drop",
        [AST_TRUNCATE_TABLE] = "Drop",
        [AST_RENAME_TABLE] = "Rename",
        [AST_EXCHANGE_TABLES] = "Rename",
        [AST_OPTIMIZE_TABLE] = "Optimize",
        [AST_VERIFY_TABLE] = "Check",
        [AST_REPAIR_TABLE] = "Repair",
        [AST_DELETE] = "Delete",
        [AST_ALTER_TABLE] = "Alter",
        [AST_BACKUP] = "Backup",
        [AST_RESTORE] = "Restore",
        [AST_ALTER_SOURCE] = "Alter",
        [AST_DESCRIBE] = "Describe",
        [AST_USE] = "Use",
        [AST_SET] = "Set",
        [AST_KILL_QUERY] = "KillQuery",
        [AST_SYSTEM] = "System",
        [AST_ALERT] = "Alert",
    };
    const char *name = (size_t)kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[kind] : NULL;
    return name != NULL                                               ? name
           : kind >= AST_SHOW_DATABASES && kind <= AST_SHOW_ENGINES   ? "Show"
           : kind >= AST_EXISTS_DATABASE && kind <= AST_EXISTS_SOURCE ? "Exists"
                                                                      : "None";
}

static bool has_parameters(const struct ast_statement *statement)
{
    return statement->database_parameter != NULL || statement->name_parameter != NULL ||
           statement->to_database_parameter != NULL || statement->to_name_parameter != NULL;
}

static struct err *copy_with_names(struct execution *execution, const struct ast_statement *from,
                                   struct ast_statement **out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    const struct bind_options *bind = &execution->bind;
    struct ast_statement *own = ARENA_NEW(arena, struct ast_statement);
    struct ast_create_table *table = ARENA_NEW(arena, struct ast_create_table);
    struct ast_create_dictionary *dictionary = ARENA_NEW(arena, struct ast_create_dictionary);
    if (own == NULL || table == NULL || dictionary == NULL) {
        return arena_error(arena);
    }
    *own = *from;
    OR_DONE(bind_name(arena, bind, from->database, from->database_parameter, &own->database));
    OR_DONE(bind_name(arena, bind, from->name, from->name_parameter, &own->name));
    OR_DONE(bind_name(arena, bind, from->to_database, from->to_database_parameter, &own->to_database));
    OR_DONE(bind_name(arena, bind, from->to_name, from->to_name_parameter, &own->to_name));
    if (from->create_table != NULL) { /* tables and views */
        *table = *from->create_table;
        table->database = from->database_parameter == NULL ? table->database : own->database;
        table->table = from->name_parameter == NULL ? table->table : own->name;
        own->create_table = table;
    }
    if (from->create_dictionary != NULL) {
        *dictionary = *from->create_dictionary;
        dictionary->database = from->database_parameter == NULL ? dictionary->database : own->database;
        dictionary->name = from->name_parameter == NULL ? dictionary->name : own->name;
        own->create_dictionary = dictionary;
    }
    own->database_parameter = own->name_parameter = own->to_database_parameter = own->to_name_parameter = NULL;
    *out = own;
done:
    return err;
}

/* {name:Identifier} in the place of names: the statement with the names put in. What queries read binds its own. */
static struct err *put_names(struct execution *execution, const struct ast_statement **statement)
{
    struct err *err = NULL;
    struct ast_statement *copy = NULL;
    bool any = false;
    for (const struct ast_statement *one = *statement; one != NULL && !any; one = one->more) {
        any = has_parameters(one);
    }
    for (const struct ast_statement **place = statement; any && *place != NULL; place = &copy->more) {
        OR_DONE(copy_with_names(execution, *place, &copy));
        *place = copy;
    }
done:
    return err;
}

/* The statement has its turn. */
struct err *statement_run(struct execution *execution, const struct ast_statement *statement, struct slice text)
{
    struct err *err = NULL;
    struct interrupt interrupt;
    const struct query_limits *limits = &execution->settings.limits;
    OR_DONE(put_names(execution, &statement));
    OR_DONE(access_check_statement(execution, statement));
    execution->process->began = true;
    if (statement->kind != AST_SELECT && statement->kind != AST_INSERT && statement->kind != AST_EXPLAIN) {
        interrupt_begin(&interrupt, NULL); /* its queries look for themselves */
        err = execute_ddl(execution, statement);
        if (!(statement->kind >= AST_SHOW_DATABASES && statement->kind <= AST_SET)) {
            live_definitions_changed(execution->server);
        }
    } else {
        bool ends = limits->max_execution_time_us != 0 && limits->timeout_overflow_mode == OVERFLOW_THROW;
        interrupt_begin_until(&interrupt, &execution->process->progress.cancelled,
                              ends ? clock_monotonic_us() + limits->max_execution_time_us : 0,
                              limits->max_execution_time_us);
        err = live_is_wanted(execution, statement) ? live_open_statement(execution, statement, text)
              : statement->kind == AST_SELECT      ? execute_select(execution, statement->query, text)
              : statement->kind == AST_INSERT      ? execute_insert(execution, statement, text)
                                                   : execute_ddl(execution, statement);
    }
    interrupt_end(&interrupt);
done:
    return err;
}

/* max_ast_depth, max_ast_elements; and max_query_size, which the statement's own SETTINGS may have lowered. A node of
 * Weir's tree is two or three of ClickHouse's, a level two. */
static struct err *check_text(struct execution *execution, const struct ast_statement *statement, struct slice text)
{
    struct err *err = NULL;
    const struct query_limits *limits = &execution->settings.limits;
    const struct ast_query *query = statement->query;
    uint64_t depth, count;
    if (text.length > execution->settings.max_query_size && execution->settings.max_query_size != 0 &&
        statement->kind != AST_INSERT) {
        return err_new(ERR_SYNTAX, "Syntax error: the query is longer than max_query_size = %llu bytes",
                       (unsigned long long)execution->settings.max_query_size);
    }
    bool may_be_deep = query != NULL && limits->max_ast_depth != 0 && 2ULL * query->depth + 10 > limits->max_ast_depth;
    bool may_be_big =
        query != NULL && limits->max_ast_elements != 0 && 3ULL * statement->node_count + 100 > limits->max_ast_elements;
    if (!may_be_deep && !may_be_big) {
        return NULL;
    }
    struct arena *arena = arena_create(&execution->process->budget);
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(explain_ast_size(arena, query, &depth, &count));
    if (limits->max_ast_depth != 0 && depth > limits->max_ast_depth) {
        err = err_new(ERR_TOO_DEEP_AST, "AST is too deep. Maximum: %llu (max_ast_depth)",
                      (unsigned long long)limits->max_ast_depth);
    } else if (limits->max_ast_elements != 0 && count > limits->max_ast_elements) {
        err = err_new(ERR_TOO_BIG_AST, "AST is too big. Maximum: %llu (max_ast_elements)",
                      (unsigned long long)limits->max_ast_elements);
    }
done:
    arena_destroy(arena);
    return err;
}

/* *text: becomes the one that the tree lies in. */
static struct err *parse(struct execution *execution, struct slice *text, const struct ast_statement **out)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    uint64_t set_max = execution->settings.max_query_size;
    uint32_t bytes_max = set_max > INT32_MAX || set_max == 0 ? INT32_MAX : (uint32_t)set_max;
    if (execution->server->statements != NULL && execution->settings.use_statement_cache && text->length <= bytes_max &&
        !is_insert(*text)) {
        execution->kept = statement_cache_get(execution->server->statements, *text);
    }
    if (execution->kept != NULL) {
        *text = execution->kept->text;
        *out = execution->kept->statement;
        return NULL;
    }
    OR_DONE(parse_query(execution->arena, *text, bytes_max, &statement));
    *out = statement;
done:
    return err;
}

static struct err *use_quota(struct execution *execution, enum ast_statement_kind kind)
{
    const struct access_used used = {.amounts = {[AST_QUOTA_QUERIES] = 1,
                                                 [AST_QUOTA_SELECTS] = kind == AST_SELECT,
                                                 [AST_QUOTA_INSERTS] = kind == AST_INSERT}};
    return access_use(execution->server->access, execution->access, execution->process->address, &used, true);
}

/* Runs the statement, or leaves it in execution->statement until it has its turn. */
/* readonly = 1: settings stay as they are. 2, and GET: but for this one. */
static struct err *may_set(const struct execution *execution, struct slice name)
{
    bool reads_only = execution->settings.readonly != 0 || execution->request->is_get;
    return execution->settings.readonly == 1 || (reads_only && slice_equal(name, slice_text("readonly")))
               ? err_new(ERR_READONLY, "Cannot modify '%.*s' setting in readonly mode", SLICE_ARG(name))
               : NULL;
}

struct err *statement_begin(struct execution *execution, struct slice text)
{
    struct err *err = NULL;
    const struct ast_statement *statement = NULL;
    const struct bind_setting *settings = NULL;
    uint32_t setting_count = 0;
    struct slice shown = secrets_hide(execution->arena, text);
    if (shown.data == NULL && text.length > 0) {
        return arena_error(execution->arena);
    }
    execution->secret_text = shown.data == text.data ? (struct slice){0} : text;
    process_text(execution->server, execution->process, shown);
    OR_DONE(parse(execution, &text, &statement));
    execution->bind.text = text;
    OR_DONE(bind_settings(execution->arena, statement, &settings, &setting_count));
    for (uint32_t k = 0; k < setting_count; k++) {
        OR_DONE(may_set(execution, settings[k].name));
        OR_DONE(execution_set(execution, settings[k].name, settings[k].value));
    }
    if (setting_count > 0) {
        OR_DONE(execution_settings_changed(execution));
    }
    OR_DONE(check_text(execution, statement, text));
    OR_DONE(process_may_run(execution->server, execution->process,
                            execution->settings.limits.max_concurrent_queries_for_user));
    if (statement->format.length > 0) {
        execution->format = statement->format;
    }
    process_statement(execution->server, execution->process,
                      statement->kind == AST_ACCESS ? access_statement_kind(statement->access)
                                                    : query_kind(statement->kind),
                      &execution->changed);
    execution->process->kind = statement->kind == AST_SELECT   ? PROCESS_SELECT
                               : statement->kind == AST_INSERT ? PROCESS_INSERT
                                                               : PROCESS_OTHER;
    bool reads = statement->kind == AST_SELECT || statement->kind == AST_EXPLAIN ||
                 (statement->kind >= AST_SHOW_DATABASES && statement->kind <= AST_SET) ||
                 (statement->kind == AST_ACCESS && access_statement_reads(statement->access));
    if (!reads &&
        (execution->settings.readonly != 0 || (execution->request->is_get && statement->kind != AST_KILL_QUERY))) {
        err = err_new(ERR_READONLY, "Cannot execute query in readonly mode. For queries over HTTP, method GET implies "
                                    "readonly. You should use method POST for modifying queries");
        goto done;
    }
    OR_DONE(use_quota(execution, statement->kind));
    if (execution->settings.send_progress_in_http_headers) {
        request_show_progress(execution->request);
    }
    bool runs = true; /* an INSERT with data only needs a thread while its body comes */
    if (statement->kind != AST_INSERT || statement->insert->kind == AST_INSERT_SELECT) {
        uint64_t wait_ms = execution->settings.queue_max_wait_ms;
        OR_DONE(admission_enter(execution->server, execution->process, admission_is_urgent(statement),
                                wait_ms > UINT64_MAX / 1000 ? UINT64_MAX : wait_ms * 1000, &runs));
    }
    if (runs) {
        err = statement_run(execution, statement, text);
    } else {
        execution->statement = statement;
        execution->statement_text = text;
    }
done:
    return err;
}
