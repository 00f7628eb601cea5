"""What this Slack will not take: messages, views, metadata and answers that real Slack would refuse."""

import json
import re
import secrets
from typing import Any

from bot.sandbox.block_kit import check_blocks, check_option, check_option_groups, elements_of
from bot.sandbox.block_values import Place, plain
from bot.sandbox.refusals import Refused, invalid_arguments

Record = dict[str, Any]
MESSAGE_TEXT = 40_000
UPDATED_TEXT = 4_000
MESSAGE_BLOCKS_SIZE = 13_000
MARKDOWN_TEXT = 12_000
METADATA_SIZE = 8_000
VIEW_SIZE = 250_000
STAMP = re.compile(r"^\d{10}\.\d{6}$")
VIEW_KEYS = {
    "modal": {
        "type",
        "title",
        "blocks",
        "close",
        "submit",
        "private_metadata",
        "callback_id",
        "clear_on_close",
        "notify_on_close",
        "external_id",
        "submit_disabled",
    },
    "home": {"type", "blocks", "private_metadata", "callback_id", "external_id"},
}


# Messages.


def check_message(message: Record, *, update: bool = False) -> None:
    """The words, blocks and metadata of a message; refuses with Slack's own code."""
    _check_words(message, update=update)
    if message.get("blocks") is not None:
        check_message_blocks(message["blocks"])
    if message.get("attachments"):
        _check_attachments(message["attachments"])
    if message.get("metadata") is not None:
        _check_metadata(message["metadata"])
    if message.get("as_user"):
        raise Refused("as_user_not_supported")
    for name in ("thread_ts", "ts"):
        if name in message and not is_stamp(message[name]):
            raise Refused("invalid_arguments" if name == "ts" else "invalid_thread_ts")


def check_message_blocks(blocks: Any) -> None:
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    place = Place("message", "/blocks")
    check_blocks(blocks, place, most=50)
    if place.findings:
        raise _invalid_blocks(place.findings)
    if len(json.dumps(blocks, ensure_ascii=False)) > MESSAGE_BLOCKS_SIZE:
        raise Refused("msg_blocks_too_long")


def is_stamp(value: Any) -> bool:
    return isinstance(value, str) and bool(STAMP.match(value))


def _invalid_blocks(findings: list[str]) -> Refused:
    messages = [f"[ERROR] {finding}" for finding in findings]
    return Refused("invalid_blocks", errors=findings, response_metadata={"messages": messages})


def _check_words(message: Record, *, update: bool) -> None:
    markdown = message.get("markdown_text")
    if not any(message.get(k) for k in ("text", "blocks", "attachments", "markdown_text")):
        raise Refused("no_text")
    words = message.get("text")
    if words is not None and not isinstance(words, str):
        raise invalid_arguments("must be a string [json-pointer:/text]")
    if words and len(words) > (UPDATED_TEXT if update else MESSAGE_TEXT):
        raise Refused("msg_too_long")
    if markdown and not isinstance(markdown, str):
        raise invalid_arguments("must be a string [json-pointer:/markdown_text]")
    if markdown:
        if "text" in message or "blocks" in message:
            raise Refused("markdown_text_conflict")
        if len(markdown) > MARKDOWN_TEXT:
            raise Refused("msg_too_long")


