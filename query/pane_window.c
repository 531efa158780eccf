/*
 * pane_window.c: see pane_window.h.
 */
#include "query/pane_window.h"

#include "query/pane_states.h"
#include "query/storage_source.h"

#define CONDITIONS_MAX 48U /* each becomes a filter of its own */

struct search {
    struct arena *arena;
    struct pane_window *out;
    const struct expression *conditions[CONDITIONS_MAX];
    uint32_t count;
    bool full;
};

/* --- what the plan is made of ------------------------------------------------------------------------------------ */

/* The aggregation, if nothing above it reads another table; NULL: *why. */
static const struct plan *find_aggregation(const struct query_plan *plan, const char **why)
{
    const struct plan *at = plan->plan;
    while (at->input_count == 1 && at->kind != PLAN_AGGREGATE && at->kind != PLAN_GROUPING_SETS &&
           at->kind != PLAN_PANES) {
        at = at->inputs[0];
    }
    *why = plan->subquery_count > 0     ? "it has a subquery in an expression"
           : at->input_count > 1        ? "it reads more than one table"
           : at->kind != PLAN_AGGREGATE ? "it is no plain GROUP BY"
           : plan->plan->totals != NULL ? "it is WITH TOTALS"
           : at->with_totals            ? "it is WITH TOTALS"
                                        : NULL;
    return *why == NULL ? at : NULL;
}

/* Conditions that must all be true. depth: of the tree, which the parser bounds */
static void split(struct search *search, const struct expression *condition)
{
    if (condition->kind == EXPRESSION_CALL && strcmp(condition->function->name, "and") == 0) {
        for (uint32_t i = 0; i < condition->child_count; i++) {
            split(search, condition->children[i]);
        }
        return;
    }
    search->full = search->full || search->count == CONDITIONS_MAX;
    if (!search->full) {
        search->conditions[search->count++] = condition;
    }
}

static const struct plan *find_scan(struct search *search, const struct plan *aggregation, const char **why)
{
    const struct expression *filters[PLAN_FILTERS_MAX];
    uint32_t count = 0;
    const uint32_t *columns;
    const struct plan *scan = plan_below_filters(aggregation->inputs[0], filters, &count);
    for (uint32_t i = 0; i < count; i++) {
        split(search, filters[i]);
    }
    *why = scan->kind != PLAN_SCAN                           ? "between GROUP BY and its table stands more than WHERE"
           : scan->source->final                             ? "it reads FINAL"
           : source_snapshot(scan->source, &columns) == NULL ? "it reads what is no stored table"
           : search->full                                    ? "it has too many conditions"
                                                             : NULL;
    return *why == NULL ? scan : NULL;
}

/* --- the window -------------------------------------------------------------------------------------------------- */

static int64_t power_of_ten(uint32_t digits)
{
    int64_t power = 1;
    for (; digits > 0; digits--) {
        power *= 10;
    }
    return power;
}

static bool is_time(const struct type *type)
{
    return (type->kind == TYPE_DATETIME || (type->kind == TYPE_DATETIME64 && type->scale <= 9)) && !type->nullable &&
           !type->low_cardinality;
}

static uint32_t digits_of(const struct type *type)
{
    return type->kind == TYPE_DATETIME64 ? type->scale : 0;
}

/* A comparison of a column of time with a constant of time. */
struct bound {
    const struct expression *column;
    bool is_low;
    int64_t at; /* low: the first tick that meets it; else the first one that does not */
};

static bool read_bound(const struct expression *condition, struct bound *out)
{
    static const struct {
        const char *name;
        bool greater, equal;
    } names[] = {{"greater", true, false},
                 {"greaterOrEquals", true, true},
                 {"less", false, false},
                 {"lessOrEquals", false, true}};
    size_t k = 0;
    if (condition->kind != EXPRESSION_CALL || condition->child_count != 2) {
        return false;
    }
    while (k < sizeof(names) / sizeof(names[0]) && strcmp(condition->function->name, names[k].name) != 0) {
        k++;
    }
    if (k == sizeof(names) / sizeof(names[0])) {
        return false;
    }
    bool swapped = condition->children[0]->kind == EXPRESSION_CONSTANT;
    const struct expression *column = condition->children[swapped], *value = condition->children[!swapped];
    if (column->kind != EXPRESSION_COLUMN || value->kind != EXPRESSION_CONSTANT || !is_time(column->type) ||
        !is_time(value->type) || column_is_null(value->constant, 0)) {
        return false;
    }
    __int128 ticks;
    if (value->type->kind == TYPE_DATETIME) {
        ticks = *(const uint32_t *)column_value(value->constant, 0);
    } else {
        ticks = *(const int64_t *)column_value(value->constant, 0);
    }
    uint32_t has = digits_of(value->type), wants = digits_of(column->type);
    bool exact = true;
    if (wants >= has) {
        ticks *= power_of_ten(wants - has);
    } else { /* down to a tick of the column */
        __int128 unit = power_of_ten(has - wants), whole = ticks / unit;
        whole -= whole * unit > ticks;
        exact = whole * unit == ticks;
        ticks = whole;
    }
    bool is_low = names[k].greater != swapped;
    /* > and <= draw the line behind the tick, >= and < before it; between two ticks all draw it behind the lower one */
    ticks += !exact || is_low != names[k].equal;
    if (ticks > INT64_MAX / 4 || ticks < INT64_MIN / 4) {
        return false;
    }
    *out = (struct bound){column, is_low, (int64_t)ticks};
    return true;
}

