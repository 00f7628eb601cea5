"""Presentations, with the members' mandates and conflicts, and wishes for a new date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, insert, select

from bot.domain.committee import Conflict, Mandate
from bot.domain.follow_up import NewDateWish
from bot.domain.meeting import MeetingState
from bot.domain.people import AreaCode, PersonId
from bot.domain.presentation import CAN_STAND_ON_AN_AGENDA, OPEN_STATES, Kind, Presentation, State
from storage.memory import among
from storage.shelf import Mapper, Shelf
from storage.tables import co_presenters, conflicts, mandates, meetings, presentations, wishes

PRESENTATION = Mapper(presentations, Presentation)
_OLDEST_FIRST = (presentations.c.requested_at, presentations.c.id)
_IS_OPEN = among(presentations.c.state, *OPEN_STATES)
_NEWEST_FIRST = (presentations.c.requested_at.desc(), presentations.c.id)


class StoredPresentations(Shelf[Presentation]):
    def of_case(self, case: str) -> list[Presentation]:
        return self._memory.ask(
            "of_case",
            case,
            lambda: self._select(presentations.c.case_id == case, order=_NEWEST_FIRST),
        )

    def gather_cases(self, cases: Iterable[str]) -> None:
        """Those of many cases at once, for `of_case`."""

        def find(new: list[str]) -> Iterator[tuple[str, Presentation]]:
            found = self._select(presentations.c.case_id.in_(new), order=_NEWEST_FIRST)
            return ((p.case_id, p) for p in found)

        self._memory.gather("of_case", cases, find)

    def of_cases(self, cases: Iterable[str], *states: State) -> list[Presentation]:
        """The oldest first; of states that are open."""
        return [p for p in self._by_case("open", cases, _IS_OPEN, order=_OLDEST_FIRST) if p.state in states]

    def overdue(
        self, kind: Kind, *states: State, before: date, areas: Sequence[AreaCode] | None = None
    ) -> list[Presentation]:
        """On a meeting whose day has passed; only of some areas when they are named."""
        passed = select(meetings.c.id).where(
            meetings.c.day < before, meetings.c.state != MeetingState.CANCELLED.value
        )
        conditions = [
            presentations.c.kind == kind.value,
            among(presentations.c.state, *states),
            presentations.c.meeting_id.in_(passed),
        ]
        if areas is not None:
            conditions.append(presentations.c.area.in_(areas))
        about = (kind, states, before, tuple(areas) if areas is not None else None)
        return self._memory.ask("overdue", about, lambda: self._select(*conditions, order=_OLDEST_FIRST))

    def open_of(self, case: str, kind: Kind) -> Presentation | None:
        found = self._select(
            presentations.c.case_id == case,
            presentations.c.kind == kind.value,
            presentations.c.state.in_([s.value for s in OPEN_STATES]),
        )
        return found[0] if found else None

    def on_agenda(self, meeting: str) -> list[Presentation]:
        """Everything that stands on the meeting's agenda, decided items too."""
        states = [s.value for s in (*CAN_STAND_ON_AN_AGENDA, State.DECIDED)]
        return self._memory.ask(
            "on_agenda",
            meeting,
            lambda: self._select(
                presentations.c.meeting_id == meeting,
                presentations.c.state.in_(states),
                order=_OLDEST_FIRST,
            ),
        )

    def hurried_to(self, meeting: str) -> list[Presentation]:
        chosen = presentations.c.more["urgent_meeting"].as_string() == meeting
        return self._select(_IS_OPEN, chosen, order=_OLDEST_FIRST)

    def waiting(self, committee: str) -> list[Presentation]:
        return self._select(
            presentations.c.committee == committee,
            presentations.c.meeting_id.is_(None),
            among(presentations.c.state, *CAN_STAND_ON_AN_AGENDA),
            order=_OLDEST_FIRST,
        )

    def in_states(self, *states: State, area: AreaCode | None = None) -> list[Presentation]:
        conditions: list[ColumnElement[bool]] = [among(presentations.c.state, *states)]
        if area is not None:
            conditions.append(presentations.c.area == area)
        return self._memory.ask(
            "in_states", (states, area), lambda: self._select(*conditions, order=_OLDEST_FIRST)
        )

    def requested_by(self, person: PersonId, *states: State) -> list[Presentation]:
        return self._select(
            presentations.c.requested_by == person,
            presentations.c.state.in_([s.value for s in states]),
            order=_OLDEST_FIRST,
        )

    def gather_answers(self, presentations_: Iterable[str]) -> None:
        """The mandates and conflicts of many at once, for `mandates` and `conflicts`."""
        about = list(presentations_)
        self._memory.gather(
            "mandates", about, lambda new: ((m.presentation_id, m) for m in self._mandates(new))
        )
        self._memory.gather(
            "conflicts", about, lambda new: ((c.presentation_id, c) for c in self._conflicts(new))
        )

    def mandates(self, presentation: str) -> list[Mandate]:
        return self._memory.ask("mandates", presentation, lambda: self._mandates([presentation]))

    def _mandates(self, of: list[str]) -> list[Mandate]:
        query = select(mandates).where(mandates.c.presentation_id.in_(of)).order_by(mandates.c.at)
        return [Mandate(r.presentation_id, r.person, r.at) for r in self._connection.execute(query)]

    def put_mandate(self, mandate: Mandate) -> None:
        if all(m.person != mandate.person for m in self.mandates(mandate.presentation_id)):
            self._connection.execute(insert(mandates).values(vars_of(mandate)))

    def drop_mandate(self, presentation: str, person: PersonId) -> None:
        self._connection.execute(
            delete(mandates).where(mandates.c.presentation_id == presentation, mandates.c.person == person)
        )

    def taken_along(self, presentation: str) -> list[PersonId]:
        """Who brings it forward besides whoever asked (R007)."""
        along = co_presenters.c.presentation_id == presentation
        query = select(co_presenters.c.person).where(along).order_by(co_presenters.c.person)
        return list(self._connection.execute(query).scalars())

    def brought_along_by(self, person: PersonId) -> list[Presentation]:
        """The open ones they bring forward together with whoever asked, the oldest first."""
        theirs = select(co_presenters.c.presentation_id).where(co_presenters.c.person == person)
        return self._select(presentations.c.id.in_(theirs), _IS_OPEN, order=_OLDEST_FIRST)

    def take_along(self, presentation: str, people: Iterable[PersonId]) -> None:
        """These and nobody else."""
        self._connection.execute(delete(co_presenters).where(co_presenters.c.presentation_id == presentation))
        for person in people:
            self._connection.execute(
                insert(co_presenters).values(presentation_id=presentation, person=person)
            )

    def conflicts(self, presentation: str) -> list[Conflict]:
        return self._memory.ask("conflicts", presentation, lambda: self._conflicts([presentation]))

    def _conflicts(self, of: list[str]) -> list[Conflict]:
        query = select(conflicts).where(conflicts.c.presentation_id.in_(of)).order_by(conflicts.c.at)
        return [Conflict(r.presentation_id, r.person, r.at) for r in self._connection.execute(query)]

    def put_conflict(self, conflict: Conflict) -> None:
        if all(c.person != conflict.person for c in self.conflicts(conflict.presentation_id)):
            self._connection.execute(insert(conflicts).values(vars_of(conflict)))

    def drop_conflict(self, presentation: str, person: PersonId) -> None:
        self._connection.execute(
            delete(conflicts).where(conflicts.c.presentation_id == presentation, conflicts.c.person == person)
        )

    def wish(self, presentation: str) -> NewDateWish | None:
        return next((w for w in self.wishes() if w.presentation_id == presentation), None)

    def put_wish(self, wish: NewDateWish) -> None:
        self.drop_wish(wish.presentation_id)
        self._connection.execute(insert(wishes).values(vars_of(wish)))

    def drop_wish(self, presentation: str) -> None:
        self._connection.execute(delete(wishes).where(wishes.c.presentation_id == presentation))

    def wishes(self) -> list[NewDateWish]:
        query = select(wishes).order_by(wishes.c.at)
        return self._memory.ask(
            "wishes",
            None,
            lambda: [
                NewDateWish(r.presentation_id, r.by, r.at, r.reason) for r in self._connection.execute(query)
            ],
        )


def vars_of(thing: object) -> dict[str, object]:
    return dict(vars(thing))
