// value_view.js: numbers to be read from afar: the last one and how it came to be, or one for each name.
import {chosenOf} from "./chart_data.js";
import {isNumeric, isTime, make, numberOf, numberWith, textOf} from "./values.js";

const SHOWN_MAX = 12, POINTS_MAX = 200;

export function thresholdColor(value, thresholds) {
    let color = "";
    for (const one of [...thresholds ?? []].sort((a, b) => a.from - b.from)) if (value !== null && value >= one.from) ({color} = one);
    return color;
}

// [{name, value, color}] and, of one value over time, what it was: {items, history}.
export function valuesOf({meta, data}, options = {}) {
    const chosen = chosenOf(meta, options), time = meta.findIndex(one => isTime(one.type));
    const value = chosen.values?.[0] ?? meta.findIndex((one, k) => k !== time && isNumeric(one.type));
    const column = value >= 0 ? value : meta.length - 1;
    const text = row => {
        const number = isNumeric(meta[column].type) ? numberOf(row[column]) : null;
        return {value: number === null ? textOf(row[column]) : numberWith(number, options.decimals ?? null, options.unit ?? ""), color: thresholdColor(number, options.thresholds)};
    };
    if (time >= 0 && time !== column && data.length > 1) {
        const rows = [...data].sort((a, b) => String(a[time]) < String(b[time]) ? -1 : 1);
        return {items: [{name: "", ...text(rows.at(-1))}], history: rows.slice(-POINTS_MAX).map(row => numberOf(row[column]))};
    }
    if (data.length === 1) {
        const others = chosen.values ?? meta.map((_, k) => k).filter(k => isNumeric(meta[k].type) && k !== time);
        if (others.length > 1) {
            return {items: others.slice(0, SHOWN_MAX).map(k => {
                const number = numberOf(data[0][k]);
                return {name: meta[k].name, value: numberWith(number, options.decimals ?? null, options.unit ?? ""), color: thresholdColor(number, options.thresholds)};
            }), history: null};
        }
    }
    const name = meta.findIndex((one, k) => k !== column && !isNumeric(one.type));
    return {items: data.slice(0, SHOWN_MAX).map(row => ({name: name < 0 || data.length === 1 ? "" : textOf(row[name]), ...text(row)})), history: null};
}

export class ValueView {
    constructor(element) {
        this.element = element;
        this.list = make("dl.value-list");
        element.replaceChildren(this.list);
    }

    show(result, panel) {
        const {items, history} = valuesOf(result, panel.options);
        if (items.length === 0) return false;
        const signature = JSON.stringify(items.map(one => one.name));
        if (signature !== this.signature) {
            this.signature = signature;
            this.list.classList.toggle("many", items.length > 1);
            this.items = items.map(one => ({name: make("dt", {}, one.name), value: make("dd")}));
            this.list.replaceChildren(...this.items.map(one => make("div", {}, one.name, one.value)));
        }
        items.forEach((one, k) => {
            const {value} = this.items[k];
            if (value.textContent !== one.value) value.textContent = one.value;
            value.className = one.color;
            if (value.dataset.length !== String(one.value.length)) {
                value.dataset.length = one.value.length;
                value.style.setProperty("--length", Math.max(3, one.value.length)); // long ones are written smaller
            }
        });
        this.line(history);
        return true;
    }

    line(history) {
        const numbers = history?.map((value, k) => [k, value]).filter(([, value]) => value !== null) ?? [];
        if (numbers.length < 2) {
            this.spark?.remove();
            this.spark = null;
            return;
        }
        const space = "http://www.w3.org/2000/svg";
        if (!this.spark) {
            this.spark = document.createElementNS(space, "svg");
            this.spark.setAttribute("class", "value-line");
            this.spark.setAttribute("viewBox", "0 0 100 20");
            this.spark.setAttribute("preserveAspectRatio", "none");
            this.spark.setAttribute("aria-hidden", "true");
            this.spark.append(document.createElementNS(space, "path"));
            this.element.append(this.spark);
        }
        const low = Math.min(...numbers.map(one => one[1])), high = Math.max(...numbers.map(one => one[1])), end = Math.max(1, history.length - 1);
        this.spark.firstChild.setAttribute("d", numbers.map(([k, value], at) => `${at === 0 ? "M" : "L"}${(k / end * 100).toFixed(2)} ${(19 - (high === low ? 0.5 : (value - low) / (high - low)) * 18).toFixed(2)}`).join(""));
    }

    repaint() {}

    destroy() {
        this.element.replaceChildren();
    }
}
