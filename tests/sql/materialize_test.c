/*
 * materialize_test.c: what a materialized view's definition says: its base table, the SELECT over new rows, the one that
 * reads it.
 */
#include "sql/materialize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VIEW "CREATE MATERIALIZED VIEW d.v AS "

struct example {
    const char *definition;
    const char *base;
    const char *feed;
    const char *read; /* its SELECT, on one line; NULL: the view keeps no states */
};

static char *flat(struct arena *arena, struct slice text)
{
    char *out = arena_text(arena, text);
    size_t to = 0;
    assert_non_null(out);
    for (const char *at = out; *at != 0; at++) {
        bool space = *at == ' ' || *at == '\n';
        if (!space || (to > 0 && out[to - 1] != ' ')) {
            out[to++] = *at;
            out[to - 1] = space ? ' ' : out[to - 1];
        }
    }
    out[to] = 0;
    return out;
}

static void check_example(const struct example *example)
{
    struct arena *arena = arena_create(NULL);
    struct materialized view;
    struct slice text;

    assert_null(materialized_of(arena, slice_text(example->definition), &view));
    char *base = arena_format(arena, "%.*s.%.*s", SLICE_ARG(view.base_database), SLICE_ARG(view.base_table));
    assert_string_equal(base, example->base);
    assert_null(materialized_feed(arena, &view, &text));
    assert_string_equal(flat(arena, text), example->feed);
    assert_int_equal(view.states, example->read != NULL);
    if (example->read != NULL) {
        assert_null(materialized_read(arena, &view, slice_text("d"), slice_text("t"), &text));
        const char *select = strstr(flat(arena, text), " AS SELECT ");
        assert_non_null(select);
        assert_string_equal(select + 4, example->read);
    }
    arena_destroy(arena);
}

