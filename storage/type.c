/*
 * type.c: types as values: making them, their flags, their look-ups. Their spelling is in type_text.c.
 *
 * thread   any: types are immutable
 */
#include "storage/type.h"
#include "storage/type_text.h"

#include <stdlib.h>

#define SIMPLE_TYPES(n, l)                                                                                             \
    {                                                                                                                  \
        [TYPE_NOTHING] = {.kind = TYPE_NOTHING, .width = 1, .nullable = (n), .low_cardinality = (l)},                  \
        [TYPE_BOOL] = {.kind = TYPE_BOOL, .width = 1, .nullable = (n), .low_cardinality = (l)},                        \
        [TYPE_INT8] = {.kind = TYPE_INT8, .width = 1, .nullable = (n), .low_cardinality = (l)},                        \
        [TYPE_INT16] = {.kind = TYPE_INT16, .width = 2, .nullable = (n), .low_cardinality = (l)},                      \
        [TYPE_INT32] = {.kind = TYPE_INT32, .width = 4, .nullable = (n), .low_cardinality = (l)},                      \
        [TYPE_INT64] = {.kind = TYPE_INT64, .width = 8, .nullable = (n), .low_cardinality = (l)},                      \
        [TYPE_UINT8] = {.kind = TYPE_UINT8, .width = 1, .nullable = (n), .low_cardinality = (l)},                      \
        [TYPE_UINT16] = {.kind = TYPE_UINT16, .width = 2, .nullable = (n), .low_cardinality = (l)},                    \
        [TYPE_UINT32] = {.kind = TYPE_UINT32, .width = 4, .nullable = (n), .low_cardinality = (l)},                    \
        [TYPE_UINT64] = {.kind = TYPE_UINT64, .width = 8, .nullable = (n), .low_cardinality = (l)},                    \
        [TYPE_FLOAT32] = {.kind = TYPE_FLOAT32, .width = 4, .nullable = (n), .low_cardinality = (l)},                  \
        [TYPE_FLOAT64] = {.kind = TYPE_FLOAT64, .width = 8, .nullable = (n), .low_cardinality = (l)},                  \
        [TYPE_STRING] = {.kind = TYPE_STRING, .width = 16, .nullable = (n), .low_cardinality = (l)},                   \
        [TYPE_DATE] = {.kind = TYPE_DATE, .width = 2, .nullable = (n), .low_cardinality = (l)},                        \
        [TYPE_DATE32] = {.kind = TYPE_DATE32, .width = 4, .nullable = (n), .low_cardinality = (l)},                    \
        [TYPE_DATETIME] = {.kind = TYPE_DATETIME, .width = 4, .nullable = (n), .low_cardinality = (l)},                \
        [TYPE_UUID] = {.kind = TYPE_UUID, .width = 16, .nullable = (n), .low_cardinality = (l)},                       \
        [TYPE_IPV4] = {.kind = TYPE_IPV4, .width = 4, .nullable = (n), .low_cardinality = (l)},                        \
        [TYPE_IPV6] = {.kind = TYPE_IPV6, .width = 16, .nullable = (n), .low_cardinality = (l)},                       \
        [TYPE_INT128] = {.kind = TYPE_INT128, .width = 16, .nullable = (n), .low_cardinality = (l)},                   \
        [TYPE_UINT128] = {.kind = TYPE_UINT128, .width = 16, .nullable = (n), .low_cardinality = (l)},                 \
        [TYPE_INT256] = {.kind = TYPE_INT256, .width = 32, .nullable = (n), .low_cardinality = (l)},                   \
        [TYPE_UINT256] = {.kind = TYPE_UINT256, .width = 32, .nullable = (n), .low_cardinality = (l)},                 \
    }

/* [low cardinality][nullable][kind] */
static const struct type simple_types[2][2][TYPE_KINDS] = {{SIMPLE_TYPES(false, false), SIMPLE_TYPES(true, false)},
                                                           {SIMPLE_TYPES(false, true), SIMPLE_TYPES(true, true)}};

