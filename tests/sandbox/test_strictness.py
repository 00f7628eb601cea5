"""What real Slack refuses, this Slack refuses."""

import pytest

from bot.sandbox.refusals import Refused
from bot.sandbox.strict import (
    check_message,
    command_ack_fault,
    submission_ack_fault,
    suggestion_ack_fault,
    view_faults,
)
from tests.sandbox.tiny_town import button, field, form, option, plain, words

MANY = 26


def message_refusal(**message):
    try:
        check_message(message, update=message.pop("update", False))
    except Refused as refusal:
        return refusal.error
    return None


def faults(*blocks, **frame):
    view = {"type": "modal", "title": plain("x"), "submit": plain("Ok"), "blocks": list(blocks), **frame}
    return view_faults(view)


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def select(**more):
    return {"type": "static_select", "action_id": "a", "options": [option("A", "a")], **more}


GOOD_BLOCKS = [
    words("x" * 3000),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [
            {"type": "mrkdwn", "text": "x"},
            {"type": "image", "image_url": "https://x.dk/a.png", "alt_text": "x"},
        ],
    },
    {
        "type": "section",
        "fields": [plain("a")] * 10,
        "accessory": {"type": "overflow", "action_id": "o", "options": [option("A", "a")]},
    },
    actions(button("x" * 75, "b", value="x" * 2000), select(), {"type": "users_select", "action_id": "u"}),
    field(
        "f",
        "Felt",
        {"type": "number_input", "is_decimal_allowed": True, "min_value": "0", "max_value": "10.5"},
    ),
    field("d", "Dato", {"type": "datepicker", "initial_date": "2026-11-19"}, hint=plain("h"), optional=True),
    field(
        "c",
        "Valg",
        {"type": "checkboxes", "options": [option("A", "a")], "initial_options": [option("A", "a")]},
    ),
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
                    }
                ],
            }
        ],
    },
]

BAD_BLOCKS = {
    "section 3001": words("x" * 3001),
    "empty text": words(""),
    "section without text": {"type": "section"},
    "field 2001": {"type": "section", "fields": [plain("x" * 2001)]},
    "eleven fields": {"type": "section", "fields": [plain("x")] * 11},
    "header 151": {"type": "header", "text": plain("x" * 151)},
    "header mrkdwn": {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
    "text is a string": {"type": "section", "text": "x"},
    "unknown key in a text": {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}},
    "unknown block": {"type": "bogus"},
    "unknown key": {"type": "divider", "foo": 1},
    "null": {"type": "divider", "block_id": None},
    "block_id 256": {"type": "divider", "block_id": "x" * 256},
    "no elements": actions(),
    "26 elements": actions(*(button("x", str(n)) for n in range(MANY))),
    "same action_id": actions(button("x", "a"), button("y", "a")),
    "button 76": actions(button("x" * 76, "a")),
    "button value 2001": actions(button("x", "a", value="x" * 2001)),
    "button style": actions(button("x", "a", style="blue")),
    "button value number": actions(button("x", "a", value=1)),
    "button with a typo": actions({"type": "button", "text": plain("x"), "action_idd": "a"}),
    "input in actions": actions({"type": "plain_text_input", "action_id": "a"}),
    "button in input": field("f", "x", {"type": "button", "text": plain("x")}),
    "datetimepicker beside a section": words("x")
    | {"accessory": {"type": "datetimepicker", "action_id": "a"}},
    "eleven in context": {"type": "context", "elements": [plain("x")] * 11},
    "button in context": {"type": "context", "elements": [button("x", "a")]},
    "label 2001": field("f", "x" * 2001, {"type": "plain_text_input"}),
    "label mrkdwn": {
        "type": "input",
        "label": {"type": "mrkdwn", "text": "x"},
        "element": {"type": "plain_text_input", "action_id": "a"},
    },
    "placeholder 151": field("f", "x", {"type": "plain_text_input", "placeholder": plain("x" * 151)}),
    "max_length 3001": field("f", "x", {"type": "plain_text_input", "max_length": 3001}),
    "initial longer than max": field(
        "f", "x", {"type": "plain_text_input", "max_length": 2, "initial_value": "abc"}
    ),
    "number as a number": field(
        "f", "x", {"type": "number_input", "is_decimal_allowed": False, "min_value": 1}
    ),
    "number without decimals said": field("f", "x", {"type": "number_input"}),
    "min over max": field(
        "f", "x", {"type": "number_input", "is_decimal_allowed": False, "min_value": "5", "max_value": "1"}
    ),
    "date": field("f", "x", {"type": "datepicker", "initial_date": "19-11-2026"}),
    "time": field("f", "x", {"type": "timepicker", "initial_time": "25:00"}),
    "no options": actions(select(options=[])),
    "101 options": actions(select(options=[option(str(n), str(n)) for n in range(101)])),
    "options and groups": actions(
        select(option_groups=[{"label": plain("x"), "options": [option("A", "a")]}])
    ),
    "option text 76": actions(select(options=[option("x" * 76, "a")])),
    "option value 151": actions(select(options=[option("x", "a" * 151)])),
    "option text mrkdwn": actions(select(options=[{"text": {"type": "mrkdwn", "text": "x"}, "value": "a"}])),
    "initial not offered": actions(select(initial_option=option("B", "b"))),
    "eleven check boxes": actions(
        {"type": "checkboxes", "action_id": "a", "options": [option(str(n), str(n)) for n in range(11)]}
    ),
    "six in overflow": actions(
        {"type": "overflow", "action_id": "a", "options": [option(str(n), str(n)) for n in range(6)]}
    ),
    "initial user": actions({"type": "users_select", "action_id": "a", "initial_user": "maja"}),
    "confirm without words": actions(button("x", "a", confirm={"title": plain("x")})),
    "confirm button 31": actions(
        button(
            "x",
            "a",
            confirm={"title": plain("x"), "text": plain("x"), "confirm": plain("x" * 31), "deny": plain("x")},
        )
    ),
    "image without alt": {"type": "image", "image_url": "https://x.dk/a.png"},
    "image with two sources": {
        "type": "image",
        "image_url": "https://x.dk/a.png",
        "slack_file": {"id": "F1"},
        "alt_text": "x",
    },
    "rich text leaf": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "bogus"}]}],
    },
    "rich text list style": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "dots", "elements": []}],
    },
    "table in a modal": {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
    "markdown in a modal": {"type": "markdown", "text": "x"},
    "not an object": "x",
}


