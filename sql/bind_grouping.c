/*
 * bind_grouping.c: ROLLUP, CUBE, GROUPING SETS, grouping(), and the node that aggregates.
 *
 * grouping a call of grouping(a, b) is bound to a column from GROUPING_BASE on; the aggregation has a column for it
 *          between keys and aggregates: a bit per argument, the first the highest, set when the set lacks the key
 */
#include "sql/binder.h"

#define CUBE_KEYS_MAX     10U
#define GROUPING_KEYS_MAX 64U

struct err *bind_grouping(struct binder *binder, struct scope *scope, const struct ast *node,
                          const struct expression **out)
{
    struct err *err = NULL;
    uint32_t count = node->arguments.count;
    const struct expression **arguments = arena_array(binder->arena, count + 1U, sizeof(struct expression *));

    if (arguments == NULL) {
        return arena_error(binder->arena);
    }
    if (scope->no_aggregates != NULL || scope->in_aggregate || scope->rows_only || !scope->select->grouped) {
        return bind_error(binder, node->offset, ERR_ILLEGAL_AGGREGATION, "GROUPING is not allowed %s%s",
                          scope->in_aggregate            ? "inside an aggregate function"
                          : scope->no_aggregates != NULL ? "in "
                                                         : "without GROUP BY",
                          !scope->in_aggregate && scope->no_aggregates != NULL ? scope->no_aggregates : "");
    }
    if (count == 0) {
        return bind_error(binder, node->offset, ERR_TOO_FEW_ARGUMENTS, "GROUPING needs at least one argument");
    }
    if (count > GROUPING_KEYS_MAX) {
        return bind_refuse(binder, node->offset, "GROUPING of more than %u keys", GROUPING_KEYS_MAX);
    }
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(bind_node(binder, scope, node->arguments.items[i], &arguments[i]));
    }
    struct grouping *grouping =
        bind_array_add(binder->arena, &scope->groupings, &scope->grouping_count, sizeof(*grouping));
    if (grouping == NULL) {
        return arena_error(binder->arena);
    }
    *grouping = (struct grouping){arguments, count, node->offset};
    OR_DONE(expression_column(binder->arena, GROUPING_BASE + scope->grouping_count - 1, type_simple(TYPE_UINT64), out));
done:
    return err;
}

static struct err *mask_add(struct binder *binder, struct grouping_masks *masks, uint64_t mask)
{
    uint64_t *place = bind_array_add(binder->arena, &masks->masks, &masks->count, sizeof(*place));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = mask;
    return NULL;
}

struct err *bind_masks(struct binder *binder, const struct ast_select *select, uint32_t key_count,
                       struct grouping_masks *masks)
{
    struct err *err = NULL;
    bool cube = select->group_kind == AST_GROUP_CUBE;
    if (cube && key_count > CUBE_KEYS_MAX) {
        return bind_refuse(binder, select->group_offset, "CUBE of more than %u keys", CUBE_KEYS_MAX);
    }
    if (key_count >= GROUPING_KEYS_MAX) {
        return bind_refuse(binder, select->group_offset, "ROLLUP of %u keys or more", GROUPING_KEYS_MAX);
    }
    uint64_t all = ((uint64_t)1 << key_count) - 1;
    for (uint64_t mask = all;; mask = cube ? mask - 1 : mask >> 1) {
        OR_DONE(mask_add(binder, masks, mask));
        if (mask == 0) {
            break;
        }
    }
done:
    return err;
}

