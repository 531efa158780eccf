/*
 * timezone_test.c: zones beside the C library's reading of the same files; calendar arithmetic beside timegm.
 */
#include "base/civil.h"
#include "base/timezone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static void offsets_are_those_of_the_c_library(void **state)
{
    static const char *const names[] = {"Europe/Berlin",     "America/New_York",  "Asia/Kolkata", "Australia/Lord_Howe",
                                        "Africa/Casablanca", "America/Sao_Paulo", "Etc/GMT-3",    "Europe/Dublin"};
    (void)state;
    srand(1);
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        const struct timezone *zone;
        assert_null(timezone_find(slice_text(names[k]), &zone));
        assert_string_equal(timezone_name(zone), names[k]);
        assert_int_equal(setenv("TZ", names[k], 1), 0);
        tzset();
        for (int round = 0; round < 50000; round++) {
            int64_t moment = ((int64_t)rand() * 4 - 1500000000LL) % 8000000000LL;
            time_t at = (time_t)moment;
            struct tm tm;
            assert_non_null(localtime_r(&at, &tm));
            int32_t offset = timezone_offset(zone, moment);
            assert_int_equal(offset, tm.tm_gmtoff);
            int64_t begin, end;
            assert_int_equal(timezone_offset_range(zone, moment, &begin, &end), offset);
            assert_true(begin <= moment && moment < end);
            int64_t back = timezone_to_utc(zone, moment + offset);
            /* the same local time, perhaps the earlier one of two */
            assert_true(back <= moment);
            assert_true(back + timezone_offset(zone, back) == moment + offset);
        }
    }
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

static void a_skipped_hour_is_the_one_before(void **state)
{
    (void)state;
    const struct timezone *zone;
    assert_null(timezone_find(slice_text("Europe/Berlin"), &zone));
    /* 2026-03-29 02:30 does not exist: 01:30 winter time, as ClickHouse has it */
    int64_t local = (int64_t)civil_to_days(2026, 3, 29) * 86400 + 2 * 3600 + 1800;
    int64_t moment = timezone_to_utc(zone, local);
    assert_int_equal(moment + timezone_offset(zone, moment), local - 3600);
    assert_string_equal(timezone_abbreviation(zone, moment), "CET");
    /* a day without midnight begins at one */
    assert_null(timezone_find(slice_text("America/Sao_Paulo"), &zone));
    int32_t days = civil_to_days(2018, 11, 4);
    moment = timezone_day_begin(zone, days);
    assert_int_equal(moment + timezone_offset(zone, moment), (int64_t)days * 86400 + 3600);
}

static void bad_names_are_refused(void **state)
{
    static const char *const names[] = {"",  "../../etc/passwd", "/etc/passwd", "Europe/Nowhere", "tzdata.zi",
                                        ".", "Europe",           "Europe/\nx",  "zone.tab"};
    (void)state;
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        const struct timezone *zone;
        struct err *err = timezone_find(slice_text(names[k]), &zone);
        assert_int_equal(err_code(err), ERR_BAD_ARGUMENTS);
        assert_null(zone);
        err_free(err);
    }
}

static void dates_and_days_agree(void **state)
{
    (void)state;
    for (int32_t days = -200000; days < 200000; days += 7) {
        struct civil civil = civil_of_days(days);
        assert_int_equal(civil_to_days(civil.year, civil.month, civil.day), days);
        time_t at = (time_t)days * 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&at, &tm));
        assert_int_equal(civil.year, tm.tm_year + 1900);
        assert_int_equal(civil.month, tm.tm_mon + 1);
        assert_int_equal(civil.day, tm.tm_mday);
        assert_int_equal(civil_weekday(days) % 7, tm.tm_wday);
        assert_int_equal(civil_day_of_year(days), tm.tm_yday + 1);
        char week[16];
        assert_true(strftime(week, sizeof(week), "%G %V", &tm) > 0);
        int32_t iso_year;
        uint32_t iso_week = civil_iso_week(days, &iso_year);
        assert_int_equal(strtol(week, NULL, 10), iso_year);
        assert_int_equal(strtoul(strchr(week + 1, ' '), NULL, 10), iso_week);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_are_those_of_the_c_library),
        cmocka_unit_test(a_skipped_hour_is_the_one_before),
        cmocka_unit_test(bad_names_are_refused),
        cmocka_unit_test(dates_and_days_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
