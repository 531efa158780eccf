/*
 * tail_test.c: whatever happens to rows between two looks, a tail gives each once, in the order of their writer.
 */
#include "storage/tail.h"
#include "tests/storage/table_fixture.h"

struct follower {
    struct table_tail *tail;
    uint64_t next; /* the number of the row that must come */
};

/* Takes what came: rows of one writer, numbered by n. */
static void follow(struct follower *follower)
{
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    struct column *column;
    struct arena *arena = arena_create(NULL);
    uint64_t missed = 0, rows = 0;
    assert_ok(table_tail_take(follower->tail, &snapshot, &missed));
    assert_int_equal(missed, 0);
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        assert_ok(scan_read(scan, arena, &unit, 1, &column));
        for (uint32_t row = 0; row < unit.row_count; row++, rows++) {
            assert_int_equal(*(const uint64_t *)column_value(column, row), follower->next++);
        }
    }
    assert_int_equal(rows, snapshot_rows(snapshot));
    arena_destroy(arena);
    snapshot_unref(snapshot);
}

static void rows_come_once(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct follower followers[3] = {0};
    uint64_t n = 0, cut = 0;
    unsigned seed = 7;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t step = 0; step < 600; step++) {
        uint32_t what = (uint32_t)rand_r(&seed) % 8;
        if (what < 4) {
            uint32_t rows = what == 0 ? (uint32_t)rand_r(&seed) % 20000 : (uint32_t)rand_r(&seed) % 10;
            for (uint32_t i = 0; i < rows; i++) {
                row_put(head_builder(writer), n++, 1, NULL);
            }
            assert_ok(head_publish(writer));
        } else if (what == 4) {
            writer_commit(store, writer);
        } else if (what == 5 && rand_r(&seed) % 20 == 0) {
            assert_ok(table_truncate(table));
            cut = n;
            for (uint32_t k = 0; k < 3; k++) { /* what was cut off before it was seen does not come any more */
                table_tail_close(followers[k].tail);
                followers[k].tail = NULL;
            }
        } else {
            struct follower *follower = &followers[(uint32_t)rand_r(&seed) % 3];
            if (follower->tail == NULL) {
                struct snapshot *before = NULL;
                assert_ok(table_tail_open(table, rand_r(&seed) % 2 == 0 ? NULL : &before, &follower->tail));
                assert_true(before == NULL || snapshot_rows(before) == n - cut); /* the tail has the others */
                snapshot_unref(before);
                assert_ptr_equal(table_tail_table(follower->tail), table);
                follower->next = n;
            } else if (rand_r(&seed) % 50 == 0) {
                table_tail_close(follower->tail);
                follower->tail = NULL;
            } else {
                follow(follower);
            }
        }
    }
    for (uint32_t k = 0; k < 3; k++) {
        if (followers[k].tail != NULL) {
            follow(&followers[k]);
            assert_int_equal(followers[k].next, n);
        }
        table_tail_close(followers[k].tail);
    }
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    free(folder);
}

static void what_is_not_taken_is_counted(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct table_tail *tail = NULL;
    struct snapshot *snapshot = NULL;
    uint64_t missed = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    assert_ok(table_tail_open(table, NULL, &tail));
    for (uint64_t n = 0; n < TAIL_HEADS_MAX + 5; n++) {
        row_put(head_builder(writer), n, 1, NULL);
        assert_ok(head_publish(writer));
        writer_commit(store, writer);
    }
    assert_ok(table_tail_take(tail, &snapshot, &missed));
    assert_int_equal(snapshot_rows(snapshot), TAIL_HEADS_MAX);
    assert_int_equal(missed, 5);
    snapshot_unref(snapshot);
    assert_ok(table_tail_take(tail, &snapshot, &missed));
    assert_int_equal(snapshot_rows(snapshot) + missed, 0);
    snapshot_unref(snapshot);
    /* what a writer gives up comes when it is read again */
    row_put(head_builder(writer), 1000, 1, NULL);
    assert_ok(head_publish(writer));
    head_writer_close(writer);
    assert_ok(table_tail_take(tail, &snapshot, &missed));
    assert_int_equal(snapshot_rows(snapshot) + missed, 0);
    snapshot_unref(snapshot);
    table_tail_close(tail);
    table_unref(table);
    assert_ok(store_close(store));
    free(folder);
}

static bool look_exact(struct table_tail *tail, uint64_t rows)
{
    struct snapshot *snapshot = NULL;
    uint64_t missed = 0;
    assert_ok(table_tail_take(tail, &snapshot, &missed));
    assert_int_equal(missed, 0);
    assert_int_equal(snapshot_rows(snapshot), rows);
    assert_true(table_tail_is_of(tail, snapshot));
    snapshot_unref(snapshot);
    return table_tail_is_exact(tail);
}

static void what_disturbs_rows_is_told(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct table_tail *tail = NULL;
    struct snapshot *like = NULL, *now = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t n = 0; n < 5; n++) {
        row_put(head_builder(writer), n, 1, NULL);
    }
    assert_ok(head_publish(writer));
    writer_commit(store, writer);
    row_put(head_builder(writer), 5, 1, NULL);
    assert_ok(head_publish(writer));
    assert_ok(snapshot_take(table, &like));
    assert_ok(table_tail_follow(like, &tail, &now));
    assert_non_null(tail);
    assert_true(table_tail_is_of(tail, like));
    assert_int_equal(snapshot_rows(now), 6);
    snapshot_unref(now);
    snapshot_unref(like);
    assert_true(look_exact(tail, 0));
    row_put(head_builder(writer), 6, 1, NULL);
    assert_ok(head_publish(writer));
    writer_commit(store, writer); /* one row of the head was seen */
    assert_true(look_exact(tail, 1));
    row_put(head_builder(writer), 7, 1, NULL);
    assert_ok(head_publish(writer));
    assert_true(look_exact(tail, 1));
    head_writer_close(writer); /* a source gives up what was seen */
    assert_false(look_exact(tail, 0));
    assert_true(look_exact(tail, 0));
    assert_ok(table_truncate(table));
    assert_false(look_exact(tail, 0));
    table_tail_close(tail);
    table_unref(table);
    assert_ok(store_close(store));
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_come_once), cmocka_unit_test(what_is_not_taken_is_counted),
                                       cmocka_unit_test(what_disturbs_rows_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
