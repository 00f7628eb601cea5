"""The journal is never changed: the database refuses, and whoever gets around the database is found (D12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from bot.domain.chain import Anchor, Fault, Verdict, judge, linked
from storage.tables import journal, journal_links
from storage.unit_of_work import Storage
from tests.support.rows import AT

LINES = 6


@pytest.fixture
def kept(storage: Storage) -> Storage:
    """A journal with six lines, two of them in one transaction."""
    for n in range(LINES - 1):
        with storage.open_work(at=AT + timedelta(minutes=n)) as work:
            work.note("case_registered", case=f"case{n}", alias="Bogfinke", æ="ø")
            if n == 0:
                work.look(f"case{n}", what="case_opened")
    return storage


def verdict(storage: Storage, *anchors: Anchor) -> Verdict:
    with storage.open_reading(at=AT) as work:
        return judge(work.journal.chain(), loose=work.journal.loose(), anchors=anchors)


def mark(storage: Storage) -> Anchor:
    last = verdict(storage).last
    assert last is not None
    return last


def by_hand(storage: Storage, change: Callable[[Connection], object]) -> None:
    """As whoever owns the database can: the triggers out of the way first."""
    with storage.database.turn(), storage.database.writing.begin() as connection:
        for table in ("journal", "journal_links"):
            if storage.database.is_sqlite:
                for what in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_stands_{what}"))
            else:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_stands ON {table}"))
        change(connection)


def test_every_line_is_in_the_chain_in_the_transaction_that_wrote_it(kept: Storage):
    found = verdict(kept)
    assert (found.places, found.fault) == (LINES, None)


def test_what_is_undone_leaves_no_line_and_no_link(kept: Storage):
    with pytest.raises(ZeroDivisionError), kept.open_work(at=AT) as work:
        work.note("case_registered", case="case9")
        raise ZeroDivisionError
    assert verdict(kept).places == LINES


@pytest.mark.parametrize("table", ["journal", "journal_links"])
@pytest.mark.parametrize("what", ["UPDATE {} SET seq = seq + 1", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(kept: Storage, table: str, what: str):
    with (
        kept.database.turn(),
        pytest.raises(DatabaseError, match="the journal stands"),
        kept.database.writing.begin() as connection,
    ):
        connection.execute(text(what.format(table)))
    assert verdict(kept).whole


def _make_anew(connection: Connection) -> None:
    """Changes a line, and makes every print fit again."""
    connection.execute(update(journal).where(journal.c.seq == 2).values(act="nothing_happened"))
    connection.execute(delete(journal_links))
    from storage.journal import StoredJournal

    shelf = StoredJournal(connection, locking=False)
    rows = connection.execute(select(journal.c.seq).order_by(journal.c.seq)).scalars().all()
    entries = [shelf.entry(seq) for seq in rows]
    for link in linked(None, [e for e in entries if e]):
        connection.execute(insert(journal_links).values(place=link.place, seq=link.seq, print=link.print))


TAMPERING: dict[str, tuple[Callable[[Connection], object], Fault]] = {
    "a line is edited": (
        lambda c: c.execute(update(journal).where(journal.c.seq == 3).values(by="UEVIL")),
        Fault.CHANGED,
    ),
    "its time is moved": (
        lambda c: c.execute(update(journal).where(journal.c.seq == 3).values(at=AT)),
        Fault.CHANGED,
    ),
    "a line is removed": (lambda c: c.execute(delete(journal).where(journal.c.seq == 3)), Fault.GONE),
    "a line is removed with its link": (
        lambda c: [c.execute(delete(t).where(t.c.seq == 3)) for t in (journal_links, journal)],
        Fault.GAP,
    ),
    "two lines are swapped": (
        lambda c: [
            c.execute(update(journal).where(journal.c.seq == a).values(case_id=b))
            for a, b in ((3, "case2"), (4, "case1"))
        ],
        Fault.CHANGED,
    ),
    "a line is slipped in": (
        lambda c: c.execute(
            insert(journal).values(at=AT, act="case_opened", facts={}, surface="x", role="", look=True)
        ),
        Fault.SLIPPED_IN,
    ),
    "the end is cut off": (
        lambda c: [c.execute(delete(t).where(t.c.seq > 4)) for t in (journal_links, journal)],
        Fault.CUT,
    ),
    "the chain is made anew": (_make_anew, Fault.MADE_ANEW),
    "everything is emptied": (lambda c: [c.execute(delete(t)) for t in (journal_links, journal)], Fault.CUT),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_whoever_gets_around_the_database_is_found(kept: Storage, how: str):
    anchor = mark(kept)
    change, fault = TAMPERING[how]
    by_hand(kept, change)
    assert verdict(kept, replace(anchor, print=anchor.print[:20])).fault == fault


def test_a_chain_made_anew_is_not_seen_without_a_mark_from_outside(kept: Storage):
    """Why the mark is kept elsewhere: this is what it is for."""
    by_hand(kept, _make_anew)
    assert verdict(kept).whole


def test_writers_at_the_same_time_make_one_chain(kept: Storage):
    from concurrent.futures import ThreadPoolExecutor

    def write(n: int) -> None:
        with kept.open_work(at=AT) as work:
            work.note("case_registered", case=f"more{n}")
            work.note("case_anchored", case=f"more{n}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    found = verdict(kept)
    assert (found.places, found.fault) == (LINES + 48, None)
