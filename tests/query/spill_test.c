/*
 * spill_test.c: columns of every kind come back from temporary files as they were; limits, failures and damage are
 * errors; queries that write to files give the answers that they give from memory.
 */
#include "base/failpoint.h"
#include "base/interrupt.h"
#include "tests/query/events_source.h"
#include "tests/query/spill_space.h"

#include <pthread.h>

static void expect(struct err *err, enum err_code code)
{
    if (err_code(err) != code) {
        fail_msg("%d expected: %d %s", (int)code, (int)err_code(err), err == NULL ? "" : err_message(err));
    }
    err_free(err);
}

/* --- chunks ---------------------------------------------------------------------------------------------------------
 */

struct kept {
    struct arena *arena;
    struct spill_file *file;
    const struct type **types;
    struct chunk *chunks[64];
    struct spill_list list;
};

/* Each chunk of the result is written and read at once. */
static struct err *keep_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct kept *kept = user;
    struct chunk *back = NULL;
    (void)stop;
    assert_true(kept->list.count < 64);
    OR_DONE(spill_write(kept->file, kept->arena, &kept->list, chunk));
    OR_DONE(spill_read(kept->file, kept->arena, kept->list.offsets[kept->list.count - 1], kept->types, &back));
    assert_int_equal(back->row_count, chunk->row_count);
    assert_int_equal(back->column_count, chunk->column_count);
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        assert_int_equal(back->columns[c]->row_count, chunk->row_count);
        for (uint32_t i = 0; i < chunk->row_count; i++) {
            assert_true(column_identical(back->columns[c], i, chunk->columns[c], i));
        }
    }
    kept->chunks[kept->list.count - 1] = back;
done:
    return err;
}

static void chunks_come_back(void **state)
{
    (void)state;
    static const char *const statements[] = {
        "SELECT number, toUInt8(number), toInt16(-number), toFloat64(number) / 3, toDecimal128(number, 5), "
        "toDateTime64(number, 3, 'UTC'), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), number % 2 = 0 FROM "
        "numbers(20000)",
        "SELECT toString(number), repeat('x', number % 50), toFixedString('abc', 5), '' FROM numbers(20000)",
        "SELECT if(number % 3 = 0, NULL, number), nullIf(toString(number % 7), '3'), NULL FROM numbers(20000)",
        "SELECT range(number % 10), arrayMap(x -> toString(x), range(number % 4)), [range(number % 3), [number]], "
        "array() FROM numbers(20000)",
        "SELECT (number, toString(number)), map(toString(number % 5), number, 'k', 7), [(1, [number])] FROM "
        "numbers(20000)",
        "SELECT toLowCardinality(toString(number % 5)), toLowCardinality(nullIf(toString(number % 5), '2')), "
        "[toLowCardinality(toString(number % 5))] FROM numbers(20000)",
        "SELECT code, user, score, delay FROM events LIMIT 60000",
        "SELECT toLowCardinality('same'), 5, [1, 2], (1, 'b') FROM numbers(10)",
    };
    for (size_t s = 0; s < sizeof(statements) / sizeof(statements[0]); s++) {
        for (uint32_t stress = 0; stress < 2; stress++) {
            struct arena *arena = arena_create(NULL);
            struct spill_use use = {.space = &space};
            struct function_context context = {.now_us = 1700000000000000, .zone = timezone_utc()};
            struct bind_options bind = {
                .text = slice_text(statements[s]), .context = &context, .catalogue = &event_catalogue};
            struct query_options options = {.context = &context};
            struct query_progress progress = {0};
            struct ast_statement *statement = NULL;
            struct query_plan plan = {0};
            struct kept kept = {.arena = arena};
            context.database = slice_text("default");
            must(parse_query(arena, bind.text, 1 << 20, &statement));
            must(bind_query(arena, &bind, statement->query, &plan));
            kept.types = ARENA_ARRAY(arena, const struct type *, plan.plan->column_count);
            for (uint32_t c = 0; c < plan.plan->column_count; c++) {
                kept.types[c] = plan.plan->columns[c].type;
            }
            must(spill_file_create(&use, arena, &kept.file));
            query_stress(0, stress == 1);
            must(query_execute(&plan, &options, &progress, keep_chunk, &kept));
            query_stress(0, false);
            assert_true(kept.list.row_count > 0);
            assert_true(atomic_load(&use.bytes) > 0);
            assert_int_equal(atomic_load(&use.bytes), atomic_load(&space.bytes));
            arena_destroy(arena);
            assert_int_equal(atomic_load(&space.bytes), 0);
        }
    }
}

