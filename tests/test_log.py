"""A log line carries facts from a list, and nothing anybody has written."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from bot import log
from bot.log import get_log, set_up

NAME = "Anna Holm, 010203-1234"


@pytest.fixture
def written():
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up("json", to=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = handlers, level
    log._write_lines("json", None)  # as it is before anybody sets it up


def test_facts_on_the_list_are_written(written: Any):
    get_log().info("request_handled", request="7F3A", kind="command", act="/ramme", ms=17, outcome="answered")
    (line,) = written()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "request_handled",
        "level": "info",
        "request": "7F3A",
        "kind": "command",
        "act": "/ramme",
        "ms": 17,
        "outcome": "answered",
    }


def test_a_field_not_on_the_list_is_dropped_and_counted(written: Any):
    get_log().info("noted", text=NAME, name=NAME, ms=1)
    (line,) = written()
    assert line["dropped"] == 2
    assert line["ms"] == 1
    assert "Anna" not in json.dumps(line)


@pytest.mark.parametrize("value", [NAME, "x" * 201, {"text": "Anna"}, ["Anna"], b"Anna"])
def test_a_listed_field_takes_a_fact_and_no_sentence(written: Any, value: object):
    get_log().info("noted", code=value)
    (line,) = written()
    assert "code" not in line
    assert line["dropped"] == 1


def test_a_message_in_the_place_of_the_event_is_dropped(written: Any):
    get_log().info(f"could not find {NAME}")
    (line,) = written()
    assert "Anna" not in json.dumps(line)


def test_an_exceptions_message_does_not_appear_only_its_kind_and_place(written: Any):
    try:
        raise ValueError(NAME)
    except ValueError:
        get_log().exception("request_failed", request="7F3A")
    (line,) = written()
    assert "Anna" not in json.dumps(line)
    assert line["error"] == "ValueError"
    assert line["where"].startswith("test_log.py:")


def test_libraries_say_where_but_not_what(written: Any):
    logging.getLogger("slack_sdk.web").warning("Sending a request with text=%s", NAME)
    logging.getLogger("slack_bolt.App").info("quiet")
    logging.getLogger("sqlalchemy.engine").error("INSERT ... %s", NAME, exc_info=ValueError(NAME))
    lines = written()
    assert [(line["event"], line["kind"]) for line in lines] == [
        ("library_says", "slack_sdk.web"),
        ("library_says", "sqlalchemy.engine"),
    ]
    assert "Anna" not in json.dumps(lines)


def test_a_log_that_nobody_set_up_is_as_silent_about_people(capsys: pytest.CaptureFixture[str]):
    log._write_lines("json", None)  # as it is before anybody sets it up
    get_log().info("noted", name=NAME)
    said = capsys.readouterr()
    assert "noted" in said.err
    assert "Anna" not in said.err + said.out
    log._write_lines("json", None)  # as it is before anybody sets it up


def test_plain_lines_read_from_the_left(capsys: pytest.CaptureFixture[str]):
    stream = io.StringIO()
    log._write_lines("plain", stream)
    get_log().info("serving", count=1)
    assert stream.getvalue().split(maxsplit=1)[1] == "info    serving count=1\n"
    log._write_lines("json", None)  # as it is before anybody sets it up
