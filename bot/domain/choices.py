"""What people can choose among, where a municipality may want fewer or another order (D8).

A code is never renamed: old answers are read by it, and its words stand in `bot/texts`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from bot.domain.closing import ENDINGS, MET
from bot.domain.contacts import CONTACT_ROLES, GROUP_ROLES
from bot.domain.gathering import ANSWERS, KINDS, OUTCOMES, PARTICIPANTS, QUESTIONS

NO_PLAN_REASONS = ("one_area_enough", "other_plan_enough", "disturbs", "moving", "other")
"""Why a joint plan makes no sense for a young person, who would have one otherwise (R037)."""


@dataclass(frozen=True)
class Choices:
    """In the order they are shown. The defaults are every code there are words for."""

    no_plan: tuple[str, ...] = NO_PLAN_REASONS  # R037
    group_roles: tuple[str, ...] = tuple(GROUP_ROLES)  # R067
    contact_roles: tuple[str, ...] = CONTACT_ROLES  # R109-R111
    gatherings: tuple[str, ...] = KINDS  # R104, R107
    participants: tuple[str, ...] = PARTICIPANTS
    gathering_outcomes: tuple[str, ...] = OUTCOMES
    advice_questions: tuple[str, ...] = QUESTIONS  # R118
    advice_answers: tuple[str, ...] = ANSWERS
    closing: tuple[str, ...] = (*MET, *ENDINGS)  # R071

    @property
    def criteria(self) -> tuple[str, ...]:
        """Those of the three criteria that are in use; support can go on though one of them is met (R072)."""
        return tuple(code for code in self.closing if code in MET)


KNOWN: dict[str, tuple[str, ...]] = {field.name: field.default for field in fields(Choices)}  # type: ignore[misc]
"""Per choice, the codes people can read."""
