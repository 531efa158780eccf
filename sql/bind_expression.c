/*
 * bind_expression.c: one node of the syntax tree → a bound expression.
 */
#include "sql/binder.h"

#include <stdio.h>

const struct column *expression_value(const struct expression *expression)
{
    return expression->kind == EXPRESSION_CONSTANT ? expression->constant : NULL;
}

struct err *bind_type(struct binder *binder, uint32_t offset, struct slice text, const struct type **out)
{
    return bind_at(binder, offset, type_parse(binder->arena, text, out));
}

/* Is it a text that is not known yet, beside a value of another type? */
static bool is_text_beside(const struct expression *text, const struct expression *other)
{
    return text->kind == EXPRESSION_PARAMETER && type_is_string(text->type) && !type_is_string(other->type) &&
           other->type->kind != TYPE_NOTHING && !type_is_nested(other->type);
}

/* The text as a value of the type, NULL of NULL; one that is none of the type's is an error, as it is in a statement. */
static struct err *text_as(struct binder *binder, const struct expression *text, const struct type *type,
                           const struct expression **out)
{
    struct err *err = NULL;
    struct arena *arena = binder->arena;
    const struct function_context *context = binder->options->context;
    const struct expression *parts[3], *bare = NULL;
    type = type_nullable(arena, type_low_cardinality(arena, type, false), false);
    struct column *null = column_const_null(arena, type_nullable(arena, type_simple(TYPE_NOTHING), true), 1);
    if (type == NULL || null == NULL) {
        return arena_error(arena);
    }
    OR_DONE(expression_call(arena, context, slice_text("isNull"), &text, 1, &parts[0]));
    OR_DONE(expression_constant(arena, null, &parts[1]));
    OR_DONE(expression_call(arena, context, slice_text("assumeNotNull"), &text, 1, &bare));
    OR_DONE(expression_cast(arena, context, bare, type, &parts[2]));
    err = expression_call(arena, context, slice_text("if"), parts, 3, out);
done:
    return err;
}

/* The text of a subquery stands for a value of the other side's type, as a text in the statement does. */
static struct err *compared_text(struct binder *binder, struct slice name, const struct expression *const *arguments,
                                 const struct expression **pair)
{
    static const char *const comparisons[] = {"equals",       "notEquals", "less",
                                              "lessOrEquals", "greater",   "greaterOrEquals"};
    struct err *err = NULL;
    pair[0] = arguments[0];
    pair[1] = arguments[1];
    bool compares = false;
    for (uint32_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        compares = compares || slice_is_text(name, comparisons[i]);
    }
    for (uint32_t i = 0; compares && i < 2; i++) {
        if (is_text_beside(arguments[i], arguments[1 - i])) {
            OR_DONE(text_as(binder, arguments[i], arguments[1 - i]->type, &pair[i]));
        }
    }
done:
    return err;
}

static struct err *call_of(struct binder *binder, uint32_t offset, struct slice name,
                           const struct expression *const *arguments, uint32_t count, const struct expression **out)
{
    struct err *err = NULL;
    const struct expression *pair[2];
    if (count == 2) {
        OR_DONE(bind_at(binder, offset, compared_text(binder, name, arguments, pair)));
        arguments = pair;
    }
    err =
        bind_at(binder, offset, expression_call(binder->arena, binder->options->context, name, arguments, count, out));
done:
    return err;
}

struct err *bind_call(struct binder *binder, uint32_t offset, const char *name,
                      const struct expression *const *arguments, uint32_t count, const struct expression **out)
{
    return call_of(binder, offset, slice_text(name), arguments, count, out);
}

/* ---- literals: the smallest type that holds the number, as ClickHouse */

const struct type *bind_type_of_uint(uint64_t value)
{
    return type_simple(value <= UINT8_MAX    ? TYPE_UINT8
                       : value <= UINT16_MAX ? TYPE_UINT16
                       : value <= UINT32_MAX ? TYPE_UINT32
                                             : TYPE_UINT64);
}

const struct type *bind_type_of_int(int64_t value)
{
    return type_simple(value >= INT8_MIN    ? TYPE_INT8
                       : value >= INT16_MIN ? TYPE_INT16
                       : value >= INT32_MIN ? TYPE_INT32
                                            : TYPE_INT64);
}

