/*
 * table_power_test.c: the power goes at every operation (power_fixture.h): acknowledged batches must be there, others
 * whole or not at all, and nothing twice.
 */
#include "tests/storage/power_fixture.h"

#define BATCH 20U

static void create(struct store *store)
{
    table_create(store, "t", "part");
}

static void put_batch(struct builder *builder, uint32_t batch)
{
    for (uint32_t i = 0; i < BATCH; i++) {
        row_put(builder, (uint64_t)batch * BATCH + i, 2, NULL);
    }
}

static void check(struct table *table, const struct power_progress *progress)
{
    uint8_t seen[POWER_BATCHES_MAX * BATCH] = {0};
    struct arena *arena = arena_create(NULL);
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    assert_ok(snapshot_take(table, &snapshot));
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *n = NULL;
        assert_ok(scan_read(scan, arena, &unit, 1, &n));
        for (uint32_t row = 0; row < unit.row_count; row++) {
            uint64_t value = *(const uint64_t *)column_value(n, row);
            assert_true(value < sizeof(seen));
            assert_int_equal(seen[value], 0);
            seen[value] = 1;
        }
    }
    for (uint32_t batch = 0; batch < progress->next; batch++) {
        uint32_t rows = 0;
        for (uint32_t i = 0; i < BATCH; i++) {
            rows += seen[batch * BATCH + i];
        }
        assert_true(rows == BATCH || (rows == 0 && !progress->acknowledged[batch]));
    }
    arena_destroy(arena);
    snapshot_unref(snapshot);
}

static void power_goes(void **state)
{
    static const struct power_run run = {create, put_batch, check};
    (void)state;
    power_goes_everywhere(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
