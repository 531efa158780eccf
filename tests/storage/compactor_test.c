/*
 * compactor_test.c: merges keep every row and the order, few segments stay, expired ones go.
 */
#include "storage/merge_policy.h"
#include "storage/pressure.h"
#include "storage/retention.h"
#include "base/clock.h"
#include "base/failpoint.h"
#include "tests/storage/table_fixture.h"

static void commit_rows(struct store *store, struct head_writer *writer, uint64_t *n, uint32_t count,
                        uint32_t partitions, struct rows_seen *expected)
{
    for (uint32_t i = 0; i < count; i++) {
        row_put(head_builder(writer), (*n)++, partitions, expected);
    }
    writer_commit(store, writer);
}

static uint64_t segments_of(struct table *table)
{
    struct table_numbers numbers;
    table_numbers(table, &numbers);
    return numbers.segments;
}

/* Of a store that was closed: its table has so many segments, and the rows. */
static void assert_reopened(const char *folder, const char *name, uint64_t segments, const struct rows_seen *expected)
{
    struct store *store = store_opened(folder, NULL);
    struct table *table = table_opened(store, name);
    assert_int_equal(segments_of(table), segments);
    assert_rows(table, expected);
    table_unref(table);
    assert_ok(store_close(store));
}

/* As 600 commits, one a second: at most 30 live segments per partition stay, at any time. */
static void few_segments_stay(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t commit = 0; commit < 600; commit++) {
        commit_rows(store, writer, &n, 50 + commit % 7 * 40, 2, &expected);
        bool merged = true;
        while (merged) {
            struct merges_due due = {0};
            assert_ok(merges_due(table, &due));
            assert_ok(compactor_step(table, false, &merged));
            assert_int_equal(due.segments > 0, merged);
            assert_int_equal(due.bytes > 0, merged);
            assert_true(due.fullest <= 30);
        }
        assert_true(segments_of(table) <= 2 * 30);
        if (commit % 100 == 99) {
            assert_rows(table, &expected);
        }
    }
    assert_rows(table, &expected);
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(segments_of(table), 2);
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    assert_reopened(folder, "t", 2, &expected);
    folder_remove(folder);
}

/* OPTIMIZE … PARTITION leaves the other partitions alone. */
static void one_partition_is_merged(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    struct slice one = slice_text("1"), none = slice_text("77");
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t commit = 0; commit < 5; commit++) {
        commit_rows(store, writer, &n, 60, 3, &expected);
    }
    assert_int_equal(segments_of(table), 15);
    assert_ok(table_optimize(table, true, &none));
    assert_int_equal(segments_of(table), 15);
    assert_ok(table_optimize(table, true, &one));
    assert_int_equal(segments_of(table), 11);
    assert_ok(table_optimize(table, true, &one));
    assert_int_equal(segments_of(table), 11);
    assert_rows(table, &expected);
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(segments_of(table), 3);
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* The background thread merges what is due, here no faster than it is told. */
static void background_keeps_rows(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    struct compactor_options options = {.interval_us = 1000, .bytes_per_s_max = (uint64_t)64 << 20};
    struct compactor *compactor = NULL;
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t commit = 0; commit < 3 * TIER_WIDTH; commit++) {
        commit_rows(store, writer, &n, 3000, 1, &expected);
    }
    assert_ok(compactor_start(store, &options, &compactor));
    for (uint32_t looks = 0; segments_of(table) >= TIER_WIDTH && looks < 120000; looks++) { /* two minutes */
        (void)usleep(1000);
    }
    compactor_stop(compactor);
    assert_true(segments_of(table) < TIER_WIDTH);
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* Beyond so many segments commits wait; beyond others INSERTs are refused, until merges made them fewer. */
static void writers_wait_for_merges(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    struct insert *insert = NULL;
    uint64_t n = 0;
    bool merged = true;
    assert_ok(head_writer_open(table, NULL, &writer));
    pressure_set(store, 8, 11);
    for (uint32_t commit = 0; commit < 10; commit++) { /* nobody waits: the crowd is young */
        commit_rows(store, writer, &n, 50, 1, &expected);
    }
    assert_false(pressure_is_on(table));
    assert_ok(insert_begin(table, NULL, &insert));
    insert_abort(insert);
    lock_take(&table->tables->lock);
    table->crowd.debt_us = 2 * CROWD_GRACE_US;
    lock_give(&table->tables->lock);
    assert_true(pressure_is_on(table));
    uint64_t begin = clock_monotonic_us();
    commit_rows(store, writer, &n, 50, 1, &expected);
    assert_true(clock_monotonic_us() - begin >= crowd_delay_us(10, 8));
    for (uint32_t commit = 0; commit < 2; commit++) {
        commit_rows(store, writer, &n, 50, 1, &expected);
    }
    assert_err(insert_begin(table, NULL, &insert), ERR_TOO_MANY_PARTITIONS, "Too many parts (13)");
    while (merged) {
        assert_ok(compactor_step(table, false, &merged));
    }
    assert_ok(insert_begin(table, NULL, &insert));
    insert_abort(insert);
    pressure_set(store, 0, 0);
    assert_false(pressure_is_on(table));
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* RENAME makes a new schema version; what was written before is merged all the same. */
static void segments_of_renamed_tables_are_merged(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t0", "");
    struct table *table = table_opened(store, "t0");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    uint64_t n = 0;
    char name[16];
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t round = 1; round <= 4; round++) {
        commit_rows(store, writer, &n, 100, 1, &expected);
        commit_rows(store, writer, &n, 100, 1, &expected);
        struct table_def *def = table_definition(table), renamed = *def;
        (void)snprintf(name, sizeof name, "t%u", round);
        renamed.name = name;
        assert_ok(catalogue_alter_table(store->catalogue, &renamed));
        table_def_unref(def);
    }
    commit_rows(store, writer, &n, 100, 1, &expected);
    assert_int_equal(segments_of(table), 9);
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(segments_of(table), 1);
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    assert_reopened(folder, "t4", 1, &expected);
    folder_remove(folder);
}

