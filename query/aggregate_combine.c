/*
 * aggregate_combine.c: the combinators -Array, -ForEach, -Resample and -Map, around any aggregate function.
 *
 * Array    the elements of arrays are the function's rows
 * spread   ForEach, Resample, Map: a state holds many states of the function: one per place in the array, per
 *          interval of the last argument, per key of the map. Rows are first sorted into runs of one group; the
 *          elements of a run go to the function in one call, with the numbers of their states as groups.
 * state    states in the states' arena, doubling; keys of maps as bytes (nested_key.h) in a hash table beside them
 * finish   the states of all groups are laid side by side and finished at once
 */
#include "query/aggregate_combine.h"

#include "query/functions/nested.h"
#include "query/nested_key.h"

#include <stdlib.h>

/* --- Array ------------------------------------------------------------------------------------------------------- */

/* The arrays' elements as columns; *offsets: of all of them. */
static struct err *elements_of(const struct aggregate *aggregate, struct arena *scratch,
                               const struct column *const *arguments, uint32_t count, uint32_t row_count,
                               const struct column **children, const uint32_t **offsets)
{
    struct err *err = NULL;
    for (uint32_t a = 0; a < count; a++) {
        const struct column *flat = NULL;
        OR_DONE(arrays_flat(scratch, arguments[a], &flat));
        children[a] = flat->children[0];
        if (a == 0) {
            *offsets = flat->offsets;
        } else if (memcmp(*offsets, flat->offsets, (row_count + 1U) * sizeof(uint32_t)) != 0) {
            return err_new(aggregate->finish == combine_map_finish ? ERR_BAD_ARGUMENTS : ERR_ARRAY_SIZES,
                           "the arrays of a row must be of equal lengths in aggregate function %s", aggregate->name);
        }
    }
done:
    return err;
}

struct err *combine_array_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *children[AGGREGATE_ARGUMENTS_MAX];
    const uint32_t *offsets = NULL;
    uint32_t *spread = NULL;
    OR_DONE(elements_of(aggregate, scratch, arguments, aggregate->argument_count, row_count, children, &offsets));
    uint32_t total = offsets[row_count];
    if (total == 0) {
        return NULL;
    }
    if (groups != NULL) {
        spread = ARENA_ARRAY(scratch, uint32_t, total);
        if (spread == NULL) {
            return arena_error(scratch);
        }
        for (uint32_t i = 0; i < row_count; i++) {
            for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++) {
                spread[k] = groups[i];
            }
        }
    }
    OR_DONE(aggregate->nested->add(aggregate->nested, arena, scratch, states, stride, spread, children, total));
done:
    return err;
}

struct err *combine_array_merge(MERGE_ARGUMENTS)
{
    return aggregate->nested->merge(aggregate->nested, arena, into, from);
}

struct err *combine_array_finish(FINISH_ARGUMENTS)
{
    return aggregate->nested->finish(aggregate->nested, arena, states, stride, count, out);
}

struct err *combine_array_write(WRITE_ARGUMENTS)
{
    return aggregate->nested->write_state(aggregate->nested, state, writer);
}

struct err *combine_array_read(READ_ARGUMENTS)
{
    return aggregate->nested->read_state(aggregate->nested, arena, scratch, reader, into);
}

/* --- many states in one ------------------------------------------------------------------------------------------ */

/* Elements on their way to the states of one group. */
struct element {
    uint32_t group;
    uint32_t at;     /* in the values' columns */
    uint32_t number; /* ForEach, Resample: of the state */
};

static struct err *spread_room(const struct spread *spread, struct spread_state *state, struct arena *arena,
                               uint32_t count)
{
    struct err *err = NULL;
    if (count <= state->count) {
        return NULL;
    }
    if (count > state->capacity) {
        uint64_t capacity = state->capacity == 0 ? 4 : state->capacity;
        while (capacity < count) {
            capacity *= 2;
        }
        char *states = arena_zalloc(arena, capacity * spread->bytes);
        struct slice *keys = spread->key == NULL ? NULL : ARENA_ARRAY(arena, struct slice, capacity);
        if (states == NULL || (keys == NULL && spread->key != NULL)) {
            return arena_error(arena);
        }
        OR_DONE(interrupt_copy(states, state->states, (size_t)state->count * spread->bytes));
        if (keys != NULL) {
            OR_DONE(interrupt_copy(keys, state->keys, state->count * sizeof(*keys)));
        }
        state->states = states;
        state->keys = keys;
        state->capacity = (uint32_t)capacity;
    }
    state->count = count;
done:
    return err;
}

