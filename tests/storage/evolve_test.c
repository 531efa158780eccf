/*
 * evolve_test.c: rows of older schema versions: scans, merges, the ledger's account of them, reopened stores.
 */
#include "storage/check.h"
#include "storage/segment.h"
#include "storage/type.h"
#include "tests/storage/table_fixture.h"

#define NOTE 3U /* columns of the fixture's table */
#define PART 4U

static void commit_rows(struct store *store, struct head_writer *writer, uint64_t *n, uint32_t count,
                        struct rows_seen *expected)
{
    for (uint32_t i = 0; i < count; i++) {
        row_put(head_builder(writer), (*n)++, 3, expected);
    }
    writer_commit(store, writer);
}

/* The sum of a number column, which may be new. */
static uint64_t sum_of(struct table *table, uint32_t column)
{
    uint64_t sum = 0;
    struct arena *arena = arena_create(NULL);
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    assert_ok(snapshot_take(table, &snapshot));
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *values = NULL;
        assert_ok(scan_read(scan, arena, &unit, column, &values));
        assert_int_equal(values->row_count, unit.row_count);
        for (uint32_t row = 0; row < unit.row_count; row++) {
            uint16_t value;
            memcpy(&value, column_value(values, row), sizeof value);
            sum += value;
        }
    }
    arena_destroy(arena);
    snapshot_unref(snapshot);
    return sum;
}

static uint64_t parts_until(uint64_t n)
{
    return n / 3 * 3 + (n % 3 == 2 ? 1 : 0);
}

static uint64_t segments_of(struct table *table)
{
    struct table_numbers numbers;
    table_numbers(table, &numbers);
    return numbers.segments;
}

/* The column becomes another one: no stored row has it (CLEAR COLUMN). */
static void clear_part(struct store *store, struct table *table)
{
    struct table_def *def = table_definition(table), next = *def;
    struct column_def columns[5];
    memcpy(columns, def->columns, sizeof columns);
    columns[PART].id = 0;
    next.columns = columns;
    assert_ok(catalogue_alter_table(store->catalogue, &next));
    table_def_unref(def);
}

static void assert_verifies(const char *folder)
{
    char path[256];
    struct io *io = NULL;
    struct ledger_report report;
    assert_ok(io_system(folder, &io));
    assert_ok(ledger_verify(io, "ledger", &report));
    assert_true(report.merges_checked > 0);
    io_destroy(io);
    (void)snprintf(path, sizeof path, "python3 tests/format/ledger_reader.py '%s/ledger' > /dev/null", folder);
    assert_int_equal(system(path), 0);
}

static void old_rows_are_read_and_merged(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *old = NULL, *new = NULL;
    struct rows_seen expected = {.sorted = true};
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &old));
    commit_rows(store, old, &n, 9000, &expected);
    commit_rows(store, old, &n, 100, &expected);
    assert_int_equal(sum_of(table, PART), parts_until(n));
    clear_part(store, table);
    assert_true(head_is_stale(old));
    assert_int_equal(sum_of(table, PART), 0);
    assert_rows(table, &expected);
    assert_ok(head_writer_open(table, NULL, &new));
    uint64_t before = parts_until(n);
    commit_rows(store, new, &n, 300, &expected);
    uint64_t parts = parts_until(n) - before;
    assert_int_equal(sum_of(table, PART), parts);
    commit_rows(store, old, &n, 50, &expected); /* who began before goes on with what it knows */
    row_put(head_builder(old), n++, 3, &expected);
    assert_ok(head_publish(old));
    assert_int_equal(sum_of(table, PART), parts);
    assert_rows(table, &expected);
    assert_int_equal(segments_of(table), 4);
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(segments_of(table), 1);
    assert_int_equal(sum_of(table, PART), parts);
    assert_rows(table, &expected);
    expected.rows--; /* the one that is in a head alone is lost */
    head_writer_close(old);
    head_writer_close(new);
    assert_int_equal(sum_of(table, PART), parts);
    table_unref(table);
    assert_ok(store_close(store));
    assert_verifies(folder);
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    assert_int_equal(rows_see(table).rows, expected.rows);
    assert_int_equal(sum_of(table, PART), parts);
    clear_part(store, table); /* a single segment is rewritten too, when it is asked for */
    assert_int_equal(sum_of(table, PART), 0);
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(segments_of(table), 1);
    struct snapshot *snapshot = NULL;
    assert_ok(snapshot_take(table, &snapshot));
    assert_int_equal(snapshot_segment(snapshot, 0)->schema_version, 3);
    snapshot_unref(snapshot);
    table_unref(table);
    assert_ok(store_close(store));
    assert_verifies(folder);
    folder_remove(folder);
}

