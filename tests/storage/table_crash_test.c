/*
 * table_crash_test.c: a child process inserts, commits and merges, and is killed at a failpoint; whatever the moment,
 * the next start shows each acknowledged batch whole and once, others whole or not at all.
 */
#include "base/failpoint.h"
#include "tests/storage/table_fixture.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define BATCH       50U
#define BATCHES_MAX 8192U

/* Shared with the child: what was tried and what was acknowledged, for good. */
struct progress {
    uint32_t next; /* batch number */
    uint8_t acknowledged[BATCHES_MAX];
};

static void batch_put(struct builder *builder, uint32_t batch)
{
    for (uint32_t i = 0; i < BATCH; i++) {
        row_put(builder, (uint64_t)batch * BATCH + i, 2, NULL);
    }
}

/* Each batch is there whole or not at all, acknowledged ones are. */
static void batches_check(struct table *table, const struct progress *progress)
{
    struct arena *arena = arena_create(NULL);
    struct snapshot *snapshot = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    uint8_t *seen = calloc(BATCHES_MAX, BATCH);
    assert_ok(snapshot_take(table, &snapshot));
    assert_ok(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *n = NULL;
        assert_ok(scan_read(scan, arena, &unit, 1, &n));
        for (uint32_t row = 0; row < unit.row_count; row++) {
            uint64_t value = *(const uint64_t *)column_value(n, row);
            assert_true(value < (uint64_t)progress->next * BATCH);
            assert_int_equal(seen[value], 0);
            seen[value] = 1;
        }
    }
    for (uint32_t batch = 0; batch < progress->next; batch++) {
        uint32_t rows = 0;
        for (uint32_t i = 0; i < BATCH; i++) {
            rows += seen[batch * BATCH + i];
        }
        if (rows != BATCH && (rows != 0 || progress->acknowledged[batch] != 0)) {
            print_error("batch %u has %u rows\n", batch, rows);
        }
        assert_true(rows == BATCH || (rows == 0 && progress->acknowledged[batch] == 0));
    }
    free(seen);
    arena_destroy(arena);
    snapshot_unref(snapshot);
}

static void child_insert(struct table *table, struct progress *progress)
{
    struct insert *insert = NULL;
    struct insert_result result;
    uint32_t batch = progress->next++;
    assert_ok(insert_begin(table, NULL, &insert));
    batch_put(insert_builder(insert), batch);
    assert_ok(insert_finish(insert, &result));
    progress->acknowledged[batch] = 1;
}

static void child_commit(struct store *store, struct head_writer *writer, struct progress *progress)
{
    struct draft *draft = NULL;
    uint32_t batch = progress->next++;
    batch_put(head_builder(writer), batch);
    assert_ok(head_publish(writer));
    assert_ok(draft_create(store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    progress->acknowledged[batch] = 1;
}

static void child_run(const char *folder, const char *failpoints, struct progress *progress)
{
    struct store *store = store_opened(folder, NULL);
    struct insert_log_options options = {.commit_interval_us = (uint64_t)3600 * 1000000};
    assert_ok(insert_log_open(store, &options));
    struct table *table = table_opened(store, "t");
    struct head_writer *writer = NULL;
    bool merged;
    assert_ok(head_writer_open(table, NULL, &writer));
    assert_ok(failpoint_arm(failpoints));
    for (uint32_t round = 0; round < 4; round++) {
        child_insert(table, progress);
        child_insert(table, progress);
        child_commit(store, writer, progress);
        assert_ok(insert_log_flush(store));
        assert_ok(compactor_step(table, true, &merged));
        child_insert(table, progress);
    }
    insert_log_close(store);
    head_writer_close(writer);
    table_unref(table);
    assert_ok(store_close(store));
}

static void killed_anywhere(void **state)
{
    (void)state;
    static const char *const points[] = {"pack_write",          "pack_sync",         "pack_sync_dir",
                                         "ledger_append",       "ledger_sync",       "insert_log_write",
                                         "insert_log_sync_dir", "insert_log_unlink", "insert_log_sync"};
    static const uint32_t hits[] = {1, 2, 3, 5, 8};
    char *folder = folder_make();
    struct progress *progress =
        mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(progress != MAP_FAILED);
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    assert_ok(store_close(store));
    uint32_t killed = 0;
    for (uint32_t p = 0; p < sizeof(points) / sizeof(points[0]); p++) {
        for (uint32_t h = 0; h < sizeof(hits) / sizeof(hits[0]); h++) {
            char armed[64];
            int status = 0;
            (void)snprintf(armed, sizeof armed, "%s=kill:%u", points[p], hits[h]);
            (void)fflush(NULL);
            pid_t child = fork();
            if (child == 0) {
                child_run(folder, armed, progress);
                _exit(0);
            }
            assert_int_equal(waitpid(child, &status, 0), child);
            killed += WIFSIGNALED(status) ? 1 : 0;
            assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
            store = store_opened(folder, NULL);
            struct insert_log_options options = {.commit_interval_us = (uint64_t)3600 * 1000000};
            assert_ok(insert_log_open(store, &options));
            struct table *table = table_opened(store, "t");
            batches_check(table, progress);
            /* what was seen once must stay */
            struct rows_seen seen = rows_see(table);
            if (h % 2 == 0) {
                assert_ok(table_optimize(table, true, NULL));
                assert_rows(table, &seen);
            }
            insert_log_close(store);
            assert_rows(table, &seen);
            table_unref(table);
            assert_ok(store_close(store));
        }
    }
    print_message("%u children were killed, %u batches\n", killed, progress->next);
    assert_true(killed >= 30);
    (void)munmap(progress, sizeof(*progress));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
