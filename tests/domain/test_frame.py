"""The frame is a ledger: its use is the sum of its entries, and never more than its amount (R058-R063, D9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.calendar import DateRefused
from bot.domain.errors import Refusal
from bot.domain.frame import (
    Entry,
    EntryKind,
    ExpenseAhead,
    ExpenseBeforeFrame,
    Frame,
    FrameExceeded,
    FrameState,
    NoOpenFrame,
    PurposeNotAllowed,
    marks_reached,
    open_commitments,
    outstanding,
    sum_of,
)
from bot.domain.money import (
    AmountApart,
    AmountNotPositive,
    AmountRefused,
    AmountTooLarge,
    AmountUnclear,
    Kroner,
)
from bot.rules import DEFAULT, read_rules
from handlers.frame_line import Reading, read_line

TODAY = date(2026, 11, 23)
FRAME = Frame(
    id="f",
    case_id="c",
    amount=Kroner.of(40_000),
    purposes=("transport", "mentor_support"),
    payer="social",
    opens_on=date(2026, 10, 1),
    follow_up_on=date(2026, 12, 3),
    used=Kroner.of(39_700),
)


def refused(**change: object) -> Refusal:
    use = {"amount": Kroner.of(300), "purpose": "transport", "spent_on": TODAY, "today": TODAY, **change}
    with pytest.raises(Refusal) as said:
        FRAME.allow(**use)  # type: ignore[arg-type]
    return said.value


def test_what_is_left_may_be_used_to_the_last_ore() -> None:
    FRAME.allow(amount=Kroner.of(300), purpose="transport", spent_on=TODAY, today=TODAY)


@pytest.mark.rule("T18")
def test_one_ore_more_is_refused_with_the_exact_remainder() -> None:
    said = refused(amount=Kroner(30_001))
    assert isinstance(said, FrameExceeded)
    assert said.facts == {"asked": Kroner(30_001), "left": Kroner(30_000), "short": Kroner(1)}


@pytest.mark.rule("T18")
def test_an_amount_is_more_than_nothing() -> None:
    assert isinstance(refused(amount=Kroner(0)), AmountNotPositive)
    assert isinstance(refused(amount=Kroner.of(-5)), AmountNotPositive)


@pytest.mark.rule("T18")
def test_an_expense_lies_between_the_frames_start_and_today() -> None:
    assert isinstance(refused(spent_on=date(2026, 9, 30)), ExpenseBeforeFrame)
    assert isinstance(refused(spent_on=date(2026, 11, 24)), ExpenseAhead)


@pytest.mark.rule("R063", "T18")
def test_a_purpose_outside_the_action_frame_is_refused() -> None:
    assert isinstance(refused(purpose="special_aid"), PurposeNotAllowed)


@pytest.mark.rule("T18")
def test_a_settled_frame_takes_nothing() -> None:
    with pytest.raises(NoOpenFrame):
        replace(FRAME, state=FrameState.SETTLED).allow(
            amount=Kroner.of(1), purpose="transport", spent_on=TODAY, today=TODAY
        )


def entry(id: str, kind: EntryKind, kroner: int, **links: str) -> Entry:  # noqa: A002
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    return Entry(id, "f", kind, Kroner.of(kroner), "mentor_support", TODAY, "U1", at, **links)  # type: ignore[arg-type]


def test_a_commitment_stands_until_it_is_settled_released_or_reversed() -> None:
    set_aside = entry("a", EntryKind.COMMITMENT, 8_400)
    paid = entry("b", EntryKind.EXPENSE, 8_000, settles="a")
    part = entry("c", EntryKind.RELEASE, 8_000, settles="b", reverses="a")
    assert open_commitments((set_aside,)) == (set_aside,)
    assert outstanding(set_aside, (set_aside, paid, part)) == Kroner.of(400)
    whole = entry("c", EntryKind.RELEASE, 8_400, settles="b", reverses="a")
    assert open_commitments((set_aside, paid, whole)) == ()
    assert sum_of((set_aside, paid, part)) == Kroner.of(8_400)
    assert open_commitments((set_aside, entry("d", EntryKind.REVERSAL, 8_400, reverses="a"))) == ()


@pytest.mark.parametrize(
    ("used", "marks"), [(31_999, ()), (32_000, (80,)), (39_999, (80,)), (40_000, (80, 100))]
)
def test_a_mark_is_reached_at_its_per_cent_and_not_before(used: int, marks: tuple[int, ...]) -> None:
    assert marks_reached(replace(FRAME, used=Kroner.of(used)), (80, 100)) == marks


# --- the one line ---

PURPOSES = read_rules(DEFAULT).on(TODAY).purposes


def named(text: str, case: str) -> list[Reading]:
    """What the line may mean when only `case` names one, and nothing is left over."""
    readings = [
        r for r in read_line(text, purposes=PURPOSES, today=TODAY).readings if r.case == case and not r.rest
    ]
    return [r for r in readings if r.amount] or readings


@pytest.mark.parametrize(
    "text", ["isf 450 bus", "450 isf bus", "bus 450 isf", "»isf« 450 kr. bus", "isf 450,00 til bus"]
)
def test_the_line_may_be_written_in_any_order(text: str) -> None:
    assert named(text, "isf") == [Reading("isf", Kroner.of(450), "transport")]


def test_a_day_and_sat_af_are_understood() -> None:
    assert named("isf 1.250 mentor sat af 19/11", "isf") == [
        Reading("isf", Kroner.of(1_250), "mentor_support", commitment=True, spent_on=date(2026, 11, 19))
    ]
    assert named("isf 450 bus i går", "isf") == [
        Reading("isf", Kroner.of(450), "transport", spent_on=date(2026, 11, 22))
    ]


def test_a_period_may_end_ahead() -> None:
    assert named("isf 8400 mentor til 31/12", "isf") == [
        Reading("isf", Kroner.of(8_400), "mentor_support", period_until=date(2026, 12, 31))
    ]


def test_support_in_the_home_is_one_purpose_of_several_words() -> None:
    assert named("isf 900 støtte i hjemmet", "isf")[0].purpose == "housing_support"


def test_two_purposes_choose_none() -> None:
    assert named("isf 900 bus mentor", "isf")[0].purpose is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("isf 25,000 bus", AmountUnclear),
        ("isf 1e5 bus", AmountUnclear),
        ("isf -450 bus", AmountNotPositive),
        ("isf -5 bus", AmountNotPositive),
        ("isf 0 bus", AmountNotPositive),
        ("isf NaN bus", AmountUnclear),
        ("isf 450bus", AmountUnclear),
        ("isf ٤٥٠ bus", AmountUnclear),
        ("isf 1.5 mad", AmountUnclear),
        ("isf 99999999 bus", AmountTooLarge),
    ],
)
def test_a_bad_amount_is_said_and_not_guessed(text: str, why: type[AmountRefused]) -> None:
    line = read_line(text, purposes=PURPOSES, today=TODAY)
    assert type(line.fault_beside(("isf",))) is why
    assert all(r.amount is None for r in line.readings)


def test_two_numbers_are_never_made_into_one_amount() -> None:
    line = read_line("isf 1 200,50 bus", purposes=PURPOSES, today=TODAY)
    fault = line.fault_beside(("isf",))
    assert isinstance(fault, AmountApart) and fault.facts == {"whole": Kroner(120_050)}
    assert all(r.rest for r in line.readings if r.case == "isf")
    two = read_line("isf 450 450 bus 12", purposes=PURPOSES, today=TODAY).fault_beside(("isf",))
    assert isinstance(two, AmountApart) and two.facts == {"whole": Kroner.of(450_450)}
    assert isinstance(read_line("isf 12 45 bus", purposes=PURPOSES, today=TODAY).fault, AmountUnclear)


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "\N{NARROW NO-BREAK SPACE}"])
def test_an_amount_from_a_sheet_is_held_together_by_its_narrow_space(space: str) -> None:
    assert named(f"isf 1{space}200,50 bus", "isf") == [Reading("isf", Kroner(120_050), "transport")]


def test_the_digits_that_name_the_case_are_no_amount() -> None:
    line = read_line("0043 bus", purposes=PURPOSES, today=TODAY)
    assert line.fault_beside(("0043",)) is None


def test_eight_digits_beside_a_case_are_an_amount_and_alone_may_be_a_phone() -> None:
    def scanned(text: str) -> str:
        return read_line(text, purposes=PURPOSES, today=TODAY).without_large_amounts

    assert scanned("isf 99999999 bus") == "isf"
    assert scanned("20304050") == "20304050"
    assert "3112999999" in scanned("isf 3112999999 bus")


def test_a_day_that_does_not_exist_is_said() -> None:
    assert isinstance(read_line("isf 450 bus 31/2", purposes=PURPOSES, today=TODAY).fault, DateRefused)
