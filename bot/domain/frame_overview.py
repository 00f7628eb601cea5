"""The frames as the controller reads them: by payer, by month and one by one, reconciled to the entries (R099, story 17).

Nothing is kept back here: the ledger is the controller's own task, by key. It reports what the frames were used for and
adds no money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from bot.domain.calendar import local_date
from bot.domain.frame import Entry, EntryKind, Frame, FrameState, outstanding, sum_of
from bot.domain.money import ZERO, Kroner
from bot.domain.people import AreaCode
from bot.domain.report import Label, Row, Table, Value, total_of, unless_few
from bot.domain.rules import Rules


@dataclass(frozen=True)
class Ledger:
    """A frame with its entries, in the order they were written; it is counted as it was when `until` ended."""

    frame: Frame
    key: str
    entries: tuple[Entry, ...]
    until: date | None = None  # None: as it is now

    @cached_property
    def counted(self) -> tuple[Entry, ...]:
        """The entries that were written by then."""
        until = self.until
        return tuple(e for e in self.entries if until is None or local_date(e.at) <= until)

    @property
    def used(self) -> Kroner:
        """What is taken of it, set aside or spent."""
        return sum_of(self.counted)

    def had_begun(self) -> bool:
        """Whether the frame was there on that day: a meeting's frame is, once its minutes are approved (D19)."""
        began = local_date(self.frame.opened_at) if self.frame.opened_at else self.frame.opens_on
        return self.until is None or max(began, self.frame.opens_on) <= self.until

    @property
    def committed(self) -> Kroner:
        """What is set aside still."""
        return total_of(outstanding(e, self.counted) for e in self.counted if e.kind == EntryKind.COMMITMENT)

    @property
    def spent(self) -> Kroner:
        """What has been used, less what was taken back of it."""
        expenses = {e.id for e in self.counted if e.kind == EntryKind.EXPENSE}
        used = total_of(e.amount for e in self.counted if e.id in expenses)
        back = total_of(
            e.amount for e in self.counted if e.kind == EntryKind.REVERSAL and e.reverses in expenses
        )
        return used - back

    @property
    def left(self) -> Kroner:
        """What may be used still; nothing of a frame that has ended."""
        return self.frame.amount - self.used if self.frame.state == FrameState.OPEN else ZERO

    @property
    def difference(self) -> Kroner:
        """The frame's own count against all its entries, and these against what they were: zero, or a fault."""
        now = replace(self, until=None)
        return (self.frame.used - now.used) or (self.frame.used - now.committed - now.spent)

    def is_expired(self, on: date) -> bool:
        return self.frame.is_overdue(on)


@dataclass(frozen=True)
class PayerSums:
    """All frames of one payer, for a glance."""

    area: AreaCode
    frames: int = 0
    expired: int = 0
    granted: Kroner = ZERO
    used: Kroner = ZERO  # as the entries say
    spent: Kroner = ZERO
    wrong: int = 0  # frames whose own count is another than their entries'

    @property
    def committed(self) -> Kroner:
        """What is set aside still."""
        return self.used - self.spent


def payer_table(ledgers: Sequence[Ledger], rules: Rules, on: date) -> Table:
    columns = tuple(map(Label, ("frames", "granted", "committed", "spent", "left", "expired")))
    rows = [
        Row(
            Label("area", {"area": rules.area(payer)}),
            _sums([x for x in ledgers if x.frame.payer == payer], on),
        )
        for payer in _payers(ledgers, rules)
    ]
    rows.append(Row(Label("total"), _sums(ledgers, on), total=True))
    return Table("by_payer", columns, tuple(rows), (reconciled(ledgers),), charted=(2, 3, 4))


