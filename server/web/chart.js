// chart.js: results as lines, areas, bars or a pie. Shared by the pages; lines and bars are drawn by uPlot.
//
//   const chart = new Chart(element, {onchange});  chart.show({meta, data});
//   bare: without fields to choose in; look {unit, decimals, min, max, completeThrough}: of the y axis, and the time
//   (in the axis's seconds) from which buckets are not finished: they are hatched
//
// Which column is what is guessed (the first time or text is x, numbers are values, another text splits them into
// series) and can be chosen; choices stay while the columns stay the same.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import {isTime, make, numberWith, shortNumber} from "./values.js";
import {SERIES_MAX, chartPlan, pivot, stepOf} from "./chart_data.js";
import {hatch} from "./hatch.js";
import "./chart.css";

const SLICES_MAX = 12, BARS_MAX = 500;
// How times are written below the axis: [step in seconds, format, then what is added where the year, day or minute begins]
const TIME_VALUES = [
    [86400 * 365, "{YYYY}", null, null, null, null, null, null, 1],
    [86400 * 28, "{YYYY}-{MM}", null, null, null, null, null, null, 1],
    [86400, "{MM}-{DD}", "\n{YYYY}", null, null, null, null, null, 1],
    [60, "{HH}:{mm}", "\n{YYYY}-{MM}-{DD}", null, "\n{MM}-{DD}", null, null, null, 1],
    [1, "{HH}:{mm}:{ss}", "\n{YYYY}-{MM}-{DD}", null, "\n{MM}-{DD}", null, null, null, 1],
    [0.001, "{ss}.{fff}", "\n{YYYY}-{MM}-{DD} {HH}:{mm}", null, "\n{MM}-{DD} {HH}:{mm}", null, "\n{HH}:{mm}", null, 1],
];
const KINDS = {line: "Lines", area: "Areas", bar: "Bars", pie: "Pie"};

export class Chart {
    constructor(element, {onchange = () => {}, bare = false} = {}) {
        this.element = element;
        this.onchange = onchange;
        this.bare = bare;
        this.look = {};
        this.bar = make("div.chart-bar");
        this.plot = make("div.chart-plot", {role: "img"});
        this.legend = make("ul.chart-legend", {"aria-label": "series"});
        this.note = make("p.chart-note");
        element.replaceChildren(...bare ? [] : [this.bar], this.plot, this.legend, this.note);
        element.classList.add("chart", ...bare ? ["bare"] : []);
        this.hidden = new Set();
        this.observer = new ResizeObserver(() => this.resize());
        this.observer.observe(this.plot);
    }

    destroy() {
        this.observer.disconnect();
        this.drawn?.destroy();
        this.element.replaceChildren();
    }

    // choice: {kind, x, values, split} as `choice` gave it before; what does not fit the columns is guessed.
    show({meta, data}, choice = null, look = {}) {
        const same = this.meta && (meta === this.meta || JSON.stringify(meta) === JSON.stringify(this.meta));
        if (JSON.stringify({...this.look, completeThrough: 0}) !== JSON.stringify({...look, completeThrough: 0})) this.signature = null;
        this.look = look;
        this.meta = meta;
        this.data = data;
        this.plan = chartPlan(meta, data);
        if (!same || !this.choice?.kind) {
            const {x, values, split} = this.plan;
            this.choice = {kind: this.plan.kinds[0] ?? null, x, values, split, ...choice};
            this.hidden.clear();
            if (!this.bare) this.controls();
        }
        this.draw();
    }

    static fits({meta, data}) {
        return chartPlan(meta, data).kinds.length > 0;
    }

    choose(change) {
        Object.assign(this.choice, change);
        if (!this.bare) this.controls();
        this.draw();
        this.onchange(this.choice);
    }

