"""Canaries: what anybody typed is searched for everywhere, in all usual spellings, and stands only where it may.

Marks found nowhere else are typed into every field, command and message of a town that lives through random flows and
faults. Then all that left (messages, Home, forms, ephemeral words), log, metrics, files and the database's own bytes
are searched. A form shows its own people what was typed, so a form's visible texts are the one place that may.
"""

from __future__ import annotations

import io
import json
import logging
import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text as sql

from bot import log, metrics
from bot.demo import town as demo
from bot.documents.csv_file import as_csv
from bot.documents.docx_file import as_docx
from bot.documents.ics_file import as_ics
from bot.documents.printed import Printed, printed
from bot.documents.text_file import as_text
from bot.documents.xlsx_file import as_xlsx
from bot.domain.calendar import add_months
from bot.domain.case import ReferenceTaken
from bot.domain.people import Person, Post, Role
from bot.domain.report import ReportCode
from bot.texts import texts
from bot.usecases.ports import CertainlyNotSent, PerhapsSent
from bot.usecases.reports import Wanted
from handlers.answers import Nothing
from storage.backup import back_up
from storage.engine import Database
from storage.sealing import KeyRing, new_key
from tests.support.canary import Fingers, files_under, found_in, mark, spellings, unseen
from tests.support.canary_outside import IN_A_FILE_OF_ROLES, dumped, on_disk, opened, said_by_commands
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import OfficeTown

ROOT = Path(__file__).resolve().parents[2]
STORM = bool(os.environ.get("INDGANG_STORM"))
CASES = 300 if STORM else 20
PRESSES = 40 if STORM else 5
NUMBERS = {"social": "S2026-{:06d}", "youth": "U-{:06d}", "schools": "T{:06d}"}
ROLES = ("U0MAJA0001", "U0JENS0001", "U0LONE0001", "U0GRETHE01", "U0BO000001", "U0KIM00001", "U0SOFIE001")
"""One of each who sees something: caseworker, leader, secretary, chair, administrator, protection officer, member."""
BY_AREA = {"social": "Maja Holm", "youth": "Sofie Bech", "schools": "Tine Lauridsen"}

TOLD_TO_ALL = {
    "praxis.write": "a note of common practice is about nobody, and everybody reads it",
    "committee.save": "a committee's name and room stand in the channel",
}
"""Forms whose text is meant to be read: what is typed there is looked for in the log and unseen places only."""


@dataclass
class Live:
    """A town, everything typed in it, and everything that came out."""

    town: OfficeTown
    fingers: Fingers
    heard: io.StringIO
    folder: Path
    key: str
    messages: list[Any] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


