// The emoji people and bots actually type; an unknown name is shown as it was written, as in Slack.
const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", warning: "⚠️",
  hourglass_flowing_sand: "⏳", hourglass: "⌛", lock: "🔒", unlock: "🔓", key: "🔑", calendar: "📆", date: "📅",
  spiral_calendar_pad: "🗓️", clock1: "🕐", alarm_clock: "⏰", stopwatch: "⏱️", bell: "🔔", no_bell: "🔕",
  memo: "📝", pencil: "📝", pencil2: "✏️", page_facing_up: "📄", clipboard: "📋", file_folder: "📁",
  open_file_folder: "📂", paperclip: "📎", link: "🔗", pushpin: "📌", round_pushpin: "📍", mag: "🔍", bulb: "💡",
  speech_balloon: "💬", envelope: "✉️", email: "📧", telephone_receiver: "📞", wave: "👋", raised_hands: "🙌",
  clap: "👏", pray: "🙏", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", ok_hand: "👌", point_right: "👉",
  smile: "😄", slightly_smiling_face: "🙂", blush: "😊", wink: "😉", thinking_face: "🤔", cry: "😢", tada: "🎉",
  heart: "❤️", star: "⭐", eyes: "👀", question: "❓", exclamation: "❗", information_source: "ℹ️",
  red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠",
  large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", no_entry: "⛔", no_entry_sign: "🚫",
  arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", repeat: "🔁",
  arrows_counterclockwise: "🔄", door: "🚪", house: "🏠", office: "🏢", school: "🏫", moneybag: "💰",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", robot_face: "🤖", wastebasket: "🗑️", coffee: "☕",
  palm_tree: "🌴", sunny: "☀️", bar_chart: "📊", chart_with_upwards_trend: "📈", hammer_and_wrench: "🛠️", gear: "⚙️",
};

export const emojiFor = (name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : "");

const PATTERN = /:([a-z0-9_+-]+):/g;
export const withEmoji = (text) => text.replace(PATTERN, (whole, name) => emojiFor(name) || whole);
