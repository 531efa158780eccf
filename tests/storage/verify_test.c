/*
 * verify_test.c: VERIFY TABLE beside a running store: what is damaged under it is named, at first sight.
 */
#include "storage/verify.h"

#include "tests/storage/table_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

/* Two tables, a pack per commit: t has packs 1 … 3, u has pack 4. */
static struct store *store_filled(char *folder)
{
    struct store *store = store_opened(folder, NULL);
    for (int k = 0; k < 2; k++) {
        const char *name = k == 0 ? "t" : "u";
        table_create(store, name, "");
        struct table *table = table_opened(store, name);
        struct head_writer *writer = NULL;
        assert_ok(head_writer_open(table, NULL, &writer));
        for (uint64_t commit = 0; commit < (k == 0 ? 3 : 1); commit++) {
            struct draft *draft = NULL;
            for (uint64_t n = 0; n < 20; n++) {
                row_put(head_builder(writer), commit * 20 + n, 2, NULL);
            }
            assert_ok(draft_create(store, &draft));
            assert_ok(draft_seal(draft, writer));
            assert_ok(draft_commit(draft, NULL));
            draft_destroy(draft);
        }
        head_writer_close(writer);
        table_unref(table);
    }
    return store;
}

static struct err *problem_of(struct store *store, const char *name, struct verify_report *report)
{
    struct err *problem = NULL;
    struct table *table = table_opened(store, name);
    assert_ok(table_verify(table, INT64_MIN, INT64_MAX, report, &problem));
    table_unref(table);
    return problem;
}

static void flip(const char *folder, const char *name, long at)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_true(byte != EOF);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 4, file), byte ^ 4);
    assert_int_equal(fclose(file), 0);
}

static void what_is_whole_is_counted(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_filled(folder);
    struct verify_report report;
    assert_null(problem_of(store, "t", &report));
    assert_int_equal(report.segments, 3);
    assert_int_equal(report.rows, 60);
    assert_true(report.bytes > 0 && report.ledger.to_genesis && report.ledger.commit_first == 1);
    assert_null(problem_of(store, "u", &report));
    assert_int_equal(report.segments, 1);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* Also what the block cache holds already: the file is read. */
static void a_flipped_byte_under_a_running_store_is_named(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_filled(folder);
    struct verify_report report;
    struct stat status;
    char path[512];
    struct table *table = table_opened(store, "t");
    assert_int_equal(rows_see(table).rows, 60);
    table_unref(table);
    (void)snprintf(path, sizeof path, "%s/packs/00000002.pack", folder);
    assert_int_equal(stat(path, &status), 0);
    for (long at = 0; at < status.st_size; at += 7) {
        flip(folder, "packs/00000002.pack", at);
        struct err *problem = problem_of(store, "t", &report);
        assert_non_null(problem);
        assert_non_null(strstr(err_message(problem), "00000002.pack"));
        err_free(problem);
        assert_null(problem_of(store, "u", &report)); /* another table's */
        flip(folder, "packs/00000002.pack", at);
    }
    assert_null(problem_of(store, "t", &report));
    assert_int_equal(unlink(path), 0);
    struct err *problem = problem_of(store, "t", &report);
    assert_non_null(problem);
    assert_non_null(strstr(err_message(problem), "00000002.pack"));
    err_free(problem);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void segments_outside_the_times_are_not_read(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_filled(folder);
    struct table *table = table_opened(store, "t");
    struct err *problem = NULL;
    struct verify_report report;
    int64_t begin = (int64_t)1700000000 * 1000000;
    assert_ok(table_verify(table, begin - 2, begin, &report, &problem));
    assert_null(problem);
    assert_int_equal(report.segments, 0);
    assert_ok(table_verify(table, begin, begin + 1, &report, &problem)); /* row 0 alone, of the first segment */
    assert_null(problem);
    assert_int_equal(report.segments, 1);
    assert_int_equal(report.rows, 20);
    flip(folder, "packs/00000002.pack", 100);
    assert_ok(table_verify(table, begin, begin + 1, &report, &problem));
    assert_null(problem);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void a_ledger_that_is_not_the_servers_is_named(void **state)
{
    (void)state;
    char *folder = folder_make(), path[512];
    struct store *store = store_filled(folder);
    struct verify_report report;
    struct stat before, after;
    (void)snprintf(path, sizeof path, "%s/ledger/000001.log", folder);
    assert_int_equal(stat(path, &before), 0);
    flip(folder, "ledger/000001.log", 200);
    struct err *problem = problem_of(store, "t", &report);
    assert_non_null(problem);
    assert_non_null(strstr(err_message(problem), "000001.log"));
    err_free(problem);
    flip(folder, "ledger/000001.log", 200);
    table_create(store, "v", "");
    assert_int_equal(stat(path, &after), 0);
    assert_true(after.st_size > before.st_size);
    assert_int_equal(truncate(path, before.st_size), 0); /* a chain that is whole, without the last commit */
    problem = problem_of(store, "t", &report);
    assert_non_null(problem);
    assert_non_null(strstr(err_message(problem), "is missing"));
    err_free(problem);
    err_free(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_whole_is_counted),
        cmocka_unit_test(a_flipped_byte_under_a_running_store_is_named),
        cmocka_unit_test(segments_outside_the_times_are_not_read),
        cmocka_unit_test(a_ledger_that_is_not_the_servers_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
