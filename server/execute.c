/*
 * execute.c: a request from its beginning to its end: who asks, parameters and settings, then step after step.
 *
 * flow     http_request.c → here → execute_statement.c → select.c (result.c), insert.c, ddl.c → http_reply.c
 * thread   a query thread
 */
#include "server/async_insert.h"
#include "server/execute.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "server/access.h"
#include "server/access_query.h"
#include "server/endpoint.h"
#include "server/execute_login.h"
#include "server/objects.h"
#include "server/query_asks.h"
#include "server/secrets.h"
#include "server/statement_cache.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

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
                                        "close_session",
                                        "role",
                                        "http_response_headers",
                                        "live",
                                        "min_interval_ms",
                                        "last_event_id",
                                        "subscriptions"};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        if (slice_equal(name, slice_text(names[k]))) {
            return true;
        }
    }
    return name.length > 6 && strncmp(name.data, "param_", 6) == 0;
}

/* Sets it, and notes what was set, for the query log: the last value of each. */
struct err *execution_set(struct execution *execution, struct slice name, struct slice value)
{
    struct err *err = settings_set(&execution->settings, name, value);
    err = err == NULL ? access_check_setting(execution->access, name, value) : err;
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
    struct access_setting ruled;
    access_setting_find(execution->access, name, &ruled);
    bool was_set = ruled.value.data != NULL ||
                   (execution->session != NULL && session_setting(execution->session, name).data != NULL);
    if (was_set || !settings_is_default(name, value)) {
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
    } else if (execution->request->endpoint != NULL && execution->request->endpoint->own_parameters) {
        return;
    } else if (!is_reserved(name) && !external_has_parameter(execution->request, name)) {
        visit->err = execution_set(execution, name, value);
    }
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

struct err *execution_keep_texts(struct execution *execution)
{
    struct slice *texts[] = {&execution->settings.additional_table_filters,
                             &execution->settings.additional_result_filter};
    for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
        *texts[k] = texts[k]->length == 0 ? (struct slice){0} : arena_slice(execution->arena, *texts[k]);
        if (texts[k]->length > 0 && texts[k]->data == NULL) {
            return arena_error(execution->arena);
        }
    }
    return NULL;
}

/* What statements are bound with, of the settings. */
static struct err *bind_with_settings(struct execution *execution)
{
    struct err *err = NULL;
    const struct settings *settings = &execution->settings;
    execution->bind.join_use_nulls = settings->join_use_nulls;
    execution->bind.keep_nested = !settings->flatten_nested;
    execution->bind.incomplete_buckets = settings->incomplete_buckets == BUCKETS_CUT ? BUCKETS_CUT : BUCKETS_KEEP;
    execution->bind.final = settings->final;
    execution->bind.final_by_partition = settings->final_by_partition;
    OR_DONE(execution_keep_texts(execution));
    OR_DONE(bind_filters(execution->arena, settings->additional_table_filters, &execution->bind.filters,
                         &execution->bind.filter_count));
    execution->bind.result_filter = settings->additional_result_filter;
    if (settings->zone != NULL) {
        execution->context.zone = settings->zone;
    }
done:
    return err;
}

/* What was copied out of the settings, when a statement's own SETTINGS have changed them. */
struct err *execution_settings_changed(struct execution *execution)
{
    execution->process->budget.bytes_max =
        smaller_limit(execution->server->config.query_memory_max, execution->settings.max_memory_usage);
    return bind_with_settings(execution);
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
    execution->catalogue = execution_catalogue(execution);
    if (execution->access == NULL) { /* the server's own */
        execution->access = access_everything(server->access);
    }
    access_query_init(execution);
    query_asks_init(execution);
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

