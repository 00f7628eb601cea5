"""The journal is looked through every night, and its mark is kept where the database's keeper does not reach (D12).

A week's mark stands in a message to secretary and data protection officer; a night's in a file and a line of the log,
when the installation has a place for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from bot import metrics
from bot.domain.calendar import instant, local_date
from bot.domain.chain import Anchor, Check, Cut, Verdict, judge
from bot.domain.notices import Notice
from bot.domain.people import Person, Role
from bot.log import get_log
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.ports import AnchorPlace, Work
from bot.usecases.tools import Tools, UseCases

log = get_log()
LOOKED_AT = time(3, 0)
"""When, local: nobody works, and backups are not taken yet."""

HEAR_THE_MARK = (Role.SECRETARY, Role.DPO)
HEAR_OF_FAULTS = (Role.DPO, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Mark:
    """What the week's message says."""

    day: date
    anchor: Anchor


@dataclass(frozen=True)
class Unwritten:
    """The night's mark could not be put where the installation wants it."""

    day: date


@dataclass(frozen=True)
class Broken:
    """The journal is not what was written."""

    check: Check


class JournalWatch(UseCases):
    def __init__(self, tools: Tools, *, places: tuple[AnchorPlace, ...]) -> None:
        super().__init__(tools)
        self._places = places

    def look_through(self, at: datetime, *, anchors: Iterable[Anchor] = ()) -> Verdict:
        """Walks the whole chain, and holds it against these anchors, those of the places and those of past nights."""
        with self._open_reading(at=at) as work:
            nights = (c.verdict.last for c in work.journal.checks(most=400))
            kept = [a for place in self._places for a in _kept_at(place)]
            known = _closest([*anchors, *kept, *(a for a in nights if a)])
            cuts = [c for c in work.journal.cuts() if _is_believed(work, c, known)]
            return judge(work.journal.chain(), loose=work.journal.loose(), anchors=known, cuts=cuts)

    def look_due(self, at: datetime) -> bool:
        """Once a night; a night that was missed is made up for. What is wrong is told at once, and stays to be read."""
        today = local_date(at)
        if at < instant(today, LOOKED_AT) or self._looked(at, today):
            return False
        check = Check(today, at, self.look_through(at))
        last = check.verdict.last
        kept = [_keep_at(place, today, last) for place in self._places] if last else []
        with self._open_work(at=at) as work:
            if not work.journal.keep_check(check):
                return False
            for notice in [*_owed(work, check), *([] if all(kept) else _owed_of_the_place(work, today))]:
                work.notices.tell(notice)
        return True

    def _looked(self, at: datetime, today: date) -> bool:
        with self._open_reading(at=at) as work:
            return any(c.day >= today for c in work.journal.checks(most=1))


def _keep_at(place: AnchorPlace, day: date, anchor: Anchor) -> bool:
    """A place that is away takes nothing else from the night: the check itself is written down, and told."""
    try:
        place.keep(day, anchor)
    except OSError as why:
        log.error("journal_mark_unwritten", error=type(why).__name__)
        metrics.mark_unwritten()
        return False
    return True


def _kept_at(place: AnchorPlace) -> list[Anchor]:
    """What stands in messages and in the database holds the chain besides."""
    try:
        return list(place.kept())
    except OSError as why:
        log.error("journal_mark_unread", error=type(why).__name__)
        metrics.mark_unwritten()
        return []


def _owed_of_the_place(work: Work, day: date) -> list[Notice]:
    """Once a week while it lasts, to whoever can mend it."""
    year, week, _ = day.isocalendar()
    key, facts = f"mark_unwritten:{year}-{week:02d}", {"day": day.isoformat()}
    return [
        Notice(f"{key}:{p.id}", "mark_unwritten", p.id, facts) for p in _holding(work, (Role.ADMINISTRATOR,))
    ]


def _is_believed(work: Work, cut: Cut, known: list[Anchor]) -> bool:
    """Signed by us, or a mark from outside says the same: a key may have left the ring since."""
    marked = any(a.place == cut.place and cut.print.startswith(a.print) for a in known)
    return marked or work.is_signed(cut.said, cut.signature)


def _closest(anchors: list[Anchor]) -> list[Anchor]:
    """One for each place, and of the same the one that says most. Where two differ the first is believed: it came from outside."""
    found: dict[int, Anchor] = {}
    for anchor in anchors:
        other = found.get(anchor.place)
        if other is None or anchor.print.startswith(other.print):
            found[anchor.place] = anchor
    return list(found.values())


def _owed(work: Work, check: Check) -> list[Notice]:
    if not check.verdict.whole:
        facts = {"day": check.day.isoformat()}
        key = f"journal_broken:{check.verdict.fault}:{check.verdict.at}"
        return [
            Notice(f"{key}:{p.id}", "journal_broken", p.id, facts) for p in _holding(work, HEAR_OF_FAULTS)
        ]
    anchor = check.verdict.last
    if anchor is None:
        return []
    year, week, _ = check.day.isocalendar()
    facts = {"day": check.day.isoformat(), "anchor": str(anchor)}
    key = f"journal_mark:{year}-{week:02d}"
    return [Notice(f"{key}:{p.id}", "journal_mark", p.id, facts) for p in _holding(work, HEAR_THE_MARK)]


def _holding(work: Work, roles: tuple[Role, ...]) -> list[Person]:
    found = {p.id: p for role in roles for p in work.people.holding(role)}
    return [found[id] for id in sorted(found)]  # noqa: A001 - every thing has an id


def _tell_mark(telling: Telling) -> Told | None:
    who, facts = telling.recipient, telling.notice.facts
    if who is None or not any(who.has(role) for role in HEAR_THE_MARK):
        return None
    return Told(Mark(date.fromisoformat(facts["day"]), Anchor.read(facts["anchor"])), who.language)


def _tell_broken(telling: Telling) -> Told | None:
    who, day = telling.recipient, date.fromisoformat(telling.notice.facts["day"])
    if who is None or not any(who.has(role) for role in HEAR_OF_FAULTS):
        return None
    check = next((c for c in telling.work.journal.checks(most=400) if c.day == day), None)
    return Told(Broken(check), who.language) if check and not check.verdict.whole else None


def _tell_unwritten(telling: Telling) -> Told | None:
    who, day = telling.recipient, date.fromisoformat(telling.notice.facts["day"])
    if who is None or not who.has(Role.ADMINISTRATOR):
        return None
    return Told(Unwritten(day), who.language)


TELLERS: dict[str, Teller] = {
    "journal_mark": _tell_mark,
    "journal_broken": _tell_broken,
    "mark_unwritten": _tell_unwritten,
}
