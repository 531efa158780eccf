/*
 * join_filter.c: what the right side's keys say about the left side before it is read.
 *
 * when     left rows without a match bring nothing (INNER, RIGHT, LEFT SEMI), and the key is a column of a scan that
 *          is the left side, or the left side of the joins there
 * what     few keys, or whole numbers with gaps between them: the key is one of them; else it lies between the smallest
 *          and the greatest. As conditions above the scan, so that zone maps leave out granules and rows are dropped
 *          before other columns are read
 */
#include "query/join_operator.h"

#include "query/aggregates.h"
#include "query/functions/functions.h"

#define SET_ROWS_MAX  64U      /* of any type */
#define NEAR_ROWS_MAX 1048576U /* of whole numbers, when a set of them is a bitmap (value_set.c) and */
#define NEAR_GAPS_MIN 2U       /* at most one number in so many is among them, */
#define NEAR_GAPS_MAX 128U     /* and at least one in so many */

static bool is_wanted(const struct join *join)
{
    const struct plan_join *spec = join->spec;
    bool drops = spec->kind == JOIN_INNER || spec->kind == JOIN_RIGHT ||
                 (spec->kind == JOIN_LEFT && spec->strictness == JOIN_SEMI);
    return drops && join->row_count > 0;
}

/* May rows of the join's left side be dropped before it? */
static bool passes_left(const struct plan_join *join)
{
    return join->kind == JOIN_LEFT || (join->kind == JOIN_INNER && join->strictness != JOIN_ANY);
}

/* The scan that a column of the plan comes from, through filters and left sides of joins, and its column there. */
static bool find_scan(const struct plan *plan, uint32_t *column)
{
    while (plan->kind == PLAN_FILTER || plan->kind == PLAN_JOIN) {
        if (plan->kind == PLAN_JOIN) {
            const struct join_output *output = &plan->join->outputs[*column];
            if (!passes_left(plan->join) || output->left == JOIN_NONE || output->right != JOIN_NONE) {
                return false;
            }
            *column = output->left;
        }
        plan = plan->inputs[0];
    }
    return plan->kind == PLAN_SCAN && plan->source->open != NULL;
}

static bool is_whole(enum type_kind kind)
{
    switch (kind) {
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
        return true;
    default:
        return false;
    }
}

/* Rows with the smallest and the greatest value, and the distance of these; false: all are NULL. */
static bool ends_of(const struct column *keys, uint32_t row_count, uint32_t *min, uint32_t *max, uint64_t *distance)
{
    enum type_kind kind = type_physical(keys->type);
    uint64_t low = 0;
    uint64_t high = 0;
    bool found = false;
    for (uint32_t row = 0; row < row_count; row++) {
        if (column_is_null(keys, row)) {
            continue;
        }
        uint64_t word = ordered_bits(kind, column_value(keys, row));
        if (!found || word < low) {
            low = word;
            *min = row;
        }
        if (!found || word > high) {
            high = word;
            *max = row;
        }
        found = true;
    }
    *distance = high - low;
    return found;
}

static struct err *one_of(struct execution *execution, const struct expression *key, const struct column *keys,
                          uint32_t row_count, const struct expression **out)
{
    struct err *err = NULL;
    struct value_set *set;

    OR_DONE(value_set_create(execution->arena, execution->options->context, &key->type, 1, &set));
    for (uint32_t row = 0; row < row_count; row += CHUNK_ROWS_MAX) {
        uint32_t end = row_count - row < CHUNK_ROWS_MAX ? row_count : row + CHUNK_ROWS_MAX;
        const struct column *part = column_part(execution->arena, keys, row, end);
        if (part == NULL) {
            return arena_error(execution->arena);
        }
        OR_DONE(value_set_add(set, &part, end - row));
    }
    OR_DONE(value_set_seal(set));
    OR_DONE(expression_in(execution->arena, &key, 1, set, false, out));
done:
    return err;
}

