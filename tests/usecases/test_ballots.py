"""Written procedure: asked by the chair, answered one by one, decided by all or taken to the meeting (D32)."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ballot import (
    Answer,
    Ballot,
    BallotLacksArea,
    BallotNeedsReady,
    BallotOff,
    BallotOver,
    BallotState,
    NotAsked,
)
from bot.domain.case import CaseNotFound, Stage
from bot.domain.decision import ParticipationMissing, ParticipationReasonMissing
from bot.domain.people import Absence, NotForYou
from bot.domain.presentation import Presentation, State
from bot.texts import texts
from bot.usecases.ballots import Asking
from bot.views import ballot as views
from bot.views import minutes as minutes_views
from storage.engine import Database
from tests.support.office import OfficeTown, readable
from tests.support.session import approved, next_meeting, ready
from tests.support.written import rules_with_written, urgent_and_ready

HENRIK = "Henrik Dahl"
WEDNESDAY = date(2026, 11, 18)


@pytest.fixture
def engine() -> str:
    """On SQLite; the journey of the written procedure walks both databases."""
    return "sqlite"


@pytest.fixture
def town(database: Database, tmp_path: Path) -> OfficeTown:
    return OfficeTown(database, rules_path=rules_with_written(tmp_path))


def begun(town: OfficeTown, item: Presentation, **asking: Any) -> Ballot:
    town.office.urgent.written(town.asked(HENRIK), item.id, Asking(WEDNESDAY, **asking))
    return ballot_of(town, item)


def ballot_of(town: OfficeTown, item: Presentation) -> Ballot:
    with town.work() as work:
        found: Ballot = work.ballots.of_presentation(item.id)[0]
        return found


def answered(town: OfficeTown, ballot: Ballot, *but: str, answer: Answer = Answer.AGREE) -> None:
    for voter in ballot.voters:
        if voter not in but:
            with town.work() as work:
                person = work.people.get(voter)
            town.office.ballots.answer(town.asked(person), ballot.id, answer)


def presentation(town: OfficeTown, item: Presentation) -> Presentation:
    with town.work() as work:
        found: Presentation = work.presentations.get(item.id)
        return found


def settled(town: OfficeTown) -> None:
    town.jump(minutes=11)
    town.knock()


@pytest.mark.rule("D32", "R013")
def test_all_agree_and_the_chair_approves_at_once(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    ballot = begun(town, item)
    town.deliver()
    assert not any("Skriftlig behandling" in m for m in town.heard(town.person("Ali Demir")))
    settled(town)
    alis = town.heard(town.person("Ali Demir"))[-1]
    for said in (
        "Skriftlig behandling",
        "Svar senest onsdag 18. november kl. 12.00",
        "Enig",
        "Tag det på mødet",
    ):
        assert said in alis
    answered(town, ballot)
    town.deliver()
    assert "Du svarede: Enig" in town.heard(town.person("Ali Demir"))[-1]
    settled(town)
    assert "Alle er enige om" in town.heard(town.person(HENRIK))[-1]
    with pytest.raises(NotForYou):
        town.office.ballots.approve(town.asked("Lone Ager"), ballot.id)
    town.office.ballots.approve(town.asked(HENRIK), ballot.id)
    with town.work() as work:
        case, frame = work.cases.get(item.case_id), work.frames.open_of(item.case_id)
        tasks = work.tasks.of_case(item.case_id)
    assert (case.stage, frame.opens_on, len(tasks)) == (Stage.ACTIVE, town.today, 2)
    assert presentation(town, item).state == State.DECIDED
    with pytest.raises(BallotOver):
        town.office.ballots.approve(town.asked("Grethe Munk"), ballot.id)
    town.deliver()
    assert "er besluttet" in "\n".join(town.heard(town.person("Maja Holm")))
    assert any("1 opgave til Socialområdet" in m for m in town.heard(town.person("Jens Toft")))


@pytest.mark.rule("D32", "D19", "R131")
def test_what_was_decided_in_writing_is_entered_in_the_next_minutes(town: OfficeTown) -> None:
    first = urgent_and_ready(town)
    answered(town, begun(town, first))
    second = urgent_and_ready(town)
    answered(town, begun(town, second))
    settled(town)
    town.office.ballots.approve(town.asked(HENRIK), ballot_of(town, first).id)
    meeting = next_meeting(town)
    ready(town, meeting)
    approved(town, meeting)
    with town.work() as work:
        record = work.meetings.get(meeting.id).record
        assert len(work.tasks.of_case(first.case_id)) == len(work.tasks.of_case(second.case_id)) == 2
        frames = [work.frames.open_of(p.case_id) for p in (first, second)]
    assert [(m.number, m.written) for m in record] == [(2, True), (2, True), (3, False)]
    assert [f.opens_on for f in frames] == [date(2026, 11, 16), meeting.day]
    assert ballot_of(town, second).state == BallotState.APPROVED
    shown = town.office.minutes.show(town.asked(HENRIK), meeting.id)
    assert readable(minutes_views.page(texts("da"), shown)).count("Skriftligt · ") == 2
    found = town.office.minutes.of_case(town.asked(HENRIK), meeting.id, first.id)
    for language, agreed in (("da", "*Enige:*"), ("en", "*Agreed:*")):
        words = "\n".join(
            minutes_views.case_minutes(texts(language), town.house.rules.on(meeting.day), found)
        )
        assert agreed in words
    with town.work() as work:
        assert work.ballots.in_states(meeting.committee, BallotState.AGREED) == []


@pytest.mark.rule("D32")
@pytest.mark.parametrize(("answer", "why"), [(Answer.DISAGREE, "ikke enighed"), (Answer.MEETING, "på mødet")])
def test_one_other_answer_is_the_next_meetings(town: OfficeTown, answer: Answer, why: str) -> None:
    item = urgent_and_ready(town)
    ballot = begun(town, item)
    town.office.ballots.answer(town.asked("Ali Demir"), ballot.id, answer)
    settled(town)
    on = presentation(town, item)
    assert (ballot_of(town, item).state, on.meeting_id) == (BallotState.TO_MEETING, next_meeting(town).id)
    heard = town.heard(town.person("Maja Holm"))[-1]
    assert why in heard and "Ali" not in heard
    with pytest.raises(BallotOver):
        town.office.ballots.answer(town.asked("Sofie Bech"), ballot.id, Answer.AGREE)


@pytest.mark.rule("D32")
def test_silence_at_the_deadline_is_the_next_meetings(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    ballot = begun(town, item)
    answered(town, ballot, "U0ALI00001")
    town.jump_to(WEDNESDAY, time(11, 59))
    town.knock()
    assert ballot_of(town, item).state == BallotState.OPEN
    town.jump(minutes=1)
    with pytest.raises(BallotOver):
        town.office.ballots.answer(town.asked("Ali Demir"), ballot.id, Answer.AGREE)
    town.knock()
    assert (ballot_of(town, item).state, ballot_of(town, item).why) == (BallotState.TO_MEETING, "too_late")
    assert presentation(town, item).late_at is not None  # the agenda was locked; it is marked


@pytest.mark.rule("D32", "D35")
def test_an_answer_can_be_changed_and_taken_back_until_it_is_decided(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    ballot = begun(town, item)
    answered(town, ballot)
    town.knock()
    assert ballot_of(town, item).state == BallotState.OPEN  # the last answer can still be taken back
    ali = town.asked("Ali Demir")
    assert town.office.ballots.take_back(ali, ballot.id).mine is None
    settled(town)
    assert ballot_of(town, item).state == BallotState.OPEN
    view = town.office.ballots.answer(town.asked("Ali Demir"), ballot.id, Answer.DISAGREE)
    assert view.mine and view.mine.answer == Answer.DISAGREE
    town.office.ballots.answer(town.asked("Ali Demir"), ballot.id, Answer.AGREE)
    settled(town)
    assert ballot_of(town, item).state == BallotState.AGREED


@pytest.mark.rule("D32", "D35")
def test_the_chair_takes_it_back_before_anybody_is_asked(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    ballot = begun(town, item)
    town.office.urgent.undo(town.asked(HENRIK), item.id)
    settled(town)
    assert not any("Skriftlig" in m for m in town.heard(town.person("Ali Demir")))
    assert ballot_of(town, item).state == BallotState.WITHDRAWN
    with pytest.raises(CaseNotFound):
        town.office.ballots.open(town.asked("Ali Demir"), ballot.id)


@pytest.mark.rule("D32", "D11", "D21")
def test_who_is_asked_may_look_and_each_look_is_written_down(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    ballot = begun(town, item)
    with pytest.raises((CaseNotFound, NotAsked)):
        town.office.ballots.open(town.asked("Ole Skov"), ballot.id)
    view = town.office.ballots.open(town.asked("Ali Demir"), ballot.id)
    rules = town.house.rules.on(town.today)
    assert "Ramme 40.000,00 kr." in readable(views.page(view, texts("da"), rules))
    assert "Frame" in readable(views.page(view, texts("en"), rules)) or "frame" in readable(
        views.page(view, texts("en"), rules)
    )
    with town.work() as work:
        looks = work.journal.of_case(item.case_id, looks=True)
    assert ("ballot_opened", "U0ALI00001") in [(e.act, e.by) for e in looks]


@pytest.mark.rule("D32", "D31")
def test_who_is_away_or_disqualified_is_replaced_by_the_alternate(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    ballot = begun(town, item)
    with town.work() as work:
        seats = work.committees.seats(ballot.committee)
    spare = next(s for s in seats if s.alternate)
    same = next(s for s in seats if not s.alternate and s.area == spare.area and s.person in ballot.voters)
    with town.work() as work:
        member = work.people.get(same.person)
    town.office.ballots.declare_conflict(town.asked(member), ballot.id)
    now = ballot_of(town, item)
    assert same.person not in now.voters and now.voters[-1] == spare.person
    with pytest.raises((CaseNotFound, NotAsked)):
        town.office.ballots.open(town.asked(member), ballot.id)
    with town.work() as work:
        schools = next(s for s in seats if s.kind == "schools")
        tine = work.people.get(schools.person)
    town.office.ballots.declare_conflict(town.asked(tine), ballot.id) if tine.id in now.voters else None


@pytest.mark.rule("D32", "R021", "R047")
def test_what_cannot_be_decided_in_writing_is_refused_first(town: OfficeTown, database: Database) -> None:
    item = urgent_and_ready(town, own_view=None)
    with pytest.raises(ParticipationMissing):
        begun(town, item)
    with pytest.raises(ParticipationReasonMissing):
        begun(town, item, participation="other")
    ballot = begun(town, item, participation="other", participation_reason="not_reached")
    assert (ballot.decision.participation, ballot.decision.complete) == ("other", True)
    other = town.registered("Maja Holm")
    from bot.domain.presentation import CRITERIA
    from bot.usecases.referrals import Wish

    wish = Wish(criteria=CRITERIA, urgent=True, urgent_reason="housing")
    asked_for = town.office.referrals.request(town.asked("Maja Holm"), other.id, wish)
    with pytest.raises(BallotNeedsReady):
        begun(town, asked_for)


@pytest.mark.rule("D32")
def test_an_area_without_anybody_keeps_it_for_the_meeting(town: OfficeTown) -> None:
    with town.house.storage.open_work(at=town.clock.at) as work:
        seats = work.committees.seats(next_meeting(town).committee)
        alternates = {s.area for s in seats if s.alternate}
        alone = next(
            s for s in seats if not s.alternate and s.kind == "management" and s.area not in alternates
        )
        work.people.add_absence(Absence(alone.person, town.today, WEDNESDAY, None, id="away"))
    with pytest.raises(BallotLacksArea):
        begun(town, urgent_and_ready(town))


@pytest.mark.rule("D32")
def test_it_is_off_until_the_municipality_says_yes(database: Database) -> None:
    town = OfficeTown(database)
    item = urgent_and_ready(town)
    with pytest.raises(BallotOff):
        begun(town, item)
    town.deliver()
    assert "Skriftlig behandling" not in town.heard(town.person(HENRIK))[-1]


@pytest.mark.rule("D32", "D41")
def test_the_chair_and_the_secretary_follow_it_in_home(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    begun(town, item)
    for name, word in (("Lone Ager", "0 af "), (HENRIK, "0 af "), ("Ali Demir", "Dit svar mangler")):
        home = readable(town.house.draw_home(town.person(name), town.clock.at, texts("da")))
        assert "SKRIFTLIG BEHANDLING" in home and word in home
    assert "WRITTEN" in readable(town.house.draw_home(town.person("Ali Demir"), town.clock.at, texts("en")))
