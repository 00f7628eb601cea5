"""The words follow the age of the citizen: who turns 18 or 30 is called so from that day (R042, X1)."""

from __future__ import annotations

from datetime import date

from bot.domain.birth import Born
from bot.domain.rules import Rules
from bot.usecases.ports import Work


def age_case(work: Work, rules: Rules, case_id: str, month: str, today: date) -> bool:
    """Whether the case is called otherwise from now on. Neither caseworker, area nor payer moves (T26)."""
    band = rules.ages.band(Born.read(month).age_on(today))
    case = work.cases.get(case_id, lock=True)
    if band is None or band == case.band_now:
        return False
    work.cases.save(case.aged(band))
    work.note("age_band_passed", case=case.id, band=band.value)
    return True
