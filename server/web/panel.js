// panel.js: one panel of a dashboard: its frame, and what it shows of its query's results: a chart, a table, a value, a
// heat map, lines of a log; or what is wrong. One panel's failure is its own.
import {Chart} from "./chart.js";
import {chartPlan, chosenOf, stepOf} from "./chart_data.js";
import {Grid} from "./grid.js";
import {HeatMap} from "./heatmap.js";
import {LogView} from "./log_view.js";
import {ValueView} from "./value_view.js";
import {countText, isTime, make, secondsOf, wallSeconds, zoneOf} from "./values.js";

const KIND_OF_STYLE = {line: "line", area: "area", bar: "bar"};

// Where the rows' first time stands, and in its seconds the moment from which they are not complete; null: nobody knows.
function completeness(result, serverZone) {
    const column = result.meta.findIndex(one => isTime(one.type));
    if (column < 0 || !result.completeThrough) return null;
    const through = wallSeconds(result.completeThrough, zoneOf(result.meta[column].type) ?? serverZone);
    return through === null ? null : {column, through};
}

class TableView {
    constructor(element) {
        this.grid = new Grid(element, {label: "table", classOf: values => this.isUnfinished(values) ? "unfinished" : ""});
    }

    isUnfinished(values) {
        return this.end !== null && this.end !== undefined && (secondsOf(values[this.end.column]) ?? -Infinity) + this.step > this.end.through;
    }

    show(result, panel, look, end) {
        this.end = end;
        this.step = 0;
        if (end) this.step = stepOf([...new Set(result.data.map(row => secondsOf(row[end.column])).filter(one => one !== null))].sort((a, b) => a - b));
        this.grid.show(result);
        return true;
    }

    repaint() {}

    destroy() {
        this.grid.destroy();
    }
}

class ChartView {
    constructor(element) {
        this.chart = new Chart(element, {bare: true});
    }

    show(result, panel, look) {
        const plan = chartPlan(result.meta, result.data);
        const chosen = chosenOf(result.meta, panel.options ?? {});
        const x = chosen.x ?? plan.x;
        if (result.data.length > 0 && (plan.kinds.length === 0 && result.data.length > 1 || panel.kind === "time" && (x === null || !isTime(result.meta[x].type)))) return false;
        const kind = panel.kind === "bar" ? "bar" : KIND_OF_STYLE[panel.options?.style ?? "line"];
        const signature = JSON.stringify([result.meta, panel.options, panel.kind]);
        const {unit = "", decimals = null, min = null, max = null} = panel.options ?? {};
        if (signature !== this.signature || this.empty) this.chart.meta = null; // choices anew
        this.signature = signature;
        this.empty = result.data.length === 0;
        const values = chosen.values ?? plan.values.filter(k => k !== x);
        this.chart.show(result, {...chosen, kind, values}, {...look, unit, decimals, min, max});
        return true;
    }

    repaint() {
        this.chart.repaint();
    }

    destroy() {
        this.chart.destroy();
    }
}

class HeatMapView {
    constructor(element) {
        this.map = new HeatMap(element);
    }

    show(result, panel, look) {
        const {unit = "", decimals = null} = panel.options ?? {};
        return this.map.show(result, panel.options ?? {}, {...look, unit, decimals});
    }

    repaint() {
        this.map.repaint();
    }

    destroy() {
        this.map.destroy();
    }
}

const VIEWS = {time: ChartView, bar: ChartView, table: TableView, value: ValueView, heatmap: HeatMapView, log: LogView};
const NEEDS = {
    time: "A time series needs a time and a number", bar: "Bars need a number, and mostly a name", value: "A value needs a row",
    heatmap: "A heat map needs a time or name, a second name or number, and a number",
};

