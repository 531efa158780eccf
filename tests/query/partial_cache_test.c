/*
 * partial_cache_test.c: what the partial-result cache keeps, finds, refuses, evicts and forgets.
 *
 * Of the table's ten runs (tests/query/events_source.h) nine are fixed: a query that may use the cache asks for nine.
 */
#include "query/partial_cache.h"
#include "tests/query/events_source.h"
#include "tests/query/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static uint64_t entries(void)
{
    struct partial_cache_numbers numbers;
    partial_cache_numbers(run_cache, &numbers);
    return numbers.entries;
}

/* Runs it, compares with what comes without the cache, and says how many runs were found and how many were not. */
static void expect(const char *sql, uint64_t hits, uint64_t misses)
{
    struct partial_cache *cache = run_cache;
    char *with = run_sql(sql, &event_catalogue, NULL);
    uint64_t found = atomic_load(&run_progress.partial_hits);
    uint64_t missed = atomic_load(&run_progress.partial_misses);
    run_cache = NULL;
    char *without = run_sql(sql, &event_catalogue, NULL);
    run_cache = cache;
    assert_string_equal(with, without);
    free(with);
    free(without);
    if (found != hits || missed != misses) {
        print_error("%s: %llu hits, %llu misses\n", sql, (unsigned long long)found, (unsigned long long)missed);
    }
    assert_int_equal(found, hits);
    assert_int_equal(missed, misses);
}

static int start(void **state)
{
    (void)state;
    run_cache = partial_cache_create((uint64_t)16 << 20);
    return run_cache == NULL;
}

static int stop(void **state)
{
    (void)state;
    partial_cache_destroy(run_cache);
    run_cache = NULL;
    return 0;
}

static void same_computation(void **state)
{
    (void)state;
    expect("SELECT code, count(), sum(delay) FROM events GROUP BY code ORDER BY code", 0, 9);
    expect("SELECT code, count(), sum(delay) FROM events GROUP BY code ORDER BY code", 9, 0);
    /* other names, other work above the groups */
    expect("SELECT count() + 1 AS n, upper(code) AS c, sum(delay) FROM (SELECT * FROM events) AS e GROUP BY code, "
           "upper(code) ORDER BY c DESC LIMIT 3",
           0, 9);
    expect(
        "SELECT code AS airport, count() AS n, sum(delay) FROM events AS e GROUP BY airport HAVING n > 3 ORDER BY n, "
        "airport LIMIT 3",
        9, 0);
    /* another key, another aggregate, another argument, another order of them */
    expect("SELECT k, count(), sum(delay) FROM events GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT code, count(), max(delay) FROM events GROUP BY code ORDER BY code", 0, 9);
    expect("SELECT code, count(), sum(k) FROM events GROUP BY code ORDER BY code", 0, 9);
    expect("SELECT code, sum(delay), count() FROM events GROUP BY code ORDER BY code", 0, 9);
    expect("SELECT code, k, count() FROM events GROUP BY code, k ORDER BY code, k", 0, 9);
    expect("SELECT k, code, count() FROM events GROUP BY k, code ORDER BY code, k", 0, 9);
    expect("SELECT count(), sum(k) FROM events", 0, 9);
    expect("SELECT count(), sum(k) FROM events", 9, 0);
}

static void conditions(void **state)
{
    (void)state;
    expect("SELECT k, sum(id) FROM events WHERE delay > 3 GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT k, sum(id) FROM events WHERE delay > 3 GROUP BY k ORDER BY k", 9, 0);
    expect("SELECT k, sum(id) FROM events WHERE delay > 4 GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT k, sum(id) FROM events WHERE delay > 3 AND code != 'ber' GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT k, sum(id) FROM events WHERE code != 'ber' AND delay > 3 GROUP BY k ORDER BY k", 9, 0);
    expect("SELECT k, sum(id) FROM events WHERE code IN ('ams', 'ber') GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT k, sum(id) FROM events WHERE code IN ('ber', 'ams', 'ams') GROUP BY k ORDER BY k", 9, 0);
    expect("SELECT k, sum(id) FROM events WHERE code IN ('ber', 'fra') GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT k, sum(id) FROM events WHERE code NOT IN ('ber', 'fra') GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT k, sum(id) FROM events WHERE k IN (SELECT number FROM numbers(2)) GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT k, sum(id) FROM events WHERE k IN (SELECT number FROM numbers(2)) GROUP BY k ORDER BY k", 9, 0);
    expect("SELECT k, sum(id) FROM events WHERE k IN (SELECT number FROM numbers(3)) GROUP BY k ORDER BY k", 0, 9);
    expect("SELECT count() FROM events WHERE score > (SELECT avg(number) FROM numbers(5))", 0, 9);
    expect("SELECT count() FROM events WHERE score > (SELECT avg(number) FROM numbers(5))", 9, 0);
    expect("SELECT count() FROM events WHERE score > (SELECT avg(number) FROM numbers(7))", 0, 9);
}

