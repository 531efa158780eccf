/*
 * civil_test.c: dates against a calendar that counts day by day, and against Python's.
 */
#include "base/civil.h"

#include "tests/base/expect.h"

/* Every day of the years -32767 to 32767, one after the other. */
static void day_by_day(void **state)
{
    (void)state;
    int32_t days = civil_to_days(-32767, 1, 1);
    int32_t begin = days;
    uint32_t weekday = civil_weekday(days);
    for (int32_t year = -32767; year <= 32767; year++) {
        bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        uint32_t day_of_year = 0;
        assert_int_equal(civil_is_leap(year), leap);
        for (uint32_t month = 1; month <= 12; month++) {
            uint32_t length = month == 2                                              ? 28U + leap
                              : month == 4 || month == 6 || month == 9 || month == 11 ? 30U
                                                                                      : 31U;
            assert_int_equal(civil_days_in_month(year, month), length);
            for (uint32_t day = 1; day <= length; day++, days++) {
                struct civil civil = civil_of_days(days);
                day_of_year++;
                if (civil.year != year || civil.month != month || civil.day != day ||
                    civil_to_days(year, month, day) != days || civil_weekday(days) != weekday ||
                    civil_day_of_year(days) != day_of_year) {
                    fail_msg("%d-%u-%u is day %d: %d-%u-%u, weekday %u for %u", year, month, day, days, civil.year,
                             civil.month, civil.day, civil_weekday(days), weekday);
                }
                weekday = weekday % 7 + 1;
            }
            assert_int_equal(civil_to_days(year, month, length + 1), days); /* day 32 goes on */
        }
    }
    assert_true(begin < 0 && days == civil_to_days(32768, 1, 1));
    assert_int_equal(civil_to_days(1970, 1, 1), 0);
    assert_int_equal(civil_weekday(0), 4);
}

/*
 * A hash of every day that Python's datetime.date knows, made by
 *     h = 0xcbf29ce484222325
 *     for d in every date: i = d.isocalendar()
 *         for v in (d.toordinal() - 719163, d.year, d.month, d.day, i[0], i[1], i[2], d.timetuple().tm_yday):
 *             h = (h ^ v & 0xffffffff) * 0x100000001b3 & (2**64 - 1)
 */
static void as_python_has_them(void **state)
{
    (void)state;
    uint64_t hash = 0xcbf29ce484222325;
    for (int32_t days = -719162; days <= 2932896; days++) {
        struct civil civil = civil_of_days(days);
        int32_t iso_year = 0;
        uint32_t week = civil_iso_week(days, &iso_year);
        const uint32_t values[] = {(uint32_t)days,      (uint32_t)civil.year,   civil.month,
                                   civil.day,           (uint32_t)iso_year,     week,
                                   civil_weekday(days), civil_day_of_year(days)};
        for (size_t k = 0; k < 8; k++) {
            hash = (hash ^ values[k]) * 0x100000001b3;
        }
    }
    assert_true(hash == 0x8a9ed881fba1668c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(day_by_day), cmocka_unit_test(as_python_has_them)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
