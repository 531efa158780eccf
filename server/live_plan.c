/*
 * live_plan.c: see live_plan.h.
 *
 * key      columns of the answer are followed down, through all that keeps rows or leaves some out, to the aggregation
 *          whose keys they must be. Of a window of GROUP BY, a tuple, its begin or its end is enough.
 */
#include "server/live_plan.h"

#include "format/json_paths.h"
#include "query/completeness.h"
#include "query/panes.h"
#include "query/plan_digest.h"
#include "query/storage_source.h"
#include "server/live_tail.h"
#include "server/tick_panes.h"
#include "sql/parser.h"
#include "sql/printer.h"

#define NO_COLUMN UINT32_MAX

/* A column of the answer: which one it is further down. */
struct traced {
    uint32_t column;  /* NO_COLUMN: computed */
    uint64_t element; /* of that column, a tuple; 0: it is the column itself */
};

/* Going down from the root. */
struct trace {
    struct arena *arena;
    const struct plan *at;
    struct traced *columns; /* of the answer, where they are of `at` */
    uint32_t count;
    const char *stops;       /* why there is no key; static */
    const struct plan *sort; /* the last ORDER BY */
    struct traced *sorted;   /* columns of the answer where that is */
};

static struct traced *copy_columns(const struct trace *trace)
{
    struct traced *copy = ARENA_ARRAY(trace->arena, struct traced, (size_t)trace->count + 1);
    if (copy != NULL && trace->count > 0) {
        memcpy(copy, trace->columns, trace->count * sizeof(*copy));
    }
    return copy;
}

static bool is_call(const struct expression *expression, const char *name)
{
    return expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, name) == 0;
}

/* A column, or an element of one. */
static struct traced traced_of(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_COLUMN) {
        return (struct traced){expression->column_index, 0};
    }
    if (is_call(expression, "tupleElement") && expression->child_count == 2) {
        const struct expression *tuple = expression->children[0], *number = expression->children[1];
        if (tuple->kind == EXPRESSION_COLUMN && number->kind == EXPRESSION_CONSTANT && type_is_integer(number->type) &&
            number->type->width <= sizeof(uint64_t)) {
            uint64_t element = 0;
            memcpy(&element, column_value(number->constant, 0), number->type->width);
            return (struct traced){tuple->column_index, element};
        }
    }
    return (struct traced){NO_COLUMN, 0};
}

