"""The daily check, as the town lives it: who hears, what stands on top of Home, and that it goes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest

from bot.domain.anchoring import What
from bot.domain.decision import Recording
from bot.domain.follow_up import NoMeetingNear
from bot.domain.people import AreaMissing, NotForYou, Post, Role
from bot.domain.presentation import AlreadySettled
from bot.domain.two_chairs import Gap, PayerThere
from bot.texts import texts
from bot.usecases.closings import ClosingWish
from bot.usecases.homes import PartAsked
from bot.usecases.two_chairs import Alarms, my_alarms
from bot.views import alarms as views
from bot.views import anchoring
from bot.views.kit import Page, Surface
from handlers.home import HomeDesk
from handlers.requests import Request
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import begun, put, saved

MAJA, JENS, HENRIK, LONE = "Maja Holm", "Jens Toft", "Henrik Dahl", "Lone Ager"
TUESDAY = date(2026, 11, 17)


def on_home(town: OfficeTown, who: str) -> Alarms | None:
    with town.work() as work:
        rules = town.house.rules.on(town.today)
        return my_alarms(PartAsked(work, town.asked(who, once=False), rules))


def gaps_shown(town: OfficeTown, who: str) -> list[Gap]:
    found = on_home(town, who)
    assert found is not None
    return [line.gap for line in found.lines]


def acts(town: OfficeTown, case: str) -> list[str]:
    with town.work() as work:
        return [e.act for e in work.journal.of_case(case)]


@pytest.mark.rule("T32", "R113", "R076", "R009")
def test_an_employee_who_leaves_is_an_alarm_the_same_minute_and_it_goes_by_itself(town: OfficeTown) -> None:
    one, other = town.registered(MAJA), town.registered(MAJA)
    assert on_home(town, JENS) == on_home(town, HENRIK) == Alarms(0)
    maja = town.person(MAJA)
    town.office.people.deactivated(maja.id, at=town.clock.at)
    town.deliver()
    for who in (JENS, HENRIK):
        told = town.heard(town.person(who))
        assert len(told) == 1, who
        assert told[0].startswith("*⚠ 2 sager mangler noget*")
        assert f"»{one.alias}« {one.key} mangler en sagsbehandler" in told[0]
        assert f"»{other.alias}« {other.key} mangler en sagsbehandler" in told[0]
        assert gaps_shown(town, who) == [Gap.COORDINATOR, Gap.COORDINATOR]
    for who in ("Lise Vang", "Bente Juhl", "Anne Bruun", LONE):  # the last three only while those are away
        assert town.heard(town.person(who)) == [], who
    assert on_home(town, "Lise Vang") == Alarms(0)
    assert on_home(town, LONE) is None

    town.office.people.at_the_door(maja.id, team=maja.team, name=maja.name, at=town.clock.at)
    assert on_home(town, JENS) == Alarms(0)  # at once, before any clock has knocked
    town.knock()
    assert town.heard(town.person(JENS)) == ["Klaret. Du finder resten på startsiden i Én Indgang."]
    assert acts(town, one.id)[-2:] == ["gap_found", "gap_mended"]


@pytest.mark.rule("T32", "R113", "T25")
def test_a_substitute_who_leaves_is_an_alarm_the_same_minute_when_the_caseworker_has_left_too(
    town: OfficeTown,
) -> None:
    case = town.registered(MAJA)
    ali = town.person("Ali Demir").id
    town.office.substitutes.set(
        town.asked(JENS), case.id, person=ali, first=town.today, last=town.today + timedelta(days=9)
    )
    town.office.people.deactivated(town.person(MAJA).id, at=town.clock.at)
    assert on_home(town, JENS) == Alarms(0)
    town.office.people.deactivated(ali, at=town.clock.at)
    town.deliver()
    assert gaps_shown(town, JENS) == [Gap.COORDINATOR]
    assert any("mangler en sagsbehandler" in said for said in town.heard(town.person(JENS)))


@pytest.mark.rule("T32", "R050")
def test_an_administrator_who_takes_the_role_away_runs_the_same_check(town: OfficeTown) -> None:
    case = town.registered(MAJA)
    maja = town.person(MAJA)
    controller = frozenset({Post(Role.CONTROLLER)})
    town.office.people.give_posts(town.asked("Bo Winther"), (maja.id,), controller, {maja.id: MAJA})
    found = on_home(town, JENS)
    assert found is not None
    assert [(line.alias, line.gap) for line in found.lines] == [(case.alias, Gap.COORDINATOR)]


@pytest.mark.rule("T32", "R113")
def test_the_check_is_made_once_each_working_day_and_tells_a_gap_once(town: OfficeTown) -> None:
    town.knock()
    case = town.registered(MAJA)
    with town.house.storage.open_work(at=town.clock.at) as work:  # as an old version could have left it
        work.cases.save(replace(work.cases.get(case.id), area="nowhere"))
    town.jump_to(TUESDAY, time(6, 59))
    town.knock()
    assert town.heard(town.person(HENRIK)) == []
    town.jump_to(TUESDAY, time(7, 0))
    town.knock()
    assert town.heard(town.person(HENRIK)) == [
        f"»{case.alias}« {case.key} mangler et område med en leder\nVurdér forankring"
    ]
    for _ in range(3):
        town.jump(days=1)
        town.knock()
    assert len(town.heard(town.person(HENRIK))) == 1
    with town.work() as work:
        assert len(work.alarms.standing()) == 1


@pytest.mark.rule("T32")
def test_a_check_that_was_missed_is_made_up_for_once(town: OfficeTown) -> None:
    town.knock()
    case = town.registered(MAJA)
    town.jump_to(date(2026, 12, 5), time(12, 0))  # a Saturday, after three weeks of silence
    assert [town.office.two_chairs.check_due(town.clock.at) for _ in range(2)] == [1, 0]
    assert gaps_shown(town, JENS) == [Gap.NEXT_DATE]
    assert acts(town, case.id)[-1] == "gap_found"


@pytest.mark.rule("T32", "R064")
def test_a_case_without_a_next_date_is_put_on_a_meeting(town: OfficeTown) -> None:
    town.knock()
    item = town.referred(MAJA, meeting=None)
    town.jump_to(date(2026, 12, 8), time(7, 0))
    town.knock()
    found = on_home(town, JENS)
    assert found is not None
    assert [(line.gap, line.fixes) for line in found.lines] == [(Gap.NEXT_DATE, ("date",))]
    facts = town.office.two_chairs.date_choices(town.asked(JENS, once=False), item.case_id)
    meeting, day = facts.choices[1]
    with pytest.raises(NoMeetingNear):
        town.office.two_chairs.set_next_date(town.asked(JENS), item.case_id, "nothing")
    with pytest.raises(NotForYou):
        town.office.two_chairs.set_next_date(town.asked(MAJA), item.case_id, meeting)
    assert town.office.two_chairs.set_next_date(town.asked(JENS), item.case_id, meeting) == (facts.alias, day)
    assert on_home(town, JENS) == Alarms(0)
    with town.work() as work:
        assert work.presentations.get(item.id).meeting_id == meeting


@pytest.mark.rule("T32", "R113", "T28")
def test_a_case_whose_closing_is_asked_is_looked_after_until_it_is_closed(town: OfficeTown) -> None:
    case, follow_up = active_case(town, follow_up=town.next_meetings(12)[-1])
    wish = ClosingWish(closing="dead")
    closing = town.office.closings.ask(town.asked(MAJA), case.id, wish).presentation
    assert closing is not None
    put(town, replace(closing, meeting_id=None))  # the secretary has taken it off the agenda
    town.office.people.deactivated(town.person(MAJA).id, at=town.clock.at)
    assert gaps_shown(town, JENS) == [Gap.COORDINATOR]

    town.jump_to(date(2026, 12, 3), time(7, 0))  # five working days to be placed, and seven more
    town.knock()
    assert gaps_shown(town, JENS) == [Gap.COORDINATOR, Gap.NEXT_DATE]
    meeting = town.next_meetings(2)[1]
    town.office.two_chairs.set_next_date(town.asked(JENS), case.id, meeting.id)
    assert gaps_shown(town, JENS) == [Gap.COORDINATOR]
    with town.work() as work:
        placed = {p.id: p.meeting_id for p in work.presentations.on_agenda(meeting.id)}
    assert placed == {closing.id: meeting.id}, follow_up


@pytest.mark.rule("T32", "R064", "D19")
def test_a_next_date_is_not_set_over_what_was_decided_and_waits_for_the_minutes(town: OfficeTown) -> None:
    first, second = town.next_meetings(2)
    case, follow_up = active_case(town, follow_up=first)
    page = begun(town, first)
    saved(town, page, Recording(choice="discussed"))
    town.office.sessions.close(town.asked(LONE), first.id)
    with pytest.raises(AlreadySettled):
        town.office.two_chairs.set_next_date(town.asked(LONE), case.id, second.id)
    with town.work() as work:
        assert work.presentations.get(follow_up).meeting_id == first.id
        assert "next_date_set" not in acts(town, case.id)


@pytest.mark.rule("T32", "D11")
def test_an_account_that_is_opened_again_has_its_rights_at_the_event(town: OfficeTown) -> None:
    case = town.registered(MAJA)
    forgotten: list[str] = []
    desk = HomeDesk(town.office, SimpleNamespace(forget=forgotten.append))  # type: ignore[arg-type]

    def changed(**account: object) -> None:
        user = {"id": case.caseworker, "team_id": town.person(MAJA).team, **account}
        event = {"event": {"user": user}}
        said = Request("event", "user_change", town.person(LONE), town.clock.at, texts("da"), event, None)
        desk.person_changed(said)

    changed(deleted=True)
    assert gaps_shown(town, JENS) == [Gap.COORDINATOR]
    changed(deleted=False, team_id="T0ELSEWHERE")
    changed(deleted=False, is_restricted=True)
    assert not town.person(MAJA).active, "a guest, or somebody of another place, gets nothing back"
    changed(deleted=False)
    assert town.person(MAJA).active
    assert town.office.cases.show(town.asked(MAJA, once=False), case.id)
    assert on_home(town, JENS) == Alarms(0)
    changed(deleted=False)
    with town.work() as work:
        assert len(work.journal.of_acts("reactivated")) == 1, "a change of a picture is none of it"


@pytest.mark.rule("T32", "D11")
def test_a_department_head_reads_how_many_and_no_case(town: OfficeTown) -> None:
    case = town.registered(MAJA)
    head = frozenset({Post(Role.DEPARTMENT_HEAD, "social")})
    town.office.people.give_posts(town.asked("Bo Winther"), ("U0KIM00001",), head, {"U0KIM00001": "Kim"})
    assert on_home(town, "Kim") == Alarms(0)
    town.office.people.deactivated(case.caseworker, at=town.clock.at)
    assert on_home(town, "Kim") == Alarms(1)


@pytest.mark.rule("T32", "T25", "R057")
def test_a_leader_is_offered_a_substitute_and_a_change_and_a_substitute_mends_it(town: OfficeTown) -> None:
    case, _ = active_case(town)
    town.office.people.deactivated(case.caseworker, at=town.clock.at)
    town.deliver()
    (said,) = town.heard(town.person(JENS))
    assert said.splitlines()[-2:] == ["Sæt stedfortræder", "Bed om sagsbehandlerskifte"]
    (chairs,) = town.heard(town.person(HENRIK))
    assert chairs.splitlines()[-1] == "Åbn"
    ali = town.person("Ali Demir")
    last = town.today + timedelta(days=13)
    town.office.substitutes.set(town.asked(JENS), case.id, person=ali.id, first=town.today, last=last)
    assert on_home(town, JENS) == on_home(town, HENRIK) == Alarms(0)
    town.jump_to(last + timedelta(days=3), time(7, 0))  # the next working morning after the last day
    town.knock()
    assert gaps_shown(town, JENS)[0] == Gap.COORDINATOR


@pytest.mark.rule("T32")
@pytest.mark.parametrize(
    ("language", "none", "some"),
    [
        ("da", "0 sager mangler noget.", "mangler en sagsbehandler"),
        ("en", "0 cases lack anything.", "lacks a caseworker"),
    ],
)
def test_zero_is_said_as_zero_and_each_gap_has_words(
    town: OfficeTown, language: str, none: str, some: str
) -> None:
    words, rules = texts(language), town.house.rules.on(town.today)
    page = Page(Surface.HOME)
    views.alarms_part(page, words, rules, Alarms(0))
    assert readable(page.home()["blocks"]) == none
    case = town.registered(MAJA)
    town.office.people.deactivated(case.caseworker, at=town.clock.at)
    found = on_home(town, JENS)
    assert found is not None
    assert some in readable(views.message(found, words, rules)["blocks"])
    for gap in Gap:
        assert words.term("gap", gap)


@pytest.mark.rule("T32", "R113", "R108", "R044")
def test_a_leader_names_the_payer_that_is_missing_and_can_do_it_only_then(town: OfficeTown) -> None:
    case, _ = active_case(town)
    with pytest.raises(PayerThere):
        town.office.two_chairs.payer_choices(town.asked(JENS), case.id)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.save(replace(work.cases.get(case.id), payer=None))
    town.jump_to(TUESDAY, time(7, 0))
    town.knock()
    assert gaps_shown(town, JENS) == gaps_shown(town, HENRIK) == [Gap.PAYER]
    assert "Sæt betaler" in town.heard(town.person(JENS))[-1]
    assert "Sæt betaler" not in town.heard(town.person(HENRIK))[-1]

    facts = town.office.two_chairs.payer_choices(town.asked(JENS), case.id)
    assert facts.proposed == "social"
    for language in ("da", "en"):
        form = views.payer_form(texts(language), town.house.rules.on(town.today), facts, meta="{}")
        assert facts.alias in readable(form["blocks"])
    with pytest.raises(NotForYou):
        town.office.two_chairs.set_payer(town.asked(HENRIK), case.id, "youth")
    with pytest.raises(AreaMissing):
        town.office.two_chairs.set_payer(town.asked(JENS), case.id, None)
    assert town.office.two_chairs.set_payer(town.asked(JENS), case.id, "youth").payer == "youth"
    with pytest.raises(PayerThere):
        town.office.two_chairs.set_payer(town.asked(JENS), case.id, "social")
    with town.work() as work:
        row = work.belongings.now(case.id, What.PAYER)
        assert row and (row.area, row.by, row.reason) == ("youth", "U0JENS0001", "was_missing")
    assert acts(town, case.id)[-1] == "payer_set"
    assert on_home(town, JENS) == Alarms(0)


@pytest.mark.rule("T32", "R113", "R083")
def test_the_chair_gives_a_case_whose_area_nobody_leads_to_one_that_is_led(town: OfficeTown) -> None:
    case = town.registered(MAJA)
    assert not town.office.cases.find(town.asked(HENRIK), case.key)
    for leader in ("U0JENS0001", "U0KAREN001", "U0BENTE001"):
        town.office.people.deactivated(leader, at=town.clock.at)
    found = on_home(town, HENRIK)
    assert found and [line.fixes for line in found.lines] == [("anchor",)]
    assert town.office.anchorings.form(town.asked(HENRIK), case.id).may_assess
    with pytest.raises(AreaMissing):
        town.office.anchorings.assess(town.asked(HENRIK), case.id, chosen=(), area="nowhere", reason="other")
    with town.house.storage.open_work(
        at=town.clock.at
    ) as work:  # an area no version of the rules names any more
        work.cases.save(replace(work.cases.get(case.id), area="nowhere"))
    rules = town.house.rules.on(town.today)
    facts = town.office.anchorings.form(town.asked(HENRIK), case.id)
    assert "nowhere" in readable(anchoring.form(texts("da"), rules, facts, meta="{}")["blocks"])
    moved = town.office.anchorings.assess(
        town.asked(HENRIK), case.id, chosen=(), area="youth", reason="other"
    )
    assert moved.area == "youth"
    with town.work() as work:
        row = work.belongings.now(case.id, What.ANCHOR)
        assert row and row.role == Role.CHAIR
    assert on_home(town, HENRIK) == Alarms(0)
