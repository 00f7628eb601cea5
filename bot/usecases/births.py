"""The one thing a case knows of a citizen's age: the month of birth, sealed, never shown (D25)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.birth import Born
from bot.domain.calendar import local_date
from bot.domain.case import Case
from bot.domain.rules import Rules
from bot.domain.transitions import AREA, BirthMonthDoubtful
from bot.usecases.growing import age_case
from bot.usecases.ports import Asked, Work


def keep_birth_month(work: Work, asked: Asked, case: Case, born: Born, rules: Rules) -> None:
    """Kept, or put right: the newest one counts. Raises BirthMonthDoubtful where no day of it fits the case's age band.

    A wrong month would tell of 18 and 30 too late. It fits the band the case was registered under on that day, or the
    one it goes by now.
    """
    registered = local_date(case.registered_at)
    for band, day in ((case.age_band, registered), (case.band_now, asked.today)):
        first, last = rules.ages.years(band)
        oldest = born.age_on(day)  # counted from the first of the month; the last of it may be a year younger
        youngest = oldest - 1 if day.month == born.month else oldest
        if oldest >= first and (last is None or youngest <= last):
            break
    else:
        raise BirthMonthDoubtful(years=rules.ages.years(case.band_now))
    month = f"{born.year}-{born.month:02d}"
    if work.cases.birth_month(case.id) not in (None, month):
        _count_anew(work, case)
    work.cases.put_birth_month(case.id, month)
    age_case(work, rules, case.id, month, asked.today)
    work.note("birth_month_entered", case=case.id)


def _count_anew(work: Work, case: Case) -> None:
    """Marks told by a wrong month say nothing about the right one (T26)."""
    for passage in work.transitions.of_case(case.id):
        if passage.planned is None and passage.code != AREA and passage.told:
            work.transitions.save(replace(passage, told=0, seen=0))
