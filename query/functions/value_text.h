/*
 * value_text.h: texts of values to and from, as toString, CAST and the text formats have them.
 */
#ifndef QUERY_FUNCTIONS_VALUE_TEXT_H
#define QUERY_FUNCTIONS_VALUE_TEXT_H

#include "query/functions/functions.h"

/* Local date and time of a moment. */
struct moment {
    int32_t year;
    uint32_t month, day, hour, minute, second;
    int32_t days;  /* since the epoch, local */
    int64_t local; /* seconds, as if UTC */
};
void moment_of(const struct timezone *zone, int64_t utc_seconds, struct moment *out);
const struct timezone *zone_of(const struct type *type, const struct function_context *context);

/* The whole text as a value of the bare type, written to *value (type->width bytes; strings are not copied). False: it
 * is not one. */
bool value_parse(const struct type *type, const struct timezone *zone, struct slice text, void *value);
bool parse_date(struct slice text, int32_t *days);
/* "2024-01-31 12:34:56.789" or with T, or a date alone, or seconds since the epoch; ticks of 10^-scale s. */
bool parse_datetime(struct slice text, const struct timezone *zone, uint32_t scale, int64_t *ticks);
int64_t scale_factor(uint32_t scale);
/* What a DateTime is outside 1970-01-01 … 2106-02-07, a Date32 outside 0000-01-01 … 9999-12-31: clamped. */
uint32_t clamp_datetime(int64_t seconds);
uint16_t clamp_date(int64_t days);
int32_t clamp_date32(int64_t days);

/* formatDateTime; of fromUnixTimestamp with a pattern, whose first argument is seconds. query/functions/clock_text.c */
struct err *clock_format_resolve(const struct function_bind *bind, struct function *out);

#endif