/* Many segments of one tier, not in the order of their sizes: those that are merged lie beside each other in time. */
static void neighbours_in_time_are_merged(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    struct snapshot *snapshot = NULL;
    uint64_t n = 0;
    bool merged;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t commit = 0; commit < 40; commit++) {
        commit_rows(store, writer, &n, 100 + commit * 7 % 13 * 10, 1, &expected);
    }
    for (uint32_t step = 0; step < 2; step++) {
        assert_ok(compactor_step(table, false, &merged));
        assert_true(merged);
    }
    assert_rows(table, &expected);
    assert_ok(snapshot_take(table, &snapshot));
    uint32_t count = snapshot_segment_count(snapshot);
    assert_int_equal(count, 40 - 2 * 16 + 2);
    for (uint32_t i = 0; i < count; i++) {
        const struct ledger_segment *a = snapshot_segment(snapshot, i);
        for (uint32_t k = 0; k < i; k++) {
            const struct ledger_segment *b = snapshot_segment(snapshot, k);
            assert_true(a->time_max_us <= b->time_min_us || b->time_max_us <= a->time_min_us);
        }
    }
    snapshot_unref(snapshot);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* Units in the order of a column's zones, those without one (all in heads) first; no row is lost. */
static void units_come_by_zones(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    struct snapshot *snapshot = NULL;
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t i = 0; i < 5; i++) {
        commit_rows(store, writer, &n, 8192 * (i + 1) + i * 1000, 1, &expected);
    }
    for (uint32_t i = 0; i < 100; i++) {
        row_put(head_builder(writer), n++, 1, &expected);
    }
    assert_ok(head_publish(writer));
    assert_ok(snapshot_take(table, &snapshot));
    for (uint32_t round = 0; round < 8; round++) {
        struct arena *arena = arena_create(NULL);
        uint32_t which = round / 2;
        bool descending = round % 2 == 1;
        struct scan *scan = NULL;
        struct scan_unit unit;
        struct scan_zone zone;
        const struct type *type = snapshot_def(snapshot)->columns[which].type;
        struct column *last = NULL;
        uint64_t rows = 0;
        assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
        assert_ok(scan_order(scan, arena, which, descending));
        while (scan_next(scan, &unit)) {
            rows += unit.row_count;
            scan_zone(scan, arena, &unit, which, &zone);
            assert_int_equal(zone.known, unit.source < snapshot_segment_count(snapshot));
            if (!zone.known) {
                assert_null(last);
                continue;
            }
            struct column *end = column_const(arena, type, descending ? zone.max : zone.min, 1);
            if (type->kind == TYPE_STRING) {
                ((struct slice *)end->values)[0] = arena_slice(arena, ((struct slice *)end->values)[0]);
            }
            if (last != NULL) {
                int order = column_compare(last, 0, end, 0);
                assert_true(descending ? order >= 0 : order <= 0);
            }
            last = end;
        }
        assert_non_null(last);
        assert_int_equal(rows, expected.rows);
        arena_destroy(arena);
    }
    snapshot_unref(snapshot);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* Large inputs whose ranges overlap, and ranges that do not. */
