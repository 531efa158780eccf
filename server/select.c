/*
 * select.c: a SELECT, and when it may be answered by an identical one's execution.
 *
 * flow     execute.c → here → sql/bind.h → execute_plan; or the reply that server/flight.h kept
 * shared   queries of stored tables without functions of chance, outside sessions; docs/SQL.md, "Repeated queries"
 * thread   a query thread
 */
#include "base/clock.h"
#include "format/writer.h"
#include "server/access_model.h"
#include "server/access_query.h"
#include "server/answer_etag.h"
#include "server/completeness.h"
#include "server/execute.h"
#include "server/flight.h"

#include <stdio.h>

/* What the reply depends on, but for the tables' rows. */
static struct err *key_of(struct execution *execution, struct slice text, struct digest *out)
{
    struct buffer bytes = {0};
    const char *transport = (const char *)&execution->request->transport;
    uint32_t revision = execution_client_revision(execution), role_count;
    uint64_t version = access_session_model(execution->access)->version; /* of what the user may do */
    struct settings settings;                                            /* but for the texts that it points to */
    memcpy(&settings, &execution->settings, sizeof(settings));
    settings.additional_table_filters = settings.additional_result_filter = (struct slice){0};
    const struct slice *roles = access_session_enabled(execution->access, true, &role_count);
    struct slice parts[] = {text,
                            slice_of((const char *)&revision, sizeof(revision)),
                            slice_of(transport, sizeof(execution->request->transport)),
                            slice_of((const char *)&execution->request->packing, sizeof(uint32_t)),
                            execution->database,
                            execution->format,
                            access_session_user(execution->access),
                            slice_of((const char *)&version, sizeof(version)),
                            slice_text(timezone_name(execution->context.zone)),
                            execution->settings.additional_table_filters,
                            execution->settings.additional_result_filter,
                            slice_of((const char *)&settings, sizeof(settings))};
    for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
        buffer_append(&bytes, &parts[k].length, sizeof(parts[k].length));
        buffer_slice(&bytes, parts[k]);
    }
    for (uint32_t k = 0; k < role_count; k++) {
        buffer_append(&bytes, &roles[k].length, sizeof(roles[k].length));
        buffer_slice(&bytes, roles[k]);
    }
    for (uint32_t k = 0; k < execution->parameter_count; k++) {
        const struct bind_parameter *parameter = &execution->parameters[k];
        buffer_append(&bytes, &parameter->name.length, sizeof(parameter->name.length));
        buffer_slice(&bytes, parameter->name);
        buffer_append(&bytes, &parameter->value.length, sizeof(parameter->value.length));
        buffer_slice(&bytes, parameter->value);
    }
    struct err *err = bytes.failed ? err_oom() : NULL;
    if (err == NULL) {
        *out = digest_of(bytes.data, bytes.length);
    }
    buffer_deinit(&bytes);
    return err;
}

static bool reads_tables(const struct plan *plan)
{
    bool reads = plan->kind != PLAN_SCAN || plan->source->generate == NULL;
    for (uint32_t i = 0; reads && i < plan->input_count; i++) {
        reads = reads_tables(plan->inputs[i]);
    }
    return reads;
}

bool execution_reads_tables(const struct query_plan *plan)
{
    bool reads = reads_tables(plan->plan);
    for (uint32_t k = 0; reads && k < plan->subquery_count; k++) {
        reads = reads_tables(plan->subqueries[k].plan);
    }
    return reads;
}

static bool may_be_shared(const struct query_plan *plan, const struct function_marks *marks)
{
    return !marks->is_volatile && !marks->asks_query && execution_reads_tables(plan);
}

struct err *execution_limit_result(struct execution *execution, struct query_plan *plan)
{
    const struct settings *settings = &execution->settings;
    struct plan *limited = NULL;
    if (settings->limit == 0 && settings->offset == 0) {
        return NULL;
    }
    struct err *err = plan_limit(execution->arena, plan->plan, settings->offset,
                                 settings->limit == 0 ? UINT64_MAX : settings->limit, false, &limited);
    if (err == NULL) {
        plan->plan = limited;
    }
    return err;
}

/* tagged: the key whose answer gets an ETag; or NULL. */
static struct err *bind(struct execution *execution, const struct ast_query *query, const struct digest *tagged,
                        struct query_plan *plan, struct function_marks *marks)
{
    struct err *err = NULL;
    struct answer_etag etag;
    *marks = (struct function_marks){0};
    execution->context.marks = marks;
    execution->process->began = false;
    execution->bind.incomplete_buckets = execution->settings.incomplete_buckets;
    if (tagged != NULL) {
        etag_begin(&etag, execution);
    }
    err = execution_bind(execution, query, plan);
    if (tagged != NULL) {
        etag_end(&etag, execution, err == NULL ? plan : NULL, marks, *tagged);
        (void)snprintf(execution->summary.etag, sizeof(execution->summary.etag), "%s", execution->request->etag);
    }
    OR_DONE(err);
    err = execution_limit_result(execution, plan);
    execution->process->began = true;
done:
    return err;
}

