"""Rich text: sections, lists, quotes and the leaves in them."""

from collections.abc import Callable
from typing import Any

Wrong = Callable[[str], None]
LEAVES = {
    "text": {"text"},
    "link": {"url"},
    "user": {"user_id"},
    "usergroup": {"usergroup_id"},
    "team": {"team_id"},
    "channel": {"channel_id"},
    "emoji": {"name"},
    "broadcast": {"range"},
    "color": {"value"},
    "date": {"timestamp", "format"},
}
HOLDERS = ("rich_text_section", "rich_text_preformatted", "rich_text_quote")


def check_rich_text_elements(value: Any, at: Callable[[str | int], Any], wrong: Wrong) -> None:
    """The elements of one rich_text block; `at` steps further in, as a Place does."""
    if not isinstance(value, list):
        return wrong("must be an array")
    for index, element in enumerate(value):
        _check_element(element, at(index))
    return None


def _check_element(element: Any, place: Any) -> None:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind == "rich_text_list":
        _check_list(element, place)
    elif kind in HOLDERS:
        _check_leaves(element.get("elements"), place.at("elements"))
    else:
        place.at("type").wrong(f"unsupported type: {kind}")


def _check_list(element: dict[str, Any], place: Any) -> None:
    if element.get("style") not in ("bullet", "ordered"):
        place.at("style").wrong("must be a valid enum value: bullet, ordered")
    indent = element.get("indent", 0)
    if not isinstance(indent, int) or not 0 <= indent <= 8:
        place.at("indent").wrong("must be between 0 and 8")
    for index, item in enumerate(element.get("elements") or []):
        here = place.at("elements").at(index)
        if not isinstance(item, dict) or item.get("type") != "rich_text_section":
            here.at("type").wrong("must be a rich_text_section")
        else:
            _check_leaves(item.get("elements"), here.at("elements"))


def _check_leaves(leaves: Any, place: Any) -> None:
    if not isinstance(leaves, list):
        place.wrong("must be an array")
        return
    for index, leaf in enumerate(leaves):
        kind = leaf.get("type") if isinstance(leaf, dict) else None
        if kind not in LEAVES:
            place.at(index).at("type").wrong(f"unsupported type: {kind}")
        for name in sorted(LEAVES.get(str(kind), set()) - set(leaf if isinstance(leaf, dict) else ())):
            place.at(index).wrong(f"missing required field: {name}")
