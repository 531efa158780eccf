/*
 * live_subscribe.c: requests that become viewers of live queries.
 *
 * flow     execute.c (users, settings and parameters are known) → here → live_spec.c → the transport's follow
 * errors   what is wrong with a statement that comes alone is found before the stream begins, and is its answer;
 *          in a connection of many it is an event of its subscription
 * thread   a query thread
 */
#include "server/live_private.h"

#include "base/number.h"
#include "query/completeness.h"
#include "server/access.h"
#include "server/access_query.h"
#include "query/pane_window.h"
#include "server/live_plan.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <jansson.h>
#include <stdlib.h>
#include <strings.h>

static bool is_on(const struct request *request, const char *name)
{
    return slice_equal(request_parameter(request, name), slice_text("1"));
}

bool live_is_wanted(const struct execution *execution, const struct ast_statement *statement)
{
    return statement->kind == AST_SELECT && (statement->emit != AST_EMIT_NONE || is_on(execution->request, "live"));
}

/* What all subscriptions of the request have in common; borrowed from the execution. */
static struct err *context_of(struct execution *execution, struct live_context *out)
{
    uint64_t interval_ms = LIVE_INTERVAL_US_DEFAULT / 1000;
    struct slice interval = request_parameter(execution->request, "min_interval_ms"), name, value;
    uint32_t count = 0;
    if (interval.length > 0 && !number_parse_u64(interval, &interval_ms)) {
        return err_new(ERR_BAD_ARGUMENTS, "min_interval_ms: '%.*s' is not a number of milliseconds",
                       SLICE_ARG(slice_cut(interval, 100)));
    }
    for (size_t at = 0; texts_next(&execution->changed, &at, &name) && texts_next(&execution->changed, &at, &value);) {
        count++;
    }
    struct live_setting *settings = ARENA_ARRAY(execution->arena, struct live_setting, (size_t)count + 1);
    if (settings == NULL) {
        return arena_error(execution->arena);
    }
    count = 0;
    for (size_t at = 0; texts_next(&execution->changed, &at, &name) && texts_next(&execution->changed, &at, &value);) {
        settings[count++] = (struct live_setting){name, value};
    }
    *out = (struct live_context){.access = execution->access,
                                 .database = execution->database,
                                 .address = slice_text(execution->process->address),
                                 .settings = settings,
                                 .setting_count = count,
                                 .parameters = execution->parameters,
                                 .parameter_count = execution->parameter_count,
                                 .min_interval_us = interval_ms > LIVE_INTERVAL_US_MAX / 1000 ? LIVE_INTERVAL_US_MAX
                                                                                              : interval_ms * 1000};
    return NULL;
}

static struct err *viewer_of(struct execution *execution, bool socket, uint64_t wishes, struct live_viewer **out)
{
    struct live *live = execution->server->live;
    const struct config *config = &execution->server->config;
    if (execution->request->transport->follow == NULL) {
        return err_new(ERR_NOT_IMPLEMENTED, "EMIT CHANGES needs the HTTP interface: docs/LIVE.md");
    }
    if ((execution->session != NULL && session_has_tables(execution->session)) || execution->alone != NULL) {
        return err_new(ERR_NOT_IMPLEMENTED, "live queries do not see temporary tables: end the session, or drop them");
    }
    if (atomic_load(&live->sub_count) + wishes > config->live_subscriptions_max) {
        return err_new(ERR_SERVER_OVERLOADED,
                       "the server has %llu subscriptions of live queries of at most %u (live_subscriptions_max)",
                       (unsigned long long)atomic_load(&live->sub_count), config->live_subscriptions_max);
    }
    struct live_viewer *viewer = live_viewer_create(live, socket);
    if (viewer == NULL) {
        return err_oom();
    }
    if (!live_enter(viewer)) {
        live_viewer_free(viewer);
        return err_new(ERR_SERVER_OVERLOADED, "the server has %u viewers of live queries (live_viewers_max)",
                       config->live_viewers_max);
    }
    *out = viewer;
    return NULL;
}