/* A condition that zones prove for all rows of a run is no part of its key. */
static void moving_window(void **state)
{
    (void)state;
    /* seven whole runs; of the second one the units 5 to 9: one, and two nodes of two */
    expect("SELECT k, sum(id) FROM events WHERE id >= 15000 GROUP BY k ORDER BY k", 0, 10);
    /* now one unit less: its nodes are there; and of another one a part */
    expect("SELECT k, sum(id) FROM events WHERE id >= 16000 GROUP BY k ORDER BY k", 9, 0);
    expect("SELECT k, sum(id) FROM events WHERE id >= 16500 GROUP BY k ORDER BY k", 8, 2);
    expect("SELECT k, sum(id) FROM events WHERE id >= 16500 GROUP BY k ORDER BY k", 9, 0);
    expect("SELECT k, sum(id) FROM events WHERE id >= 16501 GROUP BY k ORDER BY k", 8, 1);
    expect("SELECT k, sum(id) FROM events WHERE ts >= toDateTime(1700010001) GROUP BY k ORDER BY k", 5, 5);
    expect("SELECT k, sum(id) FROM events WHERE id >= 20000 AND id < 50000 GROUP BY k ORDER BY k", 3, 0);
    expect("SELECT k, sum(id) FROM events GROUP BY k ORDER BY k", 9, 2); /* nodes of the runs that were cut */
}

/* The same with a condition beside it that zones do not decide: its units have nodes too. */
static void moving_window_and_another_condition(void **state)
{
    (void)state;
    expect("SELECT k, sum(id) FROM events WHERE id >= 15000 AND delay > 3 GROUP BY k ORDER BY k", 0, 10);
    expect("SELECT k, sum(id) FROM events WHERE id >= 16000 AND delay > 3 GROUP BY k ORDER BY k", 9, 0);
    expect("SELECT k, sum(id) FROM events WHERE id >= 16000 AND delay > 4 GROUP BY k ORDER BY k", 0, 9);
}

static void not_kept(void **state)
{
    (void)state;
    expect("SELECT count() FROM events WHERE rand() >= 0", 0, 0);
    expect("SELECT count(), rand() >= 0 AS r FROM events GROUP BY r", 0, 0);
    expect("SELECT id FROM events ORDER BY id LIMIT 3", 0, 0);
    expect("SELECT count() FROM (SELECT id FROM events LIMIT 10)", 0, 0);
    expect("SELECT count() FROM numbers(100)", 0, 0);
    assert_int_equal(entries(), 0);
    /* states as large as the rows */
    expect("SELECT length(groupArray(repeat(user, 3))) FROM events", 0, 1);
    expect("SELECT length(groupArray(repeat(user, 3))) FROM events", 0, 0);
    assert_int_equal(entries(), 1);
    partial_cache_clear(run_cache);
    /* nearly as many groups as rows: one look, then it is known */
    expect("SELECT id, count() FROM events GROUP BY id ORDER BY id LIMIT 3", 0, 1);
    expect("SELECT id, count() FROM events GROUP BY id ORDER BY id LIMIT 3", 0, 0);
    assert_int_equal(entries(), 1);
    expect("SELECT id, count() FROM events WHERE id % 1000 = 7 GROUP BY id ORDER BY id LIMIT 3", 0, 9);
}

/* Few places of a run say nothing about the others: after UNKEPT_MAX of them that were too large the query goes on
 * without the cache, and the next one tries again. */
static void too_many_small_sets_are_not_kept(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++) {
        expect("SELECT id, count() FROM begun GROUP BY id ORDER BY id LIMIT 70000, 5", 0, 32);
        expect("SELECT length(groupArray(repeat(user, 20))) FROM begun WHERE id < 70000", 0, 32);
    }
    assert_int_equal(entries(), 0);
    expect("SELECT k, count() FROM begun GROUP BY k ORDER BY k", 0, 49);
    expect("SELECT k, count() FROM begun GROUP BY k ORDER BY k", 49, 0);
}

static void empty_runs_and_all_types(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 2; round++) {
        expect("SELECT count(), sum(id), max(id) FROM events WHERE delay = 12345", round * 9, 9 - round * 9);
        expect("SELECT k, count() FROM events WHERE delay = 12345 GROUP BY k", round * 9, 9 - round * 9);
        expect("SELECT delay, count(), sum(score) FROM events GROUP BY delay ORDER BY delay", round * 9, 9 - round * 9);
        expect("SELECT [code, 'x'] AS a, (k, delay > 0) AS t, count() FROM events GROUP BY a, t ORDER BY a, t",
               round * 9, 9 - round * 9);
        expect("SELECT toString(k) AS s, toNullable(code) AS c, count() FROM events GROUP BY s, c ORDER BY s, c",
               round * 9, 9 - round * 9);
        expect("SELECT code, count() FROM events GROUP BY code WITH TOTALS ORDER BY code", round * 9, 9 - round * 9);
        expect("SELECT e, count() FROM (SELECT arrayJoin([k, 7]) AS e FROM events) GROUP BY e ORDER BY e", round * 9,
               9 - round * 9);
        expect("SELECT code, uniq(user), quantileExact(0.9)(k), max(user), argMin(user, id), topK(2)(code) FROM events "
               "GROUP BY code ORDER BY code",
               round * 9, 9 - round * 9);
        expect("SELECT code, uniqExact(k), arraySort(groupUniqArray(k)), quantile(0.5)(k) FROM events GROUP BY code "
               "ORDER BY code",
               round * 9, 9 - round * 9);
        expect("SELECT uniqExactIf(k, k = 1), sumMap([k], [id]), minOrNull(user) "
               "FROM events WHERE id % 3 = 1",
               round * 9, 9 - round * 9);
        expect("SELECT sum(c) FROM (SELECT code, count() AS c FROM events WHERE score > 2 GROUP BY code)", round * 9,
               9 - round * 9);
    }
}

