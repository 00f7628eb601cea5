// What Slack checks itself before a submission reaches the app.

import { isEmpty } from "./form.js";
import { words } from "./words.js";

/** {block_id: sentence} for the inputs at fault. */
export function findErrors(blocks, form) {
  const errors = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const value = form.get(block.block_id, block.element);
    const text = isEmpty(value) ? missing(block) : wrong(block.element, value);
    if (text) errors[block.block_id] = text;
  }
  return errors;
}

function missing(block) {
  if (block.optional) return "";
  return /input$/.test(block.element.type) ? words.fillIn : words.pick;
}

function wrong(element, value) {
  const { type, min_length: least, max_selected_items: most } = element;
  if (least && value.length < least) return words.atLeastLetters(least) + ".";
  if (most && Array.isArray(value) && value.length > most) return words.atMostChosen(most);
  if (type === "number_input") return wrongNumber(element, value);
  if (type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(value)) return words.anEmail;
  if (type === "url_text_input" && !/^https?:\/\/\S+/.test(value)) return words.aUrl;
  return "";
}

function wrongNumber(element, value) {
  const pattern = element.is_decimal_allowed ? /^-?\d+([.,]\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value.trim())) return element.is_decimal_allowed ? words.aNumber : words.aWholeNumber;
  const number = Number(value.replace(",", "."));
  if (element.min_value !== undefined && number < Number(element.min_value)) return words.atLeast(element.min_value);
  if (element.max_value !== undefined && number > Number(element.max_value)) return words.atMost(element.max_value);
  return "";
}
