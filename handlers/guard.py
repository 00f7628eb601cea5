"""The door to the street: before anybody reads a request, it must be Slack's own, fresh, whole, and of Slack's shape.

A WSGI middleware. To what Slack did not sign it says 200, 401, 404 or 413 with nothing in it, and why only to the log.
The signature is checked before a single brace is parsed (S22). One address beside it is read by calendars: whoever has
its secret part gets the meetings' times and rooms. 503 is said to Slack alone, when we met a fault of our
own: then it comes again.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from bot import metrics
from bot.log import about_request, get_log

log = get_log()

PATH = "/slack/events"
CALENDAR = re.compile(r"/calendar/([a-z0-9]{1,40})\.ics", re.ASCII)
"""The other thing the street may ask for: time and room, for whoever holds the address."""
LARGEST_BODY = 1024 * 1024
"""Slack's largest form is 250 kB, and what travels as form fields may grow threefold."""
MOST_FIELDS = 64
DEEPEST = 32
OLDEST, YOUNGEST = 300, -60
"""Seconds since it was signed; Slack's clock may be a little ahead of ours."""
REMEMBERED = 20_000

_TIMESTAMP = re.compile(r"[0-9]{9,11}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)
_TYPES = {"application/json": "json", "application/x-www-form-urlencoded": "form"}
_SAID = {200, 404, 503}
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""One that never ends goes on to the end: looked for again from each quote inside it, it would take minutes."""
_BRACES = re.compile(rb"[\[\]{}]")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGI = Callable[[Environ, StartResponse], Iterable[bytes]]
Calendar = Callable[[str], bytes | None]
Said = tuple[int, list[tuple[str, str]], bytes]


class Refused(Exception):
    """Not let in; `reason` is for the log and the metrics."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Guard:
    """Wraps the application; safe to be called by many threads at once."""

    def __init__(
        self,
        inside: WSGI,
        *,
        secret: str,
        now: Callable[[], float],
        calendar: Calendar = lambda _: None,
    ) -> None:
        """`now` is the machine's own clock, in seconds: Slack signs with real time, whatever the sandbox plays.

        `calendar` gives the file behind the secret part of an address, None when it opens nothing.
        """
        self._inside, self._secret, self._now, self._calendar = inside, secret.encode(), now, calendar
        self._seen = Seen()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with about_request():
            try:
                status, headers, body = self._answer(environ)
            except Refused as refused:
                log.info("http_refused", code=refused.reason, outcome=int(refused.status))
                metrics.http_refused(refused.reason)
                status, headers, body = refused.status, [], b""
        metrics.http_answer(status)
        said = HTTPStatus(status)
        start_response(f"{said.value} {said.phrase}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: Environ) -> Said:
        if address := CALENDAR.fullmatch(str(environ.get("PATH_INFO", ""))):
            return self._meetings(environ, address[1])
        self._right_place(environ)
        kind = _kind(environ)
        stamp, signature = self._fresh_and_shaped(environ)
        raw = _read(environ)
        self._signed(raw, stamp, signature)
        check_shape(kind, raw)
        if not self._seen.first(signature, at=self._now()):
            raise Refused(HTTPStatus.UNAUTHORIZED, "replayed")
        status, headers, body = self._ask(environ, raw)
        if status != HTTPStatus.OK:
            self._seen.forget(signature)
            return status, [], b""
        return status, headers, body

    def _meetings(self, environ: Environ, token: str) -> Said:
        """An address that was closed and one that never was are both not found."""
        if environ.get("REQUEST_METHOD") != "GET" or environ.get("QUERY_STRING"):
            raise Refused(HTTPStatus.NOT_FOUND, "method")
        try:
            found = self._calendar(token)
        except Exception as why:  # a calendar comes again by itself
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "calendar_away") from why
        if found is None:
            raise Refused(HTTPStatus.NOT_FOUND, "calendar")
        headers = [("Content-Type", "text/calendar; charset=utf-8"), ("Cache-Control", "private, no-store")]
        return HTTPStatus.OK, headers, found

    def _right_place(self, environ: Environ) -> None:
        if environ.get("PATH_INFO") != PATH or environ.get("QUERY_STRING"):
            raise Refused(HTTPStatus.NOT_FOUND, "place")
        if environ.get("REQUEST_METHOD") != "POST":
            raise Refused(HTTPStatus.NOT_FOUND, "method")

    def _fresh_and_shaped(self, environ: Environ) -> tuple[str, str]:
        stamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
        signature = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
        if not _TIMESTAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
            raise Refused(HTTPStatus.UNAUTHORIZED, "headers")
        if not YOUNGEST <= self._now() - int(stamp) <= OLDEST:
            raise Refused(HTTPStatus.UNAUTHORIZED, "stale")
        return stamp, signature

    def _signed(self, raw: bytes, stamp: str, signature: str) -> None:
        meant = (
            "v0=" + hmac.new(self._secret, b"v0:%s:%s" % (stamp.encode(), raw), hashlib.sha256).hexdigest()
        )
        if not hmac.compare_digest(meant, signature):
            raise Refused(HTTPStatus.UNAUTHORIZED, "signature")

    def _ask(self, environ: Environ, raw: bytes) -> Said:
        """What is inside answers whole, or with 503; never with a page of its own."""
        heard: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            heard["status"], heard["headers"] = int(status.split(maxsplit=1)[0]), headers

        body = b"".join(self._inside({**environ, "wsgi.input": io.BytesIO(raw)}, start))
        status = heard.get("status", 503)
        kept = [(n, v) for n, v in heard.get("headers", []) if n.lower() == "content-type"]
        return status if status in _SAID else 503, kept, body


class Seen:
    """Signatures heard while they could still be fresh. What is done twice is prevented by the database, in every
    process; this also keeps a captured request from being read an answer to.
    """

    def __init__(self) -> None:
        self._heard: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, signature: str, *, at: float) -> bool:
        with self._lock:
            if signature in self._heard:
                return False
            self._heard[signature] = at
            while self._heard and (len(self._heard) > REMEMBERED or self._oldest() < at - OLDEST + YOUNGEST):
                self._heard.popitem(last=False)
            return True

    def forget(self, signature: str) -> None:
        """It was not handled: the same request may come again."""
        with self._lock:
            self._heard.pop(signature, None)

    def _oldest(self) -> float:
        return next(iter(self._heard.values()))


