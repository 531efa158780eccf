/*
 * aggregate.c: finds aggregate functions by name, and binds them and the combinators around them.
 *
 * flow     binder → aggregate_resolve; operators → aggregate->add/merge/finish → aggregate_adapt.c → aggregate_*.c
 * thread   bound aggregates are immutable
 */
#include "query/aggregate_adapt.h"
#include "query/aggregate_combine.h"
#include "query/functions/nested.h"
#include "query/name_table.h"
#include "query/nested_key.h"

#include <pthread.h>
#include <strings.h>

static const struct aggregate_group *const groups_of_aggregates[] = {
    &aggregates_number,
    &aggregates_value,
    &aggregates_uniq,
    &aggregates_quantile,
    &aggregates_moments,
    &aggregates_series,
    &aggregates_hll,
    &aggregates_quantile_map,
    &aggregates_tdigest,
    &aggregates_quantile_sketch,
    &aggregates_list,
    &aggregates_place,
    &aggregates_events,
    &aggregates_top,
    &aggregates_concat,
    &aggregates_shape,
    &aggregates_bitmap,
    &aggregates_grid,
    /* statistics */
    &aggregates_pairs,
    &aggregates_counted,
    &aggregates_tests,
    &aggregates_matrix,
    &aggregates_decayed,
    &aggregates_intersect,
};
#define GROUP_COUNT (sizeof(groups_of_aggregates) / sizeof(groups_of_aggregates[0]))

struct err *aggregate_argument_error(const struct aggregate_bind *bind, uint32_t index, const char *needed)
{
    struct slice name = type_name(bind->arena, bind->types[index]);
    return err_new(ERR_ARGUMENT_TYPE, "Illegal type %.*s of argument %u of aggregate function %s: %s", SLICE_ARG(name),
                   index + 1, bind->name, needed);
}

struct err *aggregate_parameter(const struct aggregate_bind *bind, uint32_t index, double *out)
{
    const struct column *parameter = bind->parameters[index];
    if (!type_is_number(parameter->type) || column_is_null(parameter, 0)) {
        return err_new(ERR_BAD_ARGUMENTS, "parameter %u of aggregate function %s must be a number", index + 1,
                       bind->name);
    }
    const struct column *number = column_numbers(bind->arena, parameter, TYPE_FLOAT64);
    if (number == NULL) {
        return arena_error(bind->arena);
    }
    *out = *(const double *)number->values;
    return NULL;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static struct name_table aggregate_names;
static pthread_once_t names_once = PTHREAD_ONCE_INIT;

static void names_build(void)
{
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        const struct aggregate_group *group = groups_of_aggregates[g];
        for (uint32_t i = 0; i < group->definition_count; i++) {
            const struct aggregate_definition *definition = &group->definitions[i];
            name_table_add(&aggregate_names, definition->name, definition->case_insensitive, definition);
        }
    }
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        const struct aggregate_group *group = groups_of_aggregates[g];
        for (uint32_t i = 0; i < group->alias_count; i++) {
            const void *definition = name_table_find(&aggregate_names, slice_text(group->aliases[i].of));
            ASSERT(definition != NULL);
            name_table_add(&aggregate_names, group->aliases[i].name, group->aliases[i].case_insensitive, definition);
        }
    }
}

static const struct aggregate_definition *definition_find(struct slice name)
{
    pthread_once(&names_once, names_build);
    return name_table_find(&aggregate_names, name);
}

static const char *const combinators[] = {"If",       "OrNull", "OrDefault",   "Distinct", "Array", "ForEach",
                                          "Resample", "Map",    "SimpleState", "State",    "Merge"};
enum combinator {
    COMBINATOR_IF,
    COMBINATOR_OR_NULL,
    COMBINATOR_OR_DEFAULT,
    COMBINATOR_DISTINCT,
    COMBINATOR_ARRAY, /* and those that follow: enum combine */
    COMBINATOR_SIMPLE_STATE = COMBINATOR_ARRAY + 4,
    COMBINATOR_STATE,
    COMBINATOR_MERGE,
    COMBINATOR_COUNT
};

const char *aggregate_combinator(uint32_t index)
{
    return index < sizeof(combinators) / sizeof(combinators[0]) ? combinators[index] : NULL;
}

static int combinator_of(struct slice name, struct slice *rest)
{
    for (int i = 0; i < COMBINATOR_COUNT; i++) {
        size_t length = strlen(combinators[i]);
        if (name.length > length && memcmp(name.data + name.length - length, combinators[i], length) == 0) {
            *rest = slice_of(name.data, name.length - length);
            return i;
        }
    }
    return -1;
}