/* Takes the window's ends out of the conditions. The column is that of the first one that says where it begins. */
static struct err *find_window(struct search *search)
{
    struct pane_window *out = search->out;
    struct bound bound;
    for (uint32_t i = 0; i < search->count && out->time == NULL; i++) {
        if (read_bound(search->conditions[i], &bound) && bound.is_low) {
            out->time = bound.column;
        }
    }
    if (out->time == NULL) {
        out->why = "no condition says from which time on rows count, as ts > now() - INTERVAL 5 MINUTE does";
        return NULL;
    }
    out->second = power_of_ten(digits_of(out->time->type));
    out->low = INT64_MIN;
    out->high = INT64_MAX;
    out->kept = ARENA_ARRAY(search->arena, const struct expression *, (size_t)search->count + 1);
    if (out->kept == NULL) {
        return arena_error(search->arena);
    }
    for (uint32_t i = 0; i < search->count; i++) {
        bool bounds =
            read_bound(search->conditions[i], &bound) && bound.column->column_index == out->time->column_index;
        if (bounds && bound.is_low) {
            out->low = bound.at > out->low ? bound.at : out->low;
        } else if (bounds) {
            out->high = bound.at < out->high ? bound.at : out->high;
            out->ends = true;
        }
        if (!bounds || bound.is_low) {
            out->kept[out->kept_count++] = search->conditions[i];
        }
    }
    out->high = out->ends && out->high < out->low ? out->low : out->high;
    return NULL;
}

/* --- what else it computes --------------------------------------------------------------------------------------- */

static bool begins_with(struct slice name, const char *text)
{
    size_t length = strlen(text);
    return name.length >= length && memcmp(name.data, text, length) == 0;
}

/* Is it one of those whose result is the same whatever the order of rows, and of merges? (Sketches: as good.) */
static struct err *is_orderless(struct arena *arena, const struct aggregate *aggregate, bool *out)
{
    static const char *const names[] = {"count", "sum",    "avg",   "min",  "max",      "uniq", "quantile",
                                        "var",   "stddev", "covar", "corr", "groupBit", "skew", "kurt"};
    struct slice name = slice_text("");
    struct err *err = aggregate_canonical(arena, slice_text(aggregate->name), &name);
    *out = false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        *out = *out || begins_with(name, names[i]);
    }
    return err;
}

static struct err *find_digest(struct search *search, const struct query_plan *plan,
                               const struct function_context *context)
{
    struct err *err = NULL;
    struct pane_window *out = search->out;
    const struct plan *aggregation = out->aggregation, *scan = NULL;
    struct digest *parts = ARENA_ARRAY(search->arena, struct digest, (size_t)out->kept_count + 2);
    uint32_t count = 0;
    bool settled = false;
    struct bound bound;
    (void)plan;
    if (parts == NULL) {
        return arena_error(search->arena);
    }
    for (uint32_t a = 0; a < aggregation->aggregate_count && out->why == NULL; a++) {
        bool orderless = false;
        OR_DONE(is_orderless(search->arena, aggregation->aggregates[a].aggregate, &orderless));
        out->why = orderless ? NULL : "one of its functions may depend on the order of rows";
    }
    OR_DONE(aggregation_digest(search->arena, aggregation, context, &parts[count++], &scan, &settled));
    OR_DONE(expression_digest(search->arena, out->time, out->scan->source_columns, &parts[count++], &settled));
    out->why = out->why == NULL && scan != out->scan ? "its aggregation does not stand on one stored table" : out->why;
    for (uint32_t i = 0; i < out->kept_count && settled; i++) {
        if (!read_bound(out->kept[i], &bound) || bound.column->column_index != out->time->column_index) {
            OR_DONE(
                expression_digest(search->arena, out->kept[i], out->scan->source_columns, &parts[count++], &settled));
        }
    }
    out->why =
        out->why == NULL && !settled ? "it depends on chance, on a dictionary, or on a very long list" : out->why;
    out->digest = digest_of(parts, count * sizeof(*parts));
done:
    return err;
}

