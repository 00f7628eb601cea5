// "Scenen": what happens around the app in a real workspace, done here by hand.

import { post } from "./api.js";
import { h, patchList, uniqueId } from "./dom.js";
import { announce, failureText, whileBusy } from "./feedback.js";
import { channelLabel, refresh, store } from "./state.js";

const ROOM = [["archive", "Arkivér"], ["unarchive", "Genåbn"], ["share", "Del udadtil"], ["unshare", "Stop deling"]];
const ROOM_AND_PERSON = [["invite", "Invitér"], ["remove", "Fjern"]];
const PERSON = [["deactivate", "Deaktivér"], ["reactivate", "Genaktivér"]];

const FAULTS = [
  ["drop_after", "Svaret går tabt, men det skete"], ["drop_before", "Kaldet går tabt, og intet skete"],
  ["500", "Slack fejler (500), og intet skete"], ["500_after", "Slack fejler (500), men det skete"],
  ["error:", "Slack svarer med koden"], ["error_after:", "Slack svarer med koden, men det skete"],
  ["429", "Slack beder om en pause (429)"], ["slow", "Slack er langsom"],
  ["pace_on", "Højst én besked i sekundet pr. kanal"], ["pace_off", "Så mange beskeder, det skal være"],
  ["shut_out:", "Botten lukkes ude med koden"], ["let_in", "Botten lukkes ind igen"],
  ["outage_on", "Slack er nede"], ["outage_off", "Slack er oppe igen"],
  ["sockets_refresh", "Forbindelsen fornys"], ["sockets_drop", "Forbindelsen falder ud"],
  ["clear", "Glem alle forstyrrelser"],
];

let parts = null;

export function setupStage() {
  parts = {
    channel: chooser("Kanal", "stage-channel"), user: chooser("Person", "stage-user"),
    kind: chooser("Fejl", "stage-fault"), result: h("p", { class: "stage-result", role: "status" }),
    method: written("method", "chat.postMessage"), code: written("code", "token_revoked"),
    times: written("times", "1"), seconds: written("seconds", ""),
  };
  fill(parts.kind.select, FAULTS);
  return h("section", {},
    fold("stage-menu", "Scenen: rum og personer",
      parts.channel.node, buttons(ROOM), parts.user.node, buttons(ROOM_AND_PERSON), buttons(PERSON)),
    fold("fault-menu", "Forstyrrelser",
      parts.kind.node, ...[["method", "Kald (* er alle)"], ["code", "Kode"], ["times", "Antal gange"],
        ["seconds", "Sekunder (pause eller ventetid)"]].flatMap(([name, label]) =>
        [h("label", { class: "label", for: parts[name].id }, label), parts[name]]),
      h("div", { class: "stage-buttons" }, h("button", { type: "button", class: "btn",
        dataset: { testid: "stage-do-fault" }, on: { click: makeFault } }, "Lad det ske"))),
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

const buttons = (list) => h("div", { class: "stage-buttons" }, list.map(([name, label]) =>
  h("button", { type: "button", class: "btn", dataset: { testid: "stage-" + name },
    on: { click: (event) => doIt(name, label, event.currentTarget) } }, label)));

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
  const text = reply.ok ? `${label}: gjort.` : `${label}: ${failureText(reply.error)}`;
  parts.result.textContent = text;
  if (!reply.ok) announce(text);
  await refresh();
}
