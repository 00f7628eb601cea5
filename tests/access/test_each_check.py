"""Every place where a use case asks who may, met by somebody who may not; and that no place is left out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from storage.engine import Database
from tests.access.refusals import ROWS, Row
from tests.access.sites import sites
from tests.access.told import DUTIES, NEWS
from tests.access.world import World, build
from tests.support.databases import Databases
from tests.support.office import OfficeTown


@pytest.fixture(scope="module")
def world() -> World:
    databases = Databases()
    return build(OfficeTown(Database(databases.fresh("sqlite", settle=OfficeTown))))


def met(world: World, row: Row) -> Any:
    """The refusal, or what is answered; any other fault is no refusal."""
    try:
        return row.ask(world.town.office, world.asked(row.who), world)
    except Exception as refusal:  # whatever it is, it is compared
        return type(refusal).__name__


@pytest.mark.rule("D11")
@pytest.mark.parametrize("row", ROWS, ids=[row.place for row in ROWS])
def test_whoever_may_not_is_refused(world: World, row: Row) -> None:
    wanted = row.meets.__name__ if isinstance(row.meets, type) else row.meets
    assert met(world, row) == wanted


def test_no_place_is_left_out() -> None:
    named = [*(r.place for r in ROWS), *(n.place for n in (*NEWS, *DUTIES) if n.place)]
    assert [place for place, count in Counter(named).items() if count > 1] == []
    assert {s.name for s in sites()} == set(named)
