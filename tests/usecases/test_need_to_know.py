"""Who no longer has a task in a case sees it no more: after their days, after a handover, with a conflict (D11, R060)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.demo import town as demo
from bot.domain.ballot import Answer
from bot.domain.case import CaseNotFound, Stage
from bot.domain.committee import Conflict
from bot.domain.contacts import Handover
from bot.domain.meeting import Disqualified, MeetingState
from bot.domain.people import NotForYou, Post, Role, WishAnswered
from bot.domain.presentation import CRITERIA, Kind, OwnRequest
from bot.rules import DEFAULT
from bot.usecases.ballots import Asking
from bot.usecases.closings import ClosingWish
from bot.usecases.handover_effect import carry_out
from bot.usecases.ports import ChannelSeen
from bot.usecases.referrals import Wish
from storage.engine import Database
from tests.support.frames import active_case
from tests.support.office import OfficeTown
from tests.support.session import next_meeting, ready
from tests.support.written import rules_with_written, urgent_and_ready
from tests.usecases.test_closings import Advising

MAJA, NANNA, ALI, PETER = "U0MAJA0001", "U0NANNA001", "U0ALI00001", "U0PETER001"
MONDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 20)


@pytest.fixture
def town(database: Database, tmp_path: Path) -> OfficeTown:
    return OfficeTown(database, rules_path=rules_with_written(tmp_path))


@pytest.mark.rule("R060", "T25", "T22", "D11")
def test_what_a_substitute_brings_back_is_the_fixed_caseworkers_when_the_days_are_over(
    town: OfficeTown,
) -> None:
    case, _ = active_case(town)
    town.office.substitutes.set(town.asked("Jens Toft"), case.id, person=PETER, first=MONDAY, last=FRIDAY)
    peter = town.person("Peter Krogh")
    raised = town.office.adjustments.bring_back(town.asked(peter), case.id, Kind.DOUBT)
    assert (raised.presentation.requested_by, raised.presentation.collector) == (MAJA, MAJA)
    town.deliver()
    assert any("Peter Krogh" in said for said in town.heard("U0LONE0001")), "who did it is said"
    town.office.cases.show(town.asked(peter), case.id)

    town.jump(days=5)

    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked(peter), case.id)


@pytest.mark.rule("R060", "R068", "T25", "T28", "D11")
def test_a_substitute_does_what_will_not_wait_from_the_case_itself(town: OfficeTown) -> None:
    case, _ = active_case(town)
    town.office.substitutes.set(town.asked("Jens Toft"), case.id, person=PETER, first=MONDAY, last=FRIDAY)
    peter = town.person("Peter Krogh")
    page = town.office.cases.show(town.asked(peter), case.id)
    assert (page.may_doubt, page.may_adjust, page.aside.may_ask_closing) == (True, True, True)

    doubt = town.office.referrals.raise_doubt(town.asked(peter), case.id)
    met = ClosingWish(closing="education")
    closing = town.office.closings.ask(town.asked(peter), case.id, met).presentation
    assert closing is not None
    assert [(p.requested_by, p.is_open) for p in (doubt, closing)] == [(MAJA, True)] * 2
    town.deliver()
    said = [text for text in town.heard("U0JENS0001") if "Peter Krogh" in text]
    assert len(said) == 2, "who did it is said"
    town.office.closings.take_back(town.asked(peter), closing.id)
    assert town.office.closings.ask(town.asked(peter), case.id, ClosingWish(closing="dead")).ended

    town.jump(days=5)
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked(peter), case.id)
    page = town.office.cases.show(town.asked("Jens Toft"), case.id)
    assert (page.may_doubt, page.may_adjust, page.aside.may_ask_closing) == (False, False, False)


@pytest.mark.rule("T03", "R060", "T25", "D3")
def test_a_case_nobody_has_sent_is_sent_by_whoever_stands_in_and_by_a_leader_when_nobody_has_it(
    town: OfficeTown,
) -> None:
    def sends(case: str, *people: str) -> list[bool]:
        return [town.office.cases.show(town.asked(p), case).may_request for p in people]

    sent, left = town.registered("Maja Holm"), town.registered("Maja Holm")
    assert sends(sent.id, "Maja Holm", "Jens Toft") == [True, False]
    town.office.substitutes.set(town.asked("Jens Toft"), sent.id, person=PETER, first=MONDAY, last=FRIDAY)
    assert sends(sent.id, "Peter Krogh", "Jens Toft") == [True, False]
    lines = town.office.homes.of(town.asked("Peter Krogh", once=False)).parts["today"].lines
    assert [(line.kind, line.alias) for line in lines] == [("unsent", sent.alias)]
    request = town.office.referrals.request(town.asked("Peter Krogh"), sent.id, Wish(criteria=CRITERIA))
    assert (request.requested_by, request.collector) == (MAJA, MAJA)

    town.office.people.deactivated(MAJA, at=town.clock.at)
    assert sends(left.id, "Jens Toft") == [True], "nobody who is here has it"
    asked = town.office.referrals.request(town.asked("Jens Toft"), left.id, Wish(criteria=CRITERIA))
    with pytest.raises(OwnRequest):
        town.office.referrals.refer(town.asked("Jens Toft"), asked.id, collector=None, meeting_id=None)
    town.office.referrals.refer(town.asked("Karen Friis"), asked.id, collector=None, meeting_id=None)


@pytest.mark.rule("T03", "T05", "D11")
def test_who_is_asked_for_advice_neither_asks_for_the_committee_nor_answers_for_the_caseworker(
    town: OfficeTown,
) -> None:
    case, returned = town.registered("Maja Holm"), town.requested("Maja Holm")
    town.office.referrals.return_(town.asked("Jens Toft"), returned.id, missing=("own_view",))
    for one in (case.id, returned.case_id):
        town.office.gatherings.ask_advice(town.asked("Maja Holm"), one, where="youth", question="what_help")
    for name in ("Lise Vang", "Jens Toft"):
        with pytest.raises(NotForYou):
            town.office.referrals.request(town.asked(name), case.id, Wish(criteria=CRITERIA))
        with pytest.raises(NotForYou):
            town.office.referrals.answer_missing(town.asked(name), returned.id, answered=("own_view",))
    town.office.referrals.answer_missing(town.asked("Maja Holm"), returned.id, answered=("own_view",))


@pytest.mark.rule("T07", "D3", "T25")
def test_a_leader_who_stands_in_does_not_refer_what_they_asked_for_on_behalf_of_another(
    town: OfficeTown,
) -> None:
    jens = town.person("Jens Toft")
    both = jens.posts | {Post(Role.CASEWORKER, "social")}
    town.office.people.give_posts(town.asked("Bo Winther"), (jens.id,), both, {jens.id: jens.name})
    case = town.registered("Maja Holm")
    town.office.substitutes.set(town.asked("Karen Friis"), case.id, person=jens.id, first=MONDAY, last=FRIDAY)
    request = town.office.referrals.request(town.asked("Jens Toft"), case.id, Wish(criteria=CRITERIA))
    with pytest.raises(OwnRequest):
        town.office.referrals.refer(town.asked("Jens Toft"), request.id, collector=None, meeting_id=None)


@pytest.mark.rule("R106", "T28", "T25")
def test_a_leader_who_stands_in_does_not_close_alone_where_meetings_only_advise(town: OfficeTown) -> None:
    case, _ = active_case(town)
    jens = town.person("Jens Toft")
    both = jens.posts | {Post(Role.CASEWORKER, "social")}
    town.office.people.give_posts(town.asked("Bo Winther"), (jens.id,), both, {jens.id: jens.name})
    town.office.substitutes.set(town.asked("Karen Friis"), case.id, person=jens.id, first=MONDAY, last=FRIDAY)
    town.office.closings._rules = Advising(town.house.rules)  # type: ignore[assignment]
    asked = town.office.closings.ask(town.asked("Jens Toft"), case.id, ClosingWish(closing="dead"))
    assert not asked.may_close
    with pytest.raises(NotForYou):
        town.office.closings.close_by_agreement(town.asked("Jens Toft"), case.id)
    done = town.office.closings.close_by_agreement(town.asked("Karen Friis"), case.id)
    assert done.case.stage == Stage.CLOSED


@pytest.mark.rule("T24", "T25", "R060")
def test_days_that_were_agreed_for_later_end_with_the_handover(town: OfficeTown) -> None:
    case, follow_up = active_case(town)
    later = date(2026, 11, 23)
    town.office.substitutes.set(town.asked("Jens Toft"), case.id, person=NANNA, first=later, last=later)
    with town.house.storage.open_work(at=town.clock.at) as work:
        handover = Handover("h1", case.id, follow_up, old=MAJA, new=ALI, on=MONDAY)
        carry_out(work, work.cases.get(case.id, lock=True), work.handovers.add(handover), at=town.clock.at)
    town.jump(days=7)
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked("Nanna Ilsø"), case.id)
    assert town.office.cases.show(town.asked("Ali Demir"), case.id).people.substitute is None


@pytest.mark.rule("R013", "D19", "D34")
def test_a_chair_with_a_conflict_neither_reads_nor_approves_what_was_decided_in_writing(
    town: OfficeTown,
) -> None:
    item = urgent_and_ready(town)
    town.office.urgent.written(town.asked("Henrik Dahl"), item.id, Asking(date(2026, 11, 18)))
    with town.house.storage.open_work(at=town.clock.at) as work:
        ballot = work.ballots.of_presentation(item.id)[0]
        work.presentations.put_conflict(Conflict(item.id, "U0HENRIK01", town.clock.at))
    for voter in ballot.voters:
        if voter != "U0HENRIK01":
            with town.work() as work:
                person = work.people.get(voter)
            town.office.ballots.answer(town.asked(person), ballot.id, Answer.AGREE)
    with pytest.raises(Disqualified):
        town.office.ballots.open(town.asked("Henrik Dahl"), ballot.id)
    with pytest.raises(Disqualified):
        town.office.ballots.approve(town.asked("Henrik Dahl"), ballot.id)
    parts = town.office.homes.of(town.asked("Henrik Dahl")).parts
    assert not (parts.get("ballots") and (parts["ballots"].mine or parts["ballots"].running))


@pytest.mark.rule("R118", "T28", "D11")
def test_nobody_is_asked_for_advice_any_more_when_the_case_is_over(town: OfficeTown) -> None:
    case, _ = active_case(town)
    advice = town.office.gatherings.ask_advice(
        town.asked("Maja Holm"), case.id, where="youth", question="what_help"
    )
    lise = town.person("Lise Vang")
    town.office.gatherings.open_advice(town.asked(lise), advice)
    with town.house.storage.open_work(at=town.clock.at) as work:
        open_case = work.cases.get(case.id, lock=True)
        work.cases.save(open_case.moved(Stage.CLOSED))
    with pytest.raises(CaseNotFound):
        town.office.cases.show(town.asked(lise), case.id)
    with pytest.raises(CaseNotFound):
        town.office.gatherings.answer_advice(town.asked(lise), advice, "we_can_help")


@pytest.mark.rule("D31", "T25")
def test_each_area_answers_for_its_own_cases_when_a_colleague_will_be_away(town: OfficeTown) -> None:
    one, _ = active_case(town)
    other = town.registered("Maja Holm")
    town.office.anchorings.assess(
        town.asked("Jens Toft"), other.id, chosen=(), area="youth", reason="own_wish"
    )
    first, last = date(2026, 11, 23), date(2026, 11, 27)
    absence = town.office.absences.away(town.asked("Maja Holm"), first, last, NANNA)
    with pytest.raises(NotForYou):
        town.office.absences.approve(town.asked("Ole Skov"), absence.id)
    told = town.office.absences.approve(town.asked("Jens Toft"), absence.id)
    assert told.count == 1
    with pytest.raises(WishAnswered):
        town.office.absences.approve(town.asked("Karen Friis"), absence.id)
    assert town.office.absences.approve(town.asked("Lise Vang"), absence.id).count == 1
    with town.work() as work:
        assert [s.person for c in (one, other) for s in work.substitutes.of_case(c.id)] == [NANNA, NANNA]
        known = work.people.absence(absence.id)
        assert known is not None and known.proposed is None


@pytest.mark.rule("D31", "D11", "R003")
def test_an_alternate_sees_the_cases_of_a_meeting_once_they_sit_on_it(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting)
    yusuf = town.person("Yusuf Kaya")
    with pytest.raises(CaseNotFound):
        town.office.agendas.open_item(town.asked(yusuf), item.id)
    sofie = town.person("Sofie Bech")
    town.office.agendas.send_regrets(town.asked(sofie), meeting.id)
    town.office.agendas.stand_in(town.asked(yusuf), meeting.id, sofie.id, yes=True)
    assert town.office.agendas.open_item(town.asked(yusuf), item.id).case.id == item.case_id


@pytest.mark.rule("D31", "R013")
def test_who_is_back_early_comes_to_the_meeting_after_all(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    absence = town.office.absences.away(town.asked("Ali Demir"), MONDAY, date(2026, 11, 30), None)
    with town.work() as work:
        assert [r.person for r in work.meetings.regrets(meeting.id)] == [ALI]
    town.jump_to(date(2026, 11, 17), time(8, 0))
    town.office.absences.back(town.asked("Ali Demir"), absence.id)
    with town.work() as work:
        assert work.meetings.regrets(meeting.id) == []


@pytest.mark.rule("T25", "D10")
def test_whoever_stands_in_presents_the_case_and_finds_it_on_their_agenda(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    case, _ = active_case(town, follow_up=meeting)
    town.office.substitutes.set(town.asked("Jens Toft"), case.id, person=PETER, first=MONDAY, last=FRIDAY)
    mine = town.office.agendas.mine(town.asked("Peter Krogh"), meeting.id)
    assert [line.case_id for line in mine.lines] == [case.id]


@pytest.mark.rule("D6", "R004")
def test_a_seat_whose_period_is_over_opens_the_channels_face(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting)
    roster = (*(c.id for c in demo.CAST if c.seat), "U0LONE0001")
    town.slack.seen[demo.OPEN_CHANNEL] = ChannelSeen(exists=True, private=True, members=roster)
    lone = town.asked("Lone Ager", once=False)
    assert town.office.posts.preview(lone, meeting.id).outside == ()
    with town.house.storage.open_work(at=town.clock.at) as work:
        (seat,) = work.committees.seats_of(ALI)
        work.committees.put_seat(replace(seat, last=date(2026, 11, 15)))
    assert town.office.posts.preview(lone, meeting.id).outside == (ALI,)


@pytest.mark.rule("D32", "R021")
def test_the_agenda_says_that_something_was_decided_in_writing_since_last_time(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    town.office.urgent.written(town.asked("Henrik Dahl"), item.id, Asking(date(2026, 11, 18)))
    with town.work() as work:
        ballot = work.ballots.of_presentation(item.id)[0]
        voters = [work.people.get(v) for v in ballot.voters]
    for voter in voters:
        town.office.ballots.answer(town.asked(voter), ballot.id, Answer.AGREE)
    town.jump(hours=1)
    town.office.ballots.settle_due(town.clock.at)
    first, second = town.next_meetings(2)
    lone = town.asked("Lone Ager", once=False)
    shown = [town.office.posts.preview(lone, m.id).post.view.written for m in (first, second)]
    assert shown == [1, 0]


@pytest.mark.rule("D32")
def test_a_written_procedure_ends_in_peace_when_no_meeting_is_planned(town: OfficeTown) -> None:
    item = urgent_and_ready(town)
    town.office.urgent.written(town.asked("Henrik Dahl"), item.id, Asking(date(2026, 11, 18)))
    with town.house.storage.open_work(at=town.clock.at) as work:
        for meeting in work.meetings.next_after(item.committee, town.today, count=999):
            work.meetings.save(replace(meeting, state=MeetingState.CANCELLED))
    town.jump_to(date(2026, 11, 18), time(13, 0))
    assert town.office.ballots.settle_due(town.clock.at) == 1
    with town.work() as work:
        waits = work.presentations.get(item.id)
        assert (waits.meeting_id, waits.in_written_procedure, waits.is_open) == (None, False, True)


@pytest.mark.rule("D8", "R064")
def test_a_running_case_is_followed_up_within_the_interval_it_was_decided_under(
    database: Database, tmp_path: Path
) -> None:
    default = DEFAULT.read_text(encoding="utf-8")
    newer = default.replace('version: "3"', 'version: "4"').replace("2026-10-01", "2026-11-16", 1)
    newer = newer.replace("longest_follow_up_months: 3", "longest_follow_up_months: 1")
    (tmp_path / "ny.yaml").write_text(newer, encoding="utf-8")
    rules = tmp_path / "regler.yaml"
    rules.write_text(default.replace("other_versions: []", "other_versions: [ny.yaml]"), encoding="utf-8")
    town = OfficeTown(database, rules_path=rules)
    case, follow_up = active_case(town)

    def offered() -> int:
        asked = town.asked("Maja Holm", once=False)
        return len(town.office.follow_ups.open(asked, follow_up).next_choices)

    assert offered() < 6, "registered under the newest rules"
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.cases.save(replace(work.cases.get(case.id), rules_version="3"))
    assert offered() > 8, "decided under the older ones"