/* --- queries --------------------------------------------------------------------------------------------------------
 */

struct result {
    struct buffer text;
    struct query_options options;
    struct query_progress progress;
};

static struct err *add_rows(void *user, const struct chunk *chunk, bool *stop)
{
    struct result *result = user;
    struct run run = {result->text, timezone_utc()};
    struct err *err = run_sink(&run, chunk, stop);
    result->text = run.text;
    return err;
}

static struct err *run_query(const char *sql, struct result *result)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct function_context context = {.now_us = 1700000000000000, .zone = timezone_utc()};
    struct bind_options bind = {.text = slice_text(sql), .context = &context, .catalogue = &event_catalogue};
    struct ast_statement *statement = NULL;
    struct query_plan plan = {0};
    context.database = slice_text("default");
    result->options.context = &context;
    OR_DONE(parse_query(arena, bind.text, 1 << 20, &statement));
    OR_DONE(bind_query(arena, &bind, statement->query, &plan));
    OR_DONE(query_execute(&plan, &result->options, &result->progress, add_rows, result));
done:
    arena_destroy(arena);
    return err;
}

static void answers_are_the_same(void **state)
{
    (void)state;
    static const char *const statements[] = {
        "SELECT number, cityHash64(number) % 1000 AS k FROM numbers(50000) ORDER BY k",
        "SELECT number, cityHash64(number) % 1000 AS k FROM numbers(50000) ORDER BY k DESC, number % 10 LIMIT 20000",
        "SELECT toString(cityHash64(number) % 5000) AS s, number FROM numbers(50000) ORDER BY s, number DESC",
        "SELECT nullIf(number % 100, 7) AS n, number FROM numbers(30000) ORDER BY n DESC NULLS FIRST LIMIT 10000, 300",
        "SELECT if(number % 10 = 0, nan, number % 17) AS f, number FROM numbers(30000) ORDER BY f, number",
        "SELECT [number % 10, number] AS a, number FROM numbers(9000) ORDER BY a DESC",
        "SELECT number FROM numbers(70000) ORDER BY cityHash64(number) LIMIT 30000 OFFSET 5",
        "SELECT cityHash64(number) % 20000 AS k, count(), sum(number), min(number), groupArray(number), "
        "uniqExact(number "
        "% 7), any(toString(number)) FROM numbers(60000) GROUP BY k ORDER BY k",
        "SELECT toString(number % 9000) AS s, nullIf(number % 3, 1) AS n, avg(number), quantileExact(0.5)(number), "
        "topK(2)(number % 4), argMax(s, number) FROM numbers(30000) GROUP BY s, n ORDER BY s, n",
        "SELECT number % 5000 AS k, count() AS c, max(toString(number)) FROM numbers(40000) GROUP BY k WITH TOTALS "
        "HAVING c > 7 ORDER BY k",
        "SELECT number % 500 AS a, number % 7 AS b, sum(number) AS s FROM numbers(40000) GROUP BY ROLLUP(a, b) ORDER "
        "BY a, "
        "b, s",
        "SELECT [number % 3000] AS a, (number % 2, toString(number % 3)) AS t, count() FROM numbers(30000) GROUP BY a, "
        "t "
        "ORDER BY a, t",
        "SELECT user, code, count(), sum(delay) FROM events GROUP BY user, code ORDER BY user, code",
        "SELECT a.number, b.s FROM numbers(30000) AS a LEFT JOIN (SELECT number * 2 AS number, toString(number) AS s "
        "FROM "
        "numbers(40000)) AS b ON a.number = b.number ORDER BY a.number",
        "SELECT a.s, b.s, a.n, b.n FROM (SELECT toString(number) AS s, number AS n FROM numbers(20000)) AS a FULL JOIN "
        "(SELECT toString(number + 9000) AS s, number % 5 AS n FROM numbers(20000)) AS b ON a.s = b.s AND b.n > 1 "
        "ORDER BY "
        "a.s, b.s",
        "SELECT a.id, b.id, b.user FROM events AS a ANTI JOIN (SELECT id * 3 AS id, user FROM events WHERE id < 20000) "
        "AS b ON a.id = "
        "b.id "
        "ORDER BY a.id",
        "SELECT sum(a.id), sum(b.id), count(), uniqExact(b.user) FROM events AS a JOIN events AS b ON a.id = b.id + 1 "
        "AND "
        "a.code = b.code",
        "SELECT a.id, b.id FROM events AS a ASOF LEFT JOIN (SELECT id * 7 AS id, code FROM events) AS b ON a.code = "
        "b.code "
        "AND a.id >= b.id ORDER BY a.id",
        "SELECT number % 3 AS g, number, row_number() OVER (PARTITION BY g ORDER BY number DESC) AS r FROM "
        "numbers(30000) ORDER BY g, r",
        "SELECT DISTINCT cityHash64(number) % 20000 AS k, toString(k) FROM numbers(60000) ORDER BY k",
        "SELECT DISTINCT nullIf(number % 20011, 9) AS k, [k] FROM numbers(40000) ORDER BY k",
        "SELECT DISTINCT user, code FROM events WHERE id < 30000 ORDER BY user, code",
        "SELECT number % 20000 AS k, number FROM numbers(70000) ORDER BY cityHash64(number) LIMIT 2 BY k",
        "SELECT number, toString(number % 9001) AS s FROM numbers(50000) ORDER BY number DESC LIMIT 2, 1 BY s, number "
        "% 2",
        "SELECT id, user FROM events WHERE id < 30000 ORDER BY id LIMIT 30 BY user LIMIT 20000",
        "SELECT k FROM (SELECT number % 20000 AS k FROM numbers(50000) INTERSECT SELECT number % 30000 + 7000 FROM "
        "numbers(50000)) ORDER BY k",
        "SELECT k FROM (SELECT toString(number % 20000) AS k FROM numbers(50000) INTERSECT DISTINCT SELECT "
        "toString(number * 3) FROM numbers(30000)) ORDER BY k",
        "SELECT k FROM (SELECT number % 20000 AS k FROM numbers(50000) EXCEPT SELECT number % 30000 + 7000 FROM "
        "numbers(50000)) ORDER BY k",
        "SELECT k, s FROM (SELECT number % 20000 AS k, nullIf(toString(k % 3), '2') AS s FROM numbers(50000) EXCEPT "
        "DISTINCT SELECT number * 2, '1' FROM numbers(50000)) ORDER BY k, s",
    };
    static const uint64_t thresholds[] = {20000, 400000};
    for (size_t s = 0; s < sizeof(statements) / sizeof(statements[0]); s++) {
        struct result whole = {0};
        must(run_query(statements[s], &whole));
        assert_int_equal(atomic_load(&whole.progress.bytes_spilled), 0);
        for (size_t t = 0; t < sizeof(thresholds) / sizeof(thresholds[0]); t++) {
            struct result spilled = {0};
            spilled.options.spill = &space;
            spilled.options.limits.max_bytes_before_external_sort = thresholds[t];
            spilled.options.limits.max_bytes_before_external_group_by = thresholds[t];
            spilled.options.limits.max_bytes_before_external_join = thresholds[t];
            spilled.options.limits.max_bytes_before_external_distinct = thresholds[t];
            must(run_query(statements[s], &spilled));
            assert_true(atomic_load(&spilled.progress.bytes_spilled) > 0);
            assert_int_equal(spilled.text.length, whole.text.length);
            assert_memory_equal(spilled.text.data, whole.text.data, whole.text.length);
            buffer_deinit(&spilled.text);
        }
        buffer_deinit(&whole.text);
    }
    assert_int_equal(atomic_load(&space.bytes), 0);
}