struct err *pane_window_of(struct arena *arena, const struct query_plan *plan, const struct function_context *context,
                           const struct function_marks *marks, struct pane_window *out)
{
    struct err *err = NULL;
    struct search search = {.arena = arena, .out = out};
    *out = (struct pane_window){0};
    const struct plan *aggregation = find_aggregation(plan, &out->why);
    if (out->why == NULL && (marks->is_volatile || marks->changes)) {
        out->why = "it depends on chance or on a dictionary";
    }
    if (out->why != NULL) {
        return NULL;
    }
    out->scan = find_scan(&search, aggregation, &out->why);
    if (out->why != NULL) {
        return NULL;
    }
    out->aggregation = (struct plan *)aggregation; /* of this plan, which is not being executed yet */
    OR_DONE(find_window(&search));
    if (out->why == NULL) {
        err = find_digest(&search, plan, context);
    }
done:
    return err;
}

/* --- plans made of it -------------------------------------------------------------------------------------------- */

struct err *pane_window_rows(struct arena *arena, const struct pane_window *window, struct plan **out)
{
    struct err *err = NULL;
    const struct plan *aggregation = window->aggregation;
    struct plan *plan = NULL;
    uint32_t count = 1 + aggregation->expression_count;
    OR_DONE(plan_scan(arena, window->scan->source, window->scan->source_columns, window->scan->column_count, &plan));
    for (uint32_t i = 0; i < window->kept_count; i++) {
        OR_DONE(plan_filter(arena, plan, window->kept[i], &plan));
    }
    for (uint32_t a = 0; a < aggregation->aggregate_count; a++) {
        count += aggregation->aggregates[a].aggregate->argument_count;
    }
    const struct expression **expressions = ARENA_ARRAY(arena, const struct expression *, count);
    struct slice *names = ARENA_ARRAY(arena, struct slice, count);
    if (expressions == NULL || names == NULL) {
        err = arena_error(arena);
        goto done;
    }
    uint32_t at = 0;
    expressions[at++] = window->time;
    for (uint32_t k = 0; k < aggregation->expression_count; k++) {
        expressions[at++] = aggregation->expressions[k];
    }
    for (uint32_t a = 0; a < aggregation->aggregate_count; a++) {
        for (uint32_t i = 0; i < aggregation->aggregates[a].aggregate->argument_count; i++) {
            expressions[at++] = aggregation->aggregates[a].arguments[i];
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        names[i] = slice_text("");
    }
    err = plan_project(arena, plan, expressions, names, count, out);
done:
    return err;
}

/* What there is of no rows: nothing, or without keys one row. */
static struct err *no_rows(struct arena *arena, const struct plan *aggregation, struct chunk **out)
{
    struct err *err = NULL;
    struct pane_states layout;
    bool one = aggregation->expression_count == 0;
    struct chunk *chunk = chunk_new(arena, aggregation->column_count, one);
    if (chunk == NULL) {
        return arena_error(arena);
    }
    if (one) {
        OR_DONE(pane_states_of(arena, aggregation->aggregates, aggregation->aggregate_count, &layout));
        char *states = pane_states_new(&layout, arena);
        if (states == NULL) {
            return arena_error(arena);
        }
        OR_DONE(pane_states_finish(&layout, arena, states, 1, chunk->columns));
    }
    for (uint32_t k = 0; k < aggregation->column_count && !one; k++) {
        chunk->columns[k] = column_empty(arena, aggregation->columns[k].type);
        if (chunk->columns[k] == NULL) {
            return arena_error(arena);
        }
    }
    *out = chunk;
done:
    return err;
}

struct err *pane_window_answer(struct arena *arena, const struct pane_window *window, struct chunk *rows)
{
    struct err *err = NULL;
    struct plan *node = window->aggregation;
    if (rows == NULL) {
        OR_DONE(no_rows(arena, node, &rows));
    }
    ASSERT(rows->column_count == node->column_count);
    node->kind = PLAN_VALUES;
    node->values = rows;
    node->inputs = NULL;
    node->input_count = 0;
    node->expressions = NULL;
    node->expression_count = 0;
    node->aggregates = NULL;
    node->aggregate_count = 0;
done:
    return err;
}