static bool has_parameters(enum type_kind kind)
{
    return simple_types[0][0][kind].width == 0;
}

/* A type whose only difference from its simple form are the flags? */
static bool is_simple(const struct type *type)
{
    return !has_parameters(type->kind) && type->zone == NULL && type->function == NULL && type->children == NULL &&
           type->view == TYPE_VIEW_NONE;
}

const struct type *type_simple(enum type_kind kind)
{
    ASSERT(kind < TYPE_KINDS && !has_parameters(kind));
    return &simple_types[0][0][kind];
}

static const struct type *with_flags(struct arena *arena, const struct type *type, bool nullable, bool low_cardinality)
{
    if (type->nullable == nullable && type->low_cardinality == low_cardinality) {
        return type;
    }
    if (is_simple(type)) {
        return &simple_types[low_cardinality][nullable][type->kind];
    }
    struct type *made = ARENA_NEW(arena, struct type);
    if (made != NULL) {
        *made = *type;
        made->nullable = nullable;
        made->low_cardinality = low_cardinality;
    }
    return made;
}

const struct type *type_nullable(struct arena *arena, const struct type *type, bool nullable)
{
    return with_flags(arena, type, nullable, type->low_cardinality);
}

const struct type *type_low_cardinality(struct arena *arena, const struct type *type, bool low_cardinality)
{
    return with_flags(arena, type, type->nullable, low_cardinality);
}

static const struct type *make(struct arena *arena, struct type type)
{
    struct type *made = ARENA_NEW(arena, struct type);
    if (made != NULL) {
        *made = type;
    }
    return made;
}

const struct type *type_fixed_string(struct arena *arena, uint32_t length)
{
    return make(arena, (struct type){.kind = TYPE_FIXED_STRING, .width = length, .length = length});
}

const struct type *type_datetime(struct arena *arena, const struct timezone *zone)
{
    return zone == NULL ? type_simple(TYPE_DATETIME)
                        : make(arena, (struct type){.kind = TYPE_DATETIME, .width = 4, .zone = zone});
}

const struct type *type_datetime64(struct arena *arena, uint8_t scale, const struct timezone *zone)
{
    return make(arena, (struct type){.kind = TYPE_DATETIME64, .width = 8, .scale = scale, .zone = zone});
}

const struct type *type_decimal(struct arena *arena, uint8_t precision, uint8_t scale)
{
    return make(arena, (struct type){.kind = TYPE_DECIMAL,
                                     .width = precision <= 9    ? 4
                                              : precision <= 18 ? 8
                                                                : 16,
                                     .precision = precision,
                                     .scale = scale});
}

const struct type *type_interval(enum interval_unit unit)
{
#define INTERVAL(u) [u] = {.kind = TYPE_INTERVAL, .width = 8, .unit = (u) }
    static const struct type intervals[] = {
        INTERVAL(INTERVAL_NANOSECOND), INTERVAL(INTERVAL_MICROSECOND), INTERVAL(INTERVAL_MILLISECOND),
        INTERVAL(INTERVAL_SECOND),     INTERVAL(INTERVAL_MINUTE),      INTERVAL(INTERVAL_HOUR),
        INTERVAL(INTERVAL_DAY),        INTERVAL(INTERVAL_WEEK),        INTERVAL(INTERVAL_MONTH),
        INTERVAL(INTERVAL_QUARTER),    INTERVAL(INTERVAL_YEAR),
    };
#undef INTERVAL
    return &intervals[unit];
}

const struct type *type_array(struct arena *arena, const struct type *child)
{
    const struct type **children = arena_alloc(arena, sizeof(*children));
    if (children == NULL) {
        return NULL;
    }
    children[0] = child;
    return make(arena, (struct type){.kind = TYPE_ARRAY, .children = children, .child_count = 1});
}

