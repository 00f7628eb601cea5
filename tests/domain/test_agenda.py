"""The agenda as casework knows it: order, times, what fits, when it is posted and locked, and which face it may show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meeting import (
    Blocked,
    Face,
    Meeting,
    MeetingState,
    Stage,
    Totals,
    blocked_by,
    build_agenda,
    clears_on,
    face_of,
    material_deadline,
    posting_time,
    preliminary_from,
    reordered,
    stage_of,
    totals,
)
from bot.domain.presentation import Kind, Presentation, State
from bot.rules import DEFAULT, read_rules

RULES = read_rules(DEFAULT).on(date(2026, 11, 16))
THURSDAY = Meeting("m", "c", date(2026, 11, 26), time(9, 0), 120, "Mødelokale 2")
AT, LATER = (datetime(2026, 11, 16, hour, tzinfo=UTC) for hour in (8, 9))


def item(id: str, kind: Kind = Kind.NEW, **facts: object) -> Presentation:  # noqa: A002
    made = Presentation(id, f"case-{id}", "c", kind, "social", "U1", AT, state=State.READY)
    return replace(made, **facts)  # type: ignore[arg-type]


def order(*items: Presentation) -> list[str]:
    return [i.presentation.id for i in build_agenda(THURSDAY, items, RULES.agenda).items]


@pytest.mark.rule("G2")
def test_cases_stand_by_kind_new_first_follow_ups_later_and_closing_last() -> None:
    kinds = {"d": Kind.CLOSURE, "c": Kind.FOLLOW_UP, "a": Kind.NEW, "b": Kind.DOUBT, "e": Kind.FRAME_CHANGE}
    assert order(*(item(id, kind) for id, kind in kinds.items())) == ["a", "b", "e", "c", "d"]  # noqa: A001


@pytest.mark.rule("G2")
def test_the_items_of_one_case_stand_together_where_the_first_of_them_stands_and_its_closing_last() -> None:
    def of(case: str, id: str, kind: Kind, **facts: object) -> Presentation:  # noqa: A002
        return item(id, kind, case_id=case, **facts)

    change, frame = of("A", "change", Kind.CHANGE), of("A", "frame", Kind.FRAME_CHANGE)
    closing, told = of("A", "closing", Kind.CLOSURE), of("A", "told", Kind.BRIEFING, requested_at=LATER)
    other, follow_up = of("B", "other", Kind.DOUBT, requested_at=LATER), of("C", "follow_up", Kind.FOLLOW_UP)
    everything = (told, closing, follow_up, frame, other, change)
    assert order(*everything) == ["change", "frame", "told", "closing", "other", "follow_up"]
    by_hand = tuple(replace(p, position=n) for n, p in enumerate((other, change, follow_up, frame), start=1))
    assert order(*by_hand) == ["other", "change", "follow_up", "frame"], "what somebody has moved stays there"
    assert order(*by_hand, closing, of("D", "new", Kind.NEW)) == [
        *("other", "change", "follow_up", "frame", "closing", "new"),
    ]


@pytest.mark.rule("D15")
def test_clock_times_follow_from_the_minutes_of_each_kind() -> None:
    agenda = build_agenda(THURSDAY, (item("a"), item("b", Kind.CHANGE), item("c", minutes=40)), RULES.agenda)
    assert [(i.number, i.starts, i.minutes, i.fits) for i in agenda.items] == [
        (3, time(9, 10), 25, True),
        (4, time(9, 35), 40, True),
        (5, time(10, 15), 20, True),
    ]
    assert (agenda.practice_at, agenda.next_at, agenda.minutes_left) == (time(10, 35), time(10, 40), 15)


def test_what_runs_over_is_seen() -> None:
    agenda = build_agenda(THURSDAY, tuple(item(str(n)) for n in range(5)), RULES.agenda)
    assert [i.fits for i in agenda.items] == [True, True, True, True, False]
    assert agenda.minutes_left == -25


def test_a_moved_item_stands_where_it_was_put() -> None:
    assert order(item("a"), item("b"), item("c", position=1)) == ["c", "a", "b"]
    assert reordered(("a", "b", "c"), "c", 0) == ("c", "a", "b")
    assert reordered(("a", "b", "c"), "a", 9) == ("b", "c", "a")
    assert reordered(("a", "b", "c"), "a", -1) == ("a", "b", "c")


@pytest.mark.rule("D7")
@pytest.mark.parametrize(
    ("day", "posted"),
    [
        (date(2026, 11, 26), datetime(2026, 11, 23, 7, tzinfo=UTC)),  # Monday 08:00
        (date(2026, 11, 23), datetime(2026, 11, 20, 7, tzinfo=UTC)),  # a Monday meeting: the Friday before
        (
            date(2027, 4, 1),
            datetime(2027, 3, 24, 7, tzinfo=UTC),
        ),  # Easter Monday is closed, and so are three days before
        (date(2027, 3, 31), datetime(2027, 3, 24, 7, tzinfo=UTC)),
    ],
)
def test_the_post_leaves_on_monday_or_the_working_day_before(day: date, posted: datetime) -> None:
    assert posting_time(replace(THURSDAY, day=day), RULES) == posted


@pytest.mark.rule("D15", "D18", "D34")
def test_the_days_around_a_meeting() -> None:
    assert material_deadline(THURSDAY, RULES) == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert preliminary_from(THURSDAY, RULES) == datetime(2026, 11, 18, 23, tzinfo=UTC)
    assert clears_on(THURSDAY, RULES) == date(2026, 12, 10)


@pytest.mark.rule("A11")
def test_the_stages_of_a_post() -> None:
    def stage(meeting: Meeting, *when: int) -> Stage:
        return stage_of(meeting, RULES, datetime(*when, tzinfo=UTC))  # type: ignore[misc,arg-type]

    assert stage(THURSDAY, 2026, 11, 24, 10, 59) == Stage.PRELIMINARY
    assert stage(THURSDAY, 2026, 11, 24, 11) == Stage.LOCKED
    assert stage(THURSDAY, 2026, 11, 26, 10) == Stage.HELD
    assert stage(THURSDAY, 2026, 12, 9, 23) == Stage.CLEARED
    undo = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    cancelled = replace(THURSDAY, state=MeetingState.CANCELLED, undo_until=undo)
    assert stage(cancelled, 2026, 11, 23, 9, 10) == Stage.PRELIMINARY
    assert stage(cancelled, 2026, 11, 23, 9, 11) == Stage.CANCELLED


@pytest.mark.rule("D32")
def test_an_extraordinary_meeting_is_open_for_items_until_it_begins() -> None:
    called = datetime(2026, 11, 25, 12, tzinfo=UTC)
    extra = replace(THURSDAY, extra=True, post_from=called)
    assert material_deadline(extra, RULES) == extra.begins
    assert posting_time(extra, RULES) == called


@pytest.mark.rule("D6")
def test_the_closed_face_needs_a_private_channel_with_nobody_else_in_it() -> None:
    assert face_of(blocked=False, private=True, outside=False) == Face.CLOSED
    assert face_of(blocked=False, private=False, outside=False) == Face.OPEN
    assert face_of(blocked=False, private=True, outside=True) == Face.OPEN
    assert face_of(blocked=True, private=True, outside=False) == Face.NONE
    nothing = {"exists": True, "archived": False, "shared_outside": False, "guests": False}
    assert blocked_by(**nothing) is None
    for change, why in (
        ({"exists": False}, Blocked.GONE),
        ({"archived": True}, Blocked.ARCHIVED),
        ({"shared_outside": True}, Blocked.SHARED),
        ({"guests": True}, Blocked.GUEST),
    ):
        assert blocked_by(**{**nothing, **change}) == why


@pytest.mark.rule("D6")
@given(st.lists(st.sampled_from(list(Kind)), max_size=14))
def test_no_group_the_open_face_shows_is_smaller_than_three(kinds: list[Kind]) -> None:
    found = totals(tuple(kinds), smallest=3)
    assert all(n >= 3 for n in found.counts())
    assert sum(found.counts()) in (0, len(kinds))
    assert found.few == (0 < len(kinds) < 3)


@pytest.mark.rule("D6")
def test_totals_are_merged_until_each_is_large_enough() -> None:
    follow, new, other = Kind.FOLLOW_UP, Kind.NEW, Kind.DOUBT
    assert totals((follow,) * 3 + (new,) * 2 + (other,), smallest=3) == Totals(
        6, (("follow_up", 3), ("other", 3)), few=False
    )
    assert totals((follow,) * 3 + (new,), smallest=3) == Totals(4, (), few=False)
    assert totals((follow,) * 2 + (new,) * 2, smallest=3) == Totals(4, (), few=False)


@pytest.mark.rule("D18", "T12", "T13")
def test_what_was_ready_and_is_postponed_counts_as_ready() -> None:
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    postponed = replace(item("a"), state=State.POSTPONED)
    items = (
        replace(postponed, id="b", ready_at=at),
        replace(postponed, id="c", ready_at=None),
        item("d", Kind.DOUBT),
        replace(item("e"), state=State.DECIDED),
    )
    assert build_agenda(THURSDAY, items, RULES.agenda).ready_count == 3
