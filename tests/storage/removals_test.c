/*
 * removals_test.c: rows that left tables are remembered through checkpoints; ledgers of versions that did not keep them
 * still verify.
 */
#include "storage/check.h"
#include "storage/ledger_private.h"
#include "storage/ledger_state.h"
#include "tests/storage/table_fixture.h"

static void filled(struct store *store, struct table *table)
{
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t n = 0; n < 20; n++) {
        row_put(head_builder(writer), n, 2, NULL);
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    head_writer_close(writer);
}

static void expect(struct store *store, uint32_t rows, uint64_t removed)
{
    struct arena *arena = arena_create(NULL);
    struct ledger_removal *list = NULL;
    uint32_t count = 0;
    uint64_t all = 0;
    assert_ok(ledger_removals(store->ledger, arena, 0, &list, &count));
    assert_int_equal(count, rows);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(list[i].reason == REMOVAL_TRUNCATE && list[i].removed_sum != 0 && list[i].added_rows == 0);
        assert_true(i == 0 || list[i - 1].commit < list[i].commit);
        all += list[i].removed_rows;
    }
    assert_int_equal(all, removed);
    arena_destroy(arena);
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
    for (uint32_t old = 0; old < 2; old++) {
        char *folder = folder_make();
        struct store *store = store_opened(folder, NULL);
        table_create(store, "t", "");
        struct table *table = table_opened(store, "t");
        for (uint32_t round = 0; round < 300; round++) {
            filled(store, table);
            assert_ok(table_truncate(table));
            if (round == 3) {
                expect(store, 4, 80);
            }
            if (old == 1 && round % 100 == 50) { /* as a version wrote it that did not know of them */
                removals_forget(ledger_state_lock(store->ledger));
                ledger_state_unlock(store->ledger);
                assert_ok(ledger_checkpoint(store->ledger));
                expect(store, 0, 0);
            } else if (round % 100 == 90) {
                assert_ok(ledger_checkpoint(store->ledger));
            }
        }
        expect(store, old == 1 ? 49 : 300 - 127, old == 1 ? 49 * 20 : 300 * 20);
        table_unref(table);
        assert_ok(store_close(store));
        check(folder);
        store = store_opened(folder, NULL);
        expect(store, old == 1 ? 49 : 300 - 127, old == 1 ? 49 * 20 : 300 * 20);
        assert_ok(store_close(store));
        folder_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(remembered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
