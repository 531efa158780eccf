/*
 * bind_query.c: SELECTs and what joins them, UNION, INTERSECT and EXCEPT, → plan.
 *
 * INTERSECT binds closer than the others; those of equal rank are taken from the left. All SELECTs are cast to common
 * types first. Without ALL or DISTINCT, INTERSECT and EXCEPT mean ALL, as in ClickHouse.
 */
#include "sql/binder.h"

#include <string.h>

static struct err *bind_part(struct binder *binder, struct scope *parent, const struct ast_query_part *part,
                             struct plan **out)
{
    return part->query != NULL ? bind_query_plan(binder, parent, part->query, out)
                               : bind_select_plan(binder, parent, part->select, out);
}

static struct err *cast_columns(struct binder *binder, struct plan **plan, const struct type *const *types,
                                struct plan *first, uint32_t offset)
{
    struct err *err = NULL;
    uint32_t count = (*plan)->column_count;
    const struct expression **columns = arena_array(binder->arena, count + 1U, sizeof(struct expression *));
    struct slice *names = arena_array(binder->arena, count + 1U, sizeof(*names));
    bool same = true;

    if (columns == NULL || names == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        names[i] = first->columns[i].name;
        OR_DONE(expression_column(binder->arena, i, (*plan)->columns[i].type, &columns[i]));
        if (!type_equal(columns[i]->type, types[i])) {
            same = false;
            OR_DONE(
                bind_at(binder, offset,
                        expression_cast(binder->arena, binder->options->context, columns[i], types[i], &columns[i])));
        }
    }
    if (!same) {
        OR_DONE(plan_project(binder->arena, *plan, columns, names, count, plan));
    }
done:
    return err;
}

static struct err *common_types(struct binder *binder, struct plan *const *plans, uint32_t plan_count, uint32_t offset,
                                const struct type ***out)
{
    struct err *err = NULL;
    uint32_t count = plans[0]->column_count;
    const struct type **types = arena_array(binder->arena, count + 1U, sizeof(struct type *));
    const struct type **column = arena_array(binder->arena, plan_count, sizeof(struct type *));

    if (types == NULL || column == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < plan_count; j++) {
            column[j] = plans[j]->columns[i].type;
        }
        OR_DONE(bind_at(binder, offset, function_common_type(binder->arena, column, plan_count, &types[i])));
    }
    *out = types;
done:
    return err;
}

/* One UNION of plans [0, count), in an array of its own. */
static struct err *unite(struct binder *binder, struct plan *const *plans, uint32_t count, struct plan **out)
{
    if (count == 1) {
        *out = plans[0];
        return NULL;
    }
    struct plan **inputs = arena_array(binder->arena, count, sizeof(struct plan *));
    if (inputs == NULL) {
        return arena_error(binder->arena);
    }
    memcpy(inputs, plans, count * sizeof(struct plan *));
    return plan_union(binder->arena, inputs, count, out);
}

static bool is_intersect(enum ast_set_operation operation)
{
    return operation == AST_INTERSECT || operation == AST_INTERSECT_DISTINCT;
}

static bool is_except(enum ast_set_operation operation)
{
    return operation == AST_EXCEPT_SET || operation == AST_EXCEPT_DISTINCT;
}

/* Plans of equal types, in the order of the parts → one. */
static struct err *fold(struct binder *binder, const struct ast_query *query, struct plan **plans, struct plan **out)
{
    struct err *err = NULL;
    struct arena *arena = binder->arena;
    enum ast_set_operation *operations = ARENA_ARRAY(arena, enum ast_set_operation, query->part_count);
    uint32_t terms = 0;

