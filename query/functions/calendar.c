/*
 * calendar.c: parts of dates and times (toYear, toHour, …) and their roundings (toStartOfHour, toMonday, …).
 *
 * types    parts are unsigned integers; roundings to days and longer are Date, to a day or shorter DateTime in the
 *          argument's zone
 * how      seconds become local seconds by the zone's offset, asked for once per range in which it holds; the calendar
 *          date is computed once per run of rows of one day
 * thread   any, no shared state
 */
#include "query/functions/cast.h"
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/timezone.h"

enum part {
    PART_YEAR,
    PART_QUARTER,
    PART_MONTH,
    PART_DAY_OF_YEAR,
    PART_DAY,
    PART_WEEKDAY,
    PART_HOUR,
    PART_MINUTE,
    PART_SECOND,
    PART_MILLISECOND,
    PART_YYYYMM,
    PART_YYYYMMDD,
    PART_YYYYMMDDHHMMSS,
    PART_ISO_YEAR,
    PART_ISO_WEEK,
    PART_WEEK,
    PART_DAY_NUMBER,
    PART_UNIX,
    PART_MICROSECOND,
    PART_NANOSECOND,
    PART_YEAR_WEEK,
    PART_DAYS_IN_MONTH,
    PART_QUARTER_NUMBER,
    PART_MONTH_NUMBER,
    PART_WEEK_NUMBER,
    PART_HOUR_NUMBER,
    PART_MINUTE_NUMBER,
    PART_YEARS_SINCE_EPOCH,
    PART_MONTHS_SINCE_EPOCH,
    PART_DAYS_SINCE_ZERO,
    PART_ZONE_OFFSET,
    START_YEAR, /* from here on: Date */
    START_ISO_YEAR,
    START_QUARTER,
    START_MONTH,
    START_WEEK,
    START_MONDAY,
    LAST_DAY_OF_MONTH,
    LAST_DAY_OF_WEEK,
    START_DAY, /* from here on: DateTime */
    START_HOUR,
    START_MINUTE,
    START_SECOND,
    START_FIVE_MINUTES,
    START_TEN_MINUTES,
    START_FIFTEEN_MINUTES,
    START_HALF_HOUR,
};

struct calendar {
    enum part part;
    const struct timezone *zone;
    int64_t mode; /* of weeks */
};

/* ClickHouse's (MySQL's) week number of a mode. */
static uint32_t week_number(int32_t days, int64_t mode, int32_t *year)
{
    bool monday_first = (mode & 1) != 0;
    bool from_one = (mode & 2) != 0;
    bool first_weekday = (mode & 4) != 0;
    if (!monday_first) {
        first_weekday = !first_weekday;
    }
    struct civil civil = civil_of_days(days);
    int32_t first = civil_to_days(civil.year, 1, 1);
    uint32_t weekday = monday_first ? civil_weekday(first) - 1 : civil_weekday(first) % 7;
    *year = civil.year;
    bool week_year = from_one;
    if (civil.month == 1 && civil.day <= 7 - weekday) {
        if (!week_year && ((first_weekday && weekday != 0) || (!first_weekday && weekday >= 4))) {
            return 0;
        }
        week_year = true;
        if ((first_weekday && weekday != 0) || (!first_weekday && weekday >= 4)) {
            (*year)--;
            int32_t length = civil_is_leap(*year) ? 366 : 365;
            first -= length;
            weekday = (weekday + 53 * 7 - (uint32_t)length) % 7;
        }
    }
    int32_t passed;
    if ((first_weekday && weekday != 0) || (!first_weekday && weekday >= 4)) {
        passed = days - (first + (int32_t)(7 - weekday));
    } else {
        passed = days - (first - (int32_t)weekday);
    }
    if (week_year && passed >= 52 * 7) {
        weekday = (weekday + (civil_is_leap(*year) ? 366U : 365U)) % 7;
        if ((!first_weekday && weekday < 4) || (first_weekday && weekday == 0)) {
            (*year)++;
            return 1;
        }
    }
    return (uint32_t)passed / 7 + 1;
}

