"""Mandates before a meeting (R013): who has said they may decide, whom it still misses, and the member's one line."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.committee import Seat
from bot.domain.meeting import Meeting, MeetingState, involved_areas
from bot.domain.people import AreaCode, Person, PersonId, Role
from bot.domain.presentation import Presentation
from bot.domain.rules import Rules
from bot.usecases.agenda_facts import AgendaView, concerns, seat_of, view_of
from bot.usecases.ports import Work
from bot.usecases.waiting import Waiting


@dataclass(frozen=True)
class Lamp:
    """How the mandates of one item stand: so many yes, and the areas that have not answered."""

    yes: int
    missing: tuple[AreaCode, ...]


@dataclass(frozen=True)
class Sitting:
    """Who decides on one item, and who of them has answered for it."""

    presentation: Presentation
    members: tuple[Seat, ...]
    stand_ins: dict[PersonId, PersonId]
    mandates: frozenset[PersonId]
    conflicts: frozenset[PersonId]

    @property
    def expected(self) -> tuple[tuple[PersonId, AreaCode], ...]:
        """Members the item concerns; who is disqualified is not asked, an alternate answers for the absent."""
        areas = involved_areas(self.presentation)
        known = bool(self.presentation.recommendation.measures)
        asked = [
            (self.stand_ins.get(s.person, s.person), s.area)
            for s in self.members
            if not known or s.area in areas
        ]
        return tuple((p, a) for p, a in asked if p not in self.conflicts)

    @property
    def unconfirmed(self) -> tuple[PersonId, ...]:
        return tuple(p for p, _ in self.expected if p not in self.mandates)

    @property
    def lamp(self) -> Lamp:
        missing = [a for p, a in self.expected if p not in self.mandates]
        return Lamp(len(self.expected) - len(missing), tuple(sorted(set(missing))))


def sitting_of(work: Work, meeting: Meeting, presentation: Presentation) -> Sitting:
    seats = work.committees.seats(meeting.committee, on=meeting.day)
    return Sitting(
        presentation,
        tuple(s for s in seats if not s.alternate),
        meeting.stand_ins,
        frozenset(m.person for m in work.presentations.mandates(presentation.id)),
        frozenset(c.person for c in work.presentations.conflicts(presentation.id)),
    )


def lamps(view: AgendaView, rules: Rules, today: date) -> dict[str, Lamp]:
    """By presentation, from 48 hours before the meeting; empty until then, and when it is cancelled."""
    meeting = view.meeting
    hours = (meeting.day - today).days * 24
    if meeting.state == MeetingState.CANCELLED or hours > rules.deciding.mandates_before_hours:
        return {}
    return {
        line.id: Sitting(
            line.item.presentation, view.members, meeting.stand_ins, line.mandates, line.conflicts
        ).lamp
        for line in view.lines
    }


def mandate_lines(work: Work, person: Person, today: date, rules: Rules) -> Iterator[Waiting]:
    """One line a meeting, not one an item: how many mandates wait for the member (two days before)."""
    if not person.has(Role.COMMITTEE_MEMBER):
        return
    days = math.ceil(rules.deciding.mandates_before_hours / 24)
    # On a Friday the meetings of Monday and Tuesday too: nobody is asked on a day that is closed.
    until = rules.working_days.after(today, 1) + timedelta(days=days - 1)
    for committee in work.committees.all():
        for meeting in work.meetings.between(committee.id, today, until):
            count = _open_for(work, person, meeting, rules)
            if count:
                reminders = ((f"mandate:{meeting.id}:{person.id}", today),)
                yield Waiting("mandate", meeting.id, "", meeting.day, missing=count, reminders=reminders)


def _open_for(work: Work, person: Person, meeting: Meeting, rules: Rules) -> int:
    """Unanswered items that concern the person's seat; none when they have sent regrets."""
    if not work.presentations.on_agenda(meeting.id):
        return 0
    seat = seat_of(work, meeting, person) if meeting.state == MeetingState.PLANNED else None
    if seat is None or any(r.person == person.id for r in work.meetings.regrets(meeting.id)):
        return 0
    if seat.alternate and person.id not in meeting.stand_ins.values():
        return 0
    view = view_of(work, rules, meeting, meeting.begins)
    return sum(concerns(line, seat.area) and not line.answered_by(person.id) for line in view.lines)
