"""The table of who may see a case, against everything that decides it: use case, Slack, and what is sent by itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.demo import town as demo
from bot.domain.case import CaseNotFound
from bot.domain.notices import Notice
from bot.domain.people import Person
from bot.texts import texts
from bot.usecases.cases import case_of
from bot.usecases.delivery import Telling
from bot.usecases.ports import Asked
from storage.engine import Database
from tests.access.facts import AT, COLUMNS, FACTS, KIM, STAGES, Cell, alias, cells, holder, lay_out, seat
from tests.handlers.test_gone import GONE, Shown, border
from tests.support.databases import Databases
from tests.support.office import OfficeTown, readable

PRESSES = itertools.count(1)
COMMANDS = ("/sag", "/dagsorden", "/opfolgning", "/ramme", "/frist", "/henvis", "/indgang")


@pytest.fixture(scope="module")
def databases_here() -> Databases:
    return Databases()


def a_town(databases: Databases, engine: str) -> OfficeTown:
    town = OfficeTown(Database(databases.fresh(engine, settle=OfficeTown)))
    town.clock.at = AT
    with town.house.storage.open_work(at=AT) as work:
        lay_out(work)
    return town


@pytest.fixture(scope="module")
def town(databases_here: Databases) -> OfficeTown:
    """One for the whole table: nothing in it is changed but what Kim holds."""
    return a_town(databases_here, "sqlite")


@contextmanager
def kim_as(town: OfficeTown, column: str) -> Iterator[Any]:
    """Kim holds what the column says, also as the database knows them."""
    wanted = holder(column)
    with town.house.storage.open_work(at=AT) as work:
        known = work.people.get(KIM)
        work.people.save(replace(known, posts=wanted.posts, active=wanted.active))
        work.committees.remove_seat("seat-kim")
        sits = seat(column)
        if sits:
            work.committees.put_seat(sits)
    yield wanted


def disagree(said: dict[Cell, bool]) -> list[str]:
    return [f"{c.column} / {c.fact} / {c.stage}: {seen}" for c, seen in said.items() if seen != c.may]


def test_the_table_is_whole() -> None:
    assert len(COLUMNS) * len(FACTS) * len(STAGES) >= 5000
    assert len({alias(f, s) for f in FACTS for s in STAGES}) == len(FACTS) * len(STAGES)
    opened = {cell.fact for column in COLUMNS for cell in cells(column) if cell.may}
    assert len(opened) == 29, (
        "a fact that opens nothing is in the table to be refused; see that none was lost"
    )


@pytest.mark.rule("D11", "R060", "R118", "D31", "D32", "T24", "T32")
@pytest.mark.parametrize("column", COLUMNS)
def test_what_is_listed_and_what_is_told_agrees_with_the_table(town: OfficeTown, column: str) -> None:
    with kim_as(town, column) as kim, town.work() as work:
        listed = {case.id for case in work.cases.visible(kim, AT)}
        assert disagree({cell: cell.case in listed for cell in cells(column)}) == []
        told = {}
        work.cases.gather(cell.case for cell in cells(column))
        for cell in cells(column):
            notice = Notice("key", "case_cancelled", KIM, {}, case_id=cell.case)
            told[cell] = case_of(Telling(work, notice, kim, AT)) is not None
        assert disagree(told) == []


@pytest.mark.rule("D11")
def test_who_holds_nothing_of_their_own_or_has_left_sees_nothing(town: OfficeTown) -> None:
    for column in ("nobody_in_particular", "only_lent", "left"):
        with kim_as(town, column) as kim, town.work() as work:
            assert work.cases.visible(kim, AT) == [], column


@pytest.mark.rule("D11")
@pytest.mark.parametrize("column", COLUMNS)
def test_what_is_opened_agrees_with_the_table(town: OfficeTown, column: str) -> None:
    with kim_as(town, column) as kim:
        asked = Asked(kim, AT, "test", None)
        said = {}
        for cell in cells(column)[
            COLUMNS.index(column) % 4 :: 4
        ]:  # each fact in stages that follow one another
            try:
                said[cell] = town.office.cases.get(asked, cell.case).id == cell.case
            except CaseNotFound:
                said[cell] = False
        assert disagree(said) == []


@pytest.mark.rule("D11", "D22")
@pytest.mark.parametrize("column", COLUMNS)
def test_what_slack_shows_agrees_with_the_table(town: OfficeTown, column: str) -> None:
    """Each fact in one stage, by its id and by its key; a refusal is the one sentence, or that there is no role."""
    with kim_as(town, column) as kim:
        said = {}
        for index, fact in enumerate(FACTS):
            cell = Cell(column, fact, STAGES[index % len(STAGES)])
            name = alias(cell.fact, cell.stage)
            by_id = shown_for(town, kim, "action", action("case.open", cell.case))
            by_name = shown_for(town, kim, "command", command("/sag", name))
            assert (name in by_id) == (f"»{name}«" in by_name or f"*{name}*" in by_name), (column, fact)
            assert name in by_id or GONE in by_id or not kim.has_any_role
            said[cell] = name in by_id
        assert disagree(said) == []


@pytest.mark.rule("D11", "D6")
@pytest.mark.parametrize("column", COLUMNS)
def test_no_page_and_no_list_names_a_case_the_table_keeps_closed(town: OfficeTown, column: str) -> None:
    with kim_as(town, column) as kim:
        home = town.house.draw_home(kim, AT, texts("da"))
        pages = {"home": str(home)}
        for name in COMMANDS:
            pages[name] = shown_for(town, kim, "command", command(name, ""))
        leaks = [
            f"{column} / {cell.fact} / {cell.stage} on {place}"
            for cell in cells(column)
            if not cell.may
            for place, words in pages.items()
            if alias(cell.fact, cell.stage) in words
        ]
        assert leaks == []


def action(name: str, value: str) -> dict[str, Any]:
    return {
        "view": {"id": "V1", "type": "modal", "private_metadata": "{}"},
        "actions": [{"action_id": name, "block_id": "b", "value": value, "action_ts": f"{next(PRESSES)}"}],
    }


def command(name: str, text: str) -> dict[str, Any]:
    return {"command": name, "text": text, "channel_id": "C1", "user_id": KIM}


class Door:
    """Lets in whoever is said to stand there; how the real one looks is its own story."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def let_in(self, *_: Any, **__: Any) -> Person:
        return self._person

    def again(self, person: Person, **_: Any) -> Person:
        return person


def shown_for(town: OfficeTown, kim: Person, kind: str, body: dict[str, Any]) -> str:
    """Everything Slack is given in answer."""
    shown, acks = Shown(), []
    desk = border(town, shown)
    desk._door = Door(kim)  # type: ignore[assignment]
    who = {"user": {"id": KIM, "team_id": demo.TEAM}, "team": {"id": demo.TEAM}, "trigger_id": "t1"}
    desk._hear(kind, {**who, **body}, lambda **said: acks.append(said))
    return "\n".join([*shown.said, *(readable(said) for said in acks)])


@pytest.mark.rule("D11")
def test_the_other_database_says_the_same(databases_here: Databases) -> None:
    """Every third column; the rest is the same condition."""
    town = a_town(databases_here, "postgresql")
    for column in COLUMNS[::3]:
        with kim_as(town, column) as kim, town.work() as work:
            listed = {case.id for case in work.cases.visible(kim, AT)}
            assert disagree({cell: cell.case in listed for cell in cells(column)}) == []
    town.house.storage.database.close()
