"""What a person or the clock can ask for; one method, one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from bot.usecases.cases import Cases
from bot.usecases.drafts import Drafts
from bot.usecases.meetings import Meetings
from bot.usecases.people import People
from bot.usecases.readiness import Readiness
from bot.usecases.referrals import Referrals
from bot.usecases.homes import Homes


@dataclass(frozen=True)
class Office:
    """All use cases in one typed bundle."""

    people: People
    cases: Cases
    referrals: Referrals
    drafts: Drafts
    readiness: Readiness
    homes: Homes
    meetings: Meetings
