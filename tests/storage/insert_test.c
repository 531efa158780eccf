/*
 * insert_test.c: INSERTs through the insert log and straight into packs; what a start finds again.
 */
#include "base/failpoint.h"
#include "storage/insert_log.h"
#include "tests/storage/table_fixture.h"

static struct insert_result insert_rows(struct table *table, uint64_t first, uint64_t count, const char *token,
                                        struct rows_seen *expected)
{
    struct insert *insert = NULL;
    struct insert_result result = {0};
    struct insert_options options = {.token = slice_text(token)};
    assert_ok(insert_begin(table, &options, &insert));
    for (uint64_t n = first; n < first + count; n++) {
        row_put(insert_builder(insert), n, 3, expected);
        if (n % 4096 == 0) {
            assert_ok(insert_poll(insert));
        }
    }
    assert_ok(insert_finish(insert, &result));
    return result;
}

static void small_inserts_survive(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct rows_seen expected = {.sorted = true};
    struct insert_log_numbers numbers;
    uint64_t n = 0;
    for (uint32_t start = 0; start < 4; start++) {
        struct store *store = store_opened(folder, NULL);
        /* no flush but those that the test asks for */
        struct insert_log_options options = {.commit_interval_us = (uint64_t)3600 * 1000000};
        table_create(store, "t", "part");
        assert_ok(insert_log_open(store, &options));
        struct table *table = table_opened(store, "t");
        assert_rows(table, &expected);
        for (uint32_t i = 0; i < 50; i++) {
            uint64_t count = i % 10 == 0 ? 9000 : i + 1;
            struct insert_result result = insert_rows(table, n, count, "", &expected);
            assert_int_equal(result.rows, count);
            n += count;
            assert_rows(table, &expected);
            if (i == 30 && start % 2 == 1) {
                assert_ok(insert_log_flush(store));
                assert_rows(table, &expected);
                insert_log_numbers(store, &numbers);
                assert_int_equal(numbers.covered, numbers.sequence);
            }
        }
        if (start == 2) {
            insert_log_close(store); /* flushes */
            struct table_numbers table_is;
            table_numbers(table, &table_is);
            assert_int_equal(table_is.head_rows, 0);
        } else {
            /* as a kill would: the log stays as it is */
            assert_ok(failpoint_arm("pack_write=eio:1+"));
            insert_log_close(store);
            failpoint_disarm_all();
        }
        table_unref(table);
        assert_ok(store_close(store));
    }
    struct store *store = store_opened(folder, NULL);
    assert_ok(insert_log_open(store, NULL));
    struct table *table = table_opened(store, "t");
    assert_rows(table, &expected);
    table_unref(table);
    insert_log_close(store);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* Above 32 MiB rows go into a pack as they come, and appear together. */
static void large_inserts_commit_at_once(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct rows_seen expected = {.sorted = true}, nothing = {.sorted = true};
    struct insert *insert = NULL;
    struct insert_result result;
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    assert_ok(insert_log_open(store, NULL));
    struct insert_options options = {.token = slice_text("once")};
    for (uint32_t round = 0; round < 3; round++) {
        assert_ok(insert_begin(table, &options, &insert));
        for (uint64_t n = 0; n < 1100000; n++) {
            row_put(insert_builder(insert), n, 3, round == 0 ? &expected : NULL);
            if (n % 4096 == 0) {
                assert_ok(insert_poll(insert));
            }
        }
        assert_rows(table, round == 0 ? &nothing : &expected);
        assert_ok(insert_finish(insert, &result));
        assert_int_equal(result.duplicate, round > 0);
        assert_int_equal(result.rows, round > 0 ? 0 : 1100000);
        assert_rows(table, &expected);
        if (round == 0) {
            /* given up in the middle: nothing stays */
            assert_ok(insert_begin(table, NULL, &insert));
            for (uint64_t n = 0; n < 1100000; n++) {
                row_put(insert_builder(insert), n, 3, NULL);
                if (n % 4096 == 0) {
                    assert_ok(insert_poll(insert));
                }
            }
            insert_abort(insert);
            assert_rows(table, &expected);
            /* a full disk */
            assert_ok(insert_begin(table, NULL, &insert));
            assert_ok(failpoint_arm("pack_write=enospc:2"));
            struct err *err = NULL;
            for (uint64_t n = 0; n < 1100000 && err == NULL; n++) {
                row_put(insert_builder(insert), n, 3, NULL);
                if (n % 4096 == 0) {
                    err = insert_poll(insert);
                }
            }
            if (err == NULL) {
                err = insert_finish(insert, &result);
            } else {
                insert_abort(insert);
            }
            assert_err(err, ERR_NOT_ENOUGH_SPACE, "No space left");
            failpoint_disarm_all();
            assert_rows(table, &expected);
        }
    }
    insert_log_close(store);
    table_unref(table);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    table = table_opened(store, "t");
    assert_rows(table, &expected);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

static void tokens_are_kept(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct rows_seen expected = {.sorted = true};
    for (uint32_t start = 0; start < 3; start++) {
        struct store *store = store_opened(folder, NULL);
        struct insert_log_options options = {.commit_interval_us = (uint64_t)3600 * 1000000};
        table_create(store, "t", "");
        assert_ok(insert_log_open(store, &options));
        struct table *table = table_opened(store, "t");
        for (uint32_t i = 0; i < 5; i++) {
            char token[16];
            (void)snprintf(token, sizeof token, "token %u", i);
            struct insert_result result = insert_rows(table, i * 100, 100, token, start == 0 ? &expected : NULL);
            assert_int_equal(result.duplicate, start > 0);
            result = insert_rows(table, i * 100, 100, token, NULL);
            assert_true(result.duplicate);
            assert_rows(table, &expected);
            if (i == 2) {
                assert_ok(insert_log_flush(store));
            }
        }
        assert_ok(failpoint_arm("pack_write=eio:1+"));
        insert_log_close(store);
        failpoint_disarm_all();
        table_unref(table);
        assert_ok(store_close(store));
    }
    folder_remove(folder);
}

/* One failure is hidden by a second file; of two, the INSERT fails and nothing of it stays. */
static void log_failures(void **state)
{
    (void)state;
    static const char *const points[] = {"insert_log_write=eio", "insert_log_write=enospc", "insert_log_write=short",
                                         "insert_log_sync=eio"};
    char *folder = folder_make();
    struct rows_seen expected = {.sorted = true};
    struct store *store = store_opened(folder, NULL);
    struct insert_log_options options = {.commit_interval_us = (uint64_t)3600 * 1000000};
    uint64_t n = 0;
    table_create(store, "t", "");
    assert_ok(insert_log_open(store, &options));
    struct table *table = table_opened(store, "t");
    for (uint32_t k = 0; k < sizeof(points) / sizeof(points[0]); k++) {
        char both[64];
        (void)insert_rows(table, n, 100, "", &expected);
        n += 100;
        assert_ok(failpoint_arm(points[k]));
        (void)insert_rows(table, n, 100, "", &expected);
        n += 100;
        failpoint_disarm_all();
        (void)snprintf(both, sizeof both, "%s:1+", points[k]);
        assert_ok(failpoint_arm(both));
        struct insert *insert = NULL;
        struct insert_result result;
        assert_ok(insert_begin(table, NULL, &insert));
        row_put(insert_builder(insert), 1, 1, NULL);
        struct err *err = insert_finish(insert, &result);
        failpoint_disarm_all();
        assert_non_null(err);
        err_free(err);
        assert_rows(table, &expected);
        (void)insert_rows(table, n, 100, "", &expected);
        n += 100;
        assert_rows(table, &expected);
    }
    assert_ok(failpoint_arm("insert_log_unlink=eio,pack_write=eio:1+"));
    insert_log_close(store);
    failpoint_disarm_all();
    table_unref(table);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    assert_ok(insert_log_open(store, NULL));
    table = table_opened(store, "t");
    assert_rows(table, &expected);
    table_unref(table);
    insert_log_close(store);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* Every flipped byte of a record in front of a whole one is found; a cut tail is what was never acknowledged. */
static void damage_is_found(void **state)
{
    (void)state;
    char *folder = folder_make();
    char path[256];
    struct store *store = store_opened(folder, NULL);
    struct insert_log_options options = {.commit_interval_us = (uint64_t)3600 * 1000000};
    table_create(store, "t", "");
    assert_ok(insert_log_open(store, &options));
    struct table *table = table_opened(store, "t");
    struct rows_seen two = {.sorted = true};
    (void)insert_rows(table, 0, 3, "", &two);
    struct rows_seen one = two;
    (void)insert_rows(table, 3, 3, "", &two);
    assert_ok(failpoint_arm("pack_write=eio:1+"));
    insert_log_close(store);
    failpoint_disarm_all();
    table_unref(table);
    assert_ok(store_close(store));
    (void)snprintf(path, sizeof path, "%s/insert-log/00000001.log", folder);
    char bytes[8192];
    FILE *file = fopen(path, "rb");
    size_t length = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    assert_true(length > 300 && length < sizeof bytes);
    struct insert_record record;
    size_t first =
        insert_record_read(slice_of(bytes + INSERT_FILE_HEADER_BYTES, length - INSERT_FILE_HEADER_BYTES), &record);
    assert_true(first > 0);
    size_t payload_end = INSERT_FILE_HEADER_BYTES + INSERT_RECORD_HEADER_BYTES + record.chunks.length;
    for (size_t at = 0; at < payload_end; at += at < 120 ? 1 : 7) {
        size_t in_header = at - INSERT_FILE_HEADER_BYTES;
        if (at >= INSERT_FILE_HEADER_BYTES && in_header >= 4 && in_header < 8) {
            continue; /* the header's zero word means nothing */
        }
        bytes[at] = (char)(bytes[at] ^ 0x10);
        file = fopen(path, "wb");
        assert_int_equal(fwrite(bytes, 1, length, file), length);
        (void)fclose(file);
        bytes[at] = (char)(bytes[at] ^ 0x10);
        store = store_opened(folder, NULL);
        struct err *err = insert_log_open(store, &options);
        if (err == NULL) {
            print_error("byte %zu\n", at);
        }
        assert_non_null(err);
        assert_true(err_code(err) == ERR_CORRUPT || err_code(err) == ERR_NEWER_VERSION);
        assert_non_null(strstr(err_message(err), "00000001.log"));
        err_free(err);
        assert_ok(store_close(store));
    }
    file = fopen(path, "wb");
    assert_int_equal(fwrite(bytes, 1, length - 20, file), length - 20);
    (void)fclose(file);
    store = store_opened(folder, NULL);
    assert_ok(insert_log_open(store, &options));
    table = table_opened(store, "t");
    assert_rows(table, &one);
    table_unref(table);
    insert_log_close(store);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* A table goes while INSERTs into it are in the log's heads, or on their way into a pack. */
static void tables_go(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct store *store = store_opened(folder, NULL);
    struct insert_log_options options = {.commit_interval_us = (uint64_t)3600 * 1000000};
    struct insert_log_numbers numbers;
    struct rows_seen expected = {.sorted = true};
    table_create(store, "t", "");
    table_create(store, "u", "");
    assert_ok(insert_log_open(store, &options));
    struct table *table = table_opened(store, "t"), *other = table_opened(store, "u");
    (void)insert_rows(table, 0, 100, "a token", NULL);
    (void)insert_rows(other, 0, 100, "a token", &expected);
    struct insert *large = NULL, *small = NULL;
    struct insert_result result;
    assert_ok(insert_begin(table, NULL, &large));
    assert_ok(insert_begin(table, NULL, &small));
    for (uint64_t n = 0; n < 600000; n++) {
        row_put(insert_builder(large), n, 1, NULL);
        if (n % 4096 == 0) {
            assert_ok(insert_poll(large));
        }
    }
    row_put(insert_builder(small), 1, 1, NULL);
    assert_ok(catalogue_drop_table(store->catalogue, "default", "t", false));
    assert_ok(failpoint_arm("draft_pack_unlink=eio")); /* its pack stays, for the next start to move away */
    assert_err(insert_finish(large, &result), ERR_UNKNOWN_TABLE, "dropped");
    failpoint_disarm_all();
    assert_err(insert_finish(small, &result), ERR_UNKNOWN_TABLE, "dropped");
    assert_ok(insert_log_flush(store));
    insert_log_numbers(store, &numbers);
    assert_int_equal(numbers.covered, numbers.sequence);
    assert_rows(other, &expected);
    table_unref(table);
    table_unref(other);
    insert_log_close(store);
    assert_ok(store_close(store));
    store = store_opened(folder, NULL);
    assert_ok(insert_log_open(store, &options));
    other = table_opened(store, "u");
    assert_rows(other, &expected);
    table_unref(other);
    insert_log_close(store);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_inserts_survive), cmocka_unit_test(large_inserts_commit_at_once),
        cmocka_unit_test(tokens_are_kept),       cmocka_unit_test(log_failures),
        cmocka_unit_test(damage_is_found),       cmocka_unit_test(tables_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
