// schema.js: what the server has: databases, tables, columns, functions; a tree of them, and what completion offers.
import * as api from "./api.js";
import {bytesText, countText, make} from "./values.js";
import {quoteName} from "./sql.js";

export class Schema {
    constructor() {
        this.databases = new Map(); // name → Map(table → {engine, rows, bytes, columns: null or [{name, type, comment}]})
        this.functions = [];
        this.settings = [];
        this.database = "default";
    }

    async load() {
        const [about, tables, columns] = await Promise.all([
            api.rows("SELECT currentDatabase()"),
            // information_schema has each name in capitals, too
            api.rows(`SELECT database, name, engine, total_rows, total_bytes FROM system.tables
                WHERE database != 'INFORMATION_SCHEMA' AND (database != 'information_schema' OR name != upper(name)) ORDER BY database, name`),
            api.rows(`SELECT database, table, name, type, comment FROM system.columns
                WHERE database != 'INFORMATION_SCHEMA' AND (database != 'information_schema' OR (table != upper(table) AND name != upper(name)))
                ORDER BY database, table, position`),
        ]);
        [[this.database]] = about;
        const databases = new Map();
        for (const [database, name, engine, rows, bytes] of tables) {
            if (!databases.has(database)) databases.set(database, new Map());
            databases.get(database).set(name, {engine, rows, bytes, columns: null});
        }
        for (const [database, table, name, type, comment] of columns) {
            const entry = databases.get(database)?.get(table);
            if (entry) (entry.columns ??= []).push({name, type, comment});
        }
        this.databases = databases;
        if (this.functions.length === 0) {
            // one after the other: each is small, and none is needed at once
            this.functions = (await api.rows("SELECT name, is_aggregate, description FROM system.functions ORDER BY name"))
                .map(([name, aggregate, about]) => ({name, aggregate: Number(aggregate) === 1, about}));
            this.settings = await api.rows("SELECT name, description FROM system.settings ORDER BY name").catch(() => []);
        }
    }

    find(database, table) {
        return this.databases.get(database || this.database)?.get(table) ?? null;
    }

    // Columns of a table; those that system.columns does not have are asked for once.
    async columnsOf(database, table) {
        const entry = this.find(database, table);
        if (entry && entry.columns === null) {
            entry.columns = (await api.rows(`DESCRIBE TABLE ${quoteName(database || this.database)}.${quoteName(table)}`).catch(() => []))
                .map(([name, type, , , comment]) => ({name, type, comment}));
        }
        return entry?.columns ?? [];
    }
}

// The tree beside the editor. oninsert(text): put it where the cursor is; onpreview(sql): run it.
export class SchemaTree {
    constructor(element, schema, {oninsert, onpreview}) {
        Object.assign(this, {element, schema, oninsert, onpreview});
        this.open = new Set();
        this.filter = make("input", {type: "search", placeholder: "Find tables and columns", "aria-label": "find tables and columns", oninput: () => this.draw()});
        this.list = make("ul.tree", {role: "tree", "aria-label": "databases, tables and columns"});
        element.replaceChildren(make("div.tree-find", {}, this.filter), this.list);
        this.list.addEventListener("keydown", event => this.key(event));
    }

