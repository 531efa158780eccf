/*
 * limits_test.c: memory, time, rows and cancelling end a query with the error that they should, and nothing is left
 * over.
 */
#include "tests/query/events_source.h"
#include "tests/query/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct counted {
    uint64_t rows;
    uint64_t cancel_after; /* rows; 0: never */
    uint64_t stop_after;
    struct query_progress *progress;
};

static struct err *count_rows(void *user, const struct chunk *chunk, bool *stop)
{
    struct counted *counted = user;
    counted->rows += chunk->row_count;
    if (counted->cancel_after != 0 && counted->rows >= counted->cancel_after) {
        query_cancel(counted->progress);
    }
    *stop = counted->stop_after != 0 && counted->rows >= counted->stop_after;
    return NULL;
}

static struct err *run_limited(const char *sql, struct query_options *limits, struct counted *counted)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct function_context context = {.now_us = 1700000000000000, .zone = timezone_utc()};
    struct bind_options options = {.text = slice_text(sql), .context = &context, .catalogue = &event_catalogue};
    struct ast_statement *statement = NULL;
    struct query_plan plan = {0};
    struct query_progress progress = {0};
    context.database = slice_text("default");
    limits->context = &context;
    counted->progress = &progress;
    OR_DONE(parse_query(arena, slice_text(sql), 1 << 20, &statement));
    OR_DONE(bind_query(arena, &options, statement->query, &plan));
    OR_DONE(query_execute(&plan, limits, &progress, count_rows, counted));
done:
    arena_destroy(arena);
    return err;
}

static void expect(const char *sql, struct query_options *limits, struct counted *counted, enum err_code code)
{
    struct err *err = run_limited(sql, limits, counted);
    if (err_code(err) != code) {
        print_error("%s: %d %s\n", sql, (int)err_code(err), err_message(err));
    }
    assert_int_equal(err_code(err), code);
    err_free(err);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    static const char *const hungry[] = {
        "SELECT user, id, count() FROM events GROUP BY user, id",
        "SELECT id, user FROM events ORDER BY user, id",
        "SELECT uniqExact(cityHash64(id)), uniqExact(user) FROM events",
        "SELECT quantileExact(0.5)(id) FROM events",
        "SELECT DISTINCT id, user FROM events",
        "SELECT repeat(user, 100000) FROM events",
        "SELECT max(b.user), sum(b.score) FROM events AS a JOIN events AS b ON a.id = b.id",
        "SELECT count() FROM events AS a JOIN events AS b ON a.user = b.user AND a.id < b.id",
        ("SELECT max(b.user), sum(b.delay) FROM events AS a ASOF LEFT JOIN events AS b ON a.code = b.code AND a.id > "
         "b.id"),
    };
    for (size_t i = 0; i < sizeof(hungry) / sizeof(hungry[0]); i++) {
        struct budget budget;
        struct counted counted = {0};
        budget_init(&budget, "query", 2 << 20, NULL);
        struct query_options limits = {.budget = &budget};
        expect(hungry[i], &limits, &counted, ERR_MEMORY_LIMIT);
        assert_int_equal(atomic_load(&budget.bytes), 0);
    }
}

static void rows_are_bounded(void **state)
{
    (void)state;
    struct counted counted = {0};
    struct query_options limits = {.limits.max_rows_to_read = 5000};
    expect("SELECT count() FROM events", &limits, &counted, ERR_TOO_MANY_ROWS);
    expect("SELECT sum(number) FROM numbers(1000000)", &limits, &counted, ERR_TOO_MANY_ROWS);
    limits = (struct query_options){.limits.max_result_rows = 10};
    expect("SELECT id FROM events", &limits, &counted, ERR_TOO_MANY_ROWS_OR_BYTES);
    expect("SELECT id FROM events ORDER BY id LIMIT 10", &limits, &counted, ERR_NONE);
}

/* Rows of the result when the mode is not to throw; chunks of 7 rows, so that 14 are the first above 10. */
static void expect_rows(const char *sql, struct query_limits limits, uint64_t rows)
{
    struct counted counted = {0};
    struct query_options options = {.limits = limits};
    query_stress(7, false);
    expect(sql, &options, &counted, ERR_NONE);
    query_stress(0, false);
    if (counted.rows != rows) {
        fail_msg("%s: %llu rows, not %llu", sql, (unsigned long long)counted.rows, (unsigned long long)rows);
    }
}

