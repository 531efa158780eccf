/*
 * check_test.c: weir check finds every flipped byte of a pack, a missing pack, a short one, and damage in the ledger.
 */
#include "storage/check.h"

#include "tests/storage/table_fixture.h"

#include <sys/stat.h>

struct told {
    unsigned count;
    char text[2048];
};

static void tell(void *user, const char *text)
{
    struct told *told = user;
    told->count++;
    (void)snprintf(told->text, sizeof told->text, "%s", text);
}

/* Three commits of a few rows: packs 1, 2 and 3. */
static char *store_filled(void)
{
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t commit = 0; commit < 3; commit++) {
        struct draft *draft = NULL;
        for (uint64_t n = 0; n < 12; n++) {
            row_put(head_builder(writer), commit * 12 + n, 2, NULL);
        }
        assert_ok(draft_create(store, &draft));
        assert_ok(draft_seal(draft, writer));
        assert_ok(draft_commit(draft, NULL));
        draft_destroy(draft);
    }
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
    return folder;
}

/* The first pack file of the folder. */
static void pack_path(const char *folder, char path[512])
{
    struct io *io = NULL;
    struct arena *arena = arena_create(NULL);
    struct slice *names = NULL;
    uint32_t count = 0;
    assert_ok(io_system(folder, &io));
    assert_ok(io_list(io, "packs", arena, &names, &count));
    assert_true(count >= 3);
    (void)snprintf(path, 512, "%s/packs/%.*s", folder, SLICE_ARG(names[0]));
    arena_destroy(arena);
    io_destroy(io);
}

static void a_good_store_is_good(void **state)
{
    (void)state;
    char *folder = store_filled();
    struct check_report report;
    struct told told = {0};
    assert_ok(store_check(folder, NULL, NULL, tell, &told, &report));
    assert_int_equal(told.count, 0);
    assert_int_equal(report.problems, 0);
    assert_int_equal(report.rows, 36);
    assert_true(report.packs == 3 && report.segments == 6 && report.orphans == 0);
    assert_true(report.ledger.to_genesis && !report.tail_torn);

    struct store *store = store_opened(folder, NULL);
    assert_err(store_check(folder, NULL, NULL, tell, &told, &report), ERR_OPEN_FILE, "in use");
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void every_flipped_byte_of_a_pack_is_found(void **state)
{
    (void)state;
    char *folder = store_filled();
    char path[512];
    pack_path(folder, path);
    const char *name = strrchr(path, '/') + 1;
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    static uint8_t bytes[1 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    assert_true(length > 100 && length < sizeof bytes);
    for (size_t i = 0; i < length; i++) {
        uint8_t flipped = (uint8_t)(bytes[i] ^ 1 << i % 8);
        struct told told = {0};
        struct check_report report;
        assert_int_equal(fseek(file, (long)i, SEEK_SET), 0);
        assert_int_equal(fwrite(&flipped, 1, 1, file), 1);
        assert_int_equal(fflush(file), 0);
        assert_ok(store_check(folder, NULL, NULL, tell, &told, &report));
        if (report.problems == 0) {
            print_error("byte %zu of %zu\n", i, length);
        }
        assert_true(report.problems > 0);
        assert_non_null(strstr(told.text, name));
        assert_int_equal(fseek(file, (long)i, SEEK_SET), 0);
        assert_int_equal(fwrite(&bytes[i], 1, 1, file), 1);
        assert_int_equal(fflush(file), 0);
    }
    (void)fclose(file);
    folder_remove(folder);
}

static void a_missing_or_short_pack_is_named(void **state)
{
    (void)state;
    char *folder = store_filled();
    char path[512];
    struct told told = {0};
    struct check_report report;
    struct stat before;
    pack_path(folder, path);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(truncate(path, before.st_size - 1), 0);
    assert_ok(store_check(folder, NULL, NULL, tell, &told, &report));
    assert_true(told.count > 0);
    assert_non_null(strstr(told.text, strrchr(path, '/') + 1));
    assert_int_equal(unlink(path), 0);
    told = (struct told){0};
    assert_ok(store_check(folder, NULL, NULL, tell, &told, &report));
    assert_true(told.count > 0);
    assert_non_null(strstr(told.text, strrchr(path, '/') + 1));
    assert_non_null(strstr(told.text, "No such file"));
    folder_remove(folder);
}

static void damage_in_the_ledger_is_named(void **state)
{
    (void)state;
    char *folder = store_filled();
    char path[512];
    struct told told = {0};
    struct check_report report;
    (void)snprintf(path, sizeof path, "%s/ledger/000001.log", folder);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 300, SEEK_SET), 0);
    assert_int_equal(fputs("damage", file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
    assert_ok(store_check(folder, NULL, NULL, tell, &told, &report));
    assert_int_equal(told.count, 1);
    assert_false(report.ledger_good);
    assert_non_null(strstr(told.text, "000001.log"));
    assert_non_null(strstr(told.text, "offset"));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_store_is_good),
        cmocka_unit_test(every_flipped_byte_of_a_pack_is_found),
        cmocka_unit_test(a_missing_or_short_pack_is_named),
        cmocka_unit_test(damage_in_the_ledger_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
