"""What random people walked into, each as a story of its own: what is over is over, and sent minutes can be approved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.case import AgeBand, Case, IllegalMove, Stage
from bot.domain.contacts import Contact
from bot.domain.decision import Recording, points_of
from bot.domain.meeting import MeetingOver
from bot.domain.money import Kroner
from bot.domain.presentation import (
    CRITERIA,
    AlreadySettled,
    FrameTerms,
    Kind,
    Measure,
    Presentation,
    Recommendation,
    State,
    Stop,
)
from bot.domain.significance import PlanMissing
from bot.domain.substitute import SubstituteBackwards
from bot.texts import texts
from bot.usecases.cases import CaseView
from bot.usecases.referrals import Wish
from bot.views import case as case_views
from bot.views.memory import memory_words
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import (
    AS_RECOMMENDED,
    approved,
    begun,
    next_meeting,
    presentations_of,
    put,
    ready,
    saved,
)
from tests.usecases.test_closings import asked_to_close, case_now

MAJA, JENS, LONE = "Maja Holm", "Jens Toft", "Lone Ager"
AGAIN = Wish(CRITERIA, consent="not_yet")
DISCUSSED = Recording(choice="discussed")
OUT = Recording(choice="out_of_scope", reason="one_area_enough", area="youth", contact="U0SOFIE001")


def closed(town: OfficeTown) -> Case:
    case, _ = asked_to_close(town)
    approved(town, next_meeting(town))
    return case_now(town, case)


def advice_wanted(town: OfficeTown, case: Case) -> str:
    return str(
        town.office.gatherings.ask_advice(town.asked(MAJA), case.id, where="committee", question="what_help")
    )


def item(town: OfficeTown, id: str) -> Presentation:  # noqa: A002
    with town.work() as work:
        found: Presentation = work.presentations.get(id)
        return found


@pytest.mark.rule("T03", "T30", "T28")
def test_a_closed_case_is_asked_for_again_by_nobody_but_a_leader_who_reopens_it(town: OfficeTown) -> None:
    case = closed(town)
    with pytest.raises(IllegalMove):
        town.office.referrals.request(town.asked(MAJA), case.id, Wish(criteria=CRITERIA))
    assert case_now(town, case).stage == Stage.CLOSED
    town.office.reopening.reopen(town.asked(JENS), case.id, reason="new_need", presenter=None, wish=AGAIN)
    assert case_now(town, case).stage == Stage.IN_REFERRAL


@pytest.mark.rule("T22", "T28", "R068")
def test_nobody_brings_a_closed_case_to_the_committee_again_without_reopening_it(town: OfficeTown) -> None:
    case = closed(town)
    maja = town.asked(MAJA)
    with pytest.raises(PlanMissing):
        town.office.frames.ask_new(
            maja, case.id, amount=Kroner.of(9_000), purposes=("transport",), reason="used_up"
        )
    with pytest.raises(PlanMissing):
        town.office.referrals.raise_doubt(maja, case.id)
    assert [p for p in presentations_of(town, case.id) if p.is_open] == []


def ended_without_a_plan(town: OfficeTown) -> tuple[Case, str]:
    case = town.registered(MAJA)
    advice = advice_wanted(town, case)
    town.office.target_group.no_plan(town.asked(MAJA), case.id, reason="disturbs", on=town.today)
    return case, advice


def declined(town: OfficeTown) -> tuple[Case, str]:
    wish = town.requested(MAJA)
    with town.work() as work:
        case = work.cases.get(wish.case_id)
    advice = advice_wanted(town, case)
    town.office.referrals.decline(
        town.asked(JENS), wish.id, reason="not_complex", area="youth", contact="U0SOFIE001"
    )
    return case, advice


def out_of_scope(town: OfficeTown) -> tuple[Case, str]:
    """The committee says no on one meeting; the advice would have come on the same, and is decided before or after."""
    meeting = next_meeting(town)
    new = ready(town, meeting)
    with town.work() as work:
        case = work.cases.get(new.case_id)
    advice = advice_wanted(town, case)
    put(town, replace(item(town, advice), meeting_id=town.next_meetings(2)[1].id))
    approved(town, meeting, OUT)
    return case, advice


@pytest.mark.rule("T06", "T16", "T28", "R037")
@pytest.mark.parametrize("ends", [ended_without_a_plan, declined, out_of_scope])
def test_nothing_is_under_way_on_a_case_that_is_over(
    town: OfficeTown, ends: Callable[[OfficeTown], tuple[Case, str]]
) -> None:
    case, advice = ends(town)
    assert case_now(town, case).is_open is False
    gone = item(town, advice)
    assert (gone.state, gone.meeting_id) == (State.WITHDRAWN, None)


@pytest.mark.rule("D35", "T06")
def test_a_no_that_is_taken_back_takes_nothing_with_it(town: OfficeTown) -> None:
    case, advice = declined(town)
    (wish,) = presentations_of(town, case.id, Kind.NEW)
    town.office.referrals.undo(town.asked(JENS), wish.id)
    assert case_now(town, case).stage == Stage.IN_REFERRAL
    assert item(town, advice).state in (State.REFERRED, State.READY)


@pytest.mark.rule("T28", "D19")
def test_minutes_that_close_a_case_and_decide_another_item_of_it_can_be_approved(town: OfficeTown) -> None:
    """Whichever stood first: what its case's end has overtaken has no effect, and nobody is stuck with the minutes."""
    meeting = next_meeting(town)
    case, _ = asked_to_close(town)
    advice = advice_wanted(town, case)
    put(town, replace(item(town, advice), meeting_id=meeting.id, position=99))
    approved(town, meeting, DISCUSSED, AS_RECOMMENDED)
    assert case_now(town, case).stage == Stage.CLOSED
    assert item(town, advice).state in (State.WITHDRAWN, State.DECIDED)


