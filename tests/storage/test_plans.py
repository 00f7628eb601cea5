"""What is asked for every day is found by an index, and in as many questions whatever the number of cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.engine import Database
from tests.benchmarks.daily import Desk
from tests.support.databases import Databases
from tests.support.office import OfficeTown
from tests.support.plans import listening

FEW, MANY = 3, 9
MOST = {
    "Home, a caseworker": 36,
    "Home, the leader": 36,
    "Home, the secretary": 42,
    "Home, the chair": 70,
    "/indgang": 12,
    "/sag: my cases": 18,
    "/sag by": 48,
    "/sag ny": 18,
    "a case is registered": 30,
    "/ramme": 64,
    "the frame's form": 50,
    "/opfolgning": 20,
    "/henvis": 28,
    "/dagsorden": 54,
    "a case is opened": 36,
    "the clock's round": 70,
    "the outbox": 6,
}
"""Questions to the database, at most: some more than today, so that a word may be added, and a loop is seen."""


@pytest.fixture
def desks(engine: str, databases: Databases) -> Iterator[list[tuple[Database, Desk]]]:
    """The same town twice: Peter has three cases in one, and nine in the other."""
    found = []
    for count in (FEW, MANY):
        database = databases.at(databases.fresh(engine, settle=OfficeTown))
        found.append((database, Desk(OfficeTown(database), cases=count, on_agenda=count - 1)))
    yield found
    for database, _ in found:
        database.close()
        databases.take_back(database.address)


def test_no_question_walks_through_a_whole_table_and_none_is_asked_once_per_case(
    desks: list[tuple[Database, Desk]],
) -> None:
    walks: dict[str, list[str]] = {}
    counts: dict[str, list[int]] = {}
    for database, desk in desks:
        for daily in desk.daily():
            daily.asks()  # the first time there may be a hint, or a welcome
            with listening(database) as asked:
                daily.asks()
            counts.setdefault(daily.name, []).append(asked.count)
            walks[daily.name] = asked.walks(database)
    assert {name: found for name, found in walks.items() if found} == {}
    assert {name: n for name, n in counts.items() if n[1] > n[0]} == {}, "more questions for more cases"
    assert {name: n for name, n in counts.items() if max(n) > _most(name)} == {}


def _most(name: str) -> int:
    return next(most for begins, most in MOST.items() if name.startswith(begins))
