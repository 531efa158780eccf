/*
 * bind_correlated.c: EXISTS and scalar subqueries whose WHERE has names of the query around them.
 *
 * inside   such a name is a column from OUTER_BASE on. Conditions with them leave WHERE: "inner = outer" becomes a key,
 *          by which the subquery is grouped when it aggregates; what is left over compares pairs of rows. The plan of
 *          the subquery gives its value (EXISTS: 1), the keys, and the columns that the rest needs
 * outside  the value is a column from DEPENDENT_BASE on. Its plan is joined to the query's input, LEFT ANY: below WHERE
 *          when a condition, a key of GROUP BY or an aggregate reads it, else above the aggregation
 * no row   is NULL (of a type that has none: its default) and EXISTS false, as in ClickHouse; of several any one
 */
#include "sql/conjuncts.h"
#include "sql/join.h"
#include "sql/selection.h"

#include <string.h>

#define IS_OUTER(expression)     expression_reads(expression, OUTER_BASE, DEPENDENT_BASE)
#define IS_DEPENDENT(expression) expression_reads(expression, DEPENDENT_BASE, JOINED_BASE)

/* ---- names of the query around it */

struct err *correlation_take(struct binder *binder, struct correlation *correlation, const struct ast *node,
                             const struct expression *value, const struct expression **out)
{
    uint32_t i = 0;
    if (expression_has_window(value) || IS_OUTER(value)) {
        return bind_refuse(binder, node->offset, "a correlated subquery over %s of the query around it",
                           IS_OUTER(value) ? "what is itself such a name" : "a window function");
    }
    while (i < correlation->column_count && !expression_equal(correlation->columns[i], value)) {
        i++;
    }
    if (i == correlation->column_count) {
        const struct expression **place = bind_array_add(binder->arena, &correlation->columns,
                                                         &correlation->column_count, sizeof(struct expression *));
        if (place == NULL) {
            return arena_error(binder->arena);
        }
        *place = value;
    }
    return expression_column(binder->arena, OUTER_BASE + i, value->type, out);
}

/* ---- the subquery's SELECT */

static struct err *refuse(struct selection *selection, const char *what)
{
    return bind_refuse(selection->binder, selection->scope.select->offset, "a correlated subquery with %s", what);
}

static struct err *add_item(struct selection *selection, const struct expression *expression)
{
    const struct ast *ast = selection->items.items[0].ast;
    struct item *item =
        bind_array_add(selection->binder->arena, &selection->items.items, &selection->items.count, sizeof(*item));
    if (item == NULL) {
        return arena_error(selection->binder->arena);
    }
    *item = (struct item){.name = slice_text(""), .ast = ast, .expression = expression};
    return NULL;
}

/* inner = outer, in any order, or <=>: a key. *taken false: it is none. */
static struct err *take_key(struct selection *selection, const struct expression *condition, bool must, bool *taken)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct correlation *correlation = selection->scope.correlation;
    const char *name = condition->kind == EXPRESSION_CALL ? condition->function->name : "";
    bool null_safe = strcmp(name, "isNotDistinctFrom") == 0;
    const struct type *type;

    *taken = false;
    if ((!null_safe && strcmp(name, "equals") != 0) || correlation->key_count == JOIN_KEYS_MAX) {
        return NULL;
    }
    bool swapped = IS_OUTER(condition->children[0]);
    const struct expression *outer = condition->children[!swapped], *inner = condition->children[swapped];
    if (!IS_OUTER(outer) || IS_OUTER(inner) || expression_reads(outer, 0, LAMBDA_BASE) ||
        expression_reads(outer, DEPENDENT_BASE, AGGREGATE_BASE)) {
        return NULL;
    }
    struct err *none = join_key_type(binder, selection->scope.select->offset, inner->type, outer->type, &type);
    if (none != NULL && must) {
        return none;
    }
    if (none != NULL || (!must && (type_is_float(type) || type->kind == TYPE_FIXED_STRING || type_is_nested(type)))) {
        binder->positioned = false;
        err_free(none);
        return NULL;
    }
    OR_DONE(join_key_cast(binder, &inner, type));
    OR_DONE(join_key_cast(binder, &outer, type));
    struct correlation_key *key =
        bind_array_add(binder->arena, &correlation->keys, &correlation->key_count, sizeof(*key));
    if (key == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    *key = (struct correlation_key){.outer = outer, .inner = inner, .null_safe = null_safe};
    *taken = true;
done:
    return err;
}

