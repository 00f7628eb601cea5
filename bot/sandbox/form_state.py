"""What stands in a form: the values Slack shows, keeps while the view is rebuilt, and sends when it is submitted."""

import re
from typing import Any

from bot.sandbox.block_elements import options_of
from bot.sandbox.block_kit import elements_of

Record = dict[str, Any]
Values = dict[str, dict[str, Record]]

# For each element that holds something: the name of its value and of the value it begins with.
HOLDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
MANY = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")
STATIC = ("static_select", "multi_static_select", "radio_buttons", "checkboxes")
# Slack's own form says these before anything is sent; the page says the same in the same words.
WRITE_SOMETHING, CHOOSE_SOMETHING = "Udfyld feltet.", "Vælg et svar."


def first_state(blocks: list[Record]) -> Values:
    """The state of a view nobody has touched."""
    return {
        block["block_id"]: {e["action_id"]: _first_value(e) for e in holding}
        for block in blocks
        if (holding := [e for e in elements_of(block) if e["type"] in HOLDS])
    }


def kept_state(blocks: list[Record], before: Values) -> Values:
    """The state after a view was rebuilt: what has the same block_id and action_id keeps what stood there.

    A new `initial_value` under an old name therefore changes nothing, which is what Slack does and what surprises people.
    """
    state = first_state(blocks)
    for block in blocks:
        for element in elements_of(block):
            old = before.get(block["block_id"], {}).get(element["action_id"])
            if old and old["type"] == element["type"] and _still_offered(element, old):
                state[block["block_id"]][element["action_id"]] = old
    return state


def filled_state(blocks: list[Record], before: Values, typed: Any) -> Values:
    """The state after a person filled something in; what the form does not ask for is left out."""
    state = {block: dict(values) for block, values in before.items()}
    for block in blocks:
        for element in elements_of(block):
            answers = (typed or {}).get(block["block_id"]) or {}
            if element["type"] in HOLDS and element["action_id"] in answers:
                value = answered(element, answers[element["action_id"]])
                state.setdefault(block["block_id"], {})[element["action_id"]] = value
    return state


def answered(element: Record, answer: Record) -> Record:
    """One element's value as Slack would send it, from what the person chose."""
    name, _ = HOLDS[element["type"]]
    value = answer.get(name)
    if name == "selected_option":
        value = _offered(element, value)
    elif name == "selected_options":
        value = [one for one in (_offered(element, v) for v in value or []) if one]
    elif name in MANY:
        value = value or []
    elif value == "":
        value = None
    elif element["type"] == "number_input" and isinstance(value, str):
        value = value.strip().replace(",", ".")
    return {"type": element["type"], name: value}


def complaints(blocks: list[Record], state: Values) -> dict[str, str]:
    """What Slack's own form says before it sends anything to the app."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = state[block["block_id"]][element["action_id"]][HOLDS[element["type"]][0]]
        said = _complaint(element, value, optional=block.get("optional", False))
        if said:
            found[block["block_id"]] = said
    return found


def _first_value(element: Record) -> Record:
    name, initial = HOLDS[element["type"]]
    nothing: Any = [] if name in MANY else None
    return {"type": element["type"], name: element.get(initial, nothing)}


def _still_offered(element: Record, old: Record) -> bool:
    if element["type"] not in STATIC:
        return True
    chosen = old.get("selected_options") or [o for o in [old.get("selected_option")] if o]
    values = {o["value"] for o in options_of(element)}
    return all(one["value"] in values for one in chosen)


def _offered(element: Record, chosen: Any) -> Record | None:
    """The option as the app wrote it; a static menu cannot be answered with anything else."""
    if not isinstance(chosen, dict):
        return None
    if element["type"] in STATIC or element["type"] == "overflow":
        return next((o for o in options_of(element) if o["value"] == chosen.get("value")), None)
    return chosen


def _complaint(element: Record, value: Any, *, optional: bool) -> str | None:
    if value in (None, [], ""):
        needed = WRITE_SOMETHING if element["type"].endswith("input") else CHOOSE_SOMETHING
        return None if optional else needed
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_complaint(element, value)
    if kind == "number_input":
        return _number_complaint(element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Skriv en e-mailadresse."
    if kind == "url_text_input" and not re.match(r"https?://\S+", value):
        return "Skriv en webadresse."
    most = element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        return f"Vælg højst {most}."
    return None


def _length_complaint(element: Record, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"Skriv mindst {element['min_length']} tegn."
    most = element.get("max_length", 3000)
    return f"Skriv højst {most} tegn." if len(value) > most else None


def _number_complaint(element: Record, value: str) -> str | None:
    decimals = element["is_decimal_allowed"]
    if not re.fullmatch(r"-?\d+(\.\d+)?" if decimals else r"-?\d+", value):
        return "Skriv et tal." if decimals else "Skriv et helt tal."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Mindst {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Højst {element['max_value']}."
    return None
