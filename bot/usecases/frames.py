"""Using a case's frame: booked at once by the fixed caseworker, never over, never deleted (R058-R063, T18, T19, D9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.case import Case, CaseNotFound, Stage
from bot.domain.choices import SMALL_NEED, SPECIAL_NEED
from bot.domain.frame import (
    AlreadyReversed,
    Entry,
    EntryKind,
    Frame,
    FrameState,
    NoOpenFrame,
    NothingToSettle,
    OnlyFixedCaseworker,
    PeriodMissing,
    PurposeMissing,
    SameAlready,
    is_reversed,
    last_use,
    marks_reached,
    open_commitments,
    outstanding,
    purposes_last_used_first,
    released_by,
    stands_already,
)
from bot.domain.money import Kroner
from bot.domain.notices import Notice
from bot.domain.people import AreaCode, Role
from bot.domain.presentation import (
    FrameTerms,
    Kind,
    Presentation,
    PresentationOpen,
    Recommendation,
    State,
    TooLateToUndo,
)
from bot.domain.rules import Rules
from bot.domain.significance import PlanMissing
from bot.domain.tracks import track_of
from bot.usecases.cases import CaseLine, line_of, lines_of_cases
from bot.usecases.frame_facts import (
    EntryLine,
    FrameView,
    Receipt,
    Use,
    UseForm,
    may_book,
    tell_controllers,
)
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for, rules_of

DRAFT, FORM = "frame.use", "frame.form"
"""A use that was asked for and not booked, for the buttons that say »alligevel«; and the form as it is filled in. Both per
case.
"""


class Frames(UseCases):
    def usable(self, asked: Asked) -> list[CaseLine]:
        """The cases whose frame the person may book on, last used first."""
        with self._open_reading(at=asked.at) as work:
            return lines_of_cases(work, [case for case, _ in _usable(work, asked)], asked.by)

    def usable_called(self, asked: Asked, texts: tuple[str, ...]) -> dict[str, list[CaseLine]]:
        """For the one line: which of those cases each of some texts may mean (D29)."""
        with self._open_reading(at=asked.at) as work:
            mine = {case.id for case, _ in _usable(work, asked)}
            hits = {t: work.cases.found_by(t, asked.by, asked.at) for t in dict.fromkeys(texts)}
            return {
                t: lines_of_cases(work, [c for c in found if c.id in mine], asked.by)
                for t, found in hits.items()
            }

    def form(self, asked: Asked, case_id: str) -> UseForm:
        """Raises CaseNotFound, OnlyFixedCaseworker, NoOpenFrame."""
        with self._open_reading(at=asked.at) as work:
            case = _to_book(work, asked, case_id)
            frame = _open_frame(work, case)
            ordered = purposes_last_used_first(frame, tuple(work.frames.entries(frame.id)))
            return UseForm(
                line_of(work, case, asked.by), frame, ordered, asked.today, rules_of(self._rules, case)
            )

    def use(self, asked: Asked, case_id: str, use: Use, *, again: bool = False) -> Receipt:
        """T18: written at once. Raises what the frame refuses, and SameAlready unless it is meant `again`."""
        with self._open_work(asked) as work:
            case = _to_book(work, asked, case_id)
            frame = _open_frame(work, case, lock=True)
            frame.allow(amount=use.amount, purpose=use.purpose, spent_on=use.spent_on, today=asked.today)
            self._check_period(case, use)
            if not again:
                _refuse_twice(
                    tuple(work.frames.entries_like(frame.id, use.amount, use.purpose, use.spent_on)), use
                )
            entry = self._entry(asked, frame, use)
            saved = self._book(work, asked, case, frame, entry)
            note = _note_use(work, case, entry)
            work.drafts.drop(asked.by.id, DRAFT, case.id)
            if again:  # by a button beside the form, which has not been sent
                work.drafts.drop(asked.by.id, FORM, case.id)
            work.result(entry.id)
            return _receipt(case, saved, entry, note, asked.today)

    def repeat(self, asked: Asked, entry_id: str) -> Receipt:
        """*Gentag*: the same amount and purpose today. Raises PeriodMissing where a period must be chosen anew."""
        with self._open_reading(at=asked.at) as work:
            entry, _, case = _found(work, asked, entry_id)
        use = Use(entry.amount, entry.purpose, asked.today, entry.kind == EntryKind.COMMITMENT)
        return self.use(asked, case.id, use)

    def undo(self, asked: Asked, entry_id: str) -> Receipt:
        """*Fortryd* within ten minutes: a counter-entry (D35). Raises TooLateToUndo, AlreadyReversed."""
        return self._take_back(asked, entry_id, reason="undone", within_ten_minutes=True)

    def correct(self, asked: Asked, entry_id: str, *, reason: str) -> Receipt:
        """T19: a counter-entry with a reason, whenever it is found out; of an old one the controller hears."""
        return self._take_back(asked, entry_id, reason=reason, within_ten_minutes=False)

    def entry(self, asked: Asked, entry_id: str) -> tuple[EntryLine, CaseLine]:
        """One entry, for the form that corrects it."""
        with self._open_reading(at=asked.at) as work:
            entry, frame, case = _found(work, asked, entry_id)
            entries = tuple(work.frames.entries(frame.id))
            return self._line(work, asked, entry, entries), line_of(work, case, asked.by)

    def to_settle(self, asked: Asked, entry_id: str) -> tuple[Entry, Kroner, CaseLine]:
        """A commitment, what it still sets aside, and its case. Raises NothingToSettle."""
        with self._open_reading(at=asked.at) as work:
            commitment, frame, case = _found(work, asked, entry_id)
            held = _still_held(commitment, tuple(work.frames.entries(frame.id)))
            return commitment, held, line_of(work, case, asked.by)

    def settle(
        self, asked: Asked, entry_id: str, *, actual: Kroner, spent_on: date, keep_rest: bool
    ) -> Receipt:
        """*Afregn*: an expense pays a commitment; the rest is freed, or stays set aside (D9)."""
        with self._open_work(asked) as work:
            commitment, _, case = _found(work, asked, entry_id)
            _to_book(work, asked, case.id)
            frame = work.frames.get(commitment.frame_id, lock=True)
            held = _still_held(commitment, tuple(work.frames.entries(frame.id)))
            freed = min(actual, held) if keep_rest else held
            frame.allow(
                amount=actual,
                purpose=commitment.purpose,
                spent_on=spent_on,
                today=asked.today,
                freed=freed,
            )
            use = Use(actual, commitment.purpose, spent_on, period_until=commitment.period_until)
            expense = replace(self._entry(asked, frame, use), settles=commitment.id)
            release = replace(
                expense,
                id=self._chance.id(),
                kind=EntryKind.RELEASE,
                amount=freed,
                settles=expense.id,
                reverses=commitment.id,
            )
            saved = self._book(work, asked, case, frame, expense, release)
            note = _note_use(work, case, expense)
            work.result(expense.id)
            return _receipt(case, saved, expense, note, asked.today)

    def show(self, asked: Asked, case_id: str) -> FrameView:
        """The frame with its entries: a look, journaled before it is shown (D21). Raises CaseNotFound, NoOpenFrame."""
        with self._open_work(replace(asked, key=None)) as work:
            case = case_for(work, asked, case_id)
            frame = _open_frame(work, case)
            work.look(case.id, what="frame_opened")
            return self._view(work, asked, case, frame)

    def ask_new(
        self,
        asked: Asked,
        case_id: str,
        *,
        amount: Kroner,
        purposes: tuple[str, ...],
        reason: str,
        matters: tuple[str, ...] = (),
        reasons: tuple[str, ...] = (),
    ) -> Presentation:
        """*Bed om ny ramme*: straight to »henvist«, the leaders are told (D3, X5). Raises PresentationOpen, PlanMissing."""
        if not purposes:
            raise PurposeMissing
        with self._open_work(asked) as work:
            case = _to_book(work, asked, case_id)
            if case.stage != Stage.ACTIVE:
                raise PlanMissing
            if work.presentations.open_of(case.id, Kind.FRAME_CHANGE):
                raise PresentationOpen
            rules = self._rules.on(asked.today)
            usual = rules.in_track(track_of(case.age_band))
            terms = FrameTerms(amount, purposes, _payer(work, case, usual), _outside(amount, usual))
            presentation = Presentation(
                id=self._chance.id(),
                case_id=case.id,
                committee=case.committee,
                kind=Kind.FRAME_CHANGE,
                area=case.area,
                requested_by=case.caseworker,  # whoever stands in asks on their behalf (R060)
                requested_at=asked.at,
                state=State.REFERRED,
                questions=("frame",),
                collector=case.caseworker,
                recommendation=Recommendation(goals=case.goals, frame=terms),
                matters=matters,
                reasons=reasons,
                rules_version=rules.version,
            ).tick("reason", by=asked.by.id, at=asked.at, how=reason)
            work.presentations.add(presentation)
            work.note("new_frame_asked", case=case.id, presentation=presentation.id, reason=reason)
            for leader in (
                *work.people.holding(Role.AREA_LEADER, case.area),
                *work.people.holding(Role.SECRETARY, committee=case.committee),
            ):
                key = f"new_frame:{presentation.id}:{leader.id}"
                facts = {"presentation": presentation.id, "by": asked.by.id}
                work.notices.tell(Notice(key, "new_frame", leader.id, facts, case_id=case.id))
            work.result(presentation.id)
            return presentation

    def _take_back(self, asked: Asked, entry_id: str, *, reason: str, within_ten_minutes: bool) -> Receipt:
        with self._open_work(asked) as work:
            entry, _, case = _found(work, asked, entry_id)
            _to_book(work, asked, case.id)
            frame = work.frames.get(entry.frame_id, lock=True)
            entries = tuple(work.frames.entries(frame.id))
            if is_reversed(entry, entries) or entry.kind in (EntryKind.REVERSAL, EntryKind.RELEASE):
                raise AlreadyReversed  # T19
            if within_ten_minutes and not self._may_undo(asked, entry):
                raise TooLateToUndo
            counter = self._counter_entries(asked, entry, entries, frame)
            saved = self._book(work, asked, case, frame, *counter)
            act = "frame_reversed" if within_ten_minutes else "frame_corrected"
            note = work.note(act, case=case.id, entry=entry.id, amount=str(entry.amount.ore), reason=reason)
            if not within_ten_minutes:
                tell_controllers(work, rules_of(self._rules, case), entry, counter[0], reason)  # T19
            for mark in rules_of(self._rules, case).frame.told_at:
                if mark not in saved.told:
                    work.notices.handle(f"frame_mark:{frame.id}:{mark}:")
            return _receipt(case, saved, counter[0], note, asked.today)

    def _counter_entries(
        self, asked: Asked, entry: Entry, entries: tuple[Entry, ...], frame: Frame
    ) -> tuple[Entry, ...]:
        """What undoes an entry; an expense that paid a commitment sets the amount aside again."""
        amount = outstanding(entry, entries) if entry.kind == EntryKind.COMMITMENT else entry.amount
        if not amount:
            raise NothingToSettle
        back = replace(
            entry,
            id=self._chance.id(),
            kind=EntryKind.REVERSAL,
            amount=amount,
            by=asked.by.id,
            at=asked.at,
            settles=None,
            reverses=entry.id,
        )
        release = released_by(entry, entries)
        if release is None:
            return (back,)
        if release.amount > frame.left + amount:
            raise TooLateToUndo  # what was freed has been used since
        again = replace(
            release,
            id=self._chance.id(),
            kind=EntryKind.COMMITMENT,
            at=asked.at,
            by=asked.by.id,
            settles=None,
            reverses=None,
        )
        return back, again

    def _entry(self, asked: Asked, frame: Frame, use: Use) -> Entry:
        return Entry(
            id=self._chance.id(),
            frame_id=frame.id,
            kind=EntryKind.COMMITMENT if use.commitment else EntryKind.EXPENSE,
            amount=use.amount,
            purpose=use.purpose,
            spent_on=use.spent_on,
            by=asked.by.id,
            at=asked.at,
            period_until=use.period_until,
        )

    def _book(self, work: Work, asked: Asked, case: Case, frame: Frame, *entries: Entry) -> Frame:
        """Writes the entries and the frame's new sum in one breath, asking nobody (R059), and tells the marks that were passed."""
        for entry in entries:
            work.frames.add_entry(entry)  # R059
        marks = rules_of(self._rules, case).frame.told_at
        booked = frame.booked(*entries)
        reached = marks_reached(booked, marks)
        saved = work.frames.save(replace(booked, told=reached))
        for mark in reached:
            if mark not in frame.told:
                self._tell_mark(work, asked, case, saved, mark, entries[0])
        return saved

    def _tell_mark(  # noqa: PLR0917 - the facts of one message
        self, work: Work, asked: Asked, case: Case, frame: Frame, mark: int, entry: Entry
    ) -> None:
        """The caseworker hears of 80 and 100 %; of 100 the leaders too, once it can no longer be undone (D35)."""
        facts = {"frame": frame.id, "mark": str(mark)}
        later = asked.at + self._ten_minutes(asked)
        told: list[tuple[str, datetime | None]] = [(case.caseworker, None)]
        if mark >= 100:
            told += [(leader.id, later) for leader in work.people.holding(Role.AREA_LEADER, case.area)]
        for person, not_before in told:
            key = f"frame_mark:{frame.id}:{mark}:{entry.id}:{person}"
            work.notices.tell(
                Notice(key, "frame_mark", person, facts, not_before=not_before, case_id=case.id)
            )

    def _check_period(self, case: Case, use: Use) -> None:
        """Mentor and housing support are given »i en periode« (R062), as decided (D8); it ends after it begins."""
        if not rules_of(self._rules, case).purpose(use.purpose).needs_period:
            return
        if use.period_until is None or use.period_until < use.spent_on:  # R062
            raise PeriodMissing(start=use.spent_on)

    def _ten_minutes(self, asked: Asked) -> timedelta:
        return timedelta(minutes=self._rules.on(asked.today).deadlines.undo_minutes)

    def _may_undo(self, asked: Asked, entry: Entry) -> bool:
        return asked.at <= entry.at + self._ten_minutes(asked)

    def _view(self, work: Work, asked: Asked, case: Case, frame: Frame) -> FrameView:
        entries = tuple(work.frames.entries(frame.id))
        books = may_book(work, case, asked.by, asked.today)
        shown = [e for e in reversed(entries) if e.kind in (EntryKind.EXPENSE, EntryKind.COMMITMENT)]
        return FrameView(
            line=line_of(work, case, asked.by),
            frame=frame,
            entries=tuple(self._line(work, asked, e, entries) for e in shown),
            set_aside=(*_set_aside_before(work, case), *_set_aside(entries)),
            repeatable=last_use(entries) if books else None,
            may_book=books,
            overdue_since=frame.follow_up_on if frame.is_overdue(asked.today) else None,
        )

    def _line(self, work: Work, asked: Asked, entry: Entry, entries: tuple[Entry, ...]) -> EntryLine:
        back = is_reversed(entry, entries)
        may_undo = not back and self._may_undo(asked, entry)
        return EntryLine(entry, back, may_undo, work.people.get(entry.by).name)