static struct err *follow(struct execution *execution, struct live_viewer *viewer)
{
    const struct reply_head head = {.content_type = "text/event-stream; charset=utf-8",
                                    .format = "",
                                    .query_id = execution->process->query_id,
                                    .zone = timezone_name(execution->context.zone),
                                    .completeness = ""};
    request_head(execution->request, &head);
    return execution->request->transport->follow(execution->request, viewer);
}

/* ---- Last-Event-ID */

static bool read_hex(struct slice *text, uint64_t *out)
{
    size_t digits = 0;
    for (*out = 0; digits < text->length && digits < 16; digits++) {
        char c = text->data[digits], low = (char)(c | 0x20);
        if (!((c >= '0' && c <= '9') || (low >= 'a' && low <= 'f'))) {
            break;
        }
        *out = *out << 4 | (uint64_t)(c <= '9' ? c - '0' : low - 'a' + 10);
    }
    *text = slice_of(text->data + digits, text->length - digits);
    return digits > 0;
}

static bool take_char(struct slice *text, char wanted)
{
    if (text->length == 0 || text->data[0] != wanted) {
        return false;
    }
    *text = slice_of(text->data + 1, text->length - 1);
    return true;
}

/* What the client has of its subscriptions; a token that is none, or of another start, says nothing. */
static void resume(const struct execution *execution, struct live_wish *wish)
{
    uint64_t nonce, group, version;
    struct slice token = request_header(execution->request, "Last-Event-ID");
    token = token.length == 0 ? request_parameter(execution->request, "last_event_id") : token;
    if (!read_hex(&token, &nonce) || nonce != execution->server->live->nonce || !take_char(&token, '.')) {
        return;
    }
    for (; wish != NULL; wish = wish->next) {
        if (!read_hex(&token, &group) || !take_char(&token, '-') || !read_hex(&token, &version)) {
            return;
        }
        wish->resume_group = group;
        wish->resume_version = version;
        (void)take_char(&token, ',');
    }
}

/* ---- one */

/* EMIT ROWS LAST n, SINCE time: can it be said which these are? */
static struct err *check_past(struct execution *execution, const struct ast_statement *statement,
                              const struct table_source *table)
{
    struct err *err = NULL;
    struct slice text;
    struct ast_statement *past = NULL;
    struct query_plan plan;
    if (statement->emit_last == 0 && statement->emit_since == NULL) {
        return NULL;
    }
    OR_DONE(live_plan_past(execution->arena, statement, table, false, &text));
    if (statement->emit_since != NULL) {
        OR_DONE(parse_query(execution->arena, text, 0, &past));
        OR_DONE(err_while(execution_bind(execution, past->query, &plan), "EMIT ROWS SINCE"));
        err = live_plan_check_past(&plan);
    }
done:
    return err;
}

struct err *live_open_statement(struct execution *execution, const struct ast_statement *statement, struct slice text)
{
    struct err *err = NULL;
    struct live_context context;
    struct query_plan plan;
    struct live_viewer *viewer = NULL;
    const struct table_source *table;
    OR_DONE(viewer_of(execution, false, 1, &viewer));
    OR_DONE(context_of(execution, &context));
    OR_DONE(execution_bind(execution, statement->query, &plan));
    if (statement->emit == AST_EMIT_ROWS) {
        OR_DONE(execution_limit_result(execution, &plan));
        OR_DONE(live_plan_tail(&plan, &table));
        OR_DONE(check_past(execution, statement, table));
    }
    struct live_wish *wish = viewer->wishes = calloc(1, sizeof(*wish));
    if (wish == NULL || (wish->id = strdup("")) == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(live_spec_create(execution->server->live, &context, text, context.database, context.settings,
                             context.setting_count, context.parameters, context.parameter_count,
                             context.min_interval_us, &wish->spec));
    resume(execution, wish);
    viewer->alone = true;
    OR_DONE(follow(execution, viewer));
    viewer = NULL;
done:
    live_viewer_free(viewer);
    return err;
}

/* ---- many */

static bool has_twin(const struct live_wish *wish, const struct live_wish *end)
{
    for (; wish != end; wish = wish->next) {
        if (strcmp(wish->id, end->id) == 0) {
            return true;
        }
    }
    return false;
}

static struct err *read_wishes(struct execution *execution, const json_t *list, struct live_viewer *viewer)
{
    struct err *err = NULL;
    struct live_context context;
    struct live_wish **last = &viewer->wishes;
    OR_DONE(context_of(execution, &context));
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct err *wrong = live_wish_read(execution->server->live, &context, json_array_get(list, i), last);
        OR_DONE(err_while(wrong, "subscription %zu", i + 1));
        if (has_twin(viewer->wishes, *last)) {
            err = err_new(ERR_BAD_ARGUMENTS, "two subscriptions have the id \"%s\"", (*last)->id);
            goto done;
        }
        last = &(*last)->next;
    }
    resume(execution, viewer->wishes);
done:
    return err;
}

