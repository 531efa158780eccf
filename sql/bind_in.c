/*
 * bind_in.c: IN, and subqueries in expressions.
 *
 * A list of constants becomes a value_set here; a subquery becomes one that the executor fills. A list with values that
 * are not constant becomes x = a OR x = b.
 */
#include "sql/binder.h"
#include "sql/literal_list.h"

static bool is_call(const struct ast *node, const char *name)
{
    return node->kind == AST_FUNCTION && slice_is_text(node->parts[0], name);
}

static struct err *add_subquery(struct binder *binder, struct plan *plan, struct expression_parameter *parameter,
                                struct value_set *set)
{
    struct plan_subquery *place =
        bind_array_add(binder->arena, &binder->subqueries, &binder->subquery_count, sizeof(*place));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = (struct plan_subquery){.plan = plan, .parameter = parameter, .set = set};
    return NULL;
}

static struct err *tuple_elements(struct binder *binder, uint32_t offset, const struct expression *tuple,
                                  const struct expression ***out)
{
    struct err *err = NULL;
    const struct expression *pair[2] = {tuple, NULL};
    uint32_t count = tuple->type->child_count;
    const struct expression **elements = arena_array(binder->arena, count, sizeof(struct expression *));

    if (elements == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct ast element = {
            .kind = AST_LITERAL, .literal = AST_UINT, .number = i + 1, .offset = offset, .depth = 1};
        OR_DONE(bind_literal(binder, &element, &pair[1]));
        OR_DONE(bind_call(binder, offset, "tupleElement", pair, 2, &elements[i]));
    }
    *out = elements;
done:
    return err;
}

/* The left side: one value, or those of a tuple. */
static struct err *bind_left(struct binder *binder, struct scope *scope, const struct ast *node,
                             const struct expression ***values, uint32_t *count)
{
    struct err *err = NULL;
    bool tuple = is_call(node, "tuple") && node->arguments.count > 1;

    *count = tuple ? node->arguments.count : 1;
    *values = arena_array(binder->arena, *count, sizeof(struct expression *));
    if (*values == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < *count; i++) {
        OR_DONE(bind_node(binder, scope, tuple ? node->arguments.items[i] : node, &(*values)[i]));
    }
    const struct type *type = (*values)[0]->type;
    if (!tuple && type->kind == TYPE_TUPLE && type->child_count > 1) { /* a column of tuples: its elements */
        *count = type->child_count;
        err = tuple_elements(binder, node->offset, (*values)[0], values);
    }
done:
    return err;
}

static struct err *make_set(struct binder *binder, const struct expression *const *values, uint32_t count,
                            struct value_set **out)
{
    const struct type **types = arena_array(binder->arena, count, sizeof(struct type *));
    if (types == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        types[i] = values[i]->type;
    }
    return value_set_create(binder->arena, binder->options->context, types, count, out);
}

/* Is [1, 2] one value of the array on the left, and not a list of its elements? */
static bool is_one_array(const struct ast *right, const struct type *left)
{
    while (left->kind == TYPE_ARRAY && is_call(right, "array")) {
        left = left->children[0];
        if (right->arguments.count == 0) {
            return true;
        }
        right = right->arguments.items[0];
    }
    return left->kind != TYPE_ARRAY && !is_call(right, "array");
}

/* The rows of the list: of ((1, 2), (3, 4)) they are its tuples, of (1, 2) its values, of a single value itself. */
static struct ast_list list_rows(const struct ast *right, uint32_t width, const struct type *left,
                                 const struct ast **single)
{
    bool bracket = is_call(right, "tuple") || is_call(right, "array");

    if (!bracket || (width == 1 && left->kind == TYPE_ARRAY && is_call(right, "array") && is_one_array(right, left))) {
        return (struct ast_list){.items = (struct ast **)single, .count = 1};
    }
    if (width > 1 && right->arguments.count > 0 && !is_call(right->arguments.items[0], "tuple")) {
        return (struct ast_list){.items = (struct ast **)single, .count = 1}; /* (a, b) IN (1, 2) */
    }
    return right->arguments;
}

