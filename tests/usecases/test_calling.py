"""Who is called to an extraordinary meeting: the chair chooses, each says yes or sends regrets (D32)."""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.meeting import NobodyCalled, NotAMember
from bot.domain.people import Person
from bot.domain.presentation import TooLateToUndo
from bot.texts import texts
from bot.usecases.attendance import present_areas
from bot.views import meeting as desk_views
from tests.support.office import OfficeTown, readable
from tests.usecases.test_agendas import TUESDAY, meeting_of, urgent

ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.rule("D32", "D31")
@ON_ONE_DATABASE
def test_the_chair_chooses_who_is_called_and_each_says_yes_or_sends_regrets(town: OfficeTown) -> None:
    item, henrik, calling = urgent(town), town.person("Henrik Dahl"), town.office.calling
    named = dict(calling.choices(town.asked(henrik)))
    ali, sofie, tine = (town.person(n) for n in ("Ali Demir", "Sofie Bech", "Tine Lauridsen"))
    assert {ali.id, sofie.id, tine.id} <= set(named)
    town.office.absences.away(town.asked(tine), TUESDAY, TUESDAY, None)
    when, extra = {"day": TUESDAY, "starts": time(8, 15)}, town.office.urgent.extra_meeting
    for nobody in ((), (tine.id,), ("U0MAJA0001",)):
        with pytest.raises(NobodyCalled):
            extra(town.asked(henrik), item.id, **when, called=nobody)
    extra(town.asked(henrik), item.id, **when, called=(ali.id, sofie.id, tine.id))

    def asked(person: Person) -> list[str]:
        return [h for h in town.heard(person) if "ekstraordinære møde" in h or "ekstraordinært møde" in h]

    town.deliver()
    assert asked(ali) == []  # the chair may still undo it
    town.jump(minutes=11)
    town.knock()
    assert "*Du er indkaldt til et ekstraordinært møde* tirsdag 17. november kl. 8.15" in asked(ali)[0]
    assert (len(asked(sofie)), asked(tine), asked(town.person("Nanna Ilsø"))) == (1, [], [])

    meeting = meeting_of(town)
    with pytest.raises(NotAMember):
        calling.come(town.asked("Nanna Ilsø"), meeting.id)
    calling.come(town.asked(ali), meeting.id)
    town.office.agendas.send_regrets(town.asked(sofie), meeting.id)
    town.deliver()
    assert "✅ Du kommer" in asked(ali)[0] and "Du har meldt afbud" in asked(sofie)[0]
    assert any("Indkaldt: 2 · 1 kommer · 1 afbud" in h for h in town.heard(henrik))
    calling.come(town.asked(sofie), meeting.id)  # after all
    with town.work() as work:
        seats = work.committees.seats(meeting.committee, on=meeting.day)
        assert work.meetings.get(meeting.id).called == {ali.id: "yes", sofie.id: "yes"}
        areas = {s.area for s in seats if s.person in (ali.id, sofie.id)}
        assert present_areas(work, work.meetings.get(meeting.id), seats) == areas
    told = town.office.urgent.of(town.asked(henrik), item.id)
    shown = desk_views.urgent_now_form(texts("en"), told, calling.choices(town.asked(henrik)), meta="{}")
    assert f'"{told.alias}"* {told.key} · new case · urgent: housing' in readable(shown["blocks"])
    assert "Who is called?" in readable(shown["blocks"])


@pytest.mark.rule("D32", "D35")
@ON_ONE_DATABASE
def test_a_call_undone_in_time_reaches_nobody(town: OfficeTown) -> None:
    item = urgent(town)
    town.office.urgent.extra_meeting(town.asked("Henrik Dahl"), item.id, day=TUESDAY, starts=time(8, 15))
    town.office.urgent.undo(town.asked("Henrik Dahl"), item.id)
    town.jump(minutes=11)
    town.knock()
    assert not [h for h in town.heard(town.person("Ali Demir")) if "ekstraordinært" in h]


@pytest.mark.rule("D32", "D35")
@ON_ONE_DATABASE
def test_a_called_meeting_goes_with_the_chairs_choice_and_is_not_taken_back_on_the_desk(
    town: OfficeTown,
) -> None:
    """Else the item would be left with a choice that leads nowhere, and nobody could choose again."""
    item, henrik = urgent(town, refer=False), town.person("Henrik Dahl")
    town.office.urgent.extra_meeting(town.asked(henrik), item.id, day=TUESDAY, starts=time(8, 15))
    meeting = meeting_of(town)
    assert town.office.agendas.desk(town.asked(henrik)).undoable == ()
    with pytest.raises(TooLateToUndo):
        town.office.meetings.undo_extra(town.asked(henrik), meeting.id)
    town.jump(minutes=11)
    town.knock()
    town.office.calling.come(town.asked("Ali Demir"), meeting.id)
    town.deliver()  # the leader has not answered yet, and the chair sees who comes all the same
    assert any("Indkaldt: 6 · 1 kommer · 0 afbud" in h for h in town.heard(henrik))
    assert any("Sagen er ikke henvist endnu." in h for h in town.heard(henrik))
    town.office.referrals.refer(town.asked("Jens Toft"), item.id, collector=None, meeting_id=None)
    town.deliver()
    assert not any("Sagen er ikke henvist endnu." in h for h in town.heard(henrik))
    town.jump_to(TUESDAY, time(8, 15))
    town.office.sessions.start(town.asked("Lone Ager"), meeting.id, attending=("U0ALI00001",))
    town.deliver()  # nobody is asked any more whether they come
    assert not any("Du er indkaldt" in h for h in town.heard(town.person("Sofie Bech")))


@pytest.mark.rule("D32", "D15")
@ON_ONE_DATABASE
def test_an_urgent_item_goes_on_to_the_next_meeting_when_its_own_is_cancelled(town: OfficeTown) -> None:
    item, henrik = urgent(town), town.person("Henrik Dahl")
    town.office.urgent.extra_meeting(town.asked(henrik), item.id, day=TUESDAY, starts=time(8, 15))
    town.jump(minutes=11)
    town.knock()
    called = meeting_of(town)
    town.office.meetings.cancel(town.asked(henrik), called.id, reason="illness")
    town.jump(minutes=11)
    town.knock()
    with town.work() as work:
        now = work.meetings.find(work.presentations.get(item.id).meeting_id or "")
    assert now is not None and (now.id, now.extra) != (called.id, True) and now.day > TUESDAY
