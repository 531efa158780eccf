/*
 * plan_prune.c: columns that nothing above asks for are not made, nor read.
 *
 * From the root down each node is asked for some of its columns, and asks its inputs for what these, its keys and its
 * conditions are made of. A map says where a column went; expressions above it follow it. Expressions that nobody asks
 * for are not computed at all, as in ClickHouse: what would have failed in them does not.
 */
#include "query/join.h"
#include "query/plan_rewrite.h"

#include <string.h>

#define GONE UINT32_MAX

/* ---- what expressions ask for */

static void ask(const struct expression *expression, bool *asked)
{
    if (expression->kind == EXPRESSION_COLUMN) {
        asked[expression->column_index] = true;
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        ask(expression->children[i], asked);
    }
}

static void ask_list(const struct expression *const *list, uint32_t count, bool *asked)
{
    for (uint32_t k = 0; k < count; k++) {
        ask(list[k], asked);
    }
}

/* ---- expressions over columns that moved */

struct moving {
    struct arena *arena;
    const struct expression **by;
};

/* From columns of the plan to where the map says that they are now, in a plan of new_columns. */
static struct err *moving_make(struct arena *arena, const struct plan *plan, const uint32_t *map, struct moving *out)
{
    struct err *err = NULL;

    *out = (struct moving){arena, arena_zalloc(arena, (plan->column_count + (size_t)1) * sizeof(*out->by))};
    if (out->by == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        if (map[c] != GONE) {
            OR_DONE(expression_column(arena, map[c], plan->columns[c].type, &out->by[c]));
        }
    }
done:
    return err;
}

static struct err *move(const struct moving *moving, const struct expression **expression)
{
    return *expression == NULL ? NULL : expression_replace(moving->arena, *expression, moving->by, expression);
}

static struct err *move_list(const struct moving *moving, const struct expression *const **list, uint32_t count)
{
    struct err *err = NULL;
    const struct expression **moved = arena_array(moving->arena, count + (size_t)1, sizeof(*moved));

    if (moved == NULL) {
        return arena_error(moving->arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        moved[k] = (*list)[k];
        OR_DONE(move(moving, &moved[k]));
    }
    *list = moved;
done:
    return err;
}

static struct err *move_keys(const struct moving *moving, const struct plan_sort_key **keys, uint32_t count)
{
    struct err *err = NULL;
    struct plan_sort_key *moved = arena_array(moving->arena, count + (size_t)1, sizeof(*moved));

    if (moved == NULL) {
        return arena_error(moving->arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        moved[k] = (*keys)[k];
        OR_DONE(move(moving, &moved[k].expression));
    }
    *keys = moved;
done:
    return err;
}

/* ---- nodes */

/* What became of a node: the map has an entry for each column that it had. */
struct pruned {
    struct plan *plan;
    uint32_t *map;
};

static struct err *prune(struct arena *arena, struct plan *plan, const bool *asked, struct pruned *out);

static struct err *unchanged(struct arena *arena, struct plan *plan, struct pruned *out)
{
    out->plan = plan;
    out->map = ARENA_ARRAY(arena, uint32_t, plan->column_count + (size_t)1);
    if (out->map == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        out->map[c] = c;
    }
    return NULL;
}

static bool *asked_new(struct arena *arena, const struct plan *plan, bool all)
{
    bool *asked = arena_zalloc(arena, plan->column_count + (size_t)1);
    if (asked != NULL && all) {
        memset(asked, 1, plan->column_count);
    }
    return asked;
}

static bool only_renames(const struct plan *plan)
{
    bool only = plan->kind == PLAN_PROJECT && plan->totals == NULL;
    for (uint32_t k = 0; only && k < plan->expression_count; k++) {
        only = plan->expressions[k]->kind == EXPRESSION_COLUMN;
    }
    return only;
}

/* From columns of the input that was pruned to what they are now. A list that only renames columns is passed over. */
static struct err *move_over(struct arena *arena, const struct plan *input, struct pruned *inner, struct moving *out)
{
    struct err *err = moving_make(arena, input, inner->map, out);

