/*
 * ledger_fixture.h: folders, tables, segments and coverage for the tests of the ledger.
 */
#ifndef TESTS_STORAGE_LEDGER_FIXTURE_H
#define TESTS_STORAGE_LEDGER_FIXTURE_H

#include "base/io.h"
#include "storage/ledger.h"
#include "storage/ledger_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Fails the test with the error's text. */
#define assert_ok(expression)                                                                                          \
    do {                                                                                                               \
        struct err *ok_err_ = (expression);                                                                            \
        if (ok_err_ != NULL) {                                                                                         \
            print_error("%s: %s\n", #expression, err_message(ok_err_));                                                \
        }                                                                                                              \
        assert_null(ok_err_);                                                                                          \
    } while (0)

/* The expression must fail with this code and a message that holds the text. */
#define assert_err(expression, wanted, text)                                                                           \
    do {                                                                                                               \
        struct err *bad_err_ = (expression);                                                                           \
        assert_non_null(bad_err_);                                                                                     \
        if (err_code(bad_err_) != (wanted) || strstr(err_message(bad_err_), (text)) == NULL) {                         \
            print_error("%s: code %d, %s\n", #expression, err_code(bad_err_), err_message(bad_err_));                  \
        }                                                                                                              \
        assert_int_equal(err_code(bad_err_), (wanted));                                                                \
        assert_non_null(strstr(err_message(bad_err_), (text)));                                                        \
        err_free(bad_err_);                                                                                            \
    } while (0)

static inline char *folder_make(void)
{
    char *folder = strdup("/tmp/weir-ledger-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static inline void folder_remove(char *folder)
{
    char command[256];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
    free(folder);
}

static inline struct ledger *ledger_opened(struct io *io)
{
    struct ledger *ledger = NULL;
    struct ledger_options options = {0};
    assert_ok(ledger_open(io, "ledger", &options, &ledger));
    return ledger;
}

/* Commits a table with this id, straight into the ledger. */
static inline struct err *table_try(struct ledger *ledger, uint64_t id)
{
    static const char *const order_by[] = {"ts"};
    char name[32];
    (void)snprintf(name, sizeof name, "t%d", (int)id);
    const struct column_def columns[] = {
        {.id = 1, .name = "ts", .type = type_simple(TYPE_DATETIME), .default_text = "", .codec = "", .comment = ""},
        {.id = 2, .name = "n", .type = type_simple(TYPE_INT64), .default_text = "", .codec = "", .comment = ""},
    };
    struct table_def def = {.id = id,
                            .schema_version = 1,
                            .database = "default",
                            .name = name,
                            .engine = "MergeTree",
                            .columns = columns,
                            .column_count = 2,
                            .order_by = order_by,
                            .order_by_count = 1,
                            .primary_key = "",
                            .partition_by = "toYYYYMMDD(ts)",
                            .ttl = "",
                            .watermark = "",
                            .watermark_column = "",
                            .settings = "",
                            .comment = "",
                            .create_sql = "CREATE TABLE …"};
    struct ledger_batch *batch = ledger_batch_create();
    struct arena *arena = arena_create(NULL);
    record_encode_table(ledger_batch_records(batch), arena, &def);
    struct err *err = ledger_commit(ledger, batch, NULL);
    arena_destroy(arena);
    ledger_batch_destroy(batch);
    return err;
}

static inline void table_make(struct ledger *ledger, uint64_t id)
{
    assert_ok(table_try(ledger, id));
}

static inline void segment_put(struct ledger_batch *batch, uint64_t table_id, uint64_t pack, uint64_t rows)
{
    struct ledger_segment segment = {.table_id = table_id,
                                     .pack = pack,
                                     .offset = 64,
                                     .length = rows * 10,
                                     .row_count = rows,
                                     .row_sum = (unsigned __int128)rows << 100 | pack,
                                     .footer_hash = pack * 77,
                                     .schema_version = 1,
                                     .time_min_us = -5,
                                     .time_max_us = 1000,
                                     .expires_at_us = INT64_MAX,
                                     .partition = slice_text("20261121")};
    assert_ok(ledger_batch_segment(batch, &segment));
}

static inline struct coverage_key key_make(uint64_t table_id, uint32_t stream_id, int32_t partition)
{
    return (struct coverage_key){.table_id = table_id, .stream_id = stream_id, .partition = partition};
}

/* Coverage [first, first + count), all stored. */
static inline void coverage_put(struct ledger_batch *batch, struct coverage_key key, int64_t first, uint64_t count)
{
    struct coverage_range range = {.key = key,
                                   .first = first,
                                   .end = first + (int64_t)count,
                                   .counts = {.stored = count},
                                   .event_time_max_us = INT64_MIN};
    assert_ok(ledger_batch_coverage(batch, &range));
}

/* All bytes of a file of the folder, malloced; it has less than 1 MiB. */
static inline uint8_t *file_bytes(const char *folder, const char *name, size_t *length)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    *length = fread(bytes, 1, 1 << 20, file);
    assert_true(*length < 1 << 20);
    (void)fclose(file);
    return bytes;
}

static inline void file_put(const char *folder, const char *name, const uint8_t *bytes, size_t length)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

#endif
