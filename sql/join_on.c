/*
 * join_on.c: ON and USING: keys, further conditions, and what a join makes of its columns' types.
 *
 * ON       is cut at its ANDs: left = right becomes a key, ASOF's inequality its time, what else there is a further
 *          condition
 * USING    both columns are cast to the type that they have in common
 */
#include "sql/join.h"

#include "query/pipeline.h"

/* ---- ON */

struct reads_visit {
    const struct scope *scope;
    const uint32_t *references;
    uint32_t side;
    struct join_reads *reads;
};

static struct err *visit_reads(void *user, const struct expression *expression)
{
    struct reads_visit *visit = user;
    if (expression->kind == EXPRESSION_COLUMN && expression->column_index < AGGREGATE_BASE) {
        uint32_t side = visit->scope->columns[visit->references[expression->column_index]].side;
        visit->reads->right |= side == visit->side;
        visit->reads->left |= side == JOIN_NONE || side < visit->side;
        visit->reads->later |= side != JOIN_NONE && side > visit->side;
    }
    return NULL;
}

struct err *join_reads(const struct scope *scope, const uint32_t *references, const struct expression *expression,
                       uint32_t side, struct join_reads *out)
{
    struct reads_visit visit = {scope, references, side, out};
    *out = (struct join_reads){0};
    return expression_walk(expression, visit_reads, &visit);
}

static const struct type *bare(struct arena *arena, const struct type *type)
{
    type = type_low_cardinality(arena, type, false);
    return type == NULL || type->kind == TYPE_NOTHING ? type : type_nullable(arena, type, false);
}

struct err *join_key_type(struct binder *binder, uint32_t offset, const struct type *left, const struct type *right,
                          const struct type **out)
{
    struct arena *arena = binder->arena;
    const struct type *types[2] = {bare(arena, left), bare(arena, right)};

    if (types[0] == NULL || types[1] == NULL) {
        return arena_error(arena);
    }
    if (type_equal(types[0], types[1])) {
        *out = types[0];
        return NULL;
    }
    struct err *err = function_common_type(arena, types, 2, out);
    if (err == NULL) {
        return NULL;
    }
    err_free(err);
    if (type_is_integer(types[0]) && type_is_integer(types[1]) && types[0]->width <= 8 && types[1]->width <= 8) {
        *out = type_simple(TYPE_INT128);
        return NULL;
    }
    struct slice names[2] = {type_name(arena, left), type_name(arena, right)};
    return bind_error(binder, offset, ERR_NO_COMMON_TYPE, "JOIN: there is no common type of the keys %.*s and %.*s",
                      SLICE_ARG(names[0]), SLICE_ARG(names[1]));
}

static struct err *add_rest(struct binder *binder, struct join_step *step, uint32_t offset,
                            const struct expression *condition)
{
    struct slice name = type_name(binder->arena, condition->type);
    const struct type *type = condition->type;
    if (!type_is_condition(type)) {
        return bind_error(binder, offset, ERR_JOIN_ON, "JOIN ON: a condition of type %.*s", SLICE_ARG(name));
    }
    const struct expression **place =
        bind_array_add(binder->arena, &step->rest, &step->rest_count, sizeof(struct expression *));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = condition;
    return NULL;
}

static struct err *add_key(struct binder *binder, struct join_step *step, const struct join_key *key, uint32_t offset)
{
    if (step->key_count == JOIN_KEYS_MAX) {
        return bind_refuse(binder, offset, "a join on more than %u keys", JOIN_KEYS_MAX);
    }
    struct join_key *place = bind_array_add(binder->arena, &step->keys, &step->key_count, sizeof(*place));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = *key;
    return NULL;
}

static bool is_call(const struct ast *node, const char *name, uint32_t count)
{
    return node->kind == AST_FUNCTION && !node->has_parameters && slice_is_text(node->parts[0], name) &&
           (count == 0 || node->arguments.count == count);
}

static bool is_text(const struct type *type)
{
    return type_is_string(type) || type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16;
}

/* left op right with one side's columns on each side: *found, and which way round. */
static struct err *sides_of(struct binder *binder, struct scope *scope, uint32_t side, const struct ast *node,
                            struct join_key *key, const struct expression **whole, bool *found, bool *swapped)
{
    struct err *err = NULL;
    const struct expression *both[2] = {NULL, NULL};
    struct join_reads reads[2];

