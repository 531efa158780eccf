/*
 * aggregate_intersect.c: groupArrayIntersect: the elements that the arrays of all rows have.
 *
 * state    the elements as bytes (nested_key.h), each once, in their order; of no row: not seen
 * order    of the result that of the bytes
 */
#include "query/aggregates.h"
#include "query/functions/nested.h"
#include "query/nested_key.h"

struct intersection {
    struct slice *items;
    uint32_t count;
    bool seen;
};

static int by_bytes(const void *a, const void *b, void *user)
{
    (void)user;
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* Sorts; each once. */
static struct err *make_set(const struct arena *arena, struct slice *items, uint32_t *count)
{
    struct err *err = NULL;
    uint32_t kept = 0;
    OR_DONE(order_elements(arena, items, *count, sizeof(*items), by_bytes, NULL));
    for (uint32_t i = 0; i < *count; i++) {
        OR_DONE(interrupt_at(i));
        if (kept == 0 || !slice_equal(items[kept - 1], items[i])) {
            items[kept++] = items[i];
        }
    }
    *count = kept;
done:
    return err;
}

/* Leaves what both sets have; the first row's set is copied into the arena. */
static struct err *intersect(struct intersection *state, struct arena *arena, const struct slice *items, uint32_t count)
{
    struct err *err = NULL;
    if (!state->seen) {
        state->items = ARENA_ARRAY(arena, struct slice, count + 1U);
        if (state->items == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < count; i++) {
            char *copy = arena_alloc(arena, items[i].length + 1);
            OR_DONE(interrupt_at(i));
            if (copy == NULL) {
                return arena_error(arena);
            }
            if (items[i].length > 0) {
                memcpy(copy, items[i].data, items[i].length);
            }
            state->items[i] = slice_of(copy, items[i].length);
        }
        state->count = count;
        state->seen = true;
        return NULL;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0, j = 0; i < state->count && j < count;) {
        int order = slice_compare(state->items[i], items[j]);
        if (order == 0) {
            state->items[kept++] = state->items[i];
        }
        i += order <= 0;
        j += order >= 0;
    }
    state->count = kept;
done:
    return err;
}

static struct err *intersect_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    const struct column *flat = column_flat(scratch, arguments[0]);
    if (flat == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(arrays_flat(scratch, flat, &flat));
    uint32_t total = flat->children[0]->row_count;
    const struct column *items = column_flat(scratch, flat->children[0]);
    struct slice *keys = ARENA_ARRAY(scratch, struct slice, total + 1U);
    if (items == NULL || keys == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(nested_key_encode(scratch, items, total, keys));
    EACH_ROW(struct intersection, {
        uint32_t count = flat->offsets[i + 1] - flat->offsets[i];
        OR_DONE(interrupt_at(i));
        if (!state->seen || state->count > 0) {
            OR_DONE(make_set(scratch, keys + flat->offsets[i], &count));
            OR_DONE(intersect(state, arena, keys + flat->offsets[i], count));
        }
    })
done:
    return err;
}

static struct err *intersect_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    struct intersection *a = into;
    const struct intersection *b = from;
    if (!a->seen) {
        *a = *b;
    } else if (b->seen) {
        OR_DONE(intersect(a, arena, b->items, b->count));
    }
done:
    return err;
}

static struct err *intersect_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const struct intersection *held = state;
    state_put_byte(writer, held->seen);
    state_put_count(writer, held->count);
    for (uint32_t i = 0; i < held->count; i++) {
        state_put_text(writer, held->items[i]);
    }
    return state_writer_error(writer);
}

static struct err *intersect_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *type = aggregate->argument_types[0]->children[0];
    uint64_t total;
    uint8_t seen;
    OR_DONE(state_take_byte(reader, 1, &seen));
    OR_DONE(state_take_elements(reader, 1, seen == 0 ? 0 : UINT32_MAX / 2, &total));
    uint32_t count = (uint32_t)total;
    struct slice *items = ARENA_ARRAY(scratch, struct slice, total + 1);
    if (items == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(state_take_nested(reader, type, &items[i]));
    }
    if (seen != 0) {
        OR_DONE(make_set(scratch, items, &count));
        OR_DONE(intersect(into, arena, items, count));
    }
done:
    return err;
}

static struct err *intersect_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    uint64_t total = 0;
    for (uint32_t g = 0; g < count; g++) {
        total += ((const struct intersection *)(const void *)(states + (size_t)g * stride))->count;
    }
    OR_DONE(aggregate_arrays(arena, 0, out));
    if (total > UINT32_MAX / 2) {
        return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
    }
    struct slice *keys = ARENA_ARRAY(arena, struct slice, total + 1);
    uint32_t at = 0;
    if (keys == NULL) {
        return arena_error(arena);
    }
    for (uint32_t g = 0; g < count; g++) {
        const struct intersection *state = (const void *)(states + (size_t)g * stride);
        if (state->count > 0) {
            memcpy(keys + at, state->items, state->count * sizeof(*keys));
        }
        at += state->count;
        out->offsets[g + 1] = at;
    }
    OR_DONE(nested_key_decode(arena, aggregate->argument_types[0]->children[0], keys, at, &out->children[0]));
done:
    return err;
}

static struct err *intersect_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    if (bind->parameter_count > 0) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes no parameters", bind->name);
    }
    if (bind->types[0]->kind != TYPE_ARRAY) {
        return aggregate_argument_error(bind, 0, "an array is needed");
    }
    out->type = bind->types[0];
    out->state_bytes = STATE_BYTES(struct intersection);
    out->add = intersect_add;
    out->merge = intersect_merge;
    out->write_state = intersect_write;
    out->read_state = intersect_read;
    out->finish = intersect_finish;
    return NULL;
}

static const struct aggregate_definition definitions[] = {
    {"groupArrayIntersect", false, 1, 1, AGGREGATE_PARAMETERS, intersect_resolve, 0},
};
const struct aggregate_group aggregates_intersect = GROUP_WITHOUT_ALIASES(definitions);