/* ClickHouse has them, this engine does not: refused by name rather than unknown. */
static bool is_refused(struct slice name)
{
    static const char *const names[] = {"quantileGK", "quantilesGK", "sequenceNextNode"};
    static const char *const suffixes[] = {"ArgMin", "ArgMax", "Tuple"};
    struct slice rest;
    while (combinator_of(name, &rest) >= 0 && definition_find(name) == NULL) {
        name = rest;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equal(name, slice_text(names[i]))) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t length = strlen(suffixes[i]);
        if (name.length > length && memcmp(name.data + name.length - length, suffixes[i], length) == 0 &&
            definition_find(slice_of(name.data, name.length - length)) != NULL) {
            return true;
        }
    }
    return false;
}

bool aggregate_exists(struct slice name)
{
    if (is_refused(name)) {
        return true;
    }
    while (definition_find(name) == NULL) {
        if (combinator_of(name, &name) < 0) {
            return false;
        }
    }
    return true;
}

struct err *aggregate_canonical(struct arena *arena, struct slice name, struct slice *out)
{
    struct slice base = name;
    const struct aggregate_definition *definition;
    while ((definition = definition_find(base)) == NULL && combinator_of(base, &base) >= 0) {
    }
    if (definition == NULL) {
        return err_new(ERR_UNKNOWN_AGGREGATE, "Aggregate function with name `%.*s` does not exist", SLICE_ARG(name));
    }
    const char *text =
        arena_format(arena, "%s%.*s", definition->name, (int)(name.length - base.length), name.data + base.length);
    *out = text == NULL ? (struct slice){0} : slice_text(text);
    return text == NULL ? arena_error(arena) : NULL;
}

struct err *aggregate_nulls(struct arena *arena, struct slice name, bool respect, struct slice *out)
{
    static const char *const pairs[][2] = {{"any", "any_respect_nulls"}, {"anyLast", "anyLast_respect_nulls"}};
    struct slice base = name;
    while (definition_find(base) == NULL && combinator_of(base, &base) >= 0) {
    }
    const struct aggregate_definition *definition = definition_find(base);
    *out = name;
    for (size_t i = 0; definition != NULL && i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (strcmp(definition->name, pairs[i][0]) == 0 || strcmp(definition->name, pairs[i][1]) == 0) {
            const char *text = arena_format(arena, "%s%.*s", pairs[i][respect], (int)(name.length - base.length),
                                            name.data + base.length);
            if (text == NULL) {
                return arena_error(arena);
            }
            *out = slice_text(text);
            return NULL;
        }
    }
    return respect && definition != NULL
               ? err_new(ERR_NOT_IMPLEMENTED, "Function %.*s does not support RESPECT NULLS", SLICE_ARG(name))
               : NULL;
}

void aggregate_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of),
                    void *user)
{
    for (size_t g = 0; g < GROUP_COUNT; g++) {
        const struct aggregate_group *group = groups_of_aggregates[g];
        for (uint32_t i = 0; i < group->definition_count; i++) {
            visit(user, group->definitions[i].name, group->definitions[i].case_insensitive, NULL);
        }
        for (uint32_t i = 0; i < group->alias_count; i++) {
            visit(user, group->aliases[i].name, group->aliases[i].case_insensitive, group->aliases[i].of);
        }
    }
}

/* --- binding ----------------------------------------------------------------------------------------------------- */

static struct err *copy_types(struct arena *arena, struct aggregate *aggregate,
                              const struct function_argument *arguments, uint32_t count)
{
    const struct type **types = ARENA_ARRAY(arena, const struct type *, count + 1U);
    if (types == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        types[i] = arguments[i].type;
    }
    aggregate->argument_types = types;
    aggregate->argument_count = count;
    return NULL;
}

