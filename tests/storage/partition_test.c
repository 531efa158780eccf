/*
 * partition_test.c: partitions leave, are set aside and come back; holds keep everything; the power goes in between.
 */
#include "storage/partition.h"

#include "base/io_memory.h"
#include "base/log.h"
#include "storage/check.h"
#include "storage/table_private.h"
#include "tests/storage/table_fixture.h"

#include <pthread.h>

#define ROWS 40U

/* Rows [from, from + ROWS), in two partitions, one commit. */
static void rows_commit(struct store *store, struct table *table, uint64_t from, uint32_t partitions)
{
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t n = from; n < from + ROWS; n++) {
        row_put(head_builder(writer), n, partitions, NULL);
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    head_writer_close(writer);
}

static uint32_t detached_of(struct table *table)
{
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *segments = NULL;
    uint32_t count = 0;
    assert_ok(ledger_detached(table->store->ledger, arena, table->id, &segments, &count));
    arena_destroy(arena);
    return count;
}

static struct partition_choice partition(const struct slice *text)
{
    return (struct partition_choice){.partition = text};
}

static const struct slice ZERO = {"0", 1}, ONE = {"1", 1};
static const struct partition_choice ALL = {0};

static void check_folder(const char *folder, uint64_t rows, uint64_t detached, uint64_t holds)
{
    struct check_report report;
    char command[512];
    assert_ok(store_check(folder, NULL, NULL, NULL, NULL, &report));
    assert_int_equal(report.problems, 0);
    assert_int_equal(report.rows, rows);
    assert_int_equal(report.detached, detached);
    assert_int_equal(report.holds, holds);
    (void)snprintf(command, sizeof command, "python3 tests/format/ledger_reader.py '%s/ledger' >/dev/null", folder);
    assert_int_equal(system(command), 0);
}

