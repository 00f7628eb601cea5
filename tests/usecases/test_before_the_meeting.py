"""Before the meeting: a member asks by a code and is answered, and a briefing is read instead of talked through."""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.case import CaseNotFound
from bot.domain.committee import Conflict
from bot.domain.item_question import ItemQuestionAnswered, ItemQuestionMissing
from bot.domain.meeting import Disqualified, MeetingOver, NotAMember
from bot.domain.people import NotForYou
from bot.domain.presentation import Kind, Presentation, State
from bot.texts import texts
from bot.usecases.agenda_facts import OpenedItem
from bot.usecases.session_facts import ItemView, Overview
from bot.views import agenda as agenda_views
from bot.views import item_question as views
from bot.views import minutes as minutes_views
from bot.views import session as session_views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import begun, next_meeting, ready

ALI, MAJA, PETER = "Ali Demir", "Maja Holm", "Peter Krogh"


def shown(town: OfficeTown, found: OpenedItem, language: str = "da") -> str:
    rules = town.house.rules.on(town.today)
    return readable(agenda_views.item(found, texts(language), rules, meta="{}"))


def on_the_agenda(town: OfficeTown) -> Presentation:
    return ready(town, next_meeting(town))


@pytest.mark.rule("R125", "R007")
def test_a_question_reaches_the_presenter_is_answered_and_stands_at_the_item(town: OfficeTown) -> None:
    item = on_the_agenda(town)
    desk = town.office.item_questions
    assert "Stil spørgsmål" in shown(town, town.office.agendas.open_item(town.asked(ALI), item.id))
    desk.ask(town.asked(ALI), item.id, "price")
    desk.ask(town.asked(ALI), item.id, "price")
    town.deliver()
    asked = [said for said in town.heard(town.person(MAJA)) if "Ali Demir spørger til" in said]
    assert len(asked) == 1, "asked twice is asked once"
    assert "Hvad dækker beløbet?" in asked[0]
    home = town.office.overviews.today(town.asked(MAJA, once=False))
    assert ("item_question", 1) in [(line.kind, line.missing) for line in home.lines]

    view = desk.answer_form(town.asked(MAJA, once=False), item.id)
    assert view.line is not None
    for language, label in (("da", "ikke besvaret endnu"), ("en", "not answered yet")):
        assert label in readable(
            views.answer_form(texts(language), town.house.rules.on(town.today), view, meta="{}")
        )
    desk.answer(town.asked(MAJA), item.id, view.line.id, "in_the_case_system")
    town.deliver()
    assert "Det står i fagsystemet" in town.heard(town.person(ALI))[-1]
    assert "Klaret" in town.heard(town.person(MAJA))[-1]
    with pytest.raises(ItemQuestionAnswered):
        desk.answer(town.asked(MAJA), item.id, view.line.id, "yes")
    said = "💬 Ali Demir: Hvad dækker beløbet? – det står i fagsystemet"
    assert said in shown(town, town.office.agendas.open_item(town.asked("Tine Lauridsen"), item.id))
    page = begun(town, next_meeting(town))
    assert isinstance(page, ItemView)
    rules = town.house.rules.on(page.meeting.day)
    assert said in readable(session_views.item_form(texts("da"), rules, page, meta="{}", fresh="1"))
    with pytest.raises(MeetingOver):
        desk.ask(town.asked(ALI), item.id, "law")


@pytest.mark.rule("R125", "D11", "D16")
def test_only_who_sits_at_the_meeting_asks_and_only_who_presents_answers(town: OfficeTown) -> None:
    item = on_the_agenda(town)
    desk = town.office.item_questions
    with pytest.raises(CaseNotFound):
        desk.ask(town.asked(PETER), item.id, "price")
    with pytest.raises(NotAMember):
        desk.ask(town.asked(MAJA), item.id, "price")
    with pytest.raises(ItemQuestionMissing):
        desk.ask(town.asked(ALI), item.id, "anything typed")
    asked = desk.ask(town.asked(ALI), item.id, "own_view").line
    assert asked is not None
    with pytest.raises(NotForYou):
        desk.answer(town.asked(ALI), item.id, asked.id, "yes")
    with pytest.raises(ItemQuestionMissing) as missing:
        desk.answer(town.asked(MAJA), item.id, asked.id, "anything typed")
    assert missing.value.field == "answer"
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.presentations.put_conflict(Conflict(item.id, "U0TINE0001", town.clock.at))
    with pytest.raises(Disqualified):
        desk.ask(town.asked("Tine Lauridsen"), item.id, "price")


@pytest.mark.rule("R125", "T25")
def test_the_question_goes_to_whoever_stands_in(town: OfficeTown) -> None:
    item = on_the_agenda(town)
    day = town.today
    town.office.substitutes.set(
        town.asked("Jens Toft"), item.case_id, person="U0PETER001", first=day, last=next_meeting(town).day
    )
    asked = town.office.item_questions.ask(town.asked(ALI), item.id, "law").line
    assert asked is not None
    town.deliver()
    assert any("spørger til" in said for said in town.heard(town.person(PETER)))
    town.office.item_questions.answer(town.asked(PETER), item.id, asked.id, "yes")


@pytest.mark.rule("R140")
def test_a_written_briefing_is_read_by_the_members_and_taken_note_of_without_talk(town: OfficeTown) -> None:
    case, _ = active_case(town)
    meeting = next_meeting(town)
    done = town.office.adjustments.bring_back(town.asked(MAJA), case.id, Kind.BRIEFING, in_writing=True)
    item = done.presentation
    town.deliver()
    told = [said for said in town.heard(town.person(ALI)) if "Skriftlig orientering" in said]
    assert "Læs den i fagsystemet før mødet." in told[0]
    opened = town.office.agendas.open_item(town.asked(ALI), item.id)
    assert (opened.line.item.minutes, "Læst af 0 medlemmer" in shown(town, opened)) == (0, True)
    with pytest.raises(NotAMember):
        town.office.briefings.read(town.asked(MAJA), item.id)
    for _ in range(2):
        town.office.briefings.read(town.asked(ALI), item.id)
    town.deliver()
    assert any("læst" in said for said in town.heard(town.person(ALI)))
    opened = town.office.agendas.open_item(town.asked(ALI), item.id)
    assert "Read by 1 member" in shown(town, opened, "en")

    page = begun(town, meeting)
    assert isinstance(page, Overview), "nobody has to decide anything"
    assert page.undecided == ()
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.jump_to(meeting.day, time(12, 0))
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    with town.work() as work:
        assert work.presentations.get(item.id).state == State.DECIDED
    found = town.office.minutes.of_case(town.asked(MAJA), meeting.id, item.id)
    rules = town.house.rules.on(meeting.day)
    for language, words in (("da", "taget til efterretning"), ("en", "Written briefing noted.")):
        assert words in readable(minutes_views.case_page(texts(language), texts(language), rules, found))


@pytest.mark.rule("R140", "D18")
def test_the_members_hear_of_a_briefing_when_they_may_see_it(town: OfficeTown) -> None:
    case, _ = active_case(town)
    this_week, next_week = town.next_meetings(2)
    town.office.meetings.cancel(town.asked("Lone Ager"), this_week.id, reason="illness")
    town.jump(minutes=11)
    done = town.office.adjustments.bring_back(town.asked(MAJA), case.id, Kind.BRIEFING, in_writing=True)
    assert done.day == next_week.day

    def told() -> bool:
        town.deliver()
        return any("Skriftlig orientering" in said for said in town.heard(town.person(ALI)))

    assert not told()
    town.jump_to(this_week.day, time(7, 0))  # Thursday of the week before
    assert told()
