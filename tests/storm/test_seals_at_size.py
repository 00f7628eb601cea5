"""What is sealed, in great numbers: nothing changed or moved opens, nothing stands readable, and the key can be changed.

In `make test` as few as show it; in `make storm` 10,000 seals tampered with, 10,000 marks, and 100,000 cases moved to a
new key while people read and whoever moves them is killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from select import select as select_ready
from typing import Any, NoReturn

import pytest
from sqlalchemy import insert, select, update

from bot.domain.birth import Born
from bot.domain.case import Reference
from bot.domain.count import Count, Counted
from bot.usecases.left_out import Unreadable
from storage.backup import back_up
from storage.canary import keys_fit
from storage.cases import blinded
from storage.engine import Database
from storage.resealing import PLACES, Place, left, reseal
from storage.sealing import KeyRing, SealBroken, new_key
from storage.tables import birth_months, cases, references
from storage.unit_of_work import Storage
from tests.storm.conftest import LONG, Figures, step
from tests.support.canary import MARKS, found_in, mark
from tests.support.canary_outside import dumped, on_disk, opened
from tests.support.databases import Databases
from tests.support.rows import AT, Rows

TAMPERED = 10_000 if LONG else 200
MARKED = 10_000 if LONG else 60
MOVED, KILLED = (100_000, 20) if LONG else (160, 2)
EACH_TIME = 250
"""Seals tampered with in one transaction, which is then undone."""
OLD, NEW = new_key(), new_key()
on_both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if LONG else ["sqlite"])
"""In the storm; else what other stories show on both is shown on one."""


# --- changed, moved, cut, or sealed by somebody else ---

SAMPLE = 12
Read = Callable[[Any, Any], Any]
READ: dict[str, Read] = {
    "case_references.number": lambda work, row: work.cases.reference(row.case_id, row.area).number,
    "case_references.link": lambda work, row: work.cases.reference(row.case_id, row.area).link,
    "birth_months.month": lambda work, row: work.cases.birth_month(row.case_id),
    "drafts.held": lambda work, row: work.drafts.held(row.person, row.form, row.subject),
    "count_rows.sealed": lambda work, row: list(work.counts.rows(row.count_id))[-1],
}
"""How people come to what is sealed there."""


def sealed_town(storage: Storage) -> None:
    town = Rows(storage)
    for n in range(SAMPLE):
        case = town.case().id
        with storage.open_work(at=AT) as work:
            work.cases.put_reference(Reference(case, "social", f"S2026-{n:06d}", f"https://fag.example/{n}"))
            work.cases.put_birth_month(case, f"2005-{n + 1:02d}")
            work.drafts.keep("UMAJA", "case_new", str(n), {"number": f"S2026-{n:06d}"}, AT)
            work.counts.add(Count(f"count-{n}", f"name{n}", AT, 1, complete=True))
            work.counts.add_rows(
                f"count-{n}", 1, [Counted(Born(2001, n + 1), AT.date(), None, False, False, False)]
            )


class Seals:
    """Every sealed value of the town, by where it stands."""

    def __init__(self, work: Any, chance: random.Random) -> None:
        self._work, self._chance, self._strange = work, chance, KeyRing.read(new_key())
        self.places = [(p, c) for p in PLACES for c in p.sealed if f"{p.table.name}.{c}" in READ]
        self.rows = {p.table.name: work._connection.execute(select(p.table)).all() for p, _ in self.places}

    def one(self) -> tuple[Place, str, Any]:
        place, column = self._chance.choice(self.places)
        return place, column, self._chance.choice(self.rows[place.table.name])

    def spoiled(self, place: Place, column: str, row: Any) -> tuple[str, bytes]:
        """Another value in its stead, and what was done to it."""
        own, chance = bytes(getattr(row, column)), self._chance
        match how := chance.choice(("moved", "elsewhere", "flipped", "cut", "grown", "strange key")):
            case "moved":
                there = chance.choice([r for r in self.rows[place.table.name] if r is not row])
                return how, bytes(getattr(there, column))
            case "elsewhere":
                other, its = chance.choice([p for p in self.places if p != (place, column)])
                return how, bytes(getattr(chance.choice(self.rows[other.table.name]), its))
            case "flipped":
                at = chance.randrange(8 * len(own))
                return how, (int.from_bytes(own, "big") ^ (1 << at)).to_bytes(len(own), "big")
            case "cut":
                return how, own[: chance.randrange(len(own))]
            case "grown":
                return how, own + chance.randbytes(chance.randint(1, 40))
            case _:
                sealed = self._strange.seal(
                    "x", table=place.table.name, column=column, row=place.row_name(row)
                )
                return how, sealed

    def put(self, place: Place, column: str, row: Any, value: bytes) -> None:
        this = [place.table.c[name] == getattr(row, name) for name in place.called]
        self._work._connection.execute(update(place.table).where(*this).values({column: value}))

    def opens(self, place: Place, column: str, row: Any) -> bool:
        try:
            return READ[f"{place.table.name}.{column}"](self._work, row) is not None
        except (SealBroken, Unreadable):
            return False


class Undone(Exception):
    """Nothing of it stays."""


@on_both
@pytest.mark.rule("D27")
def test_nothing_that_was_changed_moved_or_sealed_by_another_opens(
    storage: Storage, figures: Figures
) -> None:
    sealed_town(storage)
    chance, done, accepted = random.Random(24), Counter[str](), list[Any]()
    while done.total() < TAMPERED:
        step("seals tampered with", done.total(), TAMPERED)
        with pytest.raises(Undone), storage.open_work(at=AT) as work:
            seals = Seals(work, chance)
            for _ in range(min(EACH_TIME, TAMPERED - done.total())):
                place, column, row = seals.one()
                assert seals.opens(place, column, row), "as it was"
                how, value = seals.spoiled(place, column, row)
                seals.put(place, column, row, value)
                accepted += [(how, place.table.name, column)] if seals.opens(place, column, row) else []
                seals.put(place, column, row, bytes(getattr(row, column)))
                done[how] += 1
            raise Undone
    assert (accepted, len(done)) == ([], 6)
    figures(tampered=done.total(), opened=len(accepted))


# --- readable nowhere ---


@on_both
@pytest.mark.rule("D27")
def test_no_mark_that_is_sealed_stands_in_any_byte(
    storage: Storage, databases: Databases, tmp_path: Path, figures: Figures
) -> None:
    """Of some the value is written anew, and some are taken away again: what they were may not stand there either."""
    town, marks = Rows(storage), (mark(n) for n in range(10**6))
    kept: list[str] = []

    def fresh() -> str:
        kept.append(next(marks))
        return kept[-1]

    while len(kept) < MARKED:
        step("marks sealed", len(kept), MARKED)
        case = town.case().id
        for _ in range(2):
            with storage.open_work(at=AT) as work:
                work.cases.put_reference(Reference(case, "social", fresh(), f"https://fag.example/{fresh()}"))
                work.drafts.keep("UMAJA", "case_new", case, {"number": fresh()}, AT)
        with storage.open_work(at=AT) as work:
            work.drafts.drop("UMAJA", "case_new", case)
    back_up(
        storage.database,
        tmp_path / "all.zip",
        keys=storage.keys,
        program="test",
        now=lambda: datetime.now(UTC),
    )
    found = {
        "backup": opened("backup", (tmp_path / "all.zip").read_bytes()),
        "dump": dumped(storage.database),
    }
    found |= on_disk(storage.database, databases)
    assert {place: hits for place, body in found.items() if (hits := found_in(body, kept))} == {}
    assert not [place for place, body in found.items() if MARKS.search(body.decode("utf-8", "replace"))]
    assert {"backup", "dump", "database", "database-wal"} <= set(found)
    figures(marks=len(kept), searched_mb=round(sum(map(len, found.values())) / 1e6, 1), found=0)


# --- a new key, while people read ---


@on_both
@pytest.mark.rule("D27")
def test_the_key_is_changed_while_people_read_and_whoever_changes_it_is_killed(
    engine: str,
    databases: Databases,
    fast_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    figures: Figures,
) -> None:
    (folder := fast_folder / tmp_path.name).mkdir()
    address, both = databases.fresh(engine, folder), KeyRing.read(f"{NEW},{OLD}")
    if not LONG:
        monkeypatch.setattr("storage.resealing.BATCH", 40)
    with closing(Database(address)) as database:
        _fill(database, MOVED)
        assert sum(left(database, both).values()) == 2 * MOVED + 1
    began, worked = time.monotonic(), _worked()
    with _somebody_reads(address, folder / "read.json"):
        kills = sum(_moves_and_dies(address, both, random.Random(n)) for n in range(KILLED))
        with closing(Database(address)) as database:
            for moved, _ in enumerate(reseal(database, both)):
                step("batches moved", moved, 2 * MOVED // 500)
        seconds, worked = time.monotonic() - began, _worked() - worked
    read = json.loads((folder / "read.json").read_text())
    with closing(Database(address)) as database:
        assert set(left(database, both).values()) == {0}
        assert [n for n in _some(MOVED) if not _is_whole(database, KeyRing.read(NEW), n)] == []
    databases.take_back(address)
    assert (kills, read["failed"]) == (KILLED, [])
    assert read["done"]
    figures(
        cases=MOVED,
        seconds=round(seconds, 1),
        of_processor=round(worked, 1),
        killed=kills,
        read_meanwhile=read["done"],
        not_read=0,
    )
    assert worked < 300, "the time that is asked for 100,000 cases; how long it took says what else ran"


def _worked() -> float:
    """Seconds of processor in this process and those that have died."""
    return sum(os.times()[:4])


def _fill(database: Database, count: int) -> None:
    """So many cases, each with a number, a link and a month that the old key has sealed."""
    keys = KeyRing.read(OLD)
    keys_fit(database, keys)
    first = Rows(Storage(database, keys=keys, new_id=lambda: "none")).case()
    with database.turn(), database.writing.begin() as connection:
        row = connection.execute(select(cases).where(cases.c.id == first.id)).one()._asdict()
        for begin in range(0, count, 5_000):
            some = range(begin, min(begin + 5_000, count))
            named = [{"id": f"m{n}", "key": f"m-{n}", "alias": f"M{n}"} for n in some]
            connection.execute(insert(cases), [row | one for one in named])
            connection.execute(insert(references), [_reference(keys, n) for n in some])
            connection.execute(insert(birth_months), [_month(keys, n) for n in some])


def _held(n: int) -> Reference:
    return Reference(f"m{n}", "social", f"S2026-{n:06d}", f"https://fag.example/{n}")


def _born(n: int) -> str:
    return f"{1995 + n % 13}-{n % 12 + 1:02d}"


def _reference(keys: KeyRing, n: int) -> dict[str, Any]:
    held = _held(n)
    place = {"table": "case_references", "row": f"{held.case_id}/{held.area}"}
    sealed = {c: keys.seal(str(getattr(held, c)), column=c, **place) for c in ("number", "link")}
    return {"case_id": held.case_id, "area": held.area, **sealed, **blinded(keys, held)}


def _month(keys: KeyRing, n: int) -> dict[str, Any]:
    sealed = keys.seal(_born(n), table="birth_months", column="month", row=f"m{n}")
    return {"case_id": f"m{n}", "month": sealed}


def _some(count: int) -> range:
    return range(0, count, max(1, count // 2_000))


def _is_whole(database: Database, keys: KeyRing, n: int) -> bool:
    """It opens as it was sealed, and is found again by its number."""
    with Storage(database, keys=keys, new_id=lambda: "none").open_reading(at=AT) as work:
        found = work.cases.case_with_number("social", _held(n).number)
        held = (work.cases.reference(f"m{n}", "social"), work.cases.birth_month(f"m{n}"))
        return found is not None and (found.id, *held) == (f"m{n}", _held(n), _born(n))


def _moves_and_dies(address: str, keys: KeyRing, chance: random.Random) -> bool:
    """In a process of its own, which is killed somewhere in one of its batches; False when it came to its end."""
    hears, says = os.pipe()
    if not (pid := os.fork()):
        with suppress(BaseException):
            for _ in reseal(Database(address), keys):
                os.write(says, b".")
        os._exit(0)
    os.close(says)
    told = [os.read(hears, 1) for _ in range(chance.randint(1, 3))]
    time.sleep(chance.uniform(0, 0.02))
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(hears)
    return all(told) and os.WIFSIGNALED(status)


@contextmanager
def _somebody_reads(address: str, says: Path) -> Iterator[None]:
    """With both keys, as `serve` does meanwhile, in a process of its own and without a rest."""
    hears, holds = os.pipe()
    if not (pid := os.fork()):
        os.close(holds)
        _read_on(address, hears, says)
    os.close(hears)
    try:
        yield
    finally:
        os.close(holds)
        os.waitpid(pid, 0)


def _read_on(address: str, until: int, says: Path) -> NoReturn:
    done, failed, chance = 0, list[str](), random.Random(1)
    try:
        database, both = Database(address), KeyRing.read(f"{NEW},{OLD}")
        while not (done and select_ready([until], [], [], 0)[0]):
            n = chance.randrange(MOVED)
            done += 1
            if not _is_whole(database, both, n):
                failed.append(f"m{n}")
    except BaseException:
        failed.append(traceback.format_exc())
    says.write_text(json.dumps({"done": done, "failed": failed}))
    os._exit(0)