/* Right rows of one key, which no hash parts: they are joined in blocks, here of 100 rows or so. */
static void one_key_in_blocks(void **state)
{
    (void)state;
    static const char *const kinds[] = {
        "INNER JOIN", "LEFT JOIN",      "RIGHT JOIN",      "FULL JOIN",      "SEMI LEFT JOIN", "SEMI RIGHT JOIN",
        "ANTI JOIN",  "ANTI LEFT JOIN", "ANTI RIGHT JOIN", "ANY INNER JOIN", "ANY LEFT JOIN",  "ANY RIGHT JOIN",
    };
    static const char *const conditions[] = {"a.k = b.k", "a.k = b.k AND a.n % 7 = b.n % 400",
                                             "a.k = b.k AND b.n > 700"};
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        for (size_t c = 0; c < sizeof(conditions) / sizeof(conditions[0]); c++) {
            char sql[1024];
            bool any = strncmp(kinds[k], "ANY", 3) == 0 || strncmp(kinds[k], "SEMI", 4) == 0; /* which, is open */
            const char *b = any && strcmp(kinds[k], "ANY RIGHT JOIN") != 0 && strcmp(kinds[k], "SEMI RIGHT JOIN") != 0
                                ? "0"
                                : "b.n";
            const char *a = any && b[0] != '0' ? "0" : "a.n";
            snprintf(sql, sizeof(sql),
                     "SELECT %s AS x, %s AS y FROM (SELECT number AS n, number %% 10 = 3 ? NULL : number %% 10 = 4 ? "
                     "'none' : 'one' AS k FROM numbers(60)) AS a %s (SELECT number AS n, number %% 500 = 9 ? NULL : "
                     "'one' AS k FROM numbers(1500)) AS b ON %s ORDER BY x, y",
                     strcmp(kinds[k], "ANY INNER JOIN") == 0 ? "0" : a, b, kinds[k], conditions[c]);
            struct result whole = {0};
            struct result spilled = {0};
            must(run_query(sql, &whole));
            spilled.options.spill = &space;
            spilled.options.limits.max_bytes_before_external_join = 1;
            query_stress(100, false);
            must(run_query(sql, &spilled));
            query_stress(0, false);
            assert_true(atomic_load(&spilled.progress.bytes_spilled) > 0);
            if (spilled.text.length != whole.text.length ||
                (whole.text.length > 0 && memcmp(spilled.text.data, whole.text.data, whole.text.length) != 0)) {
                fail_msg("%s: %zu bytes, not %zu", sql, spilled.text.length, whole.text.length);
            }
            buffer_deinit(&spilled.text);
            buffer_deinit(&whole.text);
        }
    }
}

