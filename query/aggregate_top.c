/*
 * aggregate_top.c: topK, topKWeighted, approx_top_k, approx_top_sum: the most frequent values.
 *
 * state    up to `capacity` counters (values wanted × a load factor): exact as long as there are no more distinct
 *          values. Then a new value takes the place of the one with the smallest count, whose count it inherits as its
 *          error. A heap has the smallest count on top, a hash table finds values.
 * filter   a new value of a full state is first only counted with others of its hash; not before that count reaches the
 *          smallest one of the state may it come in. So rare values, most of them, cost no exchange.
 * bound    a value's count is at most the true one plus its error, and errors are at most all weights / capacity
 * source   Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005;
 *          Homem, Carvalho, "Finding top-k elements in data streams", 2010, has the filter
 */
#include "query/aggregates.h"
#include "query/intern.h"

#include <stdlib.h>

#define TOP_MAX             65536U
#define FILTER_A_COUNTER    6U /* counts of the filter */
#define FILTER_MAX          65536U
#define FILTER_CAPACITY_MIN 8U /* into a smaller state every new value comes at once */

enum top_tag { TOP_WEIGHTED = 1, TOP_COUNTS = 2 };

struct counter {
    struct slice value; /* bytes */
    uint64_t hash;
    uint64_t count;
    uint64_t error;
    uint32_t place; /* in the heap */
    uint32_t order; /* of first rows */
};

struct top_state {
    struct counter *counters;
    uint32_t *heap;  /* counters; the smallest count first */
    uint32_t *slots; /* counter + 1; 0: free */
    uint32_t count;
    uint32_t capacity; /* room */
    uint32_t slot_count;
    uint32_t order;
    uint64_t *filter;     /* of a full state, once a new value came: how often others of its hash were seen */
    uint32_t filter_mask; /* of hashes */
    bool settled;         /* was merged or read: any value may have been seen as often as the smallest count */
};

struct top {
    const struct type *type;
    uint32_t wanted;
    uint32_t capacity;
    bool counts;
};

static uint64_t value_hash(struct slice value)
{
    uint64_t word = 0;
    if (value.length > 8) {
        return text_hash(value);
    }
    memcpy(&word, value.data, value.length);
    return hash_mix64(word ^ (uint64_t)value.length << 59);
}

static uint32_t value_slot(const struct top_state *state, struct slice value, uint64_t hash)
{
    uint32_t mask = state->slot_count - 1;
    uint32_t slot = (uint32_t)hash & mask;
    for (; state->slots[slot] != 0; slot = (slot + 1) & mask) {
        const struct counter *counter = &state->counters[state->slots[slot] - 1];
        if (counter->hash == hash && slice_equal(counter->value, value)) {
            break;
        }
    }
    return slot;
}

static uint32_t counter_slot(const struct top_state *state, const struct counter *counter)
{
    return value_slot(state, counter->value, counter->hash);
}

/* All counters into the table again. */
static void fill_slots(struct top_state *state)
{
    memset(state->slots, 0, state->slot_count * sizeof(*state->slots));
    for (uint32_t i = 0; i < state->count; i++) {
        state->slots[counter_slot(state, &state->counters[i])] = i + 1;
    }
}

static bool counter_less(const struct counter *a, const struct counter *b)
{
    if (a->count != b->count) {
        return a->count < b->count;
    }
    return a->error != b->error ? a->error > b->error : a->order > b->order;
}

static void heap_down(struct top_state *state, uint32_t place)
{
    uint32_t moved = state->heap[place];
    for (uint32_t child; (child = place * 2 + 1) < state->count; place = child) {
        if (child + 1 < state->count &&
            counter_less(&state->counters[state->heap[child + 1]], &state->counters[state->heap[child]])) {
            child++;
        }
        if (!counter_less(&state->counters[state->heap[child]], &state->counters[moved])) {
            break;
        }
        state->heap[place] = state->heap[child];
        state->counters[state->heap[place]].place = place;
    }
    state->heap[place] = moved;
    state->counters[moved].place = place;
}

static void heap_up(struct top_state *state, uint32_t place)
{
    uint32_t moved = state->heap[place];
    while (place > 0 && counter_less(&state->counters[moved], &state->counters[state->heap[(place - 1) / 2]])) {
        state->heap[place] = state->heap[(place - 1) / 2];
        state->counters[state->heap[place]].place = place;
        place = (place - 1) / 2;
    }
    state->heap[place] = moved;
    state->counters[moved].place = place;
}

