/*
 * aggregate_list.c: groupArray, groupArrayLast, groupArraySample, groupArraySorted, groupUniqArray,
 * groupArrayMovingSum, groupArrayMovingAvg: states that collect values.
 *
 * order    of rows; what several workers have seen stands one behind the other
 * sample   Vitter's reservoir with PCG's generator and ClickHouse's seed: the same sample on one thread
 * source   Vitter, "Random sampling with a reservoir", 1985; O'Neill, "PCG", 2014
 */
#include "query/aggregate_list.h"

#include <stdlib.h>

enum list_tag { LIST_ALL, LIST_LAST, LIST_SAMPLE, LIST_SORTED, LIST_DISTINCT, LIST_MOVING_SUM, LIST_MOVING_AVG };

struct err *list_room(struct list *list, struct arena *arena, uint32_t width, uint64_t count)
{
    if (count <= list->capacity) {
        return NULL;
    }
    uint64_t capacity = list->capacity == 0 ? 4 : list->capacity;
    while (capacity < count) {
        capacity *= 2;
    }
    if (capacity > UINT32_MAX / 2) {
        return err_new(ERR_MEMORY_LIMIT, "more than 2^31 values in one array");
    }
    char *cells = arena_alloc(arena, capacity * width);
    if (cells == NULL) {
        return arena_error(arena);
    }
    struct err *err = interrupt_copy(cells, list->cells, (size_t)list->count * width);
    if (err != NULL) {
        return err;
    }
    list->cells = cells;
    list->capacity = (uint32_t)capacity;
    return NULL;
}

struct err *list_set(struct list *list, const struct type *type, struct arena *arena, uint32_t at, const void *value)
{
    char *cell = list->cells + (size_t)at * type->width;
    if (type->kind != TYPE_STRING) {
        memcpy(cell, value, type->width);
        return NULL;
    }
    struct slice text = *(const struct slice *)value;
    struct slice copy = {"", 0};
    if (text.length > 0) {
        copy = arena_slice(arena, text);
        if (copy.data == NULL) {
            return arena_error(arena);
        }
    }
    memcpy(cell, &copy, sizeof(copy));
    return NULL;
}

static struct err *list_push(struct list *list, const struct type *type, struct arena *arena, const void *value)
{
    struct err *err = NULL;
    OR_DONE(list_room(list, arena, type->width, list->count + 1ULL));
    OR_DONE(list_set(list, type, arena, list->count, value));
    list->count++;
done:
    return err;
}

/* --- kinds of lists ---------------------------------------------------------------------------------------------- */

static uint32_t next_random(struct list *list)
{
    uint64_t x = list->random;
    list->random = x * 6364136223846793005ULL;
    return (uint32_t)((x ^ (x >> 22)) >> (22 + (x >> 61)));
}

static struct err *sample_take(const struct list_kind *kind, struct list *list, struct arena *arena, const void *value)
{
    list->random = list->total == 0 ? kind->seed | 3 : list->random;
    list->total++;
    if (list->count < kind->limit) {
        return list_push(list, kind->type, arena, value);
    }
    uint64_t at = next_random(list);
    if (list->total > UINT32_MAX) {
        at = at << 32 | next_random(list);
    }
    ASSERT(list->total > 0);
    at %= list->total;
    return at < kind->limit ? list_set(list, kind->type, arena, (uint32_t)at, value) : NULL;
}

/* A value of at most 8 bytes. */
static inline uint64_t cell_word(uint32_t width, const void *cell)
{
    uint64_t word = 0;
    switch (width) {
    case 8:
        memcpy(&word, cell, 8);
        break;
    case 4:
        memcpy(&word, cell, 4);
        break;
    default:
        memcpy(&word, cell, width);
    }
    return word;
}

static inline uint64_t cell_hash(const struct type *type, const void *cell)
{
    if (type->kind != TYPE_STRING && type->width <= 8) {
        return hash_mix64(cell_word(type->width, cell));
    }
    struct slice text = type->kind == TYPE_STRING ? *(const struct slice *)cell : slice_of(cell, type->width);
    uint64_t hash = text.length;
    for (size_t i = 0; i + 8 <= text.length; i += 8) {
        uint64_t word;
        memcpy(&word, text.data + i, 8);
        hash = hash_mix64(hash ^ word);
    }
    uint64_t rest = 0;
    memcpy(&rest, text.length == 0 ? "" : text.data + text.length / 8 * 8, text.length % 8);
    return hash_mix64(hash ^ rest);
}

