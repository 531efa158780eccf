/*
 * bind_test.c: errors of the binder with their places; bounds; query parameters; definitions of tables and sources;
 * the SELECT of a source; expressions of tables.
 */
#include "base/timezone.h"
#include "query/table_source.h"
#include "sql/bind.h"
#include "sql/define.h"
#include "sql/parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct function_context context;
static struct source_column columns[5];

static struct err *generate_nothing(struct table_source *source, struct arena *arena,
                                    const struct source_request *request, struct source_output *output)
{
    (void)source;
    (void)arena;
    (void)request;
    (void)output;
    return NULL;
}

static struct err *find_table(void *user, struct arena *arena, struct slice database, struct slice table,
                              struct table_source **out)
{
    (void)user;
    *out = NULL;
    if (slice_equal(database, slice_text("db")) && slice_equal(table, slice_text("flights"))) {
        *out = ARENA_NEW(arena, struct table_source);
        **out = (struct table_source){
            .database = database, .name = table, .columns = columns, .column_count = 5, .generate = generate_nothing};
    }
    return NULL;
}

static void each_table(void *user, struct slice database, void (*visit)(void *visitor, struct slice table),
                       void *visitor)
{
    (void)user;
    (void)database;
    visit(visitor, slice_text("flights"));
}

static bool has_database(void *user, struct slice database)
{
    (void)user;
    return slice_equal(database, slice_text("db")) || slice_equal(database, slice_text("system"));
}

static const struct bind_catalogue catalogue = {.find = find_table, .has_database = has_database, .each = each_table};
static const struct bind_parameter parameters[] = {
    {{"n", 1}, {"42", 2}},     {{"bad", 3}, {"x1", 2}},    {{"name", 4}, {"it's\\ta", 7}},
    {{"null", 4}, {"\\N", 2}}, {{"t", 1}, {"flights", 7}}, {{"c", 1}, {"delay", 5}},
};

static struct bind_options options_of(const char *text)
{
    return (struct bind_options){.text = slice_text(text),
                                 .context = &context,
                                 .catalogue = &catalogue,
                                 .parameters = parameters,
                                 .parameter_count = sizeof(parameters) / sizeof(parameters[0])};
}

static struct err *bind(struct arena *arena, const char *text, struct query_plan *plan)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct bind_options options = options_of(text);

    OR_DONE(parse_query(arena, slice_text(text), 0, &statement));
    OR_DONE(bind_query(arena, &options, statement->query, plan));
done:
    return err;
}

