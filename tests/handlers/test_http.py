"""The door to the street (reliability 5.5): what Slack did not sign goes nowhere, and what it signed goes in once."""

from __future__ import annotations

import io
import json
import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import select

from bot import log
from bot.documents.ics_file import as_ics
from bot.domain.money import Kroner
from bot.domain.people import NotForYou
from bot.sandbox.request_url import signed
from bot.serving import calendar_of
from bot.settings import Settings
from bot.slack import client
from bot.texts import texts
from bot.usecases.frame_facts import Use
from bot.views import calendar as calendar_views
from handlers import table
from handlers.bolt import Front
from handlers.dispatch import Dispatch
from handlers.guard import DEEPEST, LARGEST_BODY, PATH, Guard, depth
from storage.engine import Database
from storage.sealing import new_key
from storage.tables import metadata
from tests.handlers.test_once import submission
from tests.support.border import OpenDoor
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable

SECRET = b"a-signing-secret"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NOW = 1_795_000_000
HOSTILE, REPLAYS = (1_000_000, 5_000) if os.environ.get("INDGANG_STORM") else (10_000, 50)

LONE, MAJA = "Lone Ager", "Maja Holm"
NOT_SLACK = dict.fromkeys(("HTTP_X_SLACK_SIGNATURE", "HTTP_X_SLACK_REQUEST_TIMESTAMP", "CONTENT_TYPE"))

Said = tuple[int, bytes]


def knock(
    door: Callable[..., Any],
    body: bytes,
    kind: str = FORM,
    *,
    at: float | None = None,
    secret: bytes = SECRET,
    **environ: Any,
) -> Said:
    """One request as gunicorn hands it on; a header given as None is left out."""
    heads = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in signed(secret, body, at=at).items()}
    whole = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "QUERY_STRING": "",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **heads,
        **environ,
    }
    said: list[Any] = []
    answer = b"".join(door({n: v for n, v in whole.items() if v is not None}, lambda *a: said.extend(a)))
    assert "Traceback" not in answer.decode()
    return int(said[0].split()[0]), answer


def inside(_environ: Any, start: Any) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"in"]


@pytest.fixture
def guard() -> Guard:
    return Guard(inside, secret=SECRET.decode(), now=lambda: float(NOW))


COMMAND = urlencode({"command": "/sag", "text": "æøå", "trigger_id": "1.2.3", "user_id": "U1"}).encode()


def test_slacks_own_request_comes_in(guard: Guard) -> None:
    assert knock(guard, COMMAND, at=NOW) == (200, b"in")
    event = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message"}}
    assert knock(guard, json.dumps(event).encode(), "application/json; charset=utf-8", at=NOW)[0] == 200


@pytest.mark.parametrize(("age", "status"), [(300, 200), (301, 401), (0, 200), (-60, 200), (-61, 401)])
def test_a_signature_holds_five_minutes_and_hardly_into_the_future(
    guard: Guard, age: int, status: int
) -> None:
    assert knock(guard, COMMAND, at=NOW - age)[0] == status


@pytest.mark.parametrize(
    "stamp", ["", "abc", "9" * 5_000, "-1795000000", "１７９５００００００", "1795000000.0", None]
)
def test_a_timestamp_is_ten_digits_and_nothing_else(guard: Guard, stamp: str | None) -> None:
    assert knock(guard, COMMAND, at=NOW, HTTP_X_SLACK_REQUEST_TIMESTAMP=stamp) == (401, b"")


@pytest.mark.parametrize(
    "signature", ["", "v0=", "v0=" + "å" * 64, "v1=" + "0" * 64, "v0=" + "0" * 64, "v0=" + "A" * 64, None]
)
def test_a_signature_is_slacks_or_nobodys(guard: Guard, signature: str | None) -> None:
    assert knock(guard, COMMAND, at=NOW, HTTP_X_SLACK_SIGNATURE=signature) == (401, b"")


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"REQUEST_METHOD": "GET"}, 404),
        ({"REQUEST_METHOD": "PUT"}, 404),
        ({"PATH_INFO": "/"}, 404),
        ({"PATH_INFO": PATH + "/"}, 404),
        ({"QUERY_STRING": "debug=1"}, 404),
        ({"CONTENT_TYPE": "text/plain"}, 404),
        ({"CONTENT_TYPE": "application/json; charset=utf-16"}, 404),
        ({"CONTENT_TYPE": None}, 404),
        ({"CONTENT_LENGTH": None}, 413),
        ({"CONTENT_LENGTH": "-1"}, 413),
        ({"CONTENT_LENGTH": "1e3"}, 413),
        ({"CONTENT_LENGTH": str(LARGEST_BODY + 1)}, 413),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 413),
        ({"CONTENT_LENGTH": str(len(COMMAND) + 1)}, 401),
        ({"CONTENT_LENGTH": str(len(COMMAND) - 1)}, 401),
    ],
)
def test_what_is_not_slacks_way_of_asking_is_told_a_number_and_nothing_else(
    guard: Guard, environ: dict[str, Any], status: int
) -> None:
    assert knock(guard, COMMAND, at=NOW, **environ) == (status, b"")


