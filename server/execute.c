/*
 * execute.c: a request on its query thread: parameters, SQL text, statement, reply.
 *
 * flow     http.c → here → sql/parser.h → insert.c, ddl.c, or sql/bind.h → query/execute.h → format/writer.h → http.c
 * thread   a query thread; query_execute calls the sink from its own threads, one at a time
 */
#include "server/execute.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "format/writer.h"
#include "query/index_rules.h"
#include "query/storage_source.h"
#include "server/flight.h"
#include "server/dictionaries.h"
#include "server/objects.h"
#include "server/statement_cache.h"
#include "sql/explain.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/table.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* A statement must begin within so many bytes of the body, and an INSERT end its own text there. */
#define INSERT_TEXT_BYTES ((size_t)256 << 10)
/* Text of strings that is written at once. */
#define WRITE_BYTES ((uint64_t)1 << 20)

/* ---- the catalogue as a query sees it */

/* What the settings say of indexes, if they say anything. */
static struct err *set_index_rules(struct execution *execution, struct arena *arena, struct table_source *source)
{
    struct err *err = NULL;
    const struct settings *settings = &execution->settings;
    struct slice ignored = slice_text(settings->ignore_data_skipping_indices);
    struct slice forced = slice_text(settings->force_data_skipping_indices);
    if (settings->use_skip_indexes && ignored.length == 0 && forced.length == 0 && !settings->force_primary_key &&
        !settings->force_index_by_date) {
        return NULL;
    }
    struct index_rules *rules = ARENA_NEW(arena, struct index_rules);
    if (rules == NULL) {
        return arena_error(arena);
    }
    rules->off = !settings->use_skip_indexes;
    rules->force_key = settings->force_primary_key;
    rules->force_partition = settings->force_index_by_date;
    OR_DONE(index_rules_names(arena, "ignore_data_skipping_indices", ignored, &rules->ignored, &rules->ignored_count));
    OR_DONE(index_rules_names(arena, "force_data_skipping_indices", forced, &rules->forced, &rules->forced_count));
    err = source_index_rules(arena, source, rules);
done:
    return err;
}

static struct err *find_table(void *user, struct arena *arena, struct slice database, struct slice name,
                              struct table_source **out)
{
    struct execution *execution = user;
    char *database_text = execution_text(execution, database.length == 0 ? execution->database : database);
    char *name_text = execution_text(execution, name);
    *out = NULL;
    if (database_text == NULL || name_text == NULL) {
        return arena_error(execution->arena);
    }
    struct table *table = catalogue_table_find(execution->server->store->catalogue, database_text, name_text);
    if (table == NULL) {
        return dictionaries_find_table(execution, arena, slice_text(database_text), slice_text(name_text), out);
    }
    struct err *err =
        source_of_table(arena, slice_text(database_text), slice_text(name_text), table, true, execution->places, out);
    const struct segment_choice *choice = execution->choice;
    if (err == NULL && choice != NULL) { /* nothing else may have taken its name meanwhile */
        err = choice->table_id == table_id(table)
                  ? source_keep_segments(*out, choice->wanted, choice->user)
                  : err_new(ERR_ABORTED, "table %s.%s was renamed meanwhile", database_text, name_text);
    }
    if (err == NULL && execution->settings.skip_damaged_segments) {
        source_skip_damaged(*out);
    }
    if (err == NULL) {
        err = set_index_rules(execution, arena, *out);
    }
    table_unref(table);
    return err;
}

struct temporary *execution_temporary(const struct execution *execution, struct slice database, struct slice name)
{
    return execution->session == NULL || database.length > 0 ? NULL : session_table(execution->session, name);
}

static struct err *find_temporary(void *user, struct arena *arena, struct slice name, struct table_source **out)
{
    struct temporary *temporary = execution_temporary(user, slice_text(""), name);
    *out = NULL;
    return temporary == NULL ? NULL : source_of_temporary(arena, temporary, out);
}

static bool has_database(void *user, struct slice database)
{
    struct execution *execution = user;
    char *text = execution_text(execution, database);
    return text != NULL && catalogue_has_database(execution->server->store->catalogue, text);
}