/* Far more rows than memory; nothing is set but the limit. */
static void memory_is_enough(void **state)
{
    (void)state;
    static const char *const statements[] = {
        "SELECT count(), sum(ignore(number)) FROM (SELECT number, repeat('x', 20) AS s FROM numbers(1000000) ORDER BY "
        "cityHash64(number) LIMIT 999999)",
        "SELECT count(), max(r) FROM (SELECT number % 100 AS g, row_number() OVER (PARTITION BY g ORDER BY "
        "cityHash64(number)) AS r FROM numbers(1000000))",
        "SELECT count(), sum(c) FROM (SELECT cityHash64(number) AS h, count() AS c FROM numbers(1000000) GROUP BY h)",
        "SELECT count(), sum(length(b.s)) FROM numbers(1000000) AS a JOIN (SELECT number * 2 AS n, toString(number) AS "
        "s FROM "
        "numbers(400000)) AS b ON a.number = b.n",
        "SELECT count(), sum(length(g)) FROM (SELECT number % 200000 AS k, groupArray(number) AS g FROM "
        "numbers(1000000) "
        "GROUP BY k)",
        "SELECT count(), sum(length(s)) FROM (SELECT DISTINCT toString(cityHash64(number)) AS s FROM numbers(500000))",
        "SELECT count(), sum(n) FROM (SELECT number AS n FROM numbers(600000) ORDER BY number DESC LIMIT 1 BY n % "
        "500000)",
        "SELECT count(), sum(n) FROM (SELECT number AS n FROM numbers(500000) EXCEPT SELECT number * 2 FROM "
        "numbers(500000))",
        "SELECT count(), sum(b.number), sum(length(b.s)) FROM (SELECT number, number AS k FROM numbers(1100000)) AS a "
        "LEFT JOIN (SELECT "
        "number, toString(number) AS s, 3 AS k FROM numbers(1000000)) AS b ON a.k = b.k",
    };
    for (size_t s = 0; s < sizeof(statements) / sizeof(statements[0]); s++) {
        struct budget budget;
        struct result result = {0};
        budget_init(&budget, "query", 16 << 20, NULL);
        result.options.budget = &budget;
        struct err *err = run_query(statements[s], &result);
        if (err_code(err) != ERR_MEMORY_LIMIT) {
            fail_msg("%s: enough memory, or %s", statements[s], err == NULL ? "" : err_message(err));
        }
        err_free(err);
        result.options.spill = &space;
        err = run_query(statements[s], &result);
        if (err != NULL) {
            fail_msg("%s: %s", statements[s], err_message(err));
        }
        assert_true(atomic_load(&result.progress.bytes_spilled) > 0);
        assert_int_equal(atomic_load(&budget.bytes), 0);
        assert_int_equal(atomic_load(&space.bytes), 0);
        buffer_deinit(&result.text);
    }
}