struct err *bind_literal(struct binder *binder, const struct ast *node, const struct expression **out)
{
    struct arena *arena = binder->arena;
    struct column *column = NULL;
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
    } number;
    const struct type *type;

    switch (node->literal) {
    case AST_NULL:
        type = type_nullable(arena, type_simple(TYPE_NOTHING), true);
        column = type == NULL ? NULL : column_const_null(arena, type, 1);
        break;
    case AST_STRING:
        column = column_const(arena, type_simple(TYPE_STRING), &node->text, 1);
        break;
    case AST_FLOAT:
        column = column_const(arena, type_simple(TYPE_FLOAT64), &node->real, 1);
        break;
    case AST_BOOL:
    case AST_UINT:
    case AST_INT:
        type = node->literal == AST_BOOL   ? type_simple(TYPE_BOOL)
               : node->literal == AST_UINT ? bind_type_of_uint(node->number)
                                           : bind_type_of_int((int64_t)node->number);
        switch (type->width) {
        case 1:
            number.u8 = (uint8_t)node->number;
            break;
        case 2:
            number.u16 = (uint16_t)node->number;
            break;
        case 4:
            number.u32 = (uint32_t)node->number;
            break;
        default:
            number.u64 = node->number;
            break;
        }
        column = column_const(arena, type, &number, 1);
        break;
    }
    return column == NULL ? arena_error(arena) : expression_constant(arena, column, out);
}

/* ---- aggregates */

bool expression_reads(const struct expression *expression, uint32_t from, uint32_t to)
{
    bool reads =
        expression->kind == EXPRESSION_COLUMN && expression->column_index >= from && expression->column_index < to;
    for (uint32_t i = 0; i < expression->child_count && !reads; i++) {
        reads = expression_reads(expression->children[i], from, to);
    }
    return reads;
}

bool expression_has_aggregate(const struct expression *expression)
{
    return expression_reads(expression, AGGREGATE_BASE, UINT32_MAX);
}

bool expression_has_window(const struct expression *expression)
{
    return expression_reads(expression, WINDOW_BASE, UINT32_MAX);
}

static struct err *bind_parameters(struct binder *binder, struct scope *scope, const struct ast *node,
                                   const struct column ***out)
{
    struct err *err = NULL;
    const struct column **values = arena_array(binder->arena, node->parameters.count + 1U, sizeof(struct column *));

    if (values == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < node->parameters.count; i++) {
        const struct expression *expression = NULL;
        OR_DONE(bind_node(binder, scope, node->parameters.items[i], &expression));
        values[i] = expression_value(expression);
        if (values[i] == NULL) {
            err = bind_error(binder, node->parameters.items[i]->offset, ERR_BAD_ARGUMENTS,
                             "the parameters of %.*s must be constants", SLICE_ARG(node->parts[0]));
            goto done;
        }
    }
    *out = values;
done:
    return err;
}

static struct err *register_aggregate(struct binder *binder, struct scope *scope, const struct aggregate *aggregate,
                                      const struct expression *const *arguments, uint32_t parameter_hash,
                                      uint32_t *index)
{
    uint64_t hash = parameter_hash * 31U + aggregate->argument_count;

    for (const char *at = aggregate->name; *at != '\0'; at++) {
        hash = hash * 31U + (unsigned char)*at;
    }
    for (uint32_t i = 0; i < aggregate->argument_count; i++) {
        hash = hash * 1000003U + arguments[i]->hash;
    }
    for (uint32_t i = 0; i < scope->aggregate_count; i++) {
        const struct plan_aggregate *other = &scope->aggregates[i];
        /* parameters are part of the hash only: with any parameters each call keeps its own state */
        bool equal = parameter_hash == 0 && scope->aggregate_hashes[i] == hash &&
                     strcmp(other->aggregate->name, aggregate->name) == 0 &&
                     other->aggregate->argument_count == aggregate->argument_count;
        for (uint32_t j = 0; j < aggregate->argument_count && equal; j++) {
            equal = expression_equal(other->arguments[j], arguments[j]);
        }
        if (equal) {
            *index = i;
            return NULL;
        }
    }
    uint32_t count = scope->aggregate_count;
    uint64_t *place_hash = bind_array_add(binder->arena, &scope->aggregate_hashes, &count, sizeof(*place_hash));
    struct plan_aggregate *place =
        bind_array_add(binder->arena, &scope->aggregates, &scope->aggregate_count, sizeof(*place));
    if (place == NULL || place_hash == NULL) {
        return arena_error(binder->arena);
    }
    *place_hash = hash;
    *place = (struct plan_aggregate){.aggregate = aggregate, .arguments = arguments};
    *index = scope->aggregate_count - 1;
    return NULL;
}