/* The columns of the subquery's input become those of its plan, where items are added for them. */
static struct err *take_rest(struct selection *selection, const struct expression *expression, uint32_t first,
                             const struct expression **out)
{
    struct err *err = NULL;
    struct arena *arena = selection->binder->arena;

    if (expression->kind == EXPRESSION_COLUMN) {
        uint32_t i = first;
        if (IS_OUTER(expression)) {
            *out = expression;
            return NULL;
        }
        while (i < selection->items.count && !expression_equal(selection->items.items[i].expression, expression)) {
            i++;
        }
        OR_DONE(i < selection->items.count ? NULL : add_item(selection, expression));
        return expression_column(arena, i, expression->type, out);
    }
    *out = expression;
    if (expression->child_count > 0) {
        const struct expression **children;
        struct expression *copy;
        OR_DONE(expression_copy(arena, expression, &copy, &children));
        for (uint32_t i = 0; i < expression->child_count; i++) {
            OR_DONE(take_rest(selection, expression->children[i], first, &children[i]));
        }
        *out = expression_made(copy);
    }
done:
    return err;
}

/* Its list, as one value. */
static struct err *make_value(struct selection *selection)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct item *item = &selection->items.items[0];
    const struct type *type;

    if (selection->items.count > 1) {
        const struct expression **values =
            arena_array(binder->arena, selection->items.count, sizeof(struct expression *));
        if (values == NULL) {
            return arena_error(binder->arena);
        }
        for (uint32_t i = 0; i < selection->items.count; i++) {
            values[i] = selection->items.items[i].expression;
        }
        OR_DONE(bind_call(binder, item->ast->offset, "tuple", values, selection->items.count, &item->expression));
    }
    selection->items.count = 1;
    OR_DONE(bind_scalar_type(binder, item->expression->type, &type));
    if (!type_equal(type, item->expression->type)) {
        OR_DONE(bind_at(
            binder, item->ast->offset,
            expression_cast(binder->arena, binder->options->context, item->expression, type, &item->expression)));
    }
done:
    return err;
}

/* Those of a clause whose expressions may not have such names. */
static bool names_in(const struct expression *const *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (IS_OUTER(list[i])) {
            return true;
        }
    }
    return false;
}

/* What the clauses of the subquery do not allow. */
static struct err *check_clauses(struct selection *selection, bool aggregated)
{
    const struct ast_select *select = selection->scope.select;
    const struct scope *scope = &selection->scope;
    bool exists = scope->correlation->exists;
    const struct ast *limit = select->limit;
    bool some =
        limit != NULL && exists && limit->kind == AST_LITERAL && limit->literal == AST_UINT && limit->number > 0;

    if ((limit != NULL && !some) || select->limit_offset != NULL || select->limit_by_count != NULL ||
        select->distinct_on.count > 0) {
        return refuse(selection, "LIMIT");
    }
    if (scope->window_count > 0) {
        return refuse(selection, "window functions");
    }
    if (select->with_totals || (select->group_kind != AST_GROUP_PLAIN && select->group_kind != AST_GROUP_ALL)) {
        return refuse(selection, "WITH TOTALS, ROLLUP, CUBE or GROUPING SETS");
    }
    if (scope->array_join_count > 0) {
        return refuse(selection, "ARRAY JOIN");
    }
    if (exists && aggregated && !select->grouped) {
        return refuse(selection, "EXISTS of an aggregate without GROUP BY, which always has a row");
    }
    bool names = names_in(selection->keys, selection->key_count) ||
                 (selection->having != NULL && IS_OUTER(selection->having)) ||
                 (selection->qualify != NULL && IS_OUTER(selection->qualify));
    for (uint32_t i = 0; i < selection->items.count; i++) {
        names = names || IS_OUTER(selection->items.items[i].expression);
    }
    for (uint32_t i = 0; i < scope->aggregate_count; i++) {
        names = names || names_in(scope->aggregates[i].arguments, scope->aggregates[i].aggregate->argument_count);
    }
    return names ? refuse(selection, "names of the query around it outside of WHERE") : NULL;
}