static void invalidation(void **state)
{
    (void)state;
    expect("SELECT code, count() FROM events GROUP BY code ORDER BY code", 0, 9);
    expect("SELECT k, count() FROM events GROUP BY k ORDER BY k", 0, 9);
    assert_int_equal(entries(), 18);
    partial_cache_forget(run_cache, 3, 7);
    assert_int_equal(entries(), 16);
    partial_cache_forget(run_cache, 3, 7);
    partial_cache_forget(run_cache, 7, 3);
    assert_int_equal(entries(), 16);
    expect("SELECT k, count() FROM events GROUP BY k ORDER BY k", 8, 1);
    partial_cache_clear(run_cache);
    assert_int_equal(entries(), 0);
    expect("SELECT k, count() FROM events GROUP BY k ORDER BY k", 0, 9);
}

static struct partial *entry(uint64_t bytes)
{
    struct partial *partial = partial_new(bytes);
    assert_non_null(partial);
    return partial;
}

static void eviction(void **state)
{
    static const uint64_t owner[2] = {1, 2};
    struct partial_cache_numbers numbers;
    (void)state;
    struct partial_cache *cache = partial_cache_create(10000);
    assert_non_null(cache);
    for (uint64_t k = 0; k < 4; k++) {
        partial_cache_add(cache, (struct digest){k, 0}, owner, entry(2500));
    }
    const struct partial *used = partial_cache_find(cache, (struct digest){0, 0}); /* now the newest */
    assert_non_null(used);
    partial_cache_add(cache, (struct digest){4, 0}, owner, entry(2500));
    assert_null(partial_cache_find(cache, (struct digest){1, 0}));
    for (uint64_t k = 2; k < 5; k++) {
        const struct partial *other = partial_cache_find(cache, (struct digest){k, 0});
        assert_non_null(other);
        partial_unref(other);
    }
    partial_cache_add(cache, (struct digest){5, 0}, owner, entry(10001)); /* larger than all */
    assert_null(partial_cache_find(cache, (struct digest){5, 0}));
    partial_cache_add(cache, (struct digest){4, 0}, owner, entry(2500)); /* there already */
    partial_cache_numbers(cache, &numbers);
    assert_int_equal(numbers.bytes, 10000);
    assert_int_equal(numbers.entries, 4);
    assert_int_equal(numbers.evicted, 1);
    partial_cache_add(cache, (struct digest){6, 0}, owner, entry(10000)); /* room for it alone */
    partial_cache_numbers(cache, &numbers);
    assert_int_equal(numbers.entries, 1);
    assert_int_equal(used->bytes, 2500); /* read while it left */
    partial_unref(used);
    for (uint64_t k = 0; k < 5000; k++) { /* many small ones: the table of slots grows */
        const uint64_t many[2] = {k % 7, k};
        partial_cache_add(cache, (struct digest){k * 3, 1}, many, entry(sizeof(struct partial)));
    }
    partial_cache_numbers(cache, &numbers);
    assert_true(numbers.bytes <= 10000 && numbers.entries == 10000 / sizeof(struct partial));
    partial_cache_destroy(cache);
}

static void tiny_cache(void **state)
{
    (void)state;
    stop(NULL);
    run_cache = partial_cache_create(1000);
    assert_non_null(run_cache);
    expect("SELECT code, count() FROM events GROUP BY code ORDER BY code", 0, 1);
    expect("SELECT count(), sum(id) FROM events", 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(same_computation, start, stop),
        cmocka_unit_test_setup_teardown(conditions, start, stop),
        cmocka_unit_test_setup_teardown(moving_window, start, stop),
        cmocka_unit_test_setup_teardown(moving_window_and_another_condition, start, stop),
        cmocka_unit_test_setup_teardown(not_kept, start, stop),
        cmocka_unit_test_setup_teardown(too_many_small_sets_are_not_kept, start, stop),
        cmocka_unit_test_setup_teardown(empty_runs_and_all_types, start, stop),
        cmocka_unit_test_setup_teardown(invalidation, start, stop),
        cmocka_unit_test_setup_teardown(eviction, NULL, NULL),
        cmocka_unit_test_setup_teardown(tiny_cache, start, stop),
    };
    source_register_builtin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
