"""What the data protection officer reads: the settings as they are now, and how the impact assessment stands (A12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.assessment import Assessment
from bot.domain.emergency import OPEN_FOR, TO_BE_LOOKED_AT_WITHIN
from bot.domain.people import Role, require
from bot.domain.rules import Rules
from bot.usecases.ports import Asked
from bot.usecases.tools import UseCases
from bot.usecases.watchkeeping import GuardSeen, guard_seen


@dataclass(frozen=True)
class InForce:
    """Nothing of it can be changed here."""

    rules: Rules
    guard: GuardSeen
    at: datetime
    door: timedelta = OPEN_FOR
    door_is_looked_at: timedelta = TO_BE_LOOKED_AT_WITHIN


class InForceNow(UseCases):
    def settings(self, asked: Asked) -> InForce:
        require(asked.by, Role.DPO)
        with self._open_reading(at=asked.at) as work:
            return InForce(self._rules.on(asked.today), guard_seen(work), asked.at)

    def assessment(self, asked: Asked) -> Assessment:
        require(asked.by, Role.DPO)
        return Assessment()