/* Columns in another order, and fewer: stored values are found by id, the row sum follows the new order. */
static void columns_move_and_leave(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    struct rows_seen expected = {.sorted = true};
    uint64_t n = 0;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint32_t i = 0; i < 3; i++) {
        commit_rows(store, writer, &n, 700, &expected);
    }
    struct table_def *def = table_definition(table), next = *def;
    struct column_def columns[5];
    memcpy(columns, def->columns, sizeof columns);
    columns[NOTE] = def->columns[PART];
    columns[PART] = def->columns[NOTE];
    next.columns = columns;
    assert_ok(catalogue_alter_table(store->catalogue, &next));
    table_def_unref(def);
    assert_int_equal(sum_of(table, NOTE), parts_until(n));
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(segments_of(table), 1);
    assert_int_equal(sum_of(table, NOTE), parts_until(n));
    def = table_definition(table);
    next = *def;
    next.column_count = 4;
    assert_ok(catalogue_alter_table(store->catalogue, &next));
    table_def_unref(def);
    assert_int_equal(sum_of(table, NOTE), parts_until(n));
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(sum_of(table, NOTE), parts_until(n));
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    assert_verifies(folder);
    folder_remove(folder);
}

/* Small INSERTs of an older version are replayed as they were. */
static void insert_log_keeps_versions(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "");
    struct table *table = table_opened(store, "t");
    struct rows_seen expected = {.sorted = true};
    struct insert *old = NULL, *new = NULL;
    struct insert_result result;
    struct insert_options options = {.token = slice_text("")};
    assert_ok(insert_log_open(store, NULL));
    assert_ok(insert_begin(table, &options, &old));
    row_put(insert_builder(old), 1, 3, &expected);
    row_put(insert_builder(old), 2, 3, &expected);
    clear_part(store, table);
    assert_ok(insert_begin(table, &options, &new));
    row_put(insert_builder(new), 4, 3, &expected);
    assert_ok(insert_finish(new, &result));
    assert_ok(insert_finish(old, &result));
    assert_int_equal(sum_of(table, PART), 1);
    assert_rows(table, &expected);
    assert_ok(insert_log_flush(store));
    assert_int_equal(segments_of(table), 2);
    assert_int_equal(sum_of(table, PART), 1);
    assert_rows(table, &expected);
    insert_log_close(store);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static struct err *merge_claimed(struct store *store, const struct ledger_segment *input, uint32_t version,
                                 unsigned __int128 sum, bool merges, uint32_t output_version)
{
    struct ledger_batch *batch = ledger_batch_create();
    struct segment_name name = {input->pack, input->offset};
    struct segment_rewritten rewritten = {
        .table_id = input->table_id, .segment = name, .schema_version = version, .row_sum = sum};
    struct segments_removed removed = {
        .table_id = input->table_id, .reason = REMOVE_MERGE, .segments = &name, .segment_count = 1, .output_count = 1};
    struct ledger_segment output = *input;
    output.pack = 1000;
    output.row_sum = 77;
    output.schema_version = output_version;
    assert_ok(ledger_batch_rewritten(batch, &rewritten));
    if (merges) {
        assert_ok(ledger_batch_remove(batch, &removed));
        assert_ok(ledger_batch_segment(batch, &output));
    }
    struct err *err = ledger_commit(store->ledger, batch, NULL);
    ledger_batch_destroy(batch);
    return err;
}

static void the_ledger_checks_what_is_rewritten(void **state)
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
    commit_rows(store, writer, &n, 10, &expected);
    clear_part(store, table);
    assert_ok(snapshot_take(table, &snapshot));
    const struct ledger_segment *input = snapshot_segment(snapshot, 0);
    assert_err(merge_claimed(store, input, 2, 77, false, 2), ERR_LOGICAL, "rewritten for no merge");
    assert_err(merge_claimed(store, input, 1, 77, true, 1), ERR_LOGICAL, "cannot be rewritten");
    assert_err(merge_claimed(store, input, 3, 77, true, 3), ERR_LOGICAL, "cannot be rewritten");
    assert_err(merge_claimed(store, input, 2, 78, true, 2), ERR_LOGICAL, "row conservation");
    assert_err(merge_claimed(store, input, 2, 77, true, 1), ERR_LOGICAL, "schema version");
    assert_rows(table, &expected); /* nothing changed */
    snapshot_unref(snapshot);
    assert_ok(table_optimize(table, true, NULL));
    assert_rows(table, &expected);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    assert_verifies(folder);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_rows_are_read_and_merged),
        cmocka_unit_test(columns_move_and_leave),
        cmocka_unit_test(insert_log_keeps_versions),
        cmocka_unit_test(the_ledger_checks_what_is_rewritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