static int64_t day_part(enum part part, int32_t days, const struct civil *civil, int64_t mode)
{
    int32_t year;
    switch (part) {
    case PART_YEAR:
        return civil->year;
    case PART_QUARTER:
        return (civil->month - 1) / 3 + 1;
    case PART_MONTH:
        return civil->month;
    case PART_DAY_OF_YEAR:
        return days - civil_to_days(civil->year, 1, 1) + 1;
    case PART_DAY:
        return civil->day;
    case PART_WEEKDAY:
        switch (mode & 3) {
        case 0:
            return civil_weekday(days);
        case 1:
            return civil_weekday(days) - 1;
        case 2:
            return civil_weekday(days) % 7;
        default:
            return civil_weekday(days) % 7 + 1;
        }
    case PART_YYYYMM:
        return (int64_t)civil->year * 100 + civil->month;
    case PART_YYYYMMDD:
        return (int64_t)civil->year * 10000 + civil->month * 100 + civil->day;
    case PART_ISO_YEAR:
        (void)civil_iso_week(days, &year);
        return year;
    case PART_ISO_WEEK:
        return civil_iso_week(days, &year);
    case PART_WEEK:
        return week_number(days, mode, &year);
    case PART_DAY_NUMBER:
        return days;
    case PART_YEAR_WEEK: {
        uint32_t week = week_number(days, mode | 2, &year);
        return (int64_t)year * 100 + week;
    }
    case PART_DAYS_IN_MONTH:
        return civil_days_in_month(civil->year, civil->month);
    case PART_QUARTER_NUMBER:
        return (int64_t)civil->year * 4 + (civil->month - 1) / 3;
    case PART_MONTH_NUMBER:
        return (int64_t)civil->year * 12 + civil->month;
    case PART_WEEK_NUMBER:
        return floor_divide((int64_t)days + 3, 7); /* of Mondays */
    case PART_YEARS_SINCE_EPOCH:
        return civil->year < 1970 ? 0 : civil->year - 1970;
    case PART_MONTHS_SINCE_EPOCH:
        return civil->year < 1970 ? 0 : (int64_t)(civil->year - 1970) * 12 + civil->month - 1;
    case PART_DAYS_SINCE_ZERO:
        return (int64_t)days + 719528;
    case START_YEAR:
        return civil_to_days(civil->year, 1, 1);
    case START_ISO_YEAR: {
        (void)civil_iso_week(days, &year);
        int32_t fourth = civil_to_days(year, 1, 4);
        return fourth - (int32_t)civil_weekday(fourth) + 1;
    }
    case START_QUARTER:
        return civil_to_days(civil->year, (uint32_t)(civil->month - 1) / 3 * 3 + 1, 1);
    case START_MONTH:
        return civil_to_days(civil->year, civil->month, 1);
    case START_WEEK:
        return (mode & 1) != 0 ? days - (int32_t)civil_weekday(days) + 1 : days - (int32_t)(civil_weekday(days) % 7);
    case START_MONDAY:
        return days - (int32_t)civil_weekday(days) + 1;
    case LAST_DAY_OF_WEEK:
        return (mode & 1) != 0 ? days - (int32_t)civil_weekday(days) + 7
                               : days - (int32_t)(civil_weekday(days) % 7) + 6;
    case LAST_DAY_OF_MONTH:
        return civil_to_days(civil->year, civil->month, 1) + (int32_t)civil_days_in_month(civil->year, civil->month) -
               1;
    default:
        return 0;
    }
}

