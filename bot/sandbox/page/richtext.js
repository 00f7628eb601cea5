// rich_text blocks: sections, lists, quotes and preformatted text.

import { h } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { linkNode } from "./links.js";
import { channelMention, mention } from "./mrkdwn.js";
import { store } from "./state.js";
import { formatDate } from "./time.js";

export const richText = (block) =>
  h("div", { class: "rich" }, nestLists(block.elements || []).map(part));

function part(element) {
  const inner = () => (element.elements || []).map(leaf);
  switch (element.type) {
    case "rich_text_list": return list(element);
    case "rich_text_quote": return h("blockquote", {}, inner());
    case "rich_text_preformatted": return h("pre", {}, inner());
    default: return h("div", { class: "rich-section" }, inner());
  }
}

// Slack sends a nested list as a list of its own with a deeper indent; a screen reader needs it inside its item.
function nestLists(elements) {
  const result = [];
  const open = [];
  for (const element of elements) {
    if (element.type !== "rich_text_list") {
      open.length = 0;
      result.push(element);
      continue;
    }
    const copy = { ...element, nested: new Map() };
    while (open.length && (open.at(-1).indent || 0) >= (copy.indent || 0)) open.pop();
    const parent = open.at(-1);
    if (parent) {
      const last = parent.elements.length - 1;
      parent.nested.set(last, [...(parent.nested.get(last) || []), copy]);
    } else {
      result.push(copy);
    }
    open.push(copy);
  }
  return result;
}

function list(element) {
  const ordered = element.style === "ordered";
  const items = element.elements.map((item, index) =>
    h("li", {}, (item.elements || []).map(leaf), (element.nested.get(index) || []).map(list)));
  const start = ordered && element.offset ? element.offset + 1 : null;
  return h(ordered ? "ol" : "ul", { class: "rich-list", start }, items);
}

function leaf(element) {
  return dress(bare(element), element.style || {});
}

function bare(element) {
  switch (element.type) {
    case "text": return document.createTextNode(element.text);
    case "link": return linkNode(element.url, [element.text || element.url]);
    case "user": return mention(element.user_id);
    case "channel": return channelMention(element.channel_id);
    case "usergroup": return h("span", { class: "mention" }, "@" + element.usergroup_id);
    case "broadcast": return h("span", { class: "mention" }, "@" + element.range);
    case "emoji": return document.createTextNode(emojiFor(element.name) || `:${element.name}:`);
    case "date": return h("time", {}, dateText(element));
    case "color": return h("code", {}, element.value);
    default: return document.createTextNode(element.text || "");
  }
}

const dateText = (element) =>
  formatDate(element.timestamp, element.format || "{date_long}", store.data.tz, new Date(store.data.now));

function dress(node, style) {
  let result = node;
  const tags = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u" };
  for (const [name, tag] of Object.entries(tags)) if (style[name]) result = h(tag, {}, result);
  return result;
}
