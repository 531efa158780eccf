/*
 * aggregate_value.c: min, max, any, anyLast, argMin, argMax, anyHeavy, singleValueOrNull, any_respect_nulls: states
 * that hold one value (and another beside it).
 *
 * state    values of up to 16 bytes in place; strings copied into the states' arena; longer FixedStrings too
 * thread   a state belongs to one thread at a time
 * source   anyHeavy: Boyer, Moore, "MJRTY, a fast majority vote algorithm", 1991
 */
#include "base/vector.h"
#include "query/aggregate_value.h"

#include "base/int256.h"

#include <math.h>

struct err *held_set(struct value_state *state, const struct type *type, struct arena *arena, const void *value)
{
    state->rows = 1;
    if (!held_is_text(type)) {
        memcpy(state->value.bytes, value, type->width);
        return NULL;
    }
    struct slice text = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
    if (text.length > state->room) {
        uint64_t room = text.length + text.length / 2;
        char *data = arena_alloc(arena, room);
        if (data == NULL) {
            return arena_error(arena);
        }
        state->value.text.data = data;
        state->room = room;
    }
    if (text.length > 0) {
        memcpy((char *)(uintptr_t)state->value.text.data, text.data, text.length);
    }
    state->value.text.length = text.length;
    return NULL;
}

static int compare_256(const struct type *type, const void *a, const void *b)
{
    struct int256 x, y;
    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return int256_compare(x, y, type->kind == TYPE_INT256);
}

/* < 0, 0, > 0; NaN is below everything for max and above for min: never chosen while there is another. */
static int compare_values(const struct type *type, const void *a, const void *b)
{
    switch ((int)type_physical(type)) {
#define COMPARE_CASE(kind, ctype, utype)                                                                               \
    case kind: {                                                                                                       \
        ctype x = *(const ctype *)a;                                                                                   \
        ctype y = *(const ctype *)b;                                                                                   \
        return (x > y) - (x < y);                                                                                      \
    }
        INTEGER_KINDS(COMPARE_CASE)
        WIDE_KINDS(COMPARE_CASE)
        FLOAT_KINDS(COMPARE_CASE)
#undef COMPARE_CASE
    case TYPE_INT256:
    case TYPE_UINT256:
        return compare_256(type, a, b);
    default:
        return memcmp(a, b, type->width);
    }
}

static bool is_nan(const struct type *type, const void *value)
{
    return (type->kind == TYPE_FLOAT64 && *(const double *)value != *(const double *)value) ||
           (type->kind == TYPE_FLOAT32 && *(const float *)value != *(const float *)value);
}

/* Does the value replace what the state holds? */
static bool wins(const struct value_state *state, const struct type *type, const void *value, bool max)
{
    if (state->rows == 0) {
        return true;
    }
    if (held_is_text(type)) {
        struct slice text = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
        int order = type_is_256(type) ? compare_256(type, value, state->value.text.data)
                                      : slice_compare(text, state->value.text);
        return max ? order > 0 : order < 0;
    }
    if (is_nan(type, value)) {
        return false;
    }
    if (is_nan(type, state->value.bytes)) {
        return true;
    }
    int order = compare_values(type, value, state->value.bytes);
    return max ? order > 0 : order < 0;
}

int aggregate_compare(const struct type *type, const void *a, const void *b)
{
    if (type->kind == TYPE_STRING) {
        return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
    }
    if (is_nan(type, a) || is_nan(type, b)) {
        return (int)is_nan(type, a) - (int)is_nan(type, b);
    }
    return compare_values(type, a, b);
}

