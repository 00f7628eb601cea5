// Typing: text, numbers, dates and times.

import { h } from "./dom.js";
import { answer, press } from "./actions.js";
import { answerKey } from "./form.js";
import { plain } from "./mrkdwn.js";
import { calendarText, wallToIso, wallValue } from "./time.js";
import { store } from "./state.js";

const PAUSE = 300; // ms without a key before "on_character_entered" is sent

const TYPES = { email_text_input: "email", url_text_input: "url" };

export function textInput(element, ctx) {
  const node = h(element.multiline ? "textarea" : "input", {
    ...ctx.name.attributes, class: "text-input", dataset: { actionId: element.action_id },
    type: element.multiline ? null : TYPES[element.type] || "text", rows: element.multiline ? 4 : null,
    maxlength: element.max_length, placeholder: plain(element.placeholder) || null, autocomplete: "off",
  });
  return typed(node, element, ctx);
}

export function numberInput(element, ctx) {
  const node = h("input", {
    ...ctx.name.attributes, class: "text-input", dataset: { actionId: element.action_id }, type: "text",
    inputmode: element.is_decimal_allowed ? "decimal" : "numeric", placeholder: plain(element.placeholder) || null,
    autocomplete: "off",
  });
  return typed(node, element, ctx);
}

function typed(node, element, ctx) {
  const triggers = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const send = () => node.isConnected && press(element, ctx, { [answerKey(element.type)]: node.value || null }, null);
  let timer = 0;
  node.value = ctx.form.get(ctx.blockId, element) ?? "";
  node.addEventListener("input", () => {
    ctx.form.set(ctx.blockId, element, node.value === "" ? null : node.value);
    ctx.changed(ctx.blockId);
    if (!ctx.dispatch || !triggers.includes("on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  node.addEventListener("keydown", (event) => {
    const plainEnter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!plainEnter || !ctx.dispatch || !triggers.includes("on_enter_pressed") || element.multiline) return;
    event.preventDefault();
    event.stopPropagation(); // the Enter is the field's own answer, not a submit of the form
    send();
  });
  return node;
}

export function dateInput(element, ctx) {
  const node = h("input", { ...ctx.name.attributes, class: "text-input date-input", type: "date",
    dataset: { actionId: element.action_id } });
  const words = h("span", { class: "date-words" });
  const show = () => {
    node.value = ctx.form.get(ctx.blockId, element) || "";
    words.textContent = node.value ? calendarText(node.value) : "";
  };
  onPicked(node, element, ctx, show);
  node.addEventListener("change", () => { words.textContent = node.value ? calendarText(node.value) : ""; });
  show();
  // The browser writes dates its own way; the words make the weekday plain.
  return h("span", { class: "date-wrap" }, node, words);
}

export function timeInput(element, ctx) {
  const node = h("input", { ...ctx.name.attributes, class: "text-input time-input", type: "time",
    dataset: { actionId: element.action_id } });
  const show = () => { node.value = ctx.form.get(ctx.blockId, element) || ""; };
  onPicked(node, element, ctx, show);
  show();
  return node;
}

export function dateTimeInput(element, ctx) {
  const { tz } = store.data;
  const node = h("input", { ...ctx.name.attributes, class: "text-input date-input", type: "datetime-local",
    dataset: { actionId: element.action_id } });
  const show = () => {
    const seconds = ctx.form.get(ctx.blockId, element);
    node.value = seconds ? wallValue(new Date(seconds * 1000), tz) : "";
  };
  onPicked(node, element, ctx, show, (value) => Date.parse(wallToIso(value, tz)) / 1000);
  show();
  return node;
}

// A date typed by key passes through half-written years ("0002"): keep every step, but send only
// what the person stops at or leaves.
function onPicked(node, element, ctx, show, convert = (value) => value) {
  let timer = 0;
  let waiting = false;
  const value = () => (node.value ? convert(node.value) : null);
  const settle = async () => {
    clearTimeout(timer);
    if (!waiting) return;
    waiting = false;
    const result = await answer(element, ctx, value());
    if (result === null || document.activeElement !== node) show();
  };
  node.addEventListener("change", () => {
    waiting = true;
    if (!ctx.dispatch) {
      ctx.form.set(ctx.blockId, element, value());
      settle();
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(settle, PAUSE * 2);
  });
  node.addEventListener("blur", settle);
}
