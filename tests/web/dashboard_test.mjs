// What the dashboard's modules make of definitions, places, times, events; run by node --test.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import {chosenOf, stepOf} from "../../server/web/chart_data.js";
import {EXAMPLES} from "../../server/web/dashboard_examples.js";
import {addPanel, checkDashboard, emptyDashboard, freshId, orderOf, parseDashboard, placePanel, settle, spanSeconds, stepPanel} from "../../server/web/dashboard_model.js";
import {EventParser, LiveState, TAIL_MAX, backoff} from "../../server/web/live_state.js";
import {expand, isTimeText, stepSeconds} from "../../server/web/macros.js";
import {numberWith, wallSeconds, zoneOf} from "../../server/web/values.js";

test("definitions are right or wrong as the server says", () => {
    const cases = JSON.parse(fs.readFileSync(new URL("dashboards.json", import.meta.url)));
    assert.ok(cases.length > 40);
    for (const {name, dashboard, error} of cases) assert.equal(checkDashboard(dashboard), error, name);
});

test("what the program brings is right", () => {
    for (const [name, dashboard] of Object.entries(EXAMPLES)) {
        assert.equal(checkDashboard(dashboard), null, name);
        assert.deepEqual(settle(dashboard.panels), dashboard.panels, name);
    }
    assert.equal(checkDashboard(emptyDashboard("x")), null);
    assert.throws(() => parseDashboard("{"), /is not JSON/);
    assert.throws(() => parseDashboard("[]"), /must be an object/);
});

const panel = (id, x, y, width, height) => ({id, x, y, width, height});
const at = (panels, id) => {
    const {x, y, width, height} = panels.find(one => one.id === id);
    return [x, y, width, height];
};

test("panels neither overlap nor hang in the air", () => {
    let seed = 7;
    const random = most => (seed = seed * 48271 % 2147483647) % most;
    for (let round = 0; round < 300; round++) {
        let panels = Array.from({length: 1 + random(12)}, (_, k) => {
            const width = 1 + random(12);
            return panel(`p${k}`, random(13 - width), random(20), width, 1 + random(6));
        });
        panels = settle(panels);
        for (let step = 0; step < 5; step++) {
            const id = `p${random(panels.length)}`;
            panels = random(2) ? placePanel(panels, id, {x: random(16) - 2, y: random(20) - 2}) : random(2) ? placePanel(panels, id, {width: random(16) - 1, height: random(8) - 1}) : stepPanel(panels, id, 0, random(2) * 2 - 1);
            for (const a of panels) {
                assert.ok(a.x >= 0 && a.x + a.width <= 12 && a.width >= 1 && a.height >= 1 && a.y >= 0);
                for (const b of panels) {
                    if (a !== b) assert.ok(!(a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height), `${JSON.stringify(a)} over ${JSON.stringify(b)}`);
                }
            }
            assert.deepEqual(settle(panels), panels);
        }
    }
});

test("a panel goes where it is put, others make room", () => {
    const panels = [panel("a", 0, 0, 6, 4), panel("b", 6, 0, 6, 4), panel("c", 0, 4, 12, 3)];
    let next = placePanel(panels, "c", {x: 0, y: 0});
    assert.deepEqual([at(next, "c"), at(next, "a"), at(next, "b")], [[0, 0, 12, 3], [0, 3, 6, 4], [6, 3, 6, 4]]);
    next = stepPanel(panels, "a", 0, 1);
    assert.deepEqual([at(next, "c")[1], at(next, "a")[1]], [0, 3]);
    next = stepPanel(panels, "c", 0, -1);
    assert.equal(at(next, "c")[1], 0);
    assert.deepEqual(at(placePanel(panels, "a", {width: 99}), "a"), [0, 0, 12, 4]);
    assert.deepEqual(at(placePanel(panels, "b", {x: 99, y: 0}), "b"), [6, 0, 6, 4]);
    assert.deepEqual(orderOf(next), ["c", "a", "b"]);
    next = addPanel(panels, {id: freshId(panels), width: 3, height: 3});
    assert.deepEqual(at(next, "p4"), [0, 7, 3, 3]);
});

test("the time range in queries", () => {
    const last = {last: "5m"}, fixed = {from: "2026-01-01", to: "2026-01-02 12:30"};
    assert.equal(spanSeconds("2h"), 7200);
    assert.equal(stepSeconds(last), 2);
    assert.equal(expand("WHERE $__timeFilter(ts)", last), "WHERE (ts >= toStartOfInterval(now() - INTERVAL 300 SECOND, INTERVAL 2 SECOND) AND ts <= now64(3))");
    assert.equal(expand("$__timeInterval(toDateTime(a, 'UTC'))", last), "toStartOfInterval(toDateTime(a, 'UTC'), INTERVAL 2 SECOND)");
    assert.equal(expand("$__fromTime $__toTime $__interval_s", fixed), "toDateTime64('2026-01-01 00:00:00', 3) toDateTime64('2026-01-02 12:30:00', 3) 900");
    for (const same of ["'$__fromTime'", "-- $__toTime", "`$__fromTime`", "$__nothing", "$__timeFilter", "$__timeFilter(ts", "$a$ $__fromTime $a$"]) assert.equal(expand(same, last), same);
    assert.equal(expand("$__fromTime", {from: "'; DROP", to: "x"}), "toDateTime64(0, 3)");
    assert.ok(isTimeText("2026-01-01 10:00:00.123") && !isTimeText("2026-01-01T10:00:00Z") && !isTimeText("now"));
});