    for (uint32_t i = 0; i < 2; i++) {
        OR_DONE(bind_node(binder, scope, node->arguments.items[i], &both[i]));
        OR_DONE(join_reads(scope, scope->scan_columns, both[i], side, &reads[i]));
    }
    char *name = arena_text(binder->arena, node->parts[0]);
    if (name == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    *swapped = reads[0].right && reads[1].left;
    *found = (reads[0].left && !reads[0].right && reads[1].right && !reads[1].left) ||
             (reads[1].left && !reads[1].right && reads[0].right && !reads[0].left);
    if (*found && is_text(both[0]->type) != is_text(both[1]->type)) {
        const struct type *type;
        OR_DONE(join_key_type(binder, node->offset, both[0]->type, both[1]->type, &type));
    }
    OR_DONE(bind_call(binder, node->offset, name, both, 2, whole));
    key->left = both[*swapped];
    key->right = both[!*swapped];
done:
    return err;
}

static struct err *bind_equality(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step,
                                 const struct ast *node)
{
    struct err *err = NULL;
    struct join_key key = {.null_safe = is_call(node, "isNotDistinctFrom", 2)};
    const struct expression *whole = NULL;
    const struct type *type;
    bool found = false;
    bool swapped;

    OR_DONE(sides_of(binder, scope, side, node, &key, &whole, &found, &swapped));
    if (!found) {
        OR_DONE(add_rest(binder, step, node->offset, whole));
        goto done;
    }
    OR_DONE(join_key_type(binder, node->offset, key.left->type, key.right->type, &type));
    OR_DONE(add_key(binder, step, &key, node->offset));
done:
    return err;
}

/* ASOF's inequality. */
static struct err *set_time(struct binder *binder, struct join_step *step, const struct join_key *key,
                            enum join_order order, uint32_t offset)
{
    struct err *err = NULL;
    const struct type *type;

    if (step->has_time) {
        return bind_error(binder, offset, ERR_JOIN_ON, "ASOF JOIN takes one inequality only");
    }
    OR_DONE(join_key_type(binder, offset, key->left->type, key->right->type, &type));
    struct slice name = type_name(binder->arena, type);
    if (type->width > 8 && key->left->type->width <= 8 && key->right->type->width <= 8) {
        err = bind_error(binder, offset, ERR_NO_COMMON_TYPE, "ASOF JOIN: no type of 64 bits holds both times");
    } else if (!type_is_number(type) && !type_is_time(type) && type->kind != TYPE_ENUM8 && type->kind != TYPE_ENUM16) {
        err = bind_error(binder, offset, ERR_FIELD_TYPE, "ASOF JOIN: the type %.*s has no nearest value",
                         SLICE_ARG(name));
    } else if (type->width > 8) {
        err = bind_refuse(binder, offset, "ASOF JOIN by a value of type %.*s", SLICE_ARG(name));
    }
    step->has_time = true;
    step->time = *key;
    step->order = order;
done:
    return err;
}

static struct err *bind_inequality(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step,
                                   const struct ast *node, enum join_order order)
{
    static const enum join_order mirrored[] = {
        [JOIN_GREATER_EQUAL] = JOIN_LESS_EQUAL,
        [JOIN_GREATER] = JOIN_LESS,
        [JOIN_LESS_EQUAL] = JOIN_GREATER_EQUAL,
        [JOIN_LESS] = JOIN_GREATER,
    };
    struct err *err = NULL;
    struct join_key key = {0};
    const struct expression *whole = NULL;
    bool found = false;
    bool swapped;

    OR_DONE(sides_of(binder, scope, side, node, &key, &whole, &found, &swapped));
    if (found) {
        OR_DONE(set_time(binder, step, &key, swapped ? mirrored[order] : order, node->offset));
    } else {
        OR_DONE(add_rest(binder, step, node->offset, whole));
    }
done:
    return err;
}

static bool order_of(const struct ast *node, enum join_order *order)
{
    static const char *const names[] = {[JOIN_GREATER_EQUAL] = "greaterOrEquals",
                                        [JOIN_GREATER] = "greater",
                                        [JOIN_LESS_EQUAL] = "lessOrEquals",
                                        [JOIN_LESS] = "less"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (is_call(node, names[i], 2)) {
            *order = (enum join_order)i;
            return true;
        }
    }
    return false;
}

static struct err *bind_conjunct(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step,
                                 const struct ast *node)
{
    struct err *err = NULL;
    const struct expression *condition = NULL;
    enum join_order order;

    if (is_call(node, "and", 0) && node->alias.length == 0) {
        for (uint32_t i = 0; i < node->arguments.count; i++) {
            OR_DONE(bind_conjunct(binder, scope, side, step, node->arguments.items[i]));
        }
        goto done;
    }
    if (is_call(node, "equals", 2) && is_call(node->arguments.items[0], "tuple", 0) &&
        is_call(node->arguments.items[1], "tuple", node->arguments.items[0]->arguments.count)) {
        for (uint32_t i = 0; i < node->arguments.items[0]->arguments.count; i++) { /* (a, b) = (x, y) */
            struct ast *parts[2] = {node->arguments.items[0]->arguments.items[i],
                                    node->arguments.items[1]->arguments.items[i]};
            struct ast one = *node;
            one.arguments = (struct ast_list){parts, 2};
            OR_DONE(bind_equality(binder, scope, side, step, &one));
        }
        goto done;
    }
    if (is_call(node, "equals", 2) || is_call(node, "isNotDistinctFrom", 2)) {
        err = bind_equality(binder, scope, side, step, node);
        goto done;
    }
    if (step->strictness == JOIN_ASOF && order_of(node, &order)) {
        err = bind_inequality(binder, scope, side, step, node, order);
        goto done;
    }
    OR_DONE(bind_node(binder, scope, node, &condition));
    OR_DONE(add_rest(binder, step, node->offset, condition));
done:
    return err;
}

/* A condition without columns: true goes without saying; else no two rows match, said by keys that are never equal. */
static struct err *bind_constants(struct binder *binder, struct join_step *step)
{
    struct err *err = NULL;
    uint32_t kept = 0;
    bool never = false;