/* Others have taken most of what all queries may: this one gives up less than it would alone. */
static void others_have_the_memory(void **state)
{
    (void)state;
    const uint64_t others = (uint64_t)200 << 20;
    struct budget all;
    struct budget budget;
    struct result result = {0};
    budget_init(&all, "queries", (uint64_t)256 << 20, NULL);
    budget_init(&budget, "query", 0, &all);
    result.options.budget = &budget;
    result.options.spill = &space;
    assert_true(budget_take(&all, others));
    must(run_query("SELECT count() FROM (SELECT DISTINCT cityHash64(number) FROM numbers(60000))", &result));
    assert_true(atomic_load(&result.progress.bytes_spilled) > 0);
    budget_give(&all, others);
    assert_int_equal(atomic_load(&all.bytes), 0);
    buffer_deinit(&result.text);
}

static const char *const shared_statements[] = {
    "SELECT count(), sum(c) FROM (SELECT cityHash64(number) AS h, count() AS c FROM numbers(100000) GROUP BY h)",
    "SELECT count() FROM (SELECT DISTINCT toString(number) FROM numbers(100000))",
    "SELECT count(), sum(number) FROM (SELECT number FROM numbers(200000) ORDER BY cityHash64(number) LIMIT 199999)",
    ("SELECT count(), sum(length(b.s)) FROM numbers(100000) AS a JOIN (SELECT number * 2 AS n, toString(number) AS "
     "s FROM numbers(60000)) AS b ON a.number = b.n"),
};

struct client {
    pthread_t thread;
    struct budget *all;
    const struct buffer *expected; /* [4], of the statements */
    uint32_t number;
    uint32_t answers, refusals;
};

