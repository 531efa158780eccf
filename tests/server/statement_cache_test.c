/*
 * statement_cache_test.c: what is kept, how much of it, and that it outlives its place in the cache.
 */
#include "server/statement_cache.h"

#include "sql/ast.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct statement_cache *cache;

static int begin(void **state)
{
    (void)state;
    cache = statement_cache_create((uint64_t)1 << 20);
    return cache == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    statement_cache_destroy(cache);
    return 0;
}

static struct statement_cache_numbers numbers(void)
{
    struct statement_cache_numbers now;
    statement_cache_numbers(cache, &now);
    return now;
}

static void the_second_time_is_kept(void **state)
{
    (void)state;
    struct slice text = slice_text("SELECT a, {x:UInt8} FROM t WHERE b IN (1, 2) FORMAT JSON");
    assert_null(statement_cache_get(cache, text));
    assert_int_equal(numbers().entries, 0);
    const struct kept_statement *second = statement_cache_get(cache, text);
    assert_non_null(second);
    assert_int_equal(second->statement->kind, AST_SELECT);
    assert_true(slice_equal(second->text, text));
    assert_ptr_not_equal(second->text.data, text.data);
    assert_true(slice_equal(second->statement->format, slice_text("JSON")));
    assert_true(second->statement->format.data > second->text.data);
    const struct kept_statement *third = statement_cache_get(cache, text);
    assert_ptr_equal(third, second);
    kept_statement_unref(second);
    kept_statement_unref(third);
    assert_int_equal(numbers().entries, 1);
    assert_int_equal(numbers().hits, 1);
    assert_int_equal(numbers().misses, 2);
    assert_true(numbers().bytes > text.length && numbers().bytes < 65536);
    assert_null(statement_cache_get(cache, slice_text("SELECT a, {x:UInt8} FROM t WHERE b IN (1, 2) FORMAT CSV")));
}

static void others_are_not(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "-- nothing",
                                        "SELECT",
                                        "SELECT 1 +",
                                        "DROP TABLE t",
                                        "SHOW TABLES",
                                        "INSERT INTO t SELECT 1",
                                        "SELECT 1; SELECT 2"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        for (int round = 0; round < 3; round++) {
            assert_null(statement_cache_get(cache, slice_text(texts[i])));
        }
    }
    size_t length = 20000;
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, ' ', length);
    memcpy(text, "SELECT 1", 8);
    struct slice long_text = slice_of(text, length), nested = slice_of(text, 16000);
    for (int round = 0; round < 3; round++) { /* too long */
        assert_null(statement_cache_get(cache, long_text));
    }
    for (size_t i = 8; i + 2 <= length; i += 2) { /* a tree of too many bytes */
        memcpy(text + i, ",1", 2);
    }
    for (int round = 0; round < 3; round++) {
        assert_null(statement_cache_get(cache, nested));
    }
    free(text);
    assert_int_equal(numbers().entries, 0);
    assert_int_equal(numbers().bytes, 0);
}

static const struct kept_statement *keep(uint32_t number)
{
    char text[64];
    struct slice slice = slice_of(text, (size_t)snprintf(text, sizeof(text), "SELECT %u, 'statement'", number));
    kept_statement_unref(statement_cache_get(cache, slice));
    return statement_cache_get(cache, slice);
}

static void the_oldest_leave(void **state)
{
    (void)state;
    const struct kept_statement *first = keep(0), *used = keep(1);
    kept_statement_unref(used);
    for (uint32_t i = 2; i < 2000; i++) {
        kept_statement_unref(keep(i));
        kept_statement_unref(keep(1));
        assert_true(numbers().bytes <= (uint64_t)1 << 20);
    }
    assert_true(numbers().entries > 50 && numbers().entries < 1000);
    struct statement_cache_numbers before = numbers();
    kept_statement_unref(statement_cache_get(cache, slice_text("SELECT 2, 'statement'"))); /* gone */
    assert_int_equal(numbers().hits, before.hits);
    assert_int_equal(numbers().misses, before.misses + 1);
    kept_statement_unref(keep(1));
    assert_int_equal(numbers().hits, before.hits + 2);
    assert_true(slice_equal(first->text, slice_text("SELECT 0, 'statement'"))); /* who holds it may go on */
    assert_int_equal(first->statement->kind, AST_SELECT);
    kept_statement_unref(first);
}

static void *use_many(void *object)
{
    uint32_t seed = (uint32_t)(uintptr_t)object;
    for (uint32_t i = 0; i < 3000; i++) {
        seed = seed * 1664525 + 1013904223;
        const struct kept_statement *kept = keep(seed >> 22);
        if (kept != NULL) {
            assert_int_equal(kept->statement->kind, AST_SELECT);
        }
        kept_statement_unref(kept);
    }
    return NULL;
}

static void many_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (uintptr_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use_many, (void *)(i + 1)), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_true(numbers().bytes <= (uint64_t)1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_second_time_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(others_are_not, begin, end),
        cmocka_unit_test_setup_teardown(the_oldest_leave, begin, end),
        cmocka_unit_test_setup_teardown(many_threads, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