    while (err == NULL && only_renames(inner->plan)) {
        for (uint32_t c = 0; c < input->column_count; c++) {
            if (out->by[c] != NULL) {
                out->by[c] = inner->plan->expressions[out->by[c]->column_index];
            }
        }
        inner->plan = inner->plan->inputs[0];
    }
    return err;
}

static struct err *copy_node(struct arena *arena, const struct plan *plan, struct plan **out)
{
    *out = ARENA_NEW(arena, struct plan);
    if (*out == NULL) {
        return arena_error(arena);
    }
    **out = *plan;
    return NULL;
}

static struct err *set_input(struct arena *arena, struct plan *plan, struct plan *input)
{
    struct plan **inputs = arena_array(arena, 1, sizeof(struct plan *));
    if (inputs == NULL) {
        return arena_error(arena);
    }
    inputs[0] = input;
    plan->inputs = inputs;
    plan->input_count = 1;
    return NULL;
}

/* The copy's columns: those of the node that the map keeps. */
static struct err *set_columns(struct arena *arena, const struct plan *plan, const uint32_t *map, struct plan *copy)
{
    uint32_t count = 0;
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, plan->column_count + (size_t)1);
    if (columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        if (map[c] != GONE) {
            columns[map[c]] = plan->columns[c];
            count++;
        }
    }
    copy->columns = columns;
    copy->column_count = count;
    return NULL;
}

/* The map of a node that keeps what is asked for, and how many that is. */
static struct err *map_of(struct arena *arena, const struct plan *plan, const bool *asked, uint32_t **map,
                          uint32_t *count)
{
    *count = 0;
    *map = ARENA_ARRAY(arena, uint32_t, plan->column_count + (size_t)1);
    if (*map == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        (*map)[c] = asked[c] ? (*count)++ : GONE;
    }
    return NULL;
}

static struct err *prune_scan(struct arena *arena, struct plan *plan, const bool *asked, struct pruned *out)
{
    struct err *err = NULL;
    uint32_t count;

    OR_DONE(map_of(arena, plan, asked, &out->map, &count));
    uint32_t *columns = ARENA_ARRAY(arena, uint32_t, count + (size_t)1);
    if (columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        if (out->map[c] != GONE) {
            columns[out->map[c]] = plan->source_columns[c];
        }
    }
    OR_DONE(copy_node(arena, plan, &out->plan));
    out->plan->source_columns = columns;
    err = set_columns(arena, plan, out->map, out->plan);
done:
    return err;
}

/* Of nothing that is asked for only the rows are left, which are its input's. */
static struct err *prune_project(struct arena *arena, struct plan *plan, const bool *asked, struct pruned *out)
{
    struct err *err = NULL;
    struct plan *input = plan->inputs[0];
    bool *below = asked_new(arena, input, false);
    struct pruned inner;
    struct moving moving;
    uint32_t count;

    if (below == NULL) {
        return arena_error(arena);
    }
    OR_DONE(map_of(arena, plan, asked, &out->map, &count));
    for (uint32_t k = 0; k < plan->expression_count; k++) {
        if (asked[k]) {
            ask(plan->expressions[k], below);
        }
    }
    OR_DONE(prune(arena, input, below, &inner));
    if (count == 0) {
        out->plan = inner.plan;
        goto done;
    }
    OR_DONE(move_over(arena, input, &inner, &moving));
    if (inner.plan == input && count == plan->column_count) {
        out->plan = plan;
        goto done;
    }
    const struct expression **expressions = arena_array(arena, count + (size_t)1, sizeof(*expressions));
    if (expressions == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < plan->expression_count; k++) {
        if (asked[k]) {
            expressions[out->map[k]] = plan->expressions[k];
            OR_DONE(move(&moving, &expressions[out->map[k]]));
        }
    }
    OR_DONE(copy_node(arena, plan, &out->plan));
    OR_DONE(set_input(arena, out->plan, inner.plan));
    OR_DONE(set_columns(arena, plan, out->map, out->plan));
    out->plan->expressions = expressions;
    out->plan->expression_count = count;
done:
    return err;
}

/* Keys stay. Without any, one aggregate stays, too: there is a row for it. */
static struct err *prune_aggregate(struct arena *arena, struct plan *plan, const bool *asked, struct pruned *out)
{
    struct err *err = NULL;
    struct plan *input = plan->inputs[0];
    uint32_t key_count = plan->expression_count, count;
    bool *below = asked_new(arena, input, false), *own = asked_new(arena, plan, false);
    struct pruned inner;
    struct moving moving;