def _kind(environ: Environ) -> str:
    said, _, rest = str(environ.get("CONTENT_TYPE", "")).partition(";")
    kind = _TYPES.get(said.strip().lower())
    if kind is None or rest.strip().lower() not in ("", "charset=utf-8"):
        raise Refused(HTTPStatus.NOT_FOUND, "content_type")
    return kind


def _read(environ: Environ) -> bytes:
    said = str(environ.get("CONTENT_LENGTH", ""))
    if environ.get("HTTP_TRANSFER_ENCODING") or not _LENGTH.fullmatch(said) or int(said) > LARGEST_BODY:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "length")
    try:
        raw: bytes = environ["wsgi.input"].read(int(said))
    except OSError:  # it hung up, or was too slow
        raise Refused(HTTPStatus.UNAUTHORIZED, "short") from None
    if not raw or len(raw) != int(said):
        raise Refused(HTTPStatus.UNAUTHORIZED, "short")
    return raw


# The shapes Slack speaks in. What is signed and yet none of them is not found.


def check_shape(kind: str, raw: bytes) -> None:
    """Raises Refused. Depth is counted before anything is parsed, so that no parser can be made to fall."""
    if kind == "json":
        _event(_parsed(raw))
        return
    fields = _fields(raw)
    if "payload" in fields:
        _interaction(_parsed(fields["payload"].encode("utf-8", "surrogatepass")))
    elif fields.get("ssl_check") != "1":
        _has(fields, ("command", "trigger_id", "user_id"))


def depth(raw: bytes) -> int:
    """How deep the brackets outside strings go."""
    deepest = now = 0
    for brace in _BRACES.finditer(_STRINGS.sub(b"", raw)):
        now += 1 if brace.group() in b"[{" else -1
        deepest = max(deepest, now)
    return deepest


def _fields(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:  # also UnicodeDecodeError: what is signed by Slack is percent-encoded UTF-8
        raise _shapeless() from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _shapeless()
    return fields


def _parsed(raw: bytes) -> dict[str, Any]:
    if depth(raw) > DEEPEST:
        raise _shapeless("depth")
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_such_number)
    except (ValueError, RecursionError):
        raise _shapeless() from None
    if not isinstance(body, dict):
        raise _shapeless()
    return body


def _no_such_number(_: str) -> None:
    raise ValueError


def _event(body: dict[str, Any]) -> None:
    match body:
        case {"type": "url_verification", "challenge": str()}:
            return
        case {"type": "event_callback", "event_id": str(), "event": {"type": str()}}:
            return
        case {"type": "app_rate_limited"}:
            return
    raise _shapeless()


def _interaction(body: dict[str, Any]) -> None:
    if "view" in body and body["view"] is not None:
        _view(body["view"])
    match body:
        case {"type": "block_actions", "user": {"id": str()}, "actions": [*actions]} if all(
            isinstance(a, dict) and isinstance(a.get("action_id"), str) and isinstance(a.get("block_id"), str)
            for a in actions
        ):
            return
        case {"type": "view_submission" | "view_closed", "user": {"id": str()}, "view": {}}:
            return
        case {"type": "block_suggestion", "user": {"id": str()}, "action_id": str(), "block_id": str()}:
            return
        case {
            "type": "shortcut" | "message_action",
            "user": {"id": str()},
            "callback_id": str(),
            "trigger_id": str(),
        }:
            return
    raise _shapeless()


def _view(view: Any) -> None:
    """A form as Slack sends it back: what it holds of ours is an object, each block and each field's answer too.

    Without an answer the object is an empty list now and then: that is Slack's own fault, and the person's not at all.
    """
    match view:
        case {"id": str(), "callback_id": str(), "blocks": [*blocks], **rest} if all(
            isinstance(block, dict) for block in blocks
        ):
            _meta(rest.get("private_metadata"))
        case _:
            raise _shapeless()
    match view.get("state") or {}:
        case {} as state if not state.get("values"):
            return
        case {"values": {**fields}} if all(
            isinstance(field, dict) and all(isinstance(element, dict) for element in field.values())
            for field in fields.values()
        ):
            return
    raise _shapeless()


def _meta(text: Any) -> None:
    if not isinstance(text, str | None):
        raise _shapeless()
    _parsed((text or "{}").encode("utf-8", "surrogatepass"))


def _has(fields: dict[str, str], names: tuple[str, ...]) -> None:
    if not all(fields.get(name) for name in names):
        raise _shapeless()


def _shapeless(reason: str = "shape") -> Refused:
    return Refused(HTTPStatus.NOT_FOUND, reason)
