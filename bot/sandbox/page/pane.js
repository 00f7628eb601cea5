// The large pane: a channel, a conversation, or the app with its two tabs.

import { act } from "./actions.js";
import { drawBlocks } from "./blocks.js";
import { closedReason, Composer } from "./composer.js";
import { avatar, h, icon, patchList, replace } from "./dom.js";
import { Form } from "./form.js";
import { MessageList } from "./messages.js";
import { channelLabel, store, userName } from "./state.js";
import { words } from "./words.js";

let goTo = () => {};
let openMenu = () => {};
export const setupPane = (options) => ({ goTo, openMenu } = options);

let current = { key: "" };

/** Draw the pane; its frame is rebuilt only when the person goes somewhere else. */
export function drawPane() {
  const { data } = store;
  const main = document.getElementById("main");
  const kind = store.home ? "home" : data.channel ? "channel" : "nothing";
  const info = kind === "channel" ? channelInfo(data) : null;
  const reason = info ? closedReason(info, data.me) + (info.member === false ? "outside" : "") : "";
  const key = [data.me.id, kind, info?.id, reason].join("|");
  if (key !== current.key) {
    current = { key, ...BUILD[kind](info) };
    replace(main, current.head, current.body);
  }
  current.draw(data);
}

const channelInfo = (data) => ({ ...data.channel, ...data.channels.find((one) => one.id === data.channel.id) });

const BUILD = { home: buildHome, channel: buildChannel, nothing: buildNothing };

const menuToggle = () => h("button", {
  type: "button", class: "icon-button drawer-toggle", "aria-label": words.showChannels, "aria-expanded": "false",
  "aria-controls": "sidebar", dataset: { testid: "open-sidebar" }, on: { click: () => openMenu() },
}, icon("menu"));

function buildNothing() {
  return {
    head: h("header", { class: "pane-head" }, menuToggle(), h("h2", {}, words.noChannel)),
    body: h("p", { class: "nothing" }, words.chooseChannel),
    draw: () => {},
  };
}

// ---- the app ----

function appHead(active) {
  const { bot } = store.data;
  const tab = (name, label, open) => h("button", {
    type: "button", role: "tab", id: "tab-" + name, class: "tab", "aria-selected": String(active === name),
    tabindex: active === name ? "0" : "-1", "aria-controls": "tab-panel", dataset: { testid: "tab-" + name },
    on: { click: open, keydown: onTabKey },
  }, label);
  return h("header", { class: "pane-head app-head" },
    h("div", { class: "pane-title" }, menuToggle(), avatar(bot.user_id, bot.name, true),
      h("h2", {}, bot.name), h("span", { class: "app-badge" }, "APP")),
    h("div", { class: "tabs", role: "tablist", "aria-label": bot.name },
      tab("home", words.home, () => goTo({ home: true })),
      tab("messages", words.messages, () => goTo({ messages: true }))));
}

function onTabKey(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const other = event.currentTarget.nextElementSibling || event.currentTarget.previousElementSibling;
  other.click();
  document.querySelector(`[data-testid="${other.dataset.testid}"]`)?.focus();
}

const panel = (name, ...children) =>
  h("div", { class: "tab-panel", role: "tabpanel", id: "tab-panel", "aria-labelledby": "tab-" + name }, children);

const homeForms = new Map(); // view id -> Form

function buildHome() {
  const blocks = h("div", { class: "home-blocks" });
  const empty = h("p", { class: "nothing", hidden: true }, words.noHome);
  const body = panel("home", h("div", { class: "scroll home", tabindex: "0", role: "group", "aria-label": words.home,
    dataset: { testid: "home" } }, blocks, empty));
  const draw = ({ home }) => {
    empty.hidden = Boolean(home);
    if (!home) return;
    if (!homeForms.has(home.view_id)) homeForms.set(home.view_id, new Form(home.state));
    blocks.dataset.owner = "view:" + home.view_id;
    drawBlocks(blocks, home.blocks, {
      id: "view:" + home.view_id, form: homeForms.get(home.view_id), level: 3, openPlace: goTo, changed: () => {},
      where: () => ({ view_id: store.data.home.view_id }), blocks: () => store.data.home.blocks,
    });
  };
  return { head: appHead("home"), body, draw };
}

// ---- a channel or a conversation ----

function buildChannel(channel) {
  const list = new MessageList(channel);
  const isApp = channel.kind === "im" && channel.with === store.data.bot.user_id;
  const head = isApp ? { node: appHead("messages"), draw: () => {} } : channelHead();
  const foot = footFor(channel);
  return {
    head: head.node,
    body: isApp ? panel("messages", list.node, foot) : [list.node, foot],
    draw: (data) => {
      const info = channelInfo(data);
      head.draw(info);
      list.draw(data.channel, info.unread);
    },
  };
}

function footFor(channel) {
  const reason = closedReason(channel, store.data.me);
  if (reason) return h("p", { class: "closed" }, reason);
  if (channel.member === false) return joinFoot(channel);
  return new Composer(channel).node;
}

function joinFoot(channel) {
  const join = () => act("/workspace", { do: "invite", channel: channel.id, user: store.as });
  return h("p", { class: "closed" }, words.youAreNotIn(channel.name),
    h("button", { type: "button", class: "btn", dataset: { testid: "join" }, on: { click: join } }, words.join));
}

function channelHead() {
  const title = h("h2", {});
  const facts = h("div", { class: "facts" });
  const node = h("header", { class: "pane-head" }, h("div", { class: "pane-title" }, menuToggle(), title), facts);
  const draw = (channel) => {
    patchOne(title, [channel.kind, channelLabel(channel)], () => titleParts(channel));
    patchOne(facts, [channel.topic, channel.shared, channel.archived, channel.members], () => factParts(channel));
  };
  return { node, draw };
}

function patchOne(node, signature, parts) {
  patchList(node, [signature], {
    key: () => "only", signature: (one) => JSON.stringify(one), build: () => h("span", { class: "parts" }, parts()),
  });
}

function titleParts(channel) {
  if (channel.kind === "im") return [avatar(channel.with, userName(channel.with), true), userName(channel.with)];
  return [icon(channel.kind === "private" ? "lock" : "hash"), h("span", {}, channel.name),
    channel.kind === "private" && h("span", { class: "sr-only" }, ` (${words.closedChannel})`)];
}

function factParts(channel) {
  return [
    channel.topic && h("span", { class: "topic" }, channel.topic),
    channel.shared && h("span", { class: "tag" }, words.sharedOut),
    channel.archived && h("span", { class: "tag" }, words.isArchived),
    channel.kind !== "im" && channel.members && members(channel.members),
  ];
}

function members(ids) {
  return h("details", { class: "members", dataset: { testid: "members" } },
    h("summary", {}, icon("people"), words.members(ids.length)),
    h("ul", {}, ids.map((id) => h("li", {}, avatar(id, userName(id), true), userName(id)))));
}
