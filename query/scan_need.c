/*
 * scan_need.c: which parts of a scan's columns expressions look at: length(a) at the sizes, mapKeys(m) at the keys,
 * tupleElement(t, 'x') at one element, isNull(x) at the NULLs; t.x, a.size0, m.keys and x.null are these calls.
 *
 * flow     scan.c, execute.c → here → column_need in storage/, which decodes these parts of a block alone
 * names    for EXPLAIN, parts have the names that SQL has for them
 * down     from what is looked at of a call's result to what that is of its argument, until a column is reached; a
 *          function that is not known here looks at all of its arguments
 */
#include "query/pipeline.h"

#include "base/text.h"

#include <stdio.h>
#include <strings.h>

struct search {
    struct arena *arena;
    const struct column_need **needs;
};

static struct err *look(struct search *search, const struct expression *expression, const struct column_need *need);

/* Of arrays of tuples, or a tuple: the same of them, of their tuples one element. */
static struct err *need_element(struct arena *arena, const struct type *type, uint32_t element,
                                const struct column_need *need, const struct column_need **out)
{
    struct err *err = NULL;
    const struct column_need *inner = NULL;
    if (type->kind != TYPE_ARRAY) {
        return column_need_child(arena, type, element, need, out);
    }
    const struct column_need *child = column_need_of(need, 0);
    if (child != NULL) {
        OR_DONE(need_element(arena, type->children[0], element, child, &inner));
    }
    err = column_need_child(arena, type, 0, inner, out);
done:
    return err;
}

/* Of a map: of its keys (side 0) or values what is said of the array of them. */
static struct err *need_side(struct arena *arena, const struct type *map, uint32_t side, const struct column_need *need,
                             const struct column_need **out)
{
    struct err *err = NULL;
    const struct column_need *pair = NULL, *child = column_need_of(need, 0);
    if (child != NULL) {
        OR_DONE(column_need_child(arena, map->children[0], side, child, &pair));
    }
    err = column_need_child(arena, map, 0, pair, out);
done:
    return err;
}

/* What a call looks at of its first argument; *out stays as it is when that is all. */
static struct err *need_of_call(struct arena *arena, const struct expression *call, const struct column_need *need,
                                const struct column_need **out)
{
    const char *name = call->function->name;
    const struct type *type = call->child_count > 0 ? call->children[0]->type : NULL;
    if (type == NULL) {
        return NULL;
    }
    bool is_list = type->kind == TYPE_ARRAY || type->kind == TYPE_MAP;
    if (is_list && (strcmp(name, "length") == 0 || strcmp(name, "empty") == 0 || strcmp(name, "notEmpty") == 0)) {
        *out = &column_need_outline;
    } else if (type->child_count == 0 && type->nullable && type->view == TYPE_VIEW_NONE &&
               (strcmp(name, "isNull") == 0 || strcmp(name, "isNotNull") == 0)) {
        *out = &column_need_outline;
    } else if (type->kind == TYPE_MAP && strcmp(name, "mapKeys") == 0) {
        return need_side(arena, type, 0, need, out);
    } else if (type->kind == TYPE_MAP && strcmp(name, "mapValues") == 0) {
        return need_side(arena, type, 1, need, out);
    } else if (type->kind == TYPE_MAP && (strcmp(name, "mapContains") == 0 || strcmp(name, "has") == 0)) {
        return need_side(arena, type, 0, &column_need_whole, out);
    } else if (strcmp(name, "tupleElement") == 0 && call->function->data != NULL) {
        return need_element(arena, type, (uint32_t)(uintptr_t)call->function->data - 1, need, out);
    } else if (type->view == TYPE_VIEW_JSON && strcmp(name, "getSubcolumn") == 0) {
        int32_t declared = type_json_path(type, *(const struct slice *)call->children[1]->constant->values);
        return declared >= 0 ? column_need_child(arena, type, (uint32_t)declared, need, out)
                             : column_need_child(arena, type, type->child_count - 1, &column_need_whole, out);
    }
    return NULL;
}

static struct err *look_at_call(struct search *search, const struct expression *call, const struct column_need *need)
{
    struct err *err = NULL;
    const struct column_need *first = &column_need_whole;
    if ((call->function->flags & FUNCTION_OF_TYPES) != 0) {
        return NULL;
    }
    OR_DONE(need_of_call(search->arena, call, need, &first));
    for (uint32_t i = 0; i < call->child_count; i++) {
        OR_DONE(look(search, call->children[i], i == 0 ? first : &column_need_whole));
    }
done:
    return err;
}

/* A lambda: of each array what its body looks at of an element. */
static struct err *look_at_map(struct search *search, const struct expression *map)
{
    struct err *err = NULL;
    struct search body = {search->arena, NULL};
    OR_DONE(scan_needs_begin(search->arena, map->child_count, &body.needs));
    OR_DONE(look(&body, map->body, &column_need_whole));
    for (uint32_t i = 0; i < map->child_count; i++) {
        const struct column_need *need = &column_need_whole;
        if (!map->folds && i < map->array_count && map->children[i]->type->kind == TYPE_ARRAY) {
            OR_DONE(column_need_child(search->arena, map->children[i]->type, 0, body.needs[i], &need));
        }
        OR_DONE(look(search, map->children[i], need));
    }
done:
    return err;
}

