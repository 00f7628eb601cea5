// Block Kit elements: one function per kind, chosen by type.
//
// `ctx` says where an element stands:
//   owner    "view:V1" or "message:uid"; form, blocks(): the answers and blocks of that owner
//   where    what the server needs to find it: {view_id} or {channel, ts}
//   blockId, inInput (inside an input block), dispatch (answers are sent at once)
//   name     attributes that name the control (id, aria-labelledby, aria-describedby ...)

import { press } from "./actions.js";
import { h, icon } from "./dom.js";
import { insidePlace } from "./links.js";
import { menuButton } from "./menu.js";
import { plain } from "./mrkdwn.js";
import { checkboxes, multiSelect, radioButtons, select } from "./choices.js";
import { externalSelect } from "./combobox.js";
import { dateInput, dateTimeInput, numberInput, textInput, timeInput } from "./inputs.js";
import { words } from "./words.js";

const KINDS = {
  button, workflow_button: button, overflow, static_select: select, users_select: select, channels_select: select,
  conversations_select: select, external_select: externalSelect, multi_static_select: multiSelect,
  multi_users_select: multiSelect, multi_channels_select: multiSelect, multi_conversations_select: multiSelect,
  radio_buttons: radioButtons, checkboxes, datepicker: dateInput, timepicker: timeInput,
  datetimepicker: dateTimeInput, plain_text_input: textInput, email_text_input: textInput, url_text_input: textInput,
  number_input: numberInput,
};

/** Kinds drawn as a group of controls: they are named by aria-labelledby, not by <label for>. */
export const isGroup = (type) => type === "radio_buttons" || type === "checkboxes" || type.startsWith("multi_");

export function elementNode(element, ctx) {
  const build = KINDS[element.type];
  if (!build) return h("span", { class: "unknown" }, words.cannotShow(element.type));
  return build(element, ctx);
}

function button(element, ctx) {
  const attributes = {
    class: ["btn", element.style], "aria-label": element.accessibility_label,
    dataset: { actionId: element.action_id, value: element.value },
  };
  const send = (event) => {
    press(element, ctx, { value: element.value }, event.currentTarget);
    if (element.url && insidePlace(element.url)) ctx.openPlace(insidePlace(element.url));
  };
  if (element.url && /^https?:/i.test(element.url) && !insidePlace(element.url)) {
    return h("a", { ...attributes, href: element.url, target: "_blank", rel: "noopener noreferrer",
      on: { click: send } }, plain(element.text));
  }
  return h("button", { ...attributes, type: "button", on: { click: send } }, plain(element.text));
}

function overflow(element, ctx) {
  const node = h("button", { type: "button", class: "btn overflow", "aria-label": words.moreChoices,
    dataset: { actionId: element.action_id } }, icon("dots"));
  const items = () => element.options.map((option) => ({
    label: plain(option.text), description: plain(option.description), value: option.value, option,
  }));
  const pick = ({ option }) => {
    press(element, ctx, { selected_option: { text: option.text, value: option.value } }, node);
    if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener");
  };
  return menuButton({ button: node, label: words.moreChoices, items, pick });
}