/* Of dates: parts of the time are those of midnight. */
static struct err *evaluate_days(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct calendar *calendar = function->data;
    const struct column *days_column = column_numbers(arena, arguments[0], TYPE_INT32);
    struct column *wide;
    if (days_column == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_INT64), row_count, &wide));
    int64_t *result = wide->values;
    int32_t known = INT32_MIN;
    struct civil civil = {0};
    int64_t value = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        int32_t days = VALUE_AT(days_column, int32_t, i);
        if (days != known) {
            known = days;
            civil = civil_of_days(days);
            if (calendar->part >= START_DAY || calendar->part == PART_UNIX) {
                value = timezone_day_begin(calendar->zone, days);
                value = value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : value;
            } else if (calendar->part == PART_HOUR_NUMBER || calendar->part == PART_MINUTE_NUMBER) {
                value = floor_divide(timezone_day_begin(calendar->zone, days),
                                     calendar->part == PART_HOUR_NUMBER ? 3600 : 60);
            } else if (calendar->part == PART_ZONE_OFFSET) {
                value = timezone_offset(calendar->zone, timezone_day_begin(calendar->zone, days));
            } else if (calendar->part == PART_YYYYMMDDHHMMSS) {
                value = day_part(PART_YYYYMMDD, days, &civil, 0) * 1000000;
            } else {
                value = day_part(calendar->part, days, &civil, calendar->mode);
            }
            if (function->inner->kind == TYPE_DATE) {
                value = clamp_date(value);
            }
        }
        result[i] = value;
    }
    const struct column *narrow = column_numbers(arena, wide, type_physical(function->inner));
    *out = narrow == NULL ? NULL : column_retyped(arena, narrow, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static int64_t step_seconds(enum part part)
{
    switch (part) {
    case START_HOUR:
        return 3600;
    case START_MINUTE:
        return 60;
    case START_FIVE_MINUTES:
        return 300;
    case START_TEN_MINUTES:
        return 600;
    case START_FIFTEEN_MINUTES:
        return 900;
    case START_HALF_HOUR:
        return 1800;
    case START_DAY:
        return 86400;
    default:
        return 0;
    }
}

/* DateTime in a zone with one offset, rounded to n seconds that divide a day: a division by a constant per row. */
static void round_fixed(const uint32_t *in, size_t step, uint32_t row_count, int32_t offset, uint32_t by, uint32_t *out)
{
    uint32_t shift = (uint32_t)(((int64_t)offset % by + by) % by);
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t seconds = in[i * step];
        uint32_t rest = (uint32_t)(((uint64_t)seconds + shift) % by);
        out[i] = seconds >= rest ? seconds - rest : 0;
    }
}

