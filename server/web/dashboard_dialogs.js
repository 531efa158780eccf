// dashboard_dialogs.js: dialogs of the dashboard: one panel, title and variables, a name, JSON in and out.
import * as api from "./api.js";
import {KINDS, checkDashboard, parseDashboard, isDashboardName} from "./dashboard_model.js";
import {expand} from "./macros.js";
import {PanelView} from "./panel.js";
import {errorOffset} from "./sql.js";
import {make} from "./values.js";

const named = (text, field, more = "") => make("label.named", {}, text, field, more);

// A dialog with a form; it is left without questions when nothing was changed.
function open(title, kind, children, {onsubmit, submit = "Apply", buttons = []}) {
    let before = null;
    const wrong = make("p.wrong", {role: "alert", hidden: true});
    const form = make("form", {method: "dialog", onsubmit: async event => {
        event.preventDefault();
        say("");
        try {
            await onsubmit();
            dialog.close();
        } catch (error) {
            say(error.message);
        }
    }}, ...children, wrong, make("div.buttons", {}, ...buttons, make("button", {type: "button", onclick: () => dialog.close()}, "Cancel"), make("button.main", {type: "submit"}, submit)));
    const say = text => {
        wrong.textContent = text;
        wrong.hidden = text === "";
    };
    const values = () => JSON.stringify([...form.querySelectorAll("input, select, textarea")].map(one => one.value)) + (dialog.more?.() ?? "");
    const dialog = make(`dialog.box${kind}`, {"aria-label": title, onclose: () => dialog.remove(), oncancel: event => {
        if (before === values() || dialog.asked) return;
        event.preventDefault();
        dialog.asked = true;
        say("Escape again discards what you changed.");
        setTimeout(() => dialog.asked = false, 3000);
    }}, make("h2", {}, title), form);
    document.body.append(dialog);
    dialog.showModal();
    before = values();
    dialog.say = say;
    return dialog;
}

// ---- a panel

const thresholdText = list => (list ?? []).map(one => `${one.from} ${one.color}`).join(", ");

function readThresholds(text) {
    return text.split(",").map(one => one.trim()).filter(Boolean).map(one => {
        const found = /^(-?[\d.]+(?:e[+-]?\d+)?)\s+(good|warn|bad)$/i.exec(one);
        if (!found || !Number.isFinite(Number(found[1]))) throw new Error(`Thresholds are like "10 warn, 30 bad", not "${one}".`);
        return {from: Number(found[1]), color: found[2].toLowerCase()};
    });
}

function readNumber(input, name) {
    const text = input.value.trim();
    if (text === "") return undefined;
    if (!Number.isFinite(Number(text))) throw new Error(`${name} must be a number, not "${text}".`);
    return Number(text);
}

