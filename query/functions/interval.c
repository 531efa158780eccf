/*
 * interval.c: times plus and minus numbers, intervals and times; addDays, dateDiff, toStartOfInterval, date_trunc.
 *
 * months   adding months keeps the day of the month, or takes the month's last
 * limits   as in ClickHouse: a Date or DateTime beyond its range begins anew at the other end, but months before 1970
 *          are 1970; a Date32 or DateTime64 stays at 0000-01-01 or 9999-12-31
 * types    Date plus hours is a DateTime; DateTime minus DateTime is seconds, Date minus Date days (Int32)
 * thread   any, no shared state
 */
#include "query/functions/interval.h"
#include "query/functions/cast.h"
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/timezone.h"

#include <math.h>
#include <strings.h>

static bool unit_is_calendar(enum interval_unit unit)
{
    return unit >= INTERVAL_DAY;
}

/* Ticks per unit below a day, in 10^-9 s. */
static int64_t unit_nanoseconds(enum interval_unit unit)
{
    static const int64_t table[] = {1, 1000, 1000000, 1000000000, 60000000000, 3600000000000};
    return table[unit];
}

static int32_t add_to_days(int32_t days, enum interval_unit unit, int64_t amount)
{
    if (amount > 10000000 || amount < -10000000) {
        amount = amount < 0 ? -10000000 : 10000000;
    }
    if (unit == INTERVAL_DAY || unit == INTERVAL_WEEK) {
        return clamp_date32(days + amount * (unit == INTERVAL_WEEK ? 7 : 1));
    }
    struct civil civil = civil_of_days(days);
    int64_t months = (int64_t)civil.year * 12 + civil.month - 1 +
                     amount * (unit == INTERVAL_YEAR      ? 12
                               : unit == INTERVAL_QUARTER ? 3
                                                          : 1);
    int64_t year = floor_divide(months, 12);
    uint32_t month = (uint32_t)(months - year * 12) + 1;
    if (year < 0 || year > 9999) {
        if (unit != INTERVAL_YEAR) {
            return year < 0 ? DATE32_MIN : DATE32_MAX;
        }
        year = year < 0 ? 0 : 9999;
    }
    uint32_t last = civil_days_in_month((int32_t)year, month);
    return civil_to_days((int32_t)year, month, civil.day < last ? civil.day : last);
}

/* --- plus and minus ---------------------------------------------------------------------------------------------- */

struct adder {
    bool minus;
    uint32_t time; /* index of the time argument */
    enum interval_unit unit;
    const struct timezone *zone;
};

static int64_t time_factor(const struct type *type)
{
    return type->kind == TYPE_DATETIME64 ? scale_factor(type->scale) : 1;
}

static struct err *store(struct arena *arena, const struct type *type, const struct column *wide, struct column **out)
{
    const struct column *narrow = column_numbers(arena, wide, type_physical(type));
    *out = narrow == NULL ? NULL : column_retyped(arena, narrow, type);
    return *out == NULL ? arena_error(arena) : NULL;
}

static int64_t clamp_time(const struct type *type, int64_t value)
{
    switch (type->kind) {
    case TYPE_DATE:
        return clamp_date(value);
    case TYPE_DATE32:
        return clamp_date32(value);
    case TYPE_DATETIME:
        return clamp_datetime(value);
    default:
        return value;
    }
}

/* A sum of days of a Date, seconds of a DateTime: what their integers keep of it. */
static int64_t wrap_time(const struct type *type, enum interval_unit unit, int64_t value)
{
    if (value < 0 && unit >= INTERVAL_MONTH && (type->kind == TYPE_DATE || type->kind == TYPE_DATETIME)) {
        return 0;
    }
    return type->kind == TYPE_DATE ? (uint16_t)value : type->kind == TYPE_DATETIME ? (uint32_t)value : value;
}

/* A Date plus days or weeks. */
static int64_t wrap_days(int64_t days, enum interval_unit unit, int64_t amount)
{
    return (uint16_t)((uint64_t)days + (uint64_t)amount * (unit == INTERVAL_WEEK ? 7 : 1));
}

