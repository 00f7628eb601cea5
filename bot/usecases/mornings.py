"""A morning for everybody at once: what the overviews are made of, found in a handful of questions."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from bot.domain.people import Person, Role
from bot.domain.presentation import Kind, Presentation, State
from bot.usecases.follow_ups import snooze_key
from bot.usecases.one_by_one import UNFIT
from bot.usecases.ports import Work

WAITING = (State.REFERRED, State.POSTPONED, State.RETURNED)


def gather(work: Work, people: list[Person], today: date) -> None:
    """What everybody's lines are made of, asked for once for all.

    With a row among them that does not hang together nothing is gathered: each is asked for alone, and it is found whose
    it is.
    """
    with suppress(*UNFIT):
        _gather(work, people, today)


def _gather(work: Work, people: list[Person], today: date) -> None:
    caseworkers = [p for p in people if p.has(Role.CASEWORKER)]
    ids = [p.id for p in caseworkers]
    work.cases.gather_looked_after(ids, today)
    work.after_closings.gather_waiting_for(ids)
    theirs = {p: [c.id for c in work.cases.looked_after_by(p.id, today)] for p in caseworkers}
    cases = list(dict.fromkeys(case for found in theirs.values() for case in found))
    work.transitions.of_cases(cases)
    work.gatherings.planned_on(cases)
    open_ones = work.presentations.of_cases(cases, *WAITING)
    work.meetings.gather(p.meeting_id for p in open_ones)
    follow_ups = [p for p in open_ones if p.kind == Kind.FOLLOW_UP]
    of_case: dict[str, list[Presentation]] = {}
    for presentation in follow_ups:
        of_case.setdefault(presentation.case_id, []).append(presentation)
    work.notices.gather(
        snooze_key(p, person)
        for person, found in theirs.items()
        for case in found
        for p in of_case.get(case, ())
    )
