"""The journal: written in the transaction of what it tells about, read in order, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, func, insert, or_, select, text, union_all
from sqlalchemy.dialects.postgresql import insert as insert_pg
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from bot.domain.calendar import local_date
from bot.domain.case import Stage
from bot.domain.chain import Anchor, Check, Cut, Fault, Link, Verdict, linked
from bot.domain.journal import MINUTED, Entry
from bot.domain.people import AreaCode, PersonId
from storage.memory import Memory
from storage.tables import cases, journal, journal_checks, journal_links, journaled

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


_TURN = 0x1D6A_2027
"""Whoever ties entries to the chain takes turns by this number among PostgreSQL's advisory locks."""

BATCH = 2000
TRIMMED = "journal_trimmed"
"""The act of the line that stands in place of what was taken off."""

GUARDED = (journal_links.name, journal.name)
_GUARDS = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN "
    "('journal_stands_delete', 'journal_links_stands_delete')"
)


_IS_OF_MINUTES = and_(
    journal.c.act.in_(MINUTED),
    journal.c.facts["meeting"].as_string().is_not(None),
    journal.c.facts["presentation"].as_string().is_not(None),
)
_WRITING = insert(journal).returning(journal.c.seq)
_TAKING_TURNS = select(func.pg_advisory_xact_lock(_TURN))
_LAST = select(journal_links).order_by(journal_links.c.place.desc()).limit(1)
_TYING = insert(journal_links)


