/*
 * restore_test.c: a table made from a backup has its rows, coverage and tokens, or is empty; interrupted anywhere.
 */
#include "storage/backup.h"

#include "base/failpoint.h"
#include "base/io_memory.h"
#include "storage/check.h"
#include "storage/verify.h"
#include "tests/storage/table_fixture.h"

#define STREAM "cluster/topic"

/* Rows first … of partition 0, and what covers them; a message in ten is dead. */
static void commit_messages(struct store *store, struct table *table, uint32_t stream, int64_t first, int64_t count)
{
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    struct coverage_key key = {.table_id = table_id(table), .stream_id = stream};
    struct coverage_range range = {.key = key, .first = first, .end = first + count, .event_time_max_us = INT64_MIN};
    struct offset_range dead[64];
    struct coverage_position position;
    assert_ok(head_writer_open(table, NULL, &writer));
    assert_ok(draft_create(store, &draft));
    for (int64_t n = first; n < first + count; n++) {
        if (n % 10 == 7) {
            dead[range.dead_count++] = (struct offset_range){n, n + 1};
        } else {
            row_put(head_builder(writer), (uint64_t)n, 2, NULL);
            range.counts.stored++;
        }
    }
    range.counts.dead = range.dead_count;
    range.dead = dead;
    assert_ok(draft_seal(draft, writer));
    if (!coverage_position(store->ledger, &key, &position)) {
        assert_ok(ledger_batch_start(draft_batch(draft), &(struct ledger_start){.key = key, .offset = first}));
    }
    assert_ok(ledger_batch_coverage(draft_batch(draft), &range));
    assert_ok(draft_token(draft, table, 4711 + (unsigned __int128)first, 1700000000000000));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    head_writer_close(writer);
}

static uint32_t stream_of(struct store *store, const char *identity)
{
    uint32_t id = 0;
    assert_ok(ledger_stream(store->ledger, slice_text(identity), &id));
    return id;
}

/* Table t: three commits of 50 messages, and a backup "one" of it. */
static struct store *backed_up(const char *folder, struct io *io, struct io *backups)
{
    struct store *store = store_opened(folder, io);
    struct backup_report report;
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    uint32_t stream = stream_of(store, STREAM);
    for (int64_t commit = 0; commit < 3; commit++) {
        commit_messages(store, table, stream, 100 + commit * 50, 50);
    }
    uint64_t id = table_id(table);
    struct backup_request request = {
        .to = {backups == NULL ? store->io : backups, "one"}, .name = "one", .tables = &id, .table_count = 1};
    assert_ok(backup_make(store, &request, &report));
    table_unref(table);
    return store;
}

/* Into the empty table u. */
static struct err *restore(struct store *store, struct io *io, struct table *table)
{
    const struct backup_place place = {io, "one"};
    struct backup *backup = NULL;
    struct backup_report report = {0};
    struct arena *arena = arena_create(NULL);
    const struct table_def **tables = NULL;
    uint32_t count = 0;
    struct err *err = NULL;
    OR_DONE(backup_open(&place, &backup));
    OR_DONE(backup_tables(backup, arena, &tables, &count));
    assert_int_equal(count, 1);
    assert_string_equal(tables[0]->name, "t");
    OR_DONE(backup_restore_table(store, backup, tables[0]->id, table, NULL, 0, &report));
done:
    backup_close(backup);
    arena_destroy(arena);
    return err;
}

/* Its 135 rows, the coverage of 150 messages, and where they came from. */
static void assert_restored(struct store *store, struct table *table)
{
    struct arena *arena = arena_create(NULL);
    struct ledger_restored from;
    struct coverage_position position;
    struct coverage_row *rows = NULL;
    uint32_t count = 0;
    bool found = false;
    struct rows_seen expected = {0};
    struct coverage_key key = {.table_id = table_id(table), .stream_id = stream_of(store, STREAM)};
    for (uint64_t n = 100; n < 250; n++) {
        expected.rows += n % 10 != 7;
        expected.n_sum += n % 10 != 7 ? n : 0;
    }
    struct rows_seen seen = rows_see(table);
    assert_int_equal(seen.rows, expected.rows);
    assert_true(seen.n_sum == expected.n_sum);
    assert_true(coverage_position(store->ledger, &key, &position));
    assert_true(position.start == 100 && position.end == 250);
    assert_int_equal(position.counts.stored, 135);
    assert_int_equal(position.counts.dead, 15);
    assert_true(coverage_is_dead(store->ledger, &key, 107));
    assert_false(coverage_is_dead(store->ledger, &key, 108));
    assert_true(coverage_covers(store->ledger, &key, 249));
    assert_false(coverage_covers(store->ledger, &key, 250));
    assert_true(ledger_token_known(store->ledger, table_id(table), 4811));
    assert_ok(coverage_rows(store->ledger, arena, table_id(table), &rows, &count));
    assert_int_equal(count, 1);
    assert_true(rows[0].first == 100 && rows[0].end == 250);
    assert_ok(ledger_restored(store->ledger, arena, table_id(table), &from, &found));
    assert_true(found && from.row_count == 135 && slice_equal(from.backup_name, slice_text("one")));
    struct verify_report report;
    struct err *problem = NULL;
    assert_ok(table_verify(table, INT64_MIN, INT64_MAX, &report, &problem));
    assert_ok(problem);
    arena_destroy(arena);
}

