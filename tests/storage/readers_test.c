/*
 * readers_test.c: segments that were read do not stay in memory beyond the cache's bound; what is in use does.
 */
#include "storage/block_cache.h"
#include "storage/segment.h"
#include "storage/table_private.h"
#include "tests/storage/table_fixture.h"

#define SEGMENTS    600U
#define CACHE_BYTES ((uint64_t)1 << 20)

static void commit_rows(struct store *store, struct head_writer *writer, uint64_t *n, struct rows_seen *expected)
{
    struct draft *draft = NULL;
    for (uint32_t i = 0; i < 20; i++) {
        row_put(head_builder(writer), (*n)++, 1, expected);
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
}

static uint64_t charged(struct table *table)
{
    return block_cache_charged(table->tables->cache);
}

static uint32_t open_now(struct table *table)
{
    uint32_t open = 0;
    struct table_version *version = table_version_take(table);
    for (uint32_t i = 0; i < version->segment_count; i++) {
        open += table_segment_is_open(version->segments[i]) ? 1 : 0;
    }
    table_version_unref(version);
    return open;
}

static void scan_all(struct table *table, uint32_t round, const struct rows_seen *expected)
{
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct arena *arena = arena_create(NULL), *held = arena_create(NULL), *work = arena_create(NULL);
    struct scan_unit unit;
    struct column *first = NULL, *again = NULL;
    uint64_t rows = 0;

    assert_ok(snapshot_take(table, &snapshot));
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    if (round > 0) {
        assert_ok(scan_order(scan, arena, 0, round == 2));
    }
    while (scan_next(scan, &unit)) {
        struct scan_zone zone;
        struct column *column = NULL;
        scan_zone(scan, work, &unit, 0, &zone);
        assert_true(zone.known);
        for (uint32_t c = 0; c < snapshot_def(snapshot)->column_count; c++) {
            assert_ok(scan_read(scan, work, &unit, c, &column));
            assert_int_equal(column->row_count, unit.row_count);
        }
        if (first == NULL) { /* a coded one: its dictionary is the reader's */
            assert_ok(scan_read(scan, held, &unit, 2, &first));
            assert_int_equal(first->form, COLUMN_DICT);
            again = column_copy(arena, first);
        }
        rows += unit.row_count;
        assert_true(charged(table) <= CACHE_BYTES / 4 + 65536);
        arena_reset(work);
    }
    assert_int_equal(rows, expected->rows);
    assert_true(open_now(table) < SEGMENTS / 2);
    assert_non_null(first);
    for (uint32_t i = 0; first != NULL && i < first->row_count; i++) {
        assert_int_equal(column_compare(first, i, again, i), 0);
    }
    arena_destroy(work);
    arena_destroy(held);
    arena_destroy(arena);
    snapshot_unref(snapshot);
}

static void readers_are_bounded(void **state)
{
    (void)state;
    char *folder = folder_make();
    tables_cache_bytes(CACHE_BYTES);
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    struct snapshot *snapshot = NULL;
    struct segment *first = NULL, *again = NULL;
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        commit_rows(store, writer, &n, &expected);
    }
    head_writer_close(writer);
    assert_int_equal(open_now(table), 0);
    assert_int_equal(charged(table), 0);

    /* one by one: others are closed, those in use are not */
    assert_ok(snapshot_take(table, &snapshot));
    assert_ok(snapshot_segment_open(snapshot, 0, &first));
    for (uint32_t i = 1; i < SEGMENTS; i++) {
        struct segment *segment = NULL;
        assert_ok(snapshot_segment_open(snapshot, i, &segment));
        assert_int_equal(segment_row_count(segment), 20);
        segment_unref(segment);
        assert_true(charged(table) <= CACHE_BYTES / 4 + 65536);
    }
    assert_ok(snapshot_segment_open(snapshot, 0, &again));
    assert_ptr_equal(first, again);
    segment_unref(first);
    segment_unref(again);
    assert_true(open_now(table) > 4);
    assert_true(open_now(table) < SEGMENTS / 2);
    snapshot_unref(snapshot);

    /* scans too, in order of insertion or by zones: what a unit's arena holds stays open, and what it read stays valid
     */
    for (uint32_t round = 0; round < 3; round++) {
        scan_all(table, round, &expected);
    }
    /* afterwards they are few, and blocks and readers fit into the cache */
    for (uint32_t round = 0; round < 3; round++) {
        struct block_cache_numbers numbers;
        assert_rows(table, &expected);
        assert_true(charged(table) <= CACHE_BYTES / 4);
        block_cache_numbers(table->tables->cache, &numbers);
        assert_true(numbers.bytes + charged(table) <= CACHE_BYTES);
    }
    assert_ok(table_optimize(table, true, NULL));
    assert_rows(table, &expected);
    assert_true(open_now(table) <= 1); /* not, if its dictionaries are more than the readers' part */
    assert_true(charged(table) <= CACHE_BYTES / 4);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
