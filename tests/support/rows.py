"""Things as storage keeps them, each whole, with one word changed where a story needs it.

town = Rows(storage)
case = town.case(caseworker="UMAJA")
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.domain.case import AgeBand, Case, Stage
from bot.domain.committee import Committee, Seat, SeatKind
from bot.domain.frame import Entry, EntryKind, Frame
from bot.domain.meeting import Meeting
from bot.domain.money import Kroner
from bot.domain.people import ROLES_OF_A_COMMITTEE, Person, Post, Role
from bot.domain.presentation import (
    CRITERIA,
    Decision,
    Declined,
    FrameTerms,
    Kind,
    Measure,
    Presentation,
    Recommendation,
    Returned,
    State,
    Tick,
)
from bot.domain.task import Task
from storage.unit_of_work import Storage

AT = datetime(2026, 11, 24, 8, 15, 30, 123456, tzinfo=UTC)
TODAY = AT.date()  # a Tuesday
COMMITTEE = "udvalget"


def in_committee(posts: Collection[Post], committee: str = COMMITTEE) -> frozenset[Post]:
    """As they are kept: those of a committee's roles that name none are held in this one."""
    unnamed = [p for p in posts if p.role in ROLES_OF_A_COMMITTEE and p.committee is None]
    return (frozenset(posts) - set(unnamed)) | {replace(p, committee=committee) for p in unnamed}


def a_person(id: str = "UMAJA", *posts: Post, **changes: Any) -> Person:  # noqa: A002
    held = in_committee(posts or (Post(Role.CASEWORKER, "social"),))
    return replace(Person(id=id, team="T1", name=f"Åse Ærø {id}", posts=held), **changes)


def a_committee(**changes: Any) -> Committee:
    return replace(
        Committee(COMMITTEE, "Udvalget", 2, time(9, 0), 120, "Lokale 2, Østergade", channel="C1"), **changes
    )


def a_meeting(id: str = "meeting", **changes: Any) -> Meeting:  # noqa: A002
    return replace(Meeting(id, COMMITTEE, date(2026, 11, 25), time(9, 0), 120, "Lokale 2"), **changes)


def a_case(id: str = "case", **changes: Any) -> Case:  # noqa: A002
    whole = Case(
        id=id,
        committee=COMMITTEE,
        key=f"26-{abs(hash(id)) % 10000:04d}",
        alias=f"Bogfinke {id}",
        alias_category="bird",
        area="social",
        age_band=AgeBand.YOUTH,
        registered_by="UMAJA",
        registered_at=AT,
        caseworker="UMAJA",
        stage=Stage.ACTIVE,
        fixed_since=AT,
        accepted_at=AT,
        payer="youth",
        goals=("education", "employment"),
        plan_decided_on=date(2026, 11, 4),
        rules_version="3",
    )
    return replace(whole, **changes)


def a_presentation(id: str = "presentation", **changes: Any) -> Presentation:  # noqa: A002
    """With something in every part of it."""
    frame = FrameTerms(Kroner.of(25000), ("mentor_support", "transport"), "youth", outside_reason="joint")
    proposal = Recommendation(
        goals=("education",),
        measures=(Measure("mentor", "youth", Kroner.of(1250), date(2026, 12, 2)), Measure("home", "social")),
        caseworker="UMAJA",
        caseworker_asked_at=AT,
        caseworker_said_yes_at=AT,
        frame=frame,
        follow_up_on=date(2027, 2, 24),
        progress={"education": "on_track"},
        outcome="adjusted",
    )
    whole = Presentation(
        id=id,
        case_id="case",
        committee=COMMITTEE,
        kind=Kind.NEW,
        area="social",
        requested_by="UMAJA",
        requested_at=AT,
        state=State.READY,
        criteria=CRITERIA,
        questions=("plan", "frame"),
        urgent_reason="housing",
        consent_on=date(2026, 11, 2),
        answer_by=date(2026, 11, 27),
        settled_by="ULEDER",
        settled_at=AT,
        undo_until=AT,
        returned=Returned("ULEDER", AT, ("consent", "own_view"), ("consent",)),
        declined=Declined("ULEDER", AT, "not_complex", "youth", "UMAJA"),
        ticks={"own_view": Tick("UMAJA", AT, "conversation"), "consent": Tick("UMAJA", AT)},
        area_status={"social": date(2026, 11, 1), "youth": date(2026, 11, 3)},
        recommendation=proposal,
        ready_by="ULEDER",
        ready_at=AT,
        position=2,
        minutes=25,
        decision=Decision(
            "changed",
            participation="took_part",
            final=replace(proposal, follow_up_on=date(2027, 1, 20)),
            changed_points=("follow_up",),
            reservations=("UANE",),
            recorded_by="USEK",
            recorded_at=AT,
            complete=True,
        ),
        rules_version="3",
    )
    return replace(whole, **changes)