/* The least or greatest of some values, not of NaNs; floats: false when that is an infinity, or all are NaN. */
#define EXTREME_OF(name, ctype, lowest, highest, sure)                                                                 \
    VECTORISED static bool name(const ctype *values, uint32_t count, bool max, ctype *out)                             \
    {                                                                                                                  \
        enum { LANES = 8 };                                                                                            \
        ctype lanes[LANES];                                                                                            \
        ctype start = max ? (lowest) : (highest);                                                                      \
        for (uint32_t lane = 0; lane < LANES; lane++) {                                                                \
            lanes[lane] = start;                                                                                       \
        }                                                                                                              \
        uint32_t whole = count / LANES * LANES;                                                                        \
        if (max) {                                                                                                     \
            for (uint32_t i = 0; i < whole; i += LANES) {                                                              \
                for (uint32_t lane = 0; lane < LANES; lane++) {                                                        \
                    lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];                     \
                }                                                                                                      \
            }                                                                                                          \
        } else {                                                                                                       \
            for (uint32_t i = 0; i < whole; i += LANES) {                                                              \
                for (uint32_t lane = 0; lane < LANES; lane++) {                                                        \
                    lanes[lane] = values[i + lane] < lanes[lane] ? values[i + lane] : lanes[lane];                     \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
        ctype best = start;                                                                                            \
        for (uint32_t lane = 0; lane < LANES; lane++) {                                                                \
            best = (max ? lanes[lane] > best : lanes[lane] < best) ? lanes[lane] : best;                               \
        }                                                                                                              \
        for (uint32_t i = whole; i < count; i++) {                                                                     \
            best = (max ? values[i] > best : values[i] < best) ? values[i] : best;                                     \
        }                                                                                                              \
        *out = best;                                                                                                   \
        return (sure) || best != start;                                                                                \
    }
EXTREME_OF(extreme_int8_t, int8_t, INT8_MIN, INT8_MAX, true)
EXTREME_OF(extreme_int16_t, int16_t, INT16_MIN, INT16_MAX, true)
EXTREME_OF(extreme_int32_t, int32_t, INT32_MIN, INT32_MAX, true)
EXTREME_OF(extreme_int64_t, int64_t, INT64_MIN, INT64_MAX, true)
EXTREME_OF(extreme_uint8_t, uint8_t, 0, UINT8_MAX, true)
EXTREME_OF(extreme_uint16_t, uint16_t, 0, UINT16_MAX, true)
EXTREME_OF(extreme_uint32_t, uint32_t, 0, UINT32_MAX, true)
EXTREME_OF(extreme_uint64_t, uint64_t, 0, UINT64_MAX, true)
EXTREME_OF(extreme_float, float, -INFINITY, INFINITY, false)
EXTREME_OF(extreme_double, double, -INFINITY, INFINITY, false)

/* Numbers: plain loops. */
#define EXTREME_LOOP(kind, ctype, utype)                                                                               \
    case kind: {                                                                                                       \
        const ctype *values = arguments[0]->values;                                                                    \
        if (groups == NULL) {                                                                                          \
            struct value_state *state = (struct value_state *)(void *)states;                                          \
            ctype best;                                                                                                \
            if (!extreme_##ctype(values, step == 0 ? 1 : row_count, max, &best)) {                                     \
                break;                                                                                                 \
            }                                                                                                          \
            if (wins(state, type, &best, max)) {                                                                       \
                memcpy(state->value.bytes, &best, sizeof(best));                                                       \
                state->rows = 1;                                                                                       \
            }                                                                                                          \
        } else {                                                                                                       \
            for (uint32_t i = 0; i < row_count; i++) {                                                                 \
                struct value_state *state = (struct value_state *)(void *)(states + (size_t)groups[i] * stride);       \
                ctype value = values[i * step];                                                                        \
                ctype held;                                                                                            \
                memcpy(&held, state->value.bytes, sizeof(held));                                                       \
                if (state->rows == 0 || (max ? value > held : value < held) || (held != held && value == value)) {     \
                    memcpy(state->value.bytes, &value, sizeof(value));                                                 \
                    state->rows = 1;                                                                                   \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
        return NULL;                                                                                                   \
    }

static struct err *value_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    enum value_tag tag = (enum value_tag)(intptr_t)aggregate->data;
    const struct type *type = aggregate->argument_types[0];
    const char *cells = arguments[0]->values;
    size_t step = column_step(arguments[0]);
    size_t width = type->width;
    bool max = tag == VALUE_MAX;

    if (row_count == 0) {
        return NULL;
    }
    if (tag == VALUE_MIN || tag == VALUE_MAX) {
        switch ((int)type_physical(type)) {
            INTEGER_KINDS(EXTREME_LOOP)
            FLOAT_KINDS(EXTREME_LOOP)
        default:
            break;
        }
        EACH_ROW(struct value_state, {
            const void *value = cells + i * step * width;
            if (wins(state, type, value, max)) {
                OR_DONE(held_set(state, type, arena, value));
            }
        })
    } else if (groups == NULL) {
        struct value_state *state = (struct value_state *)(void *)states;
        if (tag == VALUE_LAST || state->rows == 0) {
            uint32_t row = tag == VALUE_LAST ? row_count - 1 : 0;
            OR_DONE(held_set(state, type, arena, cells + row * step * width));
        }
    } else {
        EACH_ROW(struct value_state, {
            if (tag == VALUE_LAST || state->rows == 0) {
                OR_DONE(held_set(state, type, arena, cells + i * step * width));
            }
        })
    }
done:
    return err;
}

static struct err *value_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    enum value_tag tag = (enum value_tag)(intptr_t)aggregate->data;
    const struct type *type = aggregate->argument_types[0];
    struct value_state *a = into;
    const struct value_state *b = from;
    if (b->rows != 0 && (a->rows == 0 || tag == VALUE_LAST ||
                         (tag != VALUE_ANY && wins(a, type, held_value(b, type), tag == VALUE_MAX)))) {
        *a = *b;
    }
    return NULL;
}

/* What a function gives of no rows: zero, an enum's first value. */
static void put_default(const struct type *type, char *cell)
{
    memset(cell, 0, type->width);
    if (type->kind == TYPE_ENUM8 && type->value_count > 0) {
        *(int8_t *)cell = (int8_t)type->values[0].value;
    } else if (type->kind == TYPE_ENUM16 && type->value_count > 0) {
        memcpy(cell, &type->values[0].value, sizeof(int16_t));
    }
}

static struct err *value_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    const struct type *type = aggregate->argument_types[0];
    for (uint32_t i = 0; i < count; i++) {
        const struct value_state *state = (const void *)(states + (size_t)i * stride);
        char *cell = (char *)out->values + (size_t)i * type->width;
        if (state->rows == 0) {
            put_default(type, cell);
        } else {
            memcpy(cell, held_value(state, type), type->width);
        }
    }
    return NULL;
}

/* The first row whose key is the winner's among all; numbers. */
#define FIRST_EXTREME(kind, ctype, utype)                                                                              \
    case kind: {                                                                                                       \
        const ctype *keys = column->values;                                                                            \
        ctype best;                                                                                                    \
        uint32_t row = 0;                                                                                              \
        if (!extreme_##ctype(keys, row_count, max, &best)) {                                                           \
            return false;                                                                                              \
        }                                                                                                              \
        while (keys[row] != best) {                                                                                    \
            row++;                                                                                                     \
        }                                                                                                              \
        *out = row;                                                                                                    \
        return true;                                                                                                   \
    }

/* false: not known so; go through the rows. */
static bool first_extreme(const struct column *column, uint32_t row_count, bool max, uint32_t *out)
{
    if (column->form == COLUMN_CONST) {
        *out = 0;
        return true;
    }
    switch ((int)type_physical(column->type)) {
        INTEGER_KINDS(FIRST_EXTREME)
        FLOAT_KINDS(FIRST_EXTREME)
    default:
        return false;
    }
}

/* Rows of a group that stand together are one comparison with its state. */
static struct err *pair_add_runs(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct type *type = aggregate->argument_types[0];
    const struct type *key_type = aggregate->argument_types[1];
    bool max = (enum value_tag)(intptr_t)aggregate->data == VALUE_ARG_MAX;
    for (uint32_t begin = 0, end; begin < row_count; begin = end) {
        end = groups == NULL ? row_count : begin + 1;
        while (end < row_count && groups[end] == groups[begin]) {
            end++;
        }
        struct pair_state *state =
            (struct pair_state *)(void *)(states + (groups == NULL ? 0 : (size_t)groups[begin] * stride));
        struct column keys = *arguments[1];
        uint32_t best = 0;
        keys.values = (char *)keys.values + (size_t)begin * column_step(&keys) * key_type->width;
        bool known = first_extreme(&keys, end - begin, max, &best);
        for (uint32_t i = known ? best : 0; i < (known ? best + 1 : end - begin); i++) {
            const char *key = (const char *)keys.values + (size_t)i * column_step(&keys) * key_type->width;
            if (wins(&state->key, key_type, key, max)) {
                OR_DONE(held_set(&state->key, key_type, arena, key));
                OR_DONE(held_set(&state->argument, type, arena,
                                 (const char *)arguments[0]->values +
                                     (size_t)(begin + i) * column_step(arguments[0]) * type->width));
            }
        }
    }
done:
    return err;
}

/* Do rows of a group mostly stand together? */
static bool is_in_runs(const uint32_t *groups, uint32_t row_count)
{
    uint32_t changes = 0;
    for (uint32_t i = 1; groups != NULL && i < row_count; i++) {
        changes += groups[i] != groups[i - 1];
    }
    return changes < row_count / 16;
}

static struct err *pair_add(ADD_ARGUMENTS)
{
    if (!held_is_text(aggregate->argument_types[1]) && is_in_runs(groups, row_count)) {
        return pair_add_runs(aggregate, arena, scratch, states, stride, groups, arguments, row_count);
    }
    struct err *err = NULL;
    (void)scratch;
    const struct type *type = aggregate->argument_types[0];
    const struct type *key_type = aggregate->argument_types[1];
    bool max = (enum value_tag)(intptr_t)aggregate->data == VALUE_ARG_MAX;
    const char *cells = arguments[0]->values;
    const char *keys = arguments[1]->values;
    size_t step = column_step(arguments[0]) * type->width;
    size_t key_step = column_step(arguments[1]) * key_type->width;
    EACH_ROW(struct pair_state, {
        const void *key = keys + i * key_step;
        if (wins(&state->key, key_type, key, max)) {
            OR_DONE(held_set(&state->key, key_type, arena, key));
            OR_DONE(held_set(&state->argument, type, arena, cells + i * step));
        }
    })
done:
    return err;
}

struct err *pair_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    const struct type *key_type = aggregate->argument_types[1];
    struct pair_state *a = into;
    const struct pair_state *b = from;
    bool max = (enum value_tag)(intptr_t)aggregate->data == VALUE_ARG_MAX;
    if (b->key.rows != 0 && wins(&a->key, key_type, held_value(&b->key, key_type), max)) {
        *a = *b;
    }
    return NULL;
}

static struct err *pair_finish(FINISH_ARGUMENTS)
{
    return value_finish(aggregate, arena, states + offsetof(struct pair_state, argument), stride, count, out);
}

/* --- anyHeavy, singleValueOrNull: is the value the one that is held? */

static bool same_value(const struct value_state *state, const struct type *type, const void *value)
{
    if (held_is_text(type)) {
        struct slice text = type->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, type->width);
        return slice_equal(text, state->value.text);
    }
    return memcmp(state->value.bytes, value, type->width) == 0;
}

