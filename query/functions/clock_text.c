/*
 * clock_text.c: times as text and back: formatDateTime; parseDateTimeBestEffort, which takes them as people write them.
 *
 * thread   any, no shared state
 */
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/timezone.h"
#include "format/best_effort.h"

#include <stdio.h>
#include <strings.h>

/* --- formatDateTime ---------------------------------------------------------------------------------------------- */

struct format {
    struct slice text;
    const struct timezone *zone;
};

static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
static const char *const day_names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static size_t format_one(const struct format *format, int64_t seconds, int64_t ticks, uint32_t scale, char *to)
{
    struct moment m;
    char *at = to;
    moment_of(format->zone, seconds, &m);
    uint32_t weekday = civil_weekday(m.days);
    uint32_t hour12 = m.hour % 12 == 0 ? 12 : m.hour % 12;
    int32_t iso_year;
    uint32_t iso_week = civil_iso_week(m.days, &iso_year);
    for (size_t i = 0; i < format->text.length; i++) {
        char c = format->text.data[i];
        if (c != '%' || i + 1 == format->text.length) {
            *at++ = c;
            continue;
        }
        switch (format->text.data[++i]) {
        case 'a':
            at += sprintf(at, "%.3s", day_names[weekday - 1]);
            break;
        case 'W':
            at += sprintf(at, "%s", day_names[weekday - 1]);
            break;
        case 'b':
            at += sprintf(at, "%.3s", month_names[m.month - 1]);
            break;
        case 'M':
            at += sprintf(at, "%s", month_names[m.month - 1]);
            break;
        case 'c':
        case 'm':
            at += sprintf(at, "%02u", m.month);
            break;
        case 'C':
            at += sprintf(at, "%02d", m.year / 100);
            break;
        case 'd':
            at += sprintf(at, "%02u", m.day);
            break;
        case 'e':
            at += sprintf(at, "%u", m.day);
            break;
        case 'D':
            at += sprintf(at, "%02u/%02u/%02d", m.month, m.day, m.year % 100);
            break;
        case 'f':
            at += scale == 0 ? 0 : sprintf(at, "%0*lld", (int)scale, (long long)ticks);
            for (uint32_t digit = scale; digit < 6; digit++) { /* microseconds at least */
                *at++ = '0';
            }
            break;
        case 'F':
            at += sprintf(at, "%04d-%02u-%02u", m.year, m.month, m.day);
            break;
        case 'G':
            at += sprintf(at, "%04d", iso_year);
            break;
        case 'g':
            at += sprintf(at, "%02d", iso_year % 100);
            break;
        case 'V':
            at += sprintf(at, "%02u", iso_week);
            break;
        case 'h':
        case 'I':
            at += sprintf(at, "%02u", hour12);
            break;
        case 'k':
            at += sprintf(at, "%2u", m.hour);
            break;
        case 'l':
            at += sprintf(at, "%2u", hour12);
            break;
        case 'H':
            at += sprintf(at, "%02u", m.hour);
            break;
        case 'i':
            at += sprintf(at, "%02u", m.minute);
            break;
        case 'j':
            at += sprintf(at, "%03u", civil_day_of_year(m.days));
            break;
        case 'n':
            *at++ = '\n';
            break;
        case 't':
            *at++ = '\t';
            break;
        case 'p':
            at += sprintf(at, "%s", m.hour < 12 ? "AM" : "PM");
            break;
        case 'Q':
            at += sprintf(at, "%u", (m.month - 1) / 3 + 1);
            break;
        case 'r':
            at += sprintf(at, "%02u:%02u %s", hour12, m.minute, m.hour < 12 ? "AM" : "PM");
            break;
        case 'R':
            at += sprintf(at, "%02u:%02u", m.hour, m.minute);
            break;
        case 's':
        case 'S':
            at += sprintf(at, "%02u", m.second);
            break;
        case 'T':
            at += sprintf(at, "%02u:%02u:%02u", m.hour, m.minute, m.second);
            break;
        case 'u':
            at += sprintf(at, "%u", weekday);
            break;
        case 'w':
            at += sprintf(at, "%u", weekday % 7);
            break;
        case 'y':
            at += sprintf(at, "%02d", m.year % 100);
            break;
        case 'Y':
            at += sprintf(at, "%04d", m.year);
            break;
        case 'z': {
            int32_t offset = timezone_offset(format->zone, seconds);
            uint32_t size = (uint32_t)(offset < 0 ? -offset : offset);
            at += sprintf(at, "%c%02u%02u", offset < 0 ? '-' : '+', size / 3600, size / 60 % 60);
            break;
        }
        default:
            *at++ = format->text.data[i];
        }
    }
    return (size_t)(at - to);
}

