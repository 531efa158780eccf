/*
 * plan.c: constructors of plan nodes, and EXPLAIN's text.
 *
 * thread   the binder's
 */
#include "query/fill.h"
#include "query/join.h"

struct err *plan_new(struct arena *arena, enum plan_kind kind, struct plan *input, struct plan **out)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    if (plan == NULL) {
        return arena_error(arena);
    }
    plan->kind = kind;
    plan->limit = UINT64_MAX;
    if (input != NULL) {
        struct plan **inputs = ARENA_ARRAY(arena, struct plan *, 1);
        if (inputs == NULL) {
            return arena_error(arena);
        }
        inputs[0] = input;
        plan->inputs = inputs;
        plan->input_count = 1;
        plan->columns = input->columns;
        plan->column_count = input->column_count;
    }
    *out = plan;
    return NULL;
}

static struct err *copy_array(struct arena *arena, const void *from, uint32_t count, size_t size, void *out)
{
    void *copy = arena_array(arena, count + (size_t)1, size);
    if (copy == NULL) {
        return arena_error(arena);
    }
    if (count > 0) {
        memcpy(copy, from, count * size);
    }
    memcpy(out, &copy, sizeof(copy));
    return NULL;
}

static struct err *columns_new(struct arena *arena, uint32_t count, struct source_column **out)
{
    *out = ARENA_ARRAY(arena, struct source_column, count + 1U);
    return *out == NULL ? arena_error(arena) : NULL;
}

struct err *plan_scan(struct arena *arena, struct table_source *source, const uint32_t *source_columns,
                      uint32_t column_count, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct source_column *columns;
    OR_DONE(plan_new(arena, PLAN_SCAN, NULL, &plan));
    OR_DONE(columns_new(arena, column_count, &columns));
    for (uint32_t i = 0; i < column_count; i++) {
        ASSERT(source_columns[i] < source->column_count);
        columns[i] = source->columns[source_columns[i]];
    }
    plan->source = source;
    plan->columns = columns;
    plan->column_count = column_count;
    OR_DONE(copy_array(arena, source_columns, column_count, sizeof(*source_columns), &plan->source_columns));
    *out = plan;
done:
    return err;
}

struct err *plan_values(struct arena *arena, const struct chunk *values, const struct slice *names, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct source_column *columns;
    OR_DONE(plan_new(arena, PLAN_VALUES, NULL, &plan));
    OR_DONE(columns_new(arena, values->column_count, &columns));
    for (uint32_t i = 0; i < values->column_count; i++) {
        columns[i] = (struct source_column){names[i], values->columns[i]->type};
    }
    plan->values = values;
    plan->columns = columns;
    plan->column_count = values->column_count;
    *out = plan;
done:
    return err;
}

struct err *plan_filter(struct arena *arena, struct plan *input, const struct expression *condition, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    const struct type *type = condition->type;
    if (!type_is_condition(type)) {
        struct slice name = type_name(arena, type);
        return err_new(ERR_FILTER_TYPE, "Illegal type %.*s of a filter: UInt8 or Bool is needed", SLICE_ARG(name));
    }
    OR_DONE(plan_new(arena, PLAN_FILTER, input, &plan));
    plan->condition = condition;
    *out = plan;
done:
    return err;
}

struct err *plan_project(struct arena *arena, struct plan *input, const struct expression *const *expressions,
                         const struct slice *names, uint32_t count, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct source_column *columns;
    OR_DONE(plan_new(arena, PLAN_PROJECT, input, &plan));
    OR_DONE(columns_new(arena, count, &columns));
    for (uint32_t i = 0; i < count; i++) {
        columns[i] = (struct source_column){names[i], expressions[i]->type};
    }
    plan->columns = columns;
    plan->column_count = count;
    plan->expression_count = count;
    OR_DONE(copy_array(arena, expressions, count, sizeof(*expressions), &plan->expressions));
    *out = plan;
done:
    return err;
}

