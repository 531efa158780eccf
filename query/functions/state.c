/*
 * state.c: states of aggregate functions as values: finalizeAggregation, initializeAggregation, arrayReduce, state +
 * state, casts of states from and to strings.
 *
 * thread   any, no shared state
 */
#include "query/aggregate_state.h"
#include "query/functions/cast.h"
#include "query/functions/nested.h"

/* count empty states side by side. */
static struct err *states_new(const struct aggregate *aggregate, struct arena *arena, uint32_t count, char **out)
{
    size_t bytes = (size_t)count * aggregate->state_bytes;
    *out = arena_alloc_aligned(arena, bytes + 1, 64);
    if (*out == NULL) {
        return arena_error(arena);
    }
    memset(*out, 0, bytes);
    return NULL;
}

/* Adds row i of a column of states to state i. */
static struct err *states_read(const struct aggregate *aggregate, struct arena *arena, const struct column *column,
                               uint32_t row_count, char *states)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < row_count; i++) {
        OR_DONE(aggregate_add_bytes(aggregate, arena, arena, VALUE_AT(column, struct slice, i),
                                    states + (size_t)i * aggregate->state_bytes));
    }
done:
    return err;
}

static struct err *states_finish(const struct aggregate *aggregate, struct arena *arena, char *states, uint32_t count,
                                 struct column **out)
{
    struct err *err = NULL;
    struct column *made = NULL;
    OR_DONE(result_new(arena, aggregate->type, count, &made));
    OR_DONE(aggregate->finish(aggregate, arena, states, aggregate->state_bytes, count, made));
    *out = made;
done:
    return err;
}

/* --- finalizeAggregation, state + state -------------------------------------------------------------------------- */

static struct err *evaluate_finalize(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = function->data;
    char *states = NULL;
    OR_DONE(states_new(aggregate, arena, row_count, &states));
    OR_DONE(states_read(aggregate, arena, arguments[0], row_count, states));
    OR_DONE(states_finish(aggregate, arena, states, row_count, out));
done:
    return err;
}

static struct err *resolve_finalize(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = NULL;
    if (!type_is_state(bind->arguments[0].type)) {
        return argument_error(bind, 0, "the state of an aggregate function is needed");
    }
    OR_DONE(aggregate_of_state(bind->arena, bind->context, bind->arguments[0].type, &aggregate));
    out->inner = aggregate->type;
    out->data = aggregate;
    out->evaluate = evaluate_finalize;
done:
    return err;
}

static struct err *evaluate_plus(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = function->data;
    struct column *made = NULL;
    char *states = NULL;
    OR_DONE(states_new(aggregate, arena, row_count, &states));
    OR_DONE(states_read(aggregate, arena, arguments[0], row_count, states));
    OR_DONE(states_read(aggregate, arena, arguments[1], row_count, states));
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    OR_DONE(aggregate_bytes(aggregate, arena, states, aggregate->state_bytes, row_count, made->values));
    *out = made;
done:
    return err;
}

struct err *state_plus_resolve(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = NULL;
    const struct type *type = bind->arguments[0].type;
    if (!type_equal(type, bind->arguments[1].type)) {
        return argument_error(bind, 1, "a state of the same function is needed");
    }
    OR_DONE(aggregate_of_state(bind->arena, bind->context, type, &aggregate));
    out->inner = type;
    out->data = aggregate;
    out->evaluate = evaluate_plus;
done:
    return err;
}

/* --- initializeAggregation, arrayReduce -------------------------------------------------------------------------- */

static struct err *resolve_named(const struct function_bind *bind, const struct function_argument *arguments,
                                 uint32_t count, struct function *out)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = NULL;
    const struct column **parameters = NULL;
    uint32_t parameter_count = 0;
    struct slice text;
    struct slice name;
    if (bind->arguments[0].constant == NULL || bind->arguments[0].type->kind != TYPE_STRING) {
        return argument_error(bind, 0, "a constant string, the name of an aggregate function, is needed");
    }
    text = *(const struct slice *)bind->arguments[0].constant->values;
    OR_DONE(aggregate_name_parse(bind->arena, text, &name, &parameters, &parameter_count));
    OR_DONE(
        aggregate_resolve(bind->arena, bind->context, name, parameters, parameter_count, arguments, count, &aggregate));
    out->inner = aggregate->type;
    out->data = aggregate;
done:
    return err;
}

