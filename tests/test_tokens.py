"""The token we speak with is taken up anew from its file, and what tells it from others gives nothing of it away."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.assembly import House
from bot.settings import Settings
from bot.tokens import LOOKS_EVERY, HeldToken
from storage.sealing import new_key
from tests.support.databases import Databases
from tests.support.office import OfficeTown

OLD, NEW = "xoxb-1-old", "xoxb-1-new"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    (tmp_path / "SLACK_BOT_TOKEN").write_text(OLD)
    given = {
        "INDGANG_SECRETS_DIR": str(tmp_path),
        "DATABASE_URL": Databases().fresh("sqlite", settle=OfficeTown),
        "INDGANG_KEYS": new_key(),
        "INDGANG_TEAM": "T1",
        "INDGANG_FIRST_ADMINISTRATOR": "U1",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return Settings.read()


def test_one_that_is_put_in_its_file_is_taken_up_by_every_client_and_has_another_mark(
    settings: Settings, tmp_path: Path
) -> None:
    house = House.build(settings)
    try:
        held, time = house.token, SimpleNamespace(now=0.0)
        assert isinstance(held, HeldToken)
        held._now, held._looks_from, before = lambda: time.now, 0.0, held.mark
        assert (held.renew(), held.mark) == (False, before), "there is no other"
        (tmp_path / "SLACK_BOT_TOKEN").write_text(NEW)
        assert not held.renew(), "the file was read a moment ago"
        time.now += LOOKS_EVERY
        assert held.renew()
        assert {house.client.token, house.quick.token} == {NEW}
        assert held.mark != before and len(held.mark) == 8
        time.now += LOOKS_EVERY
        (tmp_path / "SLACK_BOT_TOKEN").write_text("no token")
        assert (held.renew(), house.client.token) == (False, NEW), "one that is unfit leaves the old in place"
    finally:
        house.close()
