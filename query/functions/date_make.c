/*
 * date_make.c: dates and times out of numbers and other encodings (makeDate, YYYYMMDDToDate, Julian days, Snowflake
 * IDs, UUIDs of version 7), with one part changed (changeYear, …), their names, and whole units between two (age).
 *
 * zone     the result's own; that of an argument given for it; else the session's
 * range    what a type cannot hold becomes its first or last value, as ClickHouse has it
 * thread   any, no shared state
 */
#include "query/functions/interval.h"
#include "query/functions/row.h"
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/timezone.h"

#include <math.h>
#include <stdio.h>
#include <strings.h>

#define TICKS_YEAR_FIRST 1900
#define TICKS_YEAR_LAST  2299
#define JULIAN_EPOCH     40587 /* the modified Julian day of 1970-01-01 */
#define SNOWFLAKE_SHIFT  22    /* bits below the milliseconds */

static const struct timezone *result_zone(const struct row_call *call)
{
    return zone_of(call->function->inner, call->function->context);
}

/* The last arguments may say precision (of DateTime64) and zone of the result. */
static struct err *resolve_with_zone(const struct function_bind *bind, struct function *out, uint32_t index,
                                     bool precise)
{
    struct err *err = NULL;
    const struct timezone *zone = NULL;
    int64_t scale = 3;
    OR_DONE(row_resolve(bind, out));
    if (precise && index < bind->count) {
        OR_DONE(argument_constant_int(bind, index, &scale));
        if (scale < 0 || scale > 9) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "the precision of function %s must be from 0 to 9", bind->name);
        }
        index++;
    }
    if (index < bind->count) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, index, &name));
        OR_DONE(timezone_find(name, &zone));
    }
    out->inner = precise ? type_datetime64(bind->arena, (uint8_t)scale, zone) : type_datetime(bind->arena, zone);
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* --- out of numbers ---------------------------------------------------------------------------------------------- */

struct parts {
    int64_t year, month, day, hour, minute, second;
    double fraction;
};

static int64_t whole(double x)
{
    return x > -1e15 && x < 1e15 ? (int64_t)x : INT64_MIN;
}

static bool date_fits(const struct parts *p)
{
    return p->year >= 0 && p->year <= 9999 && p->month >= 1 && p->month <= 12 && p->day >= 1 && p->day <= 31;
}

static bool time_fits(const struct parts *p)
{
    return p->hour >= 0 && p->hour <= 99 && p->minute >= 0 && p->minute <= 99 && p->second >= 0 && p->second <= 99;
}

static int64_t days_of(const struct parts *p)
{
    return civil_to_days((int32_t)p->year, (uint32_t)p->month, (uint32_t)p->day);
}

static void put_date(const struct row_call *call, const struct parts *p, bool fits, union row_value *out)
{
    bool narrow = call->function->inner->kind == TYPE_DATE;
    int64_t days = fits ? days_of(p) : 0;
    if (narrow) {
        out->integer = days < 0 || days > UINT16_MAX ? 0 : days;
    } else {
        out->integer = days;
    }
}

static void put_time(const struct row_call *call, const struct parts *p, union row_value *out)
{
    const struct type *type = call->function->inner;
    bool fits = date_fits(p) && time_fits(p);
    int64_t local = fits ? days_of(p) * 86400 + p->hour * 3600 + p->minute * 60 + p->second : 0;
    if (type->kind == TYPE_DATETIME) {
        out->integer = fits ? clamp_datetime(timezone_to_utc(result_zone(call), local)) : 0;
        return;
    }
    int64_t factor = scale_factor(type->scale);
    int64_t fraction = p->fraction > 0 ? (p->fraction >= (double)factor ? factor - 1 : (int64_t)p->fraction) : 0;
    struct civil first = {TICKS_YEAR_FIRST, 1, 1};
    if (!fits || p->year < TICKS_YEAR_FIRST) {
        local = (int64_t)civil_to_days(first.year, 1, 1) * 86400;
        fraction = 0;
    } else if (p->year > TICKS_YEAR_LAST) {
        local = (int64_t)civil_to_days(TICKS_YEAR_LAST + 1, 1, 1) * 86400 - 1;
        fraction = factor - 1;
    }
    int64_t ticks;
    if (__builtin_mul_overflow(timezone_to_utc(result_zone(call), local), factor, &ticks) ||
        __builtin_add_overflow(ticks, fraction, &ticks)) {
        ticks = INT64_MAX;
    }
    out->integer = ticks;
}