static void each_table(void *user, struct slice database, void (*visit)(void *visitor, struct slice table),
                       void *visitor)
{
    struct execution *execution = user;
    struct table **tables;
    struct table_def **defs;
    uint32_t count = 0;
    char *text = execution_text(execution, database.length == 0 ? execution->database : database);
    struct err *err = text == NULL ? err_oom()
                                   : catalogue_tables(execution->server->store->catalogue, execution->arena, text,
                                                      &tables, &defs, &count);
    for (uint32_t k = 0; err == NULL && k < count; k++) {
        visit(visitor, slice_text(defs[k]->name));
    }
    err_free(err);
}

char *execution_text(struct execution *execution, struct slice text)
{
    return arena_text(execution->arena, text);
}

struct err *execution_table(struct execution *execution, struct slice database, struct slice name, struct table **out)
{
    char *database_text = execution_text(execution, database.length == 0 ? execution->database : database);
    char *name_text = execution_text(execution, name);
    if (database_text == NULL || name_text == NULL) {
        return arena_error(execution->arena);
    }
    return catalogue_table(execution->server->store->catalogue, database_text, name_text, out);
}

/* ---- results */

struct sink {
    struct execution *execution;
    struct writer *writer;
    struct buffer out;
};

static struct err *flush(struct sink *sink)
{
    struct execution *execution = sink->execution;
    struct err *err = interrupt_check(); /* then rows may be half written */
    if (err != NULL) {
        sink->out.length = 0;
        return err;
    }
    if (execution->flight != NULL && !sink->out.failed) {
        flight_keep(execution->server->flights, execution->flight, buffer_all(&sink->out));
    }
    execution->process->bytes_result += sink->out.length;
    err = sink->out.failed
              ? writer_error(sink->writer)
              : request_write(execution->request, buffer_all(&sink->out), execution->settings.wait_end_of_query);
    sink->out.length = 0;
    return err;
}

/* Bytes of the chunk's strings when every row is written out: those of CONST and DICT columns, and slices of one text,
 * are held once but written many times. */
static uint64_t string_bytes(const struct chunk *chunk)
{
    uint64_t bytes = 0;
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        const struct column *column = chunk->columns[c];
        for (uint32_t row = 0; column->type->kind == TYPE_STRING && row < chunk->row_count; row++) {
            bytes += ((const struct slice *)column_value(column, row))->length;
        }
    }
    return bytes;
}

/* Writes rows in parts whose text is of bounded size. */
static struct err *write_rows(struct sink *sink, const struct chunk *chunk)
{
    struct err *err = NULL;
    struct arena *arena = NULL;
    if (chunk->row_count > 1 && string_bytes(chunk) > WRITE_BYTES) {
        arena = arena_create(&sink->execution->process->budget);
        uint32_t middle = chunk->row_count / 2;
        struct chunk *first = arena == NULL ? NULL : chunk_part(arena, chunk, 0, middle);
        struct chunk *second = arena == NULL ? NULL : chunk_part(arena, chunk, middle, chunk->row_count);
        if (first == NULL || second == NULL) {
            err = arena == NULL ? err_oom() : arena_error(arena);
            goto done;
        }
        OR_DONE(write_rows(sink, first));
        err = write_rows(sink, second);
    } else {
        writer_chunk(sink->writer, chunk);
        if (sink->out.length >= ((size_t)64 << 10) || sink->out.failed) {
            err = flush(sink);
        }
    }
done:
    arena_destroy(arena);
    return err;
}

static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    (void)stop;
    return write_rows(user, chunk);
}

static struct err *take_totals(void *user, const struct chunk *row)
{
    struct sink *sink = user;
    writer_totals(sink->writer, row);
    return NULL;
}

static uint64_t smaller_limit(uint64_t a, uint64_t b)
{
    return a == 0 ? b : b == 0 || a < b ? a : b;
}

static void fill_summary(struct execution *execution)
{
    struct process *process = execution->process;
    execution->summary.rows_read = atomic_load(&process->progress.rows_read);
    execution->summary.bytes_read = atomic_load(&process->progress.bytes_read);
    execution->summary.elapsed_us = clock_monotonic_us() - process->started_monotonic_us;
    process->rows_written = execution->summary.rows_written;
    process->bytes_written = execution->summary.bytes_written;
    request_summary(execution->request, &execution->summary);
}

