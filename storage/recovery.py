"""What is known of the last restore, what is held against it, and the word that lets the clock go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select, update

from bot.domain.chain import judge
from bot.domain.frame import EntryKind
from bot.domain.journal import Entry
from bot.domain.notices import NoticeState
from storage.engine import Database
from storage.journal import StoredJournal
from storage.portable import BATCH, row_count
from storage.resealing import PLACES, Place
from storage.sealing import KeyRing
from storage.tables import (
    cases,
    entries,
    frames,
    journal,
    journal_links,
    notices,
    people,
    presentations,
    restores,
)

STAY = (people, cases, presentations, frames, entries, journal)
"""Nobody takes rows out of these within days: after a restore they hold what the backup held, or more."""


@dataclass(frozen=True)
class Restored:
    id: str
    backup: str
    taken_at: datetime
    restored_at: datetime
    confirmed_at: datetime | None
    rows: dict[str, int]  # by table, as the backup said
    journal: int  # its last number


def last_restore(database: Database) -> Restored | None:
    query = select(restores).order_by(restores.c.restored_at.desc()).limit(1)
    with database.reading.connect() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    facts = row.facts
    return Restored(
        row.id,
        row.backup_id,
        row.taken_at,
        row.restored_at,
        row.confirmed_at,
        dict(facts["rows"]),
        int(facts["journal"]),
    )


def waits(database: Database) -> bool:
    """Whether an operator has still to look before the clock begins anything by itself."""
    unconfirmed = select(restores.c.id).where(restores.c.confirmed_at.is_(None)).limit(1)
    with database.reading.connect() as connection:
        return connection.execute(unconfirmed).first() is not None


def confirm(database: Database, *, at: datetime) -> None:
    """The second time changes nothing."""
    waiting = restores.c.confirmed_at.is_(None)
    with database.turn(), database.writing.begin() as connection:
        if not connection.execute(update(restores).where(waiting).values(confirmed_at=at)).rowcount:
            return
        written = StoredJournal(connection, locking=not database.is_sqlite)
        written.write(Entry(at=at, by=None, act="restore_confirmed", surface="command"))
        written.tie()


def noted_at(database: Database) -> int:
    """The place in the journal's chain of the last restore's own line."""
    query = (
        select(func.max(journal_links.c.place))
        .join(journal, journal.c.seq == journal_links.c.seq)
        .where(journal.c.act == "database_restored")
    )
    with database.reading.connect() as connection:
        return int(connection.execute(query).scalar_one())


def missing_rows(database: Database, restored: Restored) -> dict[str, int]:
    """How many rows are gone, by table, where rows stay."""
    with database.reading.connect() as connection:
        there = {t.name: row_count(connection, t) for t in STAY}
    short = {name: restored.rows.get(name, 0) - count for name, count in there.items()}
    return {name: gone for name, gone in short.items() if gone > 0}


def frames_out_of_step(database: Database) -> list[str]:
    """Those whose use is not the sum of their entries (R061)."""
    takes = entries.c.kind.in_([EntryKind.EXPENSE.value, EntryKind.COMMITMENT.value])
    effect = case((takes, entries.c.amount_ore), else_=-entries.c.amount_ore)
    total = select(func.coalesce(func.sum(effect), 0)).where(entries.c.frame_id == frames.c.id)
    query = select(frames.c.id).where(frames.c.used_ore != total.scalar_subquery())
    with database.reading.connect() as connection:
        return list(connection.execute(query).scalars())


def opens_everything(database: Database, keys: KeyRing) -> int:
    """How many sealed values there are; every one has been opened. Raises SealBroken with the place of one that does not."""
    with database.reading.connect() as connection:
        return sum(_opened(connection, place, keys) for place in PLACES)


def _opened(connection: Connection, place: Place, keys: KeyRing) -> int:
    count = 0
    for row in connection.execute(select(place.table), execution_options={"yield_per": BATCH}):
        held = {column: getattr(row, column) for column in place.sealed}
        for column, value in held.items():
            if value is not None:
                keys.open(bytes(value), table=place.table.name, column=column, row=place.row_name(row))
                count += 1
    return count


def sent_blindly(database: Database, restored: Restored) -> int:
    """Messages of before the backup that would be sent without a look; there must be none."""
    unsent = notices.c.state.not_in([NoticeState.SENT.value, NoticeState.CANCELLED.value])
    query = select(func.count()).where(
        unsent,
        notices.c.ts.is_(None),
        notices.c.created_at <= restored.taken_at,
        notices.c.look_since.is_(None),
    )
    with database.reading.connect() as connection:
        return int(connection.execute(query).scalar_one())


def to_look_for(database: Database) -> int:
    unsent = notices.c.state.in_([NoticeState.PENDING.value, NoticeState.SENDING.value])
    query = select(func.count()).where(unsent, notices.c.look_since.is_not(None))
    with database.reading.connect() as connection:
        return int(connection.execute(query).scalar_one())


def journal_is_there(database: Database, restored: Restored) -> bool:
    """The last line of the backup's, and the chain whole up to here."""
    with database.reading.connect() as connection:
        written = StoredJournal(connection, locking=False)
        verdict = judge(written.chain(), loose=written.loose(), cuts=written.cuts())
        return verdict.whole and written.latest() > restored.journal
