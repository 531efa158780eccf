/*
 * refresh.c: see refresh.h.
 */
#include "sql/refresh.h"

#include "base/civil.h"
#include "sql/binder.h"
#include "storage/type.h"

#define SECOND_US  ((int64_t)1000000)
#define DAY_US     (86400 * SECOND_US)
#define MONDAY_US  (-3 * DAY_US)             /* 1969-12-29, as ClickHouse */
#define PERIOD_MAX ((int64_t)36500 * DAY_US) /* also keeps sums in range */

#define RETRIES        2
#define RETRY_FIRST_US ((int64_t)100000)
#define RETRY_MAX_US   (60 * SECOND_US)
#define RETRY_MS_MAX   ((uint64_t)86400 * 1000)

static struct err *span_of(const struct ast_span *span, const char *what, int64_t *months, int64_t *us)
{
    static const int64_t seconds[] = {[INTERVAL_SECOND] = 1,
                                      [INTERVAL_MINUTE] = 60,
                                      [INTERVAL_HOUR] = 3600,
                                      [INTERVAL_DAY] = 86400,
                                      [INTERVAL_WEEK] = 7 * (int64_t)86400};
    static const int64_t of_month[] = {[INTERVAL_MONTH] = 1, [INTERVAL_QUARTER] = 3, [INTERVAL_YEAR] = 12};
    *months = *us = 0;
    for (uint32_t i = 0; i < span->part_count; i++) {
        uint8_t unit = span->units[i];
        if (unit < INTERVAL_SECOND) {
            return err_new(ERR_BAD_ARGUMENTS, "%s of a REFRESH is given in seconds or longer units", what);
        }
        if (span->numbers[i] > 1000000000) {
            return err_new(ERR_BAD_ARGUMENTS, "%s of a REFRESH is longer than a hundred years", what);
        }
        int64_t number = (int64_t)span->numbers[i];
        *months += unit >= INTERVAL_MONTH ? number * of_month[unit] : 0;
        int64_t length_s = unit < INTERVAL_MONTH ? number * seconds[unit] : 0;
        *us += length_s > PERIOD_MAX / SECOND_US ? PERIOD_MAX : length_s * SECOND_US;
        if (*months > 1200 || *us >= PERIOD_MAX) {
            return err_new(ERR_BAD_ARGUMENTS, "%s of a REFRESH is longer than a hundred years", what);
        }
    }
    return NULL;
}

static struct err *read_settings(const struct ast_settings *settings, struct refresh_schedule *out)
{
    out->retries = RETRIES;
    out->backoff_first_us = RETRY_FIRST_US;
    out->backoff_max_us = RETRY_MAX_US;
    for (uint32_t i = 0; i < settings->count; i++) {
        const struct ast_setting *setting = &settings->items[i];
        const struct ast *value = setting->value;
        bool retries = slice_is_text(setting->name, "refresh_retries");
        bool first = slice_is_text(setting->name, "refresh_retry_initial_backoff_ms");
        if (slice_is_text(setting->name, "all_replicas")) {
            return err_new(ERR_NOT_IMPLEMENTED, "the setting all_replicas of a REFRESH: there is one server");
        }
        if (!retries && !first && !slice_is_text(setting->name, "refresh_retry_max_backoff_ms")) {
            return err_new(ERR_UNKNOWN_SETTING,
                           "Unknown setting '%.*s' of a REFRESH: there are refresh_retries, "
                           "refresh_retry_initial_backoff_ms and refresh_retry_max_backoff_ms",
                           SLICE_ARG(setting->name));
        }
        if (value == NULL) {
            continue; /* DEFAULT */
        }
        bool minus =
            retries && value->kind == AST_LITERAL && value->literal == AST_INT && value->number == (uint64_t)-1;
        bool number = value->kind == AST_LITERAL && value->literal == AST_UINT && value->number <= RETRY_MS_MAX;
        if (!minus && !number) {
            return err_new(ERR_BAD_ARGUMENTS, "the setting %.*s of a REFRESH is a number up to %llu%s",
                           SLICE_ARG(setting->name), (unsigned long long)RETRY_MS_MAX,
                           retries ? ", or -1: without end" : "");
        }
        if (retries) {
            out->retries = minus ? -1 : (int64_t)value->number;
        } else {
            *(first ? &out->backoff_first_us : &out->backoff_max_us) = (int64_t)value->number * 1000;
        }
    }
    return NULL;
}

