/*
 * clock_parse.c: times out of texts by a pattern: parseDateTime and its kin.
 *
 * default  without a date 1970-01-01; without a year 2000, without month or day the first
 * thread   any, no shared state
 */
#include "query/functions/clock_pattern.h"
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/timezone.h"

#include <strings.h>

struct found {
    int64_t year, month, day, century, day_of_year, weekday, iso_year, iso_week;
    int64_t hour, minute, second, fraction, offset;
    bool has_year, has_month, has_day, has_century, has_day_of_year, has_weekday, has_iso_year, has_iso_week;
    bool has_offset, half_hour, is_pm, has_half;
};

static bool take_number(const char **at, const char *end, uint32_t least, uint32_t most, int64_t *out)
{
    uint32_t count = 0;
    *out = 0;
    while (*at < end && count < most && **at >= '0' && **at <= '9') {
        *out = *out * 10 + (*(*at)++ - '0');
        count++;
    }
    return count >= least && count > 0;
}

static bool take_name(const char **at, const char *end, const char *const *names, uint32_t count, bool abbreviated,
                      bool either, int64_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t whole = strlen(names[i]);
        size_t left = (size_t)(end - *at);
        if (!abbreviated && left >= whole && strncasecmp(*at, names[i], whole) == 0) {
            *at += whole;
            *out = i + 1;
            return true;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if ((abbreviated || either) && end - *at >= 3 && strncasecmp(*at, names[i], 3) == 0) {
            *at += 3;
            *out = i + 1;
            return true;
        }
    }
    return false;
}

static bool take_offset(const char **at, const char *end, int64_t *out)
{
    int64_t hours;
    int64_t minutes;
    if (end - *at < 5 || (**at != '+' && **at != '-')) {
        return false;
    }
    bool minus = *(*at)++ == '-';
    if (!take_number(at, end, 2, 2, &hours)) {
        return false;
    }
    *at += *at < end && **at == ':';
    if (!take_number(at, end, 2, 2, &minutes) || minutes > 59) {
        return false;
    }
    *out = (hours * 3600 + minutes * 60) * (minus ? -1 : 1);
    return true;
}