static void print_problem(void *user, const char *text)
{
    (void)user;
    print_error("%s\n", text);
}

static void check_store(const char *folder)
{
    struct check_report report;
    assert_ok(store_check(folder, NULL, NULL, print_problem, NULL, &report));
    assert_int_equal(report.problems, 0);
}

/* Beside the table that it was made from; then the topic goes on in both; merges, checkpoints and starts keep it. */
static void into_the_same_store(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = backed_up(folder, NULL, NULL);
    table_create(store, "u", "part");
    struct table *table = table_opened(store, "u");
    assert_ok(restore(store, store->io, table));
    assert_restored(store, table);
    assert_err(restore(store, store->io, table), ERR_LOGICAL, "restored twice");
    assert_ok(ledger_checkpoint(store->ledger));
    table_unref(table);
    assert_ok(store_close(store));
    check_store(folder);
    store = store_opened(folder, NULL);
    table = table_opened(store, "u");
    assert_restored(store, table);
    commit_messages(store, table, stream_of(store, STREAM), 250, 50);
    assert_ok(table_optimize(table, true, NULL));
    assert_int_equal(rows_see(table).rows, 180);
    table_unref(table);
    assert_ok(catalogue_drop_table(store->catalogue, "default", "u", false));
    assert_ok(ledger_checkpoint(store->ledger));
    assert_ok(store_close(store));
    check_store(folder);
    folder_remove(folder);
}

/* A store that knows other streams: the rows' addresses are written anew, and the row sums with them. */
static void into_a_store_with_other_streams(void **state)
{
    (void)state;
    char *folder = folder_make(), *other = folder_make();
    struct store *store = backed_up(folder, NULL, NULL), *into = store_opened(other, NULL);
    assert_int_equal(stream_of(into, "cluster/another"), 1);
    table_create(into, "u", "part");
    struct table *table = table_opened(into, "u");
    assert_ok(restore(into, store->io, table));
    assert_int_equal(stream_of(into, STREAM), 2);
    assert_restored(into, table);
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    struct arena *arena = arena_create(NULL);
    struct column *column = NULL;
    assert_ok(snapshot_take(table, &snapshot));
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        assert_ok(scan_read(scan, arena, &unit, 5 + COLUMN_STREAM, &column));
        for (uint32_t row = 0; row < unit.row_count; row++) {
            assert_true(*(const uint64_t *)column_value(column, row) == (uint64_t)2 << 32);
        }
    }
    arena_destroy(arena);
    snapshot_unref(snapshot);
    table_unref(table);
    assert_ok(store_close(store));
    assert_ok(store_close(into));
    check_store(other);
    folder_remove(folder);
    folder_remove(other);
}

/* The ledger refuses a restored table that is not what its record says, and coverage without one. */
static void refused(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "u", "part");
    struct table *table = table_opened(store, "u");
    struct ledger_restored record = {
        .table_id = table_id(table), .backup_name = slice_text("one"), .row_count = 5, .segment_count = 1};
    struct coverage_state_record coverage = {
        .position = {.key = {.table_id = table_id(table), .stream_id = stream_of(store, STREAM)},
                     .start = 5,
                     .end = 10,
                     .counts = {.stored = 5},
                     .event_time_max_us = INT64_MIN}};
    struct ledger_batch *batch = ledger_batch_create();
    assert_ok(ledger_batch_restored(batch, &record));
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "row conservation");
    ledger_batch_destroy(batch);
    batch = ledger_batch_create();
    assert_ok(ledger_batch_restored_coverage(batch, &coverage));
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "stands outside its table");
    ledger_batch_destroy(batch);
    batch = ledger_batch_create();
    record.row_count = record.segment_count = 0;
    coverage.position.counts.stored = 4;
    assert_ok(ledger_batch_restored(batch, &record));
    assert_ok(ledger_batch_restored_coverage(batch, &coverage));
    assert_err(ledger_commit(store->ledger, batch, NULL), ERR_LOGICAL, "contradicts itself");
    ledger_batch_destroy(batch);
    table_unref(table);
    assert_ok(store_close(store));
    check_store(folder);
    folder_remove(folder);
}

