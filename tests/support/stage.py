"""The stage for stories: a sandbox of our own in a thread, and people who look at it and act as a page would.

    with Stage(world, manifest) as stage:
        bot = start_the_bot(base_url=stage.base_url, bot_token=stage.bot_token, app_token=stage.app_token)
        stage.waits_for_the_bot()
        maja = stage.person("Maja Holm")
        form = maja.types("/sag ny")                      # the modal that opened, or None
        maja.fills("Overskrift", "Ny bolig")              # by label, block_id or action_id
        maja.chooses("Område", "Beskæftigelse")
        assert maja.submits().complaints == {"reason": "Skriv hvorfor."}
        maja.closes()
        maja.sees("Sagen er oprettet", in_="dm")          # waits for it
        maja.presses("Henvis", near="S-2026-0001")
        assert maja.home().buttons == ["Ny sag"]
        stage.jump("2026-11-19T08:00")

Where something is looked for (`in_`): "modal", "home", "dm" (the direct messages with the bot), a channel's id or name, or
None for wherever it is: the open modal if there is one, else the newest message that has it, else the Home tab.
"""

import asyncio
import json
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.clocks import FRESH_SECONDS
from bot.sandbox import Manifest, Sandbox, World
from tests.support.actor import Actor, Hindered
from tests.support.seen import Home, Message, Modal, NotThere, Record, Shown
from tests.support.wire import PATIENCE, Wire, waits_until

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
QUICK_RETRIES = (0.0, 0.2, 0.5)  # events come again sooner than in Slack: a test has no five minutes

__all__ = [
    "PATIENCE",
    "Actor",
    "Hindered",
    "Home",
    "Message",
    "Modal",
    "NotThere",
    "Shown",
    "Stage",
    "waits_until",
]


