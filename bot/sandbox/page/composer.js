// Where a person writes. "/" offers the app's commands; Enter sends, Shift+Enter makes a new line.

import { act } from "./actions.js";
import { h, icon, uniqueId } from "./dom.js";
import { announce, whileBusy } from "./feedback.js";
import { menuButton } from "./menu.js";
import { channelLabel, store } from "./state.js";
import { words } from "./words.js";

const drafts = new Map(); // person + channel -> text not yet sent

/** Why this person may not write here, or "". */
export function closedReason(channel, me) {
  if (me.kind === "deactivated") return words.accountIsOff;
  if (channel.archived) return words.channelIsArchived;
  return "";
}

export class Composer {
  constructor(channel) {
    this.channel = channel;
    this.key = `${store.as}|${channel.id}`;
    this.matches = [];
    this.active = 0;
    const listId = uniqueId("commands");
    const label = (channel.kind === "im" ? words.messageTo : words.messageIn)(channelLabel(channel));
    this.field = h("textarea", {
      class: "composer-field", rows: 1, "aria-label": label, placeholder: label, "aria-autocomplete": "list",
      "aria-controls": listId, dataset: { testid: "composer" },
      on: {
        input: () => this.onInput(), keydown: (event) => this.onKey(event), blur: () => this.hideList(),
      },
    });
    this.list = h("div", { class: "listbox up", role: "listbox", id: listId, "aria-label": words.commands,
      hidden: true });
    this.sendButton = h("button", { type: "button", class: "send", "aria-label": "Send",
      dataset: { testid: "composer-send" }, on: { click: () => this.send() } }, icon("send"));
    this.node = h("div", { class: "composer" }, this.list, this.field,
      h("div", { class: "composer-tools" }, this.shortcuts(), h("span", { class: "grow" }), this.sendButton));
    this.field.value = drafts.get(this.key) || "";
    this.sizeUp();
  }

  sizeUp() {
    this.sendButton.classList.toggle("ready", Boolean(this.field.value.trim()));
    requestAnimationFrame(() => {
      this.field.style.height = "auto";
      this.field.style.height = this.field.scrollHeight + "px";
    });
  }

  shortcuts() {
    const button = h("button", { type: "button", class: "icon-button", "aria-label": words.shortcuts,
      dataset: { testid: "shortcuts" } }, icon("bolt"));
    return menuButton({
      button, label: words.shortcuts,
      items: () => (store.data.shortcuts || []).map((one) => ({ label: one.name, value: one.callback_id })),
      pick: (item) => whileBusy(button, () => act("/shortcut", { callback_id: item.value })),
    });
  }

  onInput() {
    drafts.set(this.key, this.field.value);
    this.sizeUp();
    const text = this.field.value;
    if (!/^\/\S*$/.test(text)) return this.hideList();
    this.matches = (store.data.commands || []).filter((one) => one.command.startsWith(text.toLowerCase()));
    if (!this.matches.length) return this.hideList();
    return this.showList();
  }

  showList() {
    const wasHidden = this.list.hidden;
    this.list.replaceChildren(...this.matches.map((one, index) => {
      const choose = (event) => {
        event.preventDefault(); // the field keeps focus
        this.complete(one);
      };
      return h("div", { role: "option", id: `${this.list.id}-${index}`, class: "listbox-option",
        "aria-selected": "false", dataset: { value: one.command }, on: { mousedown: choose } },
      h("strong", {}, one.command), one.usage_hint && h("span", { class: "usage" }, ` ${one.usage_hint}`),
      h("span", { class: "option-description" }, one.description));
    }));
    this.list.hidden = false;
    this.mark(0);
    if (wasHidden) announce(words.offered(this.matches.length));
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    this.field.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  hideList() {
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  complete(command) {
    this.field.value = command.command + " ";
    drafts.set(this.key, this.field.value);
    this.hideList();
    this.sizeUp();
    this.field.focus();
  }

  onKey(event) {
    if (!this.list.hidden && this.onListKey(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  /** Keys while commands are offered; true when the key was used. */
  onListKey(event) {
    const count = this.matches.length;
    const chosen = this.matches[this.active];
    // A command already written out is sent by Enter; otherwise Enter completes it.
    const written = this.field.value.trim() === chosen.command;
    if (event.key === "ArrowDown") this.mark((this.active + 1) % count);
    else if (event.key === "ArrowUp") this.mark((this.active - 1 + count) % count);
    else if (event.key === "Tab" && !event.shiftKey && !written) this.complete(chosen);
    else if (event.key === "Enter" && !written) this.complete(chosen);
    else if (event.key === "Escape") this.hideList();
    else return false;
    event.preventDefault();
    return true;
  }

  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    this.hideList();
    this.field.value = "";
    drafts.delete(this.key);
    this.sizeUp();
    const reply = await whileBusy(this.sendButton, () => act("/say", { channel: this.channel.id, text }));
    // Nothing written is lost when the app or the sandbox did not take it.
    if (reply && !reply.ok && !this.field.value) {
      this.field.value = text;
      this.sizeUp();
    }
  }
}
