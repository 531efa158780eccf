/*
 * aggregate_combine_bind.c: binds -Array, -ForEach, -Resample and -Map: what types the function in them gets, what type
 * they have themselves. sumMap, minMap and maxMap also take arrays of keys and of values.
 */
#include "query/aggregate_combine.h"

#define RESAMPLE_MAX 1048576U

struct combination {
    const struct combine_bind *bind;
    struct function_argument arguments[AGGREGATE_ARGUMENTS_MAX];
    struct spread *spread;
};

static struct err *type_error(const struct combine_bind *bind, uint32_t index, const char *needed)
{
    struct slice name = type_name(bind->arena, bind->arguments[index].type);
    return err_new(ERR_ARGUMENT_TYPE, "Illegal type %.*s of argument %u of aggregate function %.*s: %s",
                   SLICE_ARG(name), index + 1, SLICE_ARG(bind->name), needed);
}

static struct err *spread_add(struct spread *spread, struct aggregate *nested)
{
    spread->nested[spread->nested_count] = nested;
    spread->offsets[spread->nested_count++] = spread->bytes;
    spread->bytes += (nested->state_bytes + 15U) & ~15U;
    return NULL;
}

static struct err *integer_parameter(const struct combine_bind *bind, uint32_t index, int64_t *out)
{
    const struct column *parameter = bind->parameters[index];
    if (!type_is_integer(parameter->type) || column_is_null(parameter, 0)) {
        return err_new(ERR_BAD_ARGUMENTS, "parameter %u of aggregate function %.*s must be a whole number", index + 1,
                       SLICE_ARG(bind->name));
    }
    *out = column_int(parameter, 0);
    return NULL;
}

static struct err *bind_resample(struct combination *combination, struct aggregate *out)
{
    struct err *err = NULL;
    const struct combine_bind *bind = combination->bind;
    struct spread *spread = combination->spread;
    struct aggregate *nested = NULL;
    int64_t step = 0;
    if (bind->parameter_count < 3 || bind->argument_count < 1) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %.*s needs begin, end and step as its last parameters",
                       SLICE_ARG(bind->name));
    }
    uint32_t before = bind->parameter_count - 3;
    uint32_t last = bind->argument_count - 1;
    OR_DONE(integer_parameter(bind, before, &spread->begin));
    OR_DONE(integer_parameter(bind, before + 1, &spread->end));
    OR_DONE(integer_parameter(bind, before + 2, &step));
    if (step <= 0) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "the step of aggregate function %.*s must be above 0",
                       SLICE_ARG(bind->name));
    }
    const struct type *key = type_nullable(bind->arena, bind->arguments[last].type, false);
    if (key == NULL || ((!type_is_integer(key) || key->width > 8) && key->kind != TYPE_DATE &&
                        key->kind != TYPE_DATETIME && key->kind != TYPE_BOOL)) {
        return key == NULL ? arena_error(bind->arena)
                           : type_error(bind, last, "an integer, a Date or a DateTime is needed");
    }
    uint64_t intervals = spread->end <= spread->begin
                             ? 0
                             : ((uint64_t)spread->end - (uint64_t)spread->begin + (uint64_t)step - 1) / (uint64_t)step;
    if (intervals > RESAMPLE_MAX) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "aggregate function %.*s has more than %u intervals",
                       SLICE_ARG(bind->name), RESAMPLE_MAX);
    }
    spread->step = (uint64_t)step;
    spread->intervals = (uint32_t)intervals;
    for (uint32_t i = 0; i < last; i++) {
        const struct type *type = bind->arguments[i].type;
        type = type->kind == TYPE_NOTHING ? type : type_nullable(bind->arena, type, false);
        if (type == NULL) {
            return arena_error(bind->arena);
        }
        combination->arguments[i].type = type;
    }
    OR_DONE(bind->resolve(bind, bind->rest, before, combination->arguments, last, &nested));
    OR_DONE(spread_add(spread, nested));
    out->type = type_array(bind->arena, nested->type);
    out->add = combine_resample_add;
done:
    return err;
}

static struct err *bind_arrays(struct combination *combination, struct aggregate *out)
{
    struct err *err = NULL;
    const struct combine_bind *bind = combination->bind;
    struct aggregate *nested = NULL;
    for (uint32_t i = 0; i < bind->argument_count; i++) {
        if (bind->arguments[i].type->kind != TYPE_ARRAY) {
            return type_error(bind, i, "an array is needed");
        }
        combination->arguments[i].type = bind->arguments[i].type->children[0];
    }
    if (bind->argument_count == 0) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %.*s needs an array", SLICE_ARG(bind->name));
    }
    OR_DONE(
        bind->resolve(bind, bind->rest, bind->parameter_count, combination->arguments, bind->argument_count, &nested));
    if (bind->kind == COMBINE_ARRAY) {
        out->type = nested->type;
        out->nested = nested;
        out->state_bytes = nested->state_bytes;
        out->plain = nested->plain;
        out->add = combine_array_add;
        out->merge = combine_array_merge;
        out->write_state = combine_array_write;
        out->read_state = combine_array_read;
        out->finish = combine_array_finish;
        return NULL;
    }
    OR_DONE(spread_add(combination->spread, nested));
    out->type = type_array(bind->arena, nested->type);
    out->add = combine_for_each_add;
