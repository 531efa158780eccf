/*
 * late_rows_test.c: runs of late rows: what belongs to one, and that the record is bounded and keeps the newest.
 */
#include "ingest/late_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SECOND 1000000

static void test_runs(void **state)
{
    struct late_run run = {0};
    (void)state;
    assert_true(late_run_add(&run, 17, 100 * SECOND));
    assert_true(late_run_add(&run, 15, 160 * SECOND));
    assert_true(late_run_add(&run, 18, 40 * SECOND));
    assert_int_equal(run.rows, 3);
    assert_int_equal(run.first_offset, 15);
    assert_int_equal(run.last_offset, 18);
    assert_int_equal(run.event_min_us, 40 * SECOND);
    assert_int_equal(run.event_max_us, 160 * SECOND);
    assert_false(late_run_add(&run, 19, -21 * SECOND)); /* more than a minute from the others */
    assert_false(late_run_add(&run, 19, 221 * SECOND));
    assert_false(late_run_add(&run, 19, INT64_MIN));
    assert_false(late_run_add(&run, 19, INT64_MAX));
    assert_int_equal(run.rows, 3);
    assert_int_equal(run.last_offset, 18);
    assert_true(late_run_add(&run, 19, -20 * SECOND));
}

static void test_the_newest_are_kept(void **state)
{
    struct late_rows late = {0};
    (void)state;
    for (int64_t i = 0; i < (int64_t)LATE_RUNS_MAX * 2 + 7; i++) {
        const struct late_run run = {.first_offset = i, .rows = 1};
        late_rows_keep(&late, &run);
        uint32_t count = i + 1 < (int64_t)LATE_RUNS_MAX ? (uint32_t)(i + 1) : LATE_RUNS_MAX;
        assert_int_equal(late.count, count);
        assert_int_equal(late_rows_run(&late, 0)->first_offset, i + 1 - count);
        assert_int_equal(late_rows_run(&late, count - 1)->first_offset, i);
    }
    late_rows_deinit(&late);
    assert_int_equal(late.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_runs), cmocka_unit_test(test_the_newest_are_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
