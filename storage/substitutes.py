"""Who stands in on a case, and which changes of caseworker the committee has decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import and_, exists, func, select

from bot.domain.case import OPEN_STAGES
from bot.domain.contacts import Handover
from bot.domain.people import PersonId
from bot.domain.substitute import Substitute
from storage.access import overlaps, stands_in
from storage.shelf import Mapper, Shelf
from storage.tables import cases, handovers, substitutes

SUBSTITUTE = Mapper(substitutes, Substitute)
HANDOVER = Mapper(handovers, Handover)
_IN_ORDER = (substitutes.c.first, substitutes.c.id)
_HAPPENED = and_(handovers.c.done_at.is_not(None), handovers.c.old != handovers.c.new)
"""One that a later decision took the place of keeps the old caseworker in both places."""

_OPEN = [s.value for s in OPEN_STAGES]


class StoredSubstitutes(Shelf[Substitute]):
    def of_case(self, case: str) -> list[Substitute]:
        return self._select(substitutes.c.case_id == case, order=_IN_ORDER)

    def of_batch(self, batch: str) -> list[Substitute]:
        return self._select(substitutes.c.batch == batch, order=_IN_ORDER)

    def now_on(self, case: str, day: date) -> Substitute | None:
        found = self._memory.ask("now_on", (case, day), lambda: self._standing_on([case], day))
        return found[0] if found else None

    def gather_cases(self, cases_: Iterable[str], day: date) -> None:
        """Who stands in on many cases, for `now_on`."""

        def find(new: list[tuple[str, date]]) -> Iterator[tuple[tuple[str, date], Substitute]]:
            return (((s.case_id, day), s) for s in self._standing_on([case for case, _ in new], day))

        self._memory.gather("now_on", [(case, day) for case in cases_], find)

    def _standing_on(self, cases_: list[str], day: date) -> list[Substitute]:
        return self._select(substitutes.c.case_id.in_(cases_), stands_in(day), order=_IN_ORDER)

    def standing(self, day: date) -> list[Substitute]:
        """Everybody's, of open cases."""
        are_open = exists(select(1).where(cases.c.id == substitutes.c.case_id, cases.c.stage.in_(_OPEN)))
        return self._memory.ask(
            "standing", day, lambda: self._select(stands_in(day), are_open, order=_IN_ORDER)
        )

    def of_person(self, person: PersonId, day: date) -> list[Substitute]:
        return [s for s in self.standing(day) if s.person == person]


class StoredHandovers(Shelf[Handover]):
    def due(self, day: date) -> list[Handover]:
        return self._select(handovers.c.done_at.is_(None), handovers.c.on <= day, order=handovers.c.on)

    def overlapping(self, day: date) -> list[Handover]:
        is_open = exists(select(1).where(cases.c.id == handovers.c.case_id, cases.c.stage.in_(_OPEN)))
        return self._memory.ask(
            "overlapping",
            day,
            lambda: self._select(overlaps(day), is_open, order=(handovers.c.on, handovers.c.id)),
        )

    def waiting_on(self, case: str) -> Handover | None:
        found = self._select(handovers.c.case_id == case, handovers.c.done_at.is_(None))
        return found[0] if found else None

    def last_done(self, case: str) -> Handover | None:
        newest = handovers.c.done_at.desc()
        found = self._select(handovers.c.case_id == case, _HAPPENED, order=newest)
        return found[0] if found else None

    def count(self, case: str | None = None) -> int:
        """How often a fixed caseworker was exchanged, on one case or on all (R056)."""
        query = select(func.count()).select_from(handovers).where(_HAPPENED)
        if case is not None:
            query = query.where(handovers.c.case_id == case)
        return int(self._connection.execute(query).scalar_one())
