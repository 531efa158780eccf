/*
 * arena_test.c: budgets, arenas and pages.
 */
#include "base/arena.h"
#include "base/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void budgets_nest(void **state)
{
    (void)state;
    struct budget all, query;
    budget_init(&all, "queries", 1000, NULL);
    budget_init(&query, "query", 600, &all);
    assert_true(budget_take(&query, 500));
    assert_false(budget_take(&query, 200));
    assert_int_equal(atomic_load(&all.bytes), 500);
    assert_true(budget_take(&all, 450));
    assert_false(budget_take(&query, 100)); /* the parent is full */
    assert_int_equal(atomic_load(&query.bytes), 500);
    struct err *err = budget_error(&query, 100);
    assert_int_equal(err_code(err), ERR_MEMORY_LIMIT);
    assert_non_null(strstr(err_message(err), "queries"));
    err_free(err);
    budget_give(&query, 500);
    budget_give(&all, 450);
    assert_int_equal(atomic_load(&all.bytes), 0);
    assert_int_equal(atomic_load(&all.bytes_peak), 950);
}

static void allocations_are_aligned_and_distinct(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, "test", 0, NULL);
    struct arena *arena = arena_create(&budget);
    for (int round = 0; round < 3; round++) {
        unsigned char *pieces[400];
        size_t sizes[400];
        for (size_t k = 0; k < 400; k++) {
            sizes[k] = k % 50 == 49 ? k * 1000 : k * 7 % 300;
            pieces[k] = k % 3 == 0 ? arena_array(arena, sizes[k], 1) : arena_alloc(arena, sizes[k]);
            assert_non_null(pieces[k]);
            assert_int_equal((uintptr_t)pieces[k] % (k % 3 == 0 ? 64 : 16), 0);
            memset(pieces[k], (int)(k % 251), sizes[k]);
        }
        for (size_t k = 0; k < 400; k++) {
            for (size_t byte = 0; byte < sizes[k]; byte++) {
                assert_int_equal(pieces[k][byte], k % 251);
            }
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
    assert_int_equal(atomic_load(&budget.bytes), 0);
}

static void count_down(void *object)
{
    (*(int *)object)--;
}

static void budget_exceeded_is_an_error(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, "query", 100000, NULL);
    struct arena *arena = arena_create(&budget);
    int open_count = 1;
    assert_true(arena_on_destroy(arena, count_down, &open_count));
    assert_non_null(arena_alloc(arena, 50000));
    assert_null(arena_alloc(arena, 90000));
    struct err *err = arena_error(arena);
    assert_int_equal(err_code(err), ERR_MEMORY_LIMIT);
    err_free(err);
    assert_null(arena_array(arena, SIZE_MAX / 2, 16)); /* the product overflows */
    assert_string_equal(arena_format(arena, "%d-%s", 7, "x"), "7-x");
    arena_destroy(arena);
    assert_int_equal(open_count, 0);
    assert_int_equal(atomic_load(&budget.bytes), 0);
}

static void pages_are_reused_and_given_back(void **state)
{
    (void)state;
    uint64_t mapped, kept, bytes_sum = 0;
    void *pages[64];
    size_t bytes[64];
    for (size_t k = 0; k < 64; k++) {
        pages[k] = pages_alloc((size_t)70000 * (k + 1), &bytes[k]);
        assert_non_null(pages[k]);
        assert_true(bytes[k] >= (size_t)70000 * (k + 1));
        assert_int_equal((uintptr_t)pages[k] % 4096, 0);
        memset(pages[k], (int)k, bytes[k]);
        bytes_sum += bytes[k];
    }
    pages_usage(&mapped, &kept);
    assert_true(mapped >= bytes_sum);
    for (size_t k = 0; k < 64; k++) {
        pages_free(pages[k], bytes[k]);
    }
    pages_usage(&mapped, &kept);
    assert_true(kept > 0 && kept <= (uint64_t)32 << 20);
    pages_keep_max(0, 0);
    pages_usage(&mapped, &kept);
    assert_int_equal(mapped, 0);
    assert_int_equal(kept, 0);
    pages_keep_max((uint64_t)32 << 20, 0);
}

