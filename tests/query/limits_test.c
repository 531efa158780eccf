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
        "SELECT max(b.user), sum(b.delay) FROM events AS a ASOF LEFT JOIN events AS b ON a.code = b.code AND a.id > "
        "b.id",
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
    struct query_options limits = {.rows_read_max = 5000};
    expect("SELECT count() FROM events", &limits, &counted, ERR_TOO_MANY_ROWS);
    expect("SELECT sum(number) FROM numbers(1000000)", &limits, &counted, ERR_TOO_MANY_ROWS);
    limits = (struct query_options){.rows_result_max = 10};
    expect("SELECT id FROM events", &limits, &counted, ERR_TOO_MANY_ROWS);
    expect("SELECT id FROM events ORDER BY id LIMIT 10", &limits, &counted, ERR_NONE);
}

static void time_is_bounded(void **state)
{
    (void)state;
    struct counted counted = {0};
    struct query_options limits = {.time_us_max = 1};
    expect("SELECT sum(number) FROM system.numbers", &limits, &counted, ERR_TIMEOUT);
    limits.time_us_max = 20000;
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
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(rows_are_bounded),
        cmocka_unit_test(time_is_bounded),
        cmocka_unit_test(cancelling_ends_it),
    };
    return cmocka_run_group_tests(tests, start, stop_threads);
}
