// live.js: many live queries over one connection to the server (docs/LIVE.md).
//
//   const live = new Live({onstate});
//   live.set([{id, query, parameters, every, onresult(result), onerror(error)}]);     as often as they change
//
// ways     a WebSocket; where that does not open, or a password must be sent (browsers let a WebSocket send no headers), a
//          stream of events by fetch; where the server has neither, each query again and again, with ETag
// ends     it connects again by itself, later each time; a hidden page holds no connection
import * as api from "./api.js";
import {EventParser, LiveState, backoff} from "./live_state.js";
import {tokens} from "./sql.js";

const SILENCE_MS = 45000; // the server says something every 15 seconds
const RETRY_BETTER_MS = 60000; // while it polls: is there a better way by now?
const POLLS_MAX = 4, POLL_MS_MIN = 250;
const PICTURE_MS = 80;

export class Live {
    constructor({onstate = () => {}, ways = ["websocket", "stream", "polling"]} = {}) {
        this.onstate = onstate;
        this.ways = ways;
        this.wanted = new Map(); // id → {…, signature, state}
        this.way = null;
        this.tries = 0;
        this.paused = false;
        this.dirty = new Set();
        this.polls = 0;
        document.addEventListener("visibilitychange", () => this.breathe());
        addEventListener("online", () => this.retry());
    }

    get running() {
        return !this.paused && !document.hidden && this.wanted.size > 0;
    }

    // ---- what is wanted

    set(list) {
        const before = this.wanted;
        this.wanted = new Map();
        const fresh = [];
        for (const one of list) {
            const signature = JSON.stringify([one.query, one.parameters, one.every]);
            const old = before.get(one.id);
            if (old && old.signature === signature) this.wanted.set(one.id, Object.assign(old, {onresult: one.onresult, onerror: one.onerror}));
            else {
                const entry = {...one, signature, state: new LiveState(), etag: null, failures: 0};
                this.wanted.set(one.id, entry);
                fresh.push(entry);
            }
        }
        const gone = [...before.keys()].filter(id => !this.wanted.has(id));
        for (const id of [...gone, ...fresh.map(one => one.id)]) this.dirty.delete(id);
        if (fresh.length === 0 && gone.length === 0) return;
        if (this.way === null) this.connect();
        else this.way.change(fresh, gone.concat(fresh.filter(one => before.has(one.id)).map(one => one.id)));
    }

    pause(paused) {
        this.paused = paused;
        this.breathe();
    }

    // Runs what is wanted as one sees it, or stops.
    breathe() {
        if (this.running && this.way === null) this.connect();
        else if (!this.running && this.way !== null) {
            this.drop();
            this.tell(this.paused ? "paused" : "hidden");
        }
    }

    // Everything anew, now.
    retry() {
        this.tries = 0;
        this.drop();
        this.connect();
    }

    // ---- connecting

    drop() {
        clearTimeout(this.timer);
        clearTimeout(this.better);
        const way = this.way;
        this.way = null;
        way?.close();
    }

    connect() {
        this.drop();
        if (!this.running) return;
        const able = this.ways.filter(one => one !== "websocket" || api.currentUser() === null && !this.noSocket);
        const name = able.find(one => one !== "stream" || !this.noStream) ?? "polling";
        this.tell("connecting");
        const Way = {websocket: SocketWay, stream: StreamWay, polling: PollingWay}[name];
        const way = this.way = new Way(this);
        way.open();
        if (name === "polling" && this.ways.length > 1) {
            this.better = setTimeout(() => {
                this.noSocket = this.noStream = false;
                this.connect();
            }, RETRY_BETTER_MS);
        }
    }

    opened(way) {
        if (way !== this.way) return;
        this.tries = 0;
        this.tell(way.name);
    }