static void fresh_pages_are_kept_for_a_while(void **state)
{
    (void)state;
    uint64_t mapped, kept;
    size_t bytes;
    pages_keep_max((uint64_t)1 << 20, (uint64_t)64 << 20);
    void *pages = pages_alloc((size_t)20 << 20, &bytes);
    assert_non_null(pages);
    assert_int_equal((uintptr_t)pages % ((size_t)2 << 20), 0);
    pages_free(pages, bytes);
    pages_age(5000000);
    pages_age(5500000); /* too early to count */
    pages_usage(&mapped, &kept);
    assert_int_equal(kept, bytes);
    void *again = pages_alloc((size_t)20 << 20, &bytes); /* a stale one serves too */
    assert_ptr_equal(again, pages);
    pages_free(again, bytes);
    pages_age(6000000);
    pages_usage(&mapped, &kept);
    assert_int_equal(kept, bytes);
    pages_age(7000000);
    pages_usage(&mapped, &kept);
    assert_int_equal(kept, 0);
    assert_int_equal(mapped, 0);
    pages_keep_max((uint64_t)32 << 20, 0);
}

/* What is above both bounds goes to the thread, as much as may wait for it; all is back when it has stopped. */
static void a_thread_gives_back(void **state)
{
    (void)state;
    uint64_t mapped, kept;
    pages_keep_max(0, 0);
    for (int round = 0; round < 3; round++) {
        void *pages[40];
        size_t bytes[40];
        for (size_t k = 0; k < 40; k++) {
            pages[k] = pages_alloc((size_t)1 << (16 + k % 10), &bytes[k]);
            assert_non_null(pages[k]);
            memset(pages[k], 1, bytes[k]);
        }
        assert_null(pages_give_back_start((uint64_t)64 << 20));
        for (size_t k = 0; k < 40; k++) {
            pages_free(pages[k], bytes[k]);
        }
        pages_usage(&mapped, &kept);
        assert_int_equal(kept, 0);
        assert_true(mapped <= (uint64_t)64 << 20);
        pages_give_back_stop();
        pages_usage(&mapped, &kept);
        assert_int_equal(mapped, 0);
    }
    pages_give_back_stop(); /* nothing runs */
    pages_keep_max((uint64_t)32 << 20, 0);
}

static void large_allocations_come_back(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, "test", (uint64_t)64 << 20, NULL);
    struct arena *arena = arena_create(&budget);
    assert_non_null(arena);
    char *small = arena_alloc(arena, 100);
    assert_non_null(small);
    char *old = NULL;
    size_t old_bytes = 0;
    for (size_t bytes = 1 << 20; bytes <= (size_t)16 << 20; bytes *= 2) { /* 31 MiB in all, 24 at once */
        char *grown = arena_alloc(arena, bytes);
        assert_non_null(grown);
        memset(grown, 1, bytes);
        arena_release(arena, old, old_bytes);
        old = grown;
        old_bytes = bytes;
    }
    assert_true(arena_bytes(arena) < (uint64_t)21 << 20);
    assert_int_equal(arena_bytes(arena), budget.bytes);
    arena_release(arena, small, 100); /* stays */
    memset(small, 1, 100);
    arena_release(arena, NULL, 0);
    struct arena *other = arena_create(&budget);
    arena_release(other, old, old_bytes); /* not its own: nothing happens */
    memset(old, 1, old_bytes);
    arena_destroy(other);
    arena_destroy(arena);
    assert_int_equal(budget.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(budgets_nest),
        cmocka_unit_test(allocations_are_aligned_and_distinct),
        cmocka_unit_test(budget_exceeded_is_an_error),
        cmocka_unit_test(a_thread_gives_back),
        cmocka_unit_test(large_allocations_come_back),
        cmocka_unit_test(pages_are_reused_and_given_back),
        cmocka_unit_test(fresh_pages_are_kept_for_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