struct partial_cache *execution_partial_cache(const struct execution *execution)
{
    return execution->settings.use_partial_cache ? execution->server->partial_cache : NULL;
}

uint32_t execution_client_revision(const struct execution *execution)
{
    struct slice text = request_parameter(execution->request, "client_protocol_version");
    uint64_t revision = 0;
    return number_parse_u64(text, &revision) && revision <= UINT32_MAX ? (uint32_t)revision : 0;
}

struct err *execute_plan(struct execution *execution, const struct query_plan *plan)
{
    struct err *err = NULL;
    struct sink sink = {.execution = execution};
    struct slice format = execution->format.length == 0 ? slice_text("TabSeparated") : execution->format;
    uint32_t column_count = plan->plan->column_count;
    struct writer_column *columns = ARENA_ARRAY(execution->arena, struct writer_column, column_count);
    if (columns == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < column_count; k++) {
        columns[k].name = plan->plan->columns[k].name;
        columns[k].type = plan->plan->columns[k].type;
    }
    struct writer_options writer_options = {.zone = execution->context.zone,
                                            .quote_64bit = execution->settings.json_quote_64bit,
                                            .quote_denormals = execution->settings.json_quote_denormals,
                                            .quote_decimals = execution->settings.json_quote_decimals,
                                            .pretty_max_rows = (uint32_t)execution->settings.pretty_max_rows,
                                            .client_revision = execution_client_revision(execution),
                                            .budget = &execution->process->budget};
    OR_DONE(writer_create(format, columns, column_count, &writer_options, &sink.out, &sink.writer));
    char *format_text = execution_text(execution, format);
    request_head(execution->request, writer_content_type(format), format_text == NULL ? "" : format_text,
                 execution->process->query_id, timezone_name(execution->context.zone));
    writer_begin(sink.writer);
    process_plan(execution->process, plan);
    struct query_options options = {.budget = &execution->process->budget,
                                    .spill = &execution->server->spill,
                                    .limits = execution->settings.limits,
                                    .threads_max = (uint32_t)execution->settings.max_threads,
                                    .context = &execution->context,
                                    .partial_cache = execution_partial_cache(execution),
                                    .totals = take_totals};
    OR_DONE(query_execute(plan, &options, &execution->process->progress, take_chunk, &sink));
    execution->summary.rows_result = writer_rows(sink.writer);
    atomic_store(&execution->process->progress.rows_result, writer_rows(sink.writer));
    struct writer_statistics statistics = {
        .elapsed_seconds = (double)(clock_monotonic_us() - execution->process->started_monotonic_us) * 1e-6,
        .rows_read = atomic_load(&execution->process->progress.rows_read),
        .bytes_read = atomic_load(&execution->process->progress.bytes_read)};
    writer_end(sink.writer, &statistics);
    err = flush(&sink);
done:
    writer_destroy(sink.writer);
    buffer_deinit(&sink.out);
    return err;
}

struct err *execute_text(struct execution *execution, const char *format, ...)
{
    va_list list;
    char *text = NULL;
    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    if (length < 0) {
        return err_oom();
    }
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct query_plan plan;
    struct slice own = arena_slice(execution->arena, slice_of(text, (size_t)length));
    free(text);
    if (own.data == NULL) {
        return arena_error(execution->arena);
    }
    struct bind_options bind = execution->bind;
    bind.text = own;
    OR_DONE(parse_query(execution->arena, own, (uint32_t)own.length + 1, &statement));
    OR_DONE(bind_query(execution->arena, &bind, statement->query, &plan));
    err = execute_plan(execution, &plan);
done:
    return err;
}

struct err *execute_constant(struct execution *execution, const char *name, struct slice value)
{
    struct slice quoted = sql_string(execution->arena, value);
    if (quoted.data == NULL) {
        return arena_error(execution->arena);
    }
    return execute_text(execution, "SELECT %.*s AS `%s`", SLICE_ARG(quoted), name);
}

/* ---- the request */

