// heatmap.js: a value by two keys, as colours: time (or anything) from left to right, names or numbers from below.
import {isNumeric, isText, isTime, make, numberOf, numberWith, secondsOf, textOf} from "./values.js";
import {chosenOf, stepOf} from "./chart_data.js";
import {hatch} from "./hatch.js";

const COLUMNS_MAX = 2000, ROWS_MAX = 200, LEFT = 8, BOTTOM = 20;

// {columns: [key], rows: [name], cells: Map(column * ROWS_MAX + row → value), low, high}: what there is to draw; null: nothing.
export function heatmapOf(meta, data, options = {}) {
    const chosen = chosenOf(meta, options);
    const x = chosen.x ?? meta.findIndex(one => isTime(one.type));
    const at = x >= 0 ? x : 0;
    const y = chosen.split ?? meta.findIndex((one, k) => k !== at && (isText(one.type) || k < meta.length - 1));
    const value = chosen.values?.[0] ?? meta.findLastIndex((one, k) => k !== at && k !== y && isNumeric(one.type));
    if (meta.length < 3 || y < 0 || value < 0) return null;
    const time = isTime(meta[at].type), ordered = time || isNumeric(meta[at].type);
    const keyOf = row => time ? secondsOf(row[at]) : ordered ? numberOf(row[at]) : textOf(row[at]);
    const columns = new Set(), names = new Set();
    for (const row of data) {
        if (keyOf(row) !== null && columns.size < COLUMNS_MAX) columns.add(keyOf(row));
        if (names.size < ROWS_MAX) names.add(textOf(row[y]));
    }
    const keys = ordered ? [...columns].sort((a, b) => a - b) : [...columns];
    const rows = isNumeric(meta[y].type) ? [...names].sort((a, b) => a - b) : [...names].sort();
    const columnAt = new Map(keys.map((key, k) => [key, k])), rowAt = new Map(rows.map((name, k) => [name, k]));
    const cells = new Map();
    let low = Infinity, high = -Infinity;
    for (const row of data) {
        const column = columnAt.get(keyOf(row)), place = rowAt.get(textOf(row[y])), number = numberOf(row[value]);
        if (column === undefined || place === undefined || number === null) continue;
        cells.set(column * ROWS_MAX + place, number);
        low = Math.min(low, number);
        high = Math.max(high, number);
    }
    return {columns: keys, rows, cells, low, high, time, ordered, step: ordered ? stepOf(keys) : 1, x: meta[at], y: meta[y], value: meta[value]};
}

export const cellOf = (map, column, row) => map.cells.get(column * ROWS_MAX + row) ?? null;

export class HeatMap {
    constructor(element) {
        this.element = element;
        this.canvas = make("canvas", {role: "img"});
        this.tip = make("div.chart-tip", {role: "presentation", hidden: true});
        this.plot = make("div.heatmap", {}, this.canvas, this.tip);
        element.replaceChildren(this.plot);
        this.canvas.addEventListener("pointermove", event => this.point(event));
        this.canvas.addEventListener("pointerleave", () => this.tip.hidden = true);
        this.observer = new ResizeObserver(() => {
            this.box = null;
            this.draw();
        });
        this.observer.observe(this.plot);
    }

    destroy() {
        this.observer.disconnect();
        this.element.replaceChildren();
    }

    // False: the result has no two keys and a number.
    show({meta, data}, options = {}, look = {}) {
        this.look = look;
        this.map = heatmapOf(meta, data, options);
        this.draw();
        return this.map !== null;
    }

    repaint() {
        this.painted = null;
        this.draw();
    }

    colors() {
        if (this.painted) return this.painted;
        const style = getComputedStyle(this.element), of = name => style.getPropertyValue(name).trim();
        return this.painted = {ink: of("--ink-2"), paper: of("--paper"), faint: of("--ink-3"), accent: of("--accent"), font: of("--font") || "sans-serif"};
    }

