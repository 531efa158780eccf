/*
 * live_plan.c: see live_plan.h.
 *
 * key      columns of the answer are followed down, through all that keeps rows or leaves some out, to the aggregation
 *          whose keys they must be
 */
#include "server/live_plan.h"

#include "format/json_paths.h"
#include "query/plan_digest.h"
#include "query/storage_source.h"

#define NO_COLUMN UINT32_MAX

/* Going down from the root. */
struct trace {
    struct arena *arena;
    const struct plan *at;
    uint32_t *columns; /* of the answer: which one it is of `at`; NO_COLUMN: computed */
    uint32_t count;
    const char *stops;        /* why there is no key; static */
    const struct plan *sort;  /* the last ORDER BY */
    uint32_t *sorted_columns; /* columns of the answer where that is */
};

static uint32_t *copy_columns(const struct trace *trace)
{
    uint32_t *copy = ARENA_ARRAY(trace->arena, uint32_t, (size_t)trace->count + 1);
    if (copy != NULL && trace->count > 0) {
        memcpy(copy, trace->columns, trace->count * sizeof(*copy));
    }
    return copy;
}

/* Columns of the answer as those of the project's input. */
static void through_project(struct trace *trace)
{
    for (uint32_t i = 0; i < trace->count; i++) {
        uint32_t column = trace->columns[i];
        const struct expression *from = column == NO_COLUMN ? NULL : trace->at->expressions[column];
        trace->columns[i] = from != NULL && from->kind == EXPRESSION_COLUMN ? from->column_index : NO_COLUMN;
    }
}

/* One step; false: here it ends. */
static bool step(struct trace *trace, struct err **err)
{
    const struct plan *at = trace->at;
    switch (at->kind) {
    case PLAN_PROJECT:
        through_project(trace);
        break;
    case PLAN_SORT:
        if (trace->sort == NULL) {
            trace->sort = at;
            trace->sorted_columns = copy_columns(trace);
            *err = trace->sorted_columns == NULL ? arena_error(trace->arena) : NULL;
        }
        break;
    case PLAN_WINDOW:
        for (uint32_t i = 0; i < trace->count; i++) {
            if (trace->columns[i] != NO_COLUMN && trace->columns[i] >= at->inputs[0]->column_count) {
                trace->columns[i] = NO_COLUMN;
            }
        }
        if (at->inputs[0]->kind == PLAN_SORT) { /* the window's own order */
            trace->at = at->inputs[0];
        }
        break;
    case PLAN_FILTER:
    case PLAN_LIMIT:
    case PLAN_TAIL:
    case PLAN_LIMIT_BY:
    case PLAN_DISTINCT:
        break;
    case PLAN_AGGREGATE:
        return false;
    default:
        trace->stops =
            "above GROUP BY stands what may repeat its keys (a join, UNION, ARRAY JOIN, WITH FILL, ROLLUP), or "
            "there is no GROUP BY";
        return false;
    }
    trace->at = trace->at->inputs[0];
    return *err == NULL;
}

/* Are all keys of the aggregation in the answer? Where; the first place of each. */
static struct err *find_key(struct trace *trace, struct live_plan *out)
{
    uint32_t count = trace->at->expression_count;
    uint32_t *key = ARENA_ARRAY(trace->arena, uint32_t, (size_t)count + 1);
    if (key == NULL) {
        return arena_error(trace->arena);
    }
    if (count == 0) {
        out->why_key = "there is no GROUP BY";
        return NULL;
    }
    for (uint32_t k = 0; k < count; k++) {
        uint32_t column = 0;
        while (column < trace->count && trace->columns[column] != k) {
            column++;
        }
        if (column == trace->count) {
            out->why_key = "a key of GROUP BY is not in the answer";
            return NULL;
        }
        key[k] = column;
    }
    out->key = key;
    out->key_count = count;
    return NULL;
}

static struct err *find_order(struct trace *trace, struct live_plan *out)
{
    struct buffer text = {0};
    const struct plan *sort = trace->sort;
    buffer_char(&text, '[');
    for (uint32_t k = 0; sort != NULL && k < sort->sort_key_count; k++) {
        const struct plan_sort_key *key = &sort->sort_keys[k];
        uint32_t column = 0;
        while (column < trace->count && (key->expression->kind != EXPRESSION_COLUMN ||
                                         trace->sorted_columns[column] != key->expression->column_index)) {
            column++;
        }
        if (column == trace->count) {
            out->key_count = 0;
            out->why_key = "its ORDER BY is not of columns of the answer";
            break;
        }
        buffer_printf(&text, "%s{\"column\":%u,\"descending\":%s,\"nulls_first\":%s}", k == 0 ? "" : ",", column,
                      key->descending ? "true" : "false", key->nulls_first ? "true" : "false");
    }
    buffer_char(&text, ']');
    struct err *err = text.failed ? err_oom() : NULL;
    if (err == NULL && sort != NULL && out->key_count > 0) {
        out->order = arena_slice(trace->arena, buffer_all(&text));
        err = out->order.data == NULL ? arena_error(trace->arena) : NULL;
    }
    buffer_deinit(&text);
    return err;
}

static bool reads_others(const struct plan *plan)
{
    bool others = plan->kind == PLAN_SCAN && plan->source->generate != NULL;
    for (uint32_t i = 0; i < plan->input_count && !others; i++) {
        others = reads_others(plan->inputs[i]);
    }
    return others;
}