struct err *plan_aggregate(struct arena *arena, struct plan *input, const struct expression *const *keys,
                           uint32_t key_count, const struct plan_aggregate *aggregates, uint32_t aggregate_count,
                           struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct source_column *columns;
    OR_DONE(plan_new(arena, PLAN_AGGREGATE, input, &plan));
    OR_DONE(columns_new(arena, key_count + aggregate_count, &columns));
    for (uint32_t i = 0; i < key_count; i++) {
        char *name = arena_format(arena, "key%u", i);
        if (name == NULL) {
            return arena_error(arena);
        }
        columns[i] = (struct source_column){slice_text(name), keys[i]->type};
    }
    for (uint32_t i = 0; i < aggregate_count; i++) {
        columns[key_count + i] =
            (struct source_column){slice_text(aggregates[i].aggregate->name), aggregates[i].aggregate->type};
    }
    plan->columns = columns;
    plan->column_count = key_count + aggregate_count;
    plan->expression_count = key_count;
    plan->aggregate_count = aggregate_count;
    OR_DONE(copy_array(arena, keys, key_count, sizeof(*keys), &plan->expressions));
    OR_DONE(copy_array(arena, aggregates, aggregate_count, sizeof(*aggregates), &plan->aggregates));
    *out = plan;
done:
    return err;
}

struct err *plan_sort(struct arena *arena, struct plan *input, const struct plan_sort_key *keys, uint32_t key_count,
                      uint64_t limit, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    OR_DONE(plan_new(arena, PLAN_SORT, input, &plan));
    plan->sort_key_count = key_count;
    plan->limit = limit;
    OR_DONE(copy_array(arena, keys, key_count, sizeof(*keys), &plan->sort_keys));
    *out = plan;
done:
    return err;
}

struct err *plan_limit(struct arena *arena, struct plan *input, uint64_t offset, uint64_t limit, bool with_ties,
                       struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    if (with_ties && input->kind != PLAN_SORT) {
        return err_new(ERR_NOT_IMPLEMENTED, "LIMIT WITH TIES needs an ORDER BY beside it");
    }
    OR_DONE(plan_new(arena, PLAN_LIMIT, input, &plan));
    plan->offset = offset;
    plan->limit = limit;
    plan->with_ties = with_ties;
    *out = plan;
done:
    return err;
}

struct err *plan_tail(struct arena *arena, struct plan *input, uint64_t offset, uint64_t limit, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;

    OR_DONE(plan_new(arena, PLAN_TAIL, input, &plan));
    plan->offset = offset;
    plan->limit = limit;
    *out = plan;
done:
    return err;
}

struct err *plan_limit_by(struct arena *arena, struct plan *input, const struct expression *const *keys,
                          uint32_t key_count, uint64_t offset, uint64_t limit, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    OR_DONE(plan_new(arena, PLAN_LIMIT_BY, input, &plan));
    plan->offset = offset;
    plan->limit = limit;
    plan->expression_count = key_count;
    OR_DONE(copy_array(arena, keys, key_count, sizeof(*keys), &plan->expressions));
    *out = plan;
done:
    return err;
}

