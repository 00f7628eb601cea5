"""Three own items at one meeting are one message, before it and after it: never one for each (criterion 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.domain.decision import Recording
from bot.domain.substitute import Substitute
from tests.support.office import OfficeTown, readable
from tests.support.session import AS_RECOMMENDED, approved, next_meeting, ready
from tests.usecases.test_agendas import on_agenda

MAJA = "Maja Holm"
EVE = date(2026, 11, 18)


def told(town: OfficeTown) -> None:
    town.office.posts.present_due(town.clock.at)
    town.deliver()


def presents(town: OfficeTown) -> list[str]:
    """What stands with Maja about what she presents; what has become neutral says nothing of it."""
    return [said for said in town.heard(town.person(MAJA)) if "Du fremlægger" in said]


def at_eight(town: OfficeTown, items: int) -> list[str]:
    """The aliases of so many items of hers on Thursday's agenda, after the rounds of the working day before."""
    found = on_agenda(town, items)
    town.jump_to(EVE, time(8, 0))
    for _ in range(2):
        told(town)
    with town.work() as work:
        return [work.cases.get(item.case_id).alias for item in found]


@pytest.mark.rule("D10")
def test_all_that_a_presenter_presents_is_one_message_with_a_line_for_each(town: OfficeTown) -> None:
    one, two, three = at_eight(town, 3)
    (said,) = presents(town)
    assert said == (
        "*Du fremlægger 3 punkter torsdag*\n"
        "Kom 5 minutter før det første.\n"
        f"kl. 9.10 »{one}« · punkt 3\nGør klar\n"
        f"kl. 9.35 »{two}« · punkt 4\nGør klar\n"
        f"kl. 10.00 »{three}« · punkt 5\nGør klar"
    )


def moved(town: OfficeTown, item: str, to: str | None) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.save(replace(work.presentations.get(item), meeting_id=to))
    told(town)


@pytest.mark.rule("D10")
def test_what_is_gone_goes_out_of_it_quietly_and_what_comes_on_is_told_with_the_rest(
    town: OfficeTown,
) -> None:
    meeting = town.next_meetings(1)[0]
    one, two = at_eight(town, 2)
    with town.work() as work:
        last = work.presentations.on_agenda(meeting.id)[1]
    new = lambda: sum(to == town.person(MAJA).id for to, _ in town.slack.posts)  # noqa: E731
    heard = new()
    moved(town, last.id, None)
    (said,) = presents(town)
    assert (f"»{one}«" in said, f"»{two}«" in said, new()) == (True, False, heard)
    moved(town, last.id, meeting.id)
    (said,) = presents(town)
    assert (f"»{one}«" in said, f"»{two}«" in said, new()) == (True, True, heard)
    moved(town, town.referred(MAJA).id, meeting.id)
    (said,) = presents(town)
    assert "*Du fremlægger 3 punkter torsdag*" in said


@pytest.mark.rule("D10", "T12", "T15")
def test_what_is_decided_of_a_persons_items_is_one_message_with_a_button_for_each(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    items = [ready(town, meeting, measures=()) for _ in range(3)]
    with town.work() as work:
        one, two, three = (work.cases.get(item.case_id) for item in items)
    later = town.next_meetings(2)[1]
    postponed = Recording(choice="postponed", reason="time", to_meeting=later.id)
    approved(town, meeting, AS_RECOMMENDED, AS_RECOMMENDED, postponed)
    town.deliver()
    (said,) = (text for text in town.heard(town.person(MAJA)) if three.alias in text and "udsat" in text)
    assert said == (
        "*Udvalget har taget stilling til 3 af dine punkter*\n"
        f"✅ *»{one.alias}« {one.key} er besluttet* · Ny sag\nJeg tager sagen\n"
        f"✅ *»{two.alias}« {two.key} er besluttet* · Ny sag\nJeg tager sagen\n"
        f"»{three.alias}« {three.key} er udsat til torsdag 26. november. Tid.\nÅbn sag"
    )
    assert not any("er besluttet" in text for text in town.heard(town.person(MAJA)) if text != said)
    town.office.handovers.accept(town.asked(MAJA), one.id)
    town.deliver()
    now = town.heard(town.person(MAJA))[-1]
    assert [word for word in now.splitlines() if word in ("Jeg tager sagen", "Åbn sag")] == [
        "Åbn sag",
        "Jeg tager sagen",
        "Åbn sag",
    ]


@pytest.mark.rule("D10", "T25")
def test_what_reaches_somebody_as_a_stand_in_is_in_their_own_message_once(town: OfficeTown) -> None:
    """Maja is away: what is decided of her case is told to whoever stands in, with the stand-in's own."""
    meeting = next_meeting(town)
    hers, other = (ready(town, meeting, measures=()) for _ in range(2))
    ali, today = town.person("Ali Demir").id, town.today
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.save(replace(work.presentations.get(other.id), requested_by=ali))
        stint = Substitute(
            "stint", hers.case_id, ali, today, today + timedelta(days=20), "U0JENS0001", town.clock.at
        )
        work.substitutes.add(stint)
    approved(town, meeting, AS_RECOMMENDED, AS_RECOMMENDED)
    before = len(town.slack.posts)
    town.deliver()
    said = [readable(m["blocks"]) for to, m in town.slack.posts[before:] if to == ali]
    assert [text.splitlines()[0] for text in said] == ["*Udvalget har taget stilling til 2 af dine punkter*"]


@pytest.mark.rule("D15")
def test_a_cancelled_meeting_is_one_message_to_each_presenter(town: OfficeTown) -> None:
    on_agenda(town, 3)
    meeting = next_meeting(town)
    town.office.meetings.cancel(town.asked("Lone Ager"), meeting.id, reason="illness")
    town.jump(minutes=11)
    town.office.meetings.carry_out_due(town.clock.at)
    town.deliver()
    said = [text for text in town.heard(town.person(MAJA)) if "er aflyst" in text]
    assert [text.count("er flyttet til torsdag 26. november") for text in said] == [3]