const struct type *type_tuple(struct arena *arena, const struct type *const *children, const struct slice *names,
                              uint32_t count)
{
    const struct type **child_copy = arena_array(arena, count, sizeof(*child_copy));
    struct slice *name_copy = names == NULL ? NULL : arena_array(arena, count, sizeof(*name_copy));
    if (child_copy == NULL || (names != NULL && name_copy == NULL)) {
        return NULL;
    }
    for (uint32_t k = 0; k < count; k++) {
        child_copy[k] = children[k];
        if (names != NULL) {
            name_copy[k] = names[k];
        }
    }
    return make(arena,
                (struct type){.kind = TYPE_TUPLE, .children = child_copy, .names = name_copy, .child_count = count});
}

const struct type *type_of_function(struct arena *arena, const struct type_function *function, const struct type *value)
{
    struct type_function *copy = ARENA_NEW(arena, struct type_function);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *function;
    struct type type = value == NULL ? *type_simple(TYPE_STRING) : *value;
    type.function = copy;
    return make(arena, type);
}

const struct type *type_plain(struct arena *arena, const struct type *type)
{
    if (type->function == NULL || !type->function->simple) {
        return type;
    }
    struct type plain = *type;
    plain.function = NULL;
    return is_simple(&plain) ? &simple_types[type->low_cardinality][type->nullable][type->kind] : make(arena, plain);
}

static bool functions_equal(const struct type_function *x, const struct type_function *y)
{
    if (x == NULL || y == NULL) {
        return x == y;
    }
    bool equal = x->simple == y->simple && x->version == y->version && x->argument_count == y->argument_count &&
                 slice_equal(x->name, y->name) && slice_equal(x->parameters, y->parameters);
    for (uint32_t k = 0; equal && k < x->argument_count; k++) {
        equal = type_equal(x->arguments[k], y->arguments[k]);
    }
    return equal;
}

static const struct type_function *copy_function(struct arena *arena, const struct type_function *function)
{
    struct type_function *copy = ARENA_NEW(arena, struct type_function);
    const struct type **arguments = ARENA_ARRAY(arena, const struct type *, function->argument_count + 1U);
    if (copy == NULL || arguments == NULL) {
        return NULL;
    }
    *copy = *function;
    copy->name = arena_slice(arena, function->name);
    copy->parameters = arena_slice(arena, function->parameters);
    copy->arguments = arguments;
    for (uint32_t k = 0; k < function->argument_count; k++) {
        arguments[k] = type_copy(arena, function->arguments[k]);
        if (arguments[k] == NULL) {
            return NULL;
        }
    }
    return copy->name.data == NULL || copy->parameters.data == NULL ? NULL : copy;
}

bool type_equal(const struct type *a, const struct type *b)
{
    if (a == b) {
        return true;
    }
    if (a->kind != b->kind || a->view != b->view || a->nullable != b->nullable ||
        a->low_cardinality != b->low_cardinality || a->width != b->width || a->precision != b->precision ||
        a->scale != b->scale || a->zone != b->zone || a->value_count != b->value_count ||
        a->child_count != b->child_count || (a->kind == TYPE_INTERVAL && a->unit != b->unit) ||
        (a->names == NULL) != (b->names == NULL) || !functions_equal(a->function, b->function) ||
        a->max_types != b->max_types || !type_json_equal(a->json, b->json)) {
        return false;
    }
    for (uint32_t k = 0; k < a->value_count; k++) {
        if (a->values[k].value != b->values[k].value || !slice_equal(a->values[k].name, b->values[k].name)) {
            return false;
        }
    }
    for (uint32_t k = 0; k < a->child_count; k++) {
        if (!type_equal(a->children[k], b->children[k]) ||
            (a->names != NULL && !slice_equal(a->names[k], b->names[k]))) {
            return false;
        }
    }
    return true;
}

