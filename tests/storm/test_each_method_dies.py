"""No use case writes anything without dying for it somewhere: `deaths.yaml` says where, and the code what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.money import Kroner
from bot.usecases.frame_facts import Use
from storage.engine import Database
from storage.unit_of_work import UnitOfWork
from tests.storm.deaths import Deaths, Table, named, writing_methods
from tests.support.frames import active_case
from tests.support.office import OfficeTown


def test_every_use_case_that_writes_is_killed_in_a_story_or_it_says_where_else() -> None:
    table = Table.read()
    stands = Counter([*table.all, *table.elsewhere])
    there = writing_methods()
    assert sorted(there - stands.keys()) == [], (
        "each needs a story in tests/storm/deaths.yaml in which it writes"
    )
    assert sorted(stands.keys() - there) == [], "these write nothing any more"
    assert [name for name, times in stands.items() if times > 1] == []
    assert {*table.several, *table.unlike, *table.drafts} <= there


def test_each_story_in_which_somebody_dies_is_there_on_its_database(request: pytest.FixtureRequest) -> None:
    """As far as its file is among what runs now, and runs whole."""
    chosen = request.config.getoption("keyword") or any("::" in told for told in request.config.args)
    if chosen:
        return
    table, collected = Table.read(), {named(item.nodeid) for item in request.session.items}
    files = {story.split("::", maxsplit=1)[0] for story, _ in collected}
    wanted = {(story, table.engine_of(name)) for story, names in table.stories.items() for name in names}
    there = {*collected, *((story, "anywhere") for story, _ in collected)}
    wanted |= {(story, "anywhere") for story in table.on_sqlite}
    assert sorted(w for w in wanted - there if w[0].split("::", maxsplit=1)[0] in files) == []


def test_the_use_cases_that_write_are_found_by_what_they_call() -> None:
    """By themselves, by another of their own, and not those that only look."""
    there = writing_methods()
    assert {"Cases.register", "Frames.repeat", "Meetings.carry_out_due"} <= there
    assert not {"Cases.alias_choices", "Outbox.listed", "Drafts.begun"} & there


Worse = Callable[[pytest.MonkeyPatch], None]


def forgets_what_was_asked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(UnitOfWork, "begin", lambda _work: None)


def writes_down_at_once(patch: pytest.MonkeyPatch) -> None:
    """The journal's line, and what stands before it, is kept before the rest is."""
    notes = UnitOfWork.note

    def note(work: UnitOfWork, act: str, **about: Any) -> int:
        raw: Any = work._connection.connection
        work._connection.dialect.do_commit(raw)
        raw.execute("BEGIN IMMEDIATE")
        return notes(work, act, **about)

    patch.setattr(UnitOfWork, "note", note)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("worse", "seen"),
    [
        (forgets_what_was_asked, "Frames.use: entries has "),
        (writes_down_at_once, "Frames.use: journal lacks "),
        (writes_down_at_once, "Frames.use is 2 transactions"),
    ],
)
def test_the_same_deaths_show_what_a_worse_bot_does(
    database: Database, monkeypatch: pytest.MonkeyPatch, worse: Worse, seen: str
) -> None:
    """Booked twice, or torn in two: else these deaths would be blind."""
    town = OfficeTown(database)
    case, _ = active_case(town)
    asked, use = town.asked("Maja Holm"), Use(Kroner.of(900), "transport", town.today)
    worse(monkeypatch)
    deaths = Deaths({"Frames.use"})
    with deaths.watching():
        town.office.frames.use(asked, case.id, use, again=True)
    assert any(said.startswith(seen) for said in deaths.found), deaths.found
