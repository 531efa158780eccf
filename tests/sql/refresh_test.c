/*
 * refresh_test.c: when views with REFRESH are due: moments of the calendar as ClickHouse has them, retries, what is refused.
 */
#include "sql/refresh.h"

#include "base/arena.h"
#include "base/civil.h"
#include "sql/parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND_US ((int64_t)1000000)

static int64_t at(int32_t year, uint32_t month, uint32_t day, int64_t second)
{
    return ((int64_t)civil_to_days(year, month, day) * 86400 + second) * SECOND_US;
}

static struct err *schedule_of(const char *clause, struct refresh_schedule *out)
{
    struct arena *arena = arena_create(NULL);
    struct ast_statement *statement = NULL;
    char *text = arena_format(
        arena, "CREATE MATERIALIZED VIEW v REFRESH %s ENGINE = MergeTree ORDER BY a AS SELECT 1 AS a", clause);
    assert_non_null(text);
    struct err *err = parse_query(arena, slice_text(text), (uint32_t)strlen(text) + 1, &statement);
    if (err == NULL) {
        err = refresh_schedule_of(statement->create_table->refresh, out);
    }
    arena_destroy(arena);
    return err;
}

/* What ClickHouse 26.9 said on 2026-11-22 at 16:33:07 */
static void test_calendar(void **state)
{
    const struct {
        const char *clause;
        int64_t next;
    } examples[] = {
        {"EVERY 1 HOUR", at(2026, 11, 22, 17 * 3600)},
        {"EVERY 7 HOUR", at(2026, 11, 22, 17 * 3600)},
        {"EVERY 90 MINUTE", at(2026, 11, 22, 18 * 3600)},
        {"EVERY 1 DAY OFFSET 3 HOUR", at(2026, 11, 23, 3 * 3600)},
        {"EVERY 1 DAY 1 SECOND", at(2026, 11, 23, 5 * 3600 + 46 * 60 + 23)},
        {"EVERY 1 DAY 5 HOUR", at(2026, 11, 23, 8 * 3600)},
        {"EVERY 11 DAY", at(2026, 11, 30, 0)},
        {"EVERY 1 WEEK", at(2026, 11, 23, 0)},
        {"EVERY 2 WEEK OFFSET 1 DAY", at(2026, 12, 1, 0)},
        {"EVERY 3 WEEK", at(2026, 11, 30, 0)},
        {"EVERY 13 WEEK", at(2027, 1, 18, 0)},
        {"EVERY 1 MONTH", at(2026, 12, 1, 0)},
        {"EVERY 5 MONTH OFFSET 5 DAY 2 HOUR", at(2027, 2, 6, 2 * 3600)},
        {"EVERY 1 QUARTER", at(2027, 1, 1, 0)},
        {"EVERY 3 YEAR", at(2027, 1, 1, 0)},
        {"EVERY 2 YEAR 3 MONTH", at(2028, 7, 1, 0)},
        {"EVERY 100 YEAR", at(2070, 1, 1, 0)},
        {"AFTER 3 DAY", at(2026, 11, 25, 59587)},
        {"AFTER 1 MONTH", at(2026, 12, 22, 59587)},
        {"AFTER 1 YEAR 2 MONTH", at(2028, 1, 22, 59587)},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct refresh_schedule schedule = {0};
        int64_t now = at(2026, 11, 22, 59587);
        assert_null(schedule_of(examples[i].clause, &schedule));
        int64_t slot = refresh_slot(&schedule, now);
        int64_t next = refresh_following(&schedule, slot);
        if (next != examples[i].next || slot > now) {
            fail_msg("%s: %lld, not %lld", examples[i].clause, (long long)next, (long long)examples[i].next);
        }
        if (!schedule.after) { /* a moment is its own, and what is before the next one is its */
            assert_int_equal(refresh_slot(&schedule, next), next);
            assert_int_equal(refresh_slot(&schedule, next - 1), slot);
        }
    }
}

static void test_ends_of_months(void **state)
{
    struct refresh_schedule schedule = {0};
    (void)state;
    assert_null(schedule_of("AFTER 1 MONTH", &schedule));
    assert_int_equal(refresh_following(&schedule, at(2026, 1, 31, 5)), at(2026, 2, 28, 5));
    assert_int_equal(refresh_following(&schedule, at(2028, 1, 31, 5)), at(2028, 2, 29, 5));
    assert_int_equal(refresh_following(&schedule, at(1969, 12, 31, 5)), at(1970, 1, 31, 5));
    assert_null(schedule_of("EVERY 5 MONTH", &schedule));
    assert_int_equal(refresh_slot(&schedule, at(1969, 12, 31, 0)), at(1969, 8, 1, 0));
}

