/*
 * interval_tuple.c: addInterval, subtractInterval: intervals of several units, a tuple of one of each.
 *
 * how      an interval of the last one's unit is added to that one; of another unit it goes to the end
 * thread   any, no shared state
 */
#include "query/functions/nested.h"

static struct err *evaluate_together(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool minus = function->data != NULL;
    uint32_t count = function->inner->child_count;
    const struct column *flat = column_flat(arena, arguments[0]);
    const struct column *added = column_numbers(arena, arguments[1], TYPE_INT64);
    struct column *made = column_new(arena, function->inner, row_count);
    if (flat == NULL || added == NULL || made == NULL) {
        return arena_error(arena);
    }
    bool of_tuple = flat->type->kind == TYPE_TUPLE;
    uint32_t given = of_tuple ? flat->type->child_count : 1;
    for (uint32_t c = 0; c < count; c++) {
        const struct column *part = c >= given ? NULL : of_tuple ? flat->children[c] : flat;
        const struct column *numbers = part == NULL ? NULL : column_flat(arena, part);
        if (numbers == NULL && part != NULL) {
            return arena_error(arena);
        }
        OR_DONE(result_new(arena, function->inner->children[c], row_count, &made->children[c]));
        uint64_t *to = made->children[c]->values;
        for (uint32_t i = 0; i < row_count; i++) {
            uint64_t more = (uint64_t)VALUE_AT(added, int64_t, i);
            to[i] = numbers == NULL ? 0 : ((const uint64_t *)numbers->values)[i];
            to[i] += c < count - 1 ? 0 : minus ? -more : more;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_empty(EVALUATE_ARGUMENTS)
{
    (void)function;
    (void)arena;
    (void)row_count;
    *out = (struct column *)(uintptr_t)arguments[0];
    return NULL;
}

static struct err *resolve_together(const struct function_bind *bind, struct function *out)
{
    const struct type *first = bind->arguments[0].type, *second = bind->arguments[1].type;
    bool of_tuple = first->kind == TYPE_TUPLE && first->view == TYPE_VIEW_NONE;
    uint32_t count = of_tuple ? first->child_count : 1;
    const struct type **parts = ARENA_ARRAY(bind->arena, const struct type *, count + 1U);
    if (parts == NULL) {
        return arena_error(bind->arena);
    }
    if (!of_tuple && first->kind != TYPE_INTERVAL) {
        return argument_error(bind, 0, "an interval or a tuple of intervals is needed");
    }
    if (second->kind != TYPE_INTERVAL) {
        return argument_error(bind, 1, "an interval is needed");
    }
    for (uint32_t c = 0; c < count; c++) {
        parts[c] = of_tuple ? first->children[c] : first;
        if (parts[c]->kind != TYPE_INTERVAL || parts[c]->nullable) {
            return argument_error(bind, 0, "an interval or a tuple of intervals is needed");
        }
    }
    if (bind->nullable) {
        return err_new(ERR_NOT_IMPLEMENTED, "%s of Nullable arguments is not implemented: it is a Nullable(Tuple)",
                       bind->name);
    }
    if (count == 0) {
        out->inner = first;
        out->evaluate = evaluate_empty;
        return NULL;
    }
    if (parts[count - 1]->unit != second->unit) {
        parts[count++] = second;
    }
    out->inner = type_tuple(bind->arena, parts, NULL, count);
    out->evaluate = evaluate_together;
    out->data = bind->tag != 0 ? "minus" : NULL;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

static const struct function_definition definitions[] = {
    {"addInterval", false, 2, 2, 0, resolve_together, 0},
    {"subtractInterval", false, 2, 2, 0, resolve_together, 1},
};
const struct function_group functions_interval_tuple = GROUP_WITHOUT_ALIASES(definitions);
