// result.js: one statement's result: its progress, statistics, table, chart or text, error, and downloads.
import * as api from "./api.js";
import {Chart} from "./chart.js";
import {Grid} from "./grid.js";
import {errorOffset} from "./sql.js";
import {bytesText, countText, durationText, make} from "./values.js";

const TEXT_MAX = 2_000_000;

export class Result {
    // statement {from, to, text}; on: formats, onlogin, ongoto(offset), onpin(), onsay(text)
    constructor(statement, on) {
        this.statement = statement;
        this.on = on;
        this.title = statement.text.replace(/\s+/g, " ").slice(0, 28);
        this.state = "";
        this.failed = this.pinned = false;
        this.view = "table";
        this.progress = make("div.progress", {role: "progressbar", "aria-label": "progress"}, make("i"));
        this.stats = make("span.stats");
        this.tools = make("span", {role: "presentation"});
        this.views = make("div.segments", {role: "group", "aria-label": "shown as", hidden: true});
        this.bar = make("div.result-bar", {}, this.views, this.stats, make("span.space"), this.tools);
        this.body = make("div.view");
        this.element = make("div.result", {role: "tabpanel"}, this.progress, this.bar, this.body);
        this.makeTools();
    }

    destroy() {
        this.grid?.destroy();
        this.chart?.destroy();
    }

    makeTools() {
        const formats = make("select", {"aria-label": "download as", onchange: event => {
            const format = event.target.value;
            event.target.selectedIndex = 0;
            if (format) this.download(format);
        }}, make("option", {value: ""}, "Download"), ...this.on.formats.map(name => make("option", {value: name}, name)));
        this.pin = make("button.quiet", {"aria-pressed": "false", title: "keep this result when others come", onclick: () => {
            this.pinned = !this.pinned;
            this.pin.setAttribute("aria-pressed", String(this.pinned));
            this.pin.textContent = this.pinned ? "Kept" : "Keep";
            this.on.onpin();
        }}, "Keep");
        this.tools.replaceChildren(this.pin, formats);
    }

    skip() {
        this.state = "not run";
        this.body.replaceChildren(make("div.empty", {}, "Not run: a statement before it ended early."));
    }

    // ---- running

    async run({signal, readOnly, rowsMax, parameters}) {
        const queryId = api.newQueryId(), begin = performance.now();
        const first = !this.last;
        this.parameters = parameters;
        this.failed = false;
        if (first) this.stats.textContent = "running";
        const ticking = first ? setInterval(() => {
            if (!this.seen) this.stats.textContent = `running, ${durationText(performance.now() - begin)}`;
        }, 200) : 0;
        this.seen = false;
        this.progress.dataset.on = "";
        this.progress.dataset.unknown = "";
        const unwatch = api.watch(queryId, how => this.tell(how));
        let outcome;
        try {
            const result = await api.query(this.statement.text, {signal, queryId, readOnly, rowsMax, parameters});
            this.show(result);
            outcome = {milliseconds: result.milliseconds, rows: result.data ? result.data.length : null};
        } catch (error) {
            outcome = error.name === "AbortError" ? {stopped: true, milliseconds: performance.now() - begin} : {error, milliseconds: performance.now() - begin};
            if (outcome.stopped) this.showStopped(performance.now() - begin);
            else this.showError(error, readOnly);
        }
        unwatch();
        clearInterval(ticking);
        delete this.progress.dataset.on;
        delete this.progress.dataset.unknown;
        this.progress.firstChild.style.width = "0";
        this.progress.removeAttribute("aria-valuenow");
        return outcome;
    }

    // How far it is.
    tell({rowsRead, bytesRead, rowsTotal, memory, seconds}) {
        this.seen = true;
        const share = rowsTotal > 0 ? Math.min(1, rowsRead / rowsTotal) : null;
        if (share !== null) {
            delete this.progress.dataset.unknown;
            this.progress.firstChild.style.width = `${(share * 100).toFixed(1)}%`;
            this.progress.setAttribute("aria-valuenow", Math.round(share * 100));
        }
        if (!this.last) {
            this.stats.textContent = `${share === null ? "running" : `${Math.floor(share * 100)} %`}, ${durationText(seconds * 1000)}, ${countText(rowsRead)} rows read, `
                + `${bytesText(bytesRead)}${seconds > 0 ? `, ${countText(Math.round(rowsRead / seconds))} rows/s` : ""}, ${bytesText(memory)} of memory`;
        }
    }

    // ---- what came

    show(result) {
        this.last = result;
        const read = result.statistics ?? {elapsed: Number(result.summary?.elapsed_ns ?? 0) / 1e9, rows_read: Number(result.summary?.read_rows ?? 0), bytes_read: Number(result.summary?.read_bytes ?? 0)};
        const parts = [];
        if (result.data) parts.push(make("b", {}, `${countText(result.data.length)} ${result.data.length === 1 ? "row" : "rows"}`), result.more ? " (there are more)" : "");
        else parts.push(make("b", {}, "done"));
        const written = Number(result.summary?.written_rows ?? 0);
        if (written > 0) parts.push(`, ${countText(written)} written`);
        parts.push(` in ${durationText(result.milliseconds)}`);
        if (Number(read.rows_read) > 0) {
            const rate = read.elapsed > 0 ? `, ${countText(Math.round(read.rows_read / read.elapsed))} rows/s` : "";
            parts.push(make("span.faint", {}, ` · read ${countText(read.rows_read)} rows, ${bytesText(Number(read.bytes_read))} in ${durationText(read.elapsed * 1000)}${rate}`));
        }
        this.stats.replaceChildren(...parts);
        this.state = result.data ? countText(result.data.length) : "done";
        this.on.onsay(this.stats.textContent);
        this.pick();
    }

