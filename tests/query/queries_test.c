/*
 * queries_test.c: every query of queries.txt gives the rows that ClickHouse gives: on one thread and several, with
 * chunks of three rows, and with dictionaries wherever a column may be one.
 */
#include "tests/query/events_source.h"
#include "query/partial_cache.h"
#include "tests/query/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct buffer read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    struct buffer text = {0};
    char part[4096];
    for (size_t count; (count = fread(part, 1, sizeof(part), file)) > 0;) {
        buffer_append(&text, part, count);
    }
    buffer_append(&text, "\n\n", 3);
    (void)fclose(file);
    return text;
}

static void run_all(void)
{
    struct buffer text = read_file("tests/query/queries.txt");
    uint32_t failed = 0;
    uint32_t count = 0;
    for (char *at = strstr(text.data, "> "); at != NULL;) {
        char *sql = at + 2;
        char *rows = strchr(sql, '\n');
        *rows++ = 0;
        char *end = strstr(rows, "\n> ");
        size_t length = end == NULL ? strlen(rows) : (size_t)(end - rows) + 1;
        while (length > 0 && rows[length - 1] == '\n') {
            length--;
        }
        char *got = run_sql(sql, &event_catalogue, NULL);
        size_t got_length = strlen(got);
        while (got_length > 0 && got[got_length - 1] == '\n') {
            got_length--;
        }
        bool ok = length == got_length && memcmp(rows, got, length) == 0;
        if (length > 6 && memcmp(rows, "ERROR ", 6) == 0) {
            char code[32];
            (void)snprintf(code, sizeof(code), "Code: %d.", atoi(rows + 6));
            ok = strncmp(got, code, strlen(code)) == 0;
        }
        if (!ok) {
            failed++;
            print_error("%s\nexpected:\n%.*s\ngot:\n%.*s\n\n", sql, (int)(length > 600 ? 600 : length), rows,
                        (int)(got_length > 600 ? 600 : got_length), got);
        }
        count++;
        free(got);
        at = end == NULL ? NULL : end + 1;
    }
    buffer_deinit(&text);
    assert_true(count > 50);
    assert_int_equal(failed, 0);
}

static void on_one_thread(void **state)
{
    (void)state;
    run_all();
}

static void on_three_threads(void **state)
{
    (void)state;
    assert_null(query_threads_start(3));
    run_all();
    query_threads_stop();
}

static void with_small_chunks_and_dictionaries(void **state)
{
    (void)state;
    assert_null(query_threads_start(2));
    query_stress(3, true);
    run_all();
    query_stress(0, false);
    query_threads_stop();
}

static void with_the_partial_cache(void **state)
{
    struct partial_cache_numbers numbers;
    (void)state;
    assert_null(query_threads_start(2));
    run_cache = partial_cache_create((uint64_t)16 << 20);
    run_all(); /* fills it */
    partial_cache_numbers(run_cache, &numbers);
    assert_true(numbers.entries > 100);
    run_all();
    partial_cache_destroy(run_cache);
    run_cache = NULL;
    query_threads_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_one_thread),
        cmocka_unit_test(on_three_threads),
        cmocka_unit_test(with_small_chunks_and_dictionaries),
        cmocka_unit_test(with_the_partial_cache),
    };
    source_register_builtin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
