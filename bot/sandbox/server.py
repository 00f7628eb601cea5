"""One process, one port, loopback: puts the sandbox together and serves it until it is told to stop."""

import asyncio
import contextlib
import errno
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.clock import SandboxClock, moment_of
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.live import Live
from bot.sandbox.methods import Methods
from bot.sandbox.page_api import PageApi
from bot.sandbox.passes import ResponseUrls, Triggers
from bot.sandbox.payloads import Shapes
from bot.sandbox.people import People
from bot.sandbox.request_url import RequestUrl
from bot.sandbox.sockets import RETRIES, Sockets
from bot.sandbox.stage_hand import StageHand
from bot.sandbox.store import Store
from bot.sandbox.views import Views
from bot.sandbox.web_api import ResponseDoor, WebApi
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import Manifest, World

PAGE = Path(__file__).parent / "page"
CLOCK_KEPT_EVERY = 1.0
LARGEST_BODY = 4 * 1024 * 1024


class PortTaken(Exception):
    """Somebody else listens on that port; another may be free."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")
        self.host = host
        self.port = port


class Sandbox:
    """A Slack of our own. `start` it inside a running event loop, `stop` it there; the state directory remembers.

    Port 0 asks for any free port; `base` tells which one it became.
    """

    def __init__(
        self,
        *,
        world: World,
        manifest: Manifest,
        state: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        journal: Path | None = None,
        retries: Sequence[float] = RETRIES,
        request_url: str | None = None,
    ) -> None:
        """`request_url`: what the app hears is sent there, signed, instead of through its sockets."""
        self._host, self._port = host, port
        self._store = Store(state / "sandbox.sqlite")
        self.journal = Journal(journal or state / "journal.jsonl")
        self._kept = self._store.shelf("clock")
        self.live = Live()
        self.clock = SandboxClock(world.clock_start)
        self.workspace = Workspace(self._store, world, self.clock, self.live.changed)
        self._wind_up(world)
        self.views = Views(self._store, world, self.live.changed)
        self.sockets = (
            RequestUrl(request_url, world, self.journal, retries=retries)
            if request_url
            else Sockets(world.bot, self.journal, retries=retries)
        )
        self.faults = Faults()
        self._app = self._assemble(world, manifest)
        self._runner: web.AppRunner | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def base(self) -> str:
        """Where this sandbox stands, without a slash at the end."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Opens the door. Raises `PortTaken` when somebody else stands in it."""
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port, reuse_address=True)
        try:
            await site.start()
        except OSError as fault:
            await self._runner.cleanup()
            if fault.errno == errno.EADDRINUSE:
                raise PortTaken(self._host, self._port) from fault
            raise
        self._port = self._runner.addresses[0][1]
        self._keeper = asyncio.create_task(self._keep_clock())

    async def stop(self) -> None:
        """Closes every connection and writes down what time it is."""
        if self._keeper:
            self._keeper.cancel()
        self._remember_clock()
        await self.sockets.close()
        await self.live.close()
        if self._runner:
            await self._runner.cleanup()
        self.journal.close()
        self._store.close()

    def _assemble(self, world: World, manifest: Manifest) -> web.Application:
        workspace, views, clock = self.workspace, self.views, self.clock
        shapes = Shapes(workspace)
        triggers, urls = Triggers(), ResponseUrls(self._store.shelf("response_urls"))
        events = Events(
            manifest=manifest,
            sockets=self.sockets,
            shapes=shapes,
            clock=clock,
            bot=world.bot.user_id,
        )
        methods = Methods(
            workspace=workspace,
            views=views,
            triggers=triggers,
            sockets=self.sockets,
            shapes=shapes,
            manifest=manifest,
            joined=lambda channel: events.joined(world.bot.user_id, channel),
        )
        people = People(
            workspace=workspace,
            views=views,
            triggers=triggers,
            response_urls=urls,
            sockets=self.sockets,
            events=events,
            shapes=shapes,
            manifest=manifest,
            clock=clock,
            journal=self.journal,
            live=self.live,
            base=lambda: self.base,
        )
        self._hand = StageHand(
            workspace=workspace,
            events=events,
            sockets=self.sockets,
            faults=self.faults,
            clock=clock,
            marks=self._store.shelf("marks"),
        )
        api = WebApi(
            methods=methods,
            manifest=manifest,
            tokens=(world.bot_token, world.app_token),
            faults=self.faults,
            journal=self.journal,
        )
        door = ResponseDoor(
            workspace=workspace,
            urls=urls,
            faults=self.faults,
            journal=self.journal,
            base=lambda: self.base,
        )
        page = PageApi(
            workspace=workspace,
            views=views,
            people=people,
            hand=self._hand,
            manifest=manifest,
            clock=clock,
            live=self.live,
        )
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes(
            [
                web.get("/", _index),
                *page.routes(),
                web.get("/page/{file}", _page_file),
                web.get("/clock", self._tell_time),
                web.post("/clock/marks", self._set_marks),
                web.route("*", "/api/{method}", api.answer),
                web.get("/link/", self._listen),
                web.get("/link", self._listen),
                web.post("/response/{key}", door.answer),
            ],
        )
        return app

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        if self.faults.outage:
            return web.Response(status=503, text="Service Unavailable")
        return await self.sockets.listen(request)

    async def _tell_time(self, _: web.Request) -> web.Response:
        return web.json_response({"now": self.clock.now().isoformat()})

    async def _set_marks(self, request: web.Request) -> web.Response:
        try:
            self._hand.set_marks((await request.json())["marks"])
        except (KeyError, ValueError, TypeError) as fault:
            return web.json_response({"ok": False, "error": repr(fault)}, status=400)
        self.live.changed()
        return web.json_response({"ok": True})

    # The clock goes on where it stopped.

    def _wind_up(self, world: World) -> None:
        """The latest of what the world says, what was written down, and the last message: never back in time."""
        written = self._kept.get("now")
        moments = [world.clock_start, moment_of(self.workspace.latest_stamp())]
        moments += [datetime.fromisoformat(written)] if written else []
        latest = max(moments)
        if latest > self.clock.now():
            self.clock.jump(latest)

    async def _keep_clock(self) -> None:
        while True:
            await asyncio.sleep(CLOCK_KEPT_EVERY)
            self._remember_clock()

    def _remember_clock(self) -> None:
        self._kept.put("now", self.clock.now().isoformat())


