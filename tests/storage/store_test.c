/*
 * store_test.c: a data directory: its lock, orphans, names and definitions over restarts.
 */
#include "base/clock.h"
#include "ledger_fixture.h"
#include "storage/store.h"

#include <sys/stat.h>
#include <sys/wait.h>

/* What the catalogue calls for a table; counts references. */
struct table {
    int references;
    uint64_t id;
    uint32_t version;
    bool dropping;
};

static int tables_alive;
static bool refuse_open;

static struct err *test_open(struct store *store, const struct table_def *def, struct table **out)
{
    assert_non_null(store->ledger);
    if (refuse_open) {
        return err_new(ERR_BAD_ARGUMENTS, "no such expression");
    }
    *out = calloc(1, sizeof **out);
    (*out)->references = 1;
    (*out)->id = def->id;
    (*out)->version = def->schema_version;
    tables_alive++;
    return NULL;
}

static void test_altered(struct table *table, const struct table_def *def)
{
    table->version = def->schema_version;
}

static struct err *test_drop_begin(struct table *table)
{
    table->dropping = true;
    return NULL;
}

static void test_drop_end(struct table *table, bool dropped)
{
    table->dropping = dropped;
}

static void test_ref(struct table *table)
{
    table->references++;
}

static void test_unref(struct table *table)
{
    if (--table->references == 0) {
        tables_alive--;
        free(table);
    }
}

static const struct table_hooks hooks = {test_open, test_altered, test_drop_begin, test_drop_end, test_ref, test_unref};

static struct store *store_opened(const char *folder)
{
    struct store *store = NULL;
    struct store_options options = {.data_dir = folder, .hooks = &hooks, .reserve_bytes = UINT64_MAX};
    assert_ok(store_open(&options, &store));
    return store;
}

static const char *const sort_key[] = {"origin", "ts"};

static struct table_def flights(struct column_def columns[2])
{
    columns[0] = (struct column_def){.name = "ts", .type = type_simple(TYPE_DATETIME)};
    columns[1] = (struct column_def){.name = "origin", .type = type_simple(TYPE_STRING), .comment = "from"};
    return (struct table_def){.database = "default",
                              .name = "flights",
                              .engine = "MergeTree",
                              .columns = columns,
                              .column_count = 2,
                              .order_by = sort_key,
                              .order_by_count = 2,
                              .ttl = "ts + INTERVAL 5 YEAR"};
}