    if (execution->request->session != NULL) {
        execution->session = execution->request->session;
        return session_apply(execution->session, &execution->settings);
    }
    if (id.length == 0) {
        return NULL;
    }
    if (timeout.length > 0 && !number_parse_u64(timeout, &timeout_s)) {
        return err_new(ERR_INVALID_SESSION_TIMEOUT, "Invalid session timeout: '%.*s'", SLICE_ARG(timeout));
    }
    bool check = slice_equal(request_parameter(execution->request, "session_check"), slice_text("1"));
    if (slice_equal(request_parameter(execution->request, "close_session"), slice_text("1"))) {
        timeout_s = 0; /* it ends with this request */
    }
    OR_DONE(session_enter(execution->server, access_session_user(execution->access), id, check, timeout_s,
                          &execution->session));
    if (request_parameter(execution->request, "role").data == NULL) {
        OR_DONE(session_apply_roles(execution->session, &execution->login_session));
        execution->access = execution->login_session;
    }
    err = session_apply(execution->session, &execution->settings);
done:
    return err;
}

/* The query's id, and whose it is, as far as that is known at once. */
static struct err *introduce(struct execution *execution)
{
    struct err *err = NULL;
    struct request *request = execution->request;
    bool waits;
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
    err = execution_login(execution, &waits);
    return err;
}

/* The user is known: settings, session, database, format. */
static struct err *prepare(struct execution *execution)
{
    struct err *err = NULL;
    struct request *request = execution->request;
    struct server *server = execution->server;
    execution->notes_completeness = true;
    settings_init(&execution->settings);
    execution->settings.limits.max_execution_time_us = server->config.max_execution_time_s * 1000000;
    OR_DONE(execution_logged_in(execution));
    struct parameter_visit visit = {.execution = execution};
    OR_DONE(enter_session(execution));
    request_each_parameter(request, take_parameter, &visit);
    OR_DONE(visit.err);
    execution->database = request_header(request, "X-ClickHouse-Database");
    if (execution->database.length == 0) {
        execution->database = request_parameter(request, "database");
    }
    if (execution->database.length == 0 && execution->session != NULL) {
        execution->database = session_database(execution->session);
    }
    if (execution->database.length == 0) {
        execution->database = access_session_database(execution->access);
    }
    if (execution->database.length == 0) {
        execution->database = slice_text("default");
    }
    execution->format = request_header(request, "X-ClickHouse-Format");
    if (execution->format.length == 0) {
        execution->format = request_parameter(request, "default_format");
    }
    (void)snprintf(execution->process->database, sizeof(execution->process->database), "%.*s",
                   SLICE_ARG(execution->database));
    execution_init(execution, server, execution->database);
    execution->context.query_id = slice_text(execution->process->query_id);
    execution->context.user = access_session_user(execution->access);
    execution->bind.parameters = execution->parameters;
    execution->bind.parameter_count = execution->parameter_count;
    err = execution_settings_changed(execution);
done:
    return err;
}

static struct err *check_database(struct execution *execution)
{
    char *database = execution_text(execution, execution->database);
    if (database == NULL) {
        return arena_error(execution->arena);
    }
    return builtin_database(execution->database) ||
                   catalogue_has_database(execution->server->store->catalogue, database)
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
    err = introduce(execution);
    return err;
}

#define LOGGED_HEADER_BYTES 1000U /* of one; the query log keeps no more */

/* What system.query_log has of a request over HTTP. */
static void note_headers(struct execution *execution)
{
    static const char *const names[] = {"User-Agent", "Referer", "X-Forwarded-For"};
    const struct request *request = execution->request;
    if (request->method == NULL) {
        return;
    }
    texts_add(&execution->process->http, slice_text(request->method));
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        struct slice value = request_header(request, names[k]);
        value = value.data == NULL ? slice_text("") : value;
        value.length = value.length < LOGGED_HEADER_BYTES ? value.length : LOGGED_HEADER_BYTES;
        texts_add(&execution->process->http, value);
    }
}

