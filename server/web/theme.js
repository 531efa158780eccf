// theme.js: light, dark, or as the system has it.
const KEPT = "weir.theme", dark = matchMedia("(prefers-color-scheme: dark)");
const NAMES = {system: "◐", light: "☀", dark: "☾"};
const listeners = [];
let theme = "system";

function apply(button) {
    document.documentElement.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    if (button) {
        button.textContent = NAMES[theme];
        button.setAttribute("aria-label", `colours: ${theme}`);
    }
    listeners.forEach(tell => tell());
}

export function startTheme(button) {
    try {
        theme = Object.hasOwn(NAMES, localStorage.getItem(KEPT) ?? "") ? localStorage.getItem(KEPT) : "system";
    } catch { /* storage is not allowed */ }
    dark.addEventListener("change", () => apply(button));
    apply(button);
}

export function nextTheme(button) {
    const names = Object.keys(NAMES);
    theme = names[(names.indexOf(theme) + 1) % names.length];
    try {
        localStorage.setItem(KEPT, theme);
    } catch { /* storage is not allowed */ }
    apply(button);
}

export function onTheme(tell) {
    listeners.push(tell);
}