@pytest.fixture
def live(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    heard = io.StringIO()
    log.set_up("json", to=heard)
    key = new_key()
    town = OfficeTown(database, key=key)
    found = Live(town, Fingers(town, random.Random(7)), heard, tmp_path, key)
    _keep_all(town, found.messages)
    yield found
    logging.getLogger().handlers.clear()


def _keep_all(town: OfficeTown, kept: list[Any]) -> None:
    """Every message as it was sent, also those edited or deleted later."""
    for name in ("send", "edit"):
        spoken = getattr(town.slack, name)

        def speak(*args: Any, _spoken: Any = spoken, **named: Any) -> Any:
            kept.append([args, named])
            return _spoken(*args, **named)

        setattr(town.slack, name, speak)


# --- a life full of marks ---


def lives(live: Live) -> None:
    town = live.town
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.add(Person("U0KIM00001", demo.TEAM, "Kim Nyholm", frozenset({Post(Role.DPO)})))
    for n in range(CASES):
        area = list(BY_AREA)[n % 3]
        live.numbers.append(NUMBERS[area].format(731_000 + n * 7))
        if n % 4 == 3:
            active_case(town, BY_AREA[area])
            _refers_to(live, area)
            continue
        case = town.registered(BY_AREA[area], number=live.numbers[-1])
        if n % 2:
            town.office.emergencies.open(
                town.asked("Nanna Ilsø" if area != "social" else "Peter Krogh"),
                case.key,
                f"Borgeren står her: {live.fingers.fresh()}",
            )
    _twice(live)
    _types_and_writes(live)
    _presses_all(live)
    _faults(live)
    town.jump_to(town.next_meetings(1)[0].day, time(9, 0))
    town.knock()


def _refers_to(live: Live, area: str) -> None:
    asked = live.town.asked(BY_AREA[area])
    case = live.town.office.cases.mine(asked)[-1]
    live.town.office.cases.show_number(live.town.asked(asked.by, once=False), case.id)


def _twice(live: Live) -> None:
    """A number that is taken: refused, and told to the leaders."""
    with pytest.raises(ReferenceTaken):
        live.town.registered("Ali Demir", number=live.numbers[0])
    live.town.deliver()


COMMANDS = ("/sag", "/sag ny", "/henvis", "/ramme", "/opfolgning", "/dagsorden", "/indgang", "/sag nødadgang")


def _types_and_writes(live: Live) -> None:
    """After every command, and in messages to the bot: names, remarks, whatever people write."""
    for person in ("U0MAJA0001", "U0LONE0001"):
        for command in COMMANDS:
            name, _, rest = command.partition(" ")
            for end in (live.fingers.fresh(), f"isfugl 450 {live.fingers.fresh()} bus"):
                live.fingers.types(person, name, f"{rest} {end}".strip())
        for begin in ("", "hvem er ", "ramme isfugl 450 ", "hej ", "slet "):
            live.fingers.writes(person, f"{begin}{live.fingers.fresh()}")
    live.town.deliver()


def _presses_all(live: Live) -> None:
    """Everybody goes through their Home, presses what is there and fills in every form with marks."""
    everybody = [*sorted(c.id for c in demo.CAST if c.posts), "U0KIM00001"]
    for person in everybody if STORM else ROLES:
        live.fingers.wanders(person, live.fingers.opens_home(person), presses=PRESSES)
    live.town.knock()


class Payload(Exception):
    """A fault that quotes what somebody typed, as libraries' faults do."""


def _faults(live: Live) -> None:
    """Whatever a fault quotes: our own exceptions, the database's with its DETAIL and parameters, Slack's answers."""
    fingers, town = live.fingers, live.town

    def falls(request: Any) -> Nothing:
        raise Payload(request.text)

    def database_falls(request: Any) -> Nothing:
        with town.house.storage.open_work(at=town.clock.at) as work:
            given = {"id": request.text, "n": live.numbers[0]}
            work._connection.execute(sql("INSERT INTO people (id, team) VALUES (:id, :n)"), given)
        return Nothing()

    fingers._border._table |= {"command:/falder": falls, "command:/databasen": database_falls}
    for command in ("/falder", "/databasen"):
        fingers.types("U0MAJA0001", command, fingers.fresh())
    for fault in (CertainlyNotSent("ratelimited"), PerhapsSent("timeout")):
        town.slack.failing = fault
        town.jump(hours=3)
        town.knock()
    town.slack.failing = None


def _server_log_as_we_set_it(database: Database) -> None:
    """As compose.yaml starts PostgreSQL: left to itself, the server's log quotes the row of a statement that failed."""
    if database.is_sqlite:
        return
    command = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["db"]["command"]
    with database.writing.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        name = connection.execute(sql("SELECT current_database()")).scalar_one()
        for setting in (word for word in command if word.startswith("log_")):
            connection.execute(sql(f'ALTER DATABASE "{name}" SET {setting}'))
    database.close()  # a connection keeps what it began with


# --- where it is looked for ---


def places(live: Live, database: Database, databases: Databases) -> dict[str, bytes]:
    """Everything that left or stayed, by where."""
    shown = _shown(live)
    found = {
        "messages": _bytes(live.messages),
        "lock screens": _bytes([m[0][1].get("text") for m in live.messages if isinstance(m[0][1], dict)]),
        "home and beside": _bytes([c for c in shown if not _is_form(c)]),
        "unseen in forms": "\n".join(unseen([c for c in shown if _is_form(c)])).encode(),
        "log": live.heard.getvalue().encode(),
        "metrics": metrics.page(),
    }
    for name, body in files_under(live.folder / "temporary"):
        found[f"temporary file {name}"] = name.encode() + body
    found |= _exports(live)
    back_up(
        database,
        live.folder / "all.zip",
        keys=KeyRing.read(live.key),
        program="test",
        now=lambda: datetime.now(UTC),
    )
    found["backup"] = opened("backup", (live.folder / "all.zip").read_bytes())
    found["dump"] = dumped(database)
    return found | on_disk(database, databases)


def _commands(live: Live, database: Database) -> dict[str, bytes]:
    with live.town.work() as work:
        case = work.cases.open()[0].key
    said = said_by_commands(
        database.address, live.key, live.folder / "commands", case, live.fingers.fresh, every=STORM
    )
    return {name: opened(name, body) for name, body in said.items()}


def _shown(live: Live) -> list[Any]:
    return [*(said for _, said in live.fingers.seen.calls), *live.fingers.answers]


def _is_form(call: Any) -> bool:
    return isinstance(call, dict) and (call.get("view") or {}).get("type") == "modal"


def _bytes(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _exports(live: Live) -> dict[str, bytes]:
    town, made = live.town, {}
    until = town.today
    for code in (ReportCode.STATUS, ReportCode.EVALUATION, ReportCode.FRAMES):
        report = town.office.reports.make(code, Wanted(add_months(until, -12), until, None), at=town.clock.at)
        for language in ("da", "en"):
            paper = printed(report, texts(language))
            for kind, body in {
                "csv": as_csv(paper),
                "xlsx": as_xlsx(paper),
                "docx": as_docx(paper),
                "txt": as_text(paper).encode(),
            }.items():
                made[f"{code.value}.{kind}.{language}"] = opened(kind, body)
    for person in (None, "U0MAJA0001"):
        events = town.office.calendars.events(town.clock.at, person=person)
        made[f"calendar of {person}"] = as_ics(events, texts("da"), at=town.clock.at)
    return made


def leaks(found: dict[str, bytes], marks: list[str]) -> dict[str, set[tuple[str, str]]]:
    """Only texts whose every spelling is distinctive are looked for, so that nothing is found by chance."""
    return {place: hits for place, body in found.items() if (hits := found_in(body, marks))}


# --- the tests ---


@pytest.mark.rule("R137", "R139", "D27", "D34", "D36")
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if STORM else ["sqlite"])
def test_nothing_anybody_typed_is_anywhere_it_may_not_be(
    live: Live, database: Database, databases: Databases
) -> None:
    _server_log_as_we_set_it(database)
    lives(live)
    open_to_all = {m for m, where in live.fingers.typed_in.items() if where.split("#")[0] in TOLD_TO_ALL}
    found = _commands(live, database) | places(live, database, databases)
    kept = [m for m in live.fingers.typed if m not in open_to_all] + live.numbers
    print(
        f"{len(kept)} marks, {len(live.fingers.tried)} buttons and forms, {sum(map(len, found.values())):,} bytes in {len(found)} places"
    )
    assert len(live.fingers.tried) >= 25
    assert leaks(found, [m for m in kept if live.fingers.typed_in.get(m) != IN_A_FILE_OF_ROLES]) == {}
    roles = [m for m in kept if live.fingers.typed_in.get(m) == IN_A_FILE_OF_ROLES]
    assert set(leaks(found, roles)) <= {"command 2 people import"}, (
        "quoted to whoever wrote the file, and kept nowhere"
    )
    quiet = {p: found[p] for p in ("lock screens", "unseen in forms", "log", "metrics")}
    assert leaks(quiet, sorted(open_to_all)) == {}


@pytest.mark.parametrize("spelling", sorted(spellings(mark(1))))
def test_every_spelling_is_seen(spelling: str) -> None:
    planted = b"before " + spellings(mark(1))[spelling] + b" after"
    assert (mark(1), spelling) in found_in(planted, [mark(1)])
    assert found_in(planted, [mark(2)]) == set()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if STORM else ["sqlite"])