    if (below == NULL || own == NULL) {
        return arena_error(arena);
    }
    bool any = key_count > 0;
    for (uint32_t c = 0; c < plan->column_count; c++) {
        own[c] = c < key_count || asked[c];
        any = any || own[c];
    }
    own[0] = any ? own[0] : true;
    OR_DONE(map_of(arena, plan, own, &out->map, &count));
    ask_list(plan->expressions, key_count, below);
    for (uint32_t k = 0; k < plan->aggregate_count; k++) {
        if (own[key_count + k]) {
            ask_list(plan->aggregates[k].arguments, plan->aggregates[k].aggregate->argument_count, below);
        }
    }
    OR_DONE(prune(arena, input, below, &inner));
    OR_DONE(move_over(arena, input, &inner, &moving));
    if (inner.plan == input && count == plan->column_count) {
        out->plan = plan;
        goto done;
    }
    struct plan_aggregate *aggregates = arena_array(arena, count + (size_t)1, sizeof(*aggregates));
    if (aggregates == NULL) {
        return arena_error(arena);
    }
    OR_DONE(copy_node(arena, plan, &out->plan));
    for (uint32_t k = 0; k < plan->aggregate_count; k++) {
        if (own[key_count + k]) {
            struct plan_aggregate *kept = &aggregates[out->map[key_count + k] - key_count];
            *kept = plan->aggregates[k];
            OR_DONE(move_list(&moving, &kept->arguments, kept->aggregate->argument_count));
        }
    }
    OR_DONE(set_input(arena, out->plan, inner.plan));
    OR_DONE(set_columns(arena, plan, out->map, out->plan));
    OR_DONE(move_list(&moving, &out->plan->expressions, key_count));
    out->plan->aggregates = aggregates;
    out->plan->aggregate_count = count - key_count;
done:
    return err;
}

static struct err *move_window(const struct moving *moving, struct plan *plan)
{
    struct err *err = NULL;
    struct plan_window *window = ARENA_NEW(moving->arena, struct plan_window);
    struct window_function *functions =
        arena_array(moving->arena, plan->window->function_count + (size_t)1, sizeof(*functions));

    if (window == NULL || functions == NULL) {
        return arena_error(moving->arena);
    }
    *window = *plan->window;
    OR_DONE(move_list(moving, &window->partition, window->partition_count));
    OR_DONE(move_keys(moving, &window->order, window->order_count));
    for (uint32_t k = 0; k < window->function_count; k++) {
        functions[k] = window->functions[k];
        OR_DONE(move_list(moving, &functions[k].arguments, functions[k].argument_count));
    }
    window->functions = functions;
    plan->window = window;
done:
    return err;
}

static void ask_window(const struct plan_window *window, bool *asked)
{
    ask_list(window->partition, window->partition_count, asked);
    for (uint32_t k = 0; k < window->order_count; k++) {
        ask(window->order[k].expression, asked);
    }
    for (uint32_t k = 0; k < window->function_count; k++) {
        ask_list(window->functions[k].arguments, window->functions[k].argument_count, asked);
    }
}

/* The copy's columns: its new input's, of which some may have had no name in the node, and its own behind them. */
static struct err *set_columns_through(struct arena *arena, const struct plan *plan, const uint32_t *map,
                                       struct plan *copy)
{
    const struct plan *input = copy->inputs[0];
    uint32_t own = plan->column_count - plan->inputs[0]->column_count;
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, input->column_count + (size_t)own + 1);
    if (columns == NULL) {
        return arena_error(arena);
    }
    if (input->column_count > 0) {
        memcpy(columns, input->columns, input->column_count * sizeof(*columns));
    }
    for (uint32_t c = 0; c < plan->column_count; c++) {
        if (map[c] != GONE) {
            columns[map[c]] = plan->columns[c];
        }
    }
    copy->columns = columns;
    copy->column_count = input->column_count + own;
    return NULL;
}

