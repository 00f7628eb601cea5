"""What must not come in, and what goes wrong: refused where it was typed, harmless, once, and nothing is lost."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from storage.tables import metadata
from tests.support.stage import Actor
from tests.support.town import RunningTown

PERSONAL = ("311299-9999", "20 30 40 50", "ida@example.dk", "Nygade 12, 8500 Grenaa")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad") / "town.db"


@pytest.fixture(scope="module")
def town(path: Path) -> Iterator[RunningTown]:
    with RunningTown(f"sqlite:///{path}") as running:
        yield running


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
    with town.house.storage.database.reading.connect() as connection:
        facts = [
            json.dumps(r[0])
            for r in connection.execute(text("SELECT facts FROM journal WHERE act = 'turned_away'"))
        ]
    assert guest.id in "".join(facts)


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


def test_a_database_that_is_held_gives_a_sentence_with_a_number_and_the_form_keeps_its_text(
    town: RunningTown, path: Path
) -> None:
    tine = town.person("Tine Lauridsen")
    new_case(tine, "T600001")
    holding = sqlite3.connect(path, isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    try:
        tine.submits()
        assert "Det lykkedes ikke lige nu. Intet er gemt. Prøv igen om lidt. (nr. " in str(tine.complaints)
        assert tine.modal and tine.modal.value("Sagsnummer i fagsystemet") == "T600001"
    finally:
        holding.execute("ROLLBACK")
        holding.close()
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