static struct err *evaluate_add(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct adder *adder = function->data;
    const struct type *from = function->argument_types[adder->time];
    const struct type *to = function->inner;
    const struct column *times = column_numbers(arena, arguments[adder->time], TYPE_INT64);
    const struct column *amounts = column_numbers(arena, arguments[1 - adder->time], TYPE_INT64);
    bool days = from->kind == TYPE_DATE || from->kind == TYPE_DATE32;
    bool to_days = to->kind == TYPE_DATE || to->kind == TYPE_DATE32;
    int64_t from_factor = time_factor(from);
    int64_t to_factor = time_factor(to);
    struct column *wide;

    if (times == NULL || amounts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_INT64), row_count, &wide));
    int64_t *result = wide->values;
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t time = VALUE_AT(times, int64_t, i);
        int64_t amount = VALUE_AT(amounts, int64_t, i);
        if (adder->minus) {
            amount = amount == INT64_MIN ? INT64_MAX : -amount;
        }
        if (to->kind == TYPE_DATE && adder->unit <= INTERVAL_WEEK) {
            result[i] = wrap_days(time, adder->unit, amount);
            continue;
        }
        if (to_days) {
            result[i] = wrap_time(to, adder->unit, add_to_days((int32_t)time, adder->unit, amount));
            continue;
        }
        int64_t seconds = days ? timezone_day_begin(adder->zone, time) : floor_divide(time, from_factor);
        int64_t fraction = days ? 0 : (time - seconds * from_factor) * (to_factor / from_factor);
        int64_t ticks = 0;
        if (unit_is_calendar(adder->unit)) {
            struct moment moment;
            moment_of(adder->zone, seconds, &moment);
            int64_t of_day = moment.local - (int64_t)moment.days * 86400;
            seconds =
                timezone_to_utc(adder->zone, (int64_t)add_to_days(moment.days, adder->unit, amount) * 86400 + of_day);
        } else {
            __int128 nanoseconds = (__int128)amount * unit_nanoseconds(adder->unit);
            __int128 whole = nanoseconds * to_factor / 1000000000;
            ticks = whole > INT64_MAX / 2 ? INT64_MAX / 2 : whole < INT64_MIN / 2 ? INT64_MIN / 2 : (int64_t)whole;
        }
        __int128 sum = (__int128)seconds * to_factor + fraction + ticks;
        bool whole = sum >= INT64_MIN && sum <= INT64_MAX;
        result[i] = wrap_time(to, adder->unit, whole ? (int64_t)sum : sum < 0 ? INT64_MIN : INT64_MAX);
    }
    OR_DONE(store(arena, to, wide, out));
done:
    return err;
}

static struct err *evaluate_difference(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *a = column_numbers(arena, arguments[0], TYPE_INT64);
    const struct column *b = column_numbers(arena, arguments[1], TYPE_INT64);
    struct column *wide;
    if (a == NULL || b == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_INT64), row_count, &wide));
    for (uint32_t i = 0; i < row_count; i++) {
        ((int64_t *)wide->values)[i] = (int64_t)((uint64_t)VALUE_AT(a, int64_t, i) - (uint64_t)VALUE_AT(b, int64_t, i));
    }
    OR_DONE(store(arena, function->inner, wide, out));
done:
    return err;
}

static struct err *evaluate_interval_sum(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool minus = function->data != NULL;
    const struct column *a = column_numbers(arena, arguments[0], TYPE_INT64);
    const struct column *b = column_numbers(arena, arguments[1], TYPE_INT64);
    struct column *made;
    if (a == NULL || b == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t x = (uint64_t)VALUE_AT(a, int64_t, i);
        uint64_t y = (uint64_t)VALUE_AT(b, int64_t, i);
        bool product = function->argument_types[0]->kind != function->argument_types[1]->kind;
        ((uint64_t *)made->values)[i] = product ? x * y : minus ? x - y : x + y;
    }
    *out = made;
done:
    return err;
}

static struct err *illegal(const struct function_bind *bind)
{
    struct slice a = type_name(bind->arena, bind->arguments[0].type);
    struct slice b = type_name(bind->arena, bind->arguments[1].type);
    return err_new(ERR_ARGUMENT_TYPE, "Illegal types %.*s and %.*s of arguments of function %s", SLICE_ARG(a),
                   SLICE_ARG(b), bind->name);
}

