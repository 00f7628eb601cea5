"""The elements of Block Kit as Slack accepts them: what a person presses, picks or writes in, and where each may stand."""

from typing import Any

from bot.sandbox.block_values import (
    Check,
    Place,
    all_of,
    boolean,
    calendar_date,
    each,
    integer,
    one_of,
    pattern,
    plain,
    shape,
    string,
    text,
    web_address,
)
from bot.sandbox.rich_text import check_rich_text_elements


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