// panel: what it is now; context: {time, parameters(sql), zone, schema}. onapply(panel).
export function editPanel(panel, context, onapply) {
    const options = panel.options ?? {};
    const title = make("input", {name: "title", value: panel.title ?? "", maxlength: 200, autocomplete: "off"});
    const kind = make("select", {name: "kind", onchange: () => fit()}, ...Object.entries(KINDS).map(([value, text]) => make("option", {value, selected: value === panel.kind}, text)));
    const style = make("select", {name: "style"}, ...[["line", "Lines"], ["area", "Areas"], ["bar", "Bars"]].map(([value, text]) => make("option", {value, selected: value === (options.style ?? "line")}, text)));
    const field = (name, value, more = {}) => make("input", {name, value: value ?? "", autocomplete: "off", spellcheck: "false", ...more});
    const x = field("x", options.x), values = field("values", (options.values ?? []).join(", ")), split = field("split", options.split);
    const unit = field("unit", options.unit, {maxlength: 20}), decimals = field("decimals", options.decimals, {inputmode: "numeric"});
    const min = field("min", options.min, {inputmode: "decimal"}), max = field("max", options.max, {inputmode: "decimal"}), thresholds = field("thresholds", thresholdText(options.thresholds), {placeholder: "10 warn, 30 bad"});
    const host = make("div.query-editor"), preview = make("div.preview");
    const only = {style: ["time"], x: ["time", "bar", "heatmap"], values: ["time", "bar", "value", "heatmap"], split: ["time", "bar", "heatmap"], unit: ["time", "bar", "value", "heatmap"],
        decimals: ["time", "bar", "value", "heatmap"], min: ["time", "bar"], max: ["time", "bar"], thresholds: ["value"]};
    const labels = {style: named("Drawn as", style), x: named("x, a column", x), values: named("Values, columns", values), split: named("Split by, a column", split), unit: named("Unit", unit),
        decimals: named("Decimals", decimals), min: named("Axis from", min), max: named("Axis to", max), thresholds: named("Colours from", thresholds)};
    const fit = () => Object.entries(labels).forEach(([name, label]) => label.hidden = !only[name].includes(kind.value));
    let editor = null, view = null;

    const read = () => {
        const given = {
            style: kind.value === "time" && style.value !== "line" ? style.value : undefined, x: x.value.trim() || undefined, split: split.value.trim() || undefined, unit: unit.value.trim() || undefined,
            values: values.value.split(",").map(one => one.trim()).filter(Boolean), decimals: readNumber(decimals, "Decimals"), min: readNumber(min, "Axis from"), max: readNumber(max, "Axis to"), thresholds: readThresholds(thresholds.value),
        };
        const kept = Object.fromEntries(Object.entries(given).filter(([name, value]) => only[name].includes(kind.value) && value !== undefined && !(Array.isArray(value) && value.length === 0)));
        const next = {...panel, title: title.value.trim(), kind: kind.value, query: editor ? editor.text : panel.query};
        delete next.options;
        if (Object.keys(kept).length > 0) next.options = kept;
        const wrong = checkDashboard({weir_dashboard: 1, title: "", panels: [next]});
        if (wrong) throw new Error(wrong.replace("panels[0].", ""));
        return next;
    };
    const look = async () => {
        dialog.say("");
        let next;
        try {
            next = read();
            const sql = expand(next.query, context.time);
            view?.destroy();
            view = new PanelView(next, {}, {zone: context.zone});
            view.element.style.gridColumn = view.element.style.gridRow = "1";
            preview.replaceChildren(view.element);
            editor?.mark(null);
            const result = await api.poll(sql, {parameters: context.parameters(sql)});
            view.show({...result, completeThrough: result.completeness?.complete_through ?? null});
        } catch (error) {
            if (!(error instanceof api.QueryError) || !view) dialog.say(error.message);
            else {
                view.fail(error);
                const offset = errorOffset(error.message, expand(next.query, context.time));
                if (offset !== null && expand(next.query, context.time) === next.query) editor?.mark(offset);
            }
        }
    };
    const dialog = open(panel.query === "" ? "New panel" : "Panel", ".wide.panel-dialog", [
        make("div.row", {}, named("Title", title), named("Kind", kind)),
        make("div.named", {}, make("span", {}, "Query: ", make("small", {}, "$__timeFilter(ts), $__timeInterval(ts), $__fromTime, $__toTime, {name:Type}")), host),
        make("fieldset", {}, make("legend", {}, "Look"), make("div.row", {}, ...Object.values(labels))), preview,
    ], {onsubmit: () => onapply(read()), buttons: [make("button", {type: "button", title: "Ctrl+Enter", onclick: () => look()}, "Try")]});
    dialog.addEventListener("close", () => view?.destroy());
    dialog.more = () => editor?.text ?? panel.query;
    dialog.addEventListener("keydown", event => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
        event.preventDefault();
        look();
    });
    fit();
    import("./editor.js").then(({Editor}) => {
        if (!dialog.open) return;
        editor = new Editor(host, context.schema, {text: panel.query, onrun: () => look(), oncancel: () => false, onchange: () => {}});
        host.dataset.ready = "";
    });
    title.focus();
    if (panel.query !== "") look();
}

// ---- title and variables

export function editSettings(definition, onapply) {
    const title = make("input", {name: "title", value: definition.title, maxlength: 200}), description = make("textarea", {name: "description", rows: 2, maxlength: 4096}, definition.description ?? "");
    const rows = make("div");
    const add = (one = {}) => {
        const row = make("div.variable-row", {role: "group", "aria-label": `variable ${one.name ?? ""}`},
            ...[["name", "name"], ["type", "type (String)"], ["label", "label"], ["value", "value"], ["choices", "choices: a, b, c, or a SELECT"]].map(([name, text]) => make("input", {name, placeholder: text, "aria-label": text, autocomplete: "off", spellcheck: "false",
                value: name === "choices" ? one.query ?? (one.options ?? []).join(", ") : one[name] ?? ""})),
            make("button", {type: "button", "aria-label": "remove this variable", onclick: () => row.remove()}, "✕"));
        rows.append(row);
        return row;
    };
    for (const one of definition.variables ?? []) add(one);
    const read = () => [...rows.children].map(row => {
        const of = name => row.querySelector(`[name=${name}]`).value.trim();
        const one = {name: of("name")};
        for (const name of ["type", "label", "value"]) if (of(name) !== "") one[name] = of(name);
        if (/^(select|with)\b/i.test(of("choices"))) one.query = of("choices");
        else if (of("choices") !== "") one.options = of("choices").split(",").map(text => text.trim()).filter(Boolean);
        return one;
    });
    open("Title and variables", ".wide", [named("Title", title), named("Description", description),
        make("fieldset", {}, make("legend", {}, "Variables: {name:Type} in queries"), rows, make("button", {type: "button", onclick: () => add().firstChild.focus()}, "Add variable"))], {onsubmit: () => {
        const next = {...definition, title: title.value.trim(), variables: read()};
        if (description.value.trim() !== "") next.description = description.value.trim();
        else delete next.description;
        const wrong = checkDashboard(next);
        if (wrong) throw new Error(wrong);
        onapply(next);
    }});
    title.focus();
}

