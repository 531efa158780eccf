// dashboard.js: the page at /dashboard: a dashboard is chosen, shown, changed, kept; its queries run over one connection.
//
// address   #NAME?last=15m&p_airport=ATL, or from= and to=: a link shows the same
// changes   are kept in this browser at once (weir.dashboard.NAME), on the server when they are saved
import * as api from "./api.js";
import {askName, askTime, confirm, editJson, editPanel, editSettings, showKeys} from "./dashboard_dialogs.js";
import {EXAMPLES} from "./dashboard_examples.js";
import {addPanel, checkDashboard, emptyDashboard, freshId, isDashboardName, parseDashboard, placePanel, settle, stepPanel} from "./dashboard_model.js";
import {Panels} from "./dashboard_panels.js";
import {RULES, SOURCES, Strip} from "./dashboard_strip.js";
import {keep, kept, keptNames} from "./kept.js";
import {Live} from "./live.js";
import {showLogin} from "./login.js";
import {expand, isTimeText, rangeSeconds, stepSeconds} from "./macros.js";
import {Schema} from "./schema.js";
import {parametersOf} from "./sql.js";
import {nextTheme, onTheme, startTheme} from "./theme.js";
import {make} from "./values.js";
import "./base.css";
import "./dashboard.css";

const $ = id => document.getElementById(id);
const DRAFT = "weir.dashboard.", LAST = "weir.dashboard-last";
const SPANS = {"1m": "1 minute", "5m": "5 minutes", "15m": "15 minutes", "1h": "1 hour", "6h": "6 hours", "24h": "24 hours", "7d": "7 days", "30d": "30 days"};
const INTERVALS = {100: "100 ms", 250: "250 ms", 1000: "1 s", 5000: "5 s", 30000: "30 s", 300000: "5 min"};
const UNDO_MAX = 50;

let stored = {names: [], mayChange: false}; // on the server
let board = null; // {name, definition, base: the text that the server or the program has; etag, undo: []}
let time = null;
let values = new Map(); // of variables
let editing = false;
let zone = "UTC", hasRules = 0;
let paused = false;
const schema = new Schema();
let schemaAsked = false;

const strip = new Strip($("strip"), {onretry: () => live.retry(), onlogin: () => askLogin()});
const live = new Live({onstate: (state, error) => {
    strip.showWay(state, error);
    if (state === "login") askLogin(error?.message ?? "");
}, ways: new URLSearchParams(location.search).get("ways")?.split(",").filter(one => ["websocket", "stream", "polling"].includes(one))});
const panels = new Panels($("panels"), {
    change: list => change({...board.definition, panels: list}), edit: editOne, duplicate, remove,
    step: (id, by) => change({...board.definition, panels: stepPanel(board.definition.panels, id, 0, by)}), say,
}, {zone: () => zone});

function say(text) {
    $("live").textContent = text;
}

function notice(text, kind = "", ...buttons) {
    $("notice").hidden = text === "";
    $("notice").className = `notice ${kind}`;
    $("notice").replaceChildren(make("span", {}, text), ...buttons, ...(text === "" ? [] : [make("button.quiet", {"aria-label": "close this notice", onclick: () => notice("")}, "✕")]));
}

// ---- which dashboard

function names() {
    return [...new Set([...stored.names, ...keptNames(DRAFT).filter(isDashboardName), ...Object.keys(EXAMPLES).filter(one => one === "server" || one === board?.name)])].sort();
}

function readHash() {
    let hash = location.hash.slice(1);
    const at = hash.indexOf("?");
    const options = new URLSearchParams(at < 0 ? "" : hash.slice(at + 1));
    hash = at < 0 ? hash : hash.slice(0, at);
    return {name: isDashboardName(hash) ? hash : null, options};
}

function writeHash() {
    const options = new URLSearchParams(), own = board.definition;
    if (JSON.stringify(time) !== JSON.stringify(own.time ?? {last: "15m"})) for (const [key, value] of Object.entries(time)) options.set(key, value);
    for (const [key, value] of values) {
        const variable = own.variables?.find(one => one.name === key);
        if (value !== (variable?.value ?? "")) options.set(`p_${key}`, value);
    }
    const text = options.toString(), hash = `#${board.name}${text ? `?${text}` : ""}`;
    if (location.hash !== hash) history.replaceState(null, "", hash);
}

