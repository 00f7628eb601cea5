"""What is asked after a closing, the passages of a case, its other meetings, and advice across areas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from bot.domain.case import OPEN_STAGES, Stage
from bot.domain.closing import AfterClosing
from bot.domain.gathering import AdviceRequest, Gathering
from bot.domain.people import AreaCode, PersonId
from bot.domain.transitions import Transition
from storage.shelf import Mapper, Shelf
from storage.tables import advice_requests, after_closings, cases, gatherings, transitions

AFTER_CLOSING = Mapper(after_closings, AfterClosing)
TRANSITION = Mapper(transitions, Transition)
GATHERING = Mapper(gatherings, Gathering)
ADVICE_REQUEST = Mapper(advice_requests, AdviceRequest)
_OPEN = [s.value for s in OPEN_STAGES]


class StoredAfterClosings(Shelf[AfterClosing]):
    def of_case(self, case: str) -> list[AfterClosing]:
        return self._select(after_closings.c.case_id == case, order=_SOONEST)

    def waiting_for(self, person: PersonId) -> list[AfterClosing]:
        return self._memory.ask("waiting_for", person, lambda: self._waiting(cases.c.caseworker == person))

    def gather_waiting_for(self, people: Iterable[PersonId]) -> None:
        """Those of many people at once, for `waiting_for`."""

        def find(new: list[PersonId]) -> Iterator[tuple[PersonId, AfterClosing]]:
            found = self._waiting(cases.c.caseworker.in_(new))
            whose = select(cases.c.id, cases.c.caseworker).where(cases.c.id.in_([a.case_id for a in found]))
            by = {row.id: row.caseworker for row in self._connection.execute(whose)} if found else {}
            return ((by[a.case_id], a) for a in found)

        self._memory.gather("waiting_for", people, find)

    def waiting_in(self, area: AreaCode) -> list[AfterClosing]:
        return self._waiting(cases.c.area == area)

    def _waiting(self, condition: object) -> list[AfterClosing]:
        mine = select(cases.c.id).where(condition, cases.c.stage == Stage.CLOSED.value)  # type: ignore[arg-type]
        return self._select(
            after_closings.c.answered_at.is_(None), after_closings.c.case_id.in_(mine), order=_SOONEST
        )


_SOONEST = (after_closings.c.due_on, after_closings.c.id)


class StoredTransitions(Shelf[Transition]):
    def of_case(self, case: str) -> list[Transition]:
        return self._select(transitions.c.case_id == case, order=_BY_CODE)

    def of_cases(self, cases_: list[str]) -> list[Transition]:
        return self._by_case("of_cases", cases_, order=_BY_CODE)

    def open_in(self, area: AreaCode) -> list[Transition]:
        return self._open(cases.c.area == area)

    def _open(self, condition: object) -> list[Transition]:
        theirs = select(cases.c.id).where(condition, cases.c.stage.in_(_OPEN))  # type: ignore[arg-type]
        return self._select(
            transitions.c.done_at.is_(None), transitions.c.case_id.in_(theirs), order=_BY_CODE
        )


_BY_CODE = (transitions.c.code, transitions.c.occasion, transitions.c.id)


_PLANNED = gatherings.c.outcome.is_(None)
_BY_DAY = (gatherings.c.day, gatherings.c.id)


class StoredGatherings(Shelf[Gathering]):
    def of_case(self, case: str) -> list[Gathering]:
        """Newest first."""
        return self._select(gatherings.c.case_id == case, order=(gatherings.c.day.desc(), gatherings.c.id))

    def planned_on(self, cases_: list[str]) -> list[Gathering]:
        return self._by_case("planned", cases_, _PLANNED, order=_BY_DAY)


class StoredAdvice(Shelf[AdviceRequest]):
    def of_case(self, case: str) -> list[AdviceRequest]:
        """Newest first."""
        newest = (advice_requests.c.asked_at.desc(), advice_requests.c.id)
        return self._select(advice_requests.c.case_id == case, order=newest)

    def waiting_in(self, area: AreaCode) -> list[AdviceRequest]:
        return self._select(
            advice_requests.c.area == area,
            advice_requests.c.answered_at.is_(None),
            order=(advice_requests.c.asked_at, advice_requests.c.id),
        )
