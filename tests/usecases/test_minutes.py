"""Minutes: approved by another than the recorder; then frames open, follow-ups are booked, areas get tasks (D19, D40)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.case import Stage
from bot.domain.decision import Recording
from bot.domain.frame import FrameState
from bot.domain.meeting import MeetingState, MinutesApproved, OwnMinutes
from bot.domain.money import Kroner
from bot.domain.people import NotForYou
from bot.domain.presentation import FrameTerms, Kind, Presentation, Recommendation, State, Tick
from bot.texts import texts
from bot.usecases.ports import AlreadyAsked
from bot.usecases.session_facts import ItemView, Overview
from bot.views import minutes as views
from tests.support.office import OfficeTown, readable
from tests.support.session import (
    AS_RECOMMENDED,
    FOLLOW_UP,
    approved,
    begun,
    next_meeting,
    presentations_of,
    put,
    readied,
    ready,
    saved,
)


def sent(town: OfficeTown, *recordings: Recording, by: str = "Lone Ager") -> Any:
    """A meeting of one case for each recording, held and sent to the chair."""
    meeting = next_meeting(town)
    for _ in recordings:
        ready(town, meeting)
    page = begun(town, meeting, by=by)
    for recording in recordings:
        page = saved(town, page, recording, by=by)
    assert isinstance(page, Overview)
    town.office.sessions.close(town.asked(by), meeting.id)
    town.jump(hours=2)
    return meeting


def case_words(town: OfficeTown, meeting: Any, presentation: str, language: str = "da") -> str:
    found = town.office.minutes.of_case(town.asked("Henrik Dahl"), meeting.id, presentation)
    return "\n".join(views.case_minutes(texts(language), town.house.rules.on(meeting.day), found))


@pytest.mark.rule("T15", "T17", "R050", "R064", "D19", "R002", "R011", "R045", "R058")
def test_approval_opens_the_frame_books_the_follow_up_and_gives_the_areas_their_tasks(
    town: OfficeTown,
) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting, caseworker="U0ALI00001")
    approved(town, meeting)
    with town.work() as work:
        case = work.cases.get(item.case_id)
        frame = work.frames.open_of(case.id)
        tasks = work.tasks.of_meeting(meeting.id)
        follow_up = work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        day = work.meetings.get(follow_up.meeting_id).day if follow_up and follow_up.meeting_id else None
        decided = work.presentations.get(item.id)
    assert frame is not None and follow_up is not None
    assert (case.stage, case.caseworker, case.plan_decided_on) == (Stage.ACTIVE, "U0ALI00001", meeting.day)
    assert (case.goals, case.payer) == (("education", "income_basis"), "social")
    assert (frame.amount, frame.opens_on, frame.follow_up_on) == (Kroner.of(40_000), meeting.day, FOLLOW_UP)
    assert (frame.purposes, frame.payer) == (("mentor_support", "transport"), "social")
    due_on = town.house.rules.on(meeting.day).working_days.after(meeting.day, 5)
    assert {(t.area, t.measure, t.due_on) for t in tasks} == {
        ("youth", "mentor_support", due_on),
        ("social", "housing_support", due_on),
    }
    assert {(t.meeting_id, t.presentation_id) for t in tasks} == {(meeting.id, item.id)}
    assert (follow_up.state, follow_up.requested_by, day) == (State.REFERRED, "U0ALI00001", FOLLOW_UP)
    assert (decided.state, decided.approved_at is not None) == (State.DECIDED, True)


@pytest.mark.rule("T15", "R014")
def test_everybody_is_told_their_part_once(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    ready(town, meeting, caseworker="U0ALI00001")
    approved(town, meeting)
    town.deliver()
    alis = town.heard(town.person("Ali Demir"))[-1]
    assert "Du er fast sagsbehandler." in alis
    assert "Ramme: 40.000,00 kr." in alis
    assert "Opfølgning torsdag 11. februar 2027 (uge 6)." in alis
    assert "Fast sagsbehandler: Ali Demir." in town.heard(town.person("Maja Holm"))[-1]
    jens = town.heard(town.person("Jens Toft"))[-1]
    assert "1 opgave til Socialområdet" in jens
    assert "bostøtte · frist" in jens
    assert "mentorstøtte" in town.heard(town.person("Lise Vang"))[-1]
    assert not [m for m in town.heard(town.person("Ole Skov")) if "opgave" in m]
    assert "godkendt af dig" in town.heard(town.person("Henrik Dahl"))[-2]  # the tasks of his area come after
    before = len(town.slack.posts)
    town.deliver()
    assert len(town.slack.posts) == before


@pytest.mark.rule("D19")
def test_the_recorder_never_approves_and_a_member_may_not(town: OfficeTown) -> None:
    meeting = sent(town, AS_RECOMMENDED, by="Henrik Dahl")
    with pytest.raises(OwnMinutes):
        town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    with pytest.raises(NotForYou):
        town.office.minutes.approve(town.asked("Ali Demir"), meeting.id)
    town.deliver()
    assert not [m for m in town.heard(town.person("Henrik Dahl")) if "Referat af mødet" in m]
    grethes = town.heard(town.person("Grethe Munk"))[-1]
    assert "Referat af mødet torsdag 19. november" in grethes
    assert "– Som indstillet" in grethes
    for verb in ("Godkend referat", "Ret", "Åbn referat"):
        assert verb in grethes
    town.office.minutes.approve(town.asked("Grethe Munk"), meeting.id)


@pytest.mark.rule("D19")
def test_who_recorded_one_item_leaves_the_approval_to_the_other(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    for _ in range(2):
        ready(town, meeting)
    page = saved(town, begun(town, meeting), by="Henrik Dahl")
    saved(town, page)
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    with pytest.raises(OwnMinutes):
        town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    town.office.minutes.approve(town.asked("Grethe Munk"), meeting.id)


@pytest.mark.rule("D19")
def test_a_double_press_of_approve_does_nothing_twice(town: OfficeTown) -> None:
    meeting = sent(town, AS_RECOMMENDED)
    press = town.asked("Henrik Dahl")
    town.office.minutes.approve(press, meeting.id)
    with pytest.raises(AlreadyAsked):
        town.office.minutes.approve(press, meeting.id)
    with pytest.raises(MinutesApproved) as refused:
        town.office.minutes.approve(town.asked("Grethe Munk"), meeting.id)
    assert refused.value.facts["by"] == "Henrik Dahl"
    with town.work() as work:
        assert len(work.tasks.of_meeting(meeting.id)) == 2


@pytest.mark.rule("D19")
def test_two_who_approve_in_the_same_moment_open_one_frame(town: OfficeTown) -> None:
    meeting = sent(town, AS_RECOMMENDED)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def approve(asked: Any) -> None:
        start.wait()
        try:
            town.office.minutes.approve(asked, meeting.id)
            outcomes.append("approved")
        except MinutesApproved:
            outcomes.append("already")

    asked = [town.asked("Henrik Dahl"), town.asked("Grethe Munk")]
    threads = [threading.Thread(target=approve, args=(a,)) for a in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already", "approved"]
    with town.work() as work:
        assert len(work.tasks.of_meeting(meeting.id)) == 2


@pytest.mark.rule("T12", "T13")
def test_a_postponed_item_stands_on_the_chosen_meeting_as_ready_as_it_was(town: OfficeTown) -> None:
    later = town.next_meetings(3)[2]
    meeting = sent(
        town,
        Recording(choice="postponed", reason="time", to_meeting=later.id),
        Recording(choice="postponed", reason="info_missing", to_meeting=later.id),
    )
    with town.work() as work:
        first, second = work.presentations.on_agenda(meeting.id)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    with town.work() as work:
        moved = [work.presentations.get(p.id) for p in (first, second)]
        assert [p.id for p in work.presentations.on_agenda(later.id)] == [first.id, second.id]
    assert [(p.state, p.decision, p.for_discussion_only) for p in moved] == [
        (State.POSTPONED, None, False),
        (State.POSTPONED, None, True),
    ]
    town.deliver()
    assert "er udsat til torsdag 3. december. Tid." in town.heard(town.person("Maja Holm"))[-1]
    assert "Udsat til mødet torsdag 3. december" in case_words(town, meeting, first.id)


@pytest.mark.rule("T16")
def test_out_of_scope_names_who_answers_now(town: OfficeTown) -> None:
    meeting = sent(
        town,
        Recording(choice="out_of_scope", reason="not_complex", area="schools", contact="U0OLE00001"),
    )
    with town.work() as work:
        (item,) = work.presentations.on_agenda(meeting.id)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    with town.work() as work:
        assert work.cases.get(item.case_id).stage == Stage.OUT_OF_SCOPE
        assert work.presentations.open_of(item.case_id, Kind.FOLLOW_UP) is None
    town.deliver()
    assert "Trivsel og Læring har ansvaret. Tal med Ole Skov." in town.heard(town.person("Maja Holm"))[-1]
    assert "peget på dig som kontakt" in town.heard(town.person("Ole Skov"))[-1]


def followed_up(town: OfficeTown, **recommendation: Any) -> tuple[Presentation, Any]:
    """An active case at its first follow-up, ready with this recommendation."""
    first = next_meeting(town)
    item = ready(town, first)
    approved(town, first)
    (follow_up,) = presentations_of(town, item.case_id, Kind.FOLLOW_UP)
    with town.work() as work:
        meeting = work.meetings.get(follow_up.meeting_id)
    readied(town, follow_up, progress={"education": "on_track"}, goals=("education",), **recommendation)
    return follow_up, meeting


@pytest.mark.rule("T23", "D9")
def test_an_unchanged_follow_up_moves_the_frame_to_the_next_date(town: OfficeTown) -> None:
    next_on = date(2027, 4, 29)
    item, meeting = followed_up(town, outcome="unchanged", follow_up_on=next_on)
    approved(town, meeting)
    with town.work() as work:
        (frame,) = work.frames.of_case(item.case_id)
        coming = work.presentations.open_of(item.case_id, Kind.FOLLOW_UP)
        assert work.meetings.get(coming.meeting_id).day == next_on
    assert (frame.state, frame.follow_up_on, frame.amount) == (FrameState.OPEN, next_on, Kroner.of(40_000))


@pytest.mark.rule("T23", "D9")
def test_a_new_frame_replaces_the_one_before(town: OfficeTown) -> None:
    terms = FrameTerms(Kroner.of(25_000), ("transport",), "youth")
    item, meeting = followed_up(town, outcome="new_frame", frame=terms, follow_up_on=date(2027, 4, 29))
    approved(town, meeting)
    with town.work() as work:
        frames = sorted(work.frames.of_case(item.case_id), key=lambda f: f.opens_on)
        assert work.cases.get(item.case_id).payer == "youth"
    assert [(f.state, f.amount) for f in frames] == [
        (FrameState.REPLACED, Kroner.of(40_000)),
        (FrameState.OPEN, Kroner.of(25_000)),
    ]


@pytest.mark.rule("R064", "T23", "D18")
def test_a_prepared_follow_up_is_prepared_again_when_another_decision_moves_it(town: OfficeTown) -> None:
    first, second = town.next_meetings(2)
    item = ready(town, first)
    approved(town, first)
    (follow_up,) = presentations_of(town, item.case_id, Kind.FOLLOW_UP)
    answered = replace(follow_up, ticks={"own_view": Tick("U0ALI00001", town.clock.at, "conversation")})
    put(town, answered)
    readied(town, follow_up, progress={"education": "on_track"}, goals=("education",), outcome="unchanged")
    later, goals = date(2027, 3, 18), ("employment",)
    change = Presentation(
        "change",
        item.case_id,
        item.committee,
        Kind.CHANGE,
        "social",
        "U0ALI00001",
        town.clock.at,
        State.REFERRED,
    )
    put(town, replace(change, meeting_id=second.id))
    readied(town, change, goals=goals, keep_frame=True, follow_up_on=later)
    approved(town, second)
    with town.work() as work:
        moved = work.presentations.get(follow_up.id)
        assert work.meetings.get(moved.meeting_id).day == later
    assert (moved.state, moved.ticks, moved.ready_at) == (State.REFERRED, {}, None)
    assert moved.recommendation == Recommendation(goals=goals)
    assert moved.requested_at == town.clock.at, "the day was agreed today"


@pytest.mark.rule("T28", "T23")
def test_closing_settles_the_frame_and_cancels_the_follow_ups(town: OfficeTown) -> None:
    item, meeting = followed_up(town, outcome="close", closing="education")
    approved(town, meeting)
    with town.work() as work:
        case = work.cases.get(item.case_id)
        (frame,) = work.frames.of_case(case.id)
        assert work.presentations.open_of(case.id, Kind.FOLLOW_UP) is None
    assert (case.stage, case.closed_on, frame.state) == (Stage.CLOSED, meeting.day, FrameState.SETTLED)
    town.deliver()
    assert "er afsluttet. Rammen er gjort op." in town.heard(town.person("Maja Holm"))[-1]


@pytest.mark.rule("T15", "R058")
def test_no_frame_is_an_explicit_decision(town: OfficeTown) -> None:
    meeting = next_meeting(town)
    item = ready(town, meeting, frame=FrameTerms(Kroner(0), (), "social"))
    approved(town, meeting)
    with town.work() as work:
        assert work.frames.of_case(item.case_id) == []
        assert work.presentations.open_of(item.case_id, Kind.FOLLOW_UP) is not None
    assert "Der er ikke fastsat en ramme." in case_words(town, meeting, item.id)


@pytest.mark.rule("D18")
def test_a_discussed_item_that_was_not_ready_comes_back(town: OfficeTown) -> None:
    meeting, following = town.next_meetings(2)
    item = town.referred("Maja Holm", meeting=meeting.id)
    page = saved(town, begun(town, meeting), Recording(choice="discussed"))
    assert isinstance(page, Overview)
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    with town.work() as work:
        back = work.presentations.get(item.id)
        assert work.cases.get(item.case_id).stage == Stage.IN_REFERRAL
    assert (back.state, back.meeting_id) == (State.POSTPONED, following.id)


@pytest.mark.rule("D40", "G2", "R013")
def test_the_minutes_of_a_case_are_composed_by_role_and_area_and_hold_no_name(town: OfficeTown) -> None:
    meeting = sent(
        town,
        Recording(
            choice="changed",
            participation="took_part",
            points=("frame",),
            amount=Kroner.of(60_000),
            purposes=("transport",),
            frame_reason="special_need",
            also=("reservation", "mandate"),
            reservations=("U0GRETHE01",),
            without_mandate=("U0TINE0001",),
        ),
    )
    with town.work() as work:
        (item,) = work.presentations.on_agenda(meeting.id)
    words = case_words(town, meeting, item.id)
    for sentence in (
        "Beslutning i Koordinations- og visitationsudvalget den 19-11-2026",
        "Ad 1. Ungeplanen er besluttet med målene: uddannelse og afklaring af forsørgelse.",
        "Ad 3. Fast sagsbehandler udpeget (Socialområdet). Vedkommende har sagt ja.",
        (
            "Ad 4. Ramme fastsat til 60.000,00 kr. til og med 11-02-2027. Formål: befordring. "
            "Betalende område: Socialområdet. Begrundelse for beløbet: Særligt behov. (ændret på mødet)"
        ),
        "Ad 5. Opfølgning aftalt til torsdag 11. februar 2027 (uge 6).",
        "Den unges medvirken:* Deltog.",
        "Socialområdet træffer og meddeler afgørelse om bostøtte",
        "undtagen Medlem fra Trivsel og Læring (Trivsel og Læring).",
        "Forbehold:* Ledelsesrepræsentant (Trivsel og Læring).",
        "Udvalgets beslutning er ikke en afgørelse over for borgeren.",
        "Kladde.",
    ):
        assert sentence in words
    assert not [p for p in ("Maja", "Grethe", "Tine", "Lone") if p in words]
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    assert "Godkendt den 19-11-2026 af Ledelsesrepræsentant (Ungeindsatsen og UU)." in case_words(
        town, meeting, item.id
    )
    assert "not a legal decision" in case_words(town, meeting, item.id, "en")


@pytest.mark.rule("A7")
def test_before_approval_an_item_can_be_opened_again(town: OfficeTown) -> None:
    meeting = sent(town, AS_RECOMMENDED)
    town.deliver()
    overview = town.office.sessions.reopen(town.asked("Henrik Dahl"), meeting.id)
    town.deliver()
    assert "bliver rettet" in town.heard(town.person("Henrik Dahl"))[-1]
    id = overview.lines[0].presentation_id  # noqa: A001
    page = town.office.sessions.open_item(town.asked("Lone Ager"), meeting.id, id)
    assert isinstance(page, ItemView)
    saved(town, page, replace(AS_RECOMMENDED, participation="declined"))
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.deliver()
    heard = town.heard(town.person("Henrik Dahl"))
    assert len([m for m in heard if "Referat af mødet" in m]) == 1
    view = town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    assert view.lines[0].decision.participation == "declined"
    assert view.meeting.state == MeetingState.APPROVED


@pytest.mark.rule("D41")
def test_minutes_are_read_in_both_languages(town: OfficeTown) -> None:
    meeting = sent(town, AS_RECOMMENDED)
    for language in ("da", "en"):
        view = town.office.minutes.show(town.asked("Henrik Dahl"), meeting.id)
        assert view.may_approve
        assert readable(views.page(texts(language), view))
    home = readable(town.house.draw_home(town.person("Henrik Dahl"), town.clock.at, texts("da")))
    assert "GODKEND REFERAT" in home
    home = readable(town.house.draw_home(town.person("Lone Ager"), town.clock.at, texts("da")))
    assert "venter på formanden" in home


@pytest.mark.rule("R057")
def test_a_change_of_caseworker_takes_the_follow_up_along_and_moves_no_payer(town: OfficeTown) -> None:
    first, second = town.next_meetings(2)
    item = ready(town, first)
    approved(town, first)
    change = replace(
        item,
        id="change",
        kind=Kind.CASEWORKER_CHANGE,
        state=State.READY,
        meeting_id=second.id,
        decision=None,
        version=0,
    )
    put(town, change)
    readied(town, change, caseworker="U0SOFIE001", caseworker_said_yes_at=town.clock.at)
    approved(town, second)
    with town.work() as work:
        case = work.cases.get(item.case_id)
        follow_up = work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        frame = work.frames.open_of(case.id)
    assert (case.caseworker, case.payer, follow_up.requested_by) == ("U0SOFIE001", "social", "U0SOFIE001")
    assert (frame.state, frame.follow_up_on) == (FrameState.OPEN, FOLLOW_UP)