/* The order of its rows, and of EXISTS the list, do not matter. */
static struct err *forget_clauses(struct selection *selection)
{
    struct ast_select *select = ARENA_NEW(selection->binder->arena, struct ast_select);
    if (select == NULL) {
        return arena_error(selection->binder->arena);
    }
    *select = *selection->scope.select;
    select->order_count = 0;
    select->order_by_all = false;
    select->limit = NULL;
    select->distinct = select->distinct && !selection->scope.correlation->exists;
    selection->scope.select = select;
    selection->sort_count = 0;
    selection->sort_order_count = 0;
    return NULL;
}

struct err *correlate(struct selection *selection)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct correlation *correlation = selection->scope.correlation;
    bool aggregated = selection->scope.select->grouped || selection->scope.aggregate_count > 0;
    struct conjuncts all = {0}, own = {0}, rest = {0};
    const struct expression *condition;

    if (correlation == NULL || correlation->column_count == 0) {
        return NULL;
    }
    OR_DONE(check_clauses(selection, aggregated));
    OR_DONE(forget_clauses(selection));
    OR_DONE(conjuncts_add(binder->arena, selection->condition, &all));
    for (uint32_t i = 0; i < all.count; i++) {
        bool taken = false;
        struct conjuncts *list = IS_OUTER(all.items[i]) ? &rest : &own;
        OR_DONE(list == &own ? NULL : take_key(selection, all.items[i], aggregated, &taken));
        OR_DONE(taken ? NULL : conjuncts_add(binder->arena, all.items[i], list));
    }
    if (aggregated && rest.count > 0) {
        err = refuse(selection, "aggregates, and conditions on the query around it that are no equality");
        goto done;
    }
    OR_DONE(conjuncts_join(binder, &own, &selection->condition));
    if (correlation->exists) {
        const struct ast one = {.kind = AST_LITERAL, .literal = AST_UINT, .number = 1, .depth = 1};
        selection->items.count = 1;
        OR_DONE(bind_literal(binder, &one, &selection->items.items[0].expression));
    } else {
        OR_DONE(make_value(selection));
    }
    for (uint32_t k = 0; k < correlation->key_count; k++) {
        const struct expression *inner = correlation->keys[k].inner;
        OR_DONE(add_item(selection, inner));
        OR_DONE(aggregated ? selection_add_key(selection, inner) : NULL);
    }
    OR_DONE(conjuncts_join(binder, &rest, &condition));
    correlation->rest = NULL;
    if (condition != NULL) {
        OR_DONE(take_rest(selection, condition, 1 + correlation->key_count, &correlation->rest));
    }
done:
    return err;
}

/* ---- the query around it */

struct err *dependent_add(struct binder *binder, struct scope *scope, uint32_t offset, struct plan *plan,
                          const struct correlation *correlation, const struct expression **out)
{
    bool prewhere = scope->no_aggregates != NULL && strcmp(scope->no_aggregates, "PREWHERE") == 0;
    if (!scope->takes_dependents || prewhere) {
        return bind_refuse(binder, offset, "a correlated subquery in %s",
                           scope->no_aggregates != NULL ? scope->no_aggregates : "ON and ARRAY JOIN");
    }
    if (correlation->exists && correlation->rest == NULL) {
        struct err *err = plan_distinct(binder->arena, plan, &plan);
        if (err != NULL) {
            return err;
        }
    }
    struct dependent *place =
        bind_array_add(binder->arena, &scope->dependents, &scope->dependent_count, sizeof(*place));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = (struct dependent){.plan = plan, .correlation = *correlation, .offset = offset, .column = UINT32_MAX};
    return expression_column(binder->arena, DEPENDENT_BASE + scope->dependent_count - 1, plan->columns[0].type, out);
}

bool expression_has_dependent(const struct expression *expression)
{
    return IS_DEPENDENT(expression);
}

void dependents_want(const struct expression *expression, uint8_t *wanted)
{
    if (expression == NULL) {
        return;
    }
    if (expression->kind == EXPRESSION_COLUMN && IS_DEPENDENT(expression)) {
        wanted[expression->column_index - DEPENDENT_BASE] = 1;
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        dependents_want(expression->children[i], wanted);
    }
}

static uint32_t place_of_dependent(const struct scope *scope, uint32_t number)
{
    return scope->dependents[number].column;
}

struct err *dependents_replace(struct binder *binder, const struct scope *scope, const struct expression **expression)
{
    return bind_place_columns(binder, scope, DEPENDENT_BASE, JOINED_BASE, place_of_dependent, expression);
}

