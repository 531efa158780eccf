/*
 * clock_pattern.c: times out of texts by a pattern, MySQL's (%Y-%m-%d) or Joda's (yyyy-MM-dd), and into texts by
 * Joda's.
 *
 * flow     the pattern, a constant, becomes a list of items when the function is bound; rows go through the list
 * default  without a date 1970-01-01; without a year 2000, without month or day the first
 * thread   any, no shared state
 */
#include "query/functions/row.h"
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/timezone.h"

#include <stdio.h>
#include <strings.h>

#define PATTERN_BYTES_MAX 4096U

enum item {
    LITERAL,
    YEAR,
    YEAR_SHORT,
    CENTURY,
    ERA,
    MONTH,
    MONTH_NAME,
    MONTH_SHORT,
    DAY,
    DAY_OF_YEAR,
    WEEKDAY,      /* 1 is Monday */
    WEEKDAY_ZERO, /* 0 is Sunday */
    WEEKDAY_NAME,
    WEEKDAY_SHORT,
    ISO_YEAR,
    ISO_WEEK,
    HOUR,      /* 0 to 23 */
    HOUR_1_24, /* Joda's k */
    HOUR_0_11, /* Joda's K */
    HOUR_1_12,
    MINUTE,
    SECOND,
    FRACTION,
    HALF_OF_DAY,
    ZONE_OFFSET,
    ZONE_NAME,
};

struct piece {
    enum item item;
    uint32_t least, most; /* digits */
    struct slice literal;
};

struct pattern {
    uint32_t count;
    struct piece *pieces;
    const struct timezone *zone;
    uint32_t fraction_digits; /* Joda's S */
    uint32_t scale;           /* of the result; seconds: 0 */
    int tag;
};

enum { OR_FAIL, OR_NULL, OR_ZERO, JODA = 4, WIDE = 8 };

static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
static const char *const day_names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static void add(struct pattern *pattern, enum item item, uint32_t least, uint32_t most)
{
    pattern->pieces[pattern->count++] = (struct piece){item, least, most, {"", 0}};
}

static void add_literal(struct pattern *pattern, const char *data, size_t length)
{
    if (length > 0) {
        pattern->pieces[pattern->count++] = (struct piece){LITERAL, 0, 0, {data, length}};
    }
}

static struct err *refused(const struct function_bind *bind, const char *letters, size_t length)
{
    return err_new(ERR_NOT_IMPLEMENTED, "function %s: the format '%.*s' is not supported", bind->name, (int)length,
                   letters);
}

static struct err *add_mysql(const struct function_bind *bind, struct pattern *pattern, const char *letter)
{
    static const struct {
        char letter;
        enum item item;
        uint32_t least, most;
    } items[] = {
        {'Y', YEAR, 4, 4},         {'y', YEAR_SHORT, 2, 2},    {'C', CENTURY, 2, 2},     {'m', MONTH, 2, 2},
        {'c', MONTH, 1, 2},        {'M', MONTH_NAME, 0, 0},    {'b', MONTH_SHORT, 0, 0}, {'d', DAY, 2, 2},
        {'e', DAY, 1, 2},          {'j', DAY_OF_YEAR, 3, 3},   {'u', WEEKDAY, 1, 1},     {'w', WEEKDAY_ZERO, 1, 1},
        {'W', WEEKDAY_NAME, 0, 0}, {'a', WEEKDAY_SHORT, 0, 0}, {'G', ISO_YEAR, 4, 4},    {'V', ISO_WEEK, 2, 2},
        {'H', HOUR, 2, 2},         {'k', HOUR, 1, 2},          {'h', HOUR_1_12, 2, 2},   {'I', HOUR_1_12, 2, 2},
        {'l', HOUR_1_12, 1, 2},    {'i', MINUTE, 2, 2},        {'s', SECOND, 2, 2},      {'S', SECOND, 2, 2},
        {'f', FRACTION, 1, 6},     {'p', HALF_OF_DAY, 0, 0},   {'z', ZONE_OFFSET, 0, 0},
    };
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        if (items[i].letter == *letter) {
            add(pattern, items[i].item, items[i].least, items[i].most);
            return NULL;
        }
    }
    const char *composed = *letter == 'D'   ? "m/d/y"
                           : *letter == 'F' ? "Y-m-d"
                           : *letter == 'T' ? "H:i:s"
                           : *letter == 'R' ? "H:i"
                           : *letter == 'r' ? "h:i:s p"
                                            : NULL;
    if (composed != NULL) {
        for (; *composed != '\0'; composed++) {
            if (strchr(":/- ", *composed) != NULL) {
                add_literal(pattern, composed, 1);
            } else {
                struct err *err = add_mysql(bind, pattern, composed);
                if (err != NULL) {
                    return err;
                }
            }
        }
        return NULL;
    }
    if (*letter == 'n' || *letter == 't' || *letter == '%') {
        add_literal(pattern, *letter == 'n' ? "\n" : *letter == 't' ? "\t" : "%", 1);
        return NULL;
    }
    if (strchr("QUvxXg", *letter) != NULL && *letter != '\0') {
        return refused(bind, letter, 1);
    }
    return err_new(ERR_BAD_ARGUMENTS, "function %s does not know the format '%%%c'", bind->name, *letter);
}

