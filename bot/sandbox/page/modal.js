// Modals: a stack of at most three. Only the top one is in the document; the others wait with their answers.

import { act } from "./actions.js";
import { drawBlocks, showError } from "./blocks.js";
import { append, avatar, h, icon, uniqueId } from "./dom.js";
import { announce, failureText, whileBusy } from "./feedback.js";
import { rememberFocus, restoreFocus, target, trapTab } from "./focus.js";
import { Form } from "./form.js";
import { plain } from "./mrkdwn.js";
import { store } from "./state.js";
import { findErrors } from "./validate.js";
import { words } from "./words.js";

const shells = new Map(); // view id -> Shell
let top = null;
let openPlace = () => {};

export const setupModals = (options) => {
  openPlace = options.openPlace;
  document.addEventListener("keydown", onEscape);
};

export const topModal = () => top;

function onEscape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || !top) return;
  if (document.querySelector(".confirm") || document.activeElement?.closest(".bar,.stage")) return;
  event.preventDefault();
  top.close();
}

/** Draw the stack. `memory` is where focus was before anything was drawn. Returns true if it moved focus. */
export function drawModals(views, memory, samePerson) {
  const ids = views.map((view) => view.id);
  const before = top;
  for (const view of views) {
    if (!shells.has(view.id)) shells.set(view.id, new Shell(view, memory));
    shells.get(view.id).update(view);
  }
  top = views.length ? shells.get(ids.at(-1)) : null;
  if (top !== before) show(ids.length);
  const moved = top !== before && (samePerson || top !== null) && moveFocus(before, ids);
  for (const id of shells.keys()) if (!ids.includes(id)) shells.delete(id);
  return moved;
}

function show(depth) {
  const overlay = document.getElementById("overlay");
  overlay.replaceChildren(...(top ? [top.node] : []));
  overlay.hidden = !top;
  overlay.className = `overlay depth-${depth}`;
  document.getElementById("slack").inert = Boolean(top);
  top?.settleBody();
}

function moveFocus(before, ids) {
  const returned = before && !ids.includes(before.id);
  // A closed modal gives focus back to what opened it; a new one takes it.
  if (returned && top?.seen) {
    if (!restoreFocus(before.opener)) top.focusStart();
  } else if (top) {
    top.focusStart();
  } else if (returned && !restoreFocus(before.opener)) {
    document.getElementById("main").focus({ preventScroll: true });
  }
  if (top) top.seen = true;
  return true;
}

class Shell {
  constructor(view, memory) {
    this.id = view.id;
    this.view = view;
    this.opener = memory;
    this.form = new Form(view.state?.values || view.state);
    this.errors = {};
    this.serverErrors = "null";
    this.build();
    this.owner = {
      id: "view:" + view.id, form: this.form, level: 3, openPlace,
      where: () => ({ view_id: this.id }), blocks: () => this.view.blocks || [],
      changed: (blockId) => this.onChanged(blockId),
    };
  }

  build() {
    const titleId = uniqueId("modal-title");
    this.title = h("h2", { id: titleId, tabindex: "-1" });
    this.body = h("div", { class: "modal-body" });
    this.strip = h("div", { class: "modal-strip", role: "alert", hidden: true });
    this.footer = h("div", { class: "modal-footer" });
    const close = () => this.close();
    this.frame = h("form", { novalidate: true, autocomplete: "off", on: {
      submit: (event) => {
        event.preventDefault();
        this.submit();
      },
      keydown: (event) => this.onKey(event),
    } },
    h("div", { class: "modal-head" }, avatar(store.data.bot.user_id, store.data.bot.name, true), this.title,
      h("button", { type: "button", class: "icon-button", "aria-label": words.closeForm,
        dataset: { testid: "modal-x" }, on: { click: close } }, icon("close"))),
    this.body, this.strip, this.footer);
    this.closeButton = h("button", { type: "button", class: "btn", dataset: { testid: "modal-close" },
      on: { click: close } });
    this.submitButton = h("button", { type: "submit", class: "btn primary", dataset: { testid: "modal-submit" } });
    append(this.footer, [this.closeButton, this.submitButton]);
    this.node = h("div", { class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": titleId,
      dataset: { testid: "modal", owner: "view:" + this.id, viewId: this.id },
      on: { keydown: (event) => trapTab(event, this.node) } }, this.frame);
  }

