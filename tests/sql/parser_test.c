/*
 * parser_test.c: tokens, syntax errors with positions and hints, bounds, printing back.
 */
#include "sql/lexer.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct err *parse(struct arena *arena, const char *text, struct ast_statement **out)
{
    return parse_query(arena, slice_text(text), 0, out);
}

static void test_tokens(void **state)
{
    static const struct {
        const char *text;
        enum token_kind kinds[8];
    } cases[] = {
        {"a.1.2", {TOKEN_WORD, TOKEN_DOT, TOKEN_NUMBER, TOKEN_DOT, TOKEN_NUMBER, TOKEN_END}},
        {".5 1. 1e5 0xfF", {TOKEN_NUMBER, TOKEN_NUMBER, TOKEN_NUMBER, TOKEN_NUMBER, TOKEN_END}},
        {"1_000 -- rest\n'x''y' # more\n", {TOKEN_NUMBER, TOKEN_STRING, TOKEN_END}},
        {"a->b<=>c::d||e",
         {TOKEN_WORD, TOKEN_ARROW, TOKEN_WORD, TOKEN_NULL_SAFE_EQUALS, TOKEN_WORD, TOKEN_DOUBLE_COLON, TOKEN_WORD,
          TOKEN_CONCAT}},
        {"'open", {TOKEN_ERROR, TOKEN_END}},
        {"1abc", {TOKEN_ERROR, TOKEN_END}},
        {"/* open", {TOKEN_ERROR, TOKEN_END}},
        {"$$a'b$$ $t$x$t$", {TOKEN_STRING, TOKEN_STRING, TOKEN_END}},
        {"x'4142' b'1' `a b` \"c\"", {TOKEN_STRING, TOKEN_STRING, TOKEN_QUOTED, TOKEN_QUOTED, TOKEN_END}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lexer lexer;
        lexer_init(&lexer, slice_text(cases[i].text));
        for (size_t j = 0; j < 8; j++) {
            enum token_kind kind = lexer_next(&lexer).kind;
            if (kind != cases[i].kinds[j]) {
                fail_msg("%s: token %zu is %d, not %d", cases[i].text, j, kind, cases[i].kinds[j]);
            }
            if (kind == TOKEN_END) {
                break;
            }
        }
    }
}

static void test_strings(void **state)
{
    static const struct {
        const char *text;
        const char *value;
    } cases[] = {
        {"'it''s'", "it's"},    {"'a\\nb\\t'", "a\nb\t"},
        {"'\\d\\%'", "\\d\\%"}, {"'\\x41\\q'", "A\\q"},
        {"x'4142'", "AB"},      {"x'141'", "\x01\x41"},
        {"b'1000001'", "A"},    {"$$a'b$$", "a'b"},
        {"$t$$$x$t$", "$$x"},   {"''", ""},
        {"`a\\`b`", "a`b"},
    };
    struct arena *arena = arena_create(NULL);
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lexer lexer;
        lexer_init(&lexer, slice_text(cases[i].text));
        struct slice value = token_value(arena, lexer_next(&lexer));
        if (!slice_equal(value, slice_text(cases[i].value))) {
            fail_msg("%s is '%.*s'", cases[i].text, SLICE_ARG(value));
        }
    }
    arena_destroy(arena);
}