    for (uint32_t i = 0; i < step->rest_count; i++) {
        const struct column *value = expression_value(step->rest[i]);
        if (value == NULL) {
            step->rest[kept++] = step->rest[i];
            continue;
        }
        uint32_t position;
        uint32_t count;
        OR_DONE(positions_of(binder->arena, value, 1, &position, &count));
        never |= count == 0;
    }
    step->rest_count = kept;
    if (never) {
        const struct ast zero = {.kind = AST_LITERAL, .literal = AST_UINT, .number = 0, .depth = 1};
        const struct ast one = {.kind = AST_LITERAL, .literal = AST_UINT, .number = 1, .depth = 1};
        struct join_key key = {0};
        OR_DONE(bind_literal(binder, &zero, &key.left));
        OR_DONE(bind_literal(binder, &one, &key.right));
        step->key_count = step->key_count == JOIN_KEYS_MAX ? JOIN_KEYS_MAX - 1 : step->key_count;
        OR_DONE(add_key(binder, step, &key, step->table->join_offset));
    }
done:
    return err;
}

static struct err *bind_asof_on(struct binder *binder, const struct scope *scope, uint32_t side,
                                const struct join_step *step)
{
    struct err *err = NULL;
    uint32_t offset = step->table->on->offset;

    if (!step->has_time) {
        return bind_error(binder, offset, ERR_JOIN_ON, "ASOF JOIN needs one of <, <=, > and >= between both sides");
    }
    for (uint32_t i = 0; i < step->rest_count; i++) {
        struct join_reads reads;
        OR_DONE(join_reads(scope, scope->scan_columns, step->rest[i], side, &reads));
        if (reads.left && reads.right) {
            err = bind_error(binder, offset, ERR_JOIN_ON, "ASOF JOIN: a further condition on both sides");
            goto done;
        }
    }
done:
    return err;
}

static struct err *bind_on(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step)
{
    struct err *err = NULL;
    const struct ast *on = step->table->on;