static struct err *top_room(struct top_state *state, struct arena *arena)
{
    if (state->count < state->capacity) {
        return NULL;
    }
    uint32_t capacity = state->capacity == 0 ? 8 : state->capacity * 2;
    struct counter *counters = ARENA_ARRAY(arena, struct counter, capacity);
    uint32_t *heap = ARENA_ARRAY(arena, uint32_t, capacity);
    uint32_t *slots = ARENA_ARRAY(arena, uint32_t, (size_t)capacity * 2);
    if (counters == NULL || heap == NULL || slots == NULL) {
        return arena_error(arena);
    }
    if (state->count > 0) {
        memcpy(counters, state->counters, state->count * sizeof(*counters));
        memcpy(heap, state->heap, state->count * sizeof(*heap));
    }
    state->counters = counters;
    state->heap = heap;
    state->slots = slots;
    state->capacity = capacity;
    state->slot_count = capacity * 2;
    fill_slots(state);
    return NULL;
}

static struct err *copy_value(struct arena *arena, struct slice value, struct slice *out)
{
    *out = (struct slice){"", 0};
    if (value.length > 0) {
        *out = arena_slice(arena, value);
        if (out->data == NULL) {
            return arena_error(arena);
        }
    }
    return NULL;
}

/* Frees a slot; what stands behind it moves up, so that searches find it. */
static void slot_remove(struct top_state *state, uint32_t slot)
{
    uint32_t mask = state->slot_count - 1;
    uint32_t hole = slot;
    state->slots[hole] = 0;
    for (uint32_t next = (hole + 1) & mask; state->slots[next] != 0; next = (next + 1) & mask) {
        uint32_t counter = state->slots[next];
        state->slots[next] = 0;
        state->slots[counter_slot(state, &state->counters[counter - 1])] = counter;
    }
}

static inline struct slice top_value(const struct top *top, const void *cell)
{
    return top->type->kind == TYPE_STRING ? *(const struct slice *)cell : slice_of(cell, top->type->width);
}

static struct err *make_filter(const struct top *top, struct top_state *state, struct arena *arena)
{
    uint32_t size = 64;
    while (size < FILTER_MAX && size < top->capacity * FILTER_A_COUNTER) {
        size *= 2;
    }
    state->filter = ARENA_ARRAY(arena, uint64_t, size);
    if (state->filter == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < size; i++) {
        state->filter[i] = state->settled ? state->counters[state->heap[0]].count : 0;
    }
    state->filter_mask = size - 1;
    return NULL;
}

/* A new value in place of the one with the smallest count; unless the filter keeps it out. */
static struct err *top_exchange(const struct top *top, struct top_state *state, struct arena *arena, struct slice value,
                                uint64_t hash, uint64_t weight)
{
    struct err *err = NULL;
    ASSERT(state->heap != NULL);
    uint32_t smallest = state->heap[0];
    struct counter *counter = &state->counters[smallest];
    uint64_t seen = counter->count;
    if (top->capacity >= FILTER_CAPACITY_MIN) {
        if (state->filter == NULL) {
            OR_DONE(make_filter(top, state, arena));
        }
        seen = state->filter[hash & state->filter_mask];
        if (seen + weight < counter->count) {
            state->filter[hash & state->filter_mask] = seen + weight;
            return NULL;
        }
        state->filter[counter->hash & state->filter_mask] = counter->count;
    }
    slot_remove(state, counter_slot(state, counter));
    counter->hash = hash;
    counter->error = seen;
    counter->count = seen + weight;
    counter->order = state->order++;
    if (value.length <= counter->value.length && value.length > 0) { /* the old bytes are ours */
        memcpy((char *)(uintptr_t)counter->value.data, value.data, value.length);
        counter->value.length = value.length;
    } else {
        OR_DONE(copy_value(arena, value, &counter->value));
    }
    state->slots[counter_slot(state, counter)] = smallest + 1;
    heap_down(state, 0);
done:
    return err;
}

static struct err *top_take(const struct top *top, struct top_state *state, struct arena *arena, struct slice value,
                            uint64_t hash, uint64_t weight, uint64_t error)
{
    struct err *err = NULL;
    if (state->count > 0) {
        uint32_t slot = value_slot(state, value, hash);
        if (state->slots[slot] != 0) {
            struct counter *counter = &state->counters[state->slots[slot] - 1];
            counter->count += weight;
            counter->error += error;
            heap_down(state, counter->place);
            return NULL;
        }
    }
    if (state->count >= top->capacity) {
        return top_exchange(top, state, arena, value, hash, weight);
    }
    OR_DONE(top_room(state, arena));
    struct counter *counter = &state->counters[state->count];
    *counter = (struct counter){.hash = hash, .count = weight, .error = error, .order = state->order++};
    OR_DONE(copy_value(arena, value, &counter->value));
    state->slots[counter_slot(state, counter)] = state->count + 1;
    state->heap[state->count] = state->count;
    state->count++;
    heap_up(state, state->count - 1);
done:
    return err;
}

