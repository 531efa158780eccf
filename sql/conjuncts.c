/*
 * conjuncts.c: see conjuncts.h.
 */
#include "sql/conjuncts.h"

#include <string.h>

static bool is_call(const struct expression *expression, const char *name)
{
    return expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, name) == 0;
}

static struct err *add(struct arena *arena, const struct expression *expression, struct conjuncts *out)
{
    const struct expression **place = bind_array_add(arena, &out->items, &out->count, sizeof(struct expression *));
    if (place == NULL) {
        return arena_error(arena);
    }
    *place = expression;
    return NULL;
}

/* The leaves of a tree of calls of one name. */
static struct err *add_leaves(struct arena *arena, const char *name, const struct expression *expression,
                              struct conjuncts *out)
{
    struct err *err = NULL;
    if (!is_call(expression, name)) {
        return add(arena, expression, out);
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(add_leaves(arena, name, expression->children[i], out));
    }
done:
    return err;
}

struct err *conjuncts_add(struct arena *arena, const struct expression *condition, struct conjuncts *out)
{
    return condition == NULL ? NULL : add_leaves(arena, "and", condition, out);
}

static struct err *join_by(struct binder *binder, const char *name, const struct conjuncts *list,
                           const struct expression **out)
{
    *out = list->count == 1 ? list->items[0] : NULL;
    return list->count < 2 ? NULL
                           : expression_call(binder->arena, binder->options->context, slice_text(name), list->items,
                                             list->count, out);
}

struct err *conjuncts_join(struct binder *binder, const struct conjuncts *conjuncts, const struct expression **out)
{
    return join_by(binder, "and", conjuncts, out);
}

/* a = b is b = a. */
static bool is_same(const struct expression *a, const struct expression *b)
{
    return expression_equal(a, b) ||
           (is_call(a, "equals") && is_call(b, "equals") && expression_equal(a->children[0], b->children[1]) &&
            expression_equal(a->children[1], b->children[0]));
}

static bool contains(const struct conjuncts *list, const struct expression *wanted)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (is_same(list->items[i], wanted)) {
            return true;
        }
    }
    return false;
}

/* An OR: what all of its branches have goes to `out`, and what is left of it. */
static struct err *factor(struct binder *binder, const struct expression *expression, struct conjuncts *out)
{
    struct err *err = NULL;
    struct arena *arena = binder->arena;
    struct conjuncts branches = {0}, common = {0}, rests = {0};
    bool holds = false; /* a branch demands nothing else: the others do not matter */
    const struct expression *left;

    OR_DONE(add_leaves(arena, "or", expression, &branches));
    struct conjuncts *parts = arena_zalloc(arena, branches.count * sizeof(*parts));
    if (parts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < branches.count; i++) {
        OR_DONE(conjuncts_add(arena, branches.items[i], &parts[i]));
    }
    for (uint32_t k = 0; k < parts[0].count; k++) {
        bool all = !contains(&common, parts[0].items[k]);
        for (uint32_t i = 1; i < branches.count && all; i++) {
            all = contains(&parts[i], parts[0].items[k]);
        }
        if (all) {
            OR_DONE(add(arena, parts[0].items[k], &common));
        }
    }
    if (common.count == 0) {
        return add(arena, expression, out);
    }
    for (uint32_t i = 0; i < branches.count && !holds; i++) {
        struct conjuncts rest = {0};
        for (uint32_t k = 0; k < parts[i].count; k++) {
            if (!contains(&common, parts[i].items[k])) {
                OR_DONE(add(arena, parts[i].items[k], &rest));
            }
        }
        holds = rest.count == 0;
        OR_DONE(holds ? NULL : conjuncts_join(binder, &rest, &left));
        OR_DONE(holds ? NULL : add(arena, left, &rests));
    }
    for (uint32_t k = 0; k < common.count; k++) {
        OR_DONE(add(arena, common.items[k], out));
    }
    if (!holds) {
        OR_DONE(join_by(binder, "or", &rests, &left));
        OR_DONE(add(arena, left, out));
    }
done:
    return err;
}

struct err *conjuncts_factor(struct binder *binder, const struct expression **condition)
{
    struct err *err = NULL;
    struct conjuncts all = {0}, factored = {0};
    bool some = false;

    OR_DONE(conjuncts_add(binder->arena, *condition, &all));
    for (uint32_t i = 0; i < all.count; i++) {
        bool is_or = is_call(all.items[i], "or");
        some = some || is_or;
        OR_DONE(is_or ? factor(binder, all.items[i], &factored) : add(binder->arena, all.items[i], &factored));
    }
    if (some && factored.count > all.count) {
        err = conjuncts_join(binder, &factored, condition);
    }
done:
    return err;
}