def _to_book(work: Work, asked: Asked, case_id: str) -> Case:
    """The case, if the person is its fixed caseworker (R060). Raises CaseNotFound, OnlyFixedCaseworker."""
    case = case_for(work, asked, case_id)
    if not may_book(work, case, asked.by, asked.today):
        name = work.people.get(case.caseworker).name if case.fixed_since else None
        raise OnlyFixedCaseworker(name=name)
    return case


def _open_frame(work: Work, case: Case, *, lock: bool = False) -> Frame:
    """Held until the transaction ends when locked: two at the last kroner can never both succeed."""
    frame = work.frames.open_of(case.id, lock=lock)
    if frame is None:
        raise NoOpenFrame
    return frame


def _found(work: Work, asked: Asked, entry_id: str) -> tuple[Entry, Frame, Case]:
    """An entry with its frame and case, if the person may see the case. Raises CaseNotFound."""
    entry = work.frames.entry(entry_id)
    frame = work.frames.find(entry.frame_id) if entry else None
    case = case_for(work, asked, frame.case_id if frame else "")  # one answer for not there and not yours
    if entry is None or frame is None:
        raise CaseNotFound
    return entry, frame, case


def _set_aside(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, Kroner], ...]:
    return tuple((e, outstanding(e, entries)) for e in open_commitments(entries))


