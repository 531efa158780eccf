/*
 * bind_select.c: one SELECT → plan.
 *
 * plan     input → filter (PREWHERE, WHERE) → aggregate → filter (HAVING) → sort and window, for each window → filter
 *          (QUALIFY) → project (the list, and what ORDER BY and LIMIT BY need beside it) → distinct → sort → limit by →
 *          fill → limit → project (the list alone)
 */
#include "query/storage_source.h"
#include "sql/conjuncts.h"
#include "sql/join.h"
#include "sql/selection.h"

#include <string.h>

/* ---- what is not built */

static struct err *refuse_clauses(struct binder *binder, const struct ast_select *select)
{
    if (select->recursive) {
        return bind_refuse(binder, select->offset, "WITH RECURSIVE");
    }
    if (select->distinct_on.count > 0 && select->limit_by_count != NULL) {
        return bind_error(binder, select->distinct_on.items[0]->offset, ERR_SYNTAX,
                          "DISTINCT ON together with LIMIT BY");
    }
    bool sets = select->group_kind != AST_GROUP_PLAIN && select->group_kind != AST_GROUP_ALL;
    if (select->with_totals && sets && select->having != NULL) {
        return bind_refuse(binder, select->totals_offset,
                           "WITH TOTALS and HAVING together with ROLLUP, CUBE or GROUPING SETS");
    }
    for (uint32_t i = 0; i < select->order_count; i++) {
        if (select->order_by[i].collation.length > 0) {
            return bind_refuse(binder, select->order_by[i].offset, "COLLATE");
        }
    }
    return NULL;
}

/* ---- binding the clauses */

static struct err *bind_condition(struct selection *selection, const struct ast *node, const char *clause)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    const struct expression *condition = NULL;

    if (node == NULL) {
        return NULL;
    }
    struct correlation *correlation = strcmp(clause, "WHERE") == 0 ? selection->scope.correlation : NULL;
    selection->scope.no_aggregates = clause;
    if (correlation != NULL) {
        correlation->open = true;
    }
    OR_DONE(bind_node(binder, &selection->scope, node, &condition));
    if (correlation != NULL) {
        correlation->open = false;
    }
    selection->scope.no_aggregates = NULL;
    OR_DONE(bind_boolean(binder, node->offset, clause, condition));
    OR_DONE(conjuncts_factor(binder, &condition));
    if (selection->condition != NULL) {
        const struct expression *both[2] = {selection->condition, condition};
        OR_DONE(bind_call(binder, node->offset, "and", both, 2, &condition));
    }
    selection->condition = condition;
done:
    return err;
}

/* The one table of a JOIN that PREWHERE reads. */
struct prewhere_sides {
    const struct scope *scope;
    uint32_t side; /* JOIN_NONE: none yet */
    bool several;
    bool changed; /* of a column that the join, or ARRAY JOIN, gives another type */
};

static struct err *visit_prewhere(void *user, const struct expression *expression)
{
    struct prewhere_sides *visit = user;
    if (expression->kind != EXPRESSION_COLUMN) {
        return NULL;
    }
    if (expression->column_index >= visit->scope->scan_count) {
        visit->changed = true;
        return NULL;
    }
    uint32_t c = visit->scope->scan_columns[expression->column_index];
    uint32_t side = visit->scope->columns[c].side;
    visit->several = visit->several || side == JOIN_NONE || (visit->side != JOIN_NONE && visit->side != side);
    if (side != JOIN_NONE) {
        const struct join_side *of = &visit->scope->join->sides[side];
        visit->side = side;
        visit->changed = visit->changed || !type_equal(expression->type, of->scope.columns[c - of->begin].type);
    }
    return NULL;
}

