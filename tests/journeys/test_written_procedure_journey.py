"""Written procedure through the sandbox: the chair asks, six members answer, the chair approves (D32)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.ballot import BallotState
from bot.domain.case import AgeBand
from bot.domain.money import Kroner
from bot.domain.presentation import CRITERIA, FrameTerms, Measure, Recommendation, State
from bot.usecases.ports import Asked
from bot.usecases.referrals import Wish
from tests.support.session import FOLLOW_UP
from tests.support.town import RunningTown
from tests.support.written import rules_with_written


def settle(house: Any) -> None:
    """The town, and one urgent case that is ready; nobody has written down the young person's part."""
    demo.settle_people(house)
    at = house.clock.now()
    with house.storage.open_reading(at=at) as work:
        maja, jens = work.people.get("U0MAJA0001"), work.people.get("U0JENS0001")
    asked = Asked(maja, at, "test")
    alias = house.office.cases.alias_choices(asked)[0].word
    case = house.office.cases.register(
        asked, reference="S2026-004711", band=AgeBand.YOUTH, alias=alias, area="social"
    )
    wish = Wish(criteria=CRITERIA, urgent=True, urgent_reason="housing")
    p = house.office.referrals.request(asked, case.id, wish)
    referred = house.office.referrals.refer(Asked(jens, at, "test"), p.id, collector=None, meeting_id=None)
    recommended = Recommendation(
        goals=("education",),
        measures=(Measure("mentor_support", "youth"),),
        caseworker=maja.id,
        caseworker_said_yes_at=at,
        frame=FrameTerms(Kroner.of(40_000), ("mentor_support",), "social"),
        follow_up_on=FOLLOW_UP,
    )
    ready = replace(referred, state=State.READY, ready_at=at, ready_by=jens.id, recommendation=recommended)
    with house.storage.open_work(at=at) as work:
        work.presentations.save(ready)


@pytest.fixture
def town(database_address: str, tmp_path: Path) -> Iterator[RunningTown]:
    with RunningTown(database_address, settle=settle, rules=rules_with_written(tmp_path)) as running:
        yield running


@pytest.mark.rule("D32", "R047", "R142")
def test_the_members_answer_one_by_one_and_the_chair_approves(town: RunningTown) -> None:
    henrik = town.person("Henrik Dahl")
    henrik.sees("En sag haster", within=25)
    henrik.presses("Skriftlig behandling", near="En sag haster")
    modal = henrik.waits_for_modal("Skriftlig behandling")
    assert "Akut hjælp venter ikke på udvalget." in modal
    henrik.chooses("Den unges medvirken", "Andet – med begrundelse")
    henrik.sees("Hvorfor har borgeren ikke været med?", in_="modal")
    henrik.chooses("Hvorfor har borgeren ikke været med?", "Kunne ikke nås")
    henrik.submits()
    henrik.sees("er i skriftlig behandling", in_="modal")
    henrik.closes()
    town.stage.jump("2026-11-16T08:15:00+01:00")
    with town.house.storage.open_reading(at=town.house.clock.now()) as work:
        (ballot,) = work.ballots.in_states(demo.COMMITTEE, BallotState.OPEN)
        voters = [work.people.get(v).name for v in ballot.voters]
    for name in voters:
        member = town.person(name)
        member.sees("Svar senest onsdag 18. november kl. 12.00", within=25)
        if name == voters[0]:
            member.presses("Se indstillingen", near="Svar senest")
            modal = member.waits_for_modal("Skriftlig behandling")
            assert "Socialområdet indstiller" in modal  # R142
            assert "Ramme 40.000,00 kr." in modal
            member.presses("Enig", in_="modal")
            member.sees("Du svarede: Enig", in_="modal")
        else:
            member.presses("Enig", near="Svar senest")
            member.sees("Du svarede: Enig", within=25)
    town.stage.jump("2026-11-16T09:00:00+01:00")
    henrik.sees("Alle er enige om", within=25)
    henrik.presses("Godkend nu", near="Alle er enige om")
    henrik.sees("den står i næste referat", within=25)
    town.person("Maja Holm").sees("Du er fast sagsbehandler.", within=25)