static uint64_t key_hash(struct slice key)
{
    uint64_t hash = key.length;
    uint64_t word = 0;
    size_t i = 0;
    for (; i + 8 <= key.length; i += 8) {
        memcpy(&word, key.data + i, 8);
        hash = hash_mix64(hash ^ word);
    }
    word = 0;
    if (key.length > i) {
        memcpy(&word, key.data + i, key.length - i);
    }
    return hash_mix64(hash ^ word);
}

static struct err *key_number(const struct spread *spread, struct spread_state *state, struct arena *arena,
                              struct slice key, uint32_t *out)
{
    struct err *err = NULL;
    if (state->count * 2ULL >= state->slot_count) {
        uint32_t slot_count = state->slot_count == 0 ? 8 : state->slot_count * 2;
        uint32_t *slots = arena_zalloc(arena, (size_t)slot_count * sizeof(*slots));
        if (slots == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < state->count; i++) {
            OR_DONE(interrupt_at(i));
            uint32_t slot = (uint32_t)key_hash(state->keys[i]) & (slot_count - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slot_count - 1);
            }
            slots[slot] = i + 1;
        }
        state->slots = slots;
        state->slot_count = slot_count;
    }
    uint32_t slot = (uint32_t)key_hash(key) & (state->slot_count - 1);
    while (state->slots[slot] != 0) {
        *out = state->slots[slot] - 1;
        if (slice_equal(state->keys[*out], key)) {
            return NULL;
        }
        slot = (slot + 1) & (state->slot_count - 1);
    }
    struct slice copy = {"", 0};
    if (key.length > 0) {
        copy = arena_slice(arena, key);
        if (copy.data == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(spread_room(spread, state, arena, state->count + 1));
    ASSERT(state->keys != NULL);
    *out = state->count - 1;
    state->keys[*out] = copy;
    state->slots[slot] = state->count;
done:
    return err;
}

static int compare_elements(const void *a, const void *b, void *user)
{
    (void)user;
    const struct element *x = a;
    const struct element *y = b;
    return x->group != y->group ? (x->group > y->group) - (x->group < y->group) : (x->at > y->at) - (x->at < y->at);
}

/* Elements [0, count) of one group: their values to the functions. */
static struct err *spread_run(const struct spread *spread, struct arena *arena, struct arena *scratch,
                              struct spread_state *state, const struct element *elements, uint32_t count,
                              const struct slice *keys, const struct column *const *values,
                              const uint32_t *value_counts)
{
    struct err *err = NULL;
    uint32_t *numbers = ARENA_ARRAY(scratch, uint32_t, count);
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, count);
    const struct column *taken[AGGREGATE_ARGUMENTS_MAX];
    uint32_t first = 0;
    if (numbers == NULL || positions == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < count; i++) {
        positions[i] = elements[i].at;
        if (keys != NULL) {
            OR_DONE(key_number(spread, state, arena, keys[elements[i].at], &numbers[i]));
        } else {
            OR_DONE(spread_room(spread, state, arena, elements[i].number + 1));
            numbers[i] = elements[i].number;
        }
    }
    for (uint32_t n = 0; n < spread->nested_count; n++) {
        for (uint32_t a = 0; a < value_counts[n]; a++) {
            taken[a] = column_take(scratch, values[first + a], positions, count);
            if (taken[a] == NULL) {
                return arena_error(scratch);
            }
        }
        first += value_counts[n];
        const struct aggregate *nested = spread->nested[n];
        OR_DONE(nested->add(nested, arena, scratch, state->states + spread->offsets[n], spread->bytes, numbers, taken,
                            count));
    }
done:
    return err;
}