static void names_survive_a_restart(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder);
    struct column_def columns[2];
    struct table_def def = flights(columns);
    struct table *table = NULL;
    bool created = false;

    assert_ok(catalogue_create_table(store->catalogue, &def, false, &table, &created));
    assert_true(created);
    assert_int_equal(table->id, 1);
    hooks.unref(table);
    assert_err(catalogue_create_table(store->catalogue, &def, false, NULL, NULL), ERR_TABLE_EXISTS, "already exists");
    assert_ok(catalogue_create_table(store->catalogue, &def, true, NULL, &created));
    assert_false(created);
    assert_err(catalogue_table(store->catalogue, "default", "flihgts", &table), ERR_UNKNOWN_TABLE,
               "did you mean flights");
    assert_err(catalogue_table(store->catalogue, "defualt", "flights", &table), ERR_UNKNOWN_DATABASE,
               "did you mean default");
    refuse_open = true;
    def.name = "other";
    assert_err(catalogue_create_table(store->catalogue, &def, false, NULL, NULL), ERR_BAD_ARGUMENTS, "expression");
    refuse_open = false;
    def.database = "nowhere";
    assert_err(catalogue_create_table(store->catalogue, &def, false, NULL, NULL), ERR_UNKNOWN_DATABASE, "nowhere");
    assert_ok(catalogue_create_database(store->catalogue, "nowhere", false));
    assert_err(catalogue_create_database(store->catalogue, "nowhere", false), ERR_DATABASE_EXISTS, "already");
    assert_ok(catalogue_create_table(store->catalogue, &def, false, NULL, NULL));

    /* a third column */
    struct table_def *current = catalogue_table_def(store->catalogue, 1);
    struct column_def wider[3] = {
        current->columns[0], current->columns[1], {.name = "delay", .type = type_simple(TYPE_INT32)}};
    struct table_def altered = *current;
    altered.columns = wider;
    altered.column_count = 3;
    assert_ok(catalogue_alter_table(store->catalogue, &altered));
    assert_err(catalogue_alter_table(store->catalogue, &altered), ERR_BAD_ARGUMENTS, "altered meanwhile");
    table_def_unref(current);
    assert_ok(store_close(store));
    assert_int_equal(tables_alive, 0);

    for (int round = 0; round < 2; round++) {
        store = store_opened(folder);
        table = catalogue_table_find(store->catalogue, "default", "flights");
        assert_non_null(table);
        assert_int_equal(table->version, 2);
        hooks.unref(table);
        current = catalogue_table_def(store->catalogue, 1);
        assert_int_equal(current->column_count, 3);
        assert_int_equal(current->columns[2].id, 3);
        assert_string_equal(current->columns[2].name, "delay");
        assert_string_equal(current->columns[1].comment, "from");
        assert_string_equal(current->ttl, "ts + INTERVAL 5 YEAR");
        assert_string_equal(current->order_by[0], "origin");
        table_def_unref(current);
        struct table_def *old = catalogue_table_version(store->catalogue, 1, 1);
        assert_int_equal(old->column_count, 2);
        table_def_unref(old);
        struct arena *arena = arena_create(NULL);
        struct table **tables = NULL;
        struct table_def **defs = NULL;
        const char **databases = NULL;
        uint32_t count = 0;
        assert_ok(catalogue_tables(store->catalogue, arena, NULL, &tables, &defs, &count));
        assert_int_equal(count, 2);
        assert_string_equal(defs[1]->name, "other");
        assert_ok(catalogue_databases(store->catalogue, arena, &databases, &count));
        assert_int_equal(count, 3);
        arena_destroy(arena);
        assert_ok(ledger_checkpoint(store->ledger));
        assert_ok(store_close(store));
    }
    store = store_opened(folder);
    assert_ok(catalogue_drop_database(store->catalogue, "nowhere", false));
    assert_err(catalogue_drop_database(store->catalogue, "system", false), ERR_ACCESS_DENIED, "always exists");
    assert_ok(catalogue_drop_table(store->catalogue, "default", "flights", false));
    assert_err(catalogue_drop_table(store->catalogue, "default", "flights", false), ERR_UNKNOWN_TABLE, "flights");
    assert_ok(catalogue_drop_table(store->catalogue, "default", "flights", true));
    assert_ok(catalogue_create_table(
        store->catalogue,
        &(struct table_def){.database = "default", .name = "flights", .columns = columns, .column_count = 2}, false,
        &table, NULL));
    assert_int_equal(table->id, 3); /* never used again */
    hooks.unref(table);
    assert_ok(store_close(store));
    assert_int_equal(tables_alive, 0);
    folder_remove(folder);
}