static struct err *compile_mysql(const struct function_bind *bind, struct slice text, struct pattern *pattern)
{
    struct err *err = NULL;
    size_t from = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != '%') {
            continue;
        }
        add_literal(pattern, text.data + from, i - from);
        if (++i == text.length) {
            return err_new(ERR_BAD_ARGUMENTS, "the pattern of function %s ends with '%%'", bind->name);
        }
        OR_DONE(add_mysql(bind, pattern, text.data + i));
        from = i + 1;
    }
    add_literal(pattern, text.data + from, text.length - from);
done:
    return err;
}

static struct err *add_joda(const struct function_bind *bind, struct pattern *pattern, const char *letters, uint32_t n,
                            bool parse)
{
    uint32_t two = n > 2 ? n : 2;
    switch (*letters) {
    case 'G':
        add(pattern, ERA, 0, 0);
        return NULL;
    case 'C':
        add(pattern, CENTURY, n, two);
        return NULL;
    case 'y':
    case 'Y':
        add(pattern, n == 2 ? YEAR_SHORT : YEAR, n == 2 ? 2 : n, n == 2 ? 2 : n > 4 ? n : 4);
        return NULL;
    case 'x':
        add(pattern, ISO_YEAR, n, n > 4 ? n : 4);
        return NULL;
    case 'w':
        add(pattern, ISO_WEEK, n, two);
        return NULL;
    case 'e':
        add(pattern, WEEKDAY, n, n);
        return NULL;
    case 'E':
        add(pattern, parse || n >= 4 ? WEEKDAY_NAME : WEEKDAY_SHORT, 0, 0);
        return NULL;
    case 'D':
        add(pattern, DAY_OF_YEAR, n, n > 3 ? n : 3);
        return NULL;
    case 'M':
        add(pattern, n >= 4 ? MONTH_NAME : n == 3 ? MONTH_SHORT : MONTH, n, two);
        return NULL;
    case 'd':
        add(pattern, DAY, n, two);
        return NULL;
    case 'a':
        add(pattern, HALF_OF_DAY, 0, 0);
        return NULL;
    case 'K':
        add(pattern, HOUR_0_11, n, two);
        return NULL;
    case 'h':
        add(pattern, HOUR_1_12, n, two);
        return NULL;
    case 'H':
        add(pattern, HOUR, n, two);
        return NULL;
    case 'k':
        add(pattern, HOUR_1_24, n, two);
        return NULL;
    case 'm':
        add(pattern, MINUTE, n, two);
        return NULL;
    case 's':
        add(pattern, SECOND, n, two);
        return NULL;
    case 'S':
        add(pattern, FRACTION, n, n);
        pattern->fraction_digits = n;
        return NULL;
    case 'z':
        if (parse || n < 4) {
            return refused(bind, letters, n);
        }
        add(pattern, ZONE_NAME, 0, 0);
        return NULL;
    case 'Z':
        if (!parse) {
            return refused(bind, letters, n);
        }
        add(pattern, ZONE_OFFSET, 0, 0);
        return NULL;
    default:
        return refused(bind, letters, n);
    }
}

