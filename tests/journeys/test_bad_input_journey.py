"""What must not come in, and what goes wrong: refused where it was typed, harmless, once, and nothing is lost."""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from bot.demo import town as demo
from storage.tables import metadata
from tests.conftest import ENGINES
from tests.support.databases import Databases
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.stage import Actor, Hindered
from tests.support.town import RunningTown

OTHERS, SHARED = "T0NABO0001", "C0TVAERS01"
ARRANGED = itertools.count(1)
NOBODY = "Én Indgang er for medarbejdere med en rolle. Spørg din leder."
PERSONAL = ("311299-9999", "20 30 40 50", "ida@example.dk", "Nygade 12, 8500 Grenaa")


def world() -> dict[str, Any]:
    """The demo town, and somebody from another workspace in a channel that is shared with it."""
    found = demo.world()
    frida = {"id": "U0FRIDA001", "name": "Frida Fremmed", "title": "Nabokommunen", "locale": "da-DK"}
    found["people"].append(
        {**frida, "admin": False, "guest": False, "deactivated": False, "stranger_team": OTHERS}
    )
    members = [found["bot"]["user_id"], frida["id"], "U0MAJA0001"]
    found["channels"].append(
        {
            "id": SHARED,
            "name": "paa-tvaers",
            "private": False,
            "shared": True,
            "archived": False,
            "members": members,
            "topic": "Delt med nabokommunen",
        }
    )
    return found


@pytest.fixture(scope="module", params=ENGINES)
def town(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningTown]:
    address = databases.fresh(request.param, tmp_path_factory.mktemp("bad"))
    names = tmp_path_factory.mktemp("names") / "navne.txt"
    names.write_text("Ida\nMadsen\n", "utf-8")
    with RunningTown(address, world=world(), names=names) as running:
        yield running
    databases.take_back(address)


@contextmanager
def away(town: RunningTown) -> Iterator[None]:
    """The database does not answer in time: somebody holds the file, or the server takes no connections."""
    address = town.database_url
    if address.startswith("sqlite"):
        holding = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        holding.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holding.execute("ROLLBACK")
            holding.close()
        return
    name = town.house.storage.database.writing.url.database
    server = address.replace(f"/{name}", "/postgres", 1)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # type: ignore[call-overload]
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')  # type: ignore[call-overload]


class Inside(OfficeTown):
    """Arranges in the running town's own house what an earlier meeting would have left there."""

    def __init__(self, town: RunningTown) -> None:
        self.house, self.office, self._askings = town.house, town.house.office, 100 * next(ARRANGED)

    @property
    def clock(self):  # type: ignore[no-untyped-def,override]
        class Now:
            at = self.house.clock.now()

        return Now


def turned_away(town: RunningTown) -> str:
    """Who has been, as the journal says."""
    with town.house.storage.database.reading.connect() as connection:
        rows = connection.execute(text("SELECT facts FROM journal WHERE act = 'turned_away'"))
        return "".join(json.dumps(r[0]) for r in rows)


def everything_stored(town: RunningTown) -> str:
    rows: list[Any] = []
    with town.house.storage.database.reading.connect() as connection:
        for table in metadata.sorted_tables:
            rows += [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))]
    return repr(rows)


def new_case(who: Actor, number: str) -> None:
    who.types("/sag ny")
    who.fills("Sagsnummer i fagsystemet", number)
    who.chooses("Aldersgruppe", "18–29 år")


