// play.js: the page at /play: what its parts do together. Statements come from the editor, each gets a result of its own.
import * as api from "./api.js";
import {Editor, FORMATS} from "./editor.js";
import {History} from "./history.js";
import {showLogin} from "./login.js";
import {Result} from "./result.js";
import {Schema, SchemaTree} from "./schema.js";
import {errorOffset, hasSecret, parametersOf, statementAt, statements} from "./sql.js";
import {nextTheme, onTheme, startTheme} from "./theme.js";
import {make} from "./values.js";
import "./base.css";
import "./play.css";

const $ = id => document.getElementById(id);
const DRAFT = "weir.play.draft";
const narrow = matchMedia("(max-width: 760px)");

const EXAMPLES = [
    ["tables", "SELECT database, name, engine, total_rows, formatReadableSize(total_bytes) AS size\nFROM system.tables\nORDER BY database, name"],
    ["sources", "SELECT *\nFROM system.sources"],
    ["offset ledger", "SELECT *\nFROM system.offset_ledger\nLIMIT 100"],
    ["flights: live, per second", "SELECT toDateTime(ts) AS second, count() AS flights\nFROM flights\nWHERE ts >= now() - INTERVAL 2 MINUTE AND ts < now()\nGROUP BY second\nORDER BY second", "flights-live"],
    ["flights: delays by origin", "SELECT origin, count() AS flights, round(avg(delay), 1) AS delay\nFROM flights\nGROUP BY origin\nORDER BY flights DESC\nLIMIT 20"],
    ["flights: from an airport, with a parameter", "SELECT toStartOfInterval(ts, INTERVAL 10 SECOND) AS t, destination, count() AS flights\nFROM flights\nWHERE origin = {airport:String}\nGROUP BY t, destination\nORDER BY t"],
    ["running queries", "SELECT query_id, elapsed, read_rows, query\nFROM system.processes"],
    ["how full tables are", "SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes\nFROM system.parts\nWHERE active\nGROUP BY table\nORDER BY bytes DESC"],
    ["slow queries", "SELECT event_time, query_duration_ms, read_rows, result_rows, query\nFROM system.query_log\nWHERE type = 'QueryFinish'\nORDER BY query_duration_ms DESC\nLIMIT 50"],
];

const schema = new Schema();
const history = new History($("history"), {onchoose: sql => {
    write(sql);
    if (narrow.matches) showSide(false);
}});
let trusted = true; // false: the text came with a link, and may only read until somebody presses Run
let running = null; // the run's AbortController
let timer = 0;
let results = [];
let chosen = 0;
const values = new Map(); // of parameters

// ---- the editor

function store(name, value) {
    try {
        if (value === null) localStorage.removeItem(name);
        else localStorage.setItem(name, value);
    } catch { /* storage is full or not allowed */ }
}

function read(name) {
    try {
        return localStorage.getItem(name);
    } catch {
        return null;
    }
}

function changed(text) {
    store(DRAFT, hasSecret(text) ? null : text.slice(0, 200000));
    showParameters();
}

function write(sql) {
    editor.text = sql;
    trusted = true;
    editor.focus();
}

function showParameters() {
    const wanted = parametersOf(editor.text), form = $("parameters");
    form.hidden = wanted.length === 0;
    const shown = [...form.querySelectorAll("label")].map(one => one.dataset.signature).join();
    if (shown === wanted.map(({name, type}) => `${name}:${type}`).join()) return;
    form.replaceChildren(...wanted.map(({name, type}) => {
        const input = make("input", {name, autocomplete: "off", spellcheck: "false", oninput: event => values.set(name, event.target.value),
            onkeydown: event => event.key === "Enter" && !event.ctrlKey && !event.metaKey && ask(false)});
        input.value = values.get(name) ?? "";
        const label = make("label", {}, name, input, make("small", {}, type));
        label.dataset.signature = `${name}:${type}`;
        return label;
    }));
}

function givenParameters(sql) {
    return Object.fromEntries(parametersOf(sql).map(({name}) => [name, values.get(name) ?? ""]));
}

// ---- running

function chooseStatements(all) {
    const text = editor.text, {from, to, head} = editor.selection;
    if (all) return statements(text);
    if (from !== to) return statements(text.slice(from, to)).map(one => ({...one, from: one.from + from, to: one.to + from}));
    const one = statementAt(text, head);
    return one ? [one] : [];
}

