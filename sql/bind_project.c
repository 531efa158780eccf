/*
 * bind_project.c: the last stages of a SELECT: its list, DISTINCT, ORDER BY, LIMIT BY, WITH FILL, LIMIT.
 *
 * flow     bind_select.c → here → query/plan.h
 */
#include "sql/selection.h"

#include <string.h>

struct projection {
    const struct expression **expressions;
    struct slice *names;
    uint32_t count;
    uint32_t name_count;
};

static struct err *projection_add(struct binder *binder, struct projection *projection,
                                  const struct expression *expression, struct slice name)
{
    const struct expression **place =
        bind_array_add(binder->arena, &projection->expressions, &projection->count, sizeof(struct expression *));
    struct slice *place_name =
        bind_array_add(binder->arena, &projection->names, &projection->name_count, sizeof(*place_name));
    if (place == NULL || place_name == NULL) {
        return arena_error(binder->arena);
    }
    *place = expression;
    *place_name = name;
    return NULL;
}

/* Moves an expression onto the projection's output: as a column that is there, or as one more. */
static struct err *project_beside(struct selection *selection, struct projection *projection,
                                  const struct expression **expression, uint32_t offset)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;

    for (uint32_t i = 0; i < projection->count; i++) {
        if (projection->expressions[i] == *expression || expression_equal(projection->expressions[i], *expression)) {
            return expression_column(binder->arena, i, (*expression)->type, expression);
        }
    }
    if (selection->scope.select->distinct) {
        uint32_t left = UINT32_MAX;
        OR_DONE(
            bind_rewrite(binder->arena, *expression, projection->expressions, projection->count, expression, &left));
        if (left != UINT32_MAX) {
            err = bind_refuse(binder, offset, "ordering SELECT DISTINCT by what is not in its list");
        }
        goto done;
    }
    OR_DONE(projection_add(binder, projection, *expression, slice_text("")));
    OR_DONE(expression_column(binder->arena, projection->count - 1, (*expression)->type, expression));
done:
    return err;
}

/* from_end: set when the number is negative, whose distance from 0 is given then; NULL: that is refused. */
static struct err *limit_value(struct selection *selection, const struct ast *node, const char *what, uint64_t *out,
                               bool *from_end)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct scope constants = {.rows_only = true, .rows_what = "LIMIT", .parent = &selection->scope};
    const struct expression *expression = NULL;

    if (node == NULL) {
        return NULL;
    }
    OR_DONE(bind_node(binder, &constants, node, &expression));
    const struct column *value = expression_value(expression);
    if (value == NULL || !type_is_integer(value->type) || column_is_null(value, 0) || value->type->width > 8) {
        err = bind_error(binder, node->offset, ERR_INVALID_LIMIT, "%s must be a constant whole number", what);
        goto done;
    }
    *out = 0;
    memcpy(out, column_value(value, 0), value->type->width); /* little-endian */
    if (type_is_signed(value->type) && (*out >> (8 * value->type->width - 1) & 1) != 0) {
        if (from_end == NULL) {
            err = bind_refuse(binder, node->offset, "a negative %s", what);
            goto done;
        }
        uint64_t sign = value->type->width == 8 ? 0 : UINT64_MAX << 8 * value->type->width;
        *out = 0 - (*out | sign);
        *from_end = true;
    }
done:
    return err;
}

struct limits {
    uint64_t limit;
    uint64_t offset;
    uint64_t by_limit;
    uint64_t by_offset;
    bool last; /* LIMIT -n: the last rows */
    bool cut;  /* OFFSET -n: not the last rows */
};

static struct err *bind_limits(struct selection *selection, struct limits *limits)
{
    struct err *err = NULL;
    const struct ast_select *select = selection->scope.select;

    *limits = (struct limits){.limit = UINT64_MAX};
    OR_DONE(limit_value(selection, select->limit, "LIMIT", &limits->limit, &limits->last));
    OR_DONE(limit_value(selection, select->limit_offset, "OFFSET", &limits->offset, &limits->cut));
    OR_DONE(limit_value(selection, select->limit_by_count, "LIMIT", &limits->by_limit, NULL));
    OR_DONE(limit_value(selection, select->limit_by_offset, "OFFSET", &limits->by_offset, NULL));
    limits->by_limit = select->distinct_on.count > 0 ? 1 : limits->by_limit;
    if (select->with_ties && select->order_count == 0) {
        err = bind_error(selection->binder, select->limit_position, ERR_WITH_TIES, "WITH TIES needs ORDER BY");
    } else if (select->with_ties && selection_limit_by(select)->count > 0) {
        err = bind_refuse(selection->binder, select->limit_position, "WITH TIES together with LIMIT BY");
    } else if (select->with_ties && (limits->last || limits->cut)) {
        err = bind_refuse(selection->binder, select->limit_position, "WITH TIES with a negative LIMIT or OFFSET");
    }
done:
    return err;
}

