/* statement_test.c: where statements end, and which of them wait for data. */
#include "client/paint.h"
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

static void heredocs_and_vertical_ends(void **state)
{
    (void)state;
    struct statement out;
    assert_int_equal(statement_end(slice_text("select $a$ ; $b$ ; $a$;")), 23);
    assert_int_equal(statement_end(slice_text("select $$;$$;")), 13);
    assert_int_equal(statement_end(slice_text("select $a$ ;")), 0);
    assert_int_equal(statement_end(slice_text("select '$' , $ ;")), 16);
    assert_true(statement_cut(slice_text("select 1\\G select 2"), false, &out));
    assert_true(out.vertical && slice_equal(out.text, slice_text("select 1")) && out.end == 10);
    assert_true(statement_cut(slice_text("select 'a\\G';"), false, &out));
    assert_false(out.vertical);
    assert_true(statement_is_empty(slice_text("\\G;")));
}

static void files_of_statements(void **state)
{
    (void)state;
    static const struct {
        const char *text, *path, *compression, *before, *behind; /* path NULL: names no file */
        bool reads, append, truncate, and_stdout;
    } samples[] = {
        {"insert into t from infile 'a''b' format CSV", "'a''b'", "", "insert into t ", " format CSV", .reads = true},
        {"INSERT INTO t (x) FROM INFILE 'a' COMPRESSION 'gzip' FORMAT CSV", "'a'", "'gzip'", "INSERT INTO t (x) ",
         " FORMAT CSV", .reads = true},
        {"select 1 into outfile 'o'", "'o'", "", "select 1 ", "", .reads = false},
        {"select 1 into outfile 'o' append and stdout compression 'zstd' format TSV", "'o'", "'zstd'", "select 1 ",
         " format TSV", .append = true, .and_stdout = true},
        {"select 1 into outfile 'o' truncate settings a = 1", "'o'", "", "select 1 ", " settings a = 1",
         .truncate = true},
        {"select 'into outfile', (select 1 into outfile 'x')", .path = NULL},
        {"select 1 into outfile", .path = NULL},
        {"select 1 into outfile x", .path = NULL},
        {"insert into t values ('from infile')", .path = NULL},
        {"insert into outfile 'x'", .path = NULL},
    };
    for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]); k++) {
        struct statement_file out;
        assert_int_equal(statement_file(slice_text(samples[k].text), &out), samples[k].path != NULL);
        if (samples[k].path != NULL) {
            assert_true(slice_equal(out.path, slice_text(samples[k].path)));
            assert_true(slice_equal(out.compression, slice_text(samples[k].compression)));
            assert_true(slice_equal(out.before, slice_text(samples[k].before)));
            assert_true(slice_equal(out.behind, slice_text(samples[k].behind)));
            assert_int_equal(out.reads, samples[k].reads);
            assert_int_equal(out.append, samples[k].append);
            assert_int_equal(out.truncate, samples[k].truncate);
            assert_int_equal(out.and_stdout, samples[k].and_stdout);
        }
    }
    struct buffer text = {0};
    statement_unquote(slice_text("'a''b\\'c'"), &text);
    assert_true(slice_equal(buffer_all(&text), slice_text("a'b'c")));
    buffer_deinit(&text);
}

static void tokens_cover_a_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"select 'a", "/* x", "\"",   "`",         "$a$", "$",
                                        "\\",        "\\G",  "-- x", "a\xff\xc3", "1e5", ""};
    for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
        size_t at = 0, behind = 0;
        struct statement_token token;
        while (statement_token(slice_text(texts[k]), &at, &token)) {
            assert_ptr_equal(token.text.data, texts[k] + behind);
            assert_true(token.text.length > 0 && at == behind + token.text.length);
            behind = at;
        }
        assert_int_equal(behind, strlen(texts[k]));
    }
}

static void colours(void **state)
{
    (void)state;
    struct buffer out = {0};
    paint_sql(slice_text("/* a\nb */ select f(x), 'y"), 5, &out);
    assert_true(slice_equal(buffer_all(&out), slice_text("\x1b[90mb */\x1b[0m \x1b[1;34mselect\x1b[0m "
                                                         "\x1b[36mf\x1b[0m(x), \x1b[32m'y\x1b[0m")));
    size_t count;
    const char *const *keywords = paint_keywords(&count);
    for (size_t k = 1; k < count; k++) {
        assert_true(strcmp(keywords[k - 1], keywords[k]) < 0); /* they are looked for by halves */
    }
    buffer_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_of_statements),         cmocka_unit_test(shapes_of_statements),
        cmocka_unit_test(statements_are_cut),         cmocka_unit_test(lines_for_the_history),
        cmocka_unit_test(heredocs_and_vertical_ends), cmocka_unit_test(files_of_statements),
        cmocka_unit_test(tokens_cover_a_text),        cmocka_unit_test(colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
