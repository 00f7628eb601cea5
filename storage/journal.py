"""The journal: written in the transaction of what it tells about, read in order, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from bot.domain.journal import Entry
from bot.domain.people import PersonId
from storage.tables import cases, journal, journaled

ACTS_TO_JOURNAL = (
    "case_registered",
    "referral_requested",
    "presentation_referred",
    "presentation_returned",
    "presentation_declined",
    "presentation_withdrawn",
    "missing_answered",
    "doubt_raised",
    "change_raised",
    "minor_adjustment",
    "marked_ready",
    "decision_approved",
    "frame_used",
    "frame_reversed",
    "frame_settled",
    "frame_corrected",
    "follow_up_prepared",
    "task_done",
    "closing_asked",
    "support_asked",
    "case_reopened",
    "three_way_held",
    "advisory_held",
)
"""Acts that belong in the case system as a note (notatpligt); the rest is bookkeeping."""


class StoredJournal:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(self, entry: Entry) -> int:
        values = {
            "at": entry.at,
            "by": entry.by,
            "act": entry.act,
            "case_id": entry.case_id,
            "facts": entry.facts,
            "surface": entry.surface,
            "role": entry.role,
            "look": entry.look,
        }
        return int(
            self._connection.execute(insert(journal).values(values).returning(journal.c.seq)).scalar_one()
        )

    def latest(self) -> int:
        return int(self._connection.execute(select(func.max(journal.c.seq))).scalar() or 0)

    def of_case(self, case: str, *, looks: bool = False) -> list[Entry]:
        """Oldest first."""
        query = select(journal).where(journal.c.case_id == case).order_by(journal.c.seq)
        if not looks:
            query = query.where(journal.c.look.is_(False))
        return [_entry(row) for row in self._connection.execute(query)]

    def of_others(self, person: PersonId, *, since: datetime) -> list[Entry]:
        """What others than the person have done with the cases the person answers for; the newest first."""
        query = (
            select(journal)
            .join(cases, cases.c.id == journal.c.case_id)
            .where(
                cases.c.caseworker == person,
                journal.c.by != person,
                journal.c.look.is_(False),
                journal.c.at > since,
            )
            .order_by(journal.c.seq.desc())
        )
        return [_entry(row) for row in self._connection.execute(query)]

    def entry(self, seq: int) -> Entry | None:
        row = self._connection.execute(select(journal).where(journal.c.seq == seq)).first()
        return _entry(row) if row else None

    def of_acts(self, *acts: str) -> list[Entry]:
        """Every entry of these acts, oldest first."""
        query = select(journal).where(journal.c.act.in_(acts)).order_by(journal.c.seq)
        return [_entry(row) for row in self._connection.execute(query)]

    def acts_to_journal(self) -> tuple[str, ...]:
        return ACTS_TO_JOURNAL

    def not_journaled(self, person: PersonId) -> list[Entry]:
        """The person's own acts on open cases that have not been ticked off as notes in the case system."""
        done = select(journaled.c.journal_seq)
        query = (
            select(journal)
            .join(cases, cases.c.id == journal.c.case_id)
            .where(journal.c.by == person, journal.c.act.in_(ACTS_TO_JOURNAL), journal.c.seq.not_in(done))
            .order_by(journal.c.seq)
        )
        return [_entry(row) for row in self._connection.execute(query)]

    def is_journaled(self, seq: int) -> bool:
        done = select(journaled.c.journal_seq).where(journaled.c.journal_seq == seq)
        return self._connection.execute(done).first() is not None

    def mark_journaled(self, seqs: list[int], *, by: PersonId, at: datetime) -> None:
        already = set(
            self._connection.execute(
                select(journaled.c.journal_seq).where(journaled.c.journal_seq.in_(seqs))
            ).scalars()
        )
        for seq in set(seqs) - already:
            self._connection.execute(insert(journaled).values(journal_seq=seq, by=by, at=at))


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        at=row.at,
        by=row.by,
        act=row.act,
        case_id=row.case_id,
        facts=row.facts,
        surface=row.surface,
        role=row.role,
        look=row.look,
        seq=row.seq,
    )
