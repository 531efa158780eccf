// grid.js: a table of any number of rows and columns that holds only what can be seen. Shared by the pages.
//
//   const grid = new Grid(element);  grid.show({meta: [{name, type}], data: [[…]]});
//
// keys     arrows, Page Up/Down, Home/End (with Ctrl: first and last row), Shift with them selects; Ctrl+C copies what
//          is selected; Enter shows the whole value; Ctrl+A selects everything
// mouse    a header sorts (up, down, as it came), its edge changes the width, cells are dragged over
import {compareValues, isNumeric, make, textOf} from "./values.js";
import "./grid.css";

const ROW = 26, HEAD = 44, PAD = 20, WIDTH_MIN = 56, WIDTH_MAX = 420, SAMPLE = 200;
const HEIGHT_MAX = 8_000_000; // browsers end somewhere above; beyond it scrolling is in proportion
const CELL_TEXT_MAX = 500;

export class Grid {
    // classOf(values): a row's own class, or "".
    constructor(element, {label = "result", classOf = () => ""} = {}) {
        this.element = element;
        this.classOf = classOf;
        this.rows = new Map(); // shown: row → element
        this.sizer = make("div.grid-sizer", {role: "presentation"});
        this.head = make("div.grid-head", {role: "row", "aria-rowindex": 1});
        this.body = make("div.grid-body", {role: "rowgroup"});
        this.sizer.append(this.head, this.body);
        this.scroller = make("div.grid", {role: "grid", tabindex: 0, "aria-label": label, "aria-multiselectable": "true"}, this.sizer);
        element.replaceChildren(this.scroller);
        this.scroller.addEventListener("scroll", () => this.paint(), {passive: true});
        this.scroller.addEventListener("keydown", event => this.key(event));
        this.scroller.addEventListener("pointerdown", event => this.press(event));
        this.scroller.addEventListener("dblclick", event => this.cellOf(event.target) && this.detail());
        this.observer = new ResizeObserver(() => this.paint());
        this.observer.observe(this.scroller);
        this.ink = document.createElement("canvas").getContext("2d");
        this.clear();
    }

    destroy() {
        this.observer.disconnect();
        this.element.replaceChildren();
    }

    clear() {
        this.show({meta: [], data: []});
    }

    // Keeps scrolling, sorting and widths when the columns are those of before.
    show({meta, data}) {
        const same = this.meta && JSON.stringify(meta) === JSON.stringify(this.meta);
        const before = this.data?.length;
        this.meta = meta;
        this.data = data;
        if (same && !this.measured) this.measure(); // it was shown where there are no fonts
        if (!same) {
            this.sorted = null;
            this.at = this.from = {row: 0, column: 0};
            this.active = false;
            this.measure();
            this.scroller.scrollTo(0, 0);
        }
        this.at = this.from = {row: Math.min(this.at.row, Math.max(0, data.length - 1)), column: this.at.column};
        this.arrange();
        this.scroller.setAttribute("aria-rowcount", data.length + 1);
        this.scroller.setAttribute("aria-colcount", meta.length);
        if (!same || this.rows.size === 0) this.repaint();
        else {
            this.refresh();
            if (data.length !== before) this.paint(); // it asks where things are, which costs the browser a layout
        }
    }

    // Rows that are shown get their new values; what looks as before stays as it is.
    refresh() {
        for (const [row, element] of this.rows) {
            if (row >= this.data.length) continue; // paint() takes it away
            const values = this.rowData(row);
            const name = this.rowClass(row, values);
            if (element.className !== name) element.className = name;
            for (const cell of element.children) {
                if (cell.dataset.column === undefined) continue;
                const value = values[cell.dataset.column], text = this.cellText(value);
                if (cell.textContent !== text) cell.textContent = text;
                if (cell.classList.contains("null") !== (value === null)) cell.classList.toggle("null", value === null);
            }
        }
    }

    rowClass(row, values) {
        return ["grid-row", row % 2 ? "odd" : "", this.classOf(values)].filter(Boolean).join(" ");
    }

