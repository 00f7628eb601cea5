"""Where a case belongs: rule sets propose, a named professional decides (R079-R084, R100-R103, R114).

The council discussed two models (X2) and chose an adapted one still to be designed, so a rule set is dated data in the
rules file. A proposal never moves a case: the anchor that holds is the assessed one, stored with who assessed it, when,
which rule set proposed what, and why (R083). Nothing here moves by itself on a birthday (T26, R108).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.birth import Born
from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId

FACTS = ("disability_pension", "no_prospect", "most_vulnerable", "light_needs_only")
"""What the rule sets ask about: førtidspension (R112), åbenlyst uden udsigt (R035), aktuelt meget vanskeligt (R034),
and only light needs such as advice (R103). Answers of a professional; never computed, never kept, and never which problems they are (R032)."""

AS_PROPOSED = "as_proposed"
"""Why an anchor was chosen that follows the proposal: no reason to depart from it."""


class Moves(StrEnum):
    MOVES = "moves"
    STAYS = "stays"


@dataclass(frozen=True)
class Facts:
    """What a professional says about a case, for one proposal."""

    born: Born
    disability_pension: bool = False
    no_prospect: bool = False
    most_vulnerable: bool = False
    light_needs_only: bool = False

    def holds(self, fact: str) -> bool:
        return bool(getattr(self, fact))


@dataclass(frozen=True)
class Clause:
    """One line of a rule set: it fits when the age lies in from..under, all of `when` hold and none of `unless`."""

    area: AreaCode
    under: int | None = None  # None: no upper bound
    from_age: int = 0
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def fits(self, facts: Facts, age: int) -> bool:
        return (
            self.from_age <= age
            and (self.under is None or age < self.under)  # R079, R101, R102
            and all(map(facts.holds, self.when))  # R034, R080, R081, R082, R112
            and not any(map(facts.holds, self.unless))  # R103
        )

    @property
    def always(self) -> bool:
        """Fits everybody, so that the lines after it would never be read."""
        return self.under is None and not self.from_age and not self.when and not self.unless


@dataclass(frozen=True)
class Criterion:
    """One of those a set counts among the most vulnerable (R081, R082): read before answering, and never ticked.

    That one of them holds is answered as a whole: which one would be a person's health or life in Slack (R032).
    """

    code: str
    names: dict[str, str]

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["da"]


@dataclass(frozen=True)
class RuleSet:
    """A named, dated set of clauses, read from the top; the first that fits proposes. The last one fits everybody."""

    code: str
    version: str
    valid_from: date
    names: dict[str, str]
    home: AreaCode  # where a case »stays«
    clauses: tuple[Clause, ...]
    criteria: tuple[Criterion, ...] = ()  # who the set counts among the most vulnerable, one by one

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["da"]


@dataclass(frozen=True)
class Anchor:
    """What a rule set proposes: whether the case would move from the set's home area, and which area it would be in."""

    kind: Moves
    area: AreaCode


def propose(rule_set: RuleSet, facts: Facts, on: date) -> Anchor:
    """The anchor `rule_set` proposes for somebody with `facts` on a day. A proposal, never a decision (R083, R084)."""
    return propose_at(rule_set, facts, facts.born.age_on(on))


def propose_at(rule_set: RuleSet, facts: Facts, age: int) -> Anchor:
    """The same for an age."""
    area = next(clause.area for clause in rule_set.clauses if clause.fits(facts, age))
    return Anchor(Moves.STAYS if area == rule_set.home else Moves.MOVES, area)


@dataclass(frozen=True)
class AnchorRules:
    """Which sets there are, and the one in force (R114)."""

    sets: tuple[RuleSet, ...]
    chosen: str
    handover_age: int = 18  # 15 or 18 (R101, R102)

    def set(self, code: str) -> RuleSet:
        return next(s for s in self.sets if s.code == code)

    @property
    def in_force(self) -> RuleSet:
        return self.set(self.chosen)


class AnchorReasonMissing(Refusal):
    """The assessor departs from what the rule set proposes and says no reason (R083)."""

    default_field = "reason"


class What(StrEnum):
    """Which of a case's two belongings a row of history is about; each moves without the other (R108)."""

    ANCHOR = "anchor"
    PAYER = "payer"


@dataclass(frozen=True)
class Belonging:
    """One row of a case's history: from this day it was anchored in, or paid by, `area` (R044, R083, R108)."""

    id: str
    case_id: str
    committee: str
    what: What
    area: AreaCode
    since: date
    at: datetime
    by: PersonId | None  # None: the minutes were approved, so the committee decided
    reason: str
    rule_set: str = ""  # "forslag_2@v2020-11"; "" where nothing was proposed
    proposed: AreaCode | None = None
    role: str = ""  # the assessor's role


def reason_for(proposal: Anchor, area: AreaCode, reason: str | None) -> str:
    """The coded reason an assessment is stored with. Raises AnchorReasonMissing when it departs without one (R083).

    Facts of the refusal: area, the code of the one proposed.
    """
    if area == proposal.area:
        return reason or AS_PROPOSED
    if not reason or reason == AS_PROPOSED:
        raise AnchorReasonMissing(area=proposal.area)
    return reason