/* The type of a time plus some of a unit. */
static const struct type *sum_type(struct arena *arena, const struct type *time, enum interval_unit unit)
{
    bool days = time->kind == TYPE_DATE || time->kind == TYPE_DATE32;
    if (unit_is_calendar(unit)) {
        return time;
    }
    uint8_t scale = unit == INTERVAL_NANOSECOND    ? 9
                    : unit == INTERVAL_MICROSECOND ? 6
                    : unit == INTERVAL_MILLISECOND ? 3
                                                   : 0;
    if (time->kind == TYPE_DATETIME64) {
        return scale > time->scale ? type_datetime64(arena, scale, time->zone) : time;
    }
    if (scale > 0 || time->kind == TYPE_DATE32) {
        return type_datetime64(arena, scale < 3 ? 3 : scale, time->zone);
    }
    return days ? type_datetime(arena, NULL) : time;
}

static struct err *bind_add(const struct function_bind *bind, struct function *out, uint32_t time,
                            enum interval_unit unit, bool minus)
{
    struct adder *adder = ARENA_NEW(bind->arena, struct adder);
    const struct type *type = bind->arguments[time].type;
    if (adder == NULL) {
        return arena_error(bind->arena);
    }
    *adder = (struct adder){minus, time, unit, zone_of(type, bind->context)};
    out->data = adder;
    out->evaluate = evaluate_add;
    out->inner = sum_type(bind->arena, type, unit);
    if (bind->arguments[1 - time].constant != NULL) {
        out->flags |= FUNCTION_MONOTONIC | FUNCTION_WRAPS;
    }
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

struct err *interval_resolve(const struct function_bind *bind, bool minus, struct function *out)
{
    const struct type *a = bind->arguments[0].type;
    const struct type *b = bind->arguments[1].type;
    bool multiply = strcmp(bind->name, "multiply") == 0;

    if (multiply || (a->kind == TYPE_INTERVAL && b->kind == TYPE_INTERVAL)) {
        bool product = multiply && (type_is_integer(a) || type_is_integer(b)) &&
                       (a->kind == TYPE_INTERVAL || b->kind == TYPE_INTERVAL);
        bool sum = !multiply && a->unit == b->unit;
        if (!product && !sum) {
            return illegal(bind);
        }
        out->inner = a->kind == TYPE_INTERVAL ? a : b;
        out->evaluate = evaluate_interval_sum;
        out->data = minus ? "minus" : NULL;
        return NULL;
    }
    if (type_is_time(a) && type_is_time(b)) {
        bool a_days = a->kind == TYPE_DATE || a->kind == TYPE_DATE32;
        bool b_days = b->kind == TYPE_DATE || b->kind == TYPE_DATE32;
        if (!minus || a_days != b_days || (a->kind == TYPE_DATETIME64) != (b->kind == TYPE_DATETIME64)) {
            return illegal(bind);
        }
        out->inner = type_simple(TYPE_INT32);
        if (a->kind == TYPE_DATETIME64) {
            if (a->scale != b->scale) {
                return illegal(bind);
            }
            out->inner = type_decimal(bind->arena, 18, a->scale);
        }
        out->evaluate = evaluate_difference;
        return out->inner == NULL ? arena_error(bind->arena) : NULL;
    }
    uint32_t time = type_is_time(a) ? 0 : 1;
    const struct type *type = bind->arguments[time].type;
    const struct type *other = bind->arguments[1 - time].type;
    if (!type_is_time(type) || (minus && time == 1)) {
        return illegal(bind);
    }
    if (other->kind == TYPE_INTERVAL) {
        return bind_add(bind, out, time, other->unit, minus);
    }
    if ((!type_is_integer(other) && !type_is_float(other) && other->kind != TYPE_BOOL) || other->width > 8) {
        return illegal(bind);
    }
    bool days = type->kind == TYPE_DATE || type->kind == TYPE_DATE32;
    return bind_add(bind, out, time, days ? INTERVAL_DAY : INTERVAL_SECOND, minus);
}

static struct err *resolve_add_units(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_time(bind, 0));
    if (!type_is_condition(bind->arguments[1].type) || bind->arguments[1].type->kind == TYPE_NOTHING) {
        return argument_error(bind, 1, "an integer is needed");
    }
    OR_DONE(bind_add(bind, out, 0, (enum interval_unit)(bind->tag & 15), (bind->tag & 16) != 0));
done:
    return err;
}