/* Of a JOIN with a table that is read FINAL. *taken false: it is a condition like WHERE's. */
static struct err *bind_join_prewhere(struct selection *selection, const struct ast *node, bool *taken)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct scope *scope = &selection->scope;
    struct prewhere_sides visit = {.scope = scope, .side = JOIN_NONE};
    const struct expression *condition = NULL;
    bool final = false;

    *taken = false;
    for (uint32_t i = 0; i < scope->join->side_count; i++) {
        const struct scope *side = &scope->join->sides[i].scope;
        final = final || (side->source != NULL && side->source->final);
    }
    if (!final) {
        return NULL;
    }
    scope->no_aggregates = "PREWHERE";
    OR_DONE(bind_node(binder, scope, node, &condition));
    scope->no_aggregates = NULL;
    OR_DONE(bind_boolean(binder, node->offset, "PREWHERE", condition));
    OR_DONE(expression_walk(condition, visit_prewhere, &visit));
    if (visit.several) {
        err = bind_refuse(binder, node->offset, "PREWHERE over several tables of a JOIN with FINAL");
        goto done;
    }
    const struct table_source *source = visit.side == JOIN_NONE ? NULL : scope->join->sides[visit.side].scope.source;
    if (source == NULL || !source->final) {
        goto done;
    }
    if (visit.changed) {
        err = bind_refuse(binder, node->offset, "PREWHERE over columns of a FINAL table whose type a JOIN changes");
        goto done;
    }
    scope->join->prewhere = condition;
    scope->join->prewhere_side = visit.side;
    *taken = true;
done:
    return err;
}

/* Of a table that is read FINAL, rows pass it before they are combined. */
static struct err *bind_prewhere(struct selection *selection, const struct ast_select *select)
{
    struct err *err = NULL;
    struct scope *scope = &selection->scope;
    bool final = scope->source != NULL && scope->source->final, taken = false;

    if (scope->join != NULL && select->prewhere != NULL) {
        OR_DONE(bind_join_prewhere(selection, select->prewhere, &taken));
    }
    if (taken) {
        goto done;
    }
    OR_DONE(bind_condition(selection, select->prewhere, "PREWHERE"));
    if (final && selection->condition != NULL) {
        source_final_filter(scope->source, selection->condition);
        selection->condition = NULL;
    }
done:
    return err;
}

static bool is_tuple(const struct ast *node)
{
    return node->kind == AST_FUNCTION && !node->has_parameters && slice_is_text(node->parts[0], "tuple");
}

/* GROUP BY 2, ORDER BY 1: an item of the list. *item NULL: it is no position. */
static struct err *positional(struct selection *selection, const struct ast *node, const char *clause,
                              const struct item **item)
{
    uint32_t count = selection->items.count;

    *item = NULL;
    if (node->kind != AST_LITERAL || (node->literal != AST_UINT && node->literal != AST_INT)) {
        return NULL;
    }
    uint64_t position = node->number;
    if (node->literal == AST_INT) { /* -1 is the last */
        position = node->number + count + 1;
    }
    if (position < 1 || position > count) {
        return bind_error(selection->binder, node->offset, ERR_BAD_ARGUMENTS,
                          "%s: position %.*s is out of bounds, the SELECT has %u columns", clause,
                          SLICE_ARG(node->text.length > 0 ? node->text : slice_text("0")), count);
    }
    *item = &selection->items.items[position - 1];
    return NULL;
}

static struct err *add_expression(struct binder *binder, const struct expression ***list, uint32_t *count,
                                  const struct expression *expression)
{
    for (uint32_t i = 0; i < *count; i++) {
        if ((*list)[i] == expression || expression_equal((*list)[i], expression)) {
            return NULL;
        }
    }
    const struct expression **place = bind_array_add(binder->arena, list, count, sizeof(struct expression *));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = expression;
    return NULL;
}

struct err *selection_add_key(struct selection *selection, const struct expression *key)
{
    return add_expression(selection->binder, &selection->keys, &selection->key_count, key);
}

static struct err *bind_key(struct selection *selection, const struct ast *node)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;
    const struct item *item = NULL;

    if (is_tuple(node) && node->alias.length == 0) {
        for (uint32_t i = 0; i < node->arguments.count; i++) {
            OR_DONE(bind_key(selection, node->arguments.items[i]));
        }
        goto done;
    }
    OR_DONE(positional(selection, node, "GROUP BY", &item));
    if (item != NULL && item->has_aggregates) {
        err = bind_error(selection->binder, node->offset, ERR_ILLEGAL_AGGREGATION,
                         "GROUP BY: column %.*s of the SELECT is an aggregate", SLICE_ARG(item->name));
        goto done;
    }
    if (item != NULL) {
        expression = item->expression;
    } else {
        OR_DONE(bind_node(selection->binder, &selection->scope, node, &expression));
    }
    OR_DONE(bind_check_key(selection->binder, node, expression, "GROUP BY"));
    OR_DONE(selection_add_key(selection, expression));