static inline bool same_cell(const struct type *type, const void *a, const void *b)
{
    if (type->kind != TYPE_STRING && type->width <= 8) {
        return cell_word(type->width, a) == cell_word(type->width, b);
    }
    return type->kind == TYPE_STRING ? slice_equal(*(const struct slice *)a, *(const struct slice *)b)
                                     : memcmp(a, b, type->width) == 0;
}

static struct err *distinct_take(const struct list_kind *kind, struct list *list, struct arena *arena,
                                 const void *value)
{
    struct err *err = NULL;
    const struct type *type = kind->type;
    if (list->count >= kind->limit) {
        return NULL;
    }
    if (list->count * 2ULL >= list->slot_count) {
        uint32_t slot_count = list->slot_count == 0 ? 8 : list->slot_count * 2;
        uint32_t *slots = arena_zalloc(arena, (size_t)slot_count * sizeof(*slots));
        if (slots == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < list->count; i++) {
            OR_DONE(interrupt_at(i));
            uint32_t slot = (uint32_t)cell_hash(type, list->cells + (size_t)i * type->width) & (slot_count - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slot_count - 1);
            }
            slots[slot] = i + 1;
        }
        list->slots = slots;
        list->slot_count = slot_count;
    }
    uint32_t slot = (uint32_t)cell_hash(type, value) & (list->slot_count - 1);
    while (list->slots[slot] != 0) {
        if (same_cell(type, list->cells + (size_t)(list->slots[slot] - 1) * type->width, value)) {
            return NULL;
        }
        slot = (slot + 1) & (list->slot_count - 1);
    }
    OR_DONE(list_push(list, type, arena, value));
    list->slots[slot] = list->count;
done:
    return err;
}

static int compare_cells(const void *a, const void *b, void *type)
{
    return aggregate_compare(type, a, b);
}

static struct err *sorted_cut(const struct list_kind *kind, struct list *list, const struct arena *arena)
{
    struct err *err = NULL;
    if (list->count > 1) {
        OR_DONE(order_elements(arena, list->cells, list->count, kind->type->width, compare_cells,
                               (void *)(uintptr_t)kind->type));
    }
    list->count = list->count > kind->limit ? (uint32_t)kind->limit : list->count;
done:
    return err;
}

/* At most twice as many as are wanted are kept. */
static struct err *sorted_take(const struct list_kind *kind, struct list *list, struct arena *arena, const void *value)
{
    struct err *err = NULL;
    if (list->count >= kind->limit * 2 && list->count >= 64) {
        OR_DONE(sorted_cut(kind, list, arena));
    }
    err = list_push(list, kind->type, arena, value);
done:
    return err;
}

static struct err *list_take(const struct list_kind *kind, struct list *list, struct arena *arena, const void *value)
{
    switch (kind->tag) {
    case LIST_LAST:
        list->total++;
        return list->count < kind->limit
                   ? list_push(list, kind->type, arena, value)
                   : list_set(list, kind->type, arena, (uint32_t)((list->total - 1) % kind->limit), value);
    case LIST_SAMPLE:
        return sample_take(kind, list, arena, value);
    case LIST_DISTINCT:
        return distinct_take(kind, list, arena, value);
    case LIST_SORTED:
        return sorted_take(kind, list, arena, value);
    default:
        return list->count < kind->limit || kind->tag >= LIST_MOVING_SUM ? list_push(list, kind->type, arena, value)
                                                                         : NULL;
    }
}

static struct err *list_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct list_kind *kind = aggregate->data;
    const struct column *values = arguments[0];
    if (kind->tag == LIST_MOVING_SUM || kind->tag == LIST_MOVING_AVG) {
        values = column_numbers(scratch, values, type_physical(kind->type));
        if (values == NULL) {
            return arena_error(scratch);
        }
    }
    const char *cells = values->values;
    size_t step = column_step(values) * kind->type->width;
    EACH_ROW(struct list, OR_DONE(list_take(kind, state, arena, cells + i * step)))