static struct err *evaluate_seconds(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct calendar *calendar = function->data;
    const struct type *type = function->argument_types[0];
    int64_t factor = type->kind == TYPE_DATETIME64 ? scale_factor(type->scale) : 1;
    enum part part = calendar->part;
    int64_t step = step_seconds(part);
    int32_t offset = 0;

    if (type->kind == TYPE_DATETIME && step > 0 && function->inner->kind == TYPE_DATETIME &&
        timezone_is_fixed(calendar->zone, &offset)) {
        OR_DONE(result_new(arena, function->inner, row_count, out));
        round_fixed(arguments[0]->values, column_step(arguments[0]), row_count, offset, (uint32_t)step, (*out)->values);
        return NULL;
    }
    const struct column *ticks_column = column_numbers(arena, arguments[0], TYPE_INT64);
    struct column *wide;
    if (ticks_column == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_INT64), row_count, &wide));
    int64_t *result = wide->values;
    int64_t begin = 1;
    int64_t end = 0;
    int32_t known = INT32_MIN;
    struct civil civil = {0};
    int64_t of_day = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t ticks = VALUE_AT(ticks_column, int64_t, i);
        int64_t seconds = factor == 1 ? ticks : floor_divide(ticks, factor);
        if (seconds < begin || seconds >= end) {
            offset = timezone_offset_range(calendar->zone, seconds, &begin, &end);
        }
        int64_t local = civil_clamp_seconds(seconds + offset);
        int32_t days = (int32_t)floor_divide(local, 86400);
        uint32_t rest = (uint32_t)(local - (int64_t)days * 86400);
        int64_t value;
        switch (part) {
        case PART_HOUR:
            value = rest / 3600;
            break;
        case PART_MINUTE:
            value = rest / 60 % 60;
            break;
        case PART_SECOND:
            value = rest % 60;
            break;
        case PART_MILLISECOND:
            value = floor_modulo(ticks, factor) * 1000 / factor;
            break;
        case PART_MICROSECOND:
            value = factor <= 1000000 ? floor_modulo(ticks, factor) * (1000000 / factor)
                                      : floor_modulo(ticks, factor) / (factor / 1000000);
            break;
        case PART_NANOSECOND:
            value = floor_modulo(ticks, factor) * (1000000000 / factor);
            break;
        case PART_UNIX:
            value = seconds;
            break;
        case PART_HOUR_NUMBER: { /* ClickHouse's numbers where the offset of 1970 is no whole number of hours */
            int32_t first = timezone_offset(calendar->zone, 0);
            value = floor_divide(seconds + (first % 3600 == 0 ? 0 : 86400 - first), 3600);
            break;
        }
        case PART_MINUTE_NUMBER:
            value = floor_divide(seconds, 60);
            break;
        case PART_ZONE_OFFSET:
            value = offset;
            break;
        case START_HOUR:
        case START_MINUTE:
        case START_FIVE_MINUTES:
        case START_TEN_MINUTES:
        case START_FIFTEEN_MINUTES:
        case START_HALF_HOUR:
            value = seconds - (int64_t)(rest % (uint32_t)step);
            break;
        case START_SECOND:
            value = (int64_t)((uint64_t)seconds * (uint64_t)factor); /* the least second may not fit */
            break;
        default:
            if (days != known) {
                known = days;
                civil = civil_of_days(days);
                if (part == START_DAY) {
                    of_day = timezone_day_begin(calendar->zone, days);
                } else {
                    of_day = day_part(part == PART_YYYYMMDDHHMMSS ? PART_YYYYMMDD : part, days, &civil, calendar->mode);
                }
            }
            value = of_day;
            if (part == PART_YYYYMMDDHHMMSS) {
                value = of_day * 1000000 + rest / 3600 * 10000 + rest / 60 % 60 * 100 + rest % 60;
            }
        }
        if (function->inner->kind == TYPE_DATE) {
            value = clamp_date(value);
        } else if (function->inner->kind == TYPE_DATETIME) {
            value = clamp_datetime(value);
        }
        result[i] = value;
    }
    const struct column *narrow = column_numbers(arena, wide, type_physical(function->inner));
    *out = narrow == NULL ? NULL : column_retyped(arena, narrow, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* toUnixTimestamp of a text: of the DateTime that it says. */
static struct err *evaluate_unix_of_text(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct column *times;
    (void)row_count;
    OR_DONE(column_cast(arena, function->context, arguments[0], function->data,
                        function->inner->nullable ? CAST_OR_NULL : CAST_PLAIN, &times));
    *out = column_retyped(arena, times, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_unix_of_text(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct timezone *zone = NULL;
    if (bind->count > 1) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, 1, &name));
        OR_DONE(timezone_find(name, &zone));
    }
    out->data = type_nullable(bind->arena, type_datetime(bind->arena, zone), bind->nullable);
    out->inner = type_nullable(bind->arena, type_simple(TYPE_UINT32), bind->nullable);
    out->evaluate = evaluate_unix_of_text;
    out->flags |= FUNCTION_CAN_FAIL;
    return out->data == NULL || out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static struct err *resolve_part(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    static const enum type_kind kinds[] = {
        [PART_YEAR] = TYPE_UINT16,
        [PART_QUARTER] = TYPE_UINT8,
        [PART_MONTH] = TYPE_UINT8,
        [PART_DAY_OF_YEAR] = TYPE_UINT16,
        [PART_DAY] = TYPE_UINT8,
        [PART_WEEKDAY] = TYPE_UINT8,
        [PART_HOUR] = TYPE_UINT8,
        [PART_MINUTE] = TYPE_UINT8,
        [PART_SECOND] = TYPE_UINT8,
        [PART_MILLISECOND] = TYPE_UINT16,
        [PART_YYYYMM] = TYPE_UINT32,
        [PART_YYYYMMDD] = TYPE_UINT32,
        [PART_YYYYMMDDHHMMSS] = TYPE_UINT64,
        [PART_ISO_YEAR] = TYPE_UINT16,
        [PART_ISO_WEEK] = TYPE_UINT8,
        [PART_WEEK] = TYPE_UINT8,
        [PART_DAY_NUMBER] = TYPE_UINT32,
        [PART_UNIX] = TYPE_UINT32,
        [PART_MICROSECOND] = TYPE_UINT32,
        [PART_NANOSECOND] = TYPE_UINT32,
        [PART_YEAR_WEEK] = TYPE_UINT32,
        [PART_DAYS_IN_MONTH] = TYPE_UINT8,
        [PART_QUARTER_NUMBER] = TYPE_UINT32,
        [PART_MONTH_NUMBER] = TYPE_UINT32,
        [PART_WEEK_NUMBER] = TYPE_UINT32,
        [PART_HOUR_NUMBER] = TYPE_UINT32,
        [PART_MINUTE_NUMBER] = TYPE_UINT32,
        [PART_YEARS_SINCE_EPOCH] = TYPE_UINT16,
        [PART_MONTHS_SINCE_EPOCH] = TYPE_UINT32,
        [PART_DAYS_SINCE_ZERO] = TYPE_UINT32,
        [PART_ZONE_OFFSET] = TYPE_INT32,
    };
    struct calendar *calendar = ARENA_NEW(bind->arena, struct calendar);
    const struct type *type = bind->arguments[0].type;
    uint32_t zone_index = 1;

    if (calendar == NULL) {
        return arena_error(bind->arena);
    }
    if (type_is_string(type) && strcmp(bind->name, "toUnixTimestamp") == 0) {
        return resolve_unix_of_text(bind, out);
    }
    OR_DONE(argument_time(bind, 0));
    calendar->part = (enum part)bind->tag;
    calendar->zone = zone_of(type, bind->context);
    if ((bind->tag == PART_WEEKDAY || bind->tag == PART_WEEK || bind->tag == START_WEEK ||
         bind->tag == PART_YEAR_WEEK || bind->tag == LAST_DAY_OF_WEEK) &&
        bind->count > 1) {
        OR_DONE(argument_constant_int(bind, 1, &calendar->mode));
        zone_index = 2;
    }
    if (zone_index < bind->count) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, zone_index, &name));
        OR_DONE(timezone_find(name, &calendar->zone));
    }
    bool days = type->kind == TYPE_DATE || type->kind == TYPE_DATE32;
    if (days && (bind->tag >= START_HOUR || (bind->tag >= PART_HOUR && bind->tag <= PART_MILLISECOND) ||
                 bind->tag == PART_MICROSECOND || bind->tag == PART_NANOSECOND)) {
        return argument_error(bind, 0, "DateTime or DateTime64 is needed");
    }
    if (bind->tag == START_SECOND) {
        if (type->kind != TYPE_DATETIME64) {
            return argument_error(bind, 0, "DateTime64 is needed");
        }
        out->inner = type;
    } else if (bind->tag >= START_DAY) {
        out->inner = type_datetime(bind->arena, zone_index < bind->count ? calendar->zone : type->zone);
    } else if (bind->tag >= START_YEAR) {
        out->inner = type_simple(TYPE_DATE);
    } else {
        out->inner = type_simple(kinds[bind->tag]);
    }
    if (bind->tag >= START_YEAR || bind->tag == PART_YEAR || bind->tag == PART_YYYYMM || bind->tag == PART_YYYYMMDD ||
        bind->tag == PART_YYYYMMDDHHMMSS || bind->tag == PART_ISO_YEAR || bind->tag == PART_DAY_NUMBER ||
        bind->tag == PART_UNIX || (bind->tag >= PART_QUARTER_NUMBER && bind->tag <= PART_DAYS_SINCE_ZERO)) {
        out->flags |= FUNCTION_MONOTONIC | FUNCTION_COARSE;
    }
    out->data = calendar;
    out->evaluate = days ? evaluate_days : evaluate_seconds;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