    cellText(value) {
        const text = textOf(value);
        return text.length > CELL_TEXT_MAX ? text.slice(0, CELL_TEXT_MAX) + "…" : text;
    }

    // ---- widths and order

    measure() {
        this.measured = this.scroller.isConnected;
        const style = getComputedStyle(this.scroller);
        this.ink.font = `${style.fontSize} ${style.fontFamily}`;
        this.numbered = String(Math.max(1, this.data.length)).length * 8 + 22;
        this.widths = this.meta.map((column, k) => {
            let widest = Math.max(this.ink.measureText(column.name).width * 1.08 + 16, Math.min(this.ink.measureText(column.type).width * 0.86, 130));
            for (let row = 0; row < Math.min(SAMPLE, this.data.length); row++) {
                widest = Math.max(widest, this.ink.measureText(textOf(this.data[row][k]).slice(0, 80)).width);
            }
            return Math.ceil(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, widest + PAD + 3)));
        });
        this.place();
    }

    place() {
        this.lefts = [this.numbered];
        this.widths.forEach((width, k) => this.lefts.push(this.lefts[k] + width));
        this.sizer.style.width = `${this.lefts[this.widths.length]}px`;
    }

    arrange() {
        this.order = null;
        if (this.sorted) {
            const {column, down} = this.sorted, numeric = isNumeric(this.meta[column].type), data = this.data;
            this.order = Array.from(data.keys()).sort((a, b) => {
                const [x, y] = [data[a][column], data[b][column]];
                const way = compareValues(x, y, numeric);
                return (down && x !== null && y !== null ? -way : way) || a - b;
            });
        }
        this.height = Math.min(HEIGHT_MAX, this.data.length * ROW);
        this.sizer.style.height = `${HEAD + this.height}px`;
    }

    rowData(row) {
        return this.data[this.order ? this.order[row] : row];
    }

    // ---- what is seen

    repaint() {
        this.rows.clear();
        this.body.replaceChildren();
        this.headColumns = "";
        this.paint();
    }

    paint() {
        const {scrollTop, scrollLeft, clientHeight, clientWidth} = this.scroller;
        if (clientHeight === 0) return;
        const whole = this.data.length * ROW, seen = Math.max(0, clientHeight - HEAD);
        // where rows begin, in pixels of a table that is as high as it would be
        const top = whole > this.height ? scrollTop / Math.max(1, this.height - seen) * (whole - seen) : scrollTop;
        const first = Math.max(0, Math.floor(top / ROW) - 4), end = Math.min(this.data.length, Math.ceil((top + seen) / ROW) + 4);
        let left = 0, right = this.meta.length;
        while (left < this.meta.length - 1 && this.lefts[left + 1] < scrollLeft) left++;
        while (right > left + 1 && this.lefts[right - 1] > scrollLeft + clientWidth) right--;
        if (this.headColumns !== `${left}-${right}`) {
            this.headColumns = `${left}-${right}`;
            this.rows.clear();
            this.body.replaceChildren();
            this.paintHead(left, right);
        }
        for (const [row, element] of this.rows) {
            if (row < first || row >= end) {
                element.remove();
                this.rows.delete(row);
            }
        }
        const fresh = [];
        for (let row = first; row < end; row++) {
            let element = this.rows.get(row);
            if (!element) {
                element = this.makeRow(row, left, right);
                this.rows.set(row, element);
                fresh.push(element);
            }
            element.style.transform = `translateY(${Math.round(row * ROW - top + scrollTop)}px)`;
        }
        this.body.append(...fresh);
        this.mark();
    }

    paintHead(left, right) {
        const cells = [make("div.grid-corner", {role: "presentation"})];
        cells[0].style.width = `${this.numbered}px`;
        for (let k = left; k < right; k++) {
            const {name, type} = this.meta[k];
            const way = this.sorted?.column === k ? (this.sorted.down ? "descending" : "ascending") : "none";
            const cell = make(isNumeric(type) ? "div.grid-name.number" : "div.grid-name", {role: "columnheader", "aria-colindex": k + 1, "aria-sort": way, title: `${name}  ${type}`},
                make("button", {tabindex: -1, onclick: () => this.sortBy(k)}, make("b", {}, name), make("small", {}, type)),
                make("i", {onpointerdown: event => this.dragWidth(event, k), ondblclick: () => this.fit(k)}));
            cell.style.left = `${this.lefts[k]}px`;
            cell.style.width = `${this.widths[k]}px`;
            cells.push(cell);
        }
        this.head.replaceChildren(...cells);
    }

    makeRow(row, left, right) {
        const values = this.rowData(row);
        const number = make("div.grid-number", {role: "rowheader"}, (row + 1).toLocaleString("en"));
        number.style.width = `${this.numbered}px`;
        const element = make("div", {class: this.rowClass(row, values), role: "row", "aria-rowindex": row + 2}, number);
        for (let k = left; k < right; k++) {
            const cell = make(values[k] === null ? "div.grid-cell.null" : isNumeric(this.meta[k].type) ? "div.grid-cell.number" : "div.grid-cell",
                {role: "gridcell", "aria-colindex": k + 1, id: `${this.id()}-${row}-${k}`}, this.cellText(values[k]));
            cell.style.left = `${this.lefts[k]}px`;
            cell.style.width = `${this.widths[k]}px`;
            cell.dataset.row = row;
            cell.dataset.column = k;
            element.append(cell);
        }
        return element;
    }

    id() {
        return (this.ownId ??= `grid${(Grid.count = (Grid.count ?? 0) + 1)}`);
    }

    range() {
        return {top: Math.min(this.at.row, this.from.row), bottom: Math.max(this.at.row, this.from.row),
            left: Math.min(this.at.column, this.from.column), right: Math.max(this.at.column, this.from.column)};
    }

    mark() {
        const {top, bottom, left, right} = this.range();
        if (!this.active && !this.wasActive) return;
        this.wasActive = this.active;
        for (const [row, element] of this.rows) {
            for (const cell of element.children) {
                const column = Number(cell.dataset.column);
                const inside = this.active && row >= top && row <= bottom && column >= left && column <= right;
                cell.classList.toggle("chosen", inside);
                cell.classList.toggle("current", this.active && row === this.at.row && column === this.at.column);
                if (cell.dataset.column !== undefined) cell.setAttribute("aria-selected", inside);
            }
        }
        if (this.active && this.rows.has(this.at.row)) this.scroller.setAttribute("aria-activedescendant", `${this.id()}-${this.at.row}-${this.at.column}`);
        else this.scroller.removeAttribute("aria-activedescendant");
    }

    // ---- keys and mouse

    go(row, column, extend) {
        if (this.data.length === 0) return;
        this.active = true;
        this.at = {row: Math.max(0, Math.min(this.data.length - 1, row)), column: Math.max(0, Math.min(this.meta.length - 1, column))};
        if (!extend) this.from = this.at;
        this.reveal();
        this.paint();
    }

    reveal() {
        const view = this.scroller, seen = view.clientHeight - HEAD, whole = this.data.length * ROW;
        const scaled = whole > this.height, scale = scaled ? (whole - seen) / Math.max(1, this.height - seen) : 1;
        const top = view.scrollTop * scale, wanted = this.at.row * ROW;
        if (wanted < top) view.scrollTop = wanted / scale;
        else if (wanted + ROW > top + seen) view.scrollTop = (wanted + ROW - seen) / scale;
        const left = this.lefts[this.at.column], width = this.widths[this.at.column];
        if (left - this.numbered < view.scrollLeft) view.scrollLeft = left - this.numbered;
        else if (left + width > view.scrollLeft + view.clientWidth) view.scrollLeft = left + width - view.clientWidth;
    }

    key(event) {
        if (event.target !== this.scroller || event.altKey) return;
        const page = Math.max(1, Math.floor((this.scroller.clientHeight - HEAD) / ROW) - 1), far = event.ctrlKey || event.metaKey;
        const {row, column} = this.at;
        const last = this.data.length - 1, end = this.meta.length - 1;
        const moves = {
            ArrowDown: [far ? last : row + (this.active ? 1 : 0), column], ArrowUp: [far ? 0 : row - 1, column],
            ArrowRight: [row, far ? end : column + 1], ArrowLeft: [row, far ? 0 : column - 1],
            PageDown: [row + page, column], PageUp: [row - page, column],
            Home: [far ? 0 : row, 0], End: [far ? last : row, end],
        };
        if (moves[event.key]) this.go(...moves[event.key], event.shiftKey);
        else if (event.key === "Enter" && !far && this.active) this.detail();
        else if (far && event.key.toLowerCase() === "c" && this.active && getSelection().isCollapsed) this.copy();
        else if (far && event.key.toLowerCase() === "a") {
            this.go(0, 0);
            this.from = {row: last, column: end};
            this.mark();
        } else return;
        event.preventDefault();
    }

    cellOf(target) {
        const cell = target.closest?.(".grid-cell");
        return cell ? {row: Number(cell.dataset.row), column: Number(cell.dataset.column)} : null;
    }

    press(event) {
        const cell = this.cellOf(event.target);
        if (!cell || event.button !== 0 || event.pointerType === "touch") {
            if (cell) this.go(cell.row, cell.column);
            return;
        }
        this.go(cell.row, cell.column, event.shiftKey);
        const move = next => {
            const over = this.cellOf(document.elementFromPoint(next.clientX, next.clientY) ?? this.scroller);
            if (over) this.go(over.row, over.column, true);
        };
        const up = () => {
            removeEventListener("pointermove", move);
            removeEventListener("pointerup", up);
        };
        addEventListener("pointermove", move);
        addEventListener("pointerup", up);
    }

    dragWidth(event, column) {
        event.preventDefault();
        event.stopPropagation();
        const begin = event.clientX, before = this.widths[column];
        const move = next => {
            this.widths[column] = Math.max(WIDTH_MIN / 2, before + next.clientX - begin);
            this.place();
            this.repaint();
        };
        const up = () => {
            removeEventListener("pointermove", move);
            removeEventListener("pointerup", up);
        };
        addEventListener("pointermove", move);
        addEventListener("pointerup", up);
    }

    fit(column) {
        let widest = 0;
        for (let row = 0; row < Math.min(2000, this.data.length); row++) widest = Math.max(widest, this.ink.measureText(textOf(this.data[row][column]).slice(0, CELL_TEXT_MAX)).width);
        this.widths[column] = Math.max(WIDTH_MIN, Math.round(widest + PAD));
        this.place();
        this.repaint();
    }

    sortBy(column) {
        const now = this.sorted?.column === column ? this.sorted : null;
        this.sorted = now === null ? {column, down: false} : now.down ? null : {column, down: true};
        this.arrange();
        this.repaint();
    }

    // What is selected, as tab-separated text.
    selectedText() {
        const {top, bottom, left, right} = this.range(), lines = [];
        for (let row = top; row <= bottom; row++) {
            lines.push(this.rowData(row).slice(left, right + 1).map(value => value === null ? "" : textOf(value).replace(/[\t\n\r]/g, " ")).join("\t"));
        }
        return lines.join("\n");
    }

    copy() {
        const text = this.selectedText();
        navigator.clipboard?.writeText(text).catch(() => {});
        this.scroller.dispatchEvent(new CustomEvent("copied", {bubbles: true, detail: {bytes: text.length}}));
    }

    // The whole value of the current cell, in a dialog.
    detail() {
        const value = this.rowData(this.at.row)[this.at.column], {name, type} = this.meta[this.at.column];
        let text = value !== null && typeof value === "object" ? JSON.stringify(value, null, 2) : textOf(value);
        if (typeof value === "string" && /^[[{]/.test(value)) {
            try {
                text = JSON.stringify(JSON.parse(value), null, 2);
            } catch { /* no JSON after all */ }
        }
        const dialog = make("dialog.grid-detail", {"aria-label": name, onclose: () => {
            dialog.remove();
            this.scroller.focus();
        }}, make("header", {}, make("b", {}, name), make("small", {}, type), make("button", {"aria-label": "close", onclick: () => dialog.close()}, "✕")),
        make("pre", {tabindex: 0}, text));
        document.body.append(dialog);
        dialog.showModal();
    }
}