@pytest.mark.parametrize("typed", PERSONAL)
def test_personal_data_is_refused_on_the_field_and_kept_nowhere(
    town: RunningTown, typed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    maja = town.person("Maja Holm")
    new_case(maja, typed)
    maja.submits()
    assert list(maja.complaints) == ["reference"]
    assert typed not in str(maja.complaints)
    maja.closes()
    assert typed not in everything_stored(town)
    logged = capfd.readouterr()
    assert typed not in logged.out + logged.err


@pytest.mark.rule("D1")
def test_a_name_is_asked_about_once_and_sent_again_it_is_read_as_it_stands(town: RunningTown) -> None:
    maja = town.person("Maja Holm")
    new_case(maja, "Ida Madsen 7")
    maja.submits()
    asked = "Er »Ida«, »Madsen« navne? Skriv kaldenavnet i stedet. Er det ikke, så send igen, som det står."
    assert maja.complaints == {"reference": asked}
    maja.submits()
    assert maja.complaints["reference"].startswith("Sagsnummeret er ikke til at genkende.")
    maja.closes()
    assert "Madsen" not in everything_stored(town)


@pytest.mark.parametrize("typed", PERSONAL)
def test_personal_data_in_a_command_or_a_message_is_kept_nowhere(
    town: RunningTown, typed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    maja = town.person("Maja Holm")
    maja.types(f"/sag {typed}")
    maja.sees("Det er ikke gemt")
    maja.says(f"det handler om {typed}")
    maja.sees("Det ligner personoplysninger")
    assert typed not in everything_stored(town)
    logged = capfd.readouterr()
    assert typed not in logged.out + logged.err


@pytest.mark.parametrize(
    "typed",
    ["<!channel>", "*fed*", "\u202efed", "a\u0000b", "x" * 3000, "🦆" * 40, "&lt;!here&gt;", "`kode`"],
)
def test_text_that_could_do_harm_does_none(town: RunningTown, typed: str) -> None:
    maja = town.person("Maja Holm")
    maja.types(f"/sag {typed}")
    maja.sees("Sagen findes ikke")
    assert "<!channel>" not in "".join(m.text for m in maja.messages())
    maja.says(typed)
    bot_said = [
        m.text for m in maja.messages() if "Det forstod jeg ikke" in m.text or "Skriv forløbet" in m.text
    ]
    assert typed not in "".join(bot_said)


def test_a_form_sent_twice_makes_one_case(town: RunningTown) -> None:
    ali = town.person("Ali Demir")
    new_case(ali, "S2026-700001")
    form = ali.modal
    assert form
    state = ali._form(form)
    ali._act("submit", view_id=form.view_id, state=state)
    ali.closes()
    ali.types("/sag 700001")
    with town.house.storage.open_reading(at=town.house.clock.now()) as work:
        assert len(work.cases.of_caseworker(ali.id)) == 1


def test_the_same_number_again_is_refused_without_saying_whose_it_is(town: RunningTown) -> None:
    ali, nanna = town.person("Ali Demir"), town.person("Nanna Ilsø")
    new_case(ali, "S2026-700002")
    ali.submits()
    ali.closes()
    new_case(nanna, "S2026-700002")
    nanna.submits()
    assert nanna.complaints == {"reference": "Sagen er allerede oprettet. Spørg din leder, hvem der har den."}
    assert "Ali" not in str(nanna.complaints)
    nanna.closes()


def test_a_guest_and_a_closed_account_are_told_one_sentence_and_are_written_down(town: RunningTown) -> None:
    guest = town.person("Gitte Gæst")
    guest.types("/sag ny")
    assert guest.modal is None
    guest.sees("Én Indgang er for medarbejdere med en rolle. Spørg din leder.")
    guest.home()
    shown = guest.sees("Én Indgang er for medarbejdere med en rolle", in_="home")
    assert shown.buttons == []
    assert guest.id in turned_away(town)


def test_a_person_of_another_workspace_is_told_the_same_and_sees_nothing(town: RunningTown) -> None:
    frida = town.person("Frida Fremmed")
    for command in ("/sag ny", "/sag 700001", "/ramme isf 450 bus", "/henvis", "/dagsorden"):
        frida.types(command, "paa-tvaers")
        assert frida.modal is None
        answers = [m.text for m in frida.messages("paa-tvaers") if m.ephemeral]
        assert answers[-1] == NOBODY, command
    assert frida.id in turned_away(town)


def test_a_key_nobody_has_and_one_of_others_are_answered_alike(town: RunningTown) -> None:
    sofie, tine = town.person("Sofie Bech"), town.person("Tine Lauridsen")
    new_case(sofie, "U-300001")
    sofie.submits()
    sofie.closes()
    with town.house.storage.open_reading(at=town.house.clock.now()) as work:
        key = work.cases.of_caseworker(sofie.id)[0].key
    answers = set()
    for command in ("/sag 26-9999", f"/sag {key}", "/henvis 26-9999", f"/henvis {key}", "/henvis nogetandet"):
        tine.types(command)
        assert tine.modal is None, command
        answers.add([m for m in tine.messages() if m.ephemeral][-1].text)
    assert answers == {
        "Sagen findes ikke, eller den hører til hos andre. Tjek nøglen, eller søg på kaldenavnet."
    }


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "Beløbet skal være over 0"),
        ("-5", "Beløbet skal være over 0"),
        ("NaN", "Skriv beløbet som 450 eller 1.250,00"),
        ("1 200,50", "mener du 1.200,50 kr., så skriv det uden"),
        ("1.5", "Skriv beløbet som 450 eller 1.250,00"),
        ("25,000", "Mener du 25,00 kr. eller 25.000,00 kr.?"),
        ("٤٥٠", "Skriv beløbet som 450 eller 1.250,00"),
        ("99999999", "Beløbet er for stort"),
    ],
)
def test_an_amount_that_cannot_be_is_said_and_nothing_is_booked(
    town: RunningTown, amount: str, said: str
) -> None:
    maja = town.person("Maja Holm")
    with town.house.storage.open_reading(at=town.house.clock.now()) as work:
        known = [c for c in work.cases.of_caseworker(maja.id) if c.stage == "active"]
    case = known[0] if known else active_case(Inside(town))[0]
    maja.types(f"/ramme {case.key} {amount} bus")
    assert maja.modal is None
    assert said in [m for m in maja.messages() if m.ephemeral][-1].text
    with town.house.storage.open_reading(at=town.house.clock.now()) as work:
        frame = work.frames.open_of(case.id)
        assert frame and work.frames.entries(frame.id) == []


