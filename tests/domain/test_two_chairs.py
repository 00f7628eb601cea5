"""Nobody falls between two chairs: what an open case must have, from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.calendar import WorkingDays
from bot.domain.case import OPEN_STAGES, AgeBand, Case, Stage
from bot.domain.meeting import Meeting, MeetingState
from bot.domain.people import Person, Post, Role
from bot.domain.presentation import Kind, Presentation, State
from bot.domain.rules import Deadlines
from bot.domain.two_chairs import CaseNow, Gap, check_owed, gaps_of, next_day

TODAY = date(2026, 11, 23)  # a Monday
AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
DAYS = WorkingDays(frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
MAJA = Person("U1", "T1", "Maja Holm", frozenset({Post(Role.CASEWORKER, "social")}))
CASE = Case(
    id="c1",
    committee="k1",
    key="26-0001",
    alias="Bogfinke",
    alias_category="bird",
    area="social",
    age_band=AgeBand.YOUTH,
    registered_by="U1",
    registered_at=AT,
    caseworker="U1",
    stage=Stage.ACTIVE,
    payer="social",
)
WHOLE = CaseNow(CASE, MAJA, None, anchor_known=True, anchor_led=True, next_day=date(2026, 11, 26))
GONE = replace(MAJA, active=False)
CONTROLLER = replace(MAJA, posts=frozenset({Post(Role.CONTROLLER)}))


def gaps(now: CaseNow) -> tuple[Gap, ...]:
    return gaps_of(now, today=TODAY, days=DAYS, overdue_after=7)


@pytest.mark.rule("T32", "R113", "R120")
@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, ()),
        ({"coordinator": GONE}, (Gap.COORDINATOR,)),
        ({"coordinator": None}, (Gap.COORDINATOR,)),
        ({"coordinator": CONTROLLER}, (Gap.COORDINATOR,)),
        ({"coordinator": GONE, "substitute": replace(MAJA, id="U2")}, ()),
        ({"coordinator": GONE, "substitute": GONE}, (Gap.COORDINATOR,)),
        ({"anchor_known": False}, (Gap.ANCHOR,)),
        ({"anchor_led": False}, (Gap.ANCHOR,)),
        ({"next_day": None}, (Gap.NEXT_DATE,)),
        ({"next_day": date(2026, 11, 12)}, ()),  # seven working days late: reminded, not yet lost
        ({"next_day": date(2026, 11, 11)}, (Gap.NEXT_DATE,)),
        ({"case": replace(CASE, payer=None)}, (Gap.PAYER,)),
        ({"case": replace(CASE, payer=None, stage=Stage.DECIDED)}, (Gap.PAYER,)),
        ({"case": replace(CASE, payer=None, stage=Stage.IN_REFERRAL)}, ()),
    ],
)
def test_each_thing_an_open_case_lacks_is_a_gap(change: dict[str, object], missing: tuple[Gap, ...]) -> None:
    assert gaps(replace(WHOLE, **change)) == missing  # type: ignore[arg-type]


@pytest.mark.rule("T32", "D43")
@pytest.mark.parametrize("stage", list(Stage))
def test_only_open_cases_and_no_practice_case_can_lack_anything(stage: Stage) -> None:
    case = replace(CASE, stage=stage, payer=None)
    bare = CaseNow(case, None, None, anchor_known=False, anchor_led=False, next_day=None)
    assert bool(gaps(bare)) == (stage in OPEN_STAGES)
    assert gaps(replace(bare, case=replace(case, practice=True))) == ()


def presentation(state: State, **more: object) -> Presentation:
    made = Presentation("p1", "c1", "k1", Kind.NEW, "social", "U1", AT, state=state)
    return replace(made, **more)  # type: ignore[arg-type]


def follow_up(**more: object) -> Presentation:
    return presentation(State.REFERRED, kind=Kind.FOLLOW_UP, **more)


MEETING = Meeting(id="m1", committee="k1", day=date(2026, 11, 26), starts=time(9), minutes=120, room="2")
CANCELLED = replace(MEETING, state=MeetingState.CANCELLED)
UNDOABLE = replace(CANCELLED, undo_until=AT)


@pytest.mark.rule("T32", "R113")
@pytest.mark.parametrize(
    ("stage", "items", "meeting", "day"),
    [
        (Stage.REGISTERED, (), MEETING, date(2026, 11, 23)),  # five working days to send it
        (
            Stage.IN_REFERRAL,
            (presentation(State.REQUESTED, answer_by=date(2026, 11, 19)),),
            MEETING,
            date(2026, 11, 19),
        ),
        (
            Stage.IN_REFERRAL,
            (presentation(State.RETURNED, answer_by=date(2026, 11, 20)),),
            MEETING,
            date(2026, 11, 20),
        ),
        (Stage.IN_REFERRAL, (presentation(State.READY, meeting_id="m1"),), MEETING, date(2026, 11, 26)),
        (Stage.IN_REFERRAL, (presentation(State.REFERRED),), MEETING, date(2026, 11, 23)),
        (Stage.IN_REFERRAL, (presentation(State.READY, meeting_id="m1"),), CANCELLED, date(2026, 11, 23)),
        (Stage.ACTIVE, (), MEETING, None),
        (Stage.ACTIVE, (follow_up(meeting_id="m1"),), MEETING, date(2026, 11, 26)),
        (Stage.ACTIVE, (follow_up(),), MEETING, None),  # it hangs on its meeting
        (Stage.ACTIVE, (follow_up(meeting_id="m1"),), CANCELLED, None),
        (Stage.ACTIVE, (follow_up(meeting_id="m1"),), UNDOABLE, date(2026, 11, 26)),
        (Stage.ACTIVE, (presentation(State.DECIDED, meeting_id="m1"),), MEETING, None),
        (
            Stage.ACTIVE,
            (
                presentation(State.REFERRED, meeting_id="m1"),
                presentation(State.REQUESTED, answer_by=date(2026, 11, 19)),
            ),
            MEETING,
            date(2026, 11, 26),
        ),
    ],
)
def test_the_next_date_follows_where_the_case_is(
    stage: Stage, items: tuple[Presentation, ...], meeting: Meeting, day: date | None
) -> None:
    case = replace(CASE, stage=stage)
    found = next_day(case, items, {"m1": meeting}, days=DAYS, deadlines=Deadlines())
    assert found == day


@pytest.mark.rule("T32")
@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 23, 5, 59, tzinfo=UTC), date(2026, 11, 20)),  # Monday 06:59: Friday's
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), date(2026, 11, 20)),  # Sunday
        (datetime(2026, 12, 25, 12, 0, tzinfo=UTC), date(2026, 12, 23)),
        (datetime(2027, 7, 1, 5, 0, tzinfo=UTC), date(2027, 7, 1)),  # summer time: 07:00
    ],
)
def test_the_check_is_owed_at_seven_on_working_days_and_made_up_for(at: datetime, day: date) -> None:
    assert check_owed(at, clock=time(7, 0), days=DAYS) == day
