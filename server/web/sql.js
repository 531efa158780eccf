// sql.js: the words of a text of statements: where they end, which are names, which parameters there are.
//
// The rules are those of the server's lexer: strings in '…', names in "…" or `…`, heredocs $tag$…$tag$, comments
// --, #! and /* … */, parameters {name:Type}.

const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n]*|#[! ][^\n]*/y;
const HEREDOC = /\$\w*\$/y;
const PARAMETER = /\{\s*([A-Za-z_]\w*)\s*:\s*([^{}]+?)\s*\}/y;

function match(pattern, text, at) {
    pattern.lastIndex = at;
    return pattern.exec(text);
}

function quotedEnd(text, at) {
    const quote = text[at];
    for (let k = at + 1; k < text.length; k++) {
        if (text[k] === "\\") k++;
        else if (text[k] === quote) {
            if (text[k + 1] !== quote) return k + 1;
            k++;
        }
    }
    return text.length;
}

// {kind, from, to} one after the other: space, comment, word, number, string, name, parameter, symbol.
export function* tokens(text, from = 0) {
    for (let at = from; at < text.length;) {
        const c = text[at];
        let kind = "symbol", end = at + 1, found;
        if ((found = match(SPACE, text, at))) [kind, end] = ["space", at + found[0].length];
        else if ((found = match(LINE_COMMENT, text, at))) [kind, end] = ["comment", at + found[0].length];
        else if (c === "/" && text[at + 1] === "*") {
            const close = text.indexOf("*/", at + 2);
            [kind, end] = ["comment", close < 0 ? text.length : close + 2];
        } else if (c === "'") [kind, end] = ["string", quotedEnd(text, at)];
        else if (c === '"' || c === "`") [kind, end] = ["name", quotedEnd(text, at)];
        else if ((found = match(HEREDOC, text, at))) {
            const close = text.indexOf(found[0], at + found[0].length);
            [kind, end] = ["string", close < 0 ? text.length : close + found[0].length];
        } else if (c === "{" && (found = match(PARAMETER, text, at))) [kind, end] = ["parameter", at + found[0].length];
        else if ((found = match(WORD, text, at))) [kind, end] = ["word", at + found[0].length];
        else if (/[0-9.]/.test(c) && (found = match(NUMBER, text, at))) [kind, end] = ["number", at + found[0].length];
        yield {kind, from: at, to: end};
        at = end;
    }
}

const isWord = (text, token, word) => token.kind === "word" && text.slice(token.from, token.to).toUpperCase() === word;

// [{from, to, text}]: the statements of a text, without what separates them. The data of INSERT … FORMAT reach to its end.
export function statements(text) {
    const list = [];
    let first = null, last = null, insert = false, data = false;
    const close = end => {
        if (first !== null) list.push({from: first, to: end, text: text.slice(first, end)});
        first = last = null;
        insert = data = false;
    };
    let before = null;
    for (const token of tokens(text)) {
        if (token.kind === "space" || token.kind === "comment") continue;
        if (token.kind === "symbol" && text[token.from] === ";") {
            close(last);
            before = null;
            continue;
        }
        if (first === null) {
            first = token.from;
            insert = isWord(text, token, "INSERT");
        }
        last = token.to;
        if (insert && before && isWord(text, before, "FORMAT") && token.kind === "word" && !isWord(text, token, "VALUES")) {
            data = true;
            break;
        }
        before = token;
    }
    close(data ? text.length : last);
    return list;
}

// The statement that a position is in; behind one, in its line, it is still that one, otherwise the next. null: none.
export function statementAt(text, position) {
    const list = statements(text);
    for (let k = 0; k < list.length - 1; k++) {
        const next = list[k + 1].from, feed = text.indexOf("\n", list[k].to);
        if (position <= (feed >= 0 && feed < next ? feed : next - 1)) return list[k];
    }
    return list.at(-1) ?? null;
}

// [{name, type}]: the parameters {name:Type} of a statement, each once.
export function parametersOf(text) {
    const found = new Map();
    for (const token of tokens(text)) {
        if (token.kind !== "parameter") continue;
        const [, name, type] = match(PARAMETER, text, token.from);
        if (!found.has(name)) found.set(name, {name, type});
    }
    return [...found.values()];
}

// What must not be kept beyond this page: a statement with a password in it.
export function hasSecret(text) {
    return /\bIDENTIFIED\b|\bpassword\b|\bsasl\.|\bsecret/i.test(text);
}

// Where a server's message says that an error is: an offset into the statement, or null.
export function errorOffset(message, text) {
    const place = message.match(/\(line (\d+), col (\d+)\)/);
    if (!place) return null;
    const lines = text.split("\n");
    const line = Number(place[1]) - 1;
    if (line >= lines.length) return text.length;
    const before = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
    return before + Array.from(lines[line]).slice(0, Number(place[2]) - 1).join("").length;
}