static void large_merges_keep_order(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    uint64_t n = 0;
    bool merged;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t i = 0; i < 5; i++) {
        commit_rows(store, writer, &n, 8192 * (i + 1) + i * 1000, 1, &expected);
    }
    struct snapshot *before = NULL;
    assert_ok(snapshot_take(table, &before));
    assert_ok(compactor_step(table, true, &merged));
    assert_true(merged);
    assert_int_equal(segments_of(table), 1);
    assert_rows(table, &expected);
    /* the old snapshot still reads the inputs */
    assert_int_equal(snapshot_segment_count(before), 5);
    struct arena *arena = arena_create(NULL);
    struct scan *scan = NULL;
    struct scan_unit unit;
    uint64_t rows = 0;
    assert_ok(scan_open(before, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *column = NULL;
        assert_ok(scan_read(scan, arena, &unit, 1, &column));
        rows += column->row_count;
    }
    assert_int_equal(rows, expected.rows);
    arena_destroy(arena);
    snapshot_unref(before);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void a_lost_row_is_caught(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    uint64_t n = 0;
    bool merged;
    assert_ok(head_writer_open(table, NULL, &writer));
    commit_rows(store, writer, &n, 10000, 1, &expected);
    commit_rows(store, writer, &n, 10000, 1, &expected);
    assert_ok(failpoint_arm("merge_drop_row=on"));
    assert_err(compactor_step(table, true, &merged), ERR_LOGICAL, "20000 read, 19999 written");
    failpoint_disarm_all();
    assert_int_equal(segments_of(table), 2);
    assert_rows(table, &expected);
    /* a full disk: nothing changes; then it works */
    assert_ok(failpoint_arm("pack_write=enospc"));
    assert_err(compactor_step(table, true, &merged), ERR_NOT_ENOUGH_SPACE, "No space");
    failpoint_disarm_all();
    assert_rows(table, &expected);
    /* the ledger cannot be written: the pack is removed again, or left for the next start */
    assert_ok(failpoint_arm("ledger_append=enospc"));
    assert_err(compactor_step(table, true, &merged), ERR_NOT_ENOUGH_SPACE, "No space");
    failpoint_disarm_all();
    assert_rows(table, &expected);
    assert_ok(compactor_step(table, true, &merged));
    assert_true(merged);
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void mixed_segments_are_split(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    uint64_t n = 0;
    bool merged = true;
    assert_ok(head_writer_open(table, NULL, &writer));
    commit_rows(store, writer, &n, 20000, 100, &expected);
    assert_int_equal(segments_of(table), 65);
    while (merged) {
        assert_ok(compactor_step(table, false, &merged));
    }
    assert_int_equal(segments_of(table), 100);
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* TTL on a plain column: ts is 1700000000 … +100000 s. */
static void expired_segments_go(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    static const char *const order_by[] = {"ts"};
    const struct column_def columns[] = {
        {.name = "ts", .type = type_simple(TYPE_DATETIME), .default_text = "", .codec = "", .comment = ""}};
    struct table_def def = {.database = "default",
                            .name = "t",
                            .engine = "MergeTree",
                            .columns = columns,
                            .column_count = 1,
                            .order_by = order_by,
                            .order_by_count = 1,
                            .primary_key = "",
                            .partition_by = "",
                            .ttl = "ts",
                            .watermark = "",
                            .watermark_column = "",
                            .settings = "",
                            .comment = "",
                            .create_sql = "CREATE TABLE …"};
    assert_ok(catalogue_create_table(store->catalogue, &def, false, NULL, NULL));
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    uint32_t dropped;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t i = 0; i < 3; i++) {
        struct builder *builder = head_builder(writer);
        for (uint32_t k = 0; k < 10; k++) {
            assert_true(builder_row_begin(builder));
            builder_u32(builder, 0, 1000 * (i + 1) + k);
            builder_stream(builder, 1, 0, 0);
            builder_address(builder, k);
            assert_true(builder_row_end(builder));
        }
        writer_commit(store, writer);
    }
    assert_ok(table_retention(table, (int64_t)1008 * 1000000, &dropped));
    assert_int_equal(dropped, 0);
    assert_ok(table_retention(table, (int64_t)1009 * 1000000, &dropped));
    assert_int_equal(dropped, 1);
    assert_int_equal(segments_of(table), 2);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    /* two days later the clock is not believed at once */
    clock_set(clock_wall_us() + (int64_t)2 * 86400 * 1000000);
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    struct err *err = table_retention(table, clock_wall_us(), &dropped);
    assert_non_null(err);
    err_free(err);
    assert_int_equal(segments_of(table), 2);
    store_clock_confirm(store);
    assert_ok(table_retention(table, clock_wall_us(), &dropped));
    assert_int_equal(dropped, 2);
    clock_set_real();
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_segments_stay),
        cmocka_unit_test(one_partition_is_merged),
        cmocka_unit_test(background_keeps_rows),
        cmocka_unit_test(writers_wait_for_merges),
        cmocka_unit_test(segments_of_renamed_tables_are_merged),
        cmocka_unit_test(large_merges_keep_order),
        cmocka_unit_test(neighbours_in_time_are_merged),
        cmocka_unit_test(a_lost_row_is_caught),
        cmocka_unit_test(mixed_segments_are_split),
        cmocka_unit_test(expired_segments_go),
        cmocka_unit_test(units_come_by_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