static struct err *run_make_date(struct row_call *call, union row_value *out)
{
    const union row_value *a = call->arguments;
    struct parts p = {.year = whole(a[0].real), .month = 1, .day = 1};
    if (call->count == 2) { /* year, day of the year */
        int64_t day = whole(a[1].real);
        bool fits = date_fits(&p) && day >= 1 && day <= 365; /* in leap years too: ClickHouse's */
        struct civil civil = civil_of_days(fits ? (int32_t)(days_of(&p) + day - 1) : 0);
        p = (struct parts){.year = civil.year, .month = civil.month, .day = civil.day};
        put_date(call, &p, true, out);
        return NULL;
    }
    p.month = whole(a[1].real);
    p.day = whole(a[2].real);
    put_date(call, &p, date_fits(&p), out);
    return NULL;
}

static struct err *run_make_time(struct row_call *call, union row_value *out)
{
    const union row_value *a = call->arguments;
    struct parts p = {whole(a[0].real),
                      whole(a[1].real),
                      whole(a[2].real),
                      whole(a[3].real),
                      whole(a[4].real),
                      whole(a[5].real),
                      call->function->inner->kind == TYPE_DATETIME64 && call->count > 6 ? a[6].real : 0};
    put_time(call, &p, out);
    return NULL;
}

static struct err *resolve_make_time(const struct function_bind *bind, struct function *out)
{
    return resolve_with_zone(bind, out, bind->tag == 0 ? 6 : 7, bind->tag != 0);
}

static struct err *run_digits(struct row_call *call, union row_value *out)
{
    double real = call->arguments[0].real;
    int64_t n = real > -1e15 && real < 1e15 ? llrint(real) : -1;
    bool date = call->function->inner->kind == TYPE_DATE || call->function->inner->kind == TYPE_DATE32;
    struct parts p = {.hour = date ? 0 : n / 10000 % 100, .minute = n / 100 % 100, .second = n % 100};
    int64_t d = date ? n : n / 1000000;
    p.year = d / 10000;
    p.month = d / 100 % 100;
    p.day = d % 100;
    if (date) {
        put_date(call, &p, date_fits(&p), out);
    } else {
        put_time(call, &p, out);
    }
    return NULL;
}

static struct err *resolve_digits(const struct function_bind *bind, struct function *out)
{
    return resolve_with_zone(bind, out, 1, bind->tag != 0);
}

/* --- day numbers ------------------------------------------------------------------------------------------------- */

static struct err *run_to_julian(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    int32_t numbers[3] = {0, 0, 0};
    bool shaped = text.length == 10 && text.data[4] == '-' && text.data[7] == '-';
    for (size_t i = 0; shaped && i < 10; i++) {
        if (i != 4 && i != 7) {
            shaped = text.data[i] >= '0' && text.data[i] <= '9';
            int part = i < 4 ? 0 : i < 7 ? 1 : 2;
            numbers[part] = numbers[part] * 10 + (text.data[i] - '0');
        }
    }
    bool fits = shaped && numbers[1] >= 1 && numbers[1] <= 12 && numbers[2] >= 1 &&
                numbers[2] <= (int32_t)civil_days_in_month(numbers[0], (uint32_t)numbers[1]);
    if (fits) {
        out->integer = civil_to_days(numbers[0], (uint32_t)numbers[1], (uint32_t)numbers[2]) + JULIAN_EPOCH;
    } else if (call->tag != 0) {
        call->null = true;
    } else {
        return err_new(shaped ? ERR_CANNOT_PARSE_DATE : ERR_CANNOT_PARSE_INPUT, "function %s: '%.*s' is no date",
                       call->function->name, (int)(text.length > 100 ? 100 : text.length), text.data);
    }
    return NULL;
}

