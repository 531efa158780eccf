// api.js: requests to the server that this page came from, and to no other.
//
// User and password go in headers, never in an address. They live in this module, and in sessionStorage if asked for.

const ROOT = new URL(".", location.href).pathname; // a proxy may have put the server under a path
const KEPT = "weir.login";

let login = null;
try {
    login = JSON.parse(sessionStorage.getItem(KEPT));
} catch { /* storage is not allowed */ }

export const currentUser = () => login?.user ?? null;

export function setLogin(user, password, keep) {
    login = user ? {user, password} : null;
    try {
        if (login && keep) sessionStorage.setItem(KEPT, JSON.stringify(login));
        else sessionStorage.removeItem(KEPT);
    } catch { /* storage is not allowed */ }
}

// What the server answered instead of 200.
export class QueryError extends Error {
    constructor(message, status, code) {
        super(message);
        this.status = status;
        this.code = code;
        this.wantsLogin = status === 401 || code === 516 || code === 192 || code === 193;
    }
}

function headersOf(more = {}) {
    return login ? {...more, "X-ClickHouse-User": encodeHeader(login.user), "X-ClickHouse-Key": encodeHeader(login.password)} : more;
}

// "omit": the browser must neither send nor ask for a password of its own
const ALWAYS = {credentials: "omit", cache: "no-store", redirect: "error"};

function post(sql, parameters, signal) {
    return fetch(`${ROOT}?${new URLSearchParams(parameters)}`, {...ALWAYS, method: "POST", body: sql, headers: headersOf({"Content-Type": "text/plain; charset=UTF-8"}), signal});
}

// Headers carry bytes: those of UTF-8.
function encodeHeader(text) {
    return String.fromCharCode(...new TextEncoder().encode(text));
}

async function failure(reply) {
    const text = (await reply.text()).trim();
    return new QueryError(text || `The server answered with status ${reply.status}.`, reply.status, Number(reply.headers.get("X-ClickHouse-Exception-Code") ?? 0));
}

export const newQueryId = () => "play-" + Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, "0")).join("");

// Values lose no digit.
const EXACT = {output_format_json_quote_64bit_integers: 1, output_format_json_quote_denormals: 1, output_format_json_quote_decimals: 1};

// Runs a statement. {meta, data, rows, statistics} or {text}; and {milliseconds, bytes, format, queryId, summary}.
export async function query(sql, {signal, parameters = {}, queryId = newQueryId(), rowsMax = 0, readOnly = false, database = ""} = {}) {
    const settings = {default_format: "JSONCompact", wait_end_of_query: 1, ...EXACT, query_id: queryId};
    if (rowsMax > 0) Object.assign(settings, {max_result_rows: rowsMax + 1, result_overflow_mode: "break"}); // one more tells that there is more
    if (readOnly) settings.readonly = 1;
    if (database) settings.database = database;
    for (const [name, value] of Object.entries(parameters)) settings[`param_${name}`] = value;
    const begin = performance.now();
    const reply = await post(sql, settings, signal);
    if (!reply.ok) throw await failure(reply);
    const text = await reply.text();
    const about = {milliseconds: performance.now() - begin, bytes: text.length, format: reply.headers.get("X-ClickHouse-Format"), queryId, summary: null};
    try {
        about.summary = JSON.parse(reply.headers.get("X-ClickHouse-Summary"));
    } catch { /* none */ }
    if (about.format === "JSONCompact" || (about.format === null && text.startsWith("{"))) {
        try {
            const result = JSON.parse(text);
            if (Array.isArray(result.meta) && Array.isArray(result.data) && (result.data.length === 0 || Array.isArray(result.data[0]))) {
                const more = rowsMax > 0 && result.data.length > rowsMax;
                if (more) result.data.length = rowsMax;
                return {...about, ...result, more};
            }
        } catch { /* it is a text */ }
    }
    return {...about, text};
}

// Rows as arrays, of a statement of the page's own.
export async function rows(sql, parameters = {}) {
    return (await query(sql, {parameters})).data ?? [];
}