done:
    return err;
}

static struct err *list_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct list_kind *kind = aggregate->data;
    struct list *a = into;
    const struct list *b = from;
    uint32_t width = kind->type->width;
    if (a->total == 0 && a->count == 0) {
        *a = *b;
        return NULL;
    }
    for (uint32_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        uint32_t at = i;
        if (kind->tag == LIST_LAST && b->total > kind->limit) { /* the oldest first */
            at = (uint32_t)((b->total + i) % kind->limit);
        }
        OR_DONE(list_take(kind, a, arena, b->cells + (size_t)at * width));
    }
    if (kind->tag == LIST_SAMPLE) {
        a->total += b->total - b->count;
    }
done:
    return err;
}

/* --- bytes ------------------------------------------------------------------------------------------------------- */

/* SAMPLE and LAST: the rows seen; SAMPLE: the generator. Then how many values, and the values as they lie. */
static struct err *list_write(WRITE_ARGUMENTS)
{
    const struct list_kind *kind = aggregate->data;
    struct list *list = state;
    if (kind->tag == LIST_SORTED) {
        struct err *err = sorted_cut(kind, list, writer->arena);
        if (err != NULL) {
            return err;
        }
    }
    if (kind->tag == LIST_SAMPLE || kind->tag == LIST_LAST) {
        state_put_count(writer, list->total);
        state_put(writer, &list->random, kind->tag == LIST_SAMPLE ? sizeof(list->random) : 0);
    }
    state_put_count(writer, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        state_put_value(writer, kind->type, list->cells + (size_t)i * kind->type->width);
    }
    return state_writer_error(writer);
}

/* The values as they lie into an empty list. */
static struct err *list_restore(const struct list_kind *kind, struct arena *arena, struct state_reader *reader,
                                struct list *list, uint64_t count)
{
    struct err *err = NULL;
    struct slice text;
    const void *cell;
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take_value(reader, kind->type, &text, &cell));
        OR_DONE(list_push(list, kind->type, arena, cell));
    }
done:
    return err;
}

static struct err *list_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    const struct list_kind *kind = aggregate->data;
    struct list *list = into;
    struct slice text;
    const void *cell;
    uint64_t count;
    bool bounded = kind->tag == LIST_SAMPLE || kind->tag == LIST_LAST;
    struct list read = {.total = 0};
    if (bounded) {
        OR_DONE(state_take_count(reader, &read.total));
        OR_DONE(state_take(reader, &read.random, kind->tag == LIST_SAMPLE ? sizeof(read.random) : 0));
    }
    OR_DONE(state_take_elements(reader, state_value_bytes(kind->type), bounded ? kind->limit : UINT32_MAX / 2, &count));
    if (bounded && (read.total > UINT64_MAX / 4 || count != (read.total < kind->limit ? read.total : kind->limit))) {
        return state_bad("it has not the size for so many rows");
    }
    if (bounded && list->total == 0) {
        OR_DONE(list_restore(kind, arena, reader, list, count));
        list->total = read.total;
        list->random = read.random;
    } else if (bounded) {
        OR_DONE(list_restore(kind, scratch, reader, &read, count));
        OR_DONE(list_merge(aggregate, arena, list, &read)); /* copies the values */
    } else {
        for (uint64_t i = 0; i < count; i++) {
            OR_DONE(state_take_value(reader, kind->type, &text, &cell));
            OR_DONE(list_take(kind, list, arena, cell));
        }
    }
done:
    return err;
}

/* --- results ----------------------------------------------------------------------------------------------------- */

struct err *aggregate_arrays(struct arena *arena, uint64_t total, struct column *out)
{
    if (total > UINT32_MAX) {
        return err_new(ERR_MEMORY_LIMIT, "more than 2^32 elements in the arrays of one chunk");
    }
    out->children[0] = column_new(arena, out->type->children[0], (uint32_t)total);
    out->offsets[0] = 0;
    return out->children[0] == NULL ? arena_error(arena) : NULL;
}

