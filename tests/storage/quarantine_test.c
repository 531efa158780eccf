/*
 * quarantine_test.c: the ledger remembers what is damaged, through checkpoints and starts, until it is whole or gone.
 */
#include "storage/quarantine.h"

#include "base/failpoint.h"
#include "storage/check.h"
#include "storage/partition.h"
#include "storage/table_private.h"
#include "storage/verify.h"
#include "tests/storage/table_fixture.h"

/* Table t of three segments of 20 rows. */
static struct store *filled(const char *folder)
{
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t commit = 0; commit < 3; commit++) {
        struct draft *draft = NULL;
        for (uint64_t n = 0; n < 20; n++) {
            row_put(head_builder(writer), commit * 20 + n, 2, NULL);
        }
        assert_ok(draft_create(store, &draft));
        assert_ok(draft_seal(draft, writer));
        assert_ok(draft_commit(draft, NULL));
        draft_destroy(draft);
    }
    head_writer_close(writer);
    table_unref(table);
    return store;
}

static struct err *scan_all(struct table *table, bool skip, uint64_t *rows, uint64_t *missing)
{
    struct arena *arena = arena_create(NULL);
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_numbers numbers = {0};
    assert_ok(snapshot_take(table, &snapshot));
    if (skip) {
        snapshot_skip_damaged(snapshot);
    }
    struct err *err = scan_open(snapshot, arena, NULL, 0, &scan);
    if (err == NULL) {
        scan_numbers(scan, &numbers);
    }
    *rows = numbers.rows;
    *missing = numbers.segments_damaged;
    arena_destroy(arena);
    snapshot_unref(snapshot);
    return err;
}

static void expect(struct table *table, uint64_t damaged)
{
    struct arena *arena = arena_create(NULL);
    struct quarantined *list = NULL;
    uint32_t count = 0;
    uint64_t rows = 0, missing = 0;
    assert_ok(quarantine_list(table, arena, &list, &count));
    assert_int_equal(count, damaged);
    if (damaged > 0) {
        assert_true(list[0].rows == 20 && slice_equal(list[0].reason, slice_text("a test")));
        assert_err(scan_all(table, false, &rows, &missing), ERR_CORRUPT, "20 rows are missing");
    }
    assert_ok(scan_all(table, true, &rows, &missing));
    assert_int_equal(rows, 60 - 20 * damaged);
    assert_int_equal(missing, damaged);
    arena_destroy(arena);
}

static void put(struct table *table, uint32_t index)
{
    struct table_version *version = table_version_take(table);
    struct err *cause = err_new(ERR_CORRUPT, "a test");
    quarantine_put(table, version->segments[index], cause);
    quarantine_put(table, version->segments[index], cause); /* once is enough */
    err_free(cause);
    table_version_unref(version);
}

static void check(const char *folder)
{
    struct check_report report;
    assert_ok(store_check(folder, NULL, NULL, NULL, NULL, &report));
    assert_int_equal(report.problems, 0);
}

static void remembered(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = filled(folder);
    struct table *table = table_opened(store, "t");
    bool merged = true;
    struct verify_report report;
    struct err *problem = NULL;
    struct commit_info before, after;
    expect(table, 0);
    ledger_last_commit(store->ledger, &before);
    put(table, 1);
    ledger_last_commit(store->ledger, &after);
    assert_int_equal(after.number, before.number + 1);
    expect(table, 1);
    assert_ok(ledger_checkpoint(store->ledger));
    put(table, 0);
    assert_ok(ledger_checkpoint(store->ledger));
    table_unref(table);
    assert_ok(store_close(store));
    check(folder);
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    expect(table, 2);
    assert_ok(compactor_step(table, true, &merged)); /* the third alone */
    expect(table, 2);
    /* they are whole: VERIFY says so */
    assert_ok(table_verify(table, INT64_MIN, INT64_MAX, &report, &problem));
    assert_null(problem);
    assert_true(report.damaged == 0 && report.segments == 3);
    expect(table, 0);
    put(table, 2); /* a second time */
    expect(table, 1);
    assert_ok(ledger_checkpoint(store->ledger));
    struct partition_choice all = {NULL, NULL};
    uint32_t count = 0;
    assert_ok(table_detach(table, &all, &count));
    assert_true(count > 0);
    assert_ok(ledger_checkpoint(store->ledger));
    table_unref(table);
    assert_ok(store_close(store));
    check(folder);
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    assert_ok(table_truncate(table));
    assert_ok(ledger_checkpoint(store->ledger));
    table_unref(table);
    assert_ok(store_close(store));
    check(folder);
    folder_remove(folder);
}

/* A ledger that takes nothing: in quarantine as long as the server runs. */
static void without_a_ledger(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = filled(folder);
    struct table *table = table_opened(store, "t");
    assert_ok(failpoint_arm("ledger_append=enospc:1"));
    put(table, 1);
    assert_ok(failpoint_arm(""));
    expect(table, 1);
    table_unref(table);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    expect(table, 0);
    table_unref(table);
    assert_ok(store_close(store));
    check(folder);
    folder_remove(folder);
}

/* Records for what is not there are refused. */
static void refused(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = filled(folder);
    struct table *table = table_opened(store, "t");
    struct ledger_batch *batch = ledger_batch_create();
    struct ledger_quarantine record = {table_id(table), {4711, 16}, 1, slice_text("why")};
    assert_ok(ledger_batch_quarantine(batch, &record));
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "not in the ledger");
    ledger_batch_destroy(batch);
    batch = ledger_batch_create();
    record.reason = slice_text("");
    assert_ok(ledger_batch_quarantine(batch, &record));
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_CORRUPT, "damaged segment");
    ledger_batch_destroy(batch);
    batch = ledger_batch_create();
    record.reason = slice_of("a\0b", 3);
    assert_ok(ledger_batch_quarantine(batch, &record));
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_CORRUPT, "damaged segment");
    ledger_batch_destroy(batch);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembered),
        cmocka_unit_test(without_a_ledger),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
