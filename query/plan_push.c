/*
 * plan_push.c: conditions go down to where rows come from.
 *
 * A condition is a part of a FILTER (the filters above a node, their ANDs taken apart). It goes below a node when it
 * keeps or drops there what it would above:
 *
 *   PROJECT                the columns it is over are replaced by what they are made of, if that is short
 *   AGGREGATE, DISTINCT    one over keys keeps or drops whole groups; likewise LIMIT BY, and WINDOW's partitions
 *   SORT                   without a limit
 *   UNION                  into each input
 *   JOIN, ARRAY JOIN       into the side whose columns it is over, if the join keeps no row of that side without it
 *
 * What differs from row to row for the same values (rand) stays where it is, and nothing goes below it. What can fail
 * must not see rows that something else leaves out before it: it goes down no further than the conditions in front of
 * it, and not below joins.
 */
#include "query/join.h"
#include "query/plan_rewrite.h"

#include <string.h>

#define REPLACED_NODES_MAX 8U /* of what stands for a column: it is computed twice for rows that stay */

struct conditions {
    const struct expression **list; /* over a node's output */
    uint32_t count;
    uint32_t capacity;
};

static struct err *add(struct arena *arena, struct conditions *conditions, const struct expression *condition)
{
    if (conditions->count == conditions->capacity) {
        uint32_t capacity = conditions->capacity == 0 ? 8 : conditions->capacity * 2;
        const struct expression **grown = arena_array(arena, capacity, sizeof(struct expression *));
        if (grown == NULL) {
            return arena_error(arena);
        }
        if (conditions->count > 0) {
            memcpy(grown, conditions->list, conditions->count * sizeof(struct expression *));
        }
        conditions->list = grown;
        conditions->capacity = capacity;
    }
    conditions->list[conditions->count++] = condition;
    return NULL;
}

/* ---- expressions */

/* Does a call have one of these flags, in lambdas too? */
static bool has_flag(const struct expression *expression, uint32_t flags)
{
    bool has = (expression->kind == EXPRESSION_CALL && (expression->function->flags & flags) != 0) ||
               (expression->kind == EXPRESSION_MAP && has_flag(expression->body, flags));
    for (uint32_t i = 0; !has && i < expression->child_count; i++) {
        has = has_flag(expression->children[i], flags);
    }
    return has;
}

/* Nodes, of which a lambda has more than there may be. */
static uint32_t node_count(const struct expression *expression)
{
    uint32_t count = expression->kind == EXPRESSION_MAP ? REPLACED_NODES_MAX + 1 : 1;
    for (uint32_t i = 0; i < expression->child_count && count <= REPLACED_NODES_MAX; i++) {
        count += node_count(expression->children[i]);
    }
    return count;
}

static bool is_and(const struct expression *expression)
{
    return expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, "and") == 0;
}

/* ---- what may go below a node */

/* by[c]: what column c of the output is over an input; NULL: conditions over it stay above. */
struct way {
    const struct expression **by[2]; /* of a JOIN's left and right side; of others the first */
    uint32_t sides;
    bool fails; /* what can fail may go, too */
};

static struct err *identity(struct arena *arena, const struct plan *input, uint32_t column,
                            const struct expression **out)
{
    return expression_column(arena, column, input->columns[column].type, out);
}

/* Columns that stand alone in a list of expressions over the input: themselves. */
static struct err *allow_columns(struct arena *arena, const struct plan *input,
                                 const struct expression *const *expressions, uint32_t count, struct way *way)
{
    struct err *err = NULL;

    for (uint32_t k = 0; k < count; k++) {
        if (expressions[k]->kind == EXPRESSION_COLUMN) {
            uint32_t column = expressions[k]->column_index;
            OR_DONE(identity(arena, input, column, &way->by[0][column]));
        }
    }
done:
    return err;
}

/* What keys or a list make of columns; nothing where something differs from row to row. */
static void allow_made(const struct plan *plan, struct way *way)
{
    for (uint32_t k = 0; k < plan->expression_count; k++) {
        if (has_flag(plan->expressions[k], FUNCTION_VOLATILE)) {
            memset(way->by[0], 0, plan->column_count * sizeof(*way->by[0]));
            return;
        }
        if (node_count(plan->expressions[k]) <= REPLACED_NODES_MAX &&
            type_equal(plan->expressions[k]->type, plan->columns[k].type)) {
            way->by[0][k] = plan->expressions[k];
        }
    }
}

