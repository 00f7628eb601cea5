"""What single values in Block Kit must be, and the shapes made of them: the checks every element and block is built from."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any


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
        only({"type", "text", "emoji" if kind == "plain_text" else "verbatim"}, value, place)
        for flag in ("emoji", "verbatim"):
            if flag in value:
                boolean(value[flag], place.at(flag))
        return string(1, most)(value.get("text"), place.at("text"))

    return check


def plain(most: int) -> Check:
    return text(most, "plain_text")


def only(known: Iterable[str], value: dict[str, Any], place: Place) -> None:
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
        only([*known, *(["type"] if typed else [])], value, place)
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
