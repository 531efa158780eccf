/*
 * explain.c: EXPLAIN AST, SYNTAX, PLAN, PIPELINE and ESTIMATE of a SELECT: one row per line (of SYNTAX one in all, as
 * ClickHouse), nothing is run.
 */
#include "query/explain.h"

#include "server/access_query.h"
#include "server/execute.h"
#include "sql/explain.h"
#include "sql/printer.h"

#include <inttypes.h>

static struct err *estimate(struct execution *execution, const struct query_plan *plan)
{
    struct err *err = NULL;
    struct scan_estimate *scans = NULL;
    struct buffer rows = {0};

    OR_DONE(explain_estimate(execution->arena, &execution->context, plan, &scans));
    for (const struct scan_estimate *scan = scans; scan != NULL; scan = scan->next) {
        if (scan->segments_left == 0 && scan->head_chunks == 0) {
            continue;
        }
        struct slice database = sql_string(execution->arena, scan->scan->source->database);
        struct slice table = sql_string(execution->arena, scan->scan->source->name);
        if (database.data == NULL || table.data == NULL) {
            err = arena_error(execution->arena);
            goto done;
        }
        buffer_printf(&rows, ", (%.*s, %.*s, %" PRIu64 ", %" PRIu64 ", %" PRIu64 ")", SLICE_ARG(database),
                      SLICE_ARG(table), scan->segments_left + (scan->head_chunks > 0), scan->rows_left,
                      scan->granules_left + scan->head_chunks);
    }
    static const char types[] = "'database String, table String, parts UInt64, rows UInt64, marks UInt64'";
    if (rows.failed) {
        err = err_oom();
    } else if (rows.length == 0) {
        err = execute_text(execution, "SELECT * FROM null(%s)", types);
    } else {
        err = execute_text(execution,
                           "SELECT database, table, sum(parts) AS parts, sum(rows) AS rows, sum(marks) AS marks FROM "
                           "values(%s%.*s) GROUP BY database, table ORDER BY database, table",
                           types, (int)rows.length, rows.data);
    }
done:
    buffer_deinit(&rows);
    return err;
}

/* What the kinds of EXPLAIN but ESTIMATE say. */
static struct err *say(struct execution *execution, const struct ast_statement *statement,
                       const struct explain_settings *settings, struct slice *out)
{
    struct err *err = NULL;
    struct query_plan plan;
    struct explain_options options = {settings->header, settings->actions, settings->indexes};

    if (settings->kind == EXPLAIN_AST) {
        return explain_ast(execution->arena, statement->query, out);
    }
    OR_DONE(execution_bind(execution, statement->query, &plan));
    if (settings->kind == EXPLAIN_SYNTAX) {
        *out = settings->oneline ? ast_print_query(execution->arena, statement->query)
                                 : ast_print_lines(execution->arena, statement->query);
        err = out->data == NULL ? arena_error(execution->arena) : NULL;
    } else if (settings->kind == EXPLAIN_PIPELINE) {
        uint32_t threads = query_thread_count();
        uint64_t most = execution->settings.max_threads;
        err = explain_pipeline(execution->arena, &plan, most > 0 && most < threads ? (uint32_t)most : threads,
                               settings->header, out);
    } else {
        err = explain_plan(execution->arena, &execution->context, &plan, &options, out);
    }
done:
    return err;
}

struct err *execute_explain(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct explain_settings settings;
    struct query_plan plan;
    struct slice text = slice_text("");

    OR_DONE(explain_settings(statement, &settings));
    if (settings.kind == EXPLAIN_ESTIMATE) {
        OR_DONE(execution_bind(execution, statement->query, &plan));
        err = estimate(execution, &plan);
        goto done;
    }
    OR_DONE(say(execution, statement, &settings, &text));
    if (statement->emit != AST_EMIT_NONE && settings.kind == EXPLAIN_PLAN) {
        struct slice live;
        OR_DONE(live_explain(execution, statement, &live));
        char *both = arena_format(execution->arena, "%.*s%.*s", SLICE_ARG(live), SLICE_ARG(text));
        if (both == NULL) {
            err = arena_error(execution->arena);
            goto done;
        }
        text = slice_text(both);
    }
    if (settings.kind == EXPLAIN_SYNTAX) {
        err = execute_constant(execution, "explain", text);
        goto done;
    }
    if (text.length > 0 && text.data[text.length - 1] == '\n') {
        text.length--;
    }
    struct slice quoted = sql_string(execution->arena, text);
    if (quoted.data == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    err = execute_text(execution, "SELECT arrayJoin(splitByChar('\\n', %.*s)) AS explain", SLICE_ARG(quoted));
done:
    return err;
}