static uint32_t count_aggregations(const struct plan *plan, const struct plan **first)
{
    uint32_t count = plan->kind == PLAN_AGGREGATE || plan->kind == PLAN_GROUPING_SETS;
    if (count > 0 && *first == NULL) {
        *first = plan;
    }
    for (uint32_t i = 0; i < plan->input_count; i++) {
        count += count_aggregations(plan->inputs[i], first);
    }
    return count;
}

static struct err *find_mode(struct arena *arena, const struct query_plan *plan, const struct function_context *context,
                             const struct function_marks *marks, bool caches, struct live_plan *out)
{
    struct err *err = NULL;
    struct digest digest;
    const struct plan *aggregation = NULL, *scan = NULL;
    bool settled = false;
    uint32_t count = count_aggregations(plan->plan, &aggregation);
    if (count == 0) {
        out->why = "it does not aggregate";
    } else if (count > 1 || aggregation->kind != PLAN_AGGREGATE) {
        out->why = "it aggregates more than once";
    } else if (marks->is_volatile || marks->changes) {
        out->why = "it depends on chance or on a dictionary";
    } else if (!caches) {
        out->why = "use_partial_cache is off";
    } else {
        OR_DONE(aggregation_digest(arena, aggregation, context, &digest, &scan, &settled));
        out->incremental = scan != NULL && settled && scan->source->generate == NULL;
        out->why = out->incremental
                       ? "aggregates of segments' granules and full chunks of heads are kept and merged, the "
                         "others computed"
                       : "its aggregation does not stand on one stored table";
    }
done:
    return err;
}

struct err *live_plan_look(struct arena *arena, const struct query_plan *plan, const struct function_context *context,
                           const struct function_marks *marks, bool caches, struct live_plan *out)
{
    struct err *err = NULL;
    struct trace trace = {.arena = arena, .at = plan->plan, .count = plan->plan->column_count};
    *out = (struct live_plan){.timed = marks->asks_time || marks->asks_server,
                              .polled = marks->is_volatile || marks->changes || marks->asks_query};
    trace.columns = ARENA_ARRAY(arena, uint32_t, (size_t)trace.count + 1);
    if (trace.columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < trace.count; i++) {
        trace.columns[i] = i;
    }
    while (step(&trace, &err)) {
    }
    OR_DONE(err);
    out->why_key = trace.stops;
    if (trace.stops == NULL) {
        OR_DONE(find_key(&trace, out));
        OR_DONE(find_order(&trace, out));
    }
    out->polled = out->polled || reads_others(plan->plan);
    for (uint32_t k = 0; k < plan->subquery_count; k++) {
        out->polled = out->polled || reads_others(plan->subqueries[k].plan);
    }
    err = find_mode(arena, plan, context, marks, caches, out);
done:
    return err;
}

/* What it has that a tail cannot have; NULL: nothing, *at is the scan. */
static const char *not_of_tails(const struct plan **at)
{
    const uint32_t *columns;
    while ((*at)->kind == PLAN_PROJECT || (*at)->kind == PLAN_FILTER || (*at)->kind == PLAN_ARRAY_JOIN) {
        *at = (*at)->inputs[0];
    }
    switch ((*at)->kind) {
    case PLAN_SCAN:
        return (*at)->source->final                               ? "FINAL"
               : source_snapshot((*at)->source, &columns) == NULL ? "what is no stored table"
                                                                  : NULL;
    case PLAN_AGGREGATE:
    case PLAN_GROUPING_SETS:
    case PLAN_TOTALS:
    case PLAN_PANES:
        return "GROUP BY or aggregate functions";
    case PLAN_SORT:
    case PLAN_FILL:
        return "ORDER BY";
    case PLAN_LIMIT:
    case PLAN_TAIL:
    case PLAN_LIMIT_BY:
        return "LIMIT";
    case PLAN_DISTINCT:
        return "DISTINCT";
    case PLAN_WINDOW:
        return "window functions";
    case PLAN_JOIN:
        return "JOIN";
    case PLAN_UNION:
    case PLAN_INTERSECT:
    case PLAN_EXCEPT:
        return "UNION, INTERSECT or EXCEPT";
    default:
        break;
    }
    return "a SELECT without a table";
}

struct err *live_plan_tail(const struct query_plan *plan, const struct table_source **table)
{
    const struct plan *at = plan->plan;
    const char *why = plan->subquery_count > 0 ? "a subquery in an expression" : not_of_tails(&at);
    if (why != NULL) {
        return err_new(
            ERR_NOT_IMPLEMENTED,
            "EMIT ROWS gives the rows that come into one table, each for itself: expressions, WHERE and ARRAY "
            "JOIN may stand in it, but not %s; EMIT CHANGES takes any SELECT",
            why);
    }
    *table = at->source;
    return NULL;
}

void live_plan_explain(const struct live_plan *look, const struct plan *plan, const char *emits, struct buffer *out)
{
    buffer_printf(out, "Live (%s)\n  Key: ", emits == NULL ? "EMIT CHANGES" : "EMIT EVERY");
    for (uint32_t k = 0; k < look->key_count; k++) {
        buffer_printf(out, "%s%.*s", k == 0 ? "" : ", ", SLICE_ARG(plan->columns[look->key[k]].name));
    }
    if (look->key_count == 0) {
        buffer_printf(out, "none: %s; each change is a new snapshot", look->why_key);
    }
    buffer_printf(
        out, "\n  Mode: %s: %s\n  Runs: %s\n", look->incremental ? "incremental" : "recomputed", look->why,
        emits != NULL  ? emits
        : look->polled ? "every second: it reads what does not tell when it changes"
        : look->timed
            ? "when its tables change, and every min_interval_ms, as it asks for the time, or for what is complete"
            : "when its tables change");
}