static struct err *resolve_core(struct arena *arena, const struct function_context *context,
                                const struct aggregate_definition *definition, const struct column *const *parameters,
                                uint32_t parameter_count, const struct function_argument *arguments,
                                uint32_t argument_count, struct aggregate **out)
{
    struct err *err = NULL;
    struct aggregate *bare = ARENA_NEW(arena, struct aggregate);
    struct aggregate *shell = ARENA_NEW(arena, struct aggregate);
    struct core *core = ARENA_NEW(arena, struct core);
    const struct type *types[AGGREGATE_ARGUMENTS_MAX];
    bool nullable = false;
    bool nothing = false;

    if (bare == NULL || shell == NULL || core == NULL) {
        return arena_error(arena);
    }
    if (argument_count < definition->count_min || argument_count > definition->count_max ||
        argument_count > AGGREGATE_ARGUMENTS_MAX) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes %s%u argument%s, %u given", definition->name,
                       definition->count_min == definition->count_max ? ""
                       : argument_count < definition->count_min       ? "at least "
                                                                      : "at most ",
                       argument_count < definition->count_min ? definition->count_min : definition->count_max,
                       definition->count_max == 1 ? "" : "s", argument_count);
    }
    if (parameter_count > 0 && (definition->flags & AGGREGATE_PARAMETERS) == 0) {
        return err_new(ERR_NO_PARAMETERS, "aggregate function %s takes no parameters", definition->name);
    }
    for (uint32_t i = 0; i < argument_count; i++) {
        types[i] = type_low_cardinality(arena, arguments[i].type, false);
        if ((definition->flags & AGGREGATE_NULLS) != 0) {
            /* as it is */
        } else if (types[i] != NULL && types[i]->kind != TYPE_NOTHING) {
            nullable |= types[i]->nullable;
            types[i] = type_nullable(arena, types[i], false);
        } else if (types[i] != NULL) {
            nullable = true;
            nothing = true;
            types[i] = type_simple(TYPE_UINT8); /* of NULL alone no row is ever added */
        }
        if (types[i] == NULL) {
            return arena_error(arena);
        }
    }
    const struct type *nested =
        argument_count > 0 && (definition->flags & AGGREGATE_NESTED) != 0 && type_is_nested(types[0]) ? types[0] : NULL;
    if (nested != NULL) {
        types[0] = state_nested_type(arena, nested);
        core->nested = nested;
        if (types[0] == NULL) {
            return arena_error(arena);
        }
        const struct column *blank = column_default(arena, nested, 1);
        if (blank == NULL) {
            return arena_error(arena);
        }
        OR_DONE(nested_key_encode(arena, blank, 1, &core->blank));
    }
    struct aggregate_bind bind = {arena,           context, definition->name, definition->tag, parameters,
                                  parameter_count, types,   argument_count};
    OR_DONE(copy_types(arena, bare, arguments, argument_count));
    bare->name = definition->name;
    const struct type **kept = ARENA_ARRAY(arena, const struct type *, argument_count + 1U);
    if (kept == NULL) {
        return arena_error(arena);
    }
    if (argument_count > 0) {
        memcpy(kept, types, argument_count * sizeof(*kept));
    }
    bare->argument_types = kept;
    bare->plain = (definition->flags & AGGREGATE_PLAIN) != 0;
    bare->windowed = (definition->flags & AGGREGATE_WINDOW) != 0;
    err = definition->resolve(&bind, bare);
    if (nothing && (definition->flags & AGGREGATE_NOT_NULL) == 0 && err != NULL &&
        err_code(err) == ERR_ARGUMENT_TYPE) { /* NULL would do */
        err_free(err);
        err = NULL;
        bare->type = type_simple(TYPE_UINT8);
    }
    OR_DONE(err);
    *shell = *bare;
    if (nested != NULL) {
        shell->type = bare->type->kind == TYPE_ARRAY    ? type_array(arena, nested)
                      : bare->type->kind == TYPE_STRING ? nested
                                                        : bare->type;
        if (shell->type == NULL) {
            return arena_error(arena);
        }
    }
    core->bare = bare;
    core->flags = definition->flags;
    shell->data = core;
    shell->add = core_add;
    shell->merge = core_merge;
    shell->finish = core_finish;
    shell->write_state = core_write;
    shell->read_state = core_read;
    OR_DONE(copy_types(arena, shell, arguments, argument_count));
    *out = shell;
    if (nothing && (definition->flags & AGGREGATE_NOT_NULL) == 0) {
        shell->type = type_nullable(arena, type_simple(TYPE_NOTHING), true);
        shell->state_bytes = 16;
        shell->add = nothing_add;
        shell->merge = nothing_merge;
        shell->finish = nothing_finish;
        shell->write_state = nothing_write;
        shell->read_state = nothing_read;
        return shell->type == NULL ? arena_error(arena) : NULL;
    }
    if (nullable) {
        struct aggregate *adapter = ARENA_NEW(arena, struct aggregate);
        if (adapter == NULL) {
            return arena_error(arena);
        }
        *adapter = *shell;
        adapter->nested = shell;
        adapter->state_bytes = shell->state_bytes + ADAPTER_BYTES;
        adapter->add = adapter_add_not_null;
        adapter->merge = adapter_merge;
        adapter->finish = adapter_finish;
        adapter->data = NULL;
        bool counts = strcmp(definition->name, "count") == 0; /* of no rows 0 anyway */
        adapter->write_state = counts ? adapter_write : adapter_write_first;
        adapter->read_state = counts ? adapter_read : adapter_read_first;
        if ((definition->flags & AGGREGATE_NOT_NULL) == 0 && shell->type->kind == TYPE_TUPLE) {
            return err_new(ERR_NOT_IMPLEMENTED, "%s of Nullable arguments is not implemented: it is a Nullable(Tuple)",
                           definition->name);
        }
        if ((definition->flags & AGGREGATE_NOT_NULL) == 0 && !type_is_nested(shell->type)) {
            adapter->data = "blank";
            adapter->type = type_nullable(arena, shell->type, true);
            if (adapter->type == NULL) {
                return arena_error(arena);
            }
        }
        *out = adapter;
    }