/* A time of day in a list beside days stands for its day, as in ClickHouse; a subquery's equals no day. */
static struct err *constant_of_list(struct binder *binder, const struct expression *value, const struct type *left,
                                    const struct column **out)
{
    struct err *err = NULL;
    struct column *day;
    *out = value->constant;
    if ((left->kind == TYPE_DATE || left->kind == TYPE_DATE32) && value->type->kind == TYPE_DATETIME) {
        OR_DONE(function_cast(binder->arena, binder->options->context, value->constant, left, &day));
        *out = day;
    }
done:
    return err;
}

/* One row of the list: as many constants as the left side has values. *constant false: it is none. */
static struct err *bind_row(struct binder *binder, struct scope *scope, const struct ast *row, uint32_t width,
                            const struct expression **values, bool *constant)
{
    struct err *err = NULL;

    if (width > 1 && (!is_call(row, "tuple") || row->arguments.count != width)) {
        err = bind_error(binder, row->offset, is_call(row, "tuple") ? ERR_SET_ELEMENT : ERR_TYPE_MISMATCH,
                         "IN: a tuple of %u values was expected, as on the left", width);
        goto done;
    }
    for (uint32_t i = 0; i < width; i++) {
        OR_DONE(bind_node(binder, scope, width > 1 ? row->arguments.items[i] : row, &values[i]));
        *constant = *constant && values[i]->kind == EXPRESSION_CONSTANT;
    }
done:
    return err;
}

static struct err *bind_in_list(struct binder *binder, struct scope *scope, const struct ast *node,
                                const struct ast *right, const struct expression *const *values, uint32_t width,
                                bool negated, const struct expression **out)
{
    struct err *err = NULL;
    struct arena *arena = binder->arena;
    struct value_set *set = NULL;
    const struct expression **row = arena_array(arena, width, sizeof(struct expression *));
    const struct column **columns = arena_array(arena, width, sizeof(struct column *));
    const struct expression **either = NULL; /* rows that are not constant: conditions */
    uint32_t either_count = 0;

    if (row == NULL || columns == NULL) {
        return arena_error(arena);
    }
    OR_DONE(make_set(binder, values, width, &set));
    bool listed = false;
    if (right->kind == AST_LITERALS) {
        struct ast *nodes;
        OR_DONE(bind_literals(binder, right, values, width, set, &listed));
        if (!listed) {
            OR_DONE(literal_list_expand(arena, right, &nodes));
            right = nodes;
        }
    }
    struct ast_list rows = listed ? (struct ast_list){0} : list_rows(right, width, values[0]->type, &right);
    for (uint32_t i = 0; i < rows.count; i++) {
        bool constant = true;
        OR_DONE(bind_row(binder, scope, rows.items[i], width, row, &constant));
        if (constant) {
            for (uint32_t j = 0; j < width; j++) {
                OR_DONE(constant_of_list(binder, row[j], values[j]->type, &columns[j]));
            }
            OR_DONE(bind_at(binder, rows.items[i]->offset, bind_check_texts(binder, columns, values, width)));
            OR_DONE(bind_at(binder, rows.items[i]->offset, value_set_add(set, columns, 1)));
            continue;
        }
        const struct expression **place = NULL;
        const struct expression *equal = NULL;
        for (uint32_t j = 0; j < width; j++) {
            const struct expression *pair[2] = {values[j], row[j]};
            const struct expression *one = NULL;
            OR_DONE(bind_call(binder, rows.items[i]->offset, "equals", pair, 2, &one));
            const struct expression *both[2] = {equal, one};
            if (equal == NULL) {
                equal = one;
            } else {
                OR_DONE(bind_call(binder, rows.items[i]->offset, "and", both, 2, &equal));
            }
        }
        place = bind_array_add(arena, &either, &either_count, sizeof(struct expression *));
        if (place == NULL) {
            err = arena_error(arena);
            goto done;
        }
        *place = equal;
    }
    OR_DONE(value_set_seal_list(set));
    const struct query_limits *limits = binder->options->limits;
    bool over; /* break: all of the list has been read */
    if (limits != NULL) {
        OR_DONE(bind_at(binder, node->offset,
                        query_limit_check(ERR_SET_SIZE_LIMIT, "IN-set", limits->max_rows_in_set, value_set_count(set),
                                          limits->max_bytes_in_set, value_set_bytes(set), limits->set_overflow_mode,
                                          &over)));
    }
    OR_DONE(bind_at(binder, node->offset, expression_in(arena, values, width, set, negated && either_count == 0, out)));
    if (either_count > 0) {
        const struct expression **place = bind_array_add(arena, &either, &either_count, sizeof(struct expression *));
        if (place == NULL) {
            err = arena_error(arena);
            goto done;
        }
        *place = *out;
        OR_DONE(bind_call(binder, node->offset, "or", either, either_count, out));
        if (negated) {
            OR_DONE(bind_call(binder, node->offset, "not", out, 1, out));
        }
    }
done:
    return err;
}