    // Table, chart or text, as there is something to show.
    pick() {
        const result = this.last;
        if (!result.data) {
            this.views.hidden = true;
            const text = result.text.length > TEXT_MAX ? result.text.slice(0, TEXT_MAX) + `\n… (${countText(result.text.length)} characters; download shows all)` : result.text;
            this.body.replaceChildren(text === "" ? make("div.empty", {}, "Done.") : make("pre", {tabindex: 0, "aria-label": "result"}, text));
            return;
        }
        const drawable = Chart.fits(result), before = this.views.childElementCount;
        this.views.hidden = !drawable;
        if (drawable && before === 0) {
            this.view = this.on.prefersChart ? "chart" : this.view;
            this.views.replaceChildren(...[["table", "Table"], ["chart", "Chart"]].map(([view, text]) => make("button", {"aria-pressed": view === this.view, onclick: () => {
                this.view = view;
                this.pick();
                this.views.querySelectorAll("button").forEach(one => one.setAttribute("aria-pressed", String(one.dataset.view === view)));
            }}, text)));
            [...this.views.children].forEach((one, k) => one.dataset.view = ["table", "chart"][k]);
        }
        if (!drawable) this.view = "table";
        if (this.view === "chart") this.showChart();
        else this.showTable();
    }

    showTable() {
        if (!this.gridHost) {
            this.gridHost = make("div");
            this.grid = new Grid(this.gridHost);
            this.gridHost.addEventListener("copied", event => this.on.onsay(`${bytesText(event.detail.bytes)} copied`));
        }
        this.put(this.gridHost);
        this.grid.show(this.last);
    }

    showChart() {
        if (!this.chartHost) {
            this.chartHost = make("div");
            this.chart = new Chart(this.chartHost);
        }
        this.put(this.chartHost);
        this.chart.show(this.last);
    }

    put(host) {
        if (this.body.firstElementChild !== host || this.body.childElementCount > 1) this.body.replaceChildren(host);
    }

    // It is in the page now, perhaps again.
    shown() {
        if (this.last?.data) this.view === "chart" ? this.showChart() : this.showTable();
    }

    repaint() {
        this.chart?.repaint();
    }

    showStopped(milliseconds) {
        this.state = "stopped";
        this.stats.textContent = `stopped after ${durationText(milliseconds)}`;
        this.on.onsay(this.stats.textContent);
        if (!this.last) this.body.replaceChildren(make("div.empty", {}, "Stopped."));
    }

    showError(error, readOnly) {
        this.failed = true;
        this.state = "error";
        this.last = null;
        this.views.hidden = true;
        this.stats.textContent = "";
        const text = this.statement.text, offset = errorOffset(error.message, text);
        const message = error instanceof api.QueryError ? error.message : `The server cannot be reached: ${error.message}`;
        const parts = [make("p", {role: "alert"}, message)];
        if (offset !== null) {
            const before = text.slice(0, offset), line = before.split("\n").length, begin = before.lastIndexOf("\n") + 1, end = text.indexOf("\n", offset);
            const from = Math.max(begin, offset - 60), shown = text.slice(from, Math.min(end < 0 ? text.length : end, offset + 60)), cut = from > begin ? "…" : "";
            parts.push(make("pre", {}, `${cut}${shown}\n${" ".repeat(cut.length)}${text.slice(from, offset).replace(/[^\t]/g, " ")}^`));
            if (this.statement.from >= 0) parts.push(make("p", {}, make("button", {onclick: () => this.on.ongoto(this.statement.from + offset)}, `Go to line ${line}, column ${offset - begin + 1}`)));
        }
        if (readOnly && /\(READONLY\)/.test(message)) parts.push(make("div", {}, "This statement came with a link, so it only reads. Run makes it yours."));
        if (error.wantsLogin) parts.push(make("div", {}, make("button", {onclick: () => this.on.onlogin(message)}, "User and password")));
        this.body.replaceChildren(make("div.error", {}, ...parts));
    }

    async download(format) {
        try {
            const found = await api.download(this.statement.text, format, {parameters: this.parameters ?? {}});
            const ends = {CSV: "csv", TSKV: "tskv", JSON: "json", Markdown: "md", XML: "xml", Native: "native", RowBinary: "bin", Values: "sql"};
            const end = /EachRow/.test(found.format) ? "ndjson" : Object.entries(ends).find(([begin]) => found.format.startsWith(begin))?.[1] ?? (found.format.startsWith("TabSeparated") ? "tsv" : "txt");
            const link = make("a", {href: URL.createObjectURL(found.blob), download: `result.${end}`});
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.href), 10000);
            this.on.onsay(`${bytesText(found.blob.size)} as ${found.format}`);
        } catch (error) {
            this.stats.textContent = error.message;
        }
    }
}
