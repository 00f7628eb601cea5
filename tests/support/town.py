"""The demo town with a real bot in it: sandbox, Socket Mode, real storage; people act as the page would."""

from __future__ import annotations

import os
import threading
import uuid
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from bot.assembly import House
from bot.demo import town as demo
from bot.serving import Serving
from bot.settings import Settings
from storage.sealing import new_key
from storage.upgrade import upgrade
from tests.support.stage import Actor, Stage

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


def leave_for_the_judge(journal: Path) -> None:
    """All traffic of a journey, as a file of its own in the folder the build names: each is a workspace of its own."""
    wanted = os.environ.get("INDGANG_JOURNEY_JOURNAL")
    if wanted and journal.exists():
        Path(wanted).mkdir(parents=True, exist_ok=True)
        (Path(wanted) / f"{uuid.uuid4().hex}.jsonl").write_bytes(journal.read_bytes())


class RunningTown:
    """`with RunningTown(database_url) as town: town.maja.types("/sag ny")`. Nobody is mocked."""

    def __init__(
        self,
        database_url: str,
        *,
        key: str | None = None,
        settle: Any = demo.settle_people,
        state: Path | None = None,
        rules: Path | None = None,
        world: dict[str, Any] | None = None,
        names: Path | None = None,
        judged: bool = True,
    ) -> None:
        """Not `judged`: where Slack denies what it did, the judge, who hears its answers only, knows half of it."""
        self._judged = judged
        self.database_url, self.key = database_url, key or new_key()
        self._settle, self._rules, self._names = settle, rules, names
        self.stage = Stage(world or demo.world(), MANIFEST, state=state)

    def __enter__(self) -> RunningTown:
        self.stage.start()
        self.start_bot()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_bot()
        self.stage.stop()
        if self._judged:
            leave_for_the_judge(self.stage.journal)

    def start_bot(self) -> None:
        self.house = House.build(self.settings())
        upgrade(self.house.storage.database)
        self._settle(self.house)
        self._serving = Serving(self.house)
        self._thread = threading.Thread(target=self._serving.run, kwargs={"with_clock": True}, daemon=True)
        self._thread.start()
        self.stage.waits_for_the_bot()

    def stop_bot(self) -> None:
        self._serving.stop()
        self._thread.join(15)

    def settings(self) -> Settings:
        return Settings(
            SLACK_BOT_TOKEN=SecretStr(self.stage.bot_token),
            SLACK_APP_TOKEN=SecretStr(self.stage.app_token),
            SLACK_SIGNING_SECRET=SecretStr(self.stage.signing_secret),
            INDGANG_STATUS="off",
            SLACK_API_URL=self.stage.base_url,
            DATABASE_URL=SecretStr(self.database_url),
            INDGANG_KEYS=SecretStr(self.key),
            INDGANG_TEAM=demo.TEAM,
            INDGANG_FIRST_ADMINISTRATOR=demo.FIRST_ADMINISTRATOR,
            INDGANG_CLOCK_URL=self.stage.clock_url,
            INDGANG_RULES=self._rules,
            INDGANG_NAMES=self._names,
        )

    def person(self, name: str) -> Actor:
        return self.stage.person(name)