    draw() {
        this.box ??= {width: this.plot.clientWidth, height: this.plot.clientHeight};
        const {map} = this, {width, height} = this.box;
        if (!map || width === 0 || map.columns.length === 0) {
            this.canvas.width = this.canvas.height = 0;
            return;
        }
        const scale = devicePixelRatio || 1, paint = this.colors(), ink = this.canvas.getContext("2d");
        if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) {
            this.canvas.width = Math.round(width * scale);
            this.canvas.height = Math.round(height * scale);
        }
        ink.setTransform(scale, 0, 0, scale, 0, 0);
        ink.clearRect(0, 0, width, height);
        ink.font = `11.5px ${paint.font}`;
        const labels = Math.min(map.rows.length, Math.max(1, Math.floor((height - BOTTOM) / 14))), every = Math.ceil(map.rows.length / labels);
        const left = LEFT + Math.min(width * 0.35, Math.max(...map.rows.map(name => ink.measureText(name.slice(0, 24)).width)));
        const cell = {width: (width - left - 4) / map.columns.length, height: (height - BOTTOM) / map.rows.length};
        this.place = {left, ...cell};
        const span = map.high - map.low || 1;
        ink.fillStyle = paint.accent;
        for (const [key, value] of map.cells) {
            const column = Math.floor(key / ROWS_MAX), row = key % ROWS_MAX;
            ink.globalAlpha = 0.08 + 0.92 * (map.high === map.low ? 1 : (value - map.low) / span);
            const x = left + column * cell.width, y = height - BOTTOM - (row + 1) * cell.height;
            ink.fillRect(x, y, Math.max(1, cell.width - (cell.width > 4 ? 1 : 0)), Math.max(1, cell.height - (cell.height > 4 ? 1 : 0)));
        }
        ink.globalAlpha = 1;
        ink.fillStyle = paint.faint;
        ink.textBaseline = "middle";
        ink.textAlign = "right";
        for (let row = 0; row < map.rows.length; row += every) ink.fillText(map.rows[row].slice(0, 24), left - 5, height - BOTTOM - (row + 0.5) * cell.height, left - 6);
        ink.textBaseline = "top";
        const room = Math.max(1, Math.ceil(map.columns.length / Math.max(1, Math.floor((width - left) / 76))));
        ink.textAlign = "center";
        for (let column = 0; column < map.columns.length; column += room) {
            const x = left + (column + 0.5) * cell.width;
            if (x > left + 24 && x < width - 24) ink.fillText(this.keyText(column, map.step < 60), x, height - BOTTOM + 5);
        }
        this.hatchUnfinished(ink, paint, height);
        const label = `heat map of ${map.value.name} by ${map.x.name} and ${map.y.name}, ${map.columns.length} by ${map.rows.length}, from ${numberWith(map.low)} to ${numberWith(map.high)}`;
        if (label !== this.label) this.canvas.setAttribute("aria-label", this.label = label);
    }

    hatchUnfinished(ink, paint, height) {
        const {map, place} = this, end = this.look.completeThrough ?? null;
        if (end === null || !map.time) return;
        const first = map.columns.findIndex(x => x + map.step > end);
        this.plot.dataset.unfinished = first < 0 ? 0 : map.columns.length - first;
        if (first >= 0) hatch(ink, place.left + first * place.width, 0, (map.columns.length - first) * place.width, height - BOTTOM, paint);
    }

    keyText(column, seconds) {
        const {map} = this, key = map.columns[column];
        return map.time ? new Date(key * 1000).toISOString().slice(11, seconds ? 19 : 16) : map.ordered ? numberWith(key) : String(key).slice(0, 12);
    }

    point(event) {
        const {map, place} = this;
        if (!map || !place) return;
        const column = Math.floor((event.offsetX - place.left) / place.width), row = Math.floor((this.box.height - BOTTOM - event.offsetY) / place.height);
        const value = map.columns[column] === undefined || map.rows[row] === undefined ? null : cellOf(map, column, row);
        this.tip.hidden = value === null;
        if (value === null) return;
        const key = map.time ? new Date(map.columns[column] * 1000).toISOString().replace("T", " ").replace(/\.000Z$|Z$/, "") : String(map.columns[column]);
        this.tip.replaceChildren(make("b", {}, key), make("div", {}, make("span", {}, map.rows[row]), make("em", {}, numberWith(value, this.look.decimals ?? null, this.look.unit ?? ""))));
        this.tip.style.left = `${Math.max(0, Math.min(event.offsetX + 12, this.box.width - this.tip.offsetWidth - 4))}px`;
        this.tip.style.top = `${Math.max(0, event.offsetY - 40)}px`;
    }
}