done:
    return err;
}

static struct err *resolve_nested(const struct combine_bind *bind, struct slice name, uint32_t parameter_count,
                                  const struct function_argument *arguments, uint32_t argument_count,
                                  struct aggregate **out);

/* The last combinator of the name, -1 if it has none. */
static int last_combinator(struct slice name, struct slice *rest)
{
    return definition_find(name) != NULL ? -1 : combinator_of(name, rest);
}

/* -State, -SimpleState and -Merge. */
static struct err *resolve_state(const struct combine_bind *bind, int combinator, struct aggregate **out)
{
    struct err *err = NULL;
    struct slice canonical;
    struct slice rest;
    int before = last_combinator(bind->rest, &rest);
    if (before == combinator) {
        return err_new(ERR_ILLEGAL_AGGREGATION, "Nested identical combinator '%s' is not supported",
                       combinators[combinator]);
    }
    OR_DONE(aggregate_canonical(bind->arena, bind->rest, &canonical));
    if (combinator == COMBINATOR_MERGE) {
        OR_DONE(combine_merge_resolve(bind, canonical, out));
    } else if (combinator == COMBINATOR_STATE) {
        OR_DONE(combine_state_resolve(bind, canonical, before == COMBINATOR_MERGE, out));
    } else {
        OR_DONE(combine_simple_resolve(bind, canonical, out));
    }
    OR_DONE(copy_types(bind->arena, *out, bind->arguments, bind->argument_count));
done:
    return err;
}

static struct err *resolve_name(struct arena *arena, const struct function_context *context, struct slice name,
                                const struct column *const *parameters, uint32_t parameter_count,
                                const struct function_argument *arguments, uint32_t argument_count,
                                struct aggregate **out)
{
    struct err *err = NULL;
    struct aggregate *nested = NULL;
    struct slice inner;
    struct slice rest;
    const struct aggregate_definition *definition = definition_find(name);

