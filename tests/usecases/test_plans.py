"""The plan lives: adjusted alone, doubted, changed in the committee, started by its areas (B7, T20, T22)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.case import Case, CaseNotFound
from bot.domain.common_practice import PracticeEmpty, PracticeNamesCase
from bot.domain.decision import Recording
from bot.domain.document import LATE, DocumentGone, NothingToSendLate
from bot.domain.frame import FrameState, OnlyFixedCaseworker
from bot.domain.money import Kroner
from bot.domain.people import NotForYou
from bot.domain.personal_data import PersonalDataRefused
from bot.domain.presentation import Kind, Measure, PresentationOpen, State
from bot.domain.significance import WHOLE_PLAN, AdjustmentWaits, PlanMissing
from bot.domain.task import StartAhead
from bot.texts import texts
from bot.usecases.adjustments import Adjusted
from bot.usecases.frame_facts import Use
from bot.usecases.readiness import Agreement
from bot.views import adjust as adjust_views
from bot.views import agenda as agenda_views
from bot.views import common_practice as practice_views
from bot.views import plan as views
from bot.views import ready as ready_views
from bot.views import session as session_views
from tests.support.office import OfficeTown, readable
from tests.support.session import AS_RECOMMENDED, approved, begun, kept, next_meeting, ready

MAJA = "Maja Holm"


def decided(town: OfficeTown) -> tuple[Case, dict[str, str]]:
    """Maja's case with a plan in force, and area -> its measure's task."""
    meeting = next_meeting(town)
    presentation = ready(town, meeting)
    approved(town, meeting)
    with town.work() as work:
        case = work.cases.get(presentation.case_id)
        return case, {t.area: t.id for t in work.tasks.of_case(case.id)}


def town_case(town: OfficeTown, case: str, other: Case | None = None) -> Case:
    """As it is stored, or stored so from now on."""
    with town.house.storage.open_work(at=town.clock.at) as work:
        there = work.cases.get(case, lock=True)
        return work.cases.save(replace(other, version=there.version)) if other else there


def plan(town: OfficeTown, case: Case, by: str = MAJA) -> Any:
    return town.office.plans.show(town.asked(by), case.id)


@pytest.mark.rule("T20", "R053", "R052", "R068")
def test_all_no_is_noted_alone_and_one_yes_notes_nothing(town: OfficeTown) -> None:
    case, tasks = decided(town)
    town.deliver()
    before = len(town.slack.posts)
    done = town.office.adjustments.adjust(town.asked(MAJA), case.id, matter=tasks["youth"], how="period")
    assert isinstance(done, Adjusted) and done.adjustment.measure == "mentor_support"
    town.deliver()
    assert len(town.slack.posts) == before, "nobody is told of a minor adjustment"
    weighed = town.office.adjustments.adjust(
        town.asked(MAJA), case.id, matter=WHOLE_PLAN, how="period", said=("safety",)
    )
    assert not isinstance(weighed, Adjusted) and weighed.kind == Kind.CHANGE and weighed.notify
    with town.work() as work:
        assert len(work.adjustments.of_case(case.id)) == 1
        assert [e.act for e in work.journal.of_case(case.id)].count("minor_adjustment") == 1
    rules = town.house.rules.on(town.today)
    for language in ("da", "en"):
        view = town.office.adjustments.begin(town.asked(MAJA), case.id)
        said = readable(adjust_views.form(texts(language), rules, view, meta="{}", verdict=weighed))
        assert ("underretningspligten" if language == "da" else "duty to notify") in said
        assert case.alias in readable(adjust_views.adjusted(texts(language), rules, done))


@pytest.mark.rule("R053", "R060", "T20")
def test_only_the_fixed_caseworker_of_a_plan_in_force_adjusts(town: OfficeTown) -> None:
    case, _ = decided(town)
    with pytest.raises((OnlyFixedCaseworker, CaseNotFound)):
        town.office.adjustments.adjust(town.asked("Jens Toft"), case.id, matter=WHOLE_PLAN, how="period")
    new = town.registered(MAJA)
    with pytest.raises((PlanMissing, OnlyFixedCaseworker)):
        town.office.adjustments.adjust(town.asked(MAJA), new.id, matter=WHOLE_PLAN, how="period")


@pytest.mark.rule("T22", "R068", "R069", "D3", "X5")
def test_doubt_alone_goes_straight_on_and_holds_its_matter_back(town: OfficeTown) -> None:
    case, tasks = decided(town)
    done = town.office.adjustments.bring_back(
        town.asked(MAJA), case.id, Kind.DOUBT, matter=tasks["youth"], reasons=("doubt",)
    )
    assert done.presentation.state == State.REFERRED and done.day is not None
    with pytest.raises(AdjustmentWaits):
        town.office.adjustments.adjust(town.asked(MAJA), case.id, matter=tasks["youth"], how="period")
    town.office.adjustments.adjust(town.asked(MAJA), case.id, matter=tasks["social"], how="period")
    with pytest.raises(PresentationOpen):
        town.office.adjustments.bring_back(town.asked(MAJA), case.id, Kind.DOUBT)
    town.deliver()
    for who in ("Jens Toft", "Lone Ager"):
        assert f"ny behandling af »{case.alias}«" in town.heard(town.person(who))[-1]
    town.office.referrals.withdraw(town.asked(MAJA), done.presentation.id, reason="other")
    town.office.adjustments.adjust(town.asked(MAJA), case.id, matter=tasks["youth"], how="period")


def changed(town: OfficeTown, case: Case, *, keep: bool, stops: tuple[str, ...], amount: int = 0) -> str:
    """A significant change, made ready by its list, marked by the leader and put on the next agenda."""
    office = town.office
    p = office.adjustments.bring_back(
        town.asked(MAJA), case.id, Kind.CHANGE, reasons=("goal_type",)
    ).presentation
    start = town.today + timedelta(days=60)
    office.readiness.save_person(town.asked(MAJA), p.id, own_view="conversation", ticks=(), birth_month=None)
    areas = ("social", "youth", "schools")
    office.readiness.save_areas(
        town.asked(MAJA), p.id, status=dict.fromkeys(areas, town.today), ticks=("documents",)
    )
    office.readiness.save_plan(
        town.asked(MAJA),
        p.id,
        goals=("employment",),
        ticks=("statutory_plans", "motivation"),
        stops=stops,
        standards=("housing_support",),
    )
    office.readiness.add_measure(town.asked(MAJA), p.id, Measure("work_practice", "youth", None, start))
    meeting = town.next_meetings(1)[0]
    follow_up = meeting.day + timedelta(weeks=11)
    agreement = Agreement(
        None, None if keep else Kroner.of(amount), ("transport",), "youth", None, follow_up, keep_frame=keep
    )
    office.readiness.save_agreement(town.asked(MAJA), p.id, agreement)
    office.readiness.mark_ready(town.asked("Jens Toft"), p.id)
    with town.house.storage.open_work(at=town.clock.at) as work:
        there = work.presentations.get(p.id, lock=True)
        work.presentations.save(replace(there, meeting_id=meeting.id))
    return p.id


@pytest.mark.rule("R068", "R069", "R046", "R108", "T22", "D9")
def test_a_change_is_decided_and_the_plan_is_another(town: OfficeTown) -> None:
    case, tasks = decided(town)
    town.jump(days=1)
    presentation = changed(town, case, keep=True, stops=(tasks["social"],))
    shown = town.office.readiness.show(town.asked(MAJA), presentation)
    meeting = next_meeting(town)
    page = begun(town, meeting)
    at_the_table = kept(town, page, Recording(choice="changed", points=("measures", "payer")))
    rules = town.house.rules.on(town.today)
    for language, wanted in (("da", "Hvad skal stoppe?"), ("en", "What shall stop?")):
        assert wanted in readable(ready_views.plan_form(texts(language), rules, shown, meta="{}"))
        assert readable(ready_views.agreement_form(texts(language), rules, shown, meta="{}"))
        assert readable(ready_views.measure_form(texts(language), rules, shown, meta="{}"))
        said = readable(session_views.item_form(texts(language), rules, at_the_table, meta="{}", fresh="x"))
        assert "Stop: " in said and "Start: " in said
    approved(town, meeting, replace(AS_RECOMMENDED, participation="heard_in_writing"))
    view = plan(town, case)
    assert view.goals == ("employment",) and view.motivation and view.standards == ("housing_support",)
    assert view.decided_on is not None and view.changed_on == meeting.day > view.decided_on
    by_code = {m.code: m for m in view.measures}
    assert by_code["housing_support"].stopped_on == town.today
    assert by_code["work_practice"].planned_on > town.today
    with town.work() as work:
        frame = work.frames.open_of(case.id)
        assert frame is not None and frame.amount == Kroner.of(40_000) and frame.payer == "youth"
        ends = [t for t in work.tasks.of_case(case.id) if t.ends]
        assert [(t.area, t.measure) for t in ends] == [("social", "housing_support")]
        assert work.cases.get(case.id).payer == "youth"
    rules = town.house.rules.on(town.today)
    for language in ("da", "en"):
        words = readable(views.page(texts(language), rules, view, meta="{}"))
        assert ("Hvem har lovet hvad" if language == "da" else "Who has promised what") in words
        assert (", ændret " if language == "da" else ", changed ") in words
        assert ("ophør af bostøtte" if language == "da" else "ending housing support") in words


@pytest.mark.rule("R064")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_next_follow_up_is_the_meeting_it_stands_on_also_while_something_else_is_on_its_way(
    town: OfficeTown,
) -> None:
    case, _ = decided(town)
    later = town.next_meetings(14)[-1]
    with town.house.storage.open_work(at=town.clock.at) as work:
        follow_up = work.presentations.open_of(case.id, Kind.FOLLOW_UP)
        assert follow_up is not None and follow_up.meeting_id != later.id
        work.presentations.save(replace(follow_up, meeting_id=later.id))
    town.office.adjustments.bring_back(town.asked(MAJA), case.id, Kind.DOUBT)
    (line,) = (c for c in town.office.cases.mine(town.asked(MAJA)) if c.id == case.id)
    assert (line.status.code, line.follow_up_on) == ("on_agenda", later.day)


@pytest.mark.rule("R061", "T15", "D9", "R068")
def test_a_change_with_another_frame_replaces_the_open_one(town: OfficeTown) -> None:
    case, _ = decided(town)
    aside = Use(Kroner.of(900), "transport", town.today, commitment=True)
    set_aside = town.office.frames.use(town.asked(MAJA), case.id, aside).entry
    changed(town, case, keep=False, stops=(), amount=30_000)
    recording = Recording(
        choice="changed", participation="took_part", points=("measures", "plan"), goals=("education",)
    )
    approved(town, town.next_meetings(1)[0], recording)
    with town.work() as work:
        states = {f.amount.ore: f.state for f in work.frames.of_case(case.id)}
        assert states == {4_000_000: FrameState.REPLACED, 3_000_000: FrameState.OPEN}
        assert work.cases.get(case.id).goals == ("education",)
        codes = [t.measure for t in work.tasks.of_case(case.id)]
        assert "work_practice" not in codes, "left out at the table"
    frames, asked = town.office.frames, town.asked(MAJA)
    assert [e.id for e, _ in frames.show(asked, case.id).set_aside] == [set_aside.id]
    frames.settle(town.asked(MAJA), set_aside.id, actual=Kroner.of(850), spent_on=town.today, keep_rest=False)
    shown = frames.show(town.asked(MAJA), case.id)
    assert shown.set_aside == () and shown.frame.left == Kroner.of(30_000), "the old frame paid"


@pytest.mark.rule("R140", "T22")
def test_a_briefing_needs_no_list_and_is_over_when_it_has_been_heard(town: OfficeTown) -> None:
    case, _ = decided(town)
    done = town.office.adjustments.bring_back(town.asked(MAJA), case.id, Kind.BRIEFING)
    meeting = town.next_meetings(1)[0]
    assert done.day == meeting.day
    approved(town, meeting, Recording(choice="discussed"))
    with town.work() as work:
        assert work.presentations.get(done.presentation.id).state == State.DECIDED


@pytest.mark.rule("R014", "R051", "R017", "T28")
def test_the_area_says_when_a_measure_started_and_a_late_start_is_told(town: OfficeTown) -> None:
    case, tasks = decided(town)
    office, task = town.office, tasks["social"]
    with pytest.raises(StartAhead):
        office.tasks.start(town.asked("Jens Toft"), task, town.today + timedelta(days=1))
    with pytest.raises(CaseNotFound):
        office.tasks.start(town.asked("Lise Vang"), task, town.today)
    office.tasks.tick(town.asked("Jens Toft"), task, frozenset({"communicated"}))
    town.jump(days=14)
    jens = town.person("Jens Toft")
    home = readable(town.house.draw_home(jens, town.clock.at, texts("da")))
    assert "bostøtte er ikke sat i gang" in home
    standing = town_case(town, case.id)
    for gone in (replace(standing, ending="dead"), standing.closed(on=town.today, why="education")):
        town_case(town, case.id, gone)
        assert "ikke sat i gang" not in readable(town.house.draw_home(jens, town.clock.at, texts("da")))
    town_case(town, case.id, standing)
    view = plan(town, case)
    assert [p.what for p in view.promises if p.by == "social"] == ["start"]
    office.tasks.start(town.asked("Jens Toft"), task, town.today - timedelta(days=2))
    assert "ikke sat i gang" not in readable(town.house.draw_home(jens, town.clock.at, texts("da")))
    assert next(m for m in plan(town, case).measures if m.task == task).started_on


@pytest.mark.rule("R012", "R137", "R141", "D28")
def test_a_reference_is_sealed_closed_and_its_own_areas(town: OfficeTown) -> None:
    case, _ = decided(town)
    office = town.office
    add = office.plans.add_document
    with pytest.raises(PersonalDataRefused):
        add(town.asked(MAJA), case.id, code="social_plan", area="social", text="010203-1234")
    document = add(town.asked(MAJA), case.id, code="social_plan", area="social", text="HP-4711")
    assert not document.is_open
    assert [d.number for d in plan(town, case).documents] == ["HP-4711"]
    assert [d.number for d in plan(town, case, "Lone Ager").documents] == [None]
    with pytest.raises(DocumentGone):
        office.plans.remove_document(town.asked("Lise Vang"), document.id)
    late = add(town.asked(MAJA), case.id, code=LATE, area="social", text="BILAG-7")
    assert late.presentation_id, "the follow-up stands on an agenda"
    rules = town.house.rules.on(town.today)
    opened = office.agendas.open_item(town.asked("Lone Ager"), late.presentation_id)
    for language, wanted in (("da", "Eftersendt materiale"), ("en", "Material sent late")):
        assert wanted in readable(agenda_views.item(opened, texts(language), rules, meta="{}"))
    form = views.document_form(texts("da"), rules, plan(town, case), areas=("social",), meta="{}")
    assert '"initial_option": {"text": {"type": "plain_text", "text": "Lukket' in json.dumps(
        form, ensure_ascii=False
    )
    words = readable(views.page(texts("da"), rules, plan(town, case), meta="{}"))
    assert "🔒 Lukket · Social handleplan" in words and "eftersendt" in words
    office.plans.remove_document(town.asked(MAJA), document.id)
    new = town.registered(MAJA)
    with pytest.raises(NothingToSendLate):
        add(town.asked(MAJA), new.id, code=LATE, area="social", text="BILAG-8")


@pytest.mark.rule("R070", "R075", "R119", "R136", "R073")
def test_practice_is_written_in_versions_about_nobody_and_counted_in_large_groups(town: OfficeTown) -> None:
    case, tasks = decided(town)
    office = town.office
    write = office.common_practice.write
    with pytest.raises(NotForYou):
        write(town.asked(MAJA), topic="frame_use", text="Rejsekort hører under befordring.")
    with pytest.raises(PracticeNamesCase):
        write(
            town.asked("Lone Ager"), topic="frame_use", text=f"Som i {case.alias} er cykel en enkeltydelse."
        )
    with pytest.raises(PracticeNamesCase):
        write(town.asked("Lone Ager"), topic="frame_use", text=f"Se {case.key}.")
    with pytest.raises(PersonalDataRefused):
        write(town.asked("Lone Ager"), topic="frame_use", text="Ring 40 12 34 56.")
    with pytest.raises(PracticeEmpty):
        write(town.asked("Lone Ager"), topic="frame_use", text="  ")
    write(town.asked("Lone Ager"), topic="frame_use", text="Rejsekort hører under befordring.")
    town.jump(days=1)
    second = write(town.asked("Henrik Dahl"), topic="frame_use", text="Rejsekort og cykel er befordring.")
    assert second.number == 2
    for _ in range(5):
        office.adjustments.adjust(town.asked(MAJA), case.id, matter=tasks["youth"], how="period")
    office.adjustments.adjust(town.asked(MAJA), case.id, matter=tasks["youth"], how="extent")
    view = office.common_practice.show(town.asked(MAJA))
    assert [n.note.text for n in view.notes] == ["Rejsekort og cykel er befordring."]
    assert {c.column: c.count for c in view.adjusted} == {"extent": None, "period": 5}
    assert [c.count for c in view.decided] == [None]
    assert [n.by for n in office.common_practice.versions(town.asked(MAJA), "frame_use")] == [
        "Henrik Dahl",
        "Lone Ager",
    ]
    rules = town.house.rules.on(town.today)
    for language in ("da", "en"):
        words = readable(practice_views.page(texts(language), rules, view, meta="{}"))
        assert ("færre end 5" if language == "da" else "fewer than 5") in words


@pytest.mark.rule("R070", "D38")
def test_the_helper_weighs_and_stores_nothing(town: OfficeTown) -> None:
    case, _ = decided(town)
    with town.work() as work:
        before = work.journal.latest()
    weighed = town.office.adjustments.weigh(town.asked(MAJA), ("over_frame",))
    assert weighed is not None and weighed.kind == Kind.FRAME_CHANGE
    mine = town.office.adjustments.adjustable(town.asked(MAJA))
    assert [c.id for c in mine] == [case.id]
    with town.work() as work:
        assert work.journal.latest() == before
    rules = town.house.rules.on(town.today)
    for language in ("da", "en"):
        form = adjust_views.helper(
            texts(language), rules, mine, meta="{}", said=("over_frame",), answered=True, verdict=weighed
        )
        assert case.alias in readable(form)
