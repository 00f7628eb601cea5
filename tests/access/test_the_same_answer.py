"""What is not yours reads like what is not there: behind every key of the desks, and for the database as well."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from bot.demo import town as demo
from bot.domain.people import ROLES_OF_AN_AREA, Person, Post, Role
from bot.domain.presentation import State
from handlers import table
from storage.engine import Database
from storage.tables import metadata
from tests.access.test_the_matrix import action, command, shown_for
from tests.support.frames import active_case
from tests.support.office import OfficeTown

EVERYTHING = frozenset(Post(r, "youth" if r in ROLES_OF_AN_AREA else None) for r in Role if r is not Role.DPO)
COLLEAGUE = Person("U0KIMPRV01", demo.TEAM, "Kim Prøve", EVERYTHING)
"""Every role but the data protection officer's (who may keep any case from being forgotten), in another area:
whatever stops them is that the case is not theirs.
"""

NEVER = "never-was"
NAMED_BY = ("c", "p", "f", "b", "i", "a", "s", "e", "id", "case", "m", "h", "t", "x")
BY_CHANCE = {
    "action:case.new",
    "action:alias.more",
    "action:calendar.give",
    "submit:referral.pick",
    "action:access.wish",
}
"""Four aliases are offered, others each time, and another address for the calendar; whoever has a role asks to be let
in once a day. No case is named.
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> OfficeTown:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('same')}/same.db")
    metadata.create_all(database.writing)
    town = OfficeTown(database)
    with town.house.storage.open_work(at=town.clock.at) as work:
        work.people.add(COLLEAGUE)
    return town


@pytest.fixture(scope="module")
def ids(town: OfficeTown) -> dict[str, str]:
    """An id of each kind of thing that belongs to one case which is nobody's business: not on any meeting."""
    case, follow_up = active_case(town)
    with town.house.storage.open_work(at=town.clock.at) as work:
        for one in work.presentations.of_case(case.id):
            work.presentations.save(replace(one, meeting_id=None, state=State.DECIDED))
    waits = town.requested("Maja Holm")
    with town.work() as work:
        assert {c.id for c in work.cases.visible(COLLEAGUE, town.clock.at)} == set()
    return {
        "case": case.id,
        "decided": follow_up if isinstance(follow_up, str) else follow_up.id,
        "requested": waits.id,
    }


def without_ids(words: str, *known: str) -> str:
    for one in known:
        words = words.replace(one, "ID")
    return re.sub(r"[B-Z]{3}-?[B-Z]{3}", "NUMBER", words)


def test_every_press_that_names_what_is_not_yours_answers_as_if_it_were_not_there(
    town: OfficeTown, ids: dict[str, str]
) -> None:
    keys = [
        k
        for k in table(town.office, town.house.rules, None)
        if k.startswith("action:") and k not in BY_CHANCE
    ]  # type: ignore[arg-type]
    different = []
    for key in keys:
        name = key.removeprefix("action:")
        missing = without_ids(shown_for(town, COLLEAGUE, "action", action(name, NEVER)), NEVER)
        for kind, one in ids.items():
            theirs = without_ids(shown_for(town, COLLEAGUE, "action", action(name, one)), one)
            if theirs != missing:
                different.append((key, kind, theirs[:80], missing[:80]))
    assert different == []


def submission(callback: str, one: str) -> dict[str, Any]:
    names = "".join(f',"{n}":"{one}"' for n in NAMED_BY)
    return {
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": f'{{"n":"{callback}{one}"{names}}}',
            "state": {"values": {}},
            "blocks": [],
        }
    }


def test_every_form_that_names_what_is_not_yours_answers_as_if_it_were_not_there(
    town: OfficeTown, ids: dict[str, str]
) -> None:
    keys = [
        k
        for k in table(town.office, town.house.rules, None)
        if k.startswith("submit:") and k not in BY_CHANCE
    ]  # type: ignore[arg-type]
    different = []
    for key in keys:
        name = key.removeprefix("submit:")
        missing = without_ids(shown_for(town, COLLEAGUE, "submit", submission(name, NEVER)), NEVER)
        for kind, one in ids.items():
            theirs = without_ids(shown_for(town, COLLEAGUE, "submit", submission(name, one)), one)
            if theirs != missing:
                different.append((key, kind, theirs[:80], missing[:80]))
    assert different == []


def statements(town: OfficeTown, kind: str, body: dict[str, Any]) -> list[str]:
    """What the database is asked, in order."""
    asked: list[str] = []
    database = town.house.storage.database

    def heard(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    engines = {id(e): e for e in (database.reading, database.writing)}.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", heard)
    try:
        shown_for(town, COLLEAGUE, kind, body)
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", heard)
    return asked


@pytest.mark.rule("D11")
@pytest.mark.parametrize(
    "name", ["case.open", "case.number", "case.system", "case.history", "closing.ask", "contacts.open"]
)
def test_the_database_is_asked_the_same_for_what_is_not_there_and_what_is_not_yours(
    town: OfficeTown, ids: dict[str, str], name: str
) -> None:
    """So it takes the same time; how long it takes is measured apart (`make bench`)."""
    theirs, missing = (statements(town, "action", action(name, one)) for one in (ids["case"], NEVER))
    assert theirs == missing
    assert theirs


@pytest.mark.rule("D11", "D29")
def test_a_name_that_is_somebody_elses_is_searched_for_as_one_that_nobody_has(
    town: OfficeTown, ids: dict[str, str]
) -> None:
    with town.work() as work:
        case = work.cases.get(ids["case"])
    for theirs, missing in ((case.alias, "Wqxzwqxz"), (case.key, "26-9999")):
        said = [shown_for(town, COLLEAGUE, "command", command("/sag", word)) for word in (theirs, missing)]
        assert said[0] == said[1]
        asked = [statements(town, "command", command("/sag", word)) for word in (theirs, missing)]
        assert asked[0] == asked[1]