    // The way broke. never: it did not even open; the next one may.
    lost(way, {never = false, error = null} = {}) {
        if (way !== this.way) return;
        this.way = null;
        way.close();
        if (never && way.name === "websocket") this.noSocket = true;
        else if (never && way.name === "stream") this.noStream = true;
        else this.tries++;
        if (error?.wantsLogin) {
            this.tell("login", error);
            return;
        }
        if (never) this.connect();
        else {
            this.tell("waiting", error);
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.connect(), backoff(this.tries));
        }
    }

    tell(state, error = null) {
        this.state = state;
        this.onstate(state, error);
    }

    // ---- events

    take(event) {
        const entry = this.wanted.get(event.id);
        if (!entry) return;
        if (event.type === "error") {
            entry.failed = true;
            entry.onerror(Object.assign(new api.QueryError(event.message, 0, event.code), {final: event.final}));
        } else if (entry.state.apply(event)) {
            entry.failed = false;
            this.show(entry);
        }
    }

    // What came is shown together, and not more often than people can follow: each picture costs the browser as much as
    // all that is new in it.
    show(entry) {
        this.dirty.add(entry.id);
        this.frame ??= setTimeout(() => requestAnimationFrame(() => {
            this.frame = null;
            this.shownAt = performance.now();
            const ids = [...this.dirty];
            this.dirty.clear();
            for (const id of ids) {
                const one = this.wanted.get(id);
                if (one && !one.failed) one.onresult(one.state.result());
            }
        }), Math.max(0, PICTURE_MS - (performance.now() - (this.shownAt ?? -PICTURE_MS))));
    }
}

const asked = entry => ({id: entry.id, query: entry.query, parameters: entry.parameters, min_interval_ms: entry.every});

// ---- WebSocket

class SocketWay {
    name = "websocket";

    constructor(live) {
        this.live = live;
    }

    open() {
        const socket = this.socket = new WebSocket(api.socketAddress());
        socket.onopen = () => {
            this.isOpen = true;
            this.live.opened(this);
            this.heard();
            this.change([...this.live.wanted.values()], []);
        };
        socket.onmessage = message => {
            this.heard();
            let event;
            try {
                event = JSON.parse(message.data);
            } catch {
                return;
            }
            this.live.take(event);
        };
        socket.onclose = () => this.live.lost(this, {never: !this.isOpen && this.live.tries === 0});
    }

    heard() {
        clearTimeout(this.silence);
        this.silence = setTimeout(() => this.live.lost(this), SILENCE_MS);
    }

    change(fresh, gone) {
        if (!this.isOpen) return; // all of them, when it opens
        for (const id of gone) this.socket.send(JSON.stringify({type: "unsubscribe", id}));
        for (const entry of fresh) this.socket.send(JSON.stringify({type: "subscribe", ...asked(entry)}));
    }

    close() {
        clearTimeout(this.silence);
        if (!this.socket) return;
        this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
        this.socket.close();
    }
}

// ---- a stream of events

class StreamWay {
    name = "stream";

    constructor(live) {
        this.live = live;
    }

    open() {
        this.run(new AbortController());
    }

    async run(controller) {
        this.controller = controller;
        const entries = [...this.live.wanted.values()];
        const signature = JSON.stringify(entries.map(one => [one.id, one.signature]));
        const resume = this.live.resume?.signature === signature ? this.live.resume.id : null;
        if (resume === null) this.live.resume = null;
        let opened = false;
        try {
            const reply = await api.openStream({subscriptions: entries.map(asked)}, {signal: controller.signal, lastEventId: resume});
            opened = true;
            this.live.opened(this);
            const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader(), parser = new EventParser();
            for (;;) {
                this.heard(controller);
                const {value, done} = await reader.read();
                if (done || controller !== this.controller) break;
                for (const event of parser.feed(value)) {
                    if (event.id) this.live.resume = {signature, id: event.id};
                    try {
                        this.live.take(JSON.parse(event.data));
                    } catch (error) {
                        if (!(error instanceof SyntaxError)) throw error;
                    }
                }
            }
            if (controller === this.controller) this.live.lost(this);
        } catch (error) {
            if (controller !== this.controller) return;
            const refused = error instanceof api.QueryError;
            this.live.lost(this, {never: !opened && refused && [404, 405, 501].includes(error.status), error: refused ? error : null});
        }
    }

