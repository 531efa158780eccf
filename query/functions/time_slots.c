/*
 * time_slots.c: timeSlots; toStartOfMillisecond, -Microsecond, -Nanosecond; toUTCTimestamp, fromUTCTimestamp.
 *
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include "base/timezone.h"
#include "format/value.h"

/* --- timeSlots ---------------------------------------------------------------------------------------------------- */

#define SLOTS_MAX 1000000U /* of a row */

struct slots {
    int64_t size;     /* in the result's ticks */
    int64_t duration; /* ticks per unit of the duration: multiplier and */
    int64_t divisor;
};

static int64_t scale_of(const struct type *type)
{
    return type->kind == TYPE_DATETIME64 || type->kind == TYPE_DECIMAL ? type->scale : 0;
}

static struct err *evaluate_slots(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct slots *slots = function->data;
    const struct type *type = function->inner->children[0];
    const struct column *times = column_numbers(arena, arguments[0], TYPE_INT64);
    const struct column *durations = column_numbers(arena, arguments[1], TYPE_INT64);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct column *items = NULL;
    if (times == NULL || durations == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    int64_t factor =
        value_scale((uint32_t)(type->kind == TYPE_DATETIME64 ? type->scale - scale_of(arguments[0]->type) : 0));
    for (int pass = 0; pass < 2; pass++) {
        uint64_t at = 0;
        for (uint32_t i = 0; i < row_count; i++) {
            int64_t begin, length, end;
            offsets[i] = (uint32_t)at;
            if (__builtin_mul_overflow(VALUE_AT(times, int64_t, i), factor, &begin) ||
                __builtin_mul_overflow(VALUE_AT(durations, int64_t, i), slots->duration, &length) ||
                __builtin_add_overflow(begin, length, &end)) {
                return err_new(ERR_DECIMAL_OVERFLOW, "Decimal math overflow in function timeSlots");
            }
            int64_t first = begin / slots->size, last = end / slots->size;
            if (last - first >= (int64_t)SLOTS_MAX) {
                return err_new(ERR_TOO_LARGE_ARRAY, "function timeSlots makes at most %u slots of a row", SLOTS_MAX);
            }
            for (int64_t slot = first; slot <= last; slot++, at++) {
                if (pass == 1 && type->kind == TYPE_DATETIME) {
                    ((uint32_t *)items->values)[at] = (uint32_t)(slot * slots->size);
                } else if (pass == 1) {
                    ((int64_t *)items->values)[at] = slot * slots->size;
                }
            }
        }
        offsets[row_count] = (uint32_t)at;
        if (at > UINT32_MAX / 2) {
            return err_new(ERR_TOO_LARGE_ARRAY, "the arrays of a chunk have more than 2^31 elements");
        }
        items = items == NULL ? column_new(arena, type, (uint32_t)at) : items;
        if (items == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

static struct err *resolve_slots(const struct function_bind *bind, struct function *out)
{
    struct slots *slots = ARENA_NEW(bind->arena, struct slots);
    const struct type *time = bind->arguments[0].type;
    const struct type *duration = bind->arguments[1].type;
    bool precise = time->kind == TYPE_DATETIME64;
    if (slots == NULL) {
        return arena_error(bind->arena);
    }
    if (!precise && time->kind != TYPE_DATETIME) {
        return argument_error(bind, 0, "a DateTime or DateTime64 is needed");
    }
    if (precise ? duration->kind != TYPE_DECIMAL || duration->width > 8 : duration->kind != TYPE_UINT32) {
        return argument_error(bind, 1, precise ? "a Decimal of up to 18 digits is needed" : "UInt32 is needed");
    }
    int64_t size = 1800, size_scale = 0;
    if (bind->count > 2) {
        const struct type *type = bind->arguments[2].type;
        if (precise ? type->kind != TYPE_DECIMAL || type->width > 8 : !type_is_integer(type)) {
            return argument_error(bind, 2, precise ? "a Decimal of up to 18 digits is needed" : "UInt32 is needed");
        }
        if (bind->arguments[2].constant == NULL) {
            return err_new(ERR_ILLEGAL_COLUMN, "argument 3 of function timeSlots must be a constant");
        }
        size = column_int(bind->arguments[2].constant, 0);
        size_scale = scale_of(type);
        if (size <= 0) {
            return err_new(ERR_ILLEGAL_COLUMN, "Third argument for function timeSlots must be greater than zero");
        }
    }
    int64_t scale = scale_of(time);
    scale = scale < scale_of(duration) && precise ? scale_of(duration) : scale;
    scale = scale < size_scale ? size_scale : scale;
    slots->duration = value_scale((uint32_t)(scale - (precise ? scale_of(duration) : 0)));
    if (__builtin_mul_overflow(size, value_scale((uint32_t)(scale - size_scale)), &slots->size)) {
        return err_new(ERR_DECIMAL_OVERFLOW, "Decimal math overflow in function timeSlots");
    }
    const struct type *item = precise ? type_datetime64(bind->arena, (uint8_t)scale, time->zone) : time;
    out->inner = item == NULL ? NULL : type_array(bind->arena, item);
    out->evaluate = evaluate_slots;
    out->data = slots;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- parts of a second -------------------------------------------------------------------------------------------- */

static struct err *evaluate_subsecond(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t wanted = (uint32_t)(uintptr_t)function->data;
    uint32_t given = arguments[0]->type->scale;
    const struct column *from = arguments[0];
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    int64_t factor = value_scale(given > wanted ? given - wanted : wanted - given);
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t ticks = VALUE_AT(from, int64_t, i);
        int64_t *to = &((int64_t *)made->values)[i];
        if (given >= wanted) {
            *to = floor_divide(ticks, factor) * factor;
        } else if (__builtin_mul_overflow(ticks, factor, to)) {
            return err_new(ERR_DECIMAL_OVERFLOW, "Decimal math overflow in function %s", function->name);
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_subsecond(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    if (type->kind != TYPE_DATETIME64) {
        return argument_error(bind, 0, "a DateTime64 is needed");
    }
    uint8_t scale = type->scale > bind->tag ? type->scale : (uint8_t)bind->tag;
    out->inner = type_datetime64(bind->arena, scale, type->zone);
    out->evaluate = evaluate_subsecond;
    out->data = (const void *)(uintptr_t)bind->tag;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- moments of other zones --------------------------------------------------------------------------------------- */

static struct err *evaluate_utc(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct timezone *zone = function->data;
    const struct type *type = function->inner;
    bool to_utc = strcmp(function->name, "toUTCTimestamp") == 0;
    int64_t factor = type->kind == TYPE_DATETIME64 ? value_scale(type->scale) : 1;
    const struct column *from = column_numbers(arena, arguments[0], TYPE_INT64);
    struct column *made;
    if (from == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t ticks = VALUE_AT(from, int64_t, i);
        int64_t seconds = floor_divide(ticks, factor);
        int64_t offset = timezone_offset(zone, seconds); /* as ClickHouse: that of the number taken as UTC */
        int64_t moved = to_utc ? seconds - offset : seconds + offset;
        if (type->kind == TYPE_DATETIME) {
            ((uint32_t *)made->values)[i] = (uint32_t)moved;
        } else {
            ((int64_t *)made->values)[i] = ticks + (moved - seconds) * factor;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_utc(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *type = bind->arguments[0].type;
    const struct timezone *zone;
    struct slice name;
    if ((type->kind != TYPE_DATETIME && type->kind != TYPE_DATETIME64) || type->zone != NULL) {
        return argument_error(bind, 0, "a DateTime or DateTime64 without a time zone is needed");
    }
    if (bind->arguments[1].type->kind != TYPE_STRING) {
        return argument_error(bind, 1, "the name of a time zone is needed");
    }
    if (bind->arguments[1].constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument 2 of function %s must be a constant", bind->name);
    }
    OR_DONE(argument_constant_text(bind, 1, &name));
    OR_DONE(timezone_find(name, &zone));
    out->inner = type;
    out->evaluate = evaluate_utc;
    out->data = zone;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"timeSlots", false, 2, 3, FUNCTION_CAN_FAIL, resolve_slots, 0},
    {"toStartOfMillisecond", false, 1, 1, FUNCTION_CAN_FAIL, resolve_subsecond, 3},
    {"toStartOfMicrosecond", false, 1, 1, FUNCTION_CAN_FAIL, resolve_subsecond, 6},
    {"toStartOfNanosecond", false, 1, 1, FUNCTION_CAN_FAIL, resolve_subsecond, 9},
    {"toUTCTimestamp", false, 2, 2, 0, resolve_utc, 0},
    {"fromUTCTimestamp", false, 2, 2, 0, resolve_utc, 1},
};
static const struct function_alias aliases[] = {
    {"toDateTime32", false, "toDateTime"},
    {"localtimestamp", true, "now"},
    {"to_utc_timestamp", true, "toUTCTimestamp"},
    {"from_utc_timestamp", true, "fromUTCTimestamp"},
};
const struct function_group functions_time_slots = GROUP_OF(definitions, aliases);