/* Rows of a side that the join never keeps without asking the condition: those that come out as they are. */
static struct err *allow_joined(struct arena *arena, const struct plan *plan, struct way *way)
{
    struct err *err = NULL;
    const struct plan_join *join = plan->join;
    const struct plan *left = plan->inputs[0], *right = plan->inputs[1];
    bool from_left = join->kind == JOIN_LEFT || (join->kind == JOIN_INNER && join->strictness == JOIN_ALL);
    bool from_right = (join->kind == JOIN_RIGHT || join->kind == JOIN_INNER) && join->strictness == JOIN_ALL;

    for (uint32_t k = 0; k < plan->column_count; k++) {
        const struct join_output *output = &join->outputs[k];
        const struct type *type = plan->columns[k].type;
        if (from_left && output->left != JOIN_NONE && type_equal(type, left->columns[output->left].type)) {
            OR_DONE(identity(arena, left, output->left, &way->by[0][k]));
        } else if (from_right && output->left == JOIN_NONE && output->right != JOIN_NONE &&
                   type_equal(type, right->columns[output->right].type)) {
            OR_DONE(identity(arena, right, output->right, &way->by[1][k]));
        }
    }
    way->sides = 2;
    way->fails = false;
done:
    return err;
}

/* sides 0: nothing goes below this node. */
static struct err *find_way(struct arena *arena, const struct plan *plan, struct way *way)
{
    struct err *err = NULL;
    uint32_t through = 0; /* columns of the input that the node passes on */

    *way = (struct way){.sides = 1, .fails = true};
    for (uint32_t side = 0; side < 2; side++) {
        way->by[side] = arena_zalloc(arena, (plan->column_count + (size_t)1) * sizeof(*way->by[side]));
        if (way->by[side] == NULL) {
            return arena_error(arena);
        }
    }
    switch (plan->kind) {
    case PLAN_PROJECT:
    case PLAN_AGGREGATE:
        allow_made(plan, way);
        break;
    case PLAN_SORT:
        through = plan->limit == UINT64_MAX ? plan->column_count : 0;
        break;
    case PLAN_DISTINCT:
    case PLAN_UNION:
        through = plan->column_count;
        break;
    case PLAN_ARRAY_JOIN:
        through = plan->inputs[0]->column_count;
        way->fails = false;
        break;
    case PLAN_LIMIT_BY:
        OR_DONE(allow_columns(arena, plan->inputs[0], plan->expressions, plan->expression_count, way));
        break;
    case PLAN_WINDOW:
        OR_DONE(allow_columns(arena, plan->inputs[0], plan->window->partition, plan->window->partition_count, way));
        break;
    case PLAN_JOIN:
        OR_DONE(allow_joined(arena, plan, way));
        break;
    default:
        way->sides = 0;
        break;
    }
    for (uint32_t column = 0; column < through; column++) {
        OR_DONE(identity(arena, plan->inputs[0], column, &way->by[0][column]));
    }
done:
    return err;
}

static bool all_known(const struct expression *condition, const struct expression *const *by, bool *any)
{
    bool known = true;

    if (condition->kind == EXPRESSION_COLUMN) {
        *any = true;
        known = by[condition->column_index] != NULL;
    }
    for (uint32_t i = 0; known && i < condition->child_count; i++) {
        known = all_known(condition->children[i], by, any);
    }
    return known;
}

/* The side that the condition goes to, over that side's columns; *side the number of sides: it stays. A condition
 * without columns stays. */
static struct err *choose(struct arena *arena, const struct way *way, const struct expression *condition, bool held,
                          uint32_t *side, const struct expression **below)
{
    bool any = false;

    *side = way->sides;
    if (has_flag(condition, FUNCTION_VOLATILE) || ((held || !way->fails) && has_flag(condition, FUNCTION_CAN_FAIL))) {
        return NULL;
    }
    for (uint32_t k = 0; k < way->sides; k++) {
        if (all_known(condition, way->by[k], &any) && any) {
            *side = k;
            return expression_replace(arena, condition, way->by[k], below);
        }
    }
    return NULL;
}