// ---- a name

// taken(name): what is wrong with this one; "" nothing.
export function askName(title, value, submit, onapply, taken = () => "") {
    const name = make("input", {name: "name", value, maxlength: 64, autocomplete: "off", spellcheck: "false"});
    open(title, "", [named("Name: letters, digits, _ and -", name)], {submit, onsubmit: () => {
        const text = name.value.trim();
        if (!isDashboardName(text)) throw new Error("A name has 1 to 64 letters, digits, '_' and '-'.");
        if (taken(text)) throw new Error(taken(text));
        return onapply(text);
    }});
    name.select();
}

export function confirm(title, text, submit, onapply) {
    open(title, "", [make("p", {}, text)], {submit, onsubmit: onapply});
}

// ---- times

export function askTime(time, shown, isTimeText, onapply) {
    const from = make("input", {name: "from", value: time.from ?? shown.from, autocomplete: "off"}), to = make("input", {name: "to", value: time.to ?? shown.to, autocomplete: "off"});
    open("From and to", "", [named("From: YYYY-MM-DD hh:mm:ss, in the server's time zone", from), named("To", to)], {onsubmit: () => {
        for (const one of [from, to]) if (!isTimeText(one.value.trim())) throw new Error(`"${one.value}" is no time such as 2026-11-22 08:30:00.`);
        if (from.value.trim() >= to.value.trim()) throw new Error("The range ends before it begins.");
        onapply({from: from.value.trim(), to: to.value.trim()});
    }});
    from.select();
}

// ---- JSON

export function editJson(name, definition, onapply) {
    const text = make("textarea", {name: "json", rows: 22, spellcheck: "false", "aria-label": "definition"});
    text.value = JSON.stringify(definition, null, 2);
    const file = make("input", {type: "file", accept: ".json,application/json", "aria-label": "a file to import", onchange: async () => {
        if (file.files[0]) text.value = await file.files[0].text();
    }});
    open("JSON", ".wide", [make("p.faint", {}, "What is here is the dashboard: copy it, change it, paste another one, or open a file. docs/DASHBOARD.md explains it."), text, named("Import a file", file)], {
        onsubmit: () => onapply(parseDashboard(text.value)),
        buttons: [make("button", {type: "button", onclick: () => {
            const link = make("a", {href: URL.createObjectURL(new Blob([text.value], {type: "application/json"})), download: `${name}.json`});
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.href), 10000);
        }}, "Download")],
    });
    text.focus();
    text.setSelectionRange(0, 0);
}

export function showKeys() {
    const keys = [["E", "edit, and end editing"], ["P", "stop, and go on"], ["A", "while editing: add a panel"], ["Ctrl+Z", "while editing: undo"], ["arrows", "on a panel's grip (⠿): move it; with Shift: resize it"], ["Enter", "on a grip: edit the panel"],
        ["Delete", "on a grip: remove the panel"], ["Ctrl+Enter", "in a panel's dialog: try the query"], ["in a table", "arrows, Page Up/Down, Shift selects, Ctrl+C copies, Enter shows the whole value"]];
    const dialog = make("dialog.box", {"aria-label": "keys and licences", onclose: () => dialog.remove()}, make("h2", {}, "Keys"),
        make("dl", {}, ...keys.flatMap(([key, text]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)])),
        make("p", {}, make("a", {href: "web/licences.txt", target: "_blank"}, "Licences"), " of what this page is made of."),
        make("div.buttons", {}, make("button.main", {onclick: () => dialog.close()}, "Close")));
    document.body.append(dialog);
    dialog.showModal();
}
