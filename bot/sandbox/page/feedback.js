// Banners, the spoken line and busy marks: everything that tells a person how an action went.

import { h, icon, patchList } from "./dom.js";
import { words } from "./words.js";

/** A reply's refusal in a sentence: the page's own for its code, else the one that came with it. */
export const failureText = ({ error, code }) =>
  words["why." + (code || error)] || (/\s/.test(error || "") ? error : words["why.no_answer"]);

/** Say it to a screen reader without moving focus. */
export function announce(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  // The pause makes the same sentence heard again.
  setTimeout(() => { live.textContent = text; }, 60);
}

const shown = new Map(); // key -> text
const DISMISSED = "sandbox.dismissed";
const dismissed = () => new Set(JSON.parse(sessionStorage.getItem(DISMISSED) || "[]"));

export function showBanner(key, text) {
  shown.set(key, text);
  draw();
}

export function hideBanner(key) {
  if (shown.delete(key)) draw();
}

function dismiss(key) {
  hideBanner(key);
  if (!key.startsWith("trouble|")) return;
  sessionStorage.setItem(DISMISSED, JSON.stringify([...dismissed(), key].slice(-200)));
}

/** The newest trouble the server knows of, until the person closes it. */
export function showTrouble(list) {
  for (const key of [...shown.keys()]) if (key.startsWith("trouble|")) shown.delete(key);
  const gone = dismissed();
  const key = (one) => `trouble|${one.at}|${one.what}`;
  const fresh = (list || []).filter((one) => !gone.has(key(one)));
  const last = fresh.at(-1);
  if (last) shown.set(key(last), failureText({ error: last.what, code: last.code }) + (fresh.length > 1 ? ` (${words.inAll(fresh.length)})` : ""));
  draw();
}

function draw() {
  const once = [...shown].filter(([, text], index, all) => all.findIndex((other) => other[1] === text) === index);
  patchList(document.getElementById("banners"), once, {
    key: ([key]) => key,
    signature: ([, text]) => text,
    build: ([key, text]) => h("div", { class: "banner", role: "alert", dataset: { testid: "banner" } },
      h("span", {}, text),
      h("button", { type: "button", class: "icon-button", "aria-label": words.closeNotice,
        on: { click: () => dismiss(key) } }, icon("close"))),
  });
}

/** Mark a control busy while `work` runs. It keeps focus, but a second press is ignored. */
export async function whileBusy(node, work) {
  if (!node) return work();
  if (node.getAttribute("aria-busy") === "true") return undefined;
  node.setAttribute("aria-busy", "true");
  node.classList.add("busy");
  try {
    return await work();
  } finally {
    node.removeAttribute("aria-busy");
    node.classList.remove("busy");
  }
}
