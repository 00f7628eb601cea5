"""The controller's ledger is the entries, and nothing but the entries, however they came about (R099, story 17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.frame import Entry, EntryKind, FrameState, open_commitments, outstanding, sum_of
from bot.domain.frame_overview import (
    Ledger,
    ledger_table,
    month_table,
    payer_table,
    reconciled,
    reversal_table,
)
from bot.domain.money import Kroner
from bot.rules import read_rules
from tests.support.rows import AT, a_frame, an_entry

RULES = read_rules().on(date(2026, 11, 24))
ON = date(2026, 11, 24)

presses = st.lists(
    st.tuples(
        st.sampled_from(["use", "set_aside", "settle", "take_back"]), st.integers(1, 900), st.integers(0, 9)
    ),
    max_size=25,
)


def lived(steps: list[tuple[str, int, int]], *, payer: str = "youth", key: str = "26-0001") -> Ledger:
    """A frame as the desk would have left it: uses, commitments, settlements, counter-entries."""
    entries: list[Entry] = []

    def write(kind: EntryKind, ore: int, **more: object) -> Entry:
        at = AT + timedelta(days=3 * len(entries))
        made = an_entry(f"{key}-{len(entries)}", kind=kind, amount=Kroner(ore), at=at, **more)
        entries.append(made)
        return made

    for what, ore, which in steps:
        held = open_commitments(tuple(entries))
        standing = [
            e
            for e in entries
            if e.kind == EntryKind.EXPENSE
            and e.settles is None
            and not any(r.reverses == e.id for r in entries)
        ]
        if what == "use":
            write(EntryKind.EXPENSE, ore)
        elif what == "set_aside":
            write(EntryKind.COMMITMENT, ore)
        elif what == "settle" and held:
            commitment = held[which % len(held)]
            freed = outstanding(commitment, tuple(entries)).ore
            paid = write(EntryKind.EXPENSE, ore, settles=commitment.id)
            write(EntryKind.RELEASE, freed, settles=paid.id, reverses=commitment.id)
        elif what == "take_back" and (held or standing):
            one = [*held, *standing][which % len([*held, *standing])]
            write(EntryKind.REVERSAL, one.amount.ore, reverses=one.id)
    used = sum_of(tuple(entries))
    frame = a_frame(f"frame-{key}", amount=Kroner(used.ore + 100_00), used=used, payer=payer)
    return Ledger(frame, key, tuple(entries))


@pytest.mark.rule("R099", "D9")
@settings(max_examples=80, deadline=None)
@given(presses, presses)
def test_every_sum_is_the_sum_of_its_entries(
    one: list[tuple[str, int, int]], other: list[tuple[str, int, int]]
) -> None:
    ledgers = [lived(one), lived(other, payer="social", key="26-0002")]
    for ledger in ledgers:
        assert ledger.difference == Kroner(0)
        assert ledger.committed + ledger.spent == ledger.frame.used
    used = Kroner(sum(x.frame.used.ore for x in ledgers))
    total = payer_table(ledgers, RULES, ON).rows[-1].cells
    assert total[2] + total[3] == used  # type: ignore[operator]
    months = month_table(ledgers, RULES).rows
    assert months[-1].cells[4] == used
    assert sum(r.cells[4].ore for r in months[:-1]) == used.ore  # type: ignore[union-attr]
    assert reconciled(ledgers).code == "reconciled"


def test_a_frame_that_says_another_sum_than_its_entries_is_named() -> None:
    right, wrong = lived([("use", 500, 0)]), lived([("use", 700, 0)], key="26-0007")
    wrong = replace(wrong, frame=replace(wrong.frame, used=Kroner(701)))
    found = reconciled([right, wrong])
    assert (found.code, found.facts["wrong"]) == ("not_reconciled", ["26-0007"])


@pytest.mark.rule("D9")
def test_nothing_is_kept_back_in_the_controllers_own_ledger_and_an_overdue_frame_is_expired() -> None:
    late = lived([("use", 500, 0), ("take_back", 1, 0)])
    late = replace(late, frame=replace(late.frame, follow_up_on=ON - timedelta(days=1)))
    over = lived([("set_aside", 300, 0)], key="26-0003")
    over = replace(over, frame=replace(over.frame, state=FrameState.SETTLED))
    rows = ledger_table([late, over], RULES, ON).rows
    assert [(r.label.facts["key"], r.cells[-1].code) for r in rows] == [  # type: ignore[union-attr]
        ("26-0001", "state_expired"),
        ("26-0003", "state_settled"),
    ]
    assert [r.cells[4] for r in rows] == [late.frame.left, Kroner(0)]
    assert [r.cells[3] for r in reversal_table([late, over], RULES).rows] == [Kroner(500)]
    assert payer_table([late, over], RULES, ON).rows[-1].cells[5] == 1


def test_a_movement_belongs_to_the_month_on_the_wall() -> None:
    """23:30 UTC on 30 November is December in Copenhagen."""
    night = replace(lived([]), entries=(an_entry(at=datetime.fromisoformat("2026-11-30T23:30:00+00:00")),))
    assert [r.label.facts["month"] for r in month_table([night], RULES).rows[:-1]] == [date(2026, 12, 1)]