/* addDate, subDate: a time and an interval. */
static struct err *resolve_add_interval(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_time(bind, 0));
    if (bind->arguments[1].type->kind != TYPE_INTERVAL) {
        return argument_error(bind, 1, "an interval is needed");
    }
    OR_DONE(interval_resolve(bind, bind->tag != 0, out));
done:
    return err;
}

static struct err *evaluate_to_interval(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *given = arguments[0];
    if (type_is_string(given->type)) {
        struct column *cast;
        OR_DONE(column_cast(arena, function->context, given, function->data,
                            function->inner->nullable ? CAST_OR_NULL : CAST_PLAIN, &cast));
        *out = column_retyped(arena, cast, function->inner);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    if (type_is_float(given->type)) {
        const struct column *floats = column_numbers(arena, given, TYPE_FLOAT64);
        for (uint32_t i = 0; floats != NULL && i < row_count; i++) {
            if (!isfinite(VALUE_AT(floats, double, i)) && !column_is_null(given, i)) {
                return err_new(ERR_CANNOT_CONVERT, "Unexpected inf or nan to integer conversion");
            }
        }
    }
    const struct column *numbers = column_numbers(arena, given, TYPE_INT64);
    *out = numbers == NULL ? NULL : column_retyped(arena, numbers, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_to_interval(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *from = bind->arguments[0].type;
    out->inner = type_interval((enum interval_unit)bind->tag);
    if (type_is_string(from)) {
        out->data = type_nullable(bind->arena, type_simple(TYPE_INT64), bind->nullable);
        out->inner = type_nullable(bind->arena, out->inner, bind->nullable);
        out->flags |= FUNCTION_CAN_FAIL;
        if (out->data == NULL || out->inner == NULL) {
            return arena_error(bind->arena);
        }
    } else if (!type_is_float(from)) {
        OR_DONE(argument_whole(bind, 0));
    }
    out->evaluate = evaluate_to_interval;
done:
    return err;
}

/* --- differences in units ---------------------------------------------------------------------------------------- */

bool interval_unit_parse(struct slice name, enum interval_unit *out)
{
    static const struct {
        const char *name;
        enum interval_unit unit;
    } names[] = {
        {"nanosecond", INTERVAL_NANOSECOND},
        {"ns", INTERVAL_NANOSECOND},
        {"microsecond", INTERVAL_MICROSECOND},
        {"us", INTERVAL_MICROSECOND},
        {"millisecond", INTERVAL_MILLISECOND},
        {"ms", INTERVAL_MILLISECOND},
        {"second", INTERVAL_SECOND},
        {"ss", INTERVAL_SECOND},
        {"s", INTERVAL_SECOND},
        {"minute", INTERVAL_MINUTE},
        {"mi", INTERVAL_MINUTE},
        {"n", INTERVAL_MINUTE},
        {"hour", INTERVAL_HOUR},
        {"hh", INTERVAL_HOUR},
        {"h", INTERVAL_HOUR},
        {"day", INTERVAL_DAY},
        {"dd", INTERVAL_DAY},
        {"d", INTERVAL_DAY},
        {"week", INTERVAL_WEEK},
        {"wk", INTERVAL_WEEK},
        {"ww", INTERVAL_WEEK},
        {"month", INTERVAL_MONTH},
        {"mm", INTERVAL_MONTH},
        {"m", INTERVAL_MONTH},
        {"quarter", INTERVAL_QUARTER},
        {"qq", INTERVAL_QUARTER},
        {"q", INTERVAL_QUARTER},
        {"year", INTERVAL_YEAR},
        {"yyyy", INTERVAL_YEAR},
        {"yy", INTERVAL_YEAR},
    };
    size_t length = name.length;
    if (length > 3 && (name.data[length - 1] == 's' || name.data[length - 1] == 'S')) {
        length--;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) == length && strncasecmp(names[i].name, name.data, length) == 0) {
            *out = names[i].unit;
            return true;
        }
    }
    return false;
}

struct difference {
    enum interval_unit unit;
    const struct timezone *zones[2];
};

int64_t interval_number(const struct type *type, const struct timezone *zone, int64_t time, enum interval_unit unit)
{
    int64_t factor = time_factor(type);
    bool is_days = type->kind == TYPE_DATE || type->kind == TYPE_DATE32;
    struct moment moment;
    int64_t seconds = is_days ? 0 : floor_divide(time, factor);
    if (is_days) {
        if (!unit_is_calendar(unit)) {
            seconds = timezone_day_begin(zone, time);
            factor = 1;
            time = seconds;
        } else {
            struct civil civil = civil_of_days((int32_t)time);
            moment = (struct moment){.year = civil.year, .month = civil.month, .days = (int32_t)time};
        }
    } else if (unit_is_calendar(unit)) {
        moment_of(zone, seconds, &moment);
    }
    switch (unit) {
    case INTERVAL_NANOSECOND:
    case INTERVAL_MICROSECOND:
    case INTERVAL_MILLISECOND: {
        __int128 nanoseconds = (__int128)time * (1000000000 / factor);
        return (int64_t)(nanoseconds / unit_nanoseconds(unit));
    }
    case INTERVAL_SECOND:
        return seconds;
    case INTERVAL_MINUTE:
        return floor_divide(seconds, 60);
    case INTERVAL_HOUR:
        /* hours that have passed, counted from the zone's full hours at the epoch: summer time changes nothing */
        return floor_divide(seconds - timezone_offset(zone, 0), 3600);
    case INTERVAL_DAY:
        return moment.days;
    case INTERVAL_WEEK:
        return floor_divide((int64_t)moment.days + 3, 7);
    case INTERVAL_MONTH:
        return (int64_t)moment.year * 12 + moment.month;
    case INTERVAL_QUARTER:
        return (int64_t)moment.year * 4 + (moment.month - 1) / 3;
    default:
        return moment.year;
    }
}

static struct err *evaluate_date_diff(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct difference *difference = function->data;
    const struct column *from = column_numbers(arena, arguments[1], TYPE_INT64);
    const struct column *to = column_numbers(arena, arguments[2], TYPE_INT64);
    struct column *made;
    if (from == NULL || to == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        ((int64_t *)made->values)[i] = interval_number(function->argument_types[2], difference->zones[1],
                                                       VALUE_AT(to, int64_t, i), difference->unit) -
                                       interval_number(function->argument_types[1], difference->zones[0],
                                                       VALUE_AT(from, int64_t, i), difference->unit);
    }
    *out = made;
done:
    return err;
}

static struct err *unit_argument(const struct function_bind *bind, enum interval_unit *out)
{
    struct err *err = NULL;
    struct slice name;
    OR_DONE(argument_constant_text(bind, 0, &name));
    if (!interval_unit_parse(name, out)) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s does not know the unit '%.*s'", bind->name, SLICE_ARG(name));
    }
done:
    return err;
}