/* Nothing of a damaged backup gets in. */
static void damaged(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "printf x | dd of='%s/one/packs/00000002.pack' bs=1 seek=60 conv=notrunc status=none",
        "rm '%s/one/packs/00000003.pack'",
        "truncate -s -1 '%s/one/ledger/000002.log'",
        "sed -i 's/^commit.*/commit 1/' '%s/one/BACKUP'",
    };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char *folder = folder_make(), *place = folder_make();
        struct io *io = NULL;
        char command[512];
        assert_ok(io_system(place, &io));
        struct store *store = backed_up(folder, NULL, io);
        (void)snprintf(command, sizeof command,
                       "cp '%s/one/packs/00000002.pack' '%s/copy' && mv '%s/copy' '%s/one/packs/00000002.pack'", place,
                       place, place, place); /* no link any more */
        assert_int_equal(system(command), 0);
        (void)snprintf(command, sizeof command, commands[i], place);
        assert_int_equal(system(command), 0);
        table_create(store, "u", "part");
        struct table *table = table_opened(store, "u");
        assert_err(restore(store, io, table), ERR_BACKUP_DAMAGED, "");
        assert_int_equal(rows_see(table).rows, 0);
        table_unref(table);
        assert_ok(store_close(store));
        check_store(folder);
        io_destroy(io);
        folder_remove(folder);
        folder_remove(place);
    }
}

/* A fault at each step: the table stays empty and can be filled afterwards. */
static void fails_anywhere(void **state)
{
    (void)state;
    static const char *const points[] = {"restore_write=enospc:1", "restore_write=eio:3",    "restore_write=short:2",
                                         "restore_sync=eio:1",     "restore_sync_dir=eio:1", "ledger_append=enospc:1",
                                         "ledger_append=eio:1"};
    char *folder = folder_make();
    struct store *store = backed_up(folder, NULL, NULL);
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "u%zu", i);
        table_create(store, name, "part");
        struct table *table = table_opened(store, name);
        assert_ok(failpoint_arm(points[i]));
        struct err *err = restore(store, store->io, table);
        assert_ok(failpoint_arm(""));
        assert_non_null(err);
        err_free(err);
        assert_int_equal(rows_see(table).rows, 0);
        assert_ok(restore(store, store->io, table));
        assert_restored(store, table);
        table_unref(table);
    }
    assert_ok(store_close(store));
    check_store(folder);
    folder_remove(folder);
}

/* The power goes at every operation: all of the rows, or none. */
static void power_goes(void **state)
{
    (void)state;
    unsigned none = 0, whole = 0;
    for (uint64_t at = 1;; at++) {
        struct io *io = NULL;
        assert_ok(io_memory(&io));
        struct store *store = backed_up("memory", io, NULL);
        table_create(store, "u", "part");
        struct table *table = table_opened(store, "u");
        io_memory_power_off_at(io, at);
        struct err *err = restore(store, io, table);
        bool done = err == NULL;
        err_free(err);
        io_memory_power_off_at(io, done ? 1 : 0);
        table_unref(table);
        err_free(store_close(store));
        assert_ok(io_memory_power_on(io, at % 3 == 0 ? CRASH_LOSE : at % 3 == 1 ? CRASH_TEAR : CRASH_KEEP, at));
        store = store_opened("memory", io);
        table = table_opened(store, "u");
        uint64_t rows = rows_see(table).rows;
        assert_true(rows == 135 || (rows == 0 && !done));
        if (rows == 0) {
            assert_ok(restore(store, io, table));
            none++;
        } else {
            whole++;
        }
        assert_restored(store, table);
        table_unref(table);
        assert_ok(store_close(store));
        io_destroy(io);
        if (done) {
            break;
        }
    }
    print_message("%u times none, %u times whole\n", none, whole);
    assert_true(none >= 8 && whole >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(into_the_same_store),
        cmocka_unit_test(into_a_store_with_other_streams),
        cmocka_unit_test(refused),
        cmocka_unit_test(damaged),
        cmocka_unit_test(fails_anywhere),
        cmocka_unit_test(power_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
