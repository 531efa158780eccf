/*
 * failpoint_test.c: faults fire at their hit, once or from then on, and say so.
 */
#include "base/failpoint.h"

#include "tests/base/expect.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

FAILPOINT(test_one);
FAILPOINT(test_two);

static int end(void **state)
{
    (void)state;
    failpoint_disarm_all();
    return 0;
}

static void nothing_armed(void **state)
{
    (void)state;
    uint64_t before = failpoint_test_one.hits;
    for (int k = 0; k < 5; k++) {
        assert_int_equal(failpoint_hit(&failpoint_test_one), FAILPOINT_NONE);
    }
    assert_int_equal(failpoint_test_one.hits - before, 5);
}

static void found_by_name(void **state)
{
    (void)state;
    bool seen = false;
    assert_ptr_equal(failpoint_find("test_two"), &failpoint_test_two);
    assert_null(failpoint_find("test_"));
    assert_null(failpoint_find(""));
    for (const struct failpoint *failpoint = failpoint_first(); failpoint != NULL; failpoint = failpoint->next) {
        seen |= failpoint == &failpoint_test_one;
    }
    assert_true(seen);
}

static void at_its_hit(void **state)
{
    (void)state;
    expect_ok(failpoint_arm("test_one=enospc:3,,test_two=short:2+"));
    assert_int_equal(failpoint_hit(&failpoint_test_one), FAILPOINT_NONE);
    assert_int_equal(failpoint_hit(&failpoint_test_one), FAILPOINT_NONE);
    assert_int_equal(failpoint_hit(&failpoint_test_one), FAILPOINT_ENOSPC);
    assert_int_equal(failpoint_hit(&failpoint_test_one), FAILPOINT_NONE);
    assert_int_equal(failpoint_hit(&failpoint_test_two), FAILPOINT_NONE);
    assert_int_equal(failpoint_hit(&failpoint_test_two), FAILPOINT_SHORT);
    assert_int_equal(failpoint_hit(&failpoint_test_two), FAILPOINT_SHORT);
    expect_ok(failpoint_arm("test_two=on")); /* anew: its hits count from here */
    assert_int_equal(failpoint_hit(&failpoint_test_two), FAILPOINT_ON);
    assert_int_equal(failpoint_hit(&failpoint_test_two), FAILPOINT_NONE);
    expect_ok(failpoint_arm("test_one=eio:1+"));
    assert_int_equal(failpoint_hit(&failpoint_test_one), FAILPOINT_EIO);
    failpoint_disarm_all();
    assert_int_equal(failpoint_hit(&failpoint_test_one), FAILPOINT_NONE);
}

static void what_is_wrong(void **state)
{
    (void)state;
    expect_ok(failpoint_arm(""));
    expect_err(failpoint_arm("test_one"), ERR_BAD_ARGUMENTS, "no action");
    expect_err(failpoint_arm("test_one=explode"), ERR_BAD_ARGUMENTS, "\"explode\"");
    expect_err(failpoint_arm("test_three=eio"), ERR_BAD_ARGUMENTS, "\"test_three\"");
    static const char *const numbers[] = {"0", "x", "", "1x", "1++", "+"};
    for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
        char text[64];
        (void)snprintf(text, sizeof(text), "test_one=eio:%s", numbers[k]);
        expect_err(failpoint_arm(text), ERR_BAD_ARGUMENTS, "is not the number of a hit");
    }
    assert_int_equal(setenv("WEIR_FAILPOINTS", "test_one=nothing", 1), 0);
    expect_err(failpoint_arm_environment(), ERR_BAD_ARGUMENTS, "WEIR_FAILPOINTS");
    assert_int_equal(unsetenv("WEIR_FAILPOINTS"), 0);
    expect_ok(failpoint_arm_environment());
}

/* A process dies at its hit, by SIGKILL; what fired is in the file all the same. */
static void kills_and_tells(void **state)
{
    (void)state;
    char path[] = "/tmp/weir-failpoint-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)setenv("WEIR_FAILPOINT_HITS", path, 1);
        (void)setenv("WEIR_FAILPOINTS", "test_one=eio,test_two=kill:2", 1);
        err_free(failpoint_arm_environment());
        (void)failpoint_hit(&failpoint_test_one);
        (void)failpoint_hit(&failpoint_test_two);
        (void)failpoint_hit(&failpoint_test_two);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    char text[128] = "";
    assert_true(read(file, text, sizeof(text) - 1) > 0);
    assert_string_equal(text, "test_one eio\ntest_two kill\n");
    (void)close(file);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nothing_armed, end),   cmocka_unit_test_teardown(found_by_name, end),
        cmocka_unit_test_teardown(at_its_hit, end),      cmocka_unit_test_teardown(what_is_wrong, end),
        cmocka_unit_test_teardown(kills_and_tells, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
