// Starts the page and ties the parts together: where the person goes, and drawing after each state.

import { act } from "./actions.js";
import { openLive, post } from "./api.js";
import { drawClock, setupClock } from "./clock.js";
import { focusables, h, icon } from "./dom.js";
import { announce, hideBanner, showBanner, showTrouble } from "./feedback.js";
import { rememberFocus, restoreFocus } from "./focus.js";
import { setInsideOpener } from "./links.js";
import { setupMessages } from "./messages.js";
import { drawModals, setupModals, topModal } from "./modal.js";
import { drawPane, setupPane } from "./pane.js";
import { drawPeople, setupPeople } from "./people.js";
import { drawSidebar, setupSidebar } from "./sidebar.js";
import { drawStage, setupStage } from "./stage.js";
import { botChannel, channelLabel, readAddress, refresh, store, subscribe, userName, writeAddress } from "./state.js";
import { changeLanguage, english, otherLanguage, words } from "./words.js";

const byId = (id) => document.getElementById(id);

let live = { as: "", close: () => {} };
let drawnFor = "";
let markedRead = "";
let personButton = null;

function start() {
  nameParts();
  setInsideOpener(goTo);
  setupModals({ openPlace: goTo });
  setupMessages({ openPlace: goTo });
  setupPane({ goTo, openMenu: () => toggleDrawer("sidebar", true) });
  setupSidebar({ goTo, close: () => toggleDrawer("sidebar", false) });
  byId("bar").append(h("h1", { class: "sr-only" }, words.sandbox), setupClock(), languageButton(), buildPersonButton());
  byId("stage").append(buildStageHead(), setupPeople({ become }), setupStage());
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onPointer);
  document.addEventListener("visibilitychange", markRead);
  window.addEventListener("popstate", onAddress);
  subscribe(onState);
  readAddress();
  enter();
}

/** The frame of the page is in index.html and has no words of its own. */
function nameParts() {
  document.documentElement.lang = english ? "en" : "da";
  document.title = words.sandbox;
  document.querySelector(".skip").textContent = words.skip;
  for (const id of ["bar", "sidebar", "stage", "banners"]) byId(id).setAttribute("aria-label", words[id]);
}

// What the app says is the app's: this is for the words around it, as Slack's own language is.
const languageButton = () => h("button", { type: "button", class: "bar-button", lang: english ? "da" : "en",
  dataset: { testid: "page-language" }, on: { click: changeLanguage } }, otherLanguage);

// ---- places ----

/** Go to {channel} | {home: true} | {messages: true}. */
async function goTo(place) {
  closeDrawers();
  if (place.messages) return goToMessages();
  store.home = Boolean(place.home);
  store.channel = place.channel || "";
  writeAddress(true);
  return enter();
}

async function goToMessages() {
  const known = botChannel();
  if (known) return goTo({ channel: known.id });
  const reply = await post("/dm", { as: store.as, user: store.data.bot.user_id });
  if (reply.ok) return goTo({ channel: reply.channel });
  return showBanner("action", words.notOpened);
}

function become(userId) {
  if (userId === store.as) return closeDrawers();
  closeDrawers();
  store.as = userId;
  // The same room if this person is in it; the server falls back to one that is.
  writeAddress(true);
  announce(words.nowYouAre(userName(userId)));
  return enter();
}

function onAddress() {
  readAddress();
  enter();
}

/** Fetch the place in the address; the app hears that its Home was opened, as in Slack. */
async function enter() {
  if (!store.as) await refresh(); // the server says who one is
  // Home is drawn at once, and again when the app has answered.
  if (store.home && store.as) await Promise.all([refresh(), act("/home")]);
  else await refresh();
}

// ---- drawing ----

function onState(failure) {
  if (failure && recover(failure)) return;
  if (failure) return showBanner("server", words.noState);
  hideBanner("server");
  writeAddress(false);
  connect();
  draw();
  markRead();
}

// A person or channel in the address may be gone, or not this person's to see.
function recover(failure) {
  if (!(failure.status >= 400 && failure.status < 500)) return false;
  if (store.channel) store.channel = "";
  else if (store.as) store.as = "";
  else return false;
  refresh();
  return true;
}

function draw() {
  const { data } = store;
  const memory = rememberFocus();
  const samePerson = drawnFor === data.me.id;
  drawnFor = data.me.id;
  drawClock();
  drawSidebar();
  drawPeople();
  drawStage();
  drawPersonButton();
  drawPane();
  showTrouble(data.trouble);
  if (!drawModals(data.modals || [], memory, samePerson)) keepFocus(memory);
  document.title = titleText(data);
}