struct err *refresh_schedule_of(const struct ast_refresh *refresh, struct refresh_schedule *out)
{
    struct err *err = NULL;
    int64_t months = 0, spread_months = 0;

    *out = (struct refresh_schedule){.after = refresh->after};
    OR_DONE(span_of(&refresh->period, "the period", &out->months, &out->period_us));
    OR_DONE(span_of(&refresh->offset, "OFFSET", &months, &out->offset_us));
    OR_DONE(span_of(&refresh->randomize, "RANDOMIZE FOR", &spread_months, &out->spread_us));
    OR_DONE(read_settings(&refresh->settings, out));
    if (out->months > 0 && out->period_us > 0) {
        err = err_new(ERR_BAD_ARGUMENTS, "the period of a REFRESH is in months and years, or in weeks and less");
    } else if (out->months == 0 && out->period_us == 0) {
        err = err_new(ERR_BAD_ARGUMENTS, "the period of a REFRESH is 0");
    } else if (months > 0 || spread_months > 0) {
        err = err_new(ERR_BAD_ARGUMENTS, "OFFSET and RANDOMIZE FOR of a REFRESH are given in weeks or shorter units");
    } else if (out->offset_us >= (out->months > 0 ? out->months * 28 * DAY_US : out->period_us) && out->offset_us > 0) {
        err = err_new(ERR_BAD_ARGUMENTS, "OFFSET of a REFRESH must be less than its period");
    }
done:
    return err;
}

static int64_t floor_to(int64_t value, int64_t unit)
{
    int64_t rest = value % unit;
    return value - (rest < 0 ? rest + unit : rest);
}

static int64_t month_us(int64_t month)
{
    int64_t year = 1970 + floor_to(month, 12) / 12;
    return civil_to_days((int32_t)year, (uint32_t)(month - floor_to(month, 12)) + 1, 1) * DAY_US;
}

static int64_t month_of(int64_t time_us)
{
    struct civil civil = civil_of_days((int32_t)(floor_to(time_us, DAY_US) / DAY_US));
    return ((int64_t)civil.year - 1970) * 12 + civil.month - 1;
}

int64_t refresh_slot(const struct refresh_schedule *schedule, int64_t time_us)
{
    if (schedule->after) {
        return time_us;
    }
    time_us -= schedule->offset_us;
    int64_t slot = schedule->months > 0 ? month_us(floor_to(month_of(time_us), schedule->months))
                                        : floor_to(time_us - MONDAY_US, schedule->period_us) + MONDAY_US;
    return slot + schedule->offset_us;
}

int64_t refresh_following(const struct refresh_schedule *schedule, int64_t time_us)
{
    if (schedule->months == 0) {
        return time_us + schedule->period_us;
    }
    if (schedule->after) { /* the same day and time of that month, or its end's */
        int64_t day = floor_to(time_us, DAY_US);
        struct civil civil = civil_of_days((int32_t)(day / DAY_US));
        int64_t begin = month_us(month_of(time_us) + schedule->months);
        int64_t end = month_us(month_of(time_us) + schedule->months + 1) - DAY_US;
        int64_t same = begin + (int64_t)(civil.day - 1) * DAY_US;
        return (same < end ? same : end) + (time_us - day);
    }
    return month_us(month_of(time_us - schedule->offset_us) + schedule->months) + schedule->offset_us;
}

int64_t refresh_spread(const struct refresh_schedule *schedule, uint64_t chance)
{
    return schedule->spread_us == 0 ? 0 : (int64_t)(chance % (uint64_t)schedule->spread_us) - schedule->spread_us / 2;
}

int64_t refresh_retry_us(const struct refresh_schedule *schedule, uint64_t failures)
{
    int64_t wait = schedule->backoff_first_us;
    if (schedule->retries >= 0 && failures > (uint64_t)schedule->retries) {
        return -1;
    }
    for (uint64_t i = 1; i < failures && i < 64 && wait < schedule->backoff_max_us; i++) {
        wait *= 2;
    }
    return wait < schedule->backoff_max_us ? wait : schedule->backoff_max_us;
}