static bool take_piece(const struct piece *piece, bool joda, const char **at, const char *end, struct found *f)
{
    /* Joda's counts of letters are for writing: one digit is enough */
    uint32_t least = joda && piece->item != FRACTION && piece->item != YEAR_SHORT ? 1 : piece->least;
    const char *begin = *at;
    switch (piece->item) {
    case LITERAL:
        if ((size_t)(end - *at) < piece->literal.length ||
            memcmp(*at, piece->literal.data, piece->literal.length) != 0) {
            return false;
        }
        *at += piece->literal.length;
        return true;
    case YEAR:
        f->has_year = true;
        return take_number(at, end, least, piece->most, &f->year);
    case YEAR_SHORT:
        f->has_year = true;
        if (!take_number(at, end, 2, 2, &f->year)) {
            return false;
        }
        f->year += f->has_century ? f->century * 100 : f->year < 70 ? 2000 : 1900;
        return true;
    case CENTURY:
        f->has_century = true;
        if (!take_number(at, end, least, piece->most, &f->century)) {
            return false;
        }
        f->year = f->century * 100;
        f->has_year = true;
        return true;
    case ERA:
        if (end - *at < 2 || (strncasecmp(*at, "AD", 2) != 0 && strncasecmp(*at, "CE", 2) != 0)) {
            return false;
        }
        *at += 2;
        return true;
    case MONTH:
        f->has_month = true;
        return take_number(at, end, least, piece->most, &f->month) && f->month >= 1 && f->month <= 12;
    case MONTH_NAME:
    case MONTH_SHORT:
        f->has_month = true;
        return take_name(at, end, month_names, 12, piece->item == MONTH_SHORT && !joda, joda, &f->month);
    case DAY:
        while (!joda && piece->least == 1 && *at < end && **at == ' ') { /* %e is padded with spaces */
            ++*at;
        }
        f->has_day = true;
        return take_number(at, end, least, piece->most, &f->day) && f->day >= 1 && f->day <= 31;
    case DAY_OF_YEAR:
        f->has_day_of_year = true;
        return take_number(at, end, least, piece->most, &f->day_of_year) && f->day_of_year >= 1 &&
               f->day_of_year <= 366;
    case WEEKDAY:
        f->has_weekday = true;
        return take_number(at, end, 1, 1, &f->weekday) && f->weekday >= 1 && f->weekday <= 7;
    case WEEKDAY_ZERO:
        f->has_weekday = take_number(at, end, 1, 1, &f->weekday) && f->weekday <= 6;
        f->weekday = f->weekday == 0 ? 7 : f->weekday;
        return f->has_weekday;
    case WEEKDAY_NAME:
    case WEEKDAY_SHORT:
        f->has_weekday = true;
        return take_name(at, end, day_names, 7, piece->item == WEEKDAY_SHORT && !joda, joda, &f->weekday);
    case ISO_YEAR:
        f->has_iso_year = true;
        return take_number(at, end, least, piece->most, &f->iso_year);
    case ISO_WEEK:
        f->has_iso_week = true;
        return take_number(at, end, least, piece->most, &f->iso_week) && f->iso_week >= 1 && f->iso_week <= 53;
    case HOUR:
        f->half_hour = false;
        return take_number(at, end, least, piece->most, &f->hour) && f->hour <= 23;
    case HOUR_1_24:
        f->half_hour = false;
        if (!take_number(at, end, least, piece->most, &f->hour) || f->hour < 1 || f->hour > 24) {
            return false;
        }
        f->hour %= 24;
        return true;
    case HOUR_0_11:
        f->half_hour = true;
        return take_number(at, end, least, piece->most, &f->hour) && f->hour <= 11;
    case HOUR_1_12:
        f->half_hour = true;
        if (!take_number(at, end, least, piece->most, &f->hour) || f->hour < 1 || f->hour > 12) {
            return false;
        }
        f->hour %= 12;
        return true;
    case MINUTE:
        return take_number(at, end, least, piece->most, &f->minute) && f->minute <= 59;
    case SECOND:
        return take_number(at, end, least, piece->most, &f->second) && f->second <= 59;
    case FRACTION:
        if (!take_number(at, end, least, piece->most, &f->fraction)) {
            return false;
        }
        for (int64_t digits = *at - begin; digits < 9; digits++) {
            f->fraction *= 10;
        }
        return true;
    case HALF_OF_DAY:
        if (end - *at < 2 || (strncasecmp(*at, "AM", 2) != 0 && strncasecmp(*at, "PM", 2) != 0)) {
            return false;
        }
        f->has_half = true;
        f->is_pm = (**at | 0x20) == 'p';
        *at += 2;
        return true;
    case ZONE_OFFSET:
        f->has_offset = true;
        return take_offset(at, end, &f->offset);
    default:
        return false;
    }
}

static bool days_of(const struct found *f, int64_t *days)
{
    if (f->has_iso_year || f->has_iso_week || (f->has_weekday && !f->has_month && !f->has_day && !f->has_year)) {
        int64_t year = f->has_iso_year ? f->iso_year : 2000;
        int64_t week = f->has_iso_week ? f->iso_week : 1;
        int32_t fourth = civil_to_days((int32_t)year, 1, 4);
        int64_t monday = fourth - (int32_t)civil_weekday(fourth) + 1;
        *days = monday + (week - 1) * 7 + (f->has_weekday ? f->weekday - 1 : 0);
        return year >= 1 && year <= 9999;
    }
    bool any = f->has_year || f->has_month || f->has_day || f->has_day_of_year;
    int64_t year = f->has_year ? f->year : any ? 2000 : 1970;
    if (year < 1 || year > 9999) {
        return false;
    }
    if (f->has_day_of_year) {
        *days = civil_to_days((int32_t)year, 1, 1) + f->day_of_year - 1;
        return f->day_of_year <= (civil_is_leap((int32_t)year) ? 366 : 365);
    }
    int64_t month = f->has_month ? f->month : 1;
    int64_t day = f->has_day ? f->day : 1;
    *days = civil_to_days((int32_t)year, (uint32_t)month, (uint32_t)day);
    return day <= (int64_t)civil_days_in_month((int32_t)year, (uint32_t)month);
}

