/*
 * transfer_test.c: partitions go from one table to another, whole or as copies; what fails changes nothing; the power
 * goes in between.
 */
#include "storage/transfer.h"

#include "base/failpoint.h"
#include "base/io_memory.h"
#include "base/log.h"
#include "storage/check.h"
#include "storage/quarantine.h"
#include "storage/table_private.h"
#include "tests/storage/table_fixture.h"

#define ROWS 40U

static const struct slice ZERO = {"0", 1}, ONE = {"1", 1};

/* Rows [from, from + ROWS), in two partitions, one commit. */
static struct err *rows_commit(struct store *store, struct table *table, uint64_t from)
{
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t n = from; n < from + ROWS; n++) {
        row_put(head_builder(writer), n, 2, NULL);
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    struct err *err = draft_commit(draft, NULL);
    draft_destroy(draft);
    head_writer_close(writer);
    return err;
}

static struct err *transfer(struct table *from, struct table *to, const struct slice *partition,
                            enum transfer_kind kind, uint32_t *count)
{
    const struct partition_choice choice = {.partition = partition};
    return table_transfer(from, to, &choice, kind, count);
}

static void check_folder(const char *folder, uint64_t rows)
{
    struct check_report report;
    char command[512];
    assert_ok(store_check(folder, NULL, NULL, NULL, NULL, &report));
    assert_int_equal(report.problems, 0);
    assert_int_equal(report.rows, rows);
    (void)snprintf(command, sizeof command, "python3 tests/format/ledger_reader.py '%s/ledger' >/dev/null", folder);
    assert_int_equal(system(command), 0);
}

/* What the ledger says of rows that came to a table, or left it, for one reason. */
static struct ledger_removal account(struct store *store, const struct table *table, enum removal_reason reason)
{
    struct arena *arena = arena_create(NULL);
    struct ledger_removal *list = NULL, all = {0};
    uint32_t count = 0;
    assert_ok(ledger_removals(store->ledger, arena, table->id, &list, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].reason == reason) {
            all.removed_rows += list[i].removed_rows;
            all.removed_sum += list[i].removed_sum;
            all.added_rows += list[i].added_rows;
            all.added_sum += list[i].added_sum;
        }
    }
    arena_destroy(arena);
    return all;
}