    controls() {
        const {meta, plan, choice} = this;
        const select = (label, options, chosen, change) => make("label", {}, label, make("select", {onchange: event => change(event.target.value)},
            ...options.map(([value, text]) => make("option", {value, selected: String(value) === String(chosen)}, text))));
        const kinds = make("div.segments", {role: "radiogroup", "aria-label": "kind of chart"}, ...plan.kinds.map(kind => make("button", {
            role: "radio", "aria-checked": kind === choice.kind, tabindex: kind === choice.kind ? 0 : -1, onclick: () => this.choose({kind}),
            onkeydown: event => {
                const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
                if (!step) return;
                const next = plan.kinds[(plan.kinds.indexOf(choice.kind) + step + plan.kinds.length) % plan.kinds.length];
                this.choose({kind: next});
                this.bar.querySelector("[aria-checked=true]").focus();
            }}, KINDS[kind])));
        const ys = plan.ys.filter(k => k !== choice.x);
        const chosen = choice.values.length === 1 ? choice.values[0] : "all";
        this.bar.replaceChildren(kinds,
            select("x", [["", "row"], ...plan.xs.map(k => [k, meta[k].name])], choice.x ?? "", value => this.choose({x: value === "" ? null : Number(value),
                values: choice.values.filter(k => String(k) !== value)})),
            select("values", [...(ys.length > 1 ? [["all", choice.values.length > 1 && choice.values.length < ys.length ? `${choice.values.length} alike` : "all"]] : []), ...ys.map(k => [k, meta[k].name])], chosen,
                value => this.choose({values: value === "all" ? ys : [Number(value)]})),
            plan.splits.length > 0 ? select("split by", [["", "nothing"], ...plan.splits.filter(k => k !== choice.x).map(k => [k, meta[k].name])], choice.split ?? "",
                value => this.choose({split: value === "" ? null : Number(value)})) : "");
    }

    // ---- drawing

    // Read once: it makes the browser work out all styles.
    colors() {
        if (this.painted) return this.painted;
        const style = getComputedStyle(this.element);
        return this.painted = {series: Array.from({length: SERIES_MAX}, (_, k) => style.getPropertyValue(`--series-${k + 1}`).trim() || "#888"),
            ink: style.getPropertyValue("--ink-2").trim(), paper: style.getPropertyValue("--paper").trim(), line: style.getPropertyValue("--line-soft").trim(), font: style.getPropertyValue("--font").trim() || "sans-serif"};
    }

    draw() {
        const {kind} = this.choice;
        if (!kind || (this.width ??= this.plot.clientWidth) === 0) {
            this.width = null;
            return;
        }
        const paint = this.colors();
        const table = pivot(this.meta, this.data, this.choice);
        this.series = table.series;
        const notes = [];
        if (table.leftOut > 0) notes.push(`${table.leftOut} more series are not drawn: the ${SERIES_MAX} largest are.`);
        const label = `${KINDS[kind]} of ${table.series.map(one => one.name).slice(0, 5).join(", ")}, ${table.keys.length} points`;
        if (label !== this.label) this.plot.setAttribute("aria-label", this.label = label);
        if (kind === "pie") this.drawPie(table, paint, notes);
        else this.drawPlot(table, paint, kind, notes);
        const note = notes.join(" ");
        if (note !== this.noted) this.note.textContent = this.noted = note;
    }

    drawPlot(table, paint, kind, notes) {
        let {keys, series} = table;
        const byName = !table.ordered;
        if (byName && keys.length > BARS_MAX) {
            notes.push(`The first ${BARS_MAX} of ${keys.length} are drawn.`);
            keys = keys.slice(0, BARS_MAX);
            series = series.map(one => ({...one, values: one.values.slice(0, BARS_MAX)}));
        }
        const xs = byName ? keys.map((_, k) => k) : keys;
        const shown = series.map((one, k) => ({...one, k, color: paint.series[k]}));
        const data = [xs, ...shown.map(one => one.values)];
        const signature = JSON.stringify([kind, byName, this.choice.x, shown.map(one => one.name), paint.series, [...this.hidden]]);
        this.names = byName ? keys : null;
        this.step = byName ? 1 : stepOf(xs);
        this.xs = xs;
        if (this.drawn && this.signature === signature) {
            this.drawn.setData(data);
            return;
        }
        this.signature = signature;
        this.drawn?.destroy();
        const {min = null, max = null, unit = "", decimals = null} = this.look;
        const time = !byName && this.choice.x !== null && isTime(this.meta[this.choice.x].type);
        const axis = {stroke: paint.ink, grid: {stroke: paint.line, width: 1}, ticks: {stroke: paint.line, width: 1, size: 4}, font: `12px ${paint.font}`};
        const bars = kind === "bar";
        const visible = shown.filter(one => !this.hidden.has(one.name));
        this.drawn = new uPlot({
            width: this.plot.clientWidth, height: this.plot.clientHeight, padding: [12, 32, 0, 4],
            tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
            cursor: {y: false, points: {size: 7}, focus: {prox: 24}, drag: {x: true, y: false}},
            focus: {alpha: 0.35},
            legend: {show: false},
            scales: {
                x: {time, distr: byName ? 2 : 1, range: bars ? (_, low, high) => [low - this.step / 2, high + this.step / 2] : undefined},
                y: {range: (_, low, high) => withEnds(min, max, low === null || high === null || low === undefined ? [0, 1]
                    : uPlot.rangeNum(bars || kind === "area" || low >= 0 && low < high / 2 ? Math.min(0, low) : low, Math.max(bars || kind === "area" ? 0 : high, high), {
                        min: {pad: 0.05, soft: 0, mode: low >= 0 ? 1 : 3}, max: {pad: 0.08, soft: 0, mode: high <= 0 ? 1 : 3}}))},
            },
            axes: [
                {...axis, ...(time ? {values: TIME_VALUES, space: 70} : {}), ...(byName ? {values: (_, splits) => splits.map(k => shortText(this.names?.[k], this.names?.length ?? 0)), splits: (u, _k, low, high) => nameSplits(u, low, high, this.names?.length ?? 0), gap: 6} : {}),
                    ...(!byName && !time ? {values: (_, splits) => splits.map(shortNumber)} : {})},
                {...axis, size: (_, values) => 18 + 7.2 * Math.max(...(values ?? ["0"]).map(value => String(value).length)), values: (_, splits) => splits.map(value => numberWith(value, decimals, unit))},
            ],
            series: [{}, ...shown.map(one => ({
                label: one.name, show: !this.hidden.has(one.name), stroke: one.color, width: bars ? 0 : 1.75, spanGaps: true,
                fill: bars ? one.color + "d0" : kind === "area" ? one.color + "38" : undefined,
                points: {show: bars ? false : xs.length < 60, size: 4, fill: one.color},
                paths: bars ? groupedBars(visible.findIndex(other => other.k === one.k), visible.length) : undefined,
            }))],
            hooks: {setCursor: [u => this.tip(u)], ready: [u => this.tipOn(u)], draw: [u => this.hatchUnfinished(u, bars)]},
        }, data, this.plot);
        this.plot.querySelector(".chart-pie")?.remove();
        this.showLegend(shown.map(one => [one.name, one.color]));
    }