const struct type *type_copy(struct arena *arena, const struct type *type)
{
    if (is_simple(type)) {
        return &simple_types[type->low_cardinality][type->nullable][type->kind];
    }
    struct type copy = *type;
    if (type->function != NULL) {
        copy.function = copy_function(arena, type->function);
        if (copy.function == NULL) {
            return NULL;
        }
    }
    if (type->json != NULL) {
        copy.json = type_json_copy(arena, type->json);
        if (copy.json == NULL) {
            return NULL;
        }
    }
    if (type->value_count > 0) {
        struct enum_value *values = ARENA_ARRAY(arena, struct enum_value, type->value_count);
        if (values == NULL) {
            return NULL;
        }
        for (uint32_t k = 0; k < type->value_count; k++) {
            values[k].value = type->values[k].value;
            values[k].name = arena_slice(arena, type->values[k].name);
            if (values[k].name.data == NULL) {
                return NULL;
            }
        }
        copy.values = values;
    }
    if (type->child_count > 0) {
        const struct type **children = arena_array(arena, type->child_count, sizeof(*children));
        struct slice *names = type->names == NULL ? NULL : ARENA_ARRAY(arena, struct slice, type->child_count);
        if (children == NULL || (type->names != NULL && names == NULL)) {
            return NULL;
        }
        for (uint32_t k = 0; k < type->child_count; k++) {
            children[k] = type_copy(arena, type->children[k]);
            if (children[k] == NULL ||
                (names != NULL && (names[k] = arena_slice(arena, type->names[k])).data == NULL)) {
                return NULL;
            }
        }
        copy.children = children;
        copy.names = names;
    }
    return make(arena, copy);
}

bool type_is_integer(const struct type *type)
{
    return (type->kind >= TYPE_INT8 && type->kind <= TYPE_UINT64) || type->kind == TYPE_INT128 ||
           type->kind == TYPE_UINT128 || type_is_256(type);
}

bool type_is_signed(const struct type *type)
{
    return (type->kind >= TYPE_INT8 && type->kind <= TYPE_INT64) || type->kind == TYPE_INT128 ||
           type->kind == TYPE_INT256;
}

bool type_is_float(const struct type *type)
{
    return type->kind == TYPE_FLOAT32 || type->kind == TYPE_FLOAT64;
}

bool type_is_number(const struct type *type)
{
    return type_is_integer(type) || type_is_float(type) || type->kind == TYPE_DECIMAL || type->kind == TYPE_BOOL;
}

bool type_is_string(const struct type *type)
{
    return type->kind == TYPE_STRING || type->kind == TYPE_FIXED_STRING;
}

bool type_is_time(const struct type *type)
{
    return type->kind >= TYPE_DATE && type->kind <= TYPE_DATETIME64;
}

int64_t type_time_us(const struct type *type, const void *value)
{
    static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    uint16_t days;
    int32_t days32;
    uint32_t seconds;
    int64_t ticks;
    switch (type->kind) {
    case TYPE_DATE:
        memcpy(&days, value, sizeof(days));
        return (int64_t)days * 86400000000;
    case TYPE_DATE32:
        memcpy(&days32, value, sizeof(days32));
        return (int64_t)days32 * 86400000000;
    case TYPE_DATETIME:
        memcpy(&seconds, value, sizeof(seconds));
        return (int64_t)seconds * 1000000;
    default:
        memcpy(&ticks, value, sizeof(ticks));
        if (type->scale > 6) {
            return ticks / powers[type->scale - 6];
        }
        return __builtin_mul_overflow(ticks, powers[6 - type->scale], &ticks) ? (ticks < 0 ? INT64_MIN : INT64_MAX)
                                                                              : ticks;
    }
}

bool type_enum_find(const struct type *type, struct slice name, int16_t *value)
{
    for (uint32_t k = 0; k < type->value_count; k++) {
        if (slice_equal(type->values[k].name, name)) {
            *value = type->values[k].value;
            return true;
        }
    }
    return false;
}

bool type_enum_name(const struct type *type, int16_t value, struct slice *name)
{
    uint32_t low = 0, high = type->value_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (type->values[middle].value < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == type->value_count || type->values[low].value != value) {
        return false;
    }
    *name = type->values[low].name;
    return true;
}