struct err *bind_arguments(struct binder *binder, struct scope *scope, const struct ast_list *list,
                           const struct expression ***out)
{
    struct err *err = NULL;
    const struct expression **arguments = arena_array(binder->arena, list->count + 1U, sizeof(struct expression *));

    if (arguments == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        OR_DONE(bind_node(binder, scope, list->items[i], &arguments[i]));
    }
    *out = arguments;
done:
    return err;
}

struct err *bind_aggregate_function(struct binder *binder, struct scope *scope, const struct ast *node,
                                    const struct expression *const *arguments, const struct aggregate **out)
{
    struct err *err = NULL;
    const struct column **parameters = NULL;
    struct slice name = node->parts[0];
    struct function_argument *types = arena_array(binder->arena, node->arguments.count + 1U, sizeof(*types));

    if (types == NULL) {
        return arena_error(binder->arena);
    }
    OR_DONE(bind_parameters(binder, scope, node, &parameters));
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        types[i] = (struct function_argument){.type = arguments[i]->type, .constant = expression_value(arguments[i])};
    }
    if (node->nulls != 0) {
        OR_DONE(bind_at(binder, node->offset, aggregate_nulls(binder->arena, name, node->nulls > 0, &name)));
    }
    OR_DONE(bind_at(binder, node->offset,
                    aggregate_resolve(binder->arena, binder->options->context, name, parameters, node->parameters.count,
                                      types, node->arguments.count, out)));
done:
    return err;
}

static struct err *bind_aggregate(struct binder *binder, struct scope *scope, const struct ast *node,
                                  const struct expression **out)
{
    struct err *err = NULL;
    const struct expression **arguments = NULL;
    const struct aggregate *aggregate = NULL;
    uint32_t index = 0;

    if (scope->rows_only) {
        err =
            bind_error(binder, node->offset, ERR_ILLEGAL_AGGREGATION,
                       "the aggregate function %.*s is not allowed in %s", SLICE_ARG(node->parts[0]), scope->rows_what);
        goto done;
    }
    if (scope->no_aggregates != NULL || scope->in_aggregate) {
        err = bind_error(binder, node->offset, ERR_ILLEGAL_AGGREGATION,
                         "the aggregate function %.*s is not allowed %s%s%s", SLICE_ARG(node->parts[0]),
                         scope->in_aggregate ? "inside another one" : "in ",
                         scope->in_aggregate ? "" : scope->no_aggregates,
                         !scope->in_aggregate && strcmp(scope->no_aggregates, "WHERE") == 0
                             ? ": it is computed after rows are filtered; HAVING filters by its result"
                             : "");
        goto done;
    }
    scope->in_aggregate = true;
    OR_DONE(bind_arguments(binder, scope, &node->arguments, &arguments));
    OR_DONE(bind_aggregate_function(binder, scope, node, arguments, &aggregate));
    scope->in_aggregate = false;
    if (aggregate_needs_window(aggregate)) {
        err = bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                         "the function %.*s can only be used as a window function", SLICE_ARG(node->parts[0]));
        goto done;
    }
    OR_DONE(register_aggregate(binder, scope, aggregate, arguments, node->parameters.count, &index));
    OR_DONE(expression_column(binder->arena, AGGREGATE_BASE + index, aggregate->type, out));
done:
    return err;
}

/* ---- calls */

