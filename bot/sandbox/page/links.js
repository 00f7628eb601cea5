// Links. Only harmless schemes; links into Slack itself stay inside the sandbox.

import { h } from "./dom.js";

let openInside = () => false;
/** app.js tells how a place inside the sandbox is opened. */
export const setInsideOpener = (opener) => { openInside = opener; };

const SAFE = /^(https?:|mailto:|tel:)/i;

/** The place a Slack deep link points to, or null: {channel} or {home: true}. */
export function insidePlace(url) {
  const archive = url.match(/^https?:\/\/[^/]*slack\.com\/archives\/([A-Z0-9]+)/);
  if (archive) return { channel: archive[1] };
  if (!url.startsWith("slack://") && !/slack\.com\/app_redirect/.test(url)) return null;
  const query = new URLSearchParams(url.split("?")[1] || "");
  if (url.startsWith("slack://app")) return query.get("tab") === "messages" ? { messages: true } : { home: true };
  const id = query.get("channel") || query.get("id");
  return id ? { channel: id } : { home: true };
}

export function linkNode(url, children, extra = "") {
  const place = insidePlace(url);
  if (place) {
    const open = (event) => {
      event.preventDefault();
      openInside(place);
    };
    return h("a", { class: ["link", extra], href: "#", on: { click: open } }, children);
  }
  if (!SAFE.test(url)) return h("span", { class: extra }, children);
  return h("a", { class: ["link", extra], href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}