done:
    return err;
}

static struct err *bind_keys(struct selection *selection)
{
    struct err *err = NULL;
    const struct ast_select *select = selection->scope.select;

    selection->scope.no_aggregates = "GROUP BY";
    for (uint32_t i = 0; i < select->group_by.count; i++) {
        OR_DONE(bind_key(selection, select->group_by.items[i]));
    }
    for (uint32_t i = 0; i < select->grouping_set_count; i++) {
        const struct expression **keys = selection->keys;
        uint32_t key_count = selection->key_count;
        selection->keys = NULL;
        selection->key_count = 0;
        OR_DONE(bind_key(selection, select->grouping_sets[i].items[0]));
        OR_DONE(bind_mask(selection->binder, select->grouping_sets[i].items[0], selection->keys, selection->key_count,
                          &keys, &key_count, &selection->masks));
        selection->keys = keys;
        selection->key_count = key_count;
    }
    selection->scope.no_aggregates = NULL;
    if (select->group_kind == AST_GROUP_ROLLUP || select->group_kind == AST_GROUP_CUBE) {
        OR_DONE(bind_masks(selection->binder, select, selection->key_count, &selection->masks));
    }
    if (select->grouped && select->group_kind == AST_GROUP_PLAIN && selection->key_count == 0) {
        /* GROUP BY (): one group, but none where there are no rows */
        const struct ast one = {.kind = AST_LITERAL, .literal = AST_UINT, .number = 1, .depth = 1};
        const struct expression *key = NULL;
        OR_DONE(bind_literal(selection->binder, &one, &key));
        OR_DONE(selection_add_key(selection, key));
    }
    for (uint32_t i = 0; select->group_kind == AST_GROUP_ALL && i < selection->items.count; i++) {
        if (!selection->items.items[i].has_aggregates) {
            OR_DONE(bind_check_key(selection->binder, selection->items.items[i].ast,
                                   selection->items.items[i].expression, "GROUP BY"));
            OR_DONE(selection_add_key(selection, selection->items.items[i].expression));
        }
    }
done:
    return err;
}

static struct err *add_sort_key(struct selection *selection, const struct expression *expression,
                                const struct ast_order *order)
{
    if (expression->kind == EXPRESSION_CONSTANT && !order->has_fill) {
        return NULL;
    }
    struct plan_sort_key *key =
        bind_array_add(selection->binder->arena, &selection->sort_keys, &selection->sort_count, sizeof(*key));
    const struct ast_order **place = bind_array_add(selection->binder->arena, &selection->sort_orders,
                                                    &selection->sort_order_count, sizeof(struct ast_order *));
    if (key == NULL || place == NULL) {
        return arena_error(selection->binder->arena);
    }
    *place = order;
    *key = (struct plan_sort_key){
        .expression = expression, .descending = order->descending, .nulls_first = order->nulls > 0};
    return bind_check_key(selection->binder, order->expression, expression, "ORDER BY");
}

static struct err *bind_order_key(struct selection *selection, const struct ast *node, const struct ast_order *order)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;
    const struct item *item = NULL;

    if (is_tuple(node) && node->alias.length == 0) {
        for (uint32_t i = 0; i < node->arguments.count; i++) {
            OR_DONE(bind_order_key(selection, node->arguments.items[i], order));
        }
        goto done;
    }
    OR_DONE(positional(selection, node, "ORDER BY", &item));
    if (item != NULL) {
        expression = item->expression;
    } else {
        OR_DONE(bind_node(selection->binder, &selection->scope, node, &expression));
    }
    if (type_is_state(expression->type)) {
        err = bind_error(selection->binder, node->offset, ERR_ILLEGAL_COLUMN,
                         "states of aggregate functions are not allowed in ORDER BY: they are not comparable");
        goto done;
    }
    OR_DONE(add_sort_key(selection, expression, order));
