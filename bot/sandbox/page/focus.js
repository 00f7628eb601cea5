// Focus that survives a redraw: remembered by meaning (owner, block, element), not by node.

import { focusables } from "./dom.js";

const OWNER = "[data-owner]";

export function rememberFocus() {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const memory = { node, path: pathOf(node) };
  if (node.matches("textarea,input") && typeof node.selectionStart === "number") {
    memory.selection = [node.selectionStart, node.selectionEnd];
  }
  return memory;
}

function pathOf(node) {
  const owner = node.closest(OWNER);
  if (!owner || !node.closest("[data-action-id]")) {
    return node.dataset.testid ? { testid: node.dataset.testid, owner: owner?.dataset.owner } : null;
  }
  const block = node.closest("[data-block-id]");
  const element = node.closest("[data-action-id]");
  return {
    owner: owner.dataset.owner,
    block: block?.dataset.blockId,
    action: element?.dataset.actionId,
    // Two buttons may share an action_id; the value tells them apart.
    value: element?.dataset.value,
    option: node.dataset.option,
  };
}

function find(path) {
  if (!path) return null;
  const q = (name, value) => (value === undefined ? "" : `[data-${name}="${CSS.escape(value)}"]`);
  const owner = path.owner === undefined ? document : document.querySelector(q("owner", path.owner));
  if (!owner) return null;
  if (path.testid) return owner.querySelector(q("testid", path.testid));
  const inBlock = path.block === undefined ? owner : owner.querySelector(q("block-id", path.block));
  const element = inBlock?.querySelector(q("action-id", path.action) + q("value", path.value));
  if (!element) return null;
  return (path.option !== undefined && element.querySelector(q("option", path.option))) || target(element);
}

/** The thing to focus inside an element: itself, or its chosen or first control. */
export function target(element) {
  if (element.matches("button,a,input,select,textarea")) return element;
  return element.querySelector("input:checked") || focusables(element)[0] || null;
}

/** Put focus back if a redraw took it. Returns false when the place is gone. */
export function restoreFocus(memory) {
  if (!memory) return true;
  if (memory.node.isConnected && document.activeElement === memory.node) return true;
  if (document.activeElement && document.activeElement !== document.body) return true;
  const usable = memory.node.isConnected && !memory.node.closest("[inert]") && memory.node.checkVisibility();
  const node = usable ? memory.node : find(memory.path);
  if (!node || node.closest("[inert]")) return false;
  node.focus({ preventScroll: true });
  if (memory.selection && typeof node.selectionStart === "number") node.setSelectionRange(...memory.selection);
  return document.activeElement === node;
}

/** Keep Tab inside `root`. */
export function trapTab(event, root) {
  if (event.key !== "Tab") return;
  const all = focusables(root);
  if (!all.length) return;
  const first = all[0];
  const last = all[all.length - 1];
  const inside = root.contains(document.activeElement);
  if (event.shiftKey && (!inside || document.activeElement === first || document.activeElement === root)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (!inside || document.activeElement === last)) {
    event.preventDefault();
    first.focus();
  }
}
