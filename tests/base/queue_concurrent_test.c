/*
 * queue_concurrent_test.c: queues and thread pools under several threads; also run under the thread sanitizer.
 */
#include "base/pool.h"
#include "base/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ITEMS   2000U
#define THREADS 3U

static uint8_t items[THREADS * ITEMS]; /* only their addresses count */

struct pusher {
    struct queue *queue;
    uint8_t *first;
};

struct popper {
    struct queue *queue;
    uint64_t count;
    uint64_t sum; /* of the items' places */
};

static void *push_all(void *object)
{
    struct pusher *pusher = object;
    for (uint32_t k = 0; k < ITEMS; k++) {
        ASSERT(queue_push(pusher->queue, pusher->first + k, 10));
    }
    return NULL;
}

static void *pop_all(void *object)
{
    struct popper *popper = object;
    uint8_t *item;
    while ((item = queue_pop(popper->queue)) != NULL) {
        popper->count++;
        popper->sum += (uint64_t)(item - items);
    }
    return NULL;
}

static void every_item_comes_out_once(void **state)
{
    (void)state;
    struct queue *queue = queue_create(7, 50);
    assert_non_null(queue);
    struct pusher pushers[THREADS];
    struct popper poppers[THREADS];
    pthread_t threads[2 * THREADS];
    for (uint32_t k = 0; k < THREADS; k++) {
        pushers[k] = (struct pusher){queue, items + k * ITEMS};
        poppers[k] = (struct popper){.queue = queue};
        assert_null(thread_start(&threads[k], "push", push_all, &pushers[k]));
        assert_null(thread_start(&threads[THREADS + k], "pop", pop_all, &poppers[k]));
    }
    for (uint32_t k = 0; k < THREADS; k++) {
        assert_int_equal(pthread_join(threads[k], NULL), 0);
    }
    queue_close(queue);
    uint64_t count = 0, sum = 0;
    for (uint32_t k = 0; k < THREADS; k++) {
        assert_int_equal(pthread_join(threads[THREADS + k], NULL), 0);
        count += poppers[k].count;
        sum += poppers[k].sum;
    }
    uint64_t all = THREADS * ITEMS;
    assert_int_equal(count, all);
    assert_int_equal(sum, all * (all - 1) / 2);
    queue_destroy(queue);
}

static void bounds_and_close(void **state)
{
    (void)state;
    struct queue *queue = queue_create(3, 100);
    assert_true(queue_try_push(queue, &items[0], 1000)); /* heavier than the bound: enters an empty queue */
    assert_false(queue_try_push(queue, &items[1], 1));
    assert_ptr_equal(queue_pop(queue), &items[0]);
    for (uint32_t k = 0; k < 3; k++) {
        assert_true(queue_try_push(queue, &items[k], 1));
    }
    assert_false(queue_try_push(queue, &items[3], 1)); /* full by count */
    assert_int_equal(queue_count(queue), 3);
    assert_int_equal(queue_bytes(queue), 3);
    queue_close(queue);
    assert_false(queue_push(queue, &items[3], 1));
    for (uint32_t k = 0; k < 3; k++) {
        assert_ptr_equal(queue_pop(queue), &items[k]); /* in order, also after closing */
    }
    assert_null(queue_pop(queue));
    assert_null(queue_pop_for(queue, 1));
    queue_destroy(queue);
}

static _Atomic uint64_t ran;
static struct pool *pool;
static struct task_group group;

static void leaf(void *object)
{
    (void)object;
    atomic_fetch_add(&ran, 1);
}

static void branch(void *object)
{
    (void)object;
    for (int k = 0; k < 10; k++) {
        ASSERT(pool_run(pool, &group, leaf, NULL) == NULL);
    }
    atomic_fetch_add(&ran, 1);
}

static void tasks_run_once(void **state)
{
    (void)state;
    assert_null(pool_create("test", THREADS, &pool));
    assert_int_equal(pool_thread_count(pool), THREADS);
    task_group_init(&group);
    for (uint64_t round = 1; round <= 20; round++) {
        for (int k = 0; k < 50; k++) {
            assert_null(pool_run(pool, &group, branch, NULL));
        }
        task_group_wait(&group);
        assert_int_equal(atomic_load(&ran), round * 50 * 11);
    }
    for (int k = 0; k < 100; k++) {
        assert_null(pool_run(pool, NULL, leaf, NULL));
    }
    task_group_deinit(&group);
    pool_destroy(pool); /* runs what waits */
    assert_int_equal(atomic_load(&ran), 20 * 50 * 11 + 100);
}

/* One task at a time for many sleeping threads: a lost wakeup would leave the last one waiting for ever. */
static void lone_tasks_run(void **state)
{
    (void)state;
    uint64_t before = atomic_load(&ran);
    assert_null(pool_create("test", 4 * THREADS, &pool));
    task_group_init(&group);
    for (uint64_t round = 1; round <= 5000; round++) {
        assert_null(pool_run(pool, &group, leaf, NULL));
        assert_null(pool_run(pool, &group, leaf, NULL));
        task_group_wait(&group);
        assert_int_equal(atomic_load(&ran) - before, 2 * round);
    }
    task_group_deinit(&group);
    pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_item_comes_out_once), cmocka_unit_test(bounds_and_close),
                                       cmocka_unit_test(tasks_run_once), cmocka_unit_test(lone_tasks_run)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
