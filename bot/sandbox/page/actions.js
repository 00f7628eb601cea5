// What a person does -> the server. One place decides how failures are told.

import { post } from "./api.js";
import { askConfirm } from "./confirm.js";
import { failureText, hideBanner, showBanner, whileBusy } from "./feedback.js";
import { answerKey } from "./form.js";
import { refresh, store } from "./state.js";

/** POST as the current person, then fetch what it changed. */
export async function act(path, body = {}, { quiet = false } = {}) {
  const reply = await post(path, { as: store.as, ...body });
  if (reply.ok) hideBanner("action");
  else if (!quiet) showBanner("action", failureText(reply));
  await refresh();
  return reply;
}

/** Send one answer to the app. `action` holds only what the person chose. */
export async function press(element, ctx, action, node) {
  if (element.confirm && !(await askConfirm(element.confirm))) return null;
  return whileBusy(node, () => act("/press", {
    where: ctx.where(), block_id: ctx.blockId, action_id: element.action_id, action,
    state: ctx.form.state(ctx.blocks()),
  }));
}

let line = Promise.resolve();

/**
 * Keep an answer, and send it if this element answers at once. Answers are sent one at a time, in order;
 * one that has been overtaken by a newer answer to the same element is not sent.
 * Resolves null when the person said no in a confirm dialog.
 */
export async function answer(element, ctx, value) {
  const before = ctx.form.get(ctx.blockId, element);
  ctx.form.set(ctx.blockId, element, value);
  ctx.changed(ctx.blockId);
  if (!ctx.dispatch) return true;
  const current = () => ctx.form.get(ctx.blockId, element) === value;
  const sent = line.then(() => (current() ? press(element, ctx, { [answerKey(element.type)]: value }, null) : true));
  line = sent.catch(() => {});
  const result = await sent;
  if (result === null && current()) ctx.form.set(ctx.blockId, element, before);
  return result;
}