static struct err *vote_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    bool heavy = (enum value_tag)(intptr_t)aggregate->data == VALUE_HEAVY;
    const struct type *type = aggregate->argument_types[0];
    const char *cells = arguments[0]->values;
    size_t step = column_step(arguments[0]) * type->width;
    EACH_ROW(struct value_state, {
        const void *value = cells + i * step;
        bool same = state->rows != 0 && same_value(state, type, value);
        if (state->rows == 0 || (heavy && state->rows == 1 && !same)) {
            OR_DONE(held_set(state, type, arena, value));
            state->rows = heavy ? 2 : 1;
        } else if (heavy) {
            state->rows += same ? 1 : UINT64_MAX;
        } else if (!same) {
            state->rows = 2;
        }
    })
done:
    return err;
}

static struct err *vote_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    const struct type *type = aggregate->argument_types[0];
    struct value_state *a = into;
    const struct value_state *b = from;
    if (b->rows == 0) {
        return NULL;
    }
    if (a->rows == 0) {
        *a = *b;
        return NULL;
    }
    bool same = same_value(a, type, held_value(b, type));
    if ((enum value_tag)(intptr_t)aggregate->data == VALUE_SINGLE) {
        a->rows = same && b->rows == 1 ? a->rows : 2;
    } else if (same) {
        a->rows += b->rows - 1;
    } else if (a->rows >= b->rows) {
        a->rows -= b->rows - 1;
    } else {
        uint64_t votes = b->rows - (a->rows - 1);
        *a = *b;
        a->rows = votes;
    }
    return NULL;
}

