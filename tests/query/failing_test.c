/*
 * failing_test.c: every operator when memory fails: at each block that the query's arenas ask for in turn, and under
 * limits from nothing up to enough. The query ends with error 241 or with its answer, and nothing is left over.
 */
#include "base/failpoint.h"
#include "tests/query/events_source.h"
#include "tests/query/spill_space.h"

#define BLOCKS_MAX 60U
#define LIMITS_MAX 24U

static const char *const statements[] = {
    "SELECT number + 1, toString(number) FROM numbers(3000) WHERE number % 3 = 0",
    "SELECT id, user FROM events WHERE id < 3000 AND code = 'ams'",
    "SELECT DISTINCT number % 700, toString(number % 3) FROM numbers(3000)",
    "SELECT number % 10 AS k, number FROM numbers(3000) LIMIT 3 BY k",
    "SELECT count(), sum(number), uniqExact(number), groupArray(number), quantile(0.5)(number), max(toString(number)) "
    "FROM numbers(3000)",
    "SELECT number % 900 AS k, toString(k) AS s, count(), avg(number), groupUniqArray(number % 5) FROM numbers(3000) "
    "GROUP BY k, s",
    "SELECT number % 9 AS k, timeSeriesRateToGrid(0, 3000, 60, 300)(toUInt32(3000 - number), toFloat64(number)), "
    "timeSeriesSumToGrid(0, 3000, 60, 300)(toDateTime(number % 999), toFloat32(number)) FROM numbers(3000) GROUP BY k",
    "SELECT user, code, count(), sum(score) FROM events WHERE id < 6000 GROUP BY user, code",
    "SELECT number % 30 AS a, number % 7 AS b, sum(number) FROM numbers(3000) GROUP BY CUBE(a, b) WITH TOTALS",
    "SELECT number % 300 AS k, count() AS c FROM numbers(3000) GROUP BY k WITH TOTALS HAVING c > 3",
    "SELECT number, toString(number) AS s FROM numbers(3000) ORDER BY s DESC, number",
    "SELECT number, [number % 3, number] AS a FROM numbers(3000) ORDER BY a LIMIT 20",
    "SELECT number % 40 AS k FROM numbers(3000) ORDER BY k LIMIT 10 WITH TIES",
    "SELECT number % 4 AS g, number, row_number() OVER (PARTITION BY g ORDER BY number DESC), sum(number) OVER "
    "(PARTITION "
    "BY g ORDER BY number ROWS BETWEEN 5 PRECEDING AND CURRENT ROW), lag(toString(number)) OVER (PARTITION BY g ORDER "
    "BY "
    "number) FROM numbers(3000)",
    "SELECT a.number, b.s FROM numbers(2000) AS a LEFT JOIN (SELECT number * 2 AS number, toString(number) AS s FROM "
    "numbers(1500)) AS b ON a.number = b.number",
    "SELECT a.number, b.number FROM numbers(2000) AS a FULL JOIN (SELECT number + 500 AS number FROM numbers(2000)) AS "
    "b "
    "ON a.number = b.number AND b.number % 3 = 0",
    "SELECT count() FROM numbers(100) AS a, numbers(100) AS b WHERE a.number < b.number",
    "SELECT a.id, b.id FROM events AS a ASOF JOIN (SELECT id, code FROM events WHERE id < 4000) AS b ON a.code = "
    "b.code "
    "AND a.id >= b.id WHERE a.id < 3000",
    "SELECT number FROM numbers(2000) WHERE number IN (SELECT number * 2 FROM numbers(900)) AND toString(number) NOT "
    "IN "
    "('5', '7') AND number > (SELECT min(number) FROM numbers(50))",
    "SELECT number % 500 FROM numbers(2000) INTERSECT SELECT number % 300 FROM numbers(2000)",
    "SELECT toString(number % 500) FROM numbers(2000) EXCEPT SELECT toString(number % 300) FROM numbers(2000)",
    "SELECT number FROM numbers(1500) UNION ALL SELECT number * 2 FROM numbers(1500) UNION DISTINCT SELECT 1",
    "SELECT number * 10 AS n, 'x' AS s FROM numbers(50) ORDER BY n WITH FILL STEP 3 INTERPOLATE (s AS concat(s, 'y'))",
    "SELECT number, x FROM numbers(800) LEFT ARRAY JOIN arrayMap(v -> (v, toString(v)), range(number % 6)) AS x",
    "SELECT arrayJoin(splitByChar(',', 'a,b,c')), map('k', number), (number, toString(number)) FROM numbers(700)",
    "WITH t AS (SELECT number % 11 AS k, sum(number) AS s FROM numbers(3000) GROUP BY k) SELECT k, s, max(s) OVER () "
    "FROM t "
    "WHERE k IN (SELECT k FROM t WHERE s > 100) ORDER BY s",
};
#define STATEMENT_COUNT (sizeof(statements) / sizeof(statements[0]))

