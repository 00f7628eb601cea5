"""»Velbelyst« is impossible with gaps, and names them; the recommendation is data (D18, D30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.calendar import DateAhead
from bot.domain.checklist import ticked_by_the_bot
from bot.domain.follow_up import FollowUpTooEarly
from bot.domain.frame import FrameGoesOn, FrameOutsideRange
from bot.domain.money import Kroner
from bot.domain.people import NotForYou
from bot.domain.presentation import (
    FrameTerms,
    GoalUnknown,
    Kind,
    Measure,
    NotReady,
    Presentation,
    Recommendation,
    State,
)
from bot.domain.transitions import BirthMonthDoubtful
from bot.texts import texts
from bot.usecases.readiness import Agreement
from bot.views import ready as views
from tests.support.frames import active_case
from tests.support.office import OfficeTown, readable
from tests.support.session import put

ALL = (
    "own_view", "consent", "area_status", "other_parties", "documents", "statutory_plans",
    "goals", "measures", "caseworker_agreed", "frame", "next_date",
)  # fmt: skip


def agreement(**changes: object) -> Agreement:
    facts = {
        "caseworker": "U0MAJA0001",
        "amount": Kroner.of(40_000),
        "purposes": ("mentor_support", "transport"),
        "payer": "social",
        "reason": None,
        "follow_up_on": date(2027, 2, 11),
    }
    return Agreement(**{**facts, **changes})  # type: ignore[arg-type]


def made_ready(town: OfficeTown, presentation: Presentation, **changes: object) -> None:
    """Everything the caseworker fills in over some days."""
    ready, asked = town.office.readiness, lambda: town.asked("Maja Holm")
    id = presentation.id  # noqa: A001
    ready.save_person(asked(), id, own_view="conversation", ticks=("consent",), birth_month="2004-05")
    status = dict.fromkeys(("social", "youth", "schools"), town.today - timedelta(days=10))
    ready.save_areas(asked(), id, status=status, ticks=("other_parties", "documents"))
    ready.save_plan(asked(), id, goals=("education",), ticks=("statutory_plans",))
    ready.add_measure(asked(), id, Measure("mentor_support", "youth", Kroner.of(8_400)))
    ready.save_agreement(asked(), id, agreement(**changes))


@pytest.mark.rule("T08", "R021", "D18")
def test_velbelyst_is_impossible_with_gaps_and_names_them_all(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    with pytest.raises(NotReady) as refused:
        town.office.readiness.mark_ready(town.asked("Jens Toft"), presentation.id)
    assert refused.value.facts == {"missing": ALL}


@pytest.mark.rule("T08", "R020")
def test_when_everything_is_in_place_the_leader_is_told_and_attests_once(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    made_ready(town, presentation)
    town.deliver()
    assert "er klar til dig" in town.heard(town.person("Jens Toft"))[-1]
    with pytest.raises(NotForYou):
        town.office.readiness.mark_ready(town.asked("Maja Holm"), presentation.id)
    saved = town.office.readiness.mark_ready(town.asked("Jens Toft"), presentation.id)
    assert (saved.state, saved.ready_by) == (State.READY, "U0JENS0001")


@pytest.mark.rule("T09")
def test_a_gap_that_opens_again_takes_the_mark_away(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    made_ready(town, presentation)
    town.office.readiness.mark_ready(town.asked("Jens Toft"), presentation.id)
    back = town.office.readiness.save_plan(town.asked("Maja Holm"), presentation.id, goals=(), ticks=())
    assert (back.state, back.ready_by) == (State.REFERRED, None)
    town.deliver()
    (told,) = [h for h in town.heard(town.person("Jens Toft")) if "ikke velbelyst længere" in h]
    assert "Maja Holm har ændret sagen" in told
    assert "• Mål" in told and "• Lovpligtige planer er nævnt" in told
    assert not [h for h in town.heard(town.person("Maja Holm")) if "ikke velbelyst længere" in h]


@pytest.mark.rule("T09")
def test_the_leader_hears_nothing_of_a_gap_of_their_own_or_one_that_is_filled_before_they_are_told(
    town: OfficeTown,
) -> None:
    presentation = town.referred("Maja Holm")
    made_ready(town, presentation)
    ready, jens = town.office.readiness, town.person("Jens Toft")
    plan = {"goals": ("education",), "ticks": ("statutory_plans",)}
    ready.mark_ready(town.asked("Jens Toft"), presentation.id)
    ready.save_plan(town.asked("Jens Toft"), presentation.id, goals=(), ticks=())
    ready.save_plan(town.asked("Maja Holm"), presentation.id, **plan)
    town.deliver()
    ready.mark_ready(town.asked("Jens Toft"), presentation.id)
    ready.save_plan(town.asked("Maja Holm"), presentation.id, goals=(), ticks=())
    ready.save_plan(town.asked("Maja Holm"), presentation.id, **plan)
    town.deliver()
    assert not [h for h in town.heard(jens) if "ikke velbelyst længere" in h]
    assert "er klar til dig" in town.heard(jens)[-1]


@pytest.mark.rule("T09", "T13")
def test_what_was_postponed_while_ready_loses_its_mark_by_a_new_gap(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    made_ready(town, presentation)
    marked = town.office.readiness.mark_ready(town.asked("Jens Toft"), presentation.id)
    put(town, replace(marked, state=State.POSTPONED))
    back = town.office.readiness.save_plan(town.asked("Maja Holm"), presentation.id, goals=(), ticks=())
    assert (back.state, back.ready_by, back.for_discussion_only) == (State.POSTPONED, None, True)
    town.deliver()
    assert "ikke velbelyst længere" in town.heard(town.person("Jens Toft"))[-1]


@pytest.mark.rule("D18")
def test_a_status_older_than_three_months_does_not_count(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    made_ready(town, presentation)
    old = dict.fromkeys(("social", "youth", "schools"), town.today - timedelta(days=93))
    town.office.readiness.save_areas(
        town.asked("Maja Holm"), presentation.id, status=old, ticks=("other_parties", "documents")
    )
    assert town.office.readiness.show(town.asked("Maja Holm"), presentation.id).missing == ("area_status",)


@pytest.mark.rule("R061")
@pytest.mark.parametrize("amount", [24_999, 50_001])
def test_a_frame_outside_the_usual_range_needs_a_reason(town: OfficeTown, amount: int) -> None:
    presentation = town.referred("Maja Holm")
    outside = agreement(amount=Kroner.of(amount))
    with pytest.raises(FrameOutsideRange):
        town.office.readiness.save_agreement(town.asked("Maja Holm"), presentation.id, outside)
    given = agreement(amount=Kroner.of(amount), reason="special_need")
    saved = town.office.readiness.save_agreement(town.asked("Maja Holm"), presentation.id, given)
    assert saved.recommendation.frame is not None
    assert saved.recommendation.frame.outside_reason == "special_need"


def test_no_frame_at_all_is_an_explicit_zero(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    made_ready(town, presentation, amount=Kroner(0), purposes=())
    assert town.office.readiness.show(town.asked("Maja Holm"), presentation.id).missing == ()


@pytest.mark.rule("D30")
def test_somebody_else_who_is_proposed_says_yes_before_the_meeting(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    made_ready(town, presentation, caseworker="U0PETER001")
    asked = town.asked("Maja Holm")
    assert town.office.readiness.show(asked, presentation.id).missing == ("caseworker_agreed",)
    town.deliver()
    assert "Vil du være fast sagsbehandler" in town.heard(town.person("Peter Krogh"))[-1]
    town.office.readiness.answer_proposal(town.asked("Peter Krogh"), presentation.id, yes=True)
    town.deliver()
    assert town.office.readiness.show(asked, presentation.id).missing == ()
    assert "Peter Krogh siger ja" in town.heard(town.person("Maja Holm"))[-1]
    assert "Du har sagt ja" in town.heard(town.person("Peter Krogh"))[-1]


@pytest.mark.rule("D25")
def test_the_month_of_birth_is_sealed_and_never_shown(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    made_ready(town, presentation)
    view = town.office.readiness.show(town.asked("Maja Holm"), presentation.id)
    assert view.has_birth_month
    assert "2004-05" not in repr(view)


@pytest.mark.rule("D18")
def test_nobody_has_heard_tomorrows_status(town: OfficeTown) -> None:
    presentation = town.referred("Maja Holm")
    with pytest.raises(DateAhead) as refused:
        town.office.readiness.save_areas(
            town.asked("Maja Holm"),
            presentation.id,
            status={"youth": town.today + timedelta(days=1)},
            ticks=(),
        )
    assert refused.value.field == "status_youth"


@pytest.mark.rule("D26")
def test_a_follow_up_lies_after_the_meeting_it_is_decided_at(town: OfficeTown) -> None:
    first, second, *_ = town.next_meetings()
    presentation = town.referred("Maja Holm", meeting=first.id)
    shown = town.office.readiness.show(town.asked("Maja Holm"), presentation.id)
    assert shown.meetings[0] == (second.id, second.day)
    with pytest.raises(FollowUpTooEarly) as refused:
        made_ready(town, presentation, follow_up_on=first.day)
    assert (refused.value.field, refused.value.facts) == ("follow_up_on", {"day": first.day})


@pytest.mark.rule("D25", "R041")
def test_a_month_of_birth_outside_the_age_band_is_refused_and_a_wrong_one_is_put_right(
    town: OfficeTown,
) -> None:
    presentation = town.referred("Maja Holm")

    def born(month: str) -> str | None:
        town.office.readiness.save_person(
            town.asked("Maja Holm"), presentation.id, own_view=None, ticks=(), birth_month=month
        )
        with town.work() as work:
            kept: str | None = work.cases.birth_month(presentation.case_id)
            return kept

    for wrong in ("2009-01", "1996-10"):  # seventeen and thirty on 16 November 2026
        with pytest.raises(BirthMonthDoubtful) as refused:
            born(wrong)
        assert refused.value.facts == {"years": (18, 29)}
    assert born("2004-05") == "2004-05"
    assert born("2004-06") == "2004-06"


@pytest.mark.rule("X5", "R061")
def test_an_amount_beside_a_frame_that_goes_on_is_not_dropped_without_a_word(town: OfficeTown) -> None:
    case, _ = active_case(town)
    asked = lambda: town.asked("Maja Holm")  # noqa: E731
    change = town.office.adjustments.bring_back(asked(), case.id, Kind.CHANGE).presentation
    later = town.next_meetings(3)[-1].day
    goes_on = agreement(amount=None, purposes=(), follow_up_on=later, keep_frame=True)
    with pytest.raises(FrameGoesOn):
        town.office.readiness.save_agreement(
            asked(), change.id, agreement(follow_up_on=later, keep_frame=True)
        )
    saved = town.office.readiness.save_agreement(asked(), change.id, goes_on)
    assert saved.recommendation.keep_frame


@pytest.mark.rule("D18")
def test_only_what_counts_for_the_kind_is_asked_and_no_door_leads_nowhere(town: OfficeTown) -> None:
    case, _ = active_case(town)
    change = town.office.adjustments.bring_back(town.asked("Maja Holm"), case.id, Kind.CHANGE).presentation
    view = town.office.readiness.show(town.asked("Maja Holm"), change.id)
    words = texts("da")
    person = readable(views.person_form(words, view.rules, view, meta="{}")["blocks"])
    areas = readable(views.areas_form(words, view.rules, view, meta="{}")["blocks"])
    assert "egen holdning" in person and "Samtykke" not in person and "Forældre" not in person
    assert "Dokumenter" in areas and "Andre parter" not in areas and "Kompetence" not in areas


@pytest.mark.rule("D18")
@pytest.mark.parametrize(
    ("frame", "missing"),
    [
        (None, ("frame_amount", "frame_purposes", "frame_payer", "reason")),
        (FrameTerms(Kroner.of(1_400), ("transport",), "social"), ("reason",)),
        (FrameTerms(Kroner.of(1_400), (), "social"), ("frame_purposes", "reason")),
        (FrameTerms(Kroner.of(0), (), "social"), ("reason",)),  # »ingen ramme«
        (FrameTerms(Kroner.of(1_400), ("transport",), ""), ("frame_payer", "reason")),
    ],
)
def test_a_new_frame_is_ready_by_amount_purposes_payer_and_reason(
    town: OfficeTown, frame: FrameTerms | None, missing: tuple[str, ...]
) -> None:
    item = Presentation(
        id="p",
        case_id="c",
        committee="k",
        kind=Kind.FRAME_CHANGE,
        area="social",
        requested_by="U1",
        requested_at=town.clock.at,
        recommendation=Recommendation(frame=frame),
    )
    seen = ticked_by_the_bot(item, areas=(), on=town.today, status_lasts=92)
    points = town.house.rules.on(town.today).checklists["frame_change"]
    assert tuple(p.code for p in points if p.code not in seen) == missing


@pytest.mark.rule("R049")
def test_a_plan_with_a_fourth_kind_of_goal_is_refused_and_the_old_one_stands(town: OfficeTown) -> None:
    presentation = town.referred()
    save = town.office.readiness.save_plan
    save(town.asked("Maja Holm"), presentation.id, goals=("education",), ticks=())
    with pytest.raises(GoalUnknown):
        save(town.asked("Maja Holm"), presentation.id, goals=("education", "happiness"), ticks=())
    with town.work() as work:
        assert work.presentations.get(presentation.id).recommendation.goals == ("education",)