async function loadNames() {
    try {
        [stored, [[zone, hasRules]]] = await Promise.all([api.dashboards(), api.rows("SELECT timezone(), (SELECT count() FROM system.tables WHERE database = 'system' AND name = 'alert_instances')")]);
    } catch (error) {
        if (error.wantsLogin) askLogin(error.message);
        else notice(`The server's dashboards cannot be listed: ${error.message}`, "bad");
    }
}

// The definition as the server or the program has it: {text, etag}; null: neither has it.
async function readBase(name) {
    if (stored.names.includes(name)) return api.readDashboard(name);
    return Object.hasOwn(EXAMPLES, name) ? {text: JSON.stringify(EXAMPLES[name]), etag: null} : null;
}

function readDraft(name) {
    const text = kept(DRAFT + name);
    if (text === null) return null;
    try {
        const {definition, etag} = JSON.parse(text);
        return checkDashboard(definition) === null ? {definition, etag: typeof etag === "string" ? etag : null} : null;
    } catch {
        return null;
    }
}

async function choose(name, {fresh = false} = {}) {
    notice("");
    let base = null;
    try {
        base = await readBase(name);
        if (base) base.definition = parseDashboard(base.text);
    } catch (error) {
        notice(`The dashboard ${name} cannot be shown: ${error.message}`, "bad");
        if (error.wantsLogin) askLogin(error.message);
        base = null;
    }
    const draft = readDraft(name);
    const definition = draft?.definition ?? base?.definition ?? emptyDashboard(name);
    board = {name, definition, base: base ? JSON.stringify(base.definition) : null, etag: draft ? draft.etag : base?.etag ?? null, onServer: stored.names.includes(name), undo: []};
    if (draft && board.base !== null && isChanged()) {
        notice("This browser keeps changes of this dashboard that are not on the server.", "", make("button", {onclick: discard}, "Discard them"));
    }
    if (draft && base && draft.etag !== base.etag) notice("The dashboard was changed on the server while this browser keeps changes of its own.", "", make("button", {onclick: discard}, "Take the server's"));
    keep(LAST, name);
    const {options} = readHash();
    const given = fresh ? new URLSearchParams() : options;
    time = definition.time ?? {last: "15m"};
    if (/^[1-9]\d{0,5}[smhd]$/.test(given.get("last") ?? "")) time = {last: given.get("last")};
    else if (isTimeText(given.get("from") ?? "") && isTimeText(given.get("to") ?? "")) time = {from: given.get("from"), to: given.get("to")};
    values = new Map((definition.variables ?? []).map(one => [one.name, one.value ?? ""]));
    for (const [key, value] of given) if (key.startsWith("p_")) values.set(key.slice(2), value.slice(0, 4096));
    show();
    loadChoices();
}

// ---- what is shown

const isChanged = () => JSON.stringify(board.definition) !== board.base;

function show() {
    const {definition} = board;
    document.title = `${definition.title || board.name} · Weir`;
    showNames();
    $("time").replaceChildren(...Object.entries(SPANS).map(([value, text]) => new Option(`last ${text}`, value)), ...(time.last && !SPANS[time.last] ? [new Option(`last ${time.last}`, time.last)] : []),
        ...(time.from ? [new Option(`${time.from} to ${time.to}`, "fixed")] : []), new Option("from … to …", "ask"));
    $("time").value = time.last ?? "fixed";
    const every = definition.every_ms ?? 1000;
    $("every").replaceChildren(...Object.entries(INTERVALS).map(([value, text]) => new Option(`every ${text}`, value)), ...(INTERVALS[every] ? [] : [new Option(`every ${every} ms`, every)]));
    $("every").value = String(every);
    showEditing();
    showVariables();
    panels.set(definition.panels);
    subscribe();
    writeHash();
}

function showNames() {
    $("names").replaceChildren(...names().map(name => {
        const changed = kept(DRAFT + name) !== null;
        return new Option(`${name === board.name ? board.definition.title || name : name}${changed ? " •" : ""}`, name);
    }));
    $("names").value = board.name;
}

function showEditing() {
    document.body.classList.toggle("editing", editing);
    $("edit").setAttribute("aria-pressed", String(editing));
    $("edit").textContent = editing ? "Done" : "Edit";
    $("edit-bar").hidden = !editing;
    $("undo").disabled = board.undo.length === 0;
    $("save").disabled = !stored.mayChange || !isChanged() && board.onServer;
    $("save").title = stored.mayChange ? "" : "needs the right ALTER DASHBOARD";
    $("discard").disabled = !isChanged() || board.base === null;
    $("saved").textContent = !isChanged() ? "" : "kept in this browser";
}