def serve(  # noqa: PLR0917 - the caller knows these by heart: where from, where to, where
    world: Path,
    manifest: Path,
    state: Path,
    host: str,
    port: int,
    ready: Callable[[str], None],
    *,
    journal: Path | None = None,
    request_url: str | None = None,
) -> None:
    """Serves until SIGINT or SIGTERM. `ready` is told the base address once the door is open.

    Raises `PortTaken` before anybody was let in, so that the caller may try the next port.
    """
    sandbox_of: dict[str, Any] = {
        "world": World.read(world),
        "manifest": Manifest.read(manifest),
        "state": state,
        "host": host,
        "port": port,
        "journal": journal,
        "request_url": request_url,
    }
    asyncio.run(_serve(sandbox_of, ready))


async def _serve(sandbox_of: dict[str, Any], ready: Callable[[str], None]) -> None:
    sandbox = Sandbox(**sandbox_of)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        # Not every loop or thread may listen for signals; whoever embeds the sandbox stops it by `stop`.
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(signum, stopped.set)
    try:
        await sandbox.start()
        ready(sandbox.base)
        await stopped.wait()
    finally:
        await sandbox.stop()


async def _index(_: web.Request) -> web.StreamResponse:
    return _file(PAGE / "index.html")


async def _page_file(request: web.Request) -> web.StreamResponse:
    return _file(PAGE / Path(request.match_info["file"]).name)


def _file(path: Path) -> web.StreamResponse:
    if not path.is_file():
        return web.Response(status=404, text="not found")
    return web.FileResponse(path, headers={"Cache-Control": "no-store"})
