/*
 * bind_rewrite.c: moves an expression from the input of an aggregation (or projection) to its output.
 *
 * Sub-trees that equal a key become columns of the output, aggregates become the columns behind the keys; what is above
 * them is copied. A column that is left over belongs to neither: NOT_AN_AGGREGATE.
 */
#include "sql/binder.h"

static struct err *key_column(struct arena *arena, const struct expression *expression,
                              const struct expression *const *keys, uint32_t key_count, const struct expression **out)
{
    for (uint32_t i = 0; i < key_count; i++) {
        if (keys[i] == expression || expression_equal(keys[i], expression)) {
            return expression_column(arena, i, expression->type, out);
        }
    }
    *out = NULL;
    return NULL;
}

struct err *bind_place_columns(struct binder *binder, const struct scope *scope, uint32_t from, uint32_t to,
                               uint32_t (*place)(const struct scope *scope, uint32_t number),
                               const struct expression **expression)
{
    struct err *err = NULL;
    const struct expression *before = *expression;

    if (!expression_reads(before, from, to)) {
        return NULL;
    }
    if (before->kind == EXPRESSION_COLUMN) {
        uint32_t column = place(scope, before->column_index - from);
        return column == UINT32_MAX ? NULL : expression_column(binder->arena, column, before->type, expression);
    }
    const struct expression **children;
    struct expression *copy;
    OR_DONE(expression_copy(binder->arena, before, &copy, &children));
    for (uint32_t i = 0; i < before->child_count; i++) {
        children[i] = before->children[i];
        OR_DONE(bind_place_columns(binder, scope, from, to, place, &children[i]));
    }
    *expression = expression_made(copy);
done:
    return err;
}

struct err *bind_rewrite(struct arena *arena, const struct expression *expression, const struct expression *const *keys,
                         uint32_t key_count, const struct expression **out, uint32_t *left)
{
    struct err *err = NULL;

    if (expression->kind == EXPRESSION_COLUMN && expression->column_index >= WINDOW_BASE) {
        *out = expression; /* computed later: bind_window_call.c */
        return NULL;
    }
    if (expression->kind == EXPRESSION_COLUMN && expression->column_index >= OUTER_BASE &&
        expression->column_index < AGGREGATE_BASE) {
        *out = expression; /* computed later: bind_array_join.c, bind_correlated.c */
        return NULL;
    }
    if (expression->kind == EXPRESSION_COLUMN && expression->column_index >= AGGREGATE_BASE &&
        expression->column_index < GROUPING_BASE) {
        return expression_column(arena, expression->column_index - AGGREGATE_BASE + key_count, expression->type, out);
    }
    if (expression->kind == EXPRESSION_CONSTANT || expression->kind == EXPRESSION_PARAMETER) {
        *out = expression;
        return NULL;
    }
    OR_DONE(key_column(arena, expression, keys, key_count, out));
    if (*out != NULL) {
        goto done;
    }
    if (expression->kind == EXPRESSION_COLUMN) {
        *left = expression->column_index;
        *out = expression;
        goto done;
    }
    const struct expression **children;
    struct expression *copy;
    OR_DONE(expression_copy(arena, expression, &copy, &children));
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(bind_rewrite(arena, expression->children[i], keys, key_count, &children[i], left));
    }
    *out = expression_made(copy);
done:
    return err;
}
