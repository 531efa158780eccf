/*
 * bind_array_join.c: arrayJoin(a) and ARRAY JOIN: rows become as many as an array has elements.
 *
 * An element stands in expressions as a column with an index from JOINED_BASE on. The plan nodes that make them are
 * placed as late as the query allows: those of ARRAY JOIN on top of FROM, arrayJoin in WHERE below the filter, in keys
 * and arguments of aggregates below the aggregation, all others above it. array_joins_replace then turns what has its
 * place into columns of the plan. Equal calls of arrayJoin are one.
 */
#include "query/join.h"
#include "sql/binder.h"

static bool is_joined(const struct expression *expression)
{
    return expression->kind == EXPRESSION_COLUMN && expression->column_index >= JOINED_BASE &&
           expression->column_index < AGGREGATE_BASE;
}

bool expression_has_array_join(const struct expression *expression)
{
    return expression_reads(expression, JOINED_BASE, AGGREGATE_BASE);
}

static bool can_be_joined(const struct expression *expression)
{
    return expression->type->kind == TYPE_ARRAY || expression->type->kind == TYPE_MAP;
}

static struct err *add_join(struct binder *binder, struct scope *scope, struct array_join join,
                            const struct expression **out)
{
    struct array_join *place =
        bind_array_add(binder->arena, &scope->array_joins, &scope->array_join_count, sizeof(*place));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = join;
    return expression_column(binder->arena, JOINED_BASE + scope->array_join_count - 1, join.argument->type->children[0],
                             out);
}

struct err *bind_array_join_call(struct binder *binder, struct scope *scope, const struct ast *node,
                                 const struct expression **out)
{
    struct err *err = NULL;
    const struct expression *argument = NULL;

    if (node->arguments.count != 1) {
        return bind_error(binder, node->offset, ERR_ARGUMENT_COUNT, "arrayJoin takes one array, not %u arguments",
                          node->arguments.count);
    }
    if (scope->rows_only) {
        return bind_refuse(binder, node->offset, "arrayJoin in %s", scope->rows_what);
    }
    OR_DONE(bind_node(binder, scope, node->arguments.items[0], &argument));
    if (!can_be_joined(argument)) {
        return bind_error(binder, node->offset, ERR_ARGUMENT_TYPE,
                          "the argument of arrayJoin must be an array or a map");
    }
    if (expression_reads(argument, LAMBDA_BASE, OUTER_BASE)) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "arrayJoin cannot depend on a lambda's argument");
    }
    if (expression_has_window(argument)) {
        return bind_refuse(binder, node->offset, "arrayJoin of a window function");
    }
    for (uint32_t i = 0; i < scope->array_join_count; i++) {
        const struct array_join *join = &scope->array_joins[i];
        if (join->clause == 0 && expression_equal(join->argument, argument)) {
            return expression_column(binder->arena, JOINED_BASE + i, argument->type->children[0], out);
        }
    }
    OR_DONE(add_join(binder, scope,
                     (struct array_join){.argument = argument, .offset = node->offset, .column = UINT32_MAX}, out));
done:
    return err;
}

/* ---- ARRAY JOIN */

static struct err *add_name(struct binder *binder, struct scope *scope, struct slice name,
                            const struct expression *element)
{
    struct scope_column *columns =
        arena_array(binder->arena, (size_t)scope->column_count + 1, sizeof(struct scope_column));
    if (columns == NULL) {
        return arena_error(binder->arena);
    }
    if (scope->column_count > 0) {
        memcpy(columns, scope->columns, scope->column_count * sizeof(*columns));
    }
    columns[scope->column_count] = (struct scope_column){.name = name,
                                                         .type = element->type,
                                                         .index = element->column_index,
                                                         .source = UINT32_MAX,
                                                         .hidden = true,
                                                         .side = JOIN_NONE};
    for (uint32_t i = 0; i < scope->column_count; i++) { /* an alias wins over a column */
        if (slice_equal(columns[i].name, name)) {
            columns[i].index = element->column_index;
            columns[i].type = element->type;
            columns[i].ambiguous = false;
        }
    }
    scope->columns = columns;
    scope->column_count++;
    return NULL;
}