def a_frame(id: str = "frame", **changes: Any) -> Frame:  # noqa: A002
    whole = Frame(
        id=id,
        case_id="case",
        amount=Kroner.of(25000),
        purposes=("mentor_support", "transport"),
        payer="youth",
        opens_on=date(2026, 11, 4),
        follow_up_on=date(2027, 2, 24),
        used=Kroner(1_250_50),
        told=(80,),
        opened_at=AT,
    )
    return replace(whole, **changes)


def an_entry(id: str = "entry", **changes: Any) -> Entry:  # noqa: A002
    whole = Entry(
        id, "frame", EntryKind.EXPENSE, Kroner(450_25), "transport", date(2026, 11, 20), "UMAJA", AT
    )
    return replace(whole, **changes)


def a_task(id: str = "task", **changes: Any) -> Task:  # noqa: A002
    whole = Task(
        id=id,
        case_id="case",
        presentation_id="presentation",
        meeting_id="meeting",
        area="social",
        measure="mentor",
        due_on=date(2026, 12, 2),
        ticks={"reasons": Tick("UMAJA", AT)},
    )
    return replace(whole, **changes)


class Rows:
    """A town in the database: people and a committee first, the rest as a story wants it."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._numbers = itertools.count(1)
        with storage.open_work(at=AT) as work:
            work.people.add(a_person())
            work.people.add(a_person("ULEDER", Post(Role.AREA_LEADER, "social")))
            work.people.add(a_person("USEK", Post(Role.SECRETARY)))
            work.committees.add(a_committee())

    def person(self, id: str, *posts: Post) -> Person:  # noqa: A002
        with self.storage.open_work(at=AT) as work:
            return work.people.add(a_person(id, *posts))

    def seat(self, person: str) -> None:
        with self.storage.open_work(at=AT) as work:
            work.committees.put_seat(Seat(f"seat-{person}", COMMITTEE, person, SeatKind.CASEWORKER, "social"))

    def meeting(self, id: str = "meeting", **changes: Any) -> Meeting:  # noqa: A002
        with self.storage.open_work(at=AT) as work:
            return work.meetings.add(a_meeting(id, **changes))

    def case(self, **changes: Any) -> Case:
        number = next(self._numbers)
        named = {"id": f"case-{number}", "key": f"26-{number:04d}", "alias": f"Kaldenavn{number}", **changes}
        with self.storage.open_work(at=AT) as work:
            return work.cases.add(a_case(**named))

    def presentation(self, case: Case, **changes: Any) -> Presentation:
        named = {"id": f"p-{next(self._numbers)}", "case_id": case.id, **changes}
        with self.storage.open_work(at=AT) as work:
            return work.presentations.add(a_presentation(**named))

    def frame(self, case: Case, **changes: Any) -> Frame:
        with self.storage.open_work(at=AT) as work:
            named = {"id": f"f-{next(self._numbers)}", "case_id": case.id, **changes}
            return work.frames.add(a_frame(**named))

    def sees(self, person: Person, at: datetime = AT) -> list[str]:
        """What the person sees; a search, which begins elsewhere, must find the same."""
        with self.storage.open_reading(at=at) as work:
            seen = work.cases.visible(person, at)
            assert {c.id for c in work.cases.found_by("kaldenavn", person, at)} == {c.id for c in seen}
            return [case.id for case in seen]