static struct err *plan_order_and_limits(struct selection *selection, const struct limits *limits)
{
    struct err *err = NULL;
    struct arena *arena = selection->binder->arena;
    const struct ast_select *select = selection->scope.select;
    bool limited = limits->limit != UINT64_MAX || limits->offset > 0;
    bool sort_all = select->with_ties || selection_limit_by(select)->count > 0 || limits->last || limits->cut ||
                    limits->limit > UINT64_MAX - limits->offset;

    if (selection->sort_count > 0) {
        OR_DONE(plan_sort(arena, selection->plan, selection->sort_keys, selection->sort_count,
                          sort_all || limits->limit == UINT64_MAX ? UINT64_MAX : limits->limit + limits->offset,
                          &selection->plan));
    }
    if (selection_limit_by(select)->count > 0) {
        if (selection->limit_key_count > 0) {
            OR_DONE(plan_limit_by(arena, selection->plan, selection->limit_keys, selection->limit_key_count,
                                  limits->by_offset, limits->by_limit, &selection->plan));
        } else { /* constants: one group */
            OR_DONE(plan_limit(arena, selection->plan, limits->by_offset, limits->by_limit, false, &selection->plan));
        }
    }
    OR_DONE(bind_fill(selection->binder, &selection->scope, &selection->items, selection->sort_keys,
                      selection->sort_orders, selection->sort_count, &selection->plan));
    if (limits->last || limits->cut) { /* first the offset, from either end, then the limit */
        if (!limits->cut && limits->offset > 0) {
            OR_DONE(plan_limit(arena, selection->plan, limits->offset, UINT64_MAX, false, &selection->plan));
        }
        OR_DONE(plan_tail(arena, selection->plan, limits->cut ? limits->offset : 0,
                          limits->last ? limits->limit : UINT64_MAX, &selection->plan));
        if (!limits->last && limits->limit != UINT64_MAX) {
            OR_DONE(plan_limit(arena, selection->plan, 0, limits->limit, false, &selection->plan));
        }
    } else if (limited) {
        OR_DONE(plan_limit(arena, selection->plan, limits->offset, limits->limit,
                           select->with_ties && selection->sort_count > 0, &selection->plan));
    }
done:
    return err;
}

struct err *selection_project(struct selection *selection)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    const struct ast_select *select = selection->scope.select;
    struct projection projection = {0};
    struct limits limits;
    uint32_t count = selection->items.count;

    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(
            projection_add(binder, &projection, selection->items.items[i].expression, selection->items.items[i].name));
    }
    for (uint32_t i = 0; i < selection->sort_count; i++) {
        OR_DONE(
            project_beside(selection, &projection, &selection->sort_keys[i].expression, select->order_by[0].offset));
    }
    for (uint32_t i = 0; i < selection->limit_key_count; i++) {
        OR_DONE(project_beside(selection, &projection, &selection->limit_keys[i],
                               selection_limit_by(select)->items[0]->offset));
    }
    OR_DONE(bind_limits(selection, &limits));
    OR_DONE(plan_project(binder->arena, selection->plan, projection.expressions, projection.names, projection.count,
                         &selection->plan));
    if (select->distinct) {
        OR_DONE(plan_distinct(binder->arena, selection->plan, &selection->plan));
    }
    OR_DONE(plan_order_and_limits(selection, &limits));
    struct plan *totals = NULL;
    if (selection->totals != NULL) {
        OR_DONE(
            plan_project(binder->arena, selection->totals, projection.expressions, projection.names, count, &totals));
    }
    if (projection.count > count) {
        const struct expression **columns = arena_array(binder->arena, count, sizeof(struct expression *));
        if (columns == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        for (uint32_t i = 0; i < count; i++) {
            OR_DONE(expression_column(binder->arena, i, projection.expressions[i]->type, &columns[i]));
        }
        OR_DONE(plan_project(binder->arena, selection->plan, columns, projection.names, count, &selection->plan));
    }
    selection->plan->totals = totals;
done:
    return err;
}
