// dashboard_strip.js: what stands above the panels: how the page is connected, how complete the data are, how far
// sources lag, which rules fire. Each is a button that shows more.
import {countText, durationText, make} from "./values.js";

const WAYS = {websocket: "live", stream: "live", polling: "asking again and again", connecting: "connecting…", waiting: "no connection", paused: "paused", hidden: "paused", login: "login needed"};
const TIMES = new Intl.DateTimeFormat("en", {hourCycle: "h23", hour: "2-digit", minute: "2-digit", second: "2-digit"});

export const SOURCES = "SELECT name, any(table) AS table, any(state) AS state, sum(lag_rows) AS lag_rows, max(lag_seconds) AS lag_seconds, "
    + "min(complete_through) AS complete_through, sum(rows_dead) AS dead_letters, max(last_error) AS last_error FROM system.sources GROUP BY name ORDER BY name";
export const RULES = "SELECT * FROM system.alert_instances";

const column = (result, ...names) => names.map(name => result.meta.findIndex(one => one.name === name)).find(at => at >= 0) ?? -1;

// {firing, pending, rows: [{name, state, labels, value, since}]} of rows of system.alert_instances.
export function rulesOf(result) {
    const at = {name: column(result, "name", "rule", "alert"), state: column(result, "state"), labels: column(result, "labels"), value: column(result, "value"), since: column(result, "active_at", "since", "activeAt")};
    const of = (row, what) => at[what] < 0 ? "" : row[at[what]];
    const rows = result.data.map(row => ({name: String(of(row, "name")), state: String(of(row, "state")).toLowerCase(), labels: of(row, "labels"), value: of(row, "value"), since: of(row, "since")}));
    return {firing: rows.filter(one => one.state === "firing").length, pending: rows.filter(one => one.state === "pending").length, rows};
}

export class Strip {
    constructor(element, {onretry, onlogin}) {
        this.on = {onretry, onlogin};
        this.way = this.chip(() => this.on[this.state === "login" ? "onlogin" : "onretry"]());
        this.complete = this.chip(() => this.details("Completeness", ["Rows of event times up to this one that were expected are in the panels. Buckets that end later are hatched: they may still grow."], null));
        this.lag = this.chip(() => this.sources && this.details("Sources", [], this.sources));
        this.rules = this.chip(() => this.instances && this.details("Alert rules", [], this.instances));
        element.replaceChildren(this.way, this.complete, this.lag, this.rules);
        for (const one of [this.complete, this.lag, this.rules]) one.hidden = true;
    }

    chip(act) {
        return make("button", {onclick: act});
    }

    put(chip, text, kind) {
        if (chip.hidden !== (text === null)) chip.hidden = text === null;
        if (text === null) return;
        if (chip.textContent !== text) chip.textContent = text;
        if (chip.className !== kind) chip.className = kind;
    }

    showWay(state, error) {
        this.state = state;
        this.put(this.way, WAYS[state] ?? state, state === "websocket" || state === "stream" || state === "polling" ? "good" : state === "waiting" || state === "login" ? "bad" : "warn");
        this.way.dataset.way = state;
        this.way.title = error ? error.message : "";
    }

    showComplete(through, dataTime) {
        const at = through === null ? NaN : Date.parse(through.replace(/(\.\d{3})\d+/, "$1"));
        if (!Number.isFinite(at)) {
            this.put(this.complete, null);
            return;
        }
        const behind = Math.max(0, (dataTime === null ? Date.now() : Date.parse(dataTime.replace(/(\.\d{3})\d+/, "$1"))) - at);
        this.put(this.complete, `complete through ${TIMES.format(at)}${behind >= 60000 ? `, ${durationText(behind)} behind` : ""}`, behind < 60000 ? "good" : "warn");
    }

    showSources(result) {
        this.sources = result;
        if (result.data.length === 0) {
            this.put(this.lag, null);
            return;
        }
        const rows = column(result, "lag_rows"), seconds = column(result, "lag_seconds"), state = column(result, "state");
        const lag = result.data.reduce((sum, row) => sum + Number(row[rows] ?? 0), 0), late = Math.max(...result.data.map(row => Number(row[seconds] ?? 0)));
        const stopped = result.data.filter(row => /stopped|paused/.test(String(row[state]))).length;
        const text = `${result.data.length === 1 ? "1 source" : `${result.data.length} sources`}: ${stopped > 0 ? `${stopped} stopped or paused` : lag === 0 || late < 2 ? "up to date" : `${countText(lag)} rows, ${durationText(late * 1000)} behind`}`;
        this.put(this.lag, text, stopped > 0 ? "bad" : late >= 10 ? "warn" : "good");
    }

    showRules(result) {
        const {firing, pending, rows} = rulesOf(result);
        this.instances = {meta: ["rule", "state", "labels", "value", "since"].map(name => ({name})), data: rows.map(one => [one.name, one.state, labelText(one.labels), one.value, one.since])};
        const names = [...new Set(rows.filter(one => one.state === "firing").map(one => one.name))];
        this.put(this.rules, firing > 0 ? `${firing} firing: ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}` : pending > 0 ? `rules: ${pending} pending` : "rules: none fires", firing > 0 ? "bad" : pending > 0 ? "warn" : "good");
    }

    noSources() {
        this.put(this.lag, null);
    }

    noRules() {
        this.put(this.rules, null);
    }

    details(title, texts, result) {
        const dialog = make("dialog.box.wide", {"aria-label": title, onclose: () => dialog.remove()}, make("h2", {}, title), ...texts.map(one => make("p", {}, one)),
            ...(result ? [result.data.length === 0 ? make("p.faint", {}, "None.") : make("table.details-table", {}, make("thead", {}, make("tr", {}, ...result.meta.map(one => make("th", {scope: "col"}, one.name)))),
                make("tbody", {}, ...result.data.map(row => make("tr", {}, ...row.map(value => make(value === "firing" ? "td.bad" : value === "pending" ? "td.warn" : "td", {}, value === null ? "–" : String(value)))))))] : []),
            make("div.buttons", {}, make("button.main", {onclick: () => dialog.close()}, "Close")));
        document.body.append(dialog);
        dialog.showModal();
    }
}

function labelText(labels) {
    if (labels === null || typeof labels !== "object") return String(labels);
    return Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(", ");
}