    heard(controller) {
        clearTimeout(this.silence);
        this.silence = setTimeout(() => {
            if (controller !== this.controller) return;
            controller.abort();
            this.live.lost(this);
        }, SILENCE_MS);
    }

    // Which queries there are stands in the request: it is made anew.
    change() {
        clearTimeout(this.soon);
        this.soon = setTimeout(() => {
            this.controller.abort();
            if (this.live.way === this && this.live.running) this.run(new AbortController());
        }, 30);
    }

    close() {
        clearTimeout(this.soon);
        clearTimeout(this.silence);
        const controller = this.controller;
        this.controller = null;
        controller?.abort();
    }
}

// ---- asking again and again

// A query without EMIT CHANGES at its end; null: it cannot be asked so.
export function plainQuery(sql) {
    const words = [...tokens(sql)].filter(token => token.kind !== "space" && token.kind !== "comment" && sql.slice(token.from, token.to) !== ";");
    const word = k => words.length >= k ? sql.slice(words.at(-k).from, words.at(-k).to).toUpperCase() : "";
    if (word(2) !== "EMIT") return sql;
    return word(1) === "CHANGES" ? sql.slice(0, words.at(-2).from) : null;
}

class PollingWay {
    name = "polling";
    timers = new Map();
    controller = new AbortController();
    waiting = [];
    busy = 0;

    constructor(live) {
        this.live = live;
    }

    open() {
        this.live.opened(this);
        this.change([...this.live.wanted.values()], []);
    }

    change(fresh, gone) {
        for (const id of gone) {
            clearTimeout(this.timers.get(id));
            this.timers.delete(id);
        }
        for (const entry of fresh) this.ask(entry);
    }

    isWanted(entry) {
        return this.live.way === this && this.live.wanted.get(entry.id) === entry;
    }

    async ask(entry) {
        if (this.busy >= POLLS_MAX) {
            this.waiting.push(entry);
            return;
        }
        if (!this.isWanted(entry)) return;
        this.busy++;
        try {
            const sql = plainQuery(entry.query);
            if (sql === null) throw new api.QueryError("EMIT ROWS is for live connections; this page asks again and again.", 0, 48);
            const result = await api.poll(sql, {parameters: entry.parameters, etag: entry.etag, signal: this.controller.signal});
            if (this.isWanted(entry) && result !== null) {
                entry.etag = result.etag;
                entry.failed = false;
                entry.failures = 0;
                entry.state.apply({type: "snapshot", columns: result.meta, key: [], rows: result.data, mode: "polled",
                    data_time: null, complete_through: result.completeness?.complete_through ?? null});
                this.live.show(entry);
            }
            this.live.tries = 0;
            if (this.live.state !== this.name && this.live.way === this) this.live.tell(this.name);
        } catch (error) {
            if (error.name !== "AbortError" && this.isWanted(entry)) {
                entry.failed = true;
                entry.failures++;
                entry.etag = null;
                if (error instanceof api.QueryError) {
                    entry.onerror(error);
                    if (error.wantsLogin) this.live.tell("login", error);
                } else { // the server is not there
                    this.live.tries++;
                    this.live.tell("waiting", error);
                }
            }
        }
        this.busy--;
        if (this.isWanted(entry)) {
            clearTimeout(this.timers.get(entry.id));
            const pause = Math.max(POLL_MS_MIN, entry.every, entry.failed ? backoff(entry.failures) : 0);
            this.timers.set(entry.id, setTimeout(() => this.ask(entry), pause));
        }
        const next = this.waiting.shift();
        if (next) this.ask(next);
    }

    close() {
        this.controller.abort();
        for (const timer of this.timers.values()) clearTimeout(timer);
        this.timers.clear();
        this.waiting = [];
    }
}