/* The elements of the only column, a tuple, as columns. */
static struct err *spread_tuple(struct binder *binder, uint32_t offset, struct plan **plan)
{
    struct err *err = NULL;
    const struct type *type = (*plan)->columns[0].type;
    const struct expression *tuple;
    const struct expression **elements = NULL;
    struct slice *names = arena_array(binder->arena, type->child_count, sizeof(*names));

    if (names == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < type->child_count; i++) {
        names[i] = (*plan)->columns[0].name;
    }
    OR_DONE(expression_column(binder->arena, 0, type, &tuple));
    OR_DONE(tuple_elements(binder, offset, tuple, &elements));
    err = plan_project(binder->arena, *plan, elements, names, type->child_count, plan);
done:
    return err;
}

static struct err *bind_in_plan(struct binder *binder, const struct ast *node, struct plan *plan,
                                const struct expression *const *values, uint32_t width, bool negated,
                                const struct expression **out)
{
    struct err *err = NULL;
    struct value_set *set = NULL;

    if (plan->column_count == 1 && width > 1 && plan->columns[0].type->kind == TYPE_TUPLE &&
        plan->columns[0].type->child_count == width) {
        OR_DONE(spread_tuple(binder, node->offset, &plan));
    }
    if (plan->column_count != width) {
        err = bind_error(binder, node->offset, ERR_COLUMN_COUNT_DIFFERS,
                         "IN: the subquery gives %u columns where the left side has %u", plan->column_count, width);
        goto done;
    }
    OR_DONE(make_set(binder, values, width, &set));
    OR_DONE(add_subquery(binder, plan, NULL, set));
    OR_DONE(bind_at(binder, node->offset, expression_in(binder->arena, values, width, set, negated, out)));
done:
    return err;
}

/* x IN name: an alias, or a table or CTE. */
static struct err *bind_in_name(struct binder *binder, struct scope *scope, const struct ast *name, struct plan **out)
{
    struct err *err = NULL;
    struct ast star = {.kind = AST_STAR, .offset = name->offset, .end = name->end, .depth = 1};
    struct ast *columns[1] = {&star};
    struct ast_table table = {.offset = name->offset, .name = name->parts[name->part_count - 1]};
    struct ast_select *select = ARENA_NEW(binder->arena, struct ast_select);

    if (select == NULL) {
        return arena_error(binder->arena);
    }
    if (name->part_count == 2) {
        table.database = name->parts[0];
    }
    select->offset = name->offset;
    select->columns = (struct ast_list){.items = columns, .count = 1};
    select->tables = &table;
    select->table_count = 1;
    OR_DONE(bind_select_plan(binder, scope, select, out));
done:
    return err;
}

