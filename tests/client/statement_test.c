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
    assert_true(statement_wants_data(slice_text("/* x */ insert into t values")));
    assert_false(statement_wants_data(slice_text("select 'insert' format values")));
    assert_true(statement_wants_data(slice_text("INSERT INTO t (a, b) FORMAT CSV")));
    assert_true(statement_wants_data(slice_text("INSERT INTO t VALUES;")));
    assert_false(statement_wants_data(slice_text("INSERT INTO t VALUES (1)")));
    assert_false(statement_wants_data(slice_text("INSERT INTO t SELECT 1")));
    assert_false(statement_wants_data(slice_text("SELECT 1 FORMAT CSV")));
}

/* text, data ("-": none) and where the next statement begins; end 0: more is needed. */
static void statements_are_cut(void **state)
{
    (void)state;
    static const struct {
        const char *whole;
        bool is_all;
        const char *text, *data;
        size_t end;
    } samples[] = {
        {"select 1; select 2", false, "select 1", "-", 9},
        {"select 1", false, "", "", 0},
        {"select 1", true, "select 1", "-", 8},
        {"insert into t values (1, ';'); select 2", false, "insert into t values (1, ';')", "-", 30},
        {"insert into t select 1 format csv; x", true, "insert into t select 1 format csv", "-", 34},
        {"insert into t (a, format) format CSV\n1;2\n", false, "insert into t (a, format) format CSV", "1;2\n", 41},
        {"insert into format format CSV 1", false, "insert into format format CSV", "1", 31},
        {"insert into t format CSV\r\n1", false, "insert into t format CSV", "1", 27},
        {"insert into t format CSV\n", false, "insert into t format CSV", "", 25},
        {"insert into t format CSV\n", true, "insert into t format CSV", "-", 25},
        {"insert into t format CSV ", false, "", "", 0},
        {"insert into t format CSV ; select 1", false, "insert into t format CSV", "-", 26},
        {"insert into t format Values (1); select 1", false, "insert into t format Values (1)", "-", 32},
        {"insert into t form", false, "", "", 0},
        {"select 1 format CSV\n;", false, "select 1 format CSV\n", "-", 21},
    };
    for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]); k++) {
        struct statement out = {0};
        assert_int_equal(statement_cut(slice_text(samples[k].whole), samples[k].is_all, &out), samples[k].end > 0);
        if (samples[k].end > 0) {
            bool none = strcmp(samples[k].data, "-") == 0;
            assert_true(slice_equal(out.text, slice_text(samples[k].text)));
            assert_int_equal(out.data.data == NULL, none);
            assert_true(none || slice_equal(out.data, slice_text(samples[k].data)));
            assert_int_equal(out.end, samples[k].end);
        }
    }
}

static void lines_for_the_history(void **state)
{
    (void)state;
    static const char *const samples[][2] = {
        {"select 1;", "select 1;"},
        {"  select -- why\n\t1,/* x */2\n;", "select 1, 2 ;"},
        {"select 'a\n -- b';", "select 'a\n -- b';"},
        {"-- nothing", ""},
    };
    for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]); k++) {
        struct buffer line = {0};
        statement_append_line(slice_text(samples[k][0]), &line);
        assert_true(slice_equal(buffer_all(&line), slice_text(samples[k][1])));
        buffer_deinit(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_of_statements),
        cmocka_unit_test(shapes_of_statements),
        cmocka_unit_test(statements_are_cut),
        cmocka_unit_test(lines_for_the_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
