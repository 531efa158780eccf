/*
 * backup_test.c: backups are whole or none, whenever they are interrupted, and weir check sees what is wrong with one.
 */
#include "storage/backup.h"

#include "base/failpoint.h"
#include "base/io_memory.h"
#include "storage/check.h"
#include "tests/storage/table_fixture.h"

struct told {
    unsigned count;
    char text[4096];
};

static void tell(void *user, const char *text)
{
    struct told *told = user;
    told->count++;
    size_t length = strlen(told->text);
    (void)snprintf(told->text + length, sizeof told->text - length, "%s\n", text);
}

static void commit_rows(struct store *store, struct table *table, uint64_t first, uint64_t count)
{
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t n = first; n < first + count; n++) {
        row_put(head_builder(writer), n, 2, NULL);
    }
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    head_writer_close(writer);
}

/* Table t with three packs, and u with one. */
static struct store *filled(const char *folder, struct io *io)
{
    struct store *store = store_opened(folder, io);
    table_create(store, "t", "part");
    table_create(store, "u", "part");
    struct table *t = table_opened(store, "t"), *u = table_opened(store, "u");
    for (uint64_t commit = 0; commit < 3; commit++) {
        commit_rows(store, t, commit * 20, 20);
    }
    commit_rows(store, u, 0, 20);
    table_unref(t);
    table_unref(u);
    return store;
}

static struct err *backup(struct store *store, struct io *io, const char *name, const char *base,
                          struct backup_report *report)
{
    struct table *table = table_opened(store, "t");
    uint64_t id = table_id(table);
    struct backup_request request = {
        .to = {io, name}, .name = name, .base = {io, base}, .base_name = base, .tables = &id, .table_count = 1};
    table_unref(table);
    return backup_make(store, &request, report);
}

static void check_whole(const char *folder, uint64_t rows)
{
    struct told told = {0};
    struct check_report report;
    assert_ok(store_check(folder, NULL, NULL, tell, &told, &report));
    if (told.count > 0) {
        print_error("%s", told.text);
    }
    assert_int_equal(told.count, 0);
    assert_true(report.is_backup && report.ledger_good);
    assert_int_equal(report.rows, rows);
    assert_int_equal(report.orphans, 0);
}

static void check_damaged(const char *folder, const char *text)
{
    struct told told = {0};
    struct check_report report;
    assert_ok(store_check(folder, NULL, NULL, tell, &told, &report));
    if (strstr(told.text, text) == NULL) {
        print_error("%s", told.text);
    }
    assert_true(told.count > 0);
    assert_non_null(strstr(told.text, text));
}

static void shell(const char *format, const char *a, const char *b)
{
    char command[1024];
    (void)snprintf(command, sizeof command, format, a, b);
    assert_int_equal(system(command), 0);
}

struct fixture {
    char *folder, *place;
    struct io *io;
    struct store *store;
    char path[256];
};

static void fixture_open(struct fixture *fixture)
{
    fixture->folder = folder_make();
    fixture->place = folder_make();
    assert_ok(io_system(fixture->place, &fixture->io));
    fixture->store = filled(fixture->folder, NULL);
    (void)snprintf(fixture->path, sizeof fixture->path, "%s/one", fixture->place);
}

static void fixture_close(struct fixture *fixture)
{
    assert_ok(store_close(fixture->store));
    io_destroy(fixture->io);
    folder_remove(fixture->folder);
    folder_remove(fixture->place);
}

/* The table alone; what comes later is not in it; it stays when the store's packs are merged away. */
static void cut_at_a_commit(void **state)
{
    (void)state;
    struct fixture fixture;
    struct backup_report report;
    fixture_open(&fixture);
    struct table *table = table_opened(fixture.store, "t");
    assert_ok(backup(fixture.store, fixture.io, "one", NULL, &report));
    assert_int_equal(report.files, 4);
    assert_int_equal(report.linked, 3);
    struct commit_info last;
    ledger_last_commit(fixture.store->ledger, &last);
    assert_true(report.at.number == last.number && memcmp(report.at.hash, last.hash, sizeof last.hash) == 0);
    commit_rows(fixture.store, table, 60, 20);
    assert_ok(table_optimize(table, true, NULL));
    check_whole(fixture.path, 60);
    table_unref(table);
    fixture_close(&fixture);
}

