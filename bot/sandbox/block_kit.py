"""Block Kit as Slack accepts it: every block, element and text, and where each of them may stand.

Only the blocks a municipality would want to keep for years are known here. A block this Slack does not know is refused, as an
old Slack would.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.sandbox.rich_text import check_rich_text_elements


@dataclass(frozen=True)
class Place:
    """Where we are in what was sent, and the list every finding goes to."""

    surface: str
    pointer: str = ""
    findings: list[str] = field(default_factory=list)

    def at(self, step: str | int) -> "Place":
        return replace(self, pointer=f"{self.pointer}/{step}")

    def wrong(self, message: str) -> None:
        self.findings.append(f"{message} [json-pointer:{self.pointer}]")


Check = Callable[[Any, Place], None]


def check_blocks(blocks: Any, place: Place, *, most: int) -> None:
    """All blocks of one message or view, each by itself and then as a whole."""
    if not isinstance(blocks, list):
        return place.wrong("must be an array")
    if len(blocks) > most:
        place.wrong(f"no more than {most} items allowed")
    for index, block in enumerate(blocks):
        check_block(block, place.at(index))
    _check_together([b for b in blocks if isinstance(b, dict)], place)
    return None


def check_block(block: Any, place: Place) -> None:
    if not isinstance(block, dict):
        return place.wrong("must be an object")
    kind = block.get("type")
    if kind not in BLOCKS:
        return place.at("type").wrong(f"unsupported type: {kind}")
    if place.surface not in SURFACES[kind]:
        return place.at("type").wrong(f"unsupported type: {kind} in a {place.surface}")
    return BLOCKS[kind](block, place)


def check_option(option: Any, place: Place) -> None:
    """An option as a select or a block_suggestion may offer it."""
    PLAIN_OPTION(option, place)


def check_option_groups(groups: Any, place: Place) -> None:
    GROUPS(groups, place)


def texts_in(block: dict[str, Any]) -> Iterable[str]:
    """Every string a block would show, however deep it lies."""
    for key, inner in block.items():
        if isinstance(inner, str) and key in ("text", "alt_text"):
            yield inner
        elif isinstance(inner, dict):
            yield from texts_in(inner)
        elif isinstance(inner, list):
            for part in _flat(inner):
                yield from texts_in(part)


def _flat(parts: list[Any]) -> Iterable[dict[str, Any]]:
    for part in parts:
        if isinstance(part, dict):
            yield part
        elif isinstance(part, list):
            yield from _flat(part)


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """What a person can press or fill in a block."""
    if block.get("type") == "input":
        return [block["element"]]
    if block.get("type") == "actions":
        return list(block["elements"])
    if block.get("type") == "section" and block.get("accessory", {}).get("type") not in (None, "image"):
        return [block["accessory"]]
    return []


def _check_together(blocks: list[dict[str, Any]], place: Place) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if isinstance(name, str) and name in seen:
            place.at(index).at("block_id").wrong(f"`block_id` {name} already exists")
        seen.add(str(name))
    if sum(b.get("type") == "table" for b in blocks) > 1:
        place.wrong("only_one_table_allowed")
    markdown = (b["text"] for b in blocks if b.get("type") == "markdown" and isinstance(b.get("text"), str))
    if sum(map(len, markdown)) > 12000:
        place.wrong("markdown blocks must be less than 12001 characters together")
    if sum(1 for b in blocks for _ in _focused(b)) > 1:
        place.wrong("only one element may have focus_on_load")


def _focused(part: dict[str, Any]) -> Iterable[bool]:
    if part.get("focus_on_load") is True:
        yield True
    for inner in part.values():
        for child in _flat([inner]):
            yield from _focused(child)


# What single values must be.


def string(least: int, most: int | None = None) -> Check:
    def check(value: Any, place: Place) -> None:
        if not isinstance(value, str):
            place.wrong("must be a string")
        elif len(value) < least:
            place.wrong(f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            place.wrong(f"must be less than {most + 1} characters")

    return check


def integer(least: int, most: int | None = None) -> Check:
    def check(value: Any, place: Place) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            place.wrong("must be an integer")
        elif value < least or (most is not None and value > most):
            place.wrong(f"must be between {least} and {most}")

    return check


def boolean(value: Any, place: Place) -> None:
    if not isinstance(value, bool):
        place.wrong("must be a boolean")


def one_of(*allowed: str) -> Check:
    def check(value: Any, place: Place) -> None:
        if value not in allowed:
            place.wrong(f"must be a valid enum value: {', '.join(allowed)}")

    return check


def pattern(form: str, what: str) -> Check:
    def check(value: Any, place: Place) -> None:
        if not isinstance(value, str) or not re.fullmatch(form, value):
            place.wrong(f"must be {what}")

    return check


def web_address(most: int) -> Check:
    def check(value: Any, place: Place) -> None:
        string(1, most)(value, place)
        if isinstance(value, str) and not re.match(r"^(https?://|[a-z][a-z0-9+.-]*:)", value):
            place.wrong("must be a valid URL")

    return check


def calendar_date(value: Any, place: Place) -> None:
    try:
        date.fromisoformat(value)
        if len(value) != len("2026-11-16"):
            raise ValueError(value)
    except (TypeError, ValueError):
        place.wrong("must be a valid date (YYYY-MM-DD)")


def anything(value: Any, place: Place) -> None:
    """Slack looks closer here than this sandbox does."""


def each(check: Check, least: int, most: int | None = None) -> Check:
    def check_all(values: Any, place: Place) -> None:
        if not isinstance(values, list):
            return place.wrong("must be an array")
        if len(values) < least:
            place.wrong(f"no fewer than {least} items allowed")
        if most is not None and len(values) > most:
            place.wrong(f"no more than {most} items allowed")
        for index, value in enumerate(values):
            check(value, place.at(index))
        return None

    return check_all


# Texts.


def text(most: int, *kinds: str) -> Check:
    """A text object of one of the kinds named, both when none is."""
    allowed = kinds or ("plain_text", "mrkdwn")

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, dict):
            return place.wrong("must be an object")
        kind = value.get("type")
        if kind not in allowed:
            return place.at("type").wrong(f"unsupported type: {kind}")
        _only({"type", "text", "emoji" if kind == "plain_text" else "verbatim"}, value, place)
        for flag in ("emoji", "verbatim"):
            if flag in value:
                boolean(value[flag], place.at(flag))
        return string(1, most)(value.get("text"), place.at("text"))

    return check


def plain(most: int) -> Check:
    return text(most, "plain_text")


def _only(known: Iterable[str], value: dict[str, Any], place: Place) -> None:
    for key in value:
        if key not in known:
            place.at(key).wrong(f"invalid additional property: {key}")


# Shapes.


def shape(
    required: dict[str, Check] | None = None,
    optional: dict[str, Check] | None = None,
    *,
    any_of: tuple[str, ...] = (),
    exactly_one_of: tuple[str, ...] = (),
    typed: bool = True,
) -> Check:
    must = required or {}
    known = must | (optional or {})

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, dict):
            return place.wrong("must be an object")
        for name in must:
            if name not in value:
                place.wrong(f"missing required field: {name}")
        if any_of and not any(name in value for name in any_of):
            place.wrong(f"missing required field: {' or '.join(any_of)}")
        if exactly_one_of and sum(name in value for name in exactly_one_of) != 1:
            place.wrong(f"must have exactly one of: {', '.join(exactly_one_of)}")
        _only([*known, *(["type"] if typed else [])], value, place)
        for name, inner in value.items():
            if inner is None:
                place.at(name).wrong("must not be null")
            elif name in known:
                known[name](inner, place.at(name))
        return None

    return check


def all_of(*checks: Check) -> Check:
    def check(value: Any, place: Place) -> None:
        for one in checks:
            one(value, place)

    return check


def element_among(*kinds: str) -> Check:
    def check(value: Any, place: Place) -> None:
        if not isinstance(value, dict):
            return place.wrong("must be an object")
        if value.get("type") not in kinds:
            return place.at("type").wrong(f"unsupported type: {value.get('type')}")
        return ELEMENTS[value["type"]](value, place)

    return check


# Options.

_PLAIN_DESCRIPTION = {"description": plain(75)}
PLAIN_OPTION = shape({"text": plain(75), "value": string(1, 150)}, _PLAIN_DESCRIPTION, typed=False)
RICH_OPTION = shape({"text": text(75), "value": string(1, 150)}, {"description": text(75)}, typed=False)
OVERFLOW_OPTION = shape(
    {"text": plain(75), "value": string(1, 150)},
    _PLAIN_DESCRIPTION | {"url": web_address(3000)},
    typed=False,
)
GROUPS = each(shape({"label": plain(75), "options": each(PLAIN_OPTION, 1, 100)}, typed=False), 1, 100)
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
    typed=False,
)
DISPATCH = shape(
    optional={"trigger_actions_on": each(one_of("on_enter_pressed", "on_character_entered"), 1, 2)},
    typed=False,
)
FILTER = shape(
    optional={
        "include": each(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    any_of=("include", "exclude_external_shared_channels", "exclude_bot_users"),
    typed=False,
)
PERSON_ID = pattern(r"[UW][A-Z0-9]+", "a valid user id")
CHANNEL_ID = pattern(r"[CG][A-Z0-9]+", "a valid channel id")


def options_of(element: dict[str, Any]) -> list[Any]:
    """Every option a static menu offers, whichever group it stands in."""
    groups = [g for g in _listed(element.get("option_groups")) if isinstance(g, dict)]
    return _listed(element.get("options")) + [o for g in groups for o in _listed(g.get("options"))]


def _listed(value: Any) -> list[Any]:
    """The list, or an empty one where something else was sent: its shape has already been complained about."""
    return value if isinstance(value, list) else []


def _initials_are_offered(element: Any, place: Place) -> None:
    if not isinstance(element, dict):
        return
    chosen = [element["initial_option"]] if "initial_option" in element else []
    offered = options_of(element)
    if any(one not in offered for one in chosen + _listed(element.get("initial_options"))):
        place.wrong("initial option must exactly match one of the options")


def _range_holds(element: Any, place: Place) -> None:
    try:
        if float(element["min_value"]) > float(element["max_value"]):
            place.wrong("min_value must not be greater than max_value")
    except (KeyError, TypeError, ValueError):
        return


def _beginning_fits(element: Any, place: Place) -> None:
    initial, most = element.get("initial_value"), element.get("max_length")
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        place.at("initial_value").wrong(f"must be less than {most + 1} characters")
    least = element.get("min_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        place.at("min_length").wrong("must not be greater than max_length")


# Elements.

ACTION = {"action_id": string(1, 255)}
FOCUS = ACTION | {"focus_on_load": boolean}
TYPED = FOCUS | {"dispatch_action_config": DISPATCH, "placeholder": plain(150)}
MENU = FOCUS | {"placeholder": plain(150), "confirm": CONFIRM}
MULTI = MENU | {"max_selected_items": integer(1)}
NUMBER = pattern(r"-?[0-9]+(\.[0-9]+)?", "a number written as a string")
EITHER_OPTIONS = ("options", "option_groups")
IMAGE_SOURCE = {
    "image_url": web_address(3000),
    "slack_file": shape(
        optional={"id": string(1), "url": string(1)},
        exactly_one_of=("id", "url"),
        typed=False,
    ),
}
RICH_TEXT = shape({"elements": lambda value, place: check_rich_text_elements(value, place.at, place.wrong)})

ELEMENTS: dict[str, Check] = {
    "button": shape(
        {"text": plain(75)},
        ACTION
        | {
            "url": web_address(3000),
            "value": string(0, 2000),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(1, 75),
            "confirm": CONFIRM,
        },
    ),
    "overflow": shape({"options": each(OVERFLOW_OPTION, 1, 5)}, ACTION | {"confirm": CONFIRM}),
    "checkboxes": all_of(
        shape(
            {"options": each(RICH_OPTION, 1, 10)},
            FOCUS | {"initial_options": each(RICH_OPTION, 1, 10), "confirm": CONFIRM},
        ),
        _initials_are_offered,
    ),
    "radio_buttons": all_of(
        shape(
            {"options": each(RICH_OPTION, 1, 10)},
            FOCUS | {"initial_option": RICH_OPTION, "confirm": CONFIRM},
        ),
        _initials_are_offered,
    ),
    "static_select": all_of(
        shape(
            optional=MENU
            | {
                "options": each(PLAIN_OPTION, 1, 100),
                "option_groups": GROUPS,
                "initial_option": PLAIN_OPTION,
            },
            exactly_one_of=EITHER_OPTIONS,
        ),
        _initials_are_offered,
    ),
    "multi_static_select": all_of(
        shape(
            optional=MULTI
            | {
                "options": each(PLAIN_OPTION, 1, 100),
                "option_groups": GROUPS,
                "initial_options": each(PLAIN_OPTION, 1),
            },
            exactly_one_of=EITHER_OPTIONS,
        ),
        _initials_are_offered,
    ),
    "external_select": shape(
        optional=MENU | {"initial_option": PLAIN_OPTION, "min_query_length": integer(0)},
    ),
    "multi_external_select": shape(
        optional=MULTI | {"initial_options": each(PLAIN_OPTION, 1), "min_query_length": integer(0)},
    ),
    "users_select": shape(optional=MENU | {"initial_user": PERSON_ID}),
    "multi_users_select": shape(optional=MULTI | {"initial_users": each(PERSON_ID, 1)}),
    "channels_select": shape(
        optional=MENU | {"initial_channel": CHANNEL_ID, "response_url_enabled": boolean},
    ),
    "multi_channels_select": shape(optional=MULTI | {"initial_channels": each(CHANNEL_ID, 1)}),
    "conversations_select": shape(
        optional=MENU
        | {
            "initial_conversation": string(1),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        },
    ),
    "multi_conversations_select": shape(
        optional=MULTI
        | {
            "initial_conversations": each(string(1), 1),
            "default_to_current_conversation": boolean,
            "filter": FILTER,
        },
    ),
    "datepicker": shape(optional=MENU | {"initial_date": calendar_date}),
    "timepicker": shape(
        optional=MENU
        | {
            "initial_time": pattern(r"([01]\d|2[0-3]):[0-5]\d", "a valid time (HH:mm)"),
            "timezone": string(1),
        },
    ),
    "datetimepicker": shape(
        optional=FOCUS | {"confirm": CONFIRM, "initial_date_time": integer(1_000_000_000, 9_999_999_999)},
    ),
    "plain_text_input": all_of(
        shape(
            optional=TYPED
            | {
                "initial_value": string(0, 3000),
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            },
        ),
        _beginning_fits,
    ),
    "email_text_input": shape(optional=TYPED | {"initial_value": string(0)}),
    "url_text_input": shape(optional=TYPED | {"initial_value": string(0)}),
    "number_input": all_of(
        shape(
            {"is_decimal_allowed": boolean},
            TYPED | {"initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
        ),
        _range_holds,
    ),
    "rich_text_input": shape(
        optional=TYPED
        | {"initial_value": RICH_TEXT, "min_lines": integer(1, 100), "max_lines": integer(1, 100)},
    ),
    "file_input": shape(optional=ACTION | {"filetypes": each(string(1), 1), "max_files": integer(1, 10)}),
    "image": shape(
        {"alt_text": string(1, 2000)},
        IMAGE_SOURCE,
        exactly_one_of=("image_url", "slack_file"),
    ),
    "plain_text": plain(3000),
    "mrkdwn": text(3000, "mrkdwn"),
}

SELECTS = (
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
)
CHOICES = ("checkboxes", "radio_buttons", "datepicker", "timepicker", *SELECTS)
IN_ACTIONS = ("button", "overflow", "datetimepicker", *CHOICES)
BESIDE_SECTION = ("button", "overflow", "image", *CHOICES)
IN_INPUT = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
    "datetimepicker",
    *CHOICES,
)
IN_CONTEXT = ("image", "plain_text", "mrkdwn")


# Blocks.


def _action_ids_differ(value: Any, place: Place) -> None:
    elements = value.get("elements")
    names = (
        [e.get("action_id") for e in elements if isinstance(e, dict)] if isinstance(elements, list) else []
    )
    named = [n for n in names if n]
    for name in sorted({n for n in named if named.count(n) > 1}, key=str):
        place.at("elements").wrong(f"`action_id` {name} already exists for this block")


def _files_are_asked_for_in_modals(value: Any, place: Place) -> None:
    element = value.get("element")
    if isinstance(element, dict) and element.get("type") == "file_input":
        if place.surface != "modal":
            place.at("element").wrong("file_input is only available in modals")
        if value.get("dispatch_action"):
            place.at("dispatch_action").wrong("not allowed with file_input")


def _check_cell(cell: Any, place: Place) -> None:
    if not isinstance(cell, dict) or cell.get("type") not in ("raw_text", "rich_text"):
        return place.wrong("must be a raw_text or rich_text cell")
    if cell["type"] == "raw_text":
        return string(0)(cell.get("text"), place.at("text"))
    return RICH_TEXT(cell, place)


def _rows_are_equally_wide(value: Any, place: Place) -> None:
    rows = value.get("rows")
    if not isinstance(rows, list):
        return
    if len({len(r) for r in rows if isinstance(r, list)}) > 1:
        place.at("rows").wrong("all rows must have the same number of cells")
    if sum(len(t) for r in rows if isinstance(r, list) for t in texts_in({"cells": r})) > 10000:
        place.at("rows").wrong("must be less than 10001 characters in all cells")


NAMED = {"block_id": string(1, 255)}

BLOCKS: dict[str, Check] = {
    "divider": shape(optional=NAMED),
    "header": shape({"text": plain(150)}, NAMED | {"level": integer(1, 4)}),
    "section": shape(
        optional=NAMED
        | {
            "text": text(3000),
            "fields": each(text(2000), 1, 10),
            "accessory": element_among(*BESIDE_SECTION),
            "expand": boolean,
        },
        any_of=("text", "fields"),
    ),
    "context": shape({"elements": each(element_among(*IN_CONTEXT), 1, 10)}, NAMED),
    "actions": all_of(
        shape({"elements": each(element_among(*IN_ACTIONS), 1, 25)}, NAMED),
        _action_ids_differ,
    ),
    "input": all_of(
        shape(
            {"label": plain(2000), "element": element_among(*IN_INPUT)},
            NAMED | {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        ),
        _files_are_asked_for_in_modals,
    ),
    "image": shape(
        {"alt_text": string(1, 2000)},
        NAMED | IMAGE_SOURCE | {"title": plain(2000)},
        exactly_one_of=("image_url", "slack_file"),
    ),
    "rich_text": shape(
        {"elements": lambda value, place: check_rich_text_elements(value, place.at, place.wrong)},
        NAMED,
    ),
    "table": all_of(
        shape(
            {"rows": each(each(_check_cell, 1, 20), 1, 100)},
            NAMED | {"column_settings": each(anything, 0, 20)},
        ),
        _rows_are_equally_wide,
    ),
    "markdown": shape({"text": string(1, 12000)}, NAMED),
    "alert": shape(
        {"text": text(200)},
        NAMED | {"level": one_of("default", "info", "warning", "error", "success")},
    ),
    "video": shape(
        {
            "alt_text": string(1, 2000),
            "title": plain(200),
            "thumbnail_url": web_address(3000),
            "video_url": web_address(3000),
        },
        NAMED
        | {
            "author_name": string(0, 50),
            "description": plain(200),
            "provider_icon_url": web_address(2000),
            "provider_name": string(0, 50),
            "title_url": web_address(2000),
        },
    ),
}

EVERYWHERE = ("message", "modal", "home")
SURFACES: dict[str, tuple[str, ...]] = dict.fromkeys(BLOCKS, EVERYWHERE) | {
    "table": ("message",),
    "markdown": ("message",),
    "alert": ("modal",),
}
