"""Cases whose time has come: shown to the data protection officer, who says yes to each, or keeps it (T31)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import local_date
from bot.domain.case import Case, CaseNotFound, Hold
from bot.domain.notices import Notice
from bot.domain.people import Role, require
from bot.domain.retention import HoldReasonMissing, NothingChosen, Proposal, expect_ready
from bot.domain.rules import Rules
from bot.usecases.delivery import Teller, Telling, Told
from bot.usecases.homes import PartAsked
from bot.usecases.markers import put_marker
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases

ASKINGS_KEPT = timedelta(days=14)
DRAFTS_KEPT = timedelta(days=60)


@dataclass(frozen=True)
class Due:
    """What is ready, and what waits for something, the longest kept first."""

    ready: tuple[Proposal, ...]
    blocked: tuple[Proposal, ...]


class Retention(UseCases):
    def due(self, asked: Asked) -> Due:
        """Reads only: the dry run. Raises NotForYou."""
        require(asked.by, Role.DPO)
        with self._open_reading(at=asked.at) as work:
            return due_on(work, self._rules.on(asked.today), asked.today)

    def anonymise(self, asked: Asked, cases: tuple[str, ...]) -> int:
        """All of them or none; never undone. Gives how many. Raises NotForYou, NothingChosen, NotToAnonymise."""
        require(asked.by, Role.DPO)
        if not cases:
            raise NothingChosen(field="cases")
        with self._open_work(asked) as work:
            rules = self._rules.on(asked.today)
            for case in (work.cases.get(id, lock=True) for id in sorted(cases)):  # noqa: A001 - every thing has an id
                expect_ready(_proposal(work, rules, case), today=asked.today, key=case.key)
                work.note("case_anonymised", case=case.id, kept_from=case.stage.value)
                work.cases.forget(case)
            return len(cases)

    def hold(self, asked: Asked, key: str, *, reason: str | None) -> Case:
        """The case stays, whatever its time. Raises NotForYou, HoldReasonMissing, CaseNotFound."""
        require(asked.by, Role.DPO)
        if reason not in self._rules.on(asked.today).choices.hold:
            raise HoldReasonMissing(field="reason")
        with self._open_work(asked) as work:
            case = work.cases.by_key(key.strip(), lock=True)
            if case is None:
                raise CaseNotFound(field="key")
            work.note("case_held", case=case.id, reason=reason)
            return work.cases.save(replace(case, hold=Hold(reason, asked.by.id, asked.at)))

    def release(self, asked: Asked, case: str) -> Case:
        """The ordinary time counts again. Raises NotForYou."""
        require(asked.by, Role.DPO)
        with self._open_work(asked) as work:
            work.note("case_released", case=case)
            return work.cases.save(replace(work.cases.get(case, lock=True), hold=None))

    def clear_due(self, at: datetime) -> int:
        """What was kept only to do a thing once, and forms nobody went on with; gives how much was forgotten."""
        with self._open_reading(at=at) as work:
            if not work.holds_askings(before=at - ASKINGS_KEPT):
                return 0
        with self._open_work(at=at) as work:
            return work.forget_askings(at - ASKINGS_KEPT) + work.drafts.forget_before(at - DRAFTS_KEPT)

    def tell_due(self, at: datetime) -> int:
        """On the first working day of a month, when something is ready, whoever decides hears it once.

        The archive is looked through once a day: it is large, and nothing becomes ready in between.
        """
        today = local_date(at)
        rules = self._rules.on(today)
        if not rules.working_days.is_working(today):
            return 0
        key = f"retention:{today:%Y-%m}"
        with self._open_reading(at=at) as work:
            deciding = [p.id for p in work.people.holding(Role.DPO)]
            untold = [p for p in deciding if work.notices.by_key(f"{key}:{p}") is None]
            looked = f"retention_looked:{today}"
            if not untold or work.notices.by_key(looked):
                return 0
            ready = due_on(work, rules, today).ready
        with self._open_work(at=at) as work:
            put_marker(work, looked)
            for person in untold if ready else ():
                work.notices.tell(Notice(f"{key}:{person}", "retention", person, {"day": today.isoformat()}))
        return len(untold) if ready else 0


def due_on(work: Work, rules: Rules, today: date) -> Due:
    cases = work.cases.over(rules.retention.over_by(today))
    work.journal.gather_endings(c.id for c in cases)
    found = [p for c in cases if (p := _proposal(work, rules, c)) and p.kept_until <= today]
    found.sort(key=lambda p: (p.kept_until, p.key))
    ready = tuple(p for p in found if not p.blocks)
    return Due(ready, tuple(p for p in found if p.blocks))


def _proposal(work: Work, rules: Rules, case: Case) -> Proposal | None:
    ended = _ended_on(work, case)
    if ended is None:
        return None
    return Proposal(
        case.id,
        case.key,
        case.stage,
        ended,
        rules.retention.kept_until(case, ended),
        work.journal.notes_missing(case.id),
        case.hold is not None,
    )


def _ended_on(work: Work, case: Case) -> date | None:
    if case.is_open:
        return None
    if case.closed_on:
        return case.closed_on
    changed = work.journal.last_change(case.id)
    return local_date(changed or case.registered_at)


def retention_part(part: PartAsked) -> Due | None:
    """The line in the data protection officer's Home (A12)."""
    if not part.asked.by.has(Role.DPO):
        return None
    return due_on(part.work, part.rules, part.asked.today)


def _tell(telling: Telling) -> Told | None:
    who = telling.recipient
    if who is None or not who.has(Role.DPO):
        return None
    return Told(date.fromisoformat(telling.notice.facts["day"]), who.language)


TELLERS: dict[str, Teller] = {"retention": _tell}