static void test_examples(void **state)
{
    static const struct example examples[] = {
        {VIEW
         "SELECT toHour(ts) AS h, sum(x) / count() AS mean, count() FROM d.s WHERE x > 0 GROUP BY h HAVING count() > 1",
         "d.s",
         "SELECT _c0 AS h, _c1 AS `sumState(x)`, _c2 AS `countState()` FROM (SELECT toHour(ts) AS _c0, sumState(x) AS "
         "_c1, "
         "countState() AS _c2 FROM d.s WHERE x > 0 GROUP BY _c0)",
         "SELECT h AS h, sumMerge(`sumState(x)`) / countMerge(`countState()`) AS mean, countMerge(`countState()`) AS "
         "`count()` FROM d.t GROUP BY h HAVING countMerge(`countState()`) > 1"},
        /* an alias that is its column's name; one of an aggregate that others use; a key within a call */
        {VIEW "SELECT toDate(ts) AS ts, sum(x) AS s, s * 2 AS twice, toMonth(ts) AS m FROM d.s WHERE ts > '2020-01-01' "
              "GROUP "
              "BY ts",
         "d.s",
         "SELECT _c0 AS ts, _c1 AS `sumState(x)`, _c2 AS `countState()` FROM (SELECT toDate(ts) AS _c0, sumState(x) AS "
         "_c1, countState() AS _c2 FROM d.s WHERE toDate(ts) > "
         "'2020-01-01' GROUP BY _c0)",
         "SELECT ts AS ts, sumMerge(`sumState(x)`) AS s, sumMerge(`sumState(x)`) * 2 AS twice, toMonth(ts) AS m FROM "
         "d.t "
         "GROUP BY ts"},
        /* combinators, parameters, aliases of functions, GROUP BY by number and of what is not selected */
        {VIEW "SELECT a, median(x), quantile(0.9)(x) AS q, countIf(x > 1) AS c, count(DISTINCT b) AS u FROM d.s GROUP "
              "BY 1, b + 1",
         "d.s",
         "SELECT _c0 AS a, _c1 AS `b + 1`, _c2 AS `quantileState(x)`, _c3 AS `quantileState(0.9)(x)`, _c4 AS "
         "`countIfState(x > "
         "1)`, _c5 AS `countDistinctState(b)`, _c6 AS `countState()` FROM (SELECT a AS _c0, b + 1 AS _c1, "
         "quantileState(x) AS _c2, quantileState(0.9)(x) "
         "AS _c3, countIfState(x > 1) AS _c4, countDistinctState(b) AS _c5, countState() AS _c6 FROM d.s GROUP BY _c0, "
         "_c1)",
         "SELECT a AS a, quantileMerge(`quantileState(x)`) AS `median(x)`, quantileMerge(0.9)(`quantileState(0.9)(x)`) "
         "AS q, "
         "countIfMerge(`countIfState(x > 1)`) AS c, countDistinctMerge(`countDistinctState(b)`) AS u FROM d.t GROUP BY "
         "a, `b + 1`"},
        /* states that come, and states that are wanted */
        {VIEW "SELECT sumState(x) AS s, avgMerge(y) AS m FROM d.s", "d.s",
         "SELECT _c0 AS `sumState(x)`, _c1 AS `avgMergeState(y)`, _c2 AS `countState()` FROM (SELECT sumState(x) AS "
         "_c0, avgMergeState(y) AS _c1, countState() AS _c2 FROM "
         "d.s)",
         "SELECT sumMergeState(`sumState(x)`) AS s, avgMerge(`avgMergeState(y)`) AS m FROM d.t"},
        /* a name that an item has is no state's */
        {VIEW "SELECT a AS `sumState(x)`, sum(x) AS s FROM d.s GROUP BY a", "d.s",
         "SELECT _c0 AS `sumState(x)`, _c1 AS `sumState(x)_`, _c2 AS `countState()` FROM (SELECT a AS _c0, sumState(x) "
         "AS _c1, countState() AS _c2 FROM d.s GROUP BY _c0)",
         "SELECT `sumState(x)` AS `sumState(x)`, sumMerge(`sumState(x)_`) AS s FROM d.t GROUP BY `sumState(x)`"},
        /* names of the window of GROUP BY */
        {VIEW "SELECT hop_start AS b, hop_end, count() AS n FROM d.s GROUP BY hop(ts, INTERVAL 1 SECOND, INTERVAL 5 "
              "SECOND) HAVING hop_start > 0",
         "d.s",
         "SELECT tupleElement(_c0, 1) AS b, tupleElement(_c0, 2) AS hop_end, _c2 AS `countState()` FROM (SELECT "
         "hop(ts, "
         "toIntervalSecond(1), toIntervalSecond(5)) AS _c0, countState() AS _c2 FROM d.s GROUP BY _c0)",
         "SELECT b AS b, hop_end AS hop_end, countMerge(`countState()`) AS n FROM d.t GROUP BY b, hop_end HAVING b > "
         "0"},
        /* the window as a whole, and as functions of its arguments; names that the table's columns get otherwise */
        {VIEW "SELECT tumble(ts, INTERVAL 1 HOUR) AS w, w.1 AS b, tumbleEnd(ts, INTERVAL 1 HOUR) AS e, k AS tumble_end "
              "FROM d.s GROUP BY w, k",
         "d.s",
         "SELECT tupleElement(_c0, 1) AS b, tupleElement(_c0, 2) AS e, _c2 AS tumble_end, _c3 AS `countState()` FROM "
         "(SELECT tumble(ts, toIntervalHour(1)) AS _c0, k AS _c2, countState() AS _c3 FROM d.s GROUP BY _c0, _c2)",
         "SELECT (b, e) AS w, b AS b, e AS e, tumble_end AS tumble_end FROM d.t GROUP BY b, e, tumble_end"},
        {VIEW "SELECT count() AS tumble_start FROM d.s GROUP BY tumble(ts, INTERVAL 1 HOUR)", "d.s",
         "SELECT tupleElement(_c0, 1) AS tumble_start_, tupleElement(_c0, 2) AS tumble_end, _c2 AS `countState()` FROM "
         "(SELECT tumble(ts, toIntervalHour(1)) AS _c0, countState() AS _c2 FROM d.s GROUP BY _c0)",
         "SELECT countMerge(`countState()`) AS tumble_start FROM d.t GROUP BY tumble_start_, tumble_end"},
        {"CREATE MATERIALIZED VIEW d.v TO d.t AS SELECT a, count() AS n FROM d.s GROUP BY a", "d.s",
         "SELECT a, count() AS n FROM d.s GROUP BY a", NULL},
        {"CREATE MATERIALIZED VIEW d.v ENGINE = MergeTree ORDER BY a AS WITH w AS (SELECT * FROM d.s) SELECT a FROM "
         "(SELECT a FROM w)",
         "d.s", "WITH w AS (SELECT * FROM d.s) SELECT a FROM (SELECT a FROM w)", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        check_example(&examples[i]);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *definition;
        enum err_code code;
        const char *what;
    } examples[] = {
        {VIEW "SELECT a FROM d.s UNION ALL SELECT a FROM d.s", ERR_VIEW_QUERY, "UNION"},
        {VIEW "SELECT 1", ERR_VIEW_QUERY, "no FROM"},
        {VIEW "SELECT number FROM numbers(3)", ERR_VIEW_QUERY, "table functions (numbers)"},
        {VIEW "SELECT a FROM d.s FINAL", ERR_VIEW_QUERY, "FINAL"},
        {VIEW "SELECT a, count() FROM d.s GROUP BY a ORDER BY a", ERR_NOT_IMPLEMENTED, "ORDER BY"},
        {VIEW "SELECT a, count() FROM d.s GROUP BY a LIMIT 1", ERR_NOT_IMPLEMENTED, "LIMIT"},
        {VIEW "SELECT a, count() FROM d.s GROUP BY a WITH TOTALS", ERR_NOT_IMPLEMENTED, "WITH TOTALS"},
        {VIEW "SELECT a, count() FROM d.s GROUP BY ROLLUP(a)", ERR_NOT_IMPLEMENTED, "ROLLUP"},
        {VIEW "SELECT session(ts, INTERVAL 1 MINUTE) AS w, count() FROM d.s GROUP BY w", ERR_NOT_IMPLEMENTED,
         "GROUP BY session"},
        {VIEW "SELECT *, count() FROM d.s GROUP BY a", ERR_NOT_IMPLEMENTED, "star"},
        {VIEW "SELECT a, sumSimpleState(x) FROM d.s GROUP BY a", ERR_NOT_IMPLEMENTED, "sumSimpleState"},
        {VIEW "SELECT a, sum(count()) OVER () FROM d.s GROUP BY a", ERR_NOT_IMPLEMENTED, "window functions"},
        {"SELECT 1", ERR_CORRUPT, "is none"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct materialized view;
        struct slice text;
        struct err *err = materialized_of(arena, slice_text(examples[i].definition), &view);
        err = err == NULL ? materialized_feed(arena, &view, &text) : err;
        assert_non_null(err);
        assert_int_equal(err_code(err), examples[i].code);
        assert_non_null(strstr(err_message(err), examples[i].what));
        err_free(err);
        arena_destroy(arena);
    }
}

/* A table that an older version made has a window as one column, and is fed and read by it. */
static void test_whole_windows(void **state)
{
    static const struct type text = {.kind = TYPE_STRING};
    static const struct column_def columns[] = {
        {.name = "hop(ts, toIntervalSecond(1), toIntervalSecond(5))", .type = &text},
        {.name = "countState()", .type = &text}};
    const struct table_def target = {.database = "d", .name = "t", .columns = columns, .column_count = 2};
    struct arena *arena = arena_create(NULL);
    struct materialized view;
    struct slice sql;
    (void)state;
    assert_null(
        materialized_of(arena,
                        slice_text(VIEW "SELECT hop_start AS b, count() AS n FROM d.s GROUP BY hop(ts, INTERVAL "
                                        "1 SECOND, INTERVAL 5 SECOND)"),
                        &view));
    assert_null(materialized_stored(arena, &view, &target));
    assert_null(materialized_feed(arena, &view, &sql));
    assert_string_equal(
        flat(arena, sql),
        "SELECT _c0 AS `hop(ts, toIntervalSecond(1), toIntervalSecond(5))`, _c1 AS `countState()` FROM "
        "(SELECT hop(ts, toIntervalSecond(1), toIntervalSecond(5)) AS _c0, countState() AS _c1 FROM d.s "
        "GROUP BY _c0)");
    assert_null(materialized_read(arena, &view, slice_text("d"), slice_text("t"), &sql));
    const char *select = strstr(flat(arena, sql), " AS SELECT ");
    assert_non_null(select);
    assert_string_equal(select + 4, "SELECT tupleElement(`hop(ts, toIntervalSecond(1), toIntervalSecond(5))`, 1) AS b, "
                                    "countMerge(`countState()`) AS n FROM d.t GROUP BY `hop(ts, toIntervalSecond(1), "
                                    "toIntervalSecond(5))`");
    arena_destroy(arena);
}

/* The SELECTs that make keys anew; of keys that are Nullable, none, of arrayJoin, windows; of a table without counts. */
static void test_keys(void **state)
{
    static const struct type text = {.kind = TYPE_STRING}, nulls = {.kind = TYPE_STRING, .nullable = true};
    static const struct type number = {.kind = TYPE_UINT32}, time = {.kind = TYPE_DATETIME};
    static const struct {
        const char *definition;
        const char *feed, *places;
        bool counted;
        struct column_def columns[3];
    } examples[] = {
        {VIEW "SELECT a, b, count() AS n FROM d.s WHERE x > 0 OR y GROUP BY a, b",
         "SELECT _c0 AS a, _c1 AS b, _c2 AS `countState()` FROM (SELECT a AS _c0, b AS _c1, countState() AS _c2 FROM "
         "d.s "
         "WHERE ((x > 0) OR y) AND ((_c0, [_c1]) IN (SELECT a, [b] FROM `.view`.dirty)) AND (_c0 >= (SELECT min(a) "
         "FROM "
         "`.view`.dirty)) AND (_c0 <= (SELECT max(a) FROM `.view`.dirty)) GROUP BY _c0, _c1)",
         "SELECT _segment_pack, _segment_offset, _segment_row FROM `.view`.`old` WHERE (a, [b]) IN (SELECT a, [b] FROM "
         "`.view`.`dirty`)",
         true,
         {{.name = "a", .type = &number}, {.name = "b", .type = &nulls}, {.name = "countState()", .type = &text}}},
        {VIEW "SELECT max(x) AS m FROM d.s",
         "SELECT _c0 AS `maxState(x)`, _c1 AS `countState()` FROM (SELECT maxState(x) AS _c0, countState() AS _c1 FROM "
         "d.s)",
         "SELECT _segment_pack, _segment_offset, _segment_row FROM `.view`.`old` WHERE 1",
         false,
         {{.name = "maxState(x)", .type = &text}}},
        {VIEW "SELECT arrayJoin(x) AS a, count() FROM d.s GROUP BY a",
         "SELECT _c0 AS a, _c1 AS `countState()` FROM (SELECT arrayJoin(x) AS _c0, countState() AS _c1 FROM d.s GROUP "
         "BY "
         "_c0) WHERE _c0 IN (SELECT a FROM `.view`.`dirty`)",
         "SELECT _segment_pack, _segment_offset, _segment_row FROM `.view`.`old` WHERE a IN (SELECT a FROM "
         "`.view`.`dirty`)",
         true,
         {{.name = "a", .type = &text}, {.name = "countState()", .type = &text}}},
        {VIEW "SELECT tumble_start, count() FROM d.s GROUP BY tumble(ts, INTERVAL 1 HOUR)",
         "SELECT tupleElement(_c0, 1) AS tumble_start, tupleElement(_c0, 2) AS tumble_end, _c2 AS `countState()` FROM "
         "(SELECT tumble(ts, toIntervalHour(1)) AS _c0, countState() AS _c2 FROM d.s WHERE ((tupleElement(_c0, 1), "
         "tupleElement(_c0, 2)) IN (SELECT tumble_start, tumble_end FROM `.view`.dirty)) AND (tupleElement(_c0, 1) >= "
         "(SELECT min(tumble_start) FROM `.view`.dirty)) AND (tupleElement(_c0, 1) <= (SELECT max(tumble_start) FROM "
         "`.view`.dirty)) AND (tupleElement(_c0, 2) >= (SELECT min(tumble_end) FROM `.view`.dirty)) AND "
         "(tupleElement(_c0, 2) <= (SELECT max(tumble_end) FROM `.view`.dirty)) GROUP BY _c0)",
         "SELECT _segment_pack, _segment_offset, _segment_row FROM `.view`.`old` WHERE (tumble_start, tumble_end) IN "
         "(SELECT tumble_start, tumble_end FROM `.view`.`dirty`)",
         true,
         {{.name = "tumble_start", .type = &time},
          {.name = "tumble_end", .type = &time},
          {.name = "countState()", .type = &text}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct arena *arena = arena_create(NULL);
        struct materialized view;
        struct materialized_keys keys;
        uint32_t count = 0;
        while (count < 3 && examples[i].columns[count].name != NULL) {
            count++;
        }
        const struct table_def target = {
            .database = "d", .name = "t", .columns = examples[i].columns, .column_count = count};
        assert_null(materialized_of(arena, slice_text(examples[i].definition), &view));
        assert_null(materialized_keys(arena, &view, &target, &keys));
        assert_string_equal(flat(arena, keys.feed), examples[i].feed);
        assert_string_equal(flat(arena, keys.places), examples[i].places);
        assert_int_equal(keys.counted, examples[i].counted);
        assert_int_equal(keys.differ.length > 0, keys.counted);
        assert_int_equal(keys.kept.length > 0, keys.counted);
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples), cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_whole_windows), cmocka_unit_test(test_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
