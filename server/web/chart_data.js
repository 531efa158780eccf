// chart_data.js: which columns of a result can be drawn as what, and the result turned into series.
import {isNumeric, isText, isTime, numberOf, secondsOf, textOf} from "./values.js";

export const SERIES_MAX = 12;

// What can be drawn of these columns; kinds is empty when nothing can.
export function chartPlan(meta, data) {
    const numbers = [], times = [], texts = [];
    meta.forEach(({type}, k) => (isTime(type) ? times : isNumeric(type) ? numbers : isText(type) ? texts : []).push(k));
    const plan = {kinds: [], x: null, values: [], split: null, xs: [], ys: numbers, splits: texts};
    if (data.length === 0 || numbers.length === 0) return plan;
    plan.x = times[0] ?? texts[0] ?? (numbers.length > 1 ? numbers[0] : null);
    plan.values = numbers.filter(k => k !== plan.x).slice(0, SERIES_MAX);
    plan.xs = [...times, ...texts, ...numbers];
    if (plan.x === null) {
        plan.values = numbers;
        plan.kinds = data.length === 1 ? [] : ["bar"];
    } else if (isTime(meta[plan.x].type) || isNumeric(meta[plan.x].type)) {
        plan.split = texts.find(k => k !== plan.x) ?? null;
        plan.kinds = data.length > 1 ? ["line", "area", "bar", "pie"] : ["bar", "pie"];
    } else {
        plan.split = times.length === 0 ? texts.find(k => k !== plan.x) ?? null : null;
        plan.kinds = ["bar", "pie", "line"];
    }
    // numbers that mean little beside others in one picture: only those of a like size are drawn at first
    if (plan.values.length > 1) {
        const size = k => Math.max(...data.slice(0, 1000).map(row => Math.abs(numberOf(row[k]) ?? 0)));
        const first = size(plan.values[0]);
        plan.values = plan.values.filter(k => first === 0 || size(k) / first > 0.02 && size(k) / first < 50);
    }
    return plan;
}

// {labels or xs, series: [{name, values}], left_out}: the result turned so that each series is a row.
export function pivot(meta, data, {x, values, split}) {
    const axis = new Map(), series = new Map();
    const ordered = x !== null && (isTime(meta[x].type) || isNumeric(meta[x].type));
    const keyOf = (row, k) => x === null ? String(k + 1) : isTime(meta[x].type) ? secondsOf(row[x]) : ordered ? numberOf(row[x]) : textOf(row[x]);
    data.forEach((row, k) => {
        const key = keyOf(row, k);
        if (key !== null && !axis.has(key)) axis.set(key, 0);
    });
    const keys = ordered ? [...axis.keys()].sort((a, b) => a - b) : [...axis.keys()];
    keys.forEach((key, k) => axis.set(key, k));
    data.forEach((row, k) => {
        const key = keyOf(row, k);
        if (key === null) return;
        for (const y of values) {
            const own = split === null || split === x ? "" : textOf(row[split]);
            const name = own === "" ? meta[y].name : values.length > 1 ? `${own} · ${meta[y].name}` : own;
            if (!series.has(name)) series.set(name, {name, values: Array(keys.length).fill(null), sum: 0});
            const one = series.get(name), value = numberOf(row[y]);
            if (value !== null) {
                one.values[axis.get(key)] = value;
                one.sum += Math.abs(value);
            }
        }
    });
    const all = [...series.values()];
    const kept = all.length <= SERIES_MAX ? all : new Set([...all].sort((a, b) => b.sum - a.sum).slice(0, SERIES_MAX));
    return {ordered, keys, series: all.length <= SERIES_MAX ? all : all.filter(one => kept.has(one)), leftOut: Math.max(0, all.length - SERIES_MAX)};
}

// The smallest distance between neighbours; xs rise.
export function stepOf(xs) {
    let step = Infinity;
    for (let k = 1; k < xs.length; k++) step = Math.min(step, xs[k] - xs[k - 1]);
    return Number.isFinite(step) && step > 0 ? step : 1;
}

// What a panel's options choose, as the columns are: names become places; null: the result has no such column.
export function chosenOf(meta, options) {
    const place = name => {
        const at = meta.findIndex(one => one.name === name);
        return at < 0 ? null : at;
    };
    const chosen = {};
    if (options.x !== undefined && place(options.x) !== null) chosen.x = place(options.x);
    const values = (options.values ?? []).map(place).filter(at => at !== null);
    if (values.length > 0) chosen.values = values.slice(0, SERIES_MAX);
    if (options.split !== undefined) chosen.split = options.split === "" ? null : place(options.split);
    return chosen;
}
