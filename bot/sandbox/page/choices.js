// Choosing: radio buttons, checkboxes, native selects, and lists where several may be chosen.

import { h, uniqueId } from "./dom.js";
import { answer } from "./actions.js";
import { plain, textNode } from "./mrkdwn.js";
import { channelLabel, store } from "./state.js";
import { words } from "./words.js";

/** What is sent for an option: never the description, as Slack's own payloads keep text and value. */
const sent = (option) => ({ text: option.text, value: option.value });

const groupAttributes = (ctx, role) => ({
  role, "aria-labelledby": ctx.name.labelledby, "aria-label": ctx.name.label, "aria-describedby": ctx.name.describedby,
});

function choice(type, option, { group, checked, change }) {
  const id = uniqueId("choice");
  const describedby = option.description ? id + "-more" : null;
  return h("div", { class: "choice" },
    h("input", { type, id, name: group, value: option.value, checked, "aria-describedby": describedby,
      dataset: { option: option.value }, on: { change } }),
    h("div", {},
      h("label", { for: id }, textNode(option.text)),
      option.description && h("div", { class: "option-description", id: describedby }, textNode(option.description))));
}

export function radioButtons(element, ctx) {
  const group = uniqueId("radio");
  const current = ctx.form.get(ctx.blockId, element)?.value;
  const node = h("div", { ...groupAttributes(ctx, "radiogroup"), class: "choices",
    dataset: { actionId: element.action_id } },
  element.options.map((option) => choice("radio", option, {
    group, checked: option.value === current, change: () => pick(option),
  })));
  const pick = async (option) => {
    const result = await answer(element, ctx, sent(option));
    if (result === null) showChecked(node, [ctx.form.get(ctx.blockId, element)?.value]);
  };
  return node;
}

export function checkboxes(element, ctx) {
  return checkList(element, ctx, element.options.map((option) => ({ option, value: sent(option) })),
    (value) => value.value);
}

/** A list of boxes. `entries`: {option, value}; `idOf` names a chosen value. */
function checkList(element, ctx, entries, idOf) {
  const chosen = () => (ctx.form.get(ctx.blockId, element) || []).map(idOf);
  const start = chosen();
  const boxes = entries.map(({ option }) => choice("checkbox", option, {
    group: null, checked: start.includes(option.value), change: () => pick(),
  }));
  const node = h("div", { ...groupAttributes(ctx, "group"), class: "choices",
    dataset: { actionId: element.action_id } }, boxes);
  const pick = async () => {
    const checked = [...node.querySelectorAll("input:checked")].map((input) => input.dataset.option);
    const values = entries.filter(({ option }) => checked.includes(option.value)).map(({ value }) => value);
    const result = await answer(element, ctx, values);
    if (result === null) showChecked(node, chosen());
  };
  return node;
}

function showChecked(node, values) {
  for (const input of node.querySelectorAll("input")) input.checked = values.includes(input.dataset.option);
}

// ---- what can be chosen from ----

const asOption = (id, text) => ({ text: { type: "plain_text", text, emoji: false }, value: id });

function people() {
  const { people: all, bot } = store.data;
  return [...all.filter((one) => one.kind !== "deactivated").map((one) => asOption(one.id, one.name)),
    asOption(bot.user_id, bot.name)];
}

function conversations(element) {
  const wanted = element.filter?.include;
  return store.data.channels
    .filter((one) => !one.archived && (!wanted || wanted.includes(one.kind)))
    .map((one) => asOption(one.id, (one.kind === "im" ? "" : "#") + channelLabel(one)));
}

const channels = () => store.data.channels
  .filter((one) => one.kind === "public" && !one.archived).map((one) => asOption(one.id, "#" + one.name));

/** Groups of options: [{label, options}], label empty when the element has no groups. */
function optionGroups(element) {
  if (element.option_groups) {
    return element.option_groups.map((one) => ({ label: plain(one.label), options: one.options }));
  }
  if (element.options) return [{ label: "", options: element.options }];
  if (element.type.includes("users")) return [{ label: "", options: people() }];
  return [{ label: "", options: element.type.includes("channels") ? channels() : conversations(element) }];
}

const isStatic = (element) => element.type.endsWith("static_select");

// ---- one from a list ----

export function select(element, ctx) {
  const groups = optionGroups(element);
  const all = groups.flatMap((group) => group.options);
  const node = h("select", { ...ctx.name.attributes, class: "select", dataset: { actionId: element.action_id },
    on: { change: () => pick() } },
  h("option", { value: "" }, plain(element.placeholder) || words.choose),
  groups.map((group) => (group.label
    ? h("optgroup", { label: group.label }, group.options.map(optionNode))
    : group.options.map(optionNode))));
  const show = () => {
    const value = ctx.form.get(ctx.blockId, element);
    node.value = (isStatic(element) ? value?.value : value) || "";
    if (node.selectedIndex < 0) node.value = "";
  };
  const pick = async () => {
    const option = all.find((one) => one.value === node.value);
    // The empty line clears an answer in a form; as an action of its own it means nothing.
    if (!option && ctx.dispatch && !ctx.inInput) return show();
    const value = option ? (isStatic(element) ? sent(option) : option.value) : null;
    const result = await answer(element, ctx, value);
    if (result === null) show();
    return undefined;
  };
  show();
  return h("span", { class: "select-wrap" }, node);
}

// A native list has one line per option, so a description follows its text.
function optionNode(option) {
  const description = plain(option.description);
  return h("option", { value: option.value }, plain(option.text) + (description ? ` – ${description}` : ""));
}

// ---- several from a list: boxes, since a native multiple select loses choices at a slip of the key ----

export function multiSelect(element, ctx) {
  const groups = optionGroups(element);
  const entries = groups.flatMap((group) => group.options)
    .map((option) => ({ option, value: isStatic(element) ? sent(option) : option.value }));
  const node = checkList(element, ctx, entries, (value) => (typeof value === "string" ? value : value.value));
  node.classList.add("multi");
  if (element.max_selected_items) limit(node, element.max_selected_items);
  return node;
}

function limit(node, most) {
  const apply = () => {
    const full = node.querySelectorAll("input:checked").length >= most;
    for (const input of node.querySelectorAll("input")) input.disabled = full && !input.checked;
  };
  node.addEventListener("change", apply);
  apply();
}
