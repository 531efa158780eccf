/*
 * monotone.c: see monotone.h.
 */
#include "query/monotone.h"

#include "query/panes.h"

#include <string.h>

#define DEPTH_MAX 200U /* of expressions and plans that are followed */

enum course { STAYS, GROWS, FALLS, ANYHOW }; /* of a value, while rows are added */

static enum course opposite(enum course course)
{
    return course == GROWS ? FALLS : course == FALLS ? GROWS : course;
}

/* Of a value that depends on both, and grows with each of them. */
static enum course both(enum course a, enum course b)
{
    return a == STAYS ? b : b == STAYS || a == b ? a : ANYHOW;
}

static bool is_unsigned(const struct type *type)
{
    switch (type->kind) {
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
    case TYPE_UINT128:
    case TYPE_UINT256:
    case TYPE_BOOL:
        return true;
    default:
        return false;
    }
}

static enum course aggregate_course(const struct plan_aggregate *call, bool has_rows)
{
    static const struct {
        const char *name;
        bool of_some_rows; /* -If */
    } names[] = {{"count", false}, {"countIf", true}, {"uniqExact", false}, {"uniqExactIf", true}, {"sum", false},
                 {"sumIf", true},  {"max", false},    {"maxIf", true},      {"min", false},        {"minIf", true}};
    const struct aggregate *aggregate = call->aggregate;
    size_t k = 0, count = sizeof(names) / sizeof(names[0]);
    while (k < count && strcmp(names[k].name, aggregate->name) != 0) {
        k++;
    }
    if (k == count) {
        return ANYHOW;
    }
    if (k < 4) {
        return GROWS;
    }
    const struct type *type = aggregate->argument_types[0];
    if (k < 6) {
        return is_unsigned(type) ? GROWS : ANYHOW;
    }
    /* Of no rows it is 0, or NULL where the values may be NULL. */
    bool begins = (has_rows && !names[k].of_some_rows) || type->nullable;
    if (k < 8) {
        return begins || is_unsigned(type) ? GROWS : ANYHOW;
    }
    return begins ? FALLS : ANYHOW;
}

static enum course course_of(const struct plan *input, const struct expression *expression, uint32_t depth);

/* Of a column that a node gives. */
static enum course column_course(const struct plan *plan, uint32_t column, uint32_t depth)
{
    for (; depth < DEPTH_MAX; depth++, plan = plan->inputs[0]) {
        if (plan->kind == PLAN_PROJECT) {
            return course_of(plan->inputs[0], plan->expressions[column], depth + 1);
        }
        if (plan->kind == PLAN_AGGREGATE || plan->kind == PLAN_PANES) {
            uint32_t keys = plan->expression_count;
            return column < keys ? STAYS : aggregate_course(&plan->aggregates[column - keys], keys > 0);
        }
        if (plan->kind != PLAN_FILTER && plan->kind != PLAN_SORT) {
            return plan->kind == PLAN_SCAN ? STAYS : ANYHOW;
        }
    }
    return ANYHOW;
}

static bool is_positive(const struct expression *expression)
{
    const struct column *value = expression->kind == EXPRESSION_CONSTANT ? expression->constant : NULL;
    if (value == NULL || column_is_null(value, 0)) {
        return false;
    }
    const void *bytes = column_value(value, 0);
    double real;
    switch (value->type->kind) {
    case TYPE_UINT8:
        return *(const uint8_t *)bytes > 0;
    case TYPE_UINT16:
        return *(const uint16_t *)bytes > 0;
    case TYPE_UINT32:
        return *(const uint32_t *)bytes > 0;
    case TYPE_UINT64:
        return *(const uint64_t *)bytes > 0;
    case TYPE_FLOAT64:
        memcpy(&real, bytes, sizeof(real));
        return real > 0;
    default:
        return false;
    }
}

