"""A small town in the database, of each kind."""

from __future__ import annotations

import pytest

from storage.unit_of_work import Storage
from tests.support.rows import Rows


@pytest.fixture
def town(storage: Storage) -> Rows:
    return Rows(storage)