static struct err *list_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct list_kind *kind = aggregate->data;
    uint32_t width = kind->type->width;
    uint64_t total = 0, steps = 0;
    for (uint32_t g = 0; g < count; g++) {
        struct list *list = (struct list *)(void *)(states + (size_t)g * stride);
        if (kind->tag == LIST_SORTED) {
            OR_DONE(sorted_cut(kind, list, arena));
        }
        total += list->count;
    }
    OR_DONE(aggregate_arrays(arena, total, out));
    char *cells = out->children[0]->values;
    for (uint32_t g = 0; g < count; g++) {
        const struct list *list = (const struct list *)(const void *)(states + (size_t)g * stride);
        out->offsets[g + 1] = out->offsets[g] + list->count;
        OR_DONE(interrupt_steps(&steps, list->count));
        if (list->count > 0) {
            OR_DONE(interrupt_copy(cells + (size_t)out->offsets[g] * width, list->cells, (size_t)list->count * width));
        }
    }
done:
    return err;
}

/* Sums over the window of the last `limit` values; averages divide by its size, full or not. */
static struct err *moving_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct list_kind *kind = aggregate->data;
    bool average = kind->tag == LIST_MOVING_AVG;
    uint64_t total = 0;
    for (uint32_t g = 0; g < count; g++) {
        total += ((const struct list *)(const void *)(states + (size_t)g * stride))->count;
    }
    OR_DONE(aggregate_arrays(arena, total, out));
    void *cells = out->children[0]->values;
    for (uint32_t g = 0; g < count; g++) {
        const struct list *list = (const struct list *)(const void *)(states + (size_t)g * stride);
        uint64_t window = kind->limit == UINT64_MAX ? list->count : kind->limit;
        uint32_t begin = out->offsets[g];
        out->offsets[g + 1] = begin + list->count;
        if (type_is_float(kind->type)) {
            const double *values = (const double *)(const void *)list->cells;
            double *sums = ARENA_ARRAY(arena, double, list->count + 1U);
            if (sums == NULL) {
                return arena_error(arena);
            }
            sums[0] = 0;
            for (uint32_t i = 0; i < list->count; i++) {
                OR_DONE(interrupt_at(i));
                sums[i + 1] = sums[i] + values[i];
                double sum = i + 1 <= window ? sums[i + 1] : sums[i + 1] - sums[i + 1 - window];
                ((double *)cells)[begin + i] = average ? sum / (double)window : sum;
            }
            continue;
        }
        unsigned __int128 sum = 0;
        bool wide = kind->type->width == 16;
        for (uint32_t i = 0; i < list->count; i++) {
            OR_DONE(interrupt_at(i));
            ASSERT(window > 0); /* it is not longer than the list, which has a value */
            const char *value = list->cells + (size_t)i * kind->type->width;
            const char *left = i < window ? NULL : value - (size_t)window * kind->type->width;
            unsigned __int128 word = 0;
            memcpy(&word, value, kind->type->width);
            sum += word;
            word = 0;
            if (left != NULL) {
                memcpy(&word, left, kind->type->width);
                sum -= word;
            }
            if (wide) {
                ((__int128 *)cells)[begin + i] = average ? (__int128)sum / (__int128)window : (__int128)sum;
            } else if (average) {
                double value_sum = kind->type->kind == TYPE_INT64 ? (double)(int64_t)sum : (double)(uint64_t)sum;
                ((double *)cells)[begin + i] = value_sum / (double)window;
            } else {
                ((uint64_t *)cells)[begin + i] = (uint64_t)sum;
            }
        }
    }
done:
    return err;
}

/* --- binding ----------------------------------------------------------------------------------------------------- */

struct err *list_parameter(const struct aggregate_bind *bind, uint32_t index, uint64_t *out)
{
    const struct column *parameter = bind->parameters[index];
    if (!type_is_integer(parameter->type) || column_is_null(parameter, 0) || column_int(parameter, 0) <= 0) {
        return err_new(ERR_BAD_ARGUMENTS, "parameter %u of aggregate function %s must be a positive number", index + 1,
                       bind->name);
    }
    *out = (uint64_t)column_int(parameter, 0);
    return NULL;
}