done:
    return err;
}

static struct err *bind_map(struct combination *combination, struct aggregate *out)
{
    struct err *err = NULL;
    const struct combine_bind *bind = combination->bind;
    struct spread *spread = combination->spread;
    struct aggregate *nested = NULL;
    const struct type *first = bind->argument_count == 0 ? NULL : bind->arguments[0].type;
    out->add = combine_map_add;
    out->finish = combine_map_finish;
    if (first != NULL && first->kind == TYPE_MAP && bind->argument_count == 1) {
        const struct type *pair = first->children[0];
        spread->key = pair->children[0];
        combination->arguments[0].type = pair->children[1];
        OR_DONE(bind->resolve(bind, bind->rest, bind->parameter_count, combination->arguments, 1, &nested));
        OR_DONE(spread_add(spread, nested));
        const struct type *fields[2] = {pair->children[0], nested->type};
        struct type *map = ARENA_NEW(bind->arena, struct type);
        const struct type **children = ARENA_ARRAY(bind->arena, const struct type *, 1);
        if (map == NULL || children == NULL) {
            return arena_error(bind->arena);
        }
        *map = *first;
        children[0] = type_tuple(bind->arena, fields, pair->names, 2);
        map->children = children;
        out->type = children[0] == NULL ? NULL : map;
        return NULL;
    }
    bool known = slice_equal(bind->rest, slice_text("sum")) || slice_equal(bind->rest, slice_text("min")) ||
                 slice_equal(bind->rest, slice_text("max"));
    if (first == NULL || first->kind != TYPE_ARRAY || bind->argument_count < 2 || !known ||
        bind->argument_count > VALUES_MAX) {
        return first == NULL
                   ? err_new(ERR_ARGUMENT_COUNT, "aggregate function %.*s needs a map", SLICE_ARG(bind->name))
                   : type_error(bind, 0, "a map is needed, or for sumMap, minMap, maxMap arrays of keys and values");
    }
    const struct type *fields[VALUES_MAX + 1];
    spread->of_arrays = true;
    spread->drops_zeros = slice_equal(bind->rest, slice_text("sum"));
    spread->key = first->children[0];
    fields[0] = first;
    for (uint32_t i = 1; i < bind->argument_count; i++) {
        if (bind->arguments[i].type->kind != TYPE_ARRAY) {
            return type_error(bind, i, "an array is needed");
        }
        combination->arguments[0].type = bind->arguments[i].type->children[0];
        OR_DONE(bind->resolve(bind, bind->rest, bind->parameter_count, combination->arguments, 1, &nested));
        const struct type *value =
            nested->type->kind == TYPE_DECIMAL && spread->drops_zeros ? combination->arguments[0].type : nested->type;
        if (value != nested->type) {
            return err_new(ERR_NOT_IMPLEMENTED, "sumMap of arrays of decimals is not implemented");
        }
        if (value->nullable) {
            return err_new(ERR_NOT_IMPLEMENTED, "%.*s of arrays of Nullable values is not implemented",
                           SLICE_ARG(bind->name));
        }
        OR_DONE(spread_add(spread, nested));
        fields[i] = type_array(bind->arena, value);
        if (fields[i] == NULL) {
            return arena_error(bind->arena);
        }
    }
    out->type = type_tuple(bind->arena, fields, NULL, bind->argument_count);
done:
    return err;
}

struct err *combine_resolve(const struct combine_bind *bind, struct aggregate **out)
{
    struct err *err = NULL;
    struct combination combination = {.bind = bind, .spread = ARENA_NEW(bind->arena, struct spread)};
    struct aggregate *made = ARENA_NEW(bind->arena, struct aggregate);
    if (made == NULL || combination.spread == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->argument_count > AGGREGATE_ARGUMENTS_MAX) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %.*s has more than %u arguments", SLICE_ARG(bind->name),
                       AGGREGATE_ARGUMENTS_MAX);
    }
    combination.spread->kind = bind->kind;
    made->data = combination.spread;
    made->state_bytes = STATE_BYTES(struct spread_state);
    made->merge = combine_spread_merge;
    made->write_state = combine_spread_write;
    made->read_state = combine_spread_read;
    made->finish = combine_spread_finish;
    switch (bind->kind) {
    case COMBINE_RESAMPLE:
        OR_DONE(bind_resample(&combination, made));
        break;
    case COMBINE_MAP:
        OR_DONE(bind_map(&combination, made));
        break;
    default:
        OR_DONE(bind_arrays(&combination, made));
    }
    if (made->type == NULL) {
        return arena_error(bind->arena);
    }
    *out = made;
done:
    return err;
}