def test_a_planted_leak_is_found_wherever_it_is(live: Live, database: Database, databases: Databases) -> None:
    """In each place one mark is left on purpose: a search that overlooks one is blind."""
    town, marks = live.town, [mark(900_000 + n) for n in range(12)]
    case = town.registered()
    told, screen, home, value, meta, line, file, name, row, in_log, exported, counted = marks
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": told}}]
    town.slack.send("U0MAJA0001", {"text": screen, "blocks": blocks}, key="x")
    live.fingers.seen.views_publish(user_id="U0MAJA0001", view={"type": "home", "blocks": [{"text": home}]})
    view = {"type": "modal", "private_metadata": json.dumps({"c": meta}), "blocks": [{"value": value}]}
    live.fingers.seen.views_open(trigger_id="x", view=view)
    log.get_log().info(line)
    (live.folder / "temporary" / name).write_bytes(spellings(file)["utf-16-le"])
    with database.writing.begin() as connection:
        connection.execute(sql("UPDATE cases SET alias = :said WHERE id = :id"), {"said": row, "id": case.id})
    with pytest.raises(Exception, match="people"), database.writing.begin() as connection:
        connection.execute(sql("INSERT INTO people (id) VALUES (:said)"), {"said": in_log})
    found = places(live, database, databases)
    found["sheet"] = opened("sheet", as_xlsx(_paper(exported)))
    found["note"] = opened("note", as_docx(_paper(counted)))
    hits = {place: {text for text, _ in said} for place, said in leaks(found, marks).items()}
    expected = {
        "messages": {told, screen},
        "lock screens": {screen},
        "home and beside": {home},
        "unseen in forms": {value, meta},
        "log": {line},
        f"temporary file {name}": {file, name},
        "backup": {row},
        "dump": {row},
        "sheet": {exported},
        "note": {counted},
    }
    assert {place: hits.get(place) for place in expected} == expected
    assert row in hits.get("database-wal", set()) | hits.get("database", set())
    if not database.is_sqlite:
        assert in_log in hits["database's own log"]


def _paper(said: str) -> Printed:
    return Printed("x", (said,), (), "x", (), texts("da"))