BOMBS = [
    (b"payload=" + b"[" * 20_000, FORM),
    (b"[" * 20_000, JSON),
    (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, JSON),
    (b"payload=[]", FORM),
    (b"payload=null", FORM),
    (b"payload=%22%22", FORM),
    (b"payload=" + b"9" * 5_000, FORM),
    (b'{"type": NaN}', JSON),
    (b'{"type":"event_callback","event_id":"Ev","event":[]}', JSON),
    (b"\xff\xfe\x00", JSON),
    (b"command=%ff%fe&trigger_id=1&user_id=U", FORM),
    (b"command=/sag&command=/ramme&trigger_id=1&user_id=U", FORM),
    (b"&".join(b"a%d=1" % n for n in range(5_000)), FORM),
    (b"{%22type%22=1", FORM),
    (b'payload={"type":"block_actions","user":{"id":"U"},"actions":[7]}', FORM),
    (b'payload={"type":"view_submission","user":{"id":"U"},"view":{"id":"V"}}', FORM),
    (
        b'payload={"type":"view_submission","user":{"id":"U"},"view":{"id":"V","callback_id":"c","blocks":[7]}}',
        FORM,
    ),
]


@pytest.mark.parametrize(("body", "kind"), BOMBS)
def test_what_bolt_would_fall_over_is_refused_unsigned_and_not_found_when_signed(
    guard: Guard, body: bytes, kind: str
) -> None:
    """S22: Bolt parses before it checks, and raises."""
    began = time.monotonic()
    assert knock(guard, body, kind, at=NOW, secret=b"somebody else's") == (401, b"")
    assert knock(guard, body, kind, at=NOW) == (404, b"")
    assert time.monotonic() - began < 1


def test_depth_is_counted_outside_strings() -> None:
    assert depth(rb'{"a":["[[[[", "\"]]{{", {}]}') == 3
    assert depth(b"[" * (DEEPEST + 1)) == DEEPEST + 1
    for end in (b"", b"\\"):
        assert depth(b'{"a": "[' + b'\\"[' * 500_000 + end) == 1, "and in no time"


def test_the_same_request_twice_is_answered_once(guard: Guard) -> None:
    assert knock(guard, COMMAND, at=NOW)[0] == 200
    assert {knock(guard, COMMAND, at=NOW) for _ in range(1_000)} == {(401, b"")}
    assert knock(guard, COMMAND, at=NOW + 1)[0] == 200, "Slack's own retry is signed anew"


def test_a_fault_inside_is_no_page_and_the_same_request_may_come_again() -> None:
    answers = ["500 Oh", "404 Who", "200 OK"]

    def failing(_environ: Any, start: Any) -> list[bytes]:
        start(answers.pop(0), [("Content-Type", "text/html"), ("X-Powered-By", "us")])
        return [b"Traceback (most recent call last)"]

    guard = Guard(failing, secret=SECRET.decode(), now=lambda: float(NOW))
    said: list[Any] = []
    for expected in (503, 404):
        body = guard(_environ(), lambda *a: said.extend(a))
        assert (int(said[-2].split()[0]), list(body)) == (expected, [b""])
        assert said[-1] == [("Content-Length", "0")]


def _environ() -> dict[str, Any]:
    heads = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in signed(SECRET, COMMAND, at=NOW).items()}
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(COMMAND)),
        "wsgi.input": io.BytesIO(COMMAND),
        **heads,
    }


# With the whole bot behind it.


