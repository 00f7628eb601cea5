"""What a failed call means for a message: certainly not sent, perhaps, never, a broken place, or a broken workspace.

Which code means what stands in bot/slack/codes.py; one that is not there is taken as »perhaps«, and alarms.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import Any, NoReturn
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError

from bot import metrics
from bot.domain.lanes import LONGEST_PAUSE
from bot.log import get_log
from bot.slack.codes import ACTS, EVERYWHERE, Means, meaning, slacks_word
from bot.usecases.ports import CertainlyNotSent, NeverSendable, PerhapsSent, PlaceBroken, TeamBroken

log = get_log()

NO_RETRY_AFTER = 30.0
"""Seconds, for a 429 that does not say how long."""

LONGEST_SECONDS = LONGEST_PAUSE.total_seconds()

_SLACKS = (SlackApiError, http.client.HTTPException, OSError)
_WORDS = (CertainlyNotSent, PerhapsSent, PlaceBroken, NeverSendable)

_BEFORE_THE_REQUEST = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)


def explain(why: Exception, method: str) -> NoReturn:
    """Raises what a failed call of `method` means in the use cases' own words."""
    if isinstance(why, SlackApiError):
        _from_answer(why, method)
    if isinstance(why, HTTPError):
        raise PerhapsSent(f"http_{why.code}", away=True) from why
    root = why.reason if isinstance(why, URLError) else why
    if isinstance(root, _BEFORE_THE_REQUEST):
        raise CertainlyNotSent("not_reached") from why
    if isinstance(why, URLError | http.client.HTTPException | TimeoutError | ConnectionError | OSError):
        raise PerhapsSent(type(why).__name__.lower(), away=True) from why
    raise why


def meant(why: Exception, method: str) -> Exception:
    """The same, given and not raised; a fault of our own is given as it is."""
    if not isinstance(why, _SLACKS):
        return why
    try:
        explain(why, method)
    except _WORDS as said:
        return said


def read(answer: Any, *path: str) -> Any:
    """A part of an answer of Slack's that says »ok«. Raises PerhapsSent when it is not there: what we asked may be done."""
    part = answer
    try:
        for name in path:
            part = part[name]
    except (LookupError, TypeError, ValueError) as why:
        raise PerhapsSent("unreadable") from why
    if part is None:
        raise PerhapsSent("unreadable")
    return part


def _from_answer(why: SlackApiError, method: str) -> NoReturn:
    answer = why.response
    code = _code(answer)
    if answer.status_code == 429:
        raise CertainlyNotSent("ratelimited", _retry_after(answer.headers), ACTS.get(method)) from why
    if answer.status_code >= 500 or not _is_slacks(answer):
        raise PerhapsSent(f"http_{answer.status_code}", away=True) from why
    match meaning(method, code):
        case Means.LATER:
            raise CertainlyNotSent(code, _retry_after(answer.headers), ACTS.get(method)) from why
        case Means.TEAM:
            raise TeamBroken(code, everywhere=code in EVERYWHERE, act=ACTS.get(method)) from why
        case Means.PLACE:
            raise PlaceBroken(code) from why
        case Means.GONE:
            raise PlaceBroken(code, gone=True) from why
        case Means.NEVER:
            raise NeverSendable(code) from why
        case Means.PERHAPS:
            raise PerhapsSent(code) from why
    log.error("slack_code_unknown", method=method, code=code)
    metrics.slack_code_unknown(method)
    raise PerhapsSent(code) from why


def _is_slacks(answer: Any) -> bool:
    """It says »error« and why, as Slack does; a proxy's own refusal says something else."""
    return isinstance(answer.data, dict) and bool(answer.data.get("error"))


def _code(answer: Any) -> str:
    """Slack's word; whatever stands between us and Slack may answer something else, or nothing."""
    said = answer.get("error") if isinstance(answer.data, dict) else None
    return slacks_word(said) if said else f"http_{answer.status_code}"


def _retry_after(headers: Any) -> float:
    """Seconds. A proxy may write the header's name its own way, and nothing promises that a number stands there."""
    said = next((value for name, value in dict(headers).items() if name.lower() == "retry-after"), None)
    said = said[0] if isinstance(said, list) and said else said
    try:
        seconds = float(said)  # type: ignore[arg-type]  # None is a TypeError, and means the same as nonsense
    except (TypeError, ValueError):
        return NO_RETRY_AFTER
    return min(max(seconds, 1.0), LONGEST_SECONDS) if seconds == seconds else NO_RETRY_AFTER  # noqa: PLR0124 - not a number