/* Nodes that pass their input's columns on, with some of their own behind them, which stay. */
static struct err *prune_through(struct arena *arena, struct plan *plan, const bool *asked, struct pruned *out)
{
    struct err *err = NULL;
    struct plan *input = plan->inputs[0];
    bool *below = asked_new(arena, input, false);
    struct pruned inner;
    struct moving moving;

    if (below == NULL) {
        return arena_error(arena);
    }
    memcpy(below, asked, input->column_count);
    ask_list(plan->expressions, plan->expression_count, below);
    for (uint32_t k = 0; k < plan->sort_key_count; k++) {
        ask(plan->sort_keys[k].expression, below);
    }
    if (plan->condition != NULL) {
        ask(plan->condition, below);
    }
    if (plan->window != NULL) {
        ask_window(plan->window, below);
    }
    OR_DONE(prune(arena, input, below, &inner));
    OR_DONE(unchanged(arena, plan, out));
    if (inner.plan == input) {
        goto done;
    }
    memcpy(out->map, inner.map, input->column_count * sizeof(*inner.map));
    for (uint32_t c = input->column_count; c < plan->column_count; c++) {
        out->map[c] = inner.plan->column_count + c - input->column_count;
    }
    OR_DONE(moving_make(arena, input, inner.map, &moving));
    OR_DONE(copy_node(arena, plan, &out->plan));
    OR_DONE(set_input(arena, out->plan, inner.plan));
    OR_DONE(set_columns_through(arena, plan, out->map, out->plan));
    OR_DONE(move_list(&moving, &out->plan->expressions, plan->expression_count));
    OR_DONE(move_keys(&moving, &out->plan->sort_keys, plan->sort_key_count));
    OR_DONE(move(&moving, &out->plan->condition));
    if (plan->window != NULL) {
        err = move_window(&moving, out->plan);
    }
done:
    return err;
}

/* What is asked of the union is asked of each input; those that keep more have it taken off. */
static struct err *prune_union(struct arena *arena, struct plan *plan, const bool *asked, struct pruned *out)
{
    struct err *err = NULL;
    bool *own = asked_new(arena, plan, false), changed = false;
    struct plan **inputs = arena_array(arena, plan->input_count + (size_t)1, sizeof(struct plan *));
    uint32_t count;

    if (own == NULL || inputs == NULL) {
        return arena_error(arena);
    }
    memcpy(own, asked, plan->column_count);
    OR_DONE(map_of(arena, plan, own, &out->map, &count));
    if (count == 0 && plan->column_count > 0) { /* its inputs keep a column to be one by */
        own[0] = true;
        OR_DONE(map_of(arena, plan, own, &out->map, &count));
    }
    for (uint32_t i = 0; i < plan->input_count; i++) {
        struct pruned inner;
        OR_DONE(prune(arena, plan->inputs[i], own, &inner));
        inputs[i] = inner.plan;
        bool exact = inner.plan->column_count == count;
        for (uint32_t c = 0; exact && c < plan->column_count; c++) {
            exact = !own[c] || inner.map[c] == out->map[c];
        }
        if (!exact) {
            const struct expression **columns = arena_array(arena, count + (size_t)1, sizeof(*columns));
            struct slice *names = ARENA_ARRAY(arena, struct slice, count + (size_t)1);
            if (columns == NULL || names == NULL) {
                return arena_error(arena);
            }
            for (uint32_t c = 0; c < plan->column_count; c++) {
                if (own[c]) {
                    names[out->map[c]] = plan->columns[c].name;
                    OR_DONE(expression_column(arena, inner.map[c], plan->inputs[i]->columns[c].type,
                                              &columns[out->map[c]]));
                }
            }
            OR_DONE(plan_project(arena, inner.plan, columns, names, count, &inputs[i]));
        }
        changed = changed || inputs[i] != plan->inputs[i];
    }
    out->plan = plan;
    if (changed) {
        OR_DONE(copy_node(arena, plan, &out->plan));
        out->plan->inputs = inputs;
        err = set_columns(arena, plan, out->map, out->plan);
    }
done:
    return err;
}