class Street:
    """A town, and the bot's front over HTTP; a second one is another replica on the same database."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder}/street.db")
        metadata.create_all(self.database.writing)
        self.town = OfficeTown(self.database)
        self.door: Any = OpenDoor(self.town)

    def front(self) -> Guard:
        settings = Settings(
            SLACK_BOT_TOKEN=SecretStr("xoxb-1"),
            SLACK_SIGNING_SECRET=SecretStr(SECRET.decode()),
            INDGANG_HTTP="127.0.0.1:0",
            INDGANG_KEYS=SecretStr(new_key()),
            INDGANG_TEAM="T0NORDRE01",
            INDGANG_FIRST_ADMINISTRATOR="U0BO",
        )
        slack = client("xoxb-1", base_url="http://127.0.0.1:9/api/")  # nobody is there
        house = self.town.house
        dispatch = Dispatch(
            table(house.office, house.rules, None),  # type: ignore[arg-type]
            door=self.door,
            client=slack,
            now=lambda: self.town.clock.at,
            draw_home=house.draw_home,
        )
        front = Front(settings, dispatch, slack)
        front._identity = AuthorizeResult(
            enterprise_id=None, team_id="T0NORDRE01", bot_user_id="UBOT", bot_token="xoxb-1"
        )
        front._known.set()
        return front.guarded


@pytest.fixture
def street(tmp_path: Path) -> Street:
    return Street(tmp_path)


def payload(body: dict[str, Any]) -> bytes:
    return urlencode({"payload": json.dumps(body)}).encode()


def test_a_captured_form_makes_one_case_whomever_it_is_played_back_to(street: Street) -> None:
    body = payload({"type": "view_submission", **submission(street.town)})
    first, second = street.front(), street.front()
    at = time.time()
    status, answer = knock(first, body, at=at)
    assert status == 200 and json.loads(answer)["response_action"] == "update"
    assert {knock(first, body, at=at)[0] for _ in range(REPLAYS)} == {401}
    status, answer = knock(second, body, at=at)
    assert status == 200 and "Det er allerede gjort." in answer.decode()
    assert {knock(second, body, at=at)[0] for _ in range(REPLAYS)} == {401}
    assert len(street.town.office.cases.mine(street.town.asked("Maja Holm"))) == 1


EVENT = {"type": "event_callback", "event_id": "Ev1", "team_id": "T0NORDRE01"}
WHO = {"user": {"id": "U0MAJA0001", "team_id": "T0NORDRE01"}, "team": {"id": "T0NORDRE01"}}


def test_a_captured_command_press_or_message_has_one_effect_whomever_it_is_played_back_to(
    street: Street,
) -> None:
    """Each process remembers the signatures it has seen, and no other's: what makes it once is in the database."""
    town = street.town
    case, _ = active_case(town)
    booked = town.office.frames.use(
        town.asked(MAJA), case.id, Use(Kroner.of(450), "transport", date(2026, 11, 12))
    )
    line = f"{case.alias[:4].lower()} 120 bus"
    command = {"command": "/ramme", "text": line, "trigger_id": "1.2", "user_id": "U0MAJA0001"}
    press = {"action_id": "frame.repeat", "block_id": "b1", "value": booked.entry.id, "action_ts": "1.3"}
    said = {"type": "message", "channel_type": "im", "user": "U0MAJA0001", "text": "hvornår er næste møde"}
    event = {**EVENT, "event": {**said, "ts": "1.4"}}
    captured = [
        (urlencode({**command, "team_id": "T0NORDRE01"}).encode(), FORM),
        (payload({"type": "block_actions", **WHO, "actions": [press], "trigger_id": "1.5"}), FORM),
        (json.dumps(event).encode(), JSON),
    ]
    replicas, at = [street.front() for _ in range(3)], time.time()
    for body, kind in captured:
        for _ in range(2):
            heard = [knock(replica, body, kind, at=at)[0] for replica in replicas]
        assert heard == [401, 401, 401]
    town.deliver()
    with town.work() as work:
        stands = sorted(entry.amount.ore // 100 for entry in work.frames.entries(f"frame-{case.id}"))
    assert stands == [120, 450, 450]
    assert sum("møde" in told.lower() for told in town.heard("U0MAJA0001")) == 1


def test_slack_hears_its_challenge_back(street: Street) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"}).encode()
    assert b"3eZbrw1aB" in knock(street.front(), body, JSON)[1]


@pytest.mark.rule("R135", "D6")
def test_a_calendar_fetches_times_and_rooms_at_a_private_address_until_it_is_closed(street: Street) -> None:
    town, calendars = street.town, street.town.office.calendars
    door = Guard(inside, secret=SECRET.decode(), now=lambda: float(NOW), calendar=calendar_of(town.house))

    def fetched(address: str | None, **environ: Any) -> Said:
        assert address
        path = address.removeprefix("https://indgang.example")
        return knock(door, b"", **{"REQUEST_METHOD": "GET", "PATH_INFO": path, **NOT_SLACK, **environ})

    assert calendars.coming(town.asked(LONE)).address is None
    with pytest.raises(NotForYou):
        calendars.give_address(town.asked(MAJA))
    calendars.give_address(town.asked(LONE))
    coming = calendars.coming(town.asked(MAJA))
    assert (coming.may_give, calendars.coming(town.asked(LONE)).may_give) == (False, True)
    for language, word in (("da", "Tilføj fra internettet"), ("en", "Add from the internet")):
        shown = readable(calendar_views.form(coming, texts(language)))
        assert word in shown and str(coming.address) in shown
    status, file = fetched(coming.address)
    assert (status, file) == (200, as_ics(calendars.events(town.clock.at), texts("da"), at=town.clock.at))
    for refused in (
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "HEAD"},
        {"QUERY_STRING": "as=U0MAJA0001"},
        {"PATH_INFO": "/calendar/x.ics"},
        {"PATH_INFO": "/calendar/.ics"},
    ):
        assert fetched(coming.address, **refused) == (404, b"")
    calendars.give_address(town.asked(LONE))
    renewed = calendars.coming(town.asked(MAJA)).address
    assert (fetched(coming.address)[0], fetched(renewed)[0]) == (404, 200)
    calendars.close_address(town.asked("Bo Winther"))
    assert fetched(renewed) == (404, b"")
    with town.work() as work:
        acts = [e.act for e in work.journal.of_acts("calendar_opened", "calendar_closed")]
    assert acts == ["calendar_opened", "calendar_opened", "calendar_closed"]


