/*
 * ledger_crash_test.c: the power goes at every single operation of a run of opens, commits, rotations, pruning and a
 * close; unsynced data is lost, torn or kept. What was acknowledged must be there, and nothing twice.
 */
#include "base/io_memory.h"
#include "tests/storage/ledger_fixture.h"

#define COMMITS 24

struct progress {
    unsigned acknowledged; /* commits that returned success */
    unsigned tried;
};

/* Opens, commits until the power goes or all are there, closes. Continues where the ledger says. */
static void work(struct io *io, struct progress *progress)
{
    struct ledger *ledger = NULL;
    struct ledger_options options = {.file_bytes_max = 1500, .files_bytes_max = 12000};
    struct coverage_key key = key_make(1, 1, 0);
    uint32_t stream = 0;

    struct err *err = ledger_open(io, "ledger", &options, &ledger);
    if (err != NULL) {
        if (!io_memory_is_off(io)) {
            print_error("%s\n", err_message(err));
        }
        assert_true(io_memory_is_off(io)); /* nothing else may keep it from opening */
        err_free(err);
        return;
    }
    struct coverage_position position = {.end = 0};
    bool started = coverage_position(ledger, &key, &position);
    if (!started) {
        struct ledger_state *state = ledger_state_lock(ledger);
        bool have_table = state_table(state, 1) != NULL;
        ledger_state_unlock(ledger);
        if (!have_table) {
            err_free(table_try(ledger, 1));
        }
        err_free(ledger_stream(ledger, slice_text("cluster/t"), &stream));
    }
    for (unsigned i = (unsigned)(position.end / 10); i < COMMITS && !io_memory_is_off(io); i++) {
        struct ledger_batch *batch = ledger_batch_create();
        if (!started) {
            const struct ledger_start start = {.key = key, .source_id = 1};
            assert_ok(ledger_batch_start(batch, &start));
            started = true;
        }
        segment_put(batch, 1, i + 1, 10);
        coverage_put(batch, key, 10 * (int64_t)i, 10);
        progress->tried = i + 1 > progress->tried ? i + 1 : progress->tried;
        err = ledger_commit(ledger, batch, NULL);
        if (err == NULL) {
            progress->acknowledged = i + 1;
        }
        ledger_batch_destroy(batch);
        if (err != NULL) {
            err_free(err);
            break;
        }
    }
    err_free(ledger_close(ledger));
}

/* After power is back: all that was acknowledged, at most what was tried, no gap, and the chain is right. */
static void check(struct io *io, const struct progress *progress)
{
    struct ledger *ledger = NULL;
    struct ledger_options options = {.file_bytes_max = 1500, .files_bytes_max = 12000};
    struct coverage_key key = key_make(1, 1, 0);
    struct ledger_report report;

    assert_ok(ledger_open(io, "ledger", &options, &ledger));
    struct coverage_position position = {.end = 0};
    (void)coverage_position(ledger, &key, &position);
    assert_true(position.end >= 10 * (int64_t)progress->acknowledged);
    assert_true(position.end <= 10 * (int64_t)progress->tried);
    struct ledger_metrics metrics;
    ledger_metrics(ledger, &metrics);
    assert_int_equal(metrics.rows_live, position.end);
    assert_ok(ledger_close(ledger));
    assert_ok(ledger_verify(io, "ledger", &report));
    assert_int_equal(report.torn_bytes, 0);
}

static uint64_t operations_of_a_run(void)
{
    struct io *io = NULL;
    struct progress progress = {0};
    assert_ok(io_memory(&io));
    work(io, &progress);
    assert_int_equal(progress.acknowledged, COMMITS);
    check(io, &progress);
    uint64_t operations = io_memory_operations(io);
    io_destroy(io);
    return operations;
}

static void crash_everywhere(enum crash_mode mode, unsigned seeds)
{
    uint64_t operations = operations_of_a_run();

    assert_true(operations > 2 * COMMITS);
    for (uint64_t at = 1; at <= operations; at++) {
        for (unsigned seed = 0; seed < seeds; seed++) {
            struct io *io = NULL;
            struct progress progress = {0};
            assert_ok(io_memory(&io));
            io_memory_power_off_at(io, at);
            work(io, &progress);
            assert_ok(io_memory_power_on(io, mode, at * 1000 + seed));
            check(io, &progress);
            work(io, &progress); /* and it goes on to the end */
            progress = (struct progress){COMMITS, COMMITS};
            check(io, &progress);
            io_destroy(io);
        }
    }
}

