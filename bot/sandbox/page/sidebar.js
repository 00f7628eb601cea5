// Slack's left column: workspace, channels, direct messages, the app.

import { avatar, h, icon, patchList, unreadBadge } from "./dom.js";
import { addressFor, botChannel, channelLabel, store } from "./state.js";
import { words } from "./words.js";

let goTo = () => {};
let parts = null;

export function setupSidebar(options) {
  goTo = options.goTo;
  const section = (name) => ({ title: h("h2", {}, name), list: h("ul", {}) });
  parts = {
    team: h("div", { class: "team" }), channels: section(words.channels), people: section(words.direct),
    apps: section("Apps"),
  };
  const close = h("button", { type: "button", class: "icon-button drawer-close", "aria-label": words.closeList,
    on: { click: options.close } }, icon("close"));
  document.getElementById("sidebar").append(
    h("div", { class: "team-row" }, parts.team, close),
    ...[parts.channels, parts.people, parts.apps].map(({ title, list }) => h("section", {}, title, list)));
}

export function drawSidebar() {
  const { data } = store;
  parts.team.textContent = data.team.name;
  const ims = data.channels.filter((one) => one.kind === "im" && one.with !== data.bot.user_id);
  const rooms = data.channels.filter((one) => one.kind !== "im");
  drawList(parts.channels.list, rooms, channelEntry);
  drawList(parts.people.list, ims, personEntry);
  drawList(parts.apps.list, [data.bot], appEntry);
  parts.people.title.parentNode.hidden = !ims.length;
}

function drawList(list, items, entry) {
  const rows = items.map(entry);
  patchList(list, rows, {
    key: (row) => row.testid, signature: (row) => JSON.stringify(row.facts), build: (row) => h("li", {}, link(row)),
  });
}

const isHere = (id) => !store.home && store.channel === id;

function channelEntry(channel) {
  const hidden = [channel.kind === "private" && words.closedChannel, channel.shared && words.shared,
    channel.archived && words.archived, channel.member === false && words.notIn].filter(Boolean).join(", ");
  return {
    testid: "channel-" + channel.id, place: { channel: channel.id },
    facts: { name: channel.name, unread: channel.unread, here: isHere(channel.id), hidden,
      muted: channel.archived || channel.member === false },
    mark: () => icon(channel.kind === "private" ? "lock" : "hash"),
  };
}

function personEntry(channel) {
  const name = channelLabel(channel);
  return {
    testid: "channel-" + channel.id, place: { channel: channel.id },
    facts: { name, unread: channel.unread, here: isHere(channel.id), hidden: "" },
    mark: () => avatar(channel.with, name, true),
  };
}

function appEntry(bot) {
  const direct = botChannel();
  const unread = direct?.unread || 0;
  return {
    // Unread messages are why one opens the app; otherwise it opens on its Home.
    testid: "app-link", place: unread ? { messages: true } : { home: true },
    facts: { name: bot.name, unread, here: store.home || Boolean(direct && isHere(direct.id)), hidden: "app" },
    mark: () => avatar(bot.user_id, bot.name, true),
  };
}

function link({ testid, place, facts, mark }) {
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new browser tab, as links do
    event.preventDefault();
    goTo(place);
  };
  return h("a", {
    href: addressFor({ as: store.as, ...place }),
    class: ["side-link", facts.unread && "unread", facts.muted && "muted"],
    "aria-current": facts.here ? "page" : null, dataset: { testid }, on: { click: open },
  }, mark(), h("span", { class: "side-name" }, facts.name),
  facts.hidden && h("span", { class: "sr-only" }, ` (${facts.hidden})`),
  unreadBadge(facts.unread));
}
