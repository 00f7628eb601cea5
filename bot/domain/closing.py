"""How a case ends, what is asked afterwards, and how it comes back (T28-T30, R071, R072)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.calendar import WorkingDays, add_months
from bot.domain.errors import Refusal
from bot.domain.people import PersonId

MET = ("education", "employment", "income_basis")
"""The three criteria, of which exactly one is the main one (R071)."""


def is_ending(why: str | None) -> bool:
    """Another reason than the three: it stills every reminder of the case at once, and no list is asked for."""
    return bool(why) and why not in MET


JOURNAL, CHECK = "journal", "check"
HOLDS, DOES_NOT_HOLD, CONFIRMED = "holds", "does_not_hold", "confirmed"
OVERTAKEN = "overtaken"
"""Nobody answered before the case was closed once more, and that closing asks anew."""


class NotTheCriterion(Refusal):
    """Support goes on only when one of the three criteria is met (T29)."""

    default_field = "closing"


class SupportReasonMissing(Refusal):
    """R072: personal or social circumstances, by a code."""

    default_field = "support_reason"


class ClosingHeldBack(Refusal):
    """At approval something is set aside still on a case that is to be closed; facts: alias, held, purposes."""


class NotToClose(Refusal):
    """Only an active case is closed, and only its own caseworker asks; facts: stage."""


class ReopenReasonMissing(Refusal):
    default_field = "reason"


class NobodyToPresent(Refusal):
    """Whoever presents the case again must be a caseworker."""

    default_field = "presenter"


class WithdrawReasonMissing(Refusal):
    default_field = "reason"


class OwnDoubt(Refusal):
    """Only who had the doubt may take it back (T14); facts: name."""


@dataclass(frozen=True)
class ClosingRules:
    """Months after closing when somebody looks again, how long the question stands, and the time to journal."""

    checks: tuple[int, ...] = (3, 6)
    check_shows_days: int = 28
    journal_days: int = 10  # working days (T28)


@dataclass(frozen=True)
class AfterClosing:
    """Something asked of the former caseworker when the case is closed. It stops by itself."""

    id: str
    case_id: str
    kind: str  # JOURNAL or CHECK
    due_on: date  # a check: when it is asked; the journal: by when
    months: int = 0
    until: date | None = None  # the last day a check is asked; None: until it is answered
    answered_at: datetime | None = None
    answered_by: PersonId | None = None
    answer: str | None = None
    version: int = 0

    def answered(self, answer: str, *, by: PersonId, at: datetime) -> AfterClosing:
        """The first answer stands."""
        return self if self.answered_at else replace(self, answer=answer, answered_by=by, answered_at=at)

    def is_asked(self, today: date) -> bool:
        if self.answered_at is not None:
            return False
        if self.kind == JOURNAL:
            return True
        return self.due_on <= today and (self.until is None or today <= self.until)


def asked_afterwards(
    why: str, *, closed_on: date, rules: ClosingRules, days: WorkingDays
) -> list[AfterClosing]:
    """What a closing leaves to ask, without ids: the journal always, the checks where a criterion was met."""
    journal = AfterClosing("", "", JOURNAL, days.after(closed_on, rules.journal_days))
    if why not in MET:
        return [journal]
    return [journal, *(_check(months, closed_on, rules, days) for months in rules.checks)]


def _check(months: int, closed_on: date, rules: ClosingRules, days: WorkingDays) -> AfterClosing:
    due = days.next_on_or_after(add_months(closed_on, months))
    return AfterClosing(
        "", "", CHECK, due, months, date.fromordinal(due.toordinal() + rules.check_shows_days)
    )