/* All rows of a column of codes: each entry of its dictionary once. */
static struct err *top_add_codes(const struct top *top, struct top_state *state, struct arena *arena,
                                 struct arena *scratch, const struct column *column, uint32_t row_count)
{
    struct err *err = NULL;
    uint32_t entries = column->dictionary->row_count;
    uint32_t *weights = arena_zalloc(scratch, (entries + (size_t)1) * sizeof(*weights));
    uint32_t *codes = ARENA_ARRAY(scratch, uint32_t, entries + 1U); /* in the order of their first rows */
    uint32_t count = 0;
    if (weights == NULL || codes == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t code = column->codes[i];
        codes[count] = code;
        count += weights[code]++ == 0;
    }
    for (uint32_t k = 0; k < count; k++) {
        struct slice value = top_value(top, column_value(column->dictionary, codes[k]));
        OR_DONE(top_take(top, state, arena, value, value_hash(value), weights[codes[k]], 0));
    }
done:
    return err;
}

static struct err *top_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct top *top = aggregate->data;
    const struct column *values = arguments[0];
    const struct column *weights = NULL;
    if (aggregate->argument_count == 2) {
        const struct column *flat = column_flat(scratch, arguments[1]);
        weights = flat == NULL ? NULL : column_numbers(scratch, flat, TYPE_UINT64);
        if (weights == NULL) {
            return arena_error(scratch);
        }
    } else if (groups == NULL && values->form == COLUMN_DICT && values->dictionary->row_count <= row_count) {
        return top_add_codes(top, (struct top_state *)(void *)states, arena, scratch, values, row_count);
    }
    values = values->form == COLUMN_DICT ? column_flat(scratch, values) : values;
    if (values == NULL) {
        return arena_error(scratch);
    }
    const char *cells = values->values;
    size_t step = column_step(values) * top->type->width;
    EACH_ROW(struct top_state, {
        struct slice value = top_value(top, cells + i * step);
        uint64_t weight = weights == NULL ? 1 : ((const uint64_t *)weights->values)[i * column_step(weights)];
        OR_DONE(top_take(top, state, arena, value, value_hash(value), weight, 0));
    })
done:
    return err;
}

/* A full state may have seen every value as often as its smallest count. */
static uint64_t unseen_bound(const struct top *top, const struct top_state *state)
{
    return state->count < top->capacity ? 0 : state->counters[state->heap[0]].count;
}

static int compare_counters(const void *a, const void *b)
{
    const struct counter *x = a;
    const struct counter *y = b;
    return counter_less(x, y) ? 1 : counter_less(y, x) ? -1 : 0;
}

static struct err *top_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct top *top = aggregate->data;
    struct top_state *a = into;
    struct top_state *b = from;
    if (a->count == 0) {
        *a = *b;
        return NULL;
    }
    uint64_t a_bound = unseen_bound(top, a);
    uint64_t b_bound = unseen_bound(top, b);
    uint32_t total = 0;
    struct counter *all = ARENA_ARRAY(arena, struct counter, a->count + b->count);
    if (all == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < a->count; i++) {
        OR_DONE(interrupt_at(i));
        struct counter counter = a->counters[i];
        uint32_t slot = b->count == 0 ? 0 : counter_slot(b, &counter);
        const struct counter *other = b->count == 0 || b->slots[slot] == 0 ? NULL : &b->counters[b->slots[slot] - 1];
        counter.count += other == NULL ? b_bound : other->count;
        counter.error += other == NULL ? b_bound : other->error;
        all[total++] = counter;
    }
    for (uint32_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        struct counter counter = b->counters[i];
        if (a->slots[counter_slot(a, &counter)] == 0) {
            counter.count += a_bound;
            counter.error += a_bound;
            counter.order += a->order;
            all[total++] = counter;
        }
    }
    qsort(all, total, sizeof(*all), compare_counters);
    struct top_state merged = {.order = a->order + b->order, .settled = true};
    for (uint32_t i = 0; i < total && i < top->capacity; i++) {
        OR_DONE(top_take(top, &merged, arena, all[i].value, all[i].hash, all[i].count, all[i].error));
    }
    *a = merged;