/* NULL where the state does not hold one value: it may hold no bytes of a value then. */
static struct err *single_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    const struct type *type = aggregate->argument_types[0];
    for (uint32_t i = 0; i < count; i++) {
        const struct value_state *state = (const void *)(states + (size_t)i * stride);
        char *cell = (char *)out->values + (size_t)i * type->width;
        if (state->rows == 1) {
            memcpy(cell, held_value(state, type), type->width);
        } else {
            out->nulls[i] = 1;
            memset(cell, 0, type->width);
        }
    }
    return NULL;
}

/* --- the first and the last row, be it NULL */

static struct err *place_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    bool last = (enum value_tag)(intptr_t)aggregate->data == VALUE_LAST_NULLS;
    const struct type *type = aggregate->argument_types[0];
    EACH_ROW(struct value_state, {
        if (last || state->rows == 0) {
            if (column_is_null(arguments[0], i)) {
                state->rows = 2;
            } else {
                OR_DONE(held_set(state, type, arena, column_value(arguments[0], i)));
            }
        }
    })
done:
    return err;
}

static struct err *place_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    bool last = (enum value_tag)(intptr_t)aggregate->data == VALUE_LAST_NULLS;
    struct value_state *a = into;
    const struct value_state *b = from;
    if (b->rows != 0 && (last || a->rows == 0)) {
        *a = *b;
    }
    return NULL;
}