static struct err *resolve_date_diff(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct difference *difference = ARENA_NEW(bind->arena, struct difference);
    if (difference == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(unit_argument(bind, &difference->unit));
    OR_DONE(argument_time(bind, 1));
    OR_DONE(argument_time(bind, 2));
    difference->zones[0] = zone_of(bind->arguments[1].type, bind->context);
    difference->zones[1] = zone_of(bind->arguments[2].type, bind->context);
    if (bind->count == 4) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, 3, &name));
        OR_DONE(timezone_find(name, &difference->zones[0]));
        difference->zones[1] = difference->zones[0];
    }
    out->data = difference;
    out->inner = type_simple(TYPE_INT64);
    out->evaluate = evaluate_date_diff;
done:
    return err;
}

/* --- rounding to intervals --------------------------------------------------------------------------------------- */

struct rounding {
    uint32_t time; /* argument index */
    enum interval_unit unit;
    int64_t count;
    const struct timezone *zone;
    bool of_midnight; /* steps begin at midnight, not at the epoch */
};

/* Hours begin at midnight; shorter steps do so where an offset since 1970 was no whole number of hours, and, if they
 * are whole minutes, of minutes. */
static bool begins_at_midnight(const struct timezone *zone, enum interval_unit unit, int64_t count)
{
    int64_t whole = unit == INTERVAL_SECOND && count % 60 != 0 ? 3600 : 60, begin = 0, end = 0;
    bool odd = unit == INTERVAL_HOUR && count <= 24;
    for (int64_t at = 0; (unit == INTERVAL_SECOND || unit == INTERVAL_MINUTE) && !odd && at <= UINT32_MAX; at = end) {
        odd = timezone_offset_range(zone, at, &begin, &end) % whole != 0;
    }
    return odd;
}