def _set_aside_before(work: Work, case: Case) -> tuple[tuple[Entry, Kroner], ...]:
    """What was set aside in frames that have been replaced: it is paid from them still (B4)."""
    replaced = [f for f in work.frames.of_case(case.id) if f.state == FrameState.REPLACED]
    return tuple(one for f in replaced for one in _set_aside(tuple(work.frames.entries(f.id))))


def _still_held(commitment: Entry, entries: tuple[Entry, ...]) -> Kroner:
    if commitment.kind != EntryKind.COMMITMENT or not outstanding(commitment, entries):
        raise NothingToSettle
    return outstanding(commitment, entries)


def _refuse_twice(entries: tuple[Entry, ...], use: Use) -> None:
    same = stands_already(entries, amount=use.amount, purpose=use.purpose, spent_on=use.spent_on)
    if same:
        raise SameAlready(amount=use.amount, purpose=use.purpose, day=use.spent_on, entry=same.id)


def _usable(work: Work, asked: Asked) -> list[tuple[Case, Frame]]:
    found = []
    mine = work.cases.looked_after_by(asked.by.id, asked.today)
    work.frames.gather_cases(c.id for c in mine)
    work.frames.gather_entries(f.id for c in mine if (f := work.frames.open_of(c.id)))
    for case in mine:
        books = may_book(work, case, asked.by, asked.today)
        frame = work.frames.open_of(case.id) if books else None
        if frame:
            entries = work.frames.entries(frame.id)
            used_at = entries[-1].at.timestamp() if entries else 0.0
            found.append((used_at, case, frame))
    found.sort(key=lambda one: (-one[0], one[1].key))
    return [(case, frame) for _, case, frame in found]


def _payer(work: Work, case: Case, rules: Rules) -> AreaCode:
    frame = work.frames.open_of(case.id)
    return rules.frame.proposed_payer(anchored=case.area, paying=frame.payer if frame else case.payer)


def _outside(amount: Kroner, rules: Rules) -> str | None:
    """Outside the usual range a reason goes along (R061); the one asked for explains it."""
    if rules.frame.least <= amount <= rules.frame.most:
        return None
    return SPECIAL_NEED if amount > rules.frame.most else SMALL_NEED


def _note_use(work: Work, case: Case, entry: Entry) -> int:
    return work.note(
        "frame_used",
        case=case.id,
        entry=entry.id,
        kind=entry.kind.value,
        amount=str(entry.amount.ore),
        purpose=entry.purpose,
        spent_on=entry.spent_on.isoformat(),
    )


def _receipt(case: Case, frame: Frame, entry: Entry, note: int, today: date) -> Receipt:
    overdue = frame.follow_up_on if frame.is_overdue(today) else None
    return Receipt(entry, case.id, case.alias, frame.left, frame.share, note, today, overdue)
