// Block Kit blocks -> DOM. A list of blocks is patched, not redrawn: unchanged blocks keep their nodes.

import { h, patchList, uniqueId } from "./dom.js";
import { elementNode, isGroup } from "./elements.js";
import { mrkdwn, plain, textNode } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { words } from "./words.js";

const BLOCKS = { header, section, context, divider, actions, input, rich_text: richText, table, image, markdown };

/**
 * Draw `blocks` into `parent`. `owner` = {id, form, where(), blocks(), level, errors?, changed(), openPlace()}.
 */
export function drawBlocks(parent, blocks, owner) {
  owner.form.sync(blocks);
  patchList(parent, blocks, {
    key: (block, index) => block.block_id || `${block.type}-${index}`,
    signature: (block) => JSON.stringify(block),
    build: (block) => blockNode(block, owner),
  });
}

function blockNode(block, owner) {
  const build = BLOCKS[block.type];
  const inner = build ? build(block, owner) : h("div", { class: "unknown" }, words.cannotShow(block.type));
  return h("div", { class: ["block", "block-" + block.type], dataset: { blockId: block.block_id } }, inner);
}

function contextFor(block, owner, extra) {
  return {
    owner: owner.id, form: owner.form, where: owner.where, blocks: owner.blocks, blockId: block.block_id,
    changed: owner.changed, openPlace: owner.openPlace, inInput: false, dispatch: true, ...extra,
  };
}

function header(block, owner) {
  return h("h" + owner.level, { class: "block-title" }, plain(block.text));
}

function section(block, owner) {
  const id = uniqueId("section");
  const text = block.text && h("div", { class: "section-text", id }, textNode(block.text));
  const fields = block.fields && h("div", { class: "fields" },
    block.fields.map((field) => h("div", { class: "field" }, textNode(field))));
  const body = h("div", { class: "section-body" }, text, fields);
  if (!block.accessory) return h("div", { class: "section" }, body);
  return h("div", { class: ["section", isGroup(block.accessory.type) && "stacked"] }, body,
    h("div", { class: "accessory" }, accessory(block, owner, text && id)));
}

function accessory(block, owner, labelId) {
  if (block.accessory.type === "image") return picture(block.accessory, "thumb");
  return elementNode(block.accessory, contextFor(block, owner, { name: looseName(block.accessory, labelId) }));
}

// Outside an input block nothing labels an element: the section's text or the placeholder does.
function looseName(element, labelId) {
  const label = labelId ? null : plain(element.placeholder) || NAMES[element.type] || words.choose;
  return { labelledby: labelId, label, attributes: { "aria-labelledby": labelId, "aria-label": label } };
}

const NAMES = { datepicker: words.date, timepicker: words.time, datetimepicker: words.dateTime };

function context(block) {
  return h("div", { class: "context" }, block.elements.map((element) =>
    (element.type === "image" ? picture(element, "tiny") : h("div", { class: "context-item" }, textNode(element)))));
}

function divider() {
  return h("hr", {});
}

function actions(block, owner) {
  return h("div", { class: "actions" }, block.elements.map((element) =>
    elementNode(element, contextFor(block, owner, { name: looseName(element, null) }))));
}

function input(block, owner) {
  const id = uniqueId("field");
  const { element } = block;
  const group = isGroup(element.type);
  const ids = { label: id + "-label", hint: id + "-hint", error: id + "-error" };
  const describedby = block.hint ? ids.hint : null;
  const name = {
    labelledby: group ? ids.label : null, describedby,
    attributes: { id, "aria-describedby": describedby, "aria-required": block.optional ? null : "true" },
  };
  const ctx = contextFor(block, owner, { name, inInput: true, dispatch: Boolean(block.dispatch_action) });
  const label = [plain(block.label), block.optional && h("span", { class: "optional" }, " " + words.optional)];
  return h("div", { class: "input", dataset: { hint: describedby, error: ids.error } },
    group ? h("div", { class: "label", id: ids.label }, label) : h("label", { class: "label", for: id }, label),
    elementNode(element, ctx),
    block.hint && h("div", { class: "hint", id: ids.hint }, plain(block.hint)));
}

/** Put an error under the field of `blockNode`, or take it away. Patches, so that focus stays. */
export function showError(node, text) {
  const field = node.querySelector(".input");
  if (!field) return;
  const { error: id, hint } = field.dataset;
  node.querySelector(".error")?.remove();
  if (text) field.append(h("div", { class: "error", id, dataset: { testid: "field-error" } }, text));
  field.classList.toggle("invalid", Boolean(text));
  const described = [text && id, hint].filter(Boolean).join(" ");
  for (const control of controlsOf(field)) {
    toggle(control, "aria-describedby", described);
    // "group" may not carry aria-invalid; its boxes may
    if (control.getAttribute("role") !== "group") toggle(control, "aria-invalid", text ? "true" : "");
  }
  const boxes = field.querySelectorAll("[role=group] > .choice input");
  for (const box of boxes) toggle(box, "aria-invalid", text ? "true" : "");
}

const controlsOf = (field) => field.querySelectorAll("[data-action-id]");

function toggle(node, attribute, value) {
  if (value) node.setAttribute(attribute, value);
  else node.removeAttribute(attribute);
}

function table(block) {
  const [head = [], ...rows] = block.rows || [];
  const align = (index) => "align-" + (block.column_settings?.[index]?.align || "left");
  const cells = (tag, row) => row.map((cell, index) =>
    h(tag, { class: align(index), scope: tag === "th" ? "col" : null }, cellNode(cell)));
  // Wide tables scroll by themselves; tabindex lets the keyboard do it.
  return h("div", { class: "table-scroll", role: "region", "aria-label": words.table, tabindex: "0" },
    h("table", {}, h("thead", {}, h("tr", {}, cells("th", head))),
      h("tbody", {}, rows.map((row) => h("tr", {}, cells("td", row))))));
}

const cellNode = (cell) => (cell.type === "rich_text" ? richText(cell) : String(cell.text ?? cell.value ?? ""));

function image(block) {
  return h("figure", {}, block.title && h("figcaption", {}, plain(block.title)), picture(block, "full"));
}

// The sandbox fetches nothing from a network: a picture from elsewhere is shown by its words.
function picture(element, size) {
  const url = element.image_url || "";
  const local = url.startsWith("data:image/") || url.startsWith("/") || url.startsWith(location.origin + "/");
  if (local) return h("img", { class: ["picture", size], src: url, alt: element.alt_text || "" });
  const text = element.alt_text || words.picture;
  return h("span", { class: ["picture", "placeholder", size], role: "img", "aria-label": text },
    size === "tiny" ? "" : text);
}

// The "markdown" block: only what it shares with mrkdwn is dressed.
function markdown(block) {
  return mrkdwn(String(block.text).replace(/\*\*(.+?)\*\*/g, "*$1*"));
}