static void expect_error(const char *text, struct err *err, enum err_code code, const char *const *pieces)
{
    if (err == NULL || err_code(err) != code) {
        fail_msg("%s: %d %s", text, (int)err_code(err), err == NULL ? "no error" : err_message(err));
    }
    for (; *pieces != NULL; pieces++) {
        if (strstr(err_message(err), *pieces) == NULL) {
            fail_msg("%s: \"%s\" lacks \"%s\"", text, err_message(err), *pieces);
        }
    }
    err_free(err);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *pieces[4];
    } cases[] = {
        {"SELECT delya FROM flights", ERR_UNKNOWN_IDENTIFIER, {"'delya'", "did you mean delay?", "line 1, col 8"}},
        {"SELECT\n  Delay FROM flights", ERR_UNKNOWN_IDENTIFIER, {"did you mean delay?", "line 2, col 3"}},
        {"SELECT id FROM flights WHERE origin = \"JFK\"", ERR_UNKNOWN_IDENTIFIER, {"'single quotes'", "col 39"}},
        {"SELECT a", ERR_UNKNOWN_IDENTIFIER, {"no FROM", "line 1, col 8"}},
        {"SELECT f.x FROM flights AS f", ERR_UNKNOWN_IDENTIFIER, {"'f.x'", "those of f"}},
        {"SELECT 1 FROM flihgts", ERR_UNKNOWN_TABLE, {"db.flihgts", "did you mean flights?", "col 15"}},
        {"SELECT 1 FROM nodb.t", ERR_UNKNOWN_DATABASE, {"nodb", "col 15"}},
        {"SELECT 1 FROM system.nmubers", ERR_UNKNOWN_TABLE, {"did you mean numbers?"}},
        {"SELECT 1 FROM numbrs(3)", ERR_UNKNOWN_FUNCTION, {"numbrs", "did you mean numbers?"}},
        {"SELECT origin, count() FROM flights", ERR_NOT_AN_AGGREGATE, {"origin", "col 8"}},
        {"SELECT origin FROM flights GROUP BY delay", ERR_NOT_AN_AGGREGATE, {"origin", "GROUP BY"}},
        {"SELECT sum(sum(delay)) FROM flights", ERR_ILLEGAL_AGGREGATION, {"sum", "inside another one", "col 12"}},
        {"SELECT 1 FROM flights WHERE sum(delay) > 1", ERR_ILLEGAL_AGGREGATION, {"WHERE", "HAVING", "col 29"}},
        {"SELECT sum(delay) AS s FROM flights WHERE s > 1", ERR_ILLEGAL_AGGREGATION, {"alias s", "WHERE"}},
        {"SELECT count() FROM flights GROUP BY count()", ERR_ILLEGAL_AGGREGATION, {"GROUP BY"}},
        {"SELECT origin, count() FROM flights GROUP BY 2", ERR_ILLEGAL_AGGREGATION, {"aggregate"}},
        {"SELECT 1 FROM flights ORDER BY 3", ERR_BAD_ARGUMENTS, {"position 3", "1 columns"}},
        {"SELECT 1 AS x, 2 AS x", ERR_MULTIPLE_EXPRESSIONS, {"alias x"}},
        {"SELECT x FROM (SELECT 1 AS x, 2 AS y) AS t(x, x)", ERR_NONE, {NULL}},
        {"SELECT id FROM flights AS a NATURAL JOIN flights AS b", ERR_NOT_IMPLEMENTED, {"NATURAL JOIN", "col 29"}},
        {"SELECT id FROM flights LEFT ARRAY JOIN x", ERR_UNKNOWN_IDENTIFIER, {"x", "col 40"}},
        {"SELECT id FROM flights FINAL", ERR_ILLEGAL_FINAL, {"FINAL"}},
        {"SELECT sum(delay) OVER w FROM flights", ERR_BAD_ARGUMENTS, {"window", "w", "does not exist"}},
        {"SELECT origin FROM flights WHERE origin", ERR_FILTER_TYPE, {"WHERE", "LowCardinality(String)"}},
        {"SELECT 1 LIMIT 'x'", ERR_INVALID_LIMIT, {"LIMIT", "col 16"}},
        {"SELECT 1 LIMIT 1 WITH TIES", ERR_WITH_TIES, {"ORDER BY"}},
        {"SELECT (delay, 1) IN ((1, 2), 3) FROM flights", ERR_TYPE_MISMATCH, {"tuple of 2 values"}},
        {"SELECT delay IN (SELECT 1, 2) FROM flights", ERR_COLUMN_COUNT_DIFFERS, {"2 columns"}},
        {"SELECT {none:UInt8}", ERR_UNKNOWN_QUERY_PARAMETER, {"none", "param_none"}},
        {"SELECT {bad:UInt8}", ERR_BAD_QUERY_PARAMETER, {"'x1'", "bad", "UInt8"}},
        {"SELECT {n:NoType}", ERR_UNKNOWN_TYPE, {"NoType"}},
        {"SELECT 1 AS a, a + a AS b WHERE c", ERR_UNKNOWN_IDENTIFIER, {"'c'"}},
        {"SELECT x -> x FROM flights", ERR_BAD_ARGUMENTS, {"lambda"}},
        {"SELECT delay FROM flights WHERE 1 IN (SELECT number FROM numbers(1) WHERE number = delay)",
         ERR_NOT_IMPLEMENTED,
         {"correlated", "delay", "WHERE of EXISTS"}},
        {"SELECT (SELECT delay + number FROM numbers(1)) FROM flights",
         ERR_NOT_IMPLEMENTED,
         {"correlated", "delay", "WHERE of EXISTS"}},
        {"SELECT (SELECT max(number) FROM numbers(9) WHERE number < delay) FROM flights",
         ERR_NOT_IMPLEMENTED,
         {"correlated", "no equality"}},
        {"SELECT (SELECT number FROM numbers(9) WHERE number = delay LIMIT 1) FROM flights",
         ERR_NOT_IMPLEMENTED,
         {"correlated", "LIMIT"}},
        {"SELECT delay FROM flights PREWHERE EXISTS (SELECT 1 FROM numbers(9) WHERE number = delay)",
         ERR_NOT_IMPLEMENTED,
         {"correlated", "PREWHERE"}},
        {"SELECT arrayMap(x -> (SELECT x + 1), [1, 2])", ERR_UNKNOWN_IDENTIFIER, {"'x'"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct query_plan plan = {0};
        struct err *err = bind(arena, cases[i].text, &plan);
        if (cases[i].code != ERR_NONE) {
            expect_error(cases[i].text, err, cases[i].code, cases[i].pieces);
        } else {
            err_free(err);
        }
        arena_destroy(arena);
    }
}

/* Aliases and CTEs that grow when they are written out. */
static void test_bounds(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct query_plan plan = {0};
    char *text = malloc(100000);
    size_t at = (size_t)sprintf(text, "SELECT delay AS a0");
    for (int i = 1; i <= 60; i++) {
        at += (size_t)sprintf(text + at, ", a%d + a%d AS a%d", i - 1, i - 1, i);
    }
    sprintf(text + at, " FROM flights");
    static const char *const too_big[] = {"max_expanded_ast_elements", NULL};
    expect_error("doubling aliases", bind(arena, text, &plan), ERR_TOO_DEEP_AST, too_big);

    at = (size_t)sprintf(text, "WITH c0 AS (SELECT 1 AS x)");
    for (int i = 1; i <= 40; i++) {
        at += (size_t)sprintf(text + at, ", c%d AS (SELECT x FROM c%d UNION ALL SELECT x FROM c%d)", i, i - 1, i - 1);
    }
    sprintf(text + at, " SELECT x FROM c40");
    static const char *const many[] = {"CTEs written out", NULL};
    expect_error("doubling CTEs", bind(arena, text, &plan), ERR_TOO_DEEP_AST, many);

    at = (size_t)sprintf(text, "WITH c0 AS (SELECT 1 AS x)");
    for (int i = 1; i <= 1000; i++) {
        at += (size_t)sprintf(text + at, ", c%d AS (SELECT x FROM c%d)", i, i - 1);
    }
    sprintf(text + at, " SELECT x FROM c1000");
    expect_error("a chain of CTEs", bind(arena, text, &plan), ERR_TOO_DEEP_AST, many);
    free(text);
    arena_destroy(arena);
}

static void test_parameters(void **state)
{
    static const struct {
        const char *text;
        const char *type;
    } cases[] = {
        {"SELECT {n:UInt8} AS x", "UInt8"},
        {"SELECT {name:String} AS x", "String"},
        {"SELECT {null:Nullable(Int32)} AS x", "Nullable(Int32)"},
        {"SELECT {n:UInt64} + 1 AS x FROM {t:Identifier}", "UInt64"},
        {"SELECT {c:Identifier} AS x FROM flights LIMIT {n:UInt32}", "Int32"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct query_plan plan = {0};
        struct err *err = bind(arena, cases[i].text, &plan);
        if (err != NULL) {
            fail_msg("%s: %s", cases[i].text, err_message(err));
        }
        struct slice name = type_name(arena, plan.plan->columns[0].type);
        assert_true(slice_equal(name, slice_text(cases[i].type)));
        arena_destroy(arena);
    }
}

/* Only the columns that are used are scanned. */
static void test_columns(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct query_plan plan = {0};
    assert_null(bind(arena, "SELECT delay AS d FROM flights WHERE origin = 'x' ORDER BY d LIMIT 5", &plan));
    const struct plan *node = plan.plan;
    while (node->input_count > 0) {
        node = node->inputs[0];
    }
    assert_int_equal(node->kind, PLAN_SCAN);
    assert_int_equal(node->column_count, 2);
    assert_null(bind(arena, "SELECT count() FROM flights", &plan));
    for (node = plan.plan; node->input_count > 0; node = node->inputs[0]) {
    }
    assert_int_equal(node->column_count, 0);
    arena_destroy(arena);
}

/* ---- definitions */

static struct err *define(struct arena *arena, const char *text, struct table_def *out)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct bind_options options = options_of(text);

    OR_DONE(parse_query(arena, slice_text(text), 0, &statement));
    OR_DONE(define_table(arena, &options, statement->create_table, slice_text("db"), NULL, 0, NULL, out));
done:
    return err;
}

static void test_define_table(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct table_def def;
    struct err *err = define(arena,
                             "create table flights (ts DateTime, origin LowCardinality(String) comment 'from', delay "
                             "Int32 default 0, distance UInt32, n Nullable(String), doubled Int64 default delay*2) "
                             "engine=MergeTree() partition by toYYYYMMDD(ts) primary key origin order by (origin, ts) "
                             "ttl ts + interval 5 year settings index_granularity=8192 comment 'all'",
                             &def);
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
    assert_string_equal(def.database, "db");
    assert_string_equal(def.name, "flights");
    assert_int_equal(def.column_count, 6);
    assert_string_equal(def.columns[1].comment, "from");
    assert_string_equal(def.columns[2].default_text, "0");
    assert_string_equal(def.columns[5].default_text, "delay * 2");
    assert_string_equal(def.columns[0].default_text, "");
    assert_int_equal(def.order_by_count, 2);
    assert_string_equal(def.order_by[0], "origin");
    assert_string_equal(def.order_by[1], "ts");
    assert_string_equal(def.primary_key, "origin");
    assert_string_equal(def.partition_by, "toYYYYMMDD(ts)");
    assert_string_equal(def.ttl, "ts + toIntervalYear(5)");
    assert_string_equal(def.settings, "index_granularity = 8192");
    assert_string_equal(def.comment, "all");
    assert_string_equal(def.create_sql,
                        "CREATE TABLE db.flights\n(\n    `ts` DateTime,\n    `origin` LowCardinality(String) COMMENT "
                        "'from',\n    `delay` Int32 DEFAULT 0,\n    `distance` UInt32,\n    `n` Nullable(String),\n    "
                        "`doubled` Int64 DEFAULT delay * 2\n)\nENGINE = MergeTree\nPARTITION BY "
                        "toYYYYMMDD(ts)\nPRIMARY KEY origin\nORDER BY (origin, ts)\nTTL ts + "
                        "toIntervalYear(5)\nSETTINGS index_granularity = 8192\nCOMMENT 'all'");
    /* what was printed defines the same */
    struct table_def again;
    assert_null(define(arena, def.create_sql, &again));
    assert_string_equal(again.create_sql, def.create_sql);
    /* CREATE TABLE … AS another */
    struct ast_statement *statement = NULL;
    static const char copy[] = "CREATE TABLE copied AS flights";
    struct bind_options options = options_of(copy);
    assert_null(parse_query(arena, slice_text(copy), 0, &statement));
    assert_null(define_table(arena, &options, statement->create_table, slice_text("db"), NULL, 0, &def, &again));
    assert_string_equal(again.name, "copied");
    assert_int_equal(again.column_count, 6);
    assert_int_equal(again.order_by_count, 2);
    assert_string_equal(again.columns[5].default_text, "delay * 2");
    assert_string_equal(again.ttl, def.ttl);
    arena_destroy(arena);
}

static void test_define_errors(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *pieces[4];
    } cases[] = {
        {"CREATE TABLE t (a UInt8, a String) ORDER BY a", ERR_DUPLICATE_COLUMN, {"two columns a", "col 26"}},
        {"CREATE TABLE t (a NoType) ORDER BY a", ERR_UNKNOWN_TYPE, {"column a", "NoType", "col 19"}},
        {"CREATE TABLE t (a UInt8) ORDER BY b", ERR_UNKNOWN_IDENTIFIER, {"sort key", "'b'"}},
        {"CREATE TABLE t (a Nullable(UInt8)) ORDER BY a", ERR_ILLEGAL_COLUMN, {"Nullable"}},
        {"CREATE TABLE t (a UInt8) ORDER BY rand()", ERR_BAD_ARGUMENTS, {"rand", "sort key"}},
        {"CREATE TABLE t (a UInt8) ORDER BY 1", ERR_BAD_ARGUMENTS, {"constant"}},
        {"CREATE TABLE t (a UInt8) ENGINE = Foo ORDER BY a", ERR_UNKNOWN_STORAGE, {"Foo"}},
        {"CREATE TABLE t (a UInt8) ENGINE = MergeTre ORDER BY a", ERR_UNKNOWN_STORAGE, {"did you mean MergeTree?"}},
        {"CREATE TABLE t (a UInt8) ENGINE = CoalescingMergeTree ORDER BY a",
         ERR_NOT_IMPLEMENTED,
         {"CoalescingMergeTree", "use MergeTree", "col 35"}},
        {"CREATE TABLE t (a UInt8) ENGINE = Kafka", ERR_NOT_IMPLEMENTED, {"CREATE SOURCE"}},
        {"CREATE TABLE t (a UInt8, b UInt8) ORDER BY (a, b) PRIMARY KEY b", ERR_BAD_ARGUMENTS, {"PRIMARY KEY"}},
        {"CREATE TABLE t (a UInt8, ts DateTime) ORDER BY a TTL a", ERR_BAD_TTL, {"UInt8", "INTERVAL"}},
        {"CREATE TABLE t (a UInt8, ts DateTime) ORDER BY a TTL now()", ERR_BAD_ARGUMENTS, {"now"}},
        {"CREATE TABLE t (a UInt8) ORDER BY a SETTINGS index_granularty = 1",
         ERR_UNKNOWN_SETTING,
         {"did you mean index_granularity?"}},
        {"CREATE TABLE t (a UInt8 DEFAULT 'x') ORDER BY a", ERR_CANNOT_PARSE_TEXT, {"DEFAULT of column a"}},
        {"CREATE TABLE t (a UInt8 DEFAULT b) ORDER BY a", ERR_UNKNOWN_IDENTIFIER, {"DEFAULT of column a", "'b'"}},
        {"CREATE TABLE t (a UInt8 DEFAULT b, b UInt8 DEFAULT a) ORDER BY a", ERR_CYCLIC_ALIASES, {"b needs a"}},
        {"CREATE TABLE t (a UInt8 DEFAULT count()) ORDER BY a", ERR_ILLEGAL_AGGREGATION, {"count"}},
        {"CREATE TABLE t (a UInt8 DEFAULT (SELECT 1)) ORDER BY a", ERR_NOT_IMPLEMENTED, {"subquery"}},
        {"CREATE TABLE t (a UInt8 ALIAS 1) ORDER BY tuple()", ERR_NO_COLUMNS, {"physical columns"}},
        {"CREATE TABLE t (a UInt8 CODEC(Foo)) ORDER BY a", ERR_UNKNOWN_CODEC, {"Foo", "column a"}},
        {"CREATE TABLE t (a UInt8 CODEC(zstd(3))) ORDER BY a", ERR_UNKNOWN_CODEC, {"did you mean ZSTD?"}},
        {"CREATE TABLE t (a UInt8 CODEC(GCD, LZ4)) ORDER BY a", ERR_NOT_IMPLEMENTED, {"GCD", "column a"}},
        {"CREATE TABLE t (a UInt8 CODEC(ZSTD, AES_128_GCM_SIV)) ORDER BY a", ERR_NOT_IMPLEMENTED, {"AES_128_GCM_SIV"}},
        {"CREATE TABLE t (a UInt8 CODEC(AES_256_GCM_SIV)) ORDER BY a", ERR_NOT_IMPLEMENTED, {"AES_256_GCM_SIV"}},
        {"CREATE TABLE t (a UInt8 CODEC(ZXC)) ORDER BY a", ERR_NOT_IMPLEMENTED, {"ZXC"}},
        {"CREATE TABLE t (a Float64 CODEC(ALP(RD))) ORDER BY a", ERR_NOT_IMPLEMENTED, {"ALP(RD)"}},
        {"CREATE TABLE t (a Float64 CODEC(ALP(x))) ORDER BY a", ERR_ILLEGAL_SYNTAX_FOR_CODEC, {"AUTO, STD or RD"}},
        {"CREATE TABLE t (a UInt8 TTL ts) ORDER BY a", ERR_ILLEGAL_COLUMN, {"key column a"}},
        {"CREATE TABLE t (a UInt8, n ALIAS a TTL ts) ORDER BY a", ERR_NOT_IMPLEMENTED, {"TTL of a column"}},
        {"CREATE TABLE t (a) ORDER BY a", ERR_SYNTAX, {"column a has no type"}},
        {"CREATE TABLE t (a Array(Nullable(UInt8))) ORDER BY a", ERR_ILLEGAL_COLUMN, {"Nullable"}},
        {"CREATE TABLE t ORDER BY a", ERR_INCORRECT_QUERY, {"needs columns"}},
        {"CREATE TABLE t (a Date) PARTITION BY (a, a) ORDER BY a", ERR_NOT_IMPLEMENTED, {"PARTITION BY"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct table_def def;
        expect_error(cases[i].text, define(arena, cases[i].text, &def), cases[i].code, cases[i].pieces);
        arena_destroy(arena);
    }
}

static void test_define_source(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *pieces[3];
    } cases[] = {
        {"CREATE SOURCE s INTO t FROM PULSAR (a = 'x') FORMAT JSONEachRow", ERR_NOT_IMPLEMENTED, {"PULSAR", "KAFKA"}},
        {"CREATE SOURCE s INTO t FROM KAFKA (brokers = 'x', topic = 'y')", ERR_BAD_ARGUMENTS, {"FORMAT"}},
        {"CREATE SOURCE s INTO t FROM KAFKA (topic = 'y') FORMAT JSONEachRow", ERR_BAD_ARGUMENTS, {"brokers"}},
        {"CREATE SOURCE s INTO t FROM KAFKA (brokers = 'x') FORMAT JSONEachRow", ERR_BAD_ARGUMENTS, {"topic"}},
        {"CREATE SOURCE s INTO t FROM KAFKA (brokers = 'x', brokers = 'y') FORMAT JSONEachRow",
         ERR_BAD_ARGUMENTS,
         {"twice"}},
        {"CREATE SOURCE s INTO t FROM KAFKA (brokers = 'x', topic = 'y') FORMAT Avro", ERR_NOT_IMPLEMENTED, {"Avro"}},
    };
    static const char good[] = "CREATE SOURCE s INTO t FROM KAFKA (brokers = 'h:1', topic = 'y', kafka.fetch.min.bytes "
                               "= 5) FORMAT JSONEachRow SETTINGS start = 'earliest', commit_interval_ms = 100";
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct ast_statement *statement = NULL;
    struct source_definition definition;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bind_options options = options_of(cases[i].text);
        assert_null(parse_query(arena, slice_text(cases[i].text), 0, &statement));
        expect_error(cases[i].text,
                     define_source(arena, &options, statement->create_source, slice_text("db"), &definition),
                     cases[i].code, cases[i].pieces);
    }
    struct bind_options options = options_of(good);
    assert_null(parse_query(arena, slice_text(good), 0, &statement));
    assert_null(define_source(arena, &options, statement->create_source, slice_text("db"), &definition));
    assert_int_equal(definition.property_count, 3);
    assert_true(slice_equal(definition.properties[2].name, slice_text("kafka.fetch.min.bytes")));
    assert_true(slice_equal(definition.properties[2].value, slice_text("5")));
    assert_int_equal(definition.setting_count, 2);
    assert_true(slice_equal(definition.settings[0].value, slice_text("earliest")));
    assert_true(slice_equal(definition.database, slice_text("db")));
    arena_destroy(arena);
}