class StoredJournal:
    def __init__(self, connection: Connection, *, locking: bool) -> None:
        self._connection, self._locking = connection, locking
        self._written: list[Entry] = []
        self._memory = Memory()

    def remember(self) -> None:
        """For a reading: what has been found is not asked for again."""
        self._memory.begin()

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
        seq = int(self._connection.execute(_WRITING, values).scalar_one())
        self._written.append(replace(entry, seq=seq))
        return seq

    def tie(self) -> None:
        """Ties what was written to the chain: the transaction's last act, so that nobody holds the turn for long."""
        if not self._written:
            return
        if self._locking:
            self._connection.execute(_TAKING_TURNS)
        row = self._connection.execute(_LAST).first()
        links = linked(_link(row) if row else None, self._written)
        values = [{"place": k.place, "seq": k.seq, "print": k.print} for k in links]
        self._connection.execute(_TYING, values)
        self._written.clear()

    def chain(self) -> Iterator[tuple[Link, Entry | None]]:
        """Every link with its entry, from the first; a batch in memory at a time."""
        last = 0
        while True:
            query = (
                select(journal_links, *(journal.c[c].label(f"entry_{c}") for c in journal.c.keys()))  # noqa: SIM118 - a collection of columns, no dict
                .outerjoin(journal, journal.c.seq == journal_links.c.seq)
                .where(journal_links.c.place > last)
                .order_by(journal_links.c.place)
                .limit(BATCH)
            )
            rows = self._connection.execute(query).all()
            yield from ((_link(row), _linked_entry(row)) for row in rows)
            if len(rows) < BATCH:
                return
            last = rows[-1].place

    def cuts(self) -> list[Cut]:
        return [Cut.of(entry.facts) for entry in reversed(self.of_acts(TRIMMED))]

    def kept_from(self, since: datetime) -> int | None:
        stays = or_(journal.c.at >= since, cases.c.stage != Stage.ANONYMISED.value)
        query = (
            select(func.min(journal_links.c.place))
            .join(journal, journal.c.seq == journal_links.c.seq)
            .outerjoin(cases, cases.c.id == journal.c.case_id)
            .where(stays)
        )
        newest = select(func.max(journal_links.c.place))  # it stays, so that the chain goes on
        execute = self._connection.execute
        return execute(query).scalar() or execute(newest).scalar()

    def beginning(self, until: int) -> Cut | None:
        inside = (
            select(
                func.count(),
                func.count().filter(journal.c.look),
                func.min(journal.c.at),
                func.max(journal.c.at),
            )
            .select_from(journal_links)
            .join(journal, journal.c.seq == journal_links.c.seq)
            .where(journal_links.c.place <= until)
        )
        entries, looks, first, last = self._connection.execute(inside).one()
        mark = self._connection.execute(
            select(journal_links.c.print).where(journal_links.c.place == until)
        ).scalar()
        if not entries or mark is None:
            return None
        return Cut(until, mark, entries, looks, local_date(first), local_date(last))

    def take_off(self, until: int) -> None:
        """The order matters: ticks name entries, and links name which entries they are."""
        gone = select(journal_links.c.seq).where(journal_links.c.place <= until)
        with self._without_guards():
            self._connection.execute(delete(journaled).where(journaled.c.journal_seq.in_(gone)))
            self._connection.execute(delete(journal).where(journal.c.seq.in_(gone)))
            self._connection.execute(delete(journal_links).where(journal_links.c.place <= until))

    @contextmanager
    def _without_guards(self) -> Iterator[None]:
        """Within this transaction; whoever does not own the tables is refused here."""
        if self._locking:
            self._connection.execute(text("SET LOCAL lock_timeout = '3s'"))
            for table in GUARDED:
                self._connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_stands"))
            yield
            for table in GUARDED:
                self._connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_stands"))
            return
        guards = self._connection.execute(_GUARDS).all()
        for guard in guards:
            self._connection.execute(text(f"DROP TRIGGER {guard.name}"))
        yield
        for guard in guards:
            self._connection.execute(text(guard.sql))

    def loose(self) -> int | None:
        """The number of an entry that is in no chain; None: there is none."""
        tied = exists(select(1).where(journal_links.c.seq == journal.c.seq))
        return self._connection.execute(select(journal.c.seq).where(~tied).limit(1)).scalar()

    def checks(self, *, most: int) -> list[Check]:
        """The newest first."""
        query = select(journal_checks).order_by(journal_checks.c.day.desc()).limit(most)
        return [_check(row) for row in self._connection.execute(query)]

    def keep_check(self, check: Check) -> bool:
        """False: somebody has looked that day."""
        last = check.verdict.last
        values = {
            "day": check.day,
            "at": check.at,
            "place": last.place if last else 0,
            "print": last.print if last else "",
            "fault": check.verdict.fault and check.verdict.fault.value,
            "fault_at": check.verdict.at,
        }
        inserting = (insert_pg if self._locking else insert_sqlite)(journal_checks).values(values)
        return bool(self._connection.execute(inserting.on_conflict_do_nothing()).rowcount)

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

    def of_acts(
        self, *acts: str, since: datetime | None = None, areas: Sequence[AreaCode] | None = None
    ) -> list[Entry]:
        """Every entry of these acts, oldest first; from an instant on, and on the cases of some areas, if they are given."""
        query = select(journal).where(journal.c.act.in_(acts)).order_by(journal.c.seq)
        if since is not None:
            query = query.where(journal.c.at >= since)
        if areas is not None:
            query = query.join(cases, cases.c.id == journal.c.case_id).where(cases.c.area.in_(areas))
        return [_entry(row) for row in self._connection.execute(query)]

    def looks_between(self, first: datetime, until: datetime) -> list[Entry]:
        """Looks at cases that are no practice cases, from the first instant and before the last."""
        query = (
            select(journal)
            .join(cases, cases.c.id == journal.c.case_id)
            .where(
                journal.c.look.is_(True),
                journal.c.at >= first,
                journal.c.at < until,
                cases.c.more["practice"].as_boolean().is_(False),
            )
            .order_by(journal.c.seq)
        )
        return [_entry(row) for row in self._connection.execute(query)]

    def count_since(self, at: datetime, *, look: bool | None = None, act: str | None = None) -> int:
        query = select(func.count()).select_from(journal).where(journal.c.at >= at)
        if look is not None:
            query = query.where(journal.c.look.is_(look))
        if act is not None:
            query = query.where(journal.c.act == act)
        return int(self._connection.execute(query).scalar_one())

    def gather_endings(self, about: Iterable[str]) -> None:
        """For `last_change` and `notes_missing`."""
        about = list(about)
        self._memory.gather("last_change", about, self._last_changes)
        self._memory.gather("notes_missing", about, self._notes_missing)

    def last_change(self, case: str) -> datetime | None:
        found = self._memory.ask("last_change", case, lambda: [at for _, at in self._last_changes([case])])
        return found[0] if found else None

    def notes_missing(self, case: str) -> int:
        return sum(
            self._memory.ask("notes_missing", case, lambda: [n for _, n in self._notes_missing([case])])
        )

    def _last_changes(self, about: list[str]) -> list[tuple[str, datetime]]:
        query = (
            select(journal.c.case_id, func.max(journal.c.at))
            .where(journal.c.case_id.in_(about), journal.c.look.is_(False))
            .group_by(journal.c.case_id)
        )
        return [(case, at) for case, at in self._connection.execute(query)]

    def _notes_missing(self, about: list[str]) -> list[tuple[str, int]]:
        query = (
            select(journal.c.case_id, func.count())
            .where(
                journal.c.case_id.in_(about),
                or_(journal.c.act.in_(ACTS_TO_JOURNAL), _IS_OF_MINUTES),
                journal.c.seq.not_in(select(journaled.c.journal_seq)),
            )
            .group_by(journal.c.case_id)
        )
        return [(case, count) for case, count in self._connection.execute(query)]

    def acts_to_journal(self) -> tuple[str, ...]:
        return ACTS_TO_JOURNAL

    def not_journaled(self, person: PersonId) -> list[Entry]:
        """Not ticked off as notes in the case system: the person's own acts, and the minutes of their cases."""
        done = select(journaled.c.journal_seq)
        of_cases = select(journal).join(cases, cases.c.id == journal.c.case_id)
        own = of_cases.where(journal.c.by == person, journal.c.act.in_(ACTS_TO_JOURNAL))
        minutes = of_cases.where(cases.c.caseworker == person, _IS_OF_MINUTES)
        both = [part.where(journal.c.seq.not_in(done)) for part in (own, minutes)]
        query = union_all(*both).order_by("seq")
        return self._memory.ask(
            "not_journaled", person, lambda: [_entry(row) for row in self._connection.execute(query)]
        )

    def is_journaled(self, seq: int) -> bool:
        return bool(self._memory.ask("ticks", seq, lambda: self._ticks([seq])))

    def gather_ticks(self, seqs: list[int]) -> None:
        """For `is_journaled`."""
        self._memory.gather("ticks", seqs, lambda new: ((seq, seq) for seq in self._ticks(new)))

    def _ticks(self, seqs: list[int]) -> list[int]:
        done = select(journaled.c.journal_seq).where(journaled.c.journal_seq.in_(seqs))
        return list(self._connection.execute(done).scalars())

    def mark_journaled(self, seqs: list[int], *, by: PersonId, at: datetime) -> None:
        already = set(
            self._connection.execute(
                select(journaled.c.journal_seq).where(journaled.c.journal_seq.in_(seqs))
            ).scalars()
        )
        for seq in set(seqs) - already:
            self._connection.execute(insert(journaled).values(journal_seq=seq, by=by, at=at))


def _link(row: Row[Any]) -> Link:
    return Link(row.place, row.seq, row.print)


def _linked_entry(row: Row[Any]) -> Entry | None:
    if row.entry_seq is None:
        return None
    return Entry(**{f.name: getattr(row, f"entry_{f.name}") for f in fields(Entry)})


def _check(row: Row[Any]) -> Check:
    last = Anchor(row.place, row.print) if row.place else None
    fault = Fault(row.fault) if row.fault else None
    return Check(row.day, row.at, Verdict(row.place, last, fault, row.fault_at))


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
