/*
 * bind_push.c: WHERE over a materialized view that keeps states: conditions on its keys go below the GROUP BY that
 * reads it, so that they leave out granules of its table.
 *
 * A condition that is over keys alone keeps or drops all rows of a group. Others stay above, as do those that differ
 * from call to call.
 */
#include "sql/binder.h"

#include <string.h>

struct pushing {
    struct binder *binder;
    const struct expression *const *by; /* what column i becomes */
    uint32_t count;
    bool possible;
};

/* The expression with its columns replaced; possible becomes false when it cannot be moved. */
static struct err *replace(struct pushing *pushing, const struct expression *expression, const struct expression **out)
{
    struct err *err = NULL;
    struct arena *arena = pushing->binder->arena;

    if (expression->kind == EXPRESSION_COLUMN) {
        pushing->possible = pushing->possible && expression->column_index < pushing->count;
        *out = pushing->possible ? pushing->by[expression->column_index] : expression;
        return NULL;
    }
    if (expression->kind == EXPRESSION_CALL &&
        (expression->function->flags & (FUNCTION_VOLATILE | FUNCTION_CAN_FAIL)) != 0) {
        pushing->possible = false; /* or it would fail for groups that HAVING leaves out */
    }
    *out = expression;
    if (expression->child_count == 0) {
        return NULL;
    }
    const struct expression **children;
    struct expression *copy;
    OR_DONE(expression_copy(arena, expression, &copy, &children));
    for (uint32_t i = 0; i < expression->child_count && pushing->possible; i++) {
        OR_DONE(replace(pushing, expression->children[i], &children[i]));
    }
    if (pushing->possible) {
        *out = expression_made(copy);
    }
done:
    return err;
}

static struct err *over(struct arena *arena, const struct plan *plan, struct plan *input, struct plan **out)
{
    struct plan *copy = ARENA_NEW(arena, struct plan);
    struct plan **inputs = arena_array(arena, 1, sizeof(struct plan *));
    if (copy == NULL || inputs == NULL) {
        return arena_error(arena);
    }
    *copy = *plan;
    inputs[0] = input;
    copy->inputs = inputs;
    *out = copy;
    return NULL;
}

/* The plan with the condition, over its output, below its aggregation; *out NULL: it does not go there. */
static struct err *push(struct binder *binder, struct plan *plan, const struct expression *condition, struct plan **out)
{
    struct err *err = NULL;
    struct pushing pushing = {.binder = binder, .by = plan->expressions, .possible = true};
    struct plan *below = NULL;

    *out = NULL;
    switch (plan->kind) {
    case PLAN_FILTER:
        OR_DONE(push(binder, plan->inputs[0], condition, &below));
        break;
    case PLAN_PROJECT:
        pushing.count = plan->column_count;
        OR_DONE(replace(&pushing, condition, &condition));
        if (pushing.possible) {
            OR_DONE(push(binder, plan->inputs[0], condition, &below));
        }
        break;
    case PLAN_AGGREGATE:
        pushing.count = plan->with_totals ? 0 : plan->expression_count; /* keys come first */
        OR_DONE(replace(&pushing, condition, &condition));
        if (pushing.possible && pushing.count > 0) {
            OR_DONE(plan_filter(binder->arena, plan->inputs[0], condition, &below));
        }
        break;
    default:
        break;
    }
    if (below != NULL) {
        err = over(binder->arena, plan, below, out);
    }
done:
    return err;
}

static bool is_and(const struct expression *expression)
{
    return expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, "and") == 0;
}

struct err *bind_filter_view(struct binder *binder, struct plan *input, const struct expression *condition,
                             struct plan **out)
{
    struct err *err = NULL;
    struct plan *pushed = NULL;

    if (is_and(condition)) { /* its parts one by one */
        for (uint32_t i = 0; i < condition->child_count; i++) {
            OR_DONE(bind_filter_view(binder, input, condition->children[i], &input));
        }
        *out = input;
        goto done;
    }
    if (!expression_has_array_join(condition)) {
        OR_DONE(push(binder, input, condition, &pushed));
    }
    if (pushed == NULL) {
        OR_DONE(plan_filter(binder->arena, input, condition, &pushed));
    }
    *out = pushed;
done:
    return err;
}
