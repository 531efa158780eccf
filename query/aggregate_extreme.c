/*
 * aggregate_extreme.c: min, max, argMin, argMax where arrays, tuples or maps are compared, in the order of ORDER BY.
 *
 * state    the best value so far, and what stood beside it, as columns of one row in the states' arena. A call of add
 *          first looks for the best row of each group and then copies that one alone.
 */
#include "query/aggregates.h"
#include "query/functions/nested.h"
#include "query/nested_key.h"

struct extreme_state {
    struct column *key;
    struct column *beside; /* argMin, argMax; else NULL */
    uint32_t row;          /* during add: the best row of the call, + 1 */
    uint32_t unused[3];
};

struct extreme {
    bool max;
    uint32_t key; /* the argument that is compared */
};

static struct column *one_row(struct arena *arena, struct arena *scratch, const struct column *column, uint32_t row)
{
    const struct column *part = column_take(scratch, column, &row, 1);
    part = part == NULL ? NULL : column_flat(scratch, part);
    return part == NULL ? NULL : column_copy(arena, part);
}

static struct err *extreme_add(ADD_ARGUMENTS)
{
    const struct extreme *extreme = aggregate->data;
    const struct column *keys = arguments[extreme->key];
    EACH_ROW(struct extreme_state, {
        const struct column *best = state->row > 0 ? keys : state->key;
        if (best != NULL) {
            int order = column_compare_extreme(keys, i, best, state->row > 0 ? state->row - 1 : 0, extreme->max);
            if (extreme->max ? order <= 0 : order >= 0) {
                continue;
            }
        }
        state->row = i + 1;
    })
    EACH_ROW(struct extreme_state, {
        if (state->row == 0) {
            continue;
        }
        uint32_t row = state->row - 1;
        state->row = 0;
        state->key = one_row(arena, scratch, keys, row);
        state->beside = extreme->key == 0 ? NULL : one_row(arena, scratch, arguments[0], row);
        if (state->key == NULL || (state->beside == NULL && extreme->key != 0)) {
            return arena_error(arena);
        }
        if (groups == NULL) {
            break;
        }
    })
    return NULL;
}

static struct err *extreme_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    const struct extreme *extreme = aggregate->data;
    struct extreme_state *a = into;
    const struct extreme_state *b = from;
    if (b->key == NULL) {
        return NULL;
    }
    int order = a->key == NULL ? 0 : column_compare_extreme(b->key, 0, a->key, 0, extreme->max);
    if (a->key == NULL || (extreme->max ? order > 0 : order < 0)) {
        *a = *b;
    }
    return NULL;
}

static struct err *extreme_finish(FINISH_ARGUMENTS)
{
    const struct extreme *extreme = aggregate->data;
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, count + 1U);
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, count + 1U);
    uint32_t *rows = arena_zalloc(arena, (count + 1U) * sizeof(*rows));
    const struct column *blank = column_default(arena, out->type, 1);
    if (columns == NULL || sources == NULL || rows == NULL || blank == NULL) {
        return arena_error(arena);
    }
    for (uint32_t g = 0; g < count; g++) {
        const struct extreme_state *state = (const void *)(states + (size_t)g * stride);
        const struct column *held = extreme->key == 0 ? state->key : state->beside;
        sources[g] = g;
        columns[g] = held == NULL ? blank : held;
    }
    struct column *picked = column_pick(arena, out->type, columns, count, sources, rows, count);
    if (picked == NULL) {
        return arena_error(arena);
    }
    if (out->type->width > 0) {
        memcpy(out->values, picked->values, (size_t)count * out->type->width);
    }
    out->offsets = picked->offsets;
    out->children = picked->children;
    return NULL;
}

/* Is there a value? What stands beside it and the value, as nested keys. */
static struct err *extreme_write(WRITE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct extreme_state *held = state;
    (void)aggregate;
    state_put_byte(writer, held->key != NULL);
    for (uint32_t k = 0; held->key != NULL && k < 2; k++) {
        const struct column *column = k == 0 ? held->beside : held->key;
        struct slice bytes;
        if (column != NULL) {
            OR_DONE(nested_key_encode(writer->arena, column, 1, &bytes));
            state_put_text(writer, bytes);
        }
    }
    OR_DONE(state_writer_error(writer));
done:
    return err;
}

static struct err *extreme_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    const struct extreme *extreme = aggregate->data;
    struct extreme_state *held = into;
    struct extreme_state read = {.key = NULL};
    uint8_t any;
    OR_DONE(state_take_byte(reader, 1, &any));
    for (uint32_t k = extreme->key == 0; any != 0 && k < 2; k++) {
        const struct type *type = aggregate->argument_types[k == 0 ? 0 : extreme->key];
        struct slice bytes;
        OR_DONE(state_take_nested(reader, type, &bytes));
        OR_DONE(nested_key_decode(scratch, type, &bytes, 1, k == 0 ? &read.beside : &read.key));
    }
    OR_DONE(extreme_merge(aggregate, arena, held, &read));
    if (held->key != NULL && held->key == read.key) { /* it lies in scratch */
        held->key = column_copy(arena, read.key);
        held->beside = read.beside == NULL ? NULL : column_copy(arena, read.beside);
        if (held->key == NULL || (held->beside == NULL) != (read.beside == NULL)) {
            return arena_error(arena);
        }
    }
done:
    return err;
}

struct err *aggregate_extreme_resolve(const struct aggregate_bind *bind, bool max, struct aggregate *out)
{
    struct extreme *extreme = ARENA_NEW(bind->arena, struct extreme);
    if (extreme == NULL) {
        return arena_error(bind->arena);
    }
    extreme->max = max;
    extreme->key = bind->count - 1;
    out->type = bind->types[0];
    out->data = extreme;
    out->state_bytes = STATE_BYTES(struct extreme_state);
    out->add = extreme_add;
    out->merge = extreme_merge;
    out->finish = extreme_finish;
    out->write_state = extreme_write;
    out->read_state = extreme_read;
    return NULL;
}
