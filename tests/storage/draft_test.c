/*
 * draft_test.c: rows from builders through heads and drafts into segments, and back after a restart.
 */
#include "base/failpoint.h"
#include "tests/storage/table_fixture.h"

static void rows_flow(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct rows_seen expected = {.sorted = true};
    struct head_writer *writer = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    uint64_t n = 0;
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 20000; i++) {
            row_put(head_builder(writer), n++, 1, &expected);
            if (i % 777 == 0) {
                assert_ok(head_publish(writer));
            }
        }
        assert_ok(head_publish(writer));
        assert_rows(table, &expected); /* in the head */
        struct snapshot *before = NULL;
        assert_ok(snapshot_take(table, &before));
        struct draft *draft = NULL;
        assert_ok(draft_create(store, &draft));
        assert_ok(draft_seal(draft, writer));
        assert_int_equal(draft_rows(draft), 20000);
        assert_rows(table, &expected); /* sealed */
        struct commit_info commit;
        assert_ok(draft_commit(draft, &commit));
        assert_rows(table, &expected); /* in segments */
        assert_int_equal(snapshot_head_rows(before), 20000);
        snapshot_unref(before);
        draft_destroy(draft);
    }
    struct table_numbers numbers;
    table_numbers(table, &numbers);
    assert_int_equal(numbers.segments, 3);
    assert_int_equal(numbers.head_rows, 0);
    /* rows that were never sealed are gone with the writer */
    struct rows_seen committed = expected;
    row_put(head_builder(writer), n++, 1, &expected);
    assert_ok(head_publish(writer));
    assert_rows(table, &expected);
    head_writer_close(writer);
    assert_rows(table, &committed);
    table_unref(table);
    assert_ok(store_close(store));

    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    assert_rows(table, &committed);
    /* truncate empties it, for good */
    assert_ok(head_writer_open(table, NULL, &writer));
    struct rows_seen after = {.sorted = true};
    for (uint32_t i = 0; i < 100; i++) {
        row_put(head_builder(writer), n++, 1, NULL);
    }
    assert_ok(head_publish(writer));
    assert_ok(table_truncate(table));
    assert_rows(table, &after);
    for (uint32_t i = 0; i < 100; i++) {
        row_put(head_builder(writer), n++, 1, &after);
    }
    assert_ok(head_publish(writer));
    assert_rows(table, &after);
    writer_commit(store, writer);
    assert_rows(table, &after);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));

    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    assert_rows(table, &after);
    table_unref(table);
    assert_ok(catalogue_drop_table(store->catalogue, "default", "t", false));
    assert_ok(store_close(store));
    folder_remove(folder);
}

static uint64_t told;

static void tell(void *user)
{
    assert_ptr_equal(user, &told);
    told++;
}

