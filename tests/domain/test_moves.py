"""Each state machine is one table of moves, and every pair of states is tried against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.domain import ballot, case, frame, meeting, notices, presentation
from bot.domain.errors import Refusal
from bot.domain.money import Kroner
from bot.domain.retention import OVER

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)

CASE = case.Case(
    id="c",
    committee="k",
    key="26-0001",
    alias="Bogfinke",
    alias_category="bird",
    area="social",
    age_band=case.AgeBand.YOUTH,
    registered_by="U1",
    registered_at=AT,
    caseworker="U1",
)
PRESENTATION = presentation.Presentation(
    id="p",
    case_id="c",
    committee="k",
    kind=presentation.Kind.NEW,
    area="social",
    requested_by="U1",
    requested_at=AT,
)
MEETING = meeting.Meeting(
    id="m", committee="k", day=date(2026, 11, 19), starts=time(9), minutes=120, room="2"
)
FRAME = frame.Frame(
    id="f",
    case_id="c",
    amount=Kroner.of(40_000),
    purposes=("transport",),
    payer="social",
    opens_on=date(2026, 10, 1),
    follow_up_on=date(2026, 12, 3),
)
BALLOT = ballot.Ballot(
    id="b",
    presentation_id="p",
    case_id="c",
    committee="k",
    kind=presentation.Kind.FRAME_CHANGE,
    deadline=AT,
    asked_by="U1",
    asked_at=AT,
    decision=presentation.Decision(choice="as_recommended"),
    voters=("U2",),
)

Machine = tuple[str, Any, str, dict[Any, frozenset[Any]]]
MACHINES: tuple[Machine, ...] = (
    ("case", CASE, "stage", case.MOVES),
    ("presentation", PRESENTATION, "state", presentation.MOVES),
    ("meeting", MEETING, "state", meeting.MOVES),
    ("frame", FRAME, "state", frame.MOVES),
    ("ballot", BALLOT, "state", ballot.MOVES),
    ("notice", notices.Notice("overview:1", "overview", "U1"), "state", notices.MOVES),
)


def pairs() -> Iterator[Any]:
    for name, thing, field, moves in MACHINES:
        for before in moves:
            for after in moves:
                yield pytest.param(thing, field, moves, before, after, id=f"{name}-{before}-{after}")


@pytest.mark.rule("T28", "T30", "T31")
@pytest.mark.parametrize(("thing", "field", "moves", "before", "after"), list(pairs()))
def test_every_pair_of_states_is_as_the_table_says(
    thing: Any, field: str, moves: Any, before: Any, after: Any
) -> None:
    standing = replace(thing, **{field: before})
    if after in moves[before]:
        assert getattr(standing.moved(after), field) == after
    else:
        with pytest.raises((Refusal, notices.NoSuchMove)):
            standing.moved(after)


@pytest.mark.parametrize(("name", "thing", "field", "moves"), MACHINES, ids=[m[0] for m in MACHINES])
def test_every_state_stands_in_its_table(name: str, thing: Any, field: str, moves: Any) -> None:
    assert set(moves) == set(type(getattr(thing, field)))


@pytest.mark.rule("T28", "T30")
def test_closed_stays_closed_but_for_a_reopening_or_its_anonymising() -> None:
    assert case.MOVES[case.Stage.CLOSED] == {case.Stage.IN_REFERRAL, case.Stage.ANONYMISED}


@pytest.mark.rule("T28")
def test_only_an_active_case_is_closed_by_a_decision() -> None:
    for stage in set(case.Stage) - {case.Stage.ACTIVE}:
        with pytest.raises(case.IllegalMove):
            replace(CASE, stage=stage).closed(on=AT.date(), why="moved")


@pytest.mark.rule("T31")
def test_nothing_comes_after_the_anonymised() -> None:
    assert case.MOVES[case.Stage.ANONYMISED] == frozenset()
    assert {before for before, after in case.MOVES.items() if case.Stage.ANONYMISED in after} == set(OVER)


def test_a_written_procedure_ends_once() -> None:
    over = [state for state, after in ballot.MOVES.items() if not after]
    assert set(over) == {
        ballot.BallotState.APPROVED,
        ballot.BallotState.TO_MEETING,
        ballot.BallotState.WITHDRAWN,
    }
    assert set(ballot.MOVES) == set(ballot.BallotState)
