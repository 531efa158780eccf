/*
 * retention_test.c: what is due leaves by itself, by time and by bytes, the oldest first; held tables stay.
 */
#include "storage/retention.h"

#include "base/clock.h"
#include "base/failpoint.h"
#include "storage/partition.h"
#include "tests/storage/table_fixture.h"

#define DAY_S    86400U
#define WAIT_US  ((uint64_t)60 * 1000000)
#define HOUR_US  ((int64_t)3600 * 1000000)
#define ROWS     1000U
#define SEGMENTS 6U

/* e (ts DateTime, n UInt64) PARTITION BY … TTL …, as its texts say. */
static struct table *events_create(struct store *store, const char *name, const char *ttl, const char *settings)
{
    static const char *const order_by[] = {"n"};
    const struct column_def columns[] = {
        {.name = "ts", .type = type_simple(TYPE_DATETIME), .default_text = "", .codec = "", .comment = ""},
        {.name = "n", .type = type_simple(TYPE_UINT64), .default_text = "", .codec = "", .comment = ""},
        {.name = "part", .type = type_simple(TYPE_UINT16), .default_text = "", .codec = "", .comment = ""},
    };
    struct table_def def = {.database = "default",
                            .name = name,
                            .engine = "MergeTree",
                            .columns = columns,
                            .column_count = 3,
                            .order_by = order_by,
                            .order_by_count = 1,
                            .primary_key = "",
                            .partition_by = "part",
                            .ttl = ttl,
                            .watermark = "",
                            .watermark_column = "",
                            .settings = settings,
                            .comment = "",
                            .create_sql = "CREATE TABLE …"};
    assert_ok(catalogue_create_table(store->catalogue, &def, false, NULL, NULL));
    return table_opened(store, name);
}

