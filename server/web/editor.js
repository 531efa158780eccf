// editor.js: the text of statements: CodeMirror with this dialect's colours, completion, and marks of errors.
//
// It lives in a shadow root, where its styles are adopted sheets: the page's Content-Security-Policy allows no others.
import {EditorState, StateEffect, StateField, Prec} from "@codemirror/state";
import {Decoration, EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers, placeholder} from "@codemirror/view";
import {defaultKeymap, history, historyKeymap, indentLess, indentMore} from "@codemirror/commands";
import {HighlightStyle, StreamLanguage, bracketMatching, indentUnit, syntaxHighlighting} from "@codemirror/language";
import {acceptCompletion, autocompletion, closeBrackets, closeCompletion, closeBracketsKeymap, completionKeymap, completionStatus} from "@codemirror/autocomplete";
import {tags} from "@lezer/highlight";
import {KEYWORDS, TYPES, quoteName, statementAt, tablesOf, tokens} from "./sql.js";

const keywords = new Set(KEYWORDS), types = new Set(TYPES);
const FORMATS = ("CSV CSVWithNames CSVWithNamesAndTypes JSON JSONColumns JSONCompact JSONCompactEachRow JSONEachRow JSONStrings Markdown Native Null Pretty "
    + "PrettyCompact PrettySpace Prometheus RowBinary RowBinaryWithNamesAndTypes TSKV TabSeparated TabSeparatedWithNames TabSeparatedWithNamesAndTypes "
    + "Values Vertical XML").split(" ");
export {FORMATS};

// ---- colours