static void *ask(void *object)
{
    struct client *client = object;
    for (uint32_t i = 0; i < 4; i++) {
        struct budget budget;
        struct result result = {0};
        uint32_t s = (client->number + i) % 4;
        budget_init(&budget, "query", 12 << 20, client->all);
        result.options.budget = &budget;
        result.options.spill = &space;
        struct err *err = run_query(shared_statements[s], &result);
        client->answers +=
            err == NULL && slice_equal(buffer_all(&result.text), buffer_all(&client->expected[s])) ? 1 : 0;
        client->refusals += err_code(err) == ERR_MEMORY_LIMIT ? 1 : 0;
        err_free(err);
        buffer_deinit(&result.text);
    }
    return NULL;
}

/* Many queries at once, each near its limit, all of them far above what they may together. */
static void many_queries_share_the_memory(void **state)
{
    (void)state;
    struct client clients[6] = {0};
    struct buffer expected[4];
    struct budget all;
    for (uint32_t s = 0; s < 4; s++) {
        struct result result = {0};
        must(run_query(shared_statements[s], &result));
        expected[s] = result.text;
    }
    budget_init(&all, "queries", 24 << 20, NULL);
    for (uint32_t k = 0; k < 6; k++) {
        clients[k] = (struct client){.all = &all, .expected = expected, .number = k};
        assert_int_equal(pthread_create(&clients[k].thread, NULL, ask, &clients[k]), 0);
    }
    for (uint32_t k = 0; k < 6; k++) {
        pthread_join(clients[k].thread, NULL);
        assert_int_equal(clients[k].answers + clients[k].refusals, 4);
    }
    for (uint32_t s = 0; s < 4; s++) {
        buffer_deinit(&expected[s]);
    }
    assert_true(atomic_load(&all.bytes_peak) <= all.bytes_max);
    assert_int_equal(atomic_load(&all.bytes), 0);
    assert_int_equal(atomic_load(&space.bytes), 0);
}

static _Atomic bool never_set;

/* With sanitizers, behind the first ones every seventh look. */
#define LOOKS_ALL 40U
#ifdef WEIR_SANITIZED
#define LOOKS_STEP 7U
#else
#define LOOKS_STEP 1U
#endif

/* Cancelled at each look, one after the other: nothing is left behind, wherever it was. */
static void ends_at_every_look(void **state)
{
    (void)state;
    static const char *const statements[] = {
        "SELECT cityHash64(number) AS h, count() AS c FROM numbers(200) GROUP BY h",
        "SELECT toString(number) AS s, groupArray(number) FROM numbers(200) GROUP BY s WITH TOTALS",
        "SELECT DISTINCT toString(cityHash64(number)) FROM numbers(200)",
        "SELECT number AS n FROM numbers(200) LIMIT 1 BY n % 150",
        "SELECT number FROM numbers(100) EXCEPT SELECT number * 2 FROM numbers(100)",
        "SELECT a.number, b.s FROM numbers(100) AS a JOIN (SELECT number, toString(number) AS s FROM numbers(100)) AS "
        "b ON "
        "a.number = b.number",
    };
    for (size_t s = 0; s < sizeof(statements) / sizeof(statements[0]); s++) {
        uint64_t looks = 1;
        for (uint64_t at = 0; at <= looks; at += at < LOOKS_ALL ? 1 : LOOKS_STEP) { /* 0: they are counted */
            struct budget budget;
            struct interrupt interrupt;
            struct result result = {0};
            budget_init(&budget, "query", 0, NULL);
            result.options = (struct query_options){.budget = &budget, .spill = &space, .threads_max = 1};
            result.options.limits.max_bytes_before_external_group_by = 1;
            result.options.limits.max_bytes_before_external_join = 1;
            result.options.limits.max_bytes_before_external_distinct = 1;
            query_stress(100, false);
            interrupt_begin(&interrupt, &never_set);
            interrupt_at_look(at == 0 ? UINT64_MAX : at);
            struct err *err = run_query(statements[s], &result);
            looks = at == 0 ? interrupt_looks() : looks;
            interrupt_at_look(0);
            interrupt_end(&interrupt);
            query_stress(0, false);
            if (at == 0) {
                must(err);
                assert_true(atomic_load(&result.progress.bytes_spilled) > 0);
                assert_true(looks > 20);
            } else if (err != NULL) { /* else it looked less often this time */
                expect(err, ERR_QUERY_CANCELLED);
            }
            assert_int_equal(atomic_load(&budget.bytes), 0);
            assert_int_equal(atomic_load(&space.bytes), 0);
            buffer_deinit(&result.text);
        }
    }
}