static void rows_move_and_are_copied(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    uint32_t count = 0;
    table_create(store, "t", "part");
    table_create(store, "u", "part");
    struct table *t = table_opened(store, "t"), *u = table_opened(store, "u");
    assert_ok(rows_commit(store, t, 0));
    assert_ok(rows_commit(store, t, ROWS));
    struct rows_seen all = rows_see(t);

    assert_ok(transfer(t, u, &ZERO, TRANSFER_MOVE, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows_see(t).rows, ROWS);
    struct rows_seen there = rows_see(u), here = rows_see(t);
    assert_int_equal(there.rows, ROWS);
    assert_true(there.n_sum + here.n_sum == all.n_sum && there.text_sum + here.text_sum == all.text_sum);
    struct ledger_removal left = account(store, t, REMOVAL_MOVE), came = account(store, u, REMOVAL_MOVE);
    assert_int_equal(left.removed_rows, ROWS);
    assert_int_equal(came.added_rows, ROWS);
    assert_true(left.removed_sum == came.added_sum && left.added_rows == 0 && came.removed_rows == 0);
    assert_ok(transfer(t, u, &ZERO, TRANSFER_MOVE, &count)); /* nothing there */
    assert_int_equal(count, 0);
    assert_ok(transfer(u, u, &ZERO, TRANSFER_MOVE, &count));
    assert_int_equal(rows_see(u).rows, ROWS);

    assert_ok(transfer(t, u, &ONE, TRANSFER_ATTACH, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows_see(t).rows, ROWS);
    assert_true(rows_see(u).n_sum == all.n_sum && rows_see(u).text_sum == all.text_sum);
    assert_int_equal(account(store, u, REMOVAL_COPY).added_rows, ROWS);
    assert_ok(ledger_checkpoint(store->ledger));

    /* replaced: by the same rows, by a copy of its own, by nothing */
    assert_ok(rows_commit(store, u, 4UL * ROWS));
    assert_int_equal(rows_see(u).rows, 3 * ROWS);
    assert_ok(transfer(t, u, &ONE, TRANSFER_REPLACE, &count));
    assert_int_equal(rows_see(u).rows, 2 * ROWS + ROWS / 2);
    assert_int_equal(account(store, u, REMOVAL_REPLACE).removed_rows, ROWS + ROWS / 2);
    assert_ok(transfer(u, u, &ONE, TRANSFER_REPLACE, &count));
    assert_int_equal(rows_see(u).rows, 2 * ROWS + ROWS / 2);
    assert_ok(transfer(u, u, &ONE, TRANSFER_ATTACH, &count));
    assert_int_equal(rows_see(u).rows, 3 * ROWS + ROWS / 2);
    assert_ok(transfer(t, u, &ZERO, TRANSFER_REPLACE, &count));
    assert_int_equal(rows_see(u).rows, 2 * ROWS);
    assert_ok(table_optimize(u, true, NULL));
    table_unref(t);
    table_unref(u);
    assert_ok(store_close(store));
    check_folder(folder, 3 * (uint64_t)ROWS);

    store = store_opened(folder, NULL);
    t = table_opened(store, "t");
    u = table_opened(store, "u");
    assert_int_equal(rows_see(t).rows, ROWS);
    assert_int_equal(rows_see(u).rows, 2 * ROWS);
    assert_int_equal(account(store, t, REMOVAL_MOVE).removed_rows, ROWS);
    table_unref(t);
    assert_ok(catalogue_drop_table(store->catalogue, "default", "t", false));
    table_unref(u);
    assert_ok(store_close(store));
    check_folder(folder, 2 * (uint64_t)ROWS);
    folder_remove(folder);
}

static void what_does_not_fit_stays(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    table_create(store, "u", "part");
    table_create(store, "whole", "");
    struct table *t = table_opened(store, "t"), *u = table_opened(store, "u"), *whole = table_opened(store, "whole");
    assert_ok(rows_commit(store, t, 0));
    assert_ok(rows_commit(store, u, ROWS));
    assert_err(transfer(t, whole, &ONE, TRANSFER_MOVE, NULL), ERR_BAD_ARGUMENTS, "partition key");
    assert_err(transfer(whole, t, &ONE, TRANSFER_ATTACH, NULL), ERR_BAD_ARGUMENTS, "partition key");
    /* nothing leaves what is held; rows may come to it, and copies be made of it */
    assert_ok(table_hold(t, slice_text("case 4711")));
    assert_err(transfer(t, u, &ONE, TRANSFER_MOVE, NULL), ERR_TABLE_HELD, "case 4711");
    assert_err(transfer(u, t, &ONE, TRANSFER_REPLACE, NULL), ERR_TABLE_HELD, "REPLACE");
    assert_ok(transfer(t, u, &ONE, TRANSFER_ATTACH, NULL));
    assert_ok(transfer(u, t, &ZERO, TRANSFER_MOVE, NULL));
    assert_int_equal(rows_see(t).rows, ROWS + ROWS / 2);
    assert_int_equal(rows_see(u).rows, ROWS);

    /* the ledger itself refuses what is held, what is not there, and rows that are not those */
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *segments = NULL;
    uint32_t count = 0;
    assert_ok(ledger_segments(store->ledger, arena, t->id, &segments, &count));
    struct segment_brought one = {.name = {segments[0].pack, segments[0].offset}};
    struct segments_brought brought = {.table_id = u->id,
                                       .from_table_id = t->id,
                                       .leave = true,
                                       .segments = &one,
                                       .segment_count = 1,
                                       .output_count = 1};
    struct ledger_segment output = segments[0];
    output.table_id = u->id;
    output.pack = 4711;
    output.commit = 0;
    for (uint32_t round = 0; round < 5; round++) {
        static const enum err_code codes[] = {ERR_TABLE_HELD, ERR_LOGICAL, ERR_LOGICAL, ERR_LOGICAL, ERR_LOGICAL};
        static const char *const says[] = {"MOVE PARTITION", "row conservation", "no such live segment", "missing",
                                           "row conservation"};
        struct ledger_batch *batch = ledger_batch_create();
        brought.leave = round == 0;
        output.row_count = segments[0].row_count + (round == 1 ? 1 : 0);
        output.row_sum = segments[0].row_sum + (round == 4 ? 1 : 0);
        one.name.offset = segments[0].offset + (round == 2 ? 1 : 0);
        assert_ok(ledger_batch_brought(batch, &brought));
        if (round != 3) {
            assert_ok(ledger_batch_segment(batch, &output));
        }
        assert_err(ledger_commit(store->ledger, batch, NULL), codes[round], says[round]);
        ledger_batch_destroy(batch);
    }
    arena_destroy(arena);
    table_unref(t);
    table_unref(u);
    table_unref(whole);
    assert_ok(store_close(store));
    check_folder(folder, 2 * (uint64_t)ROWS + ROWS / 2);
    folder_remove(folder);
}

static void byte_turn(const char *folder, const char *pack, long at)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/packs/%s", folder, pack);
    FILE *file = fopen(path, "r+b");
    if (file == NULL) {
        fail_msg("%s cannot be opened", path);
        return;
    }
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 8, file), byte ^ 8);
    assert_int_equal(fclose(file), 0);
}

