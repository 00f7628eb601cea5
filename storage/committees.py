"""The committee and its seats; meetings, and who sends regrets."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.domain.committee import Committee, Regret, Seat, SeatKind
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.people import ROLES_OF_A_COMMITTEE, PersonId
from storage.people import ONLY_COMMITTEE
from storage.shelf import Mapper, Shelf
from storage.tables import committees, meetings, posts, presentations, regrets, seats, tasks

COMMITTEE = Mapper(committees, Committee)
MEETING = Mapper(meetings, Meeting)


class StoredCommittees(Shelf[Committee]):
    def add(self, thing: Committee) -> Committee:
        """The roles that were given before there was one are the first one's, and never a later one's."""
        self._name_posts()
        added = super().add(thing)
        self._name_posts()
        return added

    def _name_posts(self) -> None:
        unnamed = posts.c.role.in_([r.value for r in ROLES_OF_A_COMMITTEE]) & (posts.c.committee == "")
        self._connection.execute(
            update(posts).where(unnamed).values(committee=func.coalesce(ONLY_COMMITTEE, ""))
        )

    def all(self) -> list[Committee]:
        return self._memory.ask("all", None, lambda: self._select(order=committees.c.id))

    def seats(self, committee: str, *, on: date | None = None) -> list[Seat]:
        found = self._memory.ask("seats", committee, lambda: self._seats(seats.c.committee == committee))
        return [s for s in found if on is None or s.holds_on(on)]

    def seats_of(self, person: PersonId) -> list[Seat]:
        return self._seats(seats.c.person == person)

    def put_seat(self, seat: Seat) -> None:
        self._connection.execute(
            delete(seats).where(seats.c.committee == seat.committee, seats.c.person == seat.person)
        )
        self._connection.execute(
            insert(seats).values(
                id=seat.id,
                committee=seat.committee,
                person=seat.person,
                kind=seat.kind.value,
                area=seat.area,
                alternate=seat.alternate,
                first=seat.first,
                last=seat.last,
            )
        )

    def remove_seat(self, id: str) -> None:  # noqa: A002
        self._connection.execute(delete(seats).where(seats.c.id == id))

    def _seats(self, condition: object) -> list[Seat]:
        query = select(seats).where(condition).order_by(seats.c.alternate, seats.c.kind, seats.c.id)  # type: ignore[arg-type]
        return [
            Seat(r.id, r.committee, r.person, SeatKind(r.kind), r.area, r.alternate, r.first, r.last)
            for r in self._connection.execute(query)
        ]


_NEXT = (
    select(meetings)
    .where(
        meetings.c.committee == bindparam("committee"),
        meetings.c.day >= bindparam("day"),
        meetings.c.state == MeetingState.PLANNED.value,
    )
    .order_by(meetings.c.day, meetings.c.starts)
    .limit(bindparam("count"))
)
"""No more of them than are asked for: a year of meetings lies ahead."""


class StoredMeetings(Shelf[Meeting]):
    def between(self, committee: str, first: date, last: date) -> list[Meeting]:
        return self._memory.ask(
            "between",
            (committee, first, last),
            lambda: self._select(
                meetings.c.committee == committee,
                meetings.c.day.between(first, last),
                order=(meetings.c.day, meetings.c.starts),
            ),
        )

    def changing(self, committee: str) -> list[Meeting]:
        return self._select(
            meetings.c.committee == committee,
            meetings.c.more["undo_until"].as_string().is_not(None),
            order=(meetings.c.day, meetings.c.starts),
        )

    def next_after(self, committee: str, day: date, *, count: int = 1) -> list[Meeting]:
        return self._ask(_NEXT, committee=committee, day=day, count=count)

    def at(self, committee: str, day: date, starts: time) -> Meeting | None:
        found = self._select(
            meetings.c.committee == committee, meetings.c.day == day, meetings.c.starts == starts
        )
        return found[0] if found else None

    def drop(self, meeting: str) -> bool:
        tied = (
            select(presentations.c.id).where(presentations.c.meeting_id == meeting),
            select(tasks.c.id).where(tasks.c.meeting_id == meeting),
            select(regrets.c.person).where(regrets.c.meeting_id == meeting),
        )
        if any(self._connection.execute(query).first() for query in tied):
            return False
        self._connection.execute(delete(meetings).where(meetings.c.id == meeting))
        return True

    def regrets(self, meeting: str) -> list[Regret]:
        query = select(regrets).where(regrets.c.meeting_id == meeting).order_by(regrets.c.at)
        return [Regret(r.meeting_id, r.person, r.at) for r in self._connection.execute(query)]

    def put_regret(self, regret: Regret) -> None:
        self.withdraw_regret(regret.meeting_id, regret.person)
        self._connection.execute(
            insert(regrets).values(meeting_id=regret.meeting_id, person=regret.person, at=regret.at)
        )

    def withdraw_regret(self, meeting: str, person: PersonId) -> None:
        self._connection.execute(
            delete(regrets).where(regrets.c.meeting_id == meeting, regrets.c.person == person)
        )