done:
    return err;
}

static struct err *bind_order(struct selection *selection)
{
    struct err *err = NULL;
    const struct ast_select *select = selection->scope.select;

    if (select->order_by_all) {
        for (uint32_t i = 0; i < selection->items.count; i++) {
            OR_DONE(add_sort_key(selection, selection->items.items[i].expression, &select->order_by[0]));
        }
        goto done;
    }
    for (uint32_t i = 0; i < select->order_count; i++) {
        OR_DONE(bind_order_key(selection, select->order_by[i].expression, &select->order_by[i]));
    }
done:
    return err;
}

static struct err *bind_clauses(struct selection *selection)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct scope *scope = &selection->scope;
    const struct ast_select *select = scope->select;

    OR_DONE(bind_items(binder, scope, &select->columns, &selection->items));
    OR_DONE(bind_prewhere(selection, select));
    OR_DONE(bind_condition(selection, select->where, "WHERE"));
    OR_DONE(bind_keys(selection));
    OR_DONE(bind_buckets(selection));
    if (select->having != NULL) {
        scope->no_windows = "HAVING";
        OR_DONE(bind_node(binder, scope, select->having, &selection->having));
        scope->no_windows = NULL;
        OR_DONE(bind_boolean(binder, select->having->offset, "HAVING", selection->having));
    }
    if (selection->complete != NULL && select->having != NULL) {
        const struct expression *both[2] = {selection->complete, selection->having};
        OR_DONE(bind_call(binder, select->having->offset, "and", both, 2, &selection->having));
    } else if (selection->complete != NULL) {
        selection->having = selection->complete;
    }
    OR_DONE(bind_named_windows(binder, scope));
    if (select->qualify != NULL) {
        OR_DONE(bind_node(binder, scope, select->qualify, &selection->qualify));
        OR_DONE(bind_boolean(binder, select->qualify->offset, "QUALIFY", selection->qualify));
    }
    OR_DONE(bind_order(selection));
    for (uint32_t i = 0; i < selection_limit_by(select)->count; i++) {
        const struct expression *expression = NULL;
        const struct item *item = NULL;
        OR_DONE(positional(selection, selection_limit_by(select)->items[i], "LIMIT BY", &item));
        if (item != NULL) {
            expression = item->expression;
        } else {
            OR_DONE(bind_node(binder, scope, selection_limit_by(select)->items[i], &expression));
        }
        if (expression->kind != EXPRESSION_CONSTANT) {
            OR_DONE(add_expression(binder, &selection->limit_keys, &selection->limit_key_count, expression));
        }
    }
done:
    return err;
}

/* ---- aggregation */

static struct err *rewrite(struct selection *selection, const struct expression **expression, uint32_t offset)
{
    struct err *err = NULL;
    struct scope *scope = &selection->scope;
    uint32_t left = UINT32_MAX;
    struct slice name = slice_text("");

    OR_DONE(bind_window_parts(selection, expression));
    OR_DONE(
        bind_rewrite(selection->binder->arena, *expression, selection->keys, selection->key_count, expression, &left));
    if (left != UINT32_MAX) {
        for (uint32_t i = 0; i < scope->column_count; i++) {
            if (scope->columns[i].index == left) {
                name = scope->columns[i].name;
            }
        }
        err = bind_error(selection->binder, offset, ERR_NOT_AN_AGGREGATE,
                         "the column %.*s is neither in GROUP BY nor inside an aggregate function", SLICE_ARG(name));
    }
done:
    return err;
}

static struct err *rewrite_in_window(void *user, const struct expression **expression, uint32_t offset)
{
    return rewrite(user, expression, offset);
}

/* Everything behind the aggregation now stands on its output. */
static struct err *aggregate(struct selection *selection)
{
    struct err *err = NULL;
    const struct ast_select *select = selection->scope.select;
    uint32_t window = UINT32_MAX;

