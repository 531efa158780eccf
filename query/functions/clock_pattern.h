/*
 * clock_pattern.h: patterns of dates and times, MySQL's (%Y-%m-%d) or Joda's (yyyy-MM-dd), as lists of pieces.
 *
 * flow     the pattern, a constant, becomes a list when the function is bound; rows go through the list
 * thread   any, no shared state
 */
#ifndef QUERY_FUNCTIONS_CLOCK_PATTERN_H
#define QUERY_FUNCTIONS_CLOCK_PATTERN_H

#include "query/functions/functions.h"

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

/* Tags of the functions: what an unreadable text becomes (the low two bits); Joda's patterns; with fractions. */
enum { OR_FAIL, OR_NULL, OR_ZERO, JODA = 4, WIDE = 8 };

extern const char *const month_names[12];
extern const char *const day_names[7]; /* Monday first */

/* The pattern that is argument `index` (if it is there: the default is a date and a time), and its zone, the argument
 * behind it. */
struct err *pattern_compile(const struct function_bind *bind, uint32_t index, bool parse, struct pattern **out);

#endif
