// log_view.js: rows as lines, the newest first; a line that is there already stays the element that it is.
import {isTime, make, textOf} from "./values.js";

const LINES_MAX = 200, TEXT_MAX = 2000;
const LEVELS = [[/^(fatal|critical|error|err|emerg|alert)/i, "bad"], [/^warn/i, "warn"]];

export class LogView {
    constructor(element) {
        this.element = element;
        this.list = make("ol.log", {tabindex: 0, role: "log", "aria-live": "off", "aria-label": "log"});
        this.lines = new Map();
        element.replaceChildren(this.list);
    }

    show({meta, data}) {
        const level = meta.findIndex(one => /^(level|severity|severity_?text|priority)$/i.test(one.name)), counts = new Map(), lines = new Map();
        for (const row of data.slice(0, LINES_MAX)) {
            const text = JSON.stringify(row), count = counts.get(text) ?? 0, key = `${count} ${text}`; // equal rows are several
            counts.set(text, count + 1);
            lines.set(key, this.lines.get(key) ?? this.line(meta, row, level));
        }
        const elements = [...lines.values()];
        let at = this.list.firstElementChild;
        for (const [key, line] of this.lines) {
            if (lines.has(key)) continue;
            if (line === at) at = line.nextElementSibling;
            line.remove();
        }
        at = this.list.firstElementChild;
        for (const line of elements) {
            if (line === at) at = at.nextElementSibling;
            else this.list.insertBefore(line, at);
        }
        this.lines = lines;
        return true;
    }

    line(meta, row, level) {
        const kind = level < 0 ? "" : LEVELS.find(([pattern]) => pattern.test(textOf(row[level])))?.[1] ?? "";
        return make("li", {class: kind || null}, ...row.flatMap((value, k) => {
            const text = textOf(value), shown = text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) + "…" : text;
            return [make(isTime(meta[k].type) ? "time" : k === level ? "b" : "span", {title: meta[k].name}, shown), " "];
        }));
    }

    repaint() {}

    destroy() {
        this.element.replaceChildren();
    }
}