static bool parse(const struct pattern *pattern, struct slice text, int64_t *ticks)
{
    struct found f = {0};
    const char *at = text.data;
    const char *end = at + text.length;
    int64_t days;
    bool joda = (pattern->tag & JODA) != 0;
    for (uint32_t p = 0; p < pattern->count; p++) {
        if (!take_piece(&pattern->pieces[p], joda, &at, end, &f)) {
            return false;
        }
    }
    if (at != end || !days_of(&f, &days)) {
        return false;
    }
    int64_t hour = f.half_hour && f.is_pm ? f.hour + 12 : f.hour;
    int64_t local = days * 86400 + hour * 3600 + f.minute * 60 + f.second;
    int64_t seconds = f.has_offset ? local - f.offset : timezone_to_utc(pattern->zone, local);
    if (pattern->scale == 0) {
        *ticks = seconds;
        return seconds >= 0 && seconds <= UINT32_MAX;
    }
    int64_t factor = scale_factor(pattern->scale);
    return !__builtin_mul_overflow(seconds, factor, ticks) &&
           !__builtin_add_overflow(*ticks, f.fraction / scale_factor(9 - pattern->scale), ticks);
}

static struct err *evaluate_parse(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pattern *pattern = function->data;
    const struct column *texts = column_strings(arena, arguments[0]);
    struct column *made;
    if (texts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i);
        int64_t ticks = 0;
        text.data = text.length == 0 ? "" : text.data;
        if (!parse(pattern, text, &ticks)) {
            ticks = 0;
            if ((pattern->tag & 3) == OR_FAIL) {
                return err_new(ERR_CANNOT_PARSE_DATETIME, "function %s: '%.*s' is not of the format", function->name,
                               (int)(text.length > 200 ? 200 : text.length), text.data);
            }
            if ((pattern->tag & 3) == OR_NULL) {
                made->nulls[i] = 1;
            }
        }
        if (function->inner->kind == TYPE_DATETIME) {
            ((uint32_t *)made->values)[i] = (uint32_t)ticks;
        } else {
            ((int64_t *)made->values)[i] = ticks;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_parse(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct pattern *pattern;
    OR_DONE(argument_string(bind, 0));
    OR_DONE(pattern_compile(bind, 1, true, &pattern));
    if ((bind->tag & WIDE) != 0) {
        pattern->scale = (bind->tag & JODA) != 0 ? pattern->fraction_digits : 6;
        if (pattern->scale > 9) {
            return err_new(ERR_BAD_ARGUMENTS, "function %s reads nine digits of a second at most", bind->name);
        }
        out->inner = type_datetime64(bind->arena, (uint8_t)pattern->scale, pattern->zone);
    } else {
        out->inner = type_datetime(bind->arena, pattern->zone);
    }
    if (out->inner != NULL && (bind->tag & 3) == OR_NULL) {
        out->inner = type_nullable(bind->arena, out->inner, true);
    }
    out->evaluate = evaluate_parse;
    out->data = pattern;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

#define PARSE(name, any_case, tag)                                                                                     \
    {name, any_case, 1, 3, FUNCTION_CAN_FAIL, resolve_parse, (tag) | OR_FAIL},                                         \
        {name "OrNull", any_case, 1, 3, 0, resolve_parse, (tag) | OR_NULL},                                            \
    {                                                                                                                  \
        name "OrZero", any_case, 1, 3, 0, resolve_parse, (tag) | OR_ZERO                                               \
    }
static const struct function_definition definitions[] = {
    PARSE("parseDateTime", false, 0),
    PARSE("parseDateTime64", false, WIDE),
    PARSE("parseDateTimeInJodaSyntax", false, JODA),
    PARSE("parseDateTime64InJodaSyntax", false, JODA | WIDE),
};
static const struct function_alias aliases[] = {
    {"TO_UNIXTIME", true, "parseDateTime"},
    {"str_to_date", true, "parseDateTimeOrNull"},
};
const struct function_group functions_clock_parse = GROUP_OF(definitions, aliases);
