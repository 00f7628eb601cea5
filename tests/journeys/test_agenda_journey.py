"""The secretary's Monday and everybody's agenda, through the sandbox; nobody mocked (A4, A11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.case import AgeBand
from bot.domain.presentation import CRITERIA
from bot.usecases.ports import Asked
from bot.usecases.referrals import Wish
from tests.support.stage import waits_until
from tests.support.town import RunningTown

MONDAY_EIGHT = "2026-11-16T08:00:00+01:00"
CHANNEL = "udvalg-uge"


def settle(house: Any) -> None:
    """The town, three cases on Thursday's agenda and one that waits for a place."""
    demo.settle_people(house)
    at = house.clock.now()
    with house.storage.open_reading(at=at) as work:
        (meeting,) = work.meetings.next_after(demo.COMMITTEE, at.date(), count=1)
        maja, jens = work.people.get("U0MAJA0001"), work.people.get("U0JENS0001")
    for number, place in enumerate((meeting.id, meeting.id, meeting.id, None)):
        asked = Asked(maja, at, "test")
        alias = house.office.cases.alias_choices(asked)[0].word
        case = house.office.cases.register(
            asked, reference=f"S2026-{number:06d}", band=AgeBand.YOUTH, alias=alias, area="social"
        )
        wish = house.office.referrals.request(asked, case.id, Wish(criteria=CRITERIA))
        house.office.referrals.refer(Asked(jens, at, "test"), wish.id, collector=None, meeting_id=place)


@pytest.fixture
def town(database_address: str) -> Iterator[RunningTown]:
    with RunningTown(database_address, settle=settle) as running:
        yield running


def test_the_secretary_arranges_sees_the_post_beforehand_and_everybody_gets_their_own(
    town: RunningTown,
) -> None:
    lone, maja, sofie, peter = (
        town.person(n) for n in ("Lone Ager", "Maja Holm", "Sofie Bech", "Peter Krogh")
    )
    lone.home()
    lone.sees("1 sag venter", in_="home")
    lone.presses("Tilføj", in_="home")
    lone.waits_for_modal("Tilføj sag")
    lone.submits()
    lone.sees("6 · kl. 10.25", in_="home")

    lone.presses("Flyt ned", in_="home", near="3 · kl. 9.10")
    lone.presses("Vis opslaget", in_="home")
    lone.waits_for_modal("Vis opslaget")
    lone.sees("personer uden for udvalget, så opslaget bliver uden kaldenavne", in_="modal")
    lone.sees("*4 sager:* 4 nye", in_="modal")
    lone.presses("Se hvem")
    lone.waits_for_modal("Uden for udvalget")
    lone.closes()
    lone.closes()

    town.stage.jump(MONDAY_EIGHT)
    lone.sees("Udvalgsmøde torsdag 19. november kl. 9.00", in_=CHANNEL)
    post = lone.messages(CHANNEL)[-1]
    assert "»" not in post.text

    maja.presses("Vis min dagsorden", in_=CHANNEL)
    assert maja.waits_for_modal("Min dagsorden").text.count("Du fremlægger") == 4
    peter.presses("Vis min dagsorden", in_=CHANNEL)
    assert "Du har ingen punkter på dette møde." in peter.waits_for_modal("Min dagsorden")
    sofie.presses("Vis min dagsorden", in_=CHANNEL)
    sofie.waits_for_modal("Min dagsorden")
    sofie.presses("Åbn", near="*4*")
    sofie.waits_for_modal("Punkt 4")
    sofie.presses("Jeg har kompetence")
    sofie.sees("Din kompetence er bekræftet", in_="modal")


def test_a_guest_in_the_channel_takes_the_post_away_and_the_secretary_sends_it_again(
    town: RunningTown,
) -> None:
    lone = town.person("Lone Ager")
    town.stage.jump(MONDAY_EIGHT)
    lone.sees("Udvalgsmøde torsdag 19. november", in_=CHANNEL)
    town.stage.invites("Gitte Gæst", CHANNEL)
    lone.sees("Der er en gæst i kanalen", in_="dm")
    waits_until(lambda: all("Udvalgsmøde" not in m.text for m in lone.messages(CHANNEL)))
    town.stage.removes("Gitte Gæst", CHANNEL)
    lone.presses("Prøv igen", in_="dm")
    lone.sees("Udvalgsmøde torsdag 19. november", in_=CHANNEL)


def test_a_meeting_is_cancelled_by_command_and_undone(town: RunningTown) -> None:
    lone = town.person("Lone Ager")
    lone.types("/dagsorden aflys")
    lone.waits_for_modal("Aflys møde")
    lone.chooses("reason", "Sygdom")
    lone.submits()
    lone.sees("Andre får besked", in_="modal")
    lone.presses("Fortryd")
    lone.sees("holdes alligevel", in_="modal")
    lone.closes()
    lone.types("/dagsorden ekstra")
    lone.waits_for_modal("Ekstra møde")
    lone.fills("day", "2026-12-24")
    modal = lone.submits()
    assert modal is not None
    assert "Der er lukket torsdag 24. december" in modal.complaints["day"]


def test_somebody_without_the_desk_gets_their_own_agenda_from_the_command(town: RunningTown) -> None:
    maja = town.person("Maja Holm")
    maja.types("/dagsorden")
    assert "Du fremlægger kl. 9.10" in maja.waits_for_modal("Min dagsorden")
