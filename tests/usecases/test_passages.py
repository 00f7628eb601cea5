"""The radar seen from the desk: one line in the morning, a list to tick, and nothing moves by itself (T26, R054)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.anchoring import Belonging, What
from bot.domain.case import AgeBand, Case
from bot.domain.people import NotForYou
from bot.domain.transitions import TransitionMonthMissing, TransitionThere
from bot.texts import texts
from bot.views import passage as views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable

MAJA = "U0MAJA0001"


def followed(town: OfficeTown, born: str | None, *, teens: bool = False) -> Case:
    """An active case of somebody born in that month, followed since October."""
    case, _ = active_case(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        if born:
            work.cases.put_birth_month(case.id, born)
        teens = teens or (born is not None and born > "2008-11")
        kept: Case = work.cases.save(
            replace(work.cases.get(case.id), age_band=AgeBand.TEENS if teens else AgeBand.YOUTH)
        )
    return kept


def morning(town: OfficeTown, day: date) -> list[str]:
    town.jump_to(day, time(7, 31))
    town.knock()
    return town.heard(MAJA)


@pytest.mark.rule("T26", "R041", "R054", "R055", "D25")
def test_six_months_before_eighteen_one_line_comes_with_a_list_and_nothing_moves(town: OfficeTown) -> None:
    case = followed(town, "2009-06")  # eighteen in June 2027: six months before is December
    assert not any("overgang" in heard for heard in morning(town, date(2026, 11, 30)))
    heard = morning(town, date(2026, 12, 1))
    assert sum(f"»{case.alias}« har en overgang om 6 måneder" in h for h in heard) == 1
    with town.work() as work:
        [found] = work.transitions.of_case(case.id)
        assert work.cases.get(case.id).version == case.version, "nothing about the case has changed"
    assert "dialogue_parents" in found.points

    view = town.office.passages.open(town.asked("Maja Holm"), found.id)
    assert view.months == 6
    assert {w.kind for w in town.office.overviews.today(town.asked("Maja Holm")).lines} == {"follow_up"}
    ticked = town.office.passages.tick(town.asked("Maja Holm"), found.id, ("payer", "housing"))
    assert {p: t.by for p, t in ticked.transition.ticks.items()} == {"payer": MAJA, "housing": MAJA}
    with pytest.raises(NotForYou):
        town.office.passages.tick(town.asked("Lone Ager"), found.id, ())

    shown = town.office.homes.of(town.asked("Jens Toft", once=False)).parts["passages"]
    assert [(line.alias, line.done, line.total) for line in shown.lines] == [(case.alias, 2, 7)]


@pytest.mark.rule("T26")
def test_after_a_pause_each_passage_is_told_once_and_a_list_done_is_told_no_more(town: OfficeTown) -> None:
    case = followed(town, "2009-06")
    heard = morning(
        town, date(2027, 4, 12)
    )  # the bot slept from November: six and three months before have passed
    assert sum("har en overgang om 2 måneder" in h for h in heard) == 1
    assert any("Forsinket" in h for h in heard)
    with town.work() as work:
        [found] = work.transitions.of_case(case.id)
    town.office.passages.tick(town.asked("Maja Holm"), found.id, found.points)
    assert not any("har en overgang i denne" in h for h in morning(town, date(2027, 6, 1)))


@pytest.mark.rule("T26", "D25")
def test_a_birth_month_put_right_is_told_of_from_its_first_mark_again(town: OfficeTown) -> None:
    case = followed(town, "2009-01")
    told, looked = [], date(2026, 12, 1)
    for born, day in (("2009", looked), ("2009", date(2026, 12, 2)), ("2010", date(2027, 1, 4))):
        town.jump_to(day, time(8, 0))
        town.office.passages.save_birth_month(town.asked("Maja Holm"), case.id, year=born, month="01")
        town.office.passages.watch_due(town.clock.at)
        with town.work() as work:
            told += [[(t.code, t.told, t.is_new) for t in work.transitions.of_case(case.id)]]
    assert told == [[("age_18", 4, True)], [("age_18", 4, True)], [("age_18", 2, True)]]


@pytest.mark.rule("T26", "R105")
def test_the_caseworker_adds_a_passage_of_school_years(town: OfficeTown) -> None:
    case = followed(town, None)
    asked = town.asked("Maja Holm", once=False)
    with pytest.raises(TransitionMonthMissing):
        town.office.passages.add(asked, case.id, code="school_stu", month=date(2026, 10, 1))
    added = town.office.passages.add(asked, case.id, code="school_stu", month=date(2027, 8, 1))
    law = town.office.passages.add(asked, case.id, code="law", month=date(2027, 1, 1))  # T26: by law
    assert (law.planned, "adult_rules" in law.open_points) == (date(2027, 1, 1), True)
    with pytest.raises(TransitionThere):
        town.office.passages.add(asked, case.id, code="school_stu", month=date(2027, 9, 1))
    with pytest.raises(NotForYou):
        town.office.passages.add(town.asked("Jens Toft"), case.id, code="stu_adult", month=date(2027, 8, 1))
    heard = morning(town, date(2027, 2, 1))
    assert any(f"»{case.alias}« har en overgang om 6 måneder" in h for h in heard)
    assert town.office.passages.open(town.asked("Maja Holm"), added.id).months == 6


@pytest.mark.rule("T26", "R054", "R108")
def test_a_change_of_area_is_a_passage_told_at_once(town: OfficeTown) -> None:
    case = followed(town, "2004-03")
    with town.house.storage.open_work(at=town.clock.at) as work:
        row = Belonging(
            "b2", case.id, case.committee, What.ANCHOR, "youth", town.today, town.clock.at, MAJA, "other"
        )
        work.belongings.add(row)
    heard = morning(town, date(2026, 11, 17))
    assert any(f"»{case.alias}« har en overgang" in h for h in heard)
    with town.work() as work:
        assert [t.code for t in work.transitions.of_case(case.id)] == ["area"]
        now = work.cases.get(case.id)
    assert (now.caseworker, now.payer, now.stage) == (case.caseworker, case.payer, case.stage)


@pytest.mark.rule("T26", "D25")
def test_the_month_of_birth_is_asked_for_and_never_shown(town: OfficeTown) -> None:
    case = followed(town, None, teens=True)
    town.jump_to(date(2026, 11, 30), time(8, 0))
    home = str(town.house.draw_home(town.person("Maja Holm"), town.clock.at, texts("da")))
    assert f"»{case.alias}«: fødselsmåned mangler" in home
    town.office.passages.save_birth_month(town.asked("Maja Holm"), case.id, year="2009", month="06")
    assert "births" not in town.office.homes.of(town.asked("Maja Holm", once=False)).parts
    town.jump(days=1)
    town.knock()
    with town.work() as work:
        [found] = work.transitions.of_case(case.id)
        journal = str(work.journal.of_case(case.id, looks=True))
    rules = town.house.rules.on(town.today)
    for language in ("da", "en"):
        view = town.office.passages.open(town.asked("Maja Holm"), found.id)
        shown = readable(views.form(texts(language), rules, view, meta="{}")["blocks"])
        assert "2009" not in shown and "juni" not in shown and "June" not in shown
    assert "2009" not in journal
    home = str(town.house.draw_home(town.person("Jens Toft"), town.clock.at, texts("da")))
    assert "OVERGANGE (1)" in home and "måneder" not in home.split("OVERGANGE")[1]
    hers = str(town.house.draw_home(town.person("Maja Holm"), town.clock.at, texts("da")))
    assert "har en overgang" not in hers, "she has looked at it"
