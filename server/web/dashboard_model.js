// dashboard_model.js: what a dashboard is: its definition checked, its panels placed. No page, no server.
//
// The tables of fields are those of server/dashboard_schema.c; tests/web/dashboards.json is asked of both.
export const COLUMNS = 12, PANELS_MAX = 100, HEIGHT_MAX = 40;
export const KINDS = {time: "Time series", bar: "Bars", table: "Table", value: "Value", heatmap: "Heat map", log: "Log"};
export const BYTES_MAX = 512 * 1024;

const text = (least, most, required = false) => ({kind: "text", least, most, required});
const number = (kind, least, most, required = false) => ({kind, least, most, required});
const choice = (choices, required = false) => ({kind: "choice", choices, required});
const list = (most, fields = null, required = false) => ({kind: "list", most, fields, required});

const OPTIONS = {
    style: choice("line, area, bar"), x: text(1, 200), values: list(12), split: text(0, 200), unit: text(0, 20), decimals: number("integer", 0, 10),
    min: number("number", -1e300, 1e300), max: number("number", -1e300, 1e300),
    thresholds: list(10, {from: number("number", -1e300, 1e300, true), color: choice("good, warn, bad", true)}),
};
const PANEL = {
    id: {kind: "name", required: true}, title: text(0, 200), kind: choice("time, bar, table, value, heatmap, log", true), query: text(0, 65536, true),
    x: number("integer", 0, COLUMNS - 1, true), y: number("integer", 0, 9999, true), width: number("integer", 1, COLUMNS, true),
    height: number("integer", 1, HEIGHT_MAX, true), options: {kind: "object", fields: OPTIONS},
};
const VARIABLE = {name: {kind: "word", required: true}, type: text(1, 200), label: text(0, 200), value: text(0, 4096), options: list(1000), query: text(0, 65536)};
const DASHBOARD = {
    weir_dashboard: number("integer", 1, 1, true), title: text(0, 200, true), description: text(0, 4096),
    time: {kind: "object", fields: {last: {kind: "span"}, from: text(1, 40), to: text(1, 40)}}, every_ms: number("integer", 100, 3600000),
    variables: list(32, VARIABLE), panels: list(PANELS_MAX, PANEL, true),
};

