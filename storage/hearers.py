"""Who hears a message instead of somebody who is away: the deputy, or on one case the substitute (D31, T25)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, select

from bot.domain.calendar import danish_closed_days, instant, local_date
from bot.domain.notices import AT_ONCE, FOLDED, MEANT_FOR, Notice
from bot.domain.people import PersonId
from storage.access import stands_in
from storage.tables import absences, cases, notices, people, substitutes

ONLY_ONES_OWN = frozenset({"reply", "welcome", "away", "away_answer", "back", "marker", "substituted"})
"""What nobody can hear for somebody else: answers to what was written, and news about the person."""

OF_NO_DEPUTY = frozenset({"access_wish", "slack_back", "retention"})
"""Of roles that are lent to nobody: it waits, whatever else the deputy may (docs/decisions/18)."""

WAITS_FOR_NOBODY = frozenset({"journal_broken"})
"""A breach is reported within 72 hours: it is told at once, also to whoever is away."""

MOST_HOPS = 3
BACK_AT = time(7, 0)
UNLESS_FOLDED = timedelta(days=7)
"""So long after the first morning back news is told on its own, if no overview has taken it in meanwhile."""


class Hearers:
    """Looks once per transaction at who is away; nobody away costs one question."""

    def __init__(self, connection: Connection, *, at: datetime) -> None:
        self._connection, self._at, self._today = connection, at, local_date(at)
        self._away: dict[PersonId, tuple[PersonId | None, date]] | None = None

    def heard_by(self, notice: Notice) -> Notice:
        """The notice as it is to be told: to somebody else, or when the person is back. The key stays as it was."""
        if notice.to[:1] not in ("U", "W") or notice.kind in ONLY_ONES_OWN | WAITS_FOR_NOBODY:
            return notice
        to, seen, back = self._on_the_case(notice) or notice.to, {notice.to}, self._today
        for _ in range(MOST_HOPS):
            if to not in self._absences():
                return notice if to == notice.to else _for(notice, to)
            deputy, back = self._absences()[to]
            if deputy is None or deputy in seen or notice.kind in OF_NO_DEPUTY:
                break
            seen.add(to)
            to = deputy
        return notice if AT_ONCE in notice.facts else _later(notice, back)

    def has_heard(self, notice: Notice, *, told_now: Iterable[Notice] = ()) -> bool:
        """The same was told to the same person in this transaction, because somebody else is away."""
        if notice.to not in {deputy for deputy, _ in self._absences().values()}:
            return False
        told = [n for n in told_now if (n.to, n.kind, n.case_id) == (notice.to, notice.kind, notice.case_id)]
        if any(_about(n.facts) == _about(notice.facts) for n in told):
            return True
        same = select(notices.c.facts).where(
            notices.c.to == notice.to,
            notices.c.kind == notice.kind,
            notices.c.case_id == notice.case_id,
            notices.c.created_at == self._at,
        )
        about = _about(notice.facts)
        return any(_about(facts) == about for facts in self._connection.execute(same).scalars())

    def given_back(self, notice: Notice) -> Notice:
        """As it was before a deputy was to hear it: it waits for whoever it was meant for, if they are still away."""
        meant = replace(notice, to=notice.facts[MEANT_FOR], facts=_about(notice.facts), not_before=None)
        away = self._absences().get(meant.to)
        return _later(meant, away[1]) if away else meant

    def _on_the_case(self, notice: Notice) -> PersonId | None:
        """Whoever stands in for the case's caseworker today, when that is who was to hear it."""
        if notice.case_id is None:
            return None
        whose = select(substitutes.c.person).join(cases, cases.c.id == substitutes.c.case_id)
        query = whose.where(
            cases.c.id == notice.case_id, cases.c.caseworker == notice.to, stands_in(self._today)
        )
        return self._connection.execute(query).scalars().first()

    def _absences(self) -> dict[PersonId, tuple[PersonId | None, date]]:
        if self._away is None:
            now = select(absences).where(absences.c.first <= self._today, absences.c.last >= self._today)
            rows = list(self._connection.execute(now))
            active = self._active({r.deputy for r in rows if r.deputy})
            self._away = {r.person: (r.deputy if r.deputy in active else None, r.last) for r in rows}
        return self._away

    def _active(self, wanted: set[PersonId]) -> set[PersonId]:
        if not wanted:
            return set()
        query = select(people.c.id).where(people.c.id.in_(wanted), people.c.active.is_(True))
        return set(self._connection.execute(query).scalars())


def _for(notice: Notice, deputy: PersonId) -> Notice:
    return replace(
        notice, to=deputy, facts={**notice.facts, MEANT_FOR: notice.facts.get(MEANT_FOR, notice.to)}
    )


def _about(facts: dict[str, str]) -> dict[str, str]:
    return {name: fact for name, fact in facts.items() if name != MEANT_FOR}


def _later(notice: Notice, last: date) -> Notice:
    """Nobody takes over: it waits for the first morning back, and news for the overview of that morning."""
    day = last + timedelta(days=1)
    while day.weekday() >= 5 or day in danish_closed_days(day.year):
        day += timedelta(days=1)
    back = instant(day, BACK_AT) + (UNLESS_FOLDED if notice.kind in FOLDED else timedelta(0))
    return replace(notice, not_before=max(back, notice.not_before or back))