static struct err *look(struct search *search, const struct expression *expression, const struct column_need *need)
{
    struct err *err = NULL;
    switch (expression->kind) {
    case EXPRESSION_COLUMN:
        err = column_need_add(search->arena, expression->type, &search->needs[expression->column_index], need);
        break;
    case EXPRESSION_CALL:
        err = look_at_call(search, expression, need);
        break;
    case EXPRESSION_MAP:
        err = look_at_map(search, expression);
        break;
    case EXPRESSION_IN:
        for (uint32_t i = 0; i < expression->child_count && err == NULL; i++) {
            err = look(search, expression->children[i], &column_need_whole);
        }
        break;
    case EXPRESSION_CONSTANT:
    case EXPRESSION_PARAMETER:
        break;
    }
    return err;
}

struct err *scan_needs_begin(struct arena *arena, uint32_t column_count, const struct column_need ***needs)
{
    *needs = ARENA_ARRAY(arena, const struct column_need *, column_count + 1U);
    for (uint32_t c = 0; *needs != NULL && c < column_count; c++) {
        (*needs)[c] = NULL;
    }
    return *needs == NULL ? arena_error(arena) : NULL;
}

struct err *scan_needs_add(struct arena *arena, const struct expression *expression, const struct column_need **needs)
{
    struct search search = {arena, needs};
    return look(&search, expression, &column_need_whole);
}

/* count(x) asks only which x are NULL. */
static struct err *look_at_aggregate(struct search *search, const struct plan_aggregate *plan)
{
    struct err *err = NULL;
    bool counts = strcasecmp(plan->aggregate->name, "count") == 0 && plan->aggregate->argument_count == 1 &&
                  plan->arguments[0]->type->child_count == 0;
    for (uint32_t i = 0; i < plan->aggregate->argument_count; i++) {
        OR_DONE(look(search, plan->arguments[i], counts ? &column_need_outline : &column_need_whole));
    }
done:
    return err;
}

struct err *scan_needs_of(struct arena *arena, const struct plan *above, const struct column_need ***out)
{
    struct err *err = NULL;
    const struct plan *scan = above->inputs[0];
    struct search search = {arena, NULL};
    bool has_parts = false;

    *out = NULL;
    while (scan->kind == PLAN_FILTER) {
        scan = scan->inputs[0];
    }
    for (uint32_t c = 0; scan->kind == PLAN_SCAN && c < scan->column_count; c++) {
        has_parts = has_parts || scan->columns[c].type->child_count > 0 || scan->columns[c].type->nullable;
    }
    if (!has_parts ||
        (above->kind != PLAN_PROJECT && above->kind != PLAN_AGGREGATE && above->kind != PLAN_GROUPING_SETS)) {
        return NULL;
    }
    OR_DONE(scan_needs_begin(arena, scan->column_count, &search.needs));
    for (uint32_t i = 0; i < above->expression_count; i++) {
        OR_DONE(look(&search, above->expressions[i], &column_need_whole));
    }
    for (uint32_t a = 0; a < above->aggregate_count; a++) {
        OR_DONE(look_at_aggregate(&search, &above->aggregates[a]));
    }
    *out = search.needs;
done:
    return err;
}

static void put_part(struct buffer *out, size_t begin, struct slice prefix, struct slice name)
{
    buffer_printf(out, "%s%.*s.%.*s", out->length > begin ? ", " : "", SLICE_ARG(prefix), SLICE_ARG(name));
}

static void put_parts(struct buffer *out, size_t begin, struct slice prefix, const struct type *type,
                      const struct column_need *need)
{
    static const char *const sides[] = {"keys", "values"};
    bool is_list = type->kind == TYPE_ARRAY || type->kind == TYPE_MAP;
    const struct type *inner = is_list ? type->children[0] : type;
    const struct column_need *child = is_list ? column_need_of(need, 0) : need;
    if (is_list && child == NULL) {
        put_part(out, begin, prefix, slice_text("size0"));
    } else if (inner->kind != TYPE_TUPLE) {
        if (is_list) {
            put_parts(out, begin, prefix, inner, child);
        } else {
            put_part(out, begin, prefix, slice_text("null"));
        }
        return;
    }
    for (uint32_t k = 0; child != NULL && k < inner->child_count; k++) {
        char number[16];
        const struct column_need *element = column_need_of(child, k);
        (void)snprintf(number, sizeof(number), "%u", k + 1);
        struct slice name = type->kind == TYPE_MAP ? slice_text(sides[k > 0])
                            : inner->view == TYPE_VIEW_JSON && k + 1 == inner->child_count
                                ? slice_text("*") /* paths that are not declared */
                            : inner->names == NULL ? slice_text(number)
                                                   : inner->names[k];
        if (element != NULL && element->whole) {
            put_part(out, begin, prefix, name);
        } else if (element != NULL) {
            struct buffer longer = {0};
            buffer_printf(&longer, "%.*s.%.*s", SLICE_ARG(prefix), SLICE_ARG(name));
            out->failed = out->failed || longer.failed;
            put_parts(out, begin, longer.failed ? prefix : buffer_all(&longer), inner->children[k], element);
            buffer_deinit(&longer);
        }
    }
}

void scan_needs_text(struct buffer *out, struct slice name, const struct type *type, const struct column_need *need)
{
    if (need != NULL && !need->whole && (type->child_count > 0 || type->nullable)) {
        put_parts(out, out->length, name, type, need);
    }
}