// A result in another format, as bytes.
export async function download(sql, format, {parameters = {}, signal} = {}) {
    const settings = {default_format: format};
    for (const [name, value] of Object.entries(parameters)) settings[`param_${name}`] = value;
    const reply = await post(sql, settings, signal);
    if (!reply.ok) throw await failure(reply);
    return {blob: await reply.blob(), format: reply.headers.get("X-ClickHouse-Format") ?? format};
}

function jsonHeader(reply, name) {
    try {
        return JSON.parse(reply.headers.get(name));
    } catch {
        return null;
    }
}

// Reads, by GET, so that nothing can be changed. {meta, data, completeness, etag}; null: it is as it was with this etag.
export async function poll(sql, {parameters = {}, etag = null, signal} = {}) {
    const settings = {query: sql, default_format: "JSONCompact", wait_end_of_query: 1, ...EXACT, max_result_rows: POLLED_ROWS_MAX, result_overflow_mode: "break"};
    for (const [name, value] of Object.entries(parameters)) settings[`param_${name}`] = value;
    const reply = await fetch(`${ROOT}?${new URLSearchParams(settings)}`, {...ALWAYS, headers: headersOf(etag ? {"If-None-Match": etag} : {}), signal});
    if (reply.status === 304) return null;
    if (!reply.ok) throw await failure(reply);
    const {meta, data} = await reply.json();
    return {meta, data, completeness: jsonHeader(reply, "X-Weir-Completeness"), etag: reply.headers.get("ETag")};
}

const POLLED_ROWS_MAX = 200_000;

// ---- live queries: docs/LIVE.md

export const socketAddress = () => `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${ROOT}live?${new URLSearchParams(EXACT)}`;

export async function openStream(subscriptions, {signal, lastEventId = null} = {}) {
    const headers = headersOf({"Content-Type": "application/json", ...(lastEventId ? {"Last-Event-ID": lastEventId} : {})});
    const reply = await fetch(`${ROOT}live?${new URLSearchParams(EXACT)}`, {...ALWAYS, method: "POST", body: JSON.stringify(subscriptions), headers, signal});
    if (!reply.ok) throw await failure(reply);
    return reply;
}

// ---- dashboards that the server keeps

async function dashboard(name, options, headers = {}) {
    const reply = await fetch(`${ROOT}dashboards${name === "" ? "" : `/${encodeURIComponent(name)}`}`, {...ALWAYS, ...options, headers: headersOf(headers)});
    if (!reply.ok) throw await failure(reply);
    return {text: await reply.text(), etag: reply.headers.get("ETag")};
}

// {names, mayChange}
export async function dashboards() {
    const {dashboards: list, may_change: mayChange} = JSON.parse((await dashboard("", {})).text);
    return {names: list.map(one => one.name), mayChange};
}

export const readDashboard = name => dashboard(name, {});
// etag: of the one that it replaces; null: there must be none yet.
export const storeDashboard = (name, text, etag) => dashboard(name, {method: "PUT", body: text}, {"Content-Type": "application/json", ...(etag ? {"If-Match": etag} : {"If-None-Match": "*"})});
export const deleteDashboard = (name, etag) => dashboard(name, {method: "DELETE"}, etag ? {"If-Match": etag} : {});

// Tells how far a running query is, until stop() is called: tell({rowsRead, bytesRead, rowsTotal, memory, seconds}).
export function watch(queryId, tell) {
    let stopped = false, timer = 0;
    const look = async () => {
        try {
            const [row] = await rows("SELECT read_rows, read_bytes, total_rows_approx, memory_usage, elapsed FROM system.processes WHERE query_id = {id:String}", {id: queryId});
            if (row && !stopped) tell({rowsRead: Number(row[0]), bytesRead: Number(row[1]), rowsTotal: Number(row[2]), memory: Number(row[3]), seconds: Number(row[4])});
        } catch { /* the query's own answer will say what is wrong */ }
        if (!stopped) timer = setTimeout(look, 250);
    };
    timer = setTimeout(look, 300);
    return () => {
        stopped = true;
        clearTimeout(timer);
    };
}
