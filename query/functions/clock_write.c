/*
 * clock_write.c: times into texts by Joda's pattern (MySQL's: clock_text.c).
 *
 * thread   any, no shared state
 */
#include "query/functions/clock_pattern.h"
#include "query/functions/row.h"
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/timezone.h"

#include <stdio.h>

/* What a number of seconds is cut to: the years 0000 to 2299, and narrow ones to 32 bits, as ClickHouse does. */
#define SECONDS_LEAST (-62167219200LL)
#define SECONDS_MOST  10413791999LL

static size_t put_padded(char *to, int64_t value, uint32_t digits)
{
    return (size_t)sprintf(to, "%0*lld", (int)(digits > 64 ? 64 : digits), (long long)value);
}

/* Room is 72 bytes a piece beyond its literal. */
static size_t put_piece(const struct pattern *pattern, const struct piece *piece, const struct moment *m,
                        int64_t nanoseconds, char *to)
{
    uint32_t n = piece->least;
    int32_t iso_year;
    uint32_t iso_week = civil_iso_week(m->days, &iso_year);
    uint32_t weekday = civil_weekday(m->days);
    switch (piece->item) {
    case LITERAL:
        memcpy(to, piece->literal.data, piece->literal.length);
        return piece->literal.length;
    case YEAR:
        return put_padded(to, m->year, n);
    case YEAR_SHORT:
        return put_padded(to, m->year % 100, 2);
    case CENTURY:
        return put_padded(to, m->year / 100, n);
    case ERA:
        return (size_t)sprintf(to, "%s", m->year > 0 ? "AD" : "BC");
    case MONTH:
        return put_padded(to, m->month, n);
    case MONTH_NAME:
        return (size_t)sprintf(to, "%s", month_names[m->month - 1]);
    case MONTH_SHORT:
        return (size_t)sprintf(to, "%.3s", month_names[m->month - 1]);
    case DAY:
        return put_padded(to, m->day, n);
    case DAY_OF_YEAR:
        return put_padded(to, civil_day_of_year(m->days), n);
    case WEEKDAY:
        return put_padded(to, weekday, n);
    case WEEKDAY_NAME:
        return (size_t)sprintf(to, "%s", day_names[weekday - 1]);
    case WEEKDAY_SHORT:
        return (size_t)sprintf(to, "%.3s", day_names[weekday - 1]);
    case ISO_YEAR:
        return put_padded(to, iso_year, n);
    case ISO_WEEK:
        return put_padded(to, iso_week, n);
    case HOUR:
        return put_padded(to, m->hour, n);
    case HOUR_1_24:
        return put_padded(to, m->hour == 0 ? 24 : m->hour, n);
    case HOUR_0_11:
        return put_padded(to, m->hour % 12, n);
    case HOUR_1_12:
        return put_padded(to, m->hour % 12 == 0 ? 12 : m->hour % 12, n);
    case MINUTE:
        return put_padded(to, m->minute, n);
    case SECOND:
        return put_padded(to, m->second, n);
    case FRACTION: {
        char digits[16];
        uint32_t count = n > 64 ? 64 : n;
        (void)snprintf(digits, sizeof(digits), "%09lld", (long long)nanoseconds);
        for (uint32_t i = 0; i < count; i++) {
            to[i] = i < 9 ? digits[i] : '0';
        }
        return count;
    }
    case HALF_OF_DAY:
        return (size_t)sprintf(to, "%s", m->hour < 12 ? "AM" : "PM");
    default:
        return (size_t)snprintf(to, 64, "%s", timezone_name(pattern->zone));
    }
}

static struct err *evaluate_write(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pattern *pattern = function->data;
    const struct type *type = function->argument_types[0];
    const struct column *times = column_numbers(arena, arguments[0], TYPE_INT64);
    struct text_buffer buffer = {arena, NULL, 0};
    int64_t factor = type->kind == TYPE_DATETIME64 ? scale_factor(type->scale) : 1;
    bool days = type->kind == TYPE_DATE || type->kind == TYPE_DATE32;
    bool wide = type_is_integer(type);
    size_t room = 1;
    struct column *made;
    if (times == NULL) {
        return arena_error(arena);
    }
    for (uint32_t p = 0; p < pattern->count; p++) {
        room += pattern->pieces[p].literal.length + 72;
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t time = VALUE_AT(times, int64_t, i);
        if (wide && type->width < 8) {
            time = (uint32_t)time;
        } else if (wide) {
            time = time < SECONDS_LEAST ? SECONDS_LEAST : time > SECONDS_MOST ? SECONDS_MOST : time;
        }
        int64_t seconds = days ? timezone_day_begin(pattern->zone, time) : time / factor - (time % factor < 0);
        int64_t nanoseconds = days ? 0 : floor_modulo(time, factor) * (1000000000 / factor);
        struct moment m;
        char *to = text_room(&buffer, room);
        size_t length = 0;
        if (to == NULL) {
            return arena_error(arena);
        }
        moment_of(pattern->zone, seconds, &m);
        for (uint32_t p = 0; p < pattern->count; p++) {
            length += put_piece(pattern, &pattern->pieces[p], &m, nanoseconds, to + length);
        }
        ((struct slice *)made->values)[i] = text_taken(&buffer, length);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_write(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct pattern *pattern;
    if ((bind->tag & WIDE) != 0) { /* of seconds since the epoch */
        OR_DONE(argument_integer(bind, 0));
    } else {
        OR_DONE(argument_time(bind, 0));
    }
    OR_DONE(pattern_compile(bind, 1, false, &pattern));
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_write;
    out->data = pattern;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"formatDateTimeInJodaSyntax", false, 2, 3, 0, resolve_write, JODA},
    {"fromUnixTimestampInJodaSyntax", false, 2, 3, 0, resolve_write, JODA | WIDE},
};
const struct function_group functions_clock_write = GROUP_WITHOUT_ALIASES(definitions);
