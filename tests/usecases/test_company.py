"""Two caseworkers bring an item forward together: both see it while it is open, and only it (R007)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time

import pytest

from bot.domain.case import CaseNotFound
from bot.domain.people import NotForYou
from bot.domain.presentation import AlreadySettled, State
from bot.texts import texts
from bot.usecases.company import ColleagueUnfit
from bot.views import company as views
from tests.support.office import OfficeTown, readable

MAJA, ALI = "Maja Holm", "Ali Demir"


@pytest.mark.rule("R007", "D11")
def test_whoever_is_taken_along_sees_that_case_until_it_is_decided_and_no_other(town: OfficeTown) -> None:
    wish, other = town.requested(MAJA), town.requested(MAJA)
    ali = town.person(ALI).id
    sees = lambda: {line.id for line in town.office.cases.mine(town.asked(ALI, once=False))}  # noqa: E731
    assert wish.case_id not in sees()
    names = town.office.company.take_along(town.asked(MAJA), wish.id, (ali,))
    assert names == [ALI]
    assert town.office.cases.show(town.asked(ALI, once=False), wish.case_id)
    with town.work() as work:
        alias = work.cases.get(wish.case_id).alias
    home = lambda: readable(town.house.draw_home(town.person(ALI), town.clock.at, texts("da")))  # noqa: E731
    assert f"MED PÅ PUNKTET (1)*\n»{alias}« med {MAJA}" in home()
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked(ALI, once=False), other.case_id)
    with pytest.raises(NotForYou):  # whoever is taken along takes nobody along
        town.office.company.take_along(town.asked(ALI), wish.id, ())
    town.office.company.take_along(town.asked(MAJA), wish.id, ())
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked(ALI, once=False), wish.case_id)
    assert "MED PÅ PUNKTET" not in home()
    with town.work() as work:
        acts = [e.act for e in work.journal.of_case(wish.case_id)]
    assert acts.count("taken_along") == 2


@pytest.mark.rule("R007", "T10")
def test_both_hear_their_time_the_working_day_before_and_neither_when_they_are_not_on_it(
    town: OfficeTown,
) -> None:
    ali, nanna = town.person(ALI).id, town.person("Nanna Ilsø").id
    meeting = town.next_meetings(1)[0]
    wish = town.requested(MAJA)
    town.office.referrals.refer(town.asked("Jens Toft"), wish.id, collector=None, meeting_id=meeting.id)
    town.office.company.take_along(town.asked(MAJA), wish.id, (ali, nanna))
    eve = town.house.rules.on(meeting.day).working_days.after(meeting.day, -1)
    town.jump_to(eve, time(13, 0))
    town.office.posts.present_due(town.clock.at)
    town.office.company.take_along(town.asked(MAJA), wish.id, (ali,))
    town.deliver()
    with town.work() as work:
        meeting_line = work.cases.get(wish.case_id).alias
    mine = town.office.agendas.mine(town.asked(ALI, once=False), meeting.id)
    assert [line.case_id for line in mine.lines] == [wish.case_id]
    heard = {
        who: sum(meeting_line in t for t in town.heard(town.person(who).id))
        for who in (MAJA, ALI, "Nanna Ilsø")
    }
    assert heard == {MAJA: 2, ALI: 1, "Nanna Ilsø": 0}  # Maja has heard that it was referred, too


@pytest.mark.rule("R007")
@pytest.mark.parametrize("who", ["Bo Winther", MAJA])
def test_only_another_caseworker_is_taken_along(town: OfficeTown, who: str) -> None:
    wish = town.requested(MAJA)
    with pytest.raises(ColleagueUnfit) as refused:
        town.office.company.take_along(town.asked(MAJA), wish.id, (town.person(who).id,))
    assert (refused.value.field, refused.value.facts) == ("people", {"name": who})  # which of those chosen


@pytest.mark.rule("R007")
def test_what_is_decided_is_said_to_be_so(town: OfficeTown) -> None:
    wish = town.requested(MAJA)
    town.office.company.take_along(town.asked(MAJA), wish.id, (town.person(ALI).id,))
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.save(replace(work.presentations.get(wish.id), state=State.DECIDED))
    with pytest.raises(AlreadySettled):
        town.office.company.form(town.asked(MAJA, once=False), wish.id)
    with pytest.raises(CaseNotFound):  # and whoever was taken along has seen it for the last time
        town.office.cases.show(town.asked(ALI, once=False), wish.case_id)


@pytest.mark.rule("R007")
@pytest.mark.parametrize(("language", "title"), [("da", "Kolleger"), ("en", "Colleagues")])
def test_the_form_holds_whoever_is_on_it_already(town: OfficeTown, language: str, title: str) -> None:
    wish, ali = town.requested(MAJA), town.person(ALI).id
    town.office.company.take_along(town.asked(MAJA), wish.id, (ali,))
    found = town.office.company.form(town.asked(MAJA, once=False), wish.id)
    shown = views.form(texts(language), found, meta="{}")
    assert (shown["title"]["text"], ali in json.dumps(shown)) == (title, True)
    assert ALI in views.saved(texts(language), [ALI])