static struct err *spread_elements(const struct spread *spread, struct arena *arena, struct arena *scratch,
                                   char *states, uint32_t stride, struct element *elements, uint32_t count,
                                   const struct slice *keys, const struct column *const *values,
                                   const uint32_t *value_counts)
{
    struct err *err = NULL;
    bool sorted = true;
    for (uint32_t i = 1; sorted && i < count; i++) {
        sorted = elements[i - 1].group <= elements[i].group;
    }
    if (!sorted) {
        OR_DONE(order_elements(arena, elements, count, sizeof(*elements), compare_elements, NULL));
    }
    for (uint32_t begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1; end < count && elements[end].group == elements[begin].group; end++) {
        }
        struct spread_state *state = (struct spread_state *)(void *)(states + (size_t)elements[begin].group * stride);
        OR_DONE(spread_run(spread, arena, scratch, state, elements + begin, end - begin, keys, values, value_counts));
    }
done:
    return err;
}

/* One element per item of the rows' arrays. */
static struct err *array_elements(struct arena *scratch, const uint32_t *offsets, const uint32_t *groups,
                                  uint32_t row_count, struct element **out)
{
    struct element *elements = ARENA_ARRAY(scratch, struct element, offsets[row_count] + 1U);
    if (elements == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++) {
            elements[k] = (struct element){groups == NULL ? 0 : groups[i], k, k - offsets[i]};
        }
    }
    *out = elements;
    return NULL;
}

struct err *combine_for_each_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *children[AGGREGATE_ARGUMENTS_MAX];
    const uint32_t *offsets = NULL;
    struct element *elements = NULL;
    OR_DONE(elements_of(aggregate, scratch, arguments, aggregate->argument_count, row_count, children, &offsets));
    OR_DONE(array_elements(scratch, offsets, groups, row_count, &elements));
    OR_DONE(spread_elements(aggregate->data, arena, scratch, states, stride, elements, offsets[row_count], NULL,
                            children, &aggregate->argument_count));
done:
    return err;
}

struct err *combine_resample_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct spread *spread = aggregate->data;
    uint32_t value_count = aggregate->argument_count - 1;
    const struct column *numbers = column_flat(scratch, arguments[value_count]);
    const struct column *keys = numbers == NULL ? NULL : column_numbers(scratch, numbers, TYPE_INT64);
    struct element *elements = ARENA_ARRAY(scratch, struct element, row_count + 1U);
    uint32_t count = 0;
    if (keys == NULL || elements == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t key = ((const int64_t *)keys->values)[i];
        bool null = false;
        for (uint32_t a = 0; a <= value_count; a++) {
            null |= column_is_null(arguments[a], i);
        }
        if (null || key < spread->begin || key >= spread->end) {
            continue;
        }
        uint64_t number = ((uint64_t)key - (uint64_t)spread->begin) / spread->step;
        if (number < spread->intervals) {
            elements[count++] = (struct element){groups == NULL ? 0 : groups[i], i, (uint32_t)number};
        }
    }
    const struct column *bare[AGGREGATE_ARGUMENTS_MAX]; /* NULLs are out: the function is bound without them */
    for (uint32_t a = 0; a < value_count; a++) {
        struct column *copy = ARENA_NEW(scratch, struct column);
        const struct column *flat = column_flat(scratch, arguments[a]);
        if (copy == NULL || flat == NULL) {
            return arena_error(scratch);
        }
        *copy = *flat;
        copy->type = spread->nested[0]->argument_types[a];
        copy->nulls = NULL;
        bare[a] = copy;
    }
    OR_DONE(spread_elements(spread, arena, scratch, states, stride, elements, count, NULL, bare, &value_count));
done:
    return err;
}

