// Block Kit's confirm dialog: asks before a button or a choice counts.

import { h, uniqueId } from "./dom.js";
import { trapTab } from "./focus.js";
import { plain, textNode } from "./mrkdwn.js";
import { words } from "./words.js";

/** Resolves true when the person says yes. */
export function askConfirm(confirm) {
  return new Promise((resolve) => {
    const opener = document.activeElement;
    const covered = [...document.body.children].filter((node) => !node.matches("#live,#banners"));
    const end = (answer) => {
      backdrop.remove();
      for (const node of covered) node.inert = false;
      opener?.focus?.();
      resolve(answer);
    };
    const backdrop = h("div", { class: "confirm-backdrop" }, dialog(confirm, end));
    for (const node of covered) node.inert = true;
    document.body.append(backdrop);
    backdrop.querySelector("[data-testid=confirm-deny]").focus();
  });
}

function dialog(confirm, end) {
  const title = uniqueId("confirm-title");
  const text = uniqueId("confirm-text");
  const onKey = (event) => {
    trapTab(event, node);
    if (event.key === "Escape") {
      event.stopPropagation();
      end(false);
    }
  };
  const node = h("div", { class: "confirm", role: "alertdialog", "aria-modal": "true", "aria-labelledby": title,
    "aria-describedby": text, dataset: { testid: "confirm" }, on: { keydown: onKey } },
  h("h2", { id: title }, plain(confirm.title)),
  h("div", { id: text }, textNode(confirm.text)),
  h("div", { class: "confirm-buttons" },
    h("button", { type: "button", class: "btn", dataset: { testid: "confirm-deny" },
      on: { click: () => end(false) } }, plain(confirm.deny) || words.cancel),
    h("button", { type: "button", class: ["btn", confirm.style === "danger" ? "danger" : "primary"],
      dataset: { testid: "confirm-ok" }, on: { click: () => end(true) } }, plain(confirm.confirm) || words.yes)));
  return node;
}
