"""How we log, and what we never log: one line an event, and on it only facts from the list below.

A field that is not on the list is dropped, and the line says how many were. Nobody's name, note or message text can
leave by a log line, since there is no field for it; an exception leaves its type and the place it came from, never
its message, which may quote what somebody wrote.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from traceback import extract_tb
from types import TracebackType
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars, merge_contextvars
from structlog.typing import FilteringBoundLogger

FIELDS = frozenset(
    {
        "act",  # what was asked, as the journal calls it
        "attempts",
        "channel",  # Slack's id
        "code",  # an error in Slack's words or ours
        "count",
        "dropped",
        "error",  # an exception's type
        "event",
        "form",
        "key",  # what was asked for, or a notice's; never a case's
        "kind",
        "level",
        "meeting",
        "method",  # of Slack's Web API
        "ms",
        "notice",
        "outcome",
        "person",  # Slack's id, never a name
        "port",
        "refusal",  # its class
        "request",  # the number a person is shown when something fails
        "revision",
        "row",  # an id of our own, which says nothing to whoever cannot read the database
        "seconds",
        "stage",
        "state",
        "surface",
        "team",
        "time",
        "version",
        "where",  # file and line
    }
)
"""Everything a log line may carry. A new name is a decision about privacy, not a convenience."""

LONGEST = 200
"""Codes, ids and numbers are short and hold no spaces; what is longer, or a sentence, was not one of them."""

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Of a request's number: easy to say over a telephone, never a word, and never like a number of somebody's."""

QUIET = (
    "slack_bolt",
    "slack_sdk",
    "apscheduler",
    "sqlalchemy",
    "alembic",
    "aiohttp",
    "asyncio",
    "urllib3",
    "gunicorn",
)

_READABLE = re.compile(r"\s|(?<![0-9A-Za-z-])[0-9]{2}-[0-9]{4}(?![0-9A-Za-z-])")
"""A sentence, or a case's key."""

_WRITTEN = json.JSONEncoder(ensure_ascii=False)

_Line = MutableMapping[str, Any]


def get_log() -> FilteringBoundLogger:
    """`log.info("notice_sent", kind=..., ms=...)`: a code for what happened, and facts from the list."""
    if not structlog.is_configured():
        _write_lines("json", None)  # never structlog's own form, which prints everything
    return cast("FilteringBoundLogger", structlog.get_logger())


def request_now() -> str | None:
    """The number of the request in hand; None: the clock does it."""
    known = get_contextvars().get("request")
    return None if known is None else str(known)


@contextmanager
def about_request(earlier: str | None = None) -> Iterator[str]:
    """Every line logged inside carries the request's number, which is also what a person is shown when it fails.

    Inside another it is the same request, and the number stays. `earlier`: what is done now follows from that one.
    """
    known = request_now()
    if known is not None:
        yield known
        return
    number = earlier or _new_number()
    with bound_contextvars(request=number):
        yield number


def _new_number() -> str:
    drawn, number = secrets.randbelow(len(LETTERS) ** 6), ""
    for _ in range(6):
        drawn, letter = divmod(drawn, len(LETTERS))
        number += LETTERS[letter]
    return number


def set_up(form: Literal["json", "plain"], *, to: TextIO | None = None) -> None:
    """Once, at start. Everything else's logging goes the same way, without its words."""
    _write_lines(form, to)
    logging.basicConfig(level=logging.WARNING, handlers=[_OtherVoices()], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a knock left out is caught up by the next


def _write_lines(form: Literal["json", "plain"], to: TextIO | None) -> None:
    structlog.configure(
        processors=[
            merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _exception_without_words,
            _only_the_list,
            _as_json if form == "json" else _as_words,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(to or sys.stderr),
        cache_logger_on_first_use=False,  # a module's log made before set_up follows it too
    )


class _OtherVoices(logging.Handler):
    """Libraries' own log lines: who spoke and where, never what they said, which may be a payload."""

    def emit(self, record: logging.LogRecord) -> None:
        facts: dict[str, Any] = {"kind": record.name, "where": f"{record.module}:{record.lineno}"}
        if record.exc_info and record.exc_info[1]:
            facts["exc_info"] = record.exc_info[1]
        get_log().log(record.levelno, "library_says", **facts)


def place(trace: TracebackType | None) -> str:
    """Where an exception was raised: the innermost file and line, without folders."""
    frames = extract_tb(trace)
    if not frames:
        return "?"
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}"


def _exception_without_words(_logger: Any, _method: str, line: _Line) -> _Line:
    found = line.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    if isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        line["error"] = type(found).__name__
        line["where"] = place(found.__traceback__)
    return line


def _only_the_list(_logger: Any, _method: str, line: _Line) -> _Line:
    kept = {name: value for name, value in line.items() if name in FIELDS and _is_a_fact(value)}
    lost = len(line) - len(kept)
    return {**kept, "dropped": lost} if lost else kept


def _is_a_fact(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST and not _READABLE.search(value)
    return value is None or isinstance(value, int | float)


def _as_json(_logger: Any, _method: str, line: Mapping[str, Any]) -> str:
    return _WRITTEN.encode(line)


def _as_words(_logger: Any, _method: str, line: Mapping[str, Any]) -> str:
    facts = " ".join(f"{name}={value}" for name, value in sorted(line.items()) if name not in _FIRST)
    clock = str(line.get("time", ""))[11:19]
    return f"{clock} {line.get('level', ''):<7} {line.get('event', '')} {facts}".rstrip()


_FIRST = ("time", "level", "event")