struct err *combine_map_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct spread *spread = aggregate->data;
    const struct column *children[AGGREGATE_ARGUMENTS_MAX] = {0};
    uint32_t ones[VALUES_MAX];
    const uint32_t *offsets = NULL;
    struct element *elements = NULL;
    OR_DONE(elements_of(aggregate, scratch, arguments, aggregate->argument_count, row_count, children, &offsets));
    ASSERT(offsets != NULL && children[0] != NULL); /* there is an argument at least */
    uint32_t total = offsets[row_count];
    if (total == 0) {
        return NULL;
    }
    if (!spread->of_arrays) {
        const struct column *pairs = column_flat(scratch, children[0]);
        if (pairs == NULL) {
            return arena_error(scratch);
        }
        children[0] = pairs->children[0];
        children[1] = pairs->children[1];
    }
    for (uint32_t n = 0; n < spread->nested_count; n++) {
        ones[n] = 1;
    }
    OR_DONE(array_elements(scratch, offsets, groups, row_count, &elements));
    if (spread->of_arrays) { /* an element counts when one of its values is not NULL */
        uint32_t kept = 0;
        for (uint32_t i = 0; i < total; i++) {
            OR_DONE(interrupt_at(i));
            bool any = false;
            for (uint32_t n = 0; n < spread->nested_count; n++) {
                any |= !column_is_null(children[1 + n], elements[i].at);
            }
            elements[kept] = elements[i];
            kept += any;
        }
        total = kept;
    }
    struct slice *keys = ARENA_ARRAY(scratch, struct slice, offsets[row_count]);
    if (keys == NULL) {
        return arena_error(scratch);
    }
    const struct column *key_column = column_flat(scratch, children[0]);
    if (key_column == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(nested_key_encode(scratch, key_column, offsets[row_count], keys));
    OR_DONE(spread_elements(spread, arena, scratch, states, stride, elements, total, keys, children + 1, ones));
done:
    return err;
}

struct err *combine_spread_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct spread *spread = aggregate->data;
    struct spread_state *a = into;
    struct spread_state *b = from;
    if (a->count == 0) {
        *a = *b;
        return NULL;
    }
    for (uint32_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        uint32_t number = i;
        if (spread->key != NULL) {
            OR_DONE(key_number(spread, a, arena, b->keys[i], &number));
        } else {
            OR_DONE(spread_room(spread, a, arena, i + 1));
        }
        for (uint32_t n = 0; n < spread->nested_count; n++) {
            const struct aggregate *nested = spread->nested[n];
            OR_DONE(nested->merge(nested, arena, a->states + (size_t)number * spread->bytes + spread->offsets[n],
                                  b->states + (size_t)i * spread->bytes + spread->offsets[n]));
        }
    }
done:
    return err;
}

/* A key, a number or string, as RowBinary has it: numbers as they lie, strings behind a count of bytes instead of four
 * bytes that hold it. */
static void wire_put_key(struct state_writer *writer, const struct type *type, struct slice key)
{
    if (type->kind == TYPE_STRING) {
        state_put_text(writer, slice_of(key.data + sizeof(uint32_t), key.length - sizeof(uint32_t)));
    } else {
        state_put(writer, key.data, key.length);
    }
}

static struct err *wire_take_key(struct state_reader *reader, struct arena *scratch, const struct type *type,
                                 struct slice *key)
{
    struct err *err = NULL;
    struct slice text;
    const void *cell;
    OR_DONE(state_take_value(reader, type, &text, &cell));
    if (type->kind != TYPE_STRING) {
        *key = slice_of(cell, type->width);
        return NULL;
    }
    uint32_t length = (uint32_t)text.length;
    char *bytes = arena_alloc(scratch, sizeof(length) + text.length);
    if (bytes == NULL) {
        return arena_error(scratch);
    }
    memcpy(bytes, &length, sizeof(length));
    memcpy(bytes + sizeof(length), text.data, text.length);
    *key = slice_of(bytes, sizeof(length) + text.length);
done:
    return err;
}

/* ForEach: how many states in 8 bytes. Map: how many as a count, and before the states of a key the key. Resample: the
 * states of all intervals. */