static void ask_join(const struct plan *plan, const bool *own, bool *left, bool *right, bool *both)
{
    const struct plan_join *join = plan->join;
    uint32_t left_count = plan->inputs[0]->column_count;

    for (uint32_t c = 0; c < plan->column_count; c++) {
        if (own[c] && join->outputs[c].left != JOIN_NONE) {
            left[join->outputs[c].left] = true;
        }
        if (own[c] && join->outputs[c].right != JOIN_NONE) {
            right[join->outputs[c].right] = true;
        }
    }
    ask_list(join->left_keys, join->key_count, left);
    ask_list(join->right_keys, join->key_count, right);
    if (join->left_time != NULL) {
        ask(join->left_time, left);
        ask(join->right_time, right);
    }
    if (join->rest != NULL) { /* over the left columns, then the right ones */
        ask(join->rest, both);
        for (uint32_t c = 0; c < left_count; c++) {
            left[c] = left[c] || both[c];
        }
        for (uint32_t c = 0; c < plan->inputs[1]->column_count; c++) {
            right[c] = right[c] || both[left_count + c];
        }
    }
}

static struct err *move_rest(struct arena *arena, const struct plan *plan, const struct pruned sides[2],
                             const struct expression **rest)
{
    struct err *err = NULL;
    uint32_t left_count = plan->inputs[0]->column_count, right_count = plan->inputs[1]->column_count;
    struct moving moving = {arena, arena_zalloc(arena, (left_count + right_count + (size_t)1) * sizeof(*moving.by))};

    if (moving.by == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < left_count + right_count; c++) {
        uint32_t side = c < left_count ? 0 : 1, own = side == 0 ? c : c - left_count, to = sides[side].map[own];
        if (to != GONE) {
            OR_DONE(expression_column(arena, side == 0 ? to : to + sides[0].plan->column_count,
                                      plan->inputs[side]->columns[own].type, &moving.by[c]));
        }
    }
    err = move(&moving, rest);
done:
    return err;
}

static struct err *prune_join(struct arena *arena, struct plan *plan, const bool *asked, struct pruned *out)
{
    struct err *err = NULL;
    struct plan *left = plan->inputs[0], *right = plan->inputs[1];
    bool *own = asked_new(arena, plan, false);
    bool *below[2] = {asked_new(arena, left, false), asked_new(arena, right, false)};
    bool *both = arena_zalloc(arena, left->column_count + (size_t)right->column_count + 1);
    struct pruned sides[2];
    struct moving moving[2];
    uint32_t count;