// All variables: those of the definition, and parameters of queries that it does not name.
function variables() {
    const list = [...board.definition.variables ?? []], names = new Set(list.map(one => one.name));
    for (const panel of board.definition.panels) {
        for (const {name, type} of parametersOf(panel.query)) {
            if (!names.has(name)) list.push({name, type});
            names.add(name);
        }
    }
    return list;
}

function showVariables() {
    const list = variables(), form = $("variables");
    form.hidden = list.length === 0;
    const signature = JSON.stringify(list.map(one => [one, one.query ? choices.get(one.query) : null]));
    if (form.dataset.signature !== signature) {
        form.dataset.signature = signature;
        form.replaceChildren(...list.map(one => {
            const offered = one.query ? choices.get(one.query) : one.options, value = values.get(one.name) ?? one.value ?? "";
            const act = event => {
                values.set(one.name, event.target.value);
                if (editing) change({...board.definition, variables: variables().map(other => other.name === one.name ? {...other, value: event.target.value} : other)}, "value");
                subscribe();
                writeHash();
            };
            const field = offered?.length > 0
                ? make("select", {name: one.name, onchange: act}, ...[...new Set([value, ...offered])].map(text => make("option", {value: text, selected: text === value}, text)))
                : make("input", {name: one.name, value, autocomplete: "off", spellcheck: "false", title: one.type ?? "String", onchange: act});
            return make("label", {}, one.label || one.name, field);
        }));
    }
    for (const field of form.querySelectorAll("input, select")) if (document.activeElement !== field) field.value = values.get(field.name) ?? "";
}

const choices = new Map(); // a variable's query → its values
async function loadChoices() {
    for (const {query} of board.definition.variables ?? []) {
        if (!query || choices.has(query)) continue;
        choices.set(query, []);
        try {
            choices.set(query, (await api.poll(expand(query, time))).data.slice(0, 1000).map(row => String(row[0])));
            showVariables();
        } catch (error) {
            notice(`The choices of a variable cannot be read: ${error.message}`, "bad");
        }
    }
}

function parametersFor(sql) {
    return Object.fromEntries(parametersOf(sql).map(({name}) => [name, values.get(name) ?? ""]));
}

// ---- data

const completes = new Map(); // panel → {through, dataTime}
let completeSoon = false;

function showComplete() {
    let least = null;
    for (const one of completes.values()) if (one.through !== null && (least === null || one.through < least.through)) least = one;
    strip.showComplete(least?.through ?? null, least?.dataTime ?? null);
}

const asked = new Map(); // panel → what was asked last

function subscribe() {
    const every = board.definition.every_ms ?? 1000, list = [];
    for (const id of completes.keys()) if (!board.definition.panels.some(one => one.id === id)) completes.delete(id);
    for (const panel of board.definition.panels) {
        const view = panels.views.get(panel.id);
        if (panel.query.trim() === "") {
            view.note("This panel has no query yet.");
            asked.delete(panel.id);
            continue;
        }
        const query = expand(panel.query, time), parameters = parametersFor(query), signature = JSON.stringify([query, parameters]);
        if (asked.get(panel.id) !== signature) {
            asked.set(panel.id, signature);
            view.asked(query);
        }
        list.push({id: panel.id, query, parameters, every, onresult: result => {
            view.show(result);
            completes.set(panel.id, {through: result.completeThrough, dataTime: result.dataTime});
            if (!completeSoon) { // once for all panels that change together
                completeSoon = true;
                queueMicrotask(() => {
                    completeSoon = false;
                    showComplete();
                });
            }
        }, onerror: error => {
            view.fail(error);
            completes.delete(panel.id);
            if (error.wantsLogin) askLogin(error.message);
        }});
    }
    list.push({id: "@sources", query: SOURCES, parameters: {}, every: Math.max(1000, every), onresult: result => strip.showSources(result), onerror: () => strip.noSources()});
    if (Number(hasRules) > 0) {
        list.push({id: "@rules", query: RULES, parameters: {}, every: Math.max(1000, every), onresult: result => strip.showRules(result), onerror: () => strip.noRules()});
    }
    live.set(list);
    showComplete();
}

function askLogin(message = "") {
    showLogin(message, async () => {
        showUser();
        asked.clear();
        await loadNames();
        await choose(board?.name ?? readHash().name ?? firstName());
        live.retry();
    });
}

function showUser() {
    $("user").textContent = api.currentUser() ?? "default";
}

// ---- changes