static bool is_reserved(struct slice name)
{
    static const char *const names[] = {"query",
                                        "database",
                                        "default_format",
                                        "user",
                                        "password",
                                        "query_id",
                                        "session_id",
                                        "session_check",
                                        "session_timeout",
                                        "quota_key",
                                        "stacktrace",
                                        "compress",
                                        "decompress",
                                        "buffer_size",
                                        "client_protocol_version",
                                        "hsts_max_age",
                                        "http_response_headers"};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        if (slice_equal(name, slice_text(names[k]))) {
            return true;
        }
    }
    return name.length > 6 && strncmp(name.data, "param_", 6) == 0;
}

/* Sets it, and notes what was set, for the query log: the last value of each. */
static struct err *set(struct execution *execution, struct slice name, struct slice value)
{
    struct err *err = settings_set(&execution->settings, name, value);
    struct texts others = {0};
    struct slice other, other_value;
    if (err != NULL) {
        return err;
    }
    for (size_t at = 0;
         texts_next(&execution->changed, &at, &other) && texts_next(&execution->changed, &at, &other_value);) {
        if (!slice_equal(other, name)) {
            texts_add(&others, other);
            texts_add(&others, other_value);
        }
    }
    if (!settings_is_default(name, value)) {
        texts_add(&others, name);
        texts_add(&others, value);
    }
    buffer_deinit(&execution->changed.bytes);
    execution->changed = others;
    return NULL;
}

struct parameter_visit {
    struct execution *execution;
    struct err *err;
};

static void take_parameter(void *user, struct slice name, struct slice value)
{
    struct parameter_visit *visit = user;
    struct execution *execution = visit->execution;
    if (visit->err != NULL) {
        return;
    }
    if (name.length > 6 && strncmp(name.data, "param_", 6) == 0) {
        if (execution->parameter_count % 16 == 0) {
            struct bind_parameter *grown =
                ARENA_ARRAY(execution->arena, struct bind_parameter, execution->parameter_count + 16);
            if (grown == NULL) {
                visit->err = arena_error(execution->arena);
                return;
            }
            if (execution->parameter_count > 0) {
                memcpy(grown, execution->parameters, execution->parameter_count * sizeof(*grown));
            }
            execution->parameters = grown;
        }
        execution->parameters[execution->parameter_count++] =
            (struct bind_parameter){slice_of(name.data + 6, name.length - 6), value};
    } else if (slice_equal(name, slice_text("compress")) || slice_equal(name, slice_text("decompress"))) {
        if (!slice_equal(value, slice_text("0"))) {
            visit->err =
                err_new(ERR_NOT_IMPLEMENTED, "%.*s=1: compressed bodies are not supported yet", SLICE_ARG(name));
        }
    } else if (!is_reserved(name)) {
        visit->err = set(execution, name, value);
    }
}

/* User and password by parameter, header, or Basic authentication; there is only "default", without a password. */
static struct err *authenticate(struct request *request, struct process *process)
{
    struct slice user = request_parameter(request, "user"), password = request_parameter(request, "password");
    struct slice header = request_header(request, "Authorization");
    char decoded[512];
    if (user.data == NULL && request_header(request, "X-ClickHouse-User").data != NULL) {
        user = request_header(request, "X-ClickHouse-User");
        password = request_header(request, "X-ClickHouse-Key");
    }
    if (user.data == NULL && header.length > 6 && strncasecmp(header.data, "Basic ", 6) == 0) {
        size_t length = 0;
        if (sodium_base642bin((unsigned char *)decoded, sizeof(decoded) - 1, header.data + 6, header.length - 6, NULL,
                              &length, NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
            return err_new(ERR_AUTHENTICATION, "the Authorization header is not Basic authentication");
        }
        char *colon = memchr(decoded, ':', length);
        user = slice_of(decoded, colon == NULL ? length : (size_t)(colon - decoded));
        password = colon == NULL ? (struct slice){0} : slice_of(colon + 1, length - user.length - 1);
    }
    if (user.data == NULL || user.length == 0) {
        user = slice_text("default");
    }
    if (!slice_equal(user, slice_text("default")) || password.length > 0) {
        return err_new(ERR_AUTHENTICATION,
                       "%.*s: Authentication failed: password is incorrect, or there is no user with such name",
                       SLICE_ARG(user));
    }
    (void)snprintf(process->user, sizeof(process->user), "default");
    return NULL;
}

static void new_query_id(char out[64])
{
    unsigned char bytes[16];
    randombytes_buf(bytes, sizeof(bytes));
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    size_t at = 0;
    for (size_t k = 0; k < 16; k++) {
        if (k == 4 || k == 6 || k == 8 || k == 10) {
            out[at++] = '-';
        }
        out[at++] = "0123456789abcdef"[bytes[k] >> 4];
        out[at++] = "0123456789abcdef"[bytes[k] & 15];
    }
    out[at] = 0;
}

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
static struct err *read_text(struct execution *execution, struct slice *text, bool *whole)
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

/* What was copied out of the settings, when a statement's own SETTINGS have changed them. */
static void apply_settings(struct execution *execution)
{
    const struct settings *settings = &execution->settings;
    execution->process->budget.bytes_max =
        smaller_limit(execution->server->config.query_memory_max, settings->max_memory_usage);
    execution->bind.join_use_nulls = settings->join_use_nulls;
    execution->bind.final = settings->final;
    execution->bind.final_by_partition = settings->final_by_partition;
    if (settings->zone != NULL) {
        execution->context.zone = settings->zone;
    }
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
    };
    const char *name = (size_t)kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[kind] : NULL;
    return name != NULL                                               ? name
           : kind >= AST_SHOW_DATABASES && kind <= AST_SHOW_ENGINES   ? "Show"
           : kind >= AST_EXISTS_DATABASE && kind <= AST_EXISTS_SOURCE ? "Exists"
                                                                      : "None";
}

