"""Socket Mode: the connections an app holds open, what is pushed through them, and what comes back in time."""

import asyncio
import secrets
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.journal import Journal
from bot.sandbox.world import Bot

Record = dict[str, Any]
ACK_WITHIN = 3.0
TICKET_LIFE = 30.0
MOST_CONNECTIONS = 10
RETRIES: tuple[float, ...] = (0, 60, 300)  # Slack tries again at once, after a minute and after five


class NotConnected(Exception):
    """No app is listening."""


class NoAnswer(Exception):
    """The app did not acknowledge within three seconds."""


class AnsweredOtherwise(NoAnswer):
    """The app answered with something that is no acknowledgement."""


class Sockets:
    """Every deadline here is real time: the sandbox clock may jump while an app is thinking."""

    def __init__(self, bot: Bot, journal: Journal, *, retries: Sequence[float] = RETRIES) -> None:
        self._bot = bot
        self._journal = journal
        self._retries = tuple(retries)
        self._tickets: dict[str, float] = {}
        self._connections: list[web.WebSocketResponse] = []
        self._awaited: dict[str, asyncio.Future[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def ticket(self) -> str:
        """A pass for one connection, good for half a minute."""
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = time.monotonic() + TICKET_LIFE
        return ticket

    @property
    def connected(self) -> int:
        return len(self._connections)

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello until it closes."""
        good_until = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if good_until < time.monotonic() or len(self._connections) >= MOST_CONNECTIONS:
            return web.Response(status=403, text="invalid ticket")
        line = web.WebSocketResponse(heartbeat=30)
        await line.prepare(request)
        self._connections.append(line)
        try:
            await line.send_json(self._hello())
            async for message in line:
                if message.type is WSMsgType.TEXT:
                    self._hear(message.json())
        finally:
            if line in self._connections:
                self._connections.remove(line)
        return line

    # Pushing.

    async def ask(self, kind: str, payload: Record) -> Any:
        """Pushes an interaction once and answers what the app acknowledged with."""
        envelope = self._envelope(kind, payload, answerable=True)
        return await self._deliver(kind, envelope)

    def tell(self, payload: Record) -> "asyncio.Task[None]":
        """Pushes an event, and again when it is not acknowledged. Nobody has to wait for it."""
        task = asyncio.create_task(self._insist(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _insist(self, payload: Record) -> None:
        envelope = self._envelope("events_api", payload, answerable=False)
        envelope |= {"retry_attempt": 0, "retry_reason": ""}
        for attempt, pause in enumerate((0.0, *self._retries)):
            await asyncio.sleep(pause)
            envelope["retry_attempt"] = attempt
            try:
                answer = await self._deliver("events_api", envelope)
            except NotConnected:
                envelope["retry_reason"] = "connection_failed"
            except AnsweredOtherwise:
                envelope["retry_reason"] = "http_error"
            except NoAnswer:
                envelope["retry_reason"] = "timeout"
            else:
                if answer:
                    self._journal.note("event_answered_with_a_body", envelope_id=envelope["envelope_id"])
                return
        self._journal.note("event_given_up", envelope_id=envelope["envelope_id"])

    async def _deliver(self, kind: str, envelope: Record) -> Any:
        envelope_id = envelope["envelope_id"]
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._awaited[envelope_id] = answered
        try:
            await self._send(kind, envelope)
            return await asyncio.wait_for(answered, ACK_WITHIN)
        except TimeoutError:
            self._journal.note("ack_missed", envelope_id=envelope_id, kind=kind)
            raise NoAnswer from None
        finally:
            self._awaited.pop(envelope_id, None)

    async def _send(self, kind: str, envelope: Record) -> None:
        """Through any of the connections, as Slack does; one that breaks is left for another."""
        while self._connections:
            line = secrets.choice(self._connections)
            if line.closed:
                self._forget(line)
                continue
            self._journal.push(kind, envelope)
            try:
                await line.send_json(envelope)
            except (ConnectionError, RuntimeError):
                self._forget(line)
            else:
                return
        raise NotConnected

    def _hear(self, answer: Any) -> None:
        envelope_id = answer.get("envelope_id") if isinstance(answer, dict) else None
        if not envelope_id:
            return
        payload = answer.get("payload")
        self._journal.ack(envelope_id, payload)
        answered = self._awaited.get(envelope_id)
        if answered and not answered.done():
            answered.set_result(payload)

    # Trouble on the line.

    async def refresh(self) -> None:
        """Slack asks every connection to come again, and closes it a little later."""
        await self._disconnect("refresh_requested", grace=0.5)

    async def disable(self) -> None:
        """Socket Mode is switched off for the app: no connection is kept."""
        await self._disconnect("link_disabled", grace=0.0)

    async def drop(self, *, one: bool = False) -> None:
        """The lines break without a word, or one of them does, whichever."""
        breaking = list(self._connections)
        if one and breaking:
            breaking = [secrets.choice(breaking)]
        for connection in breaking:
            self._forget(connection)
            _reset(connection)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for line in list(self._connections):
            self._forget(line)
            await _closed(line)

    async def _disconnect(self, reason: str, *, grace: float) -> None:
        leaving = list(self._connections)
        for line in leaving:
            self._forget(line)
            await line.send_json({"type": "disconnect", "reason": reason, "debug_info": _HOST})
        await asyncio.sleep(grace)
        for line in leaving:
            await _closed(line)

    def _forget(self, line: web.WebSocketResponse) -> None:
        if line in self._connections:
            self._connections.remove(line)

    # Shapes.

    def _hello(self) -> Record:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": _HOST | {"build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._bot.app_id},
        }

    def _envelope(self, kind: str, payload: Record, *, answerable: bool) -> Record:
        envelope_id = "-".join(secrets.token_hex(n) for n in (4, 2, 2, 2, 6))
        return {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": answerable,
        }


_HOST: Record = {"host": "applink-sandbox"}


def _reset(connection: web.WebSocketResponse) -> None:
    """Hangs up so that the other end notices at once: a reset, not the silence of a line that is closed politely."""
    request = connection._req  # noqa: SLF001 - aiohttp has no public way to hang up
    transport = request.transport if request is not None else None
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _closed(line: web.WebSocketResponse) -> None:
    try:
        await asyncio.wait_for(line.close(), 1)
    except (ConnectionError, RuntimeError, TimeoutError):
        return
