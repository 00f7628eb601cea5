"""What the bot hears: one desk per noun. This is the table of contents."""

from __future__ import annotations

from typing import Any

from bot.slack.directory import Directory
from bot.usecases import Office
from bot.usecases.ports import RulesBook
from handlers.cases import CaseDesk
from handlers.home import HomeDesk
from handlers.readiness import ReadinessDesk
from handlers.referrals import ReferralDesk


def table(office: Office, rules: RulesBook, directory: Directory) -> dict[str, Any]:
    """Every command, form, press and event we know -> the method that answers it. A key stands once."""
    cases = CaseDesk(office, rules)
    desks = (cases, ReferralDesk(office, rules, cases), ReadinessDesk(office, rules), HomeDesk(office, directory))
    whole: dict[str, Any] = {}
    for desk in desks:
        for key, method in desk.table().items():
            assert key not in whole, f"two desks answer {key}"
            whole[key] = method
    return whole
