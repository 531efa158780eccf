/*
 * value_fold.c: see value_fold.h.
 *
 * kinds    states are merged as bytes; results (SimpleAggregateFunction) and numbers are aggregated; maps by sumMap of
 *          their keys, several of which are one tuple
 * types    results are cast to the column's: sumMap's are wider
 */
#include "query/value_fold.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/timezone.h"
#include "query/aggregate_state.h"

struct folder {
    struct function_context context;
    const struct aggregate *aggregate;
    bool states;
    const struct type **types;
    uint32_t key_count; /* of a map; else 0 */
    uint32_t count;
    const struct type *keys; /* Array(Tuple(…)) of several keys; or NULL */
};

static struct err *resolve(struct folder *folder, struct arena *arena, struct slice name,
                           const struct column *const *parameters, uint32_t parameter_count)
{
    struct err *err = NULL;
    struct function_argument *arguments = ARENA_ARRAY(arena, struct function_argument, folder->count + 1U);
    uint32_t count = 0;
    if (arguments == NULL) {
        return arena_error(arena);
    }
    if (folder->keys != NULL) {
        arguments[count++] = (struct function_argument){folder->keys, NULL};
    }
    for (uint32_t i = folder->keys != NULL ? folder->key_count : 0; i < folder->count; i++) {
        const struct type *plain = type_plain(arena, folder->types[i]);
        if (plain == NULL) {
            return arena_error(arena);
        }
        arguments[count++] = (struct function_argument){plain, NULL};
    }
    OR_DONE(aggregate_resolve(arena, &folder->context, name, parameters, parameter_count, arguments, count,
                              &folder->aggregate));
done:
    return err;
}

struct err *folder_create(struct arena *arena, const char *function, const struct type *const *types,
                          uint32_t key_count, uint32_t count, struct folder **out)
{
    struct err *err = NULL;
    struct folder *folder = arena_zalloc(arena, sizeof(*folder));
    const struct type **own = ARENA_ARRAY(arena, const struct type *, count + 1U);

    if (folder == NULL || own == NULL) {
        return arena_error(arena);
    }
    memcpy(own, types, count * sizeof(*own));
    *folder = (struct folder){.context = {.now_us = clock_wall_us(), .zone = timezone_system()},
                              .types = own,
                              .key_count = key_count,
                              .count = count};
    if (key_count > 1) {
        const struct type **fields = ARENA_ARRAY(arena, const struct type *, key_count);
        if (fields == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < key_count; i++) {
            fields[i] = types[i]->children[0];
        }
        const struct type *tuple = type_tuple(arena, fields, NULL, key_count);
        folder->keys = tuple == NULL ? NULL : type_array(arena, tuple);
        if (folder->keys == NULL) {
            return arena_error(arena);
        }
    }
    if (key_count > 0) {
        err = resolve(folder, arena, slice_text("sumMap"), NULL, 0);
    } else if (function != NULL) {
        err = resolve(folder, arena, slice_text(function), NULL, 0);
    } else if (type_is_state(types[0])) {
        folder->states = true;
        err = aggregate_of_state(arena, &folder->context, types[0], &folder->aggregate);
    } else {
        const struct column **parameters = NULL;
        uint32_t parameter_count = 0;
        const struct type_function *of = types[0]->function;
        char *text = arena_format(arena, "%.*s(%.*s)", SLICE_ARG(of->name), SLICE_ARG(of->parameters));
        struct slice name;
        if (text == NULL) {
            return arena_error(arena);
        }
        OR_DONE(aggregate_name_parse(arena, slice_text(text), &name, &parameters, &parameter_count));
        err = resolve(folder, arena, name, parameters, parameter_count);
    }
    OR_DONE(err);
    *out = folder;
done:
    return err;
}

static struct err *add_states(const struct aggregate *aggregate, struct arena *arena, struct arena *scratch,
                              const struct column *column, const uint32_t *groups, char *states)
{
    struct err *err = NULL;
    for (uint32_t row = 0; row < column->row_count; row++) {
        if ((row & 255) == 0) {
            OR_DONE(interrupt_check());
        }
        OR_DONE(aggregate_add_bytes(aggregate, arena, scratch, *(const struct slice *)column_value(column, row),
                                    states + (size_t)groups[row] * aggregate->state_bytes));
        arena_reset(scratch);
    }
done:
    return err;
}