/* Names of the query around it become what they stand for, columns of the subquery's plan go behind the input's. */
static struct err *on_both(struct binder *binder, const struct correlation *correlation, uint32_t left_count,
                           const struct expression *expression, const struct expression **out)
{
    struct err *err = NULL;
    const struct expression **children;
    struct expression *copy;

    if (expression->kind == EXPRESSION_COLUMN) {
        uint32_t index = expression->column_index;
        if (IS_OUTER(expression)) {
            *out = correlation->columns[index - OUTER_BASE];
            return NULL;
        }
        return expression_column(binder->arena, index + left_count, expression->type, out);
    }
    if (expression->child_count == 0) {
        *out = expression;
        return NULL;
    }
    OR_DONE(expression_copy(binder->arena, expression, &copy, &children));
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(on_both(binder, correlation, left_count, expression->children[i], &children[i]));
    }
    *out = expression_made(copy);
done:
    return err;
}

static struct err *place_one(struct binder *binder, struct dependent *dependent, struct plan **plan)
{
    struct err *err = NULL;
    struct arena *arena = binder->arena;
    const struct correlation *correlation = &dependent->correlation;
    uint32_t count = (*plan)->column_count, keys = correlation->key_count;
    const struct expression **left = arena_array(arena, keys + 1U, sizeof(struct expression *));
    const struct expression **right = arena_array(arena, keys + 1U, sizeof(struct expression *));
    bool *null_safe = arena_alloc(arena, keys + 1U);
    struct join_output *outputs = ARENA_ARRAY(arena, struct join_output, count + 1U);
    struct slice *names = ARENA_ARRAY(arena, struct slice, count + 1U);
    struct plan_join join = {.kind = JOIN_LEFT, .strictness = JOIN_ANY, .key_count = keys};

    if (left == NULL || right == NULL || null_safe == NULL || outputs == NULL || names == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < keys; k++) {
        OR_DONE(on_both(binder, correlation, 0, correlation->keys[k].outer, &left[k]));
        OR_DONE(expression_column(arena, 1 + k, dependent->plan->columns[1 + k].type, &right[k]));
        null_safe[k] = correlation->keys[k].null_safe;
    }
    if (correlation->rest != NULL) {
        OR_DONE(on_both(binder, correlation, count, correlation->rest, &join.rest));
    }
    for (uint32_t i = 0; i < count; i++) {
        outputs[i] = (struct join_output){i, JOIN_NONE};
        names[i] = (*plan)->columns[i].name;
    }
    outputs[count] = (struct join_output){JOIN_NONE, 0};
    names[count] = slice_text("");
    join.left_keys = left;
    join.right_keys = right;
    join.null_safe = null_safe;
    join.outputs = outputs;
    OR_DONE(plan_join(arena, *plan, dependent->plan, &join, names, count + 1, plan));
    dependent->column = count;
done:
    return err;
}

struct err *dependents_place(struct selection *selection, const uint8_t *wanted, bool aggregated)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    struct scope *scope = &selection->scope;
    bool placed = false;

    for (uint32_t i = 0; i < scope->dependent_count; i++) {
        struct dependent *dependent = &scope->dependents[i];
        if (dependent->column != UINT32_MAX || (wanted != NULL && !wanted[i])) {
            continue;
        }
        for (uint32_t c = 0; c < dependent->correlation.column_count; c++) {
            const struct expression **column = &dependent->correlation.columns[c];
            OR_DONE(array_joins_replace(binder, scope, column));
            if (expression_has_array_join(*column)) {
                return bind_refuse(binder, dependent->offset, "a correlated subquery over arrayJoin");
            }
            if (!aggregated && expression_has_aggregate(*column)) {
                return bind_error(binder, dependent->offset, ERR_ILLEGAL_AGGREGATION,
                                  "a correlated subquery over an aggregate is computed after it is needed here");
            }
        }
        OR_DONE(place_one(binder, dependent, &selection->plan));
        placed = true;
    }
    if (placed && selection->totals != NULL) {
        return bind_refuse(binder, scope->select->offset, "WITH TOTALS together with a correlated subquery");
    }
    err = placed ? selection_change(selection, aggregated, dependents_replace) : NULL;
done:
    return err;
}