static void limits_break(void **state)
{
    (void)state;
    const char *groups = "SELECT number % 50 AS k, count() FROM numbers(100) GROUP BY k";
    expect_rows(groups, (struct query_limits){.max_rows_to_group_by = 10, .group_by_overflow_mode = OVERFLOW_BREAK},
                14);
    expect_rows(groups, (struct query_limits){.max_rows_to_group_by = 10, .group_by_overflow_mode = OVERFLOW_ANY}, 14);
    expect_rows("SELECT k, c FROM (SELECT number % 50 AS k, count() AS c FROM numbers(100) GROUP BY k) WHERE c = 2",
                (struct query_limits){.max_rows_to_group_by = 10, .group_by_overflow_mode = OVERFLOW_ANY}, 14);
    /* of a million keys the first ones are kept, and all their rows */
    expect_rows(
        "SELECT k, c FROM (SELECT cityHash64(number % 400000) AS k, count() AS c FROM numbers(1000000) GROUP BY "
        "k) WHERE c = 3",
        (struct query_limits){.max_rows_to_group_by = 10, .group_by_overflow_mode = OVERFLOW_ANY}, 14);
    expect_rows("SELECT number FROM numbers(100) ORDER BY cityHash64(number)",
                (struct query_limits){.max_rows_to_sort = 10, .sort_overflow_mode = OVERFLOW_BREAK}, 14);
    expect_rows("SELECT DISTINCT number FROM numbers(100)",
                (struct query_limits){.max_rows_in_distinct = 10, .distinct_overflow_mode = OVERFLOW_BREAK}, 14);
    expect_rows("SELECT number FROM numbers(100) WHERE number IN (SELECT number FROM numbers(50))",
                (struct query_limits){.max_rows_in_set = 10, .set_overflow_mode = OVERFLOW_BREAK}, 14);
    expect_rows("SELECT b.number FROM numbers(100) AS a JOIN numbers(50) AS b ON a.number = b.number",
                (struct query_limits){.max_rows_in_join = 10, .join_overflow_mode = OVERFLOW_BREAK}, 14);
    expect_rows("SELECT number FROM numbers(100)",
                (struct query_limits){.max_result_rows = 10, .result_overflow_mode = OVERFLOW_BREAK}, 14);
    expect_rows("SELECT count() FROM (SELECT number FROM system.numbers)",
                (struct query_limits){.max_execution_time_us = 20000, .timeout_overflow_mode = OVERFLOW_BREAK}, 1);
    expect_rows("SELECT 1 FROM (SELECT count() AS c FROM events WHERE id >= 0) WHERE c >= 2000 AND c <= 6000",
                (struct query_limits){.max_rows_to_read = 1500, .read_overflow_mode = OVERFLOW_BREAK}, 1);
    expect_rows("SELECT 1 FROM (SELECT count(), sum(id) AS s FROM events) WHERE s > 0",
                (struct query_limits){.max_bytes_to_read = 1500, .read_overflow_mode = OVERFLOW_BREAK}, 1);
}

static void time_is_bounded(void **state)
{
    (void)state;
    struct counted counted = {0};
    struct query_options limits = {.limits.max_execution_time_us = 1};
    expect("SELECT sum(number) FROM system.numbers", &limits, &counted, ERR_TIMEOUT);
    limits.limits.max_execution_time_us = 20000;
    expect("SELECT count() FROM events AS a, events AS b", &limits, &counted, ERR_TIMEOUT);
}

static void cancelling_ends_it(void **state)
{
    (void)state;
    struct counted counted = {.cancel_after = 1};
    struct query_options limits = {0};
    expect("SELECT number FROM system.numbers", &limits, &counted, ERR_QUERY_CANCELLED);
    counted = (struct counted){.stop_after = 1};
    expect("SELECT number FROM system.numbers", &limits, &counted, ERR_NONE);
    counted = (struct counted){0};
    expect("SELECT number FROM system.numbers LIMIT 20000", &limits, &counted, ERR_NONE);
    assert_int_equal(counted.rows, 20000);
    expect("SELECT DISTINCT number % 3 AS m FROM system.numbers LIMIT 3", &limits, &counted, ERR_NONE);
}

static int start(void **state)
{
    (void)state;
    source_register_builtin();
    return query_threads_start(3) == NULL ? 0 : -1;
}

static int stop_threads(void **state)
{
    (void)state;
    query_threads_stop();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_bounded), cmocka_unit_test(rows_are_bounded),   cmocka_unit_test(limits_break),
        cmocka_unit_test(time_is_bounded),   cmocka_unit_test(cancelling_ends_it),
    };
    return cmocka_run_group_tests(tests, start, stop_threads);
}
