/*
 * commit_crash_test.c: the power goes at operations all over the life of a store: packs, ledger, insert log, recovery.
 * Unsynced data is lost, torn or kept.
 */
#include "base/io_memory.h"
#include "base/log.h"
#include "tests/storage/crash_work.h"

#define ROUNDS      6
#define INTERVAL_US ((uint64_t)3600 * 1000000) /* the insert log is flushed when the store closes */

static void crash_all(enum crash_mode mode, uint64_t step)
{
    struct io *io = NULL;
    struct crash_work work = {0};
    assert_ok(io_memory(&io));
    assert_ok(crash_work_run("memory", io, &work, ROUNDS, INTERVAL_US, true));
    uint64_t operations = io_memory_operations(io);
    crash_work_check("memory", io, &work);
    io_destroy(io);

    for (uint64_t at = 1; at <= operations; at += step) {
        work = (struct crash_work){0};
        assert_ok(io_memory(&io));
        io_memory_power_off_at(io, at);
        err_free(crash_work_run("memory", io, &work, ROUNDS, INTERVAL_US, true));
        assert_ok(io_memory_power_on(io, mode, at));
        crash_work_check("memory", io, &work);
        /* once more, early: recovery is interrupted, too */
        io_memory_power_off_at(io, 1 + at % 17);
        err_free(crash_work_run("memory", io, &work, 1, INTERVAL_US, true));
        assert_ok(io_memory_power_on(io, mode, at + 7));
        crash_work_check("memory", io, &work);
        io_destroy(io);
    }
}

static void unsynced_data_is_lost(void **state)
{
    (void)state;
    crash_all(CRASH_LOSE, 2);
}

static void unsynced_data_is_torn(void **state)
{
    (void)state;
    crash_all(CRASH_TEAR, 2);
}

static void unsynced_data_is_kept(void **state)
{
    (void)state;
    crash_all(CRASH_KEEP, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsynced_data_is_lost),
        cmocka_unit_test(unsynced_data_is_torn),
        cmocka_unit_test(unsynced_data_is_kept),
    };
    log_configure(LOG_LEVEL_NONE, LOG_FORMAT_TEXT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