def test_good_blocks_are_taken():
    assert faults(*GOOD_BLOCKS) == []
    assert message_refusal(text="x", blocks=[b for b in GOOD_BLOCKS if b["type"] != "input"]) is None


@pytest.mark.parametrize("block", BAD_BLOCKS.values(), ids=BAD_BLOCKS.keys())
def test_a_bad_block_is_refused_with_the_place_it_stands(block):
    found = faults(block)
    assert found
    assert all("[json-pointer:/view/blocks/0" in fault for fault in found)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"title": plain("x" * 25)}, "/view/title/text"),
        ({"submit": plain("x" * 25)}, "/view/submit/text"),
        ({"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"callback_id": "x" * 256}, "/view/callback_id"),
        ({"external_id": 7}, "/view/external_id"),
        ({"hash": "x"}, "/view/hash"),
        ({"id": "V1"}, "/view/id"),
        ({"notify_on_close": "yes"}, "/view/notify_on_close"),
        ({"type": "home"}, "/view"),
        ({"type": "workflow"}, "/view/type"),
    ],
)
def test_a_bad_frame_is_refused(frame, said):
    assert any(said in fault for fault in faults(words("x"), **frame))


def test_a_view_as_a_whole():
    no_submit = {k: v for k, v in form().items() if k != "submit"}
    assert "submit" in view_faults(no_submit)[0]
    assert faults()
    assert faults(*[{"type": "divider"}] * 101)
    assert faults({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"})
    focused = [field(n, "x", {"type": "plain_text_input", "focus_on_load": True}) for n in ("a", "b")]
    assert faults(*focused)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40001}, "msg_too_long"),
        ({"text": "x" * 4001, "update": True}, "msg_too_long"),
        ({"text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [words("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "metadata": "nonsense"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"x": "y" * 9000}}},
            "metadata_too_large",
        ),
        ({"text": "x", "thread_ts": 1700000000.1}, "invalid_thread_ts"),
        ({"text": "x", "as_user": True}, "as_user_not_supported"),
        (
            {"text": "x", "blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}], []]}]},
            "invalid_blocks",
        ),
        ({"text": "x", "blocks": [{"type": "alert", "text": plain("x")}]}, "invalid_blocks"),
    ],
)
def test_a_bad_message_is_refused_by_name(message, error):
    assert message_refusal(**message) == error


def test_answers_slack_would_not_take():
    view = {"blocks": [{"type": "input", "block_id": "a"}, {"type": "section", "block_id": "b"}]}
    good = {"response_action": "errors", "errors": {"a": "Skriv mere."}}
    assert submission_ack_fault(None, view) is submission_ack_fault(good, view) is None
    assert submission_ack_fault({"response_action": "errors", "errors": {"b": "x"}}, view)
    assert submission_ack_fault({"response_action": "errors", "errors": {}}, view)
    assert submission_ack_fault({"response_action": "update", "view": {"type": "modal"}}, view)
    assert submission_ack_fault({"response_action": "nonsense"}, view)
    assert submission_ack_fault({"text": "hej"}, view)
    assert suggestion_ack_fault({"options": [option("A", "a")]}) is None
    assert suggestion_ack_fault({"options": [option("x" * 76, "a")]})
    assert suggestion_ack_fault({})
    assert command_ack_fault({"text": "hej"}) is command_ack_fault("hej") is None
    assert command_ack_fault({"text": "x", "response_type": "loud"})