const PATTERNS = {
    name: [/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, '_' and '-'"],
    word: [/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "must be 1 to 64 letters, digits and '_', and begin with no digit"],
    span: [/^[1-9]\d{0,5}[smhd]$/, "must be a span such as 90s, 5m, 12h or 30d"],
};
const short = value => value === 1e300 ? "1e+300" : value === -1e300 ? "-1e+300" : String(value);

function checkText(field, where, value) {
    if (typeof value !== "string") return `${where}: must be a text`;
    if (value.includes("\0")) return `${where}: holds a zero character`;
    if (PATTERNS[field.kind]) return PATTERNS[field.kind][0].test(value) ? null : `${where}: ${PATTERNS[field.kind][1]}`;
    if (field.kind === "choice") return field.choices.split(", ").includes(value) ? null : `${where}: must be one of ${field.choices}`;
    const count = [...value].length;
    return count < field.least || count > field.most ? `${where}: must have ${field.least} to ${field.most} characters` : null;
}

function checkValue(field, where, value) {
    switch (field.kind) {
    case "integer": case "number":
        if (typeof value !== "number" || (field.kind === "integer" && !Number.isInteger(value))) return `${where}: must be a ${field.kind === "integer" ? "whole " : ""}number`;
        return value < field.least || value > field.most ? `${where}: must be from ${short(field.least)} to ${short(field.most)}` : null;
    case "object":
        return checkObject(field.fields, where, value);
    case "list":
        if (!Array.isArray(value)) return `${where}: must be a list`;
        if (value.length > field.most) return `${where}: has more than ${field.most} elements`;
        return firstOf(value, (one, k) => field.fields ? checkObject(field.fields, `${where}[${k}]`, one) : checkText(text(0, 4096), `${where}[${k}]`, one));
    default:
        return checkText(field, where, value);
    }
}

function firstOf(values, check) {
    for (const [k, value] of values.entries()) {
        const wrong = check(value, k);
        if (wrong) return wrong;
    }
    return null;
}

function checkObject(fields, where, object) {
    if (typeof object !== "object" || object === null || Array.isArray(object)) return `${where || "the dashboard"}: must be an object`;
    const at = name => where ? `${where}.${name}` : name;
    for (const name of Object.keys(object)) if (!Object.hasOwn(fields, name)) return `${at(name.slice(0, 40))}: is no key that can stand here`;
    for (const [name, field] of Object.entries(fields)) {
        if (!Object.hasOwn(object, name)) {
            if (field.required) return `${at(name)}: is missing`;
            continue;
        }
        const wrong = checkValue(field, at(name), object[name]);
        if (wrong) return wrong;
    }
    return null;
}

function checkOnce(values, where, name) {
    const seen = new Set();
    return firstOf(values, (one, k) => seen.has(one[name]) ? `${where}[${k}].${name}: is there twice` : (seen.add(one[name]), null));
}

// What is wrong with a definition, where; null: nothing.
export function checkDashboard(value) {
    const wrong = checkObject(DASHBOARD, "", value);
    if (wrong) return wrong;
    const {time} = value;
    if (time && (time.last !== undefined ? time.from !== undefined || time.to !== undefined : time.from === undefined || time.to === undefined)) return "time: holds last, or from and to";
    return checkOnce(value.variables ?? [], "variables", "name") ?? checkOnce(value.panels, "panels", "id")
        ?? firstOf(value.panels, (one, k) => one.x + one.width > COLUMNS ? `panels[${k}].width: x and width together are more than 12` : null);
}

// A definition from a text: throws an Error that says what is wrong.
export function parseDashboard(source) {
    if (source.length > BYTES_MAX) throw new Error(`the dashboard has more than ${BYTES_MAX} bytes`);
    let value;
    try {
        value = JSON.parse(source);
    } catch (error) {
        throw new Error(`the dashboard is not JSON: ${error.message}`);
    }
    const wrong = checkDashboard(value);
    if (wrong) throw new Error(wrong);
    return value;
}

export const isDashboardName = name => /^[A-Za-z0-9_-]{1,64}$/.test(name);
export const emptyDashboard = title => ({weir_dashboard: 1, title, time: {last: "15m"}, every_ms: 1000, variables: [], panels: []});

const UNITS = {s: 1, m: 60, h: 3600, d: 86400};
export const spanSeconds = span => Number(span.slice(0, -1)) * UNITS[span.at(-1)];

// ---- places: panels lie in 12 columns and fall upwards as far as others let them

const overlap = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const inOrder = panels => [...panels].sort((a, b) => a.y - b.y || a.x - b.x);
export const orderOf = panels => inOrder(panels).map(one => one.id);

// Panels without holes and overlaps; `first` keeps its place before all others.
export function settle(panels, first = null) {
    const placed = [];
    const order = inOrder(panels);
    for (const one of first === null ? order : [...order.filter(other => other.id === first), ...order.filter(other => other.id !== first)]) {
        const own = {...one};
        while (placed.some(other => overlap(own, other))) own.y++;
        placed.push(own);
    }
    // fall
    for (const one of inOrder(placed)) {
        while (one.y > 0 && !placed.some(other => other !== one && overlap({...one, y: one.y - 1}, other))) one.y--;
    }
    return panels.map(one => placed.find(other => other.id === one.id));
}

// A panel elsewhere or of another size; what does not fit is cut.
export function placePanel(panels, id, change) {
    return settle(panels.map(one => {
        if (one.id !== id) return one;
        const next = {...one, ...change};
        next.width = Math.max(1, Math.min(COLUMNS, next.width));
        next.height = Math.max(1, Math.min(HEIGHT_MAX, next.height));
        if (change.x !== undefined || next.x + next.width > COLUMNS && change.width === undefined) next.x = Math.max(0, Math.min(COLUMNS - next.width, next.x));
        next.width = Math.min(next.width, COLUMNS - next.x);
        next.y = Math.max(0, Math.min(9999, next.y));
        return next;
    }), id);
}

// One place up or down: beside or past what is there, as the arrow keys ask.
export function stepPanel(panels, id, dx, dy) {
    const one = panels.find(other => other.id === id);
    if (dx !== 0) return placePanel(panels, id, {x: one.x + dx, y: one.y});
    const beside = panels.filter(other => other !== one && other.x < one.x + one.width && one.x < other.x + other.width);
    if (dy < 0) {
        const above = beside.filter(other => other.y + other.height <= one.y).sort((a, b) => b.y + b.height - a.y - a.height)[0];
        return above ? placePanel(panels, id, {y: above.y}) : settle(panels);
    }
    const below = beside.filter(other => other.y >= one.y + one.height).sort((a, b) => a.y - b.y)[0];
    // what lies below takes its place
    return below ? placePanel(panels.map(other => other === one ? {...one, y: one.y + below.height} : other), below.id, {y: one.y}) : panels;
}

// A panel behind all others.
export function addPanel(panels, panel) {
    const bottom = panels.reduce((most, one) => Math.max(most, one.y + one.height), 0);
    return settle([...panels, {...panel, x: Math.min(panel.x ?? 0, COLUMNS - panel.width), y: bottom}]);
}

export function freshId(panels) {
    for (let k = panels.length + 1;; k++) if (!panels.some(one => one.id === `p${k}`)) return `p${k}`;
}
