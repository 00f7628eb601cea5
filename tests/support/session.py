"""A meeting with cases that are ready for it, for the stories about the live meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from bot.domain.decision import Recording
from bot.domain.meeting import Meeting
from bot.domain.money import Kroner
from bot.domain.presentation import FrameTerms, Kind, Measure, Presentation, Recommendation, State, Tick
from bot.usecases.session_facts import ItemView, Overview, Page
from tests.support.office import OfficeTown

MEMBERS = ("U0ALI00001", "U0SOFIE001", "U0TINE0001", "U0HENRIK01", "U0GRETHE01", "U0NANNA001")
FOLLOW_UP = date(2027, 2, 11)
AS_RECOMMENDED = Recording(choice="as_recommended", participation="took_part")


def recommended(town: OfficeTown, **changes: Any) -> Recommendation:
    facts: dict[str, Any] = {
        "goals": ("education", "income_basis"),
        "measures": (Measure("mentor_support", "youth"), Measure("housing_support", "social")),
        "caseworker": "U0MAJA0001",
        "caseworker_said_yes_at": town.clock.at,
        "frame": FrameTerms(Kroner.of(40_000), ("mentor_support", "transport"), "social"),
        "follow_up_on": FOLLOW_UP,
    }
    return Recommendation(**{**facts, **changes})


def ready(town: OfficeTown, meeting: Meeting, **changes: Any) -> Presentation:
    """A new case, referred, ready, and on the meeting's agenda."""
    presentation = town.referred("Maja Holm", meeting=meeting.id)
    return put(
        town,
        replace(
            presentation,
            state=State.READY,
            ready_by="U0JENS0001",
            ready_at=town.clock.at,
            meeting_id=meeting.id,
            recommendation=recommended(town, **changes),
            ticks={"own_view": Tick("U0MAJA0001", town.clock.at, "conversation")},
        ),
    )


def put(town: OfficeTown, presentation: Presentation) -> Presentation:
    with town.house.storage.open_work(at=town.clock.at) as work:
        there = work.presentations.find(presentation.id)
        return work.presentations.save(presentation) if there else work.presentations.add(presentation)


def readied(town: OfficeTown, presentation: Presentation, **changes: Any) -> Presentation:
    """The presentation made ready with another recommendation."""
    with town.work() as work:
        there = work.presentations.get(presentation.id)
    made = replace(
        there,
        state=State.READY,
        ready_at=town.clock.at,
        ready_by="U0JENS0001",
        recommendation=Recommendation(**changes),
    )
    return put(town, made)


def next_meeting(town: OfficeTown) -> Meeting:
    meeting: Meeting = town.next_meetings(1)[0]
    return meeting


def begun(town: OfficeTown, meeting: Meeting, *, by: str = "Lone Ager") -> Page:
    town.jump_to(meeting.day, time(9, 0))
    return town.office.sessions.start(town.asked(by), meeting.id, attending=MEMBERS)


def saved(
    town: OfficeTown, page: Page, recording: Recording = AS_RECOMMENDED, *, by: str = "Lone Ager"
) -> Page:
    """*Gem og næste* on the item shown."""
    assert isinstance(page, ItemView)
    return town.office.sessions.save(
        town.asked(by), page.meeting.id, page.presentation.id, recording, seen=page.decision.revision
    )


def kept(town: OfficeTown, page: Page, recording: Recording, *, by: str = "Lone Ager") -> ItemView:
    assert isinstance(page, ItemView)
    return town.office.sessions.keep(
        town.asked(by), page.meeting.id, page.presentation.id, recording, seen=page.decision.revision
    )


def approved(town: OfficeTown, meeting: Meeting, *recordings: Recording) -> None:
    """The whole meeting: started, each item decided, sent, and approved by the chair."""
    page = begun(town, meeting)
    for recording in recordings or (AS_RECOMMENDED,):
        page = saved(town, page, recording)
    assert isinstance(page, Overview), page
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.jump(hours=3)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)


def presentations_of(town: OfficeTown, case: str, kind: Kind | None = None) -> list[Presentation]:
    with town.work() as work:
        return [p for p in work.presentations.of_case(case) if kind in (None, p.kind)]
