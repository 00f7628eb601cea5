"""The town without Slack, on each kind of database."""

from __future__ import annotations

import pytest

from storage.engine import Database
from tests.support.databases import Settle
from tests.support.office import OfficeTown


@pytest.fixture
def settle() -> Settle:
    """The people of the town and its meetings; a story whose town begins otherwise says so."""
    return OfficeTown


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database)