/* Columns of the answer as those of the project's input. */
static void through_project(struct trace *trace)
{
    for (uint32_t i = 0; i < trace->count; i++) {
        struct traced *traced = &trace->columns[i], from = {NO_COLUMN, 0};
        if (traced->column != NO_COLUMN) {
            from = traced_of(trace->at->expressions[traced->column]);
        }
        if (from.element != 0 && traced->element != 0) { /* an element of an element */
            from.column = NO_COLUMN;
        }
        *traced = (struct traced){from.column, from.element != 0 ? from.element : traced->element};
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
            trace->sorted = copy_columns(trace);
            *err = trace->sorted == NULL ? arena_error(trace->arena) : NULL;
        }
        break;
    case PLAN_WINDOW:
        for (uint32_t i = 0; i < trace->count; i++) {
            if (trace->columns[i].column != NO_COLUMN && trace->columns[i].column >= at->inputs[0]->column_count) {
                trace->columns[i].column = NO_COLUMN;
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
    case PLAN_PANES:
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

/* Does the column tell rows apart as the aggregation's key does? */
static bool is_key(const struct trace *trace, const struct traced *traced, uint32_t key)
{
    if (traced->column != key || traced->element == 0) {
        return traced->column == key;
    }
    return trace->at->kind == PLAN_PANES ? trace->at->panes->window_key == key
                                         : is_call(trace->at->expressions[key], "tumble");
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
        while (column < trace->count && !is_key(trace, &trace->columns[column], k)) {
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
        const struct traced by = traced_of(key->expression);
        uint32_t column = 0;
        while (column < trace->count && (by.column == NO_COLUMN || trace->sorted[column].column != by.column ||
                                         trace->sorted[column].element != by.element)) {
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
    trace.columns = ARENA_ARRAY(arena, struct traced, (size_t)trace.count + 1);
    if (trace.columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < trace.count; i++) {
        trace.columns[i] = (struct traced){i, 0};
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

/* WHERE of the rows since a time. */
static struct err *since_condition(struct arena *arena, const struct ast *time, const struct ast *since,
                                   struct ast_select *select)
{
    struct slice at = ast_print(arena, time), from = ast_print(arena, since);
    struct slice where = select->where == NULL ? slice_text("1") : ast_print(arena, select->where);
    char *text =
        at.data == NULL || from.data == NULL || where.data == NULL
            ? NULL
            : arena_format(arena, "(%.*s) AND (%.*s >= (%.*s))", SLICE_ARG(where), SLICE_ARG(at), SLICE_ARG(from));
    return text == NULL ? arena_error(arena) : parse_expression_text(arena, slice_text(text), &select->where);
}

struct err *live_plan_past(struct arena *arena, const struct ast_statement *statement, const struct table_source *table,
                           bool count, struct slice *out)
{
    struct err *err = NULL;
    const struct ast_query *query = statement->query;
    const struct ast_select *select;
    uint64_t last = statement->emit_since != NULL ? LIVE_TAIL_ROWS : statement->emit_last;
    const char *clause = statement->emit_since != NULL ? "SINCE" : "LAST";
    while (query->part_count == 1 && query->parts[0].query != NULL) {
        query = query->parts[0].query;
    }
    select = query->part_count == 1 ? query->parts[0].select : NULL;
    const struct ast_table *from = select == NULL || select->table_count == 0 ? NULL : &select->tables[0];
    if (last > LIVE_TAIL_ROWS) {
        return err_new(ERR_BAD_ARGUMENTS, "EMIT ROWS LAST %llu: at most %u rows of a tail are kept",
                       (unsigned long long)last, LIVE_TAIL_ROWS);
    }
    if (from == NULL || from->subquery != NULL || !slice_equal(from->name, table->name)) {
        return err_new(ERR_NOT_IMPLEMENTED, "EMIT ROWS %s of a view or a subquery; name its table %.*s.%.*s in FROM",
                       clause, SLICE_ARG(table->database), SLICE_ARG(table->name));
    }
    if (table->completeness == NULL || table->completeness->column.length == 0) {
        return err_new(ERR_NOT_IMPLEMENTED,
                       "EMIT ROWS %s: %.*s.%.*s has no event time, so that nothing says which of its rows are the last "
                       "ones; give it a column of time, or leave %s out",
                       clause, SLICE_ARG(table->database), SLICE_ARG(table->name), clause);
    }
    struct slice *parts = ARENA_ARRAY(arena, struct slice, 2);
    struct ast *time = ARENA_NEW(arena, struct ast), *limit = ARENA_NEW(arena, struct ast);
    const char *digits = arena_format(arena, "%llu", (unsigned long long)last);
    if (parts == NULL || time == NULL || limit == NULL || digits == NULL) {
        return arena_error(arena);
    }
    parts[0] =
        from->alias.length > 0 ? from->alias : from->name; /* an alias of the SELECT may have the column's name */
    parts[1] = table->completeness->column;
    *time = (struct ast){.kind = AST_IDENTIFIER, .parts = parts, .part_count = 2, .depth = 1};
    *limit =
        (struct ast){.kind = AST_LITERAL, .literal = AST_UINT, .number = last, .text = slice_text(digits), .depth = 1};
    struct ast_order order = {.expression = time, .descending = true};
    struct ast_select sorted = *select;
    if (!count) {
        sorted.order_by = &order;
        sorted.order_count = 1;
        sorted.limit = limit;
    }
    if (statement->emit_since != NULL) {
        OR_DONE(since_condition(arena, time, statement->emit_since, &sorted));
    }
    struct ast_query_part part = query->parts[0];
    struct ast_query whole = *query;
    part.select = &sorted;
    whole.parts = &part;
    *out = ast_print_query(arena, &whole);
    if (count && out->data != NULL) {
        char *text = arena_format(arena, "SELECT count() FROM (%.*s)", SLICE_ARG(*out));
        *out = text == NULL ? (struct slice){0} : slice_text(text);
    }
    err = out->data == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

struct err *live_plan_check_past(const struct query_plan *plan)
{
    return plan->subquery_count == 0
               ? NULL
               : err_new(ERR_NOT_IMPLEMENTED, "EMIT ROWS SINCE takes a time, and the query no subquery");
}

void live_plan_explain(const struct live_plan *look, const struct plan *plan, const char *emits,
                       const struct pane_shape *panes, struct buffer *out)
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
    if (panes->why != NULL) {
        buffer_printf(out, "  Panes: none: %s\n", panes->why);
    } else {
        buffer_printf(out, "  Panes: pane tree, pane %lld.%06lld s, %llu panes\n",
                      (long long)(panes->pane_us / 1000000), (long long)(panes->pane_us % 1000000),
                      (unsigned long long)panes->panes);
    }
}
