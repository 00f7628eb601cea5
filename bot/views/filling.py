"""A form that is built already: what stands in its fields, and how other answers are put there.

Pure, and the same for every form: a field's name is its block's id, up to `~`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from bot.domain.calendar import local_date
from bot.domain.text import visible
from bot.texts import Texts
from bot.views.kit import Button, Json, Page, Surface

AGAIN = "draft.again"
LINE = "draft"
"""The id of the block that says that a draft has been put in."""

_ONE = {
    "plain_text_input": "initial_value",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "users_select": "initial_user",
    "conversations_select": "initial_conversation",
}
_SEVERAL = {"multi_users_select": "initial_users"}
_OPTION = {"static_select": "initial_option", "radio_buttons": "initial_option"}
_OPTIONS = {"checkboxes": "initial_options", "multi_static_select": "initial_options"}
_PLACES = _ONE | _SEVERAL | _OPTION | _OPTIONS


def name_of(block: Json) -> str:
    return str(block["block_id"]).split("~")[0]


def fields(view: Json) -> dict[str, Json]:
    """Each field's block, by its name."""
    return {name_of(block): block for block in _inputs(view)}


def _inputs(view: Json) -> Iterator[Json]:
    for block in view.get("blocks", []):
        if block.get("type") == "input" and block["element"]["type"] in _PLACES:
            yield block


def texts_in(view: Json) -> frozenset[str]:
    """The fields somebody writes in, in words of their own."""
    return frozenset(n for n, b in fields(view).items() if b["element"]["type"] == "plain_text_input")


def standing(view: Json) -> dict[str, Any]:
    """What stood in each field when the form was shown, as a form is read."""
    return {name: _stands(block["element"]) for name, block in fields(view).items()}


def _stands(element: Json) -> Any:
    kind = element["type"]
    found = element.get(_PLACES[kind])
    if kind in _OPTION:
        return found["value"] if found else None
    if kind in _OPTIONS:
        return [option["value"] for option in found or []]
    if kind in _SEVERAL:
        return list(found or [])
    return visible(found, multiline=True) if found and kind == "plain_text_input" else found


def filled(view: Json, held: Mapping[str, Any]) -> Json:
    """The same form with these answers in it; one that can no longer be chosen leaves what the form proposes."""
    shown = deepcopy(view)
    for name, block in fields(shown).items():
        if name in held:
            _put(block["element"], held[name])
    return shown


def _put(element: Json, value: Any) -> None:
    kind = element["type"]
    place, found = _PLACES[kind], _fitting(element, value)
    if found:
        element[place] = found
    elif not value:
        element.pop(place, None)


def _fitting(element: Json, value: Any) -> Any:
    kind, many = element["type"], value if isinstance(value, list) else []
    if kind in _OPTION:
        return next((o for o in element.get("options", []) if o["value"] == value), None)
    if kind in _OPTIONS:
        return [o for o in element.get("options", []) if o["value"] in many]
    if kind in _SEVERAL:
        return many
    return value[: element.get("max_length") or 3000] if isinstance(value, str) else None


def telling(view: Json) -> Json:
    """The same form, which tells at every choice and every letter, and when it is closed."""
    shown = deepcopy(view)
    shown["notify_on_close"] = True
    for block in _inputs(shown):
        block["dispatch_action"] = True
        if block["element"]["type"] == "plain_text_input":
            block["element"]["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return shown


def renamed(view: Json, mark: str) -> Json:
    """With fields that are new to Slack, which else keeps what was filled in before."""
    shown = deepcopy(view)
    for block in _inputs(shown):
        block["block_id"] = f"{name_of(block)}~{mark}"
    return shown


def with_line(view: Json, texts: Texts, *, at: datetime, now: datetime) -> Json:
    """Says on top that a draft has been put in, with the way to a fresh form."""
    again = Button(texts.say("common", "draft_again"), AGAIN)
    day = local_date(at)
    said = texts.say("common", "draft_put_in", at=at, day=None if day == local_date(now) else day)
    page = Page(Surface.MODAL).section(said, button=again, id=LINE)
    block = page.modal(title=said, callback=LINE)["blocks"][0]
    return {**view, "blocks": [block, *without_line(view)["blocks"]][:100]}


def has_line(view: Json) -> bool:
    return any(block.get("block_id") == LINE for block in view.get("blocks", []))


def without_line(view: Json) -> Json:
    return {**view, "blocks": [b for b in view.get("blocks", []) if b.get("block_id") != LINE]}


_SENT = (
    "type",
    "title",
    "blocks",
    "submit",
    "close",
    "callback_id",
    "private_metadata",
    "notify_on_close",
)


def as_sent(view: Json) -> Json:
    """A form as Slack tells of it, as it can be shown again."""
    return {key: deepcopy(view[key]) for key in _SENT if view.get(key) is not None}
