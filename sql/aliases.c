/*
 * aliases.c: see aliases.h.
 */
#include "sql/aliases.h"

struct walk {
    struct err *(*visit)(void *context, const struct ast *node);
    void *context;
};

static struct err *walk_node(const struct walk *walk, const struct ast *node);

static struct err *walk_list(const struct walk *walk, const struct ast_list *list)
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < list->count; i++) {
        OR_DONE(walk_node(walk, list->items[i]));
    }
done:
    return err;
}

static struct err *walk_window(const struct walk *walk, const struct ast_window *window)
{
    struct err *err = NULL;

    OR_DONE(walk_list(walk, &window->partition_by));
    for (uint32_t i = 0; i < window->order_count; i++) {
        OR_DONE(walk_node(walk, window->order_by[i].expression));
    }
done:
    return err;
}

static struct err *walk_node(const struct walk *walk, const struct ast *node)
{
    struct err *err = NULL;

    if (node == NULL) {
        return NULL;
    }
    if (node->alias.length > 0) {
        OR_DONE(walk->visit(walk->context, node));
    }
    if (node->kind != AST_LAMBDA) {
        OR_DONE(walk_list(walk, &node->arguments));
    }
    if (node->window != NULL) {
        OR_DONE(walk_window(walk, node->window));
    }
done:
    return err;
}

struct err *select_each_alias(const struct ast_select *select,
                              struct err *(*visit)(void *context, const struct ast *node), void *context)
{
    struct err *err = NULL;
    const struct walk walk = {visit, context};
    const struct ast *const clauses[] = {select->prewhere, select->where, select->having, select->qualify};
    const struct ast_list *const lists[] = {&select->columns, &select->group_by, &select->limit_by,
                                            &select->distinct_on};

    for (uint32_t i = 0; i < select->with_count; i++) {
        OR_DONE(walk_node(&walk, select->with[i].expression));
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        OR_DONE(walk_list(&walk, lists[i]));
    }
    for (size_t i = 0; i < sizeof(clauses) / sizeof(clauses[0]); i++) {
        OR_DONE(walk_node(&walk, clauses[i]));
    }
    for (uint32_t i = 0; i < select->window_count; i++) {
        OR_DONE(walk_window(&walk, &select->windows[i]));
    }
    for (uint32_t i = 0; i < select->order_count; i++) {
        OR_DONE(walk_node(&walk, select->order_by[i].expression));
    }
done:
    return err;
}