    if (on->kind == AST_IDENTIFIER) {
        return bind_error(binder, on->offset, ERR_JOIN_ON, "JOIN ON: a column is no condition");
    }
    OR_DONE(bind_conjunct(binder, scope, side, step, on));
    if (step->strictness == JOIN_ASOF) {
        return bind_asof_on(binder, scope, side, step);
    }
    bool had_rest = step->rest_count > 0;
    OR_DONE(bind_constants(binder, step));
    bool needs_key = step->kind == JOIN_FULL || step->strictness != JOIN_ALL;
    if (step->key_count == 0 && needs_key && had_rest && step->rest_count > 0 && !is_call(on, "or", 0)) {
        err = bind_error(binder, on->offset, ERR_JOIN_ON, "JOIN ON: this kind of join needs an equality of both sides");
    }
done:
    return err;
}

/* ---- USING */

static struct err *bind_using_column(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step,
                                     const struct ast *node)
{
    struct err *err = NULL;
    struct join_side *table = &scope->join->sides[side];
    struct join_using using = {0};
    struct scope_column *found = NULL;

    if (node->kind != AST_IDENTIFIER) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "JOIN USING: a column's name is needed");
    }
    using.name = node->parts[node->part_count - 1];
    if (join_using_of(step, using.name) != NULL) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "JOIN USING: %.*s stands there twice",
                          SLICE_ARG(using.name));
    }
    OR_DONE(join_find_among(binder, scope, node, side, &using.left));
    OR_DONE(scope_find_column(binder, &table->scope, node, &found));
    if (using.left == JOIN_NONE || found == NULL) {
        err = bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER, "JOIN USING: the %s side has no column %.*s",
                         using.left == JOIN_NONE ? "left" : "right", SLICE_ARG(using.name));
        goto done;
    }
    using.right = table->begin + (uint32_t)(found - table->scope.columns);
    const struct type *types[2] = {scope->columns[using.left].type, scope->columns[using.right].type};
    err = function_common_type(binder->arena, types, 2, &using.type);
    if (err != NULL) {
        err_free(err);
        err = bind_error(binder, node->offset, ERR_NO_COMMON_TYPE, "JOIN USING: there is no common type of %.*s",
                         SLICE_ARG(using.name));
        goto done;
    }
    if (step->kind == JOIN_FULL) {
        struct scope_column *merged = &scope->columns[scope->column_count];
        *merged = (struct scope_column){.name = using.name,
                                        .type = using.type,
                                        .index = UINT32_MAX,
                                        .source = scope->column_count,
                                        .side = JOIN_NONE};
        using.merged = scope->column_count++;
    } else {
        using.merged = step->kind == JOIN_RIGHT ? using.right : using.left;
    }
    struct join_using *place = bind_array_add(binder->arena, &step->using, &step->using_count, sizeof(*place));
    if (place == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    *place = using;
    scope->columns[using.left].type = using.type;
    scope->columns[using.right].type = using.type;
    /* the key: references to both, of the common type */
    struct join_key key = {0};
    OR_DONE(scope_column_expression(binder, scope, &scope->columns[using.left], &key.left));
    OR_DONE(scope_column_expression(binder, scope, &scope->columns[using.right], &key.right));
    if (step->strictness == JOIN_ASOF && step->using_count == step->table->using.count) { /* the last one */
        OR_DONE(set_time(binder, step, &key, JOIN_GREATER_EQUAL, node->offset));
    } else {
        OR_DONE(add_key(binder, step, &key, node->offset));
    }
done:
    return err;
}

/* ---- all steps */

/* What this join makes of the types of columns. */
static struct err *change_types(struct binder *binder, struct scope *scope, uint32_t side, const struct join_step *step)
{
    for (uint32_t c = 0; c < scope->column_count; c++) {
        struct scope_column *column = &scope->columns[c];
        bool left = column->side == JOIN_NONE || column->side < side;
        bool nulls = left ? step->left_nulls : column->side == side && step->right_nulls;
        for (uint32_t u = 0; u < step->using_count && column->side == JOIN_NONE; u++) {
            nulls |= step->using[u].merged == c && step->right_nulls;
        }
        if (nulls) {
            column->type = join_nullable(binder->arena, column->type);
            if (column->type == NULL) {
                return arena_error(binder->arena);
            }
        }
    }
    return NULL;
}

static struct err *bind_step(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step)
{
    struct err *err = NULL;

    scope->join->visible = side + 1;
    for (uint32_t i = 0; i < step->table->using.count; i++) {
        OR_DONE(bind_using_column(binder, scope, side, step, step->table->using.items[i]));
    }
    if (step->table->on != NULL) {
        OR_DONE(bind_on(binder, scope, side, step));
    }
    if (step->strictness == JOIN_ASOF && step->key_count == 0) {
        err = bind_refuse(binder, step->table->join_offset, "ASOF JOIN without an equality");
        goto done;
    }
    OR_DONE(change_types(binder, scope, side, step));
done:
    return err;
}

struct err *bind_join_conditions(struct binder *binder, struct scope *scope)
{
    struct err *err = NULL;
    struct scope_join *join = scope->join;

    if (join == NULL) {
        return NULL;
    }
    scope->no_aggregates = "JOIN ON";
    for (uint32_t i = 0; i + 1 < join->side_count; i++) {
        OR_DONE(bind_step(binder, scope, i + 1, &join->steps[i]));
    }
    for (uint32_t i = 0; scope->select->prewhere != NULL && i + 1 < join->side_count; i++) {
        if (join->steps[i].kind == JOIN_RIGHT || join->steps[i].kind == JOIN_FULL) {
            err = bind_refuse(binder, scope->select->prewhere->offset, "PREWHERE with a RIGHT or FULL JOIN");
            goto done;
        }
    }
    scope->no_aggregates = NULL;
    /* what follows refers to columns as the joins leave them */
    join->references = scope->scan_columns;
    join->reference_count = scope->scan_count;
    scope->scan_columns = NULL;
    scope->scan_count = 0;
    for (uint32_t c = 0; c < scope->column_count; c++) {
        scope->columns[c].index = UINT32_MAX;
    }
    for (uint32_t i = 0; i < scope->alias_count; i++) {
        scope->aliases[i].state = ALIAS_NEW;
    }
done:
    return err;
}
