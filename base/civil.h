/*
 * civil.h: days and calendar dates of the proleptic Gregorian calendar.
 *
 * source   the day-count arithmetic of Howard Hinnant, "chrono-compatible low-level date algorithms".
 * thread   any: pure functions.
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

/* What a Date32 holds: 0000-01-01 … 9999-12-31; and a DateTime64, in seconds. */
#define DATE32_MIN  (-719528)
#define DATE32_MAX  2932896
#define SECONDS_MIN ((int64_t)DATE32_MIN * 86400)
#define SECONDS_MAX ((int64_t)DATE32_MAX * 86400 + 86399)

/* A moment beyond what a DateTime64 holds is the first or the last one, as in ClickHouse; its part of a second stays. */
static inline int64_t civil_clamp_seconds(int64_t local)
{
    return local < SECONDS_MIN ? SECONDS_MIN : local > SECONDS_MAX ? SECONDS_MAX : local;
}

struct civil {
    int32_t year;
    uint8_t month; /* 1..12 */
    uint8_t day;   /* 1..31 */
};

/* Days since 1970-01-01. Any year from -32767 to 32767; month and day need not be checked (day 32 goes on). */
static inline int32_t civil_to_days(int32_t year, uint32_t month, uint32_t day)
{
    year -= month <= 2;
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    uint32_t year_of_era = (uint32_t)(year - era * 400);
    uint32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    uint32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int32_t)day_of_era - 719468;
}

static inline struct civil civil_of_days(int32_t days)
{
    days += 719468;
    int32_t era = (days >= 0 ? days : days - 146096) / 146097;
    uint32_t day_of_era = (uint32_t)(days - era * 146097);
    uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t shifted = (5 * day_of_year + 2) / 153;
    struct civil civil;
    civil.day = (uint8_t)(day_of_year - (153 * shifted + 2) / 5 + 1);
    civil.month = (uint8_t)(shifted < 10 ? shifted + 3 : shifted - 9);
    civil.year = (int32_t)year_of_era + era * 400 + (civil.month <= 2);
    return civil;
}

static inline bool civil_is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static inline uint32_t civil_days_in_month(int32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && civil_is_leap(year) ? 29U : days[(month - 1) % 12];
}

/* 1 = Monday .. 7 = Sunday. */
static inline uint32_t civil_weekday(int32_t days)
{
    int32_t remainder = (days + 3) % 7;
    return (uint32_t)(remainder < 0 ? remainder + 7 : remainder) + 1;
}

/* 1..366 */
static inline uint32_t civil_day_of_year(int32_t days)
{
    return (uint32_t)(days - civil_to_days(civil_of_days(days).year, 1, 1)) + 1;
}

/* ISO 8601 week and the year that it belongs to. */
static inline uint32_t civil_iso_week(int32_t days, int32_t *iso_year)
{
    int32_t thursday = days - (int32_t)civil_weekday(days) + 4;
    int32_t year = civil_of_days(thursday).year;
    *iso_year = year;
    return (uint32_t)(thursday - civil_to_days(year, 1, 1)) / 7 + 1;
}

#endif