// Runs statements one after the other; the first error ends them. again: into the results that are there.
async function run(list, again = false) {
    clearTimeout(timer);
    running?.abort();
    if (list.length === 0) return;
    const mine = running = new AbortController();
    editor.mark(null);
    if (!again) {
        results.filter(one => !one.pinned).forEach(one => one.destroy());
        results = [...results.filter(one => one.pinned), ...list.map(statement => new Result(statement, {formats: FORMATS, onlogin: askLogin, ongoto: offset => editor.goTo(offset),
            onpin: showResults, onsay: say, prefersChart: Number($("every").value) > 0}))];
        chosen = results.length - list.length;
        showResults();
    }
    const fresh = results.slice(results.length - list.length);
    $("stop").disabled = false;
    let wrong = false;
    for (const [k, result] of fresh.entries()) {
        const outcome = await result.run({signal: mine.signal, readOnly: !trusted, rowsMax: Number($("rows-max").value), parameters: givenParameters(result.statement.text), database: ""});
        if (mine !== running) return;
        showTabs();
        if (!again) history.add(result.statement.text, outcome);
        if (outcome.error) {
            wrong = true;
            const offset = errorOffset(outcome.error.message, result.statement.text);
            if (offset !== null && editor.text.slice(result.statement.from, result.statement.to) === result.statement.text) editor.mark(result.statement.from + offset);
            if (!again || k > 0) choose(results.indexOf(result));
            if (outcome.error.wantsLogin) askLogin(outcome.error.message);
            for (const other of fresh.slice(k + 1)) other.skip();
            break;
        }
        if (outcome.stopped) {
            for (const other of fresh.slice(k + 1)) other.skip();
            break;
        }
    }
    running = null;
    showTabs();
    if (list.some(one => /^\s*(create|drop|alter|rename|exchange|truncate|insert|detach|attach|restore|undrop)\b/i.test(one.text))) loadSchema();
    const every = Number($("every").value);
    const goesOn = every > 0 && !mine.signal.aborted && !wrong;
    if (goesOn) timer = setTimeout(() => run(list, true), every);
    else if (wrong) $("every").value = "0";
    $("stop").disabled = !goesOn;
}

function ask(all) {
    trusted = true;
    run(chooseStatements(all));
}

function stop() {
    const was = running !== null || Number($("every").value) > 0;
    $("every").value = "0";
    clearTimeout(timer);
    running?.abort();
    $("stop").disabled = true;
    return was;
}

function say(text) {
    $("live").textContent = text;
}

// ---- results: a tab each

function showResults() {
    const root = $("results");
    if (results.length === 0) {
        root.replaceChildren(make("div.empty", {}, make("p", {}, make("kbd", {}, "Ctrl"), " ", make("kbd", {}, "Enter"), " runs the statement at the cursor")));
        return;
    }
    chosen = Math.max(0, Math.min(chosen, results.length - 1));
    const panel = results[chosen].element;
    panel.setAttribute("aria-labelledby", `result-tab-${chosen}`);
    const tabs = make("div.tabs", {role: "tablist", "aria-label": "results", onkeydown: tabKeys});
    root.replaceChildren(tabs, panel);
    showTabs();
    results[chosen].shown();
}

function showTabs() {
    const tabs = $("results").querySelector(".tabs");
    if (!tabs) return;
    const focused = tabs.contains(document.activeElement);
    tabs.hidden = results.length < 2;
    tabs.replaceChildren(...results.map((one, k) => make(one.failed ? "button.bad" : "button", {role: "tab", id: `result-tab-${k}`, "aria-selected": k === chosen, tabindex: k === chosen ? 0 : -1,
        title: one.statement.text.slice(0, 300), onclick: () => choose(k)}, (one.pinned ? "📌 " : "") + one.title, make("span.state", {}, one.state))));
    if (focused) tabs.children[chosen]?.focus();
}

function tabKeys(event) {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (step) choose((chosen + step + results.length) % results.length);
}

function choose(k) {
    if (k === chosen && $("results").contains(results[k]?.element)) {
        showTabs();
        return;
    }
    const focused = document.activeElement?.getAttribute("role") === "tab";
    chosen = k;
    showResults();
    if (focused) $("results").querySelector("[aria-selected=true]")?.focus();
}

// ---- user and password

function askLogin(message = "") {
    showLogin(message, () => {
        showUser();
        loadSchema();
    });
}

function showUser() {
    $("user").textContent = api.currentUser() ?? "default";
}

function showHelp() {
    const keys = [["Ctrl+Enter", "run the statement at the cursor, or what is selected"], ["Ctrl+Shift+Enter", "run all statements"], ["Esc", "close the list of completions; cancel what runs"],
        ["Ctrl+Space", "completions"], ["Tab", "take the completion; otherwise on to what follows"], ["Ctrl+] Ctrl+[", "indent more, less"], ["Ctrl+/", "comment"],
        ["Alt+↑ Alt+↓", "move the line"], ["in a table", "arrows, Page Up/Down, Shift selects, Ctrl+C copies, Enter shows the whole value"],
        ["in the tree", "arrows, Enter inserts the name, Space shows the first 100 rows"], ["F6", "from editor to results and back"]];
    const dialog = make("dialog.box", {"aria-label": "keys and licences", onclose: () => dialog.remove()}, make("h2", {}, "Keys"),
        make("dl", {}, ...keys.flatMap(([key, text]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)])),
        make("p", {}, "On a Mac ⌘ does what Ctrl does. ", make("a", {href: "web/licences.txt", target: "_blank"}, "Licences"), " of what this page is made of."),
        make("div.buttons", {}, make("button.main", {onclick: () => dialog.close()}, "Close")));
    document.body.append(dialog);
    dialog.showModal();
}

