/*
 * interrupt_test.c: looks at the flag, memory that is not given any more, sorting that ends.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/order.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

static _Atomic bool flag;
static struct interrupt frame;

static int begin(void **state)
{
    (void)state;
    atomic_store(&flag, false);
    interrupt_at_look(0);
    interrupt_begin(&frame, &flag);
    return 0;
}

static int end(void **state)
{
    (void)state;
    interrupt_end(&frame);
    interrupt_at_look(0);
    return 0;
}

static void assert_cancelled(struct err *err)
{
    assert_non_null(err);
    assert_int_equal(err_code(err), ERR_QUERY_CANCELLED);
    err_free(err);
}

static void a_set_flag_is_seen(void **state)
{
    (void)state;
    uint64_t counter = 0;
    assert_null(interrupt_check());
    atomic_store(&flag, true);
    assert_true(interrupted());
    assert_cancelled(interrupt_check());
    assert_null(interrupt_at(0));
    assert_null(interrupt_at(4094));
    assert_cancelled(interrupt_at(4095));
    assert_null(interrupt_steps(&counter, INTERRUPT_STEPS - 1));
    assert_cancelled(interrupt_steps(&counter, 1));
    assert_int_equal(counter, 0);
}

static void one_within_another(void **state)
{
    (void)state;
    static _Atomic bool inner;
    struct interrupt mask, nested;
    atomic_store(&flag, true);
    interrupt_begin(&mask, NULL);
    assert_false(interrupted());
    assert_null(interrupt_check());
    interrupt_begin(&nested, &inner);
    assert_false(interrupted());
    atomic_store(&inner, true);
    assert_cancelled(interrupt_check());
    atomic_store(&inner, false);
    interrupt_end(&nested);
    interrupt_end(&mask);
    interrupt_begin(&nested, &inner);
    assert_cancelled(interrupt_check());
    interrupt_end(&nested);
}

static void a_deadline_passes(void **state)
{
    (void)state;
    struct interrupt timed, nested;
    static _Atomic bool inner;
    uint64_t now = clock_monotonic_us();
    assert_int_equal(interrupt_deadline_us(), 0);
    interrupt_begin_until(&timed, &inner, now + 3600000000U, 1500000);
    assert_int_equal(interrupt_deadline_us(), now + 3600000000U);
    assert_false(interrupted());
    interrupt_begin_until(&nested, &inner, 1, 1500000);
    assert_int_equal(interrupt_deadline_us(), 1);
    assert_true(interrupted());
    struct err *err = interrupt_check();
    assert_int_equal(err_code(err), ERR_TIMEOUT);
    assert_non_null(strstr(err_message(err), "1.5 seconds"));
    assert_ptr_equal(interrupt_over(err), err); /* says so itself */
    err_free(err);
    err = interrupt_over(err_new(ERR_MEMORY_LIMIT, "of the budget that gives nothing more"));
    assert_int_equal(err_code(err), ERR_TIMEOUT);
    err_free(err);
    atomic_store(&inner, true);
    assert_cancelled(interrupt_check());
    interrupt_end(&nested);
    atomic_store(&inner, false);
    assert_false(interrupted());
    interrupt_end(&timed);
}

static volatile uint64_t computed;

static void compute_for_ever(void *object)
{
    (void)object;
    for (;;) {
        computed++;
    }
}

static void compute_a_little(void *object)
{
    *(uint64_t *)object += 1;
}

static void *set_after_a_while(void *object)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    (void)nanosleep(&pause, NULL);
    atomic_store((_Atomic bool *)object, true);
    return NULL;
}

static void what_cannot_look_is_left(void **state)
{
    (void)state;
    uint64_t runs = 0;
    struct interrupt outer, inner;
    assert_true(interrupt_run(compute_a_little, &runs)); /* no flag at all */
    for (int round = 0; round < 3; round++) {
        pthread_t thread;
        _Atomic bool set = false;
        const _Atomic bool never = false;
        interrupt_begin(&outer, &set);
        interrupt_begin(&inner, &never);
        assert_true(interrupt_run(compute_a_little, &runs));
        assert_int_equal(pthread_create(&thread, NULL, set_after_a_while, &set), 0);
        assert_false(interrupt_run(compute_for_ever, NULL));
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_cancelled(interrupt_check());
        interrupt_end(&inner);
        interrupt_end(&outer);
        interrupt_begin_until(&inner, &never, clock_monotonic_us() + 10000, 10000);
        assert_false(interrupt_run(compute_for_ever, NULL));
        err_free(interrupt_check());
        interrupt_end(&inner);
    }
    assert_int_equal(runs, 4);
    assert_true(computed > 0);
}

static void the_nth_look_finds_it(void **state)
{
    (void)state;
    interrupt_at_look(3);
    assert_false(interrupted());
    assert_false(interrupted());
    assert_true(interrupted());
    assert_true(interrupted());
    assert_int_equal(interrupt_looks(), 4);
    interrupt_at_look(0);
    assert_false(interrupted());
}