static void sources_are_kept_and_refused(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder);
    struct column_def columns[2];
    struct table_def def = flights(columns);
    static const char *const streams[] = {"cluster/flights"};
    assert_ok(catalogue_create_table(store->catalogue, &def, false, NULL, NULL));
    struct source_def source = {.database = "default",
                                .name = "feed",
                                .table_id = 1,
                                .definition = "CREATE SOURCE feed INTO flights …",
                                .streams = streams,
                                .stream_count = 1,
                                .state = SOURCE_RUNNING};
    struct source_def *made = NULL;
    assert_ok(catalogue_create_source(store->catalogue, &source, false, &made, NULL));
    assert_int_equal(made->id, 1);
    source_def_unref(made);
    assert_err(catalogue_create_source(store->catalogue, &source, false, NULL, NULL), ERR_SOURCE_EXISTS, "feed");
    source.name = "second";
    assert_err(catalogue_create_source(store->catalogue, &source, false, NULL, NULL), ERR_BAD_ARGUMENTS,
               "Source default.feed feeds this table");
    assert_err(catalogue_drop_table(store->catalogue, "default", "flights", false), ERR_BAD_ARGUMENTS,
               "drop the source first");
    assert_err(catalogue_source(store->catalogue, "default", "fed", &made), ERR_UNKNOWN_SOURCE, "did you mean feed");
    assert_ok(catalogue_source(store->catalogue, "default", "feed", &made));
    struct source_def paused = *made;
    paused.state = SOURCE_PAUSED;
    paused.reason = "by hand";
    assert_ok(catalogue_alter_source(store->catalogue, &paused, NULL));
    source_def_unref(made);
    assert_ok(store_close(store));

    store = store_opened(folder);
    struct arena *arena = arena_create(NULL);
    struct source_def **list = NULL;
    uint32_t count = 0;
    assert_ok(catalogue_sources(store->catalogue, arena, &list, &count));
    assert_int_equal(count, 1);
    assert_int_equal(list[0]->state, SOURCE_PAUSED);
    assert_string_equal(list[0]->reason, "by hand");
    assert_string_equal(list[0]->streams[0], "cluster/flights");
    assert_int_equal(list[0]->version, 2);
    arena_destroy(arena);
    assert_ok(catalogue_drop_source(store->catalogue, "default", "feed", false));
    assert_ok(catalogue_drop_table(store->catalogue, "default", "flights", false));
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void a_second_server_is_refused(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder), *second = NULL;
    struct store_options options = {.data_dir = folder, .reserve_bytes = UINT64_MAX};
    char pid[32];
    (void)snprintf(pid, sizeof pid, "(pid %ld)", (long)getpid());
    assert_err(store_open(&options, &second), ERR_OPEN_FILE, pid);
    assert_ok(store_close(store));
    store = store_opened(folder);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void file_touch(const char *folder, const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs("pack", file);
    assert_int_equal(fclose(file), 0);
}

static uint32_t files_in(struct store *store, const char *path)
{
    struct arena *arena = arena_create(NULL);
    struct slice *names = NULL;
    uint32_t count = 0;
    assert_ok(io_list(store->io, path, arena, &names, &count));
    arena_destroy(arena);
    return count;
}

static void unnamed_packs_become_orphans_for_a_day(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder);
    table_make(store->ledger, 1);
    struct ledger_batch *batch = ledger_batch_create();
    segment_put(batch, 1, 7, 10);
    assert_ok(ledger_commit(store->ledger, batch, NULL));
    ledger_batch_destroy(batch);
    assert_ok(store_close(store));
    file_touch(folder, "packs/00000007.pack");
    file_touch(folder, "packs/00000041.pack");
    store = store_opened(folder);
    assert_int_equal(files_in(store, "packs"), 1);
    assert_int_equal(files_in(store, "orphans"), 1);
    assert_int_equal(store_pack_next(store), 42);
    assert_ok(store_sweep(store));
    assert_int_equal(files_in(store, "orphans"), 1);
    clock_set(clock_wall_us() + (int64_t)25 * 3600 * 1000000);
    assert_ok(store_sweep(store));
    assert_int_equal(files_in(store, "orphans"), 0);
    assert_err(store_clock_guard(store), ERR_ABORTED, "wall clock"); /* it jumped */
    store_clock_confirm(store);
    assert_ok(store_clock_guard(store));
    clock_set_real();
    assert_ok(store_close(store));

    /* A pack's number is not used again while its orphan is there; after a cut tail nothing is deleted. */
    file_touch(folder, "packs/00000050.pack");
    char path[512];
    (void)snprintf(path, sizeof path, "%s/ledger/000001.log", folder);
    struct stat stat_before;
    assert_int_equal(stat(path, &stat_before), 0);
    assert_int_equal(truncate(path, stat_before.st_size - 3), 0);
    store = store_opened(folder);
    assert_true(ledger_tail_was_cut(store->ledger));
    clock_set(clock_wall_us() + (int64_t)25 * 3600 * 1000000);
    assert_ok(store_sweep(store));
    clock_set_real();
    assert_int_equal(files_in(store, "orphans"), 1);
    assert_int_equal(store_pack_next(store), 51);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void packs_without_a_ledger_are_refused(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder);
    assert_ok(store_close(store));
    file_touch(folder, "packs/00000001.pack");
    char command[512];
    (void)snprintf(command, sizeof command, "rm -rf '%s/ledger'", folder);
    assert_int_equal(system(command), 0);
    struct store_options options = {.data_dir = folder, .reserve_bytes = UINT64_MAX};
    assert_err(store_open(&options, &store), ERR_CORRUPT, "there are packs beside it");
    assert_err(store_open(&options, &store), ERR_CORRUPT, "there are packs beside it"); /* and again */
    folder_remove(folder);
}