static void partitions_leave_and_come_back(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    uint32_t count = 0;
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    rows_commit(store, table, 0, 2);
    rows_commit(store, table, ROWS, 2);
    struct rows_seen all = rows_see(table);
    struct partition_choice zero = partition(&ZERO), one = partition(&ONE);

    assert_ok(table_detach(table, &zero, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows_see(table).rows, ROWS);
    assert_ok(table_detach(table, &zero, &count));
    assert_int_equal(count, 0);
    assert_int_equal(detached_of(table), 2);
    /* nothing of it is merged, truncated, or seen after a restart; a checkpoint carries it */
    assert_ok(ledger_checkpoint(store->ledger));
    assert_ok(table_truncate(table));
    assert_int_equal(rows_see(table).rows, 0);
    rows_commit(store, table, ROWS, 2); /* both partitions' upper half once more */
    assert_ok(table_drop_segments(table, &zero, &count));
    assert_int_equal(count, 1);
    table_unref(table);
    assert_ok(store_close(store));
    check_folder(folder, ROWS + ROWS / 2, 2, 0);
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    assert_int_equal(rows_see(table).rows, ROWS / 2);
    assert_ok(table_attach(table, &one, &count));
    assert_int_equal(count, 0);
    assert_ok(table_attach(table, &zero, &count));
    assert_int_equal(count, 2);
    assert_int_equal(detached_of(table), 0);
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(rows_see(table).rows, ROWS + ROWS / 2);
    assert_true(rows_see(table).n_sum < all.n_sum);

    /* one segment by its name; what is detached goes with its table */
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *segments = NULL;
    assert_ok(ledger_segments(store->ledger, arena, table->id, &segments, &count));
    assert_int_equal(count, 2);
    struct segment_name name = {segments[0].pack, segments[0].offset};
    assert_ok(table_detach(table, &(struct partition_choice){.segment = &name}, &count));
    assert_int_equal(count, 1);
    assert_ok(table_drop_detached(table, &(struct partition_choice){.segment = &name}, &count));
    assert_int_equal(count, 1);
    assert_err(table_release(table, slice_text("x")), ERR_BAD_ARGUMENTS, "not held");
    assert_ok(table_detach(table, &ALL, &count));
    assert_int_equal(count, 1);
    assert_ok(catalogue_drop_table(store->catalogue, "default", "t", false));
    assert_ok(ledger_detached(store->ledger, arena, 0, &segments, &count));
    assert_int_equal(count, 0);
    assert_err(table_attach(table, &ALL, &count), ERR_UNKNOWN_TABLE, "dropped");
    arena_destroy(arena);
    table_unref(table);
    assert_ok(store_close(store));
    check_folder(folder, 0, 0, 0);
    folder_remove(folder);
}

/* Rows of many partitions in one segment: only those of the partition leave. */
static void mixed_segments_are_split_first(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    uint32_t count = 0;
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t n = 0; n < 400; n++) {
        row_put(head_builder(writer), n, 100, NULL);
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    head_writer_close(writer);
    struct slice last = slice_text("99");
    struct partition_choice choice = partition(&last);
    assert_ok(table_drop_segments(table, &choice, &count));
    assert_int_equal(count, 1);
    struct rows_seen seen = rows_see(table);
    assert_int_equal(seen.rows, 396);
    assert_true(seen.n_sum == 400 * 399 / 2 - (99 + 199 + 299 + 399));
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void *drop_all(void *object)
{
    uint32_t count = 0;
    assert_ok(table_drop_segments(object, &ALL, &count));
    assert_int_equal(count, 1);
    return NULL;
}

/* Rows that are in a head when the statement begins leave too: their writer is asked to commit them. */
static void heads_are_committed_first(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    pthread_t thread;
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    assert_ok(head_writer_open(table, NULL, &writer));
    row_put(head_builder(writer), 1, 2, NULL);
    assert_ok(head_publish(writer));
    assert_false(head_seal_is_wanted(writer));
    assert_int_equal(pthread_create(&thread, NULL, drop_all, table), 0);
    while (!head_seal_is_wanted(writer)) {
        (void)usleep(1000);
    }
    assert_false(head_seal_is_wanted(writer));
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    row_put(head_builder(writer), 2, 2, NULL); /* came later: stays */
    assert_ok(head_publish(writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    assert_int_equal(pthread_join(thread, NULL), 0);
    struct rows_seen seen = rows_see(table);
    assert_int_equal(seen.rows, 1);
    assert_int_equal(seen.n_sum, 2);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void a_damaged_segment_does_not_come_back(void **state)
{
    (void)state;
    char *folder = folder_make();
    char path[512];
    struct store *store = store_opened(folder, NULL);
    uint32_t count = 0;
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    rows_commit(store, table, 0, 2);
    assert_ok(table_detach(table, &ALL, &count));
    (void)snprintf(path, sizeof path, "%s/packs/00000001.pack", folder);
    FILE *file = fopen(path, "r+b");
    if (file == NULL) {
        fail_msg("%s cannot be opened", path);
        return;
    }
    assert_int_equal(fseek(file, 40, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, 40, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 8, file), byte ^ 8);
    assert_int_equal(fclose(file), 0);
    assert_err(table_attach(table, &ALL, &count), ERR_CORRUPT, "attaching");
    assert_int_equal(rows_see(table).rows, 0);
    assert_int_equal(detached_of(table), 2);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void nothing_leaves_a_held_table(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    uint32_t count = 0;
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct partition_choice zero = partition(&ZERO);
    struct slice first = slice_text("case 4711"), second = slice_text("it's");
    rows_commit(store, table, 0, 2);
    rows_commit(store, table, ROWS, 2);
    assert_ok(table_detach(table, &zero, &count));
    assert_ok(table_hold(table, first));
    assert_ok(table_hold(table, second));
    assert_err(table_hold(table, first), ERR_BAD_ARGUMENTS, "held already");
    assert_err(table_hold(table, slice_text("")), ERR_BAD_ARGUMENTS, "1 to");
    for (uint32_t round = 0; round < 2; round++) {
        assert_err(table_drop_segments(table, &ALL, &count), ERR_TABLE_HELD, "RELEASE HOLD");
        assert_err(table_detach(table, &ALL, &count), ERR_TABLE_HELD, "case 4711");
        assert_err(table_drop_detached(table, &ALL, &count), ERR_TABLE_HELD, "held");
        assert_err(table_truncate(table), ERR_TABLE_HELD, "TRUNCATE");
        assert_err(catalogue_drop_table(store->catalogue, "default", "t", false), ERR_TABLE_HELD, "DROP TABLE");
        /* the ledger itself refuses */
        struct ledger_batch *batch = ledger_batch_create();
        struct arena *arena = arena_create(NULL);
        struct ledger_segment *segments = NULL;
        assert_ok(ledger_segments(store->ledger, arena, table->id, &segments, &count));
        struct segment_name name = {segments[0].pack, segments[0].offset};
        struct segments_removed removed = {
            .table_id = table->id, .reason = REMOVE_TTL, .segments = &name, .segment_count = 1};
        assert_ok(ledger_batch_remove(batch, &removed));
        assert_err(ledger_commit(store->ledger, batch, NULL), ERR_TABLE_HELD, "retention");
        ledger_batch_destroy(batch);
        arena_destroy(arena);
        /* merges go on, and so do inserts */
        assert_ok(table_optimize(table, true, NULL));
        assert_int_equal(rows_see(table).rows, ROWS);
        if (round == 0) {
            assert_ok(ledger_checkpoint(store->ledger));
            table_unref(table);
            assert_ok(store_close(store));
            check_folder(folder, 2 * (uint64_t)ROWS, 2, 2);
            store = store_opened(folder, NULL);
            table = table_opened(store, "t");
        }
    }
    assert_ok(table_attach(table, &ALL, &count));
    assert_int_equal(count, 2);
    assert_ok(table_release(table, first));
    assert_err(table_truncate(table), ERR_TABLE_HELD, "'it's'");
    assert_ok(table_release(table, second));
    assert_err(table_release(table, second), ERR_BAD_ARGUMENTS, "not held");
    assert_ok(table_drop_segments(table, &zero, &count));
    assert_ok(catalogue_drop_table(store->catalogue, "default", "t", false));
    table_unref(table);
    assert_ok(store_close(store));
    check_folder(folder, 0, 0, 0);
    folder_remove(folder);
}

/* What the table shows after each step, if it was done: live rows, detached segments, holds. */
#define STEPS 9U
static const struct {
    uint32_t rows, detached, holds;
} after[STEPS + 1] = {
    {ROWS, 0, 0},            /* as it begins: two partitions of ROWS / 2 */
    {ROWS / 2, 1, 0},        /* detach 0 */
    {ROWS / 2, 1, 1},        /* hold */
    {ROWS, 0, 1},            /* attach 0 */
    {ROWS, 0, 0},            /* release */
    {ROWS / 2, 0, 0},        /* drop 1 */
    {ROWS / 2 + ROWS, 0, 0}, /* commit */
    {ROWS, 1, 0},            /* detach 1 */
    {ROWS, 0, 0},            /* drop detached */
    {0, 0, 0},               /* drop all */
};

static struct err *step_do(struct store *store, struct table *table, uint32_t step)
{
    struct partition_choice zero = partition(&ZERO), one = partition(&ONE);
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    struct err *err = NULL;
    switch (step) {
    case 0:
        return table_detach(table, &zero, NULL);
    case 1:
        return table_hold(table, slice_text("why"));
    case 2:
        return table_attach(table, &zero, NULL);
    case 3:
        return table_release(table, slice_text("why"));
    case 4:
        return table_drop_segments(table, &one, NULL);
    case 5:
        assert_ok(head_writer_open(table, NULL, &writer));
        for (uint64_t n = 1000; n < 1000 + ROWS; n++) {
            row_put(head_builder(writer), n, 2, NULL);
        }
        assert_ok(draft_create(store, &draft));
        assert_ok(draft_seal(draft, writer));
        err = draft_commit(draft, NULL);
        draft_destroy(draft);
        head_writer_close(writer);
        return err;
    case 6:
        return table_detach(table, &one, NULL);
    case 7:
        return table_drop_detached(table, &one, NULL);
    default:
        return table_drop_segments(table, &ALL, NULL);
    }
}

/* The steps, until the device is off; how many were acknowledged. */
static uint32_t steps_run(struct io *io)
{
    struct store *store = NULL;
    struct store_options options = {.data_dir = "memory",
                                    .io = io,
                                    .hooks = &table_hooks,
                                    .reserve_bytes = UINT64_MAX,
                                    .ledger = {.file_bytes_max = 700}};
    struct insert_log_options log_options = {.commit_interval_us = (uint64_t)3600 * 1000000};
    uint32_t done = 0;
    struct err *err = store_open(&options, &store);
    if (err != NULL) {
        assert_true(io_memory_is_off(io));
        err_free(err);
        return 0;
    }
    err = insert_log_open(store, &log_options);
    bool log_open = err == NULL;
    struct table *table = table_opened(store, "t");
    while (err == NULL && done < STEPS) {
        err = step_do(store, table, done);
        done += err == NULL ? 1 : 0;
    }
    if (err != NULL && !io_memory_is_off(io)) {
        print_error("step %u: %s\n", done, err_message(err));
    }
    assert_true(err == NULL || io_memory_is_off(io));
    err_free(err);
    if (log_open) {
        insert_log_close(store);
    }
    table_unref(table);
    err_free(store_close(store));
    return done;
}

static void power_goes_between_steps(void **state)
{
    (void)state;
    log_configure(LOG_LEVEL_NONE, LOG_FORMAT_TEXT);
    uint64_t operations = 0;
    for (uint64_t at = 0; at == 0 || at <= operations; at++) {
        for (uint32_t mode = 0; mode < 3; mode++) {
            struct io *io = NULL;
            struct check_report report;
            assert_ok(io_memory(&io));
            struct store *store = store_opened("memory", io);
            table_create(store, "t", "part");
            struct table *table = table_opened(store, "t");
            rows_commit(store, table, 0, 2);
            table_unref(table);
            assert_ok(store_close(store));
            uint64_t before = io_memory_operations(io);
            io_memory_power_off_at(io, at);
            uint32_t done = steps_run(io);
            if (at == 0) {
                operations = io_memory_operations(io) - before;
                assert_int_equal(done, STEPS);
            }
            assert_ok(io_memory_power_on(io, (enum crash_mode)mode, at * 3 + mode));
            io_memory_power_off_at(io, 0);
            store = store_opened("memory", io);
            table = table_opened(store, "t");
            struct arena *arena = arena_create(NULL);
            struct ledger_hold *holds = NULL;
            uint32_t hold_count = 0;
            assert_ok(ledger_holds(store->ledger, arena, table->id, &holds, &hold_count));
            uint64_t rows = rows_see(table).rows;
            uint32_t detached = detached_of(table);
            bool found = false;
            for (uint32_t step = done; step <= done + 1 && step <= STEPS; step++) {
                found = found || (rows == after[step].rows && detached == after[step].detached &&
                                  hold_count == after[step].holds);
            }
            if (!found) {
                print_error("operation %llu, mode %u: after %u steps %llu rows, %u detached, %u holds\n",
                            (unsigned long long)at, mode, done, (unsigned long long)rows, detached, hold_count);
            }
            assert_true(found);
            arena_destroy(arena);
            table_unref(table);
            assert_ok(store_close(store));
            assert_ok(store_check("memory", io, NULL, NULL, NULL, &report));
            assert_int_equal(report.problems, 0);
            io_destroy(io);
        }
    }
    print_message("%llu operations\n", (unsigned long long)operations);
    assert_true(operations > 2 * STEPS);
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partitions_leave_and_come_back), cmocka_unit_test(mixed_segments_are_split_first),
        cmocka_unit_test(heads_are_committed_first),      cmocka_unit_test(a_damaged_segment_does_not_come_back),
        cmocka_unit_test(nothing_leaves_a_held_table),    cmocka_unit_test(power_goes_between_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
