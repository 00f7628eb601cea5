"""The key may be changed while everybody works, and whoever changes it may be stopped at any moment (D27)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import LargeBinary, event
from sqlalchemy.exc import OperationalError

from bot.domain.case import Reference
from bot.domain.count import Count, Counted
from storage.canary import WrongKeys, keys_fit
from storage.engine import Database
from storage.resealing import PLACES, left, reseal
from storage.sealing import KeyRing, KeyUnfit, SealBroken, new_key
from storage.tables import metadata
from storage.unit_of_work import Storage
from tests.support.rows import AT, Rows

OLD, NEW = new_key(), new_key()
BOTH = KeyRing.read(f"{NEW},{OLD}")
HASHES = {"blind", "blind_tail"}
CASES = 3


class Killed(BaseException):
    """The process is gone in the middle of a statement."""


@dataclass
class Sealed:
    """A database full of what the old key has sealed."""

    database: Database
    cases: list[str]

    def held(self, keys: KeyRing) -> list[object]:
        storage = Storage(self.database, keys=keys, new_id=lambda: "none")
        with storage.open_reading(at=AT) as work:
            return [
                *((c, work.cases.reference(c, "social"), work.cases.birth_month(c)) for c in self.cases),
                work.drafts.held("UMAJA", "case_new", ""),
                list(work.counts.rows("count")),
            ]

    def found(self, keys: KeyRing, number: str) -> str | None:
        storage = Storage(self.database, keys=keys, new_id=lambda: "none")
        with storage.open_reading(at=AT) as work:
            case = work.cases.case_with_number("social", number)
            return case.id if case else None


@pytest.fixture
def sealed(storage: Storage) -> Sealed:
    old = Storage(storage.database, keys=KeyRing.read(OLD), new_id=storage._new_id)
    keys_fit(old.database, old.keys)
    town = Rows(old)
    cases = [town.case().id for _ in range(CASES)]
    with old.open_work(at=AT) as work:
        for n, case in enumerate(cases):
            work.cases.put_reference(Reference(case, "social", f"S2026-00{n}711", "https://fag.example/1"))
            work.cases.put_birth_month(case, f"200{n}-05")
        work.drafts.keep("UMAJA", "case_new", "", {"number": "S2026-009999"}, AT)
        work.counts.add(Count("count", "nord", AT, 1, complete=True))
        work.counts.add_rows("count", 1, [a_counted()])
    return Sealed(storage.database, cases)


def a_counted() -> Counted:
    return Counted.of("2001-05|2019-01-01||000")


def test_afterwards_the_old_key_is_not_needed_and_everything_reads_as_before(sealed: Sealed):
    before = sealed.held(KeyRing.read(OLD))
    assert sum(left(sealed.database, BOTH).values()) == 2 * CASES + 3
    moved = sum(reseal(sealed.database, BOTH))
    assert (moved, set(left(sealed.database, BOTH).values())) == (2 * CASES + 3, {0})
    assert sealed.held(KeyRing.read(NEW)) == before
    assert sealed.found(KeyRing.read(NEW), "s2026-001711") == sealed.cases[1]
    keys_fit(sealed.database, KeyRing.read(NEW))


def test_a_number_is_found_while_the_change_is_under_way_whichever_key_comes_first(sealed: Sealed):
    for _ in range(2):
        for ring in (BOTH, KeyRing.read(f"{OLD},{NEW}")):
            assert sealed.found(ring, "S2026-001711") == sealed.cases[1]
        sum(reseal(sealed.database, BOTH))


def test_whoever_changes_the_keys_may_be_killed_at_every_statement(sealed: Sealed):
    before = sealed.held(KeyRing.read(OLD))
    step = 0
    while True:
        step += 1
        if _killed_at(sealed.database, step):
            assert sealed.held(BOTH) == before
            continue
        break
    assert step > 2 * CASES
    assert sealed.held(KeyRing.read(NEW)) == before


def test_what_somebody_changes_meanwhile_is_not_lost(sealed: Sealed):
    moving = reseal(sealed.database, BOTH)
    next(moving)
    with Storage(sealed.database, keys=BOTH, new_id=lambda: "none").open_work(at=AT) as work:
        work.cases.put_birth_month(sealed.cases[0], "1999-12")
    sum(moving)
    with Storage(sealed.database, keys=KeyRing.read(NEW), new_id=lambda: "none").open_reading(at=AT) as work:
        assert work.cases.birth_month(sealed.cases[0]) == "1999-12"


def test_a_ring_that_is_not_of_this_database_is_refused_and_nothing_is_written(sealed: Sealed):
    with pytest.raises(WrongKeys):
        keys_fit(sealed.database, KeyRing.read(NEW))
    keys_fit(sealed.database, KeyRing.read(OLD))


def test_a_value_no_key_opens_stops_the_change_with_its_place(sealed: Sealed):
    with pytest.raises(SealBroken, match=r"canaries\.sealed"):
        sum(reseal(sealed.database, KeyRing.read(NEW)))


def test_every_sealed_column_is_among_those_that_are_moved():
    named = {(p.table.name, c) for p in PLACES for c in p.sealed}
    kept = {
        (t.name, c.name)
        for t in metadata.tables.values()
        for c in t.columns
        if isinstance(c.type, LargeBinary) and c.name not in HASHES
    }
    assert named == kept


def test_a_regular_key_is_a_sample_and_no_key():
    with pytest.raises(KeyUnfit):
        KeyRing.read("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")


def _killed_at(database: Database, step: int) -> bool:
    count = iter(range(1, step + 1))

    def kill(*_: object) -> None:
        if next(count, None) == step:
            raise Killed

    event.listen(database.writing, "before_cursor_execute", kill)
    try:
        sum(reseal(database, BOTH))
    except (Killed, OperationalError) as why:  # on PostgreSQL, told as a statement that failed
        assert isinstance(getattr(why, "orig", why), Killed)
        return True
    finally:
        event.remove(database.writing, "before_cursor_execute", kill)
    return False
