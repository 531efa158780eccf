/*
 * table_fixture.h: a store with a table of a few columns, rows with a checksum, for the tests of heads, drafts, inserts
 * and merges.
 */
#ifndef TESTS_STORAGE_TABLE_FIXTURE_H
#define TESTS_STORAGE_TABLE_FIXTURE_H

#include "base/failpoint.h"
#include "storage/compactor.h"
#include "storage/draft.h"
#include "storage/head.h"
#include "storage/insert.h"
#include "storage/snapshot.h"
#include "storage/store.h"
#include "storage/table.h"
#include "tests/storage/ledger_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct rows_seen {
    uint64_t rows;
    uint64_t n_sum;
    uint64_t text_sum; /* of a hash of each row's texts with its n: columns must stay together */
    bool sorted;       /* within each unit, by (service, ts) */
};

/* A table of these columns, which have no defaults, codecs and comments of their own. */
static inline void table_define(struct store *store, const char *name, const char *engine, struct column_def *columns,
                                uint32_t column_count, const char *const *order_by, uint32_t order_by_count,
                                const char *partition_by)
{
    for (uint32_t i = 0; i < column_count; i++) {
        columns[i].default_text = columns[i].codec = columns[i].comment = "";
    }
    struct table_def def = {.database = "default",
                            .name = name,
                            .engine = engine,
                            .columns = columns,
                            .column_count = column_count,
                            .order_by = order_by,
                            .order_by_count = order_by_count,
                            .primary_key = "",
                            .partition_by = partition_by,
                            .ttl = "",
                            .watermark = "",
                            .watermark_column = "",
                            .settings = "",
                            .comment = "",
                            .create_sql = "CREATE TABLE …"};
    assert_ok(catalogue_create_table(store->catalogue, &def, true, NULL, NULL));
}

/* t (ts DateTime, n Int64, service String, note Nullable(String)) PARTITION BY part ORDER BY (service, ts) */
static inline void table_create(struct store *store, const char *name, const char *partition_by)
{
    static const char *const order_by[] = {"service", "ts"};
    struct arena *arena = arena_create(NULL);
    struct column_def columns[] = {
        {.name = "ts", .type = type_simple(TYPE_DATETIME)},    {.name = "n", .type = type_simple(TYPE_INT64)},
        {.name = "service", .type = type_simple(TYPE_STRING)}, {.name = "note"},
        {.name = "part", .type = type_simple(TYPE_UINT16)},
    };
    columns[3].type = type_nullable(arena, type_simple(TYPE_STRING), true);
    table_define(store, name, "MergeTree", columns, 5, order_by, 2, partition_by);
    arena_destroy(arena);
}

static inline struct store *store_opened(const char *folder, struct io *io)
{
    struct store *store = NULL;
    struct store_options options = {.data_dir = folder, .io = io, .hooks = &table_hooks, .reserve_bytes = UINT64_MAX};
    assert_ok(store_open(&options, &store));
    return store;
}

static inline struct table *table_opened(struct store *store, const char *name)
{
    struct table *table = NULL;
    assert_ok(catalogue_table(store->catalogue, "default", name, &table));
    return table;
}

/* The writer's rows become segments. */
static inline void writer_commit(struct store *store, struct head_writer *writer)
{
    struct draft *draft = NULL;
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
}

/* A child process opens the folder's store and does the work on its table t, until the armed failpoint kills it. */
static inline void killed_at_work(const char *folder, const char *point, void (*work)(struct table *table, void *user),
                                  void *user)
{
    char armed[64];
    int status = 0;
    (void)snprintf(armed, sizeof armed, "%s=kill:1", point);
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct table *table = table_opened(store_opened(folder, NULL), "t");
        assert_ok(failpoint_arm(armed));
        work(table, user);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static inline uint64_t row_hash(uint64_t n, struct slice service, struct slice note)
{
    uint64_t hash = n * 0x9e3779b97f4a7c15ULL + service.length;
    for (size_t i = 0; i < service.length; i++) {
        hash = (hash ^ (uint8_t)service.data[i]) * 0x100000001b3ULL;
    }
    for (size_t i = 0; i < note.length; i++) {
        hash = (hash ^ (uint8_t)note.data[i]) * 0x100000001b3ULL;
    }
    return hash;
}

/* Row n, made from its number alone. Adds it to *expected (may be NULL). */
static inline void row_put(struct builder *builder, uint64_t n, uint32_t partitions, struct rows_seen *expected)
{
    char service[32], note[32];
    int service_length = snprintf(service, sizeof service, "service-%u", (unsigned)(n * 7 % 23));
    int note_length = snprintf(note, sizeof note, "note %llx", (unsigned long long)(n * 0x9e3779b97f4a7c15ULL));
    bool null = n % 5 == 0;
    assert_true(builder_row_begin(builder));
    builder_u32(builder, 0, (uint32_t)(1700000000 + n * 13 % 100000));
    builder_u64(builder, 1, n);
    builder_string(builder, 2, service, (size_t)service_length);
    if (null) {
        builder_null(builder, 3);
    } else {
        builder_string(builder, 3, note, (size_t)note_length);
    }
    builder_u16(builder, 4, (uint16_t)(n % partitions));
    if (builder->has_addresses) {
        builder_stream(builder, 1, 0, 0);
        builder_address(builder, (int64_t)n);
    }
    assert_true(builder_row_end(builder));
    if (expected != NULL) {
        expected->rows++;
        expected->n_sum += n;
        expected->text_sum +=
            row_hash(n, slice_of(service, (size_t)service_length), slice_of(note, null ? 0 : (size_t)note_length));
    }
}

/* What a snapshot taken now shows. */
static inline struct rows_seen rows_see(struct table *table)
{
    struct rows_seen seen = {.sorted = true};
    struct arena *arena = arena_create(NULL);
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    assert_ok(snapshot_take(table, &snapshot));
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *column[5];
        for (uint32_t i = 0; i < 4; i++) {
            assert_ok(scan_read(scan, arena, &unit, i, &column[i]));
            assert_int_equal(column[i]->row_count, unit.row_count);
        }
        bool is_head = unit.source >= snapshot_segment_count(snapshot);
        for (uint32_t row = 0; row < unit.row_count; row++) {
            uint64_t n = *(const uint64_t *)column_value(column[1], row);
            struct slice service = *(const struct slice *)column_value(column[2], row);
            bool null = column_is_null(column[3], row);
            struct slice note = null ? slice_of("", 0) : *(const struct slice *)column_value(column[3], row);
            seen.rows++;
            seen.n_sum += n;
            seen.text_sum += row_hash(n, service, note);
            if (row > 0 && !is_head) {
                int order = column_compare(column[2], row - 1, column[2], row);
                order = order != 0 ? order : column_compare(column[0], row - 1, column[0], row);
                seen.sorted = seen.sorted && order <= 0;
            }
        }
    }
    assert_true(seen.rows == snapshot_rows(snapshot));
    arena_destroy(arena);
    snapshot_unref(snapshot);
    return seen;
}

static inline void assert_rows(struct table *table, const struct rows_seen *expected)
{
    struct rows_seen seen = rows_see(table);
    assert_int_equal(seen.rows, expected->rows);
    assert_true(seen.n_sum == expected->n_sum);
    assert_true(seen.text_sum == expected->text_sum);
    assert_true(seen.sorted);
}

#endif
