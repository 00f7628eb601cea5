// Slack's mrkdwn -> DOM nodes. Entities are turned into characters only after parsing,
// so "&lt;@U1&gt;" stays text and can never become a mention.

import { h } from "./dom.js";
import { emojiFor, withEmoji } from "./emoji.js";
import { channelName, store, userName } from "./state.js";
import { formatDate } from "./time.js";
import { linkNode } from "./links.js";

export const unescape = (text) =>
  text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/** A text object (or a bare string) as one line of plain characters. */
export function plain(text) {
  if (!text) return "";
  const value = typeof text === "string" ? text : text.text || "";
  return text.emoji === false ? unescape(value) : withEmoji(unescape(value));
}

/** A text object, drawn by its own type. */
export function textNode(text) {
  if (!text) return null;
  return text.type === "mrkdwn" ? mrkdwn(text.text, text.verbatim) : h("span", { class: "plain" }, plain(text));
}

export function mrkdwn(source, verbatim = false) {
  const root = h("div", { class: "mrkdwn" });
  const pieces = String(source || "").split("```");
  pieces.forEach((piece, index) => {
    // An odd piece stands between two fences, unless the last fence was never closed.
    if (index % 2 && index < pieces.length - 1) {
      root.append(h("pre", {}, unescape(piece.replace(/^\n/, "").replace(/\n$/, ""))));
    } else {
      const text = index % 2 ? "```" + piece : piece;
      root.append(...lines(text.replace(/^\n/, index ? "" : "\n"), verbatim));
    }
  });
  return root;
}

const QUOTE = /^(?:&gt;|>) ?/;
const QUOTE_REST = /^(?:&gt;&gt;&gt;|>>>)\s?/;
const BULLET = /^\s*([•◦▪])\s+/;
const kindOf = (line) => (QUOTE.test(line) ? "quote" : BULLET.test(line) ? "list" : "text");

function lines(text, verbatim) {
  if (!text) return [];
  const rows = text.split("\n");
  const nodes = [];
  while (rows.length) {
    if (QUOTE_REST.test(rows[0])) {
      const rest = rows.splice(0).join("\n").replace(QUOTE_REST, "");
      nodes.push(h("blockquote", {}, inline(rest, verbatim)));
      continue;
    }
    const kind = kindOf(rows[0]);
    const end = rows.findIndex((row) => kindOf(row) !== kind || QUOTE_REST.test(row));
    nodes.push(...group(kind, rows.splice(0, end < 0 ? rows.length : end), verbatim));
  }
  return nodes;
}

function group(kind, rows, verbatim) {
  if (kind === "quote") {
    return [h("blockquote", {}, inline(rows.map((row) => row.replace(QUOTE, "")).join("\n"), verbatim))];
  }
  if (kind === "list") {
    return [h("ul", { class: "bullets" },
      rows.map((row) => h("li", {}, inline(row.replace(BULLET, ""), verbatim))))];
  }
  return [h("span", { class: "run" }, inline(rows.join("\n"), verbatim))];
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const EMOJI = /:([a-z0-9_+-]+):(?::skin-tone-\d:)?/y;
const URL_TEXT = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)"'»]/y;

function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Inline marks of one run of text -> nodes. */
export function inline(text, verbatim = false) {
  const nodes = [];
  let held = "";
  const flush = () => {
    if (held) nodes.push(document.createTextNode(unescape(held)));
    held = "";
  };
  for (let at = 0; at < text.length;) {
    const found = tokenAt(text, at, verbatim);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      held += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function tokenAt(text, at, verbatim) {
  const char = text[at];
  if (char === "<") return angle(text, at);
  if (char === "`") return code(text, at);
  if (char in MARKS) return styled(text, at, char, verbatim);
  if (char === ":") return emoji(text, at);
  if (char === "h" && !verbatim && !WORD.test(text[at - 1] || "")) return bareUrl(text, at);
  return null;
}

function emoji(text, at) {
  const match = matchAt(EMOJI, text, at);
  const found = match && emojiFor(match[1]);
  return found ? { node: document.createTextNode(found), end: at + match[0].length } : null;
}

function bareUrl(text, at) {
  const match = matchAt(URL_TEXT, text, at);
  if (!match) return null;
  const url = unescape(match[0]);
  return { node: linkNode(url, [url]), end: at + match[0].length };
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1 || text.slice(at, end).includes("\n")) return null;
  return { node: h("code", {}, unescape(text.slice(at + 1, end))), end: end + 1 };
}

// A mark opens after a non-letter and closes before one: "5*3*2" and "snake_case_name" stay text.
function styled(text, at, mark, verbatim) {
  if (WORD.test(text[at - 1] || "") || /\s/.test(text[at + 1] || " ") || text[at + 1] === mark) return null;
  for (let end = at + 2; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] !== mark || /\s/.test(text[end - 1]) || WORD.test(text[end + 1] || "")) continue;
    return { node: h(MARKS[mark], {}, inline(text.slice(at + 1, end), verbatim)), end: end + 1 };
  }
  return null;
}

function angle(text, at) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const body = text.slice(at + 1, end);
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : body.slice(bar + 1);
  const node = angleNode(target, label);
  return node && { node, end: end + 1 };
}

function angleNode(target, label) {
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  const url = unescape(target);
  return linkNode(url, label ? inline(label, true) : [url.replace(/^mailto:/, "")]);
}

export const mention = (id) =>
  h("span", { class: ["mention", id === store.as && "mine"], dataset: { user: id } }, "@" + userName(id));

export function channelMention(id, label) {
  const known = channelName(id);
  return linkNode(`slack://channel?id=${id}`, ["#" + (known === id && label ? unescape(label) : known)], "mention");
}

function special(command, label) {
  const [name, ...rest] = command.split("^");
  if (name === "date") {
    const [seconds, pattern, url] = rest;
    const now = new Date(store.data.now);
    const words = Number(seconds) ? formatDate(Number(seconds), unescape(pattern || ""), store.data.tz, now) : "";
    const shown = [words || unescape(label)];
    return url ? linkNode(unescape(url), shown) : h("time", {}, shown);
  }
  return h("span", { class: "mention" }, label ? unescape(label) : "@" + name);
}