static int64_t round_days(const struct rounding *rounding, int32_t days)
{
    struct civil civil = civil_of_days(days);
    int64_t count = rounding->count;
    switch (rounding->unit) {
    case INTERVAL_DAY:
        return floor_divide(days, count) * count;
    case INTERVAL_WEEK:
        /* several weeks at a time are counted from the first Monday after the epoch */
        return floor_divide((int64_t)days - 4, 7 * count) * 7 * count + 4;
    case INTERVAL_MONTH:
    case INTERVAL_QUARTER: {
        int64_t by = rounding->unit == INTERVAL_QUARTER ? count * 3 : count;
        int64_t months = ((int64_t)civil.year - 1970) * 12 + civil.month - 1;
        /* one month or quarter at a time begins with the year; more are counted from year 0 */
        months = rounding->unit == INTERVAL_QUARTER || count > 1 ? floor_divide(months + 1970 * 12, by) * by - 1970 * 12
                                                                 : months;
        int64_t year = floor_divide(months, 12);
        return civil_to_days((int32_t)(year + 1970), (uint32_t)(months - year * 12) + 1, 1);
    }
    default:
        return civil_to_days((int32_t)(floor_divide(civil.year, count) * count), 1, 1);
    }
}

static struct err *evaluate_rounding(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct rounding *rounding = function->data;
    const struct type *from = function->argument_types[rounding->time];
    const struct type *to = function->inner;
    const struct column *times = column_numbers(arena, arguments[rounding->time], TYPE_INT64);
    bool days = from->kind == TYPE_DATE || from->kind == TYPE_DATE32;
    bool to_days = to->kind == TYPE_DATE || to->kind == TYPE_DATE32;
    int64_t from_factor = time_factor(from);
    int64_t to_factor = time_factor(to);
    int64_t begin = 1;
    int64_t end = 0;
    int32_t offset = 0;
    struct column *wide;

    if (times == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_INT64), row_count, &wide));
    int64_t *result = wide->values;
    int64_t step = unit_is_calendar(rounding->unit) ? 0 : rounding->count * unit_nanoseconds(rounding->unit);
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t time = VALUE_AT(times, int64_t, i);
        int64_t seconds = days ? 0 : from_factor == 1 ? time : floor_divide(time, from_factor);
        int32_t local_days = (int32_t)time;
        if (!days) {
            if (seconds < begin || seconds >= end) {
                offset = timezone_offset_range(rounding->zone, seconds, &begin, &end);
            }
            local_days = (int32_t)floor_divide(seconds + offset, 86400);
        }
        if (unit_is_calendar(rounding->unit)) {
            int64_t rounded = round_days(rounding, local_days);
            result[i] = to_days ? clamp_time(to, rounded) : clamp_time(to, timezone_day_begin(rounding->zone, rounded));
        } else if (step % 1000000000 == 0) {
            int64_t by = step / 1000000000;
            if (days) {
                seconds = timezone_day_begin(rounding->zone, time);
                offset = timezone_offset(rounding->zone, seconds);
                local_days = (int32_t)time;
            }
            int64_t of_day = seconds + offset - (int64_t)local_days * 86400;
            int64_t rounded = rounding->of_midnight ? seconds - of_day % by : floor_divide(seconds, by) * by;
            result[i] = clamp_time(to, rounded) * to_factor;
        } else {
            __int128 nanoseconds = (__int128)time * (1000000000 / from_factor);
            __int128 rounded = nanoseconds / step * step - (nanoseconds % step < 0 ? step : 0);
            result[i] = (int64_t)(rounded / (1000000000 / to_factor));
        }
    }
    OR_DONE(store(arena, to, wide, out));
done:
    return err;
}