static struct err *at_end(struct execution *execution, const struct expression *key, const char *order,
                          const struct column *keys, uint32_t row, const struct expression **out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    const struct type *type = type_low_cardinality(arena, keys->type, false);
    const struct expression *pair[2] = {key, NULL};

    type = type == NULL ? NULL : type_nullable(arena, type, false);
    struct column *value = type == NULL ? NULL : column_const(arena, type, column_value(keys, row), 1);
    if (value == NULL) {
        return arena_error(arena);
    }
    OR_DONE(expression_constant(arena, value, &pair[1]));
    OR_DONE(expression_call(arena, execution->options->context, slice_text(order), pair, 2, out));
done:
    return err;
}

/* A copy of the plan down to its scan, with the condition above that. */
static struct err *add_filter(struct execution *execution, const struct expression *condition, const struct plan **plan)
{
    struct err *err = NULL;
    struct plan *made;

    if ((*plan)->kind == PLAN_SCAN) {
        OR_DONE(plan_filter(execution->arena, (struct plan *)(uintptr_t)*plan, condition, &made)); /* only reads it */
        *plan = made;
        return NULL;
    }
    made = ARENA_NEW(execution->arena, struct plan);
    struct plan **inputs = ARENA_ARRAY(execution->arena, struct plan *, (*plan)->input_count);
    if (made == NULL || inputs == NULL) {
        return arena_error(execution->arena);
    }
    const struct plan *first = (*plan)->inputs[0];
    OR_DONE(add_filter(execution, condition, &first));
    memcpy(inputs, (*plan)->inputs, (*plan)->input_count * sizeof(struct plan *));
    inputs[0] = (struct plan *)(uintptr_t)first;
    *made = **plan;
    made->inputs = inputs;
    *plan = made;
done:
    return err;
}

static struct err *filter_key(struct execution *execution, const struct join *join, uint32_t k,
                              const struct plan **plan)
{
    struct err *err = NULL;
    const struct expression *key = join->spec->left_keys[k];
    uint32_t column = key->column_index;

    if (!find_scan(*plan, &column)) {
        return NULL;
    }
    OR_DONE(expression_column(execution->arena, column, key->type, &key));
    const struct column *keys = column_part(execution->arena, join->build[join->key_columns[k]], 0, join->row_count);
    const struct expression *condition;
    uint32_t min = 0;
    uint32_t max = 0;
    uint64_t distance;

    if (keys == NULL) {
        return arena_error(execution->arena);
    }
    bool few = join->row_count <= SET_ROWS_MAX;
    if (few && type_is_string(keys->type)) {
        OR_DONE(one_of(execution, key, keys, join->row_count, &condition));
        OR_DONE(add_filter(execution, condition, plan));
        goto done;
    }
    if (!is_whole(type_physical(keys->type)) || !ends_of(keys, join->row_count, &min, &max, &distance)) {
        goto done;
    }
    bool near = join->row_count <= NEAR_ROWS_MAX && distance / NEAR_GAPS_MAX < join->row_count;
    if ((few || near) && distance / NEAR_GAPS_MIN > join->row_count) { /* there are gaps between them */
        OR_DONE(one_of(execution, key, keys, join->row_count, &condition));
        OR_DONE(add_filter(execution, condition, plan));
        goto done;
    }
    OR_DONE(at_end(execution, key, "greaterOrEquals", keys, min, &condition));
    OR_DONE(add_filter(execution, condition, plan));
    OR_DONE(at_end(execution, key, "lessOrEquals", keys, max, &condition));
    OR_DONE(add_filter(execution, condition, plan));
done:
    return err;
}

struct err *join_filter(struct execution *execution, const struct join *join, const struct plan **left)
{
    struct err *err = NULL;
    const struct plan_join *spec = join->spec;

    if (!is_wanted(join)) {
        return NULL;
    }
    for (uint32_t k = 0; k < spec->key_count; k++) {
        if (spec->left_keys[k]->kind == EXPRESSION_COLUMN && !spec->null_safe[k]) {
            OR_DONE(filter_key(execution, join, k, left));
        }
    }
done:
    return err;
}