/* ---- the walk */

static struct err *sink(struct arena *arena, struct plan *plan, const struct conditions *above, struct plan **out);

static struct err *sink_inputs(struct arena *arena, struct plan *plan, const struct conditions moved[2],
                               struct plan **out)
{
    struct err *err = NULL;
    struct plan **inputs = arena_array(arena, plan->input_count + 1U, sizeof(struct plan *));

    if (inputs == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < plan->input_count; i++) {
        OR_DONE(sink(arena, plan->inputs[i], &moved[plan->kind == PLAN_JOIN ? i : 0], &inputs[i]));
    }
    err = plan_over(arena, plan, inputs, out);
done:
    return err;
}

static struct err *filter_all(struct arena *arena, struct plan *plan, const struct conditions *conditions,
                              struct plan **out)
{
    struct err *err = NULL;

    *out = plan;
    for (uint32_t i = 0; i < conditions->count; i++) {
        OR_DONE(plan_filter(arena, *out, conditions->list[i], out));
    }
done:
    return err;
}

/* Where conditions go. */
struct parting {
    struct arena *arena;
    struct way way;
    bool held; /* something in front stays */
    struct conditions moved[2], staying;
};

/* The condition goes below as a whole, or its parts do, or it stays as it is. */
static struct err *part(struct parting *parting, const struct expression *condition)
{
    struct err *err = NULL;
    const struct expression *below = NULL;
    uint32_t moved = parting->moved[0].count + parting->moved[1].count, staying = parting->staying.count, side;

    OR_DONE(choose(parting->arena, &parting->way, condition, parting->held, &side, &below));
    if (side < parting->way.sides) {
        err = add(parting->arena, &parting->moved[side], below);
        goto done;
    }
    for (uint32_t i = 0; is_and(condition) && i < condition->child_count; i++) {
        OR_DONE(part(parting, condition->children[i]));
    }
    if (parting->moved[0].count + parting->moved[1].count == moved) {
        parting->held = true;
        parting->staying.count = staying;
        err = add(parting->arena, &parting->staying, condition);
    }
done:
    return err;
}

/* The plan with these conditions over its output, each as far below as it goes. */
static struct err *sink(struct arena *arena, struct plan *plan, const struct conditions *above, struct plan **out)
{
    struct err *err = NULL;
    struct parting parting = {.arena = arena};
    struct plan *base = plan, *below = NULL;
    uint32_t filters = 0;

    while (base->kind == PLAN_FILTER) {
        base = base->inputs[0];
        filters++;
    }
    if (plan_is_fixed(base)) {
        return filter_all(arena, plan, above, out);
    }
    struct plan **chain = arena_array(arena, filters + (size_t)1, sizeof(struct plan *)); /* the innermost first */
    struct conditions *kept = arena_zalloc(arena, (filters + (size_t)1) * sizeof(*kept)); /* of each filter */
    if (chain == NULL || kept == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = filters; i > 0; i--) {
        chain[i - 1] = plan;
        plan = plan->inputs[0];
    }
    OR_DONE(find_way(arena, base, &parting.way));
    for (uint32_t i = 0; i < filters; i++) {
        OR_DONE(part(&parting, chain[i]->condition));
        kept[i] = parting.staying;
        parting.staying = (struct conditions){0};
    }
    for (uint32_t i = 0; i < above->count; i++) {
        OR_DONE(part(&parting, above->list[i]));
    }
    OR_DONE(sink_inputs(arena, base, parting.moved, &below));
    for (uint32_t i = 0; i < filters; i++) {
        bool same = below == chain[i]->inputs[0] && kept[i].count == 1 && kept[i].list[0] == chain[i]->condition;
        OR_DONE(same ? NULL : filter_all(arena, below, &kept[i], &below));
        below = same ? chain[i] : below;
    }
    err = filter_all(arena, below, &parting.staying, out);
done:
    return err;
}

struct err *plan_push(struct arena *arena, struct plan *plan, struct plan **out)
{
    const struct conditions none = {0};
    return sink(arena, plan, &none, out);
}
