/*
 * column_names.c: see column_names.h.
 */
#include "sql/column_names.h"

/* `a`, or `n.a` for n.a; data NULL: memory is out. */
static struct slice identifier_name(struct arena *arena, const struct ast *node)
{
    struct slice name = node->parts[0];
    for (uint32_t i = 1; i < node->part_count && name.data != NULL; i++) {
        name = slice_text(arena_format(arena, "%.*s.%.*s", SLICE_ARG(name), SLICE_ARG(node->parts[i])));
    }
    return name;
}

static bool is_argument(const struct ast *lambda, struct slice name)
{
    for (uint32_t i = 0; i < lambda->part_count; i++) {
        if (slice_equal(lambda->parts[i], name)) {
            return true;
        }
    }
    return false;
}

struct err *column_names_find(struct arena *arena, struct ast *node, struct slice name, struct slice to, bool *found)
{
    struct err *err = NULL;
    if (node == NULL || (node->kind == AST_LAMBDA && is_argument(node, name))) {
        return NULL;
    }
    if (node->kind == AST_IDENTIFIER) {
        struct slice text = identifier_name(arena, node);
        if (text.data == NULL) {
            return arena_error(arena);
        }
        if (slice_equal(text, name)) {
            *found = true;
            if (to.length > 0) {
                node->parts[0] = to;
                node->part_count = 1;
            }
        }
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        OR_DONE(column_names_find(arena, node->arguments.items[i], name, to, found));
    }
done:
    return err;
}

/* ---- cycles */

enum visit_state { VISIT_NEW, VISIT_OPEN, VISIT_DONE };

struct visiting {
    struct binder *binder;
    const struct ast_column *columns;
    uint32_t count;
    uint8_t *states;
};

static struct err *visit_column(struct visiting *visiting, uint32_t index);

/* The columns that an expression names, where they have expressions themselves. */
static struct err *visit_node(struct visiting *visiting, const struct ast *node, uint32_t of)
{
    struct err *err = NULL;
    if (node->kind == AST_IDENTIFIER) {
        struct slice name = identifier_name(visiting->binder->arena, node);
        if (name.data == NULL) {
            return arena_error(visiting->binder->arena);
        }
        for (uint32_t i = 0; i < visiting->count; i++) {
            if (visiting->columns[i].default_expression == NULL || !slice_equal(visiting->columns[i].name, name)) {
                continue;
            }
            if (visiting->states[i] == VISIT_OPEN) {
                err = bind_error(visiting->binder, node->offset, ERR_CYCLIC_ALIASES,
                                 "Cyclic alias detected in column DEFAULT expressions: %.*s needs %.*s, which needs it",
                                 SLICE_ARG(visiting->columns[of].name), SLICE_ARG(name));
                goto done;
            }
            OR_DONE(visit_column(visiting, i));
        }
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        OR_DONE(visit_node(visiting, node->arguments.items[i], of));
    }
done:
    return err;
}

static struct err *visit_column(struct visiting *visiting, uint32_t index)
{
    struct err *err = NULL;
    if (visiting->states[index] == VISIT_NEW) {
        visiting->states[index] = VISIT_OPEN;
        OR_DONE(visit_node(visiting, visiting->columns[index].default_expression, index));
        visiting->states[index] = VISIT_DONE;
    }
done:
    return err;
}

struct err *column_names_check_cycles(struct binder *binder, const struct ast_column *columns, uint32_t count)
{
    struct err *err = NULL;
    struct visiting visiting = {binder, columns, count, arena_zalloc(binder->arena, count + 1U)};
    if (visiting.states == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (columns[i].default_expression != NULL) {
            OR_DONE(visit_column(&visiting, i));
        }
    }
done:
    return err;
}
