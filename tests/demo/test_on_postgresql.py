"""The town in a PostgreSQL database of the visitor's: an empty one, and none that holds anything is ever emptied."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.demo.launch import HALF, HALF_ELSEWHERE, KEPT, NotThatDatabase, Place, _upgrade, begin, demo
from bot.settings import SettingsUnfit
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


def test_a_first_start_that_was_broken_off_says_what_to_do_with_its_database(
    databases: Databases, tmp_path: Path
) -> None:
    place, address = Place(tmp_path), databases.empty("postgresql", tmp_path)
    assert place.next_start == HALF
    for _ in range(2):
        begin(place, address, fresh=False)
        assert place.next_start == HALF_ELSEWHERE, "while it is empty it is begun in again all the same"
    _upgrade(place)
    for fresh in (False, True):
        with pytest.raises(NotThatDatabase, match="not laid out whole"):
            begin(place, address, fresh=fresh)
    place.settled.touch()
    assert place.next_start == KEPT


@pytest.mark.parametrize("address", ["foo", "sqlite:///town.db", "postgresql://u:p/w@h/town"])
def test_what_names_no_server_is_refused_before_anything_is_made(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsUnfit, match="unfit_server name=--database"):
        demo(tmp_path / "demo", port=1, fresh=False, database=address)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_in_is_said_to_be_that(tmp_path: Path) -> None:
    (tmp_path / "running").mkdir()
    said: list[str] = []
    assert demo(tmp_path, port=8420, fresh=False, say=said.append) == 1
    assert said[-1].startswith(f"The demo cannot remember in {tmp_path} (")


def test_a_server_that_does_not_answer_is_said_to_be_that_one(tmp_path: Path) -> None:
    with pytest.raises(NotThatDatabase, match="does not answer"):
        begin(Place(tmp_path), "postgresql://127.0.0.1:1/town", fresh=False)