/* table_changes grows with what queries see, and with nothing else. */
static void changes_are_counted(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    tables_on_change(tell, &told);
    told = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    uint64_t before = table_changes(table);
    for (uint64_t n = 0; n < 10; n++) {
        row_put(head_builder(writer), n, 1, NULL);
        assert_int_equal(table_changes(table), before + n);
        assert_ok(head_publish(writer));
        assert_int_equal(table_changes(table), before + n + 1);
        assert_ok(head_publish(writer)); /* nothing new */
        assert_int_equal(table_changes(table), before + n + 1);
    }
    assert_int_equal(told, 10);
    writer_commit(store, writer); /* the rows move into a segment */
    assert_int_equal(table_changes(table), before + 10);
    row_put(head_builder(writer), 10, 1, NULL);
    assert_ok(head_publish(writer));
    head_writer_close(writer); /* and this row leaves */
    assert_int_equal(table_changes(table), before + 12);
    assert_ok(table_truncate(table));
    assert_int_equal(table_changes(table), before + 13);
    assert_int_equal(told, 13);
    tables_on_change(NULL, NULL);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void partitions_split(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct rows_seen expected = {.sorted = true};
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t n = 0; n < 30000; n++) {
        row_put(head_builder(writer), n, 3, &expected);
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    assert_rows(table, &expected);
    struct snapshot *snapshot = NULL;
    assert_ok(snapshot_take(table, &snapshot));
    assert_int_equal(snapshot_segment_count(snapshot), 3);
    assert_int_equal(snapshot_segment(snapshot, 1)->row_count, 10000);
    snapshot_unref(snapshot);
    /* 200 partitions: 64 segments and a mixed one */
    for (uint64_t n = 0; n < 30000; n++) {
        row_put(head_builder(writer), n, 200, &expected);
    }
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    assert_rows(table, &expected);
    assert_ok(snapshot_take(table, &snapshot));
    assert_int_equal(snapshot_segment_count(snapshot), 3 + 65);
    snapshot_unref(snapshot);
    /* more than 1,000: refused, the rows stay where they are until the draft is given up */
    struct rows_seen before = expected;
    for (uint64_t n = 0; n < 2000; n++) {
        row_put(head_builder(writer), n, 1001, &expected);
    }
    assert_ok(draft_seal(draft, writer));
    assert_err(draft_commit(draft, NULL), ERR_TOO_MANY_PARTITIONS, "more than 1000 partitions of table default.t");
    assert_rows(table, &expected);
    draft_destroy(draft);
    assert_rows(table, &before);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* Every failure of a pack or of the ledger leaves the rows visible, and a second attempt works or says why not. */
static void failures_keep_rows(void **state)
{
    (void)state;
    static const char *const points[] = {
        "pack_write=eio",    "pack_write=enospc",    "pack_write=short",  "pack_sync=eio",
        "pack_sync_dir=eio", "ledger_append=enospc", "ledger_append=eio", "ledger_append=eio,draft_pack_unlink=eio"};
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct rows_seen expected = {.sorted = true};
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    assert_ok(draft_create(store, &draft));
    for (uint32_t k = 0; k < sizeof(points) / sizeof(points[0]); k++) {
        for (uint32_t i = 0; i < 1000; i++) {
            row_put(head_builder(writer), n++, 2, &expected);
        }
        assert_ok(draft_seal(draft, writer));
        assert_ok(failpoint_arm(points[k]));
        struct err *err = draft_commit(draft, NULL);
        failpoint_disarm_all();
        if (err == NULL) {
            print_error("%s did not fail\n", points[k]);
        }
        assert_non_null(err);
        assert_false(draft_error_is_final(err));
        err_free(err);
        assert_rows(table, &expected);
        assert_ok(draft_commit(draft, NULL));
        assert_rows(table, &expected);
    }
    draft_destroy(draft);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    assert_rows(table, &expected);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* Rows that TRUNCATE took from the head count as stored in the coverage all the same. */
static void coverage_outlives_truncate(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    uint32_t stream = 0;
    assert_ok(ledger_stream(store->ledger, slice_text("cluster/topic"), &stream));
    struct coverage_key key = key_make(table_id(table), stream, 0);
    const struct ledger_start start = {.key = key, .source_id = 1};
    assert_ok(head_writer_open(table, NULL, &writer));
    assert_ok(draft_create(store, &draft));
    assert_ok(ledger_batch_start(draft_batch(draft), &start));
    struct rows_seen expected = {.sorted = true};
    for (uint64_t n = 0; n < 300; n++) {
        row_put(head_builder(writer), n, 1, n < 100 ? NULL : &expected);
        if (n == 99) {
            assert_ok(head_publish(writer));
            assert_ok(table_truncate(table));
        }
    }
    coverage_put(draft_batch(draft), key, 0, 300);
    assert_ok(draft_seal(draft, writer));
    assert_rows(table, &expected);
    assert_ok(draft_commit(draft, NULL));
    assert_rows(table, &expected);
    assert_true(coverage_covers(store->ledger, &key, 299));
    /* truncated as a whole between sealing and the commit */
    for (uint64_t n = 0; n < 50; n++) {
        row_put(head_builder(writer), n, 1, NULL);
    }
    assert_ok(draft_seal(draft, writer));
    coverage_put(draft_batch(draft), key, 300, 50);
    assert_ok(table_truncate(table));
    assert_ok(draft_commit(draft, NULL));
    struct rows_seen nothing = {.sorted = true};
    assert_rows(table, &nothing);
    assert_true(coverage_covers(store->ledger, &key, 349));
    draft_destroy(draft);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void lane_done(void *user, const struct err *err, const struct commit_info *commit)
{
    uint32_t *counts = user;
    counts[err == NULL ? 0 : 1]++;
    if (err == NULL) {
        assert_true(commit->number > 0);
    }
}

static void lanes_retry(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct rows_seen expected = {.sorted = true};
    struct head_writer *writer = NULL;
    struct lane *lane = NULL;
    uint32_t counts[2] = {0, 0};
    assert_ok(head_writer_open(table, NULL, &writer));
    assert_ok(lane_open(store, "test", &lane));
    uint64_t n = 0;
    assert_ok(failpoint_arm("pack_write=enospc:3"));
    for (uint32_t k = 0; k < 10; k++) {
        struct draft *draft = NULL;
        for (uint32_t i = 0; i < 5000; i++) {
            row_put(head_builder(writer), n++, 2, &expected);
        }
        assert_ok(draft_create(store, &draft));
        assert_ok(draft_seal(draft, writer));
        lane_submit(lane, draft, lane_done, counts);
        assert_rows(table, &expected);
    }
    assert_ok(lane_wait(lane));
    failpoint_disarm_all();
    assert_int_equal(counts[0], 10);
    assert_rows(table, &expected);
    /* a final error kills the lane */
    for (uint32_t k = 0; k < 2; k++) {
        struct draft *draft = NULL;
        for (uint32_t i = 0; i < 2000; i++) {
            row_put(head_builder(writer), n++, k == 0 ? 1500 : 1, NULL);
        }
        assert_ok(draft_create(store, &draft));
        assert_ok(draft_seal(draft, writer));
        lane_submit(lane, draft, lane_done, counts);
    }
    assert_err(lane_wait(lane), ERR_TOO_MANY_PARTITIONS, "partitions");
    assert_int_equal(counts[1], 2);
    assert_err(lane_error(lane), ERR_TOO_MANY_PARTITIONS, "partitions");
    lane_close(lane);
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void dead_letters_are_rows(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    struct draft *draft = NULL;
    uint64_t bytes, left_out;
    assert_ok(dead_letters_open(store));
    assert_ok(draft_create(store, &draft));
    struct dead_letter letter = {.table_id = 7,
                                 .database = slice_text("default"),
                                 .table = slice_text("t"),
                                 .reason = slice_text("no number"),
                                 .message = slice_text("{\"n\": \"x\"}"),
                                 .offset = 42};
    for (uint32_t i = 0; i < 10; i++) {
        assert_ok(draft_dead_letter(draft, &letter));
    }
    assert_false(draft_is_empty(draft));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    dead_letters_numbers(store, 7, &bytes, &left_out);
    assert_true(bytes > 1000);
    dead_letters_close(store);
    assert_ok(store_close(store));

    store = store_opened(folder, NULL);
    assert_ok(dead_letters_open(store));
    uint64_t again;
    dead_letters_numbers(store, 7, &again, &left_out);
    assert_int_equal(again, bytes);
    struct table *table = NULL;
    struct snapshot *snapshot = NULL;
    assert_ok(catalogue_table(store->catalogue, "system", "dead_letters", &table));
    assert_ok(snapshot_take(table, &snapshot));
    assert_int_equal(snapshot_rows(snapshot), 10);
    snapshot_unref(snapshot);
    table_unref(table);
    dead_letters_close(store);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_flow),
        cmocka_unit_test(changes_are_counted),
        cmocka_unit_test(partitions_split),
        cmocka_unit_test(failures_keep_rows),
        cmocka_unit_test(lanes_retry),
        cmocka_unit_test(dead_letters_are_rows),
        cmocka_unit_test(coverage_outlives_truncate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