    // Buckets that may still grow.
    hatchUnfinished(u, bars) {
        const {completeThrough = null} = this.look;
        if (completeThrough === null || this.names !== null || this.xs.length === 0) return;
        const first = this.xs.findIndex(x => x + this.step > completeThrough);
        this.unfinished = first < 0 ? 0 : this.xs.length - first;
        this.plot.dataset.unfinished = this.unfinished;
        if (first < 0) return;
        const from = bars ? this.xs[first] - this.step / 2 : first > 0 ? this.xs[first - 1] : this.xs[first];
        const {left, top, width, height} = u.bbox, x = Math.max(left, u.valToPos(from, "x", true));
        hatch(u.ctx, x, top, left + width - x, height, this.colors());
    }

    tipOn(u) {
        this.tipBox = make("div.chart-tip", {role: "presentation", hidden: true});
        u.over.append(this.tipBox);
    }

    tip(u) {
        const {idx, left} = u.cursor, box = this.tipBox;
        if (!box) return;
        box.hidden = idx === null || idx === undefined || left < 0;
        if (box.hidden) return;
        const rows = this.series.map((one, k) => ({name: one.name, value: u.data[k + 1]?.[idx], k})).filter(one => one.value !== null && one.value !== undefined && !this.hidden.has(one.name));
        rows.sort((a, b) => b.value - a.value);
        const time = this.names === null && this.choice.x !== null && isTime(this.meta[this.choice.x].type);
        const x = u.data[0][idx];
        const unfinished = this.names === null && (this.look.completeThrough ?? Infinity) < x + this.step ? " (not complete yet)" : "";
        const title = this.names ? this.names[idx] : time ? new Date(x * 1000).toISOString().replace("T", " ").replace(/(\.000)?Z$/, "") : shortNumber(x);
        const colors = this.colors().series;
        box.replaceChildren(make("b", {}, String(title) + unfinished), ...rows.map(one => {
            const dot = make("i");
            dot.style.background = colors[one.k];
            return make("div", {}, dot, make("span", {}, one.name), make("em", {}, one.value.toLocaleString("en", {maximumFractionDigits: 6})));
        }));
        const width = box.offsetWidth;
        box.style.left = `${left + width + 24 > u.over.clientWidth ? left - width - 12 : left + 12}px`;
        box.style.top = "8px";
    }

    showLegend(entries) {
        this.legend.replaceChildren(...(entries.length < 2 && this.choice.kind !== "pie" && this.hidden.size === 0 ? [] : entries.map(([name, color, more]) => {
            const dot = make("i");
            dot.style.background = color;
            return make("li", {}, make("button", {"aria-pressed": !this.hidden.has(name), onclick: () => {
                if (!this.hidden.delete(name)) this.hidden.add(name);
                this.draw();
            }}, dot, name, more ? make("small", {}, more) : ""));
        })));
    }