/* The client has the answer: it hears so, and nothing is run. */
static struct err *reply_unchanged(struct execution *execution)
{
    struct slice format = execution->format.length == 0 ? slice_text("TabSeparated") : execution->format;
    char *text = execution_text(execution, format);
    if (text == NULL) {
        return arena_error(execution->arena);
    }
    completeness_head(execution, execution->summary.completeness, sizeof(execution->summary.completeness));
    const struct reply_head head = {.content_type = writer_content_type(format),
                                    .format = text,
                                    .query_id = execution->process->query_id,
                                    .zone = timezone_name(execution->context.zone),
                                    .completeness = execution->summary.completeness};
    request_head(execution->request, &head);
    execution->request->unchanged = true;
    return NULL;
}

/* If-None-Match: before it is known whether anything must be run, it is bound. *known: it need not be. */
static struct err *ask_known(struct execution *execution, const struct ast_query *query, struct digest key, bool *known)
{
    struct err *err = NULL;
    struct query_plan plan;
    struct function_marks marks;
    *known = false;
    if (request_header(execution->request, "If-None-Match").length == 0) {
        return NULL;
    }
    OR_DONE(bind(execution, query, &key, &plan, &marks));
    *known = etag_is_known(execution);
    err = *known ? reply_unchanged(execution) : NULL;
    execution->noted_tables = NULL; /* they are noted anew when it is bound again */
done:
    execution->context.marks = NULL;
    return err;
}

static struct err *run(struct execution *execution, const struct ast_query *query, const struct digest *tagged)
{
    struct err *err = NULL;
    struct query_plan plan;
    struct function_marks marks;
    OR_DONE(bind(execution, query, tagged, &plan, &marks));
    if (execution->flight != NULL && !may_be_shared(&plan, &marks)) {
        flight_end(execution->server->flights, execution->flight, NULL);
    }
    err = execute_plan(execution, &plan);
done:
    execution->context.marks = NULL;
    return err;
}

static struct err *send_reply(struct execution *execution, const struct buffer *reply,
                              const struct request_summary *summary)
{
    struct slice format = execution->format.length == 0 ? slice_text("TabSeparated") : execution->format;
    char *text = execution_text(execution, format);
    if (text == NULL) {
        return arena_error(execution->arena);
    }
    const struct reply_head head = {.content_type = writer_content_type(format),
                                    .format = text,
                                    .query_id = execution->process->query_id,
                                    .zone = timezone_name(execution->context.zone),
                                    .completeness = summary->completeness};
    request_head(execution->request, &head);
    if (summary->etag[0] != 0 && execution->request->is_get) {
        (void)snprintf(execution->request->etag, sizeof(execution->request->etag), "%s", summary->etag);
        execution->request->etag_is_weak = true;
    }
    execution->summary.rows_result = summary->rows_result;
    atomic_store(&execution->process->progress.rows_result, summary->rows_result);
    atomic_store(&execution->process->progress.parts_missing, summary->parts_missing);
    execution->process->shared = true;
    execution->process->bytes_result = reply->length;
    return request_write(execution->request, buffer_all(reply), execution->settings.wait_end_of_query);
}

struct err *execute_select(struct execution *execution, const struct ast_query *query, struct slice text)
{
    struct err *err = NULL;
    struct flights *flights = execution->server->flights;
    struct flight *flight = NULL;
    struct request_summary summary;
    struct digest key;
    bool leads, known;
    bool has_tables = execution->session != NULL && session_has_tables(execution->session);
    bool named = execution->request->session == NULL && execution->session != NULL;
    if (has_tables || named || execution->alone != NULL) {
        return run(execution, query, NULL);
    }
    OR_DONE(key_of(execution, text, &key));
    const struct digest *tagged = etag_is_wanted(execution) ? &key : NULL;
    if (tagged != NULL) {
        OR_DONE(ask_known(execution, query, key, &known));
        if (known) {
            goto done;
        }
    }
    if (!execution->settings.use_shared_execution) {
        err = run(execution, query, tagged);
        goto done;
    }
    OR_DONE(flight_enter(flights, key, execution->process, execution->settings.limits.max_execution_time_us, &flight,
                         &leads));
    const struct buffer *reply = leads ? NULL : flight_reply(flight, &summary);
    if (reply != NULL) {
        OR_DONE(send_reply(execution, reply, &summary));
    } else {
        execution->flight = leads ? flight : NULL;
        execution->context.now_us = clock_wall_us(); /* who waits for this came before */
        err = run(execution, query, tagged);
        execution->flight = NULL;
        if (leads) {
            execution->summary.parts_missing = atomic_load(&execution->process->progress.parts_missing);
            flight_end(flights, flight, err == NULL ? &execution->summary : NULL);
        }
    }
done:
    flight_leave(flights, flight);
    return err;
}