def test_a_form_that_has_been_overtaken_is_told_who_and_when_and_nothing_happens_twice(
    town: RunningTown,
) -> None:
    inside = Inside(town)
    wish = inside.requested("Maja Holm")
    jens, karen = town.person("Jens Toft"), town.person("Karen Friis")
    jens.sees("venter på dig")
    karen.sees("venter på dig")
    for leader in (jens, karen):
        leader.presses("Henvis", in_="dm")
        leader.chooses("Din vurdering", "Jeg har vurderet, at sagen hører til i udvalget")
    jens.submits()
    jens.sees("er henvist", in_="modal")
    karen.submits()
    said = str(karen.complaints)
    assert "Sagen er allerede henvist af Jens Toft" in said
    assert "Du behøver ikke gøre mere" in said
    karen.closes()
    karen.sees("er henvist af Jens Toft", in_="dm")
    with town.house.storage.open_reading(at=town.house.clock.now()) as work:
        acts = [e.act for e in work.journal.of_case(wish.case_id)]
    assert acts.count("presentation_referred") == 1


def test_a_deactivated_account_is_out_at_once(town: RunningTown) -> None:
    town.stage.deactivates("Peter Krogh")
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with town.house.storage.open_reading(at=town.house.clock.now()) as work:
            peter = work.people.find(town.stage.person_id("Peter Krogh"))
        if peter and not peter.active:
            break
        time.sleep(0.05)
    assert peter and not peter.active
    town.stage.reactivates("Peter Krogh")


def test_a_database_that_is_away_gives_a_sentence_with_a_number_and_the_form_keeps_its_text(
    town: RunningTown,
) -> None:
    tine = town.person("Tine Lauridsen")
    new_case(tine, "T600001")
    with away(town):
        tine.submits()
        assert "Det lykkedes ikke lige nu. Intet er gemt. Prøv igen om lidt. (nr. " in str(tine.complaints)
        assert tine.modal and tine.modal.value("Sagsnummer i fagsystemet") == "T600001"
    following = tine.submits()
    assert following and following.title == "Bed om henvisning"
    tine.closes()


def test_slack_away_and_back_sends_everything_once(town: RunningTown) -> None:
    sofie = town.person("Sofie Bech")
    town.stage.fault("429", method="chat.postMessage", times=2, seconds=1)
    sofie.says("hej")
    assert not [m for m in sofie.messages() if "Hej Sofie" in m.text]
    sofie.sees("Hej Sofie. Skriv fx", within=20)
    time.sleep(1)
    assert len([m for m in sofie.messages() if "Hej Sofie. Skriv fx" in m.text]) == 1


def test_an_outage_of_slack_loses_nothing_and_needs_no_restart(
    town: RunningTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.usecases.delivery.LEASE_SECONDS", 3.0)  # a minute, but for a test
    nanna, jens = town.person("Nanna Ilsø"), town.person("Jens Toft")
    new_case(nanna, "S2026-700009")
    town.stage.fault("outage_on")
    with pytest.raises(Hindered):
        nanna.submits()
    alias = nanna.modal.value("Kaldenavn") if nanna.modal else None
    Inside(town).requested("Ali Demir")  # something the leader must hear of happens meanwhile
    time.sleep(1.5)
    before = len(jens.messages())
    town.stage.fault("outage_off")
    town.stage.waits_for_the_bot(within=60)
    assert alias and nanna.modal and nanna.modal.value("Sagsnummer i fagsystemet") == "S2026-700009"
    following = nanna.submits()
    assert following and following.title == "Bed om henvisning"
    nanna.closes()
    until = time.monotonic() + 60
    while len(jens.messages()) == before and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    assert len(jens.messages()) == before + 1
    assert "Ali Demir beder om henvisning" in jens.messages()[-1].text