static struct err *evaluate_format(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct format *format = function->data;
    const struct type *type = function->argument_types[0];
    const struct column *times = column_numbers(arena, arguments[0], TYPE_INT64);
    struct text_buffer buffer = {arena, NULL, 0};
    int64_t factor = type->kind == TYPE_DATETIME64 ? scale_factor(type->scale) : 1;
    bool days = type->kind == TYPE_DATE || type->kind == TYPE_DATE32;
    struct column *made;
    if (times == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t time = VALUE_AT(times, int64_t, i);
        int64_t seconds = days ? timezone_day_begin(format->zone, time) : time / factor - (time % factor < 0);
        char *to = text_room(&buffer, format->text.length * 12 + 32);
        if (to == NULL) {
            return arena_error(arena);
        }
        size_t length = format_one(format, seconds, days ? 0 : floor_modulo(time, factor),
                                   type->kind == TYPE_DATETIME64 ? type->scale : 0, to);
        ((struct slice *)made->values)[i] = text_taken(&buffer, length);
    }
    *out = made;
done:
    return err;
}

struct err *clock_format_resolve(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct format *format = ARENA_NEW(bind->arena, struct format);
    if (format == NULL) {
        return arena_error(bind->arena);
    }
    if (!type_is_integer(bind->arguments[0].type) || strncmp(bind->name, "fromUnix", 8) != 0) {
        OR_DONE(argument_time(bind, 0));
    }
    format->zone = zone_of(bind->arguments[0].type, bind->context);
    OR_DONE(argument_constant_text(bind, 1, &format->text));
    if (format->text.length > 4096) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "the format of %s is longer than 4096 bytes", bind->name);
    }
    for (size_t i = 0; i < format->text.length; i++) {
        if (format->text.data[i] == '%') {
            i++;
            if (i == format->text.length ||
                strchr("aWbMcmCdeDfFGgVhIHkijlntpQrRsSTuwyYz%", format->text.data[i]) == NULL) {
                return err_new(ERR_BAD_ARGUMENTS, "function %s does not know the format '%%%c'", bind->name,
                               i == format->text.length ? ' ' : format->text.data[i]);
            }
        }
    }
    if (bind->count == 3) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, 2, &name));
        OR_DONE(timezone_find(name, &format->zone));
    }
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_format;
    out->data = format;
done:
    return err;
}

/* --- parseDateTimeBestEffort ------------------------------------------------------------------------------------- */

enum { EFFORT_PLAIN, EFFORT_NULL, EFFORT_ZERO, EFFORT_US = 4, EFFORT_64 = 8 };

struct effort {
    int tag;
    const struct timezone *zone;
};