static struct err *bind_cast(struct binder *binder, struct scope *scope, const struct ast *node,
                             const struct expression **out)
{
    struct err *err = NULL;
    const struct expression *value = NULL;
    const struct expression *name = NULL;
    const struct type *type = NULL;

    if (node->arguments.count != 2) {
        err = bind_error(binder, node->offset, ERR_ARGUMENT_COUNT, "CAST takes a value and a type, not %u arguments",
                         node->arguments.count);
        goto done;
    }
    OR_DONE(bind_node(binder, scope, node->arguments.items[0], &value));
    OR_DONE(bind_node(binder, scope, node->arguments.items[1], &name));
    const struct column *constant = expression_value(name);
    if (constant == NULL || constant->type->kind != TYPE_STRING || column_is_null(constant, 0)) {
        err = bind_error(binder, node->arguments.items[1]->offset, ERR_ARGUMENT_TYPE,
                         "the second argument of CAST must be a type in quotes");
        goto done;
    }
    OR_DONE(
        bind_type(binder, node->arguments.items[1]->offset, *(const struct slice *)column_value(constant, 0), &type));
    OR_DONE(bind_at(binder, node->offset, expression_cast(binder->arena, binder->options->context, value, type, out)));
done:
    return err;
}

/* caseWithExpression(x, a1, r1, …, otherwise) → multiIf(x = a1, r1, …, otherwise) */
static struct err *bind_case(struct binder *binder, struct scope *scope, const struct ast *node,
                             const struct expression **out)
{
    struct err *err = NULL;
    const struct expression **arguments = NULL;
    uint32_t count = node->arguments.count;

    OR_DONE(bind_arguments(binder, scope, &node->arguments, &arguments));
    if (count < 4 || count % 2 != 0) {
        err = bind_error(binder, node->offset, ERR_ARGUMENT_COUNT,
                         "caseWithExpression takes a value, pairs and a default");
        goto done;
    }
    for (uint32_t i = 1; i + 1 < count; i += 2) {
        const struct expression *pair[2] = {arguments[0], arguments[i]};
        OR_DONE(bind_call(binder, node->arguments.items[i]->offset, "equals", pair, 2, &arguments[i]));
    }
    bool constant = true; /* results: as a function of one dictionary-coded value it is dictionary-coded */
    for (uint32_t i = 2; i < count; i += i + 2 < count ? 2 : 1) {
        constant = constant && arguments[i]->kind == EXPRESSION_CONSTANT;
    }
    OR_DONE(bind_call(binder, node->offset, "multiIf", arguments + 1, count - 1, out));
    if (constant && arguments[0]->type->low_cardinality && !(*out)->type->low_cardinality) {
        const struct type *type = type_low_cardinality(binder->arena, (*out)->type, true);
        if (type == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        OR_DONE(
            bind_at(binder, node->offset, expression_cast(binder->arena, binder->options->context, *out, type, out)));
    }
done:
    return err;
}

/* (a, b) = (c, d) → a = c AND b = d; and != as its opposite. */
static bool is_tuple(const struct ast *node)
{
    return node->kind == AST_FUNCTION && slice_is_text(node->parts[0], "tuple") && node->arguments.count > 0;
}

/* Two tuples of as many elements, none of them NULL itself: that makes the whole comparison NULL. */
static bool are_tuples(const struct ast *left, const struct ast *right)
{
    bool yes = is_tuple(left) && is_tuple(right) && left->arguments.count == right->arguments.count;
    for (uint32_t i = 0; yes && i < left->arguments.count; i++) {
        const struct ast *a = left->arguments.items[i];
        const struct ast *b = right->arguments.items[i];
        bool null =
            (a->kind == AST_LITERAL && a->literal == AST_NULL) || (b->kind == AST_LITERAL && b->literal == AST_NULL);
        yes = !null && a->kind != AST_STAR && a->kind != AST_COLUMNS && b->kind != AST_STAR && b->kind != AST_COLUMNS;
    }
    return yes;
}

static struct err *bind_tuple_equal(struct binder *binder, struct scope *scope, const struct ast *node,
                                    const struct expression **out)
{
    struct err *err = NULL;
    const struct ast *left = node->arguments.items[0];
    const struct ast *right = node->arguments.items[1];
    uint32_t count = left->arguments.count;
    const struct expression **parts = arena_array(binder->arena, count, sizeof(struct expression *));
    bool equal = slice_is_text(node->parts[0], "equals");

    if (parts == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct expression *pair[2];
        OR_DONE(bind_node(binder, scope, left->arguments.items[i], &pair[0]));
        OR_DONE(bind_node(binder, scope, right->arguments.items[i], &pair[1]));
        OR_DONE(bind_call(binder, node->offset, equal ? "equals" : "notEquals", pair, 2, &parts[i]));
    }
    if (count == 1) {
        *out = parts[0];
    } else {
        OR_DONE(bind_call(binder, node->offset, equal ? "and" : "or", parts, count, out));
    }
done:
    return err;
}

/* Aggregates and window functions in a lambda's body are computed before it, and do not see its arguments. */
static struct err *outside_lambda(struct binder *binder, struct scope *scope, const struct ast *node,
                                  struct err *(*bind)(struct binder *, struct scope *, const struct ast *,
                                                      const struct expression **),
                                  const struct expression **out)
{
    struct lambda_frame *lambda = binder->lambda;
    binder->lambda = NULL;
    struct err *err = bind(binder, scope, node, out);
    binder->lambda = lambda;
    return err;
}

/* What the grammar knows and the functions do not. */
static struct err *refuse_call(struct binder *binder, const struct ast *node)
{
    if (node->nulls != 0 && !aggregate_exists(node->parts[0]) && function_exists(node->parts[0])) {
        return bind_error(binder, node->offset, ERR_SYNTAX, "%.*s is no aggregate function: %s NULLS has no meaning",
                          SLICE_ARG(node->parts[0]), node->nulls > 0 ? "RESPECT" : "IGNORE");
    }
    return NULL;
}

static struct err *bind_function(struct binder *binder, struct scope *scope, const struct ast *node,
                                 const struct expression **out)
{
    struct err *err = NULL;
    struct slice name = node->parts[0];
    const struct expression **arguments = NULL;
    enum window_kind kind;

    OR_DONE(bind_star_arguments(binder, scope, node, &node));
    if (node->window != NULL || node->window_name.length > 0) {
        return outside_lambda(binder, scope, node, bind_window_call, out);
    }
    if (window_kind_find(name, &kind)) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                          "%.*s is a window function only: it needs OVER (…) behind it", SLICE_ARG(name));
    }
    OR_DONE(refuse_call(binder, node));
    if (slice_is_any_case(name, "grouping")) {
        return bind_grouping(binder, scope, node, out);
    }
    if (slice_is_text(name, "window_state") && node->arguments.count == 0) {
        return outside_lambda(binder, scope, node, bind_window_state, out);
    }
    if (aggregate_exists(name)) {
        return outside_lambda(binder, scope, node, bind_aggregate, out);
    }
    if (node->has_parameters) {
        err = bind_error(binder, node->offset, ERR_UNKNOWN_AGGREGATE,
                         "only aggregate functions take parameters, as %.*s(…)(…) does, and there is none of that name",
                         SLICE_ARG(name));
        goto done;
    }
    if (slice_is_text(name, "in") || slice_is_text(name, "globalIn")) {
        return bind_in(binder, scope, node, false, out);
    }
    if (slice_is_text(name, "notIn") || slice_is_text(name, "globalNotIn")) {
        return bind_in(binder, scope, node, true, out);
    }
    if (slice_is_any_case(name, "CAST") || slice_is_text(name, "_CAST")) {
        return bind_cast(binder, scope, node, out);
    }
    if (slice_is_text(name, "exists") && node->arguments.count == 1 && node->arguments.items[0]->kind == AST_SUBQUERY) {
        return bind_exists(binder, scope, node->arguments.items[0], out);
    }
    if (slice_is_text(name, "caseWithExpression")) {
        return bind_case(binder, scope, node, out);
    }
    if ((slice_is_text(name, "equals") || slice_is_text(name, "notEquals")) && node->arguments.count == 2 &&
        are_tuples(node->arguments.items[0], node->arguments.items[1])) {
        return bind_tuple_equal(binder, scope, node, out);
    }
    if (is_format_row(name)) {
        return bind_format_row(binder, scope, node, out);
    }
    if (slice_is_text(name, "arrayJoin")) {
        return bind_array_join_call(binder, scope, node, out);
    }
    OR_DONE(bind_higher_order(binder, scope, node, out));
    if (*out != NULL) {
        goto done;
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        const struct ast *argument = node->arguments.items[i];
        if (argument->kind == AST_LAMBDA) {
            err = bind_refuse(binder, argument->offset, "a lambda function as an argument of %.*s", SLICE_ARG(name));
            goto done;
        }
    }
    OR_DONE(bind_arguments(binder, scope, &node->arguments, &arguments));
    OR_DONE(call_of(binder, node->offset, name, arguments, node->arguments.count, out));