    // Shares of the sum of the first value (several series: of each one's sum).
    drawPie(table, paint, notes) {
        this.drawn?.destroy();
        this.drawn = this.signature = null;
        const sum = values => values.reduce((total, value) => total + Math.max(0, value ?? 0), 0);
        let slices = table.ordered || table.series.length > 1 && this.choice.split !== null
            ? table.series.map(one => [one.name, sum(one.values)]) : table.keys.map((key, k) => [String(key), Math.max(0, table.series[0]?.values[k] ?? 0)]);
        slices = slices.filter(([, value]) => value > 0).sort((a, b) => b[1] - a[1]);
        if (slices.length > SLICES_MAX) {
            const rest = slices.slice(SLICES_MAX - 1);
            slices = [...slices.slice(0, SLICES_MAX - 1), [`${rest.length} others`, sum(rest.map(one => one[1]))]];
        }
        const visible = slices.filter(([name]) => !this.hidden.has(name)), total = sum(visible.map(one => one[1]));
        const size = Math.max(120, Math.min(this.plot.clientHeight, this.plot.clientWidth)), radius = 46, inner = 29;
        const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
        svg.setAttribute("viewBox", "-50 -50 100 100");
        svg.setAttribute("width", size);
        svg.setAttribute("height", size);
        svg.setAttribute("class", "chart-pie");
        const point = (turn, r) => `${(r * Math.sin(turn * 2 * Math.PI)).toFixed(3)} ${(-r * Math.cos(turn * 2 * Math.PI)).toFixed(3)}`;
        let turn = 0;
        slices.forEach(([name, value], k) => {
            if (this.hidden.has(name) || total === 0) return;
            const share = Math.min(value / total, 0.99999), large = share > 0.5 ? 1 : 0, path = document.createElementNS(space, "path"), title = document.createElementNS(space, "title");
            path.setAttribute("d", `M${point(turn, radius)}A${radius} ${radius} 0 ${large} 1 ${point(turn + share, radius)}L${point(turn + share, inner)}A${inner} ${inner} 0 ${large} 0 ${point(turn, inner)}Z`);
            path.setAttribute("fill", paint.series[k]);
            title.textContent = `${name}: ${value.toLocaleString("en")} (${(share * 100).toFixed(1)} %)`;
            path.append(title);
            svg.append(path);
            turn += value / total;
        });
        const text = document.createElementNS(space, "text");
        text.setAttribute("y", "3.5");
        text.textContent = shortNumber(total);
        svg.append(text);
        this.plot.replaceChildren(svg);
        if (table.series.length > 1 && this.choice.split === null && !table.ordered) notes.push(`Shares of ${table.series[0].name}.`);
        this.showLegend(slices.map(([name, value], k) => [name, paint.series[k], total > 0 && !this.hidden.has(name) ? `${(value / total * 100).toFixed(1)} %` : ""]));
    }

    resize() {
        this.width = this.plot.clientWidth;
        if (this.width === 0 || !this.meta) return;
        if (this.drawn && this.choice.kind !== "pie") this.drawn.setSize({width: this.plot.clientWidth, height: this.plot.clientHeight});
        else this.draw();
    }

    // Colours changed.
    repaint() {
        this.signature = this.painted = null;
        if (this.meta) this.draw();
    }
}

// A scale whose ends are given, one or both.
function withEnds(min, max, [low, high]) {
    const from = min ?? low, to = max ?? high;
    return [from, to > from ? to : from + 1];
}

// Bars side by side within each step of x.
function groupedBars(index, count) {
    if (count <= 1) return uPlot.paths.bars({size: [0.72, 72], radius: 0.06});
    const width = 0.8 / count;
    return uPlot.paths.bars({size: [0.8, 72], disp: {
        x0: {unit: 1, values: u => {
            const step = stepOf(u.data[0]);
            return u.data[0].map(x => x + step * (index * width - 0.4));
        }},
        size: {unit: 1, values: u => [stepOf(u.data[0]) * width]},
    }});
}

function nameSplits(u, low, high, count) {
    const room = Math.max(1, Math.floor(u.over.clientWidth / 84)), step = Math.max(1, Math.ceil(count / room)), list = [];
    for (let k = 0; k < count; k += step) if (k >= low - 0.5 && k <= high + 0.5) list.push(k);
    return list;
}

const shortText = (text, count) => text === undefined || text === null ? "" : text.length > 14 && count > 3 ? text.slice(0, 13) + "…" : text;
