"""What is only for a person's own eyes: what others have done since they last looked, and hints they have not seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar import local_date
from bot.domain.marks import Mark
from bot.domain.people import Role
from bot.usecases.cases import BOOKKEEPING
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked
from bot.usecases.tools import UseCases, case_for

ONE_VISIT = timedelta(minutes=30)
"""Home opened again within so long is the same visit: what was new stays there while it is read."""

SMALL_ACTS = frozenset({"agenda_minutes", "agenda_order", "gap_found", "gap_mended"}) | BOOKKEEPING
"""What is not news about a case, or stands in Home by itself."""

MOST_NEWS = 3


class Habits(UseCases):
    def looked(self, asked: Asked) -> None:
        """Home was opened by somebody with a role (B1)."""
        if not asked.by.has_any_role:
            return
        with self._open_work(at=asked.at) as work:
            if work.people.find(asked.by.id):
                work.habits.looked(asked.by.id, asked.at, one_visit=ONE_VISIT)

    def first_time(self, asked: Asked, code: str) -> bool:
        """Whether the person does this for the first time; never again after that (A13)."""
        if not asked.by.has_any_role:
            return False
        with self._open_work(at=asked.at) as work:
            return work.people.find(asked.by.id) is not None and work.habits.first_time(
                asked.by.id, code, asked.at
            )

    def mark(self, asked: Asked, case_id: str, mark: Mark | None) -> None:
        """For the person's own eyes: nobody else sees it, and it is no line of the journal. Raises CaseNotFound."""
        with self._open_work(asked) as work:
            work.habits.mark(asked.by.id, case_for(work, asked, case_id).id, mark)


@dataclass(frozen=True)
class News:
    alias: str
    act: str
    by: str
    day: date


@dataclass(frozen=True)
class SinceLast:
    """The newest of what others did; `more` is how many there were besides."""

    news: tuple[News, ...]
    more: int


def since_last(part: PartAsked) -> SinceLast | None:
    """Three lines of what others have done with the cases one answers for; None when there is nothing (B1)."""
    me, work = part.asked.by, part.work
    since = work.habits.last_visit(me.id) if me.has(Role.CASEWORKER) else None
    if since is None:
        return None
    entries = [e for e in work.journal.of_others(me.id, since=since) if e.act not in SMALL_ACTS]
    if not entries:
        return None
    names = {p.id: p.name for p in work.people.all()}
    news = tuple(
        News(work.cases.get(e.case_id or "").alias, e.act, names.get(e.by or "", ""), local_date(e.at))
        for e in entries[:MOST_NEWS]
    )
    return SinceLast(news, len(entries) - len(news))
