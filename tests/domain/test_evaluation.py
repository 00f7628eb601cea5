"""What the evaluation counts, and what it never says: by area and reason, without a case in it (R128, R117, R022, R056)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from bot.domain.case import Stage
from bot.domain.evaluation import Evaluation, evaluation_tables
from bot.domain.evaluation_material import Agreed
from bot.domain.frame import FrameState
from bot.domain.money import Kroner
from bot.domain.presentation import Kind
from bot.domain.report import Share, Table
from bot.domain.suppression import Kept
from bot.domain.transitions import Transition
from bot.rules import read_rules
from tests.support.life import AREAS, SINCE, UNTIL, Life, at
from tests.support.rows import a_frame, a_task

RULES = read_rules().on(date(2026, 11, 24))


@pytest.fixture
def life() -> Iterator[Life]:
    yield Life()


def cells(table: Table) -> list[tuple[Any, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.rule("R117", "R128")
def test_days_from_the_request_to_the_decision_and_on_to_the_start(life: Life) -> None:
    for n in range(5):
        item = life.item(life.case(), date(2026, 3, 11 + n), asked=date(2026, 3, 1))
        life.tasks.append(
            a_task(f"t{n}", presentation_id=item.id, case_id=item.case_id, started_on=date(2026, 3, 18 + n))
        )
        life.item(life.case("youth"), date(2026, 4, 20), asked=date(2026, 4, 1))
    life.other_items()
    assert cells(Evaluation(life.material(), RULES).pace()) == [
        (5, Fraction(12), Fraction(7), Kept.BACK),
        (5, Fraction(19), Kept.BACK, Kept.BACK),
        (10, Fraction(33, 2), Fraction(7), 5),
    ]


@pytest.mark.rule("X9", "R128")
def test_how_many_came_to_a_meeting_within_the_target_and_few_of_them_are_kept_back(life: Life) -> None:
    """A target of the rules file: nothing stops when it is missed, it is only counted."""
    for days in (14, 14, 15):
        for _ in range(6):
            life.item(life.case(), date(2026, 3, 1) + timedelta(days=days), asked=date(2026, 3, 1))
    life.item(
        life.case(), date(2026, 3, 12), date(2026, 3, 26), asked=date(2026, 3, 1)
    )  # put off, but met in time
    assert [row[3] for row in cells(Evaluation(life.material(areas=("social",)), RULES).pace())] == [13]
    sooner = replace(RULES, deadlines=replace(RULES.deadlines, days_to_meeting=11))
    table = Evaluation(life.material(areas=("social",)), sooner).pace()
    assert [row[3] for row in cells(table)] == [Kept.BACK], "one of nineteen"
    assert table.columns[3].facts == {"days": 11}


@pytest.mark.rule("R022", "R128")
def test_the_share_settled_the_first_time_and_why_the_others_waited(life: Life) -> None:
    for _ in range(6):
        life.item(life.case(), date(2026, 3, 5))
        life.item(life.case(), date(2026, 3, 5), date(2026, 3, 12))
        life.item(life.case("youth"), date(2026, 3, 5))
        life.item(life.case("youth"), date(2026, 3, 5), date(2026, 3, 12))
    first = cells(Evaluation(life.material(), RULES).first_time())
    assert first[0] == (6, 6, 12, Share(Fraction(1, 2)))
    waited = Evaluation(life.material(), RULES).postponements()
    assert [row.cells[-2] for row in waited.rows] == [6, 6, 12]


@pytest.mark.rule("R022", "D8")
def test_a_reason_that_is_offered_no_more_is_counted_all_the_same(life: Life) -> None:
    for _ in range(6):
        life.item(life.case(), date(2026, 3, 5), date(2026, 3, 12))
        life.case(stage=Stage.CLOSED, closed_on=date(2026, 6, 1), closed_for="moved_abroad")
    fewer = replace(RULES.choices, postpone=("time", "info_missing"), closing=("education",))
    rules = replace(RULES, choices=fewer)
    former = replace(rules, choices=replace(fewer, postpone=("info_missing", "venteliste")))
    assert [
        c.facts["reason"] for c in Evaluation(life.material(), rules).postponements().columns[:2]
    ] == list(fewer.postpone)
    life.put_off_for("venteliste")
    for known in (rules, former):
        reasons = [c.facts.get("reason") for c in Evaluation(life.material(), known).postponements().columns]
        assert reasons.count("venteliste") == 1
    ended = {
        r.label.facts.get("closing"): r.cells[0] for r in Evaluation(life.material(), rules).closings().rows
    }
    assert "moved_abroad" in ended


@pytest.mark.rule("D10", "R128")
def test_a_meeting_the_committee_cancelled_is_never_the_caseworkers_delay(life: Life) -> None:
    life.meeting(date(2026, 5, 7), cancelled=True)
    for _ in range(5):
        for area in AREAS:
            punctual = life.case(area)
            life.agreed.append(Agreed(punctual.id, at(date(2026, 2, 1)), date(2026, 4, 30)))
            life.item(punctual, date(2026, 4, 23), kind=Kind.FOLLOW_UP, asked=date(2026, 2, 1))
            cancelled = life.case(area)
            life.agreed.append(Agreed(cancelled.id, at(date(2026, 2, 1)), date(2026, 5, 8)))
            life.item(cancelled, date(2026, 5, 14), kind=Kind.FOLLOW_UP, asked=date(2026, 2, 1))
            late = life.case(area)
            life.agreed.append(Agreed(late.id, at(date(2026, 2, 1)), date(2026, 4, 16)))
            life.item(late, date(2026, 6, 4), kind=Kind.FOLLOW_UP, asked=date(2026, 2, 1))
            moved = life.case(area)
            life.agreed.append(Agreed(moved.id, at(date(2026, 2, 1)), date(2026, 4, 16)))
            life.item(moved, date(2026, 6, 4), kind=Kind.FOLLOW_UP, asked=date(2026, 2, 1), date_moved=1)
    life.meeting(date(2026, 4, 16))
    assert cells(Evaluation(life.material(), RULES).follow_ups()) == [
        (5, 5, 5, 5, 20, Share(Fraction(1, 3))),
        (5, 5, 5, 5, 20, Share(Fraction(1, 3))),
        (10, 10, 10, 10, 40, Share(Fraction(1, 3))),
    ]


@pytest.mark.rule("R056", "R117")
def test_meetings_per_case_and_changes_of_caseworker(life: Life) -> None:
    for n in range(6):
        case = life.case()
        life.item(case, date(2026, 3, 5))
        life.item(case, date(2026, 4, 9), kind=Kind.CASEWORKER_CHANGE)
        if n < 5:
            life.item(life.case("youth"), date(2026, 3, 5), date(2026, 3, 12), date(2026, 3, 19))
    life.other_items()
    assert cells(Evaluation(life.material(), RULES).continuity()) == [
        (7, Fraction(14, 7), Kept.BACK),
        (6, Fraction(17, 6), Kept.BACK),
        (13, Fraction(31, 13), 6),
    ]


def test_money_over_few_frames_is_kept_back_and_not_the_rest_of_the_total(life: Life) -> None:
    frames = [
        a_frame(f"f{n}", payer="social", amount=Kroner.of(30_000), used=Kroner.of(9_000)) for n in range(8)
    ]
    frames += [a_frame("g", payer="youth", amount=Kroner.of(41_000), used=Kroner.of(1_000))]
    shown = cells(Evaluation(life.material(frames=frames), RULES).frame_use())
    assert shown[0] == shown[1] == (Kept.BACK,) * 4
    assert shown[2][:3] == (9, Kroner.of(281_000), Kroner.of(73_000))


@pytest.mark.rule("R058", "R128")
def test_a_frame_is_counted_in_the_periods_it_ran_in_and_no_other(life: Life) -> None:
    """Not before it began, and not after it was replaced, settled with the case, or taken away at a follow-up."""
    years = {
        "open_still": (date(2020, 3, 5), FrameState.OPEN, None),
        "closed_before": (date(2020, 3, 5), FrameState.SETTLED, date(2025, 12, 31)),
        "closed_on_the_first_day": (date(2020, 3, 5), FrameState.SETTLED, SINCE),
        "taken_away_before": (date(2020, 3, 5), FrameState.REPLACED, None),
        "begins_the_day_after": (UNTIL + timedelta(days=1), FrameState.OPEN, None),
        "begins_on_the_last_day": (UNTIL, FrameState.OPEN, None),
        "replaced": (date(2020, 3, 5), FrameState.REPLACED, None),
    }
    frames = []
    for name, (begun, state, closed) in years.items():
        for n in range(6):
            case = life.case(closed_on=closed, stage=Stage.CLOSED if closed else Stage.ACTIVE)
            first = a_frame(f"{name}{n}", case_id=case.id, payer="social", opens_on=begun, state=state)
            frames.append(replace(first, amount=Kroner.of(1_000), follow_up_on=date(2020, 9, 3)))
            if name == "replaced":
                frames.append(replace(first, id=f"next{n}", opens_on=date(2026, 5, 7), state=FrameState.OPEN))
    shown = cells(Evaluation(life.material(frames=frames, areas=("social",)), RULES).frame_use())
    assert shown[0][0] == 5 * 6, (
        "open still, closed on the first day, begun on the last, replaced and its next"
    )


@pytest.mark.rule("R041", "T26", "R128")
def test_a_passage_is_under_way_while_the_case_is_open_and_counts_once_it_is_done(life: Life) -> None:
    passages = []

    def six(done: date | None = None, area: str = "social", **of_case: Any) -> None:
        for _ in range(6):
            case = life.case(area, **of_case)
            passages.append(
                Transition(f"t{len(passages)}", case.id, "age_18", done_at=at(done) if done else None)
            )

    six()
    six(stage=Stage.CLOSED, closed_on=UNTIL)
    six(stage=Stage.CLOSED, closed_on=UNTIL + timedelta(days=1))
    six(stage=Stage.NOT_REFERRED)
    six(done=UNTIL + timedelta(days=1))
    six(done=SINCE, stage=Stage.CLOSED, closed_on=UNTIL)
    six(done=SINCE - timedelta(days=1))
    six(area="youth")
    table = Evaluation(life.material(transitions=passages, areas=("social",)), RULES).passages()
    assert table.rows[-1].cells == (3 * 6, 6, 4 * 6), "open, closed after the period, and done after it"


def test_closings_by_criterion(life: Life) -> None:
    for why, number in (("education", 7), ("employment", 6), ("income_basis", 5), ("moved", 3), ("dead", 2)):
        for _ in range(number):
            life.case(stage=Stage.CLOSED, closed_on=date(2026, 6, 1), closed_for=why)
    found = {
        row.label.facts.get("closing", "total"): row.cells[0]
        for row in Evaluation(life.material(), RULES).closings().rows
    }
    assert (found["education"], found["employment"], found["moved"], found["total"]) == (7, 6, Kept.BACK, 23)


@pytest.mark.rule("R071", "T30", "R128")
def test_a_closing_counts_though_the_case_came_back_and_once_more_when_it_ends_again(life: Life) -> None:
    for _ in range(6):
        ended = life.case(stage=Stage.CLOSED, closed_on=date(2026, 3, 1), closed_for="education")
        life.cases.remove(ended)
        life.cases.append(ended.reopened(presenter=ended.caseworker))
        ran = replace(life.cases[-1], stage=Stage.ACTIVE).closed(on=date(2026, 9, 1), why="employment")
        life.cases.append(replace(ran, id=f"again-{ended.id}"))
    assert life.material().ended == {"education": 12, "employment": 6}
    case = life.cases[-1]
    settled = {"case_id": case.id, "state": FrameState.SETTLED, "follow_up_on": UNTIL}
    frame = a_frame("first", opens_on=date(2026, 1, 1), **settled)
    later = replace(life.material(frames=[frame]), since=date(2026, 3, 2))
    assert not later.ran(frame), "it ended with the first closing"


@pytest.mark.rule("R015")
def test_somebodys_own_area_is_all_they_read_of(life: Life) -> None:
    for _ in range(6):
        life.item(life.case(), date(2026, 3, 5))
        life.item(life.case("youth"), date(2026, 3, 5))
    life.other_items()
    tables = evaluation_tables(life.material(areas=("youth",)), RULES)
    assert [row.label.facts["area"].code for row in tables[0].rows] == ["youth"]
    assert tables[0].rows[0].cells[0] == 6


@pytest.mark.rule("R128")
def test_no_case_can_be_named_in_an_evaluation(life: Life) -> None:
    for n in range(12):
        life.item(life.case(), date(2026, 3, 5) + timedelta(days=7 * n))
    tables = evaluation_tables(life.material(), RULES)
    assert [table.code for table in tables] == [
        "pace",
        "first_time",
        "postponements",
        "follow_ups",
        "continuity",
        "frame_use",
        "closings",
        "passages",
    ]
    said = repr(tables)
    for case in life.cases:
        assert case.key not in said
        assert case.alias not in said
        assert repr(case.id) not in said