struct err *bind_in(struct binder *binder, struct scope *scope, const struct ast *node, bool negated,
                    const struct expression **out)
{
    struct err *err = NULL;
    const struct expression **values = NULL;
    uint32_t width = 0;
    struct plan *plan = NULL;

    if (node->arguments.count != 2) {
        err = bind_error(binder, node->offset, ERR_ARGUMENT_COUNT, "IN takes a left and a right side");
        goto done;
    }
    const struct ast *right = node->arguments.items[1];
    OR_DONE(bind_left(binder, scope, node->arguments.items[0], &values, &width));
    if (width == 1 && values[0]->type->kind == TYPE_NOTHING) { /* NULL IN anything is NULL */
        *out = values[0];
        goto done;
    }
    struct scope_column *column = NULL;
    if (right->kind == AST_IDENTIFIER) {
        struct alias *alias = right->part_count == 1 ? scope_alias(scope, right->parts[0]) : NULL;
        for (struct scope *outer = scope->parent; outer != NULL && alias == NULL && right->part_count == 1;
             outer = outer->parent) {
            alias = scope_alias(outer, right->parts[0]);
        }
        OR_DONE(scope_find_column(binder, scope, right, &column));
        if (alias != NULL &&
            (is_call(alias->ast, "tuple") || is_call(alias->ast, "array") || alias->ast->kind == AST_SUBQUERY)) {
            right = alias->ast;
        } else if (alias == NULL && column == NULL) {
            if (scope->rows_only) {
                err = bind_refuse(binder, right->offset, "IN a table in %s", scope->rows_what);
                goto done;
            }
            OR_DONE(bind_in_name(binder, scope, right, &plan));
        }
    } else if (right->kind == AST_SUBQUERY) {
        if (scope->rows_only) {
            err = bind_refuse(binder, right->offset, "a subquery in %s", scope->rows_what);
            goto done;
        }
    }
    if (right->kind == AST_SUBQUERY) {
        OR_DONE(bind_query_plan(binder, scope, right->subquery, &plan));
    }
    if (plan != NULL) {
        OR_DONE(bind_in_plan(binder, node, plan, values, width, negated, out));
    } else {
        OR_DONE(bind_in_list(binder, scope, node, right, values, width, negated, out));
    }
done:
    return err;
}

/* ---- scalar subqueries */

/* Several columns as one tuple of them. */
static struct err *project_tuple(struct binder *binder, uint32_t offset, struct plan **plan)
{
    struct err *err = NULL;
    uint32_t count = (*plan)->column_count;
    const struct expression **columns = arena_array(binder->arena, count + 1U, sizeof(struct expression *));
    const struct type **types = arena_array(binder->arena, count + 1U, sizeof(struct type *));
    struct slice *names = arena_array(binder->arena, count + 1U, sizeof(*names));
    const struct expression *tuple = NULL;
    struct slice name = slice_text("tuple");
    bool distinct = true;