    OR_DONE(bind_time_windows(selection, &window));
    if (window != UINT32_MAX) {
        OR_DONE(bind_panes(selection, window, &selection->plan));
    } else {
        OR_DONE(bind_aggregation(selection->binder, &selection->scope, &selection->masks, &selection->keys,
                                 &selection->key_count, &selection->plan));
    }
    selection->totals = NULL;
    if (select->with_totals) {
        OR_DONE(plan_totals(selection->binder->arena, selection->plan, &selection->totals));
    }
    for (uint32_t i = 0; i < selection->items.count; i++) {
        OR_DONE(rewrite(selection, &selection->items.items[i].expression, selection->items.items[i].ast->offset));
    }
    if (selection->having != NULL) {
        OR_DONE(
            rewrite(selection, &selection->having, select->having == NULL ? select->offset : select->having->offset));
    }
    if (selection->qualify != NULL) {
        OR_DONE(rewrite(selection, &selection->qualify, select->qualify->offset));
    }
    OR_DONE(windows_after_aggregation(&selection->scope, selection, rewrite_in_window));
    for (uint32_t i = 0; i < selection->scope.array_join_count; i++) {
        struct array_join *join = &selection->scope.array_joins[i];
        if (join->column == UINT32_MAX) {
            OR_DONE(rewrite(selection, &join->argument, join->offset));
        }
    }
    for (uint32_t i = 0; i < selection->scope.dependent_count; i++) {
        struct dependent *dependent = &selection->scope.dependents[i];
        for (uint32_t c = 0; c < dependent->correlation.column_count && dependent->column == UINT32_MAX; c++) {
            OR_DONE(rewrite(selection, &dependent->correlation.columns[c], dependent->offset));
        }
    }
    for (uint32_t i = 0; i < selection->sort_count; i++) {
        OR_DONE(rewrite(selection, &selection->sort_keys[i].expression, select->order_by[0].offset));
    }
    for (uint32_t i = 0; i < selection->limit_key_count; i++) {
        OR_DONE(rewrite(selection, &selection->limit_keys[i], selection_limit_by(select)->items[0]->offset));
    }
done:
    return err;
}

/* Everything behind the windows now stands on their output. */
static struct err *compute_windows(struct selection *selection)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    const struct scope *scope = &selection->scope;

    OR_DONE(windows_plan(binder, &selection->scope, &selection->plan));
    for (uint32_t i = 0; i < selection->items.count; i++) {
        OR_DONE(windows_rewrite(binder, scope, &selection->items.items[i].expression));
    }
    if (selection->qualify != NULL) {
        OR_DONE(windows_rewrite(binder, scope, &selection->qualify));
    }
    for (uint32_t i = 0; i < selection->sort_count; i++) {
        OR_DONE(windows_rewrite(binder, scope, &selection->sort_keys[i].expression));
    }
    for (uint32_t i = 0; i < selection->limit_key_count; i++) {
        OR_DONE(windows_rewrite(binder, scope, &selection->limit_keys[i]));
    }
done:
    return err;
}

/* ---- arrays whose elements become rows, subqueries that are joined */

struct changing {
    struct selection *selection;
    struct err *(*change)(struct binder *binder, const struct scope *scope, const struct expression **expression);
};

static struct err *change_in_window(void *user, const struct expression **expression, uint32_t offset)
{
    const struct changing *changing = user;
    (void)offset;
    return changing->change(changing->selection->binder, &changing->selection->scope, expression);
}

struct err *selection_change(struct selection *selection, bool aggregated,
                             struct err *(*change)(struct binder *binder, const struct scope *scope,
                                                   const struct expression **expression))
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct scope *scope = &selection->scope;
    const struct expression **const single[] = {&selection->condition, &selection->having, &selection->qualify};
    struct changing changing = {selection, change};

    for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
        if (*single[i] != NULL) {
            OR_DONE(change(binder, scope, single[i]));
        }
    }
    for (uint32_t i = 0; i < selection->items.count; i++) {
        OR_DONE(change(binder, scope, &selection->items.items[i].expression));
    }
    for (uint32_t i = 0; i < selection->key_count && !aggregated; i++) {
        OR_DONE(change(binder, scope, &selection->keys[i]));
    }
    for (uint32_t i = 0; i < scope->aggregate_count && !aggregated; i++) {
        const struct expression **arguments =
            (const struct expression **)(uintptr_t)scope->aggregates[i].arguments; /* the binder's own */
        for (uint32_t j = 0; j < scope->aggregates[i].aggregate->argument_count; j++) {
            OR_DONE(change(binder, scope, &arguments[j]));
        }
    }
    OR_DONE(windows_after_aggregation(scope, &changing, change_in_window));
    for (uint32_t i = 0; i < selection->sort_count; i++) {
        OR_DONE(change(binder, scope, &selection->sort_keys[i].expression));
    }
    for (uint32_t i = 0; i < selection->limit_key_count; i++) {
        OR_DONE(change(binder, scope, &selection->limit_keys[i]));
    }