static struct err *evaluate_initialize(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = function->data;
    char *states = NULL;
    uint32_t *groups = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, aggregate->argument_count + 1U);
    if (groups == NULL || columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        groups[i] = i;
    }
    for (uint32_t a = 0; a < aggregate->argument_count; a++) {
        columns[a] = column_flat(arena, arguments[a + 1]);
        if (columns[a] == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(states_new(aggregate, arena, row_count, &states));
    OR_DONE(aggregate->add(aggregate, arena, arena, states, aggregate->state_bytes, groups, columns, row_count));
    OR_DONE(states_finish(aggregate, arena, states, row_count, out));
done:
    return err;
}

static struct err *resolve_initialize(const struct function_bind *bind, struct function *out)
{
    out->evaluate = evaluate_initialize;
    return bind->count < 2 ? err_new(ERR_BAD_ARGUMENTS, "Function %s requires at least 2 arguments", bind->name)
                           : resolve_named(bind, bind->arguments + 1, bind->count - 1, out);
}

static struct err *evaluate_reduce(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = function->data;
    const struct column **items = ARENA_ARRAY(arena, const struct column *, aggregate->argument_count + 1U);
    const uint32_t *offsets = NULL;
    uint32_t *groups = NULL;
    char *states = NULL;
    if (items == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < aggregate->argument_count; a++) {
        const struct column *flat = NULL;
        OR_DONE(arrays_flat(arena, arguments[a + 1], &flat));
        if (offsets != NULL && memcmp(offsets, flat->offsets, (row_count + 1U) * sizeof(*offsets)) != 0) {
            return err_new(ERR_ARRAY_SIZES, "the arrays of a row must be of equal lengths in function %s",
                           function->name);
        }
        offsets = flat->offsets;
        items[a] = flat->children[0];
    }
    ASSERT(offsets != NULL); /* there are two arguments at least */
    uint32_t total = offsets[row_count];
    groups = ARENA_ARRAY(arena, uint32_t, total + 1U);
    if (groups == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++) {
            groups[k] = i;
        }
    }
    OR_DONE(states_new(aggregate, arena, row_count, &states));
    if (total > 0) {
        OR_DONE(aggregate->add(aggregate, arena, arena, states, aggregate->state_bytes, groups, items, total));
    }
    OR_DONE(states_finish(aggregate, arena, states, row_count, out));
done:
    return err;
}

static struct err *resolve_reduce(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct function_argument *items = ARENA_ARRAY(bind->arena, struct function_argument, bind->count);
    if (items == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->count < 2) {
        return err_new(ERR_TOO_FEW_ARGUMENTS, "Function %s requires at least 2 arguments", bind->name);
    }
    for (uint32_t i = 1; i < bind->count; i++) {
        OR_DONE(argument_array(bind, i));
        items[i - 1] = (struct function_argument){bind->arguments[i].type->children[0], NULL};
    }
    OR_DONE(resolve_named(bind, items, bind->count - 1, out));
    out->evaluate = evaluate_reduce;
done:
    return err;
}

/* --- casts ------------------------------------------------------------------------------------------------------- */

/* Of every value: are these the bytes of a state? */
static struct err *check_states(struct arena *arena, const struct function_context *context,
                                const struct column *column, const struct type *type)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = NULL;
    struct arena *scratch = arena_beside(arena);
    if (scratch == NULL) {
        return err_oom();
    }
    OR_DONE(aggregate_of_state(arena, context, type, &aggregate));
    uint32_t count = column->form == COLUMN_CONST ? 1 : column->row_count;
    for (uint32_t i = 0; i < count; i++) {
        char *state = NULL;
        if (!column_is_null(column, i)) {
            struct slice bytes = *(const struct slice *)column_value(column, i);
            struct state_reader reader = {.at = bytes.data, .end = bytes.data + bytes.length};
            OR_DONE(states_new(aggregate, scratch, 1, &state));
            OR_DONE(aggregate->read_state(aggregate, scratch, scratch, &reader, state));
            OR_DONE(aggregate_read_end(&reader));
            arena_reset(scratch);
        }
    }
done:
    arena_destroy(scratch);
    return err;
}

struct err *cast_state(struct arena *arena, const struct function_context *context, const struct column *column,
                       const struct type *type, struct column **out)
{
    struct err *err = NULL;
    const struct type *from = column->type;
    if (from->kind != TYPE_STRING || type->kind != TYPE_STRING || (type_is_state(from) && type_is_state(type))) {
        struct slice names[2] = {type_name(arena, from), type_name(arena, type)};
        return err_new(ERR_CANNOT_CONVERT, "Conversion from %.*s to %.*s is not supported", SLICE_ARG(names[0]),
                       SLICE_ARG(names[1]));
    }
    if (column->nulls != NULL && !type->nullable) {
        return err_new(ERR_CANNOT_INSERT_NULL, "Cannot convert NULL value to a state");
    }
    if (type_is_state(type)) {
        OR_DONE(check_states(arena, context, column, type));
    }
    column = column_flat(arena, column);
    *out = column == NULL ? NULL : column_retyped(arena, column, type);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"finalizeAggregation", false, 1, 1, FUNCTION_CAN_FAIL, resolve_finalize, 0},
    {"initializeAggregation", false, 0, ANY_COUNT, FUNCTION_NULLS, resolve_initialize, 0},
    {"arrayReduce", false, 0, ANY_COUNT, FUNCTION_NULLS | FUNCTION_CAN_FAIL, resolve_reduce, 0},
};
const struct function_group functions_state = GROUP_WITHOUT_ALIASES(definitions);