// ---- the side

function showSide(open) {
    $("side").hidden = !open;
    $("side-button").setAttribute("aria-expanded", String(open));
}

function chooseSide(name) {
    for (const one of ["tables", "history"]) {
        $(one).hidden = one !== name;
        $(`tab-${one}`).setAttribute("aria-selected", String(one === name));
        $(`tab-${one}`).tabIndex = one === name ? 0 : -1;
    }
    if (name === "history") history.draw();
}

async function loadSchema() {
    try {
        await schema.load();
        $("server").textContent = location.host;
        tree.draw();
    } catch (error) {
        if (error.wantsLogin) askLogin(error.message);
        else $("server").textContent = "does not answer";
    }
}

function dragSplit(event) {
    const begin = event.clientY, before = $("editor").offsetHeight;
    const move = next => setHeight(before + next.clientY - begin);
    const up = () => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", up);
    };
    event.preventDefault();
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
}

function setHeight(height) {
    $("editor").style.height = `${Math.max(70, Math.min(innerHeight - 220, height))}px`;
}

// ---- start

startTheme($("theme"));
onTheme(() => results.forEach(one => one.repaint()));
let start = "";
try {
    start = decodeURIComponent(location.hash.slice(1));
} catch { /* no text */ }
const named = EXAMPLES.find(example => example[2] === start);
const editor = new Editor($("editor"), schema, {text: named ? named[1] : start || read(DRAFT) || EXAMPLES[0][1], onrun: ask, oncancel: stop, onchange: changed});
const tree = new SchemaTree($("tables"), schema, {oninsert: text => editor.insert(text), onpreview: sql => {
    trusted = true;
    run([{from: -1, to: -1, text: sql}]);
    if (narrow.matches) showSide(false);
}});
trusted = !start || named !== undefined;

for (const [name, sql] of EXAMPLES) $("examples").append(new Option(name, sql));
$("examples").onchange = event => {
    const sql = event.target.value;
    event.target.selectedIndex = 0;
    if (!sql) return;
    write(sql);
    if (parametersOf(sql).length === 0) ask(true);
};
$("run").onclick = () => ask(false);
$("run-all").onclick = () => ask(true);
$("stop").onclick = stop;
$("every").onchange = () => Number($("every").value) > 0 ? ask(false) : clearTimeout(timer);
$("parameters").onsubmit = event => event.preventDefault();
$("user").onclick = () => askLogin();
$("theme").onclick = () => nextTheme($("theme"));
$("help").onclick = showHelp;
$("reload").onclick = loadSchema;
$("link").onclick = async () => {
    globalThis.history.replaceState(null, "", "#" + encodeURIComponent(editor.text));
    await navigator.clipboard?.writeText(location.href).then(() => say("the link is on the clipboard"), () => {});
    $("link").textContent = "Copied";
    setTimeout(() => $("link").textContent = "Link", 1500);
};
$("side-button").onclick = () => showSide($("side").hidden);
for (const name of ["tables", "history"]) {
    $(`tab-${name}`).onclick = () => chooseSide(name);
    $(`tab-${name}`).onkeydown = event => {
        if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
        const other = name === "tables" ? "history" : "tables";
        chooseSide(other);
        $(`tab-${other}`).focus();
    };
}
$("split").onpointerdown = dragSplit;
$("split").onkeydown = event => {
    const step = {ArrowUp: -24, ArrowDown: 24}[event.key];
    if (!step) return;
    setHeight($("editor").offsetHeight + step);
    event.preventDefault();
};
$("side").addEventListener("keydown", event => {
    if (event.key === "Escape" && narrow.matches) {
        showSide(false);
        $("side-button").focus();
    }
});
addEventListener("keydown", event => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        ask(event.shiftKey);
    } else if (event.key === "Escape") stop();
    else if (event.key === "F6") {
        event.preventDefault();
        if ($("editor").contains(document.activeElement)) $("results").querySelector("[role=grid], button, pre")?.focus();
        else editor.focus();
    }
});
addEventListener("beforeunload", () => running?.abort());
showSide(!narrow.matches);
showUser();
showParameters();
showResults();
loadSchema();
if (named) $("every").value = "1000";
if (named || start) run(chooseStatements(true));
editor.focus();