static uint32_t rows_wanted;

/* Fails, or has enough, after so many rows. */
static struct err *take_some(void *user, const struct chunk *chunk, bool *stop)
{
    uint64_t *rows = user;
    *rows += chunk->row_count;
    if (rows_wanted == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "the reader has enough");
    }
    *stop = *rows >= rows_wanted;
    return NULL;
}

/* Groups come from many parts of files: nobody reads on when no more are wanted, or when one could not be sent. */
static void groups_are_sent_until_nobody_wants_more(void **state)
{
    (void)state;
    static const char *const statements[] = {
        "SELECT number AS k, count() FROM numbers(20000) GROUP BY k",
        "SELECT number AS k, groupArray(toString(number)) FROM numbers(20000) GROUP BY k",
        "SELECT number AS k, count() FROM numbers(20000) GROUP BY k LIMIT 300",
        "SELECT number AS k, count() FROM numbers(20000) GROUP BY k WITH TOTALS",
    };
    for (size_t s = 0; s < sizeof(statements) / sizeof(statements[0]); s++) {
        for (rows_wanted = 0; rows_wanted < 1000; rows_wanted += 250) {
            uint64_t rows = 0;
            struct arena *arena = arena_create(NULL);
            struct function_context context = {.now_us = 1700000000000000, .zone = timezone_utc()};
            struct bind_options bind = {
                .text = slice_text(statements[s]), .context = &context, .catalogue = &event_catalogue};
            struct query_options options = {.context = &context, .spill = &space};
            struct query_progress progress = {0};
            struct ast_statement *statement = NULL;
            struct query_plan plan = {0};
            context.database = slice_text("default");
            options.limits.max_bytes_before_external_group_by = 1;
            must(parse_query(arena, bind.text, 1 << 20, &statement));
            must(bind_query(arena, &bind, statement->query, &plan));
            query_stress(100, false);
            struct err *err = query_execute(&plan, &options, &progress, take_some, &rows);
            query_stress(0, false);
            expect(err, rows_wanted == 0 ? ERR_BAD_ARGUMENTS : ERR_NONE);
            assert_true(rows >= (rows_wanted < 300 ? rows_wanted : 300) && rows < 20000);
            assert_true(atomic_load(&progress.bytes_spilled) > 0);
            arena_destroy(arena);
            assert_int_equal(atomic_load(&space.bytes), 0);
        }
    }
}

