/*
 * interval_set_test.c: sets of intervals beside a plain array of flags.
 */
#include "base/interval_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define VALUES 200U

static void compare(const struct interval_set *set, const bool *flags)
{
    uint64_t size = 0;
    for (uint64_t value = 0; value < VALUES; value++) {
        assert_int_equal(interval_set_contains(set, value), flags[value]);
        size += flags[value];
    }
    assert_int_equal(interval_set_size(set), size);
    for (size_t k = 0; k < set->count; k++) {
        assert_true(set->intervals[k].begin < set->intervals[k].end);
        assert_true(k == 0 || set->intervals[k - 1].end < set->intervals[k].begin); /* touching ones are one */
    }
}

static void like_flags(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        struct interval_set set = {0};
        bool flags[VALUES] = {false};
        uint32_t random = seed * 2654435761U;
        for (int round = 0; round < 300; round++) {
            random = random * 1664525U + 1013904223U;
            uint64_t begin = (random >> 8) % VALUES, end = begin + (random >> 20) % (VALUES - begin + 1);
            bool add = round % 3 != 0;
            bool all = true, any = false;
            for (uint64_t value = begin; value < end; value++) {
                all &= flags[value];
                any |= flags[value];
            }
            assert_int_equal(interval_set_covers(&set, begin, end), all);
            assert_int_equal(interval_set_meets(&set, begin, end), any);
            uint64_t gap = begin;
            while (gap < VALUES && flags[gap]) {
                gap++;
            }
            assert_int_equal(interval_set_first_gap(&set, begin), gap);
            assert_true(add ? interval_set_add(&set, begin, end) : interval_set_remove(&set, begin, end));
            for (uint64_t value = begin; value < end; value++) {
                flags[value] = add;
            }
            compare(&set, flags);
        }
        interval_set_deinit(&set);
    }
}

static void ends_of_the_range(void **state)
{
    (void)state;
    struct interval_set set = {0};
    assert_true(interval_set_add(&set, UINT64_MAX - 1, UINT64_MAX));
    assert_true(interval_set_add(&set, 0, 1));
    assert_true(interval_set_contains(&set, UINT64_MAX - 1));
    assert_false(interval_set_contains(&set, UINT64_MAX));
    assert_int_equal(interval_set_first_gap(&set, 0), 1);
    assert_true(interval_set_remove(&set, 0, UINT64_MAX));
    assert_int_equal(set.count, 0);
    interval_set_deinit(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(like_flags), cmocka_unit_test(ends_of_the_range)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