    if (columns == NULL || types == NULL || names == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        names[i] = (*plan)->columns[i].name;
        types[i] = (*plan)->columns[i].type;
        for (uint32_t j = 0; j < i; j++) {
            distinct = distinct && !slice_equal(names[i], names[j]);
        }
        OR_DONE(expression_column(binder->arena, i, types[i], &columns[i]));
    }
    OR_DONE(bind_call(binder, offset, "tuple", columns, count, &tuple));
    const struct type *type = type_tuple(binder->arena, types, distinct ? names : NULL, count);
    if (type == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    OR_DONE(bind_at(binder, offset, expression_cast(binder->arena, binder->options->context, tuple, type, &tuple)));
    OR_DONE(plan_project(binder->arena, *plan, &tuple, &name, 1, plan));
done:
    return err;
}

struct err *bind_scalar_type(struct binder *binder, const struct type *own, const struct type **out)
{
    const struct type *type = type_is_nested(own) ? own : type_nullable(binder->arena, own, true);
    *out = type == NULL ? NULL : type_low_cardinality(binder->arena, type, false);
    return *out == NULL ? arena_error(binder->arena) : NULL;
}

/* One whose WHERE may have names of the query around it. */
static struct err *bind_subquery(struct binder *binder, struct scope *scope, const struct ast_query *query,
                                 struct correlation *correlation, struct plan **out)
{
    struct correlation *before = binder->correlation;
    binder->correlation = correlation;
    struct err *err = bind_query_plan(binder, scope, query, out);
    binder->correlation = before;
    return err;
}

struct err *bind_scalar_subquery(struct binder *binder, struct scope *scope, const struct ast *node,
                                 const struct expression **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct expression_parameter *parameter = ARENA_NEW(binder->arena, struct expression_parameter);

    if (parameter == NULL) {
        return arena_error(binder->arena);
    }
    struct correlation correlation = {.outer = scope};
    OR_DONE(bind_subquery(binder, scope, node->subquery, &correlation, &plan));
    if (correlation.column_count > 0) {
        err = dependent_add(binder, scope, node->offset, plan, &correlation, out);
        goto done;
    }
    if (plan->column_count != 1) {
        OR_DONE(project_tuple(binder, node->offset, &plan));
    }
    OR_DONE(bind_scalar_type(binder, plan->columns[0].type, &parameter->type));
    if (!type_equal(parameter->type, plan->columns[0].type)) {
        const struct expression *value = NULL;
        OR_DONE(expression_column(binder->arena, 0, plan->columns[0].type, &value));
        OR_DONE(bind_at(binder, node->offset,
                        expression_cast(binder->arena, binder->options->context, value, parameter->type, &value)));
        struct slice name = plan->columns[0].name;
        OR_DONE(plan_project(binder->arena, plan, &value, &name, 1, &plan));
    }
    OR_DONE(add_subquery(binder, plan, parameter, NULL));
    OR_DONE(expression_parameter(binder->arena, parameter, out));
done:
    return err;
}

/* EXISTS: SELECT count() != 0 FROM (… LIMIT 1) */
struct err *bind_exists(struct binder *binder, struct scope *scope, const struct ast *node,
                        const struct expression **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct plan_aggregate count = {0};
    struct ast zero = {.kind = AST_LITERAL, .literal = AST_UINT, .offset = node->offset, .depth = 1};
    const struct expression *pair[2];
    const struct expression *some = NULL;
    struct slice name = slice_text("exists");
    struct expression_parameter *parameter = ARENA_NEW(binder->arena, struct expression_parameter);

    if (parameter == NULL) {
        return arena_error(binder->arena);
    }
    if (scope->rows_only) {
        err = bind_refuse(binder, node->offset, "EXISTS in %s", scope->rows_what);
        goto done;
    }
    struct correlation correlation = {.outer = scope, .exists = true};
    OR_DONE(bind_subquery(binder, scope, node->subquery, &correlation, &plan));
    if (correlation.column_count > 0) {
        err = dependent_add(binder, scope, node->offset, plan, &correlation, out);
        goto done;
    }
    OR_DONE(plan_limit(binder->arena, plan, 0, 1, false, &plan));
    OR_DONE(aggregate_resolve(binder->arena, binder->options->context, slice_text("count"), NULL, 0, NULL, 0,
                              &count.aggregate));
    OR_DONE(plan_aggregate(binder->arena, plan, NULL, 0, &count, 1, &plan));
    OR_DONE(expression_column(binder->arena, 0, count.aggregate->type, &pair[0]));
    OR_DONE(bind_literal(binder, &zero, &pair[1]));
    OR_DONE(bind_call(binder, node->offset, "notEquals", pair, 2, &some));
    OR_DONE(plan_project(binder->arena, plan, &some, &name, 1, &plan));
    parameter->type = some->type;
    OR_DONE(add_subquery(binder, plan, parameter, NULL));
    OR_DONE(expression_parameter(binder->arena, parameter, out));
done:
    return err;
}