  update(view) {
    const renamed = this.seen && plain(view.title) !== plain(this.view.title);
    this.view = view;
    this.node.dataset.callbackId = view.callback_id || "";
    this.title.textContent = plain(view.title);
    this.closeButton.textContent = plain(view.close) || words.close;
    this.submitButton.hidden = !view.submit;
    this.submitButton.textContent = plain(view.submit);
    drawBlocks(this.body, view.blocks || [], this.owner);
    this.adoptErrors(view.errors);
    if (renamed) announce(plain(view.title));
    if (this.seen) this.settleBody();
  }

  // A body without controls must still be reachable, or the keyboard cannot scroll it.
  settleBody() {
    this.body.tabIndex = this.body.querySelector("a,button,input,select,textarea") ? -1 : 0;
  }

  // The same errors come with every refetch; they count only when they are new,
  // so a field that has been corrected does not turn red again.
  adoptErrors(errors, afterTry = false) {
    const sign = JSON.stringify(errors || null);
    if (afterTry || sign !== this.serverErrors) {
      this.serverErrors = sign;
      this.errors = { ...(errors || {}) };
    }
    this.drawErrors();
  }

  drawErrors() {
    const homeless = [];
    const inputs = new Set();
    for (const block of this.view.blocks || []) if (block.type === "input") inputs.add(block.block_id);
    for (const node of this.body.children) {
      if (inputs.has(node.dataset.blockId)) showError(node, this.errors[node.dataset.blockId]);
    }
    for (const [id, text] of Object.entries(this.errors)) if (!inputs.has(id)) homeless.push(text);
    this.say(homeless.join(" "));
  }

  say(text) {
    this.strip.textContent = text;
    this.strip.hidden = !text;
  }

  onChanged(blockId) {
    if (!(blockId in this.errors)) return;
    delete this.errors[blockId];
    this.drawErrors();
  }

  async submit() {
    if (!this.view.submit || this.busy) return;
    this.errors = findErrors(this.view.blocks || [], this.form);
    this.drawErrors();
    if (this.focusFault()) return;
    const before = this.view;
    const reply = await this.whileSending(() => act("/submit",
      { view_id: this.id, state: this.form.state(this.view.blocks || []) }, { quiet: true }));
    if (top !== this) return;
    if (reply.ok) this.adoptErrors(this.view.errors, true); // the same errors once more are news after a new try
    if (!reply.ok) {
      this.say(failureText(reply));
      this.submitButton.focus();
    } else if (!this.focusFault() && this.view.hash !== before.hash) {
      this.focusStart();
    }
  }

  // The button is truly disabled while waiting, which would drop focus: the title holds it meanwhile.
  async whileSending(work) {
    const focused = rememberFocus();
    this.busy = true;
    this.node.setAttribute("aria-busy", "true");
    if (document.activeElement === this.submitButton) this.title.focus();
    this.submitButton.disabled = true;
    this.submitButton.classList.add("busy");
    try {
      return await work();
    } finally {
      this.busy = false;
      this.node.removeAttribute("aria-busy");
      this.submitButton.disabled = false;
      this.submitButton.classList.remove("busy");
      if (top === this && document.activeElement === this.title) focused?.node.focus({ preventScroll: true });
    }
  }

  close() {
    return whileBusy(this.closeButton, () => act("/close", { view_id: this.id }));
  }

  /** Focus the first field with an error. */
  focusFault() {
    const field = this.body.querySelector(".input.invalid [data-action-id]");
    if (!field) return !this.strip.hidden;
    target(field)?.focus();
    field.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** Where reading begins: the first field, or the title when there is none. */
  focusStart() {
    this.body.scrollTop = 0;
    const field = this.body.querySelector(".block-input [data-action-id]");
    (field ? target(field) : this.title)?.focus({ preventScroll: !field });
  }

  // Enter in a line of text submits, as in Slack; Enter on a choice or a date must not.
  onKey(event) {
    if (event.key !== "Enter") return;
    const { target: node } = event;
    if (node.matches("textarea") && (event.ctrlKey || event.metaKey)) this.submit();
    else if (node.matches("input:not([type=text]):not([type=email]):not([type=url]),select,input[role=combobox]")) {
      event.preventDefault();
    }
  }
}
