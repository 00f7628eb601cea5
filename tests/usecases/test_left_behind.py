"""What a colleague who falls ill leaves: their own cases and those they stand in on, but what somebody has already."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.substitute import NothingToTakeOver
from bot.texts import texts
from bot.views import substitute as views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable

ALI, MAJA, NANNA, PETER = "U0ALI00001", "U0MAJA0001", "U0NANNA001", "U0PETER001"
MONDAY = date(2026, 11, 16)


@pytest.mark.rule("D31", "T25", "D35")
def test_the_cases_a_sick_substitute_stands_in_on_go_on_to_the_next_one_and_come_back(
    town: OfficeTown,
) -> None:
    case, _ = active_case(town)
    own, _ = active_case(town, by="Ali Demir")
    days = {"first": MONDAY, "last": date(2026, 11, 27)}
    town.office.substitutes.set(town.asked("Jens Toft"), case.id, person=ALI, **days)
    form = town.office.substitutes.sick_form(town.asked("Jens Toft"), ALI)
    assert form.count == 2
    town.jump(days=1)
    desk, last = town.office.substitutes, date(2026, 11, 20)
    told = desk.sick(town.asked("Jens Toft"), ALI, substitute=NANNA, last=last)
    assert (told.absent, told.count, told.covered) == ("Ali Demir", 2, 0)
    with town.work() as work:
        now = {c: work.substitutes.now_on(c, town.today) for c in (case.id, own.id)}
    assert {c: (s.person, s.last) for c, s in now.items() if s} == {
        case.id: (NANNA, days["last"]),
        own.id: (NANNA, last),
    }, "the rest of the days that were agreed"
    assert desk.receipt(town.asked("Jens Toft"), told.batch).absent == "Ali Demir"

    assert desk.undo(town.asked("Jens Toft"), told.batch) == 2
    with town.work() as work:
        back = work.substitutes.now_on(case.id, town.today)
        assert work.substitutes.now_on(own.id, town.today) is None
    assert back is not None
    assert (back.person, back.last) == (ALI, days["last"])

    told = desk.sick(town.asked("Jens Toft"), ALI, substitute=NANNA, last=last)
    town.jump(days=2)
    town.office.absences.back(town.asked("Ali Demir"), told.batch)  # well again before it was thought
    with town.work() as work:
        well = work.substitutes.now_on(case.id, town.today)
    assert well is not None
    assert (well.person, well.first, well.last) == (ALI, town.today, days["last"])


@pytest.mark.rule("D31", "T25")
@pytest.mark.parametrize(
    ("language", "says"),
    [("da", "1 sag har en stedfortræder i forvejen."), ("en", "1 case has a substitute already.")],
)
def test_the_sick_form_takes_the_cases_nobody_stands_in_on_and_says_how_many_have_somebody(
    town: OfficeTown, language: str, says: str
) -> None:
    taken, _ = active_case(town)
    free, _ = active_case(town)
    later, _ = active_case(town)
    desk, jens = town.office.substitutes, "Jens Toft"
    desk.set(town.asked(jens), taken.id, person=PETER, first=MONDAY, last=date(2026, 11, 27))
    desk.set(town.asked(jens), later.id, person=PETER, first=date(2026, 11, 19), last=date(2026, 11, 27))
    form = desk.sick_form(town.asked(jens), MAJA)
    assert (form.count, form.covered) == (2, 1)
    assert says in readable(views.sick_form(texts(language), form, meta="{}")["blocks"])
    told = desk.sick(town.asked(jens), MAJA, substitute=NANNA, last=date(2026, 11, 20))
    assert (told.count, told.covered) == (2, 1)
    assert says in readable(views.taken_over(texts(language), told)["blocks"])
    with town.work() as work:
        today = {c.id: work.substitutes.now_on(c.id, MONDAY) for c in (taken, free, later)}
    assert {c: (s.person, s.last.day) for c, s in today.items() if s} == {
        taken.id: (PETER, 27),
        free.id: (NANNA, 20),
        later.id: (NANNA, 18),
    }
    with pytest.raises(NothingToTakeOver) as refused:
        desk.sick(town.asked(jens), MAJA, substitute=NANNA, last=date(2026, 11, 18))
    assert refused.value.facts == {"covered": 3}