struct err *combine_spread_write(WRITE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct spread *spread = aggregate->data;
    const struct spread_state *held = state;
    uint64_t count = spread->kind == COMBINE_RESAMPLE ? spread->intervals : held->count;
    char *blank = arena_zalloc(writer->arena, spread->bytes + 1U);
    if (blank == NULL) {
        return arena_error(writer->arena);
    }
    if (spread->kind == COMBINE_FOR_EACH) {
        state_put(writer, &count, sizeof(count));
    } else if (spread->kind == COMBINE_MAP) {
        state_put_count(writer, count);
    }
    for (uint64_t i = 0; i < count; i++) {
        if (spread->kind == COMBINE_MAP && writer->wire) {
            wire_put_key(writer, spread->key, held->keys[i]);
        } else if (spread->kind == COMBINE_MAP) {
            state_put_text(writer, held->keys[i]);
        }
        for (uint32_t n = 0; n < spread->nested_count; n++) {
            char *one = i < held->count ? held->states + i * spread->bytes : blank;
            OR_DONE(spread->nested[n]->write_state(spread->nested[n], one + spread->offsets[n], writer));
        }
    }
    OR_DONE(state_writer_error(writer));
done:
    return err;
}

struct err *combine_spread_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    const struct spread *spread = aggregate->data;
    struct spread_state *held = into;
    uint64_t count = spread->intervals;
    if (spread->kind == COMBINE_FOR_EACH) {
        OR_DONE(state_take(reader, &count, sizeof(count)));
    } else if (spread->kind == COMBINE_MAP) {
        OR_DONE(state_take_count(reader, &count));
    }
    if (count > state_left(reader) || count > UINT32_MAX / 2) { /* a state takes a byte at least */
        return state_bad("it ends before its last element");
    }
    bool *taken = spread->kind == COMBINE_MAP ? arena_zalloc(scratch, held->count + count + 1) : NULL;
    if (taken == NULL && spread->kind == COMBINE_MAP) {
        return arena_error(scratch);
    }
    for (uint64_t i = 0; i < count; i++) {
        uint32_t number = (uint32_t)i;
        if (spread->kind == COMBINE_MAP) {
            struct slice key;
            OR_DONE(reader->wire ? wire_take_key(reader, scratch, spread->key, &key)
                                 : state_take_nested(reader, spread->key, &key));
            OR_DONE(key_number(spread, held, arena, key, &number));
            if (taken[number]) {
                return state_bad("a key comes twice");
            }
            taken[number] = true;
        } else {
            OR_DONE(spread_room(spread, held, arena, number + 1));
        }
        for (uint32_t n = 0; n < spread->nested_count; n++) {
            OR_DONE(spread->nested[n]->read_state(spread->nested[n], arena, scratch, reader,
                                                  held->states + (size_t)number * spread->bytes + spread->offsets[n]));
        }
    }
done:
    return err;
}

/* --- results ----------------------------------------------------------------------------------------------------- */

/* The results of all states, group after group. */
static struct err *spread_values(const struct spread *spread, struct arena *arena, const char *states, uint32_t stride,
                                 uint32_t count, uint64_t total, struct column **out)
{
    struct err *err = NULL;
    char *all = arena_zalloc(arena, (total + 1) * spread->bytes);
    char *at = all;
    if (all == NULL) {
        return arena_error(arena);
    }
    for (uint32_t g = 0; g < count; g++) {
        const struct spread_state *state = (const void *)(states + (size_t)g * stride);
        if (state->count > 0) {
            memcpy(at, state->states, (size_t)state->count * spread->bytes);
        }
        at += (size_t)(spread->kind == COMBINE_RESAMPLE ? spread->intervals : state->count) * spread->bytes;
    }
    for (uint32_t n = 0; n < spread->nested_count; n++) {
        out[n] = column_new(arena, spread->nested[n]->type, (uint32_t)total);
        if (out[n] == NULL) {
            return arena_error(arena);
        }
        OR_DONE(spread->nested[n]->finish(spread->nested[n], arena, all + spread->offsets[n], spread->bytes,
                                          (uint32_t)total, out[n]));
    }
done:
    return err;
}