function language(isFunction) {
    return StreamLanguage.define({
        name: "sql",
        startState: () => ({open: null}),
        token(stream, state) {
            if (state.open) {
                const end = stream.string.indexOf(state.open, stream.pos);
                const kind = state.open === "*/" ? "comment" : "string";
                if (state.open.length === 1) {
                    // a quoted text: backslashes and doubled quotes do not end it
                    for (let c; (c = stream.next()) !== undefined;) {
                        if (c === "\\") stream.next();
                        else if (c === state.open && !stream.eat(state.open)) {
                            state.open = null;
                            break;
                        }
                    }
                } else if (end < 0) stream.skipToEnd();
                else {
                    stream.pos = end + state.open.length;
                    state.open = null;
                }
                return kind;
            }
            if (stream.eatSpace()) return null;
            const [first] = tokens(stream.string, stream.pos), text = stream.string.slice(first.from, first.to);
            if (first.kind === "comment" && text.startsWith("/*") && !(text.endsWith("*/") && text.length > 3)) state.open = "*/";
            if (first.kind === "string" || first.kind === "name") {
                const quote = /^\$\w*\$/.exec(text)?.[0] ?? text[0];
                const whole = quote.length > 1 ? text.length >= 2 * quote.length && text.endsWith(quote) : closes(text, quote);
                if (!whole) state.open = quote;
            }
            stream.pos = first.to;
            if (first.kind === "comment" || first.kind === "string" || first.kind === "number") return first.kind;
            if (first.kind === "name") return "propertyName";
            if (first.kind === "parameter") return "macroName";
            if (first.kind === "word") {
                const called = /^\s*\(/.test(stream.string.slice(first.to));
                if (types.has(text)) return "typeName";
                if (called && isFunction(text)) return "function"; // also those that are keywords elsewhere: if(…), left(…)
                if (keywords.has(text.toUpperCase())) return "keyword";
                return called ? "function" : "variableName";
            }
            return /[()[\]{}]/.test(text) ? "bracket" : "operator";
        },
        tokenTable: {function: tags.function(tags.variableName)},
        languageData: {commentTokens: {line: "--", block: {open: "/*", close: "*/"}}, closeBrackets: {brackets: ["(", "[", "{", "'", '"', "`"]}},
    });
}

function closes(text, quote) {
    for (let k = 1; k < text.length; k++) {
        if (text[k] === "\\") k++;
        else if (text[k] === quote) {
            if (text[k + 1] !== quote) return true;
            k++;
        }
    }
    return false;
}

const colors = HighlightStyle.define([
    {tag: tags.keyword, color: "var(--sql-keyword)", fontWeight: "550"},
    {tag: tags.function(tags.variableName), color: "var(--sql-function)"},
    {tag: tags.typeName, color: "var(--sql-type)"},
    {tag: tags.string, color: "var(--sql-string)"},
    {tag: tags.number, color: "var(--sql-number)"},
    {tag: tags.comment, color: "var(--sql-comment)", fontStyle: "italic"},
    {tag: tags.propertyName, color: "var(--sql-name)"},
    {tag: tags.macroName, color: "var(--sql-parameter)", fontWeight: "550"},
    {tag: [tags.operator, tags.bracket], color: "var(--ink-2)"},
]);

const look = EditorView.theme({
    "&": {height: "100%", fontSize: "var(--editor-size)", color: "var(--ink)", backgroundColor: "var(--paper)"},
    "&.cm-focused": {outline: "none"},
    ".cm-scroller": {fontFamily: "var(--font-data)", lineHeight: "1.55"},
    ".cm-content": {caretColor: "var(--accent)", padding: "10px 0"},
    ".cm-line": {padding: "0 14px 0 6px"},
    ".cm-gutters": {backgroundColor: "var(--paper)", color: "var(--ink-3)", border: "none", minWidth: "40px"},
    ".cm-lineNumbers .cm-gutterElement": {padding: "0 8px 0 14px", fontSize: "0.85em"},
    ".cm-cursor": {borderLeftColor: "var(--accent)", borderLeftWidth: "2px"},
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {background: "var(--chosen)"},
    ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {backgroundColor: "var(--chosen)", color: "inherit"},
    ".cm-placeholder": {color: "var(--ink-3)"},
    ".cm-error": {textDecoration: "underline wavy var(--bad)", textDecorationSkipInk: "none", textUnderlineOffset: "3px", backgroundColor: "var(--bad-soft)"},
    ".cm-tooltip": {background: "var(--paper)", border: "1px solid var(--line)", borderRadius: "8px", boxShadow: "var(--shadow)", overflow: "hidden"},
    ".cm-tooltip.cm-tooltip-autocomplete > ul": {fontFamily: "var(--font-data)", fontSize: "13px", maxHeight: "15em"},
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {padding: "3px 12px 3px 6px", lineHeight: "1.45"},
    ".cm-tooltip-autocomplete ul li[aria-selected]": {background: "var(--accent)", color: "var(--accent-ink)"},
    ".cm-completionDetail": {color: "var(--ink-3)", fontStyle: "normal", fontSize: "0.9em", marginLeft: "1.2em"},
    "li[aria-selected] .cm-completionDetail": {color: "inherit", opacity: "0.8"},
    ".cm-completionMatchedText": {textDecoration: "none", fontWeight: "700"},
    ".cm-completionIcon": {opacity: "0.55", width: "1.3em"},
    ".cm-tooltip.cm-completionInfo": {padding: "8px 12px", maxWidth: "340px", fontFamily: "var(--font)", fontSize: "13px", lineHeight: "1.45"},
});

// ---- marks of errors

const setMark = StateEffect.define();
const marks = StateField.define({
    create: () => Decoration.none,
    update(value, change) {
        for (const effect of change.effects) {
            if (effect.is(setMark)) return effect.value === null ? Decoration.none : Decoration.set([Decoration.mark({class: "cm-error"}).range(effect.value.from, effect.value.to)]);
        }
        return change.docChanged ? Decoration.none : value;
    },
    provide: field => EditorView.decorations.from(field),
});

// ---- completion

const option = (label, type, detail, boost, apply, info) => ({label, type, detail, boost, apply, info});

function completions(schema) {
    return async context => {
        const text = context.state.doc.toString(), line = context.matchBefore(/[A-Za-z_0-9\u0080-\uffff]*$/);
        const before = text.slice(0, line.from), one = statementAt(text, context.pos);
        const inside = [...tokens(text)].find(token => token.from < context.pos && context.pos <= token.to && (token.kind === "string" || token.kind === "comment"));
        if (inside && !(inside.kind === "string" && context.pos === inside.to)) return null;
        const dot = /(?:([A-Za-z_]\w*|`[^`]+`)\s*\.\s*)$/.exec(before);
        if (line.from === line.to && !context.explicit && !dot) return null;
        const bare = name => name.replace(/^`|`$/g, "");
        const tables = one ? tablesOf(one.text) : [];
        const columns = async (database, table, boost) => (await schema.columnsOf(database, table)).map(column => option(column.name, "property", column.type, boost, quoteName(column.name), column.comment || undefined));
        const tableOptions = (database, boost) => [...(schema.databases.get(database) ?? [])].map(([name, table]) => option(name, "class", table.engine, boost, quoteName(name)));
        let options = [];
        if (dot) {
            const owner = bare(dot[1]);
            options = tableOptions(owner, 2);
            for (const {database, table, alias} of tables) if (alias === owner || table === owner) options.push(...await columns(database, table, 3));
            return options.length > 0 ? {from: line.from, options, validFor: /^\w*$/} : null;
        }
        const words = before.trimEnd(), previous = /([A-Za-z_]\w*)$/.exec(words)?.[1]?.toUpperCase() ?? "";
        if (previous === "FORMAT") options = FORMATS.map(name => option(name, "enum", "format", 1));
        else if (/[:]\s*$/.test(before) && /\{\s*\w+\s*:\s*$/.test(before)) options = TYPES.map(name => option(name, "type", "type", 1));
        else if (previous === "SETTINGS" || (one && /\bSETTINGS\b[^;]*,\s*$/i.test(text.slice(one.from, line.from)))) {
            options = schema.settings.map(([name, about]) => option(name, "variable", "setting", 1, `${name} = `, about));
        } else {
            const wantsTable = ["FROM", "JOIN", "INTO", "TABLE", "DESCRIBE", "DESC", "TRUNCATE", "OPTIMIZE"].includes(previous);
            options.push(...tableOptions(schema.database, wantsTable ? 9 : 1));
            for (const name of schema.databases.keys()) options.push(option(name, "namespace", "database", wantsTable ? 8 : 0, quoteName(name)));
            if (!wantsTable) {
                const seen = new Set();
                for (const {database, table} of tables) {
                    for (const column of await columns(database, table, 9)) {
                        if (!seen.has(column.label)) options.push(column);
                        seen.add(column.label);
                    }
                }
                options.push(...TYPES.map(name => option(name, "type", "type", -2)));
            }
            options.push(...schema.functions.map(({name, aggregate, about}) => option(name, aggregate ? "method" : "function", aggregate ? "aggregate" : "", wantsTable ? -9 : -1,
                (view, _, from, to) => {
                    const called = view.state.sliceDoc(to, to + 1) === "(";
                    view.dispatch({changes: {from, to, insert: name + (called ? "" : "()")}, selection: {anchor: from + name.length + 1}, userEvent: "input.complete"});
                }, about || undefined)));
            options.push(...KEYWORDS.map(name => option(name, "keyword", "", wantsTable ? -3 : 2)));
        }
        return {from: line.from, options, validFor: /^\w*$/};
    };
}

// ---- the editor

export class Editor {
    // onrun(all), oncancel(), onchange(text)
    constructor(host, schema, {text, onrun, oncancel, onchange}) {
        const root = host.attachShadow({mode: "open"});
        const mount = document.createElement("div");
        mount.id = "mount";
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(":host { display: block; overflow: hidden; } #mount { height: 100%; }");
        root.adoptedStyleSheets = [sheet];
        root.append(mount);
        this.names = new Set();
        this.schema = schema;
        const run = all => view => {
            closeCompletion(view);
            onrun(all);
            return true;
        };
        this.view = new EditorView({
            parent: mount, root,
            state: EditorState.create({
                doc: text,
                extensions: [
                    lineNumbers(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(), closeBrackets(), marks,
                    indentUnit.of("    "), EditorState.tabSize.of(4), EditorView.lineWrapping, EditorState.allowMultipleSelections.of(true),
                    placeholder("SELECT …"), language(name => this.isFunction(name)), syntaxHighlighting(colors), look,
                    autocompletion({override: [completions(schema)], maxRenderedOptions: 80, filterStrict: true, activateOnTypingDelay: 60}),
                    EditorView.contentAttributes.of({"aria-label": "SQL", autocapitalize: "off", autocorrect: "off", spellcheck: "false"}),
                    EditorView.updateListener.of(update => update.docChanged && onchange(this.text)),
                    Prec.highest(keymap.of([
                        {key: "Mod-Enter", run: run(false), shift: run(true)},
                        {key: "Tab", run: view => acceptCompletion(view) || completionStatus(view.state) === "active"},
                        {key: "Escape", run: view => completionStatus(view.state) === "active" ? false : oncancel()},
                    ])),
                    keymap.of([{key: "Mod-]", run: indentMore}, {key: "Mod-[", run: indentLess}, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
                ],
            }),
        });
    }

    isFunction(name) {
        if (this.schema.functions.length !== this.known) {
            this.known = this.schema.functions.length;
            this.names = new Set(this.schema.functions.map(one => one.name.toLowerCase()));
        }
        return this.names.has(name.toLowerCase());
    }

    get text() {
        return this.view.state.doc.toString();
    }

    set text(text) {
        this.view.dispatch({changes: {from: 0, to: this.view.state.doc.length, insert: text}, selection: {anchor: text.length}, scrollIntoView: true});
    }

    // {from, to}; empty when nothing is selected.
    get selection() {
        const {from, to, head} = this.view.state.selection.main;
        return {from, to, head};
    }

    insert(text) {
        this.view.dispatch(this.view.state.replaceSelection(text), {scrollIntoView: true});
        this.focus();
    }

    focus() {
        this.view.focus();
    }

    // Marks the word at an offset; null: no mark.
    mark(offset) {
        if (offset === null) {
            this.view.dispatch({effects: setMark.of(null)});
            return;
        }
        const text = this.text, at = Math.min(offset, Math.max(0, text.length - 1));
        const token = [...tokens(text)].find(one => one.to > at) ?? {from: at, to: at + 1};
        const from = token.kind === "space" ? Math.max(0, at - 1) : token.from, to = Math.min(text.length, token.kind === "space" ? at + 1 : token.to);
        if (to > from) this.view.dispatch({effects: setMark.of({from, to})});
    }

    goTo(offset) {
        this.view.dispatch({selection: {anchor: Math.min(offset, this.text.length)}, scrollIntoView: true});
        this.focus();
    }
}