static void test_chance(void **state)
{
    struct refresh_schedule schedule = {0};
    int64_t least = INT64_MAX, most = INT64_MIN;
    (void)state;
    assert_null(schedule_of("EVERY 1 DAY RANDOMIZE FOR 1 HOUR", &schedule));
    for (uint64_t i = 0; i < 7200; i++) {
        int64_t moved = refresh_spread(&schedule, i * 500003);
        least = moved < least ? moved : least;
        most = moved > most ? moved : most;
    }
    assert_in_range(-least, 1799 * SECOND_US, 1800 * SECOND_US);
    assert_in_range(most, 1799 * SECOND_US, 1800 * SECOND_US);
    assert_null(schedule_of("EVERY 1 DAY", &schedule));
    assert_int_equal(refresh_spread(&schedule, 12345), 0);
}

static void test_retries(void **state)
{
    struct refresh_schedule schedule = {0};
    (void)state;
    assert_null(schedule_of("EVERY 1 DAY", &schedule));
    assert_int_equal(refresh_retry_us(&schedule, 1), 100000);
    assert_int_equal(refresh_retry_us(&schedule, 2), 200000);
    assert_int_equal(refresh_retry_us(&schedule, 3), -1);
    assert_null(schedule_of("EVERY 1 DAY SETTINGS refresh_retries = -1", &schedule));
    assert_int_equal(refresh_retry_us(&schedule, 1000000), 60 * SECOND_US);
    assert_null(schedule_of("EVERY 1 DAY SETTINGS refresh_retries = 0", &schedule));
    assert_int_equal(refresh_retry_us(&schedule, 1), -1);
    assert_null(
        schedule_of("EVERY 1 DAY SETTINGS refresh_retry_initial_backoff_ms = 7, refresh_retry_max_backoff_ms = 20, "
                    "refresh_retries = 10",
                    &schedule));
    assert_int_equal(refresh_retry_us(&schedule, 1), 7000);
    assert_int_equal(refresh_retry_us(&schedule, 5), 20000);
    assert_null(
        schedule_of("EVERY 1 DAY SETTINGS refresh_retry_initial_backoff_ms = 0, refresh_retries = -1", &schedule));
    assert_int_equal(refresh_retry_us(&schedule, UINT64_MAX), 0);
}

static void test_refused(void **state)
{
    const struct {
        const char *clause;
        enum err_code code;
    } examples[] = {
        {"EVERY 0 SECOND", ERR_BAD_ARGUMENTS},
        {"EVERY 1 MICROSECOND", ERR_BAD_ARGUMENTS},
        {"EVERY 1 MONTH 1 DAY", ERR_BAD_ARGUMENTS},
        {"EVERY 18446744073709551615 YEAR", ERR_BAD_ARGUMENTS},
        {"EVERY 1000000000 WEEK", ERR_BAD_ARGUMENTS},
        {"EVERY 90 YEAR 90 YEAR", ERR_BAD_ARGUMENTS},
        {"EVERY 1 HOUR OFFSET 60 MINUTE", ERR_BAD_ARGUMENTS},
        {"EVERY 1 YEAR OFFSET 1 MONTH", ERR_BAD_ARGUMENTS},
        {"EVERY 1 HOUR SETTINGS refresh_retries = 1.5", ERR_BAD_ARGUMENTS},
        {"EVERY 1 HOUR SETTINGS refresh_retries = -2", ERR_BAD_ARGUMENTS},
        {"EVERY 1 HOUR SETTINGS refresh_retry_max_backoff_ms = 99999999999", ERR_BAD_ARGUMENTS},
        {"EVERY 1 HOUR SETTINGS x = 1", ERR_UNKNOWN_SETTING},
        {"EVERY 1 HOUR SETTINGS all_replicas = 0", ERR_NOT_IMPLEMENTED},
        {"EVERY 1 HOUR 1 HOUR 1 HOUR 1 HOUR 1 HOUR", ERR_SYNTAX},
        {"EVERY -1 HOUR", ERR_SYNTAX},
        {"EVERY 'x' HOUR", ERR_SYNTAX},
        {"EVERY 1", ERR_SYNTAX},
        {"AFTER 1 HOUR OFFSET 1 MINUTE", ERR_SYNTAX},
        {"AFTER 1 HOUR DEPENDS ON a", ERR_NOT_IMPLEMENTED},
        {"DEPENDS ON a", ERR_NOT_IMPLEMENTED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct refresh_schedule schedule = {0};
        struct err *err = schedule_of(examples[i].clause, &schedule);
        if (err_code(err) != examples[i].code) {
            fail_msg("%s: %s", examples[i].clause, err == NULL ? "accepted" : err_message(err));
        }
        err_free(err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_calendar), cmocka_unit_test(test_ends_of_months),
                                       cmocka_unit_test(test_chance), cmocka_unit_test(test_retries),
                                       cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
