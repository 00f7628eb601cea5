"""Finds, for each demand, a line whose removal turns one of its stories red, and writes it into proofs.yaml.

    make prove                      all that have none, or whose line or story is gone
    make prove ARGS="R061 T18"      these anew

Works in a copy of the house; takes minutes. A removal that only makes the code fall over is no proof: a story must
contradict it. Only lines the stories reach are tried, guards first, nearest to where the number is named.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from fcntl import LOCK_EX, flock
from itertools import chain, product
from pathlib import Path

import pytest
import yaml

from tests.rules.book import ROOT, Book, Demand, Proof
from tests.rules.removals import Removal, removals
from tests.rules.trial import OPTIONS, Court, Outcome, Reached, loaded_anew

TARGET = "tests/rules/proofs.yaml"
MEMORY = "/dev/shm"  # where databases are thrown away fastest
MOST_TRIALS = 40
MOST_ANEW = 5  # of those the house must be loaded anew for, which costs some seconds each
MOST_STORIES = 8
QUICK_FIRST = ("tests/domain", "tests/rules", "tests/views", "tests/texts", "tests/storage", "tests/usecases")
NOT_TRIED = ("tests/browser", "tests/demo")
LEFT_OUT = (".git", ".venv", ".hypothesis", "*_cache", "__pycache__", ".ci", ".demo")


def main(asked: list[str]) -> None:
    """In a copy of the house: nothing that is tried touches the real one."""
    with tempfile.TemporaryDirectory(prefix="indgang-prove-") as folder:
        house = Path(os.path.realpath(folder)) / "house"
        shutil.copytree(ROOT, house, ignore=shutil.ignore_patterns(*LEFT_OUT))
        command = [sys.executable, "-m", "tests.rules.prove", "--within", str(ROOT / TARGET), *asked]
        quick = {"TMPDIR": MEMORY} if Path(MEMORY).is_dir() else {}
        subprocess.run(command, cwd=house, env=os.environ | quick, check=False)


def within(target: Path, asked: list[str]) -> None:
    """Within the copy: every story is collected once, and the trials begin."""
    book = Book()
    demands = [
        d for d in book.demands if d.needs_a_story and (d.number in asked if asked else not _stands(book, d))
    ]
    stories = sorted({story for demand in demands for story in _stories(book, demand)})
    pytest.main([*OPTIONS, *stories], plugins=[_Session(book, demands, target)])


class _Session:
    """A pytest plugin that tries the stories instead of running them."""

    def __init__(self, book: Book, demands: list[Demand], target: Path) -> None:
        self._book = book
        self._demands = demands
        self._target = target

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        court = Court(session.items, ROOT, _files(self._book, self._demands))
        for demand in self._demands:
            proof, why = prove(self._book, demand, court)
            found = f"{proof.file}: {proof.line}" if proof else "NOTHING TURNED RED"
            print(f"{demand.number} {found}\n     {proof.story if proof else ''} {why}"[:400], flush=True)
            if proof:
                _write(self._target, demand.number, proof)
        return True


def _files(book: Book, demands: list[Demand]) -> list[str]:
    """Those in which something may be taken out."""
    lives = {place.partition("::")[0] for d in demands for place in book.lives.get(d.number, ())}
    return sorted(lives | {file for d in demands for file in book.files_raising(_raisable(d, book))})


def _stands(book: Book, demand: Demand) -> bool:
    proof = book.proofs.get(demand.number)
    return proof is not None and not book.doubt_about(demand.number, proof)


def _write(target: Path, number: str, proof: Proof) -> None:
    """Adds one proof; two runs beside each other keep each other's."""
    with target.open("r+", encoding="utf-8") as file:
        flock(file, LOCK_EX)
        proofs = (yaml.safe_load(file) or {}) | {number: asdict(proof)}
        file.seek(0)
        file.truncate()
        file.write(yaml.safe_dump(dict(sorted(proofs.items())), allow_unicode=True, width=200))


def _stories(book: Book, demand: Demand) -> list[str]:
    def rank(story: str) -> int:
        return next((i for i, folder in enumerate(QUICK_FIRST) if story.startswith(folder)), len(QUICK_FIRST))

    found = sorted(set(book.stories.get(demand.number, ())), key=lambda story: (rank(story), story))
    return [s for s in found if not s.startswith(NOT_TRIED)][:MOST_STORIES]