// value: only what a variable is; it is not worth an undo.
function change(definition, what = "") {
    const wrong = checkDashboard(definition);
    if (wrong) {
        notice(`This cannot be kept: ${wrong}`, "bad");
        return;
    }
    if (what !== "value") board.undo = [...board.undo, board.definition].slice(-UNDO_MAX);
    board.definition = definition;
    keepDraft();
    show();
}

function keepDraft() {
    const text = isChanged() ? JSON.stringify({definition: board.definition, etag: board.etag}) : null;
    if (!keep(DRAFT + board.name, text)) notice("This browser keeps nothing (its storage is full, or not allowed): save on the server, or export, before you leave.", "bad");
}

function undo() {
    if (board.undo.length === 0) return;
    board.definition = board.undo.at(-1);
    board.undo = board.undo.slice(0, -1);
    keepDraft();
    show();
    say("undone");
}

function setEditing(on) {
    editing = on;
    showEditing();
    say(on ? "editing" : "editing ended");
    if (on) loadSchema();
}

async function loadSchema() {
    if (schemaAsked) return;
    schemaAsked = true;
    await schema.load().catch(() => schemaAsked = false);
}

function focusGrip(id) {
    panels.views.get(id)?.grip.focus();
    panels.views.get(id)?.element.scrollIntoView({block: "nearest"});
}

function editOne(id) {
    const panel = board.definition.panels.find(one => one.id === id);
    editPanel(panel, {time, parameters: parametersFor, zone: () => zone, schema}, next => {
        change({...board.definition, panels: settle(board.definition.panels.map(one => one.id === id ? next : one))});
        setTimeout(() => focusGrip(id));
    });
}

function add() {
    loadSchema();
    const id = freshId(board.definition.panels);
    editPanel({id, title: "", kind: "time", query: "", x: 0, y: 0, width: 6, height: 5}, {time, parameters: parametersFor, zone: () => zone, schema}, next => {
        const size = next.kind === "value" ? {width: 3, height: 3} : {};
        change({...board.definition, panels: addPanel(board.definition.panels, {...next, ...size})});
        setTimeout(() => focusGrip(id));
    });
}

function duplicate(id) {
    const panel = board.definition.panels.find(one => one.id === id), copy = freshId(board.definition.panels);
    const list = addPanel(board.definition.panels, {...panel, id: copy});
    change({...board.definition, panels: placePanel(list, copy, {y: panel.y + panel.height})});
    focusGrip(copy);
}

function remove(id) {
    const order = [...$("panels").children].map(one => one.dataset.panel), at = order.indexOf(id);
    change({...board.definition, panels: settle(board.definition.panels.filter(one => one.id !== id))});
    say("removed; Ctrl+Z brings it back");
    const next = order[at + 1] ?? order[at - 1];
    if (next) focusGrip(next);
    else $("add").focus();
}

// ---- the server's copy

async function save() {
    if (!stored.mayChange) {
        notice("Saving on the server needs the right ALTER DASHBOARD. JSON exports the dashboard.", "bad");
        return;
    }
    const text = `${JSON.stringify(board.definition, null, 2)}\n`;
    try {
        const {etag} = await api.storeDashboard(board.name, text, board.onServer ? board.etag : null);
        taken(etag);
    } catch (error) {
        if (error.status !== 412) {
            notice(`It could not be saved: ${error.message}`, "bad");
            return;
        }
        notice("The server has another version by now.", "bad", make("button", {onclick: async () => {
            try {
                taken((await api.storeDashboard(board.name, text, "*")).etag);
            } catch (again) {
                notice(`It could not be saved: ${again.message}`, "bad");
            }
        }}, "Replace it"), make("button", {onclick: discard}, "Take the server's"));
    }
}

function taken(etag) {
    board.etag = etag;
    board.base = JSON.stringify(board.definition);
    board.onServer = true;
    if (!stored.names.includes(board.name)) stored.names.push(board.name);
    keep(DRAFT + board.name, null);
    showNames();
    showEditing();
    notice("Saved on the server.");
    say("saved on the server");
}

async function discard() {
    keep(DRAFT + board.name, null);
    await loadNames();
    await choose(board.name, {fresh: true});
}

function create() {
    askName("New dashboard", "", "Create", name => {
        keep(DRAFT + name, JSON.stringify({definition: emptyDashboard(name), etag: null}));
        setEditing(true);
        return choose(name, {fresh: true}).then(() => $("add").focus());
    }, name => names().includes(name) ? `There is a dashboard ${name} already.` : "");
}

function saveAs() {
    askName("Copy under another name", `${board.name}-copy`.slice(0, 64), "Copy", name => {
        keep(DRAFT + name, JSON.stringify({definition: board.definition, etag: null}));
        return choose(name);
    }, name => names().includes(name) ? `There is a dashboard ${name} already.` : "");
}