static void test_row_select(void **state)
{
    static const char text[] = "SELECT upper(origin) AS o, delay * 2 AS delay2, * EXCEPT (origin) FROM message WHERE "
                               "delay > 0 AND o != 'X'";
    static const struct {
        const char *text;
        const char *piece;
    } bad[] = {
        {"SELECT count() FROM message", "aggregate"},
        {"SELECT delay FROM message GROUP BY delay", "GROUP BY"},
        {"SELECT delay FROM message ORDER BY delay", "ORDER BY"},
        {"SELECT DISTINCT delay FROM message", "DISTINCT"},
        {"SELECT delay FROM message LIMIT 1", "LIMIT"},
        {"SELECT delay FROM other", "FROM message"},
        {"SELECT delay IN (SELECT 1) FROM message", "subquery"},
        {"SELECT nosuch FROM message", "'nosuch'"},
    };
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct ast_statement *statement = NULL;
    struct bind_options options = options_of(text);
    struct bound_select bound;
    assert_null(parse_query(arena, slice_text(text), 0, &statement));
    struct err *err =
        bind_row_select(arena, &options, statement->query->parts[0].select, slice_text("message"), columns, 5, &bound);
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
    assert_int_equal(bound.count, 6);
    assert_true(slice_equal(bound.columns[0].name, slice_text("o")));
    assert_non_null(bound.condition);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        options = options_of(bad[i].text);
        assert_null(parse_query(arena, slice_text(bad[i].text), 0, &statement));
        err = bind_row_select(arena, &options, statement->query->parts[0].select, slice_text("message"), columns, 5,
                              &bound);
        if (err == NULL || strstr(err_message(err), bad[i].piece) == NULL) {
            fail_msg("%s: %s", bad[i].text, err == NULL ? "no error" : err_message(err));
        }
        err_free(err);
    }
    arena_destroy(arena);
}