done:
    return err;
}

/* ---- any node */

static struct err *bind_identifier_parameter(struct binder *binder, struct scope *scope, const struct ast *node,
                                             const struct expression **out)
{
    struct err *err = NULL;
    struct ast name = {.kind = AST_IDENTIFIER, .offset = node->offset, .end = node->end, .depth = 1, .part_count = 1};

    name.parts = ARENA_ARRAY(binder->arena, struct slice, 1);
    if (name.parts == NULL) {
        return arena_error(binder->arena);
    }
    OR_DONE(bind_parameter_text(binder, node, &name.parts[0]));
    OR_DONE(bind_identifier(binder, scope, &name, out));
done:
    return err;
}

static struct err *bind_content(struct binder *binder, struct scope *scope, const struct ast *node,
                                const struct expression **out)
{
    switch (node->kind) {
    case AST_LITERAL:
        return bind_literal(binder, node, out);
    case AST_IDENTIFIER:
        return bind_identifier(binder, scope, node, out);
    case AST_FUNCTION:
        return bind_function(binder, scope, node, out);
    case AST_PARAMETER:
        return slice_is_text(node->text, "Identifier") ? bind_identifier_parameter(binder, scope, node, out)
                                                       : bind_parameter_value(binder, node, out);
    case AST_SUBQUERY:
        if (scope->rows_only) {
            return bind_refuse(binder, node->offset, "a subquery in %s", scope->rows_what);
        }
        return bind_scalar_subquery(binder, scope, node, out);
    case AST_LAMBDA:
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                          "a lambda function may stand as an argument of functions such as arrayMap only");
    case AST_LITERALS: /* stands on the right of IN only */
    case AST_STAR:
    case AST_COLUMNS:
        break;
    }
    return bind_error(binder, node->offset, ERR_SYNTAX, "%s may stand in a SELECT's list only",
                      node->kind == AST_STAR ? "*" : "COLUMNS");
}

