"""Advisory meetings: they advise, the area's leader decides; the coordinator is the same in both modes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.domain.case import Stage
from bot.domain.decision import ReasonMissing
from bot.domain.people import NotForYou
from bot.domain.presentation import AlreadySettled, Kind, State
from bot.domain.tracks import Mode
from bot.rules import DEFAULT, read_rules
from bot.texts import texts
from bot.usecases.closings import ClosingWish
from bot.views import advisory as views
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import AS_RECOMMENDED, approved, next_meeting, put, ready


@pytest.fixture
def advisory(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OfficeTown:
    """A town whose rules file says advisory."""
    path = tmp_path / "rules.yaml"
    path.write_text(DEFAULT.read_text("utf-8").replace("mode: committee", "mode: advisory", 1), "utf-8")
    monkeypatch.setattr("bot.assembly.read_rules", lambda *_: read_rules(path))
    town = OfficeTown(database)
    assert town.house.rules.on(town.today).mode == Mode.ADVISORY
    return town


def case_of(town: OfficeTown, case: str):  # type: ignore[no-untyped-def]
    with town.work() as work:
        return work.cases.get(case)


@pytest.mark.rule("R106", "R107", "X12", "R113")
def test_what_a_meeting_advises_takes_effect_when_the_leader_follows_it(advisory: OfficeTown) -> None:
    town, meeting = advisory, next_meeting(advisory)
    item = ready(town, meeting)
    approved(town, meeting, AS_RECOMMENDED)
    case = case_of(town, item.case_id)
    assert (case.stage, case.fixed_since, case.payer) == (Stage.IN_REFERRAL, None, None)
    assert case.caseworker == "U0MAJA0001"  # somebody coordinates all the same
    with town.work() as work:
        assert work.frames.of_case(case.id) == []
        assert work.tasks.of_case(case.id) == []
    town.deliver()
    heard = town.heard(town.person("Jens Toft"))
    assert any("Rådet binder ikke" in said for said in heard), heard

    jens = town.asked("Jens Toft", once=False)
    assert ("advised", case.id) in [
        (line.kind, line.subject) for line in town.office.overviews.today(jens).lines
    ]
    with pytest.raises(NotForYou):
        town.office.advisory.follow(town.asked("Lone Ager"), item.id)
    assert town.office.cases.show(town.asked("Jens Toft", once=False), case.id).to_follow == item.id
    town.office.advisory.follow(town.asked("Jens Toft"), item.id)
    assert "advised" not in [line.kind for line in town.office.overviews.today(jens).lines]
    case = case_of(town, item.case_id)
    assert (case.stage, case.payer) == (Stage.ACTIVE, "social")
    with town.work() as work:
        assert work.frames.open_of(case.id) is not None
        assert {t.area for t in work.tasks.of_case(case.id)} == {"youth", "social"}
        assert work.presentations.get(item.id).advice == "followed"
    with pytest.raises(AlreadySettled):
        town.office.advisory.follow(town.asked("Karen Friis"), item.id)
    town.deliver()
    assert any("rådet følges" in said for said in town.heard(town.person("Karen Friis")))


@pytest.mark.rule("R107", "X12")
def test_a_leader_goes_another_way_with_a_reason(advisory: OfficeTown) -> None:
    town, meeting = advisory, next_meeting(advisory)
    item = ready(town, meeting)
    approved(town, meeting, AS_RECOMMENDED)
    with pytest.raises(ReasonMissing):
        town.office.advisory.set_aside(town.asked("Jens Toft"), item.id, reason=None)
    town.office.advisory.set_aside(town.asked("Jens Toft"), item.id, reason="law")
    assert case_of(town, item.case_id).stage == Stage.NOT_REFERRED
    with town.work() as work:
        assert work.presentations.get(item.id).state == State.WITHDRAWN


@pytest.mark.rule("T28", "X12", "R107")
def test_a_closing_needs_the_caseworker_and_the_leader_and_no_meeting(advisory: OfficeTown) -> None:
    town, meeting = advisory, next_meeting(advisory)
    item = ready(town, meeting)
    approved(town, meeting, AS_RECOMMENDED)
    town.office.advisory.follow(town.asked("Jens Toft"), item.id)
    case = case_of(town, item.case_id)
    with town.house.storage.open_work(at=town.clock.at) as work:
        closing = replace(
            item,
            id="closing",
            kind=Kind.CLOSURE,
            state=State.REFERRED,
            meeting_id=None,
            decision=None,
            recommendation=replace(item.recommendation, closing="education", frame=None, measures=()),
            version=0,
        )
        work.presentations.add(closing)
    with pytest.raises(NotForYou):
        town.office.advisory.follow(town.asked("Maja Holm"), "closing")
    town.office.advisory.follow(town.asked("Jens Toft"), "closing")
    assert (case_of(town, case.id).stage, case_of(town, case.id).closed_on) == (Stage.CLOSED, town.today)


@pytest.mark.rule("R107", "R064", "X12")
def test_a_follow_up_set_aside_is_asked_anew_and_the_frame_follows_it(advisory: OfficeTown) -> None:
    town, meeting = advisory, next_meeting(advisory)
    case, follow_up = active_case(town, follow_up=meeting)
    with town.work() as work:
        put(town, replace(work.presentations.get(follow_up), state=State.READY, advice="open"))
    town.jump_to(meeting.day + timedelta(days=1), time(9, 0))
    town.office.advisory.set_aside(town.asked("Jens Toft"), follow_up, reason="law")
    with town.work() as work:
        again = work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        day = work.meetings.get(again.meeting_id).day
        assert (again.state, again.advice, again.requested_by) == (State.REFERRED, None, "U0MAJA0001")
        assert (work.presentations.get(follow_up).state, day) == (State.WITHDRAWN, next_meeting(town).day)
        assert work.frames.open_of(case.id).follow_up_on == day


@pytest.mark.rule("R107", "T28", "X12")
def test_a_closing_set_aside_starts_the_reminders_again(advisory: OfficeTown) -> None:
    case, _ = active_case(advisory)
    asked = advisory.office.closings.ask(
        advisory.asked("Maja Holm"), case.id, ClosingWish(closing="moved")
    ).presentation
    assert case_of(advisory, case.id).is_stilled
    advisory.office.advisory.set_aside(advisory.asked("Jens Toft"), asked.id, reason="law")
    assert not case_of(advisory, case.id).is_stilled


@pytest.mark.rule("R106", "X12")
def test_a_deciding_committee_leaves_nothing_to_follow(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    approved(town, meeting, AS_RECOMMENDED)
    assert case_of(town, item.case_id).stage == Stage.ACTIVE
    with pytest.raises(AlreadySettled):
        town.office.advisory.follow(town.asked("Jens Toft"), item.id)


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_advice_and_its_answers_have_words(advisory: OfficeTown, language: str) -> None:
    meeting = next_meeting(advisory)
    item = replace(ready(advisory, meeting), advice="open")
    words, rules = texts(language), advisory.house.rules.on(advisory.today)
    case = case_of(advisory, item.case_id)
    open_one = readable(views.told((case, item), words, rules)["blocks"])
    assert ("Følg rådet" in open_one) or ("Follow the advice" in open_one)
    assert views.aside_form(words, rules, meta="{}")["callback_id"] == "advisory.aside"
    done = readable(views.told((case, replace(item, advice="set_aside")), words, rules)["blocks"])
    assert ("lagt til side" in done) or ("set aside" in done)
