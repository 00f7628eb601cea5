"""The meeting as the secretary holds it and the chair approves it: through the sandbox, nobody mocked (A7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.case import AgeBand
from bot.domain.money import Kroner
from bot.domain.presentation import CRITERIA, FrameTerms, Measure, Recommendation, State, Tick
from bot.usecases.ports import Asked
from bot.usecases.referrals import Wish
from tests.support.session import FOLLOW_UP
from tests.support.stage import Actor
from tests.support.town import RunningTown

CASES = 10
MEETING_MORNING = "2026-11-19T09:00:00+01:00"


def settle(house: Any) -> None:
    """The town, and ten new cases that are ready for Thursday."""
    demo.settle_people(house)
    at = house.clock.now()
    with house.storage.open_reading(at=at) as work:
        if work.presentations.in_states(State.READY):
            return
        (meeting,) = work.meetings.next_after(demo.COMMITTEE, at.date(), count=1)
        maja, jens = work.people.get("U0MAJA0001"), work.people.get("U0JENS0001")
    for number in range(CASES):
        asked = Asked(maja, at, "test")
        alias = house.office.cases.alias_choices(asked)[0].word
        case = house.office.cases.register(
            asked, reference=f"S2026-{number:06d}", band=AgeBand.YOUTH, alias=alias, area="social"
        )
        wish = house.office.referrals.request(asked, case.id, Wish(criteria=CRITERIA))
        referred = house.office.referrals.refer(
            Asked(jens, at, "test"), wish.id, collector=None, meeting_id=meeting.id
        )
        ready = replace(
            referred,
            state=State.READY,
            meeting_id=meeting.id,
            ready_at=at,
            ready_by=jens.id,
            ticks={"own_view": Tick(maja.id, at, "conversation")},
            recommendation=Recommendation(
                goals=("education",),
                measures=(Measure("mentor_support", "youth"),),
                caseworker=maja.id,
                caseworker_said_yes_at=at,
                frame=FrameTerms(Kroner.of(40_000), ("mentor_support",), "social"),
                follow_up_on=FOLLOW_UP,
            ),
        )
        with house.storage.open_work(at=at) as work:
            work.presentations.save(ready)


@pytest.fixture
def town(database_address: str) -> Iterator[RunningTown]:
    with RunningTown(database_address, settle=settle) as running:
        running.stage.jump(MEETING_MORNING)
        yield running


def start(lone: Actor) -> None:
    lone.home()
    lone.sees("Start mødet", in_="home")
    lone.presses("Start mødet", in_="home")
    lone.waits_for_modal("Start mødet")
    lone.submits()
    lone.waits_for_modal("Punkt 3 af 14")


@pytest.mark.rule("D30", "D19")
def test_ten_items_two_changed_one_postponed_in_sixty_interactions(town: RunningTown) -> None:
    lone = town.person("Lone Ager")
    start(lone)
    lone.interactions = 0
    for number in range(3, 3 + CASES):
        lone.waits_for_modal(f"Punkt {number} af 14")
        if number in (4, 7):
            lone.chooses("Beslutning", "Med ændringer")
            lone.sees("Hvad ændres?", in_="modal")
            lone.chooses("Hvad ændres?", "Ramme og formål")
            lone.sees("Ramme i kr.", in_="modal")
            lone.fills("Ramme i kr.", "30.000")
        elif number == 9:
            lone.chooses("Beslutning", "Udsat")
            lone.sees("Udsættes til mødet", in_="modal")
            lone.chooses("Begrundelse", "Tid")
        else:
            lone.chooses("Beslutning", "Som indstillet")
        lone.submits()
        assert not lone.trouble
    lone.waits_for_modal("Slut")
    lone.submits()
    lone.sees("Beslutningerne gælder, når det er godkendt", in_="modal")
    assert lone.interactions <= 60

    henrik = town.person("Henrik Dahl")
    henrik.sees("Referat af mødet torsdag 19. november", within=25)
    henrik.presses("Godkend referat", near="Referat af mødet")
    henrik.sees("Rammer er åbnet", in_="modal")
    town.person("Maja Holm").sees("Udvalget har taget stilling til 10 af dine punkter", within=25)
    lise = town.person("Lise Vang")
    lise.sees("9 opgaver til Ungeindsatsen og UU", within=25)
    lise.presses("Åbn næste opgave")
    lise.waits_for_modal("Opgave")
    lise.chooses("Hvad er gjort?", "Partshøring", "Begrundelse", "Klagevejledning", "Afgørelsen er meddelt")
    lise.submits()
    lise.sees("er meddelt", in_="modal")


@pytest.mark.rule("D37", "A7")
def test_esc_and_another_secretary_lose_nothing(town: RunningTown) -> None:
    lone, henrik = town.person("Lone Ager"), town.person("Henrik Dahl")
    start(lone)
    lone.chooses("Beslutning", "Med ændringer")
    lone.sees("Hvad ændres?", in_="modal")
    lone.chooses("Hvad ændres?", "Opfølgning")
    lone.sees("Opfølgning på mødet", in_="modal")
    lone.closes()
    henrik.home()
    henrik.sees("Fortsæt ved punkt 3", in_="home")
    henrik.presses("Fortsæt ved punkt 3", in_="home")
    modal = henrik.waits_for_modal("Punkt 3 af 14")
    assert "Opfølgning på mødet" in modal
    henrik.chooses("Beslutning", "Som indstillet")
    henrik.submits()
    henrik.waits_for_modal("Punkt 4 af 14")
    lone.home()
    lone.sees("Fortsæt ved punkt 4", in_="home")


@pytest.mark.rule("A7")
def test_two_at_once_in_the_same_item(town: RunningTown) -> None:
    lone, henrik = town.person("Lone Ager"), town.person("Henrik Dahl")
    start(lone)
    henrik.home()
    henrik.sees("Fortsæt ved punkt 3", in_="home")
    henrik.presses("Fortsæt ved punkt 3", in_="home")
    henrik.waits_for_modal("Punkt 3 af 14")
    henrik.chooses("Beslutning", "Udsat")
    henrik.sees("Udsættes til mødet", in_="modal")
    lone.chooses("Beslutning", "Som indstillet")
    lone.sees("Punktet blev ændret af Henrik Dahl", in_="modal")
    lone.chooses("Beslutning", "Som indstillet")
    lone.submits()
    lone.waits_for_modal("Punkt 4 af 14")
