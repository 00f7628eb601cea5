"""The town in a PostgreSQL database of the visitor's: an empty one, and none that holds anything is ever emptied."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.demo.launch import NotThatDatabase, Place, begin
from tests.support.databases import Databases


def test_the_town_lies_in_an_empty_database_and_goes_on_there(databases: Databases, tmp_path: Path) -> None:
    empty, used = databases.empty("postgresql", tmp_path), databases.fresh("postgresql", tmp_path)
    place = Place(tmp_path)
    begin(place, empty, fresh=False)
    assert place.database_url == empty
    assert stat.S_IMODE(place.elsewhere.stat().st_mode) == 0o600, "it may hold a password"
    place.settled.touch()
    for named in (None, empty):
        begin(place, named, fresh=False)
        assert place.database_url == empty
    with pytest.raises(NotThatDatabase, match="lies in another database"):
        begin(place, used, fresh=False)
    with pytest.raises(NotThatDatabase, match="something in that database already"):
        begin(place, used, fresh=True)
    assert place.database_url == empty, "and the town is still there"
    begin(place, None, fresh=True)
    assert place.database_url == f"sqlite:///{tmp_path}/indgang.db"
    databases.take_back(used)