static void names_and_bases(void **state)
{
    (void)state;
    struct fixture fixture, other;
    struct backup_report report;
    char second[256];
    fixture_open(&fixture);
    (void)snprintf(second, sizeof second, "%s/two", fixture.place);
    assert_err(backup(fixture.store, fixture.io, "one", "none", &report), ERR_BACKUP_NOT_FOUND, "not found");
    assert_ok(backup(fixture.store, fixture.io, "one", NULL, &report));
    assert_err(backup(fixture.store, fixture.io, "one", NULL, &report), ERR_BACKUP_EXISTS, "already exists");
    /* a base in place of the store's packs */
    struct table *table = table_opened(fixture.store, "t");
    commit_rows(fixture.store, table, 60, 20);
    table_unref(table);
    assert_ok(backup(fixture.store, fixture.io, "two", "one", &report));
    assert_int_equal(report.files, 5);
    shell("rm -rf '%s'%s", fixture.path, "");
    check_whole(second, 80);
    /* somebody's directory */
    shell("mkdir '%s'; touch '%s/file'", fixture.path, fixture.path);
    assert_err(backup(fixture.store, fixture.io, "one", NULL, &report), ERR_BACKUP_EXISTS, "something else");
    fixture_open(&other);
    assert_err(backup(other.store, fixture.io, "three", "two", &report), ERR_WRONG_BASE_BACKUP, "another store");
    /* no data directory */
    struct store *store = NULL;
    struct store_options options = {.data_dir = second, .hooks = &table_hooks};
    assert_err(store_open(&options, &store), ERR_BAD_ARGUMENTS, "is a backup");
    fixture_close(&other);
    fixture_close(&fixture);
}

/* What weir check says of a backup that was changed. */
static void tampered(void **state)
{
    (void)state;
    static const struct {
        const char *command, *text;
    } cases[] = {
        {"rm '%s/packs/00000002.pack'", "00000002.pack"},
        {"truncate -s -1 '%s/packs/00000002.pack'", "the manifest says"},
        {"cp '%s/packs/00000003.pack' '%s/packs/00000002.pack'", "00000002.pack"},
        {"printf x | dd of='%s/packs/00000001.pack' bs=1 seek=40 conv=notrunc status=none", "00000001.pack"},
        {"printf x | dd of='%s/ledger/000002.log' bs=1 seek=300 conv=notrunc status=none", "ledger"},
        {"truncate -s 96 '%s/ledger/000002.log'", "not the one that the manifest names"},
        {"rm '%s/ledger/000002.log'", "ledger"},
        {"sed -i 's/^commit .*/commit 4711/' '%s/BACKUP'", "it was changed"},
        {"sed -i '/^pack 2/d' '%s/BACKUP'", "it was changed"},
        {"truncate -s -10 '%s/BACKUP'", "changed or cut off"},
        {"sed -i 's/^weir-backup 1/weir-backup 2/' '%s/BACKUP'", "version is 2"},
        {"mv '%s/BACKUP' '%s/BACKUP.unfinished'", "never finished"},
    };
    struct fixture fixture;
    struct backup_report report;
    char copy[256];
    fixture_open(&fixture);
    (void)snprintf(copy, sizeof copy, "%s/copy", fixture.place);
    assert_ok(backup(fixture.store, fixture.io, "one", NULL, &report));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        shell("cd '%s' && rm -rf copy && cp -r one copy%s", fixture.place, "");
        shell(cases[i].command, copy, copy);
        check_damaged(copy, cases[i].text);
    }
    check_whole(fixture.path, 60);
    fixture_close(&fixture);
}

