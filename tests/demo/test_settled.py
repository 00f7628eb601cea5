"""The town as it lies when the demo opens: what was owed before has been heard, and nothing comes late."""

from __future__ import annotations

from pathlib import Path

from bot.demo import town as demo
from storage.engine import Database
from storage.tables import metadata
from tests.support.office import OfficeTown


def test_the_first_mornings_messages_are_not_late(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/town.db")
    metadata.create_all(database.writing)
    town = OfficeTown(database, settle=demo.settle)
    heard: list[str] = []
    for hours in (0, 24):  # Monday and Tuesday at 7.50
        town.jump(hours=hours)
        town.knock()
        heard += [said for c in demo.CAST for said in town.heard(c.id)]
    assert any("I dag:" in said for said in heard)
    assert not [said for said in heard if "Forsinket" in said]
    database.close()