    draw() {
        const wanted = this.filter.value.trim().toLowerCase(), focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.path : null;
        const items = [];
        for (const [database, tables] of this.schema.databases) {
            const path = database;
            if (!this.open.has("seen:" + path)) {
                this.open.add("seen:" + path);
                if (database !== "system" && database.toLowerCase() !== "information_schema") this.open.add(path);
            }
            const shown = [...tables].filter(([name, table]) => wanted === "" || `${database}.${name}`.toLowerCase().includes(wanted)
                || table.columns?.some(column => column.name.toLowerCase().includes(wanted)));
            if (wanted !== "" && shown.length === 0) continue;
            const open = wanted !== "" || this.open.has(path);
            items.push(this.item(1, path, open, "database", database, `${tables.size}`, ""));
            if (!open) continue;
            for (const [name, table] of shown) {
                const own = `${path}\n${name}`;
                const byColumn = wanted !== "" && !`${database}.${name}`.toLowerCase().includes(wanted);
                const unfolded = byColumn || this.open.has(own);
                items.push(this.item(2, own, unfolded, "table", name, table.rows === null ? "" : shortCount(table.rows),
                    `${database}.${name}  ${table.engine}${table.rows === null ? "" : `, ${countText(table.rows)} rows`}${table.bytes ? `, ${bytesText(Number(table.bytes))}` : ""}`));
                if (!unfolded) continue;
                if (table.columns === null) this.schema.columnsOf(database, name).then(() => this.draw());
                for (const column of table.columns ?? []) {
                    if (byColumn && !column.name.toLowerCase().includes(wanted)) continue;
                    items.push(this.item(3, `${own}\n${column.name}`, null, "column", column.name, column.type, `${column.name} ${column.type}${column.comment ? `: ${column.comment}` : ""}`));
                }
            }
        }
        this.list.replaceChildren(...items.length > 0 ? items : [make("li.tree-none", {}, wanted === "" ? "no tables" : "nothing of that name")]);
        const target = [...this.list.children].find(one => one.dataset.path === focused);
        (target ?? this.list.firstElementChild)?.setAttribute("tabindex", 0);
        target?.focus();
    }

    item(level, path, open, kind, name, more, title) {
        const parts = path.split("\n");
        const element = make(`li.${kind}`, {role: "treeitem", "aria-level": level, "aria-expanded": open === null ? null : String(open), tabindex: -1, title,
            onclick: event => {
                this.focus(element);
                if (open === null) this.oninsert(quoteName(name));
                else if (!event.target.closest("button")) this.toggle(path, !open);
            },
            ondblclick: () => kind === "table" && this.oninsert(this.nameOf(parts))}, make("span.name", {}, name));
        if (kind === "table") element.append(make("button", {tabindex: -1, title: "the first 100 rows", "aria-label": `the first 100 rows of ${name}`, onclick: event => {
            event.stopPropagation();
            this.preview(parts);
        }}, "▸"));
        element.append(make("small", {}, more));
        element.dataset.path = path;
        return element;
    }

    nameOf([database, table]) {
        return (database === this.schema.database ? "" : quoteName(database) + ".") + quoteName(table);
    }

    preview(parts) {
        this.onpreview(`SELECT *\nFROM ${this.nameOf(parts)}\nLIMIT 100`);
    }

    toggle(path, open) {
        if (open) this.open.add(path);
        else this.open.delete(path);
        this.draw();
    }

    focus(element) {
        for (const other of this.list.children) other.setAttribute("tabindex", -1);
        element.setAttribute("tabindex", 0);
        element.focus();
    }

    key(event) {
        const items = [...this.list.children], at = items.indexOf(document.activeElement), one = items[at];
        if (!one || event.ctrlKey || event.metaKey || event.altKey) return;
        const path = one.dataset.path, parts = path?.split("\n") ?? [], expanded = one.getAttribute("aria-expanded");
        const level = Number(one.getAttribute("aria-level"));
        const go = to => to && this.focus(to);
        if (event.key === "ArrowDown") go(items[at + 1]);
        else if (event.key === "ArrowUp") go(items[at - 1]);
        else if (event.key === "Home") go(items[0]);
        else if (event.key === "End") go(items.at(-1));
        else if (event.key === "ArrowRight") expanded === "false" ? this.toggle(path, true) : go(items[at + 1]);
        else if (event.key === "ArrowLeft") expanded === "true" ? this.toggle(path, false) : go(items.slice(0, at).findLast(other => Number(other.getAttribute("aria-level")) < level));
        else if (event.key === " ") parts.length === 2 ? this.preview(parts) : this.toggle(path, expanded !== "true");
        else if (event.key === "Enter") parts.length === 1 ? this.toggle(path, expanded !== "true") : this.oninsert(parts.length === 2 ? this.nameOf(parts) : quoteName(parts[2]));
        else return;
        event.preventDefault();
    }
}

const shortCount = count => Number(count) < 10000 ? countText(count) : Number(count).toLocaleString("en", {notation: "compact", maximumSignificantDigits: 3});
