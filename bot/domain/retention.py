"""How long a case is kept after its end, and what holds it back (T31)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.calendar import add_months
from bot.domain.case import Case, Stage
from bot.domain.errors import Refusal
from bot.domain.people import PersonId

"""Why a case is kept beyond its time."""

OVER = (Stage.CLOSED, Stage.NOT_REFERRED, Stage.OUT_OF_SCOPE, Stage.CANCELLED)
"""Where a case may be anonymised from; an open one never is."""

A_DAY = timedelta(days=1)


class HoldReasonMissing(Refusal):
    """A case is kept for a reason, by a code."""

    default_field = "reason"


class NothingChosen(Refusal):
    """No case was ticked."""

    default_field = "cases"


class NotToAnonymise(Refusal):
    """The case is open, its time has not come, its notes are not all in the case system, or it is held; facts: key."""


class Block(StrEnum):
    """What stands between a case and its anonymising once its time has come."""

    HELD = "held"
    NOTES_MISSING = "notes_missing"


@dataclass(frozen=True)
class RetentionRules:
    """Whole years after the end: of a case with a plan that ran, and of one that never got one; the journal's after each line."""

    closed_years: int = 5
    unfinished_years: int = 1
    journal_years: int = 5

    def journal_from(self, today: date) -> date:
        """Lines from that day on are kept."""
        return add_months(today, -12 * self.journal_years)

    def kept_until(self, case: Case, ended_on: date) -> date:
        return add_months(ended_on, 12 * self._years_of(case))

    def over_by(self, today: date) -> dict[Stage, date]:
        """For each stage a day: none that ended later has come to its time; of the others `kept_until` says it."""
        shortest = min(self.closed_years, self.unfinished_years)
        years = {s: self.closed_years if s == Stage.CLOSED else shortest for s in OVER}
        return {s: add_months(today, -12 * n) + A_DAY for s, n in years.items()}  # 29 February: till the 28th

    def _years_of(self, case: Case) -> int:
        """A plan that ran is kept as such, also where the case came back and then got no new one (T30)."""
        ran = case.stage == Stage.CLOSED or case.plan_decided_on is not None
        return self.closed_years if ran else self.unfinished_years


@dataclass(frozen=True)
class Proposal:
    """A case whose time has come. Only the key of it is shown to whoever decides (privacy matrix)."""

    case_id: str
    key: str
    stage: Stage
    ended_on: date
    kept_until: date
    notes_missing: int
    held: bool

    @property
    def blocks(self) -> tuple[Block, ...]:
        found = ((Block.HELD, self.held), (Block.NOTES_MISSING, self.notes_missing > 0))
        return tuple(block for block, stands in found if stands)


def expect_ready(proposal: Proposal | None, *, today: date, key: str) -> None:
    """Raises NotToAnonymise."""
    if proposal is None or proposal.blocks or proposal.kept_until > today:  # T31
        raise NotToAnonymise(key=key)


def anonymised(case: Case, *, nobody: PersonId) -> Case:
    """What is left are the fields that are counted: area, stage, age band, days, criteria, goals."""
    over = case.moved(Stage.ANONYMISED)
    return replace(
        over,
        key=f"x-{case.id[:10]}",
        alias=f"–{case.id}",
        alias_category="",
        registered_by=nobody,
        caseworker=nobody,
        group=(),
        contacts=(),
    )