done:
    return err;
}

static int compare_orders(const void *a, const void *b)
{
    uint32_t x = ((const struct counter *)a)->order;
    uint32_t y = ((const struct counter *)b)->order;
    return (x > y) - (x < y);
}

/* ClickHouse writes, behind the counters, what it guesses of values that have none: a table of more than so many places
 * per counter. */
#define WIRE_PLACES 6U

/* The counters in the order of their first rows: value, count, error. */
static struct err *top_write(WRITE_ARGUMENTS)
{
    const struct top *top = aggregate->data;
    const struct top_state *held = state;
    struct counter *sorted = ARENA_ARRAY(writer->arena, struct counter, held->count + 1U);
    if (sorted == NULL) {
        return arena_error(writer->arena);
    }
    if (held->count > 0) {
        memcpy(sorted, held->counters, held->count * sizeof(*sorted));
        qsort(sorted, held->count, sizeof(*sorted), compare_orders);
    }
    state_put_count(writer, held->count);
    for (uint32_t i = 0; i < held->count; i++) {
        bool text = top->type->kind == TYPE_STRING;
        state_put_value(writer, top->type, text ? (const void *)&sorted[i].value : sorted[i].value.data);
        state_put_count(writer, sorted[i].count);
        state_put_count(writer, sorted[i].error);
    }
    if (writer->wire) { /* what it knows of values that it has left out: nothing */
        uint64_t places = held->count > 0;
        while (places > 0 && places <= (uint64_t)top->capacity * WIRE_PLACES) {
            places *= 2;
        }
        state_put_count(writer, places);
        for (uint64_t i = 0; i < places; i++) {
            state_put_byte(writer, 0);
        }
    }
    return state_writer_error(writer);
}

static struct err *top_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    const struct top *top = aggregate->data;
    struct top_state *held = into;
    struct top_state read = {.count = 0};
    bool restores = held->count == 0;
    struct slice text;
    const void *cell;
    uint64_t count;
    uint64_t weight;
    uint64_t error;
    OR_DONE(state_take_elements(reader, state_value_bytes(top->type) + 2, top->capacity, &count));
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take_value(reader, top->type, &text, &cell));
        OR_DONE(state_take_count(reader, &weight));
        OR_DONE(state_take_count(reader, &error));
        struct slice value = top->type->kind == TYPE_STRING ? text : slice_of(cell, top->type->width);
        OR_DONE(top_take(top, restores ? held : &read, restores ? arena : scratch, value, value_hash(value), weight,
                         error));
    }
    if (reader->wire) {
        OR_DONE(state_take_elements(reader, 1, UINT32_MAX, &count));
        for (uint64_t i = 0; i < count; i++) {
            OR_DONE(state_take_count(reader, &weight));
        }
    }
    held->settled = true;
    if (read.count > 0) {
        OR_DONE(top_merge(aggregate, arena, held, &read)); /* copies what it keeps */
    }
done:
    return err;
}

static struct err *top_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct top *top = aggregate->data;
    uint64_t total = 0;
    for (uint32_t g = 0; g < count; g++) {
        uint32_t have = ((const struct top_state *)(const void *)(states + (size_t)g * stride))->count;
        total += have < top->wanted ? have : top->wanted;
    }
    OR_DONE(aggregate_arrays(arena, total, out));
    struct column *values = out->children[0];
    if (top->counts) {
        for (uint32_t f = 0; f < 3; f++) {
            values->children[f] = column_new(arena, values->type->children[f], (uint32_t)total);
            if (values->children[f] == NULL) {
                return arena_error(arena);
            }
        }
        values = values->children[0];
    }
    for (uint32_t g = 0; g < count; g++) {
        const struct top_state *state = (const void *)(states + (size_t)g * stride);
        uint32_t length = state->count < top->wanted ? state->count : top->wanted;
        uint32_t begin = out->offsets[g];
        struct counter *sorted = ARENA_ARRAY(arena, struct counter, state->count + 1U);
        if (sorted == NULL) {
            return arena_error(arena);
        }
        out->offsets[g + 1] = begin + length;
        if (state->count == 0) {
            continue;
        }
        memcpy(sorted, state->counters, state->count * sizeof(*sorted));
        qsort(sorted, state->count, sizeof(*sorted), compare_counters);
        for (uint32_t i = 0; i < length; i++) {
            char *cell = (char *)values->values + (size_t)(begin + i) * top->type->width;
            if (top->type->kind == TYPE_STRING) {
                memcpy(cell, &sorted[i].value, sizeof(sorted[i].value));
            } else {
                memcpy(cell, sorted[i].value.data, top->type->width);
            }
            if (top->counts) {
                struct column **fields = out->children[0]->children;
                ((uint64_t *)fields[1]->values)[begin + i] = sorted[i].count;
                ((uint64_t *)fields[2]->values)[begin + i] = sorted[i].error;
            }
        }
    }