    if (definition != NULL) {
        return resolve_core(arena, context, definition, parameters, parameter_count, arguments, argument_count, out);
    }
    int combinator = combinator_of(name, &rest);
    if (combinator < 0) {
        return err_new(ERR_UNKNOWN_AGGREGATE, "Aggregate function with name `%.*s` does not exist", SLICE_ARG(name));
    }
    if (combinator == COMBINATOR_IF) {
        if (argument_count == 0) {
            return err_new(ERR_ARGUMENT_COUNT, "aggregate function %.*s needs a condition as its last argument",
                           SLICE_ARG(name));
        }
        const struct type *type = arguments[argument_count - 1].type;
        if (!type_is_condition(type)) {
            struct slice text = type_name(arena, type);
            return err_new(ERR_ARGUMENT_TYPE,
                           "Illegal type %.*s of the last argument of aggregate function %.*s: UInt8 or Bool is needed",
                           SLICE_ARG(text), SLICE_ARG(name));
        }
    }
    int before = last_combinator(rest, &inner);
    if ((combinator == COMBINATOR_OR_NULL || combinator == COMBINATOR_OR_DEFAULT) &&
        before >= COMBINATOR_SIMPLE_STATE) { /* it is of the function, not of the state */
        const char *text =
            arena_format(arena, "%.*s%s%s", SLICE_ARG(inner), combinators[combinator], combinators[before]);
        return text == NULL ? arena_error(arena)
                            : resolve_name(arena, context, slice_text(text), parameters, parameter_count, arguments,
                                           argument_count, out);
    }
    if (combinator >= COMBINATOR_ARRAY) {
        if (combinator != COMBINATOR_ARRAY && combinator == combinator_of(rest, &inner) &&
            definition_find(rest) == NULL) {
            return err_new(ERR_ILLEGAL_AGGREGATION, "the combinator %s stands twice in a row in %.*s",
                           combinators[combinator], SLICE_ARG(name));
        }
        const struct combine_bind bind = {(enum combine)(combinator - COMBINATOR_ARRAY),
                                          arena,
                                          context,
                                          name,
                                          rest,
                                          parameters,
                                          parameter_count,
                                          arguments,
                                          argument_count,
                                          resolve_nested};
        if (combinator >= COMBINATOR_SIMPLE_STATE) {
            return resolve_state(&bind, combinator, out);
        }
        OR_DONE(combine_resolve(&bind, out));
        return copy_types(arena, *out, arguments, argument_count);
    }
    bool simple = argument_count > 1 || (argument_count == 1 && !type_is_nested(arguments[0].type));
    if (combinator == COMBINATOR_DISTINCT && simple && rest.length == 5 && strncasecmp(rest.data, "count", 5) == 0) {
        return resolve_name(arena, context, slice_text("uniqExact"), parameters, parameter_count, arguments,
                            argument_count, out);
    }
    OR_DONE(resolve_name(arena, context, rest, parameters, parameter_count, arguments,
                         argument_count - (combinator == COMBINATOR_IF), &nested));
    struct aggregate *adapter = ARENA_NEW(arena, struct aggregate);
    if (adapter == NULL) {
        return arena_error(arena);
    }
    *adapter = *nested;
    adapter->nested = nested;
    adapter->state_bytes = nested->state_bytes + ADAPTER_BYTES;
    adapter->merge = adapter_merge;
    adapter->finish = adapter_finish;
    adapter->write_state = adapter_write_last;
    adapter->read_state = adapter_read_last;
    adapter->data = NULL;
    OR_DONE(copy_types(arena, adapter, arguments, argument_count));
    switch (combinator) {
    case COMBINATOR_IF:
        adapter->add = adapter_add_if;
        adapter->write_state = adapter_write;
        adapter->read_state = adapter_read;
        break;
    case COMBINATOR_OR_NULL:
        adapter->add = adapter_add_all;
        adapter->data = "blank";
        adapter->type = type_is_nested(nested->type) ? nested->type : type_nullable(arena, nested->type, true);
        break;
    case COMBINATOR_OR_DEFAULT:
        adapter->add = adapter_add_all;
        adapter->data = "blank";
        adapter->type = type_is_nested(nested->type) ? nested->type : type_nullable(arena, nested->type, false);
        if (adapter->type != NULL && nested->type->nullable) {
            adapter->type = nested->type;
        }
        break;
    default:
        adapter->plain = false;
        adapter->state_bytes = nested->state_bytes + distinct_state_bytes();
        adapter->add = distinct_add;
        adapter->merge = distinct_merge;
        adapter->finish = distinct_finish;
        adapter->write_state = distinct_write;
        adapter->read_state = distinct_read;
    }
    if (adapter->type == NULL) {
        return arena_error(arena);
    }
    *out = adapter;
done:
    return err;
}

static struct err *resolve_nested(const struct combine_bind *bind, struct slice name, uint32_t parameter_count,
                                  const struct function_argument *arguments, uint32_t argument_count,
                                  struct aggregate **out)
{
    return resolve_name(bind->arena, bind->context, name, bind->parameters, parameter_count, arguments, argument_count,
                        out);
}

bool aggregate_needs_window(const struct aggregate *aggregate)
{
    while (aggregate->nested != NULL) {
        aggregate = aggregate->nested;
    }
    return aggregate->windowed;
}

struct err *aggregate_resolve(struct arena *arena, const struct function_context *context, struct slice name,
                              const struct column *const *parameters, uint32_t parameter_count,
                              const struct function_argument *arguments, uint32_t argument_count,
                              const struct aggregate **out)
{
    struct aggregate *made = NULL;
    if (is_refused(name)) {
        return err_new(ERR_NOT_IMPLEMENTED, "aggregate function %.*s is not implemented", SLICE_ARG(name));
    }
    for (uint32_t a = 0; a < argument_count; a++) {
        if (arguments[a].type->view != TYPE_VIEW_NONE) {
            return err_new(
                ERR_ARGUMENT_TYPE,
                "Illegal type %s of argument of aggregate function %.*s: use a path with a type, path.:Int64 or "
                "path::Int64",
                arguments[a].type->view == TYPE_VIEW_JSON ? "JSON" : "Dynamic", SLICE_ARG(name));
        }
    }
    struct err *err = resolve_name(arena, context, name, parameters, parameter_count, arguments, argument_count, &made);
    if (err == NULL) {
        char *text = arena_text(arena, name);
        if (text == NULL) {
            return arena_error(arena);
        }
        made->name = text;
        made->parameters = parameters;
        made->parameter_count = parameter_count;
        *out = made;
    }
    return err;
}