static struct err *bind_clause(struct binder *binder, struct scope *scope, const struct ast_table *table,
                               uint32_t clause)
{
    struct err *err = NULL;
    struct ast_list names; /* n of Nested columns n.a, n.b stands for them */
    const struct ast_list *list = &names;
    OR_DONE(bind_nested_list(binder, scope, &table->array_join, &names));
    const struct expression **elements = arena_array(binder->arena, list->count, sizeof(struct expression *));
    bool left = (table->join.data[0] | 0x20) == 'l';

    if (elements == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const struct ast *node = list->items[i];
        struct array_join join = {.clause = clause, .left = left, .offset = node->offset, .column = UINT32_MAX};
        OR_DONE(bind_node(binder, scope, node, &join.argument));
        if (!can_be_joined(join.argument)) {
            return bind_error(binder, node->offset, ERR_TYPE_MISMATCH, "ARRAY JOIN needs an array or a map");
        }
        for (uint32_t j = 0; j < i && node->alias.length > 0; j++) {
            if (slice_equal(list->items[j]->alias, node->alias)) {
                return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "ARRAY JOIN gives the name %.*s twice",
                                  SLICE_ARG(node->alias));
            }
        }
        OR_DONE(add_join(binder, scope, join, &elements[i]));
    }
    for (uint32_t i = 0; i < list->count; i++) { /* the arrays see none of these names */
        const struct ast *node = list->items[i];
        struct scope_column *column = NULL;
        if (node->alias.length > 0) {
            OR_DONE(add_name(binder, scope, node->alias, elements[i]));
        } else if (node->kind == AST_IDENTIFIER) {
            OR_DONE(scope_find_column(binder, scope, node, &column));
            if (column != NULL) {
                column->index = elements[i]->column_index;
                column->type = elements[i]->type;
            }
        }
    }
done:
    return err;
}

struct err *bind_array_join_clauses(struct binder *binder, struct scope *scope, bool first_side)
{
    struct err *err = NULL;
    const struct ast_select *select = scope->select;
    uint32_t behind_first = 1; /* the first table's */

    while (behind_first < select->table_count && select->tables[behind_first].array_join.count > 0) {
        behind_first++;
    }
    scope->no_aggregates = "ARRAY JOIN";
    uint32_t end = first_side ? behind_first : select->table_count;
    for (uint32_t i = scope->join != NULL ? behind_first : 1; i < end; i++) {
        if (select->tables[i].array_join.count > 0) {
            OR_DONE(bind_clause(binder, scope, &select->tables[i], i));
        }
    }
    scope->no_aggregates = NULL;
done:
    return err;
}

/* ---- plan */

static void want(const struct scope *scope, const struct expression *expression, uint8_t *wanted)
{
    if (is_joined(expression)) {
        uint32_t join = expression->column_index - JOINED_BASE;
        if (!wanted[join]) {
            wanted[join] = 1;
            want(scope, scope->array_joins[join].argument, wanted);
        }
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        want(scope, expression->children[i], wanted);
    }
}

struct err *array_joins_wanted(struct binder *binder, const struct scope *scope, uint8_t **wanted)
{
    *wanted = arena_zalloc(binder->arena, scope->array_join_count + 1U);
    return *wanted == NULL ? arena_error(binder->arena) : NULL;
}

void array_joins_want(const struct scope *scope, const struct expression *expression, uint8_t *wanted)
{
    if (expression != NULL) {
        want(scope, expression, wanted);
    }
}

static uint32_t place_of_join(const struct scope *scope, uint32_t number)
{
    return scope->array_joins[number].column;
}

struct err *array_joins_replace(struct binder *binder, const struct scope *scope, const struct expression **expression)
{
    return bind_place_columns(binder, scope, JOINED_BASE, AGGREGATE_BASE, place_of_join, expression);
}

struct err *array_joins_place(struct binder *binder, struct scope *scope, const uint8_t *wanted, bool aggregated,
                              struct plan **plan)
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < scope->array_join_count;) {
        struct array_join *first = &scope->array_joins[i];
        uint32_t end = i + 1;
        while (first->clause > 0 && end < scope->array_join_count && scope->array_joins[end].clause == first->clause) {
            end++; /* arrays of one clause go side by side */
        }
        if (first->column != UINT32_MAX || (wanted != NULL && !wanted[i])) {
            i = end;
            continue;
        }
        const struct expression **arrays = arena_array(binder->arena, end - i, sizeof(struct expression *));
        if (arrays == NULL) {
            return arena_error(binder->arena);
        }
        for (uint32_t j = i; j < end; j++) {
            struct array_join *join = &scope->array_joins[j];
            if (!aggregated && expression_has_aggregate(join->argument)) {
                return bind_error(binder, join->offset, ERR_ILLEGAL_AGGREGATION,
                                  "arrayJoin of an aggregate is computed after it is needed here");
            }
            arrays[j - i] = join->argument;
            OR_DONE(array_joins_replace(binder, scope, &arrays[j - i]));
        }
        for (uint32_t j = i; j < end; j++) {
            scope->array_joins[j].column = (*plan)->column_count + (j - i);
        }
        OR_DONE(plan_array_join(binder->arena, *plan, arrays, end - i, first->left, plan));
        i = end;
    }
done:
    return err;
}