static void the_clock_guards_retention(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder);
    table_make(store->ledger, 1);
    assert_ok(store_clock_guard(store));
    assert_ok(store_close(store));
    clock_set(clock_wall_us() + (int64_t)3 * 24 * 3600 * 1000000);
    store = store_opened(folder);
    table_make(store->ledger, 2); /* a commit with the new time does not help */
    assert_err(store_clock_guard(store), ERR_ABORTED, "retention waits for");
    store_clock_confirm(store);
    assert_ok(store_clock_guard(store));
    assert_ok(store_close(store));
    clock_set_real();
    folder_remove(folder);
}

static void the_reserve_is_given_up_and_made_again(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = NULL;
    struct store_options options = {.data_dir = folder, .reserve_bytes = 100000};
    assert_ok(store_open(&options, &store));
    bool exists = false;
    assert_ok(store_sweep(store));
    assert_ok(io_exists(store->io, "RESERVE", &exists));
    assert_true(exists);
    assert_true(store_reserve_release(store));
    assert_ok(io_exists(store->io, "RESERVE", &exists));
    assert_false(exists);
    assert_false(store_reserve_release(store));
    assert_ok(store_sweep(store));
    assert_ok(io_exists(store->io, "RESERVE", &exists));
    assert_true(exists);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void retired_packs_go_when_nobody_reads_them(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder);
    file_touch(folder, "packs/00000003.pack");
    store_pack_pin(store, 3);
    store_pack_retire(store, 3);
    (void)store_reserve_release(store); /* a full disk: no grace period */
    assert_ok(store_sweep(store));
    assert_int_equal(files_in(store, "packs"), 1);
    store_pack_unpin(store, 3);
    assert_ok(store_sweep(store));
    assert_int_equal(files_in(store, "packs"), 0);
    /* one that cannot be unlinked stays until the next start */
    file_touch(folder, "packs/00000004.pack");
    store_pack_retire(store, 4);
    (void)store_reserve_release(store);
    assert_ok(failpoint_arm("store_pack_unlink=eio"));
    assert_err(store_sweep(store), ERR_IO, "sweeping");
    failpoint_disarm_all();
    assert_ok(store_close(store));
    store = store_opened(folder);
    assert_int_equal(files_in(store, "packs"), 0);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_survive_a_restart),
        cmocka_unit_test(sources_are_kept_and_refused),
        cmocka_unit_test(a_second_server_is_refused),
        cmocka_unit_test(unnamed_packs_become_orphans_for_a_day),
        cmocka_unit_test(packs_without_a_ledger_are_refused),
        cmocka_unit_test(the_clock_guards_retention),
        cmocka_unit_test(the_reserve_is_given_up_and_made_again),
        cmocka_unit_test(retired_packs_go_when_nobody_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