/* Each step fails once: no backup, its room given back, and the next one of the name works. */
static void fails_anywhere(void **state)
{
    (void)state;
    static const char *const points[] = {"backup_mark",        "backup_mark_sync",   "backup_link",
                                         "backup_ledger",      "backup_ledger_sync", "backup_finish",
                                         "backup_finish_sync", "backup_sync_dir",    "backup_finish_rename"};
    static const char *const actions[] = {"enospc", "eio"};
    struct fixture fixture;
    struct backup_report report;
    struct table *table;
    fixture_open(&fixture);
    table = table_opened(fixture.store, "t");
    for (size_t i = 0; i < 2 * sizeof points / sizeof points[0]; i++) {
        char armed[64], name[32], path[256];
        struct arena *arena = arena_create(NULL);
        struct slice *names = NULL;
        uint32_t count = 0;
        bool exists = false;
        (void)snprintf(armed, sizeof armed, "%s=%s:1", points[i / 2], actions[i % 2]);
        (void)snprintf(name, sizeof name, "b%zu", i);
        (void)snprintf(path, sizeof path, "%s/packs", name);
        assert_ok(failpoint_arm(armed));
        struct err *err = backup(fixture.store, fixture.io, name, NULL, &report);
        assert_non_null(err);
        assert_true(err_code(err) == ERR_NOT_ENOUGH_SPACE || err_code(err) == ERR_IO);
        err_free(err);
        assert_ok(failpoint_arm(""));
        const struct backup_place place = {fixture.io, name};
        assert_ok(backup_is_there(&place, &exists));
        assert_false(exists);
        assert_ok(io_exists(fixture.io, path, &exists));
        if (exists) {
            assert_ok(io_list(fixture.io, path, arena, &names, &count));
            assert_int_equal(count, 0);
        }
        assert_ok(backup(fixture.store, fixture.io, name, NULL, &report));
        (void)snprintf(path, sizeof path, "%s/%s", fixture.place, name);
        check_whole(path, 60);
        arena_destroy(arena);
    }
    assert_int_equal(rows_see(table).rows, 60);
    table_unref(table);
    fixture_close(&fixture);
}

static void count_problem(void *user, struct err *err)
{
    (*(unsigned *)user)++;
    err_free(err);
}

/* The power goes at every operation: afterwards there is a whole backup, or none and room for one. */
static void power_goes(void **state)
{
    (void)state;
    unsigned whole = 0, none = 0;
    for (uint64_t at = 1;; at++) {
        struct io *io = NULL;
        struct backup_report report;
        assert_ok(io_memory(&io));
        struct store *store = filled("memory", io);
        io_memory_power_off_at(io, at);
        struct err *err = backup(store, io, "one", NULL, &report);
        bool done = err == NULL;
        err_free(err);
        io_memory_power_off_at(io, done ? 1 : 0);
        err_free(store_close(store));
        assert_ok(io_memory_power_on(io, at % 3 == 0 ? CRASH_LOSE : at % 3 == 1 ? CRASH_TEAR : CRASH_KEEP, at));
        store = store_opened("memory", io);
        const struct backup_place place = {io, "one"};
        bool exists = false;
        unsigned problems = 0;
        assert_ok(backup_is_there(&place, &exists));
        assert_true(exists || !done);
        if (!exists) {
            assert_ok(backup(store, io, "one", NULL, &report));
            none++;
        } else {
            whole++;
        }
        assert_ok(backup_check_files(&place, count_problem, &problems));
        assert_int_equal(problems, 0);
        struct ledger_report ledger;
        assert_ok(ledger_verify(io, "one/ledger", &ledger));
        struct table *table = table_opened(store, "t");
        assert_int_equal(rows_see(table).rows, 60);
        table_unref(table);
        assert_ok(store_close(store));
        io_destroy(io);
        if (done) {
            break;
        }
    }
    print_message("%u times none, %u times whole\n", none, whole);
    assert_true(none >= 10 && whole >= 1);
}

/* Where there are no links, packs are copied: between two file layers. */
static void copied(void **state)
{
    (void)state;
    struct fixture fixture;
    struct backup_report report;
    struct io *memory = NULL;
    unsigned problems = 0;
    fixture_open(&fixture);
    assert_ok(io_memory(&memory));
    const struct backup_place place = {memory, "one"};
    static const char *const points[] = {"backup_copy=enospc:2", "backup_copy=short:1", "backup_copy_sync=eio:1",
                                         "backup_copy=eio:1,backup_remove=eio:1"};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        bool exists = true;
        assert_ok(failpoint_arm(points[i]));
        struct err *err = backup(fixture.store, memory, "one", NULL, &report);
        assert_ok(failpoint_arm(""));
        assert_non_null(err);
        err_free(err);
        assert_ok(backup_is_there(&place, &exists));
        assert_false(exists);
    }
    assert_ok(backup(fixture.store, memory, "one", NULL, &report));
    assert_int_equal(report.linked, 0);
    assert_ok(backup_check_files(&place, count_problem, &problems));
    assert_int_equal(problems, 0);
    io_destroy(memory);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_at_a_commit), cmocka_unit_test(names_and_bases), cmocka_unit_test(tampered),
        cmocka_unit_test(fails_anywhere),  cmocka_unit_test(power_goes),      cmocka_unit_test(copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
