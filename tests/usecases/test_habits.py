"""What others have done since I last looked, and hints that come once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.case import CaseNotFound
from bot.domain.marks import Mark
from bot.texts import texts
from bot.usecases.habits import SinceLast, since_last
from bot.usecases.homes import PartAsked
from bot.views import case as case_views
from bot.views import habits as views
from bot.views.kit import Page, Surface
from tests.support.office import OfficeTown, readable

MAJA = "Maja Holm"


def news(town: OfficeTown, who: str = MAJA) -> SinceLast | None:
    with town.work() as work:
        return since_last(PartAsked(work, town.asked(who, once=False), town.house.rules.on(town.today)))


def looks(town: OfficeTown, who: str = MAJA) -> None:
    town.office.habits.looked(town.asked(who, once=False))


def told(found: SinceLast | None) -> list[tuple[str, str]]:
    return [(n.act, n.by) for n in found.news] if found else []


@pytest.mark.rule("D43")
def test_only_what_others_did_since_the_last_visit_is_news_and_it_stays_while_one_reads(
    town: OfficeTown,
) -> None:
    assert news(town) is None
    looks(town)
    town.jump(hours=1)
    first = town.referred(MAJA)
    assert news(town) is None  # this is still the first visit
    looks(town)
    found = news(town)
    assert told(found) == [("presentation_referred", "Jens Toft")]
    with town.work() as work:
        alias = work.cases.get(first.case_id).alias
    for language, head in (("da", "*SIDEN SIDST*"), ("en", "*SINCE LAST TIME*")):
        page = Page(Surface.HOME)
        assert found is not None
        views.since_part(page, texts(language), town.house.rules.on(town.today), found)
        said = readable(page.home()["blocks"])
        assert said.startswith(head)
        assert alias in said
    town.jump(minutes=10)
    looks(town)  # the same visit
    assert told(news(town)) == [("presentation_referred", "Jens Toft")]
    town.jump(hours=1)
    looks(town)
    assert news(town) is None


def test_three_lines_and_how_many_more(town: OfficeTown) -> None:
    looks(town)
    town.jump(hours=1)
    for _ in range(5):
        town.referred(MAJA)
    looks(town)
    found = news(town)
    assert found is not None
    assert (len(found.news), found.more) == (3, 2)
    assert news(town, "Jens Toft") is None


def test_a_hint_comes_once_per_person_and_kind(town: OfficeTown) -> None:
    first = town.office.habits.first_time
    assert [first(town.asked(MAJA), "sag"), first(town.asked(MAJA), "sag")] == [True, False]
    assert first(town.asked(MAJA), "ramme")
    assert first(town.asked("Ali Demir"), "sag")
    shown = views.with_hint({"type": "modal", "blocks": [{"type": "divider"}]}, texts("da"), "sag")
    assert [b["type"] for b in shown["blocks"]] == ["context", "divider"]


@pytest.mark.rule("D29")
def test_a_mark_is_for_ones_own_eyes_and_stands_before_the_case_with_its_word(town: OfficeTown) -> None:
    case, other = town.registered(MAJA), town.registered(MAJA)
    town.office.habits.mark(town.asked(MAJA), case.id, Mark.UMBRELLA)
    mine = town.office.cases.mine(town.asked(MAJA, once=False))
    assert {line.id: line.mark for line in mine} == {case.id: Mark.UMBRELLA, other.id: None}
    for language, word in (("da", "☂ paraply · "), ("en", "☂ umbrella · ")):
        marked = next(line for line in mine if line.mark)
        bare = case_views.line(texts(language), replace(marked, mark=None))
        assert case_views.line(texts(language), marked) == word + bare
    assert town.office.cases.get(town.asked("Jens Toft", once=False), case.id).mark is None
    town.office.habits.mark(town.asked(MAJA), case.id, Mark.STAR)
    assert town.office.cases.get(town.asked(MAJA, once=False), case.id).mark == Mark.STAR
    town.office.habits.mark(town.asked(MAJA), case.id, None)
    assert town.office.cases.get(town.asked(MAJA, once=False), case.id).mark is None
    with pytest.raises(CaseNotFound):
        town.office.habits.mark(town.asked("Ali Demir"), case.id, Mark.STAR)