/* wide: of wide times, results that hold them: Date32, DateTime64(0). */
static struct err *bind_rounding(const struct function_bind *bind, struct function *out, uint32_t time,
                                 enum interval_unit unit, int64_t count, bool wide)
{
    struct err *err = NULL;
    struct rounding *rounding = ARENA_NEW(bind->arena, struct rounding);
    const struct type *type = bind->arguments[time].type;
    if (rounding == NULL) {
        return arena_error(bind->arena);
    }
    bool days = type->kind == TYPE_DATE || type->kind == TYPE_DATE32;
    if (days && unit < INTERVAL_DAY) {
        return argument_error(bind, time, "DateTime or DateTime64 is needed for an interval shorter than a day");
    }
    wide = wide && (type->kind == TYPE_DATE32 || type->kind == TYPE_DATETIME64);
    if (count <= 0 || count > 1000000000) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "the interval of function %s must be from 1 to 1000000000", bind->name);
    }
    *rounding = (struct rounding){.time = time, .unit = unit, .count = count, .zone = zone_of(type, bind->context)};
    if (bind->count == 3) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, 2, &name));
        OR_DONE(timezone_find(name, &rounding->zone));
    }
    rounding->of_midnight = begins_at_midnight(rounding->zone, unit, count);
    const struct timezone *named = bind->count == 3 ? rounding->zone : type->zone;
    uint8_t scale = unit == INTERVAL_NANOSECOND ? 9 : unit == INTERVAL_MICROSECOND ? 6 : 3;
    if (unit < INTERVAL_SECOND) {
        out->inner = type_datetime64(bind->arena, scale, named);
    } else if (unit >= INTERVAL_WEEK) {
        out->inner = type_simple(wide ? TYPE_DATE32 : TYPE_DATE);
    } else {
        out->inner = wide ? type_datetime64(bind->arena, 0, named) : type_datetime(bind->arena, named);
    }
    out->flags |= FUNCTION_MONOTONIC | FUNCTION_COARSE;
    out->data = rounding;
    out->evaluate = evaluate_rounding;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static struct err *resolve_start_of_interval(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_time(bind, 0));
    if (bind->arguments[1].type->kind != TYPE_INTERVAL || bind->arguments[1].constant == NULL) {
        return argument_error(bind, 1, "a constant interval is needed");
    }
    OR_DONE(
        bind_rounding(bind, out, 0, bind->arguments[1].type->unit, column_int(bind->arguments[1].constant, 0), false));
done:
    return err;
}

static struct err *resolve_date_trunc(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum interval_unit unit;
    OR_DONE(unit_argument(bind, &unit));
    OR_DONE(argument_time(bind, 1));
    OR_DONE(bind_rounding(bind, out, 1, unit, 1, true));
done:
    return err;
}

#define UNITS(X)                                                                                                       \
    X("Nanosecond", INTERVAL_NANOSECOND)                                                                               \
    X("Microsecond", INTERVAL_MICROSECOND)                                                                             \
    X("Millisecond", INTERVAL_MILLISECOND)                                                                             \
    X("Second", INTERVAL_SECOND)                                                                                       \
    X("Minute", INTERVAL_MINUTE)                                                                                       \
    X("Hour", INTERVAL_HOUR)                                                                                           \
    X("Day", INTERVAL_DAY)                                                                                             \
    X("Week", INTERVAL_WEEK)                                                                                           \
    X("Month", INTERVAL_MONTH)                                                                                         \
    X("Quarter", INTERVAL_QUARTER)                                                                                     \
    X("Year", INTERVAL_YEAR)
#define UNIT_FUNCTIONS(name, unit)                                                                                     \
    {"add" name "s", false, 2, 2, 0, resolve_add_units, (int)(unit)},                                                  \
        {"subtract" name "s", false, 2, 2, 0, resolve_add_units, (int)(unit) | 16},                                    \
        {"toInterval" name, false, 1, 1, 0, resolve_to_interval, (int)(unit)},

static const struct function_definition definitions[] = {
    UNITS(UNIT_FUNCTIONS){"dateDiff", true, 3, 4, 0, resolve_date_diff, 0},
    {"addDate", true, 2, 2, 0, resolve_add_interval, 0},
    {"subDate", true, 2, 2, 0, resolve_add_interval, 1},
    {"toStartOfInterval", false, 2, 3, 0, resolve_start_of_interval, 0},
    {"dateTrunc", false, 2, 3, 0, resolve_date_trunc, 0},
};
static const struct function_alias aliases[] = {
    {"date_diff", false, "dateDiff"},           {"timestampDiff", false, "dateDiff"},
    {"timestamp_diff", false, "dateDiff"},      {"DATE_TRUNC", true, "dateTrunc"},
    {"DATE_DIFF", false, "dateDiff"},           {"TIMESTAMP_DIFF", false, "dateDiff"},
    {"time_bucket", true, "toStartOfInterval"},
};
const struct function_group functions_interval = GROUP_OF(definitions, aliases);
