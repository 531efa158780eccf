// history.js: the statements that were run on this page, kept in the browser; none with a password in it.
import {hasSecret} from "./sql.js";
import {countText, durationText, make} from "./values.js";

const KEPT = "weir.play.history", ENTRIES_MAX = 300, TEXT_MAX = 20000;

export class History {
    // onchoose(sql)
    constructor(element, {onchoose}) {
        this.onchoose = onchoose;
        this.filter = make("input", {type: "search", placeholder: "Find statements", "aria-label": "find statements", oninput: () => this.draw()});
        this.list = make("ul.history-list", {"aria-label": "statements of before"});
        element.replaceChildren(make("div.tree-find", {}, this.filter), this.list, make("div.history-foot", {}, make("button.quiet", {onclick: () => {
            this.save([]);
            this.draw();
        }}, "Forget all")));
    }

    load() {
        try {
            const list = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
            return Array.isArray(list) ? list.filter(one => typeof one?.sql === "string") : [];
        } catch {
            return [];
        }
    }

    save(list) {
        try {
            localStorage.setItem(KEPT, JSON.stringify(list));
        } catch { /* storage is full or not allowed */ }
    }

    // A statement and how it ended; the one before moves up when it is the same.
    add(sql, {milliseconds = 0, rows = null, error = null}) {
        if (hasSecret(sql) || sql.length > TEXT_MAX) return;
        const list = this.load().filter(one => one.sql !== sql);
        list.unshift({sql, at: Date.now(), milliseconds: Math.round(milliseconds * 10) / 10, rows, failed: error !== null});
        this.save(list.slice(0, ENTRIES_MAX));
        this.draw();
    }

    draw() {
        const wanted = this.filter.value.trim().toLowerCase();
        const shown = this.load().filter(one => one.sql.toLowerCase().includes(wanted));
        this.list.replaceChildren(...shown.map(one => make("li", {}, make("button", {title: one.sql.slice(0, 2000), onclick: () => this.onchoose(one.sql)},
            make("code", {}, one.sql.slice(0, 300)), make(one.failed ? "small.failed" : "small", {}, `${new Date(one.at).toLocaleString(undefined, {dateStyle: "medium", timeStyle: "short"})} · ${one.failed ? "failed" : durationText(one.milliseconds)}`
                + (one.rows === null || one.rows === undefined ? "" : ` · ${countText(one.rows)} rows`))))));
        if (shown.length === 0) this.list.replaceChildren(make("li.tree-none", {}, wanted ? "nothing like it" : "nothing yet"));
    }
}