class Stage:
    """A sandbox on a free port with a state directory of its own; everything stops when the block ends."""

    def __init__(
        self,
        world: Record,
        manifest: Record,
        *,
        state: Path | None = None,
        retries: tuple[float, ...] = QUICK_RETRIES,
        port: int = 0,
        request_url: str | None = None,
    ) -> None:
        self._request_url = request_url
        self._world, self._manifest = world, manifest
        self._scratch = None if state else tempfile.TemporaryDirectory(prefix="stage-")
        self.state = state or Path(self._scratch.name)
        self._retries = retries
        self._port = port
        self._wire = Wire(self)

    def __enter__(self) -> "Stage":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._scratch:
            self._scratch.cleanup()

    # Where it stands.

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What the bot's client needs: the Web API, with the slash at the end."""
        return f"{self.base}/api/"

    @property
    def clock_url(self) -> str:
        return f"{self.base}/clock"

    @property
    def port(self) -> int:
        return self._port

    @property
    def bot_token(self) -> str:
        return str(self._world["tokens"]["bot"])

    @property
    def app_token(self) -> str:
        return str(self._world["tokens"]["app"])

    @property
    def signing_secret(self) -> str:
        return str(self._world["tokens"].get("signing", ""))

    @property
    def bot_user(self) -> str:
        return str(self._world["bot"]["user_id"])

    @property
    def journal(self) -> Path:
        return self.state / "journal.jsonl"

    def journaled(self, direction: str | None = None, method: str | None = None) -> list[Record]:
        """What the journal says so far: `direction` is api, push, ack, response_url or note."""
        lines = self.journal.read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        return [
            e
            for e in events
            if direction in (None, e["dir"]) and (method is None or e.get("method") == method)
        ]

    # Who acts.

    def person(self, who: str) -> Actor:
        """Somebody in the world, by id or name."""
        return Actor(self, self.person_id(who))

    def person_id(self, who: str) -> str:
        for person in self._world["people"]:
            if who in (person["id"], person["name"]):
                return str(person["id"])
        raise NotThere(f"nobody called {who!r} in the world")

    # What happens around the bot.

    @property
    def clock(self) -> datetime:
        return datetime.fromisoformat(self._wire.get("/clock")["now"])

    def jump(self, to: str | datetime) -> None:
        """Moves the sandbox clock forward, and lets the bot hear of it; a time without an offset is Danish."""
        moment = datetime.fromisoformat(to) if isinstance(to, str) else to
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=COPENHAGEN)
        self._moves_the_clock(to=moment.isoformat())

    def jump_to_mark(self, name: str) -> None:
        self._moves_the_clock(mark=name)

    def jump_to_tomorrow(self) -> None:
        self._moves_the_clock(tomorrow=True)

    def _moves_the_clock(self, **how: Any) -> None:
        """The bot asks for the time five times a second; nobody's hand is quicker than that, but a script's is."""
        self._do("clock", **how)
        time.sleep(FRESH_SECONDS)

    def fault(self, kind: str, method: str = "*", times: int = 1, seconds: float | None = None) -> None:
        """The next calls go wrong: drop_after, drop_before, 500, 429, slow, error:<code>.

        Or something else breaks: outage_on, outage_off, sockets_refresh, sockets_drop, sockets_drop_one,
        sockets_disable; clear forgets all.
        """
        self._do("fault", kind=kind, method=method, times=times, seconds=seconds)

    def invites(self, who: str, channel: str) -> None:
        self._do("workspace", do="invite", channel=self.channel_id(channel), user=self._anybody(who))

    def removes(self, who: str, channel: str) -> None:
        self._do("workspace", do="remove", channel=self.channel_id(channel), user=self._anybody(who))

    def archives(self, channel: str) -> None:
        self._do("workspace", do="archive", channel=self.channel_id(channel))

    def unarchives(self, channel: str) -> None:
        self._do("workspace", do="unarchive", channel=self.channel_id(channel))

    def shares(self, channel: str) -> None:
        self._do("workspace", do="share", channel=self.channel_id(channel))

    def unshares(self, channel: str) -> None:
        self._do("workspace", do="unshare", channel=self.channel_id(channel))

    def deactivates(self, who: str) -> None:
        self._do("workspace", do="deactivate", user=self.person_id(who))

    def reactivates(self, who: str) -> None:
        self._do("workspace", do="reactivate", user=self.person_id(who))

    def channel_id(self, channel: str) -> str:
        name = channel.removeprefix("#")
        for one in self._world["channels"]:
            if name in (one["id"], one["name"]):
                return str(one["id"])
        raise NotThere(f"no channel {channel!r} in the world")

    # Starting and stopping.

    def start(self) -> None:
        opened = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(opened,), name="sandbox", daemon=True)
        self._thread.start()
        opened.wait(10)
        if self._failure:
            raise self._failure

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def restart(self) -> None:
        """Stops and starts again on the same port and state directory, as after a night's maintenance."""
        self.stop()
        self.start()

    def waits_for_the_bot(self, connections: int = 1, within: float = 10.0) -> None:
        """Until that many sockets are open."""
        waits_until(lambda: self.sandbox.sockets.connected >= connections, within)

    def _run(self, opened: threading.Event) -> None:
        try:
            asyncio.run(self._play(opened))
        except BaseException as failure:  # the thread that waits is told
            self._failure = failure
            opened.set()

    async def _play(self, opened: threading.Event) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        self.sandbox = Sandbox(
            world=World.of(self._world),
            manifest=Manifest.of(self._manifest),
            state=self.state,
            port=self._port,
            retries=self._retries,
            request_url=self._request_url,
        )
        try:
            await self.sandbox.start()
            self._port = int(self.sandbox.base.rsplit(":", 1)[1])
            opened.set()
            await self._stopped.wait()
        finally:
            await self.sandbox.stop()

    def _anybody(self, who: str) -> str:
        return (
            self.bot_user
            if who in ("bot", self.bot_user, self._world["bot"]["name"])
            else self.person_id(who)
        )

    def _do(self, door: str, **body: Any) -> None:
        reply = self._wire.post(f"/page/api/{door}", body)
        if not reply.get("ok"):
            raise Hindered(reply)
