// What the pages' modules make of statements and results; run by node --test.
import assert from "node:assert/strict";
import test from "node:test";
import {chartPlan, pivot} from "../../server/web/chart_data.js";
import {errorOffset, hasSecret, parametersOf, quoteName, statementAt, statements, tablesOf, tokens} from "../../server/web/sql.js";
import {bytesText, compareValues, durationText, innerType, isNumeric, isTime, secondsOf} from "../../server/web/values.js";

const texts = sql => statements(sql).map(one => one.text);

test("tokens cover a text without gaps", () => {
    for (const sql of ["SELECT 'a''b\\'c;' AS \"x;\" -- ; \n, `y;` /* ; */ FROM t", "$x$ ; $x$ {n:Array(UInt8)} 1e-3 .5 0xFF", "'open", "/* open", "\"open", "# c\n#!x", "é='ö'", "{", "$", ""]) {
        let at = 0;
        for (const token of tokens(sql)) {
            assert.equal(token.from, at);
            assert.ok(token.to > token.from);
            at = token.to;
        }
        assert.equal(at, sql.length);
    }
});

test("statements end where the server ends them", () => {
    assert.deepEqual(texts("SELECT 1; SELECT 2"), ["SELECT 1", "SELECT 2"]);
    assert.deepEqual(texts(";; \n-- nothing\n ;"), []);
    assert.deepEqual(texts("SELECT ';' -- ;\n, \";\" /* ; */;x"), ["SELECT ';' -- ;\n, \";\"", "x"]);
    assert.deepEqual(texts("SELECT $a$;$a$; SELECT 2"), ["SELECT $a$;$a$", "SELECT 2"]);
    assert.deepEqual(texts("INSERT INTO t FORMAT CSV\n1,a;b\n"), ["INSERT INTO t FORMAT CSV\n1,a;b\n"]);
    assert.deepEqual(texts("INSERT INTO t VALUES (1, ';'); SELECT 1"), ["INSERT INTO t VALUES (1, ';')", "SELECT 1"]);
    assert.deepEqual(texts("SELECT 1 FORMAT CSV; SELECT 2"), ["SELECT 1 FORMAT CSV", "SELECT 2"]);
});

test("the statement at the cursor", () => {
    const sql = "SELECT 1;\n\nSELECT 2; SELECT 3\n";
    const at = position => statementAt(sql, position)?.text;
    assert.equal(at(0), "SELECT 1");
    assert.equal(at(9), "SELECT 1");
    assert.equal(at(10), "SELECT 2");
    assert.equal(at(sql.indexOf("2;") + 2), "SELECT 2");
    assert.equal(at(sql.indexOf("SELECT 3")), "SELECT 3");
    assert.equal(at(sql.length), "SELECT 3");
    assert.equal(statementAt("  -- nothing", 3), null);
});

test("parameters", () => {
    assert.deepEqual(parametersOf("SELECT {a:UInt8}, '{b:String}', {a:UInt8}, { c : Array(Nullable(String)) }"),
        [{name: "a", type: "UInt8"}, {name: "c", type: "Array(Nullable(String))"}]);
});

test("tables that a statement names", () => {
    const names = sql => tablesOf(sql).map(({database, table, alias}) => [database, table, alias].join("/"));
    assert.deepEqual(names("SELECT 1 FROM a.b AS c JOIN `d e` f ON 1 WHERE x"), ["a/b/c", "/d e/f"]);
    assert.deepEqual(names("SELECT * FROM flights WHERE x"), ["/flights/"]);
    assert.deepEqual(names("SELECT * FROM (SELECT 1 FROM t)"), ["/t/"]);
    assert.deepEqual(names("SELECT * FROM a, b.c d"), ["/a/", "b/c/d"]);
    assert.deepEqual(names("INSERT INTO t SELECT 1"), ["/t/"]);
});

test("where an error is", () => {
    assert.equal(errorOffset("… (line 2, col 3). (X)", "a\nbcd"), 4);
    assert.equal(errorOffset("… (line 1, col 3)", "𝄞xyz"), 3); // columns count characters
    assert.equal(errorOffset("no place", "a"), null);
});

