/*
 * timezone.h: time zones of the system's tz database: offset of a moment, moment of a local time.
 *
 * A zone is found by its name below the database's folder ($TZDIR or /usr/share/zoneinfo), parsed once, and lives for
 * ever; the same name gives the same pointer. Names are checked: letters, digits, "_+-/" and no "..".
 * Files are TZif version 2 or later [RFC 8536]; past the last transition the footer's rule goes on for 400 years.
 * "UTC" needs no file. thread: any; lookups take no lock, only timezone_find does.
 */
#ifndef BASE_TIMEZONE_H
#define BASE_TIMEZONE_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct timezone;

/* ERR_BAD_ARGUMENTS for an unknown or malformed name, ERR_CORRUPT for a damaged file. */
struct err *timezone_find(struct slice name, const struct timezone **out);
const struct timezone *timezone_utc(void);
/* The process's zone: $TZ, /etc/timezone or the link /etc/localtime; UTC when there is none that can be read. */
const struct timezone *timezone_system(void);
const char *timezone_name(const struct timezone *zone); /* static */

/* Seconds east of UTC that hold at a moment (seconds since the epoch). */
int32_t timezone_offset(const struct timezone *zone, int64_t utc_seconds);
/* As timezone_offset; [*begin, *end) are the moments for which the answer is the same, so that a loop asks rarely. */
int32_t timezone_offset_range(const struct timezone *zone, int64_t utc_seconds, int64_t *begin, int64_t *end);
/* The moment of a local time (seconds as if it were UTC). A time that happens twice is the first; one that is skipped
 * is read with the offset behind the jump, as ClickHouse does: 02:30 is 01:30. */
int64_t timezone_to_utc(const struct timezone *zone, int64_t local_seconds);
/* The first moment of a local day (since 1970-01-01): midnight, or what follows where summer time leaves midnight out.
 */
int64_t timezone_day_begin(const struct timezone *zone, int64_t days);
/* One offset for ever (UTC, Etc/GMT-3)? */
bool timezone_is_fixed(const struct timezone *zone, int32_t *offset);
/* Abbreviation that holds at a moment ("CEST"); static. */
const char *timezone_abbreviation(const struct timezone *zone, int64_t utc_seconds);

#endif
