/*
 * refresh.h: when a view with REFRESH is due.
 *
 * EVERY    moments of the calendar (UTC): multiples of the period since Monday 1969-12-29, of months since January 1970, and
 *          OFFSET behind them. Those that were missed are made up for by one.
 * AFTER    the period after the last refresh ended
 * source   ClickHouse's documentation of refreshable materialized views
 */
#ifndef SQL_REFRESH_H
#define SQL_REFRESH_H

#include "base/err.h"
#include "sql/ast.h"

struct refresh_schedule {
    bool after;
    int64_t months; /* of the period; 0: it is */
    int64_t period_us;
    int64_t offset_us;
    int64_t spread_us; /* RANDOMIZE FOR: within half of that before and behind */
    int64_t retries;   /* after an attempt that failed, until the next moment; -1: any number */
    int64_t backoff_first_us, backoff_max_us;
};

/* ERR_BAD_ARGUMENTS: no period, months beside others, an offset that is no less than the period, a setting's value;
 * ERR_UNKNOWN_SETTING. */
struct err *refresh_schedule_of(const struct ast_refresh *refresh, struct refresh_schedule *out);
/* The moment at or before a time. AFTER: that time. */
int64_t refresh_slot(const struct refresh_schedule *schedule, int64_t time_us);
/* The moment behind another one. AFTER: the period after that time. */
int64_t refresh_following(const struct refresh_schedule *schedule, int64_t slot_us);
/* How far RANDOMIZE FOR moves it, by any number that stays the same until then. */
int64_t refresh_spread(const struct refresh_schedule *schedule, uint64_t chance);
/* How long to wait before the next attempt after so many failed ones, of one moment. -1: it is given up. */
int64_t refresh_retry_us(const struct refresh_schedule *schedule, uint64_t failures);

#endif