// The tables that a statement reads or writes: [{database, table, alias}]; database "" where none is named.
export function tablesOf(text) {
    const words = [...tokens(text)].filter(token => token.kind !== "space" && token.kind !== "comment");
    const nameOf = token => token && (token.kind === "word" ? text.slice(token.from, token.to)
        : token.kind === "name" ? text.slice(token.from + 1, token.to - 1) : null);
    const list = [];
    for (let k = 0; k < words.length; k++) {
        const word = words[k].kind === "word" ? text.slice(words[k].from, words[k].to).toUpperCase() : text[words[k].from];
        const opens = ["FROM", "JOIN", "INTO", "TABLE", "UPDATE", "DESCRIBE", "DESC"].includes(word) || (word === "," && list.length > 0 && list.follows === k);
        if (!opens) continue;
        let at = k + 1;
        if (words[at] && isWord(text, words[at], "TABLE")) at++;
        let name = nameOf(words[at]), database = "";
        if (name === null || /^(select|numbers|values|function)$/i.test(name)) continue;
        if (words[at + 1] && text[words[at + 1].from] === "." && nameOf(words[at + 2]) !== null) {
            database = name;
            name = nameOf(words[at + 2]);
            at += 2;
        }
        at++;
        let alias = "";
        if (words[at] && isWord(text, words[at], "AS")) at++;
        if (words[at] && nameOf(words[at]) !== null && !RESERVED_AFTER_TABLE.has(nameOf(words[at]).toUpperCase())) alias = nameOf(words[at++]);
        list.push({database, table: name, alias});
        list.follows = at;
    }
    return list;
}

const RESERVED_AFTER_TABLE = new Set(("WHERE PREWHERE GROUP ORDER LIMIT HAVING JOIN LEFT RIGHT INNER OUTER FULL CROSS ANY ALL ASOF SEMI ANTI GLOBAL "
    + "ON USING FINAL SAMPLE ARRAY UNION INTERSECT EXCEPT SETTINGS FORMAT INTO OFFSET WINDOW QUALIFY VALUES SELECT SET WITH ADD DROP MODIFY "
    + "DELETE UPDATE RENAME CLEAR ATTACH DETACH").split(" "));

export const KEYWORDS = ("ADD AFTER ALIAS ALL ALTER AND ANTI ANY ARRAY AS ASC ASOF ATTACH BACKUP BETWEEN BY CASE CAST CLEAR CODEC COLUMN COLUMNS "
    + "COMMENT CREATE CROSS CUBE CURRENT DATABASE DATABASES DEFAULT DELETE DESC DESCRIBE DETACH DICTIONARY DISTINCT DROP ELSE END ENGINE EXCEPT "
    + "EXCHANGE EXISTS EXPLAIN EXTRACT FALSE FETCH FILL FILTER FINAL FIRST FOLLOWING FOR FORMAT FREEZE FROM FULL FUNCTION GLOBAL GRANT GROUP "
    + "GROUPING HAVING HOLD IF ILIKE IN INDEX INNER INSERT INTERPOLATE INTERSECT INTERVAL INTO IS JOIN KAFKA KEY KILL LAST LEFT LIKE LIMIT "
    + "MATERIALIZE MATERIALIZED MODIFY MUTATION NOT NULL NULLS OFFSET ON OPTIMIZE OR ORDER OUTER OUTFILE OVER PARTITION PAUSE POPULATE PRECEDING "
    + "PREWHERE PRIMARY PROJECTION QUALIFY QUERY RANGE REDRIVE RENAME REPAIR REPLACE RESTORE RESUME REVOKE RIGHT ROLLUP ROW ROWS SAMPLE SEEK "
    + "SELECT SEMI SET SETS SETTINGS SHOW SOURCE SOURCES START STEP SYNC SYSTEM TABLE TABLES TEMPORARY THEN TIES TO TOP TOTALS TRACE TRUE "
    + "TRUNCATE TTL UNBOUNDED UNION UPDATE USE USER USING VALUES VERIFY VIEW WATERMARK WHEN WHERE WINDOW WITH "
    + "NANOSECOND MICROSECOND MILLISECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR").split(" ");

export const TYPES = ("Array Bool Date Date32 DateTime DateTime64 Decimal Decimal32 Decimal64 Decimal128 Decimal256 Enum8 Enum16 FixedString "
    + "Float32 Float64 Int8 Int16 Int32 Int64 Int128 Int256 IPv4 IPv6 JSON LowCardinality Map Nested Nullable String Tuple UInt8 UInt16 UInt32 "
    + "UInt64 UInt128 UInt256 UUID AggregateFunction SimpleAggregateFunction").split(" ");

// Keywords that cannot be names as they are.
const RESERVED = new Set(("ALL AND ANTI ANY ARRAY AS ASOF BETWEEN BY CASE CROSS DISTINCT ELSE END EXCEPT FINAL FORMAT FROM FULL GLOBAL GROUP HAVING ILIKE IN INNER "
    + "INTERSECT INTERVAL INTO IS JOIN LEFT LIKE LIMIT NOT NULL OFFSET ON OR ORDER PREWHERE QUALIFY RIGHT SAMPLE SELECT SEMI SETTINGS THEN UNION USING WHEN "
    + "WHERE WINDOW WITH").split(" "));

// A name as it must be written: bare where it can be.
export function quoteName(name) {
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name.toUpperCase()) ? name : "`" + name.replace(/[\\`]/g, "\\$&") + "`";
}
