// A button that opens a menu: the overflow element and the shortcuts.

import { h, uniqueId } from "./dom.js";

/**
 * items: [{label, description?, value?, href?, dataset?}]; `pick(item)` is called with the chosen one.
 */
export function menuButton({ button, label, items, pick }) {
  const id = uniqueId("menu");
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  const list = h("div", { class: "menu", role: "menu", id, "aria-label": label, hidden: true });
  const wrap = h("span", { class: "menu-wrap" }, button, list);
  const menu = new Menu(button, list, pick);
  button.addEventListener("click", () => (list.hidden ? menu.open(items()) : menu.close(true)));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || !list.hidden) return;
    event.preventDefault();
    menu.open(items());
  });
  list.addEventListener("keydown", (event) => menu.onKey(event));
  wrap.addEventListener("focusout", (event) => {
    if (!wrap.contains(event.relatedTarget)) menu.close(false);
  });
  return wrap;
}

class Menu {
  constructor(button, list, pick) {
    Object.assign(this, { button, list, pick });
  }

  open(items) {
    this.list.replaceChildren(...items.map((item) => this.entry(item)));
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.place();
    this.list.firstElementChild?.focus();
  }

  // Menus near an edge open upwards or to the left, so that nothing is cut off.
  place() {
    this.list.classList.remove("up", "left");
    const box = this.list.getBoundingClientRect();
    const frame = (this.list.closest(".modal-body,.scroll") || document.documentElement).getBoundingClientRect();
    this.list.classList.toggle("up", box.bottom > Math.min(frame.bottom, innerHeight));
    this.list.classList.toggle("left", box.right > Math.min(frame.right, innerWidth));
  }

  entry(item) {
    const choose = () => {
      this.close(true);
      this.pick(item);
    };
    return h("button", { type: "button", role: "menuitem", tabindex: "-1", class: "menu-item",
      dataset: { value: item.value }, on: { click: choose } },
    h("span", {}, item.label),
    item.description && h("span", { class: "option-description" }, item.description));
  }

  close(returnFocus) {
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (returnFocus) this.button.focus();
  }

  onKey(event) {
    const all = [...this.list.children];
    const at = all.indexOf(document.activeElement);
    const move = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      all[(move + all.length) % all.length].focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close(true);
    } else if (event.key === "Tab") {
      this.close(true);
    }
  }
}