/* Behind the login. */
static struct err *enter(struct execution *execution)
{
    struct err *err = NULL;
    OR_DONE(prepare(execution));
    const struct reply_head head = {.content_type = "text/plain; charset=UTF-8",
                                    .format = "",
                                    .query_id = execution->process->query_id,
                                    .zone = timezone_name(execution->context.zone),
                                    .completeness = ""};
    request_head(execution->request, &head);
    OR_DONE(process_begin(execution->server, execution->process));
    execution->entered = true;
    note_headers(execution);
    err = check_database(execution);
done:
    return err;
}

static struct err *step(struct execution *execution, bool *finished)
{
    struct err *err = NULL;
    bool waits;
    *finished = true;
    if (execution->queued != NULL) {
        err = insert_queued_step(execution, &waits);
        *finished = err != NULL || !waits;
        return err;
    }
    OR_DONE(interrupt_check());
    if (!execution->entered) {
        *finished = !(execution->login != NULL && access_login_waits(execution->login));
        if (!*finished) {
            return NULL;
        }
        OR_DONE(enter(execution));
    }
    if (execution->request->endpoint != NULL) {
        return endpoint_step(execution, finished);
    }
    if (execution->statement != NULL) {
        OR_DONE(admission_continue(execution->server, execution->process, finished));
        if (*finished) {
            const struct ast_statement *statement = execution->statement;
            execution->statement = NULL;
            execution->context.now_us = clock_wall_us();
            err = statement_run(execution, statement, execution->statement_text);
        }
        return err;
    }
    if (execution->insert == NULL) {
        struct slice text = {0};
        OR_DONE(statement_read(execution, &text, finished));
        if (!*finished) {
            return NULL;
        }
        OR_DONE(externals_make(execution));
        if (execution->request->live != LIVE_NONE) {
            struct slice given = request_parameter(execution->request, "subscriptions");
            return live_open_many(execution, given.length > 0 ? given : text);
        }
        err = statement_begin(execution, text);
        *finished = execution->insert == NULL && execution->statement == NULL && execution->queued == NULL;
        return err;
    }
    OR_DONE(request_take(execution->request, &execution->piece, &execution->body_end));
    err = insert_data_step(execution);
    *finished = execution->body_end && execution->queued == NULL;
done:
    return err;
}

/* What it used of the user's quotas. */
static void count_used(struct execution *execution, const struct err *err)
{
    struct process *process = execution->process;
    const struct access_used used = {
        .amounts = {[AST_QUOTA_ERRORS] = err != NULL,
                    [AST_QUOTA_RESULT_ROWS] = atomic_load(&process->progress.rows_result),
                    [AST_QUOTA_RESULT_BYTES] = process->bytes_result,
                    [AST_QUOTA_READ_ROWS] = atomic_load(&process->progress.rows_read),
                    [AST_QUOTA_READ_BYTES] = atomic_load(&process->progress.bytes_read),
                    [AST_QUOTA_WRITTEN_BYTES] = execution->summary.bytes_written,
                    [AST_QUOTA_EXECUTION_TIME] = clock_monotonic_us() - process->started_monotonic_us}};
    err_free(access_use(execution->server->access, execution->access, process->address, &used, false));
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
    async_insert_forget(execution);
    if (execution->request->session == NULL) {
        session_leave(execution->server, execution->session);
    }
    session_destroy(execution->alone);
    execution->session = NULL;
    if (execution->entered) {
        count_used(execution, err);
        process_end(execution->server, execution->process, err);
    }
    buffer_deinit(&execution->piece);
    buffer_deinit(&execution->text);
    buffer_deinit(&execution->changed.bytes);
    if (execution->bytes_taken > 0) {
        budget_give(&execution->process->budget, execution->bytes_taken);
    }
    execution_login_end(execution);
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
    if (*execution != NULL && (*execution)->arena != NULL) {
        err = secrets_hide_error((*execution)->arena, (*execution)->secret_text, err);
    }
    if (*execution != NULL && (*execution)->entered) {
        fill_summary(*execution);
    }
    end(execution, err);
    metrics_error(err, request->process.query_id);
    request_finish(request, err);
    return true;
}

void request_abandon(struct execution **execution)
{
    end(execution, NULL);
}