/* Damage does not travel: it is found, and put into quarantine where it is. */
static void damaged_rows_stay(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    table_create(store, "u", "part");
    struct table *t = table_opened(store, "t"), *u = table_opened(store, "u");
    log_configure(LOG_LEVEL_NONE, LOG_FORMAT_TEXT);
    assert_ok(rows_commit(store, t, 0));
    byte_turn(folder, "00000001.pack", 40);
    struct err *first = transfer(t, u, &ZERO, TRANSFER_MOVE, NULL);
    struct err *second = transfer(t, u, &ONE, TRANSFER_MOVE, NULL);
    assert_true((first == NULL) != (second == NULL)); /* one segment of the two has that byte */
    const struct slice *damaged = first != NULL ? &ZERO : &ONE;
    err_free(first);
    err_free(second);
    for (enum transfer_kind kind = TRANSFER_MOVE; kind <= TRANSFER_REPLACE; kind++) {
        struct err *err = transfer(t, u, damaged, kind, NULL);
        assert_non_null(err);
        assert_non_null(strstr(err_message(err), "quarantine"));
        err_free(err);
    }
    assert_int_equal(rows_see(u).rows, ROWS / 2);
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    table_unref(t);
    table_unref(u);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void what_fails_changes_nothing(void **state)
{
    (void)state;
    static const char *const points[] = {"transfer_write=enospc:1", "transfer_write=eio:3",
                                         "transfer_write=short:2",  "transfer_sync=eio:1",
                                         "transfer_sync_dir=eio:1", "ledger_append=enospc:1"};
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    table_create(store, "u", "part");
    struct table *t = table_opened(store, "t"), *u = table_opened(store, "u");
    assert_ok(rows_commit(store, t, 0));
    assert_ok(rows_commit(store, u, 0));
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        for (enum transfer_kind kind = TRANSFER_MOVE; kind <= TRANSFER_REPLACE; kind++) {
            assert_ok(failpoint_arm(points[i]));
            struct err *err = transfer(t, u, &ONE, kind, NULL);
            assert_ok(failpoint_arm(""));
            assert_non_null(err);
            err_free(err);
            assert_int_equal(rows_see(t).rows, ROWS);
            assert_int_equal(rows_see(u).rows, ROWS);
        }
    }
    assert_ok(transfer(t, u, &ONE, TRANSFER_MOVE, NULL));
    assert_int_equal(rows_see(u).rows, ROWS + ROWS / 2);
    table_unref(t);
    table_unref(u);
    assert_ok(store_close(store));
    check_folder(folder, 2 * (uint64_t)ROWS);
    folder_remove(folder);
}

/* What the tables show after each step. */
#define STEPS 5U
static const struct {
    uint32_t t, u;
} after[STEPS + 1] = {
    {ROWS, 0},                          /* as it begins */
    {ROWS / 2, ROWS / 2},               /* move 0 */
    {ROWS / 2, ROWS},                   /* attach 1 */
    {ROWS / 2 + ROWS, ROWS},            /* commit */
    {ROWS / 2 + ROWS, ROWS + ROWS / 2}, /* replace 1 */
    {2 * ROWS, ROWS},                   /* move 0 back */
};

static struct err *step_do(struct store *store, struct table *t, struct table *u, uint32_t step)
{
    switch (step) {
    case 0:
        return transfer(t, u, &ZERO, TRANSFER_MOVE, NULL);
    case 1:
        return transfer(t, u, &ONE, TRANSFER_ATTACH, NULL);
    case 2:
        return rows_commit(store, t, 1000);
    case 3:
        return transfer(t, u, &ONE, TRANSFER_REPLACE, NULL);
    default:
        return transfer(u, t, &ZERO, TRANSFER_MOVE, NULL);
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
    uint32_t done = 0;
    struct err *err = store_open(&options, &store);
    if (err != NULL) {
        assert_true(io_memory_is_off(io));
        err_free(err);
        return 0;
    }
    struct table *t = table_opened(store, "t"), *u = table_opened(store, "u");
    while (err == NULL && done < STEPS) {
        err = step_do(store, t, u, done);
        done += err == NULL ? 1 : 0;
    }
    if (err != NULL && !io_memory_is_off(io)) {
        print_error("step %u: %s\n", done, err_message(err));
    }
    assert_true(err == NULL || io_memory_is_off(io));
    err_free(err);
    table_unref(t);
    table_unref(u);
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
            table_create(store, "u", "part");
            struct table *t = table_opened(store, "t"), *u = NULL;
            assert_ok(rows_commit(store, t, 0));
            table_unref(t);
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
            t = table_opened(store, "t");
            u = table_opened(store, "u");
            uint64_t rows_t = rows_see(t).rows, rows_u = rows_see(u).rows;
            bool found = false;
            for (uint32_t step = done; step <= done + 1 && step <= STEPS; step++) {
                found = found || (rows_t == after[step].t && rows_u == after[step].u);
            }
            if (!found) {
                print_error("operation %llu, mode %u: after %u steps %llu and %llu rows\n", (unsigned long long)at,
                            mode, done, (unsigned long long)rows_t, (unsigned long long)rows_u);
            }
            assert_true(found);
            table_unref(t);
            table_unref(u);
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
        cmocka_unit_test(rows_move_and_are_copied), cmocka_unit_test(what_does_not_fit_stays),
        cmocka_unit_test(damaged_rows_stay),        cmocka_unit_test(what_fails_changes_nothing),
        cmocka_unit_test(power_goes_between_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