static struct err *moving_type(const struct aggregate_bind *bind, struct list_kind *kind, struct aggregate *out)
{
    const struct type *type = bind->types[0];
    const struct type *result = NULL;
    if (type_is_256(type)) {
        return err_new(ERR_NOT_IMPLEMENTED, "aggregate function %s of Int256 and UInt256 is not implemented",
                       bind->name);
    }
    if (!type_is_number(type) || (type->width == 16 && type->kind != TYPE_DECIMAL)) {
        return aggregate_argument_error(bind, 0, "a number is needed");
    }
    if (type->kind == TYPE_DECIMAL) {
        kind->type = type_simple(TYPE_INT128);
        result = type_decimal(bind->arena, 38, type->scale);
    } else {
        kind->type = type_simple(type_is_float(type) ? TYPE_FLOAT64 : type_is_signed(type) ? TYPE_INT64 : TYPE_UINT64);
        result = bind->tag == LIST_MOVING_AVG ? type_simple(TYPE_FLOAT64) : kind->type;
    }
    out->type = result == NULL ? NULL : type_array(bind->arena, result);
    out->finish = moving_finish;
    return NULL;
}

static struct err *list_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    struct list_kind *kind = ARENA_NEW(bind->arena, struct list_kind);
    uint32_t parameters_max = bind->tag == LIST_SAMPLE ? 2 : 1;
    if (kind == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->tag == LIST_SORTED && type_is_nested(bind->types[0])) {
        return err_new(ERR_NOT_IMPLEMENTED, "aggregate function %s takes no arrays, tuples and maps", bind->name);
    }
    kind->tag = bind->tag;
    kind->type = bind->types[0];
    kind->limit = UINT64_MAX;
    kind->seed = 123456;
    if (bind->parameter_count > parameters_max || (bind->tag == LIST_SAMPLE && bind->parameter_count == 0)) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes %s parameter%s", bind->name,
                       bind->tag == LIST_SAMPLE ? "1 or 2" : "at most 1", parameters_max == 1 ? "" : "s");
    }
    if (bind->parameter_count == 0 && (bind->tag == LIST_LAST || bind->tag == LIST_SORTED)) {
        return err_new(ERR_BAD_ARGUMENTS, "aggregate function %s needs a parameter: how many values", bind->name);
    }
    if (bind->parameter_count > 0) {
        OR_DONE(list_parameter(bind, 0, &kind->limit));
    }
    if (bind->parameter_count > 1) {
        OR_DONE(list_parameter(bind, 1, &kind->seed));
    }
    out->type = type_array(bind->arena, kind->type);
    out->data = kind;
    out->state_bytes = STATE_BYTES(struct list);
    out->add = list_add;
    out->merge = list_merge;
    out->finish = list_finish;
    out->write_state = list_write;
    out->read_state = list_read;
    if (bind->tag == LIST_MOVING_SUM || bind->tag == LIST_MOVING_AVG) {
        OR_DONE(moving_type(bind, kind, out));
    }
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

#define LIST(name, flags, tag)                                                                                         \
    {                                                                                                                  \
        name, false, 1, 1, AGGREGATE_PARAMETERS | (flags), list_resolve, tag                                           \
    }
static const struct aggregate_definition definitions[] = {
    LIST("groupArray", AGGREGATE_NESTED, LIST_ALL),
    LIST("groupArrayLast", AGGREGATE_NESTED, LIST_LAST),
    LIST("groupArraySample", AGGREGATE_NESTED, LIST_SAMPLE),
    LIST("groupUniqArray", AGGREGATE_NESTED, LIST_DISTINCT),
    LIST("groupArraySorted", 0, LIST_SORTED),
    LIST("groupArrayMovingSum", 0, LIST_MOVING_SUM),
    LIST("groupArrayMovingAvg", 0, LIST_MOVING_AVG),
};
static const struct aggregate_alias aliases[] = {{"array_agg", true, "groupArray"}};
const struct aggregate_group aggregates_list = GROUP_OF(definitions, aliases);