static struct err *place_finish(FINISH_ARGUMENTS)
{
    return out->type->nullable ? single_finish(aggregate, arena, states, stride, count, out)
                               : value_finish(aggregate, arena, states, stride, count, out);
}

/* The argument and what was compared, as a tuple. */
static struct err *pair_tuple_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    for (uint32_t f = 0; f < 2; f++) {
        struct aggregate one = *aggregate;
        out->children[f] = column_new(arena, out->type->children[f], count);
        if (out->children[f] == NULL) {
            return arena_error(arena);
        }
        one.argument_types = &aggregate->argument_types[f];
        OR_DONE(value_finish(
            &one, arena, states + (f == 0 ? offsetof(struct pair_state, argument) : offsetof(struct pair_state, key)),
            stride, count, out->children[f]));
    }
done:
    return err;
}

/* Behind a tag: the result is a tuple. */
#define VALUE_AND 64

static struct err *value_resolve(const struct aggregate_bind *given, struct aggregate *out)
{
    struct aggregate_bind masked = *given;
    const struct aggregate_bind *bind = &masked;
    masked.tag &= ~VALUE_AND;
    bool pair = bind->tag == VALUE_ARG_MIN || bind->tag == VALUE_ARG_MAX;
    bool compares = bind->tag == VALUE_MIN || bind->tag == VALUE_MAX || pair;
    if (compares && type_is_nested(bind->types[bind->count - 1]) && given->tag == bind->tag) {
        return aggregate_extreme_resolve(bind, bind->tag == VALUE_MAX || bind->tag == VALUE_ARG_MAX, out);
    }
    if (compares && type_is_state(bind->types[bind->count - 1])) {
        return aggregate_argument_error(bind, bind->count - 1, "its values are not comparable");
    }
    for (uint32_t i = 0; i < bind->count; i++) {
        if (type_is_nested(bind->types[i])) {
            return err_new(ERR_NOT_IMPLEMENTED, "%s takes no arrays, tuples and maps", bind->name);
        }
    }
    out->type = bind->types[0];
    out->plain = bind->tag <= VALUE_ARG_MAX && !held_is_text(bind->types[0]) && !(pair && held_is_text(bind->types[1]));
    out->state_bytes = pair ? STATE_BYTES(struct pair_state) : STATE_BYTES(struct value_state);
    out->add = pair ? pair_add : value_add;
    out->merge = pair ? pair_merge : value_merge;
    out->finish = pair ? pair_finish : value_finish;
    out->data = (const void *)(intptr_t)bind->tag;
    out->write_state = pair ? pair_write : value_write;
    out->read_state = pair ? pair_read : value_read;
    switch (bind->tag) {
    case VALUE_HEAVY:
    case VALUE_SINGLE:
        out->add = vote_add;
        out->merge = vote_merge;
        break;
    case VALUE_ANY_NULLS:
    case VALUE_LAST_NULLS:
        out->add = place_add;
        out->merge = place_merge;
        out->finish = place_finish;
        break;
    default:
        break;
    }
    if (bind->tag == VALUE_SINGLE) {
        out->finish = single_finish;
        out->type = type_nullable(bind->arena, bind->types[0], true);
    }
    if ((given->tag & VALUE_AND) != 0) {
        out->type = type_tuple(bind->arena, bind->types, NULL, 2);
        out->finish = pair_tuple_finish;
    }
    return out->type == NULL ? arena_error(bind->arena) : NULL;
}

