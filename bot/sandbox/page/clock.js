// The time machine: what the clock says, and the ways forward.

import { post } from "./api.js";
import { h, icon, uniqueId } from "./dom.js";
import { announce, failureText, whileBusy } from "./feedback.js";
import { refresh, store } from "./state.js";
import { clockText, wallToIso, wallValue } from "./time.js";
import { words } from "./words.js";

let parts = null;
let anchor = null; // {now, at}: the server's time and when this page heard it

export function setupClock() {
  const panelId = uniqueId("clock-panel");
  const field = h("input", { type: "datetime-local", id: uniqueId("goto"), class: "clock-field",
    dataset: { testid: "clock-goto-field" } });
  const button = (testid, label, body) => h("button", { type: "button", class: "bar-button", dataset: { testid },
    on: { click: (event) => move(body(), event.currentTarget) } }, label);
  parts = {
    text: h("time", { class: "clock-text", dataset: { testid: "clock" } }),
    field,
    marks: { agenda: button("clock-agenda", words.toAgenda, () => ({ mark: "agenda" })),
      reminder: button("clock-reminder", words.toReminder, () => ({ mark: "reminder" })) },
    refusal: h("div", { class: "clock-refusal", role: "alert", hidden: true, dataset: { testid: "clock-refusal" } }),
  };
  const goto = h("form", { class: "clock-goto", novalidate: true, on: { submit: onGoto } },
    h("label", { for: field.id }, words.dateAndTime), field,
    h("button", { type: "submit", class: "bar-button", dataset: { testid: "clock-goto" } }, words.goTo));
  const panel = h("div", { class: "clock-panel", id: panelId },
    parts.marks.agenda, parts.marks.reminder, button("clock-tomorrow", words.tomorrow, () => ({ tomorrow: true })), goto);
  setInterval(drawText, 5000);
  return h("div", { class: "clock", role: "group", "aria-label": words.timeMachine },
    h("div", { class: "clock-now" }, icon("clock"), parts.text, toggleFor(panel, panelId)), panel, parts.refusal);
}

// On a narrow screen the ways forward are folded away behind this button.
function toggleFor(panel, panelId) {
  return h("button", { type: "button", class: "bar-button clock-toggle", "aria-expanded": "false",
    "aria-controls": panelId, dataset: { testid: "clock-toggle" },
    on: { click: (event) => {
      const open = panel.classList.toggle("open");
      event.currentTarget.setAttribute("aria-expanded", String(open));
    } } }, words.windOn);
}

export function drawClock() {
  const { now, tz, clock_marks: marks = [] } = store.data;
  anchor = { now: new Date(now), at: Date.now() };
  drawText();
  for (const [name, node] of Object.entries(parts.marks)) {
    const mark = marks.find((one) => one.name === name);
    node.title = mark ? clockText(new Date(mark.at), tz) : words.notTold;
    node.disabled = !mark || new Date(mark.at) <= anchor.now; // a passed hour is told anew by the app
  }
  const wall = wallValue(anchor.now, tz);
  parts.field.min = wall;
  const { field } = parts;
  if (document.activeElement !== field && (!field.value || field.value < wall)) field.value = wall;
}

function drawText() {
  if (!anchor) return;
  const now = new Date(anchor.now.getTime() + Date.now() - anchor.at);
  const text = clockText(now, store.data.tz);
  if (parts.text.textContent !== text) parts.text.textContent = text;
  parts.text.dateTime = now.toISOString();
}

function onGoto(event) {
  event.preventDefault();
  const { value } = parts.field;
  if (!value) return refuse(words.writeAMoment);
  return move({ to: wallToIso(value, store.data.tz) }, event.submitter);
}

async function move(body, node) {
  refuse("");
  const reply = await whileBusy(node, () => post("/clock", body));
  if (!reply) return;
  if (!reply.ok) refuse(failureText(reply));
  await refresh();
  if (reply.ok) announce(words.nowItIs(parts.text.textContent));
}

function refuse(text) {
  parts.refusal.textContent = text;
  parts.refusal.hidden = !text;
}
