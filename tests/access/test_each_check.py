"""Every place where a use case asks who may, met by somebody who may not; and that no place is left out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from storage.engine import Database
from tests.access.prove import ROOT, listed
from tests.access.refusals import ROWS, Row
from tests.access.sites import NO_CHECK, SHORTCUTS, placed
from tests.access.told import DUTIES, NEWS
from tests.access.world import CHAIR, OUTSIDER, OWN, World, build
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


@pytest.mark.rule("D11")
def test_what_a_reading_has_found_already_is_asked_for_as_well(world: World) -> None:
    with world.town.work() as work:
        assert work.cases.find(world.case) is not None
        assert work.cases.seen_by(world.case, OUTSIDER, world.town.clock.at) is None


@pytest.mark.rule("D11")
def test_a_part_of_a_name_finds_nothing_of_others(world: World) -> None:
    found = [c.id for c in world.town.office.cases.find(world.asked(OWN), world.alias[:4])]
    assert found == [world.case]
    assert world.town.office.cases.find(world.asked(OUTSIDER), world.alias[:4]) == []


@pytest.mark.rule("D29")
def test_a_number_is_found_by_the_area_it_belongs_to(world: World) -> None:
    """The chair may see the case, and works in no area."""
    with world.town.work() as work:
        number = work.cases.references(world.on, ("social",))[0].tail
    for who, found in ((OWN, True), (CHAIR, False)):
        seen = [c.id for c in world.town.office.cases.find(world.asked(who), number)]
        assert (world.on in seen) == found


def test_no_place_is_left_out() -> None:
    named = [*(r.place for r in ROWS), *(n.place for n in (*NEWS, *DUTIES) if n.place)]
    assert [place for place, count in Counter(named).items() if count > 1] == []
    there = {site.name for site in placed()}
    assert there - SHORTCUTS - NO_CHECK == set(named)
    assert (SHORTCUTS | NO_CHECK) - there == set()


def test_what_is_taken_out_by_hand_stands_in_the_house_and_has_its_story() -> None:
    """`make prove-access` takes each out; a line that was written anew meanwhile would stop it."""
    for check in listed(ROOT):
        file, _, story = check.story.split("[")[0].partition("::")
        assert f"def {story}(" in (ROOT / file).read_text("utf-8"), check.story
        compile(check.without, check.file, "exec")
