// macros.js: the time range of a dashboard in its queries, by the names that ClickHouse's plugin of Grafana has.
//
//   $__timeFilter(ts)     ts lies in the range           $__timeInterval(ts)   ts, down to a step that suits the range
//   $__fromTime $__toTime the range's ends               $__interval_s         that step in seconds
//
// A range that ends now is written with now(), so that a live query moves with the time, and so that all who look at
// the same range ask the same text. It begins at a whole step: no bucket is cut in half.
import {spanSeconds} from "./dashboard_model.js";
import {tokens} from "./sql.js";
import {secondsOf} from "./values.js";

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
const POINTS = 150;

export function rangeSeconds(time) {
    if (time.last !== undefined) return spanSeconds(time.last);
    const seconds = (secondsOf(fullTime(time.to)) ?? 0) - (secondsOf(fullTime(time.from)) ?? 0);
    return Number.isFinite(seconds) && seconds > 0 ? seconds : 1;
}

export const stepSeconds = time => STEPS.find(step => rangeSeconds(time) / step <= POINTS) ?? STEPS.at(-1);

// Is it a time that can stand in a query?
export const isTimeText = value => /^\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d(\.\d{1,9})?)?)?$/.test(value) && secondsOf(fullTime(value)) !== null;
const fullTime = value => /^\d{4}-\d\d-\d\d$/.test(value) ? `${value} 00:00:00` : /:\d\d:/.test(value) ? value : `${value}:00`;

function ends(time) {
    if (time.last !== undefined) return [`toStartOfInterval(now() - INTERVAL ${spanSeconds(time.last)} SECOND, INTERVAL ${stepSeconds(time)} SECOND)`, "now64(3)"];
    const written = value => isTimeText(value) ? `toDateTime64('${fullTime(value)}', 3)` : "toDateTime64(0, 3)";
    return [written(time.from), written(time.to)];
}

// The text up to the bracket that closes the one at `at`; null: none does.
function argument(text, at) {
    let depth = 0;
    for (const token of tokens(text, at)) {
        if (token.kind !== "symbol") continue;
        if (text[token.from] === "(") depth++;
        else if (text[token.from] === ")" && --depth === 0) return {text: text.slice(at + 1, token.from), end: token.to};
    }
    return null;
}

export function expand(sql, time) {
    const [from, to] = ends(time), step = stepSeconds(time);
    const constants = {__fromTime: from, __toTime: to, __interval_s: String(step)};
    const calls = {__timeFilter: column => `(${column} >= ${from} AND ${column} <= ${to})`, __timeInterval: column => `toStartOfInterval(${column}, INTERVAL ${step} SECOND)`};
    let out = "", behind = 0, dollar = -1;
    for (const token of tokens(sql)) {
        if (token.from < behind) continue;
        const word = sql.slice(token.from, token.to);
        if (token.kind === "word" && dollar === token.from - 1 && dollar >= 0) {
            const given = Object.hasOwn(calls, word) && sql[token.to] === "(" ? argument(sql, token.to) : null;
            if (given) {
                out += sql.slice(behind, dollar) + calls[word](expand(given.text, time));
                behind = given.end;
            } else if (Object.hasOwn(constants, word)) {
                out += sql.slice(behind, dollar) + constants[word];
                behind = token.to;
            }
        }
        dollar = token.kind === "symbol" && word === "$" ? token.from : -1;
    }
    return out + sql.slice(behind);
}

// Does it depend on the range?
export const usesRange = sql => /\$__(timeFilter|timeInterval|fromTime|toTime|interval_s)\b/.test(sql);