static struct err *evaluate_effort(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct effort *effort = function->data;
    const struct column *texts = column_strings(arena, arguments[0]);
    struct column *made;
    if (texts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i);
        int64_t ticks = 0;
        bool ok = value_best_effort(text, effort->zone, function->inner->scale, (effort->tag & EFFORT_US) != 0, &ticks);
        if (!ok) {
            ticks = 0;
            if ((effort->tag & 3) == EFFORT_PLAIN) {
                return err_new(ERR_CANNOT_PARSE_DATETIME, "Cannot read DateTime: '%.*s' is in no known format",
                               (int)(text.length > 200 ? 200 : text.length), text.length > 0 ? text.data : "");
            }
            if ((effort->tag & 3) == EFFORT_NULL) {
                made->nulls[i] = 1;
            }
        }
        if (function->inner->kind == TYPE_DATETIME) {
            ((uint32_t *)made->values)[i] = clamp_datetime(ticks);
        } else {
            ((int64_t *)made->values)[i] = ticks;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_effort(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct effort *effort = ARENA_NEW(bind->arena, struct effort);
    const struct timezone *zone = NULL;
    struct type plain = {0};
    int64_t scale = 3;
    uint32_t next = 1;
    if (effort == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_string(bind, 0));
    if ((bind->tag & EFFORT_64) != 0 && bind->count > 1) {
        OR_DONE(argument_constant_int(bind, 1, &scale));
        if (scale < 0 || scale > 9) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "scale %lld of DateTime64 is out of bounds: 0 to 9",
                           (long long)scale);
        }
        next = 2;
    }
    if (next < bind->count) {
        struct slice name;
        OR_DONE(argument_constant_text(bind, next, &name));
        OR_DONE(timezone_find(name, &zone));
    }
    effort->tag = bind->tag;
    effort->zone = zone != NULL ? zone : zone_of(&plain, bind->context);
    out->inner = (bind->tag & EFFORT_64) != 0 ? type_datetime64(bind->arena, (uint8_t)scale, zone)
                                              : type_datetime(bind->arena, zone);
    if (out->inner != NULL && (bind->tag & 3) == EFFORT_NULL) {
        out->inner = type_nullable(bind->arena, out->inner, true);
    }
    out->evaluate = evaluate_effort;
    out->data = effort;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"formatDateTime", false, 2, 3, 0, clock_format_resolve, 0},
    {"parseDateTimeBestEffort", false, 1, 2, FUNCTION_CAN_FAIL, resolve_effort, EFFORT_PLAIN},
    {"parseDateTimeBestEffortOrNull", false, 1, 2, 0, resolve_effort, EFFORT_NULL},
    {"parseDateTimeBestEffortOrZero", false, 1, 2, 0, resolve_effort, EFFORT_ZERO},
    {"parseDateTimeBestEffortUS", false, 1, 2, FUNCTION_CAN_FAIL, resolve_effort, EFFORT_US},
    {"parseDateTimeBestEffortUSOrNull", false, 1, 2, 0, resolve_effort, EFFORT_US | EFFORT_NULL},
    {"parseDateTimeBestEffortUSOrZero", false, 1, 2, 0, resolve_effort, EFFORT_US | EFFORT_ZERO},
    {"parseDateTime64BestEffortUS", false, 1, 3, FUNCTION_CAN_FAIL, resolve_effort, EFFORT_64 | EFFORT_US},
    {"parseDateTime64BestEffortUSOrNull", false, 1, 3, 0, resolve_effort, EFFORT_64 | EFFORT_US | EFFORT_NULL},
    {"parseDateTime64BestEffortUSOrZero", false, 1, 3, 0, resolve_effort, EFFORT_64 | EFFORT_US | EFFORT_ZERO},
    {"parseDateTime64BestEffort", false, 1, 3, FUNCTION_CAN_FAIL, resolve_effort, EFFORT_64},
    {"parseDateTime64BestEffortOrNull", false, 1, 3, 0, resolve_effort, EFFORT_64 | EFFORT_NULL},
    {"parseDateTime64BestEffortOrZero", false, 1, 3, 0, resolve_effort, EFFORT_64 | EFFORT_ZERO},
};
static const struct function_alias aliases[] = {
    {"DATE_FORMAT", true, "formatDateTime"},
    {"parseDateTime32BestEffort", false, "parseDateTimeBestEffort"},
    {"parseDateTime32BestEffortOrNull", false, "parseDateTimeBestEffortOrNull"},
    {"parseDateTime32BestEffortOrZero", false, "parseDateTimeBestEffortOrZero"},
};
const struct function_group functions_clock_text = GROUP_OF(definitions, aliases);