struct err *plan_array_join(struct arena *arena, struct plan *input, const struct expression *const *arrays,
                            uint32_t count, bool left, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct source_column *columns;
    OR_DONE(plan_new(arena, PLAN_ARRAY_JOIN, input, &plan));
    OR_DONE(columns_new(arena, input->column_count + count, &columns));
    for (uint32_t i = 0; i < input->column_count; i++) {
        columns[i] = input->columns[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        columns[input->column_count + i] = (struct source_column){slice_text("element"), arrays[i]->type->children[0]};
    }
    plan->columns = columns;
    plan->column_count = input->column_count + count;
    plan->expression_count = count;
    plan->left = left;
    OR_DONE(copy_array(arena, arrays, count, sizeof(*arrays), &plan->expressions));
    *out = plan;
done:
    return err;
}

struct err *plan_distinct(struct arena *arena, struct plan *input, struct plan **out)
{
    return plan_new(arena, PLAN_DISTINCT, input, out);
}

struct err *plan_union(struct arena *arena, struct plan *const *inputs, uint32_t count, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    for (uint32_t i = 1; i < count; i++) {
        if (inputs[i]->column_count != inputs[0]->column_count) {
            return err_new(ERR_TYPE_MISMATCH, "UNION: %u columns in one SELECT, %u in another", inputs[0]->column_count,
                           inputs[i]->column_count);
        }
    }
    OR_DONE(plan_new(arena, PLAN_UNION, NULL, &plan));
    OR_DONE(copy_array(arena, inputs, count, sizeof(*inputs), &plan->inputs));
    plan->input_count = count;
    plan->columns = inputs[0]->columns;
    plan->column_count = inputs[0]->column_count;
    *out = plan;
done:
    return err;
}

struct err *plan_set_operation(struct arena *arena, enum plan_kind kind, struct plan *left, struct plan *right,
                               bool distinct, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct plan *const inputs[2] = {left, right};
    ASSERT(left->column_count == right->column_count);
    OR_DONE(plan_new(arena, kind, left, &plan));
    OR_DONE(copy_array(arena, inputs, 2, sizeof(inputs[0]), &plan->inputs));
    plan->input_count = 2;
    plan->distinct = distinct;
    *out = plan;
done:
    return err;
}

struct err *plan_fill(struct arena *arena, struct plan *input, const struct plan_fill *fill, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    OR_DONE(plan_new(arena, PLAN_FILL, input, &plan));
    OR_DONE(copy_array(arena, fill, 1, sizeof(*fill), &plan->fill));
    *out = plan;
done:
    return err;
}

struct err *plan_window(struct arena *arena, struct plan *input, const struct plan_window *window,
                        const struct slice *names, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct source_column *columns;
    struct plan_window *copy = ARENA_NEW(arena, struct plan_window);
    if (copy == NULL) {
        return arena_error(arena);
    }
    ASSERT(input->kind == PLAN_SORT);
    OR_DONE(plan_new(arena, PLAN_WINDOW, input, &plan));
    OR_DONE(columns_new(arena, input->column_count + window->function_count, &columns));
    memcpy(columns, input->columns, input->column_count * sizeof(*columns));
    for (uint32_t i = 0; i < window->function_count; i++) {
        columns[input->column_count + i] = (struct source_column){names[i], window->functions[i].type};
    }
    *copy = *window;
    plan->window = copy;
    plan->columns = columns;
    plan->column_count = input->column_count + window->function_count;
    *out = plan;
done:
    return err;
}

const struct type *join_nullable(struct arena *arena, const struct type *type)
{
    return type_is_nested(type) || type->nullable ? type : type_nullable(arena, type, true);
}

struct err *plan_join(struct arena *arena, struct plan *left, struct plan *right, const struct plan_join *join,
                      const struct slice *names, uint32_t column_count, struct plan **out)
{
    struct err *err = NULL;
    struct plan *plan = NULL;
    struct source_column *columns;
    struct plan *const sides[2] = {left, right};
    OR_DONE(plan_new(arena, PLAN_JOIN, NULL, &plan));
    OR_DONE(columns_new(arena, column_count, &columns));
    for (uint32_t i = 0; i < column_count; i++) {
        struct join_output output = join->outputs[i];
        const struct type *type =
            output.left != JOIN_NONE ? left->columns[output.left].type : right->columns[output.right].type;
        if ((output.left != JOIN_NONE && join->left_nulls) || (output.right != JOIN_NONE && join->right_nulls)) {
            type = join_nullable(arena, type);
        }
        if (type == NULL) {
            return arena_error(arena);
        }
        columns[i] = (struct source_column){names[i], type};
    }
    plan->columns = columns;
    plan->column_count = column_count;
    plan->input_count = 2;
    OR_DONE(copy_array(arena, sides, 2, sizeof(struct plan *), &plan->inputs));
    OR_DONE(copy_array(arena, join, 1, sizeof(*join), &plan->join));
    *out = plan;
done:
    return err;
}

uint64_t plan_rows(const struct plan *plan)
{
    uint64_t rows = plan->input_count == 0 ? UINT64_MAX : plan_rows(plan->inputs[0]);
    switch (plan->kind) {
    case PLAN_SCAN:
        return plan->source->row_count == NULL ? UINT64_MAX : plan->source->row_count(plan->source);
    case PLAN_VALUES:
        return plan->values->row_count;
    case PLAN_FILTER:
        return rows == UINT64_MAX ? rows : rows / 4;
    case PLAN_AGGREGATE:
        return plan->expression_count == 0 ? 1 : rows == UINT64_MAX ? rows : rows / 10;
    case PLAN_LIMIT:
        return plan->limit < rows ? plan->limit : rows;
    case PLAN_JOIN: {
        uint64_t right = plan_rows(plan->inputs[1]);
        return rows > right ? rows : right;
    }
    case PLAN_PROJECT:
    case PLAN_SORT:
    case PLAN_DISTINCT:
    case PLAN_WINDOW:
        return rows;
    default:
        return UINT64_MAX;
    }
}

const struct plan *plan_below_filters(const struct plan *plan, const struct expression *filters[PLAN_FILTERS_MAX],
                                      uint32_t *count)
{
    uint32_t found = 0;
    while (plan->kind == PLAN_FILTER && found < PLAN_FILTERS_MAX) {
        filters[found++] = plan->condition;
        plan = plan->inputs[0];
    }
    for (uint32_t i = 0; i < found / 2; i++) {
        const struct expression *swap = filters[i];
        filters[i] = filters[found - 1 - i];
        filters[found - 1 - i] = swap;
    }
    *count = found;
    return plan;
}