static struct err *open_events(struct execution *execution, struct slice body)
{
    struct err *err = NULL;
    struct live_viewer *viewer = NULL;
    json_error_t problem;
    uint32_t most = execution->server->config.live_subscriptions_per_viewer_max;
    json_t *document = json_loadb(body.data == NULL ? "" : body.data, body.length, JSON_REJECT_DUPLICATES, &problem);
    const json_t *list = json_object_get(document, "subscriptions");
    if (document == NULL || !json_is_array(list) || json_array_size(list) == 0) {
        err = err_new(
            ERR_BAD_ARGUMENTS,
            "/live needs {\"subscriptions\":[{\"id\":\"a\",\"query\":\"SELECT …\"}]} as the body of a POST or as "
            "the parameter subscriptions%s%s",
            document == NULL ? ": " : "", document == NULL ? problem.text : "");
        goto done;
    }
    if (json_array_size(list) > most) {
        err = err_new(ERR_SERVER_OVERLOADED,
                      "one connection may have %u subscriptions (live_subscriptions_per_viewer_max)", most);
        goto done;
    }
    OR_DONE(viewer_of(execution, false, json_array_size(list), &viewer));
    OR_DONE(read_wishes(execution, list, viewer));
    OR_DONE(follow(execution, viewer));
    viewer = NULL;
done:
    json_decref(document);
    live_viewer_free(viewer);
    return err;
}

/* Browsers let any page open a WebSocket: the page's origin must be this server, unless all may read. */
static struct err *check_origin(const struct request *request)
{
    struct slice origin = request_header(request, "Origin"), host = request_header(request, "Host");
    const char *mark = origin.length == 0 ? NULL : memmem(origin.data, origin.length, "://", 3);
    if (origin.length == 0 || is_on(request, "add_http_cors_header")) {
        return NULL;
    }
    struct slice name = mark == NULL ? origin : slice_of(mark + 3, (size_t)(slice_end(origin) - mark - 3));
    return mark != NULL && name.length == host.length && strncasecmp(name.data, host.data, host.length) == 0
               ? NULL
               : err_new(ERR_ACCESS_DENIED,
                         "a page of %.*s may not open a WebSocket here; with add_http_cors_header=1 it may",
                         SLICE_ARG(slice_cut(origin, 200)));
}