struct err *bind_mask(struct binder *binder, const struct ast *node, const struct expression *const *found,
                      uint32_t found_count, const struct expression ***keys, uint32_t *key_count,
                      struct grouping_masks *masks)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < found_count; i++) {
        uint32_t k = 0;
        while (k < *key_count && (*keys)[k] != found[i] && !expression_equal((*keys)[k], found[i])) {
            k++;
        }
        if (k == GROUPING_KEYS_MAX) {
            return bind_refuse(binder, node->offset, "GROUPING SETS of more than %u keys", GROUPING_KEYS_MAX);
        }
        if (k == *key_count) {
            const struct expression **place =
                bind_array_add(binder->arena, keys, key_count, sizeof(struct expression *));
            if (place == NULL) {
                return arena_error(binder->arena);
            }
            *place = found[i];
        }
        mask |= (uint64_t)1 << k;
    }
    return mask_add(binder, masks, mask);
}

/* The values of every call of grouping() in every set. */
static struct err *grouping_constants(struct binder *binder, const struct scope *scope,
                                      const struct grouping_masks *masks, const struct expression *const *keys,
                                      uint32_t key_count, uint64_t **out)
{
    uint64_t *constants = arena_zalloc(binder->arena, (size_t)masks->count * (scope->grouping_count + 1U) * 8);
    if (constants == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t g = 0; g < scope->grouping_count; g++) {
        const struct grouping *grouping = &scope->groupings[g];
        for (uint32_t i = 0; i < grouping->count; i++) {
            uint32_t k = 0;
            while (k < key_count && !expression_equal(keys[k], grouping->arguments[i])) {
                k++;
            }
            if (k == key_count) {
                return bind_error(binder, grouping->offset, ERR_BAD_ARGUMENTS,
                                  "argument %u of GROUPING is no key of GROUP BY", i + 1);
            }
            for (uint32_t s = 0; s < masks->count; s++) {
                uint64_t *value = &constants[(size_t)s * scope->grouping_count + g];
                *value = *value << 1 | (k >= GROUPING_KEYS_MAX || (masks->masks[s] >> k & 1) != 0 ? 0 : 1);
            }
        }
    }
    *out = constants;
    return NULL;
}

struct err *bind_aggregation(struct binder *binder, struct scope *scope, const struct grouping_masks *masks,
                             const struct expression ***keys, uint32_t *key_count, struct plan **plan)
{
    struct err *err = NULL;
    const struct ast_select *select = scope->select;
    uint64_t *constants = NULL;
    uint64_t all = UINT64_MAX;
    struct grouping_masks one = {&all, 1};
    bool sets = select->group_kind == AST_GROUP_ROLLUP || select->group_kind == AST_GROUP_CUBE ||
                select->group_kind == AST_GROUP_SETS;

    masks = sets ? masks : &one;
    OR_DONE(grouping_constants(binder, scope, masks, *keys, *key_count, &constants));
    if (!sets && scope->grouping_count == 0) {
        OR_DONE(
            plan_aggregate(binder->arena, *plan, *keys, *key_count, scope->aggregates, scope->aggregate_count, plan));
        (*plan)->with_totals = select->with_totals;
        goto done;
    }
    if (!sets && (*key_count > GROUPING_KEYS_MAX || select->with_totals)) {
        err = bind_refuse(binder, scope->groupings[0].offset, "GROUPING together with %s",
                          select->with_totals ? "WITH TOTALS" : "more than 64 keys");
        goto done;
    }
    struct grouping_sets node = {.sets = masks->masks,
                                 .set_count = masks->count,
                                 .constants = constants,
                                 .constant_count = scope->grouping_count,
                                 .is_rollup = select->group_kind != AST_GROUP_SETS,
                                 .with_totals = select->with_totals};
    OR_DONE(plan_grouping_sets(binder->arena, *plan, *keys, *key_count, scope->aggregates, scope->aggregate_count,
                               &node, plan));
    for (uint32_t g = 0; g < scope->grouping_count; g++) {
        const struct expression **place = bind_array_add(binder->arena, keys, key_count, sizeof(struct expression *));
        if (place == NULL) {
            return arena_error(binder->arena);
        }
        OR_DONE(expression_column(binder->arena, GROUPING_BASE + g, type_simple(TYPE_UINT64), place));
    }
done:
    return err;
}