static struct err *run_from_julian(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    int64_t day = call->arguments[0].integer;
    if (day < -678941 || day > 2973483) { /* 0000-01-01 to 9999-12-31 */
        if (call->tag != 0) {
            call->null = true;
            return NULL;
        }
        return err_new(ERR_CANNOT_FORMAT_DATETIME, "function %s: day %lld is not in the years 0 to 9999",
                       call->function->name, (long long)day);
    }
    char *to = row_room(call, 16, &err);
    if (to != NULL) {
        struct civil civil = civil_of_days((int32_t)(day - JULIAN_EPOCH));
        int length = snprintf(to, 16, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
        out->text = text_taken(&call->buffer, (size_t)length);
    }
    return err;
}

static struct err *run_from_year_zero(struct row_call *call, union row_value *out)
{
    int64_t days = call->arguments[0].integer;
    if (days < 0) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "Expected a non-negative integer, got: %lld", (long long)days);
    }
    out->integer = days - 719528;
    return NULL;
}

/* --- identifiers that hold a time -------------------------------------------------------------------------------- */

static struct err *run_from_snowflake(struct row_call *call, union row_value *out)
{
    uint64_t milliseconds = call->arguments[0].natural >> SNOWFLAKE_SHIFT;
    milliseconds += call->count > 1 ? call->arguments[1].natural : 0;
    out->natural = call->tag == 0 ? milliseconds / 1000 : milliseconds;
    return NULL;
}

static struct err *resolve_from_snowflake(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct timezone *zone = NULL;
    if (bind->arguments[0].type->kind != TYPE_UINT64) {
        return argument_error(bind, 0, "UInt64 is needed");
    }
    OR_DONE(row_resolve(bind, out));
    if (bind->count > 2) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, 2, &name));
        OR_DONE(timezone_find(name, &zone));
    }
    out->inner = bind->tag == 0 ? type_datetime(bind->arena, zone) : type_datetime64(bind->arena, 3, zone);
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static struct err *run_to_snowflake(struct row_call *call, union row_value *out)
{
    const struct type *type = call->function->argument_types[0];
    int64_t milliseconds;
    if (type->kind == TYPE_DATETIME) {
        milliseconds = (int64_t) * (const uint32_t *)call->arguments[0].value * 1000;
    } else {
        int64_t ticks = *(const int64_t *)call->arguments[0].value;
        milliseconds = type->scale >= 3 ? floor_divide(ticks, scale_factor(type->scale - 3U))
                                        : ticks * scale_factor(3U - type->scale);
    }
    milliseconds -= call->count > 1 ? call->arguments[1].integer : 0;
    out->natural = (uint64_t)milliseconds << SNOWFLAKE_SHIFT;
    return NULL;
}

static struct err *resolve_to_snowflake(const struct function_bind *bind, struct function *out)
{
    if (bind->arguments[0].type->kind != (bind->tag == 0 ? TYPE_DATETIME : TYPE_DATETIME64)) {
        return argument_error(bind, 0, bind->tag == 0 ? "DateTime is needed" : "DateTime64 is needed");
    }
    return row_resolve(bind, out);
}

static struct err *run_uuid_time(struct row_call *call, union row_value *out)
{
    unsigned __int128 uuid;
    memcpy(&uuid, call->arguments[0].value, sizeof(uuid));
    uint64_t high = (uint64_t)uuid;
    out->natural = (high >> 12 & 15) == 7 ? high >> 16 : 0;
    return NULL;
}

