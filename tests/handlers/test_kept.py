"""No form starts from nothing after an interruption (D37, criterion 9): Esc, a kill and a restart at every field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storage.engine import Database
from storage.tables import metadata
from tests.support.hands import Hands, another
from tests.support.office import OfficeTown

KEY = "k" * 43 + "="


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/kept.db")
    metadata.create_all(database.writing)
    return database


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database)


def fill_all(hands: Hands) -> dict[str, Any]:
    """Another answer in every field, also in those that come to be asked."""
    done: dict[str, Any] = {}
    while left := [name for name in hands.fields if name not in done]:
        for name in left:
            if name in hands.fields:
                done[name] = another(hands.fields[name]["element"], hands.answers[name])
                hands.fills(name, done[name])
    return hands.answers


@pytest.mark.rule("D37")
def test_a_case_begun_is_there_after_esc(town: OfficeTown) -> None:
    hands = Hands(town, "U0MAJA0001")
    hands.types("/sag", "ny")
    written = fill_all(hands)
    hands.closes(says_what_stood=False)
    hands.types("/sag", "ny")
    assert hands.answers == written
    assert hands.has_draft