done:
    return err;
}

/* Places arrays on the plan, those that are wanted or all, and turns their elements into its columns everywhere. */
static struct err *join_arrays(struct selection *selection, const uint8_t *wanted, bool aggregated)
{
    struct err *err = array_joins_place(selection->binder, &selection->scope, wanted, aggregated, &selection->plan);
    return err != NULL ? err : selection_change(selection, aggregated, array_joins_replace);
}

/* What WHERE needs, and ARRAY JOIN itself, below the filter. */
static struct err *join_arrays_first(struct selection *selection, const struct expression *late)
{
    struct err *err = NULL;
    const struct scope *scope = &selection->scope;
    uint8_t *wanted;

    OR_DONE(array_joins_wanted(selection->binder, scope, &wanted));
    for (uint32_t i = 0; i < scope->array_join_count; i++) {
        wanted[i] = scope->array_joins[i].clause > 0;
    }
    array_joins_want(scope, selection->condition, wanted);
    array_joins_want(scope, late, wanted);
    OR_DONE(join_arrays(selection, wanted, false));
done:
    return err;
}

/* What the aggregation needs below it; the arguments of the others then stand on its output. */
static struct err *join_arrays_in_aggregation(struct selection *selection)
{
    struct err *err = NULL;
    const struct scope *scope = &selection->scope;
    uint8_t *wanted;

    OR_DONE(array_joins_wanted(selection->binder, scope, &wanted));
    for (uint32_t i = 0; i < selection->key_count; i++) {
        array_joins_want(scope, selection->keys[i], wanted);
    }
    for (uint32_t i = 0; i < scope->aggregate_count; i++) {
        for (uint32_t j = 0; j < scope->aggregates[i].aggregate->argument_count; j++) {
            array_joins_want(scope, scope->aggregates[i].arguments[j], wanted);
        }
    }
    OR_DONE(join_arrays(selection, wanted, false));
done:
    return err;
}

/* What the conditions, the keys and the aggregates need of correlated subqueries, below the aggregation. */
static struct err *join_dependents_first(struct selection *selection, const struct expression *condition,
                                         bool aggregated)
{
    const struct scope *scope = &selection->scope;
    uint8_t *wanted = arena_zalloc(selection->binder->arena, scope->dependent_count + 1U);

    if (wanted == NULL) {
        return arena_error(selection->binder->arena);
    }
    dependents_want(condition, wanted);
    for (uint32_t i = 0; i < selection->key_count && aggregated; i++) {
        dependents_want(selection->keys[i], wanted);
    }
    for (uint32_t i = 0; i < scope->aggregate_count; i++) {
        for (uint32_t j = 0; j < scope->aggregates[i].aggregate->argument_count; j++) {
            dependents_want(scope->aggregates[i].arguments[j], wanted);
        }
    }
    return dependents_place(selection, wanted, false);
}