function deleteIt() {
    confirm(`Delete ${board.name}?`, board.onServer ? "It is deleted on the server, for all, and in this browser." : "It is in this browser alone.", "Delete", async () => {
        if (board.onServer) await api.deleteDashboard(board.name, null);
        keep(DRAFT + board.name, null);
        await loadNames();
        await choose(firstName(), {fresh: true});
    });
}

const firstName = () => {
    const last = kept(LAST);
    return last !== null && (stored.names.includes(last) || Object.hasOwn(EXAMPLES, last) || kept(DRAFT + last) !== null) ? last : stored.names[0] ?? "server";
};

// ---- menu and keys

function showMenu(open) {
    $("menu").hidden = !open;
    $("menu-button").setAttribute("aria-expanded", String(open));
    if (!open) return;
    const item = (text, act, disabled = false) => make("button", {role: "menuitem", disabled, onclick: () => {
        showMenu(false);
        act();
    }}, text);
    $("menu").replaceChildren(item("New dashboard", create), item("Copy under another name", saveAs), item("JSON: export, import", () => editJson(board.name, board.definition, next => change(next))),
        item("Save on the server", save, !stored.mayChange), item("Discard my changes", discard, !isChanged() || board.base === null),
        item("Delete", deleteIt, board.onServer ? !stored.mayChange : kept(DRAFT + board.name) === null), item("Keys and licences", showKeys));
    $("menu").querySelector("button").focus();
}

function pause(on) {
    paused = on;
    $("pause").setAttribute("aria-pressed", String(on));
    $("pause").textContent = on ? "Go on" : "Pause";
    live.pause(on);
}

function setTime(next) {
    time = next;
    if (editing) change({...board.definition, time: next}, "value");
    else show();
}

$("names").onchange = event => choose(event.target.value, {fresh: true});
$("time").onchange = event => {
    const {value} = event.target;
    if (value === "ask") {
        $("time").value = time.last ?? "fixed";
        const now = Date.now(), text = at => new Date(at).toISOString().slice(0, 19).replace("T", " ");
        askTime(time, {from: text(now - rangeSeconds(time) * 1000), to: text(now)}, isTimeText, setTime);
    } else if (value !== "fixed") setTime({last: value});
};
$("every").onchange = event => change({...board.definition, every_ms: Number(event.target.value)}, "value");
$("pause").onclick = () => pause(!paused);
$("edit").onclick = () => setEditing(!editing);
$("add").onclick = add;
$("settings").onclick = () => editSettings(board.definition, next => {
    for (const one of next.variables ?? []) values.set(one.name, one.value ?? values.get(one.name) ?? "");
    change(next);
    loadChoices();
});
$("undo").onclick = undo;
$("save").onclick = save;
$("discard").onclick = discard;
$("menu-button").onclick = () => showMenu($("menu").hidden);
$("user").onclick = () => askLogin();
$("theme").onclick = () => nextTheme($("theme"));
$("help").onclick = showKeys;
$("variables").onsubmit = event => event.preventDefault();
$("menu").onkeydown = event => {
    const items = [...$("menu").querySelectorAll("button:not(:disabled)")], at = items.indexOf(document.activeElement);
    const next = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1}[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
        showMenu(false);
        $("menu-button").focus();
    }
    if (event.key !== "Tab" && (next !== undefined || event.key === "Escape")) event.preventDefault();
    if (next !== undefined) items[(next + items.length) % items.length].focus();
};
addEventListener("pointerdown", event => {
    if (!$("menu").hidden && !$("menu").contains(event.target) && event.target !== $("menu-button")) showMenu(false);
});
addEventListener("keydown", event => {
    if (event.defaultPrevented || document.querySelector("dialog[open]") || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const far = event.ctrlKey || event.metaKey;
    if (editing && far && event.key.toLowerCase() === "z") undo();
    else if (far || event.altKey) return;
    else if (event.key === "e" || event.key === "E") setEditing(!editing);
    else if (event.key === "p" || event.key === "P") pause(!paused);
    else if (editing && (event.key === "a" || event.key === "A")) add();
    else return;
    event.preventDefault();
});
addEventListener("hashchange", () => {
    const {name} = readHash();
    if (board && name !== null && (name !== board.name || location.hash.includes("?"))) choose(name);
});
startTheme($("theme"));
onTheme(() => panels.repaint());
showUser();
await loadNames();
await choose(readHash().name ?? firstName());