/* Several keys as arrays of tuples. */
static struct err *tuples_of(const struct folder *folder, struct arena *arena, const struct column *const *columns,
                             struct column **out)
{
    struct column *array = ARENA_NEW(arena, struct column), *tuple = ARENA_NEW(arena, struct column);
    const struct column *first = column_flat(arena, columns[0]);
    if (array == NULL || tuple == NULL || first == NULL) {
        return arena_error(arena);
    }
    uint32_t begin = first->offsets[0], end = first->offsets[first->row_count];
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, (size_t)first->row_count + 1);
    struct column **children = ARENA_ARRAY(arena, struct column *, folder->key_count);
    struct column **elements = ARENA_ARRAY(arena, struct column *, 1);
    if (offsets == NULL || children == NULL || elements == NULL) {
        return arena_error(arena);
    }
    for (uint32_t row = 0; row <= first->row_count; row++) {
        offsets[row] = first->offsets[row] - begin;
    }
    for (uint32_t i = 0; i < folder->key_count; i++) {
        const struct column *flat = column_flat(arena, columns[i]);
        if (flat == NULL) {
            return arena_error(arena);
        }
        if (flat->offsets[flat->row_count] - flat->offsets[0] != end - begin) {
            return err_new(ERR_ARRAY_SIZES, "arrays of one Nested differ in size");
        }
        struct column *part = column_part(arena, flat->children[0], flat->offsets[0], flat->offsets[flat->row_count]);
        children[i] = part == NULL ? NULL : (struct column *)(uintptr_t)column_flat(arena, part);
        if (children[i] == NULL) {
            return arena_error(arena);
        }
    }
    *tuple = (struct column){
        .type = folder->keys->children[0], .form = COLUMN_FLAT, .row_count = end - begin, .children = children};
    elements[0] = tuple;
    *array = (struct column){.type = folder->keys,
                             .form = COLUMN_FLAT,
                             .row_count = first->row_count,
                             .offsets = offsets,
                             .children = elements};
    *out = array;
    return NULL;
}

/* The column with the wanted type, by CAST where it differs. */
static struct err *as_type(const struct folder *folder, struct arena *arena, struct column *column,
                           const struct type *type, struct column **out)
{
    struct err *err = NULL;
    const struct type *plain = type_plain(arena, type);
    plain = plain == NULL ? NULL : type_low_cardinality(arena, plain, false);
    if (plain == NULL) {
        return arena_error(arena);
    }
    if (!type_equal(column->type, plain)) {
        OR_DONE(function_cast(arena, &folder->context, column, plain, &column));
    }
    struct column *typed = ARENA_NEW(arena, struct column);
    if (typed == NULL) {
        return arena_error(arena);
    }
    *typed = *column;
    typed->type = type;
    *out = typed;
done:
    return err;
}

/* Keys and sums out of sumMap's tuple. */
static struct err *maps_of(const struct folder *folder, struct arena *arena, const struct column *result,
                           struct column **out)
{
    struct err *err = NULL;
    const struct column *tuples = result->children[0];
    for (uint32_t i = 0; i < folder->key_count; i++) {
        struct column *keys = ARENA_NEW(arena, struct column);
        struct column **elements = ARENA_ARRAY(arena, struct column *, 1);
        if (keys == NULL || elements == NULL) {
            return arena_error(arena);
        }
        *keys = *tuples;
        keys->type = folder->types[i];
        if (folder->key_count > 1) {
            const struct column *flat = column_flat(arena, tuples->children[0]);
            if (flat == NULL) {
                return arena_error(arena);
            }
            elements[0] = flat->children[i];
            keys->children = elements;
        }
        out[i] = keys;
    }
    for (uint32_t i = folder->key_count; i < folder->count; i++) {
        struct column *sums = result->children[1 + i - folder->key_count];
        OR_DONE(as_type(folder, arena, sums, folder->types[i], &out[i]));
    }
done:
    return err;
}

struct err *folder_fold(const struct folder *folder, struct arena *arena, const struct column *const *columns,
                        const uint32_t *groups, uint32_t row_count, uint32_t group_count, struct column **out)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = folder->aggregate;
    struct arena *scratch = arena_beside(arena);
    char *states = arena_alloc(arena, (size_t)group_count * aggregate->state_bytes + 1);

    if (scratch == NULL || states == NULL) {
        err = arena_error(arena);
        goto done;
    }
    memset(states, 0, (size_t)group_count * aggregate->state_bytes);
    if (folder->states) {
        OR_DONE(add_states(aggregate, arena, scratch, columns[0], groups, states));
        struct column *bytes = column_new(arena, folder->types[0], group_count);
        if (bytes == NULL) {
            err = arena_error(arena);
            goto done;
        }
        OR_DONE(aggregate_bytes(aggregate, arena, states, aggregate->state_bytes, group_count, bytes->values));
        out[0] = bytes;
        goto done;
    }
    const struct column **inputs = ARENA_ARRAY(arena, const struct column *, folder->count + 1U);
    uint32_t count = 0;
    if (inputs == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (folder->keys != NULL) {
        struct column *tuples = NULL;
        OR_DONE(tuples_of(folder, arena, columns, &tuples));
        inputs[count++] = tuples;
    }
    for (uint32_t i = folder->keys != NULL ? folder->key_count : 0; i < folder->count; i++) {
        inputs[count++] = columns[i];
    }
    OR_DONE(aggregate->add(aggregate, arena, scratch, states, aggregate->state_bytes, groups, inputs, row_count));
    struct column *result = column_new(arena, aggregate->type, group_count);
    if (result == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(aggregate->finish(aggregate, arena, states, aggregate->state_bytes, group_count, result));
    err = folder->key_count > 0 ? maps_of(folder, arena, result, out)
                                : as_type(folder, arena, result, folder->types[0], &out[0]);
done:
    arena_destroy(scratch);
    return err;
}