@pytest.mark.rule("T14", "D19")
def test_what_a_held_meeting_has_decided_is_not_taken_back_before_the_minutes_are_approved(
    town: OfficeTown,
) -> None:
    meeting = next_meeting(town)
    case, view = asked_to_close(town)
    saved(town, begun(town, meeting))
    town.office.sessions.close(town.asked(LONE), meeting.id)
    assert view.presentation is not None
    with pytest.raises(AlreadySettled):
        town.office.closings.take_back(town.asked(MAJA), view.presentation.id)
    with pytest.raises(AlreadySettled):
        town.office.referrals.withdraw(town.asked(MAJA), view.presentation.id, reason="not_now")
    town.jump(hours=3)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    assert case_now(town, case).stage == Stage.CLOSED


@pytest.mark.rule("T25", "D31")
def test_an_illness_that_was_over_yesterday_is_refused_on_its_field(town: OfficeTown) -> None:
    active_case(town)
    with pytest.raises(SubstituteBackwards) as refused:
        town.office.substitutes.sick(
            town.asked(JENS), "U0MAJA0001", substitute="U0PETER001", last=town.today - timedelta(days=1)
        )
    assert refused.value.field == "last"


EVERYTHING = Recommendation(
    goals=("education",),
    progress={"education": "on_track"},
    outcome="unchanged",
    closing="education",
    support_reason="social",
    measures=(Measure("mentor_support", "youth"),),
    stops=(Stop("task", "mentor_support", "youth"),),
    caseworker="U0MAJA0001",
    group=(Contact("mentor", "social"),),
    group_ends=True,
    frame=FrameTerms(Kroner.of(1), ("transport",), "social"),
)


@pytest.mark.rule("R017")
@pytest.mark.parametrize("language", ["da", "en"])
def test_whatever_was_decided_last_the_committee_remembers_it_in_words(language: str) -> None:
    """After a background group or continued support the next item's form could not be drawn at all."""
    words = texts(language)
    for kind in Kind:
        for r in (EVERYTHING, replace(EVERYTHING, frame=None, keep_frame=True)):
            for point in points_of(kind, r):
                assert words.term("point", point), point


