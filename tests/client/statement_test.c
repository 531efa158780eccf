/* statement_test.c: where statements end, and which of them wait for data. */
#include "client/statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void ends_of_statements(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t end;
    } samples[] = {
        {"select 1;", 9},
        {"select 1; select 2;", 9},
        {"select 1", 0},
        {"select ';' ;", 12},
        {"select 'a\\';' ;", 15},
        {"select 'a'';' ;", 15},
        {"select `;`, \";\";", 16},
        {"-- ;\nselect 1;", 14},
        {"/* ; */ select 1;", 17},
        {"/* ;", 0},
        {"select ';", 0},
        {"select '\\", 0},
        {"", 0},
        {";", 1},
    };
    for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]); k++) {
        assert_int_equal(statement_end(slice_text(samples[k].text)), samples[k].end);
    }
}

static void shapes_of_statements(void **state)
{
    (void)state;
    assert_true(statement_is_empty(slice_text(" ; -- x\n /* y */ ;")));
    assert_false(statement_is_empty(slice_text(" ; 1")));
    assert_true(statement_holds_data(slice_text("/* x */ insert into t format CSV 1,2;\n3,4")));
    assert_false(statement_holds_data(slice_text("insert into t values (1); select 1")));
    assert_false(statement_holds_data(slice_text("insert into t format Values (1); select 1")));
    assert_false(statement_holds_data(slice_text("insert into t select 1 format CSV")));
    assert_false(statement_holds_data(slice_text("select 'insert' format CSV")));
    assert_true(statement_wants_data(slice_text("INSERT INTO t (a, b) FORMAT CSV")));
    assert_true(statement_wants_data(slice_text("INSERT INTO t VALUES;")));
    assert_false(statement_wants_data(slice_text("INSERT INTO t VALUES (1)")));
    assert_false(statement_wants_data(slice_text("INSERT INTO t SELECT 1")));
    assert_false(statement_wants_data(slice_text("SELECT 1 FORMAT CSV")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_of_statements),
        cmocka_unit_test(shapes_of_statements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