def prove(book: Book, demand: Demand, court: Court) -> tuple[Proof | None, str]:
    """The first removal a story contradicts, with what the story said; None when none was found."""
    stories = _stories(book, demand)
    reached = court.reached(stories)
    tried = anew = 0
    for removal, touched in _reachable(demand, book, reached):
        outcome = _tried(court, removal, [s for s in stories if s in touched], anew=anew < MOST_ANEW)
        tried += 1
        anew += not removal.reached_by
        if outcome.speaks:
            return Proof(removal.file, removal.line, outcome.red), outcome.why
        if tried >= MOST_TRIALS:
            break
    return None, f"{len(reached)} stories, {tried} removals"


def _tried(court: Court, removal: Removal, stories: list[str], *, anew: bool) -> Outcome:
    if removal.reached_by:
        return court.without_code(stories, removal.file, removal.first, removal.without) or Outcome()
    if not anew:
        return Outcome()
    with _Without(removal):
        return loaded_anew(stories, ROOT)


def _reachable(
    demand: Demand, book: Book, reached: Mapping[str, Reached]
) -> Iterator[tuple[Removal, set[str]]]:
    """Each removal, once, with the stories that reach it; what is read at import is reached by all, and comes last."""
    done: set[tuple[str, int, int]] = set()
    for removal in chain(*(ways(demand, book) for ways in (_named, _refusals, _within_homes, _at_import))):
        if book.times_there(removal.file, removal.line) > 1:
            continue  # a reader could not tell which, nor the suite that it is gone
        key = (removal.file, removal.first, removal.last)
        lines = {(removal.file, line) for line in removal.reached_by}
        touched = {story for story, seen in reached.items() if not lines or lines & seen}
        if key not in done and touched and removal.stands:
            done.add(key)
            yield removal, touched


def _named(demand: Demand, book: Book) -> Iterator[Removal]:
    """The lines that name the number beside them."""
    for at_import, place in product((False, True), book.lives.get(demand.number, ())):
        found = removals(ROOT, place, at_import=at_import)
        yield from (removal for removal in found if _names(removal.line, demand.number))


def _refusals(demand: Demand, book: Book) -> Iterator[Removal]:
    """The guards that raise a refusal which names the number, wherever they stand."""
    named = _raisable(demand, book)
    for file in book.files_raising(named):
        for removal in removals(ROOT, file, at_import=False):
            if removal.guards and any(f"raise {name}" in removal.taken for name in named):
                yield removal


def _names(text: str, number: str) -> bool:
    return re.search(rf"#.*\b{number}\b", text) is not None


def _raisable(demand: Demand, book: Book) -> tuple[str, ...]:
    names = [place.partition("::")[2].split(".")[0] for place in book.lives.get(demand.number, ())]
    return tuple(dict.fromkeys(name for name in names if name[:1].isupper() and not name.isupper()))


def _within_homes(demand: Demand, book: Book) -> Iterator[Removal]:
    for place in book.lives.get(demand.number, ()):
        yield from removals(ROOT, place, at_import=False)


def _at_import(demand: Demand, book: Book) -> Iterator[Removal]:
    """What is read at import: first the lines that name the number beside them."""
    found = [r for place in book.lives.get(demand.number, ()) for r in removals(ROOT, place, at_import=True)]
    yield from sorted(found, key=lambda removal: not _names(removal.line, demand.number))


class _Without:
    """For as long as it is entered, the house stands without the removed lines."""

    clock = 1

    def __init__(self, removal: Removal) -> None:
        self._file = ROOT / removal.file
        self._whole = self._file.read_text("utf-8")
        self._removal = removal

    def __enter__(self) -> None:
        self._put(self._removal.without)

    def __exit__(self, *_: object) -> None:
        self._put(self._whole)

    def _put(self, text: str) -> None:
        """A time of its own for each writing, so that no compiled file is taken for another's."""
        self._file.write_text(text, encoding="utf-8")
        _Without.clock += 1
        os.utime(self._file, (_Without.clock, _Without.clock))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--within"]:
        within(Path(sys.argv[2]), sys.argv[3:])
    else:
        main(sys.argv[1:])
