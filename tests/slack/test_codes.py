"""Every error code Slack documents has a meaning here, method by method; one it does not is taken as »perhaps«."""

from __future__ import annotations

import ast
import socket
import ssl
from email.message import Message
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
import yaml
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.codes import ACTS, ANY_METHOD, METHODS, Means, meaning
from bot.slack.outcomes import explain, read
from bot.usecases.ports import CertainlyNotSent, NeverSendable, PerhapsSent, PlaceBroken, TeamBroken
from handlers.showing import code_of as handlers_code

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "documented.yaml").read_text("utf-8")
)
METHOD_NAMES = sorted(set(DOCUMENTED) - {"any method"})


def answer(code: str, *, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    response = SlackResponse(
        client=None,  # type: ignore[arg-type]
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": code},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("", response)


def meant(why: Exception, method: str = "chat.postMessage") -> Exception:
    try:
        explain(why, method)
    except Exception as raised:
        return raised
    raise AssertionError("explain never returns")


def methods_called() -> set[str]:
    """What the source calls on a client of Slack's: `client.chat_postMessage(…)` and its like."""
    names = {name.replace(".", "_"): name for name in METHOD_NAMES}
    families = tuple({name.split("_")[0] + "_" for name in names})
    called = {
        call.func.attr
        for room in ("bot/slack", "handlers")
        for path in (ROOT / room).glob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr.startswith(families)
        and "client" in ast.unparse(call.func.value)
    }
    return {names.get(name, name) for name in called}


def test_every_method_the_bot_calls_has_its_documented_codes_here() -> None:
    assert methods_called() <= set(METHOD_NAMES)
    assert set(METHODS) == set(METHOD_NAMES)
    assert set(ACTS) <= set(METHOD_NAMES)


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_every_documented_code_has_a_meaning(method: str) -> None:
    documented = {*DOCUMENTED[method], *DOCUMENTED["any method"]}
    known = {code for code in documented if meaning(method, code) is not None}
    print(f"{method}: {len(known)} of {len(documented)}")
    assert sorted(documented - known) == []


def test_a_post_has_at_least_as_many_as_were_counted_in_the_design() -> None:
    assert len({*DOCUMENTED["chat.postMessage"], *DOCUMENTED["any method"]}) >= 66


WHAT_MUST_HOLD = {
    "invalid_auth": TeamBroken,
    "token_revoked": TeamBroken,
    "account_inactive": TeamBroken,
    "missing_scope": TeamBroken,
    "is_archived": PlaceBroken,
    "not_in_channel": PlaceBroken,
    "messages_tab_disabled": PlaceBroken,
    "internal_error": PerhapsSent,
    "fatal_error": PerhapsSent,
    "service_unavailable": PerhapsSent,
    "invalid_blocks": NeverSendable,
    "msg_blocks_too_long": NeverSendable,
    "metadata_too_large": NeverSendable,
    "ratelimited": CertainlyNotSent,
}


@pytest.mark.parametrize("code", sorted(WHAT_MUST_HOLD))
def test_what_a_code_means_for_a_message(code: str) -> None:
    assert type(meant(answer(code))) is WHAT_MUST_HOLD[code]


def test_nothing_that_may_have_succeeded_is_taken_as_not_done() -> None:
    certain = {Means.LATER, Means.NEVER, Means.PLACE, Means.GONE, Means.TEAM}
    doubtful = {"fatal_error", "internal_error", "service_unavailable", "request_timeout"}
    found = {code for code in doubtful for method in METHOD_NAMES if meaning(method, code) in certain}
    assert (found, {ANY_METHOD[code] for code in doubtful}) == (set(), {Means.PERHAPS})


def test_a_code_nobody_has_told_us_of_is_perhaps_and_alarms(capsys: pytest.CaptureFixture[str]) -> None:
    raised = meant(answer("solar_flare"))
    assert (type(raised), getattr(raised, "away", None)) == (PerhapsSent, False)
    assert "slack_code_unknown" in capsys.readouterr().err


NO_CODES = (
    "S2026-114711",
    "Ida Madsen",
    "channel <C1|Ørn>",
    "x" * 65,
    "26-0042",
    "not_found\n",
    {"a": "b"},
    734_100_991,
)


@pytest.mark.parametrize("said", NO_CODES, ids=str)
def test_what_has_not_a_codes_shape_is_kept_nowhere(said: object, capsys: pytest.CaptureFixture[str]) -> None:
    raised = meant(answer(said))  # type: ignore[arg-type]  # whatever stands before Slack may answer so
    assert isinstance(raised, PerhapsSent) and raised.code == "unknown"
    assert str(said) not in capsys.readouterr().err
    assert handlers_code(answer(said)) == "unknown"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("17", 17.0),
        ("0", 1.0),
        ("-5", 1.0),
        ("", 30.0),
        ("Wed, 21 Oct 2026", 30.0),
        ("nan", 30.0),
        ("100000", 600.0),
    ],
)
def test_a_pause_is_as_long_as_slack_says_and_never_nonsense(said: str, seconds: float) -> None:
    for name in ("Retry-After", "retry-after"):
        raised = meant(answer("ratelimited", status=429, headers={name: said}), "chat.update")
        assert isinstance(raised, CertainlyNotSent)
        assert (raised.retry_after, raised.act) == (seconds, "edit")


@pytest.mark.parametrize(
    ("fault", "kind", "away"),
    [
        (URLError(socket.gaierror()), CertainlyNotSent, None),
        (URLError(ConnectionRefusedError()), CertainlyNotSent, None),
        (URLError(ssl.SSLCertVerificationError()), CertainlyNotSent, None),
        (URLError(TimeoutError()), PerhapsSent, True),
        (ConnectionResetError(), PerhapsSent, True),
        (RemoteDisconnected(), PerhapsSent, True),
        (TimeoutError(), PerhapsSent, True),
        (HTTPError("", 502, "", Message(), None), PerhapsSent, True),
        (answer("internal_error", status=500), PerhapsSent, True),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, Exception) else "",
)
def test_a_line_that_drops_is_certain_only_before_the_request(
    fault: Exception, kind: type[Exception], away: bool | None
) -> None:
    raised = meant(fault)
    assert (type(raised), getattr(raised, "away", None)) == (kind, away)


def test_a_fault_of_our_own_stays_what_it_is() -> None:
    assert type(meant(KeyError("ts"))) is KeyError


@pytest.mark.parametrize(
    "said",
    [{"ok": True}, {"ok": True, "channel": None}, {"channel": {}}, {"channel": "D1"}, b"<html>"],
    ids=repr,
)
def test_an_answer_that_cannot_be_read_is_perhaps_and_never_our_own_fault(said: Any) -> None:
    """A message taken as one without words would be dead; this one is looked for, and sent again if it is not there."""
    response = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=said, headers={}, status_code=200
    )  # fmt: skip
    with pytest.raises(PerhapsSent, match="unreadable"):
        read(response, "channel", "id")
