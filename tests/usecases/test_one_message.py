"""Three own items at one meeting are one message, before it and after it: never one for each (criterion 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from tests.support.office import OfficeTown
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
    assert presents(town) == [
        "*Du fremlægger 3 punkter torsdag*\n"
        + "Kom 5 minutter før det første.\n"
        + f"kl. 9.10 »{one}« · punkt 3\nGør klar\n"
        + f"kl. 9.35 »{two}« · punkt 4\nGør klar\n"
        + f"kl. 10.00 »{three}« · punkt 5\nGør klar"
    ]


def moved(town: OfficeTown, item: str, to: str | None) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.save(replace(work.presentations.get(item), meeting_id=to))
    told(town)


@pytest.mark.rule("D10")
def test_what_is_gone_goes_out_of_it_quietly_and_what_comes_on_is_told_with_the_rest(town: OfficeTown) -> None:
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
