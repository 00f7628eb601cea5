"""The live line to the pages that look on: a word that something changed, never what."""

import asyncio
import contextlib
from typing import Any

from aiohttp import WSMsgType, web

PAUSE = 0.02  # changes within this time are told as one


class Live:
    def __init__(self) -> None:
        self._lookers: list[tuple[str, web.WebSocketResponse]] = []
        self._waiting: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def changed(self) -> None:
        """Tells every page, once for all that happens within a moment."""
        if self._waiting is None and self._lookers:
            self._waiting = asyncio.get_running_loop().call_later(PAUSE, self._tell_all)

    def trouble(self, user: str, text: str) -> None:
        self._tell([s for who, s in self._lookers if who == user], {"type": "trouble", "text": text})

    async def look_on(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        looker = (request.query.get("as", ""), socket)
        self._lookers.append(looker)
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._lookers.remove(looker)
        return socket

    async def close(self) -> None:
        if self._waiting:
            self._waiting.cancel()
        for _, socket in list(self._lookers):
            with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
                await asyncio.wait_for(socket.close(), 1)

    def _tell_all(self) -> None:
        self._waiting = None
        self._tell([socket for _, socket in self._lookers], {"type": "changed"})

    def _tell(self, sockets: list[web.WebSocketResponse], word: dict[str, Any]) -> None:
        for socket in sockets:
            task = asyncio.create_task(_say(socket, word))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _say(socket: web.WebSocketResponse, word: dict[str, Any]) -> None:
    try:
        await socket.send_json(word)
    except (ConnectionError, RuntimeError):
        return  # The page has gone; it asks for everything when it comes back.