/* FROM and WHERE: conditions with correlated subqueries come last. */
static struct err *read_input(struct selection *selection, bool aggregated)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct scope *scope = &selection->scope;
    const struct expression *none = NULL, *late = NULL;
    struct conjuncts all = {0}, lists[2] = {0};

    if (scope->dependent_count > 0) {
        OR_DONE(conjuncts_add(binder->arena, selection->condition, &all));
        for (uint32_t i = 0; i < all.count; i++) {
            OR_DONE(conjuncts_add(binder->arena, all.items[i], &lists[expression_has_dependent(all.items[i])]));
        }
        OR_DONE(conjuncts_join(binder, &lists[0], &selection->condition));
        OR_DONE(conjuncts_join(binder, &lists[1], &late));
    }
    bool joined = selection->condition != NULL && expression_has_array_join(selection->condition);
    OR_DONE(scope_finish_input(binder, scope, joined ? &none : &selection->condition, &selection->plan));
    if (scope->array_join_count > 0) {
        OR_DONE(join_arrays_first(selection, late));
        OR_DONE(late == NULL ? NULL : array_joins_replace(binder, scope, &late));
    }
    selection->totals = selection->plan->totals;
    if (selection->condition != NULL) {
        OR_DONE(plan_filter(binder->arena, selection->plan, selection->condition, &selection->plan));
    }
    if (scope->dependent_count > 0) {
        selection->condition = late;
        OR_DONE(join_dependents_first(selection, late, aggregated));
        OR_DONE(selection->condition == NULL
                    ? NULL
                    : plan_filter(binder->arena, selection->plan, selection->condition, &selection->plan));
    }
done:
    return err;
}

struct err *bind_select_plan(struct binder *binder, struct scope *parent, const struct ast_select *select,
                             struct plan **out)
{
    struct err *err = NULL;
    struct correlation *correlation = binder->correlation;
    struct selection selection = {.binder = binder, .scope = {.parent = parent, .select = select, .with_all = true}};

    binder->correlation = NULL;
    selection.scope.correlation = correlation != NULL && correlation->outer == parent ? correlation : NULL;
    if (++binder->select_count > SELECT_COUNT_MAX) {
        err = bind_error(binder, select->offset, ERR_TOO_DEEP_AST,
                         "with its CTEs written out the query has more than %u SELECTs", SELECT_COUNT_MAX);
        goto done;
    }
    OR_DONE(refuse_clauses(binder, select));
    OR_DONE(bind_from(binder, &selection.scope));
    OR_DONE(scope_collect_aliases(binder, &selection.scope));
    OR_DONE(bind_join_conditions(binder, &selection.scope));
    if (selection.scope.array_join_count > 0) {
        err = bind_refuse(binder, selection.scope.array_joins[0].offset, "arrayJoin in ON");
        goto done;
    }
    OR_DONE(bind_array_join_clauses(binder, &selection.scope, false));
    selection.scope.takes_dependents = true;
    OR_DONE(bind_clauses(&selection));
    OR_DONE(correlate(&selection));
    select = selection.scope.select;
    bool aggregated = select->grouped || selection.scope.aggregate_count > 0;
    OR_DONE(read_input(&selection, aggregated));
    if (select->with_totals && !aggregated) {
        err = bind_error(binder, select->totals_offset, ERR_NOT_IMPLEMENTED,
                         "WITH TOTALS is not supported without aggregation");
        goto done;
    }
    if (aggregated) {
        if (selection.scope.array_join_count > 0) {
            OR_DONE(join_arrays_in_aggregation(&selection));
        }
        OR_DONE(aggregate(&selection));
    }
    if (selection.scope.array_join_count > 0) {
        struct plan *before = selection.plan;
        OR_DONE(join_arrays(&selection, NULL, aggregated));
        if (before != selection.plan && selection.totals != NULL) {
            err = bind_refuse(binder, select->offset, "WITH TOTALS together with arrayJoin above it");
            goto done;
        }
    }
    if (selection.scope.dependent_count > 0) {
        OR_DONE(dependents_place(&selection, NULL, aggregated));
    }
    if (selection.having != NULL && selection.plan->with_totals) {
        selection.plan->condition = selection.having; /* totals are of what it lets through */
    } else if (selection.having != NULL) {
        OR_DONE(plan_filter(binder->arena, selection.plan, selection.having, &selection.plan));
    }
    if (selection.totals != NULL && selection.scope.window_count > 0) {
        err = bind_refuse(binder, select->offset, "WITH TOTALS together with window functions");
        goto done;
    }
    if (selection.scope.window_count > 0) {
        OR_DONE(compute_windows(&selection));
    }
    if (selection.qualify != NULL) {
        OR_DONE(plan_filter(binder->arena, selection.plan, selection.qualify, &selection.plan));
    }
    OR_DONE(selection_project(&selection));
    *out = selection.plan;
done:
    return err;
}