def test_a_calendar_that_meets_a_fault_of_ours_hears_that_and_nothing_else() -> None:
    def away(_: str) -> bytes:
        raise TimeoutError("nobody may read this")

    door = Guard(inside, secret=SECRET.decode(), now=lambda: float(NOW), calendar=away)
    asked = knock(door, b"", REQUEST_METHOD="GET", PATH_INFO="/calendar/abc.ics", **NOT_SLACK)
    assert asked == (503, b"")


class StuckDoor(OpenDoor):
    """The first ones who knock meet a database that does not answer."""

    def __init__(self, town: OfficeTown, times: int) -> None:
        super().__init__(town)
        self.times = times

    def let_in(self, user: str, team: str, *, at: Any) -> Any:
        self.times -= 1
        if self.times >= 0:
            raise TimeoutError("nobody may read this: 010190-1234")
        return super().let_in(user, team, at=at)


def test_what_an_event_brings_about_is_stored_before_it_is_acknowledged_and_after_a_fault_it_comes_again(
    street: Street,
) -> None:
    street.door = StuckDoor(street.town, times=1)
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U0MAJA0001", "text": "hej"}
    body = json.dumps({**EVENT, "event": event}).encode()
    front = street.front()
    assert knock(front, body, JSON, at=time.time() - 1) == (503, b"")
    assert knock(front, body, JSON, HTTP_X_SLACK_RETRY_NUM="1")[0] == 200
    with street.town.work() as work:
        assert len(work.notices.unsent("reply")) == 1


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    log.set_up("json", to=stream)
    yield stream
    root.handlers[:], root.level = handlers, level
    log._write_lines("json", None)  # as it is before anybody sets it up


@pytest.mark.rule("D22")
def test_every_line_of_a_request_and_the_sentence_a_person_sees_carry_one_number(
    street: Street, lines: io.StringIO
) -> None:
    street.door = StuckDoor(street.town, times=1)
    body = urlencode(
        {"command": "/sag", "text": "", "trigger_id": "1.2.3", "user_id": "U0MAJA0001", "channel_id": "C1"}
    ).encode()
    status, answer = knock(street.front(), body)
    knock(street.front(), body, secret=b"another")
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert status == 200
    mine = [line for line in logged if line["event"] in ("trouble", "heard")]
    assert [line["event"] for line in mine] == ["trouble", "heard"]
    (number,) = {line["request"] for line in mine}
    assert f"(nr. {number})" in json.loads(answer)["text"]
    assert logged[-1]["event"] == "http_refused" and logged[-1]["request"] not in ("", number)
    assert "010190" not in lines.getvalue()