static void ratios_are_limits(void **state)
{
    (void)state;
    const char *const sql[] = {"SELECT count() FROM (SELECT cityHash64(number) AS h FROM numbers(100000) GROUP BY h)",
                               "SELECT count(), sum(ignore(number)) FROM (SELECT number FROM numbers(200000) ORDER BY "
                               "cityHash64(number) LIMIT 199999)"};
    const char *const names[] = {"max_bytes_ratio_before_external_group_by", "max_bytes_ratio_before_external_sort"};
    for (uint32_t k = 0; k < 2; k++) {
        bool known = false;
        struct budget budget;
        struct result result = {0};
        budget_init(&budget, "query", 128 << 20, NULL);
        result.options.budget = &budget;
        result.options.spill = &space;
        must(run_query(sql[k], &result)); /* far below a half */
        assert_int_equal(atomic_load(&result.progress.bytes_spilled), 0);
        must(query_limits_set(&result.options.limits, slice_text(names[k]), slice_text("0.01"), &known));
        assert_true(known);
        must(run_query(sql[k], &result));
        assert_true(atomic_load(&result.progress.bytes_spilled) > 0);
        expect(query_limits_set(&result.options.limits, slice_text(names[k]), slice_text("1.5"), &known),
               ERR_CANNOT_PARSE_INPUT);
        buffer_deinit(&result.text);
        /* 0: never, even where it then ends with an error */
        struct result never = {0};
        budget_init(&budget, "query", 4 << 20, NULL);
        never.options.budget = &budget;
        never.options.spill = &space;
        must(query_limits_set(&never.options.limits, slice_text(names[k]), slice_text("0"), &known));
        expect(run_query(sql[k], &never), ERR_MEMORY_LIMIT);
        assert_int_equal(atomic_load(&never.progress.bytes_spilled), 0);
        buffer_deinit(&never.text);
    }
}

static void disk_is_bounded(void **state)
{
    (void)state;
    const char *sql = "SELECT cityHash64(number) AS h FROM numbers(100000) ORDER BY h";
    struct result result = {0};
    result.options.spill = &space;
    result.options.limits.max_bytes_before_external_sort = 1000;
    result.options.limits.max_temporary_data_on_disk_size_for_query = 100000;
    expect(run_query(sql, &result), ERR_TOO_MANY_ROWS_OR_BYTES);
    result.options.limits.max_temporary_data_on_disk_size_for_query = 0;
    space.bytes_max = 100000;
    expect(run_query(sql, &result), ERR_TOO_MANY_ROWS_OR_BYTES);
    space.bytes_max = 0;
    assert_int_equal(atomic_load(&space.bytes), 0);
    must(run_query(sql, &result));
    buffer_deinit(&result.text);
}

static void failures_are_errors(void **state)
{
    (void)state;
    static const struct {
        const char *point;
        enum err_code code;
    } failures[] = {
        {"spill_write=enospc", ERR_NOT_ENOUGH_SPACE}, {"spill_write=eio:3", ERR_IO}, {"spill_unlink=eio", ERR_IO}};
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        struct result result = {0};
        result.options.spill = &space;
        result.options.limits.max_bytes_before_external_sort = 1000;
        must(failpoint_arm(failures[i].point));
        struct err *err = run_query("SELECT number FROM numbers(100000) ORDER BY cityHash64(number)", &result);
        assert_int_equal(err_code(err), failures[i].code);
        assert_non_null(strstr(err_message(err), "/temporary/")); /* the file, and what to do */
        assert_true(failures[i].code != ERR_NOT_ENOUGH_SPACE || strstr(err_message(err), "free space on the disk"));
        err_free(err);
        failpoint_disarm_all();
        buffer_deinit(&result.text);
        assert_int_equal(atomic_load(&space.bytes), 0);
    }
    /* the file that could not be unlinked is removed by the next start */
    struct arena *arena = arena_create(NULL);
    struct slice *names = NULL;
    uint32_t count = 0;
    must(io_list(io, "temporary", arena, &names, &count));
    assert_true(count > 0);
    must(spill_space_open(&space, io, 0));
    must(io_list(io, "temporary", arena, &names, &count));
    assert_int_equal(count, 0);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_come_back),       cmocka_unit_test(answers_are_the_same),
        cmocka_unit_test(memory_is_enough),       cmocka_unit_test(one_key_in_blocks),
        cmocka_unit_test(others_have_the_memory), cmocka_unit_test(many_queries_share_the_memory),
        cmocka_unit_test(ends_at_every_look),     cmocka_unit_test(groups_are_sent_until_nobody_wants_more),
        cmocka_unit_test(ratios_are_limits),      cmocka_unit_test(disk_is_bounded),
        cmocka_unit_test(failures_are_errors),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
