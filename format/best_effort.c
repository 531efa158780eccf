/*
 * best_effort.c: dates and times as people write them.
 *
 * thread   any, no shared state
 */
#include "format/best_effort.h"

#include "base/civil.h"
#include "format/value.h"

#include <string.h>
#include <strings.h>

static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
static const char *const day_names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

struct text_cursor {
    const char *at, *end;
};

static uint32_t take_digits(struct text_cursor *cursor, int64_t *value)
{
    uint32_t count = 0;
    *value = 0;
    while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9' && count < 18) {
        *value = *value * 10 + (*cursor->at++ - '0');
        count++;
    }
    return count;
}

static bool take_word(struct text_cursor *cursor, const char *const *words, uint32_t count, uint32_t *index)
{
    size_t length = 0;
    while (cursor->at + length < cursor->end &&
           ((cursor->at[length] | 0x20) >= 'a' && (cursor->at[length] | 0x20) <= 'z')) {
        length++;
    }
    for (uint32_t i = 0; length >= 3 && i < count; i++) {
        if (length <= strlen(words[i]) && strncasecmp(cursor->at, words[i], length) == 0) {
            cursor->at += length;
            *index = i;
            return true;
        }
    }
    return false;
}

bool value_best_effort(struct slice text, const struct timezone *zone, uint32_t scale, bool month_first, int64_t *ticks)
{
    struct text_cursor r = {text.data, text.data + text.length};
    int64_t numbers[3] = {0, 0, 0};
    int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0, value;
    bool has_date = false, has_time = false, has_offset = false;
    int64_t offset = 0;
    uint32_t fraction_digits = 0;
    uint32_t index;

    while (r.at < r.end) {
        char c = *r.at;
        if (c == ' ' || c == ',' ||
            ((c == 'T' || c == 't') && has_date && r.at + 1 < r.end && r.at[1] >= '0' && r.at[1] <= '9')) {
            r.at++;
            continue;
        }
        if (c >= '0' && c <= '9') {
            uint32_t count = take_digits(&r, &value);
            char next = r.at < r.end ? *r.at : 0;
            if (next == ':' && !has_time) {
                hour = value;
                r.at++;
                if (take_digits(&r, &minute) == 0) {
                    return false;
                }
                if (r.at < r.end && *r.at == ':') {
                    r.at++;
                    if (take_digits(&r, &second) == 0) {
                        return false;
                    }
                }
                if (r.at < r.end && (*r.at == '.' || *r.at == ',')) {
                    r.at++;
                    fraction_digits = take_digits(&r, &fraction);
                }
                has_time = true;
            } else if (count == 4 && (next == '-' || next == '/' || next == '.') && !has_date) {
                year = value;
                r.at++;
                if (take_digits(&r, &month) == 0 || r.at == r.end || (*r.at != next)) {
                    return false;
                }
                r.at++;
                if (take_digits(&r, &day) == 0) {
                    return false;
                }
                has_date = true;
            } else if (count <= 2 && (next == '-' || next == '/' || next == '.') && !has_date) {
                numbers[0] = value;
                r.at++;
                if (take_word(&r, month_names, 12, &index)) {
                    numbers[1] = index + 1;
                    day = numbers[0];
                    month = numbers[1];
                } else {
                    if (take_digits(&r, &numbers[1]) == 0) {
                        return false;
                    }
                    bool american = month_first || numbers[1] > 12;
                    day = american ? numbers[1] : numbers[0];
                    month = american ? numbers[0] : numbers[1];
                }
                if (r.at == r.end || *r.at != next) {
                    return false;
                }
                r.at++;
                count = take_digits(&r, &numbers[2]);
                year = count == 2 ? (numbers[2] < 70 ? 2000 : 1900) + numbers[2] : numbers[2];
                has_date = true;
            } else if (count == 14 && !has_date) {
                year = value / 10000000000;
                month = value / 100000000 % 100;
                day = value / 1000000 % 100;
                hour = value / 10000 % 100;
                minute = value / 100 % 100;
                second = value % 100;
                has_date = has_time = true;
            } else if (count == 8 && !has_date) {
                year = value / 10000;
                month = value / 100 % 100;
                day = value % 100;
                has_date = true;
            } else if ((count == 9 || count == 10) && !has_date) {
                if (next == '.') {
                    r.at++;
                    fraction_digits = take_digits(&r, &fraction);
                }
                has_date = true;
                has_offset = true;
                hour = minute = second = 0;
                offset = -value; /* seconds since the epoch */
                year = 1970;
                month = day = 1;
            } else if (count == 13 && !has_date) {
                has_date = has_offset = true;
                year = 1970;
                month = day = 1;
                offset = -(value / 1000);
                fraction = value % 1000;
                fraction_digits = 3;
            } else if (count <= 2 && !has_date && day == 0) {
                day = value;
            } else if (count == 4 && day != 0 && month != 0 && !has_date) {
                year = value;
                has_date = true;
            } else {
                return false;
            }
        } else if ((c == '+' || c == '-') && has_time) {
            int64_t hours;
            int64_t minutes = 0;
            r.at++;
            uint32_t count = take_digits(&r, &hours);
            if (count == 4) {
                minutes = hours % 100;
                hours /= 100;
            } else if (r.at < r.end && *r.at == ':') {
                r.at++;
                take_digits(&r, &minutes);
            }
            if (count == 0 || hours > 18 || minutes > 59) {
                return false;
            }
            offset = (hours * 3600 + minutes * 60) * (c == '-' ? -1 : 1);
            has_offset = true;
        } else if ((c == 'Z' || c == 'z') && r.at + 1 == r.end) {
            r.at++;
            has_offset = true;
        } else if (r.end - r.at >= 2 && (strncasecmp(r.at, "AM", 2) == 0 || strncasecmp(r.at, "PM", 2) == 0) &&
                   has_time) {
            bool pm = (*r.at | 0x20) == 'p';
            if (hour > 12) {
                return false;
            }
            hour = hour % 12 + (pm ? 12 : 0);
            r.at += 2;
        } else if (r.end - r.at >= 3 && (strncasecmp(r.at, "UTC", 3) == 0 || strncasecmp(r.at, "GMT", 3) == 0)) {
            r.at += 3;
            has_offset = true;
        } else if (take_word(&r, month_names, 12, &index)) {
            month = index + 1;
            if (r.at < r.end && *r.at == '.') {
                r.at++;
            }
        } else if (take_word(&r, day_names, 7, &index)) {
            if (r.at < r.end && *r.at == '.') {
                r.at++;
            }
        } else {
            return false;
        }
    }
    if (!has_date || month < 1 || month > 12 || day < 1 || year < 1 || year > 9999 ||
        day > (int64_t)civil_days_in_month((int32_t)year, (uint32_t)month) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    int64_t local = (int64_t)civil_to_days((int32_t)year, (uint32_t)month, (uint32_t)day) * 86400 + hour * 3600 +
                    minute * 60 + second;
    int64_t seconds = has_offset ? local - offset : timezone_to_utc(zone, local);
    while (fraction_digits > scale) {
        fraction /= 10;
        fraction_digits--;
    }
    fraction *= value_scale(scale - fraction_digits);
    if (__builtin_mul_overflow(seconds, value_scale(scale), ticks)) {
        return false;
    }
    return !__builtin_add_overflow(*ticks, fraction, ticks);
}
