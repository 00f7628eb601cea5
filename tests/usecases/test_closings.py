"""A case ends by a criterion or gently by another reason, is looked at again, and comes back with its caseworker (T28-T30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.domain.calendar import add_months
from bot.domain.case import AgeBand, Case, IllegalMove, Stage
from bot.domain.closing import ClosingHeldBack, NotTheCriterion, NotToClose, OwnDoubt, SupportReasonMissing
from bot.domain.decision import DecisionGaps, Recording
from bot.domain.follow_up import ClosingMissing
from bot.domain.frame import CommitmentsOpen, FrameState
from bot.domain.money import Kroner
from bot.domain.people import NotForYou, Post, Role
from bot.domain.presentation import (
    CRITERIA,
    AssessmentMissing,
    ConsentDateMissing,
    ConsentMissing,
    CriteriaMissing,
    FrameTerms,
    Kind,
    OwnRequest,
    Presentation,
    Recommendation,
    State,
)
from bot.domain.substitute import Substitute
from bot.domain.target_group import ExemptionForNothing, PlanRefused
from bot.domain.tracks import Mode
from bot.texts import texts
from bot.usecases.closings import CONTINUE, ClosingWish
from bot.usecases.follow_ups import Answers
from bot.usecases.frame_facts import Use
from bot.usecases.referrals import Wish
from bot.views import case as case_views
from bot.views import closing as views
from bot.views import minutes as minutes_views
from bot.views import session as session_views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import FOLLOW_UP, approved, begun, kept, presentations_of, saved

READY = ClosingWish(closing="education", own_view="conversation", ticks=("frame_settled", "notes_journaled"))


def asked_to_close(town: OfficeTown, wish: ClosingWish = READY, **active: Any) -> tuple[Case, Any]:
    case, _ = active_case(town, **active)
    return case, town.office.closings.ask(town.asked("Maja Holm"), case.id, wish)


def case_now(town: OfficeTown, case: Case) -> Case:
    with town.work() as work:
        found: Case = work.cases.get(case.id)
        return found


def set_aside(town: OfficeTown, case: Case) -> str:
    done = town.office.frames.use(
        town.asked("Maja Holm"),
        case.id,
        Use(Kroner.of(3_000), "transport", town.today, commitment=True),
    )
    return str(done.entry.id)


@pytest.mark.rule("T28", "R071", "R072", "D3", "D18")
def test_a_case_is_closed_by_a_criterion_and_everything_about_it_ends(town: OfficeTown) -> None:
    case, view = asked_to_close(town)
    assert (view.presentation.state, view.missing) == (State.READY, ())
    meeting = town.next_meetings(1)[0]
    assert view.day == meeting.day
    town.deliver()
    assert any(f"beder udvalget afslutte »{case.alias}«" in heard for heard in town.heard("U0JENS0001"))
    assert case_now(town, case).stage == Stage.ACTIVE, "decided in the meeting, in effect at approval"

    approved(town, meeting)
    closed = case_now(town, case)
    assert (closed.stage, closed.closed_on, closed.closed_for) == (Stage.CLOSED, meeting.day, "education")
    with town.work() as work:
        assert work.frames.open_of(case.id) is None
        assert [f.state for f in work.frames.of_case(case.id)] == [FrameState.SETTLED]
        later = work.after_closings.of_case(case.id)
    assert {p.state for p in presentations_of(town, case.id, Kind.FOLLOW_UP)} == {State.WITHDRAWN}
    days = town.house.rules.on(meeting.day).working_days
    assert {(a.kind, a.months, a.due_on) for a in later} == {
        ("journal", 0, days.after(meeting.day, 10)),
        ("check", 3, days.next_on_or_after(add_months(meeting.day, 3))),
        ("check", 6, days.next_on_or_after(add_months(meeting.day, 6))),
    }


@pytest.mark.rule("T28", "R071", "R055")
def test_closing_without_a_criterion_is_impossible(town: OfficeTown) -> None:
    case, _ = active_case(town)
    asked = town.asked("Maja Holm")
    with pytest.raises(ClosingMissing):
        town.office.closings.ask(asked, case.id, replace(READY, closing=None))
    with pytest.raises(ClosingMissing):
        town.office.closings.ask(asked, case.id, replace(READY, closing="because"))
    with pytest.raises(NotForYou):
        town.office.closings.ask(town.asked("Jens Toft"), case.id, READY)
    new = town.registered()
    with pytest.raises(NotToClose):
        town.office.closings.ask(town.asked("Maja Holm"), new.id, READY)


@pytest.mark.rule("T28", "R058")
def test_what_is_set_aside_is_settled_first_both_when_asking_and_at_approval(town: OfficeTown) -> None:
    case, _ = asked_to_close(town)
    meeting = town.next_meetings(1)[0]
    set_aside(town, case)
    with pytest.raises(CommitmentsOpen) as refused:
        town.office.closings.ask(town.asked("Maja Holm"), case.id, READY)
    assert refused.value.facts["held"] == Kroner.of(3_000)
    assert [p.code for p in refused.value.facts["purposes"]] == ["transport"]
    with pytest.raises(ClosingHeldBack) as held:
        approved(town, meeting)
    assert (held.value.facts["alias"], held.value.facts["held"]) == (case.alias, Kroner.of(3_000))
    assert case_now(town, case).stage == Stage.ACTIVE


@pytest.mark.rule("T28", "R058", "D9")
def test_what_is_set_aside_in_a_frame_that_was_replaced_is_settled_first_too(town: OfficeTown) -> None:
    case, follow_up = active_case(town)
    entry = set_aside(town, case)
    with town.house.storage.open_work(at=town.clock.at) as work:
        old = work.frames.open_of(case.id, lock=True)
        work.frames.save(old.moved(FrameState.REPLACED))
        work.frames.add(replace(old, id="new-frame", used=Kroner(0)))
    answers = Answers(dict.fromkeys(case.goals, "on_track"), "close", "education", "conversation")
    with pytest.raises(CommitmentsOpen):
        town.office.follow_ups.prepare(town.asked("Maja Holm"), follow_up, answers)
    with pytest.raises(CommitmentsOpen) as refused:
        town.office.closings.ask(town.asked("Maja Holm"), case.id, READY)
    assert refused.value.facts["held"] == Kroner.of(3_000)

    town.office.frames.settle(
        town.asked("Maja Holm"), entry, actual=Kroner.of(2_500), spent_on=town.today, keep_rest=False
    )
    town.office.closings.ask(town.asked("Maja Holm"), case.id, READY)
    approved(town, town.next_meetings(1)[0])
    assert case_now(town, case).stage == Stage.CLOSED


@pytest.mark.rule("T28", "R071", "D35")
def test_when_somebody_has_died_every_reminder_stops_at_once_and_can_be_started_again(
    town: OfficeTown,
) -> None:
    case, follow_up = active_case(town, follow_up=town.next_meetings(2)[1])
    before = town.office.overviews.today(town.asked("Maja Holm"))
    assert [w.kind for w in before.lines] == ["follow_up"]
    view = town.office.closings.ask(town.asked("Maja Holm"), case.id, ClosingWish(closing="dead"))
    assert view.ended and view.presentation.state == State.READY and view.missing == ()
    assert town.office.overviews.today(town.asked("Maja Holm")).lines == ()

    town.office.closings.take_back(town.asked("Maja Holm"), view.presentation.id)
    again = town.office.overviews.today(town.asked("Maja Holm"))
    assert [w.subject for w in again.lines] == [follow_up]

    town.office.closings.ask(town.asked("Maja Holm"), case.id, ClosingWish(closing="dead"))
    meeting = town.next_meetings(1)[0]
    approved(town, meeting, Recording(choice="as_recommended"))
    assert case_now(town, case).closed_for == "dead"
    with town.work() as work:
        assert [a.kind for a in work.after_closings.of_case(case.id)] == ["journal"], (
            "nobody asks: does it hold?"
        )


@pytest.mark.rule("T28", "T14")
def test_a_closing_that_is_withdrawn_like_anything_else_starts_the_reminders_again_too(
    town: OfficeTown,
) -> None:
    case, view = asked_to_close(town, ClosingWish(closing="dead"))
    assert case_now(town, case).is_stilled
    town.office.referrals.withdraw(town.asked("Maja Holm"), view.presentation.id, reason="other")
    assert not case_now(town, case).is_stilled


@pytest.mark.rule("T29", "R072", "D18")
def test_support_goes_on_with_a_reason_and_a_new_date(town: OfficeTown) -> None:
    case, _ = active_case(town)
    asked = town.asked("Maja Holm", once=False)
    later = town.next_meetings(9)[8]
    wish = ClosingWish(
        CONTINUE, "employment", "written", READY.ticks, support_reason="social", next_meeting=later.id
    )
    with pytest.raises(NotTheCriterion):
        town.office.closings.ask(asked, case.id, replace(wish, closing="moved"))
    with pytest.raises(SupportReasonMissing):
        town.office.closings.ask(asked, case.id, replace(wish, support_reason=None))
    begun_only = town.office.closings.ask(asked, case.id, replace(wish, ticks=(), own_view="not_yet"))
    missing = ("own_view", "frame_settled", "notes_journaled")
    assert (begun_only.presentation.state, begun_only.missing) == (State.REFERRED, missing)
    view = town.office.closings.ask(asked, case.id, wish)
    assert (view.presentation.kind, view.presentation.state) == (Kind.CONTINUED_SUPPORT, State.READY)
    approved(town, town.next_meetings(1)[0])
    assert case_now(town, case).stage == Stage.ACTIVE
    with town.work() as work:
        follow_up = work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        assert work.frames.open_of(case.id).follow_up_on == later.day
        assert follow_up.meeting_id == later.id
    shown = town.office.cases.show(town.asked("Maja Holm"), case.id)
    assert shown.aside.support.recommendation.support_reason == "social"


@pytest.mark.rule("T30", "T28", "R071")
def test_a_check_after_three_months_and_the_case_comes_back_with_its_caseworker(town: OfficeTown) -> None:
    case, _ = asked_to_close(town)
    meeting = town.next_meetings(1)[0]
    approved(town, meeting)
    maja = town.asked("Maja Holm", once=False)
    [journal] = town.office.overviews.today(maja).lines
    assert journal.kind == "journal_closed"
    town.office.closings.answer(town.asked("Maja Holm"), journal.subject, "confirmed")
    due = town.house.rules.on(meeting.day).working_days.next_on_or_after(add_months(meeting.day, 3))
    town.jump_to(due, time(7, 31))
    town.knock()
    assert any(
        f"»{case.alias}« blev afsluttet for 3 måneder siden. Holder det?" in h
        for h in town.heard("U0MAJA0001")
    )
    [check] = town.office.overviews.today(town.asked("Maja Holm")).lines
    assert (check.kind, check.code) == ("check", "3")
    town.office.closings.answer(town.asked("Maja Holm"), check.subject, "does_not_hold")
    town.deliver()
    assert any("holder ikke" in h for h in town.heard("U0JENS0001"))
    assert case_now(town, case).stage == Stage.CLOSED, "closed stays closed until a leader opens it"

    with pytest.raises(NotForYou):
        reopened(town, "Maja Holm", case)
    again = reopened(town, "Jens Toft", case)
    back = case_now(town, case)
    assert (back.stage, back.alias, back.key) == (Stage.IN_REFERRAL, case.alias, case.key)
    assert (again.kind, again.requested_by, again.recommendation.caseworker) == (
        Kind.NEW,
        "U0MAJA0001",
        "U0MAJA0001",
    )
    home = town.house.draw_home(town.person("Maja Holm"), town.clock.at, texts("da"))
    assert f"»{case.alias}« er henvist – mangler 10 ting\nGør klar" in readable(home)  # its next step
    town.deliver()
    assert any("Vil du være fast sagsbehandler igen" in h for h in town.heard("U0MAJA0001"))
    town.office.readiness.answer_proposal(town.asked("Maja Holm"), again.id, yes=True)
    town.deliver()
    assert not any("Maja Holm siger ja" in h for h in town.heard("U0MAJA0001"))  # she knows
    with pytest.raises(IllegalMove):
        reopened(town, "Jens Toft", case)


def reopened(town: OfficeTown, by: str, case: Case, *, born: str | None = None, **said: Any) -> Presentation:
    if born:
        with town.house.storage.open_work(at=town.clock.at) as work:
            work.cases.put_birth_month(case.id, born)
    presenter, exemption = said.pop("presenter", None), said.pop("exemption", None)
    wish = Wish(**{"criteria": CRITERIA, **said})
    return town.office.reopening.reopen(
        town.asked(by), case.id, reason="did_not_hold", presenter=presenter, wish=wish, exemption=exemption
    )


@pytest.mark.rule("T30", "R035", "R036", "R039", "T03")
def test_a_case_comes_back_with_all_that_a_referral_asks(town: OfficeTown) -> None:
    case, _ = asked_to_close(town)
    approved(town, town.next_meetings(1)[0])
    some = CRITERIA[:-1]
    for born, said, refused in (
        (None, {"criteria": ()}, CriteriaMissing),
        (None, {"criteria": some}, CriteriaMissing),
        (None, {"exemption": "near_goal"}, ExemptionForNothing),
        ("2010-03", {}, AssessmentMissing),
        ("1990-03", {}, ConsentMissing),
        ("1990-03", {"consent": "yes"}, ConsentDateMissing),
        ("1990-03", {"consent": "no"}, PlanRefused),
    ):
        with pytest.raises(refused):
            reopened(town, "Jens Toft", case, born=born, **said)
        assert case_now(town, case).stage == Stage.CLOSED
    adult = {"consent": "yes", "consent_on": town.today}
    again = reopened(town, "Jens Toft", case, criteria=some, exemption="near_goal", **adult)
    assert (again.criteria, again.exemption, again.consent_on) == (some, "near_goal", town.today)
    back = case_now(town, case)
    assert (back.age_band, back.plan_choice, back.plan_choice_on) == (AgeBand.ADULT, "yes", town.today)


@pytest.mark.rule("T30", "D3")
def test_a_leader_does_not_reopen_what_they_present_themselves(town: OfficeTown) -> None:
    case, _ = asked_to_close(town)
    approved(town, town.next_meetings(1)[0])
    jens = town.person("Jens Toft")
    both = replace(jens, posts=jens.posts | {Post(Role.CASEWORKER, "social")})
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.save(both)
    with pytest.raises(OwnRequest) as refused:
        reopened(town, "Jens Toft", case, presenter=jens.id)
    assert refused.value.facts == {"other": "Karen Friis"}
    assert case_now(town, case).stage == Stage.CLOSED


@pytest.mark.rule("T28")
def test_a_check_stops_by_itself(town: OfficeTown) -> None:
    asked_to_close(town)
    meeting = town.next_meetings(1)[0]
    approved(town, meeting)
    town.jump_to(add_months(meeting.day, 5), time(8, 0))
    kinds = {w.kind for w in town.office.overviews.today(town.asked("Maja Holm")).lines}
    assert kinds == {"journal_closed"}, "the first check has gone, the second is not yet asked"


@pytest.mark.rule("R106", "T28")
def test_where_meetings_only_advise_caseworker_and_leader_close_together(town: OfficeTown) -> None:
    case, _ = asked_to_close(town)
    with pytest.raises(NotForYou):
        town.office.closings.close_by_agreement(town.asked("Jens Toft"), case.id)
    town.office.closings._rules = Advising(town.house.rules)  # type: ignore[assignment]
    done = town.office.closings.close_by_agreement(town.asked("Jens Toft"), case.id)
    assert (done.case.stage, done.case.closed_for) == (Stage.CLOSED, "education")


class Advising:
    """The same rules in the other mode."""

    def __init__(self, book: Any) -> None:
        self._book = book

    def on(self, day: Any) -> Any:
        return replace(self._book.on(day), mode=Mode.ADVISORY)

    def version(self, version: str) -> Any:
        return replace(self._book.version(version), mode=Mode.ADVISORY)


@pytest.mark.rule("T14", "R068")
def test_doubt_is_taken_back_by_who_had_it_and_the_secretary_hears(town: OfficeTown) -> None:
    case, _ = active_case(town)
    doubt = town.office.referrals.raise_doubt(town.asked("Maja Holm"), case.id)
    with pytest.raises(OwnDoubt):
        town.office.referrals.withdraw(town.asked("Jens Toft"), doubt.id, reason="solved")
    town.office.referrals.withdraw(town.asked("Maja Holm"), doubt.id, reason="solved")
    town.deliver()
    assert any("tilbage fra" in h and case.alias in h for h in town.heard("U0LONE0001"))
    assert case_now(town, case).stage == Stage.ACTIVE


def test_every_form_is_worded_in_both_languages_within_six_fields(town: OfficeTown) -> None:
    case, view = asked_to_close(town)
    fields = {"close": 4, "continue": 6}
    for language in ("da", "en"):
        words = texts(language)
        for what, most in fields.items():
            held = {"what": what, "closing": "education"}
            form = views.form(words, town.house.rules.on(town.today), view, meta="{}", held=held)
            assert len([b for b in form["blocks"] if b["type"] == "input"]) <= most
        gone = views.form(words, town.house.rules.on(town.today), view, meta="{}", held={"closing": "dead"})
        assert len([b for b in gone["blocks"] if b["type"] == "input"]) == 2
        assert case.alias in readable(views.done(words, view)["blocks"])
        page = town.office.cases.show(town.asked("Maja Holm"), case.id)
        assert page.aside.closing is not None
        rules = town.house.rules.on(town.today)
        shown = case_views.page(words, rules, page, meta="{}", actions=case_views.actions(words, page))
        assert any(said in readable(shown["blocks"]) for said in ("Afslutning er klar", "Closing is ready"))
    meeting = town.next_meetings(1)[0]
    approved(town, meeting)
    again = town.office.reopening.open(town.asked("Jens Toft", once=False), case.id)
    for language in ("da", "en"):
        for band in AgeBand:
            form = views.reopen_form(
                texts(language), town.house.rules.on(town.today), replace(again, band=band), meta="{}"
            )["blocks"]
            assert "Maja Holm" in readable(form)
            assert len([b for b in form if b["type"] == "input"]) <= 6


@pytest.mark.rule("T28", "T25", "T27")
def test_a_substitute_and_the_background_group_end_with_the_case(town: OfficeTown) -> None:
    case, _ = asked_to_close(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        last = town.today + timedelta(days=20)
        stands_in = Substitute("s1", case.id, "U0ALI00001", town.today, last, "U0JENS0001", town.clock.at)
        work.substitutes.add(stands_in)
    approved(town, town.next_meetings(1)[0])
    with town.work() as work:
        assert work.substitutes.now_on(case.id, town.today) is None
        assert work.cases.get(case.id).group == ()


SUPPORT = Recording(
    choice="changed",
    participation="took_part",
    points=("support",),
    support_reason="personal",
    follow_up_on=FOLLOW_UP,
)


@pytest.mark.rule("T29", "R072", "D30")
def test_the_table_turns_a_closing_into_continued_support_with_a_reason_and_a_new_date(
    town: OfficeTown,
) -> None:
    case, view = asked_to_close(town)
    meeting = town.next_meetings(1)[0]
    page = begun(town, meeting)
    rules = town.house.rules.on(meeting.day)
    unfolded = kept(town, page, replace(SUPPORT, support_reason=None, follow_up_on=None))
    for language, label in (("da", "Hvorfor fortsætter støtten?"), ("en", "Why does support go on?")):
        form = session_views.item_form(texts(language), rules, unfolded, meta="{}", fresh="1")
        assert label in readable(form)
        assert sum(b["type"] == "input" for b in form["blocks"]) <= 6
    with pytest.raises(SupportReasonMissing):
        saved(town, unfolded, replace(SUPPORT, support_reason=None))
    with pytest.raises(DecisionGaps):
        saved(town, unfolded, replace(SUPPORT, follow_up_on=None))
    page = saved(town, unfolded, SUPPORT)
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)

    assert case_now(town, case).stage == Stage.ACTIVE
    with town.work() as work:
        decided = work.presentations.get(view.presentation.id)
        follow_up = work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        assert (decided.kind, decided.state) == (Kind.CONTINUED_SUPPORT, State.DECIDED)
        assert work.frames.open_of(case.id).follow_up_on == FOLLOW_UP
        assert work.meetings.get(follow_up.meeting_id).day == FOLLOW_UP
    found = town.office.minutes.of_case(town.asked("Maja Holm"), meeting.id, view.presentation.id)
    minutes = readable(minutes_views.case_page(texts("da"), texts("da"), rules, found))
    assert "men støtten fortsætter: personlige forhold taler for det" in minutes
    assert "Sagen er afsluttet" not in minutes


@pytest.mark.rule("T29", "R072", "R071")
def test_support_goes_on_only_where_a_criterion_is_met_and_starts_the_reminders_again(
    town: OfficeTown,
) -> None:
    case, _ = asked_to_close(town, ClosingWish(closing="moved"))
    meeting = town.next_meetings(1)[0]
    page = begun(town, meeting)
    with pytest.raises(NotTheCriterion):
        saved(town, page, SUPPORT)
    assert case_now(town, case).is_stilled
    page = town.office.sessions.resume(town.asked("Lone Ager"), meeting.id)
    both = replace(SUPPORT, points=("closing", "support"), closing="employment")
    saved(town, page, both)
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    assert (case_now(town, case).stage, case_now(town, case).ending) == (Stage.ACTIVE, None)


@pytest.mark.rule("T28", "D19")
def test_a_closing_comes_last_of_its_case_and_the_chair_is_shown_it(town: OfficeTown) -> None:
    meeting = town.next_meetings(1)[0]
    case, view = asked_to_close(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        closing = work.presentations.get(view.presentation.id)
        work.presentations.save(replace(closing, position=1))  # somebody has put the closing first
        blank = replace(closing, version=0, position=2, kind=Kind.FRAME_CHANGE)
        terms = FrameTerms(Kroner.of(30_000), ("transport",), "social")
        new = Recommendation(goals=case.goals, frame=terms)
        frame = work.presentations.add(replace(blank, id="new-frame", recommendation=new))
    page = begun(town, meeting)
    rules = town.house.rules.on(meeting.day)
    assert [(b.number, b.closes) for b in page.beside] == [(4, False)]
    shown = readable(session_views.item_form(texts("da"), rules, page, meta="{}", fresh="1"))
    assert "Sagen er også punkt 4 (ny ramme). Afslutningen tages til sidst" in shown
    page = saved(town, page, Recording(choice="as_recommended", participation="took_part"))
    assert [(b.number, b.closes) for b in page.beside] == [(3, True)]
    saved(town, page, Recording(choice="as_recommended", participation="took_part"))
    town.office.sessions.close(town.asked("Lone Ager"), meeting.id)
    town.deliver()
    told = "afsluttes under punkt 3. Afslutningen tages til sidst: punkt 4 om samme sag gælder"
    assert any(told in said for said in town.heard(town.person("Henrik Dahl")))

    town.office.minutes.approve(town.asked("Henrik Dahl"), meeting.id)
    assert case_now(town, case).stage == Stage.CLOSED
    with town.work() as work:
        assert work.presentations.get(frame.id).state == State.DECIDED, "it was not overtaken"
        states = {f.amount: f.state for f in work.frames.of_case(case.id)}
        assert states[Kroner.of(30_000)] == FrameState.SETTLED
    found = town.office.minutes.of_case(town.asked("Maja Holm"), meeting.id, frame.id)
    minutes = readable(minutes_views.case_page(texts("da"), texts("en"), rules, found))
    assert "The case was closed under item 3 at the same meeting." in minutes
    town.deliver()
    heard = town.heard(town.person("Maja Holm"))
    assert any("Ny ramme" in said and "Sagen blev afsluttet på samme møde." in said for said in heard)
