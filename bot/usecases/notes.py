"""Journal notes: what the case system must be told, composed from what was done, ticked off when it stands there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.case import AgeBand, Case, CaseNotFound
from bot.domain.journal import Entry, NothingToJournal
from bot.domain.people import AreaCode, Person, Role
from bot.usecases.homes import PartAsked
from bot.usecases.ports import Asked, Work
from bot.usecases.tools import UseCases, case_for


@dataclass(frozen=True)
class Note:
    """One act as the case system shall have it. Codes and ids only; the words are the texts'."""

    seq: int
    at: datetime
    act: str
    facts: dict[str, str]
    by: str  # a name; the clock has none and writes no notes
    role: Role | None
    area: AreaCode | None
    case_id: str
    alias: str
    key: str
    band: AgeBand
    journaled: bool
    mine: bool
    minutes: tuple[str, str] | None = (
        None  # the meeting and the item whose approved minutes are the note (D40)
    )


class Notes(UseCases):
    def show(self, asked: Asked, seq: int) -> Note:
        """One note, to be copied. A look at the case, written down. Raises CaseNotFound."""
        with self._open_work(replace(asked, key=None)) as work:
            entry = work.journal.entry(seq)
            if entry is None or entry.case_id is None or entry.look:
                raise CaseNotFound
            return self._opened(work, asked, entry)

    def newest(self, asked: Asked, case_id: str) -> Note:
        """The newest of the person's notes on the case that is not ticked off; else the newest there is."""
        with self._open_work(replace(asked, key=None)) as work:
            case = case_for(work, asked, case_id)
            waiting = [e for e in work.journal.not_journaled(asked.by.id) if e.case_id == case.id]
            acts = work.journal.acts_to_journal()
            written = [e for e in work.journal.of_case(case.id) if e.act in acts]
            if not waiting and not written:
                raise NothingToJournal
            return self._opened(work, asked, (waiting or written)[-1])

    def missing(self, asked: Asked) -> list[Note]:
        """The person's notes that do not stand in the case system yet, the oldest first."""
        with self._open_reading(at=asked.at) as work:
            return missing_notes(work, asked)

    def mark(self, asked: Asked, seqs: tuple[int, ...]) -> None:
        """»Markér som journaliseret«, for the person's own notes; what is ticked off already stays so.

        Minutes are ticked off with every version before them.
        """
        with self._open_work(asked) as work:
            own = {e.seq: e for e in work.journal.not_journaled(asked.by.id)}
            done = [seq for seq in seqs if seq in own]
            minutes = {own[seq].minutes: seq for seq in done if own[seq].minutes}
            before = [e.seq for e in own.values() if e.minutes in minutes and e.seq < minutes[e.minutes]]
            work.journal.mark_journaled([*before, *done], by=asked.by.id, at=asked.at)
            for seq in done:
                work.note("note_journaled", case=own[seq].case_id, seq=str(seq))

    def _opened(self, work: Work, asked: Asked, entry: Entry) -> Note:
        case = case_for(work, asked, str(entry.case_id))
        work.look(case.id, what="note_shown")
        return _note(work, entry, case, asked.by)


def missing_notes(work: Work, asked: Asked) -> list[Note]:
    entries = _newest_versions(work.journal.not_journaled(asked.by.id))
    seen = work.cases.seen_among({str(e.case_id) for e in entries}, asked.by, asked.at) if entries else set()
    work.cases.gather(seen)
    work.journal.gather_ticks([e.seq for e in entries])
    return [_note(work, e, work.cases.get(str(e.case_id)), asked.by) for e in entries if e.case_id in seen]


def _newest_versions(entries: list[Entry]) -> list[Entry]:
    """Of the minutes of an item the last that was said; every other act is a note of its own."""
    newest = {e.minutes: e.seq for e in entries if e.minutes}
    return [e for e in entries if not e.minutes or newest[e.minutes] == e.seq]


def my_notes(part: PartAsked) -> int | None:
    """How many notes are missing in the case system; None when none is."""
    return len(missing_notes(part.work, part.asked)) or None


def _note(work: Work, entry: Entry, case: Case, viewer: Person) -> Note:
    by = work.people.find(entry.by) if entry.by else None
    role, area = _in_which_role(by, case)
    mine = case.caseworker == viewer.id if entry.minutes else by is not None and by.id == viewer.id
    belongs = entry.minutes or entry.act in work.journal.acts_to_journal()
    waiting = bool(mine and belongs and not work.journal.is_journaled(entry.seq))
    return Note(
        seq=entry.seq,
        at=entry.at,
        act=entry.act,
        facts=dict(entry.facts),
        by=by.name if by else "",
        role=role,
        area=area,
        case_id=case.id,
        alias=case.alias,
        key=case.key,
        band=case.band_now,
        journaled=not waiting,
        mine=mine,
        minutes=entry.minutes,
    )


_IN_ORDER = (Role.AREA_LEADER, Role.DEPUTY_LEADER, Role.CHAIR, Role.SECRETARY, Role.COMMITTEE_MEMBER)


def _in_which_role(by: Person | None, case: Case) -> tuple[Role | None, AreaCode | None]:
    """The role in which the person most likely acted: the case's own caseworker first."""
    if by is None:
        return None, None
    if by.id in (case.caseworker, case.registered_by) and by.has(Role.CASEWORKER):
        return Role.CASEWORKER, by.home_area
    held = {p.role: p.area for p in sorted(by.posts, key=lambda p: (p.role, p.area or ""))}
    role = next((r for r in (*_IN_ORDER, *held) if r in held), None)
    return role, held.get(role) if role else None