/* The statement has its turn. */
static struct err *run_statement(struct execution *execution, const struct ast_statement *statement, struct slice text)
{
    struct err *err = NULL;
    struct interrupt interrupt;
    const struct query_limits *limits = &execution->settings.limits;
    execution->process->began = true;
    if (statement->kind != AST_SELECT && statement->kind != AST_INSERT && statement->kind != AST_EXPLAIN) {
        interrupt_begin(&interrupt, NULL); /* its queries look for themselves */
        err = execute_ddl(execution, statement);
    } else {
        bool ends = limits->max_execution_time_us != 0 && limits->timeout_overflow_mode == OVERFLOW_THROW;
        interrupt_begin_until(&interrupt, &execution->process->progress.cancelled,
                              ends ? clock_monotonic_us() + limits->max_execution_time_us : 0,
                              limits->max_execution_time_us);
        err = statement->kind == AST_SELECT   ? execute_select(execution, statement->query, text)
              : statement->kind == AST_INSERT ? execute_insert(execution, statement, text)
                                              : execute_ddl(execution, statement);
    }
    interrupt_end(&interrupt);
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

/* Runs the statement, or leaves it in execution->statement until it has its turn. */
static struct err *begin_statement(struct execution *execution, struct slice text)
{
    struct err *err = NULL;
    const struct ast_statement *statement = NULL;
    const struct bind_setting *settings = NULL;
    uint32_t setting_count = 0;
    process_text(execution->server, execution->process, text);
    OR_DONE(parse(execution, &text, &statement));
    execution->bind.text = text;
    OR_DONE(bind_settings(execution->arena, statement, &settings, &setting_count));
    for (uint32_t k = 0; k < setting_count; k++) {
        OR_DONE(set(execution, settings[k].name, settings[k].value));
    }
    if (setting_count > 0) {
        apply_settings(execution);
    }
    OR_DONE(check_text(execution, statement, text));
    OR_DONE(process_may_run(execution->server, execution->process,
                            execution->settings.limits.max_concurrent_queries_for_user));
    if (statement->format.length > 0) {
        execution->format = statement->format;
    }
    process_statement(execution->server, execution->process, query_kind(statement->kind), &execution->changed);
    execution->process->kind = statement->kind == AST_SELECT   ? PROCESS_SELECT
                               : statement->kind == AST_INSERT ? PROCESS_INSERT
                                                               : PROCESS_OTHER;
    bool reads = statement->kind == AST_SELECT || statement->kind == AST_EXPLAIN ||
                 (statement->kind >= AST_SHOW_DATABASES && statement->kind <= AST_SET);
    if (!reads &&
        (execution->settings.readonly != 0 || (execution->request->is_get && statement->kind != AST_KILL_QUERY))) {
        err = err_new(ERR_READONLY, "Cannot execute query in readonly mode. For queries over HTTP, method GET implies "
                                    "readonly. You should use method POST for modifying queries");
        goto done;
    }
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
        err = run_statement(execution, statement, text);
    } else {
        execution->statement = statement;
        execution->statement_text = text;
    }
done:
    return err;
}