static struct err *take_totals(void *user, const struct chunk *row)
{
    bool stop = false;
    return run_sink(user, row, &stop);
}

/* Everything that the statement takes comes from one budget, the plan too. */
static struct err *run_query(const char *sql, uint64_t bytes_max, bool spills, struct run *run)
{
    struct err *err = NULL;
    struct budget budget;
    budget_init(&budget, "the query", bytes_max, NULL);
    struct arena *arena = arena_create(&budget);
    struct function_context context = {.now_us = 1700000000000000, .zone = timezone_utc()};
    struct bind_options bind = {.text = slice_text(sql), .context = &context, .catalogue = &event_catalogue};
    struct ast_statement *statement = NULL;
    struct query_plan plan = {0};
    struct query_progress progress = {0};
    struct query_options options = {.context = &context, .budget = &budget, .totals = take_totals};
    context.database = slice_text("default");
    if (spills) {
        options.spill = &space;
        options.limits.max_bytes_before_external_sort = 20000;
        options.limits.max_bytes_before_external_group_by = 20000;
        options.limits.max_bytes_before_external_join = 20000;
        options.limits.max_bytes_before_external_distinct = 20000;
    }
    OR_DONE(parse_query(arena, bind.text, 1 << 20, &statement));
    OR_DONE(bind_query(arena, &bind, statement->query, &plan));
    OR_DONE(query_execute(&plan, &options, &progress, run_sink, run));
done:
    arena_destroy(arena);
    assert_int_equal(atomic_load(&budget.bytes), 0);
    assert_int_equal(atomic_load(&space.bytes), 0);
    return err;
}

/* The answer's length, or 0 for error 241. */
static size_t answer(const char *sql, uint64_t bytes_max, bool spills)
{
    struct run run = {{0}, timezone_utc()};
    struct err *err = run_query(sql, bytes_max, spills, &run);
    size_t length = run.text.length;
    if (err != NULL && err_code(err) != ERR_MEMORY_LIMIT) {
        fail_msg("%s\n%d: %s", sql, (int)err_code(err), err_message(err));
    }
    if (err != NULL) {
        length = 0;
    }
    err_free(err);
    buffer_deinit(&run.text);
    return length;
}

static void refuse_blocks(const char *sql, bool spills)
{
    struct failpoint *point = failpoint_find("arena_block");
    uint64_t before = atomic_load(&point->hits);
    size_t length = answer(sql, 0, spills);
    uint64_t blocks = atomic_load(&point->hits) - before;
    uint64_t step = blocks / BLOCKS_MAX + 1;
    uint32_t refused = 0;
    assert_true(length > 0);
    for (uint64_t n = 1; n <= blocks; n += step) {
        char text[64];
        snprintf(text, sizeof(text), "arena_block=on:%llu", (unsigned long long)n);
        struct err *err = failpoint_arm(text);
        assert_null(err);
        size_t got = answer(sql, 0, spills);
        failpoint_disarm_all();
        refused += got == 0;
        if (got != 0 && got != length) {
            fail_msg("%s\nblock %llu: %zu bytes, not %zu", sql, (unsigned long long)n, got, length);
        }
    }
    assert_true(refused > 0);
}

static void blocks_fail(void **state)
{
    (void)state;
    for (size_t s = 0; s < STATEMENT_COUNT; s++) {
        refuse_blocks(statements[s], false);
    }
}

static void blocks_fail_with_files(void **state)
{
    (void)state;
    for (size_t s = 0; s < STATEMENT_COUNT; s++) {
        refuse_blocks(statements[s], true);
    }
}

static void memory_is_tiny(void **state)
{
    (void)state;
    for (size_t s = 0; s < STATEMENT_COUNT; s++) {
        size_t length = answer(statements[s], 0, false);
        uint64_t bytes_max = 1000;
        for (uint32_t k = 0; k < LIMITS_MAX; k++) {
            for (uint32_t spills = 0; spills < 2; spills++) {
                size_t got = answer(statements[s], bytes_max, spills == 1);
                assert_true(got == 0 || got == length);
            }
            bytes_max = bytes_max * 3 / 2;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_fail),
        cmocka_unit_test(blocks_fail_with_files),
        cmocka_unit_test(memory_is_tiny),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
