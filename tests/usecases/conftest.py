"""The town without Slack, on each kind of database."""

from __future__ import annotations

import pytest

from storage.engine import Database
from tests.support.office import OfficeTown


@pytest.fixture
def town(database: Database) -> OfficeTown:
    return OfficeTown(database)