@pytest.mark.rule("R017", "T27")
def test_the_item_after_a_background_group_opens(town: OfficeTown) -> None:
    case, _ = active_case(town)
    group = Recommendation(goals=case.goals, group=(Contact("mentor", "social"),))
    meeting = next_meeting(town)
    put(town, made(town, case, Kind.BACKGROUND_GROUP, group, meeting.id))
    approved(town, meeting)
    later = town.next_meetings(2)[1]
    put(town, made(town, case, Kind.CHANGE, Recommendation(goals=case.goals), later.id))
    page: Any = begun(town, later)
    for language in ("da", "en"):
        assert memory_words(texts(language), town.house.rules.on(town.today), page.memory)


def made(town: OfficeTown, case: Case, kind: Kind, r: Recommendation, meeting: str) -> Presentation:
    return Presentation(
        id=f"{kind}-{case.id}",
        case_id=case.id,
        committee=case.committee,
        kind=kind,
        area=case.area,
        requested_by=case.caseworker,
        requested_at=town.clock.at,
        state=State.READY,
        ready_at=town.clock.at,
        meeting_id=meeting,
        recommendation=r,
        rules_version="3",
    )


@pytest.mark.rule("T30", "R042", "X1", "D25")
@pytest.mark.parametrize(
    ("born", "band"), [("1990", AgeBand.ADULT), ("2001", AgeBand.YOUTH), (None, AgeBand.YOUTH)]
)
def test_a_case_comes_back_by_the_age_its_citizen_has_come_to(
    town: OfficeTown, born: str | None, band: AgeBand
) -> None:
    """A birthday moves nothing; asking the committee again does, where the month is known."""
    case = closed(town)
    if born:
        with town.house.storage.open_work(at=town.clock.at) as work:
            work.cases.put_birth_month(case.id, f"{born}-03")
    town.office.reopening.reopen(town.asked(JENS), case.id, reason="new_need", presenter=None, wish=AGAIN)
    assert case_now(town, case).age_band == band


@pytest.mark.rule("D21", "R017")
def test_the_whole_way_of_a_case_is_read_however_long(town: OfficeTown) -> None:
    case, _ = active_case(town)
    for _ in range(case_views.TIMELINE_LINES + case_views.LINES_TOGETHER):
        town.office.adjustments.adjust(town.asked(MAJA), case.id, matter="plan", how="extent")
    view: CaseView = town.office.cases.show(town.asked(MAJA), case.id)
    rules = town.house.rules.on(town.today)
    for language, head in (("da", "Mindre justering"), ("en", "djust")):
        page = case_views.page(texts(language), rules, view, meta="{}")
        assert "case.history" in str(page)
        shown = readable(case_views.history(texts(language), rules, view)["blocks"])
        assert shown.count(head) == case_views.TIMELINE_LINES + case_views.LINES_TOGETHER
        assert "*2026*" in shown


@pytest.mark.rule("T11", "T14")
def test_an_item_that_was_withdrawn_is_arranged_no_more(town: OfficeTown) -> None:
    """Its buttons may stand on somebody's screen still."""
    _, item = active_case(town)
    agendas = town.office.agendas
    with town.house.storage.open_work(at=town.clock.at) as work:
        before = replace(work.presentations.get(item), meeting_id=town.next_meetings(2)[1].id)
        gone = work.presentations.save(replace(before, state=State.WITHDRAWN, settled_at=town.clock.at))
    for arrange in (
        lambda a: agendas.shift(a, item, by=-1),
        lambda a: agendas.move_to(a, item, number=3),
        lambda a: agendas.set_minutes(a, item, minutes=10),
        lambda a: agendas.take_off(a, item, reason="time"),
    ):
        with pytest.raises(MeetingOver):
            arrange(town.asked(LONE))
    with town.work() as work:
        assert work.presentations.get(item) == gone
