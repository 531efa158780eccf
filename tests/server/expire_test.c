/*
 * expire_test.c: rows' TTL and the wall clock: nothing leaves while the guard stands, and what has not expired stays.
 */
#include "server/expire.h"

#include "base/clock.h"
#include "base/timezone.h"
#include "query/table_source.h"
#include "server/access.h"
#include "sql/define.h"
#include "sql/parser.h"
#include "sql/table_program.h"
#include "tests/storage/table_fixture.h"

#define DAY_US ((int64_t)86400 * 1000000)

static const char create[] =
    "CREATE TABLE t (ts DateTime, n Int64, service String, note Nullable(String), part UInt16) "
    "ENGINE = MergeTree PARTITION BY part ORDER BY (service, ts) "
    "TTL toDateTime('2020-01-01 00:00:00', 'UTC') + toIntervalDay(n)";

static void table_make_ttl(struct server *server)
{
    struct arena *arena = arena_create(NULL);
    struct execution *execution = calloc(1, sizeof(*execution));
    struct ast_statement *statement = NULL;
    struct table_def def;
    execution->arena = arena;
    execution_init(execution, server, slice_text("default"));
    execution->bind.text = slice_text(create);
    assert_ok(parse_query(arena, slice_text(create), (uint32_t)sizeof create, &statement));
    assert_ok(
        define_table(arena, &execution->bind, statement->create_table, slice_text("default"), NULL, 0, NULL, &def));
    assert_ok(catalogue_create_table(server->store->catalogue, &def, false, NULL, NULL));
    free(execution);
    arena_destroy(arena);
}

static struct err *expire(struct server *server, bool told)
{
    struct execution *execution = calloc(1, sizeof(*execution));
    struct process *process = calloc(1, sizeof(*process));
    struct table *table = table_opened(server->store, "t");
    execution->arena = arena_create(NULL);
    execution_init(execution, server, slice_text("default"));
    execution->process = process;
    execution->settings.max_threads = 1;
    struct err *err = expire_now(execution, table, NULL, told);
    arena_destroy(execution->arena);
    table_unref(table);
    free(process);
    free(execution);
    return err;
}

static uint64_t rows_of(struct server *server)
{
    struct table *table = table_opened(server->store, "t");
    struct rows_seen seen = rows_see(table);
    table_unref(table);
    return seen.rows;
}

/* Row n expires n days after the first of January 2020. */
static void the_clock_decides(void **state)
{
    (void)state;
    const int64_t begin_us = (int64_t)1577836800 * 1000000;
    char *folder = folder_make();
    clock_set(begin_us);
    struct server *server = calloc(1, sizeof(*server));
    server->store = store_opened(folder, NULL);
    server->zone = timezone_system();
    server->started_at_us = begin_us;
    server->config.query_memory_max = (uint64_t)64 << 20;
    budget_init(&server->queries_budget, "all queries", (uint64_t)64 << 20, NULL);
    assert_ok(access_start(server));
    table_make_ttl(server);
    struct table *table = table_opened(server->store, "t");
    struct head_writer *writer = NULL;
    struct draft *draft = NULL;
    assert_ok(head_writer_open(table, NULL, &writer));
    for (uint64_t n = 1; n <= 100; n++) {
        row_put(head_builder(writer), n, 2, NULL);
    }
    assert_ok(draft_create(server->store, &draft));
    assert_ok(draft_seal(draft, writer));
    assert_ok(draft_commit(draft, NULL));
    draft_destroy(draft);
    head_writer_close(writer);
    table_unref(table);

    assert_ok(expire(server, true));
    assert_int_equal(rows_of(server), 100);
    clock_set(begin_us + DAY_US / 2); /* no jump yet, and no row */
    assert_ok(expire(server, true));
    assert_int_equal(rows_of(server), 100);
    access_stop(server);
    assert_ok(store_close(server->store));

    clock_set(begin_us + 10 * DAY_US); /* more than a day after the last commit */
    server->store = store_opened(folder, NULL);
    assert_ok(access_start(server));
    assert_err(expire(server, true), ERR_ABORTED, "wall clock");
    assert_ok(expire(server, false));
    assert_int_equal(rows_of(server), 100);
    store_clock_confirm(server->store);
    assert_ok(expire(server, false));
    assert_int_equal(rows_of(server), 90);
    clock_set(begin_us + 10 * DAY_US + DAY_US - 1000000); /* a second before the next one's time */
    assert_ok(expire(server, true));
    assert_int_equal(rows_of(server), 90);
    clock_set(begin_us + 10 * DAY_US + DAY_US);
    assert_ok(expire(server, true));
    assert_int_equal(rows_of(server), 89);
    access_stop(server);
    assert_ok(store_close(server->store));
    clock_set_real();
    free(server);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_clock_decides)};
    table_program_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