/* ROWS rows of one second and partition, as one segment. */
static void events_commit(struct store *store, struct table *table, uint32_t ts, uint16_t part)
{
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    struct builder *builder = head_builder(writer);
    for (uint32_t n = 0; n < ROWS; n++) {
        assert_true(builder_row_begin(builder));
        builder_u32(builder, 0, ts);
        builder_u64(builder, 1, (uint64_t)n * 0x9e3779b97f4a7c15ULL);
        builder_u16(builder, 2, part);
        builder_stream(builder, 1, 0, 0);
        builder_address(builder, n);
        assert_true(builder_row_end(builder));
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    head_writer_close(writer);
}

static uint64_t bytes_of(struct table *table)
{
    struct table_numbers numbers;
    table_numbers(table, &numbers);
    return numbers.segment_bytes;
}

static uint64_t segments_of(struct table *table)
{
    struct table_numbers numbers;
    table_numbers(table, &numbers);
    return numbers.segments;
}

/* The lowest and highest event time that is left, in days. */
static void days_of(struct table *table, uint64_t *first, uint64_t *last)
{
    struct snapshot *snapshot = NULL;
    *first = UINT64_MAX;
    *last = 0;
    assert_ok(snapshot_take(table, &snapshot));
    for (uint32_t i = 0; i < snapshot_segment_count(snapshot); i++) {
        uint64_t day = (uint64_t)snapshot_segment(snapshot, i)->time_min_us / 1000000 / DAY_S;
        *first = day < *first ? day : *first;
        *last = day > *last ? day : *last;
    }
    snapshot_unref(snapshot);
}

static void settings_are_numbers(void **state)
{
    (void)state;
    struct table_def def = {
        .settings = "index_granularity = 8192, retention_bytes = 12, storage_policy = 'retention_bytes = 5'"};
    uint64_t value = 0;
    assert_true(table_setting(&def, "retention_bytes", &value) && value == 12);
    assert_true(table_setting(&def, "index_granularity", &value) && value == 8192);
    assert_false(table_setting(&def, "storage_policy", &value));
    assert_false(table_setting(&def, "retention", &value));
    def.settings = "";
    assert_false(table_setting(&def, "retention_bytes", &value));
}

static void the_oldest_leave_by_bytes(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    struct table *all = events_create(store, "all", "", "");
    uint64_t first, last;
    uint32_t dropped = 0;
    events_commit(store, all, 10 * DAY_S, 1);
    uint64_t one = bytes_of(all);
    char settings[64];
    (void)snprintf(settings, sizeof settings, "retention_bytes = %llu", (unsigned long long)(3 * one + one / 2));
    struct table *table = events_create(store, "t", "", settings);
    /* the partition with the oldest newest row goes first, whole, though another has older rows */
    events_commit(store, table, 20 * DAY_S, 2);
    events_commit(store, table, 10 * DAY_S, 2);
    events_commit(store, table, 19 * DAY_S, 1);
    events_commit(store, table, 18 * DAY_S, 1);
    assert_ok(table_hold(table, slice_text("why")));
    assert_ok(table_retention(table, 0, &dropped));
    assert_int_equal(dropped, 0);
    assert_ok(table_release(table, slice_text("why")));
    assert_ok(table_retention(table, 0, &dropped));
    assert_int_equal(dropped, 1);
    days_of(table, &first, &last);
    assert_true(first == 10 && last == 20 && segments_of(table) == 3);
    events_commit(store, table, 21 * DAY_S, 3);
    events_commit(store, table, 22 * DAY_S, 3);
    assert_ok(table_retention(table, 0, &dropped));
    assert_int_equal(dropped, 2);
    days_of(table, &first, &last);
    assert_true(first == 20 && last == 22 && segments_of(table) == 3);
    assert_ok(table_retention(table, 0, &dropped));
    assert_int_equal(dropped, 0);

    /* all tables together: by age */
    assert_ok(store_retention(store, 0, &dropped));
    assert_int_equal(dropped, 0);
    assert_ok(store_retention(store, 4 * one + one / 2, &dropped));
    assert_int_equal(dropped, 0);
    assert_ok(table_hold(all, slice_text("why")));
    assert_ok(store_retention(store, 3 * one + one / 2, &dropped)); /* what is held does not count */
    assert_int_equal(dropped, 0);
    assert_ok(table_release(all, slice_text("why")));
    assert_ok(store_retention(store, 2 * one + one / 2, &dropped));
    assert_int_equal(dropped, 2);
    assert_int_equal(segments_of(all), 0);
    days_of(table, &first, &last);
    assert_true(first == 21 && last == 22);
    assert_ok(store_retention(store, 1, &dropped));
    assert_int_equal(segments_of(table), 0);
    table_unref(all);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* The thread drops by itself what falls due while it runs, and not before; a hold stops it. */
static void due_segments_leave_by_themselves(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    struct table *table = events_create(store, "t", "ts", ""), *held = events_create(store, "held", "ts", "");
    struct retention *retention = NULL;
    struct retention_options options = {.interval_us = 10000};
    uint32_t now = (uint32_t)(clock_wall_us() / 1000000);
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        events_commit(store, table, now + 1800 + 3600 * i, 1);
        events_commit(store, held, now + 1800 + 3600 * i, 1);
    }
    assert_ok(table_hold(held, slice_text("case 4711")));
    assert_ok(retention_start(store, &options, &retention));
    for (uint32_t i = 0; i <= SEGMENTS; i++) {
        uint64_t begin = clock_monotonic_us();
        while (segments_of(table) > SEGMENTS - i && clock_monotonic_us() - begin < WAIT_US) {
            (void)usleep(1000);
        }
        assert_int_equal(segments_of(table), SEGMENTS - i);
        clock_set(clock_wall_us() + HOUR_US);
    }
    assert_int_equal(segments_of(held), SEGMENTS);
    assert_ok(table_release(held, slice_text("case 4711")));
    uint64_t begin = clock_monotonic_us();
    while (segments_of(held) > 0 && clock_monotonic_us() - begin < WAIT_US) {
        (void)usleep(1000);
    }
    assert_int_equal(segments_of(held), 0);
    retention_stop(retention);
    retention_stop(NULL);
    clock_set_real();
    table_unref(table);
    table_unref(held);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* The commit of a drop does not fit on the disk: the reserve is given up for it. */
static void a_full_disk_is_helped(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = NULL;
    struct store_options options = {.data_dir = folder, .hooks = &table_hooks, .reserve_bytes = 100000};
    uint32_t dropped = 0;
    assert_ok(store_open(&options, &store));
    assert_ok(store_sweep(store)); /* makes it */
    struct table *table = events_create(store, "t", "ts", "");
    events_commit(store, table, 1000, 1);
    assert_ok(failpoint_arm("ledger_append=enospc:1"));
    assert_ok(table_retention(table, clock_wall_us(), &dropped));
    assert_int_equal(dropped, 1);
    assert_false(store_reserve_release(store)); /* it was */
    assert_ok(store_sweep(store));
    events_commit(store, table, 1000, 1);
    /* no reserve helps: what is due stays readable, and leaves later */
    assert_ok(failpoint_arm("ledger_append=enospc:1+"));
    assert_err(table_retention(table, clock_wall_us(), &dropped), ERR_NOT_ENOUGH_SPACE, "dropping expired");
    failpoint_disarm_all();
    assert_int_equal(segments_of(table), 1);
    assert_ok(table_retention(table, clock_wall_us(), &dropped));
    assert_int_equal(dropped, 1);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static int64_t lowest_expiry(struct store *store)
{
    struct arena *arena = arena_create(NULL);
    struct ledger_segment *segments = NULL;
    uint32_t count = 0;
    int64_t lowest = INT64_MAX;
    assert_ok(ledger_segments(store->ledger, arena, 0, &segments, &count));
    for (uint32_t i = 0; i < count; i++) {
        lowest = segments[i].expires_at_us < lowest ? segments[i].expires_at_us : lowest;
    }
    arena_destroy(arena);
    return lowest;
}

static void ttl_change(struct store *store, struct table *table, const char *ttl)
{
    struct table_def *def = table_definition(table);
    struct table_def changed = *def;
    changed.ttl = ttl;
    assert_ok(catalogue_alter_table(store->catalogue, &changed));
    table_def_unref(def);
}

/* After another TTL nothing leaves by the old one, also if a crash came before the times were computed anew. */
static void a_changed_ttl_counts(void **state)
{
    (void)state;
    char *folder = folder_make();
    char command[512];
    struct store *store = store_opened(folder, NULL);
    struct table *table = events_create(store, "t", "ts", "");
    uint32_t dropped = 0, now = (uint32_t)(clock_wall_us() / 1000000);
    events_commit(store, table, now - 100, 1);
    events_commit(store, table, now - 100, 1);
    events_commit(store, table, now + 1000, 2);
    ttl_change(store, table, "");
    for (uint32_t round = 0; round < 2; round++) { /* as after a crash, and after a restart */
        bool merged = true;
        assert_ok(table_retention(table, clock_wall_us(), &dropped));
        assert_int_equal(dropped, 0);
        assert_ok(compactor_step(table, true, &merged));
        assert_int_equal(merged, round == 1);
        if (round == 0) {
            assert_true(lowest_expiry(store) == (int64_t)(now - 100) * 1000000);
            assert_ok(table_refresh_expiry(table, NULL));
            assert_true(lowest_expiry(store) == INT64_MAX);
            assert_ok(ledger_checkpoint(store->ledger));
        }
        table_unref(table);
        assert_ok(store_close(store));
        (void)snprintf(command, sizeof command, "python3 tests/format/ledger_reader.py '%s/ledger' >/dev/null", folder);
        assert_int_equal(system(command), 0);
        store = store_opened(folder, NULL);
        table = table_opened(store, "t");
    }
    ttl_change(store, table, "ts");
    assert_ok(table_retention(table, clock_wall_us(), &dropped));
    assert_int_equal(dropped, 0);
    assert_ok(table_refresh_expiry(table, NULL));
    assert_true(lowest_expiry(store) == (int64_t)(now - 100) * 1000000);
    assert_ok(table_retention(table, clock_wall_us(), &dropped));
    assert_int_equal(dropped, 1); /* two were merged into one */
    assert_int_equal(segments_of(table), 1);
    assert_true(lowest_expiry(store) == (int64_t)(now + 1000) * 1000000);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_numbers),
        cmocka_unit_test(the_oldest_leave_by_bytes),
        cmocka_unit_test(a_full_disk_is_helped),
        cmocka_unit_test(a_changed_ttl_counts),
        cmocka_unit_test(due_segments_leave_by_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