/* Each error: its code, and pieces that its message must hold. */
static void test_errors(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *pieces[3];
    } cases[] = {
        {"", ERR_EMPTY_QUERY, {"empty"}},
        {" -- nothing\n;;", ERR_EMPTY_QUERY, {"empty"}},
        {"SELEC 1", ERR_SYNTAX, {"line 1, col 1", "found 'SELEC'", "did you mean SELECT?"}},
        {"SELECT a\nFORM t", ERR_SYNTAX, {"line 2, col 6", "did you mean FROM instead of 'FORM'?"}},
        {"SELECT a FROM t WHRE a = 1", ERR_SYNTAX, {"col 22", "did you mean WHERE instead of 'WHRE'?"}},
        {"SELECT a FROM t WHERE a = 1 GRUOP BY a", ERR_SYNTAX, {"found 'GRUOP'", "did you mean GROUP BY?"}},
        {"SELECT a FROM t ORDER a", ERR_SYNTAX, {"found 'ORDER'", "did you mean"}},
        {"SELECT (1 + 2", ERR_SYNTAX, {"found the end of the query", "')'"}},
        {"SELECT 1 +", ERR_SYNTAX, {"the end of the query", "an expression"}},
        {"SELECT FROM t", ERR_SYNTAX, {"found 'FROM'", "an expression"}},
        {"SELECT 'abc", ERR_SYNTAX, {"not closed", "col 8"}},
        {"SELECT 1 2", ERR_SYNTAX, {"found '2'"}},
        {"SELECT CASE WHEN 1 THEN 2", ERR_SYNTAX, {"the end of the query", "END"}},
        {"SELECT INTERVAL 5 MINUT", ERR_SYNTAX, {"found 'MINUT'", "did you mean MINUTE?"}},
        {"SELECT 1; SELECT 2", ERR_SYNTAX, {"second statement"}},
        {"CREATE TABEL t (a UInt8)", ERR_SYNTAX, {"found 'TABEL'", "did you mean TABLE?"}},
        {"CREATE TABLE t (a UInt8", ERR_SYNTAX, {"the end of the query"}},
        {"CREATE TABLE t (a Date, WATERMARK FOR a AS)", ERR_SYNTAX, {"found ')'", "an expression"}},
        {"ALTER TABLE v MODIFY QUERY 5", ERR_SYNTAX, {"found '5'", "SELECT"}},
        {"CREATE MATERIALIZED VIEW v REFRESH DEPENDS ON w AS SELECT 1", ERR_NOT_IMPLEMENTED, {"DEPENDS ON"}},
        {"CREATE MATERIALIZED VIEW v REFRESH EVERY 1 DAY SQL SECURITY INVOKER AS SELECT 1",
         ERR_NOT_IMPLEMENTED,
         {"SQL SECURITY INVOKER"}},
        {"CREATE MATERIALIZED VIEW v DEFINER = a AS SELECT 1", ERR_NOT_IMPLEMENTED, {"DEFINER", "without REFRESH"}},
        {"CREATE TABLE t (a Date) TTL a TO DISK 'x'", ERR_NOT_IMPLEMENTED, {"TTL … TO DISK"}},
        {"ALTER TABLE t FETCH PARTITION 1", ERR_NOT_IMPLEMENTED, {"ALTER TABLE … FETCH PARTITION", "line 1, col 15"}},
        {"ALTER TABLE t ON CLUSTER c RENAME COLUMN a TO b", ERR_NOT_IMPLEMENTED, {"ON CLUSTER", "line 1, col 15"}},
        {"ALTER SOURCE s SEEK TO TIMESTAMP '2026-01-01'", ERR_NOT_IMPLEMENTED, {"SEEK"}},
        {"TRACE 'x' PARTITION 1 OFFSET 2", ERR_NOT_IMPLEMENTED, {"TRACE"}},
        {"UPDATE t SET a = 1 WHERE 1", ERR_NOT_IMPLEMENTED, {"UPDATE"}},
        {"DELETE FROM t", ERR_SYNTAX, {"WHERE"}},
        {"ALTER TABLE t UPDATE a = 1 IN PARTITION x WHERE 1", ERR_NOT_IMPLEMENTED, {"PARTITION of what"}},
        {"ALTER TABLE t UPDATE a.b = 1 WHERE 1", ERR_SYNTAX, {"'='"}},
        {"DELETE FROM t ON CLUSTER c WHERE 1", ERR_NOT_IMPLEMENTED, {"ON CLUSTER"}},
        {"SELECT a FROM t EMIT EVERY 0 ROWS", ERR_SYNTAX, {"more than 0"}},
        {"SELECT a FROM t ALLOWED LATENESS", ERR_SYNTAX, {"a number of seconds"}},
        {"SELECT a FROM t ALLOWED LATENESS 5", ERR_SYNTAX, {"MILLISECOND"}},
        {"SELECT a FROM t ALLOWED LATENESS 1.5 SECOND", ERR_SYNTAX, {"a whole number"}},
        {"SELECT a FROM t ALLOWED LATENESS 18446744073709551615 WEEK", ERR_SYNTAX, {"10 years"}},
        {"SELECT a FROM t ALLOWED LATENESS 1 DAY ALLOWED LATENESS 1 DAY", ERR_SYNTAX, {"found 'ALLOWED'"}},
        {"SELECT a FROM t ORDER BY a ALLOWED LATENESS 1 DAY", ERR_SYNTAX, {"found 'ALLOWED'"}},
        {"SELECT 1 ALLOWED LATENESS 1 DAY", ERR_SYNTAX, {"no FROM"}},
        {"SELECT a FROM t EMIT EVERY 1.5 ROWS", ERR_SYNTAX, {"more than 0"}},
        {"SELECT a FROM t EMIT EVERY INTERVAL 5 ROWS", ERR_SYNTAX, {"MILLISECOND"}},
        {"SELECT a FROM t EMIT EVERY 5", ERR_SYNTAX, {"ROWS"}},
        {"SELECT a FROM t EMIT EVERY ROWS", ERR_SYNTAX, {"a number of rows"}},
        {"SELECT a FROM t EMIT", ERR_SYNTAX, {"CHANGES", "ROWS"}},
        {"SELECT a FROM t EMIT CHANGES EMIT ROWS", ERR_SYNTAX, {"found 'EMIT'"}},
        {"SHOW TABLES EMIT CHANGES", ERR_NOT_IMPLEMENTED, {"EMIT of what is no SELECT"}},
        {"SHOW TABELS", ERR_SYNTAX, {"did you mean TABLES?"}},
        {"CREATE SOURCE s INTO t FROM KAFKA (brokers 'x')", ERR_SYNTAX, {"found ''x''", "'='"}},
        {"SELECT a FROM (SELECT 1", ERR_SYNTAX, {"the end of the query"}},
        {"INSERT INTO t (a, b VALUES (1)", ERR_SYNTAX, {"found 'VALUES'"}},
        {"SELECT \xc3\xa9", ERR_SYNTAX, {"no meaning here"}},
        {"SELECT `a", ERR_SYNTAX, {"not closed"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct ast_statement *statement = NULL;
        struct err *err = parse(arena, cases[i].text, &statement);
        if (err == NULL || err_code(err) != cases[i].code) {
            fail_msg("%s: %s", cases[i].text, err == NULL ? "no error" : err_message(err));
        }
        for (size_t j = 0; j < 3 && cases[i].pieces[j] != NULL; j++) {
            if (strstr(err_message(err), cases[i].pieces[j]) == NULL) {
                fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].text, err_message(err), cases[i].pieces[j]);
            }
        }
        err_free(err);
        arena_destroy(arena);
    }
}