void execution_init(struct execution *execution, struct server *server, struct slice database)
{
    execution->server = server;
    execution->database = database;
    execution->context =
        (struct function_context){.now_us = clock_wall_us(),
                                  .zone = server->zone,
                                  .database = database,
                                  .user = slice_text("default"),
                                  .query_id = slice_text(""),
                                  .host = slice_text("weir"),
                                  .uptime_s = (uint64_t)((clock_wall_us() - server->started_at_us) / 1000000)};
    execution->catalogue = (struct bind_catalogue){.user = execution,
                                                   .find = find_table,
                                                   .temporary = find_temporary,
                                                   .view = object_find_view,
                                                   .has_database = has_database,
                                                   .each = each_table};
    execution->bind = (struct bind_options){
        .context = &execution->context, .catalogue = &execution->catalogue, .limits = &execution->settings.limits};
}

/* Takes the session that the request names, and its settings. */
static struct err *enter_session(struct execution *execution)
{
    struct err *err = NULL;
    struct slice id = request_parameter(execution->request, "session_id");
    struct slice timeout = request_parameter(execution->request, "session_timeout");
    uint64_t timeout_s = SESSION_TIMEOUT_S;

    if (id.length == 0) {
        return NULL;
    }
    if (timeout.length > 0 && !number_parse_u64(timeout, &timeout_s)) {
        return err_new(ERR_INVALID_SESSION_TIMEOUT, "Invalid session timeout: '%.*s'", SLICE_ARG(timeout));
    }
    bool check = slice_equal(request_parameter(execution->request, "session_check"), slice_text("1"));
    OR_DONE(session_enter(execution->server, id, check, timeout_s, &execution->session));
    err = session_apply(execution->session, &execution->settings);
done:
    return err;
}

static struct err *prepare(struct execution *execution)
{
    struct err *err = NULL;
    struct request *request = execution->request;
    struct server *server = execution->server;
    struct slice id = request_parameter(request, "query_id");
    if (id.length == 0) {
        id = request_header(request, "X-ClickHouse-Query-Id");
    }
    if (id.length >= sizeof(execution->process->query_id)) {
        return err_new(ERR_BAD_ARGUMENTS, "query_id has more than %zu bytes", sizeof(execution->process->query_id) - 1);
    }
    if (id.length > 0) {
        memcpy(execution->process->query_id, id.data, id.length);
    } else {
        new_query_id(execution->process->query_id);
    }
    settings_init(&execution->settings);
    execution->settings.limits.max_execution_time_us = server->config.max_execution_time_s * 1000000;
    OR_DONE(authenticate(request, execution->process));
    struct parameter_visit visit = {.execution = execution};
    OR_DONE(enter_session(execution));
    request_each_parameter(request, take_parameter, &visit);
    OR_DONE(visit.err);
    execution->process->budget.bytes_max =
        smaller_limit(server->config.query_memory_max, execution->settings.max_memory_usage);
    struct slice encoding = request_header(request, "Content-Encoding");
    if (encoding.length > 0 && !(encoding.length == 8 && strncasecmp(encoding.data, "identity", 8) == 0)) {
        err = err_new(ERR_NOT_IMPLEMENTED, "Content-Encoding: %.*s is not supported; send the body as it is",
                      (int)(encoding.length < 100 ? encoding.length : 100), encoding.data);
        goto done;
    }
    execution->database = request_parameter(request, "database");
    if (execution->database.length == 0) {
        execution->database = request_header(request, "X-ClickHouse-Database");
    }
    if (execution->database.length == 0 && execution->session != NULL) {
        execution->database = session_database(execution->session);
    }
    if (execution->database.length == 0) {
        execution->database = slice_text("default");
    }
    execution->format = request_parameter(request, "default_format");
    if (execution->format.length == 0) {
        execution->format = request_header(request, "X-ClickHouse-Format");
    }
    (void)snprintf(execution->process->database, sizeof(execution->process->database), "%.*s",
                   SLICE_ARG(execution->database));
    execution_init(execution, server, execution->database);
    if (execution->settings.zone != NULL) {
        execution->context.zone = execution->settings.zone;
    }
    execution->context.query_id = slice_text(execution->process->query_id);
    execution->bind.parameters = execution->parameters;
    execution->bind.parameter_count = execution->parameter_count;
    execution->bind.join_use_nulls = execution->settings.join_use_nulls;
    execution->bind.final = execution->settings.final;
    execution->bind.final_by_partition = execution->settings.final_by_partition;
done:
    return err;
}