static struct err *spread_total(const struct spread *spread, const char *states, uint32_t stride, uint32_t count,
                                uint32_t *offsets)
{
    uint64_t total = 0;
    for (uint32_t g = 0; g < count; g++) {
        offsets[g] = (uint32_t)total;
        total += spread->kind == COMBINE_RESAMPLE
                     ? spread->intervals
                     : ((const struct spread_state *)(const void *)(states + (size_t)g * stride))->count;
        if (total > UINT32_MAX) {
            return err_new(ERR_MEMORY_LIMIT, "more than 2^32 elements in the arrays of one chunk");
        }
    }
    offsets[count] = (uint32_t)total;
    return NULL;
}

struct err *combine_spread_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct spread *spread = aggregate->data;
    OR_DONE(spread_total(spread, states, stride, count, out->offsets));
    OR_DONE(spread_values(spread, arena, states, stride, count, out->offsets[count], out->children));
done:
    return err;
}

static int compare_keys(const void *a, const void *b, void *keys)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    bool x_null = column_is_null(keys, x);
    bool y_null = column_is_null(keys, y);
    return x_null || y_null ? (int)y_null - (int)x_null : column_compare(keys, x, keys, y); /* NULL first */
}

static bool is_zero(const struct column *const *values, uint32_t count, uint32_t row)
{
    static const char zeros[32];
    for (uint32_t n = 0; n < count; n++) {
        if (memcmp((const char *)values[n]->values + (size_t)row * values[n]->type->width, zeros,
                   values[n]->type->width) != 0) {
            return false;
        }
    }
    return true;
}

struct err *combine_map_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct spread *spread = aggregate->data;
    struct column *values[VALUES_MAX] = {0};
    struct column *keys = NULL;
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (offsets == NULL) {
        return arena_error(arena);
    }
    OR_DONE(spread_total(spread, states, stride, count, offsets));
    uint32_t total = offsets[count];
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, total + 1U);
    struct slice *bytes = ARENA_ARRAY(arena, struct slice, total + 1U);
    if (order == NULL || bytes == NULL) {
        return arena_error(arena);
    }
    OR_DONE(spread_values(spread, arena, states, stride, count, total, values));
    for (uint32_t g = 0; g < count; g++) {
        const struct spread_state *state = (const void *)(states + (size_t)g * stride);
        if (state->count > 0) {
            memcpy(bytes + offsets[g], state->keys, state->count * sizeof(*bytes));
        }
    }
    OR_DONE(nested_key_decode(arena, spread->key, bytes, total, &keys));
    uint32_t kept = 0;
    for (uint32_t g = 0; g < count; g++) {
        uint32_t begin = kept;
        for (uint32_t i = offsets[g]; i < offsets[g + 1]; i++) {
            order[kept] = i;
            kept += !spread->drops_zeros || !is_zero((const struct column *const *)values, spread->nested_count, i);
        }
        OR_DONE(order_elements(arena, order + begin, kept - begin, sizeof(*order), compare_keys, keys));
        offsets[g] = begin;
    }
    offsets[count] = kept;
    keys = column_take(arena, keys, order, kept);
    for (uint32_t n = 0; n < spread->nested_count && keys != NULL; n++) {
        values[n] = column_take(arena, values[n], order, kept);
        keys = values[n] == NULL ? NULL : keys;
    }
    if (keys == NULL) {
        return arena_error(arena);
    }
    if (!spread->of_arrays) {
        struct column *pairs = column_new(arena, out->type->children[0], kept);
        if (pairs == NULL) {
            return arena_error(arena);
        }
        pairs->children[0] = keys;
        pairs->children[1] = values[0];
        out->children[0] = pairs;
        memcpy(out->offsets, offsets, (count + 1U) * sizeof(*offsets));
        return NULL;
    }
    for (uint32_t n = 0; n <= spread->nested_count; n++) {
        OR_DONE(arrays_new(arena, out->type->children[n], count, offsets, n == 0 ? keys : values[n - 1],
                           &out->children[n]));
    }
done:
    return err;
}
