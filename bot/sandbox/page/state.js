// What the page knows: where the person is (kept in the address) and the server's last state.

import { fetchState } from "./api.js";

export const store = { as: "", channel: "", home: false, data: null };

const listeners = [];
export const subscribe = (listener) => listeners.push(listener);

export function readAddress() {
  const query = new URLSearchParams(location.search);
  store.as = query.get("as") || "";
  store.home = query.get("home") === "1" || !query.get("channel"); // a bare address opens the app's Home
  store.channel = store.home ? "" : query.get("channel") || "";
}

export function addressFor(place) {
  const query = new URLSearchParams();
  if (place.as) query.set("as", place.as);
  if (place.home) query.set("home", "1");
  else if (place.channel) query.set("channel", place.channel);
  return "?" + query;
}

export function writeAddress(push) {
  const url = addressFor(store);
  if (url === location.search) return;
  history[push ? "pushState" : "replaceState"](null, "", url);
}

let running = null;
let queued = null;

/** Fetch and draw. Resolves when a state asked for after this call has been drawn. */
export function refresh() {
  if (!running) {
    running = load().finally(() => { running = null; });
    return running;
  }
  queued ||= running.then(() => {
    queued = null;
    return refresh();
  });
  return queued;
}

/** One round trip; goes again when the server's answer shows that the person belongs somewhere else. */
async function load() {
  const { as, channel, home } = store;
  let data = null;
  let failure = null;
  try {
    data = await fetchState(as, channel);
  } catch (error) {
    failure = error;
  }
  // The person moved on while the answer was under way: it describes another place.
  if (as !== store.as || channel !== store.channel || home !== store.home) return;
  if (data) adopt(data);
  if (data && !store.home && !data.channel && startIn(data)) return load();
  for (const listener of listeners) listener(failure);
}

function adopt(data) {
  store.data = data;
  store.as = data.me.id;
  if (!store.home && data.channel) store.channel = data.channel.id;
}

/** No room in the address, or one this person is not in: the first of their own. True if there was one. */
function startIn(data) {
  const room = data.channels.find((one) => one.kind !== "im" && one.member !== false) || data.channels[0];
  if (!room || room.id === store.channel) return false;
  store.channel = room.id;
  return true;
}

// ---- look-ups used by everything that draws names ----

export function userName(id) {
  const { people = [], bot } = store.data || {};
  const person = people.find((one) => one.id === id);
  if (person) return person.name;
  return bot && bot.user_id === id ? bot.name : id;
}

export function channelName(id) {
  const channel = (store.data?.channels || []).find((one) => one.id === id);
  return channel ? channel.name : id;
}

export const botChannel = () =>
  (store.data?.channels || []).find((one) => one.kind === "im" && one.with === store.data.bot.user_id);

export const channelLabel = (channel) =>
  channel.kind === "im" ? userName(channel.with) : channel.name;
