// external_select: a text field that asks the app for options as the person types.
// The ARIA combobox pattern: focus stays in the field, aria-activedescendant points at the option.

import { post } from "./api.js";
import { h, uniqueId } from "./dom.js";
import { answer } from "./actions.js";
import { announce, failureText } from "./feedback.js";
import { plain } from "./mrkdwn.js";
import { store } from "./state.js";
import { words } from "./words.js";

const PAUSE = 250;
const DEFAULT_MIN = 3; // Slack's own min_query_length

export function externalSelect(element, ctx) {
  return new Combobox(element, ctx).node;
}

class Combobox {
  constructor(element, ctx) {
    Object.assign(this, { element, ctx, options: [], active: -1, timer: 0, asked: 0 });
    const listId = uniqueId("options");
    this.input = h("input", {
      ...ctx.name.attributes, class: "text-input combo", type: "text", role: "combobox", autocomplete: "off",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId,
      placeholder: plain(element.placeholder) || words.search, dataset: { actionId: element.action_id },
      on: {
        input: () => this.askSoon(),
        focus: () => this.onFocus(),
        blur: () => this.leave(),
        keydown: (event) => this.onKey(event),
      },
    });
    this.list = h("div", { class: "listbox", role: "listbox", id: listId, "aria-label": words.suggestions, hidden: true });
    this.node = h("span", { class: "combo-wrap" }, this.input, this.list);
    this.showAnswer();
  }

  get minimum() {
    return this.element.min_query_length ?? DEFAULT_MIN;
  }

  showAnswer() {
    this.input.value = plain(this.ctx.form.get(this.ctx.blockId, this.element)?.text);
  }

  onFocus() {
    this.input.select();
    if (this.minimum === 0) this.askSoon(true);
  }

  askSoon(all = false) {
    clearTimeout(this.timer);
    const query = all ? "" : this.input.value.trim();
    if (!all && !query) this.choose(null);
    if (query.length < this.minimum) return this.showNote(this.minimumText());
    this.timer = setTimeout(() => this.ask(query), PAUSE);
    return undefined;
  }

  minimumText() {
    return words.atLeastLetters(this.minimum);
  }

  async ask(query) {
    this.asked += 1;
    const mine = this.asked;
    const reply = await post("/suggest", { as: store.as, ...this.ctx.where(), block_id: this.ctx.blockId,
      action_id: this.element.action_id, query });
    if (mine !== this.asked || document.activeElement !== this.input) return;
    if (!reply.ok) return this.showNote(failureText(reply));
    this.show(reply.option_groups || [{ options: reply.options || [] }]);
  }

  show(groups) {
    this.options = groups.flatMap((group) => group.options);
    if (!this.options.length) return this.showNote(words.noneFound);
    let index = 0;
    this.list.replaceChildren(...groups.map((group) => {
      const nodes = group.options.map((option) => this.optionNode(option, index++));
      if (!group.label) return h("div", { role: "presentation" }, nodes);
      return h("div", { role: "group", "aria-label": plain(group.label) },
        h("div", { class: "listbox-label", "aria-hidden": "true" }, plain(group.label)), nodes);
    }));
    this.open();
    this.mark(-1);
    announce(words.suggested(this.options.length));
    return undefined;
  }

  optionNode(option, index) {
    // mousedown comes before blur, so the list is still there when the choice is made
    const choose = (event) => {
      event.preventDefault();
      this.choose(option);
    };
    return h("div", { role: "option", id: `${this.list.id}-${index}`, class: "listbox-option", "aria-selected": "false",
      dataset: { value: option.value }, on: { mousedown: choose, click: choose } },
    h("span", {}, plain(option.text)),
    option.description && h("span", { class: "option-description" }, plain(option.description)));
  }

  showNote(text) {
    this.options = [];
    this.mark(-1);
    this.list.replaceChildren(h("div", { class: "listbox-note", role: "option", "aria-disabled": "true",
      "aria-selected": "false" }, text));
    this.open();
    announce(text);
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.list.classList.remove("up");
    const box = this.list.getBoundingClientRect();
    const frame = (this.list.closest(".modal-body") || document.documentElement).getBoundingClientRect();
    this.list.classList.toggle("up", box.bottom > frame.bottom && box.top - frame.top > box.height);
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  mark(index) {
    this.active = index;
    for (const node of this.list.querySelectorAll("[role=option]")) {
      const on = node.id === `${this.list.id}-${index}`;
      node.setAttribute("aria-selected", String(on));
      if (on) node.scrollIntoView({ block: "nearest" });
    }
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  async choose(option) {
    const before = this.ctx.form.get(this.ctx.blockId, this.element);
    if (!option && !before) return;
    const value = option ? { text: option.text, value: option.value } : null;
    if (option) {
      this.input.value = plain(option.text);
      this.close();
    }
    await answer(this.element, this.ctx, value);
    if (document.activeElement !== this.input || option) this.showAnswer();
  }

  // Words that were never chosen are no answer: show what the answer really is.
  leave() {
    this.close();
    this.showAnswer();
  }

  onKey(event) {
    const count = this.options.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return this.askSoon(this.minimum === 0);
      if (count) this.mark((this.active + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      if (this.active >= 0) this.choose(this.options[this.active]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.leave();
    }
    return undefined;
  }
}
