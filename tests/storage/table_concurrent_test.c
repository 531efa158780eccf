/*
 * table_concurrent_test.c: writers, INSERTs, merges and readers at once: every snapshot shows whole batches, never
 * fewer rows than the one before, and in the end each row exactly once.
 */
#include "base/pool.h"
#include "storage/merge_policy.h"
#include "tests/storage/table_fixture.h"

#include <stdatomic.h>

#define WRITERS       2
#define INSERTERS     2
#define BATCH         10U
#define BATCHES       1500U
#define SEAL_BATCHES  30U
#define INSERTS       150U
#define WRITER_STRIDE 1000000U

struct shared {
    struct store *store;
    struct table *table;
    _Atomic uint32_t next;    /* a thread's number */
    _Atomic uint32_t running; /* writers and inserters */
    _Atomic uint64_t snapshots;
    struct rows_seen expected[WRITERS + INSERTERS];
};

/* cmocka's asserts are for the main thread: others stop the process. */
#define MUST(expression)                                                                                               \
    do {                                                                                                               \
        struct err *must_err_ = (expression);                                                                          \
        if (must_err_ != NULL) {                                                                                       \
            (void)fprintf(stderr, "%s: %s\n", #expression, err_message(must_err_));                                    \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

static void *write_rows(void *object)
{
    struct shared *shared = object;
    uint32_t me = atomic_fetch_add(&shared->next, 1);
    struct head_writer *writer = NULL;
    struct lane *lane = NULL;
    uint64_t n = (uint64_t)me * WRITER_STRIDE;
    MUST(head_writer_open(shared->table, NULL, &writer));
    MUST(lane_open(shared->store, "writer", &lane));
    for (uint32_t batch = 0; batch < BATCHES; batch++) {
        for (uint32_t i = 0; i < BATCH; i++) {
            row_put(head_builder(writer), n++, 3, &shared->expected[me]);
        }
        MUST(head_publish(writer));
        if (batch % SEAL_BATCHES == SEAL_BATCHES - 1) {
            struct draft *draft = NULL;
            MUST(draft_create(shared->store, &draft));
            MUST(draft_seal(draft, writer));
            lane_submit(lane, draft, NULL, NULL);
        }
    }
    MUST(lane_wait(lane));
    lane_close(lane);
    head_writer_close(writer);
    atomic_fetch_sub(&shared->running, 1);
    return NULL;
}

static void *insert_rows(void *object)
{
    struct shared *shared = object;
    uint32_t me = atomic_fetch_add(&shared->next, 1);
    uint64_t n = (uint64_t)me * WRITER_STRIDE;
    for (uint32_t i = 0; i < INSERTS; i++) {
        struct insert *insert = NULL;
        struct insert_result result;
        MUST(insert_begin(shared->table, NULL, &insert));
        for (uint32_t k = 0; k < BATCH; k++) {
            row_put(insert_builder(insert), n++, 3, &shared->expected[me]);
        }
        MUST(insert_finish(insert, &result));
    }
    atomic_fetch_sub(&shared->running, 1);
    return NULL;
}

static void *merge_rows(void *object)
{
    struct shared *shared = object;
    while (atomic_load(&shared->running) > 0) {
        bool merged;
        MUST(compactor_step(shared->table, true, &merged));
        MUST(store_sweep(shared->store));
    }
    return NULL;
}

static void *read_rows(void *object)
{
    struct shared *shared = object;
    uint64_t last = 0;
    bool more = true;
    while (more) {
        more = atomic_load(&shared->running) > 0;
        struct rows_seen seen = rows_see(shared->table);
        if (seen.rows % BATCH != 0 || seen.rows < last || !seen.sorted) {
            (void)fprintf(stderr, "%llu rows after %llu\n", (unsigned long long)seen.rows, (unsigned long long)last);
            abort();
        }
        last = seen.rows;
        atomic_fetch_add(&shared->snapshots, 1);
    }
    return NULL;
}

static void all_at_once(void **state)
{
    (void)state;
    char *folder = folder_make();
    tables_cache_bytes(65536); /* readers are closed all the time */
    struct shared shared = {.store = store_opened(folder, NULL)};
    pthread_t threads[WRITERS + INSERTERS + 3];
    uint32_t count = 0;
    struct insert_log_options options = {.commit_interval_us = 20000};
    struct compactor_options merging = {.interval_us = 1000, .delay_from = 16, .throw_from = 1000000};
    struct compactor *compactor = NULL;
    table_create(shared.store, "t", "part");
    assert_ok(insert_log_open(shared.store, &options));
    shared.table = table_opened(shared.store, "t");
    assert_ok(compactor_start(shared.store, &merging, &compactor)); /* both lanes, beside the thread that merges all */
    shared.table->crowd = (struct crowd){.debt_us = 2 * CROWD_GRACE_US}; /* commits wait for merges */
    atomic_store(&shared.running, WRITERS + INSERTERS);
    for (uint32_t i = 0; i < WRITERS; i++) {
        assert_ok(thread_start(&threads[count++], "writer", write_rows, &shared));
    }
    for (uint32_t i = 0; i < INSERTERS; i++) {
        assert_ok(thread_start(&threads[count++], "inserter", insert_rows, &shared));
    }
    assert_ok(thread_start(&threads[count++], "merger", merge_rows, &shared));
    for (uint32_t i = 0; i < 2; i++) {
        assert_ok(thread_start(&threads[count++], "reader", read_rows, &shared));
    }
    for (uint32_t i = 0; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    compactor_stop(compactor);
    struct rows_seen expected = {.sorted = true};
    for (uint32_t i = 0; i < WRITERS + INSERTERS; i++) {
        expected.rows += shared.expected[i].rows;
        expected.n_sum += shared.expected[i].n_sum;
        expected.text_sum += shared.expected[i].text_sum;
    }
    assert_true(atomic_load(&shared.snapshots) >= 2);
    assert_rows(shared.table, &expected);
    insert_log_close(shared.store);
    assert_rows(shared.table, &expected);
    table_unref(shared.table);
    assert_ok(store_close(shared.store));
    struct store *store = store_opened(folder, NULL);
    struct table *table = table_opened(store, "t");
    assert_rows(table, &expected);
    table_unref(table);
    assert_ok(store_close(store));
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