static void large_copies_look(void **state)
{
    (void)state;
    size_t bytes = ((size_t)4 << 20) * 2 + 5;
    char *from = malloc(bytes), *to = malloc(bytes);
    assert_non_null(from);
    assert_non_null(to);
    memset(from, 7, bytes);
    assert_null(interrupt_copy(to, from, bytes));
    assert_memory_equal(to, from, bytes);
    assert_null(interrupt_zero(to, bytes));
    for (size_t i = 0; i < bytes; i++) {
        assert_int_equal(to[i], 0);
    }
    assert_null(interrupt_touch(to, bytes));
    assert_null(interrupt_touch(NULL, 0));
    atomic_store(&flag, true);
    assert_cancelled(interrupt_copy(to, from, bytes));
    assert_cancelled(interrupt_copy(to, from, 100000));
    assert_cancelled(interrupt_zero(to, bytes));
    assert_cancelled(interrupt_touch(to, bytes));
    assert_null(interrupt_copy(to, from, 100)); /* what is small is done at once */
    free(from);
    free(to);
}

static void arenas_with_a_budget_give_no_more(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, "test", 0, NULL);
    struct arena *bound = arena_create(&budget), *free_one = arena_create(NULL);
    assert_non_null(arena_alloc(bound, 100000));
    char *array = arena_alloc(bound, 1 << 20);
    assert_non_null(array);
    memset(array, 3, 1 << 20);
    char *larger = arena_grow(bound, array, 1 << 20, 1 << 20, 2 << 20);
    assert_non_null(larger);
    assert_int_equal(larger[(1 << 20) - 1], 3);
    atomic_store(&flag, true);
    assert_null(arena_alloc(bound, 5 << 20));
    assert_cancelled(arena_error(bound));
    assert_null(arena_grow(bound, larger, 2 << 20, 2 << 20, 4 << 20));
    assert_non_null(arena_alloc(free_one, 5 << 20));
    atomic_store(&flag, false);
    assert_non_null(arena_alloc(bound, 5 << 20));
    arena_destroy(bound);
    arena_destroy(free_one);
    assert_int_equal(atomic_load(&budget.bytes), 0);
}

struct pair {
    uint32_t key;
    uint32_t order;
};

static int by_key(const void *a, const void *b, void *user)
{
    uint32_t x = ((const struct pair *)a)->key, y = ((const struct pair *)b)->key;
    ++*(uint64_t *)user;
    return (x > y) - (x < y);
}

static void fill(struct pair *pairs, uint32_t count, uint32_t range)
{
    uint64_t random = 42;
    for (uint32_t i = 0; i < count; i++) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        pairs[i] = (struct pair){(uint32_t)(random >> 33) % range, i};
    }
}

static void sorting_is_stable_at_every_length(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 2, 1023, 1024, 2047, 2048, 2049, 3072, 5000, 70000};
    struct arena *arena = arena_create(NULL);
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
        for (uint32_t range = 1; range <= 1000000; range *= 100) {
            uint64_t compared = 0;
            struct pair *pairs = calloc(counts[c] + 1U, sizeof(*pairs));
            assert_non_null(pairs);
            fill(pairs, counts[c], range);
            assert_null(order_elements(arena, pairs, counts[c], sizeof(*pairs), by_key, &compared));
            for (uint32_t i = 1; i < counts[c]; i++) {
                assert_true(pairs[i - 1].key < pairs[i].key ||
                            (pairs[i - 1].key == pairs[i].key && pairs[i - 1].order < pairs[i].order));
            }
            free(pairs);
        }
    }
    assert_int_equal(arena_bytes(arena), 0);
    arena_destroy(arena);
}

static void sorting_that_ends_keeps_all_elements(void **state)
{
    (void)state;
    const uint32_t count = 70000;
    struct arena *arena = arena_create(NULL);
    struct pair *pairs = calloc(count, sizeof(*pairs));
    uint8_t *seen = calloc(count, 1);
    uint64_t compared = 0;
    assert_non_null(pairs);
    assert_non_null(seen);
    fill(pairs, count, 100000);
    interrupt_at_look(1000000);
    assert_null(order_elements(arena, pairs, count, sizeof(*pairs), by_key, &compared));
    uint64_t looks = interrupt_looks();
    assert_true(looks > 10);
    for (uint64_t look = 1; look <= looks; look += looks / 10) {
        fill(pairs, count, 100000);
        memset(seen, 0, count);
        interrupt_at_look(look);
        assert_cancelled(order_elements(arena, pairs, count, sizeof(*pairs), by_key, &compared));
        interrupt_at_look(0);
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(seen[pairs[i].order]++, 0);
        }
    }
    free(seen);
    free(pairs);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_set_flag_is_seen, begin, end),
        cmocka_unit_test_setup_teardown(one_within_another, begin, end),
        cmocka_unit_test_setup_teardown(a_deadline_passes, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_look_is_left, begin, end),
        cmocka_unit_test_setup_teardown(the_nth_look_finds_it, begin, end),
        cmocka_unit_test_setup_teardown(large_copies_look, begin, end),
        cmocka_unit_test_setup_teardown(arenas_with_a_budget_give_no_more, begin, end),
        cmocka_unit_test_setup_teardown(sorting_is_stable_at_every_length, begin, end),
        cmocka_unit_test_setup_teardown(sorting_that_ends_keeps_all_elements, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