static void unsynced_data_is_lost(void **state)
{
    (void)state;
    crash_everywhere(CRASH_LOSE, 1);
}

static void unsynced_data_is_torn(void **state)
{
    (void)state;
    crash_everywhere(CRASH_TEAR, 6);
}

static void unsynced_data_is_kept(void **state)
{
    (void)state;
    crash_everywhere(CRASH_KEEP, 1);
}

/* The power goes again while recovery from the first loss is under way. */
static void power_goes_twice(void **state)
{
    (void)state;
    uint64_t operations = operations_of_a_run();
    for (uint64_t at = 3; at <= operations; at += 3) {
        for (uint64_t again = 1; again <= 9; again++) {
            struct io *io = NULL;
            struct progress progress = {0};
            assert_ok(io_memory(&io));
            io_memory_power_off_at(io, at);
            work(io, &progress);
            assert_ok(io_memory_power_on(io, CRASH_TEAR, at * 77 + again));
            io_memory_power_off_at(io, again);
            work(io, &progress);
            assert_ok(io_memory_power_on(io, again % 2 == 0 ? CRASH_TEAR : CRASH_LOSE, at * 91 + again));
            check(io, &progress);
            io_destroy(io);
        }
    }
}

/* A sync fails and its data never reaches the disk, though it can be read until the power goes. The server restarts
 * first: what recovery then shows must survive a loss of power. */
static void a_failed_sync_loses_nothing_that_was_shown(void **state)
{
    (void)state;
    unsigned read_only = 0;
    for (uint64_t sync = 1; sync <= 40; sync++) {
        struct io *io = NULL;
        struct progress progress = {0};
        assert_ok(io_memory(&io));
        io_memory_fail_sync_at(io, sync);
        struct ledger *ledger = NULL;
        struct ledger_options options = {.file_bytes_max = 1500};
        struct err *err = ledger_open(io, "ledger", &options, &ledger);
        if (err != NULL) { /* the first file's own sync */
            err_free(err);
            io_destroy(io);
            continue;
        }
        struct coverage_key key = key_make(1, STREAM_INSERT_LOG, 0);
        err_free(table_try(ledger, 1)); /* fails when it is the one whose sync fails */
        for (unsigned i = 0; i < COMMITS; i++) {
            struct ledger_batch *batch = ledger_batch_create();
            segment_put(batch, 1, i + 1, 10);
            coverage_put(batch, key, 10 * (int64_t)i, 10);
            err = ledger_commit(ledger, batch, NULL);
            ledger_batch_destroy(batch);
            progress.tried = i + 1;
            if (err != NULL) {
                read_only++;
                err_free(err);
                break;
            }
            progress.acknowledged = i + 1;
        }
        err_free(ledger_close(ledger));
        io_memory_fail_sync_at(io, 0);

        assert_ok(ledger_open(io, "ledger", &options, &ledger)); /* the process starts again; the power stayed */
        struct coverage_position shown = {.end = 0}, after = {.end = 0};
        (void)coverage_position(ledger, &key, &shown);
        assert_true(shown.end >= 10 * (int64_t)progress.acknowledged);
        ledger->failed = err_new(ERR_ABORTED, "the test kills it"); /* no close record */
        assert_ok(ledger_close(ledger));
        assert_ok(io_memory_power_on(io, CRASH_LOSE, 1));
        assert_ok(ledger_open(io, "ledger", &options, &ledger));
        (void)coverage_position(ledger, &key, &after);
        assert_int_equal(after.end, shown.end);
        assert_ok(ledger_close(ledger));
        struct ledger_report report;
        assert_ok(ledger_verify(io, "ledger", &report));
        io_destroy(io);
    }
    assert_true(read_only > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsynced_data_is_lost),
        cmocka_unit_test(unsynced_data_is_torn),
        cmocka_unit_test(unsynced_data_is_kept),
        cmocka_unit_test(power_goes_twice),
        cmocka_unit_test(a_failed_sync_loses_nothing_that_was_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