def _check_attachments(attachments: Any) -> None:
    if not isinstance(attachments, list):
        raise Refused("invalid_attachments")
    if len(attachments) > 100:
        raise Refused("too_many_attachments")
    for attachment in attachments:
        if isinstance(attachment, dict) and attachment.get("blocks"):
            check_message_blocks(attachment["blocks"])


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict):
        raise Refused("invalid_metadata_format")
    payload = metadata.get("event_payload")
    named = isinstance(metadata.get("event_type"), str) and metadata["event_type"]
    if not named or not isinstance(payload, dict) or set(metadata) - {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_schema")
    if not all(_is_metadata(value) for value in payload.values()):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_SIZE:
        raise Refused("metadata_too_large")


def _is_metadata(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_flat(one) for one in value)
    return _is_flat(value) or _is_single(value)


def _is_flat(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_single(inner) for inner in value.values())


def _is_single(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


# Views.


def check_view(view: Any, *, kind: str | None = None) -> None:
    """A view as it may be sent. Refuses with every fault found, each with the place it stands."""
    findings = view_faults(view, kind=kind)
    if findings:
        raise invalid_arguments(*findings)
    if len(json.dumps(view)) > VIEW_SIZE:
        raise Refused("view_too_large")


def view_faults(view: Any, *, kind: str | None = None) -> list[str]:
    if not isinstance(view, dict):
        return ["must be an object [json-pointer:/view]"]
    surface = view.get("type")
    if surface not in VIEW_KEYS or (kind and surface != kind):
        return [f"unsupported type: {surface} [json-pointer:/view/type]"]
    place = Place(str(surface), "/view")
    for key in sorted(set(view) - VIEW_KEYS[surface]):
        place.at(key).wrong(f"invalid additional property: {key}")
    _check_view_strings(view, place)
    if surface == "modal":
        _check_frame(view, place)
    if not view.get("blocks"):
        place.wrong("missing required field: blocks")
    else:
        check_blocks(view["blocks"], place.at("blocks"), most=100)
    return place.findings


def _check_view_strings(view: Record, place: Place) -> None:
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if key in view and not isinstance(view[key], str):
            place.at(key).wrong("must be a string")
        elif key in view and len(view[key]) > most:
            place.at(key).wrong(f"must be less than {most + 1} characters")
    for key in ("clear_on_close", "notify_on_close", "submit_disabled"):
        if key in view and not isinstance(view[key], bool):
            place.at(key).wrong("must be a boolean")


def _check_frame(view: Record, place: Place) -> None:
    if "title" not in view:
        place.wrong("missing required field: title")
    for key in ("title", "submit", "close"):
        if key in view:
            plain(24)(view[key], place.at(key))
    blocks = view.get("blocks") if isinstance(view.get("blocks"), list) else []
    if any(isinstance(b, dict) and b.get("type") == "input" for b in blocks or []) and "submit" not in view:
        place.wrong("missing required field: submit")


# What Slack adds before it keeps something.


def with_ids(blocks: list[Record]) -> list[Record]:
    """The blocks as Slack keeps them: everything named, and texts saying what they left unsaid.

    An element without `action_id` gets a random one that no handler can match, as in Slack.
    """
    kept: list[Record] = json.loads(json.dumps(blocks))
    for block in kept:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
        _spell_out(block)
    return kept


def _spell_out(part: Any) -> None:
    if isinstance(part, list):
        for inner in part:
            _spell_out(inner)
    elif isinstance(part, dict):
        if part.get("type") == "plain_text":
            part.setdefault("emoji", True)
        elif part.get("type") == "mrkdwn":
            part.setdefault("verbatim", False)
        for inner in part.values():
            _spell_out(inner)


# Answers the app gives when it acknowledges.


def submission_ack_fault(answer: Any, view: Record) -> str | None:
    """What is wrong with the answer to a view_submission; None when Slack would take it."""
    if not answer:
        return None
    if not isinstance(answer, dict):
        return "the answer must be an object"
    action = answer.get("response_action")
    if action == "errors":
        return _errors_fault(answer.get("errors"), view)
    if action in ("update", "push"):
        return next(iter(view_faults(answer.get("view"), kind="modal")), None)
    return None if action == "clear" else f"unknown response_action {action!r}"


def _errors_fault(errors: Any, view: Record) -> str | None:
    inputs = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        return "errors must map the block_ids of inputs to texts"
    strangers = sorted(set(errors) - inputs)
    if strangers:
        return f"errors name {strangers}, which are no input blocks of the view"
    if not all(isinstance(words, str) and words for words in errors.values()):
        return "every error must be a text"
    return None


def suggestion_ack_fault(answer: Any) -> str | None:
    if not isinstance(answer, dict) or ("options" in answer) == ("option_groups" in answer):
        return "exactly one of options and option_groups must be answered"
    place = Place("modal")
    if "option_groups" in answer:
        check_option_groups(answer["option_groups"], place.at("option_groups"))
    elif not isinstance(answer["options"], list) or len(answer["options"]) > 100:
        return "options must be an array of at most 100"
    else:
        for index, option in enumerate(answer["options"]):
            check_option(option, place.at("options").at(index))
    return next(iter(place.findings), None)


def command_ack_fault(answer: Any) -> str | None:
    if not answer or isinstance(answer, str):
        return None
    if not isinstance(answer, dict):
        return "the answer must be an object"
    if answer.get("response_type") not in (None, "ephemeral", "in_channel"):
        return f"unknown response_type {answer.get('response_type')!r}"
    try:
        check_message({k: v for k, v in answer.items() if k in ("text", "blocks", "attachments")})
    except Refused as refusal:
        return refusal.error
    return None