    if (operations == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 1; i < query->part_count; i++) {
        enum ast_set_operation operation = query->parts[i].operation;
        if (is_intersect(operation)) {
            OR_DONE(plan_set_operation(arena, PLAN_INTERSECT, plans[terms], plans[i],
                                       operation == AST_INTERSECT_DISTINCT, &plans[terms]));
        } else {
            plans[++terms] = plans[i];
            operations[terms] = operation;
        }
    }
    uint32_t united = 0; /* plans[0 … united] wait for their UNION */
    for (uint32_t i = 1; i <= terms; i++) {
        if (is_except(operations[i])) {
            OR_DONE(unite(binder, plans, united + 1, &plans[0]));
            OR_DONE(plan_set_operation(arena, PLAN_EXCEPT, plans[0], plans[i], operations[i] == AST_EXCEPT_DISTINCT,
                                       &plans[0]));
            united = 0;
            continue;
        }
        plans[++united] = plans[i];
        if (operations[i] == AST_UNION_DISTINCT) {
            OR_DONE(unite(binder, plans, united + 1, &plans[0]));
            OR_DONE(plan_distinct(arena, plans[0], &plans[0]));
            united = 0;
        }
    }
    OR_DONE(unite(binder, plans, united + 1, out));
done:
    return err;
}

struct err *bind_query_plan(struct binder *binder, struct scope *parent, const struct ast_query *query,
                            struct plan **out)
{
    struct err *err = NULL;
    struct plan **plans = NULL;
    uint32_t count = 0;
    const struct type **types = NULL;
    struct plan *totals = NULL; /* of the first that has any */
    struct lambda_frame *lambda = binder->lambda;
    /* the WITH of the first SELECT holds for those behind it, too */
    const struct ast_select *first = query->part_count > 1 ? query->parts[0].select : NULL;
    struct scope with = {.parent = parent, .select = first, .with_all = true};

    if (binder->depth >= BIND_DEPTH_MAX) {
        return bind_error(binder, query->offset, ERR_TOO_DEEP_AST, "with its CTEs written out the query is too deep");
    }
    const struct query_limits *limits = binder->options->limits;
    if (limits != NULL && limits->max_subquery_depth != 0 && binder->query_depth > limits->max_subquery_depth) {
        return bind_error(binder, query->offset, ERR_TOO_DEEP_SUBQUERIES, "Too deep subqueries. Maximum: %llu",
                          (unsigned long long)limits->max_subquery_depth);
    }
    if (query->part_count > 1) { /* one SELECT alone is joined to the query around it */
        binder->correlation = NULL;
    }
    binder->lambda = NULL; /* its arguments are no rows that a query could be run for */
    binder->query_depth++;
    binder->depth += 8; /* its frames are bigger than those of expressions */
    for (uint32_t i = 0; i < query->part_count; i++) {
        const struct ast_query_part *part = &query->parts[i];
        if (i > 0 && part->operation == AST_UNION) {
            err = bind_error(binder, part->offset, ERR_EXPECTED_ALL_OR_DISTINCT,
                             "UNION needs ALL (keeps equal rows) or DISTINCT (removes them)");
            goto done;
        }
        struct plan **place = bind_array_add(binder->arena, &plans, &count, sizeof(struct plan *));
        if (place == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        OR_DONE(bind_part(binder, i > 0 && first != NULL && first->with_count > 0 ? &with : parent, part, place));
        if ((*place)->column_count != plans[0]->column_count) {
            bool is_union = !is_intersect(part->operation) && !is_except(part->operation);
            err = bind_error(binder, part->offset, is_union ? ERR_UNION_STRUCTURE : ERR_INTERSECT_STRUCTURE,
                             "%s of SELECTs with %u and %u columns",
                             is_union                        ? "UNION"
                             : is_intersect(part->operation) ? "INTERSECT"
                                                             : "EXCEPT",
                             plans[0]->column_count, (*place)->column_count);
            goto done;
        }
    }
    ASSERT(plans != NULL);
    if (count > 1) {
        OR_DONE(common_types(binder, plans, count, query->offset, &types));
        for (uint32_t i = 0; i < count; i++) {
            struct plan *part = plans[i]->totals;
            OR_DONE(cast_columns(binder, &plans[i], types, plans[0], query->parts[i].offset));
            if (part != NULL && totals == NULL) {
                totals = part;
                OR_DONE(cast_columns(binder, &totals, types, plans[0], query->parts[i].offset));
            }
        }
    }
    OR_DONE(fold(binder, query, plans, out));
    if (count > 1) {
        (*out)->totals = totals;
    }
done:
    binder->lambda = lambda;
    binder->query_depth--;
    binder->depth -= 8;
    return err;
}