static char *repeat(const char *head, const char *piece, size_t count, const char *middle, const char *tail)
{
    size_t length = strlen(piece);
    size_t tail_length = strlen(tail);
    char *text = malloc(strlen(head) + count * (length + tail_length) + strlen(middle) + 1);
    char *at = stpcpy(text, head);
    for (size_t i = 0; i < count; i++) {
        memcpy(at, piece, length);
        at += length;
    }
    at = stpcpy(at, middle);
    for (size_t i = 0; i < count; i++) {
        memcpy(at, tail, tail_length);
        at += tail_length;
    }
    *at = '\0';
    return text;
}

static void test_bounds(void **state)
{
    static const struct {
        const char *head;
        const char *piece;
        size_t count;
        const char *middle;
        const char *tail;
        enum err_code code;
    } cases[] = {
        {"SELECT ", "(", 10000, "1", ")", ERR_TOO_DEEP_RECURSION},
        {"SELECT ", "[", 10000, "1", "]", ERR_TOO_DEEP_RECURSION},
        {"SELECT ", "f(", 10000, "1", ")", ERR_TOO_DEEP_AST},
        {"SELECT ", "NOT ", 10000, "1", "", ERR_TOO_DEEP_AST},
        {"SELECT ", "- ", 10000, "x", "", ERR_TOO_DEEP_AST},
        {"SELECT 1", " + 1", 10000, "", "", ERR_TOO_DEEP_AST},
        {"SELECT 1", "::UInt8", 10000, "", "", ERR_TOO_DEEP_AST},
        {"SELECT ", "CASE WHEN 1 THEN ", 5000, "1", " END", ERR_TOO_DEEP_AST},
        {"SELECT ", "INTERVAL (", 5000, "1", ") DAY", ERR_TOO_DEEP_RECURSION},
        {"SELECT ", "x -> ", 5000, "1", "", ERR_TOO_DEEP_AST},
        {"", "(", 10000, "SELECT 1", ")", ERR_TOO_DEEP_RECURSION},
        {"SELECT * FROM ", "(SELECT * FROM ", 5000, "t", ")", ERR_TOO_DEEP_AST},
        {"SELECT ", "(SELECT ", 5000, "1", ")", ERR_TOO_DEEP_RECURSION},
        {"SELECT 1", " AND 1", 10000, "", "", ERR_NONE},
        {"SELECT 1", ", 1", 50000, "", "", ERR_NONE},
        {"SELECT 1 IN (1", ", 1", 50000, ")", "", ERR_NONE},
        {"CREATE TABLE t (a ", "Array(", 5000, "UInt8", ")", ERR_SYNTAX},
        {"SELECT '", "a", 10000000, "'", "", ERR_SYNTAX},
        {"SELECT ", "(", 10000000, "", "", ERR_TOO_DEEP_RECURSION},
        {"SELECT 1 -- ", "a", 10000000, "", "", ERR_SYNTAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct ast_statement *statement = NULL;
        char *text = repeat(cases[i].head, cases[i].piece, cases[i].count, cases[i].middle, cases[i].tail);
        struct err *err = parse(arena, text, &statement);
        if (err_code(err) != cases[i].code) {
            fail_msg("case %zu: %s", i, err == NULL ? "no error" : err_message(err));
        }
        err_free(err);
        arena_destroy(arena);
        free(text);
    }
}

/* Printed, parsed and printed again: the same. */
static void test_printing(void **state)
{
    static const struct {
        const char *text;
        const char *printed; /* NULL: as written */
    } cases[] = {
        {"SELECT a + 1, -b, NOT c, x.y.z, `a b`, (1, 2), [1, 2], 'it\\'s'", NULL},
        {"SELECT (a + 1) * 2 AS x, x[1], t.1", "SELECT (a + 1) * 2 AS x, arrayElement(x, 1), tupleElement(t, 1)"},
        {"SELECT count(*), count(DISTINCT a), quantile(0.5)(a), sum(a) FILTER (WHERE b)",
         "SELECT count(), countDistinct(a), quantile(0.5)(a), sumIf(a, b)"},
        {"WITH 1 AS x, y AS (SELECT 2) SELECT x FROM y PREWHERE a WHERE b GROUP BY c HAVING d ORDER BY e DESC NULLS "
         "FIRST LIMIT 1 OFFSET 2",
         NULL},
        {"SELECT a BETWEEN 1 AND 2, b IN (1), c NOT IN (1, 2), d IS NULL, e LIKE 'x'",
         "SELECT (a >= 1) AND (a <= 2), b IN (1), c NOT IN (1, 2), d IS NULL, e LIKE 'x'"},
        {"SELECT CASE WHEN a THEN b END, CASE a WHEN 1 THEN 2 ELSE 3 END",
         "SELECT multiIf(a, b, NULL), caseWithExpression(a, 1, 2, 3)"},
        {"SELECT INTERVAL 5 MINUTE, DATE '2020-01-01', EXTRACT(YEAR FROM a), TRIM(BOTH 'x' FROM y), POSITION('a' IN b)",
         "SELECT toIntervalMinute(5), toDate('2020-01-01'), toYear(a), trimBoth(y, 'x'), position(b, 'a')"},
        {"SELECT x::Nullable(Decimal(9,2)), CAST(a AS Enum8('x'=1)), 1.50::Decimal(9, 2)",
         "SELECT CAST(x, 'Nullable(Decimal(9, 2))'), CAST(a, 'Enum8(\\'x\\' = 1)'), CAST('1.50', 'Decimal(9, 2)')"},
        {"SELECT arrayMap(x -> x + 1, y), (a, b) -> a", "SELECT arrayMap(x -> (x + 1), y), (a, b) -> a"},
        {"SELECT a FROM t AS x UNION ALL (SELECT 1 UNION DISTINCT SELECT 2)", NULL},
        {"SELECT * EXCEPT (a), t.* FROM db.t LEFT JOIN u ON a = b",
         "SELECT * EXCEPT (a), t.* FROM db.t LEFT JOIN u ON a = b"},
        {"SELECT a ? b : c, -1, - 1, - -1, +1, 0.1, 1e30, 1.", "SELECT if(a, b, c), -1, -1, -(-1), 1, 0.1, 1e30, 1."},
        {"SELECT {x:Array(UInt8)}, (a AS b) + b", "SELECT {x:Array(UInt8)}, (a AS b) + b"},
        {"SELECT ((SELECT 1) UNION ALL (SELECT 2))", "SELECT ((SELECT 1) UNION ALL (SELECT 2))"},
        {"SELECT a FROM t HAVING b ALLOWED LATENESS INTERVAL 36 HOUR ORDER BY a ASC", NULL},
        {"SELECT a FROM t allowed lateness 0 weeks UNION ALL SELECT b FROM u ALLOWED LATENESS 1001 MILLISECOND",
         "SELECT a FROM t ALLOWED LATENESS INTERVAL 0 DAY UNION ALL SELECT b FROM u ALLOWED LATENESS INTERVAL 1001 "
         "MILLISECOND"},
        {"SELECT sum(x) OVER (PARTITION BY a ORDER BY b ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct ast_statement *statement = NULL;
        struct err *err = parse(arena, cases[i].text, &statement);
        if (err != NULL) {
            fail_msg("%s: %s", cases[i].text, err_message(err));
        }
        struct slice printed = ast_print_query(arena, statement->query);
        assert_string_equal(printed.data, cases[i].printed == NULL ? cases[i].text : cases[i].printed);
        err = parse(arena, printed.data, &statement);
        if (err != NULL) {
            fail_msg("%s: %s", printed.data, err_message(err));
        }
        assert_string_equal(ast_print_query(arena, statement->query).data, printed.data);
        arena_destroy(arena);
    }
}

static void test_create(void **state)
{
    static const char text[] = "CREATE TABLE IF NOT EXISTS db.t (a UInt8 DEFAULT 5, `b c` String COMMENT 'x', d "
                               "LowCardinality( Nullable(String) ) CODEC(ZSTD(3)), ts DateTime) ENGINE = MergeTree() "
                               "PARTITION BY toYYYYMM(ts) ORDER BY (a, ts) TTL ts + INTERVAL 5 YEAR DELETE SETTINGS "
                               "index_granularity = 8192 COMMENT 'c'";
    static const char source[] =
        "create source f into db.t from kafka (brokers = 'h:1', topic='t', kafka.fetch.min.bytes = 5,) format "
        "JSONEachRow settings start = 'earliest', commit_interval_ms=5000 as select upper(o) as o, d from message "
        "where d > 0";
    struct arena *arena = arena_create(NULL);
    struct ast_statement *statement = NULL;
    (void)state;
    assert_null(parse(arena, text, &statement));
    assert_int_equal(statement->kind, AST_CREATE_TABLE);
    assert_true(statement->create_table->if_not_exists);
    assert_string_equal(ast_print_create_table(arena, statement->create_table).data,
                        "CREATE TABLE db.t\n(\n    `a` UInt8 DEFAULT 5,\n    `b c` String COMMENT 'x',\n    `d` "
                        "LowCardinality(Nullable(String)) CODEC(ZSTD(3)),\n    `ts` DateTime\n)\nENGINE = "
                        "MergeTree\nPARTITION BY toYYYYMM(ts)\nORDER BY (a, ts)\nTTL ts + toIntervalYear(5)\nSETTINGS "
                        "index_granularity = 8192\nCOMMENT 'c'");
    assert_null(parse(arena, source, &statement));
    assert_string_equal(ast_print_create_source(arena, statement->create_source).data,
                        "CREATE SOURCE f INTO db.t\nFROM kafka (brokers = 'h:1', topic = 't', kafka.fetch.min.bytes = "
                        "5)\nFORMAT JSONEachRow\nSETTINGS start = 'earliest', commit_interval_ms = 5000\nAS SELECT "
                        "upper(o) AS o, d FROM message WHERE d > 0");
    arena_destroy(arena);
}

static void test_insert_data(void **state)
{
    static const struct {
        const char *text;
        const char *data;
        enum ast_insert_kind kind;
    } cases[] = {
        {"INSERT INTO t VALUES (1, 'a')", "(1, 'a')", AST_INSERT_VALUES},
        {"INSERT INTO t (a, b) FORMAT CSV\n1,2\n", "1,2\n", AST_INSERT_FORMAT},
        {"INSERT INTO t FORMAT JSONEachRow {\"a\": 1}", "{\"a\": 1}", AST_INSERT_FORMAT},
        {"INSERT INTO TABLE db.t FORMAT TSV\r\n\t2", "\t2", AST_INSERT_FORMAT},
        {"INSERT INTO t FORMAT TSV", "", AST_INSERT_FORMAT},
        {"INSERT INTO {db:Identifier}.{t:Identifier} FORMAT JSONEachRow", "", AST_INSERT_FORMAT},
        {"INSERT INTO t SETTINGS a = 1 VALUES", "", AST_INSERT_VALUES},
        {"INSERT INTO t FORMAT CSV 'unclosed", "'unclosed", AST_INSERT_FORMAT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct ast_statement *statement = NULL;
        struct err *err = parse(arena, cases[i].text, &statement);
        if (err != NULL) {
            fail_msg("%s: %s", cases[i].text, err_message(err));
        }
        assert_int_equal(statement->insert->kind, cases[i].kind);
        assert_string_equal(cases[i].text + statement->insert->data_offset, cases[i].data);
        arena_destroy(arena);
    }
}

/* Everything that is not run yet parses, so that it can be refused by name. */
static void test_wide(void **state)
{
    static const char *const texts[] = {
        "SELECT a FROM t ANY LEFT JOIN u USING (a) ASOF JOIN v ON a = b CROSS JOIN w, x",
        "SELECT a FROM t ARRAY JOIN b AS c LEFT ARRAY JOIN d",
        "SELECT a, sum(b) FROM t GROUP BY GROUPING SETS ((a), (b), ()) ",
        "SELECT a FROM t GROUP BY ROLLUP(a) WITH TOTALS ORDER BY a WITH FILL FROM 1 TO 2 STEP 1",
        "SELECT DISTINCT ON (a) a, b FROM t FINAL SAMPLE 1/10 OFFSET 1/2",
        "SELECT TOP 5 a FROM t",
        "SELECT row_number() OVER w FROM t WINDOW w AS (PARTITION BY a ORDER BY b) QUALIFY 1",
        "FROM t SELECT a",
        "SELECT a FROM t LIMIT 2 BY a LIMIT 5 WITH TIES SETTINGS max_threads = 1 FORMAT JSON",
        "SELECT a FROM t OFFSET 1 ROW FETCH FIRST 3 ROWS ONLY",
        "SELECT 1 INTERSECT SELECT 2 EXCEPT SELECT 3",
        "SELECT COLUMNS('a.*') EXCEPT b REPLACE (a + 1 AS a) APPLY (toString) FROM t",
        "SELECT * FROM kafka(brokers = 'x', topic = 'y', format = 'JSONEachRow') LIMIT 5",
        "SELECT a FROM t FORMAT JSON SETTINGS x = 1",
        "WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a",
        "SHOW TABLES FROM db LIKE '%x%' FORMAT JSON",
        "SHOW DATABASES WHERE name != 'x' LIMIT 1",
        "SHOW CREATE SOURCE s",
        "DESCRIBE TABLE t",
        "DESC (SELECT 1)",
        "DESCRIBE numbers(1)",
        "EXISTS TABLE db.t",
        "KILL QUERY WHERE query_id = 'x' SYNC",
        "KILL MUTATION WHERE mutation_id = 'x' TEST FORMAT JSON",
        "BACKUP DATABASE d EXCEPT TABLES a, d.b, TABLE e.f, ALL EXCEPT DATABASES x, y EXCEPT TABLE d.z TO 'x' ASYNC",
        "RESTORE ALL EXCEPT TABLES d.a FROM Disk('backups', 'x') ASYNC FORMAT JSON",
        "OPTIMIZE TABLE t FINAL",
        "OPTIMIZE TABLE db.t PARTITION 20260131 FINAL",
        "OPTIMIZE TABLE t PARTITION ID 'all'",
        "DELETE FROM db.t IN PARTITION 20260131 WHERE a = 1 AND b IN (SELECT 1) SETTINGS lightweight_deletes_sync = 2",
        "VERIFY TABLE db.t",
        "REPAIR TABLE t",
        "REPAIR TABLE db.t SETTINGS repair_lose_rows = 1, repair_change_rows = 0 FORMAT JSON",
        "VERIFY TABLE t FROM '2026-01-01' TO '2026-02-01 12:00:00' FORMAT JSON",
        "RENAME TABLE a TO b.c",
        "TRUNCATE TABLE IF EXISTS t",
        "DROP TABLE IF EXISTS t SYNC",
        "ALTER SOURCE s ACCEPT NEW TOPIC",
        "ALTER TABLE d.t RENAME COLUMN IF EXISTS a TO n.b, (COMMENT COLUMN c 'x'), MODIFY COMMENT 'y'",
        "ALTER TABLE d.t DROP PARTITION 5, DETACH PARTITION ID 'x', ATTACH PART 'y', DROP DETACHED PARTITION ALL, HOLD "
        "'z', "
        "RELEASE HOLD 'z' SETTINGS allow_drop_detached = 1",
        "ALTER TABLE d.v MODIFY REFRESH EVERY 1 DAY 2 HOURS OFFSET 5 MINUTE RANDOMIZE FOR 1 MINUTE DEPENDS ON a, d.b "
        "SETTINGS refresh_retries = -1 APPEND",
        "ALTER TABLE d.v MODIFY QUERY (SELECT a, count() FROM t GROUP BY a)",
        "CREATE OR REPLACE MATERIALIZED VIEW IF NOT EXISTS d.v TO t AS SELECT 1",
        "CREATE MATERIALIZED VIEW v REFRESH AFTER 1 HOUR APPEND TO t DEFINER = a SQL SECURITY DEFINER AS SELECT 1",
        "CREATE MATERIALIZED VIEW v REFRESH EVERY 1 HOUR (a Int8) ENGINE = MergeTree ORDER BY a EMPTY DEFINER = "
        "CURRENT_USER AS "
        "SELECT 1 AS a COMMENT 'x'",
        "SYSTEM STOP VIEWS",
        "SYSTEM WAIT VIEW d.v",
        "EXPLAIN PLAN SELECT 1",
        "EXPLAIN SELECT 1",
        "USE db",
        "SET a = 1, b = 'x'",
        "CREATE DATABASE IF NOT EXISTS d ENGINE = Atomic",
        "CREATE TABLE a AS b.c",
        "CREATE TABLE a ENGINE = MergeTree ORDER BY x AS SELECT 1 AS x",
        "SELECT date_add(DAY, 1, x), dateDiff(hour, a, b), date_sub(x, INTERVAL 1 DAY), DATEDIFF('day', a, b)",
        "SELECT interval, date, timestamp, format, columns FROM t",
        "SELECT left('abc', 1), right('abc', 1), any(x), replace(a, 'b', 'c'), if(a, b, c), in(1, 2)",
        "SELECT a, FROM t",
        "SYSTEM FLUSH LOGS",
        "SELECT 1;",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct ast_statement *statement = NULL;
        struct err *err = parse(arena, texts[i], &statement);
        if (err != NULL) {
            fail_msg("%s: %s", texts[i], err_message(err));
        }
        assert_non_null(statement);
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),      cmocka_unit_test(test_strings),  cmocka_unit_test(test_errors),
        cmocka_unit_test(test_bounds),      cmocka_unit_test(test_printing), cmocka_unit_test(test_create),
        cmocka_unit_test(test_insert_data), cmocka_unit_test(test_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