#define PART(name, tag)                                                                                                \
    {                                                                                                                  \
        name, false, 1, 2, 0, resolve_part, tag                                                                        \
    }
static const struct function_definition definitions[] = {
    PART("toYear", PART_YEAR),
    PART("toQuarter", PART_QUARTER),
    PART("toMonth", PART_MONTH),
    PART("toDayOfYear", PART_DAY_OF_YEAR),
    PART("toDayOfMonth", PART_DAY),
    {"toDayOfWeek", false, 1, 3, 0, resolve_part, PART_WEEKDAY},
    PART("toHour", PART_HOUR),
    PART("toMinute", PART_MINUTE),
    PART("toSecond", PART_SECOND),
    PART("toMillisecond", PART_MILLISECOND),
    PART("toYYYYMM", PART_YYYYMM),
    PART("toYYYYMMDD", PART_YYYYMMDD),
    PART("toYYYYMMDDhhmmss", PART_YYYYMMDDHHMMSS),
    PART("toISOYear", PART_ISO_YEAR),
    PART("toISOWeek", PART_ISO_WEEK),
    {"toWeek", false, 1, 3, 0, resolve_part, PART_WEEK},
    PART("toRelativeDayNum", PART_DAY_NUMBER),
    PART("toUnixTimestamp", PART_UNIX),
    PART("toMicrosecond", PART_MICROSECOND),
    PART("toNanosecond", PART_NANOSECOND),
    {"toYearWeek", false, 1, 3, 0, resolve_part, PART_YEAR_WEEK},
    PART("toDaysInMonth", PART_DAYS_IN_MONTH),
    PART("toRelativeYearNum", PART_YEAR),
    PART("toRelativeQuarterNum", PART_QUARTER_NUMBER),
    PART("toRelativeMonthNum", PART_MONTH_NUMBER),
    PART("toRelativeWeekNum", PART_WEEK_NUMBER),
    PART("toRelativeHourNum", PART_HOUR_NUMBER),
    PART("toRelativeMinuteNum", PART_MINUTE_NUMBER),
    PART("toRelativeSecondNum", PART_UNIX),
    PART("toYearNumSinceEpoch", PART_YEARS_SINCE_EPOCH),
    PART("toMonthNumSinceEpoch", PART_MONTHS_SINCE_EPOCH),
    PART("toDaysSinceYearZero", PART_DAYS_SINCE_ZERO),
    {"timezoneOffset", false, 1, 1, 0, resolve_part, PART_ZONE_OFFSET},
    {"toLastDayOfWeek", false, 1, 3, 0, resolve_part, LAST_DAY_OF_WEEK},
    PART("toStartOfYear", START_YEAR),
    PART("toStartOfISOYear", START_ISO_YEAR),
    PART("toStartOfQuarter", START_QUARTER),
    PART("toStartOfMonth", START_MONTH),
    {"toStartOfWeek", false, 1, 3, 0, resolve_part, START_WEEK},
    PART("toMonday", START_MONDAY),
    PART("toLastDayOfMonth", LAST_DAY_OF_MONTH),
    PART("toStartOfDay", START_DAY),
    PART("toStartOfHour", START_HOUR),
    PART("toStartOfMinute", START_MINUTE),
    PART("toStartOfSecond", START_SECOND),
    PART("toStartOfFiveMinutes", START_FIVE_MINUTES),
    PART("toStartOfTenMinutes", START_TEN_MINUTES),
    PART("toStartOfFifteenMinutes", START_FIFTEEN_MINUTES),
    PART("timeSlot", START_HALF_HOUR),
};
static const struct function_alias aliases[] = {
    {"YEAR", true, "toYear"},
    {"QUARTER", true, "toQuarter"},
    {"MONTH", true, "toMonth"},
    {"DAYOFYEAR", true, "toDayOfYear"},
    {"DAYOFMONTH", true, "toDayOfMonth"},
    {"DAY", true, "toDayOfMonth"},
    {"DAYOFWEEK", true, "toDayOfWeek"},
    {"HOUR", true, "toHour"},
    {"MINUTE", true, "toMinute"},
    {"SECOND", true, "toSecond"},
    {"WEEK", true, "toWeek"},
    {"LAST_DAY", true, "toLastDayOfMonth"},
    {"MILLISECOND", true, "toMillisecond"},
    {"MICROSECOND", true, "toMicrosecond"},
    {"NANOSECOND", true, "toNanosecond"},
    {"yearweek", true, "toYearWeek"},
    {"TO_DAYS", true, "toDaysSinceYearZero"},
    {"timeZoneOffset", false, "timezoneOffset"},
    {"toStartOfFiveMinute", false, "toStartOfFiveMinutes"},
};
const struct function_group functions_calendar = GROUP_OF(definitions, aliases);
