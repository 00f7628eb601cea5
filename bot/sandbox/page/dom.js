// Small DOM builder. Data from the bot only ever becomes text nodes or attributes,
// so nothing a message says can turn into markup.

import { words } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class, dataset, on: {click}, ...attributes}, ...children) */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) setProp(node, name, value);
  append(node, children);
  return node;
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") {
    for (const [type, handler] of Object.entries(value)) node.addEventListener(type, handler);
  } else if (name === "dataset") {
    for (const [key, item] of Object.entries(value)) if (item != null) node.dataset[key] = item;
  } else if (name === "class") {
    node.className = Array.isArray(value) ? value.filter(Boolean).join(" ") : value;
  } else if (name === "value" || name === "checked" || name === "selected") {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child.nodeType ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

const ICONS = {
  hash: "M7 3 5 17M13 3l-2 14M3 7h14M2 13h14",
  lock: "M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3",
  close: "M5 5l10 10M15 5 5 15",
  menu: "M3 5h14M3 10h14M3 15h14",
  dots: "M4 10h.01M10 10h.01M16 10h.01",
  send: "M3 4l14 6-14 6 3-6zM6 10h5",
  bolt: "M11 2 4 12h5l-1 6 8-10h-6z",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  people: "M7 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-4 2-6 5-6s5 2 5 6M13 4a3 3 0 0 1 0 5M15 11c2 1 3 3 3 6",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l3 2",
  down: "M5 8l5 5 5-5",
};

/** A decorative line icon; the control around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon icon-" + name);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** The initials of a name on a colour that is always the same for that id. */
export function avatar(id, name, small) {
  const words = (name || "?").split(/\s+/).filter(Boolean);
  const first = words[0] || "?";
  const last = words.length > 1 ? words[words.length - 1] : "";
  const sum = [...String(id)].reduce((total, char) => (total * 31 + char.charCodeAt(0)) % 997, 7);
  return h("span", { class: ["avatar", "tint-" + (sum % 8), small && "small"], "aria-hidden": "true" },
    (first[0] + (last[0] || "")).toUpperCase());
}

/** A count of what has not been read; nothing when there is none. */
export function unreadBadge(count) {
  if (!count) return null;
  return h("span", { class: "badge" }, count, h("span", { class: "sr-only" }, " " + words.unread(count)));
}

let counter = 0;
export const uniqueId = (stem) => `${stem}-${++counter}`;

const FOCUSABLE = "a[href],button:not([disabled]),input:not([disabled]),select:not([disabled])," +
  "textarea:not([disabled]),summary,[tabindex='0']";

export function focusables(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter(
    (node) => node.tabIndex >= 0 && node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]"));
}

/**
 * Keep the children of `parent` in step with `items` and rebuild only those that changed,
 * so that focus, typed text and scroll position survive a refetch.
 */
export function patchList(parent, items, { key, signature, build }) {
  const old = parent.patched || new Map();
  const fresh = new Map();
  let cursor = parent.firstChild;
  items.forEach((item, index) => {
    const id = key(item, index);
    const sign = signature(item, index);
    const known = old.get(id);
    const node = known && known.sign === sign ? known.node : build(item, index);
    if (known && known.node !== node) {
      if (cursor === known.node) cursor = known.node.nextSibling;
      known.node.remove();
    }
    old.delete(id);
    fresh.set(id, { sign, node });
    if (node === cursor) cursor = node.nextSibling;
    else parent.insertBefore(node, cursor);
  });
  for (const { node } of old.values()) node.remove();
  parent.patched = fresh;
}
