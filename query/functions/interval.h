/*
 * interval.h: dates and times plus and minus numbers, intervals and each other.
 */
#ifndef QUERY_FUNCTIONS_INTERVAL_H
#define QUERY_FUNCTIONS_INTERVAL_H

#include "query/functions/functions.h"

/* Binds plus, minus or multiply where an argument is a time or an interval. */
struct err *interval_resolve(const struct function_bind *bind, bool minus, struct function *out);

/* "day", "days", "dd", … in any case. */
bool interval_unit_parse(struct slice name, enum interval_unit *out);

/* Which unit since the epoch, in local time, a time lies in; time: days or ticks of the type. */
int64_t interval_number(const struct type *type, const struct timezone *zone, int64_t time, enum interval_unit unit);

#endif