static struct err *open_socket(struct execution *execution)
{
    struct err *err = NULL;
    struct live_context context;
    struct live_viewer *viewer = NULL;
    OR_DONE(check_origin(execution->request));
    OR_DONE(viewer_of(execution, true, 0, &viewer));
    OR_DONE(context_of(execution, &context));
    OR_DONE(live_context_copy(execution->server->live, &context, &viewer->context));
    viewer->reader = calloc(1, sizeof(*viewer->reader));
    if (viewer->reader == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(follow(execution, viewer));
    viewer = NULL;
done:
    live_viewer_free(viewer);
    return err;
}

struct err *live_open_many(struct execution *execution, struct slice body)
{
    return execution->request->live == LIVE_SOCKET ? open_socket(execution) : open_events(execution, body);
}

/* ---- EXPLAIN */

/* The query's window, as of a time. */
static struct err *window_at(struct execution *execution, const struct ast_statement *statement, int64_t now_us,
                             const struct function_marks *marks, struct pane_window *out)
{
    struct err *err = NULL;
    struct query_plan plan;
    int64_t before_us = execution->bind.before_us, was_us = execution->context.now_us;
    execution->context.now_us = execution->bind.before_us = now_us;
    OR_DONE(execution_bind(execution, statement->query, &plan));
    err = pane_window_of(execution->arena, &plan, &execution->context, marks, out);
done:
    execution->context.now_us = was_us;
    execution->bind.before_us = before_us;
    return err;
}

/* Of a query that asks for the time: may panes of its window be kept? */
static struct err *window_explain(struct execution *execution, const struct ast_statement *statement,
                                  const struct function_marks *marks, struct pane_shape *out)
{
    struct err *err = NULL;
    struct pane_window window, later;
    int64_t step_us = statement->emit == AST_EMIT_EVERY ? (int64_t)statement->emit_us : 0;
    int64_t now_us = execution->context.now_us, after_us = step_us > 0 ? step_us : 1000000;
    bool notes = execution->notes_completeness;
    if (!marks->asks_time || !execution->settings.use_pane_tree) {
        out->why = !marks->asks_time ? "it does not ask for the time" : "use_pane_tree is off";
        return NULL;
    }
    execution->notes_completeness = true; /* which column the event time is */
    now_us = step_us > 0 ? now_us - now_us % step_us : now_us;
    OR_DONE(window_at(execution, statement, now_us, marks, &window));
    OR_DONE(window_at(execution, statement, now_us + after_us, marks, &later));
    tick_panes_look(&window, &later, &execution->settings.limits, step_us, out);
done:
    execution->notes_completeness = notes;
    return err;
}

struct err *live_explain(struct execution *execution, const struct ast_statement *statement, struct slice *out)
{
    struct err *err = NULL;
    struct query_plan plan;
    struct function_marks marks = {0};
    struct live_plan look;
    struct pane_shape shape = {0};
    struct buffer text = {0};
    execution->context.marks = &marks;
    err = execution_bind(execution, statement->query, &plan);
    execution->context.marks = NULL;
    OR_DONE(err);
    if (statement->emit == AST_EMIT_ROWS) {
        const struct table_source *table;
        OR_DONE(execution_limit_result(execution, &plan));
        OR_DONE(live_plan_tail(&plan, &table));
        OR_DONE(check_past(execution, statement, table));
        buffer_printf(&text,
                      "Live (EMIT ROWS)\n  Table: %.*s.%.*s\n  Mode: rows: each that comes into the table, once\n"
                      "  Runs: when its table gets rows\n",
                      SLICE_ARG(table->database), SLICE_ARG(table->name));
        if (statement->emit_last > 0) {
            buffer_printf(&text, "  Begins: with the last %llu rows by %.*s\n",
                          (unsigned long long)statement->emit_last, SLICE_ARG(table->completeness->column));
        } else if (statement->emit_since != NULL) {
            struct slice since = ast_print(execution->arena, statement->emit_since);
            buffer_printf(&text, "  Begins: with the rows whose %.*s is %.*s or later\n",
                          SLICE_ARG(table->completeness->column), SLICE_ARG(since));
        }
        *out = arena_slice(execution->arena, buffer_all(&text));
        err = text.failed ? err_oom() : out->data == NULL ? arena_error(execution->arena) : NULL;
        goto done;
    }
    OR_DONE(live_plan_look(execution->arena, &plan, &execution->context, &marks, execution->settings.use_partial_cache,
                           &look));
    OR_DONE(window_explain(execution, statement, &marks, &shape));
    live_plan_explain(&look, plan.plan,
                      statement->emit != AST_EMIT_EVERY ? NULL
                      : statement->emit_us > 0
                          ? "when the data time of its tables reaches the next moment, over the rows before that"
                          : "when the rows of its tables pass the next multiple",
                      &shape, &text);
    *out = arena_slice(execution->arena, buffer_all(&text));
    err = text.failed ? err_oom() : out->data == NULL ? arena_error(execution->arena) : NULL;
done:
    buffer_deinit(&text);
    return err;
}