test("what is not kept", () => {
    assert.ok(hasSecret("CREATE USER a IDENTIFIED BY 'x'"));
    assert.ok(!hasSecret("SELECT 1"));
});

test("names", () => {
    assert.equal(quoteName("a_1"), "a_1");
    assert.equal(quoteName("from"), "`from`");
    assert.equal(quoteName("a`b\\"), "`a\\`b\\\\`");
    assert.equal(quoteName("second"), "second");
});

test("types and values", () => {
    assert.equal(innerType("LowCardinality(Nullable(String))"), "String");
    assert.ok(isNumeric("Nullable(Decimal(18, 2))") && isNumeric("SimpleAggregateFunction(sum, UInt64)") && !isNumeric("Array(UInt8)") && !isNumeric("IntervalDay"));
    assert.ok(isTime("DateTime64(3, 'UTC')") && isTime("Nullable(Date32)") && !isTime("Array(Date)"));
    assert.equal(secondsOf("1970-01-02 00:00:01.500"), 86401.5);
    assert.equal(secondsOf("1970-01-02"), 86400);
    assert.equal(secondsOf("x"), null);
    assert.equal(bytesText(999), "999 B");
    assert.equal(bytesText(1500000), "1.50 MB");
    assert.equal(durationText(61000), "1 min 1 s");
    const sorted = ["18446744073709551615", null, "18446744073709551614", "2", "nan"].sort((a, b) => compareValues(a, b, true));
    assert.deepEqual(sorted, ["2", "18446744073709551614", "18446744073709551615", "nan", null]);
});

const meta = (...columns) => columns.map(column => ({name: column.split(" ")[0], type: column.split(" ")[1]}));

test("what can be drawn", () => {
    const plan = chartPlan(meta("t DateTime", "k String", "n UInt64"), [["2020-01-01 00:00:00", "a", "1"], ["2020-01-01 00:00:01", "a", "2"]]);
    assert.deepEqual([plan.x, plan.values, plan.split, plan.kinds[0]], [0, [2], 1, "line"]);
    assert.equal(chartPlan(meta("k String", "n UInt64"), [["a", 1]]).kinds[0], "bar");
    assert.deepEqual(chartPlan(meta("s String"), [["a"]]).kinds, []);
    assert.deepEqual(chartPlan(meta("n UInt8"), [[1]]).kinds, []);
    assert.deepEqual(chartPlan(meta("n UInt8"), []).kinds, []);
    // of numbers of unlike sizes, those like the first
    assert.deepEqual(chartPlan(meta("k String", "a UInt64", "b UInt64"), [["x", 10, 1000000]]).values, [1]);
});

test("results turned into series", () => {
    const columns = meta("t DateTime", "k String", "n UInt64");
    const data = [["2020-01-01 00:00:02", "a", "3"], ["2020-01-01 00:00:01", "b", "2"], ["2020-01-01 00:00:01", "a", null]];
    const table = pivot(columns, data, {x: 0, values: [2], split: 1});
    assert.deepEqual(table.keys.map(key => key - table.keys[0]), [0, 1]);
    assert.deepEqual(table.series.map(one => [one.name, one.values]), [["a", [null, 3]], ["b", [2, null]]]);
    const many = pivot(columns, Array.from({length: 30}, (_, k) => ["2020-01-01 00:00:01", `k${k}`, k]), {x: 0, values: [2], split: 1});
    assert.deepEqual([many.series.length, many.leftOut, many.series.at(-1).name], [12, 18, "k29"]);
});

test("licences of all packages are listed", async () => {
    const {readFile} = await import("node:fs/promises");
    const lock = JSON.parse(await readFile(new URL("../../server/web/package-lock.json", import.meta.url)));
    const page = await readFile(new URL("../../docs/LICENSES.md", import.meta.url), "utf8");
    for (const [path, one] of Object.entries(lock.packages)) {
        const name = path.replace(/^node_modules\//, "");
        if (path !== "" && !one.dev) assert.ok(page.includes(`| \`${name}\` | ${one.license} |`), name);
    }
});