test("a live query's answer follows its events", () => {
    const state = new LiveState();
    assert.equal(state.apply({type: "change", upsert: [["a", 1]], delete: []}), false);
    assert.equal(state.apply({type: "snapshot", seq: 1, columns: [{name: "o", type: "String"}, {name: "n", type: "UInt64"}], key: [0], order: [{column: 1, descending: true}], rows: [["a", "10"], ["b", "9"]], complete_through: null, mode: "recomputed"}), true);
    state.apply({type: "change", seq: 2, upsert: [["b", "11"], ["c", "9"]], delete: [], complete_through: "2026-01-01T00:00:00Z"});
    assert.deepEqual(state.result().data, [["b", "11"], ["a", "10"], ["c", "9"]]);
    assert.equal(state.result().completeThrough, "2026-01-01T00:00:00Z");
    state.apply({type: "change", seq: 4, upsert: [], delete: [["a"], ["nothing"]]});
    assert.deepEqual(state.result().data, [["b", "11"], ["c", "9"]]);
    state.apply({type: "snapshot", seq: 5, columns: [{name: "n", type: "UInt64"}], key: [], rows: [["1"], ["1"]]});
    assert.deepEqual(state.result().data, [["1"], ["1"]]);
    assert.equal(state.apply({type: "heartbeat", data_time: "x"}), false);
});

test("nulls are sorted as the server sorts them", () => {
    const state = new LiveState(), columns = [{name: "k", type: "String"}, {name: "v", type: "Nullable(Int32)"}];
    const rows = [["a", null], ["b", 2], ["c", -1]];
    state.apply({type: "snapshot", columns, key: [0], order: [{column: 1, descending: false, nulls_first: false}], rows});
    assert.deepEqual(state.result().data.map(row => row[0]), ["c", "b", "a"]);
    state.apply({type: "snapshot", columns, key: [0], order: [{column: 1, descending: true, nulls_first: true}], rows});
    assert.deepEqual(state.result().data.map(row => row[0]), ["a", "b", "c"]);
});

test("a tail keeps the newest rows", () => {
    const state = new LiveState();
    state.apply({type: "rows", columns: [{name: "n", type: "UInt64"}], rows: [["1"], ["2"]], dropped: 0});
    state.apply({type: "rows", rows: [["3"]], dropped: 5});
    assert.deepEqual([state.result().data, state.result().dropped], [[["3"], ["2"], ["1"]], 5]);
    state.apply({type: "rows", rows: Array.from({length: 2 * TAIL_MAX}, (_, k) => [String(k)]), dropped: 0});
    assert.equal(state.result().data.length, TAIL_MAX);
    assert.equal(state.result().data[0][0], String(2 * TAIL_MAX - 1));
});

test("a stream of events, however it is cut", () => {
    const text = ": hello\n\ndata: {\"a\":1}\nid: x-1\n\r\ndata: one\r\ndata:two\r\n\r\ndata: \n\n";
    for (let cut = 1; cut < text.length; cut++) {
        const parser = new EventParser();
        assert.deepEqual([...parser.feed(text.slice(0, cut)), ...parser.feed(text.slice(cut)), ...parser.feed("\n")], [{data: "{\"a\":1}", id: "x-1"}, {data: "one\ntwo", id: "x-1"}, {data: "", id: "x-1"}], `cut at ${cut}`);
    }
    assert.ok(backoff(0, 0) === 500 && backoff(3, 0) === 4000 && backoff(50, 0) === 30000 && backoff(50, 1) === 20000);
});

test("columns by name, steps, numbers, zones", () => {
    const meta = [{name: "t", type: "DateTime"}, {name: "o", type: "String"}, {name: "n", type: "UInt64"}];
    assert.deepEqual(chosenOf(meta, {x: "o", values: ["n", "gone"], split: ""}), {x: 1, values: [2], split: null});
    assert.deepEqual(chosenOf(meta, {x: "gone"}), {});
    assert.equal(stepOf([1, 3, 4, 10]), 1);
    assert.equal(numberWith(1234.567, 1, "ms"), "1,234.6 ms");
    assert.equal(numberWith(12, null, "%"), "12%");
    assert.equal(wallSeconds("2026-07-01T10:00:00.250000Z", "Europe/Berlin"), Date.UTC(2026, 6, 1, 12) / 1000 + 0.25);
    assert.equal(wallSeconds("2026-07-01T10:00:00Z", "No/Where"), Date.UTC(2026, 6, 1, 10) / 1000);
    assert.equal(zoneOf("Nullable(DateTime64(3, 'UTC'))"), "UTC");
    assert.equal(zoneOf("DateTime"), null);
});