struct err *bind_node(struct binder *binder, struct scope *scope, const struct ast *node, const struct expression **out)
{
    struct alias *alias = node->alias.length > 0 ? scope_alias(scope, node->alias) : NULL;

    const struct query_limits *limits = binder->options->limits;
    ++binder->expanded;
    if (limits != NULL && limits->max_expanded_ast_elements != 0 &&
        binder->expanded > limits->max_expanded_ast_elements) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                          "Query tree is too big. Maximum: %llu (max_expanded_ast_elements)",
                          (unsigned long long)limits->max_expanded_ast_elements);
    }
    if (binder->expanded > EXPANDED_COUNT_MAX) {
        return bind_error(binder, node->offset, ERR_TOO_DEEP_AST,
                          "with its aliases written out the query has more than %u elements "
                          "(max_expanded_ast_elements)",
                          EXPANDED_COUNT_MAX);
    }
    if (binder->depth >= BIND_DEPTH_MAX) {
        return bind_error(binder, node->offset, ERR_TOO_DEEP_AST,
                          "with its aliases and CTEs written out the query is deeper than %u levels", BIND_DEPTH_MAX);
    }
    binder->depth++;
    struct err *err;
    if (alias != NULL && alias->state != ALIAS_BINDING) {
        /* bound once, by its name */
        struct ast name = {.kind = AST_IDENTIFIER,
                           .offset = node->offset,
                           .end = node->end,
                           .depth = 1,
                           .parts = &alias->name,
                           .part_count = 1};
        err = bind_identifier(binder, scope, &name, out);
    } else {
        err = bind_content(binder, scope, node, out);
    }
    binder->depth--;
    return err;
}

struct err *bind_boolean(struct binder *binder, uint32_t offset, const char *clause,
                         const struct expression *expression)
{
    if (type_is_number(expression->type) || expression->type->kind == TYPE_NOTHING) {
        return NULL;
    }
    struct slice name = type_name(binder->arena, expression->type);
    return name.data == NULL ? arena_error(binder->arena)
                             : bind_error(binder, offset, ERR_FILTER_TYPE,
                                          "%s needs a condition, not a value of type %.*s", clause, SLICE_ARG(name));
}