function keepFocus(memory) {
  if (restoreFocus(memory) || document.activeElement !== document.body) return;
  // What had focus is gone: stay in the same part of the page.
  const modal = topModal();
  (modal ? modal.title : byId("main")).focus({ preventScroll: true });
}

function titleText(data) {
  const unread = data.people.find((one) => one.id === data.me.id)?.unread;
  const place = store.home ? data.bot.name : placeName(data);
  return `${unread ? `(${unread}) ` : ""}${[place, data.me.name, data.team.name].filter(Boolean).join(" – ")}`;
}

function placeName({ channel, channels }) {
  const known = channel && channels.find((one) => one.id === channel.id);
  return known ? (known.kind === "im" ? "" : "#") + channelLabel(known) : "";
}

/** Tell the server the person has seen the newest message here. */
function markRead() {
  const { data } = store;
  if (!data || store.home || !data.channel || document.visibilityState !== "visible") return;
  const unread = data.channels.find((one) => one.id === data.channel.id)?.unread;
  const sign = [store.as, data.channel.id, data.channel.messages.at(-1)?.ts, unread].join("|");
  if (!unread || sign === markedRead) return;
  markedRead = sign;
  post("/read", { as: store.as, channel: data.channel.id }).then(refresh);
}

// ---- the live line ----

function connect() {
  if (live.as === store.as) return;
  live.close();
  let lost = false;
  const close = openLive(store.as, {
    onMessage: () => refresh(),
    onLine: (up) => {
      if (up) hideBanner("line");
      else showBanner("line", words.noLine);
      if (up && lost) refresh();
      lost = !up;
    },
  });
  live = { as: store.as, close };
}

// ---- drawers and panes on a narrow screen ----

function buildPersonButton() {
  personButton = h("button", { type: "button", class: "bar-button person-toggle", "aria-expanded": "false",
    "aria-controls": "stage", dataset: { testid: "open-people" }, on: { click: () => toggleDrawer("stage") } });
  return personButton;
}

function drawPersonButton() {
  const { me, people } = store.data;
  const others = people.filter((one) => one.id !== me.id).reduce((sum, one) => sum + (one.unread || 0), 0);
  const text = words.youAre(me.name);
  if (personButton.dataset.sign === text + others) return;
  personButton.dataset.sign = text + others;
  personButton.replaceChildren(h("span", { class: "person-toggle-name" }, text), icon("down"));
}

function buildStageHead() {
  return h("div", { class: "stage-head" }, h("h2", { id: "people-title" }, words.beAnother),
    h("button", { type: "button", class: "icon-button drawer-close", "aria-label": words.closePanel,
      on: { click: () => toggleDrawer("stage", false) } }, icon("close")));
}

const togglers = { sidebar: () => document.querySelector(".drawer-toggle"), stage: () => personButton };

function toggleDrawer(id, open = !byId(id).classList.contains("open")) {
  const drawer = byId(id);
  if (drawer.classList.contains("open") === open) return;
  drawer.classList.toggle("open", open);
  togglers[id]()?.setAttribute("aria-expanded", String(open));
  if (open) (drawer.querySelector("[aria-current]") || focusables(drawer)[0])?.focus();
  else togglers[id]()?.focus();
}

function closeDrawers() {
  for (const id of ["sidebar", "stage"]) toggleDrawer(id, false);
}

function onKey(event) {
  if (event.key === "Escape" && document.activeElement?.closest(".sidebar.open,.stage.open")) {
    event.preventDefault();
    closeDrawers();
  } else if (event.key === "F6") {
    event.preventDefault();
    nextRegion(event.shiftKey ? -1 : 1);
  }
}

/** A press beside an open drawer closes it; focus goes where the press goes. */
function onPointer(event) {
  for (const id of ["sidebar", "stage"]) {
    if (!byId(id).classList.contains("open") || byId(id).contains(event.target)) continue;
    if (togglers[id]()?.contains(event.target)) continue; // its own button closes it
    byId(id).classList.remove("open");
    togglers[id]()?.setAttribute("aria-expanded", "false");
  }
}

/** F6 walks between the parts of the page, as in Slack; also out of a modal to the time machine. */
function nextRegion(step) {
  const modal = topModal()?.node;
  const all = [byId("bar"), ...(modal ? [modal] : [byId("sidebar"), byId("main")]), byId("stage")]
    .filter((node) => focusables(node).length);
  const at = all.findIndex((node) => node.contains(document.activeElement));
  const next = all[(at + step + all.length) % all.length];
  (next.querySelector("[aria-current],.composer-field") || focusables(next)[0]).focus();
}

start();