static struct err *check_database(struct execution *execution)
{
    char *database = execution_text(execution, execution->database);
    if (database == NULL) {
        return arena_error(execution->arena);
    }
    return catalogue_has_database(execution->server->store->catalogue, database)
               ? NULL
               : err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist", database);
}

static struct err *begin(struct request *request, struct execution **out)
{
    struct err *err = NULL;
    struct execution *execution = calloc(1, sizeof(*execution));
    if (execution == NULL) {
        return err_oom();
    }
    *out = execution;
    execution->server = request->server;
    execution->request = request;
    execution->process = &request->process;
    budget_init(&execution->process->budget, "the query", execution->server->config.query_memory_max,
                &execution->server->queries_budget);
    execution->arena = arena_create(&execution->process->budget);
    if (execution->arena == NULL) {
        return err_oom();
    }
    OR_DONE(prepare(execution));
    request_head(request, "text/plain; charset=UTF-8", "", execution->process->query_id,
                 timezone_name(execution->context.zone));
    OR_DONE(process_begin(execution->server, execution->process));
    execution->entered = true;
    err = check_database(execution);
done:
    return err;
}

static struct err *step(struct execution *execution, bool *finished)
{
    struct err *err = NULL;
    *finished = true;
    OR_DONE(interrupt_check());
    if (execution->statement != NULL) {
        OR_DONE(admission_continue(execution->server, execution->process, finished));
        if (*finished) {
            const struct ast_statement *statement = execution->statement;
            execution->statement = NULL;
            execution->context.now_us = clock_wall_us();
            err = run_statement(execution, statement, execution->statement_text);
        }
        return err;
    }
    if (execution->insert == NULL) {
        struct slice text = {0};
        OR_DONE(read_text(execution, &text, finished));
        if (!*finished) {
            return NULL;
        }
        err = begin_statement(execution, text);
        *finished = execution->insert == NULL && execution->statement == NULL;
        return err;
    }
    OR_DONE(request_take(execution->request, &execution->piece, &execution->body_end));
    err = insert_data_step(execution);
    *finished = execution->body_end;
done:
    return err;
}

/* Frees what the execution holds; the error is borrowed. */
static void end(struct execution **object, const struct err *err)
{
    struct execution *execution = *object;
    *object = NULL;
    if (execution == NULL) {
        return;
    }
    insert_data_abort(execution);
    session_leave(execution->server, execution->session);
    execution->session = NULL;
    if (execution->entered) {
        process_end(execution->server, execution->process, err);
    }
    buffer_deinit(&execution->piece);
    buffer_deinit(&execution->text);
    buffer_deinit(&execution->changed.bytes);
    if (execution->bytes_taken > 0) {
        budget_give(&execution->process->budget, execution->bytes_taken);
    }
    arena_destroy(execution->arena);
    kept_statement_unref(execution->kept);
    free(execution);
}

void execution_rest(struct execution *execution)
{
    if (execution != NULL) {
        buffer_deinit(&execution->piece);
    }
}

bool request_execute(struct request *request, struct execution **execution)
{
    bool finished = true;
    struct err *err = *execution == NULL ? begin(request, execution) : NULL;
    if (err == NULL && *execution != NULL) {
        struct interrupt interrupt;
        interrupt_begin(&interrupt, &request->process.progress.cancelled);
        err = step(*execution, &finished);
        interrupt_end(&interrupt);
    }
    if (err == NULL && !finished && *execution != NULL) {
        return false;
    }
    if (*execution != NULL && (*execution)->entered) {
        fill_summary(*execution);
    }
    end(execution, err);
    metrics_error(err);
    request_finish(request, err);
    return true;
}

void request_abandon(struct execution **execution)
{
    end(execution, NULL);
}
