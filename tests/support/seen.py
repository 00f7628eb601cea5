"""What is seen on the sandbox's page, and how its blocks are read: words, buttons and fields as a person finds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]

VALUE_OF = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


class NotThere(AssertionError):
    """Nothing like it can be seen; the message says what can."""


@dataclass(frozen=True)
class Shown:
    """Something with blocks: `text` is all a person reads in it, `buttons` what can be pressed."""

    where: Record
    blocks: list[Record]
    plain: str = ""

    @property
    def text(self) -> str:
        return "\n".join(words_of(self.blocks)) if self.blocks else self.plain

    @property
    def buttons(self) -> list[str]:
        return [label for _, _, label, _ in pressables(self.blocks)]

    @property
    def block_ids(self) -> list[str]:
        return [b["block_id"] for b in self.blocks]

    def __contains__(self, words: str) -> bool:
        return words in self.text


@dataclass(frozen=True)
class Message(Shown):
    ts: str = ""
    channel: str = ""
    user: str = ""
    name: str = ""
    app: bool = False
    ephemeral: bool = False
    edited: bool = False
    time: str = ""
    day: str = ""
    thread_ts: str | None = None


@dataclass(frozen=True)
class Modal(Shown):
    """A modal as it stands. It is a picture: ask the actor for `modal` again after something happened."""

    view_id: str = ""
    title: str = ""
    submit: str | None = None
    close: str | None = None
    callback_id: str = ""
    complaints: dict[str, str] = field(default_factory=dict)
    state: Record = field(default_factory=dict)
    depth: int = 1  # 1 for the only modal, 3 for the third in the stack

    @property
    def labels(self) -> list[str]:
        return [b["label"]["text"] for b in self.blocks if b["type"] == "input"]

    def value(self, name: str) -> Any:
        """What stands in a field: text, a date, an option's visible text, or a list of those."""
        block, element = field_named(self.blocks, name)
        value = self.state[block["block_id"]][element["action_id"]].get(VALUE_OF[element["type"]])
        if isinstance(value, list):
            return [v["text"]["text"] if isinstance(v, dict) else v for v in value]
        return value["text"]["text"] if isinstance(value, dict) else value

    def options(self, name: str) -> list[str]:
        """The visible texts of a menu's fixed options."""
        _, element = field_named(self.blocks, name)
        return [o["text"]["text"] for o in options_of(element)]


@dataclass(frozen=True)
class Home(Shown):
    view_id: str = ""


# Reading blocks.


def words_of(blocks: list[Record]) -> list[str]:
    """What a person reads, one line for each text, in reading order."""
    lines: list[str] = []
    for block in blocks:
        lines += _words(block)
    return [line for line in lines if line]


def _words(part: Any) -> list[str]:
    if isinstance(part, list):
        return [w for inner in part for w in _words(inner)]
    if not isinstance(part, dict):
        return []
    kind = part.get("type")
    if kind in ("plain_text", "mrkdwn", "raw_text", "text", "markdown") and isinstance(part.get("text"), str):
        return [part["text"]]
    if kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
        return ["".join(_words(part.get("elements", [])))]
    if kind in ("link", "user", "channel", "emoji"):
        return [
            str(
                part.get("text")
                or part.get("url")
                or part.get("user_id")
                or part.get("channel_id")
                or part.get("name")
            )
        ]
    if kind == "image":
        return [*_words(part.get("title")), part.get("alt_text", "")]
    inner = (
        "title",
        "text",
        "label",
        "fields",
        "elements",
        "rows",
        "accessory",
        "element",
        "hint",
        "placeholder",
        "options",
    )
    found = [w for key in inner if isinstance(part.get(key), dict | list) for w in _words(part[key])]
    return found + (_words(part["description"]) if isinstance(part.get("description"), dict) else [])


def pressables(
    blocks: list[Record], near: str | None = None
) -> list[tuple[Record, Record, str, Record | None]]:
    """(block, element, visible label, option) of every button and overflow entry; with `near`, from there on."""
    found = []
    started = near is None
    for block in blocks:
        started = started or any(near in line for line in _words(block))
        if not started:
            continue
        for element in elements_of(block):
            if element["type"] == "button":
                found.append((block, element, element["text"]["text"], None))
            elif element["type"] == "overflow":
                found += [(block, element, o["text"]["text"], o) for o in element["options"]]
    return found


def elements_of(block: Record) -> list[Record]:
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    return [block["accessory"]] if block.get("accessory", {}).get("action_id") else []


def options_of(holder: Record) -> list[Record]:
    groups = holder.get("option_groups") or []
    return list(holder.get("options") or []) + [o for g in groups for o in g["options"]]


def field_named(blocks: list[Record], name: str) -> tuple[Record, Record]:
    """The field a person would call that: its id, its label, its placeholder, or the words beside it."""
    fields = [(b, e) for b in blocks for e in elements_of(b) if e["type"] in VALUE_OF]
    for fits in (_is_called, _is_labelled, _is_beside):
        for block, element in fields:
            if fits(block, element, name):
                return block, element
    raise NotThere(f"no field called {name!r} among {[b['block_id'] for b, _ in fields]}")


def _is_called(block: Record, element: Record, name: str) -> bool:
    return name in (block["block_id"], element["action_id"])


def _is_labelled(block: Record, element: Record, name: str) -> bool:
    label, hint = block.get("label") or {}, element.get("placeholder") or {}
    return name in (label.get("text"), hint.get("text"))


def _is_beside(block: Record, element: Record, name: str) -> bool:
    words = block.get("label") or (block.get("text") if block["type"] == "section" else None) or {}
    return name in words.get("text", "")


def overlaid(state: Record, typed: Record) -> Record:
    return {
        block: {**values, **typed.get(block, {})}
        for block, values in ({b: {} for b in typed} | state).items()
    }
