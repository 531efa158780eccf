// dashboard_panels.js: the panels on the page: made, placed, moved and resized by mouse, finger and keys.
import {orderOf, placePanel, stepPanel} from "./dashboard_model.js";
import {PanelView} from "./panel.js";

const narrow = matchMedia("(max-width: 760px)");

export class Panels {
    // on: change(panels, what), edit(id), duplicate(id), remove(id), step(id, by), say(text); zone(): the server's
    constructor(element, on, {zone}) {
        Object.assign(this, {element, on, zone});
        this.views = new Map();
        this.panels = [];
        this.seen = new IntersectionObserver(entries => {
            for (const entry of entries) this.views.get(entry.target.dataset.panel)?.see(entry.isIntersecting);
        }, {rootMargin: "120px"});
        narrow.addEventListener("change", () => this.place());
    }

    // What the page shows is made to be these panels.
    set(panels) {
        this.panels = panels;
        for (const [id, view] of this.views) {
            if (panels.some(one => one.id === id)) continue;
            this.seen.unobserve(view.element);
            view.destroy();
            this.views.delete(id);
        }
        for (const panel of panels) {
            const view = this.views.get(panel.id);
            if (view) view.set(panel);
            else {
                const made = new PanelView(panel, {...this.on, grip: (event, one) => this.drag(event, one, false), size: (event, one) => this.drag(event, one, true), gripKey: (event, one) => this.key(event, one)}, {zone: this.zone});
                this.views.set(panel.id, made);
                this.element.append(made.element);
                this.seen.observe(made.element);
            }
        }
        this.place();
        this.sort();
    }

    place() {
        for (const view of this.views.values()) view.place(narrow.matches);
    }

    // Readers and the Tab key meet panels in the order in which they are seen.
    sort() {
        const focused = document.activeElement;
        let moved = false;
        orderOf(this.panels).forEach((id, k) => {
            const {element} = this.views.get(id);
            if (this.element.children[k] !== element) {
                this.element.insertBefore(element, this.element.children[k] ?? null);
                moved = true;
            }
        });
        if (moved && focused !== document.activeElement && this.element.contains(focused)) focused.focus();
    }

    show(panels) {
        for (const panel of panels) this.views.get(panel.id)?.set(panel);
        this.place();
    }

    drag(event, view, resize) {
        if (event.button !== 0 || narrow.matches) return;
        event.preventDefault();
        const target = event.currentTarget, before = this.panels, own = before.find(one => one.id === view.id);
        const style = getComputedStyle(this.element), gap = parseFloat(style.columnGap);
        const column = (this.element.clientWidth + gap) / 12, row = parseFloat(style.gridAutoRows) + gap;
        const begin = {x: event.clientX, y: event.clientY + scrollY};
        let next = before;
        target.setPointerCapture(event.pointerId);
        target.focus?.();
        view.element.classList.add("moving");
        const move = now => {
            const dx = Math.round((now.clientX - begin.x) / column), dy = Math.round((now.clientY + scrollY - begin.y) / row);
            next = placePanel(before, view.id, resize ? {width: own.width + dx, height: own.height + dy} : {x: own.x + dx, y: own.y + dy});
            this.show(next);
            if (now.clientY > innerHeight - 30) scrollBy(0, 12);
            else if (now.clientY < 30) scrollBy(0, -12);
        };
        const end = keepIt => {
            target.removeEventListener("pointermove", move);
            target.removeEventListener("pointerup", up);
            target.removeEventListener("pointercancel", cancel);
            removeEventListener("keydown", escape, true);
            view.element.classList.remove("moving");
            if (keepIt && JSON.stringify(next) !== JSON.stringify(before)) this.commit(next, view);
            else this.show(before);
        };
        const up = () => end(true), cancel = () => end(false);
        const escape = key => {
            if (key.key !== "Escape") return;
            key.stopPropagation();
            end(false);
        };
        target.addEventListener("pointermove", move);
        target.addEventListener("pointerup", up);
        target.addEventListener("pointercancel", cancel);
        addEventListener("keydown", escape, true);
    }

    key(event, view) {
        const by = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
        const own = this.panels.find(one => one.id === view.id);
        if (by && event.shiftKey) this.commit(placePanel(this.panels, view.id, {width: own.width + by[0], height: own.height + by[1]}), view);
        else if (by) this.commit(stepPanel(this.panels, view.id, ...by), view);
        else if (event.key === "Enter") this.on.edit(view.id);
        else if (event.key === "Delete" || event.key === "Backspace") this.on.remove(view.id);
        else return;
        event.preventDefault();
    }

    commit(panels, view) {
        this.on.change(panels);
        const {title, x, y, width, height} = this.panels.find(one => one.id === view.id);
        this.on.say(`${title || "untitled"}: column ${x + 1}, row ${y + 1}, ${width} wide, ${height} high`);
        view.grip.focus();
        view.element.scrollIntoView({block: "nearest"});
    }

    repaint() {
        this.views.forEach(view => view.repaint());
    }
}
