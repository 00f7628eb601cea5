"""»Jeg er væk« with several cases: what somebody stands in on already keeps no other waiting (T25, D31)."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.domain.substitute import SubstituteTooLong
from bot.texts import texts
from bot.views import substitute as views
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.usecases.test_substitutes import ALI, NANNA, parts


@pytest.mark.rule("D31", "T25")
def test_a_case_somebody_stands_in_on_keeps_no_other_from_being_taken_over(town: OfficeTown) -> None:
    """The one who stands in keeps the days; only the days nobody has go to whoever is proposed."""
    taken, partly, free = (active_case(town)[0] for _ in range(3))
    first, last = date(2026, 11, 23), date(2026, 11, 27)
    tuesday, wednesday = date(2026, 11, 24), date(2026, 11, 25)
    for case, until in ((taken, last), (partly, tuesday)):
        town.office.substitutes.set(town.asked("Jens Toft"), case.id, person=ALI, first=first, last=until)
    absence = town.office.absences.away(town.asked("Maja Holm"), first, last, NANNA)
    wish = town.office.absences.approve(town.asked("Jens Toft"), absence.id)
    assert (wish.count, wish.covered, wish.answered) == (2, 1, True)
    assert (
        views.approved(texts("da"), wish)
        == "✅ Nanna Ilsø er stedfortræder for Maja Holm i 2 sager. 1 sag har en stedfortræder i forvejen."
    )
    with town.work() as work:
        hers = {
            case.id: [(s.first, s.last) for s in work.substitutes.of_case(case.id) if s.person == NANNA]
            for case in (taken, partly, free)
        }
    assert hers == {taken.id: [], partly.id: [(wednesday, last)], free.id: [(first, last)]}
    town.deliver()
    for day, count in ((first, "1 sag"), (wednesday, "2 sager")):
        town.jump_to(day, time(8, 0))
        town.deliver()
        assert f"Du er stedfortræder for Maja Holm i {count}" in town.heard(NANNA)[-1]


@pytest.mark.rule("D31", "T25", "R057")
def test_a_case_that_needs_another_caseworker_waits_and_the_others_are_taken_over(town: OfficeTown) -> None:
    long, _ = (active_case(town)[0] for _ in range(2))
    first, last = date(2026, 12, 14), date(2026, 12, 18)
    town.office.substitutes.set(
        town.asked("Jens Toft"), long.id, person=ALI, first=town.today, last=date(2026, 12, 13)
    )
    absence = town.office.absences.away(town.asked("Maja Holm"), first, last, NANNA)
    wish = town.office.absences.approve(town.asked("Jens Toft"), absence.id)
    assert (wish.count, wish.answered) == (1, False)
    assert [w.count for w in parts(town, "Jens Toft")["away_wishes"]] == [1]
    with pytest.raises(SubstituteTooLong):
        town.office.absences.approve(town.asked("Jens Toft"), absence.id)