export class PanelView {
    // on: edit(id), duplicate(id), remove(id), grip(event, view), gripKey(event, view), size(event, view), play(id)
    constructor(panel, on, {zone}) {
        this.on = on;
        this.zone = zone;
        this.visible = true;
        this.asTable = false;
        const id = panel.id, button = (name, text, label, act) => make(`button.quiet.${name}`, {"aria-label": label, title: label, onclick: act}, text);
        this.title = make("h2", {id: `title-${id}`});
        this.state = make("span.panel-state");
        this.grip = make("button.grip", {"aria-describedby": "grip-help", onpointerdown: event => on.grip(event, this), onkeydown: event => on.gripKey(event, this)}, "⠿");
        this.tools = make("span.panel-tools", {},
            this.tableButton = button("as-table", "▦", "as a table", () => this.toggleTable()),
            this.playButton = make("a.button.quiet.play", {target: "_blank", rel: "noopener", title: "open the query at /play", "aria-label": "open the query at /play"}, "↗"));
        this.edits = make("span.panel-edits", {}, button("edit", "✎", "edit this panel", () => on.edit(id)), button("duplicate", "2×", "duplicate this panel", () => on.duplicate(id)),
            button("up", "↑", "move up", () => on.step(id, -1)), button("down", "↓", "move down", () => on.step(id, 1)), button("remove", "✕", "remove this panel", () => on.remove(id)));
        this.body = make("div.panel-body");
        this.corner = make("i.panel-corner", {"aria-hidden": "true", onpointerdown: event => on.size(event, this)});
        this.element = make("section.panel", {"aria-labelledby": `title-${id}`, "data-panel": id}, make("header.panel-head", {}, this.grip, this.title, this.state, this.tools, this.edits), this.body, this.corner);
        this.waiting();
        this.set(panel);
    }

    // The panel's definition, which may have changed.
    set(panel) {
        const before = this.panel;
        this.panel = panel;
        this.id = panel.id;
        const title = panel.title || "untitled";
        if (this.title.textContent !== title) {
            this.title.textContent = this.title.title = title;
            this.grip.setAttribute("aria-label", `move or resize ${title}`);
        }
        this.element.dataset.kind = panel.kind;
        this.tableButton.hidden = panel.kind === "table" || panel.kind === "log";
        if (before && (before.kind !== panel.kind || JSON.stringify(before.options) !== JSON.stringify(panel.options))) {
            this.clear();
            if (this.result) this.draw();
        }
    }

    place(narrow) {
        const {x, y, width, height} = this.panel, style = this.element.style;
        style.gridColumn = narrow ? `span ${width <= 3 ? 1 : 2}` : `${x + 1} / span ${width}`;
        style.gridRow = narrow ? "auto" : `${y + 1} / span ${height}`;
        style.setProperty("--height", height);
    }

    toggleTable() {
        this.asTable = !this.asTable;
        this.tableButton.setAttribute("aria-pressed", String(this.asTable));
        this.clear();
        if (this.result) this.draw();
    }

    // ---- what there is to show

    waiting() {
        this.clear();
        this.message = make("p.panel-note", {}, "…");
        this.body.replaceChildren(this.message);
    }

    clear() {
        this.view?.destroy();
        this.view = null;
        this.host = null;
        this.body.replaceChildren();
    }

    // The query is another one: what is shown is of the past until its answer comes.
    asked(sql) {
        this.playButton.href = `play#${encodeURIComponent(sql)}`;
        this.element.classList.add("stale");
    }

    show(result) {
        this.result = result;
        this.failure = null;
        this.element.classList.remove("stale", "failed");
        if (this.visible) this.draw();
        else this.behind = true;
    }

    see(visible) {
        this.visible = visible;
        if (visible && this.behind && this.result) this.draw();
    }

    draw() {
        this.behind = false;
        const {panel, result} = this;
        const kind = this.asTable ? "table" : panel.kind;
        if (result.data.length === 0 && kind !== "table" && kind !== "log") {
            this.note("No rows.");
            return;
        }
        if (!this.view) {
            this.host = make("div.panel-view");
            this.body.replaceChildren(this.host);
            this.view = new VIEWS[kind](this.host);
        }
        const end = completeness(result, this.zone());
        if (!this.view.show(result, panel, {completeThrough: end?.through ?? null}, end)) {
            this.note(`${NEEDS[kind]}. The columns are ${result.meta.map(one => `${one.name} ${one.type}`).join(", ").slice(0, 300)}.`);
            return;
        }
        const state = result.dropped > 0 ? `${countText(result.dropped)} left out` : "";
        if (this.state.textContent !== state) this.state.textContent = state;
    }

    note(text) {
        this.clear();
        this.body.replaceChildren(make("p.panel-note", {}, text));
    }

    fail(error) {
        if (this.failure === error.message) return;
        this.failure = error.message;
        this.result = null;
        this.clear();
        this.element.classList.remove("stale");
        this.element.classList.add("failed");
        this.body.replaceChildren(make("p.panel-error", {role: "alert", tabindex: 0}, error.message));
    }

    repaint() {
        this.view?.repaint?.();
    }

    destroy() {
        this.clear();
        this.element.remove();
    }
}
