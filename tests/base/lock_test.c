/*
 * lock_test.c: ranks, conditions; a wrong order stops sanitizer builds, in a child process.
 */
#include "base/lock.h"

#include "tests/base/expect.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct lock low, high;
static struct shared_lock shared;

static int begin(void **state)
{
    (void)state;
    lock_init(&low, LOCK_TABLE);
    lock_init(&high, LOCK_LEDGER);
    shared_lock_init(&shared, LOCK_SEGMENT); /* between the two */
    return 0;
}

static int end(void **state)
{
    (void)state;
    lock_deinit(&low);
    lock_deinit(&high);
    shared_lock_deinit(&shared);
    return 0;
}

static void right_order(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) { /* nothing is remembered when all are given back, in any order */
        lock_take(&low);
        shared_lock_read(&shared);
        lock_take(&high);
        lock_check_held(&low);
        lock_check_held(&high);
        lock_give(&low);
        lock_give(&high);
        shared_lock_give(&shared);
        shared_lock_write(&shared);
        shared_lock_give(&shared);
    }
}

static void a_wait_ends(void **state)
{
    (void)state;
    struct condition condition;
    condition_init(&condition);
    lock_take(&low);
    while (condition_wait_for(&condition, &low, 1000)) {
        /* woken for no reason */
    }
    lock_check_held(&low);
    lock_give(&low);
    condition_deinit(&condition);
}

#ifdef WEIR_SANITIZED

static void high_then_low(void)
{
    lock_take(&high);
    lock_take(&low);
}

static void twice(void)
{
    shared_lock_read(&shared);
    shared_lock_read(&shared);
}

static void high_then_shared(void)
{
    lock_take(&high);
    shared_lock_read(&shared);
}

static void given_unheld(void)
{
    lock_give(&low);
}

static void wait_unheld(void)
{
    struct condition condition;
    condition_init(&condition);
    (void)condition_wait_for(&condition, &low, 0);
}

static void signal_unheld(void)
{
    struct condition condition;
    condition_init(&condition);
    lock_take(&low);
    (void)condition_wait_for(&condition, &low, 0);
    lock_give(&low);
    condition_signal(&condition);
}

static void checked_unheld(void)
{
    lock_check_held(&low);
}

static void wrong_order_stops(void **state)
{
    (void)state;
    static const struct {
        void (*run)(void);
        const char *says;
    } cases[] = {
        {high_then_low, "lock of rank 60 taken while one of rank 70 is held"},
        {twice, "lock of rank 62 taken while one of rank 62 is held"},
        {high_then_shared, "lock of rank 62 taken while one of rank 70 is held"},
        {given_unheld, "does not hold"},
        {wait_unheld, "is_held"},
        {signal_unheld, "is_held"},
        {checked_unheld, "is_held"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)signal(SIGABRT, SIG_DFL);
            (void)dup2(ends[1], STDERR_FILENO);
            cases[k].run();
            _exit(0);
        }
        (void)close(ends[1]);
        char said[4096];
        size_t length = 0;
        ssize_t got;
        while ((got = read(ends[0], said + length, sizeof(said) - 1 - length)) > 0) {
            length += (size_t)got;
        }
        said[length] = 0;
        (void)close(ends[0]);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        if (strstr(said, cases[k].says) == NULL) {
            fail_msg("case %zu said: %s", k, said);
        }
    }
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(right_order, begin, end),
        cmocka_unit_test_setup_teardown(a_wait_ends, begin, end),
#ifdef WEIR_SANITIZED
        cmocka_unit_test_setup_teardown(wrong_order_stops, begin, end),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
