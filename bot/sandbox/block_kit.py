"""Block Kit as Slack accepts it: every block, element and text, and where each of them may stand.

Only the blocks a municipality would want to keep for years are known here. A block this Slack does not know is refused, as an
old Slack would.
"""

from collections.abc import Iterable
from typing import Any

from bot.sandbox.block_elements import (
    BESIDE_SECTION,
    GROUPS,
    IMAGE_SOURCE,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    PLAIN_OPTION,
    RICH_TEXT,
    element_among,
)
from bot.sandbox.block_values import (
    Check,
    Place,
    all_of,
    anything,
    boolean,
    each,
    integer,
    one_of,
    plain,
    shape,
    string,
    text,
    web_address,
)
from bot.sandbox.rich_text import check_rich_text_elements


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