static enum course call_course(const struct plan *input, const struct expression *call, uint32_t depth)
{
    const char *name = call->function->name;
    enum course all = STAYS, first = ANYHOW, last = ANYHOW;
    for (uint32_t k = 0; k < call->child_count; k++) {
        last = course_of(input, call->children[k], depth);
        first = k == 0 ? last : first;
        all = both(all, last);
    }
    if (strcmp(name, "greater") == 0 || strcmp(name, "greaterOrEquals") == 0) {
        return both(first, opposite(last));
    }
    if (strcmp(name, "less") == 0 || strcmp(name, "lessOrEquals") == 0) {
        return both(opposite(first), last);
    }
    if (strcmp(name, "and") == 0 || strcmp(name, "or") == 0) {
        return all;
    }
    if (strcmp(name, "not") == 0) {
        return opposite(all);
    }
    if (strcmp(name, "divide") == 0 && last == STAYS && is_positive(call->children[1])) {
        return first;
    }
    /* window_state() is told what is complete by a constant. */
    return all == STAYS && strcmp(name, "window_state") != 0 ? STAYS : ANYHOW;
}

static enum course course_of(const struct plan *input, const struct expression *expression, uint32_t depth)
{
    if (depth >= DEPTH_MAX) {
        return ANYHOW;
    }
    switch (expression->kind) {
    case EXPRESSION_CONSTANT:
        return STAYS;
    case EXPRESSION_COLUMN:
        return column_course(input, expression->column_index, depth);
    case EXPRESSION_CALL:
        return call_course(input, expression, depth + 1);
    case EXPRESSION_IN:
    case EXPRESSION_MAP:
        for (uint32_t k = 0; k < expression->child_count; k++) {
            if (course_of(input, expression->children[k], depth + 1) != STAYS) {
                return ANYHOW;
            }
        }
        return STAYS;
    default:
        return ANYHOW;
    }
}

static bool keeps_rows(const struct plan *plan)
{
    return plan->kind == PLAN_FILTER || plan->kind == PLAN_PROJECT || plan->kind == PLAN_SORT;
}

/* Down from *at through what keeps each row, or leaves it out for itself; to the node below, in *at. */
static const char *go_down(const struct plan **at)
{
    for (uint32_t depth = 0; keeps_rows(*at) && depth < DEPTH_MAX; depth++, *at = (*at)->inputs[0]) {
        if ((*at)->kind == PLAN_SORT && (*at)->limit != UINT64_MAX) {
            return "a LIMIT leaves rows out that others push away";
        }
    }
    return NULL;
}

/* Rows, or groups of rows, of one table? */
static const char *look_at_shape(const struct plan *plan)
{
    const char *why = go_down(&plan);
    if (why == NULL && plan->kind == PLAN_PANES) {
        if (plan->panes->session) {
            return "sessions grow together when rows come between them";
        }
        plan = plan->inputs[0]; /* the panes */
        why = go_down(&plan);
    }
    if (why == NULL && plan->kind == PLAN_AGGREGATE) {
        plan = plan->inputs[0];
        why = go_down(&plan);
    }
    if (why == NULL && (plan->kind != PLAN_SCAN || plan->source->generate != NULL)) {
        why = "its rows are not those of one stored table, or groups of them";
    }
    return why;
}

/* HAVING, where it stands. */
static const char *look_at_conditions(const struct plan *plan)
{
    for (; keeps_rows(plan); plan = plan->inputs[0]) {
        if (plan->kind == PLAN_FILTER && course_of(plan->inputs[0], plan->condition, 0) > GROWS) {
            return "its HAVING may hold for some rows, and no longer when more of them have come";
        }
    }
    return NULL;
}

const char *plan_monotone(const struct query_plan *plan, const struct function_marks *marks, uint32_t value_column)
{
    const struct plan *root = plan->plan;
    const char *why = plan->subquery_count > 0 ? "it has a subquery" : NULL;
    if (marks->is_volatile || marks->changes || marks->asks_query || marks->asks_server) {
        why = "it depends on more than rows: on chance, a dictionary, or how complete a table is";
    }
    why = why != NULL ? why : look_at_shape(root);
    why = why != NULL ? why : look_at_conditions(root);
    for (uint32_t k = 0; k < root->column_count && why == NULL; k++) {
        enum course course = column_course(root, k, 0);
        if (k != value_column && course != STAYS) {
            why = "a label is not of GROUP BY's keys";
        } else if (k == value_column && course == ANYHOW && root->columns[k].type->nullable) {
            why = "its value may become NULL";
        }
    }
    return why;
}