static void test_settings(void **state)
{
    static const char text[] = "SELECT 1 SETTINGS max_threads = 2, a = 'x' FORMAT JSON SETTINGS b = true";
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct ast_statement *statement = NULL;
    const struct bind_setting *settings = NULL;
    uint32_t count = 0;
    assert_null(parse_query(arena, slice_text(text), 0, &statement));
    assert_null(bind_settings(arena, statement, &settings, &count));
    assert_int_equal(count, 3);
    assert_true(slice_equal(settings[0].name, slice_text("max_threads")));
    assert_true(slice_equal(settings[0].value, slice_text("2")));
    assert_true(slice_equal(settings[1].value, slice_text("x")));
    assert_true(slice_equal(settings[2].value, slice_text("1")));
    assert_true(slice_equal(statement->format, slice_text("JSON")));
    arena_destroy(arena);
}

static int start(void **state)
{
    static const char *const names_and_types[][2] = {{"id", "UInt32"},
                                                     {"ts", "DateTime('UTC')"},
                                                     {"origin", "LowCardinality(String)"},
                                                     {"delay", "Int32"},
                                                     {"note", "Nullable(String)"}};
    static struct arena *arena;
    (void)state;
    arena = arena_create(NULL);
    for (size_t i = 0; i < 5; i++) {
        columns[i].name = slice_text(names_and_types[i][0]);
        struct err *err = type_parse(arena, slice_text(names_and_types[i][1]), &columns[i].type);
        assert_null(err);
    }
    context = (struct function_context){.now_us = 1764000000000000,
                                        .zone = timezone_utc(),
                                        .database = slice_text("db"),
                                        .user = slice_text("default")};
    source_register_builtin();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),        cmocka_unit_test(test_bounds),       cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_columns),       cmocka_unit_test(test_define_table), cmocka_unit_test(test_define_errors),
        cmocka_unit_test(test_define_source), cmocka_unit_test(test_row_select),   cmocka_unit_test(test_settings),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
