/*
 * clock.c: now, today; time zones; seconds since the epoch.
 *
 * now      is the query's start for all rows: the context's now_us; nowInBlock is when a chunk's rows are computed
 * thread   any, no shared state
 */
#include "query/functions/value_text.h"

#include "base/timezone.h"

#include <time.h>

enum now { NOW, NOW64, TODAY, YESTERDAY };

struct instant {
    int64_t value;
};

static struct err *evaluate_instant(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct instant *instant = function->data;
    struct column *made;
    (void)arguments;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        memcpy((char *)made->values + (size_t)i * function->inner->width, &instant->value, function->inner->width);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_now(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct instant *instant = ARENA_NEW(bind->arena, struct instant);
    const struct timezone *zone = NULL;
    int64_t now_us = bind->context == NULL ? 0 : bind->context->now_us;
    int64_t scale = 3;
    uint32_t zone_index = bind->tag == NOW64 ? 1 : 0;
    if (instant == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->context != NULL && bind->context->marks != NULL) {
        bind->context->marks->asks_time = true;
    }
    if (bind->tag == NOW64 && bind->count > 0) {
        OR_DONE(argument_constant_int(bind, 0, &scale));
        if (scale < 0 || scale > 9) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "scale %lld of now64 is out of bounds: 0 to 9", (long long)scale);
        }
    }
    if (zone_index < bind->count) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, zone_index, &name));
        OR_DONE(timezone_find(name, &zone));
    }
    if (bind->tag == NOW) {
        instant->value = now_us / 1000000;
        out->inner = type_datetime(bind->arena, zone);
    } else if (bind->tag == NOW64) {
        instant->value =
            scale <= 6 ? now_us / scale_factor((uint32_t)(6 - scale)) : now_us * scale_factor((uint32_t)(scale - 6));
        out->inner = type_datetime64(bind->arena, (uint8_t)scale, zone);
    } else {
        struct moment moment;
        struct type plain = {0};
        moment_of(zone != NULL ? zone : zone_of(&plain, bind->context), now_us / 1000000, &moment);
        instant->value = moment.days - (bind->tag == YESTERDAY);
        out->inner = type_simple(TYPE_DATE);
    }
    out->evaluate = evaluate_instant;
    out->data = instant;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static struct err *evaluate_now_in_block(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct type *type = function->inner;
    struct timespec now;
    struct column *made;
    (void)arguments;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    int64_t value = (int64_t)now.tv_sec;
    if (type->kind == TYPE_DATETIME64) {
        value = value * scale_factor(type->scale) + now.tv_nsec / scale_factor(9U - type->scale);
    }
    OR_DONE(result_new(arena, type, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        memcpy((char *)made->values + (size_t)i * type->width, &value, type->width);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_now_in_block(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct timezone *zone = NULL;
    int64_t scale = 3;
    uint32_t zone_index = bind->tag == NOW64 ? 1 : 0;
    if (bind->tag == NOW64 && bind->count > 0) {
        const struct type *type = bind->arguments[0].type;
        if (!type_is_integer(type) || type->kind == TYPE_BOOL || type->width > 8) {
            return argument_error(bind, 0, "a constant integer is needed");
        }
        if (bind->arguments[0].constant == NULL) {
            return err_new(ERR_ILLEGAL_COLUMN, "function %s: the scale must be a constant", bind->name);
        }
        scale = column_int(bind->arguments[0].constant, 0);
        if (scale < 0 || scale > 9) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "scale %lld of %s is out of bounds: 0 to 9", (long long)scale,
                           bind->name);
        }
    }
    if (zone_index < bind->count) {
        struct slice name;
        OR_DONE(argument_string(bind, zone_index));
        if (bind->arguments[zone_index].constant == NULL) {
            return err_new(ERR_ILLEGAL_COLUMN, "function %s: the time zone must be a constant", bind->name);
        }
        OR_DONE(argument_constant_text(bind, zone_index, &name));
        OR_DONE(timezone_find(name, &zone));
    }
    out->inner =
        bind->tag == NOW ? type_datetime(bind->arena, zone) : type_datetime64(bind->arena, (uint8_t)scale, zone);
    out->evaluate = evaluate_now_in_block;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* --- zones ------------------------------------------------------------------------------------------------------- */

static struct err *evaluate_retype(EVALUATE_ARGUMENTS)
{
    (void)row_count;
    *out = column_retyped(arena, arguments[0], function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_to_zone(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice name;
    const struct timezone *zone;
    const struct type *type = bind->arguments[0].type;
    if (type->kind != TYPE_DATETIME && type->kind != TYPE_DATETIME64) {
        return argument_error(bind, 0, "DateTime or DateTime64 is needed");
    }
    OR_DONE(argument_constant_text(bind, 1, &name));
    OR_DONE(timezone_find(name, &zone));
    out->inner = type->kind == TYPE_DATETIME ? type_datetime(bind->arena, zone)
                                             : type_datetime64(bind->arena, type->scale, zone);
    out->evaluate = evaluate_retype;
    out->flags |= FUNCTION_MONOTONIC;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static struct err *evaluate_name(EVALUATE_ARGUMENTS)
{
    struct slice *name = ARENA_NEW(arena, struct slice);
    (void)arguments;
    if (name == NULL) {
        return arena_error(arena);
    }
    *name = slice_text(function->data);
    *out = column_const(arena, function->inner, name, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_zone_name(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct type plain = {0};
    if (bind->count == 1) {
        OR_DONE(argument_time(bind, 0));
    }
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_name;
    out->data = timezone_name(zone_of(bind->count == 1 ? bind->arguments[0].type : &plain, bind->context));
done:
    return err;
}

/* --- epochs ------------------------------------------------------------------------------------------------------ */

/* Integer → DateTime: seconds; → DateTime64: ticks. DateTime64 → Int64 ticks. */
static struct err *evaluate_ticks(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    int64_t shift = (intptr_t)function->data; /* powers of ten to multiply with, < 0: to divide by */
    const struct column *in = column_numbers(arena, arguments[0], TYPE_INT64);
    struct column *wide;
    if (in == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_INT64), row_count, &wide));
    int64_t factor = scale_factor((uint32_t)(shift < 0 ? -shift : shift));
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t value = VALUE_AT(in, int64_t, i);
        value = shift >= 0 ? (int64_t)((uint64_t)value * (uint64_t)factor) : value / factor;
        ((int64_t *)wide->values)[i] = function->inner->kind == TYPE_DATETIME ? clamp_datetime(value) : value;
    }
    const struct column *narrow = column_numbers(arena, wide, type_physical(function->inner));
    *out = narrow == NULL ? NULL : column_retyped(arena, narrow, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_from_unix(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct timezone *zone = NULL;
    OR_DONE(argument_integer(bind, 0));
    if (bind->tag == 0 && bind->count > 1) {
        return clock_format_resolve(bind, out);
    }
    if (bind->count == 2) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, 1, &name));
        OR_DONE(timezone_find(name, &zone));
    }
    out->inner = bind->tag == 0 ? type_datetime(bind->arena, zone)
                                : type_datetime64(bind->arena, (uint8_t)(bind->tag & 15), zone);
    out->evaluate = evaluate_ticks;
    out->data = (const void *)(intptr_t)0;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static struct err *resolve_to_unix64(const struct function_bind *bind, struct function *out)
{
    if (bind->arguments[0].type->kind != TYPE_DATETIME64) {
        return argument_error(bind, 0, "DateTime64 is needed");
    }
    out->inner = type_simple(TYPE_INT64);
    out->evaluate = evaluate_ticks;
    out->data = (const void *)(intptr_t)(bind->tag - bind->arguments[0].type->scale);
    return NULL;
}

static const struct function_definition definitions[] = {
    {"now", true, 0, 1, 0, resolve_now, NOW},
    {"now64", true, 0, 2, 0, resolve_now, NOW64},
    {"nowInBlock", false, 0, 1, FUNCTION_VOLATILE, resolve_now_in_block, NOW},
    {"nowInBlock64", false, 0, 2, FUNCTION_VOLATILE, resolve_now_in_block, NOW64},
    {"today", true, 0, 0, 0, resolve_now, TODAY},
    {"yesterday", false, 0, 0, 0, resolve_now, YESTERDAY},
    {"toTimezone", false, 2, 2, 0, resolve_to_zone, 0},
    {"timezone", true, 0, 0, 0, resolve_zone_name, 0},
    {"serverTimezone", false, 0, 0, 0, resolve_zone_name, 0},
    {"timezoneOf", false, 1, 1, FUNCTION_FULL, resolve_zone_name, 0},
    {"fromUnixTimestamp", false, 1, 3, 0, resolve_from_unix, 0},
    {"fromUnixTimestamp64Second", false, 1, 2, 0, resolve_from_unix, 16},
    {"fromUnixTimestamp64Milli", false, 1, 2, 0, resolve_from_unix, 3},
    {"fromUnixTimestamp64Micro", false, 1, 2, 0, resolve_from_unix, 6},
    {"fromUnixTimestamp64Nano", false, 1, 2, 0, resolve_from_unix, 9},
    {"toUnixTimestamp64Second", false, 1, 1, 0, resolve_to_unix64, 0},
    {"toUnixTimestamp64Milli", false, 1, 1, 0, resolve_to_unix64, 3},
    {"toUnixTimestamp64Micro", false, 1, 1, 0, resolve_to_unix64, 6},
    {"toUnixTimestamp64Nano", false, 1, 1, 0, resolve_to_unix64, 9},
};
static const struct function_alias aliases[] = {
    {"current_timestamp", true, "now"},
    {"curdate", true, "today"},
    {"current_date", true, "today"},
    {"timeZone", true, "timezone"},
    {"serverTimeZone", false, "serverTimezone"},
    {"timeZoneOf", false, "timezoneOf"},
    {"toTimeZone", false, "toTimezone"},
};
const struct function_group functions_clock = GROUP_OF(definitions, aliases);