def month_table(ledgers: Sequence[Ledger], rules: Rules) -> Table:
    """Every movement in the month it was written in; the last column adds up to what is used in all."""
    columns = tuple(map(Label, ("set_aside", "spent", "released", "reversed", "net")))
    order = _payers(ledgers, rules)
    found: dict[tuple[date, AreaCode], list[Entry]] = defaultdict(list)
    for ledger in ledgers:
        for entry in ledger.counted:
            found[local_date(entry.at).replace(day=1), ledger.frame.payer].append(entry)
    rows = [
        Row(Label("month", {"month": month, "area": rules.area(payer)}), _movements(found[month, payer]))
        for month, payer in sorted(found, key=lambda f: (f[0], order.index(f[1])))
    ]
    every = [e for ledger in ledgers for e in ledger.counted]
    rows.append(Row(Label("total"), _movements(every), total=True))
    return Table("by_month", columns, tuple(rows), charted=(1,))


def ledger_table(ledgers: Sequence[Ledger], rules: Rules, on: date) -> Table:
    columns = tuple(
        map(Label, ("payer", "granted", "committed", "spent", "left", "follow_up", "frame_state"))
    )
    rows = tuple(
        Row(
            Label("key", {"key": x.key}),
            (
                Label("area", {"area": rules.area(x.frame.payer)}),
                x.frame.amount,
                x.committed,
                x.spent,
                x.left,
                x.frame.follow_up_on,
                Label(f"state_{'expired' if x.is_expired(on) else x.frame.state}"),
            ),
        )
        for x in sorted(ledgers, key=lambda x: (x.key, x.frame.opens_on))
    )
    return unless_few(Table("ledger", columns, rows))


def reversal_table(ledgers: Sequence[Ledger], rules: Rules) -> Table:
    columns = tuple(map(Label, ("payer", "purpose", "written_on", "amount")))
    found = [
        (entry.at, ledger, entry)
        for ledger in ledgers
        for entry in ledger.counted
        if entry.kind == EntryKind.REVERSAL
    ]
    rows = tuple(
        Row(
            Label("key", {"key": ledger.key}),
            (
                Label("area", {"area": rules.area(ledger.frame.payer)}),
                Label("purpose", {"purpose": rules.purpose(entry.purpose)}),
                local_date(entry.at),
                entry.amount,
            ),
        )
        for _, ledger, entry in sorted(found, key=lambda f: (f[0], f[2].id))
    )
    return unless_few(Table("reversals", columns, rows))


def reconciled(ledgers: Sequence[Ledger]) -> Label:
    """The sum check that is printed: the entries one by one against what the frames say is used."""
    by_entries = total_of(sum_of(x.entries) for x in ledgers)
    by_frames = total_of(x.frame.used for x in ledgers)
    wrong = [x.key for x in ledgers if x.difference]
    facts = {
        "entries": sum(len(x.entries) for x in ledgers),
        "by_entries": by_entries,
        "by_frames": by_frames,
        "wrong": wrong,
    }
    return Label("reconciled" if not wrong else "not_reconciled", facts)


def _payers(ledgers: Sequence[Ledger], rules: Rules) -> list[AreaCode]:
    """In the file's order; an area that is no more stands last, as long as a frame is on it."""
    now = [a.code for a in rules.areas]
    return [*now, *sorted({x.frame.payer for x in ledgers} - set(now))]


def _sums(ledgers: Sequence[Ledger], on: date) -> tuple[Value, ...]:
    return (
        len(ledgers),
        total_of(x.frame.amount for x in ledgers),
        total_of(x.committed for x in ledgers),
        total_of(x.spent for x in ledgers),
        total_of(x.left for x in ledgers),
        sum(x.is_expired(on) for x in ledgers),
    )


def _movements(entries: Sequence[Entry]) -> tuple[Value, ...]:
    by_kind = {k: total_of(e.amount for e in entries if e.kind == k) for k in EntryKind}
    return (
        by_kind[EntryKind.COMMITMENT],
        by_kind[EntryKind.EXPENSE],
        by_kind[EntryKind.RELEASE],
        by_kind[EntryKind.REVERSAL],
        sum_of(tuple(entries)),
    )
