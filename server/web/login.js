// login.js: the dialog for user and password. Shared by the pages.
import * as api from "./api.js";
import {make} from "./values.js";

// message: why it is asked; onused: they were given, and are what requests carry from now on.
export function showLogin(message, onused) {
    if (document.querySelector("dialog.login[open]")) return;
    const user = make("input", {name: "user", autocomplete: "username", value: api.currentUser() ?? ""});
    const password = make("input", {name: "password", type: "password", autocomplete: "current-password"});
    const keep = make("input", {type: "checkbox"});
    const dialog = make("dialog.box.login", {"aria-label": "user and password", onclose: () => dialog.remove()}, make("h2", {}, "User and password"),
        make("form", {method: "dialog", onsubmit: () => {
            api.setLogin(user.value, password.value, keep.checked);
            onused();
        }}, message ? make("p.wrong", {role: "alert"}, message) : "", make("label", {}, "User", user), make("label", {}, "Password", password),
        make("label.check", {}, keep, "keep them until this tab is closed"),
        make("div.buttons", {}, make("button", {type: "button", onclick: () => dialog.close()}, "Cancel"), make("button.main", {type: "submit"}, "Use"))));
    document.body.append(dialog);
    dialog.showModal();
    user.focus();
}
