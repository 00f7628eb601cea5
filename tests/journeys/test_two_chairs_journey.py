"""An employee leaves, and the leader hears it the same minute; a newcomer walks the practice case. Nobody mocked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.case import AgeBand
from bot.usecases.ports import Asked
from tests.support.town import RunningTown

PETER = "U0PETER001"


def settle(house: Any) -> None:
    """The town, one case of Maja's, and Peter who has never been here before."""
    demo.settle_people(house)
    at = house.clock.now()
    with house.storage.open_reading(at=at) as work:
        maja = work.people.get("U0MAJA0001")
    asked = Asked(maja, at, "test")
    alias = house.office.cases.alias_choices(asked)[0].word
    house.office.cases.register(
        asked, reference="S2026-000001", band=AgeBand.YOUTH, alias=alias, area="social"
    )
    with house.storage.open_work(at=at) as work:
        work.people.save(replace(work.people.get(PETER), welcomed=False))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTown]:
    path = tmp_path_factory.mktemp("chairs") / "town.db"
    with RunningTown(f"sqlite:///{path}", settle=settle) as running:
        yield running


@pytest.mark.rule("T32", "R113")
def test_a_deactivated_employee_is_an_alarm_until_somebody_answers_for_the_case(town: RunningTown) -> None:
    jens, henrik, maja = (town.person(n) for n in ("Jens Toft", "Henrik Dahl", "Maja Holm"))
    jens.home()
    jens.sees("0 sager mangler noget", in_="home")
    town.stage.deactivates("Maja Holm")
    jens.sees("mangler en sagsbehandler")
    henrik.sees("mangler en sagsbehandler")
    jens.home()
    jens.sees("1 sag mangler noget", in_="home")
    jens.sees("mangler en sagsbehandler", in_="home")
    town.stage.reactivates("Maja Holm")
    maja.home()
    maja.sees("Godmorgen, Maja", in_="home")
    jens.home()
    jens.sees("0 sager mangler noget", in_="home")
    jens.sees("Klaret. Du finder resten på startsiden")


@pytest.mark.rule("D43")
def test_a_newcomer_walks_a_whole_practice_case_and_nobody_hears_of_it(town: RunningTown) -> None:
    peter, jens = town.person("Peter Krogh"), town.person("Jens Toft")
    peter.home()
    peter.sees("Opret min første sag", in_="home")
    heard = len(jens.messages())
    peter.presses("Prøv med en øvesag", in_="home")
    peter.sees("ØVELSE · trin 1 af 10", in_="modal")
    peter.chooses("band", "18–29 år")
    peter.submits()
    peter.chooses("criteria", *_criteria())
    peter.submits()
    peter.sees("Nu er du lederen et øjeblik", in_="modal")
    peter.closes()
    peter.home()
    peter.sees("ØVELSE · »Prøvefugl« · trin 3 af 10", in_="home")
    peter.presses("Fortsæt øvesagen", in_="home")
    peter.submits()
    assert peter.modal and peter.modal.submit == "Spring til næste uge"
    peter.submits()
    peter.sees("Mødet er holdt", in_="modal")
    peter.submits()
    peter.fills("amount", "50.000")
    peter.submits()
    assert "amount" in peter.complaints
    peter.fills("amount", "450")
    peter.submits()
    peter.sees("39.550,00 kr.", in_="modal")
    peter.submits()
    peter.chooses("progress_education", "På vej")
    peter.chooses("outcome", "Uændret")
    peter.chooses("own_view", "Ja, samtale")
    peter.submits()
    peter.sees("Målet er nået", in_="modal")
    peter.chooses("closing~close", "Forankret i uddannelse")
    peter.chooses("own_view", "Ja, samtale")
    peter.submits()
    peter.sees("Det var et helt forløb", in_="modal")
    peter.closes()
    peter.home()
    peter.sees("Du har ingen", in_="home")
    assert len(jens.messages()) == heard


def _criteria() -> tuple[str, ...]:
    from bot.domain.presentation import CRITERIA
    from bot.texts import texts

    return tuple(str(texts("da").term("criterion", code)) for code in CRITERIA)
