"""The commands are asked in English here; that they answer in Danish elsewhere is a story of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _an_english_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
