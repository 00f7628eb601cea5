// What a person has typed or chosen, kept apart from the DOM so that a redraw loses nothing.
// Slack's own rule: a value belongs to block_id + action_id and outlives views.update;
// a new block_id starts over from its initial value.

const OPTION = "selected_option";
const OPTIONS = "selected_options";

/** element type -> [key of its answer, key of its initial value, empty answer] */
const ANSWERS = {
  plain_text_input: ["value", "initial_value", null],
  email_text_input: ["value", "initial_value", null],
  url_text_input: ["value", "initial_value", null],
  number_input: ["value", "initial_value", null],
  static_select: [OPTION, "initial_option", null],
  external_select: [OPTION, "initial_option", null],
  radio_buttons: [OPTION, "initial_option", null],
  checkboxes: [OPTIONS, "initial_options", []],
  multi_static_select: [OPTIONS, "initial_options", []],
  multi_external_select: [OPTIONS, "initial_options", []],
  users_select: ["selected_user", "initial_user", null],
  multi_users_select: ["selected_users", "initial_users", []],
  channels_select: ["selected_channel", "initial_channel", null],
  multi_channels_select: ["selected_channels", "initial_channels", []],
  conversations_select: ["selected_conversation", "initial_conversation", null],
  multi_conversations_select: ["selected_conversations", "initial_conversations", []],
  datepicker: ["selected_date", "initial_date", null],
  timepicker: ["selected_time", "initial_time", null],
  datetimepicker: ["selected_date_time", "initial_date_time", null],
};

export const answerKey = (type) => ANSWERS[type]?.[0];

function initialValue(element) {
  const [, initial, empty] = ANSWERS[element.type];
  const value = element[initial];
  return value === undefined ? empty : value;
}

/** The elements of a block whose answers belong in state.values. */
export function statefulElements(block) {
  const all = [block.element, block.accessory, ...(block.type === "actions" ? block.elements || [] : [])];
  return all.filter((element) => element && element.type in ANSWERS);
}

// A menu that was rebuilt without the chosen option starts over.
function stillOffered(element, value) {
  const options = element.options || element.option_groups?.flatMap((group) => group.options);
  if (!options || !value) return true;
  return [value].flat().every((chosen) => options.some((option) => option.value === chosen.value));
}

export const isEmpty = (value) =>
  value === null || value === undefined || (Array.isArray(value) ? !value.length : String(value).trim() === "");

export class Form {
  /** `seed` is the server's copy of the answers, used once, when the page was reloaded. */
  constructor(seed) {
    this.values = new Map();
    this.seed = seed || {};
  }

  /** Give every input its answer; forget those whose block is gone. */
  sync(blocks) {
    const keep = new Set();
    for (const block of blocks) {
      for (const element of statefulElements(block)) keep.add(this.ensure(block.block_id, element));
    }
    for (const key of this.values.keys()) if (!keep.has(key)) this.values.delete(key);
    this.seed = {};
  }

  ensure(blockId, element) {
    const key = keyOf(blockId, element.action_id);
    const known = this.values.get(key);
    if (known?.type === element.type && stillOffered(element, known.value)) return key;
    const seeded = this.seed[blockId]?.[element.action_id];
    const name = answerKey(element.type);
    const useSeed = seeded && (!seeded.type || seeded.type === element.type) && seeded[name] !== undefined;
    this.values.set(key, { type: element.type, value: useSeed ? seeded[name] : initialValue(element) });
    return key;
  }

  get(blockId, element) {
    return this.values.get(this.ensure(blockId, element)).value;
  }

  set(blockId, element, value) {
    this.values.set(keyOf(blockId, element.action_id), { type: element.type, value });
  }

  forget(blockId) {
    for (const key of this.values.keys()) if (key.startsWith(blockId + "\n")) this.values.delete(key);
  }

  /** state.values as Slack sends it. */
  state(blocks) {
    const result = {};
    for (const block of blocks) {
      for (const element of statefulElements(block)) {
        const value = this.get(block.block_id, element);
        (result[block.block_id] ||= {})[element.action_id] = { type: element.type, [answerKey(element.type)]: value };
      }
    }
    return result;
  }
}

const keyOf = (blockId, actionId) => `${blockId}\n${actionId}`;
