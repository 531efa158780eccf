/*
 * table_program_test.c: expressions of a table as storage asks for them: keys, partition, TTL, DEFAULTs.
 */
#include "base/clock.h"
#include "sql/table_program.h"
#include "storage/table_functions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct column_def columns[] = {
    {.name = "ts", .default_text = "", .codec = "", .comment = ""},
    {.name = "a", .default_text = "", .codec = "", .comment = ""},
    {.name = "twice", .default_kind = COLUMN_DEFAULT_DEFAULT, .default_text = "a * 2", .codec = "", .comment = ""},
    {.name = "at", .default_kind = COLUMN_DEFAULT_DEFAULT, .default_text = "now()", .codec = "", .comment = ""},
};
static const char *const order_by[] = {"a % 10", "negate(a)"};

static struct table_def definition(void)
{
    columns[0].type = type_simple(TYPE_DATETIME);
    columns[1].type = type_simple(TYPE_INT32);
    columns[2].type = type_simple(TYPE_INT64);
    columns[3].type = type_simple(TYPE_DATETIME);
    return (struct table_def){.database = "db",
                              .name = "t",
                              .columns = columns,
                              .column_count = 4,
                              .order_by = order_by,
                              .order_by_count = 2,
                              .partition_by = "toYYYYMM(ts)",
                              .ttl = "ts + toIntervalDay(1)"};
}

static void must(struct err *err)
{
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
}

static void test_expressions(void **state)
{
    struct table_def def = definition();
    struct table_program *program = NULL;
    struct arena *arena = arena_create(NULL);
    struct column *out = NULL;
    (void)state;

    must(table_functions()->compile(&def, &program));
    struct chunk *chunk = chunk_new(arena, 4, 3);
    for (uint32_t i = 0; i < 4; i++) {
        chunk->columns[i] = column_new(arena, columns[i].type, 3);
    }
    for (uint32_t i = 0; i < 3; i++) {
        ((uint32_t *)chunk->columns[0]->values)[i] = 1764547200 + i * 86400; /* 2025-12-01 … */
        ((int32_t *)chunk->columns[1]->values)[i] = (int32_t)i * 7 + 5;
        ((int64_t *)chunk->columns[2]->values)[i] = 0;
        ((uint32_t *)chunk->columns[3]->values)[i] = 0;
    }
    must(table_functions()->evaluate(program, arena, TABLE_ORDER_BY, 0, chunk, &out));
    const struct column *flat = column_flat(arena, out);
    assert_int_equal(out->type->kind, TYPE_INT16);
    assert_int_equal(((const int16_t *)flat->values)[0], 5);
    assert_int_equal(((const int16_t *)flat->values)[1], 2);
    assert_int_equal(((const int16_t *)flat->values)[2], 9);
    must(table_functions()->evaluate(program, arena, TABLE_ORDER_BY, 1, chunk, &out));
    assert_int_equal(out->type->kind, TYPE_INT32);
    must(table_functions()->evaluate(program, arena, TABLE_PARTITION_BY, 0, chunk, &out));
    struct slice text;
    must(table_functions()->partition_text(program, arena, out, 2, &text));
    assert_true(slice_equal(text, slice_text("202512")));
    must(table_functions()->evaluate(program, arena, TABLE_TTL, 0, chunk, &out));
    flat = column_flat(arena, out);
    assert_int_equal(((const uint32_t *)flat->values)[0], 1764547200 + 86400);
    must(table_functions()->evaluate(program, arena, TABLE_DEFAULT, 2, chunk, &out));
    assert_int_equal(out->type->kind, TYPE_INT64);
    flat = column_flat(arena, out);
    assert_int_equal(((const int64_t *)flat->values)[2], 38);
    /* now() is the time of the insert */
    for (int64_t second = 1800000000; second < 1800000002; second++) {
        clock_set(second * 1000000);
        must(table_functions()->evaluate(program, arena, TABLE_DEFAULT, 3, chunk, &out));
        flat = column_flat(arena, out);
        assert_in_range(((const uint32_t *)flat->values)[1], (uint32_t)second, (uint32_t)second + 3600);
    }
    table_functions()->destroy(program);
    arena_destroy(arena);
}

static void test_errors(void **state)
{
    struct table_def def = definition();
    struct table_program *program = NULL;
    (void)state;
    def.ttl = "nosuch + 1";
    struct err *err = table_functions()->compile(&def, &program);
    assert_non_null(err);
    assert_int_equal(err_code(err), ERR_UNKNOWN_IDENTIFIER);
    assert_non_null(strstr(err_message(err), "db.t"));
    assert_non_null(strstr(err_message(err), "nosuch + 1"));
    err_free(err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_errors),
    };
    table_program_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
