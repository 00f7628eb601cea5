"""A case with two items on one meeting: they stand together, and that one of them closes it is said beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.demo import town as demo
from bot.domain.presentation import Kind, Presentation, State
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.session import put
from tests.usecases.test_agendas import (
    CLOSED,
    MONDAY,
    TUESDAY,
    as_kind,
    desk_of,
    ids_on,
    meeting_of,
    on_agenda,
    the_post,
)


@pytest.mark.rule("G2", "T28", "D6")
def test_one_case_twice_stands_together_and_the_desk_says_before_the_meeting_that_one_item_closes_it(
    town: OfficeTown,
) -> None:
    town.slack.seen[demo.OPEN_CHANNEL] = CLOSED
    mine, ending, another = on_agenda(town, 3)
    for item, kind in ((mine, Kind.CHANGE), (ending, Kind.CLOSURE), (another, Kind.DOUBT)):
        as_kind(town, item, kind)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.save(replace(work.presentations.get(ending.id), case_id=mine.case_id))
    assert ids_on(town, meeting_of(town)) == [mine.id, ending.id, another.id]
    alias = town.office.cases.get(town.asked("Maja Holm"), mine.case_id).alias
    assert (
        f"⚠ »{alias}« indstilles til afslutning under punkt 4, og sagen er også punkt 3. Tag det"
        in desk_of(town)
    )
    assert f'⚠ "{alias}" is to be closed under item 4, and is item 3 too. Take off' in desk_of(town, "en")
    town.jump_to(MONDAY, time(8, 0))
    town.knock()
    lines = [line for line in the_post(town).splitlines() if "»" in line or line.startswith("*Æ")]
    assert lines[0] == "*Ændringer og tvivl*"
    assert [f"»{alias}« · afslutning" in line for line in lines] == [False, False, True, False]

    town.jump_to(TUESDAY, time(12, 30))
    assert "Afslutningen tages til sidst; det andet gælder" in desk_of(town)
    as_kind(town, ending, Kind.FRAME_CHANGE)
    assert "indstilles til afslutning" not in desk_of(town)


@pytest.mark.rule("D18", "T22")
def test_what_the_case_offers_to_make_ready_is_what_comes_first(town: OfficeTown) -> None:
    meetings = town.next_meetings(3)
    case, follow_up = active_case(town, follow_up=meetings[2])
    asked = town.asked("Maja Holm", once=False)

    def offered() -> str:
        return town.office.cases.show(asked, case.id).to_prepare

    assert offered() == follow_up
    change = town.office.adjustments.bring_back(town.asked("Maja Holm"), case.id, Kind.CHANGE).presentation
    for meeting in (None, meetings[1].id):
        put(town, replace(now(town, change.id), meeting_id=meeting))
        assert offered() == change.id, "the follow-up is a week later"
    put(town, replace(now(town, follow_up), meeting_id=meetings[0].id))
    assert offered() == follow_up
    put(town, replace(now(town, follow_up), state=State.READY, ready_at=town.clock.at))
    assert offered() == change.id, "nothing is missing from the other one"


def now(town: OfficeTown, presentation: str) -> Presentation:
    with town.work() as work:
        found: Presentation = work.presentations.get(presentation)
        return found
