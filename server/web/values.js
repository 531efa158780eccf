// values.js: types of columns, and values as people read them. Shared by the grid and the charts.

// What a type is inside Nullable and LowCardinality.
export function innerType(type) {
    const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type);
    return inner ? innerType(inner[1]) : /^SimpleAggregateFunction\([^,]+, *(.*)\)$/.exec(type)?.[1] ?? type;
}

export const isNumeric = type => /^(U?Int\d|Float|Decimal|Bool$)/.test(innerType(type));
export const isTime = type => /^Date(?:Time)?(?:32|64)?(?:\(|$)/.test(innerType(type));
export const isText = type => /^(String|FixedString|Enum|UUID|IPv|Bool)/.test(innerType(type));

// A value of a result as text. Numbers of 64 bits and more come as text already, so that none loses a digit.
export function textOf(value) {
    return value === null || value === undefined ? "NULL" : typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function numberOf(value) {
    if (value === null || value === undefined || value === "") return null;
    const number = typeof value === "boolean" ? Number(value) : Number(value);
    return Number.isFinite(number) ? number : null;
}

// Seconds since 1970 as a number: times are drawn in the zone in which the server wrote them.
export function secondsOf(value) {
    const found = /^(\d{4,})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(\.\d+)?)?/.exec(String(value));
    if (!found) return null;
    const [, year, month, day, hour = 0, minute = 0, second = 0, part = 0] = found;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 + Number(part);
}

export function compareValues(a, b, numeric) {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (numeric) {
        const difference = Number(a) - Number(b);
        if (difference !== 0 && !Number.isNaN(difference)) return difference;
        if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) return Number(BigInt(a) - BigInt(b));
        return Number(Number.isNaN(Number(a))) - Number(Number.isNaN(Number(b)));
    }
    const [left, right] = [textOf(a), textOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
}

const plain = new Intl.NumberFormat("en", {maximumSignificantDigits: 6});
const compact = new Intl.NumberFormat("en", {notation: "compact", maximumSignificantDigits: 4});
export const shortNumber = value => value === null ? "–" : Math.abs(value) >= 1e6 ? compact.format(value) : plain.format(value);

// With so many digits behind the point (null: as short as it can be), and a unit.
export function numberWith(value, decimals = null, unit = "") {
    if (value === null) return "–";
    const text = decimals === null ? shortNumber(value) : value.toLocaleString("en", {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
    return unit === "" ? text : unit === "%" ? `${text}%` : `${text} ${unit}`;
}

// Seconds as secondsOf gives them of a time that the server wrote: a time in UTC ("…Z"), on the clock of a zone.
export function wallSeconds(utc, zone) {
    const at = Date.parse(utc.replace(/(\.\d{3})\d+/, "$1"));
    if (!Number.isFinite(at)) return null;
    let clock = clocks.get(zone);
    if (clock === undefined) {
        try {
            clock = new Intl.DateTimeFormat("en", {timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric"});
        } catch {
            clock = null; // a zone that the browser does not know: UTC
        }
        clocks.set(zone, clock);
    }
    if (clock === null) return at / 1000;
    const part = Object.fromEntries(clock.formatToParts(at).map(({type, value}) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 + (at - Math.floor(at / 1000) * 1000) / 1000;
}
const clocks = new Map();

// The zone of a DateTime's type, or null: the server's.
export const zoneOf = type => /^DateTime(?:64)?\([^)]*'([^']+)'\)$/.exec(innerType(type))?.[1] ?? null;

export function bytesText(bytes) {
    const units = ["B", "KB", "MB", "GB", "TB", "PB"];
    let unit = 0;
    for (; bytes >= 999.5 && unit < units.length - 1; unit++) bytes /= 1000;
    return `${unit === 0 ? bytes : bytes.toPrecision(3)} ${units[unit]}`;
}

export function countText(count) {
    return Number(count).toLocaleString("en");
}

export function durationText(milliseconds) {
    return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : milliseconds < 1000 ? `${Math.round(milliseconds)} ms`
        : milliseconds < 60000 ? `${(milliseconds / 1000).toFixed(2)} s` : `${Math.floor(milliseconds / 60000)} min ${Math.round(milliseconds % 60000 / 1000)} s`;
}

// An element with attributes, texts and children: make("button.main", {title: "…"}, "Run").
export function make(what, attributes = {}, ...children) {
    const [tag, ...classes] = what.split(".");
    const element = document.createElement(tag);
    if (classes.length > 0) element.className = classes.join(" ");
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (name.startsWith("aria-") && typeof value === "boolean") element.setAttribute(name, String(value));
        else if (value === true) element.setAttribute(name, "");
        else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
}