# A street full of people who mean no good.

PIECES = [
    b"[", b"]", b"{", b"}", b'"', b"\\", b":", b",", b"=", b"&", b"%", b"%22", b"\x00", b"\xff", b"null", b"NaN",
    b"payload=", b"command=/sag", b"&trigger_id=1", b"&user_id=U0MAJA0001", b'"type":"view_submission"',
    b'"type":"block_actions"', b'"user":{"id":"U0MAJA0001"}', b'"view":{"id":"V","callback_id":"case.new"}',
    b'"actions":[{"action_id":"v","block_id":"b"}]', b'"view":7', b"1e999", b"\xc3\xa6", b"\xed\xa0\x80", b'"\\ud800"',
]  # fmt: skip


def hostile(chance: random.Random) -> tuple[bytes, str, dict[str, Any], bool]:
    body = b"".join(chance.choices(PIECES, k=chance.randint(0, 30)))
    if chance.random() < 0.3:
        body = payload({"type": "view_submission", "user": {"id": "U0MAJA0001"}, "view": _view(chance)})
    environ: dict[str, Any] = {}
    for name, values in STRANGE.items():
        if chance.random() < 0.1:
            environ[name] = chance.choice(values)
    return body, chance.choice([FORM, JSON, FORM, JSON, "text/xml", ""]), environ, chance.random() < 0.6


STRANGE: dict[str, list[Any]] = {
    "REQUEST_METHOD": ["GET", "", "POST\r\n", "DELETE", "post"],
    "PATH_INFO": ["/", "", "//slack/events", "/slack/events/../", "/metrics", "/readyz"],
    "QUERY_STRING": ["a=1", "%00"],
    "CONTENT_LENGTH": ["", "0", "-1", "99999999", "1" * 400, "٣", None],
    "HTTP_X_SLACK_REQUEST_TIMESTAMP": ["", "abc", "9" * 5000, "0", "١٧٩٥", None],
    "HTTP_X_SLACK_SIGNATURE": ["", "v0=" + "é" * 64, "v0=" + "0" * 64, "x" * 10_000, None],
    "HTTP_TRANSFER_ENCODING": ["chunked", "gzip"],
}


def _view(chance: random.Random) -> dict[str, Any]:
    odd: list[Any] = [None, 7, "x", [], {}, [7], {"a": 7}, {"values": 7}, {"values": {"b": 7}}, "{"]
    return {
        "id": "V",
        "callback_id": chance.choice(["case.new", "", "nobody", "a" * 300]),
        "private_metadata": chance.choice(["{}", "", "[", "7", "[]", '{"n":7}', *odd]),
        "state": chance.choice(odd),
        "blocks": chance.choice([[], *odd]),
        "type": chance.choice(["modal", "home", 7]),
    }


def everything(town: OfficeTown) -> dict[str, list[Any]]:
    """Each row of each table."""
    with town.house.storage.database.reading.connect() as connection:
        return {t.name: sorted(map(repr, connection.execute(select(t)))) for t in metadata.tables.values()}


def test_a_crowd_of_hostile_requests_gets_four_answers_and_changes_nothing(street: Street) -> None:
    """T31. Those that are signed with the true secret are of no shape of Slack's, or refused in words."""
    chance, front = random.Random(4), street.front()
    counted: dict[int, int] = {}
    before = everything(street.town)
    for _ in range(HOSTILE):
        body, kind, environ, stranger = hostile(chance)
        secret = b"wrong" if stranger else SECRET
        status, answer = knock(
            front, body, kind, at=time.time() - chance.randint(-90, 400), secret=secret, **environ
        )
        counted[status] = counted.get(status, 0) + 1
        assert status in (200, 401, 404, 413), (status, body, kind, environ)
        assert status == 200 or answer == b""
        assert not (stranger and status == 200)
    assert everything(street.town) == before
    assert counted[401] > HOSTILE / 20 and counted[404] > HOSTILE / 20
