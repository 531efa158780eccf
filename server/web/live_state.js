// live_state.js: the answer of one live query, kept up to date by the events of docs/LIVE.md. No page, no server.
import {compareValues, isNumeric} from "./values.js";

export const TAIL_MAX = 1000, ROWS_MAX = 200_000;

export class LiveState {
    constructor() {
        this.columns = null;
        this.rows = new Map(); // key as text → row; without a key: number → row
        this.key = [];
        this.order = null;
        this.tail = null; // newest first
        this.dropped = 0;
        this.dataTime = this.completeThrough = this.mode = null;
    }

    keyOf(row) {
        return JSON.stringify(this.key.map(k => row[k]));
    }

    // Takes an event in; true: there is something new to show.
    apply(event) {
        if ("data_time" in event) this.dataTime = event.data_time;
        if ("complete_through" in event) this.completeThrough = event.complete_through;
        switch (event.type) {
        case "snapshot":
            this.columns = event.columns;
            this.key = event.key ?? [];
            this.order = event.order ?? null;
            this.mode = event.mode ?? this.mode;
            this.tail = null;
            this.rows = new Map(event.rows.slice(0, ROWS_MAX).map((row, k) => [this.key.length > 0 ? this.keyOf(row) : k, row]));
            return true;
        case "change":
            if (this.columns === null || this.key.length === 0) return false; // nothing that it could change
            for (const key of event.delete ?? []) this.rows.delete(JSON.stringify(key));
            for (const row of event.upsert ?? []) {
                const key = this.keyOf(row);
                if (this.rows.size < ROWS_MAX || this.rows.has(key)) this.rows.set(key, row);
            }
            return true;
        case "rows":
            this.columns = event.columns ?? this.columns;
            this.tail = [...event.rows.slice(-TAIL_MAX).reverse(), ...this.tail ?? []].slice(0, TAIL_MAX);
            this.dropped += Number(event.dropped ?? 0);
            return this.columns !== null;
        default:
            return false;
        }
    }

    // As a result of api.query.
    result() {
        const about = {meta: this.columns, dataTime: this.dataTime, completeThrough: this.completeThrough, mode: this.mode};
        if (this.tail !== null) return {...about, data: this.tail, dropped: this.dropped, tail: true};
        const data = [...this.rows.values()];
        if (this.order?.length > 0 && this.key.length > 0) {
            const columns = this.order.map(one => ({...one, numeric: isNumeric(this.columns[one.column]?.type ?? "")}));
            data.sort((a, b) => {
                for (const {column, descending, nulls_first: nullsFirst, numeric} of columns) {
                    const [x, y] = [a[column], b[column]];
                    if (x === null || y === null) {
                        if (x !== y) return (x === null) === Boolean(nullsFirst) ? -1 : 1;
                        continue;
                    }
                    const way = compareValues(x, y, numeric);
                    if (way !== 0) return descending ? -way : way;
                }
                return 0;
            });
        }
        return {...about, data};
    }
}

// Cuts a stream of text/event-stream into events: feed(text) gives [{data, id}].
export class EventParser {
    constructor() {
        this.rest = "";
        this.data = [];
        this.id = null;
    }

    feed(text) {
        const events = [];
        this.rest += text;
        const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
        this.rest = lines.pop();
        for (const line of lines) {
            if (line === "") {
                if (this.data.length > 0) events.push({data: this.data.join("\n"), id: this.id});
                this.data = [];
            } else if (line.startsWith("data:")) this.data.push(line.slice(line[5] === " " ? 6 : 5));
            else if (line.startsWith("id:")) this.id = line.slice(3).trim();
        }
        return events;
    }
}

// Milliseconds until the next try: twice as long each time, up to half a minute, by chance up to a third less.
export const backoff = (tries, chance = Math.random()) => Math.round(Math.min(30000, 500 * 2 ** Math.min(tries, 10)) * (1 - chance / 3));