static struct err *resolve_uuid_time(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (bind->arguments[0].type->kind != TYPE_UUID) {
        return argument_error(bind, 0, "UUID is needed");
    }
    OR_DONE(resolve_with_zone(bind, out, 1, false));
    out->inner = type_datetime64(bind->arena, 3, out->inner->zone);
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* --- one part changed -------------------------------------------------------------------------------------------- */

enum change { CHANGE_YEAR, CHANGE_MONTH, CHANGE_DAY, CHANGE_HOUR, CHANGE_MINUTE, CHANGE_SECOND };

/* Ticks of a time of any type, and how many are a second; dates count from their midnight. */
static int64_t ticks_of(const struct type *type, const struct timezone *zone, const void *value, int64_t *factor)
{
    *factor = 1;
    switch (type->kind) {
    case TYPE_DATE:
        return timezone_day_begin(zone, *(const uint16_t *)value);
    case TYPE_DATE32:
        return timezone_day_begin(zone, *(const int32_t *)value);
    case TYPE_DATETIME:
        return *(const uint32_t *)value;
    default:
        *factor = scale_factor(type->scale);
        return *(const int64_t *)value;
    }
}

static struct err *run_change(struct row_call *call, union row_value *out)
{
    const struct type *from = call->function->argument_types[0];
    const struct type *to = call->function->inner;
    const struct timezone *zone = zone_of(from, call->function->context);
    int64_t value = call->arguments[1].integer;
    struct moment m;
    int64_t factor;
    int64_t ticks = ticks_of(from, zone, call->arguments[0].value, &factor);
    int64_t seconds = floor_divide(ticks, factor);
    moment_of(zone, seconds, &m);
    struct parts p = {m.year, m.month, m.day, m.hour, m.minute, m.second, 0};
    int64_t *const changed[] = {&p.year, &p.month, &p.day, &p.hour, &p.minute, &p.second};
    static const int64_t least[] = {0, 1, 1, 0, 0, 0};
    static const int64_t most[] = {9999, 12, 31, 23, 59, 59};
    bool fits = value >= least[call->tag] && value <= most[call->tag];
    if (fits) {
        *changed[call->tag] = value;
    }
    int64_t days = days_of(&p);
    int64_t local = days * 86400 + p.hour * 3600 + p.minute * 60 + p.second;
    switch (to->kind) {
    case TYPE_DATE:
        out->integer = fits ? clamp_date(days) : 0;
        break;
    case TYPE_DATE32:
        out->integer = clamp_date32(fits ? days : INT32_MIN);
        break;
    case TYPE_DATETIME:
        out->integer = fits ? clamp_datetime(timezone_to_utc(zone, local)) : 0;
        break;
    default: {
        int64_t to_factor = scale_factor(to->scale);
        int64_t rest = floor_modulo(ticks, factor) * (to_factor / factor);
        int64_t first = (int64_t)civil_to_days(TICKS_YEAR_FIRST, 1, 1) * 86400;
        int64_t last = (int64_t)civil_to_days(TICKS_YEAR_LAST + 1, 1, 1) * 86400 - 1;
        if (!fits || p.year < TICKS_YEAR_FIRST) {
            local = first;
            rest = 0;
        } else if (p.year > TICKS_YEAR_LAST) {
            local = last;
            rest = to_factor - 1;
        }
        if (__builtin_mul_overflow(timezone_to_utc(zone, local), to_factor, &out->integer) ||
            __builtin_add_overflow(out->integer, rest, &out->integer)) {
            out->integer = INT64_MAX;
        }
    }
    }
    return NULL;
}

static struct err *resolve_change(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *type = bind->arguments[0].type;
    OR_DONE(row_resolve(bind, out));
    out->inner = bind->tag < CHANGE_HOUR     ? type
                 : type->kind == TYPE_DATE   ? type_datetime(bind->arena, NULL)
                 : type->kind == TYPE_DATE32 ? type_datetime64(bind->arena, 3, NULL)
                                             : type;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

/* --- names ------------------------------------------------------------------------------------------------------- */

static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
static const char *const day_names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
static const char *const name_parts[] = {"year", "quarter", "month", "dayofyear", "day",
                                         "week", "weekday", "hour",  "minute",    "second"};
#define NAME_PARTS     10U
#define NAME_PART_HOUR 7U

/* A call keeps the part's number and the zone, which are the same for all of its rows. */
struct naming {
    uint32_t part;
    const struct timezone *zone;
};

static bool name_part_of(struct slice name, uint32_t *part)
{
    for (*part = 0; *part < NAME_PARTS; ++*part) {
        if (strlen(name_parts[*part]) == name.length && strncasecmp(name_parts[*part], name.data, name.length) == 0) {
            return true;
        }
    }
    return false;
}

static struct err *naming_of(struct row_call *call, struct naming **out)
{
    struct err *err = NULL;
    *out = call->kept;
    if (*out == NULL) {
        uint32_t time = call->tag == 0 ? 0 : 1;
        *out = call->kept = ARENA_NEW(call->buffer.arena, struct naming);
        if (*out == NULL) {
            return arena_error(call->buffer.arena);
        }
        (*out)->part = 2;
        (*out)->zone = zone_of(call->function->argument_types[time], call->function->context);
        if (call->tag != 0) {
            (void)name_part_of(call->arguments[0].text, &(*out)->part); /* checked when bound */
        }
        if (call->count > 2) {
            OR_DONE(timezone_find(call->arguments[2].text, &(*out)->zone));
        }
    }
done:
    return err;
}

static struct err *run_date_name(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct naming *naming;
    struct moment m;
    int64_t factor;
    uint32_t time = call->tag == 0 ? 0 : 1;
    OR_DONE(naming_of(call, &naming));
    int64_t ticks = ticks_of(call->function->argument_types[time], naming->zone, call->arguments[time].value, &factor);
    moment_of(naming->zone, floor_divide(ticks, factor), &m);
    int32_t iso_year;
    uint32_t number = 0;
    switch (naming->part) {
    case 0:
        number = (uint32_t)m.year;
        break;
    case 1:
        number = (m.month - 1) / 3 + 1;
        break;
    case 2:
        out->text = slice_text(month_names[m.month - 1]);
        return NULL;
    case 3:
        number = civil_day_of_year(m.days);
        break;
    case 4:
        number = m.day;
        break;
    case 5:
        number = civil_iso_week(m.days, &iso_year);
        break;
    case 6:
        out->text = slice_text(day_names[civil_weekday(m.days) - 1]);
        return NULL;
    default:
        number = naming->part == NAME_PART_HOUR ? m.hour : naming->part == NAME_PART_HOUR + 1 ? m.minute : m.second;
    }
    char *to = row_room(call, 12, &err);
    if (to != NULL) {
        out->text = text_taken(&call->buffer, (size_t)snprintf(to, 12, "%u", number));
    }
done:
    return err;
}

static struct err *resolve_date_name(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice name;
    uint32_t part;
    OR_DONE(row_resolve(bind, out));
    OR_DONE(argument_constant_text(bind, 0, &name));
    if (!name_part_of(name, &part)) {
        return err_new(ERR_BAD_ARGUMENTS, "Invalid date part %.*s for function dateName", SLICE_ARG(name));
    }
    enum type_kind kind = bind->arguments[1].type->kind;
    if (part >= NAME_PART_HOUR && (kind == TYPE_DATE || kind == TYPE_DATE32)) {
        return argument_error(bind, 1, "DateTime or DateTime64 is needed");
    }
done:
    return err;
}

/* --- age --------------------------------------------------------------------------------------------------------- */

struct age {
    enum interval_unit unit;
    const struct timezone *zones[2];
};

/* A time and what it is made of, for comparing what lies below a unit. */
struct aged {
    struct moment moment;
    int64_t seconds, nanoseconds;
};

/* Is what `a` has below the unit more than what b has? As ClickHouse compares, which does not look at every part: of
 * weeks the day of both as they were given (x, y), not as they follow each other. */
static bool is_more_below(enum interval_unit unit, const struct aged *a, const struct aged *b, uint32_t x_weekday,
                          uint32_t y_weekday)
{
    const struct moment *m = &a->moment, *n = &b->moment;
    int64_t parts[2][7] = {{(m->month - 1) % 3, m->day, m->hour, m->minute, m->second, a->nanoseconds / 1000000,
                            a->nanoseconds / 1000 % 1000},
                           {(n->month - 1) % 3, n->day, n->hour, n->minute, n->second, b->nanoseconds / 1000000,
                            b->nanoseconds / 1000 % 1000}};
    static const int first[] = {
        [INTERVAL_NANOSECOND] = 7, [INTERVAL_MICROSECOND] = 7, [INTERVAL_MILLISECOND] = 6, [INTERVAL_SECOND] = 5,
        [INTERVAL_MINUTE] = 4,     [INTERVAL_HOUR] = 3,        [INTERVAL_DAY] = 2,         [INTERVAL_WEEK] = 2,
        [INTERVAL_MONTH] = 1,      [INTERVAL_QUARTER] = 0,     [INTERVAL_YEAR] = 0};
    if (unit == INTERVAL_YEAR) {
        parts[0][0] = m->month;
        parts[1][0] = n->month;
    } else if (unit == INTERVAL_WEEK && (x_weekday > y_weekday || (x_weekday == y_weekday && m->hour > n->hour))) {
        return true;
    } else if (unit == INTERVAL_WEEK && m->hour != n->hour) {
        return false;
    }
    for (int p = first[unit]; p < 7; p++) {
        if (parts[0][p] != parts[1][p]) {
            return parts[0][p] > parts[1][p];
        }
    }
    return false;
}

static int64_t age_row(const struct age *age, const struct type *const types[2], const void *const values[2])
{
    struct aged aged[2];
    int64_t numbers[2];
    for (int i = 0; i < 2; i++) {
        int64_t factor;
        int64_t ticks = ticks_of(types[i], age->zones[i], values[i], &factor);
        aged[i].seconds = floor_divide(ticks, factor);
        aged[i].nanoseconds = floor_modulo(ticks, factor) * (1000000000 / factor);
        moment_of(age->zones[i], aged[i].seconds, &aged[i].moment);
        numbers[i] = interval_number(types[i], age->zones[i],
                                     types[i]->kind == TYPE_DATE     ? *(const uint16_t *)values[i]
                                     : types[i]->kind == TYPE_DATE32 ? *(const int32_t *)values[i]
                                                                     : ticks,
                                     age->unit);
    }
    bool back = aged[0].seconds > aged[1].seconds ||
                (aged[0].seconds == aged[1].seconds && aged[0].nanoseconds > aged[1].nanoseconds);
    if (is_more_below(age->unit, &aged[back], &aged[!back], civil_weekday(aged[0].moment.days),
                      civil_weekday(aged[1].moment.days))) {
        return numbers[1] - numbers[0] + (back ? 1 : -1);
    }
    return numbers[1] - numbers[0];
}

static struct err *evaluate_age(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        const void *values[2];
        for (int a = 0; a < 2; a++) {
            const struct column *column = arguments[a + 1];
            values[a] = (const char *)column->values + (size_t)i * column_step(column) * column->type->width;
        }
        ((int64_t *)made->values)[i] = age_row(function->data, function->argument_types + 1, values);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_age(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice name;
    struct age *age = ARENA_NEW(bind->arena, struct age);
    if (age == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_constant_text(bind, 0, &name));
    if (!interval_unit_parse(name, &age->unit)) {
        return err_new(ERR_BAD_ARGUMENTS, "Function age does not support '%.*s' unit", SLICE_ARG(name));
    }
    OR_DONE(argument_time(bind, 1));
    OR_DONE(argument_time(bind, 2));
    for (uint32_t i = 0; i < 2; i++) {
        age->zones[i] = zone_of(bind->arguments[i + 1].type, bind->context);
        if (bind->count == 4) {
            OR_DONE(argument_constant_text(bind, 3, &name));
            OR_DONE(timezone_find(name, &age->zones[i]));
        }
    }
    out->inner = type_simple(TYPE_INT64);
    out->evaluate = evaluate_age;
    out->data = age;
done:
    return err;
}

static const struct function_definition definitions[] = {{"age", true, 3, 4, 0, resolve_age, 0}};

#define BOUND(name, any_case, least, most, flags, resolve, tag, shape, result, length, run, about)                     \
    {                                                                                                                  \
        {name, any_case, least, most, flags, resolve, tag}, shape, result, length, run, about                          \
    }
#define CHANGE(name, tag, about) BOUND(name, false, 2, 2, 0, resolve_change, tag, "ti", TYPE_DATE, 0, run_change, about)
static const struct row_function rows[] = {
    ROW("makeDate", true, 2, 3, 0, "fff", TYPE_DATE, run_make_date, "A date of year, month and day, or year and day."),
    ROW("makeDate32", true, 2, 3, 0, "fff", TYPE_DATE32, run_make_date, "As makeDate, as Date32."),
    BOUND("makeDateTime", true, 6, 7, 0, resolve_make_time, 0, "ffffffS", TYPE_DATETIME, 0, run_make_time,
          "A time of year, month, day, hour, minute and second, and perhaps zone."),
    BOUND("makeDateTime64", true, 6, 9, 0, resolve_make_time, 1, "fffffffIS", TYPE_INT64, 0, run_make_time,
          "As makeDateTime, with ticks, precision and zone, as DateTime64."),
    ROW("YYYYMMDDToDate", true, 1, 1, 0, "f", TYPE_DATE, run_digits, "A date of a number such as 20260131."),
    ROW("YYYYMMDDToDate32", true, 1, 1, 0, "f", TYPE_DATE32, run_digits, "As YYYYMMDDToDate, as Date32."),
    BOUND("YYYYMMDDhhmmssToDateTime", true, 1, 2, 0, resolve_digits, 0, "fS", TYPE_DATETIME, 0, run_digits,
          "A time of a number such as 20260131235959."),
    BOUND("YYYYMMDDhhmmssToDateTime64", false, 1, 3, 0, resolve_digits, 1, "fIS", TYPE_INT64, 0, run_digits,
          "As YYYYMMDDhhmmssToDateTime, as DateTime64."),
    ROW_FULL("toModifiedJulianDay", false, 1, 1, FUNCTION_CAN_FAIL, 0, "s", TYPE_INT32, 0, run_to_julian,
             "The modified Julian day of a date's text."),
    ROW_FULL("toModifiedJulianDayOrNull", false, 1, 1, 0, 1, "s", TYPE_INT32, ROW_NULLS, run_to_julian,
             "As toModifiedJulianDay; NULL for what is no date."),
    ROW_FULL("fromModifiedJulianDay", false, 1, 1, FUNCTION_CAN_FAIL, 0, "i", TYPE_STRING, 0, run_from_julian,
             "The date of a modified Julian day, as text."),
    ROW_FULL("fromModifiedJulianDayOrNull", false, 1, 1, 0, 1, "i", TYPE_STRING, ROW_NULLS, run_from_julian,
             "As fromModifiedJulianDay; NULL outside the years 0 to 9999."),
    ROW_FULL("fromDaysSinceYearZero", false, 1, 1, FUNCTION_CAN_FAIL, 0, "i", TYPE_DATE, 0, run_from_year_zero,
             "The date so many days after 0000-01-01."),
    ROW_FULL("fromDaysSinceYearZero32", false, 1, 1, FUNCTION_CAN_FAIL, 0, "i", TYPE_DATE32, 0, run_from_year_zero,
             "As fromDaysSinceYearZero, as Date32."),
    BOUND("snowflakeIDToDateTime", false, 1, 3, 0, resolve_from_snowflake, 0, "uUS", TYPE_DATETIME, 0,
          run_from_snowflake, "The time in a Snowflake ID."),
    BOUND("snowflakeIDToDateTime64", false, 1, 3, 0, resolve_from_snowflake, 1, "uUS", TYPE_INT64, 0,
          run_from_snowflake, "The time in a Snowflake ID, as DateTime64(3)."),
    BOUND("dateTimeToSnowflakeID", false, 1, 2, 0, resolve_to_snowflake, 0, "tI", TYPE_UINT64, 0, run_to_snowflake,
          "The first Snowflake ID of a second."),
    BOUND("dateTime64ToSnowflakeID", false, 1, 2, 0, resolve_to_snowflake, 1, "tI", TYPE_UINT64, 0, run_to_snowflake,
          "The first Snowflake ID of a millisecond."),
    BOUND("UUIDv7ToDateTime", false, 1, 2, 0, resolve_uuid_time, 0, "vS", TYPE_INT64, 0, run_uuid_time,
          "The time in a UUID of version 7."),
    CHANGE("changeYear", CHANGE_YEAR, "The time in another year."),
    CHANGE("changeMonth", CHANGE_MONTH, "The time in another month of its year."),
    CHANGE("changeDay", CHANGE_DAY, "The time on another day of its month."),
    CHANGE("changeHour", CHANGE_HOUR, "The time in another hour of its day."),
    CHANGE("changeMinute", CHANGE_MINUTE, "The time in another minute of its hour."),
    CHANGE("changeSecond", CHANGE_SECOND, "The time in another second of its minute."),
    ROW("monthName", true, 1, 1, 0, "t", TYPE_STRING, run_date_name, "The English name of a time's month."),
    BOUND("dateName", true, 2, 3, 0, resolve_date_name, 1, "StS", TYPE_STRING, 0, run_date_name,
          "A part of a time as text, months and weekdays by their names."),
};
static const struct function_alias aliases[] = {
    {"FROM_DAYS", true, "fromDaysSinceYearZero"},
};
const struct function_group functions_date_make = {definitions, sizeof(definitions) / sizeof(definitions[0]),
                                                   aliases,     sizeof(aliases) / sizeof(aliases[0]),
                                                   rows,        sizeof(rows) / sizeof(rows[0])};