    if (own == NULL || below[0] == NULL || below[1] == NULL || both == NULL) {
        return arena_error(arena);
    }
    memcpy(own, asked, plan->column_count);
    OR_DONE(map_of(arena, plan, own, &out->map, &count));
    if (count == 0 && plan->column_count > 0) { /* as for a union */
        own[0] = true;
        OR_DONE(map_of(arena, plan, own, &out->map, &count));
    }
    ask_join(plan, own, below[0], below[1], both);
    OR_DONE(prune(arena, left, below[0], &sides[0]));
    OR_DONE(prune(arena, right, below[1], &sides[1]));
    out->plan = plan;
    if (sides[0].plan == left && sides[1].plan == right && count == plan->column_count) {
        goto done;
    }
    struct plan_join *join = ARENA_NEW(arena, struct plan_join);
    struct join_output *outputs = ARENA_ARRAY(arena, struct join_output, count + (size_t)1);
    struct plan **inputs = arena_array(arena, 2, sizeof(struct plan *));
    if (join == NULL || outputs == NULL || inputs == NULL) {
        return arena_error(arena);
    }
    *join = *plan->join;
    for (uint32_t c = 0; c < plan->column_count; c++) {
        const struct join_output *from = &plan->join->outputs[c];
        if (own[c]) {
            outputs[out->map[c]] =
                (struct join_output){from->left == JOIN_NONE ? JOIN_NONE : sides[0].map[from->left],
                                     from->right == JOIN_NONE ? JOIN_NONE : sides[1].map[from->right]};
        }
    }
    OR_DONE(moving_make(arena, left, sides[0].map, &moving[0]));
    OR_DONE(moving_make(arena, right, sides[1].map, &moving[1]));
    OR_DONE(move_list(&moving[0], &join->left_keys, join->key_count));
    OR_DONE(move_list(&moving[1], &join->right_keys, join->key_count));
    OR_DONE(move(&moving[0], &join->left_time));
    OR_DONE(move(&moving[1], &join->right_time));
    OR_DONE(move_rest(arena, plan, sides, &join->rest));
    join->outputs = outputs;
    inputs[0] = sides[0].plan;
    inputs[1] = sides[1].plan;
    OR_DONE(copy_node(arena, plan, &out->plan));
    OR_DONE(set_columns(arena, plan, out->map, out->plan));
    out->plan->join = join;
    out->plan->inputs = inputs;
done:
    return err;
}

/* Nodes that need all columns of their inputs, as they are. */
static struct err *prune_below(struct arena *arena, struct plan *plan, struct pruned *out)
{
    struct err *err = NULL;
    struct plan **inputs = arena_array(arena, plan->input_count + (size_t)1, sizeof(struct plan *));

    if (inputs == NULL) {
        return arena_error(arena);
    }
    OR_DONE(unchanged(arena, plan, out));
    for (uint32_t i = 0; i < plan->input_count; i++) {
        bool *all = asked_new(arena, plan->inputs[i], true);
        struct pruned inner;
        if (all == NULL) {
            return arena_error(arena);
        }
        OR_DONE(prune(arena, plan->inputs[i], all, &inner));
        inputs[i] = inner.plan;
    }
    err = plan_over(arena, plan, inputs, &out->plan);
done:
    return err;
}

/* Where all is asked for, all stays in its place. */
static struct err *prune(struct arena *arena, struct plan *plan, const bool *asked, struct pruned *out)
{
    if (plan_is_fixed(plan)) {
        return unchanged(arena, plan, out);
    }
    switch (plan->kind) {
    case PLAN_SCAN:
        return plan->source->has_prewhere || memchr(asked, 0, plan->column_count) == NULL
                   ? unchanged(arena, plan, out)
                   : prune_scan(arena, plan, asked, out);
    case PLAN_PROJECT:
        return prune_project(arena, plan, asked, out);
    case PLAN_AGGREGATE:
        return prune_aggregate(arena, plan, asked, out);
    case PLAN_FILTER:
    case PLAN_SORT:
    case PLAN_LIMIT:
    case PLAN_TAIL:
    case PLAN_LIMIT_BY:
    case PLAN_ARRAY_JOIN:
    case PLAN_WINDOW:
        return prune_through(arena, plan, asked, out);
    case PLAN_UNION:
        return prune_union(arena, plan, asked, out);
    case PLAN_JOIN:
        return prune_join(arena, plan, asked, out);
    default:
        return prune_below(arena, plan, out);
    }
}

struct err *plan_prune(struct arena *arena, struct plan *plan, struct plan **out)
{
    struct pruned pruned;
    bool *all = asked_new(arena, plan, true);

    if (all == NULL) {
        return arena_error(arena);
    }
    struct err *err = prune(arena, plan, all, &pruned);
    *out = err == NULL ? pruned.plan : plan;
    return err;
}
