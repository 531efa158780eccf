/*
 * insert_queue_test.c: INSERTs of many threads through the queue, while others flush it, and store past it: each row is
 * there once, each INSERT is answered once, tokens count once.
 */
#include "base/pool.h"
#include "storage/insert_queue.h"
#include "tests/storage/table_fixture.h"

#include <stdatomic.h>

#define CLIENTS 8U
#define INSERTS 200U

struct shared {
    struct store *store;
    struct table *table;
    _Atomic uint32_t next; /* a thread's number */
    _Atomic uint32_t running;
    _Atomic uint64_t told;       /* by `stored` */
    _Atomic uint64_t duplicates; /* of tokens */
    struct rows_seen expected[CLIENTS];
};

struct answer {
    struct lock lock;
    struct condition changed;
    bool done;
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

static void wake(void *user)
{
    struct answer *answer = user;
    lock_take(&answer->lock);
    answer->done = true;
    condition_broadcast(&answer->changed);
    lock_give(&answer->lock);
}

static void wait_for(struct answer *answer)
{
    lock_take(&answer->lock);
    while (!answer->done) {
        condition_wait(&answer->changed, &answer->lock);
    }
    answer->done = false;
    lock_give(&answer->lock);
}

static void stored(void *user, const struct insert_queued_info *info)
{
    struct shared *shared = user;
    ASSERT(info->err == NULL && info->rows > 0 && info->stored_at_us > 0);
    atomic_fetch_add(&shared->told, 1);
}

static void *insert_rows(void *object)
{
    struct shared *shared = object;
    uint32_t me = atomic_fetch_add(&shared->next, 1);
    uint64_t n = (uint64_t)me * 1000000;
    struct answer answer = {.done = false};
    lock_init(&answer.lock, LOCK_REPLY);
    condition_init(&answer.changed);
    for (uint32_t k = 0; k < INSERTS; k++) {
        char token[32] = "";
        struct insert *insert = NULL;
        struct insert_queued *queued = NULL;
        struct insert_result result = {0};
        struct err *err = NULL;
        if (k % 7 == 3) { /* two neighbours have the same */
            (void)snprintf(token, sizeof(token), "token %u of %u", k, me / 2);
        }
        struct insert_options options = {.token = slice_text(token)};
        struct insert_how how = {.wait = k % 5 != 0,
                                 .adaptive = me % 2 == 0,
                                 .busy_us_min = 100,
                                 .busy_us_max = 2000,
                                 .bytes_max = 4096,
                                 .inserts_max = 20,
                                 .bytes = 100,
                                 .query_id = slice_text("q"),
                                 .format = slice_text("Values"),
                                 .query = slice_text("INSERT INTO t VALUES"),
                                 .wake = wake,
                                 .user = &answer};
        MUST(insert_begin(shared->table, &options, &insert));
        uint64_t first =
            token[0] == 0 ? n : 500000000 + (uint64_t)(me / 2) * 1000000 + k; /* of a token: the same rows */
        for (uint32_t i = 0; i <= k % 3; i++) {
            row_put(insert_builder(insert), first + i * 100000000000ULL, 3,
                    token[0] == 0 ? &shared->expected[me] : NULL);
        }
        n++;
        if (k % 11 == 10) {
            MUST(insert_finish(insert, &result)); /* past the queue */
        } else {
            MUST(insert_enqueue(insert, &how, &queued, &result));
        }
        if (queued != NULL && k % 13 == 12) {
            lock_take(&answer.lock);
            answer.done = false;
            lock_give(&answer.lock);
            insert_queued_forget(queued);
            lock_take(&answer.lock); /* it may have come just before */
            answer.done = false;
            lock_give(&answer.lock);
        } else if (queued != NULL) {
            wait_for(&answer);
            ASSERT(insert_queued_take(queued, &result, &err));
            MUST(err);
        }
        if (k % 5 != 0 && k % 13 != 12) {
            ASSERT(result.duplicate || result.rows == k % 3 + 1);
            atomic_fetch_add(&shared->duplicates, result.duplicate);
        }
        ASSERT(token[0] != 0 || !result.duplicate);
    }
    condition_deinit(&answer.changed);
    lock_deinit(&answer.lock);
    atomic_fetch_sub(&shared->running, 1);
    return NULL;
}

static void count_rows(void *user, const struct insert_queued_info *info)
{
    *(uint64_t *)user += info->rows;
}

static void each_row_once(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct shared shared = {.running = CLIENTS};
    struct rows_seen expected = {.sorted = true};
    pthread_t threads[CLIENTS];
    uint64_t waiting;
    shared.store = store_opened(folder, NULL);
    table_create(shared.store, "t", "part");
    struct insert_log_options log_options = {.commit_interval_us = 20000};
    assert_ok(insert_log_open(shared.store, &log_options));
    assert_ok(insert_queue_open(shared.store, &(struct insert_queue_options){.stored = stored, .user = &shared}));
    shared.table = table_opened(shared.store, "t");
    for (uint32_t k = 0; k < CLIENTS; k++) {
        shared.expected[k].sorted = true;
        assert_ok(thread_start(&threads[k], "client", insert_rows, &shared));
    }
    while (atomic_load(&shared.running) > 0) {
        waiting = 0;
        insert_queue_each(shared.store, count_rows, &waiting);
        assert_true(waiting <= (uint64_t)CLIENTS * INSERTS * 3);
        insert_queue_flush(shared.store, table_id(shared.table));
        insert_queue_flush(shared.store, 0);
    }
    for (uint32_t k = 0; k < CLIENTS; k++) {
        (void)pthread_join(threads[k], NULL);
    }
    insert_queue_drain(shared.store);
    /* of two clients with the same tokens one stored each */
    for (uint32_t k = 0; k < INSERTS; k++) {
        for (uint32_t pair = 0; k % 7 == 3 && pair < CLIENTS / 2; pair++) {
            struct insert *insert = NULL;
            char token[32];
            struct insert_result result;
            (void)snprintf(token, sizeof(token), "token %u of %u", k, pair);
            struct insert_options options = {.token = slice_text(token)};
            assert_ok(insert_begin(shared.table, &options, &insert));
            for (uint32_t i = 0; i <= k % 3; i++) {
                row_put(insert_builder(insert), 500000000 + (uint64_t)pair * 1000000 + k + i * 100000000000ULL, 3,
                        &expected);
            }
            assert_ok(insert_finish(insert, &result));
            assert_true(result.duplicate);
        }
    }
    for (uint32_t k = 0; k < CLIENTS; k++) {
        expected.rows += shared.expected[k].rows;
        expected.n_sum += shared.expected[k].n_sum;
        expected.text_sum += shared.expected[k].text_sum;
    }
    assert_rows(shared.table, &expected);
    assert_true(atomic_load(&shared.told) > 0);
    table_unref(shared.table);
    insert_queue_close(shared.store);
    insert_log_close(shared.store);
    assert_ok(store_close(shared.store));
    /* after the next start, too */
    shared.store = store_opened(folder, NULL);
    assert_ok(insert_log_open(shared.store, NULL));
    shared.table = table_opened(shared.store, "t");
    assert_rows(shared.table, &expected);
    table_unref(shared.table);
    insert_log_close(shared.store);
    assert_ok(store_close(shared.store));
    folder_remove(folder);
}

/* Who has no patience is told so, once; the rows of all are stored, and the others hear of it. */
static void impatience_is_told(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct insert *insert = NULL;
    struct insert_queued *queued[3];
    struct insert_result result;
    struct answer answers[3] = {0};
    struct err *err = NULL;
    struct rows_seen expected = {.sorted = true};
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    assert_ok(insert_log_open(store, NULL));
    assert_ok(insert_queue_open(store, NULL));
    for (uint32_t k = 0; k < 3; k++) { /* the first one is patient; the last one's time ends before the second one's */
        struct insert_how how = {.wait = true,
                                 .busy_us_max = UINT64_MAX / 4,
                                 .wait_us_max = k == 0 ? 0 : 40000 / k,
                                 .bytes_max = 1000,
                                 .inserts_max = 100,
                                 .wake = wake,
                                 .user = &answers[k]};
        lock_init(&answers[k].lock, LOCK_REPLY);
        condition_init(&answers[k].changed);
        assert_ok(insert_begin(table, NULL, &insert));
        row_put(insert_builder(insert), k, 3, &expected);
        assert_ok(insert_enqueue(insert, &how, &queued[k], &result));
        assert_non_null(queued[k]);
    }
    for (uint32_t k = 2; k > 0; k--) {
        wait_for(&answers[k]);
        assert_true(insert_queued_take(queued[k], &result, &err));
        assert_int_equal(err_code(err), ERR_TIMEOUT);
        assert_non_null(strstr(err_message(err), k == 1 ? "(40 ms)" : "(20 ms)"));
        err_free(err);
    }
    assert_false(insert_queued_take(queued[0], &result, &err));
    insert_queue_flush(store, 0);
    assert_true(insert_queued_take(queued[0], &result, &err));
    assert_ok(err);
    assert_int_equal(result.rows, 1);
    assert_rows(table, &expected);
    for (uint32_t k = 0; k < 3; k++) {
        assert_int_equal(answers[k].done, k == 0);
        condition_deinit(&answers[k].changed);
        lock_deinit(&answers[k].lock);
    }
    table_unref(table);
    insert_queue_close(store);
    insert_log_close(store);
    assert_ok(store_close(store));
    folder_remove(folder);
}

/* An error of the log is everybody's of the batch, and only theirs. */
static void failure_is_told(void **state)
{
    (void)state;
    char *folder = folder_make();
    struct insert *insert = NULL;
    struct insert_queued *queued[3];
    struct insert_result result;
    struct answer answer = {.done = false};
    struct err *err = NULL;
    lock_init(&answer.lock, LOCK_REPLY);
    condition_init(&answer.changed);
    struct store *store = store_opened(folder, NULL);
    table_create(store, "t", "part");
    struct table *table = table_opened(store, "t");
    assert_ok(insert_log_open(store, NULL));
    assert_ok(insert_queue_open(store, NULL));
    struct insert_how how = {.wait = true,
                             .busy_us_max = UINT64_MAX / 4,
                             .bytes_max = 1000,
                             .inserts_max = 100,
                             .wake = wake,
                             .user = &answer};
    for (uint32_t round = 0; round < 2; round++) {
        assert_ok(failpoint_arm(round == 0 ? "insert_log_sync=eio:1+" : "insert_log_write=eio:1"));
        for (uint32_t k = 0; k < 3; k++) {
            struct insert_options options = {.token = slice_text(k == 1 ? "token" : "")};
            assert_ok(insert_begin(table, &options, &insert));
            row_put(insert_builder(insert), k, 3, NULL);
            assert_ok(insert_enqueue(insert, &how, &queued[k], &result));
            assert_non_null(queued[k]);
            assert_false(insert_queued_take(queued[k], &result, &err));
        }
        insert_queue_flush(store, 0);
        for (uint32_t k = 0; k < 3; k++) {
            assert_true(insert_queued_take(queued[k], &result, &err));
            if (round == 0) {
                assert_int_equal(err_code(err), ERR_IO);
                err_free(err);
            } else { /* the second try of the log is another file; the token was given back */
                assert_ok(err);
                assert_int_equal(result.rows, 1);
            }
        }
        failpoint_disarm_all();
    }
    /* what is too much for a batch is stored at once */
    how.bytes = how.bytes_max + 1;
    assert_ok(insert_begin(table, NULL, &insert));
    row_put(insert_builder(insert), 7, 3, NULL);
    assert_ok(insert_enqueue(insert, &how, &queued[0], &result));
    assert_null(queued[0]);
    assert_int_equal(result.rows, 1);
    table_unref(table);
    insert_queue_close(store);
    insert_log_close(store);
    assert_ok(store_close(store));
    condition_deinit(&answer.changed);
    lock_deinit(&answer.lock);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_once),
        cmocka_unit_test(impatience_is_told),
        cmocka_unit_test(failure_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