static const struct aggregate_definition definitions[] = {
    {"min", true, 1, 1, 0, value_resolve, VALUE_MIN},
    {"max", true, 1, 1, 0, value_resolve, VALUE_MAX},
    {"any", false, 1, 1, AGGREGATE_NESTED, value_resolve, VALUE_ANY},
    {"anyLast", false, 1, 1, AGGREGATE_NESTED, value_resolve, VALUE_LAST},
    {"argMin", false, 2, 2, AGGREGATE_NESTED, value_resolve, VALUE_ARG_MIN},
    {"argMax", false, 2, 2, AGGREGATE_NESTED, value_resolve, VALUE_ARG_MAX},
    {"argAndMin", false, 2, 2, 0, value_resolve, VALUE_ARG_MIN | VALUE_AND},
    {"argAndMax", false, 2, 2, 0, value_resolve, VALUE_ARG_MAX | VALUE_AND},
    {"anyHeavy", false, 1, 1, AGGREGATE_NESTED, value_resolve, VALUE_HEAVY},
    {"singleValueOrNull", false, 1, 1, 0, value_resolve, VALUE_SINGLE},
    {"any_respect_nulls", false, 1, 1, AGGREGATE_NULLS, value_resolve, VALUE_ANY_NULLS},
    {"anyLast_respect_nulls", false, 1, 1, AGGREGATE_NULLS, value_resolve, VALUE_LAST_NULLS},
};
static const struct aggregate_alias aliases[] = {
    {"any_value", true, "any"},
    {"first_value", true, "any"},
    {"last_value", true, "anyLast"},
    {"min_by", true, "argMin"},
    {"max_by", true, "argMax"},
    {"anyRespectNulls", false, "any_respect_nulls"},
    {"anyValueRespectNulls", false, "any_respect_nulls"},
    {"firstValueRespectNulls", false, "any_respect_nulls"},
    {"any_value_respect_nulls", true, "any_respect_nulls"},
    {"first_value_respect_nulls", true, "any_respect_nulls"},
    {"anyLastRespectNulls", false, "anyLast_respect_nulls"},
    {"lastValueRespectNulls", false, "anyLast_respect_nulls"},
    {"last_value_respect_nulls", true, "anyLast_respect_nulls"},
};
const struct aggregate_group aggregates_value = GROUP_OF(definitions, aliases);
