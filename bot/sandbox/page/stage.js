// "Scenen": what happens around the app in a real workspace, done here by hand.

import { post } from "./api.js";
import { h, patchList, uniqueId } from "./dom.js";
import { announce, failureText, whileBusy } from "./feedback.js";
import { channelLabel, refresh, store } from "./state.js";
import { words } from "./words.js";

const ROOM = ["archive", "unarchive", "share", "unshare"];
const ROOM_AND_PERSON = ["invite", "remove"];
const PERSON = ["deactivate", "reactivate"];

const FAULTS = [
  "drop_after", "drop_before", "500", "500_after", "error:", "error_after:", "429", "slow", "pace_on", "pace_off",
  "shut_out:", "let_in", "outage_on", "outage_off", "sockets_refresh", "sockets_drop", "clear",
];

let parts = null;

export function setupStage() {
  parts = {
    channel: chooser(words.channel, "stage-channel"), user: chooser(words.person, "stage-user"),
    kind: chooser(words.fault, "stage-fault"), result: h("p", { class: "stage-result", role: "status" }),
    method: written("method", "chat.postMessage"), code: written("code", "token_revoked"),
    times: written("times", "1"), seconds: written("seconds", ""),
  };
  fill(parts.kind.select, FAULTS.map((kind) => [kind, words["fault." + kind]]));
  return h("section", {},
    fold("stage-menu", words.rooms,
      parts.channel.node, buttons(ROOM), parts.user.node, buttons(ROOM_AND_PERSON), buttons(PERSON)),
    fold("fault-menu", words.faults,
      parts.kind.node, ...["method", "code", "times", "seconds"].flatMap((name) =>
        [h("label", { class: "label", for: parts[name].id }, words[name]), parts[name]]),
      h("div", { class: "stage-buttons" }, h("button", { type: "button", class: "btn",
        dataset: { testid: "stage-do-fault" }, on: { click: makeFault } }, words.makeItHappen))),
    parts.result);
}

const written = (name, value) => h("input", { type: "text", class: "text-input", id: uniqueId(name), value,
  dataset: { testid: "stage-" + name } });

const fold = (testid, title, ...children) =>
  h("details", { class: "stage-menu", dataset: { testid } }, h("summary", {}, title), children);

function chooser(label, testid) {
  const id = uniqueId(testid);
  const select = h("select", { id, class: "select", dataset: { testid } });
  return { select, node: h("div", { class: "stage-field" }, h("label", { class: "label", for: id }, label),
    h("span", { class: "select-wrap" }, select)) };
}

const buttons = (list) => h("div", { class: "stage-buttons" }, list.map((name) =>
  h("button", { type: "button", class: "btn", dataset: { testid: "stage-" + name },
    on: { click: (event) => doIt(name, words[name], event.currentTarget) } }, words[name])));

export function drawStage() {
  const { channels, people } = store.data;
  const rooms = channels.filter((one) => one.kind !== "im");
  fill(parts.channel.select, rooms.map((one) => [one.id, "#" + channelLabel(one)]));
  fill(parts.user.select, people.map((one) => [one.id, one.name]));
}

function fill(select, entries) {
  const value = select.value;
  patchList(select, entries, {
    key: ([id]) => id, signature: ([, label]) => label, build: ([id, label]) => h("option", { value: id }, label),
  });
  if (value) select.value = value;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

async function doIt(name, label, node) {
  const body = { do: name, channel: parts.channel.select.value, user: parts.user.select.value };
  await tell(node, () => post("/workspace", body), label);
}

async function makeFault(event) {
  const kind = parts.kind.select;
  const body = { method: parts.method.value, kind: kind.value, times: Number(parts.times.value) || 1 };
  if (kind.value.endsWith(":")) body.kind += parts.code.value.trim();
  if (parts.seconds.value.trim()) body.seconds = Number(parts.seconds.value.replace(",", "."));
  await tell(event.currentTarget, () => post("/fault", body), kind.selectedOptions[0].textContent);
}

async function tell(node, work, label) {
  const reply = await whileBusy(node, work);
  if (!reply) return;
  const text = reply.ok ? words.done(label) : `${label}: ${failureText(reply)}`;
  parts.result.textContent = text;
  if (!reply.ok) announce(text);
  await refresh();
}
