// The list of messages in a channel.

import { drawBlocks } from "./blocks.js";
import { avatar, h, icon, patchList } from "./dom.js";
import { announce } from "./feedback.js";
import { Form } from "./form.js";
import { mrkdwn } from "./mrkdwn.js";
import { store } from "./state.js";
import { dayText, timeText } from "./time.js";
import { words } from "./words.js";

const TOGETHER = 5 * 60; // seconds within which a person's messages share one head

const forms = new Map(); // person + uid -> Form
let openPlace = () => {};
export const setupMessages = (options) => { openPlace = options.openPlace; };

export class MessageList {
  constructor(channel) {
    this.channelId = channel.id;
    this.known = null;
    this.list = h("div", { class: "messages" });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, on: { click: () => this.toBottom() } },
      words.newMessages, icon("down"));
    this.scroller = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": words.messages,
      on: { scroll: () => { if (this.atBottom()) this.jump.hidden = true; } } }, this.list);
    this.node = h("div", { class: "scroll-frame" }, this.scroller, this.jump);
  }

  atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 40;
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.jump.hidden = true;
  }

  draw(channel, unread) {
    const stick = !this.known || this.atBottom();
    const shown = channel.messages.filter((one) => !one.deleted);
    // Where "new" begins is settled on arrival; it stays until the person leaves, though all is read by then.
    if (!this.known) this.firstNew = unread ? shown.at(-unread)?.uid : null;
    const rows = arrange(shown, this.firstNew);
    patchList(this.list, rows, {
      key: (row) => row.message.uid || row.message.ts,
      signature: (row) => JSON.stringify([row.day, row.compact, row.isNew, headOf(row.message)]),
      build: (row) => new MessageNode(row, channel.id).node,
    });
    rows.forEach((row, index) => this.list.children[index].message.update(row.message));
    this.list.classList.toggle("empty", !rows.length);
    const news = this.news(rows);
    if (stick) this.toBottom();
    else if (news.length) this.jump.hidden = false;
    if (news.length) announceNews(news);
  }

  /** Messages that arrived while the person was looking at this channel. */
  news(rows) {
    const before = this.known;
    this.known = new Set(rows.map((row) => row.message.uid));
    if (!before) return [];
    return rows.map((row) => row.message).filter((one) => !before.has(one.uid) && one.user !== store.as);
  }
}

function announceNews(news) {
  const last = news.at(-1);
  const more = news.length > 1 ? words.newAre(news.length) : "";
  announce(`${more}${last.name}: ${mrkdwn(last.text).textContent}`);
}

const headOf = ({ user, name, app, time, ephemeral }) => [user, name, app, time, ephemeral];

const instantOf = (message) => new Date(Number(message.ts) * 1000);
const timeOf = (message) => timeText(instantOf(message), store.data.tz);
const dayOf = (message) => dayText(instantOf(message), store.data.tz, false);

const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);

/** Add what depends on the neighbours: a new day, or the same author shortly after. */
function arrange(messages, firstNew) {
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const day = !before || before.day !== message.day ? message.day : null;
    const isNew = message.uid === firstNew;
    const compact = Boolean(before && !day && !isNew && before.user === message.user && !before.ephemeral &&
      !message.ephemeral && Number(message.ts) - Number(before.ts) < TOGETHER);
    return { message, day, compact, isNew };
  });
}

class MessageNode {
  constructor({ message, day, compact, isNew }, channelId) {
    this.channelId = channelId;
    this.message = message;
    this.body = h("div", { class: "message-body" });
    const owner = "message:" + message.uid;
    const article = h("article", {
      class: ["message", compact && "compact", message.ephemeral && "ephemeral", isReply(message) && "reply"],
      "aria-label": words.saidAt(message.name, timeOf(message)),
      dataset: { ts: message.ts, uid: message.uid, owner, testid: "message" },
    }, message.ephemeral && onlyYou(), gutter(message, compact),
    h("div", { class: "message-main" }, !compact && head(message),
      isReply(message) && h("div", { class: "in-thread" }, words.inThread), this.body));
    this.node = h("div", { class: "row" }, day && divider(dayOf(message)),
      isNew && h("div", { class: "new-line" }, words.isNew), article);
    this.node.message = this;
    this.owner = {
      id: owner, form: formFor(message), level: 4, openPlace, changed: () => {},
      where: () => ({ channel: this.channelId, ts: this.message.ts }), blocks: () => this.message.blocks || [],
    };
  }

  update(message) {
    this.message = message;
    const blocks = message.blocks?.length ? message.blocks : null;
    const sign = blocks ? "blocks" : message.text;
    if (sign !== this.sign) {
      this.body.replaceChildren();
      this.body.patched = null;
      if (!blocks) this.body.append(mrkdwn(message.text));
      this.sign = sign;
    }
    if (blocks) drawBlocks(this.body, blocks, this.owner);
    this.markEdited(Boolean(message.edited));
  }

  markEdited(edited) {
    const mark = this.body.parentNode.querySelector(".edited");
    if (edited && !mark) this.body.after(h("div", { class: "edited" }, words.edited));
    else if (!edited) mark?.remove();
  }
}

function formFor(message) {
  const key = `${store.as}|${message.uid}`;
  if (!forms.has(key)) forms.set(key, new Form(message.state));
  return forms.get(key);
}

const divider = (day) => h("h3", { class: "day" }, h("span", {}, day));

const onlyYou = () => h("div", { class: "only-you" }, icon("eye"), words.onlyYou);

const gutter = (message, compact) => h("div", { class: "gutter" },
  compact ? h("span", { class: "time", "aria-hidden": "true" }, timeOf(message)) : avatar(message.user, message.name));

const head = (message) => h("div", { class: "message-head" },
  h("span", { class: "author" }, message.name),
  message.app && h("span", { class: "app-badge" }, "APP"),
  h("span", { class: "time" }, timeOf(message)));