/* Letters are fields, texts in quotes are themselves, '' is a quote. */
static struct err *compile_joda(const struct function_bind *bind, struct slice text, struct pattern *pattern,
                                bool parse)
{
    struct err *err = NULL;
    for (size_t i = 0; i < text.length;) {
        char c = text.data[i];
        if (c == '\'') {
            if (i + 1 < text.length && text.data[i + 1] == '\'') {
                add_literal(pattern, "'", 1);
                i += 2;
                continue;
            }
            size_t from = ++i;
            while (i < text.length && (text.data[i] != '\'' || (i + 1 < text.length && text.data[i + 1] == '\''))) {
                if (text.data[i] == '\'') { /* two quotes inside are one */
                    add_literal(pattern, text.data + from, i + 1 - from);
                    from = i + 2;
                    i++;
                }
                i++;
            }
            if (i >= text.length) {
                return err_new(ERR_BAD_ARGUMENTS, "the pattern of function %s has no closing quote", bind->name);
            }
            add_literal(pattern, text.data + from, i - from);
            i++;
        } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            uint32_t n = 1;
            while (i + n < text.length && text.data[i + n] == c) {
                n++;
            }
            OR_DONE(add_joda(bind, pattern, text.data + i, n, parse));
            i += n;
        } else {
            add_literal(pattern, text.data + i, 1);
            i++;
        }
    }
done:
    return err;
}

static struct err *compile(const struct function_bind *bind, uint32_t index, bool parse, struct pattern **out)
{
    struct err *err = NULL;
    struct slice text = slice_text((bind->tag & JODA) != 0 ? "yyyy-MM-dd HH:mm:ss" : "%Y-%m-%d %H:%i:%s");
    struct slice name;
    struct type plain = {0};
    struct pattern *pattern = ARENA_NEW(bind->arena, struct pattern);
    if (index < bind->count) {
        OR_DONE(argument_constant_text(bind, index, &text));
    }
    if (text.length > PATTERN_BYTES_MAX) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "the pattern of function %s is longer than %u bytes", bind->name,
                       PATTERN_BYTES_MAX);
    }
    text = arena_slice(bind->arena, text);
    if (pattern == NULL || text.data == NULL) {
        return arena_error(bind->arena);
    }
    pattern->pieces = ARENA_ARRAY(bind->arena, struct piece, text.length * 7 + 1); /* "%r" becomes seven */
    if (pattern->pieces == NULL) {
        return arena_error(bind->arena);
    }
    pattern->tag = bind->tag;
    pattern->zone = zone_of(index == 1 && !parse ? bind->arguments[0].type : &plain, bind->context);
    OR_DONE((bind->tag & JODA) != 0 ? compile_joda(bind, text, pattern, parse) : compile_mysql(bind, text, pattern));
    if (index + 1 < bind->count) {
        OR_DONE(argument_constant_text(bind, index + 1, &name));
        OR_DONE(timezone_find(name, &pattern->zone));
    }
    *out = pattern;
done:
    return err;
}

/* --- parsing ----------------------------------------------------------------------------------------------------- */

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
    OR_DONE(compile(bind, 1, true, &pattern));
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

/* --- writing, Joda's pattern ------------------------------------------------------------------------------------- */

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
        int64_t seconds = days ? timezone_day_begin(pattern->zone, time) : time / factor - (time % factor < 0);
        int64_t nanoseconds = days ? 0 : (time - seconds * factor) * (1000000000 / factor);
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
    OR_DONE(compile(bind, 1, false, &pattern));
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_write;
    out->data = pattern;
done:
    return err;
}

#define PARSE(name, any_case, tag)                                                                                     \
    {name, any_case, 1, 3, FUNCTION_CAN_FAIL, resolve_parse, (tag) | OR_FAIL},                                         \
        {name "OrNull", any_case, 1, 3, 0, resolve_parse, (tag) | OR_NULL},                                            \
        {name "OrZero", any_case, 1, 3, 0, resolve_parse, (tag) | OR_ZERO},
static const struct function_definition definitions[] = {
    PARSE("parseDateTime", false, 0) PARSE("parseDateTime64", false, WIDE)
        PARSE("parseDateTimeInJodaSyntax", false, JODA) PARSE("parseDateTime64InJodaSyntax", false, JODA | WIDE){
            "formatDateTimeInJodaSyntax", false, 2, 3, 0, resolve_write, JODA},
    {"fromUnixTimestampInJodaSyntax", false, 2, 3, 0, resolve_write, JODA | WIDE},
};
static const struct function_alias aliases[] = {
    {"TO_UNIXTIME", true, "parseDateTime"},
    {"str_to_date", true, "parseDateTimeOrNull"},
};
const struct function_group functions_clock_pattern = GROUP_OF(definitions, aliases);