done:
    return err;
}

static struct err *size_parameter(const struct aggregate_bind *bind, uint32_t index, uint64_t *out)
{
    if (!type_is_integer(bind->parameters[index]->type)) {
        return err_new(ERR_CANNOT_CONVERT, "parameter %u of aggregate function %s must be a whole number", index + 1,
                       bind->name);
    }
    int64_t value = column_int(bind->parameters[index], 0);
    if (value < 1 || (index == 0 && value > TOP_MAX)) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "parameter %u of aggregate function %s must be from 1 to %u", index + 1,
                       bind->name, TOP_MAX);
    }
    *out = (uint64_t)value;
    return NULL;
}

static struct err *top_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    static const struct slice names[3] = {{"item", 4}, {"count", 5}, {"error", 5}};
    struct top *top = ARENA_NEW(bind->arena, struct top);
    uint64_t wanted = 10;
    uint64_t factor = 3;
    bool approximate = (bind->tag & TOP_COUNTS) != 0;
    if (top == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->parameter_count > (approximate ? 2 : 3)) {
        return err_new(ERR_TOO_MANY_ARGUMENTS, "aggregate function %s takes at most %u parameters", bind->name,
                       approximate ? 2 : 3);
    }
    if (type_is_nested(bind->types[0])) {
        return err_new(ERR_NOT_IMPLEMENTED, "%s of arrays, tuples and maps is not implemented", bind->name);
    }
    if (bind->count == 2 && (!type_is_integer(bind->types[1]) || bind->types[1]->width > 8)) {
        return aggregate_argument_error(bind, 1, "an integer is needed");
    }
    if (bind->parameter_count > 0) {
        OR_DONE(size_parameter(bind, 0, &wanted));
    }
    if (bind->parameter_count > 1) {
        OR_DONE(size_parameter(bind, 1, &factor));
    }
    top->counts = approximate;
    if (bind->parameter_count > 2) {
        const struct column *option = bind->parameters[2];
        top->counts = option->type->kind == TYPE_STRING &&
                      slice_equal(*(const struct slice *)column_value(option, 0), slice_text("counts"));
        if (!top->counts) {
            return err_new(ERR_BAD_ARGUMENTS, "the third parameter of aggregate function %s can only be 'counts'",
                           bind->name);
        }
    }
    uint64_t capacity = approximate && bind->parameter_count > 1 ? factor : wanted * factor;
    capacity = capacity < wanted ? wanted : capacity;
    top->type = bind->types[0];
    top->wanted = (uint32_t)wanted;
    top->capacity = capacity > TOP_MAX * 4U ? TOP_MAX * 4U : (uint32_t)capacity;
    const struct type *fields[3] = {top->type, type_simple(TYPE_UINT64), type_simple(TYPE_UINT64)};
    const struct type *item = top->counts ? type_tuple(bind->arena, fields, names, 3) : top->type;
    out->type = item == NULL ? NULL : type_array(bind->arena, item);
    out->data = top;
    out->state_bytes = STATE_BYTES(struct top_state);
    out->add = top_add;
    out->merge = top_merge;
    out->write_state = top_write;
    out->read_state = top_read;
    out->finish = top_finish;
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static const struct aggregate_definition definitions[] = {
    {"topK", false, 1, 1, AGGREGATE_PARAMETERS | AGGREGATE_ANY_FORM, top_resolve, 0},
    {"topKWeighted", false, 2, 2, AGGREGATE_PARAMETERS | AGGREGATE_ANY_FORM, top_resolve, TOP_WEIGHTED},
    {"approx_top_k", true, 1, 1, AGGREGATE_PARAMETERS | AGGREGATE_ANY_FORM, top_resolve, TOP_COUNTS},
    {"approx_top_sum", true, 2, 2, AGGREGATE_PARAMETERS | AGGREGATE_ANY_FORM, top_resolve, TOP_COUNTS | TOP_WEIGHTED},
};
static const struct aggregate_alias aliases[] = {{"approx_top_count", true, "approx_top_k"}};
const struct aggregate_group aggregates_top = GROUP_OF(definitions, aliases);
